//! Milestones: when each clock runs over the steps of a log, and what it comes to.

mod close;

use std::cmp::Ordering;
use std::rc::Rc;

use self::close::{seconds, used_up};
use super::course::add;
use super::scene::{Behind, Scene};
use super::{At, MilestoneResult, StepCause, instant};
use crate::eval::{Known, Why};
use crate::model::{ChangePolicy, Conditional, DecisionId, Milestone, Trigger};
use crate::value::Value;

/// One time that a milestone ran.
#[derive(Clone, Debug)]
pub struct Run {
    pub started: At,
    /// The step that started it, by its place.
    pub start_step: usize,
    /// Where its target is counted from: its start, or the change that restarted it.
    pub counted_from: At,
    pub target: Known,
    /// Number of the calendar that the target is counted in.
    pub calendar: Option<u32>,
    /// For one that recurs, the next time.
    pub due: Known,
    /// When it stopped, and the step that stopped it.
    pub stopped: Option<(At, usize)>,
    pub holds: Vec<Hold>,
    pub changes: Vec<Change>,
    pub state: Known,
    /// Time that counted, up to the stop or the instant at which the log is looked at.
    pub used: Known,
    pub late_by: Known,
    pub warnings: Vec<Warned>,
    /// Of one that recurs, those that are over.
    pub occurrences: Vec<Occurrence>,
    /// How often it was missed: 0 or 1, for one that does not recur.
    pub missed: u32,
}

/// A stretch in which the clock does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub from: At,
    /// `None` while it lasts.
    pub to: Option<At>,
    /// Void rather than paused.
    pub void: bool,
}

/// The target changed while the clock ran.
#[derive(Clone, Debug)]
pub struct Change {
    pub at: At,
    pub from: Known,
    pub to: Known,
    /// `None` where that is not known.
    pub policy: Option<ChangePolicy>,
}

/// A warning threshold.
#[derive(Clone, Debug)]
pub struct Warned {
    /// The warning, by its place among the milestone's.
    pub warning: usize,
    pub at: Known,
    pub reached: bool,
}

/// One time that a recurring milestone was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub due: At,
    /// When it was done, if that was in time.
    pub done: Option<At>,
}

/// A milestone while a log is read.
pub(super) struct Tracker<'a> {
    id: DecisionId,
    milestone: &'a Milestone,
    active: Option<Box<Active>>,
    runs: Vec<Run>,
    /// What the conditions that start it came to last, by trigger.
    met_before: Vec<bool>,
    fresh: bool,
    doubt: Option<Rc<Why>>,
    behind: Behind,
}

/// What the stretches of holding up to some deadline put it off by.
#[derive(Default)]
struct Held {
    /// How many of them there are.
    holds: usize,
    time: Option<Value>,
}

/// A run under way.
struct Active {
    started: At,
    start_step: usize,
    counted_from: At,
    target: Known,
    calendar: Result<Option<u32>, Rc<Why>>,
    /// Target and calendar as the rules had them last, whether they were taken or not.
    seen: (Known, Result<Option<u32>, Rc<Why>>),
    holds: Vec<Hold>,
    changes: Vec<Change>,
    /// When something was done that fulfils an occurrence, in order.
    done: Vec<At>,
    /// Occurrences before the last change.
    before: Vec<Occurrence>,
    /// Of one that recurs, when the target changed last: what is due now was not due before.
    changed_at: At,
    /// Of one that recurs, where the interval starts in which the next occurrence can be done.
    interval_from: At,
    /// Why it is not known whether it still runs, and how.
    lost: Option<Rc<Why>>,
}

impl<'a> Tracker<'a> {
    pub fn new(id: DecisionId, milestone: &'a Milestone) -> Self {
        Tracker {
            id,
            milestone,
            active: None,
            runs: Vec::new(),
            met_before: vec![false; milestone.starts.len()],
            fresh: true,
            doubt: None,
            behind: Behind::default(),
        }
    }

