//! What each decision answers in both editions: proved the same, or the regions of facts where it differs, each with
//! a case that shows it.

use super::meaning::Same;
use super::names::Names;
use super::parallel::in_parallel;
use super::tree::{Case, Path, Question, Told, differing};
use super::{Budget, answer_words};
use crate::check::Checked;
use crate::eval::{Evaluation, outcome};
use crate::explore::Reach;
use crate::model::{DecisionKind, Labels, Model};
use crate::report::{Target, targets_of};
use crate::scenario::Facts;

/// One answer of a decision in both editions.
#[derive(Clone, Debug)]
pub struct OutcomeChange {
    /// As a rule file writes it: `base.first-response`.
    pub path: String,
    pub labels: Labels,
    pub verdict: Verdict,
    /// Cases that were tried in both editions.
    pub tried: usize,
    /// The section of the first clause that it cites.
    pub section: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Verdict {
    /// The answer is the same for all facts: the rules say the same, or every kind of case was tried.
    Proved { by_cases: bool },
    /// No difference was found, and not every kind of case could be tried.
    NotProved,
    /// The answer differs. `all`: these are all the regions where it does.
    Changed { regions: Vec<Region>, all: bool },
    /// Only the new edition decides it.
    Added,
    /// Only the old edition decides it.
    Removed,
}

/// Facts for which the answer differs in one way.
#[derive(Clone, Debug)]
pub struct Region {
    pub conditions: Vec<Condition>,
    pub old: Side,
    pub new: Side,
    /// The least facts that show it, in each edition.
    pub old_facts: Facts,
    pub new_facts: Facts,
    /// The same, in words: names and values.
    pub witness: Vec<(String, String)>,
}

/// `event.confirmed-on <= event.starts-on - 42 days`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub input: String,
    pub words: String,
}

/// What one edition answers, and the clauses behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub answer: String,
    /// The rule's formula, where the answer is worked out from facts.
    pub formula: Option<String>,
    pub clauses: Vec<String>,
}

/// Every answer of either edition.
pub(super) fn changes(old: &Checked, new: &Checked, names: &Names, budget: Budget) -> Vec<OutcomeChange> {
    let same = Same::of(&old.model, &new.model);
    let mut pairs: Vec<(Option<Target>, Option<Target>)> = Vec::new();
    for target in all(&new.model) {
        let before = all_named(&old.model, &target.path);
        pairs.push((before, Some(target)));
    }
    for target in all(&old.model) {
        if all_named(&new.model, &target.path).is_none() {
            pairs.push((Some(target), None));
        }
    }
    in_parallel(pairs.len(), |number| one(old, new, names, budget, &same, &pairs[number]))
}

/// Answers that a person asks for: those of milestones and processes are read from logs, and compared case by case.
fn all(model: &Model) -> Vec<Target> {
    let ids = 0..model.decisions.len() as u32;
    ids.flat_map(|id| targets_of(model, crate::model::DecisionId(id))).collect()
}

fn all_named(model: &Model, path: &str) -> Option<Target> {
    let name = path.split('.').next().unwrap_or(path);
    let id = model.decision_named(name)?;
    targets_of(model, id).into_iter().find(|t| t.path == path)
}

fn one(
    old: &Checked,
    new: &Checked,
    names: &Names,
    budget: Budget,
    same: &Same,
    pair: &(Option<Target>, Option<Target>),
) -> OutcomeChange {
    let (model, target) = match pair {
        (_, Some(target)) => (&new.model, target),
        (Some(target), None) => (&old.model, target),
        // A pair has a side.
        (None, None) => return empty(),
    };
    let mut change = OutcomeChange {
        path: target.path.clone(),
        labels: target.labels(model).clone(),
        verdict: Verdict::NotProved,
        tried: 0,
        section: section(model, target),
    };
    match pair {
        (Some(before), Some(after)) => {
            if same.is(after.decision) {
                change.verdict = Verdict::Proved { by_cases: false };
                return change;
            }
            let from_log = |model: &Model, target: &Target| {
                matches!(model.decision(target.decision).kind, DecisionKind::Milestone(_) | DecisionKind::Process(_))
            };
            if from_log(&old.model, before) || from_log(&new.model, after) {
                return change;
            }
            let (old_reach, new_reach) = (Reach::of(&old.model, &before.expr), Reach::of(&new.model, &after.expr));
            let exact = old_reach.only_compares(&old.model) && new_reach.only_compares(&new.model);
            let mut question = Question {
                old: (old, before, &old_reach),
                new: (new, after, &new_reach),
                names,
                left: budget.cases,
                tried: 0,
                exact,
            };
            let none = Case { old: Facts::none(&old.model), new: Facts::none(&new.model) };
            let tree = question.ask(none, 0);
            change.tried = question.tried;
            let exact = question.exact;
            let paths = differing(&tree);
            change.verdict = match (paths.is_empty(), exact) {
                (true, true) => Verdict::Proved { by_cases: true },
                (true, false) => Verdict::NotProved,
                (false, all) => {
                    let regions = paths.iter().map(|path| region((old, before), (new, after), path)).collect();
                    Verdict::Changed { regions: joined(regions), all }
                }
            };
        }
        (None, Some(_)) => change.verdict = Verdict::Added,
        _ => change.verdict = Verdict::Removed,
    }
    change
}

