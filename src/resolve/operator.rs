//! Operators: which types they join, and what comes out.

use super::Resolver;
use crate::diag::{Code, Problem};
use crate::model::{Arith, CompareOp, Expr, ExprKind, Type};
use crate::source::Span;
use crate::syntax::tree::{self, BinaryOp};
use crate::value::Value;

impl Resolver {
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &tree::Expr,
        right: &tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        match op {
            BinaryOp::And | BinaryOp::Or => self.logical(op, left, right, span),
            BinaryOp::Eq | BinaryOp::Is => self.comparison(CompareOp::Eq, left, right, span),
            BinaryOp::Ne | BinaryOp::IsNot => self.comparison(CompareOp::Ne, left, right, span),
            BinaryOp::Lt => self.comparison(CompareOp::Lt, left, right, span),
            BinaryOp::Le => self.comparison(CompareOp::Le, left, right, span),
            BinaryOp::Gt => self.comparison(CompareOp::Gt, left, right, span),
            BinaryOp::Ge => self.comparison(CompareOp::Ge, left, right, span),
            BinaryOp::In => self.membership(left, right, span),
            BinaryOp::NotIn => {
                let inner = self.membership(left, right, span);
                Expr { kind: ExprKind::Not(Box::new(inner)), ty: Type::YesNo, span }
            }
            BinaryOp::Has => self.has(left, right, span),
            BinaryOp::Add => self.arithmetic(Arith::Add, left, right, span, expected),
            BinaryOp::Sub => self.arithmetic(Arith::Sub, left, right, span, expected),
            BinaryOp::Mul => self.arithmetic(Arith::Mul, left, right, span, None),
            BinaryOp::Of => self.arithmetic(Arith::PercentOf, left, right, span, None),
            BinaryOp::Div if is_date_with_slashes(left, right) => {
                let message = "a date is not written with slashes";
                let help = "write the year, the month and the day: `2024-10-01`";
                self.report(Problem::new(Code::ImpossibleLiteral, span, message).help(help));
                self.wrong(span)
            }
            BinaryOp::Div => {
                let message = "this division does not say how its result is rounded";
                let help = "write `A / B rounded half-up to 0.01`, or `up to 1`, `down to USD 0.01` and the like";
                self.report(Problem::new(Code::RoundingNotWritten, span, message).help(help));
                self.wrong(span)
            }
            BinaryOp::Range | BinaryOp::RangeBelow => {
                let message = "a range stands after `in`, or in a table cell";
                self.report(Problem::new(Code::UnexpectedText, span, message));
                self.wrong(span)
            }
        }
    }

    fn logical(&mut self, op: BinaryOp, left: &tree::Expr, right: &tree::Expr, span: Span) -> Expr {
        let left = self.expr_of(left, &Type::YesNo);
        let right = self.expr_of(right, &Type::YesNo);
        let mut parts = Vec::new();
        for side in [left, right] {
            match (op, side.kind) {
                (BinaryOp::And, ExprKind::And(inner)) | (BinaryOp::Or, ExprKind::Or(inner)) => parts.extend(inner),
                (_, kind) => parts.push(Expr { kind, ..side }),
            }
        }
        let kind = if op == BinaryOp::And { ExprKind::And(parts) } else { ExprKind::Or(parts) };
        Expr { kind, ty: Type::YesNo, span }
    }

    /// Both sides, the one that is a bare name or literal read in the light of the other.
    fn pair(&mut self, left: &tree::Expr, right: &tree::Expr) -> (Expr, Expr) {
        if self.needs_context(left) && !self.needs_context(right) {
            let right = self.expr(right, None);
            let left = self.expr(left, Some(&right.ty));
            (left, right)
        } else {
            let left = self.expr(left, None);
            let right = self.expr(right, Some(&left.ty));
            (left, right)
        }
    }

    /// Whether it is a name that only an expected type can explain.
    fn needs_context(&self, e: &tree::Expr) -> bool {
        match &*e.kind {
            tree::ExprKind::Path(name) => {
                let first = name.text.split('.').next().unwrap_or("");
                let known =
                    |n: &str| self.named(n, name.span).is_some() || self.frame.locals.iter().any(|l| l.name == n);
                !known(&name.text) && !known(first) && !self.names.keys().any(|n| starts_path(&name.text, n))
            }
            tree::ExprKind::Number(_) => true,
            tree::ExprKind::Set(items) => items.iter().all(|i| self.needs_context(i)),
            tree::ExprKind::Paren(inner) => self.needs_context(inner),
            _ => false,
        }
    }

    fn comparison(&mut self, op: CompareOp, left: &tree::Expr, right: &tree::Expr, span: Span) -> Expr {
        let (left, right) = self.pair(left, right);
        if left.ty == Type::Unknown || right.ty == Type::Unknown {
            return self.wrong(span);
        }
        let same = left.ty.fits(&right.ty) || right.ty.fits(&left.ty);
        if !same {
            return self.not_comparable(&left, &right, span);
        }
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) && !left.ty.is_ordered() {
            let message =
                format!("`{}` has no order: `{}` means nothing for it", self.model.type_name(&left.ty), op.text());
            self.report(Problem::new(Code::NotComparable, span, message).help("compare it with `is` or `in`"));
            return self.wrong(span);
        }
        Expr { kind: ExprKind::Compare(op, Box::new(left), Box::new(right)), ty: Type::YesNo, span }
    }

    fn not_comparable(&mut self, left: &Expr, right: &Expr, span: Span) -> Expr {
        let (a, b) = (self.model.type_name(&left.ty), self.model.type_name(&right.ty));
        let code = match (&left.ty, &right.ty) {
            (Type::Money(_), Type::Money(_)) => Code::MixedCurrencies,
            (x, y) if x.is_measure() && y.is_measure() => Code::MixedUnits,
            _ => Code::NotComparable,
        };
        let problem = Problem::new(code, span, format!("`{a}` cannot be compared with `{b}`"))
            .related(left.span, format!("this is `{a}`"))
            .related(right.span, format!("this is `{b}`"))
            .maybe_help(unit_help(&left.ty, &right.ty));
        self.report(problem);
        self.wrong(span)
    }

    pub(super) fn not_defined(&mut self, op: &str, left: &Expr, right: &Expr, span: Span) -> Expr {
        if left.ty == Type::Unknown || right.ty == Type::Unknown {
            return self.wrong(span);
        }
        let (a, b) = (self.model.type_name(&left.ty), self.model.type_name(&right.ty));
        let code = match (&left.ty, &right.ty) {
            (Type::Money(Some(x)), Type::Money(Some(y))) if x != y => Code::MixedCurrencies,
            (x, y) if x.is_measure() && y.is_measure() => Code::MixedUnits,
            _ => Code::TypeMismatch,
        };
        let problem = Problem::new(code, span, format!("`{op}` is not defined for `{a}` and `{b}`"))
            .related(left.span, format!("this is `{a}`"))
            .related(right.span, format!("this is `{b}`"))
            .maybe_help(unit_help(&left.ty, &right.ty));
        self.report(problem);
        self.wrong(span)
    }

    fn membership(&mut self, item: &tree::Expr, set: &tree::Expr, span: Span) -> Expr {
        if let tree::ExprKind::Binary(op @ (BinaryOp::Range | BinaryOp::RangeBelow), low, high) = &*set.kind {
            let item = self.expr(item, None);
            let (low, high) = self.range(low, high, &item.ty);
            if item.ty == Type::Unknown || low.ty == Type::Unknown || high.ty == Type::Unknown {
                return self.wrong(span);
            }
            if !item.ty.is_ordered() {
                return self.not_comparable(&item, &low, span);
            }
            let kind = ExprKind::InRange {
                item: Box::new(item),
                low: Box::new(low),
                high: Box::new(high),
                high_counts: *op == BinaryOp::Range,
            };
            return Expr { kind, ty: Type::YesNo, span };
        }
        let (item, set) = if self.needs_context(item) && !self.needs_context(set) {
            let set = self.expr(set, None);
            let of = match &set.ty {
                Type::Set(of) | Type::List(of) => Some((**of).clone()),
                _ => None,
            };
            (self.expr(item, of.as_ref()), set)
        } else {
            let item = self.expr(item, None);
            let wanted = Type::Set(Box::new(item.ty.clone()));
            let set = self.expr(set, Some(&wanted));
            (item, set)
        };
        self.contains(item, set, span)
    }

    fn has(&mut self, set: &tree::Expr, item: &tree::Expr, span: Span) -> Expr {
        let set = self.expr(set, None);
        let of = match &set.ty {
            Type::Set(of) | Type::List(of) => Some((**of).clone()),
            _ => None,
        };
        let item = self.expr(item, of.as_ref());
        self.contains(item, set, span)
    }

    fn contains(&mut self, item: Expr, set: Expr, span: Span) -> Expr {
        let kind = match &set.ty {
            Type::Unknown => return self.wrong(span),
            _ if item.ty == Type::Unknown => return self.wrong(span),
            Type::Period => {
                if !item.ty.fits(&Type::Date) {
                    self.mismatch(item.span, &item.ty, &Type::Date);
                    return self.wrong(span);
                }
                ExprKind::InPeriod { item: Box::new(item), period: Box::new(set) }
            }
            Type::Set(of) | Type::List(of) => {
                let of = (**of).clone();
                if !item.ty.fits(&of) && !of.fits(&item.ty) {
                    self.mismatch(item.span, &item.ty, &of);
                    return self.wrong(span);
                }
                ExprKind::Contains { set: Box::new(set), item: Box::new(item) }
            }
            other => {
                let message =
                    format!("this is `{}`, and a set, a period or a range is wanted here", self.model.type_name(other));
                self.report(Problem::new(Code::TypeMismatch, set.span, message));
                return self.wrong(span);
            }
        };
        Expr { kind, ty: Type::YesNo, span }
    }

    /// The ends of `6..13 days`: the first may leave its unit to the second.
    pub(super) fn range(&mut self, low: &tree::Expr, high: &tree::Expr, ty: &Type) -> (Expr, Expr) {
        let high = self.expr_of(high, ty);
        let borrowed = match (&*low.kind, &high.kind) {
            (tree::ExprKind::Number(text), ExprKind::Const(value)) => {
                crate::value::literal::parse_number(text).ok().and_then(|n| with_unit_of(value, n))
            }
            _ => None,
        };
        let low = match borrowed {
            Some(value) => self.constant(value, high.ty.clone(), low.span),
            None => self.expr_of(low, ty),
        };
        (low, high)
    }

    fn arithmetic(
        &mut self,
        op: Arith,
        left: &tree::Expr,
        right: &tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let left = self.expr(left, expected.filter(|t| !matches!(t, Type::Enum(_))));
        let right = self.expr(right, None);
        if left.ty == Type::Unknown || right.ty == Type::Unknown {
            return self.wrong(span);
        }
        let (ty, sign) = match op {
            Arith::Add => (sum(&left.ty, &right.ty), "+"),
            Arith::Sub => (difference(&left.ty, &right.ty), "-"),
            Arith::Mul => (product(&left.ty, &right.ty), "*"),
            Arith::PercentOf => (percent_of(&left.ty, &right.ty), "of"),
        };
        match ty {
            Some(ty) => Expr { kind: ExprKind::Arith(op, Box::new(left), Box::new(right)), ty, span },
            None => self.not_defined(sign, &left, &right, span),
        }
    }

    pub(super) fn negate(&mut self, inner: Expr, span: Span) -> Expr {
        let ty = inner.ty.clone();
        if zero(&ty).is_none() && !matches!(ty, Type::Unknown | Type::Money(None)) {
            let message = format!("a minus sign is not defined for `{}`", self.model.type_name(&ty));
            self.report(Problem::new(Code::TypeMismatch, span, message));
            return self.wrong(span);
        }
        Expr { kind: ExprKind::Negate(Box::new(inner)), ty, span }
    }
}

