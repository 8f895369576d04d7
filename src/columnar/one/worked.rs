//! The numbers of one case, worked out as they are asked for.

use super::Case;
use super::slot::{Kind, Slot};
use crate::columnar::number::{BEYOND, KNOWN, NumberId, NumberKind, UNKNOWN, fewest, held, is_day, power};
use crate::columnar::plan::Plan;
use crate::model::InputId;

/// A number of a case: what it is in whole multiples of 10 to the power of minus its scale, and the rest in one word, so
/// that it is handed on in registers: its state in the lowest byte, then its scale, then the offset of a date-time.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub value: i64,
    rest: u64,
}

/// How a number is worked out. Others are meant by their places.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// The fact of an input, of this kind; where the case does not give it, what is given for all cases.
    Fact(InputId, Kind, Held),
    Same(Held),
    Sum(u32, u32),
    Difference(u32, u32),
    /// A date, and days more, or fewer.
    Moved(u32, u32, bool),
    /// A number times one that is the same in all cases, which has this many places.
    Times(i64, u32, u32),
    Share(u32, u32),
    /// What only the evaluation of columns knows.
    Beyond,
}

/// The numbers of a plan, and what was worked out of them in the case at hand.
#[derive(Debug)]
pub struct Worked {
    ways: Vec<Way>,
    /// By number: the case that it was worked out in, and what it came to.
    met: Vec<(u64, Held)>,
    /// Counts cases, so that nothing has to be cleared between them.
    case: u64,
}

const NOT_HELD: Held = Held { value: 0, rest: BEYOND as u64 };
const NOT_GIVEN: Held = Held { value: 0, rest: UNKNOWN as u64 };
/// Numbers of more places are not held.
const MOST_PLACES: u32 = 18;

impl Held {
    /// What stands for a number where none is asked for.
    pub const NONE: Held = Held { value: 0, rest: KNOWN as u64 };

    #[inline]
    fn of(value: i64, scale: u32) -> Held {
        if scale > MOST_PLACES { NOT_HELD } else { Held { value, rest: u64::from(scale) << 8 | u64::from(KNOWN) } }
    }

    fn of_found(found: Option<(i64, u32, i32)>) -> Held {
        let with_offset = |held: Held, offset: i32| Held { rest: held.rest | u64::from(offset as u32) << 32, ..held };
        found.map_or(NOT_HELD, |(value, scale, offset)| with_offset(Held::of(value, scale), offset))
    }

    fn of_state(state: u8) -> Held {
        Held { value: 0, rest: u64::from(state) }
    }

    #[inline]
    pub fn state(self) -> u8 {
        self.rest as u8
    }

    #[inline]
    pub fn scale(self) -> u32 {
        u32::from((self.rest >> 8) as u8)
    }

    #[inline]
    pub fn offset(self) -> i32 {
        (self.rest >> 32) as i32
    }
}

impl Slot {
    /// A day, a number or an instant as a number.
    #[inline]
    fn held(self) -> Held {
        if self.scale() > MOST_PLACES { NOT_HELD } else { Held { value: self.value, rest: self.beside() } }
    }
}

impl Worked {
    pub fn new(plan: &Plan) -> Worked {
        let mut ways: Vec<Way> = Vec::with_capacity(plan.shapes.numbers.len());
        for number in &plan.shapes.numbers {
            let way = match &number.kind {
                NumberKind::Fact(input) => {
                    let shared = plan.shared().get(*input);
                    let shared = shared.map_or(NOT_GIVEN, |value| Held::of_found(held(value)));
                    Way::Fact(*input, Kind::of(&plan.checked().model.input(*input).ty), shared)
                }
                NumberKind::Const(value) => Way::Same(Held::of_found(held(value))),
                NumberKind::Add(a, b) => Way::Sum(a.0, b.0),
                NumberKind::Subtract(a, b) => Way::Difference(a.0, b.0),
                NumberKind::DaysBetween(from, to) => Way::Difference(to.0, from.0),
                NumberKind::MoveDays(date, days, earlier) => Way::Moved(date.0, days.0, *earlier),
                // A number only needs those before it.
                NumberKind::Share(share, of) => match ways.get(share.index()) {
                    Some(Way::Same(share)) if share.state() == KNOWN => {
                        let (factor, places) = fewest(share.value, share.scale() + 2);
                        Way::Times(factor, places, of.0)
                    }
                    _ => Way::Share(share.0, of.0),
                },
                NumberKind::Apply(..) | NumberKind::Sub(_) | NumberKind::Clock(..) => Way::Beyond,
            };
            ways.push(way);
        }
        let met = vec![(0, NOT_HELD); ways.len()];
        Worked { ways, met, case: 0 }
    }

