//! Types with units, after DESIGN §3.9.

use super::{Labels, Model};
use crate::value::{Currency, EnumId, RecordId, UnitId};

/// What kind of value an expression has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// The type of something that was already reported as wrong; fits everywhere.
    Unknown,
    YesNo,
    Integer,
    Decimal,
    Percent,
    /// `money in USD`; `None` where the fact brings its currency.
    Money(Option<Currency>),
    Date,
    Time,
    DateTime,
    Duration,
    Days,
    Months,
    BusinessHours,
    BusinessDays,
    /// A time limit of any of these kinds, as response tables have them: `15 min` beside `2 business hours`.
    TimeLimit,
    Quantity(UnitId),
    Text,
    Enum(EnumId),
    Record(RecordId),
    Period,
    /// An IANA time zone, written as a text.
    Zone,
    /// A list of holidays, by its name or its file.
    Holidays,
    /// The events of a case.
    Log,
    Set(Box<Type>),
    List(Box<Type>),
}

/// A named part of a record, or an answer column of a decision.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub ty: Type,
    pub labels: Labels,
}

impl Type {
    /// Whether a value of this type may stand where `expected` is wanted.
    pub fn fits(&self, expected: &Type) -> bool {
        match (self, expected) {
            (Type::Unknown, _) | (_, Type::Unknown) => true,
            (Type::Integer, Type::Decimal) => true,
            (Type::Zone, Type::Text) => true,
            (
                Type::Duration | Type::Days | Type::Months | Type::BusinessHours | Type::BusinessDays,
                Type::TimeLimit,
            ) => true,
            (Type::Money(a), Type::Money(b)) => a.is_none() || b.is_none() || a == b,
            (Type::Set(a), Type::Set(b)) | (Type::List(a), Type::List(b)) => a.fits(b),
            (a, b) => a == b,
        }
    }

    /// Whether `<` and `>` mean something.
    pub fn is_ordered(&self) -> bool {
        !matches!(
            self,
            Type::YesNo
                | Type::TimeLimit
                | Type::Text
                | Type::Enum(_)
                | Type::Record(_)
                | Type::Period
                | Type::Zone
                | Type::Holidays
                | Type::Log
                | Type::Set(_)
                | Type::List(_)
        )
    }

    /// Whether it counts or measures something, so that mixing it up is a mix of units.
    pub fn is_measure(&self) -> bool {
        self.is_ordered() && !matches!(self, Type::Unknown)
    }

    pub(super) fn display(&self, model: &Model) -> String {
        match self {
            Type::Unknown => "unknown".to_owned(),
            Type::YesNo => "yes-no".to_owned(),
            Type::Integer => "integer".to_owned(),
            Type::Decimal => "decimal".to_owned(),
            Type::Percent => "percent".to_owned(),
            Type::Money(None) => "money".to_owned(),
            Type::Money(Some(currency)) => format!("money in {currency}"),
            Type::Date => "date".to_owned(),
            Type::Time => "time".to_owned(),
            Type::DateTime => "date-time".to_owned(),
            Type::Duration => "duration".to_owned(),
            Type::Days => "days".to_owned(),
            Type::Months => "months".to_owned(),
            Type::BusinessHours => "business-hours".to_owned(),
            Type::BusinessDays => "business-days".to_owned(),
            Type::TimeLimit => "time-limit".to_owned(),
            Type::Quantity(unit) => model.units.get(unit.0 as usize).map_or("?", |u| &u.name).to_owned(),
            Type::Text => "text".to_owned(),
            Type::Enum(id) => model.enums.get(id.0 as usize).map_or("?", |e| &e.name).to_owned(),
            Type::Record(id) => model.records.get(id.0 as usize).map_or("?", |r| &r.name).to_owned(),
            Type::Period => "period".to_owned(),
            Type::Zone => "zone".to_owned(),
            Type::Holidays => "holidays".to_owned(),
            Type::Log => "log".to_owned(),
            Type::Set(of) => format!("set of {}", of.display(model)),
            Type::List(of) => format!("list of {}", of.display(model)),
        }
    }
}
