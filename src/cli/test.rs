//! `clausal test`.

use clausal::eval::{Trial, run as run_scenario};

use super::args::Test;
use super::{Status, shared, snapshot};

pub fn run(args: &Test) -> Status {
    let opened = match shared::open_sound(&args.rules) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let mut text = String::new();
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
                text.push_str(&failure(checked, &trial, &opened.sources));
            }
        }
    }
    text.push_str(&format!("{passed} passed, {failed} failed\n"));
    let status = match args.review {
        true => shared::print(&text).then(|| snapshot::review_at_terminal(&args.rules, args.snapshots.as_deref())),
        false => shared::print(&text).then(|| compare(args, &opened)),
    };
    status.then(|| if failed > 0 { Status::Findings } else { Status::Done })
}

/// Compares the stored snapshots. A selection of scenarios is not compared: a snapshot holds all the cases of one.
fn compare(args: &Test, opened: &shared::Opened) -> Status {
    if args.only.is_some() {
        return Status::Done;
    }
    match snapshot::test(opened, &args.rules, args.snapshots.as_deref(), args.update) {
        Ok(Some(tested)) => shared::print(&tested.text).then(|| tested.status()),
        Ok(None) => Status::Done,
        Err(status) => status,
    }
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
