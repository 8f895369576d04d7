//! What can be wrong with a written value, and how to write it.

use rust_decimal::Decimal;
use thiserror::Error;

use crate::value::{DIGITS, TimeUnit};

/// A text that is not the value it should be. Messages are lower-case clauses;
/// [`LiteralError::help`] says how to write it. Long texts are shown cut short.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum LiteralError {
    /// `maybe`
    #[error("`{0}` is neither `yes` nor `no`")]
    NotAYesNo(String),
    /// `"half a text`
    #[error("`{0}` is not a text in quotes")]
    NotAText(String),
    /// `"\t"`
    #[error("`\\{0}` has no meaning in a text")]
    UnknownEscape(char),
    /// `12x`
    #[error("`{0}` is not a number")]
    NotANumber(String),
    /// `60,00`
    #[error("the commas in `{0}` do not part groups of three digits")]
    CommaOutOfPlace(String),
    /// `3.14159265358979323846264338327950288`
    #[error("a decimal of {0} digits is more than the {DIGITS} that a number can have")]
    TooManyDigits(usize),
    /// `20`, where a percentage is read
    #[error("`{0}` is not a percentage")]
    NotAPercentage(String),
    /// `50,000 USD`
    #[error("`{0}` is not an amount of money")]
    NotMoney(String),
    /// `UDS 5`
    #[error("`{0}` is not the code of a currency")]
    UnknownCurrency(String),
    /// `5`, where an amount of something is read
    #[error("`{0}` is not an amount with its unit")]
    NotAnAmount(String),
    /// `3 fortnights`
    #[error("`{0}` is not a unit of time")]
    UnknownTimeUnit(String),
    /// `1.5 days`
    #[error("{amount} is not a whole number of {}", unit.word())]
    NotWhole {
        /// What was written.
        amount: Decimal,
        /// The unit it was written in.
        unit: TimeUnit,
    },
    /// `99,999,999,999,999,999,999 years`
    #[error("{amount} {} are more than can be counted", unit.word())]
    TooMuchTime {
        /// What was written.
        amount: Decimal,
        /// The unit it was written in.
        unit: TimeUnit,
    },
    /// `01/10/2024`
    #[error("`{0}` is not a date")]
    NotADate(String),
    /// `2024-02-30`
    #[error("{date} does not exist: {month} {year} has {days} days")]
    NoSuchDay {
        /// What was written.
        date: String,
        /// The month's English name.
        month: &'static str,
        /// The year.
        year: i32,
        /// How many days that month has.
        days: u32,
    },
    /// `2024-13-01`
    #[error("{0} does not exist: a year has 12 months")]
    NoSuchMonth(String),
    /// `0000-01-01`
    #[error("{0} lies outside the years 1 to 9999")]
    YearOutOfRange(String),
    /// `9am`
    #[error("`{0}` is not a time of day")]
    NotATime(String),
    /// `24:30`
    #[error("{0} does not exist: a day runs from 00:00 to 23:59:59")]
    NoSuchTime(String),
    /// `2024-10-01 09:00`
    #[error("`{0}` is not a date-time")]
    NotADateTime(String),
    /// `2024-10-01T09:00`
    #[error("`{0}` does not say its offset from UTC")]
    NoOffset(String),
    /// `2024-10-01 - 2024-11-30`
    #[error("`{0}` is not a period")]
    NotAPeriod(String),
    /// `2024-11-30 to 2024-10-01`
    #[error("the period `{0}` ends before it starts")]
    PeriodBackwards(String),
}

impl LiteralError {
    /// How to write what was meant, when there is more to say than the message does.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            LiteralError::NotAText(_) => "begin and end with `\"`; inside, write `\\\"` for a quote",
            LiteralError::UnknownEscape(_) => {
                "a backslash stands before `\"`, `\\` or `n`; write `\\\\` for a backslash"
            }
            LiteralError::NotANumber(_) => "write digits, with a point for decimals: 60,000,000 or 12.5",
            LiteralError::CommaOutOfPlace(_) => "write 60,000,000 or 60000000, and a point for decimals",
            LiteralError::NotAPercentage(_) => "write the number and `%`: 20%",
            LiteralError::NotMoney(_) => "write the currency, then the amount: USD 50,000",
            LiteralError::UnknownCurrency(_) => "write the three capitals of ISO 4217: USD, EUR, CNY",
            LiteralError::NotAnAmount(_) => "write the number, a space and the unit: 14 days",
            LiteralError::UnknownTimeUnit(_) => {
                "write s, min, h, days, weeks, months, years, business hours or business days"
            }
            LiteralError::NotADate(_) => "write the year, the month and the day: 2024-10-01",
            LiteralError::NotATime(_) => "write hours and minutes, from 00:00 to 23:59: 09:00",
            LiteralError::NotADateTime(_) => "write the date, `T`, the time and the offset: 2024-10-01T09:00+08:00",
            LiteralError::NoOffset(_) => "add the offset at its end: +08:00, or Z for UTC",
            LiteralError::NotAPeriod(_) => "write its first and its last day: 2024-10-01 to 2024-11-30",
            LiteralError::NotAYesNo(_)
            | LiteralError::TooManyDigits(_)
            | LiteralError::NotWhole { .. }
            | LiteralError::TooMuchTime { .. }
            | LiteralError::NoSuchDay { .. }
            | LiteralError::NoSuchMonth(_)
            | LiteralError::YearOutOfRange(_)
            | LiteralError::NoSuchTime(_)
            | LiteralError::PeriodBackwards(_) => return None,
        })
    }
}

/// A text as a problem shows it: a hostile one must not fill the screen.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).flat_map(shown_character).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// Line breaks and other controls are escaped, since a message is one line.
fn shown_character(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control().then(|| character.escape_default());
    let plain = if escaped.is_some() { None } else { Some(character) };
    escaped.into_iter().flatten().chain(plain)
}
