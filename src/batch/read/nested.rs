//! Columns of Arrow by their dotted names: a struct is a group of columns, unless it is expected whole.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions, make_array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Fields, Schema};
use arrow::error::ArrowError;
use unicode_normalization::UnicodeNormalization;

use crate::batch::{Heading, HeadingKind};

/// A column and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub heading: Heading,
    /// Its place in the schema, then in each struct on the way.
    pub way: Vec<usize>,
    pub field: Field,
}

/// The columns of a schema, in order.
pub fn leaves(schema: &Schema, expected: &[String]) -> Vec<Leaf> {
    let mut found = Vec::new();
    group("", schema.fields(), &mut Vec::new(), expected, &mut found);
    found
}

fn group(above: &str, fields: &Fields, way: &mut Vec<usize>, expected: &[String], found: &mut Vec<Leaf>) {
    for (at, field) in fields.iter().enumerate() {
        let name: String = field.name().nfc().collect();
        let path = if above.is_empty() { name } else { format!("{above}.{name}") };
        way.push(at);
        match field.data_type() {
            DataType::Struct(parts) if !expected.contains(&path) && !parts.is_empty() => {
                group(&path, parts, way, expected, found);
            }
            ty => {
                let heading = Heading { name: path.clone(), kind: kind(ty) };
                let field = Field::new(path, ty.clone(), true).with_metadata(field.metadata().clone());
                found.push(Leaf { heading, way: way.clone(), field });
            }
        }
        way.pop();
    }
}

fn kind(ty: &DataType) -> HeadingKind {
    match ty {
        DataType::Boolean => HeadingKind::YesNo,
        DataType::Date32 | DataType::Date64 => HeadingKind::Date,
        DataType::Timestamp(..) => HeadingKind::Instant,
        DataType::Dictionary(_, of) => kind(of),
        ty if ty.is_numeric() => HeadingKind::Number,
        ty if ty.is_nested() => HeadingKind::Nested,
        _ => HeadingKind::Text,
    }
}

/// A batch of some of the columns, each under its heading. `root` tells where a column of the schema is in the batch.
pub fn flat(
    batch: &RecordBatch,
    leaves: &[Leaf],
    root: impl Fn(usize) -> Option<usize>,
) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::with_capacity(leaves.len());
    let mut arrays = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        let array = leaf.way.first().and_then(|at| root(*at)).and_then(|at| batch.columns().get(at));
        let Some(array) = array else { continue };
        let array = leaf.way[1..].iter().try_fold(array.clone(), |array, at| within(&array, *at))?;
        fields.push(leaf.field.clone().with_data_type(array.data_type().clone()));
        arrays.push(array);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Schema::new(fields).into(), arrays, &options)
}

/// A column of a struct: nothing where the struct is nothing.
fn within(array: &ArrayRef, at: usize) -> Result<ArrayRef, ArrowError> {
    let parts = array.as_struct_opt().ok_or_else(|| ArrowError::SchemaError("a struct is missing".to_owned()))?;
    let inner = parts.columns().get(at).ok_or_else(|| ArrowError::SchemaError("a part is missing".to_owned()))?;
    let Some(outer) = parts.nulls() else { return Ok(inner.clone()) };
    let nulls = NullBuffer::union(Some(outer), inner.nulls());
    Ok(make_array(inner.to_data().into_builder().nulls(nulls).build()?))
}
