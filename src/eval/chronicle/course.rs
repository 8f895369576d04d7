//! The course of a log: events and timers one after another, and what each does to the processes and facts.

use std::rc::Rc;
use std::sync::Arc;

use super::entries::{FaultKind, Ordered, ordered};
use super::milestone::Tracker;
use super::scene::{Behind, Scene};
use super::{At, Chronicle, LogFault, MOST_TIMER_STEPS, Moment, Move, ProcessResult, Step, StepCause, instant};
use crate::check::Checked;
use crate::eval::{Clocks, Conflict, Known, Side, Why};
use crate::model::{Cause, ClauseId, DecisionId, Expr, InputId, Process, Transition};
use crate::scenario::Facts;
use crate::source::Span;
use crate::value::{Fault, Log, Value};

/// Reads a log.
pub(super) fn read(checked: &Checked, facts: &Facts, log: Arc<Log>, as_of: Option<At>) -> Chronicle {
    let Ordered { entries, mut faults, contradicted, later } = ordered(&checked.model, &log, as_of);
    let mut course = Course::new(checked, facts, log.clone(), as_of);
    for place in entries {
        let Some(entry) = log.entries.get(place) else { continue };
        course.timers_before(entry.at);
        let doubted = contradicted.get(&place).map_or(&[][..], Vec::as_slice);
        if let Some(kind) = course.event(place, entry, doubted) {
            faults.push(LogFault { entry: place, kind });
        }
    }
    if let Some(as_of) = as_of {
        course.timers_until(as_of);
    } else if let Some(last) = course.steps.last().map(|s| s.at) {
        course.timers_until(last);
    }
    faults.sort_by_key(|fault| fault.entry);
    course.finish(faults, later)
}

/// The state of things while a log is read.
pub(super) struct Course<'a> {
    pub checked: &'a Checked,
    log: Arc<Log>,
    pub facts: Facts,
    pub moment: Moment,
    pub clocks: Rc<Clocks>,
    as_of: Option<At>,
    steps: Vec<Step>,
    runs: Vec<Runner<'a>>,
    trackers: Vec<Tracker<'a>>,
    timer_steps: usize,
}

/// A transition by its number, and why it is not known that it applies.
type MayApply = (usize, Result<(), Rc<Why>>);

/// One process under way.
struct Runner<'a> {
    id: DecisionId,
    process: &'a Process,
    /// Transitions that wait for a time in the present state, and when that is over.
    timers: Vec<(usize, Known)>,
    behind: Behind,
    span: Option<Span>,
}

impl Runner<'_> {
    fn holds(&mut self, scene: &Scene, when: Option<&Expr>) -> Result<bool, Rc<Why>> {
        let Some(when) = when else { return Ok(true) };
        scene.value(self.id, when, &mut self.behind).map(|value| value == Value::YesNo(true))
    }
}

impl<'a> Course<'a> {
    fn new(checked: &'a Checked, facts: &Facts, log: Arc<Log>, as_of: Option<At>) -> Course<'a> {
        let model = &checked.model;
        let runs: Vec<Runner> = model
            .processes()
            .map(|(id, process)| Runner { id, process, timers: vec![], behind: Behind::default(), span: None })
            .collect();
        let no_log: Known = Err(model.log.map_or_else(Rc::default, |own| Why::missing(own.log, "")));
        let moment = Moment {
            states: runs.iter().map(|r| Ok(Value::Member(r.process.states, 0))).collect(),
            since: vec![no_log; runs.len()],
            doubts: vec![None; model.inputs.len()],
        };
        let trackers = model.milestones().map(|(id, milestone)| Tracker::new(id, milestone)).collect();
        Course {
            checked,
            log,
            facts: facts.clone(),
            moment,
            clocks: Rc::default(),
            as_of,
            steps: Vec::new(),
            runs,
            trackers,
            timer_steps: 0,
        }
    }

    /// The present moment, for asking rules.
    fn scene(&self) -> Scene<'_> {
        Scene::new(self.checked, &self.facts, &self.moment, &self.clocks, &self.log)
    }

    // ---- steps ------------------------------------------------------------------------------------

    /// Timers that are over before an instant. One that ends at the instant of an event comes after it.
    fn timers_before(&mut self, at: At) {
        while let Some(due) = self.next_timer().filter(|due| *due < at) {
            if !self.timer_step(due) {
                return;
            }
        }
        self.unknown_timers(at);
    }

