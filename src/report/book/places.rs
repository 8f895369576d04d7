//! Where each rule and row stands in the book, and who cites each clause.

use std::collections::HashMap;

use super::html::{anchor, esc, link};
use crate::model::{Body, ClauseId, DecisionId, DecisionKind, Group, ItemRef, Model};
use crate::source::Span;

/// A rule, a row, or something else that cites clauses.
#[derive(Clone, Debug)]
pub struct Place {
    pub anchor: String,
    /// `mcsap-plus, rule 2`
    pub text: String,
}

/// All the places of an edition.
pub struct Places {
    by_span: HashMap<Span, Place>,
    /// By clause: whoever cites it, in the order of the page.
    cited: Vec<Vec<Place>>,
}

impl Places {
    pub fn of(model: &Model) -> Places {
        let mut places = Places { by_span: HashMap::new(), cited: vec![Vec::new(); model.clauses.len()] };
        for item in &model.order {
            let Some(anchor) = anchor(model, *item) else { continue };
            let place = |word: &str, name: &str| Place { anchor: anchor.clone(), text: format!("{word} {name}") };
            match item {
                ItemRef::Decision(id) => places.decision(model, *id, &anchor),
                ItemRef::Input(id) => places.cite(&model.input(*id).cites, &place("input", &model.input(*id).name)),
                ItemRef::Reading(id) => {
                    places.cite(&model.reading(*id).cites, &place("reading", &model.reading(*id).name));
                }
                ItemRef::Service(n) => {
                    let service = model.services.get(*n as usize);
                    service.iter().for_each(|s| places.cite(&s.cites, &place("service", &s.name)));
                }
                ItemRef::Catalogue(n) => {
                    let catalogue = model.catalogues.get(*n as usize);
                    catalogue.iter().for_each(|c| places.cite(&c.cites, &place("catalogue", &c.name)));
                }
                ItemRef::Calendar(n) => {
                    if let Some(calendar) = model.calendars.get(*n as usize) {
                        calendar.each_cites(&mut |cites| places.cite(cites, &place("calendar", &calendar.name)));
                    }
                }
                ItemRef::Holidays(n) => {
                    let list = model.holidays.get(*n as usize);
                    list.iter().for_each(|h| places.cite(&h.cites, &place("holidays", &h.name)));
                }
                ItemRef::Event(n) => {
                    let event = model.events.get(*n as usize);
                    event.iter().for_each(|e| places.cite(&e.cites, &place("event", &e.name)));
                }
                ItemRef::Party(_)
                | ItemRef::Unit(_)
                | ItemRef::Enumeration(_)
                | ItemRef::Record(_)
                | ItemRef::Clause(_)
                | ItemRef::Scenario(_) => {}
            }
        }
        places
    }

    fn decision(&mut self, model: &Model, id: DecisionId, anchor: &str) {
        let decision = model.decision(id);
        let whole = Place { anchor: anchor.to_owned(), text: decision.name.clone() };
        self.by_span.insert(decision.span, whole.clone());
        self.by_span.insert(decision.name_span, whole.clone());
        self.group(&decision.group, &whole);
        match &decision.kind {
            DecisionKind::Responses(responses) => {
                for (number, note) in responses.notes.iter().enumerate() {
                    let text = format!("{}, note {}", decision.name, note.number);
                    let place = Place { anchor: note_anchor(anchor, number), text };
                    self.by_span.insert(note.span, place.clone());
                    self.cite(&note.cites, &place);
                }
            }
            DecisionKind::Milestone(milestone) => milestone.each_cites(&mut |cites| self.cite(cites, &whole)),
            DecisionKind::Process(process) => {
                for (number, transition) in process.transitions.iter().enumerate() {
                    let text = format!("{}, transition {}", decision.name, number + 1);
                    let place = Place { anchor: rule_anchor(anchor, number), text };
                    self.by_span.insert(transition.span, place.clone());
                    self.cite(&transition.condition.cites, &place);
                    if let crate::model::Cause::After(limit) = &transition.cause {
                        self.cite(&limit.cites, &place);
                    }
                }
            }
            DecisionKind::Plain | DecisionKind::Period => {}
        }
    }

    fn group(&mut self, group: &Group, whole: &Place) {
        self.cite(&group.cites, whole);
        let mut add = |number: usize, word: &str, span: Span, cites: &[ClauseId]| {
            let text = format!("{}, {word} {}", whole.text, number + 1);
            let place = Place { anchor: rule_anchor(&whole.anchor, number), text };
            self.by_span.insert(span, place.clone());
            self.cite(cites, &place);
        };
        match &group.body {
            Body::Rules(rules) => {
                rules.iter().enumerate().for_each(|(number, rule)| add(number, "rule", rule.span, &rule.cites));
            }
            Body::Table(table) => {
                let rows = table.rows.iter().chain(&table.otherwise).enumerate();
                rows.for_each(|(number, row)| add(number, "row", row.span, &row.cites));
            }
            Body::Period(_) | Body::Log => {}
        }
        for exception in &group.exceptions {
            let place = Place {
                anchor: exception_anchor(&whole.anchor, &exception.name),
                text: format!("{}, exception {}", whole.text, exception.name),
            };
            self.by_span.insert(exception.span, place.clone());
            self.group(&exception.group, &place);
        }
    }

    fn cite(&mut self, cites: &[ClauseId], place: &Place) {
        for clause in cites {
            if let Some(list) = self.cited.get_mut(clause.index()) {
                if list.last().is_none_or(|last| last.anchor != place.anchor) {
                    list.push(place.clone());
                }
            }
        }
    }

    /// The rule or row at a span.
    pub fn at(&self, span: Span) -> Option<&Place> {
        self.by_span.get(&span)
    }

    /// Whoever cites a clause.
    pub fn citing(&self, clause: ClauseId) -> &[Place] {
        self.cited.get(clause.index()).map_or(&[], Vec::as_slice)
    }
}

impl Place {
    pub fn link(&self) -> String {
        link(&self.anchor, &esc(&self.text))
    }
}

/// The anchor of a rule, row or transition, by its number from 0 on.
pub fn rule_anchor(of: &str, number: usize) -> String {
    format!("{of}.{}", number + 1)
}

pub fn exception_anchor(of: &str, name: &str) -> String {
    format!("{of}.exception-{name}")
}

pub fn note_anchor(of: &str, number: usize) -> String {
    format!("{of}.note-{}", number + 1)
}
