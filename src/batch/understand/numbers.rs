//! Numbers of a column, all at one scale.

use super::cell::Cell;
use super::quick;
use crate::batch::NumberMarks;
use crate::model::Type;
use crate::value::Value;

/// Numbers of JSON have no thousands.
pub const DATA_MARKS: NumberMarks = NumberMarks { decimal: b'.', thousands: None };

/// The number of a cell, where it is written as most are.
#[inline]
pub fn scaled(ty: &Type, cell: Cell, marks: NumberMarks) -> Option<(i64, u32)> {
    match (ty, cell) {
        (Type::Integer, Cell::Text(text)) => quick::decimal(text, marks).filter(|(_, scale)| *scale == 0),
        (Type::Integer, Cell::Number(text)) => quick::decimal(text, DATA_MARKS).filter(|(_, scale)| *scale == 0),
        (Type::Decimal | Type::Quantity(_), Cell::Text(text)) => quick::decimal(text, marks),
        (Type::Decimal | Type::Quantity(_) | Type::Money(Some(_)), Cell::Number(text)) => {
            quick::decimal(text, DATA_MARKS)
        }
        (Type::Percent, Cell::Text(text)) => quick::decimal(text.strip_suffix(b"%")?, marks),
        (Type::Money(Some(currency)), Cell::Text(text)) => match text.first()? {
            b'-' | b'0'..=b'9' => quick::decimal(text, marks),
            _ => {
                let amount = text.strip_prefix(currency.code().as_bytes())?.strip_prefix(b" ")?;
                quick::decimal(amount, marks)
            }
        },
        _ => None,
    }
}

/// A value's number with its scale, if a column of numbers has room for it.
pub fn number_of(value: &Value) -> Option<(i64, u32)> {
    crate::columnar::held(value).map(|(number, scale, _)| (number, scale))
}

/// The most decimal places that a column of numbers can have.
const MOST_PLACES: u32 = 18;

/// Adds a number to those of a column, all at one scale; `false` if there is no room.
#[inline]
pub fn aligned(numbers: &mut Vec<i64>, scale: &mut u32, number: i64, places: u32) -> bool {
    if places == *scale {
        numbers.push(number);
        return true;
    }
    if places < *scale {
        let raised = 10_i64.checked_pow(*scale - places).and_then(|ten| number.checked_mul(ten));
        raised.inspect(|number| numbers.push(*number)).is_some()
    } else {
        raise(numbers, scale, number, places)
    }
}

#[cold]
fn raise(numbers: &mut Vec<i64>, scale: &mut u32, mut number: i64, mut places: u32) -> bool {
    while places > *scale && number % 10 == 0 {
        number /= 10;
        places -= 1;
    }
    if places > *scale {
        if places > MOST_PLACES {
            return false;
        }
        let Some(ten) = 10_i64.checked_pow(places - *scale) else { return false };
        if numbers.iter().any(|n| n.checked_mul(ten).is_none()) {
            return false;
        }
        numbers.iter_mut().for_each(|n| *n *= ten);
        *scale = places;
    }
    numbers.push(number);
    true
}
