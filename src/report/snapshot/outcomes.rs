//! The outcome snapshot: the facts of a scenario, and for each decision that it expects something of, what came out
//! and why. The cases of a scenario's table stand in one snapshot, under what they have in common.

use super::reasons;
use super::sheet::{Sheet, bracketed, quoted};
use crate::eval::{Fired, Trial, TrialResult, decisions_of};
use crate::model::{ClauseId, DecisionId, DecisionKind, InputId, Model, ReadingId, entry_words};
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
            None => write_results(&mut sheet, model, trial),
            Some(case) => {
                sheet.line(&format!("case {}", quoted(case)));
                sheet.within(|sheet| {
                    let own = trial.facts.given().filter(|(id, _)| !facts.iter().any(|(common, _)| common == id));
                    let chosen = trial.scenario.readings.iter().copied().filter(|r| !readings.contains(r));
                    write_given(sheet, model, &own.collect::<Vec<_>>(), &chosen.collect::<Vec<_>>());
                    write_results(sheet, model, trial);
                });
            }
        }
    }
    sheet.into_text()
}

fn write_given(sheet: &mut Sheet, model: &Model, facts: &[(InputId, &Value)], readings: &[(ReadingId, u32)]) {
    for (id, value) in facts {
        if let Value::Log(log) = value {
            sheet.line("log");
            sheet.within(|sheet| log.entries.iter().for_each(|entry| sheet.line(&entry_words(model, entry))));
            continue;
        }
        sheet.value(&format!("given {} = ", model.input(*id).name), value, model, "");
    }
    for (id, choice) in readings {
        sheet.line(&format!("reading {} = {}", model.reading(*id).name, choice_name(model, *id, Some(*choice))));
    }
}

/// What an answer rests on.
#[derive(PartialEq, Eq)]
struct Basis {
    /// The rules that gave it.
    rules: Vec<String>,
    /// The clauses behind it that those do not name.
    cites: Vec<String>,
    readings: Vec<String>,
}

/// Answers with what they rest on. Where several answers in a row rest on the same, that stands once, below the last.
fn write_results(sheet: &mut Sheet, model: &Model, trial: &Trial) {
    let bases: Vec<Basis> = trial.results.iter().map(|result| Basis::of(model, trial, result)).collect();
    for (number, (result, basis)) in trial.results.iter().zip(&bases).enumerate() {
        let outcome = &result.outcome;
        reasons::write_answer(sheet, model, &result.expectation.path, &outcome.answer, &outcome.under);
        let next = trial.results.get(number + 1).zip(bases.get(number + 1));
        let shared = next.is_some_and(|(r, b)| b == basis && outcome.answer.is_ok() && r.outcome.answer.is_ok());
        if !shared {
            sheet.within(|sheet| basis.write(sheet));
        }
    }
}

impl Basis {
    fn of(model: &Model, trial: &Trial, result: &TrialResult) -> Basis {
        let own = decisions_of(&result.expectation.target);
        let of_reasons = result.outcome.answer.as_ref().err().map(|why| reasons::clauses_of(why)).unwrap_or_default();
        let mut told: Vec<ClauseId> = of_reasons.clone();
        let mut rules: Vec<String> = Vec::new();
        for (decision, fired) in result.fired.iter().filter(|(decision, _)| own.contains(decision)) {
            told.extend(&fired.clauses);
            let line = rule_line(model, *decision, fired);
            // A rule that leaves the answer open is told with the reason.
            let is_told = fired.within.is_empty() && !of_reasons.is_empty() && fired.clauses == of_reasons;
            if !is_told && !rules.contains(&line) {
                rules.push(line);
            }
        }
        let others = result.clauses.iter().filter(|clause| !told.contains(clause));
        let cites = others.map(|clause| model.clause(*clause).id.clone()).collect();
        let readings = &result.outcome.readings;
        let readings = readings.iter().map(|(id, choice)| reading_line(model, trial, *id, *choice)).collect();
        Basis { rules, cites, readings }
    }

    fn write(&self, sheet: &mut Sheet) {
        self.rules.iter().for_each(|line| sheet.line(line));
        if !self.cites.is_empty() {
            sheet.list("also cites", &self.cites);
        }
        self.readings.iter().for_each(|line| sheet.line(line));
    }
}

/// `by event-cover, exception public-cloud-only   [2.4/cloud]`
fn rule_line(model: &Model, id: DecisionId, fired: &Fired) -> String {
    let decision = model.decision(id);
    let word = match decision.kind {
        DecisionKind::Responses(_) => "superseded by",
        DecisionKind::Plain | DecisionKind::Period | DecisionKind::Milestone(_) | DecisionKind::Process(_) => {
            "exception"
        }
    };
    let within: String = fired.within.iter().map(|name| format!(", {word} {name}")).collect();
    format!("by {}{within}{}", decision.name, bracketed(model, &fired.clauses))
}

fn reading_line(model: &Model, trial: &Trial, id: ReadingId, choice: Option<u32>) -> String {
    let chosen = trial.scenario.readings.iter().any(|(reading, _)| *reading == id);
    let how = if choice.is_some() && !chosen { " (default)" } else { "" };
    format!("rests on reading {} = {}{how}", model.reading(id).name, choice_name(model, id, choice))
}

/// The name of a choice; `open` where none is made.
pub(super) fn choice_name(model: &Model, id: ReadingId, choice: Option<u32>) -> String {
    let member = choice.and_then(|choice| model.member(model.reading(id).choices, choice));
    member.map_or("open", |m| &m.name).to_owned()
}
