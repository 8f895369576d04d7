//! `clausal explain`.

use clausal::explore::{Way, nearest};
use clausal::model::ClauseId;
use clausal::report::{
    Ink, Page, TextOptions, VERSION, agreement_json, block_text, clauses_json, explain, explain_whole,
    explanation_json, explanation_text, log_faults_text, outcomes_json, outcomes_text, ways_json, ways_text,
};
use serde_json::json;

use super::args::{Explain, Format};
use super::{Status, case, shared};

pub fn run(args: &Explain) -> Status {
    explained(args).unwrap_or_else(|status| status)
}

fn explained(args: &Explain) -> Result<Status, Status> {
    let ready = case::open(&args.case)?;
    let (model, sources) = (&ready.checked.model, &ready.sources);
    let targets = case::targets(model, std::slice::from_ref(&args.decision))?;
    let log = ready.log(&args.case);
    // Asked for by its name alone, a milestone or process of a log has one explanation, not one for each answer.
    let whole = case::whole_decisions(model, std::slice::from_ref(&args.decision)).pop();
    let whole = log.as_ref().zip(whole).filter(|(log, id)| log.tells(*id) && !args.why_not);
    let trees: Vec<_> = match whole {
        Some((_, id)) => vec![explain_whole(&ready.checked, &ready.facts, id)],
        None => targets.iter().map(|t| explain(&ready.checked, &ready.facts, t)).collect(),
    };
    let ways: Option<Vec<Vec<Way>>> =
        args.why_not.then(|| targets.iter().map(|t| nearest(&ready.checked, &ready.facts, &t.expr, None)).collect());
    let reports = case::report(&ready, targets);
    Ok(match args.case.format {
        Format::Json => {
            let mut cited: Vec<ClauseId> = Vec::new();
            trees.iter().for_each(|t| t.walk(&mut |n| cited.extend(&n.clauses)));
            cited.sort_unstable();
            cited.dedup();
            let outcomes = outcomes_json(model, sources, &reports, None);
            shared::print_json(&json!({
                "version": VERSION,
                "agreement": agreement_json(model),
                "decisions": outcomes["decisions"],
                "reasoning": trees.iter().map(|t| explanation_json(model, sources, t)).collect::<Vec<_>>(),
                "whyNot": ways.map(|ways| ways.iter().map(|w| ways_json(model, w)).collect::<Vec<_>>()),
                "clauses": clauses_json(model, &cited),
            }))
        }
        Format::Text => {
            let style = shared::page_style();
            let options = TextOptions { lang: &args.case.lang, style, summarise_missing: false };
            let mut page = Page::new(style);
            // An entry that was left out may be why the answer is what it is.
            let faults = log.as_ref().map_or_else(String::new, |log| log_faults_text(log, options));
            if !faults.is_empty() {
                page.line(0, Ink::Plain, &faults);
            }
            let outcomes = match whole {
                Some((log, id)) => block_text(log, id, options),
                None => outcomes_text(model, sources, &reports, options),
            };
            page.line(0, Ink::Plain, &outcomes);
            for (number, tree) in trees.iter().enumerate() {
                page.blank();
                explanation_text(&mut page, model, sources, tree, &args.case.lang);
                if let Some(ways) = ways.as_ref().and_then(|w| w.get(number)) {
                    ways_text(&mut page, model, ways, &args.case.lang);
                }
            }
            shared::print(&page.finish())
        }
    })
}
