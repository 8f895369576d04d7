//! The cells of a record of JSON, found in one walk over its bytes.
//!
//! What this finds is what [`json::parsed`](super::json::parsed) finds. It says `None` of what it doesn't know and of all
//! that is wrong, whose words are the other's.

use super::cell::unescaped;
use super::grid::{Grid, Written};
use super::paths::{Leads, Paths};
use crate::batch::octets::{first_control, first_zero, place, spread, word};

/// Lists and maps within each other, as far as they are followed here.
const DEEPEST: u32 = 60;

/// Finds the cells of one record for the last row of the grid. `start` is where its text stands in the bytes of the piece.
pub fn cells(text: &str, start: usize, paths: &mut Paths, grid: &mut Grid) -> Option<()> {
    let mut walk = Walk { text, bytes: text.as_bytes(), start, at: 0, paths, grid };
    walk.blanks();
    walk.expect(b'{')?;
    walk.object(0, DEEPEST)?;
    walk.blanks();
    (walk.at == walk.bytes.len()).then_some(())
}

struct Walk<'a> {
    text: &'a str,
    bytes: &'a [u8],
    start: usize,
    /// How far it has come.
    at: usize,
    paths: &'a mut Paths,
    grid: &'a mut Grid,
}

impl Walk<'_> {
    #[inline]
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.byte()? == byte).then(|| self.at += 1)
    }

    #[inline]
    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
    }

    /// The parts of an object behind its brace: a group of names.
    fn object(&mut self, group: usize, depth: u32) -> Option<()> {
        self.blanks();
        if self.expect(b'}').is_some() {
            return Some(());
        }
        let mut expected = 0;
        loop {
            let leads = self.name(group, &mut expected)?;
            self.blanks();
            self.expect(b':')?;
            self.blanks();
            match leads {
                Leads::Nowhere => drop(self.value(depth)?),
                // One that is given twice is told of by the other way.
                Leads::Column(column) if self.grid.has(column) => return None,
                Leads::Column(column) => self.put(column, depth)?,
                Leads::Group(group) => match self.byte()? {
                    b'{' => {
                        self.at += 1;
                        self.object(group, depth.checked_sub(1)?)?;
                    }
                    // None of its facts is given.
                    b'n' => self.word(b"null")?,
                    _ => return None,
                },
            }
            self.blanks();
            match self.byte()? {
                b',' => {
                    self.at += 1;
                    self.blanks();
                }
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// Where the name leads that stands here; `expected` is its place in its group, and becomes that of the next.
    #[inline]
    fn name(&mut self, group: usize, expected: &mut usize) -> Option<Leads> {
        if let Some((leads, length)) = self.paths.expected(group, *expected, self.bytes.get(self.at..)?) {
            self.at += length;
            *expected += 1;
            return Some(leads);
        }
        let from = self.at;
        if self.byte()? != b'"' {
            return None;
        }
        self.quoted()?;
        let (leads, place) = self.paths.written(group, self.text.get(from..self.at)?)?;
        *expected = place + 1;
        Some(leads)
    }

    /// Gives the row a value as it is written.
    #[inline]
    fn put(&mut self, column: usize, depth: u32) -> Option<()> {
        let from = self.at;
        let (written, is_plain) = self.value(depth)?;
        let (start, end) = (self.start + from, self.start + self.at);
        match written {
            Written::Quoted if is_plain => self.grid.put(column, start + 1, end - 1, written),
            Written::Quoted => {
                let text = unescaped(self.text.get(from..self.at)?)?;
                self.grid.put_freed(column, text.as_bytes(), written);
            }
            _ => self.grid.put(column, start, end, written),
        }
        Some(())
    }

    /// Passes over a value: how it is written, and of a text whether it has no escapes.
    #[inline]
    fn value(&mut self, depth: u32) -> Option<(Written, bool)> {
        Some(match self.byte()? {
            b'"' => (Written::Quoted, self.quoted()?),
            b'-' | b'0'..=b'9' => {
                self.number()?;
                (Written::Number, true)
            }
            b't' => {
                self.word(b"true")?;
                (Written::True, true)
            }
            b'f' => {
                self.word(b"false")?;
                (Written::False, true)
            }
            b'n' => {
                self.word(b"null")?;
                (Written::Null, true)
            }
            b'[' | b'{' => {
                self.nested(depth.checked_sub(1)?)?;
                (Written::Nested, true)
            }
            _ => return None,
        })
    }

    #[inline]
    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    /// Passes over a text, from its first quote on; whether it has no escapes.
    #[inline]
    fn quoted(&mut self) -> Option<bool> {
        let mut is_plain = true;
        self.at += 1;
        loop {
            self.at = special(self.bytes, self.at);
            match self.byte()? {
                b'"' => {
                    self.at += 1;
                    return Some(is_plain);
                }
                b'\\' => {
                    self.escape()?;
                    is_plain = false;
                }
                // A line break or the like, which has to be escaped.
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        self.at += match *self.bytes.get(self.at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' if self.bytes.get(self.at + 2..self.at + 6)?.iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return None,
        };
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.byte()? == b'-');
        if self.byte()? == b'0' {
            self.at += 1;
            if self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
                return None;
            }
        } else {
            self.digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    /// Passes over a list or a map.
    fn nested(&mut self, depth: u32) -> Option<()> {
        let is_map = self.byte()? == b'{';
        let close = if is_map { b'}' } else { b']' };
        self.at += 1;
        self.blanks();
        if self.expect(close).is_some() {
            return Some(());
        }
        loop {
            if is_map {
                if self.byte()? != b'"' {
                    return None;
                }
                self.quoted()?;
                self.blanks();
                self.expect(b':')?;
                self.blanks();
            }
            self.value(depth)?;
            self.blanks();
            match self.byte()? {
                b',' => {
                    self.at += 1;
                    self.blanks();
                }
                byte if byte == close => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }
}

/// Where the first quote, backslash or control character stands from `at` on, or the end.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = word(bytes, at) {
        let found = first_zero(word ^ spread(b'"')) | first_zero(word ^ spread(b'\\')) | first_control(word);
        if found != 0 {
            return at + place(found);
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::json::parsed;
    use super::*;

    const NAMES: [&str; 5] = ["a", "b.c", "b.d", "e", "b.f.g"];

    fn text() -> impl Strategy<Value = String> {
        let escape = prop_oneof![
            Just("\\n".to_owned()),
            Just("\\\"".to_owned()),
            Just("\\u00e9".to_owned()),
            Just("\\ud83d\\ude00".to_owned()),
            Just("\\ud83d".to_owned()),
            Just("\\x".to_owned()),
            Just("\t".to_owned()),
        ];
        let part = prop_oneof![8 => "[ -!#-\\[\\]-~é套餐\u{7f}]{0,9}", 1 => escape];
        prop::collection::vec(part, 0..3).prop_map(|parts| format!("\"{}\"", parts.concat()))
    }

    fn value() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            4 => text(),
            3 => "-?(0|[1-9][0-9]{0,20}|01)(\\.[0-9]{0,3})?([eE][+-]?[0-9]{0,2})?",
            2 => "(true|false|null|nul|tru e)",
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let pair = (text(), inner.clone()).prop_map(|(name, value)| format!("{name} :{value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..3).prop_map(|parts| format!("[{}]", parts.join(" ,"))),
                prop::collection::vec(pair, 0..3).prop_map(|parts| format!("{{ {}}}", parts.join(", "))),
            ]
        })
    }

    fn object() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            6 => "(a|b|c|d|e|f|g|b\\.c|b\\.d|b\\.f\\.g|x)".prop_map(|name| format!("\"{name}\"")),
            1 => Just("\"\\u0061\"".to_owned()),
            1 => text(),
        ];
        let leaf = prop::collection::vec((name.clone(), value()), 0..4);
        let of = |pairs: Vec<(String, String)>| {
            let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("{{{}}}", pairs.join(","))
        };
        leaf.prop_map(of).prop_recursive(3, 12, 3, move |inner| {
            prop::collection::vec((name.clone(), prop_oneof![value(), inner]), 0..4).prop_map(of)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn what_is_found_is_what_is_parsed(records in prop::collection::vec((object(), 0_usize..40, 0_u8..8), 1..6)) {
            let mut paths = Paths::new(NAMES.into_iter());
            for (mut record, at, how) in records {
                // Some are broken in one place.
                let at = (0..=at.min(record.len())).rev().find(|at| record.is_char_boundary(*at)).unwrap_or(0);
                match how {
                    0 => record.truncate(at),
                    1 => record.insert(at, ' '),
                    2 => record.insert(at, ','),
                    3 => record.push_str(" \r"),
                    _ => {}
                }
                let mut grids = [Grid::default(), Grid::default()];
                for grid in &mut grids {
                    grid.clear(NAMES.len());
                    grid.start_row(0);
                }
                let [walked, other] = &mut grids;
                let found = cells(&record, 0, &mut paths, walked);
                let expected = parsed(&record, 0, &paths, other);
                if found.is_none() {
                    // Doubled names, and what is nested too deep, are left to the other as well.
                    continue;
                }
                prop_assert!(expected.is_ok(), "{}: {:?}", record, expected);
                for column in 0..NAMES.len() {
                    let raw = |grid: &'_ Grid| {
                        let (written, bytes, freed) = grid.raw(record.as_bytes(), 0, column);
                        (written, bytes.to_vec(), freed)
                    };
                    prop_assert_eq!(raw(walked), raw(other), "{} column {}", record, column);
                }
            }
        }
    }

    #[test]
    fn ordinary_records_are_found_without_the_parser() {
        let mut paths = Paths::new(NAMES.into_iter());
        let mut grid = Grid::default();
        grid.clear(NAMES.len());
        let found = [
            r#"{"a":"x","b":{"c":1.50,"d":null,"f":{"g":[1,{"h":"\n"}]}},"e":true}"#,
            r#"{"a": "x", "b.c": -0, "b.f.g": {"amount": 5, "currency": "USD"}, "other": {"a": [[], {}]}}"#,
            r#" { "e" : "a \"b\" é" , "b" : null } "#,
            "{}",
        ];
        for record in found {
            grid.start_row(0);
            assert_eq!(cells(record, 0, &mut paths, &mut grid), Some(()), "{record}");
        }
        for record in
            [r#"{"a":1,"a":2}"#, r#"{"b":{"c":1},"b.c":2}"#, r#"{"b":1}"#, "[]", "", "{} {}", "{\"a\":\"\n\"}"]
        {
            grid.start_row(0);
            assert_eq!(cells(record, 0, &mut paths, &mut grid), None, "{record}");
        }
        let (written, bytes, freed) = grid.raw(b"", 2, 3);
        assert_eq!((written, std::str::from_utf8(bytes), freed), (Written::Quoted, Ok("a \"b\" é"), true));
    }
}
