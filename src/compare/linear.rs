//! Amounts that are worked out from facts by adding, and by taking a fixed share: `event.starts-on - 42 days`,
//! `20% of flex.allocated`. Two of them turn on each other where their difference is nothing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// A fact of either edition, by its place in [`super::turns::Turns::facts`].
pub(super) type Fact = usize;

/// So many of each fact, and a constant. Shares are never nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Linear {
    pub of: BTreeMap<Fact, Decimal>,
    pub constant: Decimal,
}

impl Linear {
    pub fn constant(constant: Decimal) -> Linear {
        Linear { of: BTreeMap::new(), constant: constant.normalize() }
    }

    pub fn fact(fact: Fact) -> Linear {
        Linear { of: BTreeMap::from([(fact, Decimal::ONE)]), constant: Decimal::ZERO }
    }

    /// So many times this; `None` where that has too many digits.
    pub fn times(&self, by: Decimal) -> Option<Linear> {
        if by.is_zero() {
            return Some(Linear::default());
        }
        let of = self.of.iter().map(|(fact, share)| Some((*fact, exact_product(*share, by)?)));
        Some(Linear { of: of.collect::<Option<_>>()?, constant: exact_product(self.constant, by)? })
    }

    pub fn plus(&self, other: &Linear) -> Option<Linear> {
        let mut sum = self.clone();
        for (fact, share) in &other.of {
            let total = sum.of.get(fact).copied().unwrap_or_default().checked_add(*share)?;
            if total.is_zero() {
                sum.of.remove(fact);
            } else {
                sum.of.insert(*fact, total.normalize());
            }
        }
        sum.constant = sum.constant.checked_add(other.constant)?.normalize();
        Some(sum)
    }

    pub fn less(&self, other: &Linear) -> Option<Linear> {
        self.plus(&other.times(Decimal::NEGATIVE_ONE)?)
    }

    /// The same place on every line, written one way: the share of the first fact is one.
    pub fn normal(&self) -> Option<Linear> {
        let share = *self.of.values().next()?;
        let scaled = |n: Decimal| exact_quotient(n, share);
        let of = self.of.iter().map(|(fact, share)| Some((*fact, scaled(*share)?)));
        Some(Linear { of: of.collect::<Option<_>>()?, constant: scaled(self.constant)? })
    }

    /// The last of its facts, in an order of them.
    pub fn last(&self, place: &dyn Fn(Fact) -> usize) -> Option<Fact> {
        self.of.keys().copied().max_by_key(|fact| place(*fact))
    }

    /// What one fact is where the whole is nothing, told by the others: `a - b - 42` is nothing where `a` is `b + 42`.
    pub fn solved(&self, fact: Fact) -> Option<Linear> {
        let mut rest = self.clone();
        let share = rest.of.remove(&fact)?;
        let by = exact_quotient(Decimal::NEGATIVE_ONE, share)?;
        rest.times(by)
    }

    /// What it comes to; `None` if one of its facts is not known.
    pub fn value(&self, known: &dyn Fn(Fact) -> Option<Decimal>) -> Option<Decimal> {
        self.of
            .iter()
            .try_fold(self.constant, |sum, (fact, share)| sum.checked_add(exact_product(*share, known(*fact)?)?))
    }

    /// Whether each fact is taken once, or away once: distances between facts.
    pub fn is_plain(&self) -> bool {
        self.of.values().all(|share| share.abs() == Decimal::ONE) && self.of.len() <= 2
    }
}

/// A product with all its digits.
fn exact_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let product = a.checked_mul(b)?.normalize();
    let is_exact = a.is_zero() || b.is_zero() || product.checked_div(b)?.normalize() == a.normalize();
    is_exact.then_some(product)
}

fn exact_quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    let quotient = a.checked_div(b)?.normalize();
    (quotient.checked_mul(b)?.normalize() == a.normalize()).then_some(quotient)
}
