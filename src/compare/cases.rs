//! Scenarios and portfolios of cases through both editions: whose answers are not the same, and by how much.

use super::meaning::Same;
use super::names::{Edition, Names};
use super::outcomes::clauses;
use super::{Side, answer_words};
use crate::check::Checked;
use crate::eval::{Known, Reason, outcome};
use crate::model::{DecisionId, Model, Scenario};
use crate::parallel::in_parallel;
use crate::report::{Target, targets_of};
use crate::scenario::Facts;
use crate::value::{Value, sub};

/// A case whose answers are not the same in both editions.
#[derive(Clone, Debug)]
pub struct CaseChange {
    /// The scenario's name, or what a portfolio calls the case.
    pub name: String,
    /// The edition that the scenario is of; `None` for a portfolio's case.
    pub of: Option<Edition>,
    pub answers: Vec<AnswerChange>,
    /// Facts that the other edition does not ask for.
    pub not_asked: Vec<String>,
}

/// One answer that is not the same.
#[derive(Clone, Debug)]
pub struct AnswerChange {
    pub path: String,
    pub old: Side,
    pub new: Side,
    /// New less old, where both are amounts of one kind.
    pub difference: Option<Value>,
    /// The same in words.
    pub by: Option<String>,
}

/// A case of a portfolio: what it is called, and its facts as each edition has them.
#[derive(Clone, Debug)]
pub struct Given {
    pub name: String,
    pub old: Facts,
    pub new: Facts,
    /// Facts that one of the editions does not ask for.
    pub not_asked: Vec<String>,
}

/// Cases of real customers, and what changes for them.
#[derive(Clone, Debug)]
pub struct Portfolio {
    /// How many there are.
    pub given: usize,
    /// Those with another answer, in their order.
    pub cases: Vec<CaseChange>,
    /// By answer, in the order of the new edition: for how many it is another one, and by how much.
    pub tallies: Vec<Tally>,
}

