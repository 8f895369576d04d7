//! Columns of Arrow and Parquet: taken as they are where their type is that of the input, and as texts otherwise.

use std::str::FromStr;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, PrimitiveArray, StringArray, StructArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Fields, Int64Type, TimeUnit};
use arrow::json::LineDelimitedWriter;
use arrow::json::writer::{LineDelimited, WriterBuilder};
use arrow::record_batch::RecordBatch;
use chrono::{FixedOffset, Offset, TimeZone};

use super::bad::Bad;
use super::cell::{Cell, Cells};
use super::codes::{Codes, code};
use super::column::{Builder, Form};
use super::grid::Written;
use super::kept::Raw;
use super::numbers::aligned;
use super::slow::Wrong;
use crate::model::Type;
use crate::value::Value;

impl Builder<'_> {
    /// Takes a column of Arrow.
    pub fn fill_arrow(&mut self, array: &ArrayRef, bad: &mut Bad) {
        // Texts that stand for others are looked up as texts.
        if self.slow.has_meanings() || !self.take_array(array, bad) {
            self.fill(&Texts::of(array), array.len(), bad);
        }
    }

    /// Takes amounts and their currencies from two columns.
    pub fn fill_arrow_money(&mut self, amounts: &ArrayRef, currencies: &ArrayRef, bad: &mut Bad) {
        self.fill_money(&Texts::of(amounts), &Texts::of(currencies), amounts.len(), bad);
    }

    /// Takes a column whose type says what it means; `false` if it has to go cell by cell.
    fn take_array(&mut self, array: &ArrayRef, bad: &mut Bad) -> bool {
        let met = self.met();
        match (&mut self.form, array.data_type()) {
            (Form::Codes { keys, .. }, DataType::Dictionary(..)) => {
                let Some(dictionary) = array.as_any_dictionary_opt() else { return false };
                let texts = Texts::of(dictionary.values());
                let codes: Vec<Result<u32, Wrong>> =
                    (0..dictionary.values().len()).map(|at| code(&self.slow, texts.cell(at))).collect();
                let places = dictionary.normalized_keys();
                let sound: Vec<u32> = codes.iter().map(|code| *code.as_ref().unwrap_or(&0)).collect();
                let given = |row: usize| array.is_valid(row);
                let code_of = |(row, place): (usize, &usize)| match sound.get(*place) {
                    Some(code) if given(row) => *code,
                    _ => 0,
                };
                let all = places.iter().enumerate();
                match keys {
                    Codes::U8(keys) => keys.extend(all.map(|at| code_of(at) as u8)),
                    Codes::U32(keys) => keys.extend(all.map(code_of)),
                }
                if codes.iter().any(Result::is_err) {
                    for (row, place) in places.iter().enumerate().filter(|(row, _)| given(*row)) {
                        if let Some(Err(wrong)) = codes.get(*place) {
                            bad.add(row, met, wrong.clone());
                        }
                    }
                }
                true
            }
            (Form::Codes { keys: Codes::U8(keys), .. }, DataType::Boolean) if self.ty == Type::YesNo => {
                let answers = array.as_boolean();
                keys.extend((0..array.len()).map(|row| match answers.is_null(row) {
                    true => 0,
                    false => 1 + u8::from(answers.value(row)),
                }));
                true
            }
            (Form::Days(days), DataType::Date32) => {
                // The years that dates have.
                const YEARS: std::ops::RangeInclusive<i32> = -719_162..=2_932_896;
                let dates = array.as_primitive::<Date32Type>();
                let from = days.len();
                days.extend_from_slice(dates.values());
                for (row, day) in dates.iter().enumerate().filter_map(|(row, day)| Some((row, day?))) {
                    if !YEARS.contains(&day) {
                        days[from + row] = 0;
                        bad.add(row, met, self.slow.beyond(day.into(), "days"));
                    }
                }
                self.mark_given(array);
                true
            }
            (Form::Scaled { .. }, ty) if ty.is_integer() && counts(&self.ty) => {
                let Some(array) = whole(array) else { return false };
                self.take_scaled(&array, 0)
            }
            (Form::Scaled { .. }, DataType::Decimal128(_, places)) if counts(&self.ty) => {
                let (Ok(places), true) = (u32::try_from(*places), self.ty != Type::Integer) else { return false };
                let decimals = array.as_primitive::<Decimal128Type>();
                // Nulls may hold anything.
                let narrow = |row: usize| match decimals.is_null(row) {
                    true => Some(0),
                    false => i64::try_from(decimals.value(row)).ok(),
                };
                let numbers: Option<Vec<i64>> = (0..array.len()).map(narrow).collect();
                let Some(numbers) = numbers else { return false };
                let array = PrimitiveArray::<Int64Type>::new(numbers.into(), array.nulls().cloned());
                self.take_scaled(&array, places)
            }
            (Form::Scaled { .. }, DataType::Duration(unit)) if self.ty == Type::Duration => {
                let divisor = per_second(*unit);
                let Some(lengths) = cast(array, &DataType::Int64).ok() else { return false };
                let lengths = lengths.as_primitive::<Int64Type>();
                if lengths.iter().flatten().any(|n| n % divisor != 0) {
                    return false;
                }
                self.take_scaled(&lengths.unary(|n| n / divisor), 0)
            }
            (Form::Instants { .. }, DataType::Timestamp(unit, Some(zone))) => {
                let Some(zone) = Zone::named(zone) else { return false };
                self.take_instants(array, *unit, &zone, bad)
            }
            (Form::Days(_), DataType::Timestamp(unit, None)) => self.take_midnights(array, *unit),
            (Form::Days(_), DataType::Date64) => self.take_midnights(array, TimeUnit::Millisecond),
            _ => false,
        }
    }

    fn mark_given(&mut self, array: &dyn Array) {
        match array.nulls() {
            None => self.given.resize(self.given.len() + array.len(), 1),
            Some(nulls) => self.given.extend(nulls.iter().map(u8::from)),
        }
    }

    fn take_scaled(&mut self, array: &PrimitiveArray<Int64Type>, places: u32) -> bool {
        let Form::Scaled { numbers, scale } = &mut self.form else { return false };
        if places > 18 {
            return false;
        }
        if array.nulls().is_none() {
            *scale = places;
            numbers.extend_from_slice(array.values());
        } else {
            for row in 0..array.len() {
                let number = if array.is_null(row) { 0 } else { array.value(row) };
                if row == 0 {
                    *scale = places;
                }
                if !aligned(numbers, scale, number, places) {
                    numbers.clear();
                    return false;
                }
            }
        }
        self.mark_given(array);
        true
    }

    /// Instants, each with the offset that its zone has then.
    fn take_instants(&mut self, array: &ArrayRef, unit: TimeUnit, zone: &Zone, bad: &mut Bad) -> bool {
        let divisor = per_second(unit);
        let Some(counts) = cast(array, &DataType::Int64).ok() else { return false };
        let counts = counts.as_primitive::<Int64Type>();
        // The years that date-times have, with a day to spare for the offset.
        let from = (-62_135_510_400_i64).saturating_mul(divisor);
        let to = 253_402_214_400_i64.checked_mul(divisor).map_or(i64::MAX, |end| end - 1);
        let outside = |n: &i64| *n < from || *n > to;
        let mut within = counts.clone();
        if counts.iter().flatten().any(|n| outside(&n)) {
            let met = self.met();
            for (row, n) in counts.iter().enumerate().filter_map(|(row, n)| Some((row, n.filter(outside)?))) {
                bad.add(row, met, self.slow.beyond(n.div_euclid(divisor), "seconds"));
            }
            within = counts.unary(|n| if outside(&n) { 0 } else { n });
        }
        let counts = &within;
        let Some(whole) = whole_seconds(counts, unit) else {
            for (row, count) in counts.iter().enumerate() {
                let at = count.and_then(|n| {
                    let (second, rest) = (n.div_euclid(divisor), n.rem_euclid(divisor));
                    let nanos = u32::try_from(rest * (1_000_000_000 / divisor)).ok()?;
                    let offset = FixedOffset::east_opt(zone.offset(second))?;
                    let at = chrono::DateTime::from_timestamp(second, nanos)?;
                    Some(Value::DateTime(at.with_timezone(&offset)))
                });
                self.push(Ok(at), row, self.met(), bad);
            }
            return true;
        };
        let Form::Instants { seconds, offsets } = &mut self.form else { return false };
        offsets.extend(whole.iter().map(|second| zone.offset(*second)));
        seconds.extend(whole);
        self.mark_given(array);
        true
    }

    /// Dates that are held as the first instant of their day, as data frames have them.
    fn take_midnights(&mut self, array: &ArrayRef, unit: TimeUnit) -> bool {
        let day = per_second(unit) * 86_400;
        let Some(counts) = cast(array, &DataType::Int64).ok() else { return false };
        let counts = counts.as_primitive::<Int64Type>();
        if counts.iter().flatten().any(|n| n % day != 0 || !(-719_162..=2_932_896).contains(&(n / day))) {
            return false;
        }
        let Form::Days(days) = &mut self.form else { return false };
        days.extend(counts.iter().map(|n| (n.unwrap_or(0) / day) as i32));
        self.mark_given(array);
        true
    }
}

