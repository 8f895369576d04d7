//! The suite: everything that needs the whole program. One binary, so that it is linked once.

mod agreements;
mod analysis;
mod cli;
mod diff;
mod diff_page;
mod facts;
mod fixtures;
mod language_doc;
mod marks;
mod problem_pages;
mod properties;
mod reports;
mod rooms;
mod snapshots;
mod special_files;
mod support;
mod unreferenced;
mod words;
