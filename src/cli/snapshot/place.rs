//! Where the snapshots of some rules are kept, and what the rules give to be kept there.

use std::path::{Component, Path, PathBuf};

use clausal::report::snapshot::{Shelf, Snapshot};

use super::super::Status;
use super::super::shared::{self, Opened};

/// The folder that rules are kept in, with `snapshots/` beside it.
const RULES: &str = "rules";

/// A snapshot as the rules give it now, with the folder of the rules.
pub struct Wanted {
    pub snapshot: Snapshot,
    pub source: String,
}

/// What the rules give, and where it is kept.
pub struct Plan {
    /// The snapshots folder.
    pub folder: PathBuf,
    pub wanted: Vec<Wanted>,
    /// The folder of each edition's rules, and where its snapshots stand.
    editions: Vec<(String, Shelf)>,
    /// Everything in the folder is of these rules; else only what is on the shelves.
    whole: bool,
}

impl Plan {
    /// Evaluates all scenarios of some rules. Says so and gives the exit status if no edition has snapshots.
    pub fn of(opened: &Opened, rules: &str, folder: Option<&str>) -> Result<Plan, Status> {
        let base = base(opened, rules);
        let folder = folder.map_or_else(|| base.join("snapshots"), PathBuf::from);
        let whole = absolute(rules) == base.join(RULES);
        let mut plan = Plan { folder, wanted: Vec::new(), editions: Vec::new(), whole };
        for set in &opened.sets {
            let Some(checked) = &set.checked else { continue };
            let Some(shelf) = Shelf::of(&checked.model) else { continue };
            if plan.editions.iter().any(|(_, other)| *other == shelf) {
                let why =
                    format!("two editions are called `{}`: snapshots cannot tell them apart", checked.model.title());
                return Err(shared::unusable(&why));
            }
            let source = relative(&absolute(&set.root), &base);
            plan.editions.push((source.clone(), shelf));
            let snapshots = set.snapshots(&opened.sources).into_iter();
            plan.wanted.extend(snapshots.map(|snapshot| Wanted { snapshot, source: source.clone() }));
        }
        if plan.editions.is_empty() {
            return Err(shared::unusable(&format!(
                "snapshots are kept by agreement and edition, and `{rules}` declares no `agreement`"
            )));
        }
        Ok(plan)
    }

    /// Whether a stored snapshot of this name would have to come from these rules.
    pub fn answers_for(&self, name: &str) -> bool {
        self.whole || self.editions.iter().any(|(_, shelf)| shelf.holds(name))
    }

    /// The folder of each edition's rules, and where its snapshots stand.
    pub fn editions(&self) -> &[(String, Shelf)] {
        &self.editions
    }
}

/// The folder that holds `rules/`; for rules elsewhere, the one that holds the first edition.
fn base(opened: &Opened, rules: &str) -> PathBuf {
    let first = absolute(opened.sets.first().map_or(rules, |set| &set.root));
    let parts: Vec<Component> = first.components().collect();
    match parts.iter().rposition(|part| part.as_os_str() == RULES) {
        Some(at) => parts[..at].iter().collect(),
        None => first.parent().map_or_else(|| first.clone(), Path::to_path_buf),
    }
}

/// A path from the root of the disk, without `.` and, where it can be told from the text, without `..`.
fn absolute(path: &str) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    let mut plain = PathBuf::new();
    for part in full.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The path below a folder, with `/` on every machine.
fn relative(path: &Path, base: &Path) -> String {
    let parts: Vec<String> = path
        .strip_prefix(base)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}
