//! The text of a snapshot file, in the form that insta reads and writes: a header that names the rules the contents
//! come from, and the contents. Contents are compared as insta compares them.

use std::borrow::Cow;

use thiserror::Error;

/// A snapshot file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The folder of the rules, or whatever else the writer named.
    pub source: Option<String>,
    pub contents: String,
}

/// A file that is not a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotASnapshot {
    #[error("its first line is not `---`")]
    NoHeader,
    #[error("its header has no end: a second `---` is wanted")]
    EndlessHeader,
}

/// Reads a snapshot file.
///
/// # Errors
/// [`NotASnapshot`] if the header is not there, or has no end.
pub fn read(text: &str) -> Result<Stored, NotASnapshot> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    let mut length = match lines.next() {
        Some(first) if first.trim_end() == RULE => first.len(),
        _ => return Err(NotASnapshot::NoHeader),
    };
    let mut source = None;
    for line in lines {
        length += line.len();
        if line.trim_end() == RULE {
            let contents = text.get(length..).unwrap_or_default();
            return Ok(Stored { source, contents: normal(contents).into_owned() });
        }
        if let Some(value) = line.strip_prefix("source:") {
            source = Some(unquoted(value.trim()));
        }
    }
    Err(NotASnapshot::EndlessHeader)
}

/// The text of a snapshot file. Nothing in it changes from one run to the next.
pub fn write(source: &str, contents: &str) -> String {
    format!("{RULE}\nsource: {}\n{RULE}\n{}\n", quoted(source), normal(contents))
}

/// Whether two contents are the same snapshot: line ends, and blank lines at either end, do not count.
pub fn same(stored: &str, now: &str) -> bool {
    bare(&normal(stored)) == bare(&normal(now))
}

const RULE: &str = "---";

fn normal(contents: &str) -> Cow<'_, str> {
    let contents = contents.trim_end();
    if contents.contains("\r\n") { Cow::Owned(contents.replace("\r\n", "\n")) } else { Cow::Borrowed(contents) }
}

/// Older snapshots may start with blank lines or a rule of their own.
fn bare(contents: &str) -> &str {
    let contents = contents.trim_start_matches(['\r', '\n']);
    contents.strip_prefix("---\n").unwrap_or(contents)
}

/// A YAML scalar, in quotes where insta writes quotes.
fn quoted(text: &str) -> Cow<'_, str> {
    if !needs_quotes(text) {
        return Cow::Borrowed(text);
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            c if (c as u32) < 0x20 || c == '\u{7f}' => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

fn needs_quotes(text: &str) -> bool {
    const WORDS: [&str; 12] = ["yes", "no", "true", "false", "on", "off", "null", "~", "inf", "infinity", "nan", "0x"];
    let like_a_number = text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
    text.is_empty()
        || text != text.trim_matches(' ')
        || text.starts_with(['&', '*', '?', '|', '-', '<', '>', '=', '!', '%', '@', '.'])
        || text.starts_with("0x")
        || text.contains(|c: char| c.is_control() || ":{}[],#`\"'\\".contains(c))
        || like_a_number
        || WORDS.contains(&text.trim_start_matches('+').to_ascii_lowercase().as_str())
}

/// What a scalar stands for; only the escapes that [`quoted`] writes are undone.
fn unquoted(scalar: &str) -> String {
    let Some(inner) = scalar.strip_prefix('"').and_then(|s| s.strip_suffix('"')) else {
        return scalar.to_owned();
    };
    let mut text = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                text.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some(other) => text.push(other),
            None => text.push('\\'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for source in
            ["rules/ms-unified/2024-09", "C:\\rules", "", "规则/2024", "a \"b\"\t#c", "2024", ".rules", "\u{1}"]
        {
            for contents in ["one line", "two\n\nlines", "", "  indented\n---\nruled"] {
                let stored = read(&write(source, contents)).expect("it is a snapshot");
                assert_eq!(stored, Stored { source: Some(source.to_owned()), contents: contents.to_owned() });
            }
        }
    }

    #[test]
    fn the_form_is_that_of_insta() {
        assert_eq!(write("rules/a/1", "x\ny\n\n"), "---\nsource: rules/a/1\n---\nx\ny\n");
        assert_eq!(write("c:/rules", "x"), "---\nsource: \"c:/rules\"\n---\nx\n");
    }

    #[test]
    fn other_lines_of_the_header_are_passed_over() {
        let text = "---\nsource: rules/a/1\nassertion_line: 12\nexpression: x\n---\na: 1\n";
        let stored = read(text).expect("it is a snapshot");
        assert_eq!(stored, Stored { source: Some("rules/a/1".to_owned()), contents: "a: 1".to_owned() });
    }

    #[test]
    fn files_that_are_no_snapshots_are_refused() {
        assert_eq!(read(""), Err(NotASnapshot::NoHeader));
        assert_eq!(read("source: x\n"), Err(NotASnapshot::NoHeader));
        assert_eq!(read("---\nsource: x\n"), Err(NotASnapshot::EndlessHeader));
        assert_eq!(read("<<<<<<< ours\n---\nsource: x\n---\n"), Err(NotASnapshot::NoHeader));
    }

    #[test]
    fn line_ends_and_blank_ends_do_not_count() {
        assert!(same("a\r\nb\r\n", "a\nb"));
        assert!(same("\n\na\n\n", "a"));
        assert!(!same("a\n b", "a\nb"));
        assert!(!same("a\n\nb", "a\nb"));
        let crlf = read("---\r\nsource: x\r\n---\r\na\r\nb\r\n").expect("it is a snapshot");
        assert_eq!(crlf, Stored { source: Some("x".to_owned()), contents: "a\nb".to_owned() });
    }
}
