//! The cases of working time that agreements turn on. `tests/properties.rs` has
//! what holds for all calendars, `tests/oracle.rs` the slow way of counting that
//! the closed form is held against.

mod files;
mod oracle;
mod properties;
mod walk;

use chrono::{DateTime, FixedOffset, NaiveDate, Weekday};

use super::*;

const WORKWEEK: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
const HOUR: i64 = 3600;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

/// `09:00-12:00 13:00-18:00`
fn windows(text: &str) -> Vec<Window> {
    let minutes = |clock: &str| {
        let (hours, minutes) = clock.split_once(':').unwrap();
        hours.parse::<u32>().unwrap() * 60 + minutes.parse::<u32>().unwrap()
    };
    let window = |text: &str| {
        let (from, to) = text.split_once('-').unwrap();
        Window::from_minutes(minutes(from), minutes(to)).unwrap()
    };
    text.split(' ').map(window).collect()
}

/// Monday to Friday in these hours.
fn office(hours: &str, judged: Judged) -> CalendarBuilder {
    let mut builder = CalendarBuilder::new(judged);
    for weekday in WORKWEEK {
        builder.hours(weekday, &windows(hours));
    }
    builder
}

fn holiday(first: &str, last: &str, name: &str) -> Listed {
    Listed { first: date(first), last: date(last), day: ListedDay::Holiday, name: Some(name.to_owned()) }
}

fn working(day: &str, hours: WorkingHours) -> Listed {
    Listed { first: date(day), last: date(day), day: ListedDay::Working(hours), name: None }
}

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn build(builder: &CalendarBuilder, name: &str) -> Calendar {
    builder.build(zone(name)).unwrap()
}

fn unjudged<T>(from: &str, to: &str) -> Result<T, NoAnswer> {
    Err(NoAnswer::Unjudged(Unjudged { from: date(from), to: date(to) }))
}

#[test]
fn eight_business_hours_from_friday_evening_end_on_monday() {
    let friday = at("2024-09-13T17:30:00+08:00");
    for hours in ["09:00-18:00", "09:00-12:00 13:00-18:00"] {
        let calendar = build(&office(hours, Judged::Always), "Asia/Shanghai");
        let end = if hours.len() > 11 { "2024-09-16T17:30:00+08:00" } else { "2024-09-16T16:30:00+08:00" };
        assert_eq!(calendar.add(friday, 8 * HOUR), Ok(at(end)), "{hours}");
        assert_eq!(
            calendar.add(friday, HOUR / 2),
            Ok(at("2024-09-13T18:00:00+08:00")),
            "a closing is not the next opening"
        );
        assert_eq!(calendar.next_opening(at("2024-09-13T18:00:00+08:00")), Ok(at("2024-09-16T09:00:00+08:00")));
        assert_eq!(calendar.between(friday, at(end)), Ok(8 * HOUR));
    }
}

#[test]
fn a_clock_into_days_that_are_not_judged_says_which() {
    let mut builder = office("09:00-18:00", Judged::Within(vec![(date("2024-01-01"), date("2024-09-30"))]));
    let monday = at("2024-09-30T16:00:00+08:00");
    let calendar = build(&builder, "Asia/Shanghai");
    assert_eq!(calendar.add(monday, 2 * HOUR), Ok(at("2024-09-30T18:00:00+08:00")), "settled before it");
    assert_eq!(calendar.add(monday, 3 * HOUR), unjudged("2024-10-01", "2024-10-01"));
    assert_eq!(calendar.add(monday, 29 * HOUR), unjudged("2024-10-01", "2024-10-03"));
    assert_eq!(calendar.is_open(at("2024-10-01T08:00:00+08:00")), Ok(false), "before any opening");
    assert_eq!(calendar.is_open(at("2024-10-01T09:00:00+08:00")), unjudged("2024-10-01", "2024-10-01"));
    assert_eq!(calendar.is_business_day(date("2024-10-05")), Ok(false), "a Saturday");
    assert_eq!(calendar.add_days(monday, 1, PartDay::Counted), Ok(at("2024-09-30T18:00:00+08:00")));
    assert_eq!(calendar.add_days(monday, 1, PartDay::NotCounted), unjudged("2024-10-01", "2024-10-01"));
    assert_eq!(calendar.business_days_between(date("2024-09-27"), date("2024-10-01")), Ok(2));
    assert_eq!(calendar.business_day_after(date("2024-09-30"), 4), unjudged("2024-10-01", "2024-10-04"));

    builder.list(holiday("2024-10-01", "2024-10-07", "National Day"));
    let calendar = build(&builder, "Asia/Shanghai");
    assert_eq!(calendar.add(monday, 3 * HOUR), unjudged("2024-10-08", "2024-10-08"), "a listed day is judged");
    builder.list_all(&holidays_from_csv("date,name,kind\n2024-10-12,,working-day\n").unwrap());
    let calendar = build(&builder, "Asia/Shanghai");
    assert_eq!(calendar.add(monday, 3 * HOUR), Ok(at("2024-10-08T10:00:00+08:00")));
    assert_eq!(calendar.is_business_day(date("2024-10-12")), Ok(true), "a Saturday that is made up for");
    assert_eq!(calendar.add_days(monday, 6, PartDay::NotCounted), Ok(at("2024-10-14T18:00:00+08:00")));
    assert_eq!(calendar.is_business_day(date("2025-01-01")), unjudged("2025-01-01", "2025-01-01"));
    let names =
        |first, last| calendar.listed(date(first), date(last)).filter_map(|day| day.name.clone()).collect::<Vec<_>>();
    assert_eq!(names("2024-10-07", "2024-10-12"), ["National Day"]);
}

