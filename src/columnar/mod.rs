//! Many cases at once: the decisions that are asked for, compiled once, answer columns of facts with columns of answers.
//!
//! ```text
//! Checked, targets ──► Plan ──► Session ──(Cases)──► Answers
//!                      shared    one a thread
//! ```
//!
//! What it gives is what [`eval`](crate::eval) gives for each case by itself.

mod answers;
mod apart;
mod atom;
mod block;
mod cases;
mod clock;
mod keys;
mod line;
mod memory;
mod number;
mod one;
mod plan;
mod record;
mod session;
mod shape;
mod single;
mod sub;

pub use answers::{Answer, Own, Told, number};
pub(crate) use cases::measure;
pub use cases::{Cases, Column, Given, Keys, days_of};
pub(crate) use number::held;
pub use one::{Case, Fact, Outcome, is_typed};
pub use plan::Plan;
pub use record::{Intake, Outlet, RecordError, Records};
pub use session::{Answers, Session};
