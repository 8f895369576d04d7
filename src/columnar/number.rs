//! Amounts, dates and instants that conditions and answers are worked out from, as whole numbers in columns.
//!
//! A row whose number is not known, or cannot be held exactly in 64 bits, says so in its state, and is left to the
//! evaluation of single cases where that matters.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::atom::AtomId;
use super::cases::{Cases, Column, date, days_of, instant, measure};
use super::sub::SubId;
use crate::model::{Arith, Builtin, BuiltinBody, InputId, SpanUnit, Type};
use crate::scenario::Facts;
use crate::value::{self, Rounding, Value};

/// A number of the plan, by its place. It only needs those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NumberId(pub u32);

impl NumberId {
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug)]
pub struct Number {
    pub kind: NumberKind,
    pub ty: Type,
    /// What says whether it is known.
    pub needs: BTreeSet<AtomId>,
    /// Whether the way it is worked out depends on facts and readings that are no numbers.
    pub chosen: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NumberKind {
    Fact(InputId),
    Const(Value),
    Add(NumberId, NumberId),
    Subtract(NumberId, NumberId),
    /// A percentage of a number that need not be whole.
    Share(NumberId, NumberId),
    /// From one date to another.
    DaysBetween(NumberId, NumberId),
    /// A date, and days more or (if the flag says so) fewer.
    MoveDays(NumberId, NumberId, bool),
    /// A decision's answer, or a part of one that is chosen by conditions.
    Sub(SubId),
    /// Anything else that can be worked out from values alone.
    Apply(Apply, Vec<NumberId>),
    /// A function that asks a calendar, which the sub gives.
    Clock(ClockBody, Vec<NumberId>, SubId),
}

/// An operation on values.
#[derive(Clone, Debug)]
pub enum Apply {
    Arith(Arith),
    Negate,
    Divide(Rounding, Value),
    Round(Rounding, Value),
    Between(SpanUnit),
    Call(&'static Builtin),
}

impl PartialEq for Apply {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Apply::Arith(a), Apply::Arith(b)) => a == b,
            (Apply::Negate, Apply::Negate) => true,
            (Apply::Divide(a, x), Apply::Divide(b, y)) | (Apply::Round(a, x), Apply::Round(b, y)) => a == b && x == y,
            (Apply::Between(a), Apply::Between(b)) => a == b,
            (Apply::Call(a), Apply::Call(b)) => std::ptr::eq(*a, *b),
            _ => false,
        }
    }
}

/// A built-in function that asks a calendar.
#[derive(Clone, Copy, Debug)]
pub struct ClockBody(pub &'static Builtin);

impl PartialEq for ClockBody {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// The state of a row's number.
pub const KNOWN: u8 = 0;
/// It is not known; what it needs says why.
pub const UNKNOWN: u8 = 1;
/// It cannot be held, or has no exact result: the case is for the evaluation of single cases.
pub const BEYOND: u8 = 2;

/// A number of some rows.
#[derive(Clone, Debug)]
pub struct Lane<'b> {
    pub values: Values<'b>,
    pub scale: u32,
    /// Of date-times: by how many seconds the local time is ahead of UTC.
    pub offsets: Cow<'b, [i32]>,
    /// `None` where all rows are known.
    pub state: Option<Cow<'b, [u8]>>,
}

#[derive(Clone, Debug)]
pub enum Values<'b> {
    /// Dates, and days between them.
    Short(Cow<'b, [i32]>),
    Long(Cow<'b, [i64]>),
    /// The same in all rows.
    Same(i64),
}

impl Lane<'_> {
    pub fn state(&self, row: usize) -> u8 {
        self.state.as_ref().map_or(KNOWN, |state| state.get(row).copied().unwrap_or(BEYOND))
    }

    pub fn get(&self, row: usize) -> i64 {
        match &self.values {
            Values::Short(values) => values.get(row).map_or(0, |v| i64::from(*v)),
            Values::Long(values) => values.get(row).copied().unwrap_or(0),
            Values::Same(value) => *value,
        }
    }

    pub fn offset(&self, row: usize) -> i32 {
        match self.offsets.len() {
            1 => self.offsets[0],
            _ => self.offsets.get(row).copied().unwrap_or(0),
        }
    }

    /// The value of a row, of the number's type.
    pub fn value(&self, ty: &Type, row: usize) -> Option<Value> {
        match (self.state(row), ty) {
            (KNOWN, Type::Date) => date(i32::try_from(self.get(row)).ok()?),
            (KNOWN, Type::DateTime) => instant(self.get(row), self.offset(row)),
            (KNOWN, ty) => measure(ty, self.get(row), self.scale),
            _ => None,
        }
    }

    /// No row is known.
    pub fn unknown(state: u8, rows: usize) -> Lane<'static> {
        let state = Some(Cow::Owned(vec![state; rows]));
        Lane { values: Values::Same(0), scale: 0, offsets: Cow::Owned(Vec::new()), state }
    }

    pub fn same(value: i64, scale: u32) -> Lane<'static> {
        Lane { values: Values::Same(value), scale, offsets: Cow::Owned(Vec::new()), state: None }
    }
}

