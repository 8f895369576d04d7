//! One alternative as limits on its unknowns: whether it contradicts itself, and facts that would meet it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::amount::{amount, step, value_at};
use super::expand::{Alternative, Demand, Expander, type_of};
use super::fill::{domain, wish};
use super::formula::{At, Formula, Term};
use super::linear::same_term;
use super::system::System;
use crate::model::{ExprKind, InputId, Model, ReadingId};
use crate::scenario::Facts;
use crate::value::Value;

/// The unknowns of an alternative, and what it demands of each.
pub(super) struct Case<'a> {
    model: &'a Model,
    ordered: Vec<Term<'a>>,
    system: System,
    differs: Vec<(usize, Decimal)>,
    choices: Vec<Choice<'a>>,
    sets: Vec<Members<'a>>,
}

/// An unknown that is one of some values.
struct Choice<'a> {
    term: Term<'a>,
    only: Option<Vec<Value>>,
    never: Vec<Value>,
}

/// A set of which some members are known.
struct Members<'a> {
    term: Term<'a>,
    with: BTreeSet<Value>,
    without: BTreeSet<Value>,
}

impl<'a> Case<'a> {
    /// `None` if the demands contradict each other.
    pub fn new(expander: &mut Expander<'a>, mut demands: Alternative<'a>) -> Option<Case<'a>> {
        let model = expander.model;
        for at in inputs_of(&demands) {
            let ExprKind::Input(id) = at.expr.kind else { continue };
            for (test, _) in &model.input(id).must_be {
                let mut more = expander.expand(Formula::Passes(at, test, true), 0);
                if more.len() < 2 {
                    demands.extend(more.pop()?);
                }
            }
        }
        let mut ordered: Vec<Term<'a>> = Vec::new();
        for demand in &demands {
            let terms = match demand {
                Demand::Apart { plus, minus, .. } => [plus.as_ref(), minus.as_ref()],
                Demand::Differs(term, _) => [Some(term), None],
                Demand::Among(..) | Demand::Has(..) => [None, None],
            };
            for term in terms.into_iter().flatten() {
                if !ordered.iter().any(|o| same_term(o, term)) {
                    ordered.push(term.clone());
                }
            }
        }
        // So many unknowns are not solved: their demands are left to the trial.
        let (ordered, system) = match System::new(ordered.len()) {
            Some(system) => (ordered, system),
            None => (Vec::new(), System::new(0)?),
        };
        let mut case = Case { model, ordered, system, differs: Vec::new(), choices: Vec::new(), sets: Vec::new() };
        demands.iter().for_each(|d| case.demand(d));
        let sound = case.system.close()
            && case.choices.iter().all(|c| c.possible(model).is_none_or(|v| !v.is_empty()))
            && case.sets.iter().all(|s| s.with.is_disjoint(&s.without))
            && case.differs.iter().all(|(i, value)| !case.is_pinned(*i, *value));
        sound.then_some(case)
    }

    fn number(&self, term: &Term<'a>) -> Option<usize> {
        self.ordered.iter().position(|o| same_term(o, term))
    }

    fn demand(&mut self, demand: &Demand<'a>) {
        match demand {
            Demand::Apart { plus, minus, bound } => {
                let place = |term: &Option<Term<'a>>| match term {
                    None => Some(0),
                    Some(term) => self.number(term).map(|n| n + 1),
                };
                if let (Some(i), Some(j)) = (place(plus), place(minus)) {
                    self.system.demand(i, j, *bound);
                }
            }
            Demand::Differs(term, value) => self.differs.extend(self.number(term).map(|n| (n, *value))),
            Demand::Among(term, values, wanted) => {
                let number = self.choices.iter().position(|c| same_term(&c.term, term)).unwrap_or_else(|| {
                    self.choices.push(Choice { term: term.clone(), only: None, never: Vec::new() });
                    self.choices.len() - 1
                });
                let choice = &mut self.choices[number];
                match (wanted, &mut choice.only) {
                    (false, _) => choice.never.extend(values.iter().cloned()),
                    (true, Some(only)) => only.retain(|v| values.contains(v)),
                    (true, only) => *only = Some(values.clone()),
                }
            }
            Demand::Has(term, item, wanted) => {
                let number = self.sets.iter().position(|s| same_term(&s.term, term)).unwrap_or_else(|| {
                    self.sets.push(Members { term: term.clone(), with: BTreeSet::new(), without: BTreeSet::new() });
                    self.sets.len() - 1
                });
                let set = &mut self.sets[number];
                if *wanted {
                    set.with.insert(item.clone())
                } else {
                    set.without.insert(item.clone())
                };
            }
        }
    }

    /// Whether an unknown can only be this.
    fn is_pinned(&self, i: usize, value: Decimal) -> bool {
        self.system.range(i) == (Some(value), Some(value))
    }

    /// Facts that meet the demands on inputs and readings, in one of several ways.
    pub fn facts(&self, base: &Facts, variant: usize) -> Option<Facts> {
        let mut facts = base.clone();
        let types: Vec<_> = self.ordered.iter().map(type_of).collect();
        let steps: Vec<Decimal> = types.iter().map(step).collect();
        let given = |i: usize| match input(&self.ordered[i]) {
            Some(id) => base.get(id).and_then(amount),
            None => None,
        };
        let values = self.system.solve(&steps, &|i, low, high| {
            let first = wish(&types[i], given(i), low, high, variant);
            // Where a value is excluded, its neighbour is taken.
            let bad = |v: &Decimal| self.differs.iter().any(|(j, not)| *j == i && not == v);
            let fits = |v: &Decimal| low.is_none_or(|l| *v >= l) && high.is_none_or(|h| *v <= h) && !bad(v);
            let near = (0..4).flat_map(|n| [Decimal::from(n), Decimal::from(-n)]);
            let tried = near.filter_map(|n| first.checked_add(n.checked_mul(steps[i])?));
            tried.into_iter().find(fits)
        })?;
        for ((term, value), ty) in self.ordered.iter().zip(values).zip(&types) {
            if let Some(id) = input(term) {
                let value = value_at(ty, base.get(id), value)?;
                facts.give(id, value);
            }
        }
        for choice in &self.choices {
            let current = match (input(&choice.term), reading(&choice.term)) {
                (Some(id), _) => base.get(id).cloned(),
                (_, Some(id)) => base.reading(id).map(|c| Value::Member(self.model.reading(id).choices, c)),
                _ => continue,
            };
            let possible = choice.possible(self.model);
            let value = match (possible, current) {
                (Some(values), Some(current)) if values.contains(&current) => current,
                (Some(values), _) => values.get(variant % values.len().max(1))?.clone(),
                (None, _) => Value::text("other"),
            };
            match (input(&choice.term), reading(&choice.term), &value) {
                (Some(id), ..) => facts.give(id, value),
                // An open reading is for a person to choose.
                (_, Some(id), Value::Member(_, member)) if base.reading(id).is_some() => facts.choose(id, *member),
                _ => {}
            }
        }
        for set in &self.sets {
            let Some(id) = input(&set.term) else { continue };
            let mut items: BTreeSet<Value> = match facts.get(id) {
                Some(Value::Set(items)) => items.iter().cloned().collect(),
                _ => BTreeSet::new(),
            };
            items.extend(set.with.iter().cloned());
            items.retain(|i| !set.without.contains(i));
            facts.give(id, Value::set(items.into_iter().collect()));
        }
        Some(facts)
    }
}

