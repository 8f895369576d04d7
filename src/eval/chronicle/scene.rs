//! One moment of a log: what rules come to, with the facts and states of then. Each decision is worked out once.

use std::rc::Rc;

use super::course::add;
use super::{At, Moment, positive};
use crate::check::Checked;
use crate::eval::{Clocks, Evaluation, Known, Used, Why};
use crate::model::{ClauseId, DecisionId, Expr, InputId, Limit};
use crate::scenario::Facts;
use crate::source::Span;
use crate::value::{Entry, Log, Value};

/// What something was worked out from, as it is gathered.
#[derive(Clone, Debug, Default)]
pub(super) struct Behind {
    pub uses: Vec<Used>,
    /// Clauses of the lines that took part.
    pub own: Vec<ClauseId>,
    /// Clauses behind what those lines asked.
    pub clauses: Vec<ClauseId>,
}

/// A moment of a log, for asking rules.
pub(super) struct Scene<'s> {
    evaluation: Evaluation<'s>,
    log: &'s Log,
}

impl<'s> Scene<'s> {
    pub fn new(
        checked: &'s Checked,
        facts: &'s Facts,
        moment: &'s Moment,
        clocks: &Rc<Clocks>,
        log: &'s Log,
    ) -> Scene<'s> {
        Scene { evaluation: Evaluation::at_moment(checked, facts, moment, clocks), log }
    }

    /// What an expression of a process or milestone comes to.
    pub fn value(&self, id: DecisionId, expr: &Expr, behind: &mut Behind) -> Known {
        let (value, used) = self.evaluation.noting_use(|| self.evaluation.value_in(id, expr));
        self.note(used, behind);
        value
    }

    /// An amount of time and its calendar.
    pub fn limit(&self, id: DecisionId, limit: &Limit, behind: &mut Behind) -> (Known, Result<Option<u32>, Rc<Why>>) {
        let amount = self.value(id, &limit.amount, behind);
        let amount = match amount {
            Ok(amount) if !limit.until => positive(&amount, limit.span).map(|()| amount),
            amount => amount,
        };
        let calendar = match &limit.calendar {
            None => Ok(None),
            Some(expr) => match self.value(id, expr, behind) {
                Ok(Value::Member(_, number)) => Ok(Some(number)),
                Ok(_) => Ok(None),
                Err(why) => Err(why),
            },
        };
        limit.cites.iter().for_each(|c| add(&mut behind.own, *c));
        (amount, calendar)
    }

    /// When an amount of time is over.
    pub fn due(&self, from: At, amount: &Value, calendar: Option<u32>, span: Span, behind: &mut Behind) -> Known {
        // `until`: the instant itself.
        if let Value::DateTime(_) = amount {
            return Ok(amount.clone());
        }
        let (due, used) = self.evaluation.noting_use(|| {
            let clock = calendar.map(|number| self.evaluation.clock(number)).transpose()?;
            self.evaluation.due(from, amount, clock.as_deref(), span)
        });
        self.note(used, behind);
        due
    }

    /// Time between two instants: working time in the calendar for business amounts, else elapsed time.
    pub fn measure(&self, from: At, to: At, like: &Value, calendar: Option<u32>, span: Span) -> Known {
        let business = matches!(like, Value::BusinessHours(_) | Value::BusinessDays(_));
        match calendar.filter(|_| business) {
            None => Ok(Value::Duration((to - from).num_seconds())),
            Some(number) => self.evaluation.clock(number)?.worked(from, to, span),
        }
    }

    /// An entry of the log, by its place.
    pub fn entry(&self, place: usize) -> Option<&'s Entry> {
        self.log.entries.get(place)
    }

    /// Whether an entry is of one of the parties that are asked for.
    pub fn of_party(&self, wanted: &[u32], by: Option<u32>, place: usize) -> Result<bool, Rc<Why>> {
        match by {
            _ if wanted.is_empty() => Ok(true),
            Some(party) => Ok(wanted.contains(&party)),
            None => {
                let log = self.evaluation.model().log.map(|own| own.log);
                Err(log.map_or_else(Rc::default, |log| Why::missing(log, format!("[{}].by", place + 1))))
            }
        }
    }

    /// Why nothing is known of an event that has not happened.
    pub fn no_event(&self) -> Rc<Why> {
        self.missing(self.evaluation.model().log.map(|own| own.log))
    }

    /// Why nothing is known of what happens after the last event.
    pub fn no_as_of(&self) -> Rc<Why> {
        self.missing(self.evaluation.model().log.map(|own| own.as_of))
    }

    fn missing(&self, input: Option<InputId>) -> Rc<Why> {
        input.map_or_else(Rc::default, |input| Why::missing(input, ""))
    }

    /// Keeps facts, readings and calendars themselves, and the clauses behind decisions, which another moment could
    /// decide otherwise.
    fn note(&self, used: Vec<Used>, behind: &mut Behind) {
        // What is known already adds nothing; most often a log asks the same again.
        let known = |used: &Used| !matches!(used, Used::Decision(_)) && behind.uses.contains(used);
        if used.iter().all(known) {
            return;
        }
        let all = self.evaluation.used_behind(used);
        self.evaluation.clauses_of(&all).into_iter().for_each(|c| add(&mut behind.clauses, c));
        for used in all {
            if !matches!(used, Used::Decision(_) | Used::Note(..)) && !behind.uses.contains(&used) {
                behind.uses.push(used);
            }
        }
    }
}
