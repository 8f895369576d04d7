//! Columns of a record batch as facts. Buffers are borrowed where the layout allows.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray};
use arrow::buffer::BooleanBuffer;
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowDictionaryKeyType, ArrowNativeType, DataType, Date32Type, Decimal64Type, Decimal128Type, Int64Type, Schema,
    TimeUnit, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
};
use arrow::record_batch::RecordBatch;

use super::RecordError;
use crate::columnar::{Cases, Column, Given, Keys, Plan};
use crate::model::{InputId, Type};

/// Finds a plan's inputs among the columns of record batches, by name.
///
/// | input | columns |
/// |---|---|
/// | enumeration | texts, best as a dictionary with keys of `UInt8`, `UInt16` or `UInt32` |
/// | yes-no | `Boolean` |
/// | date | `Date32` |
/// | date-time | `Timestamp(Second)` with an offset from UTC as its zone |
/// | whole numbers, days, months, business hours and days | integers |
/// | duration | integers of seconds |
/// | money of one currency, decimals, percentages, quantities | integers, `Decimal64`, `Decimal128` |
#[derive(Debug)]
pub struct Intake {
    found: Vec<Found>,
}

/// An input's column.
#[derive(Debug)]
struct Found {
    input: InputId,
    name: String,
    place: usize,
    /// The type of the column, and the one that it is cast to.
    of: DataType,
    to: DataType,
    /// Of enumerations: the names of the members.
    members: Vec<String>,
    /// What was made of a column's dictionary, and the dictionary: batches of one file mostly share it.
    map: Option<(ArrayRef, Vec<u32>)>,
    /// The column of the batch, as it is read.
    array: Option<ArrayRef>,
    /// By how many seconds the local times are ahead of UTC, a row each.
    offsets: Vec<i32>,
    ahead: i32,
}

/// No, yes, not given.
const YES_NO: [u32; 3] = [1, 2, 0];

impl Intake {
    /// # Errors
    /// A column whose type is none of those of its input.
    pub fn new(plan: &Plan, schema: &Schema) -> Result<Self, RecordError> {
        let mut found = Vec::new();
        for input in plan.inputs() {
            let model = &plan.checked().model;
            let name = &model.input(input).name;
            let Ok(place) = schema.index_of(name) else { continue };
            let of = schema.field(place).data_type().clone();
            let ty = &model.input(input).ty;
            let wrong = |why: String| RecordError::Column { column: name.clone(), why };
            let to = read_as(ty, &of)
                .ok_or_else(|| wrong(format!("{of} is not read as {}; cast the column first", model.type_name(ty))))?;
            let members = match ty {
                Type::Enum(id) => model.enumeration(*id).members.iter().map(|member| member.name.clone()).collect(),
                _ => Vec::new(),
            };
            let ahead = match &of {
                DataType::Timestamp(_, Some(zone)) => seconds_ahead(zone)
                    .ok_or_else(|| wrong(format!("the zone `{zone}` is no offset from UTC, such as +08:00")))?,
                _ => 0,
            };
            let (name, map, array, offsets) = (name.clone(), None, None, Vec::new());
            found.push(Found { input, name, place, of, to, members, map, array, offsets, ahead });
        }
        Ok(Intake { found })
    }

    /// The facts of a batch.
    ///
    /// # Errors
    /// A batch of another schema, a text that names no member, an amount that 64 bits cannot hold.
    pub fn cases(&mut self, batch: &RecordBatch) -> Result<Cases<'_>, RecordError> {
        let rows = batch.num_rows();
        for found in &mut self.found {
            let array = batch.columns().get(found.place).filter(|array| *array.data_type() == found.of);
            let array = array.ok_or_else(|| found.wrong(format!("it is no longer of the type {}", found.of)))?;
            found.take(array).map_err(|why| found.wrong(why))?;
        }
        let mut cases = Cases::new(rows);
        for found in &self.found {
            cases.give(found.input, found.column().map_err(|why| found.wrong(why))?);
        }
        Ok(cases)
    }
}

impl Found {
    fn wrong(&self, why: String) -> RecordError {
        RecordError::Column { column: self.name.clone(), why }
    }

