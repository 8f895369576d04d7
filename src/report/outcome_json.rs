//! Outcomes as versioned JSON; `docs/schemas/eval.json` describes it.

use serde_json::{Map, Value as Json, json};

use super::answer::{answer_text, fact_name};
use super::log::{LogReport, log_json};
use super::outcome::{EveryReading, Reported, Standing};
use super::outcome_text::silent_about;
use super::unjudged::unjudged_json;
use super::value::{labels_json, value_json};
use crate::eval::{Conflict, Discretion, Fact, Fired, Known, Why};
use crate::model::{ClauseId, DecisionId, Model, ReadingId};
use crate::source::{Sources, Span};

/// The version of the JSON; a change that a reader could trip over raises it.
pub const VERSION: u32 = 1;

/// A whole report.
pub fn outcomes_json(model: &Model, sources: &Sources, reports: &[Reported], log: Option<&LogReport>) -> Json {
    let writer = Writer { model, sources };
    let mut cited: Vec<ClauseId> = reports.iter().flat_map(|r| r.clauses.iter().copied()).collect();
    cited.extend(log.map(LogReport::cited).unwrap_or_default());
    cited.sort_unstable();
    cited.dedup();
    json!({
        "version": VERSION,
        "agreement": agreement_json(model),
        "log": log.map(log_json),
        "decisions": reports.iter().map(|r| writer.decision(r)).collect::<Vec<_>>(),
        "clauses": clauses_json(model, &cited),
    })
}

/// The agreement and edition of the rules; null for rules without an agreement.
pub fn agreement_json(model: &Model) -> Json {
    model
        .agreement
        .as_ref()
        .map_or(Json::Null, |a| json!({ "name": a.name, "edition": a.edition, "labels": labels_json(&a.labels) }))
}

/// What the register says of some clauses, by their ids.
pub fn clauses_json(model: &Model, ids: &[ClauseId]) -> Json {
    let entry = |id: &ClauseId| {
        let clause = model.clause(*id);
        let says: Vec<Json> = clause.says.iter().map(|(lang, text)| json!({ "lang": lang, "text": text })).collect();
        (clause.id.clone(), json!({ "section": clause.section, "title": clause.title, "says": says }))
    };
    Json::Object(ids.iter().map(entry).collect::<Map<_, _>>())
}

/// `{ "file": …, "line": …, "column": … }`
pub fn place_json(sources: &Sources, span: Span) -> Json {
    let place = sources.place(span);
    json!({ "file": sources.file(span.file).name, "line": place.line, "column": place.column })
}

/// The ids of clauses.
pub fn clause_ids_json(model: &Model, clauses: &[ClauseId]) -> Json {
    clauses.iter().map(|c| json!(model.clause(*c).id)).collect()
}

/// Status, reason, value and text of an answer, without its details.
pub fn answer_json(model: &Model, answer: &Known) -> Map<String, Json> {
    let standing = Standing::of(answer);
    let mut json = Map::new();
    json.insert("status".into(), json!(standing.status()));
    json.insert("reason".into(), json!(standing.reason().map(|r| r.name())));
    json.insert("value".into(), answer.as_ref().map_or(Json::Null, |v| value_json(model, v)));
    json.insert("text".into(), json!(answer_text(model, answer, "en")));
    json
}

struct Writer<'a> {
    model: &'a Model,
    sources: &'a Sources,
}

