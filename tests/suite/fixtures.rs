//! The fixtures under `tests/cases`: one file, one claim. All enter by one door, [`check`].
//!
//! `CLAUSAL_MARKS=write cargo test fixtures` writes the marks of the problems that are found; look at the diff.

use std::collections::BTreeSet;
use std::fs;

use clausal::diag::Code;
use clausal::scenario::document::Format;
use clausal::scenario::fit;

use crate::marks;
use crate::special_files;
use crate::support::{Memory, Opened, failed_scenarios, files_below, home, none_wrong, open, rendered, with_stack};

/// A fixture here is a facts file, with marks behind `##`, and a rule file of the same name that it is read for.
const FACTS: &str = "tests/cases/facts/";

/// A fixture here is a folder of editions; `editions.rs` runs them.
pub const EDITIONS: &str = "tests/cases/editions/";

/// Endings of the files of holidays that a fixture may name.
const HOLIDAYS: [&str; 2] = [".csv", ".ics"];

/// A fixture, with the files of holidays that lie beside it.
fn files(name: &str, bytes: &[u8]) -> Memory {
    let mut files = Memory::one(name, bytes);
    let (folder, _) = name.rsplit_once('/').expect("a fixture lies in a folder");
    for ending in HOLIDAYS {
        for beside in files_below(folder, ending) {
            let text = fs::read(home().join(&beside)).map_err(|error| error.to_string());
            files.0.insert(beside, text);
        }
    }
    files
}

fn open_fixture(name: &str, text: &str) -> Opened {
    open(&files(name, text.as_bytes()), name)
}

/// Checks a text against its marks, in both directions; scenarios must hold where nothing is wrong.
fn check(name: &str, bytes: &[u8]) -> Result<Opened, String> {
    let opened = open(&files(name, bytes), name);
    let expected = marks::read(&String::from_utf8_lossy(bytes));
    let found: Vec<marks::Mark> = opened.problems.iter().map(|p| marks::of(p, &opened.sources)).collect();
    let mut wrong = Vec::new();
    for mark in expected.iter().filter(|mark| !found.contains(mark)) {
        wrong.push(format!("  expected, not found, line {}:\n    {}", mark.line, mark.comment()));
    }
    for mark in found.iter().filter(|mark| !expected.contains(mark)) {
        wrong.push(format!("  found, not expected, line {}:\n    {}", mark.line, mark.comment()));
    }
    if wrong.is_empty() && found.len() != expected.len() {
        wrong.push(format!("  {} problems expected, {} found", expected.len(), found.len()));
    }
    wrong.extend(failed_scenarios(&opened));
    if wrong.is_empty() { Ok(opened) } else { Err(format!("{name}\n{}", wrong.join("\n"))) }
}

fn fixtures() -> Vec<String> {
    files_below("tests/cases", ".clause")
        .into_iter()
        .filter(|f| ![FACTS, EDITIONS].iter().any(|e| f.starts_with(e)))
        .collect()
}

#[test]
fn every_fixture_has_exactly_the_problems_that_it_marks() {
    with_stack(|| {
        let mut wrong = Vec::new();
        for name in fixtures() {
            let bytes = fs::read(home().join(&name)).expect("the fixture can be read");
            if std::env::var("CLAUSAL_MARKS").is_ok_and(|v| v == "write") {
                write_marks(&name, &bytes);
                continue;
            }
            match check(&name, &bytes) {
                Ok(opened) if !opened.problems.is_empty() => snapshot(&name, &opened, &mut wrong),
                Ok(_) => {}
                Err(why) => wrong.push(why),
            }
        }
        none_wrong("fixtures that do not do what they say", &wrong);
    });
}

fn write_marks(name: &str, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let plain = marks::strip(text);
    let opened = open_fixture(name, &plain);
    let found: Vec<marks::Mark> = opened.problems.iter().map(|p| marks::of(p, &opened.sources)).collect();
    let written = marks::write(&plain, &found);
    if written != text {
        fs::write(home().join(name), written).expect("the fixture can be written");
    }
}

#[test]
fn every_facts_file_has_exactly_the_problems_that_it_marks() {
    with_stack(|| {
        let mut wrong = Vec::new();
        let other = |name: &String| name.ends_with(".clause") || HOLIDAYS.iter().any(|ending| name.ends_with(ending));
        for name in files_below(FACTS, "").into_iter().filter(|name| !other(name)) {
            let text = fs::read_to_string(home().join(&name)).expect("the facts can be read");
            let as_comments = text.replace("\n##", "\n//");
            if std::env::var("CLAUSAL_MARKS").is_ok_and(|v| v == "write") {
                let plain = marks::strip(&as_comments);
                let (opened, _) = facts(&name, &plain);
                let found: Vec<marks::Mark> = opened.problems.iter().map(|p| marks::of(p, &opened.sources)).collect();
                let written = marks::write(&plain, &found).replace("\n//", "\n##");
                fs::write(home().join(&name), written).expect("the fixture can be written");
                continue;
            }
            let (opened, rules) = facts(&name, &text);
            let expected = marks::read(&as_comments);
            let found: Vec<marks::Mark> = opened.problems.iter().map(|p| marks::of(p, &opened.sources)).collect();
            if found != expected || found.is_empty() {
                let comments = |marks: &[marks::Mark]| marks.iter().map(marks::Mark::comment).collect::<Vec<_>>();
                wrong.push(format!("{name}\n  expected {:#?}\n  found {:#?}", comments(&expected), comments(&found)));
                continue;
            }
            let (opened, _) = facts(&name, &marks::strip(&as_comments));
            let claim = name.rsplit_once('.').map_or(name.as_str(), |(claim, _)| claim);
            let source = format!("{rules}\n{}\n{}", "─".repeat(40), marks::strip(&as_comments));
            assert_snapshot(&format!("{claim}.clause"), &source, &opened, &mut wrong);
        }
        none_wrong("facts files that do not do what they say", &wrong);
    });
}

