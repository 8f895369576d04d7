//! The tree of reasoning as JSON; `docs/schemas/explain.json` describes it.

use serde_json::{Map, Value as Json, json};

use super::Node;
use crate::model::Model;
use crate::report::outcome_json::{answer_json, clause_ids_json, place_json};
use crate::report::value::labels_json;
use crate::source::Sources;

/// One step with all below it.
pub fn explanation_json(model: &Model, sources: &Sources, node: &Node) -> Json {
    let mut json = Map::new();
    json.insert("kind".into(), json!(node.kind.name()));
    json.insert("words".into(), json!(node.words));
    json.insert("labels".into(), labels_json(&node.labels));
    json.insert("standing".into(), json!(node.standing.map(|s| s.name())));
    json.insert("outcome".into(), node.answer.as_ref().map_or(Json::Null, |a| Json::Object(answer_json(model, a))));
    json.insert("remark".into(), json!(node.remark));
    json.insert("at".into(), node.at.map_or(Json::Null, |span| place_json(sources, span)));
    json.insert("clauses".into(), clause_ids_json(model, &node.clauses));
    json.insert("parts".into(), node.parts.iter().map(|p| explanation_json(model, sources, p)).collect());
    Json::Object(json)
}