    fn timers_until(&mut self, at: At) {
        while let Some(due) = self.next_timer().filter(|due| *due <= at) {
            if !self.timer_step(due) {
                return;
            }
        }
        self.unknown_timers(at);
    }

    fn next_timer(&self) -> Option<At> {
        self.runs.iter().flat_map(|run| &run.timers).filter_map(|(_, due)| instant(due).ok()).min()
    }

    /// A time whose end is not known may be over: from here on the state is not known.
    fn unknown_timers(&mut self, at: At) {
        let mut lost = Vec::new();
        for place in 0..self.runs.len() {
            // No time has passed yet in a state that was just entered.
            if instant(&self.moment.since[place]).is_ok_and(|since| since >= at) {
                continue;
            }
            let run = &self.runs[place];
            let why = Why::all(run.timers.iter().filter_map(|(_, due)| due.as_ref().err()));
            let Some(why) = why else { continue };
            self.lose(place, &why);
            lost.push(place);
        }
        self.after_loss(&lost, at);
    }

    /// Lets every milestone see that the states of processes are not known any more, before anything else happens.
    fn after_loss(&mut self, lost: &[usize], at: At) {
        if lost.is_empty() {
            return;
        }
        let sets = |place: &usize| self.checked.timeline.sets.get(*place).into_iter().flatten().copied();
        let changed: Vec<InputId> = lost.iter().flat_map(sets).collect();
        self.forget_calendars(&changed, true);
        self.track(at, StepCause::Timer, &changed, true);
    }

    fn track(&mut self, at: At, cause: StepCause, changed: &[InputId], moved: bool) {
        let mut trackers = std::mem::take(&mut self.trackers);
        let scene = self.scene();
        for (number, tracker) in trackers.iter_mut().enumerate() {
            let needs = &self.checked.timeline.milestone_needs[number];
            let stale = moved && needs.states || self.touches(changed, needs);
            tracker.step(&scene, at, cause, self.steps.len().saturating_sub(1), stale);
        }
        self.trackers = trackers;
    }

    /// The state of a process is not known any more, nor are the facts that it sets.
    fn lose(&mut self, place: usize, why: &Rc<Why>) {
        self.moment.states[place] = Err(why.clone());
        self.moment.since[place] = Err(why.clone());
        self.runs[place].timers.clear();
        for input in self.checked.timeline.sets.get(place).into_iter().flatten() {
            self.moment.doubts[input.index()] = Some(why.clone());
        }
    }

    /// The end of a time that processes wait for. `false` once there were too many.
    fn timer_step(&mut self, at: At) -> bool {
        self.timer_steps += 1;
        let mut candidates = Vec::new();
        for (place, run) in self.runs.iter().enumerate() {
            let over = |(_, due): &&(usize, Known)| matches!(due, Ok(Value::DateTime(d)) if *d == at);
            let transitions: Vec<MayApply> =
                run.timers.iter().filter(over).map(|(transition, _)| (*transition, Ok(()))).collect();
            if !transitions.is_empty() {
                candidates.push((place, transitions));
            }
        }
        if self.timer_steps > MOST_TIMER_STEPS {
            let lost: Vec<usize> = candidates.iter().map(|(place, _)| *place).collect();
            for (place, transitions) in candidates {
                let transition = transitions.first().and_then(|(t, _)| self.runs[place].process.transitions.get(*t));
                let span = transition.map_or(self.checked.model.decision(self.runs[place].id).name_span, |t| t.span);
                self.lose(place, &Why::fault(Fault::TooManySteps(MOST_TIMER_STEPS as u32), span));
            }
            self.after_loss(&lost, at);
            return false;
        }
        self.step(at, StepCause::Timer, Vec::new(), candidates, &[]);
        true
    }

