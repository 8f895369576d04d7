//! A plan laid out for one case: target by target what its key is added up from, with all that is the same in every case
//! worked out.

use super::slot::Kind;
use super::worked::{Held, Worked, summed};
use super::{Case, Fact};
use crate::columnar::atom::{Atom, AtomId, Cut};
use crate::columnar::block::Kept;
use crate::columnar::number::{KNOWN, NumberId, UNKNOWN, held};
use crate::columnar::plan::Plan;
use crate::columnar::sub::SubId;
use crate::model::InputId;

/// A plan laid out for one case.
#[derive(Debug)]
pub struct Program {
    /// What the keys are added up from, target by target.
    terms: Vec<Term>,
    pub targets: Vec<Target>,
    pub worked: Worked,
    /// By atom that several targets look at: its number in the case at hand.
    shared: Vec<u32>,
    segments: Vec<Segments>,
}

/// A target that columns can work out.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub sub: SubId,
    /// The number that all its formulas are in, if it is one.
    pub base: Option<NumberId>,
    /// Its terms.
    from: u32,
    to: u32,
}

/// A number of the case that a key counts with its stride.
#[derive(Clone, Copy, Debug)]
struct Term {
    stride: u64,
    step: Step,
    /// Where the number stands for the targets after, if they look at it too.
    keep: Option<u32>,
}

/// How an atom's number is found. A `None` stands for cases that are evaluated by themselves.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// It was found for a target before.
    Kept(u32),
    Code {
        input: InputId,
        members: u32,
        missing: Option<u32>,
    },
    Given {
        input: InputId,
        kind: Kind,
        missing: Option<u32>,
    },
    Segment {
        number: NumberId,
        place: u32,
    },
    Order(NumberId, NumberId),
    /// Any case that gives it is evaluated by itself.
    Missing {
        input: InputId,
        missing: Option<u32>,
    },
}

/// The segments that some cuts make.
#[derive(Debug)]
struct Segments {
    cuts: Vec<Cut>,
    /// By scale: the thresholds, once a number of it was met.
    thresholds: [Vec<i64>; SCALES],
}

/// The scales of numbers that are held.
const SCALES: usize = 19;
/// So few thresholds are all compared with.
const FEW: usize = 8;

impl Program {
    /// `None` for plans that have a target which is evaluated case by case.
    pub fn new(plan: &Plan, kept: &Kept) -> Option<Program> {
        let mut program = Program {
            terms: Vec::new(),
            targets: Vec::new(),
            worked: Worked::new(plan),
            shared: Vec::new(),
            segments: Vec::new(),
        };
        // By atom: the term that finds its number.
        let mut found: Vec<Option<usize>> = vec![None; plan.shapes.atoms.len()];
        for (sub, lines) in plan.subs.iter().zip(&plan.lines) {
            let sub = (*sub)?;
            let from = program.terms.len() as u32;
            for (id, stride) in plan.shapes.subs[sub.index()].atoms.iter().zip(&kept.memories[sub.index()].strides) {
                let step = match found[id.index()] {
                    Some(term) => Step::Kept(program.keep(term)),
                    None => {
                        found[id.index()] = Some(program.terms.len());
                        program.step(plan, *id)
                    }
                };
                program.terms.push(Term { stride: *stride, step, keep: None });
            }
            program.targets.push(Target {
                sub,
                base: lines.as_ref().map(|lines| lines.base),
                from,
                to: program.terms.len() as u32,
            });
        }
        Some(program)
    }

    /// Where the number of a term is kept.
    fn keep(&mut self, term: usize) -> u32 {
        let next = self.shared.len() as u32;
        let place = *self.terms[term].keep.get_or_insert(next);
        if place == next {
            self.shared.push(0);
        }
        place
    }

