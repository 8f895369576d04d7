//! Columns of marks in the service matrix: what a decision gives for each service and each member of an enumeration.

use serde_json::{Value as Json, json};

use super::answer::why_text;
use super::catalogue::mark;
use super::value::{labels_json, named};
use crate::check::{Checked, marked_service};
use crate::diag::did_you_mean;
use crate::eval::{Known, outcome};
use crate::model::{DecisionId, Expr, ExprKind, InputId, Marks, Model, OFFERINGS, ReadingId, SERVICES, Type};
use crate::scenario::Facts;
use crate::value::{EnumId, Value};

/// What the columns show.
#[derive(Debug)]
pub struct Columns {
    pub decision: DecisionId,
    pub by: InputId,
    of: EnumId,
    /// The members that have a column; those that are silent of every service have none.
    members: Vec<u32>,
    /// By service, then by member as in `members`.
    cells: Vec<Vec<Cell>>,
    notes: Vec<Note>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub offer: Offer,
    /// The number of its footnote.
    pub note: Option<usize>,
}

/// What a service is for one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Offer {
    /// Number of a member of [`OFFERINGS`].
    Of(u32),
    /// The agreement does not say.
    Silent,
    /// It is not determined.
    Open(Known),
}

/// Why a mark is not simply so.
#[derive(Clone, Debug, PartialEq)]
enum Note {
    /// It rests on how readings are chosen; the other choices, with what they give.
    Rests {
        on: Vec<(ReadingId, Option<u32>)>,
        else_: Vec<(ReadingId, u32, Offer)>,
    },
    Open(Known),
}

impl Cell {
    /// A mark without a footnote.
    pub fn plain(offering: Option<u32>) -> Cell {
        Cell { offer: offering.map_or(Offer::Silent, Offer::Of), note: None }
    }
}

impl Offer {
    fn of(answer: Known) -> Offer {
        match answer {
            Ok(Value::Member(OFFERINGS, offering)) => Offer::Of(offering),
            Err(why) if why.is_only_silence() => Offer::Silent,
            other => Offer::Open(other),
        }
    }

    fn text(&self, model: &Model, lang: &str) -> String {
        match self {
            Offer::Of(offering) => mark(Some(*offering)).to_owned(),
            Offer::Silent => "no mark".to_owned(),
            Offer::Open(Err(why)) => why_text(model, why, lang),
            Offer::Open(Ok(value)) => value.display(model).to_string(),
        }
    }
}

/// The columns that the agreement declares.
pub fn columns_of(checked: &Checked) -> Option<Columns> {
    let Marks { decision, by, .. } = checked.model.agreement.as_ref()?.marks?;
    let service = marked_service(&checked.model, decision, by).ok()?;
    Some(evaluated(checked, decision, by, service))
}

/// The columns of a decision and an input, by their names.
///
/// # Errors
/// What is wrong with the names, or why the two give no columns.
pub fn columns(checked: &Checked, mark: &str, by: &str) -> Result<Columns, String> {
    let model = &checked.model;
    let near =
        |name: &str, names: Vec<&str>| did_you_mean(name, names).map_or(String::new(), |near| format!("; {near}"));
    let decision = model.decision_named(mark).ok_or_else(|| {
        let names = model.decisions.iter().filter(|d| d.ty == Type::Enum(OFFERINGS)).map(|d| d.name.as_str());
        format!("these rules decide nothing called `{mark}`{}", near(mark, names.collect()))
    })?;
    let input = model.input_named(by).ok_or_else(|| {
        let names = model.inputs.iter().map(|i| i.name.as_str());
        format!("these rules have no input called `{by}`{}", near(by, names.collect()))
    })?;
    let service = marked_service(model, decision, input)?;
    Ok(evaluated(checked, decision, input, service))
}

fn evaluated(checked: &Checked, decision: DecisionId, by: InputId, service: InputId) -> Columns {
    let model = &checked.model;
    let Type::Enum(of) = model.input(by).ty else {
        return Columns { decision, by, of: OFFERINGS, members: vec![], cells: vec![], notes: vec![] };
    };
    let target = Expr {
        kind: ExprKind::Decision(decision, 0),
        ty: model.decision(decision).ty.clone(),
        span: model.decision(decision).name_span,
    };
    let all = 0..model.enumeration(of).members.len() as u32;
    let mut notes: Vec<Note> = Vec::new();
    let mut cells: Vec<Vec<Cell>> = (0..model.services.len() as u32)
        .map(|number| {
            let cell = |member: u32| {
                let mut facts = Facts::none(model);
                facts.give(service, Value::Member(SERVICES, number));
                facts.give(by, Value::Member(of, member));
                cell(checked, &facts, &target, &mut notes)
            };
            all.clone().map(cell).collect()
        })
        .collect();
    let silent = |cell: &Cell| cell.offer == Offer::Silent && cell.note.is_none();
    let members: Vec<u32> =
        all.filter(|m| cells.iter().any(|row| row.get(*m as usize).is_some_and(|cell| !silent(cell)))).collect();
    for row in &mut cells {
        *row = members.iter().filter_map(|m| row.get(*m as usize).cloned()).collect();
    }
    Columns { decision, by, of, members, cells, notes }
}

