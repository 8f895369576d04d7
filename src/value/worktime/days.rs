//! Whole days of work: what part of a day counts as one, and how far apart two
//! instants or dates are in them.

use chrono::NaiveDate;

use super::calendar::{Found, still, within};
use super::moment::{self, AsInstant, Instant, Moment};
use super::timeline::Timeline;
use super::{Calendar, NoAnswer};

/// How the day on which a count of business days starts counts in it.
///
/// A business day is a date with working hours. Going back is the mirror image
/// throughout: openings for closings, before for after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartDay {
    /// `elapsed`: the place within the working hours of the day is kept, so one
    /// business day from Friday 10:00 is Monday 10:00. A start outside working
    /// hours is one at the next opening. Where the last day is too short, it
    /// ends at that day's closing.
    Elapsed,
    /// `not counted`: day 1 is the business day after the date of the start,
    /// and the count ends at the last closing of its last day.
    NotCounted,
    /// `counted`: a start before the last closing of a business day makes that
    /// day day 1, and otherwise the next business day is; the count ends at the
    /// last closing of its last day.
    Counted,
}

impl PartDay {
    /// The way of counting that rule text calls this.
    #[must_use]
    pub fn from_word(word: &str) -> Option<PartDay> {
        Some(match word {
            "elapsed" => PartDay::Elapsed,
            "not-counted" => PartDay::NotCounted,
            "counted" => PartDay::Counted,
            _ => return None,
        })
    }

    /// Its name in rule text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PartDay::Elapsed => "elapsed",
            PartDay::NotCounted => "not-counted",
            PartDay::Counted => "counted",
        }
    }
}

impl Calendar {
    /// The end of so many business days from `at`; back from it when negative.
    /// None is `at` itself.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn add_days<A: AsInstant>(&self, at: A, days: i64, part: PartDay) -> Result<A, NoAnswer> {
        let at = within(at)?;
        self.told(|line| days_from(line, at, days, part))
    }

    /// Business days between two instants, negative when `to` comes first: the
    /// most that [`add_days`](Calendar::add_days) can add to the earlier one
    /// without passing the later one.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn days_between<A: AsInstant>(&self, from: A, to: A, part: PartDay) -> Result<i64, NoAnswer> {
        let (from, to) = (within(from)?, within(to)?);
        let days = self.agreed(|line| most_days(line, from.min(to), from.max(to), part))?;
        Ok(if from <= to { days } else { -days })
    }

    /// Whether this is a business day.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn is_business_day(&self, date: NaiveDate) -> Result<bool, NoAnswer> {
        let day = moment::number(date);
        self.agreed(|line| {
            let answer = line.days_before(day)? < line.days_before(day.checked_add(1)?)?;
            Some(Found { answer, from: day, to: day, places: false, judged: line.is_judged(day, day) })
        })
    }

    /// The business day that is so many after this date, or before it when
    /// negative; the date itself does not count. None is the date itself.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn business_day_after(&self, date: NaiveDate, days: i64) -> Result<NaiveDate, NoAnswer> {
        let start = moment::number(date);
        let found = self.agreed(|line| {
            let answer = if days == 0 { start } else { line.working_day(nth_from(line, start, days, false)?)? };
            let from = start + days.signum();
            Some(Found { answer, from, to: answer, places: false, judged: line.is_judged(from, answer) })
        })?;
        moment::date(found).ok_or(NoAnswer::OutOfRange)
    }

    /// Business days from one date up to, not with, the other; negative when
    /// `to` comes first.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<i64, NoAnswer> {
        let (from, to) = (moment::number(from), moment::number(to));
        self.agreed(|line| {
            let answer = line.days_before(to)? - line.days_before(from)?;
            let (from, to) = (from.min(to), (from.max(to) - 1).max(from.min(to)));
            Some(Found { answer, from, to, places: false, judged: line.is_judged(from, to) })
        })
    }
}

/// [`Calendar::add_days`], where every day is judged.
fn days_from(line: &Timeline, at: Moment, days: i64, part: PartDay) -> Option<Found<Instant>> {
    let counts = match part {
        _ if days == 0 => return Some(still(line, at)),
        PartDay::Elapsed => return same_place(line, at, days),
        PartDay::NotCounted => false,
        PartDay::Counted => has_day_one(line, at, days),
    };
    let start = line.day_at(at.second);
    let from = if counts { start } else { start + days.signum() };
    let to = line.working_day(nth_from(line, start, days, counts)?)?;
    let (opens, closes) = line.opening_and_closing(to)?;
    let answer = line.zone().tell(Moment::at(if days > 0 { closes } else { opens }));
    Some(Found { answer, from, to, places: false, judged: line.is_judged(start, to) })
}

/// The number, among all working days, of the one that is `days` after a day,
/// or before it when negative; the day itself is the first one if it counts.
fn nth_from(line: &Timeline, day: i64, days: i64, counts: bool) -> Option<i64> {
    // Working days up to the last one that does not count.
    let passed = line.days_before(day.checked_add(i64::from((days > 0) != counts))?)?;
    passed.checked_add(days)?.checked_add(i64::from(days < 0))
}

/// Whether the day of `at` is a working day with hours left, or, going back,
/// with hours gone.
fn has_day_one(line: &Timeline, at: Moment, days: i64) -> bool {
    let hours = line.opening_and_closing(line.day_at(at.second));
    hours.is_some_and(|(opens, closes)| if days > 0 { at < Moment::at(closes) } else { at > Moment::at(opens) })
}

/// [`PartDay::Elapsed`].
fn same_place(line: &Timeline, at: Moment, days: i64) -> Option<Found<Instant>> {
    let spot = line.spot(at.second)?;
    let worked = line.worked_at(spot, at.nano)?;
    // Going back from outside working hours starts at the closing before.
    let closing = days < 0 && !line.is_open(at);
    let day = line.second(worked.seconds.checked_add(i64::from(!closing))?, spot.run)?.day;
    let place = worked.seconds - line.seconds_before(day)?;
    let to = line.working_day(nth_from(line, day, days, false)?)?;
    let before = line.seconds_before(to)?;
    let length = line.seconds_before(to + 1)? - before;
    let answer = if place < length && !closing {
        Moment { second: line.second(before + place + 1, spot.run)?.start, nano: worked.nanos }
    } else {
        Moment::at(line.second(before + place.min(length), spot.run)?.start + 1)
    };
    let judged = line.is_judged(line.day_of(spot)?, to);
    Some(Found { answer: line.zone().tell(answer), from: day, to, places: true, judged })
}

/// The most days that can be added to the earlier instant without passing the later one.
fn most_days(line: &Timeline, from: Moment, to: Moment, part: PartDay) -> Option<Found<i64>> {
    let (first, last) = (line.day_at(from.second), line.day_at(to.second));
    // As many as there are working days from the one date to the other, or up
    // to two fewer for the parts of days at the ends.
    let mut answer = line.days_before(last + 1)? - line.days_before(first)?;
    while answer > 0 && days_from(line, from, answer, part).is_none_or(|found| found.answer.moment() > to) {
        answer -= 1;
    }
    Some(Found { answer, from: first, to: last, places: true, judged: line.is_judged(first, last) })
}