    fn step(&mut self, plan: &Plan, id: AtomId) -> Step {
        let shared = |input: InputId| plan.shared().get(input);
        match &plan.shapes.atoms[id.index()] {
            Atom::Code(input, members) => {
                let missing = match shared(*input).map(Fact::of) {
                    None => Some(0),
                    Some(Some(Fact::Member(member))) if member < *members => Some(member + 1),
                    Some(_) => None,
                };
                Step::Code { input: *input, members: *members, missing }
            }
            Atom::Given(input) => {
                let missing = shared(*input).map_or(Some(0), |value| held(value).map(|_| 1));
                Step::Given { input: *input, kind: Kind::of(&plan.checked().model.input(*input).ty), missing }
            }
            Atom::Segment(number, cuts) => {
                let place = self.segments.len() as u32;
                self.segments.push(Segments { cuts: cuts.clone(), thresholds: Default::default() });
                Step::Segment { number: *number, place }
            }
            Atom::Order(a, b) => Step::Order(*a, *b),
            Atom::Interned(input) | Atom::Alone(input) => {
                Step::Missing { input: *input, missing: if shared(*input).is_none() { Some(0) } else { None } }
            }
        }
    }

    /// The key of a case in the memory of a target's sub; `None` where the case is to be evaluated by itself. Targets
    /// are asked in their order.
    #[inline]
    pub fn key(&mut self, case: &Case, target: Target) -> Option<u64> {
        let mut key = 0_u64;
        for term in self.terms.get(target.from as usize..target.to as usize)? {
            let code = match term.step {
                Step::Kept(place) => *self.shared.get(place as usize)?,
                Step::Code { input, members, missing } => {
                    let fact = case.get(input);
                    if fact.is(Kind::Member) && fact.value < i64::from(members) {
                        fact.value as u32 + 1
                    } else if fact.is(Kind::Missing) {
                        missing?
                    } else {
                        return None;
                    }
                }
                Step::Given { input, kind, missing } => {
                    let fact = case.get(input);
                    if fact.is(kind) {
                        1
                    } else if fact.is(Kind::Missing) {
                        missing?
                    } else {
                        return None;
                    }
                }
                Step::Segment { number, place } => {
                    let held = self.worked.number(case, number);
                    match held.state() {
                        KNOWN => self.segments.get_mut(place as usize)?.code(held),
                        UNKNOWN => 0,
                        _ => return None,
                    }
                }
                Step::Order(a, b) => {
                    let difference = summed(self.worked.number(case, a), self.worked.number(case, b), true);
                    match difference.state() {
                        KNOWN => 2 + u32::from(difference.value > 0) - u32::from(difference.value < 0),
                        UNKNOWN => 0,
                        _ => return None,
                    }
                }
                Step::Missing { input, missing } if case.get(input).is(Kind::Missing) => missing?,
                Step::Missing { .. } => return None,
            };
            if let Some(place) = term.keep {
                *self.shared.get_mut(place as usize)? = code;
            }
            key = key.wrapping_add(u64::from(code).wrapping_mul(term.stride));
        }
        Some(key)
    }
}

impl Segments {
    /// Above how many cuts a number lies, and one more.
    #[inline]
    fn code(&mut self, held: Held) -> u32 {
        let scale = held.scale() as usize;
        if self.thresholds.get(scale).is_none_or(|own| own.len() != self.cuts.len()) {
            self.lay(scale);
        }
        let own = self.thresholds.get(scale).map_or(&[][..], Vec::as_slice);
        let above = if own.len() <= FEW {
            own.iter().map(|threshold| u32::from(*threshold <= held.value)).sum()
        } else {
            own.partition_point(|threshold| *threshold <= held.value) as u32
        };
        1 + above
    }

    /// Works out the thresholds at a scale.
    #[cold]
    fn lay(&mut self, scale: usize) {
        if let Some(own) = self.thresholds.get_mut(scale) {
            own.clear();
            own.extend(self.cuts.iter().map(|cut| cut.threshold(scale as u32)));
        }
    }
}
