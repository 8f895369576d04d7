//! `clausal schema`.

use clausal::report::facts_schema;

use super::args::{OutputFormat, Schema};
use super::{Status, shared};

pub fn run(args: &Schema) -> Status {
    match (&args.rules, args.output_format) {
        (_, Some(output)) => shared::print(published(output)),
        (Some(rules), None) => of_facts(rules, args).unwrap_or_else(|status| status),
        // The arguments require one of the two.
        (None, None) => shared::unusable("name the rules, or an output with --output-format"),
    }
}

fn of_facts(rules: &str, args: &Schema) -> Result<Status, Status> {
    let opened = shared::open_sound(rules)?;
    let set = shared::edition(&opened, args.edition.as_deref())?;
    Ok(shared::print_json(&facts_schema(shared::model(&opened, set)?, &args.lang)))
}

/// The schema of a command's JSON output, as it is kept in `docs/schemas/`.
fn published(output: OutputFormat) -> &'static str {
    match output {
        OutputFormat::BatchSummary => include_str!("../../docs/schemas/batch-summary.json"),
        OutputFormat::Calendar => include_str!("../../docs/schemas/calendar.json"),
        OutputFormat::Catalogue => include_str!("../../docs/schemas/catalogue.json"),
        OutputFormat::Check => include_str!("../../docs/schemas/check.json"),
        OutputFormat::Coverage => include_str!("../../docs/schemas/coverage.json"),
        OutputFormat::Diff => include_str!("../../docs/schemas/diff.json"),
        OutputFormat::Eval => include_str!("../../docs/schemas/eval.json"),
        OutputFormat::Explain => include_str!("../../docs/schemas/explain.json"),
        OutputFormat::Review => include_str!("../../docs/schemas/review.json"),
        OutputFormat::Test => include_str!("../../docs/schemas/test.json"),
    }
}
