//! What stands behind a change: for the snapshot of a scenario, each answer that is not as stored, with the rules that
//! give it now; for the snapshot of rules, each declaration that says something else.

use std::collections::{BTreeMap, BTreeSet};

use super::outcomes::{result_text, rule_line};
use super::sheet::quoted;
use super::{Shelf, family_names, item_text};
use crate::check::Checked;
use crate::eval::{Known, Trial, TrialResult, run};
use crate::model::{ClauseId, ItemRef, Model, Scenario};
use crate::report::answer::expected_text;
use crate::source::Span;

/// One thing that is not as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The case of a scenario's table.
    pub case: Option<String>,
    /// What was asked for, or what was declared: `mcsap-plus`, `decision mcsap-plus`.
    pub subject: String,
    pub origin: Origin,
    /// What the scenario expects, if something else comes out.
    pub expects: Option<String>,
    /// Where it is written.
    pub sources: Vec<Source>,
    /// The clauses behind it that no source names.
    pub clauses: Vec<ClauseId>,
}

/// Whether it was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    New,
    Changed,
    /// It is stored, and is no more.
    Gone,
}

/// A rule, a scenario or a declaration, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `by event-cover, exception public-cloud-only`
    pub text: String,
    pub at: Span,
    pub clauses: Vec<ClauseId>,
}

/// What is not as stored in the snapshot of this name, in the order of the page.
pub fn behind(checked: &Checked, name: &str, stored: &str, file: &dyn Fn(&Scenario) -> String) -> Vec<Behind> {
    let model = &checked.model;
    let Some(shelf) = Shelf::of(model) else { return Vec::new() };
    if name == shelf.rules {
        return of_rules(model, stored);
    }
    let scenarios: Vec<&Scenario> = model.scenarios.iter().collect();
    let family = family_names(&shelf, &scenarios, file).into_iter().find(|(family, _)| family == name);
    let Some(cases) = family.and_then(|(_, range)| scenarios.get(range)) else { return Vec::new() };
    let trials: Vec<Trial> = cases.iter().map(|scenario| run(checked, scenario)).collect();
    of_outcomes(model, &trials, stored)
}

fn of_rules(model: &Model, stored: &str) -> Vec<Behind> {
    let blocks: BTreeSet<&str> = stored.split("\n\n").map(str::trim).collect();
    let subjects: BTreeSet<&str> = blocks.iter().map(|block| subject(block)).collect();
    let mut found = Vec::new();
    let mut now: BTreeSet<String> = BTreeSet::new();
    for item in model.order.iter().filter(|item| !matches!(item, ItemRef::Scenario(_))) {
        let text = item_text(model, *item);
        let text = text.trim();
        now.insert(subject(text).to_owned());
        let Some(at) = model.place_of(*item).filter(|_| !blocks.contains(text)) else { continue };
        let origin = if subjects.contains(subject(text)) { Origin::Changed } else { Origin::New };
        let source = Source { text: subject(text).to_owned(), at, clauses: cited(model, *item) };
        let subject = subject(text).to_owned();
        found.push(Behind { case: None, subject, origin, expects: None, sources: vec![source], clauses: Vec::new() });
    }
    for gone in subjects.iter().filter(|s| !s.is_empty() && !s.starts_with("agreement ") && !now.contains(**s)) {
        let subject = (*gone).to_owned();
        found.push(Behind {
            case: None,
            subject,
            origin: Origin::Gone,
            expects: None,
            sources: Vec::new(),
            clauses: Vec::new(),
        });
    }
    found
}

/// The keyword and the name of an item, as its first line has them.
fn subject(block: &str) -> &str {
    let line = block.lines().next().unwrap_or_default();
    let end = line.match_indices(' ').nth(1).map_or(line.len(), |(at, _)| at);
    &line[..end]
}

/// The clauses that an item cites, or that it is.
fn cited(model: &Model, item: ItemRef) -> Vec<ClauseId> {
    let mut clauses: Vec<ClauseId> = Vec::new();
    let mut add = |cites: &[ClauseId]| cites.iter().for_each(|c| clauses.extend((!clauses.contains(c)).then_some(*c)));
    match item {
        ItemRef::Clause(id) => add(&[id]),
        other => model.each_cites(other, &mut add),
    }
    clauses
}

