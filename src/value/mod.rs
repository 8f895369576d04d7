//! The values that facts and decisions take, and the arithmetic on them.
//!
//! This room owns money, percentages, dates, durations, working time and the
//! ways they combine, in exact decimal numbers: an operation gives the exact
//! result or a [`Fault`], and rounding happens only where it is written. It
//! knows nothing of rule files: names of members, units and fields come in
//! through [`Names`], and which kinds may meet is checked elsewhere.

mod arithmetic;
mod calendar;
mod compare;
mod currency;
mod display;
mod exact;
mod fault;
mod kind;
pub mod literal;
mod log;
mod measure;
mod rounding;
mod set;
#[cfg(test)]
mod tests;
mod time_unit;
pub mod worktime;

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use rust_decimal::Decimal;

pub use arithmetic::{add, mul, neg, percent_of, sub};
pub use calendar::{Span, between};
pub use compare::compare;
pub use currency::Currency;
pub use display::{Displayed, Names};
pub use fault::{Fault, Operation};
pub use kind::Kind;
pub use literal::LiteralError;
pub use log::{Entry, HolidayList, Log};
pub use rounding::{Rounding, divide_rounded, round_to};
pub use set::{common, has, union, without};
pub use time_unit::TimeUnit;

/// The most significant digits that a number may have, written or computed.
pub const DIGITS: u32 = 28;

/// A unit that the rules declare, such as `credit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub u32);

/// An enumeration that the rules declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u32);

/// A record type that the rules declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

/// A value of any kind.
///
/// Equality and hashing are by meaning: `1.0` is `1.00`, and two date-times are
/// equal when they are the same instant. `Ord` is a total order across all
/// kinds, for sets and for output in a fixed order; what is *less* in the sense
/// of an agreement is [`compare`]'s to say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// `yes`, `no`
    YesNo(bool),
    /// `12.5`
    Number(Decimal),
    /// `20%`, held as 20
    Percent(Decimal),
    /// `USD 50,000`
    Money(Currency, Decimal),
    /// `2024-10-01`, in the years 1 to 9999
    Date(NaiveDate),
    /// `09:00`
    Time(NaiveTime),
    /// `2024-10-01T09:00+08:00`
    DateTime(DateTime<FixedOffset>),
    /// `15 min`, held in seconds
    Duration(i64),
    /// `14 days`, `6 weeks`
    Days(i64),
    /// `2 months`, `1 year`
    Months(i64),
    /// `4 business hours`, `20 business minutes`, held in seconds
    BusinessHours(i64),
    /// `10 business days`
    BusinessDays(i64),
    /// `5 credit`
    Quantity(UnitId, Decimal),
    /// `"text"`
    Text(Arc<str>),
    /// `azure`, by its place in the enumeration
    Member(EnumId, u32),
    /// `{ en, ja }`; made by [`Value::set`]
    // INVARIANT: sorted by `Ord`, no two items equal.
    Set(Arc<[Value]>),
    /// `[ 1, 2 ]`
    List(Arc<[Value]>),
    /// `{ service: mcsap, fee: USD 5 }`; `None` is a fact that was not given
    Record(RecordId, Arc<[Option<Value>]>),
    /// `2024-10-01 to 2024-11-30`, both days included
    Period {
        /// The first day.
        starts: NaiveDate,
        /// The last day.
        ends: NaiveDate,
    },
    /// The events of a case
    Log(Arc<Log>),
    /// `china-2026`
    Holidays(Arc<HolidayList>),
}

impl Value {
    /// A set of these items, in the fixed order and each once.
    #[must_use]
    pub fn set(mut items: Vec<Value>) -> Value {
        items.sort_unstable();
        items.dedup();
        Value::Set(items.into())
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Value {
        Value::Text(text.into())
    }
}
