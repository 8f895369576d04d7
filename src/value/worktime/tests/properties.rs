//! What holds for every calendar, and the closed form against the slow oracle.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::oracle::{Hours, Oracle, whole};
use super::{
    AsInstant, Calendar, CalendarBuilder, HOUR, Instant, Judged, Listed, ListedDay, NoAnswer, PartDay, Timed, Unjudged,
    Window, WorkingHours, Zone, deadline,
};
use crate::value::worktime::rising::Rising;

/// Zones, each with a date near which its clock changes.
const PLACES: [(Tz, (i32, u32, u32)); 11] = [
    (Tz::UTC, (2024, 2, 20)),
    (Tz::Asia__Shanghai, (1991, 9, 8)),
    (Tz::Europe__London, (2024, 3, 22)),
    (Tz::Europe__London, (2024, 10, 18)),
    (Tz::America__New_York, (2025, 3, 1)),
    (Tz::Australia__Lord_Howe, (2024, 3, 28)),
    (Tz::Australia__Lord_Howe, (2024, 9, 28)),
    (Tz::Pacific__Apia, (2011, 12, 21)),
    (Tz::America__Havana, (2024, 10, 25)),
    (Tz::America__St_Johns, (2009, 10, 23)),
    (Tz::America__Sao_Paulo, (2018, 2, 9)),
];
const SPAN: u64 = 24;

/// A calendar as the properties make it: the days of one span, each with a place in it.
#[derive(Clone, Debug)]
struct Made {
    week: [Hours; 7],
    holidays: Vec<(u64, u64)>,
    made_up: Vec<(u64, Hours)>,
}

impl Made {
    fn builder(&self, first: NaiveDate, judged: Judged) -> CalendarBuilder {
        let mut builder = CalendarBuilder::new(judged);
        let mut weekday = chrono::Weekday::Mon;
        for hours in &self.week {
            builder.hours(weekday, &windows(hours));
            weekday = weekday.succ();
        }
        for (from, days) in &self.holidays {
            builder.list(listed(first + Days::new(*from), first + Days::new(from + days), ListedDay::Holiday));
        }
        for (day, hours) in &self.made_up {
            let date = first + Days::new(*day);
            if !self.is_holiday(*day) {
                builder.list(listed(date, date, ListedDay::Working(WorkingHours::Windows(windows(hours)))));
            }
        }
        builder
    }

    fn calendar(&self, tz: Tz, first: NaiveDate) -> Calendar {
        self.builder(first, Judged::Always).build(Zone::of(tz)).unwrap()
    }

    fn is_holiday(&self, day: u64) -> bool {
        self.holidays.iter().any(|(from, days)| (*from..=from + days).contains(&day))
    }

    fn hours(&self, first: NaiveDate, date: NaiveDate) -> Hours {
        let day = u64::try_from(date.signed_duration_since(first).num_days()).unwrap();
        let made_up = self.made_up.iter().find(|(made_up, _)| *made_up == day);
        match made_up {
            _ if self.is_holiday(day) => Vec::new(),
            Some((_, hours)) => hours.clone(),
            None => self.week[usize::try_from(date.weekday().num_days_from_monday()).unwrap()].clone(),
        }
    }
}

fn windows(hours: &Hours) -> Vec<Window> {
    hours.iter().map(|(from, to)| Window::from_minutes(*from, *to).unwrap()).collect()
}

fn listed(first: NaiveDate, last: NaiveDate, day: ListedDay) -> Listed {
    Listed { first, last, day, name: None }
}

fn hours(least: usize) -> impl Strategy<Value = Hours> {
    let minutes = prop_oneof![Just(0), Just(1440), (0..=180u32), (0..=1440u32)];
    proptest::collection::btree_set(minutes, 2..7)
        .prop_map(move |minutes| {
            let minutes: Vec<u32> = minutes.into_iter().collect();
            minutes.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Hours>()
        })
        .prop_filter("hours", move |hours| hours.len() >= least)
}

fn day_hours() -> impl Strategy<Value = Hours> {
    prop_oneof![1 => Just(Vec::new()), 3 => hours(0), 1 => Just(vec![(0, 1440)]), 1 => Just(vec![(540, 720), (780, 1080)])]
}

