//! Calendars, lists of holidays, events, milestones and processes.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::amend::Space;
use super::{Def, Frame, Resolver};
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::*;
use crate::source::Span;
use crate::syntax::tree::{self, Item};
use crate::value::worktime::{
    CalendarBuilder, CalendarError, Holidays, Judged, Listed, ListedDay, PartDay, Window, WorkingHours,
    holidays_from_csv, holidays_from_ics,
};
use crate::value::{EnumId, HolidayList, RecordId, Value, literal};

impl Resolver {
    // ---- names ------------------------------------------------------------------------------------

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

    pub(super) fn declare_event(&mut self, e: &tree::Event) {
        let number = self.model.events.len() as u32;
        let labels = self.labels(&e.labels);
        if let Some(first) = self.model.event_named(&e.name.text) {
            let first = self.model.events[first as usize].span;
            self.duplicate(&e.name, Some(first));
        }
        let (name, span) = (e.name.text.clone(), e.name.span);
        self.model.events.push(Event { name, labels, cites: vec![], by: vec![], with: vec![], span });
        self.model.order.push(ItemRef::Event(number));
    }

    /// A milestone's answers: what a decision or a scenario can ask of it.
    pub(super) fn declare_milestone(&mut self, m: &tree::Milestone) {
        let columns = [
            ("state", Type::Enum(MILESTONE_STATES)),
            ("started", Type::DateTime),
            ("due", Type::DateTime),
            ("stopped", Type::DateTime),
            ("target", Type::TimeLimit),
            ("calendar", Type::Enum(CALENDARS)),
            ("used", Type::TimeLimit),
            ("late-by", Type::TimeLimit),
            ("missed-times", Type::Integer),
        ];
        let milestone = Milestone {
            owed_by: None,
            starts: vec![],
            stops: vec![],
            done: vec![],
            pauses: vec![],
            voids: vec![],
            target: self.no_limit(m.name.span),
            recurs: false,
            on_change: vec![],
            warns: vec![],
            on_miss: vec![],
            target_may_change: false,
        };
        let kind = DecisionKind::Milestone(Box::new(milestone));
        self.declare_clock(&m.name, &m.labels, kind, columns.to_vec(), m.span);
    }

    pub(super) fn declare_process(&mut self, p: &tree::Process) {
        let states = EnumId(self.model.enums.len() as u32);
        let mut members: Vec<Member> = Vec::new();
        for state in &p.states {
            if let Some(first) = members.iter().find(|m| m.name == state.name.text) {
                let first = first.span;
                self.duplicate(&state.name, first);
            }
            let labels = self.labels(&state.labels);
            members.push(Member { name: state.name.text.clone(), labels, span: Some(state.name.span) });
        }
        if members.is_empty() && !self.damaged.contains(&p.span) {
            let message = format!("process `{}` has no states", p.name.text);
            let help = "add `states { open  closed (final) }`; it begins in the first one";
            self.report(Problem::new(Code::MissingPart, p.name.span, message).help(help));
        }
        let name = p.name.text.clone();
        self.model.enums.push(Enumeration { name, labels: Labels::default(), members, span: None });
        let columns = [("state", Type::Enum(states)), ("since", Type::DateTime), ("next-due", Type::DateTime)].to_vec();
        let last = p.states.iter().map(|s| s.last).collect();
        let kind = DecisionKind::Process(Box::new(Process { states, last, transitions: vec![] }));
        self.declare_clock(&p.name, &p.labels, kind, columns, p.span);
    }

    fn declare_clock(
        &mut self,
        name: &tree::Name,
        labels: &[tree::Labelled],
        kind: DecisionKind,
        columns: Vec<(&'static str, Type)>,
        span: Span,
    ) {
        let record = RecordId(self.model.records.len() as u32);
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|(name, ty)| Column { name: name.to_owned(), ty, labels: Labels::default() })
            .collect();
        self.model.records.push(Record { name: name.text.clone(), fields: columns.clone(), span: name.span });
        self.add_decision(name, labels, Type::Record(record), kind, span);
        if let Some(decision) = self.model.decisions.last_mut() {
            decision.columns = columns;
            decision.group.body = Body::Log;
        }
    }

