//! A JSON array: each element is a record. The array is never in memory as a whole.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use memchr::memchr_iter;

use super::bytes::Window;
use super::delimited::{LONGEST_RECORD, PIECE};
use super::files::FilePieces;
use super::lines::Lines;
use super::{ReadError, dialect, discover, oversize};
use crate::batch::{Content, Heading, Packing};

pub struct Array {
    file: Arc<str>,
    window: Window,
    headings: Vec<Heading>,
    row: u64,
    line: u64,
    byte: u64,
    /// Whether the closing bracket was met.
    closed: bool,
    /// Whether an element was met, so that a comma stands before the next.
    begun: bool,
}

/// Elements of an array, one after another.
struct Elements {
    /// Where each starts and ends.
    places: Vec<(u32, u32)>,
    /// Where the last of them ends, or the array.
    end: usize,
    /// Whether the array ends there.
    closed: bool,
}

/// How far an element was followed.
#[derive(Clone, Copy, Debug, Default)]
struct Scan {
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Scan {
    /// Where the element ends, if it does so in these bytes. Where it stands for itself (a number, a word), it ends at
    /// what follows it.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return Some(at),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                b',' if self.depth == 0 => return Some(at),
                _ => {}
            }
        }
        None
    }
}

/// Opens a file of JSON: an array, or one record a line, which some call so too.
pub fn open(
    file: &Arc<str>,
    packing: Packing,
    expected: &[String],
    headings: Option<&[Heading]>,
    read: &Arc<AtomicU64>,
) -> Result<Box<dyn FilePieces>, ReadError> {
    let mut window = Window::open(file, packing, read)?;
    window.fill(PIECE)?;
    dialect::recognised(file, &window.bytes)?;
    let mark = if window.bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    window.pass(mark);
    let blanks = window.bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    match window.bytes.get(blanks) {
        Some(b'{') => Ok(Box::new(Lines::from(file, window, mark as u64, expected, headings))),
        Some(b'[') => {
            let line = 1 + memchr_iter(b'\n', &window.bytes[..blanks]).count() as u64;
            window.pass(blanks + 1);
            let byte = (mark + blanks + 1) as u64;
            let mut array = Array {
                file: file.clone(),
                window,
                headings: Vec::new(),
                row: 1,
                line,
                byte,
                closed: false,
                begun: false,
            };
            array.headings = match headings {
                Some(headings) => headings.to_vec(),
                None => discover::headings(array.first().into_iter(), expected),
            };
            Ok(Box::new(array))
        }
        Some(_) => {
            let help = "write a list of records: [{\"incident.id\": \"7\", …}, …]";
            Err(ReadError::new(file, "this is no JSON array of records", help).at("line 1"))
        }
        None => {
            let help = "a file without records is []; if it should have some, export it again";
            Err(ReadError::new(file, "the file is empty", help))
        }
    }
}

