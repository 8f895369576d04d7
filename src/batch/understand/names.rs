//! Names that were met, and what they stand for: found by two words of their bytes, as names are short.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// A table of names with a code each.
#[derive(Debug)]
pub struct Names {
    /// At most a quarter of them are taken, so that a name mostly stands at its own place.
    slots: Vec<Slot>,
    taken: usize,
    /// The bytes of all names.
    bytes: Vec<u8>,
    /// Whoever writes the names doesn't know it, and so not where they stand.
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    print: Print,
    code: u32,
    /// Where its bytes begin.
    at: u32,
}

/// What a name of at most 16 bytes is told by; longer ones are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Print {
    head: u64,
    tail: u64,
    length: u32,
}

/// The most names that are remembered, and the longest, in bytes.
const MOST: usize = 1 << 16;
const LONGEST: usize = 256;
/// The length of a slot that is free.
const FREE: u32 = u32::MAX;
const FREE_SLOT: Slot = Slot { print: Print { head: 0, tail: 0, length: FREE }, code: 0, at: 0 };
const FIRST_SLOTS: usize = 16;
/// An odd number whose bits follow no rule.
const STRANGE: u64 = 0x9E37_79B9_7F4A_7C15;

impl Names {
    pub fn new() -> Names {
        let seed = RandomState::default().hash_one(STRANGE);
        Names { slots: vec![FREE_SLOT; FIRST_SLOTS], taken: 0, bytes: Vec::new(), seed }
    }

    /// The code of a name that was met.
    #[inline]
    pub fn get(&self, name: &[u8]) -> Option<u32> {
        let print = Print::of(name);
        let mut place = self.place(&print);
        loop {
            let slot = self.slots.get(place)?;
            if slot.print == print && (name.len() <= 16 || self.name(slot) == name) {
                return Some(slot.code);
            }
            if slot.print.length == FREE {
                return None;
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
    }

    /// Remembers the code of a name that was not met yet, if there is room.
    pub fn put(&mut self, name: &[u8], code: u32) {
        if self.taken >= MOST || name.len() > LONGEST {
            return;
        }
        if (self.taken + 1) * 4 > self.slots.len() {
            let twice = vec![FREE_SLOT; self.slots.len() * 2];
            let old = std::mem::replace(&mut self.slots, twice);
            old.into_iter().filter(|slot| slot.print.length != FREE).for_each(|slot| self.stand(slot));
        }
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(name);
        self.taken += 1;
        self.stand(Slot { print: Print::of(name), code, at });
    }

    /// Puts a slot at the first free place from its own on.
    fn stand(&mut self, slot: Slot) {
        let mut place = self.place(&slot.print);
        while self.slots[place].print.length != FREE {
            place = (place + 1) & (self.slots.len() - 1);
        }
        self.slots[place] = slot;
    }

    fn name(&self, slot: &Slot) -> &[u8] {
        self.bytes.get(slot.at as usize..).and_then(|rest| rest.get(..slot.print.length as usize)).unwrap_or_default()
    }

    /// Where a name stands, if none stood there before it.
    #[inline]
    fn place(&self, print: &Print) -> usize {
        let product = u128::from(print.head ^ self.seed) * u128::from(print.tail ^ STRANGE ^ u64::from(print.length));
        // The number of slots is a power of two.
        (product as u64 ^ (product >> 64) as u64) as usize & (self.slots.len() - 1)
    }
}

impl Print {
    #[inline]
    fn of(name: &[u8]) -> Print {
        let length = name.len() as u32;
        if let (Some(head), Some(tail)) = (name.first_chunk(), name.last_chunk()) {
            return Print { head: u64::from_le_bytes(*head), tail: u64::from_le_bytes(*tail), length };
        }
        let head = match (name.first_chunk(), name.last_chunk()) {
            (Some(head), Some(tail)) => {
                u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << 32
            }
            _ => name.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        };
        Print { head, tail: 0, length }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_are_found_as_they_were_put(given in prop::collection::vec("(aa?b?|Azure |sever){0,5}.{0,8}", 0..300)) {
            let (mut names, mut map) = (Names::new(), HashMap::new());
            for (code, name) in given.iter().enumerate() {
                prop_assert_eq!(names.get(name.as_bytes()), map.get(name).copied(), "{}", name);
                if !map.contains_key(name) {
                    names.put(name.as_bytes(), code as u32);
                    map.insert(name.clone(), code as u32);
                }
            }
            for name in &given {
                prop_assert_eq!(names.get(name.as_bytes()), map.get(name).copied(), "{}", name);
            }
        }
    }

    #[test]
    fn long_names_that_begin_and_end_alike_are_told_apart_and_room_ends() {
        let mut names = Names::new();
        names.put(b"mission-critical-one-services", 1);
        names.put(b"mission-critical-two-services", 2);
        assert_eq!(names.get(b"mission-critical-one-services"), Some(1));
        assert_eq!(names.get(b"mission-critical-two-services"), Some(2));
        assert_eq!(names.get(b"mission-critical-xyz-services"), None);
        names.put(&[b'a'; LONGEST + 1], 3);
        assert_eq!(names.get(&[b'a'; LONGEST + 1]), None);
        (0..MOST).for_each(|code| names.put(code.to_string().as_bytes(), code as u32));
        assert_eq!((names.taken, names.get(b"65000"), names.get(b"65535")), (MOST, Some(65_000), None));
    }
}
