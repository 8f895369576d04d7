//! Dates, times of day, date-times and periods from text.

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone};

use super::error::{LiteralError, shown};
use crate::value::Value;
use crate::value::calendar::{YEARS, datetime_in_range};

/// `2024-10-01`.
///
/// # Errors
/// [`LiteralError`] when the text is written otherwise, or names a day that the
/// calendar does not have.
pub fn parse_date(text: &str) -> Result<Value, LiteralError> {
    date(text).map(Value::Date)
}

/// `09:00`, `09:00:30`; facts may also have fractions of a second.
///
/// # Errors
/// [`LiteralError`] when the text is written otherwise, or names a time that the
/// day does not have.
pub fn parse_time(text: &str) -> Result<Value, LiteralError> {
    time(text).map(Value::Time)
}

/// `2024-10-01T09:00+08:00`, `2024-10-01T01:00Z`.
///
/// # Errors
/// [`LiteralError`] when the text is written otherwise, lacks the offset, or names
/// a date or time that does not exist.
pub fn parse_date_time(text: &str) -> Result<Value, LiteralError> {
    let not_a_date_time = || LiteralError::NotADateTime(shown(text));
    let (day, rest) = text.split_once('T').ok_or_else(not_a_date_time)?;
    let day = date(day).map_err(|error| match error {
        LiteralError::NotADate(_) => not_a_date_time(),
        other => other,
    })?;
    let (clock, offset) = match rest.find(['Z', '+', '-']).and_then(|at| rest.split_at_checked(at)) {
        Some(parts) => parts,
        None => {
            time(rest)?;
            return Err(LiteralError::NoOffset(shown(text)));
        }
    };
    let clock = time(clock)?;
    let offset = offset_of(offset).ok_or_else(not_a_date_time)?;
    offset
        .from_local_datetime(&day.and_time(clock))
        .single()
        .filter(|at| datetime_in_range(*at))
        .map(Value::DateTime)
        .ok_or_else(|| LiteralError::YearOutOfRange(shown(text)))
}

/// `2024-10-01 to 2024-11-30`, both days included.
///
/// # Errors
/// [`LiteralError`] when the text is not two dates with `to` between them, or the
/// second comes before the first.
pub fn parse_period(text: &str) -> Result<Value, LiteralError> {
    let (starts, ends) = text.split_once(" to ").ok_or_else(|| LiteralError::NotAPeriod(shown(text)))?;
    let (starts, ends) = (date(starts)?, date(ends)?);
    if ends < starts {
        return Err(LiteralError::PeriodBackwards(shown(text)));
    }
    Ok(Value::Period { starts, ends })
}

fn date(text: &str) -> Result<NaiveDate, LiteralError> {
    let not_a_date = || LiteralError::NotADate(shown(text));
    let mut parts = text.split('-');
    let mut part = |width| parts.next().and_then(|part| digits(part, width));
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else {
        return Err(not_a_date());
    };
    if parts.next().is_some() {
        return Err(not_a_date());
    }
    let year = i32::try_from(year).map_err(|_| not_a_date())?;
    if !YEARS.contains(&year) {
        return Err(LiteralError::YearOutOfRange(text.to_owned()));
    }
    let (name, days) = month_of(year, month).ok_or_else(|| LiteralError::NoSuchMonth(text.to_owned()))?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| LiteralError::NoSuchDay {
        date: text.to_owned(),
        month: name,
        year,
        days,
    })
}

fn time(text: &str) -> Result<NaiveTime, LiteralError> {
    let not_a_time = || LiteralError::NotATime(shown(text));
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let mut parts = clock.split(':');
    let mut part = || parts.next().map(|part| digits(part, 2).ok_or_else(not_a_time)).transpose();
    let (Some(hour), Some(minute), second) = (part()?, part()?, part()?) else {
        return Err(not_a_time());
    };
    if parts.next().is_some() || (fraction.is_some() && second.is_none()) {
        return Err(not_a_time());
    }
    let nanoseconds = match fraction {
        Some(fraction) => nanoseconds(fraction).ok_or_else(not_a_time)?,
        None => 0,
    };
    NaiveTime::from_hms_nano_opt(hour, minute, second.unwrap_or(0), nanoseconds)
        .ok_or_else(|| LiteralError::NoSuchTime(shown(text)))
}

/// `Z`, `+08:00`.
fn offset_of(text: &str) -> Option<FixedOffset> {
    if text == "Z" {
        return FixedOffset::east_opt(0);
    }
    let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2).filter(|m| *m < 60)?);
    FixedOffset::east_opt(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
}

/// A number of exactly `width` digits, of which there are at most nine.
fn digits(text: &str, width: usize) -> Option<u32> {
    let wanted = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if wanted { text.parse().ok() } else { None }
}

/// `5` after the point is 500,000,000 nanoseconds; at most nine digits.
fn nanoseconds(fraction: &str) -> Option<u32> {
    let count = fraction.len();
    if !(1..=9).contains(&count) {
        return None;
    }
    let number = digits(fraction, count)?;
    Some(number * 10_u32.pow(9_u32.saturating_sub(u32::try_from(count).ok()?)))
}

/// The name of a month and how many days it has that year.
fn month_of(year: i32, month: u32) -> Option<(&'static str, u32)> {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = NAMES.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    let days = (28..=31).rev().find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some())?;
    Some((name, days))
}
