//! The values of a fact in classes that the rules cannot tell apart: members, places on a line and the stretches
//! between them, sets. Each class has a value that stands for it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::names::{Edition, Names};
use crate::check::witness::{amount, domain, is_allowed, is_counted, made_up, step, value_at};
use crate::explore::Reach;
use crate::model::{InputId, Model, Type};
use crate::scenario::Facts;
use crate::value::Value;

/// Sets are tried with every choice of so many members; with more, with each alone.
const MOST_MEMBERS: usize = 4;
/// Places on one line.
const MOST_PLACES: usize = 40;

/// Values that the rules of both editions treat alike, and one that stands for them.
#[derive(Clone, Debug)]
pub(super) struct Class {
    /// The value in each edition; `None` where it does not ask for the fact.
    pub old: Option<Value>,
    pub new: Option<Value>,
    pub place: Place,
}

/// Which values a class has.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// A member, or a set of members: as written.
    One(String),
    /// A stretch of a line; no end where it goes on.
    Stretch(Option<End>, Option<End>),
    /// Any value: the rules never ask which.
    Any,
}

/// The end of a stretch.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct End {
    pub at: Decimal,
    /// As written: `14 days`, `event.starts-on - 42 days`.
    pub words: String,
    pub counts: bool,
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
pub(super) fn classes(name: &str, old: &Sided, new: &Sided, names: &Names) -> Classes {
    let ids = (names.input(Edition::Old, name), names.input(Edition::New, name));
    let ty_of = |side: &Sided, id: Option<InputId>| id.map(|id| side.model.input(id).ty.clone());
    let (old_ty, new_ty) = (ty_of(old, ids.0), ty_of(new, ids.1));
    let Some(ty) = new_ty.clone().or(old_ty.clone()) else { return Classes { all: Vec::new(), exact: false } };
    let value = |value: &Value, from: &Sided| -> (Option<Value>, Option<Value>) {
        let of = |to: &Sided, id: Option<InputId>| {
            let id = id?;
            let same = to.edition == from.edition;
            let value =
                if same { value.clone() } else { names.translate(value, from.model, (to.model, to.edition))? };
            is_allowed(to.model, id, &value).then_some(value)
        };
        (of(old, ids.0), of(new, ids.1))
    };
    let mut found = Classes { all: Vec::new(), exact: true };
    let add = |found: &mut Classes, of: &Value, from: &Sided, place: Place| {
        let (old, new) = value(of, from);
        let known = found.all.iter().any(|c| c.place == place && place != Place::Any);
        // A value that an edition does not have, such as a new product, is a change of what is declared; no case of
        // both editions has it.
        let of_both = (old.is_some() || ids.0.is_none()) && (new.is_some() || ids.1.is_none());
        if of_both && !known {
            found.all.push(Class { old, new, place });
        }
    };
    match &ty {
        Type::YesNo | Type::Enum(_) => {
            for (side, ty) in [(new, &new_ty), (old, &old_ty)] {
                for member in ty.as_ref().and_then(|ty| domain(side.model, ty)).unwrap_or_default() {
                    let place = Place::One(member.display(side.model).to_string());
                    add(&mut found, &member, side, place);
                }
            }
        }
        Type::Set(_) => {
            for (side, ty) in [(new, &new_ty), (old, &old_ty)] {
                let Some(Type::Set(of)) = ty else { continue };
                let asked: Vec<Value> =
                    domain(side.model, of).unwrap_or_default().into_iter().filter(|m| side.reach.names(m)).collect();
                let mut sets: Vec<Vec<Value>> = vec![Vec::new()];
                if asked.len() <= MOST_MEMBERS {
                    for member in asked {
                        let with: Vec<Vec<Value>> =
                            sets.iter().map(|set| [set.as_slice(), std::slice::from_ref(&member)].concat()).collect();
                        sets.extend(with);
                    }
                } else {
                    found.exact = false;
                    sets.extend(asked.into_iter().map(|member| vec![member]));
                }
                for set in sets {
                    let set = Value::set(set);
                    let place = Place::One(set.display(side.model).to_string());
                    add(&mut found, &set, side, place);
                }
            }
        }
        ty if ty.is_ordered() && !matches!(ty, Type::Unknown) => {
            let side = if ids.1.is_some() { new } else { old };
            let id = ids.1.or(ids.0);
            let Some(id) = id else { return found };
            let (points, exact) = points(name, ty, old, new, names);
            found.exact = exact;
            let like = side.facts.get(id).cloned().or_else(|| made_up(side.model, id, 0));
            let unit = step(ty);
            for (place, at) in stretches(&points, is_counted(ty), unit) {
                let Some(sample) = at.or_else(|| like.as_ref().and_then(amount)) else { continue };
                if let Some(sample) = value_at(ty, like.as_ref(), sample) {
                    add(&mut found, &sample, side, place);
                }
            }
        }
        _ => {
            found.exact = false;
            let side = if ids.1.is_some() { new } else { old };
            for variant in 0..2 {
                let sample = ids.1.or(ids.0).and_then(|id| made_up(side.model, id, variant));
                if let Some(sample) = sample {
                    let place = Place::One(sample.display(side.model).to_string());
                    add(&mut found, &sample, side, place);
                }
            }
        }
    }
    found
}

