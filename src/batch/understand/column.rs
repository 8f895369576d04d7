//! The facts of one input, gathered cell by cell.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bad::{Bad, Met};
use super::bounds::Bounds;
use super::cell::{Cell, Cells};
use super::codes::{Codes, Known, SAME};
use super::numbers::{aligned, number_of, scaled};
use super::quick;
use super::slow::{Slow, Wrong};
use crate::batch::Feed;
use crate::columnar::{Column, Given, Keys};
use crate::model::Type;
use crate::value::Value;

/// Texts and what they mean.
pub type Memory<T> = HashMap<Box<[u8]>, T, RandomState>;

/// So many texts of an input are remembered, none longer than [`LONGEST_REMEMBERED`].
pub const MOST_REMEMBERED: usize = 8192;
pub const LONGEST_REMEMBERED: usize = 256;

/// Gathers the facts of an input, piece after piece.
#[derive(Debug)]
pub struct Builder<'m> {
    pub slow: Slow<'m>,
    pub feed: Feed,
    pub ty: Type,
    /// Whether the facts come from a file of events, by key.
    pub joined: bool,
    pub form: Form,
    /// A byte a row, 1 where there is a fact. Not kept for codes and values, which say so themselves.
    pub given: Vec<u8>,
    bounds: Bounds,
    /// Facts of which the form has no room, all rows so far: a number of 20 digits, a fraction of a second.
    pub values: Option<Vec<Option<Value>>>,
    remembered: Memory<Option<Value>>,
}

/// How facts are held.
#[derive(Debug)]
pub enum Form {
    /// Members or answers, 0 where there is none; see [`Column::Codes`].
    Codes {
        keys: Codes,
        known: Known,
    },
    Days(Vec<i32>),
    Scaled {
        numbers: Vec<i64>,
        scale: u32,
    },
    Instants {
        seconds: Vec<i64>,
        offsets: Vec<i32>,
    },
    Values,
}

