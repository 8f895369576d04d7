//! The service matrix as the paper shows it: the catalogues in order, each with its services and their marks.

use std::borrow::Cow;

use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthStr;

use super::marks::{Cell, Columns, Offer, columns, columns_of};
use super::outcome_json::{VERSION, agreement_json, clause_ids_json};
use super::page::{Ink, Page, PageStyle};
use super::value::{labels_json, named, value_text};
use super::words::{Phrase, fill, say};
use crate::check::Checked;
use crate::diag::did_you_mean;
use crate::eval::{Outcome, outcome};
use crate::model::{
    CATALOGUES, DecisionId, Expr, ExprKind, InputId, Model, OFFERINGS, Property, SERVICES, Service, Type,
};
use crate::scenario::Facts;
use crate::value::Value;

/// The services to show, and why these.
#[derive(Debug)]
pub struct Selection {
    /// Numbers of services, in source order.
    pub services: Vec<u32>,
    /// For a package: the decision that gives it, by what input, and the readings it depended on.
    pub decided_by: Option<(DecisionId, InputId, Outcome)>,
    /// Columns of marks, where there are several.
    pub columns: Option<Columns>,
}

impl Selection {
    /// With the columns of marks that the agreement declares, if it does.
    pub fn with_declared_marks(mut self, checked: &Checked) -> Selection {
        self.columns = columns_of(checked);
        self
    }

    /// With a column of marks for each member of an input's type.
    ///
    /// # Errors
    /// What is wrong with the names, or why the two give no columns.
    pub fn with_marks(mut self, checked: &Checked, mark: &str, by: &str) -> Result<Selection, String> {
        self.columns = Some(columns(checked, mark, by)?);
        Ok(self)
    }
}

/// A catalogue's services in the order of the paper, with how deep each is nested; the last group may hold those
/// that are in no catalogue.
pub(super) struct Group {
    pub catalogue: Option<usize>,
    pub services: Vec<(u32, usize)>,
}

/// All services.
pub fn all_services(model: &Model) -> Selection {
    Selection { services: (0..model.services.len() as u32).collect(), decided_by: None, columns: None }
}

/// The services of a package: those listed in a catalogue of that name, or those for which a decision comes to it
/// when only the service is told.
///
/// # Errors
/// What is wrong with the name.
pub fn services_of(checked: &Checked, package: &str) -> Result<Selection, String> {
    let model = &checked.model;
    if let Some(number) = model.catalogues.iter().position(|c| c.name == package) {
        let catalogue = Value::Member(CATALOGUES, number as u32);
        let listed = |i: &u32| model.services[*i as usize].properties.get(&Property::ListedIn) == Some(&catalogue);
        let services = (0..model.services.len() as u32).filter(listed).collect();
        return Ok(Selection { services, decided_by: None, columns: None });
    }
    let mut packages: Vec<&str> = model.catalogues.iter().map(|c| c.name.as_str()).collect();
    for (number, decision) in model.decisions.iter().enumerate() {
        let (Type::Enum(of), [_]) = (&decision.ty, decision.columns.as_slice()) else { continue };
        let members = &model.enumeration(*of).members;
        packages.extend(members.iter().map(|m| m.name.as_str()));
        let Some(member) = members.iter().position(|m| m.name == package) else { continue };
        let wanted = Value::Member(*of, member as u32);
        let target = Expr {
            kind: ExprKind::Decision(DecisionId(number as u32), 0),
            ty: decision.ty.clone(),
            span: decision.name_span,
        };
        for (input, _) in model.inputs.iter().enumerate().filter(|(_, i)| i.ty == Type::Enum(SERVICES)) {
            let input = InputId(input as u32);
            let answer = |service: u32| {
                let mut facts = Facts::none(model);
                facts.give(input, Value::Member(SERVICES, service));
                outcome(checked, &facts, &target)
            };
            let outcomes = (0..model.services.len() as u32).map(|service| (service, answer(service)));
            let (services, mut found): (Vec<u32>, Vec<Outcome>) =
                outcomes.filter(|(_, o)| o.answer.as_ref() == Ok(&wanted)).unzip();
            if let Some(first) = found.pop() {
                let decided_by = Some((DecisionId(number as u32), input, first));
                return Ok(Selection { services, decided_by, columns: None });
            }
        }
    }
    let near = did_you_mean(package, packages.iter().copied());
    let catalogues: Vec<&str> = model.catalogues.iter().map(|c| c.name.as_str()).collect();
    let help = near.unwrap_or_else(|| format!("the catalogues are: {}", catalogues.join(", ")));
    Err(format!("no catalogue is called `{package}`, and no decision gives it for a service; {help}"))
}

