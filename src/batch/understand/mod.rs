//! Pieces understood: each bound column becomes a column of facts, and rows that cannot be understood are set aside.
//!
//! What a cell means is what the same text means in a facts file ([`fit`](crate::scenario::fit)). Ways that are faster
//! stand before it for what is met most often; whatever they don't know goes through it.

mod events;

pub use events::{Events, WrongLog};

use std::borrow::Cow;
use std::sync::Arc;

use super::read::dialect;
use super::{Binding, Content, Dialect, Feed, Heading, NumberMarks, Piece, Reject};
use crate::check::Checked;
use crate::columnar::{Cases, Column};
use crate::scenario::Facts;
use crate::scenario::document::{Data, Node};
use crate::scenario::fit;

/// What a reader goes by. All of it is the same for every worker.
#[derive(Clone, Debug)]
pub struct Terms<'m> {
    pub checked: &'m Checked,
    pub headings: &'m [Heading],
    /// Where facts come from; other columns are not looked at.
    pub bindings: &'m [Binding],
    /// Columns that are carried along, by their places among the headings.
    pub kept: &'m [usize],
    pub marks: NumberMarks,
    /// Facts that all rows share: bounds such as `must be >= order.signed-on` may rest on them.
    pub shared: &'m Facts,
    /// Events from a file of their own.
    pub events: Option<Joined>,
}

/// Events joined to rows.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The column that holds the key, by its place among the headings.
    pub key: usize,
    pub events: Arc<Events>,
}

/// Understands pieces: one for each worker.
#[derive(Debug)]
pub struct Reader<'m> {
    terms: Terms<'m>,
}

/// What was understood of a piece.
#[derive(Debug)]
pub struct Understood<'r> {
    /// The facts of the rows that were understood.
    pub cases: Cases<'r>,
    /// The number of each of those rows in its file, from 1.
    pub rows: Vec<u64>,
    /// Rows that were set aside, in order.
    pub rejects: Vec<Reject>,
    kept: Kept<'r>,
}

/// The columns that are carried along.
#[derive(Debug)]
enum Kept<'r> {
    /// Columns of raw fields.
    Delimited { columns: Vec<Vec<&'r [u8]>>, dialect: Dialect },
}

impl<'m> Reader<'m> {
    pub fn new(terms: Terms<'m>) -> Reader<'m> {
        Reader { terms }
    }

    /// Understands a piece. Rows with the numbers in `leave_out`, which are in order, are passed over: another edition
    /// set them aside.
    pub fn understand<'r>(&'r mut self, piece: &'r Piece, leave_out: &[u64]) -> Understood<'r> {
        let mut rejects = Vec::new();
        let mut rows = Vec::new();
        let mut values: Vec<Vec<_>> = vec![Vec::new(); self.terms.bindings.len()];
        let mut kept = vec![Vec::new(); self.terms.kept.len()];
        let mut used = Dialect { delimiter: b',', quote: b'"', by_line: false };
        match &piece.content {
            Content::Broken(reject) => rejects.push((**reject).clone()),
            Content::Delimited { bytes, dialect, .. } => {
                used = *dialect;
                let lines = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty());
                for (at, line) in lines.enumerate() {
                    let row = piece.first_row + at as u64;
                    if leave_out.contains(&row) {
                        continue;
                    }
                    let fields: Vec<Cow<str>> = dialect::fields(line, *dialect).collect();
                    let mut raw = line.split(|b| *b == dialect.delimiter);
                    let given = self.terms.bindings.iter().map(|binding| {
                        let text = match binding.feed {
                            Feed::Column(at) => fields.get(at).map_or("", |t| t.trim()),
                            Feed::Money { amount, .. } => fields.get(amount).map_or("", |t| t.trim()),
                        };
                        let data = if text.is_empty() { Data::Null } else { Data::Text(text.to_owned()) };
                        let node = Node { span: 0..text.len(), data };
                        fit::one(&self.terms.checked.model, binding.input, &node, &fit::no_files)
                            .map_err(|problem| (text.to_owned(), problem))
                    });
                    match given.collect::<Result<Vec<_>, _>>() {
                        Ok(given) => {
                            rows.push(row);
                            given.into_iter().zip(&mut values).for_each(|(value, column)| column.push(value));
                            let raw: Vec<&[u8]> = raw.by_ref().collect();
                            for (column, at) in kept.iter_mut().zip(self.terms.kept) {
                                column.push(raw.get(*at).copied().unwrap_or_default());
                            }
                        }
                        Err((text, problem)) => rejects.push(Reject {
                            file: piece.file.clone(),
                            row,
                            line: None,
                            column: None,
                            value: Some(text),
                            why: problem.message,
                            help: problem.help,
                            original: line.to_vec(),
                        }),
                    }
                }
            }
            _ => {}
        }
        let mut cases = Cases::new(rows.len());
        for (binding, values) in self.terms.bindings.iter().zip(values) {
            cases.give(binding.input, Column::Values(values));
        }
        Understood { cases, rows, rejects, kept: Kept::Delimited { columns: kept, dialect: used } }
    }
}

impl Understood<'_> {
    /// What stands in a kept column, by its place among those kept; `None` where nothing stands.
    pub fn text(&self, kept: usize, row: usize) -> Option<Cow<'_, str>> {
        match &self.kept {
            Kept::Delimited { columns, dialect } => {
                let raw = columns.get(kept)?.get(row)?;
                let text = dialect::unquoted(raw, dialect.quote);
                (!text.is_empty()).then_some(text)
            }
        }
    }
}
