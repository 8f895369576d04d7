//! The suite: everything that needs the whole program. One binary, so that it is linked once.

mod agreements;
mod analysis;
mod book;
mod cli;
mod clocks;
mod editions;
mod events_files;
mod facts;
mod fixtures;
mod language_doc;
mod languages;
mod marks;
mod problem_pages;
mod properties;
mod reports;
mod review;
mod rooms;
mod snapshots;
mod special_files;
mod support;
mod time_oracle;
mod time_properties;
mod unreferenced;
mod which_edition;
mod words;
