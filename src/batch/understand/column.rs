//! The facts of one input, gathered cell by cell.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use super::bad::{Bad, Met};
use super::bounds::Bounds;
use super::cell::{Cell, Cells};
use super::quick;
use super::slow::{Slow, Wrong};
use crate::batch::{Feed, NumberMarks};
use crate::columnar::{Column, Given, Keys};
use crate::model::Type;
use crate::value::{Currency, Value};

/// Texts and what they mean.
pub type Memory<T> = HashMap<Box<[u8]>, T, RandomState>;

/// So many texts of an input are remembered, none longer than [`LONGEST_REMEMBERED`].
const MOST_REMEMBERED: usize = 8192;
const LONGEST_REMEMBERED: usize = 256;

/// Numbers of JSON have no thousands.
const DATA_MARKS: NumberMarks = NumberMarks { decimal: b'.', thousands: None };

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
        known: Memory<u32>,
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

#[derive(Debug)]
pub enum Codes {
    U8(Vec<u8>),
    U32(Vec<u32>),
}

/// `0, 1, 2, …`: codes are written as what they stand for.
static SAME: [u32; 256] = {
    let mut same = [0; 256];
    let mut at = 0;
    while at < 256 {
        same[at] = at as u32;
        at += 1;
    }
    same
};

impl<'m> Builder<'m> {
    pub fn new(slow: Slow<'m>, feed: Feed) -> Builder<'m> {
        let input = slow.input();
        let ty = input.ty.clone();
        let form = match &ty {
            Type::YesNo => Form::Codes { keys: Codes::U8(Vec::new()), known: Memory::default() },
            Type::Enum(id) => {
                let members = slow.model.enumeration(*id).members.len();
                let keys = if members < 255 { Codes::U8(Vec::new()) } else { Codes::U32(Vec::new()) };
                Form::Codes { keys, known: Memory::default() }
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

    /// Takes amounts and their currencies, a pair for each row.
    pub fn fill_money(&mut self, amounts: &impl Cells, currencies: &impl Cells, rows: usize, bad: &mut Bad) {
        let met = self.met();
        let fixed = match self.ty {
            Type::Money(fixed) => fixed,
            _ => None,
        };
        let marks = self.slow.marks;
        for row in 0..rows {
            let (amount, currency) = (amounts.cell(row), currencies.cell(row));
            if let (false, Cell::Text(code)) = (self.slow.has_meanings(), currency) {
                let quick = match (fixed, amount) {
                    (Some(fixed), _) if fixed.code().as_bytes() != code => None,
                    (_, Cell::Text(text)) => quick::decimal(text, marks),
                    (_, Cell::Number(text)) => quick::decimal(text, DATA_MARKS),
                    _ => None,
                };
                if let Some((number, places)) = quick {
                    match (&mut self.form, &mut self.values) {
                        (Form::Scaled { numbers, scale }, None) => {
                            if aligned(numbers, scale, number, places) {
                                self.given.push(1);
                                continue;
                            }
                        }
                        (Form::Values, Some(values)) => {
                            let known = std::str::from_utf8(code).ok().and_then(Currency::from_code);
                            let amount = Decimal::try_from_i128_with_scale(number.into(), places).ok();
                            let value = known.zip(amount).map(|(currency, n)| Value::Money(currency, n));
                            if let (Some(value), true) = (value, self.slow.input().must_be.is_empty()) {
                                values.push(Some(value));
                                continue;
                            }
                        }
                        _ => {}
                    }
                }
            }
            let value = self.slow.money(amount, currency);
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
                days.push(days_of(*date));
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

    fn fill_codes(&mut self, cells: &impl Cells, rows: usize, bad: &mut Bad) {
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

/// The code of a cell: a member's number and one more; 1 is no, 2 yes.
pub fn code(slow: &Slow, cell: Cell) -> Result<u32, Wrong> {
    Ok(match slow.value(cell)? {
        Some(Value::Member(_, member)) => member.saturating_add(1),
        Some(Value::YesNo(yes)) => 1 + u32::from(yes),
        _ => 0,
    })
}

/// A date in days since 1970-01-01, which is the 719,163rd day from the first of year 1.
pub fn days_of(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}

/// The number of a cell, where it is written as most are.
#[inline]
fn scaled(ty: &Type, cell: Cell, marks: NumberMarks) -> Option<(i64, u32)> {
    match (ty, cell) {
        (Type::Integer, Cell::Text(text)) => quick::decimal(text, marks).filter(|(_, scale)| *scale == 0),
        (Type::Integer, Cell::Number(text)) => quick::decimal(text, DATA_MARKS).filter(|(_, scale)| *scale == 0),
        (Type::Decimal | Type::Quantity(_), Cell::Text(text)) => quick::decimal(text, marks),
        (Type::Decimal | Type::Quantity(_) | Type::Money(Some(_)), Cell::Number(text)) => {
            quick::decimal(text, DATA_MARKS)
        }
        (Type::Percent, Cell::Text(text)) => quick::decimal(text.strip_suffix(b"%")?, marks),
        (Type::Money(Some(currency)), Cell::Text(text)) => match text.first()? {
            b'-' | b'0'..=b'9' => quick::decimal(text, marks),
            _ => {
                let amount = text.strip_prefix(currency.code().as_bytes())?.strip_prefix(b" ")?;
                quick::decimal(amount, marks)
            }
        },
        _ => None,
    }
}

/// A value's number with its scale, if a column of numbers has room for it.
fn number_of(value: &Value) -> Option<(i64, u32)> {
    match value {
        Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => {
            let n = n.normalize();
            Some((i64::try_from(n.mantissa()).ok()?, n.scale())).filter(|(_, scale)| *scale <= MOST_PLACES)
        }
        Value::Duration(n) | Value::Days(n) | Value::Months(n) | Value::BusinessHours(n) | Value::BusinessDays(n) => {
            Some((*n, 0))
        }
        _ => None,
    }
}

/// The most decimal places that a column of numbers can have.
const MOST_PLACES: u32 = 18;

/// Adds a number to those of a column, all at one scale; `false` if there is no room.
#[inline]
pub fn aligned(numbers: &mut Vec<i64>, scale: &mut u32, number: i64, places: u32) -> bool {
    if places == *scale {
        numbers.push(number);
        return true;
    }
    if places < *scale {
        let raised = 10_i64.checked_pow(*scale - places).and_then(|ten| number.checked_mul(ten));
        raised.inspect(|number| numbers.push(*number)).is_some()
    } else {
        raise(numbers, scale, number, places)
    }
}

#[cold]
fn raise(numbers: &mut Vec<i64>, scale: &mut u32, mut number: i64, mut places: u32) -> bool {
    while places > *scale && number % 10 == 0 {
        number /= 10;
        places -= 1;
    }
    if places > *scale {
        if places > MOST_PLACES {
            return false;
        }
        let Some(ten) = 10_i64.checked_pow(places - *scale) else { return false };
        if numbers.iter().any(|n| n.checked_mul(ten).is_none()) {
            return false;
        }
        numbers.iter_mut().for_each(|n| *n *= ten);
        *scale = places;
    }
    numbers.push(number);
    true
}
