//! Answers written: rendered in the workers, put one after another by one thread.

mod error;
mod sink;

pub use error::WriteError;
pub use sink::{Continued, Sink, sink};

use super::understand::Understood;
use super::{Dialect, Format, Heading, Packing, Rendered};
use crate::columnar::{Answer, Answers, Plan};
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
}

/// What the output looks like, worked out once and shared by all workers and the sink.
#[derive(Debug)]
pub struct Layout<'a> {
    plan: &'a Plan<'a>,
    options: LayoutOptions<'a>,
    /// All headings, in order.
    headings: Vec<String>,
}

/// Renders answers: one for each worker.
#[derive(Debug)]
pub struct Encoder<'l> {
    layout: &'l Layout<'l>,
}

impl<'a> Layout<'a> {
    /// # Errors
    /// If two columns would have the same name.
    pub fn new(plan: &'a Plan<'a>, options: LayoutOptions<'a>) -> Result<Layout<'a>, WriteError> {
        let mut headings: Vec<String> = options.kept.iter().map(|(_, heading)| heading.name.clone()).collect();
        for target in plan.targets() {
            headings.push(target.path.clone());
            headings.push(format!("{}.reason", target.path));
        }
        Ok(Layout { plan, options, headings })
    }

    /// The headings of the output, in order.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    fn dialect(&self) -> Dialect {
        let delimiter = if self.options.format == Format::Tsv { b'\t' } else { b',' };
        Dialect { delimiter, quote: b'"', by_line: false }
    }
}

impl<'l> Encoder<'l> {
    pub fn new(layout: &'l Layout<'l>) -> Encoder<'l> {
        Encoder { layout }
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
        let _ = before;
        let dialect = self.layout.dialect();
        let mut writer = csv::WriterBuilder::new().delimiter(dialect.delimiter).from_writer(Vec::new());
        let model = &self.layout.plan.checked().model;
        for row in 0..understood.rows.len() {
            for (kept, _) in &self.layout.options.kept {
                writer
                    .write_field(understood.text(*kept, row).unwrap_or_default().as_bytes())
                    .map_err(WriteError::of_csv)?;
            }
            for target in 0..self.layout.plan.targets().len() {
                let told = answers.cells(target).get(row).and_then(|cell| answers.told(target).get(*cell as usize));
                let (value, reason) = match told.map(|told| &told.answer) {
                    Some(Answer::Value(_, text)) => (text.clone(), ""),
                    Some(Answer::Undetermined(_, why)) => (String::new(), why.as_str()),
                    _ => match answers.answer(target, row) {
                        Some(Ok(value)) => (value.display(model).to_string(), ""),
                        _ => (String::new(), ""),
                    },
                };
                writer.write_field(value).map_err(WriteError::of_csv)?;
                writer.write_field(reason).map_err(WriteError::of_csv)?;
            }
            writer.write_record(None::<&[u8]>).map_err(WriteError::of_csv)?;
        }
        Ok(Rendered::Bytes(writer.into_inner().map_err(|error| WriteError::new(error.to_string(), ""))?))
    }
}
