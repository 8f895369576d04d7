//! The smallest change of the facts that gives another answer, exact to the cent, the day and the minute.

use rust_decimal::Decimal;

use super::candidates::Reach;
use super::change::{Change, Subject, Way};
use crate::check::Checked;
use crate::check::witness::{amount, step, value_at};
use crate::eval::{Evaluation, Known, outcome};
use crate::model::{Expr, InputId, ReadingId, Type};
use crate::scenario::Facts;
use crate::value::Value;

/// Ways that are given, at most.
const MAX_WAYS: usize = 5;
/// Evaluations made, at most.
const MAX_TRIALS: usize = 20_000;
/// Values of one subject that are tried in pairs, at most.
const MAX_IN_PAIRS: usize = 40;

/// The smallest changes of given facts, facts that are not given, and open readings, under which an answer becomes
/// `wanted`; without `wanted`, any other determined answer (for a *no*, that is a *yes*).
///
/// First the single changes, then, if there is none, pairs; each sorted by distance and then by the order of the
/// source. Every way has been evaluated.
pub fn nearest(checked: &Checked, facts: &Facts, target: &Expr, wanted: Option<&Value>) -> Vec<Way> {
    let now = outcome(checked, facts, target).answer;
    if wanted.is_some_and(|w| now.as_ref() == Ok(w)) {
        return Vec::new();
    }
    let reach = Reach::of(&checked.model, target);
    let mut search = Search { checked, target, wanted, now, trials: MAX_TRIALS, quick: false, reach };
    let mut ways = search.singles(facts);
    if ways.is_empty() {
        search.quick = true;
        ways = search.pairs(facts);
    }
    let distance = |way: &Way| way.changes.iter().map(Change::distance).fold(Decimal::ZERO, Decimal::saturating_add);
    // A stable sort keeps the order of the source among equals.
    ways.sort_by_key(|way| (way.changes.len(), distance(way)));
    ways.truncate(MAX_WAYS);
    ways
}

struct Search<'a> {
    checked: &'a Checked,
    target: &'a Expr,
    wanted: Option<&'a Value>,
    now: Known,
    trials: usize,
    /// Whether facts that are missing and may not matter are left at that.
    quick: bool,
    reach: Reach,
}