    /// The inputs `log` and `as-of` of rules with events; `as-of` may be declared by the rules, with a label.
    pub(super) fn declare_log(&mut self) {
        let clocks = self.model.milestones().next().is_some() || self.model.processes().next().is_some();
        if self.model.events.is_empty() && !clocks {
            return;
        }
        let place = self.model.events.first().map(|e| e.span);
        let place = place
            .or_else(|| self.model.decisions.first().map(|d| d.name_span))
            .unwrap_or(Span::new(crate::source::FileId(0), 0..0));
        let log = self.own_input(LOG, Type::Log, place, &[("en", "log of events"), ("zh", "事件记录")]);
        let as_of = self.own_input(AS_OF, Type::DateTime, place, &[("en", "looked at as of"), ("zh", "截至时间")]);
        self.model.log = Some(LogInputs { log, as_of });
    }

    fn own_input(&mut self, name: &str, ty: Type, span: Span, labels: &[(&str, &str)]) -> InputId {
        if let Some(id) = self.model.input_named(name) {
            let declared = self.model.input(id);
            if declared.ty != ty {
                let wants = self.model.type_name(&ty);
                let message = format!("`{name}` belongs to rules with events, and is `{wants}` there");
                self.report(Problem::new(Code::TypeMismatch, self.model.input(id).span, message));
            }
            return id;
        }
        let id = InputId(self.model.inputs.len() as u32);
        let labels = labels.iter().map(|(lang, text)| ((*lang).to_owned(), (*text).to_owned())).collect();
        self.model.inputs.push(Input {
            name: name.to_owned(),
            ty,
            labels: Labels(labels),
            ask: Labels::default(),
            cites: vec![],
            measured_at: None,
            must_be: vec![],
            span,
        });
        self.names.entry(name.to_owned()).or_insert(Def::Input(id));
        id
    }

    // ---- bodies -----------------------------------------------------------------------------------

