//! The hours of seven days, as they come again week by week.

use super::moment::DAY;
use super::rising::reached;
use super::window::Window;

/// Seconds of a week that the clock does not change in.
pub(super) const WEEK: i64 = 7 * DAY;

/// What each day of a week works.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rhythm {
    // INVARIANT: in order, none empty and none overlapping.
    hours: Vec<Hours>,
    /// How many of the hours come before each day, and before the end of the week.
    places: [usize; 8],
    /// How many working days come before each day, and before the end of the week.
    days: [i64; 8],
    /// Seconds of work.
    seconds: i64,
}

/// A stretch of work, in seconds from the start of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hours {
    opens: i64,
    closes: i64,
    /// Seconds of work before it.
    before: i64,
    /// The day of the week that it belongs to.
    day: i64,
}

impl Rhythm {
    /// Weeks in which each day has these windows, Monday first.
    pub(super) fn weekly<'w>(windows: impl Fn(usize) -> &'w [Window]) -> Rhythm {
        let mut rhythm = Rhythm { hours: Vec::new(), places: [0; 8], days: [0; 8], seconds: 0 };
        for day in 0..7 {
            let midnight = DAY * day as i64;
            for window in windows(day) {
                rhythm.push(day, midnight + window.opens(), midnight + window.closes());
            }
        }
        rhythm
    }

    /// A single day with these stretches of instants, counted from `zero`.
    pub(super) fn once(stretches: impl Iterator<Item = (i64, i64)>, zero: i64) -> Rhythm {
        let mut rhythm = Rhythm { hours: Vec::new(), places: [0; 8], days: [0; 8], seconds: 0 };
        stretches.for_each(|(opens, closes)| rhythm.push(0, opens - zero, closes - zero));
        rhythm
    }

    /// Seconds of work in a week.
    #[inline]
    pub(super) fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Working days in a week.
    pub(super) fn days(&self) -> i64 {
        self.days[7]
    }

    /// Seconds of work before so many seconds of the week have passed, and whether work is done then.
    #[inline]
    pub(super) fn worked(&self, passed: i64) -> (i64, bool) {
        let begun = reached(&self.hours, |hours| hours.opens <= passed);
        match begun.checked_sub(1).and_then(|last| self.hours.get(last)) {
            None => (0, false),
            Some(hours) => (hours.before + passed.min(hours.closes) - hours.opens, passed < hours.closes),
        }
    }

    /// The day of the second of work that has so many before it in the week, and when it starts, in seconds from the
    /// start of the week.
    #[inline]
    pub(super) fn second(&self, before: i64) -> Option<(i64, i64)> {
        let begun = reached(&self.hours, |hours| hours.before <= before);
        let hours = self.hours.get(begun.checked_sub(1)?)?;
        Some((hours.day, hours.opens + before - hours.before))
    }

    /// The day of the week that has so many working days before it, and is one.
    pub(super) fn working_day(&self, before: i64) -> Option<i64> {
        let day = self.days.iter().position(|days| *days > before)?;
        i64::try_from(day).ok()?.checked_sub(1)
    }

    /// Seconds of work before a day of the week.
    pub(super) fn seconds_before(&self, day: usize) -> i64 {
        let first = self.places.get(day).and_then(|place| self.hours.get(*place));
        first.map_or(self.seconds, |hours| hours.before)
    }

    /// Working days before a day of the week.
    pub(super) fn days_before(&self, day: usize) -> i64 {
        self.days.get(day).copied().unwrap_or(0)
    }

    /// The stretches of work of a day of the week, in seconds from the start of the week.
    pub(super) fn hours(&self, day: usize) -> impl Iterator<Item = (i64, i64)> {
        let place = |day: usize| self.places.get(day).copied().unwrap_or(0);
        let hours = self.hours.get(place(day)..place(day + 1)).unwrap_or(&[]);
        hours.iter().map(|hours| (hours.opens, hours.closes))
    }

    /// More hours, of the day of those before or a later one.
    fn push(&mut self, day: usize, opens: i64, closes: i64) {
        self.hours.push(Hours { opens, closes, before: self.seconds, day: day as i64 });
        self.seconds += closes - opens;
        let is_new = self.places.get(day) == self.places.get(day + 1);
        for later in day + 1..8 {
            self.places[later] += 1;
            self.days[later] += i64::from(is_new);
        }
    }
}
