//! One course of days in which every day's hours are known, counted from its
//! beginning: how much work was done before an instant, and when the n-th
//! second or day of work is.
//!
//! Days are held in runs that repeat week by week. Each run knows the seconds
//! and days of work before it, so a question costs a binary search over the
//! runs and a walk over one week and one day, whatever the amount. A day whose
//! hours a clock change makes longer or shorter is a run of its own.

use std::collections::BTreeMap;

use super::calendar::Found;
use super::moment::{DAYS, Moment, weekday};
use super::window::Plan;
use super::zone::Zone;

/// The plan of each weekday, by its place in a list of plans; Monday first.
pub(super) type Week = [usize; 7];

/// Days that all are as their weekday says, up to the next stretch of them.
pub(super) struct Stretch {
    pub(super) first: i64,
    pub(super) week: Week,
}

/// A course of days in which every day's hours are known.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    zone: Zone,
    plans: Vec<Plan>,
    rhythms: Vec<Rhythm>,
    // INVARIANT: in order of their first days, and the counts never fall.
    runs: Vec<Run>,
    /// Seconds and days of work from the first day to the last.
    total: Count,
}

/// Work before an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worked {
    pub(super) seconds: i64,
    /// Nanoseconds more, where the instant lies within working hours.
    pub(super) nanos: u32,
}

/// The start of a second of work, and the day that it is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Second {
    pub(super) start: i64,
    pub(super) day: i64,
}

/// Days from `first` to the next run, all in the same weekly rhythm.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: i64,
    rhythm: usize,
    before: Count,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    seconds: i64,
    days: i64,
}

/// What each weekday works, Monday first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rhythm {
    week: Week,
    seconds: [i64; 7],
    days: [i64; 7],
}

impl Timeline {
    /// The course of days that these stretches describe; they are in order and
    /// the first one starts with the first day that a calendar knows.
    pub(super) fn new(zone: Zone, plans: Vec<Plan>, stretches: &[Stretch]) -> Timeline {
        let mut timeline = Timeline { zone, plans, rhythms: Vec::new(), runs: Vec::new(), total: Count::default() };
        let mut known = BTreeMap::new();
        let mut changes = zone.change_days().iter().copied().peekable();
        let ends = stretches.iter().skip(1).map(|stretch| stretch.first).chain([DAYS.1 + 1]);
        for (stretch, end) in stretches.iter().zip(ends) {
            let usual = timeline.rhythm(stretch.week);
            let mut day = stretch.first;
            while let Some(change) = changes.next_if(|change| *change < end) {
                let actual = timeline.seconds_on(change, stretch.week);
                if change >= day && usual.seconds.get(weekday(change)) != Some(&actual) {
                    timeline.push(day, change, &usual, &mut known);
                    let changed = Rhythm { seconds: [actual; 7], days: [i64::from(actual > 0); 7], ..usual.clone() };
                    timeline.push(change, change + 1, &changed, &mut known);
                    day = change + 1;
                }
            }
            timeline.push(day, end, &usual, &mut known);
        }
        timeline
    }

    /// The zone that its hours are told in.
    pub(super) fn zone(&self) -> Zone {
        self.zone
    }

    /// Work before this instant.
    pub(super) fn worked(&self, at: Moment) -> Option<Worked> {
        let day = self.zone.day_at(at.second);
        let mut worked = Worked { seconds: self.before(day)?.seconds, nanos: 0 };
        for (opens, closes) in self.hours(day) {
            if at.second < closes {
                if at.second >= opens {
                    worked.seconds += at.second - opens;
                    worked.nanos = at.nano;
                }
                break;
            }
            worked.seconds += closes - opens;
        }
        Some(worked)
    }

    /// The `nth` second of work, counted from 1.
    pub(super) fn second(&self, nth: i64) -> Option<Second> {
        if !(1..=self.total.seconds).contains(&nth) {
            return None;
        }
        let run = self.run(|run| run.before.seconds < nth)?;
        let (days, mut nth) =
            find(&self.rhythms.get(run.rhythm)?.seconds, weekday(run.first), nth - run.before.seconds)?;
        let day = run.first + days;
        for (opens, closes) in self.hours(day) {
            if nth <= closes - opens {
                return Some(Second { start: opens + nth - 1, day });
            }
            nth -= closes - opens;
        }
        None
    }

    /// The `nth` working day, counted from 1.
    pub(super) fn working_day(&self, nth: i64) -> Option<i64> {
        if !(1..=self.total.days).contains(&nth) {
            return None;
        }
        let run = self.run(|run| run.before.days < nth)?;
        let (days, _) = find(&self.rhythms.get(run.rhythm)?.days, weekday(run.first), nth - run.before.days)?;
        Some(run.first + days)
    }

    /// Seconds of work before this day.
    pub(super) fn seconds_before(&self, day: i64) -> Option<i64> {
        Some(self.before(day)?.seconds)
    }

    /// Working days before this day.
    pub(super) fn days_before(&self, day: i64) -> Option<i64> {
        Some(self.before(day)?.days)
    }

