//! Calendars, milestones and processes back in the words of the language.

use super::{Calendar, Cause, Conditional, Limit, Milestone, Model, OpenLine, Process, Transition, Trigger, Words};
use crate::value::worktime::{Listed, ListedDay, WorkingHours};

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl<'a> Words<'a> {
    /// `open becomes closed on accepted by customer when C`
    pub fn transition(&self, process: &Process, transition: &Transition) -> String {
        let state = |number: u32| self.model().member(process.states, number).map_or("?", |m| m.name.as_str());
        let from = match transition.from.as_slice() {
            [] => "any".to_owned(),
            from => from.iter().map(|s| state(*s)).collect::<Vec<_>>().join(", "),
        };
        let to = transition.to.map_or("stay".to_owned(), |to| format!("becomes {}", state(to)));
        let cause = match &transition.cause {
            Cause::On { event, by } => format!("on {}{}", self.event(*event), self.by(by)),
            Cause::After(limit) => format!("after {}", self.limit(limit)),
        };
        let sets: Vec<String> = transition
            .sets
            .iter()
            .map(|(id, value)| format!("{} = {}", self.model().input(*id).name, self.expr(value)))
            .collect();
        let sets = if sets.is_empty() { String::new() } else { format!(" sets {}", sets.join(", ")) };
        format!("{from} {to} {cause}{sets}{}", self.when(&transition.condition))
    }

    /// `response.time in response.calendar`
    pub fn limit(&self, limit: &Limit) -> String {
        let calendar = limit.calendar.as_ref().map_or(String::new(), |c| format!(" in {}", self.expr(c)));
        match &limit.amount.kind {
            super::ExprKind::Call(function, args) if limit.until && function.name == "end-of-day" => {
                let date = args.first().map_or(String::new(), |date| self.expr(date));
                format!("until {date}{calendar}")
            }
            _ if limit.until => format!("until {}{calendar}", self.expr(&limit.amount)),
            _ => format!("{}{calendar}", self.expr(&limit.amount)),
        }
    }

    /// `on reported by customer when C`, `when C`
    pub fn trigger(&self, trigger: &Trigger) -> String {
        match trigger.event {
            Some(event) => format!("on {}{}{}", self.event(event), self.by(&trigger.by), self.when(&trigger.condition)),
            None => self.when(&trigger.condition).trim_start().to_owned(),
        }
    }

    /// The lines of a milestone, each with its citations to follow.
    pub fn milestone(&self, milestone: &'a Milestone) -> Vec<(String, &'a [super::ClauseId])> {
        let mut lines: Vec<(String, &[super::ClauseId])> = Vec::new();
        if let Some(party) = milestone.owed_by {
            lines.push((format!("owed by {}", self.model().party(party)), &[]));
        }
        for (word, triggers) in [("starts", &milestone.starts), ("stops", &milestone.stops), ("done", &milestone.done)]
        {
            for trigger in triggers {
                lines.push((format!("{word} {}", self.trigger(trigger)), &trigger.condition.cites));
            }
        }
        for (word, conditions) in [("pauses while", &milestone.pauses), ("void while", &milestone.voids)] {
            for condition in conditions {
                let when = condition.when.as_ref().map_or(String::new(), |w| self.expr(w));
                lines.push((format!("{word} {when}"), &condition.cites));
            }
        }
        let word = if milestone.recurs { "every" } else { "target" };
        lines.push((format!("{word} {}", self.limit(&milestone.target)), &milestone.target.cites));
        for (policy, condition) in &milestone.on_change {
            lines.push((format!("on change {}{}", policy.text(), self.when(condition)), &condition.cites));
        }
        for warning in &milestone.warns {
            let amount = warning.amount.display(self.model());
            let line = match warning.amount {
                crate::value::Value::Percent(_) => format!("warns at {amount}"),
                _ => format!("warns {amount} before"),
            };
            lines.push((line, &[]));
        }
        if !milestone.on_miss.is_empty() {
            let names: Vec<&str> =
                milestone.on_miss.iter().map(|id| self.model().decision(*id).name.as_str()).collect();
            lines.push((format!("on miss {}", names.join(", ")), &[]));
        }
        lines
    }

    /// The lines of a calendar, each with its citations to follow.
    pub fn calendar(&self, calendar: &'a Calendar) -> Vec<(String, &'a [super::ClauseId])> {
        let mut lines: Vec<(String, &[super::ClauseId])> = vec![(format!("zone {}", self.expr(&calendar.zone)), &[])];
        for line in &calendar.open {
            lines.push((format!("{}{}", open_words(line), self.when(&line.condition)), &line.condition.cites));
        }
        for (day, when) in &calendar.listed {
            let when = when.as_ref().map_or(String::new(), |w| format!(" when {}", self.expr(w)));
            lines.push((format!("{}{when}", listed_words(day)), &[]));
        }
        if calendar.not_listed {
            lines.push(("holidays not listed".to_owned(), &[]));
        }
        for list in &calendar.holidays {
            lines.push((format!("holidays {}", self.expr(list)), &[]));
        }
        if let Some(when) = &calendar.make_up {
            let when = when.as_ref().map_or(String::new(), |w| format!(" when {}", self.expr(w)));
            lines.push((format!("make-up days possible{when}"), &[]));
        }
        for (way, condition) in &calendar.part_day {
            let way = way.word().replace('-', " ");
            lines.push((format!("part day {way}{}", self.when(condition)), &condition.cites));
        }
        lines
    }

    fn event(&self, number: u32) -> &'a str {
        self.model().events.get(number as usize).map_or("?", |e| e.name.as_str())
    }

    fn by(&self, parties: &[u32]) -> String {
        if parties.is_empty() {
            return String::new();
        }
        let names: Vec<&str> = parties.iter().map(|p| self.model().party(*p)).collect();
        format!(" by {}", names.join(", "))
    }

    fn when(&self, condition: &Conditional) -> String {
        condition.when.as_ref().map_or(String::new(), |w| format!(" when {}", self.expr(w)))
    }

    fn model(&self) -> &'a Model {
        self.model
    }
}

