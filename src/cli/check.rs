//! `clausal check`.

use std::collections::HashSet;

use clausal::diag::{Problem, Severity, to_json};
use serde_json::json;

use super::args::{Check, CheckFormat};
use super::{Status, shared};

pub fn run(args: &Check) -> Status {
    let opened = match shared::open(&args.rules) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    // Editions that share a file share its problems.
    let mut met: HashSet<&Problem> = HashSet::new();
    let all = opened.sets.iter().flat_map(|s| &s.problems);
    let problems: Vec<&Problem> = all.filter(|problem| met.insert(problem)).collect();
    let errors = problems.iter().filter(|p| p.severity() == Severity::Error).count();
    let warnings = problems.len() - errors;
    let printed = match args.format {
        CheckFormat::Text => {
            if !shared::show(&problems, &opened.sources) {
                eprintln!("all are in `--format json`");
            }
            let editions = opened.sets.len();
            shared::print(&format!(
                "{}, {}, in {}\n",
                counted(errors, "error"),
                counted(warnings, "warning"),
                counted(editions, "edition")
            ))
        }
        CheckFormat::Json => shared::print_json(&json!({
            "version": 1,
            "errors": errors,
            "warnings": warnings,
            "problems": problems.iter().map(|p| to_json(p, &opened.sources)).collect::<Vec<_>>(),
        })),
        CheckFormat::Sarif => shared::print_json(&clausal::diag::to_sarif(&problems, &opened.sources)),
        CheckFormat::Github => shared::print(&clausal::diag::to_github(&problems, &opened.sources)),
    };
    match (printed, errors, warnings) {
        (Status::Done, 0, 0) => Status::Done,
        (Status::Done, 0, _) => Status::Findings,
        (Status::Done, ..) => Status::Unusable,
        (failed, ..) => failed,
    }
}

/// `1 error`, `2 errors`
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
