//! One case at a time, from typed facts: the same plan and the same memory as for many, without columns.

use super::answers::Own;
use super::atom::{Atom, AtomId};
use super::cases::{Cases, Column, Keys};
use super::memory::Cell;
use super::number::{BEYOND, KNOWN, NumberId, NumberKind, UNKNOWN, fewest, held, power};
use super::plan::Plan;
use super::session::Session;
use super::sub::SubId;
use crate::model::{InputId, Type};
use crate::value::Value;

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
    facts: Vec<Fact>,
}

/// What a target comes to in one case: the place of what is told of it, and its number where that is
/// [`Answer::Number`](super::Answer::Number).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub told: u32,
    pub own: Own,
}

/// What was worked out of the case at hand.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Counts cases, so that nothing has to be cleared between them.
    case: u64,
    codes: Vec<(u64, u32)>,
    numbers: Vec<(u64, Held)>,
    /// By number: what a percentage that is the same in all cases multiplies with, and its places.
    factors: Vec<Option<(i64, u32)>>,
    /// By atom: its thresholds at the scale they were last wanted for.
    thresholds: Vec<(u32, Vec<i64>)>,
    outcomes: Vec<Outcome>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Held {
    value: i64,
    scale: u32,
    offset: i32,
    state: u8,
}

/// The case of numbers that are the same in all.
const ALWAYS: u64 = u64::MAX;

impl Held {
    fn of(found: Option<(i64, u32, i32)>) -> Held {
        match found {
            Some((value, scale, offset)) => Held { value, scale, offset, state: KNOWN },
            None => Held { state: BEYOND, ..Held::default() },
        }
    }
}

impl Case {
    /// A case without facts, for the inputs of a plan's rules.
    pub fn new(plan: &Plan) -> Self {
        Case { facts: vec![Fact::Missing; plan.checked().model.inputs.len()] }
    }

    pub fn give(&mut self, input: InputId, fact: Fact) {
        if let Some(slot) = self.facts.get_mut(input.index()) {
            *slot = fact;
        }
    }

    fn get(&self, input: InputId) -> Fact {
        self.facts.get(input.index()).copied().unwrap_or_default()
    }

    /// The case as a row of its own.
    fn row(&self, plan: &Plan) -> Cases<'static> {
        let mut cases = Cases::new(1);
        for (index, fact) in self.facts.iter().enumerate() {
            let input = InputId(index as u32);
            let column = match *fact {
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
        let plan = self.plan;
        let mut desk = std::mem::take(&mut self.desk);
        desk.case += 1;
        if desk.outcomes.len() < plan.targets().len() {
            desk.lay(plan);
        }
        let mut all = true;
        for target in 0..plan.targets().len() {
            match plan.subs[target].and_then(|sub| self.met_before(&mut desk, case, target, sub)) {
                Some(outcome) => desk.outcomes[target] = outcome,
                None => {
                    all = false;
                    break;
                }
            }
        }
        if !all {
            let row = case.row(plan);
            let answers = self.evaluate(&row);
            for (target, outcome) in desk.outcomes.iter_mut().enumerate() {
                *outcome =
                    Outcome { told: answers.cells(target).first().copied().unwrap_or(0), own: answers.own(target, 0) };
            }
        }
        self.desk = desk;
        &self.desk.outcomes
    }

    /// What cases like this one came to, if one was met.
    fn met_before(&mut self, desk: &mut Desk, case: &Case, target: usize, sub: SubId) -> Option<Outcome> {
        let plan = self.plan;
        let memory = &self.kept.memories[sub.index()];
        let mut key = 0_u64;
        for (id, stride) in plan.shapes.subs[sub.index()].atoms.iter().zip(&memory.strides) {
            key = key.wrapping_add(u64::from(desk.code(plan, case, *id)?).wrapping_mul(*stride));
        }
        match memory.cells.get((memory.get(key) as usize).checked_sub(1)?)? {
            Cell::Told(place) => Some(Outcome { told: *place, ..Outcome::default() }),
            Cell::Formula(number, base) => {
                let held = desk.number(plan, case, *number);
                let told = self.place_with_scale(target, *base, held.scale);
                (held.state == KNOWN).then_some(Outcome { told, own: Own { number: held.value, offset: held.offset } })
            }
            _ => None,
        }
    }
}

impl Desk {
    /// Makes room for what a plan asks, and works out once what is the same in all cases.
    fn lay(&mut self, plan: &Plan) {
        self.codes.resize(plan.shapes.atoms.len(), (0, 0));
        self.numbers.resize(plan.shapes.numbers.len(), (0, Held::default()));
        self.factors.resize(plan.shapes.numbers.len(), None);
        self.thresholds.resize_with(plan.shapes.atoms.len(), || (u32::MAX, Vec::new()));
        self.outcomes.resize(plan.targets().len(), Outcome::default());
        for (place, number) in plan.shapes.numbers.iter().enumerate() {
            match &number.kind {
                NumberKind::Const(value) => self.numbers[place] = (ALWAYS, Held::of(held(value))),
                NumberKind::Share(share, _) => {
                    let (of, held) = self.numbers[share.index()];
                    let known = of == ALWAYS && held.state == KNOWN;
                    self.factors[place] = known.then(|| fewest(held.value, held.scale + 2));
                }
                _ => {}
            }
        }
    }

