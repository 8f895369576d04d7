//! The first lines of a delimited file: what parts its fields, and what its columns are called.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::ReadError;
use super::bytes::Window;
use super::delimited::{LONGEST_RECORD, PIECE};
use super::records::{closing, records};
use crate::batch::Dialect;

/// The heading of a file.
pub struct Header {
    pub names: Vec<String>,
    pub dialect: Dialect,
    /// How many bytes it takes, with the byte order mark and blank lines before it.
    pub length: usize,
    /// How many lines.
    pub lines: u64,
}

/// What fields may be apart by, those that are meant most often first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So many records tell what parts their fields.
const SAMPLED: usize = 20;

/// Reads the heading, and leaves it in the window.
pub fn header(file: &str, window: &mut Window, delimiter: Option<u8>) -> Result<Header, ReadError> {
    window.fill(PIECE)?;
    recognised(file, &window.bytes)?;
    let mark = if window.bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let blank = window.bytes[mark..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let start = mark + blank;
    if window.bytes.len() == start {
        let help = "the first line names the columns; if the file should have rows, export it again";
        return Err(ReadError::new(file, "the file is empty", help));
    }
    let delimiter = delimiter.unwrap_or_else(|| sniffed(&window.bytes[start..]));
    let dialect = Dialect { delimiter, quote: b'"', by_line: false };
    let length = first_record(file, window, start, dialect)?;
    let bytes = &window.bytes[start..start + length];
    let heading = std::str::from_utf8(bytes).map_err(|_| {
        ReadError::new(file, "the heading is not UTF-8", "save the file as UTF-8 (in Excel: \"CSV UTF-8\")")
            .at("line 1")
    })?;
    let line = window.bytes[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
    let names: Vec<String> =
        fields(heading.trim_end_matches(['\r', '\n']).as_bytes(), dialect).map(|name| clean(&name)).collect();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = names[..at].iter().position(|other| other == name) {
            let message = format!("the heading `{name}` stands twice, over columns {} and {}", first + 1, at + 1);
            return Err(ReadError::new(file, message, "give each column a name of its own").at(format!("line {line}")));
        }
    }
    if names.iter().all(String::is_empty) {
        let help = "the first line names the columns, such as incident.id,incident.severity";
        return Err(ReadError::new(file, "the first line names no columns", help).at(format!("line {line}")));
    }
    let lines = window.bytes[..start + length].iter().filter(|byte| **byte == b'\n').count() as u64;
    Ok(Header { names, dialect, length: start + length, lines })
}

/// How long the first record is.
fn first_record(file: &str, window: &mut Window, start: usize, dialect: Dialect) -> Result<usize, ReadError> {
    let mut wanted = PIECE;
    loop {
        window.fill(wanted)?;
        let bytes = &window.bytes[start..];
        // The heading alone: up to its first line break outside quotes.
        let mut from = 0;
        while let Some(at) = memchr::memchr(b'\n', &bytes[from..]).map(|at| from + at) {
            if records(&bytes[..=at], dialect, false).end > 0 {
                return Ok(at + 1);
            }
            from = at + 1;
            if from > 64 * 1024 {
                break;
            }
        }
        let open = records(&bytes[..bytes.len().min(64 * 1024)], dialect, true).open.is_some();
        if open {
            let help = "close the quote at the end of its field; a quote within a field is written twice";
            return Err(ReadError::new(file, "a quote in the heading is never closed", help).at("line 1"));
        }
        if window.ended {
            return Ok(bytes.len());
        }
        if wanted >= LONGEST_RECORD {
            let message = format!("there is no line break in the first {} MiB", LONGEST_RECORD >> 20);
            return Err(ReadError::new(file, message, "is this a CSV file?"));
        }
        wanted *= 2;
    }
}

/// Refuses what is plainly something else.
pub fn recognised(file: &str, bytes: &[u8]) -> Result<(), ReadError> {
    let starts = |with: &[u8]| bytes.starts_with(with);
    let head = bytes.get(..4096).unwrap_or(bytes);
    let wrong = |message: &str, help: &str| Err(ReadError::new(file, message, help));
    if starts(b"\xFF\xFE") || starts(b"\xFE\xFF") || head.contains(&0) && !starts(b"PAR1") && !starts(b"ARROW1") {
        let even = head.iter().step_by(2).filter(|b| **b == 0).count();
        let odd = head.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
        if starts(b"\xFF\xFE") || starts(b"\xFE\xFF") || even.max(odd) > head.len() / 4 {
            return wrong("the file is UTF-16", "save it as UTF-8 (in Excel: \"CSV UTF-8\")");
        }
    }
    match () {
        () if starts(b"PAR1") => wrong("this is a Parquet file", "name it .parquet, or say that its format is parquet"),
        () if starts(b"ARROW1") => wrong("this is an Arrow file", "name it .arrow, or say that its format is arrow"),
        () if starts(b"\x1F\x8B") => wrong("this is a gzip file", "its name should end in .gz"),
        () if starts(b"\x28\xB5\x2F\xFD") => wrong("this is a zstd file", "its name should end in .zst"),
        () if starts(b"PK\x03\x04") => {
            wrong("this is an Excel workbook or a zip file", "save the sheet as CSV UTF-8, or unzip it")
        }
        () if head.contains(&0) => wrong("this is no text", "is it really CSV, TSV, NDJSON or JSON?"),
        () if head.len() > 2 && head.contains(&b'\r') && !head.contains(&b'\n') && head.len() == 4096 => {
            wrong("the lines end with a carriage return alone", "save it with ordinary line ends (LF or CRLF)")
        }
        () => Ok(()),
    }
}

/// What parts the fields of these records: what gives most of them as many fields as the heading, and most fields.
fn sniffed(bytes: &[u8]) -> u8 {
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let dialect = Dialect { delimiter, quote: b'"', by_line: false };
        let mut counts = Vec::new();
        let mut rest = bytes;
        while counts.len() < SAMPLED {
            let Some(at) = record_end(rest, dialect) else { break };
            let record = rest[..at].strip_suffix(b"\r").unwrap_or(&rest[..at]);
            if !record.is_empty() {
                counts.push(fields(record, dialect).count());
            }
            rest = &rest[(at + 1).min(rest.len())..];
        }
        let first = counts.first().copied().unwrap_or(0);
        let same = counts.iter().filter(|count| **count == first).count();
        // Where all rows are ragged, the heading alone decides.
        let score = if first > 1 { (same, first) } else { (0, 0) };
        if score > (best.0, best.1) {
            best = (score.0, score.1, delimiter);
        }
    }
    best.2
}

