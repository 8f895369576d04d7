//! The rows of a piece that cannot be understood.

use super::slow::Wrong;

const SET_ASIDE: u8 = 1;
/// Of a row that is passed over without a word.
const LEFT_OUT: u8 = 2;

/// Which rows are set aside, and why.
#[derive(Debug, Default)]
pub struct Bad {
    /// A byte a row: [`SET_ASIDE`], [`LEFT_OUT`], or 0.
    pub mask: Vec<u8>,
    /// How many of them are not 0.
    pub count: usize,
    /// The mistakes: the row, the place of the binding that met it, and what it is.
    pub wrongs: Vec<(u32, Met, Wrong)>,
}

/// Where a mistake was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Met {
    /// The record as a whole.
    Record,
    /// A cell of a column, by its place among the headings.
    Column(usize),
}

impl Bad {
    pub fn clear(&mut self, rows: usize) {
        self.mask.clear();
        self.mask.resize(rows, 0);
        self.count = 0;
        self.wrongs.clear();
    }

    /// Leaves a row out without a word.
    pub fn leave_out(&mut self, row: usize) {
        if let Some(mask) = self.mask.get_mut(row) {
            self.count += usize::from(*mask == 0);
            *mask = LEFT_OUT;
        }
    }

    #[cold]
    pub fn add(&mut self, row: usize, met: Met, wrong: Wrong) {
        let Some(mask) = self.mask.get_mut(row).filter(|mask| **mask != LEFT_OUT) else { return };
        self.count += usize::from(*mask == 0);
        *mask = SET_ASIDE;
        self.wrongs.push((row as u32, met, wrong));
    }

    pub fn is(&self, row: usize) -> bool {
        self.mask.get(row).is_some_and(|mask| *mask != 0)
    }

    /// Keeps of a column only the rows that are not set aside.
    pub fn sift<T>(&self, column: &mut Vec<T>) {
        if self.count > 0 {
            let mut row = 0;
            column.retain(|_| {
                row += 1;
                self.mask.get(row - 1) == Some(&0)
            });
        }
    }
}