#[test]
fn days_that_the_week_calls_closed_may_be_made_up_for() {
    let mut builder = office("09:00-18:00", Judged::Within(Vec::new()));
    let saturday = at("2024-10-12T10:00:00+08:00");
    assert_eq!(build(&builder, "Asia/Shanghai").is_open(saturday), Ok(false));
    builder.make_up_days_possible(true);
    let calendar = build(&builder, "Asia/Shanghai");
    assert_eq!(calendar.is_open(saturday), unjudged("2024-10-12", "2024-10-12"));
    assert_eq!(calendar.is_open(at("2024-10-12T20:00:00+08:00")), Ok(false), "no weekday works then");
    assert_eq!(calendar.between(saturday, at("2024-10-13T10:00:00+08:00")), unjudged("2024-10-12", "2024-10-13"));
}

#[test]
fn elapsed_time_is_exact_across_clock_changes() {
    let mut all_day = CalendarBuilder::new(Judged::Always);
    let london = build(all_day.around_the_clock(), "Europe/London");
    // 2024-03-31 01:00 was put forward to 02:00, 2024-10-27 02:00 back to 01:00.
    assert_eq!(london.add(at("2024-03-30T12:00:00Z"), 24 * HOUR), Ok(at("2024-03-31T13:00:00+01:00")));
    assert_eq!(london.between(at("2024-03-31T00:00:00Z"), at("2024-04-01T00:00:00+01:00")), Ok(23 * HOUR));
    assert_eq!(london.between(at("2024-10-27T00:00:00+01:00"), at("2024-10-28T00:00:00Z")), Ok(25 * HOUR));
    assert_eq!(
        london.add_days(at("2024-03-30T12:00:00Z"), 1, PartDay::Elapsed),
        Ok(at("2024-03-31T13:00:00+01:00")),
        "twelve hours of work into the day"
    );

    let nightly = |hours, date: &str, zone: &str| {
        let mut builder = CalendarBuilder::new(Judged::Always);
        builder.hours(Weekday::Sun, &windows(hours));
        let calendar = build(&builder, zone);
        let midnight = at(&format!("{date}T00:00:00Z"));
        let opens = calendar.next_opening(midnight).unwrap();
        (opens, calendar.between(opens, midnight + chrono::TimeDelta::days(2)).unwrap())
    };
    let spring = |hours| nightly(hours, "2024-03-31", "Europe/London");
    assert_eq!(spring("01:30-03:00"), (at("2024-03-31T02:00:00+01:00"), HOUR), "opens when the gap ends");
    assert_eq!(spring("00:30-01:30"), (at("2024-03-31T00:30:00Z"), HOUR / 2), "closes when the gap starts");
    let autumn = |hours| nightly(hours, "2024-10-26", "Europe/London");
    assert_eq!(autumn("01:30-03:00"), (at("2024-10-27T01:30:00+01:00"), 5 * HOUR / 2), "opens the first time");
    assert_eq!(autumn("00:30-01:30"), (at("2024-10-27T00:30:00+01:00"), 2 * HOUR), "closes the second time");
    assert_eq!(autumn("00:30-01:00"), (at("2024-10-27T00:30:00+01:00"), HOUR / 2), "no reading of it comes twice");
    assert_eq!(autumn("01:10-01:20 01:40-01:50").1, 100 * 60, "windows that run into each other are one");
}