    /// What a step does to the milestone. `stale`: something that its rules turn on has changed.
    pub fn step(&mut self, scene: &Scene, at: At, cause: StepCause, step: usize, stale: bool) {
        let stale = std::mem::take(&mut self.fresh) || stale;
        let edge = self.start_edge(scene, stale);
        if let Some(mut active) = self.active.take() {
            if stale {
                self.target_changed(scene, &mut active, at);
            }
            match self.triggered(scene, &self.milestone.stops, cause, stale) {
                Ok(true) => {
                    let run = self.close(scene, *active, Some((at, step)), Some(at), true);
                    self.runs.push(run);
                    return;
                }
                Ok(false) => {}
                Err(why) => active.lost = Some(why),
            }
            match self.triggered(scene, &self.milestone.done, cause, false) {
                Ok(true) => active.done.push(at),
                Ok(false) => {}
                Err(why) => active.lost = Some(why),
            }
            if stale {
                self.hold(scene, &mut active, at);
            }
            self.active = Some(active);
            return;
        }
        if self.doubt.is_some() {
            return;
        }
        let starts = match self.triggered(scene, &self.milestone.starts, cause, false) {
            Ok(event) => event || edge,
            Err(_) if edge => true,
            Err(why) => {
                self.doubt = Some(why);
                return;
            }
        };
        if starts {
            let (target, calendar) = self.target(scene);
            let mut active = Active {
                started: at,
                start_step: step,
                counted_from: at,
                seen: (target.clone(), calendar.clone()),
                target,
                calendar,
                holds: Vec::new(),
                changes: Vec::new(),
                done: Vec::new(),
                before: Vec::new(),
                changed_at: at,
                interval_from: at,
                lost: None,
            };
            self.hold(scene, &mut active, at);
            // A condition that stops it may hold already.
            match self.triggered(scene, &self.milestone.stops, StepCause::Timer, true) {
                Ok(true) => {
                    let run = self.close(scene, active, Some((at, step)), Some(at), true);
                    self.runs.push(run);
                    return;
                }
                Ok(false) => {}
                Err(why) => active.lost = Some(why),
            }
            self.active = Some(Box::new(active));
        }
    }

    fn target(&mut self, scene: &Scene) -> (Known, Result<Option<u32>, Rc<Why>>) {
        scene.limit(self.id, &self.milestone.target, &mut self.behind)
    }

    fn condition(&mut self, scene: &Scene, condition: &Conditional) -> Result<bool, Rc<Why>> {
        let Some(when) = &condition.when else { return Ok(true) };
        let value = scene.value(self.id, when, &mut self.behind)?;
        let holds = value == Value::YesNo(true);
        if holds {
            condition.cites.iter().for_each(|c| add(&mut self.behind.own, *c));
        }
        Ok(holds)
    }

    /// Whether a condition that starts the milestone has just become true.
    fn start_edge(&mut self, scene: &Scene, stale: bool) -> bool {
        let milestone = self.milestone;
        if !stale {
            return false;
        }
        let mut edge = false;
        for (place, trigger) in milestone.starts.iter().enumerate().filter(|(_, t)| t.event.is_none()) {
            match self.condition(scene, &trigger.condition) {
                Ok(holds) => {
                    let before = self.met_before.get_mut(place).map(|b| std::mem::replace(b, holds));
                    edge |= holds && before == Some(false);
                }
                Err(why) if self.active.is_none() => self.doubt = Some(why),
                Err(_) => {}
            }
        }
        edge
    }

