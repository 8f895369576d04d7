//! The values of a fact in classes that the rules cannot tell apart: members, places on a line and the stretches
//! between them, sets. Each class has a value that stands for it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::linear::{Fact, Linear};
use super::names::{Edition, Names};
use super::turns::{Turns, is_whole};
use crate::check::witness::{amount, domain, is_allowed, made_up, step, value_at};
use crate::explore::Reach;
use crate::model::{InputId, Model, Type};
use crate::scenario::Facts;
use crate::value::Value;

/// Sets are tried with every choice of so many members; with more, with each alone.
const MOST_MEMBERS: usize = 5;
/// Places on one line.
const MOST_PLACES: usize = 120;

/// Texts that no rule names; those that one names stand in quotes.
pub(super) const OTHER_TEXT: &str = "other";

/// Values that the rules of both editions treat alike, and one that stands for them.
#[derive(Clone, Debug)]
pub(super) struct Class {
    /// The value in each edition; `None` where it does not ask for the fact.
    pub old: Option<Value>,
    pub new: Option<Value>,
    pub place: Place,
}

/// Which values a class has.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// A member, or a set of members: as written.
    One(String),
    /// A stretch of a line; no end where it goes on.
    Stretch(Option<Cut>, Option<Cut>),
    /// Any value: the rules never ask which.
    Any,
}

/// Where one stretch ends and the next begins.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// The first value of the next stretch; with `after`, the last one of this.
    pub at: Decimal,
    pub after: bool,
    /// What the place is, told by values and by other facts: all that come to it in the case at hand.
    names: BTreeMap<Linear, Written>,
}

/// A place as the rules write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Written {
    /// Whether the rules write it, or it follows from others.
    pub follows: bool,
    /// Whether the place itself still belongs to the stretch before.
    pub past: bool,
    pub place: Linear,
}

impl Place {
    /// Whether a value lies inside a stretch.
    fn has(&self, at: Decimal) -> bool {
        let Place::Stretch(low, high) = self else { return false };
        let above = |cut: &Cut| at > cut.at || at == cut.at && !cut.after;
        low.as_ref().is_none_or(above) && !high.as_ref().is_some_and(above)
    }
}

impl Cut {
    /// Whether both are the same place, whatever the values at hand.
    pub fn is(&self, other: &Cut) -> bool {
        self.after == other.after && self.names.keys().any(|name| other.names.contains_key(name))
    }

    /// What it is called in both.
    pub fn meet(&mut self, other: &Cut) {
        self.names.retain(|name, _| other.names.contains_key(name));
    }

    /// How the place is told best: as the rules write it, by another fact rather than by a value.
    pub fn told(&self) -> Option<&Written> {
        self.names.values().min_by_key(|w| (w.follows, w.place.of.is_empty(), w.place.of.len(), *w))
    }
}

/// All classes of a fact, and whether they are sure to be fine enough.
pub(super) struct Classes {
    pub all: Vec<Class>,
    pub exact: bool,
}

/// One side of the comparison.
pub(super) struct Sided<'a> {
    pub model: &'a Model,
    pub reach: &'a Reach,
    pub facts: &'a Facts,
    pub edition: Edition,
}