    /// The end of the stretch of work that holds an instant or comes next. Stretches that touch are one; none is looked
    /// for further than a year on.
    pub(super) fn closing_after(&self, at: Moment) -> Option<Found<Moment>> {
        let first = self.zone.day_at(at.second);
        let mut closing: Option<i64> = None;
        for day in first..first + 367 {
            for (opens, closes) in self.hours(day) {
                match closing {
                    None if closes > at.second => closing = Some(closes),
                    Some(end) if opens == end => closing = Some(closes),
                    Some(end) => return Some(Found { answer: Moment::at(end), from: first, to: day, places: true }),
                    None => {}
                }
            }
            // The next day may go on where this one ends.
            if let Some(end) = closing.filter(|end| self.zone.day_at(*end) <= day) {
                return Some(Found { answer: Moment::at(end), from: first, to: day, places: true });
            }
        }
        None
    }

    /// Whether work is done at this instant.
    pub(super) fn is_open(&self, at: Moment) -> bool {
        self.hours(self.zone.day_at(at.second)).any(|(opens, closes)| (opens..closes).contains(&at.second))
    }

    /// The first opening and the last closing of a day; `None` when it is no working day.
    pub(super) fn opening_and_closing(&self, day: i64) -> Option<(i64, i64)> {
        let mut hours = self.hours(day);
        let (opens, closes) = hours.next()?;
        Some((opens, hours.last().map_or(closes, |(_, closes)| closes)))
    }

    /// The stretches of instants that a day's work is done in.
    pub(super) fn hours(&self, day: i64) -> impl Iterator<Item = (i64, i64)> {
        let run = self.run(|run| run.first <= day);
        let rhythm = run.and_then(|run| self.rhythms.get(run.rhythm));
        let plan = rhythm.and_then(|rhythm| self.plan(rhythm.week, day));
        self.zone.stretches(day, plan.map_or(&[], Plan::windows))
    }

    /// Work before a day; for the day after the last one, all work.
    fn before(&self, day: i64) -> Option<Count> {
        if !(DAYS.0..=DAYS.1 + 1).contains(&day) {
            return None;
        }
        let run = self.run(|run| run.first <= day)?;
        Some(run.before.and(self.rhythms.get(run.rhythm)?, run.first, day))
    }

    /// The last run that this holds for; it holds for every run up to some run.
    fn run(&self, holds: impl Fn(&Run) -> bool) -> Option<Run> {
        self.runs.get(self.runs.partition_point(holds).checked_sub(1)?).copied()
    }

    fn plan(&self, week: Week, day: i64) -> Option<&Plan> {
        self.plans.get(*week.get(weekday(day))?)
    }

    /// The rhythm of a week whose days no clock change touches.
    fn rhythm(&self, week: Week) -> Rhythm {
        let seconds = week.map(|plan| self.plans.get(plan).map_or(0, Plan::seconds));
        Rhythm { week, seconds, days: seconds.map(|seconds| i64::from(seconds > 0)) }
    }

    /// Seconds of work that a day has when it follows this week, clock changes included.
    fn seconds_on(&self, day: i64, week: Week) -> i64 {
        let windows = self.plan(week, day).map_or(&[][..], Plan::windows);
        self.zone.stretches(day, windows).map(|(opens, closes)| closes - opens).sum()
    }

    fn push(&mut self, first: i64, end: i64, rhythm: &Rhythm, known: &mut BTreeMap<Rhythm, usize>) {
        if first >= end {
            return;
        }
        let place = *known.entry(rhythm.clone()).or_insert_with(|| {
            self.rhythms.push(rhythm.clone());
            self.rhythms.len() - 1
        });
        let before = self.total;
        self.runs.push(Run { first, rhythm: place, before });
        self.total = before.and(rhythm, first, end);
    }
}

impl Count {
    /// This and the work of the days `first` up to, not with, `end`.
    fn and(self, rhythm: &Rhythm, first: i64, end: i64) -> Count {
        Count {
            seconds: self.seconds + sum(&rhythm.seconds, weekday(first), end - first),
            days: self.days + sum(&rhythm.days, weekday(first), end - first),
        }
    }
}

/// The weekly amounts from this weekday on, without end.
fn from_weekday(amounts: &[i64; 7], weekday: usize) -> impl Iterator<Item = i64> {
    amounts.iter().copied().cycle().skip(weekday)
}

/// What so many days have together, the first of them on this weekday.
fn sum(amounts: &[i64; 7], weekday: usize, days: i64) -> i64 {
    let over = usize::try_from(days % 7).unwrap_or(0);
    days / 7 * amounts.iter().sum::<i64>() + from_weekday(amounts, weekday).take(over).sum::<i64>()
}

/// The day that brings the `nth` unit, counted from 1, as days after the first
/// one, which is on this weekday; and which unit of that day it is.
fn find(amounts: &[i64; 7], weekday: usize, nth: i64) -> Option<(i64, i64)> {
    let weekly = amounts.iter().sum::<i64>();
    let weeks = (nth - 1).checked_div(weekly)?;
    let mut left = nth - weeks * weekly;
    for (day, amount) in (0..7).zip(from_weekday(amounts, weekday)) {
        if left <= amount {
            return Some((weeks * 7 + day, left));
        }
        left -= amount;
    }
    None
}