/// The matrix as text.
pub fn catalogue_text(model: &Model, selection: &Selection, style: PageStyle, lang: &str) -> String {
    let mut page = Page::new(style);
    if let Some((decision, input, outcome)) = &selection.decided_by {
        let (decision, input) = (&model.decision(*decision).name, &model.input(*input).name);
        page.line(0, Ink::Dim, &fill(lang, Phrase::ServicesGivenFor, &[decision, input]));
        for (id, choice) in &outcome.readings {
            let reading = model.reading(*id);
            if let Some(choice) = choice.and_then(|c| model.member(reading.choices, c)) {
                let choice = named(&choice.name, Some(&choice.labels), lang);
                let text = fill(lang, Phrase::Is, &[&reading.name, &choice]);
                page.hanging(say(lang, Phrase::Reading), "  ", Ink::Dim, &text);
            }
        }
    }
    let columns = selection.columns.as_ref();
    if let Some(columns) = columns {
        let (decision, by) = (&model.decision(columns.decision).name, &model.input(columns.by).name);
        page.line(0, Ink::Dim, &format!("marks are what `{decision}` gives for each `{by}`"));
    }
    let mut marks: Vec<u32> = Vec::new();
    for group in groups(model, &selection.services) {
        page.heading(&title(model, group.catalogue, lang));
        let heads = columns.map_or(vec![String::new()], |c| c.headings(model, lang));
        let mut heads: Vec<(Ink, String)> = heads.into_iter().map(|head| (Ink::Dim, head)).collect();
        let first = heads.len();
        let words_of = [Phrase::Service, Phrase::Delivery, Phrase::Languages, Phrase::Formerly].map(|p| say(lang, p));
        heads.extend(words_of.into_iter().chain([""]).map(|c| (Ink::Dim, c.to_owned())));
        let mut rows = vec![heads];
        for (number, depth) in &group.services {
            let Some(service) = model.services.get(*number as usize) else { continue };
            let label = service.labels.shown(lang).unwrap_or(Cow::Borrowed(&service.name));
            let own = |property| service.properties.get(&property).map_or(String::new(), |v| words(model, v, lang));
            let cells: Vec<String> = match columns {
                Some(columns) => columns.row(*number).map(|cell| cell_text(cell, &mut marks)).collect(),
                None => vec![cell_text(&Cell::plain(offered(service)), &mut marks)],
            };
            let mut row: Vec<(Ink, String)> = cells.into_iter().map(|cell| (Ink::Bold, cell)).collect();
            row.extend([
                (Ink::Plain, format!("{}{label}", "  ".repeat(*depth))),
                (Ink::Plain, own(Property::Delivery)),
                (Ink::Plain, own(Property::Languages)),
                (Ink::Plain, former(service)),
                (Ink::Dim, if *label == service.name { String::new() } else { service.name.clone() }),
            ]);
            rows.push(row);
        }
        page.columns(2, &without_empty(rows, first + 1));
    }
    if !marks.is_empty() {
        page.blank();
        marks.sort();
        for offering in marks {
            let label = model.member(OFFERINGS, offering).and_then(|m| m.labels.shown(lang)).unwrap_or_default();
            let sign = mark(Some(offering));
            page.line(2, Ink::Dim, &format!("{sign}{} {label}", " ".repeat(3usize.saturating_sub(sign.width()))));
        }
    }
    for (number, note) in columns.iter().flat_map(|columns| columns.notes(model, lang)).enumerate() {
        page.hanging(&format!("  {:<3} ", note_sign(number)), "      ", Ink::Dim, &note);
    }
    page.finish()
}

