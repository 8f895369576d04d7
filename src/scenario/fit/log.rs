//! A log of events, and lists of holidays, read from data.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::{Fitting, short};
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::{InputId, PARTIES};
use crate::scenario::document::{Data, Key, Node};
use crate::value::literal::{parse_date, parse_date_time};
use crate::value::worktime::{Holidays, Listed, ListedDay, WorkingHours, holidays_from_csv, holidays_from_ics};
use crate::value::{Entry, HolidayList, Log, Value};

/// The most events of one case.
const MOST_EVENTS: usize = 1_000_000;

impl Fitting<'_> {
    /// `[{ "at": "2026-03-06T17:30+08:00", "event": "reported", "by": "customer", "incident.level": 2 }]`. `lines` are
    /// those of the entries in their file; without them an entry is called by its place.
    pub(super) fn log(&mut self, items: &[Node], lines: Option<&[u32]>) -> Option<Value> {
        if items.len() > MOST_EVENTS {
            let at = items.get(MOST_EVENTS).map_or(0..0, |node| node.span.clone());
            let message = format!("a log has at most {MOST_EVENTS} events, and this one has {}", items.len());
            let problem = Problem::new(Code::WrongFact, self.span(&at), message);
            self.report(problem.help("a log holds the events of one case; split it by case"));
            return None;
        }
        let mut entries = Vec::with_capacity(items.len());
        let mut sound = true;
        for (place, item) in items.iter().enumerate() {
            if self.problems.len() >= super::MOST_PROBLEMS {
                return None;
            }
            let line = lines.and_then(|lines| lines.get(place).copied()).unwrap_or(place as u32 + 1);
            match self.entry(item, line) {
                Some(entry) => entries.push(entry),
                None => sound = false,
            }
        }
        sound.then(|| Value::Log(Arc::new(Log { entries })))
    }

    fn entry(&mut self, item: &Node, line: u32) -> Option<Entry> {
        let Data::Map(parts) = &item.data else {
            let help = "such as {\"at\": \"2026-03-06T17:30+08:00\", \"event\": \"reported\"}";
            let message = format!("entry {line} of the log is no event");
            self.report(Problem::new(Code::WrongFact, self.span(&item.span), message).help(help));
            return None;
        };
        let mut flat = Vec::new();
        flatten("", parts, &mut flat);
        let part = |name: &str| flat.iter().find(|(path, ..)| path == name).map(|(_, _, node)| *node);
        let missing = |what: &str| {
            let message = format!("entry {line} of the log has no `{what}`");
            Problem::new(Code::WrongFact, self.span(&item.span), message)
        };
        let (at, event) = (part("at"), part("event"));
        let Some(at) = at.filter(|node| node.data != Data::Null) else {
            let problem = missing("at").help("the instant of the event, such as \"2026-03-06T17:30+08:00\"");
            self.report(problem);
            return None;
        };
        let Some(event) = event.filter(|node| node.data != Data::Null) else {
            let problem = missing("event").maybe_help(self.some_events());
            self.report(problem);
            return None;
        };
        let at = match &at.data {
            Data::Text(text) => self.literal(parse_date_time(text), at, "at"),
            _ => self.wrong(at, "`at` is a date-time".to_owned(), "such as \"2026-03-06T17:30+08:00\""),
        };
        let event = self.event(event);
        let by = match part("by").filter(|node| node.data != Data::Null) {
            None => Some(None),
            Some(node) => self.member(node, PARTIES, "by").map(Some),
        };
        let (Some(Value::DateTime(at)), Some(event), Some(by)) = (at, event, by) else { return None };
        let mut with = Vec::new();
        let mut sound = true;
        for (path, key, node) in &flat {
            if matches!(path.as_str(), "at" | "event" | "by") || node.data == Data::Null {
                continue;
            }
            match self.brought(path, key, node, event) {
                Some((id, value)) => with.push((id.0, value)),
                None => sound = false,
            }
        }
        with.sort();
        sound.then_some(Entry { at, event, by, with, line })
    }

    fn some_events(&self) -> Option<String> {
        let names: Vec<&str> = self.model.events.iter().map(|e| e.name.as_str()).take(8).collect();
        (!names.is_empty()).then(|| format!("the rules know of {}", names.join(", ")))
    }

    /// An event by its name, or by its label in any language.
    fn event(&mut self, node: &Node) -> Option<u32> {
        let Data::Text(text) = &node.data else {
            return self.wrong(node, "`event` is the name of an event".to_owned(), "such as \"reported\"");
        };
        let name: String = text.nfc().collect();
        if let Some(event) = self.model.event_named(&name) {
            return Some(event);
        }
        let labelled = |e: &crate::model::Event| e.labels.0.iter().any(|(_, label)| *label == name);
        if let Some(event) = self.model.events.iter().position(labelled) {
            return Some(event as u32);
        }
        let near =
            did_you_mean(&name, self.model.events.iter().map(|e| e.name.as_str())).or_else(|| self.some_events());
        let message = format!("the rules know of no event `{}`", short(&name));
        let problem = Problem::new(Code::UnknownFact, self.span(&node.span), message);
        self.report(problem.maybe_help(near));
        None
    }

    /// A fact that an event brings.
    fn brought(&mut self, path: &str, key: &Key, node: &Node, event: u32) -> Option<(InputId, Value)> {
        let declared = self.model.events.get(event as usize)?;
        let id = self.model.input_named(path).filter(|id| declared.with.contains(id));
        let Some(id) = id else {
            let names: Vec<&str> = declared.with.iter().map(|id| self.model.input(*id).name.as_str()).collect();
            let near = did_you_mean(path, names.iter().copied());
            let near = near.filter(|_| self.model.input_named(path).is_none()).or_else(|| {
                let brings = if names.is_empty() { "no facts".to_owned() } else { names.join(", ") };
                Some(format!("it brings {brings}"))
            });
            let message = format!("the event `{}` brings no fact `{}`", declared.name, short(path));
            let problem = Problem::new(Code::UnknownFact, self.span(&key.span), message);
            self.report(problem.maybe_help(near));
            return None;
        };
        let input = self.model.input(id);
        let value = self.value(node, &input.ty, &input.name)?;
        if let Some(why) = input.refuses(&value, self.model) {
            self.report(Problem::new(Code::WrongFact, self.span(&node.span), why));
            return None;
        }
        Some((id, value))
    }

    /// A list of the rules by its name, a file, or days: `["2026-10-01", {"date": "2026-10-10", "kind": "working-day"}]`.
    pub(super) fn holidays(&mut self, node: &Node, name: &str) -> Option<Value> {
        match &node.data {
            Data::Text(text) => {
                let text: String = text.nfc().collect();
                let declared = self.model.holidays.iter().find(|h| h.name == text);
                if let Some(declared) = declared {
                    return Some(Value::Holidays(declared.list.clone()));
                }
                self.holiday_file(node, &text, name)
            }
            Data::List(items) => {
                let mut listed = Vec::new();
                for item in items {
                    listed.push(self.holiday(item, name)?);
                }
                let list = HolidayList::from_file(name, Holidays { listed });
                Some(Value::Holidays(Arc::new(list)))
            }
            _ => {
                let message = format!("`{name}` is a list of holidays");
                self.wrong(node, message, "write the name of a .csv or .ics file, or a list of dates")
            }
        }
    }

    fn holiday_file(&mut self, node: &Node, file: &str, name: &str) -> Option<Value> {
        let lower = file.to_ascii_lowercase();
        let read = if lower.ends_with(".ics") {
            holidays_from_ics
        } else if lower.ends_with(".csv") {
            holidays_from_csv
        } else {
            let near = did_you_mean(file, self.model.holidays.iter().map(|h| h.name.as_str()));
            let message = format!("`{name}` is a list of holidays, and `{}` is neither a list nor a file", short(file));
            let help = near.unwrap_or_else(|| "write the name of a .csv or .ics file, or a list of dates".to_owned());
            return self.wrong(node, message, help);
        };
        let Some(text) = (self.files)(file) else {
            let message = format!("`{}` cannot be read", short(file));
            return self.wrong(node, message, "the file is looked for beside the facts file");
        };
        match read(&text) {
            Ok(found) => Some(Value::Holidays(Arc::new(HolidayList::from_file(file, found)))),
            Err(error) => {
                let message = format!("`{}`, line {}: {}", short(file), error.line, error.message);
                let problem = Problem::new(Code::HolidaysNotRead, self.span(&node.span), message);
                self.report(problem.help(error.help));
                None
            }
        }
    }

    fn holiday(&mut self, node: &Node, name: &str) -> Option<Listed> {
        let (date, day, title) = match &node.data {
            Data::Text(text) => (text.clone(), ListedDay::Holiday, None),
            Data::Map(parts) => {
                let text = |wanted: &str| {
                    parts.iter().find(|(key, _)| key.name == wanted).and_then(|(_, node)| match &node.data {
                        Data::Text(text) => Some(text.clone()),
                        _ => None,
                    })
                };
                let day = match text("kind").as_deref() {
                    None | Some("holiday") => ListedDay::Holiday,
                    Some("working-day") => ListedDay::Working(WorkingHours::Usual),
                    Some(_) => {
                        return self.wrong(
                            node,
                            "`kind` is `holiday` or `working-day`".to_owned(),
                            "write one of them",
                        );
                    }
                };
                (text("date").unwrap_or_default(), day, text("name"))
            }
            _ => (String::new(), ListedDay::Holiday, None),
        };
        match self.literal(parse_date(&date), node, name)? {
            Value::Date(date) => Some(Listed { first: date, last: date, day, name: title }),
            _ => None,
        }
    }
}

/// The parts of an entry by their dotted names.
fn flatten<'a>(above: &str, parts: &'a [(Key, Node)], found: &mut Vec<(String, &'a Key, &'a Node)>) {
    for (key, node) in parts {
        let name: String = key.name.nfc().collect();
        let path = if above.is_empty() { name } else { format!("{above}.{name}") };
        match &node.data {
            Data::Map(inner) => flatten(&path, inner, found),
            _ => found.push((path, key, node)),
        }
    }
}
