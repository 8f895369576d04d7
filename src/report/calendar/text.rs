//! A calendar as a wall calendar shows it, Monday first.

use chrono::Datelike;

use super::CalendarReport;
use super::month::{days_words, hours_words};
use crate::eval::UnjudgedDays;
use crate::model::{ClauseId, Model};
use crate::report::page::{Ink, Page, PageStyle};
use crate::report::unjudged::remedy;
use crate::report::value::named;
use crate::value::worktime::{Day, DayKind};

/// How wide a day is: two digits, up to three marks, a space.
const CELL: usize = 6;

const HEADING: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// What stands beside a day, and how.
fn mark(kind: DayKind) -> (&'static str, Ink, &'static str) {
    match kind {
        DayKind::Working => ("", Ink::Bold, "working day"),
        DayKind::MakeUp => ("M", Ink::Good, "make-up working day"),
        DayKind::Closed => ("-", Ink::Dim, "closed"),
        DayKind::Holiday => ("H", Ink::Bad, "holiday"),
        DayKind::NotJudged => ("?", Ink::Warn, "NOT JUDGED"),
    }
}

/// The whole page.
pub fn calendar_text(model: &Model, report: &CalendarReport, style: PageStyle, lang: &str) -> String {
    let mut sheet = Sheet { model, report, page: Page::new(style), usual: report.usual_hours(), other: Vec::new() };
    sheet.head(lang);
    for month in report.months() {
        sheet.month(month);
    }
    if report.months().nth(1).is_some() {
        let words = report.work(&report.days).words(model);
        sheet.page.blank();
        sheet.page.line(0, Ink::Bold, &format!("{} to {}: {words}", report.from, report.to));
    }
    sheet.legend();
    sheet.page.finish()
}

struct Sheet<'a> {
    model: &'a Model,
    report: &'a CalendarReport,
    page: Page,
    usual: String,
    /// Hours that are not the usual ones, each with its letter.
    other: Vec<String>,
}

