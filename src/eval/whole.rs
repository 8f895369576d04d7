//! Outcomes of what a person asks for. Here an answer that looks undetermined is tried under every choice of the
//! open readings and every value of the missing facts that have few, so that what cannot matter is not asked for.

use super::{Evaluation, Known, Reason, Used, Why};
use crate::check::Checked;
use crate::model::{DecisionId, Expr, ExprKind, InputId, Model, ReadingId, Type};
use crate::scenario::Facts;
use crate::value::Value;

/// The most cases that are tried to see whether what is missing matters.
const MAX_CASES: usize = 512;

/// What a decision, or a part of one, comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub answer: Known,
    /// The readings that it depended on, with the choice made; in source order.
    pub readings: Vec<(ReadingId, Option<u32>)>,
    /// For an answer that turns on open readings: the answer under each choice.
    pub under: Vec<UnderReading>,
    /// For an answer that was settled by trying what is not known: the facts of the first case tried. What is behind
    /// the answer is read from these.
    pub tried: Option<Facts>,
}

/// The answer when open readings are chosen so.
#[derive(Clone, Debug, PartialEq)]
pub struct UnderReading {
    pub choices: Vec<(ReadingId, u32)>,
    pub answer: Known,
}

/// The outcome of an expression such as `base.first-response`, for some facts.
pub fn outcome(checked: &Checked, facts: &Facts, target: &Expr) -> Outcome {
    let evaluation = Evaluation::new(checked, facts);
    let answer = evaluation.value(target);
    let mut readings: Vec<(ReadingId, Option<u32>)> = evaluation
        .used_by(&decisions_of(target))
        .into_iter()
        .filter_map(|used| match used {
            Used::Reading(id) => Some((id, facts.reading(id))),
            _ => None,
        })
        .collect();
    readings.sort_unstable();
    let mut outcome = Outcome { answer, readings, under: Vec::new(), tried: None };
    if let Err(why) = outcome.answer.clone() {
        if matches!(why.reason(), Reason::Missing | Reason::Conflict) {
            if let Some((settled, tried)) = narrowed(checked, facts, target, &why) {
                outcome.tried = settled.is_ok().then_some(tried);
                outcome.answer = settled;
            }
        }
    }
    if let Err(why) = outcome.answer.clone() {
        if why.reason() == Reason::OpenReading {
            outcome.under = under_readings(checked, facts, target, &why);
            if let Some(first) = outcome.under.first() {
                if outcome.under.iter().all(|u| u.answer == first.answer) {
                    let mut tried = facts.clone();
                    first.choices.iter().for_each(|(reading, choice)| tried.choose(*reading, *choice));
                    outcome.answer = first.answer.clone();
                    outcome.tried = Some(tried);
                    outcome.under.clear();
                }
            }
        }
    }
    outcome
}

/// The decisions that an expression names.
pub fn decisions_of(target: &Expr) -> Vec<DecisionId> {
    match &target.kind {
        ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => vec![*id],
        ExprKind::PeriodStart(inner) | ExprKind::PeriodEnd(inner) | ExprKind::Field(inner, _) => decisions_of(inner),
        ExprKind::Property(inner, _) => decisions_of(inner),
        _ => Vec::new(),
    }
}

/// The answer under each choice of the open readings it turns on, in source order.
fn under_readings(checked: &Checked, facts: &Facts, target: &Expr, why: &Why) -> Vec<UnderReading> {
    let mut cases = vec![Vec::new()];
    for reading in &why.readings {
        let choices = checked.model.enumeration(checked.model.reading(*reading).choices).members.len() as u32;
        if cases.len() * choices as usize > MAX_CASES {
            return Vec::new();
        }
        cases = cases
            .into_iter()
            .flat_map(|case: Vec<(ReadingId, u32)>| {
                (0..choices).map(move |choice| {
                    let mut case = case.clone();
                    case.push((*reading, choice));
                    case
                })
            })
            .collect();
    }
    cases
        .into_iter()
        .map(|choices| {
            let mut chosen = facts.clone();
            for (reading, choice) in &choices {
                chosen.choose(*reading, *choice);
            }
            let answer = outcome(checked, &chosen, target).answer;
            UnderReading { choices, answer }
        })
        .collect()
}