impl Array {
    /// The first elements, as far as they are in the window.
    fn first(&self) -> Vec<&[u8]> {
        let bytes = &self.window.bytes;
        let mut found = Vec::new();
        let mut at = 0;
        while found.len() < discover::LOOKED_AT {
            at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace() || **b == b',').count();
            match Scan::default().end(&bytes[at..]) {
                Some(length) if length > 0 => {
                    found.push(&bytes[at..at + length]);
                    at += length;
                }
                _ => break,
            }
        }
        found
    }

    fn wrong(&self, message: &str, help: &str, offset: usize) -> ReadError {
        let before = self.window.bytes.get(..offset).unwrap_or_default();
        let line = self.line + memchr_iter(b'\n', before).count() as u64;
        ReadError::new(&self.file, message, help).at(format!("line {line}, after {} records", self.row - 1))
    }

    /// The elements that are whole in the window.
    fn elements(&self) -> Result<Elements, ReadError> {
        let bytes = &self.window.bytes;
        let mut found = Vec::new();
        let (mut at, mut done, mut begun) = (0, 0, self.begun);
        loop {
            at += blanks(&bytes[at..]);
            if bytes.get(at) == Some(&b']') {
                return Ok(Elements { places: found, end: at + 1, closed: true });
            }
            if begun {
                match bytes.get(at) {
                    None => break,
                    Some(b',') => at += 1,
                    Some(_) if found.is_empty() => {
                        return Err(self.wrong("a comma is missing between two records", "put it there", at));
                    }
                    // What came before is given first.
                    Some(_) => break,
                }
                at += blanks(&bytes[at..]);
            }
            if at >= bytes.len() {
                break;
            }
            match Scan::default().end(&bytes[at..]) {
                Some(0) if found.is_empty() => {
                    return Err(self.wrong("a comma has no record after it", "remove the comma", at));
                }
                Some(0) | None => break,
                Some(length) => {
                    found.push((at as u32, (at + length) as u32));
                    at += length;
                    done = at;
                    begun = true;
                }
            }
        }
        Ok(Elements { places: found, end: done, closed: false })
    }

    /// An element that is too long to hold.
    fn oversize(&mut self) -> Result<(u64, Content), ReadError> {
        let start = {
            let bytes = &self.window.bytes;
            let mut at = blanks(bytes);
            if self.begun && bytes.get(at) == Some(&b',') {
                at += 1;
            }
            at + blanks(&bytes[at..])
        };
        let bytes = self.window.bytes.get(start..start + oversize::KEPT).unwrap_or_default();
        let original = String::from_utf8_lossy(bytes).into_owned().into_bytes();
        let (row, mut line, byte) = (self.row, self.line, self.byte + start as u64);
        line += memchr_iter(b'\n', &self.window.bytes[..start]).count() as u64;
        self.window.pass(start);
        let (mut scan, mut length, mut lines) = (Scan::default(), 0_u64, 0_u64);
        loop {
            let end = scan.end(&self.window.bytes);
            let passed = end.unwrap_or(self.window.bytes.len());
            lines += memchr_iter(b'\n', &self.window.bytes[..passed]).count() as u64;
            length += passed as u64;
            self.window.pass(passed);
            if end.is_some() {
                break;
            }
            self.window.fill(PIECE)?;
            if self.window.bytes.is_empty() {
                self.row += 1;
                self.line = line + lines;
                return Err(self.cut());
            }
        }
        self.row += 1;
        self.line = line + lines;
        self.byte = byte + length;
        self.begun = true;
        let reject = oversize::reject(&self.file, (row, line, byte), length, original);
        Ok((row, Content::Broken(Box::new(reject))))
    }

    fn cut(&self) -> ReadError {
        self.wrong(
            "the array is cut short: its closing bracket is missing",
            "copy the file again from where it comes from",
            0,
        )
    }
}

impl FilePieces for Array {
    fn headings(&self) -> &[Heading] {
        &self.headings
    }

    fn next(&mut self) -> Result<Option<(u64, Content)>, ReadError> {
        let mut wanted = PIECE;
        loop {
            if self.closed {
                return Ok(None);
            }
            self.window.fill(wanted)?;
            let Elements { places, end, closed } = self.elements()?;
            if closed {
                self.closed = true;
                let behind = self.window.bytes.get(end..).unwrap_or_default();
                if behind.iter().any(|byte| !byte.is_ascii_whitespace()) {
                    return Err(self.wrong("something stands behind the end of the array", "a file is one array", end));
                }
            }
            if !places.is_empty() {
                let (row, first_line) = (self.row, self.line);
                let bytes = self.window.take(end);
                self.row += places.len() as u64;
                self.line += memchr_iter(b'\n', &bytes).count() as u64;
                self.byte += end as u64;
                self.begun = true;
                return Ok(Some((row, Content::Json { bytes, first_line, elements: Some(places) })));
            }
            if closed {
                return Ok(None);
            }
            if self.window.ended {
                return Err(self.cut());
            }
            if wanted >= LONGEST_RECORD {
                return self.oversize().map(Some);
            }
            wanted = (wanted * 2).min(LONGEST_RECORD);
        }
    }
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}