/// What changes in one answer over a portfolio.
#[derive(Clone, Debug)]
pub struct Tally {
    pub path: String,
    pub changed: usize,
    /// For amounts: for how many it is more (or later), and for how many less.
    pub more: usize,
    pub less: usize,
    /// Of amounts of one kind: all changes together, the least and the greatest.
    pub together: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// A portfolio through both editions.
pub(super) fn portfolio(
    old: &Checked,
    new: &Checked,
    names: &Names,
    (same, wants): (&Same, &(dyn Fn(&str) -> bool + Sync)),
    given: &[Given],
) -> Portfolio {
    let mut targets = shared(&old.model, &new.model, &[]);
    targets.retain(|(_, after)| wants(&after.path) && !same.is(after.decision));
    let found = in_parallel(given.len(), |number| {
        let case = &given[number];
        let mut answers = compared((old, &case.old), (new, &case.new), names, &targets);
        // Facts that nobody gave tell nothing of a customer.
        answers.retain(|a| !(a.old.is_missing && a.new.is_missing));
        (!answers.is_empty()).then(|| CaseChange {
            name: case.name.clone(),
            of: None,
            answers,
            not_asked: case.not_asked.clone(),
        })
    });
    let cases: Vec<CaseChange> = found.into_iter().flatten().collect();
    let tallies = targets.iter().filter_map(|(_, after)| tally(&new.model, &after.path, &cases)).collect();
    Portfolio { given: given.len(), cases, tallies }
}

fn tally(model: &Model, path: &str, cases: &[CaseChange]) -> Option<Tally> {
    let changes: Vec<&AnswerChange> = cases.iter().flat_map(|c| &c.answers).filter(|a| a.path == path).collect();
    if changes.is_empty() {
        return None;
    }
    let amounts: Vec<&Value> = changes.iter().filter_map(|a| a.difference.as_ref()).collect();
    let sign = |value: &Value| crate::check::witness::amount(value).map(|a| a.is_sign_negative());
    let more = amounts.iter().filter(|v| sign(v) == Some(false)).count();
    let less = amounts.iter().filter(|v| sign(v) == Some(true)).count();
    let mut together = amounts.first().map(|v| (*v).clone());
    for amount in amounts.iter().skip(1) {
        together = together.and_then(|sum| crate::value::add(&sum, amount).ok());
    }
    // What cannot be added up is of several kinds.
    let ends = |first: bool| {
        let sorted = amounts.iter().filter(|_| together.is_some());
        let by = |v: &&&Value| crate::check::witness::amount(v);
        if first { sorted.min_by_key(by) } else { sorted.max_by_key(by) }
    };
    let words = |value: &Value| value.display(model).to_string();
    Some(Tally {
        path: path.to_owned(),
        changed: changes.len(),
        more,
        less,
        from: ends(true).map(|v| words(v)),
        to: ends(false).map(|v| words(v)),
        together: together.as_ref().map(words),
    })
}

/// The scenarios of either edition that do not come out the same. Those that both have are asked once.
pub(super) fn of_scenarios(
    old: &Checked,
    new: &Checked,
    names: &Names,
    same: &Same,
    wants: &(dyn Fn(&str) -> bool + Sync),
) -> Vec<CaseChange> {
    let mut work: Vec<(Edition, &Scenario)> = new.model.scenarios.iter().map(|s| (Edition::New, s)).collect();
    let known: std::collections::HashSet<&str> = new.model.scenarios.iter().map(|s| s.name.as_str()).collect();
    work.extend(old.model.scenarios.iter().filter(|s| !known.contains(s.name.as_str())).map(|s| (Edition::Old, s)));
    let all = in_parallel(work.len(), |number| {
        let (edition, scenario) = work[number];
        scenario_change(old, new, names, (same, wants), edition, scenario)
    });
    all.into_iter().flatten().collect()
}

fn scenario_change(
    old: &Checked,
    new: &Checked,
    names: &Names,
    (same, wants): (&Same, &(dyn Fn(&str) -> bool + Sync)),
    edition: Edition,
    scenario: &Scenario,
) -> Option<CaseChange> {
    let (from, to, other) = match edition {
        Edition::Old => (old, new, Edition::New),
        Edition::New => (new, old, Edition::Old),
    };
    let paths: Vec<String> = scenario.expect.iter().map(|e| e.path.clone()).filter(|path| wants(path)).collect();
    if paths.is_empty() {
        return None;
    }
    let mut targets = shared(&old.model, &new.model, &paths);
    // What means the same in both editions comes out the same.
    targets.retain(|(_, after)| !same.is(after.decision));
    if targets.is_empty() {
        return None;
    }
    let own = Facts::of(&from.model, scenario);
    let (translated, not_asked) = names.facts(&own, &from.model, (&to.model, other));
    let (old_facts, new_facts) = if edition == Edition::Old { (own, translated) } else { (translated, own) };
    let answers = compared((old, &old_facts), (new, &new_facts), names, &targets);
    (!answers.is_empty()).then(|| CaseChange { name: scenario.name.clone(), of: Some(edition), answers, not_asked })
}

/// Answers that both editions give, of these paths or, if none are named, of all.
fn shared(old: &Model, new: &Model, paths: &[String]) -> Vec<(Target, Target)> {
    let of = |model: &Model, path: &str| {
        let id = model.decision_named(path.split('.').next().unwrap_or(path))?;
        targets_of(model, id).into_iter().find(|t| t.path == path)
    };
    let named: Vec<String> = match paths {
        [] => (0..new.decisions.len() as u32).flat_map(|i| targets_of(new, DecisionId(i))).map(|t| t.path).collect(),
        some => some.to_vec(),
    };
    named.iter().filter_map(|path| Some((of(old, path)?, of(new, path)?))).collect()
}

fn compared(
    old: (&Checked, &Facts),
    new: (&Checked, &Facts),
    names: &Names,
    targets: &[(Target, Target)],
) -> Vec<AnswerChange> {
    let mut found = Vec::new();
    for (before, after) in targets {
        let was = outcome(old.0, old.1, &before.expr).answer;
        let is = outcome(new.0, new.1, &after.expr).answer;
        let (was_words, is_words) = (answer_words(&old.0.model, &was), answer_words(&new.0.model, &is));
        if was_words == is_words || names.agree((&old.0.model, &was), (&new.0.model, &is)) {
            continue;
        }
        let difference = difference(&was, &is);
        let side = |checked: &Checked, facts: &Facts, target: &Target, known: &Known, answer: String| Side {
            answer,
            formula: None,
            clauses: clauses(checked, facts, target),
            is_missing: matches!(known, Err(why) if why.reason() == Reason::Missing),
        };
        found.push(AnswerChange {
            path: after.path.clone(),
            old: side(old.0, old.1, before, &was, was_words),
            new: side(new.0, new.1, after, &is, is_words),
            by: difference.as_ref().map(|value| value.display(&new.0.model).to_string()),
            difference,
        });
    }
    found
}

/// New less old, for money and time.
fn difference(old: &Known, new: &Known) -> Option<Value> {
    match (old, new) {
        (Ok(a @ Value::Date(_)), Ok(b @ Value::Date(_))) => crate::value::between(a, b, crate::value::Span::Days).ok(),
        (Ok(Value::DateTime(a)), Ok(Value::DateTime(b))) => Some(Value::Duration((*b - *a).num_seconds())),
        (Ok(Value::YesNo(_) | Value::Member(..)), _) | (_, Ok(Value::YesNo(_) | Value::Member(..))) => None,
        (Ok(a), Ok(b)) => sub(b, a).ok(),
        _ => None,
    }
}