impl<'m> Builder<'m> {
    pub fn new(slow: Slow<'m>, feed: Feed) -> Builder<'m> {
        let input = slow.input();
        let ty = input.ty.clone();
        let form = match &ty {
            Type::YesNo => Form::Codes { keys: Codes::U8(Vec::new()), known: Known::default() },
            Type::Enum(id) => {
                let members = slow.model.enumeration(*id).members.len();
                let keys = if members < 255 { Codes::U8(Vec::new()) } else { Codes::U32(Vec::new()) };
                Form::Codes { keys, known: Known::default() }
            }
            Type::Date => Form::Days(Vec::new()),
            Type::DateTime => Form::Instants { seconds: Vec::new(), offsets: Vec::new() },
            Type::Integer
            | Type::Decimal
            | Type::Percent
            | Type::Money(Some(_))
            | Type::Quantity(_)
            | Type::Duration
            | Type::Days
            | Type::Months
            | Type::BusinessHours
            | Type::BusinessDays => Form::Scaled { numbers: Vec::new(), scale: 0 },
            _ => Form::Values,
        };
        let bounds = Bounds::of(&input.must_be);
        let remembered = Memory::default();
        Builder { slow, feed, ty, joined: false, form, given: Vec::new(), bounds, values: None, remembered }
    }

    /// For logs that come from a file of events.
    pub fn joined(slow: Slow<'m>, key: usize) -> Builder<'m> {
        Builder { joined: true, ..Builder::new(slow, Feed::Column(key)) }
    }

    /// Forgets the facts of the last piece.
    pub fn clear(&mut self) {
        self.given.clear();
        self.values = matches!(self.form, Form::Values).then(Vec::new);
        match &mut self.form {
            Form::Codes { keys: Codes::U8(keys), .. } => keys.clear(),
            Form::Codes { keys: Codes::U32(keys), .. } => keys.clear(),
            Form::Days(days) => days.clear(),
            Form::Scaled { numbers, scale } => {
                numbers.clear();
                *scale = 0;
            }
            Form::Instants { seconds, offsets } => {
                seconds.clear();
                offsets.clear();
            }
            Form::Values => {}
        }
    }

    pub fn met(&self) -> Met {
        Met::Column(match self.feed {
            Feed::Column(column) => column,
            Feed::Money { amount, .. } => amount,
        })
    }

    /// Takes the cells of a column, one for each row.
    pub fn fill(&mut self, cells: &impl Cells, rows: usize, bad: &mut Bad) {
        let met = self.met();
        if let Form::Codes { .. } = self.form {
            return self.fill_codes(cells, rows, bad);
        }
        let quick = !self.slow.has_meanings();
        let marks = self.slow.marks;
        for row in 0..rows {
            let cell = cells.cell(row);
            if self.values.is_none() && quick {
                match (&mut self.form, cell) {
                    (_, Cell::Missing) => {}
                    (Form::Days(days), Cell::Text(text)) => {
                        if let Some(day) = quick::date(text) {
                            days.push(day);
                            self.given.push(1);
                            continue;
                        }
                    }
                    (Form::Scaled { numbers, scale }, cell) => {
                        if let Some((number, places)) = scaled(&self.ty, cell, marks) {
                            if aligned(numbers, scale, number, places) {
                                self.given.push(1);
                                continue;
                            }
                        }
                    }
                    (Form::Instants { seconds, offsets }, Cell::Text(text)) => {
                        if let Some((second, offset)) = quick::instant(text) {
                            seconds.push(second);
                            offsets.push(offset);
                            self.given.push(1);
                            continue;
                        }
                    }
                    _ => {}
                }
            }
            let value = match cell {
                Cell::Missing => Ok(None),
                cell if bad.is(row) => {
                    // The row is lost already; its other mistakes are still told.
                    self.remembered(cell).map(|_| None)
                }
                cell => self.remembered(cell),
            };
            self.push(value, row, met, bad);
        }
    }

    /// What a cell means, remembered where it comes again and again.
    fn remembered(&mut self, cell: Cell) -> Result<Option<Value>, Wrong> {
        let Cell::Text(text) = cell else { return self.slow.value(cell) };
        if let Some(value) = self.remembered.get(text) {
            return Ok(value.clone());
        }
        let value = self.slow.value(cell)?;
        if text.len() <= LONGEST_REMEMBERED && self.remembered.len() < MOST_REMEMBERED {
            self.remembered.insert(text.into(), value.clone());
        }
        Ok(value)
    }

    /// Takes the fact of a row, however it was read.
    pub fn push(&mut self, value: Result<Option<Value>, Wrong>, row: usize, met: Met, bad: &mut Bad) {
        let value = value.unwrap_or_else(|wrong| {
            bad.add(row, met, wrong);
            None
        });
        if self.values.is_none() && !self.take(value.as_ref()) {
            self.spread();
        }
        if let Some(values) = &mut self.values {
            // `take` has not taken it, or values were there from the start.
            values.push(value);
        }
    }

    /// Takes a fact into the form; `false` if it has no room for it.
    fn take(&mut self, value: Option<&Value>) -> bool {
        let taken = match (&mut self.form, value) {
            (Form::Days(days), None) => {
                days.push(0);
                true
            }
            (Form::Days(days), Some(Value::Date(date))) => {
                days.push(crate::columnar::days_of(*date));
                true
            }
            (Form::Scaled { numbers, .. }, None) => {
                numbers.push(0);
                true
            }
            (Form::Scaled { numbers, scale }, Some(value)) => {
                number_of(value).is_some_and(|(number, places)| aligned(numbers, scale, number, places))
            }
            (Form::Instants { seconds, offsets }, None) => {
                seconds.push(0);
                offsets.push(0);
                true
            }
            (Form::Instants { seconds, offsets }, Some(Value::DateTime(at))) if at.timestamp_subsec_nanos() == 0 => {
                seconds.push(at.timestamp());
                offsets.push(at.offset().local_minus_utc());
                true
            }
            _ => false,
        };
        if taken {
            self.given.push(u8::from(value.is_some()));
        }
        taken
    }

    /// Goes over to values, for the rest of the piece.
    fn spread(&mut self) {
        let rows = self.given.len();
        let column = self.borrowed();
        self.values = Some((0..rows).map(|row| column.value(&self.ty, row)).collect());
    }

    /// Sets aside the rows whose fact a constant `must be` doesn't allow. Codes, and facts that are only ever held as
    /// values, were held against it when they were read.
    pub fn hold_bounds(&self, bad: &mut Bad) {
        if self.bounds.is_empty() || matches!(self.form, Form::Values | Form::Codes { .. }) {
            return;
        }
        if let Some(values) = &self.values {
            for (row, value) in values.iter().enumerate() {
                self.hold(row, value.as_ref(), bad);
            }
            return;
        }
        let outside: Box<dyn Fn(usize) -> bool + '_> = match &self.form {
            _ if self.bounds.other => Box::new(|_| true),
            Form::Scaled { numbers, scale } => {
                let (least, most) = self.bounds.at_scale(*scale);
                Box::new(move |row| numbers.get(row).is_some_and(|n| *n < least || *n > most))
            }
            Form::Days(days) => {
                let (least, most) = self.bounds.at_scale(0);
                Box::new(move |row| days.get(row).is_some_and(|n| i64::from(*n) < least || i64::from(*n) > most))
            }
            _ => Box::new(|_| true),
        };
        let column = self.borrowed();
        for row in (0..self.given.len()).filter(|row| self.given[*row] == 1) {
            if outside(row) {
                self.hold(row, column.value(&self.ty, row).as_ref(), bad);
            }
        }
    }

    fn hold(&self, row: usize, value: Option<&Value>, bad: &mut Bad) {
        let refused = value.and_then(|v| Some((v, self.slow.input().refuses(v, self.slow.model)?)));
        if let Some((value, why)) = refused {
            let value = value.display(self.slow.model).to_string();
            bad.add(row, self.met(), Wrong { value, why, help: None });
        }
    }

    /// Keeps the rows that are not set aside.
    pub fn sift(&mut self, bad: &Bad) {
        bad.sift(&mut self.given);
        if let Some(values) = &mut self.values {
            return bad.sift(values);
        }
        match &mut self.form {
            Form::Codes { keys: Codes::U8(keys), .. } => bad.sift(keys),
            Form::Codes { keys: Codes::U32(keys), .. } => bad.sift(keys),
            Form::Days(days) => bad.sift(days),
            Form::Scaled { numbers, .. } => bad.sift(numbers),
            Form::Instants { seconds, offsets } => {
                bad.sift(seconds);
                bad.sift(offsets);
            }
            Form::Values => {}
        }
    }

    /// The facts, as the evaluation wants them.
    pub fn column(&mut self) -> Column<'_> {
        match self.values.take() {
            Some(values) => Column::Values(values),
            None => self.borrowed(),
        }
    }