/// Whether a bare number is a fact of this type.
fn counts(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Decimal | Type::Money(Some(_)) | Type::Quantity(_))
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// Counts of a unit of time in seconds, 0 where there is none; `None` if any has a part of a second.
fn whole_seconds(counts: &PrimitiveArray<Int64Type>, unit: TimeUnit) -> Option<Vec<i64>> {
    fn divided<const BY: i64>(counts: &PrimitiveArray<Int64Type>) -> Option<Vec<i64>> {
        let counts = counts.iter().map(|count| count.unwrap_or(0));
        counts.map(|count| (count % BY == 0).then_some(count / BY)).collect()
    }
    // Dividing by what is known ahead is many times as fast.
    match unit {
        TimeUnit::Second => divided::<1>(counts),
        TimeUnit::Millisecond => divided::<1_000>(counts),
        TimeUnit::Microsecond => divided::<1_000_000>(counts),
        TimeUnit::Nanosecond => divided::<1_000_000_000>(counts),
    }
}

/// Whole numbers of any width, if all of them are whole numbers of 64 bits.
fn whole(array: &ArrayRef) -> Option<PrimitiveArray<Int64Type>> {
    if let Some(array) = array.as_primitive_opt::<Int64Type>() {
        return Some(array.clone());
    }
    let whole = cast(array, &DataType::Int64).ok()?;
    // A number that is too great becomes null.
    (whole.null_count() == array.null_count()).then(|| whole.as_primitive::<Int64Type>().clone())
}

