//! A calendar day by day, as an explanation or a wall calendar shows it, and the work of many days at once.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, Weekday};

use super::calendar::Found;
use super::moment::{self, Moment};
use super::{Calendar, ListedDay, NoAnswer, Window};

/// A day of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub kind: DayKind,
    /// The stretches of instants in which work is done, as the zone's clock tells them; of a day that is not judged,
    /// those that there may be.
    pub stretches: Vec<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    /// What the day is listed as: `National Day`.
    pub name: Option<String>,
    /// The clock's offsets before and after, where it changes on this day.
    pub clock_change: Option<(FixedOffset, FixedOffset)>,
}

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// With the hours of its weekday.
    Working,
    /// Listed as a working day, with hours that its weekday does not have.
    MakeUp,
    /// As its weekday says.
    Closed,
    /// Listed as closed.
    Holiday,
    /// Nobody has judged whether it is a working day.
    NotJudged,
}

impl DayKind {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DayKind::Working => "working",
            DayKind::MakeUp => "make-up",
            DayKind::Closed => "closed",
            DayKind::Holiday => "holiday",
            DayKind::NotJudged => "not-judged",
        }
    }
}

impl Day {
    /// Seconds of work.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.stretches.iter().map(|(opens, closes)| (*closes - *opens).num_seconds()).sum()
    }
}

impl Calendar {
    /// The hours of a weekday, in order; none when it is closed.
    #[must_use]
    pub fn hours_of(&self, weekday: Weekday) -> &[Window] {
        self.week.get(moment::place(weekday)).map_or(&[], Vec::as_slice)
    }

    /// A day, judged or not; `None` where the date is outside the years 1 to 9999.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Option<Day> {
        let number = moment::number(date);
        if !(moment::DAYS.0..=moment::DAYS.1).contains(&number) {
            return None;
        }
        let hours: Vec<(i64, i64)> = self.least.hours(number).collect();
        let most = self.most.as_ref().map(|line| line.hours(number).collect::<Vec<_>>());
        let judged = most.as_ref().is_none_or(|most| *most == hours);
        let listed = self.listed(date, date).next();
        let kind = match listed.map(|listed| &listed.day) {
            _ if !judged => DayKind::NotJudged,
            Some(ListedDay::Holiday) => DayKind::Holiday,
            Some(ListedDay::Working(_)) if self.hours_of(date.weekday()).is_empty() => DayKind::MakeUp,
            _ if hours.is_empty() => DayKind::Closed,
            _ => DayKind::Working,
        };
        let tell = |second| self.zone().tell(Moment::at(second)).known();
        let shown = if judged { hours } else { most.unwrap_or_default() };
        let stretches = shown.into_iter().filter_map(|(opens, closes)| Some((tell(opens)?, tell(closes)?)));
        Some(Day {
            date,
            kind,
            stretches: stretches.collect(),
            name: listed.and_then(|listed| listed.name.clone()),
            clock_change: self.clock_change(date),
        })
    }

    /// The offsets at the start and the end of a day, where they differ.
    fn clock_change(&self, date: NaiveDate) -> Option<(FixedOffset, FixedOffset)> {
        let midnight = |date: NaiveDate| self.zone().at_local(date.and_time(NaiveTime::MIN));
        let (start, end) = (midnight(date)?, midnight(date.succ_opt()?)?);
        (start.offset() != end.offset()).then(|| (*start.offset(), *end.offset()))
    }

    /// Seconds of work on the days from `first` to `last`, both included, however many they are.
    ///
    /// # Errors
    /// [`NoAnswer`] when that is not judged, or out of range.
    pub fn work_on(&self, first: NaiveDate, last: NaiveDate) -> Result<i64, NoAnswer> {
        let (from, to) = (moment::number(first), moment::number(last));
        self.agreed(|line| {
            let answer = line.seconds_before(to.checked_add(1)?)? - line.seconds_before(from)?;
            let judged = line.is_judged(from, to);
            Some(Found { answer, from, to: to.max(from), places: false, judged })
        })
    }

    /// The least and the most work that there may be on these days, in seconds and in days.
    #[must_use]
    pub fn work_between(&self, first: NaiveDate, last: NaiveDate) -> Option<((i64, i64), (i64, i64))> {
        let (from, to) = (moment::number(first), moment::number(last).checked_add(1)?);
        let work = |line: &super::timeline::Timeline| {
            let seconds = line.seconds_before(to)? - line.seconds_before(from)?;
            Some((seconds, line.days_before(to)? - line.days_before(from)?))
        };
        let least = work(&self.least)?;
        let most = self.most.as_ref().map_or(Some(least), work)?;
        Some((least, most))
    }
}
