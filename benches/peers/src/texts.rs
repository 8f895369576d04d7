//! Facts and answers as texts.

use chrono::NaiveDate;

use crate::workload::arrow_orders::days_of;
use crate::workload::hand::RESPONSES;

/// Days since 1970-01-01 as an ISO date.
pub fn iso(days: i32) -> String {
    NaiveDate::from_num_days_from_ce_opt(days + 719_163).expect("days lie in the 21st century").to_string()
}

/// The days of a text that starts with an ISO date.
pub fn days(iso: &str) -> i32 {
    days_of(iso[..10].parse().expect("the text starts with a date"))
}

/// Cents as a decimal number.
pub fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}

/// An amount in tenths of a cent, to the nearest: engines with binary numbers are allowed what those lose.
pub fn tenths(amount: f64) -> i64 {
    (amount * 1_000.0).round() as i64
}

/// The place of a first response among all there are.
pub fn response(text: &str) -> u8 {
    RESPONSES.iter().position(|response| *response == text).expect("the charts have it") as u8
}

/// A cover as the hand-written code has it.
pub fn covered(text: Option<&str>) -> Option<bool> {
    match text {
        Some("covered") => Some(true),
        Some("not-covered") => Some(false),
        _ => None,
    }
}
