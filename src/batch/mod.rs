//! Files of many cases: read in pieces, understood, evaluated and written, in the order of the input.
//!
//! ```text
//! files ──► Source ──(Piece)──► understand ──► Cases ──► columnar ──► render ──(Rendered)──► Sink
//!           one thread          ─────────── workers, each its own pieces ──────────          one thread, in order
//! ```
//!
//! A row that cannot be understood is set aside as a [`Reject`], with its original bytes, and the run goes on.

mod format;
pub mod journal;
pub mod map;
mod octets;
mod partial;
pub mod read;
pub mod rejects;
pub mod run;
pub mod suggest;
pub mod tally;
pub mod understand;
pub mod write;

pub use format::{Format, Packing};

use std::sync::Arc;

use arrow::record_batch::RecordBatch;

use crate::model::InputId;

/// A column of the input, as its heading or its schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub name: String,
    pub kind: HeadingKind,
}

/// What a column holds, as far as the format says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingKind {
    Text,
    YesNo,
    Number,
    Date,
    Instant,
    /// Lists and maps.
    Nested,
    /// The format doesn't say: NDJSON.
    Any,
    /// Asked for, and not seen in the first records of an NDJSON or JSON file; later ones may have it.
    Unseen,
}

/// Some whole records of the input, not understood yet.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Counts pieces from 0, over all files of the input.
    pub number: u64,
    /// The file, as it was named.
    pub file: Arc<str>,
    /// The number of its first record among those of the file, from 1.
    pub first_row: u64,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub enum Content {
    /// CSV or TSV.
    Delimited { bytes: Vec<u8>, first_line: u64, dialect: Dialect },
    /// JSON objects: one a line, or where `elements` of an array start and end.
    Json { bytes: Vec<u8>, first_line: u64, elements: Option<Vec<(u32, u32)>> },
    /// Columns are named by their headings; only those that were asked for are there.
    Arrow(RecordBatch),
    /// One record that cannot be taken whole: a quote that is never closed, a record too long to hold.
    Broken(Box<Reject>),
}

/// How a delimited file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
    /// Whether every line is a record, whatever quotes are open: so it is read on where too many were never closed.
    pub by_line: bool,
}

/// Where an input's facts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub input: InputId,
    pub feed: Feed,
    /// Texts of the file that stand for others: `Sev A` for `severity-1`. Looked up before anything else.
    pub values: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// A column, by its place among the headings.
    Column(usize),
    /// An amount and its currency in two columns.
    Money { amount: usize, currency: usize },
}

/// How numbers are written in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberMarks {
    /// `.` or `,`
    pub decimal: u8,
    /// `,`, `.`, `'`, a space, or none.
    pub thousands: Option<char>,
}

impl Default for NumberMarks {
    /// As facts files have them: `60,000.50`.
    fn default() -> Self {
        NumberMarks { decimal: b'.', thousands: Some(',') }
    }
}

/// A row that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub file: Arc<str>,
    /// Among the records of the file, from 1.
    pub row: u64,
    /// The line on which it starts, in text formats.
    pub line: Option<u64>,
    /// The heading of the column that is wrong, if one is.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong: `` `incident.severity` is one of `severity`, and `Sev Z` is none of them ``.
    pub why: String,
    /// What was expected, or how to mend it.
    pub help: Option<String>,
    /// The record as it stood in the file. Of Arrow and Parquet, as a line of JSON.
    pub original: Vec<u8>,
}

/// A part of the output, ready to be written.
#[derive(Clone, Debug)]
pub enum Rendered {
    Bytes(Vec<u8>),
    Arrow(RecordBatch),
}
