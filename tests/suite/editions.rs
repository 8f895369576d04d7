//! Fixtures of several editions: each folder under `tests/cases/editions` is one, with one claim. Its files are opened
//! together, as `clausal check` opens a folder, and have exactly the problems that they mark.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::fixtures::{EDITIONS, out_of_style};
use crate::marks;
use crate::support::{
    Memory, Opened, failed_scenarios, files_below, home, none_wrong, open, rendered, scenario_count, with_stack,
};

/// The fixtures by their names, each with its files below its folder.
fn fixtures() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for path in files_below(EDITIONS, ".clause") {
        let text = fs::read_to_string(home().join(&path)).expect("the fixture can be read");
        let inner = path.strip_prefix(EDITIONS).and_then(|rest| rest.split_once('/')).expect("a fixture is a folder");
        found.entry(inner.0.to_owned()).or_default().insert(inner.1.to_owned(), text);
    }
    found
}

fn opened(name: &str, files: &BTreeMap<String, String>) -> Opened {
    let files = files.iter().map(|(path, text)| (format!("{name}/{path}"), Ok(text.clone().into_bytes())));
    open(&Memory(files.collect()), name)
}

fn marks_of(opened: &Opened, file: &str) -> Vec<marks::Mark> {
    let inside = opened.problems.iter().filter(|p| opened.sources.file(p.span.file).name == file);
    inside.map(|p| marks::of(p, &opened.sources)).collect()
}

#[test]
fn every_folder_of_editions_has_exactly_the_problems_that_it_marks() {
    with_stack(|| {
        let mut wrong = Vec::new();
        let fixtures = fixtures();
        assert!(fixtures.len() > 10, "{}", fixtures.len());
        for (name, files) in &fixtures {
            let plain: BTreeMap<String, String> = files.iter().map(|(p, t)| (p.clone(), marks::strip(t))).collect();
            if std::env::var("CLAUSAL_MARKS").is_ok_and(|v| v == "write") {
                let opened = opened(name, &plain);
                for (path, text) in &plain {
                    let mut found = marks_of(&opened, &format!("{name}/{path}"));
                    found.sort();
                    let to = home().join(format!("{EDITIONS}{name}/{path}"));
                    fs::write(to, marks::write(text, &found)).expect("the fixture can be written");
                }
                continue;
            }
            let marked = opened(name, files);
            for (path, text) in files {
                let expected: BTreeSet<marks::Mark> = marks::read(text).into_iter().collect();
                let found: BTreeSet<marks::Mark> = marks_of(&marked, &format!("{name}/{path}")).into_iter().collect();
                for (mark, what) in expected
                    .difference(&found)
                    .map(|m| (m, "expected, not found"))
                    .chain(found.difference(&expected).map(|m| (m, "found, not expected")))
                {
                    wrong.push(format!("{name}/{path}: {what}, line {}:\n    {}", mark.line, mark.comment()));
                }
            }
            wrong.extend(failed_scenarios(&marked));
            wrong.extend(out_of_style(name, &marked));
            let shown = opened(name, &plain);
            if shown.problems.is_empty() {
                if scenario_count(&shown) == 0 {
                    wrong.push(format!("{name}: nothing is wrong, and no scenario shows what the rules come to"));
                }
            } else {
                assert_snapshot(name, &plain, &shown, &mut wrong);
            }
        }
        none_wrong("folders of editions that do not do what they say", &wrong);
    });
}

/// The files above what `clausal check` prints.
fn assert_snapshot(name: &str, files: &BTreeMap<String, String>, opened: &Opened, wrong: &mut Vec<String>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(home().join("snapshots/problems/editions"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let files: Vec<String> = files.iter().map(|(path, text)| format!("// file {path}\n{}", text.trim_end())).collect();
    let text = format!("{}\n{}\n{}", files.join("\n\n"), "─".repeat(40), rendered(opened));
    if !settings.bind(|| std::panic::catch_unwind(|| insta::assert_snapshot!(name, text)).is_ok()) {
        wrong.push(format!("{name}\n  the rendering differs from its snapshot: see `cargo insta review`"));
    }
}

#[test]
fn a_chain_of_editions_has_a_limit() {
    let chain = |length: usize| {
        let edition = |number: usize| {
            let amends = if number == 0 { String::new() } else { format!("amends {}", number - 1) };
            let text =
                format!("agreement care edition {number} {{ {amends} }}\nparty p{number} {{ label en \"P\" }}\n");
            (format!("care/{number}/care.clause"), Ok(text.into_bytes()))
        };
        let opened = open(&Memory((0..=length).map(edition).collect()), &format!("care/{length}"));
        opened.problems.iter().map(|p| format!("{}: {}", p.code.name(), p.message)).collect::<Vec<_>>()
    };
    assert_eq!(chain(16), Vec::<String>::new());
    assert_eq!(chain(17), ["edition_not_found: more than 16 editions amend each other here"]);
    assert_eq!(chain(0), Vec::<String>::new());
}
