//! Calendars: when work is done, and questions about time counted in it.
//!
//! A calendar that cannot judge every day is held as two courses of days: the
//! least work that there can be, with every unjudged day closed, and the most.
//! More work never makes an answer later, so where the two agree, every course
//! between them agrees, and that is the answer; where they do not, the answer
//! turns on days that must be judged first. (An answer that compares places
//! within the hours of a day also needs that day's hours.) Whole days of work are in
//! [`days`](super::days).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};

use super::moment::{self, AsInstant, Instant, Moment};
use super::timeline::{Spot, Timeline};
use super::{Listed, NoAnswer, Unjudged, Window, Zone};

/// Working hours, holidays and the zone they are told in; made by a
/// [`CalendarBuilder`](super::CalendarBuilder).
///
/// Working time is exact elapsed seconds within working hours, each of which
/// lasts from its opening up to, not with, its closing. Results are told in the
/// calendar's zone. No question costs more for a larger amount of time.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Every unjudged day closed.
    pub(super) least: Timeline,
    /// Every unjudged day as open as it can be; `None` when all days are judged.
    pub(super) most: Option<Timeline>,
    /// Whether an unjudged day may have other hours than `most` gives it.
    pub(super) varied: bool,
    pub(super) listed: Vec<Listed>,
    /// The hours of each weekday, Monday first.
    pub(super) week: [Vec<Window>; 7],
}

/// An answer, and the days that it looked at.
pub(super) struct Found<T> {
    pub(super) answer: T,
    pub(super) from: i64,
    pub(super) to: i64,
    /// Whether it compares places within the hours of the first and the last
    /// of these days, so that more work on them may move it either way.
    pub(super) places: bool,
    /// Whether it turns on judged days only, so that it is the same whatever the others turn out to be.
    pub(super) judged: bool,
}

impl<T> Found<T> {
    /// An answer that turns on judged days only.
    pub(super) fn judged(answer: T, from: i64, to: i64) -> Found<T> {
        Found { answer, from, to, places: false, judged: true }
    }
}

