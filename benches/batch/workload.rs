//! The workload of the batch benchmark: its rows, as columns and as files, and its rules written by hand.

#[path = "arrow_orders.rs"]
pub mod arrow_orders;
#[path = "deadline.rs"]
pub mod deadline;
#[path = "files.rs"]
pub mod files;
#[path = "hand.rs"]
pub mod hand;
#[path = "orders.rs"]
pub mod orders;
#[path = "rules.rs"]
pub mod rules;

/// The rules.
pub const RULES: &str = include_str!("workload.clause");
