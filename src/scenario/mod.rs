//! Facts: read from data, and fitted to what an edition asks for.

pub mod document;
mod facts;
pub mod fit;

pub use facts::Facts;
