//! What kind of thing a value is, in the words that a problem uses for it.

use std::fmt;

use super::Value;

/// The kind of a value, without its currency, unit or type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `yes`
    YesNo,
    /// `12.5`
    Number,
    /// `20%`
    Percent,
    /// `USD 5`
    Money,
    /// `2024-10-01`
    Date,
    /// `09:00`
    Time,
    /// `2024-10-01T09:00Z`
    DateTime,
    /// `15 min`
    Duration,
    /// `14 days`
    Days,
    /// `2 months`
    Months,
    /// `4 business hours`
    BusinessHours,
    /// `10 business days`
    BusinessDays,
    /// `5 credit`
    Quantity,
    /// `"text"`
    Text,
    /// `azure`
    Member,
    /// `{ en }`
    Set,
    /// `[ 1 ]`
    List,
    /// `{ fee: USD 5 }`
    Record,
    /// `2024-10-01 to 2024-11-30`
    Period,
    /// the events of a case
    Log,
    /// `china-2026`
    Holidays,
}

impl Value {
    /// The kind of this value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Value::YesNo(_) => Kind::YesNo,
            Value::Number(_) => Kind::Number,
            Value::Percent(_) => Kind::Percent,
            Value::Money(..) => Kind::Money,
            Value::Date(_) => Kind::Date,
            Value::Time(_) => Kind::Time,
            Value::DateTime(_) => Kind::DateTime,
            Value::Duration(_) => Kind::Duration,
            Value::Days(_) => Kind::Days,
            Value::Months(_) => Kind::Months,
            Value::BusinessHours(_) => Kind::BusinessHours,
            Value::BusinessDays(_) => Kind::BusinessDays,
            Value::Quantity(..) => Kind::Quantity,
            Value::Text(_) => Kind::Text,
            Value::Member(..) => Kind::Member,
            Value::Set(_) => Kind::Set,
            Value::List(_) => Kind::List,
            Value::Record(..) => Kind::Record,
            Value::Period { .. } => Kind::Period,
            Value::Log(_) => Kind::Log,
            Value::Holidays(_) => Kind::Holidays,
        }
    }
}

impl fmt::Display for Kind {
    /// With its article, ready for a sentence: `an amount of money`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::YesNo => "a yes-no",
            Kind::Number => "a number",
            Kind::Percent => "a percentage",
            Kind::Money => "an amount of money",
            Kind::Date => "a date",
            Kind::Time => "a time of day",
            Kind::DateTime => "a date-time",
            Kind::Duration => "a duration",
            Kind::Days => "a number of days",
            Kind::Months => "a number of months",
            Kind::BusinessHours => "an amount of business hours",
            Kind::BusinessDays => "a number of business days",
            Kind::Quantity => "a quantity",
            Kind::Text => "a text",
            Kind::Member => "a member of an enumeration",
            Kind::Set => "a set",
            Kind::List => "a list",
            Kind::Record => "a record",
            Kind::Period => "a period",
            Kind::Log => "a log of events",
            Kind::Holidays => "a list of holidays",
        })
    }
}
