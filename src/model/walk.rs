//! Walking over all the expressions of an item, for passes that look for something.

use super::{Answer, Body, Decision, DecisionKind, Expr, ExprKind, Group, Guard, PeriodExtent, Table, TestKind};

impl Expr {
    /// Calls `visit` on this expression and all its parts, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        self.parts(&mut |part| part.walk(visit));
    }

    /// Calls `visit` on each direct part.
    pub fn parts<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Const(_)
            | ExprKind::Input(_)
            | ExprKind::Local(_)
            | ExprKind::Decision(..)
            | ExprKind::WholeDecision(..)
            | ExprKind::Reading(_) => {}
            ExprKind::PeriodStart(e)
            | ExprKind::PeriodEnd(e)
            | ExprKind::Field(e, _)
            | ExprKind::Property(e, _)
            | ExprKind::Not(e)
            | ExprKind::Negate(e)
            | ExprKind::Round { value: e, .. }
            | ExprKind::IsStated(e) => visit(e),
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Set(parts) | ExprKind::List(parts) => {
                parts.iter().for_each(visit);
            }
            ExprKind::Call(_, args) => args.iter().for_each(visit),
            ExprKind::Record(_, fields) => fields.iter().flatten().for_each(visit),
            ExprKind::Compare(_, a, b)
            | ExprKind::Arith(_, a, b)
            | ExprKind::Contains { set: a, item: b }
            | ExprKind::InPeriod { item: a, period: b }
            | ExprKind::Divide { dividend: a, divisor: b, .. }
            | ExprKind::Between { from: a, to: b, .. } => {
                visit(a);
                visit(b);
            }
            ExprKind::InRange { item, low, high, .. } => {
                visit(item);
                visit(low);
                visit(high);
            }
            ExprKind::If(c, t, e) => {
                visit(c);
                visit(t);
                visit(e);
            }
            ExprKind::Quantified { list, condition, .. } => {
                visit(list);
                visit(condition);
            }
            ExprKind::Count { list, condition, .. } => {
                visit(list);
                condition.iter().for_each(|c| visit(c));
            }
            ExprKind::Sum { list, value, condition, .. } => {
                visit(list);
                visit(value);
                condition.iter().for_each(|c| visit(c));
            }
            ExprKind::Except { column, cases } => {
                visit(column);
                cases.iter().for_each(|(_, when, _)| visit(when));
            }
        }
    }
}

impl Decision {
    /// Calls `visit` on every expression of the decision, parts included.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.roots(&mut |e| e.walk(visit));
    }

    /// Calls `visit` on the decision's expressions: conditions, answers, `let`s.
    pub fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            DecisionKind::Responses(responses) => responses.when.iter().for_each(&mut *visit),
            DecisionKind::Milestone(milestone) => milestone.roots(visit),
            DecisionKind::Process(process) => process.roots(visit),
            DecisionKind::Plain | DecisionKind::Period => {}
        }
        self.group.roots(visit);
    }
}

impl Group {
    pub fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        for binding in &self.lets {
            visit(&binding.value);
        }
        match &self.body {
            Body::Rules(rules) => {
                for rule in rules {
                    if let Guard::When(condition) = &rule.guard {
                        visit(condition);
                    }
                    rule.answer.roots(visit);
                }
            }
            Body::Table(table) => table.roots(visit),
            Body::Log => {}
            Body::Period(extent) => match &**extent {
                PeriodExtent::First { of, counted, .. } => {
                    visit(of);
                    visit(counted);
                }
                PeriodExtent::Last { before, .. } => visit(before),
                PeriodExtent::FromTo { from, to } => {
                    visit(from);
                    visit(to);
                }
            },
        }
        for exception in &self.exceptions {
            exception.group.roots(visit);
        }
    }
}

impl Table {
    fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.conditions.iter().for_each(&mut *visit);
        for row in self.rows.iter().chain(&self.otherwise) {
            for test in &row.tests {
                if let TestKind::Dynamic(_, value) = &test.kind {
                    visit(value);
                }
            }
            row.answers.iter().for_each(|a| a.roots(visit));
        }
    }
}

impl Answer {
    fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match self {
            Answer::Value(value) => visit(value),
            Answer::Discretion { meanwhile, .. } => meanwhile.iter().for_each(visit),
            Answer::Silent => {}
        }
    }
}
