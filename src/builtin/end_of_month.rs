//! `end-of-month`: the last day of a date's month.

use chrono::{Datelike, NaiveDate};

use super::{exactly, refused};
use crate::model::{Builtin, BuiltinBody, Type};
use crate::value::{Fault, Value};

pub static END_OF_MONTH: Builtin = Builtin {
    name: "end-of-month",
    signature: "end-of-month(date)",
    doc: "the last day of the month that a date lies in",
    example: ("end-of-month(2024-02-10)", "2024-02-29"),
    check: |types| match exactly(types)? {
        [Type::Date] => Ok(Type::Date),
        _ => Err("takes a date".to_owned()),
    },
    body: BuiltinBody::Plain(body),
};

fn body(args: &[Value]) -> Result<Value, Fault> {
    let [Value::Date(date)] = args else { return Err(refused(args)) };
    let (year, month) = if date.month() == 12 { (date.year() + 1, 1) } else { (date.year(), date.month() + 1) };
    let last = NaiveDate::from_ymd_opt(year, month, 1).and_then(|first| first.pred_opt());
    last.map(Value::Date).ok_or(Fault::DateOutOfRange)
}
