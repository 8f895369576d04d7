//! The cells of a piece of CSV or TSV.

use super::grid::{Grid, Written};
use crate::batch::Dialect;
use crate::batch::octets::{place, spread, word, zeros_of};
use crate::batch::read::dialect::unquoted_bytes;
use crate::batch::read::records::closing;

/// A record whose shape is not that of the heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ragged {
    /// So many fields.
    Fields(usize),
    /// A quote that is not closed within its line, where lines are records.
    Open,
}

/// Finds the cells of the columns that have a place in `slots`. Tells for each record whose shape is wrong its place and
/// what is wrong.
pub fn cells(bytes: &[u8], dialect: Dialect, slots: &[Option<usize>], grid: &mut Grid) -> Vec<(usize, Ragged)> {
    let mut ragged = Vec::new();
    let mut stops = Stops::new(bytes, dialect.delimiter);
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => {
                stops.next();
                at += 1;
            }
            b'\r' if bytes.get(at + 1).is_none_or(|next| *next == b'\n') => at += 1,
            _ => {
                let start = at;
                grid.start_row(start);
                let (end, next, wrong) = record(&mut stops, start, dialect, slots, grid);
                grid.end_row(end);
                if let Some(wrong) = wrong {
                    ragged.push((grid.records.len() - 1, wrong));
                }
                at = next;
            }
        }
    }
    ragged
}

/// Finds the cells of one record: where it ends, where the next starts, and what is wrong with its shape. The next of the
/// `stops` is the first of the record.
#[inline]
fn record(
    stops: &mut Stops,
    start: usize,
    dialect: Dialect,
    slots: &[Option<usize>],
    grid: &mut Grid,
) -> (usize, usize, Option<Ragged>) {
    let bytes = stops.bytes;
    let row = grid.row();
    let mut at = start;
    let mut count = 0;
    loop {
        let slot = slots.get(count).copied().flatten();
        count += 1;
        let (end, parts);
        if bytes.get(at) == Some(&dialect.quote) {
            let close = closing(bytes, at + 1, dialect.quote);
            let close = if dialect.by_line {
                let line = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                close.filter(|close| *close < line)
            } else {
                close
            };
            let Some(close) = close else {
                let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                stops.go_to(end + 1);
                return (end, end + 1, Some(Ragged::Open));
            };
            stops.go_to(close + 1);
            end = stops.next();
            parts = bytes.get(end) == Some(&dialect.delimiter);
            if let Some(slot) = slot {
                quoted(bytes, at, close, end, dialect, slot, grid);
            }
        } else {
            end = stops.next();
            parts = bytes.get(end) == Some(&dialect.delimiter);
            let text_end = if !parts && end > at && bytes[end - 1] == b'\r' { end - 1 } else { end };
            if let Some(slot) = slot {
                grid.put_bare(row, slot, at, text_end);
            }
        }
        if parts {
            at = end + 1;
            continue;
        }
        let text_end = if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end };
        return (text_end, end + 1, (count != slots.len()).then_some(Ragged::Fields(count)));
    }
}

/// A field in quotes, from the first to what ends it.
fn quoted(bytes: &[u8], open: usize, close: usize, end: usize, dialect: Dialect, slot: usize, grid: &mut Grid) {
    let behind = &bytes[close + 1..end];
    let behind =
        if bytes.get(end) == Some(&dialect.delimiter) { behind } else { behind.strip_suffix(b"\r").unwrap_or(behind) };
    if behind.is_empty() && memchr::memchr(dialect.quote, &bytes[open + 1..close]).is_none() {
        return grid.put(slot, open + 1, close, Written::Quoted);
    }
    let text = unquoted_bytes(&bytes[open..close + 1 + behind.len()], dialect.quote);
    grid.put_freed(slot, &text, Written::Quoted);
}

/// Where delimiters and line breaks stand, one after another.
struct Stops<'b> {
    bytes: &'b [u8],
    /// The delimiter, eight times.
    delimiters: u64,
    /// Where the eight bytes start that are at hand.
    base: usize,
    /// The high bit of each of them that is a stop and was not given yet.
    found: u64,
}

impl<'b> Stops<'b> {
    fn new(bytes: &'b [u8], delimiter: u8) -> Stops<'b> {
        let mut stops = Stops { bytes, delimiters: spread(delimiter), base: 0, found: 0 };
        stops.go_to(0);
        stops
    }

    /// The next is the first from this place on.
    #[inline]
    fn go_to(&mut self, at: usize) {
        self.base = at;
        let stops = |word: u64| zeros_of(word ^ self.delimiters, word ^ spread(b'\n'));
        self.found = match word(self.bytes, at) {
            Some(word) => stops(word),
            None => {
                let rest = self.bytes.get(at..).unwrap_or_default();
                let mut last = [0; 8];
                last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
                // Only what is of the text counts.
                stops(u64::from_le_bytes(last)) & !(u64::MAX << (8 * rest.len()))
            }
        };
    }

    /// Where the next delimiter or line break stands, or the end.
    #[inline]
    fn next(&mut self) -> usize {
        while self.found == 0 {
            if self.base + 8 >= self.bytes.len() {
                return self.bytes.len();
            }
            self.go_to(self.base + 8);
        }
        let at = self.base + place(self.found);
        self.found &= self.found - 1;
        at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn stops_are_found(text in "[a,\n\r\"]{0,40}", from in 0_usize..45) {
            let bytes = text.as_bytes();
            let mut stops = Stops::new(bytes, b',');
            stops.go_to(from);
            let is_stop = |at: &usize| matches!(bytes[*at], b',' | b'\n');
            for expected in (from..bytes.len()).filter(is_stop) {
                prop_assert_eq!(stops.next(), expected);
            }
            prop_assert_eq!(stops.next(), bytes.len());
        }
    }
}