/// Whether [`outcome`] tries what is not known for an answer that is undetermined for these reasons.
pub fn is_tried(checked: &Checked, why: &Why) -> bool {
    let few =
        || why.missing.iter().all(|fact| fact.part.is_empty() && few_values(&checked.model, fact.input).is_some());
    match why.reason() {
        Reason::OpenReading => true,
        Reason::Missing | Reason::Conflict => few(),
        _ => false,
    }
}

/// Something unknown that has few values: a missing fact, or an open reading.
enum Unknown {
    Fact(InputId, Vec<Value>),
    Reading(ReadingId, u32),
}

impl Unknown {
    fn choices(&self) -> usize {
        match self {
            Unknown::Fact(_, values) => values.len(),
            Unknown::Reading(_, choices) => *choices as usize,
        }
    }

    fn set(&self, choice: usize, facts: &mut Facts) {
        match self {
            Unknown::Fact(id, values) => facts.give(*id, values[choice].clone()),
            Unknown::Reading(id, _) => facts.choose(*id, choice as u32),
        }
    }
}

/// Tries every value of the missing facts that have few, under every choice of the open readings. If all give the
/// same answer, that is the answer; facts and readings that never change it are dropped from the reasons.
/// `None` where there is too much to try. With it come the facts of the first case.
fn narrowed(checked: &Checked, facts: &Facts, target: &Expr, why: &Why) -> Option<(Known, Facts)> {
    let model = &checked.model;
    let mut unknowns: Vec<Unknown> = Vec::new();
    for fact in &why.missing {
        if !fact.part.is_empty() {
            return None;
        }
        unknowns.push(Unknown::Fact(fact.input, few_values(model, fact.input)?));
    }
    for reading in &why.readings {
        let choices = model.enumeration(model.reading(*reading).choices).members.len();
        unknowns.push(Unknown::Reading(*reading, choices as u32));
    }
    let cases = unknowns.iter().try_fold(1usize, |n, u| n.checked_mul(u.choices()))?;
    if unknowns.is_empty() || cases == 0 || cases > MAX_CASES {
        return None;
    }
    let facts_of = |case: usize| {
        let mut tried = facts.clone();
        let mut rest = case;
        for unknown in &unknowns {
            unknown.set(rest % unknown.choices(), &mut tried);
            rest /= unknown.choices();
        }
        tried
    };
    let answers: Vec<Known> = (0..cases).map(|case| Evaluation::new(checked, &facts_of(case)).value(target)).collect();
    if answers.iter().all(|a| *a == answers[0]) {
        return Some((answers[0].clone(), facts_of(0)));
    }
    // One of them matters if some choice of the others makes its value change the answer.
    let mut stride = 1;
    let mut kept = why.clone();
    for unknown in &unknowns {
        let matters = (0..cases).any(|case| {
            let own = (case / stride) % unknown.choices();
            own > 0 && answers[case] != answers[case - own * stride]
        });
        match unknown {
            Unknown::Fact(id, _) if !matters => kept.missing.retain(|f| f.input != *id),
            Unknown::Reading(id, _) if !matters => {
                kept.readings.remove(id);
            }
            _ => {}
        }
        stride *= unknown.choices();
    }
    Some((Err(std::rc::Rc::new(kept)), facts_of(0)))
}

/// All values of an input that has few: yes and no, or the members of an enumeration.
fn few_values(model: &Model, id: InputId) -> Option<Vec<Value>> {
    let input = model.input(id);
    let values: Vec<Value> = match &input.ty {
        Type::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
        Type::Enum(id) => (0..model.enumeration(*id).members.len() as u32).map(|m| Value::Member(*id, m)).collect(),
        _ => return None,
    };
    let allowed: Vec<Value> =
        values.into_iter().filter(|v| input.must_be.iter().all(|(t, _)| t.holds(v) != Some(false))).collect();
    (!allowed.is_empty()).then_some(allowed)
}
