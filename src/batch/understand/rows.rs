//! The records of a piece, column by column; and what is told of those that are set aside.

use arrow::record_batch::RecordBatch;

use super::arrow::row_lines;
use super::bad::{Bad, Met};
use super::cell::Cells;
use super::delimited::{self, Ragged};
use super::grid::Grid;
use super::json;
use super::slow::Wrong;
use super::{Joined, Reader};
use crate::batch::{Content, Feed, Heading, Piece, Reject};
use crate::check::Checked;
use crate::eval::Refused;
use crate::scenario::Facts;
use crate::value::Value;

/// What was read of a piece.
pub struct Read {
    pub rows: usize,
    /// A record that came as a reject.
    pub broken: Option<Reject>,
}

impl Reader<'_> {
    /// Reads all columns of a piece into the builders.
    pub(super) fn read(&mut self, piece: &Piece, leave_out: &[u64]) -> Read {
        let width = self.slots.iter().flatten().count();
        self.grid.clear(width);
        let mut broken = None;
        match &piece.content {
            Content::Broken(reject) => {
                self.bad.clear(0);
                broken = (!leave_out.contains(&reject.row)).then(|| (**reject).clone());
            }
            Content::Delimited { bytes, dialect, .. } => {
                let ragged = delimited::cells(bytes, *dialect, &self.slots, &mut self.grid);
                self.start(piece, self.grid.records.len(), leave_out);
                for (row, wrong) in ragged {
                    // Which cell is which is not known.
                    self.grid.blank(row);
                    self.reject_record(row, self.ragged(wrong));
                }
                self.check_text(bytes);
                self.fill_grid(bytes);
            }
            Content::Json { bytes, elements, .. } => {
                let wrongs = match elements {
                    Some(elements) => self.read_json(bytes, elements.iter().map(|(a, b)| (*a as usize, *b as usize))),
                    None => self.read_json(bytes, lines(bytes)),
                };
                self.start(piece, self.grid.records.len(), leave_out);
                for (row, wrong) in wrongs {
                    self.reject_record(row, wrong);
                }
                self.fill_grid(bytes);
            }
            Content::Arrow(batch) => {
                self.start(piece, batch.num_rows(), leave_out);
                self.fill_arrow(batch);
            }
        }
        Read { rows: self.bad.mask.len(), broken }
    }

    fn start(&mut self, piece: &Piece, rows: usize, leave_out: &[u64]) {
        self.bad.clear(rows);
        for row in leave_out {
            if let Some(row) = row.checked_sub(piece.first_row).and_then(|row| usize::try_from(row).ok()) {
                self.bad.leave_out(row);
            }
        }
    }

    /// A record whose cells can't be told apart is wrong as a whole. One that is left out is not told of.
    fn reject_record(&mut self, row: usize, wrong: Wrong) {
        if !self.bad.is(row) {
            self.bad.add(row, Met::Record, wrong);
        }
    }

    fn ragged(&self, wrong: Ragged) -> Wrong {
        let (why, help) = match wrong {
            Ragged::Fields(count) => {
                let fields = if count == 1 { "field" } else { "fields" };
                let why = format!("the record has {count} {fields}, and the heading has {}", self.slots.len());
                (
                    why,
                    "give every record as many fields as the heading; a field with the mark that parts them stands in quotes",
                )
            }
            Ragged::Open => (
                "a quote opens in this line and is never closed".to_owned(),
                "close the quote at the end of its field; a quote within a field is written twice",
            ),
        };
        Wrong { value: String::new(), why, help: Some(help.to_owned()) }
    }

    /// Cells of kept columns have to be text, since they are written again. Those of facts are looked at when they are
    /// read.
    fn check_text(&mut self, bytes: &[u8]) {
        if std::str::from_utf8(bytes).is_ok() {
            return;
        }
        for column in self.terms.kept {
            let Some(slot) = self.slots.get(*column).copied().flatten() else { continue };
            for row in 0..self.grid.records.len() {
                let (_, cell, _) = self.grid.raw(bytes, row, slot);
                if let Err((why, help)) = super::cell::utf8(cell) {
                    let value = String::from_utf8_lossy(cell).into_owned();
                    self.bad.add(row, Met::Column(*column), Wrong { value, why, help });
                }
            }
        }
    }

    /// Finds the cells of JSON records; tells what is wrong with those that are no records.
    fn read_json(&mut self, bytes: &[u8], records: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, Wrong)> {
        let whole = std::str::from_utf8(bytes).ok();
        let mut wrongs = Vec::new();
        for (start, end) in records {
            let row = self.grid.records.len();
            self.grid.start_row(start);
            self.grid.end_row(end);
            let text = match whole {
                Some(whole) => whole.get(start..end),
                None => bytes.get(start..end).and_then(|record| std::str::from_utf8(record).ok()),
            };
            let help = "write one JSON object for each record: {\"incident.id\": \"7\", …}";
            let (why, help) = match text {
                None => ("the record is not UTF-8".to_owned(), "save the file as UTF-8, or mend this record"),
                Some(text) => match json::cells(text, start, &mut self.paths, &mut self.grid) {
                    Ok(()) => continue,
                    Err(why) => (format!("the record cannot be read: {why}"), help),
                },
            };
            self.grid.blank(row);
            wrongs.push((row, Wrong { value: String::new(), why, help: Some(help.to_owned()) }));
        }
        wrongs
    }

    fn fill_grid(&mut self, bytes: &[u8]) {
        let rows = self.grid.records.len();
        let slot = |column: usize| self.slots.get(column).copied().flatten();
        for builder in self.builders.iter_mut().filter(|builder| !builder.joined) {
            match builder.feed {
                Feed::Column(column) => {
                    if let Some(slot) = slot(column) {
                        builder.fill(&self.grid.column(bytes, slot), rows, &mut self.bad);
                    }
                }
                Feed::Money { amount, currency } => {
                    if let (Some(amount), Some(currency)) = (slot(amount), slot(currency)) {
                        let (amounts, currencies) =
                            (self.grid.column(bytes, amount), self.grid.column(bytes, currency));
                        builder.fill_money(&amounts, &currencies, rows, &mut self.bad);
                    }
                }
            }
        }
        if let Some(joined) = self.terms.events.clone() {
            if let Some(slot) = slot(joined.key) {
                let Reader { grid, builders, bad, .. } = self;
                join(&joined, &grid.column(bytes, slot), rows, builders, bad);
            }
        }
    }

    fn fill_arrow(&mut self, batch: &RecordBatch) {
        let headings = self.terms.headings;
        let column = |place: usize| headings.get(place).and_then(|heading| batch.column_by_name(&heading.name));
        for builder in self.builders.iter_mut().filter(|builder| !builder.joined) {
            match builder.feed {
                Feed::Column(place) => {
                    if let Some(array) = column(place) {
                        builder.fill_arrow(array, &mut self.bad);
                    }
                }
                Feed::Money { amount, currency } => {
                    if let (Some(amount), Some(currency)) = (column(amount), column(currency)) {
                        builder.fill_arrow_money(amount, currency, &mut self.bad);
                    }
                }
            }
        }
        if let Some(joined) = self.terms.events.clone() {
            if let Some(array) = column(joined.key) {
                let keys = super::arrow::Texts::of(array);
                join(&joined, &keys, batch.num_rows(), &mut self.builders, &mut self.bad);
            }
        }
    }
}

