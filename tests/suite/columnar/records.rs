//! Record batches of Arrow: facts of every layout are read, answers come in the columns that the schema says, and what
//! cannot be read or written is told.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Decimal32Array, Decimal64Array, Decimal128Array, DictionaryArray,
    Int16Array, Int64Array, LargeStringArray, RecordBatch, StringArray, TimestampSecondArray, UInt8Array, UInt64Array,
};
use arrow::datatypes::{Int32Type, Int64Type, TimestampSecondType, UInt8Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use clausal::check::Checked;
use clausal::columnar::{Plan, Records};
use clausal::report::targets_named;
use clausal::scenario::Facts;

use crate::support::{open_text, with_stack};

const RULES: &str = r"
enumeration tier { standard, premium }
input tier  : tier
input paid  : yes-no
input day   : date
input at    : date-time
input fee   : money in USD
input notice : integer
decision next   : tier     { premium when tier is standard  standard otherwise }
decision late   : yes-no   { yes when notice < 14  no otherwise }
decision due    : date     { always day + 30 days }
decision moment : date-time { always at }
decision charge : money in USD {
  | paid | notice || charge      |
  | yes  | any   || USD 0       |
  | no   | >= 14 || 50% of fee  |
  | no   | < 14  || 100% of fee |
}
decision notice-after : integer { always notice + 1 }
";

const TARGETS: [&str; 6] = ["next", "late", "due", "moment", "charge", "notice-after"];

fn checked() -> Checked {
    let opened = open_text("records.clause", RULES);
    let set = opened.sets.into_iter().next().expect("one set of rules");
    set.checked.unwrap_or_else(|| panic!("the rules are wrong: {:?}", set.problems))
}

fn plan<'c>(checked: &'c Checked, names: &[&str]) -> Plan<'c> {
    let named = |name: &&str| targets_named(&checked.model, name).expect("a decision");
    let targets = names.iter().flat_map(named).collect();
    Plan::compile(checked, Facts::none(&checked.model), targets, false)
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("even")
}

/// The facts of four rows, the last of them without any, in one layout of several.
fn facts(layout: usize) -> RecordBatch {
    let tiers = [Some("standard"), Some("premium"), Some("standard"), None];
    let tier: ArrayRef = match layout {
        0 => Arc::new(tiers.into_iter().collect::<DictionaryArray<UInt8Type>>()),
        1 => Arc::new(tiers.into_iter().collect::<DictionaryArray<Int32Type>>()),
        2 => Arc::new(StringArray::from_iter(tiers)),
        _ => Arc::new(LargeStringArray::from_iter(tiers)),
    };
    let cents = [Some(100_001), Some(-5), Some(999), None];
    let fee: ArrayRef = match layout {
        0 => Arc::new(Decimal64Array::from_iter(cents.map(|c| c.map(i64::from))).with_data_type(decimal64())),
        1 => {
            let wide = Decimal128Array::from_iter(cents.map(|c| c.map(i128::from)));
            Arc::new(wide.with_precision_and_scale(30, 2).expect("two places"))
        }
        _ => Arc::new(Decimal32Array::from_iter(cents).with_precision_and_scale(9, 2).expect("two places")),
    };
    let counts = [Some(13), Some(14), Some(20), None];
    let count: ArrayRef = match layout {
        0 => Arc::new(Int64Array::from_iter(counts.map(|c| c.map(i64::from)))),
        _ => Arc::new(Int16Array::from_iter(counts)),
    };
    let at = TimestampSecondArray::from(vec![Some(0), Some(86_400), Some(-1), None]).with_timezone("+08:00");
    batch(vec![
        ("unknown", Arc::new(UInt8Array::from(vec![1, 2, 3, 4]))),
        ("fee", fee),
        ("tier", tier),
        ("paid", Arc::new(BooleanArray::from(vec![Some(false), Some(false), Some(true), None]))),
        ("day", Arc::new(Date32Array::from(vec![Some(0), Some(20_000), Some(-400), None]))),
        ("at", Arc::new(at)),
        ("notice", count),
    ])
}

fn decimal64() -> arrow::datatypes::DataType {
    arrow::datatypes::DataType::Decimal64(15, 2)
}

/// The rows of a batch, as Arrow shows them.
fn shown(batch: &RecordBatch) -> Vec<String> {
    let options = FormatOptions::default().with_null("-");
    // Arrow only knows names of zones with a feature of its own.
    let zoned = |column: &ArrayRef| match column.as_primitive_opt::<TimestampSecondType>() {
        Some(seconds) => Arc::new(seconds.clone().with_timezone("+00:00")),
        None => column.clone(),
    };
    let columns: Vec<ArrayRef> = batch.columns().iter().map(zoned).collect();
    let columns = columns.iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options).expect("text"));
    let columns: Vec<ArrayFormatter> = columns.collect();
    let row = |row| columns.iter().map(|column| column.value(row).to_string()).collect::<Vec<_>>().join(" | ");
    (0..batch.num_rows()).map(row).collect()
}