/// A facts file, read for the rules beside it; and the text of the rules.
fn facts(name: &str, text: &str) -> (Opened, String) {
    let (claim, ending) = name.rsplit_once('.').expect("a facts file has an ending");
    let rules_name = format!("{claim}.clause");
    let rules = fs::read_to_string(home().join(&rules_name)).expect("the rules can be read");
    let mut opened = open_fixture(&rules_name, &rules);
    assert_eq!(rendered(&opened), "", "the rules of {name}");
    let model = &opened.sets[0].checked.as_ref().expect("the rules are sound").model;
    let file = opened.sources.add(name, text);
    let format = Format::from_extension(ending).expect("an ending of facts files");
    let (folder, _) = name.rsplit_once('/').expect("a fixture lies in a folder");
    let beside = |file: &str| fs::read_to_string(home().join(folder).join(file)).ok();
    opened.problems = fit::read(model, &opened.sources, file, format, &beside).problems;
    (opened, rules)
}

/// The snapshot of a rule file, without its marks, so that page and problems look as they do to an analyst.
fn snapshot(name: &str, opened: &Opened, wrong: &mut Vec<String>) {
    let id = opened.sources.ids().next().expect("the fixture was read");
    let source = marks::strip(&opened.sources.file(id).text);
    if opened.problems[0].code == Code::NotUtf8 {
        assert_snapshot(name, &source, opened, wrong);
    } else {
        assert_snapshot(name, &source, &open_fixture(name, &source), wrong);
    }
}

/// The source above what `clausal check` prints.
fn assert_snapshot(name: &str, source: &str, opened: &Opened, wrong: &mut Vec<String>) {
    let path = name.trim_start_matches("tests/cases/").trim_end_matches(".clause");
    let (folder, claim) = path.rsplit_once('/').expect("a fixture lies in a folder");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(home().join("snapshots/problems").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let text = format!("{}\n{}\n{}", source.trim_end(), "─".repeat(40), rendered(opened));
    let same = settings.bind(|| std::panic::catch_unwind(|| insta::assert_snapshot!(claim, text)).is_ok());
    if !same {
        wrong.push(format!("{name}\n  the rendering differs from its snapshot: see `cargo insta review`"));
    }
}

#[test]
fn every_code_has_a_fixture() {
    let mut shown: BTreeSet<String> = special_files::CODES.iter().map(|code| (*code).to_owned()).collect();
    for name in files_below("tests/cases", "") {
        let bytes = fs::read(home().join(&name)).expect("the fixture can be read");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        shown.extend(marks::read(&text.replace("\n##", "\n//")).into_iter().map(|m| m.code));
    }
    let missing: Vec<String> =
        Code::ALL.iter().map(|c| c.name().to_owned()).filter(|code| !shown.contains(code)).collect();
    none_wrong("codes without a fixture", &missing);
    let unknown: Vec<String> = shown.into_iter().filter(|code| Code::from_name(code).is_none()).collect();
    none_wrong("fixtures of codes that do not exist", &unknown);
}

#[test]
fn claims_are_unique_so_that_fixtures_can_move() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for name in files_below("tests/cases", ".clause").into_iter().filter(|f| !f.starts_with(EDITIONS)) {
        let claim = name.rsplit('/').next().unwrap_or(&name).to_owned();
        if !seen.insert(claim) {
            wrong.push(name);
        }
    }
    none_wrong("fixtures whose name another one has", &wrong);
}

/// How messages are written: lower-case, one line, no full stop, balanced backticks.
#[test]
fn messages_keep_the_house_style() {
    with_stack(|| {
        let mut wrong = Vec::new();
        for name in fixtures() {
            let bytes = fs::read(home().join(&name)).expect("the fixture can be read");
            wrong.extend(out_of_style(&name, &open(&files(&name, &bytes), &name)));
        }
        none_wrong("messages that are not in the house style", &wrong);
    });
}

/// The texts of problems that are not in the house style.
pub fn out_of_style(name: &str, opened: &Opened) -> Vec<String> {
    let mut wrong = Vec::new();
    for p in &opened.problems {
        let mut texts = vec![p.message.clone()];
        texts.extend(p.label.clone());
        texts.extend(p.help.clone());
        texts.extend(p.related.iter().map(|(_, label)| label.clone()));
        for text in texts {
            let starts = text.chars().next().is_some_and(|c| !c.is_uppercase());
            if !starts || text.contains('\n') || text.ends_with('.') || text.matches('`').count() % 2 == 1 {
                wrong.push(format!("{name}: {text}"));
            }
        }
    }
    wrong
}
