//! What a decision means, without its citations, labels and place, and whether it means the same in both editions:
//! then its answers need no trying.

use std::collections::{BTreeSet, HashMap};

use crate::check::needed_by;
use crate::model::{Body, DecisionId, DecisionKind, Expr, ExprKind, Group, Hit, Model, Property, Type, Words};
use crate::value::Value;

/// Decisions of the new edition that mean the same as those of that name in the old one, all they rest on included.
pub(super) struct Same {
    /// By decision of the new edition.
    known: Vec<bool>,
    /// Whether all that is read from logs is the same.
    logs: bool,
}

impl Same {
    pub fn of(old: &Model, new: &Model) -> Same {
        let before: HashMap<&str, usize> =
            old.decisions.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
        let (old_reader, new_reader) = (Reader::of(old), Reader::of(new));
        let mut known: Vec<bool> = new
            .decisions
            .iter()
            .enumerate()
            .map(|(i, decision)| {
                let Some(j) = before.get(decision.name.as_str()) else { return false };
                new_reader.own(i) == old_reader.own(*j)
            })
            .collect();
        // What rests on something that changed may have changed.
        let needs: Vec<BTreeSet<DecisionId>> = (0..new.decisions.len()).map(|i| new_reader.needs(i)).collect();
        loop {
            let mut changed = false;
            for i in 0..known.len() {
                if known[i] && needs[i].iter().any(|id| !known[id.index()]) {
                    (known[i], changed) = (false, true);
                }
            }
            if !changed {
                break;
            }
        }
        let logged = |model: &Model, id: DecisionId| model.decision(id).kind.is_read_from_log();
        let processes = (0..new.decisions.len() as u32).map(DecisionId).filter(|id| logged(new, *id));
        let logs = old_reader.logs == new_reader.logs && processes.into_iter().all(|id| known[id.index()]);
        Same { known, logs }
    }

    pub fn is(&self, id: DecisionId) -> bool {
        self.known.get(id.index()).copied().unwrap_or(false)
    }

    /// Whether events and processes are the same, so that a log leaves the same facts.
    pub fn logs(&self) -> bool {
        self.logs
    }
}

/// Reads what decisions of one edition mean.
struct Reader<'m> {
    model: &'m Model,
    /// Events and what processes make of them: what can change a fact.
    logs: Vec<String>,
    /// All calendars, with the holidays that they know.
    calendars: Vec<String>,
    /// What calendars and logs rest on.
    beneath: BTreeSet<DecisionId>,
}