    /// An entry of the log. Gives what is wrong if it cannot happen.
    fn event(&mut self, place: usize, entry: &crate::value::Entry, doubted: &[InputId]) -> Option<FaultKind> {
        let mut listening = false;
        let mut refused = None;
        for (number, run) in self.runs.iter().enumerate() {
            let listens = |t: &Transition| matches!(t.cause, Cause::On { event, .. } if event == entry.event);
            if !run.process.transitions.iter().any(listens) {
                continue;
            }
            match &self.moment.states[number] {
                Ok(Value::Member(_, state)) => {
                    let leaves = |t: &&Transition| listens(t) && t.leaves(*state, run.process);
                    if run.process.transitions.iter().find(leaves).is_some() {
                        listening = true;
                    } else {
                        refused.get_or_insert(FaultKind::Impossible { process: number, state: *state });
                    }
                }
                _ => listening = true,
            }
        }
        if let (Some(refused), false) = (refused, listening) {
            return Some(refused);
        }
        let mut sets = Vec::new();
        let mut lost = Vec::new();
        for (input, value) in &entry.with {
            let id = InputId(*input);
            if doubted.contains(&id) { lost.push(id) } else { sets.push((id, value.clone())) }
        }
        let changed: Vec<InputId> = sets.iter().map(|(id, _)| *id).chain(lost.iter().copied()).collect();
        for (id, value) in &sets {
            self.facts.give(*id, value.clone());
            self.moment.doubts[id.index()] = None;
        }
        for id in &lost {
            let log = self.checked.model.log.map(|own| own.log);
            let part = format!("[{}].{}", place + 1, self.checked.model.input(*id).name);
            self.moment.doubts[id.index()] = Some(log.map_or_else(Rc::default, |log| Why::missing(log, part)));
        }
        self.forget_calendars(&changed, false);
        let mut candidates = Vec::new();
        let scene = Scene::new(self.checked, &self.facts, &self.moment, &self.clocks, &self.log);
        for (number, run) in self.runs.iter_mut().enumerate() {
            let Ok(Value::Member(_, state)) = self.moment.states[number] else { continue };
            let process = run.process;
            let mut found = Vec::new();
            for (index, transition) in process.transitions.iter().enumerate() {
                let Cause::On { event, by } = &transition.cause else { continue };
                if *event != entry.event || !transition.leaves(state, process) {
                    continue;
                }
                match scene.of_party(by, entry.by, place) {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(why) => {
                        found.push((index, Err(why)));
                        continue;
                    }
                }
                match run.holds(&scene, transition.condition.when.as_ref()) {
                    Ok(true) => found.push((index, Ok(()))),
                    Ok(false) => {}
                    Err(why) => found.push((index, Err(why))),
                }
            }
            if !found.is_empty() {
                candidates.push((number, found));
            }
        }
        self.step(entry.at, StepCause::Event(place), sets, candidates, &changed);
        None
    }

    /// Moves the processes, and lets every milestone see what happened.
    fn step(
        &mut self,
        at: At,
        cause: StepCause,
        mut sets: Vec<(InputId, Value)>,
        candidates: Vec<(usize, Vec<MayApply>)>,
        changed: &[InputId],
    ) {
        let mut changed = changed.to_vec();
        let mut moves = Vec::new();
        for (number, found) in candidates {
            moves.extend(self.chosen(number, &found));
        }
        // What transitions set is worked out before any of them takes place.
        let mut taken = Vec::new();
        for moved in &moves {
            let run = &self.runs[moved.process];
            let Some(transition) = moved.transition.and_then(|t| run.process.transitions.get(t)) else { continue };
            let scene = self.scene();
            for (input, value) in &transition.sets {
                taken.push((*input, scene.value(run.id, value, &mut Behind::default())));
            }
        }
        let mut any_move = false;
        for moved in &moves {
            any_move |= self.goes(moved);
            match (&moved.to, moved.transition) {
                (Ok(state), Some(index)) => {
                    let run = &mut self.runs[moved.process];
                    let Some(transition) = run.process.transitions.get(index) else { continue };
                    transition.condition.cites.iter().for_each(|c| add(&mut run.behind.own, *c));
                    if let Cause::After(limit) = &transition.cause {
                        limit.cites.iter().for_each(|c| add(&mut run.behind.own, *c));
                    }
                    if transition.to.is_some() {
                        self.moment.states[moved.process] = Ok(state.clone());
                        self.moment.since[moved.process] = Ok(Value::DateTime(at));
                        run.span = Some(transition.span);
                    }
                }
                (Err(why), _) => {
                    let why = why.clone();
                    self.lose(moved.process, &why);
                    changed.extend(self.checked.timeline.sets.get(moved.process).into_iter().flatten());
                }
                _ => {}
            }
        }
        for (input, value) in taken {
            changed.push(input);
            match value {
                Ok(value) => {
                    self.facts.give(input, value.clone());
                    self.moment.doubts[input.index()] = None;
                    sets.push((input, value));
                }
                Err(why) => self.moment.doubts[input.index()] = Some(why),
            }
        }
        self.doubt_lost(cause, &mut changed);
        self.forget_calendars(&changed, any_move);
        self.steps.push(Step { at, cause, moves, sets });
        for number in 0..self.runs.len() {
            let mut moves = self.steps.last().into_iter().flat_map(|s| &s.moves);
            let moved = moves.any(|m| m.process == number && self.goes(m));
            let needs = &self.checked.timeline.process_needs[number];
            let stale = moved || any_move && needs.states || self.touches(&changed, needs);
            if stale {
                self.set_timers(number, at);
            }
        }
        self.track(at, cause, &changed, any_move);
    }

