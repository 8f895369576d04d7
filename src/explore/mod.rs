//! Questions about a case that take many evaluations: here, the smallest change of its facts that changes an answer.
//!
//! This room uses `check` (what turns on what, and values near a limit) and `eval`; neither knows of it.

mod candidates;
mod change;
mod nearest;

pub(crate) use candidates::Reach;
pub use change::{Change, Subject, Way, change_text, way_text};
pub use nearest::nearest;
