//! What is wrong with a log, each with the entry it is about.

use serde_json::{Map, Value as Json, json};

use super::LogReport;
use crate::eval::chronicle::{LogFault, LogFaultKind};
use crate::value::Value;

impl LogReport<'_> {
    /// `it stands twice`, in a few words.
    pub(super) fn fault_short(&self, fault: &LogFault) -> String {
        match &fault.kind {
            LogFaultKind::Duplicate { of } => format!("it stands twice ({})", self.entry_place(*of)),
            LogFaultKind::Contradiction { with, input } => {
                let name = &self.model().input(*input).name;
                format!("{} says otherwise of {name}", self.entry_place(*with))
            }
            LogFaultKind::WrongParty { party } => format!("it cannot be of {}", self.party(*party)),
            LogFaultKind::Impossible { process, state } => {
                format!("it cannot happen while {}", self.in_state(*process, *state))
            }
        }
    }

    /// What is wrong, what that means, and what would be right.
    pub(super) fn fault_words(&self, fault: &LogFault) -> String {
        let short = self.fault_short(fault);
        match &fault.kind {
            LogFaultKind::Duplicate { .. } => format!("{short}; it counts once"),
            LogFaultKind::Contradiction { input, .. } => {
                format!("{short}; neither is taken, so {} is not known from here on", self.model().input(*input).name)
            }
            LogFaultKind::WrongParty { .. } => {
                let event = self.entry(fault.entry).and_then(|e| self.model().events.get(e.event as usize));
                let parties = event.map_or(&[][..], |e| &e.by).iter().map(|party| self.party(*party));
                format!("{short}, only of {}; not counted", parties.collect::<Vec<_>>().join(" or "))
            }
            LogFaultKind::Impossible { .. } => format!("{short}; not counted"),
        }
    }

    pub(super) fn faults_json(&self) -> Json {
        self.chronicle.faults.iter().map(|fault| self.fault_json(fault)).collect()
    }

    fn fault_json(&self, fault: &LogFault) -> Json {
        let mut json = Map::new();
        json.insert("entry".into(), json!(fault.entry + 1));
        json.insert("line".into(), json!(self.entry(fault.entry).map(|entry| entry.line)));
        let kind = match &fault.kind {
            LogFaultKind::Duplicate { of } => {
                json.insert("other".into(), json!(of + 1));
                "duplicate"
            }
            LogFaultKind::Contradiction { with, input } => {
                json.insert("other".into(), json!(with + 1));
                json.insert("fact".into(), json!(self.model().input(*input).name));
                "contradiction"
            }
            LogFaultKind::WrongParty { party } => {
                json.insert("party".into(), json!(self.model().party(*party)));
                "wrong-party"
            }
            LogFaultKind::Impossible { process, state } => {
                let result = self.chronicle.processes.get(*process);
                json.insert("process".into(), json!(result.map(|r| self.name(r.decision))));
                json.insert("state".into(), json!(self.state_name(*process, *state)));
                "impossible"
            }
        };
        json.insert("kind".into(), json!(kind));
        json.insert("counted".into(), json!(matches!(fault.kind, LogFaultKind::Contradiction { .. })));
        json.insert("message".into(), json!(self.fault_words(fault)));
        Json::Object(json)
    }

    /// `incident is closed`
    fn in_state(&self, process: usize, state: u32) -> String {
        let Some(result) = self.chronicle.processes.get(process) else { return "?".to_owned() };
        let states = self.process(result.decision).map(|p| Value::Member(p.states, state));
        format!("{} is {}", self.name(result.decision), states.map_or("?".to_owned(), |state| self.value(&state)))
    }

    fn state_name(&self, process: usize, state: u32) -> Option<&str> {
        let result = self.chronicle.processes.get(process)?;
        let states = self.process(result.decision)?.states;
        self.model().member(states, state).map(|m| m.name.as_str())
    }
}
