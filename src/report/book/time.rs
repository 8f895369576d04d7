//! Calendars, holidays, events, milestones and processes.

use std::fmt::Write as _;

use super::Book;
use super::html::{code, esc, label, titled};
use super::items::table;
use super::places::rule_anchor;
use crate::model::{
    Calendar, Cause, Decision, Event, HolidaysItem, Milestone, Process, Transition, Words, listed_words,
};

impl Book<'_> {
    pub(super) fn calendar(&self, calendar: &Calendar) -> String {
        let mut body = String::new();
        if !calendar.cites.is_empty() {
            let _ = writeln!(body, "<p>Cites {}</p>", self.cites(&calendar.cites));
        }
        body.push_str("<ul class=\"plain\">\n");
        for (line, cites) in Words::new(self.model).calendar(calendar) {
            let _ = writeln!(body, "<li>{} {}</li>", self.names.code(&line, &[]), self.cites(cites));
        }
        body.push_str("</ul>\n");
        let mut all = Vec::new();
        calendar.each_cites(&mut |cites| all.extend(cites));
        body.push_str(&self.paraphrases(&all));
        let anchor = format!("calendar-{}", calendar.name);
        self.item(&anchor, "Calendar", &titled(&calendar.labels, &calendar.name), &calendar.name, calendar.span, &body)
    }

    pub(super) fn holidays(&self, item: &HolidaysItem) -> String {
        let mut body = String::from("<ul class=\"plain\">\n");
        for (first, last) in &item.list.covered {
            let _ = writeln!(body, "<li>covers {first} to {last}</li>");
        }
        for day in &item.list.holidays.listed {
            let _ = writeln!(body, "<li>{}</li>", code(&listed_words(day)));
        }
        body.push_str("</ul>\n");
        body.push_str(&self.paraphrases(&item.cites));
        let anchor = format!("holidays-{}", item.name);
        self.item(&anchor, "Holidays", &titled(&item.labels, &item.name), &item.name, item.span, &body)
    }

    pub(super) fn event(&self, event: &Event) -> String {
        let mut body = String::new();
        let by: Vec<String> = event.by.iter().map(|party| self.names.code(self.model.party(*party), &[])).collect();
        if !by.is_empty() {
            let _ = writeln!(body, "<p>By {}</p>", by.join(", "));
        }
        let with: Vec<String> = event.with.iter().map(|id| self.names.code(&self.model.input(*id).name, &[])).collect();
        if !with.is_empty() {
            let _ = writeln!(body, "<p>Brings {}</p>", with.join(", "));
        }
        body.push_str(&self.paraphrases(&event.cites));
        let anchor = format!("event-{}", event.name);
        self.item(&anchor, "Event", &titled(&event.labels, &event.name), &event.name, event.span, &body)
    }

    pub(super) fn milestone(&self, decision: &Decision, milestone: &Milestone) -> String {
        let mut body = String::from("<ul class=\"plain\">\n");
        for (line, cites) in Words::of(self.model, decision).milestone(milestone) {
            let _ = writeln!(body, "<li>{} {}</li>", self.names.code(&line, &decision.slot_names), self.cites(cites));
        }
        body.push_str("</ul>\n");
        body
    }

    /// The states, and a table of how one becomes another.
    pub(super) fn process(&self, decision: &Decision, process: &Process, anchor: &str) -> String {
        let mut body = String::from("<ol class=\"states\" aria-label=\"States\">\n");
        let members = &self.model.enumeration(process.states).members;
        for (number, state) in members.iter().enumerate() {
            let mut tags = String::new();
            if number == 0 {
                tags.push_str(" <strong class=\"tag\">first</strong>");
            }
            if process.last.get(number) == Some(&true) {
                tags.push_str(" <strong class=\"tag\">final</strong>");
            }
            let _ = writeln!(body, "<li>{} {}{tags}</li>", code(&state.name), label(&state.labels));
        }
        body.push_str("</ol>\n");
        let words = Words::of(self.model, decision);
        let state = |number: u32| members.get(number as usize).map_or(String::new(), |m| code(&m.name));
        let mut rows = String::new();
        for (number, transition) in process.transitions.iter().enumerate() {
            let from: Vec<String> = transition.from.iter().map(|s| state(*s)).collect();
            let from = if from.is_empty() { "any that is not final".to_owned() } else { from.join(", ") };
            let to = transition.to.map_or("stays".to_owned(), &state);
            let when = transition.condition.when.as_ref();
            let when = when.map_or(String::new(), |w| self.names.code(&words.expr(w), &decision.slot_names));
            let sets: Vec<String> = transition
                .sets
                .iter()
                .map(|(id, value)| format!("{} = {}", self.model.input(*id).name, words.expr(value)))
                .map(|text| self.names.code(&text, &decision.slot_names))
                .collect();
            let _ = writeln!(
                rows,
                "<tr id=\"{}\"><th scope=\"row\">{from}</th><td>{}</td><td>{when}</td><td>{to}</td><td>{}</td>\
                 <td>{}{}</td></tr>",
                esc(&rule_anchor(anchor, number)),
                self.cause(&words, transition),
                sets.join("<br>"),
                self.cites(&transition.condition.cites),
                match &transition.cause {
                    Cause::After(limit) => self.cites(&limit.cites),
                    Cause::On { .. } => String::new(),
                }
            );
        }
        let headings = ["From", "On", "When", "To", "Sets", "Clauses"];
        body.push_str(&table("process", &format!("How {} moves", esc(&decision.name)), &headings, &rows));
        body
    }

    fn cause(&self, words: &Words, transition: &Transition) -> String {
        match &transition.cause {
            Cause::On { event, by } => {
                let event = self.model.events.get(*event as usize).map_or("", |e| e.name.as_str());
                let by: Vec<&str> = by.iter().map(|party| self.model.party(*party)).collect();
                let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
                self.names.code(&format!("{event}{by}"), &[])
            }
            Cause::After(limit) => format!("after {}", self.names.code(&words.limit(limit), &[])),
        }
    }
}