/// The matrix as JSON; `docs/schemas/catalogue.json` describes it.
pub fn catalogue_json(model: &Model, selection: &Selection) -> Json {
    let service = |(number, depth): &(u32, usize)| {
        let service = model.services.get(*number as usize)?;
        let of = |property| service.properties.get(&property);
        let names = |property| match of(property) {
            Some(Value::Set(items)) => items.iter().map(|i| json!(i.display(model).to_string())).collect(),
            _ => Json::Null,
        };
        let name = |property| of(property).map(|v| v.display(model).to_string());
        Some(json!({
            "name": service.name,
            "labels": labels_json(&service.labels),
            "offered": name(Property::Offered),
            "mark": mark(offered(service)),
            "marks": selection.columns.as_ref().map(|columns| columns.json(model, *number)),
            "partOf": name(Property::PartOf),
            "depth": depth,
            "delivery": names(Property::Delivery),
            "languages": names(Property::Languages),
            "excludes": names(Property::Excludes),
            "was": service.was.iter().map(|(name, agreement, edition)| json!({
                "name": name, "agreement": agreement, "edition": edition,
            })).collect::<Vec<_>>(),
            "clauses": clause_ids_json(model, &service.cites),
        }))
    };
    let groups = groups(model, &selection.services).into_iter().map(|group| {
        let catalogue = group.catalogue.and_then(|c| model.catalogues.get(c));
        json!({
            "name": catalogue.map(|c| &c.name),
            "labels": catalogue.map_or(json!({}), |c| labels_json(&c.labels)),
            "section": catalogue.and_then(|c| c.section.as_ref()),
            "title": catalogue.and_then(|c| c.title.as_ref()),
            "services": group.services.iter().filter_map(service).collect::<Vec<_>>(),
        })
    });
    json!({
        "version": VERSION,
        "agreement": agreement_json(model),
        "decidedBy": selection.decided_by.as_ref().map(|(id, input, _)| json!({
            "decision": model.decision(*id).name,
            "input": model.input(*input).name,
        })),
        "columns": selection.columns.as_ref().map(|columns| columns.heads_json(model)),
        "catalogues": groups.collect::<Vec<_>>(),
    })
}

/// The services by catalogue; a service that is part of another stands below it.
pub(super) fn groups(model: &Model, services: &[u32]) -> Vec<Group> {
    let catalogue_of = |number: u32| match model.services.get(number as usize)?.properties.get(&Property::ListedIn) {
        Some(Value::Member(_, catalogue)) => Some(*catalogue as usize),
        _ => None,
    };
    let keys = (0..model.catalogues.len()).map(Some).chain([None]);
    let groups = keys.map(|catalogue| {
        let members: Vec<u32> = services.iter().copied().filter(|s| catalogue_of(*s) == catalogue).collect();
        let mut ordered = Vec::new();
        let parent = |number: u32| part_of(model, number).filter(|p| members.contains(p));
        for number in members.iter().copied().filter(|s| parent(*s).is_none()) {
            nest(number, 0, &members, &parent, &mut ordered);
        }
        // Parts of each other in a ring belong under nothing: they follow as they stand.
        let left: Vec<u32> = members.iter().copied().filter(|m| !ordered.iter().any(|(o, _)| o == m)).collect();
        ordered.extend(left.into_iter().map(|m| (m, 0)));
        Group { catalogue, services: ordered }
    });
    groups.filter(|g| !g.services.is_empty()).collect()
}

fn nest(
    number: u32,
    depth: usize,
    members: &[u32],
    parent: &dyn Fn(u32) -> Option<u32>,
    ordered: &mut Vec<(u32, usize)>,
) {
    ordered.push((number, depth));
    for part in members.iter().copied().filter(|m| parent(*m) == Some(number)) {
        if !ordered.iter().any(|(o, _)| *o == part) {
            nest(part, depth + 1, members, parent, ordered);
        }
    }
}

