//! Formulas in one amount: 0%, 50% or 100% of the same fee, a date so many days after the same date. Which of them a row
//! has is told by its cell, so the numbers of all rows come from one pass: a factor times the amount, and what is added.

use multiversion::multiversion;

use super::number::{FIRST_DAY, Lane, Number, NumberId, NumberKind, Values, fewest, held, power};
use super::sub::Sub;
use crate::model::Type;

/// The formulas of a sub that are all worked out from one number.
#[derive(Clone, Debug)]
pub struct Lines {
    pub base: NumberId,
    /// By formula.
    ways: Vec<(NumberId, Way)>,
    is_date: bool,
}

/// A factor and what is added, each a whole multiple of 10 to the power of minus its scale.
#[derive(Clone, Copy, Debug)]
struct Way {
    factor: (i64, u32),
    added: (i64, u32),
    /// Of dates: the days moved in all, there and back.
    moved: u64,
}

/// The formulas for amounts of one scale.
#[derive(Clone, Debug)]
pub struct Scaled {
    /// The scale of the results.
    pub scale: u32,
    /// By formula: the factor, and what is added.
    ways: Vec<(NumberId, Factor)>,
    /// Each factor once.
    distinct: Vec<Factor>,
    /// The amounts from its negative to it have results that can be held.
    reach: u64,
    /// The greatest factor, and the greatest that is added, without their signs.
    most: (u64, u64),
}

/// What an amount is multiplied with, and what is added, at the scale of the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Factor {
    pub times: i64,
    pub plus: i64,
}

impl Lines {
    /// `None` where the formulas are worked out from several numbers, or from one that is itself much work.
    pub fn of(sub: &Sub, numbers: &[Number]) -> Option<Lines> {
        let mut base = None;
        let mut ways = Vec::with_capacity(sub.formulas.len());
        for (_, id) in &sub.formulas {
            let (own, way) = line(*id, numbers)?;
            if let Some(own) = own {
                if *base.get_or_insert(own) != own {
                    return None;
                }
            }
            ways.push((*id, way));
        }
        let base = base.filter(|base| is_plain(*base, numbers))?;
        Some(Lines { base, ways, is_date: sub.ty == Type::Date })
    }

    /// The formulas for amounts of a scale; `None` where a result might not be held.
    pub fn scaled(&self, scale: u32) -> Option<Scaled> {
        let scale_of =
            |way: &Way| if way.factor.0 == 0 { way.added.1 } else { (scale + way.factor.1).max(way.added.1) };
        let most = self.ways.iter().map(|(_, way)| scale_of(way)).max().filter(|most| *most <= 18)?;
        let mut ways = Vec::with_capacity(self.ways.len());
        let (mut factor, mut added) = (1, 0_u64);
        for (id, way) in &self.ways {
            let times = match way.factor {
                (0, _) => 0,
                (factor, places) => factor.checked_mul(power(most - scale - places)?)?,
            };
            let plus = way.added.0.checked_mul(power(most - way.added.1)?)?;
            factor = times.unsigned_abs().max(factor);
            added = plus.unsigned_abs().max(way.moved).max(added);
            ways.push((*id, Factor { times, plus }));
        }
        let limit = if self.is_date { FIRST_DAY.unsigned_abs() } else { i64::MAX.unsigned_abs() };
        let mut distinct: Vec<Factor> = Vec::new();
        for (_, factor) in &ways {
            if !distinct.contains(factor) {
                distinct.push(*factor);
            }
        }
        let reach = limit.checked_sub(added)? / factor;
        Some(Scaled { scale: most, ways, distinct, reach, most: (factor, added) })
    }
}

/// So many factors are looked up without asking whether they are there.
const FEW: usize = 16;

impl Scaled {
    pub fn factor(&self, formula: NumberId) -> Option<Factor> {
        self.ways.iter().find(|(id, _)| *id == formula).map(|(_, factor)| *factor)
    }

    /// The factors that there are, each once.
    pub fn distinct(&self) -> &[Factor] {
        &self.distinct
    }

    /// The result of one amount; `None` where it is out of reach.
    #[inline]
    pub fn result(&self, factor: Factor, amount: i64) -> Option<i64> {
        (size(amount) < self.reach).then(|| factor.of(amount))
    }

