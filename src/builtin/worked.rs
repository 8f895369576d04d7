//! `business-time` and `business-days-between`: how much working time lies between two instants.

use super::{clock_args, exactly};
use crate::model::{Builtin, BuiltinBody, CALENDARS, ClockFault, Type};
use crate::value::worktime::Timed;

pub static BUSINESS_TIME: Builtin = Builtin {
    name: "business-time",
    signature: "business-time(from, to, calendar)",
    doc: "the working time between two instants, in business hours; negative if the second comes first",
    example: ("business-time(2026-03-06T17:30+08:00, 2026-03-09T10:00+08:00, office)", "1.5 business hours"),
    check: |types| match exactly(types)? {
        [Type::DateTime, Type::DateTime, Type::Enum(CALENDARS)] => Ok(Type::BusinessHours),
        _ => Err("takes two date-times and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| match args {
        [Timed::Instant(from), Timed::Instant(to)] => Ok(Timed::BusinessHours(working.calendar.between(*from, *to)?)),
        _ => Err(clock_args(args)),
    }),
};

pub static BUSINESS_DAYS_BETWEEN: Builtin = Builtin {
    name: "business-days-between",
    signature: "business-days-between(from, to, calendar)",
    doc: "the most business days that can be added to the earlier instant without passing the later one; negative if \
          the second comes first",
    example: ("business-days-between(2026-03-06T10:00+08:00, 2026-03-09T10:00+08:00, office)", "1 business day"),
    check: |types| match exactly(types)? {
        [Type::DateTime, Type::DateTime, Type::Enum(CALENDARS)] => Ok(Type::BusinessDays),
        _ => Err("takes two date-times and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| match args {
        [Timed::Instant(from), Timed::Instant(to)] => {
            let part = working.part_day.ok_or(ClockFault::NoPartDay)?;
            Ok(Timed::BusinessDays(working.calendar.days_between(*from, *to, part)?))
        }
        _ => Err(clock_args(args)),
    }),
};

pub static BUSINESS_DAY_AFTER: Builtin = Builtin {
    name: "business-day-after",
    signature: "business-day-after(date, business days, calendar)",
    doc: "the business day that is so many after a date, which does not count itself",
    example: ("business-day-after(2026-03-06, 2 business days, office)", "2026-03-10"),
    check: |types| match exactly(types)? {
        [Type::Date, Type::BusinessDays, Type::Enum(CALENDARS)] => Ok(Type::Date),
        _ => Err("takes a date, a number of business days and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| match args {
        [Timed::Date(date), Timed::BusinessDays(days)] => {
            Ok(Timed::Date(working.calendar.business_day_after(*date, *days)?))
        }
        _ => Err(clock_args(args)),
    }),
};
