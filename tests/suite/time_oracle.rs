//! Milestones the slow way: every minute of some weeks, one by one, with the wall clock as `chrono-tz` tells it.
//! Nothing here is shared with the engine; what is compared is in `time_properties`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// Minutes from midnight, `from` up to `to`.
pub type Hours = Vec<(u32, u32)>;

/// Days that are looked at, from two days before the first date of a case.
pub const SPAN: usize = 30;
pub const DAY: usize = 1440;

/// What the wall clock of a place shows, minute by minute.
pub struct Wall {
    pub start: DateTime<Utc>,
    clock: Vec<NaiveDateTime>,
}

impl Wall {
    pub fn of(tz: Tz, first: NaiveDate) -> Arc<Wall> {
        type Known = HashMap<(Tz, NaiveDate), Arc<Wall>>;
        static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().expect("no test fails while it looks at the clock");
        known.entry((tz, first)).or_insert_with(|| Arc::new(Wall::new(tz, first))).clone()
    }

    fn new(tz: Tz, first: NaiveDate) -> Wall {
        let start = first.and_hms_opt(0, 0, 0).expect("midnight").and_utc();
        let minutes = i64::try_from(SPAN * DAY).expect("some weeks");
        let clock = (0..minutes).map(|m| (start + TimeDelta::minutes(m)).with_timezone(&tz).naive_local()).collect();
        Wall { start, clock }
    }

    pub fn at(&self, minute: usize) -> DateTime<Utc> {
        self.start + TimeDelta::minutes(i64::try_from(minute).expect("some weeks"))
    }

    /// For each minute, whether it is worked. A window opens when the clock first shows its opening, and closes when
    /// it has left its hours for the last time.
    pub fn open(&self, hours: impl Fn(NaiveDate) -> Hours) -> Vec<bool> {
        let mut open = vec![false; self.clock.len()];
        let first = self.start.date_naive();
        for date in first.iter_days().skip(1).take(SPAN - 2) {
            let middle = usize::try_from(date.signed_duration_since(first).num_minutes()).expect("a later day");
            let near = middle.saturating_sub(DAY + 720)..(middle + 2 * DAY + 720).min(self.clock.len());
            let at = |minutes: u32| date.and_hms_opt(0, 0, 0).expect("midnight") + TimeDelta::minutes(minutes.into());
            let reaches = |time| near.clone().find(|m| self.clock[*m] >= time).unwrap_or(near.end);
            let passes = |time| near.clone().rev().find(|m| self.clock[*m] < time).map_or(near.start, |m| m + 1);
            let day = passes(at(0))..passes(at(1440));
            for (from, to) in hours(date) {
                let worked = reaches(at(from)).max(day.start)..passes(at(to)).min(day.end);
                open.get_mut(worked).unwrap_or_default().fill(true);
            }
        }
        open
    }
}

/// A target: so many minutes, of all or of those in which a calendar is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub minutes: usize,
    pub business: bool,
    /// The calendar, by number.
    pub calendar: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Reported,
    Changed,
    /// By the vendor, or by a bot.
    Answered(bool),
    Noted,
}

#[derive(Clone, Copy, Debug)]
pub struct Happening {
    pub minute: usize,
    pub what: What,
    pub level: Option<usize>,
    pub waits: Option<bool>,
    pub struck: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    KeepsTarget,
    KeepsStart,
    Restarts,
}

/// What a run of the milestone comes to. Minutes beyond the span are `None`, as is what is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    pub started: usize,
    pub state: &'static str,
    pub due: Option<usize>,
    pub used: usize,
    pub warned: Option<usize>,
}

/// A stretch of holding: `to` is `None` while it lasts.
#[derive(Clone, Copy)]
struct Hold {
    from: usize,
    to: Option<usize>,
    void: bool,
}

struct Active {
    started: usize,
    from: usize,
    target: Target,
    seen: Target,
    holds: Vec<Hold>,
}

pub struct World<'a> {
    /// By calendar.
    pub open: &'a [Vec<bool>],
    /// By level.
    pub targets: [Target; 2],
    pub policy: Policy,
    pub happenings: &'a [Happening],
    pub as_of: usize,
    pub level: usize,
    pub voids: bool,
    pub pauses: bool,
}

