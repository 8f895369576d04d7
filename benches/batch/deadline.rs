//! The deadline of 8 business hours written by hand: Monday to Friday from nine to six in Shanghai, by the same list of
//! holidays as the rules.

use arrow::array::AsArray;
use arrow::datatypes::TimestampSecondType;
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;
use clausal::columnar::Answers;
use clausal::value::Value;

use super::arrow_orders::days_of;
use super::orders::REPORTED_OFFSET;

const OPENS: i64 = 9 * 3600;
const CLOSES: i64 = 18 * 3600;
const ALLOWED: i64 = 8 * 3600;
const YEARS: std::ops::Range<i32> = 2024..2027;

/// First and last day of each holiday.
const CLOSED: [(&str, &str); 12] = [
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-05-01", "2024-05-05"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-05-01", "2025-05-05"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-05-01", "2026-05-05"),
    ("2026-10-01", "2026-10-07"),
];
const WORKED: [&str; 3] = ["2024-10-12", "2025-10-11", "2026-10-10"];

/// For each day the first business day from it on.
pub struct Office {
    first: i64,
    next_open: Vec<i64>,
}

impl Office {
    pub fn new() -> Self {
        let day = |text: &str| i64::from(days_of(text.parse().expect("a date")));
        let new_year = |year| i64::from(days_of(NaiveDate::from_ymd_opt(year, 1, 1).expect("a date")));
        let (first, end) = (new_year(YEARS.start), new_year(YEARS.end));
        let worked: Vec<i64> = WORKED.iter().map(|text| day(text)).collect();
        let closed: Vec<(i64, i64)> = CLOSED.iter().map(|(from, to)| (day(from), day(to))).collect();
        // 1970-01-01 was a Thursday, the fourth day of its week.
        let open = |day: i64| {
            let weekday = (day + 3).rem_euclid(7) < 5;
            worked.contains(&day) || weekday && !closed.iter().any(|(from, to)| (*from..=*to).contains(&day))
        };
        let mut next_open = vec![end; (end - first + 1) as usize];
        for day in (first..end).rev() {
            let place = (day - first) as usize;
            next_open[place] = if open(day) { day } else { next_open[place + 1] };
        }
        Office { first, next_open }
    }

    /// When the reports of a batch must be answered, in seconds since 1970-01-01T00:00Z.
    pub fn deadlines(&self, batch: &RecordBatch) -> Vec<i64> {
        let reported = batch.column(11).as_primitive::<TimestampSecondType>().values();
        reported.iter().map(|at| self.deadline(*at)).collect()
    }

    fn deadline(&self, at: i64) -> i64 {
        let local = at + i64::from(REPORTED_OFFSET);
        let (day, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let open = self.from(day);
        // A report out of hours counts from the next opening.
        let (day, second) = match second {
            _ if open != day => (open, OPENS),
            s if s < OPENS => (day, OPENS),
            s if s >= CLOSES => (self.from(day + 1), OPENS),
            s => (day, s),
        };
        let left = CLOSES - second;
        let due = if ALLOWED <= left {
            day * 86_400 + second + ALLOWED
        } else {
            self.from(day + 1) * 86_400 + OPENS + ALLOWED - left
        };
        due - i64::from(REPORTED_OFFSET)
    }

    fn from(&self, day: i64) -> i64 {
        self.next_open[(day - self.first) as usize]
    }
}

/// The first answer of a row, an instant, in seconds since 1970-01-01T00:00Z.
pub fn instant(answers: &Answers, row: usize) -> i64 {
    match answers.answer(0, row) {
        Some(Ok(Value::DateTime(at))) => at.timestamp(),
        other => panic!("no deadline is {other:?}"),
    }
}
