//! Rows as columns of Arrow, for Parquet and Arrow files.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{Field, Int32Type, Schema};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::WriteError;
use super::layout::{Form, Layout};
use super::text::{NOT_DECIDED, changed, number_text};
use super::words::{clauses, rules};
use crate::batch::Rendered;
use crate::batch::understand::Understood;
use crate::columnar::{Answer, Answers, Own, Told};
use crate::model::Model;
use crate::value::{EnumId, Value};

#[derive(Debug)]
pub struct ArrowEncoder<'l> {
    layout: &'l Layout<'l>,
    schema: Schema,
}

/// The answers of a target, or of the same target in an earlier edition.
struct Column<'a> {
    name: &'a str,
    form: Form,
    told: &'a [Told],
    cells: &'a [u32],
    answers: &'a Answers<'a>,
    target: usize,
    model: &'a Model,
}

/// What an answer that is told comes to in a column.
#[derive(Clone, Copy, Debug)]
enum Cell<T> {
    Nothing,
    Same(T),
    /// Each row has its own number, at this scale.
    Number(u32),
}

/// 1, 10, 100, …
const TENS: [i128; 39] = {
    let mut tens = [1; 39];
    let mut at = 1;
    while at < tens.len() {
        tens[at] = tens[at - 1] * 10;
        at += 1;
    }
    tens
};

impl<'l> ArrowEncoder<'l> {
    pub fn new(layout: &'l Layout<'l>) -> ArrowEncoder<'l> {
        ArrowEncoder { layout, schema: layout.schema() }
    }

    pub fn encode(
        &self,
        understood: &Understood,
        answers: &Answers<'_>,
        before: Option<&Answers<'_>>,
    ) -> Result<Rendered, WriteError> {
        let layout = self.layout;
        let rows = understood.rows.len();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(layout.headings().len());
        for (place, _) in &layout.options.kept {
            arrays.push(match understood.kept.array(*place) {
                Some(array) => array.clone(),
                None => Arc::new((0..rows).map(|row| understood.kept.text(*place, row)).collect::<StringArray>()),
            });
        }
        for (target, columns) in layout.targets.iter().enumerate() {
            let name = &layout.headings()[columns.value];
            let now = Column::of(answers, target, name, columns.form, layout.model());
            arrays.push(now.values(rows)?);
            arrays.push(now.dictionary(rows, |told| match &told.answer {
                Answer::Undetermined(_, why) => Some(why.clone()),
                _ => None,
            }));
            if let Some(before_columns) = &columns.before {
                let earlier = layout.options.before.as_ref();
                match (before, before_columns.target, earlier) {
                    (Some(before), Some(at), Some(earlier)) => {
                        let (model, names) = (&earlier.plan.checked().model, earlier.names);
                        let before = Column::of(before, at, name, before_columns.form, model);
                        arrays.push(before.values(rows)?);
                        arrays.push(before.dictionary(rows, |told| match &told.answer {
                            Answer::Undetermined(_, why) => Some(why.clone()),
                            _ => None,
                        }));
                        let turned = |row| Some(changed(now.at(row)?, now.model, before.at(row)?, before.model, names));
                        arrays.push(Arc::new((0..rows).map(turned).collect::<BooleanArray>()));
                    }
                    _ => {
                        arrays.push(arrow::array::new_null_array(&before_columns.form.data_type(), rows));
                        let said = std::iter::repeat_n(NOT_DECIDED, rows);
                        arrays.push(Arc::new(said.collect::<DictionaryArray<Int32Type>>()));
                        arrays.push(Arc::new(BooleanArray::from(vec![true; rows])));
                    }
                }
            }
            let some = |text: String| (!text.is_empty()).then_some(text);
            if columns.clauses.is_some() {
                arrays.push(now.dictionary(rows, |told| some(clauses(told, layout.model()))));
            }
            if columns.rules.is_some() {
                arrays.push(now.dictionary(rows, |told| some(rules(told, layout.options.sources))));
            }
            if columns.readings.is_some() {
                arrays.push(now.dictionary(rows, |told| some(told.readings.clone())));
            }
        }
        let fields = self.schema.fields().iter().zip(&arrays).map(|(field, array)| {
            if field.data_type() == array.data_type() {
                field.clone()
            } else {
                Arc::new(Field::clone(field).with_data_type(array.data_type().clone()))
            }
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<Arc<Field>>>()));
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(Rendered::Arrow(RecordBatch::try_new_with_options(schema, arrays, &options)?))
    }
}

