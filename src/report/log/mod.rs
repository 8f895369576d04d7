//! What the log of a case comes to, for people and programs: a timeline, what is wrong with the log, each milestone
//! and process, and what each party must do next.
//!
//! ```text
//! Chronicle ─(lines)→ timeline   ─(blocks)→ milestones and processes   ─(next)→ what comes next
//! ```

mod blocks;
mod blocks_json;
mod faults;
mod governed;
mod json;
mod lines;
mod next;
mod text;
mod when;

use std::rc::Rc;

pub use json::log_json;
pub use text::{block_text, log_faults_text, log_text};
pub(super) use when::{When, day_words};

use super::answer::why_text;
use super::outcome_text::TextOptions;
use super::value::{named, value_text};
use crate::check::Checked;
use crate::eval::chronicle::{At, Chronicle, MilestoneResult, Run};
use crate::eval::{Evaluation, Known, Why};
use crate::model::{DecisionId, DecisionKind, Limit, Milestone, Model, PARTIES, Process};
use crate::scenario::Facts;
use crate::source::Sources;
use crate::value::{Entry, Value};

/// A log that was read, and the case that it is the log of.
pub struct LogReport<'a> {
    pub(super) checked: &'a Checked,
    pub(super) facts: &'a Facts,
    pub(super) sources: &'a Sources,
    pub(super) evaluation: Evaluation<'a>,
    pub(super) chronicle: Rc<Chronicle>,
    /// The file that the lines of the entries are of, where it is known.
    file: Option<&'a str>,
    lang: &'a str,
    pub(super) when: When,
}

impl<'a> LogReport<'a> {
    /// Reads the log of a case; `None` where there is none.
    pub fn new(
        checked: &'a Checked,
        sources: &'a Sources,
        facts: &'a Facts,
        file: Option<&'a str>,
        lang: &'a str,
    ) -> Option<LogReport<'a>> {
        let evaluation = Evaluation::new(checked, facts);
        let chronicle = evaluation.chronicle()?.clone();
        let when = When::of(&evaluation, &chronicle);
        Some(LogReport { checked, facts, sources, evaluation, chronicle, file, lang, when })
    }

    /// Whether an answer is one of a milestone's or process's, which the report tells together.
    pub fn tells(&self, id: DecisionId) -> bool {
        matches!(self.model().decision(id).kind, DecisionKind::Milestone(_) | DecisionKind::Process(_))
    }

    pub(super) fn model(&self) -> &'a Model {
        &self.checked.model
    }

    fn milestone(&self, id: DecisionId) -> Option<&'a Milestone> {
        match &self.model().decision(id).kind {
            DecisionKind::Milestone(milestone) => Some(milestone),
            _ => None,
        }
    }

    fn process(&self, id: DecisionId) -> Option<&'a Process> {
        match &self.model().decision(id).kind {
            DecisionKind::Process(process) => Some(process),
            _ => None,
        }
    }

    fn name(&self, id: DecisionId) -> &'a str {
        &self.model().decision(id).name
    }

    pub(super) fn entry(&self, place: usize) -> Option<&Entry> {
        self.chronicle.log.entries.get(place)
    }

    /// `line 14` of the log's file, or `entry 3` where that is not known.
    fn entry_place(&self, place: usize) -> String {
        let line = self.entry(place).map_or(0, |entry| entry.line);
        // A place in a list is the line; a file with a heading has other lines.
        let is_line = self.file.is_some() || line as usize != place + 1;
        format!("{} {line}", if is_line { "line" } else { "entry" })
    }

    /// `events.csv:14`, or `entry 3` where the file is not known.
    fn entry_location(&self, place: usize) -> String {
        let line = self.entry(place).map_or(0, |entry| entry.line);
        self.file.map_or_else(|| self.entry_place(place), |file| format!("{file}:{line}"))
    }

    /// `reported by customer (the customer)`
    pub(super) fn entry_words(&self, entry: &Entry) -> String {
        let event = self.model().events.get(entry.event as usize);
        let name = event.map_or("?".to_owned(), |e| named(&e.name, Some(&e.labels), self.lang));
        let by = entry.by.map_or(String::new(), |party| format!(" by {}", self.party(party)));
        format!("{name}{by}")
    }

    fn party(&self, party: u32) -> String {
        let labels = self.model().member(PARTIES, party).map(|m| &m.labels);
        named(self.model().party(party), labels, self.lang)
    }

    pub(super) fn value(&self, value: &Value) -> String {
        match value {
            Value::DateTime(at) => self.when.both(*at),
            Value::Duration(seconds) | Value::BusinessHours(seconds) => {
                let (hour, hours) = match value {
                    Value::Duration(_) => ("h", "h"),
                    _ => ("business hour", "business hours"),
                };
                match (seconds / 3600, seconds % 3600) {
                    _ if hour != "h" && seconds % 36 == 0 => value_text(self.model(), value, self.lang),
                    // Hours with minutes are easier to read than many minutes.
                    (whole, rest) if whole > 0 && rest > 0 && rest % 60 == 0 => {
                        format!("{whole} {} {} min", if whole == 1 { hour } else { hours }, rest / 60)
                    }
                    _ => value_text(self.model(), value, self.lang),
                }
            }
            other => value_text(self.model(), other, self.lang),
        }
    }

    /// An answer in a few words; why there is none, if so.
    pub(super) fn known(&self, known: &Known) -> String {
        match known {
            Ok(value) => self.value(value),
            Err(why) => self.why(why),
        }
    }

    pub(super) fn why(&self, why: &Why) -> String {
        why_text(self.model(), why, self.lang)
    }

    /// `8 business hours in office`
    fn target(&self, run: &Run) -> String {
        let calendar = run.calendar.and_then(|c| self.model().calendars.get(c as usize));
        let calendar =
            calendar.map_or(String::new(), |c| format!(" in {}", named(&c.name, Some(&c.labels), self.lang)));
        let until = if matches!(run.target, Ok(Value::DateTime(_))) { "until " } else { "" };
        format!("{until}{}{calendar}", self.known(&run.target))
    }

    /// `after 7 days in office`, of a process.
    fn limit(&self, id: DecisionId, limit: &Limit) -> String {
        crate::model::Words::of(self.model(), self.model().decision(id)).limit(limit)
    }

    /// Time from an instant to another as a run measures it: working time for business targets, else elapsed time.
    fn between(&self, milestone: &Milestone, run: &Run, from: At, to: At) -> Known {
        let business = matches!(run.target, Ok(Value::BusinessHours(_) | Value::BusinessDays(_)));
        match run.calendar.filter(|_| business) {
            Some(number) => self.evaluation.clock(number)?.worked(from, to, milestone.target.span),
            None => Ok(Value::Duration((to - from).num_seconds())),
        }
    }

    /// Results with what they are, in source order.
    fn milestones(&self) -> impl Iterator<Item = (&MilestoneResult, &'a Milestone)> {
        self.chronicle.milestones.iter().filter_map(|r| Some((r, self.milestone(r.decision)?)))
    }
}

/// An instant, where it is known.
pub(super) fn instant(known: &Known) -> Option<At> {
    match known {
        Ok(Value::DateTime(at)) => Some(*at),
        _ => None,
    }
}
