//! What evaluation gives: a value, or the reasons why there is none (DESIGN §3.3).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::model::{ClauseId, DecisionId, InputId, Property, ReadingId};
use crate::source::Span;
use crate::value::{Fault, Value};

/// A value, or why it is not determined.
pub type Known = Result<Value, Rc<Why>>;

/// The reasons why something is not determined. Several can meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    pub missing: BTreeSet<Fact>,
    pub discretion: BTreeSet<Discretion>,
    pub readings: BTreeSet<ReadingId>,
    pub silences: BTreeSet<Silence>,
    pub conflicts: Vec<Conflict>,
    pub faults: Vec<FaultAt>,
}

/// A fact that was not given: an input, or a part of one, such as `order.items[2].fee`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    pub input: InputId,
    /// What follows the input's name; empty for the whole.
    pub part: String,
}

/// The agreement leaves it to a party.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Discretion {
    /// Number of the party.
    pub party: u32,
    pub decision: DecisionId,
    pub clauses: Vec<ClauseId>,
    /// What holds until the party decides, where the text says so.
    pub meanwhile: Option<Value>,
}

/// The agreement does not say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Silence {
    pub about: SilentAbout,
    pub clauses: Vec<ClauseId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SilentAbout {
    /// An answer of a decision, by column.
    Decision(DecisionId, u32),
    /// A property of a service.
    Service(u32, Property),
}

/// Rules that apply and disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub decision: DecisionId,
    pub sides: Vec<Side>,
}

/// One of the rules of a conflict, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub span: Span,
    pub answer: Known,
    pub clauses: Vec<ClauseId>,
}

/// Arithmetic that has no exact result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultAt {
    pub fault: Fault,
    pub span: Span,
}

/// The reason that is shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    Fault,
    Conflict,
    Missing,
    OpenReading,
    Discretion,
    Silence,
}

impl Reason {
    /// The reason in JSON and in summaries.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Fault => "fault",
            Reason::Conflict => "conflict",
            Reason::Missing => "facts-missing",
            Reason::OpenReading => "open-reading",
            Reason::Discretion => "discretion",
            Reason::Silence => "silence",
        }
    }
}

impl Why {
    /// The first of: fault, conflict, facts missing, open reading, discretion, silence.
    pub fn reason(&self) -> Reason {
        if !self.faults.is_empty() {
            Reason::Fault
        } else if !self.conflicts.is_empty() {
            Reason::Conflict
        } else if !self.missing.is_empty() {
            Reason::Missing
        } else if !self.readings.is_empty() {
            Reason::OpenReading
        } else if !self.discretion.is_empty() {
            Reason::Discretion
        } else {
            Reason::Silence
        }
    }

    pub fn missing(input: InputId, part: String) -> Rc<Why> {
        Rc::new(Why { missing: BTreeSet::from([Fact { input, part }]), ..Why::default() })
    }

    pub fn reading(id: ReadingId) -> Rc<Why> {
        Rc::new(Why { readings: BTreeSet::from([id]), ..Why::default() })
    }

    pub fn silence(about: SilentAbout, clauses: Vec<ClauseId>) -> Rc<Why> {
        Rc::new(Why { silences: BTreeSet::from([Silence { about, clauses }]), ..Why::default() })
    }

    pub fn fault(fault: Fault, span: Span) -> Rc<Why> {
        Rc::new(Why { faults: vec![FaultAt { fault, span }], ..Why::default() })
    }

    /// Adds another's reasons.
    pub fn merge(&mut self, other: &Why) {
        self.missing.extend(other.missing.iter().cloned());
        self.discretion.extend(other.discretion.iter().cloned());
        self.readings.extend(other.readings.iter().copied());
        self.silences.extend(other.silences.iter().cloned());
        for conflict in &other.conflicts {
            if !self.conflicts.contains(conflict) {
                self.conflicts.push(conflict.clone());
            }
        }
        for fault in &other.faults {
            if !self.faults.contains(fault) {
                self.faults.push(fault.clone());
            }
        }
    }

    /// All the reasons of several in one.
    pub fn all<'a>(whys: impl IntoIterator<Item = &'a Rc<Why>>) -> Rc<Why> {
        let mut whys = whys.into_iter();
        let Some(first) = whys.next() else { return Rc::new(Why::default()) };
        let mut merged: Option<Why> = None;
        for why in whys {
            if !Rc::ptr_eq(why, first) {
                merged.get_or_insert_with(|| (**first).clone()).merge(why);
            }
        }
        merged.map_or_else(|| first.clone(), Rc::new)
    }

    /// Whether nothing but the agreement's silence stands in the way.
    pub fn is_only_silence(&self) -> bool {
        self.reason() == Reason::Silence
    }
}
