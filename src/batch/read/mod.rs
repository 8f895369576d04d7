//! Files cut into pieces of whole records. Pieces are the same on every machine: they depend on the bytes alone.

mod array;
mod bytes;
mod delimited;
pub(super) mod dialect;
mod discover;
mod error;
mod files;
mod ipc;
mod lines;
mod nested;
mod oversize;
mod parquet;
pub(super) mod records;

pub use error::ReadError;

use super::{Dialect, Format, Heading, Piece};

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// How files are read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The format of all files; where it is not given, the end of each name tells it.
    pub format: Option<Format>,
    /// What parts the fields of CSV; where it is not given, the first lines tell it.
    pub delimiter: Option<u8>,
    /// Names that are headings even where the first records don't have them: those of inputs, and those that a mapping
    /// names. In nested formats a map or struct with such a name is one column; any other is taken apart.
    pub expected: Vec<String>,
}

/// Records of one or several files, in pieces.
pub trait Source: Send {
    /// The columns. Of NDJSON and JSON: those of the first records, then those expected that were not seen.
    fn headings(&self) -> &[Heading];

    /// Only these columns are looked at from now on, so that others need not be read. To be called before the first
    /// piece is read.
    fn want(&mut self, columns: &[usize]);

    /// Passes over so many pieces, as cheaply as the format allows.
    ///
    /// # Errors
    /// As for [`next`](Self::next).
    fn skip(&mut self, pieces: u64) -> Result<(), ReadError>;

    /// The next piece; `None` at the end of the last file.
    ///
    /// # Errors
    /// Where a file cannot be read on: it is cut short, or its headings are not those of the first.
    fn next(&mut self) -> Result<Option<Piece>, ReadError>;

    /// How the file that is open is written, if it is delimited.
    fn dialect(&self) -> Option<Dialect>;

    /// How many bytes of the files were read so far, as they stand on the disk.
    fn bytes_read(&self) -> u64;

    /// How many bytes the files have; `None` where that is not known, as of standard input.
    fn bytes_total(&self) -> Option<u64>;
}

/// Opens files for reading, one after another.
///
/// # Errors
/// If the first cannot be opened, or is not in its format.
pub fn open(paths: &[String], options: ReadOptions) -> Result<Box<dyn Source>, ReadError> {
    Ok(Box::new(files::Files::open(paths, options)?))
}
