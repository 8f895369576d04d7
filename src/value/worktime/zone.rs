//! Time zones as tables of clock changes, and what a wall clock says in them.
//!
//! The data are the IANA time zone database as `chrono-tz` carries it: clock
//! changes up to the year 2100, the last known offset after that. Instants are
//! whole seconds since 1970-01-01 00:00 UTC; a *reading* is what the wall clock
//! shows, in seconds since its own 1970-01-01 00:00. Which plan of hours a day
//! has is the [`timeline`](super::timeline)'s to know.

use std::sync::{LazyLock, OnceLock};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::error::UnknownZone;
use super::moment::{DAY, Instant, Moment};
use super::window::Window;

/// A time zone of the IANA database, such as `Asia/Shanghai`.
#[derive(Clone, Copy)]
pub struct Zone {
    tz: Tz,
    table: &'static Table,
}

impl Zone {
    /// The zone of this IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`], with the name that is nearest to what was written.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        Zone::known(name).map(Zone::of)
    }

    /// Whether there is a zone of this IANA name, without reading its clock changes.
    ///
    /// # Errors
    /// [`UnknownZone`], with the name that is nearest to what was written.
    pub fn known(name: &str) -> Result<Tz, UnknownZone> {
        name.parse().map_err(|_| UnknownZone::new(name, TZ_VARIANTS.iter().map(|tz| tz.name())))
    }

    /// The zone that `chrono-tz` calls so. The first use of a zone in a process
    /// reads its clock changes, which takes about a millisecond.
    #[must_use]
    pub fn of(tz: Tz) -> Zone {
        Zone { tz, table: Table::of(tz) }
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.tz.name()
    }

    /// The instant as the zone's clock tells it.
    pub(super) fn tell(self, at: Moment) -> Instant {
        // No clock is as much as a day ahead or behind.
        Instant { second: at.second, nano: at.nano, offset: self.offset(at.second) as i32 }
    }

    /// The first instant at which the clock shows this reading or, where a change skips it, a later one.
    #[must_use]
    pub fn at_local(self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        let reading = local.and_utc().timestamp();
        let at = self.reaching(reading);
        // A skipped reading is the instant of the change; only one that is shown has a fraction.
        let nano = if at + self.offset(at) == reading { local.and_utc().timestamp_subsec_nanos() } else { 0 };
        self.tell(Moment { second: at, nano: nano.min(999_999_999) }).known()
    }

    /// The same instant as this zone's clock tells it; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn local(self, at: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
        self.tell(Moment::of(at)?).known()
    }

    /// The day that an instant belongs to: the one whose stretch holds it.
    pub(super) fn day_at(self, second: i64) -> i64 {
        let mut day = (second + self.offset(second)).div_euclid(DAY);
        // A clock put back over midnight shows tomorrow for a while, then today
        // again: the day is over when the clock leaves it for good.
        while second < self.passing(day * DAY) {
            day -= 1;
        }
        day
    }

    /// The stretches of instants that these windows are on a day that a clock change touches,
    /// in order, none empty and none overlapping.
    ///
    /// A window opens at the first instant when the clock shows its opening or
    /// later, and closes when the clock has left its hours for the last time;
    /// both within the day, which runs from one midnight, so understood, to the
    /// next. So a reading that a clock change skips is the instant of the
    /// change; of a reading that comes twice, an opening takes the first and a
    /// closing the second; windows that run into each other so are one; a day
    /// that the zone skips is empty.
    pub(super) fn stretches(self, on: Change, windows: &[Window]) -> impl Iterator<Item = (i64, i64)> {
        let midnight = on.day * DAY;
        let mut free = on.starts;
        windows.iter().filter_map(move |window| {
            let (from, to) = (midnight + window.opens(), midnight + window.closes());
            let opens = self.reaching(from).max(free);
            let closes = self.passing(to).min(on.ends);
            free = free.max(closes);
            (opens < closes).then_some((opens, closes))
        })
    }

    /// The days on which, or at whose edge, the clock changes, in order. All through the days between two of them the
    /// clock is ahead by the same.
    pub(super) fn changes(self) -> &'static [Change] {
        self.table.changes.get_or_init(|| {
            let change = |day: i64| {
                let (starts, ends) = (self.passing(day * DAY), self.passing((day + 1) * DAY));
                Change { day, starts, ends, after: self.offset(ends) }
            };
            change_days(&self.table.spans).into_iter().map(change).collect()
        })
    }

    /// Seconds that the wall clock is ahead of UTC.
    pub(super) fn offset(self, second: i64) -> i64 {
        self.table.spans.get(self.table.span_at(second)).map_or(0, |span| span.offset)
    }

    /// The first instant when the clock shows this reading or a later one.
    fn reaching(self, reading: i64) -> i64 {
        let spans = &self.table.spans;
        let nearby = spans.iter().skip(self.table.span_at(reading - REACH));
        let span = nearby.copied().find(|span| span.to.saturating_add(span.offset) > reading);
        span.map_or(reading, |span| span.from.max(reading - span.offset))
    }

    /// The instant from which on the clock shows this reading or later ones only.
    pub(super) fn passing(self, reading: i64) -> i64 {
        let spans = &self.table.spans;
        let nearby = spans.iter().take(self.table.span_at(reading + REACH) + 1).rev();
        let span = nearby.copied().find(|span| span.from.saturating_add(span.offset) < reading);
        span.map_or(reading, |span| span.to.min(reading - span.offset))
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.tz == other.tz
    }
}