fn of_outcomes(model: &Model, trials: &[Trial], stored: &str) -> Vec<Behind> {
    let cases = cases(stored);
    let mut found = Vec::new();
    for trial in trials {
        let before = cases.get(&case_line(trial.scenario));
        for result in &trial.results {
            let path = result.expectation.path.as_str();
            let text = result_text(model, trial, result);
            let as_stored = |line: &str| before.is_some_and(|lines| lines.contains(line));
            if text.lines().map(str::trim).all(as_stored) {
                continue;
            }
            let (value, reason) = (format!("{path} = "), format!("{path}:"));
            let known = |line: &&str| line.starts_with(&value) || line.starts_with(&reason);
            let there = before.is_some_and(|lines| lines.iter().any(known));
            found.push(Behind {
                case: trial.scenario.case.clone(),
                subject: path.to_owned(),
                expects: (!result.holds).then(|| expected_text(model, &result.expectation.expected)),
                origin: if there { Origin::Changed } else { Origin::New },
                sources: sources(model, result),
                clauses: result.clauses.clone(),
            });
        }
    }
    let now: BTreeSet<String> = trials.iter().map(|trial| case_line(trial.scenario)).collect();
    for gone in cases.keys().filter(|case| !case.is_empty() && !now.contains(*case)) {
        let name = gone.strip_prefix("case \"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(gone);
        let (case, subject) = (Some(name.to_owned()), "the case".to_owned());
        found.push(Behind {
            case,
            subject,
            origin: Origin::Gone,
            expects: None,
            sources: Vec::new(),
            clauses: Vec::new(),
        });
    }
    // What differs may be the facts alone: then the scenario itself is what stands behind it.
    if let (true, Some(first)) = (found.is_empty(), trials.first()) {
        let text = "the scenario".to_owned();
        let source = Source { text, at: first.scenario.item, clauses: first.scenario.cites.clone() };
        let subject = "facts, readings and cases".to_owned();
        let sources = vec![source];
        found.push(Behind {
            case: None,
            subject,
            origin: Origin::Changed,
            expects: None,
            sources,
            clauses: Vec::new(),
        });
    }
    found
}

/// The line that starts a case; nothing for a scenario without cases.
fn case_line(scenario: &Scenario) -> String {
    scenario.case.as_ref().map_or(String::new(), |case| format!("case {}", quoted(case)))
}

/// The stored lines of each case, without their indentation, by the line that starts it.
fn cases(stored: &str) -> BTreeMap<String, BTreeSet<&str>> {
    let mut cases: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut case = "";
    for line in stored.lines() {
        if line.starts_with("case \"") {
            case = line;
        }
        cases.entry(case.to_owned()).or_default().insert(line.trim());
    }
    cases
}

/// The rules that give an answer, or that disagree about it; else where it is decided.
fn sources(model: &Model, result: &TrialResult) -> Vec<Source> {
    let own = crate::eval::decisions_of(&result.expectation.target);
    let mut found: Vec<Source> = Vec::new();
    for (decision, fired) in result.fired.iter().filter(|(decision, _)| own.contains(decision)) {
        let line = rule_line(model, *decision, fired);
        let text = line.split("   [").next().unwrap_or(&line).to_owned();
        found.push(Source { text, at: fired.span, clauses: fired.clauses.clone() });
    }
    let answer: &Known = &result.outcome.answer;
    for conflict in answer.as_ref().err().iter().flat_map(|why| &why.conflicts) {
        let name = &model.decision(conflict.decision).name;
        for side in &conflict.sides {
            found.push(Source { text: format!("in conflict: {name}"), at: side.span, clauses: side.clauses.clone() });
        }
    }
    if found.is_empty() {
        for id in own {
            let decision = model.decision(id);
            let (text, at) = (format!("decided by {}", decision.name), decision.name_span);
            found.push(Source { text, at, clauses: decision.group.cites.clone() });
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|source| seen.insert((source.at, source.text.clone())));
    found
}
