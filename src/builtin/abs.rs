//! `abs`: an amount without its sign.

use rust_decimal::Decimal;

use super::{exactly, refused};
use crate::model::{Builtin, BuiltinBody, Type};
use crate::value::{Fault, Value, neg};

pub static ABS: Builtin = Builtin {
    name: "abs",
    signature: "abs(amount)",
    doc: "the amount without its sign",
    example: ("abs(2 - 5)", "3"),
    check: |types| {
        let [ty] = exactly(types)?;
        match ty {
            Type::Integer
            | Type::Decimal
            | Type::Percent
            | Type::Money(_)
            | Type::Days
            | Type::Months
            | Type::Duration
            | Type::Quantity(_) => Ok(ty.clone()),
            _ => Err("takes a number, an amount of money or a length of time".to_owned()),
        }
    },
    body: BuiltinBody::Plain(body),
};

fn body(args: &[Value]) -> Result<Value, Fault> {
    let [value] = args else { return Err(refused(args)) };
    let negative = match value {
        Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => *n < Decimal::ZERO,
        Value::Days(n) | Value::Months(n) | Value::Duration(n) => *n < 0,
        _ => return Err(refused(args)),
    };
    if negative { neg(value) } else { Ok(value.clone()) }
}
