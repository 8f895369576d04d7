//! `clausal test`.

use clausal::eval::{Trial, run as run_scenario};

use clausal::report::{VERSION, trial_json};
use serde_json::json;

use super::args::{Format, Test};
use super::{Status, shared, snapshot};

pub fn run(args: &Test) -> Status {
    let opened = match shared::open_sound(&args.rules) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let mut text = String::new();
    let mut scenarios = Vec::new();
    let (mut passed, mut failed) = (0usize, 0usize);
    for checked in opened.sets.iter().filter_map(|s| s.checked.as_ref()) {
        for scenario in &checked.model.scenarios {
            if args.only.as_ref().is_some_and(|only| !scenario.name.contains(only)) {
                continue;
            }
            let trial = run_scenario(checked, scenario);
            if trial.holds() {
                passed += 1;
            } else {
                failed += 1;
            }
            match args.format {
                Format::Json => scenarios.push(trial_json(&checked.model, &opened.sources, &trial)),
                Format::Text if trial.holds() => {}
                Format::Text => text.push_str(&failure(checked, &trial, &opened.sources)),
            }
        }
    }
    let found = |snapshots: Status| snapshots.then(|| if failed > 0 { Status::Findings } else { Status::Done });
    if args.format == Format::Json {
        let snapshots = match compared(args, &opened) {
            Ok(snapshots) => snapshots,
            Err(status) => return status,
        };
        let status = snapshots.as_ref().map_or(Status::Done, snapshot::Tested::status);
        let printed = shared::print_json(&json!({
            "version": VERSION,
            "passed": passed,
            "failed": failed,
            "scenarios": scenarios,
            "snapshots": snapshots.map(|s| json!({ "same": s.status() == Status::Done, "text": s.text })),
        }));
        return printed.then(|| found(status));
    }
    text.push_str(&format!("{passed} passed, {failed} failed\n"));
    let status = match args.review {
        true => shared::print(&text).then(|| snapshot::review_at_terminal(&args.rules, args.snapshots.as_deref())),
        false => shared::print(&text).then(|| compare(args, &opened)),
    };
    found(status)
}

fn compare(args: &Test, opened: &shared::Opened) -> Status {
    match compared(args, opened) {
        Ok(Some(tested)) => shared::print(&tested.text).then(|| tested.status()),
        Ok(None) => Status::Done,
        Err(status) => status,
    }
}

/// Compares the stored snapshots. A selection of scenarios is not compared: a snapshot holds all the cases of one.
fn compared(args: &Test, opened: &shared::Opened) -> Result<Option<snapshot::Tested>, Status> {
    if args.only.is_some() {
        return Ok(None);
    }
    snapshot::test(opened, &args.rules, args.snapshots.as_deref(), args.update)
}

fn failure(checked: &clausal::check::Checked, trial: &Trial, sources: &clausal::source::Sources) -> String {
    let model = &checked.model;
    let mut text = format!("FAILED {} ({})\n", trial.scenario.name, sources.location(trial.scenario.span));
    for result in trial.results.iter().filter(|r| !r.holds) {
        let expected = clausal::report::expected_text(model, &result.expectation.expected);
        let came = clausal::report::answer_text(model, &result.outcome.answer, "en");
        text.push_str(&format!("  {}\n    expected: {expected}\n    came out: {came}\n", result.expectation.path));
    }
    for refused in &trial.refused {
        let input = &model.input(refused.input).name;
        text.push_str(&format!(
            "  the fact `{input}` is not allowed: it must be {}\n",
            sources.text(refused.condition)
        ));
    }
    text
}
