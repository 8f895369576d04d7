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
const OTHER_TEXT: &str = "other";

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
    at: Decimal,
    after: bool,
    /// What the place is, told by values and by other facts: all that come to it in the case at hand.
    names: BTreeMap<Linear, Written>,
}

/// A place as the rules write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    /// Whether the rules write it, or it follows from others.
    follows: bool,
    /// Whether the place itself still belongs to the stretch before.
    past: bool,
    place: Linear,
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
    fn told(&self) -> Option<&Written> {
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

/// Some classes of one fact.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Members, as written.
    Members(BTreeSet<String>),
    /// Stretches of its line, in order.
    Line(Vec<(Option<Cut>, Option<Cut>)>),
    All,
}

impl Piece {
    pub fn of(place: &Place) -> Piece {
        match place {
            Place::One(words) => Piece::Members(BTreeSet::from([words.clone()])),
            Place::Stretch(low, high) => Piece::Line(vec![(low.clone(), high.clone())]),
            Place::Any => Piece::All,
        }
    }

    /// Both together. Stretches that meet become one.
    pub fn with(&self, other: &Piece) -> Piece {
        match (self, other) {
            (Piece::Members(a), Piece::Members(b)) => Piece::Members(a.union(b).cloned().collect()),
            (Piece::Line(a), Piece::Line(b)) => {
                let mut all = a.clone();
                for run in b {
                    if !all.iter().any(|known| same_run(known, run)) {
                        all.push(run.clone());
                    }
                }
                all.sort_by_key(|(low, _)| position(low));
                let mut joined: Vec<(Option<Cut>, Option<Cut>)> = Vec::new();
                for (low, high) in all {
                    match joined.last_mut() {
                        Some((_, end)) if matches!((&*end, &low), (Some(a), Some(b)) if a.is(b)) => *end = high,
                        _ => joined.push((low, high)),
                    }
                }
                if matches!(joined.as_slice(), [(None, None)]) { Piece::All } else { Piece::Line(joined) }
            }
            _ => Piece::All,
        }
    }

    pub fn is(&self, other: &Piece) -> bool {
        match (self, other) {
            (Piece::All, Piece::All) => true,
            (Piece::Members(a), Piece::Members(b)) => a == b,
            (Piece::Line(a), Piece::Line(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_run(a, b)),
            _ => false,
        }
    }

    /// What the ends of stretches are called in both.
    pub fn meet(&mut self, other: &Piece) {
        if let (Piece::Line(a), Piece::Line(b)) = (self, other) {
            for ((low, high), (other_low, other_high)) in a.iter_mut().zip(b) {
                for (cut, other) in [(low, other_low), (high, other_high)] {
                    if let (Some(cut), Some(other)) = (cut, other) {
                        cut.meet(other);
                    }
                }
            }
        }
    }

    /// Whether some value may be in both; of stretches whose ends are told by other facts that cannot be known.
    pub fn may_meet(&self, other: &Piece) -> bool {
        match (self, other) {
            (Piece::Members(a), Piece::Members(b)) => !a.is_disjoint(b),
            _ => true,
        }
    }

    /// Whether all values of this are in the other.
    pub fn is_within(&self, other: &Piece) -> bool {
        match (self, other) {
            (_, Piece::All) => true,
            (Piece::Members(a), Piece::Members(b)) => a.is_subset(b),
            (Piece::Line(a), Piece::Line(b)) => a.iter().all(|run| b.iter().any(|other| same_run(run, other))),
            _ => false,
        }
    }
}

fn position(cut: &Option<Cut>) -> Option<(Decimal, bool)> {
    cut.as_ref().map(|c| (c.at, c.after))
}

fn same_run(a: &(Option<Cut>, Option<Cut>), b: &(Option<Cut>, Option<Cut>)) -> bool {
    let same = |a: &Option<Cut>, b: &Option<Cut>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.is(b),
        _ => false,
    };
    same(&a.0, &b.0) && same(&a.1, &b.1)
}

/// How a fact's values are told.
pub(super) struct Teller<'a> {
    pub model: &'a Model,
    pub id: InputId,
    pub turns: &'a Turns,
}

