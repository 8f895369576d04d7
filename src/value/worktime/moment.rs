//! Instants and days as numbers, within the years 1 to 9999.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Weekday};

/// Seconds of a day that the clock does not change on.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// The first and the last day that a calendar knows: 0001-01-01 and 9999-12-31.
pub(super) const DAYS: (i64, i64) = (-719_162, 2_932_896);

/// An instant: seconds since 1970-01-01 00:00 UTC and nanoseconds into the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) second: i64,
    pub(super) nano: u32,
}

impl Moment {
    /// The start of a second.
    pub(super) fn at(second: i64) -> Moment {
        Moment { second, nano: 0 }
    }

    /// The instant, if it lies in the years 1 to 9999. A leap second ends the
    /// second that it prolongs.
    pub(super) fn of(at: DateTime<FixedOffset>) -> Option<Moment> {
        in_range(at).then(|| Moment { second: at.timestamp(), nano: at.timestamp_subsec_nanos().min(999_999_999) })
    }
}

/// Whether a date-time lies in the years 1 to 9999, in UTC and where it is told.
pub(super) fn in_range(at: DateTime<FixedOffset>) -> bool {
    let known = |year| (1..=9999).contains(&year);
    // UTC first: near chrono's own limits the local date could not be asked for.
    known(at.naive_utc().year()) && known(at.naive_local().year())
}

/// The days from 1970-01-01 to this one.
pub(super) fn number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

/// The day of that number, if it lies in the years 1 to 9999.
pub(super) fn date(number: i64) -> Option<NaiveDate> {
    let days = i32::try_from(number.checked_add(719_163)?).ok()?;
    NaiveDate::from_num_days_from_ce_opt(days).filter(|date| (1..=9999).contains(&date.year()))
}

/// The day of the week of that day, 0 for Monday.
pub(super) fn weekday(day: i64) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

/// The place of a day in the week, 0 for Monday.
pub(super) fn place(weekday: Weekday) -> usize {
    usize::try_from(weekday.num_days_from_monday()).unwrap_or(0)
}