/// Whether numbers of a type can be held as whole multiples of a power of ten, a day or a second.
pub fn holds(ty: &Type) -> bool {
    is_whole(ty) || matches!(ty, Type::Decimal | Type::Percent | Type::Money(Some(_)) | Type::Quantity(_))
}

/// Whether all numbers of a type are whole at scale 0.
pub fn is_whole(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Integer
            | Type::Duration
            | Type::Days
            | Type::Months
            | Type::BusinessHours
            | Type::BusinessDays
            | Type::Date
            | Type::DateTime
    )
}

/// A value as a whole number, its scale, and its offset; `None` if it cannot be held.
pub fn held(value: &Value) -> Option<(i64, u32, i32)> {
    let decimal = |number: &Decimal| {
        let number = number.normalize();
        Some((i64::try_from(number.mantissa()).ok()?, number.scale(), 0)).filter(|(_, scale, _)| *scale <= 18)
    };
    match value {
        Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => decimal(n),
        Value::Duration(n) | Value::Days(n) | Value::Months(n) | Value::BusinessHours(n) | Value::BusinessDays(n) => {
            Some((*n, 0, 0))
        }
        Value::Date(date) => Some((i64::from(days_of(*date)), 0, 0)),
        Value::DateTime(at) if at.timestamp_subsec_nanos() == 0 => {
            Some((at.timestamp(), 0, at.offset().local_minus_utc()))
        }
        _ => None,
    }
}

/// Ten to the power of `places`.
#[inline]
pub fn power(places: u32) -> Option<i64> {
    10_i64.checked_pow(places)
}

/// The facts of one input, in some rows.
pub fn fact<'b>(cases: &'b Cases<'_>, shared: &Facts, input: InputId, from: usize, to: usize) -> Lane<'b> {
    let rows = to - from;
    let Some(column) = cases.column(input) else {
        return match shared.get(input) {
            None => Lane::unknown(UNKNOWN, rows),
            Some(value) => constant(value, rows),
        };
    };
    let state = |given: &'b super::cases::Given<'_>| -> Option<Cow<'b, [u8]>> {
        let Some(given) = given.as_ref()?.get(from..to) else { return Some(Cow::Owned(vec![BEYOND; rows])) };
        let unknown = |given: &u8| if *given == 1 { KNOWN } else { UNKNOWN };
        given.iter().any(|given| *given != 1).then(|| Cow::Owned(given.iter().map(unknown).collect()))
    };
    let lane = |values, scale, state| Lane { values, scale, offsets: Cow::Borrowed(&[][..]), state };
    match column {
        Column::Days { days, given } if days.len() >= to => {
            lane(Values::Short(Cow::Borrowed(&days[from..to])), 0, state(given))
        }
        Column::Scaled { values, scale, given } if values.len() >= to => {
            lane(Values::Long(Cow::Borrowed(&values[from..to])), *scale, state(given))
        }
        Column::Instants { seconds, offsets, given } if seconds.len() >= to && offsets.len() >= to => Lane {
            offsets: Cow::Borrowed(&offsets[from..to]),
            ..lane(Values::Long(Cow::Borrowed(&seconds[from..to])), 0, state(given))
        },
        Column::Values(values) => of_values(values.get(from..to).unwrap_or(&[]), rows),
        _ => Lane::unknown(BEYOND, rows),
    }
}

pub fn constant(value: &Value, rows: usize) -> Lane<'static> {
    match held(value) {
        Some((value, scale, offset)) => Lane { offsets: Cow::Owned(vec![offset]), ..Lane::same(value, scale) },
        None => Lane::unknown(BEYOND, rows),
    }
}

/// Values brought to one scale.
fn of_values(given: &[Option<Value>], rows: usize) -> Lane<'static> {
    let mut all: Vec<_> =
        given.iter().map(|value| value.as_ref().map_or(Err(UNKNOWN), |value| held(value).ok_or(BEYOND))).collect();
    all.resize(rows, Err(UNKNOWN));
    gathered(&all, true, rows)
}

/// The worse state of two lanes, row by row.
pub fn joined<'b>(a: &Lane<'b>, b: &Lane<'b>) -> Option<Vec<u8>> {
    match (&a.state, &b.state) {
        (None, None) => None,
        (Some(state), None) | (None, Some(state)) => Some(state.to_vec()),
        (Some(a), Some(b)) => Some(a.iter().zip(b.iter()).map(|(a, b)| *a.max(b)).collect()),
    }
}

