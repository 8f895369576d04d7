//! Fields and members as CSV and JSON write them.

use crate::batch::Dialect;
use crate::batch::octets::{first_control, first_zero, is_met, spread};

/// How a row of text is written. Every field ends with the mark that parts fields; [`end`](Style::end) takes the last
/// one away.
#[derive(Debug)]
pub enum Style {
    Delimited(Dialect),
    /// The names of the columns, each as `"name":`.
    Json(Vec<Box<[u8]>>),
}

impl Style {
    pub fn json(headings: &[String]) -> Style {
        let name = |heading: &String| {
            let mut written = Vec::new();
            json_text(&mut written, heading.as_bytes());
            written.push(b':');
            written.into_boxed_slice()
        };
        Style::Json(headings.iter().map(name).collect())
    }

    #[inline]
    pub fn start(&self, out: &mut Vec<u8>) {
        if let Style::Json(_) = self {
            out.push(b'{');
        }
    }

    /// Ends a row; `last` stands behind it.
    #[inline]
    pub fn end(&self, out: &mut Vec<u8>, last: &[u8]) {
        out.pop();
        if let Style::Json(names) = self {
            if names.is_empty() {
                out.push(b'{');
            }
            out.push(b'}');
        }
        out.extend_from_slice(last);
    }

    /// A field that needs no quotes: a number, a yes or no.
    #[inline]
    pub fn bare(&self, out: &mut Vec<u8>, column: usize, text: &[u8]) {
        match self {
            Style::Delimited(dialect) => {
                out.extend_from_slice(text);
                out.push(dialect.delimiter);
            }
            Style::Json(names) => {
                out.extend_from_slice(names.get(column).map_or(&[], |name| name));
                out.extend_from_slice(text);
                out.push(b',');
            }
        }
    }

    #[inline]
    pub fn text(&self, out: &mut Vec<u8>, column: usize, text: &[u8]) {
        match self {
            Style::Delimited(dialect) => {
                delimited_text(out, text, *dialect);
                out.push(dialect.delimiter);
            }
            Style::Json(names) => {
                out.extend_from_slice(names.get(column).map_or(&[], |name| name));
                json_text(out, text);
                out.push(b',');
            }
        }
    }

    pub fn nothing(&self, out: &mut Vec<u8>, column: usize) {
        match self {
            Style::Delimited(_) => self.bare(out, column, b""),
            Style::Json(_) => self.bare(out, column, b"null"),
        }
    }

    pub fn yes_no(&self, out: &mut Vec<u8>, column: usize, yes: bool) {
        let word: &[u8] = match (self, yes) {
            (Style::Delimited(_), true) => b"yes",
            (Style::Delimited(_), false) => b"no",
            (Style::Json(_), true) => b"true",
            (Style::Json(_), false) => b"false",
        };
        self.bare(out, column, word);
    }
}

/// A field, in quotes where it needs them.
pub fn delimited_text(out: &mut Vec<u8>, text: &[u8], dialect: Dialect) {
    let has = |word: u64, byte: u8| first_zero(word ^ spread(byte));
    let special =
        |word: u64| has(word, dialect.delimiter) | has(word, dialect.quote) | has(word, b'\n') | has(word, b'\r') != 0;
    if !is_met(text, special) {
        return out.extend_from_slice(text);
    }
    out.push(dialect.quote);
    if !is_met(text, |word| has(word, dialect.quote) != 0) {
        out.extend_from_slice(text);
        return out.push(dialect.quote);
    }
    for part in text.split_inclusive(|byte| *byte == dialect.quote) {
        out.extend_from_slice(part);
        if part.last() == Some(&dialect.quote) {
            out.push(dialect.quote);
        }
    }
    out.push(dialect.quote);
}

/// A text in JSON's quotes.
pub fn json_text(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let special =
        |word: u64| first_control(word) | first_zero(word ^ spread(b'"')) | first_zero(word ^ spread(b'\\')) != 0;
    if is_met(text, special) {
        for byte in text {
            match byte {
                b'"' => out.extend_from_slice(b"\\\""),
                b'\\' => out.extend_from_slice(b"\\\\"),
                b'\n' => out.extend_from_slice(b"\\n"),
                b'\r' => out.extend_from_slice(b"\\r"),
                b'\t' => out.extend_from_slice(b"\\t"),
                0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                _ => out.push(*byte),
            }
        }
    } else {
        out.extend_from_slice(text);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_quotes_gets_them() {
        let field = |text: &str| {
            let mut out = Vec::new();
            delimited_text(&mut out, text.as_bytes(), Dialect { delimiter: b',', quote: b'"', by_line: false });
            String::from_utf8(out).unwrap()
        };
        assert_eq!(field("USD 5"), "USD 5");
        assert_eq!(field("USD 5,000"), "\"USD 5,000\"");
        assert_eq!(field("5\" pipe"), "\"5\"\" pipe\"");
        assert_eq!(field("two\nlines"), "\"two\nlines\"");
        let mut out = Vec::new();
        json_text(&mut out, "a\"\\\n\u{1}套餐".as_bytes());
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), "a\"\\\n\u{1}套餐");
    }
}
