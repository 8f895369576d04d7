//! Rules compiled once, and record batches of facts answered by record batches: what a query engine would do.
//!
//! ```sh
//! cargo run --example record_batch
//! ```

use std::error::Error;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int64Array};
use arrow::datatypes::{Field, Schema, UInt8Type};
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use clausal::columnar::{Plan, Records};
use clausal::report::targets_named;
use clausal::scenario::Facts;
use clausal::source::Sources;
use clausal::source::load::Edition;

const RULES: &str = r"
enumeration tier { standard, premium }
party vendor { label en 'the vendor' }
input booking.tier          : tier
input booking.notice-days   : integer
input booking.service-fee   : money in USD
input booking.delivery-date : date

decision cancellation-charge : money in USD {
  | booking.notice-days || charge                      |
  | >= 14               ||   0% of booking.service-fee |
  | 6..13               ||  50% of booking.service-fee |
  | <= 5                || 100% of booking.service-fee |
}
decision may-be-moved : yes-no {
  | booking.tier | booking.notice-days || may                         |
  | premium      | any                 || yes                         |
  | standard     | >= 14               || yes                         |
  | standard     | < 14                || at the discretion of vendor |
}
decision last-day-to-move : date { always booking.delivery-date - 14 days }
";

fn main() -> Result<(), Box<dyn Error>> {
    // Once: from text to a plan. A plan can be shared by threads, each with `Records` of its own.
    let mut sources = Sources::default();
    let file = sources.add("bookings.clause", RULES.replace('\'', "\""));
    let rules = clausal::open(&sources, &Edition { files: vec![file], ..Edition::default() });
    let checked = rules.checked.ok_or_else(|| format!("the rules are wrong: {:?}", rules.problems))?;
    let mut targets = Vec::new();
    for name in ["cancellation-charge", "may-be-moved", "last-day-to-move"] {
        targets.extend(targets_named(&checked.model, name)?);
    }
    let plan = Plan::compile(&checked, Facts::none(&checked.model), targets, false);

    // For each batch its answers.
    let facts = bookings()?;
    let mut records = Records::new(&plan, &facts.schema(), 3)?;
    print(&records.answer(&facts)?)
}

/// Four bookings; of the last one the notice is not known.
fn bookings() -> Result<RecordBatch, Box<dyn Error>> {
    let tiers: DictionaryArray<UInt8Type> = ["standard", "premium", "standard", "standard"].into_iter().collect();
    let fees = Decimal128Array::from_iter_values([100_001, 100_001, 25_000, 9_000]).with_precision_and_scale(15, 2)?;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("booking.tier", Arc::new(tiers)),
        ("booking.notice-days", Arc::new(Int64Array::from(vec![Some(13), Some(5), Some(20), None]))),
        ("booking.service-fee", Arc::new(fees)),
        ("booking.delivery-date", Arc::new(Date32Array::from_iter_values(20_000..20_004))),
    ];
    let fields = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    Ok(RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect())?)
}

fn print(batch: &RecordBatch) -> Result<(), Box<dyn Error>> {
    let options = FormatOptions::default().with_null("-");
    let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    for row in 0..batch.num_rows() {
        println!("row {row}");
        for (field, column) in batch.schema().fields().iter().zip(&columns) {
            println!("  {:<28} {}", field.name(), column.value(row));
        }
    }
    Ok(())
}
