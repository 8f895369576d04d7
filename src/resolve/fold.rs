//! Constant folding: an expression of constants becomes its value, so that tables and scenarios hold values.

use crate::diag::{Code, Problem};
use crate::model::{Arith, Expr, ExprKind};
use crate::value::{self, Fault, Value};

/// The expression, as a constant if all its parts are. A fault in the working becomes a problem.
pub(super) fn constant(expr: Expr, problems: &mut Vec<Problem>) -> Expr {
    match value(&expr) {
        None => expr,
        Some(Ok(value)) => Expr { kind: ExprKind::Const(value), ..expr },
        Some(Err(fault)) => {
            problems.push(Problem::new(Code::ImpossibleLiteral, expr.span, fault.to_string()));
            Expr { kind: ExprKind::Const(Value::YesNo(false)), ty: crate::model::Type::Unknown, span: expr.span }
        }
    }
}

fn value(expr: &Expr) -> Option<Result<Value, Fault>> {
    let known = |e: &Expr| match &e.kind {
        ExprKind::Const(value) => Some(value.clone()),
        _ => None,
    };
    let all = |items: &[Expr]| items.iter().map(known).collect::<Option<Vec<_>>>();
    match &expr.kind {
        ExprKind::Negate(inner) => Some(value::neg(&known(inner)?)),
        ExprKind::Arith(op, a, b) => {
            let (a, b) = (known(a)?, known(b)?);
            Some(match op {
                Arith::Add => value::add(&a, &b),
                Arith::Sub => value::sub(&a, &b),
                Arith::Mul => value::mul(&a, &b),
                Arith::PercentOf => value::percent_of(&a, &b),
            })
        }
        ExprKind::Set(items) => Some(Ok(Value::set(all(items)?))),
        ExprKind::List(items) => Some(Ok(Value::List(all(items)?.into()))),
        ExprKind::Record(id, fields) => {
            let fields: Option<Vec<Option<Value>>> =
                fields.iter().map(|f| f.as_ref().map_or(Some(None), |f| known(f).map(Some))).collect();
            Some(Ok(Value::Record(*id, fields?.into())))
        }
        _ => None,
    }
}