    /// What was worked out so far is of no meaning for the next case.
    #[inline]
    pub fn next_case(&mut self) {
        self.case += 1;
    }

    #[inline(always)]
    pub fn number(&mut self, case: &Case, id: NumberId) -> Held {
        self.at(case, id.0)
    }

    /// Most numbers are facts, so those are found right where they are wanted.
    #[inline(always)]
    fn at(&mut self, case: &Case, place: u32) -> Held {
        match self.ways.get(place as usize) {
            Some(Way::Fact(input, kind, shared)) => {
                let fact = case.get(*input);
                if fact.is(*kind) {
                    fact.held()
                } else if fact.is(Kind::Missing) {
                    *shared
                } else {
                    NOT_HELD
                }
            }
            Some(Way::Same(held)) => *held,
            _ => self.of_others(case, place),
        }
    }

    /// A number that is worked out from others, once in a case.
    #[inline(never)]
    fn of_others(&mut self, case: &Case, place: u32) -> Held {
        match self.met.get(place as usize) {
            Some((of, held)) if *of == self.case => return *held,
            _ => {}
        }
        let Some(way) = self.ways.get(place as usize) else { return NOT_HELD };
        let held = match *way {
            Way::Fact(..) | Way::Same(_) | Way::Beyond => NOT_HELD,
            Way::Sum(a, b) => summed(self.at(case, a), self.at(case, b), false),
            Way::Difference(a, b) => summed(self.at(case, a), self.at(case, b), true),
            Way::Moved(date, days, earlier) => {
                let moved = summed(self.at(case, date), self.at(case, days), earlier);
                if moved.state() != KNOWN || is_day(moved.value) { moved } else { NOT_HELD }
            }
            Way::Times(factor, places, of) => times(factor, places, self.at(case, of)),
            Way::Share(share, of) => {
                let (share, of) = (self.at(case, share), self.at(case, of));
                if share.state() == KNOWN {
                    let (factor, places) = fewest(share.value, share.scale() + 2);
                    times(factor, places, of)
                } else {
                    Held::of_state(share.state().max(of.state()))
                }
            }
        };
        if let Some(met) = self.met.get_mut(place as usize) {
            *met = (self.case, held);
        }
        held
    }
}

/// `a + b`, or `a - b`, of one measure.
#[inline]
pub fn summed(a: Held, b: Held, minus: bool) -> Held {
    let sum = |a: i64, b: i64| if minus { a.checked_sub(b) } else { a.checked_add(b) };
    // Both are days, or whole.
    if (a.rest | b.rest) == u64::from(KNOWN) {
        return sum(a.value, b.value).map_or(NOT_HELD, |value| Held::of(value, 0));
    }
    let state = a.state().max(b.state());
    if state != KNOWN {
        return Held::of_state(state);
    }
    let scale = a.scale().max(b.scale());
    let found = at_scale(a, scale).zip(at_scale(b, scale)).and_then(|(a, b)| sum(a, b));
    found.map_or(NOT_HELD, |value| Held::of(value, scale))
}

/// The value as multiples of a finer step.
fn at_scale(held: Held, scale: u32) -> Option<i64> {
    held.value.checked_mul(power(scale - held.scale())?)
}

/// A number times another that has this many places.
#[inline]
fn times(factor: i64, places: u32, of: Held) -> Held {
    if of.state() != KNOWN {
        return Held::of_state(of.state());
    }
    of.value.checked_mul(factor).map_or(NOT_HELD, |value| Held::of(value, places + of.scale()))
}
