//! `size`: how many are in a set or list.

use rust_decimal::Decimal;

use super::{exactly, refused};
use crate::model::{Builtin, BuiltinBody, Type};
use crate::value::{Fault, Value};

pub static SIZE: Builtin = Builtin {
    name: "size",
    signature: "size(set)",
    doc: "how many are in a set or list",
    example: ("size({ 1, 2 })", "2"),
    check: |types| match exactly(types)? {
        [Type::Set(_) | Type::List(_)] => Ok(Type::Integer),
        _ => Err("takes a set or a list".to_owned()),
    },
    body: BuiltinBody::Plain(body),
};

fn body(args: &[Value]) -> Result<Value, Fault> {
    match args {
        [Value::Set(items) | Value::List(items)] => Ok(Value::Number(Decimal::from(items.len()))),
        _ => Err(refused(args)),
    }
}
