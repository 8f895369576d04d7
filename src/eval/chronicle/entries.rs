//! A log's entries in order of time, and those that cannot be used.

use std::collections::{HashMap, HashSet};

use super::At;
use crate::model::{InputId, Model};
use crate::value::{Entry, Log, Value};

/// Something wrong with a log. The case is read without the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entry, by its place among the entries.
    pub entry: usize,
    pub kind: FaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The same entry stands at another place.
    Duplicate { of: usize },
    /// At the same instant another entry says otherwise of the same fact; neither is taken.
    Contradiction { with: usize, input: InputId },
    /// The event is not of that party.
    WrongParty { party: u32 },
    /// The event cannot happen in this state of a process, by its place: number of the state.
    Impossible { process: usize, state: u32 },
}

/// The entries that are read, in order of time.
pub(super) struct Ordered {
    pub entries: Vec<usize>,
    pub faults: Vec<Fault>,
    /// By entry: facts that another entry of the same instant contradicts.
    pub contradicted: HashMap<usize, Vec<InputId>>,
    pub later: usize,
}

/// What an entry says: two that say the same are one.
type Told<'l> = (At, u32, Option<u32>, &'l [(u32, Value)]);

/// Sorts a log; entries of one instant keep the order of their lines.
pub(super) fn ordered(model: &Model, log: &Log, as_of: Option<At>) -> Ordered {
    let mut faults = Vec::new();
    let mut seen: HashMap<Told, usize> = HashMap::new();
    let mut entries = Vec::new();
    let mut later = 0;
    for (place, entry) in log.entries.iter().enumerate() {
        let key = (entry.at, entry.event, entry.by, entry.with.as_slice());
        if let Some(of) = seen.get(&key).copied() {
            faults.push(Fault { entry: place, kind: FaultKind::Duplicate { of } });
            continue;
        }
        seen.insert(key, place);
        if let Some(party) = wrong_party(model, entry) {
            faults.push(Fault { entry: place, kind: FaultKind::WrongParty { party } });
            continue;
        }
        if as_of.is_some_and(|as_of| entry.at > as_of) {
            later += 1;
            continue;
        }
        entries.push(place);
    }
    entries.sort_by_key(|place| log.entries.get(*place).map(|e| e.at));
    let contradicted = contradictions(log, &entries, &mut faults);
    Ordered { entries, faults, contradicted, later }
}

fn wrong_party(model: &Model, entry: &Entry) -> Option<u32> {
    let allowed = &model.events.get(entry.event as usize)?.by;
    entry.by.filter(|party| !allowed.is_empty() && !allowed.contains(party))
}

/// Entries of one instant that give a fact different values.
fn contradictions(log: &Log, entries: &[usize], faults: &mut Vec<Fault>) -> HashMap<usize, Vec<InputId>> {
    let mut found: HashMap<usize, Vec<InputId>> = HashMap::new();
    let of = |place: &usize| log.entries.get(*place);
    let mut start = 0;
    while let Some(first) = entries.get(start).and_then(of) {
        let same = entries.iter().skip(start).take_while(|place| of(place).is_some_and(|e| e.at == first.at)).count();
        let group = entries.get(start..start + same).unwrap_or_default();
        let mut told: HashMap<u32, (usize, &Value)> = HashMap::new();
        let mut contradicted: HashSet<u32> = HashSet::new();
        for place in group {
            for (input, value) in of(place).map_or(&[][..], |e| &e.with) {
                match told.get(input) {
                    Some((with, other)) if *other != value => {
                        let kind = FaultKind::Contradiction { with: *with, input: InputId(*input) };
                        faults.push(Fault { entry: *place, kind });
                        contradicted.insert(*input);
                    }
                    Some(_) => {}
                    None => {
                        told.insert(*input, (*place, value));
                    }
                }
            }
        }
        // Where some disagree, those that agree with one another are not taken either.
        for place in group.iter().filter(|_| !contradicted.is_empty()) {
            let brought = of(place).map_or(&[][..], |e| &e.with).iter().map(|(input, _)| *input);
            let doubted: Vec<InputId> = brought.filter(|input| contradicted.contains(input)).map(InputId).collect();
            if !doubted.is_empty() {
                found.insert(*place, doubted);
            }
        }
        start += same.max(1);
    }
    found
}
