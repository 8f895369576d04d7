//! One case by itself: what it comes to, and what cases like it come to.

use std::rc::Rc;

use super::answers::{Answer, Told};
use super::memory::Cell;
use super::number::{held, holds};
use super::sub::{Sub, What, Which};
use crate::check::Checked;
use crate::eval::{Evaluation, Known, Reason, Why, is_tried, outcome};
use crate::model::{DecisionId, Expr, ExprKind, Type};
use crate::report::{Target, report};
use crate::scenario::Facts;
use crate::value::Value;

/// What a target comes to in one case.
pub fn told(checked: &Checked, facts: &Facts, target: &Target, clauses: bool) -> Told {
    if !clauses {
        return Told::of(checked, &outcome(checked, facts, &target.expr), None);
    }
    match report(checked, facts, vec![target.clone()]).first() {
        Some(reported) => Told::of(checked, &reported.outcome, Some(reported)),
        None => Told::of(checked, &outcome(checked, facts, &target.expr), None),
    }
}

/// What cases like one come to.
#[derive(Clone, Debug)]
pub enum Like {
    Same,
    /// What the formula at this place among the sub's gives.
    Formula(usize),
    /// It turns on which answers are the same, too.
    Compared,
    /// Each is to be evaluated by itself.
    Alone,
}

/// What cases with the same atoms come to in a target, judged by the first of them. `is` says whether a formula gives a
/// value in this case.
pub fn like(checked: &Checked, facts: &Facts, sub: &Sub, is: &mut dyn FnMut(usize, &Value) -> bool) -> Like {
    let evaluation = Evaluation::new(checked, facts);
    let known = asked(&evaluation, sub);
    judged(&evaluation, sub, &known, is)
}

fn judged(evaluation: &Evaluation, sub: &Sub, known: &Known, is: &mut dyn FnMut(usize, &Value) -> bool) -> Like {
    let numbers = sub.chosen || !sub.numeric.is_empty();
    // Whether two answers are the same, or what it comes to where something is tried, turns on the amounts themselves.
    let has_compared = evaluation.has_compared(&sub.numeric);
    match known {
        Err(why) if turns_on_amounts(why) => Like::Alone,
        Err(why) if has_compared || numbers && is_tried(evaluation.checked, why) => Like::Compared,
        Ok(_) if has_compared => Like::Alone,
        Err(_) => Like::Same,
        Ok(_) if sub.formulas.is_empty() => Like::Same,
        Ok(value) => by_formula(evaluation, sub, value, is),
    }
}

fn by_formula(evaluation: &Evaluation, sub: &Sub, value: &Value, is: &mut dyn FnMut(usize, &Value) -> bool) -> Like {
    let of = |wanted: Which| sub.formulas.iter().position(|(which, _)| *which == wanted);
    let formula = match sub.what {
        What::Part(decision, Expr { kind: ExprKind::If(condition, ..), .. }) => {
            match within(evaluation, decision, condition) {
                Ok(Value::YesNo(holds)) => of(Which::If(holds)),
                _ => return Like::Alone,
            }
        }
        What::Answer(id, column) => {
            let one_of = || (0..sub.formulas.len()).filter(|place| sub.formulas[*place].0 == Which::OneOf);
            if one_of().next().is_some() {
                let fitting: Vec<usize> = one_of().filter(|place| is(*place, value)).collect();
                return match fitting[..] {
                    [one] => Like::Formula(one),
                    _ => Like::Alone,
                };
            }
            let decided = evaluation.decide(id);
            let mut fired = decided.fired.iter().filter(|fired| fired.columns.contains(&(column as usize)));
            match (fired.next(), fired.next()) {
                (Some(fired), None) => match of(Which::At(fired.span)) {
                    // A rule whose answer is no formula: it is the same for all such cases.
                    None => return Like::Same,
                    formula => formula,
                },
                _ => return Like::Alone,
            }
        }
        _ => return Like::Alone,
    };
    match formula {
        Some(place) if is(place, value) => Like::Formula(place),
        _ => Like::Alone,
    }
}

/// Whether the reasons themselves can differ between cases with the same atoms: faults, conflicting answers, and the days
/// that nobody has judged.
fn turns_on_amounts(why: &Why) -> bool {
    matches!(why.reason(), Reason::Fault | Reason::Conflict) || !why.unjudged.is_empty()
}

/// What a sub comes to in one case.
fn asked(evaluation: &Evaluation, sub: &Sub) -> Known {
    match sub.what {
        What::Answer(id, column) => {
            let decided = evaluation.decide(id);
            decided.columns.get(column as usize).cloned().unwrap_or_else(|| Err(Rc::default()))
        }
        What::Part(decision, expr) => within(evaluation, decision, expr),
        What::Calendar(_) => Err(Rc::default()),
    }
}

fn within(evaluation: &Evaluation, decision: Option<DecisionId>, expr: &Expr) -> Known {
    match decision {
        Some(id) => evaluation.value_in(id, expr),
        None => evaluation.value(expr),
    }
}

/// What cases with the same atoms come to in a sub that a number is worked out from.
pub fn cell(checked: &Checked, facts: &Facts, sub: &Sub, is: &mut dyn FnMut(usize, &Value) -> bool) -> Cell {
    let evaluation = Evaluation::new(checked, facts);
    if let What::Calendar(number) = sub.what {
        return match evaluation.clock(number) {
            Ok(clock) => Cell::Clock(clock.calendar.clone(), clock.part_day.as_ref().ok().copied()),
            Err(why) if turns_on_amounts(&why) => Cell::Alone,
            Err(_) => Cell::Unknown,
        };
    }
    let known = asked(&evaluation, sub);
    // Here nothing is tried: that is for what is asked for in the end.
    let like = match &known {
        Err(why) if !turns_on_amounts(why) => {
            if evaluation.has_compared(&sub.numeric) {
                Like::Alone
            } else {
                Like::Same
            }
        }
        known => judged(&evaluation, sub, known, is),
    };
    match (like, known) {
        (Like::Alone | Like::Compared, _) => Cell::Alone,
        (Like::Formula(place), _) => {
            sub.formulas.get(place).map_or(Cell::Alone, |(_, number)| Cell::Formula(*number, 0))
        }
        (Like::Same, Err(_)) => Cell::Unknown,
        (Like::Same, Ok(value)) => match held(&value) {
            Some((number, scale, offset)) => Cell::Held(number, scale, offset),
            None => Cell::Alone,
        },
    }
}

/// What is told of cases whose answer is a formula's number.
pub fn with_number(told: Told, ty: &Type) -> Told {
    debug_assert!(holds(ty));
    Told { answer: Answer::Number(ty.clone(), 0), ..told }
}
