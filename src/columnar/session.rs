//! A session: one thread that works out cases by a plan, and remembers what cases come to.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::answers::{Answer, Own, Told};
use super::block::{Block, Kept};
use super::cases::Cases;
use super::keys::{self, RowKeys};
use super::line::{Factor, Lines, Scaled};
use super::memory::{Cell, SPECIAL};
use super::number::{KNOWN, Lane, Values};
use super::one::{Desk, Held, Outcome};
use super::plan::Plan;
use super::single::{self, Like};
use super::sub::SubId;
use crate::eval::Reason;
use crate::value::Value;

/// How many rows are worked out together: few enough to stay in the fastest memory.
const ROWS: usize = 8192;

/// The most combinations of a key and of which answers are the same that are remembered.
const MOST_APART: usize = 1 << 16;

/// The memory of one thread that works out cases by a plan.
#[derive(Debug)]
pub struct Session<'p, 'c> {
    pub(super) plan: &'p Plan<'c>,
    pub(super) kept: Kept,
    /// What single cases are worked out with, once there was one.
    pub(super) desk: Option<Box<Desk>>,
    answered: Vec<Answered>,
    cells: Vec<u32>,
}

/// What one target came to in each of the last cases.
#[derive(Debug, Default)]
struct Answered {
    told: Vec<Told>,
    /// How many of those stay; the others are of single cases.
    lasting: usize,
    /// By place in `told`: how a row's number is worked out from the amount that its formulas are in.
    factors: Vec<Factor>,
    /// Where each of those stands.
    places: HashMap<(Told, Factor), u32, RandomState>,
    /// What rows come to, by their place in the memory.
    tables: Vec<Table>,
    /// What is told of formulas, but for their numbers.
    bases: Vec<Told>,
    /// By base: the scale that its numbers had last, and the place with it.
    last_scaled: Vec<(u32, u32)>,
    /// Where a formula's base stands with a scale.
    scaled: HashMap<(u32, u32), u32, RandomState>,
    /// By key and by which answers are the same: the place of what is told, if rows share it.
    apart: HashMap<(u64, u64), Option<u32>, RandomState>,
    /// Which of `told` each row has.
    cells: Vec<u32>,
    /// Whether any answer is worked out from a row's own amounts.
    has_numbers: bool,
    /// By cell, the place of what is told in the rows at hand.
    here: Vec<u32>,
    /// By cell, the last rows that it was met in.
    stamps: Vec<u32>,
    stamp: u32,
    /// The numbers of rows whose answer is worked out from their own amounts.
    numbers: Vec<i64>,
    /// What none of them is greater than, whatever its sign.
    most: u64,
    offsets: Vec<i32>,
    /// What single cases came to, and their rows.
    alone: Vec<(usize, Told)>,
}

/// What rows come to where that is told by a place alone, for amounts of one scale.
#[derive(Debug)]
struct Table {
    /// The scale of the amounts; 0 where there are none.
    scale: u32,
    /// The formulas in such amounts.
    scaled: Option<Scaled>,
    /// By key where each has a place in the memory, else by cell: the place in `told`; [`SPECIAL`] where it is not known.
    /// Its length is one of those that [`keys::looked_up`] knows.
    places: Vec<u32>,
}

/// What is worked out for some rows: a target, by its sub and by its table for the amounts at hand.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    target: usize,
    sub: SubId,
    table: usize,
    /// Where the rows start.
    from: usize,
}

/// What the targets came to, row by row.
#[derive(Debug)]
pub struct Answers<'s> {
    answered: &'s [Answered],
    rows: usize,
}

impl<'p, 'c> Session<'p, 'c> {
    pub(super) fn new(plan: &'p Plan<'c>) -> Self {
        let has_numbers = |sub: &Option<SubId>| sub.is_some_and(|id| !plan.shapes.subs[id.index()].formulas.is_empty());
        let answered = plan.subs.iter().map(|sub| Answered { has_numbers: has_numbers(sub), ..Answered::default() });
        let answered = answered.collect();
        Session { plan, kept: Kept::new(plan), desk: None, answered, cells: Vec::new() }
    }

