//! The built-in functions. Each has a file with its signature, manual page, example and body; this list is the
//! only other place that names it.

mod abs;
mod date_of;
mod date_parts;
mod day_ends;
mod deadline;
mod end_of_month;
mod extremes;
mod opening;
mod sets;
mod size;
mod worked;

use crate::model::{Builtin, ClockFault, Type};
use crate::value::worktime::Timed;
use crate::value::{Fault, Kind, Operation, Value};

/// Every function, by name.
pub static ALL: [&Builtin; 23] = [
    &abs::ABS,
    &worked::BUSINESS_DAY_AFTER,
    &worked::BUSINESS_DAYS_BETWEEN,
    &worked::BUSINESS_TIME,
    &sets::COMMON,
    &date_of::DATE_OF,
    &date_parts::DAY,
    &deadline::DEADLINE,
    &day_ends::END_OF_DAY,
    &end_of_month::END_OF_MONTH,
    &opening::IS_BUSINESS_DAY,
    &opening::IS_OPEN,
    &extremes::MAX,
    &extremes::MIN,
    &date_parts::MONTH,
    &opening::NEXT_CLOSING,
    &opening::NEXT_OPENING,
    &size::SIZE,
    &day_ends::START_OF_DAY,
    &sets::UNION,
    &date_parts::WEEKDAY,
    &sets::WITHOUT,
    &date_parts::YEAR,
];

/// The end of a date, for milestones that are due on one.
pub fn end_of_day() -> &'static Builtin {
    &day_ends::END_OF_DAY
}

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    ALL.iter().copied().find(|b| b.name == name)
}

/// Says how many arguments are wanted, for a function that takes exactly `N`.
fn exactly<const N: usize>(types: &[Type]) -> Result<&[Type; N], String> {
    let plural = if N == 1 { "" } else { "s" };
    types.try_into().map_err(|_| format!("takes {N} argument{plural}, and {} are written", types.len()))
}

/// What a body answers for arguments that its `check` would have refused.
fn refused(args: &[Value]) -> Fault {
    not_defined(args.first().map(Value::kind))
}

/// The same for a body that asks a calendar.
fn clock_args(args: &[Timed]) -> ClockFault {
    ClockFault::Fault(not_defined(args.first().map(|arg| arg.kind())))
}

fn not_defined(kind: Option<Kind>) -> Fault {
    Fault::NotDefinedAlone { operation: Operation::SetOperation, kind: kind.unwrap_or(Kind::YesNo) }
}
