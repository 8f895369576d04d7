//! Facts: read from data, and fitted to what an edition asks for.

pub mod document;
pub mod events;
mod facts;
pub mod fit;

pub use facts::Facts;
