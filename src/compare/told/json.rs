//! A difference as versioned JSON; `docs/schemas/diff.json` describes it.

use serde_json::{Value as Json, json};

use super::Counts;
use crate::compare::{
    CaseChange, CellChange, Condition, Diff, Edition, ItemChange, LineSide, OutcomeChange, Portfolio, Region, Renamed,
    Side, Verdict,
};
use crate::report::labels_json;

/// The version of this form.
pub const VERSION: u32 = 1;

/// The whole difference.
pub fn diff_json(diff: &Diff) -> Json {
    let n = Counts::of(diff);
    json!({
        "version": VERSION,
        "old": diff.old,
        "new": diff.new,
        "empty": diff.is_empty(),
        "summary": {
            "declarations": { "added": n.added, "removed": n.removed, "changed": n.changed, "wordingOnly": n.wording, "renamed": n.renamed },
            "answers": {
                "changed": n.answers_changed,
                "provedUnchanged": n.answers_proved,
                "notProved": n.answers_not_proved,
                "added": n.answers_added,
                "removed": n.answers_removed,
            },
            "scenarios": { "changed": n.cases, "withFactsNotAsked": n.cases_apart },
            "portfolio": diff.portfolio.as_ref().map(|p| json!({ "given": p.given, "changed": p.cases.len() })),
        },
        "declarations": diff.items.iter().map(item).collect::<Vec<_>>(),
        "answers": diff.outcomes.iter().map(outcome).collect::<Vec<_>>(),
        "scenarios": diff.cases.iter().map(case).collect::<Vec<_>>(),
        "portfolio": diff.portfolio.as_ref().map(portfolio),
    })
}

fn item(item: &ItemChange) -> Json {
    let was = item.was.as_ref().map(|(name, how)| match how {
        Renamed::Said => json!({ "name": name, "known": "said" }),
        Renamed::Alike(alike) => json!({ "name": name, "known": "alike", "alikePercent": alike }),
    });
    let lines = item.lines.iter().map(|line| {
        let side = match line.side {
            LineSide::Both => "both",
            LineSide::Old => "old",
            LineSide::New => "new",
        };
        json!({ "side": side, "text": line.text })
    });
    let rows = item.rows.iter().map(|row| {
        let key: Vec<Json> =
            row.key.iter().map(|(heading, cell)| json!({ "heading": heading, "cell": cell })).collect();
        let (change, cells) = match &row.change {
            CellChange::Added(cells) => ("added", cells),
            CellChange::Removed(cells) => ("removed", cells),
            CellChange::Cells(cells) => ("changed", cells),
        };
        let cells: Vec<Json> =
            cells.iter().map(|c| json!({ "column": c.column, "old": c.old, "new": c.new })).collect();
        json!({ "key": key, "change": change, "cells": cells })
    });
    json!({
        "kind": item.kind.word(),
        "name": item.name,
        "change": item.change.word(),
        "wordingOnly": item.wording,
        "was": was,
        "section": item.section,
        "clauses": item.clauses,
        "lines": lines.collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn outcome(change: &OutcomeChange) -> Json {
    let verdict = match &change.verdict {
        Verdict::Proved { .. } => "proved-unchanged",
        Verdict::NotProved => "not-proved",
        Verdict::Changed { .. } => "changed",
        Verdict::Added => "added",
        Verdict::Removed => "removed",
    };
    let mut json = json!({
        "answer": change.path,
        "labels": labels_json(&change.labels),
        "verdict": verdict,
        "tried": change.tried,
        "doubts": change.doubts,
        "section": change.section,
    });
    match &change.verdict {
        Verdict::Changed { regions, all } => {
            json["regions"] = regions.iter().map(region).collect();
            json["allRegions"] = json!(all);
        }
        Verdict::Proved { by_cases } => json["proof"] = json!(if *by_cases { "cases" } else { "rules" }),
        _ => {}
    }
    json
}

fn region(region: &Region) -> Json {
    let conditions = |all: &Vec<Condition>| -> Vec<Json> {
        all.iter().map(|c| json!({ "input": c.input, "condition": c.words, "text": c.told })).collect()
    };
    let witness: Vec<Json> =
        region.witness.iter().map(|(name, value)| json!({ "input": name, "value": value })).collect();
    json!({
        "when": region.when.iter().map(conditions).collect::<Vec<_>>(),
        "old": side(&region.old),
        "new": side(&region.new),
        "witness": witness,
        "scenario": region.scenario,
    })
}

fn side(side: &Side) -> Json {
    json!({ "answer": side.answer, "formula": side.formula, "clauses": side.clauses })
}

fn portfolio(portfolio: &Portfolio) -> Json {
    let tallies = portfolio.tallies.iter().map(|t| {
        json!({
            "answer": t.path,
            "changed": t.changed,
            "more": t.more,
            "less": t.less,
            "from": t.from,
            "to": t.to,
            "together": t.together,
        })
    });
    json!({
        "given": portfolio.given,
        "cases": portfolio.cases.iter().map(case).collect::<Vec<_>>(),
        "tallies": tallies.collect::<Vec<_>>(),
    })
}

fn case(case: &CaseChange) -> Json {
    let of = case.of.map(|edition| if edition == Edition::Old { "old" } else { "new" });
    let answers =
        case.answers.iter().map(|a| json!({ "answer": a.path, "old": side(&a.old), "new": side(&a.new), "by": a.by }));
    json!({
        "name": case.name,
        "of": of,
        "answers": answers.collect::<Vec<_>>(),
        "notAsked": case.not_asked,
    })
}
