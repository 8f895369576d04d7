//! Other values that a fact could have and that are worth trying: those at which some rule may turn.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::check::witness::{amount, domain, ends, is_allowed, made_up, step, value_at};
use crate::model::{
    Answer, Body, Decision, DecisionId, DecisionKind, Expr, ExprKind, Group, InputId, Model, PeriodExtent, Property,
    ReadingId, Test, TestKind, Type,
};
use crate::scenario::Facts;
use crate::value::Value;

/// Places on one line that are tried, at most.
const MAX_PLACES: usize = 400;
/// Members that a set is tried with, at most.
const MAX_MEMBERS: usize = 512;

/// What an answer can turn on: facts, readings, and the values that the rules name.
pub(crate) struct Reach {
    /// In the order of the source.
    pub inputs: BTreeSet<InputId>,
    pub readings: BTreeSet<ReadingId>,
    constants: BTreeSet<Value>,
    /// All decisions that stand behind.
    decisions: BTreeSet<DecisionId>,
    /// Whether it can turn on what services require.
    requirements: bool,
}

impl Reach {
    /// All that can be reached from some decisions.
    pub fn of(model: &Model, target: &Expr) -> Reach {
        let mut reach = Reach {
            inputs: BTreeSet::new(),
            readings: BTreeSet::new(),
            constants: BTreeSet::new(),
            decisions: BTreeSet::new(),
            requirements: false,
        };
        let mut pending: Vec<DecisionId> = Vec::new();
        let mut seen: BTreeSet<DecisionId> = BTreeSet::new();
        reach.expr(model, target, &mut pending);
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let decision = model.decision(id);
            decision.roots(&mut |e| reach.expr(model, e, &mut pending));
            reach.decision(decision, &mut pending);
        }
        reach.decisions = seen;
        let must_be = reach.inputs.iter().flat_map(|id| &model.input(*id).must_be);
        let limits: Vec<Value> = must_be.flat_map(|(test, _)| ends(test)).collect();
        reach.constants.extend(limits);
        reach
    }

    fn expr(&mut self, model: &Model, expr: &Expr, pending: &mut Vec<DecisionId>) {
        let mut requirements = false;
        expr.walk(&mut |e| match &e.kind {
            ExprKind::Const(value) => {
                self.constants.insert(value.clone());
            }
            ExprKind::Input(id) => {
                self.inputs.insert(*id);
            }
            ExprKind::Reading(id) => {
                self.readings.insert(*id);
            }
            ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => pending.push(*id),
            ExprKind::Property(_, Property::RequirementsMet) => requirements = true,
            _ => {}
        });
        if requirements && !self.requirements {
            self.requirements = true;
            for requirement in model.services.iter().flat_map(|s| &s.requires) {
                self.expr(model, requirement, pending);
            }
        }
    }

    /// What is written in cells and periods, which are no expressions.
    fn decision(&mut self, decision: &Decision, pending: &mut Vec<DecisionId>) {
        if let DecisionKind::Responses(responses) = &decision.kind {
            pending.extend(&responses.superseded_by);
        }
        self.group(&decision.group);
    }

    fn group(&mut self, group: &Group) {
        match &group.body {
            Body::Rules(_) | Body::Log => {}
            Body::Table(table) => {
                for row in &table.rows {
                    row.tests.iter().for_each(|t| self.test(t));
                    for answer in &row.answers {
                        if let Answer::Value(Expr { kind: ExprKind::Const(value), .. }) = answer {
                            self.constants.insert(value.clone());
                        }
                    }
                }
            }
            Body::Period(extent) => {
                if let PeriodExtent::First { length, .. } | PeriodExtent::Last { length, .. } = &**extent {
                    self.constants.insert(length.clone());
                }
            }
        }
        group.exceptions.iter().for_each(|e| self.group(&e.group));
    }

    fn test(&mut self, test: &Test) {
        match &test.kind {
            TestKind::Has(item) => {
                self.constants.insert(item.clone());
            }
            TestKind::Not(inner) => self.test(inner),
            _ => self.constants.extend(ends(test)),
        }
    }

    /// The values that the rules name.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.constants.iter()
    }

    /// Whether the rules name a value, by itself or in a set.
    pub fn names(&self, value: &Value) -> bool {
        let within = |constant: &Value| match constant {
            Value::Set(items) | Value::List(items) => items.contains(value),
            _ => false,
        };
        self.constants.contains(value) || self.constants.iter().any(within)
    }

    /// All decisions that stand behind.
    pub fn decisions(&self) -> impl Iterator<Item = DecisionId> {
        self.decisions.iter().copied()
    }

    /// Whether the answer can turn on what services require.
    pub fn asks_requirements(&self) -> bool {
        self.requirements
    }

    /// Other values for an input, in order; for an ordered one, see [`Reach::places`].
    pub fn alternatives(&self, model: &Model, id: InputId, now: Option<&Value>) -> Vec<Value> {
        let ty = &model.input(id).ty;
        let values = match (ty, now) {
            (Type::YesNo | Type::Enum(_), _) => domain(model, ty).unwrap_or_default(),
            (Type::Text, _) => {
                let named = self.constants.iter().filter(|v| matches!(v, Value::Text(_))).cloned();
                named.chain(std::iter::once(Value::text("other"))).collect()
            }
            (Type::Set(of), now) => {
                let items: Vec<Value> = match now {
                    Some(Value::Set(items)) => items.to_vec(),
                    _ => Vec::new(),
                };
                let mut sets = if now.is_none() { vec![Value::set(Vec::new())] } else { Vec::new() };
                for item in domain(model, of).unwrap_or_default().into_iter().take(MAX_MEMBERS) {
                    let mut other = items.clone();
                    match other.iter().position(|i| *i == item) {
                        Some(place) => drop(other.remove(place)),
                        None => other.push(item),
                    }
                    sets.push(Value::set(other));
                }
                sets
            }
            (_, None) => (0..2).filter_map(|variant| made_up(model, id, variant)).collect(),
            _ => Vec::new(),
        };
        values.into_iter().filter(|v| Some(v) != now && is_allowed(model, id, v)).collect()
    }

    /// Where on the line of an ordered input the answer may turn: at the values that the rules name and beside them,
    /// at other facts and at the rules' distances from them, and ever further from the present value.
    pub fn places(&self, model: &Model, id: InputId, facts: &Facts) -> Vec<Decimal> {
        let ty = &model.input(id).ty;
        let now = facts.get(id);
        let unit = step(ty);
        let like = |value: &&Value| value_at(ty, now, Decimal::ZERO).is_none_or(|z| z.kind() == value.kind());
        let mut points: BTreeSet<Decimal> = self.constants.iter().filter(like).filter_map(amount).collect();
        let others = self.inputs.iter().filter(|i| **i != id).filter_map(|i| facts.get(*i));
        for value in others.filter(like) {
            points.extend(amount(value));
            points.extend(self.apart(value).iter().filter_map(amount));
        }
        let mut places: BTreeMap<Decimal, ()> = BTreeMap::new();
        for point in points.into_iter().take(MAX_PLACES) {
            let beside = [Some(point), point.checked_add(unit), point.checked_sub(unit)];
            places.extend(beside.into_iter().flatten().map(|p| (p, ())));
        }
        if let Some(now) = now.and_then(amount) {
            let mut reach = unit;
            for _ in 0..48 {
                let both = [now.checked_add(reach), now.checked_sub(reach)];
                places.extend(both.into_iter().flatten().map(|p| (p, ())));
                let Some(next) = reach.checked_mul(Decimal::TWO) else { break };
                reach = next;
            }
        }
        let possible = |p: &Decimal| value_at(ty, now, *p).is_some_and(|v| is_allowed(model, id, &v));
        places.into_keys().filter(possible).collect()
    }

    /// A fact, and the rules' distances before and after it.
    fn apart(&self, value: &Value) -> Vec<Value> {
        let mut found = Vec::new();
        for by in &self.constants {
            if matches!(by, Value::Days(_) | Value::Months(_) | Value::Duration(_)) {
                found.extend(crate::value::add(value, by));
                found.extend(crate::value::sub(value, by));
            }
        }
        found
    }
}
