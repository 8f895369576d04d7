//! Sets: membership, union, what two have in common, what one has and not the other.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Fault, Operation, Value};

/// Whether `set` has `item`: `order.services has mcsap`.
///
/// # Errors
/// [`Fault::NotDefined`] when the left is not a set.
pub fn has(set: &Value, item: &Value) -> Result<bool, Fault> {
    match set {
        Value::Set(items) => Ok(items.binary_search(item).is_ok()),
        _ => Err(not_sets(set, item)),
    }
}

/// Everything that either set has.
///
/// # Errors
/// [`Fault::NotDefined`] when one of them is not a set.
pub fn union(left: &Value, right: &Value) -> Result<Value, Fault> {
    merge(left, right, |_| true)
}

/// What both sets have.
///
/// # Errors
/// [`Fault::NotDefined`] when one of them is not a set.
pub fn common(left: &Value, right: &Value) -> Result<Value, Fault> {
    merge(left, right, |side| side == Side::Both)
}

/// What the left set has and the right one has not.
///
/// # Errors
/// [`Fault::NotDefined`] when one of them is not a set.
pub fn without(left: &Value, right: &Value) -> Result<Value, Fault> {
    merge(left, right, |side| side == Side::Left)
}

/// Which of the two sets has an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Both,
}

/// Walks both sets in their common order and keeps the items on wanted sides.
fn merge(left: &Value, right: &Value, wanted: impl Fn(Side) -> bool) -> Result<Value, Fault> {
    let (Value::Set(ours), Value::Set(theirs)) = (left, right) else {
        return Err(not_sets(left, right));
    };
    let mut ours = ours.iter().peekable();
    let mut theirs = theirs.iter().peekable();
    let mut kept = Vec::new();
    loop {
        let (item, side) = match (ours.peek(), theirs.peek()) {
            (None, None) => return Ok(Value::Set(Arc::from(kept))),
            (Some(&a), None) => (a, Side::Left),
            (None, Some(&b)) => (b, Side::Right),
            (Some(&a), Some(&b)) => match a.cmp(b) {
                Ordering::Less => (a, Side::Left),
                Ordering::Greater => (b, Side::Right),
                Ordering::Equal => (a, Side::Both),
            },
        };
        if side != Side::Right {
            ours.next();
        }
        if side != Side::Left {
            theirs.next();
        }
        if wanted(side) {
            kept.push(item.clone());
        }
    }
}

fn not_sets(left: &Value, right: &Value) -> Fault {
    Fault::NotDefined { operation: Operation::SetOperation, left: left.kind(), right: right.kind() }
}
