//! What a run is made of, so that it is only gone on with if nothing of it has changed.

use clausal::batch::journal::Part;
use clausal::source::Sources;

use super::old::Old;
use super::rules::Rules;
use crate::cli::args::{Batch, BatchProgress};
use crate::cli::{Status, shared};

/// Every part of a run by its hash.
pub fn parts(args: &Batch, paths: &[String], rules: &Rules, old: Option<&Old>) -> Result<Vec<Part>, Status> {
    let mut parts = vec![
        Part::of_bytes("clausal itself", [env!("CARGO_PKG_VERSION").as_bytes()]),
        Part::of_bytes("the options", [options(args).as_bytes(), format!("{paths:?}").as_bytes()]),
    ];
    let holidays = format!("{:?}", rules.checked.model.holidays);
    parts.push(of_sources("the rules, the mapping file or the facts", &rules.sources, &holidays));
    parts.push(Part::of_bytes("the facts or readings", [format!("{:?}", rules.facts).as_bytes()]));
    if let Some(old) = old {
        let holidays = format!("{:?}", old.checked.model.holidays);
        parts.push(of_sources("the old rules", &old.sources, &holidays));
    }
    let failed = |path: &str| {
        let path = path.to_owned();
        move |error: std::io::Error| shared::unusable(&format!("`{path}` cannot be read: {error}"))
    };
    for path in paths {
        parts.push(Part::of_rows(path).map_err(failed(path))?);
    }
    if let Some(path) = &args.events {
        let text = std::fs::read(path).map_err(failed(path))?;
        parts.push(Part::of_bytes(&format!("`{path}`"), [text.as_slice()]));
    }
    Ok(parts)
}

fn of_sources(what: &str, sources: &Sources, more: &str) -> Part {
    let texts = sources.ids().map(|id| sources.file(id).text.as_bytes());
    Part::of_bytes(what, texts.chain([more.as_bytes()]))
}

/// The options that the output turns on.
fn options(args: &Batch) -> String {
    let of_output = Batch {
        // Rules and rows are known by what stands in them.
        rules: String::new(),
        input: Vec::new(),
        compare: args.compare.as_ref().map(|_| String::new()),
        jobs: None,
        resume: false,
        progress: BatchProgress::Auto,
        strict: false,
        max_rejects: None,
        summary: None,
        ..args.clone()
    };
    format!("{of_output:?}")
}