#[test]
fn record_batches_of_every_layout_come_to_the_same() {
    with_stack(|| {
        let checked = checked();
        let plan = plan(&checked, &TARGETS);
        for layout in 0..4 {
            let facts = facts(layout);
            let mut records = Records::new(&plan, &facts.schema(), 3).expect("every column is read");
            let answers = records.answer(&facts).expect("every row is answered");
            assert_eq!(answers.schema(), records.schema());
            assert_eq!(
                shown(&answers),
                [
                    "premium | - | true | - | 1970-01-31 | - | 1970-01-01T00:00:00Z | - | 1000.010 | - | 14.000 | -",
                    "standard | - | false | - | 2024-11-03 | - | 1970-01-02T00:00:00Z | - | -0.025 | - | 15.000 | -",
                    "premium | - | false | - | 1968-12-27 | - | 1969-12-31T23:59:59Z | - | 0.000 | - | 21.000 | -",
                    "- | facts missing: tier | - | facts missing: notice | - | facts missing: day \
                     | - | facts missing: at | - | facts missing: paid, fee, notice | - | facts missing: notice",
                ],
                "layout {layout}"
            );
            // Batches with and without nulls, sliced ones and empty ones take turns in a session.
            let few = records.answer(&facts.slice(1, 2)).expect("every row is answered");
            assert_eq!(shown(&few), shown(&answers)[1..3], "layout {layout}, sliced");
            assert_eq!(records.answer(&facts.slice(0, 0)).expect("no row is wrong").num_rows(), 0);
        }
    });
}

#[test]
fn facts_without_a_column_are_missing() {
    with_stack(|| {
        let checked = checked();
        let plan = plan(&checked, &["late", "charge"]);
        let facts = batch(vec![("notice", Arc::new(Int64Array::from(vec![1, 15])))]);
        let answers = Records::new(&plan, &facts.schema(), 2).expect("the column is read").answer(&facts);
        assert_eq!(
            shown(&answers.expect("every row is answered")),
            ["true | - | - | facts missing: paid, fee", "false | - | - | facts missing: paid, fee"]
        );
    });
}

#[test]
fn what_cannot_be_read_or_written_is_told() {
    with_stack(|| {
        let checked = checked();
        let plan = plan(&checked, &TARGETS);
        let refused = |name: &str, column: ArrayRef| {
            let facts = batch(vec![(name, column)]);
            let mut records = match Records::new(&plan, &facts.schema(), 2) {
                Ok(records) => records,
                Err(error) => return error.to_string(),
            };
            records.answer(&facts).expect_err("it is refused").to_string()
        };
        let gold: DictionaryArray<UInt8Type> = ["standard", "gold"].into_iter().collect();
        assert_eq!(
            refused("tier", Arc::new(gold)),
            "the column `tier`: `gold` in row 1 is no member of the enumeration"
        );
        assert_eq!(
            refused("tier", Arc::new(Int64Array::from(vec![1]))),
            "the column `tier`: Int64 is not read as tier; cast the column first"
        );
        assert_eq!(
            refused("notice", Arc::new(UInt64Array::from(vec![1]))),
            "the column `notice`: UInt64 is not read as integer; cast the column first"
        );
        assert_eq!(
            refused("at", Arc::new(TimestampSecondArray::from(vec![1]).with_timezone("Asia/Shanghai"))),
            "the column `at`: the zone `Asia/Shanghai` is no offset from UTC, such as +08:00"
        );
        let wide = Decimal128Array::from_iter_values([1 << 70]).with_precision_and_scale(38, 2).expect("two places");
        assert_eq!(
            refused("fee", Arc::new(wide)),
            "the column `fee`: 1180591620717411303424 in row 0 is beyond 64 bits"
        );
        // Half a cent, where the column has cents.
        let facts = facts(0);
        let mut records = Records::new(&plan, &facts.schema(), 2).expect("every column is read");
        assert_eq!(
            records.answer(&facts).expect_err("half a cent").to_string(),
            "an answer to `charge`: the one of row 1 has more than 2 decimal places, or is too great"
        );
        // A batch of another schema.
        let other = batch(vec![("notice", Arc::new(Int64Array::from(vec![1])))]);
        assert_eq!(
            records.answer(&other).expect_err("another schema").to_string(),
            "the column `tier`: it is no longer of the type Dictionary(UInt8, Utf8)"
        );
    });
}

#[test]
fn texts_that_no_row_has_are_not_judged() {
    with_stack(|| {
        let checked = checked();
        let plan = plan(&checked, &["next"]);
        let texts = Arc::new(StringArray::from(vec!["gold", "premium"]));
        let tiers = DictionaryArray::<Int64Type>::new(Int64Array::from(vec![1, 1]), texts);
        let facts = batch(vec![("tier", Arc::new(tiers))]);
        let answers = Records::new(&plan, &facts.schema(), 2).expect("the column is read").answer(&facts);
        assert_eq!(shown(&answers.expect("every row is answered")), ["standard | -", "standard | -"]);
    });
}