    /// Whether an event does it or, if those are looked at, a condition without an event holds.
    fn triggered(
        &mut self,
        scene: &Scene,
        triggers: &'a [Trigger],
        cause: StepCause,
        conditions: bool,
    ) -> Result<bool, Rc<Why>> {
        let mut doubt = None;
        for trigger in triggers {
            let fits = match (trigger.event, cause) {
                (None, _) if conditions => Ok(true),
                (Some(event), StepCause::Event(place)) => match scene.entry(place) {
                    Some(entry) if entry.event == event => scene.of_party(&trigger.by, entry.by, place),
                    _ => Ok(false),
                },
                _ => Ok(false),
            };
            let holds = match fits {
                Ok(true) => self.condition(scene, &trigger.condition),
                other => other,
            };
            match holds {
                Ok(true) => {
                    trigger.condition.cites.iter().for_each(|c| add(&mut self.behind.own, *c));
                    return Ok(true);
                }
                Ok(false) => {}
                Err(why) => Why::gather(&mut doubt, &why),
            }
        }
        doubt.map_or(Ok(false), Err)
    }

    /// Begins or ends a stretch in which the clock does not count.
    fn hold(&mut self, scene: &Scene, active: &mut Active, at: At) {
        let milestone = self.milestone;
        let mut wanted: Option<bool> = None;
        let all = milestone.voids.iter().map(|c| (c, true)).chain(milestone.pauses.iter().map(|c| (c, false)));
        for (condition, void) in all {
            match self.condition(scene, condition) {
                Ok(true) => {
                    wanted = Some(void);
                    break;
                }
                Ok(false) => {}
                Err(why) => {
                    active.lost = Some(why);
                    return;
                }
            }
        }
        let open = active.holds.last_mut().filter(|hold| hold.to.is_none());
        if open.as_ref().map(|hold| hold.void) == wanted {
            return;
        }
        if let Some(open) = open {
            open.to = Some(at);
        }
        if let Some(void) = wanted {
            active.holds.push(Hold { from: at, to: None, void });
        }
    }

    /// Works the target out again and, if it is another one, does what the rules say of the running clock.
    fn target_changed(&mut self, scene: &Scene, active: &mut Active, at: At) {
        let (target, calendar) = self.target(scene);
        if target == active.seen.0 && calendar == active.seen.1 {
            return;
        }
        active.seen = (target.clone(), calendar.clone());
        // What was missed stays missed.
        let missed = if self.milestone.recurs { Ok(false) } else { self.was_missed(scene, active, at) };
        if missed == Ok(true) {
            return;
        }
        let milestone = self.milestone;
        let mut policy = None;
        for (way, condition) in &milestone.on_change {
            match self.condition(scene, condition) {
                Ok(true) => {
                    policy = Some(*way);
                    condition.cites.iter().for_each(|c| add(&mut self.behind.own, *c));
                    break;
                }
                Ok(false) => {}
                Err(why) => {
                    active.changes.push(Change { at, from: active.target.clone(), to: target, policy: None });
                    (active.target, active.calendar) = (Err(why.clone()), Err(why.clone()));
                    active.lost = Some(why);
                    return;
                }
            }
        }
        active.changes.push(Change { at, from: active.target.clone(), to: target.clone(), policy });
        match policy {
            None | Some(ChangePolicy::KeepsTarget) => {}
            // It is not known whether the change still counts, nor what the target is then.
            Some(ChangePolicy::KeepsStart | ChangePolicy::Restarts) if missed.is_err() => {
                let why = missed.err().unwrap_or_default();
                (active.target, active.calendar) = (Err(why.clone()), Err(why.clone()));
                active.lost = Some(why);
            }
            Some(ChangePolicy::KeepsStart) => {
                self.set_aside(scene, active, at);
                (active.target, active.calendar) = (target, calendar);
            }
            Some(ChangePolicy::Restarts) => {
                self.set_aside(scene, active, at);
                (active.target, active.calendar) = (target, calendar);
                active.done.clear();
                active.counted_from = at;
                active.interval_from = at;
                active.holds.retain(|hold| hold.to.is_none());
                active.holds.iter_mut().for_each(|hold| hold.from = at);
            }
        }
    }

