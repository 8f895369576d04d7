//! Days that a calendar cannot judge: which, and what would settle them.

use serde_json::{Value as Json, json};

use super::value::labels_json;
use crate::eval::{UnjudgedDays, Why};
use crate::model::{Calendar, ExprKind, InputId, Model, Words};
use crate::value::Value;

/// `weekdays (which days from 2026-10-01 to 2026-10-07 are working days)`, with what would settle it unless that is
/// among the missing facts anyway.
pub fn unjudged_name(model: &Model, why: &Why, days: &UnjudgedDays) -> String {
    let listed = lists(model, days.calendar).iter().any(|(input, _)| {
        let is_missing = |id: &InputId| why.missing.iter().any(|fact| fact.input == *id);
        input.as_ref().is_some_and(is_missing)
    });
    let remedy = if listed { String::new() } else { format!("; {}", remedy(model, days)) };
    format!("{} ({}{remedy})", calendar_name(model, days.calendar), which_days(days))
}

/// `which days from 2026-10-01 to 2026-10-07 are working days`
pub fn which_days(days: &UnjudgedDays) -> String {
    match days.from == days.to {
        true => format!("whether {} is a working day", days.from),
        false => format!("which days from {} to {} are working days", days.from, days.to),
    }
}

/// `settled by site.holidays, if it covers them`
pub fn remedy(model: &Model, days: &UnjudgedDays) -> String {
    let names: Vec<String> = lists(model, days.calendar).into_iter().map(|(_, name)| name).collect();
    let them = if days.from == days.to { "it" } else { "them" };
    match names.is_empty() {
        true => "no list of holidays is asked for".to_owned(),
        false => format!("settled by {}, if it covers {them}", names.join(" or ")),
    }
}

/// As JSON: the calendar, the days, and the facts whose lists would settle it.
pub fn unjudged_json(model: &Model, days: &UnjudgedDays) -> Json {
    let calendar = model.calendars.get(days.calendar as usize);
    json!({
        "calendar": calendar_name(model, days.calendar),
        "labels": calendar.map_or_else(|| json!({}), |c| labels_json(&c.labels)),
        "from": days.from.to_string(),
        "to": days.to.to_string(),
        "lists": lists(model, days.calendar).into_iter().map(|(_, name)| name).collect::<Vec<_>>(),
        "text": format!("{}: {}; {}", calendar_name(model, days.calendar), which_days(days), remedy(model, days)),
    })
}

fn calendar_name(model: &Model, calendar: u32) -> &str {
    model.calendars.get(calendar as usize).map_or("?", |c| c.name.as_str())
}

/// The lists of holidays that a calendar asks for: the input of each, where it is one, and its name.
fn lists(model: &Model, calendar: u32) -> Vec<(Option<InputId>, String)> {
    let holidays = model.calendars.get(calendar as usize).map_or(&[][..], |c: &Calendar| &c.holidays);
    let listed = holidays.iter().map(|list| match &list.kind {
        ExprKind::Input(id) => (Some(*id), model.input(*id).name.clone()),
        ExprKind::Const(Value::Holidays(list)) => (None, list.name.clone()),
        _ => (None, Words::new(model).expr(list)),
    });
    listed.collect()
}