    /// An atom's number; `None` where the case is to be evaluated by itself.
    fn code(&mut self, plan: &Plan, case: &Case, id: AtomId) -> Option<u32> {
        let (of, code) = self.codes[id.index()];
        if of == self.case {
            return Some(code);
        }
        let code = match &plan.shapes.atoms[id.index()] {
            Atom::Code(input, members) => match case.get(*input) {
                Fact::Member(member) if member < *members => member + 1,
                Fact::Missing if plan.shared().get(*input).is_none() => 0,
                _ => return None,
            },
            Atom::Given(input) => match case.get(*input) {
                Fact::Missing if plan.shared().get(*input).is_some() => return None,
                Fact::Missing => 0,
                _ => 1,
            },
            Atom::Segment(number, cuts) => {
                let held = self.number(plan, case, *number);
                match held.state {
                    KNOWN => {
                        let (scale, thresholds) = &mut self.thresholds[id.index()];
                        if *scale != held.scale {
                            *scale = held.scale;
                            thresholds.clear();
                            thresholds.extend(cuts.iter().map(|cut| cut.threshold(held.scale)));
                        }
                        1 + thresholds.partition_point(|t| *t <= held.value) as u32
                    }
                    UNKNOWN => 0,
                    _ => return None,
                }
            }
            Atom::Order(a, b) => {
                let (a, b) = (self.number(plan, case, *a), self.number(plan, case, *b));
                match a.state.max(b.state) {
                    KNOWN => match summed(a, b, true) {
                        Held { state: KNOWN, value, .. } => 2 + u32::from(value > 0) - u32::from(value < 0),
                        _ => return None,
                    },
                    UNKNOWN => 0,
                    _ => return None,
                }
            }
            Atom::Interned(input) | Atom::Alone(input) => match case.get(*input) {
                Fact::Missing if plan.shared().get(*input).is_none() => 0,
                _ => return None,
            },
        };
        self.codes[id.index()] = (self.case, code);
        Some(code)
    }

    fn number(&mut self, plan: &Plan, case: &Case, id: NumberId) -> Held {
        let (of, held) = self.numbers[id.index()];
        if of == self.case || of == ALWAYS {
            return held;
        }
        let held = self.work_out(plan, case, id);
        self.numbers[id.index()] = (self.case, held);
        held
    }

    fn work_out(&mut self, plan: &Plan, case: &Case, id: NumberId) -> Held {
        let beyond = Held { state: BEYOND, ..Held::default() };
        let of = Held::of;
        match &plan.shapes.numbers[id.index()].kind {
            NumberKind::Fact(input) => match case.get(*input) {
                Fact::Missing => match plan.shared().get(*input) {
                    Some(value) => of(held(value)),
                    None => Held { state: UNKNOWN, ..Held::default() },
                },
                Fact::Day(day) => of(Some((i64::from(day), 0, 0))),
                Fact::Number { value, scale } if scale <= 18 => of(Some((value, scale, 0))),
                Fact::Instant { seconds, offset } => of(Some((seconds, 0, offset))),
                _ => beyond,
            },
            NumberKind::Const(value) => of(held(value)),
            NumberKind::Add(a, b) => summed(self.number(plan, case, *a), self.number(plan, case, *b), false),
            NumberKind::Subtract(a, b) => summed(self.number(plan, case, *a), self.number(plan, case, *b), true),
            NumberKind::DaysBetween(from, to) => {
                summed(self.number(plan, case, *to), self.number(plan, case, *from), true)
            }
            NumberKind::MoveDays(date, days, earlier) => {
                let moved = summed(self.number(plan, case, *date), self.number(plan, case, *days), *earlier);
                let fits = super::number::is_day(moved.value) || moved.state != KNOWN;
                if fits { moved } else { beyond }
            }
            NumberKind::Share(share, of_number) => {
                let number = self.number(plan, case, *of_number);
                let (state, (factor, places)) = match self.factors[id.index()] {
                    Some(factor) => (number.state, factor),
                    None => {
                        let share = self.number(plan, case, *share);
                        (share.state.max(number.state), fewest(share.value, share.scale + 2))
                    }
                };
                if state != KNOWN {
                    return Held { state, ..Held::default() };
                }
                let scale = places + number.scale;
                of(factor.checked_mul(number.value).filter(|_| scale <= 18).map(|value| (value, scale, 0)))
            }
            NumberKind::Apply(..) | NumberKind::Sub(_) | NumberKind::Clock(..) => beyond,
        }
    }
}

/// `a + b`, or `a - b`, of one measure.
fn summed(a: Held, b: Held, minus: bool) -> Held {
    let state = a.state.max(b.state);
    let scale = a.scale.max(b.scale);
    let sum = || {
        let (a, b) = (a.value.checked_mul(power(scale - a.scale)?)?, b.value.checked_mul(power(scale - b.scale)?)?);
        if minus { a.checked_sub(b) } else { a.checked_add(b) }
    };
    match (state, if state == KNOWN { sum() } else { None }) {
        (KNOWN, Some(value)) => Held { value, scale, offset: 0, state },
        (KNOWN, None) => Held { state: BEYOND, ..Held::default() },
        _ => Held { state, ..Held::default() },
    }
}

/// The type of facts that a [`Case`] holds as numbers; other inputs of a plan make it evaluate cases by themselves.
pub fn is_typed(ty: &Type) -> bool {
    matches!(ty, Type::YesNo | Type::Enum(_)) || super::number::holds(ty)
}
