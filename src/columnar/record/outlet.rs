//! Answers as the columns of a record batch: for each target its value, and why there is none.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, Int64Array, StringArray,
    TimestampSecondArray, UInt32Array, new_null_array,
};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit, UInt32Type};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::RecordError;
use crate::columnar::{Answer, Answers, Plan, held};
use crate::model::Type;
use crate::value::Value;

/// Makes record batches of a plan's answers.
///
/// Yes and no are `Boolean`, dates `Date32`, date-times `Timestamp(Second, "UTC")`; money of one currency, decimals,
/// percentages and quantities are `Decimal64` of the wanted decimal places; durations (in seconds), days, months,
/// business hours and days are `Int64`; all else is text, as `clausal eval` shows it, in a dictionary.
#[derive(Debug)]
pub struct Outlet {
    schema: SchemaRef,
    targets: Vec<(String, DataType)>,
    places: u8,
    /// The reasons of rows that all have a value.
    none: Option<ArrayRef>,
}

/// What is told of a target's answers.
struct Told<'a> {
    path: &'a str,
    answers: Vec<&'a Answer>,
    /// By row the place of its answer, and its own number.
    cells: &'a [u32],
    numbers: &'a [i64],
    /// What no number is greater than, whatever its sign.
    most: u64,
}

impl Outlet {
    pub fn new(plan: &Plan, places: u8) -> Self {
        let mut fields = Vec::new();
        let mut targets = Vec::new();
        for target in plan.targets() {
            let layout = layout(&target.expr.ty, places);
            fields.push(Field::new(&target.path, layout.clone(), true));
            fields.push(Field::new(format!("{}.reason", target.path), coded(), true));
            targets.push((target.path.clone(), layout));
        }
        Outlet { schema: Arc::new(Schema::new(fields)), targets, places, none: None }
    }

    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The answers of as many rows as were asked.
    ///
    /// # Errors
    /// An answer that its column cannot hold.
    pub fn batch(&mut self, answers: &Answers) -> Result<RecordBatch, RecordError> {
        let rows = answers.rows();
        let mut columns = Vec::with_capacity(self.targets.len() * 2);
        for (target, (path, layout)) in self.targets.iter().enumerate() {
            let told = Told {
                path,
                answers: answers.told(target).iter().map(|told| &told.answer).collect(),
                cells: answers.cells(target),
                numbers: answers.numbers(target),
                most: answers.most(target),
            };
            let undetermined = told.answers.iter().any(|answer| matches!(answer, Answer::Undetermined(..)));
            let is_text = matches!(layout, DataType::Dictionary(..));
            let keyed = if undetermined || is_text { Some(told.keyed()?) } else { None };
            columns.push(match (layout, &keyed) {
                (DataType::Dictionary(..), Some(keyed)) => Arc::new(keyed.clone()),
                _ => told.values(layout, self.places)?,
            });
            columns.push(match &keyed {
                Some(keyed) if undetermined => Arc::new(keyed.with_values(Arc::new(told.reasons()))),
                _ => none(&mut self.none, rows),
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
            .map_err(|e| RecordError::Answer { target: String::new(), why: e.to_string() })
    }
}

/// A column without texts.
fn none(known: &mut Option<ArrayRef>, rows: usize) -> ArrayRef {
    match known {
        Some(known) if known.len() >= rows => known.slice(0, rows),
        known => known.insert(new_null_array(&coded(), rows)).clone(),
    }
}

fn coded() -> DataType {
    DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8))
}

fn layout(ty: &Type, places: u8) -> DataType {
    match ty {
        Type::YesNo => DataType::Boolean,
        Type::Date => DataType::Date32,
        Type::DateTime => DataType::Timestamp(TimeUnit::Second, Some("UTC".into())),
        Type::Integer | Type::Decimal | Type::Percent | Type::Money(Some(_)) | Type::Quantity(_) => {
            DataType::Decimal64(18, places as i8)
        }
        Type::Duration | Type::Days | Type::Months | Type::BusinessHours | Type::BusinessDays => DataType::Int64,
        _ => coded(),
    }
}

impl Told<'_> {
    /// The answers as texts, one for all rows that have it.
    fn keyed(&self) -> Result<DictionaryArray<UInt32Type>, RecordError> {
        let text = |answer: &&Answer| match answer {
            Answer::Value(_, text) => Some(text.clone()),
            Answer::Number(..) | Answer::Undetermined(..) => None,
        };
        let texts: StringArray = self.answers.iter().map(text).collect();
        let keys = UInt32Array::new(ScalarBuffer::from(self.cells.to_vec()), None);
        DictionaryArray::try_new(keys, Arc::new(texts)).map_err(|e| self.wrong(e.to_string()))
    }

    fn reasons(&self) -> StringArray {
        let why = |answer: &&Answer| match answer {
            Answer::Undetermined(_, why) => Some(why.clone()),
            Answer::Value(..) | Answer::Number(..) => None,
        };
        self.answers.iter().map(why).collect()
    }