/// `at 2026-03-06T17:30+08:00 reported by customer with incident.level = 2`
pub fn entry_words(model: &Model, entry: &crate::value::Entry) -> String {
    let at = crate::value::Value::DateTime(entry.at);
    let event = model.events.get(entry.event as usize).map_or("?", |e| e.name.as_str());
    let by = entry.by.map_or(String::new(), |party| format!(" by {}", model.party(party)));
    let with: Vec<String> = entry
        .with
        .iter()
        .map(|(input, value)| {
            let name = model.inputs.get(*input as usize).map_or("?", |i| i.name.as_str());
            format!("{name} = {}", value.display(model))
        })
        .collect();
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
    format!("at {} {event}{by}{with}", at.display(model))
}

/// `open monday..friday 09:00..12:00, 13:00..18:00`
fn open_words(line: &OpenLine) -> String {
    let windows: Vec<String> = line.windows.iter().map(|w| w.to_string()).collect();
    let whole = windows.iter().all(|w| w == "00:00..24:00");
    if whole && line.weekdays.iter().all(|open| *open) {
        return "open always".to_owned();
    }
    let mut spans: Vec<String> = Vec::new();
    let mut day = 0;
    while day < 7 {
        if !line.weekdays[day] {
            day += 1;
            continue;
        }
        let first = day;
        while day + 1 < 7 && line.weekdays[day + 1] {
            day += 1;
        }
        spans.push(match day - first {
            0 => WEEKDAYS[first].to_owned(),
            _ => format!("{}..{}", WEEKDAYS[first], WEEKDAYS[day]),
        });
        day += 1;
    }
    let hours = if whole { String::new() } else { format!(" {}", windows.join(", ")) };
    format!("open {}{hours}", spans.join(", "))
}

/// `closed 2026-10-01..2026-10-07 "National Day"`, `open 2026-10-10 as on friday "made up"`
pub fn listed_words(day: &Listed) -> String {
    let dates = if day.first == day.last { day.first.to_string() } else { format!("{}..{}", day.first, day.last) };
    let name = day.name.as_ref().map_or(String::new(), |name| format!(" \"{}\"", name.replace('"', "\\\"")));
    match &day.day {
        ListedDay::Holiday => format!("closed {dates}{name}"),
        ListedDay::Working(WorkingHours::Usual) => format!("open {dates}{name}"),
        ListedDay::Working(WorkingHours::AsOn(weekday)) => {
            let weekday = WEEKDAYS.get(weekday.num_days_from_monday() as usize).copied().unwrap_or("monday");
            format!("open {dates} as on {weekday}{name}")
        }
        ListedDay::Working(WorkingHours::Windows(windows)) => {
            let windows: Vec<String> = windows.iter().map(|w| w.to_string()).collect();
            format!("open {dates} {}{name}", windows.join(", "))
        }
    }
}