    /// Brings a column to the type that it is read as, and looks up the texts of its dictionary.
    fn take(&mut self, array: &ArrayRef) -> Result<(), String> {
        let array =
            if self.of == self.to { array.clone() } else { cast(array, &self.to).map_err(|e| e.to_string())? };
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            let texts = dictionary.values();
            if self.map.as_ref().is_none_or(|(known, _)| !known.to_data().ptr_eq(&texts.to_data())) {
                self.map = Some((texts.clone(), codes(&self.members, texts)?));
            }
        }
        if matches!(self.to, DataType::Timestamp(..)) && self.offsets.len() < array.len() {
            self.offsets.resize(array.len(), self.ahead);
        }
        self.array = Some(array);
        Ok(())
    }

    fn column(&self) -> Result<Column<'_>, String> {
        let array = self.array.as_ref().ok_or("there is no batch")?;
        // Its last number is for nulls.
        let map = self.map.as_ref().map_or(&[][..], |(_, map)| map.as_slice());
        let map = Cow::Borrowed(&map[..map.len().saturating_sub(usize::from(array.null_count() == 0))]);
        let scaled = |values, scale| Column::Scaled { values, scale, given: given(array) };
        Ok(match array.data_type() {
            DataType::Dictionary(key, _) => {
                let keys = match **key {
                    DataType::UInt8 => Keys::U8(keys::<UInt8Type>(array.as_dictionary())?),
                    DataType::UInt16 => Keys::U16(keys::<UInt16Type>(array.as_dictionary())?),
                    _ => Keys::U32(keys::<UInt32Type>(array.as_dictionary())?),
                };
                let stranger = |row: &usize| keys.get(*row).is_some_and(|key| map.get(key) == Some(&STRANGER));
                if map.contains(&STRANGER) {
                    if let Some(row) = (0..keys.len()).find(stranger) {
                        let text = cast(&array.slice(row, 1), &DataType::Utf8).map_err(|e| e.to_string())?;
                        let text = text.as_string::<i32>().value(0);
                        return Err(format!("`{text}` in row {row} is no member of the enumeration"));
                    }
                }
                Column::Codes { keys, map }
            }
            DataType::Boolean => {
                let mut keys = bytes(array.as_boolean().values());
                if let Some(nulls) = array.nulls() {
                    keys.iter_mut().zip(nulls).filter(|(_, given)| !given).for_each(|(key, _)| *key = 2);
                }
                let map = &YES_NO[..if array.null_count() == 0 { 2 } else { 3 }];
                Column::Codes { keys: Keys::U8(Cow::Owned(keys)), map: Cow::Borrowed(map) }
            }
            DataType::Date32 => {
                let days = array.as_primitive::<Date32Type>().values();
                Column::Days { days: Cow::Borrowed(days), given: given(array) }
            }
            DataType::Decimal64(_, scale) => {
                let values = array.as_primitive::<Decimal64Type>().values();
                scaled(Cow::Borrowed(&**values), u32::from(scale.unsigned_abs()))
            }
            DataType::Decimal128(_, scale) => {
                // Nulls may hold anything.
                let fits = |row: usize, wide: i128| match i64::try_from(wide) {
                    Err(_) if array.is_null(row) => Ok(0),
                    narrow => narrow.map_err(|_| format!("{wide} in row {row} is beyond 64 bits")),
                };
                let values = array.as_primitive::<Decimal128Type>().values();
                // Which bits any of them has, without their signs: mostly all fit.
                let bits = values.iter().fold(0, |bits, wide| bits | (wide ^ (wide >> 127)));
                if bits >> 63 == 0 {
                    return Ok(scaled(
                        values.iter().map(|wide| *wide as i64).collect(),
                        u32::from(scale.unsigned_abs()),
                    ));
                }
                let values = values.iter().enumerate().map(|(row, wide)| fits(row, *wide));
                scaled(Cow::Owned(values.collect::<Result<_, _>>()?), u32::from(scale.unsigned_abs()))
            }
            DataType::Timestamp(..) => {
                let seconds = array.as_primitive::<TimestampSecondType>().values();
                let offsets = Cow::Borrowed(&self.offsets[..array.len()]);
                Column::Instants { seconds: Cow::Borrowed(&**seconds), offsets, given: given(array) }
            }
            _ => scaled(Cow::Borrowed(&**array.as_primitive::<Int64Type>().values()), 0),
        })
    }
}

