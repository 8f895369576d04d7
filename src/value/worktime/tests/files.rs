//! Holiday files as offices export them, and as they come damaged.

use super::*;

fn csv_error(text: &str) -> (u64, String) {
    let error = holidays_from_csv(text).unwrap_err();
    (error.line, error.message)
}

fn ics_error(event: &str) -> (u64, String) {
    let error = holidays_from_ics(&ics(event)).unwrap_err();
    (error.line, error.message)
}

/// An iCalendar file of one event, whose own lines start with line 3.
fn ics(event: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", event.replace('\n', "\r\n"))
}

#[test]
fn a_csv_file_lists_days_and_covers_their_years() {
    let text = "\u{feff}Name,Date,Kind,note\r\n\"Labour Day, 1st\",2023-05-01,holiday,x\r\n,2023-04-23,working-day,\r\n元旦,2025-01-01,holiday,\r\n";
    let holidays = holidays_from_csv(text).unwrap();
    let names: Vec<_> = holidays.listed.iter().map(|listed| listed.name.as_deref()).collect();
    assert_eq!(names, [Some("Labour Day, 1st"), None, Some("元旦")]);
    assert_eq!(holidays.listed[1], working("2023-04-23", WorkingHours::Usual));
    let year = |year: &str| (date(&format!("{year}-01-01")), date(&format!("{year}-12-31")));
    assert_eq!(holidays.covered(), [year("2023"), year("2025")], "2024 is not `no holidays`");
    assert_eq!(holidays_from_csv("date\n2024-10-01\n").unwrap().listed[0].day, ListedDay::Holiday);
    assert_eq!(holidays_from_csv("kind;date\nholiday;2024-10-01\n").unwrap().listed[0].first, date("2024-10-01"));
    assert_eq!(holidays_from_csv("date,name\n").unwrap(), Holidays::default());
}

#[test]
fn a_csv_line_that_cannot_be_used_is_named() {
    assert_eq!(csv_error(""), (1, "the file has no column `date`".to_owned()));
    assert_eq!(csv_error("day,name\n"), (1, "the file has no column `date`".to_owned()));
    assert_eq!(csv_error("date,kind\n\n2024-13-01,holiday\n"), (3, "`2024-13-01` is no date".to_owned()));
    assert_eq!(csv_error("date,kind\n2024-01-01,closed\n"), (2, "`closed` is no kind of day".to_owned()));
    assert_eq!(
        csv_error("date,kind\n2024-01-01\n"),
        (2, "the line has 1 fields where the first line has 2".to_owned())
    );
}

#[test]
fn an_ics_file_lists_whole_days() {
    let event = "SUMMARY;LANGUAGE=zh:国庆节\\, 放\n 假\nDTSTART;VALUE=DATE:20241001\nDTEND;VALUE=DATE:20241008\nBEGIN:VALARM\nSUMMARY:no\nDURATION:PT1M\nEND:VALARM";
    let listed = holidays_from_ics(&ics(event)).unwrap().listed;
    assert_eq!(listed, [holiday("2024-10-01", "2024-10-07", "国庆节, 放假")]);
    let one = |event: &str| holidays_from_ics(&ics(event)).unwrap().listed.pop();
    let days = |event: &str| one(event).map(|listed| (listed.first.to_string(), listed.last.to_string()));
    let span = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
    assert_eq!(days("DTSTART:20241231"), span("2024-12-31", "2024-12-31"));
    assert_eq!(days("DTSTART:20241231\nDURATION:P1W"), span("2024-12-31", "2025-01-06"));
    assert_eq!(days("DTSTART:20241231\nSTATUS:CANCELLED"), None);
    assert_eq!(one("DTSTART:20241012\nCATEGORIES:x,Working-Day"), Some(working("2024-10-12", WorkingHours::Usual)));
    assert_eq!(holidays_from_ics("BEGIN:VCALENDAR\nEND:VCALENDAR").unwrap(), Holidays::default());
}

#[test]
fn festivals_that_are_no_days_off_are_told_from_those_that_are() {
    let event = |date: &str, more: &str| format!("BEGIN:VEVENT\nDTSTART;VALUE=DATE:{date}\n{more}END:VEVENT\n");
    let events = [
        event("20241008", "RRULE:FREQ=YEARLY\n"),
        event("20241001", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY\n"),
        event("20241012", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY\n"),
    ];
    let listed = holidays_from_ics(&format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", events.concat())).unwrap().listed;
    let days: Vec<_> =
        listed.iter().map(|listed| (listed.first.to_string(), listed.day == ListedDay::Holiday)).collect();
    assert_eq!(days, [("2024-10-01".to_owned(), true), ("2024-10-12".to_owned(), false)]);
}

#[test]
fn an_ics_line_that_cannot_be_used_is_named() {
    assert_eq!(ics_error("SUMMARY:x"), (2, "the event has no `DTSTART`".to_owned()));
    let timed = "`20241001T090000` is a time of day, and a holiday lasts whole days".to_owned();
    assert_eq!(ics_error("DTSTART:20241001T090000"), (3, timed));
    assert_eq!(ics_error("DTSTART:20240230"), (3, "`20240230` is no date".to_owned()));
    assert_eq!(ics_error("DTSTART:2024１001"), (3, "`2024１001` is no date".to_owned()));
    assert_eq!(ics_error("DTSTART:20241001\nDTEND:20241001").0, 4);
    assert_eq!(ics_error("DTSTART:20241001\nDURATION:PT1H").0, 4);
    assert_eq!(ics_error("DTSTART:20241001\nRRULE:FREQ=YEARLY").0, 4);
    assert_eq!(ics_error("nothing"), (3, "`nothing` is no line of an iCalendar file".to_owned()));
    assert_eq!(ics_error("END:VTODO").0, 3);
    for text in ["", "DTSTART:20240101", "\n\n"] {
        assert_eq!(holidays_from_ics(text).unwrap_err().line, 1);
    }
    assert!(holidays_from_ics("BEGIN:VCALENDAR\nBEGIN:VEVENT\n").is_err());
    assert!(holidays_from_ics(&"BEGIN:VCALENDAR\n".repeat(1000)).is_err());
}
