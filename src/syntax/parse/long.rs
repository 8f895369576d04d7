//! Long tables: their rows are read some at a time, on all cores.
//!
//! What pest notes of a table grows with the table, and is walked only when all of it is there. So the rows in the middle
//! of a long one are given to the grammar by themselves, and the file with a comment in their place. Rows end where their
//! line ends in `|`, whatever follows, so this comes to the same. Where anything is wrong, in these rows or elsewhere, the
//! file is read again as a whole: mistakes are found in one way only.

use std::ops::Range;

use pest::iterators::Pair;

use super::{Builder, Rule, read};
use crate::parallel::in_parallel;
use crate::source::FileId;
use crate::syntax::{Parsed, tree};

/// Rows read together: few enough that what pest notes of them stays in fast memory.
const TOGETHER: usize = 64;
/// From so many rows on a table is long.
const LONG: usize = 2_048;

/// The rows of a stretch of lines.
pub(super) struct Rows {
    at: Range<usize>,
    rows: Vec<tree::Row>,
}

/// Reads a file that has long tables. `None` where it has none, or anything in it is wrong.
pub(super) fn parse(id: FileId, text: &str) -> Option<Parsed> {
    let stretches = stretches(text);
    if stretches.is_empty() {
        return None;
    }
    let pieces: Vec<&[Range<usize>]> = stretches.iter().flat_map(|lines| lines.chunks(TOGETHER)).collect();
    let mut read = in_parallel(pieces.len(), |number| rows(id, text, span(pieces[number]))).into_iter();
    let mut long = Vec::new();
    for lines in &stretches {
        let mut rows = Vec::with_capacity(lines.len());
        for piece in read.by_ref().take(lines.chunks(TOGETHER).len()) {
            rows.append(&mut piece?);
        }
        long.push(Rows { at: span(lines), rows });
    }
    let outline = outline(text, &long);
    let mut builder = Builder { long: long.into(), ..Builder::new(id, text) };
    let items = builder.items(&outline);
    let is_sound = builder.problems.is_empty() && builder.damaged.is_empty() && builder.long.is_empty();
    is_sound.then(|| builder.finish(items))
}

impl Builder<'_> {
    /// A table's rows, with those that were read by themselves.
    pub(super) fn with_long(&mut self, rows: Vec<tree::Row>) -> Vec<tree::Row> {
        if self.long.is_empty() {
            return rows;
        }
        let mut all: Vec<tree::Row> = Vec::with_capacity(rows.len());
        for row in rows {
            let before = all.last().map(|row| row.span.end as usize);
            let stands_here =
                |long: &&Rows| before.is_some_and(|end| end <= long.at.start) && long.at.end <= row.span.start as usize;
            if self.long.front().as_ref().is_some_and(stands_here) {
                all.extend(self.long.pop_front().into_iter().flat_map(|long| long.rows));
            }
            all.push(row);
        }
        all
    }
}

/// The rows of some lines, if all of it are rows, and nothing is wrong in them.
fn rows(id: FileId, text: &str, at: Range<usize>) -> Option<Vec<tree::Row>> {
    let mut builder = Builder { base: at.start, ..Builder::new(id, text) };
    let pairs = read(Rule::rows, text.get(at)?).ok()?;
    let rows = pairs.flat_map(Pair::into_inner).filter(|pair| pair.as_rule() == Rule::row);
    let rows = rows.map(|row| builder.row(row)).collect();
    builder.problems.is_empty().then_some(rows)
}

/// Where many lines follow each other that are rows: the lines in the middle of each such stretch.
fn stretches(text: &str) -> Vec<Vec<Range<usize>>> {
    let mut found = Vec::new();
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n').chain([""]) {
        let at = offset..offset + line.len();
        offset = at.end;
        if is_row(line) {
            lines.push(at);
            continue;
        }
        if lines.len() >= LONG {
            // The first and the last hold the place in the table.
            lines.pop();
            lines.remove(0);
            found.push(std::mem::take(&mut lines));
        }
        lines.clear();
    }
    found
}

/// Whether a line looks like a whole row.
fn is_row(line: &str) -> bool {
    let row = line.trim_matches([' ', '\t', '\r', '\n']);
    row.len() > 1 && row.starts_with('|') && row.ends_with('|') && !row.contains("//")
}

/// The text, with a comment of the same length in the place of long tables' rows.
fn outline(text: &str, long: &[Rows]) -> String {
    let mut outline = String::with_capacity(text.len());
    for Rows { at, .. } in long {
        outline.push_str(text.get(outline.len()..at.start).unwrap_or_default());
        outline.push_str("//");
        outline.extend(std::iter::repeat_n(' ', at.len().saturating_sub(3)));
        outline.push('\n');
    }
    outline.push_str(text.get(outline.len()..).unwrap_or_default());
    outline
}

fn span(lines: &[Range<usize>]) -> Range<usize> {
    lines.first().map_or(0, |line| line.start)..lines.last().map_or(0, |line| line.end)
}
