//! Days one by one against the work of many at once.

use chrono::{Days, NaiveDate};

use crate::value::worktime::{CalendarBuilder, DayKind, Judged, Listed, ListedDay, Window, WorkingHours, Zone};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn listed(first: &str, last: &str, day: ListedDay, name: &str) -> Listed {
    Listed { first: date(first), last: date(last), day, name: Some(name.to_owned()) }
}

fn office(judged: Judged, zone: &str) -> crate::value::worktime::Calendar {
    let mut builder = CalendarBuilder::new(judged);
    for weekday in [chrono::Weekday::Mon, chrono::Weekday::Tue, chrono::Weekday::Thu, chrono::Weekday::Sun] {
        builder.hours(weekday, &[Window::from_minutes(0, 540).unwrap()]);
    }
    builder.list(listed("2026-10-01", "2026-10-02", ListedDay::Holiday, "feast"));
    builder.list(listed("2026-10-10", "2026-10-10", ListedDay::Working(WorkingHours::Usual), "made up"));
    builder.build(Zone::named(zone).unwrap()).unwrap()
}

#[test]
fn days_are_what_they_are_listed_as() {
    let calendar = office(Judged::Within(vec![(date("2026-01-01"), date("2026-12-31"))]), "America/New_York");
    let kind = |text: &str| calendar.day(date(text)).unwrap().kind;
    assert_eq!(kind("2026-10-01"), DayKind::Holiday);
    assert_eq!(kind("2026-10-05"), DayKind::Working);
    assert_eq!(kind("2026-10-07"), DayKind::Closed);
    assert_eq!(kind("2026-10-10"), DayKind::MakeUp);
    assert_eq!(kind("2027-01-04"), DayKind::NotJudged);
    assert_eq!(kind("2027-01-06"), DayKind::Closed, "a weekday without hours is closed, judged or not");
    // On the day of the clock change an hour of the night is missing.
    let change = calendar.day(date("2026-03-08")).unwrap();
    assert_eq!(change.seconds(), 8 * 3600);
    assert!(change.clock_change.is_some());
    assert_eq!(calendar.day(date("2026-03-09")).unwrap().clock_change, None);
}

#[test]
fn many_days_at_once_are_the_sum_of_the_days() {
    for zone in ["America/New_York", "Asia/Shanghai", "Pacific/Apia"] {
        let calendar = office(Judged::Always, zone);
        let first = date("2026-02-20");
        let mut sum = 0;
        for count in 0..400 {
            let last = first + Days::new(count);
            sum += calendar.day(last).unwrap().seconds();
            assert_eq!(calendar.work_on(first, last), Ok(sum), "{zone} to {last}");
        }
    }
}
