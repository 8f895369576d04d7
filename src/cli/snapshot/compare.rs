//! What is stored against what the rules give now.

use std::collections::BTreeSet;

use clausal::report::snapshot::file;
use serde_json::{Value, json};
use similar::TextDiff;

use super::place::Plan;
use super::store::Store;

/// Lines of a diff that stand round what differs.
pub const CONTEXT: usize = 3;

/// How a snapshot differs from what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Changed,
    /// Nothing is stored yet.
    New,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Changed => "changed",
            Kind::New => "new",
        }
    }
}

/// A snapshot that is not as stored.
#[derive(Clone, Debug)]
pub struct Change {
    pub name: String,
    pub kind: Kind,
    pub source: String,
    pub stored: String,
    pub now: String,
}

/// The stored snapshots of some rules against those that the rules give.
pub struct Comparison {
    /// How many are as stored.
    pub same: usize,
    /// In source order.
    pub changes: Vec<Change>,
    /// Editions of which nothing is stored yet: they take no part until they are written.
    pub unwritten: Vec<Unwritten>,
    /// Names of stored snapshots that no rules or scenarios give any longer.
    pub unreferenced: Vec<String>,
    /// Names of changes put aside for review that are none any longer.
    stale: Vec<String>,
}

/// An edition of which nothing is stored.
pub struct Unwritten {
    /// The folder of its rules.
    pub source: String,
    /// What would be stored.
    pub snapshots: Vec<Change>,
}

impl Comparison {
    /// Compares. A file that cannot be read ends it.
    pub fn of(plan: &Plan, store: &Store) -> Result<Comparison, String> {
        let mut comparison = Comparison {
            same: 0,
            changes: Vec::new(),
            unwritten: Vec::new(),
            unreferenced: Vec::new(),
            stale: Vec::new(),
        };
        for wanted in &plan.wanted {
            let (name, now) = (&wanted.snapshot.name, &wanted.snapshot.contents);
            let (kind, stored) = match store.accepted(name).transpose()? {
                Some(stored) if file::same(&stored, now) => {
                    comparison.same += 1;
                    comparison.stale.extend(store.is_pending(name).then(|| name.clone()));
                    continue;
                }
                Some(stored) => (Kind::Changed, stored),
                None => (Kind::New, String::new()),
            };
            let (name, now, source) = (name.clone(), now.clone(), wanted.source.clone());
            comparison.changes.push(Change { name, kind, source, stored, now });
        }
        comparison.set_unwritten_apart(plan, store);
        let names: BTreeSet<&str> = plan.wanted.iter().map(|w| w.snapshot.name.as_str()).collect();
        let gone = |name: &&str| plan.answers_for(name) && !names.contains(name);
        comparison.unreferenced = store.accepted_names().filter(gone).map(str::to_owned).collect();
        comparison.stale.extend(store.pending_names().filter(gone).map(str::to_owned));
        Ok(comparison)
    }

    fn set_unwritten_apart(&mut self, plan: &Plan, store: &Store) {
        for (source, shelf) in plan.editions() {
            if store.accepted_names().any(|name| shelf.holds(name)) {
                continue;
            }
            let (snapshots, changes) =
                std::mem::take(&mut self.changes).into_iter().partition(|c| shelf.holds(&c.name));
            self.changes = changes;
            self.unwritten.push(Unwritten { source: source.clone(), snapshots });
        }
    }

    /// Whether everything that was ever stored is as stored.
    pub fn is_clean(&self) -> bool {
        self.changes.is_empty() && self.unreferenced.is_empty()
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.changes.iter().filter(|c| c.kind == kind).count()
    }

    /// Puts every change aside for review, and takes away what no longer is a change.
    pub fn propose(&self, store: &mut Store) -> Result<(), String> {
        self.drop_stale(store)?;
        self.changes.iter().try_for_each(|change| change.propose(store))
    }

    /// Brings what waits for review up to date, without adding to it.
    pub fn refresh(&self, store: &mut Store) -> Result<(), String> {
        self.drop_stale(store)?;
        for change in &self.changes {
            if store.is_pending(&change.name) {
                change.propose(store)?;
            }
        }
        Ok(())
    }

    fn drop_stale(&self, store: &mut Store) -> Result<(), String> {
        self.stale.iter().try_for_each(|name| store.drop_pending(name))
    }

    /// `652 as stored, 3 changed, 1 new, 0 unreferenced`
    pub fn summary(&self) -> String {
        format!(
            "{} as stored, {} changed, {} new, {} unreferenced",
            self.same,
            self.count(Kind::Changed),
            self.count(Kind::New),
            self.unreferenced.len()
        )
    }

    pub fn to_json(&self) -> Value {
        json!({
            "version": 1,
            "same": self.same,
            "changes": self.changes.iter().map(Change::to_json).collect::<Vec<_>>(),
            "unwritten": self.unwritten.iter().map(|u| u.source.as_str()).collect::<Vec<_>>(),
            "unreferenced": self.unreferenced,
        })
    }
}

impl Change {
    /// What differs, as a unified diff.
    pub fn diff(&self) -> String {
        let (stored, now) = self.sides();
        let (before, file) = self.headings();
        TextDiff::from_lines(&stored, &now).unified_diff().context_radius(CONTEXT).header(&before, &file).to_string()
    }

    /// The stored contents and those of now, each line with its end.
    pub fn sides(&self) -> (String, String) {
        let with_end = |text: &str| if text.is_empty() { String::new() } else { format!("{}\n", text.trim_end()) };
        (with_end(&self.stored), with_end(&self.now))
    }

    /// What the two sides of a diff are called.
    pub fn headings(&self) -> (String, String) {
        let file = format!("{}.snap", self.name);
        let before = if self.kind == Kind::New { "/dev/null".to_owned() } else { file.clone() };
        (before, file)
    }

    pub fn to_json(&self) -> Value {
        json!({ "name": self.name, "kind": self.kind.name(), "source": self.source, "diff": self.diff() })
    }

    fn propose(&self, store: &mut Store) -> Result<(), String> {
        let waiting = store.pending(&self.name).transpose()?;
        if waiting.is_some_and(|waiting| file::same(&waiting, &self.now)) {
            return Ok(());
        }
        store.propose(&self.name, &self.source, &self.now)
    }
}
