//! Some rows of the cases: their numbers, their atoms, and what they come to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::atom::{Atom, AtomId, MOST_INTERNED};
use super::cases::{Cases, Column, Keys};
use super::clock;
use super::keys::{self, Codes, FEW, RowKeys, Term, segments};
use super::memory::{Cell, Memory};
use super::number::{self, BEYOND, KNOWN, Lane, NumberId, NumberKind, UNKNOWN, Values};
use super::plan::Plan;
use super::single;
use super::sub::SubId;
use crate::model::{BuiltinBody, Type};
use crate::scenario::Facts;
use crate::value::Value;

/// The numbers that a thread gives to values of an input, as it meets them.
pub type Interned = HashMap<Value, u32, RandomState>;

/// Some rows, and what was worked out of them so far.
pub struct Block<'b, 'c> {
    pub plan: &'b Plan<'c>,
    pub cases: &'b Cases<'b>,
    from: usize,
    to: usize,
    lanes: Vec<Option<Rc<Lane<'b>>>>,
    codes: Vec<Option<Rc<Codes>>>,
}

/// What a thread keeps from block to block.
#[derive(Debug)]
pub struct Kept {
    /// By sub.
    pub memories: Vec<Memory>,
    /// By atom.
    pub interned: Vec<Interned>,
    /// The keys of the rows of a block.
    narrow: Vec<u16>,
    wide: Vec<u64>,
}

/// A row's cell where it is to be evaluated by itself.
pub const ALONE: u32 = u32::MAX;

impl Kept {
    pub fn new(plan: &Plan) -> Self {
        let atoms_of = |sub: &super::sub::Sub| -> Vec<&Atom> {
            sub.atoms.iter().map(|id| &plan.shapes.atoms[id.index()]).collect()
        };
        Kept {
            memories: plan.shapes.subs.iter().map(|sub| Memory::new(&atoms_of(sub))).collect(),
            interned: plan.shapes.atoms.iter().map(|_| Interned::default()).collect(),
            narrow: Vec::new(),
            wide: Vec::new(),
        }
    }

    /// Keys are no longer needed: their room can be used again.
    pub fn give_back(&mut self, keys: RowKeys) {
        match keys {
            RowKeys::Same(_) => {}
            RowKeys::Narrow(keys) => self.narrow = keys,
            RowKeys::Wide(keys) => self.wide = keys,
        }
    }
}

impl<'b, 'c> Block<'b, 'c> {
    pub fn new(plan: &'b Plan<'c>, cases: &'b Cases<'b>, from: usize, to: usize) -> Self {
        let (numbers, atoms) = (plan.shapes.numbers.len(), plan.shapes.atoms.len());
        Block {
            plan,
            cases,
            from,
            to,
            lanes: vec![None; numbers],
            codes: std::iter::repeat_with(|| None).take(atoms).collect(),
        }
    }

    pub fn rows(&self) -> usize {
        self.to - self.from
    }

    /// The facts of a row of the block.
    pub fn facts(&self, row: usize) -> Facts {
        self.cases.facts(&self.plan.checked().model, self.plan.shared(), self.from + row)
    }

    /// The keys of the rows in the memory of a sub, and 1 for rows that are to be evaluated by themselves.
    pub fn keys(&mut self, kept: &mut Kept, sub: SubId) -> (RowKeys, Option<Vec<u8>>) {
        let plan = self.plan;
        let mut beyond: Option<Vec<u8>> = None;
        let mut terms = Vec::with_capacity(plan.shapes.subs[sub.index()].atoms.len());
        for (place, id) in plan.shapes.subs[sub.index()].atoms.iter().enumerate() {
            let term = self.term(kept, *id);
            if let Term::Codes(codes) = &term {
                match (&mut beyond, &codes.beyond) {
                    (_, None) => {}
                    (None, Some(own)) => beyond = Some(own.clone()),
                    (Some(all), Some(own)) => all.iter_mut().zip(own).for_each(|(all, own)| *all |= own),
                }
            }
            terms.push((term, kept.memories[sub.index()].strides[place]));
        }
        let keys = if kept.memories[sub.index()].dense().is_some() {
            keys::added(&terms, self.rows(), std::mem::take(&mut kept.narrow)).map(RowKeys::Narrow)
        } else {
            keys::added(&terms, self.rows(), std::mem::take(&mut kept.wide)).map(RowKeys::Wide)
        };
        (keys.unwrap_or_else(RowKeys::Same), beyond)
    }

