//! What each decision answers in both editions: proved the same, or the regions of facts where it differs, each with
//! a case that shows it.

use super::conditions::{Teller, members_condition};
use super::meaning::Same;
use super::names::{Edition, Names};
use super::pieces::Piece;
use super::regions::{Cube, Members, regions};
use super::tree::{Case, Leaf, Question};
use super::turns::Turns;
use super::{answer_words, logs};
use crate::check::Checked;
use crate::eval::{Evaluation, outcome};
use crate::explore::Reach;
use crate::model::{DecisionId, Labels, Model, ReadingId, TestKind};
use crate::parallel::in_parallel;
use crate::report::{Target, all_targets};
use crate::scenario::Facts;

/// Cases of one region that are made small, to find the smallest.
const MOST_WITNESSES: usize = 6;

/// One answer of a decision in both editions.
#[derive(Clone, Debug)]
pub struct OutcomeChange {
    /// As a rule file writes it: `base.first-response`.
    pub path: String,
    pub labels: Labels,
    pub verdict: Verdict,
    /// Cases that were tried in both editions.
    pub tried: usize,
    /// Why the cases tried may not stand for all.
    pub doubts: Vec<&'static str>,
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

/// Facts for which the answer differs in one way: was this, now that.
#[derive(Clone, Debug)]
pub struct Region {
    /// The facts: all the conditions of one of these. Conditions that always hold are left out.
    pub when: Vec<Vec<Condition>>,
    pub old: Side,
    pub new: Side,
    /// The least facts that show it, in each edition.
    pub old_facts: Facts,
    pub new_facts: Facts,
    /// The same, in words: names and values; readings that are chosen otherwise than by default come with their word.
    pub witness: Vec<(String, String)>,
    /// The scenario that shows it, for answers read from logs.
    pub scenario: Option<String>,
}

/// `event.confirmed-on <= event.starts-on - 42 days`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    pub input: String,
    /// In the words of the language.
    pub words: String,
    /// For people: `event.confirmed-on at least 42 days before event.starts-on`; empty for a reading that stands as it
    /// does by default.
    pub told: String,
}

/// What one edition answers, and the clauses behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub answer: String,
    /// The rule's formula, where the answer is worked out from facts.
    pub formula: Option<String>,
    pub clauses: Vec<String>,
    /// Whether facts are missing for an answer.
    pub is_missing: bool,
}

/// Every answer of either edition, or of those that `wanted` names.
pub(super) fn changes(
    old: &Checked,
    new: &Checked,
    names: &Names,
    same: &Same,
    budget: usize,
    wanted: &(dyn Fn(&str) -> bool + Sync),
) -> Vec<OutcomeChange> {
    let (before, after) = (all_targets(&old.model), all_targets(&new.model));
    let named = |all: &[Target], path: &str| all.iter().find(|t| t.path == path).cloned();
    let mut pairs: Vec<(Option<Target>, Option<Target>)> = Vec::new();
    pairs.extend(after.iter().map(|target| (named(&before, &target.path), Some(target.clone()))));
    let gone = before.iter().filter(|target| named(&after, &target.path).is_none());
    pairs.extend(gone.map(|target| (Some(target.clone()), None)));
    pairs.retain(|(old, new)| new.as_ref().or(old.as_ref()).is_some_and(|t| wanted(&t.path)));
    in_parallel(pairs.len(), |number| {
        let pair = &pairs[number];
        one(old, new, names, budget, same, (pair.0.as_ref(), pair.1.as_ref()))
    })
}

fn one(
    old: &Checked,
    new: &Checked,
    names: &Names,
    budget: usize,
    same: &Same,
    pair: (Option<&Target>, Option<&Target>),
) -> OutcomeChange {
    let change = |model: &Model, target: Option<&Target>, verdict: Verdict| OutcomeChange {
        path: target.map_or(String::new(), |t| t.path.clone()),
        labels: target.map_or(Labels::default(), |t| t.labels(model).clone()),
        verdict,
        tried: 0,
        doubts: Vec::new(),
        section: target.and_then(|t| section(model, t)),
    };
    let (before, after) = match pair {
        (Some(before), Some(after)) => (before, after),
        (None, after) => return change(&new.model, after, Verdict::Added),
        (before, None) => return change(&old.model, before, Verdict::Removed),
    };
    if same.is(after.decision) {
        return change(&new.model, Some(after), Verdict::Proved { by_cases: false });
    }
    let mut change = change(&new.model, Some(after), Verdict::NotProved);
    let from_log = |model: &Model, target: &Target| model.decision(target.decision).kind.is_read_from_log();
    if from_log(&old.model, before) || from_log(&new.model, after) {
        let (regions, tried) = logs::regions((old, before), (new, after), names);
        change.tried = tried;
        change.doubts.push("answers read from a log");
        if !regions.is_empty() {
            change.verdict = Verdict::Changed { regions, all: false };
        }
        return change;
    }
    compared((old, before), (new, after), names, budget, same, &mut change);
    change
}