/// `01/10/2024` or `2024/10/01`
fn is_date_with_slashes(left: &tree::Expr, right: &tree::Expr) -> bool {
    let digits = |e: &tree::Expr| match &*e.kind {
        tree::ExprKind::Number(text) => text.len(),
        _ => 0,
    };
    match &*left.kind {
        tree::ExprKind::Binary(BinaryOp::Div, first, second) => {
            matches!((digits(first), digits(second), digits(right)), (1..=2, 1..=2, 2 | 4) | (4, 1..=2, 1..=2))
        }
        _ => false,
    }
}

/// What is said of two currencies.
pub(super) const ONE_CURRENCY: &str =
    "currencies never mix; where the agreement fixes a rate of exchange, multiply by it as a number";

/// Whether `name` is a declared name followed by a field in `path`.
fn starts_path(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

fn unit_help(left: &Type, right: &Type) -> Option<String> {
    let pair = [left, right];
    let has = |ty: &Type| pair.contains(&ty);
    if pair.iter().all(|t| matches!(t, Type::Money(_))) {
        return Some(ONE_CURRENCY.to_owned());
    }
    if has(&Type::Text) && pair.iter().any(|t| matches!(t, Type::Enum(_))) {
        return Some("names stand without quotes".to_owned());
    }
    if has(&Type::Date) && pair.iter().all(|t| **t == Type::Date) {
        return Some("days between two dates: write `A to B in days`".to_owned());
    }
    if has(&Type::Days) && has(&Type::Months) {
        return Some("a month has no fixed number of days: move a date instead, as in `date + 1 month`".to_owned());
    }
    if has(&Type::BusinessDays) || has(&Type::BusinessHours) {
        return Some("working time is counted in a calendar; it has no fixed length in days or hours".to_owned());
    }
    if has(&Type::Days) && has(&Type::Duration) {
        return Some("a calendar day is not always 24 hours; say which is meant".to_owned());
    }
    if pair.iter().any(|t| matches!(t, Type::Money(_))) && (has(&Type::Integer) || has(&Type::Decimal)) {
        return Some("money is written with the currency before it, as in `USD 50,000`".to_owned());
    }
    if pair.iter().any(|t| t.is_measure()) && (has(&Type::Integer) || has(&Type::Decimal)) {
        return Some("write the number with its unit".to_owned());
    }
    None
}

/// A number in the unit of another value.
fn with_unit_of(value: &Value, number: rust_decimal::Decimal) -> Option<Value> {
    use rust_decimal::prelude::ToPrimitive;
    let whole = || number.is_integer().then(|| number.to_i64()).flatten();
    Some(match value {
        Value::Number(_) => Value::Number(number),
        Value::Percent(_) => Value::Percent(number),
        Value::Money(currency, _) => Value::Money(*currency, number),
        Value::Days(_) => Value::Days(whole()?),
        Value::Months(_) => Value::Months(whole()?),
        Value::BusinessHours(_) => {
            Value::BusinessHours(number.checked_mul(3600.into()).filter(|n| n.is_integer())?.to_i64()?)
        }
        Value::BusinessDays(_) => Value::BusinessDays(whole()?),
        Value::Quantity(unit, _) => Value::Quantity(*unit, number),
        _ => return None,
    })
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Decimal)
}

