//! What conditions and answers rest on: facts, readings, sub-decisions, `let`s and properties of services.

use super::{Builder, Node, NodeKind};
use crate::eval::Known;
use crate::model::{DecisionId, DecisionKind, Expr, ExprKind, Group, InputId, Labels, Let, Property, ReadingId, Type};
use crate::value::Value;

impl<'a> Builder<'a> {
    /// The steps below a condition: its alternatives or parts, or what it looks at.
    pub(super) fn below(&mut self, id: DecisionId, condition: &'a Expr) -> Vec<Node> {
        let (parts, settles) = match &condition.kind {
            ExprKind::And(parts) => (parts, false),
            ExprKind::Or(parts) => (parts, true),
            ExprKind::Not(inner) => return self.below(id, inner),
            _ => return self.leaves(id, condition),
        };
        let values: Vec<Known> = parts.iter().map(|p| self.evaluation.value_in(id, p)).collect();
        // One part can settle the whole: then the others do not matter.
        let settling = |v: &Known| *v == Ok(Value::YesNo(settles));
        let settled = values.iter().any(settling);
        let kept = parts.iter().zip(values).filter(|(_, v)| !settled || settling(v));
        kept.collect::<Vec<_>>().into_iter().map(|(part, value)| self.condition(id, part, value)).collect()
    }

    /// One condition as a step; a fact or decision that is the whole condition stands for itself.
    fn condition(&mut self, id: DecisionId, condition: &'a Expr, value: Known) -> Node {
        if matches!(condition.kind, ExprKind::Input(_) | ExprKind::Decision(..) | ExprKind::Local(_)) {
            if let Some(leaf) = self.leaves(id, condition).pop() {
                return leaf;
            }
        }
        let words = self.words(id).expr(condition);
        Node::new(NodeKind::Condition, words).answer(value).parts(self.below(id, condition))
    }

    /// What an expression looks at, each thing once.
    pub(super) fn leaves(&mut self, id: DecisionId, expr: &'a Expr) -> Vec<Node> {
        let mut found = Vec::new();
        self.collect(id, expr, &mut found);
        found
    }

    fn collect(&mut self, id: DecisionId, expr: &'a Expr, found: &mut Vec<Node>) {
        let known = |found: &[Node], words: &str| found.iter().any(|n| n.words == words);
        let words = || self.words(id).expr(expr);
        match &expr.kind {
            ExprKind::Input(_)
            | ExprKind::Reading(_)
            | ExprKind::Property(..)
            | ExprKind::Local(_)
            | ExprKind::Decision(..)
            | ExprKind::WholeDecision(..)
                if known(found, &words()) => {}
            ExprKind::Input(input) => found.push(self.fact(*input)),
            ExprKind::Reading(reading) => found.push(self.reading(*reading)),
            ExprKind::Local(slot) => found.extend(self.named_part(id, *slot)),
            ExprKind::Decision(of, column) => {
                let period = matches!(self.model.decision(*of).kind, DecisionKind::Period);
                found.push(self.decision(*of, (!period).then_some(*column as usize)));
            }
            ExprKind::WholeDecision(of, _) => found.push(self.decision(*of, None)),
            ExprKind::PeriodStart(of) | ExprKind::PeriodEnd(of) => match of.kind {
                ExprKind::Decision(of, _) => {
                    let end = usize::from(matches!(expr.kind, ExprKind::PeriodEnd(_)));
                    let node = self.decision(of, Some(end));
                    if !known(found, &node.words) {
                        found.push(node);
                    }
                }
                _ => self.collect(id, of, found),
            },
            ExprKind::Property(of, property) => {
                let node = self.property(id, expr, of, *property);
                found.push(node);
            }
            ExprKind::Except { column, .. } => self.collect(id, column, found),
            _ => {
                let mut parts: Vec<&'a Expr> = Vec::new();
                expr.parts(&mut |part| parts.push(part));
                for part in parts {
                    self.collect(id, part, found);
                }
            }
        }
    }

    fn fact(&self, id: InputId) -> Node {
        let input = self.model.input(id);
        let mut node = Node::new(NodeKind::Fact, &input.name);
        node.labels = input.labels.clone();
        node.clauses.clone_from(&input.cites);
        let known = self.evaluation.fact(id);
        match (&known, input.measured_at) {
            (Ok(value), Some(date)) => {
                node.remark = Some(format!("measured at {}", self.model.input(date).name));
                node.answer(Ok(value.clone()))
            }
            (Ok(value), None) => node.answer(Ok(value.clone())),
            (Err(why), _) => node.answer(Err(why.clone())).remark("not given"),
        }
    }

    fn reading(&self, id: ReadingId) -> Node {
        let reading = self.model.reading(id);
        let mut node = Node::new(NodeKind::Reading, &reading.name).clauses(&reading.cites);
        node.labels = if reading.ask.is_empty() { reading.labels.clone() } else { reading.ask.clone() };
        match self.evaluation.facts.reading(id) {
            Some(choice) => {
                let how = if reading.default == Some(choice) { "the default reading" } else { "read so by choice" };
                node.answer(Ok(Value::Member(reading.choices, choice))).remark(how)
            }
            None => node.answer(Err(crate::eval::Why::reading(id))).remark("an open reading"),
        }
    }

    fn property(&mut self, id: DecisionId, expr: &'a Expr, of: &'a Expr, property: Property) -> Node {
        let words = self.words(id).expr(expr);
        let mut node = Node::new(NodeKind::Property, words).answer(self.evaluation.value_in(id, expr));
        if let Ok(Value::Member(_, service)) = self.evaluation.value_in(id, of) {
            if let Some(service) = self.model.services.get(service as usize) {
                node.clauses.clone_from(&service.cites);
                node = node.at(service.span);
            }
        }
        if property == Property::RequirementsMet {
            node.remark = Some("every line `requires` of the service holds".to_owned());
        }
        let parts = self.leaves(id, of);
        node.parts(parts)
    }

    /// A `let` with its working; nothing for what `any` or `sum` binds, which has no value of its own.
    fn named_part(&mut self, id: DecisionId, slot: u32) -> Option<Node> {
        let decision = self.model.decision(id);
        let binding = find_let(&decision.group, slot)?;
        let words = self.words(id).expr(&binding.value);
        let value = self.evaluation.value_in(id, &binding.value);
        let node = Node::new(NodeKind::Let, &binding.name).answer(value).remark(words);
        let first = self.lets.insert((id, slot));
        let parts = if first { self.below(id, &binding.value) } else { Vec::new() };
        Some(node.parts(parts))
    }

    /// Labels of a decision, or of the answer column if that has its own.
    pub(super) fn labels_of(&self, id: DecisionId, column: Option<usize>) -> Labels {
        let decision = self.model.decision(id);
        let own = column.and_then(|c| decision.columns.get(c)).map(|c| &c.labels).filter(|l| !l.is_empty());
        own.unwrap_or(&decision.labels).clone()
    }

    /// Whether an answer says more than its own words do, so that what it rests on is worth showing.
    pub(super) fn is_worked_out(expr: &Expr) -> bool {
        !matches!(expr.kind, ExprKind::Const(_)) && expr.ty != Type::Unknown
    }
}

fn find_let(group: &Group, slot: u32) -> Option<&Let> {
    let own = group.lets.iter().find(|l| l.slot == slot);
    own.or_else(|| group.exceptions.iter().find_map(|e| find_let(&e.group, slot)))
}