/// The classes of a fact, given the facts so far. `name` is the input's in both editions.
pub(super) fn classes(name: &str, old: &Sided, new: &Sided, names: &Names, turns: &Turns) -> Classes {
    let ids = (names.input(Edition::Old, name), names.input(Edition::New, name));
    let ty_of = |side: &Sided, id: Option<InputId>| id.map(|id| side.model.input(id).ty.clone());
    let (old_ty, new_ty) = (ty_of(old, ids.0), ty_of(new, ids.1));
    let Some(ty) = new_ty.clone().or(old_ty.clone()) else { return Classes { all: Vec::new(), exact: false } };
    let mut found = Classes { all: Vec::new(), exact: true };
    if let (Some(a), Some(b)) = (&old_ty, &new_ty) {
        if old.model.type_name(a) != new.model.type_name(b) {
            found.exact = false;
        }
    }
    let value = |value: &Value, from: &Sided| -> (Option<Value>, Option<Value>) {
        let of = |to: &Sided, id: Option<InputId>| {
            let id = id?;
            let same = to.edition == from.edition;
            let value =
                if same { value.clone() } else { names.translate(value, from.model, (to.model, to.edition))? };
            (suits(&value, &to.model.input(id).ty) && is_allowed(to.model, id, &value)).then_some(value)
        };
        (of(old, ids.0), of(new, ids.1))
    };
    let add = |found: &mut Classes, of: &Value, from: &Sided, place: Place| {
        let (old, new) = value(of, from);
        let known = found.all.iter().any(|c| match (&c.place, &place) {
            (Place::One(a), Place::One(b)) => a == b,
            _ => false,
        });
        // A value that an edition does not have, such as a new product, is a change of what is declared; no case of
        // both editions has it.
        let of_both = (old.is_some() || ids.0.is_none()) && (new.is_some() || ids.1.is_none());
        if of_both && !known {
            found.all.push(Class { old, new, place });
        }
    };
    let sides = [(new, ids.1, &new_ty), (old, ids.0, &old_ty)];
    match &ty {
        Type::YesNo | Type::Enum(_) => {
            for (side, _, ty) in sides {
                for member in ty.as_ref().and_then(|ty| domain(side.model, ty)).unwrap_or_default() {
                    let place = Place::One(member.display(side.model).to_string());
                    add(&mut found, &member, side, place);
                }
            }
        }
        Type::Set(_) => {
            let (sets, exact) = sets(name, &sides, names, turns);
            found.exact &= exact;
            for (side, set, label) in sets {
                add(&mut found, &set, side, Place::One(label));
            }
        }
        Type::Text => {
            for (side, ..) in sides {
                for text in side.reach.values().filter(|v| matches!(v, Value::Text(_))) {
                    let place = Place::One(text.display(side.model).to_string());
                    add(&mut found, text, side, place);
                }
            }
            let mut other = "another text".to_owned();
            while sides.iter().any(|(side, ..)| side.reach.names(&Value::text(&other))) {
                other.push('!');
            }
            let other = Value::text(&other);
            add(&mut found, &other, new, Place::One(OTHER_TEXT.to_owned()));
        }
        ty if ty.is_ordered() && !matches!(ty, Type::Unknown) => {
            let side = if ids.1.is_some() { new } else { old };
            let Some(id) = ids.1.or(ids.0) else { return found };
            let (cuts, exact) = cuts(name, ty, old, new, names, turns);
            found.exact &= exact;
            let like = side.facts.get(id).cloned().or_else(|| made_up(side.model, id, 0));
            let usual = like.as_ref().and_then(amount);
            for (place, at) in stretches(&cuts, step(ty), is_whole(ty), usual) {
                let at = at.map(|at| usual.filter(|usual| !is_whole(ty) && place.has(*usual)).unwrap_or(at));
                if let Some(sample) = at.and_then(|at| value_at(ty, like.as_ref(), at)) {
                    add(&mut found, &sample, side, place);
                }
            }
        }
        _ => {
            found.exact = false;
            for (side, id, _) in sides {
                for sample in (0..2).filter_map(|variant| made_up(side.model, id?, variant)) {
                    let place = Place::One(sample.display(side.model).to_string());
                    add(&mut found, &sample, side, place);
                }
            }
        }
    }
    // What no edition allows beyond the first and the last stretch is no end of theirs.
    if let Some(Class { place: Place::Stretch(low, _), .. }) = found.all.first_mut() {
        *low = None;
    }
    if let Some(Class { place: Place::Stretch(_, high), .. }) = found.all.last_mut() {
        *high = None;
    }
    // The same order whichever edition is called the old one.
    if found.all.iter().all(|c| matches!(c.place, Place::One(_))) {
        found.all.sort_by_cached_key(|c| match &c.place {
            Place::One(words) => words.clone(),
            _ => String::new(),
        });
    }
    found
}

/// Whether a value may stand for a fact of a type; members and units were translated before.
fn suits(value: &Value, ty: &Type) -> bool {
    match (ty, value) {
        (Type::YesNo, Value::YesNo(_))
        | (Type::Decimal, Value::Number(_))
        | (Type::Percent, Value::Percent(_))
        | (Type::Date, Value::Date(_))
        | (Type::Time, Value::Time(_))
        | (Type::DateTime, Value::DateTime(_))
        | (Type::Duration, Value::Duration(_))
        | (Type::Days, Value::Days(_))
        | (Type::Months, Value::Months(_))
        | (Type::BusinessHours, Value::BusinessHours(_))
        | (Type::BusinessDays, Value::BusinessDays(_))
        | (Type::Text | Type::Zone, Value::Text(_))
        | (Type::Log, Value::Log(_))
        | (Type::Holidays, Value::Holidays(_))
        | (Type::Period, Value::Period { .. }) => true,
        (Type::Integer, Value::Number(n)) => n.is_integer(),
        (Type::Money(of), Value::Money(currency, _)) => of.is_none_or(|of| of == *currency),
        (Type::Quantity(unit), Value::Quantity(of, _)) => unit == of,
        (Type::Enum(id), Value::Member(of, _)) => id == of,
        (Type::Record(id), Value::Record(of, _)) => id == of,
        (Type::Set(of), Value::Set(items)) | (Type::List(of), Value::List(items)) => {
            items.iter().all(|item| suits(item, of))
        }
        _ => false,
    }
}

