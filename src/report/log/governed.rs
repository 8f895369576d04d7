//! The rules and rows that a milestone's target is from, as they stood when it was decided, and what follows from a
//! miss.

use super::LogReport;
use crate::eval::chronicle::{MilestoneResult, Run};
use crate::eval::{Evaluation, Known, outcome};
use crate::model::{ChangePolicy, ClauseId, DecisionId, Expr, ExprKind, Milestone};
use crate::report::explain::governing;
use crate::report::target::targets_of;
use crate::source::Span;
use crate::value::Value;

/// A rule or row that a target is from.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Governs {
    /// `base.first-response`
    pub decision: String,
    /// In the words of the language.
    pub words: String,
    pub at: Span,
    pub clauses: Vec<ClauseId>,
}

/// A decision that follows from a miss, with what it comes to.
pub(super) struct Consequence {
    pub path: String,
    pub answer: Known,
    pub clauses: Vec<ClauseId>,
}

impl LogReport<'_> {
    /// The step at which the target of a run was decided, and what the rules came to after it; nothing where the
    /// case cannot be made again as it then stood.
    pub(in crate::report) fn with_target<T>(
        &self,
        result: &MilestoneResult,
        run: &Run,
        work: impl FnOnce(&Evaluation<'_>) -> T,
    ) -> Option<T> {
        let milestone = self.milestone(result.decision)?;
        let in_force = |policy| !matches!(policy, None | Some(ChangePolicy::KeepsTarget));
        let change = run.changes.iter().rfind(|change| in_force(change.policy));
        let steps = self.chronicle.steps.iter().enumerate().skip(run.start_step);
        let candidates: Vec<usize> = match change {
            None => vec![run.start_step],
            Some(change) => steps.filter(|(_, step)| step.at == change.at).map(|(place, _)| place).collect(),
        };
        for step in candidates {
            let then = self.chronicle.then(self.checked, self.facts, step);
            let evaluation = then.evaluation(self.checked);
            if evaluation.value_in(result.decision, &milestone.target.amount) == run.target {
                return Some(work(&evaluation));
            }
        }
        None
    }

    /// The rules and rows that the target of a run is from; none while it is not known.
    pub(in crate::report) fn governs(&self, result: &MilestoneResult, run: &Run) -> Vec<Governs> {
        if run.target.is_err() {
            return Vec::new();
        }
        let Some(milestone) = self.milestone(result.decision) else { return Vec::new() };
        let asked = asked(milestone);
        let found = self.with_target(result, run, |evaluation| {
            let mut found: Vec<Governs> = Vec::new();
            for (id, column) in &asked {
                for (decision, node) in governing(self.checked, evaluation, *id, *column) {
                    let Some(at) = node.at else { continue };
                    found.push(Governs { decision, words: node.words, at, clauses: node.clauses });
                }
            }
            found
        });
        found.unwrap_or_default()
    }

    /// The decisions that follow from a miss, each with what it comes to.
    pub(super) fn consequences(&self, milestone: &Milestone) -> Vec<Consequence> {
        let targets = milestone.on_miss.iter().flat_map(|id| targets_of(self.model(), *id));
        let found = targets.map(|target| Consequence {
            answer: outcome(self.checked, self.facts, &target.expr).answer,
            clauses: self.evaluation.clauses(&[target.decision]),
            path: target.path,
        });
        found.collect()
    }

    /// Whether a run of the milestone was missed, or a time of one that recurs.
    pub(super) fn was_missed(result: &MilestoneResult) -> bool {
        result.runs.iter().any(|run| run.missed > 0)
    }

    /// The milestone's clauses: its own, and those that it was worked out from.
    pub(super) fn clauses_of(&self, result: &MilestoneResult) -> Vec<ClauseId> {
        let mut clauses = self.model().decision(result.decision).group.cites.clone();
        let more: Vec<ClauseId> = result.clauses.iter().filter(|c| !clauses.contains(c)).copied().collect();
        clauses.extend(more);
        clauses
    }
}

/// The decisions that a target names, with the answer of each.
fn asked(milestone: &Milestone) -> Vec<(DecisionId, usize)> {
    let mut found = Vec::new();
    let mut visit = |expr: &Expr| {
        expr.walk(&mut |part| {
            if let ExprKind::Decision(id, column) = &part.kind {
                let one = (*id, *column as usize);
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        });
    };
    visit(&milestone.target.amount);
    milestone.target.calendar.iter().for_each(&mut visit);
    found
}

/// Whether there is nothing of it, `0 h`.
pub(super) fn is_none(value: &Known) -> bool {
    matches!(value, Ok(Value::Duration(0) | Value::BusinessHours(0)))
}
