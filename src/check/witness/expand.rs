//! Statements about a case as alternatives of simple demands (disjunctive normal form).
//!
//! For a proof, decisions stay what they are: only what holds in every case is drawn on. For a search, decisions are
//! opened up to the conditions of their rules, roughly; what comes out is tried before it is believed.

use rust_decimal::Decimal;

use super::amount::{amount, is_counted};
use super::formula::{At, Formula, Term, constant, formula_of, let_of, ways};
use super::linear::{linear, same_term};
use super::system::Bound;
use crate::model::{Answer, CompareOp, Expr, ExprKind, Model, OUTSIDE, SERVICES, Test, TestKind, Type, holds};
use crate::value::Value;

/// A demand on a case.
#[derive(Clone, Debug)]
pub(super) enum Demand<'a> {
    /// `plus - minus` is at most this; either may be nothing.
    Apart { plus: Option<Term<'a>>, minus: Option<Term<'a>>, bound: Bound },
    /// An ordered value is not this.
    Differs(Term<'a>, Decimal),
    /// A value is one of these, or none of them.
    Among(Term<'a>, Vec<Value>, bool),
    /// A set has this member, or has not.
    Has(Term<'a>, Value, bool),
}

pub(super) type Alternative<'a> = Vec<Demand<'a>>;

/// How statements are taken apart.
pub(super) struct Expander<'a> {
    pub model: &'a Model,
    /// Only what is sure; else also what is likely.
    pub proof: bool,
    /// Whether some alternatives were left out.
    pub cut: bool,
    pub limit: usize,
    /// Statements that may still be taken apart.
    pub fuel: usize,
}

const MAX_DECISIONS_DEEP: usize = 6;

impl<'a> Expander<'a> {
    pub fn new(model: &'a Model, proof: bool) -> Self {
        Expander { model, proof, cut: false, limit: 48, fuel: 4_000 }
    }

    /// The alternatives under which a statement holds.
    pub fn expand(&mut self, formula: Formula<'a>, depth: usize) -> Vec<Alternative<'a>> {
        if self.fuel == 0 || depth > MAX_DECISIONS_DEEP {
            self.cut |= self.fuel == 0;
            return vec![Vec::new()];
        }
        self.fuel -= 1;
        match formula {
            Formula::All(parts) => {
                let mut all = vec![Vec::new()];
                for part in parts {
                    let part = self.expand(part, depth);
                    if let [only] = part.as_slice() {
                        all.iter_mut().for_each(|a: &mut Alternative| a.extend_from_slice(only));
                        continue;
                    }
                    self.cut |= all.len() * part.len() > self.limit;
                    let product = all.iter().flat_map(|a| part.iter().map(move |b| [a.as_slice(), b].concat()));
                    all = product.take(self.limit).collect();
                }
                all
            }
            Formula::Any(parts) => {
                let mut any = Vec::new();
                for part in parts {
                    any.extend(self.expand(part, depth));
                    if any.len() > self.limit {
                        self.cut = true;
                        any.truncate(self.limit);
                        break;
                    }
                }
                any
            }
            Formula::Holds(at, wanted) => self.holds(at, wanted, depth),
            Formula::Passes(at, test, wanted) => match passing(at, test, wanted) {
                Some(formula) => self.expand(formula, depth),
                None => vec![has_cell(at, test, wanted)],
            },
            Formula::Compared(op, left, right) => self.compared(op, left, right, depth),
            Formula::Among(term, values, wanted) => self.among(term, values, wanted, depth),
        }
    }

    fn holds(&mut self, at: At<'a>, wanted: bool, depth: usize) -> Vec<Alternative<'a>> {
        let part = |expr| At { within: at.within, expr };
        let term = |expr| Term::Of(part(expr));
        let joined = |parts: &'a [Expr], all: bool| {
            let parts = parts.iter().map(|p| Formula::Holds(part(p), wanted)).collect();
            if all { Formula::All(parts) } else { Formula::Any(parts) }
        };
        let between = |op_low: (Term<'a>, Term<'a>), op_high: (CompareOp, Term<'a>, Term<'a>)| {
            let inside = Formula::All(vec![
                Formula::Compared(CompareOp::Ge, op_low.0, op_low.1),
                Formula::Compared(op_high.0, op_high.1, op_high.2),
            ]);
            if wanted { inside } else { inside.denied() }
        };
        let formula = match &at.expr.kind {
            ExprKind::Const(value) => {
                return if *value == Value::YesNo(wanted) { vec![Vec::new()] } else { Vec::new() };
            }
            ExprKind::Not(inner) => Formula::Holds(part(inner), !wanted),
            ExprKind::And(parts) => joined(parts, wanted),
            ExprKind::Or(parts) => joined(parts, !wanted),
            ExprKind::Compare(op, left, right) => {
                Formula::Compared(if wanted { *op } else { op.negated() }, term(left), term(right))
            }
            ExprKind::Contains { set, item } => match (constant(self.model, set), constant(self.model, item)) {
                (Some(Value::Set(values)), _) => Formula::Among(term(item), values.to_vec(), wanted),
                (_, Some(value)) => return self.has(part(set), value, wanted, depth),
                _ => return vec![vec![Demand::Among(Term::Of(at), vec![Value::YesNo(wanted)], true)]],
            },
            ExprKind::InRange { item, low, high, high_counts } => {
                let below = if *high_counts { CompareOp::Le } else { CompareOp::Lt };
                between((term(item), term(low)), (below, term(item), term(high)))
            }
            ExprKind::InPeriod { item, period } => {
                between((term(item), Term::Starts(part(period))), (CompareOp::Le, term(item), Term::Ends(part(period))))
            }
            ExprKind::If(condition, then, otherwise) => Formula::Any(vec![
                Formula::All(vec![Formula::Holds(part(condition), true), Formula::Holds(part(then), wanted)]),
                Formula::All(vec![Formula::Holds(part(condition), false), Formula::Holds(part(otherwise), wanted)]),
            ]),
            ExprKind::Local(slot) => match let_of(self.model, at.within, *slot) {
                Some(value) => Formula::Holds(part(value), wanted),
                None => Formula::Among(Term::Of(at), vec![Value::YesNo(wanted)], true),
            },
            _ => Formula::Among(Term::Of(at), vec![Value::YesNo(wanted)], true),
        };
        self.expand(formula, depth)
    }

    /// A set has an item: directly, or through a property of a service that is to be chosen.
    fn has(&mut self, set: At<'a>, item: Value, wanted: bool, depth: usize) -> Vec<Alternative<'a>> {
        if let (ExprKind::Property(of, property), false) = (&set.expr.kind, self.proof) {
            let fitting = self.services(|s| {
                s.properties.get(property).and_then(|v| crate::value::has(v, &item).ok()) == Some(wanted)
            });
            return self
                .expand(Formula::Among(Term::Of(At { within: set.within, expr: of }), fitting, true), depth + 1);
        }
        if let ExprKind::Local(slot) = set.expr.kind {
            if let Some(value) = let_of(self.model, set.within, slot) {
                return self.has(At { within: set.within, expr: value }, item, wanted, depth + 1);
            }
        }
        vec![vec![Demand::Has(Term::Of(set), item, wanted)]]
    }

    fn services(&self, fits: impl Fn(&crate::model::Service) -> bool) -> Vec<Value> {
        let numbers = self.model.services.iter().enumerate().filter(|(_, s)| fits(s));
        numbers.map(|(n, _)| Value::Member(SERVICES, n as u32)).collect()
    }

    fn among(&mut self, term: Term<'a>, values: Vec<Value>, wanted: bool, depth: usize) -> Vec<Alternative<'a>> {
        let Term::Of(at) = term else { return vec![Vec::new()] };
        if at.expr.ty.is_ordered() && values.iter().all(|v| amount(v).is_some()) && at.expr.ty != Type::Unknown {
            let each = values.into_iter().map(|v| Formula::Compared(CompareOp::Eq, Term::Of(at), Term::Value(v)));
            let any = Formula::Any(each.collect());
            return self.expand(if wanted { any } else { any.denied() }, depth + 1);
        }
        let through = |expr| Formula::Among(Term::Of(At { within: at.within, expr }), values.clone(), wanted);
        let formula = match &at.expr.kind {
            ExprKind::Const(value) => {
                return if values.contains(value) == wanted { vec![Vec::new()] } else { Vec::new() };
            }
            ExprKind::Local(slot) => let_of(self.model, at.within, *slot).map(through),
            ExprKind::Decision(id, column) => match formula_of(self.model, *id) {
                Some(inner) => Some(match yes_no(&values, wanted, &inner.expr.ty) {
                    Some(yes) => Formula::Holds(inner, yes),
                    None => Formula::Among(Term::Of(inner), values.clone(), wanted),
                }),
                None if self.proof => None,
                None => Some(self.decided(*id, *column as usize, &|answer| {
                    Formula::Among(Term::Of(answer), values.clone(), wanted)
                })),
            },
            ExprKind::If(condition, then, otherwise) => {
                let case = |yes| Formula::Holds(At { within: at.within, expr: condition }, yes);
                Some(Formula::Any(vec![
                    Formula::All(vec![case(true), through(then)]),
                    Formula::All(vec![case(false), through(otherwise)]),
                ]))
            }
            ExprKind::Property(of, property) if !self.proof => {
                let fitting =
                    self.services(|s| s.properties.get(property).is_some_and(|v| values.contains(v) == wanted));
                Some(Formula::Among(Term::Of(At { within: at.within, expr: of }), fitting, true))
            }
            ExprKind::Except { column, .. } if !self.proof => Some(through(column)),
            // A yes-no expression with a shape of its own is looked into.
            ExprKind::Not(_) | ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Compare(..) => {
                yes_no(&values, wanted, &Type::YesNo).map(|yes| Formula::Holds(at, yes))
            }
            _ => None,
        };
        match formula {
            Some(formula) => self.expand(formula, depth + 1),
            None => vec![vec![Demand::Among(term, values, wanted)]],
        }
    }

    /// That a decision gives an answer of which something holds.
    fn decided(&self, id: crate::model::DecisionId, column: usize, of: &dyn Fn(At<'a>) -> Formula<'a>) -> Formula<'a> {
        let ways = ways(id, &self.model.decision(id).group, column);
        let fitting = ways.into_iter().filter_map(|(condition, answer)| match answer {
            Answer::Value(expr) => Some(Formula::All(vec![of(At { within: Some(id), expr }), condition])),
            Answer::Silent | Answer::Discretion { .. } => None,
        });
        Formula::Any(fitting.collect())
    }

    fn compared(&mut self, op: CompareOp, left: Term<'a>, right: Term<'a>, depth: usize) -> Vec<Alternative<'a>> {
        if let (Some(a), Some(b)) = (self.value(&left), self.value(&right)) {
            return if holds(op, &a, &b) == Some(false) { Vec::new() } else { vec![Vec::new()] };
        }
        let is_ordered = |term: &Term| match term {
            Term::Of(at) => at.expr.ty.is_ordered() && at.expr.ty != Type::Unknown,
            Term::Value(value) => amount(value).is_some(),
            Term::Starts(_) | Term::Ends(_) => true,
        };
        if !is_ordered(&left) || !is_ordered(&right) {
            return self.equal(op, left, right, depth);
        }
        // A decision with several answers is opened up; a formula is part of the sum.
        for (side, other, op) in [(&left, &right, op), (&right, &left, op.flipped())] {
            let Term::Of(at) = side else { continue };
            let formula = match &at.expr.kind {
                ExprKind::If(condition, then, otherwise) => {
                    let part = |expr| At { within: at.within, expr };
                    let case = |yes, expr| {
                        let holds = Formula::Holds(part(condition), yes);
                        Formula::All(vec![holds, Formula::Compared(op, Term::Of(part(expr)), other.clone())])
                    };
                    Formula::Any(vec![case(true, then), case(false, otherwise)])
                }
                ExprKind::Decision(id, column) if !self.proof && formula_of(self.model, *id).is_none() => {
                    self.decided(*id, *column as usize, &|a| Formula::Compared(op, Term::Of(a), other.clone()))
                }
                _ => continue,
            };
            return self.expand(formula, depth + 1);
        }
        self.apart(op, &left, &right, depth).unwrap_or_else(|| vec![Vec::new()])
    }

    /// A comparison as limits on the difference of two unknowns; `None` if there are more than two.
    fn apart(
        &mut self,
        op: CompareOp,
        left: &Term<'a>,
        right: &Term<'a>,
        depth: usize,
    ) -> Option<Vec<Alternative<'a>>> {
        let sum = linear(self.model, left, self.proof)?.less(linear(self.model, right, self.proof)?)?;
        if sum.plus.len() > 1 || sum.minus.len() > 1 {
            return None;
        }
        let (plus, minus) = (sum.plus.into_iter().next(), sum.minus.into_iter().next());
        let Some(ty) = plus.as_ref().or(minus.as_ref()).map(type_of) else {
            let ordering = sum.constant.cmp(&Decimal::ZERO);
            return Some(if op.holds(ordering) { vec![Vec::new()] } else { Vec::new() });
        };
        if self.proof && ty == Type::Money(None) {
            // Another currency would be a fault, not an answer.
            return None;
        }
        let counted = plus.iter().chain(&minus).all(|term| is_counted(&type_of(term)));
        let at_most = |plus: &Option<Term<'a>>, minus: &Option<Term<'a>>, limit: Decimal, strict: bool| {
            let limit = limit.checked_sub(sum.slack)?;
            let bound = match (counted, strict) {
                (true, true) => Bound { limit: limit.ceil().checked_sub(Decimal::ONE)?, strict: false },
                (true, false) => Bound { limit: limit.floor(), strict: false },
                (false, strict) => Bound { limit, strict },
            };
            Some(Demand::Apart { plus: plus.clone(), minus: minus.clone(), bound })
        };
        let c = sum.constant;
        Some(match op {
            CompareOp::Le | CompareOp::Lt => vec![vec![at_most(&plus, &minus, -c, op == CompareOp::Lt)?]],
            CompareOp::Ge | CompareOp::Gt => vec![vec![at_most(&minus, &plus, c, op == CompareOp::Gt)?]],
            CompareOp::Eq => vec![vec![at_most(&plus, &minus, -c, false)?, at_most(&minus, &plus, c, false)?]],
            CompareOp::Ne => match (plus, minus) {
                (Some(term), None) => vec![vec![Demand::Differs(term, -c)]],
                (None, Some(term)) => vec![vec![Demand::Differs(term, c)]],
                _ => {
                    let side = |op| Formula::Compared(op, left.clone(), right.clone());
                    self.expand(Formula::Any(vec![side(CompareOp::Lt), side(CompareOp::Gt)]), depth + 1)
                }
            },
        })
    }

    fn equal(&mut self, op: CompareOp, left: Term<'a>, right: Term<'a>, depth: usize) -> Vec<Alternative<'a>> {
        let wanted = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return vec![Vec::new()],
        };
        for (side, other) in [(&left, &right), (&right, &left)] {
            if let Some(value) = self.value(other) {
                return self.expand(Formula::Among(side.clone(), vec![value], wanted), depth + 1);
            }
        }
        if same_term(&left, &right) && !wanted { Vec::new() } else { vec![Vec::new()] }
    }

    fn value(&self, term: &Term<'a>) -> Option<Value> {
        match term {
            Term::Value(value) => Some(value.clone()),
            Term::Of(at) => constant(self.model, at.expr),
            Term::Starts(_) | Term::Ends(_) => None,
        }
    }
}

