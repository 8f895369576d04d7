//! Dates and date-times: moving along the calendar, and how far apart two are.

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, TimeDelta};

use super::arithmetic::not_defined;
use super::{Fault, Operation, Value};

/// The years that a date may lie in.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// What `A to B in …` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    /// `in days`
    Days,
    /// `in weeks`, whole ones
    Weeks,
    /// `in months`, whole ones
    Months,
    /// `in hours`, whole ones
    Hours,
    /// `in minutes`, whole ones
    Minutes,
}

impl Span {
    /// The span that rule text calls this.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Span> {
        Some(match word {
            "days" => Span::Days,
            "weeks" => Span::Weeks,
            "months" => Span::Months,
            "hours" => Span::Hours,
            "minutes" => Span::Minutes,
            _ => return None,
        })
    }
}

/// `from to to in SPAN`, negative when `to` comes first.
///
/// Between dates: days give [`Value::Days`]; weeks also give days, a multiple of
/// seven; months give [`Value::Months`]: the most whole months that can be added
/// to the earlier date without passing the later one. Between date-times: whole
/// hours or minutes, as a [`Value::Duration`] in seconds. Weeks, hours and
/// minutes that are not whole are dropped, towards zero.
///
/// # Errors
/// [`Fault::NotDefined`] for other kinds; days between date-times and hours
/// between dates are among them.
pub fn between(from: &Value, to: &Value, span: Span) -> Result<Value, Fault> {
    match (from, to, span) {
        (Value::Date(from), Value::Date(to), Span::Days) => Ok(Value::Days(days(*from, *to))),
        (Value::Date(from), Value::Date(to), Span::Weeks) => Ok(Value::Days(days(*from, *to) / 7 * 7)),
        (Value::Date(from), Value::Date(to), Span::Months) => {
            Ok(Value::Months(if from <= to { months(*from, *to) } else { -months(*to, *from) }))
        }
        (Value::DateTime(from), Value::DateTime(to), Span::Hours | Span::Minutes) => {
            let unit = if span == Span::Hours { 3600 } else { 60 };
            Ok(Value::Duration(to.signed_duration_since(from).num_seconds() / unit * unit))
        }
        _ => Err(not_defined(Operation::Between, from, to)),
    }
}

/// `date` and `days` more, or fewer when negative.
pub(super) fn add_days(date: NaiveDate, days: i64) -> Result<NaiveDate, Fault> {
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(count) } else { date.checked_add_days(count) };
    in_range(moved)
}

/// `date` and `months` more, or fewer when negative; the day of the month is
/// the same, or the last one if the month is shorter.
pub(super) fn add_months(date: NaiveDate, months: i64) -> Result<NaiveDate, Fault> {
    let count = u32::try_from(months.unsigned_abs()).map_err(|_| Fault::DateOutOfRange)?;
    let count = Months::new(count);
    let moved = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) };
    in_range(moved)
}

/// The instant `seconds` after `at`, told at the same offset.
pub(super) fn add_seconds(at: DateTime<FixedOffset>, seconds: i64) -> Result<DateTime<FixedOffset>, Fault> {
    TimeDelta::try_seconds(seconds)
        .and_then(|delta| at.checked_add_signed(delta))
        .filter(|at| datetime_in_range(*at))
        .ok_or(Fault::DateOutOfRange)
}

/// Whether a date-time lies in the years that dates may have, both where it is
/// told and in UTC.
pub(super) fn datetime_in_range(at: DateTime<FixedOffset>) -> bool {
    // UTC first: near chrono's own limits the local date could not be asked for.
    YEARS.contains(&at.naive_utc().year()) && YEARS.contains(&at.naive_local().year())
}

fn in_range(date: Option<NaiveDate>) -> Result<NaiveDate, Fault> {
    date.filter(|date| YEARS.contains(&date.year())).ok_or(Fault::DateOutOfRange)
}

fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// Whole months from the earlier date to the later one.
fn months(from: NaiveDate, to: NaiveDate) -> i64 {
    let index = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
    let apart = index(to) - index(from);
    // Months are longer or shorter than 31 days, so the last one counts only if
    // adding it, with the clamp at the month's end, does not pass the later date.
    match add_months(from, apart) {
        Ok(reached) if reached <= to => apart,
        _ => apart - 1,
    }
}
