//! Sums, differences, products and percentages of values.

use super::calendar::{add_days, add_months, add_seconds};
use super::exact::Exact;
use super::measure::Measure;
use super::{Fault, Operation, Value};

/// `left + right`: like and like; a date and days or months; a date-time and a
/// duration.
///
/// # Errors
/// A [`Fault`] when the two do not go together, or when the exact result is too
/// large, has too many digits, or falls outside the calendar.
pub fn add(left: &Value, right: &Value) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Date(date), Value::Days(days)) | (Value::Days(days), Value::Date(date)) => {
            add_days(*date, *days).map(Value::Date)
        }
        (Value::Date(date), Value::Months(months)) | (Value::Months(months), Value::Date(date)) => {
            add_months(*date, *months).map(Value::Date)
        }
        (Value::DateTime(at), Value::Duration(seconds)) | (Value::Duration(seconds), Value::DateTime(at)) => {
            add_seconds(*at, *seconds).map(Value::DateTime)
        }
        _ => {
            let (measure, a, b) = like(left, right, Operation::Addition)?;
            measure.value(a.plus(b)?)
        }
    }
}

/// `left - right`: like and like; a date less days or months; a date-time less a
/// duration. Between two dates, [`between`](super::between) is asked instead.
///
/// # Errors
/// As for [`add`].
pub fn sub(left: &Value, right: &Value) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Date(date), Value::Days(days)) => add_days(*date, negated(*days)?).map(Value::Date),
        (Value::Date(date), Value::Months(months)) => add_months(*date, negated(*months)?).map(Value::Date),
        (Value::DateTime(at), Value::Duration(seconds)) => add_seconds(*at, negated(*seconds)?).map(Value::DateTime),
        (Value::Date(_) | Value::DateTime(_), Value::Date(_) | Value::DateTime(_)) => Err(Fault::DateMinusDate),
        _ => {
            let (measure, a, b) = like(left, right, Operation::Subtraction)?;
            measure.value(a.plus(b.negated())?)
        }
    }
}

/// `- value`, for anything that is an amount.
///
/// # Errors
/// [`Fault::NotDefinedAlone`] for other kinds, [`Fault::Overflow`] at the limits.
pub fn neg(value: &Value) -> Result<Value, Fault> {
    let (measure, amount) =
        Measure::of(value).ok_or(Fault::NotDefinedAlone { operation: Operation::Negation, kind: value.kind() })?;
    measure.value(Exact::from(amount).negated())
}

/// `left * right`: a number and any amount, in either order. Whole kinds stay
/// whole: half of 5 days is a fault.
///
/// # Errors
/// A [`Fault`] when neither is a number or one is no amount, or when the exact
/// result is too large, has too many digits, or is not whole.
pub fn mul(left: &Value, right: &Value) -> Result<Value, Fault> {
    let fault = || not_defined(Operation::Multiplication, left, right);
    let (a_measure, a) = Measure::of(left).ok_or_else(fault)?;
    let (b_measure, b) = Measure::of(right).ok_or_else(fault)?;
    let measure = match (a_measure, b_measure) {
        (Measure::Number, other) | (other, Measure::Number) => other,
        _ => return Err(fault()),
    };
    measure.value(Exact::from(a).times(b.into())?)
}

/// `20% of value`, for anything that is an amount.
///
/// # Errors
/// A [`Fault`] when the first is not a percentage or the second no amount, or
/// when the exact result is too large, has too many digits, or is not whole.
pub fn percent_of(percent: &Value, value: &Value) -> Result<Value, Fault> {
    match (percent, Measure::of(value)) {
        (Value::Percent(share), Some((measure, amount))) => {
            let share = Exact::from(*share).times(Exact::HUNDREDTH)?;
            measure.value(share.times(amount.into())?)
        }
        _ => Err(not_defined(Operation::Percentage, percent, value)),
    }
}

/// The one measure of two values, and their amounts.
pub(super) fn like(left: &Value, right: &Value, operation: Operation) -> Result<(Measure, Exact, Exact), Fault> {
    match (Measure::of(left), Measure::of(right)) {
        (Some((a, left_amount)), Some((b, right_amount))) if a == b => Ok((a, left_amount.into(), right_amount.into())),
        (Some((a, _)), Some((b, _))) => Err(a.mixed(b).unwrap_or_else(|| not_defined(operation, left, right))),
        _ => Err(not_defined(operation, left, right)),
    }
}

pub(super) fn not_defined(operation: Operation, left: &Value, right: &Value) -> Fault {
    Fault::NotDefined { operation, left: left.kind(), right: right.kind() }
}

fn negated(number: i64) -> Result<i64, Fault> {
    number.checked_neg().ok_or(Fault::DateOutOfRange)
}
