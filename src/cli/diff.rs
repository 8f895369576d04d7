//! `clausal diff`.

use clausal::check::Checked;
use clausal::compare::told::{PageOf, Parts, diff_html, diff_json, diff_text};
use clausal::compare::{Options, diff};
use clausal::diag::{Problem, Severity};
use clausal::report::PageStyle;
use clausal::source::Sources;
use clausal::source::git::Revision;
use clausal::source::load::{Edition, load};

use super::args::{Diff, DiffFormat, DiffPart};
use super::portfolio::{self, Editions};
use super::{Status, shared};

/// One edition, with the text that it was read from.
pub(super) struct Opened {
    pub checked: Checked,
    pub sources: Sources,
    files: Edition,
}

pub fn run(args: &Diff) -> Status {
    compared(args).unwrap_or_else(|status| status)
}

fn compared(args: &Diff) -> Result<Status, Status> {
    let old = edition(&args.old, args.old_edition.as_deref(), "--old-edition")?;
    let new = edition(&args.new, args.new_edition.as_deref(), "--new-edition")?;
    known(args, &old, &new)?;
    let portfolio = if args.scenarios.is_empty() {
        Vec::new()
    } else {
        let editions =
            Editions { old: (&old.checked, &old.sources, &old.files), new: (&new.checked, &new.sources, &new.files) };
        portfolio::read(&args.scenarios, &editions)?
    };
    let options = Options { cases: args.cases.max(1), decisions: args.decision.clone(), portfolio };
    let found = diff(&old.checked, &new.checked, &options);
    let shown = match args.format {
        DiffFormat::Json => match serde_json::to_string_pretty(&diff_json(&found)) {
            Ok(text) => written(args, &format!("{text}\n")),
            Err(error) => shared::unusable(&error.to_string()),
        },
        DiffFormat::Html => {
            let page = PageOf { old: (&old.checked, &old.sources), new: (&new.checked, &new.sources) };
            written(args, &diff_html(&found, &page, &args.lang))
        }
        DiffFormat::Text => {
            let all = args.only.is_empty();
            let parts = Parts {
                declarations: all || args.only.contains(&DiffPart::Declarations),
                outcomes: all || args.only.contains(&DiffPart::Answers),
                cases: all || args.only.contains(&DiffPart::Cases),
                full: args.full,
            };
            let style = if args.output.is_some() { PageStyle::default() } else { shared::page_style() };
            written(args, &diff_text(&found, parts, &args.lang, style))
        }
    };
    Ok(shown.then(|| if found.is_empty() { Status::Done } else { Status::Findings }))
}

/// To the file that was named, or to standard output.
fn written(args: &Diff, text: &str) -> Status {
    match &args.output {
        None => shared::print(text),
        Some(path) => match shared::replace(path, text) {
            Ok(()) => Status::Done,
            Err(error) => shared::unusable(&format!("`{path}` cannot be written: {error}")),
        },
    }
}

/// The decisions that were asked for must be decided by one of the editions.
fn known(args: &Diff, old: &Opened, new: &Opened) -> Result<(), Status> {
    for name in &args.decision {
        let of = |opened: &Opened| clausal::report::targets_named(&opened.checked.model, name);
        if let (Err(_), Err(why)) = (of(old), of(new)) {
            return Err(shared::unusable(&why));
        }
    }
    Ok(())
}

/// One edition under a path on disk or in a revision.
pub(super) fn edition(path: &str, named: Option<&str>, option: &str) -> Result<Opened, Status> {
    let mut opened = match Revision::of(path) {
        None => shared::open(path)?,
        Some(revision) => {
            let unusable = |why: String| shared::unusable(&format!("`{path}`: {why}"));
            let (revision, within) = revision.map_err(unusable)?;
            shared::opened(load(&revision, &within).map_err(unusable)?)
        }
    };
    if opened.sets.iter().any(|set| set.checked.is_none()) {
        let errors: Vec<&Problem> =
            opened.sets.iter().flat_map(|s| &s.problems).filter(|p| p.severity() == Severity::Error).collect();
        shared::show(&errors, &opened.sources);
        return Err(shared::unusable(&format!("`{path}` has errors, so it cannot be compared")));
    }
    let set = shared::edition_named(&opened, named, option)?;
    let files = opened.editions.get(set).cloned().unwrap_or_default();
    let checked = opened.sets.swap_remove(set).checked.ok_or(Status::Unusable)?;
    Ok(Opened { checked, sources: opened.sources, files })
}
