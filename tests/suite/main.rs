//! The suite: everything that needs the whole program. One binary, so that it is linked once.

mod reports;
mod snapshots;
mod words;
