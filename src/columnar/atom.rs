//! What an evaluation can tell apart about a case: which member an input is, between which thresholds a number lies,
//! which of two numbers is greater. Cases that are alike in all of a decision's atoms come to the same by the same rules.

use super::number::NumberId;
use crate::model::InputId;

/// An atom of the plan, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AtomId(pub u32);

impl AtomId {
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Each gives a small number for a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Atom {
    /// The member of an enumeration or of yes and no, and one more; 0 if it is not given.
    Code(InputId, u32),
    /// 1 if it is given.
    Given(InputId),
    /// Above how many cuts it lies, and one more; 0 if it is not known.
    Segment(NumberId, Vec<Cut>),
    /// 1 if the first is less, 2 if they are equal, 3 if it is more; 0 if one is not known.
    Order(NumberId, NumberId),
    /// Values of other types, numbered as they are met; 0 if it is not given.
    Interned(InputId),
    /// What cases cannot share: any case that gives it is evaluated by itself.
    Alone(InputId),
}

/// A place between numbers: just below a value, or just above it. The value is `number` × 10^-`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub number: i64,
    pub scale: u32,
    pub above: bool,
}

/// The most values of one input that are told apart; what comes after is evaluated case by case.
pub const MOST_INTERNED: u32 = 1 << 16;

impl Atom {
    /// How many numbers it can give.
    pub fn size(&self) -> u64 {
        match self {
            Atom::Code(_, members) => u64::from(*members) + 1,
            Atom::Given(_) => 2,
            Atom::Segment(_, cuts) => cuts.len() as u64 + 2,
            Atom::Order(..) => 4,
            Atom::Interned(_) => u64::from(MOST_INTERNED),
            Atom::Alone(_) => 1,
        }
    }
}

impl Cut {
    /// The least whole multiple of 10^-`scale` that lies above the cut; the greatest number there is where none does.
    pub fn threshold(&self, scale: u32) -> i64 {
        let (number, own) = (i128::from(self.number), self.scale);
        // Both scales are at most 18, so 10^18 times a 64-bit number fits.
        let at_least = if scale >= own {
            let number = number * 10_i128.pow(scale - own);
            if self.above { number + 1 } else { number }
        } else {
            let unit = 10_i128.pow(own - scale);
            let floor = number.div_euclid(unit);
            if self.above || number.rem_euclid(unit) != 0 { floor + 1 } else { floor }
        };
        i64::try_from(at_least).unwrap_or(if at_least > 0 { i64::MAX } else { i64::MIN })
    }

    /// A cut among whole numbers that parts them as this one does: just below the next.
    pub fn among_whole(&self) -> Cut {
        match self.threshold(0) {
            i64::MAX | i64::MIN => *self,
            number => Cut { number, scale: 0, above: false },
        }
    }

    /// Whether it lies before another.
    pub fn cmp(&self, other: &Cut) -> std::cmp::Ordering {
        if self.scale == other.scale {
            return (self.number, self.above).cmp(&(other.number, other.above));
        }
        let scale = self.scale.max(other.scale);
        let at = |cut: &Cut| i128::from(cut.number) * 10_i128.pow(scale - cut.scale);
        at(self).cmp(&at(other)).then(self.above.cmp(&other.above))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_the_first_number_above_the_cut() {
        let below = |number, scale| Cut { number, scale, above: false };
        let above = |number, scale| Cut { number, scale, above: true };
        assert_eq!(below(14, 0).threshold(0), 14);
        assert_eq!(above(14, 0).threshold(0), 15);
        assert_eq!(below(14, 0).threshold(2), 1400);
        assert_eq!(above(14, 0).threshold(2), 1401);
        // 0.125 in hundredths: 0.13 is the first that is not below, and the first above.
        assert_eq!(below(125, 3).threshold(2), 13);
        assert_eq!(above(125, 3).threshold(2), 13);
        assert_eq!(above(120, 3).threshold(2), 13);
        assert_eq!(below(-125, 3).threshold(2), -12);
        assert_eq!(above(i64::MAX, 0).threshold(0), i64::MAX);
        assert_eq!(above(13, 0).among_whole(), below(14, 0));
        assert_eq!(below(14, 0).among_whole(), below(14, 0));
        assert_eq!(below(135, 1).among_whole(), below(14, 0));
        assert_eq!(above(i64::MAX, 0).among_whole(), above(i64::MAX, 0));
    }
}