fn like(a: &Type, b: &Type) -> Option<Type> {
    (a.fits(b) || b.fits(a)).then(|| super::expr::wider(a, b))
}

fn sum(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Date, Type::Days | Type::Months) | (Type::Days | Type::Months, Type::Date) => Some(Type::Date),
        (Type::DateTime, Type::Duration) | (Type::Duration, Type::DateTime) => Some(Type::DateTime),
        _ if zero(a).is_some() || matches!(a, Type::Money(None)) => like(a, b),
        _ => None,
    }
}

fn difference(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Date, Type::Days | Type::Months) => Some(Type::Date),
        (Type::DateTime, Type::Duration) => Some(Type::DateTime),
        _ if zero(a).is_some() || matches!(a, Type::Money(None)) => like(a, b),
        _ => None,
    }
}

fn product(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Integer, Type::Integer) => Some(Type::Integer),
        (a, b) if is_number(a) && is_number(b) => Some(Type::Decimal),
        (a, b) if is_number(a) && zero_or_money(b) => Some(b.clone()),
        (a, b) if is_number(b) && zero_or_money(a) => Some(a.clone()),
        _ => None,
    }
}

fn zero_or_money(ty: &Type) -> bool {
    zero(ty).is_some() || matches!(ty, Type::Money(None))
}

