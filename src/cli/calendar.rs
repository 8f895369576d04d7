//! `clausal calendar`.

use chrono::Datelike;
use clausal::eval::Reason;
use clausal::report::{
    MOST_YEARS, answer_text, calendar_json, calendar_named, calendar_report, calendar_text, span_of,
};

use super::args::{Calendar, Format};
use super::{Status, case, shared};

pub fn run(args: &Calendar) -> Status {
    shown(args).unwrap_or_else(|status| status)
}

fn shown(args: &Calendar) -> Result<Status, Status> {
    let unusable = |why: String| shared::unusable(&why);
    let (from, to) = span(args).map_err(unusable)?;
    let ready = case::open(&args.case)?;
    let model = &ready.checked.model;
    if ready.every_reading {
        return Err(shared::unusable("a calendar is shown under one choice of readings: write --readings NAME=CHOICE"));
    }
    let number = calendar_named(model, &case::nfc(&args.name)).map_err(unusable)?;
    let report = calendar_report(&ready.checked, &ready.facts, number, from, to).map_err(|why| {
        let help = match why.reason() {
            Reason::Missing => "; give them with --facts",
            Reason::OpenReading => "; choose with --readings",
            _ => "",
        };
        let because = answer_text(model, &Err(why.clone()), &args.case.lang);
        unusable(format!("the calendar `{}` is not known: {because}{help}", args.name))
    })?;
    Ok(match args.case.format {
        Format::Json => shared::print_json(&calendar_json(model, &report)),
        Format::Text => shared::print(&calendar_text(model, &report, shared::page_style(), &args.case.lang)),
    })
}

/// The first and the last day; without --to, those of the month or day of --from.
fn span(args: &Calendar) -> Result<(chrono::NaiveDate, chrono::NaiveDate), String> {
    let (from, end) = span_of(&args.from).map_err(|why| format!("--from {why}"))?;
    let to = match &args.to {
        Some(to) => span_of(to).map_err(|why| format!("--to {why}"))?.1,
        None => end,
    };
    if to < from {
        return Err(format!("--to {to} comes before --from {from}"));
    }
    let years = from.with_year(from.year() + MOST_YEARS);
    if years.is_some_and(|years| to >= years) {
        return Err(format!("from {from} to {to} are more than {MOST_YEARS} years; show them in parts"));
    }
    Ok((from, to))
}
