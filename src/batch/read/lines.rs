//! NDJSON: one record a line.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use memchr::{memchr_iter, memrchr};

use super::bytes::Window;
use super::delimited::{LONGEST_RECORD, PIECE};
use super::files::FilePieces;
use super::{ReadError, dialect, discover, oversize};
use crate::batch::{Content, Heading, Packing};

pub struct Lines {
    file: Arc<str>,
    window: Window,
    headings: Vec<Heading>,
    /// The number of the next record, from 1.
    row: u64,
    /// The line on which it starts, from 1.
    line: u64,
    byte: u64,
}

impl Lines {
    /// `headings` are those of the file before, which hold for all.
    pub fn open(
        file: &Arc<str>,
        packing: Packing,
        expected: &[String],
        headings: Option<&[Heading]>,
        read: &Arc<AtomicU64>,
    ) -> Result<Lines, ReadError> {
        let mut window = Window::open(file, packing, read)?;
        window.fill(PIECE)?;
        dialect::recognised(file, &window.bytes)?;
        let mark = if window.bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        window.pass(mark);
        if window.bytes.trim_ascii_start().first() == Some(&b'[') {
            let help = "name it .json, or say that its format is json";
            return Err(ReadError::new(file, "this is a JSON array, and not one record a line", help));
        }
        Ok(Lines::from(file, window, mark as u64, expected, headings))
    }

    /// Goes on with a file that was looked into already.
    pub fn from(
        file: &Arc<str>,
        window: Window,
        byte: u64,
        expected: &[String],
        headings: Option<&[Heading]>,
    ) -> Lines {
        let records = window.bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let headings = headings.map_or_else(|| discover::headings(records, expected), <[Heading]>::to_vec);
        Lines { file: file.clone(), window, headings, row: 1, line: 1, byte }
    }
}

impl FilePieces for Lines {
    fn headings(&self) -> &[Heading] {
        &self.headings
    }

    fn next(&mut self) -> Result<Option<(u64, Content)>, ReadError> {
        let mut wanted = PIECE;
        loop {
            self.window.fill(wanted)?;
            let end = match memrchr(b'\n', &self.window.bytes) {
                _ if self.window.bytes.is_empty() => return Ok(None),
                _ if self.window.ended => self.window.bytes.len(),
                Some(at) => at + 1,
                None if wanted >= LONGEST_RECORD => {
                    let (row, line) = (self.row, self.line);
                    let (reject, length) = oversize::pass(&self.file, &mut self.window, row, line, self.byte)?;
                    self.row += 1;
                    self.line += 1;
                    self.byte += length;
                    return Ok(Some((row, Content::Broken(Box::new(reject)))));
                }
                None => {
                    wanted = (wanted * 2).min(LONGEST_RECORD);
                    continue;
                }
            };
            let (row, first_line) = (self.row, self.line);
            let bytes = self.window.take(end);
            let (records, lines) = counted(&bytes);
            self.row += records;
            self.line += lines;
            self.byte += end as u64;
            if self.row > row {
                return Ok(Some((row, Content::Json { bytes, first_line, elements: None })));
            }
            wanted = PIECE;
        }
    }
}

/// How many lines are not blank, and how many line breaks there are.
fn counted(bytes: &[u8]) -> (u64, u64) {
    let (mut records, mut breaks) = (0, 0);
    let mut start = 0;
    for end in memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len())) {
        // A record starts with its brace, mostly.
        let blank = bytes.get(start) != Some(&b'{') && bytes[start..end].trim_ascii().is_empty();
        records += u64::from(!blank);
        breaks += u64::from(end < bytes.len());
        start = end + 1;
        if start >= bytes.len() {
            break;
        }
    }
    (records, breaks)
}
