//! The same rows through an earlier edition: facts carried over by their names, answers compared row by row.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::batch::tally::{Changes, Tally};
use crate::batch::understand::{Reader, Terms};
use crate::batch::write::changed;
use crate::batch::{Piece, Reject};
use crate::columnar::{Answer, Answers, Cases, Column, Keys, Own, Plan, Session, Told};
use crate::compare::{Edition, Names};
use crate::model::{InputId, Model, Type};
use crate::value::Value;

/// An earlier edition, to compare with.
#[derive(Clone)]
pub struct Earlier<'a> {
    pub plan: &'a Plan<'a>,
    /// For each target of the later plan the place of the same target in this one; `None` where there is none.
    pub targets: Vec<Option<usize>>,
    pub names: &'a Names,
    /// Inputs that are fed, by their numbers in the later edition and in this one.
    pub inputs: Vec<(InputId, InputId)>,
    /// How facts are read that only this edition asks for; without bindings if there are none.
    pub terms: Terms<'a>,
}

/// One worker's part in the comparison.
pub struct Compared<'w> {
    earlier: &'w Earlier<'w>,
    plan: &'w Plan<'w>,
    reader: Reader<'w>,
    session: Session<'w, 'w>,
}

impl<'w> Compared<'w> {
    pub fn new(earlier: &'w Earlier<'w>, plan: &'w Plan<'w>) -> Self {
        Compared { earlier, plan, reader: Reader::new(earlier.terms.clone()), session: earlier.plan.session() }
    }

    /// Rows that the later edition understands and this one does not.
    pub fn rejects(&mut self, piece: &Piece, later: &mut Reader) -> Vec<Reject> {
        if self.earlier.terms.bindings.is_empty() {
            return Vec::new();
        }
        let leave_out: Vec<u64> = later.understand(piece, &[]).rejects.iter().map(|reject| reject.row).collect();
        let mut rejects = self.reader.understand(piece, &leave_out).rejects;
        let title = self.earlier.plan.checked().model.title();
        rejects.iter_mut().for_each(|reject| reject.why = format!("for {title}: {}", reject.why));
        rejects
    }

    /// What the earlier edition comes to in the same cases; `rejected` are rows of the piece that are not among them.
    pub fn evaluate(&mut self, piece: &Piece, cases: &Cases, rejected: &[u64]) -> Answers<'_> {
        let (later, own) = (&self.plan.checked().model, &self.earlier.plan.checked().model);
        let mut carried = Cases::new(cases.rows());
        for (from, to) in &self.earlier.inputs {
            if let Some(column) = cases.column(*from) {
                let (from, to_type) = (&later.input(*from).ty, &own.input(*to).ty);
                if let Some(column) = carry(self.earlier.names, column, (later, from), (own, to_type), cases.rows()) {
                    carried.give(*to, column);
                }
            }
        }
        if self.earlier.terms.bindings.is_empty() {
            return self.session.evaluate(&carried);
        }
        let understood = self.reader.understand(piece, rejected);
        for binding in self.earlier.terms.bindings {
            if let Some(column) = understood.cases.column(binding.input) {
                carried.give(binding.input, borrowed(column));
            }
        }
        self.session.evaluate(&carried)
    }

    /// What is compared with what.
    pub fn editions(&self) -> (&'w Earlier<'w>, &'w Plan<'w>) {
        (self.earlier, self.plan)
    }
}

impl Earlier<'_> {
    /// Counts what changes, in the whole and in the groups.
    pub(super) fn count(&self, plan: &Plan, after: &Answers, before: &Answers, groups: &[Cow<str>], tally: &mut Tally) {
        let model = &plan.checked().model;
        for (target, old) in self.targets.iter().enumerate() {
            let Some(old) = *old else { continue };
            let ty = &plan.targets()[target].expr.ty;
            let mut whole = Changes::default();
            let mut of_groups: HashMap<&str, Changes> = HashMap::new();
            // Most rows have one of few pairs of answers.
            let mut known: HashMap<(u32, u32), bool> = HashMap::new();
            for row in 0..after.rows() {
                let (Some(is), Some(was)) = (told(after, target, row), told(before, old, row)) else { continue };
                let own = &self.plan.checked().model;
                let differ = || changed((is.1, is.2), model, (was.1, was.2), own, self.names);
                let each = matches!(is.1.answer, Answer::Number(..)) || matches!(was.1.answer, Answer::Number(..));
                if !if each { differ() } else { *known.entry((is.0, was.0)).or_insert_with(differ) } {
                    whole.same += 1;
                    continue;
                }
                let (Some(was_known), Some(is_known)) = (before.answer(old, row), after.answer(target, row)) else {
                    continue;
                };
                let (was, is) = (text(own, was.1, &was_known), text(model, is.1, &is_known));
                let (was, is) = (
                    (was_known.as_ref().map_err(|(_, why)| *why), &*was),
                    (is_known.as_ref().map_err(|(_, why)| *why), &*is),
                );
                whole.change(model, ty, was, is, 1);
                if let Some(group) = groups.get(row) {
                    of_groups.entry(group).or_default().change(model, ty, was, is, 1);
                }
            }
            tally.answers[target].changes = Some(whole);
            for (name, group) in &mut tally.groups {
                let mut changes = of_groups.remove(name.as_str()).unwrap_or_default();
                changes.same = group.rows - changes.changed;
                group.answers[target].changes = Some(changes);
            }
        }
    }
}