#[test]
fn a_day_that_the_zone_skips_is_no_business_day() {
    let mut builder = CalendarBuilder::new(Judged::Always);
    let apia = build(builder.around_the_clock(), "Pacific/Apia");
    assert_eq!(apia.is_business_day(date("2011-12-30")), Ok(false));
    assert_eq!(apia.business_days_between(date("2011-12-29"), date("2012-01-01")), Ok(2));
    assert_eq!(apia.add(at("2011-12-29T23:00:00-10:00"), 2 * HOUR), Ok(at("2011-12-31T01:00:00+14:00")));
}

#[test]
fn a_day_is_over_when_the_clock_leaves_it_for_good() {
    // On Sunday 2009-11-01 at 00:01 the clock of St John's went back to Saturday 23:01.
    let mut saturday = CalendarBuilder::new(Judged::Always);
    saturday.hours(Weekday::Sat, &[Window::WHOLE_DAY]);
    let saturday = build(&saturday, "America/St_Johns");
    let midnight = at("2009-11-01T00:00:30-02:30");
    assert_eq!(saturday.is_open(midnight), Ok(true));
    assert_eq!(saturday.add(midnight, HOUR / 2), Ok(at("2009-10-31T23:30:30-03:30")));
    assert_eq!(saturday.between(at("2009-10-31T00:00:00-02:30"), at("2009-11-02T00:00:00-03:30")), Ok(25 * HOUR));
    assert_eq!(saturday.add_days(midnight, 1, PartDay::Counted), Ok(at("2009-11-01T00:00:00-03:30")));
}

#[test]
fn how_the_day_of_the_start_counts_is_written() {
    let calendar = build(&office("09:00-12:00 13:00-18:00", Judged::Always), "Asia/Shanghai");
    let count = |start: &str, days| {
        let part = |part| calendar.add_days(at(&format!("2024-09-{start}:00+08:00")), days, part);
        [PartDay::Elapsed, PartDay::NotCounted, PartDay::Counted]
            .map(|way| part(way).unwrap().format("%dT%H:%M").to_string())
    };
    // 2024-09-13 is a Friday.
    assert_eq!(count("13T10:00", 1), ["16T10:00", "16T18:00", "13T18:00"]);
    assert_eq!(count("13T10:00", 3), ["18T10:00", "18T18:00", "17T18:00"]);
    assert_eq!(count("13T13:00", 1), ["16T13:00", "16T18:00", "13T18:00"]);
    assert_eq!(count("13T12:30", 1), ["16T13:00", "16T18:00", "13T18:00"]);
    assert_eq!(count("13T18:00", 1), ["17T09:00", "16T18:00", "16T18:00"]);
    assert_eq!(count("14T11:00", 1), ["17T09:00", "16T18:00", "16T18:00"]);
    assert_eq!(count("13T07:00", 1), ["16T09:00", "16T18:00", "13T18:00"]);
    assert_eq!(count("16T10:00", -1), ["13T10:00", "13T09:00", "16T09:00"]);
    assert_eq!(count("16T09:00", -1), ["13T09:00", "13T09:00", "13T09:00"]);
    assert_eq!(count("15T11:00", -1), ["12T18:00", "13T09:00", "13T09:00"]);
    assert_eq!(count("15T11:00", 0), ["15T11:00"; 3]);
}

#[test]
fn fractions_of_seconds_are_kept() {
    let calendar = build(&office("09:00-18:00", Judged::Always), "Asia/Shanghai");
    let start = at("2024-09-13T17:30:00.5+08:00");
    assert_eq!(calendar.add(start, 60), Ok(at("2024-09-13T17:31:00.5+08:00")));
    assert_eq!(calendar.add(start, HOUR / 2), Ok(at("2024-09-16T09:00:00.5+08:00")));
    assert_eq!(calendar.sub(start, 9 * HOUR), Ok(at("2024-09-12T17:30:00.5+08:00")));
    assert_eq!(calendar.between(start, at("2024-09-13T18:00:00+08:00")), Ok(HOUR / 2 - 1));
}