impl Writer<'_> {
    fn decision(&self, reported: &Reported) -> Json {
        let model = self.model;
        let mut json = Map::new();
        json.insert("name".into(), json!(reported.target.path));
        json.insert("labels".into(), labels_json(reported.target.labels(model)));
        json.insert("type".into(), json!(model.type_name(&reported.target.expr.ty)));
        json.extend(answer_json(model, &reported.outcome.answer));
        if let Err(why) = &reported.outcome.answer {
            json.extend(self.reasons(why, reported));
        }
        json.insert("readings".into(), reported.outcome.readings.iter().map(|(r, c)| self.reading(*r, *c)).collect());
        if let Some(every) = &reported.every_reading {
            json.insert("everyReading".into(), self.every_reading(every));
        }
        json.insert(
            "indifferentReadings".into(),
            reported.however.iter().map(|id| json!(model.reading(*id).name)).collect(),
        );
        json.insert("indifferentFacts".into(), reported.whatever.iter().map(|f| json!(fact_name(model, f))).collect());
        json.insert("clauses".into(), clause_ids_json(model, &reported.clauses));
        json.insert("rules".into(), reported.fired.iter().map(|(id, f)| self.fired(*id, f)).collect());
        json.insert("facts".into(), reported.facts.iter().map(|id| json!(model.input(*id).name)).collect());
        Json::Object(json)
    }

    /// Each of the reasons in its own place; those that play no part are empty.
    fn reasons(&self, why: &Why, reported: &Reported) -> Map<String, Json> {
        let mut json = Map::new();
        json.insert("missing".into(), why.missing.iter().map(|f| self.fact(f)).collect());
        json.insert("unjudged".into(), why.unjudged.iter().map(|days| unjudged_json(self.model, days)).collect());
        json.insert("discretion".into(), why.discretion.iter().map(|d| self.discretion(d)).collect());
        let open = why.readings.iter().map(|r| self.open_reading(*r)).collect::<Vec<_>>();
        let under = reported.outcome.under.iter().map(|u| self.under(&u.choices, &u.answer)).collect::<Vec<_>>();
        json.insert("openReadings".into(), json!({ "readings": open, "under": under }));
        let silences = why.silences.iter().map(|s| {
            json!({ "about": silent_about(self.model, s.about), "clauses": clause_ids_json(self.model, &s.clauses) })
        });
        json.insert("silences".into(), silences.collect());
        json.insert("conflicts".into(), why.conflicts.iter().map(|c| self.conflict(c)).collect());
        let faults = why
            .faults
            .iter()
            .map(|f| json!({ "message": f.fault.to_string(), "at": place_json(self.sources, f.span) }));
        json.insert("faults".into(), faults.collect());
        json
    }

    fn fact(&self, fact: &Fact) -> Json {
        let input = self.model.input(fact.input);
        json!({
            "fact": fact_name(self.model, fact),
            "input": input.name,
            "type": self.model.type_name(&input.ty),
            "labels": labels_json(&input.labels),
            "ask": labels_json(&input.ask),
        })
    }

    fn discretion(&self, discretion: &Discretion) -> Json {
        let labels = self.model.member(crate::model::PARTIES, discretion.party).map(|m| labels_json(&m.labels));
        json!({
            "party": self.model.party(discretion.party),
            "labels": labels,
            "decision": self.model.decision(discretion.decision).name,
            "clauses": clause_ids_json(self.model, &discretion.clauses),
            "meanwhile": discretion.meanwhile.as_ref().map(|v| value_json(self.model, v)),
        })
    }

    fn open_reading(&self, id: ReadingId) -> Json {
        let reading = self.model.reading(id);
        let choices = &self.model.enumeration(reading.choices).members;
        json!({
            "name": reading.name,
            "labels": labels_json(&reading.labels),
            "ask": labels_json(&reading.ask),
            "choices": choices.iter().map(|m| json!({ "name": m.name, "labels": labels_json(&m.labels) })).collect::<Vec<_>>(),
            "clauses": clause_ids_json(self.model, &reading.cites),
        })
    }

    /// An answer under some choices.
    fn under(&self, choices: &[(ReadingId, u32)], answer: &Known) -> Json {
        let choices = choices.iter().map(|(r, c)| (self.model.reading(*r).name.clone(), self.choice(*r, *c)));
        let mut json = Map::new();
        json.insert("choices".into(), Json::Object(choices.collect()));
        json.extend(answer_json(self.model, answer));
        Json::Object(json)
    }

    fn choice(&self, id: ReadingId, choice: u32) -> Json {
        json!(self.model.member(self.model.reading(id).choices, choice).map(|m| &m.name))
    }

    fn reading(&self, id: ReadingId, choice: Option<u32>) -> Json {
        let reading = self.model.reading(id);
        json!({
            "name": reading.name,
            "choice": choice.map(|c| self.choice(id, c)),
            "default": choice.is_some() && choice == reading.default,
        })
    }

    fn every_reading(&self, every: &EveryReading) -> Json {
        let names = |ids: &[ReadingId]| ids.iter().map(|r| json!(self.model.reading(*r).name)).collect::<Vec<_>>();
        let cases = every.cases.iter().map(|(choices, answer)| {
            let choices: Vec<(ReadingId, u32)> = every.readings.iter().copied().zip(choices.iter().copied()).collect();
            self.under(&choices, answer)
        });
        json!({
            "same": every.readings.is_empty(),
            "complete": !every.incomplete,
            "readings": names(&every.readings),
            "indifferent": names(&every.indifferent),
            "under": cases.collect::<Vec<_>>(),
        })
    }

    fn conflict(&self, conflict: &Conflict) -> Json {
        let sides = conflict.sides.iter().map(|side| {
            let mut json = answer_json(self.model, &side.answer);
            json.insert("at".into(), place_json(self.sources, side.span));
            json.insert("clauses".into(), clause_ids_json(self.model, &side.clauses));
            Json::Object(json)
        });
        json!({ "decision": self.model.decision(conflict.decision).name, "sides": sides.collect::<Vec<_>>() })
    }

    fn fired(&self, id: DecisionId, fired: &Fired) -> Json {
        json!({
            "decision": self.model.decision(id).name,
            "at": place_json(self.sources, fired.span),
            "within": fired.within,
            "clauses": clause_ids_json(self.model, &fired.clauses),
        })
    }
}
