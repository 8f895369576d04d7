//! Expressions: pest gives a flat run of operands and operators, and the precedence table here nests them.

use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use super::{Builder, Node, Rule, is_keyword};
use crate::diag::{Code, Problem};
use crate::source::Span;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind};

/// Operators in one expression; keeps the tree shallow enough for every later pass.
const MAX_OPERATORS: usize = 400;

/// From the loosest binding to the tightest; the same order as in docs/language.md.
static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::k_or))
        .op(left(Rule::k_and))
        .op(Op::prefix(Rule::k_not))
        .op(left(Rule::eq)
            | left(Rule::ne)
            | left(Rule::lt)
            | left(Rule::le)
            | left(Rule::gt)
            | left(Rule::ge)
            | left(Rule::k_is)
            | left(Rule::is_not)
            | left(Rule::k_in)
            | left(Rule::not_in)
            | left(Rule::k_has)
            | Op::postfix(Rule::is_stated))
        .op(left(Rule::range) | left(Rule::range_below))
        .op(Op::postfix(Rule::in_unit))
        .op(left(Rule::k_to))
        .op(Op::postfix(Rule::rounded))
        .op(left(Rule::plus) | left(Rule::minus))
        .op(left(Rule::times) | left(Rule::divide))
        .op(left(Rule::k_of))
        .op(Op::prefix(Rule::negative))
});

impl Builder<'_> {
    /// A pair of operands and operators, or any pair that stands for a value.
    pub(super) fn expr(&mut self, pair: Node) -> Expr {
        if !matches!(pair.as_rule(), Rule::expr | Rule::bare) {
            return self.primary(pair);
        }
        let whole = self.span(&pair);
        let parts: Vec<Node> = pair.into_inner().collect();
        if parts.len() == 1 {
            return parts.into_iter().next().map_or_else(|| nothing(whole), |p| self.primary(p));
        }
        if parts.len() > 2 * MAX_OPERATORS {
            let message = format!("this expression has more than {MAX_OPERATORS} operators");
            self.problems.push(
                Problem::new(Code::NestingTooDeep, whole, message)
                    .help("name parts of it with `let`, or write the cases as a table"),
            );
            return nothing(whole);
        }
        // The closures below share `self` in turn; pest calls them one at a time.
        let builder = std::cell::RefCell::new(self);
        PRECEDENCE
            .map_primary(|pair| builder.borrow_mut().primary(pair))
            .map_prefix(|op, operand| {
                let span = builder.borrow().span(&op).to(operand.span);
                let kind = match op.as_rule() {
                    Rule::k_not => ExprKind::Not(operand),
                    _ => ExprKind::Negate(operand),
                };
                Expr { kind: Box::new(kind), span }
            })
            .map_postfix(|operand, op| builder.borrow_mut().postfix(operand, op))
            .map_infix(|left, op, right| {
                let span = left.span.to(right.span);
                let kind = match op.as_rule() {
                    Rule::k_to => ExprKind::Between(left, right, None),
                    rule => ExprKind::Binary(binary(rule), left, right),
                };
                Expr { kind: Box::new(kind), span }
            })
            .parse(parts.into_iter())
    }

    fn postfix(&mut self, operand: Expr, op: Node) -> Expr {
        let span = operand.span.to(self.span(&op));
        let rule = op.as_rule();
        let mut parts = op.into_inner().filter(|p| !is_keyword(p.as_rule()) && p.as_rule() != Rule::hspace);
        let kind = match (rule, parts.next(), parts.next()) {
            (Rule::in_unit, Some(unit), _) => {
                let unit = self.name(&unit);
                match *operand.kind {
                    ExprKind::Between(from, to, None) => ExprKind::Between(from, to, Some(unit)),
                    other => {
                        let message = format!("`in {}` belongs after `A to B`", unit.text);
                        self.problem(Code::UnexpectedText, unit.span, message);
                        other
                    }
                }
            }
            (Rule::rounded, Some(mode), Some(step)) => {
                let mode = self.name(&mode);
                let step = step.into_inner().next().map_or_else(|| nothing(span), |s| self.primary(s));
                ExprKind::Rounded(operand, mode, step)
            }
            _ => ExprKind::IsStated(operand),
        };
        Expr { kind: Box::new(kind), span }
    }

    /// A value that stands by itself.
    pub(super) fn primary(&mut self, pair: Node) -> Expr {
        let span = self.span(&pair);
        let kind = self.primary_kind(pair).unwrap_or(ExprKind::Set(vec![]));
        Expr { kind: Box::new(kind), span }
    }

    fn primary_kind(&mut self, pair: Node) -> Option<ExprKind> {
        let rule = pair.as_rule();
        Some(match rule {
            Rule::expr => return Some(*self.expr(pair).kind),
            Rule::amount => {
                let mut parts = pair.into_inner().filter(|p| p.as_rule() != Rule::hspace);
                let number = parts.next()?.as_str().to_owned();
                match parts.next() {
                    Some(unit) => ExprKind::Quantity(number, self.name(&unit)),
                    None => ExprKind::Number(number),
                }
            }
            Rule::moment => return self.primary_kind(pair.into_inner().next()?),
            Rule::number | Rule::signed => ExprKind::Number(pair.as_str().to_owned()),
            Rule::percent | Rule::percentage => ExprKind::Percent(pair.into_inner().next()?.as_str().to_owned()),
            Rule::money => {
                let mut parts = pair.into_inner().filter(|p| p.as_rule() != Rule::hspace);
                ExprKind::Money(parts.next()?.as_str().to_owned(), parts.next()?.as_str().to_owned())
            }
            Rule::date => ExprKind::Date(pair.as_str().to_owned()),
            Rule::time => ExprKind::Time(pair.as_str().to_owned()),
            Rule::date_time => ExprKind::DateTime(pair.as_str().to_owned()),
            Rule::quantity | Rule::note_quantity => {
                let mut parts = pair.into_inner().filter(|p| p.as_rule() != Rule::hspace);
                ExprKind::Quantity(parts.next()?.as_str().to_owned(), self.name(&parts.next()?))
            }
            Rule::text => ExprKind::Text(self.text_of(&pair).text),
            Rule::k_yes => ExprKind::YesNo(true),
            Rule::k_no => ExprKind::YesNo(false),
            Rule::path | Rule::word => ExprKind::Path(self.name(&pair)),
            Rule::set => ExprKind::Set(pair.into_inner().map(|p| self.expr(p)).collect()),
            Rule::list => ExprKind::List(pair.into_inner().map(|p| self.expr(p)).collect()),
            Rule::record_literal => {
                let fields = pair.into_inner().filter_map(|field| {
                    let mut parts = field.into_inner();
                    Some((self.name(&parts.next()?), self.expr(parts.next()?)))
                });
                ExprKind::Record(fields.collect())
            }
            Rule::paren => ExprKind::Paren(self.expr(pair.into_inner().next()?)),
            Rule::call => {
                let mut parts = pair.into_inner();
                let callee = parts.next()?;
                let mut name = self.name(&callee);
                name.text.pop();
                name.span.end -= 1;
                ExprKind::Call(name, parts.map(|p| self.expr(p)).collect())
            }
            Rule::if_expr => {
                let mut parts = operands(pair).into_iter();
                let (condition, then, otherwise) = (parts.next()?, parts.next()?, parts.next()?);
                ExprKind::If(self.expr(condition), self.expr(then), self.expr(otherwise))
            }
            Rule::quantified => {
                let every = pair.clone().into_inner().any(|p| p.as_rule() == Rule::k_every);
                let mut parts = operands(pair).into_iter();
                let (binder, list, condition) = (parts.next()?, parts.next()?, parts.next()?);
                let binder = self.name(&binder);
                ExprKind::Quantified { every, binder, list: self.expr(list), condition: self.expr(condition) }
            }
            Rule::counted => {
                let mut parts = operands(pair);
                let condition = (parts.len() > 2).then(|| parts.pop()).flatten().map(|p| self.expr(p));
                let list = parts.pop().map(|p| self.expr(p))?;
                ExprKind::Count { binder: parts.pop().map(|p| self.name(&p)), list, condition }
            }
            Rule::summed => {
                let mut parts = operands(pair).into_iter();
                let (value, binder, list) = (parts.next()?, parts.next()?, parts.next()?);
                let (value, binder, list) = (self.expr(value), self.name(&binder), self.expr(list));
                ExprKind::Sum { value, binder, list, condition: parts.next().map(|p| self.expr(p)) }
            }
            _ => return None,
        })
    }
}

