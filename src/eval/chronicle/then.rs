//! A case as it stood after a step of its log, made again from the steps.

use std::rc::Rc;

use super::{Chronicle, LogFaultKind, Moment, StepCause};
use crate::check::Checked;
use crate::eval::{Clocks, Evaluation, Known, Why};
use crate::model::InputId;
use crate::scenario::Facts;
use crate::value::Value;

/// Facts and states of processes at a moment of a log.
#[derive(Debug)]
pub struct Then {
    facts: Facts,
    moment: Moment,
    clocks: Rc<Clocks>,
}

impl Then {
    /// What the rules come to at this moment.
    pub fn evaluation<'a>(&'a self, checked: &'a Checked) -> Evaluation<'a> {
        Evaluation::at_moment(checked, &self.facts, &self.moment, &self.clocks)
    }
}

impl Chronicle {
    /// The case after a step, by its place. `given` are the facts without what the log brings.
    pub fn then(&self, checked: &Checked, given: &Facts, step: usize) -> Then {
        let model = &checked.model;
        let own = model.log;
        let no_log: Known = Err(own.map_or_else(Rc::default, |own| Why::missing(own.log, "")));
        let mut facts = given.clone();
        let mut moment = Moment {
            states: model.processes().map(|(_, p)| Ok(Value::Member(p.states, 0))).collect(),
            since: model.processes().map(|_| no_log.clone()).collect(),
            doubts: vec![None; model.inputs.len()],
        };
        for step in self.steps.iter().take(step.saturating_add(1)) {
            for (input, value) in &step.sets {
                facts.give(*input, value.clone());
                if let Some(doubt) = moment.doubts.get_mut(input.index()) {
                    *doubt = None;
                }
            }
            if let (StepCause::Event(place), Some(own)) = (step.cause, own) {
                for input in self.contradicted(place) {
                    let part = format!("[{}].{}", place + 1, model.input(input).name);
                    if let Some(doubt) = moment.doubts.get_mut(input.index()) {
                        *doubt = Some(Why::missing(own.log, part));
                    }
                }
            }
            for moved in &step.moves {
                // A process that comes to its own state anew is there since then; one that stays is not.
                let process = model.processes().nth(moved.process).map(|(_, process)| process);
                let line = moved.transition.and_then(|t| process?.transitions.get(t));
                let moves = moved.to.is_err() || line.is_some_and(|line| line.to.is_some());
                let (Some(state), Some(since)) =
                    (moment.states.get_mut(moved.process), moment.since.get_mut(moved.process))
                else {
                    continue;
                };
                if moves {
                    *since = moved.to.clone().map(|_| Value::DateTime(step.at));
                }
                *state = moved.to.clone();
                if let Err(why) = &moved.to {
                    for input in checked.timeline.sets.get(moved.process).into_iter().flatten() {
                        if let Some(doubt) = moment.doubts.get_mut(input.index()) {
                            *doubt = Some(why.clone());
                        }
                    }
                }
            }
        }
        Then { facts, moment, clocks: Rc::default() }
    }

    /// The facts of an entry that another one of the same instant contradicts.
    fn contradicted(&self, place: usize) -> impl Iterator<Item = InputId> {
        self.faults.iter().filter_map(move |fault| match fault.kind {
            LogFaultKind::Contradiction { with, input } if fault.entry == place || with == place => Some(input),
            _ => None,
        })
    }
}
