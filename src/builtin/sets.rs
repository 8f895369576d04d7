//! `union`, `common`, `without`: two sets to one.

use super::{exactly, refused};
use crate::model::{Builtin, BuiltinBody, Type};
use crate::value::{self, Fault, Value};

pub static UNION: Builtin = Builtin {
    name: "union",
    signature: "union(a, b)",
    doc: "what is in either set",
    example: ("union({ 1, 2 }, { 2, 3 })", "{ 1, 2, 3 }"),
    check,
    body: BuiltinBody::Plain(|args| two(args, value::union)),
};

pub static COMMON: Builtin = Builtin {
    name: "common",
    signature: "common(a, b)",
    doc: "what is in both sets",
    example: ("common({ 1, 2 }, { 2, 3 })", "{ 2 }"),
    check,
    body: BuiltinBody::Plain(|args| two(args, value::common)),
};

pub static WITHOUT: Builtin = Builtin {
    name: "without",
    signature: "without(a, b)",
    doc: "what is in the first set and not in the second",
    example: ("without({ 1, 2 }, { 2, 3 })", "{ 1 }"),
    check,
    body: BuiltinBody::Plain(|args| two(args, value::without)),
};

fn check(types: &[Type]) -> Result<Type, String> {
    match exactly(types)? {
        [a @ Type::Set(_), b @ Type::Set(_)] if a.fits(b) => {
            Ok(if matches!(a, Type::Set(of) if **of == Type::Unknown) { b.clone() } else { a.clone() })
        }
        _ => Err("takes two sets of one kind".to_owned()),
    }
}

fn two(args: &[Value], body: fn(&Value, &Value) -> Result<Value, Fault>) -> Result<Value, Fault> {
    match args {
        [a, b] => body(a, b),
        _ => Err(refused(args)),
    }
}
