//! Members and answers as codes.

use super::bad::Bad;
use super::cell::{Cell, Cells};
use super::column::{Builder, Form, LONGEST_REMEMBERED, MOST_REMEMBERED, Memory};
use super::slow::{Slow, Wrong};
use crate::batch::octets::{few, word};
use crate::value::Value;

/// Texts and their codes.
#[derive(Debug, Default)]
pub struct Known {
    texts: Memory<u32>,
    /// Those met last, each at a place that its bytes tell. Few texts of a column are different, so that most are here.
    last: Vec<Last>,
}

/// A short text and its code.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    text: Short,
    code: u32,
}

/// A text of 1 to 32 bytes, or none: its length, and words that together hold all its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Short {
    length: u32,
    words: [u64; 4],
}

/// A power of two.
const PLACES: usize = 256;

impl Short {
    #[inline]
    fn of(text: &[u8]) -> Option<Short> {
        let length = text.len();
        // Words may overlap: of texts of one length, each byte stands in the same places.
        let words = match length {
            1..=7 => [few(text)?, 0, 0, 0],
            8..=16 => [word(text, 0)?, word(text, length - 8)?, 0, 0],
            17..=32 => [word(text, 0)?, word(text, 8)?, word(text, length - 16)?, word(text, length - 8)?],
            _ => return None,
        };
        Some(Short { length: length as u32, words })
    }

    #[inline]
    fn place(&self) -> usize {
        let [a, b, c, d] = self.words;
        let mixed = a ^ b.rotate_left(13) ^ c.rotate_left(29) ^ d.rotate_left(47) ^ u64::from(self.length);
        // An odd number without a pattern, from the digits of pi: the highest bits of the product depend on all others.
        (mixed.wrapping_mul(0x243f_6a88_85a3_08d3) >> 56) as usize % PLACES
    }
}

impl Known {
    #[inline]
    fn get(&mut self, text: &[u8]) -> Option<u32> {
        let Some(short) = Short::of(text) else { return self.texts.get(text).copied() };
        let place = short.place();
        match self.last.get(place) {
            Some(last) if last.text == short => Some(last.code),
            _ => self.found(text, Last { text: short, code: 0 }, place),
        }
    }

    fn found(&mut self, text: &[u8], last: Last, place: usize) -> Option<u32> {
        let code = *self.texts.get(text)?;
        if self.last.is_empty() {
            self.last.resize(PLACES, Last::default());
        }
        if let Some(slot) = self.last.get_mut(place) {
            *slot = Last { code, ..last };
        }
        Some(code)
    }

    fn note(&mut self, text: &[u8], code: u32) {
        if text.len() <= LONGEST_REMEMBERED && self.texts.len() < MOST_REMEMBERED {
            self.texts.insert(text.into(), code);
        }
    }
}

#[derive(Debug)]
pub enum Codes {
    U8(Vec<u8>),
    U32(Vec<u32>),
}

/// `0, 1, 2, …`: codes are written as what they stand for.
pub static SAME: [u32; 256] = {
    let mut same = [0; 256];
    let mut at = 0;
    while at < 256 {
        same[at] = at as u32;
        at += 1;
    }
    same
};

impl Builder<'_> {
    pub fn fill_codes(&mut self, cells: &impl Cells, rows: usize, bad: &mut Bad) {
        let met = self.met();
        let Form::Codes { keys, known } = &mut self.form else { return };
        let code_of = |known: &mut Known, row: usize, bad: &mut Bad| {
            let cell = cells.cell(row);
            let text = match cell {
                Cell::Missing => return 0,
                Cell::Text(text) | Cell::Number(text) => text,
                Cell::YesNo(true) => b"true".as_slice(),
                Cell::YesNo(false) => b"false".as_slice(),
                Cell::Nested(_) => b"".as_slice(),
            };
            if let Some(code) = known.get(text) {
                // A number is no yes-no, though a text of the same digits may stand for one.
                return code;
            }
            match code(&self.slow, cell) {
                Ok(code) => {
                    known.note(text, code);
                    code
                }
                Err(wrong) => {
                    bad.add(row, met, wrong);
                    0
                }
            }
        };
        match keys {
            Codes::U8(keys) => keys.extend((0..rows).map(|row| code_of(known, row, bad) as u8)),
            Codes::U32(keys) => keys.extend((0..rows).map(|row| code_of(known, row, bad))),
        }
    }
}

/// The code of a cell: a member's number and one more; 1 is no, 2 yes.
pub fn code(slow: &Slow, cell: Cell) -> Result<u32, Wrong> {
    Ok(match slow.value(cell)? {
        Some(Value::Member(_, member)) => member.saturating_add(1),
        Some(Value::YesNo(yes)) => 1 + u32::from(yes),
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_known_apart(texts in prop::collection::vec("[ab]{1,3}|[ab]{7,9}|[ab]{15,18}|[ab]{31,34}|", 1..60)) {
            let mut known = Known::default();
            let mut all: Vec<&String> = Vec::new();
            for text in texts.iter().chain(&texts) {
                let code = all.iter().position(|own| *own == text).map(|at| at as u32);
                // Once as it is found, once as it was met last.
                prop_assert_eq!((known.get(text.as_bytes()), known.get(text.as_bytes())), (code, code));
                if code.is_none() {
                    known.note(text.as_bytes(), all.len() as u32);
                    all.push(text);
                }
            }
        }
    }
}