/// Sets of the members that some rule asks for: every choice of few, else each alone, none and all. Each comes with
/// what it has of what is asked for: `+red -request.service`.
fn sets<'s>(
    name: &str,
    sides: &[(&'s Sided<'s>, Option<InputId>, &Option<Type>)],
    names: &Names,
    turns: &Turns,
) -> (Vec<(&'s Sided<'s>, Value, String)>, bool) {
    // What is asked for, as the rules call it: a member, or a fact whose value is one.
    let mut asked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for member in turns.members.get(name).into_iter().flatten() {
        asked.entry(member.clone()).or_default().insert(member.clone());
    }
    for fact in turns.member_facts.get(name).into_iter().flatten() {
        for (side, ..) in sides {
            let value = names.input(side.edition, fact).and_then(|id| side.facts.get(id));
            asked.entry(fact.clone()).or_default().extend(value.map(|v| v.display(side.model).to_string()));
        }
    }
    let members = |side: &Sided, ty: &Option<Type>| match ty {
        Some(Type::Set(of)) => domain(side.model, of).unwrap_or_default(),
        _ => Vec::new(),
    };
    let word = |side: &Sided, member: &Value| member.display(side.model).to_string();
    let one_by_one = !asked.is_empty();
    if !one_by_one {
        // The set is not asked for its members one by one; those that the rules name are tried.
        for (side, _, ty) in sides {
            for member in members(side, ty).into_iter().filter(|m| side.reach.names(m)) {
                let member = word(side, &member);
                asked.entry(member.clone()).or_default().insert(member);
            }
        }
    }
    // Members that both editions have; those of one are called as the other calls them.
    let Some((side, _, ty)) = sides.iter().find(|(_, id, _)| id.is_some()) else { return (Vec::new(), false) };
    let shared = |member: &Value| {
        sides
            .iter()
            .filter(|(other, id, _)| id.is_some() && other.edition != side.edition)
            .all(|(other, ..)| names.translate(member, side.model, (other.model, other.edition)).is_some())
    };
    let called = |member: &Value| -> BTreeSet<String> {
        let others = sides.iter().filter_map(|(other, ..)| {
            let translated = names.translate(member, side.model, (other.model, other.edition))?;
            Some(word(other, if other.edition == side.edition { member } else { &translated }))
        });
        others.chain(std::iter::once(word(side, member))).collect()
    };
    let mut of: Vec<(Value, BTreeSet<String>)> =
        members(side, ty).into_iter().filter(shared).map(|m| (m.clone(), called(&m))).collect();
    of.retain(|(_, called)| asked.values().any(|a| !a.is_disjoint(called)));
    of.sort_by_cached_key(|(_, called)| called.clone());
    let exact = of.len() <= MOST_MEMBERS;
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    if exact {
        for member in 0..of.len() {
            let with: Vec<Vec<usize>> = sets.iter().map(|set| [set.as_slice(), &[member]].concat()).collect();
            sets.extend(with);
        }
    } else {
        sets.extend((0..of.len()).map(|member| vec![member]));
        sets.push((0..of.len()).collect());
    }
    let found = sets.into_iter().map(|set| {
        let has = |values: &BTreeSet<String>| set.iter().any(|m| !values.is_disjoint(&of[*m].1));
        let signs = asked.iter().map(|(what, values)| format!("{}{what}", if has(values) { '+' } else { '-' }));
        let label = if one_by_one && exact {
            signs.collect::<Vec<_>>().join(" ")
        } else {
            let named: Vec<String> = set.iter().filter_map(|m| of[*m].1.first().cloned()).collect();
            if named.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", named.join(", ")) }
        };
        (*side, Value::set(set.iter().map(|m| of[*m].0.clone()).collect()), label)
    });
    (found.collect(), exact)
}