/// Where on its line the rules of either edition may turn: at the values that they name, and at the distances that
/// they name from other facts.
fn points(name: &str, ty: &Type, old: &Sided, new: &Sided, names: &Names) -> (Vec<(Decimal, String)>, bool) {
    let mut points: Vec<(Decimal, String)> = Vec::new();
    let mut exact = true;
    for side in [new, old] {
        let Some(id) = names.input(side.edition, name) else { continue };
        let kind = made_up(side.model, id, 0).map(|v| v.kind());
        let same = |value: &&Value| kind.is_none() || kind == Some(value.kind());
        for value in side.reach.values().filter(same) {
            let at = amount(value).filter(|at| value_at(ty, Some(value), *at).is_some());
            points.extend(at.map(|at| (at, value.display(side.model).to_string())));
        }
        let lines = [Type::Date, Type::DateTime];
        for other in side.reach.inputs.iter().filter(|other| **other != id) {
            let (Some(value), input) = (side.facts.get(*other), side.model.input(*other)) else { continue };
            if input.ty != side.model.input(id).ty || !input.ty.is_ordered() {
                continue;
            }
            let Some(anchor) = amount(value) else { continue };
            points.push((anchor, input.name.clone()));
            if !lines.contains(ty) {
                continue;
            }
            for by in side.reach.values() {
                exact &= !matches!(by, Value::Months(_));
                if !matches!(by, Value::Days(_) | Value::Months(_) | Value::Duration(_)) {
                    continue;
                }
                let distance = by.display(side.model).to_string();
                for (sign, moved) in [("-", crate::value::sub(value, by)), ("+", crate::value::add(value, by))] {
                    let at = moved.ok().as_ref().and_then(amount);
                    points.extend(at.map(|at| (at, format!("{} {sign} {distance}", input.name))));
                }
            }
        }
    }
    // Of two ways to write a place, the one that tells more: a distance from another fact.
    points.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.contains('.').cmp(&a.1.contains('.'))).then(a.1.cmp(&b.1)));
    points.dedup_by(|next, before| next.0 == before.0);
    if points.len() > MOST_PLACES {
        points.truncate(MOST_PLACES);
        exact = false;
    }
    (points, exact)
}

/// Each place and each stretch between places, with a value inside.
fn stretches(points: &[(Decimal, String)], counted: bool, unit: Decimal) -> Vec<(Place, Option<Decimal>)> {
    let Some((first, _)) = points.first() else { return vec![(Place::Any, None)] };
    let end = |(at, words): &(Decimal, String), counts| Some(End { at: *at, words: words.clone(), counts });
    let mut found = vec![(Place::Stretch(None, end(&points[0], false)), first.checked_sub(unit))];
    for (number, point) in points.iter().enumerate() {
        found.push((Place::Stretch(end(point, true), end(point, true)), Some(point.0)));
        match points.get(number + 1) {
            Some(next) => {
                let gap = next.0 - point.0;
                let inside = if counted && gap <= unit {
                    continue;
                } else if gap > unit {
                    point.0.checked_add(unit)
                } else {
                    point.0.checked_add(gap / Decimal::TWO)
                };
                found.push((Place::Stretch(end(point, false), end(next, false)), inside));
            }
            None => found.push((Place::Stretch(end(point, false), None), point.0.checked_add(unit))),
        }
    }
    found
}

/// Some classes of one fact as a condition: `in { a, b }`, `>= 14 days`; nothing if they are all there are.
pub(super) fn words(name: &str, all: &[Class], chosen: &BTreeSet<usize>) -> Option<String> {
    if chosen.len() == all.len() {
        return None;
    }
    let of = |i: &usize| all.get(*i).map(|c| &c.place);
    let mut members: Vec<String> = Vec::new();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for place in chosen {
        match of(place) {
            Some(Place::One(words)) => members.push(words.clone()),
            _ => match runs.last_mut() {
                Some((_, last)) if *last + 1 == *place => *last = *place,
                _ => runs.push((*place, *place)),
            },
        }
    }
    let mut parts: Vec<String> = Vec::new();
    match members.as_slice() {
        [] => {}
        [one] => parts.push(format!("{name} = {one}")),
        // Of many, those that are left out say more.
        many if many.len() > 3 && many.len() + 2 >= all.len() => {
            let others: Vec<String> = (0..all.len())
                .filter(|i| !chosen.contains(i))
                .filter_map(|i| match of(&i) {
                    Some(Place::One(words)) => Some(words.clone()),
                    _ => None,
                })
                .collect();
            parts.push(format!("{name} not in {{ {} }}", others.join(", ")));
        }
        many => parts.push(format!("{name} in {{ {} }}", many.join(", "))),
    }
    for (first, last) in runs {
        let (low, high) = match (of(&first), of(&last)) {
            (Some(Place::Stretch(low, _)), Some(Place::Stretch(_, high))) => (low, high),
            _ => continue,
        };
        let part = match (low, high) {
            (Some(low), Some(high)) if low.at == high.at => format!("{name} = {}", low.words),
            (Some(low), Some(high)) if low.counts && high.counts => format!("{name} in {}..{}", low.words, high.words),
            (Some(low), Some(high)) => {
                let (from, to) = (if low.counts { ">=" } else { ">" }, if high.counts { "<=" } else { "<" });
                format!("{name} {from} {} and {to} {}", low.words, high.words)
            }
            (Some(low), None) => format!("{name} {} {}", if low.counts { ">=" } else { ">" }, low.words),
            (None, Some(high)) => format!("{name} {} {}", if high.counts { "<=" } else { "<" }, high.words),
            (None, None) => continue,
        };
        parts.push(part);
    }
    Some(parts.join(" or "))
}