/// Works out a whole number of each row from two; `None` marks one that cannot be held.
fn pairwise(a: &Lane, b: &Lane, rows: usize, scale: u32, of: impl Fn(i64, i64) -> Option<i64>) -> Lane<'static> {
    let mut state = joined(a, b);
    let mut values = vec![0_i64; rows];
    for (row, slot) in values.iter_mut().enumerate() {
        match of(a.get(row), b.get(row)) {
            Some(value) => *slot = value,
            None => {
                let state = state.get_or_insert_with(|| vec![KNOWN; rows]);
                state[row] = state[row].max(BEYOND);
            }
        }
    }
    Lane { values: Values::Long(values.into()), scale, offsets: Cow::Borrowed(&[]), state: state.map(Cow::Owned) }
}

/// Whether all numbers lie between the limit and its negative. Rows that are not known count as well.
fn within(values: &[i64], limit: i64) -> bool {
    let (least, most) = values.iter().fold((0, 0), |(least, most), v| (*v.min(&least), *v.max(&most)));
    least >= -limit && most <= limit
}

/// `a + b`, or `a - b`, of one measure.
pub fn sum(a: &Lane, b: &Lane, minus: bool, rows: usize) -> Lane<'static> {
    let scale = a.scale.max(b.scale);
    let (Some(x), Some(y)) = (power(scale - a.scale), power(scale - b.scale)) else {
        return Lane::unknown(BEYOND, rows);
    };
    let y = if minus { -y } else { y };
    if let (1, 1 | -1, Values::Long(left), Values::Long(right)) = (x, y, &a.values, &b.values) {
        if within(left, i64::MAX / 2) && within(right, i64::MAX / 2) {
            let both = left.iter().zip(right.iter());
            let values: Vec<i64> =
                if minus { both.map(|(a, b)| a - b).collect() } else { both.map(|(a, b)| a + b).collect() };
            let state = joined(a, b).map(Cow::Owned);
            return Lane { values: Values::Long(values.into()), scale, offsets: Cow::Borrowed(&[]), state };
        }
    }
    pairwise(a, b, rows, scale, |a, b| a.checked_mul(x)?.checked_add(b.checked_mul(y)?))
}

/// A percentage of a number.
pub fn share<'b>(percent: &Lane<'b>, of: &Lane<'b>, rows: usize) -> Lane<'b> {
    let (Values::Same(factor), None) = (&percent.values, &percent.state) else {
        let percent = Lane { scale: percent.scale + 2, ..percent.clone() };
        return match percent.scale + of.scale {
            scale @ 0..=18 => pairwise(&percent, of, rows, scale, i64::checked_mul),
            _ => Lane::unknown(BEYOND, rows),
        };
    };
    // One that is the same in all rows has as few places as it needs: 50% is 0.5, and 100% is 1.
    let (factor, places) = fewest(*factor, percent.scale + 2);
    let scale = places + of.scale;
    match (&of.values, factor.checked_abs()) {
        _ if scale > 18 => Lane::unknown(BEYOND, rows),
        (_, Some(0)) => Lane { state: of.state.clone(), ..Lane::same(0, 0) },
        (_, Some(1)) if factor == 1 && places == 0 => of.clone(),
        (Values::Long(values), Some(size)) if within(values, i64::MAX / size) => {
            let values: Vec<i64> = values.iter().map(|value| value * factor).collect();
            Lane { values: Values::Long(values.into()), scale, ..of.clone() }
        }
        _ => pairwise(&Lane::same(factor, places), of, rows, scale, i64::checked_mul),
    }
}

/// The days from one date to another.
pub fn days_between(from: &Lane, to: &Lane, rows: usize) -> Lane<'static> {
    if let (Values::Short(a), Values::Short(b)) = (&from.values, &to.values) {
        // Dates lie in the years 1 to 9999, so the difference always fits.
        let days = a.iter().zip(b.iter()).map(|(a, b)| b.wrapping_sub(*a)).collect::<Vec<i32>>();
        let state = joined(from, to).map(Cow::Owned);
        return Lane { values: Values::Short(days.into()), scale: 0, offsets: Cow::Borrowed(&[]), state };
    }
    sum(to, from, true, rows)
}

/// The first and the last day that a date may be: 0001-01-01 and 9999-12-31.
pub const FIRST_DAY: i64 = -719_162;
const LAST_DAY: i64 = 2_932_896;

/// Whether a date may be so many days after 1970-01-01.
#[inline]
pub fn is_day(days: i64) -> bool {
    (FIRST_DAY..=LAST_DAY).contains(&days)
}