/// Where on its line the rules of either edition may turn, in order.
fn cuts(name: &str, ty: &Type, old: &Sided, new: &Sided, names: &Names, turns: &Turns) -> (Vec<Cut>, bool) {
    let mut exact = true;
    let mut places: Vec<(Decimal, Written)> = Vec::new();
    let known = |fact: Fact| -> Option<Decimal> {
        let name = turns.facts.get(fact)?;
        let of = |side: &Sided| side.facts.get(names.input(side.edition, name)?).and_then(amount);
        of(new).or_else(|| of(old))
    };
    if let Some(fact) = turns.number(name) {
        for place in turns.places_of(fact) {
            let Some(solved) = place.solved(fact) else {
                exact = false;
                continue;
            };
            match solved.value(&known) {
                Some(at) => {
                    let follows = !turns.written.contains(place);
                    places.push((at, Written { follows, past: false, place: solved }));
                }
                None => exact = false,
            }
        }
    }
    if turns.opaque.contains(name) {
        // It is not known where the answer turns on this fact: the values that the rules name are tried.
        for side in [new, old] {
            let Some(id) = names.input(side.edition, name) else { continue };
            let kind = made_up(side.model, id, 0).map(|v| v.kind());
            let like = side.reach.values().filter(|v| kind.is_none() || kind == Some(v.kind()));
            for at in like.filter_map(amount) {
                places.push((at, Written { follows: true, past: false, place: Linear::constant(at) }));
            }
        }
    }
    let whole = is_whole(ty);
    let mut cuts: BTreeMap<(Decimal, bool), BTreeMap<Linear, Written>> = BTreeMap::new();
    let mut add = |at: Decimal, after: bool, by: Decimal, written: Written| {
        // The name is moved to the place itself, so that `> 5` and `>= 6` are one.
        if let Some(name) = written.place.plus(&Linear::constant(by)) {
            let names = cuts.entry((at.normalize(), after)).or_default();
            match names.get(&name) {
                Some(known) if *known <= written => {}
                _ => drop(names.insert(name, written)),
            }
        }
    };
    for (at, written) in places {
        let past = Written { past: true, ..written.clone() };
        match (whole, at.is_integer()) {
            (true, true) => {
                add(at, false, Decimal::ZERO, written);
                if let Some(next) = at.checked_add(Decimal::ONE) {
                    add(next, false, Decimal::ONE, past);
                }
            }
            (true, false) => add(at.ceil(), false, at.ceil() - at, past),
            (false, _) => {
                add(at, false, Decimal::ZERO, written);
                add(at, true, Decimal::ZERO, past);
            }
        }
    }
    let mut cuts: Vec<Cut> = cuts.into_iter().map(|((at, after), names)| Cut { at, after, names }).collect();
    if cuts.len() > MOST_PLACES {
        cuts.truncate(MOST_PLACES);
        exact = false;
    }
    (cuts, exact)
}

/// Each stretch between cuts, with a value inside.
fn stretches(cuts: &[Cut], unit: Decimal, whole: bool, usual: Option<Decimal>) -> Vec<(Place, Option<Decimal>)> {
    let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else { return vec![(Place::Any, usual)] };
    let mut found = vec![(Place::Stretch(None, Some(first.clone())), below(first, unit))];
    for pair in cuts.windows(2) {
        let [low, high] = pair else { continue };
        let inside = match (whole, low.after) {
            (true, _) => {
                // One step past what does not count any more, or the first value; both lie before the next cut.
                let stepped = if starts_past(low) { low.at.checked_add(unit - Decimal::ONE) } else { Some(low.at) };
                stepped.map(|at| if at < high.at { at } else { low.at })
            }
            (false, false) => Some(low.at),
            (false, true) => {
                let stepped = low.at.checked_add(unit).filter(|at| *at < high.at);
                let middle = || Some(low.at + (high.at - low.at).checked_div(Decimal::TWO)?);
                stepped.or_else(middle)
            }
        };
        found.push((Place::Stretch(Some(low.clone()), Some(high.clone())), inside));
    }
    let above = match (whole, last.after) {
        (true, _) if starts_past(last) => last.at.checked_add(unit - Decimal::ONE),
        (_, false) => Some(last.at),
        (_, true) => last.at.checked_add(unit),
    };
    found.push((Place::Stretch(Some(last.clone()), None), above));
    found
}

fn starts_past(cut: &Cut) -> bool {
    cut.told().is_some_and(|w| w.past)
}

fn below(cut: &Cut, unit: Decimal) -> Option<Decimal> {
    if cut.after { Some(cut.at) } else { cut.at.checked_sub(unit) }
}
