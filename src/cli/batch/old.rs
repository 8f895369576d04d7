//! The old edition of `--compare`.

use clausal::batch::map::by_name;
use clausal::batch::{Binding, Heading};
use clausal::check::Checked;
use clausal::columnar::Plan;
use clausal::compare::{Edition, Names};
use clausal::model::InputId;
use clausal::report::{Target, targets_named};
use clausal::scenario::Facts;
use clausal::source::Sources;

use super::rules::Rules;
use crate::cli::args::Batch;
use crate::cli::{Status, diff, shared};

/// The old edition, with the facts that all rows share as it has them.
pub struct Old {
    pub checked: Checked,
    pub sources: Sources,
    pub names: Names,
    pub facts: Facts,
}

impl Old {
    pub fn open(path: &str, args: &Batch, rules: &Rules) -> Result<Old, Status> {
        let opened = diff::edition(path, args.compare_edition.as_deref(), "--compare-edition")?;
        let (own, new) = (&opened.checked.model, &rules.checked.model);
        let names = Names::of(own, new);
        let (facts, _) = names.facts(&rules.facts, new, (own, Edition::Old));
        Ok(Old { checked: opened.checked, sources: opened.sources, names, facts })
    }

    /// What is asked of it: of the answers in the plan those that it gives, and where each stands.
    pub fn plan(&self, plan: &Plan, clauses: bool) -> Result<(Plan<'_>, Vec<Option<usize>>), Status> {
        let model = &self.checked.model;
        let mut targets: Vec<Target> = Vec::new();
        let mut places = Vec::new();
        for target in plan.targets() {
            let own = targets_named(model, &target.path).unwrap_or_default();
            let own = own.into_iter().find(|own| own.path == target.path);
            places.push(own.is_some().then_some(targets.len()));
            targets.extend(own);
        }
        if targets.is_empty() {
            let why = format!("{} decides none of what is evaluated, so there is nothing to compare", model.title());
            return Err(shared::unusable(&why));
        }
        Ok((Plan::compile(&self.checked, self.facts.clone(), targets, clauses), places))
    }

    /// Names of inputs that the new edition does not have.
    pub fn own_inputs(&self, rules: &Rules) -> Vec<String> {
        let is_own = |name: &&String| rules.checked.model.input_named(name).is_none();
        self.checked.model.inputs.iter().map(|input| &input.name).filter(is_own).cloned().collect()
    }

    /// Columns that feed only this edition.
    pub fn bindings(&self, rules: &Rules, headings: &[Heading], plan: &Plan) -> Vec<Binding> {
        let model = &self.checked.model;
        let asked = plan.inputs();
        let is_own = |binding: &Binding| {
            let name = &model.input(binding.input).name;
            rules.checked.model.input_named(name).is_none() && asked.contains(&binding.input)
        };
        by_name(model, headings).into_iter().filter(is_own).collect()
    }

    /// Inputs of both editions: the number in the new one and in this one.
    pub fn shared_inputs(&self, rules: &Rules) -> Vec<(InputId, InputId)> {
        let inputs = (0..).map(InputId).zip(&rules.checked.model.inputs);
        inputs.filter_map(|(id, input)| Some((id, self.names.input(Edition::Old, &input.name)?))).collect()
    }
}
