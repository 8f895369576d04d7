//! `year`, `month`, `day`, `weekday`: the numbers of a date.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{exactly, refused};
use crate::model::{Builtin, BuiltinBody, Type};
use crate::value::{Fault, Value};

pub static YEAR: Builtin = Builtin {
    name: "year",
    signature: "year(date)",
    doc: "the year of a date",
    example: ("year(2024-10-01)", "2024"),
    check,
    body: BuiltinBody::Plain(|args| part(args, |date| i64::from(date.year()))),
};

pub static MONTH: Builtin = Builtin {
    name: "month",
    signature: "month(date)",
    doc: "the month of a date, 1 to 12",
    example: ("month(2024-10-01)", "10"),
    check,
    body: BuiltinBody::Plain(|args| part(args, |date| i64::from(date.month()))),
};

pub static DAY: Builtin = Builtin {
    name: "day",
    signature: "day(date)",
    doc: "the day of the month of a date, 1 to 31",
    example: ("day(2024-10-01)", "1"),
    check,
    body: BuiltinBody::Plain(|args| part(args, |date| i64::from(date.day()))),
};

pub static WEEKDAY: Builtin = Builtin {
    name: "weekday",
    signature: "weekday(date)",
    doc: "the day of the week of a date: 1 is Monday, 7 is Sunday (ISO 8601)",
    example: ("weekday(2024-10-01)", "2"),
    check,
    body: BuiltinBody::Plain(|args| part(args, |date| i64::from(date.weekday().number_from_monday()))),
};

fn check(types: &[Type]) -> Result<Type, String> {
    match exactly(types)? {
        [Type::Date] => Ok(Type::Integer),
        _ => Err("takes a date".to_owned()),
    }
}

fn part(args: &[Value], of: fn(&NaiveDate) -> i64) -> Result<Value, Fault> {
    match args {
        [Value::Date(date)] => Ok(Value::Number(Decimal::from(of(date)))),
        _ => Err(refused(args)),
    }
}
