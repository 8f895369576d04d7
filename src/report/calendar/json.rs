//! A calendar as versioned JSON; `docs/schemas/calendar.json` describes it.

use serde_json::{Value as Json, json};

use super::CalendarReport;
use crate::model::{ClauseId, Model};
use crate::report::outcome_json::{VERSION, agreement_json, clause_ids_json, clauses_json};
use crate::report::value::labels_json;
use crate::value::Value;
use crate::value::worktime::Day;

/// Lines, lists, days and months of a calendar.
pub fn calendar_json(model: &Model, report: &CalendarReport) -> Json {
    let calendar = model.calendars.get(report.number as usize);
    let lines = report.lines.iter().map(
        |line| json!({ "words": line.words, "holds": line.holds, "clauses": clause_ids_json(model, &line.clauses) }),
    );
    let lists = report.lists.iter().map(|list| {
        let covers = list.given.as_ref().map(|(_, covered)| {
            let spans = covered.iter().map(|(a, b)| json!({ "from": a.to_string(), "to": b.to_string() }));
            spans.collect::<Vec<_>>()
        });
        json!({ "asked": list.asked, "given": list.given.as_ref().map(|(name, _)| name), "covers": covers })
    });
    let months = report.months().map(|days| {
        let work = report.work(days);
        json!({
            "month": days.first().map(|day| day.date.format("%Y-%m").to_string()),
            "days": days.iter().map(day_json).collect::<Vec<_>>(),
            "notJudged": work.not_judged,
            "least": work_json(work.least),
            "most": work_json(work.most),
            "text": work.words(model),
        })
    });
    let all = report.work(&report.days);
    let own = calendar.map_or(&[][..], |c| &c.cites);
    let mut cited: Vec<ClauseId> = report.lines.iter().flat_map(|l| &l.clauses).chain(own).copied().collect();
    cited.sort_unstable();
    cited.dedup();
    json!({
        "version": VERSION,
        "agreement": agreement_json(model),
        "calendar": {
            "name": calendar.map(|c| &c.name),
            "labels": calendar.map_or_else(|| json!({}), |c| labels_json(&c.labels)),
            "zone": report.clock.calendar.zone().name(),
            "partDay": report.clock.part_day.as_ref().ok().map(|way| way.word()),
            "lines": lines.collect::<Vec<_>>(),
            "lists": lists.collect::<Vec<_>>(),
            "clauses": clause_ids_json(model, own),
        },
        "from": report.from.to_string(),
        "to": report.to.to_string(),
        "months": months.collect::<Vec<_>>(),
        "notJudged": all.not_judged,
        "least": work_json(all.least),
        "most": work_json(all.most),
        "text": all.words(model),
        "clauses": clauses_json(model, &cited),
    })
}

/// A day with its hours as the zone's clock tells them.
pub(in crate::report) fn day_json(day: &Day) -> Json {
    let told = |at| Value::DateTime(at).display(&Model::default()).to_string();
    let windows = day.stretches.iter().map(|(opens, closes)| json!({ "from": told(*opens), "to": told(*closes) }));
    json!({
        "date": day.date.to_string(),
        "weekday": day.date.format("%A").to_string().to_lowercase(),
        "kind": day.kind.name(),
        "name": day.name,
        "windows": windows.collect::<Vec<_>>(),
        "seconds": day.seconds(),
        "clockChange": day.clock_change.map(|(a, b)| json!({ "from": a.to_string(), "to": b.to_string() })),
    })
}

fn work_json((seconds, days): (i64, i64)) -> Json {
    json!({ "workingDays": days, "seconds": seconds })
}
