//! Making a calendar from what an agreement or a file says about it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use super::moment::{DAYS, number, place};
use super::timeline::{Stretch, Timeline, Week};
use super::window::Plan;
use super::{Calendar, CalendarError, Holidays, Listed, ListedDay, Window, WorkingHours, Zone};

/// Which days a calendar can judge, beyond those that it lists one by one.
///
/// A day that it cannot judge has the hours of its weekday, or is closed. Where
/// working days may be made up for, it may also have those of other weekdays:
/// see [`CalendarBuilder::make_up_days_possible`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Judged {
    /// All of them: what is not listed is as its weekday says.
    Always,
    /// Those from a first to a last date, both included: `complete for
    /// 2024-01-01 to 2024-12-31`. With no dates at all, holidays are not listed.
    Within(Vec<(NaiveDate, NaiveDate)>),
}

/// A calendar in the making. It may be built for several zones.
#[derive(Clone, Debug)]
pub struct CalendarBuilder {
    week: [Vec<Window>; 7],
    listed: Vec<Listed>,
    judged: Judged,
    make_up_days: bool,
}

impl CalendarBuilder {
    /// A calendar without working hours, as yet.
    #[must_use]
    pub fn new(judged: Judged) -> CalendarBuilder {
        CalendarBuilder { week: Default::default(), listed: Vec::new(), judged, make_up_days: false }
    }

    /// Work is done on this weekday in these windows, beside those given before.
    pub fn hours(&mut self, weekday: Weekday, windows: &[Window]) -> &mut CalendarBuilder {
        if let Some(hours) = self.week.get_mut(place(weekday)) {
            hours.extend_from_slice(windows);
        }
        self
    }

    /// Work is done around the clock, `24x7`.
    pub fn around_the_clock(&mut self) -> &mut CalendarBuilder {
        self.week = std::array::from_fn(|_| vec![Window::WHOLE_DAY]);
        self
    }

    /// A holiday, or a working day with hours of its own.
    pub fn list(&mut self, listed: Listed) -> &mut CalendarBuilder {
        self.listed.push(listed);
        self
    }

    /// All that a file lists. The years that it covers are judged, others are not.
    pub fn list_all(&mut self, holidays: &Holidays) -> &mut CalendarBuilder {
        self.listed.extend_from_slice(&holidays.listed);
        if let Judged::Within(ranges) = &mut self.judged {
            ranges.extend(holidays.covered());
        }
        self
    }

    /// These dates are judged too, both ends included, for what is not listed on them is as its weekday says.
    pub fn also_judged(&mut self, spans: &[(NaiveDate, NaiveDate)]) -> &mut CalendarBuilder {
        if let Judged::Within(ranges) = &mut self.judged {
            ranges.extend_from_slice(spans);
        }
        self
    }

    /// Whether a day that cannot be judged may turn out to be a make-up working
    /// day, with the hours of other weekdays too. If not, which is so unless it
    /// is said, days that the week calls closed are closed.
    pub fn make_up_days_possible(&mut self, possible: bool) -> &mut CalendarBuilder {
        self.make_up_days = possible;
        self
    }

    /// Whether it could be built, in any zone.
    ///
    /// # Errors
    /// As [`build`](CalendarBuilder::build).
    pub fn build_check(&self) -> Result<(), CalendarError> {
        Zone::named("UTC").map_or(Ok(()), |utc| self.build(utc).map(|_| ()))
    }

    /// The calendar, with its hours told in this zone.
    ///
    /// # Errors
    /// A [`CalendarError`] for what does not make sense or does not agree.
    pub fn build(&self, zone: Zone) -> Result<Calendar, CalendarError> {
        let mut plans = Plans::default();
        let closed = plans.place(Plan::default());
        let mut week: Week = [closed; 7];
        for (plan, windows) in week.iter_mut().zip(&self.week) {
            *plan = plans.place(Plan::of(windows)?);
        }
        let any = plans.place(Plan::union(plans.list.iter()));
        let exceptions = Exceptions::read(&self.listed, week, &mut plans)?;
        if any == closed && exceptions.working.is_empty() {
            return Err(CalendarError::NeverOpen);
        }
        let judged = match &self.judged {
            Judged::Always => vec![DAYS],
            Judged::Within(ranges) => {
                let ranges = ranges.iter().map(|(first, last)| in_order(*first, *last));
                joined(ranges.collect::<Result<_, _>>()?)
            }
        };
        let most = if self.make_up_days { [any; 7] } else { week };
        let stretches = |unjudged: Week| {
            let stretches = exceptions.firsts(&judged).into_iter().map(|first| {
                let (usual, is_judged) = if holds(&judged, first) { (week, true) } else { (unjudged, false) };
                match exceptions.week(first, closed) {
                    Some(week) => Stretch { first, week, judged: true },
                    None => Stretch { first, week: usual, judged: is_judged },
                }
            });
            let mut stretches: Vec<Stretch> = stretches.collect();
            stretches.dedup_by(|next, before| (next.week, next.judged) == (before.week, before.judged));
            stretches
        };
        let timeline = |unjudged| Timeline::new(zone, &plans.list, &stretches(unjudged));
        let mut listed = self.listed.clone();
        listed.sort();
        let varied = self.make_up_days && week.iter().any(|plan| ![any, closed].contains(plan));
        let hours = week.map(|plan| plans.list.get(plan).map_or(Vec::new(), |plan| plan.windows().to_vec()));
        let most = (judged != [DAYS]).then(|| timeline(most));
        Ok(Calendar { least: timeline([closed; 7]), most, varied, listed, week: hours })
    }
}

