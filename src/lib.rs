//! Clausal: a rules language for service agreements.
//!
//! ```text
//! text → Sources → tree → Model → Checked → Outcome → report
//!        source    syntax  resolve  check     eval      report
//! ```
//!
//! Data only walks forward. [`open`] takes text as far as [`check::Checked`], the only thing that [`eval`] accepts;
//! every stage gives what it could make and the problems it met.

pub mod batch;
pub mod builtin;
pub mod check;
pub mod columnar;
pub mod compare;
pub mod diag;
pub mod eval;
pub mod explore;
pub mod format;
pub mod model;
mod parallel;
pub mod report;
pub mod resolve;
pub mod scenario;
pub mod source;
pub mod syntax;
pub mod value;

use check::Checked;
use diag::{Problem, has_errors, in_source_order};
use report::snapshot::Snapshot;
use source::load::{Edition, Loaded};
use source::{FileId, Sources};

/// One edition, as far as it could be read.
#[derive(Debug)]
pub struct RuleSet {
    /// Path of the edition's folder, or of its file.
    pub root: String,
    /// The sealed rules; `None` if something is wrong with them.
    pub checked: Option<Checked>,
    /// In source order.
    pub problems: Vec<Problem>,
}

impl RuleSet {
    /// The snapshots of the edition: of its rules, and of what its scenarios come to. None if something is wrong with
    /// the rules, or they declare no agreement.
    pub fn snapshots(&self, sources: &Sources) -> Vec<Snapshot> {
        let Some(checked) = &self.checked else { return Vec::new() };
        let trials: Vec<_> = checked.model.scenarios.iter().map(|scenario| eval::run(checked, scenario)).collect();
        report::snapshot::snapshots(&checked.model, &trials, &|scenario| self.file_of(sources, scenario))
    }

    /// What stands behind a change of the snapshot of this name: each rule and declaration that is not as it was.
    pub fn behind(&self, sources: &Sources, name: &str, stored: &str) -> Vec<report::snapshot::Behind> {
        let Some(checked) = &self.checked else { return Vec::new() };
        report::snapshot::behind(checked, name, stored, &|scenario| self.file_of(sources, scenario))
    }

    /// The edition as an HTML book, with labels in `lang` at first; `None` if something is wrong with the rules.
    pub fn book(&self, sources: &Sources, lang: &str) -> Option<report::Bound> {
        let checked = self.checked.as_ref()?;
        let file = |scenario: &model::Scenario| self.file_of(sources, scenario);
        Some(report::book(checked, sources, &self.root, lang, &file))
    }

    /// The path of a scenario's file within the edition.
    pub fn file_of(&self, sources: &Sources, scenario: &model::Scenario) -> String {
        let name = &sources.file(scenario.item.file).name;
        name.strip_prefix(&self.root).map_or(name.as_str(), |rest| rest.trim_start_matches('/')).to_owned()
    }
}

/// Opens all editions that were loaded, and compares what they say of each other. The problems of the loading itself
/// stay with the caller.
pub fn open_all(loaded: &Loaded) -> Vec<RuleSet> {
    let mut sets: Vec<RuleSet> = loaded.editions.iter().map(|edition| open(&loaded.sources, edition)).collect();
    let models: Vec<Option<&model::Model>> = sets.iter().map(|set| set.checked.as_ref().map(|c| &c.model)).collect();
    let found: Vec<Vec<Problem>> = check::predecessors(&models);
    for (set, problems) in sets.iter_mut().zip(found) {
        if has_errors(&problems) {
            set.checked = None;
        }
        let mut all = std::mem::take(&mut set.problems);
        all.extend(problems);
        set.problems = in_source_order(all);
    }
    sets
}

/// Parses, resolves and checks the files of one edition.
pub fn open(sources: &Sources, edition: &Edition) -> RuleSet {
    let layers = parse_layers(sources, edition);
    let mut problems: Vec<Problem> = layers.iter().flatten().flat_map(|p| p.problems.clone()).collect();
    if edition.incomplete {
        return RuleSet { root: edition.root.clone(), checked: None, problems: in_source_order(problems) };
    }
    let (model, found) = resolve::resolve(layers, edition.attachments.clone());
    problems.extend(found);
    let mut checked = None;
    // Analysis of rules that could not all be read would only report what follows from the mistakes.
    if !has_errors(&problems) {
        let (sealed, found) = check::check(model);
        checked = sealed;
        problems.extend(found);
    }
    RuleSet { root: edition.root.clone(), checked, problems: in_source_order(problems) }
}

/// The files of the edition, and before them those of the editions that it amends, the oldest first.
fn parse_layers(sources: &Sources, edition: &Edition) -> Vec<Vec<syntax::Parsed>> {
    let layers = edition.amended.iter().chain([&edition.files]);
    let mut files: Vec<FileId> = Vec::new();
    let mut lengths = Vec::new();
    for layer in layers {
        let before = files.len();
        for id in layer {
            // What both use is read once, with the older one.
            if !files.contains(id) {
                files.push(*id);
            }
        }
        lengths.push(files.len() - before);
    }
    let mut parsed = parse_all(sources, &files).into_iter();
    lengths.into_iter().map(|length| parsed.by_ref().take(length).collect()).collect()
}

/// Parsing is most of the work and each file stands alone, so large editions are parsed on several threads.
fn parse_all(sources: &Sources, files: &[FileId]) -> Vec<syntax::Parsed> {
    parallel::in_parallel(files.len(), |number| syntax::parse(sources, files[number]))
}
