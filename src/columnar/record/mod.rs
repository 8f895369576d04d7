//! Record batches of Arrow: facts in, answers out, as a query engine calls it.

mod intake;
mod outlet;

use arrow::datatypes::{Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use thiserror::Error;

pub use intake::Intake;
pub use outlet::Outlet;

use super::plan::Plan;
use super::session::Session;

/// Answers record batches of one schema. For one thread; threads share the plan.
///
/// ```
/// use std::sync::Arc;
/// use arrow::array::{Array, AsArray, Int64Array, RecordBatch};
/// use clausal::columnar::{Plan, Records};
/// use clausal::report::targets_named;
/// use clausal::scenario::Facts;
/// use clausal::source::{Sources, load::Edition};
///
/// let mut sources = Sources::default();
/// let text = "input notice-days : integer\ndecision late : yes-no { yes when notice-days < 14\n no otherwise }\n";
/// let file = sources.add("bookings.clause", text);
/// let rules = clausal::open(&sources, &Edition { files: vec![file], ..Edition::default() }).checked.unwrap();
/// let plan = Plan::compile(&rules, Facts::none(&rules.model), targets_named(&rules.model, "late").unwrap(), false);
///
/// let notices = Arc::new(Int64Array::from(vec![Some(13), Some(14), None])) as Arc<dyn Array>;
/// let batch = RecordBatch::try_from_iter([("notice-days", notices)]).unwrap();
/// let mut records = Records::new(&plan, &batch.schema(), 2).unwrap();
/// let answers = records.answer(&batch).unwrap();
///
/// let late = answers.column_by_name("late").unwrap().as_boolean();
/// assert!(late.value(0) && !late.value(1) && late.is_null(2));
/// let reasons = answers.column_by_name("late.reason").unwrap().as_any_dictionary();
/// assert_eq!(reasons.values().as_string::<i32>().value(reasons.normalized_keys()[2]), "facts missing: notice-days");
/// ```
#[derive(Debug)]
pub struct Records<'p, 'c> {
    session: Session<'p, 'c>,
    intake: Intake,
    outlet: Outlet,
}

/// Why a record batch cannot be read or written.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RecordError {
    /// A column that cannot be read as the input of its name.
    #[error("the column `{column}`: {why}")]
    Column { column: String, why: String },
    /// An answer that its column cannot hold.
    #[error("an answer to `{target}`: {why}")]
    Answer { target: String, why: String },
}

impl<'p, 'c> Records<'p, 'c> {
    /// Columns are the inputs of their names; columns of other names are not looked at, and inputs without a column are
    /// facts that no row gives. Amounts and other numbers among the answers are written with `places` decimal places, at
    /// most 18.
    ///
    /// # Errors
    /// A column whose type is none of those of its input; see [`Intake`].
    pub fn new(plan: &'p Plan<'c>, schema: &Schema, places: u8) -> Result<Self, RecordError> {
        Ok(Records {
            session: plan.session(),
            intake: Intake::new(plan, schema)?,
            outlet: Outlet::new(plan, places.min(18)),
        })
    }

    /// The schema of the answers: for each target its value, null where it is undetermined, and why, under the target's
    /// name with `.reason`.
    pub fn schema(&self) -> SchemaRef {
        self.outlet.schema()
    }

    /// The answers to each row, in order. What the rules say of the facts' bounds (`must be >= USD 0`) is not looked
    /// at: whoever has rows from strangers asks [`Input::refuses`](crate::model::Input::refuses) first.
    ///
    /// # Errors
    /// A batch of another schema; a text that names no member; an amount that 64 bits cannot hold; an answer with more
    /// decimal places than its column has.
    pub fn answer(&mut self, batch: &RecordBatch) -> Result<RecordBatch, RecordError> {
        let cases = self.intake.cases(batch)?;
        self.outlet.batch(&self.session.evaluate(&cases))
    }
}
