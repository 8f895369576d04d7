//! A calendar as the engine sees it: which of its lines hold, and every day of a span of dates.

mod json;
mod lines;
mod month;
mod text;

use std::rc::Rc;

use chrono::{Datelike, NaiveDate};

pub use json::calendar_json;
pub(super) use json::day_json;
pub(super) use lines::{CalendarLine, ListTold, calendar_lines, lists_told};
pub use text::calendar_text;

use crate::check::Checked;
use crate::diag::did_you_mean;
use crate::eval::{Clock, Evaluation, Why};
use crate::model::Model;
use crate::scenario::Facts;
use crate::value::worktime::Day;

/// The most years that are shown at once.
pub const MOST_YEARS: i32 = 10;

/// A calendar over a span of dates.
pub struct CalendarReport {
    number: u32,
    clock: Rc<Clock>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    lines: Vec<CalendarLine>,
    lists: Vec<ListTold>,
    /// One for each date, in order.
    days: Vec<Day>,
}

/// The number of the calendar of that name.
///
/// # Errors
/// That there is none, with the one that may be meant.
pub fn calendar_named(model: &Model, name: &str) -> Result<u32, String> {
    if let Some(number) = model.calendars.iter().position(|c| c.name == name) {
        return Ok(number as u32);
    }
    let names: Vec<&str> = model.calendars.iter().map(|c| c.name.as_str()).collect();
    let help = match did_you_mean(name, names.iter().copied()) {
        Some(near) => near,
        None if names.is_empty() => "they declare none".to_owned(),
        None => format!("there are: {}", names.join(", ")),
    };
    Err(format!("these rules have no calendar `{name}`; {help}"))
}

/// The calendar for some facts, from one date to another, both included.
///
/// # Errors
/// Why the calendar is not known, such as a zone that is not given.
pub fn calendar_report(
    checked: &Checked,
    facts: &Facts,
    number: u32,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<CalendarReport, Rc<Why>> {
    let evaluation = Evaluation::new(checked, facts);
    let clock = evaluation.clock(number)?;
    let days = from.iter_days().take_while(|date| *date <= to).filter_map(|date| clock.calendar.day(date));
    Ok(CalendarReport {
        number,
        days: days.collect(),
        lines: calendar_lines(&evaluation, number),
        lists: lists_told(&evaluation, number),
        clock,
        from,
        to,
    })
}

impl CalendarReport {
    /// The days of each month, in order.
    fn months(&self) -> impl Iterator<Item = &[Day]> {
        let month = |day: &Day| (day.date.year(), day.date.month());
        self.days.chunk_by(move |a, b| month(a) == month(b))
    }
}

/// A month, `2026-09`, or a date, or a year: its first and its last day.
///
/// # Errors
/// How it is written.
pub fn span_of(written: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let wrong = || format!("`{written}` is no month or date: write 2026-09 or 2026-09-30");
    let whole = |first: Option<NaiveDate>, months: u32| {
        let first = first.ok_or_else(wrong)?;
        let next = first.checked_add_months(chrono::Months::new(months)).and_then(|d| d.pred_opt());
        Ok((first, next.ok_or_else(wrong)?))
    };
    let parts: Vec<&str> = written.trim().split('-').collect();
    if !parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())) {
        return Err(wrong());
    }
    match parts[..] {
        [year] if year.len() == 4 => whole(date(year, "1", "1"), 12),
        [year, month] if year.len() == 4 && month.len() == 2 => whole(date(year, month, "1"), 1),
        [year, month, day] if year.len() == 4 => {
            let one = date(year, month, day).ok_or_else(wrong)?;
            Ok((one, one))
        }
        _ => Err(wrong()),
    }
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = year.parse().ok().filter(|year| (1..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_months_dates_and_years() {
        let told = |written: &str| span_of(written).map(|(first, last)| format!("{first} {last}"));
        assert_eq!(told("2026-02").unwrap(), "2026-02-01 2026-02-28");
        assert_eq!(told("2026-02-03").unwrap(), "2026-02-03 2026-02-03");
        assert_eq!(told("2024").unwrap(), "2024-01-01 2024-12-31");
        for wrong in ["2026-13", "2026-02-30", "26-02", "", "2026-2", "soon", "-2026-02", "0000-01"] {
            assert!(told(wrong).is_err(), "{wrong}");
        }
    }
}
