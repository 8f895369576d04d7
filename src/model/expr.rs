//! Expressions, resolved and typed.

use std::cmp::Ordering;

use super::{ClauseId, DecisionId, InputId, ReadingId, Type};
use crate::source::Span;
pub use crate::value::Span as SpanUnit;
pub use crate::value::worktime::ClockFault;
use crate::value::worktime::{Calendar, PartDay, Timed};
use crate::value::{Fault, RecordId, Rounding, Value};

/// A resolved expression.
#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Type,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Const(Value),
    /// `order.spend`
    Input(InputId),
    /// A `let`, or what `any`, `every`, `count`, `sum` run over: a slot of the decision's frame
    Local(u32),
    /// `mcsap-plus`; for a decision with several answers, one of them: `base.first-response`
    Decision(DecisionId, u32),
    /// `base` as a whole: a record of its answers
    WholeDecision(DecisionId, RecordId),
    /// `onboarding-day-one`
    Reading(ReadingId),
    /// `onboarding.ends`
    PeriodStart(Box<Expr>),
    PeriodEnd(Box<Expr>),
    /// `item.fee`
    Field(Box<Expr>, u32),
    /// `request.service.languages`
    Property(Box<Expr>, Property),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `x in { a, b }`, `s has x`
    Contains {
        set: Box<Expr>,
        item: Box<Expr>,
    },
    /// `x in 6..13 days`
    InRange {
        item: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        high_counts: bool,
    },
    /// `d in onboarding`
    InPeriod {
        item: Box<Expr>,
        period: Box<Expr>,
    },
    Arith(Arith, Box<Expr>, Box<Expr>),
    /// `a / b rounded up to 1`
    Divide {
        dividend: Box<Expr>,
        divisor: Box<Expr>,
        mode: Rounding,
        step: Value,
    },
    /// `a rounded half-up to USD 0.01`
    Round {
        value: Box<Expr>,
        mode: Rounding,
        step: Value,
    },
    /// `a to b in days`
    Between {
        from: Box<Expr>,
        to: Box<Expr>,
        unit: SpanUnit,
    },
    IsStated(Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Call(&'static Builtin, Vec<Expr>),
    Set(Vec<Expr>),
    List(Vec<Expr>),
    Record(RecordId, Vec<Option<Expr>>),
    /// `any i in l satisfies c`, `every …`
    Quantified {
        every: bool,
        slot: u32,
        list: Box<Expr>,
        condition: Box<Expr>,
    },
    Count {
        slot: u32,
        list: Box<Expr>,
        condition: Option<Box<Expr>>,
    },
    /// `zero` is the sum of nothing, where the type says what that is
    Sum {
        slot: u32,
        list: Box<Expr>,
        value: Box<Expr>,
        condition: Option<Box<Expr>>,
        zero: Option<Value>,
    },
    /// A condition column with footnotes: its value, or "outside" where a footnote takes the value out
    Except {
        column: Box<Expr>,
        cases: Vec<(Value, Expr, Vec<ClauseId>)>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl CompareOp {
    pub fn text(self) -> &'static str {
        match self {
            CompareOp::Eq => "=",
            CompareOp::Ne => "<>",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }

    /// Whether values in this order satisfy the comparison.
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }

    /// The comparison that holds exactly when this one does not.
    pub fn negated(self) -> CompareOp {
        match self {
            CompareOp::Eq => CompareOp::Ne,
            CompareOp::Ne => CompareOp::Eq,
            CompareOp::Lt => CompareOp::Ge,
            CompareOp::Le => CompareOp::Gt,
            CompareOp::Gt => CompareOp::Le,
            CompareOp::Ge => CompareOp::Lt,
        }
    }

    /// The comparison with its sides exchanged.
    pub fn flipped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            same => same,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arith {
    Add,
    Sub,
    Mul,
    /// `20% of a`
    PercentOf,
}

/// What can be read of a service with a dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Property {
    Offered,
    ListedIn,
    PartOf,
    Languages,
    Delivery,
    Excludes,
    RequirementsMet,
}

impl Property {
    pub const ALL: [Property; 7] = [
        Property::Offered,
        Property::ListedIn,
        Property::PartOf,
        Property::Languages,
        Property::Delivery,
        Property::Excludes,
        Property::RequirementsMet,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Property::Offered => "offered",
            Property::ListedIn => "listed-in",
            Property::PartOf => "part-of",
            Property::Languages => "languages",
            Property::Delivery => "delivery",
            Property::Excludes => "excludes",
            Property::RequirementsMet => "requirements-met",
        }
    }
}

/// A built-in function: its signature, its manual page and what it does.
#[derive(Debug)]
pub struct Builtin {
    pub name: &'static str,
    /// `min(a, b, …) : the type of a`
    pub signature: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// An expression that shows it, and what it gives.
    pub example: (&'static str, &'static str),
    /// The result's type for arguments of these types, or what is wrong with them.
    pub check: fn(&[Type]) -> Result<Type, String>,
    pub body: Body,
}

/// What a built-in function does.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Works on the values alone.
    Plain(fn(&[Value]) -> Result<Value, Fault>),
    /// Its last argument is a calendar, which is given as such, with how a part day counts in it.
    Clock(ClockBody),
}

/// A function of instants, dates and amounts of time, and of a calendar.
pub type ClockBody = fn(&[Timed], &Working) -> Result<Timed, ClockFault>;

/// A calendar as a function sees it.
#[derive(Clone, Copy, Debug)]
pub struct Working<'c> {
    pub calendar: &'c Calendar,
    /// `None` where the calendar does not say.
    pub part_day: Option<PartDay>,
}
