//! A scenario's run as JSON; `docs/schemas/test.json` describes it.

use serde_json::{Map, Value as Json, json};

use super::answer::expected_text;
use super::outcome_json::{answer_json, clause_ids_json, place_json};
use crate::eval::Trial;
use crate::model::Model;
use crate::source::Sources;

/// What a scenario expects beside what came out, and the facts that are not allowed.
pub fn trial_json(model: &Model, sources: &Sources, trial: &Trial) -> Json {
    let expectations = trial.results.iter().map(|result| {
        let mut json = Map::new();
        json.insert("decision".into(), json!(result.expectation.path));
        json.insert("holds".into(), json!(result.holds));
        json.insert("expected".into(), json!(expected_text(model, &result.expectation.expected)));
        json.insert("cameOut".into(), Json::Object(answer_json(model, &result.outcome.answer)));
        json.insert("at".into(), place_json(sources, result.expectation.span));
        Json::Object(json)
    });
    let refused = trial.refused.iter().map(|refused| {
        json!({
            "fact": model.input(refused.input).name,
            "mustBe": sources.text(refused.condition),
            "at": place_json(sources, refused.condition),
        })
    });
    json!({
        "agreement": model.title(),
        "name": trial.scenario.name,
        "at": place_json(sources, trial.scenario.span),
        "holds": trial.holds(),
        "expectations": expectations.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "unused": trial.unused.iter().map(|id| json!(model.input(*id).name)).collect::<Vec<_>>(),
        "clauses": clause_ids_json(model, &trial.clauses),
    })
}