/// A zone of Arrow: `+08:00`, `UTC` or `Asia/Shanghai`.
enum Zone {
    Fixed(i32),
    Named(chrono_tz::Tz),
}

impl Zone {
    fn named(name: &str) -> Option<Zone> {
        match chrono_tz::Tz::from_str(name) {
            Ok(zone) => Some(Zone::Named(zone)),
            Err(_) => FixedOffset::from_str(name).ok().map(|zone| Zone::Fixed(zone.local_minus_utc())),
        }
    }

    fn offset(&self, second: i64) -> i32 {
        match self {
            Zone::Fixed(offset) => *offset,
            Zone::Named(zone) => chrono::DateTime::from_timestamp(second, 0)
                .map_or(0, |at| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()),
        }
    }
}

/// A column as cells of text.
pub enum Texts {
    Text(StringArray),
    Number(StringArray),
    YesNo(BooleanArray),
    Nested(Vec<Option<String>>),
    None,
    /// Something that has no text: bytes.
    Unreadable,
}

impl Texts {
    pub fn of(array: &ArrayRef) -> Texts {
        let ty = match array.data_type() {
            DataType::Dictionary(_, of) => of.as_ref(),
            ty => ty,
        };
        let strings = || cast(array, &DataType::Utf8).ok().map(|array| array.as_string::<i32>().clone());
        // Where one value has no text, the others still have theirs.
        let each = || {
            let text = |row: usize| {
                let one = cast(&array.slice(row, 1), &DataType::Utf8).ok()?;
                let one = one.as_string::<i32>();
                one.is_valid(0).then(|| one.value(0).to_owned())
            };
            let texts = (0..array.len()).map(|row| match array.is_null(row) {
                true => None,
                false => Some(text(row).unwrap_or_else(|| "\u{FFFD}".to_owned())),
            });
            Texts::Text(texts.collect::<StringArray>())
        };
        let texts = match ty {
            DataType::Null => Some(Texts::None),
            DataType::Boolean => {
                cast(array, &DataType::Boolean).ok().map(|array| Texts::YesNo(array.as_boolean().clone()))
            }
            ty if ty.is_numeric() => strings().map(Texts::Number),
            ty if ty.is_nested() => lines(array).map(Texts::Nested),
            // Seconds are written even where they are none, and so they are read.
            DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => {
                Some(strings().map_or_else(each, Texts::Text))
            }
            _ => strings().map(Texts::Text),
        };
        texts.unwrap_or(Texts::Unreadable)
    }
}

