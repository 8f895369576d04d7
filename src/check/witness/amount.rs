//! Values of ordered types as plain amounts and back, so that constraints on dates, money and numbers are solved alike.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::index::{smallest_step, some_value};
use crate::model::Type;
use crate::value::Value;

/// Where a value lies on its type's line: a date in days, a time in seconds, money in its currency.
pub(crate) fn amount(value: &Value) -> Option<Decimal> {
    Some(match value {
        Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => *n,
        Value::Date(date) => date.num_days_from_ce().into(),
        Value::Time(time) => time.num_seconds_from_midnight().into(),
        Value::DateTime(at) => at.timestamp().into(),
        Value::Duration(n) | Value::BusinessHours(n) | Value::Days(n) | Value::Months(n) | Value::BusinessDays(n) => {
            (*n).into()
        }
        _ => return None,
    })
}

/// The value of a type at a place on its line; `like` brings the currency or the offset where the type leaves them open.
pub(crate) fn value_at(ty: &Type, like: Option<&Value>, amount: Decimal) -> Option<Value> {
    let whole = || amount.is_integer().then(|| amount.to_i64()).flatten();
    Some(match ty {
        Type::Integer => Value::Number(amount.is_integer().then_some(amount)?),
        Type::Decimal => Value::Number(amount),
        Type::Percent => Value::Percent(amount),
        Type::Money(Some(currency)) => Value::Money(*currency, amount),
        Type::Money(None) => match (like, some_value(ty)) {
            (Some(Value::Money(currency, _)), _) => Value::Money(*currency, amount),
            (_, Value::Money(currency, _)) => Value::Money(currency, amount),
            _ => return None,
        },
        Type::Quantity(unit) => Value::Quantity(*unit, amount),
        Type::BusinessHours => Value::BusinessHours(whole()?),
        Type::Duration => Value::Duration(whole()?),
        Type::Days => Value::Days(whole()?),
        Type::Months => Value::Months(whole()?),
        Type::BusinessDays => Value::BusinessDays(whole()?),
        Type::Date => {
            let date = NaiveDate::from_num_days_from_ce_opt(i32::try_from(whole()?).ok()?)?;
            Value::Date((1..=9999).contains(&date.year()).then_some(date)?)
        }
        Type::Time => Value::Time(NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(whole()?).ok()?, 0)?),
        Type::DateTime => {
            let at = DateTime::UNIX_EPOCH.checked_add_signed(TimeDelta::try_seconds(whole()?)?)?;
            if !(2..=9998).contains(&at.year()) {
                return None;
            }
            Value::DateTime(match like {
                Some(Value::DateTime(like)) => at.with_timezone(&like.timezone()),
                _ => at.fixed_offset(),
            })
        }
        _ => return None,
    })
}

/// How far apart two neighbouring values of a type lie, as a person counts them: a cent, a day, a minute.
pub(crate) fn step(ty: &Type) -> Decimal {
    match ty {
        Type::Money(None) => Decimal::new(1, 2),
        Type::Time => Decimal::from(60),
        _ => smallest_step(ty).and_then(|s| amount(&s)).unwrap_or(Decimal::ONE),
    }
}

/// Whether nothing lies between two neighbours, so that `< 5` is `<= 4`.
pub(crate) fn is_counted(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Days | Type::Months | Type::Date | Type::BusinessDays)
}
