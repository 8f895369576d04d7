//! `date-of`: the day of a moment.

use super::{exactly, refused};
use crate::model::{Builtin, BuiltinBody, Type};
use crate::value::{Fault, Value};

pub static DATE_OF: Builtin = Builtin {
    name: "date-of",
    signature: "date-of(date-time)",
    doc: "the date of a date-time, at the place that its offset belongs to",
    example: ("date-of(2024-10-01T23:30+08:00)", "2024-10-01"),
    check: |types| match exactly(types)? {
        [Type::DateTime] => Ok(Type::Date),
        _ => Err("takes a date-time".to_owned()),
    },
    body: BuiltinBody::Plain(body),
};

fn body(args: &[Value]) -> Result<Value, Fault> {
    match args {
        [Value::DateTime(moment)] => Ok(Value::Date(moment.date_naive())),
        _ => Err(refused(args)),
    }
}
