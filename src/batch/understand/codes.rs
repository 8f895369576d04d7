//! Members and answers as codes.

use super::bad::Bad;
use super::cell::{Cell, Cells};
use super::column::{Builder, Form, LONGEST_REMEMBERED, MOST_REMEMBERED, Memory};
use super::slow::{Slow, Wrong};
use crate::value::Value;

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
        let code_of = |known: &mut Memory<u32>, row: usize, bad: &mut Bad| {
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
                return *code;
            }
            match code(&self.slow, cell) {
                Ok(code) => {
                    if text.len() <= LONGEST_REMEMBERED && known.len() < MOST_REMEMBERED {
                        known.insert(text.into(), code);
                    }
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
