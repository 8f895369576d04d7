//! What is the same thing in two editions: by name, and by what one edition says that it was.

use std::collections::HashMap;

use super::answer_words;
use crate::eval::Known;
use crate::model::{InputId, Model, ReadingId, SERVICES};
use crate::scenario::Facts;
use crate::value::{EnumId, RecordId, UnitId, Value};

/// The names of two editions, matched.
#[derive(Debug)]
pub struct Names {
    /// Services of the new edition that the old one calls otherwise: new name, old name.
    pub renamed_services: Vec<(String, String)>,
    old: Index,
    new: Index,
}

#[derive(Debug, Default)]
struct Index {
    inputs: HashMap<String, InputId>,
    readings: HashMap<String, ReadingId>,
    enums: HashMap<String, EnumId>,
    records: HashMap<String, RecordId>,
    units: HashMap<String, UnitId>,
}

impl Index {
    fn of(model: &Model) -> Index {
        let all = |name: &mut dyn Iterator<Item = String>| name.zip(0u32..).collect::<HashMap<String, u32>>();
        let inputs = all(&mut model.inputs.iter().map(|i| i.name.clone()));
        let readings = all(&mut model.readings.iter().map(|r| r.name.clone()));
        let enums = all(&mut model.enums.iter().map(|e| e.name.clone()));
        let records = all(&mut model.records.iter().map(|r| r.name.clone()));
        let units = all(&mut model.units.iter().map(|u| u.name.clone()));
        Index {
            inputs: inputs.into_iter().map(|(n, i)| (n, InputId(i))).collect(),
            readings: readings.into_iter().map(|(n, i)| (n, ReadingId(i))).collect(),
            enums: enums.into_iter().map(|(n, i)| (n, EnumId(i))).collect(),
            records: records.into_iter().map(|(n, i)| (n, RecordId(i))).collect(),
            units: units.into_iter().map(|(n, i)| (n, UnitId(i))).collect(),
        }
    }
}

/// Which of the two editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    Old,
    New,
}

impl Names {
    pub fn of(old: &Model, new: &Model) -> Names {
        let mut renamed: Vec<(String, String)> = said(old, new).collect();
        // Seen from the other side, the edition that says so is the old one.
        for (before, after) in said(new, old) {
            if !renamed.iter().any(|(n, o)| *n == after || *o == before) {
                renamed.push((after, before));
            }
        }
        Names { renamed_services: renamed, old: Index::of(old), new: Index::of(new) }
    }

    pub fn input(&self, edition: Edition, name: &str) -> Option<InputId> {
        self.index(edition).inputs.get(name).copied()
    }

    pub fn reading(&self, edition: Edition, name: &str) -> Option<ReadingId> {
        self.index(edition).readings.get(name).copied()
    }

    fn index(&self, edition: Edition) -> &Index {
        match edition {
            Edition::Old => &self.old,
            Edition::New => &self.new,
        }
    }

    /// A value of one edition as the other edition has it; `None` where it has no such member, unit or field.
    pub fn translate(&self, value: &Value, from: &Model, to: (&Model, Edition)) -> Option<Value> {
        let index = self.index(to.1);
        let inner = |v: &Value| self.translate(v, from, to);
        Some(match value {
            Value::Member(id, member) => {
                let name = &Model::member(from, *id, *member)?.name;
                let of = index.enums.get(&from.enumeration(*id).name)?;
                let known = self.renamed(*of, name, to.1);
                let members = &to.0.enumeration(*of).members;
                Value::Member(*of, members.iter().position(|m| m.name == known)? as u32)
            }
            Value::Quantity(unit, amount) => {
                Value::Quantity(*index.units.get(&from.units.get(unit.0 as usize)?.name)?, *amount)
            }
            Value::Set(items) => Value::set(items.iter().map(inner).collect::<Option<Vec<_>>>()?),
            Value::List(items) => Value::List(items.iter().map(inner).collect::<Option<Vec<_>>>()?.into()),
            Value::Record(id, fields) => {
                let declared = from.records.get(id.0 as usize)?;
                let of = *index.records.get(&declared.name)?;
                let wanted = &to.0.records.get(of.0 as usize)?.fields;
                let field = |name: &str| {
                    let place = declared.fields.iter().position(|f| f.name == name)?;
                    fields.get(place)?.as_ref()
                };
                let mut values = Vec::new();
                for column in wanted {
                    values.push(match field(&column.name) {
                        Some(value) => Some(inner(value)?),
                        None => None,
                    });
                }
                Value::Record(of, values.into())
            }
            Value::Log(log) => {
                let mut entries = Vec::new();
                for entry in &log.entries {
                    let event = &from.events.get(entry.event as usize)?.name;
                    let by = match entry.by {
                        None => None,
                        Some(party) => {
                            let name = from.party(party);
                            let parties = &to.0.enumeration(crate::model::PARTIES).members;
                            Some(parties.iter().position(|p| p.name == name)? as u32)
                        }
                    };
                    let mut with = Vec::new();
                    for (input, value) in &entry.with {
                        let name = &from.input(InputId(*input)).name;
                        with.push((index.inputs.get(name)?.0, inner(value)?));
                    }
                    let event = to.0.event_named(event)?;
                    entries.push(crate::value::Entry { at: entry.at, event, by, with, line: entry.line });
                }
                Value::Log(std::sync::Arc::new(crate::value::Log { entries }))
            }
            other => other.clone(),
        })
    }