/// What is told of a row's answer, its place, and its number where each row has its own.
fn told<'t>(answers: &'t Answers, target: usize, row: usize) -> Option<(u32, &'t Told, Own)> {
    let cell = *answers.cells(target).get(row)?;
    Some((cell, answers.told(target).get(cell as usize)?, answers.own(target, row)))
}

/// An answer in words.
fn text<'t>(model: &Model, told: &'t Told, answer: &Result<Value, (crate::eval::Reason, &'t str)>) -> Cow<'t, str> {
    match (&told.answer, answer) {
        (Answer::Value(_, text), _) => Cow::Borrowed(text),
        (_, Ok(value)) => Cow::Owned(value.display(model).to_string()),
        (_, Err((_, why))) => Cow::Borrowed(why),
    }
}

/// A column of facts as the other edition has it; `None` if it takes none of them.
fn carry<'c>(
    names: &Names,
    column: &'c Column,
    (later, from): (&Model, &Type),
    (own, to): (&Model, &Type),
    rows: usize,
) -> Option<Column<'c>> {
    let translated = |value: &Value| names.translate(value, later, (own, Edition::Old));
    match (column, from, to) {
        (Column::Codes { keys, map }, Type::Enum(id), Type::Enum(own_id)) => {
            let member = |code: &u32| {
                let value = Value::Member(*id, code.checked_sub(1)?);
                match translated(&value)? {
                    Value::Member(of, member) if of == *own_id => Some(member + 1),
                    _ => None,
                }
            };
            // A member that the other edition does not have is a fact that it is not given.
            let map: Vec<u32> = map.iter().map(|code| member(code).unwrap_or(0)).collect();
            Some(Column::Codes { keys: reborrowed(keys), map: Cow::Owned(map) })
        }
        (Column::Values(_), ..) | (_, Type::Enum(_), _) => {
            let value = |row: usize| translated(&column.value(from, row)?);
            let values: Vec<Option<Value>> = (0..rows).map(value).collect();
            from_fits(from, to).then_some(Column::Values(values))
        }
        _ => from_fits(from, to).then(|| borrowed(column)),
    }
}

/// Whether facts of one type are facts of the other as they stand. Types of the editions' own are known by translation.
fn from_fits(from: &Type, to: &Type) -> bool {
    let is_own = |ty: &Type| matches!(ty, Type::Enum(_) | Type::Record(_) | Type::Quantity(_) | Type::Log);
    match (from, to) {
        (Type::Set(from), Type::Set(to)) | (Type::List(from), Type::List(to)) => from_fits(from, to),
        (from, to) if is_own(from) => std::mem::discriminant(from) == std::mem::discriminant(to),
        (from, to) => from.fits(to),
    }
}

fn borrowed<'c>(column: &'c Column) -> Column<'c> {
    let given = |given: &'c Option<Cow<[u8]>>| given.as_ref().map(|given| Cow::Borrowed(&**given));
    match column {
        Column::Codes { keys, map } => Column::Codes { keys: reborrowed(keys), map: Cow::Borrowed(map) },
        Column::Days { days, given: g } => Column::Days { days: Cow::Borrowed(days), given: given(g) },
        Column::Scaled { values, scale, given: g } => {
            Column::Scaled { values: Cow::Borrowed(values), scale: *scale, given: given(g) }
        }
        Column::Instants { seconds, offsets, given: g } => {
            Column::Instants { seconds: Cow::Borrowed(seconds), offsets: Cow::Borrowed(offsets), given: given(g) }
        }
        Column::Values(values) => Column::Values(values.clone()),
    }
}

fn reborrowed<'c>(keys: &'c Keys) -> Keys<'c> {
    match keys {
        Keys::U8(keys) => Keys::U8(Cow::Borrowed(keys)),
        Keys::U16(keys) => Keys::U16(Cow::Borrowed(keys)),
        Keys::U32(keys) => Keys::U32(Cow::Borrowed(keys)),
    }
}
