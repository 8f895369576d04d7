//! Orders as Arrow record batches: enumerations dictionary-coded, dates as days, money as decimals.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, DictionaryArray, Int64Array, StringArray,
    TimestampMillisecondArray, TimestampSecondArray, UInt8Array,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{Datelike, NaiveDate};

use super::orders::{EDITIONS, HEADINGS, Orders, PRODUCTS, SERVICES, SEVERITIES};

/// How amounts and instants are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Amounts in 64 bits, instants in seconds.
    Narrow,
    /// As Parquet files are read: amounts in 128 bits, instants in milliseconds.
    File,
}

pub fn schema(layout: Layout) -> Arc<Schema> {
    let texts = || DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Utf8));
    let amount = || match layout {
        Layout::Narrow => DataType::Decimal64(15, 2),
        Layout::File => DataType::Decimal128(15, 2),
    };
    let unit = match layout {
        Layout::Narrow => TimeUnit::Second,
        Layout::File => TimeUnit::Millisecond,
    };
    let types = [
        texts(),
        texts(),
        texts(),
        texts(),
        amount(),
        DataType::Boolean,
        DataType::Date32,
        DataType::Date32,
        DataType::Int64,
        amount(),
        DataType::Date32,
        DataType::Timestamp(unit, Some("+08:00".into())),
    ];
    let fields = HEADINGS.iter().zip(types).map(|(name, ty)| Field::new(*name, ty, true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The lists that codes are places in. Batches that share them can share what was made of them.
pub struct Dictionaries([ArrayRef; 4]);

impl Dictionaries {
    pub fn new() -> Self {
        let list = |members: &[&str]| Arc::new(StringArray::from_iter_values(members)) as ArrayRef;
        Dictionaries([list(&EDITIONS), list(&SERVICES), list(&SEVERITIES), list(&PRODUCTS)])
    }

    /// With texts that are no members behind the members, for rows that are wrong: each list has one at its end.
    pub fn with_strangers() -> Self {
        let list = |members: &[&str], stranger: &str| {
            Arc::new(StringArray::from_iter_values(members.iter().copied().chain([stranger]))) as ArrayRef
        };
        Dictionaries([
            list(&EDITIONS, "edition-1999"),
            list(&SERVICES, "gold"),
            list(&SEVERITIES, "Z"),
            list(&PRODUCTS, "abacus"),
        ])
    }
}

/// Orders as a record batch.
///
/// # Errors
/// Where a code is beyond its list.
pub fn batch(orders: &Orders, lists: &Dictionaries, layout: Layout) -> Result<RecordBatch, ArrowError> {
    let nulls = |heading: usize| {
        let any = orders.missing.iter().any(|bits| bits >> heading & 1 == 1);
        any.then(|| NullBuffer::from_iter((0..orders.rows()).map(|row| !orders.lacks(row, heading))))
    };
    let coded = |heading: usize, codes: &[u8]| -> Result<ArrayRef, ArrowError> {
        let keys = UInt8Array::new(codes.to_vec().into(), nulls(heading));
        Ok(Arc::new(DictionaryArray::try_new(keys, lists.0[heading].clone())?))
    };
    let amounts = |heading: usize, cents: &[i64]| -> Result<ArrayRef, ArrowError> {
        Ok(match layout {
            Layout::Narrow => {
                Arc::new(Decimal64Array::new(cents.to_vec().into(), nulls(heading)).with_precision_and_scale(15, 2)?)
            }
            Layout::File => {
                let wide: Vec<i128> = cents.iter().map(|cents| i128::from(*cents)).collect();
                Arc::new(Decimal128Array::new(wide.into(), nulls(heading)).with_precision_and_scale(15, 2)?)
            }
        })
    };
    let dates =
        |heading: usize, days: &[i32]| -> ArrayRef { Arc::new(Date32Array::new(days.to_vec().into(), nulls(heading))) };
    let instants: ArrayRef = match layout {
        Layout::Narrow => {
            let seconds = TimestampSecondArray::new(orders.reported_at.clone().into(), nulls(11));
            Arc::new(seconds.with_timezone("+08:00"))
        }
        Layout::File => {
            // What is beyond the calendar stays so.
            let thousands: Vec<i64> = orders.reported_at.iter().map(|at| at.saturating_mul(1_000)).collect();
            Arc::new(TimestampMillisecondArray::new(thousands.into(), nulls(11)).with_timezone("+08:00"))
        }
    };
    let columns: Vec<ArrayRef> = vec![
        coded(0, &orders.edition)?,
        coded(1, &orders.service)?,
        coded(2, &orders.severity)?,
        coded(3, &orders.product)?,
        amounts(4, &orders.spend)?,
        Arc::new(BooleanArray::new(orders.floor_price.clone().into(), nulls(5))),
        dates(6, &orders.confirmed_on),
        dates(7, &orders.event_starts_on),
        Arc::new(Int64Array::new(orders.notice_days.clone().into(), nulls(8))),
        amounts(9, &orders.fee)?,
        dates(10, &orders.work_starts_on),
        instants,
    ];
    RecordBatch::try_new(schema(layout), columns)
}

/// A date in days since 1970-01-01.
pub fn days_of(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}
