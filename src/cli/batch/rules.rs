//! The rules that are run, and what is asked of them.

use clausal::batch::HeadingKind;
use clausal::batch::map::columns_of;
use clausal::check::{Checked, asks_log, inputs_asked};
use clausal::model::InputId;
use clausal::report::{Target, all_targets};
use clausal::scenario::Facts;
use clausal::source::Sources;

use super::columns::Columns;
use super::told::note;
use crate::cli::args::{Batch, Case, ForeignFacts, Format};
use crate::cli::{Status, case, shared};

/// The rules of one edition, with the facts and readings that all rows share.
pub struct Rules {
    pub checked: Checked,
    pub sources: Sources,
    pub facts: Facts,
    /// The answers that were asked for; none if none was named.
    asked: Vec<Target>,
}

impl Rules {
    pub fn open(args: &Batch) -> Result<Rules, Status> {
        if args.readings.iter().any(|reading| reading == "all") {
            let why = "`--readings all` is for one case, with `clausal eval`; choose one as NAME=CHOICE";
            return Err(shared::unusable(why));
        }
        let opened = case::open(&Case {
            rules: args.rules.clone(),
            facts: args.facts.clone(),
            events: None,
            as_of: None,
            readings: args.readings.clone(),
            edition: args.edition.clone(),
            on: args.on.clone(),
            facts_of_other_editions: ForeignFacts::Refuse,
            lang: "en".to_owned(),
            format: Format::Text,
        })?;
        let asked = match args.decision.is_empty() {
            true => Vec::new(),
            false => case::targets(&opened.checked.model, &args.decision)?,
        };
        Ok(Rules {
            checked: opened.checked,
            sources: opened.sources,
            facts: opened.facts,
            asked: without_repeats(asked),
        })
    }

    /// The inputs that may matter: those that the answers ask for; all if none was named.
    pub fn asked(&self) -> Vec<InputId> {
        let model = &self.checked.model;
        let all = || (0..model.inputs.len() as u32).map(InputId);
        if self.asked.is_empty() || self.asked.iter().any(|target| asks_log(model, target.decision)) {
            // What a log brings may matter to milestones that nothing else asks about.
            return all().collect();
        }
        let mut inputs: Vec<InputId> = self.asked.iter().flat_map(|t| inputs_asked(model, t.decision)).collect();
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    /// What is evaluated: what was asked for; else all that turns on a column, and on a log only if there is one.
    pub fn targets(&self, columns: &Columns) -> Result<Vec<Target>, Status> {
        if !self.asked.is_empty() {
            return Ok(self.asked.clone());
        }
        let model = &self.checked.model;
        let is_seen = |place: usize| columns.headings.get(place).is_some_and(|h| h.kind != HeadingKind::Unseen);
        let of_columns = columns.bindings.iter().filter(|b| columns_of(b).into_iter().any(is_seen)).map(|b| b.input);
        let fed: Vec<InputId> = of_columns.collect();
        let log = model.log.map(|own| own.log);
        let has_log = columns.has_events || log.is_some_and(|log| fed.contains(&log));
        let turns_on = |target: &Target| match asks_log(model, target.decision) {
            true => has_log,
            false => inputs_asked(model, target.decision).iter().any(|input| fed.contains(input)),
        };
        let targets: Vec<Target> = all_targets(model).into_iter().filter(turns_on).collect();
        if targets.is_empty() {
            return Err(shared::unusable(
                "no column is called as an input of these rules; map columns to inputs with --map, which --suggest-map \
                 drafts",
            ));
        }
        let names: Vec<&str> = targets.iter().map(|target| target.path.as_str()).collect();
        note(&format!("evaluates {}; --decision chooses", super::told::listed(&names)));
        Ok(targets)
    }
}

/// The same answer may be asked for by two names.
fn without_repeats(targets: Vec<Target>) -> Vec<Target> {
    let mut kept: Vec<Target> = Vec::new();
    for target in targets {
        if !kept.iter().any(|other| other.path == target.path) {
            kept.push(target);
        }
    }
    kept
}