/// Where the line break stands that ends the first record, or the bytes end; `None` of nothing.
fn record_end(bytes: &[u8], dialect: Dialect) -> Option<usize> {
    if bytes.is_empty() {
        return None;
    }
    let mut at = 0;
    let mut fresh = true;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\n' {
            return Some(at);
        }
        if fresh && *byte == dialect.quote {
            match closing(bytes, at + 1, dialect.quote) {
                Some(close) => at = close,
                // Never closed: the line alone.
                None => return Some(memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end)),
            }
        }
        fresh = *byte == dialect.delimiter;
        at += 1;
    }
    Some(bytes.len())
}

/// The fields of one record, without its line break.
pub fn fields(record: &[u8], dialect: Dialect) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(record);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let quoted = (bytes.first() == Some(&dialect.quote)).then(|| closing(bytes, 1, dialect.quote)).flatten();
        let from = quoted.map_or(0, |close| close + 1);
        let end = memchr::memchr(dialect.delimiter, &bytes[from..]).map(|at| from + at);
        let raw = &bytes[..end.unwrap_or(bytes.len())];
        rest = end.map(|end| &bytes[end + 1..]);
        Some(unquoted(raw, dialect.quote))
    })
}

/// What a field says, without its quotes. Bytes that are not UTF-8 are replaced.
fn unquoted(raw: &[u8], quote: u8) -> Cow<'_, str> {
    match unquoted_bytes(raw, quote) {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// What a field says, without its quotes.
pub fn unquoted_bytes(raw: &[u8], quote: u8) -> Cow<'_, [u8]> {
    if raw.first() != Some(&quote) {
        return Cow::Borrowed(raw);
    }
    let Some(close) = closing(raw, 1, quote) else { return Cow::Borrowed(&raw[1..]) };
    let inside = &raw[1..close];
    if close + 1 == raw.len() && memchr::memchr(quote, inside).is_none() {
        return Cow::Borrowed(inside);
    }
    let mut text = Vec::with_capacity(raw.len());
    let mut bytes = inside.iter();
    while let Some(byte) = bytes.next() {
        text.push(*byte);
        if *byte == quote {
            bytes.next();
        }
    }
    // What stands behind the closing quote belongs to the field, as the `csv` crate has it.
    text.extend_from_slice(&raw[close + 1..]);
    Cow::Owned(text)
}

fn clean(name: &str) -> String {
    name.trim().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_fields_is_found() {
        assert_eq!(sniffed(b"a,b,c\n1,2,3\n"), b',');
        assert_eq!(sniffed(b"a;b\n1,5;2,5\n3,5;4,5\n"), b';');
        assert_eq!(sniffed(b"a\tb\nx, y\tz\n"), b'\t');
        assert_eq!(sniffed(b"a|b\n1|2\n"), b'|');
        assert_eq!(sniffed(b"\"a,b,c\";d\n1;2\n"), b';');
        assert_eq!(sniffed(b"alone\n1\n"), b',');
    }

    #[test]
    fn fields_are_taken_out_of_their_quotes() {
        let dialect = Dialect { delimiter: b',', quote: b'"', by_line: false };
        let of = |text: &str| fields(text.as_bytes(), dialect).map(Cow::into_owned).collect::<Vec<_>>();
        assert_eq!(of("a,,\"b,c\",\"d\"\"e\","), ["a", "", "b,c", "d\"e", ""]);
        assert_eq!(of("\"a\"b,5\" pipe"), ["ab", "5\" pipe"]);
        assert_eq!(of(""), [""]);
    }
}
