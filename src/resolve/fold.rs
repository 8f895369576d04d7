//! Constant folding: an expression of constants becomes its value, so that tables and scenarios hold values.

use rust_decimal::Decimal;

use crate::diag::{Code, Problem};
use crate::model::{Arith, Expr, ExprKind, Type};
use crate::source::Span;
use crate::value::{self, Fault, Rounding, Value};

/// The expression, as a constant if all its parts are. A fault in the working becomes a problem.
pub(super) fn constant(expr: Expr, problems: &mut Vec<Problem>) -> Expr {
    // What is wrong in it has been told.
    if expr.ty == Type::Unknown {
        return expr;
    }
    let (fault, span) = match (never(&expr), value(&expr)) {
        (Some(never), _) => never,
        (None, None) => return expr,
        (None, Some(Ok(value))) => return Expr { kind: ExprKind::Const(value), ..expr },
        (None, Some(Err(fault))) => (fault, expr.span),
    };
    let help = match fault {
        Fault::DivisionByZero => Some("no facts can change that: write the number that it is divided by".to_owned()),
        Fault::StepNotPositive => Some("the step is what is counted in, as in `rounded up to 0.01`".to_owned()),
        _ => None,
    };
    problems.push(Problem::new(Code::NoResult, span, fault.to_string()).maybe_help(help));
    Expr { kind: ExprKind::Const(Value::YesNo(false)), ty: Type::Unknown, span: expr.span }
}

/// Why there is no result, and where, whatever the other parts are: a divisor of zero, or a step of zero or less.
fn never(expr: &Expr) -> Option<(Fault, Span)> {
    let refused = |result: Result<Value, Fault>, fault: Fault| (result.err()? == fault).then_some(fault);
    let by_step = |step: &Value, mode: &Rounding| {
        refused(value::round_to(step, step, *mode), Fault::StepNotPositive).map(|fault| (fault, expr.span))
    };
    match &expr.kind {
        ExprKind::Round { mode, step, .. } => by_step(step, mode),
        ExprKind::Divide { divisor, mode, step, .. } => by_step(step, mode).or_else(|| {
            let ExprKind::Const(by) = &divisor.kind else { return None };
            let one = Value::Number(Decimal::ONE);
            let fault = refused(value::divide_rounded(by, by, &one, *mode), Fault::DivisionByZero)?;
            Some((fault, divisor.span))
        }),
        _ => None,
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
        ExprKind::Divide { dividend, divisor, mode, step } => {
            Some(value::divide_rounded(&known(dividend)?, &known(divisor)?, step, *mode))
        }
        ExprKind::Round { value, mode, step } => Some(value::round_to(&known(value)?, step, *mode)),
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
