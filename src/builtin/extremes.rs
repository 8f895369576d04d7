//! `min` and `max`: the least and the greatest of several values of one kind.

use std::cmp::Ordering;

use super::refused;
use crate::model::{Builtin, BuiltinBody, Type};
use crate::value::{Fault, Operation, Value, compare};

pub static MIN: Builtin = Builtin {
    name: "min",
    signature: "min(a, b, …)",
    doc: "the lowest amount, or the earliest date or time",
    example: ("min(2024-10-01, 2024-09-30)", "2024-09-30"),
    check,
    body: BuiltinBody::Plain(|args| extreme(args, Ordering::Less)),
};

pub static MAX: Builtin = Builtin {
    name: "max",
    signature: "max(a, b, …)",
    doc: "the highest amount, or the latest date or time",
    example: ("max(USD 5, USD 7)", "USD 7"),
    check,
    body: BuiltinBody::Plain(|args| extreme(args, Ordering::Greater)),
};

fn check(types: &[Type]) -> Result<Type, String> {
    let [first, rest @ ..] = types else { return Err("takes at least one argument".to_owned()) };
    if !first.is_ordered() {
        return Err("compares amounts, dates or times".to_owned());
    }
    let mut widest = first.clone();
    for ty in rest {
        if ty.fits(&widest) {
            continue;
        }
        if !widest.fits(ty) {
            return Err("takes arguments of one kind, in one unit or currency".to_owned());
        }
        widest = ty.clone();
    }
    Ok(widest)
}

fn extreme(args: &[Value], wanted: Ordering) -> Result<Value, Fault> {
    let [first, rest @ ..] = args else { return Err(refused(args)) };
    let mut best = first;
    for value in rest {
        match (compare(value, best), value, best) {
            (Some(ordering), ..) if ordering == wanted => best = value,
            (Some(_), ..) => {}
            (None, Value::Money(left, _), Value::Money(right, _)) => {
                return Err(Fault::MixedCurrencies { left: *right, right: *left });
            }
            (None, value, best) => {
                let operation = Operation::SetOperation;
                return Err(Fault::NotDefined { operation, left: best.kind(), right: value.kind() });
            }
        }
    }
    Ok(best.clone())
}
