//! The five decisions written by hand, over columns and row by row: the limit that the rules are measured against.
//! Codes are those of `orders.rs`.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, StringArray, UInt8Array,
};
use arrow::buffer::{BooleanBuffer, Buffer, ScalarBuffer};
use arrow::datatypes::{DataType, Date32Type, Decimal64Type, Decimal128Type, Field, Int64Type, Schema, UInt8Type};
use arrow::record_batch::RecordBatch;

use super::orders::{EDITIONS, Orders, PRODUCTS, SERVICES, SEVERITIES};

/// What a first response can be.
pub const RESPONSES: [&str; 6] = ["15 min", "30 min", "1 h", "2 h", "2 business hours", "4 business hours"];
const COVERS: [Option<&str>; 3] = [Some("covered"), Some("not-covered"), None];
const DISCRETION: u8 = 2;
const THRESHOLD: i64 = 6_000_000_000;
const COMBINATIONS: usize = EDITIONS.len() * SERVICES.len() * SEVERITIES.len() * PRODUCTS.len();

/// One order as typed facts.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub edition: u8,
    pub service: u8,
    pub severity: u8,
    pub product: u8,
    pub spend: i64,
    pub floor_price: bool,
    pub confirmed_on: i32,
    pub event_starts_on: i32,
    pub notice_days: i64,
    pub fee: i64,
    pub work_starts_on: i32,
}

impl Order {
    /// A row of columns in which no fact is missing.
    pub fn of(orders: &Orders, row: usize) -> Self {
        Order {
            edition: orders.edition[row],
            service: orders.service[row],
            severity: orders.severity[row],
            product: orders.product[row],
            spend: orders.spend[row],
            floor_price: orders.floor_price[row],
            confirmed_on: orders.confirmed_on[row],
            event_starts_on: orders.event_starts_on[row],
            notice_days: orders.notice_days[row],
            fee: orders.fee[row],
            work_starts_on: orders.work_starts_on[row],
        }
    }
}

/// What the five decisions come to; `None` where the vendor decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// A place in [`RESPONSES`].
    pub first_response: u8,
    pub mcsap_plus: bool,
    pub covered: Option<bool>,
    /// In tenths of a cent.
    pub charge: i64,
    pub onboarding_ends: i32,
}

/// The decisions for one order.
pub fn decide(order: &Order) -> Decided {
    Decided {
        first_response: first_response(order.edition, order.service, order.severity, order.product),
        mcsap_plus: order.spend >= THRESHOLD || order.floor_price,
        covered: match order.event_starts_on - order.confirmed_on {
            42.. => Some(true),
            0..42 => None,
            _ => Some(false),
        },
        charge: charge(order.notice_days, order.fee),
        onboarding_ends: order.work_starts_on + 60,
    }
}

/// The response tables, as one writes them by hand.
fn first_response(edition: u8, service: u8, severity: u8, product: u8) -> u8 {
    let (storsimple, stack, media, github, communication, billing) = (6, 7, 8, 10, 11, 23);
    let azure = product < 12 || product == billing;
    let enhanced = service == 3 && edition == 1 && ![storsimple, stack, github, billing].contains(&product);
    let mission_critical = service == 2 && azure && ![stack, media].contains(&product);
    let azure_times = azure && ![storsimple, github, communication, billing].contains(&product);
    match (severity, enhanced) {
        (0, true) => 0,
        (1, true) => 1,
        (_, true) => 2,
        (0 | 1, _) if mission_critical => 0,
        (0, _) => {
            if azure_times {
                0
            } else {
                2
            }
        }
        (1, _) => {
            if azure_times {
                2
            } else {
                3
            }
        }
        (2, _) => 4,
        _ => 5,
    }
}

fn charge(notice: i64, fee: i64) -> i64 {
    fee * if notice >= 14 {
        0
    } else if notice >= 6 {
        5
    } else {
        10
    }
}

/// The decisions over columns, with what can be made once.
pub struct ByHand {
    /// The first response of each combination of codes.
    responses: Box<[u8; COMBINATIONS]>,
    response_texts: ArrayRef,
    covers: ArrayRef,
    reasons: ArrayRef,
    schema: Arc<Schema>,
}

