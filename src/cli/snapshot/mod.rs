//! `clausal snapshot`: writing, checking and reviewing the stored snapshots of rules.

mod compare;
mod desk;
mod named;
mod place;
mod rejected;
mod review;
mod show;
mod store;
mod word_marks;

pub use review::at_terminal as review_at_terminal;

use clausal::report::snapshot::Shelf;
use compare::{Comparison, Kind};
use place::Plan;
use store::Store;

use super::args::{Format, Snapshot, SnapshotCheck, SnapshotWrite};
use super::check::counted;
use super::shared::Opened;
use super::{Status, shared};

pub fn run(args: &Snapshot) -> Status {
    match args {
        Snapshot::Write(args) => write(args),
        Snapshot::Check(args) => check(args),
        Snapshot::Review(args) => review::run(args),
    }
}

/// The rules' snapshots, what is stored, and how they differ.
struct Compared {
    store: Store,
    comparison: Comparison,
    /// The rules, as they were named.
    rules: String,
    /// Where the snapshots of these rules stand.
    ours: Vec<Shelf>,
}

impl Compared {
    fn of(rules: &str, folder: Option<&str>) -> Result<Compared, Status> {
        Compared::with(&shared::open_sound(rules)?, rules, folder)
    }

    fn with(opened: &Opened, rules: &str, folder: Option<&str>) -> Result<Compared, Status> {
        let plan = Plan::of(opened, rules, folder)?;
        let store = Store::open(&plan.folder);
        let comparison = Comparison::of(&plan, &store).map_err(|why| shared::unusable(&why))?;
        let ours = plan.editions().iter().map(|(_, shelf)| shelf.clone()).collect();
        Ok(Compared { store, comparison, rules: rules.to_owned(), ours })
    }

    /// Stores all that differs; of editions of which nothing is stored, all there is if that is wanted.
    fn write(&mut self, also_unwritten: bool) -> Result<String, String> {
        let comparison = &mut self.comparison;
        let unwritten = if also_unwritten { std::mem::take(&mut comparison.unwritten) } else { vec![] };
        let first: usize = unwritten.iter().map(|u| u.snapshots.len()).sum();
        for change in comparison.changes.iter().chain(unwritten.iter().flat_map(|u| &u.snapshots)) {
            self.store.accept(&change.name, &change.source, &change.now)?;
        }
        comparison.refresh(&mut self.store)?;
        let (changed, new) = (comparison.count(Kind::Changed), comparison.count(Kind::New) + first);
        let written = counted(changed + new, "snapshot");
        let text = format!("{written} written ({changed} changed, {new} new), {} as stored\n", comparison.same);
        Ok(text + &show::unwritten(comparison))
    }

    /// Removes what belongs to nothing, or names it.
    fn unreferenced(&mut self, remove: bool) -> Result<String, String> {
        let mut text = String::new();
        let names = if remove { std::mem::take(&mut self.comparison.unreferenced) } else { vec![] };
        for name in &names {
            self.store.remove(name)?;
            text.push_str(&format!("removed {name}\n"));
        }
        for name in &self.comparison.unreferenced {
            text.push_str(&format!("unreferenced {name}\n"));
        }
        if !self.comparison.unreferenced.is_empty() {
            let removes = format!("`clausal snapshot review {} --remove-unreferenced`", self.rules);
            text.push_str(&format!("{removes} removes snapshots that belong to nothing\n"));
        }
        Ok(text)
    }
}

fn write(args: &SnapshotWrite) -> Status {
    let mut compared = match Compared::of(&args.rules, args.snapshots.as_deref()) {
        Ok(compared) => compared,
        Err(status) => return status,
    };
    let told = compared.write(true).and_then(|text| Ok(text + &compared.unreferenced(args.remove_unreferenced)?));
    match told {
        Err(why) => shared::unusable(&why),
        Ok(text) => shared::print(&text).then(|| found(compared.comparison.unreferenced.is_empty())),
    }
}

fn check(args: &SnapshotCheck) -> Status {
    let mut compared = match Compared::of(&args.rules, args.snapshots.as_deref()) {
        Ok(compared) => compared,
        Err(status) => return status,
    };
    let Compared { store, comparison, .. } = &mut compared;
    propose(store, comparison);
    let printed = match args.format {
        Format::Json => shared::print_json(&comparison.to_json()),
        Format::Text => {
            let mut text = show::findings(comparison, show::colour());
            text.push_str(&format!("{}\n", comparison.summary()));
            if !comparison.changes.is_empty() {
                let rules = &args.rules;
                text.push_str(&format!("`clausal snapshot review {rules}` accepts or rejects them one by one\n"));
            }
            shared::print(&text)
        }
    };
    printed.then(|| found(comparison.is_clean() && comparison.unwritten.is_empty()))
}

/// Puts changes aside for review. Where that cannot be done, such as in a folder that is only to be read, the
/// comparison still counts.
fn propose(store: &mut Store, comparison: &Comparison) {
    if let Err(why) = comparison.propose(store) {
        eprintln!("clausal: the changes were not put aside for review: {why}");
    }
}

/// What `clausal test` says of the stored snapshots.
pub struct Tested {
    pub text: String,
    clean: bool,
}

/// Compares, for `clausal test`; with `update`, stores what differs. `None` for rules that can have no snapshots. An
/// edition of which nothing is stored is said to be so, and is no finding: its rules may still be in the making.
pub fn test(opened: &Opened, rules: &str, folder: Option<&str>, update: bool) -> Result<Option<Tested>, Status> {
    let has_agreement = |set: &clausal::RuleSet| set.checked.as_ref().is_some_and(|c| c.model.agreement.is_some());
    if !opened.sets.iter().any(has_agreement) {
        return Ok(None);
    }
    let mut compared = Compared::with(opened, rules, folder)?;
    if update {
        let text = compared.write(false).and_then(|text| Ok(text + &compared.unreferenced(false)?));
        let text = text.map_err(|why| shared::unusable(&why))?;
        return Ok(Some(Tested { text, clean: compared.comparison.unreferenced.is_empty() }));
    }
    let Compared { store, comparison, .. } = &mut compared;
    propose(store, comparison);
    let mut text = show::findings(comparison, show::colour());
    if comparison.same > 0 || !comparison.is_clean() {
        text.push_str(&format!("snapshots: {}\n", comparison.summary()));
    }
    Ok(Some(Tested { text, clean: comparison.is_clean() }))
}

impl Tested {
    pub fn status(&self) -> Status {
        found(self.clean)
    }
}

fn found(clean: bool) -> Status {
    if clean { Status::Done } else { Status::Findings }
}
