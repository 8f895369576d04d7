//! Exact decimal numbers, wide enough to notice what a result would lose.
//!
//! `rust_decimal` rounds silently when a result needs more places than it has;
//! here sums, products and rounded quotients are worked out on whole numbers
//! and given back only if they fit.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use rust_decimal::Decimal;

use super::{DIGITS, Fault};

/// The first whole number with more than [`DIGITS`] digits.
const LIMIT: i128 = 10_i128.pow(DIGITS);

/// `mantissa` × 10^`exponent`.
// INVARIANT: made from decimals of at most 96 bits and 28 places, so mantissas
// stay below 2^97 and exponents within -56..=56, except inside one operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    mantissa: i128,
    exponent: i32,
}

/// How a quotient between two whole numbers is made one of them.
#[derive(Clone, Copy)]
pub(super) struct Remainder {
    /// Whether the whole number nearer to zero is odd.
    pub odd: bool,
    /// The remainder beside half the divisor.
    pub half: Ordering,
}

impl From<Decimal> for Exact {
    fn from(number: Decimal) -> Exact {
        // A scale is at most 28, so it always fits.
        let exponent = -i32::try_from(number.scale()).unwrap_or(0);
        Exact { mantissa: number.mantissa(), exponent }
    }
}

impl Exact {
    /// One hundredth, what a percentage counts in.
    pub(super) const HUNDREDTH: Exact = Exact { mantissa: 1, exponent: -2 };

    pub(super) fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    pub(super) fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    pub(super) fn negated(self) -> Exact {
        // INVARIANT: a mantissa below 2^97 has a negative.
        Exact { mantissa: self.mantissa.saturating_neg(), ..self }
    }

    /// The sum. Fails only when it has too many digits.
    pub(super) fn plus(self, other: Exact) -> Result<Exact, Fault> {
        // Trailing zeros are cut only when they stand in the way. Without them the
        // lowest digit of an unaligned sum is not zero, so a sum too wide to align
        // is too wide to keep.
        self.aligned_sum(other).or_else(|| self.trimmed().aligned_sum(other.trimmed())).ok_or(Fault::NotExact)
    }

    fn aligned_sum(self, other: Exact) -> Option<Exact> {
        let exponent = self.exponent.min(other.exponent);
        let ours = scaled(self.mantissa, self.exponent - exponent)?;
        let theirs = scaled(other.mantissa, other.exponent - exponent)?;
        Some(Exact { mantissa: ours.checked_add(theirs)?, exponent })
    }

    /// The product. Fails only when it has too many digits.
    pub(super) fn times(self, other: Exact) -> Result<Exact, Fault> {
        let exponent = self.exponent + other.exponent;
        if let Some(mantissa) = self.mantissa.checked_mul(other.mantissa) {
            return Ok(Exact { mantissa, exponent });
        }
        // Tens can also arise from a 2 on one side and a 5 on the other. With all
        // of them taken out the product ends in another digit than zero, so one
        // that is still too wide cannot be kept.
        let (mut a, mut b) = (self.trimmed(), other.trimmed());
        cancel(&mut a, &mut b);
        cancel(&mut b, &mut a);
        let exponent = a.exponent + b.exponent;
        match a.mantissa.checked_mul(b.mantissa) {
            Some(mantissa) => Ok(Exact { mantissa, exponent }),
            None if exponent < 0 => Err(Fault::NotExact),
            None => Err(Fault::Overflow),
        }
    }

    /// `self / divisor`, brought to a whole multiple of `step`: away from zero
    /// where `away` says so of the remainder, else towards it.
    pub(super) fn divided(self, divisor: Exact, step: Exact, away: impl Fn(Remainder) -> bool) -> Result<Exact, Fault> {
        if divisor.is_zero() {
            return Err(Fault::DivisionByZero);
        }
        if !step.is_positive() {
            return Err(Fault::StepNotPositive);
        }
        let exponent = self.exponent - divisor.exponent - step.exponent;
        if let Some(steps) = narrow_steps(self, divisor, step, exponent, &away) {
            if let Ok(result) = (Exact { mantissa: steps, exponent: 0 }).times(step) {
                return Ok(result);
            }
        }
        wide_steps(self, divisor, step, exponent, &away)
    }

