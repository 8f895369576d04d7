//! Making a course of days: run by run, from the first day to the last.

use std::collections::BTreeMap;

use super::{Count, Run, Stretch, Timeline, Week};
use crate::value::worktime::moment::{DAY, DAYS, weekday};
use crate::value::worktime::rhythm::Rhythm;
use crate::value::worktime::rising::Rising;
use crate::value::worktime::window::Plan;
use crate::value::worktime::zone::{Change, Zone};

/// A course of days in the making.
pub(super) struct Maker {
    zone: Zone,
    rhythms: Vec<Rhythm>,
    /// The places of rhythms, so that each is held once.
    known: BTreeMap<Rhythm, usize>,
    weeks: BTreeMap<Week, usize>,
    runs: Vec<Run>,
    starts: Vec<i64>,
    worked: Vec<i64>,
    total: Count,
    /// Seconds that the clock is ahead of UTC after the last change so far.
    offset: i64,
    /// The number of the stretch of judged days, if the last days are judged, and how many there are.
    judged: u32,
    stretches: u32,
}

impl Maker {
    pub(super) fn new(zone: Zone) -> Maker {
        Maker {
            zone,
            rhythms: Vec::new(),
            known: BTreeMap::new(),
            weeks: BTreeMap::new(),
            runs: Vec::new(),
            starts: Vec::new(),
            worked: Vec::new(),
            total: Count::default(),
            offset: zone.offset(zone.passing(DAYS.0 * DAY)),
            judged: 0,
            stretches: 0,
        }
    }

    /// The course of days that these stretches describe.
    pub(super) fn timeline(mut self, plans: &[Plan], stretches: &[Stretch]) -> Timeline {
        let mut changes = self.zone.changes().iter().peekable();
        let ends = stretches.iter().skip(1).map(|stretch| stretch.first).chain([DAYS.1 + 1]);
        for (stretch, end) in stretches.iter().zip(ends) {
            self.judge(stretch.judged);
            let plan = |day: usize| stretch.week.get(day).and_then(|plan| plans.get(*plan));
            let windows = |day| plan(day).map_or(&[][..], Plan::windows);
            let usual = match self.weeks.get(&stretch.week) {
                Some(place) => *place,
                None => {
                    let place = self.place(Rhythm::weekly(windows));
                    *self.weeks.entry(stretch.week).or_insert(place)
                }
            };
            let mut day = stretch.first;
            while let Some(change) = changes.next_if(|change| change.day < end) {
                self.weekly(day, change.day, usual);
                let stretches = self.zone.stretches(*change, windows(weekday(change.day)));
                let place = self.place(Rhythm::once(stretches, change.day * DAY));
                self.changed(change, place);
                day = change.day + 1;
            }
            self.weekly(day, end, usual);
        }
        let Maker { zone, rhythms, runs, starts, worked, total, .. } = self;
        Timeline { zone, rhythms, runs, starts: Rising::new(starts), worked, total }
    }

    /// The next days are judged, or not. Those that follow judged ones belong to the same stretch of them.
    fn judge(&mut self, judged: bool) {
        if judged && self.judged == 0 {
            self.stretches += 1;
        }
        self.judged = if judged { self.stretches } else { 0 };
    }

    fn place(&mut self, rhythm: Rhythm) -> usize {
        *self.known.entry(rhythm).or_insert_with_key(|rhythm| {
            self.rhythms.push(rhythm.clone());
            self.rhythms.len() - 1
        })
    }

    /// Days that no clock change touches, up to, not with, `end`.
    fn weekly(&mut self, first: i64, end: i64, rhythm: usize) {
        if first >= end {
            return;
        }
        let anchor = first - weekday(first) as i64;
        let zero = anchor * DAY - self.offset;
        // No clock is as much as a day ahead or behind.
        let offset = Some(self.offset as i32);
        let run = Run { first, rhythm, anchor, zero, offset, before: self.total, judged: self.judged };
        self.put(run, first * DAY - self.offset, end);
    }

    /// A day that a clock change touches.
    fn changed(&mut self, Change { day, starts, after, .. }: &Change, rhythm: usize) {
        let (day, zero) = (*day, *day * DAY);
        let run = Run { first: day, rhythm, anchor: day, zero, offset: None, before: self.total, judged: self.judged };
        self.put(run, *starts, day + 1);
        self.offset = *after;
    }

    /// A run that ends before a day, and before which lies all work so far.
    fn put(&mut self, mut run: Run, start: i64, end: i64) {
        let Some(rhythm) = self.rhythms.get(run.rhythm) else { return };
        self.starts.push(start);
        self.worked.push(self.total.seconds);
        let (_, weekday) = run.weeks_to(run.first);
        run.before.seconds -= rhythm.seconds_before(weekday);
        run.before.days -= rhythm.days_before(weekday);
        let (weeks, weekday) = run.weeks_to(end);
        self.total.seconds = run.before.seconds + weeks * rhythm.seconds() + rhythm.seconds_before(weekday);
        self.total.days = run.before.days + weeks * rhythm.days() + rhythm.days_before(weekday);
        self.runs.push(run);
    }
}
