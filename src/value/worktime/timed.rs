//! What functions that ask a calendar are given, and what they give, in plain numbers.

use chrono::NaiveDate;

use super::moment::{AsInstant, Instant};
use crate::value::{Kind, Value};

/// A value that has to do with time, in plain numbers: single cases make it of their values, columns of their numbers,
/// and a function is written once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timed {
    /// `2024-10-01T09:00+08:00`
    Instant(Instant),
    /// `2024-10-01`
    Date(NaiveDate),
    /// `15 min`, in seconds
    Duration(i64),
    /// `14 days`
    Days(i64),
    /// `2 months`
    Months(i64),
    /// `4 business hours`, in seconds
    BusinessHours(i64),
    /// `10 business days`
    BusinessDays(i64),
    /// `yes`, `no`
    YesNo(bool),
}

impl Timed {
    /// A value in plain numbers; `None` where it has nothing to do with time.
    #[must_use]
    pub fn of(value: &Value) -> Option<Timed> {
        Some(match value {
            Value::DateTime(at) => Timed::Instant(at.instant()),
            Value::Date(date) => Timed::Date(*date),
            Value::Duration(seconds) => Timed::Duration(*seconds),
            Value::Days(days) => Timed::Days(*days),
            Value::Months(months) => Timed::Months(*months),
            Value::BusinessHours(seconds) => Timed::BusinessHours(*seconds),
            Value::BusinessDays(days) => Timed::BusinessDays(*days),
            Value::YesNo(yes) => Timed::YesNo(*yes),
            _ => return None,
        })
    }

    /// The value; `None` for an instant that no date-time is.
    #[must_use]
    pub fn value(self) -> Option<Value> {
        Some(match self {
            Timed::Instant(at) => Value::DateTime(AsInstant::of_instant(at)?),
            Timed::Date(date) => Value::Date(date),
            Timed::Duration(seconds) => Value::Duration(seconds),
            Timed::Days(days) => Value::Days(days),
            Timed::Months(months) => Value::Months(months),
            Timed::BusinessHours(seconds) => Value::BusinessHours(seconds),
            Timed::BusinessDays(days) => Value::BusinessDays(days),
            Timed::YesNo(yes) => Value::YesNo(yes),
        })
    }

    /// What kind of value it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Timed::Instant(_) => Kind::DateTime,
            Timed::Date(_) => Kind::Date,
            Timed::Duration(_) => Kind::Duration,
            Timed::Days(_) => Kind::Days,
            Timed::Months(_) => Kind::Months,
            Timed::BusinessHours(_) => Kind::BusinessHours,
            Timed::BusinessDays(_) => Kind::BusinessDays,
            Timed::YesNo(_) => Kind::YesNo,
        }
    }
}
