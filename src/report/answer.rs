//! One answer in a line of text.

use super::unjudged::unjudged_name;
use crate::eval::{Fact, Known, Reason, SilentAbout, Why};
use crate::model::{Expected, Model};

/// A fact's name as a rule file writes it: `order.items[2].fee`.
pub fn fact_name(model: &Model, fact: &Fact) -> String {
    format!("{}{}", model.input(fact.input).name, fact.part)
}

/// An answer, or why there is none, on one line. Labels are in `lang` where there are any.
pub fn answer_text(model: &Model, answer: &Known, lang: &str) -> String {
    match answer {
        Ok(value) => value.display(model).to_string(),
        Err(why) => why_text(model, why, lang),
    }
}

/// Why something is not determined, the first reason first.
pub fn why_text(model: &Model, why: &Why, lang: &str) -> String {
    match why.reason() {
        Reason::Fault => {
            let faults: Vec<String> = why.faults.iter().map(|f| f.fault.to_string()).collect();
            format!("cannot be worked out: {}", faults.join("; "))
        }
        Reason::Conflict => {
            let conflicts = why.conflicts.iter().map(|c| {
                let sides: Vec<String> = c.sides.iter().map(|s| answer_text(model, &s.answer, lang)).collect();
                format!("{}: {}", model.decision(c.decision).name, sides.join(" against "))
            });
            format!("conflict ({})", conflicts.collect::<Vec<_>>().join("; "))
        }
        Reason::Missing => {
            let facts = missing_names(model, why);
            format!("facts missing: {}", facts.join(", "))
        }
        Reason::OpenReading => {
            let names: Vec<&str> = why.readings.iter().map(|r| model.reading(*r).name.as_str()).collect();
            format!("open reading: {}", names.join(", "))
        }
        Reason::Discretion => {
            let parts = why.discretion.iter().map(|d| {
                let meanwhile =
                    d.meanwhile.as_ref().map_or(String::new(), |m| format!(", meanwhile {}", m.display(model)));
                format!("at the discretion of {}{meanwhile}", model.party(d.party))
            });
            parts.collect::<Vec<_>>().join("; ")
        }
        Reason::Silence => {
            let about = why.silences.iter().map(|s| match s.about {
                SilentAbout::Decision(id, column) => {
                    let decision = model.decision(id);
                    match decision.columns.get(column as usize) {
                        Some(c) if !c.name.is_empty() => format!("{}.{}", decision.name, c.name),
                        _ => decision.name.clone(),
                    }
                }
                SilentAbout::Service(service, property) => {
                    let name = model.services.get(service as usize).map_or("?", |s| &s.name);
                    format!("{name}.{}", property.name())
                }
                SilentAbout::PartDay(number) => part_day_of(model, number),
            });
            format!("silent: the agreement does not state {}", about.collect::<Vec<_>>().join(", "))
        }
    }
}

/// An expectation as a scenario writes it.
pub fn expected_text(model: &Model, expected: &Expected) -> String {
    match expected {
        Expected::Value(value) => value.display(model).to_string(),
        Expected::Missing(names) => format!("missing {{ {} }}", names.join(", ")),
        Expected::Discretion(party) => format!("at the discretion of {}", model.party(*party)),
        Expected::Silent => "silent".to_owned(),
        Expected::Conflict => "conflict".to_owned(),
        Expected::OpenReading(id) => format!("open reading {}", model.reading(*id).name),
    }
}

/// The facts that are missing, and the days that calendars cannot judge: `weekdays (which days from 2026-10-01 to
/// 2026-10-07 are working days)`.
pub fn missing_names(model: &Model, why: &Why) -> Vec<String> {
    let facts = why.missing.iter().map(|fact| fact_name(model, fact));
    facts.chain(why.unjudged.iter().map(|days| unjudged_name(model, why, days))).collect()
}

/// `weekdays: how a part day counts`
pub fn part_day_of(model: &Model, calendar: u32) -> String {
    let name = model.calendars.get(calendar as usize).map_or("?", |c| c.name.as_str());
    format!("how a part day counts in {name}")
}
