//! The rule snapshot: what an edition's rules say, in the order of the page. Layout, comments and the files that hold
//! the items do not show, so a difference between two of them is a difference in meaning.

use super::sheet::{Sheet, quoted};
use super::{time, working};
use crate::model::{
    Agreement, Catalogue, Clause, Enumeration, Input, ItemRef, Labels, Member, Model, PARTIES, Property, Reading,
    Record, Service, Words,
};
use crate::value::Value;

/// The contents of an edition's rule snapshot.
pub fn rule_snapshot(model: &Model) -> String {
    let mut sheet = Sheet::default();
    if let Some(agreement) = &model.agreement {
        write_agreement(&mut sheet, agreement);
    }
    for item in &model.order {
        if !matches!(item, ItemRef::Scenario(_)) {
            sheet.blank();
            write_item(&mut sheet, model, *item);
        }
    }
    sheet.into_text()
}

/// What one item says, as in the rule snapshot.
pub fn item_text(model: &Model, item: ItemRef) -> String {
    let mut sheet = Sheet::default();
    write_item(&mut sheet, model, item);
    sheet.into_text()
}

fn write_item(sheet: &mut Sheet, model: &Model, item: ItemRef) {
    match item {
        ItemRef::Party(party) => {
            if let Some(member) = model.member(PARTIES, party) {
                write_named(sheet, "party", &member.name, &member.labels);
            }
        }
        ItemRef::Unit(id) => {
            if let Some(unit) = model.units.get(id.0 as usize) {
                write_named(sheet, "unit", &unit.name, &unit.labels);
            }
        }
        ItemRef::Enumeration(id) => write_enumeration(sheet, model.enumeration(id)),
        ItemRef::Record(id) => {
            if let Some(record) = model.records.get(id.0 as usize) {
                write_record(sheet, model, record);
            }
        }
        ItemRef::Clause(id) => write_clause(sheet, model.clause(id)),
        ItemRef::Input(id) => write_input(sheet, model, model.input(id)),
        ItemRef::Catalogue(number) => {
            if let Some(catalogue) = model.catalogues.get(number as usize) {
                write_catalogue(sheet, model, catalogue);
            }
        }
        ItemRef::Service(number) => {
            if let Some(service) = model.services.get(number as usize) {
                write_service(sheet, model, service);
            }
        }
        ItemRef::Decision(id) => working::write_decision(sheet, model, model.decision(id)),
        ItemRef::Reading(id) => write_reading(sheet, model, model.reading(id)),
        ItemRef::Calendar(number) => {
            if let Some(calendar) = model.calendars.get(number as usize) {
                time::write_calendar(sheet, model, calendar);
            }
        }
        ItemRef::Holidays(number) => {
            if let Some(item) = model.holidays.get(number as usize) {
                time::write_holidays(sheet, model, item);
            }
        }
        ItemRef::Event(number) => {
            if let Some(event) = model.events.get(number as usize) {
                time::write_event(sheet, model, event);
            }
        }
        ItemRef::Scenario(_) => {}
    }
}

fn write_agreement(sheet: &mut Sheet, agreement: &Agreement) {
    sheet.line(&format!("agreement {} edition {}", agreement.name, agreement.edition));
    sheet.within(|sheet| {
        sheet.labels("label", &agreement.labels);
        for (language, text) in &agreement.source {
            sheet.line(&format!("source {language} {}", quoted(text)));
        }
        match agreement.effective {
            Some((from, Some(to))) => sheet.line(&format!("effective from {from} to {to}")),
            Some((from, None)) => sheet.line(&format!("effective {from}")),
            None => {}
        }
    });
}

fn write_named(sheet: &mut Sheet, word: &str, name: &str, labels: &Labels) {
    sheet.line(&format!("{word} {name}"));
    sheet.within(|sheet| sheet.labels("label", labels));
}

fn write_enumeration(sheet: &mut Sheet, enumeration: &Enumeration) {
    sheet.line(&format!("enumeration {}", enumeration.name));
    sheet.within(|sheet| {
        sheet.labels("label", &enumeration.labels);
        enumeration.members.iter().for_each(|m| sheet.line(&member_line(m)));
    });
}

/// `A  en "Severity A"  zh "严重性 A"`
fn member_line(member: &Member) -> String {
    format!("{}{}", member.name, label_texts(&member.labels))
}

