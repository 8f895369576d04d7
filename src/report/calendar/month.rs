//! Hours of days and work of months, in words.

use chrono::{Datelike, NaiveDate};

use super::CalendarReport;
use crate::model::Model;
use crate::value::Value;
use crate::value::worktime::{Day, DayKind};

/// `09:00-12:00, 13:00-18:00`
pub fn hours_words(day: &Day) -> String {
    let windows = day.stretches.iter().map(|(opens, closes)| {
        let closes = match closes.date_naive() > day.date {
            true => "24:00".to_owned(),
            false => closes.format("%H:%M").to_string(),
        };
        format!("{}-{closes}", opens.format("%H:%M"))
    });
    windows.collect::<Vec<_>>().join(", ")
}

/// Days of a month that follow each other: `1-7`, `10`.
pub fn days_words(first: NaiveDate, last: NaiveDate) -> String {
    if first == last { first.day().to_string() } else { format!("{}-{}", first.day(), last.day()) }
}

/// Work of a span of dates: the least and the most, in seconds and in days, and how many days are not judged.
pub struct Work {
    pub least: (i64, i64),
    pub most: (i64, i64),
    pub not_judged: usize,
}

impl CalendarReport {
    /// The work of some days that follow each other.
    pub(super) fn work(&self, days: &[Day]) -> Work {
        let span = days.first().zip(days.last()).map(|(first, last)| (first.date, last.date));
        let found = span.and_then(|(first, last)| self.clock.calendar.work_between(first, last));
        let (least, most) = found.unwrap_or_default();
        let not_judged = days.iter().filter(|day| day.kind == DayKind::NotJudged).count();
        Work { least, most, not_judged }
    }

    /// The hours that most working days have.
    pub(super) fn usual_hours(&self) -> String {
        let mut counts: Vec<(String, usize)> = Vec::new();
        let open = self.days.iter().filter(|day| day.clock_change.is_none() && !day.stretches.is_empty());
        for words in open.map(hours_words) {
            match counts.iter_mut().find(|(known, _)| *known == words) {
                Some((_, count)) => *count += 1,
                None => counts.push((words, 1)),
            }
        }
        // The first of those that are as frequent.
        counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(String::new(), |(words, _)| words)
    }
}

impl Work {
    /// `17 working days, 153 business hours`
    pub fn words(&self, model: &Model) -> String {
        let hours = |seconds: i64| Value::BusinessHours(seconds).display(model).to_string();
        let days = |n: i64| if n == 1 { "1 working day".to_owned() } else { format!("{n} working days") };
        if self.least == self.most {
            return format!("{}, {}", days(self.least.1), hours(self.least.0));
        }
        let not_judged = match self.not_judged {
            1 => "1 day is not judged".to_owned(),
            n => format!("{n} days are not judged"),
        };
        format!(
            "at least {}, {}; at most {}, {}; {not_judged}",
            days(self.least.1),
            hours(self.least.0),
            days(self.most.1),
            hours(self.most.0)
        )
    }
}