/// What a term measures.
pub(super) fn type_of(term: &Term) -> Type {
    match term {
        Term::Of(at) => at.expr.ty.clone(),
        Term::Starts(_) | Term::Ends(_) | Term::Value(_) => Type::Date,
    }
}

/// For a yes-no: which answer is asked for.
fn yes_no(values: &[Value], wanted: bool, ty: &Type) -> Option<bool> {
    match (values, ty) {
        ([Value::YesNo(value)], Type::YesNo) => Some(*value == wanted),
        _ => None,
    }
}

/// A cell as a statement about its heading; `None` for a cell that asks what a set has.
fn passing<'a>(at: At<'a>, test: &'a Test, wanted: bool) -> Option<Formula<'a>> {
    let term = || Term::Of(at);
    let compared = |op: CompareOp, with: Term<'a>| Formula::Compared(op, term(), with);
    let formula = match &test.kind {
        TestKind::Any => Formula::always(),
        TestKind::OneOf(values) => Formula::Among(term(), values.clone(), true),
        TestKind::NoneOf(values) => {
            let values = values.iter().filter(|v| !matches!(v, Value::Member(_, OUTSIDE))).cloned();
            Formula::Among(term(), values.collect(), false)
        }
        TestKind::Compare(op, value) => compared(*op, Term::Value(value.clone())),
        TestKind::Range(low, high, includes) => {
            let below = if *includes { CompareOp::Le } else { CompareOp::Lt };
            let low = compared(CompareOp::Ge, Term::Value(low.clone()));
            Formula::All(vec![low, compared(below, Term::Value(high.clone()))])
        }
        TestKind::Dynamic(op, expr) => compared(*op, Term::Of(At { within: at.within, expr })),
        TestKind::Not(inner) => return passing(at, inner, !wanted),
        TestKind::Has(_) => return None,
    };
    Some(if wanted { formula } else { formula.denied() })
}

fn has_cell<'a>(at: At<'a>, test: &'a Test, wanted: bool) -> Alternative<'a> {
    match &test.kind {
        TestKind::Has(item) => vec![Demand::Has(Term::Of(at), item.clone(), wanted)],
        TestKind::Not(inner) => has_cell(at, inner, !wanted),
        _ => Vec::new(),
    }
}
