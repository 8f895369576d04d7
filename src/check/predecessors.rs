//! What a service was called before: the edition that is named must have it, where that edition was opened too.

use crate::diag::{Code, Problem, did_you_mean};
use crate::model::Model;

/// The problems of each edition, in their order; those that could not be read are not compared with.
pub fn predecessors(models: &[Option<&Model>]) -> Vec<Vec<Problem>> {
    models.iter().map(|model| model.map_or(Vec::new(), |model| of_one(model, models))).collect()
}

fn of_one(model: &Model, all: &[Option<&Model>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for service in &model.services {
        for ((name, agreement, edition), span) in service.was.iter().zip(&service.was_at) {
            let (Some(agreement), Some(edition)) = (agreement, edition) else { continue };
            let named = |other: &&Model| {
                other.agreement.as_ref().is_some_and(|a| a.name == *agreement && a.edition == *edition)
            };
            let Some(other) = all.iter().flatten().copied().find(named) else { continue };
            if other.services.iter().any(|s| s.name == *name) {
                continue;
            }
            let message = format!("{} has no service `{name}`", other.title());
            let near = did_you_mean(name, other.services.iter().map(|s| s.name.as_str()));
            let help =
                near.unwrap_or_else(|| "name the service as that edition does, or leave the line out".to_owned());
            let problem = Problem::new(Code::UnknownPredecessor, *span, message);
            problems.push(match &other.agreement {
                Some(there) => problem.related(there.span, "the edition that is named").help(help),
                None => problem.help(help),
            });
        }
    }
    problems
}
