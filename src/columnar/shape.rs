//! What an evaluation can observe of a case. The walk follows the evaluation of single cases and asks of each
//! expression: does it turn on atoms alone, or is it a number that is worked out from the case's own amounts? What
//! is neither (a list compared with a spend, say) is left to the evaluation of single cases.
//!
//! Nothing is evaluated here, and no meaning is written a second time: the answer for each combination of atoms comes
//! from [`eval`](crate::eval), asked once for the first case that has it.

mod expr;
mod rules;

use std::collections::{BTreeSet, HashMap};

use super::atom::{Atom, AtomId, Cut};
use super::number::{Number, NumberId, NumberKind, held, holds, is_whole};
use super::sub::{Sub, SubId, What, Which};
use crate::check::Checked;
use crate::model::{DecisionId, DecisionKind, Group, InputId, Model, Type};
use crate::value::Value;

/// What is too involved for columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Involved;

/// What an expression turns on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Atoms alone.
    Atoms,
    /// Its value is this number; whether it is known turns on atoms alone.
    Number(NumberId),
}

/// What a decision turns on.
#[derive(Clone, Debug, Default)]
pub struct DecisionShape {
    atoms: BTreeSet<AtomId>,
    /// By column: the formulas that may give the answer; none where it turns on atoms alone.
    formulas: Vec<Vec<(Which, NumberId)>>,
    chosen: bool,
    /// This one and those behind it whose answers are worked out from numbers.
    numeric: BTreeSet<DecisionId>,
}

/// What was gathered on the way through an expression.
#[derive(Clone, Debug, Default)]
struct Seen {
    atoms: BTreeSet<AtomId>,
    chosen: bool,
    numeric: BTreeSet<DecisionId>,
}

/// Everything that the subs of a plan are worked out from.
#[derive(Debug)]
pub struct Shapes<'c> {
    checked: &'c Checked,
    pub atoms: Vec<Atom>,
    pub numbers: Vec<Number>,
    pub subs: Vec<Sub<'c>>,
    /// By atom: how many subs look at it.
    pub uses: Vec<u32>,
    decisions: HashMap<DecisionId, Option<DecisionShape>>,
    answers: HashMap<(DecisionId, u32), SubId>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Scene<'c> {
    decision: Option<DecisionId>,
    group: Option<&'c Group>,
}

impl<'c> Shapes<'c> {
    pub fn new(checked: &'c Checked) -> Self {
        let (atoms, numbers, subs) = (Vec::new(), Vec::new(), Vec::new());
        Shapes { checked, atoms, numbers, subs, uses: Vec::new(), decisions: HashMap::new(), answers: HashMap::new() }
    }

    /// What is said twice is dropped: where a number lies says whether it is given. Counts what the subs of the targets,
    /// and those behind their numbers, look at.
    pub fn finish(&mut self, targets: &[SubId]) {
        for sub in &mut self.subs {
            let of_fact = |id: &AtomId| match &self.atoms[id.index()] {
                Atom::Segment(number, _) => match self.numbers[number.index()].kind {
                    NumberKind::Fact(input) => Some(input),
                    _ => None,
                },
                _ => None,
            };
            let placed: Vec<InputId> = sub.atoms.iter().filter_map(of_fact).collect();
            sub.atoms.retain(|id| !matches!(&self.atoms[id.index()], Atom::Given(input) if placed.contains(input)));
        }
        self.uses = vec![0; self.atoms.len()];
        let inner = self.numbers.iter().filter_map(|number| match number.kind {
            NumberKind::Sub(sub) | NumberKind::Clock(_, _, sub) => Some(sub),
            _ => None,
        });
        let subs = inner.chain(targets.iter().copied()).map(|id| &self.subs[id.index()]);
        subs.flat_map(|sub| &sub.atoms).for_each(|id| self.uses[id.index()] += 1);
    }

