//! What a decision means, without its citations, labels and place, and whether it means the same in both editions:
//! then its answers need no trying.

use std::collections::HashMap;

use crate::check::needed_by;
use crate::model::{Body, DecisionId, DecisionKind, Expr, ExprKind, Group, Hit, Model, Property, Type, Words};
use crate::value::Value;

/// Decisions of the new edition that mean the same as those of that name in the old one, all they rest on included.
pub(super) struct Same {
    /// By decision of the new edition.
    known: Vec<bool>,
}

impl Same {
    pub fn of(old: &Model, new: &Model) -> Same {
        let before: HashMap<&str, usize> =
            old.decisions.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
        let mut known: Vec<bool> = new
            .decisions
            .iter()
            .enumerate()
            .map(|(i, decision)| {
                let Some(j) = before.get(decision.name.as_str()) else { return false };
                own(new, i) == own(old, *j)
            })
            .collect();
        // What rests on something that changed may have changed.
        let needs: Vec<Vec<DecisionId>> = (0..new.decisions.len()).map(|i| needed_by(new, i)).collect();
        loop {
            let mut changed = false;
            for i in 0..known.len() {
                if known[i] && needs[i].iter().any(|id| !known[id.index()]) {
                    (known[i], changed) = (false, true);
                }
            }
            if !changed {
                return Same { known };
            }
        }
    }

    pub fn is(&self, id: DecisionId) -> bool {
        self.known.get(id.index()).copied().unwrap_or(false)
    }
}

/// The decision's own rules in words, and what it reads directly: facts with their types, readings, services.
fn own(model: &Model, index: usize) -> Vec<String> {
    let decision = &model.decisions[index];
    let mut lines = vec![format!("{} : {}", decision.name, type_words(model, &decision.ty))];
    let words = Words::of(model, decision);
    group(&mut lines, words, &decision.group);
    match &decision.kind {
        DecisionKind::Plain | DecisionKind::Period => {}
        DecisionKind::Responses(responses) => {
            let names = |ids: &[DecisionId]| ids.iter().map(|id| model.decision(*id).name.clone()).collect::<Vec<_>>();
            let mut by = names(&responses.superseded_by);
            by.sort();
            lines.push(format!("supersedes {:?} superseded by {by:?}", names(&responses.supersedes)));
            lines.extend(responses.when.iter().map(|w| format!("when {}", words.expr(w))));
            for note in &responses.notes {
                let when = note.except_when.as_ref().map_or(String::new(), |w| words.expr(w));
                lines.push(format!("note {} {} {when}", note.column, note.value.display(model)));
            }
        }
        DecisionKind::Milestone(milestone) => {
            lines.extend(words.milestone(milestone).into_iter().map(|(line, _)| line));
        }
        DecisionKind::Process(process) => {
            lines.extend(process.transitions.iter().map(|t| words.transition(process, t)));
        }
    }
    let mut reads = Vec::new();
    decision.walk(&mut |expr| read(model, expr, &mut reads));
    if matches!(decision.kind, DecisionKind::Milestone(_) | DecisionKind::Process(_))
        || reads.iter().any(|line| line.starts_with("asks a calendar"))
    {
        for calendar in &model.calendars {
            let words = Words::new(model);
            reads.push(format!("calendar {}", calendar.name));
            reads.extend(words.calendar(calendar).into_iter().map(|(line, _)| line));
        }
    }
    reads.sort();
    reads.dedup();
    lines.extend(reads);
    lines
}

fn group(lines: &mut Vec<String>, words: Words, group: &Group) {
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
                Hit::Priority(values) => format!("priority {values:?}"),
            };
            lines.push(format!("hit {hit}"));
            lines.push(words.headings(table).join(" | "));
            for row in table.rows.iter().chain(&table.otherwise) {
                let (left, right) = words.row(row);
                lines.push(format!("{} || {}", left.join(" | "), right.join(" | ")));
            }
        }
    }
    for exception in &group.exceptions {
        lines.push(format!("exception {} over {:?}", exception.name, exception.over));
        self::group(lines, words, &exception.group);
        lines.push("end".to_owned());
    }
}

fn read(model: &Model, expr: &Expr, reads: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Input(id) => {
            let input = model.input(*id);
            let must_be: Vec<&str> = input.must_be.iter().map(|(_, words)| words.as_str()).collect();
            reads.push(format!("input {} : {} {must_be:?}", input.name, type_words(model, &input.ty)));
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
                        service.requires.iter().map(|r| Words::new(model).expr(r)).collect::<Vec<_>>().join(" and ")
                    }
                    other => service.properties.get(other).map_or(String::new(), |v| v.display(model).to_string()),
                };
                reads.push(format!("service {} {} {words}", service.name, property.name()));
            }
        }
        ExprKind::Call(function, _) if matches!(function.body, crate::model::BuiltinBody::Clock(_)) => {
            reads.push("asks a calendar".to_owned());
        }
        _ => {}
    }
}

/// A type with the members of its enumeration, which say what can be asked.
fn type_words(model: &Model, ty: &Type) -> String {
    match ty {
        Type::Enum(id) => {
            let members = &model.enumeration(*id).members;
            let mut names: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
            names.sort_unstable();
            format!("{} {names:?}", model.type_name(ty))
        }
        Type::Set(of) | Type::List(of) => format!("{} of {}", model.type_name(ty), type_words(model, of)),
        Type::Record(id) => {
            let fields = model.records.get(id.0 as usize).map_or(&[][..], |r| &r.fields);
            let fields: Vec<String> =
                fields.iter().map(|f| format!("{}: {}", f.name, model.type_name(&f.ty))).collect();
            format!("{} {fields:?}", model.type_name(ty))
        }
        other => model.type_name(other),
    }
}
