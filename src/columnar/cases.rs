//! The facts of many cases, one column for each input. Columns borrow what they can from the buffers they were read
//! into.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;

use crate::model::{InputId, Model, Type};
use crate::scenario::Facts;
use crate::value::Value;

/// The facts of many cases.
#[derive(Clone, Debug, Default)]
pub struct Cases<'a> {
    rows: usize,
    columns: Vec<(InputId, Column<'a>)>,
}

/// One input's facts. A row whose fact is not given has any value at its place.
#[derive(Clone, Debug)]
pub enum Column<'a> {
    /// Members of an enumeration, or yes and no: `map[keys[row]]` is the member's number and one more, 0 where the fact
    /// is not given. Of yes-no inputs, 1 is no and 2 yes.
    Codes { keys: Keys<'a>, map: Cow<'a, [u32]> },
    /// Dates, in days since 1970-01-01.
    Days { days: Cow<'a, [i32]>, given: Given<'a> },
    /// Numbers of any measure (percentages, money of the input's currency, seconds, days, months, quantities), as whole
    /// multiples of 10 to the power of `-scale`. The scale is at most 18, and 0 for what is counted whole.
    Scaled { values: Cow<'a, [i64]>, scale: u32, given: Given<'a> },
    /// Date-times: seconds since 1970-01-01T00:00Z, and by how many seconds the local time of each is ahead of UTC.
    Instants { seconds: Cow<'a, [i64]>, offsets: Cow<'a, [i32]>, given: Given<'a> },
    /// Values of any type.
    Values(Vec<Option<Value>>),
}

/// Numbers that stand for texts or members, one a row.
#[derive(Clone, Debug)]
pub enum Keys<'a> {
    U8(Cow<'a, [u8]>),
    U16(Cow<'a, [u16]>),
    U32(Cow<'a, [u32]>),
}

/// Which rows have the fact: a byte a row, 1 where it is given; `None` where all have it.
pub type Given<'a> = Option<Cow<'a, [u8]>>;

impl Keys<'_> {
    pub fn len(&self) -> usize {
        match self {
            Keys::U8(keys) => keys.len(),
            Keys::U16(keys) => keys.len(),
            Keys::U32(keys) => keys.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, row: usize) -> Option<usize> {
        match self {
            Keys::U8(keys) => keys.get(row).map(|key| usize::from(*key)),
            Keys::U16(keys) => keys.get(row).map(|key| usize::from(*key)),
            Keys::U32(keys) => keys.get(row).map(|key| *key as usize),
        }
    }
}

impl<'a> Cases<'a> {
    /// Cases without facts.
    pub fn new(rows: usize) -> Self {
        Cases { rows, columns: Vec::new() }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Gives the facts of an input. A column shorter than the rows gives nothing beyond its end.
    pub fn give(&mut self, input: InputId, column: Column<'a>) {
        self.columns.retain(|(id, _)| *id != input);
        self.columns.push((input, column));
    }

    pub fn column(&self, input: InputId) -> Option<&Column<'a>> {
        self.columns.iter().find(|(id, _)| *id == input).map(|(_, column)| column)
    }

    /// The facts of one row, beside those that all rows share.
    pub fn facts(&self, model: &Model, shared: &Facts, row: usize) -> Facts {
        let mut facts = shared.clone();
        for (id, column) in &self.columns {
            match column.value(&model.input(*id).ty, row) {
                Some(value) => facts.give(*id, value),
                None => {
                    facts.take(*id);
                }
            }
        }
        facts
    }
}

impl Column<'_> {
    /// The fact of a row, as a value of the input's type; `None` where it is not given.
    pub fn value(&self, ty: &Type, row: usize) -> Option<Value> {
        let is_given = |given: &Given| given.as_ref().is_none_or(|given| given.get(row) == Some(&1));
        match self {
            Column::Codes { keys, map } => {
                let member = map.get(keys.get(row)?)?.checked_sub(1)?;
                match ty {
                    Type::Enum(id) => Some(Value::Member(*id, member)),
                    Type::YesNo => Some(Value::YesNo(member == 1)),
                    _ => None,
                }
            }
            Column::Days { days, given } if is_given(given) => days.get(row).and_then(|days| date(*days)),
            Column::Scaled { values, scale, given } if is_given(given) => measure(ty, *values.get(row)?, *scale),
            Column::Instants { seconds, offsets, given } if is_given(given) => {
                instant(*seconds.get(row)?, *offsets.get(row)?)
            }
            Column::Values(values) => values.get(row)?.clone(),
            _ => None,
        }
    }
}

/// The date so many days after 1970-01-01.
pub(crate) fn date(days: i32) -> Option<Value> {
    // 1970-01-01 is the 719,163rd day from the first of year 1.
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(719_163)?).map(Value::Date)
}

/// A date in days since 1970-01-01.
pub fn days_of(date: NaiveDate) -> i32 {
    use chrono::Datelike;
    date.num_days_from_ce() - 719_163
}

pub(crate) fn instant(seconds: i64, offset: i32) -> Option<Value> {
    let offset = FixedOffset::east_opt(offset)?;
    DateTime::from_timestamp(seconds, 0).map(|at| Value::DateTime(at.with_timezone(&offset)))
}

/// A whole number of 10 to the power of `-scale` as a value of a measure's type.
pub(crate) fn measure(ty: &Type, value: i64, scale: u32) -> Option<Value> {
    let number = || Decimal::try_from_i128_with_scale(i128::from(value), scale).ok();
    let whole = || (scale == 0).then_some(value);
    Some(match ty {
        Type::Integer | Type::Decimal => Value::Number(number()?),
        Type::Percent => Value::Percent(number()?),
        Type::Money(currency) => Value::Money((*currency)?, number()?),
        Type::Quantity(unit) => Value::Quantity(*unit, number()?),
        Type::Duration => Value::Duration(whole()?),
        Type::Days => Value::Days(whole()?),
        Type::Months => Value::Months(whole()?),
        Type::BusinessHours => Value::BusinessHours(whole()?),
        Type::BusinessDays => Value::BusinessDays(whole()?),
        _ => return None,
    })
}
