//! Parquet: only the columns that are asked for are read.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

use super::ReadError;
use super::files::FilePieces;
use super::nested::{Leaf, flat, leaves};
use crate::batch::{Content, Heading};

/// The rows of a piece.
pub const ROWS: usize = 16_384;

pub struct Parquet {
    file: Arc<str>,
    opened: File,
    metadata: ArrowReaderMetadata,
    leaves: Vec<Leaf>,
    headings: Vec<Heading>,
    wanted: Vec<usize>,
    reader: Option<ParquetRecordBatchReader>,
    /// The number of the next record, from 1.
    row: u64,
    rows: u64,
    read: Arc<AtomicU64>,
    size: u64,
    told: u64,
}

impl Parquet {
    pub fn open(file: &Arc<str>, expected: &[String], read: &Arc<AtomicU64>) -> Result<Parquet, ReadError> {
        let opened = File::open(&**file).map_err(|error| ReadError::of_io(file, &error))?;
        let size = opened.metadata().map(|m| m.len()).unwrap_or(0);
        let metadata = ArrowReaderMetadata::load(&opened, ArrowReaderOptions::new())
            .and_then(|metadata| with_dictionaries(&opened, metadata))
            .map_err(|error| unreadable(file, &error, size))?;
        let leaves = leaves(metadata.schema(), expected);
        let headings: Vec<Heading> = leaves.iter().map(|leaf| leaf.heading.clone()).collect();
        let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        let wanted = (0..leaves.len()).collect();
        let (file, read) = (file.clone(), read.clone());
        Ok(Parquet {
            file,
            opened,
            metadata,
            leaves,
            headings,
            wanted,
            reader: None,
            row: 1,
            rows,
            read,
            size,
            told: 0,
        })
    }

    fn error(&self, error: &ParquetError) -> ReadError {
        unreadable(&self.file, error, self.size).at(format!("after row {}", self.row - 1))
    }

    fn start(&self) -> Result<ParquetRecordBatchReader, ReadError> {
        let opened = self.opened.try_clone().map_err(|error| ReadError::of_io(&self.file, &error))?;
        let roots = self.wanted.iter().filter_map(|at| self.leaves.get(*at)?.way.first().copied());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, self.metadata.clone());
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        let offset = usize::try_from(self.row - 1).unwrap_or(usize::MAX);
        builder
            .with_projection(mask)
            .with_batch_size(ROWS)
            .with_offset(offset)
            .build()
            .map_err(|error| self.error(&error))
    }
}

impl FilePieces for Parquet {
    fn headings(&self) -> &[Heading] {
        &self.headings
    }

    fn want(&mut self, columns: &[usize]) {
        self.wanted = columns.to_vec();
    }

    fn skip(&mut self, pieces: u64) -> Result<u64, ReadError> {
        let left = (self.rows - (self.row - 1)).div_ceil(ROWS as u64);
        let passed = pieces.min(left);
        self.row += passed * ROWS as u64;
        self.row = self.row.min(self.rows + 1);
        Ok(passed)
    }

    fn next(&mut self) -> Result<Option<(u64, Content)>, ReadError> {
        if self.reader.is_none() {
            self.reader = Some(self.start()?);
        }
        let batch = match self.reader.as_mut().and_then(Iterator::next) {
            Some(batch) => batch.map_err(|error| self.error(&ParquetError::ArrowError(error.to_string())))?,
            None if self.row <= self.rows => {
                let message = format!("the file tells of {} rows and has {}", self.rows, self.row - 1);
                return Err(ReadError::new(&self.file, message, "copy it again from where it comes from"));
            }
            None => return Ok(None),
        };
        // Which columns were read, in the order of the schema.
        let mut roots: Vec<usize> =
            self.wanted.iter().filter_map(|at| self.leaves.get(*at)?.way.first().copied()).collect();
        roots.sort_unstable();
        roots.dedup();
        let wanted: Vec<Leaf> = self.wanted.iter().filter_map(|at| self.leaves.get(*at).cloned()).collect();
        let batch = flat(&batch, &wanted, |root| roots.binary_search(&root).ok())
            .map_err(|error| self.error(&ParquetError::ArrowError(error.to_string())))?;
        let row = self.row;
        self.row += batch.num_rows() as u64;
        // How much was read is told by rows: the reader goes to and fro.
        let passed = u128::from(self.size) * u128::from(self.row - 1) / u128::from(self.rows.max(1));
        let passed = u64::try_from(passed).unwrap_or(self.size).min(self.size);
        self.read.fetch_add(passed - self.told, Ordering::Relaxed);
        self.told = passed;
        Ok(Some((row, Content::Arrow(batch))))
    }
}

/// Texts that have few different values are read as the file has them: a dictionary, and its keys.
fn with_dictionaries(file: &File, metadata: ArrowReaderMetadata) -> Result<ArrowReaderMetadata, ParquetError> {
    let schema = metadata.schema().clone();
    let groups = metadata.metadata().row_groups();
    let mut changed = false;
    let fields: Vec<Arc<Field>> = schema
        .fields()
        .iter()
        .map(|field| {
            if !matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
                return field.clone();
            }
            // Keys take few bits a row where there are few values.
            let few = !groups.is_empty()
                && groups.iter().all(|group| {
                    group.columns().iter().filter(|c| c.column_path().parts() == [field.name().as_str()]).all(
                        |column| {
                            column.dictionary_page_offset().is_some()
                                && column.uncompressed_size() <= 1024 + 2 * column.num_values()
                        },
                    )
                });
            if !few {
                return field.clone();
            }
            changed = true;
            let ty = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(Field::clone(field).with_data_type(ty))
        })
        .collect();
    if !changed {
        return Ok(metadata);
    }
    let supplied = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
    let options = ArrowReaderOptions::new().with_schema(supplied);
    // A file whose types cannot be read so is read as it is.
    Ok(ArrowReaderMetadata::load(file, options).unwrap_or(metadata))
}

fn unreadable(file: &str, error: &ParquetError, size: u64) -> ReadError {
    let said = error.to_string();
    if size == 0 {
        return ReadError::new(
            file,
            "the file is empty",
            "a Parquet file has a footer even without rows: export it again",
        );
    }
    if let ParquetError::EOF(_) | ParquetError::NeedMoreData(_) = error {
        return ReadError::new(
            file,
            format!("the file is cut short: {said}"),
            "copy it again from where it comes from",
        );
    }
    if said.contains("Corrupt footer") || said.contains("Invalid Parquet file") {
        let help = "copy it again from where it comes from; is it really a Parquet file?";
        return ReadError::new(file, "the end of the file is missing, or it is no Parquet file", help);
    }
    ReadError::new(file, format!("the file cannot be read: {said}"), "copy it again from where it comes from")
}