impl<'a> Column<'a> {
    fn of(answers: &'a Answers<'a>, target: usize, name: &'a str, form: Form, model: &'a Model) -> Column<'a> {
        let (told, cells) = (answers.told(target), answers.cells(target));
        Column { name, form, told, cells, answers, target, model }
    }

    #[inline]
    fn at(&self, row: usize) -> Option<(&'a Told, Own)> {
        let told = self.told.get(*self.cells.get(row)? as usize)?;
        Some((told, self.answers.own(self.target, row)))
    }

    /// For each row what its answer comes to, worked out once for each that is told; numbers are each row's own. And which
    /// rows have a value.
    fn each<T: Copy + Default>(
        &self,
        rows: usize,
        of_value: impl Fn(&Value) -> Result<T, WriteError>,
        of_number: impl Fn(i64, u32) -> Result<T, WriteError>,
    ) -> Result<(Vec<T>, Option<NullBuffer>), WriteError> {
        // Worked out when first met; some answers may not be those of any row here.
        let mut known: Vec<Option<Cell<T>>> = vec![None; self.told.len()];
        let numbers = self.answers.numbers(self.target);
        let (mut values, mut given) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for (row, cell) in self.cells.iter().take(rows).enumerate() {
            let cell = match known.get_mut(*cell as usize) {
                Some(Some(cell)) => *cell,
                Some(unknown) => *unknown.insert(match self.told.get(*cell as usize).map(|told| &told.answer) {
                    Some(Answer::Value(value, _)) => Cell::Same(of_value(value)?),
                    Some(Answer::Number(_, scale)) => Cell::Number(*scale),
                    Some(Answer::Undetermined(..)) | None => Cell::Nothing,
                }),
                None => Cell::Nothing,
            };
            let value = match cell {
                Cell::Nothing => None,
                Cell::Same(value) => Some(value),
                Cell::Number(scale) => Some(of_number(numbers.get(row).copied().unwrap_or(0), scale)?),
            };
            values.push(value.unwrap_or_default());
            given.push(value.is_some());
        }
        values.resize(rows, T::default());
        given.resize(rows, false);
        Ok((values, nulls(&given)))
    }

    fn values(&self, rows: usize) -> Result<ArrayRef, WriteError> {
        let odd = || WriteError::new(format!("`{}` has an answer of another type", self.name), "this is our mistake");
        Ok(match self.form {
            Form::YesNo => {
                let of = |value: &Value| if let Value::YesNo(yes) = value { Ok(*yes) } else { Err(odd()) };
                let (values, nulls) = self.each(rows, of, |_, _| Err(odd()))?;
                // There is a value for each row, and a bit.
                Arc::new(BooleanArray::new(values.into(), nulls))
            }
            Form::Date => {
                let of = |value: &Value| match value {
                    Value::Date(date) => Ok(crate::batch::understand::days_of(*date)),
                    _ => Err(odd()),
                };
                let (values, nulls) = self.each(rows, of, |day, _| i32::try_from(day).map_err(|_| odd()))?;
                Arc::new(Date32Array::try_new(values.into(), nulls)?)
            }
            Form::Instant => {
                let of = |value: &Value| match value {
                    Value::DateTime(at) => Ok(at.timestamp_micros()),
                    _ => Err(odd()),
                };
                let seconds = |seconds: i64, _| seconds.checked_mul(1_000_000).ok_or_else(odd);
                let (values, nulls) = self.each(rows, of, seconds)?;
                Arc::new(TimestampMicrosecondArray::try_new(values.into(), nulls)?.with_timezone("UTC"))
            }
            Form::Number(places) => {
                let of = |value: &Value| match value {
                    Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => {
                        let n = n.normalize();
                        self.at_places(n.mantissa(), n.scale(), places)
                    }
                    _ => Err(odd()),
                };
                let (values, nulls) =
                    self.each(rows, of, |number, scale| self.at_places(number.into(), scale, places))?;
                let numbers = Decimal128Array::try_new(values.into(), nulls)?;
                Arc::new(numbers.with_precision_and_scale(38, places as i8)?)
            }
            Form::Count => {
                let of = |value: &Value| match value {
                    Value::Duration(n) | Value::Days(n) | Value::Months(n) | Value::BusinessHours(n) => Ok(*n),
                    Value::BusinessDays(n) => Ok(*n),
                    _ => Err(odd()),
                };
                let (values, nulls) = self.each(rows, of, |number, _| Ok(number))?;
                Arc::new(Int64Array::try_new(values.into(), nulls)?)
            }
            Form::Member(id) => self.members(rows, id),
            Form::Text => self.dictionary(rows, |told| match &told.answer {
                Answer::Value(Value::Text(text), _) => Some(text.to_string()),
                Answer::Value(_, text) => Some(text.clone()),
                _ => None,
            }),
            Form::AmountText => {
                let text = |row: usize| {
                    let (told, own) = self.at(row)?;
                    match &told.answer {
                        Answer::Value(_, text) => Some(text.clone()),
                        Answer::Number(ty, scale) => Some(number_text(ty, own, *scale, self.model)),
                        Answer::Undetermined(..) => None,
                    }
                };
                Arc::new((0..rows).map(text).collect::<StringArray>())
            }
        })
    }

    /// Members of an enumeration. All of them are in the dictionary, in order, so that it is the same everywhere.
    fn members(&self, rows: usize, id: EnumId) -> ArrayRef {
        let mut names: Vec<String> = self.model.enumeration(id).members.iter().map(|m| m.name.clone()).collect();
        let keys = self.keys(rows, |told| match &told.answer {
            Answer::Value(Value::Member(_, member), _) if (*member as usize) < names.len() => Some(*member as i32),
            Answer::Value(_, text) => {
                let at = names.iter().position(|name| name == text).unwrap_or_else(|| {
                    names.push(text.clone());
                    names.len() - 1
                });
                Some(at as i32)
            }
            _ => None,
        });
        dictionary(keys, names)
    }

    /// A text for each row, of few that there are.
    fn dictionary(&self, rows: usize, text: impl Fn(&Told) -> Option<String>) -> ArrayRef {
        let mut texts: Vec<String> = Vec::new();
        let mut found: std::collections::HashMap<String, i32> = std::collections::HashMap::new();
        let keys = self.keys(rows, |told| {
            let key = found.entry(text(told)?).or_insert_with_key(|text| {
                texts.push(text.clone());
                texts.len() as i32 - 1
            });
            Some(*key)
        });
        dictionary(keys, texts)
    }

    /// For each row the key of its answer, asked for once for each that is told, when it is first met.
    fn keys(&self, rows: usize, mut key: impl FnMut(&Told) -> Option<i32>) -> Int32Array {
        const UNMET: i32 = -2;
        const NONE: i32 = -1;
        let mut known = vec![UNMET; self.told.len()];
        let mut keys = Vec::with_capacity(rows);
        for cell in self.cells.iter().take(rows) {
            let cell = *cell as usize;
            keys.push(match (known.get_mut(cell), self.told.get(cell)) {
                (Some(known), Some(told)) => {
                    if *known == UNMET {
                        *known = key(told).unwrap_or(NONE);
                    }
                    *known
                }
                _ => NONE,
            });
        }
        keys.resize(rows, NONE);
        let given: Vec<bool> = keys.iter().map(|key| *key != NONE).collect();
        keys.iter_mut().for_each(|key| *key = (*key).max(0));
        // There is a key for each row, and a bit.
        Int32Array::new(keys.into(), nulls(&given))
    }

    /// A number at so many decimal places, exactly.
    fn at_places(&self, number: i128, scale: u32, places: u32) -> Result<i128, WriteError> {
        let ten = |power: u32| TENS.get(power as usize).copied();
        let exact = match scale.checked_sub(places) {
            None | Some(0) => ten(places - scale).and_then(|ten| number.checked_mul(ten)),
            Some(more) => ten(more).filter(|ten| number % ten == 0).map(|ten| number / ten),
        };
        exact.filter(|n| (1 - TENS[38]..TENS[38]).contains(n)).ok_or_else(|| {
            let message = format!(
                "an answer of `{}` has more than {places} decimal places, and columns of numbers have no more",
                self.name
            );
            WriteError::new(message, "write amounts as text (--amounts text)")
        })
    }
}

/// Which rows are null, if any is.
fn nulls(given: &[bool]) -> Option<NullBuffer> {
    given.contains(&false).then(|| NullBuffer::from(given))
}

fn dictionary(keys: Int32Array, texts: Vec<String>) -> ArrayRef {
    let values: ArrayRef = Arc::new(StringArray::from(texts));
    // INVARIANT: every key is the place of a text, so the array is made.
    match DictionaryArray::<Int32Type>::try_new(keys, values) {
        Ok(array) => Arc::new(array),
        Err(_) => arrow::array::new_null_array(
            &arrow::datatypes::DataType::Dictionary(
                Box::new(arrow::datatypes::DataType::Int32),
                Box::new(arrow::datatypes::DataType::Utf8),
            ),
            0,
        ),
    }
}
