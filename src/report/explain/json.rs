//! The tree of reasoning as JSON; `docs/schemas/explain.json` describes it.

use serde_json::{Map, Value as Json, json};

use super::{DayStep, Node};
use crate::model::Model;
use crate::report::calendar::day_json;
use crate::report::outcome_json::{answer_json, clause_ids_json, place_json};
use crate::report::value::labels_json;
use crate::source::Sources;
use crate::value::Value;

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
    if let Some(day) = &node.day {
        json.insert("day".into(), day_step_json(day));
    }
    json.insert("parts".into(), node.parts.iter().map(|p| explanation_json(model, sources, p)).collect());
    Json::Object(json)
}

/// A day of a count: what it is, and what of it counted.
fn day_step_json(step: &DayStep) -> Json {
    let told = |at| Value::DateTime(at).display(&Model::default()).to_string();
    let counted = step.counted.iter().map(|(from, to)| json!({ "from": told(*from), "to": told(*to) }));
    let mut json = Map::new();
    match &step.folded {
        None => {
            json.insert("of".into(), day_json(&step.day));
            json.insert("counted".into(), counted.collect());
        }
        Some(folded) => {
            json.insert("from".into(), json!(step.day.date.to_string()));
            json.insert("to".into(), json!(folded.last.to_string()));
            json.insert("days".into(), json!(folded.days));
            json.insert("judged".into(), json!(folded.known));
            json.insert("listed".into(), json!(folded.names));
        }
    }
    json.insert("seconds".into(), json!(step.seconds));
    json.insert("total".into(), json!(step.total));
    json.insert("businessDay".into(), json!(step.business_day));
    json.insert("held".into(), json!(step.held));
    Json::Object(json)
}
