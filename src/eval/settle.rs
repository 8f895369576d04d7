//! Which of several rules holds, when some are known to apply, some are known not to, and some may.
//!
//! The result is determined whenever every way that the unknown conditions could turn out gives the same answer
//! (supervaluation over the rules); otherwise it carries the reasons of just those conditions that matter.

use std::rc::Rc;

use super::{Conflict, Fired, Known, Reason, Side, Why};
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

    if let Some((first, _)) = definite.first() {
        let known: Vec<Known> = definite.iter().map(|(_, c)| answer(c)).collect();
        if disagree(&known) {
            let sides =
                definite.iter().map(|(_, c)| Side { span: c.span, answer: answer(c), clauses: c.clauses.clone() });
            let conflict = Conflict { decision, sides: sides.collect() };
            winners.extend(definite.iter().map(|(i, _)| *i));
            return Settled::Answer(Err(Rc::new(Why { conflicts: vec![conflict], ..Why::default() })));
        }
        let value = combined(&known);
        let dissent: Vec<&Rc<Why>> =
            maybe.iter().filter(|(_, c)| !same(&answer(c), &value)).filter_map(|(_, c)| c.maybe.as_ref()).collect();
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
    let agree = maybe.iter().all(|(_, c)| same(&answer(c), &value));
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
            let dissent: Vec<&Rc<Why>> = maybe
                .iter()
                .filter(|(_, c)| !same(&answer(c), &otherwise))
                .filter_map(|(_, c)| c.maybe.as_ref())
                .collect();
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

/// Whether two answers come to the same: equal values, both silent, or left to the same parties with the same meanwhile.
/// Answers that lack facts are the same only if they lack the same for the same reasons.
fn same(a: &Known, b: &Known) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => a == b,
        (Err(a), Err(b)) => match (a.reason(), b.reason()) {
            (Reason::Silence, Reason::Silence) => true,
            (Reason::Discretion, Reason::Discretion) => {
                let left_to =
                    |why: &Why| why.discretion.iter().map(|d| (d.party, d.meanwhile.clone())).collect::<Vec<_>>();
                left_to(a) == left_to(b)
            }
            _ => a == b,
        },
        _ => false,
    }
}

/// Whether it is settled what an answer comes to: a value, silence or a party's discretion.
fn is_settled(answer: &Known) -> bool {
    match answer {
        Ok(_) => true,
        Err(why) => matches!(why.reason(), Reason::Silence | Reason::Discretion),
    }
}

/// Whether answers that all hold contradict each other. One that lacks facts contradicts nothing yet.
fn disagree(answers: &[Known]) -> bool {
    let mut settled = answers.iter().filter(|a| is_settled(a));
    settled.next().is_some_and(|first| settled.any(|other| !same(first, other)))
}

/// Several answers that all hold and do not contradict each other, as one.
fn combined(answers: &[Known]) -> Known {
    let open: Vec<&Rc<Why>> = answers.iter().filter(|a| !is_settled(a)).filter_map(|a| a.as_ref().err()).collect();
    match (open.is_empty(), answers.first()) {
        (false, _) => Err(Why::all(open)),
        (true, Some(Ok(value))) => Ok(value.clone()),
        (true, _) => Err(Why::all(answers.iter().filter_map(|a| a.as_ref().err()))),
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
