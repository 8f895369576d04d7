//! One course of days in which every day's hours are known, counted from its
//! beginning: how much work was done before an instant, and when the n-th
//! second or day of work is.
//!
//! Days are held in runs that repeat week by week at one offset of the clock; a
//! day that a clock change touches is a run of its own, whatever its hours. Each
//! run knows when it starts and the work before it, so a question costs a binary
//! search over the runs and one over the hours of a week, whatever the amount.

mod maker;

use super::calendar::Found;
use super::moment::{DAY, DAYS, Instant, Moment};
use super::rhythm::{Rhythm, WEEK};
use super::rising::Rising;
use super::window::Plan;
use super::zone::Zone;
use maker::Maker;

/// The plan of each weekday, by its place in a list of plans; Monday first.
pub(super) type Week = [usize; 7];

/// Days that all are as their weekday says, up to the next stretch of them.
pub(super) struct Stretch {
    pub(super) first: i64,
    pub(super) week: Week,
    /// Whether that is so whatever the unjudged days turn out to be.
    pub(super) judged: bool,
}

/// A course of days in which every day's hours are known.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    zone: Zone,
    rhythms: Vec<Rhythm>,
    // INVARIANT: not empty; in order of their first days.
    runs: Vec<Run>,
    /// The instant at which each run starts. They never fall; those of days that the zone skips are those of the next.
    starts: Rising,
    /// Seconds of work before each run. They never fall.
    worked: Vec<i64>,
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
    /// The place of the day's run.
    pub(super) run: usize,
}

/// Where an instant lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The place of the run.
    pub(super) run: usize,
    /// Weeks from the start of the run's rhythm.
    weeks: i64,
    /// Seconds into that week.
    seconds: i64,
}

/// Days from `first` to the next run, all in the same weekly rhythm.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: i64,
    rhythm: usize,
    /// The day from which the rhythm is counted: a Monday, or the day itself where the clock changes.
    anchor: i64,
    /// The instant that its seconds are counted from.
    zero: i64,
    /// The clock's offset, in seconds; `None` on a day that a clock change touches.
    offset: Option<i32>,
    /// Work before `anchor`, if the rhythm had begun there.
    before: Count,
    /// The number of the stretch of judged days that it belongs to; 0 where they are not judged.
    judged: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    seconds: i64,
    days: i64,
}

impl Timeline {
    /// The course of days that these stretches describe; they are in order and
    /// the first one starts with the first day that a calendar knows.
    pub(super) fn new(zone: Zone, plans: &[Plan], stretches: &[Stretch]) -> Timeline {
        Maker::new(zone).timeline(plans, stretches)
    }

    /// The zone that its hours are told in.
    pub(super) fn zone(&self) -> Zone {
        self.zone
    }

    /// Where an instant lies; `None` before the first day.
    #[inline]
    pub(super) fn spot(&self, second: i64) -> Option<Spot> {
        let place = self.starts.upto(second).checked_sub(1)?;
        let run = self.runs.get(place)?;
        let since = second - run.zero;
        // The hours of a day that a clock change touches may lie outside the 24 hours from its `zero`.
        let weeks = if run.offset.is_some() { since.div_euclid(WEEK) } else { 0 };
        Some(Spot { run: place, weeks, seconds: since - weeks * WEEK })
    }

    /// Work before so many nanoseconds after this spot.
    #[inline]
    pub(super) fn worked_at(&self, spot: Spot, nano: u32) -> Option<Worked> {
        let run = self.runs.get(spot.run)?;
        let rhythm = self.rhythms.get(run.rhythm)?;
        let (seconds, open) = rhythm.worked(spot.seconds);
        let seconds = run.before.seconds + spot.weeks * rhythm.seconds() + seconds;
        Some(Worked { seconds, nanos: if open { nano } else { 0 } })
    }

    /// The `nth` second of work, counted from 1. It is found soonest near the run of this place.
    #[inline]
    pub(super) fn second(&self, nth: i64, near: usize) -> Option<Second> {
        if !(1..=self.total.seconds).contains(&nth) {
            return None;
        }
        let place = self.run_of_second(nth, near)?;
        let run = self.runs.get(place)?;
        let rhythm = self.rhythms.get(run.rhythm)?;
        let place_in = nth - 1 - run.before.seconds;
        let weeks = place_in.checked_div(rhythm.seconds())?;
        let (day, start) = rhythm.second(place_in - weeks * rhythm.seconds())?;
        Some(Second { start: run.zero + weeks * WEEK + start, day: run.anchor + weeks * 7 + day, run: place })
    }

    /// The `nth` working day, counted from 1.
    pub(super) fn working_day(&self, nth: i64) -> Option<i64> {
        if !(1..=self.total.days).contains(&nth) {
            return None;
        }
        let run = self.last_run(|run| {
            self.rhythms.get(run.rhythm).is_some_and(|rhythm| self.days_to(run, rhythm, run.first) < nth)
        })?;
        let rhythm = self.rhythms.get(run.rhythm)?;
        let place_in = nth - 1 - run.before.days;
        let weeks = place_in.checked_div(rhythm.days())?;
        Some(run.anchor + weeks * 7 + rhythm.working_day(place_in - weeks * rhythm.days())?)
    }

    /// Seconds of work before this day.
    pub(super) fn seconds_before(&self, day: i64) -> Option<i64> {
        let (run, rhythm) = self.counted(day)?;
        let (weeks, weekday) = run.weeks_to(day);
        Some(run.before.seconds + weeks * rhythm.seconds() + rhythm.seconds_before(weekday))
    }

    /// Working days before this day.
    pub(super) fn days_before(&self, day: i64) -> Option<i64> {
        let (run, rhythm) = self.counted(day)?;
        Some(self.days_to(run, rhythm, day))
    }

