//! One case at a time, from typed facts: the same plan and the same memory as for many, without columns.

mod program;
mod slot;
mod worked;

use super::answers::Own;
use super::block::Kept;
use super::cases::{Cases, Column, Keys};
use super::memory::{Cell, SPECIAL};
use super::number::{KNOWN, held};
use super::plan::Plan;
use super::session::Session;
use crate::model::{InputId, Type};
use crate::value::Value;
use program::Program;
use slot::Slot;
pub(super) use worked::Held;

/// One fact, as numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fact {
    #[default]
    Missing,
    /// A member's number, or 0 for no and 1 for yes.
    Member(u32),
    /// A date, in days since 1970-01-01.
    Day(i32),
    /// A number of any measure, as a whole multiple of 10 to the power of `-scale`; the scale is at most 18.
    Number { value: i64, scale: u32 },
    /// Seconds since 1970-01-01T00:00Z, and by how many seconds the local time is ahead of UTC.
    Instant { seconds: i64, offset: i32 },
}

impl Fact {
    /// A value as a typed fact; `None` of values that are no numbers, or too long for 64 bits.
    pub fn of(value: &Value) -> Option<Fact> {
        Some(match value {
            Value::YesNo(yes) => Fact::Member(u32::from(*yes)),
            Value::Member(_, member) => Fact::Member(*member),
            value => match (value, held(value)?) {
                (Value::Date(_), (day, ..)) => Fact::Day(i32::try_from(day).ok()?),
                (Value::DateTime(_), (seconds, _, offset)) => Fact::Instant { seconds, offset },
                (_, (value, scale, _)) => Fact::Number { value, scale },
            },
        })
    }
}

/// The typed facts of one case, by input.
#[derive(Clone, Debug)]
pub struct Case {
    facts: Vec<Slot>,
}

/// What a target comes to in one case: the place of what is told of it, and its number where that is
/// [`Answer::Number`](super::Answer::Number).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub told: u32,
    pub own: Own,
}

/// What one case is worked out with. It is laid out for the first case.
#[derive(Debug)]
pub(super) struct Desk {
    /// `None` where each case is evaluated by itself.
    program: Option<Program>,
    outcomes: Vec<Outcome>,
}

impl Case {
    /// A case without facts, for the inputs of a plan's rules.
    pub fn new(plan: &Plan) -> Self {
        Case { facts: vec![Slot::MISSING; plan.checked().model.inputs.len()] }
    }

    #[inline]
    pub fn give(&mut self, input: InputId, fact: Fact) {
        if let Some(slot) = self.facts.get_mut(input.index()) {
            *slot = Slot::new(fact);
        }
    }

    #[inline]
    fn get(&self, input: InputId) -> Slot {
        self.facts.get(input.index()).copied().unwrap_or(Slot::MISSING)
    }

    /// The case as a row of its own.
    fn row(&self, plan: &Plan) -> Cases<'static> {
        let mut cases = Cases::new(1);
        for (index, fact) in self.facts.iter().enumerate() {
            let input = InputId(index as u32);
            let column = match fact.fact() {
                // What a case does not give may be given for all.
                Fact::Missing => continue,
                Fact::Member(member) => {
                    Column::Codes { keys: Keys::U8(vec![0].into()), map: vec![member.saturating_add(1)].into() }
                }
                Fact::Day(day) => Column::Days { days: vec![day].into(), given: None },
                Fact::Number { value, scale } => Column::Scaled { values: vec![value].into(), scale, given: None },
                Fact::Instant { seconds, offset } => {
                    Column::Instants { seconds: vec![seconds].into(), offsets: vec![offset].into(), given: None }
                }
            };
            debug_assert!(index < plan.checked().model.inputs.len());
            cases.give(input, column);
        }
        cases
    }
}

impl Session<'_, '_> {
    /// Works out every target for one case. What was met before costs no more than its lookup, and no memory.
    pub fn one(&mut self, case: &Case) -> &[Outcome] {
        let mut desk = self.desk.take().unwrap_or_else(|| Desk::new(self.plan, &self.kept));
        if self.met_before(&mut desk, case).is_none() {
            self.as_a_row(case, &mut desk.outcomes);
        }
        &self.desk.insert(desk).outcomes
    }

    /// What a case comes to as columns of one row.
    #[cold]
    fn as_a_row(&mut self, case: &Case, outcomes: &mut [Outcome]) {
        let row = case.row(self.plan);
        let answers = self.evaluate(&row);
        for (target, outcome) in outcomes.iter_mut().enumerate() {
            let told = answers.cells(target).first().copied().unwrap_or(0);
            *outcome = Outcome { told, own: answers.own(target, 0) };
        }
    }

    /// What cases like this one came to, if such were met for every target.
    #[inline]
    fn met_before(&mut self, desk: &mut Desk, case: &Case) -> Option<()> {
        let program = desk.program.as_mut()?;
        program.worked.next_case();
        for (target, outcome) in desk.outcomes.iter_mut().enumerate() {
            let own = *program.targets.get(target)?;
            let key = program.key(case, own)?;
            let memory = self.kept.memories.get(own.sub.index())?;
            let amount = own.base.map_or(Held::NONE, |base| program.worked.number(case, base));
            if let Some(found) = self.in_table(target, memory.slot(key), amount) {
                *outcome = found;
                continue;
            }
            let cell = memory.get(key) as usize;
            let told = *memory.told.get(cell)?;
            *outcome = if told != SPECIAL {
                Outcome { told, ..Outcome::default() }
            } else {
                // Cells are numbered from 1; what was not met yet has 0.
                let Cell::Formula(number, base) = *memory.cells.get(cell.checked_sub(1)?)? else { return None };
                let held = program.worked.number(case, number);
                if held.state() != KNOWN {
                    return None;
                }
                let told = self.place_with_scale(target, base, held.scale());
                Outcome { told, own: Own { number: held.value, offset: held.offset() } }
            };
        }
        Some(())
    }
}

impl Desk {
    #[cold]
    fn new(plan: &Plan, kept: &Kept) -> Box<Desk> {
        let outcomes = vec![Outcome::default(); plan.targets().len()];
        Box::new(Desk { program: Program::new(plan, kept), outcomes })
    }
}

/// The type of facts that a [`Case`] holds as numbers; other inputs of a plan make it evaluate cases by themselves.
pub fn is_typed(ty: &Type) -> bool {
    matches!(ty, Type::YesNo | Type::Enum(_)) || super::number::holds(ty)
}
