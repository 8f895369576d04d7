//! The words for stretches of time, and what an amount of each is.

use rust_decimal::Decimal;

use super::exact::Exact;
use super::literal::LiteralError;
use super::measure::Measure;
use super::{Fault, Value};

/// A unit of time as rule text and facts write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `h`
    Hour,
    /// `days`
    Day,
    /// `weeks`, seven days each
    Week,
    /// `months`
    Month,
    /// `years`, twelve months each
    Year,
    /// `business seconds`
    BusinessSecond,
    /// `business minutes`
    BusinessMinute,
    /// `business hours`
    BusinessHour,
    /// `business days`
    BusinessDay,
}

impl TimeUnit {
    /// The unit that is written so, in the singular or the plural.
    #[must_use]
    pub fn from_word(word: &str) -> Option<TimeUnit> {
        Some(match word {
            "s" | "second" | "seconds" => TimeUnit::Second,
            "min" | "minute" | "minutes" => TimeUnit::Minute,
            "h" | "hour" | "hours" => TimeUnit::Hour,
            "day" | "days" => TimeUnit::Day,
            "week" | "weeks" => TimeUnit::Week,
            "month" | "months" => TimeUnit::Month,
            "year" | "years" => TimeUnit::Year,
            "business second" | "business seconds" => TimeUnit::BusinessSecond,
            "business minute" | "business minutes" => TimeUnit::BusinessMinute,
            "business hour" | "business hours" => TimeUnit::BusinessHour,
            "business day" | "business days" => TimeUnit::BusinessDay,
            _ => return None,
        })
    }

    /// Its plural, as problems call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            TimeUnit::Second => "seconds",
            TimeUnit::Minute => "minutes",
            TimeUnit::Hour => "hours",
            TimeUnit::Day => "days",
            TimeUnit::Week => "weeks",
            TimeUnit::Month => "months",
            TimeUnit::Year => "years",
            TimeUnit::BusinessSecond => "business seconds",
            TimeUnit::BusinessMinute => "business minutes",
            TimeUnit::BusinessHour => "business hours",
            TimeUnit::BusinessDay => "business days",
        }
    }

    /// The value that is `amount` of the unit. Durations and business time are whole
    /// seconds, so `1.5 h` is one; all calendar units and business days are whole.
    ///
    /// # Errors
    /// [`LiteralError::NotWhole`] for a fraction that may not be, and
    /// [`LiteralError::TooMuchTime`] past what a value holds.
    pub fn value(self, amount: Decimal) -> Result<Value, LiteralError> {
        let (measure, each) = match self {
            TimeUnit::Second => (Measure::Duration, 1),
            TimeUnit::Minute => (Measure::Duration, 60),
            TimeUnit::Hour => (Measure::Duration, 3600),
            TimeUnit::Day => (Measure::Days, 1),
            TimeUnit::Week => (Measure::Days, 7),
            TimeUnit::Month => (Measure::Months, 1),
            TimeUnit::Year => (Measure::Months, 12),
            TimeUnit::BusinessSecond => (Measure::BusinessHours, 1),
            TimeUnit::BusinessMinute => (Measure::BusinessHours, 60),
            TimeUnit::BusinessHour => (Measure::BusinessHours, 3600),
            TimeUnit::BusinessDay => (Measure::BusinessDays, 1),
        };
        let exact_time = matches!(measure, Measure::Duration | Measure::BusinessHours);
        if !exact_time && !amount.is_integer() {
            return Err(LiteralError::NotWhole { amount: amount.normalize(), unit: self });
        }
        Exact::from(amount).times(Decimal::from(each).into()).and_then(|total| measure.value(total)).map_err(|fault| {
            match fault {
                Fault::NotWhole { .. } => LiteralError::NotWhole { amount: amount.normalize(), unit: self },
                _ => LiteralError::TooMuchTime { amount: amount.normalize(), unit: self },
            }
        })
    }
}
