//! What decisions come to in many cases. Cases that come to the same by the same rules share what is told of them.

use crate::check::Checked;
use crate::eval::Reason;
use crate::model::{ClauseId, DecisionId, Type};
use crate::report::{Reported, why_text};
use crate::source::Span;
use crate::value::Value;

/// What is told of an answer: all of it for a value that several cases share; all but the number for one that is
/// worked out from each case's own amounts.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub answer: Answer,
    /// The readings that it depended on, `name=choice` or `name` where open, with `; ` between them.
    pub readings: String,
    /// The clauses behind the answer, those of the rules that gave it first. Empty unless asked for.
    pub clauses: Vec<ClauseId>,
    /// The rules and rows that fired: of the decision, then of those it used. Empty unless asked for.
    pub rules: Vec<(DecisionId, Span)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A value, and as `clausal eval` shows it.
    Value(Value, String),
    /// A number of this type, in whole multiples of 10 to the power of `-scale`; each case has its own.
    Number(Type, u32),
    /// No value: the first reason, and the reasons in words.
    Undetermined(Reason, String),
}

impl Told {
    /// What is told where nothing could be worked out.
    pub(super) fn fault(why: &str) -> Told {
        let answer = Answer::Undetermined(Reason::Fault, why.to_owned());
        Told { answer, readings: String::new(), clauses: Vec::new(), rules: Vec::new() }
    }

    /// What is told of an outcome.
    pub(super) fn of(checked: &Checked, reported: &Reported, clauses: bool) -> Told {
        let model = &checked.model;
        let answer = match &reported.outcome.answer {
            Ok(value) => Answer::Value(value.clone(), value.display(model).to_string()),
            Err(why) => Answer::Undetermined(why.reason(), why_text(model, why, "en")),
        };
        let readings = reported.outcome.readings.iter().map(|(id, choice)| {
            let reading = model.reading(*id);
            match choice.and_then(|choice| model.member(reading.choices, choice)) {
                Some(choice) => format!("{}={}", reading.name, choice.name),
                None => reading.name.clone(),
            }
        });
        let readings = readings.collect::<Vec<_>>().join("; ");
        let (mut own, mut rules) = (Vec::new(), Vec::new());
        if clauses {
            own.clone_from(&reported.clauses);
            rules.extend(reported.fired.iter().map(|(id, fired)| (*id, fired.span)));
        }
        Told { answer, readings, clauses: own, rules }
    }
}
