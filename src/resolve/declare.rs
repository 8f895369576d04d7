//! The first walk: every name that an item declares, and the items that have no body to resolve.

use super::amend::Space;
use super::{Def, Resolver, TypeDef};
use crate::diag::{Code, Problem};
use crate::model::*;
use crate::source::Span;
use crate::syntax::Parsed;
use crate::syntax::tree::{self, Item};
use crate::value::literal;
use crate::value::{EnumId, RecordId, UnitId, Value};

impl Resolver {
    /// Declares every item, in source order. Bodies are resolved later, when all names are known.
    pub(super) fn declare(&mut self, files: &[Parsed]) {
        self.built_in_enumerations();
        let items = || files.iter().flat_map(|f| &f.file.items);
        for item in items() {
            self.declare_type(item);
        }
        for item in items() {
            self.declare_item(item);
        }
        self.declare_log();
        self.index_members();
    }

    fn built_in_enumerations(&mut self) {
        for name in ["service", "catalogue", "party", "offering", "calendar", "milestone-state"] {
            self.model.enums.push(Enumeration {
                name: name.to_owned(),
                labels: Labels::default(),
                members: Vec::new(),
                span: None,
            });
        }
        let offerings = [
            ("base", "included in the base package", "包含在基础包中"),
            ("add-on", "can be added", "可附加购买"),
            ("limited-add-on", "can be added, up to a maximum quantity", "可附加购买，有最大数量"),
        ];
        let members = offerings.map(|(name, en, zh)| Member {
            name: name.to_owned(),
            labels: Labels(vec![("en".into(), en.into()), ("zh".into(), zh.into())]),
            span: None,
        });
        self.model.enums[OFFERINGS.0 as usize].members.extend(members);
        let states = [
            (MilestoneState::NotStarted, "not started", "未开始"),
            (MilestoneState::Running, "running", "进行中"),
            (MilestoneState::Paused, "paused", "已暂停"),
            (MilestoneState::Void, "void", "无效"),
            (MilestoneState::Met, "met", "按时"),
            (MilestoneState::Missed, "missed", "逾期"),
        ];
        let members = states.map(|(state, en, zh)| Member {
            name: state.name().to_owned(),
            labels: Labels(vec![("en".into(), en.into()), ("zh".into(), zh.into())]),
            span: None,
        });
        self.model.enums[MILESTONE_STATES.0 as usize].members.extend(members);
    }

    /// Enumerations, records and units come first, so that all types are known.
    fn declare_type(&mut self, item: &Item) {
        match item {
            Item::Enumeration(e) => {
                let id = EnumId(self.model.enums.len() as u32);
                let labels = self.labels(&e.labels);
                let mut members: Vec<Member> = Vec::new();
                for member in &e.members {
                    if let Some(first) = members.iter().find(|m| m.name == member.name.text) {
                        let message = format!("`{}` stands twice in `{}`", member.name.text, e.name.text);
                        let problem = Problem::new(Code::DuplicateName, member.name.span, message);
                        let problem = first.span.map_or(problem.clone(), |s| problem.related(s, "here first"));
                        self.report(problem);
                        continue;
                    }
                    let labels = self.labels(&member.labels);
                    members.push(Member { name: member.name.text.clone(), labels, span: Some(member.name.span) });
                }
                let span = Some(e.name.span);
                self.model.enums.push(Enumeration { name: e.name.text.clone(), labels, members, span });
                self.model.order.push(ItemRef::Enumeration(id));
                self.declare_type_name(&e.name, TypeDef::Enum(id));
            }
            Item::Record(r) => {
                let id = RecordId(self.model.records.len() as u32);
                self.model.records.push(Record { name: r.name.text.clone(), fields: vec![], span: r.name.span });
                self.model.order.push(ItemRef::Record(id));
                self.declare_type_name(&r.name, TypeDef::Record(id));
            }
            Item::Unit(u) => {
                let id = UnitId(self.model.units.len() as u32);
                let labels = self.labels(&u.labels);
                self.model.units.push(Unit { name: u.name.text.clone(), labels, span: u.name.span });
                self.model.order.push(ItemRef::Unit(id));
                self.declare_type_name(&u.name, TypeDef::Unit(id));
            }
            _ => {}
        }
    }

