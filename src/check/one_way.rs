//! Conditions that can only go one way, and rules that can never make a difference. Only what is proved is told.

use super::witness::{At, Formula, is_impossible};
use crate::diag::{Code, Problem};
use crate::model::{Answer, Body, DecisionId, DecisionKind, Exception, Expr, ExprKind, Group, Guard, Model, Type};
use crate::value::Value;

/// Looks at every condition of the model.
pub(super) fn check(model: &Model, problems: &mut Vec<Problem>) {
    for (number, decision) in model.decisions.iter().enumerate() {
        let mut look = Look { model, within: Some(DecisionId(number as u32)), problems };
        look.group(&decision.group);
        if let DecisionKind::Responses(responses) = &decision.kind {
            if let Some(when) = &responses.when {
                if look.never(when) {
                    let message = format!("`{}` can never supersede another table", decision.name);
                    look.tell_never(when, message);
                } else {
                    look.expr(when);
                }
            }
        }
    }
    for requirement in model.services.iter().flat_map(|s| &s.requires) {
        Look { model, within: None, problems }.expr(requirement);
    }
}

struct Look<'a, 'p> {
    model: &'a Model,
    within: Option<DecisionId>,
    problems: &'p mut Vec<Problem>,
}

impl<'a> Look<'a, '_> {
    fn group(&mut self, group: &'a Group) {
        for binding in &group.lets {
            self.expr(&binding.value);
        }
        match &group.body {
            Body::Rules(rules) => {
                for rule in rules {
                    if let Guard::When(condition) = &rule.guard {
                        if is_written(condition) && self.never(condition) {
                            self.tell_never(condition, "this rule can never apply".to_owned());
                        } else {
                            self.expr(condition);
                        }
                    }
                    self.answer(&rule.answer);
                }
            }
            Body::Table(table) => {
                table.conditions.iter().for_each(|c| {
                    self.expr(c);
                });
                for row in table.rows.iter().chain(&table.otherwise) {
                    row.answers.iter().for_each(|a| self.answer(a));
                }
            }
            Body::Period(_) | Body::Log => {}
        }
        for exception in &group.exceptions {
            self.group(&exception.group);
        }
        self.idle(group);
    }

    fn answer(&mut self, answer: &'a Answer) {
        if let Answer::Value(value) = answer {
            self.expr(value);
        }
    }

    /// Tells the innermost conditions in an expression that can only go one way; says whether there are any.
    fn expr(&mut self, expr: &'a Expr) -> bool {
        let mut parts = Vec::new();
        expr.parts(&mut |part| parts.push(part));
        let mut found = false;
        for part in parts {
            found |= self.expr(part);
        }
        if found || !is_condition(expr) {
            return found;
        }
        let at = At { within: self.within, expr };
        let answer = if self.never(expr) {
            "no"
        } else if is_impossible(self.model, Formula::Holds(at, false)) {
            "yes"
        } else {
            return false;
        };
        let problem = Problem::new(Code::OneWayComparison, expr.span, format!("this can only be `{answer}`"))
            .label(format!("`{answer}` whatever the facts are"))
            .help("compare with what was meant, or leave the condition out");
        self.problems.push(problem);
        true
    }

    fn never(&self, condition: &'a Expr) -> bool {
        is_impossible(self.model, Formula::Holds(At { within: self.within, expr: condition }, true))
    }

    fn tell_never(&mut self, condition: &Expr, message: String) {
        let problem = Problem::new(Code::RuleNeverApplies, condition.span, message)
            .label("no facts satisfy this condition")
            .help("mend the condition, or remove the rule");
        self.problems.push(problem);
    }

    /// Exceptions that give the one answer which the rules round them give anyhow.
    fn idle(&mut self, group: &Group) {
        let Some(general) = only_answer(group) else { return };
        let all_agree = group.exceptions.iter().all(|e| agrees(e, general));
        for exception in group.exceptions.iter().filter(|_| all_agree) {
            let answer = general.display(self.model);
            let message = format!("exception `{}` makes no difference", exception.name);
            let problem = Problem::new(Code::RuleNeverApplies, exception.span, message)
                .label(format!("the rules round it never give anything but `{answer}`, and neither does this"))
                .help("remove the exception, or correct its answer");
            self.problems.push(problem);
        }
    }
}

/// The constant that all the rules of a group give, if its rules always give one.
fn only_answer(group: &Group) -> Option<&Value> {
    let Body::Rules(rules) = &group.body else { return None };
    let mut values = rules.iter().map(|rule| match &rule.answer {
        Answer::Value(Expr { kind: ExprKind::Const(value), .. }) => Some(value),
        _ => None,
    });
    let first = values.next()??;
    values.all(|v| v == Some(first)).then_some(first)
}

/// Whether an exception, and all exceptions to it, give this answer.
fn agrees(exception: &Exception, answer: &Value) -> bool {
    only_answer(&exception.group) == Some(answer) && exception.group.exceptions.iter().all(|e| agrees(e, answer))
}

/// Whether an expression says something that could go either way.
fn is_condition(expr: &Expr) -> bool {
    expr.ty == Type::YesNo
        && matches!(
            expr.kind,
            ExprKind::Compare(..)
                | ExprKind::Contains { .. }
                | ExprKind::InRange { .. }
                | ExprKind::InPeriod { .. }
                | ExprKind::And(_)
                | ExprKind::Or(_)
                | ExprKind::Not(_)
        )
}

/// Whether a rule's condition is more than a constant, which is written on purpose.
fn is_written(condition: &Expr) -> bool {
    !matches!(condition.kind, ExprKind::Const(_))
}
