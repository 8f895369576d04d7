//! JSON, strictly by RFC 8259.
//!
//! Written by hand because the tree needs what the libraries give up: a byte span
//! for every value and key, numbers as written, and duplicate names refused.
//! `serde_json` has no places in its values and joins numbers with a feature for
//! the whole build; `jiter` has places but not for keys, and brings a big-number
//! stack with it. The format itself is five productions.

use std::ops::Range;

use super::map::Entries;
use super::{Data, DocumentError, Key, MAX_DEPTH, Node, byte_order_mark, error, shown, too_deep};

pub(super) fn read(text: &str) -> Result<Node, DocumentError> {
    let mut reader = Reader { text, at: byte_order_mark(text) };
    reader.blanks();
    let node = reader.value(0)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.unexpected("the end of the file")),
    }
}

struct Reader<'a> {
    text: &'a str,
    // INVARIANT: on a character boundary, at most the length of the text.
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Node, DocumentError> {
        let start = self.at;
        let data = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Data::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word()?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node { span: start..self.at, data })
    }

    /// `{ "name": value, … }`
    fn map(&mut self, depth: usize) -> Result<Data, DocumentError> {
        self.enter(depth)?;
        let mut entries = Entries::default();
        if self.took(b'}') {
            return Ok(entries.finish());
        }
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a name in double quotes"));
            }
            let name = self.string()?;
            let key = Key { span: start..self.at, name };
            entries.admit(self.text, &key)?;
            self.blanks();
            if !self.took(b':') {
                return Err(self.unexpected("`:`"));
            }
            self.blanks();
            let node = self.value(depth + 1)?;
            entries.push(key, node);
            if !self.more(b'}', "`,` or `}`")? {
                return Ok(entries.finish());
            }
        }
    }

    /// `[ value, … ]`
    fn list(&mut self, depth: usize) -> Result<Data, DocumentError> {
        self.enter(depth)?;
        let mut items = Vec::new();
        if self.took(b']') {
            return Ok(Data::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.more(b']', "`,` or `]`")? {
                return Ok(Data::List(items));
            }
        }
    }

    fn enter(&mut self, depth: usize) -> Result<(), DocumentError> {
        if depth >= MAX_DEPTH {
            return Err(too_deep(self.at..self.at + 1));
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    /// Whether another item follows; passes over its comma, or over the `close`.
    fn more(&mut self, close: u8, wanted: &str) -> Result<bool, DocumentError> {
        self.blanks();
        if self.took(close) {
            return Ok(false);
        }
        let comma = self.at;
        if !self.took(b',') {
            return Err(self.unexpected(wanted));
        }
        self.blanks();
        if self.peek() == Some(close) {
            return Err(error(comma..comma + 1, "a comma with nothing after it").with_help("remove the comma"));
        }
        Ok(true)
    }

    /// `-12.5e6`
    fn number(&mut self) -> Result<Data, DocumentError> {
        let start = self.at;
        self.took(b'-');
        if !self.took(b'0') {
            self.digits(start)?;
        } else if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(
                error(start..self.at, "a number does not start with 0").with_help("put a code such as 007 in quotes")
            );
        }
        if self.took(b'.') {
            self.digits(start)?;
        }
        if self.took(b'e') || self.took(b'E') {
            let _ = self.took(b'+') || self.took(b'-');
            self.digits(start)?;
        }
        Ok(Data::Number(self.since(start).to_owned()))
    }

    fn digits(&mut self, start: usize) -> Result<(), DocumentError> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            let written = shown(self.since(start));
            return Err(error(start..self.at, format!("the number `{written}` breaks off")));
        }
        self.skip(|byte| byte.is_ascii_digit());
        Ok(())
    }

    /// `true`, `false`, `null`
    fn word(&mut self) -> Result<Data, DocumentError> {
        let start = self.at;
        self.skip(|byte| byte.is_ascii_alphanumeric());
        match self.since(start) {
            "true" => Ok(Data::YesNo(true)),
            "false" => Ok(Data::YesNo(false)),
            "null" => Ok(Data::Null),
            word => Err(error(start..self.at, format!("`{}` is not a JSON value", shown(word)))
                .with_help("put texts in double quotes; the answers are true and false")),
        }
    }

    /// `"text"`, after which the reader stands behind the closing quote.
    fn string(&mut self) -> Result<String, DocumentError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let run = self.at;
            self.skip(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
            text.push_str(self.since(run));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => {
                    return Err(error(self.at..self.at + 1, "a line break or control character in a text")
                        .with_help("write \\n for a line break, \\t for a tab"));
                }
                None => {
                    return Err(error(start..self.at, "the text that starts here has no end"));
                }
            }
        }
    }

    /// `\n`, `\u00e9`, `\ud83d\ude00`
    fn escape(&mut self) -> Result<char, DocumentError> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        let simple = match letter {
            Some(b'"') => Some('"'),
            Some(b'\\') => Some('\\'),
            Some(b'/') => Some('/'),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            Some(b'u') => self.unicode(),
            _ => None,
        };
        let written = start..self.at;
        simple.ok_or_else(|| {
            let text = shown(self.text.get(written.clone()).unwrap_or_default());
            error(written, format!("`{text}` stands for no character"))
        })
    }

    /// The character of a `\u` escape, of two of them where it takes a pair.
    fn unicode(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        if !(self.took(b'\\') && self.took(b'u')) {
            return None;
        }
        let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok();
        self.at += 4;
        number
    }

    fn blanks(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Passes over bytes, which `wanted` must take whole characters at a time.
    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        self.at += self.rest().bytes().take_while(|byte| wanted(*byte)).count();
    }

    fn took(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn unexpected(&self, wanted: &str) -> DocumentError {
        let (span, found): (Range<usize>, String) = match self.rest().chars().next() {
            Some(found) => {
                (self.at..self.at + found.len_utf8(), format!("`{}`", shown(found.encode_utf8(&mut [0; 4]))))
            }
            None => (self.at..self.at, "the end of the file".to_owned()),
        };
        error(span, format!("{wanted} is expected here, not {found}"))
    }
}
