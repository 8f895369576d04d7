//! Decisions: the general rule, its exceptions, and the tables that supersede it.

use std::rc::Rc;

use super::columns::Columns;
use super::place::Place;
use super::settle::{self, Answers, Candidate, Fallback, Settled, Trace, fired_of};
use super::{Discretion, Evaluation, Fired, Frame, Known, SilentAbout, Used, Why};
use crate::model::{
    Answer, Body, ClauseId, DecisionId, DecisionKind, Exception, Group, Guard, PeriodExtent, Responses,
};
use crate::source::Span;
use crate::value::{self, Value};

/// What a group gives: in each column an answer, or that it does not apply.
pub(super) struct GroupResult {
    pub columns: Columns<Settled>,
    pub fired: Vec<Fired>,
    /// Where the answer stands, for pointing at.
    pub span: Span,
}

/// A response table that supersedes others, in the case at hand.
pub(super) struct Successor {
    /// `None` if it does not apply.
    candidate: Option<Candidate<'static>>,
    /// What it was worked out from, in order of first use.
    used: Vec<Used>,
}

impl<'a> Evaluation<'a> {
    /// A decision's answers and the rules that gave them.
    pub(super) fn rules(&self, id: DecisionId, frame: &Frame<'a>) -> (Vec<Known>, Vec<Fired>) {
        let decision = self.model().decision(id);
        if let Body::Period(extent) = &decision.group.body {
            let (starts, ends) = self.period(extent, frame);
            let fired = Fired {
                span: decision.name_span,
                clauses: decision.group.cites.clone(),
                within: vec![],
                columns: vec![0, 1],
            };
            return (vec![starts, ends], vec![fired]);
        }
        let place = Place::new(id, decision.columns.len());
        let mut result = self.group(&decision.group, &place, frame);
        if let DecisionKind::Responses(responses) = &decision.kind {
            result = self.superseded(responses, result, &place, decision.name_span);
            self.answer_notes(id, responses, &result);
        }
        let silent = |column: usize| {
            let about = SilentAbout::Decision(id, column as u32);
            Err(Why::silence(about, decision.group.cites.clone()))
        };
        let mut number = 0..;
        let columns = result.columns.map(|settled| match (settled, number.next().unwrap_or_default()) {
            (Settled::Answer(known), _) => known,
            // A table that supersedes need not have an answer for every case or column.
            (Settled::NotApplicable, column) => silent(column),
            (Settled::Maybe(why, _), _) => Err(why),
        });
        (columns.into_vec(), result.fired)
    }

    pub(super) fn group(&self, group: &'a Group, place: &Place, frame: &Frame<'a>) -> GroupResult {
        let here = place.group(&group.cites);
        let body = self.body(group, &here, frame);
        if group.exceptions.is_empty() {
            return body;
        }
        let candidates = self.exception_candidates(&group.exceptions, &here, frame);
        self.beneath(candidates, body, &here)
    }

