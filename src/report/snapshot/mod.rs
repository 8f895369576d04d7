//! Snapshots: what an edition's rules say and what its scenarios come to, as text that a reviewer reads and diffs.
//! The same rules and scenarios give the same text everywhere: there is no time, version, path or line number in it.
//!
//! This room says what the files hold and what they are called; reading and writing them is for the command line
//! and the tests.

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
    let families = outcomes::families(trials);
    let written: Vec<path::Written> = families
        .iter()
        .filter_map(|family| family.first())
        .map(|first| path::Written { file: file(first.scenario), name: first.scenario.item_name() })
        .collect();
    let mut all = vec![Snapshot { name: shelf.rules, contents: rule_snapshot(model) }];
    for (family, path) in families.iter().zip(path::of_scenarios(&written)) {
        let name = format!("{}/{path}", shelf.outcomes);
        all.push(Snapshot { name, contents: family_snapshot(model, family) });
    }
    all
}