    /// Works out every target for every case.
    pub fn evaluate(&mut self, cases: &Cases) -> Answers<'_> {
        let rows = cases.rows();
        self.answered.iter_mut().for_each(|answered| answered.clear(rows));
        let mut from = 0;
        while from < rows {
            let to = rows.min(from + ROWS);
            let mut block = Block::new(self.plan, cases, from, to);
            for target in 0..self.answered.len() {
                match self.plan.subs[target] {
                    Some(sub) => self.columns(&mut block, target, sub, from),
                    None => (0..to - from).for_each(|row| self.alone(&block, target, row, from)),
                }
            }
            from = to;
        }
        self.answered.iter_mut().for_each(Answered::close);
        Answers { answered: &self.answered, rows }
    }

    /// What is told of the places that [`one`](Self::one) gives, and of those that the last
    /// [`evaluate`](Self::evaluate) gave.
    pub fn told(&self, target: usize) -> &[Told] {
        self.answered.get(target).map_or(&[], |answered| &answered.told)
    }

    /// The answer of one case: a value, or the first reason and the reasons in words.
    pub fn answer(&self, target: usize, outcome: Outcome) -> Option<Result<Value, (Reason, &str)>> {
        answer(self.told(target).get(outcome.told as usize)?, outcome.own)
    }

    /// The place of what is told of a target's formula whose numbers have this scale.
    pub(super) fn place_with_scale(&mut self, target: usize, base: u32, scale: u32) -> u32 {
        self.answered.get_mut(target).map_or(0, |answered| answered.with_scale(base, scale))
    }

    /// What one case comes to, by the place of cases like it and the amount that the target's formulas are in; `None`
    /// where no such case was met, or the number is not to be worked out so.
    #[inline]
    pub(super) fn in_table(&self, target: usize, slot: usize, amount: Held) -> Option<Outcome> {
        let answered = self.answered.get(target)?;
        let table = answered.tables.iter().find(|table| table.scale == amount.scale())?;
        let told = table.places.get(slot).copied().filter(|place| *place != SPECIAL)?;
        let mut outcome = Outcome { told, ..Outcome::default() };
        if let Some(scaled) = &table.scaled {
            let factor = answered.factors.get(told as usize).copied().unwrap_or_default();
            outcome.own.number = scaled.result(factor, amount.value)?;
            outcome.own.offset = amount.offset();
            if amount.state() != KNOWN && factor.times != 0 {
                return None;
            }
        }
        Some(outcome)
    }

    /// Evaluates a row by itself.
    fn alone(&mut self, block: &Block, target: usize, row: usize, from: usize) {
        let plan = self.plan;
        let Some(wanted) = plan.targets().get(target) else { return };
        let told = single::told(plan.checked(), &block.facts(row), wanted, plan.tells_clauses());
        self.answered[target].alone.push((from + row, told));
    }

    /// Works out a target for the rows of a block, which start at `from`.
    fn columns(&mut self, block: &mut Block, target: usize, sub: SubId, from: usize) {
        if self.kept.memories[sub.index()].is_off() {
            return (0..block.rows()).for_each(|row| self.alone(block, target, row, from));
        }
        let lines = self.plan.lines[target].as_ref();
        if lines.is_none() && self.answered[target].has_numbers {
            return self.formulas(block, target, sub, from);
        }
        let amounts = lines.map(|lines| block.lane(&mut self.kept, lines.base));
        let scale = amounts.as_ref().map_or(0, |amounts| amounts.scale);
        let Some(table) = self.answered[target].table(lines, scale) else {
            return self.formulas(block, target, sub, from);
        };
        let alone = self.answered[target].alone.len();
        self.looked_up(block, Wanted { target, sub, table, from }, amounts.as_deref());
        if let Some(amounts) = amounts {
            if self.results(block, target, &amounts, from, table).is_none() {
                self.answered[target].alone.truncate(alone);
                self.formulas(block, target, sub, from);
            }
        }
    }

    /// Notes the place of what is told of each row.
    fn looked_up(&mut self, block: &mut Block, wanted: Wanted, amounts: Option<&Lane>) {
        let Wanted { target, sub, table, from } = wanted;
        let rows = block.rows();
        let (keys, beyond) = block.keys(&mut self.kept, sub);
        let memory = &self.kept.memories[sub.index()];
        let answered = &mut self.answered[target];
        let places = &answered.tables[table].places;
        let at = |slot: usize| places.get(slot).copied().unwrap_or(SPECIAL);
        let out = &mut answered.cells[from..from + rows];
        match &keys {
            RowKeys::Same(key) => out.fill(at(memory.slot(*key))),
            RowKeys::Narrow(keys) => keys::looked_up(keys, places, SPECIAL, out),
            RowKeys::Wide(keys) => out.iter_mut().zip(keys).for_each(|(out, key)| *out = at(memory.slot(*key))),
        }
        if let Some(beyond) = &beyond {
            out.iter_mut().zip(beyond).filter(|(_, beyond)| **beyond != 0).for_each(|(out, _)| *out = SPECIAL);
        }
        if out.contains(&SPECIAL) {
            for row in 0..rows {
                if self.answered[target].cells[from + row] != SPECIAL {
                    continue;
                }
                let is_beyond = beyond.as_ref().is_some_and(|beyond| beyond[row] != 0);
                let place = if is_beyond { None } else { self.place(block, wanted, keys.of(row), row) };
                let place = place.or_else(|| match amounts {
                    Some(amounts) if !is_beyond => self.apart(block, wanted, keys.of(row), row, amounts),
                    _ => None,
                });
                match place {
                    Some(place) => self.answered[target].cells[from + row] = place,
                    None => self.alone(block, target, row, from),
                }
            }
        }
        self.kept.memories[sub.index()].met(rows);
        self.kept.give_back(keys);
    }

    /// The place of what is told of a row with a key, now known for all rows like it; `None` where each is to be evaluated
    /// by itself.
    fn place(&mut self, block: &mut Block, wanted: Wanted, key: u64, row: usize) -> Option<u32> {
        let Wanted { target, sub, table, .. } = wanted;
        let plan = self.plan;
        let answered = &mut self.answered[target];
        let cell = block.cell(&mut self.kept, sub, key, row, &mut |block, kept, row| {
            answered.came_to(plan, target, block, kept, sub, row)
        });
        let memory = &self.kept.memories[sub.index()];
        let place = match memory.cells.get((cell as usize).checked_sub(1)?)? {
            Cell::Told(place) => *place,
            Cell::Formula(number, base) => {
                let scaled = answered.tables[table].scaled.as_ref()?;
                let (factor, scale) = (scaled.factor(*number)?, scaled.scale);
                let mut told = answered.bases.get(*base as usize)?.clone();
                if let Answer::Number(_, own) = &mut told.answer {
                    *own = scale;
                }
                answered.lasting_with(told, factor)
            }
            _ => return None,
        };
        let slot = memory.slot(key);
        let places = &mut answered.tables[table].places;
        if places.len() <= slot {
            let size = memory.dense().map_or(0, <[u32]>::len).max(slot + 1);
            places.resize(keys::length_for(size), SPECIAL);
        }
        places[slot] = place;
        Some(place)
    }

    /// The place of what is told of a row by its key and by which answers are the same for its amount; `None` where it is
    /// to be evaluated by itself.
    fn apart(&mut self, block: &Block, wanted: Wanted, key: u64, row: usize, amounts: &Lane) -> Option<u32> {
        let Wanted { target, sub, table, .. } = wanted;
        let plan = self.plan;
        let memory = &self.kept.memories[sub.index()];
        let Cell::Compared = memory.cells.get((memory.get(key) as usize).checked_sub(1)?)? else { return None };
        let answered = &mut self.answered[target];
        let scaled = answered.tables[table].scaled.as_ref()?;
        let pattern = plan.apart[target].as_ref()?.pattern(scaled, amounts, row)?;
        if let Some(known) = answered.apart.get(&(key, pattern)) {
            return *known;
        }
        let told = single::told(plan.checked(), &block.facts(row), &plan.targets()[target], plan.tells_clauses());
        // Values are each row's own, and so are conflicts, which are told with the values.
        let is_shared = matches!(told.answer, Answer::Undetermined(Reason::Missing, _));
        let place = is_shared.then(|| answered.lasting(told));
        if answered.apart.len() < MOST_APART {
            answered.apart.insert((key, pattern), place);
        }
        place
    }

    /// The numbers of the rows, worked out from one amount; `None` where one might not be held.
    fn results(&mut self, block: &Block, target: usize, amounts: &Lane, from: usize, table: usize) -> Option<()> {
        let rows = block.rows();
        let Answered { cells, numbers, offsets, factors, tables, most, .. } = &mut self.answered[target];
        let (cells, numbers) = (cells.get(from..from + rows)?, numbers.get_mut(from..from + rows)?);
        *most = tables[table].scaled.as_ref()?.results(amounts, factors, cells, numbers)?.max(*most);
        if !amounts.offsets.is_empty() {
            offsets[from..from + rows].iter_mut().enumerate().for_each(|(row, slot)| *slot = amounts.offset(row));
        }
        if amounts.state.is_some() {
            let is_from = |row: usize| factors.get(cells[row] as usize).is_some_and(|factor| factor.times != 0);
            let unknown: Vec<usize> = (0..rows).filter(|row| amounts.state(*row) != KNOWN && is_from(*row)).collect();
            unknown.into_iter().for_each(|row| self.alone(block, target, row, from));
        }
        Some(())
    }

    /// Works out a target whose formulas are in several numbers, each worked out for the rows that need it.
    fn formulas(&mut self, block: &mut Block, target: usize, sub: SubId, from: usize) {
        let plan = self.plan;
        let mut cells = std::mem::take(&mut self.cells);
        let answered = &mut self.answered[target];
        answered.most = u64::MAX;
        block.cells(&mut self.kept, sub, &mut cells, &mut |block, kept, row| {
            answered.came_to(plan, target, block, kept, sub, row)
        });
        let formulas = self.met(block, target, sub, &cells);
        let answered = &mut self.answered[target];
        let mut all_told = true;
        for (out, cell) in answered.cells[from..].iter_mut().zip(&cells) {
            let place = answered.here.get(*cell as usize).copied().unwrap_or(SPECIAL);
            all_told &= place != SPECIAL;
            *out = place;
        }
        if !all_told {
            for row in 0..cells.len() {
                if self.answered[target].cells[from + row] == SPECIAL {
                    self.alone(block, target, row, from);
                }
            }
        }
        for (cell, lane) in formulas {
            self.formula(block, target, &lane, &cells, cell, from);
        }
        self.cells = cells;
    }

    /// The cells of some rows whose answers are a formula's numbers, with the numbers. Notes the places of what is told
    /// of each cell.
    fn met<'b>(
        &mut self,
        block: &mut Block<'b, '_>,
        target: usize,
        sub: SubId,
        cells: &[u32],
    ) -> Vec<(u32, Rc<Lane<'b>>)> {
        let answered = &mut self.answered[target];
        let told = &self.kept.memories[sub.index()].told;
        answered.here.truncate(told.len());
        answered.here.extend(told.iter().skip(answered.here.len()));
        answered.stamps.resize(told.len(), 0);
        answered.stamp = answered.stamp.wrapping_add(1);
        let mut met = Vec::new();
        // Often all rows are of one cell.
        let first = cells.first().copied().unwrap_or(0);
        let is_one = cells.iter().fold(true, |one, cell| one & (*cell == first));
        for cell in if is_one { &cells[..cells.len().min(1)] } else { cells } {
            let Some(stamp) = answered.stamps.get_mut(*cell as usize) else { continue };
            if *stamp != answered.stamp {
                *stamp = answered.stamp;
                met.push(*cell);
            }
        }
        let mut formulas = Vec::new();
        for cell in met {
            let memory = &self.kept.memories[sub.index()];
            let Some(Cell::Formula(number, base)) = memory.cells.get((cell as usize).wrapping_sub(1)) else { continue };
            let (number, base) = (*number, *base);
            let lane = block.lane(&mut self.kept, number);
            let answered = &mut self.answered[target];
            let place = answered.with_scale(base, lane.scale);
            if let Some(here) = answered.here.get_mut(cell as usize) {
                *here = place;
            }
            formulas.push((cell, lane));
        }
        formulas
    }

    /// The numbers of the rows of one cell.
    fn formula(&mut self, block: &Block, target: usize, lane: &Lane, cells: &[u32], cell: u32, from: usize) {
        let answered = &mut self.answered[target];
        let numbers = answered.numbers.get_mut(from..from + cells.len()).unwrap_or_default();
        let is_one = cells.iter().fold(true, |one, own| one & (*own == cell));
        if let (true, Values::Long(values)) = (is_one && lane.state.is_none(), &lane.values) {
            numbers.copy_from_slice(values);
            return self.offsets(target, lane, cells, cell, from);
        }
        let slots = numbers.iter_mut().zip(cells);
        let put = |slot: &mut i64, own: u32, value: i64| *slot = if own == cell { value } else { *slot };
        match &lane.values {
            Values::Long(values) => slots.zip(values.iter()).for_each(|((slot, own), value)| put(slot, *own, *value)),
            Values::Short(values) => {
                slots.zip(values.iter()).for_each(|((slot, own), value)| put(slot, *own, i64::from(*value)));
            }
            Values::Same(value) => slots.for_each(|(slot, own)| put(slot, *own, *value)),
        }
        self.offsets(target, lane, cells, cell, from);
        if lane.state.is_some() {
            let own = cells.iter().enumerate().filter(|(_, own)| **own == cell).map(|(row, _)| row);
            own.filter(|row| lane.state(*row) != KNOWN).for_each(|row| self.alone(block, target, row, from));
        }
    }
}