    /// The exceptions that apply or may apply, without those that another one beats.
    fn exception_candidates(
        &self,
        exceptions: &'a [Exception],
        place: &Place,
        frame: &Frame<'a>,
    ) -> Vec<Candidate<'a>> {
        let results: Vec<GroupResult> = exceptions
            .iter()
            .map(|exception| self.group(&exception.group, &place.exception(&exception.name), frame))
            .collect();
        let applies = |i: usize| results[i].columns.as_slice().iter().any(|c| matches!(c, Settled::Answer(_)));
        let beaten: Vec<usize> =
            (0..exceptions.len()).filter(|i| applies(*i)).flat_map(|i| exceptions[i].over.iter().copied()).collect();
        let kept = results.into_iter().enumerate().filter(|(i, _)| !beaten.contains(i));
        kept.filter_map(|(_, result)| candidate(result)).collect()
    }

    /// A general answer under candidates that beat it where they apply.
    fn beneath(&self, candidates: Vec<Candidate<'a>>, general: GroupResult, place: &Place) -> GroupResult {
        let span = general.span;
        // A general rule that only may apply (the body of an exception) keeps its doubt.
        let mut doubts: Columns<Option<Rc<Why>>> = Columns::each(place.columns, |_| None);
        let mut doubt = doubts.as_mut_slice().iter_mut();
        let answers = general.columns.map(|settled| match (settled, doubt.next()) {
            (Settled::Maybe(why, known), Some(doubt)) => {
                *doubt = Some(why);
                Some(known)
            }
            (Settled::Answer(known) | Settled::Maybe(_, known), _) => Some(known),
            (Settled::NotApplicable, _) => None,
        });
        let fallback = Fallback::Answer(Candidate { maybe: None, answers, trace: Trace::Inner(general.fired), span });
        let mut winners = Vec::new();
        let columns = Columns::each(place.columns, |column| {
            // Exceptions to an exception that does not apply have nothing to beat.
            if fallback.answer(column).is_none() && place.is_within() {
                return Settled::NotApplicable;
            }
            let settled = self.settle(place, &candidates, &fallback, column, &mut winners);
            match (settled, &doubts.as_slice()[column]) {
                (Settled::Answer(known), Some(why)) => Settled::Maybe(why.clone(), known),
                (settled, _) => settled,
            }
        });
        let fired = fired_of(candidates, fallback, &winners, place);
        GroupResult { columns, fired, span }
    }

    fn body(&self, group: &'a Group, place: &Place, frame: &Frame<'a>) -> GroupResult {
        match &group.body {
            Body::Table(table) => self.table(table, place, frame),
            Body::Rules(rules) => {
                let mut candidates = Vec::new();
                let mut fallback = Fallback::Nothing;
                let mut span = self.model().decision(place.decision).name_span;
                for rule in rules {
                    let maybe = match &rule.guard {
                        Guard::When(condition) => match self.expr(condition, frame) {
                            Ok(Value::YesNo(true)) => None,
                            Ok(_) => continue,
                            Err(why) => Some(why),
                        },
                        Guard::Always => None,
                        Guard::Otherwise => None,
                    };
                    let answer = self.answer(&rule.answer, place, &rule.cites, 0, frame);
                    let trace = Trace::Own { cites: &rule.cites, columns: &[0] };
                    let candidate = Candidate { maybe, answers: Columns::One(Some(answer)), trace, span: rule.span };
                    if matches!(rule.guard, Guard::Otherwise) {
                        fallback = Fallback::Answer(candidate);
                    } else {
                        if candidate.maybe.is_none() {
                            span = rule.span;
                        }
                        candidates.push(candidate);
                    }
                }
                let mut winners = Vec::new();
                let settled = self.settle(place, &candidates, &fallback, 0, &mut winners);
                let fired = fired_of(candidates, fallback, &winners, place);
                GroupResult { columns: Columns::One(settled), fired, span }
            }
            Body::Period(_) | Body::Log => GroupResult {
                columns: Columns::One(Settled::NotApplicable),
                fired: vec![],
                span: self.model().decision(place.decision).name_span,
            },
        }
    }

    pub(super) fn settle(
        &self,
        place: &Place,
        candidates: &[Candidate],
        fallback: &Fallback,
        column: usize,
        winners: &mut Vec<usize>,
    ) -> Settled {
        if settle::several(candidates, fallback, column) {
            self.note_comparison(place.decision);
        }
        settle::settle(place, candidates, fallback, column, winners)
    }

    pub(super) fn answer(
        &self,
        answer: &'a Answer,
        place: &Place,
        cites: &[ClauseId],
        column: usize,
        frame: &Frame<'a>,
    ) -> Known {
        match answer {
            Answer::Value(value) => self.expr(value, frame),
            Answer::Silent => {
                Err(Why::silence(SilentAbout::Decision(place.decision, column as u32), place.clauses(cites)))
            }
            Answer::Discretion { party, meanwhile } => {
                let meanwhile = meanwhile.as_ref().and_then(|m| self.expr(m, frame).ok());
                let clauses = place.clauses(cites);
                let discretion = Discretion { party: *party, decision: place.decision, clauses, meanwhile };
                Err(Rc::new(Why { discretion: discretion.into(), ..Why::default() }))
            }
        }
    }

    /// A response table under the tables that supersede it.
    fn superseded(&self, responses: &'a Responses, own: GroupResult, place: &Place, span: Span) -> GroupResult {
        let mut candidates: Vec<(DecisionId, Candidate<'a>)> = Vec::new();
        for id in &responses.superseded_by {
            if let Some(mut candidate) = self.successor(*id) {
                candidate.answers = self.by_name(*id, place.decision, candidate.answers);
                candidates.push((*id, candidate));
            }
        }
        // A table that supersedes another successor as well beats it, in the columns that it answers.
        for index in 0..candidates.len() {
            let (id, candidate) = &candidates[index];
            if candidate.maybe.is_some() {
                continue;
            }
            let DecisionKind::Responses(r) = &self.model().decision(*id).kind else { continue };
            let answered: Vec<bool> = candidate.answers.as_slice().iter().map(Option::is_some).collect();
            for (_, beaten) in candidates.iter_mut().filter(|(other, _)| r.supersedes.contains(other)) {
                let answers = beaten.answers.as_mut_slice().iter_mut();
                for (answer, _) in answers.zip(&answered).filter(|(_, answered)| **answered) {
                    *answer = None;
                }
            }
        }
        let candidates: Vec<Candidate> = candidates.into_iter().map(|(_, c)| c).collect();
        if candidates.is_empty() {
            return own;
        }
        let own = GroupResult { span, ..own };
        self.beneath(candidates, own, &Place::new(place.decision, place.columns))
    }

    /// A table as it stands over those that it supersedes: worked out once, though each of them asks for it.
    fn successor(&self, id: DecisionId) -> Option<Candidate<'static>> {
        let known = self.successors.borrow().get(id.index()).cloned().flatten();
        let successor = known.unwrap_or_else(|| {
            let (candidate, used) = self.noting_use(|| self.work_out_successor(id));
            let successor = Rc::new(Successor { candidate, used });
            let mut all = self.successors.borrow_mut();
            if all.is_empty() {
                all.resize_with(self.model().decisions.len(), || None);
            }
            all[id.index()] = Some(successor.clone());
            successor
        });
        successor.used.iter().for_each(|used| self.note_use(*used));
        successor.candidate.clone()
    }

    fn work_out_successor(&self, id: DecisionId) -> Option<Candidate<'static>> {
        let other = self.model().decision(id);
        let DecisionKind::Responses(theirs) = &other.kind else { return None };
        let applies = match &theirs.when {
            None => Ok(Value::YesNo(true)),
            Some(when) => self.value_in(id, when),
        };
        let doubt = match applies {
            Ok(Value::YesNo(true)) => None,
            Ok(_) => return None,
            Err(why) => Some(why),
        };
        self.note_use(Used::Decision(id));
        let frame = self.frame(id);
        let inner = Place::new(id, other.columns.len()).named(&other.name);
        // Its own successors count as well: what beats it beats this table.
        let result = self.superseded(theirs, self.group(&other.group, &inner, &frame), &inner, other.name_span);
        let mut candidate = candidate(result)?;
        candidate.maybe = match (doubt, candidate.maybe) {
            (None, maybe) => maybe,
            (Some(why), None) => Some(why),
            (Some(a), Some(b)) => Some(Why::both(&a, &b)),
        };
        Some(candidate)
    }

    /// Answers of one table in the columns of another.
    fn by_name(&self, from: DecisionId, to: DecisionId, mut answers: Answers) -> Answers {
        let (from, to) = (self.model().decision(from), self.model().decision(to));
        let position = |name: &str| from.columns.iter().position(|c| c.name == name);
        let answers = answers.as_mut_slice();
        Columns::each(to.columns.len(), |i| position(&to.columns[i].name).and_then(|i| answers.get_mut(i)?.take()))
    }

    /// Footnotes on values that are in the answer count as used.
    fn answer_notes(&self, id: DecisionId, responses: &Responses, result: &GroupResult) {
        for (number, note) in responses.notes.iter().enumerate() {
            let Some(column) = note.answer_column else { continue };
            let has = match result.columns.as_slice().get(column) {
                Some(Settled::Answer(Ok(value))) => {
                    *value == note.value || value::has(value, &note.value).unwrap_or(false)
                }
                _ => false,
            };
            if has {
                self.note_use(Used::Note(id, number as u32));
            }
        }
    }

    /// A period's first and last day.
    fn period(&self, extent: &'a PeriodExtent, frame: &Frame<'a>) -> (Known, Known) {
        let one_day = Value::Days(1);
        match extent {
            PeriodExtent::First { length, of, counted } => {
                let starts = self.expr(of, frame);
                let counted = self.expr(counted, frame);
                let ends = match (&starts, counted) {
                    (Ok(start), Ok(counted)) => {
                        let end = value::add(start, length);
                        let end = if counted == Value::YesNo(true) {
                            end.and_then(|e| value::sub(&e, &one_day))
                        } else {
                            end
                        };
                        end.map_err(|f| Why::fault(f, of.span))
                    }
                    (Err(a), Err(b)) => Err(Why::both(a, &b)),
                    (Err(why), _) => Err(why.clone()),
                    (_, Err(why)) => Err(why),
                };
                (starts, ends)
            }
            PeriodExtent::Last { length, before } => {
                let before_value = self.expr(before, frame);
                let starts =
                    before_value.clone().and_then(|d| value::sub(&d, length).map_err(|f| Why::fault(f, before.span)));
                let ends = before_value.and_then(|d| value::sub(&d, &one_day).map_err(|f| Why::fault(f, before.span)));
                (starts, ends)
            }
            PeriodExtent::FromTo { from, to } => (self.expr(from, frame), self.expr(to, frame)),
        }
    }
}

/// A group's result as a candidate over what it beats; nothing if it does not apply.
fn candidate<'a>(result: GroupResult) -> Option<Candidate<'a>> {
    let mut maybe: Option<Rc<Why>> = None;
    let mut definite = false;
    let answers = result.columns.map(|settled| match settled {
        Settled::Answer(known) => {
            definite = true;
            Some(known)
        }
        Settled::Maybe(why, known) => {
            maybe = Some(maybe.as_ref().map_or(why.clone(), |m| Why::both(m, &why)));
            Some(known)
        }
        Settled::NotApplicable => None,
    });
    if answers.as_slice().iter().all(Option::is_none) {
        return None;
    }
    let maybe = if definite { None } else { maybe };
    Some(Candidate { maybe, answers, trace: Trace::Inner(result.fired), span: result.span })
}