impl<'m> Reader<'m> {
    fn of(model: &'m Model) -> Reader<'m> {
        let mut reader = Reader { model, logs: Vec::new(), calendars: Vec::new(), beneath: BTreeSet::new() };
        let words = Words::new(model);
        let mut lines = Vec::new();
        for calendar in &model.calendars {
            lines.push(format!("calendar {}", calendar.name));
            lines.extend(words.calendar(calendar).into_iter().map(|(line, _)| line));
            calendar.roots(&mut |root| {
                root.walk(&mut |expr| {
                    read(model, expr, &mut lines);
                    reader.beneath.extend(named(expr));
                });
            });
        }
        for holidays in &model.holidays {
            lines.push(format!("holidays {} {:?} {:?}", holidays.name, holidays.list.holidays, holidays.list.covered));
        }
        reader.calendars = lines;
        if model.log.is_none() {
            return reader;
        }
        let party = |number: &u32| model.party(*number).to_owned();
        let mut lines = Vec::new();
        for event in &model.events {
            let by: BTreeSet<String> = event.by.iter().map(party).collect();
            let with: BTreeSet<&str> = event.with.iter().map(|id| model.input(*id).name.as_str()).collect();
            lines.push(format!("event {} by {by:?} with {with:?}", event.name));
        }
        for (id, process) in model.processes() {
            let decision = model.decision(id);
            let words = Words::of(model, decision);
            lines.push(format!("process {}", decision.name));
            lines.extend(process.transitions.iter().map(|t| words.transition(process, t)));
            reader.beneath.insert(id);
        }
        lines.sort();
        reader.logs = lines;
        reader
    }

    /// The decision's own rules in words, and what it reads directly: facts with their types, readings, services.
    fn own(&self, index: usize) -> Vec<String> {
        let model = self.model;
        let decision = &model.decisions[index];
        let mut lines = vec![format!("{} : {}", decision.name, type_words(model, &decision.ty, 0))];
        let columns = decision.columns.iter().map(|c| format!("{}: {}", c.name, type_words(model, &c.ty, 0)));
        lines.extend(columns);
        let words = Words::of(model, decision);
        group(&mut lines, words, model, &decision.group);
        match &decision.kind {
            DecisionKind::Plain => lines.push("decision".to_owned()),
            DecisionKind::Period => lines.push("period".to_owned()),
            DecisionKind::Responses(responses) => {
                lines.push("responses".to_owned());
                let names = |ids: &[DecisionId]| -> BTreeSet<String> {
                    ids.iter().map(|id| model.decision(*id).name.clone()).collect()
                };
                let (over, under) = (names(&responses.supersedes), names(&responses.superseded_by));
                lines.push(format!("supersedes {over:?} superseded by {under:?}"));
                lines.extend(responses.when.iter().map(|w| format!("when {}", words.expr(w))));
                for note in &responses.notes {
                    let when = note.except_when.as_ref().map_or(String::new(), |w| words.expr(w));
                    lines.push(format!("note {} {} {when}", note.column, note.value.display(model)));
                }
            }
            DecisionKind::Milestone(milestone) => {
                lines.push("milestone".to_owned());
                lines.extend(words.milestone(milestone).into_iter().map(|(line, _)| line));
            }
            DecisionKind::Process(process) => {
                lines.push(format!("process last {:?}", process.last));
                let states = &model.enumeration(process.states).members;
                lines.extend(states.iter().map(|s| format!("state {}", s.name)));
                lines.extend(process.transitions.iter().map(|t| words.transition(process, t)));
            }
        }
        let mut reads = Vec::new();
        decision.walk(&mut |expr| read(model, expr, &mut reads));
        if self.asks_logs(index) {
            reads.extend(self.logs.iter().cloned());
        }
        if self.asks_calendars(index) {
            reads.extend(self.calendars.iter().cloned());
        }
        reads.sort();
        reads.dedup();
        lines.extend(reads);
        lines
    }

    /// Whether a log can change what the decision comes to, beside facts.
    fn asks_logs(&self, index: usize) -> bool {
        let model = self.model;
        if model.log.is_none() {
            return false;
        }
        let decision = &model.decisions[index];
        let mut asks = decision.kind.is_read_from_log();
        let settable = |id: &crate::model::InputId| {
            let brought = model.events.iter().any(|e| e.with.contains(id));
            brought || model.processes().any(|(_, p)| p.transitions.iter().any(|t| t.sets.iter().any(|(i, _)| i == id)))
        };
        decision.walk(&mut |expr| {
            if let ExprKind::Input(id) = &expr.kind {
                asks |= settable(id);
            }
        });
        asks
    }

    fn asks_calendars(&self, index: usize) -> bool {
        let decision = &self.model.decisions[index];
        let mut asks = decision.kind.is_read_from_log();
        decision.walk(&mut |expr| asks |= is_clock(expr));
        // What a log does is timed by calendars as well.
        asks || self.asks_logs(index)
    }

    /// What the decision rests on.
    fn needs(&self, index: usize) -> BTreeSet<DecisionId> {
        let mut needs: BTreeSet<DecisionId> = needed_by(self.model, index).into_iter().collect();
        if self.asks_logs(index) || self.asks_calendars(index) {
            needs.extend(self.beneath.iter().copied());
            if let DecisionKind::Milestone(milestone) = &self.model.decisions[index].kind {
                needs.extend(milestone.on_miss.iter().copied());
            }
        }
        needs.remove(&DecisionId(index as u32));
        needs
    }
}

fn named(expr: &Expr) -> Option<DecisionId> {
    match expr.kind {
        ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => Some(id),
        _ => None,
    }
}

fn is_clock(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call(function, _) if matches!(function.body, crate::model::BuiltinBody::Clock(_)))
}

