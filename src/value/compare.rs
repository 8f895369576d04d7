//! Which of two values is less, where an agreement can mean anything by it.

use std::cmp::Ordering;

use super::Value;

/// Orders two values of one ordered kind: numbers, percentages, money in one
/// currency, dates, times, date-times (by instant), durations, days, months,
/// working time, and quantities in one unit.
///
/// `None` when the kinds, currencies or units differ, and for kinds that have no
/// order (answers, texts, members, sets, lists, records, periods), which are
/// equal or not but never less.
#[must_use]
pub fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => Some(a.cmp(b)),
        (Value::Money(x, a), Value::Money(y, b)) if x == y => Some(a.cmp(b)),
        (Value::Quantity(x, a), Value::Quantity(y, b)) if x == y => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b))
        | (Value::Days(a), Value::Days(b))
        | (Value::Months(a), Value::Months(b))
        | (Value::BusinessHours(a), Value::BusinessHours(b))
        | (Value::BusinessDays(a), Value::BusinessDays(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
