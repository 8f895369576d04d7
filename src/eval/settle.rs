//! Which of several rules holds, when some are known to apply, some are known not to, and some may.
//!
//! The result is determined whenever every way that the unknown conditions could turn out gives the same answer
//! (supervaluation over the rules); otherwise it carries the reasons of just those conditions that matter.

use std::rc::Rc;

use super::{Conflict, Fired, Known, Side, Why};
use crate::model::{ClauseId, DecisionId};
use crate::source::Span;

/// A rule, row or exception that applies or may apply.
pub(super) struct Candidate {
    /// `None` if it applies; else why that is not known.
    pub maybe: Option<Rc<Why>>,
    /// Its answer in each column; `None` where it leaves the column to others.
    pub answers: Vec<Option<Known>>,
    pub fired: Vec<Fired>,
    pub span: Span,
    pub clauses: Vec<ClauseId>,
}

/// What holds when no candidate applies.
pub(super) enum Fallback {
    /// This answer: an `otherwise`, or the general rule under its exceptions.
    Answer(Candidate),
    /// The candidates cover every case, so one of them applies.
    Complete,
    /// Nothing: the group does not apply.
    Nothing,
}

/// A column's result.
pub(super) enum Settled {
    Answer(Known),
    /// No candidate applies, and there is no fallback.
    NotApplicable,
    /// It may apply, and then gives this answer.
    Maybe(Rc<Why>, Known),
}

/// Settles one column. The numbers of the candidates that gave the answer are pushed to `winners`;
/// `candidates.len()` stands for the fallback.
pub(super) fn settle(
    decision: DecisionId,
    candidates: &[Candidate],
    fallback: &Fallback,
    column: usize,
    winners: &mut Vec<usize>,
) -> Settled {
    let answering = || candidates.iter().enumerate().filter(|(_, c)| c.answers[column].is_some());
    let answer = |c: &Candidate| c.answers[column].clone().unwrap_or_else(|| Err(Rc::new(Why::default())));
    let definite: Vec<(usize, &Candidate)> = answering().filter(|(_, c)| c.maybe.is_none()).collect();
    let maybe: Vec<(usize, &Candidate)> = answering().filter(|(_, c)| c.maybe.is_some()).collect();

    if let Some((first, winner)) = definite.first() {
        let value = answer(winner);
        if definite.iter().any(|(_, c)| answer(c) != value) {
            let sides =
                definite.iter().map(|(_, c)| Side { span: c.span, answer: answer(c), clauses: c.clauses.clone() });
            let conflict = Conflict { decision, sides: sides.collect() };
            winners.extend(definite.iter().map(|(i, _)| *i));
            return Settled::Answer(Err(Rc::new(Why { conflicts: vec![conflict], ..Why::default() })));
        }
        let dissent: Vec<&Rc<Why>> =
            maybe.iter().filter(|(_, c)| answer(c) != value).filter_map(|(_, c)| c.maybe.as_ref()).collect();
        if dissent.is_empty() {
            winners.extend(definite.iter().map(|(i, _)| *i));
            return Settled::Answer(value);
        }
        winners.push(*first);
        let possible = definite.iter().chain(&maybe).map(|(_, c)| answer(c));
        return Settled::Answer(Err(undecided(dissent, possible)));
    }

    let fallback_answer = match fallback {
        Fallback::Answer(c) => c.answers[column].clone(),
        Fallback::Complete | Fallback::Nothing => None,
    };
    let Some((first, possible)) = maybe.first() else {
        return match fallback_answer {
            Some(value) => {
                winners.push(candidates.len());
                Settled::Answer(value)
            }
            None => Settled::NotApplicable,
        };
    };
    let value = answer(possible);
    let agree = maybe.iter().all(|(_, c)| answer(c) == value);
    let why = || Why::all(maybe.iter().filter_map(|(_, c)| c.maybe.as_ref()));
    match (fallback, fallback_answer) {
        (Fallback::Complete, _) if agree => {
            winners.push(*first);
            Settled::Answer(value)
        }
        (Fallback::Complete, _) => {
            let possible = maybe.iter().map(|(_, c)| answer(c));
            Settled::Answer(Err(undecided(maybe.iter().filter_map(|(_, c)| c.maybe.as_ref()).collect(), possible)))
        }
        (_, Some(otherwise)) => {
            // Those that agree with the fallback make no difference, if nothing else does.
            let dissent: Vec<&Rc<Why>> =
                maybe.iter().filter(|(_, c)| answer(c) != otherwise).filter_map(|(_, c)| c.maybe.as_ref()).collect();
            if dissent.is_empty() {
                winners.push(candidates.len());
                return Settled::Answer(otherwise);
            }
            let possible = maybe.iter().map(|(_, c)| answer(c)).chain([otherwise]);
            Settled::Answer(Err(undecided(dissent, possible)))
        }
        (_, None) => {
            winners.push(*first);
            let answer = if agree { value } else { Err(why()) };
            Settled::Maybe(why(), answer)
        }
    }
}

/// The reasons of conditions that matter, and what the answers that may follow lack themselves.
pub(super) fn undecided(conditions: Vec<&Rc<Why>>, possible: impl Iterator<Item = Known>) -> Rc<Why> {
    let conditions = Why::all(conditions);
    let mut all: Option<Why> = None;
    for why in possible.filter_map(Result::err) {
        if !why.missing.is_subset(&conditions.missing) || !why.readings.is_subset(&conditions.readings) {
            let all = all.get_or_insert_with(|| (*conditions).clone());
            all.missing.extend(why.missing.iter().cloned());
            all.readings.extend(why.readings.iter().copied());
        }
    }
    all.map_or(conditions, Rc::new)
}
