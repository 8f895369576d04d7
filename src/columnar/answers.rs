//! What decisions come to in many cases. Cases that come to the same by the same rules share what is told of them.

use super::cases::{date, instant, measure};
use crate::check::Checked;
use crate::eval::{Outcome, Reason};
use crate::model::{ClauseId, DecisionId, Type};
use crate::report::{Reported, why_text};
use crate::source::Span;
use crate::value::Value;

/// What is told of an answer: all of it for a value that several cases share; all but the number for one that is
/// worked out from each case's own amounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    pub answer: Answer,
    /// The readings that it depended on, `name=choice` or `name` where open, with `; ` between them.
    pub readings: String,
    /// The clauses behind the answer, those of the rules that gave it first. Empty unless asked for.
    pub clauses: Vec<ClauseId>,
    /// The rules and rows that fired: of the decision, then of those it used. Empty unless asked for.
    pub rules: Vec<(DecisionId, Span)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A value, and as `clausal eval` shows it.
    Value(Value, String),
    /// A number of this type, in whole multiples of 10 to the power of `-scale`; each case has its own.
    Number(Type, u32),
    /// No value: the first reason, and the reasons in words.
    Undetermined(Reason, String),
}

/// A case's own part of its answer, where what is told is an [`Answer::Number`]: the number, days since 1970-01-01 for
/// dates, seconds since 1970-01-01T00:00Z for date-times, and by how many seconds their local time is ahead of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    pub number: i64,
    pub offset: i32,
}

impl Answer {
    /// The value of a case; `None` where it is undetermined.
    pub fn value(&self, own: Own) -> Option<Value> {
        match self {
            Answer::Value(value, _) => Some(value.clone()),
            Answer::Number(ty, scale) => number(ty, *scale, own),
            Answer::Undetermined(..) => None,
        }
    }
}

/// A case's own number as a value of its type.
pub fn number(ty: &Type, scale: u32, own: Own) -> Option<Value> {
    match ty {
        Type::Date => date(i32::try_from(own.number).ok()?),
        Type::DateTime => instant(own.number, own.offset),
        ty => measure(ty, own.number, scale),
    }
}

impl Told {
    /// What is told of an outcome, and of what stands behind it where that was asked for.
    pub(super) fn of(checked: &Checked, outcome: &Outcome, behind: Option<&Reported>) -> Told {
        let model = &checked.model;
        let answer = match &outcome.answer {
            Ok(value) => Answer::Value(value.clone(), value.display(model).to_string()),
            Err(why) => Answer::Undetermined(why.reason(), why_text(model, why, "en")),
        };
        let readings = outcome.readings.iter().map(|(id, choice)| {
            let reading = model.reading(*id);
            match choice.and_then(|choice| model.member(reading.choices, choice)) {
                Some(choice) => format!("{}={}", reading.name, choice.name),
                None => reading.name.clone(),
            }
        });
        let readings = readings.collect::<Vec<_>>().join("; ");
        let (mut own, mut rules) = (Vec::new(), Vec::new());
        if let Some(reported) = behind {
            own.clone_from(&reported.clauses);
            rules.extend(reported.fired.iter().map(|(id, fired)| (*id, fired.span)));
        }
        Told { answer, readings, clauses: own, rules }
    }
}
