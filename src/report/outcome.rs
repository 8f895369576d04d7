//! What a decision comes to, with all that a reader may ask of it: the clauses, the rules that fired, the readings
//! it depended on. `outcome_text` and `outcome_json` show it.

use super::target::Target;
use crate::check::Checked;
use crate::eval::{Evaluation, Fact, Fired, Known, Outcome, Reason, Used, outcome};
use crate::model::{ClauseId, DecisionId, InputId, Model, ReadingId};
use crate::scenario::Facts;

/// The most combinations of readings that are evaluated for one decision.
const MAX_COMBINATIONS: usize = 4096;

/// One answer of a decision, and where it comes from.
#[derive(Debug)]
pub struct Reported {
    pub target: Target,
    pub outcome: Outcome,
    /// The clauses behind the answer, those of the rules that gave it first.
    pub clauses: Vec<ClauseId>,
    /// How many of them the rules that gave it cite themselves.
    pub own_clauses: usize,
    /// The rules and rows that fired: of the decision, then of those it used.
    pub fired: Vec<(DecisionId, Fired)>,
    /// The given facts that it looked at, in source order.
    pub facts: Vec<InputId>,
    /// Facts that are not given and make no difference: the answer was found to be the same whatever they are.
    pub whatever: Vec<Fact>,
    /// Open readings that make no difference.
    pub however: Vec<ReadingId>,
    /// Under every combination of the readings that matter, if that was asked for.
    pub every_reading: Option<EveryReading>,
}

/// An answer under every combination of the readings that make a difference to it.
#[derive(Debug)]
pub struct EveryReading {
    /// The readings that make a difference, in source order; none if the answer is the same under each.
    pub readings: Vec<ReadingId>,
    /// One choice for each of `readings`, and the answer.
    pub cases: Vec<(Vec<u32>, Known)>,
    /// The readings that were varied and make no difference.
    pub indifferent: Vec<ReadingId>,
    /// There were too many combinations: some readings were left as chosen.
    pub incomplete: bool,
}

/// How an answer is grouped in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Determined,
    Undetermined(Reason),
}

impl Standing {
    pub fn of(answer: &Known) -> Standing {
        match answer {
            Ok(_) => Standing::Determined,
            Err(why) => Standing::Undetermined(why.reason()),
        }
    }

    /// `determined`, `undetermined` or `fault`.
    pub fn status(self) -> &'static str {
        match self {
            Standing::Determined => "determined",
            Standing::Undetermined(Reason::Fault) => "fault",
            Standing::Undetermined(_) => "undetermined",
        }
    }

    /// The reason why there is no answer.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Standing::Undetermined(reason) if reason != Reason::Fault => Some(reason),
            _ => None,
        }
    }
}

impl Reported {
    pub fn standing(&self) -> Standing {
        Standing::of(&self.outcome.answer)
    }
}

/// Works out what some targets come to.
pub fn report(checked: &Checked, facts: &Facts, targets: Vec<Target>) -> Vec<Reported> {
    let evaluation = Evaluation::new(checked, facts);
    targets.into_iter().map(|target| reported(&evaluation, target)).collect()
}

fn reported(given: &Evaluation, target: Target) -> Reported {
    let outcome = outcome(given.checked, given.facts, &target.expr);
    let (whatever, however) = indifferent(given, &outcome, &target);
    match outcome.tried.clone() {
        // What is behind an answer that was found by trying is read from the case that was tried.
        Some(tried) => {
            let facts: Vec<InputId> = given.facts.given().map(|(id, _)| id).collect();
            let mut reported = behind(&Evaluation::new(given.checked, &tried), target, outcome);
            reported.facts.retain(|id| facts.contains(id));
            Reported { whatever, however, ..reported }
        }
        None => Reported { whatever, however, ..behind(given, target, outcome) },
    }
}

/// The unknowns that an answer was found to be the same without.
pub(super) fn indifferent(given: &Evaluation, outcome: &Outcome, target: &Target) -> (Vec<Fact>, Vec<ReadingId>) {
    match (given.value(&target.expr), &outcome.answer) {
        (Err(why), Ok(_)) => (why.missing.iter().cloned().collect(), why.readings.iter().copied().collect()),
        _ => (Vec::new(), Vec::new()),
    }
}