    /// The results of rows. Gives what none of them is greater than, whatever its sign; `None` where an amount is out of
    /// reach.
    pub fn results(&self, lane: &Lane, factors: &[Factor], places: &[u32], out: &mut [i64]) -> Option<u64> {
        let first = places.first().copied().unwrap_or(0);
        let factor = |place: u32| factors.get(place as usize).copied().unwrap_or_default();
        let is_one = places.iter().fold(true, |one, place| one & (*place == first));
        let sum = factors.iter().any(|factor| factor.plus != 0);
        let size = match &lane.values {
            Values::Same(value) => {
                out.iter_mut().zip(places).for_each(|(out, place)| *out = factor(*place).of(*value));
                size(*value)
            }
            Values::Long(values) if is_one => all(values, factor(first), out),
            Values::Short(values) if is_one => all(values, factor(first), out),
            Values::Long(values) if factors.len() <= FEW && !sum => {
                let mut few = [0; FEW];
                few.iter_mut().zip(factors).for_each(|(few, factor)| *few = factor.times);
                // Places are below `FEW`, but for rows that have no formula.
                each(values, places, out, |place, value| few[place as usize % FEW].wrapping_mul(value))
            }
            Values::Long(values) if sum => each(values, places, out, |place, value| factor(place).of(value)),
            Values::Long(values) => each(values, places, out, |place, value| factor(place).times.wrapping_mul(value)),
            Values::Short(values) => each(values, places, out, |place, value| factor(place).of(value)),
        };
        let (factor, added) = self.most;
        (size < self.reach).then(|| (size + 1).saturating_mul(factor).saturating_add(added))
    }
}

impl Factor {
    #[inline]
    fn of(self, amount: i64) -> i64 {
        self.times.wrapping_mul(amount).wrapping_add(self.plus)
    }
}

/// A number without its sign, or one less.
#[inline]
fn size(value: i64) -> u64 {
    (value ^ (value >> 63)) as u64
}