/// A date, so many days later or earlier.
pub fn move_days<'b>(date: &Lane<'b>, days: &Lane<'b>, earlier: bool, rows: usize) -> Lane<'b> {
    if let (Values::Short(dates), Values::Same(by), None) = (&date.values, &days.values, &days.state) {
        let by = if earlier { by.checked_neg() } else { Some(*by) };
        let (least, most) = dates.iter().fold((i32::MAX, i32::MIN), |(least, most), d| (*d.min(&least), *d.max(&most)));
        let fits = |by: &i64| {
            let moved = |date: i32| i64::from(date).checked_add(*by);
            moved(least).is_some_and(|d| d >= FIRST_DAY) && moved(most).is_some_and(|d| d <= LAST_DAY)
        };
        // Days that keep some date within the calendar fit 32 bits.
        if let Some(by) = by.filter(fits).and_then(|by| i32::try_from(by).ok()) {
            let moved: Vec<i32> = dates.iter().map(|date| date.wrapping_add(by)).collect();
            return Lane { values: Values::Short(moved.into()), ..date.clone() };
        }
    }
    pairwise(date, days, rows, 0, |date, days| {
        let moved = if earlier { date.checked_sub(days) } else { date.checked_add(days) };
        moved.filter(|day| is_day(*day))
    })
}

/// An operation on the values of some numbers, row by row.
pub fn apply(apply: &Apply, args: &[(&Lane, &Type)], ty: &Type, rows: usize) -> Lane<'static> {
    let mut found = Vec::with_capacity(rows);
    let mut values = Vec::with_capacity(args.len());
    for row in 0..rows {
        let worst = args.iter().map(|(lane, _)| lane.state(row)).max().unwrap_or(KNOWN);
        if worst != KNOWN {
            found.push(Err(worst));
            continue;
        }
        values.clear();
        values.extend(args.iter().filter_map(|(lane, ty)| lane.value(ty, row)));
        let value = if values.len() == args.len() { apply.of(&values) } else { None };
        found.push(value.as_ref().and_then(held).ok_or(BEYOND));
    }
    gathered(&found, matches!(ty, Type::DateTime), rows)
}

impl Apply {
    /// Its result; `None` where there is no exact one.
    fn of(&self, values: &[Value]) -> Option<Value> {
        match (self, values) {
            (Apply::Arith(Arith::Add), [a, b]) => value::add(a, b).ok(),
            (Apply::Arith(Arith::Sub), [a, b]) => value::sub(a, b).ok(),
            (Apply::Arith(Arith::Mul), [a, b]) => value::mul(a, b).ok(),
            (Apply::Arith(Arith::PercentOf), [a, b]) => value::percent_of(a, b).ok(),
            (Apply::Negate, [a]) => value::neg(a).ok(),
            (Apply::Divide(mode, step), [a, b]) => value::divide_rounded(a, b, step, *mode).ok(),
            (Apply::Round(mode, step), [a]) => value::round_to(a, step, *mode).ok(),
            (Apply::Between(unit), [a, b]) => value::between(a, b, *unit).ok(),
            (Apply::Call(function), args) => match function.body {
                BuiltinBody::Plain(body) => body(args).ok(),
                BuiltinBody::Clock(_) => None,
            },
            _ => None,
        }
    }
}

/// Whole numbers with their scales and offsets, or a state, as one lane.
pub fn gathered(found: &[Result<(i64, u32, i32), u8>], offsets: bool, rows: usize) -> Lane<'static> {
    let scale = found.iter().flatten().map(|(_, scale, _)| *scale).max().unwrap_or(0);
    let (mut values, mut state) = (vec![0; rows], vec![KNOWN; rows]);
    let mut ahead = vec![0; if offsets { rows } else { 0 }];
    for (row, found) in found.iter().enumerate() {
        match found {
            Err(why) => state[row] = *why,
            Ok((value, own, offset)) => match power(scale - own).and_then(|factor| value.checked_mul(factor)) {
                Some(value) => {
                    values[row] = value;
                    if let Some(slot) = ahead.get_mut(row) {
                        *slot = *offset;
                    }
                }
                None => state[row] = BEYOND,
            },
        }
    }
    let state = state.iter().any(|s| *s != KNOWN).then_some(Cow::Owned(state));
    Lane { values: Values::Long(values.into()), scale, offsets: ahead.into(), state }
}

/// The same number with as few places as it needs.
pub fn fewest(mut value: i64, mut scale: u32) -> (i64, u32) {
    while scale > 0 && value % 10 == 0 {
        value /= 10;
        scale -= 1;
    }
    (value, scale)
}
