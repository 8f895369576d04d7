//! Calendars and lists of holidays.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::{Def, Frame, Resolver};
use crate::diag::{Code, Problem};
use crate::model::*;
use crate::source::Span;
use crate::syntax::tree;
use crate::value::worktime::{
    CalendarBuilder, CalendarError, Holidays, Judged, Listed, ListedDay, PartDay, Window, WorkingHours,
    holidays_from_csv, holidays_from_ics,
};
use crate::value::{HolidayList, Value, literal};

impl Resolver {
    pub(super) fn declare_calendar(&mut self, c: &tree::Calendar) {
        let labels = self.labels(&c.labels);
        let number = self.add_member(CALENDARS, &c.name, labels.clone());
        self.model.calendars.push(Calendar {
            name: c.name.text.clone(),
            labels,
            cites: vec![],
            zone: self.wrong(c.name.span),
            open: vec![],
            listed: vec![],
            holidays: vec![],
            not_listed: false,
            make_up: None,
            part_day: vec![],
            span: c.name.span,
        });
        self.model.order.push(ItemRef::Calendar(number));
        self.declare_name(&c.name, Def::Member(CALENDARS, number));
    }

    pub(super) fn declare_holidays(&mut self, h: &tree::Holidays) {
        let number = self.model.holidays.len() as u32;
        let labels = self.labels(&h.labels);
        let (mut listed, mut covered, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for line in &h.closed {
            if let Some(when) = &line.when {
                self.no_condition(when.span);
            }
            if let Some(day) = self.closed_days(line) {
                listed.push(day);
                places.push(line.span);
            }
        }
        for line in &h.open {
            if let Some(when) = &line.when {
                self.no_condition(when.span);
            }
            match self.open_dates(line) {
                Some(day) => {
                    listed.push(day);
                    places.push(line.span);
                }
                None if matches!(line.days, tree::OpenDays::Dates(..)) => {}
                None => {
                    let message = "a list of holidays has working days one by one, and no weekdays";
                    let help = "write the date, as in `open 2026-10-10 \"made up\"`";
                    self.report(Problem::new(Code::MisplacedPart, line.span, message).help(help));
                }
            }
        }
        for (first, last) in &h.covers {
            covered.extend(self.years(first, last));
        }
        for path in &h.from {
            if let Some(found) = self.holiday_file(path) {
                covered.extend(found.covered());
                listed.extend(found.listed);
            }
        }
        let stated = !h.covers.is_empty() || !h.from.is_empty();
        if !stated && !self.damaged.contains(&h.span) {
            let message = format!("list `{}` does not say which years it covers", h.name.text);
            let help = "write `covers 2026`: of other years it says nothing, not that they have no holidays";
            self.report(Problem::new(Code::MissingPart, h.name.span, message).help(help));
        }
        covered.sort_unstable();
        covered.dedup();
        let list = HolidayList { name: h.name.text.clone(), holidays: Holidays { listed }, covered };
        let mut probe = CalendarBuilder::new(list.judged());
        probe.around_the_clock();
        let place = |place: usize| places.get(place).copied().unwrap_or(h.name.span);
        let days = list.holidays.listed.iter().enumerate();
        let days: Vec<(Span, Result<&OpenLine, &Listed>)> = days.map(|(n, day)| (place(n), Err(day))).collect();
        if let Some((span, error)) = first_wrong(&mut probe, &days) {
            let problem = Problem::new(Code::CalendarWrong, span.unwrap_or(h.name.span), error.to_string());
            self.report(problem.maybe_help(mend(&error)));
        }
        let name = h.name.text.clone();
        let item = HolidaysItem { name, labels, cites: vec![], list: Arc::new(list), span: h.name.span };
        self.model.holidays.push(item);
        self.model.order.push(ItemRef::Holidays(number));
        self.declare_name(&h.name, Def::Holidays(number));
    }

    fn no_condition(&mut self, span: Span) {
        let message = "a list of holidays holds as it stands; `when` belongs into the calendar";
        self.report(Problem::new(Code::MisplacedPart, span, message));
    }

    fn years(&mut self, first: &tree::Name, last: &tree::Name) -> Option<(NaiveDate, NaiveDate)> {
        let day = |name: &tree::Name, month, day| NaiveDate::from_ymd_opt(name.text.parse().ok()?, month, day);
        match (day(first, 1, 1), day(last, 12, 31)) {
            (Some(from), Some(to)) if from < to && first.text != "0000" => Some((from, to)),
            _ => {
                let message = format!("{} to {} are no years in order", first.text, last.text);
                self.report(Problem::new(Code::ImpossibleLiteral, first.span.to(last.span), message));
                None
            }
        }
    }

    pub(super) fn holiday_file(&mut self, path: &tree::Text) -> Option<Holidays> {
        let name = &path.text;
        let Some(text) = self.attachments.get(&(path.span.file, name.clone())).cloned().flatten() else {
            let message = format!("`{name}` cannot be read");
            let help = "the file is looked for beside this one; its name ends with .ics or .csv";
            self.report(Problem::new(Code::FileNotRead, path.span, message).help(help));
            return None;
        };
        let read = if name.to_ascii_lowercase().ends_with(".ics") { holidays_from_ics } else { holidays_from_csv };
        match read(&text) {
            Ok(found) => Some(found),
            Err(error) => {
                let message = format!("`{name}`, line {}: {}", error.line, error.message);
                self.report(Problem::new(Code::HolidaysNotRead, path.span, message).help(error.help));
                None
            }
        }
    }

    pub(super) fn calendar(&mut self, number: usize, c: &tree::Calendar) {
        self.frame = Frame::default();
        let cites = self.cites(&c.cites.0);
        let zone = match &c.zone[..] {
            [zone] => self.expr_of(zone, &Type::Zone),
            [] => {
                if !self.damaged.contains(&c.span) {
                    let message = format!("calendar `{}` does not say in which zone its hours are told", c.name.text);
                    let help = "add `zone \"Asia/Shanghai\"`, or an input: `zone site.zone`";
                    self.report(Problem::new(Code::MissingPart, c.name.span, message).help(help));
                }
                self.wrong(c.name.span)
            }
            [first, second, ..] => {
                let problem = Problem::new(Code::DuplicateName, second.span, "a second zone of the same calendar");
                let help = "keep one; where it depends, take it from the case: `zone site.zone`";
                self.report(problem.related(first.span, "the first one").help(help));
                self.wrong(second.span)
            }
        };
        let (mut open, mut listed, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for line in &c.open {
            if let Some(day) = self.open_dates(line) {
                let when = line.when.as_ref().map(|w| self.expr_of(w, &Type::YesNo));
                listed.push((day, when));
                places.push(line.span);
            } else if !matches!(line.days, tree::OpenDays::Dates(..)) {
                open.extend(self.open_week(line));
            }
        }
        if c.open.is_empty() && !self.damaged.contains(&c.span) {
            let message = format!("calendar `{}` has no working hours", c.name.text);
            let help = "add `open monday..friday 09:00..18:00`, or `open always`";
            self.report(Problem::new(Code::MissingPart, c.name.span, message).help(help));
        }
        for line in &c.closed {
            if let Some(day) = self.closed_days(line) {
                let when = line.when.as_ref().map(|w| self.expr_of(w, &Type::YesNo));
                listed.push((day, when));
                places.push(line.span);
            }
        }
        let all_read = open.len() + listed.len() == c.open.len() + c.closed.len();
        let mut holidays = Vec::new();
        let mut not_listed = false;
        for line in &c.holidays {
            match &line.list {
                None => not_listed = true,
                Some(list) => holidays.push(self.expr_of(list, &Type::Holidays)),
            }
        }
        let make_up = c.make_up.first().map(|m| m.when.as_ref().map(|w| self.expr_of(w, &Type::YesNo)));
        let mut part_day = Vec::new();
        for line in &c.part_day {
            let condition = self.conditional(&line.condition);
            part_day.extend(PartDay::from_word(&line.word.text).map(|how| (how, condition)));
        }
        let sound = zone.ty != Type::Unknown && !c.open.is_empty() && all_read && !self.damaged.contains(&c.span);
        if let Some(target) = self.model.calendars.get_mut(number) {
            target.cites = cites;
            target.zone = zone;
            target.open = open;
            target.listed = listed;
            target.holidays = holidays;
            target.not_listed = not_listed;
            target.make_up = make_up;
            target.part_day = part_day;
        }
        if sound {
            self.probe(number, &places);
        }
    }

    /// A calendar whose lines hold without conditions is tried, so that what does not agree is told by `check`.
    /// `places` are those of the listed days.
    fn probe(&mut self, number: usize, places: &[Span]) {
        let Some(calendar) = self.model.calendars.get(number) else { return };
        let plain = calendar.open.iter().all(|l| l.condition.when.is_none())
            && calendar.listed.iter().all(|(_, when)| when.is_none());
        if !plain {
            return;
        }
        let mut builder = CalendarBuilder::new(Judged::Always);
        let mut lines: Vec<(Span, Result<&OpenLine, &Listed>)> =
            calendar.open.iter().map(|line| (line.condition.span, Ok(line))).collect();
        lines.extend(calendar.listed.iter().zip(places).map(|((day, _), span)| (*span, Err(day))));
        let wrong = first_wrong(&mut builder, &lines);
        if let Some((span, error)) = wrong {
            let problem = Problem::new(Code::CalendarWrong, span.unwrap_or(calendar.span), error.to_string());
            self.report(problem.maybe_help(mend(&error)));
        }
    }

    pub(super) fn conditional(&mut self, c: &tree::Condition) -> Conditional {
        Conditional {
            when: c.when.as_ref().map(|w| self.expr_of(w, &Type::YesNo)),
            cites: self.cites(&c.cites.0),
            span: c.span,
        }
    }

    fn closed_days(&mut self, line: &tree::ClosedLine) -> Option<Listed> {
        let (first, last) = (self.date(&line.first)?, self.date(&line.last)?);
        self.in_order(first, last, line.span)?;
        Some(Listed { first, last, day: ListedDay::Holiday, name: line.title.as_ref().map(|t| t.text.clone()) })
    }

    fn in_order(&mut self, first: NaiveDate, last: NaiveDate, span: Span) -> Option<()> {
        if first > last {
            let message = format!("the last day, {last}, comes before the first, {first}");
            self.report(Problem::new(Code::CalendarWrong, span, message).help("write the earlier date first"));
            return None;
        }
        Some(())
    }

    /// `open 2026-10-10 as on friday`; `None` for lines on weekdays, or if it was reported.
    fn open_dates(&mut self, line: &tree::OpenLine) -> Option<Listed> {
        let tree::OpenDays::Dates(first, last) = &line.days else { return None };
        let (first, last) = (self.date(first)?, self.date(last)?);
        self.in_order(first, last, line.span)?;
        let hours = match &line.hours {
            tree::OpenHours::Usual => WorkingHours::Usual,
            tree::OpenHours::AsOn(day) => WorkingHours::AsOn(weekday(&day.text)?),
            tree::OpenHours::Windows(windows) => WorkingHours::Windows(self.windows(windows)?),
        };
        Some(Listed { first, last, day: ListedDay::Working(hours), name: line.title.as_ref().map(|t| t.text.clone()) })
    }

    fn open_week(&mut self, line: &tree::OpenLine) -> Option<OpenLine> {
        let condition = Conditional {
            when: line.when.as_ref().map(|w| self.expr_of(w, &Type::YesNo)),
            cites: self.cites(&line.cites.0),
            span: line.span,
        };
        let mut weekdays = [false; 7];
        let windows = match (&line.days, &line.hours) {
            (tree::OpenDays::Always, _) => {
                weekdays = [true; 7];
                vec![Window::WHOLE_DAY]
            }
            (tree::OpenDays::Weekdays(spans), hours) => {
                for (first, last) in spans {
                    let (first, last) = (weekday(&first.text)?, weekday(&last.text)?);
                    let mut day = first;
                    loop {
                        if let Some(open) = weekdays.get_mut(day.num_days_from_monday() as usize) {
                            *open = true;
                        }
                        if day == last {
                            break;
                        }
                        day = day.succ();
                    }
                }
                match hours {
                    tree::OpenHours::Windows(windows) => self.windows(windows)?,
                    tree::OpenHours::Usual => vec![Window::WHOLE_DAY],
                    tree::OpenHours::AsOn(day) => {
                        let message = "`as on` takes over the hours of a weekday for a date";
                        let help = "write the hours, such as `09:00..18:00`";
                        self.report(Problem::new(Code::MisplacedPart, day.span, message).help(help));
                        return None;
                    }
                }
            }
            (tree::OpenDays::Dates(..), _) => return None,
        };
        Some(OpenLine { weekdays, windows, condition })
    }

    fn windows(&mut self, windows: &[(tree::Name, tree::Name)]) -> Option<Vec<Window>> {
        let mut found = Vec::new();
        for (from, to) in windows {
            let (start, end) = (self.clock(from, false)?, self.clock(to, true)?);
            match Window::new(start, end) {
                Ok(window) => found.push(window),
                Err(error) => {
                    let help =
                        "hours over midnight are two windows: `18:00..24:00` and, on the next day, `00:00..06:00`";
                    let span = from.span.to(to.span);
                    self.report(Problem::new(Code::CalendarWrong, span, error.to_string()).help(help));
                    return None;
                }
            }
        }
        Some(found)
    }

    /// A time of day; `24:00` is the end of one, and midnight to chrono.
    fn clock(&mut self, name: &tree::Name, end: bool) -> Option<NaiveTime> {
        if end && matches!(name.text.as_str(), "24:00" | "24:00:00") {
            return Some(NaiveTime::MIN);
        }
        match literal::parse_time(&name.text) {
            Ok(Value::Time(NaiveTime::MIN)) if end => {
                let message = "hours end at `24:00`, not at `00:00`";
                self.report(Problem::new(Code::CalendarWrong, name.span, message));
                None
            }
            Ok(Value::Time(time)) => Some(time),
            Ok(_) => None,
            Err(error) => {
                self.report(Problem::new(Code::ImpossibleLiteral, name.span, error.to_string()));
                None
            }
        }
    }
}

/// The line with which a calendar stops making sense, if one does, and what is wrong; no line where it is the whole.
fn first_wrong(
    builder: &mut CalendarBuilder,
    lines: &[(Span, Result<&OpenLine, &Listed>)],
) -> Option<(Option<Span>, CalendarError)> {
    let add = |builder: &mut CalendarBuilder, line: &Result<&OpenLine, &Listed>| match line {
        Ok(open) => open.fill(builder),
        Err(day) => drop(builder.list((*day).clone())),
    };
    let mut whole = builder.clone();
    lines.iter().for_each(|(_, line)| add(&mut whole, line));
    let error = whole.build_check().err()?;
    if matches!(error, CalendarError::NeverOpen) {
        return Some((None, error));
    }
    for (span, line) in lines {
        add(builder, line);
        match builder.build_check() {
            Ok(()) | Err(CalendarError::NeverOpen) => {}
            Err(error) => return Some((Some(*span), error)),
        }
    }
    Some((None, error))
}

fn mend(error: &CalendarError) -> Option<String> {
    let help = match error {
        CalendarError::NoUsualHours { .. } => "write `as on friday`, or the hours: `09:00..16:00`",
        CalendarError::ClosedHours { .. } => "name a weekday that is open, or write the hours: `09:00..16:00`",
        CalendarError::ListedTwice { .. } => "a day is a holiday or a working day: take it out of one of the lines",
        CalendarError::Overlap { .. } => "lines of one weekday add up: write each stretch of hours once",
        _ => return None,
    };
    Some(help.to_owned())
}

impl OpenLine {
    /// Adds the hours to a calendar in the making.
    pub fn fill(&self, builder: &mut CalendarBuilder) {
        let mut day = Weekday::Mon;
        for open in self.weekdays {
            if open {
                builder.hours(day, &self.windows);
            }
            day = day.succ();
        }
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Mon,
        "tuesday" => Weekday::Tue,
        "wednesday" => Weekday::Wed,
        "thursday" => Weekday::Thu,
        "friday" => Weekday::Fri,
        "saturday" => Weekday::Sat,
        "sunday" => Weekday::Sun,
        _ => return None,
    })
}
