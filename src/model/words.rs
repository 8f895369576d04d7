//! The resolved model back in the words of the language: `order.spend >= USD 60,000,000`, `notice`,
//! `50% of booking.service-fee`. What is written can be read again and then means the same; parentheses stand only
//! where the meaning needs them.

use super::{
    Answer, Arith, CompareOp, Decision, DecisionId, Expr, ExprKind, Guard, Model, Note, PeriodExtent, Row, Rule,
    SpanUnit, Table, Test, TestKind, Type,
};
use crate::value::{EnumId, Names, Rounding, Value};

/// Writes parts of one decision; a `let` or binder is called what the decision calls it.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub(super) model: &'a Model,
    slot_names: &'a [String],
}

/// How tightly a form binds; the same order as in docs/language.md.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binds {
    /// `if`, `any`, `count`, `sum`: they take in all that follows.
    Open,
    Or,
    And,
    Not,
    Comparison,
    Between,
    Rounded,
    Sum,
    Product,
    Of,
    Minus,
    Alone,
}

impl<'a> Words<'a> {
    /// For what belongs to no decision: requirements of services, what scenarios expect.
    pub fn new(model: &'a Model) -> Self {
        Words { model, slot_names: &[] }
    }

    /// For the working of one decision.
    pub fn of(model: &'a Model, decision: &'a Decision) -> Self {
        Words { model, slot_names: &decision.slot_names }
    }

    /// An expression: `order.spend >= USD 60,000,000`.
    pub fn expr(&self, expr: &Expr) -> String {
        self.within(expr, Binds::Open)
    }

    /// An answer: `50% of booking.service-fee`, `silent`, `at the discretion of vendor meanwhile no`.
    pub fn answer(&self, answer: &Answer) -> String {
        match answer {
            Answer::Value(value) => self.expr(value),
            Answer::Silent => "silent".to_owned(),
            Answer::Discretion { party, meanwhile } => {
                let meanwhile = meanwhile.as_ref().map_or(String::new(), |m| format!(" meanwhile {}", self.expr(m)));
                format!("at the discretion of {}{meanwhile}", self.model.party(*party))
            }
        }
    }

    /// A rule: `yes when order.spend >= USD 60`, `no otherwise`, `always 5 credit`.
    pub fn rule(&self, rule: &Rule) -> String {
        let answer = self.answer(&rule.answer);
        match &rule.guard {
            Guard::When(condition) => format!("{answer} when {}", self.expr(condition)),
            Guard::Otherwise => format!("{answer} otherwise"),
            Guard::Always => format!("always {answer}"),
        }
    }

    /// A condition cell: `6..13 days`, `{ 1, A }`, `not azure`, `any`.
    pub fn test(&self, test: &Test) -> String {
        let value = |v: &Value| self.constant(v, true);
        match &test.kind {
            TestKind::Any => "any".to_owned(),
            TestKind::OneOf(values) => self.one_of(values),
            TestKind::NoneOf(values) if values.is_empty() => "any".to_owned(),
            TestKind::NoneOf(values) => format!("not {}", self.one_of(values)),
            TestKind::Compare(CompareOp::Eq, with) => value(with),
            TestKind::Compare(op, with) => format!("{} {}", op.text(), value(with)),
            TestKind::Range(low, high, counts) => self.range(low, high, *counts),
            TestKind::Has(item) => format!("has {}", value(item)),
            TestKind::Not(inner) => format!("not {}", self.test(inner)),
            TestKind::Dynamic(CompareOp::Eq, with) => self.expr(with),
            TestKind::Dynamic(op, with) => format!("{} {}", op.text(), self.expr(with)),
        }
    }

    /// A heading and a cell below it as one condition: `notice in 6..13 days`; nothing for `any`.
    pub fn tested(&self, heading: &Expr, test: &Test) -> Option<String> {
        let heading_text = self.within(heading, Binds::Between);
        let named = matches!(heading.ty, Type::Enum(_) | Type::YesNo);
        let (is, is_not) = if named { ("is", "is not") } else { ("=", "<>") };
        let cell = self.test(test);
        Some(match &test.kind {
            TestKind::Any => return None,
            TestKind::NoneOf(values) if values.is_empty() => return None,
            TestKind::OneOf(values) if values.len() == 1 => format!("{heading_text} {is} {cell}"),
            TestKind::NoneOf(values) if values.len() == 1 => format!("{heading_text} {is_not} {}", self.one_of(values)),
            TestKind::OneOf(_) | TestKind::Range(..) => format!("{heading_text} in {cell}"),
            TestKind::NoneOf(values) => format!("{heading_text} not in {}", self.one_of(values)),
            TestKind::Compare(CompareOp::Eq, _) | TestKind::Dynamic(CompareOp::Eq, _) => {
                format!("{heading_text} {is} {cell}")
            }
            TestKind::Compare(..) | TestKind::Dynamic(..) | TestKind::Has(_) => format!("{heading_text} {cell}"),
            TestKind::Not(inner) => format!("not ({})", self.tested(heading, inner)?),
        })
    }