/// Every row has the same formula.
fn all<T: Copy + Into<i64>>(values: &[T], factor: Factor, out: &mut [i64]) -> u64 {
    match factor {
        Factor { times: 1, plus } => one(values, out, |value| value.wrapping_add(plus)),
        factor => one(values, out, |value| factor.of(value)),
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn one<T: Copy + Into<i64>>(values: &[T], out: &mut [i64], of: impl Fn(i64) -> i64) -> u64 {
    let mut sizes = 0;
    for (out, value) in out.iter_mut().zip(values) {
        let value = (*value).into();
        sizes |= size(value);
        *out = of(value);
    }
    sizes
}

fn each<T: Copy + Into<i64>>(values: &[T], places: &[u32], out: &mut [i64], of: impl Fn(u32, i64) -> i64) -> u64 {
    let mut sizes = 0;
    for ((out, value), place) in out.iter_mut().zip(values).zip(places) {
        let value = (*value).into();
        sizes |= size(value);
        *out = of(*place, value);
    }
    sizes
}

/// What a number is worked out from, and how; no number where it is always the same.
fn line(id: NumberId, numbers: &[Number]) -> Option<(Option<NumberId>, Way)> {
    let constant = |id: NumberId| match &numbers[id.index()].kind {
        NumberKind::Const(value) => held(value).map(|(value, scale, _)| (value, scale)),
        _ => None,
    };
    let minus = |(value, scale): (i64, u32)| value.checked_neg().map(|value| (value, scale));
    let one = (1, 0);
    let way = |base, factor, added| Some((base, Way { factor, added, moved: 0 }));
    let is_instant = numbers[id.index()].ty == Type::DateTime;
    match numbers[id.index()].kind {
        NumberKind::Const(_) if !is_instant => way(None, (0, 0), constant(id)?),
        NumberKind::Share(share, of) if constant(share).is_some() => {
            let (value, scale) = constant(share)?;
            way(Some(of), fewest(value, scale + 2), (0, 0))
        }
        NumberKind::MoveDays(date, days, earlier) if constant(days).is_some() => {
            let (by, scale) = constant(days)?;
            let by = if earlier { by.checked_neg()? } else { by };
            // The first day after 60 days, and the last of them.
            let (base, own) = match line(date, numbers)? {
                (base, own) if own.factor == one => (base, own),
                _ => (Some(date), Way { factor: one, added: (0, 0), moved: 0 }),
            };
            let moved = own.moved.checked_add(by.unsigned_abs())?;
            Some((base, Way { added: (own.added.0.checked_add(by)?, scale), moved, ..own }))
        }
        NumberKind::Add(a, b) if constant(b).is_some() => way(Some(a), one, constant(b)?),
        NumberKind::Add(a, b) if constant(a).is_some() => way(Some(b), one, constant(a)?),
        NumberKind::Subtract(a, b) if constant(b).is_some() => way(Some(a), one, minus(constant(b)?)?),
        _ => way(Some(id), one, (0, 0)),
    }
}

/// Whether a number costs so little that it can be worked out for rows that do without.
fn is_plain(id: NumberId, numbers: &[Number]) -> bool {
    match numbers[id.index()].kind {
        NumberKind::Fact(_) | NumberKind::Const(_) => true,
        NumberKind::Add(a, b)
        | NumberKind::Subtract(a, b)
        | NumberKind::Share(a, b)
        | NumberKind::DaysBetween(a, b)
        | NumberKind::MoveDays(a, b, _) => is_plain(a, numbers) && is_plain(b, numbers),
        NumberKind::Sub(_) | NumberKind::Apply(..) | NumberKind::Clock(..) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(is_date: bool, ways: &[Way], scale: u32) -> Option<Scaled> {
        let ways = ways.iter().enumerate().map(|(place, way)| (NumberId(place as u32), *way)).collect();
        Lines { base: NumberId(0), ways, is_date }.scaled(scale)
    }

    fn way(factor: (i64, u32), added: (i64, u32)) -> Way {
        Way { factor, added, moved: added.0.unsigned_abs() }
    }

    fn results(scaled: &Scaled, amounts: &[i64], places: &[u32]) -> Option<Vec<i64>> {
        let factors: Vec<Factor> = scaled.ways.iter().map(|(_, factor)| *factor).collect();
        let lane = Lane { values: Values::Long(amounts.into()), ..Lane::same(0, 2) };
        let mut out = vec![0; amounts.len()];
        scaled.results(&lane, &factors, places, &mut out).map(|most| {
            assert!(out.iter().all(|number| number.unsigned_abs() <= most), "{out:?} and at most {most}");
            out
        })
    }

    #[test]
    fn formulas_of_one_amount_have_one_scale() {
        // 0%, 50% and 100% of cents, and USD 1.25 more, in tenths of a cent.
        let ways = [way((0, 0), (0, 0)), way((5, 1), (0, 0)), way((1, 0), (0, 0)), way((1, 0), (125, 2))];
        let scaled = scaled(false, &ways, 2).expect("all can be held");
        assert_eq!(scaled.scale, 3);
        let out = results(&scaled, &[100_001, 100_001, 100_001, -5], &[0, 1, 2, 3]);
        assert_eq!(out, Some(vec![0, 500_005, 1_000_010, 1_200]));
    }

    #[test]
    fn an_amount_whose_result_might_not_be_held_is_out_of_reach() {
        let all = scaled(false, &[way((1, 0), (0, 0))], 2).expect("it can be held");
        assert_eq!(results(&all, &[i64::MAX / 2, 0], &[0, 0]), Some(vec![i64::MAX / 2, 0]));
        let twice = scaled(false, &[way((2, 0), (0, 0))], 2).expect("it can be held");
        assert_eq!(results(&twice, &[i64::MAX / 2 + 1, 0], &[0, 0]), None);
        assert_eq!(results(&twice, &[i64::MIN, 0], &[0, 0]), None);
        assert!(scaled(false, &[way((5, 1), (0, 0))], 18).is_none(), "19 places are too many");
    }

    #[test]
    fn a_date_is_moved_within_the_calendar() {
        let moved = scaled(true, &[way((1, 0), (60, 0))], 0).expect("it can be held");
        assert_eq!(results(&moved, &[20_000, 0, -1], &[0, 0, 0]), Some(vec![20_060, 60, 59]));
        // Far from both ends; near them each row is looked at by itself.
        assert_eq!(results(&moved, &[2_932_896], &[0]), None);
        assert_eq!(results(&moved, &[-719_162], &[0]), None);
    }

    #[test]
    fn rows_without_a_formula_have_any_number() {
        let one = scaled(false, &[way((1, 0), (0, 0))], 2).expect("it can be held");
        assert_eq!(results(&one, &[7, 8], &[0, u32::MAX]).map(|out| out[0]), Some(7));
    }
}
