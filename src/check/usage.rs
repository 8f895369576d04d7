//! Inputs that no rule asks for, and which inputs stand behind an expression.

use std::collections::BTreeSet;

use super::cycles::needed_by;
use crate::diag::{Code, Problem};
use crate::model::{Decision, Expr, ExprKind, Group, InputId, Model};

pub(super) fn check(model: &Model, problems: &mut Vec<Problem>) {
    let mut used = vec![false; model.inputs.len()];
    let mut mark = |expr: &Expr| {
        if let ExprKind::Input(id) = expr.kind {
            used[id.index()] = true;
        }
    };
    for decision in &model.decisions {
        decision.walk(&mut mark);
    }
    for requirement in model.services.iter().flat_map(|s| &s.requires) {
        requirement.walk(&mut mark);
    }
    for input in &model.inputs {
        if let Some(id) = input.measured_at {
            used[id.index()] = true;
        }
    }
    for (input, _) in model.inputs.iter().zip(&used).filter(|(_, used)| !**used) {
        problems.push(
            Problem::new(Code::UnusedInput, input.span, format!("no rule asks for `{}`", input.name))
                .help("remove it, or use it in the rule it was meant for"),
        );
    }
}

/// All inputs that an expression of a decision can turn on, through `let`s and other decisions.
pub(super) fn inputs_behind(model: &Model, decision: &Decision, expr: &Expr) -> BTreeSet<InputId> {
    let mut inputs = BTreeSet::new();
    let mut decisions = BTreeSet::new();
    let mut pending: Vec<&Expr> = vec![expr];
    let mut seen_slots = BTreeSet::new();
    while let Some(expr) = pending.pop() {
        expr.walk(&mut |e| match &e.kind {
            ExprKind::Input(id) => {
                inputs.insert(*id);
            }
            ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => {
                decisions.insert(*id);
            }
            ExprKind::Local(slot) if seen_slots.insert(*slot) => {
                pending.extend(let_of(&decision.group, *slot));
            }
            _ => {}
        });
    }
    let mut queue: Vec<usize> = decisions.iter().map(|d| d.index()).collect();
    let mut seen: BTreeSet<usize> = queue.iter().copied().collect();
    while let Some(index) = queue.pop() {
        model.decisions[index].walk(&mut |e| {
            if let ExprKind::Input(id) = e.kind {
                inputs.insert(id);
            }
        });
        queue.extend(needed_by(model, index).into_iter().map(|d| d.index()).filter(|i| seen.insert(*i)));
    }
    inputs
}

fn let_of(group: &Group, slot: u32) -> Option<&Expr> {
    let own = group.lets.iter().find(|l| l.slot == slot).map(|l| &l.value);
    own.or_else(|| group.exceptions.iter().find_map(|e| let_of(&e.group, slot)))
}
