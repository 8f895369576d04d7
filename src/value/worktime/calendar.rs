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

use super::moment::{self, Moment};
use super::timeline::Timeline;
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
    pub fn is_open(&self, at: DateTime<FixedOffset>) -> Result<bool, NoAnswer> {
        let at = within(at)?;
        self.agreed(|line| {
            let day = line.zone().day_at(at.second);
            Some(Found { answer: line.is_open(at), from: day, to: day, places: false })
        })
    }

    /// The first instant, from this one on, when work is done.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn next_opening(&self, at: DateTime<FixedOffset>) -> Result<DateTime<FixedOffset>, NoAnswer> {
        let at = within(at)?;
        self.told(|line| {
            let worked = line.worked(at)?;
            let next = line.second(worked.seconds.checked_add(1)?)?;
            let answer = Moment { second: next.start, nano: worked.nanos };
            Some(Found { answer, from: line.zone().day_at(at.second), to: next.day, places: false })
        })
    }

    /// The end of the working hours that go on at an instant, or of the next ones. Hours that go on over midnight, as
    /// round the clock, end with the day that they stop on.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range: hours that never end have no closing.
    pub fn next_closing(&self, at: DateTime<FixedOffset>) -> Result<DateTime<FixedOffset>, NoAnswer> {
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
    pub fn add(&self, at: DateTime<FixedOffset>, seconds: i64) -> Result<DateTime<FixedOffset>, NoAnswer> {
        let at = within(at)?;
        self.told(|line| if seconds == 0 { Some(still(line, at)) } else { moved(line, at, seconds) })
    }

    /// The instant from which so many seconds of work were done up to `at`:
    /// [`add`](Calendar::add) of the opposite amount.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn sub(&self, at: DateTime<FixedOffset>, seconds: i64) -> Result<DateTime<FixedOffset>, NoAnswer> {
        self.add(at, seconds.checked_neg().ok_or(NoAnswer::OutOfRange)?)
    }

    /// Whole seconds of work done between two instants, negative when `to`
    /// comes first; a fraction of a second is dropped, towards zero.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn between(&self, from: DateTime<FixedOffset>, to: DateTime<FixedOffset>) -> Result<i64, NoAnswer> {
        let (from, to) = (within(from)?, within(to)?);
        let (earlier, later) = (from.min(to), from.max(to));
        let seconds = self.agreed(|line| {
            let (start, end) = (line.worked(earlier)?, line.worked(later)?);
            let answer = end.seconds - start.seconds - i64::from(end.nanos < start.nanos);
            let day = |nth| line.second(nth).map(|second| second.day);
            let from = day(start.seconds + 1).unwrap_or(line.zone().day_at(earlier.second));
            Some(Found { answer, from, to: day(end.seconds).unwrap_or(from).max(from), places: false })
        })?;
        Ok(if from <= to { seconds } else { -seconds })
    }

    /// As [`agreed`](Calendar::agreed), for an instant, told in the calendar's zone.
    pub(super) fn told(
        &self,
        ask: impl Fn(&Timeline) -> Option<Found<Moment>>,
    ) -> Result<DateTime<FixedOffset>, NoAnswer> {
        self.zone().tell(self.agreed(ask)?).ok_or(NoAnswer::OutOfRange)
    }

    /// The answer, if it is the same whatever the unjudged days turn out to be.
    pub(super) fn agreed<T: PartialEq>(&self, ask: impl Fn(&Timeline) -> Option<Found<T>>) -> Result<T, NoAnswer> {
        let least = ask(&self.least);
        let Some(most_line) = &self.most else {
            return least.map(|found| found.answer).ok_or(NoAnswer::OutOfRange);
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
pub(super) fn within(at: DateTime<FixedOffset>) -> Result<Moment, NoAnswer> {
    Moment::of(at).ok_or(NoAnswer::OutOfRange)
}

/// No time away from `at`.
pub(super) fn still(line: &Timeline, at: Moment) -> Found<Moment> {
    let day = line.zone().day_at(at.second);
    Found { answer: at, from: day, to: day, places: false }
}

/// So many seconds of work, not zero, away from `at`.
fn moved(line: &Timeline, at: Moment, seconds: i64) -> Option<Found<Moment>> {
    let start = line.worked(at)?;
    let goal = start.seconds.checked_add(seconds)?;
    // The first and the last second of work on the way.
    let (edge, end) = match start.nanos {
        0 if seconds > 0 => (start.seconds.checked_add(1)?, line.second(goal)?),
        _ => (start.seconds + i64::from(seconds > 0), line.second(goal.checked_add(1)?)?),
    };
    let answer = match start.nanos {
        0 if seconds > 0 => Moment::at(end.start + 1),
        nano => Moment { second: end.start, nano },
    };
    Some(Found { answer, from: line.second(edge).map_or(end.day, |second| second.day), to: end.day, places: false })
}

/// The first of these days for which it holds, if it holds for all after it too.
fn first_day(mut from: i64, mut to: i64, holds: impl Fn(i64) -> bool) -> i64 {
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) { to = middle } else { from = middle + 1 }
    }
    from
}
