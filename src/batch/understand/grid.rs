//! Where the cells of a piece of text stand: what was found in one walk over its bytes.

use super::cell::{Cell, Cells};

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Written {
    /// There is none.
    Not,
    /// `null`
    Null,
    /// A field without quotes.
    Bare,
    /// A text within quotes, which are left out.
    Quoted,
    /// A number of JSON.
    Number,
    True,
    False,
    /// A list or map of JSON.
    Nested,
}

/// A cell's place: in the bytes of the piece, or among the texts that had to be freed from escapes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    start: u32,
    length: u32,
    written: Written,
    freed: bool,
}

/// The cells of some columns of a piece.
#[derive(Debug, Default)]
pub struct Grid {
    width: usize,
    /// Row by row, `width` a row.
    places: Vec<Place>,
    /// Where each record starts and ends in the bytes.
    pub records: Vec<(u32, u32)>,
    /// Texts that had escapes.
    freed: Vec<u8>,
}

/// A column of a grid.
#[derive(Clone, Copy, Debug)]
pub struct GridColumn<'a> {
    grid: &'a Grid,
    bytes: &'a [u8],
    column: usize,
}

impl Place {
    const NONE: Place = Place { start: 0, length: 0, written: Written::Not, freed: false };
}

impl Grid {
    /// Forgets all cells; rows have so many from now on.
    pub fn clear(&mut self, width: usize) {
        self.width = width;
        self.places.clear();
        self.records.clear();
        self.freed.clear();
    }

    /// Starts a row without cells.
    pub fn start_row(&mut self, start: usize) {
        self.places.resize(self.places.len() + self.width, Place::NONE);
        self.records.push((start as u32, start as u32));
    }

    /// Takes the cells of a row away again.
    pub fn blank(&mut self, row: usize) {
        let start = row * self.width;
        if let Some(places) = self.places.get_mut(start..start + self.width) {
            places.fill(Place::NONE);
        }
    }

    pub fn end_row(&mut self, end: usize) {
        if let Some(record) = self.records.last_mut() {
            record.1 = end as u32;
        }
    }

    /// Whether the last row has this cell.
    pub fn has(&self, column: usize) -> bool {
        let row = self.places.len() - self.width;
        self.places.get(row + column).is_some_and(|place| place.written != Written::Not)
    }

    /// Where the cells of the last row start, for [`put_bare`](Self::put_bare).
    pub fn row(&self) -> usize {
        self.places.len() - self.width
    }

    /// Gives a row a field that stands in the bytes without quotes.
    #[inline]
    pub fn put_bare(&mut self, row: usize, column: usize, start: usize, end: usize) {
        if let Some(place) = self.places.get_mut(row + column) {
            let (start, length) = (start as u32, (end - start) as u32);
            *place = Place { start, length, written: Written::Bare, freed: false };
        }
    }

    /// Gives the last row a cell that stands in the bytes.
    #[inline]
    pub fn put(&mut self, column: usize, start: usize, end: usize, written: Written) {
        let row = self.places.len() - self.width;
        if let Some(place) = self.places.get_mut(row + column) {
            *place = Place { start: start as u32, length: (end - start) as u32, written, freed: false };
        }
    }

    /// Gives the last row a text that had to be freed from escapes.
    pub fn put_freed(&mut self, column: usize, text: &[u8], written: Written) {
        let row = self.places.len() - self.width;
        let start = self.freed.len();
        self.freed.extend_from_slice(text);
        if let Some(place) = self.places.get_mut(row + column) {
            *place = Place { start: start as u32, length: text.len() as u32, written, freed: true };
        }
    }

    /// What stands in a cell, and how it is written.
    #[inline]
    pub fn raw<'a>(&'a self, bytes: &'a [u8], row: usize, column: usize) -> (Written, &'a [u8], bool) {
        let Some(place) = self.places.get(row * self.width + column) else { return (Written::Not, &[], false) };
        let from = if place.freed { &self.freed } else { bytes };
        let start = place.start as usize;
        (place.written, from.get(start..start + place.length as usize).unwrap_or_default(), place.freed)
    }

    /// Of some cells of a row the first ones that stand side by side in the bytes, without quotes: how many they are, and
    /// their bytes with the marks between them. `None` if already the first stands in quotes.
    #[inline]
    pub fn side_by_side<'a>(
        &self,
        bytes: &'a [u8],
        row: usize,
        mut columns: impl Iterator<Item = Option<usize>>,
    ) -> Option<(usize, &'a [u8])> {
        let row = self.places.get(row * self.width..(row + 1) * self.width)?;
        let mut bare = |column: Option<usize>| {
            let place = row.get(column?)?;
            (place.written == Written::Bare && !place.freed).then_some((place.start, place.start + place.length))
        };
        let (start, mut end) = bare(columns.next()?)?;
        let mut count = 1;
        // One mark stands between neighbours.
        while let Some((_, next)) = columns.next().and_then(&mut bare).filter(|(start, _)| *start == end + 1) {
            end = next;
            count += 1;
        }
        Some((count, bytes.get(start as usize..end as usize)?))
    }

    pub fn column<'a>(&'a self, bytes: &'a [u8], column: usize) -> GridColumn<'a> {
        GridColumn { grid: self, bytes, column }
    }
}

impl Cells for GridColumn<'_> {
    #[inline]
    fn cell(&self, row: usize) -> Cell<'_> {
        let (written, bytes, _) = self.grid.raw(self.bytes, row, self.column);
        match written {
            Written::Not | Written::Null => Cell::Missing,
            Written::Bare | Written::Quoted => Cell::of_text(bytes),
            Written::Number => Cell::Number(bytes),
            Written::True => Cell::YesNo(true),
            Written::False => Cell::YesNo(false),
            Written::Nested => Cell::Nested(bytes),
        }
    }
}