impl Session<'_, '_> {
    /// The offsets of the rows of one cell, whose numbers are date-times.
    fn offsets(&mut self, target: usize, lane: &Lane, cells: &[u32], cell: u32, from: usize) {
        if !lane.offsets.is_empty() {
            let rows = self.answered[target].offsets[from..].iter_mut().zip(cells).enumerate();
            rows.filter(|(_, (_, own))| **own == cell).for_each(|(row, (slot, _))| *slot = lane.offset(row));
        }
    }
}

impl Answered {
    /// Makes room for some rows. What stood there before is written over, or is of no meaning.
    fn clear(&mut self, rows: usize) {
        self.told.truncate(self.lasting);
        self.cells.resize(rows, 0);
        if self.has_numbers {
            self.numbers.resize(rows, 0);
            self.offsets.resize(rows, 0);
        }
        self.most = 0;
        self.alone.clear();
    }

    /// What the rows of a block that are like one of them come to.
    fn came_to(
        &mut self,
        plan: &Plan,
        target: usize,
        block: &mut Block,
        kept: &mut Kept,
        sub: SubId,
        row: usize,
    ) -> Cell {
        let Some(wanted) = plan.targets().get(target) else { return Cell::Alone };
        let facts = block.facts(row);
        let own = &plan.shapes.subs[sub.index()];
        let mut is = |place: usize, value: &Value| block.gives(kept, sub, place, row, value);
        match single::like(plan.checked(), &facts, own, &mut is) {
            Like::Compared if plan.apart[target].is_some() => Cell::Compared,
            Like::Alone | Like::Compared => Cell::Alone,
            Like::Same => Cell::Told(self.lasting(single::told(plan.checked(), &facts, wanted, plan.tells_clauses()))),
            Like::Formula(place) => {
                let told = single::told(plan.checked(), &facts, wanted, plan.tells_clauses());
                self.bases.push(single::with_number(told, &own.ty));
                let base = self.bases.len() as u32 - 1;
                own.formulas.get(place).map_or(Cell::Alone, |(_, number)| Cell::Formula(*number, base))
            }
        }
    }

