//! Rendered parts put one after another.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use foldhash::fast::RandomState;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression as ParquetCompression;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::packed::{Packer, packed};
use super::style::delimited_text;
use super::{Layout, WriteError};
use crate::batch::{Format, Packing, Rendered};

/// Where rendered parts go, in the order of the input.
pub trait Sink: Send {
    /// # Errors
    /// What the system says.
    fn write(&mut self, part: Rendered) -> Result<(), WriteError>;

    /// Hands what was written so far on to the writer.
    ///
    /// # Errors
    /// What the system says.
    fn flush(&mut self) -> Result<(), WriteError>;

    /// Writes what belongs at the end. Without it the output is not whole.
    ///
    /// # Errors
    /// What the system says.
    fn finish(&mut self) -> Result<(), WriteError>;
}

/// How far an output had come that is gone on with. Only text formats can be gone on with, packed or not: what their
/// sink was given before a [`flush`](Sink::flush) is whole by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continued {
    /// Whether any row was written.
    pub rows: bool,
}

/// The rows of a row group of Parquet. Its columns are in memory until it is full.
const ROW_GROUP: usize = 131_072;

/// A sink that writes in the format of the layout.
///
/// # Errors
/// If the head of the output cannot be written.
pub fn sink<'l, W: Write + Send + 'l>(
    to: W,
    layout: &'l Layout<'l>,
    continued: Option<Continued>,
) -> Result<Box<dyn Sink + 'l>, WriteError> {
    let packing = layout.options.packing;
    if layout.format().is_text() {
        let mut sink = Text { to, packing, array: None };
        match layout.format() {
            Format::Json => sink.array = Some(continued.is_some_and(|continued| continued.rows)),
            Format::Csv | Format::Tsv if continued.is_none() => sink.head(layout)?,
            _ => {}
        }
        if layout.format() == Format::Json && continued.is_none() {
            sink.put(b"[\n")?;
        }
        return Ok(Box::new(sink));
    }
    if continued.is_some() {
        let message = format!("an output in {} cannot be gone on with", layout.format().name());
        return Err(WriteError::new(message, "write it from the start"));
    }
    let kind = match layout.format() {
        Format::ArrowStream => Kind::Stream,
        Format::Arrow => Kind::File,
        _ => Kind::Parquet,
    };
    let schema = Arc::new(layout.schema());
    Ok(Box::new(Columns { to: Some(Packer::new(to, packing)?), kind, schema, writer: None }))
}

/// CSV, TSV, NDJSON and JSON.
struct Text<W> {
    to: W,
    packing: Packing,
    /// Of a JSON array, whether it has rows already.
    array: Option<bool>,
}

impl<W: Write> Text<W> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let bytes = packed(bytes.to_vec(), self.packing)?;
        Ok(self.to.write_all(&bytes)?)
    }

    fn head(&mut self, layout: &Layout) -> Result<(), WriteError> {
        let mut line = Vec::new();
        for (at, heading) in layout.headings().iter().enumerate() {
            if at > 0 {
                line.push(layout.dialect().delimiter);
            }
            delimited_text(&mut line, heading.as_bytes(), layout.dialect());
        }
        line.push(b'\n');
        self.put(&line)
    }
}

impl<W: Write + Send> Sink for Text<W> {
    fn write(&mut self, part: Rendered) -> Result<(), WriteError> {
        let Rendered::Bytes(bytes) = part else {
            return Err(WriteError::new("a part in columns has no place in a text", ""));
        };
        if bytes.is_empty() {
            return Ok(());
        }
        match self.array {
            Some(true) => self.put(b",\n")?,
            Some(false) => self.array = Some(true),
            None => {}
        }
        Ok(self.to.write_all(&bytes)?)
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        Ok(self.to.flush()?)
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        match self.array {
            Some(true) => self.put(b"\n]\n")?,
            Some(false) => self.put(b"]\n")?,
            None => {}
        }
        self.flush()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Parquet,
    File,
    Stream,
}

/// Parquet and Arrow. The writer is made when the first batch tells the types of the kept columns.
struct Columns<W: Write + Send> {
    /// Taken when the writer is made.
    to: Option<Packer<W>>,
    kind: Kind,
    schema: SchemaRef,
    writer: Option<Writer<Packer<W>>>,
}

enum Writer<W: Write + Send> {
    Parquet(Box<ArrowWriter<W>>),
    File(Box<FileWriter<W>>),
    Stream(Box<StreamWriter<W>>),
}

impl<W: Write + Send> Columns<W> {
    /// `first` is the first batch, if there is any.
    fn writer(&mut self, first: Option<&RecordBatch>) -> Result<&mut Writer<Packer<W>>, WriteError> {
        if let Some(to) = self.to.take() {
            self.schema = fixed(&self.schema, self.kind);
            let schema = self.schema.clone();
            self.writer = Some(match self.kind {
                Kind::Parquet => {
                    let properties = properties(first);
                    Writer::Parquet(Box::new(ArrowWriter::try_new(to, schema, Some(properties))?))
                }
                Kind::File => Writer::File(Box::new(FileWriter::try_new(to, &schema)?)),
                Kind::Stream => Writer::Stream(Box::new(StreamWriter::try_new(to, &schema)?)),
            });
        }
        self.writer.as_mut().ok_or_else(|| WriteError::new("the output could not be begun", ""))
    }
}

/// How a file of Parquet is written. A column whose values hardly come again gets no dictionary: it would be as long as
/// the column, and take longest to make.
fn properties(first: Option<&RecordBatch>) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(ParquetCompression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP));
    for (field, array) in first.iter().flat_map(|batch| batch.schema_ref().fields().iter().zip(batch.columns())) {
        if varies(array) {
            let column = ColumnPath::new(vec![field.name().clone()]);
            properties = properties.set_column_dictionary_enabled(column, false);
        }
    }
    properties.build()
}