impl Texts {
    /// What stands in a row, as it is carried along.
    pub fn raw(&self, row: usize) -> Raw<'_> {
        let raw = |written: Written, bytes| Raw { written, bytes };
        match self {
            Texts::Text(array) if array.is_valid(row) => raw(Written::Quoted, array.value(row).as_bytes()),
            Texts::Number(array) if array.is_valid(row) => raw(Written::Number, array.value(row).as_bytes()),
            Texts::YesNo(array) if array.is_valid(row) => match array.value(row) {
                true => raw(Written::True, b"true"),
                false => raw(Written::False, b"false"),
            },
            Texts::Nested(lines) => match lines.get(row).and_then(Option::as_ref) {
                Some(line) => raw(Written::Nested, line.as_bytes()),
                None => raw(Written::Null, b""),
            },
            _ => raw(Written::Null, b""),
        }
    }
}

impl Cells for Texts {
    fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Texts::Text(array) if array.is_valid(row) => Cell::of_text(array.value(row).as_bytes()),
            Texts::Number(array) if array.is_valid(row) => Cell::Number(array.value(row).as_bytes()),
            Texts::YesNo(array) if array.is_valid(row) => Cell::YesNo(array.value(row)),
            Texts::Nested(lines) => {
                lines.get(row).and_then(Option::as_ref).map_or(Cell::Missing, |line| Cell::Nested(line.as_bytes()))
            }
            Texts::Unreadable => Cell::Text(b"\xFF"),
            _ => Cell::Missing,
        }
    }
}

/// Lists, maps and structs as texts of JSON.
fn lines(array: &ArrayRef) -> Option<Vec<Option<String>>> {
    let field = Field::new("v", array.data_type().clone(), true);
    let batch = RecordBatch::from(StructArray::new(Fields::from(vec![field]), vec![array.clone()], None));
    let mut written = Vec::new();
    let mut writer: LineDelimitedWriter<_> =
        WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(&mut written);
    writer.write(&batch).ok()?;
    writer.finish().ok()?;
    drop(writer);
    let text = String::from_utf8(written).ok()?;
    let value = |line: &str| {
        let value = line.strip_prefix("{\"v\":")?.strip_suffix('}')?;
        (value != "null").then(|| value.to_owned())
    };
    let lines: Vec<_> = text.lines().map(value).collect();
    (lines.len() == array.len()).then_some(lines)
}

/// Rows of a batch as lines of JSON, one for each.
pub fn row_lines(batch: &RecordBatch) -> Option<Vec<u8>> {
    let mut written = Vec::new();
    let mut writer: LineDelimitedWriter<_> = WriterBuilder::new().build::<_, LineDelimited>(&mut written);
    writer.write(batch).ok()?;
    writer.finish().ok()?;
    drop(writer);
    Some(written)
}
