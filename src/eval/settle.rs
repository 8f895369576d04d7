//! Which of several rules holds, when some are known to apply, some are known not to, and some may.
//!
//! The result is determined whenever every way that the unknown conditions could turn out gives the same answer
//! (supervaluation over the rules); otherwise it carries the reasons of just those conditions that matter.

use std::rc::Rc;

use super::columns::Columns;
use super::place::Place;
use super::{Conflict, Fired, Known, Reason, Side, Why};
use crate::model::ClauseId;
use crate::source::Span;

/// What a candidate answers in each column; `None` where it leaves the column to others.
pub(super) type Answers = Columns<Option<Known>>;

/// A rule, row or exception that applies or may apply.
#[derive(Clone)]
pub(super) struct Candidate<'a> {
    /// `None` if it applies; else why that is not known.
    pub maybe: Option<Rc<Why>>,
    pub answers: Answers,
    pub trace: Trace<'a>,
    pub span: Span,
}

/// What is told of a candidate if it wins. Most do not, so a rule's own part is put together only then.
#[derive(Clone)]
pub(super) enum Trace<'a> {
    /// A rule or row: what it cites itself, and the columns that it answers.
    Own { cites: &'a [ClauseId], columns: &'a [usize] },
    /// The winners of a group.
    Inner(Vec<Fired>),
}

/// What holds when no candidate applies.
pub(super) enum Fallback<'a> {
    /// This answer: an `otherwise`, or the general rule under its exceptions.
    Answer(Candidate<'a>),
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
    place: &Place,
    candidates: &[Candidate],
    fallback: &Fallback,
    column: usize,
    winners: &mut Vec<usize>,
) -> Settled {
    let answering = || candidates.iter().enumerate().filter_map(|(i, c)| Some((i, c, c.answer(column)?)));
    let definite = || answering().filter(|(_, c, _)| c.maybe.is_none());
    let maybe = || answering().filter_map(|(i, c, answer)| Some((i, c.maybe.as_ref()?, answer)));

    if let Some((first, _, _)) = definite().next() {
        if disagree(definite().map(|(_, _, answer)| answer)) {
            let sides = definite().map(|(_, c, answer)| Side {
                span: c.span,
                answer: answer.clone(),
                clauses: c.trace.clauses(place),
            });
            let conflict = Conflict { decision: place.decision, sides: sides.collect() };
            winners.extend(definite().map(|(i, _, _)| i));
            return Settled::Answer(Err(Rc::new(Why { conflicts: vec![conflict], ..Why::default() })));
        }
        let value = combined(definite().map(|(_, _, answer)| answer));
        let dissent = maybe().filter(|(_, _, answer)| !same(answer, &value)).map(|(_, why, _)| why);
        return Settled::Answer(match Why::all(dissent) {
            None => {
                winners.extend(definite().map(|(i, _, _)| i));
                value
            }
            Some(dissent) => {
                winners.push(first);
                let possible = definite().map(|(_, _, answer)| answer).chain(maybe().map(|(_, _, answer)| answer));
                Err(undecided(dissent, possible))
            }
        });
    }

    let otherwise = fallback.answer(column);
    let Some((first, _, value)) = maybe().next() else {
        return match otherwise {
            Some(value) => {
                winners.push(candidates.len());
                Settled::Answer(value.clone())
            }
            None => Settled::NotApplicable,
        };
    };
    let agree = || maybe().all(|(_, _, answer)| same(answer, value));
    let why = || Why::all(maybe().map(|(_, why, _)| why)).unwrap_or_default();
    match (fallback, otherwise) {
        (Fallback::Complete, _) if agree() => {
            winners.push(first);
            Settled::Answer(value.clone())
        }
        (Fallback::Complete, _) => Settled::Answer(Err(undecided(why(), maybe().map(|(_, _, answer)| answer)))),
        (_, Some(otherwise)) => {
            // Those that agree with the fallback make no difference, if nothing else does.
            let dissent = maybe().filter(|(_, _, answer)| !same(answer, otherwise)).map(|(_, why, _)| why);
            Settled::Answer(match Why::all(dissent) {
                None => {
                    winners.push(candidates.len());
                    otherwise.clone()
                }
                Some(dissent) => Err(undecided(dissent, maybe().map(|(_, _, answer)| answer).chain([otherwise]))),
            })
        }
        (_, None) => {
            winners.push(first);
            let why = why();
            let answer = if agree() { value.clone() } else { Err(why.clone()) };
            Settled::Maybe(why, answer)
        }
    }
}

