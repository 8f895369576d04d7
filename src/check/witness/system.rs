//! Constraints of the form `x - y <= c` between the ordered values of a case: whether they can hold together, and
//! values for which they do. One of the two may be nothing, which gives `x <= c` and `y >= -c`.

use rust_decimal::Decimal;

/// The most unknowns that are solved together.
const MAX_UNKNOWNS: usize = 16;

/// An upper limit, which may itself be out of reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub limit: Decimal,
    pub strict: bool,
}

impl Bound {
    fn plus(self, other: Bound) -> Option<Bound> {
        Some(Bound { limit: self.limit.checked_add(other.limit)?, strict: self.strict || other.strict })
    }

    fn is_tighter_than(self, other: Option<Bound>) -> bool {
        other.is_none_or(|o| self.limit < o.limit || (self.limit == o.limit && self.strict && !o.strict))
    }
}

/// Differences between unknowns. Number 0 is zero itself; the unknowns follow.
#[derive(Clone, Debug)]
pub(super) struct System {
    size: usize,
    /// `bounds[i * size + j]` limits `x[i] - x[j]`.
    bounds: Vec<Option<Bound>>,
}

impl System {
    /// A system of so many unknowns; `None` for more than are solved.
    pub fn new(unknowns: usize) -> Option<System> {
        let size = unknowns + 1;
        (unknowns <= MAX_UNKNOWNS).then(|| System { size, bounds: vec![None; size * size] })
    }

    /// Demands `x[i] - x[j] <= bound`.
    pub fn demand(&mut self, i: usize, j: usize, bound: Bound) {
        let place = &mut self.bounds[i * self.size + j];
        if bound.is_tighter_than(*place) {
            *place = Some(bound);
        }
    }

    /// Draws all conclusions. *No* if the demands contradict each other.
    pub fn close(&mut self) -> bool {
        for k in 0..self.size {
            for i in 0..self.size {
                let Some(first) = self.bounds[i * self.size + k] else { continue };
                for j in 0..self.size {
                    let sum = self.bounds[k * self.size + j].and_then(|second| first.plus(second));
                    if let Some(sum) = sum {
                        self.demand(i, j, sum);
                    }
                }
            }
        }
        (0..self.size).all(|i| match self.bounds[i * self.size + i] {
            Some(b) => b.limit > Decimal::ZERO || (b.limit.is_zero() && !b.strict),
            None => true,
        })
    }

    /// Between what ends an unknown lies, by number from 0; after [`System::close`].
    pub fn range(&self, unknown: usize) -> (Option<Decimal>, Option<Decimal>) {
        let place = unknown + 1;
        let (low, high) = (self.bounds[place], self.bounds[place * self.size]);
        (low.map(|b| -b.limit), high.map(|b| b.limit))
    }

    /// Values that meet all demands, each as near as possible to what `wish` asks for between two ends.
    /// `steps` says how far below a strict limit a value must stay.
    pub fn solve(
        &self,
        steps: &[Decimal],
        wish: &dyn Fn(usize, Option<Decimal>, Option<Decimal>) -> Option<Decimal>,
    ) -> Option<Vec<Decimal>> {
        let mut system = self.clone();
        for i in 0..system.size {
            let step = steps.get(i.max(1) - 1).copied().unwrap_or(Decimal::ONE);
            for j in 0..system.size {
                let step = if i == 0 { steps.get(j.max(1) - 1).copied().unwrap_or(step) } else { step };
                if let Some(bound @ Bound { strict: true, .. }) = system.bounds[i * system.size + j] {
                    let limit = bound.limit.checked_sub(step)?;
                    system.bounds[i * system.size + j] = Some(Bound { limit, strict: false });
                }
            }
        }
        let mut values = Vec::with_capacity(system.size - 1);
        for i in 1..system.size {
            if !system.close() {
                return None;
            }
            let (low, high) = system.range(i - 1);
            let value = wish(i - 1, low, high)?;
            values.push(value);
            system.demand(i, 0, Bound { limit: value, strict: false });
            system.demand(0, i, Bound { limit: -value, strict: false });
        }
        system.close().then_some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_most(limit: i64) -> Bound {
        Bound { limit: limit.into(), strict: false }
    }

    #[test]
    fn a_circle_of_differences_below_zero_is_a_contradiction() {
        let mut system = System::new(2).unwrap();
        system.demand(1, 2, at_most(-42));
        system.demand(2, 1, at_most(41));
        assert!(!system.close());
    }

    #[test]
    fn values_keep_their_distance() {
        let mut system = System::new(2).unwrap();
        system.demand(1, 2, at_most(-42));
        system.demand(2, 0, at_most(100));
        assert!(system.close());
        let values = system.solve(&[Decimal::ONE; 2], &|_, low, high| high.or(low)).unwrap();
        assert_eq!(values, [Decimal::from(58), Decimal::from(100)]);
    }

    #[test]
    fn a_strict_limit_is_kept_by_a_step() {
        let mut system = System::new(1).unwrap();
        system.demand(1, 0, Bound { limit: 5.into(), strict: true });
        let values = system.solve(&[Decimal::new(1, 2)], &|_, _, high| high).unwrap();
        assert_eq!(values, [Decimal::new(499, 2)]);
    }
}