/// Gives each row the log of its key.
fn join(joined: &Joined, keys: &impl Cells, rows: usize, builders: &mut [super::Builder], bad: &mut Bad) {
    let Some(builder) = builders.iter_mut().find(|builder| builder.joined) else { return };
    for row in 0..rows {
        let cell = keys.cell(row);
        let key = match cell {
            super::cell::Cell::Text(text) | super::cell::Cell::Number(text) => String::from_utf8_lossy(text),
            _ => "".into(),
        };
        let log: Result<Option<Value>, Wrong> = if bad.is(row) {
            Ok(None)
        } else if key.is_empty() {
            let why = "the row has no key, so that its events are not known".to_owned();
            Err(Wrong { value: String::new(), why, help: Some("give every row its key".to_owned()) })
        } else {
            joined.events.log(&key).map(|log| Some(log.clone())).map_err(|wrong| Wrong {
                value: key.clone().into_owned(),
                why: format!("the events of `{key}` in `{}` are no log: {}", joined.events.file, wrong.message),
                help: wrong.help.clone(),
            })
        };
        builder.push(log, row, Met::Column(joined.key), bad);
    }
}

/// Where the lines of NDJSON start and end, without blank ones.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut start = 0;
    let breaks = memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len()));
    breaks.filter_map(move |end| {
        let from = std::mem::replace(&mut start, end + 1);
        let line = bytes.get(from..end)?;
        (!line.trim_ascii().is_empty()).then_some((from, end))
    })
}

