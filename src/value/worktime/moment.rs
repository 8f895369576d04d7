//! Instants and days as numbers, within the years 1 to 9999.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Weekday};

/// Seconds of a day that the clock does not change on.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// The first and the last day that a calendar knows: 0001-01-01 and 9999-12-31.
pub(super) const DAYS: (i64, i64) = (-719_162, 2_932_896);

/// An instant as a clock tells it, in plain numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub second: i64,
    /// Nanoseconds into the next second; a billion and more in a leap second.
    pub nano: u32,
    /// By how many seconds the clock is ahead of UTC.
    pub offset: i32,
}

/// What stands for an instant: a date-time, or its plain numbers. Calendars reckon with the numbers and answer in kind,
/// so that columns of numbers need no date-times.
pub trait AsInstant: Copy {
    /// The instant in numbers.
    #[must_use]
    fn instant(self) -> Instant;

    /// What stands for it; `None` where there is no such instant.
    #[must_use]
    fn of_instant(instant: Instant) -> Option<Self>;
}

impl AsInstant for Instant {
    fn instant(self) -> Instant {
        self
    }

    fn of_instant(instant: Instant) -> Option<Instant> {
        Some(instant)
    }
}

impl AsInstant for DateTime<FixedOffset> {
    fn instant(self) -> Instant {
        let (nano, offset) = (self.timestamp_subsec_nanos(), self.offset().local_minus_utc());
        Instant { second: self.timestamp(), nano, offset }
    }

    fn of_instant(Instant { second, nano, offset }: Instant) -> Option<DateTime<FixedOffset>> {
        let offset = FixedOffset::east_opt(offset)?;
        DateTime::from_timestamp(second, nano).map(|at| at.with_timezone(&offset))
    }
}

impl Instant {
    /// What stands for it, if it lies in the years 1 to 9999.
    #[inline]
    pub(super) fn known<A: AsInstant>(self) -> Option<A> {
        if self.in_range() { A::of_instant(self) } else { None }
    }

    /// The instant itself.
    pub(super) fn moment(self) -> Moment {
        Moment { second: self.second, nano: self.nano }
    }

    /// Whether it lies in the years 1 to 9999, in UTC and where it is told.
    #[inline]
    pub(super) fn in_range(self) -> bool {
        let known = |second: i64| (DAYS.0 * DAY..(DAYS.1 + 1) * DAY).contains(&second);
        known(self.second) && known(self.second + i64::from(self.offset))
    }
}

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
    #[inline]
    pub(super) fn of(at: impl AsInstant) -> Option<Moment> {
        let at = at.instant();
        at.in_range().then(|| Moment { second: at.second, nano: at.nano.min(999_999_999) })
    }
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
