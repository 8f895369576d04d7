//! What is asked of a case: conditions of rules, cells of tables, comparisons, and their combinations.

use crate::model::{Answer, Body, CompareOp, DecisionId, Expr, ExprKind, Group, Guard, Hit, Model, Table, Test};
use crate::value::Value;

/// An expression, and the decision whose `let`s it may name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub within: Option<DecisionId>,
    pub expr: &'a Expr,
}

/// Something that has a value in a case.
#[derive(Clone, Debug)]
pub(crate) enum Term<'a> {
    Of(At<'a>),
    Value(Value),
    /// The first day of a period.
    Starts(At<'a>),
    /// The last day of a period.
    Ends(At<'a>),
}

/// A statement about a case.
#[derive(Clone, Debug)]
pub(crate) enum Formula<'a> {
    /// A yes-no expression comes to this.
    Holds(At<'a>, bool),
    /// A value passes a cell, or does not.
    Passes(At<'a>, &'a Test, bool),
    Compared(CompareOp, Term<'a>, Term<'a>),
    /// The value is one of these, or none of them.
    Among(Term<'a>, Vec<Value>, bool),
    All(Vec<Formula<'a>>),
    Any(Vec<Formula<'a>>),
}

impl<'a> Formula<'a> {
    pub fn always() -> Formula<'a> {
        Formula::All(Vec::new())
    }

    pub fn never() -> Formula<'a> {
        Formula::Any(Vec::new())
    }

    /// The statement that holds exactly when this one does not.
    pub fn denied(self) -> Formula<'a> {
        match self {
            Formula::Holds(at, wanted) => Formula::Holds(at, !wanted),
            Formula::Passes(at, test, wanted) => Formula::Passes(at, test, !wanted),
            Formula::Compared(op, left, right) => Formula::Compared(op.negated(), left, right),
            Formula::Among(term, values, wanted) => Formula::Among(term, values, !wanted),
            Formula::All(parts) => Formula::Any(parts.into_iter().map(Formula::denied).collect()),
            Formula::Any(parts) => Formula::All(parts.into_iter().map(Formula::denied).collect()),
        }
    }
}

/// The longest table whose rows are searched for what leads to them.
const MAX_ROWS: usize = 64;

/// When a group gives an answer, as far as its own rules say: each answer with its condition, and the column.
pub(crate) fn ways<'a>(id: DecisionId, group: &'a Group, column: usize) -> Vec<(Formula<'a>, &'a Answer)> {
    let within = Some(id);
    let mut ways = Vec::new();
    match &group.body {
        Body::Rules(rules) => {
            for rule in rules {
                ways.push((guarded(within, group, &rule.guard), &rule.answer));
            }
        }
        Body::Table(table) => {
            let place = table.answers.iter().position(|c| *c == column);
            for (number, row) in table.rows.iter().enumerate().take(MAX_ROWS) {
                if let Some(answer) = place.and_then(|p| row.answers.get(p)) {
                    ways.push((row_applies(within, table, number), answer));
                }
            }
            let fallback = table.otherwise.as_ref().and_then(|row| place.and_then(|p| row.answers.get(p)));
            if let Some(answer) = fallback {
                let none = table.rows.iter().take(MAX_ROWS).map(|row| fits(within, table, &row.tests).denied());
                ways.push((Formula::All(none.collect()), answer));
            }
        }
        Body::Period(_) | Body::Log => {}
    }
    if !group.exceptions.is_empty() {
        for (condition, _) in &mut ways {
            let free = group.exceptions.iter().map(|e| applies(id, &e.group).denied());
            let own = std::mem::replace(condition, Formula::always());
            *condition = Formula::All(std::iter::once(own).chain(free).collect());
        }
        for exception in &group.exceptions {
            ways.extend(self::ways(id, &exception.group, column));
        }
    }
    ways
}

/// When a group gives any answer at all.
pub(crate) fn applies<'a>(id: DecisionId, group: &'a Group) -> Formula<'a> {
    let within = Some(id);
    match &group.body {
        Body::Rules(rules) => Formula::Any(rules.iter().map(|rule| guarded(within, group, &rule.guard)).collect()),
        Body::Table(table) if table.otherwise.is_some() || table.must_be_complete => Formula::always(),
        Body::Table(table) => {
            Formula::Any(table.rows.iter().take(MAX_ROWS).map(|row| fits(within, table, &row.tests)).collect())
        }
        Body::Period(_) | Body::Log => Formula::always(),
    }
}

fn guarded<'a>(within: Option<DecisionId>, group: &'a Group, guard: &'a Guard) -> Formula<'a> {
    match guard {
        Guard::When(condition) => Formula::Holds(At { within, expr: condition }, true),
        Guard::Always => Formula::always(),
        Guard::Otherwise => {
            let Body::Rules(rules) = &group.body else { return Formula::always() };
            let others = rules.iter().filter_map(|rule| match &rule.guard {
                Guard::When(condition) => Some(Formula::Holds(At { within, expr: condition }, false)),
                Guard::Always => Some(Formula::never()),
                Guard::Otherwise => None,
            });
            Formula::All(others.collect())
        }
    }
}

fn row_applies<'a>(within: Option<DecisionId>, table: &'a Table, number: usize) -> Formula<'a> {
    let Some(row) = table.rows.get(number) else { return Formula::never() };
    let own = fits(within, table, &row.tests);
    match table.hit {
        Hit::First => {
            let above = table.rows[..number].iter().map(|r| fits(within, table, &r.tests).denied());
            Formula::All(std::iter::once(own).chain(above).collect())
        }
        _ => own,
    }
}

/// That every cell of a row is passed.
pub(crate) fn fits<'a>(within: Option<DecisionId>, table: &'a Table, tests: &'a [Test]) -> Formula<'a> {
    let cells = table.conditions.iter().zip(tests);
    Formula::All(cells.map(|(heading, test)| Formula::Passes(At { within, expr: heading }, test, true)).collect())
}

/// What a decision always comes to, if it is one formula without exceptions.
pub(crate) fn formula_of(model: &Model, id: DecisionId) -> Option<At<'_>> {
    let group = &model.decision(id).group;
    match &group.body {
        Body::Rules(rules) if group.exceptions.is_empty() => match rules.as_slice() {
            [rule] if matches!(rule.guard, Guard::Always) => match &rule.answer {
                Answer::Value(expr) => Some(At { within: Some(id), expr }),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The value of a `let` of a decision.
pub(crate) fn let_of(model: &Model, within: Option<DecisionId>, slot: u32) -> Option<&Expr> {
    fn find(group: &Group, slot: u32) -> Option<&Expr> {
        let own = group.lets.iter().find(|l| l.slot == slot).map(|l| &l.value);
        own.or_else(|| group.exceptions.iter().find_map(|e| find(&e.group, slot)))
    }
    find(&model.decision(within?).group, slot)
}

/// The value of an expression that does not depend on the case, where it can be read off.
pub(crate) fn constant(model: &Model, expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Const(value) => Some(value.clone()),
        ExprKind::Set(items) => {
            let values: Option<Vec<Value>> = items.iter().map(|i| constant(model, i)).collect();
            values.map(Value::set)
        }
        ExprKind::Property(of, property) => match constant(model, of)? {
            Value::Member(_, service) => model.services.get(service as usize)?.properties.get(property).cloned(),
            _ => None,
        },
        _ => None,
    }
}