    /// Whether a process comes to a state, perhaps its own, rather than staying; or to none that is known.
    fn goes(&self, moved: &Move) -> bool {
        let transitions = &self.runs[moved.process].process.transitions;
        moved.to.is_err() || moved.transition.and_then(|t| transitions.get(t)).is_some_and(|t| t.to.is_some())
    }

    /// What a process whose state is not known may set: on this event, or at any time by itself.
    fn doubt_lost(&mut self, cause: StepCause, changed: &mut Vec<InputId>) {
        let happened = match cause {
            StepCause::Event(place) => self.log.entries.get(place).map(|entry| entry.event),
            StepCause::Timer => None,
        };
        for (number, run) in self.runs.iter().enumerate() {
            let Err(why) = &self.moment.states[number] else { continue };
            let may_apply = |t: &&Transition| match &t.cause {
                Cause::After(_) => true,
                Cause::On { event, .. } => Some(*event) == happened,
            };
            for (input, _) in run.process.transitions.iter().filter(may_apply).flat_map(|t| &t.sets) {
                let doubt = &mut self.moment.doubts[input.index()];
                if doubt.is_none() {
                    *doubt = Some(why.clone());
                    changed.push(*input);
                }
            }
        }
    }

    fn touches(&self, changed: &[InputId], needs: &crate::check::Needs) -> bool {
        let calendars = &self.checked.timeline.calendar_needs;
        changed.iter().any(|id| needs.input(*id) || calendars.input(*id))
    }

    fn forget_calendars(&mut self, changed: &[InputId], moved: bool) {
        let needs = &self.checked.timeline.calendar_needs;
        if moved && needs.states || changed.iter().any(|id| needs.input(*id)) {
            self.clocks = Rc::default();
        }
    }

    /// Which of the transitions that may apply does. They are in no order: if they disagree that is a conflict.
    fn chosen(&self, number: usize, found: &[MayApply]) -> Option<Move> {
        let run = &self.runs[number];
        let from = self.moment.states[number].clone();
        let state_after = |index: usize| {
            let to = run.process.transitions.get(index).and_then(|t| t.to);
            to.map_or(from.clone(), |to| Ok(Value::Member(run.process.states, to)))
        };
        let certain: Vec<usize> = found.iter().filter(|(_, holds)| holds.is_ok()).map(|(index, _)| *index).collect();
        let doubt = Why::all(found.iter().filter_map(|(_, holds)| holds.as_ref().err()));
        let transition = |index: &usize| run.process.transitions.get(*index);
        let agree = |a: &usize, b: &usize| {
            let same_sets = |a: &Transition, b: &Transition| a.sets.is_empty() && b.sets.is_empty();
            let same = transition(a).zip(transition(b)).is_some_and(|(a, b)| a.to == b.to && same_sets(a, b));
            a == b || same
        };
        if let Some(doubt) = doubt {
            // Where all that may apply lead to the same state, it does not matter which of them does.
            let first = certain.first();
            let all = found.iter().all(|(index, _)| first.is_some_and(|first| agree(first, index)));
            return match first {
                Some(first) if all => {
                    Some(Move { process: number, transition: Some(*first), to: state_after(*first), from })
                }
                _ => Some(Move { process: number, transition: None, to: Err(doubt), from }),
            };
        }
        let first = certain.first()?;
        if certain.iter().all(|index| agree(first, index)) {
            return Some(Move { process: number, transition: Some(*first), to: state_after(*first), from });
        }
        let sides = certain.iter().filter_map(|index| {
            let transition = transition(index)?;
            let clauses = transition.condition.cites.clone();
            Some(Side { span: transition.span, answer: state_after(*index), clauses })
        });
        let conflict = Conflict { decision: run.id, sides: sides.collect() };
        let why = Why { conflicts: vec![conflict], ..Why::default() };
        Some(Move { process: number, transition: None, to: Err(Rc::new(why)), from })
    }