    /// Whether an answer of the old edition is one of the new edition: the same value, or undetermined for the same
    /// reasons.
    pub fn agree(&self, old: (&Model, &Known), new: (&Model, &Known)) -> bool {
        match (old.1, new.1) {
            (Ok(a), Ok(b)) => self.translate(a, old.0, (new.0, Edition::New)).is_some_and(|a| a == *b),
            (Err(_), Err(_)) => answer_words(old.0, old.1) == answer_words(new.0, new.1),
            _ => false,
        }
    }

    /// A service's name in an edition, where the two call it differently.
    fn renamed<'n>(&'n self, of: EnumId, name: &'n str, to: Edition) -> &'n str {
        if of != SERVICES {
            return name;
        }
        let pair = self.renamed_services.iter().find(|(new, old)| match to {
            Edition::New => old == name,
            Edition::Old => new == name,
        });
        pair.map_or(name, |(new, old)| if to == Edition::New { new } else { old })
    }

    /// The facts of a case of one edition for the other, and the names of those that it does not ask for.
    pub fn facts(&self, facts: &Facts, from: &Model, to: (&Model, Edition)) -> (Facts, Vec<String>) {
        let mut found = Facts::none(to.0);
        let mut left = Vec::new();
        for (id, value) in facts.given() {
            let name = &from.input(id).name;
            let target = self.input(to.1, name).and_then(|id| Some((id, self.translate(value, from, to)?)));
            match target {
                Some((id, value)) => found.give(id, value),
                None => left.push(name.clone()),
            }
        }
        for (number, reading) in from.readings.iter().enumerate() {
            let id = ReadingId(number as u32);
            let chosen = facts.reading(id).filter(|choice| reading.default != Some(*choice));
            let Some(choice) = chosen.and_then(|c| Model::member(from, reading.choices, c)) else { continue };
            if let Some(other) = self.reading(to.1, &reading.name) {
                let choices = &to.0.enumeration(to.0.reading(other).choices).members;
                if let Some(place) = choices.iter().position(|m| m.name == choice.name) {
                    found.choose(other, place as u32);
                }
            }
        }
        (found, left)
    }
}

/// Services of one edition that it says were others of an earlier one: their names in it, and before.
fn said<'m>(earlier: &'m Model, later: &'m Model) -> impl Iterator<Item = (String, String)> + 'm {
    let of_both = |name: &str| earlier.services.iter().any(|s| s.name == name);
    later.services.iter().filter(move |s| !of_both(&s.name)).filter_map(move |service| {
        let (name, ..) = service.was.iter().find(|(name, agreement, edition)| {
            let of_earlier = earlier.agreement.as_ref().is_none_or(|a| {
                agreement.as_ref().is_none_or(|n| *n == a.name) && edition.as_ref().is_none_or(|e| *e == a.edition)
            });
            of_earlier && of_both(name) && !later.services.iter().any(|s| s.name == *name)
        })?;
        Some((service.name.clone(), name.clone()))
    })
}