impl Sheet<'_> {
    fn head(&mut self, lang: &str) {
        let Some(calendar) = self.model.calendars.get(self.report.number as usize) else { return };
        let zone = self.report.clock.calendar.zone();
        self.page.heading(&format!("{}: {}", named(&calendar.name, Some(&calendar.labels), lang), zone.name()));
        let own = self.ids(&calendar.cites);
        if !own.is_empty() {
            self.page.line(2, Ink::Dim, &own);
        }
        for line in &self.report.lines {
            let (mark, ink) = match line.holds {
                Some(true) => ("✓ ", Ink::Plain),
                Some(false) => ("✗ ", Ink::Dim),
                None => ("? ", Ink::Warn),
            };
            let clauses = self.ids(&line.clauses);
            let words = format!("{} {clauses}", line.words);
            self.page.hanging(&format!("  {mark}"), "      ", ink, words.trim_end());
        }
        for list in &self.report.lists {
            let words = match &list.given {
                None => format!("{} is not given", list.asked),
                Some((name, covered)) => {
                    let covered: Vec<String> = covered.iter().map(|(a, b)| format!("{a} to {b}")).collect();
                    format!("{name} covers {}", if covered.is_empty() { "nothing".into() } else { covered.join(", ") })
                }
            };
            self.page.hanging("    ", "      ", Ink::Dim, &words);
        }
    }

    fn month(&mut self, days: &[Day]) {
        let Some(first) = days.first() else { return };
        self.page.heading(&first.date.format("%B %Y").to_string());
        let heading = HEADING.map(|day| format!("{day:<CELL$}")).concat();
        self.page.line(2, Ink::Dim, heading.trim_end());
        let mut week = " ".repeat(2 + CELL * first.date.weekday().num_days_from_monday() as usize);
        for day in days {
            let (_, ink, _) = mark(day.kind);
            let marks = self.marks(day);
            let gap = " ".repeat(CELL.saturating_sub(2 + marks.chars().count()));
            week.push_str(&self.page.paint(ink, &format!("{:>2}{marks}", day.date.day())));
            week.push_str(&gap);
            if day.date.weekday() == chrono::Weekday::Sun {
                self.write(&mut week);
            }
        }
        if !week.trim().is_empty() {
            self.write(&mut week);
        }
        self.notes(days);
        let words = self.report.work(days).words(self.model);
        self.page.line(2, Ink::Bold, &words);
    }

    fn write(&mut self, week: &mut String) {
        let line = std::mem::take(week);
        self.page.after(line.trim_end(), 0, "", Ink::Plain, "");
        *week = " ".repeat(2);
    }

    /// `H`, `M`, `~` for a clock change, and the letter of hours that are not the usual ones.
    fn marks(&mut self, day: &Day) -> String {
        let mut marks = mark(day.kind).0.to_owned();
        if day.clock_change.is_some() {
            marks.push('~');
        }
        let hours = hours_words(day);
        if !hours.is_empty() && hours != self.usual {
            let place = self.other.iter().position(|known| *known == hours).unwrap_or_else(|| {
                self.other.push(hours);
                self.other.len() - 1
            });
            marks.push(letter(place));
        }
        marks
    }

    /// What the marks of a month stand for.
    fn notes(&mut self, days: &[Day]) {
        let noted = |day: &Day| matches!(day.kind, DayKind::Holiday | DayKind::MakeUp);
        let alike = |a: &Day, b: &Day| a.kind == b.kind && a.name == b.name;
        for run in days.chunk_by(alike).filter(|run| run.first().is_some_and(noted)) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let (sign, ink, what) = mark(first.kind);
            let dates = days_words(first.date, last.date);
            let words = format!("{dates} {}", first.name.as_deref().unwrap_or(what));
            self.page.hanging(&format!("  {sign} "), "    ", ink, &words);
        }
        let unsure = days
            .chunk_by(|a, b| a.kind == b.kind)
            .filter(|run| run.first().is_some_and(|day| day.kind == DayKind::NotJudged));
        let spans: Vec<(&Day, &Day)> = unsure.filter_map(|run| run.first().zip(run.last())).collect();
        if let (Some((first, _)), Some((_, last))) = (spans.first(), spans.last()) {
            let dates: Vec<String> = spans.iter().map(|(a, b)| days_words(a.date, b.date)).collect();
            let days = UnjudgedDays { calendar: self.report.number, from: first.date, to: last.date };
            let words = format!("{}: not judged; {}", dates.join(", "), remedy(self.model, &days));
            self.page.hanging("  ? ", "    ", Ink::Warn, &words);
        }
        for day in days {
            if let Some((before, after)) = day.clock_change {
                let words = format!("{} the clock goes from {before} to {after}", day.date.day());
                self.page.hanging("  ~ ", "    ", Ink::Warn, &words);
            }
        }
    }

    /// Hours, and the marks that were used.
    fn legend(&mut self) {
        self.page.blank();
        if !self.usual.is_empty() {
            self.page.line(2, Ink::Dim, &format!("working days without a letter: {}", self.usual));
        }
        for (place, hours) in self.other.iter().enumerate() {
            self.page.line(2, Ink::Dim, &format!("{}  {hours}", letter(place)));
        }
        let kinds = [DayKind::Closed, DayKind::Holiday, DayKind::MakeUp, DayKind::NotJudged];
        let used = kinds.into_iter().filter(|kind| self.report.days.iter().any(|day| day.kind == *kind));
        let mut signs: Vec<String> = used.map(|kind| format!("{} {}", mark(kind).0, mark(kind).2)).collect();
        if self.report.days.iter().any(|day| day.clock_change.is_some()) {
            signs.push("~ clock change".to_owned());
        }
        if !signs.is_empty() {
            self.page.line(2, Ink::Dim, &signs.join(", "));
        }
    }

    fn ids(&self, clauses: &[ClauseId]) -> String {
        let ids: Vec<&str> = clauses.iter().map(|c| self.model.clause(*c).id.as_str()).collect();
        if ids.is_empty() { String::new() } else { format!("[{}]", ids.join(", ")) }
    }
}

/// The letter of a footnote; all that are too many share the last one.
fn letter(place: usize) -> char {
    ('a'..='z').nth(place).unwrap_or('+')
}