    fn model(&self) -> &'c Model {
        &self.checked.model
    }

    /// A sub for an answer that is asked for. What is remembered of it is more than of one that numbers need.
    pub fn target(&mut self, id: DecisionId, column: u32) -> Result<SubId, Involved> {
        let inner = self.answer(id, column)?;
        Ok(self.sub(self.subs[inner.index()].clone()))
    }

    /// The sub for an answer of a decision that a number is worked out from.
    fn answer(&mut self, id: DecisionId, column: u32) -> Result<SubId, Involved> {
        if let Some(sub) = self.answers.get(&(id, column)) {
            return Ok(*sub);
        }
        let shape = self.decision(id)?;
        let decision = self.model().decision(id);
        let ty = match decision.kind {
            DecisionKind::Period => Type::Date,
            _ => decision.columns.get(column as usize).map_or(Type::Unknown, |c| c.ty.clone()),
        };
        let formulas = shape.formulas.get(column as usize).cloned().unwrap_or_default();
        let sub = self.sub(Sub {
            what: What::Answer(id, column),
            ty,
            atoms: shape.atoms.into_iter().collect(),
            formulas,
            chosen: shape.chosen,
            numeric: shape.numeric.into_iter().collect(),
        });
        self.answers.insert((id, column), sub);
        Ok(sub)
    }

    fn sub(&mut self, sub: Sub<'c>) -> SubId {
        self.subs.push(sub);
        SubId(self.subs.len() as u32 - 1)
    }

    fn atom(&mut self, atom: Atom, seen: &mut Seen) {
        let place = self.atoms.iter().position(|known| *known == atom).unwrap_or_else(|| {
            self.atoms.push(atom);
            self.atoms.len() - 1
        });
        seen.atoms.insert(AtomId(place as u32));
    }

    /// Cuts through a number: one atom for each number has all of them, so that decisions share it.
    fn cut(&mut self, number: NumberId, cuts: &[Cut], seen: &mut Seen) {
        let place = self.atoms.iter().position(|known| matches!(known, Atom::Segment(of, _) if *of == number));
        let place = place.unwrap_or_else(|| {
            self.atoms.push(Atom::Segment(number, Vec::new()));
            self.atoms.len() - 1
        });
        if let Some(Atom::Segment(_, all)) = self.atoms.get_mut(place) {
            let whole = is_whole(&self.numbers[number.index()].ty);
            all.extend(cuts.iter().map(|cut| if whole { cut.among_whole() } else { *cut }));
            all.sort_unstable_by(Cut::cmp);
            all.dedup_by(|a, b| a.cmp(b).is_eq());
        }
        seen.atoms.insert(AtomId(place as u32));
        self.use_of(number, seen);
    }

    /// A number was looked at: whether it is known matters.
    fn use_of(&self, number: NumberId, seen: &mut Seen) {
        let number = &self.numbers[number.index()];
        seen.atoms.extend(&number.needs);
        seen.chosen |= number.chosen;
    }

    fn number(&mut self, number: Number) -> NumberId {
        let same = |known: &Number| known.kind == number.kind && known.ty == number.ty;
        let place = self.numbers.iter().position(same).unwrap_or_else(|| {
            self.numbers.push(number);
            self.numbers.len() - 1
        });
        NumberId(place as u32)
    }

    /// A number that is worked out from others.
    fn number_of(&mut self, kind: NumberKind, ty: &Type, from: &[NumberId]) -> Result<Shape, Involved> {
        if !holds(ty) {
            return Err(Involved);
        }
        let mut needs = BTreeSet::new();
        let mut chosen = false;
        for id in from {
            needs.extend(&self.numbers[id.index()].needs);
            chosen |= self.numbers[id.index()].chosen;
        }
        Ok(Shape::Number(self.number(Number { kind, ty: ty.clone(), needs, chosen })))
    }

    fn constant(&mut self, value: &Value) -> Result<NumberId, Involved> {
        held(value).ok_or(Involved)?;
        let ty = match value {
            Value::Number(_) => Type::Decimal,
            Value::Percent(_) => Type::Percent,
            Value::Money(currency, _) => Type::Money(Some(*currency)),
            Value::Quantity(unit, _) => Type::Quantity(*unit),
            Value::Duration(_) => Type::Duration,
            Value::Days(_) => Type::Days,
            Value::Months(_) => Type::Months,
            Value::BusinessHours(_) => Type::BusinessHours,
            Value::BusinessDays(_) => Type::BusinessDays,
            Value::Date(_) => Type::Date,
            Value::DateTime(_) => Type::DateTime,
            _ => return Err(Involved),
        };
        let kind = NumberKind::Const(value.clone());
        Ok(self.number(Number { kind, ty, needs: BTreeSet::new(), chosen: false }))
    }
}
