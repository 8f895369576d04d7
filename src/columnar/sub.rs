//! What is worked out for many cases at once: an answer that is asked for, and the answers, conditions and calendars that
//! numbers are worked out from.

use super::atom::AtomId;
use super::number::NumberId;
use crate::model::{DecisionId, Expr, Type};
use crate::source::Span;

/// A sub of the plan, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubId(pub u32);

impl SubId {
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Cases that are alike in its atoms come to the same, or to the same formula.
#[derive(Clone, Debug)]
pub struct Sub<'c> {
    pub what: What<'c>,
    pub ty: Type,
    pub atoms: Vec<AtomId>,
    /// The formulas that may give the answer.
    pub formulas: Vec<(Which, NumberId)>,
    /// Whether numbers stand behind it that are worked out in ways which depend on what may be tried.
    pub chosen: bool,
    /// The decisions behind it whose answers are worked out from numbers.
    pub numeric: Vec<DecisionId>,
}

#[derive(Clone, Copy, Debug)]
pub enum What<'c> {
    /// A decision's answer, by column; of a period 0 is the first day and 1 the last.
    Answer(DecisionId, u32),
    /// An expression of a decision, or of none.
    Part(Option<DecisionId>, &'c Expr),
    /// A calendar, by number.
    Calendar(u32),
}

/// Where a formula stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Which {
    /// It is the answer of the rule or row at this place.
    At(Span),
    /// It is one of several that differ in every case.
    OneOf,
    /// It follows if the condition holds, or if it does not.
    If(bool),
}