fn empty() -> OutcomeChange {
    OutcomeChange {
        path: String::new(),
        labels: Labels::default(),
        verdict: Verdict::NotProved,
        tried: 0,
        section: None,
    }
}

/// Regions with the same conditions and answers once.
fn joined(regions: Vec<Region>) -> Vec<Region> {
    let mut kept: Vec<Region> = Vec::new();
    for region in regions {
        let known = kept.iter().any(|k| {
            k.conditions == region.conditions && k.old.answer == region.old.answer && k.new.answer == region.new.answer
        });
        if !known {
            kept.push(region);
        }
    }
    kept
}

fn region(old: (&Checked, &Target), new: (&Checked, &Target), path: &Path) -> Region {
    let conditions =
        path.conditions.iter().map(|(input, words)| Condition { input: input.clone(), words: words.clone() }).collect();
    let (mut old_facts, mut new_facts) = (path.case.old.clone(), path.case.new.clone());
    // Facts that the difference does not need are left out.
    let told = |checked: &Checked, facts: &Facts, target: &Target| {
        answer_words(&checked.model, &outcome(checked, facts, &target.expr).answer)
    };
    let (old_word, new_word) = (told(old.0, &old_facts, old.1), told(new.0, &new_facts, new.1));
    let given: Vec<String> = old_facts
        .given()
        .map(|(id, _)| old.0.model.input(id).name.clone())
        .chain(new_facts.given().map(|(id, _)| new.0.model.input(id).name.clone()))
        .collect();
    let mut seen: Vec<String> = Vec::new();
    for name in given {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name.clone());
        let (mut fewer_old, mut fewer_new) = (old_facts.clone(), new_facts.clone());
        if let Some(id) = old.0.model.input_named(&name) {
            fewer_old.take(id);
        }
        if let Some(id) = new.0.model.input_named(&name) {
            fewer_new.take(id);
        }
        if told(old.0, &fewer_old, old.1) == old_word && told(new.0, &fewer_new, new.1) == new_word {
            (old_facts, new_facts) = (fewer_old, fewer_new);
        }
    }
    let mut witness: Vec<(String, String)> = Vec::new();
    for (model, facts) in [(&new.0.model, &new_facts), (&old.0.model, &old_facts)] {
        for (id, value) in facts.given() {
            let name = &model.input(id).name;
            if !witness.iter().any(|(known, _)| known == name) {
                witness.push((name.clone(), value.display(model).to_string()));
            }
        }
    }
    let side = |checked: &Checked, facts: &Facts, target: &Target, told: &Told| {
        let evaluation = Evaluation::new(checked, facts);
        let (_, used) = evaluation.value_and_use(&target.expr);
        let clauses = evaluation.clauses_of(&used);
        Side {
            answer: told.answer.clone(),
            formula: told.formula.clone(),
            clauses: clauses.iter().map(|c| checked.model.clause(*c).id.clone()).collect(),
        }
    };
    Region {
        conditions,
        old: side(old.0, &old_facts, old.1, path.old),
        new: side(new.0, &new_facts, new.1, path.new),
        old_facts,
        new_facts,
        witness,
    }
}

fn section(model: &Model, target: &Target) -> Option<String> {
    let mut first = None;
    model.decision(target.decision).group.each_cites(&mut |cites| first = first.or(cites.first().copied()));
    first.and_then(|id| model.clause(id).section.clone())
}
