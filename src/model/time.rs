//! Calendars, events, milestones and processes: what an agreement says about clocks.

use super::{ClauseId, DecisionId, Expr, InputId, Labels};
use crate::source::Span;
use crate::value::EnumId;
use crate::value::worktime::{Listed, PartDay, Window};

/// Hours in which time counts: `calendar coverage { zone site.zone  open monday..friday 09:00..18:00 }`.
/// A calendar is a member of the built-in enumeration `calendar`, so a decision can choose one.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub name: String,
    pub labels: Labels,
    pub cites: Vec<ClauseId>,
    /// The zone that its hours are told in.
    pub zone: Expr,
    pub open: Vec<OpenLine>,
    /// Days listed one by one, each perhaps under a condition.
    pub listed: Vec<(Listed, Option<Expr>)>,
    /// Lists of holidays. With any, the years that they cover are judged, and others are not.
    pub holidays: Vec<Expr>,
    /// `holidays not listed`
    pub not_listed: bool,
    /// `make-up days possible`, with its condition.
    pub make_up: Option<Option<Expr>>,
    /// How a part day counts in business days: the first whose condition holds.
    pub part_day: Vec<(PartDay, Conditional)>,
    pub span: Span,
}

/// `open monday..friday 09:00..18:00 when C`
#[derive(Clone, Debug)]
pub struct OpenLine {
    /// From Monday on.
    pub weekdays: [bool; 7],
    pub windows: Vec<Window>,
    pub condition: Conditional,
}

/// `when C [a/b]`; without a condition it always holds
#[derive(Clone, Debug)]
pub struct Conditional {
    pub when: Option<Expr>,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

/// Something that a log can report: `event reported { by customer  with incident.level }`
#[derive(Clone, Debug)]
pub struct Event {
    pub name: String,
    pub labels: Labels,
    pub cites: Vec<ClauseId>,
    /// The parties that it may be of; any, if empty.
    pub by: Vec<u32>,
    /// The inputs that an entry may bring a new value of.
    pub with: Vec<InputId>,
    pub span: Span,
}

/// A clock on an obligation.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// The party that owes it.
    pub owed_by: Option<u32>,
    pub starts: Vec<Trigger>,
    pub stops: Vec<Trigger>,
    /// What fulfils an occurrence of a milestone that recurs.
    pub done: Vec<Trigger>,
    pub pauses: Vec<Conditional>,
    pub voids: Vec<Conditional>,
    pub target: Limit,
    /// `every`: the target is the time from one occurrence to the next.
    pub recurs: bool,
    /// What becomes of a running clock when its target changes: the first whose condition holds.
    pub on_change: Vec<(ChangePolicy, Conditional)>,
    pub warns: Vec<Warning>,
    /// Decisions that follow from a miss.
    pub on_miss: Vec<DecisionId>,
    /// Inputs and processes that the target depends on and a log can change.
    pub target_may_change: bool,
}

/// What becomes of a running clock when its target changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangePolicy {
    /// `keeps target`: the old target goes on.
    KeepsTarget,
    /// `keeps start`: the new target, from the first start.
    KeepsStart,
    /// `restarts`: the new target, from the change.
    Restarts,
}

impl ChangePolicy {
    /// As a rule file writes it.
    pub fn text(self) -> &'static str {
        match self {
            ChangePolicy::KeepsTarget => "keeps target",
            ChangePolicy::KeepsStart => "keeps start",
            ChangePolicy::Restarts => "restarts",
        }
    }
}

/// `on reported by customer when C`, or a condition that becomes true
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Number of the event.
    pub event: Option<u32>,
    /// The parties that it must be of; any, if empty.
    pub by: Vec<u32>,
    pub condition: Conditional,
}

/// `response.time in response.calendar`
#[derive(Clone, Debug)]
pub struct Limit {
    /// `until`: the amount is the instant itself.
    pub until: bool,
    pub amount: Expr,
    /// Wanted for business time; for calendar days it says whose dates they are.
    pub calendar: Option<Expr>,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

/// `warns at 80%`, `warns 30 min before`
#[derive(Clone, Debug)]
pub struct Warning {
    /// A percentage of the target, or an amount of time before it.
    pub amount: crate::value::Value,
    pub span: Span,
}

/// A state machine over the events of a log.
#[derive(Clone, Debug)]
pub struct Process {
    /// The enumeration of its states; the first one is where it begins.
    pub states: EnumId,
    /// Whether each state is final.
    pub last: Vec<bool>,
    pub transitions: Vec<Transition>,
}

/// `waiting becomes cancelled after 7 days sets incident.level = 2 when C [a/b]`
#[derive(Clone, Debug)]
pub struct Transition {
    /// States that it leaves from; empty for any that is not final.
    pub from: Vec<u32>,
    /// `None` for `stay`.
    pub to: Option<u32>,
    pub cause: Cause,
    pub sets: Vec<(InputId, Expr)>,
    pub condition: Conditional,
    pub span: Span,
}

/// What makes a process go on.
#[derive(Clone, Debug)]
pub enum Cause {
    /// `on reclassified by vendor`: number of the event, and the parties that it must be of.
    On { event: u32, by: Vec<u32> },
    /// `after 7 days in coverage`: so long in the same state.
    After(Box<Limit>),
}

impl Transition {
    /// Whether it leaves from this state.
    pub fn leaves(&self, state: u32, process: &Process) -> bool {
        match self.from.as_slice() {
            [] => !process.last.get(state as usize).copied().unwrap_or(false),
            from => from.contains(&state),
        }
    }
}

impl Milestone {
    /// Calls `visit` on each of its expressions.
    pub fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        let triggers = self.starts.iter().chain(&self.stops).chain(&self.done);
        triggers.for_each(|t| t.condition.roots(visit));
        self.pauses.iter().chain(&self.voids).for_each(|c| c.roots(visit));
        self.target.roots(visit);
        self.on_change.iter().for_each(|(_, c)| c.roots(visit));
    }
}

impl Process {
    /// Calls `visit` on each of its expressions.
    pub fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        for transition in &self.transitions {
            transition.condition.roots(visit);
            if let Cause::After(limit) = &transition.cause {
                limit.roots(visit);
            }
            transition.sets.iter().for_each(|(_, value)| visit(value));
        }
    }
}

impl Calendar {
    /// Calls `visit` on each of its expressions.
    pub fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(&self.zone);
        self.open.iter().for_each(|line| line.condition.roots(visit));
        self.listed.iter().filter_map(|(_, when)| when.as_ref()).for_each(&mut *visit);
        self.holidays.iter().for_each(&mut *visit);
        self.make_up.iter().flatten().for_each(&mut *visit);
        self.part_day.iter().for_each(|(_, c)| c.roots(visit));
    }
}

impl Limit {
    fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(&self.amount);
        self.calendar.iter().for_each(visit);
    }
}

impl Conditional {
    fn roots<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.when.iter().for_each(visit);
    }
}
