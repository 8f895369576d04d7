//! Answers as the columns of a record batch: for each target its value, and why there is none.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, StringArray, TimestampSecondArray,
    UInt32Array, new_null_array,
};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit, UInt32Type};
use arrow::record_batch::RecordBatch;
use chrono::{Datelike, NaiveDate};
use clausal::columnar::{Answer, Answers, Plan};
use clausal::model::Type;
use clausal::value::Value;
use rust_decimal::Decimal;

/// Makes record batches of a plan's answers.
pub struct Outlet {
    schema: SchemaRef,
    types: Vec<Type>,
    scale: u32,
}

impl Outlet {
    /// Numbers and amounts are written with so many decimal places.
    pub fn new(plan: &Plan, scale: u32) -> Self {
        let types: Vec<Type> = plan.targets().iter().map(|target| target.expr.ty.clone()).collect();
        let mut fields = Vec::new();
        for (target, ty) in plan.targets().iter().zip(&types) {
            fields.push(Field::new(&target.path, layout(ty, scale), true));
            fields.push(Field::new(format!("{}.reason", target.path), coded(), true));
        }
        Outlet { schema: Arc::new(Schema::new(fields)), types, scale }
    }

    /// The answers of as many rows as were asked.
    ///
    /// # Errors
    /// An answer that its column cannot hold.
    pub fn batch(&self, answers: &Answers) -> Result<RecordBatch, String> {
        let mut columns = Vec::with_capacity(self.types.len() * 2);
        for (target, ty) in self.types.iter().enumerate() {
            let told: Vec<&Answer> = answers.told(target).iter().map(|told| &told.answer).collect();
            let cells = answers.cells(target);
            let keys = UInt32Array::new(ScalarBuffer::from(cells.to_vec()), None);
            columns.push(match ty {
                Type::YesNo => yes_no(&told, cells),
                Type::Date => {
                    let days = shared(&told, date)?;
                    Arc::new(Date32Array::new(
                        own(&told, &days, cells, answers.numbers(target), |n, _| i32::try_from(n).ok())?.into(),
                        nulls(&told, cells),
                    ))
                }
                Type::DateTime => {
                    let seconds = shared(&told, instant)?;
                    let seconds = own(&told, &seconds, cells, answers.numbers(target), |n, _| Some(n))?;
                    Arc::new(TimestampSecondArray::new(seconds.into(), nulls(&told, cells)).with_timezone("UTC"))
                }
                ty if is_number(ty) => {
                    let amounts = shared(&told, |value| number(value, self.scale))?;
                    let rescale = |number: i64, scale: u32| {
                        number.checked_mul(10_i64.checked_pow(self.scale.checked_sub(scale)?)?)
                    };
                    let amounts = own(&told, &amounts, cells, answers.numbers(target), rescale)?;
                    let array = Decimal64Array::new(amounts.into(), nulls(&told, cells));
                    Arc::new(array.with_precision_and_scale(18, self.scale as i8).map_err(|e| e.to_string())?)
                }
                _ => texts(&keys, &told, |answer| match answer {
                    Answer::Value(_, text) => Some(text),
                    Answer::Number(..) | Answer::Undetermined(..) => None,
                })?,
            });
            let is_undetermined = |answer: &&Answer| matches!(answer, Answer::Undetermined(..));
            columns.push(if told.iter().any(is_undetermined) {
                texts(&keys, &told, |answer| match answer {
                    Answer::Undetermined(_, why) => Some(why),
                    Answer::Value(..) | Answer::Number(..) => None,
                })?
            } else {
                // Every answer of the session has a value.
                new_null_array(&coded(), cells.len())
            });
        }
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| e.to_string())
    }
}

fn coded() -> DataType {
    DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8))
}

