//! Answers written: rendered in the workers, put one after another by one thread.

mod amount;
mod arrow;
mod error;
mod layout;
mod packed;
mod sink;
mod style;
mod text;
mod words;

pub(super) use text::changed;

pub use error::WriteError;
pub use layout::Layout;
pub use sink::{Continued, Sink, sink};

use super::understand::{Kept, Understood};
use super::{Format, Heading, Packing, Rendered};
use crate::columnar::{Answers, Plan};
use crate::compare::Names;
use crate::source::Sources;

/// How amounts, percentages and lengths of time are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amounts {
    /// As `clausal eval` shows them: `USD 50,000`, `20%`, `15 min`.
    Text,
    /// As bare numbers: `50000`, `20`, `900` (seconds).
    Number,
    /// As text in text formats, as numbers in Parquet and Arrow.
    #[default]
    Usual,
}

/// What is told of each answer beside its value and the reason why there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Explain {
    /// `NAME.clauses`: the clauses behind it, those of the rules that gave it first.
    pub clauses: bool,
    /// `NAME.rules`: file and line of the rules and rows that fired.
    pub rules: bool,
    /// `NAME.readings`: the readings that it depended on.
    pub readings: bool,
}

/// What the output looks like.
#[derive(Clone, Debug)]
pub struct LayoutOptions<'a> {
    pub format: Format,
    pub packing: Packing,
    pub amounts: Amounts,
    pub explain: Explain,
    /// The kept columns to write: the place of each among those that the reader keeps, and its heading.
    pub kept: Vec<(usize, Heading)>,
    /// Where the rules come from, to tell the lines of those that fired.
    pub sources: Option<&'a Sources>,
    /// The answers of an earlier edition, written beside: `NAME.before`, `NAME.before.reason` and `NAME.changed`.
    pub before: Option<Before<'a>>,
}

/// An earlier edition's plan.
#[derive(Clone, Debug)]
pub struct Before<'a> {
    pub plan: &'a Plan<'a>,
    /// For each target of the later plan the place of the same target in this one; `None` where there is none.
    pub targets: Vec<Option<usize>>,
    /// What is the same thing in both editions.
    pub names: &'a Names,
}

/// Renders answers: one for each worker.
#[derive(Debug)]
pub struct Encoder<'l> {
    form: Encoding<'l>,
}

#[derive(Debug)]
enum Encoding<'l> {
    Text(text::TextEncoder<'l>),
    Arrow(arrow::ArrowEncoder<'l>),
}

impl<'l> Encoder<'l> {
    pub fn new(layout: &'l Layout<'l>) -> Encoder<'l> {
        let form = if layout.format().is_text() {
            Encoding::Text(text::TextEncoder::new(layout))
        } else {
            Encoding::Arrow(arrow::ArrowEncoder::new(layout))
        };
        Encoder { form }
    }

    /// Renders what was understood of a piece and what was answered; `before` is what an earlier edition answered.
    ///
    /// # Errors
    /// An amount that the format cannot hold exactly.
    pub fn encode(
        &mut self,
        understood: &Understood,
        answers: &Answers,
        before: Option<&Answers>,
    ) -> Result<Rendered, WriteError> {
        match &mut self.form {
            Encoding::Text(encoder) => encoder.encode(understood, answers, before),
            Encoding::Arrow(encoder) => encoder.encode(understood, answers, before),
        }
    }
}
