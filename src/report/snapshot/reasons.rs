//! Why an answer is not determined, every reason spelled out. A reason that stands alone is told beside the name of
//! what was asked; several stand below it.

use super::outcomes::choice_name;
use super::sheet::{Sheet, bracketed};
use crate::eval::{Discretion, Known, Side, Silence, SilentAbout, UnderReading, Why};
use crate::model::{ClauseId, Model};
use crate::value::Value;

/// A reason in a line, and what belongs below it.
struct Told<'a> {
    line: String,
    below: Below<'a>,
}

enum Below<'a> {
    Nothing,
    Sides(&'a [Side]),
    Under(&'a [UnderReading]),
}

/// What is asked for, and the words round its reasons.
struct Asked<'a> {
    path: &'a str,
    before: &'a str,
    after: &'a str,
}

/// Writes `path = value`, or `path` and why it is not determined.
pub(super) fn write_answer(sheet: &mut Sheet, model: &Model, path: &str, answer: &Known, under: &[UnderReading]) {
    match answer {
        Ok(value) => sheet.value(&format!("{path} = "), value, model, ""),
        Err(why) => write_why(sheet, model, &Asked { path, before: path, after: "" }, why, under),
    }
}

/// The clauses that [`write_answer`] names.
pub(super) fn clauses_of(why: &Why) -> Vec<ClauseId> {
    let sides = why.conflicts.iter().flat_map(|c| &c.sides).map(|s| &s.clauses);
    let discretion = why.discretion.iter().map(|d| &d.clauses);
    let silences = why.silences.iter().map(|s| &s.clauses);
    sides.chain(discretion).chain(silences).flatten().copied().collect()
}

fn write_why(sheet: &mut Sheet, model: &Model, asked: &Asked, why: &Why, under: &[UnderReading]) {
    let Asked { path, before, after } = *asked;
    let reasons = reasons(model, path, why, under);
    match reasons.as_slice() {
        [only] => {
            sheet.line(&format!("{before}: {}{after}", only.line));
            sheet.within(|sheet| write_below(sheet, model, path, &only.below));
        }
        several => {
            sheet.line(&format!("{before}: not determined{after}"));
            sheet.within(|sheet| {
                for reason in several {
                    sheet.line(&reason.line);
                    sheet.within(|sheet| write_below(sheet, model, path, &reason.below));
                }
            });
        }
    }
}

/// Every reason, the first one first.
fn reasons<'a>(model: &Model, path: &str, why: &'a Why, under: &'a [UnderReading]) -> Vec<Told<'a>> {
    let plain = |line: String| Told { line, below: Below::Nothing };
    let mut all: Vec<Told> = Vec::new();
    all.extend(why.faults.iter().map(|fault| plain(format!("cannot be worked out: {}", fault.fault))));
    for conflict in &why.conflicts {
        let line = format!("conflict{}", of(" in ", &model.decision(conflict.decision).name, path));
        all.push(Told { line, below: Below::Sides(&conflict.sides) });
    }
    if !why.missing.is_empty() || !why.unjudged.is_empty() {
        let facts = crate::report::answer::missing_names(model, why);
        all.push(plain(format!("missing {{ {} }}", facts.join(", "))));
    }
    if !why.readings.is_empty() {
        let names: Vec<&str> = why.readings.iter().map(|r| model.reading(*r).name.as_str()).collect();
        all.push(Told { line: format!("open reading {}", names.join(", ")), below: Below::Under(under) });
    }
    all.extend(why.discretion.iter().map(|discretion| plain(discretion_line(model, path, discretion))));
    for silence in &why.silences {
        let about = of(" about ", &subject(model, silence), path);
        all.push(plain(format!("silent{about}{}", bracketed(model, &silence.clauses))));
    }
    all
}

fn write_below(sheet: &mut Sheet, model: &Model, path: &str, below: &Below) {
    match below {
        Below::Nothing => {}
        Below::Sides(sides) => {
            for side in *sides {
                let after = bracketed(model, &side.clauses);
                write_nested(sheet, model, &Asked { path, before: "either", after: &after }, &side.answer);
            }
        }
        Below::Under(cases) => {
            for case in *cases {
                let choice = |(id, choice): &(_, u32)| {
                    format!("{} is {}", model.reading(*id).name, choice_name(model, *id, Some(*choice)))
                };
                let choices: Vec<String> = case.choices.iter().map(choice).collect();
                let before = format!("if {}", choices.join(" and "));
                write_nested(sheet, model, &Asked { path, before: &before, after: "" }, &case.answer);
            }
        }
    }
}

fn write_nested(sheet: &mut Sheet, model: &Model, asked: &Asked, answer: &Known) {
    match answer {
        Ok(value) => sheet.value(&format!("{}: ", asked.before), value, model, asked.after),
        Err(why) => write_why(sheet, model, asked, why, &[]),
    }
}

fn discretion_line(model: &Model, path: &str, discretion: &Discretion) -> String {
    let shown = |value: &Value| format!(", meanwhile {}", value.display(model));
    let meanwhile = discretion.meanwhile.as_ref().map_or(String::new(), shown);
    let decision = of(" in ", &model.decision(discretion.decision).name, path);
    let (party, cites) = (model.party(discretion.party), bracketed(model, &discretion.clauses));
    format!("at the discretion of {party}{decision}{meanwhile}{cites}")
}

/// Whose reason it is, where that is not what was asked for.
fn of(word: &str, subject: &str, path: &str) -> String {
    let own = path == subject || path.strip_prefix(subject).is_some_and(|rest| rest.starts_with('.'));
    if own { String::new() } else { format!("{word}{subject}") }
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
        SilentAbout::PartDay(number) => crate::report::answer::part_day_of(model, number),
    }
}