impl World<'_> {
    fn counts(&self, target: Target, holds: &[Hold], minute: usize) -> bool {
        let held = holds.iter().any(|h| h.from <= minute && h.to.is_none_or(|to| minute < to));
        !held && (!target.business || self.open[target.calendar][minute])
    }

    /// The end of the minute with which so many have counted.
    fn reaches(&self, from: usize, amount: usize, target: Target, holds: &[Hold]) -> Option<usize> {
        let mut counted = (from..SPAN * DAY).filter(|m| self.counts(target, holds, *m));
        counted.nth(amount.checked_sub(1)?).map(|m| m + 1)
    }

    /// The runs of a milestone that starts when it is reported and stops when the vendor answers.
    pub fn runs(&self) -> Vec<Ran> {
        let mut runs = Vec::new();
        let mut active: Option<Active> = None;
        let (mut level, mut waits, mut struck) = (self.level, false, false);
        for h in self.happenings.iter().filter(|h| h.minute <= self.as_of) {
            level = h.level.unwrap_or(level);
            waits = h.waits.unwrap_or(waits);
            struck = h.struck.unwrap_or(struck);
            let wanted = if struck && self.voids {
                Some(true)
            } else if waits && self.pauses {
                Some(false)
            } else {
                None
            };
            let now = self.targets[level];
            if let Some(run) = &mut active {
                if now != run.seen {
                    run.seen = now;
                    self.change(run, now, h.minute);
                }
                if h.what == What::Answered(true) {
                    runs.push(self.close(active.take().expect("it runs"), h.minute, true));
                    continue;
                }
                let lasting = run.holds.last_mut().filter(|hold| hold.to.is_none());
                if lasting.as_ref().map(|hold| hold.void) != wanted {
                    if let Some(hold) = lasting {
                        hold.to = Some(h.minute);
                    }
                    run.holds.extend(wanted.map(|void| Hold { from: h.minute, to: None, void }));
                }
            } else if h.what == What::Reported {
                let holds = wanted.map(|void| Hold { from: h.minute, to: None, void }).into_iter().collect();
                active = Some(Active { started: h.minute, from: h.minute, target: now, seen: now, holds });
            }
        }
        runs.extend(active.map(|run| self.close(run, self.as_of, false)));
        runs
    }

    fn change(&self, run: &mut Active, now: Target, minute: usize) {
        let due = self.reaches(run.from, run.target.minutes, run.target, &run.holds);
        if due.is_some_and(|due| due < minute) {
            return;
        }
        match self.policy {
            Policy::KeepsTarget => {}
            Policy::KeepsStart => run.target = now,
            Policy::Restarts => {
                run.target = now;
                run.from = minute;
                run.holds.retain(|hold| hold.to.is_none());
                run.holds.iter_mut().for_each(|hold| hold.from = minute);
            }
        }
    }

    fn close(&self, mut run: Active, end: usize, stopped: bool) -> Ran {
        let lasting = run.holds.last().filter(|hold| hold.to.is_none()).copied();
        let amount = run.target.minutes;
        let mut due = self.reaches(run.from, amount, run.target, &run.holds);
        let missed = due.is_some_and(|due| due < end);
        let state = match lasting {
            _ if missed => "missed",
            Some(hold) if due.is_none() && hold.void => "void",
            Some(_) if due.is_none() && !stopped => "paused",
            _ if stopped => "met",
            _ => "running",
        };
        if let (Some(hold), true) = (run.holds.last_mut(), stopped && !missed && state != "void") {
            hold.to.get_or_insert(end);
            due = self.reaches(run.from, amount, run.target, &run.holds);
        }
        let used = (run.from..end).filter(|m| self.counts(run.target, &run.holds, *m)).count();
        let warned = self.reaches(run.from, amount * 3 / 4, run.target, &run.holds);
        Ran { started: run.started, state, due, used, warned }
    }

    /// Of a milestone that recurs and runs once: how often it was missed, when it is due next, and whether it has stopped.
    pub fn recurring(&self, each: Target) -> Option<(usize, Option<usize>, bool)> {
        let start = self.happenings.iter().find(|h| h.what == What::Reported).map(|h| h.minute);
        let start = start.filter(|start| *start <= self.as_of)?;
        let after = self.happenings.iter().filter(|h| h.minute > start && h.minute <= self.as_of);
        let stop = after.clone().find(|h| h.what == What::Answered(true)).map(|h| h.minute);
        let end = stop.unwrap_or(self.as_of);
        let in_run = |h: &&Happening| h.minute < end || stop.is_none();
        let done: Vec<usize> =
            after.clone().filter(in_run).filter(|h| h.what == What::Noted).map(|h| h.minute).collect();
        let mut holds: Vec<Hold> = Vec::new();
        let mut waits = false;
        for h in self.happenings.iter().filter(|h| h.minute <= end) {
            waits = h.waits.unwrap_or(waits);
            let lasts = holds.last().is_some_and(|hold| hold.to.is_none());
            if h.minute < start || stop == Some(h.minute) {
                continue;
            }
            if waits && self.pauses && !lasts {
                holds.push(Hold { from: h.minute, to: None, void: false });
            } else if !waits && lasts {
                holds.last_mut().expect("it lasts").to = Some(h.minute);
            }
        }
        let (mut missed, mut before) = (0, start);
        let counted: Vec<usize> = (start..SPAN * DAY).filter(|m| self.counts(each, &holds, *m)).collect();
        for number in 1.. {
            let due = counted.get(number * each.minutes - 1).map(|m| m + 1);
            let Some(at) = due else { return Some((missed, None, stop.is_some())) };
            let in_time = done.iter().any(|d| before < *d && *d <= at);
            if at > end || at == end && (stop.is_some() || !in_time) {
                return Some((missed, due, stop.is_some()));
            }
            missed += usize::from(!in_time);
            before = at;
        }
        None
    }
}

/// The working hours of a date, by weekday, unless the date has its own.
pub fn hours_of(week: &[Hours; 7], listed: &[(NaiveDate, Hours)], date: NaiveDate) -> Hours {
    let own = listed.iter().find(|(day, _)| *day == date).map(|(_, hours)| hours.clone());
    own.unwrap_or_else(|| week[usize::try_from(date.weekday().num_days_from_monday()).expect("a weekday")].clone())
}