    /// Whether the deadline has passed before an instant, as target and holds are up to then.
    fn was_missed(&mut self, scene: &Scene, active: &Active, at: At) -> Result<bool, Rc<Why>> {
        if at <= active.counted_from {
            return Ok(false);
        }
        match self.due_of(scene, active, active.counted_from, &active.target, &active.holds) {
            Err(why) if why == scene.no_event() => Ok(false),
            Err(why) => {
                let used = self.used(scene, active, Some(at), true)?;
                match used_up(&used, &active.target) {
                    Some(Ordering::Less) => Ok(false),
                    Some(Ordering::Greater) => Ok(true),
                    _ => Err(why),
                }
            }
            Ok(due) => self.is_late(scene, active, instant(&Ok(due))?, at),
        }
    }

    /// Occurrences that are over when the target changes stay as they were.
    fn set_aside(&mut self, scene: &Scene, active: &mut Active, at: At) {
        if self.milestone.recurs {
            let (over, next) = self.occurrences(scene, active, at, false);
            let unknown = next.err().filter(|why| *why != scene.no_event());
            active.lost = active.lost.take().or(unknown);
            if let Some(last) = over.last() {
                active.interval_from = last.due;
            }
            active.before.extend(over);
            active.changed_at = at;
        }
    }

    /// When an amount of time is over that counts from an instant, the stretches of holding left out.
    fn due_of(&mut self, scene: &Scene, active: &Active, from: At, amount: &Known, holds: &[Hold]) -> Known {
        self.due_after(scene, active, from, amount, holds, &mut Held::default())
    }

    /// The same, where it is known what an earlier deadline of the same start was put off by.
    fn due_after(
        &mut self,
        scene: &Scene,
        active: &Active,
        from: At,
        amount: &Known,
        holds: &[Hold],
        held: &mut Held,
    ) -> Known {
        let amount = amount.as_ref().map_err(Rc::clone)?;
        // An instant stays what it is, however long the clock was held.
        if let Value::DateTime(_) = amount {
            return Ok(amount.clone());
        }
        let calendar = active.calendar.clone()?;
        let span = self.milestone.target.span;
        let mut due = scene.due(from, amount, calendar, span, &mut self.behind)?;
        if let Some(time) = &held.time {
            due = scene.due(instant(&Ok(due))?, time, calendar, span, &mut self.behind)?;
        }
        while let Some(hold) = holds.get(held.holds) {
            let Value::DateTime(at) = due else { break };
            if hold.from >= at {
                break;
            }
            let Some(to) = hold.to else { return Err(scene.no_event()) };
            let more = scene.measure(hold.from.max(from), to, amount, calendar, span)?;
            held.holds += 1;
            if seconds(&more) > 0 {
                due = scene.due(at, &more, calendar, span, &mut self.behind)?;
                held.time = Some(match (held.time.take(), more) {
                    (Some(Value::BusinessHours(time)), Value::BusinessHours(more)) => Value::BusinessHours(time + more),
                    (Some(Value::Duration(time)), Value::Duration(more)) => Value::Duration(time + more),
                    (_, more) => more,
                });
            }
        }
        Ok(due)
    }

    /// The log is over.
    ///
    /// `certain`: it is known as of when. `settled`: nothing that its conditions turn on goes on by itself after the last
    /// event, or it is known how.
    pub fn finish(mut self, scene: &Scene, horizon: Option<At>, certain: bool, settled: bool) -> MilestoneResult {
        let may_start = !settled && self.milestone.starts.iter().any(|t| t.event.is_none());
        if let Some(active) = self.active.take() {
            let mut run = self.close(scene, *active, None, horizon, certain);
            // What was missed stays missed; all else may have become another.
            if !settled && run.missed == 0 {
                let open = || Err(scene.no_as_of());
                (run.state, run.due, run.used, run.late_by) = (open(), open(), open(), open());
                (run.target, run.calendar) = (open(), None);
            }
            self.runs.push(run);
        } else if may_start && self.doubt.is_none() {
            self.doubt = Some(scene.no_as_of());
        }
        MilestoneResult {
            decision: self.id,
            runs: self.runs,
            doubt: self.doubt,
            uses: self.behind.uses,
            own: self.behind.own,
            clauses: self.behind.clauses,
        }
    }
}