/// Plans of hours, each once, and where it is.
#[derive(Default)]
struct Plans {
    list: Vec<Plan>,
    places: BTreeMap<Plan, usize>,
}

impl Plans {
    fn place(&mut self, plan: Plan) -> usize {
        *self.places.entry(plan).or_insert_with_key(|plan| {
            self.list.push(plan.clone());
            self.list.len() - 1
        })
    }

    fn is_open(&self, place: usize) -> bool {
        self.list.get(place).is_some_and(|plan| !plan.windows().is_empty())
    }
}

/// Working days that may be listed in one stretch.
const LONGEST: i64 = 31;

/// Days that are not as their weekday says.
struct Exceptions {
    /// First and last days; in order and apart.
    closed: Vec<(i64, i64)>,
    /// The plan of each working day.
    working: BTreeMap<i64, usize>,
}

impl Exceptions {
    fn read(listed: &[Listed], week: Week, plans: &mut Plans) -> Result<Exceptions, CalendarError> {
        let usual = usual_hours(week, plans);
        let mut closed = Vec::new();
        let mut working = BTreeMap::new();
        for Listed { first, last, day, .. } in listed {
            let (from, to) = in_order(*first, *last)?;
            let hours = match day {
                ListedDay::Holiday => {
                    closed.push((from, to));
                    continue;
                }
                ListedDay::Working(hours) => hours,
            };
            let plan = match hours {
                WorkingHours::Usual => usual.ok_or(CalendarError::NoUsualHours { date: *first })?,
                WorkingHours::AsOn(weekday) => {
                    let plan = week.get(place(*weekday)).copied().unwrap_or_default();
                    if !plans.is_open(plan) {
                        return Err(CalendarError::ClosedHours { date: *first, weekday: *weekday });
                    }
                    plan
                }
                WorkingHours::Windows(windows) => plans.place(Plan::of(windows)?),
            };
            if to - from >= LONGEST {
                return Err(CalendarError::LongWorkingStretch { first: *first, last: *last });
            }
            for (day, date) in (from..=to).zip(first.iter_days()) {
                if working.insert(day, plan).is_some_and(|other| other != plan) {
                    return Err(CalendarError::ListedTwice { date });
                }
            }
        }
        let exceptions = Exceptions { closed: joined(closed), working };
        match exceptions.working.keys().find(|day| holds(&exceptions.closed, **day)) {
            Some(day) => Err(CalendarError::ListedTwice { date: super::moment::date(*day).unwrap_or_default() }),
            None => Ok(exceptions),
        }
    }

    /// The week that a day follows, if it is an exception.
    fn week(&self, day: i64, closed: usize) -> Option<Week> {
        let closed = || holds(&self.closed, day).then_some(closed);
        self.working.get(&day).copied().or_else(closed).map(|plan| [plan; 7])
    }

    /// Every day on which something else may hold than on the day before, and the first one.
    fn firsts(&self, judged: &[(i64, i64)]) -> BTreeSet<i64> {
        let ranges = self.closed.iter().chain(judged).flat_map(|(first, last)| [*first, last + 1]);
        let days = self.working.keys().flat_map(|day| [*day, day + 1]);
        ranges.chain(days).chain([DAYS.0]).filter(|day| (DAYS.0..=DAYS.1).contains(day)).collect()
    }
}

/// The plan that all weekdays with working hours share.
fn usual_hours(week: Week, plans: &Plans) -> Option<usize> {
    let mut open = week.into_iter().filter(|plan| plans.is_open(*plan));
    let usual = open.next()?;
    open.all(|plan| plan == usual).then_some(usual)
}

fn in_order(first: NaiveDate, last: NaiveDate) -> Result<(i64, i64), CalendarError> {
    if first > last {
        return Err(CalendarError::EndsBeforeFirstDay { first, last });
    }
    Ok((number(first).max(DAYS.0), number(last).min(DAYS.1)))
}

/// The ranges in order, with those that overlap or adjoin made one.
fn joined(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(range) if first <= range.1 + 1 => range.1 = range.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// Whether one of the ranges, which are in order and apart, holds the day.
fn holds(ranges: &[(i64, i64)], day: i64) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= day);
    after.checked_sub(1).and_then(|place| ranges.get(place)).is_some_and(|(_, last)| day <= *last)
}