    /// What stands behind names that other items need: the facts that events bring.
    pub(super) fn define_events<'a>(&mut self, items: impl Iterator<Item = &'a Item>) {
        let events = items.filter_map(|item| if let Item::Event(e) = item { Some(e) } else { None });
        for (number, event) in events.enumerate() {
            let cites = self.cites(&event.cites.0);
            let by = event.by.iter().filter_map(|p| self.party(p)).collect();
            let mut with = Vec::new();
            for name in &event.with {
                with.extend(self.settable(name));
            }
            if let Some(target) = self.model.events.get_mut(number) {
                (target.cites, target.by, target.with) = (cites, by, with);
            }
        }
    }

    /// An input that a log may change.
    fn settable(&mut self, name: &tree::Name) -> Option<InputId> {
        match self.model.input_named(self.now(Space::Names, &name.text, name.span)) {
            Some(id) if matches!(self.model.input(id).name.as_str(), LOG | AS_OF) => {
                let message = format!("`{}` is not changed by events", name.text);
                self.report(Problem::new(Code::WrongFact, name.span, message).help("it is given with the case"));
                None
            }
            Some(id) => Some(id),
            None => {
                let inputs: Vec<String> = self.model.inputs.iter().map(|i| i.name.clone()).collect();
                let inputs = inputs.iter().map(String::as_str);
                self.unknown(Code::UnknownFact, &name.text, name.span, "input called", inputs);
                None
            }
        }
    }

    pub(super) fn event(&mut self, name: &tree::Name) -> Option<u32> {
        let found = self.model.event_named(self.now(Space::Events, &name.text, name.span));
        if found.is_none() {
            let events: Vec<String> = self.model.events.iter().map(|e| e.name.clone()).collect();
            let near = did_you_mean(&name.text, events.iter().map(String::as_str));
            let near = near.unwrap_or_else(|| format!("declare it: `event {} {{ by PARTY }}`", name.text));
            if !self.is_lost(&name.text) {
                let message = format!("there is no event called `{}`", name.text);
                self.report(Problem::new(Code::UnknownName, name.span, message).help(near));
            }
        }
        found
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

    fn no_limit(&self, span: Span) -> Limit {
        Limit { until: false, amount: self.wrong(span), calendar: None, cites: vec![], span }
    }

    fn limit(&mut self, limit: &tree::Limit) -> Limit {
        if limit.until {
            return self.instant(limit);
        }
        let amount = self.expr_of(&limit.amount, &Type::TimeLimit);
        let calendar = limit.calendar.as_ref().map(|c| self.expr_of(c, &Type::Enum(CALENDARS)));
        let business = matches!(amount.ty, Type::BusinessHours | Type::BusinessDays);
        if business && calendar.is_none() {
            let message = "business time is counted in a calendar, and none is named";
            let help = "write `in CALENDAR` after the amount";
            self.report(Problem::new(Code::MissingPart, limit.amount.span, message).help(help));
        }
        Limit { until: false, amount, calendar, cites: self.cites(&limit.cites.0), span: limit.span }
    }

    /// `until INSTANT`, or `until DATE in CALENDAR`: up to the end of the date.
    fn instant(&mut self, limit: &tree::Limit) -> Limit {
        let amount = self.expr(&limit.amount, None);
        let calendar = limit.calendar.as_ref().map(|c| self.expr_of(c, &Type::Enum(CALENDARS)));
        let cites = self.cites(&limit.cites.0);
        let amount = match (&amount.ty, &calendar) {
            (Type::DateTime | Type::Unknown, _) => amount,
            (Type::Date, Some(calendar)) => {
                let kind = ExprKind::Call(crate::builtin::end_of_day(), vec![amount, calendar.clone()]);
                Expr { kind, ty: Type::DateTime, span: limit.amount.span }
            }
            (Type::Date, None) => {
                let message = "a date ends at other instants in other places, and no calendar is named";
                let help = "write `in CALENDAR` after the date: it is due at the end of that date there";
                self.report(Problem::new(Code::MissingPart, limit.amount.span, message).help(help));
                self.wrong(limit.amount.span)
            }
            (other, _) => {
                let message =
                    format!("this is `{}`, and an instant or a date is wanted here", self.model.type_name(other));
                let help = "without `until`, a target is an amount of time from the start";
                self.report(Problem::new(Code::TypeMismatch, limit.amount.span, message).help(help));
                self.wrong(limit.amount.span)
            }
        };
        Limit { until: true, amount, calendar, cites, span: limit.span }
    }

    fn trigger(&mut self, trigger: &tree::Trigger) -> Option<Trigger> {
        let event = match &trigger.event {
            Some(name) => Some(self.event(name)?),
            None => None,
        };
        let by = trigger.by.iter().filter_map(|p| self.party(p)).collect();
        Some(Trigger { event, by, condition: self.conditional(&trigger.condition) })
    }

    pub(super) fn milestone(&mut self, index: usize, m: &tree::Milestone) {
        use tree::MilestonePart as Part;
        self.frame = Frame::default();
        let cites = self.cites(&m.cites.0);
        let lets: Vec<Let> = m.lets.iter().map(|l| self.let_in(l)).collect();
        let mut found = Milestone {
            owed_by: None,
            starts: vec![],
            stops: vec![],
            done: vec![],
            pauses: vec![],
            voids: vec![],
            target: self.no_limit(m.name.span),
            recurs: false,
            on_change: vec![],
            warns: vec![],
            on_miss: vec![],
            target_may_change: false,
        };
        let mut targets: Vec<Span> = Vec::new();
        for part in &m.parts {
            match part {
                Part::OwedBy(party) => found.owed_by = self.party(party),
                Part::Starts(t) => found.starts.extend(self.trigger(t)),
                Part::Stops(t) => found.stops.extend(self.trigger(t)),
                Part::Done(t) => found.done.extend(self.trigger(t)),
                Part::Pauses(c) => found.pauses.push(self.conditional(c)),
                Part::Void(c) => found.voids.push(self.conditional(c)),
                Part::Target(limit) | Part::Every(limit) => {
                    found.recurs = matches!(part, Part::Every(_));
                    targets.push(limit.span);
                    found.target = self.limit(limit);
                }
                Part::OnChange(word, condition) => {
                    let policy = match word.text.as_str() {
                        "target" => ChangePolicy::KeepsTarget,
                        "start" => ChangePolicy::KeepsStart,
                        _ => ChangePolicy::Restarts,
                    };
                    let condition = self.conditional(condition);
                    found.on_change.push((policy, condition));
                }
                Part::Warns(amount, span) => {
                    let amount = self.expr(amount, None);
                    let measures = matches!(amount.ty, Type::Percent) || amount.ty.fits(&Type::TimeLimit);
                    match amount.kind {
                        ExprKind::Const(value) if measures => found.warns.push(Warning { amount: value, span: *span }),
                        _ => {}
                    }
                }
                Part::OnMiss(names) => found.on_miss.extend(names.iter().filter_map(|n| self.consequence(n))),
            }
        }
        if let [first, second, ..] = targets[..] {
            let problem = Problem::new(Code::DuplicateName, second, "a second target of the same milestone");
            let help = "keep one; where it depends, choose the amount in a decision: `target response-time`";
            self.report(problem.related(first, "the first one").help(help));
        }
        if !self.damaged.contains(&m.span) {
            // A line that names what does not exist was told, and is not missing.
            let written = |is: &dyn Fn(&Part) -> bool| m.parts.iter().any(is);
            let stops = written(&|p| matches!(p, Part::Stops(_)));
            let missing = [
                (
                    !written(&|p| matches!(p, Part::Starts(_))),
                    "does not say when it starts",
                    "add `starts on EVENT` or `starts when CONDITION`",
                ),
                (targets.is_empty(), "has no target", "add `target 4 h`, `target AMOUNT in CALENDAR`, or `every 1 h`"),
                (
                    !found.recurs && !stops,
                    "does not say when it stops",
                    "add `stops on EVENT` or `stops when CONDITION`",
                ),
                (
                    found.recurs && !written(&|p| matches!(p, Part::Done(_))),
                    "does not say what fulfils it",
                    "add `done on EVENT`",
                ),
                (found.recurs && !stops, "recurs without end", "add `stops on EVENT` or `stops when CONDITION`"),
            ];
            for (_, what, help) in missing.iter().filter(|(missing, ..)| *missing) {
                let message = format!("milestone `{}` {what}", m.name.text);
                self.report(Problem::new(Code::MissingPart, m.name.span, message).help(*help));
            }
            if !found.recurs && !found.done.is_empty() {
                let message = "`done` fulfils one occurrence of a milestone that recurs, and this one does not";
                let help = "write `stops on EVENT`, or `every AMOUNT` in place of `target`";
                self.report(Problem::new(Code::MisplacedPart, found.done[0].condition.span, message).help(help));
            }
        }
        let slots = self.frame.slots;
        let slot_names = std::mem::take(&mut self.frame.names);
        let target = &mut self.model.decisions[index];
        target.group.cites = cites;
        target.group.lets = lets;
        target.slots = slots;
        target.slot_names = slot_names;
        target.kind = DecisionKind::Milestone(Box::new(found));
    }

    fn consequence(&mut self, name: &tree::Name) -> Option<DecisionId> {
        if let Some(Def::Decision(id)) = self.named(&name.text, name.span) {
            return Some(id);
        }
        let names: Vec<String> = self.model.decisions.iter().map(|d| d.name.clone()).collect();
        self.unknown(Code::UnknownName, &name.text, name.span, "decision called", names.iter().map(String::as_str));
        None
    }

    pub(super) fn process(&mut self, index: usize, p: &tree::Process) {
        self.frame = Frame::default();
        let cites = self.cites(&p.cites.0);
        let DecisionKind::Process(declared) = &self.model.decisions[index].kind else { return };
        let (states, last) = (declared.states, declared.last.clone());
        let mut transitions = Vec::new();
        for line in &p.transitions {
            let mut from = Vec::new();
            for name in &line.from {
                from.extend(self.state(states, name));
            }
            let to = match &line.to {
                None => None,
                Some(name) => match self.state(states, name) {
                    Some(state) => Some(state),
                    None => continue,
                },
            };
            let cause = match &line.cause {
                tree::Cause::On { event, by } => {
                    let Some(event) = self.event(event) else { continue };
                    Cause::On { event, by: by.iter().filter_map(|p| self.party(p)).collect() }
                }
                tree::Cause::After(limit) => Cause::After(Box::new(self.limit(limit))),
            };
            let mut sets = Vec::new();
            for assignment in &line.sets {
                let Some(id) = self.settable(&assignment.path) else { continue };
                let ty = self.model.input(id).ty.clone();
                sets.push((id, self.expr_of(&assignment.value, &ty)));
            }
            let condition = self.conditional(&line.condition);
            transitions.push(Transition { from, to, cause, sets, condition, span: line.span });
        }
        let slots = self.frame.slots;
        let slot_names = std::mem::take(&mut self.frame.names);
        let target = &mut self.model.decisions[index];
        target.group.cites = cites;
        target.slots = slots;
        target.slot_names = slot_names;
        target.kind = DecisionKind::Process(Box::new(Process { states, last, transitions }));
    }

    fn state(&mut self, states: EnumId, name: &tree::Name) -> Option<u32> {
        let found = self.member_of(states, &name.text);
        if found.is_none() {
            let of = self.model.enumeration(states);
            let names: Vec<String> = of.members.iter().map(|m| m.name.clone()).collect();
            let what = format!("state of `{}` called", of.name);
            self.unknown(Code::UnknownName, &name.text, name.span, &what, names.iter().map(String::as_str));
        }
        found
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
