//! Functions that ask a calendar: over columns they mean what they mean case by case, in zones whose clocks change, with
//! days that nobody has judged.

use super::{agree, times};
use crate::support::{open_text, with_stack};

/// Zones, and a date-time near which the clock changes.
const PLACES: [(&str, &str); 9] = [
    ("UTC", "2024-02-28T12:00Z"),
    ("Asia/Shanghai", "1991-09-14T23:30+09:00"),
    ("Europe/London", "2024-03-31T00:30Z"),
    ("Europe/London", "2024-10-27T01:30+01:00"),
    ("America/New_York", "2025-03-09T01:30-05:00"),
    ("Australia/Lord_Howe", "2024-04-07T01:45+11:00"),
    ("America/Havana", "2024-11-03T00:30-04:00"),
    ("Pacific/Apia", "2011-12-29T23:30-10:00"),
    ("America/Sao_Paulo", "2018-02-17T23:30-02:00"),
];

const HOURS: [&str; 4] = [
    "open monday..friday 09:00..12:00, 13:00..17:30",
    "open always",
    "open monday..thursday 00:00..01:30, 02:15..03:00, 22:00..24:00",
    "open saturday..sunday 00:15..24:00",
];

/// What is listed of the year, and whether other days may be made up for.
const LISTED: [&str; 3] = ["", "holidays some", "holidays some\n  make-up days possible"];

fn rules(zone: &str, at: &str, hours: &str, listed: &str, part: &str) -> String {
    let date = at.get(..10).expect("a date");
    let year = at.get(..4).expect("a year");
    format!(
        r#"
holidays some {{ covers {year} closed {date} }}
calendar site {{
  zone "{zone}"
  {hours}
  {listed}
  part day {part}
}}
input start.at   : date-time
input other.at   : date-time
input start.day   : date
input wait.hours  : business-hours
input wait.days   : business-days
input wait.time   : duration
input wait.dates  : days
input wait.months : months
decision a : date-time      {{ always deadline(start.at, wait.hours, site) }}
decision b : date-time      {{ always deadline(start.at, wait.days, site) }}
decision c : date-time      {{ always deadline(start.at, wait.time, site) }}
decision d : date-time      {{ always deadline(start.at, wait.dates, site) }}
decision e : date-time      {{ always deadline(start.at, wait.months, site) }}
decision f : date-time      {{ always deadline(a, 90 business minutes, site) }}
decision g : business-hours {{ always business-time(start.at, other.at, site) }}
decision h : business-days  {{ always business-days-between(start.at, other.at, site) }}
decision i : date           {{ always business-day-after(start.day, wait.days, site) }}
decision j : date-time      {{ always next-opening(start.at, site) }}
decision k : date-time      {{ always next-closing(start.at, site) }}
decision l : date-time      {{ always start-of-day(start.day, site) }}
decision m : date-time      {{ always end-of-day(start.day, site) }}
decision n : yes-no         {{ always is-open(start.at, site) and a < other.at }}
scenario "near" {{
  given start.at = {at}  other.at = {year}-07-01T08:30:15Z  start.day = {date}  wait.hours = 8 business hours
        wait.days = 2 business days  wait.time = 30 min  wait.dates = 1 day  wait.months = 1 month
  expect n = yes
}}
scenario "far" {{
  given start.at = {year}-12-30T16:00:30+05:45  other.at = {at}  start.day = {year}-12-31
        wait.hours = 20 business minutes  wait.days = 1 business day  wait.time = 36 h  wait.dates = 400 days
        wait.months = 30 months
  expect n = yes
}}
scenario "beyond" {{
  given start.at = 9999-12-31T11:00-12:00  other.at = 0001-01-02T00:30+12:00  start.day = 9999-12-31
        wait.hours = 4,000 business hours  wait.days = 0 business days  wait.time = 0 min  wait.dates = 0 days
        wait.months = 0 months
  expect n = yes
}}
"#
    )
}

#[test]
fn calendars_mean_in_columns_what_they_mean_case_by_case() {
    with_stack(|| {
        let mut columnar = 0;
        for (number, (zone, at)) in PLACES.into_iter().enumerate() {
            for (place, hours) in HOURS.into_iter().enumerate() {
                let listed = LISTED[(number + place) % LISTED.len()];
                let part = ["elapsed", "counted", "not counted"][(number / 3 + place) % 3];
                let text = rules(zone, at, hours, listed, part);
                let set = open_text("clocks.clause", &text).sets.into_iter().next().expect("an edition");
                let checked = set.checked.unwrap_or_else(|| panic!("{:?}\n{text}", set.problems));
                for seed in 1..=times() {
                    let seed = (seed * 64 + number as u64 * 4 + place as u64).wrapping_mul(0x2545_F491_4F6C_DD1D);
                    columnar += agree(&checked, 120, seed).0;
                }
            }
        }
        eprintln!("{columnar} answers in columns");
        assert!(columnar >= PLACES.len() * HOURS.len() * 12);
    });
}