    /// The facts as they are before rows are sifted.
    pub fn lent(&self) -> Column<'_> {
        match &self.values {
            Some(values) => Column::Values(values.clone()),
            None => self.borrowed(),
        }
    }

    fn borrowed(&self) -> Column<'_> {
        let all = self.given.iter().all(|given| *given == 1);
        let given: Given = (!all).then_some(Cow::Borrowed(&*self.given));
        match &self.form {
            Form::Codes { keys: Codes::U8(keys), .. } => {
                Column::Codes { keys: Keys::U8(Cow::Borrowed(keys)), map: Cow::Borrowed(&SAME) }
            }
            Form::Codes { keys: Codes::U32(keys), .. } => {
                let most = keys.iter().max().map_or(0, |most| *most);
                Column::Codes { keys: Keys::U32(Cow::Borrowed(keys)), map: Cow::Owned((0..=most).collect()) }
            }
            Form::Days(days) => Column::Days { days: Cow::Borrowed(days), given },
            Form::Scaled { numbers, scale } => Column::Scaled { values: Cow::Borrowed(numbers), scale: *scale, given },
            Form::Instants { seconds, offsets } => {
                Column::Instants { seconds: Cow::Borrowed(seconds), offsets: Cow::Borrowed(offsets), given }
            }
            Form::Values => Column::Values(Vec::new()),
        }
    }
}
