//! CSV and TSV.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::ReadError;
use super::bytes::Window;
use super::dialect::{self, Header};
use super::files::FilePieces;
use super::oversize;
use super::records::records;
use crate::batch::{Content, Dialect, Heading, HeadingKind, Packing, Reject};

/// How many bytes a piece has, as nearly as records allow.
pub const PIECE: usize = 512 * 1024;
/// The longest record, in bytes.
pub const LONGEST_RECORD: usize = 16 * 1024 * 1024;
/// After so many quotes that are never closed, every line is taken for a record: each cost a search through all the
/// bytes that a record may have.
const MOST_OPEN_QUOTES: u32 = 100;

pub struct Delimited {
    file: Arc<str>,
    window: Window,
    dialect: Dialect,
    headings: Vec<Heading>,
    /// The number of the next record, from 1.
    row: u64,
    /// The line on which it starts, from 1.
    line: u64,
    /// The byte at which it starts.
    byte: u64,
    open_quotes: u32,
}

impl Delimited {
    pub fn open(
        file: &Arc<str>,
        packing: Packing,
        delimiter: Option<u8>,
        read: &Arc<AtomicU64>,
    ) -> Result<Delimited, ReadError> {
        let mut window = Window::open(file, packing, read)?;
        let Header { names, dialect, length, lines } = dialect::header(file, &mut window, delimiter)?;
        window.pass(length);
        let headings = names.into_iter().map(|name| Heading { name, kind: HeadingKind::Text }).collect();
        let (row, line, byte) = (1, lines + 1, length as u64);
        Ok(Delimited { file: file.clone(), window, dialect, headings, row, line, byte, open_quotes: 0 })
    }

    /// The first line of what is left, set aside because its quote is never closed.
    fn unclosed(&mut self) -> Result<(u64, Content), ReadError> {
        self.open_quotes += 1;
        self.dialect.by_line = self.open_quotes >= MOST_OPEN_QUOTES;
        let end = memchr::memchr(b'\n', &self.window.bytes).map_or(self.window.bytes.len(), |at| at + 1);
        let (row, line) = (self.row, self.line);
        let line_bytes = self.window.take(end);
        let original = line_bytes.strip_suffix(b"\n").unwrap_or(&line_bytes);
        let original = original.strip_suffix(b"\r").unwrap_or(original).to_vec();
        self.passed(1, 1, end);
        Ok((
            row,
            Content::Broken(Box::new(Reject {
                file: self.file.clone(),
                row,
                line: Some(line),
                column: None,
                value: None,
                why: "a quote opens in this line and is never closed".to_owned(),
                help: Some(
                    "close the quote at the end of its field; a quote within a field is written twice".to_owned(),
                ),
                original,
            })),
        ))
    }

    /// The first record of what is left, which is too long to hold.
    fn oversize(&mut self) -> Result<(u64, Content), ReadError> {
        let (row, line, byte) = (self.row, self.line, self.byte);
        let (reject, length) = oversize::pass(&self.file, &mut self.window, row, line, byte)?;
        self.row += 1;
        self.line += 1;
        self.byte += length;
        Ok((row, Content::Broken(Box::new(reject))))
    }

    fn passed(&mut self, records: u64, lines: u64, bytes: usize) {
        self.row += records;
        self.line += lines;
        self.byte += bytes as u64;
    }
}

impl FilePieces for Delimited {
    fn headings(&self) -> &[Heading] {
        &self.headings
    }

    fn dialect(&self) -> Option<Dialect> {
        Some(self.dialect)
    }

    fn next(&mut self) -> Result<Option<(u64, Content)>, ReadError> {
        let mut wanted = PIECE;
        loop {
            self.window.fill(wanted)?;
            let ended = self.window.ended;
            if self.window.bytes.is_empty() {
                return Ok(None);
            }
            let found = records(&self.window.bytes, self.dialect, ended);
            if found.end > 0 {
                let (first_row, first_line) = (self.row, self.line);
                let bytes = self.window.take(found.end);
                self.passed(found.records, found.lines, found.end);
                if found.records == 0 {
                    // Blank lines alone.
                    wanted = PIECE;
                    continue;
                }
                return Ok(Some((first_row, Content::Delimited { bytes, first_line, dialect: self.dialect })));
            }
            if ended || wanted >= LONGEST_RECORD {
                let has_line = found.open.is_some() && (ended || memchr::memchr(b'\n', &self.window.bytes).is_some());
                return if has_line { self.unclosed() } else { self.oversize() }.map(Some);
            }
            wanted = (wanted * 2).min(LONGEST_RECORD);
        }
    }
}
