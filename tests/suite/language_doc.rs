//! The examples of the documentation: each is checked without errors, and its scenarios hold.

use std::fs;

use clausal::diag::has_errors;

use crate::support::{blocks, failed_scenarios, files_below, home, none_wrong, open_example, rendered, with_stack};

#[test]
fn every_example_of_the_documentation_runs() {
    with_stack(|| {
        let mut wrong = Vec::new();
        let mut run = 0;
        // The pages of problems show rules that are wrong: `problem_pages.rs` runs those.
        for page in files_below("docs", ".md").into_iter().filter(|p| !p.starts_with("docs/problems/")) {
            let markdown = fs::read_to_string(home().join(&page)).expect("the page can be read");
            for (line, text) in blocks(&markdown, "clause") {
                run += 1;
                let opened = open_example(&format!("{page}:{line}"), &text);
                if has_errors(&opened.problems) {
                    wrong.push(rendered(&opened));
                }
                wrong.extend(failed_scenarios(&opened));
            }
        }
        assert!(run >= 8, "only {run} examples were found");
        none_wrong("examples that do not run", &wrong);
    });
}