impl Calendar {
    /// The zone that its hours are told in.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.least.zone()
    }

    /// The instant of a local date and time in the calendar's zone: the first at which the clock shows it or, where a
    /// clock change skips it, a later time. Of a time that comes twice that is the first.
    ///
    /// # Errors
    /// [`NoAnswer::OutOfRange`] outside the years 1 to 9999.
    pub fn at_local(&self, local: NaiveDateTime) -> Result<DateTime<FixedOffset>, NoAnswer> {
        self.zone().at_local(local).ok_or(NoAnswer::OutOfRange)
    }

    /// What is listed for days from `first` to `last`, both included: the
    /// holidays and working days that an explanation names.
    pub fn listed(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = &Listed> {
        self.listed.iter().filter(move |listed| listed.first <= last && first <= listed.last)
    }

    /// Whether work is done at this instant; at a closing it is not.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn is_open(&self, at: impl AsInstant) -> Result<bool, NoAnswer> {
        let at = within(at)?;
        self.agreed(|line| {
            let day = line.day_at(at.second);
            let judged = line.is_judged(day, day);
            Some(Found { answer: line.is_open(at), from: day, to: day, places: false, judged })
        })
    }

    /// The first instant, from this one on, when work is done.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn next_opening<A: AsInstant>(&self, at: A) -> Result<A, NoAnswer> {
        let at = within(at)?;
        self.told(|line| {
            let spot = line.spot(at.second)?;
            let worked = line.worked_at(spot, at.nano)?;
            let next = line.second(worked.seconds.checked_add(1)?, spot.run)?;
            let answer = line.tell_in(next.run, Moment { second: next.start, nano: worked.nanos });
            let judged = line.is_judged_between(spot.run, next.run);
            Some(Found { answer, from: line.day_of(spot)?, to: next.day, places: false, judged })
        })
    }

    /// The end of the working hours that go on at an instant, or of the next ones. Hours that go on over midnight, as
    /// round the clock, end with the day that they stop on.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range: hours that never end have no closing.
    pub fn next_closing<A: AsInstant>(&self, at: A) -> Result<A, NoAnswer> {
        let at = within(at)?;
        self.told(|line| line.closing_after(at))
    }

    /// The instant by which so many seconds of work have been done since `at`.
    ///
    /// Time that ends with the working hours ends at the closing, not at the
    /// next opening. A negative amount goes back, and by mirror image: the
    /// latest instant from which so much work was done up to `at`, so at an
    /// opening rather than at the closing before it. None is `at` itself.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn add<A: AsInstant>(&self, at: A, seconds: i64) -> Result<A, NoAnswer> {
        let at = within(at)?;
        self.told(|line| if seconds == 0 { Some(still(line, at)) } else { moved(line, at, seconds) })
    }

    /// The instant from which so many seconds of work were done up to `at`:
    /// [`add`](Calendar::add) of the opposite amount.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn sub<A: AsInstant>(&self, at: A, seconds: i64) -> Result<A, NoAnswer> {
        self.add(at, seconds.checked_neg().ok_or(NoAnswer::OutOfRange)?)
    }

    /// Whole seconds of work done between two instants, negative when `to`
    /// comes first; a fraction of a second is dropped, towards zero.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn between<A: AsInstant>(&self, from: A, to: A) -> Result<i64, NoAnswer> {
        let (from, to) = (within(from)?, within(to)?);
        let (earlier, later) = (from.min(to), from.max(to));
        let seconds = self.agreed(|line| {
            let (first, last) = (line.spot(earlier.second)?, line.spot(later.second)?);
            let (start, end) = (line.worked_at(first, earlier.nano)?, line.worked_at(last, later.nano)?);
            let answer = end.seconds - start.seconds - i64::from(end.nanos < start.nanos);
            if line.is_judged_between(first.run, last.run) {
                return Some(Found::judged(answer, line.day_of(first)?, line.day_of(last)?));
            }
            let day = |nth, near: Spot| line.second(nth, near.run).map(|second| second.day);
            let from = day(start.seconds + 1, first).or(line.day_of(first))?;
            let to = day(end.seconds, last).unwrap_or(from).max(from);
            Some(Found { answer, from, to, places: false, judged: false })
        })?;
        Ok(if from <= to { seconds } else { -seconds })
    }

    /// As [`agreed`](Calendar::agreed), for an instant, told in the calendar's zone.
    pub(super) fn told<A: AsInstant>(&self, ask: impl Fn(&Timeline) -> Option<Found<Instant>>) -> Result<A, NoAnswer> {
        self.agreed(ask)?.known().ok_or(NoAnswer::OutOfRange)
    }

    /// The answer, if it is the same whatever the unjudged days turn out to be.
    pub(super) fn agreed<T: PartialEq>(&self, ask: impl Fn(&Timeline) -> Option<Found<T>>) -> Result<T, NoAnswer> {
        let least = ask(&self.least);
        let most_line = match &self.most {
            Some(most) if least.as_ref().is_none_or(|found| !found.judged) => most,
            _ => return least.map(|found| found.answer).ok_or(NoAnswer::OutOfRange),
        };
        let most = ask(most_line).ok_or(NoAnswer::OutOfRange)?;
        let (first, last) = (most.from.min(most.to), most.from.max(most.to));
        let unsure = |day| self.may_open(most_line, day, day) != Some(0);
        let hinges = self.varied && most.places && (unsure(first) || unsure(last));
        match least {
            Some(least) if least.answer == most.answer && !hinges => Ok(most.answer),
            _ => Err(self.unjudged(most_line, first, last)),
        }
    }

    /// How many of these days are unjudged and may be working days: they are so
    /// in the one course of days and not in the other.
    fn may_open(&self, most: &Timeline, from: i64, to: i64) -> Option<i64> {
        let open = |line: &Timeline| Some(line.days_before(to.checked_add(1)?)? - line.days_before(from)?);
        Some(open(most)? - open(&self.least)?)
    }

    /// The unjudged days among these that may be working days: the first and the last.
    fn unjudged(&self, most: &Timeline, from: i64, to: i64) -> NoAnswer {
        let span = || {
            let all = self.may_open(most, from, to)?;
            let upto = |day| self.may_open(most, from, day).unwrap_or(0);
            let (first, last) = match all {
                0 => (from, to),
                _ => (first_day(from, to, |day| upto(day) > 0), first_day(from, to, |day| upto(day) == all)),
            };
            Some(Unjudged { from: moment::date(first)?, to: moment::date(last)? })
        };
        span().map_or(NoAnswer::OutOfRange, NoAnswer::Unjudged)
    }
}

/// An instant that dates may have.
pub(super) fn within(at: impl AsInstant) -> Result<Moment, NoAnswer> {
    Moment::of(at).ok_or(NoAnswer::OutOfRange)
}

/// No time away from `at`.
pub(super) fn still(line: &Timeline, at: Moment) -> Found<Instant> {
    let day = line.zone().day_at(at.second);
    Found::judged(line.zone().tell(at), day, day)
}

/// So many seconds of work, not zero, away from `at`.
fn moved(line: &Timeline, at: Moment, seconds: i64) -> Option<Found<Instant>> {
    let spot = line.spot(at.second)?;
    let start = line.worked_at(spot, at.nano)?;
    let goal = start.seconds.checked_add(seconds)?;
    // The end of a second of work, or a place within one or at its start.
    let ends = start.nanos == 0 && seconds > 0;
    let end = line.second(if ends { goal } else { goal.checked_add(1)? }, spot.run)?;
    let answer = if ends { Moment::at(end.start + 1) } else { Moment { second: end.start, nano: start.nanos } };
    let answer = line.tell_in(end.run, answer);
    if line.is_judged_between(spot.run, end.run) {
        return Some(Found::judged(answer, end.day, end.day));
    }
    // The first second of work on the way.
    let edge = start.seconds + i64::from(seconds > 0);
    let from = line.second(edge, spot.run).map_or(end.day, |second| second.day);
    Some(Found { answer, from, to: end.day, places: false, judged: false })
}

/// The first of these days for which it holds, if it holds for all after it too.
fn first_day(mut from: i64, mut to: i64, holds: impl Fn(i64) -> bool) -> i64 {
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) { to = middle } else { from = middle + 1 }
    }
    from
}
