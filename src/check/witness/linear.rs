//! Ordered expressions as sums: what is added, what is taken away, and a constant. `starts-on - 6 weeks` is
//! `starts-on` less 42; `a to b in days` is `b` less `a`.

use rust_decimal::Decimal;

use super::amount::amount;
use super::formula::{At, Term, let_of};
use super::same::same;
use crate::model::{Arith, Body, ExprKind, Model, PeriodExtent, SpanUnit, Type};
use crate::value::Value;

/// How deep sums are followed through `let`s and periods.
const MAX_DEPTH: usize = 24;

/// A sum of terms and a constant.
#[derive(Clone, Debug, Default)]
pub(super) struct Linear<'a> {
    pub plus: Vec<Term<'a>>,
    pub minus: Vec<Term<'a>>,
    pub constant: Decimal,
    /// How far off the constant may be: months are not of one length.
    pub slack: Decimal,
}

impl<'a> Linear<'a> {
    fn constant(constant: Decimal) -> Self {
        Linear { constant, ..Linear::default() }
    }

    fn term(term: Term<'a>) -> Self {
        Linear { plus: vec![term], ..Linear::default() }
    }

    fn negated(self) -> Self {
        Linear { plus: self.minus, minus: self.plus, constant: -self.constant, slack: self.slack }
    }

    fn and(mut self, other: Self) -> Option<Self> {
        self.constant = self.constant.checked_add(other.constant)?;
        self.slack = self.slack.checked_add(other.slack)?;
        self.plus.extend(other.plus);
        self.minus.extend(other.minus);
        Some(self)
    }

    /// `self - other`, with what stands on both sides left out.
    pub fn less(self, other: Self) -> Option<Self> {
        let mut sum = self.and(other.negated())?;
        let mut i = 0;
        while i < sum.plus.len() {
            match sum.minus.iter().position(|m| same_term(&sum.plus[i], m)) {
                Some(j) => {
                    sum.plus.remove(i);
                    sum.minus.remove(j);
                }
                None => i += 1,
            }
        }
        Some(sum)
    }
}

/// A term as a sum. With `exact`, whatever is not exactly one stays a term.
pub(super) fn linear<'a>(model: &'a Model, term: &Term<'a>, exact: bool) -> Option<Linear<'a>> {
    Reader { model, exact }.term(term, 0)
}

/// Whether two terms are one.
pub(super) fn same_term(a: &Term, b: &Term) -> bool {
    match (a, b) {
        (Term::Of(a), Term::Of(b)) | (Term::Starts(a), Term::Starts(b)) | (Term::Ends(a), Term::Ends(b)) => {
            same(*a, *b)
        }
        (Term::Value(a), Term::Value(b)) => a == b,
        _ => false,
    }
}

struct Reader<'a> {
    model: &'a Model,
    exact: bool,
}

impl<'a> Reader<'a> {
    fn term(&self, term: &Term<'a>, depth: usize) -> Option<Linear<'a>> {
        if depth > MAX_DEPTH {
            return Some(Linear::term(term.clone()));
        }
        match term {
            Term::Value(value) => amount(value).map(Linear::constant),
            Term::Starts(period) => self.period(*period, true, depth).or_else(|| Some(Linear::term(term.clone()))),
            Term::Ends(period) => self.period(*period, false, depth).or_else(|| Some(Linear::term(term.clone()))),
            Term::Of(at) => self.expr(*at, depth).or_else(|| Some(Linear::term(term.clone()))),
        }
    }

    /// The sum that an expression is; `None` if it is none.
    fn expr(&self, at: At<'a>, depth: usize) -> Option<Linear<'a>> {
        let part = |expr| self.term(&Term::Of(At { within: at.within, expr }), depth + 1);
        match &at.expr.kind {
            ExprKind::Const(value) => amount(value).map(Linear::constant),
            ExprKind::Local(slot) => part(let_of(self.model, at.within, *slot)?),
            ExprKind::Decision(id, _) => {
                let inner = super::formula::formula_of(self.model, *id)?;
                self.term(&Term::Of(inner), depth + 1)
            }
            ExprKind::Negate(inner) => part(inner).map(Linear::negated),
            ExprKind::Arith(op @ (Arith::Add | Arith::Sub), left, right) => {
                let mut right = match (&left.ty, &right.ty, &right.kind) {
                    (Type::Date, Type::Months, ExprKind::Const(Value::Months(months))) => self.months(*months)?,
                    (Type::Date, Type::Months, _) | (Type::Months, Type::Date, _) => return None,
                    _ => part(right)?,
                };
                if *op == Arith::Sub {
                    right = right.negated();
                }
                part(left)?.and(right)
            }
            ExprKind::Between { from, to, unit } => {
                let whole = match unit {
                    SpanUnit::Days => true,
                    SpanUnit::Weeks | SpanUnit::Hours | SpanUnit::Minutes => false,
                    SpanUnit::Months => return None,
                };
                if !whole && self.exact {
                    return None;
                }
                part(to)?.and(part(from)?.negated())
            }
            ExprKind::PeriodStart(period) => self.period(At { within: at.within, expr: period }, true, depth),
            ExprKind::PeriodEnd(period) => self.period(At { within: at.within, expr: period }, false, depth),
            ExprKind::Except { column, .. } if !self.exact => part(column),
            _ => None,
        }
    }

    /// So many months in days, about.
    fn months(&self, months: i64) -> Option<Linear<'a>> {
        if self.exact {
            return None;
        }
        let days = Decimal::from(months).checked_mul(Decimal::new(304_369, 4))?.round();
        Some(Linear { constant: days, slack: Decimal::from(3), ..Linear::default() })
    }

    fn period(&self, at: At<'a>, first: bool, depth: usize) -> Option<Linear<'a>> {
        let ExprKind::Decision(id, _) = at.expr.kind else { return None };
        let Body::Period(extent) = &self.model.decision(id).group.body else { return None };
        let part = |expr| self.term(&Term::Of(At { within: Some(id), expr }), depth + 1);
        let days = |value: &Value| match value {
            Value::Months(months) => self.months(*months),
            value => amount(value).map(Linear::constant),
        };
        match &**extent {
            PeriodExtent::FromTo { from, to } => part(if first { from } else { to }),
            PeriodExtent::Last { length, before } if first => part(before)?.and(days(length)?.negated()),
            PeriodExtent::Last { before, .. } => part(before)?.and(Linear::constant(Decimal::NEGATIVE_ONE)),
            PeriodExtent::First { of, .. } if first => part(of),
            PeriodExtent::First { length, of, counted } => {
                let end = part(of)?.and(days(length)?)?;
                match &counted.kind {
                    ExprKind::Const(Value::YesNo(true)) => end.and(Linear::constant(Decimal::NEGATIVE_ONE)),
                    ExprKind::Const(_) => Some(end),
                    _ if self.exact => None,
                    _ => end.and(Linear { slack: Decimal::ONE, ..Linear::default() }),
                }
            }
        }
    }
}
