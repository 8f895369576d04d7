//! The rule snapshot: what an edition's rules say, in the order of the page. Layout, comments and the files that hold
//! the items do not show, so a difference between two of them is a difference in meaning.

use super::page::{Page, quoted};
use super::working;
use crate::model::{
    Agreement, Catalogue, Clause, Enumeration, Input, ItemRef, Labels, Member, Model, PARTIES, Property, Reading,
    Record, Service,
};
use crate::report::Words;
use crate::value::Value;

/// The contents of an edition's rule snapshot.
pub fn rule_snapshot(model: &Model) -> String {
    let mut page = Page::default();
    if let Some(agreement) = &model.agreement {
        write_agreement(&mut page, agreement);
    }
    for item in &model.order {
        if !matches!(item, ItemRef::Scenario(_)) {
            page.blank();
            write_item(&mut page, model, *item);
        }
    }
    page.into_text()
}

fn write_item(page: &mut Page, model: &Model, item: ItemRef) {
    match item {
        ItemRef::Party(party) => {
            if let Some(member) = model.member(PARTIES, party) {
                write_named(page, "party", &member.name, &member.labels);
            }
        }
        ItemRef::Unit(id) => {
            if let Some(unit) = model.units.get(id.0 as usize) {
                write_named(page, "unit", &unit.name, &unit.labels);
            }
        }
        ItemRef::Enumeration(id) => write_enumeration(page, model.enumeration(id)),
        ItemRef::Record(id) => {
            if let Some(record) = model.records.get(id.0 as usize) {
                write_record(page, model, record);
            }
        }
        ItemRef::Clause(id) => write_clause(page, model.clause(id)),
        ItemRef::Input(id) => write_input(page, model, model.input(id)),
        ItemRef::Catalogue(number) => {
            if let Some(catalogue) = model.catalogues.get(number as usize) {
                write_catalogue(page, model, catalogue);
            }
        }
        ItemRef::Service(number) => {
            if let Some(service) = model.services.get(number as usize) {
                write_service(page, model, service);
            }
        }
        ItemRef::Decision(id) => working::write_decision(page, model, model.decision(id)),
        ItemRef::Reading(id) => write_reading(page, model, model.reading(id)),
        ItemRef::Scenario(_) => {}
    }
}

fn write_agreement(page: &mut Page, agreement: &Agreement) {
    page.line(&format!("agreement {} edition {}", agreement.name, agreement.edition));
    page.within(|page| {
        page.labels("label", &agreement.labels);
        for (language, text) in &agreement.source {
            page.line(&format!("source {language} {}", quoted(text)));
        }
        match agreement.effective {
            Some((from, Some(to))) => page.line(&format!("effective from {from} to {to}")),
            Some((from, None)) => page.line(&format!("effective {from}")),
            None => {}
        }
    });
}

fn write_named(page: &mut Page, word: &str, name: &str, labels: &Labels) {
    page.line(&format!("{word} {name}"));
    page.within(|page| page.labels("label", labels));
}

fn write_enumeration(page: &mut Page, enumeration: &Enumeration) {
    page.line(&format!("enumeration {}", enumeration.name));
    page.within(|page| {
        page.labels("label", &enumeration.labels);
        enumeration.members.iter().for_each(|m| page.line(&member_line(m)));
    });
}

/// `A  en "Severity A"  zh "严重性 A"`
fn member_line(member: &Member) -> String {
    format!("{}{}", member.name, label_texts(&member.labels))
}

fn label_texts(labels: &Labels) -> String {
    labels.0.iter().map(|(language, text)| format!("  {language} {}", quoted(text))).collect()
}

fn write_record(page: &mut Page, model: &Model, record: &Record) {
    page.line(&format!("record {}", record.name));
    page.within(|page| {
        for field in &record.fields {
            page.line(&format!("{} : {}{}", field.name, model.type_name(&field.ty), label_texts(&field.labels)));
        }
    });
}

fn write_clause(page: &mut Page, clause: &Clause) {
    page.line(&format!("clause {}{}", clause.id, place(clause.section.as_deref(), clause.title.as_deref())));
    page.within(|page| {
        for (language, text) in &clause.says {
            let language = language.as_ref().map_or(String::new(), |l| format!("{l} "));
            page.line(&format!("says {language}{}", quoted(text)));
        }
        if let Some(reason) = &clause.prose {
            page.line(&format!("prose {}", quoted(reason)));
        }
        if !clause.covers.is_empty() {
            page.line(&format!("covers {}", clause.covers.join(", ")));
        }
    });
}

/// ` at §2.7 "Cancellation"`
fn place(section: Option<&str>, title: Option<&str>) -> String {
    let section = section.map_or(String::new(), |s| format!(" §{s}"));
    let title = title.map_or(String::new(), |t| format!(" {}", quoted(t)));
    if section.is_empty() && title.is_empty() { String::new() } else { format!(" at{section}{title}") }
}

fn write_input(page: &mut Page, model: &Model, input: &Input) {
    page.line(&format!("input {} : {}", input.name, model.type_name(&input.ty)));
    page.within(|page| {
        page.labels("label", &input.labels);
        page.labels("ask", &input.ask);
        if let Some(date) = input.measured_at {
            page.line(&format!("measured at {}", model.input(date).name));
        }
        for (test, _) in &input.must_be {
            page.line(&format!("must be {}", Words::new(model).test(test)));
        }
        page.cites(model, &input.cites);
    });
}

fn write_reading(page: &mut Page, model: &Model, reading: &Reading) {
    page.line(&format!("reading {}", reading.name));
    page.within(|page| {
        page.labels("label", &reading.labels);
        page.cites(model, &reading.cites);
        page.labels("ask", &reading.ask);
        for (number, choice) in model.enumeration(reading.choices).members.iter().enumerate() {
            let word = if number == 0 { "either" } else { "or" };
            let default = if reading.default == Some(number as u32) { " (default)" } else { "" };
            page.line(&format!("{word} {}{default}{}", choice.name, label_texts(&choice.labels)));
        }
    });
}

fn write_catalogue(page: &mut Page, model: &Model, catalogue: &Catalogue) {
    let place = place(catalogue.section.as_deref(), catalogue.title.as_deref());
    page.line(&format!("catalogue {}{place}", catalogue.name));
    page.within(|page| {
        page.labels("label", &catalogue.labels);
        page.cites(model, &catalogue.cites);
    });
}

fn write_service(page: &mut Page, model: &Model, service: &Service) {
    page.line(&format!("service {}", service.name));
    page.within(|page| {
        page.labels("label", &service.labels);
        page.cites(model, &service.cites);
        for (name, agreement, edition) in &service.was {
            let agreement = agreement.as_ref().map_or(String::new(), |a| format!(" in {a}"));
            let edition = edition.as_ref().map_or(String::new(), |e| format!(" {e}"));
            page.line(&format!("was {name}{agreement}{edition}"));
        }
        for property in Property::ALL {
            if property == Property::RequirementsMet {
                for requirement in &service.requires {
                    working::write_condition(page, Words::new(model), "requires", requirement, "");
                }
            } else if let Some(value) = service.properties.get(&property) {
                write_property(page, model, property, value);
            }
        }
    });
}

fn write_property(page: &mut Page, model: &Model, property: Property, value: &Value) {
    let words = match property {
        Property::ListedIn => "listed in".to_owned(),
        Property::PartOf => "part of".to_owned(),
        other => other.name().to_owned(),
    };
    page.value(&format!("{words} "), value, model, "");
}
