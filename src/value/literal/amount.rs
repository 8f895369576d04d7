//! Numbers, percentages, money and amounts of time from text.

use rust_decimal::Decimal;

use super::error::{LiteralError, shown};
use crate::value::{Currency, DIGITS, TimeUnit, Value};

/// `60,000,000`, `12.5`, `-3`: commas, if any, part groups of three digits.
///
/// # Errors
/// [`LiteralError`] when the text is no number, or one of more than [`DIGITS`]
/// significant digits.
pub fn parse_number(text: &str) -> Result<Decimal, LiteralError> {
    let (negative, unsigned) = sign(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    if !fraction.is_none_or(is_digits) || !whole.bytes().all(|b| b == b',' || b.is_ascii_digit()) {
        return Err(LiteralError::NotANumber(shown(text)));
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut later = groups.peekable();
    if first.is_empty() && later.peek().is_none() {
        return Err(LiteralError::NotANumber(shown(text)));
    }
    if later.peek().is_some() && !(1..=3).contains(&first.len()) || later.any(|g| g.len() != 3) {
        return Err(LiteralError::CommaOutOfPlace(shown(text)));
    }
    assemble(negative, whole, fraction.unwrap_or_default(), 0)
}

/// A number as JSON, YAML and TOML write it: no commas, perhaps an exponent,
/// `1.5e6`; read exactly.
///
/// # Errors
/// As for [`parse_number`].
pub fn parse_data_number(text: &str) -> Result<Decimal, LiteralError> {
    let not_a_number = || LiteralError::NotANumber(shown(text));
    let (negative, unsigned) = sign(text.strip_prefix('+').unwrap_or(text));
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let parts = [whole, fraction];
    if parts.concat().is_empty() || !parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit())) {
        return Err(not_a_number());
    }
    let (down, distance) = sign(exponent.strip_prefix('+').unwrap_or(exponent));
    if !is_digits(distance) {
        return Err(not_a_number());
    }
    // An exponent past `i32` is far past every number, so any such one will do.
    let distance = distance.parse::<i32>().unwrap_or(i32::MAX);
    assemble(negative, whole, fraction, if down { -distance } else { distance })
}

/// `20%`.
///
/// # Errors
/// [`LiteralError`] when the text is no number followed by `%`.
pub fn parse_percent(text: &str) -> Result<Value, LiteralError> {
    let number = text.strip_suffix('%').ok_or_else(|| LiteralError::NotAPercentage(shown(text)))?;
    parse_number(number).map(Value::Percent)
}

/// `USD 50,000`; a minus stands before the currency or before the amount.
///
/// # Errors
/// [`LiteralError`] when the text is no currency code, a space and a number.
pub fn parse_money(text: &str) -> Result<Value, LiteralError> {
    let (negative, unsigned) = sign(text);
    let (code, amount) = unsigned.split_once(' ').ok_or_else(|| LiteralError::NotMoney(shown(text)))?;
    if !amount.starts_with(|c: char| c.is_ascii_digit() || c == '-' && !negative) {
        return Err(LiteralError::NotMoney(shown(text)));
    }
    let currency = Currency::from_code(code).ok_or_else(|| LiteralError::UnknownCurrency(shown(code)))?;
    let amount = parse_number(amount)?;
    Ok(Value::Money(currency, if negative { -amount } else { amount }))
}

/// `5 credit`, `4 business hours`: a number, a space, and the words of a unit,
/// which are given back for the caller to look up.
///
/// # Errors
/// [`LiteralError`] when the text is not so.
pub fn parse_amount(text: &str) -> Result<(Decimal, &str), LiteralError> {
    match text.split_once(' ') {
        Some((number, unit)) if !unit.is_empty() => Ok((parse_number(number)?, unit)),
        _ => Err(LiteralError::NotAnAmount(shown(text))),
    }
}

/// `15 min`, `2 h`, `14 days`, `6 weeks`, `2 months`, `1 year`,
/// `4 business hours`, `10 business days`.
///
/// # Errors
/// [`LiteralError`] when the text is no amount, the unit none of time, or the
/// amount is not whole where it must be.
pub fn parse_time_amount(text: &str) -> Result<Value, LiteralError> {
    let (amount, word) = parse_amount(text)?;
    TimeUnit::from_word(word).ok_or_else(|| LiteralError::UnknownTimeUnit(shown(word)))?.value(amount)
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `whole`.`fraction` × 10^`exponent`, of digits (and commas, which are passed over).
fn assemble(negative: bool, whole: &str, fraction: &str, exponent: i32) -> Result<Decimal, LiteralError> {
    let digits = || whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit);
    let all = digits().count();
    let leading = digits().take_while(|digit| *digit == b'0').count();
    let trailing = digits().rev().take_while(|digit| *digit == b'0').count();
    if leading == all {
        return Ok(Decimal::ZERO);
    }
    let significant = all - leading - trailing;
    // The number is its significant digits × 10^power.
    let power = clamped(trailing) - clamped(fraction.len()) + i64::from(exponent);
    let limit = i64::from(DIGITS);
    // Zeros after the last digit count when they hold a place before the point,
    // zeros before the first one when they hold a place after it.
    let written = (clamped(significant) + power.max(0)).max(-power);
    if written > limit || clamped(significant) > limit {
        let written = written.max(clamped(significant));
        return Err(LiteralError::TooManyDigits(usize::try_from(written).unwrap_or(usize::MAX)));
    }
    let mut mantissa =
        digits().skip(leading).take(significant).fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
    // INVARIANT: the limit above keeps both the digits and the power within 28.
    mantissa *= 10_i128.pow(u32::try_from(power.max(0)).unwrap_or(0));
    let places = u32::try_from((-power).max(0)).unwrap_or(0);
    let mantissa = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, places).map_err(|_| LiteralError::TooManyDigits(all))
}

fn clamped(count: usize) -> i64 {
    // Half of the range, so that sums of three stay inside it.
    i64::try_from(count).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}
