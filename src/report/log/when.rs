//! Instants told in one local time, and which one that is.

use chrono::{FixedOffset, NaiveDate, Timelike};

use crate::eval::chronicle::{At, Chronicle};
use crate::eval::{Evaluation, Used};
use crate::value::worktime::Zone;

/// The local time of a report.
#[derive(Clone, Debug)]
pub struct When {
    zone: Option<Zone>,
    offset: FixedOffset,
    /// Where it is from: `the calendar office`, `the as-of`.
    from: String,
    seconds: bool,
}

impl When {
    /// The zone of the milestones' calendar; of a calendar that a process counts in; else the offset of the as-of,
    /// or of the first event.
    pub fn of(evaluation: &Evaluation, chronicle: &Chronicle) -> When {
        let runs = chronicle.milestones.iter().flat_map(|m| &m.runs).filter_map(|run| run.calendar);
        let of_milestones = chronicle.milestones.iter().flat_map(|m| &m.uses).filter_map(|used| match used {
            Used::Calendar(number) => Some(*number),
            _ => None,
        });
        let of_processes = chronicle.processes.iter().flat_map(|p| evaluation.used_by(&[p.decision]));
        let of_processes = of_processes.filter_map(|used| match used {
            Used::Calendar(number) => Some(number),
            _ => None,
        });
        let mut calendars = runs.chain(of_milestones).chain(of_processes);
        let found = calendars.find_map(|number| {
            let zone = evaluation.clock(number).ok()?.calendar.zone();
            Some((zone, evaluation.model().calendars.get(number as usize)?.name.clone()))
        });
        let horizon = chronicle.as_of.map(|at| (at, "the as-of"));
        let first = chronicle.log.entries.first().map(|entry| (entry.at, "the first event"));
        let utc = FixedOffset::east_opt(0).map(|utc| (utc, "UTC"));
        let offset = horizon.or(first).map(|(at, from)| (*at.offset(), from)).or(utc);
        let instants = chronicle.log.entries.iter().map(|entry| entry.at).chain(chronicle.as_of);
        let seconds = instants.into_iter().any(|at| at.second() != 0);
        match (found, offset) {
            (Some((zone, calendar)), Some((offset, _))) => {
                When { zone: Some(zone), offset, from: format!("the calendar {calendar}"), seconds }
            }
            (None, Some((offset, from))) => When { zone: None, offset, from: from.to_owned(), seconds },
            // There always is an offset of zero.
            (_, None) => When { zone: None, offset: *At::default().offset(), from: "UTC".to_owned(), seconds },
        }
    }

    /// `Asia/Shanghai, the zone of the calendar office`
    pub fn said(&self) -> String {
        match self.zone {
            Some(zone) => format!("{}, the zone of {}", zone.name(), self.from),
            None => format!("{}, the offset of {}", self.offset, self.from),
        }
    }

    /// The zone's name, or the offset.
    pub fn name(&self) -> String {
        self.zone.map_or_else(|| self.offset.to_string(), |zone| zone.name().to_owned())
    }

    /// The instant as it is told here.
    pub fn local(&self, at: At) -> At {
        let zoned = self.zone.and_then(|zone| zone.local(at));
        zoned.unwrap_or_else(|| at.with_timezone(&self.offset))
    }

    /// The instant of a local date and time.
    pub fn at_local(&self, local: chrono::NaiveDateTime) -> At {
        let zoned = self.zone.and_then(|zone| zone.at_local(local));
        // A fixed offset has every local time once.
        zoned.or_else(|| local.and_local_timezone(self.offset).single()).unwrap_or_default()
    }

    pub fn date(&self, at: At) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// `17:30`; with its offset where a clock change brings that time twice.
    pub fn time(&self, at: At) -> String {
        let local = self.local(at);
        let shift = |minutes: i64| at.checked_add_signed(chrono::TimeDelta::minutes(minutes));
        // Clocks are put back by half an hour or by whole hours.
        let twice = [-120, -60, -30, 30, 60, 120].into_iter().filter_map(shift);
        let mut twice = twice.filter(|other| self.local(*other).naive_local() == local.naive_local());
        match twice.next() {
            Some(_) => format!("{} {}", self.clock(at), local.offset()),
            None => self.clock(at),
        }
    }

    /// `2026-03-06 Fri 17:30` for a line that says when the offset changes; always of the same width.
    pub fn stamp(&self, at: At) -> String {
        format!("{} {}", day_words(self.date(at)), self.stamp_time(at))
    }

    /// The time of a stamp, to the minute unless instants of the log have seconds.
    pub fn stamp_time(&self, at: At) -> String {
        self.local(at).format(if self.seconds { "%H:%M:%S" } else { "%H:%M" }).to_string()
    }

    /// `17:30`; with seconds where an instant of the log has some.
    fn clock(&self, at: At) -> String {
        let local = self.local(at);
        let seconds = self.seconds || local.second() != 0;
        local.format(if seconds { "%H:%M:%S" } else { "%H:%M" }).to_string()
    }

    /// `2026-03-06 Fri 17:30`
    pub fn both(&self, at: At) -> String {
        format!("{} {}", day_words(self.date(at)), self.time(at))
    }

    /// How wide [`stamp`](When::stamp) is.
    pub fn width(&self) -> usize {
        if self.seconds { 23 } else { 20 }
    }
}

/// `2026-03-06 Fri`
pub fn day_words(date: NaiveDate) -> String {
    date.format("%Y-%m-%d %a").to_string()
}