#[test]
fn the_ends_of_time_are_answers_too() {
    let calendar = build(&office("09:00-18:00", Judged::Always), "Asia/Shanghai");
    let out = Err(NoAnswer::OutOfRange);
    let late = at("9999-12-31T12:00:00Z");
    for amount in [i64::MAX, i64::MIN, i64::MAX / 2, 400_000 * 366 * HOUR] {
        assert_eq!(calendar.add(late, amount), out, "{amount}");
        assert_eq!(calendar.sub(late, amount), out, "{amount}");
        for part in [PartDay::Elapsed, PartDay::NotCounted, PartDay::Counted] {
            assert_eq!(calendar.add_days(late, amount, part), out, "{amount} {part:?}");
        }
        assert_eq!(calendar.business_day_after(date("2024-10-01"), amount), Err(NoAnswer::OutOfRange));
    }
    let limits = [NaiveDate::MIN, NaiveDate::MAX, date("0001-01-01"), date("9999-12-31")];
    for limit in limits {
        let _ = calendar.is_business_day(limit);
        let _ = calendar.business_days_between(limit, NaiveDate::MAX);
        let _ = calendar.business_day_after(limit, -1);
    }
    for extreme in [DateTime::<chrono::Utc>::MIN_UTC, DateTime::<chrono::Utc>::MAX_UTC] {
        assert_eq!(calendar.add(extreme.fixed_offset(), 1), out);
        assert_eq!(calendar.between(extreme.fixed_offset(), late), Err(NoAnswer::OutOfRange));
    }
    for zone in ["Etc/GMT+12", "Pacific/Kiritimati", "America/St_Johns", "Asia/Shanghai"] {
        let calendar = build(CalendarBuilder::new(Judged::Within(Vec::new())).around_the_clock(), zone);
        for edge in [at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59Z")] {
            let _ = (calendar.add(edge, 1), calendar.sub(edge, 1), calendar.is_open(edge), calendar.next_opening(edge));
        }
    }
}

#[test]
fn calendars_that_make_no_sense_are_refused() {
    let error = |change: fn(&mut CalendarBuilder)| {
        let mut builder = office("09:00-18:00", Judged::Always);
        change(&mut builder);
        builder.build(zone("UTC")).unwrap_err().to_string()
    };
    let time = |text: &str| text.parse().unwrap();
    assert_eq!(
        Window::new(time("18:00:00"), time("09:00:00")).unwrap_err().to_string(),
        "working hours must end after they start and by 24:00, and 18:00..09:00 do not"
    );
    assert!(Window::new(time("09:00:30"), time("10:00:00")).is_err());
    assert_eq!(Window::new(time("00:00:00"), time("00:00:00")), Ok(Window::WHOLE_DAY));
    assert!(Window::from_minutes(0, 1441).is_err());
    assert_eq!(
        error(|builder| _ = builder.hours(Weekday::Mon, &windows("17:00-19:00"))),
        "the working hours 09:00..18:00 and 17:00..19:00 overlap"
    );
    assert_eq!(
        error(|builder| _ = builder.list(holiday("2024-10-07", "2024-10-01", ""))),
        "the last day, 2024-10-01, comes before the first, 2024-10-07"
    );
    assert_eq!(
        error(|builder| {
            builder.list(holiday("2024-10-01", "2024-10-07", "")).list(working("2024-10-05", WorkingHours::Usual));
        }),
        "2024-10-05 is listed twice, and the two do not agree"
    );
    assert_eq!(
        error(|builder| {
            builder.hours(Weekday::Sat, &windows("09:00-12:00")).list(working("2024-10-06", WorkingHours::Usual));
        }),
        "the working day 2024-10-06 needs its hours, because the week has no usual ones"
    );
    let sunday =
        |builder: &mut CalendarBuilder| _ = builder.list(working("2024-10-06", WorkingHours::AsOn(Weekday::Sun)));
    assert!(error(sunday).contains("the hours of a sunday"));
    assert_eq!(CalendarBuilder::new(Judged::Always).build(zone("UTC")).unwrap_err(), CalendarError::NeverOpen);
    let unknown = Zone::named("Asia/Shanhai").unwrap_err();
    assert_eq!(
        (unknown.to_string().as_str(), unknown.nearest),
        ("`Asia/Shanhai` is not a time zone of the IANA database", Some("Asia/Shanghai"))
    );
}