    fn declare_type_name(&mut self, name: &tree::Name, def: TypeDef) {
        if super::BUILT_IN_TYPES.iter().any(|(word, _)| *word == name.text) {
            let message = format!("`{}` is a type of the language already", name.text);
            self.report(Problem::new(Code::DuplicateName, name.span, message).help("give it another name"));
            return;
        }
        if let Some(first) = self.types.get(&name.text) {
            let first = match first {
                TypeDef::Enum(id) => self.model.enumeration(*id).span,
                TypeDef::Record(id) => Some(self.model.records[id.0 as usize].span),
                TypeDef::Unit(id) => Some(self.model.units[id.0 as usize].span),
            };
            self.duplicate(name, first);
            return;
        }
        self.types.insert(name.text.clone(), def);
    }

    pub(super) fn duplicate(&mut self, name: &tree::Name, first: Option<Span>) {
        let problem = Problem::new(Code::DuplicateName, name.span, format!("`{}` is declared twice", name.text))
            .label("declared again here")
            .help("rename one of them, or remove it");
        self.report(match first {
            Some(span) => problem.related(span, "declared here first"),
            None => problem,
        });
    }

    pub(super) fn declare_name(&mut self, name: &tree::Name, def: Def) {
        if let Some(first) = self.names.get(&name.text) {
            let first = self.span_of(*first);
            self.duplicate(name, first);
            return;
        }
        self.names.insert(name.text.clone(), def);
    }

    pub(super) fn span_of(&self, def: Def) -> Option<Span> {
        Some(match def {
            Def::Input(id) => self.model.input(id).span,
            Def::Decision(id) => self.model.decision(id).name_span,
            Def::Reading(id) => self.model.reading(id).span,
            Def::Member(id, member) => return self.model.member(id, member).and_then(|m| m.span),
            Def::Holidays(number) => self.model.holidays.get(number as usize)?.span,
        })
    }

    fn declare_item(&mut self, item: &Item) {
        match item {
            Item::Agreement(a) => self.agreement(a),
            Item::Party(p) => {
                let labels = self.labels(&p.labels);
                let party = self.add_member(PARTIES, &p.name, labels);
                self.model.order.push(ItemRef::Party(party));
                self.declare_name(&p.name, Def::Member(PARTIES, party));
            }
            Item::Record(r) => self.record_fields(r),
            Item::Clause(c) => self.clause(c),
            Item::Catalogue(c) => {
                let labels = self.labels(&c.labels);
                let number = self.add_member(CATALOGUES, &c.name, labels.clone());
                let (section, title) = place(c.place.as_ref());
                let name = c.name.text.clone();
                let span = c.name.span;
                self.model.catalogues.push(Catalogue { name, labels, section, title, cites: vec![], span });
                self.model.order.push(ItemRef::Catalogue(number));
                self.declare_name(&c.name, Def::Member(CATALOGUES, number));
            }
            Item::Service(s) => {
                let labels: Vec<tree::Labelled> = s
                    .parts
                    .iter()
                    .filter_map(|p| if let tree::ServicePart::Label(l) = p { Some(l.clone()) } else { None })
                    .flatten()
                    .collect();
                let labels = self.labels(&labels);
                let number = self.add_member(SERVICES, &s.name, labels.clone());
                self.model.services.push(Service {
                    name: s.name.text.clone(),
                    labels,
                    cites: vec![],
                    was: vec![],
                    was_at: vec![],
                    properties: Default::default(),
                    requires: vec![],
                    span: s.name.span,
                });
                self.model.order.push(ItemRef::Service(number));
                self.declare_name(&s.name, Def::Member(SERVICES, number));
            }
            Item::Input(i) => {
                let id = InputId(self.model.inputs.len() as u32);
                let ty = self.ty(&i.ty);
                let (labels, ask) = (self.labels(&i.labels), self.labels(&i.ask));
                self.model.inputs.push(Input {
                    name: i.name.text.clone(),
                    ty,
                    labels,
                    ask,
                    cites: vec![],
                    measured_at: None,
                    must_be: vec![],
                    span: i.name.span,
                });
                self.model.order.push(ItemRef::Input(id));
                self.declare_name(&i.name, Def::Input(id));
            }
            Item::Reading(r) => self.reading(r),
            Item::Decision(d) => {
                let ty = self.ty(&d.ty);
                self.add_decision(&d.name, &d.labels, ty, DecisionKind::Plain, d.span);
            }
            Item::Period(p) => self.add_decision(&p.name, &p.labels, Type::Period, DecisionKind::Period, p.span),
            Item::Responses(r) => {
                let record = RecordId(self.model.records.len() as u32);
                let span = r.name.span;
                self.model.records.push(Record { name: r.name.text.clone(), fields: vec![], span });
                let kind = DecisionKind::Responses(Box::default());
                self.add_decision(&r.name, &r.labels, Type::Record(record), kind, r.span);
            }
            Item::Calendar(c) => self.declare_calendar(c),
            Item::Holidays(h) => self.declare_holidays(h),
            Item::Event(e) => self.declare_event(e),
            Item::Milestone(m) => self.declare_milestone(m),
            Item::Process(p) => self.declare_process(p),
            Item::Use(_) | Item::Unit(_) | Item::Enumeration(_) | Item::Scenario(_) => {}
            // Worked in before: see `amend`.
            Item::Replace(_) | Item::Remove(_) | Item::Rename(_) => {}
        }
    }