/// The parts that carry meaning: not the keywords between them, but `yes` and `no`, which are values.
fn operands(pair: Node) -> Vec<Node> {
    let carries = |rule| !is_keyword(rule) || matches!(rule, Rule::k_yes | Rule::k_no);
    pair.into_inner().filter(|p| carries(p.as_rule())).collect()
}

fn nothing(span: Span) -> Expr {
    Expr { kind: Box::new(ExprKind::Set(vec![])), span }
}

fn binary(rule: Rule) -> BinaryOp {
    match rule {
        Rule::k_or => BinaryOp::Or,
        Rule::k_and => BinaryOp::And,
        Rule::eq => BinaryOp::Eq,
        Rule::ne => BinaryOp::Ne,
        Rule::lt => BinaryOp::Lt,
        Rule::le => BinaryOp::Le,
        Rule::gt => BinaryOp::Gt,
        Rule::ge => BinaryOp::Ge,
        Rule::k_is => BinaryOp::Is,
        Rule::is_not => BinaryOp::IsNot,
        Rule::k_in => BinaryOp::In,
        Rule::not_in => BinaryOp::NotIn,
        Rule::k_has => BinaryOp::Has,
        Rule::range => BinaryOp::Range,
        Rule::range_below => BinaryOp::RangeBelow,
        Rule::plus => BinaryOp::Add,
        Rule::minus => BinaryOp::Sub,
        Rule::times => BinaryOp::Mul,
        Rule::divide => BinaryOp::Div,
        _ => BinaryOp::Of,
    }
}
