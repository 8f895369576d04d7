//! Tables: which rows fit, by index where all headings are known, row by row where some are not.

use std::rc::Rc;

use super::columns::Columns;
use super::place::Place;
use super::rules::GroupResult;
use super::settle::{Answers, Candidate, Fallback, Settled, Trace, fired_of};
use super::{Evaluation, Frame, Known, Why};
use crate::model::{CompareOp, Hit, Row, Table, Test, TestKind, Type};
use crate::value::{Value, compare};

/// Whether a row fits: yes, no, or not known for these reasons.
enum Fit {
    Yes,
    No,
    Maybe(Rc<Why>),
}

impl<'a> Evaluation<'a> {
    pub(super) fn table(&self, table: &'a Table, place: &Place, frame: &Frame<'a>) -> GroupResult {
        let headings: Vec<Known> = table.conditions.iter().map(|c| self.expr(c, frame)).collect();
        let mut candidates: Vec<Candidate<'a>> = Vec::new();
        for row in self.fitting_rows(table, &headings) {
            let maybe = match self.fit(row, &headings, frame) {
                Fit::No => continue,
                Fit::Yes => None,
                Fit::Maybe(why) => Some(why),
            };
            let settled = maybe.is_none() && matches!(table.hit, Hit::First);
            candidates.push(self.row(row, table, maybe, place, frame));
            if settled {
                break;
            }
        }
        let otherwise = table.otherwise.as_ref().map(|row| self.row(row, table, None, place, frame));
        let fallback = match otherwise {
            Some(row) => Fallback::Answer(row),
            None if table.must_be_complete => Fallback::Complete,
            None => Fallback::Nothing,
        };
        match &table.hit {
            Hit::Unique => self.settled(candidates, fallback, table, place),
            Hit::First => {
                // The first row known to fit holds unless an earlier one does.
                let fallback = match candidates.last() {
                    Some(last) if last.maybe.is_none() => match candidates.pop() {
                        Some(last) => Fallback::Answer(last),
                        None => fallback,
                    },
                    _ => fallback,
                };
                self.settled(candidates, fallback, table, place)
            }
            Hit::Priority(order) => self.by_priority(candidates, fallback, order, table, place),
            Hit::Collect => self.collected(candidates, table, place),
        }
    }

    /// The rows that could fit, in order: few by the index, or all.
    fn fitting_rows(&self, table: &'a Table, headings: &[Known]) -> impl Iterator<Item = &'a Row> + use<'a> {
        let known: Option<Vec<&Value>> = headings.iter().map(|h| h.as_ref().ok()).collect();
        let found = known.and_then(|values| self.checked.index(table.id).map(|index| index.rows(&values)));
        let rows: &'a [Row] = &table.rows;
        let (some, all) = match found {
            Some(numbers) => (Some(numbers), None),
            None => (None, Some(rows.iter())),
        };
        some.into_iter().flatten().filter_map(move |n| rows.get(*n as usize)).chain(all.into_iter().flatten())
    }

    fn fit(&self, row: &'a Row, headings: &[Known], frame: &Frame<'a>) -> Fit {
        let mut doubts = None;
        for (test, heading) in row.tests.iter().zip(headings) {
            match self.passes(test, heading, frame) {
                Ok(true) => {}
                Ok(false) => return Fit::No,
                Err(why) => Why::gather(&mut doubts, &why),
            }
        }
        doubts.map_or(Fit::Yes, Fit::Maybe)
    }

    fn passes(&self, test: &'a Test, heading: &Known, frame: &Frame<'a>) -> Result<bool, Rc<Why>> {
        if matches!(test.kind, TestKind::Any) {
            return Ok(true);
        }
        let value = heading.as_ref().map_err(Rc::clone)?;
        match &test.kind {
            TestKind::Dynamic(op, with) => {
                let with = self.expr(with, frame)?;
                Ok(match op {
                    CompareOp::Eq => *value == with,
                    CompareOp::Ne => *value != with,
                    op => compare(value, &with).is_some_and(|o| op.holds(o)),
                })
            }
            TestKind::Not(inner) => self.passes(inner, heading, frame).map(|b| !b),
            _ => Ok(test.holds(value).unwrap_or(false)),
        }
    }

    fn row(
        &self,
        row: &'a Row,
        table: &'a Table,
        maybe: Option<Rc<Why>>,
        place: &Place,
        frame: &Frame<'a>,
    ) -> Candidate<'a> {
        let mut answers: Answers = Columns::each(place.columns, |_| None);
        for (column, answer) in table.answers.iter().zip(&row.answers) {
            if let Some(slot) = answers.as_mut_slice().get_mut(*column) {
                *slot = Some(self.answer(answer, place, &row.cites, *column, frame));
            }
        }
        let trace = Trace::Own { cites: &row.cites, columns: &table.answers };
        Candidate { maybe, answers, trace, span: row.span }
    }

    fn settled(&self, candidates: Vec<Candidate>, fallback: Fallback, table: &Table, place: &Place) -> GroupResult {
        let mut winners = Vec::new();
        let columns = Columns::each(place.columns, |column| {
            if table.answers.contains(&column) {
                self.settle(place, &candidates, &fallback, column, &mut winners)
            } else {
                Settled::NotApplicable
            }
        });
        let span = winners.first().and_then(|w| candidates.get(*w)).map_or(table.span, |c| c.span);
        let fired = fired_of(candidates, fallback, &winners, place);
        GroupResult { columns, fired, span }
    }

    /// The fitting row whose answer ranks first; rows that may fit matter only if they rank higher.
    fn by_priority(
        &self,
        candidates: Vec<Candidate>,
        fallback: Fallback,
        order: &[Value],
        table: &Table,
        place: &Place,
    ) -> GroupResult {
        let rank = |c: &Candidate| match c.answer(0) {
            Some(Ok(value)) => order.iter().position(|v| v == value).unwrap_or(order.len()),
            _ => order.len(),
        };
        let best = candidates.iter().filter(|c| c.maybe.is_none()).map(rank).min();
        let kept = candidates.into_iter().filter(|c| match best {
            Some(best) if c.maybe.is_none() => rank(c) == best,
            Some(best) => rank(c) < best,
            None => true,
        });
        self.settled(kept.collect(), fallback, table, place)
    }

    /// All answers, in the order of the rows; a set has them without order.
    fn collected(&self, candidates: Vec<Candidate>, table: &Table, place: &Place) -> GroupResult {
        let mut values = Vec::new();
        let mut doubts = None;
        let mut fired = Vec::new();
        for candidate in candidates {
            candidate.maybe.iter().for_each(|why| Why::gather(&mut doubts, why));
            match candidate.answer(0) {
                Some(Ok(value)) => values.push(value.clone()),
                Some(Err(why)) => Why::gather(&mut doubts, why),
                None => {}
            }
            fired.extend(candidate.trace.into_fired(candidate.span, place));
        }
        let is_set = matches!(self.model().decision(place.decision).ty, Type::Set(_));
        let answer = match doubts {
            None => Ok(if is_set { Value::set(values) } else { Value::List(values.into()) }),
            Some(why) => Err(why),
        };
        GroupResult { columns: Columns::One(Settled::Answer(answer)), fired, span: table.span }
    }
}