fn made() -> impl Strategy<Value = Made> {
    let week =
        proptest::array::uniform7(day_hours()).prop_filter("open", |week| week.iter().any(|day| !day.is_empty()));
    let holidays = proptest::collection::vec((0..SPAN, 0..4u64), 0..4);
    let made_up = proptest::collection::btree_map(0..SPAN, hours(1), 0..3);
    (week, holidays, made_up).prop_map(|(week, holidays, made_up)| Made {
        week,
        holidays,
        made_up: made_up.into_iter().collect(),
    })
}

fn place() -> impl Strategy<Value = (Tz, NaiveDate)> {
    proptest::sample::select(PLACES.to_vec())
        .prop_map(|(tz, (year, month, day))| (tz, NaiveDate::from_ymd_opt(year, month, day).unwrap()))
}

fn part() -> impl Strategy<Value = PartDay> {
    proptest::sample::select(vec![PartDay::Elapsed, PartDay::NotCounted, PartDay::Counted])
}

fn instant(first: NaiveDate, seconds: i64) -> DateTime<FixedOffset> {
    (first.and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::seconds(seconds)).fixed_offset()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_closed_form_agrees_with_walking_every_minute(
        made in made(), (tz, first) in place(), from in 5 * 1440..14 * 1440usize, to in 5 * 1440..18 * 1440usize,
        minutes in 1..6000usize, days in 1..5usize,
    ) {
        let calendar = made.calendar(tz, first);
        let oracle = Oracle::new(tz, first, SPAN, |date| made.hours(first, date));
        let at = |minute| oracle.at(minute).fixed_offset();
        let ours = |answer: Result<DateTime<FixedOffset>, NoAnswer>| answer.map(|at| at.with_timezone(&Utc)).ok();
        prop_assert_eq!(calendar.is_open(at(from)), Ok(oracle.is_open(from)));
        let seconds = i64::try_from(minutes).unwrap() * 60;
        // Beyond its span the oracle knows nothing.
        if let Some(end) = oracle.add(from, minutes).filter(|end| *end < 21 * 1440) {
            prop_assert_eq!(ours(calendar.add(at(from), seconds)), Some(oracle.at(end)));
        }
        if let Some(end) = oracle.sub(from, minutes).filter(|end| *end > 3 * 1440) {
            prop_assert_eq!(ours(calendar.sub(at(from), seconds)), Some(oracle.at(end)));
        }
        if let Some(end) = oracle.next_opening(from).filter(|end| *end < 21 * 1440) {
            let answer = ours(calendar.next_opening(at(from)));
            prop_assert_eq!(answer, Some(oracle.at(end)));
            prop_assert!(answer.is_some_and(whole));
        }
        let between = i64::try_from(oracle.between(from.min(to), from.max(to))).unwrap() * 60;
        prop_assert_eq!(calendar.between(at(from), at(to)), Ok(if from <= to { between } else { -between }));
        // Where the clock goes back over midnight its date is not the day.
        let steady = (from - 90..from + 90).all(|minute| oracle.date(minute) == oracle.date(from));
        if let Some(ends) = oracle.add_days(from, days).filter(|ends| steady && ends.iter().all(|end| *end < 21 * 1440)) {
            let ways = [PartDay::Elapsed, PartDay::NotCounted, PartDay::Counted];
            let n = i64::try_from(days).unwrap();
            let answers = ways.map(|way| ours(calendar.add_days(at(from), n, way)));
            prop_assert_eq!(answers, ends.map(|end| Some(oracle.at(end))));
        }
    }

    #[test]
    fn hours_add_up(
        made in made(), (tz, first) in place(), start in 0..2_000_000i64, more in 0..2_000_000i64,
        amount in 1..40_000_000i64, extra in 0..1_000_000i64,
    ) {
        let calendar = made.calendar(tz, first);
        let from = instant(first, start);
        let end = calendar.add(from, amount).unwrap();
        prop_assert!(end > from);
        let before = end - TimeDelta::seconds(1);
        prop_assert_eq!(calendar.is_open(before), Ok(true), "ends in working hours or at their close");
        prop_assert_eq!(calendar.between(from, end), Ok(amount));
        prop_assert_eq!(calendar.between(end, from), Ok(-amount));
        prop_assert!(calendar.add(from, amount + extra).unwrap() >= end, "more is never earlier");
        prop_assert_eq!(calendar.add(end, extra + 1), calendar.add(from, amount + extra + 1));
        let middle = from + TimeDelta::seconds(more);
        prop_assert_eq!(
            calendar.between(from, middle).unwrap() + calendar.between(middle, end).unwrap(), amount, "a span splits"
        );
        let back = calendar.sub(end, amount).unwrap();
        prop_assert_eq!(calendar.next_opening(from), Ok(back), "up to closed time");
        let opening = calendar.next_opening(from).unwrap();
        prop_assert_eq!(calendar.is_open(opening), Ok(true));
        prop_assert_eq!(calendar.between(from, opening), Ok(0));
        prop_assert_eq!(calendar.add(from, 0), Ok(from));
    }

    #[test]
    fn days_add_up(
        made in made(), (tz, first) in place(), start in 0..2_000_000i64, days in 1..400i64, part in part(),
        way in proptest::sample::select(vec![1, -1i64]),
    ) {
        let calendar = made.calendar(tz, first);
        let from = instant(first, start);
        let end = calendar.add_days(from, days * way, part).unwrap();
        let next = calendar.add_days(from, (days + 1) * way, part).unwrap();
        let in_order = if way > 0 { from < end && end < next } else { from > end && end > next };
        prop_assert!(in_order);
        prop_assert_eq!(calendar.add_days(from, 0, part), Ok(from));
        if way > 0 {
            prop_assert_eq!(calendar.days_between(from, end, part), Ok(days));
            prop_assert_eq!(calendar.days_between(end, from, part), Ok(-days));
            prop_assert_eq!(calendar.days_between(from, end - TimeDelta::seconds(1), part), Ok(days - 1));
            let end_of = |part| calendar.add_days(from, days, part).unwrap();
            prop_assert!(end_of(PartDay::Counted) <= end_of(PartDay::NotCounted));
        }
        let date = from.date_naive();
        let last = calendar.business_day_after(date, days * way).unwrap();
        prop_assert_eq!(calendar.is_business_day(last), Ok(true));
        let counted = if way > 0 {
            calendar.business_days_between(date + Days::new(1), last + Days::new(1))
        } else {
            calendar.business_days_between(last, date)
        };
        prop_assert_eq!(counted, Ok(days));
    }

    #[test]
    fn moving_the_zone_moves_the_answers(made in made(), start in 0..2_000_000i64, amount in 1..9_000_000i64, part in part()) {
        let first = NaiveDate::from_ymd_opt(2024, 2, 20).unwrap();
        let (utc, east) = (made.calendar(Tz::UTC, first), made.calendar(Tz::Etc__GMTMinus8, first));
        let from = instant(first, start);
        let earlier = from - TimeDelta::hours(8);
        let moved = |answer: Result<DateTime<FixedOffset>, NoAnswer>| answer.map(|at| at.naive_local());
        prop_assert_eq!(moved(utc.add(from, amount)), moved(east.add(earlier, amount)));
        prop_assert_eq!(moved(utc.sub(from, amount)), moved(east.sub(earlier, amount)));
        let days = amount / 50_000 - 90;
        prop_assert_eq!(moved(utc.add_days(from, days, part)), moved(east.add_days(earlier, days, part)));
    }

    #[test]
    fn an_answer_holds_whatever_the_unjudged_days_turn_out_to_be(
        made in made(), (tz, first) in place(), start in 0..2_000_000i64, amount in -400_000..400_000i64, part in part(),
        gap in (0..SPAN, 0..6u64), closed in any::<u64>(),
    ) {
        let (gap_first, gap_last) = (first + Days::new(gap.0), first + Days::new(gap.0 + gap.1));
        let ends = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let judged = vec![(ends(1, 1, 1), gap_first - Days::new(1)), (gap_last + Days::new(1), ends(9999, 12, 31))];
        let unsure = made.builder(first, Judged::Within(judged)).build(Zone::of(tz)).unwrap();
        // One way in which the gap may turn out, and the two furthest ones.
        let turned_out = |closed: u64| {
            let mut builder = made.builder(first, Judged::Always);
            for day in gap.0..=gap.0 + gap.1 {
                let date = first + Days::new(day);
                if closed >> (day % 64) & 1 == 1 && !made.made_up.iter().any(|(made_up, _)| *made_up == day) {
                    builder.list(listed(date, date, ListedDay::Holiday));
                }
            }
            builder.build(Zone::of(tz)).unwrap()
        };
        let (some, none, all) = (turned_out(closed), turned_out(0), turned_out(u64::MAX));
        let from = instant(first, start);
        let to = from + TimeDelta::seconds(amount);
        let days = amount / 50_000;
        macro_rules! check {
            ($ask:expr) => {{
                let ask = $ask;
                match ask(&unsure) {
                    Err(NoAnswer::Unjudged(Unjudged { from, to })) => {
                        prop_assert!(gap_first <= from && from <= to && to <= gap_last);
                        prop_assert_ne!(ask(&none), ask(&all));
                    }
                    answer => {
                        prop_assert_eq!(&answer, &ask(&some));
                        prop_assert_eq!(&answer, &ask(&all));
                    }
                }
            }};
        }
        check!(|calendar: &Calendar| calendar.add(from, amount));
        check!(|calendar: &Calendar| calendar.next_opening(from));
        check!(|calendar: &Calendar| calendar.between(from, to));
        check!(|calendar: &Calendar| calendar.is_open(from));
        check!(|calendar: &Calendar| calendar.add_days(from, days, part));
        check!(|calendar: &Calendar| calendar.days_between(from, to, part));
        check!(|calendar: &Calendar| calendar.business_day_after(from.date_naive(), days));
    }

    #[test]
    fn plain_numbers_are_told_what_date_times_are(
        made in made(), (tz, first) in place(), start in 0..2_000_000i64, amount in -400_000..400_000i64, part in part(),
        gap in (0..SPAN, 0..6u64), nano in prop_oneof![Just(0), Just(500_000_000u32)], offset in -86_399..86_400i32,
    ) {
        let (gap_first, gap_last) = (first + Days::new(gap.0), first + Days::new(gap.0 + gap.1));
        let ends = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let judged = vec![(ends(1, 1, 1), gap_first - Days::new(1)), (gap_last + Days::new(1), ends(9999, 12, 31))];
        let calendar = made.builder(first, Judged::Within(judged)).build(Zone::of(tz)).unwrap();
        let offset = FixedOffset::east_opt(offset).unwrap();
        let from = (instant(first, start) + TimeDelta::nanoseconds(nano.into())).with_timezone(&offset);
        let to = from + TimeDelta::seconds(amount);
        let days = amount / 50_000;
        let numbers = from.instant();
        prop_assert_eq!(DateTime::of_instant(numbers).map(|at| (at, *at.offset())), Some((from, offset)));
        // Both in numbers, as date-times are equal whatever their offsets.
        let same = |one: Result<Instant, NoAnswer>, other: Result<DateTime<FixedOffset>, NoAnswer>| {
            one == other.map(|at| at.instant())
        };
        prop_assert!(same(calendar.add(numbers, amount), calendar.add(from, amount)));
        prop_assert!(same(calendar.sub(numbers, amount), calendar.sub(from, amount)));
        prop_assert!(same(calendar.next_opening(numbers), calendar.next_opening(from)));
        prop_assert!(same(calendar.next_closing(numbers), calendar.next_closing(from)));
        prop_assert!(same(calendar.add_days(numbers, days, part), calendar.add_days(from, days, part)));
        prop_assert_eq!(calendar.is_open(numbers), calendar.is_open(from));
        prop_assert_eq!(calendar.between(numbers, to.instant()), calendar.between(from, to));
        prop_assert_eq!(calendar.days_between(numbers, to.instant(), part), calendar.days_between(from, to, part));
        // Answers are told by the zone's clock.
        let at = calendar.add(from, amount).map(|at| *at.offset());
        prop_assert_eq!(at, calendar.add(from, amount).map(|at| at.with_timezone(&tz).offset().fix()));
        for amount in [
            Timed::Duration(amount), Timed::BusinessHours(amount), Timed::BusinessDays(days), Timed::Days(days),
            Timed::Months(days),
        ] {
            prop_assert_eq!(Timed::of(&amount.value().unwrap()), Some(amount));
            let (one, other) =
                (deadline(numbers, amount, &calendar, Some(part)), deadline(from, amount, &calendar, Some(part)));
            prop_assert_eq!(one, other.map(|at| at.instant()));
        }
    }

    #[test]
    fn an_answer_holds_whatever_days_are_made_up_for(
        made in made(), (tz, first) in place(), start in 0..2_000_000i64, amount in -400_000..400_000i64, part in part(),
        gap in (0..SPAN, 0..4u64), turns in proptest::array::uniform4(0..9usize),
    ) {
        let (gap_first, gap_last) = (first + Days::new(gap.0), first + Days::new(gap.0 + gap.1));
        let ends = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let judged = vec![(ends(1, 1, 1), gap_first - Days::new(1)), (gap_last + Days::new(1), ends(9999, 12, 31))];
        let mut unsure = made.builder(first, Judged::Within(judged));
        let unsure = unsure.make_up_days_possible(true).build(Zone::of(tz)).unwrap();
        // Each day of the gap is closed, or has the hours of some weekday.
        let mut sure = made.builder(first, Judged::Always);
        for (day, turn) in (gap.0..=gap.0 + gap.1).zip(turns) {
            let date = first + Days::new(day);
            if made.is_holiday(day) || made.made_up.iter().any(|(made_up, _)| *made_up == day) {
                continue;
            }
            let hours = made.week.get(turn).filter(|hours| !hours.is_empty()).map(windows);
            let day = hours.map_or(ListedDay::Holiday, |hours| ListedDay::Working(WorkingHours::Windows(hours)));
            sure.list(listed(date, date, day));
        }
        let sure = sure.build(Zone::of(tz)).unwrap();
        let from = instant(first, start);
        let to = from + TimeDelta::seconds(amount);
        let holds = |unsure: Result<DateTime<FixedOffset>, NoAnswer>, sure| unsure.is_err() || unsure == sure;
        let counts = |unsure: Result<i64, NoAnswer>, sure| unsure.is_err() || unsure == sure;
        prop_assert!(holds(unsure.add(from, amount), sure.add(from, amount)));
        prop_assert!(holds(unsure.next_opening(from), sure.next_opening(from)));
        let days = amount / 50_000;
        prop_assert!(holds(unsure.add_days(from, days, part), sure.add_days(from, days, part)), "{:?}", unsure.add_days(from, days, part));
        prop_assert!(counts(unsure.between(from, to), sure.between(from, to)));
        prop_assert!(counts(unsure.days_between(from, to, part), sure.days_between(from, to, part)));
    }

    #[test]
    fn no_file_makes_the_readers_fail_otherwise_than_with_an_error(text in "(BEGIN:|END:|VEVENT|VCALENDAR|DTSTART:|2024|\"|,|:|;|\n| |date|T|\\PC){0,60}") {
        let _ = super::holidays_from_ics(&text);
        let _ = super::holidays_from_ics(&format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{text}"));
        let _ = super::holidays_from_csv(&text);
        let _ = super::holidays_from_csv(&format!("date,name,kind\n{text}"));
    }
}

proptest! {
    #[test]
    fn a_number_is_found_among_others(mut numbers in proptest::collection::vec(-5_000..5_000i64, 1..60), far in any::<bool>()) {
        numbers.sort_unstable();
        if far {
            numbers[0] = i64::MIN / 4;
        }
        let rising = Rising::new(numbers.clone());
        let near = numbers.iter().flat_map(|number| [number - 1, *number, number + 1]);
        for number in near.chain([i64::MIN, i64::MAX, 0]) {
            prop_assert_eq!(rising.upto(number), numbers.partition_point(|own| *own <= number));
        }
    }
}

#[test]
fn ten_thousand_hours_are_as_many_additions_of_ten() {
    let week = std::array::from_fn(|day| if day < 5 { vec![(540, 1080)] } else { Vec::new() });
    let made = Made { week, holidays: vec![(3, 2)], made_up: Vec::new() };
    let first = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
    let calendar = made.calendar(Tz::Europe__London, first);
    let start = Tz::Europe__London.from_local_datetime(&first.and_hms_opt(10, 0, 0).unwrap()).unwrap().fixed_offset();
    let stepwise = (0..1000).try_fold(start, |at, _| calendar.add(at, 10 * HOUR));
    assert_eq!(stepwise, calendar.add(start, 10_000 * HOUR));
}