/// Fact by fact.
fn compared(
    old: (&Checked, &Target),
    new: (&Checked, &Target),
    names: &Names,
    budget: usize,
    same: &Same,
    change: &mut OutcomeChange,
) {
    let reach = (Reach::of(&old.0.model, &old.1.expr), Reach::of(&new.0.model, &new.1.expr));
    let mut turns = Turns::of((&old.0.model, old.1, &reach.0), (&new.0.model, new.1, &reach.1));
    // What a log does to facts may have changed as well.
    let logged = |checked: &Checked, reach: &Reach| reach.inputs.iter().any(|id| checked.timeline.is_settable(*id));
    if (logged(old.0, &reach.0) || logged(new.0, &reach.1)) && !same.logs() {
        turns.doubts.insert("facts that a log may change");
    }
    let bounded = |model: &Model, reach: &Reach| {
        let tests = reach.inputs.iter().flat_map(|id| &model.input(*id).must_be);
        tests.into_iter().any(|(test, _)| matches!(test.kind, TestKind::Dynamic(..)))
    };
    let mut question = Question {
        old: (old.0, old.1, &reach.0),
        new: (new.0, new.1, &reach.1),
        names,
        turns: &turns,
        same,
        left: budget,
        tried: 0,
        exact: true,
        asked: Default::default(),
        cut: false,
        faulty: false,
        in_full: false,
        bounded: bounded(&old.0.model, &reach.0) || bounded(&new.0.model, &reach.1),
    };
    let tree = question.begin();
    change.tried = question.tried;
    let (cut, exact, faulty) = (question.cut, question.exact, question.faulty);
    if faulty {
        turns.doubts.insert("amounts for which no answer can be worked out");
    }
    if cut {
        turns.doubts.insert("more cases than were tried");
    } else if !exact && turns.doubts.is_empty() {
        turns.doubts.insert("facts that cannot be asked one by one");
    }
    change.doubts = turns.doubts.iter().copied().collect();
    let exact = turns.doubts.is_empty();
    let (found, members) = regions(&tree);
    let mut told: Vec<Region> = Vec::new();
    for found in found {
        told.extend(region(old, new, names, &turns, &found.cubes, &members));
    }
    // What changes with the readings as they stand is told first.
    let chosen = |region: &Region| {
        let told = region.when.first().into_iter().flatten().filter(|c| !c.told.is_empty());
        told.filter(|c| c.input.starts_with("reading ")).count()
    };
    told.sort_by_key(chosen);
    change.verdict = match (told.is_empty(), exact) {
        (true, true) => Verdict::Proved { by_cases: true },
        (true, false) => Verdict::NotProved,
        (false, all) => Verdict::Changed { regions: told, all },
    };
}

/// What several stretches of facts with the same pair of answers come to. The smallest case of them shows it.
fn region(
    old: (&Checked, &Target),
    new: (&Checked, &Target),
    names: &Names,
    turns: &Turns,
    cubes: &[Cube],
    members: &Members,
) -> Option<Region> {
    let mut when: Vec<Vec<Condition>> = Vec::new();
    for cube in cubes {
        let conditions: Vec<Condition> = cube
            .conditions
            .iter()
            .filter_map(|(name, piece)| {
                let none = Default::default();
                let all = members.get(name).unwrap_or(&none);
                let teller = |model, edition| names.input(edition, name).map(|id| Teller { model, id, turns });
                let teller = teller(&new.0.model, Edition::New).or_else(|| teller(&old.0.model, Edition::Old));
                let words = match (teller, piece) {
                    (Some(teller), piece) => teller.condition(piece, all),
                    (None, Piece::Members(chosen)) => members_condition(name, chosen, all),
                    _ => None,
                };
                let mut told = words?;
                // A reading that stands as it does in both editions goes without saying.
                if let Piece::Members(chosen) = piece {
                    let standing = name.strip_prefix("reading ").and_then(|reading| stands(old.0, new.0, reading));
                    if standing.is_some_and(|stands| chosen.len() == 1 && chosen.contains(&stands)) {
                        told.told = String::new();
                    }
                }
                Some(Condition { input: name.clone(), words: told.words, told: told.told })
            })
            .collect();
        if !when.contains(&conditions) {
            when.push(conditions);
        }
    }
    // What holds with the readings as they stand is read first, and what takes few conditions.
    let told = |c: &&Condition| !c.told.is_empty();
    let chosen = |when: &Vec<Condition>| when.iter().filter(told).filter(|c| c.input.starts_with("reading ")).count();
    when.sort_by_key(|when| (chosen(when), when.iter().filter(told).count()));
    let mut best: Option<(Case, &Leaf)> = None;
    for cube in cubes.iter().take(MOST_WITNESSES) {
        let case = least(old, new, cube.leaf);
        let size = |case: &Case| case.old.given().count().max(case.new.given().count());
        if best.as_ref().is_none_or(|(known, _)| size(&case) < size(known)) {
            best = Some((case, cube.leaf));
        }
    }
    let (case, leaf) = best?;
    let side = |checked: &Checked, facts: &Facts, target: &Target, formula: Option<String>| Side {
        answer: answer_words(&checked.model, &outcome(checked, facts, &target.expr).answer),
        formula,
        clauses: clauses(checked, facts, target),
        is_missing: false,
    };
    let formula = |told: &super::tree::Told| told.formula.as_ref().map(|f| f.words.clone());
    Some(Region {
        when,
        old: side(old.0, &case.old, old.1, formula(&leaf.old)),
        new: side(new.0, &case.new, new.1, formula(&leaf.new)),
        witness: witness((&old.0.model, &case.old), (&new.0.model, &case.new)),
        old_facts: case.old,
        new_facts: case.new,
        scenario: None,
    })
}

