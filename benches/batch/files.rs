//! Orders as files: CSV, NDJSON, Parquet, some rows of them wrong on purpose.

use std::fmt::Write as _;
use std::io::{self, Write};

use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::arrow_orders::{Dictionaries, Layout, batch, schema};
use super::orders::{EDITIONS, Generator, HEADINGS, Orders, PRODUCTS, REPORTED_OFFSET, SERVICES, SEVERITIES};

/// Rows that are made and written at a time.
pub const BLOCK: usize = 16_384;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Ndjson,
    Parquet,
}

/// What is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub rows: usize,
    pub seed: u64,
    /// Of a thousand facts, so many are missing.
    pub missing: u64,
    /// Of a thousand rows, so many are wrong.
    pub bad: u64,
}

/// The ways in which a row of a text file is wrong, in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    UnknownSeverity,
    SixtyDigits,
    InvalidUtf8,
    Ragged,
    ImpossibleDate,
    NegativeSpend,
    OtherCurrency,
    TextForNumber,
    StrayQuote,
    NoZone,
}

const FAULTS: [Fault; 10] = [
    Fault::UnknownSeverity,
    Fault::SixtyDigits,
    Fault::InvalidUtf8,
    Fault::Ragged,
    Fault::ImpossibleDate,
    Fault::NegativeSpend,
    Fault::OtherCurrency,
    Fault::TextForNumber,
    Fault::StrayQuote,
    Fault::NoZone,
];

const SEVERITY: usize = 2;
const PRODUCT: usize = 3;
const SPEND: usize = 4;
const FLOOR_PRICE: usize = 5;
const EVENT_STARTS: usize = 7;
const NOTICE: usize = 8;
const FEE: usize = 9;
const REPORTED: usize = 11;

/// Writes a file, and tells how many of its rows are wrong.
///
/// # Errors
/// What the writer, or Parquet, reports.
pub fn write(out: impl Write + Send, format: Format, wanted: Wanted) -> io::Result<u64> {
    match format {
        Format::Csv => text(out, wanted, true),
        Format::Ndjson => text(out, wanted, false),
        Format::Parquet => parquet(out, wanted).map_err(io::Error::other),
    }
}

/// Says which rows are wrong, and how.
struct Chance {
    dice: Generator,
    bad: u64,
    count: u64,
}

impl Chance {
    fn new(wanted: Wanted) -> Self {
        Chance { dice: Generator::new(wanted.seed ^ 0xBAD, 0), bad: wanted.bad, count: 0 }
    }

    /// The number of the fault that the next row has.
    fn fault(&mut self) -> Option<usize> {
        (self.bad > 0 && self.dice.below(1_000) < self.bad).then(|| {
            self.count += 1;
            (self.count - 1) as usize % FAULTS.len()
        })
    }
}

fn text(mut out: impl Write, wanted: Wanted, csv: bool) -> io::Result<u64> {
    let mut generator = Generator::new(wanted.seed, wanted.missing);
    let mut chance = Chance::new(wanted);
    let mut bytes = Vec::new();
    if csv {
        bytes.extend(HEADINGS.join(",").as_bytes());
        bytes.push(b'\n');
    }
    let mut left = wanted.rows;
    let mut cell = String::new();
    while left > 0 {
        let orders = generator.block(left.min(BLOCK));
        left -= orders.rows();
        for row in 0..orders.rows() {
            let fault = chance.fault().map(|number| FAULTS[number]);
            if csv {
                csv_row(&mut bytes, &mut cell, &orders, row, fault);
            } else {
                json_row(&mut bytes, &mut cell, &orders, row, fault);
            }
        }
        out.write_all(&bytes)?;
        bytes.clear();
    }
    out.flush()?;
    Ok(chance.count)
}

fn csv_row(bytes: &mut Vec<u8>, cell: &mut String, orders: &Orders, row: usize, fault: Option<Fault>) {
    let last = HEADINGS.len() - usize::from(fault == Some(Fault::Ragged));
    for heading in 0..last {
        if heading > 0 {
            bytes.push(b',');
        }
        set(cell, orders, row, heading, fault);
        match fault {
            Some(Fault::InvalidUtf8) if heading == PRODUCT => bytes.extend(b"az\xffre"),
            // The quote ends the cell's quoted part, and text goes on behind it.
            Some(Fault::StrayQuote) if heading == PRODUCT => bytes.extend(b"\"tea\"ms"),
            _ => bytes.extend(cell.as_bytes()),
        }
    }
    bytes.push(b'\n');
}

