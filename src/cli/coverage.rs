//! `clausal coverage`.

use clausal::check::{ClauseStatus, citations_by_clause};
use clausal::eval::run as run_scenario;
use clausal::model::ClauseId;
use serde_json::json;

use super::args::{Coverage, Format};
use super::{Status, shared};

pub fn run(args: &Coverage) -> Status {
    let opened = match shared::open_sound(&args.rules) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let mut rows = Vec::new();
    let mut text = String::new();
    for checked in opened.sets.iter().filter_map(|s| s.checked.as_ref()) {
        let model = &checked.model;
        let rules = citations_by_clause(model);
        let mut scenarios = vec![0usize; model.clauses.len()];
        for scenario in &model.scenarios {
            for clause in run_scenario(checked, scenario).clauses {
                scenarios[clause.index()] += 1;
            }
        }
        let mut totals = [0usize; 3];
        let mut unreached = 0;
        for (index, clause) in model.clauses.iter().enumerate() {
            let status = ClauseStatus::of(model, ClauseId(index as u32), rules[index]);
            totals[status as usize] += 1;
            let encoded = status == ClauseStatus::Encoded;
            unreached += usize::from(encoded && scenarios[index] == 0);
            text.push_str(&format!(
                "{:<8} {:>5} {:>9}  {}{}\n",
                status.name(),
                rules[index],
                scenarios[index],
                clause.id,
                clause.prose.as_ref().map_or(String::new(), |r| format!("  ({r})"))
            ));
            rows.push(json!({
                "agreement": model.title(),
                "id": clause.id,
                "section": clause.section,
                "status": status.name(),
                "reason": clause.prose,
                "covers": clause.covers,
                "rules": rules[index],
                "scenarios": scenarios[index],
            }));
        }
        text.push_str(&format!(
            "{}: {} clauses: {} encoded ({} reached by no scenario), {} prose, {} open\n",
            if model.title().is_empty() { "these rules".to_owned() } else { model.title() },
            model.clauses.len(),
            totals[ClauseStatus::Encoded as usize],
            unreached,
            totals[ClauseStatus::Prose as usize],
            totals[ClauseStatus::Open as usize],
        ));
    }
    match args.format {
        Format::Text => shared::print(&format!("status   rules scenarios  clause\n{text}")),
        Format::Json => shared::print_json(&json!({ "version": 1, "clauses": rows })),
    }
}
