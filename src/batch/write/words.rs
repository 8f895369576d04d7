//! What stands behind an answer, in a cell.

use crate::columnar::Told;
use crate::model::Model;
use crate::source::Sources;

/// The clauses behind an answer: `appendix-a-reactive; rapid-response`.
pub fn clauses(told: &Told, model: &Model) -> String {
    let names: Vec<&str> = told.clauses.iter().map(|id| model.clause(*id).id.as_str()).collect();
    names.join("; ")
}

/// The rules and rows that fired: `rules/base.clause:12; rules/base.clause:40`.
pub fn rules(told: &Told, sources: Option<&Sources>) -> String {
    let Some(sources) = sources else { return String::new() };
    let mut places: Vec<String> = Vec::new();
    for (_, span) in &told.rules {
        let place = format!("{}:{}", sources.file(span.file).name, sources.place(*span).line);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.join("; ")
}