impl Search<'_> {
    /// The answer for some facts, if it is what is looked for.
    fn reached(&mut self, facts: &Facts) -> Option<Value> {
        self.trials = self.trials.checked_sub(1)?;
        // A plain evaluation nearly always tells; what is missing is looked into only for single changes.
        let answer = match Evaluation::new(self.checked, facts).value(self.target) {
            Ok(answer) => answer,
            Err(_) if self.quick => return None,
            Err(_) => outcome(self.checked, facts, self.target).answer.ok()?,
        };
        let fits = match (self.wanted, &self.now) {
            (Some(wanted), _) => answer == *wanted,
            (None, Ok(now)) => answer != *now,
            (None, Err(_)) => answer != Value::YesNo(false),
        };
        fits.then_some(answer)
    }

    fn singles(&mut self, facts: &Facts) -> Vec<Way> {
        let mut ways = Vec::new();
        for id in self.reach.inputs.clone() {
            for (to, answer) in self.flips(facts, id) {
                let change = Change::new(Subject::Input(id), facts.get(id).cloned(), to);
                ways.push(Way { changes: vec![change], answer });
            }
        }
        for (id, choice, to) in self.open_readings(facts) {
            let mut chosen = facts.clone();
            chosen.choose(id, choice);
            if let Some(answer) = self.reached(&chosen) {
                ways.push(Way { changes: vec![Change::new(Subject::Reading(id), None, to)], answer });
            }
        }
        ways
    }

    /// The choices of the readings that are open.
    fn open_readings(&self, facts: &Facts) -> Vec<(ReadingId, u32, Value)> {
        let model = &self.checked.model;
        let open = self.reach.readings.iter().filter(|id| facts.reading(**id).is_none());
        open.flat_map(|id| {
            let choices = model.reading(*id).choices;
            let count = model.enumeration(choices).members.len() as u32;
            (0..count).map(move |c| (*id, c, Value::Member(choices, c)))
        })
        .collect()
    }

    /// Other values of one input that give what is looked for: of an ordered one, the nearest below and above.
    fn flips(&mut self, facts: &Facts, id: InputId) -> Vec<(Value, Value)> {
        let model = &self.checked.model;
        if !is_ordered(&model.input(id).ty) {
            let others = self.reach.alternatives(model, id, facts.get(id));
            return others
                .into_iter()
                .filter_map(|value| Some((value.clone(), self.with(facts, id, value)?)))
                .collect();
        }
        let places = self.reach.places(model, id, facts);
        let Some(now) = facts.get(id).and_then(amount) else {
            // A fact that is not given has no distance: the first place in order will do.
            return places.into_iter().find_map(|p| self.at(facts, id, p)).into_iter().collect();
        };
        let below = places.iter().rev().copied().filter(|p| *p < now).collect::<Vec<_>>();
        let above = places.into_iter().filter(|p| *p > now).collect::<Vec<_>>();
        [below, above].into_iter().filter_map(|side| self.first_flip(facts, id, now, &side)).collect()
    }

    /// Walks away from the present value, then halves the last gap until the boundary is exact.
    fn first_flip(&mut self, facts: &Facts, id: InputId, now: Decimal, places: &[Decimal]) -> Option<(Value, Value)> {
        let unit = step(&self.checked.model.input(id).ty);
        let mut near = now;
        for far in places {
            let Some(mut found) = self.at(facts, id, *far) else {
                near = *far;
                continue;
            };
            let mut far = *far;
            loop {
                let steps = far.checked_sub(near)?.checked_div(unit)?;
                let half = (steps / Decimal::TWO).trunc();
                if half.is_zero() {
                    return Some(found);
                }
                let middle = near.checked_add(half.checked_mul(unit)?)?;
                match self.at(facts, id, middle) {
                    Some(nearer) => {
                        found = nearer;
                        far = middle;
                    }
                    None => near = middle,
                }
            }
        }
        None
    }

    /// What an input at a place on its line leads to, if that is looked for.
    fn at(&mut self, facts: &Facts, id: InputId, place: Decimal) -> Option<(Value, Value)> {
        let model = &self.checked.model;
        let value = value_at(&model.input(id).ty, facts.get(id), place)?;
        if !crate::check::witness::is_allowed(model, id, &value) {
            return None;
        }
        let answer = self.with(facts, id, value.clone())?;
        Some((value, answer))
    }

    fn with(&mut self, facts: &Facts, id: InputId, value: Value) -> Option<Value> {
        let mut changed = facts.clone();
        changed.give(id, value);
        self.reached(&changed)
    }

    /// Changes of two facts, where neither alone is enough.
    fn pairs(&mut self, facts: &Facts) -> Vec<Way> {
        let model = &self.checked.model;
        let mut ways: Vec<Way> = Vec::new();
        let ids: Vec<InputId> = self.reach.inputs.iter().copied().collect();
        for (number, first) in ids.iter().enumerate() {
            let mut values = self.reach.alternatives(model, *first, facts.get(*first));
            if is_ordered(&model.input(*first).ty) {
                let places = self.reach.places(model, *first, facts);
                values = places
                    .into_iter()
                    .filter_map(|p| value_at(&model.input(*first).ty, facts.get(*first), p))
                    .collect();
                values.sort_by_key(|v| {
                    Change::new(Subject::Input(*first), facts.get(*first).cloned(), v.clone()).distance()
                });
            }
            for value in values.into_iter().take(MAX_IN_PAIRS) {
                let mut changed = facts.clone();
                changed.give(*first, value.clone());
                for second in &ids[number + 1..] {
                    if let Some((to, answer)) = self.flips(&changed, *second).into_iter().next() {
                        // With the second fact so, the first may need to move less.
                        let mut settled = facts.clone();
                        settled.give(*second, to.clone());
                        let exact = self.flips(&settled, *first).into_iter().min_by_key(|(v, _)| {
                            Change::new(Subject::Input(*first), facts.get(*first).cloned(), v.clone()).distance()
                        });
                        let (from, answer) = exact.unwrap_or((value.clone(), answer));
                        let change =
                            |id: InputId, to: Value| Change::new(Subject::Input(id), facts.get(id).cloned(), to);
                        let way = Way { changes: vec![change(*first, from), change(*second, to)], answer };
                        if !ways.contains(&way) {
                            ways.push(way);
                        }
                    }
                }
            }
        }
        ways
    }
}

fn is_ordered(ty: &Type) -> bool {
    ty.is_ordered() && *ty != Type::Unknown
}
