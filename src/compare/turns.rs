//! Where the answers of an edition may turn, as far as that can be read off its rules: at the values that a fact is
//! compared with, and at the distances at which two facts are compared. What cannot be read off is a doubt, and with a
//! doubt nothing is proved by cases.
//!
//! The places are closed under elimination: if the last of three facts is compared with both others, the other two
//! turn on each other where nothing is left between those places. So one case of each stretch stands for all of it.

mod reader;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;

use super::linear::{Fact, Linear};
use crate::explore::Reach;
use crate::model::{Model, Type};
use crate::report::Target;

/// Places of all facts together, after elimination.
const MOST_PLACES: usize = 1_500;

/// Where the answers of two editions may turn.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The facts that are compared on a line, by name.
    pub facts: Vec<String>,
    index: HashMap<String, Fact>,
    /// By fact: whether its values are whole numbers of something.
    whole: Vec<bool>,
    /// Differences that are nothing where something may turn; in one form each.
    pub places: BTreeSet<Linear>,
    /// Of these, those that the rules write.
    pub written: BTreeSet<Linear>,
    /// By fact: its place among all, in the order of asking.
    order: Vec<usize>,
    /// By set: the members that the rules ask for by name.
    pub members: BTreeMap<String, BTreeSet<String>>,
    /// By set: the facts whose value is asked for as a member.
    pub member_facts: BTreeMap<String, BTreeSet<String>>,
    /// Why one case of each kind may not stand for all.
    pub doubts: BTreeSet<&'static str>,
    /// Facts that are used otherwise than in comparisons.
    pub opaque: BTreeSet<String>,
    /// Whether both editions' answers are amounts that are added up from facts, and where they meet is a place.
    pub answers_compared: bool,
}

impl Turns {
    /// What can be read off both editions for one answer.
    pub fn of(old: (&Model, &Target, &Reach), new: (&Model, &Target, &Reach)) -> Turns {
        let mut turns = Turns::default();
        // Facts are numbered by name, whichever edition is called the old one.
        let sides = [(old.0, old.2), (new.0, new.2)];
        let mut all: BTreeMap<&str, bool> = BTreeMap::new();
        for input in sides.iter().flat_map(|(model, reach)| reach.inputs.iter().map(|id| model.input(*id))) {
            *all.entry(&input.name).or_insert(true) &= is_whole(&input.ty);
        }
        for (name, whole) in all {
            turns.index.insert(name.to_owned(), turns.facts.len());
            turns.facts.push(name.to_owned());
            turns.whole.push(whole);
        }
        let mut answers = Vec::new();
        for (model, target, reach) in [old, new] {
            answers.push(reader::read(model, target, reach, &mut turns));
        }
        let one_type = old.0.type_name(&old.1.expr.ty) == new.0.type_name(&new.1.expr.ty);
        match answers.as_slice() {
            // Answers of two types are never the same.
            _ if !one_type => turns.answers_compared = true,
            [Some(before), Some(after)] => {
                turns.answers_compared = true;
                turns.compare(before, after);
            }
            _ => {}
        }
        turns.written = turns.places.clone();
        turns.close();
        turns
    }

    pub fn number(&self, name: &str) -> Option<Fact> {
        self.index.get(name).copied()
    }

    /// Whether nothing lies between one value of a fact and the next but one that differ by two.
    pub fn is_whole(&self, fact: Fact) -> bool {
        self.whole.get(fact).copied().unwrap_or(false)
    }

    fn doubt(&mut self, why: &'static str) {
        self.doubts.insert(why);
    }

    /// Each of some amounts with each of others.
    fn compare(&mut self, left: &[Linear], right: &[Linear]) {
        for a in left {
            for b in right {
                let Some(apart) = a.less(b) else {
                    self.doubt("amounts with very many digits");
                    continue;
                };
                if !apart.of.is_empty() {
                    self.place(&apart);
                }
            }
        }
    }

