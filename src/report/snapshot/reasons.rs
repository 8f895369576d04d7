//! Why an answer is not determined, every reason spelled out.

use super::outcomes::choice_name;
use super::sheet::{Sheet, bracketed};
use crate::eval::{Conflict, Discretion, Known, Silence, SilentAbout, UnderReading, Why};
use crate::model::{ClauseId, Model};

/// Writes every reason, the first one first.
pub(super) fn write_why(sheet: &mut Sheet, model: &Model, why: &Why, under: &[UnderReading]) {
    for fault in &why.faults {
        sheet.line(&format!("cannot be worked out: {}", fault.fault));
    }
    for conflict in &why.conflicts {
        write_conflict(sheet, model, conflict);
    }
    if !why.missing.is_empty() {
        let facts: Vec<String> =
            why.missing.iter().map(|f| format!("{}{}", model.input(f.input).name, f.part)).collect();
        sheet.broken("missing ", "{", &facts, "}", "");
    }
    for reading in &why.readings {
        sheet.line(&format!("open reading {}", model.reading(*reading).name));
    }
    sheet.within(|sheet| under.iter().for_each(|case| write_case(sheet, model, case)));
    for discretion in &why.discretion {
        sheet.line(&discretion_line(model, discretion));
    }
    for silence in &why.silences {
        sheet.line(&format!("silent about {}{}", subject(model, silence), bracketed(model, &silence.clauses)));
    }
}

/// The clauses that the lines of [`write_why`] name.
pub(super) fn clauses_of(why: &Why) -> Vec<ClauseId> {
    let sides = why.conflicts.iter().flat_map(|c| &c.sides).map(|s| &s.clauses);
    let discretion = why.discretion.iter().map(|d| &d.clauses);
    let silences = why.silences.iter().map(|s| &s.clauses);
    sides.chain(discretion).chain(silences).flatten().copied().collect()
}

fn write_conflict(sheet: &mut Sheet, model: &Model, conflict: &Conflict) {
    sheet.line(&format!("conflict in {}", model.decision(conflict.decision).name));
    sheet.within(|sheet| {
        for side in &conflict.sides {
            write_answer(sheet, model, "", &side.answer, &bracketed(model, &side.clauses));
        }
    });
}

/// `if onboarding-day-one is included: 2024-11-29`
fn write_case(sheet: &mut Sheet, model: &Model, case: &UnderReading) {
    let choices: Vec<String> = case
        .choices
        .iter()
        .map(|(id, choice)| format!("{} is {}", model.reading(*id).name, choice_name(model, *id, Some(*choice))))
        .collect();
    write_answer(sheet, model, &format!("if {}: ", choices.join(" and ")), &case.answer, "");
}

fn write_answer(sheet: &mut Sheet, model: &Model, before: &str, answer: &Known, after: &str) {
    match answer {
        Ok(value) => sheet.value(before, value, model, after),
        Err(why) => {
            sheet.line(&format!("{before}not determined{after}"));
            sheet.within(|sheet| write_why(sheet, model, why, &[]));
        }
    }
}

fn discretion_line(model: &Model, discretion: &Discretion) -> String {
    let meanwhile =
        discretion.meanwhile.as_ref().map_or(String::new(), |m| format!(", meanwhile {}", m.display(model)));
    let (party, decision) = (model.party(discretion.party), &model.decision(discretion.decision).name);
    format!("{decision} is at the discretion of {party}{meanwhile}{}", bracketed(model, &discretion.clauses))
}

fn subject(model: &Model, silence: &Silence) -> String {
    match silence.about {
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
    }
}
