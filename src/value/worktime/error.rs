//! What can be wrong with a calendar, and why a question to it has no answer.
//!
//! Messages are lower-case clauses for a contract analyst; which calendar they
//! speak of, and where it is written, is the caller's to add.

use chrono::{NaiveDate, NaiveTime, Weekday};
use thiserror::Error;

use super::Window;

/// Why a question to a calendar has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum NoAnswer {
    /// The answer turns on days that the calendar cannot judge.
    #[error(transparent)]
    Unjudged(#[from] Unjudged),
    /// The answer, or the question, lies outside the years that dates may have.
    #[error("the date falls outside the years 1 to 9999")]
    OutOfRange,
}

/// Days that must be judged, as working days or not, before the answer is
/// known: at least those between these two, which are both among them. If some
/// of them turn out to be closed, later ones may matter too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[error("the calendar does not say which days from {from} to {to} are working days")]
pub struct Unjudged {
    /// The first day that matters.
    pub from: NaiveDate,
    /// The last day that is known to matter.
    pub to: NaiveDate,
}

/// What is wrong with a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum CalendarError {
    /// `18:00..09:00`
    #[error("working hours must end after they start and by 24:00, and {from}..{to} do not")]
    EndsBeforeStart {
        /// The start, as a time of day.
        from: String,
        /// The end, as a time of day.
        to: String,
    },
    /// `09:00:30`
    #[error("working hours start and end on whole minutes, and {time} is none")]
    NotWholeMinutes {
        /// The time as written.
        time: NaiveTime,
    },
    /// `09:00..12:00, 11:00..18:00`
    #[error("the working hours {first} and {second} overlap")]
    Overlap {
        /// The earlier window.
        first: Window,
        /// The one that starts before the earlier one ends.
        second: Window,
    },
    /// `2024-10-07 to 2024-10-01`
    #[error("the last day, {last}, comes before the first, {first}")]
    EndsBeforeFirstDay {
        /// The first day as written.
        first: NaiveDate,
        /// The last day as written.
        last: NaiveDate,
    },
    /// A holiday that is also a working day, or a working day with two sets of hours.
    #[error("{date} is listed twice, and the two do not agree")]
    ListedTwice {
        /// The day.
        date: NaiveDate,
    },
    /// Working days that go on for longer than make-up days do.
    #[error("the working days from {first} to {last} are more than a month in one; give the week these hours instead")]
    LongWorkingStretch {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// A working day without hours, where weekdays differ or none has any.
    #[error("the working day {date} needs its hours, because the week has no usual ones")]
    NoUsualHours {
        /// The day.
        date: NaiveDate,
    },
    /// A working day with the hours of a weekday that has none.
    #[error("the working day {date} has the hours of a {}, which has none", name(*.weekday))]
    ClosedHours {
        /// The day.
        date: NaiveDate,
        /// The weekday whose hours it should have.
        weekday: Weekday,
    },
    /// No weekday has hours and no working day is listed.
    #[error("the calendar has no working hours at all")]
    NeverOpen,
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "monday",
        Weekday::Tue => "tuesday",
        Weekday::Wed => "wednesday",
        Weekday::Thu => "thursday",
        Weekday::Fri => "friday",
        Weekday::Sat => "saturday",
        Weekday::Sun => "sunday",
    }
}

/// A name that is no time zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[error("`{name}` is not a time zone of the IANA database")]
pub struct UnknownZone {
    /// The name as written.
    pub name: String,
    /// The zone whose name is most like it, if one is.
    pub nearest: Option<&'static str>,
}

impl UnknownZone {
    pub(super) fn new(name: &str, zones: impl Iterator<Item = &'static str>) -> UnknownZone {
        // Names are short; a long text is no slip of the pen, and not worth comparing.
        let wanted = name.to_lowercase();
        let distance = |zone: &str| strsim::damerau_levenshtein(&wanted, &zone.to_lowercase());
        let nearest = if name.len() > 40 { None } else { zones.map(|zone| (distance(zone), zone)).min() };
        // An abbreviation or an offset is another way to name a zone, and no slip: `CST` is not meant to be `EST`.
        let slip = |slips: usize| slips <= 3 && slips * 4 <= name.len();
        UnknownZone { name: name.to_owned(), nearest: nearest.filter(|(slips, _)| slip(*slips)).map(|(_, zone)| zone) }
    }
}
