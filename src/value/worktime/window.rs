//! Windows of a day in which work is done, and whole days of them.

use std::fmt;

use chrono::{NaiveTime, Timelike};

use super::error::CalendarError;

/// Wall-clock hours `from` up to, not with, `to`, as `09:00..12:00`; `to` may be
/// the end of the day, 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    // INVARIANT: minutes from midnight, `from < to <= 1440`.
    from: u16,
    to: u16,
}

/// Minutes of a day.
const MIDNIGHT: u32 = 24 * 60;

impl Window {
    /// `00:00..24:00`
    pub const WHOLE_DAY: Window = Window { from: 0, to: 1440 };

    /// The window between two times of day; `to` at midnight is the end of the day.
    ///
    /// # Errors
    /// [`CalendarError::NotWholeMinutes`], or [`CalendarError::EndsBeforeStart`]
    /// when it would be empty or run over midnight.
    pub fn new(from: NaiveTime, to: NaiveTime) -> Result<Window, CalendarError> {
        let minutes = |time: NaiveTime| match (time.second(), time.nanosecond()) {
            (0, 0) => Ok(time.hour() * 60 + time.minute()),
            _ => Err(CalendarError::NotWholeMinutes { time }),
        };
        let to = if to == NaiveTime::MIN { MIDNIGHT } else { minutes(to)? };
        Window::from_minutes(minutes(from)?, to)
    }

    /// The window between two times in minutes from midnight, at most 1440.
    ///
    /// # Errors
    /// [`CalendarError::EndsBeforeStart`] when it would be empty or leave the day.
    pub fn from_minutes(from: u32, to: u32) -> Result<Window, CalendarError> {
        match (u16::try_from(from), u16::try_from(to)) {
            (Ok(start), Ok(end)) if start < end && to <= MIDNIGHT => Ok(Window { from: start, to: end }),
            _ => Err(CalendarError::EndsBeforeStart { from: clock(from), to: clock(to) }),
        }
    }

    /// Seconds from midnight to its start, on a day without clock changes.
    pub(super) fn opens(self) -> i64 {
        i64::from(self.from) * 60
    }

    /// Seconds from midnight to its end, on a day without clock changes.
    pub(super) fn closes(self) -> i64 {
        i64::from(self.to) * 60
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", clock(self.from.into()), clock(self.to.into()))
    }
}

/// The windows of one day, in order, with a gap between any two; none when closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Plan(Vec<Window>);

impl Plan {
    /// These windows, in any order; those that adjoin become one.
    pub(super) fn of(windows: &[Window]) -> Result<Plan, CalendarError> {
        let mut sorted = windows.to_vec();
        sorted.sort_unstable();
        match sorted.iter().zip(sorted.iter().skip(1)).find(|(one, next)| next.from < one.to) {
            Some((first, second)) => Err(CalendarError::Overlap { first: *first, second: *second }),
            None => Ok(Plan::merged(sorted)),
        }
    }

    /// All hours that any of the plans works.
    pub(super) fn union<'a>(plans: impl Iterator<Item = &'a Plan>) -> Plan {
        let mut windows: Vec<Window> = plans.flat_map(|plan| &plan.0).copied().collect();
        windows.sort_unstable();
        Plan::merged(windows)
    }

    pub(super) fn windows(&self) -> &[Window] {
        &self.0
    }

    fn merged(sorted: Vec<Window>) -> Plan {
        let mut windows: Vec<Window> = Vec::with_capacity(sorted.len());
        for next in sorted {
            match windows.last_mut() {
                Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
                _ => windows.push(next),
            }
        }
        Plan(windows)
    }
}

fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