fn cell(checked: &Checked, facts: &Facts, target: &Expr, notes: &mut Vec<Note>) -> Cell {
    let model = &checked.model;
    let found = outcome(checked, facts, target);
    let offer = Offer::of(found.answer.clone());
    let note = match &offer {
        Offer::Open(answer) => Some(Note::Open(answer.clone())),
        _ => {
            // A reading is told only where another choice would give another mark.
            let mut on = Vec::new();
            let mut else_ = Vec::new();
            for (id, choice) in &found.readings {
                let choices = model.enumeration(model.reading(*id).choices).members.len() as u32;
                let others = (0..choices).filter(|other| Some(*other) != *choice).filter_map(|other| {
                    let mut facts = facts.clone();
                    facts.choose(*id, other);
                    let other_offer = Offer::of(outcome(checked, &facts, target).answer);
                    (other_offer != offer).then_some((*id, other, other_offer))
                });
                let others: Vec<_> = others.collect();
                if !others.is_empty() {
                    on.push((*id, *choice));
                    else_.extend(others);
                }
            }
            (!on.is_empty()).then_some(Note::Rests { on, else_ })
        }
    };
    let note = note.map(|note| {
        notes.iter().position(|known| *known == note).unwrap_or_else(|| {
            notes.push(note);
            notes.len() - 1
        })
    });
    Cell { offer, note }
}

impl Columns {
    /// What stands above the columns.
    pub fn headings(&self, model: &Model, lang: &str) -> Vec<String> {
        let members = self.members.iter().filter_map(|m| model.member(self.of, *m));
        members.map(|m| m.labels.in_language(lang).unwrap_or(&m.name).to_owned()).collect()
    }

    /// The members that have a column.
    pub fn members(&self) -> impl Iterator<Item = (EnumId, u32)> + '_ {
        self.members.iter().map(|member| (self.of, *member))
    }

    /// The marks of a service.
    pub fn row(&self, service: u32) -> impl Iterator<Item = &Cell> {
        self.cells.get(service as usize).into_iter().flatten()
    }

    /// The footnotes, in order.
    pub fn notes(&self, model: &Model, lang: &str) -> Vec<String> {
        let choice = |id: ReadingId, choice: u32| {
            let member = model.member(model.reading(id).choices, choice);
            member.map_or(String::new(), |m| named(&m.name, Some(&m.labels), lang))
        };
        let note = |note: &Note| match note {
            Note::Open(Err(why)) => why_text(model, why, lang),
            Note::Open(Ok(value)) => value.display(model).to_string(),
            Note::Rests { on, else_ } => {
                let on: Vec<String> = on
                    .iter()
                    .map(|(id, chosen)| {
                        let chosen = chosen.map_or("open".to_owned(), |chosen| choice(*id, chosen));
                        format!("{} = {chosen}", model.reading(*id).name)
                    })
                    .collect();
                let else_: Vec<String> = else_
                    .iter()
                    .map(|(id, other, offer)| {
                        let of = if on.len() > 1 { format!("{} = ", model.reading(*id).name) } else { String::new() };
                        format!("{} if {of}{}", offer.text(model, lang), choice(*id, *other))
                    })
                    .collect();
                format!("rests on reading {}; {}", on.join(", "), else_.join("; "))
            }
        };
        self.notes.iter().map(note).collect()
    }

    /// What the columns are, for programs.
    pub fn heads_json(&self, model: &Model) -> Json {
        let member = |m: &u32| {
            let member = model.member(self.of, *m)?;
            Some(json!({ "name": member.name, "labels": labels_json(&member.labels) }))
        };
        json!({
            "decision": model.decision(self.decision).name,
            "input": model.input(self.by).name,
            "members": self.members.iter().filter_map(member).collect::<Vec<_>>(),
        })
    }

    /// The marks of a service, for programs.
    pub fn json(&self, model: &Model, service: u32) -> Json {
        let cell = |(cell, member): (&Cell, &u32)| {
            let offered = match cell.offer {
                Offer::Of(offering) => Some(offering),
                Offer::Silent | Offer::Open(_) => None,
            };
            let why = match &cell.offer {
                Offer::Open(Err(why)) => Some(why_text(model, why, "en")),
                _ => None,
            };
            let note = cell.note.and_then(|note| self.notes.get(note));
            let name = |id: ReadingId, choice: Option<u32>| {
                choice.and_then(|c| model.member(model.reading(id).choices, c)).map(|m| m.name.clone())
            };
            let rests = match note {
                Some(Note::Rests { on, .. }) => on
                    .iter()
                    .map(|(id, choice)| json!({ "reading": model.reading(*id).name, "choice": name(*id, *choice) }))
                    .collect(),
                _ => Vec::new(),
            };
            json!({
                "column": model.member(self.of, *member).map(|m| &m.name),
                "offered": offered.and_then(|o| model.member(OFFERINGS, o)).map(|m| &m.name),
                "mark": mark(offered),
                "notDetermined": why,
                "restsOn": rests,
            })
        };
        self.row(service).zip(&self.members).map(cell).collect()
    }
}
