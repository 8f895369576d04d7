//! What the log of a case comes to: its events in order, the course of every process, and every milestone.
//!
//! ```text
//! Log ─(entries)→ events in order ─(course)→ steps: states and facts after each ─(milestone)→ runs of each clock
//! ```
//!
//! The log is read step by step, each an event or the end of a time that a process waits for. Rules asked at a step
//! see the facts and states of that moment. The steps of a log's beginning are the beginning of its steps.

mod course;
mod entries;
mod milestone;
mod scene;
mod then;

use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

pub use entries::{Fault as LogFault, FaultKind as LogFaultKind};
pub use milestone::{Change, Hold, Occurrence, Run, Warned};
pub use then::Then;

use super::{Decided, Evaluation, Fired, Known, Used, Why};
use crate::check::Checked;
use crate::model::{ClauseId, DecisionId, DecisionKind, InputId, MilestoneState};
use crate::scenario::Facts;
use crate::source::Span;
use crate::value::{Fault, Log, Value};

/// An instant, with the offset that it was written with or that its calendar's zone has.
pub type At = DateTime<FixedOffset>;

/// The most steps that the timers of a case's processes may make.
const MOST_TIMER_STEPS: usize = 100_000;

/// What a log comes to at an instant.
#[derive(Clone, Debug)]
pub struct Chronicle {
    pub log: Arc<Log>,
    /// The instant at which it is looked at, if that is given.
    pub as_of: Option<At>,
    /// What is wrong with the log; in the order of its lines.
    pub faults: Vec<LogFault>,
    /// How many events come after the instant at which it is looked at.
    pub later: usize,
    pub steps: Vec<Step>,
    pub processes: Vec<ProcessResult>,
    pub milestones: Vec<MilestoneResult>,
    facts: Facts,
    doubts: Vec<Option<Rc<Why>>>,
}

/// One step of a log.
#[derive(Clone, Debug)]
pub struct Step {
    pub at: At,
    pub cause: StepCause,
    /// What it did to the processes, by their places.
    pub moves: Vec<Move>,
    /// Facts from here on.
    pub sets: Vec<(InputId, Value)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepCause {
    /// An entry of the log, by its place among the entries.
    Event(usize),
    /// A time that a process waited for is over.
    Timer,
}

/// A process that goes from one state to another, or stays.
#[derive(Clone, Debug)]
pub struct Move {
    pub process: usize,
    /// Number of the transition; `None` where it is not known which one applies.
    pub transition: Option<usize>,
    pub from: Known,
    pub to: Known,
}

/// Where a process stands when the log is over.
#[derive(Clone, Debug)]
pub struct ProcessResult {
    pub decision: DecisionId,
    pub state: Known,
    pub since: Known,
    /// What happens next by itself, and when: number of the transition.
    pub next: Option<(usize, Known)>,
    uses: Vec<Used>,
    /// Clauses of the transitions that were taken.
    own: Vec<ClauseId>,
    clauses: Vec<ClauseId>,
    /// The transition that led here.
    span: Option<Span>,
}

/// A milestone, with every time that it ran.
#[derive(Clone, Debug)]
pub struct MilestoneResult {
    pub decision: DecisionId,
    pub runs: Vec<Run>,
    /// Why it is not known whether it started.
    pub doubt: Option<Rc<Why>>,
    pub uses: Vec<Used>,
    /// Clauses of the lines that took part.
    pub own: Vec<ClauseId>,
    /// Clauses behind what those lines asked.
    pub clauses: Vec<ClauseId>,
}

/// What rules see at a step: the states of all processes, and facts that are in doubt.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    pub(super) states: Vec<Known>,
    pub(super) since: Vec<Known>,
    /// By input.
    doubts: Vec<Option<Rc<Why>>>,
}

impl Moment {
    /// Why a fact that a process may have set is not known.
    pub(super) fn doubt(&self, id: InputId) -> Option<Rc<Why>> {
        self.doubts.get(id.index()).cloned().flatten()
    }
}

impl Chronicle {
    /// A fact as the log leaves it; `None` where it is not given.
    pub fn fact(&self, id: InputId) -> Option<Known> {
        if let Some(why) = self.doubts.get(id.index()).cloned().flatten() {
            return Some(Err(why));
        }
        self.facts.get(id).cloned().map(Ok)
    }

    /// The instant up to which things are known: that at which the log is looked at, or its last event.
    pub fn horizon(&self) -> Option<At> {
        self.as_of.or_else(|| self.steps.last().map(|step| step.at))
    }
}

/// Reads the log of a case, if there is one and the rules know of logs.
pub(super) fn read(checked: &Checked, facts: &Facts) -> Option<Rc<Chronicle>> {
    let own = checked.model.log?;
    let Some(Value::Log(log)) = facts.get(own.log) else { return None };
    let as_of = match facts.get(own.as_of) {
        Some(Value::DateTime(at)) => Some(*at),
        _ => None,
    };
    Some(Rc::new(course::read(checked, facts, log.clone(), as_of)))
}