    /// The number of the cell of each row in the memory of a sub, filled where such a case was not met yet; [`ALONE`]
    /// for rows that are to be evaluated by themselves. `fill` gives what a row comes to.
    pub fn cells(
        &mut self,
        kept: &mut Kept,
        sub: SubId,
        out: &mut Vec<u32>,
        fill: &mut dyn FnMut(&mut Self, &mut Kept, usize) -> Cell,
    ) {
        let rows = self.rows();
        out.clear();
        if kept.memories[sub.index()].is_off() {
            out.resize(rows, ALONE);
            return;
        }
        let (keys, beyond) = self.keys(kept, sub);
        let memory = &kept.memories[sub.index()];
        match &keys {
            RowKeys::Same(key) => out.resize(rows, memory.get(*key)),
            RowKeys::Narrow(keys) => {
                let places = memory.dense().unwrap_or_default();
                out.extend(keys.iter().map(|key| places.get(usize::from(*key)).copied().unwrap_or(0)));
            }
            RowKeys::Wide(keys) => out.extend(keys.iter().map(|key| memory.get(*key))),
        }
        if let Some(beyond) = &beyond {
            out.iter_mut().zip(beyond).filter(|(_, beyond)| **beyond != 0).for_each(|(cell, _)| *cell = ALONE);
        }
        if out.contains(&0) {
            for (row, cell) in out.iter_mut().enumerate().filter(|(_, cell)| **cell == 0) {
                *cell = self.cell(kept, sub, keys.of(row), row, fill);
            }
        }
        kept.memories[sub.index()].met(rows);
        kept.give_back(keys);
    }

    /// The number of the cell of a row with a key, filled if such a case was not met yet; [`ALONE`] if there is no room.
    pub fn cell(
        &mut self,
        kept: &mut Kept,
        sub: SubId,
        key: u64,
        row: usize,
        fill: &mut dyn FnMut(&mut Self, &mut Kept, usize) -> Cell,
    ) -> u32 {
        let known = kept.memories[sub.index()].get(key);
        if known != 0 {
            return known;
        }
        let found = fill(self, kept, row);
        match kept.memories[sub.index()].put(key, found) {
            0 => ALONE,
            cell => cell,
        }
    }

