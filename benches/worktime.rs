//! What working-time arithmetic costs as amounts and lists of holidays grow.
//!
//! Prints times for one question and ratios within this run; a closed form shows
//! in ratios near 1. `cargo bench --bench worktime`

#![allow(clippy::disallowed_types, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, Weekday};
use clausal::value::worktime::{Calendar, CalendarBuilder, Judged, Listed, ListedDay, PartDay, Window, Zone};

fn main() {
    let Some(start) = start() else { return eprintln!("the start is no instant") };
    let first = Instant::now();
    let Ok(zone) = Zone::named("Europe/London") else { return eprintln!("the zone is unknown") };
    println!("reading the zone, once in a process: {:?}", first.elapsed());
    for holidays in [0, 100, 10_000] {
        let building = Instant::now();
        let (Some(known), Some(unsure)) = (office(zone, holidays, true), office(zone, holidays, false)) else {
            return eprintln!("the calendar does not build");
        };
        println!("{holidays} holidays: two calendars built in {:?}", building.elapsed());
        for (name, calendar) in [("all days judged", &known), ("some not judged", &unsure)] {
            let ten = hours(calendar, start, 10);
            let many = hours(calendar, start, 10_000);
            let days = each(|| calendar.add_days(black_box(start), black_box(1_000), PartDay::Elapsed).is_ok());
            println!("  {name}: 10 h {ten:?}, 10,000 h {many:?} ({}), 1,000 days {days:?}", ratio(many, ten));
        }
    }
}

/// Weekdays 09:00-12:00 and 13:00-18:00, with so many holidays from 2024 on.
fn office(zone: Zone, holidays: u64, judged: bool) -> Option<Calendar> {
    let new_year = NaiveDate::from_ymd_opt(2024, 1, 1)?;
    let known = vec![(NaiveDate::from_ymd_opt(1, 1, 1)?, new_year + Days::new(36_500))];
    let mut builder = CalendarBuilder::new(if judged { Judged::Always } else { Judged::Within(known) });
    let windows = [Window::from_minutes(540, 720).ok()?, Window::from_minutes(780, 1080).ok()?];
    for weekday in [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri] {
        builder.hours(weekday, &windows);
    }
    for holiday in 0..holidays {
        let day = new_year + Days::new(holiday * 3);
        builder.list(Listed { first: day, last: day, day: ListedDay::Holiday, name: None });
    }
    builder.build(zone).ok()
}

fn start() -> Option<DateTime<FixedOffset>> {
    Some(NaiveDate::from_ymd_opt(2024, 9, 13)?.and_hms_opt(16, 30, 0)?.and_utc().fixed_offset())
}

fn hours(calendar: &Calendar, start: DateTime<FixedOffset>, hours: i64) -> Duration {
    each(|| calendar.add(black_box(start), black_box(hours * 3600)).is_ok())
}

/// The time of one call: the best of several rounds of many.
fn each(ask: impl Fn() -> bool) -> Duration {
    const CALLS: u32 = 20_000;
    let round = || {
        let started = Instant::now();
        for _ in 0..CALLS {
            black_box(ask());
        }
        started.elapsed() / CALLS
    };
    (0..7).map(|_| round()).min().unwrap_or_default()
}

/// How many times `one` is `other`, to hundredths.
fn ratio(one: Duration, other: Duration) -> String {
    let hundredths = one.as_nanos() * 100 / other.as_nanos().max(1);
    format!("x {}.{:02}", hundredths / 100, hundredths % 100)
}