fn group(lines: &mut Vec<String>, words: Words, model: &Model, group: &Group) {
    lines.extend(group.lets.iter().map(|l| format!("let {} = {}", l.name, words.expr(&l.value))));
    match &group.body {
        Body::Rules(rules) => lines.extend(rules.iter().map(|rule| words.rule(rule))),
        Body::Period(extent) => lines.extend(words.extent(extent)),
        Body::Log => {}
        Body::Table(table) => {
            let hit = match &table.hit {
                Hit::Unique => "unique".to_owned(),
                Hit::First => "first".to_owned(),
                Hit::Collect => "collect".to_owned(),
                Hit::Priority(values) => {
                    let values: Vec<String> = values.iter().map(|v| v.display(model).to_string()).collect();
                    format!("priority {values:?}")
                }
            };
            let must = if table.must_be_complete { "complete" } else { "open" };
            lines.push(format!("hit {hit} {must} answers {:?}", table.answers));
            lines.push(words.headings(table).join(" | "));
            for row in table.rows.iter().chain(&table.otherwise) {
                let (left, right) = words.row(row);
                lines.push(format!("{} || {}", left.join(" | "), right.join(" | ")));
            }
        }
    }
    for exception in &group.exceptions {
        lines.push(format!("exception {} over {:?}", exception.name, exception.over));
        self::group(lines, words, model, &exception.group);
        lines.push("end".to_owned());
    }
}

fn read(model: &Model, expr: &Expr, reads: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Input(id) => {
            let input = model.input(*id);
            let must_be: Vec<&str> = input.must_be.iter().map(|(_, words)| words.as_str()).collect();
            reads.push(format!("input {} : {} {must_be:?}", input.name, type_words(model, &input.ty, 0)));
        }
        ExprKind::Reading(id) => {
            let reading = model.reading(*id);
            let members = &model.enumeration(reading.choices).members;
            let choices: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
            reads.push(format!("reading {} {choices:?} {:?}", reading.name, reading.default));
        }
        ExprKind::Property(of, property) => {
            let only = match &of.kind {
                ExprKind::Const(Value::Member(_, number)) => Some(*number as usize),
                _ => None,
            };
            for (number, service) in model.services.iter().enumerate() {
                if only.is_some_and(|only| only != number) {
                    continue;
                }
                let words = match property {
                    Property::RequirementsMet => {
                        for requirement in &service.requires {
                            requirement.walk(&mut |e| read(model, e, reads));
                        }
                        service.requires.iter().map(|r| Words::new(model).expr(r)).collect::<Vec<_>>().join(" and ")
                    }
                    other => service.properties.get(other).map_or(String::new(), |v| v.display(model).to_string()),
                };
                reads.push(format!("service {} {} {words}", service.name, property.name()));
            }
        }
        ExprKind::Const(Value::Holidays(list)) => {
            reads.push(format!("holidays {} {:?} {:?}", list.name, list.holidays, list.covered));
        }
        _ => {}
    }
}

/// Records within records are followed so far.
const MOST_NESTED: usize = 8;

/// A type with the members of its enumeration, which say what can be asked.
fn type_words(model: &Model, ty: &Type, depth: usize) -> String {
    match ty {
        Type::Enum(id) => {
            let members = &model.enumeration(*id).members;
            let mut names: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
            names.sort_unstable();
            format!("{} {names:?}", model.type_name(ty))
        }
        Type::Set(of) | Type::List(of) => format!("{} of {}", model.type_name(ty), type_words(model, of, depth)),
        Type::Record(id) if depth < MOST_NESTED => {
            let fields = model.records.get(id.0 as usize).map_or(&[][..], |r| &r.fields);
            let fields: Vec<String> =
                fields.iter().map(|f| format!("{}: {}", f.name, type_words(model, &f.ty, depth + 1))).collect();
            format!("{} {fields:?}", model.type_name(ty))
        }
        other => model.type_name(other),
    }
}
