//! The long form of every code, `docs/problems/<code>.md`: its first example has that problem and no other, its
//! second one, the mend, has none.

use std::collections::BTreeSet;

use clausal::diag::Code;

use crate::support::{blocks, failed_scenarios, files_below, none_wrong, open_example, rendered, with_stack};

/// Codes about files rather than about rules: their pages show no rules that could be run.
const WITHOUT_EXAMPLE: &[&str] = &[
    "not_utf8",
    "file_too_large",
    "file_not_read",
    "table_too_large",
    "facts_not_read",
    "holidays_not_read",
    "wrong_map",
];

#[test]
fn every_code_has_a_page_of_a_length_that_is_read() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let page = code.explanation();
        let lines = page.lines().count();
        if !page.starts_with(&format!("# {}: ", code.name())) {
            wrong.push(format!("{}: the first line is `# {}: what it is`", code.name(), code.name()));
        }
        if !(8..=45).contains(&lines) {
            wrong.push(format!("{}: the page has {lines} lines", code.name()));
        }
    }
    for page in files_below("docs/problems", ".md") {
        let code = page.trim_start_matches("docs/problems/").trim_end_matches(".md");
        if Code::from_name(code).is_none() {
            wrong.push(format!("{page}: there is no such code"));
        }
    }
    none_wrong("pages", &wrong);
}

#[test]
fn every_page_shows_the_problem_and_its_mend() {
    with_stack(|| {
        let mut wrong = Vec::new();
        for code in Code::ALL.iter().filter(|c| !WITHOUT_EXAMPLE.contains(&c.name())) {
            let name = code.name();
            let examples = blocks(code.explanation(), "clause");
            let [(_, problem), (_, mend)] = &examples[..] else {
                wrong.push(format!("{name}: a page has two examples, this one {}", examples.len()));
                continue;
            };
            let opened = open_example(&format!("{name}.clause"), problem);
            let codes: BTreeSet<&str> = opened.problems.iter().map(|p| p.code.name()).collect();
            if codes != BTreeSet::from([name]) {
                wrong.push(format!("{name}: the example has other problems: {codes:?}\n{}", rendered(&opened)));
            }
            let opened = open_example(&format!("{name}-mended.clause"), mend);
            if !opened.problems.is_empty() {
                wrong.push(format!("{name}: something is wrong with the mend\n{}", rendered(&opened)));
            }
            wrong.extend(failed_scenarios(&opened));
        }
        none_wrong("pages", &wrong);
    });
}
