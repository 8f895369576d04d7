//! Numbers of columns as text, without detours.

use crate::model::{Model, Type};
use crate::value::Names;

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
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 || at == digits.len() {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    let places = (scale as usize).min(digits.len());
    // Zeros are there already where the number has fewer digits than places.
    let whole_from = at.min(digits.len() - places);
    let (whole, fraction) = digits[whole_from..].split_at(digits.len() - places - whole_from);
    if whole.is_empty() {
        out.push(b'0');
    }
    for (place, digit) in whole.iter().enumerate() {
        if grouped && place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(b',');
        }
        out.push(*digit);
    }
    if !fraction.is_empty() {
        out.push(b'.');
        out.extend_from_slice(fraction);
        out.extend(std::iter::repeat_n(b'0', least.saturating_sub(fraction.len())));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::value::{Currency, Value};

    proptest! {
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
