//! The cells of a piece of CSV or TSV.

use super::grid::{Grid, Written};
use crate::batch::Dialect;
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
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => at += 1,
            b'\r' if bytes.get(at + 1).is_none_or(|next| *next == b'\n') => at += 1,
            _ => {
                let start = at;
                grid.start_row(start);
                let (end, next, wrong) = record(bytes, start, dialect, slots, grid);
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

/// Finds the cells of one record: where it ends, where the next starts, and what is wrong with its shape.
#[inline]
fn record(
    bytes: &[u8],
    start: usize,
    dialect: Dialect,
    slots: &[Option<usize>],
    grid: &mut Grid,
) -> (usize, usize, Option<Ragged>) {
    let mut at = start;
    let mut count = 0;
    loop {
        let slot = slots.get(count).copied().flatten();
        count += 1;
        let mut end;
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
                return (end, end + 1, Some(Ragged::Open));
            };
            end = stop(bytes, close + 1, dialect.delimiter);
            if let Some(slot) = slot {
                quoted(bytes, at, close, end, dialect, slot, grid);
            }
        } else {
            end = stop(bytes, at, dialect.delimiter);
            let last = bytes.get(end) != Some(&dialect.delimiter);
            let text_end = if last && end > at && bytes[end - 1] == b'\r' { end - 1 } else { end };
            if let Some(slot) = slot {
                grid.put(slot, at, text_end, Written::Bare);
            }
        }
        if bytes.get(end) == Some(&dialect.delimiter) {
            at = end + 1;
            continue;
        }
        let next = end + 1;
        if end > start && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        return (end, next, (count != slots.len()).then_some(Ragged::Fields(count)));
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

/// Where the first delimiter or line break stands from `at` on, or the end. Eight bytes at a time: fields are short, and
/// a call to `memchr` for each costs more than they do.
#[inline]
fn stop(bytes: &[u8], at: usize, delimiter: u8) -> usize {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let spread = |byte: u8| u64::from(byte) * 0x0101_0101_0101_0101;
    let (delimiters, breaks) = (spread(delimiter), spread(b'\n'));
    // The high bit of each byte that is zero.
    let zeros = |word: u64| !(((word & LOW) + LOW) | word | LOW);
    let mut at = at;
    while let Some(word) = bytes.get(at..at + 8) {
        // The slice has eight bytes.
        let word = u64::from_le_bytes(word.try_into().unwrap_or([0; 8]));
        let found = zeros(word ^ delimiters) | zeros(word ^ breaks);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && bytes[at] != delimiter && bytes[at] != b'\n' {
        at += 1;
    }
    at
}