    pub(super) fn add_member(&mut self, id: EnumId, name: &tree::Name, labels: Labels) -> u32 {
        let members = &mut self.model.enums[id.0 as usize].members;
        members.push(Member { name: name.text.clone(), labels, span: Some(name.span) });
        members.len() as u32 - 1
    }

    pub(super) fn add_decision(
        &mut self,
        name: &tree::Name,
        labels: &[tree::Labelled],
        ty: Type,
        kind: DecisionKind,
        span: Span,
    ) {
        let id = DecisionId(self.model.decisions.len() as u32);
        let labels = self.labels(labels);
        let single = Column { name: String::new(), ty: ty.clone(), labels: Labels::default() };
        let group = Group { cites: vec![], lets: vec![], body: Body::Rules(vec![]), exceptions: vec![] };
        self.model.decisions.push(Decision {
            name: name.text.clone(),
            labels,
            kind,
            ty,
            columns: vec![single],
            group,
            slots: 0,
            slot_names: vec![],
            span,
            name_span: name.span,
        });
        self.model.order.push(ItemRef::Decision(id));
        self.declare_name(name, Def::Decision(id));
    }

    fn agreement(&mut self, a: &tree::Agreement) {
        if let Some(first) = &self.model.agreement {
            let problem = Problem::new(Code::SeveralAgreements, a.span, "a second agreement in the same edition")
                .related(first.span, "the first one")
                .help("put each edition in a folder of its own");
            self.report(problem);
            return;
        }
        let effective = a.effective.as_ref().and_then(|e| {
            let from = self.date(&e.from)?;
            Some((from, e.to.as_ref().and_then(|to| self.date(to))))
        });
        let labels = self.labels(&a.labels);
        self.model.agreement = Some(Agreement {
            name: a.name.text.clone(),
            edition: a.edition.text.clone(),
            labels,
            source: a.source.iter().map(|s| (s.lang.text.clone(), s.text.text.clone())).collect(),
            effective,
            marks: None,
            amends: a.amends.as_ref().map(|amends| amends.edition.text.clone()),
            span: a.name.span,
        });
    }

    pub(super) fn date(&mut self, name: &tree::Name) -> Option<chrono::NaiveDate> {
        match literal::parse_date(&name.text) {
            Ok(Value::Date(date)) => Some(date),
            Ok(_) => None,
            Err(error) => {
                self.report(Problem::new(Code::ImpossibleLiteral, name.span, error.to_string()));
                None
            }
        }
    }

