//! What the command says: notes, rows set aside, why it stopped, and the summary.

use clausal::batch::Reject;
use clausal::batch::journal::Refusal;
use clausal::batch::read::ReadError;
use clausal::batch::rejects::reasons_path;
use clausal::batch::run::{Ran, Stop};
use clausal::batch::tally::{number, tally_json, tally_text};
use clausal::batch::write::WriteError;
use clausal::columnar::Plan;
use serde_json::json;

use super::files::Output;
use super::progress::Clock;
use crate::cli::args::Batch;
use crate::cli::{Status, shared};

/// Names that are listed before it is only said how many more there are.
const MOST_LISTED: usize = 12;

/// Says something on standard error.
pub fn note(text: &str) {
    eprintln!("clausal: {text}");
}

/// `a, b, c and 4 more`
pub fn listed(names: &[impl AsRef<str>]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST_LISTED).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(MOST_LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

pub fn not_read(error: &ReadError) -> Status {
    shared::unusable(&with_help(&error.to_string(), &error.help))
}

pub fn not_written(error: &WriteError) -> Status {
    shared::unusable(&with_help(&error.message, &error.help))
}

fn with_help(message: &str, help: &str) -> String {
    if help.is_empty() { message.to_owned() } else { format!("{message}\n  help: {help}") }
}

/// Why a run did not come to its end.
pub fn stopped(args: &Batch, stop: Stop) -> Status {
    let output = args.output.as_deref().unwrap_or("-");
    match stop {
        Stop::Read(error) => not_read(&error),
        // The reader of the answers went away before the first of them.
        Stop::Write(error) if error.closed => Status::Done,
        Stop::Write(error) => not_written(&error),
        Stop::File(path, error) => shared::unusable(&format!("`{path}` cannot be written: {error}")),
        Stop::Busy(path) => shared::unusable(&format!(
            "another run is writing `{path}`\n  help: wait until it has ended, or give this one another file"
        )),
        Stop::Kept(stop) => {
            let status = stopped(args, *stop);
            note(&format!("what was done is kept beside `{output}`; --resume goes on with it"));
            status
        }
        Stop::TooMany(rejects) => {
            rejects.iter().for_each(told);
            let why = match args.max_rejects {
                Some(most) if !args.strict => format!("more than {} rows cannot be used", number(most)),
                _ => "a row cannot be used".to_owned(),
            };
            shared::unusable(&format!("{why}, so the run was stopped, and nothing was written"))
        }
        Stop::NotResumed(Refusal::Changed(parts)) => {
            let parts = listed(&parts);
            let mend = "run it without --resume to start anew";
            shared::unusable(&format!("`{output}` cannot be gone on with, as this is not as it was: {parts}; {mend}"))
        }
        Stop::NotResumed(Refusal::None | Refusal::Unreadable) => shared::unusable(&format!(
            "`{output}.journal` cannot be read, so the run cannot be gone on with; run it without --resume to start anew"
        )),
        Stop::NotAsNoted => shared::unusable(&format!(
            "`{output}.partial` is not what `{output}.journal` says, so the run cannot be gone on with; run it without \
             --resume to start anew"
        )),
    }
}

/// A row that was set aside.
fn told(reject: &Reject) {
    let line = match reject.line {
        Some(line) => format!("line {line}"),
        None => format!("row {}", number(reject.row)),
    };
    let column = reject.column.as_ref().map_or(String::new(), |column| format!(", column `{column}`"));
    let value = match &reject.value {
        Some(value) if !reject.why.contains(value.as_str()) => format!("\n  stands there: {}", short(value)),
        _ => String::new(),
    };
    let help = reject.help.as_ref().map_or(String::new(), |help| format!("\n  help: {help}"));
    eprintln!("{}, {line}{column}: {}{value}{help}", reject.file, reject.why);
}

/// A text on one line, and not long.
fn short(text: &str) -> String {
    const MOST: usize = 80;
    let mut shown: String = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// Tells what came of a run, and gives the exit status.
pub fn ran(args: &Batch, output: &Output, plan: &Plan, ran: &Ran, clock: &Clock) -> Result<Status, Status> {
    let model = &plan.checked().model;
    let tally = &ran.tally;
    if ran.before > 0 {
        note(&format!("went on after {} rows that were done before", number(ran.before)));
    }
    if tally.rejected > 0 {
        let rows = match tally.rejected {
            1 => "1 row was set aside".to_owned(),
            rows => format!("{} rows were set aside", number(rows)),
        };
        match &args.rejects {
            Some(path) => note(&format!("{rows}: see `{path}`, and why in `{}`", reasons_path(path))),
            None => {
                ran.rejects.iter().for_each(told);
                let more = tally.rejected > ran.rejects.len() as u64 || ran.before > 0;
                let more = if more { "; not all are shown" } else { "" };
                note(&format!("{rows} and cannot be found in the output{more}; --rejects FILE keeps them"));
            }
        }
    }
    let milliseconds = clock.milliseconds().max(1);
    let rows = (tally.rows + tally.rejected).saturating_sub(ran.before);
    let rate = u64::try_from(u128::from(rows) * 1000 / u128::from(milliseconds)).unwrap_or(u64::MAX);
    let column = args.group_by.as_deref();
    let targets = plan.targets();
    if let Some(path) = &args.summary {
        let mut summary = tally_json(model, targets, tally, column);
        summary["throughput"] = json!({ "milliseconds": milliseconds, "rowsPerSecond": rate });
        let text = serde_json::to_string_pretty(&summary).map_err(|error| shared::unusable(&error.to_string()))?;
        shared::replace(path, &format!("{text}\n"))
            .map_err(|error| shared::unusable(&format!("`{path}` cannot be written: {error}")))?;
    }
    let seconds = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    let text = format!(
        "{}\n{} rows in {seconds} s, {} a second\n",
        tally_text(model, targets, tally, column),
        number(rows),
        number(rate)
    );
    // Standard output is for the answers, if they go there.
    let status = match output.path {
        Some(_) => shared::print(&text),
        None => {
            eprint!("{text}");
            Status::Done
        }
    };
    let has_findings = tally.rejected > 0 || tally.changed() > 0;
    Ok(status.then(|| if has_findings { Status::Findings } else { Status::Done }))
}
