//! The summary of a run as JSON; its schema is `docs/schemas/batch.json`.

use serde_json::{Value as Json, json};

use super::{AnswerTally, Counts, Sums, Tally};
use crate::model::{ClauseId, Model};
use crate::report::Target;

/// Of the summary as JSON.
pub const VERSION: u32 = 1;

/// What a run came to. `column` is the one by which rows were grouped.
pub fn tally_json(model: &Model, targets: &[Target], tally: &Tally, column: Option<&str>) -> Json {
    let mut summary = json!({
        "version": VERSION,
        "rules": model.title(),
        "rows": tally.rows,
        "rejected": tally.rejected,
        "decisions": answers(model, targets, &tally.answers),
    });
    if let Some(column) = column {
        let groups = tally.groups.iter().map(|(name, group)| {
            json!({ "value": name, "rows": group.rows, "decisions": answers(model, targets, &group.answers) })
        });
        summary["groups"] = json!({ "column": column, "of": groups.collect::<Vec<_>>() });
    }
    summary
}

fn answers(model: &Model, targets: &[Target], tallies: &[AnswerTally]) -> Json {
    targets.iter().zip(tallies).map(|(target, tally)| answer(model, &target.path, tally)).collect()
}

fn answer(model: &Model, name: &str, tally: &AnswerTally) -> Json {
    let reasons = tally.reasons.iter().map(|(reason, words)| {
        json!({ "reason": reason, "rows": words.total(), "why": texts(words, "text"), "otherWhy": words.other })
    });
    let mut told = json!({
        "name": name,
        "determined": tally.determined,
        "values": texts(&tally.values, "value"),
        "otherValues": tally.values.other,
        "undetermined": reasons.collect::<Vec<_>>(),
        "amounts": sums(&tally.amounts, true),
    });
    if !tally.clauses.is_empty() {
        let clauses = tally.clauses.iter().filter_map(|(number, rows)| {
            let clause = model.clauses.get(ClauseId(*number).index())?;
            Some(json!({ "id": clause.id, "section": clause.section, "rows": rows }))
        });
        told["clauses"] = clauses.collect();
    }
    if let Some(changes) = &tally.changes {
        let became =
            changes.by_frequency().into_iter().map(|(was, is, rows)| json!({ "was": was, "is": is, "rows": rows }));
        told["changes"] = json!({
            "same": changes.same,
            "changed": changes.changed,
            "became": became.collect::<Vec<_>>(),
            "more": sums(&changes.more, false),
            "less": sums(&changes.less, false),
        });
    }
    told
}

fn texts(counts: &Counts, what: &str) -> Json {
    counts.by_frequency().into_iter().map(|(text, rows)| json!({ what: text, "rows": rows })).collect()
}

/// Amounts are texts, so that no reader rounds them.
fn sums(sums: &Sums, ends: bool) -> Json {
    let sum = |(unit, amounts): (&String, &super::Amounts)| {
        let mut told = json!({
            "unit": unit,
            "rows": amounts.count,
            "sum": amounts.sum.map(|sum| sum.normalize().to_string()),
        });
        if ends {
            told["least"] = json!(amounts.least.normalize().to_string());
            told["most"] = json!(amounts.most.normalize().to_string());
        }
        told
    };
    sums.0.iter().map(sum).collect()
}
