//! Days that a calendar lists one by one, and files of them.

use chrono::{Datelike, NaiveDate, Weekday};
use thiserror::Error;

use super::Window;

/// Days, from a first to a last, that are not as their weekday says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listed {
    /// The first day.
    pub first: NaiveDate,
    /// The last day, which may be the first.
    pub last: NaiveDate,
    /// What they are.
    pub day: ListedDay,
    /// What they are called, such as `National Day`.
    pub name: Option<String>,
}

/// What a listed day is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListedDay {
    /// No work is done.
    Holiday,
    /// Work is done, though the weekday may have no hours or others.
    Working(WorkingHours),
}

/// The hours of a listed working day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WorkingHours {
    /// Those that every weekday with working hours has.
    Usual,
    /// Those of this weekday.
    AsOn(Weekday),
    /// These.
    Windows(Vec<Window>),
}

/// What a file lists: see [`holidays_from_csv`](super::holidays_from_csv) and
/// [`holidays_from_ics`](super::holidays_from_ics).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holidays {
    /// In file order.
    pub listed: Vec<Listed>,
}

impl Holidays {
    /// The spans of dates that the file speaks of: each whole year in which an
    /// entry starts. Of other years it says nothing, not that they have no
    /// holidays. An entry that runs into the next year does not cover that year.
    #[must_use]
    pub fn covered(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let mut years: Vec<i32> = self.listed.iter().map(|listed| listed.first.year()).collect();
        years.sort_unstable();
        years.dedup();
        let span = |year| Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?));
        years.into_iter().filter_map(span).collect()
    }
}

/// Why a file of holidays cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[error("{message}")]
pub struct ReadError {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
    /// What mends it.
    pub help: String,
}

impl ReadError {
    pub(super) fn new(line: u64, message: impl Into<String>, help: &str) -> ReadError {
        ReadError { line, message: message.into(), help: help.to_owned() }
    }
}

/// A text of a file as a problem repeats it: not all of a long one.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl Ord for WorkingHours {
    fn cmp(&self, other: &WorkingHours) -> std::cmp::Ordering {
        let key = |hours: &WorkingHours| match hours {
            WorkingHours::Usual => (0, 0, Vec::new()),
            WorkingHours::AsOn(weekday) => (1, weekday.num_days_from_monday(), Vec::new()),
            WorkingHours::Windows(windows) => (2, 0, windows.clone()),
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for WorkingHours {
    fn partial_cmp(&self, other: &WorkingHours) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
