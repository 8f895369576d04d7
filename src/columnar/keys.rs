//! The keys of rows in a memory: the numbers of a sub's atoms, each times its stride, added up.

use std::rc::Rc;

use multiversion::multiversion;

use super::number::{Lane, Values};

/// The keys of some rows.
#[derive(Clone, Debug)]
pub enum RowKeys {
    /// All rows have the same.
    Same(u64),
    /// Where each key has a place of its own.
    Narrow(Vec<u16>),
    Wide(Vec<u64>),
}

impl RowKeys {
    pub fn of(&self, row: usize) -> u64 {
        match self {
            RowKeys::Same(key) => *key,
            RowKeys::Narrow(keys) => keys.get(row).copied().unwrap_or(0).into(),
            RowKeys::Wide(keys) => keys.get(row).copied().unwrap_or(0),
        }
    }
}

/// What an atom adds to the keys of some rows.
pub enum Term<'b> {
    /// The same number in all of them.
    Same(u32),
    /// Codes in a byte each, and the number of each code.
    Bytes(&'b [u8], &'b [u32]),
    /// Codes in a byte each; each code's number is the code and this.
    InOrder(&'b [u8], u32),
    /// How many of the thresholds are reached, and one more.
    Steps(Rc<Lane<'b>>, Vec<i64>),
    Codes(Rc<Codes>),
}

/// An atom's numbers in some rows.
pub struct Codes {
    pub codes: Vec<u32>,
    /// 1 for rows that are to be evaluated by themselves.
    pub beyond: Option<Vec<u8>>,
}

/// Adds up the keys of rows from terms and their strides, into room that was used before.
pub fn added<K: Key>(terms: &[(Term, u64)], rows: usize, mut keys: Vec<K>) -> Result<Vec<K>, u64> {
    let same = terms.iter().map(|(term, stride)| match term {
        Term::Same(code) | Term::InOrder(_, code) => stride.wrapping_mul(u64::from(*code)),
        _ => 0,
    });
    let same = same.fold(0, u64::wrapping_add);
    if terms.iter().all(|(term, _)| matches!(term, Term::Same(_))) {
        return Err(same);
    }
    keys.clear();
    keys.resize(rows, K::of(same));
    let mut bytes: Vec<(&[u8], [K; 256])> = Vec::new();
    let mut in_order: Vec<(&[u8], K)> = Vec::new();
    for (term, stride) in terms {
        let stride = K::of(*stride);
        match term {
            Term::Same(_) => {}
            Term::Bytes(codes, map) => bytes.push((codes, steps(map, stride))),
            Term::InOrder(codes, _) => in_order.push((codes, stride)),
            Term::Steps(lane, thresholds) => step_over(lane, thresholds, stride, &mut keys),
            Term::Codes(codes) => {
                keys.iter_mut().zip(&codes.codes).for_each(|(key, code)| *key = key.plus(stride.times(*code)));
            }
        }
    }
    bytes.chunks(4).for_each(|codes| step_together(&mut keys, codes));
    in_order.chunks(4).for_each(|codes| times_together(&mut keys, codes));
    Ok(keys)
}

/// Numbers that rows are looked up by.
pub trait Key: Copy {
    const ZERO: Self;
    fn of(key: u64) -> Self;
    fn times(self, code: u32) -> Self;
    fn plus(self, step: Self) -> Self;
}

impl Key for u16 {
    const ZERO: u16 = 0;

    // Strides are made so that keys stay below the size of the memory.
    #[inline(always)]
    fn of(key: u64) -> Self {
        key as u16
    }

    #[inline(always)]
    fn times(self, code: u32) -> Self {
        self.wrapping_mul(code as u16)
    }

    #[inline(always)]
    fn plus(self, step: Self) -> Self {
        self.wrapping_add(step)
    }
}

impl Key for u64 {
    const ZERO: u64 = 0;

    #[inline(always)]
    fn of(key: u64) -> Self {
        key
    }

    #[inline(always)]
    fn times(self, code: u32) -> Self {
        self.wrapping_mul(u64::from(code))
    }

    #[inline(always)]
    fn plus(self, step: Self) -> Self {
        self.wrapping_add(step)
    }
}

/// How long a table is made that has room for so many places: of a few lengths, which [`looked_up`] knows.
pub fn length_for(places: usize) -> usize {
    [16, 256, 4_096, 65_536].into_iter().find(|length| places <= *length).unwrap_or(places)
}

/// Looks up keys in a table that has a place for each of them; one of another length has none.
pub fn looked_up(keys: &[u16], table: &[u32], none: u32, out: &mut [u32]) {
    // As all keys are below the length, this changes none; the compiler sees then that they are.
    fn all<const LENGTH: usize>(keys: &[u16], table: &[u32; LENGTH], out: &mut [u32]) {
        out.iter_mut().zip(keys).for_each(|(out, key)| *out = table[usize::from(*key) & (LENGTH - 1)]);
    }
    if let Ok(table) = <&[u32; 16]>::try_from(table) {
        all(keys, table, out);
    } else if let Ok(table) = <&[u32; 256]>::try_from(table) {
        all(keys, table, out);
    } else if let Ok(table) = <&[u32; 4_096]>::try_from(table) {
        all(keys, table, out);
    } else if let Ok(table) = <&[u32; 65_536]>::try_from(table) {
        all(keys, table, out);
    } else {
        out.fill(none);
    }
}

/// The number that codes have more than themselves, where it is the same for all of a list.
pub fn in_order(map: &[u32]) -> Option<u32> {
    let first = *map.first()?;
    map.iter().zip(first..).all(|(number, follows)| *number == follows).then_some(first)
}

/// The greatest code; 0 of none.
#[multiversion(targets("x86_64+avx2"))]
pub fn greatest(codes: &[u8]) -> u8 {
    codes.iter().fold(0, |greatest, code| greatest.max(*code))
}

/// Adds the codes of up to four atoms times their strides in one pass.
#[multiversion(targets("x86_64+avx2"))]
fn times_together<K: Key>(keys: &mut [K], codes: &[(&[u8], K)]) {
    let times = |stride: &K, code: &u8| stride.times(u32::from(*code));
    match codes {
        [(a, x), (b, y), (c, z), (d, w)] => {
            let rows = a.iter().zip(*b).zip(*c).zip(*d);
            for (key, (((a, b), c), d)) in keys.iter_mut().zip(rows) {
                *key = key.plus(times(x, a).plus(times(y, b))).plus(times(z, c).plus(times(w, d)));
            }
        }
        _ => {
            for (a, x) in codes {
                keys.iter_mut().zip(*a).for_each(|(key, a)| *key = key.plus(times(x, a)));
            }
        }
    }
}

/// A step for every byte there is, so that none has to be looked for.
fn steps<K: Key>(map: &[u32], stride: K) -> [K; 256] {
    let mut steps = [K::ZERO; 256];
    steps.iter_mut().zip(map).for_each(|(step, code)| *step = stride.times(*code));
    steps
}

/// Adds the steps of up to four atoms in one pass.
fn step_together<K: Key>(keys: &mut [K], codes: &[(&[u8], [K; 256])]) {
    let step = |steps: &[K; 256], code: &u8| steps[usize::from(*code)];
    match codes {
        [(a, x), (b, y), (c, z), (d, w)] => {
            let rows = a.iter().zip(*b).zip(*c).zip(*d);
            for (key, (((a, b), c), d)) in keys.iter_mut().zip(rows) {
                *key = key.plus(step(x, a).plus(step(y, b))).plus(step(z, c).plus(step(w, d)));
            }
        }
        [(a, x), (b, y), (c, z)] => {
            for (key, ((a, b), c)) in keys.iter_mut().zip(a.iter().zip(*b).zip(*c)) {
                *key = key.plus(step(x, a).plus(step(y, b))).plus(step(z, c));
            }
        }
        [(a, x), (b, y)] => {
            for (key, (a, b)) in keys.iter_mut().zip(a.iter().zip(*b)) {
                *key = key.plus(step(x, a).plus(step(y, b)));
            }
        }
        _ => {
            for (a, x) in codes {
                keys.iter_mut().zip(*a).for_each(|(key, a)| *key = key.plus(step(x, a)));
            }
        }
    }
}

/// Adds how many thresholds each number reaches, and one more, times a stride.
fn step_over<K: Key>(lane: &Lane, thresholds: &[i64], stride: K, keys: &mut [K]) {
    match &lane.values {
        Values::Same(value) => {
            let reached = thresholds.partition_point(|t| t <= value) as u32;
            keys.iter_mut().for_each(|key| *key = key.plus(stride.times(reached + 1)));
        }
        Values::Long(values) => count(values, thresholds, stride, keys),
        Values::Short(values) => count(values, &short(thresholds), stride, keys),
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn count<K: Key, T: Copy + PartialOrd>(values: &[T], thresholds: &[T], stride: K, keys: &mut [K]) {
    let step = |reached: bool| if reached { stride } else { K::ZERO };
    match thresholds {
        [] => keys.iter_mut().for_each(|key| *key = key.plus(stride)),
        [a] => {
            for (key, value) in keys.iter_mut().zip(values) {
                *key = key.plus(stride).plus(step(value >= a));
            }
        }
        [a, b] => {
            for (key, value) in keys.iter_mut().zip(values) {
                *key = key.plus(stride).plus(step(value >= a)).plus(step(value >= b));
            }
        }
        [a, b, rest @ ..] => {
            for (key, value) in keys.iter_mut().zip(values) {
                *key = key.plus(stride).plus(step(value >= a)).plus(step(value >= b));
            }
            for a in rest {
                keys.iter_mut().zip(values).for_each(|(key, value)| *key = key.plus(step(value >= a)));
            }
        }
    }
}

/// Thresholds of dates. Dates lie far within 32 bits, and so do the thresholds that they can reach.
fn short(thresholds: &[i64]) -> Vec<i32> {
    let clamp = |t: &i64| i32::try_from(*t).unwrap_or(if *t > 0 { i32::MAX } else { i32::MIN });
    thresholds.iter().map(clamp).collect()
}

/// Few thresholds are counted one by one, more are searched.
pub const FEW: usize = 8;

/// How many thresholds each number reaches, and one more.
pub fn segments(lane: &Lane, thresholds: &[i64], rows: usize) -> Vec<u32> {
    match &lane.values {
        Values::Same(value) => vec![1 + thresholds.partition_point(|t| t <= value) as u32; rows],
        Values::Long(values) => reached(values, thresholds),
        Values::Short(values) => reached(values, &short(thresholds)),
    }
}

fn reached<T: Copy + PartialOrd>(values: &[T], thresholds: &[T]) -> Vec<u32> {
    if thresholds.len() > FEW {
        return values.iter().map(|value| 1 + thresholds.partition_point(|t| t <= value) as u32).collect();
    }
    let mut codes = vec![1; values.len()];
    for threshold in thresholds {
        codes.iter_mut().zip(values).for_each(|(code, value)| *code += u32::from(value >= threshold));
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_order_add_what_the_same_codes_add_from_a_list() {
        let codes: Vec<Vec<u8>> = (1..=6_u32).map(|n| (0..100).map(|row| (row * n % 7) as u8).collect()).collect();
        let map: Vec<u32> = (1..=7).collect();
        let more = in_order(&map).expect("they follow each other");
        for count in 0..=codes.len() {
            let terms = |is_listed: bool| -> Vec<(Term, u64)> {
                let term = |codes| if is_listed { Term::Bytes(codes, &map) } else { Term::InOrder(codes, more) };
                let own = codes[..count].iter().zip(1..).map(|(codes, place)| (term(codes), 3 * place));
                own.chain([(Term::Same(2), 5)]).collect()
            };
            let (in_order, listed) = (terms(false), terms(true));
            let narrow = added::<u16>(&in_order, 100, Vec::new());
            assert_eq!(narrow, added::<u16>(&listed, 100, vec![7]), "{count} atoms");
            let wide = narrow.map(|keys| keys.into_iter().map(u64::from).collect::<Vec<_>>());
            assert_eq!(wide, added::<u64>(&in_order, 100, vec![7]), "{count} atoms");
        }
    }

    #[test]
    fn keys_are_found_in_tables_of_every_length() {
        for places in [1, 16, 17, 300, 5_000, 65_536] {
            let table: Vec<u32> = (0..length_for(places) as u32).map(|place| place * 3).collect();
            let keys: Vec<u16> = (0..places).map(|key| key as u16).collect();
            let mut out = vec![0; keys.len()];
            looked_up(&keys, &table, 7, &mut out);
            assert!(out.iter().zip(&keys).all(|(out, key)| *out == u32::from(*key) * 3), "{places} places");
        }
        let mut out = [0; 2];
        looked_up(&[0, 1], &[], 7, &mut out);
        assert_eq!(out, [7, 7], "nothing is known yet");
    }

    #[test]
    fn codes_are_in_order_only_where_all_of_them_are() {
        assert_eq!(in_order(&[4, 5, 6]), Some(4));
        assert_eq!(in_order(&[1, 2, 0]), None, "the last is for facts that are not given");
        assert_eq!(in_order(&[]), None);
        assert_eq!((greatest(&[0, 3, 255, 1]), greatest(&[])), (255, 0));
    }
}
