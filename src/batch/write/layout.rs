//! What the output looks like: its columns, and the form of each.

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

use super::{Amounts, LayoutOptions, WriteError};
use crate::batch::{Dialect, Format};
use crate::columnar::Plan;
use crate::model::{Model, Type};
use crate::value::EnumId;

/// What the output looks like, worked out once and shared by all workers and the sink.
#[derive(Debug)]
pub struct Layout<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) options: LayoutOptions<'a>,
    /// All headings, in order: kept columns, then those of each target.
    headings: Vec<String>,
    /// One for each target.
    pub(super) targets: Vec<TargetColumns>,
}

/// The columns of a target, by their places among the headings.
#[derive(Clone, Debug)]
pub(super) struct TargetColumns {
    pub value: usize,
    pub form: Form,
    pub reason: usize,
    pub before: Option<BeforeColumns>,
    pub clauses: Option<usize>,
    pub rules: Option<usize>,
    pub readings: Option<usize>,
}

impl TargetColumns {
    /// Whether nothing stands beside the answer and the reason why there is none.
    #[inline]
    pub fn is_alone(&self) -> bool {
        self.before.is_none() && self.clauses.is_none() && self.rules.is_none() && self.readings.is_none()
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct BeforeColumns {
    pub value: usize,
    pub form: Form,
    pub reason: usize,
    pub changed: usize,
    /// The place of the target in the earlier plan; `None` where it has none.
    pub target: Option<usize>,
}

/// The form that the values of a column have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    YesNo,
    Member(EnumId),
    Date,
    Instant,
    /// A bare number with at most so many decimal places in formats that fix them.
    Number(u32),
    /// A bare whole number: seconds, days, months.
    Count,
    /// As `clausal eval` shows it, one of few texts.
    Text,
    /// As `clausal eval` shows it, and nearly every row has another.
    AmountText,
}

/// The decimal places of amounts in Arrow and Parquet.
pub(super) const PLACES: u32 = 10;

impl<'a> Layout<'a> {
    /// # Errors
    /// If two columns would have the same name.
    pub fn new(plan: &'a Plan<'a>, options: LayoutOptions<'a>) -> Result<Layout<'a>, WriteError> {
        let mut headings: Vec<String> = options.kept.iter().map(|(_, heading)| heading.name.clone()).collect();
        let mut add = |name: String| {
            headings.push(name);
            headings.len() - 1
        };
        let plain = match options.amounts {
            Amounts::Text => false,
            Amounts::Number => true,
            Amounts::Usual => !options.format.is_text(),
        };
        let mut targets = Vec::new();
        for (place, target) in plan.targets().iter().enumerate() {
            let path = &target.path;
            let value = add(path.clone());
            let reason = add(format!("{path}.reason"));
            let before = options.before.as_ref().map(|earlier| {
                let target = earlier.targets.get(place).copied().flatten();
                let ty = target.and_then(|at| earlier.plan.targets().get(at)).map(|target| &target.expr.ty);
                BeforeColumns {
                    value: add(format!("{path}.before")),
                    form: Form::of(ty.unwrap_or(&Type::Text), plain),
                    reason: add(format!("{path}.before.reason")),
                    changed: add(format!("{path}.changed")),
                    target,
                }
            });
            let explain = options.explain;
            targets.push(TargetColumns {
                value,
                form: Form::of(&target.expr.ty, plain),
                reason,
                before,
                clauses: explain.clauses.then(|| add(format!("{path}.clauses"))),
                rules: explain.rules.then(|| add(format!("{path}.rules"))),
                readings: explain.readings.then(|| add(format!("{path}.readings"))),
            });
        }
        for (at, heading) in headings.iter().enumerate() {
            if headings[..at].contains(heading) {
                let message = format!("two columns of the output would be called `{heading}`");
                return Err(WriteError::new(message, "carry along other columns, or give that column another heading"));
            }
        }
        Ok(Layout { plan, options, headings, targets })
    }

    /// The headings of the output, in order.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    pub fn format(&self) -> Format {
        self.options.format
    }

    pub(super) fn model(&self) -> &'a Model {
        &self.plan.checked().model
    }

    pub(super) fn dialect(&self) -> Dialect {
        let delimiter = if self.options.format == Format::Tsv { b'\t' } else { b',' };
        Dialect { delimiter, quote: b'"', by_line: false }
    }

    /// The columns of Arrow. Kept columns of texts are texts; those of Arrow have the types that they bring.
    pub(super) fn schema(&self) -> Schema {
        let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let field = |at: usize, ty: DataType| Field::new(self.headings.get(at).map_or("", String::as_str), ty, true);
        let mut fields: Vec<Field> = (0..self.options.kept.len()).map(|at| field(at, DataType::Utf8)).collect();
        // The order in which the headings were given out.
        for (place, columns) in self.targets.iter().enumerate() {
            let unit = self.unit(place).map(|unit| ("clausal.unit".to_owned(), unit));
            fields.push(field(columns.value, columns.form.data_type()).with_metadata(unit.into_iter().collect()));
            fields.push(field(columns.reason, text()));
            if let Some(before) = &columns.before {
                fields.push(field(before.value, before.form.data_type()));
                fields.push(field(before.reason, text()));
                fields.push(field(before.changed, DataType::Boolean));
            }
            let explained = [columns.clauses, columns.rules, columns.readings];
            fields.extend(explained.into_iter().flatten().map(|at| field(at, text())));
        }
        Schema::new(fields)
    }

    /// What the bare numbers of a target count.
    pub(super) fn unit(&self, target: usize) -> Option<String> {
        let form = self.targets.get(target)?.form;
        if !matches!(form, Form::Number(_) | Form::Count) {
            return None;
        }
        Some(match &self.plan.targets().get(target)?.expr.ty {
            Type::Money(Some(currency)) => currency.code().to_owned(),
            Type::Percent => "%".to_owned(),
            Type::Quantity(_) => self.model().type_name(&self.plan.targets().get(target)?.expr.ty),
            Type::Duration => "seconds".to_owned(),
            Type::Days => "days".to_owned(),
            Type::Months => "months".to_owned(),
            Type::BusinessHours => "business seconds".to_owned(),
            Type::BusinessDays => "business days".to_owned(),
            _ => return None,
        })
    }
}

impl Form {
    fn of(ty: &Type, plain: bool) -> Form {
        match ty {
            Type::YesNo => Form::YesNo,
            Type::Enum(id) => Form::Member(*id),
            Type::Date => Form::Date,
            Type::DateTime => Form::Instant,
            Type::Integer if plain => Form::Number(0),
            Type::Decimal | Type::Percent | Type::Money(Some(_)) | Type::Quantity(_) if plain => Form::Number(PLACES),
            Type::Duration | Type::Days | Type::Months | Type::BusinessHours | Type::BusinessDays if plain => {
                Form::Count
            }
            // An amount that brings its own currency would lose it as a bare number.
            Type::Integer | Type::Decimal | Type::Percent | Type::Money(_) | Type::Quantity(_) => Form::AmountText,
            _ => Form::Text,
        }
    }

    pub(super) fn data_type(self) -> DataType {
        match self {
            Form::YesNo => DataType::Boolean,
            Form::Date => DataType::Date32,
            Form::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Form::Number(places) => DataType::Decimal128(38, places as i8),
            Form::Count => DataType::Int64,
            Form::Member(_) | Form::Text => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Form::AmountText => DataType::Utf8,
        }
    }
}
