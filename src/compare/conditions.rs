//! Some values of a fact told as a condition: in the words of the language, and for people.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::classes::{Cut, OTHER_TEXT, Written};
use super::linear::Linear;
use super::pieces::Piece;
use super::turns::Turns;
use crate::check::witness::{made_up, value_at};
use crate::model::{InputId, Model, Type};

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
                share => match share.checked_mul(Decimal::ONE_HUNDRED) {
                    Some(percent) => format!("{}% of {name}", percent.normalize()),
                    None => format!("{share} * {name}"),
                },
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