/// Whether there is no end of new values in a column: about as many in the second half as in the first, and many.
fn varies(array: &ArrayRef) -> bool {
    const FEW: usize = 1024;
    let data = array.to_data();
    let mut seen: HashSet<&[u8], RandomState> = HashSet::default();
    let half = array.len() / 2;
    let mut of_first = 0;
    let width = array.data_type().primitive_width();
    let strings = array.as_string_opt::<i32>();
    for row in 0..array.len() {
        if row == half {
            of_first = seen.len();
        }
        if array.is_null(row) {
            continue;
        }
        let value = match (strings, width) {
            (Some(strings), _) => Some(strings.value(row).as_bytes()),
            (None, Some(width)) => {
                let from = (data.offset() + row) * width;
                data.buffers().first().and_then(|values| values.as_slice().get(from..from + width))
            }
            _ => return false,
        };
        seen.extend(value);
    }
    let of_second = seen.len() - of_first;
    array.len() >= FEW && seen.len() >= array.len() / 4 && of_second >= of_first - of_first / 8
}

/// The schema that a file keeps from its first batch to its last. A file of Arrow has one dictionary for each column, and
/// texts come as they come, so that its texts are written in full.
fn fixed(schema: &Schema, kind: Kind) -> SchemaRef {
    if kind != Kind::File {
        return Arc::new(schema.clone());
    }
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Dictionary(_, of) => Arc::new(Field::clone(field).with_data_type((**of).clone())),
        _ => field.clone(),
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

/// A batch with the types of the schema.
fn fitted(batch: RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, WriteError> {
    if batch.schema_ref() == schema {
        return Ok(batch);
    }
    let arrays = batch.columns().iter().zip(schema.fields());
    let arrays = arrays.map(|(array, field)| {
        if array.data_type() == field.data_type() { Ok(array.clone()) } else { cast(array, field.data_type()) }
    });
    let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(schema.clone(), arrays, &options)?)
}

impl<W: Write + Send> Sink for Columns<W> {
    fn write(&mut self, part: Rendered) -> Result<(), WriteError> {
        let Rendered::Arrow(batch) = part else {
            return Err(WriteError::new("a part of text has no place among columns", ""));
        };
        if batch.num_rows() == 0 {
            return Ok(());
        }
        if self.writer.is_none() {
            self.schema = batch.schema();
        }
        self.writer(Some(&batch))?;
        let batch = fitted(batch, &self.schema)?;
        match self.writer(None)? {
            Writer::Parquet(writer) => writer.write(&batch)?,
            Writer::File(writer) => writer.write(&batch)?,
            Writer::Stream(writer) => writer.write(&batch)?,
        }
        Ok(())
    }

    /// Columns are handed on when a group of rows is full, so that groups are the same however often this is called.
    fn flush(&mut self) -> Result<(), WriteError> {
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.writer(None)?;
        let to = match self.writer.take() {
            Some(Writer::Parquet(writer)) => writer.into_inner()?,
            Some(Writer::File(writer)) => writer.into_inner()?,
            Some(Writer::Stream(writer)) => writer.into_inner()?,
            None => return Ok(()),
        };
        to.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Int64Array, StringArray};

    use super::varies;

    #[test]
    fn a_column_varies_that_has_new_values_without_end() {
        let rows = 4096;
        let of =
            |value: &dyn Fn(i64) -> Option<i64>| -> ArrayRef { Arc::new((0..rows).map(value).collect::<Int64Array>()) };
        assert!(varies(&of(&|row| Some(row * 7))));
        assert!(varies(&of(&|row| Some(if row % 2 == 0 { 0 } else { row }))), "half of them are the same");
        assert!(varies(&of(&|row| (row % 3 == 0).then_some(row))), "or are none");
        assert!(!varies(&of(&|row| Some(row % 1500))), "they come again");
        assert!(!varies(&of(&|row| (row % 8 == 0).then_some(row))), "most are none");
        assert!(!varies(&of(&|row| Some(row)).slice(0, 500)), "too few to say");
        assert!(varies(&of(&|row| Some(row.max(2048))).slice(2048, 2048)), "where the slice starts");
        let texts: ArrayRef = Arc::new((0..rows).map(|row| Some(format!("order {row}"))).collect::<StringArray>());
        assert!(varies(&texts));
        let answers: ArrayRef = Arc::new(BooleanArray::from(vec![true; 4096]));
        assert!(!varies(&answers));
    }
}