fn percent_of(a: &Type, b: &Type) -> Option<Type> {
    if *a != Type::Percent {
        return None;
    }
    match b {
        Type::Integer | Type::Decimal => Some(Type::Decimal),
        Type::Money(_) | Type::Percent | Type::Quantity(_) | Type::BusinessHours => Some(b.clone()),
        _ => None,
    }
}

/// The type of `a / b`.
pub(super) fn quotient(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Unknown, _) | (_, Type::Unknown) => Some(Type::Unknown),
        (a, b) if is_number(b) => (is_number(a) || zero_or_money(a)).then(|| match a {
            Type::Integer => Type::Decimal,
            other => other.clone(),
        }),
        (a, b) if zero_or_money(a) && (a.fits(b) || b.fits(a)) => Some(Type::Decimal),
        _ => None,
    }
}

/// The sum of nothing, for types that can be summed.
pub(super) fn zero(ty: &Type) -> Option<Value> {
    use rust_decimal::Decimal;
    Some(match ty {
        Type::Integer | Type::Decimal => Value::Number(Decimal::ZERO),
        Type::Percent => Value::Percent(Decimal::ZERO),
        Type::Money(Some(currency)) => Value::Money(*currency, Decimal::ZERO),
        Type::Days => Value::Days(0),
        Type::Months => Value::Months(0),
        Type::Duration => Value::Duration(0),
        Type::BusinessHours => Value::BusinessHours(0),
        Type::BusinessDays => Value::BusinessDays(0),
        Type::Quantity(unit) => Value::Quantity(*unit, Decimal::ZERO),
        _ => return None,
    })
}

/// The type of a literal of time.
pub(super) fn type_of(value: &Value) -> Type {
    match value {
        Value::Duration(_) => Type::Duration,
        Value::Days(_) => Type::Days,
        Value::Months(_) => Type::Months,
        Value::BusinessHours(_) => Type::BusinessHours,
        Value::BusinessDays(_) => Type::BusinessDays,
        _ => Type::Unknown,
    }
}
