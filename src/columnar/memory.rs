//! What a thread remembers of a sub: what cases come to, by their atoms.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::atom::Atom;
use super::number::NumberId;
use crate::value::worktime::{Calendar, PartDay};

/// The most combinations of atoms that have a place of their own; more are found by hashing.
const MOST_DENSE: u64 = 1 << 16;
/// The most combinations that are remembered. Cases with others are evaluated one by one.
const MOST_REMEMBERED: usize = 1 << 20;
/// Where hardly any two cases are alike, remembering only costs: so many cases are tried before that is judged.
const TRIED: u64 = 1 << 14;

/// What cases with the same atoms come to. Numbered from 1; 0 stands for what was not met yet.
#[derive(Debug)]
pub struct Memory {
    places: Places,
    /// By atom of the sub: what its number is multiplied with.
    pub strides: Vec<u64>,
    pub cells: Vec<Cell>,
    /// By number of the cell: the place of what is told; [`SPECIAL`] for others.
    pub told: Vec<u32>,
    met: u64,
    missed: u64,
}

#[derive(Debug)]
enum Places {
    Dense(Vec<u32>),
    Hashed(HashMap<u64, u32, RandomState>),
    /// Too many combinations, or hardly any two cases alike.
    Off,
}

/// What cases come to is not told by a place alone.
pub const SPECIAL: u32 = u32::MAX;

/// What cases come to.
#[derive(Clone, Debug)]
pub enum Cell {
    /// The same in all of them: the place of what is told.
    Told(u32),
    /// This number, told as at the place, which says all but the number.
    Formula(NumberId, u32),
    /// The same number in all of them: its value, scale and offset.
    Held(i64, u32, i32),
    /// No number; the atoms say why.
    Unknown,
    Clock(Arc<Calendar>, Option<PartDay>),
    /// It turns on which answers are the same, too.
    Compared,
    /// Each is evaluated by itself.
    Alone,
}

impl Memory {
    pub fn new(atoms: &[&Atom]) -> Self {
        let mut strides = Vec::with_capacity(atoms.len());
        let mut size = Some(1_u64);
        for atom in atoms {
            strides.push(size.unwrap_or(0));
            size = size.and_then(|size| size.checked_mul(atom.size()));
        }
        let places = match size {
            Some(size) if size <= MOST_DENSE => Places::Dense(vec![0; size as usize]),
            Some(_) => Places::Hashed(HashMap::default()),
            None => Places::Off,
        };
        Memory { places, strides, cells: Vec::new(), told: vec![SPECIAL], met: 0, missed: 0 }
    }

    #[inline]
    pub fn is_off(&self) -> bool {
        matches!(self.places, Places::Off)
    }

    /// The places by key, where each key has its own.
    #[inline]
    pub fn dense(&self) -> Option<&[u32]> {
        match &self.places {
            Places::Dense(places) => Some(places),
            _ => None,
        }
    }

    /// The number of the cell for a key; 0 if it was not met yet.
    #[inline]
    pub fn get(&self, key: u64) -> u32 {
        match &self.places {
            Places::Dense(places) => places.get(key as usize).copied().unwrap_or(0),
            Places::Hashed(places) => places.get(&key).copied().unwrap_or(0),
            Places::Off => 0,
        }
    }

    /// Where what is told of cases with a key stands in a table: at the key where each has its own place, else at the cell.
    #[inline]
    pub fn slot(&self, key: u64) -> usize {
        match &self.places {
            Places::Dense(_) => key as usize,
            _ => self.get(key) as usize,
        }
    }

    /// Remembers what cases with a key come to. Gives the number of the cell; 0 if there is no room left.
    pub fn put(&mut self, key: u64, cell: Cell) -> u32 {
        self.missed += 1;
        let number = self.cells.len() as u32 + 1;
        match &mut self.places {
            Places::Dense(places) => match places.get_mut(key as usize) {
                Some(place) => *place = number,
                None => return 0,
            },
            Places::Hashed(places) if places.len() < MOST_REMEMBERED => {
                places.insert(key, number);
            }
            _ => return 0,
        }
        self.told.push(if let Cell::Told(place) = cell { place } else { SPECIAL });
        self.cells.push(cell);
        number
    }

    /// Some cases were looked up. Where hardly any two are alike, that ends.
    pub fn met(&mut self, cases: usize) {
        self.met += cases as u64;
        if self.met > TRIED && self.missed > self.met / 2 && matches!(self.places, Places::Hashed(_)) {
            self.places = Places::Off;
            self.cells = Vec::new();
            self.told = vec![SPECIAL];
        }
    }
}
