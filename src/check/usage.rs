//! Inputs that no rule asks for, and which inputs stand behind an expression.

use std::collections::BTreeSet;

use super::cycles::needed_by;
use crate::diag::{Code, Problem};
use crate::model::{Body, BuiltinBody, CALENDARS, Decision, DecisionId, Expr, ExprKind, Group, InputId, Model};
use crate::value::Value;

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
    for calendar in &model.calendars {
        calendar.roots(&mut |root| root.walk(&mut mark));
    }
    for input in &model.inputs {
        if let Some(id) = input.measured_at {
            used[id.index()] = true;
        }
    }
    if let Some(own) = model.log {
        used[own.log.index()] = true;
        used[own.as_of.index()] = true;
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
    behind(model, Some(decision), expr).inputs
}

/// All inputs that a decision asks for, itself or through others; of a process or milestone none, which is asked of the
/// log.
pub fn inputs_asked(model: &Model, id: DecisionId) -> BTreeSet<InputId> {
    let decision = model.decision(id);
    let whole = Expr { kind: ExprKind::Decision(id, 0), ty: decision.ty.clone(), span: decision.name_span };
    behind(model, None, &whole).inputs
}

/// Whether a decision is told by the log of a case, itself or through others.
pub fn asks_log(model: &Model, id: DecisionId) -> bool {
    let decision = model.decision(id);
    let whole = Expr { kind: ExprKind::Decision(id, 0), ty: decision.ty.clone(), span: decision.name_span };
    let found = behind(model, None, &whole);
    let is_log = |input: &InputId| model.log.is_some_and(|own| own.log == *input);
    found.decisions.iter().any(|id| matches!(model.decision(*id).group.body, Body::Log))
        || found.inputs.iter().any(is_log)
}

/// The inputs and decisions that something can turn on.
#[derive(Debug, Default)]
pub(super) struct Behind {
    pub inputs: BTreeSet<InputId>,
    pub decisions: BTreeSet<DecisionId>,
}

impl Behind {
    pub fn and(&mut self, other: Behind) {
        self.inputs.extend(other.inputs);
        self.decisions.extend(other.decisions);
    }
}

/// All that an expression can turn on, through `let`s, calendars and other decisions. What stands behind a process or
/// milestone is the log's to tell, and is not followed.
pub(super) fn behind(model: &Model, decision: Option<&Decision>, expr: &Expr) -> Behind {
    let mut found = Behind::default();
    let mut pending: Vec<&Expr> = vec![expr];
    let mut seen_slots = BTreeSet::new();
    let mut calendars = BTreeSet::new();
    while let Some(expr) = pending.pop() {
        expr.walk(&mut |e| match &e.kind {
            ExprKind::Input(id) => {
                found.inputs.insert(*id);
            }
            ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => {
                found.decisions.insert(*id);
            }
            ExprKind::Local(slot) if seen_slots.insert(*slot) => {
                pending.extend(decision.and_then(|d| let_of(&d.group, *slot)));
            }
            _ => {}
        });
        calendars.extend(calendars_asked(model, expr));
    }
    for calendar in calendars {
        model.calendars[calendar].roots(&mut |root| {
            root.walk(&mut |e| match &e.kind {
                ExprKind::Input(id) => {
                    found.inputs.insert(*id);
                }
                ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => {
                    found.decisions.insert(*id);
                }
                _ => {}
            });
        });
    }
    let mut queue: Vec<usize> = found.decisions.iter().map(|d| d.index()).collect();
    while let Some(index) = queue.pop() {
        if matches!(model.decisions[index].group.body, Body::Log) {
            continue;
        }
        model.decisions[index].walk(&mut |e| {
            if let ExprKind::Input(id) = e.kind {
                found.inputs.insert(id);
            }
        });
        queue.extend(needed_by(model, index).into_iter().filter(|id| found.decisions.insert(*id)).map(|d| d.index()));
    }
    found
}

/// The calendars that an expression may ask, itself or through a calendar's conditions, by number: those it names, or
/// all if it works out which.
pub(super) fn calendars_asked(model: &Model, expr: &Expr) -> BTreeSet<usize> {
    let mut found = calendars_named(model, expr);
    let mut pending: Vec<usize> = found.iter().copied().collect();
    while let Some(calendar) = pending.pop() {
        model.calendars[calendar].roots(&mut |root| {
            pending.extend(calendars_named(model, root).into_iter().filter(|other| found.insert(*other)));
        });
    }
    found
}

fn calendars_named(model: &Model, expr: &Expr) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    expr.walk(&mut |e| {
        let ExprKind::Call(function, arguments) = &e.kind else { return };
        if !matches!(function.body, BuiltinBody::Clock(_)) {
            return;
        }
        // The calendar is the last argument of each function that asks one.
        match arguments.last().map(|last| &last.kind) {
            Some(ExprKind::Const(Value::Member(CALENDARS, number))) => drop(found.insert(*number as usize)),
            _ => found.extend(0..model.calendars.len()),
        }
    });
    found
}

fn let_of(group: &Group, slot: u32) -> Option<&Expr> {
    let own = group.lets.iter().find(|l| l.slot == slot).map(|l| &l.value);
    own.or_else(|| group.exceptions.iter().find_map(|e| let_of(&e.group, slot)))
}
