//! `start-of-day` and `end-of-day`: a date as instants, by a calendar's clock.

use super::{clock_args, exactly};
use crate::model::{Builtin, BuiltinBody, CALENDARS, ClockFault, Type, Working};
use crate::value::Fault;
use crate::value::worktime::{AsInstant, Timed};

pub static START_OF_DAY: Builtin = Builtin {
    name: "start-of-day",
    signature: "start-of-day(date, calendar)",
    doc: "the instant at which a date begins in the calendar's zone",
    example: ("start-of-day(2026-03-06, office)", "2026-03-06T00:00+08:00"),
    check: |types| match exactly(types)? {
        [Type::Date, Type::Enum(CALENDARS)] => Ok(Type::DateTime),
        _ => Err("takes a date and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| midnight(args, working, 0)),
};

pub static END_OF_DAY: Builtin = Builtin {
    name: "end-of-day",
    signature: "end-of-day(date, calendar)",
    doc: "the instant at which a date is over in the calendar's zone, which is that at which the next one begins",
    example: ("end-of-day(2026-03-06, office)", "2026-03-07T00:00+08:00"),
    check: |types| match exactly(types)? {
        [Type::Date, Type::Enum(CALENDARS)] => Ok(Type::DateTime),
        _ => Err("takes a date and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| midnight(args, working, 1)),
};

fn midnight(args: &[Timed], working: &Working, days: u64) -> Result<Timed, ClockFault> {
    let [Timed::Date(date)] = args else { return Err(clock_args(args)) };
    let date = date.checked_add_days(chrono::Days::new(days)).ok_or(Fault::DateOutOfRange)?;
    Ok(Timed::Instant(working.calendar.at_local(date.and_time(chrono::NaiveTime::MIN))?.instant()))
}
