//! Some rows of the cases: their numbers, their atoms, and what they come to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::atom::{Atom, AtomId, MOST_INTERNED};
use super::cases::{Cases, Column, Keys};
use super::clock;
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
    narrow: Vec<u32>,
    wide: Vec<u64>,
}

/// An atom's numbers in the rows of a block.
struct Codes {
    codes: Vec<u32>,
    /// 1 for rows that are to be evaluated by themselves.
    beyond: Option<Vec<u8>>,
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
        let mut beyond: Option<Vec<u8>> = None;
        let dense = kept.memories[sub.index()].dense().is_some();
        let (mut narrow, mut wide) = (std::mem::take(&mut kept.narrow), std::mem::take(&mut kept.wide));
        narrow.clear();
        wide.clear();
        if dense {
            narrow.resize(rows, 0)
        } else {
            wide.resize(rows, 0)
        }
        let plan = self.plan;
        let mut codes: Vec<(&[u8], Box<[u32; 256]>)> = Vec::new();
        for (place, id) in plan.shapes.subs[sub.index()].atoms.iter().enumerate() {
            let stride = kept.memories[sub.index()].strides[place];
            if let (true, Some((bytes, map))) = (dense, self.byte_codes(*id)) {
                codes.push((bytes, steps(map, stride as u32)));
                continue;
            }
            let own = if dense {
                self.add(kept, *id, stride as u32, &mut narrow)
            } else {
                self.add(kept, *id, stride, &mut wide)
            };
            if let Some(own) = own {
                match &mut beyond {
                    None => beyond = Some(own.to_vec()),
                    Some(all) => all.iter_mut().zip(own.iter()).for_each(|(all, own)| *all |= own),
                }
            }
        }
        codes.chunks(4).for_each(|codes| stepped_together(&mut narrow, codes));
        let memory = &kept.memories[sub.index()];
        let mut unmet = false;
        match memory.dense() {
            Some(places) => out.extend(narrow.iter().map(|key| {
                let cell = places.get(*key as usize).copied().unwrap_or(0);
                unmet |= cell == 0;
                cell
            })),
            None => out.extend(wide.iter().map(|key| {
                let cell = memory.get(*key);
                unmet |= cell == 0;
                cell
            })),
        }
        if let Some(beyond) = &beyond {
            out.iter_mut().zip(beyond).filter(|(_, beyond)| **beyond != 0).for_each(|(cell, _)| *cell = ALONE);
        }
        if unmet {
            for row in 0..rows {
                if out[row] != 0 {
                    continue;
                }
                let key = if dense { u64::from(narrow[row]) } else { wide[row] };
                let mut cell = kept.memories[sub.index()].get(key);
                if cell == 0 {
                    let found = fill(self, kept, row);
                    cell = kept.memories[sub.index()].put(key, found);
                }
                out[row] = if cell == 0 { ALONE } else { cell };
            }
        }
        kept.memories[sub.index()].met(rows);
        (kept.narrow, kept.wide) = (narrow, wide);
    }

    /// The codes of an atom, where a byte holds each.
    fn byte_codes(&self, id: AtomId) -> Option<(&'b [u8], &'b [u32])> {
        let Atom::Code(input, members) = &self.plan.shapes.atoms[id.index()] else { return None };
        match self.cases.column(*input) {
            // A code that is no member's is for the rows that have it.
            Some(Column::Codes { keys: Keys::U8(codes), map }) if map.iter().all(|code| code <= members) => {
                Some((codes.get(self.from..self.to)?, map))
            }
            _ => None,
        }
    }

    /// Adds an atom's numbers, times a stride, to the keys. Gives the rows that are to be evaluated by themselves.
    fn add<K: Key>(&mut self, kept: &mut Kept, id: AtomId, stride: K, keys: &mut [K]) -> Option<Rc<Vec<u8>>> {
        let atom = &self.plan.shapes.atoms[id.index()];
        let (from, to) = (self.from, self.to);
        if let Atom::Code(input, members) = atom {
            if let Some(Column::Codes { keys: codes, map }) = self.cases.column(*input) {
                let beyond = match codes {
                    Keys::U8(codes) if codes.len() >= to => stepped(keys, &codes[from..to], map, *members, stride),
                    Keys::U16(codes) if codes.len() >= to => stepped(keys, &codes[from..to], map, *members, stride),
                    Keys::U32(codes) if codes.len() >= to => stepped(keys, &codes[from..to], map, *members, stride),
                    _ => Some(vec![1; self.rows()]),
                };
                return beyond.map(Rc::new);
            }
        }
        if let Atom::Segment(number, cuts) = atom {
            if self.plan.shapes.uses[id.index()] == 1 {
                let lane = self.lane(kept, *number);
                if lane.state.is_none() && cuts.len() <= FEW {
                    let thresholds: Vec<i64> = cuts.iter().map(|cut| cut.threshold(lane.scale)).collect();
                    steps_over(&lane, &thresholds, stride, keys);
                    return None;
                }
            }
        }
        let codes = self.codes(kept, id);
        keys.iter_mut().zip(&codes.codes).for_each(|(key, code)| key.add(stride.times(*code)));
        codes.beyond.as_ref().map(|beyond| Rc::new(beyond.clone()))
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

/// Numbers that rows are looked up by.
trait Key: Copy {
    fn times(self, code: u32) -> Self;
    fn add(&mut self, step: Self);
}

impl Key for u32 {
    // Strides are made so that keys stay below the size of the memory.
    fn times(self, code: u32) -> Self {
        self.wrapping_mul(code)
    }

    fn add(&mut self, step: Self) {
        *self = self.wrapping_add(step);
    }
}

impl Key for u64 {
    fn times(self, code: u32) -> Self {
        self.wrapping_mul(u64::from(code))
    }

    fn add(&mut self, step: Self) {
        *self = self.wrapping_add(step);
    }
}

/// A step for every byte there is, so that none has to be looked for.
fn steps(map: &[u32], stride: u32) -> Box<[u32; 256]> {
    Box::new(std::array::from_fn(|code| map.get(code).map_or(0, |code| stride.wrapping_mul(*code))))
}

/// Adds the steps of up to four atoms in one pass.
fn stepped_together(keys: &mut [u32], codes: &[(&[u8], Box<[u32; 256]>)]) {
    let step = |steps: &[u32; 256], code: u8| steps[usize::from(code)];
    match codes {
        [(a, x), (b, y), (c, z), (d, w)] => {
            let rows = a.iter().zip(*b).zip(*c).zip(*d);
            for (key, (((a, b), c), d)) in keys.iter_mut().zip(rows) {
                key.add(step(x, *a) + step(y, *b) + step(z, *c) + step(w, *d));
            }
        }
        [(a, x), (b, y), (c, z)] => {
            for (key, ((a, b), c)) in keys.iter_mut().zip(a.iter().zip(*b).zip(*c)) {
                key.add(step(x, *a) + step(y, *b) + step(z, *c));
            }
        }
        [(a, x), (b, y)] => {
            for (key, (a, b)) in keys.iter_mut().zip(a.iter().zip(*b)) {
                key.add(step(x, *a) + step(y, *b));
            }
        }
        _ => {
            for (a, x) in codes {
                keys.iter_mut().zip(*a).for_each(|(key, a)| key.add(step(x, *a)));
            }
        }
    }
}

/// Adds the steps of one atom. Gives the rows whose code is no member's.
fn stepped<K: Key, C: Copy + Into<u32>>(
    keys: &mut [K],
    codes: &[C],
    map: &[u32],
    members: u32,
    stride: K,
) -> Option<Vec<u8>> {
    let mut all_known = true;
    for (key, code) in keys.iter_mut().zip(codes) {
        let code = map.get((*code).into() as usize).copied().unwrap_or(u32::MAX);
        all_known &= code <= members;
        key.add(stride.times(code));
    }
    let stranger = |code: &C| map.get((*code).into() as usize).is_none_or(|code| *code > members);
    (!all_known).then(|| codes.iter().map(|code| u8::from(stranger(code))).collect())
}

/// Marks rows that are not known with 0. Gives those that cannot be held.
fn judged(state: &Option<Cow<[u8]>>, codes: &mut [u32]) -> Option<Vec<u8>> {
    let state = state.as_ref()?;
    codes.iter_mut().zip(state.iter()).filter(|(_, state)| **state != KNOWN).for_each(|(code, _)| *code = 0);
    state.contains(&BEYOND).then(|| state.iter().map(|state| u8::from(*state == BEYOND)).collect())
}

/// Adds how many thresholds each number reaches, and one more, times a stride.
fn steps_over<K: Key>(lane: &Lane, thresholds: &[i64], stride: K, keys: &mut [K]) {
    let none = stride.times(0);
    let step = |reached: bool| if reached { stride } else { none };
    keys.iter_mut().for_each(|key| key.add(stride));
    match &lane.values {
        Values::Same(value) => {
            let reached = thresholds.partition_point(|t| t <= value) as u32;
            keys.iter_mut().for_each(|key| key.add(stride.times(reached)));
        }
        Values::Long(values) => {
            for t in thresholds {
                keys.iter_mut().zip(values.iter()).for_each(|(key, value)| key.add(step(value >= t)));
            }
        }
        Values::Short(values) => {
            for t in short(thresholds) {
                keys.iter_mut().zip(values.iter()).for_each(|(key, value)| key.add(step(*value >= t)));
            }
        }
    }
}

/// Thresholds of dates. Dates lie far within 32 bits, and so do the thresholds that they can reach.
fn short(thresholds: &[i64]) -> Vec<i32> {
    let clamp = |t: &i64| i32::try_from(*t).unwrap_or(if *t > 0 { i32::MAX } else { i32::MIN });
    thresholds.iter().map(clamp).collect()
}

/// Few thresholds are counted one by one, more are searched.
const FEW: usize = 8;

/// How many thresholds each number reaches, and one more.
fn segments(lane: &Lane, thresholds: &[i64], rows: usize) -> Vec<u32> {
    match &lane.values {
        Values::Same(value) => vec![1 + thresholds.partition_point(|t| t <= value) as u32; rows],
        Values::Long(values) if thresholds.len() <= FEW => {
            let mut codes = vec![1; rows];
            for threshold in thresholds {
                codes.iter_mut().zip(values.iter()).for_each(|(code, value)| *code += u32::from(value >= threshold));
            }
            codes
        }
        Values::Long(values) => {
            values.iter().map(|value| 1 + thresholds.partition_point(|t| t <= value) as u32).collect()
        }
        Values::Short(values) => {
            let thresholds = short(thresholds);
            if thresholds.len() > FEW {
                return values.iter().map(|value| 1 + thresholds.partition_point(|t| t <= value) as u32).collect();
            }
            let mut codes = vec![1; rows];
            for threshold in &thresholds {
                codes.iter_mut().zip(values.iter()).for_each(|(code, value)| *code += u32::from(value >= threshold));
            }
            codes
        }
    }
}