    fn values(&self, layout: &DataType, places: u8) -> Result<ArrayRef, RecordError> {
        Ok(match layout {
            DataType::Boolean => {
                let yes: Vec<bool> =
                    self.answers.iter().map(|answer| matches!(answer, Answer::Value(Value::YesNo(true), _))).collect();
                Arc::new(BooleanArray::new(self.bits(&yes), self.nulls()))
            }
            DataType::Date32 => {
                // All of them are within 32 bits.
                let days = self.whole(0, DAYS, |days| days as i32)?;
                Arc::new(Date32Array::new(days.into(), self.nulls()))
            }
            DataType::Timestamp(..) => {
                let seconds = self.whole(0, ANY, |number| number)?;
                Arc::new(TimestampSecondArray::new(seconds.into(), self.nulls()).with_timezone("UTC"))
            }
            DataType::Decimal64(..) => {
                let array =
                    Decimal64Array::new(self.whole(places.into(), DIGITS, |number| number)?.into(), self.nulls());
                Arc::new(array.with_data_type(layout.clone()))
            }
            _ => Arc::new(Int64Array::new(self.whole(0, ANY, |number| number)?.into(), self.nulls())),
        })
    }

    /// Which rows have a value, unless all have one.
    fn nulls(&self) -> Option<NullBuffer> {
        let has: Vec<bool> = self.answers.iter().map(|answer| !matches!(answer, Answer::Undetermined(..))).collect();
        has.contains(&false).then(|| NullBuffer::new(self.bits(&has)))
    }

    fn bits(&self, of: &[bool]) -> BooleanBuffer {
        if of.len() <= 64 {
            let mask = of.iter().rev().fold(0_u64, |mask, yes| mask << 1 | u64::from(*yes));
            return BooleanBuffer::collect_bool(self.cells.len(), |row| mask >> (self.cells[row] & 63) & 1 != 0);
        }
        BooleanBuffer::collect_bool(self.cells.len(), |row| of.get(self.cells[row] as usize).copied().unwrap_or(false))
    }

    /// The numbers of the rows with so many decimal places, 0 where there is none. None of them is `limit` or more, or
    /// below its negative.
    fn whole<T>(&self, places: u32, limit: u64, held: impl Fn(i64) -> T) -> Result<Vec<T>, RecordError> {
        let scales: Vec<Option<u32>> = self.answers.iter().map(|answer| own_scale(answer)).collect();
        // Where each row has its own, and all have one scale, none has to be looked at by itself.
        let one = scales.first().copied().flatten().filter(|first| scales.iter().all(|own| *own == Some(*first)));
        if let Some(unit) = one.and_then(|scale| 10_i64.checked_pow(places.checked_sub(scale)?)) {
            if self.most < limit.min(ANY - 1) / unit.unsigned_abs() {
                return Ok(match unit {
                    1 => self.numbers.iter().map(|number| held(*number)).collect(),
                    unit => self.numbers.iter().map(|number| held(number * unit)).collect(),
                });
            }
        }
        Ok(self.each(places, limit)?.into_iter().map(held).collect())
    }

    /// The same, row by row.
    fn each(&self, places: u32, limit: u64) -> Result<Vec<i64>, RecordError> {
        let at = |number: i64, scale: u32| -> Option<i64> {
            let number = match places.checked_sub(scale) {
                Some(more) => number.checked_mul(10_i64.checked_pow(more)?)?,
                None => {
                    let unit = 10_i64.checked_pow(scale - places)?;
                    if number % unit == 0 { number / unit } else { return None }
                }
            };
            (number.unsigned_abs() < limit).then_some(number)
        };
        // What rows share, as their column has it.
        let shared = |answer: &&Answer| match answer {
            Answer::Value(value, _) => held(value).and_then(|(number, scale, _)| at(number, scale)),
            Answer::Number(..) | Answer::Undetermined(..) => Some(0),
        };
        let shared: Vec<Option<i64>> = self.answers.iter().map(shared).collect();
        let mut numbers = Vec::with_capacity(self.cells.len());
        for (row, cell) in self.cells.iter().enumerate() {
            let place = *cell as usize;
            let number = match self.answers.get(place) {
                Some(Answer::Number(_, scale)) => self.numbers.get(row).and_then(|number| at(*number, *scale)),
                _ => shared.get(place).copied().flatten(),
            };
            numbers.push(number.ok_or_else(|| {
                self.wrong(format!("the one of row {row} has more than {places} decimal places, or is too great"))
            })?);
        }
        Ok(numbers)
    }

    fn wrong(&self, why: String) -> RecordError {
        RecordError::Answer { target: self.path.to_owned(), why }
    }
}

/// The numbers of columns: dates are within 32 bits, decimals have at most 18 digits.
const DAYS: u64 = 1 << 31;
const DIGITS: u64 = 10_u64.pow(18);
const ANY: u64 = 1 << 63;

/// The scale of an answer of which each row has its own number.
fn own_scale(answer: &Answer) -> Option<u32> {
    match answer {
        Answer::Number(_, scale) => Some(*scale),
        Answer::Value(..) | Answer::Undetermined(..) => None,
    }
}
