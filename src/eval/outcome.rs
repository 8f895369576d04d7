//! What evaluation gives: a value, or the reasons why there is none (DESIGN §3.3).

use std::borrow::Cow;
use std::rc::Rc;

use super::set::Set;
use chrono::NaiveDate;

use crate::model::{ClauseId, DecisionId, InputId, Property, ReadingId};
use crate::source::Span;
use crate::value::{Fault, Value};

/// A value, or why it is not determined.
pub type Known = Result<Value, Rc<Why>>;

/// The reasons why something is not determined. Several can meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    pub missing: Set<Fact>,
    /// Days that a calendar cannot judge, and that matter.
    pub unjudged: Set<UnjudgedDays>,
    pub discretion: Set<Discretion>,
    pub readings: Set<ReadingId>,
    pub silences: Set<Silence>,
    pub conflicts: Vec<Conflict>,
    pub faults: Vec<FaultAt>,
}

/// A fact that was not given: an input, or a part of one, such as `order.items[2].fee`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    pub input: InputId,
    /// What follows the input's name; empty for the whole.
    pub part: Cow<'static, str>,
}

/// Days that must be judged as working days or not before a clock can be told: at least those between the two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnjudgedDays {
    /// Number of the calendar.
    pub calendar: u32,
    pub from: NaiveDate,
    pub to: NaiveDate,
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
    /// How a part day counts in a calendar.
    PartDay(u32),
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
        } else if !self.missing.is_empty() || !self.unjudged.is_empty() {
            Reason::Missing
        } else if !self.readings.is_empty() {
            Reason::OpenReading
        } else if !self.discretion.is_empty() {
            Reason::Discretion
        } else {
            Reason::Silence
        }
    }

    /// `part` is empty for the whole input.
    pub fn missing(input: InputId, part: impl Into<Cow<'static, str>>) -> Rc<Why> {
        Rc::new(Why { missing: Fact { input, part: part.into() }.into(), ..Why::default() })
    }

    /// Days that nobody has judged, and the holiday lists that are not given.
    pub fn unjudged(days: UnjudgedDays, missing: Option<&Rc<Why>>) -> Rc<Why> {
        let own = Rc::new(Why { unjudged: days.into(), ..Why::default() });
        missing.map_or(own.clone(), |missing| Why::both(missing, &own))
    }

    pub fn reading(id: ReadingId) -> Rc<Why> {
        Rc::new(Why { readings: id.into(), ..Why::default() })
    }

    pub fn silence(about: SilentAbout, clauses: Vec<ClauseId>) -> Rc<Why> {
        Rc::new(Why { silences: Silence { about, clauses }.into(), ..Why::default() })
    }

    pub fn fault(fault: Fault, span: Span) -> Rc<Why> {
        Rc::new(Why { faults: vec![FaultAt { fault, span }], ..Why::default() })
    }

    /// These reasons and another's.
    fn and(&self, other: &Why) -> Why {
        Why {
            missing: self.missing.union(&other.missing),
            unjudged: self.unjudged.union(&other.unjudged),
            discretion: self.discretion.union(&other.discretion),
            readings: self.readings.union(&other.readings),
            silences: self.silences.union(&other.silences),
            conflicts: each_once(&self.conflicts, &other.conflicts),
            faults: each_once(&self.faults, &other.faults),
        }
    }

    /// Whether another's reasons are all among these.
    fn covers(&self, other: &Why) -> bool {
        other.missing.is_subset(&self.missing)
            && other.unjudged.is_subset(&self.unjudged)
            && other.discretion.is_subset(&self.discretion)
            && other.readings.is_subset(&self.readings)
            && other.silences.is_subset(&self.silences)
            && other.conflicts.iter().all(|c| self.conflicts.contains(c))
            && other.faults.iter().all(|f| self.faults.contains(f))
    }

    /// Adds reasons to those gathered so far. Most often one side has them all already, and is shared.
    pub fn gather(gathered: &mut Option<Rc<Why>>, more: &Rc<Why>) {
        match gathered {
            None => *gathered = Some(more.clone()),
            Some(known) if Rc::ptr_eq(known, more) || known.covers(more) => {}
            // Conflicts and faults keep the order in which they were met.
            Some(known) if known.conflicts.is_empty() && known.faults.is_empty() && more.covers(known) => {
                *known = more.clone();
            }
            Some(known) => *known = Rc::new(known.and(more)),
        }
    }

    /// All the reasons of several in one; `None` of none.
    pub fn all<'a>(whys: impl IntoIterator<Item = &'a Rc<Why>>) -> Option<Rc<Why>> {
        let mut gathered = None;
        whys.into_iter().for_each(|why| Why::gather(&mut gathered, why));
        gathered
    }

    /// The reasons of both.
    pub fn both(a: &Rc<Why>, b: &Rc<Why>) -> Rc<Why> {
        let mut gathered = Some(a.clone());
        Why::gather(&mut gathered, b);
        gathered.unwrap_or_default()
    }

    /// Whether nothing but the agreement's silence stands in the way.
    pub fn is_only_silence(&self) -> bool {
        self.reason() == Reason::Silence
    }
}

fn each_once<T: Clone + PartialEq>(first: &[T], then: &[T]) -> Vec<T> {
    let new = then.iter().filter(|item| !first.contains(item));
    first.iter().chain(new).cloned().collect()
}
