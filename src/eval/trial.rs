//! Running a scenario: what came out beside what was expected.

use super::{Evaluation, Fired, Known, Outcome, Reason, Refused, Used, outcome, refused};
use crate::check::Checked;
use crate::eval::whole::decisions_of;
use crate::model::{ClauseId, DecisionId, Expectation, Expected, Expr, ExprKind, InputId, Scenario};
use crate::scenario::Facts;

/// A scenario's result.
pub struct Trial<'a> {
    pub scenario: &'a Scenario,
    pub facts: Facts,
    pub results: Vec<TrialResult<'a>>,
    /// Clauses behind the answers.
    pub clauses: Vec<ClauseId>,
    /// Facts that no expected decision looked at.
    pub unused: Vec<InputId>,
    /// Facts that an input's `must be` does not allow.
    pub refused: Vec<Refused>,
}

/// One expectation's result.
pub struct TrialResult<'a> {
    pub expectation: &'a Expectation,
    pub outcome: Outcome,
    pub holds: bool,
    /// The rules that gave the answer, then those behind it.
    pub fired: Vec<(DecisionId, Fired)>,
    /// The clauses behind the answer.
    pub clauses: Vec<ClauseId>,
}

impl Trial<'_> {
    pub fn holds(&self) -> bool {
        self.refused.is_empty() && self.results.iter().all(|r| r.holds)
    }
}

/// Evaluates what a scenario expects.
pub fn run<'a>(checked: &'a Checked, scenario: &'a Scenario) -> Trial<'a> {
    let facts = Facts::of(&checked.model, scenario);
    let mut results = Vec::new();
    let mut decisions: Vec<DecisionId> = Vec::new();
    let mut all_clauses: Vec<ClauseId> = Vec::new();
    let evaluation = Evaluation::new(checked, &facts);
    for expectation in &scenario.expect {
        let outcome = outcome(checked, &facts, &expectation.target);
        let holds = meets(checked, &expectation.expected, &outcome);
        decisions.extend(decisions_of(&expectation.target));
        // The answer is the outcome's, which looks further; this run is for what it uses.
        let (_, used) = evaluation.value_and_use(&expectation.target);
        let mut fired = fired_behind(&evaluation, &used, &expectation.target);
        let mut clauses = evaluation.clauses_of(&used);
        if let Some(tried) = &outcome.tried {
            // The answer was found by trying: the rules behind it are those of a case that was tried.
            let evaluation = Evaluation::new(checked, tried);
            let (_, used) = evaluation.value_and_use(&expectation.target);
            fired = fired_behind(&evaluation, &used, &expectation.target);
            for clause in evaluation.clauses_of(&used) {
                if !clauses.contains(&clause) {
                    clauses.push(clause);
                }
            }
        }
        all_clauses.extend(clauses.iter().copied());
        results.push(TrialResult { expectation, outcome, holds, fired, clauses });
    }
    let mut clauses: Vec<ClauseId> = Vec::new();
    for clause in all_clauses {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    let used = evaluation.used_by(&decisions);
    let unused = facts.given().map(|(id, _)| id).filter(|id| !used.contains(&Used::Input(*id))).collect();
    let refused = refused(checked, &facts);
    Trial { scenario, facts, results, clauses, unused, refused }
}

/// The rules that fired behind an answer. Of the decision that gives it, those for its own column.
fn fired_behind(evaluation: &Evaluation, used: &[Used], target: &Expr) -> Vec<(DecisionId, Fired)> {
    let own = match target.kind {
        ExprKind::Decision(id, column) => Some((id, column as usize)),
        _ => None,
    };
    let mut all = Vec::new();
    for used in used {
        let Used::Decision(id) = *used else { continue };
        for fired in &evaluation.decide(id).fired {
            let elsewhere = own.is_some_and(|(decision, column)| decision == id && !fired.columns.contains(&column));
            if !elsewhere {
                all.push((id, fired.clone()));
            }
        }
    }
    all
}

/// Whether an outcome is what was expected.
fn meets(checked: &Checked, expected: &Expected, outcome: &Outcome) -> bool {
    let reason = |answer: &Known| answer.as_ref().err().map(|why| why.reason());
    match (expected, &outcome.answer) {
        (Expected::Value(value), Ok(answer)) => value == answer,
        (Expected::Missing(names), Err(why)) => {
            let mut missing: Vec<String> = why
                .missing
                .iter()
                .map(|fact| format!("{}{}", checked.model.input(fact.input).name, fact.part))
                .collect();
            let calendars = why.unjudged.iter().map(|days| days.calendar as usize);
            missing.extend(calendars.filter_map(|c| checked.model.calendars.get(c)).map(|c| c.name.clone()));
            missing.sort();
            missing.dedup();
            why.reason() == Reason::Missing && missing == *names
        }
        (Expected::Discretion(party), Err(why)) => {
            why.reason() == Reason::Discretion && why.discretion.iter().any(|d| d.party == *party)
        }
        (Expected::Silent, answer) => reason(answer) == Some(Reason::Silence),
        (Expected::Conflict, answer) => reason(answer) == Some(Reason::Conflict),
        (Expected::OpenReading(id), Err(why)) => why.reason() == Reason::OpenReading && why.readings.contains(id),
        _ => false,
    }
}
