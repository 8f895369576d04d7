//! Working time the slow way: every minute of some weeks, one by one, with the
//! wall clock as `chrono-tz` tells it. Nothing here is shared with the engine.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// Minutes from midnight, `from` up to `to`.
pub(super) type Hours = Vec<(u32, u32)>;

pub(super) struct Oracle {
    start: DateTime<Utc>,
    /// For each minute from the start: whether it is worked, and in which day's hours.
    open: Vec<Option<NaiveDate>>,
    clock: Vec<NaiveDateTime>,
}

impl Oracle {
    /// The minutes of `days` days from this date on, which are generous at both ends.
    pub(super) fn new(tz: Tz, first: NaiveDate, days: u64, hours: impl Fn(NaiveDate) -> Hours) -> Oracle {
        let start = first.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let minutes = i64::try_from(days).unwrap() * 1440;
        let clock: Vec<_> =
            (0..minutes).map(|minute| (start + TimeDelta::minutes(minute)).with_timezone(&tz).naive_local()).collect();
        let mut open = vec![None; clock.len()];
        for date in first.iter_days().skip(2).take(usize::try_from(days).unwrap() - 4) {
            let middle = usize::try_from(date.signed_duration_since(first).num_minutes()).unwrap();
            let near = middle.saturating_sub(2160)..(middle + 3600).min(clock.len());
            let at = |minutes: u32| date.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(minutes.into());
            let reaches = |time| near.clone().find(|minute| clock[*minute] >= time).unwrap();
            let passes = |time| near.clone().rev().find(|minute| clock[*minute] < time).unwrap() + 1;
            let day = passes(at(0))..passes(at(1440));
            for (from, to) in hours(date) {
                let worked = reaches(at(from)).max(day.start)..passes(at(to)).min(day.end);
                open.get_mut(worked).unwrap_or_default().fill(Some(date));
            }
        }
        Oracle { start, open, clock }
    }

    pub(super) fn at(&self, minute: usize) -> DateTime<Utc> {
        self.start + TimeDelta::minutes(i64::try_from(minute).unwrap())
    }

    pub(super) fn is_open(&self, minute: usize) -> bool {
        self.open[minute].is_some()
    }

    pub(super) fn next_opening(&self, minute: usize) -> Option<usize> {
        (minute..self.open.len()).find(|minute| self.is_open(*minute))
    }

    pub(super) fn between(&self, from: usize, to: usize) -> usize {
        (from..to).filter(|minute| self.is_open(*minute)).count()
    }

    pub(super) fn add(&self, from: usize, minutes: usize) -> Option<usize> {
        let mut open = (from..self.open.len()).filter(|minute| self.is_open(*minute));
        open.nth(minutes - 1).map(|last| last + 1)
    }

    pub(super) fn sub(&self, from: usize, minutes: usize) -> Option<usize> {
        (0..from).rev().filter(|minute| self.is_open(*minute)).nth(minutes - 1)
    }

    /// Every working day with its minutes.
    pub(super) fn days(&self) -> BTreeMap<NaiveDate, Vec<usize>> {
        let mut days: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        for (minute, day) in self.open.iter().enumerate() {
            if let Some(day) = day {
                days.entry(*day).or_default().push(minute);
            }
        }
        days
    }

    /// What the wall clock shows; only where no clock change is near does that
    /// say which day it is.
    pub(super) fn date(&self, minute: usize) -> NaiveDate {
        self.clock[minute].date()
    }

    /// The end of `n` business days, 1 or more: elapsed, not counted, counted.
    pub(super) fn add_days(&self, from: usize, n: usize) -> Option<[usize; 3]> {
        let days = self.days();
        let date = self.date(from);
        let after = |date: NaiveDate| days.range(date..).map(|(_, minutes)| minutes);
        let last = |minutes: &Vec<usize>| minutes[minutes.len() - 1] + 1;
        let not_counted = last(after(date + Days::new(1)).nth(n - 1)?);
        let today = days.get(&date).is_some_and(|minutes| from < last(minutes));
        let counted = last(after(if today { date } else { date + Days::new(1) }).nth(n - 1)?);
        let opening = self.next_opening(from)?;
        let day = self.open[opening]?;
        let place = days[&day].iter().position(|minute| *minute == opening)?;
        let target = after(day).nth(n)?;
        let elapsed = target.get(place).copied().unwrap_or(last(target));
        Some([elapsed, not_counted, counted])
    }
}

/// Whether a date-time is on a whole minute, as the oracle's are.
pub(super) fn whole(at: DateTime<Utc>) -> bool {
    at.second() == 0 && at.year() > 1900
}
