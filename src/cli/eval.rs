//! `clausal eval`.

use clausal::report::{TextOptions, block_text, log_faults_text, log_text, outcomes_json, outcomes_text};

use super::args::{Eval, Format};
use super::{Status, case, shared};

pub fn run(args: &Eval) -> Status {
    evaluated(args).unwrap_or_else(|status| status)
}

fn evaluated(args: &Eval) -> Result<Status, Status> {
    let ready = case::open(&args.case)?;
    let model = &ready.checked.model;
    let mut targets = case::targets(model, &args.decision)?;
    let log = ready.log(&args.case);
    Ok(match args.case.format {
        Format::Json => {
            let reports = case::report(&ready, targets);
            shared::print_json(&outcomes_json(model, &ready.sources, &reports, log.as_ref()))
        }
        Format::Text => {
            let summarise_missing = args.decision.is_empty();
            let options = TextOptions { lang: &args.case.lang, style: shared::page_style(), summarise_missing };
            let mut parts = Vec::new();
            if let Some(log) = &log {
                // The log tells its milestones and processes together; of these, one answer stands only if asked for.
                let whole = case::whole_decisions(model, &args.decision);
                let blocks = whole.into_iter().filter(|id| log.tells(*id));
                parts.extend(blocks.clone().map(|id| block_text(log, id, options)));
                if summarise_missing {
                    parts.push(log_text(log, options));
                    targets.retain(|target| !log.tells(target.decision));
                } else {
                    // An entry that was left out may be why the answer is what it is.
                    parts.insert(0, log_faults_text(log, options));
                    let blocks: Vec<_> = blocks.collect();
                    let asked = |path: &str| args.decision.iter().any(|name| name == path);
                    targets.retain(|target| !blocks.contains(&target.decision) || asked(&target.path));
                }
            }
            let reports = case::report(&ready, targets);
            parts.push(outcomes_text(model, &ready.sources, &reports, options));
            parts.retain(|part| !part.is_empty());
            shared::print(&parts.join("\n"))
        }
    })
}