impl Choice<'_> {
    /// The values that are left; `None` if they cannot be listed.
    fn possible(&self, model: &Model) -> Option<Vec<Value>> {
        let all = match (&self.only, domain(model, &type_of(&self.term))) {
            (Some(only), _) => only.clone(),
            // A footnote can put a value outside what its type has.
            (None, Some(all)) if !is_footnoted(&self.term) => all,
            (None, _) => return None,
        };
        Some(all.into_iter().filter(|v| !self.never.contains(v)).collect())
    }
}

fn is_footnoted(term: &Term) -> bool {
    matches!(term, Term::Of(at) if !matches!(at.expr.kind, ExprKind::Input(_) | ExprKind::Reading(_) | ExprKind::Decision(..)))
}

/// The input that a term is.
fn input(term: &Term) -> Option<InputId> {
    match term {
        Term::Of(At { expr, .. }) => match expr.kind {
            ExprKind::Input(id) => Some(id),
            _ => None,
        },
        _ => None,
    }
}

fn reading(term: &Term) -> Option<ReadingId> {
    match term {
        Term::Of(At { expr, .. }) => match expr.kind {
            ExprKind::Reading(id) => Some(id),
            _ => None,
        },
        _ => None,
    }
}

/// The inputs among the unknowns, each once.
fn inputs_of<'a>(demands: &[Demand<'a>]) -> Vec<At<'a>> {
    let mut seen = BTreeSet::new();
    let terms = demands.iter().flat_map(|d| match d {
        Demand::Apart { plus, minus, .. } => [plus.as_ref(), minus.as_ref()],
        Demand::Differs(term, _) | Demand::Among(term, ..) | Demand::Has(term, ..) => [Some(term), None],
    });
    let inputs = terms.flatten().filter_map(|term| match term {
        Term::Of(at) => input(term).filter(|id| seen.insert(*id)).map(|_| *at),
        _ => None,
    });
    inputs.collect()
}
