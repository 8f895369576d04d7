//! Whether two expressions say the same thing, wherever they stand.

use super::At;
use crate::model::{Expr, ExprKind};

/// Whether both have the same value in every case. *No* means only that this was not seen.
pub(crate) fn same(a: At, b: At) -> bool {
    same_expr(a.expr, b.expr) && (a.within == b.within || !has_local(a.expr))
}

fn has_local(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |e| found |= matches!(e.kind, ExprKind::Local(_)));
    found
}

fn all_same(a: &[Expr], b: &[Expr]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_expr(a, b))
}

fn same_expr(a: &Expr, b: &Expr) -> bool {
    use ExprKind as K;
    match (&a.kind, &b.kind) {
        (K::Const(a), K::Const(b)) => a == b,
        (K::Input(a), K::Input(b)) => a == b,
        (K::Local(a), K::Local(b)) => a == b,
        (K::Decision(a, x), K::Decision(b, y)) => a == b && x == y,
        (K::WholeDecision(a, _), K::WholeDecision(b, _)) => a == b,
        (K::Reading(a), K::Reading(b)) => a == b,
        (K::PeriodStart(a), K::PeriodStart(b)) | (K::PeriodEnd(a), K::PeriodEnd(b)) => same_expr(a, b),
        (K::Field(a, x), K::Field(b, y)) => x == y && same_expr(a, b),
        (K::Property(a, x), K::Property(b, y)) => x == y && same_expr(a, b),
        (K::Not(a), K::Not(b)) | (K::Negate(a), K::Negate(b)) | (K::IsStated(a), K::IsStated(b)) => same_expr(a, b),
        (K::And(a), K::And(b)) | (K::Or(a), K::Or(b)) | (K::Set(a), K::Set(b)) | (K::List(a), K::List(b)) => {
            all_same(a, b)
        }
        (K::Call(f, a), K::Call(g, b)) => f.name == g.name && all_same(a, b),
        (K::Compare(x, a, c), K::Compare(y, b, d)) => x == y && same_expr(a, b) && same_expr(c, d),
        (K::Arith(x, a, c), K::Arith(y, b, d)) => x == y && same_expr(a, b) && same_expr(c, d),
        (K::Contains { set: a, item: c }, K::Contains { set: b, item: d }) => same_expr(a, b) && same_expr(c, d),
        (K::InPeriod { item: a, period: c }, K::InPeriod { item: b, period: d }) => same_expr(a, b) && same_expr(c, d),
        (
            K::InRange { item: a, low: c, high: e, high_counts: x },
            K::InRange { item: b, low: d, high: f, high_counts: y },
        ) => x == y && same_expr(a, b) && same_expr(c, d) && same_expr(e, f),
        (K::Between { from: a, to: c, unit: x }, K::Between { from: b, to: d, unit: y }) => {
            x == y && same_expr(a, b) && same_expr(c, d)
        }
        (K::Round { value: a, mode: x, step: s }, K::Round { value: b, mode: y, step: t }) => {
            x == y && s == t && same_expr(a, b)
        }
        (
            K::Divide { dividend: a, divisor: c, mode: x, step: s },
            K::Divide { dividend: b, divisor: d, mode: y, step: t },
        ) => x == y && s == t && same_expr(a, b) && same_expr(c, d),
        (K::If(a, c, e), K::If(b, d, f)) => same_expr(a, b) && same_expr(c, d) && same_expr(e, f),
        // What binds a name of its own, and record values, are not compared.
        _ => false,
    }
}