    /// A row's cells, left and right of `||`. The `otherwise` row has that one word on its left.
    pub fn row(&self, row: &Row) -> (Vec<String>, Vec<String>) {
        let left = if row.tests.is_empty() {
            vec!["otherwise".to_owned()]
        } else {
            row.tests.iter().map(|t| self.test(t)).collect()
        };
        (left, row.answers.iter().map(|a| self.answer(a)).collect())
    }

    /// The headings of a table's condition columns.
    pub fn headings(&self, table: &Table) -> Vec<String> {
        table.conditions.iter().map(|c| self.expr(c)).collect()
    }

    /// What a period spans: `first 60 days of work-order.starts-on`, then its `first day …` line if it has one.
    pub fn extent(&self, extent: &PeriodExtent) -> Vec<String> {
        match extent {
            PeriodExtent::First { length, of, counted } => {
                let first_day = match &counted.kind {
                    ExprKind::Const(Value::YesNo(true)) => "first day counted".to_owned(),
                    ExprKind::Const(_) => "first day not counted".to_owned(),
                    _ => format!("first day counted when {}", self.expr(counted)),
                };
                vec![format!("first {} of {}", self.constant(length, true), self.expr(of)), first_day]
            }
            PeriodExtent::Last { length, before } => {
                vec![format!("last {} before {}", self.constant(length, true), self.expr(before))]
            }
            PeriodExtent::FromTo { from, to } => {
                vec![format!("from {} to {}", self.within(from, Binds::Rounded), self.within(to, Binds::Rounded))]
            }
        }
    }

    /// A footnote: `note 1 on incident.component azure except when …`.
    pub fn note(&self, note: &Note) -> String {
        let mut text = format!("note {} on {} {}", note.number, note.column, self.constant(&note.value, true));
        if let Some(when) = &note.except_when {
            text.push_str(&format!(" except when {}", self.expr(when)));
        }
        if let Some(says) = &note.text {
            text.push_str(&format!(" says {}", Value::text(says).display(self.model)));
        }
        text
    }

    /// A decision, or one of its answers: `base.first-response`.
    pub fn decision(&self, id: DecisionId, column: usize) -> String {
        let decision = self.model.decision(id);
        match decision.columns.get(column) {
            Some(c) if !c.name.is_empty() => format!("{}.{}", decision.name, c.name),
            _ => decision.name.clone(),
        }
    }

    fn one_of(&self, values: &[Value]) -> String {
        match values {
            [one] => self.constant(one, true),
            many => self.items("{", many.iter().map(|v| self.constant(v, true)).collect(), "}"),
        }
    }

    /// `6..13 days`: the first end leaves its unit to the second where both have the same.
    fn range(&self, low: &Value, high: &Value, high_counts: bool) -> String {
        let dots = if high_counts { ".." } else { "..<" };
        let (low_text, high_text) = (self.constant(low, true), self.constant(high, true));
        let shared = low.kind() == high.kind()
            && match (low, high) {
                (Value::Days(_), _) | (Value::Months(_), _) | (Value::BusinessDays(_), _) => true,
                (Value::BusinessHours(_), _) | (Value::Percent(_), _) => true,
                (Value::Quantity(a, _), Value::Quantity(b, _)) => a == b,
                _ => false,
            };
        let low_text = match low_text.split_once([' ', '%']) {
            Some((number, _)) if shared => number.to_owned(),
            _ => low_text,
        };
        format!("{low_text}{dots}{high_text}")
    }

    fn items(&self, open: &str, items: Vec<String>, close: &str) -> String {
        if items.is_empty() { format!("{open}{close}") } else { format!("{open} {} {close}", items.join(", ")) }
    }

    /// A value. Where no type is expected, a member that several enumerations have is named in full.
    fn constant(&self, value: &Value, typed: bool) -> String {
        match value {
            Value::Member(id, member) => self.member(*id, *member, typed),
            Value::Set(items) => self.items("{", items.iter().map(|i| self.constant(i, typed)).collect(), "}"),
            Value::List(items) => self.items("[", items.iter().map(|i| self.constant(i, typed)).collect(), "]"),
            other => other.display(self.model).to_string(),
        }
    }