impl Evaluation<'_> {
    /// The answers of a process or milestone.
    pub(super) fn read_of_log(&self, id: DecisionId) -> (Vec<Known>, Vec<Fired>, Vec<ClauseId>) {
        let model = self.model();
        let decision = model.decision(id);
        let count = decision.columns.len();
        let Some(own) = model.log else { return (vec![Err(Rc::default()); count], vec![], vec![]) };
        let place = self.checked.timeline.place.get(id.index()).copied().flatten().unwrap_or(usize::MAX);
        if let Some(moment) = self.moment {
            let known = |of: &[Known]| of.get(place).cloned().unwrap_or_else(|| Err(Rc::default()));
            // What happens next by itself is not asked for within the reading of a log.
            let columns = vec![known(&moment.states), known(&moment.since), Err(self.missing_input(own.log))];
            return (columns, vec![], vec![]);
        }
        self.note_use(Used::Input(own.log));
        let Some(chronicle) = self.chronicle().cloned() else {
            return (vec![Err(self.missing_input(own.log)); count], vec![], vec![]);
        };
        if chronicle.as_of.is_some() {
            self.note_use(Used::Input(own.as_of));
        }
        let no_event = || Err(self.missing_input(own.log));
        match &decision.kind {
            DecisionKind::Process(_) => {
                let Some(result) = chronicle.processes.get(place) else {
                    return (vec![no_event(); count], vec![], vec![]);
                };
                result.uses.iter().for_each(|used| self.note_use(*used));
                let next = match &result.next {
                    None => no_event(),
                    // It may be over by then.
                    Some(_) if chronicle.as_of.is_none() => Err(self.missing_input(own.as_of)),
                    Some((_, due)) => due.clone(),
                };
                let fired = Fired {
                    span: result.span.unwrap_or(decision.name_span),
                    clauses: joined(&decision.group.cites, &result.own),
                    within: vec![],
                    columns: (0..count).collect(),
                };
                (vec![result.state.clone(), result.since.clone(), next], vec![fired], result.clauses.clone())
            }
            _ => {
                let Some(result) = chronicle.milestones.get(place) else {
                    return (vec![no_event(); count], vec![], vec![]);
                };
                result.uses.iter().for_each(|used| self.note_use(*used));
                let fired = Fired {
                    span: decision.name_span,
                    clauses: joined(&decision.group.cites, &result.own),
                    within: vec![],
                    columns: (0..count).collect(),
                };
                (result.columns(no_event), vec![fired], result.clauses.clone())
            }
        }
    }

    /// What a decision came to, if it was worked out; for reports that walk a chronicle.
    pub fn decided(&self, id: DecisionId) -> Rc<Decided> {
        self.decide(id)
    }
}

impl MilestoneResult {
    /// The last run.
    pub fn last(&self) -> Option<&Run> {
        self.runs.last()
    }

    /// Where it stands.
    pub fn state(&self) -> Known {
        match (&self.doubt, self.last()) {
            (Some(why), _) => Err(why.clone()),
            (None, Some(run)) => run.state.clone(),
            (None, None) => Ok(MilestoneState::NotStarted.value()),
        }
    }

    /// In the order of the model's columns.
    fn columns(&self, no_event: impl Fn() -> Known) -> Vec<Known> {
        let missed: u64 = self.runs.iter().map(|run| u64::from(run.missed)).sum();
        if let Some(why) = &self.doubt {
            return vec![Err(why.clone()); 9];
        }
        let Some(run) = self.last() else {
            let mut columns = vec![self.state()];
            columns.extend((0..7).map(|_| no_event()));
            columns.push(Ok(Value::Number(0.into())));
            return columns;
        };
        let calendar = run.calendar.map(|number| Value::Member(crate::model::CALENDARS, number));
        // A run of which nothing is known may add to the others.
        let open = Why::all(self.runs.iter().filter_map(|run| run.state.as_ref().err()));
        let missed = open.map_or_else(|| Ok(Value::Number(missed.into())), Err);
        vec![
            run.state.clone(),
            Ok(Value::DateTime(run.started)),
            run.due.clone(),
            run.stopped.map_or_else(&no_event, |(at, _)| Ok(Value::DateTime(at))),
            match &run.target {
                Ok(Value::DateTime(until)) => Ok(Value::Duration((*until - run.counted_from).num_seconds())),
                target => target.clone(),
            },
            calendar.map_or_else(|| Err(run.target.as_ref().err().cloned().unwrap_or_default()), Ok),
            run.used.clone(),
            run.late_by.clone(),
            missed,
        ]
    }
}

fn joined(first: &[ClauseId], then: &[ClauseId]) -> Vec<ClauseId> {
    let mut all = first.to_vec();
    all.extend(then.iter().filter(|c| !first.contains(c)));
    all
}

/// An amount of time that must be above zero.
fn positive(amount: &Value, span: Span) -> Result<(), Rc<Why>> {
    let above = match amount {
        Value::Duration(n) | Value::BusinessHours(n) | Value::Days(n) | Value::Months(n) | Value::BusinessDays(n) => {
            *n > 0
        }
        _ => false,
    };
    if above { Ok(()) } else { Err(Why::fault(Fault::NotPositive, span)) }
}

/// An instant, if that is what is known.
fn instant(known: &Known) -> Result<At, Rc<Why>> {
    match known {
        Ok(Value::DateTime(at)) => Ok(*at),
        Ok(_) => Err(Rc::new(Why::default())),
        Err(why) => Err(why.clone()),
    }
}
