//! `deadline`: the instant by which an amount of time is over.

use super::{clock_args, exactly};
use crate::model::{Builtin, BuiltinBody, CALENDARS, ClockFault, Type, Working};
use crate::value::worktime::{self, Timed};

pub static DEADLINE: Builtin = Builtin {
    name: "deadline",
    signature: "deadline(start, amount, calendar)",
    doc: "the instant by which an amount of time is over: business time is counted in the calendar, exact durations \
          are elapsed time, and days and months go to the same time of day on a later date in the calendar's zone",
    example: ("deadline(2026-03-06T17:30+08:00, 8 business hours, office)", "2026-03-09T16:30+08:00"),
    check: |types| match exactly(types)? {
        [Type::DateTime, amount, Type::Enum(CALENDARS)] if amount.fits(&Type::TimeLimit) => Ok(Type::DateTime),
        _ => Err("takes a date-time, an amount of time and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(body),
};

fn body(args: &[Timed], working: &Working) -> Result<Timed, ClockFault> {
    let [Timed::Instant(start), amount] = args else { return Err(clock_args(args)) };
    worktime::deadline(*start, *amount, working.calendar, working.part_day).map(Timed::Instant)
}
