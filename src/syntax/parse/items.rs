//! Declarations: the items that are neither decisions nor scenarios.

use super::{Builder, Node, Rule, is_keyword};
use crate::syntax::tree::{self, Item};

impl Builder<'_> {
    pub(super) fn item(&mut self, pair: Node) -> Option<Item> {
        Some(match pair.as_rule() {
            Rule::agreement => Item::Agreement(self.agreement(pair)?),
            Rule::use_item => {
                let span = self.span(&pair);
                let path = pair.into_inner().find(|p| p.as_rule() == Rule::use_path)?;
                Item::Use(tree::Use { path: self.name(&path), span })
            }
            Rule::party => Item::Party(self.named(pair)?),
            Rule::unit => Item::Unit(self.named(pair)?),
            Rule::enumeration => Item::Enumeration(self.enumeration(pair)?),
            Rule::record => Item::Record(self.record(pair)?),
            Rule::clause => Item::Clause(self.clause(pair)?),
            Rule::input => Item::Input(self.input(pair)?),
            Rule::catalogue => Item::Catalogue(self.catalogue(pair)?),
            Rule::service => Item::Service(self.service(pair)?),
            Rule::decision => Item::Decision(self.decision(pair)?),
            Rule::period => Item::Period(self.period(pair)?),
            Rule::responses => Item::Responses(self.responses(pair)?),
            Rule::reading => Item::Reading(self.reading(pair)?),
            Rule::scenario => Item::Scenario(self.scenario(pair)?),
            Rule::calendar => Item::Calendar(self.calendar(pair)?),
            Rule::holidays => Item::Holidays(self.holidays(pair)?),
            Rule::event => Item::Event(self.event(pair)?),
            Rule::milestone => Item::Milestone(self.milestone(pair)?),
            Rule::process => Item::Process(self.process(pair)?),
            Rule::replace_item => {
                let inner = pair.into_inner().find(|p| !is_keyword(p.as_rule()))?;
                Item::Replace(Box::new(self.item(inner)?))
            }
            Rule::remove_item => Item::Remove(self.remove(pair)?),
            Rule::rename_item => Item::Rename(self.rename(pair)?),
            _ => return None,
        })
    }

    fn remove(&mut self, pair: Node) -> Option<tree::Remove> {
        let span = self.span(&pair);
        let mut parts = pair.clone().into_inner().filter(|p| !is_keyword(p.as_rule()));
        let (kind, name) = (parts.next()?, parts.next()?);
        Some(tree::Remove { kind: self.name(&kind), name: self.name(&name), reason: self.first_text(pair), span })
    }

    fn rename(&mut self, pair: Node) -> Option<tree::Rename> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner().filter(|p| !is_keyword(p.as_rule()));
        let (kind, from, to) = (parts.next()?, parts.next()?, parts.next()?);
        Some(tree::Rename { kind: self.name(&kind), from: self.name(&from), to: self.name(&to), span })
    }

    fn agreement(&mut self, pair: Node) -> Option<tree::Agreement> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::agreement_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let edition = parts.iter().find(|p| p.as_rule() == Rule::word).map(|p| self.name(p))?;
        let (labels, source) = (vec![], vec![]);
        let mut item =
            tree::Agreement { name, edition, labels, source, effective: None, marks: None, amends: None, span };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::source => item.source.extend(self.labelled(part)),
                Rule::amends => {
                    let span = self.span(&part);
                    let edition = part.into_inner().find(|p| p.as_rule() == Rule::word);
                    item.amends = edition.map(|e| tree::Amends { edition: self.name(&e), span });
                }
                Rule::effective => {
                    let mut dates = self.names_of(part, Rule::date).into_iter();
                    item.effective = dates.next().map(|from| tree::Effective { from, to: dates.next() });
                }
                Rule::marks => {
                    let mut inner = part.into_inner();
                    let decision = inner.find(|p| p.as_rule() == Rule::name).map(|p| self.name(&p));
                    let by = inner.find(|p| p.as_rule() == Rule::path).map(|p| self.name(&p));
                    item.marks = decision.zip(by);
                }
                _ => {}
            }
        }
        Some(item)
    }

    /// `party` and `unit`: a name and labels.
    fn named(&mut self, pair: Node) -> Option<tree::Named> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::party_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut labels = Vec::new();
        for part in parts.into_iter().filter(|p| p.as_rule() == Rule::label) {
            labels.extend(self.labelled(part));
        }
        Some(tree::Named { name, labels, span })
    }

    fn enumeration(&mut self, pair: Node) -> Option<tree::Enumeration> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::enumeration_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item = tree::Enumeration { name, labels: vec![], members: vec![], span };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::member => {
                    let span = self.span(&part);
                    let word = part.clone().into_inner().find(|p| p.as_rule() == Rule::word)?;
                    let name = self.name(&word);
                    item.members.push(tree::Member { name, labels: self.labelled(part), span });
                }
                _ => {}
            }
        }
        Some(item)
    }

    fn record(&mut self, pair: Node) -> Option<tree::Record> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::record_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut fields = Vec::new();
        for part in parts.into_iter().filter(|p| p.as_rule() == Rule::field_decl) {
            let span = self.span(&part);
            let mut inner = part.clone().into_inner();
            let (word, ty) = (inner.next()?, inner.next()?);
            fields.push(tree::FieldDecl { name: self.name(&word), ty: self.ty(ty), labels: self.labelled(part), span });
        }
        Some(tree::Record { name, fields, span })
    }

    fn clause(&mut self, pair: Node) -> Option<tree::Clause> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::clause_part);
        let id = parts.iter().find(|p| p.as_rule() == Rule::clause_id).map(|p| self.name(p))?;
        let mut item =
            tree::Clause { id, place: None, labels: vec![], says: vec![], prose: None, covers: vec![], span };
        for part in parts {
            match part.as_rule() {
                Rule::place => item.place = Some(self.place(part)),
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::says => {
                    let (mut lang, mut text) = (None, None);
                    for inner in part.into_inner() {
                        match inner.as_rule() {
                            Rule::lang => lang = Some(self.name(&inner)),
                            Rule::text => text = Some(self.text_of(&inner)),
                            _ => {}
                        }
                    }
                    item.says.extend(text.map(|text| tree::Says { lang, text }));
                }
                Rule::prose => item.prose = self.first_text(part),
                Rule::covers => item.covers.extend(self.names_of(part, Rule::clause_id)),
                _ => {}
            }
        }
        Some(item)
    }

    pub(super) fn first_text(&mut self, pair: Node) -> Option<tree::Text> {
        let text = pair.into_inner().find(|p| p.as_rule() == Rule::text)?;
        Some(self.text_of(&text))
    }

    fn place(&mut self, pair: Node) -> tree::Place {
        let span = self.span(&pair);
        let section = pair.clone().into_inner().find(|p| p.as_rule() == Rule::section).map(|p| self.name(&p));
        tree::Place { section, title: self.first_text(pair), span }
    }

    fn input(&mut self, pair: Node) -> Option<tree::Input> {
        let span = self.span(&pair);
        let has_body = pair.as_str().trim_end().ends_with('}');
        let parts = self.parts(pair, span, Rule::input_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::path).map(|p| self.name(p))?;
        let ty = parts.iter().find(|p| p.as_rule() == Rule::type_).cloned().map(|p| self.ty(p))?;
        let mut item = tree::Input {
            name,
            ty,
            labels: vec![],
            ask: vec![],
            cites: tree::Cites::default(),
            measured_at: None,
            must_be: vec![],
            has_body,
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::ask => item.ask.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::measured => item.measured_at = self.names_of(part, Rule::path).pop(),
                Rule::must => {
                    let cell = part.into_inner().find(|p| p.as_rule() == Rule::cell);
                    item.must_be.extend(cell.map(|c| self.cell(c)));
                }
                _ => {}
            }
        }
        Some(item)
    }

    fn catalogue(&mut self, pair: Node) -> Option<tree::Catalogue> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::catalogue_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item = tree::Catalogue { name, place: None, labels: vec![], cites: tree::Cites::default(), span };
        for part in parts {
            match part.as_rule() {
                Rule::place => item.place = Some(self.place(part)),
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                _ => {}
            }
        }
        Some(item)
    }

    fn service(&mut self, pair: Node) -> Option<tree::Service> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::service_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let parts = parts.into_iter().filter_map(|part| self.service_part(part)).collect();
        Some(tree::Service { name, parts, span })
    }

    fn service_part(&mut self, part: Node) -> Option<tree::ServicePart> {
        use tree::ServicePart as Part;
        let rule = part.as_rule();
        match rule {
            Rule::label => return Some(Part::Label(self.labelled(part))),
            Rule::cites => return Some(Part::Cites(self.cites(part))),
            Rule::name => return None,
            _ => {}
        }
        let mut inner = part.into_inner().filter(|p| !is_keyword(p.as_rule()));
        let first = inner.next()?;
        Some(match rule {
            Rule::was => {
                let name = self.name(&first);
                let agreement = inner.next().map(|p| self.name(&p));
                Part::Was { name, agreement, edition: inner.next().map(|p| self.name(&p)) }
            }
            Rule::listed => Part::ListedIn(self.name(&first)),
            Rule::part_of => Part::PartOf(self.name(&first)),
            Rule::offered => Part::Offered(self.name(&first)),
            Rule::requires => Part::Requires(self.expr(first)),
            Rule::languages => Part::Languages(self.primary(first)),
            Rule::delivery => Part::Delivery(self.primary(first)),
            Rule::excludes => Part::Excludes(self.primary(first)),
            _ => return None,
        })
    }

    fn reading(&mut self, pair: Node) -> Option<tree::Reading> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::reading_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item =
            tree::Reading { name, labels: vec![], cites: tree::Cites::default(), ask: vec![], choices: vec![], span };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::ask => item.ask.extend(self.labelled(part)),
                Rule::either => {
                    for choice in part.into_inner().filter(|p| p.as_rule() == Rule::choice) {
                        let span = self.span(&choice);
                        let word = choice.clone().into_inner().find(|p| p.as_rule() == Rule::word)?;
                        let default = choice.clone().into_inner().any(|p| p.as_rule() == Rule::default_mark);
                        let name = self.name(&word);
                        item.choices.push(tree::Choice { name, default, labels: self.labelled(choice), span });
                    }
                }
                _ => {}
            }
        }
        Some(item)
    }
}
