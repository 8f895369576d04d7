//! Clausal: a rules language for service agreements.
pub mod diag;
pub mod source;
pub mod syntax;
