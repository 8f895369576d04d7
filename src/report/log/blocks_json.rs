//! Milestones and processes of a log as JSON.

use serde_json::{Value as Json, json};

use super::LogReport;
use super::lines::{instant_json, warning_words};
use crate::eval::chronicle::{MilestoneResult, ProcessResult, Run};
use crate::model::{Milestone, Words};
use crate::report::outcome_json::{answer_json, clause_ids_json, place_json};
use crate::report::value::labels_json;

pub(super) fn process_json(report: &LogReport, result: &ProcessResult) -> Json {
    let model = report.model();
    let decision = model.decision(result.decision);
    let words = Words::of(model, decision);
    let next = result.next.as_ref().and_then(|(transition, due)| {
        let process = report.process(result.decision)?;
        let line = process.transitions.get(*transition)?;
        Some(json!({
            "becomes": report.becomes(result.decision, *transition),
            "due": answer_json(model, due),
            "transition": words.transition(process, line),
            "rule": place_json(report.sources, line.span),
            "clauses": clause_ids_json(model, &line.condition.cites),
        }))
    });
    json!({
        "name": decision.name,
        "labels": labels_json(&decision.labels),
        "state": answer_json(model, &result.state),
        "since": answer_json(model, &result.since),
        "next": next,
        "clauses": clause_ids_json(model, &decision.group.cites),
    })
}

pub(super) fn milestone_json(report: &LogReport, result: &MilestoneResult, milestone: &Milestone) -> Json {
    let model = report.model();
    let decision = model.decision(result.decision);
    let consequences = report.consequences(milestone).into_iter().map(|consequence| {
        let mut json = answer_json(model, &consequence.answer);
        json.insert("decision".into(), json!(consequence.path));
        json.insert("clauses".into(), clause_ids_json(model, &consequence.clauses));
        Json::Object(json)
    });
    json!({
        "name": decision.name,
        "labels": labels_json(&decision.labels),
        "owedBy": milestone.owed_by.map(|party| model.party(party)),
        "recurs": milestone.recurs,
        "state": answer_json(model, &result.state()),
        "missedTimes": result.runs.iter().map(|run| u64::from(run.missed)).sum::<u64>(),
        "runs": result.runs.iter().map(|run| run_json(report, result, milestone, run)).collect::<Vec<_>>(),
        "onMiss": consequences.collect::<Vec<_>>(),
        "clauses": clause_ids_json(model, &report.clauses_of(result)),
    })
}

fn run_json(report: &LogReport, result: &MilestoneResult, milestone: &Milestone, run: &Run) -> Json {
    let model = report.model();
    let at = |at| instant_json(report, at);
    let holds = run.holds.iter().map(|hold| {
        json!({ "kind": if hold.void { "void" } else { "paused" }, "from": at(hold.from), "to": hold.to.map(at) })
    });
    let changes = run.changes.iter().map(|change| {
        json!({
            "at": at(change.at),
            "from": answer_json(model, &change.from),
            "to": answer_json(model, &change.to),
            "policy": change.policy.map(|policy| policy.text()),
        })
    });
    let warnings = run.warnings.iter().filter_map(|warned| {
        let warning = milestone.warns.get(warned.warning)?;
        Some(json!({
            "warns": warning_words(report, warning),
            "at": answer_json(model, &warned.at),
            "reached": warned.reached,
        }))
    });
    let occurrences =
        run.occurrences.iter().map(|occurrence| json!({ "due": at(occurrence.due), "done": occurrence.done.map(at) }));
    let governs = report.governs(result, run).into_iter().map(|governs| {
        json!({
            "decision": governs.decision,
            "words": governs.words,
            "rule": place_json(report.sources, governs.at),
            "clauses": clause_ids_json(model, &governs.clauses),
        })
    });
    let calendar = run.calendar.and_then(|number| model.calendars.get(number as usize));
    json!({
        "started": at(run.started),
        "startedBy": run.start_step + 1,
        "countedFrom": at(run.counted_from),
        "target": answer_json(model, &run.target),
        "calendar": calendar.map(|c| &c.name),
        "due": answer_json(model, &run.due),
        "stopped": run.stopped.map(|(stopped, _)| at(stopped)),
        "stoppedBy": run.stopped.map(|(_, step)| step + 1),
        "state": answer_json(model, &run.state),
        "used": answer_json(model, &run.used),
        "lateBy": answer_json(model, &run.late_by),
        "left": report.left_value(milestone, run).map(|left| answer_json(model, &left)),
        "missed": run.missed,
        "holds": holds.collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
        "occurrences": occurrences.collect::<Vec<_>>(),
        "governedBy": governs.collect::<Vec<_>>(),
    })
}