impl ByHand {
    pub fn new() -> Self {
        let mut responses = Box::new([0; COMBINATIONS]);
        for (place, response) in responses.iter_mut().enumerate() {
            let (rest, product) = (place / PRODUCTS.len(), place % PRODUCTS.len());
            let (rest, severity) = (rest / SEVERITIES.len(), rest % SEVERITIES.len());
            let (edition, service) = (rest / SERVICES.len(), rest % SERVICES.len());
            *response = first_response(edition as u8, service as u8, severity as u8, product as u8);
        }
        let coded = |name: &str| {
            Field::new(name, DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Utf8)), true)
        };
        ByHand {
            responses,
            response_texts: Arc::new(StringArray::from_iter_values(RESPONSES)),
            covers: Arc::new(StringArray::from_iter(COVERS)),
            reasons: Arc::new(StringArray::from_iter([None, None, Some("at the discretion of the vendor")])),
            schema: Arc::new(Schema::new(vec![
                coded("base.first-response"),
                Field::new("mcsap-plus", DataType::Boolean, true),
                coded("event-cover"),
                coded("event-cover.reason"),
                Field::new("cancellation-charge", DataType::Decimal64(18, 3), true),
                Field::new("onboarding.ends", DataType::Date32, true),
            ])),
        }
    }

    /// Answers a batch of `arrow_orders.rs` in which no fact is missing.
    pub fn decide(&self, batch: &RecordBatch) -> RecordBatch {
        let rows = batch.num_rows();
        let codes = |column: usize| batch.column(column).as_dictionary::<UInt8Type>().keys().values();
        let days = |column: usize| batch.column(column).as_primitive::<Date32Type>().values();
        let (edition, service, severity, product) = (codes(0), codes(1), codes(2), codes(3));
        let mut first = vec![0u8; rows];
        for row in 0..rows {
            let group = (usize::from(edition[row]) * SERVICES.len() + usize::from(service[row])) * SEVERITIES.len();
            let place = (group + usize::from(severity[row])) * PRODUCTS.len() + usize::from(product[row]);
            first[row] = self.responses[place];
        }
        let floor = batch.column(5).as_boolean().values();
        let rich = match batch.column(4).data_type() {
            DataType::Decimal64(..) => {
                let spend = batch.column(4).as_primitive::<Decimal64Type>().values();
                BooleanBuffer::collect_bool(rows, |row| spend[row] >= THRESHOLD)
            }
            _ => {
                let spend = batch.column(4).as_primitive::<Decimal128Type>().values();
                BooleanBuffer::collect_bool(rows, |row| spend[row] >= i128::from(THRESHOLD))
            }
        };
        let (confirmed, starts) = (days(6), days(7));
        let covers: Vec<u8> = confirmed
            .iter()
            .zip(starts.iter())
            .map(|(confirmed, starts)| {
                let notice = starts - confirmed;
                // Without branches, so that many are done at once.
                u8::from(notice < 0) + DISCRETION * u8::from((0..42).contains(&notice))
            })
            .collect();
        let notice = batch.column(8).as_primitive::<Int64Type>().values();
        let charges: Vec<i64> = match batch.column(9).data_type() {
            DataType::Decimal64(..) => {
                let fees = batch.column(9).as_primitive::<Decimal64Type>().values();
                notice.iter().zip(fees.iter()).map(|(notice, fee)| charge(*notice, *fee)).collect()
            }
            _ => {
                let fees = batch.column(9).as_primitive::<Decimal128Type>().values();
                notice.iter().zip(fees.iter()).map(|(notice, fee)| charge(*notice, *fee as i64)).collect()
            }
        };
        let ends: Vec<i32> = days(10).iter().map(|start| start + 60).collect();
        let coded = |keys: Buffer, values: &ArrayRef| -> ArrayRef {
            let keys = UInt8Array::new(ScalarBuffer::new(keys, 0, rows), None);
            // SAFETY: every key was taken from a list no longer than `values`.
            Arc::new(unsafe { DictionaryArray::<UInt8Type>::new_unchecked(keys, values.clone()) })
        };
        let covers = Buffer::from_vec(covers);
        let charges = Decimal64Array::new(charges.into(), None).with_data_type(DataType::Decimal64(18, 3));
        let columns: Vec<ArrayRef> = vec![
            coded(Buffer::from_vec(first), &self.response_texts),
            Arc::new(BooleanArray::new(&rich | floor, None)),
            coded(covers.clone(), &self.covers),
            coded(covers, &self.reasons),
            Arc::new(charges),
            Arc::new(Date32Array::new(ends.into(), None)),
        ];
        RecordBatch::try_new(self.schema.clone(), columns).expect("the columns are as the schema says")
    }
}