/// Whether more than one answer has a part in what [`settle`] gives, so that it matters whether they are the same.
pub(super) fn several(candidates: &[Candidate], fallback: &Fallback, column: usize) -> bool {
    let answering = candidates.iter().filter(|c| c.answer(column).is_some());
    let (count, all_sure) = answering.fold((0, true), |(count, sure), c| (count + 1, sure && c.maybe.is_none()));
    count > 1 || (count == 1 && !all_sure && fallback.answer(column).is_some())
}

/// Whether two answers come to the same: equal values, both silent, or left to the same parties with the same
/// meanwhile. Answers that lack facts are the same only if they lack the same for the same reasons.
fn same(a: &Known, b: &Known) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => a == b,
        (Err(a), Err(b)) => match (a.reason(), b.reason()) {
            (Reason::Silence, Reason::Silence) => true,
            (Reason::Discretion, Reason::Discretion) => {
                let left_to =
                    |why: &Why| -> Vec<_> { why.discretion.iter().map(|d| (d.party, d.meanwhile.clone())).collect() };
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
fn disagree<'a>(answers: impl Iterator<Item = &'a Known>) -> bool {
    let mut settled = answers.filter(|a| is_settled(a));
    settled.next().is_some_and(|first| settled.any(|other| !same(first, other)))
}

/// Several answers that all hold and do not contradict each other, as one: what any of them lacks, all of them lack.
fn combined<'a>(answers: impl Iterator<Item = &'a Known> + Clone) -> Known {
    if let Some(open) = Why::all(answers.clone().filter(|a| !is_settled(a)).filter_map(|a| a.as_ref().err())) {
        return Err(open);
    }
    let mut answers = answers.peekable();
    match answers.peek() {
        Some(Ok(value)) => Ok(value.clone()),
        _ => Err(Why::all(answers.filter_map(|a| a.as_ref().err())).unwrap_or_default()),
    }
}

/// The reasons of conditions that matter, and what the answers that may follow lack themselves.
pub(super) fn undecided<'k>(mut conditions: Rc<Why>, possible: impl Iterator<Item = &'k Known>) -> Rc<Why> {
    for why in possible.filter_map(|answer| answer.as_ref().err()) {
        if !why.missing.is_subset(&conditions.missing) || !why.readings.is_subset(&conditions.readings) {
            let all = Rc::make_mut(&mut conditions);
            all.missing = all.missing.union(&why.missing);
            all.readings = all.readings.union(&why.readings);
        }
    }
    conditions
}

impl Candidate<'_> {
    pub fn answer(&self, column: usize) -> Option<&Known> {
        self.answers.as_slice().get(column)?.as_ref()
    }
}

impl Fallback<'_> {
    pub fn answer(&self, column: usize) -> Option<&Known> {
        match self {
            Fallback::Answer(candidate) => candidate.answer(column),
            Fallback::Complete | Fallback::Nothing => None,
        }
    }
}

impl Trace<'_> {
    /// The clauses behind it.
    fn clauses(&self, place: &Place) -> Vec<ClauseId> {
        match self {
            Trace::Own { cites, .. } => place.clauses(cites),
            Trace::Inner(fired) => fired.iter().flat_map(|f| f.clauses.iter().copied()).collect(),
        }
    }

    pub fn into_fired(self, span: Span, place: &Place) -> Vec<Fired> {
        match self {
            Trace::Own { cites, columns } => {
                let (clauses, within) = (place.clauses(cites), place.within());
                vec![Fired { span, clauses, within, columns: columns.to_vec() }]
            }
            Trace::Inner(fired) => fired,
        }
    }
}

/// What the winners tell: the fallback first, then in source order.
pub(super) fn fired_of(candidates: Vec<Candidate>, fallback: Fallback, winners: &[usize], place: &Place) -> Vec<Fired> {
    let general = match fallback {
        Fallback::Answer(candidate) if winners.contains(&candidates.len()) => Some(candidate),
        _ => None,
    };
    let special = candidates.into_iter().enumerate().filter(|(number, _)| winners.contains(number)).map(|(_, c)| c);
    let mut fired: Vec<Fired> = Vec::new();
    for candidate in general.into_iter().chain(special) {
        for one in candidate.trace.into_fired(candidate.span, place) {
            if !fired.contains(&one) {
                fired.push(one);
            }
        }
    }
    fired
}
