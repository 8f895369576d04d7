//! Numbers of columns as text, without detours.

use chrono::Datelike;

use crate::columnar::{Own, number};
use crate::model::{Model, Type};
use crate::value::{Names, Value};

/// How the numbers of a type are dressed: what stands before and behind them.
#[derive(Debug)]
pub struct Dress {
    before: String,
    behind: String,
    /// Decimal places that are filled with zeros, if there are any.
    least: usize,
}

impl Dress {
    /// `None` of types whose numbers are not simply written.
    pub fn of(ty: &Type, model: &Model) -> Option<Dress> {
        let (before, behind, least) = match ty {
            Type::Integer | Type::Decimal => (String::new(), String::new(), 0),
            Type::Percent => (String::new(), "%".to_owned(), 0),
            Type::Money(Some(currency)) => (format!("{currency} "), String::new(), 2),
            Type::Quantity(unit) => (String::new(), format!(" {}", model.unit(*unit)), 0),
            _ => return None,
        };
        Some(Dress { before, behind, least })
    }

    /// `-USD 1,234.50`
    pub fn write(&self, out: &mut Vec<u8>, number: i64, scale: u32) {
        if number < 0 {
            out.push(b'-');
        }
        out.extend_from_slice(self.before.as_bytes());
        unsigned(out, number.unsigned_abs(), scale, self.least, true);
        out.extend_from_slice(self.behind.as_bytes());
    }
}

/// `-1234.5`
pub fn plain(out: &mut Vec<u8>, number: i64, scale: u32) {
    if number < 0 {
        out.push(b'-');
    }
    unsigned(out, number.unsigned_abs(), scale, 0, false);
}

fn unsigned(out: &mut Vec<u8>, mut number: u64, mut scale: u32, least: usize, grouped: bool) {
    while scale > 0 && number % 10 == 0 {
        number /= 10;
        scale -= 1;
    }
    // From the end on: 20 digits, or 18 behind the mark, and what stands between them.
    let mut text = [0; 64];
    let mut places = text.iter_mut().rev();
    let mut length = 0;
    let mut put = |byte: u8| {
        if let Some(place) = places.next() {
            *place = byte;
            length += 1;
        }
    };
    if scale > 0 {
        (scale as usize..least).for_each(|_| put(b'0'));
        for _ in 0..scale {
            put(b'0' + (number % 10) as u8);
            number /= 10;
        }
        put(b'.');
    }
    let mut group = 0;
    loop {
        if group == 3 && grouped {
            put(b',');
            group = 0;
        }
        put(b'0' + (number % 10) as u8);
        number /= 10;
        group += 1;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(text.get(text.len() - length..).unwrap_or_default());
}

/// A date, in days since 1970-01-01, as it is always written; nothing of a day that no calendar has.
pub fn date(out: &mut Vec<u8>, day: i64) {
    // The years 1 to 9999, as days from 0000-03-01 on: years start in March, so that the leap day is a year's last.
    let inner = i32::try_from(day).ok().filter(|day| (-719_162..=2_932_896).contains(day));
    let (year, month, day) = match inner {
        Some(day) => {
            let day = (day + 719_468).unsigned_abs();
            let (era, day) = (day / 146_097, day % 146_097);
            let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
            let day = day - (365 * year + year / 4 - year / 100);
            let month = (5 * day + 2) / 153;
            let day = day - (153 * month + 2) / 5 + 1;
            let (next, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
            (era * 400 + year + next, month, day)
        }
        None => match number(&Type::Date, 0, Own { number: day, offset: 0 }) {
            Some(Value::Date(date)) => (date.year().unsigned_abs(), date.month(), date.day()),
            _ => return,
        },
    };
    let digit = |number: u32| b'0' + (number % 10) as u8;
    out.extend_from_slice(&[
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::value::Currency;

    proptest! {
        #[test]
        fn a_date_is_written_as_values_are(day in -719_162_i64..=2_932_896) {
            let mut out = Vec::new();
            date(&mut out, day);
            let value = number(&Type::Date, 0, Own { number: day, offset: 0 }).unwrap();
            prop_assert_eq!(String::from_utf8(out).unwrap(), value.display(&Model::default()).to_string());
        }

        #[test]
        fn a_number_is_written_as_values_are(number: i64, scale in 0_u32..=18, small in -2000_i64..2000) {
            let model = Model::default();
            for number in [number, small] {
                let decimal = Decimal::from_i128_with_scale(number.into(), scale);
                let usd = Currency::from_code("USD").unwrap();
                for (ty, value) in [
                    (Type::Decimal, Value::Number(decimal)),
                    (Type::Percent, Value::Percent(decimal)),
                    (Type::Money(Some(usd)), Value::Money(usd, decimal)),
                ] {
                    let mut out = Vec::new();
                    Dress::of(&ty, &model).unwrap().write(&mut out, number, scale);
                    prop_assert_eq!(String::from_utf8(out).unwrap(), value.display(&model).to_string());
                }
                let mut out = Vec::new();
                plain(&mut out, number, scale);
                prop_assert_eq!(String::from_utf8(out).unwrap(), decimal.normalize().to_string());
            }
        }
    }
}
