//! A fact of a case as it is kept: two words, so that a fact is neither taken apart in memory nor put together there.

use super::Fact;
use crate::model::Type;

/// A fact: its number, and the rest in one word: its kind in the lowest byte, then its scale, then the offset of an
/// instant.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub value: i64,
    rest: u64,
}

/// The kind of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Missing,
    Member,
    Day,
    Number,
    Instant,
}

impl Kind {
    /// The kind of fact that inputs of a type take.
    pub fn of(ty: &Type) -> Kind {
        match ty {
            Type::YesNo | Type::Enum(_) => Kind::Member,
            Type::Date => Kind::Day,
            Type::DateTime => Kind::Instant,
            _ => Kind::Number,
        }
    }
}

impl Slot {
    pub const MISSING: Slot = Slot { value: 0, rest: Kind::Missing as u64 };

    #[inline]
    pub fn new(fact: Fact) -> Slot {
        match fact {
            Fact::Missing => Slot::MISSING,
            Fact::Member(member) => Slot { value: i64::from(member), rest: Kind::Member as u64 },
            Fact::Day(day) => Slot { value: i64::from(day), rest: Kind::Day as u64 },
            // More places than a byte counts are too many in any case.
            Fact::Number { value, scale } => Slot { value, rest: Kind::Number as u64 | u64::from(scale.min(255)) << 8 },
            Fact::Instant { seconds, offset } => {
                Slot { value: seconds, rest: Kind::Instant as u64 | u64::from(offset as u32) << 32 }
            }
        }
    }

    #[inline]
    pub fn is(self, kind: Kind) -> bool {
        self.rest as u8 == kind as u8
    }

    #[inline]
    pub fn scale(self) -> u32 {
        u32::from((self.rest >> 8) as u8)
    }

    /// All but the number and the kind.
    #[inline]
    pub fn beside(self) -> u64 {
        self.rest & !0xFF
    }

    pub fn fact(self) -> Fact {
        // Members and days came from numbers of their width.
        match self.rest as u8 {
            own if own == Kind::Member as u8 => Fact::Member(self.value as u32),
            own if own == Kind::Day as u8 => Fact::Day(self.value as i32),
            own if own == Kind::Number as u8 => Fact::Number { value: self.value, scale: self.scale() },
            own if own == Kind::Instant as u8 => {
                Fact::Instant { seconds: self.value, offset: (self.rest >> 32) as i32 }
            }
            _ => Fact::Missing,
        }
    }
}
