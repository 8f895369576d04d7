//! Values that are an amount of something, seen alike: one number and what it counts.

use rust_decimal::Decimal;

use super::exact::Exact;
use super::{Currency, Fault, Kind, UnitId, Value};

/// What an amount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Number,
    Percent,
    Money(Currency),
    Quantity(UnitId),
    BusinessHours,
    /// In seconds, whole.
    Duration,
    /// Whole.
    Days,
    /// Whole.
    Months,
    /// Whole.
    BusinessDays,
}

impl Measure {
    /// The measure and the amount of a value that has them.
    pub(super) fn of(value: &Value) -> Option<(Measure, Decimal)> {
        Some(match value {
            Value::Number(amount) => (Measure::Number, *amount),
            Value::Percent(amount) => (Measure::Percent, *amount),
            Value::Money(currency, amount) => (Measure::Money(*currency), *amount),
            Value::Quantity(unit, amount) => (Measure::Quantity(*unit), *amount),
            Value::BusinessHours(seconds) => (Measure::BusinessHours, Decimal::from(*seconds)),
            Value::Duration(seconds) => (Measure::Duration, Decimal::from(*seconds)),
            Value::Days(days) => (Measure::Days, Decimal::from(*days)),
            Value::Months(months) => (Measure::Months, Decimal::from(*months)),
            Value::BusinessDays(days) => (Measure::BusinessDays, Decimal::from(*days)),
            Value::YesNo(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::Text(_)
            | Value::Member(..)
            | Value::Set(_)
            | Value::List(_)
            | Value::Record(..)
            | Value::Period { .. }
            | Value::Log(_)
            | Value::Holidays(_) => return None,
        })
    }

    /// The value that is this much of the measure.
    pub(super) fn value(self, amount: Exact) -> Result<Value, Fault> {
        let amount = amount.decimal()?;
        Ok(match self {
            Measure::Number => Value::Number(amount),
            Measure::Percent => Value::Percent(amount),
            Measure::Money(currency) => Value::Money(currency, amount),
            Measure::Quantity(unit) => Value::Quantity(unit, amount),
            Measure::BusinessHours => Value::BusinessHours(whole(amount, self.kind())?),
            Measure::Duration => Value::Duration(whole(amount, self.kind())?),
            Measure::Days => Value::Days(whole(amount, self.kind())?),
            Measure::Months => Value::Months(whole(amount, self.kind())?),
            Measure::BusinessDays => Value::BusinessDays(whole(amount, self.kind())?),
        })
    }

    /// The kind of its values.
    pub(super) fn kind(self) -> Kind {
        match self {
            Measure::Number => Kind::Number,
            Measure::Percent => Kind::Percent,
            Measure::Money(_) => Kind::Money,
            Measure::Quantity(_) => Kind::Quantity,
            Measure::BusinessHours => Kind::BusinessHours,
            Measure::Duration => Kind::Duration,
            Measure::Days => Kind::Days,
            Measure::Months => Kind::Months,
            Measure::BusinessDays => Kind::BusinessDays,
        }
    }

    /// The fault of bringing two different measures together, if it is one of
    /// currency or unit.
    pub(super) fn mixed(self, other: Measure) -> Option<Fault> {
        match (self, other) {
            (Measure::Money(left), Measure::Money(right)) if left != right => {
                Some(Fault::MixedCurrencies { left, right })
            }
            (Measure::Quantity(left), Measure::Quantity(right)) if left != right => Some(Fault::MixedUnits),
            _ => None,
        }
    }
}

fn whole(amount: Decimal, kind: Kind) -> Result<i64, Fault> {
    if !amount.is_integer() {
        return Err(Fault::NotWhole { amount: amount.normalize(), kind });
    }
    i64::try_from(amount).map_err(|_| Fault::Overflow)
}
