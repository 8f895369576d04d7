//! Clausal: a rules language for service agreements.
pub mod builtin;
pub mod diag;
pub mod format;
pub mod model;
pub mod resolve;
pub mod scenario;
pub mod source;
pub mod syntax;
pub mod value;