    /// The table for amounts of a scale; `None` where a formula's results might not be held.
    fn table(&mut self, lines: Option<&Lines>, scale: u32) -> Option<usize> {
        if let Some(table) = self.tables.iter().position(|table| table.scale == scale) {
            return Some(table);
        }
        let scaled = match lines {
            Some(lines) => Some(lines.scaled(scale)?),
            None => None,
        };
        self.tables.push(Table { scale, scaled, places: Vec::new() });
        Some(self.tables.len() - 1)
    }

    /// The place of what is told of many cases.
    fn lasting(&mut self, told: Told) -> u32 {
        self.lasting_with(told, Factor::default())
    }

    /// The place of what is told of many cases, and how their numbers are worked out.
    fn lasting_with(&mut self, told: Told, factor: Factor) -> u32 {
        let place = self.told.len() as u32;
        match self.places.entry((told, factor)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                self.told.push(free.key().0.clone());
                self.factors.resize(place as usize, Factor::default());
                self.factors.push(factor);
                self.lasting = self.told.len();
                *free.insert(place)
            }
        }
    }

    /// The place of what is told of a formula whose numbers have this scale.
    fn with_scale(&mut self, base: u32, scale: u32) -> u32 {
        // Most often it is the scale that the formula had last.
        if let Some((_, place)) = self.last_scaled.get(base as usize).filter(|(last, _)| *last == scale) {
            return *place;
        }
        let place = self.found_with_scale(base, scale);
        if self.last_scaled.len() <= base as usize {
            self.last_scaled.resize(base as usize + 1, (u32::MAX, 0));
        }
        self.last_scaled[base as usize] = (scale, place);
        place
    }

    fn found_with_scale(&mut self, base: u32, scale: u32) -> u32 {
        if let Some(place) = self.scaled.get(&(base, scale)) {
            return *place;
        }
        let Some(mut told) = self.bases.get(base as usize).cloned() else { return 0 };
        if let Answer::Number(_, own) = &mut told.answer {
            *own = scale;
        }
        let place = self.lasting(told);
        self.scaled.insert((base, scale), place);
        place
    }

    /// Puts what single cases came to behind what stays.
    fn close(&mut self) {
        for (row, told) in std::mem::take(&mut self.alone) {
            self.cells[row] = self.told.len() as u32;
            self.told.push(told);
        }
    }
}