    fn record_fields(&mut self, record: &tree::Record) {
        let Some(TypeDef::Record(id)) = self.types.get(&record.name.text).copied() else { return };
        if self.model.records[id.0 as usize].span != record.name.span {
            return;
        }
        let mut fields: Vec<Column> = Vec::new();
        for field in &record.fields {
            if fields.iter().any(|f| f.name == field.name.text) {
                let message = format!("`{}` stands twice in `{}`", field.name.text, record.name.text);
                self.report(Problem::new(Code::DuplicateName, field.name.span, message));
                continue;
            }
            let ty = self.ty(&field.ty);
            if matches!(ty, Type::Record(inner) if inner.0 >= id.0) {
                let message = format!("the record `{}` is not declared before this line", field.name.text);
                self.report(
                    Problem::new(Code::Cycle, field.ty.span(), message)
                        .help("declare the inner record first; a record cannot contain itself"),
                );
            }
            let labels = self.labels(&field.labels);
            fields.push(Column { name: field.name.text.clone(), ty, labels });
        }
        self.model.records[id.0 as usize].fields = fields;
    }

    fn clause(&mut self, c: &tree::Clause) {
        let id = ClauseId(self.model.clauses.len() as u32);
        if let Some(first) = self.clauses.get(&c.id.text) {
            let first = self.model.clause(*first).span;
            self.duplicate(&c.id, Some(first));
            return;
        }
        let (section, title) = place(c.place.as_ref());
        if c.says.is_empty() && !self.damaged.contains(&c.span) {
            let message = format!("clause `{}` does not say what the paper says", c.id.text);
            let help = "add `says \"…\"` with a paraphrase";
            self.report(Problem::new(Code::MissingPart, c.id.span, message).help(help));
        }
        self.model.clauses.push(Clause {
            id: c.id.text.clone(),
            section,
            title,
            says: c.says.iter().map(|s| (s.lang.as_ref().map(|l| l.text.clone()), s.text.text.clone())).collect(),
            prose: c.prose.as_ref().map(|t| t.text.clone()),
            covers: c.covers.iter().map(|n| self.now(Space::Clauses, &n.text, n.span).to_owned()).collect(),
            span: c.id.span,
        });
        self.model.order.push(ItemRef::Clause(id));
        self.clauses.insert(c.id.text.clone(), id);
    }

    fn reading(&mut self, r: &tree::Reading) {
        let id = ReadingId(self.model.readings.len() as u32);
        let choices = EnumId(self.model.enums.len() as u32);
        let members = r
            .choices
            .iter()
            .map(|c| {
                let labels = self.labels(&c.labels);
                Member { name: c.name.text.clone(), labels, span: Some(c.name.span) }
            })
            .collect();
        let name = r.name.text.clone();
        self.model.enums.push(Enumeration { name: name.clone(), labels: Labels::default(), members, span: None });
        let defaults: Vec<usize> = r.choices.iter().enumerate().filter(|(_, c)| c.default).map(|(i, _)| i).collect();
        if let [_, second, ..] = defaults[..] {
            let message = format!("`{}` has two defaults", r.name.text);
            self.report(Problem::new(Code::DuplicateName, r.choices[second].span, message));
        }
        if r.choices.is_empty() && !self.damaged.contains(&r.span) {
            let message = format!("reading `{}` has no choices", r.name.text);
            self.report(Problem::new(Code::MissingPart, r.name.span, message).help("add `either … or …`"));
        }
        let (labels, ask) = (self.labels(&r.labels), self.labels(&r.ask));
        self.model.readings.push(Reading {
            name,
            choices,
            default: defaults.first().map(|d| *d as u32),
            labels,
            ask,
            cites: vec![],
            span: r.name.span,
        });
        self.model.order.push(ItemRef::Reading(id));
        self.declare_name(&r.name, Def::Reading(id));
    }

    /// Which enumerations have a member of a name. Choices of readings are only found by the expected type.
    fn index_members(&mut self) {
        let choices: Vec<EnumId> = self.model.readings.iter().map(|r| r.choices).collect();
        for (index, enumeration) in self.model.enums.iter().enumerate() {
            let id = EnumId(index as u32);
            if choices.contains(&id) || [SERVICES, CATALOGUES, PARTIES, CALENDARS].contains(&id) {
                continue;
            }
            for (number, member) in enumeration.members.iter().enumerate() {
                self.members.entry(member.name.clone()).or_default().push((id, number as u32));
            }
        }
    }
}

fn place(place: Option<&tree::Place>) -> (Option<String>, Option<String>) {
    let section = place.and_then(|p| p.section.as_ref()).map(|s| s.text.trim_start_matches('§').to_owned());
    let title = place.and_then(|p| p.title.as_ref()).map(|t| t.text.clone());
    (section, title)
}