impl Eq for Zone {}

impl std::fmt::Debug for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// More than any wall clock is away from UTC, in seconds.
const REACH: i64 = 26 * 3600;

/// The span in which clock changes are looked for: every change that the
/// database lists lies between 1845 and 2099.
const YEARS_WITH_CHANGES: (i32, i32) = (1840, 2110);

/// Clock changes are looked for at this distance, in seconds: no zone of the
/// database has changed its clock and changed it back within six days.
const STEP: i64 = 4 * DAY;

/// Every stretch of constant offset of one zone.
struct Table {
    // INVARIANT: not empty; in order, without gaps; neighbours differ in offset.
    spans: Vec<Span>,
    changes: OnceLock<Vec<Change>>,
}

/// A day that a clock change touches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) day: i64,
    /// The instants at which it starts and ends.
    pub(super) starts: i64,
    pub(super) ends: i64,
    /// Seconds that the clock is ahead of UTC at its end.
    pub(super) after: i64,
}

/// Instants `from` up to, not with, `to`, when the clock is `offset` seconds ahead of UTC.
#[derive(Clone, Copy)]
struct Span {
    from: i64,
    to: i64,
    offset: i64,
}

impl Table {
    /// The zone's table, made when it is first asked for.
    fn of(tz: Tz) -> &'static Table {
        static TABLES: LazyLock<Vec<OnceLock<Table>>> =
            LazyLock::new(|| TZ_VARIANTS.iter().map(|_| OnceLock::new()).collect());
        static UTC: LazyLock<Table> = LazyLock::new(|| Table::read(Tz::UTC, STEP));
        // `TZ_VARIANTS` lists every zone, so `UTC` never stands in for another.
        let place = TZ_VARIANTS.iter().position(|known| *known == tz);
        place.and_then(|place| TABLES.get(place)).map_or(&UTC, |table| table.get_or_init(|| Table::read(tz, STEP)))
    }

    /// Finds the zone's clock changes by asking for its offset every `step`
    /// seconds, and between two answers that differ by halving.
    fn read(tz: Tz, step: i64) -> Table {
        let year = |year| NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, |date| super::moment::number(date) * DAY);
        let (first, last) = (year(YEARS_WITH_CHANGES.0), year(YEARS_WITH_CHANGES.1));
        let mut spans = Vec::new();
        let mut from = i64::MIN;
        let mut known = (first, offset(tz, first));
        while known.0 < last {
            let next = (known.0 + step, offset(tz, known.0 + step));
            if next.1 != known.1 {
                let (mut before, mut after) = (known.0, next.0);
                while after - before > 1 {
                    let middle = before + (after - before) / 2;
                    if offset(tz, middle) == known.1 { before = middle } else { after = middle }
                }
                spans.push(Span { from, to: after, offset: known.1 });
                from = after;
                // Should there be a second change before the next question, it
                // is found from here.
                known = (after, offset(tz, after));
            } else {
                known = next;
            }
        }
        spans.push(Span { from, to: i64::MAX, offset: known.1 });
        Table { spans, changes: OnceLock::new() }
    }

    /// The place of the span that an instant lies in.
    fn span_at(&self, second: i64) -> usize {
        self.spans.partition_point(|span| span.to <= second)
    }
}

fn offset(tz: Tz, second: i64) -> i64 {
    let utc = DateTime::from_timestamp(second, 0).map_or_else(Default::default, |at| at.naive_utc());
    i64::from(tz.offset_from_utc_datetime(&utc).fix().local_minus_utc())
}

/// Every day with a reading that a clock change skips or repeats, or that ends with one.
fn change_days(spans: &[Span]) -> Vec<i64> {
    let mut days: Vec<i64> = Vec::new();
    for pair in spans.windows(2) {
        if let [before, after] = pair {
            let (one, other) = (after.from + before.offset, after.from + after.offset);
            let (low, high) = (one.min(other) - 1, one.max(other));
            days.extend(low.div_euclid(DAY)..=high.div_euclid(DAY));
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_clock_change_is_missed() {
        for tz in TZ_VARIANTS {
            let daily = Table::read(tz, DAY);
            let ends = |table: &Table| table.spans.iter().map(|span| (span.to, span.offset)).collect::<Vec<_>>();
            assert_eq!(ends(&daily), ends(Zone::of(tz).table), "{tz}");
            let far = |year: i64| offset(tz, year * 366 * DAY);
            assert_eq!(daily.spans.first().map(|span| span.offset), Some(far(-1900)), "{tz}");
            assert_eq!(daily.spans.last().map(|span| span.offset), Some(far(7900)), "{tz}");
        }
    }
}
