//! Facts under which conditions hold. Conditions are taken apart into limits on the inputs, values are chosen within
//! the limits, and every choice is tried: what is found is never wrong, though something may be missed.
//!
//! Where the limits of every alternative contradict each other, that is a proof that there are no such facts.

mod amount;
mod case;
mod expand;
mod fill;
mod formula;
mod linear;
mod same;
mod system;

pub(crate) use amount::{amount, step, value_at};
pub(crate) use fill::{domain, ends, is_allowed, made_up};
pub(crate) use formula::{At, Formula, applies, fits, ways};
pub(crate) use same::same;

use super::Checked;
use crate::eval::{Evaluation, Known, Reason};
use crate::model::{DecisionId, Expr, InputId, Model};
use crate::scenario::Facts;
use crate::value::Value;
use case::Case;
use expand::Expander;

/// Ways in which the values of one alternative are chosen.
const VARIANTS: usize = 3;
/// How often facts that turn out to be missing are made up.
const ROUNDS: usize = 6;

/// What a trial of some facts says.
pub(crate) enum Verdict {
    /// These facts do what is asked.
    Holds,
    /// They do not.
    Fails,
    /// It turns on facts that are not given.
    Missing(Vec<InputId>),
}

/// Facts, added to `base`, for which each condition of the decision comes to what is wanted.
///
/// What is found has been evaluated; `None` says nothing about whether such facts exist.
pub fn find(
    checked: &Checked,
    decision: Option<DecisionId>,
    conditions: &[(&Expr, bool)],
    base: &Facts,
) -> Option<Facts> {
    let holds = conditions.iter().map(|(expr, wanted)| Formula::Holds(At { within: decision, expr }, *wanted));
    let mut budget = 2_000;
    search(checked, Formula::All(holds.collect()), base, &mut budget, &|evaluation| {
        all(conditions.iter().map(|(expr, wanted)| {
            let known = match decision {
                Some(id) => evaluation.value_in(id, expr),
                None => evaluation.value(expr),
            };
            is(&known, &Value::YesNo(*wanted))
        }))
    })
}

/// Facts, added to `base`, that `trial` accepts. The formula leads the search; `budget` trials are made at most.
pub(crate) fn search<'a>(
    checked: &'a Checked,
    formula: Formula<'a>,
    base: &Facts,
    budget: &mut usize,
    trial: &dyn Fn(&Evaluation) -> Verdict,
) -> Option<Facts> {
    let model = &checked.model;
    let mut expander = Expander::new(model, false);
    let alternatives = expander.expand(formula, 0);
    let mut cases: Vec<Case> = Vec::new();
    for alternative in alternatives {
        cases.extend(Case::new(&mut expander, alternative));
    }
    let mut tried: Vec<Facts> = Vec::new();
    for variant in 0..VARIANTS {
        for case in &cases {
            let Some(mut facts) = case.facts(base, variant) else { continue };
            if tried.contains(&facts) {
                continue;
            }
            tried.push(facts.clone());
            for _ in 0..ROUNDS {
                *budget = budget.checked_sub(1)?;
                let verdict = trial(&Evaluation::new(checked, &facts));
                match verdict {
                    Verdict::Holds => return Some(facts),
                    Verdict::Fails => break,
                    Verdict::Missing(inputs) => {
                        let mut more = false;
                        for id in inputs.into_iter().filter(|id| facts.get(*id).is_none()).collect::<Vec<_>>() {
                            if let Some(value) = made_up(model, id, variant) {
                                facts.give(id, value);
                                more = true;
                            }
                        }
                        if !more {
                            break;
                        }
                    }
                }
            }
        }
    }
    None
}

/// The same facts without those that the trial does not need.
pub(crate) fn least(checked: &Checked, mut facts: Facts, trial: &dyn Fn(&Evaluation) -> Verdict) -> Facts {
    let given: Vec<InputId> = facts.given().map(|(id, _)| id).collect();
    for id in given {
        let mut fewer = facts.clone();
        fewer.take(id);
        if matches!(trial(&Evaluation::new(checked, &fewer)), Verdict::Holds) {
            facts = fewer;
        }
    }
    facts
}

/// Whether it is proved that a statement holds in no case.
pub(crate) fn is_impossible(model: &Model, formula: Formula) -> bool {
    let mut expander = Expander::new(model, true);
    let alternatives = expander.expand(formula, 0);
    if expander.cut {
        return false;
    }
    alternatives.into_iter().all(|alternative| Case::new(&mut expander, alternative).is_none())
}

/// Whether an answer is this value.
pub(crate) fn is(known: &Known, value: &Value) -> Verdict {
    match known {
        Ok(found) if found == value => Verdict::Holds,
        Ok(_) => Verdict::Fails,
        Err(why) if why.reason() == Reason::Missing => {
            let mut inputs: Vec<InputId> = why.missing.iter().map(|f| f.input).collect();
            inputs.dedup();
            Verdict::Missing(inputs)
        }
        Err(_) => Verdict::Fails,
    }
}

/// That all of some verdicts hold.
pub(crate) fn all(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut missing = Vec::new();
    for verdict in verdicts {
        match verdict {
            Verdict::Holds => {}
            Verdict::Fails => return Verdict::Fails,
            Verdict::Missing(inputs) => missing.extend(inputs),
        }
    }
    if missing.is_empty() { Verdict::Holds } else { Verdict::Missing(missing) }
}

/// `order.spend is USD 5, order.region is asia`, and readings that are not at their default.
pub(crate) fn told(model: &Model, facts: &Facts) -> String {
    let given = facts.given().map(|(id, value)| format!("{} is {}", model.input(id).name, value.display(model)));
    let readings = model.readings.iter().enumerate().filter_map(|(number, reading)| {
        let choice = facts.reading(crate::model::ReadingId(number as u32))?;
        let member = model.member(reading.choices, choice).filter(|_| reading.default != Some(choice))?;
        Some(format!("reading {} is {}", reading.name, member.name))
    });
    let text = given.chain(readings).collect::<Vec<_>>().join(", ");
    if text.is_empty() { "any case at all".to_owned() } else { text }
}
