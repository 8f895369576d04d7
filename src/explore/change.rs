//! Changes of the facts of a case, and how they are told.

use rust_decimal::Decimal;

use crate::check::witness::amount;
use crate::model::{InputId, Model, ReadingId, Type};
use crate::value::{Value, between, sub};

/// Changes that together give another answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// In the order of the source.
    pub changes: Vec<Change>,
    /// The answer that they lead to.
    pub answer: Value,
}

/// One fact told otherwise, or one reading chosen otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub subject: Subject,
    /// What it is now; nothing for a fact that is not given and a reading that is open.
    pub from: Option<Value>,
    pub to: Value,
    /// By how much, where that can be said: positive if `to` is more or later.
    pub by: Option<Value>,
}

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    Input(InputId),
    Reading(ReadingId),
}

impl Change {
    pub(super) fn new(subject: Subject, from: Option<Value>, to: Value) -> Change {
        let by = from.as_ref().and_then(|from| difference(from, &to));
        Change { subject, from, to, by }
    }

    /// How large the change is, relative to what it leads to; 1 where that cannot be said.
    pub(super) fn distance(&self) -> Decimal {
        let Some(from) = &self.from else { return Decimal::ONE };
        let (Some(a), Some(b)) = (amount(from), amount(&self.to)) else { return Decimal::ONE };
        let apart = b.checked_sub(a).map_or(Decimal::MAX, |d| d.abs());
        // Of a date or an instant nothing is a tenth: a year is the measure.
        let whole = match self.to {
            Value::Date(_) => Decimal::from(365),
            Value::DateTime(_) => Decimal::from(365 * 86_400),
            Value::Time(_) => Decimal::from(86_400),
            _ => b.abs(),
        };
        if whole.is_zero() { apart } else { apart.checked_div(whole).unwrap_or(Decimal::MAX) }
    }
}

fn difference(from: &Value, to: &Value) -> Option<Value> {
    match (from, to) {
        (Value::Date(_), Value::Date(_)) => between(from, to, crate::value::Span::Days).ok(),
        (Value::DateTime(a), Value::DateTime(b)) => Some(Value::Duration((*b - *a).num_seconds())),
        (Value::Time(a), Value::Time(b)) => Some(Value::Duration((*b - *a).num_seconds())),
        _ => sub(to, from).ok(),
    }
}

/// `order.spend: USD 60 in place of USD 59.99 (short by USD 0.01)`
pub fn change_text(model: &Model, change: &Change) -> String {
    let to = shown(model, change);
    match change.subject {
        Subject::Reading(id) => format!("choose reading {} = {to}", model.reading(id).name),
        Subject::Input(id) => {
            let input = model.input(id);
            let name = &input.name;
            match (&change.from, &change.by) {
                (None, _) => format!("{name}: {to}, which is not given"),
                (Some(Value::Set(from)), _) => match &change.to {
                    Value::Set(with) => members_text(model, name, from, with),
                    _ => format!("{name}: {to}"),
                },
                (Some(from), None) => format!("{name}: {to} in place of {}", from.display(model)),
                (Some(from), Some(by)) => {
                    format!("{name}: {to} in place of {} ({})", from.display(model), by_text(model, &input.ty, by))
                }
            }
        }
    }
}

/// All the changes of a way, joined by `and`.
pub fn way_text(model: &Model, way: &Way) -> String {
    way.changes.iter().map(|c| change_text(model, c)).collect::<Vec<_>>().join(" and ")
}

fn shown(model: &Model, change: &Change) -> String {
    change.to.display(model).to_string()
}

fn members_text(model: &Model, name: &str, from: &[Value], to: &[Value]) -> String {
    let only = |a: &[Value], b: &[Value]| -> Vec<String> {
        a.iter().filter(|v| !b.contains(v)).map(|v| v.display(model).to_string()).collect()
    };
    let (added, removed) = (only(to, from), only(from, to));
    let mut parts = Vec::new();
    if !added.is_empty() {
        parts.push(format!("with {}", added.join(", ")));
    }
    if !removed.is_empty() {
        parts.push(format!("without {}", removed.join(", ")));
    }
    format!("{name}: {}", parts.join(" and "))
}

/// `short by USD 0.01`, `1 day late`: how the present fact stands beside what it should be.
fn by_text(model: &Model, ty: &Type, by: &Value) -> String {
    let is_less = amount(by).is_some_and(|a| a.is_sign_negative() && !a.is_zero());
    let size = if is_less { crate::value::neg(by).unwrap_or_else(|_| by.clone()) } else { by.clone() };
    let size = size.display(model);
    match (ty, is_less) {
        (Type::Date | Type::DateTime | Type::Time, true) => format!("{size} late"),
        (Type::Date | Type::DateTime | Type::Time, false) => format!("{size} early"),
        (_, true) => format!("over by {size}"),
        (_, false) => format!("short by {size}"),
    }
}
