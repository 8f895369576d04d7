//! What would change an answer, as text and as JSON.

use serde_json::{Value as Json, json};

use super::page::{Ink, Page};
use super::value::{value_json, value_text};
use super::words::{Phrase, fill, say};
use crate::explore::{Subject, Way, change_text, way_text};
use crate::model::Model;

/// The ways to another answer, nearest first.
pub fn ways_text(page: &mut Page, model: &Model, ways: &[Way], lang: &str) {
    page.heading(say(lang, Phrase::WhatWouldChange));
    if ways.is_empty() {
        page.line(2, Ink::Plain, say(lang, Phrase::NothingChanges));
    }
    for way in ways {
        let answer = value_text(model, &way.answer, lang);
        page.hanging("  ", "    ", Ink::Plain, &fill(lang, Phrase::With, &[&answer, &way_text(model, way)]));
    }
}

/// The ways to another answer, nearest first.
pub fn ways_json(model: &Model, ways: &[Way]) -> Json {
    let way = |way: &Way| {
        let changes = way.changes.iter().map(|change| {
            let (kind, name) = match change.subject {
                Subject::Input(id) => ("fact", &model.input(id).name),
                Subject::Reading(id) => ("reading", &model.reading(id).name),
            };
            json!({
                "kind": kind,
                "name": name,
                "from": change.from.as_ref().map(|v| value_json(model, v)),
                "to": value_json(model, &change.to),
                "by": change.by.as_ref().map(|v| value_json(model, v)),
                "text": change_text(model, change),
            })
        });
        json!({
            "value": value_json(model, &way.answer),
            "text": way.answer.display(model).to_string(),
            "changes": changes.collect::<Vec<_>>(),
        })
    };
    ways.iter().map(way).collect()
}