fn json_row(bytes: &mut Vec<u8>, cell: &mut String, orders: &Orders, row: usize, fault: Option<Fault>) {
    bytes.push(b'{');
    let mut first = true;
    for (heading, name) in HEADINGS.iter().enumerate() {
        set(cell, orders, row, heading, fault);
        if cell.is_empty() {
            continue;
        }
        if !first {
            bytes.push(b',');
        }
        first = false;
        bytes.extend([b"\"", name.as_bytes(), b"\":"].concat());
        let is_bare = heading == FLOOR_PRICE || heading == NOTICE && fault != Some(Fault::TextForNumber);
        match (fault, heading) {
            (Some(Fault::InvalidUtf8), PRODUCT) => bytes.extend(b"\"az\xffre\""),
            (Some(Fault::StrayQuote), PRODUCT) => bytes.extend(b"\"tea\"ms\""),
            _ if heading == FLOOR_PRICE => bytes.extend(if cell == "yes" { b"true".as_slice() } else { b"false" }),
            _ if is_bare => bytes.extend(cell.as_bytes()),
            _ => bytes.extend([b"\"", cell.as_bytes(), b"\""].concat()),
        }
    }
    // The line of a ragged row breaks off.
    bytes.extend(if fault == Some(Fault::Ragged) { b"\n".as_slice() } else { b"}\n" });
}

/// Sets the cell of a row under a heading; it is empty where the fact is missing.
fn set(cell: &mut String, orders: &Orders, row: usize, heading: usize, fault: Option<Fault>) {
    cell.clear();
    match (fault, heading) {
        (Some(Fault::UnknownSeverity), SEVERITY) => return cell.push('Z'),
        (Some(Fault::SixtyDigits), SPEND) => return cell.push_str(&"1234567890".repeat(6)),
        (Some(Fault::ImpossibleDate), EVENT_STARTS) => return cell.push_str("2024-02-30"),
        (Some(Fault::NegativeSpend), SPEND) => return cell.push_str("-0.01"),
        (Some(Fault::OtherCurrency), FEE) => return cell.push_str("EUR 5000.00"),
        (Some(Fault::TextForNumber), NOTICE) => return cell.push_str("a fortnight"),
        (Some(Fault::NoZone), REPORTED) => return cell.push_str("2024-09-30T17:00:00"),
        // Something must stand there to be wrong.
        (Some(Fault::InvalidUtf8 | Fault::StrayQuote), PRODUCT) => {}
        _ if orders.lacks(row, heading) => return,
        _ => {}
    }
    match heading {
        0 => cell.push_str(EDITIONS[usize::from(orders.edition[row])]),
        1 => cell.push_str(SERVICES[usize::from(orders.service[row])]),
        SEVERITY => cell.push_str(SEVERITIES[usize::from(orders.severity[row])]),
        PRODUCT => cell.push_str(PRODUCTS[usize::from(orders.product[row])]),
        SPEND => cents(cell, orders.spend[row]),
        FLOOR_PRICE => cell.push_str(if orders.floor_price[row] { "yes" } else { "no" }),
        6 => day(cell, orders.confirmed_on[row]),
        EVENT_STARTS => day(cell, orders.event_starts_on[row]),
        NOTICE => drop(write!(cell, "{}", orders.notice_days[row])),
        FEE => cents(cell, orders.fee[row]),
        10 => day(cell, orders.work_starts_on[row]),
        _ => {
            let local = orders.reported_at[row] + i64::from(REPORTED_OFFSET);
            day(cell, local.div_euclid(86_400) as i32);
            let second = local.rem_euclid(86_400);
            let _ = write!(cell, "T{:02}:{:02}:{:02}+08:00", second / 3600, second / 60 % 60, second % 60);
        }
    }
}

fn cents(cell: &mut String, cents: i64) {
    let _ = write!(cell, "{}.{:02}", cents / 100, cents % 100);
}

fn day(cell: &mut String, day: i32) {
    let date = NaiveDate::from_num_days_from_ce_opt(day + 719_163).expect("days lie in the 21st century");
    let _ = write!(cell, "{date}");
}

/// What can be wrong in a file whose columns have types: members that there are not, amounts below zero, and dates and
/// instants beyond the calendar.
fn parquet(out: impl Write + Send, wanted: Wanted) -> Result<u64, ParquetError> {
    let lists = if wanted.bad > 0 { Dictionaries::with_strangers() } else { Dictionaries::new() };
    let mut generator = Generator::new(wanted.seed, wanted.missing);
    let mut chance = Chance::new(wanted);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(out, schema(Layout::File), Some(properties))?;
    let mut left = wanted.rows;
    while left > 0 {
        let mut orders = generator.block(left.min(BLOCK));
        left -= orders.rows();
        for row in 0..orders.rows() {
            let Some(fault) = chance.fault() else { continue };
            orders.missing[row] = 0;
            match fault {
                0 => orders.edition[row] = EDITIONS.len() as u8,
                1 => orders.service[row] = SERVICES.len() as u8,
                2 => orders.severity[row] = SEVERITIES.len() as u8,
                3 => orders.product[row] = PRODUCTS.len() as u8,
                4 => orders.spend[row] = -1,
                5 => orders.fee[row] = -1,
                6 => orders.confirmed_on[row] = i32::MAX,
                7 => orders.event_starts_on[row] = i32::MIN,
                8 => orders.work_starts_on[row] = i32::MAX,
                _ => orders.reported_at[row] = i64::MAX / 1_000 * 1_000,
            }
        }
        writer.write(&batch(&orders, &lists, Layout::File)?)?;
    }
    writer.close()?;
    Ok(chance.count)
}