fn layout(ty: &Type, scale: u32) -> DataType {
    match ty {
        Type::YesNo => DataType::Boolean,
        Type::Date => DataType::Date32,
        Type::DateTime => DataType::Timestamp(TimeUnit::Second, Some("UTC".into())),
        ty if is_number(ty) => DataType::Decimal64(18, scale as i8),
        _ => coded(),
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Decimal | Type::Percent | Type::Money(Some(_)) | Type::Quantity(_))
}

/// What each answer's own text is, one for all rows that have it.
fn texts(keys: &UInt32Array, told: &[&Answer], text: fn(&Answer) -> Option<&String>) -> Result<ArrayRef, String> {
    let values = StringArray::from_iter(told.iter().map(|answer| text(answer)));
    let array = DictionaryArray::<UInt32Type>::try_new(keys.clone(), Arc::new(values));
    array.map(|array| Arc::new(array) as ArrayRef).map_err(|e| e.to_string())
}

fn yes_no(told: &[&Answer], cells: &[u32]) -> ArrayRef {
    let yes: Vec<bool> = told.iter().map(|a| matches!(a, Answer::Value(Value::YesNo(true), _))).collect();
    let values = BooleanBuffer::collect_bool(cells.len(), |row| yes[cells[row] as usize]);
    Arc::new(BooleanArray::new(values, nulls(told, cells)))
}

/// Which rows have a value, unless all have one.
fn nulls(told: &[&Answer], cells: &[u32]) -> Option<NullBuffer> {
    let has: Vec<bool> = told.iter().map(|answer| !matches!(answer, Answer::Undetermined(..))).collect();
    let some_not = has.contains(&false);
    some_not.then(|| NullBuffer::new(BooleanBuffer::collect_bool(cells.len(), |row| has[cells[row] as usize])))
}

/// The values that rows share, each as its column has it; 0 for the others.
fn shared<T: Default>(told: &[&Answer], value: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, String> {
    let each = told.iter().map(|answer| match answer {
        Answer::Value(shared, text) => value(shared).ok_or_else(|| format!("`{text}` does not fit its column")),
        Answer::Number(..) | Answer::Undetermined(..) => Ok(T::default()),
    });
    each.collect()
}

/// The column of values that are shared or each row's own.
fn own<T: Copy>(
    told: &[&Answer],
    shared: &[T],
    cells: &[u32],
    numbers: &[i64],
    fit: impl Fn(i64, u32) -> Option<T>,
) -> Result<Vec<T>, String> {
    let unfit = |number: i64| format!("the number {number} does not fit its column");
    if numbers.is_empty() {
        // No row has a number of its own.
        return Ok(cells.iter().map(|cell| shared[*cell as usize]).collect());
    }
    // By answer its scale, where each row has its own number.
    let scales: Vec<Option<u32>> = told
        .iter()
        .map(|answer| match answer {
            Answer::Number(_, scale) => Some(*scale),
            Answer::Value(..) | Answer::Undetermined(..) => None,
        })
        .collect();
    let mut values = Vec::with_capacity(cells.len());
    for (cell, number) in cells.iter().zip(numbers) {
        values.push(match scales[*cell as usize] {
            Some(scale) => fit(*number, scale).ok_or_else(|| unfit(*number))?,
            None => shared[*cell as usize],
        });
    }
    Ok(values)
}

fn date(value: &Value) -> Option<i32> {
    let Value::Date(date) = value else { return None };
    Some(date.num_days_from_ce() - NaiveDate::from_ymd_opt(1970, 1, 1)?.num_days_from_ce())
}

fn instant(value: &Value) -> Option<i64> {
    let Value::DateTime(at) = value else { return None };
    Some(at.timestamp())
}

fn number(value: &Value, scale: u32) -> Option<i64> {
    let (Value::Number(number) | Value::Percent(number) | Value::Money(_, number) | Value::Quantity(_, number)) = value
    else {
        return None;
    };
    let mut scaled = *number;
    scaled.rescale(scale);
    (scaled == *number).then(|| i64::try_from(Decimal::mantissa(&scaled)).ok())?
}
