//! A plan: the targets that are asked for, ready to be worked out for many cases.

use super::apart::Apart;
use super::line::Lines;
use super::session::Session;
use super::shape::Shapes;
use super::sub::SubId;
use crate::check::{Checked, inputs_asked};
use crate::model::{DecisionKind, ExprKind, InputId};
use crate::report::Target;
use crate::scenario::Facts;

/// What is asked of rules, for many cases. It can be shared between threads.
#[derive(Debug)]
pub struct Plan<'c> {
    checked: &'c Checked,
    targets: Vec<Target>,
    shared: Facts,
    clauses: bool,
    pub(super) shapes: Shapes<'c>,
    /// By target: what works it out; `None` where each case is evaluated by itself.
    pub(super) subs: Vec<Option<SubId>>,
    /// By target: its formulas, where all are worked out from one number.
    pub(super) lines: Vec<Option<Lines>>,
    /// By target with such formulas: its answers, where cases can be told apart by which of them are the same.
    pub(super) apart: Vec<Option<Apart>>,
}

impl<'c> Plan<'c> {
    /// Makes a plan for some targets. The facts and readings in `shared` hold for every case, unless the case gives its
    /// own; `clauses` says whether the clauses and rules behind each answer are told.
    pub fn compile(checked: &'c Checked, shared: Facts, targets: Vec<Target>, clauses: bool) -> Self {
        let mut shapes = Shapes::new(checked);
        let subs: Vec<_> = targets.iter().map(|target| sub(&mut shapes, checked, target)).collect();
        shapes.finish(&subs.iter().flatten().copied().collect::<Vec<_>>());
        let lines = |sub: &Option<SubId>| Lines::of(&shapes.subs[(*sub)?.index()], &shapes.numbers);
        let lines: Vec<_> = subs.iter().map(lines).collect();
        let apart = |(sub, lines): (&Option<SubId>, &Option<Lines>)| {
            lines.as_ref()?;
            Apart::of(&checked.model, &shapes.subs[(*sub)?.index()], &shapes)
        };
        let apart = subs.iter().zip(&lines).map(apart).collect();
        Plan { checked, targets, shared, clauses, shapes, subs, lines, apart }
    }

    pub fn checked(&self) -> &'c Checked {
        self.checked
    }

    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The facts and readings that hold for every case.
    pub fn shared(&self) -> &Facts {
        &self.shared
    }

    /// Whether the clauses and rules behind each answer are told.
    pub fn tells_clauses(&self) -> bool {
        self.clauses
    }

    /// Whether a target is worked out for many cases at once; if not, each case is evaluated by itself.
    pub fn is_columnar(&self, target: usize) -> bool {
        self.subs.get(target).is_some_and(Option::is_some)
    }

    /// The inputs that can matter to the targets, in source order. No other needs to be read.
    pub fn inputs(&self) -> Vec<InputId> {
        let mut inputs: Vec<InputId> =
            self.targets.iter().flat_map(|target| inputs_asked(&self.checked.model, target.decision)).collect();
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    pub fn session(&self) -> Session<'_, 'c> {
        Session::new(self)
    }
}

/// What works out a target, if columns can.
fn sub(shapes: &mut Shapes, checked: &Checked, target: &Target) -> Option<SubId> {
    let is_period = |id| matches!(checked.model.decision(id).kind, DecisionKind::Period);
    match &target.expr.kind {
        ExprKind::Decision(id, column) if !is_period(*id) => shapes.target(*id, *column).ok(),
        ExprKind::PeriodStart(period) | ExprKind::PeriodEnd(period) => match period.kind {
            ExprKind::Decision(id, _) if is_period(id) => {
                let end = u32::from(matches!(target.expr.kind, ExprKind::PeriodEnd(_)));
                shapes.target(id, end).ok()
            }
            _ => None,
        },
        _ => None,
    }
}
