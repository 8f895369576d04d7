//! Where the records of a delimited file end.
//!
//! A quote opens a quoted field only where a field starts; within it, two quotes stand for one, and line breaks are
//! text. So it is in RFC 4180 and in the `csv` crate.

use memchr::{memchr, memchr_iter, memchr2_iter};

use crate::batch::Dialect;

/// What was found in a stretch of bytes that starts with a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Where the last whole record ends, its line break included.
    pub end: usize,
    /// How many records end there, without blank lines.
    pub records: u64,
    /// How many line breaks stand before `end`.
    pub lines: u64,
    /// Where the record starts whose quote is still open at the end of the bytes.
    pub open: Option<usize>,
}

/// Finds the whole records in bytes; `last` says that nothing follows, so that the last record needs no line break.
pub fn records(bytes: &[u8], dialect: Dialect, last: bool) -> Found {
    let mut found = Found::default();
    let mut lines = 0;
    // Where the record starts that is being looked at, and until where its quoted fields were passed over.
    let (mut start, mut passed) = (0, 0);
    let end_record = |found: &mut Found, start: usize, line_break: usize, lines: u64| {
        found.records += u64::from(!is_blank(bytes, start, line_break));
        found.end = line_break + 1;
        found.lines = lines;
    };
    if dialect.by_line || memchr(dialect.quote, bytes).is_none() {
        for at in memchr_iter(b'\n', bytes) {
            lines += 1;
            end_record(&mut found, start, at, lines);
            start = at + 1;
        }
    } else {
        for at in memchr2_iter(dialect.quote, b'\n', bytes) {
            if at < passed {
                continue;
            }
            if bytes[at] == b'\n' {
                lines += 1;
                end_record(&mut found, start, at, lines);
                start = at + 1;
            } else if at == start || bytes[at - 1] == dialect.delimiter {
                match closing(bytes, at + 1, dialect.quote) {
                    Some(close) => {
                        lines += memchr_iter(b'\n', &bytes[at..close]).count() as u64;
                        passed = close + 1;
                    }
                    None => {
                        found.open = Some(start);
                        return found;
                    }
                }
            }
        }
    }
    if last && start < bytes.len() {
        found.records += u64::from(!is_blank(bytes, start, bytes.len()));
        found.end = bytes.len();
        found.lines = lines;
    }
    found
}

/// Where the quote stands that ends a quoted field whose text starts at `from`.
pub fn closing(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr(quote, bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&quote) {
            return Some(at);
        }
        at += 2;
    }
}

/// Whether there is nothing in a line, between its start and its line break.
fn is_blank(bytes: &[u8], start: usize, line_break: usize) -> bool {
    line_break == start || line_break == start + 1 && bytes[start] == b'\r'
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"', by_line: false };

    fn found(text: &str, last: bool) -> (usize, u64, u64, Option<usize>) {
        let found = records(text.as_bytes(), COMMA, last);
        (found.end, found.records, found.lines, found.open)
    }

    #[test]
    fn a_line_break_in_quotes_ends_no_record() {
        assert_eq!(found("a,b\n1,\"x\ny\"\n2,", false), (12, 2, 3, None));
        assert_eq!(found("a,b\n1,\"x\ny\"\n2,", true), (14, 3, 3, None));
        assert_eq!(found("1,\"x\"\"\n\"\n", false), (9, 1, 2, None));
    }

    #[test]
    fn a_quote_within_a_field_is_text() {
        assert_eq!(found("5\" pipe,2\n3,4\n", false), (14, 2, 2, None));
    }

    #[test]
    fn a_quote_that_stays_open_is_told() {
        assert_eq!(found("1,2\n3,\"x\n4,5\n", true), (4, 1, 1, Some(4)));
    }

    #[test]
    fn blank_lines_are_no_records() {
        assert_eq!(found("\n1\n\r\n\n2\r\n", true), (9, 2, 5, None));
    }
}