/// The type that a column is read as for an input; `None` where its values are no facts of the input's type.
fn read_as(ty: &Type, of: &DataType) -> Option<DataType> {
    let is_text = |ty: &DataType| matches!(ty, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    // `UInt64` has numbers that are beyond 64 bits with a sign.
    let is_whole = of.is_integer() && *of != DataType::UInt64;
    match (ty, of) {
        (Type::Enum(_), DataType::Dictionary(key, texts)) if is_text(texts) => {
            let key = match **key {
                DataType::UInt8 | DataType::UInt16 => key.clone(),
                _ => Box::new(DataType::UInt32),
            };
            Some(DataType::Dictionary(key, Box::new(DataType::Utf8)))
        }
        (Type::Enum(_), of) if is_text(of) => {
            Some(DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8)))
        }
        (Type::YesNo, DataType::Boolean) | (Type::Date, DataType::Date32) => Some(of.clone()),
        (Type::DateTime, DataType::Timestamp(TimeUnit::Second, Some(_))) => Some(of.clone()),
        (Type::Integer | Type::Days | Type::Months | Type::BusinessHours | Type::BusinessDays | Type::Duration, _)
            if is_whole =>
        {
            Some(DataType::Int64)
        }
        (Type::Decimal | Type::Percent | Type::Money(Some(_)) | Type::Quantity(_), of) => match of {
            DataType::Decimal64(_, 0..=18) | DataType::Decimal128(_, 0..=18) => Some(of.clone()),
            DataType::Decimal32(_, scale @ 0..=9) => Some(DataType::Decimal64(18, *scale)),
            _ if is_whole => Some(DataType::Int64),
            _ => None,
        },
        _ => None,
    }
}

/// A text that names no member.
const STRANGER: u32 = u32::MAX;

/// For each text of a dictionary the number of the member that it names, and one more; behind them a 0, for nulls.
fn codes(members: &[String], texts: &ArrayRef) -> Result<Vec<u32>, String> {
    let texts = texts.as_string_opt::<i32>().ok_or("its dictionary holds no texts")?;
    let code = |text: Option<&str>| match text {
        None => 0,
        Some(text) => members.iter().position(|member| member == text).map_or(STRANGER, |place| place as u32 + 1),
    };
    Ok(texts.iter().map(code).chain([0]).collect())
}

/// The keys of a column. A null has some key, so it is given the one behind the dictionary.
fn keys<K: ArrowDictionaryKeyType>(array: &DictionaryArray<K>) -> Result<Cow<'_, [K::Native]>, String> {
    let keys = array.keys();
    if keys.null_count() == 0 {
        return Ok(Cow::Borrowed(keys.values()));
    }
    let behind =
        K::Native::from_usize(array.values().len()).ok_or("its dictionary is full, with no place for nulls")?;
    Ok(keys.iter().map(|key| key.unwrap_or(behind)).collect())
}

fn given(array: &ArrayRef) -> Given<'_> {
    array.nulls().map(|nulls| Cow::Owned(bytes(nulls.inner())))
}

/// A byte for each bit.
fn bytes(bits: &BooleanBuffer) -> Vec<u8> {
    let chunks = bits.bit_chunks();
    let mut bytes = Vec::with_capacity(bits.len().next_multiple_of(64));
    for chunk in chunks.iter().chain([chunks.remainder_bits()]) {
        for eight in chunk.to_le_bytes() {
            // Each of the eight bytes keeps a bit of its own, and what is not 0 there carries into its highest bit.
            let kept = u64::from(eight).wrapping_mul(0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
            let carried = (kept + 0x7f7f_7f7f_7f7f_7f7f) >> 7 & 0x0101_0101_0101_0101;
            bytes.extend_from_slice(&carried.to_le_bytes());
        }
    }
    bytes.truncate(bits.len());
    bytes
}

/// `+08:00`, `UTC`
fn seconds_ahead(zone: &str) -> Option<i32> {
    if matches!(zone, "UTC" | "Z") {
        return Some(0);
    }
    let zone: chrono::FixedOffset = zone.parse().ok()?;
    Some(zone.local_minus_utc())
}
