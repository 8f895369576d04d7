//! What a run of a milestone comes to: its state, what was used of its target, how late it is, what it warned of.

use std::cmp::Ordering;
use std::rc::Rc;

use rust_decimal::Decimal;

use super::super::scene::Scene;
use super::super::{At, instant};
use super::{Active, Held, Hold, Occurrence, Run, Tracker, Warned};
use crate::eval::{Known, Why};
use crate::model::{MilestoneState, Warning};
use crate::source::Span;
use crate::value::{Fault, Value};

/// The most occurrences of a milestone that recurs.
const MOST_OCCURRENCES: u32 = 100_000;

/// How a run is left.
struct Ending {
    /// What holds it up then.
    open: Option<Hold>,
    end: Option<At>,
    /// Whether it is known as of when.
    certain: bool,
}

impl Tracker<'_> {
    /// The end of a run: what it comes to.
    pub(super) fn close(
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
        let ending = Ending { open, end, certain };
        if self.milestone.recurs {
            self.close_recurring(scene, &active, &mut run, ending);
        } else {
            self.close_once(scene, &active, &mut run, ending);
            run.warnings = self.warnings(scene, &active, &run, end);
        }
        run
    }

    fn close_once(&mut self, scene: &Scene, active: &Active, run: &mut Run, ending: Ending) {
        let Ending { open, end, certain } = ending;
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
    pub(super) fn is_late(&self, scene: &Scene, active: &Active, due: At, at: At) -> Result<bool, Rc<Why>> {
        if at <= due {
            return Ok(false);
        }
        let counted = self.measured(scene, active, due, Some(at), true)?;
        Ok(!matches!(counted, Value::BusinessHours(0)))
    }

    fn close_recurring(&mut self, scene: &Scene, active: &Active, run: &mut Run, ending: Ending) {
        let Ending { open, end, certain } = ending;
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
    pub(super) fn occurrences(
        &mut self,
        scene: &Scene,
        active: &Active,
        end: At,
        stopped: bool,
    ) -> (Vec<Occurrence>, Known) {
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
    pub(super) fn used(&mut self, scene: &Scene, active: &Active, end: Option<At>, certain: bool) -> Known {
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
        let part = percent.checked_mul(Decimal::from(all)).and_then(|part| part.checked_div(Decimal::ONE_HUNDRED));
        let part = part.and_then(|part| i64::try_from(part.ceil()).ok());
        let part = part.ok_or_else(|| Why::fault(Fault::Overflow, warning.span))?;
        let part = match self.none_of(active) {
            Value::BusinessHours(_) => Value::BusinessHours(part),
            _ => Value::Duration(part),
        };
        self.due_of(scene, active, from, &Ok(part), &active.holds)
    }
}

/// How the time that was used compares with a target in business time.
pub(super) fn used_up(used: &Value, target: &Known) -> Option<Ordering> {
    match (used, target) {
        (Value::BusinessHours(used), Ok(Value::BusinessHours(target))) => Some(used.cmp(target)),
        _ => None,
    }
}

/// Seconds of a measured time.
pub(super) fn seconds(value: &Value) -> i64 {
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