    /// What an atom adds to the keys.
    fn term(&mut self, kept: &mut Kept, id: AtomId) -> Term<'b> {
        let plan = self.plan;
        match &plan.shapes.atoms[id.index()] {
            Atom::Code(input, members) => {
                if let Some(Column::Codes { keys: Keys::U8(codes), map }) = self.cases.column(*input) {
                    let codes = codes.get(self.from..self.to).unwrap_or_default();
                    let used = map.get(..=usize::from(keys::greatest(codes)));
                    // A code that is no member's is for the rows that have it.
                    let are_members = used.unwrap_or(map).iter().all(|code| code <= members);
                    if are_members && codes.len() == self.rows() {
                        return match used.and_then(keys::in_order) {
                            Some(more) => Term::InOrder(codes, more),
                            None => Term::Bytes(codes, map),
                        };
                    }
                }
            }
            Atom::Given(input) => {
                let lane = number::fact(self.cases, plan.shared(), *input, self.from, self.to);
                if lane.state.is_none() {
                    return Term::Same(1);
                }
            }
            // What several subs look at is worked out once.
            Atom::Segment(number, cuts) if plan.shapes.uses[id.index()] == 1 && cuts.len() <= FEW => {
                let lane = self.lane(kept, *number);
                if lane.state.is_none() && !matches!(lane.values, Values::Same(_)) {
                    let thresholds = cuts.iter().map(|cut| cut.threshold(lane.scale)).collect();
                    return Term::Steps(lane, thresholds);
                }
            }
            _ => {}
        }
        let codes = self.codes(kept, id);
        let first = codes.codes.first().copied().unwrap_or(0);
        let is_same = codes.beyond.is_none() && codes.codes.iter().all(|code| *code == first);
        if is_same { Term::Same(first) } else { Term::Codes(codes) }
    }

    fn codes(&mut self, kept: &mut Kept, id: AtomId) -> Rc<Codes> {
        if let Some(codes) = &self.codes[id.index()] {
            return codes.clone();
        }
        let codes = Rc::new(self.work_out(kept, id));
        self.codes[id.index()] = Some(codes.clone());
        codes
    }

    fn work_out(&mut self, kept: &mut Kept, id: AtomId) -> Codes {
        let plan = self.plan;
        let rows = self.rows();
        match &plan.shapes.atoms[id.index()] {
            Atom::Code(input, members) => {
                let code = |value: Option<&Value>| match value {
                    None => 0,
                    Some(Value::Member(_, member)) => member.saturating_add(1),
                    Some(Value::YesNo(yes)) => u32::from(*yes) + 1,
                    Some(_) => 0,
                };
                let codes = match self.cases.column(*input) {
                    None => vec![code(plan.shared().get(*input)); rows],
                    Some(Column::Codes { keys, map }) => {
                        let code = |row: usize| map.get(keys.get(row)?).copied();
                        (self.from..self.to).map(|row| code(row).unwrap_or(0)).collect()
                    }
                    Some(column) => {
                        let ty = &plan.checked().model.input(*input).ty;
                        (self.from..self.to).map(|row| code(column.value(ty, row).as_ref())).collect()
                    }
                };
                let stranger = |code: &u32| u8::from(code > members);
                let strange = codes.iter().any(|code| code > members);
                Codes { beyond: strange.then(|| codes.iter().map(stranger).collect()), codes }
            }
            Atom::Given(input) => {
                let lane = number::fact(self.cases, plan.shared(), *input, self.from, self.to);
                let mut codes = match &lane.state {
                    None => vec![1; rows],
                    Some(state) => state.iter().map(|state| u32::from(*state != UNKNOWN)).collect(),
                };
                let beyond = judged(&lane.state, &mut codes);
                Codes { codes, beyond }
            }
            Atom::Segment(number, cuts) => {
                let lane = self.lane(kept, *number);
                let thresholds: Vec<i64> = cuts.iter().map(|cut| cut.threshold(lane.scale)).collect();
                let mut codes = segments(&lane, &thresholds, rows);
                let beyond = judged(&lane.state, &mut codes);
                Codes { codes, beyond }
            }
            Atom::Order(a, b) => {
                let (a, b) = (self.lane(kept, *a), self.lane(kept, *b));
                let difference = number::sum(&a, &b, true, rows);
                let mut codes: Vec<u32> = match &difference.values {
                    Values::Long(values) => values.iter().map(|d| 2 + u32::from(*d > 0) - u32::from(*d < 0)).collect(),
                    _ => vec![0; rows],
                };
                let beyond = judged(&difference.state, &mut codes);
                Codes { codes, beyond }
            }
            Atom::Interned(input) => {
                let ty = &plan.checked().model.input(*input).ty;
                let known = &mut kept.interned[id.index()];
                let mut beyond: Option<Vec<u8>> = None;
                let mut codes = Vec::with_capacity(rows);
                for row in 0..rows {
                    let value = match self.cases.column(*input) {
                        None => plan.shared().get(*input).map(Cow::Borrowed),
                        Some(Column::Values(values)) => {
                            values.get(self.from + row).and_then(Option::as_ref).map(Cow::Borrowed)
                        }
                        Some(column) => column.value(ty, self.from + row).map(Cow::Owned),
                    };
                    let code = match &value {
                        None => 0,
                        Some(value) => match known.get(value.as_ref()) {
                            Some(code) => *code,
                            None if (known.len() as u32) + 1 < MOST_INTERNED => {
                                let code = known.len() as u32 + 1;
                                known.insert(value.clone().into_owned(), code);
                                code
                            }
                            None => {
                                beyond.get_or_insert_with(|| vec![0; rows])[row] = 1;
                                0
                            }
                        },
                    };
                    codes.push(code);
                }
                Codes { codes, beyond }
            }
            Atom::Alone(input) => {
                let given = |row: usize| match self.cases.column(*input) {
                    None => plan.shared().get(*input).is_some(),
                    Some(Column::Values(values)) => values.get(self.from + row).is_some_and(Option::is_some),
                    Some(_) => true,
                };
                let beyond: Vec<u8> = (0..rows).map(|row| u8::from(given(row))).collect();
                Codes { codes: vec![0; rows], beyond: beyond.contains(&1).then_some(beyond) }
            }
        }
    }

    /// A number of the rows.
    pub fn lane(&mut self, kept: &mut Kept, id: NumberId) -> Rc<Lane<'b>> {
        if let Some(lane) = &self.lanes[id.index()] {
            return lane.clone();
        }
        let plan = self.plan;
        let number = &plan.shapes.numbers[id.index()];
        let rows = self.rows();
        let lane = match &number.kind {
            NumberKind::Fact(input) => number::fact(self.cases, plan.shared(), *input, self.from, self.to),
            NumberKind::Const(value) => number::constant(value, rows),
            NumberKind::Add(a, b) => number::sum(&self.lane(kept, *a), &self.lane(kept, *b), false, rows),
            NumberKind::Subtract(a, b) => number::sum(&self.lane(kept, *a), &self.lane(kept, *b), true, rows),
            NumberKind::Share(share, of) => number::share(&self.lane(kept, *share), &self.lane(kept, *of), rows),
            NumberKind::DaysBetween(from, to) => {
                number::days_between(&self.lane(kept, *from), &self.lane(kept, *to), rows)
            }
            NumberKind::MoveDays(date, days, earlier) => {
                number::move_days(&self.lane(kept, *date), &self.lane(kept, *days), *earlier, rows)
            }
            NumberKind::Apply(apply, args) => {
                let lanes: Vec<Rc<Lane>> = args.iter().map(|arg| self.lane(kept, *arg)).collect();
                let types = args.iter().map(|arg| &plan.shapes.numbers[arg.index()].ty);
                let args: Vec<(&Lane, &Type)> = lanes.iter().map(Rc::as_ref).zip(types).collect();
                number::apply(apply, &args, &number.ty, rows)
            }
            NumberKind::Sub(sub) => self.of_sub(kept, *sub),
            NumberKind::Clock(function, args, sub) => {
                let lanes: Vec<Rc<Lane>> = args.iter().map(|arg| self.lane(kept, *arg)).collect();
                let types: Vec<&Type> = args.iter().map(|arg| &plan.shapes.numbers[arg.index()].ty).collect();
                self.of_clock(kept, function.0.body, &lanes, &types, *sub)
            }
        };
        let lane = Rc::new(lane);
        self.lanes[id.index()] = Some(lane.clone());
        lane
    }

    /// The cells of a sub that a number is worked out from.
    fn inner(&mut self, kept: &mut Kept, sub: SubId) -> Vec<u32> {
        let mut cells = Vec::new();
        self.cells(kept, sub, &mut cells, &mut |block, kept, row| {
            let (facts, plan) = (block.facts(row), block.plan);
            let mut is = |place: usize, value: &Value| block.gives(kept, sub, place, row, value);
            single::cell(plan.checked(), &facts, &plan.shapes.subs[sub.index()], &mut is)
        });
        cells
    }

    /// Whether a formula of a sub gives a value in a row.
    pub fn gives(&mut self, kept: &mut Kept, sub: SubId, place: usize, row: usize, value: &Value) -> bool {
        let plan = self.plan;
        let Some((_, number)) = plan.shapes.subs[sub.index()].formulas.get(place) else { return false };
        let lane = self.lane(kept, *number);
        lane.value(&plan.shapes.subs[sub.index()].ty, row).as_ref() == Some(value)
    }

    fn of_sub(&mut self, kept: &mut Kept, sub: SubId) -> Lane<'b> {
        let cells = self.inner(kept, sub);
        let mut found = Vec::with_capacity(cells.len());
        for (row, cell) in cells.into_iter().enumerate() {
            let cell = if cell == ALONE { None } else { kept.memories[sub.index()].cells.get(cell as usize - 1) };
            found.push(match cell.cloned() {
                Some(Cell::Held(number, scale, offset)) => Ok((number, scale, offset)),
                Some(Cell::Unknown) => Err(UNKNOWN),
                Some(Cell::Formula(number, _)) => {
                    let lane = self.lane(kept, number);
                    match lane.state(row) {
                        KNOWN => Ok((lane.get(row), lane.scale, lane.offset(row))),
                        state => Err(state),
                    }
                }
                _ => Err(BEYOND),
            });
        }
        let offsets = plan_type(self.plan, sub) == &Type::DateTime;
        number::gathered(&found, offsets, self.rows())
    }

    fn of_clock(
        &mut self,
        kept: &mut Kept,
        body: BuiltinBody,
        args: &[Rc<Lane>],
        types: &[&Type],
        sub: SubId,
    ) -> Lane<'b> {
        let cells = self.inner(kept, sub);
        let BuiltinBody::Clock(body) = body else { return Lane::unknown(BEYOND, self.rows()) };
        let args: Vec<(&Lane, &Type)> = args.iter().map(Rc::as_ref).zip(types.iter().copied()).collect();
        clock::asked(body, &args, &kept.memories[sub.index()], &cells)
    }
}

fn plan_type<'b>(plan: &'b Plan, sub: SubId) -> &'b Type {
    &plan.shapes.subs[sub.index()].ty
}

/// Marks rows that are not known with 0. Gives those that cannot be held.
fn judged(state: &Option<Cow<[u8]>>, codes: &mut [u32]) -> Option<Vec<u8>> {
    let state = state.as_ref()?;
    codes.iter_mut().zip(state.iter()).filter(|(_, state)| **state != KNOWN).for_each(|(code, _)| *code = 0);
    state.contains(&BEYOND).then(|| state.iter().map(|state| u8::from(*state == BEYOND)).collect())
}