/// The choice of a reading that holds if nobody chooses, if it is one and the same in the editions that have it.
fn stands(old: &Checked, new: &Checked, name: &str) -> Option<String> {
    let of = |model: &Model| {
        let reading = model.reading(model.reading_named(name)?);
        Some(reading.default.and_then(|d| Model::member(model, reading.choices, d)).map(|m| m.name.clone()))
    };
    match (of(&old.model), of(&new.model)) {
        (Some(before), Some(after)) => before.filter(|before| after.as_ref() == Some(before)),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => None,
    }
}

/// The clauses behind an answer.
pub(super) fn clauses(checked: &Checked, facts: &Facts, target: &Target) -> Vec<String> {
    let evaluation = Evaluation::new(checked, facts);
    let (_, used) = evaluation.value_and_use(&target.expr);
    evaluation.clauses_of(&used).iter().map(|c| checked.model.clause(*c).id.clone()).collect()
}

/// A case without the facts that its answers do not need; readings that nobody asked stand as they do by default.
fn least(old: (&Checked, &Target), new: (&Checked, &Target), leaf: &Leaf) -> Case {
    let mut case = leaf.case.case(&old.0.model, &new.0.model);
    let told = |case: &Case| {
        let words = |checked: &Checked, facts: &Facts, target: &Target| {
            answer_words(&checked.model, &Evaluation::new(checked, facts).value(&target.expr))
        };
        (words(old.0, &case.old, old.1), words(new.0, &case.new, new.1))
    };
    let wanted = told(&case);
    let mut given: Vec<String> = case.old.given().map(|(id, _)| old.0.model.input(id).name.clone()).collect();
    given.extend(case.new.given().map(|(id, _)| new.0.model.input(id).name.clone()));
    given.sort();
    given.dedup();
    for name in given {
        let mut fewer = case.clone();
        for (model, facts) in [(&old.0.model, &mut fewer.old), (&new.0.model, &mut fewer.new)] {
            if let Some(id) = model.input_named(&name) {
                facts.take(id);
            }
        }
        if told(&fewer) == wanted {
            case = fewer;
        }
    }
    case
}

/// The facts of a case in words: names and values, and readings that are not as by default.
pub(super) fn witness(old: (&Model, &Facts), new: (&Model, &Facts)) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> = Vec::new();
    for (model, facts) in [new, old] {
        for (id, value) in facts.given() {
            let name = &model.input(id).name;
            if !told.iter().any(|(known, _)| known == name) {
                told.push((name.clone(), value.display(model).to_string()));
            }
        }
    }
    for (model, facts) in [new, old] {
        for (number, reading) in model.readings.iter().enumerate() {
            let choice = facts.reading(ReadingId(number as u32)).filter(|c| reading.default != Some(*c));
            let Some(member) = choice.and_then(|c| Model::member(model, reading.choices, c)) else { continue };
            let name = format!("reading {}", reading.name);
            if !told.iter().any(|(known, _)| *known == name) {
                told.push((name, member.name.clone()));
            }
        }
    }
    told
}

fn section(model: &Model, target: &Target) -> Option<String> {
    section_of(model, target.decision)
}

/// The section of the first clause that a decision cites.
pub(super) fn section_of(model: &Model, id: DecisionId) -> Option<String> {
    let mut first = None;
    model.decision(id).each_cites(&mut |cites| first = first.or(cites.first().copied()));
    first.and_then(|id| model.clause(id).section.clone())
}
