//! Columns of a record batch as facts: buffers are borrowed where the layout allows.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray};
use arrow::datatypes::{
    ArrowDictionaryKeyType, ArrowNativeType, DataType, Date32Type, Decimal64Type, Decimal128Type, Int64Type, TimeUnit,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
};
use arrow::record_batch::RecordBatch;
use clausal::columnar::{Cases, Column, Given, Keys, Plan};
use clausal::model::{InputId, Model, Type};
use clausal::value::EnumId;

/// Finds a plan's inputs among the columns of record batches, by name.
pub struct Intake {
    inputs: Vec<(InputId, usize)>,
    /// What was made of a column's dictionary, and the dictionary: batches of one file mostly share it.
    maps: Vec<Option<(ArrayRef, Vec<u32>)>>,
    offsets: Vec<i32>,
}

/// No, yes, not given.
const YES_NO: [u32; 3] = [1, 2, 0];

impl Intake {
    pub fn new(plan: &Plan, schema: &arrow::datatypes::Schema) -> Self {
        let model = &plan.checked().model;
        let found = |id: InputId| Some((id, schema.index_of(&model.input(id).name).ok()?));
        let inputs: Vec<_> = plan.inputs().into_iter().filter_map(found).collect();
        Intake { maps: inputs.iter().map(|_| None).collect(), inputs, offsets: Vec::new() }
    }

    /// The facts of a batch. Whoever reads rows from strangers also asks `Input::refuses` about each value.
    ///
    /// # Errors
    /// The column that cannot be read as its input, and why.
    pub fn cases<'a>(&'a mut self, model: &Model, batch: &'a RecordBatch) -> Result<Cases<'a>, String> {
        for ((id, at), map) in self.inputs.iter().zip(&mut self.maps) {
            let column = batch.column(*at);
            if let (DataType::Dictionary(..), Type::Enum(members)) = (column.data_type(), &model.input(*id).ty) {
                let texts = column.as_any_dictionary().values();
                if map.as_ref().is_none_or(|(known, _)| !known.to_data().ptr_eq(&texts.to_data())) {
                    let codes = codes(model, *members, texts).map_err(|why| told(model, *id, &why))?;
                    *map = Some((texts.clone(), codes));
                }
            }
            if let DataType::Timestamp(TimeUnit::Second, Some(zone)) = column.data_type() {
                let ahead = seconds_ahead(zone).ok_or_else(|| told(model, *id, "the zone is no offset from UTC"))?;
                self.offsets.clear();
                self.offsets.resize(batch.num_rows(), ahead);
            }
        }
        let mut cases = Cases::new(batch.num_rows());
        for ((id, at), map) in self.inputs.iter().zip(&self.maps) {
            let map = map.as_ref().map(|(_, codes)| codes.as_slice());
            let column = column(batch.column(*at), map, &self.offsets).map_err(|why| told(model, *id, &why))?;
            cases.give(*id, column);
        }
        Ok(cases)
    }
}

fn told(model: &Model, id: InputId, why: &str) -> String {
    format!("the column `{}`: {why}", model.input(id).name)
}

/// For each text of a dictionary the number of the member that it names, and one more; behind them a 0, for nulls.
fn codes(model: &Model, members: EnumId, texts: &ArrayRef) -> Result<Vec<u32>, String> {
    let texts = texts.as_string_opt::<i32>().ok_or("its dictionary holds no texts of the type Utf8")?;
    let code = |text: Option<&str>| -> Result<u32, String> {
        let Some(text) = text else { return Ok(0) };
        let place = model.enumeration(members).members.iter().position(|member| member.name == text);
        place.map(|place| place as u32 + 1).ok_or_else(|| format!("`{text}` is no member of its enumeration"))
    };
    texts.iter().map(code).chain([Ok(0)]).collect()
}

fn column<'a>(array: &'a ArrayRef, map: Option<&'a [u32]>, offsets: &'a [i32]) -> Result<Column<'a>, String> {
    let keyed = |keys: Keys<'a>| map.map(|map| Column::Codes { keys, map: Cow::Borrowed(map) });
    let found = match array.data_type() {
        DataType::Dictionary(key, _) => match **key {
            DataType::UInt8 => keyed(Keys::U8(keys::<UInt8Type>(array.as_dictionary())?)),
            DataType::UInt16 => keyed(Keys::U16(keys::<UInt16Type>(array.as_dictionary())?)),
            DataType::UInt32 => keyed(Keys::U32(keys::<UInt32Type>(array.as_dictionary())?)),
            _ => None,
        },
        DataType::Boolean => {
            let array = array.as_boolean();
            let keys = match array.nulls() {
                None => array.values().iter().map(u8::from).collect(),
                Some(_) => array.iter().map(|yes| yes.map_or(2, u8::from)).collect(),
            };
            Some(Column::Codes { keys: Keys::U8(Cow::Owned(keys)), map: Cow::Borrowed(&YES_NO) })
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().values();
            Some(Column::Days { days: Cow::Borrowed(days), given: given(array) })
        }
        DataType::Int64 => {
            let values = array.as_primitive::<Int64Type>().values();
            Some(Column::Scaled { values: Cow::Borrowed(values), scale: 0, given: given(array) })
        }
        DataType::Decimal64(_, scale @ 0..) => {
            let values = Cow::Borrowed(&**array.as_primitive::<Decimal64Type>().values());
            Some(Column::Scaled { values, scale: *scale as u32, given: given(array) })
        }
        DataType::Decimal128(_, scale @ 0..=18) => {
            let narrow = |wide: &i128| i64::try_from(*wide).map_err(|_| format!("{wide} is beyond 64 bits"));
            let values =
                array.as_primitive::<Decimal128Type>().values().iter().map(narrow).collect::<Result<_, _>>()?;
            Some(Column::Scaled { values: Cow::Owned(values), scale: *scale as u32, given: given(array) })
        }
        DataType::Timestamp(TimeUnit::Second, Some(_)) => {
            let seconds = Cow::Borrowed(&**array.as_primitive::<TimestampSecondType>().values());
            Some(Column::Instants { seconds, offsets: Cow::Borrowed(offsets), given: given(array) })
        }
        _ => None,
    };
    found.ok_or_else(|| format!("{} is not read as this input; cast it first", array.data_type()))
}

/// The keys of a column. A null has some key, so it is given the one behind the dictionary.
fn keys<K: ArrowDictionaryKeyType>(array: &DictionaryArray<K>) -> Result<Cow<'_, [K::Native]>, String> {
    let keys = array.keys();
    if keys.null_count() == 0 {
        return Ok(Cow::Borrowed(keys.values()));
    }
    let behind = K::Native::from_usize(array.values().len()).ok_or("its dictionary is full")?;
    Ok(keys.iter().map(|key| key.unwrap_or(behind)).collect())
}

fn given(array: &ArrayRef) -> Given<'_> {
    array.nulls().map(|nulls| nulls.iter().map(u8::from).collect())
}

/// `+08:00`
fn seconds_ahead(zone: &str) -> Option<i32> {
    if zone == "UTC" {
        return Some(0);
    }
    let (hours, minutes) = zone.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(hours * 3600 + minutes * 60 * if zone.starts_with('-') { -1 } else { 1 })
}