    fn member(&self, id: EnumId, member: u32, typed: bool) -> String {
        let name = Names::member(self.model, id, member).into_owned();
        let Some(enumeration) = self.model.enums.get(id.0 as usize) else { return name };
        // Only enumerations that the rules declare can be named: `severity.A`.
        let can_be_named = enumeration.span.is_some();
        let hidden = self.slot_names.contains(&name);
        let shared = || self.model.enums.iter().filter(|e| e.members.iter().any(|m| m.name == name)).count() > 1;
        let number = name.starts_with(|c: char| c.is_ascii_digit());
        if can_be_named && (hidden || !typed && (number || shared())) {
            format!("{}.{name}", enumeration.name)
        } else {
            name
        }
    }

    fn within(&self, expr: &Expr, place: Binds) -> String {
        let (text, binds) = self.form(expr);
        if binds < place { format!("({text})") } else { text }
    }

    fn form(&self, expr: &Expr) -> (String, Binds) {
        let part = |of: &Expr, name: &str| (format!("{}.{name}", self.within(of, Binds::Alone)), Binds::Alone);
        match &expr.kind {
            ExprKind::Const(value) => {
                let text = self.constant(value, true);
                let binds = if text.starts_with('-') { Binds::Minus } else { Binds::Alone };
                (text, binds)
            }
            ExprKind::Input(id) => (self.model.input(*id).name.clone(), Binds::Alone),
            ExprKind::Local(slot) => (self.slot(*slot), Binds::Alone),
            ExprKind::Decision(id, column) => (self.decision(*id, *column as usize), Binds::Alone),
            ExprKind::WholeDecision(id, _) => (self.model.decision(*id).name.clone(), Binds::Alone),
            ExprKind::Reading(id) => (self.model.reading(*id).name.clone(), Binds::Alone),
            ExprKind::PeriodStart(of) => part(of, "starts"),
            ExprKind::PeriodEnd(of) => part(of, "ends"),
            ExprKind::Field(of, field) => {
                let name = match &of.ty {
                    Type::Record(record) => Names::field(self.model, *record, *field as usize),
                    _ => "?".into(),
                };
                part(of, &name)
            }
            ExprKind::Property(of, property) => part(of, property.name()),
            ExprKind::Not(inner) => self.negation(inner),
            ExprKind::Negate(inner) => (format!("-{}", self.within(inner, Binds::Alone)), Binds::Minus),
            ExprKind::And(parts) => self.joined(parts, " and ", Binds::And, Binds::Not),
            ExprKind::Or(parts) => self.joined(parts, " or ", Binds::Or, Binds::And),
            ExprKind::Compare(op, left, right) => {
                let named = |e: &Expr| matches!(e.ty, Type::Enum(_) | Type::YesNo);
                let op = match op {
                    CompareOp::Eq if named(left) || named(right) => "is",
                    CompareOp::Ne if named(left) || named(right) => "is not",
                    op => op.text(),
                };
                (self.sides(left, op, right, Binds::Between), Binds::Comparison)
            }
            ExprKind::Contains { set, item } if is_constant(item) && !is_constant(set) => {
                (self.sides(set, "has", item, Binds::Between), Binds::Comparison)
            }
            ExprKind::Contains { set, item } => (self.sides(item, "in", set, Binds::Between), Binds::Comparison),
            ExprKind::InRange { item, low, high, high_counts } => {
                let range = match (&low.kind, &high.kind) {
                    (ExprKind::Const(low), ExprKind::Const(high)) => self.range(low, high, *high_counts),
                    _ => {
                        let dots = if *high_counts { ".." } else { "..<" };
                        format!("{}{dots}{}", self.within(low, Binds::Between), self.within(high, Binds::Between))
                    }
                };
                (format!("{} in {range}", self.within(item, Binds::Between)), Binds::Comparison)
            }
            ExprKind::InPeriod { item, period } => (self.sides(item, "in", period, Binds::Between), Binds::Comparison),
            ExprKind::Arith(op, left, right) => {
                let (sign, binds, tighter) = match op {
                    Arith::Add => ("+", Binds::Sum, Binds::Product),
                    Arith::Sub => ("-", Binds::Sum, Binds::Product),
                    Arith::Mul => ("*", Binds::Product, Binds::Of),
                    Arith::PercentOf => ("of", Binds::Of, Binds::Minus),
                };
                (format!("{} {sign} {}", self.within(left, binds), self.within(right, tighter)), binds)
            }
            ExprKind::Divide { dividend, divisor, mode, step } => {
                let quotient =
                    format!("{} / {}", self.within(dividend, Binds::Product), self.within(divisor, Binds::Of));
                (self.rounded(&quotient, *mode, step), Binds::Rounded)
            }
            ExprKind::Round { value, mode, step } => {
                (self.rounded(&self.within(value, Binds::Sum), *mode, step), Binds::Rounded)
            }
            ExprKind::Between { from, to, unit } => {
                (format!("{} in {}", self.sides(from, "to", to, Binds::Rounded), span_word(*unit)), Binds::Between)
            }
            ExprKind::IsStated(of) => (format!("{} is stated", self.within(of, Binds::Between)), Binds::Comparison),
            ExprKind::If(condition, then, otherwise) => {
                let text =
                    format!("if {} then {} else {}", self.expr(condition), self.expr(then), self.expr(otherwise));
                (text, Binds::Open)
            }
            ExprKind::Call(function, args) => {
                let args: Vec<String> = args.iter().map(|a| self.expr(a)).collect();
                (format!("{}({})", function.name, args.join(", ")), Binds::Alone)
            }
            ExprKind::Set(items) => (self.items("{", items.iter().map(|i| self.expr(i)).collect(), "}"), Binds::Alone),
            ExprKind::List(items) => (self.items("[", items.iter().map(|i| self.expr(i)).collect(), "]"), Binds::Alone),
            ExprKind::Record(record, fields) => {
                let given = fields.iter().enumerate().filter_map(|(i, f)| Some((i, f.as_ref()?)));
                let name = |i| Names::field(self.model, *record, i);
                let items = given.map(|(i, f)| format!("{}: {}", name(i), self.expr(f))).collect();
                (self.items("{", items, "}"), Binds::Alone)
            }
            ExprKind::Quantified { every, slot, list, condition } => {
                let word = if *every { "every" } else { "any" };
                let (item, list, condition) = (self.slot(*slot), self.list(list), self.expr(condition));
                (format!("{word} {item} in {list} satisfies {condition}"), Binds::Open)
            }
            ExprKind::Count { list, condition: None, .. } => (format!("count of {}", self.list(list)), Binds::Open),
            ExprKind::Count { slot, list, condition: Some(condition) } => {
                let (item, list, condition) = (self.slot(*slot), self.list(list), self.expr(condition));
                (format!("count of {item} in {list} where {condition}"), Binds::Open)
            }
            ExprKind::Sum { slot, list, value, condition, .. } => {
                let condition = condition.as_ref().map_or(String::new(), |c| format!(" where {}", self.expr(c)));
                let (value, item, list) = (self.expr(value), self.slot(*slot), self.list(list));
                (format!("sum of {value} for {item} in {list}{condition}"), Binds::Open)
            }
            ExprKind::Except { column, .. } => self.form(column),
        }
    }

