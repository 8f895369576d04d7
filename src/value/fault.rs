//! Why an operation on values has no result, in words for a contract analyst.

use std::fmt;

use rust_decimal::Decimal;
use thiserror::Error;

use super::{Currency, DIGITS, Kind};

/// An operation that has no exact result. Messages are lower-case clauses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum Fault {
    /// The result is larger than a number may be.
    #[error("the result is too large: a number has at most {DIGITS} digits")]
    Overflow,
    /// `USD 5 / 0`
    #[error("a division by zero has no result")]
    DivisionByZero,
    /// `USD 5 + EUR 5`
    #[error("{left} and {right} are different currencies and do not mix")]
    MixedCurrencies {
        /// The currency on the left.
        left: Currency,
        /// The currency on the right.
        right: Currency,
    },
    /// `5 credit + 5 hour-pack`
    #[error("the two quantities are in different units and do not mix")]
    MixedUnits,
    /// `2024-10-01 + 09:00`
    #[error("{operation} is not defined for {left} and {right}")]
    NotDefined {
        /// What was to be done.
        operation: Operation,
        /// The kind on the left.
        left: Kind,
        /// The kind on the right.
        right: Kind,
    },
    /// `- 2024-10-01`
    #[error("{operation} is not defined for {kind}")]
    NotDefinedAlone {
        /// What was to be done.
        operation: Operation,
        /// The kind of the only operand.
        kind: Kind,
    },
    /// `2024-10-15 - 2024-10-01`
    #[error("a date is not subtracted from a date; write `A to B in days` (or weeks, months)")]
    DateMinusDate,
    /// `9999-12-31 + 1 day`
    #[error("the date falls outside the years 1 to 9999")]
    DateOutOfRange,
    /// The exact result has more digits than a number may have.
    #[error("the exact result has more than {DIGITS} digits; write how it is rounded")]
    NotExact,
    /// `50% of 5 days`
    #[error("the result, {amount}, is not whole, and {kind} must be")]
    NotWhole {
        /// The exact result; in seconds for a duration.
        amount: Decimal,
        /// What it would have been.
        kind: Kind,
    },
    /// A calendar whose lines do not agree, for the readings and facts at hand.
    #[error("the calendar cannot be used: {0}")]
    Calendar(super::worktime::CalendarError),
    /// `4 business hours` where no calendar is named.
    #[error("{0} are counted in a calendar, and none is named: write `in CALENDAR` after the amount")]
    NoCalendar(Kind),
    /// `next-closing`, round the clock.
    #[error("the calendar does not close within a year from then")]
    NeverCloses,
    /// Time that does not go forward where it must.
    #[error("the amount of time must be above zero")]
    NotPositive,
    /// `every 1 min`, for years.
    #[error("the milestone would recur more than {0} times")]
    TooManyOccurrences(u32),
    /// `a becomes b after 1 min`, and back, for years.
    #[error("the processes would move by themselves more than {0} times; the log is read no further")]
    TooManySteps(u32),
    /// `rounded up to 0`
    #[error("rounding needs a step above zero")]
    StepNotPositive,
    /// `1 h rounded up to 1`
    #[error("{value} cannot be rounded to {step}")]
    StepOfOtherKind {
        /// The kind of the result.
        value: Kind,
        /// The kind of the step.
        step: Kind,
    },
}

/// What was to be done to the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `A + B`
    Addition,
    /// `A - B`
    Subtraction,
    /// `- A`
    Negation,
    /// `A * B`
    Multiplication,
    /// `A / B`
    Division,
    /// `A rounded up to B`
    Rounding,
    /// `20% of A`
    Percentage,
    /// `A to B in days`
    Between,
    /// `A has B`, `union(A, B)`
    SetOperation,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operation::Addition => "addition",
            Operation::Subtraction => "subtraction",
            Operation::Negation => "a minus sign",
            Operation::Multiplication => "multiplication",
            Operation::Division => "division",
            Operation::Rounding => "rounding",
            Operation::Percentage => "`%` of",
            Operation::Between => "the time between",
            Operation::SetOperation => "an operation on sets",
        })
    }
}
