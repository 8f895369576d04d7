//! `clausal diff`.

use clausal::check::Checked;
use clausal::compare::told::{Parts, diff_json, diff_text};
use clausal::compare::{Options, diff};
use clausal::diag::{Problem, Severity};
use clausal::source::git::Revision;
use clausal::source::load::load;

use super::args::{Diff, DiffFormat, DiffPart};
use super::{Status, shared};

pub fn run(args: &Diff) -> Status {
    compared(args).unwrap_or_else(|status| status)
}

fn compared(args: &Diff) -> Result<Status, Status> {
    let old = edition(&args.old, args.old_edition.as_deref())?;
    let new = edition(&args.new, args.new_edition.as_deref())?;
    let options = Options { cases: args.cases.max(1), decisions: args.decision.clone() };
    let found = diff(&old, &new, &options);
    let shown = match args.format {
        DiffFormat::Json => shared::print_json(&diff_json(&found)),
        DiffFormat::Text => {
            let all = args.only.is_empty();
            let parts = Parts {
                declarations: all || args.only.contains(&DiffPart::Declarations),
                outcomes: all || args.only.contains(&DiffPart::Answers),
                cases: all || args.only.contains(&DiffPart::Cases),
                full: args.full,
            };
            shared::print(&diff_text(&found, parts, &args.lang, shared::page_style()))
        }
    };
    Ok(shown.then(|| if found.is_empty() { Status::Done } else { Status::Findings }))
}

/// One edition under a path on disk or in a revision.
fn edition(path: &str, named: Option<&str>) -> Result<Checked, Status> {
    let mut opened = match Revision::of(path) {
        None => shared::open(path)?,
        Some((revision, within)) => {
            let loaded = load(&revision, &within).map_err(|why| shared::unusable(&format!("`{path}`: {why}")))?;
            shared::opened(loaded)
        }
    };
    if opened.sets.iter().any(|set| set.checked.is_none()) {
        let errors: Vec<&Problem> =
            opened.sets.iter().flat_map(|s| &s.problems).filter(|p| p.severity() == Severity::Error).collect();
        shared::show(&errors, &opened.sources);
        return Err(shared::unusable(&format!("`{path}` has errors, so it cannot be compared")));
    }
    let set = shared::edition(&opened, named)?;
    opened.sets.swap_remove(set).checked.ok_or(Status::Unusable)
}
