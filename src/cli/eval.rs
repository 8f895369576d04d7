//! `clausal eval`.

use clausal::report::{TextOptions, outcomes_json, outcomes_text};

use super::args::{Eval, Format};
use super::{Status, case, shared};

pub fn run(args: &Eval) -> Status {
    evaluated(args).unwrap_or_else(|status| status)
}

fn evaluated(args: &Eval) -> Result<Status, Status> {
    let ready = case::open(&args.case)?;
    let model = &ready.checked.model;
    let targets = case::targets(model, &args.decision)?;
    let reports = case::report(&ready, targets);
    Ok(match args.case.format {
        Format::Json => shared::print_json(&outcomes_json(model, &ready.sources, &reports)),
        Format::Text => {
            let summarise_missing = args.decision.is_empty();
            let options = TextOptions { lang: &args.case.lang, style: shared::page_style(), summarise_missing };
            shared::print(&outcomes_text(model, &ready.sources, &reports, options))
        }
    })
}
