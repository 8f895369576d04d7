//! Text to [`tree`]: the grammar, recovery from mistakes, and the words for what was expected.
//! What the words mean is left to `resolve`.

mod limits;
mod parse;
pub mod tree;

pub use parse::parse;

use crate::diag::Problem;
use crate::source::Span;

/// What reading one file gave: the tree of all that could be read, and the problems met.
pub struct Parsed {
    pub file: tree::File,
    pub problems: Vec<Problem>,
    /// Items of which some part could not be read; their names count, their bodies are not judged.
    pub damaged: Vec<Span>,
    /// Words in the text that could not be read: a name among them is not reported as unknown.
    pub lost_words: Vec<String>,
}

/// The words that items start with, as the grammar has them.
pub const ITEM_WORDS: &[&str] = &[
    "agreement",
    "use",
    "party",
    "unit",
    "enumeration",
    "record",
    "clause",
    "input",
    "catalogue",
    "service",
    "decision",
    "period",
    "responses",
    "reading",
    "scenario",
    "calendar",
    "holidays",
    "event",
    "milestone",
    "process",
    "replace",
    "remove",
    "rename",
];
