//! `next-opening` and `is-open`: whether work is done at an instant, and when it is next.

use super::{clock_args, exactly};
use crate::model::{Builtin, BuiltinBody, CALENDARS, Type};
use crate::value::Fault;
use crate::value::worktime::{NoAnswer, Timed};

pub static NEXT_OPENING: Builtin = Builtin {
    name: "next-opening",
    signature: "next-opening(instant, calendar)",
    doc: "the first instant, from this one on, at which the calendar is open",
    example: ("next-opening(2026-03-06T18:00+08:00, office)", "2026-03-09T09:00+08:00"),
    check: |types| match exactly(types)? {
        [Type::DateTime, Type::Enum(CALENDARS)] => Ok(Type::DateTime),
        _ => Err("takes a date-time and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| match args {
        [Timed::Instant(at)] => Ok(Timed::Instant(working.calendar.next_opening(*at)?)),
        _ => Err(clock_args(args)),
    }),
};

pub static IS_OPEN: Builtin = Builtin {
    name: "is-open",
    signature: "is-open(instant, calendar)",
    doc: "whether the calendar is open at an instant; at a closing it is not",
    example: ("is-open(2026-03-06T17:30+08:00, office)", "yes"),
    check: |types| match exactly(types)? {
        [Type::DateTime, Type::Enum(CALENDARS)] => Ok(Type::YesNo),
        _ => Err("takes a date-time and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| match args {
        [Timed::Instant(at)] => Ok(Timed::YesNo(working.calendar.is_open(*at)?)),
        _ => Err(clock_args(args)),
    }),
};

pub static IS_BUSINESS_DAY: Builtin = Builtin {
    name: "is-business-day",
    signature: "is-business-day(date, calendar)",
    doc: "whether the calendar has working hours on a date",
    example: ("is-business-day(2026-03-07, office)", "no"),
    check: |types| match exactly(types)? {
        [Type::Date, Type::Enum(CALENDARS)] => Ok(Type::YesNo),
        _ => Err("takes a date and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| match args {
        [Timed::Date(date)] => Ok(Timed::YesNo(working.calendar.is_business_day(*date)?)),
        _ => Err(clock_args(args)),
    }),
};

pub static NEXT_CLOSING: Builtin = Builtin {
    name: "next-closing",
    signature: "next-closing(instant, calendar)",
    doc: "the end of the working hours that go on at an instant, or of the next ones",
    example: ("next-closing(2026-03-06T17:30+08:00, office)", "2026-03-06T18:00+08:00"),
    check: |types| match exactly(types)? {
        [Type::DateTime, Type::Enum(CALENDARS)] => Ok(Type::DateTime),
        _ => Err("takes a date-time and a calendar".to_owned()),
    },
    body: BuiltinBody::Clock(|args, working| match args {
        [Timed::Instant(at)] => match working.calendar.next_closing(*at) {
            Err(NoAnswer::OutOfRange) => Err(Fault::NeverCloses.into()),
            closing => Ok(Timed::Instant(closing?)),
        },
        _ => Err(clock_args(args)),
    }),
};