/// The rules, clauses and facts behind an answer.
fn behind(evaluation: &Evaluation, target: Target, outcome: Outcome) -> Reported {
    let own = evaluation.decide(target.decision);
    let used = evaluation.used_by(&[target.decision]);
    let of_column = |f: &&Fired| f.columns.contains(&target.column) || f.columns.is_empty();
    let mut fired: Vec<(DecisionId, Fired)> =
        own.fired.iter().filter(of_column).map(|f| (target.decision, f.clone())).collect();
    let mut clauses: Vec<ClauseId> = Vec::new();
    for (_, f) in &fired {
        clauses.extend(f.clauses.iter().filter(|c| !clauses.contains(c)).copied().collect::<Vec<_>>());
    }
    let mut facts = Vec::new();
    let own_clauses = clauses.len();
    for used in &used {
        match used {
            Used::Decision(id) if *id != target.decision => {
                fired.extend(evaluation.decide(*id).fired.iter().map(|f| (*id, f.clone())));
            }
            Used::Input(id) if evaluation.fact(*id).is_ok() => facts.push(*id),
            _ => {}
        }
    }
    for clause in evaluation.clauses(&[target.decision]) {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    facts.sort_unstable();
    Reported {
        target,
        outcome,
        clauses,
        own_clauses,
        fired,
        facts,
        whatever: Vec::new(),
        however: Vec::new(),
        every_reading: None,
    }
}

/// Evaluates a target under every combination of the readings it can depend on; those in `fixed` stay as chosen.
pub fn every_reading(checked: &Checked, facts: &Facts, target: &Target, fixed: &[ReadingId]) -> EveryReading {
    let model = &checked.model;
    let mut varied: Vec<ReadingId> = Vec::new();
    let mut incomplete = false;
    let cases = loop {
        let cases = cases_of(checked, facts, target, &varied);
        // A choice can bring a reading into play that the chosen ones leave aside.
        let met = cases.iter().flat_map(|(_, o)| o.readings.iter().map(|(id, _)| *id).chain(turns_on(o)));
        let mut found: Vec<ReadingId> = met.filter(|id| !varied.contains(id) && !fixed.contains(id)).collect();
        found.sort_unstable();
        found.dedup();
        let mut combinations = cases.len();
        found.retain(|id| {
            combinations = combinations.saturating_mul(choices(model, *id) as usize);
            combinations <= MAX_COMBINATIONS
        });
        incomplete |= combinations > MAX_COMBINATIONS;
        if found.is_empty() {
            break cases;
        }
        varied.extend(found);
        varied.sort_unstable();
    };
    let matters = |position: usize| {
        let mut first: std::collections::BTreeMap<Vec<u32>, &Known> = Default::default();
        cases.iter().any(|(choice, outcome)| {
            let mut others = choice.clone();
            others.remove(position);
            *first.entry(others).or_insert(&outcome.answer) != &outcome.answer
        })
    };
    let (kept, dropped): (Vec<usize>, Vec<usize>) = (0..varied.len()).partition(|i| matters(*i));
    let mut shown: Vec<(Vec<u32>, Known)> = Vec::new();
    for (choice, outcome) in &cases {
        let choice: Vec<u32> = kept.iter().map(|i| choice[*i]).collect();
        if !shown.iter().any(|(c, _)| *c == choice) {
            shown.push((choice, outcome.answer.clone()));
        }
    }
    EveryReading {
        readings: kept.iter().map(|i| varied[*i]).collect(),
        cases: shown,
        indifferent: dropped.iter().map(|i| varied[*i]).collect(),
        incomplete,
    }
}

/// The outcome under each combination of choices, in the order of the choices.
fn cases_of(checked: &Checked, facts: &Facts, target: &Target, readings: &[ReadingId]) -> Vec<(Vec<u32>, Outcome)> {
    let mut combinations: Vec<Vec<u32>> = vec![vec![]];
    for reading in readings {
        let more =
            |c: Vec<u32>| (0..choices(&checked.model, *reading)).map(move |choice| [c.as_slice(), &[choice]].concat());
        combinations = combinations.into_iter().flat_map(more).collect();
    }
    let evaluated = combinations.into_iter().map(|choice| {
        let mut chosen = facts.clone();
        for (reading, choice) in readings.iter().zip(&choice) {
            chosen.choose(*reading, *choice);
        }
        let outcome = outcome(checked, &chosen, &target.expr);
        (choice, outcome)
    });
    evaluated.collect()
}

fn turns_on(outcome: &Outcome) -> Vec<ReadingId> {
    outcome.answer.as_ref().err().map_or(Vec::new(), |why| why.readings.iter().copied().collect())
}

fn choices(model: &Model, id: ReadingId) -> u32 {
    model.enumeration(model.reading(id).choices).members.len() as u32
}