fn part_of(model: &Model, number: u32) -> Option<u32> {
    match model.services.get(number as usize)?.properties.get(&Property::PartOf)? {
        Value::Member(_, whole) if *whole != number => Some(*whole),
        _ => None,
    }
}

/// `✓`, `+`, `+¹`; nothing where the paper states none.
pub(super) fn mark(offering: Option<u32>) -> &'static str {
    match offering {
        Some(0) => "✓",
        Some(1) => "+",
        Some(2) => "+¹",
        _ => "",
    }
}

/// How a service is offered, where it says so.
pub(super) fn offered(service: &Service) -> Option<u32> {
    match service.properties.get(&Property::Offered) {
        Some(Value::Member(OFFERINGS, offering)) => Some(*offering),
        _ => None,
    }
}

/// A mark with the sign of its footnote; the offerings that are met are gathered.
fn cell_text(cell: &Cell, met: &mut Vec<u32>) -> String {
    let sign = cell.note.map_or(String::new(), note_sign);
    match &cell.offer {
        Offer::Of(offering) => {
            if !met.contains(offering) {
                met.push(*offering);
            }
            format!("{}{sign}", mark(Some(*offering)))
        }
        Offer::Silent if sign.is_empty() => String::new(),
        Offer::Silent => format!("–{sign}"),
        Offer::Open(_) => format!("?{sign}"),
    }
}

/// The sign of a footnote: `ᵃ`, `ᵇ`, …; numbers already say that a quantity is limited.
pub(super) fn note_sign(number: usize) -> String {
    const LETTERS: &str = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ";
    let letters = LETTERS.chars().count();
    let letter = LETTERS.chars().nth(number % letters).unwrap_or('*').to_string();
    letter.repeat(number / letters + 1)
}

/// `Table 2: Planning services`, falling back to the bare name.
fn title(model: &Model, catalogue: Option<usize>, lang: &str) -> String {
    let Some(catalogue) = catalogue.and_then(|c| model.catalogues.get(c)) else {
        return say(lang, Phrase::InNoCatalogue).to_owned();
    };
    let label = catalogue.labels.shown(lang).unwrap_or(Cow::Borrowed(&catalogue.name));
    let section = catalogue.section.as_ref().map(|s| format!("§{s}"));
    let place: Vec<&str> = section.as_deref().into_iter().chain(catalogue.title.as_deref()).collect();
    if place.is_empty() { label.into_owned() } else { format!("{}: {label}", place.join(" ")) }
}

/// The items of a set by their labels, without braces.
fn words(model: &Model, value: &Value, lang: &str) -> String {
    let item = |v: &Value| match v {
        Value::Member(id, member) => {
            let member = model.member(*id, *member);
            member.map_or(String::new(), |m| m.labels.shown(lang).map_or_else(|| m.name.clone(), Cow::into_owned))
        }
        other => value_text(model, other, lang),
    };
    match value {
        Value::Set(items) => items.iter().map(item).collect::<Vec<_>>().join(", "),
        other => item(other),
    }
}

fn former(service: &Service) -> String {
    let one = |(name, agreement, edition): &(String, Option<String>, Option<String>)| {
        let whence: Vec<&str> = [agreement, edition].into_iter().flatten().map(String::as_str).collect();
        if whence.is_empty() { name.clone() } else { format!("{name} ({})", whence.join(" ")) }
    };
    service.was.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Leaves out columns in which no service has anything, but for so many that always stand.
fn without_empty(rows: Vec<Vec<(Ink, String)>>, always: usize) -> Vec<Vec<(Ink, String)>> {
    let count = rows.first().map_or(0, Vec::len);
    let used = |i: usize| i < always || rows.iter().skip(1).any(|r| r.get(i).is_some_and(|(_, c)| !c.is_empty()));
    let kept: Vec<usize> = (0..count).filter(|i| used(*i)).collect();
    rows.into_iter().map(|row| kept.iter().filter_map(|i| row.get(*i).cloned()).collect()).collect()
}