    /// The number as a decimal of at most [`DIGITS`] digits.
    pub(super) fn decimal(self) -> Result<Decimal, Fault> {
        let Exact { mut mantissa, mut exponent } = self;
        if exponent > 0 {
            mantissa = scaled(mantissa, exponent).ok_or(Fault::Overflow)?;
            exponent = 0;
        }
        let mut places = exponent.unsigned_abs();
        while places > 0 && (places > DIGITS || out_of_range(mantissa)) && mantissa % 10 == 0 {
            mantissa /= 10;
            places -= 1;
        }
        let whole = 10_i128.checked_pow(places).map_or(0, |ten| mantissa / ten);
        if out_of_range(whole) {
            return Err(Fault::Overflow);
        }
        if out_of_range(mantissa) {
            return Err(Fault::NotExact);
        }
        Decimal::try_from_i128_with_scale(mantissa, places).map_err(|_| Fault::NotExact)
    }

    /// The same number without zeros at its end.
    fn trimmed(self) -> Exact {
        let Exact { mut mantissa, mut exponent } = self;
        if mantissa == 0 {
            return Exact { mantissa: 0, exponent: 0 };
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        Exact { mantissa, exponent }
    }
}

fn out_of_range(mantissa: i128) -> bool {
    mantissa <= -LIMIT || mantissa >= LIMIT
}

/// `mantissa` × 10^`places`, for `places` of zero or more.
fn scaled(mantissa: i128, places: i32) -> Option<i128> {
    if mantissa == 0 {
        return Some(0);
    }
    mantissa.checked_mul(10_i128.checked_pow(u32::try_from(places).ok()?)?)
}

/// Moves each pair of a 2 in `a` and a 5 in `b` into the exponent.
fn cancel(a: &mut Exact, b: &mut Exact) {
    while a.mantissa != 0 && b.mantissa != 0 && a.mantissa % 2 == 0 && b.mantissa % 5 == 0 {
        a.mantissa /= 2;
        b.mantissa /= 5;
        a.exponent += 1;
    }
}

/// The number of steps in the quotient, if 127 bits are enough on the way.
fn narrow_steps(
    dividend: Exact,
    divisor: Exact,
    step: Exact,
    exponent: i32,
    away: impl Fn(Remainder) -> bool,
) -> Option<i128> {
    let over = scaled(dividend.mantissa, exponent.max(0))?;
    let under = scaled(divisor.mantissa.checked_mul(step.mantissa)?, (-exponent).max(0))?;
    let (steps, rest) = (over.checked_div(under)?, over.checked_rem(under)?);
    let (rest, whole) = (rest.unsigned_abs(), under.unsigned_abs());
    // `whole - rest` rather than twice the rest, which could be too wide.
    let half = rest.cmp(&(whole - rest));
    if rest == 0 || !away(Remainder { odd: steps % 2 != 0, half }) {
        return Some(steps);
    }
    let sign = if (over < 0) == (under < 0) { 1 } else { -1 };
    steps.checked_add(sign)
}

/// The same, in numbers of any width, for operands near the limits.
fn wide_steps(
    dividend: Exact,
    divisor: Exact,
    step: Exact,
    exponent: i32,
    away: impl Fn(Remainder) -> bool,
) -> Result<Exact, Fault> {
    let power = BigInt::from(10).pow(exponent.unsigned_abs());
    let mut over = BigInt::from(dividend.mantissa);
    let mut under = BigInt::from(divisor.mantissa) * step.mantissa;
    if exponent >= 0 {
        over *= power;
    } else {
        under *= power;
    }
    // INVARIANT: the caller has refused a zero divisor and a step not above zero.
    let mut steps = &over / &under;
    let rest = &over % &under;
    let odd = steps.bit(0);
    let half = (rest.magnitude() * 2_u32).cmp(under.magnitude());
    if rest.sign() != Sign::NoSign && away(Remainder { odd, half }) {
        steps += if over.sign() == under.sign() { 1 } else { -1 };
    }
    let mut mantissa = steps * step.mantissa;
    let mut exponent = step.exponent;
    let ten = BigInt::from(10);
    while mantissa.magnitude() >= BigInt::from(LIMIT).magnitude() && (&mantissa % &ten).sign() == Sign::NoSign {
        mantissa /= &ten;
        exponent += 1;
    }
    match i128::try_from(&mantissa) {
        Ok(mantissa) => Ok(Exact { mantissa, exponent }),
        Err(_) if exponent < 0 => Err(Fault::NotExact),
        Err(_) => Err(Fault::Overflow),
    }
}