pub(super) fn label_texts(labels: &Labels) -> String {
    labels.0.iter().map(|(language, text)| format!("  {language} {}", quoted(text))).collect()
}

fn write_record(sheet: &mut Sheet, model: &Model, record: &Record) {
    sheet.line(&format!("record {}", record.name));
    sheet.within(|sheet| {
        for field in &record.fields {
            sheet.line(&format!("{} : {}{}", field.name, model.type_name(&field.ty), label_texts(&field.labels)));
        }
    });
}

fn write_clause(sheet: &mut Sheet, clause: &Clause) {
    sheet.line(&format!("clause {}{}", clause.id, place(clause.section.as_deref(), clause.title.as_deref())));
    sheet.within(|sheet| {
        for (language, text) in &clause.says {
            let language = language.as_ref().map_or(String::new(), |l| format!("{l} "));
            sheet.line(&format!("says {language}{}", quoted(text)));
        }
        if let Some(reason) = &clause.prose {
            sheet.line(&format!("prose {}", quoted(reason)));
        }
        if !clause.covers.is_empty() {
            sheet.list("covers", &clause.covers);
        }
    });
}

/// ` at §2.7 "Cancellation"`
fn place(section: Option<&str>, title: Option<&str>) -> String {
    let section = section.map_or(String::new(), |s| format!(" §{s}"));
    let title = title.map_or(String::new(), |t| format!(" {}", quoted(t)));
    if section.is_empty() && title.is_empty() { String::new() } else { format!(" at{section}{title}") }
}

fn write_input(sheet: &mut Sheet, model: &Model, input: &Input) {
    sheet.line(&format!("input {} : {}", input.name, model.type_name(&input.ty)));
    sheet.within(|sheet| {
        sheet.labels("label", &input.labels);
        sheet.labels("ask", &input.ask);
        if let Some(date) = input.measured_at {
            sheet.line(&format!("measured at {}", model.input(date).name));
        }
        for (test, _) in &input.must_be {
            sheet.line(&format!("must be {}", Words::new(model).test(test)));
        }
        sheet.cites(model, &input.cites);
    });
}

fn write_reading(sheet: &mut Sheet, model: &Model, reading: &Reading) {
    sheet.line(&format!("reading {}", reading.name));
    sheet.within(|sheet| {
        sheet.labels("label", &reading.labels);
        sheet.cites(model, &reading.cites);
        sheet.labels("ask", &reading.ask);
        for (number, choice) in model.enumeration(reading.choices).members.iter().enumerate() {
            let word = if number == 0 { "either" } else { "or" };
            let default = if reading.default == Some(number as u32) { " (default)" } else { "" };
            sheet.line(&format!("{word} {}{default}{}", choice.name, label_texts(&choice.labels)));
        }
    });
}

fn write_catalogue(sheet: &mut Sheet, model: &Model, catalogue: &Catalogue) {
    let place = place(catalogue.section.as_deref(), catalogue.title.as_deref());
    sheet.line(&format!("catalogue {}{place}", catalogue.name));
    sheet.within(|sheet| {
        sheet.labels("label", &catalogue.labels);
        sheet.cites(model, &catalogue.cites);
    });
}

fn write_service(sheet: &mut Sheet, model: &Model, service: &Service) {
    sheet.line(&format!("service {}", service.name));
    sheet.within(|sheet| {
        sheet.labels("label", &service.labels);
        sheet.cites(model, &service.cites);
        for (name, agreement, edition) in &service.was {
            let agreement = agreement.as_ref().map_or(String::new(), |a| format!(" in {a}"));
            let edition = edition.as_ref().map_or(String::new(), |e| format!(" {e}"));
            sheet.line(&format!("was {name}{agreement}{edition}"));
        }
        for property in Property::ALL {
            if property == Property::RequirementsMet {
                for requirement in &service.requires {
                    working::write_condition(sheet, Words::new(model), "requires", requirement, "");
                }
            } else if let Some(value) = service.properties.get(&property) {
                write_property(sheet, model, property, value);
            }
        }
    });
}

fn write_property(sheet: &mut Sheet, model: &Model, property: Property, value: &Value) {
    let words = match property {
        Property::ListedIn => "listed in".to_owned(),
        Property::PartOf => "part of".to_owned(),
        other => other.name().to_owned(),
    };
    sheet.value(&format!("{words} "), value, model, "");
}
