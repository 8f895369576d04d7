//! The end of an amount of time, of any kind, counted in a calendar.

use chrono::{DateTime, Days, FixedOffset, Months, NaiveDateTime, TimeDelta};

use super::{AsInstant, Calendar, NoAnswer, PartDay, Timed, Unjudged};
use crate::value::{Fault, Value};

/// Why the end of an amount of time is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockFault {
    /// It turns on days that nobody has judged.
    Unjudged(Unjudged),
    /// The calendar does not say how a part day counts.
    NoPartDay,
    Fault(Fault),
}

impl From<Fault> for ClockFault {
    fn from(fault: Fault) -> ClockFault {
        ClockFault::Fault(fault)
    }
}

impl From<NoAnswer> for ClockFault {
    fn from(why: NoAnswer) -> ClockFault {
        match why {
            NoAnswer::Unjudged(days) => ClockFault::Unjudged(days),
            NoAnswer::OutOfRange => ClockFault::Fault(Fault::DateOutOfRange),
        }
    }
}

/// The instant by which an amount of time is over that started at another, told in the calendar's zone.
///
/// Exact durations are elapsed time; business hours and days are counted in the calendar; calendar days and months go
/// to the same time of day on a later date in the calendar's zone (the end of the month where it has no such day). A
/// time of day that a clock change skips is the instant of the change; of one that comes twice it is the first.
///
/// # Errors
/// [`ClockFault`] where it turns on unjudged days, where the calendar does not say how a part day counts, or outside
/// the years that dates have.
pub fn deadline<A: AsInstant>(
    from: A,
    amount: Timed,
    calendar: &Calendar,
    part_day: Option<PartDay>,
) -> Result<A, ClockFault> {
    let start = || DateTime::of_instant(from.instant()).ok_or(Fault::DateOutOfRange);
    let local = || calendar.zone().local(start()?).map(|at| at.naive_local()).ok_or(Fault::DateOutOfRange);
    let end = match amount {
        Timed::BusinessHours(seconds) => return Ok(calendar.add(from, seconds)?),
        Timed::BusinessDays(days) => {
            let part = part_day.ok_or(ClockFault::NoPartDay)?;
            let end = calendar.add_days(from, days, part)?;
            return Ok(match part {
                // Time that ends with the working hours ends at the closing, not at the next opening.
                PartDay::Elapsed => calendar.add(from, calendar.between(from, end)?)?,
                PartDay::Counted | PartDay::NotCounted => end,
            });
        }
        Timed::Duration(seconds) => elapsed(start()?, seconds).and_then(|at| calendar.zone().local(at)),
        Timed::Days(days) => days_later(local()?, days).and_then(|at| calendar.zone().at_local(at)),
        Timed::Months(months) => months_later(local()?, months).and_then(|at| calendar.zone().at_local(at)),
        Timed::Instant(_) | Timed::Date(_) | Timed::YesNo(_) => {
            return Err(ClockFault::Fault(Fault::NoCalendar(amount.kind())));
        }
    };
    Ok(end.and_then(|at| A::of_instant(at.instant())).ok_or(Fault::DateOutOfRange)?)
}

/// The end of an amount of time that no calendar counts: elapsed time, or dates at the offset of the start.
///
/// # Errors
/// [`Fault::NoCalendar`] for business time; [`Fault::DateOutOfRange`].
pub fn plain_deadline(from: DateTime<FixedOffset>, amount: &Value) -> Result<DateTime<FixedOffset>, Fault> {
    let fixed = |local: NaiveDateTime| local.and_local_timezone(*from.offset()).single();
    let at = match amount {
        Value::Duration(seconds) => elapsed(from, *seconds),
        Value::Days(days) => days_later(from.naive_local(), *days).and_then(fixed),
        Value::Months(months) => months_later(from.naive_local(), *months).and_then(fixed),
        other => return Err(Fault::NoCalendar(other.kind())),
    };
    at.filter(|at| at.instant().in_range()).ok_or(Fault::DateOutOfRange)
}

fn elapsed(from: DateTime<FixedOffset>, seconds: i64) -> Option<DateTime<FixedOffset>> {
    from.checked_add_signed(TimeDelta::try_seconds(seconds)?)
}

fn days_later(local: NaiveDateTime, days: i64) -> Option<NaiveDateTime> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { local.checked_sub_days(count) } else { local.checked_add_days(count) }
}

fn months_later(local: NaiveDateTime, months: i64) -> Option<NaiveDateTime> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { local.checked_sub_months(count) } else { local.checked_add_months(count) }
}