impl Teller<'_> {
    /// Some values of the fact as a condition, in the words of the language and for people; nothing if they are all
    /// there are. `all` are the members that there are.
    pub fn condition(&self, piece: &Piece, all: &BTreeSet<String>) -> Option<Told> {
        let name = &self.model.input(self.id).name;
        let runs = match piece {
            Piece::All => return None,
            Piece::Members(chosen) if matches!(self.model.input(self.id).ty, Type::Set(_)) => {
                return sets_condition(name, chosen, all);
            }
            Piece::Members(chosen) if self.model.input(self.id).ty == Type::Text => {
                return texts_condition(name, chosen, all);
            }
            Piece::Members(chosen) => return members_condition(name, chosen, all),
            Piece::Line(runs) => runs,
        };
        if let [(None, Some(before)), (Some(after), None)] = runs.as_slice() {
            if let (Some(low), Some(high)) = (before.told(), after.told()) {
                if !low.past && high.past && low.place == high.place {
                    return Some(Told::same(format!("{name} <> {}", self.place(&low.place))));
                }
            }
        }
        let parts: Vec<(Option<&Written>, Option<&Written>)> = runs
            .iter()
            .map(|(low, high)| (low.as_ref().and_then(Cut::told), high.as_ref().and_then(Cut::told)))
            .collect();
        let mut words: Vec<String> = parts.iter().filter_map(|(low, high)| self.run(name, *low, *high)).collect();
        let apart = parts.iter().map(|(low, high)| self.apart(name, *low, *high));
        let told: Vec<String> =
            apart.zip(&words).map(|(apart, words)| apart.unwrap_or_else(|| words.clone())).collect();
        if words.len() > 1 {
            let enclosed = |w: &String| if w.contains(" and ") { format!("({w})") } else { w.clone() };
            words = words.iter().map(enclosed).collect();
        }
        (!words.is_empty()).then(|| Told { words: words.join(" or "), told: told.join(" or ") })
    }

    /// One stretch in the words of the language.
    fn run(&self, name: &str, low: Option<&Written>, high: Option<&Written>) -> Option<String> {
        let from = |low: &Written| format!("{name} {} {}", if low.past { ">" } else { ">=" }, self.place(&low.place));
        let to = |high: &Written| format!("{name} {} {}", if high.past { "<=" } else { "<" }, self.place(&high.place));
        Some(match (low, high) {
            (Some(low), Some(high)) if !low.past && high.past && low.place == high.place => {
                format!("{name} = {}", self.place(&low.place))
            }
            (Some(low), Some(high)) => format!("{} and {}", from(low), to(high)),
            (Some(low), None) => from(low),
            (None, Some(high)) => to(high),
            (None, None) => return None,
        })
    }

    /// A stretch of dates told by another date, as people say it: `event.confirmed-on 42 to 55 days before
    /// event.starts-on`.
    fn apart(&self, name: &str, low: Option<&Written>, high: Option<&Written>) -> Option<String> {
        if self.model.input(self.id).ty != Type::Date {
            return None;
        }
        let other = |w: &Written| match w.place.of.iter().collect::<Vec<_>>().as_slice() {
            [(fact, share)] if **share == Decimal::ONE => Some(**fact),
            _ => None,
        };
        let one = Decimal::ONE;
        let first = low.map(|low| low.place.constant + if low.past { one } else { Decimal::ZERO });
        let last = high.map(|high| high.place.constant - if high.past { Decimal::ZERO } else { one });
        let days = |n: Decimal| if n == one { format!("{n} day") } else { format!("{n} days") };
        let from = match (low, high) {
            (Some(low), Some(high)) if other(low)? != other(high)? => return None,
            (Some(end), _) | (_, Some(end)) => other(end)?,
            (None, None) => return None,
        };
        let other = self.turns.facts.get(from)?;
        let zero = Decimal::ZERO;
        let said = match (first, last) {
            (Some(first), Some(last)) if first == last && first == zero => format!("on {other}"),
            (Some(first), Some(last)) if first == last && first < zero => format!("{} before {other}", days(-first)),
            (Some(first), Some(last)) if first == last => format!("{} after {other}", days(first)),
            (Some(first), Some(last)) if last < zero => format!("{} to {} before {other}", -last, days(-first)),
            (Some(first), Some(last)) if last == zero => format!("on {other} or up to {} before", days(-first)),
            (Some(first), Some(last)) if first > zero => format!("{first} to {} after {other}", days(last)),
            (Some(first), Some(last)) if first == zero => format!("on {other} or up to {} after", days(last)),
            (Some(first), Some(last)) => format!("from {} before to {} after {other}", days(-first), days(last)),
            (Some(first), None) if first > one => format!("at least {} after {other}", days(first)),
            (Some(first), None) if first == one => format!("after {other}"),
            (Some(first), None) if first == zero => format!("on or after {other}"),
            (Some(first), None) => format!("less than {} before {other}, or later", days(one - first)),
            (None, Some(last)) if last < -one => format!("at least {} before {other}", days(-last)),
            (None, Some(last)) if last == -one => format!("before {other}"),
            (None, Some(last)) if last == zero => format!("on or before {other}"),
            (None, Some(last)) => format!("less than {} after {other}, or earlier", days(last + one)),
            (None, None) => return None,
        };
        Some(format!("{name} {said}"))
    }

    /// `event.starts-on - 42 days`, `USD 250,000`
    fn place(&self, place: &Linear) -> String {
        let ty = &self.model.input(self.id).ty;
        let like = made_up(self.model, self.id, 0);
        let value = |at: Decimal, ty: &Type| {
            let known = value_at(ty, like.as_ref(), at);
            known.map_or_else(|| at.to_string(), |v| v.display(self.model).to_string())
        };
        if place.of.is_empty() {
            return value(place.constant, ty);
        }
        let apart = match ty {
            Type::Date => &Type::Days,
            Type::DateTime | Type::Time => &Type::Duration,
            other => other,
        };
        let mut text = String::new();
        for (fact, share) in &place.of {
            let name = self.turns.facts.get(*fact).map_or("?", String::as_str);
            let part = match share.abs() {
                one if one == Decimal::ONE => name.to_owned(),
                share => format!("{}% of {name}", (share * Decimal::ONE_HUNDRED).normalize()),
            };
            let sign = match (text.is_empty(), share.is_sign_negative()) {
                (true, false) => "",
                (true, true) => "- ",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            text.push_str(sign);
            text.push_str(&part);
        }
        if !place.constant.is_zero() {
            let sign = if place.constant.is_sign_negative() { " - " } else { " + " };
            text.push_str(sign);
            text.push_str(&value(place.constant.abs(), apart));
        }
        text
    }
}

