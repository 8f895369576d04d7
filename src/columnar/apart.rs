//! Which answers are the same. Rules compare answers where a fact is missing (does it matter?), and that turns on the
//! amounts. Where all answers are worked out from one amount, or are the same in every case, it turns on no more than which
//! of them are equal: cases that are alike in that, too, share what is told.

use super::atom::Atom;
use super::line::Scaled;
use super::number::{KNOWN, Lane, NumberId, NumberKind, UNKNOWN, held, power};
use super::shape::Shapes;
use super::sub::{Sub, What, Which};
use crate::model::{Answer, Body, DecisionKind, ExprKind, Group, Model};
use crate::source::Span;

/// The most answers that are told apart: each two of them take a bit.
const MOST: usize = 11;
/// Stands for amounts that are not known: then no answer is.
const NO_AMOUNT: u64 = u64::MAX;

/// The answers of a decision that are the same in every case: whole multiples of 10 to the power of minus their scale.
#[derive(Clone, Debug)]
pub struct Apart {
    constants: Vec<(i64, u32)>,
}

impl Apart {
    /// `None` where more than the equality of answers can matter.
    pub fn of(model: &Model, sub: &Sub, shapes: &Shapes) -> Option<Apart> {
        let What::Answer(id, column) = sub.what else { return None };
        let decision = model.decision(id);
        let is_alone = sub.numeric[..] == [id] && !sub.chosen && matches!(decision.kind, DecisionKind::Plain);
        // Days that nobody has judged are told with the reasons, and are each case's own.
        if !is_alone || asks_calendar(sub, shapes) {
            return None;
        }
        let mut constants = Vec::new();
        gather(&decision.group, column as usize, sub, &mut constants)?;
        constants.sort_unstable();
        constants.dedup();
        Some(Apart { constants })
    }

    /// Which answers are equal for a row's amount; `None` where they are not to be worked out.
    pub fn pattern(&self, scaled: &Scaled, amounts: &Lane, row: usize) -> Option<u64> {
        match amounts.state(row) {
            KNOWN => {}
            UNKNOWN => return Some(NO_AMOUNT),
            _ => return None,
        }
        let mut answers: Vec<Option<i64>> = Vec::with_capacity(MOST);
        for factor in scaled.distinct() {
            answers.push(Some(scaled.result(*factor, amounts.get(row))?));
        }
        // One that has more places than the results is none of them.
        let at_scale = |(value, scale): &(i64, u32)| value.checked_mul(power(scaled.scale.checked_sub(*scale)?)?);
        answers.extend(self.constants.iter().map(at_scale));
        if answers.len() > MOST {
            return None;
        }
        let mut pattern = 0;
        for (place, answer) in answers.iter().enumerate() {
            for other in &answers[..place] {
                pattern = pattern << 1 | u64::from(answer.is_some() && answer == other);
            }
        }
        Some(pattern)
    }
}

/// Whether a calendar stands behind a sub.
fn asks_calendar(sub: &Sub, shapes: &Shapes) -> bool {
    let of_atoms = sub.atoms.iter().flat_map(|atom| match &shapes.atoms[atom.index()] {
        Atom::Segment(number, _) => vec![*number],
        Atom::Order(a, b) => vec![*a, *b],
        _ => Vec::new(),
    });
    let mut ahead: Vec<NumberId> = of_atoms.chain(sub.formulas.iter().map(|(_, number)| *number)).collect();
    while let Some(number) = ahead.pop() {
        match &shapes.numbers[number.index()].kind {
            NumberKind::Fact(_) | NumberKind::Const(_) => {}
            NumberKind::Clock(..) => return true,
            NumberKind::Add(a, b)
            | NumberKind::Subtract(a, b)
            | NumberKind::Share(a, b)
            | NumberKind::DaysBetween(a, b)
            | NumberKind::MoveDays(a, b, _) => ahead.extend([*a, *b]),
            NumberKind::Apply(_, args) => ahead.extend(args),
            // A number only needs those before it.
            NumberKind::Sub(inner) if asks_calendar(&shapes.subs[inner.index()], shapes) => return true,
            NumberKind::Sub(_) => {}
        }
    }
    false
}

/// The constants among the answers of a group; `None` where an answer is neither one nor a formula.
fn gather(group: &Group, column: usize, sub: &Sub, constants: &mut Vec<(i64, u32)>) -> Option<()> {
    let mut take = |answer: &Answer, span: Span| match answer {
        Answer::Silent | Answer::Discretion { meanwhile: None, .. } => Some(()),
        Answer::Discretion { .. } => None,
        Answer::Value(_) if sub.formulas.iter().any(|(which, _)| *which == Which::At(span)) => Some(()),
        Answer::Value(value) => {
            let ExprKind::Const(value) = &value.kind else { return None };
            let (value, scale, _) = held(value)?;
            constants.push((value, scale));
            Some(())
        }
    };
    match &group.body {
        Body::Rules(rules) => rules.iter().try_for_each(|rule| take(&rule.answer, rule.span))?,
        Body::Table(table) => {
            let at = table.answers.iter().position(|answer| *answer == column);
            for row in table.rows.iter().chain(&table.otherwise) {
                if let Some(answer) = at.and_then(|at| row.answers.get(at)) {
                    take(answer, row.span)?;
                }
            }
        }
        Body::Period(_) | Body::Log => return None,
    }
    group.exceptions.iter().try_for_each(|exception| gather(&exception.group, column, sub, constants))
}
