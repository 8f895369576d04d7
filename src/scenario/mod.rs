//! Facts as they come from data.

pub mod document;
