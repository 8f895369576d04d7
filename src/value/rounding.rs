//! Quotients and rounding, always to a written step and in a written way.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::arithmetic::not_defined;
use super::exact::{Exact, Remainder};
use super::measure::Measure;
use super::{Fault, Operation, Value};

/// How a number between two steps is brought to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// `half-up`: to the nearer step; a tie away from zero.
    HalfUp,
    /// `half-even`: to the nearer step; a tie to the even multiple.
    HalfEven,
    /// `half-down`: to the nearer step; a tie towards zero.
    HalfDown,
    /// `up`: away from zero.
    Up,
    /// `down`: towards zero.
    Down,
}

impl Rounding {
    /// The way of rounding that rule text calls this.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Rounding> {
        Some(match word {
            "half-up" => Rounding::HalfUp,
            "half-even" => Rounding::HalfEven,
            "half-down" => Rounding::HalfDown,
            "up" => Rounding::Up,
            "down" => Rounding::Down,
            _ => return None,
        })
    }

    /// Its name in rule text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half-up",
            Rounding::HalfEven => "half-even",
            Rounding::HalfDown => "half-down",
            Rounding::Up => "up",
            Rounding::Down => "down",
        }
    }

    /// Whether a remainder that is not zero takes the step away from zero.
    fn away(self, remainder: Remainder) -> bool {
        match (self, remainder.half) {
            (Rounding::Up, _) => true,
            (Rounding::Down, _) => false,
            (_, Ordering::Greater) => true,
            (_, Ordering::Less) => false,
            (Rounding::HalfUp, Ordering::Equal) => true,
            (Rounding::HalfDown, Ordering::Equal) => false,
            (Rounding::HalfEven, Ordering::Equal) => remainder.odd,
        }
    }
}

/// `a / b rounded MODE to STEP`, rounded once, from the exact quotient.
///
/// An amount divided by a number or a percentage is an amount of its kind; by
/// its own kind (currency, unit), a number. `step` is of the result's kind, or a
/// plain number of what the result counts. A duration needs a step with a unit.
///
/// # Errors
/// A [`Fault`] for a division by zero, kinds that do not go together, a step
/// that is not above zero or of another kind, or a result that is too large.
pub fn divide_rounded(a: &Value, b: &Value, step: &Value, mode: Rounding) -> Result<Value, Fault> {
    let fault = || not_defined(Operation::Division, a, b);
    let (over, dividend) = Measure::of(a).ok_or_else(fault)?;
    let (under, divisor) = Measure::of(b).ok_or_else(fault)?;
    let divisor = Exact::from(divisor);
    let (measure, divisor) = match (over, under) {
        (over, under) if over == under => (Measure::Number, divisor),
        (over, Measure::Number) => (over, divisor),
        (over, Measure::Percent) => (over, divisor.times(Exact::HUNDREDTH)?),
        (over, under) => return Err(over.mixed(under).unwrap_or_else(fault)),
    };
    quotient(dividend, divisor, measure, step, mode)
}

/// `value rounded MODE to STEP`; `step` as for [`divide_rounded`].
///
/// # Errors
/// A [`Fault`] when the value is no amount, the step is not above zero or of
/// another kind, or the result is too large.
pub fn round_to(value: &Value, step: &Value, mode: Rounding) -> Result<Value, Fault> {
    let (measure, amount) =
        Measure::of(value).ok_or(Fault::NotDefinedAlone { operation: Operation::Rounding, kind: value.kind() })?;
    quotient(amount, Decimal::ONE.into(), measure, step, mode)
}

fn quotient(dividend: Decimal, divisor: Exact, measure: Measure, step: &Value, mode: Rounding) -> Result<Value, Fault> {
    let step = match Measure::of(step) {
        Some((kind, amount)) if kind == measure => amount,
        // A plain 1 beside hours and minutes could mean either.
        Some((Measure::Number, amount)) if measure != Measure::Duration => amount,
        other => {
            let mixed = other.and_then(|(kind, _)| measure.mixed(kind));
            let value = measure.kind();
            return Err(mixed.unwrap_or(Fault::StepOfOtherKind { value, step: step.kind() }));
        }
    };
    let result = Exact::from(dividend).divided(divisor, step.into(), |remainder| mode.away(remainder))?;
    measure.value(result)
}
