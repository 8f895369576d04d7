//! Milestones: when each clock runs over the steps of a log, and what it comes to.

use std::cmp::Ordering;
use std::rc::Rc;

use super::course::add;
use super::scene::{Behind, Scene};
use super::{At, MilestoneResult, StepCause, instant};
use crate::eval::{Known, Why};
use crate::model::{ChangePolicy, Conditional, DecisionId, Milestone, MilestoneState, Trigger, Warning};
use crate::source::Span;
use crate::value::{Fault, Value};

/// The most occurrences of a milestone that recurs.
const MOST_OCCURRENCES: u32 = 100_000;

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
    active: Option<Active>,
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
                    let run = self.close(scene, active, Some((at, step)), Some(at), true);
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
            self.active = Some(active);
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

    /// The end of a run: what it comes to.
    fn close(
        &mut self,
        scene: &Scene,
        active: Active,
        stopped: Option<(At, usize)>,
        horizon: Option<At>,
        certain: bool,
    ) -> Run {
        let mut active = active;
        let open = active.holds.last().filter(|hold| hold.to.is_none()).cloned();
        // A clock that stops while it is held has been held up to then.
        if let (Some((at, _)), Some(last)) = (stopped, active.holds.last_mut()) {
            last.to.get_or_insert(at);
        }
        let end = stopped.map(|(at, _)| at).or(horizon);
        let mut run = Run {
            started: active.started,
            start_step: active.start_step,
            counted_from: active.counted_from,
            target: active.target.clone(),
            calendar: active.calendar.clone().ok().flatten(),
            due: Err(Rc::default()),
            stopped,
            holds: active.holds.clone(),
            changes: active.changes.clone(),
            state: Err(Rc::default()),
            used: Err(Rc::default()),
            late_by: Err(Rc::default()),
            warnings: Vec::new(),
            occurrences: Vec::new(),
            missed: 0,
        };
        if let Some(why) = active.lost.clone() {
            (run.state, run.due, run.used, run.late_by) =
                (Err(why.clone()), Err(why.clone()), Err(why.clone()), Err(why));
            return run;
        }
        run.used = self.used(scene, &active, end, stopped.is_some() || certain);
        if self.milestone.recurs {
            self.close_recurring(scene, &active, &mut run, open, end, certain);
        } else {
            self.close_once(scene, &active, &mut run, open, end, certain);
            run.warnings = self.warnings(scene, &active, &run, end);
        }
        run
    }

    fn close_once(
        &mut self,
        scene: &Scene,
        active: &Active,
        run: &mut Run,
        open: Option<Hold>,
        end: Option<At>,
        certain: bool,
    ) {
        run.due = self.due_of(scene, active, active.counted_from, &active.target, &active.holds);
        // How the time that counted compares with the target: that can be known where the deadline is not.
        let used_up = run.used.as_ref().ok().and_then(|used| used_up(used, &active.target));
        // Held when it stopped or is looked at: unless it was missed before that, it is held.
        if let Some(hold) = open {
            let closed: Vec<Hold> = active.holds.iter().filter(|h| h.from != hold.from).cloned().collect();
            let before = self.due_of(scene, active, active.counted_from, &active.target, &closed);
            match instant(&before) {
                Ok(due) if due <= hold.from => run.due = before,
                Err(why) if used_up != Some(Ordering::Less) => {
                    (run.state, run.late_by) = (Err(why.clone()), Err(why));
                    return;
                }
                _ if hold.void || run.stopped.is_none() => {
                    let state = if hold.void { MilestoneState::Void } else { MilestoneState::Paused };
                    run.state = Ok(state.value());
                    run.due = Err(scene.no_event());
                    run.late_by = Ok(self.none_of(active));
                    return;
                }
                _ => {}
            }
        }
        let due = match instant(&run.due) {
            Ok(due) => due,
            // Whatever the deadline is, less than the target was used.
            Err(_) if used_up == Some(Ordering::Less) => {
                let state = if run.stopped.is_some() { MilestoneState::Met } else { MilestoneState::Running };
                (run.state, run.late_by) = (Ok(state.value()), Ok(self.none_of(active)));
                return;
            }
            Err(_) if used_up == Some(Ordering::Greater) => {
                run.missed = 1;
                run.state = Ok(MilestoneState::Missed.value());
                run.late_by = run.due.clone();
                return;
            }
            Err(why) => {
                (run.state, run.late_by) = (Err(why.clone()), Err(why));
                return;
            }
        };
        let over = match end.map(|end| self.is_late(scene, active, due, end)) {
            Some(Ok(over)) => over,
            None => false,
            Some(Err(why)) => {
                (run.state, run.late_by) = (Err(why.clone()), Err(why));
                return;
            }
        };
        if over {
            run.missed = 1;
            run.state = Ok(MilestoneState::Missed.value());
            run.late_by = self.measured(scene, active, due, end, run.stopped.is_some() || certain);
        } else if run.stopped.is_some() {
            run.state = Ok(MilestoneState::Met.value());
            run.late_by = Ok(self.none_of(active));
        } else if certain {
            run.state = Ok(MilestoneState::Running.value());
            run.late_by = Ok(self.none_of(active));
        } else {
            (run.state, run.late_by) = (Err(scene.no_as_of()), Err(scene.no_as_of()));
        }
    }

    /// Whether an instant comes too late. Of business time only working time counts: what happens after the closing at
    /// which a clock ran out, and not after the next opening, is in time.
    fn is_late(&self, scene: &Scene, active: &Active, due: At, at: At) -> Result<bool, Rc<Why>> {
        if at <= due {
            return Ok(false);
        }
        let counted = self.measured(scene, active, due, Some(at), true)?;
        Ok(!matches!(counted, Value::BusinessHours(0)))
    }

    fn close_recurring(
        &mut self,
        scene: &Scene,
        active: &Active,
        run: &mut Run,
        open: Option<Hold>,
        end: Option<At>,
        certain: bool,
    ) {
        let end = end.unwrap_or(active.started);
        let (occurrences, next) = self.occurrences(scene, active, end, run.stopped.is_some());
        run.occurrences = active.before.iter().cloned().chain(occurrences).collect();
        run.missed = run.occurrences.iter().filter(|o| o.done.is_none()).count() as u32;
        run.due = if run.stopped.is_some() { Err(scene.no_event()) } else { next.clone() };
        if let Err(why) = &next {
            let waits = *why == scene.no_event() && (open.is_some() || run.stopped.is_some());
            if !waits {
                (run.state, run.late_by) = (Err(why.clone()), Err(why.clone()));
                return;
            }
        }
        run.state = match open {
            Some(hold) if run.stopped.is_none() => {
                Ok(if hold.void { MilestoneState::Void } else { MilestoneState::Paused }.value())
            }
            _ if run.stopped.is_some() && run.missed > 0 => Ok(MilestoneState::Missed.value()),
            _ if run.stopped.is_some() => Ok(MilestoneState::Met.value()),
            _ if certain => Ok(MilestoneState::Running.value()),
            _ => Err(scene.no_as_of()),
        };
        let last = run.occurrences.iter().rfind(|o| o.done.is_none());
        run.late_by = match last {
            None => Ok(self.none_of(active)),
            Some(missed) => {
                let made_up = active.done.iter().find(|at| **at > missed.due).copied();
                let known = made_up.is_some() || run.stopped.is_some() || certain;
                self.measured(scene, active, missed.due, Some(made_up.unwrap_or(end)), known)
            }
        };
        if run.state.is_err() {
            (run.due, run.late_by) = (run.state.clone(), run.state.clone());
        }
    }

    /// The times that a recurring milestone was due, up to an instant, and the next one.
    fn occurrences(&mut self, scene: &Scene, active: &Active, end: At, stopped: bool) -> (Vec<Occurrence>, Known) {
        let mut found = Vec::new();
        let mut done = active.done.iter().copied().peekable();
        let mut before = active.interval_from;
        let mut held = Held::default();
        for number in 1..=MOST_OCCURRENCES {
            let amount = active.target.clone().and_then(|each| times(&each, number, self.milestone.target.span));
            let due = self.due_after(scene, active, active.counted_from, &amount, &active.holds, &mut held);
            let at = match instant(&due) {
                Ok(at) if at <= active.interval_from || at < active.changed_at => continue,
                Ok(at) if at < end || at == end && !stopped && done.clone().any(|d| d > before && d <= at) => at,
                _ => return (found, due),
            };
            while done.next_if(|d| *d <= before).is_some() {}
            let fulfilled = done.peek().copied().filter(|d| *d <= at);
            found.push(Occurrence { due: at, done: fulfilled });
            before = at;
        }
        (found, Err(Why::fault(Fault::TooManyOccurrences(MOST_OCCURRENCES), self.milestone.target.span)))
    }

    /// Time that counted: what passed, without the stretches of holding.
    fn used(&mut self, scene: &Scene, active: &Active, end: Option<At>, certain: bool) -> Known {
        let total = seconds(&self.measured(scene, active, active.counted_from, end, certain)?);
        let mut held = 0;
        for hold in &active.holds {
            let to = hold.to.or(end).unwrap_or(hold.from);
            let (from, to) = (hold.from.max(active.counted_from), to);
            if from < to {
                held += seconds(&self.measured(scene, active, from, Some(to), true)?);
            }
        }
        let left = (total - held).max(0);
        Ok(match self.none_of(active) {
            Value::BusinessHours(_) => Value::BusinessHours(left),
            _ => Value::Duration(left),
        })
    }

    fn measured(&self, scene: &Scene, active: &Active, from: At, to: Option<At>, certain: bool) -> Known {
        let Some(to) = to.filter(|_| certain) else { return Err(scene.no_as_of()) };
        let like = active.target.clone()?;
        scene.measure(from, to, &like, active.calendar.clone()?, self.milestone.target.span)
    }

    /// No time at all, in the kind that the target is measured in.
    fn none_of(&self, active: &Active) -> Value {
        match &active.target {
            Ok(Value::BusinessHours(_) | Value::BusinessDays(_)) => Value::BusinessHours(0),
            _ => Value::Duration(0),
        }
    }

    fn warnings(&mut self, scene: &Scene, active: &Active, run: &Run, end: Option<At>) -> Vec<Warned> {
        let milestone = self.milestone;
        let all = milestone.warns.iter().enumerate();
        all.map(|(place, warning)| {
            let at = self.warning(scene, active, run, warning);
            let reached = instant(&at).is_ok_and(|at| end.is_some_and(|end| at <= end));
            Warned { warning: place, at, reached }
        })
        .collect()
    }

    /// When a warning is due: an amount of time, or the rest of the target, before the milestone is.
    fn warning(&mut self, scene: &Scene, active: &Active, run: &Run, warning: &Warning) -> Known {
        let calendar = active.calendar.clone()?;
        let Value::Percent(percent) = &warning.amount else {
            let due = instant(&run.due)?;
            let back = crate::value::neg(&warning.amount).map_err(|fault| Why::fault(fault, warning.span))?;
            return scene.due(due, &back, calendar, warning.span, &mut self.behind);
        };
        // So much of the target has been used: stretches of holding count neither for the one nor for the other.
        let (from, span) = (active.counted_from, self.milestone.target.span);
        let whole = scene.due(from, &active.target.clone()?, calendar, span, &mut self.behind);
        let all = seconds(&self.measured(scene, active, from, Some(instant(&whole)?), true)?);
        let part = percent * rust_decimal::Decimal::from(all) / rust_decimal::Decimal::ONE_HUNDRED;
        let part = i64::try_from(part.ceil()).map_err(|_| Why::fault(Fault::Overflow, warning.span))?;
        let part = match self.none_of(active) {
            Value::BusinessHours(_) => Value::BusinessHours(part),
            _ => Value::Duration(part),
        };
        self.due_of(scene, active, from, &Ok(part), &active.holds)
    }

    /// The log is over.
    ///
    /// `certain`: it is known as of when. `settled`: nothing that its conditions turn on goes on by itself after the last
    /// event, or it is known how.
    pub fn finish(mut self, scene: &Scene, horizon: Option<At>, certain: bool, settled: bool) -> MilestoneResult {
        let may_start = !settled && self.milestone.starts.iter().any(|t| t.event.is_none());
        if let Some(active) = self.active.take() {
            let mut run = self.close(scene, active, None, horizon, certain);
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

/// How the time that was used compares with a target in business time.
fn used_up(used: &Value, target: &Known) -> Option<Ordering> {
    match (used, target) {
        (Value::BusinessHours(used), Ok(Value::BusinessHours(target))) => Some(used.cmp(target)),
        _ => None,
    }
}

/// Seconds of a measured time.
fn seconds(value: &Value) -> i64 {
    match value {
        Value::BusinessHours(n) | Value::Duration(n) => *n,
        _ => 0,
    }
}

fn times(amount: &Value, count: u32, span: Span) -> Known {
    let many = |n: i64| n.checked_mul(i64::from(count)).ok_or_else(|| Why::fault(Fault::Overflow, span));
    Ok(match amount {
        Value::Duration(n) => Value::Duration(many(*n)?),
        Value::BusinessHours(n) => Value::BusinessHours(many(*n)?),
        Value::BusinessDays(n) => Value::BusinessDays(many(*n)?),
        Value::Days(n) => Value::Days(many(*n)?),
        Value::Months(n) => Value::Months(many(*n)?),
        other => return Err(Why::fault(Fault::NoCalendar(other.kind()), span)),
    })
}
