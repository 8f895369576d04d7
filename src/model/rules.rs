//! Decisions: rules, tables and periods, with their exceptions.

use super::{ClauseId, Column, CompareOp, DecisionId, Expr, Labels, Milestone, Process, Type};
use crate::source::Span;
use crate::value::Value;

/// A decision, a period or a response table: all give answers, and all may be referred to by name.
#[derive(Clone, Debug)]
pub struct Decision {
    pub name: String,
    pub labels: Labels,
    pub kind: DecisionKind,
    /// The type of the answer; a record for several answers.
    pub ty: Type,
    /// One for each answer; a decision with one answer has one, without a name.
    pub columns: Vec<Column>,
    pub group: Group,
    /// How many slots its `let`s and binders need.
    pub slots: u32,
    /// What each slot is called where it was declared.
    pub slot_names: Vec<String>,
    pub span: Span,
    /// The name as declared, for pointing at.
    pub name_span: Span,
}

#[derive(Clone, Debug)]
pub enum DecisionKind {
    Plain,
    Period,
    Responses(Box<Responses>),
    /// Its answers are read from the log: where it stands, when it is due, and so on.
    Milestone(Box<Milestone>),
    /// Its answers are read from the log: the state, and since when.
    Process(Box<Process>),
}

impl DecisionKind {
    /// Whether its answers are read from the log of a case.
    pub fn is_read_from_log(&self) -> bool {
        matches!(self, DecisionKind::Milestone(_) | DecisionKind::Process(_))
    }
}

/// What a response table has beyond a table.
#[derive(Clone, Debug, Default)]
pub struct Responses {
    pub supersedes: Vec<DecisionId>,
    /// The tables that supersede this one, in source order.
    pub superseded_by: Vec<DecisionId>,
    /// When it supersedes: always, if nothing is written.
    pub when: Option<Expr>,
    /// Condition columns that make up a row's key, by number.
    pub key: Vec<usize>,
    pub notes: Vec<Note>,
}

/// A footnote.
#[derive(Clone, Debug)]
pub struct Note {
    pub number: String,
    /// The answer column it stands on; `None` for a condition column, where it narrows a value.
    pub answer_column: Option<usize>,
    pub column: String,
    pub value: Value,
    pub text: Option<String>,
    /// For a condition column: where this holds, the value does not count.
    pub except_when: Option<Expr>,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

/// A general rule and its exceptions.
#[derive(Clone, Debug)]
pub struct Group {
    pub cites: Vec<ClauseId>,
    pub lets: Vec<Let>,
    pub body: Body,
    pub exceptions: Vec<Exception>,
}

#[derive(Clone, Debug)]
pub struct Let {
    pub name: String,
    pub slot: u32,
    pub value: Expr,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Exception {
    pub name: String,
    /// Siblings, by number, that this one beats.
    pub over: Vec<usize>,
    pub group: Group,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Body {
    Rules(Vec<Rule>),
    Table(Box<Table>),
    Period(Box<PeriodExtent>),
    /// Of a milestone or process
    Log,
}

/// `yes when C`
#[derive(Clone, Debug)]
pub struct Rule {
    pub guard: Guard,
    pub answer: Answer,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Guard {
    When(Expr),
    Otherwise,
    Always,
}

#[derive(Clone, Debug)]
pub enum Answer {
    Value(Expr),
    /// `silent`, or `-` in a table
    Silent,
    Discretion {
        party: u32,
        meanwhile: Option<Expr>,
    },
}

#[derive(Clone, Debug)]
pub struct Table {
    /// Its number among the edition's tables; the checker keeps an index for each.
    pub id: u32,
    pub hit: Hit,
    /// What the condition columns test.
    pub conditions: Vec<Expr>,
    /// Which answer of the decision each answer column gives.
    pub answers: Vec<usize>,
    pub rows: Vec<Row>,
    /// The `otherwise` row.
    pub otherwise: Option<Row>,
    /// A table may leave cases open if something else answers them (a superseding table).
    pub must_be_complete: bool,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Hit {
    Unique,
    First,
    Collect,
    /// The values in order of rank.
    Priority(Vec<Value>),
}

#[derive(Clone, Debug)]
pub struct Row {
    /// One for each condition column.
    pub tests: Vec<Test>,
    /// One for each answer column.
    pub answers: Vec<Answer>,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

/// A condition cell.
#[derive(Clone, Debug)]
pub struct Test {
    pub kind: TestKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum TestKind {
    Any,
    /// One of these; sorted, without repeats.
    OneOf(Vec<Value>),
    /// None of these: `other`, `not { a }`.
    NoneOf(Vec<Value>),
    Compare(CompareOp, Value),
    /// `6..13`; the flag says whether the upper end counts.
    Range(Value, Value, bool),
    /// The set has this member.
    Has(Value),
    Not(Box<Test>),
    /// A comparison with something that is not a constant.
    Dynamic(CompareOp, Expr),
}

/// What a period spans.
#[derive(Clone, Debug)]
pub enum PeriodExtent {
    /// `first 60 days of D`; the condition says whether D is day 1
    First {
        length: Value,
        of: Expr,
        counted: Expr,
    },
    /// `last 60 days before D`
    Last {
        length: Value,
        before: Expr,
    },
    FromTo {
        from: Expr,
        to: Expr,
    },
}

impl Test {
    /// Whether a value passes; `None` where that takes more than the value.
    pub fn holds(&self, value: &Value) -> Option<bool> {
        let outside = matches!(value, Value::Member(_, super::OUTSIDE));
        Some(match &self.kind {
            TestKind::Any => true,
            TestKind::OneOf(values) => values.binary_search(value).is_ok(),
            TestKind::NoneOf(values) => outside || values.binary_search(value).is_err(),
            TestKind::Compare(op, with) => holds(*op, value, with)?,
            TestKind::Range(low, high, includes) => {
                let below = if *includes { CompareOp::Le } else { CompareOp::Lt };
                holds(CompareOp::Ge, value, low)? && holds(below, value, high)?
            }
            TestKind::Has(item) => crate::value::has(value, item).ok()?,
            TestKind::Not(inner) => !inner.holds(value)?,
            TestKind::Dynamic(..) => return None,
        })
    }
}

impl Group {
    /// What the rule or row at this place answers, in one of the decision's answers.
    pub fn answer_at(&self, span: Span, column: usize) -> Option<&Answer> {
        let own = match &self.body {
            Body::Rules(rules) => rules.iter().find(|r| r.span == span).map(|r| &r.answer),
            Body::Table(table) => {
                let place = table.answers.iter().position(|answer| *answer == column)?;
                let row = table.rows.iter().chain(&table.otherwise).find(|r| r.span == span);
                row.and_then(|row| row.answers.get(place))
            }
            Body::Period(_) | Body::Log => None,
        };
        own.or_else(|| self.exceptions.iter().find_map(|e| e.group.answer_at(span, column)))
    }
}

/// A comparison of two values; equality is defined for all of one kind, order for those that have one.
pub fn holds(op: CompareOp, left: &Value, right: &Value) -> Option<bool> {
    match op {
        CompareOp::Eq => Some(left == right),
        CompareOp::Ne => Some(left != right),
        _ => crate::value::compare(left, right).map(|ordering| op.holds(ordering)),
    }
}