    /// When the times are over that a process waits for in its present state: not before now, though the time may have
    /// become shorter.
    fn set_timers(&mut self, number: usize, now: At) {
        let scene = Scene::new(self.checked, &self.facts, &self.moment, &self.clocks, &self.log);
        let run = &mut self.runs[number];
        let (id, process) = (run.id, run.process);
        let mut timers = Vec::new();
        if let (Ok(Value::Member(_, state)), Ok(since)) =
            (&self.moment.states[number], instant(&self.moment.since[number]))
        {
            let waiting = process.transitions.iter().enumerate().filter(|(_, t)| t.leaves(*state, process));
            for (index, transition) in waiting {
                let Cause::After(limit) = &transition.cause else { continue };
                match run.holds(&scene, transition.condition.when.as_ref()) {
                    Ok(false) => continue,
                    Err(why) => {
                        timers.push((index, Err(why)));
                        continue;
                    }
                    Ok(true) => {}
                }
                let mut behind = Behind { uses: std::mem::take(&mut run.behind.uses), ..Behind::default() };
                let (amount, calendar) = scene.limit(id, limit, &mut behind);
                let due = match (amount, calendar) {
                    (Ok(amount), Ok(calendar)) => scene.due(since, &amount, calendar, limit.span, &mut behind),
                    (Err(why), _) | (_, Err(why)) => Err(why),
                };
                let due = due.map(|due| due.max(Value::DateTime(now)));
                run.behind.uses = behind.uses;
                timers.push((index, due));
            }
        }
        run.timers = timers;
    }

    /// Without an instant to look at the log from, processes may have gone on by themselves: what they may have set
    /// since. `None` if none goes on.
    fn set_later(&self) -> Option<Vec<InputId>> {
        if self.as_of.is_some() || self.runs.iter().all(|run| run.timers.is_empty()) {
            return None;
        }
        let mut sets = Vec::new();
        for (number, run) in self.runs.iter().enumerate() {
            let mut states = match &self.moment.states[number] {
                Ok(Value::Member(_, state)) => vec![*state],
                _ => continue,
            };
            let mut next = 0;
            while let Some(state) = states.get(next).copied() {
                next += 1;
                let goes_on = |t: &&Transition| matches!(t.cause, Cause::After(_)) && t.leaves(state, run.process);
                for transition in run.process.transitions.iter().filter(goes_on) {
                    sets.extend(transition.sets.iter().map(|(input, _)| *input));
                    states.extend(transition.to.filter(|to| !states.contains(to)));
                }
            }
        }
        Some(sets)
    }

    fn finish(mut self, faults: Vec<LogFault>, later: usize) -> Chronicle {
        let horizon = self.as_of.or_else(|| self.steps.last().map(|s| s.at));
        let later_set = self.set_later();
        let trackers = std::mem::take(&mut self.trackers);
        let scene = self.scene();
        let milestones = trackers.into_iter().enumerate().map(|(number, tracker)| {
            let needs = &self.checked.timeline.milestone_needs[number];
            let settled = later_set.as_ref().is_none_or(|sets| !needs.states && !self.touches(sets, needs));
            tracker.finish(&scene, horizon, self.as_of.is_some(), settled)
        });
        let milestones = milestones.collect();
        drop(scene);
        if let (Some(sets), Some(own)) = (&later_set, self.checked.model.log) {
            for input in sets {
                self.moment.doubts[input.index()].get_or_insert_with(|| Why::missing(own.as_of, ""));
            }
        }
        let processes = self
            .runs
            .iter()
            .enumerate()
            .map(|(number, run)| {
                let known = run.timers.iter().min_by_key(|(_, due)| instant(due).map_or((1, None), |at| (0, Some(at))));
                let mut state = self.moment.states[number].clone();
                // Without an instant to look at it from, a state that ends by itself may be over.
                let mut since = self.moment.since[number].clone();
                if let (None, Some(_), Some(own)) = (self.as_of, known, self.checked.model.log) {
                    if state.is_ok() {
                        state = Err(Why::missing(own.as_of, ""));
                        since = state.clone();
                    }
                }
                ProcessResult {
                    decision: run.id,
                    state,
                    since,
                    next: known.cloned(),
                    uses: run.behind.uses.clone(),
                    own: run.behind.own.clone(),
                    clauses: run.behind.clauses.clone(),
                    span: run.span,
                }
            })
            .collect();
        Chronicle {
            log: self.log,
            as_of: self.as_of,
            faults,
            later,
            steps: self.steps,
            processes,
            milestones,
            facts: self.facts,
            doubts: self.moment.doubts,
        }
    }
}

pub(super) fn add(clauses: &mut Vec<ClauseId>, clause: ClauseId) {
    if !clauses.contains(&clause) {
        clauses.push(clause);
    }
}