/// What is told of a fact that a `must be` doesn't allow which rests on other facts.
pub fn refusal(checked: &Checked, facts: &Facts, refused: Refused) -> Wrong {
    let model = &checked.model;
    let input = model.input(refused.input);
    let value = facts.get(refused.input).map(|value| value.display(model).to_string()).unwrap_or_default();
    let bound = input.must_be.iter().find(|(test, _)| test.span == refused.condition);
    let bound = bound.map_or("within its bounds", |(_, bound)| bound.as_str());
    Wrong { why: format!("`{}` must be {bound}, and this is {value}", input.name), value, help: None }
}

/// So many mistakes of one row are told.
const MOST_TOLD: usize = 5;

/// The rejects of a piece, in the order of its rows. All mistakes of a row are in one reject, the first of them first.
pub fn rejects(bad: &Bad, piece: &Piece, grid: &Grid, headings: &[Heading]) -> Vec<Reject> {
    let mut wrongs: Vec<&(u32, Met, Wrong)> = bad.wrongs.iter().collect();
    wrongs.sort_by_key(|(row, met, _)| (*row, *met));
    // A fact may be refused by a bound in two ways, with the same words.
    wrongs.dedup_by(|a, b| (a.0, a.1) == (b.0, b.1) && a.2.why == b.2.why);
    let mut rejects: Vec<Reject> = Vec::new();
    for of_row in wrongs.chunk_by(|a, b| a.0 == b.0) {
        let Some((row, met, wrong)) = of_row.first().copied() else { continue };
        let row = *row as usize;
        let (line, original) = record(piece, grid, row);
        let more = of_row.iter().skip(1).take(MOST_TOLD - 1).map(|(.., wrong)| format!("; {}", wrong.why));
        let column = match met {
            Met::Record => None,
            Met::Column(column) => headings.get(*column).map(|heading| heading.name.clone()),
        };
        rejects.push(Reject {
            file: piece.file.clone(),
            row: piece.first_row + row as u64,
            line,
            value: column.is_some().then(|| wrong.value.clone()),
            column,
            why: wrong.why.clone() + &more.collect::<String>(),
            help: wrong.help.clone(),
            original,
        });
    }
    rejects
}

/// The line on which a record starts, and its bytes without the line break.
fn record(piece: &Piece, grid: &Grid, row: usize) -> (Option<u64>, Vec<u8>) {
    let place = grid.records.get(row).map_or(0..0, |(start, end)| *start as usize..*end as usize);
    match &piece.content {
        Content::Delimited { bytes, first_line, .. } | Content::Json { bytes, first_line, .. } => {
            let before = bytes.get(..place.start).unwrap_or_default();
            let line = first_line + memchr::memchr_iter(b'\n', before).count() as u64;
            let original = bytes.get(place).unwrap_or_default();
            (Some(line), original.strip_suffix(b"\r").unwrap_or(original).to_vec())
        }
        Content::Arrow(batch) => (None, row_lines(&batch.slice(row, 1)).unwrap_or_default().trim_ascii_end().to_vec()),
        Content::Broken(reject) => (reject.line, reject.original.clone()),
    }
}
