//! Columns that are carried along to the output.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::take;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::grid::{Grid, Written};
use crate::batch::{Content, Heading, Piece};

/// The kept columns of the rows that were understood.
#[derive(Debug)]
pub enum Kept<'r> {
    Grid {
        grid: &'r Grid,
        bytes: &'r [u8],
        /// The cell of each kept column.
        slots: Vec<Option<usize>>,
        /// The place of each row among the records of the piece.
        places: Vec<u32>,
        /// The mark that parts fields, if the file is a delimited one.
        delimiter: Option<u8>,
    },
    /// Whole columns, without the rows that were set aside; `None` of one that the file doesn't have.
    Arrow(Vec<Option<ArrayRef>>),
    Nothing,
}

/// A cell that is carried along, as it is written.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    pub written: Written,
    pub bytes: &'a [u8],
}

impl<'r> Kept<'r> {
    pub fn of(
        kept: &[usize],
        slots: &[Option<usize>],
        headings: &[Heading],
        piece: &'r Piece,
        grid: &'r Grid,
        places: Vec<u32>,
    ) -> Kept<'r> {
        let slots = || kept.iter().map(|column| slots.get(*column).copied().flatten()).collect();
        match &piece.content {
            Content::Delimited { bytes, dialect, .. } => {
                Kept::Grid { grid, bytes, slots: slots(), places, delimiter: Some(dialect.delimiter) }
            }
            Content::Json { bytes, .. } => Kept::Grid { grid, bytes, slots: slots(), places, delimiter: None },
            Content::Arrow(batch) => {
                let all = places.len() == batch.num_rows();
                let indices = UInt32Array::from(places);
                let column = |column: &usize| {
                    let array = batch.column_by_name(&headings.get(*column)?.name)?;
                    if all { Some(array.clone()) } else { take(array, &indices, None).ok() }
                };
                Kept::Arrow(kept.iter().map(column).collect())
            }
            Content::Broken(_) => Kept::Nothing,
        }
    }

    /// A cell of text formats, as it is written.
    #[inline]
    pub fn raw(&self, kept: usize, row: usize) -> Option<Raw<'_>> {
        let Kept::Grid { grid, bytes, slots, places, .. } = self else { return None };
        let slot = slots.get(kept).copied().flatten()?;
        let (written, bytes, _) = grid.raw(bytes, *places.get(row)? as usize, slot);
        Some(Raw { written, bytes })
    }

    /// The first of some kept cells of a delimited file, as many of them as stand side by side in it without quotes: how
    /// many they are, and their bytes with the marks between them. `None` if already the first stands in quotes.
    #[inline]
    pub fn side_by_side(&self, kept: &[usize], row: usize) -> Option<(usize, &[u8])> {
        let Kept::Grid { grid, bytes, slots, places, .. } = self else { return None };
        let columns = kept.iter().map(|kept| slots.get(*kept).copied().flatten());
        grid.side_by_side(bytes, *places.get(row)? as usize, columns)
    }

    /// A whole column of Arrow.
    pub fn array(&self, kept: usize) -> Option<&ArrayRef> {
        match self {
            Kept::Arrow(arrays) => arrays.get(kept)?.as_ref(),
            _ => None,
        }
    }

    /// The mark that parts fields, if the file is a delimited one.
    pub fn delimiter(&self) -> Option<u8> {
        match self {
            Kept::Grid { delimiter, .. } => *delimiter,
            _ => None,
        }
    }

    /// What stands there, as text; `None` where nothing does.
    pub fn text(&self, kept: usize, row: usize) -> Option<Cow<'_, str>> {
        if let Kept::Arrow(_) = self {
            return array_text(self.array(kept)?, row);
        }
        let raw = self.raw(kept, row)?;
        match raw.written {
            Written::Not | Written::Null => None,
            Written::Bare | Written::Quoted if raw.bytes.is_empty() => None,
            _ => Some(String::from_utf8_lossy(raw.bytes)),
        }
    }
}

/// What stands in a row of an array, as text.
pub fn array_text(array: &dyn Array, row: usize) -> Option<Cow<'_, str>> {
    if row >= array.len() || array.is_null(row) {
        return None;
    }
    if let Some(strings) = array.as_string_opt::<i32>() {
        return Some(Cow::Borrowed(strings.value(row)));
    }
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let key = dictionary.normalized_keys().get(row).copied()?;
        return array_text(dictionary.values(), key).map(|text| Cow::Owned(text.into_owned()));
    }
    if array.data_type().is_nested() {
        let field = arrow::datatypes::Field::new("v", array.data_type().clone(), true);
        let schema = arrow::datatypes::Schema::new(vec![field]);
        let batch = arrow::record_batch::RecordBatch::try_new(schema.into(), vec![array.slice(row, 1)]).ok()?;
        let line = String::from_utf8(super::arrow::row_lines(&batch)?).ok()?;
        let value = line.trim_end().strip_prefix("{\"v\":")?.strip_suffix('}')?;
        return Some(Cow::Owned(value.to_owned()));
    }
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(array, &options).ok()?;
    Some(Cow::Owned(formatter.value(row).to_string()))
}
