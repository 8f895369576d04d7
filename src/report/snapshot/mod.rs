//! Snapshots: what an edition's rules say and what its scenarios come to, as text that a reviewer reads and diffs.
//! The same rules and scenarios give the same text everywhere: there is no time, version, path or line number in it.
//!
//! This room says what the files hold and what they are called; reading and writing them is for the command line
//! and the tests.

mod behind;
pub mod file;
mod outcomes;
mod path;
mod reasons;
mod rules;
mod sheet;
#[cfg(test)]
mod tests;
mod time;
mod working;

pub use behind::{Behind, Origin, Source, behind};
pub use outcomes::family_snapshot;
pub use rules::{item_text, rule_snapshot};

use crate::eval::Trial;
use crate::model::{Model, Scenario};

/// A snapshot as the rules give it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its path in the snapshots folder, without the ending: `rules/ms-unified/2024-09`.
    pub name: String,
    pub contents: String,
}

/// Where an edition's snapshots stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The name of its rule snapshot.
    pub rules: String,
    /// The folder of its outcome snapshots, without a `/` at the end.
    pub outcomes: String,
}

impl Shelf {
    /// The place of an edition's snapshots; `None` for rules that declare no agreement, which have none.
    pub fn of(model: &Model) -> Option<Shelf> {
        let agreement = model.agreement.as_ref()?;
        Some(Shelf {
            rules: path::of_rules(&agreement.name, &agreement.edition),
            outcomes: path::of_outcomes(&agreement.name, &agreement.edition),
        })
    }

    /// Whether a snapshot of this name belongs to the edition.
    pub fn holds(&self, name: &str) -> bool {
        name == self.rules || name.strip_prefix(&self.outcomes).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// All snapshots of an edition: that of its rules, and one for each scenario as written, in source order.
/// `file` gives the path of a scenario's file within the edition. Rules without an agreement have no snapshots.
pub fn snapshots(model: &Model, trials: &[Trial], file: &dyn Fn(&Scenario) -> String) -> Vec<Snapshot> {
    let Some(shelf) = Shelf::of(model) else { return Vec::new() };
    let scenarios: Vec<&Scenario> = trials.iter().map(|trial| trial.scenario).collect();
    let names = family_names(&shelf, &scenarios, file);
    let mut all = vec![Snapshot { name: shelf.rules, contents: rule_snapshot(model) }];
    for (family, (name, _)) in outcomes::families(trials).into_iter().zip(names) {
        all.push(Snapshot { name, contents: family_snapshot(model, family) });
    }
    all
}

/// The names of the snapshots of scenarios as written, each with the numbers of its cases among the scenarios.
pub fn family_names(
    shelf: &Shelf,
    scenarios: &[&Scenario],
    file: &dyn Fn(&Scenario) -> String,
) -> Vec<(String, std::ops::Range<usize>)> {
    let families: Vec<&[&Scenario]> = scenarios.chunk_by(|a, b| a.item == b.item).collect();
    let firsts = families.iter().filter_map(|family| family.first());
    let written: Vec<path::Written> =
        firsts.map(|first| path::Written { file: file(first), name: first.item_name() }).collect();
    let mut next = 0;
    let ranges = families.iter().map(|family| {
        let first = next;
        next += family.len();
        first..next
    });
    let names = path::of_scenarios(&written).into_iter().map(|path| format!("{}/{path}", shelf.outcomes));
    names.zip(ranges).collect()
}