/// A condition, told twice.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// In the words of the language.
    pub words: String,
    /// For people.
    pub told: String,
}

impl Told {
    fn same(words: String) -> Told {
        Told { told: words.clone(), words }
    }
}

/// Some members as a condition; nothing if they are all there are.
pub(super) fn members_condition(name: &str, chosen: &BTreeSet<String>, all: &BTreeSet<String>) -> Option<Told> {
    let listed = |members: &mut dyn Iterator<Item = &String>| members.cloned().collect::<Vec<_>>().join(", ");
    if all.is_subset(chosen) {
        return None;
    }
    let others: BTreeSet<&String> = all.difference(chosen).collect();
    Some(Told::same(match (chosen.len(), others.len()) {
        (1, _) => format!("{name} is {}", listed(&mut chosen.iter())),
        // Of many, those that are left out say more.
        (2.., 1) => format!("{name} is not {}", listed(&mut others.into_iter())),
        (many, few) if many > 3 && few <= 2 => format!("{name} not in {{ {} }}", listed(&mut others.into_iter())),
        _ => format!("{name} in {{ {} }}", listed(&mut chosen.iter())),
    }))
}

/// Some texts as a condition.
fn texts_condition(name: &str, chosen: &BTreeSet<String>, all: &BTreeSet<String>) -> Option<Told> {
    if all.is_subset(chosen) {
        return None;
    }
    let each = |texts: &mut dyn Iterator<Item = &String>, op: &str, join: &str| {
        texts.map(|text| format!("{name} {op} {text}")).collect::<Vec<_>>().join(join)
    };
    Some(Told::same(if chosen.contains(OTHER_TEXT) {
        each(&mut all.difference(chosen), "<>", " and ")
    } else {
        each(&mut chosen.iter(), "=", " or ")
    }))
}

/// Some sets as a condition: what they have and have not, `+red -request.service`.
fn sets_condition(name: &str, chosen: &BTreeSet<String>, all: &BTreeSet<String>) -> Option<Told> {
    if all.is_subset(chosen) {
        return None;
    }
    if chosen.iter().any(|label| label.starts_with('{')) {
        let each: Vec<String> = chosen.iter().map(|set| format!("{name} = {set}")).collect();
        return Some(Told::same(each.join(" or ")));
    }
    let mut cubes: Vec<Vec<(bool, &str)>> =
        chosen.iter().map(|label| label.split(' ').map(|atom| (atom.starts_with('+'), &atom[1..])).collect()).collect();
    // Two that differ in one thing only, had and not had, are one without it.
    while let Some((i, j, at)) = (0..cubes.len()).find_map(|i| {
        (i + 1..cubes.len()).find_map(|j| {
            let (a, b) = (&cubes[i], &cubes[j]);
            let same_atoms = a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.1 == y.1);
            let differing: Vec<usize> = (0..a.len().min(b.len())).filter(|n| a[*n] != b[*n]).collect();
            (same_atoms && differing.len() == 1).then(|| (i, j, differing[0]))
        })
    }) {
        cubes.remove(j);
        cubes[i].remove(at);
    }
    let atom = |(has, what): &(bool, &str)| {
        if *has { format!("{name} has {what}") } else { format!("not ({name} has {what})") }
    };
    let each: Vec<String> = cubes.iter().map(|c| c.iter().map(atom).collect::<Vec<_>>().join(" and ")).collect();
    let told = |c: &Vec<(bool, &str)>| {
        let (with, without): (Vec<_>, Vec<_>) = c.iter().partition(|(has, _)| *has);
        let listed = |some: Vec<&(bool, &str)>| some.iter().map(|(_, what)| *what).collect::<Vec<_>>().join(", ");
        match (with.is_empty(), without.is_empty()) {
            (false, true) => format!("{name} has {}", listed(with)),
            (true, _) => format!("{name} without {}", listed(without)),
            _ => format!("{name} has {} and not {}", listed(with), listed(without)),
        }
    };
    let told: Vec<String> = cubes.iter().map(told).collect();
    Some(Told { words: each.join(" or "), told: told.join(" or ") })
}
