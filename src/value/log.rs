//! Logs of events, and lists of holidays: values that only facts bring.

use chrono::{DateTime, FixedOffset};

use super::Value;
use super::worktime::{Holidays, Judged};

/// The events of one case, as they were given; their order is that of the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Log {
    pub entries: Vec<Entry>,
}

/// `at 2026-03-06T17:30+08:00 reported by customer with incident.level = 2`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    pub at: DateTime<FixedOffset>,
    /// Number of the event among those that the rules declare.
    pub event: u32,
    /// Number of the party, where the entry names one.
    pub by: Option<u32>,
    /// Numbers of inputs, and their values from here on.
    pub with: Vec<(u32, Value)>,
    /// Where it stands: the line of its file, or its place in a list, counted from 1.
    pub line: u32,
}

/// Days that are holidays or working days, and the dates that the list speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HolidayList {
    /// What the list is called: its item, or its file.
    pub name: String,
    pub holidays: Holidays,
    /// First and last dates that it covers, both included; on others it says nothing.
    pub covered: Vec<(chrono::NaiveDate, chrono::NaiveDate)>,
}

impl HolidayList {
    /// What a file holds: it covers the whole years in which an entry starts.
    pub fn from_file(name: &str, holidays: Holidays) -> HolidayList {
        let covered = holidays.covered();
        HolidayList { name: name.to_owned(), holidays, covered }
    }

    /// Days of other lists are not judged by this one.
    pub fn judged(&self) -> Judged {
        Judged::Within(self.covered.clone())
    }
}
