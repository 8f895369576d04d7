//! Values read from text, for rule files and for facts alike.
//!
//! Every function reads the whole text, with no space round it, and takes one
//! way of writing only, so that what is written never means two things.
//! Amounts are in `literal/amount.rs`, dates and times in `literal/moment.rs`.

mod amount;
mod error;
mod moment;

use super::Value;

pub use amount::{parse_amount, parse_data_number, parse_money, parse_number, parse_percent, parse_time_amount};
pub use error::LiteralError;
pub use moment::{parse_date, parse_date_time, parse_period, parse_time};

/// `yes`, `no`.
///
/// # Errors
/// [`LiteralError::NotAYesNo`] for any other text.
pub fn parse_yes_no(text: &str) -> Result<Value, LiteralError> {
    match text {
        "yes" => Ok(Value::YesNo(true)),
        "no" => Ok(Value::YesNo(false)),
        _ => Err(LiteralError::NotAYesNo(error::shown(text))),
    }
}

/// `"text"`, with `\"`, `\\` and `\n`.
///
/// # Errors
/// [`LiteralError::NotAText`] when the quotes are missing or a quote stands
/// inside without its backslash, [`LiteralError::UnknownEscape`] for a backslash
/// before anything else.
pub fn parse_text(text: &str) -> Result<Value, LiteralError> {
    let not_a_text = || LiteralError::NotAText(error::shown(text));
    let inside = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut characters = inside.ok_or_else(not_a_text)?.chars();
    let mut unescaped = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        match character {
            '"' => return Err(not_a_text()),
            '\\' => match characters.next() {
                Some('n') => unescaped.push('\n'),
                Some(itself @ ('"' | '\\')) => unescaped.push(itself),
                Some(other) => return Err(LiteralError::UnknownEscape(other)),
                None => return Err(not_a_text()),
            },
            _ => unescaped.push(character),
        }
    }
    Ok(Value::Text(unescaped.into()))
}