    fn place(&mut self, apart: &Linear) {
        match apart.normal() {
            Some(normal) => {
                let scaled = apart.of.len() > 1 && !normal.is_plain();
                if scaled && normal.of.keys().any(|fact| self.is_whole(*fact)) {
                    self.doubt("dates or counts that are multiplied");
                }
                self.places.insert(normal);
            }
            None => self.doubt("shares that have no end of digits"),
        }
    }

    /// Chooses an order of asking, and adds the places that follow when later facts are left open.
    fn close(&mut self) {
        let mut left: BTreeSet<Fact> = self.places.iter().flat_map(|p| p.of.keys().copied()).collect();
        self.order = vec![0; self.facts.len()];
        let mut place = self.facts.len();
        while !left.is_empty() {
            let bound = |fact: Fact| -> Vec<&Linear> {
                let within = |p: &&Linear| p.of.contains_key(&fact) && p.of.keys().all(|f| left.contains(f));
                self.places.iter().filter(within).collect()
            };
            // The fact with the fewest others beside it is asked last; of several, the last by name.
            let others = |fact: Fact| -> (usize, usize, usize) {
                let beside = |places: &mut dyn Iterator<Item = &Linear>| -> usize {
                    places.flat_map(|p| p.of.keys().copied()).collect::<BTreeSet<Fact>>().len()
                };
                let all = beside(&mut self.written.iter().filter(|p| p.of.contains_key(&fact)));
                let bound = bound(fact);
                (beside(&mut bound.iter().copied()), all, bound.len())
            };
            let chosen = left
                .iter()
                .copied()
                .min_by(|a, b| others(*a).cmp(&others(*b)).then_with(|| self.facts[*b].cmp(&self.facts[*a])));
            let Some(chosen) = chosen else { return };
            place = place.saturating_sub(1);
            let solved: Vec<Option<Linear>> = bound(chosen).iter().map(|p| p.solved(chosen)).collect();
            self.order[chosen] = place;
            left.remove(&chosen);
            let whole = self.is_whole(chosen);
            for (i, a) in solved.iter().enumerate() {
                for b in &solved[i + 1..] {
                    let apart = match (a, b) {
                        (Some(a), Some(b)) => a.less(b),
                        _ => None,
                    };
                    let Some(apart) = apart else {
                        self.doubt("amounts with very many digits");
                        continue;
                    };
                    if apart.of.is_empty() {
                        continue;
                    }
                    let beside: &[i64] = if whole { &[-1, 0, 1] } else { &[0] };
                    for by in beside {
                        if let Some(moved) = apart.plus(&Linear::constant(Decimal::from(*by))) {
                            self.place(&moved);
                        }
                    }
                    if self.places.len() > MOST_PLACES {
                        self.doubt("too many places at which something may turn");
                        return;
                    }
                }
            }
        }
    }

    /// Where a fact stands in the order of asking.
    pub fn place_of(&self, fact: Fact) -> usize {
        self.order.get(fact).copied().unwrap_or(0)
    }

    /// The places of a fact that are known when it is asked, and the facts that must be asked before.
    pub fn places_of(&self, fact: Fact) -> impl Iterator<Item = &Linear> {
        self.places.iter().filter(move |p| p.of.contains_key(&fact) && p.last(&|f| self.place_of(f)) == Some(fact))
    }

    /// The first of the facts that a fact is compared with and that are not asked yet.
    pub fn before(&self, fact: Fact, is_asked: &dyn Fn(&str) -> bool) -> Option<&str> {
        let others = self.places_of(fact).flat_map(|p| p.of.keys().copied()).filter(|other| *other != fact);
        let open = others.filter(|other| !is_asked(&self.facts[*other]));
        open.min_by_key(|other| self.place_of(*other)).map(|other| self.facts[other].as_str())
    }
}

/// Whether values of a type are whole numbers of its smallest unit.
pub(super) fn is_whole(ty: &Type) -> bool {
    !matches!(ty, Type::Decimal | Type::Percent | Type::Money(_) | Type::Quantity(_))
}
