//! The outcome snapshot: the facts of a scenario, and for each decision that it expects something of, what came out
//! and why. The cases of a scenario's table stand in one snapshot, under what they have in common.

use super::reasons;
use super::sheet::{Sheet, bracketed, clause_names, quoted};
use crate::eval::{Fired, Trial, TrialResult};
use crate::model::{ClauseId, DecisionId, DecisionKind, InputId, Model, ReadingId};
use crate::value::Value;

/// The scenarios as written: each with the trials of its cases.
pub(super) fn families<'t, 'a>(trials: &'t [Trial<'a>]) -> Vec<&'t [Trial<'a>]> {
    trials.chunk_by(|a, b| a.scenario.item == b.scenario.item).collect()
}

/// The contents of the snapshot of one scenario as written.
pub fn family_snapshot(model: &Model, family: &[Trial]) -> String {
    let mut sheet = Sheet::default();
    let Some(first) = family.first() else { return String::new() };
    sheet.line(&format!("scenario {}", quoted(first.scenario.item_name())));
    sheet.within(|sheet| sheet.cites(model, &first.scenario.cites));
    let facts: Vec<(InputId, &Value)> =
        first.facts.given().filter(|(id, value)| family.iter().all(|t| t.facts.get(*id) == Some(value))).collect();
    let in_all = |reading: &(ReadingId, u32)| family.iter().all(|t| t.scenario.readings.contains(reading));
    let readings: Vec<(ReadingId, u32)> = first.scenario.readings.iter().copied().filter(in_all).collect();
    write_given(&mut sheet, model, &facts, &readings);
    for trial in family {
        sheet.blank();
        match &trial.scenario.case {
            None => trial.results.iter().for_each(|result| write_result(&mut sheet, model, trial, result)),
            Some(case) => {
                sheet.line(&format!("case {}", quoted(case)));
                sheet.within(|sheet| {
                    let own = trial.facts.given().filter(|(id, _)| !facts.iter().any(|(common, _)| common == id));
                    let chosen = trial.scenario.readings.iter().copied().filter(|r| !readings.contains(r));
                    write_given(sheet, model, &own.collect::<Vec<_>>(), &chosen.collect::<Vec<_>>());
                    trial.results.iter().for_each(|result| write_result(sheet, model, trial, result));
                });
            }
        }
    }
    sheet.into_text()
}

fn write_given(sheet: &mut Sheet, model: &Model, facts: &[(InputId, &Value)], readings: &[(ReadingId, u32)]) {
    for (id, value) in facts {
        sheet.value(&format!("given {} = ", model.input(*id).name), value, model, "");
    }
    for (id, choice) in readings {
        sheet.line(&format!("reading {} = {}", model.reading(*id).name, choice_name(model, *id, Some(*choice))));
    }
}

fn write_result(sheet: &mut Sheet, model: &Model, trial: &Trial, result: &TrialResult) {
    let path = &result.expectation.path;
    match &result.outcome.answer {
        Ok(value) => sheet.value(&format!("{path} = "), value, model, ""),
        Err(_) => sheet.line(&format!("{path} is not determined")),
    }
    sheet.within(|sheet| {
        let mut told: Vec<ClauseId> = Vec::new();
        if let Err(why) = &result.outcome.answer {
            reasons::write_why(sheet, model, why, &result.outcome.under);
            told.extend(reasons::clauses_of(why));
        }
        let mut lines: Vec<String> = Vec::new();
        for (decision, fired) in &result.fired {
            let line = rule_line(model, *decision, fired);
            told.extend(&fired.clauses);
            if !lines.contains(&line) {
                sheet.line(&line);
                lines.push(line);
            }
        }
        let others: Vec<ClauseId> = result.clauses.iter().copied().filter(|c| !told.contains(c)).collect();
        if !others.is_empty() {
            sheet.line(&format!("also cites {}", clause_names(model, &others)));
        }
        for (reading, choice) in &result.outcome.readings {
            write_rests_on(sheet, model, trial, *reading, *choice);
        }
    });
}

/// `by event-cover, exception public-cloud-only   [2.4/cloud]`
fn rule_line(model: &Model, id: DecisionId, fired: &Fired) -> String {
    let decision = model.decision(id);
    let word = match decision.kind {
        DecisionKind::Responses(_) => "superseded by",
        DecisionKind::Plain | DecisionKind::Period => "exception",
    };
    let within: String = fired.within.iter().map(|name| format!(", {word} {name}")).collect();
    format!("by {}{within}{}", decision.name, bracketed(model, &fired.clauses))
}

fn write_rests_on(sheet: &mut Sheet, model: &Model, trial: &Trial, id: ReadingId, choice: Option<u32>) {
    let how = match choice {
        None => "",
        Some(_) if trial.scenario.readings.iter().any(|(chosen, _)| *chosen == id) => "",
        Some(_) => " (default)",
    };
    let (name, choice) = (&model.reading(id).name, choice_name(model, id, choice));
    sheet.line(&format!("rests on reading {name} = {choice}{how}"));
}

/// The name of a choice; `open` where none is made.
pub(super) fn choice_name(model: &Model, id: ReadingId, choice: Option<u32>) -> String {
    let member = choice.and_then(|choice| model.member(model.reading(id).choices, choice));
    member.map_or("open", |m| &m.name).to_owned()
}