    /// Whether all days from one to the other, in any order, are the same whatever the unjudged days turn out to be.
    pub(super) fn is_judged(&self, one: i64, other: i64) -> bool {
        let judged = |day| self.run_on(day).map_or(0, |run| run.judged);
        judged(one) != 0 && judged(one) == judged(other)
    }

    /// The same for the days of two runs and all between them.
    #[inline]
    pub(super) fn is_judged_between(&self, one: usize, other: usize) -> bool {
        let judged = |place| self.runs.get(place).map_or(0, |run: &Run| run.judged);
        judged(one) != 0 && judged(one) == judged(other)
    }

    /// An instant as the zone's clock tells it, which lies in a run or ends it.
    #[inline]
    pub(super) fn tell_in(&self, run: usize, at: Moment) -> Instant {
        match self.runs.get(run).and_then(|run| run.offset) {
            Some(offset) => Instant { second: at.second, nano: at.nano, offset },
            None => self.zone.tell(at),
        }
    }

    /// The day that an instant belongs to.
    pub(super) fn day_at(&self, second: i64) -> i64 {
        let day = |spot| self.day_of(spot);
        self.spot(second).and_then(day).unwrap_or_else(|| self.zone.day_at(second))
    }

    /// The day of a spot.
    pub(super) fn day_of(&self, spot: Spot) -> Option<i64> {
        let run = self.runs.get(spot.run)?;
        let day = if run.offset.is_some() { spot.seconds / DAY } else { 0 };
        Some(run.anchor + spot.weeks * 7 + day)
    }

    /// The end of the stretch of work that holds an instant or comes next. Stretches that touch are one; none is looked
    /// for further than a year on.
    pub(super) fn closing_after(&self, at: Moment) -> Option<Found<Instant>> {
        let first = self.day_at(at.second);
        let found = |end, day| {
            let answer = self.zone.tell(Moment::at(end));
            Found { answer, from: first, to: day, places: true, judged: self.is_judged(first, day) }
        };
        let mut closing: Option<i64> = None;
        for day in first..first + 367 {
            for (opens, closes) in self.hours(day) {
                match closing {
                    None if closes > at.second => closing = Some(closes),
                    Some(end) if opens == end => closing = Some(closes),
                    Some(end) => return Some(found(end, day)),
                    None => {}
                }
            }
            // The next day may go on where this one ends.
            if let Some(end) = closing.filter(|end| self.day_at(*end) <= day) {
                return Some(found(end, day));
            }
        }
        None
    }

    /// Whether work is done at this instant.
    pub(super) fn is_open(&self, at: Moment) -> bool {
        let worked = self.spot(at.second).and_then(|spot| self.worked_at(spot, 1));
        worked.is_some_and(|worked| worked.nanos > 0)
    }

    /// The first opening and the last closing of a day; `None` when it is no working day.
    pub(super) fn opening_and_closing(&self, day: i64) -> Option<(i64, i64)> {
        let mut hours = self.hours(day);
        let (opens, closes) = hours.next()?;
        Some((opens, hours.last().map_or(closes, |(_, closes)| closes)))
    }

    /// The stretches of instants that a day's work is done in.
    pub(super) fn hours(&self, day: i64) -> impl Iterator<Item = (i64, i64)> {
        let run = self.run_on(day).and_then(|run| Some((run, self.rhythms.get(run.rhythm)?)));
        run.into_iter().flat_map(move |(run, rhythm)| {
            let (weeks, weekday) = run.weeks_to(day);
            let zero = run.zero + weeks * WEEK;
            rhythm.hours(weekday).map(move |(opens, closes)| (zero + opens, zero + closes))
        })
    }

    /// The run of a day up to which work can be counted: one that a calendar knows, or the day after the last one.
    fn counted(&self, day: i64) -> Option<(&Run, &Rhythm)> {
        if !(DAYS.0..=DAYS.1 + 1).contains(&day) {
            return None;
        }
        let run = self.run_on(day)?;
        Some((run, self.rhythms.get(run.rhythm)?))
    }

    fn run_on(&self, day: i64) -> Option<&Run> {
        self.last_run(|run| run.first <= day)
    }

    /// The last run that this holds for; it holds for every run up to some run.
    fn last_run(&self, holds: impl Fn(&Run) -> bool) -> Option<&Run> {
        self.runs.get(self.runs.partition_point(holds).checked_sub(1)?)
    }

    /// Working days before a day of a run.
    fn days_to(&self, run: &Run, rhythm: &Rhythm, day: i64) -> i64 {
        let (weeks, weekday) = run.weeks_to(day);
        run.before.days + weeks * rhythm.days() + rhythm.days_before(weekday)
    }

    /// The place of the last run with less work before it than this second, which is looked for from a run on, in steps
    /// that double.
    fn run_of_second(&self, nth: i64, near: usize) -> Option<usize> {
        let comes_before = |place: usize| self.worked.get(place).is_some_and(|worked| *worked < nth);
        let (mut from, mut to, mut step) = (0, near, 1);
        if comes_before(near) {
            (from, to) = (near, near + 1);
            while comes_before(to) {
                (from, to) = (to, to + step);
                step *= 2;
            }
        }
        let between = self.worked.get(from..to.min(self.worked.len()))?;
        (from + between.partition_point(|worked| *worked < nth)).checked_sub(1)
    }
}

impl Run {
    /// How many weeks of its rhythm come before a day, and how many days more.
    fn weeks_to(&self, day: i64) -> (i64, usize) {
        let days = day - self.anchor;
        (days.div_euclid(7), usize::try_from(days.rem_euclid(7)).unwrap_or(0))
    }
}
