//! The second walk: what items say about each other, now that all names are known.

use super::amend::Space;
use super::{Resolver, expr};
use crate::diag::{Code, Problem};
use crate::model::*;
use crate::syntax::Parsed;
use crate::syntax::tree::{self, Item, ServicePart};
use crate::value::Value;

impl Resolver {
    /// Resolves the bodies of all items. Items are counted as `declare` counted them.
    pub(super) fn define(&mut self, files: &[Parsed]) {
        self.define_events(files.iter().flat_map(|f| &f.file.items));
        self.response_columns(files);
        let (mut inputs, mut catalogues, mut services, mut readings, mut decisions) = (0, 0, 0, 0, 0);
        let (mut calendars, mut holidays) = (0, 0);
        let next = |counter: &mut usize| {
            *counter += 1;
            *counter - 1
        };
        for item in files.iter().flat_map(|f| &f.file.items) {
            let damaged = self.damaged.contains(&item.span());
            match item {
                Item::Agreement(a) => self.marks(a),
                Item::Input(i) => {
                    let index = next(&mut inputs);
                    self.input(index, i);
                }
                Item::Catalogue(c) => self.model.catalogues[next(&mut catalogues)].cites = self.cites(&c.cites.0),
                Item::Reading(r) => self.model.readings[next(&mut readings)].cites = self.cites(&r.cites.0),
                Item::Service(s) => {
                    let index = next(&mut services);
                    self.service(index, s);
                }
                Item::Decision(d) => {
                    let index = next(&mut decisions);
                    if !damaged {
                        self.decision(index, d);
                    }
                }
                Item::Period(p) => {
                    let index = next(&mut decisions);
                    if !damaged {
                        self.period(index, p);
                    }
                }
                Item::Responses(r) => {
                    let index = next(&mut decisions);
                    if !damaged {
                        self.responses(index, r);
                    }
                }
                Item::Calendar(c) => {
                    let number = next(&mut calendars);
                    self.calendar(number, c);
                }
                Item::Holidays(h) => self.model.holidays[next(&mut holidays)].cites = self.cites(&h.cites.0),
                Item::Milestone(m) => {
                    let index = next(&mut decisions);
                    self.milestone(index, m);
                }
                Item::Process(p) => {
                    let index = next(&mut decisions);
                    self.process(index, p);
                }
                _ => {}
            }
        }
        for item in files.iter().flat_map(|f| &f.file.items) {
            if let (Item::Scenario(s), false) = (item, self.damaged.contains(&item.span())) {
                self.scenario(s);
            }
        }
    }

    /// What gives the marks of the service matrix. Whether the two fit each other is for the checker.
    fn marks(&mut self, agreement: &tree::Agreement) {
        let Some((decision, by)) = &agreement.marks else { return };
        let (found, input) = (self.model.decision_named(&decision.text), self.model.input_named(&by.text));
        if found.is_none() {
            let names: Vec<String> = self.model.decisions.iter().map(|d| d.name.clone()).collect();
            let names = names.iter().map(String::as_str);
            self.unknown(Code::UnknownName, &decision.text, decision.span, "decision called", names);
        }
        if input.is_none() {
            let names: Vec<String> = self.model.inputs.iter().map(|i| i.name.clone()).collect();
            let names = names.iter().map(String::as_str);
            self.unknown(Code::UnknownName, &by.text, by.span, "input called", names);
        }
        let own = self.model.agreement.as_mut().filter(|own| own.span == agreement.name.span);
        if let (Some(own), Some(found), Some(input)) = (own, found, input) {
            own.marks = Some(Marks { decision: found, by: input, span: decision.span.to(by.span) });
        }
    }

    fn input(&mut self, index: usize, input: &tree::Input) {
        let cites = self.cites(&input.cites.0);
        let ty = self.model.inputs[index].ty.clone();
        let measured_at = input.measured_at.as_ref().and_then(|name| {
            let id = self.model.input_named(self.now(Space::Names, &name.text, name.span));
            if id.is_none() {
                let names: Vec<String> = self.model.inputs.iter().map(|i| i.name.clone()).collect();
                let names = names.iter().map(String::as_str);
                self.unknown(Code::UnknownName, &name.text, name.span, "input called", names);
            }
            id
        });
        let mut must_be = Vec::new();
        for cell in &input.must_be {
            if let Some(test) = self.test(cell, &ty, &[]) {
                let text = Words::new(&self.model).test(&test);
                must_be.push((test, text));
            }
        }
        let input = &mut self.model.inputs[index];
        input.cites = cites;
        input.measured_at = measured_at;
        input.must_be = must_be;
    }

    fn service(&mut self, index: usize, service: &tree::Service) {
        let mut cites = Vec::new();
        let (mut was, mut was_at) = (Vec::new(), Vec::new());
        let mut requires = Vec::new();
        let mut properties: std::collections::BTreeMap<Property, Value> = Default::default();
        for part in &service.parts {
            let (property, value) = match part {
                ServicePart::Label(_) => continue,
                ServicePart::Cites(names) => {
                    cites.extend(self.cites(&names.0));
                    continue;
                }
                ServicePart::Was { name, agreement, edition } => {
                    let text = |n: &Option<tree::Name>| n.as_ref().map(|n| n.text.clone());
                    was_at.push(name.span);
                    was.push((name.text.clone(), text(agreement), text(edition)));
                    continue;
                }
                ServicePart::Requires(condition) => {
                    requires.push(self.expr_of(condition, &Type::YesNo));
                    continue;
                }
                ServicePart::ListedIn(name) => (Property::ListedIn, path(name)),
                ServicePart::PartOf(name) => (Property::PartOf, path(name)),
                ServicePart::Offered(name) => (Property::Offered, path(name)),
                ServicePart::Languages(set) => (Property::Languages, set.clone()),
                ServicePart::Delivery(set) => (Property::Delivery, set.clone()),
                ServicePart::Excludes(set) => (Property::Excludes, set.clone()),
            };
            let ty = self.property_type(property, value.span);
            if ty == Type::Unknown {
                continue;
            }
            let resolved = self.expr_of(&value, &ty);
            if resolved.ty == Type::Unknown {
                continue;
            }
            let ExprKind::Const(constant) = resolved.kind else {
                let message = format!("`{}` of a service is written as a plain value", property.name());
                self.report(Problem::new(Code::TypeMismatch, value.span, message));
                continue;
            };
            if properties.insert(property, constant).is_some() {
                let message = format!("`{}` stands twice in `{}`", property.name(), service.name.text);
                self.report(Problem::new(Code::DuplicateName, value.span, message));
            }
        }
        let target = &mut self.model.services[index];
        target.cites = cites;
        (target.was, target.was_at) = (was, was_at);
        target.requires = requires;
        target.properties = properties;
    }
}

/// A bare name as an expression.
pub(super) fn path(name: &tree::Name) -> tree::Expr {
    tree::Expr { kind: Box::new(tree::ExprKind::Path(name.clone())), span: name.span }
}

pub(super) use expr::wider;
