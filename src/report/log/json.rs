//! The log of a case as JSON; `docs/schemas/eval.json` describes it.

use serde_json::{Map, Value as Json, json};

use super::LogReport;
use super::blocks_json::{milestone_json, process_json};
use super::lines::instant_json;
use crate::eval::chronicle::{LogFaultKind, Step, StepCause};
use crate::model::{ClauseId, PARTIES, Words};
use crate::report::outcome_json::{answer_json, clause_ids_json, place_json};
use crate::report::value::{labels_json, value_json};
use crate::value::Entry;

/// The log with all that it comes to.
pub fn log_json(report: &LogReport) -> Json {
    let chronicle = &report.chronicle;
    let entries = chronicle.log.entries.iter().enumerate().map(|(place, entry)| entry_json(report, place, entry));
    let milestones = report.milestones().map(|(result, milestone)| milestone_json(report, result, milestone));
    let processes = chronicle.processes.iter().map(|result| process_json(report, result));
    json!({
        "asOf": chronicle.as_of.map(|at| instant_json(report, at)),
        "zone": { "name": report.when.name(), "from": report.when.said() },
        "entries": entries.collect::<Vec<_>>(),
        "later": chronicle.later,
        "faults": report.faults_json(),
        "steps": chronicle.steps.iter().map(|step| step_json(report, step)).collect::<Vec<_>>(),
        "processes": processes.collect::<Vec<_>>(),
        "milestones": milestones.collect::<Vec<_>>(),
        "next": next_json(report),
    })
}

impl LogReport<'_> {
    /// Every clause that the JSON names.
    pub(in crate::report) fn cited(&self) -> Vec<ClauseId> {
        let mut cited = Vec::new();
        for (result, milestone) in self.milestones() {
            cited.extend(self.clauses_of(result));
            cited.extend(self.consequences(milestone).into_iter().flat_map(|c| c.clauses));
            cited.extend(result.runs.iter().flat_map(|run| self.governs(result, run)).flat_map(|g| g.clauses));
        }
        for result in &self.chronicle.processes {
            cited.extend(self.model().decision(result.decision).group.cites.iter().copied());
            let transitions = self.process(result.decision).map_or(&[][..], |p| &p.transitions);
            cited.extend(transitions.iter().flat_map(|t| &t.condition.cites).copied());
        }
        cited.sort_unstable();
        cited.dedup();
        cited
    }
}

fn entry_json(report: &LogReport, place: usize, entry: &Entry) -> Json {
    let model = report.model();
    let event = model.events.get(entry.event as usize);
    let faults = report.chronicle.faults.iter().filter(|fault| fault.entry == place);
    let dropped = faults.into_iter().any(|fault| !matches!(fault.kind, LogFaultKind::Contradiction { .. }));
    let later = report.chronicle.as_of.is_some_and(|as_of| entry.at > as_of);
    let with = entry.with.iter().map(|(input, value)| {
        json!({
            "fact": model.input(crate::model::InputId(*input)).name,
            "value": value_json(model, value),
            "text": value.display(model).to_string(),
        })
    });
    json!({
        "line": entry.line,
        "at": instant_json(report, entry.at),
        "event": event.map(|e| &e.name),
        "labels": event.map_or_else(|| json!({}), |e| labels_json(&e.labels)),
        "by": entry.by.map(|party| model.party(party)),
        "with": with.collect::<Vec<_>>(),
        "counted": !dropped && !later,
    })
}

fn step_json(report: &LogReport, step: &Step) -> Json {
    let model = report.model();
    let moves = step.moves.iter().filter_map(|moved| {
        let result = report.chronicle.processes.get(moved.process)?;
        let process = report.process(result.decision)?;
        let transition = moved.transition.and_then(|t| process.transitions.get(t));
        let words = Words::of(model, model.decision(result.decision));
        Some(json!({
            "process": report.name(result.decision),
            "from": answer_json(model, &moved.from),
            "to": answer_json(model, &moved.to),
            "transition": transition.map(|t| words.transition(process, t)),
            "rule": transition.map(|t| place_json(report.sources, t.span)),
            "clauses": transition.map_or_else(|| json!([]), |t| clause_ids_json(model, &t.condition.cites)),
        }))
    });
    let sets = step.sets.iter().map(|(input, value)| {
        json!({
            "fact": model.input(*input).name,
            "value": value_json(model, value),
            "text": value.display(model).to_string(),
        })
    });
    json!({
        "at": instant_json(report, step.at),
        "cause": match step.cause {
            StepCause::Event(_) => "event",
            StepCause::Timer => "timer",
        },
        "entry": match step.cause {
            StepCause::Event(place) => Some(place + 1),
            StepCause::Timer => None,
        },
        "moves": moves.collect::<Vec<_>>(),
        "sets": sets.collect::<Vec<_>>(),
    })
}

fn next_json(report: &LogReport) -> Json {
    let model = report.model();
    let owed = report.owed().into_iter().map(|(party, all)| {
        let labels = party.and_then(|party| model.member(PARTIES, party)).map(|m| labels_json(&m.labels));
        let all = all.iter().map(|owed| {
            json!({
                "milestone": report.name(owed.result.decision),
                "due": answer_json(model, &owed.run.due),
                "left": report.left_value(owed.milestone, owed.run).map(|left| answer_json(model, &left)),
                "overdue": owed.overdue,
                "held": owed.held,
                "by": report.how(owed),
                "text": report.owed_words(owed),
            })
        });
        json!({
            "party": party.map(|party| model.party(party)),
            "labels": labels,
            "owes": all.collect::<Vec<_>>(),
        })
    });
    let moving = report.moving().map(|(result, transition, due)| {
        let mut json = Map::new();
        json.insert("process".into(), json!(report.name(result.decision)));
        json.insert("becomes".into(), json!(report.becomes(result.decision, transition)));
        json.insert("due".into(), Json::Object(answer_json(model, due)));
        Json::Object(json)
    });
    json!({ "parties": owed.collect::<Vec<_>>(), "byItself": moving.collect::<Vec<_>>() })
}