/// What is told, with the case's own part: a value, or the first reason and the reasons in words.
fn answer(told: &Told, own: Own) -> Option<Result<Value, (Reason, &str)>> {
    match &told.answer {
        Answer::Undetermined(reason, why) => Some(Err((*reason, why))),
        answer => answer.value(own).map(Ok),
    }
}

impl Answers<'_> {
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// What is told of each answer of a target; [`cells`](Self::cells) says which of them a row has.
    pub fn told(&self, target: usize) -> &[Told] {
        self.answered.get(target).map_or(&[], |answered| &answered.told)
    }

    /// How many of those, from the first, stay where they are as long as the session lives.
    pub fn lasting(&self, target: usize) -> usize {
        self.answered.get(target).map_or(0, |answered| answered.lasting)
    }

    /// For each row the place of its answer in [`told`](Self::told).
    pub fn cells(&self, target: usize) -> &[u32] {
        self.answered.get(target).map_or(&[], |answered| &answered.cells)
    }

    /// For each row its number, where what is told is [`Answer::Number`]; anything elsewhere, and empty where no row has
    /// one. Dates are days since
    /// 1970-01-01, date-times seconds since 1970-01-01T00:00Z.
    pub fn numbers(&self, target: usize) -> &[i64] {
        self.answered.get(target).map_or(&[], |answered| &answered.numbers)
    }

    /// What no number of a target is greater than, whatever its sign.
    pub fn most(&self, target: usize) -> u64 {
        self.answered.get(target).map_or(0, |answered| answered.most)
    }

    /// For each row whose number is a date-time: by how many seconds its local time is ahead of UTC.
    pub fn offsets(&self, target: usize) -> &[i32] {
        self.answered.get(target).map_or(&[], |answered| &answered.offsets)
    }

    /// A row's own part of its answer; anything where what is told is no [`Answer::Number`].
    #[inline]
    pub fn own(&self, target: usize, row: usize) -> Own {
        Own {
            number: self.numbers(target).get(row).copied().unwrap_or(0),
            offset: self.offsets(target).get(row).copied().unwrap_or(0),
        }
    }

    /// The answer of a row: a value, or the first reason and the reasons in words.
    pub fn answer(&self, target: usize, row: usize) -> Option<Result<Value, (Reason, &str)>> {
        let told = self.told(target).get(*self.cells(target).get(row)? as usize)?;
        answer(told, self.own(target, row))
    }
}
