//! Values as canonical text: what rule files write, so that reading it back
//! gives the same value.

use std::borrow::Cow;
use std::fmt::{self, Display as _, Write as _};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Timelike, Utc};
use rust_decimal::Decimal;

use super::{EnumId, RecordId, UnitId, Value};

/// The names of what rules declare, which values hold only by number.
pub trait Names {
    /// A member of an enumeration, by its place.
    fn member(&self, enumeration: EnumId, member: u32) -> Cow<'_, str>;
    /// A unit.
    fn unit(&self, unit: UnitId) -> Cow<'_, str>;
    /// A field of a record, by its place.
    fn field(&self, record: RecordId, field: usize) -> Cow<'_, str>;
}

/// A value with the names it needs to be shown.
#[derive(Clone, Copy)]
pub struct Displayed<'a> {
    value: &'a Value,
    names: &'a dyn Names,
}

impl Value {
    /// The value as rule text: `USD 60,000,000`, `14 days`, `{ en, ja }`.
    #[must_use]
    pub fn display<'a>(&'a self, names: &'a dyn Names) -> Displayed<'a> {
        Displayed { value: self, names }
    }
}

impl fmt::Display for Displayed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Value::Number(number) => f.write_str(&grouped(*number, 0)),
            Value::Percent(number) => write!(f, "{}%", grouped(*number, 0)),
            Value::Money(currency, amount) => {
                let minus = if is_negative(*amount) { "-" } else { "" };
                write!(f, "{minus}{currency} {}", grouped(amount.abs(), 2))
            }
            Value::Date(date) => write_date(f, *date),
            Value::Time(time) => write_time(f, *time),
            Value::DateTime(at) => write_date_time(f, *at),
            Value::Duration(seconds) => write_duration(f, *seconds),
            Value::Days(days) => write_counted(f, (*days).into(), "day"),
            Value::Months(months) => write_counted(f, (*months).into(), "month"),
            Value::BusinessHours(seconds) => write_business_time(f, *seconds),
            Value::BusinessDays(days) => write_counted(f, (*days).into(), "business day"),
            Value::Quantity(unit, amount) => {
                write!(f, "{} {}", grouped(*amount, 0), self.names.unit(*unit))
            }
            Value::Text(text) => write_text(f, text),
            Value::Member(of, member) => f.write_str(&self.names.member(*of, *member)),
            Value::Set(items) => self.write_items(f, "{", items, "}"),
            Value::List(items) => self.write_items(f, "[", items, "]"),
            Value::Record(record, fields) => self.write_record(f, *record, fields),
            Value::Log(log) => match log.entries.len() {
                1 => f.write_str("1 event"),
                count => write!(f, "{count} events"),
            },
            Value::Holidays(list) => f.write_str(&list.name),
            Value::Period { starts, ends } => {
                write_date(f, *starts)?;
                f.write_str(" to ")?;
                write_date(f, *ends)
            }
        }
    }
}

impl Displayed<'_> {
    fn write_items(&self, f: &mut fmt::Formatter<'_>, open: &str, items: &[Value], close: &str) -> fmt::Result {
        f.write_str(open)?;
        for (place, item) in items.iter().enumerate() {
            f.write_str(if place == 0 { " " } else { ", " })?;
            item.display(self.names).fmt(f)?;
        }
        f.write_str(if items.is_empty() { "" } else { " " })?;
        f.write_str(close)
    }

    fn write_record(&self, f: &mut fmt::Formatter<'_>, record: RecordId, fields: &[Option<Value>]) -> fmt::Result {
        let mut before = "{ ";
        for (place, field) in fields.iter().enumerate() {
            if let Some(value) = field {
                write!(f, "{before}{}: ", self.names.field(record, place))?;
                value.display(self.names).fmt(f)?;
                before = ", ";
            }
        }
        f.write_str(if before == ", " { " }" } else { "{}" })
    }
}

fn is_negative(number: Decimal) -> bool {
    number.is_sign_negative() && !number.is_zero()
}

/// The number with commas between thousands, without zeros at the end of its
/// fraction except to fill `least` places of one that there is.
fn grouped(number: Decimal, least: usize) -> String {
    let plain = number.abs().normalize().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::with_capacity(plain.len() * 4 / 3 + 4);
    if is_negative(number) {
        text.push('-');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
        text.extend(std::iter::repeat_n('0', least.saturating_sub(fraction.len())));
    }
    text
}

fn write_counted(f: &mut fmt::Formatter<'_>, amount: Decimal, unit: &str) -> fmt::Result {
    let plural = if amount.abs() == Decimal::ONE { "" } else { "s" };
    write!(f, "{} {unit}{plural}", grouped(amount, 0))
}

/// In hours if two decimals are enough, else in minutes, else in seconds.
fn write_business_time(f: &mut fmt::Formatter<'_>, seconds: i64) -> fmt::Result {
    match seconds {
        _ if seconds % 36 == 0 => write_counted(f, Decimal::new(seconds / 36, 2).normalize(), "business hour"),
        _ if seconds % 60 == 0 => write_counted(f, (seconds / 60).into(), "business minute"),
        _ => write_counted(f, seconds.into(), "business second"),
    }
}

/// In hours if they are whole, else in minutes, else in seconds.
fn write_duration(f: &mut fmt::Formatter<'_>, seconds: i64) -> fmt::Result {
    let (amount, unit) = match seconds {
        0 => (0, "min"),
        _ if seconds % 3600 == 0 => (seconds / 3600, "h"),
        _ if seconds % 60 == 0 => (seconds / 60, "min"),
        _ => (seconds, "s"),
    };
    write!(f, "{} {unit}", grouped(amount.into(), 0))
}

fn write_date(f: &mut fmt::Formatter<'_>, date: NaiveDate) -> fmt::Result {
    write!(f, "{}", date.format("%Y-%m-%d"))
}

fn write_time(f: &mut fmt::Formatter<'_>, time: NaiveTime) -> fmt::Result {
    write!(f, "{:02}:{:02}", time.hour(), time.minute())?;
    if time.second() == 0 && time.nanosecond() == 0 {
        return Ok(());
    }
    write!(f, ":{:02}", time.second())?;
    if time.nanosecond() == 0 {
        return Ok(());
    }
    let fraction = format!("{:09}", time.nanosecond());
    write!(f, ".{}", fraction.trim_end_matches('0'))
}

fn write_date_time(f: &mut fmt::Formatter<'_>, at: DateTime<FixedOffset>) -> fmt::Result {
    let offset = at.offset().local_minus_utc();
    let (at, offset) = if offset % 60 == 0 {
        (at.naive_local(), offset)
    } else {
        // Written offsets have no seconds, so such an instant is told in UTC.
        (at.with_timezone(&Utc).naive_utc(), 0)
    };
    write_date(f, at.date())?;
    f.write_char('T')?;
    write_time(f, at.time())?;
    match offset / 60 {
        0 => f.write_char('Z'),
        minutes => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.abs();
            write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            _ => f.write_char(character)?,
        }
    }
    f.write_char('"')
}