    fn negation(&self, inner: &Expr) -> (String, Binds) {
        match &inner.kind {
            ExprKind::Contains { set, item } if !is_constant(item) || is_constant(set) => {
                (self.sides(item, "not in", set, Binds::Between), Binds::Comparison)
            }
            ExprKind::InPeriod { item, period } => {
                (self.sides(item, "not in", period, Binds::Between), Binds::Comparison)
            }
            ExprKind::Not(_) => (format!("not ({})", self.expr(inner)), Binds::Not),
            _ => (format!("not {}", self.within(inner, Binds::Not)), Binds::Not),
        }
    }

    fn sides(&self, left: &Expr, op: &str, right: &Expr, tighter: Binds) -> String {
        format!("{} {op} {}", self.within(left, tighter), self.within(right, tighter))
    }

    fn joined(&self, parts: &[Expr], word: &str, binds: Binds, tighter: Binds) -> (String, Binds) {
        let parts: Vec<String> = parts.iter().map(|p| self.within(p, tighter)).collect();
        (parts.join(word), binds)
    }

    fn rounded(&self, value: &str, mode: Rounding, step: &Value) -> String {
        format!("{value} rounded {} to {}", mode.word(), self.constant(step, true))
    }

    /// What a quantifier runs over; no type is expected of it.
    fn list(&self, list: &Expr) -> String {
        match &list.kind {
            ExprKind::Const(value) => self.constant(value, false),
            _ => self.within(list, Binds::Alone),
        }
    }

    fn slot(&self, slot: u32) -> String {
        self.slot_names.get(slot as usize).map_or("item", String::as_str).to_owned()
    }
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Const(_))
}

fn span_word(unit: SpanUnit) -> &'static str {
    match unit {
        SpanUnit::Days => "days",
        SpanUnit::Weeks => "weeks",
        SpanUnit::Months => "months",
        SpanUnit::Hours => "hours",
        SpanUnit::Minutes => "minutes",
    }
}
