//! Properties: no text makes the passes fail, and no answer that is determined changes when more is known.

use std::fs;
use std::sync::LazyLock;

use clausal::check::{Checked, check};
use clausal::diag::has_errors;
use clausal::eval::{Reason, outcome};
use clausal::model::Scenario;
use clausal::scenario::Facts;
use clausal::source::Sources;
use clausal::source::disk::Disk;
use clausal::{resolve, syntax};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{blocks, files_below, home, open, with_stack};

/// Takes a text through all the passes. What is left out of the tree must have an error: a rule never gets lost in
/// silence.
fn survives(text: &str) -> Result<(), TestCaseError> {
    let mut sources = Sources::default();
    let id = sources.add("any.clause", text);
    let parsed = syntax::parse(&sources, id);
    let damaged = !parsed.damaged.is_empty();
    prop_assert!(!damaged || has_errors(&parsed.problems), "text was left out without a word:\n{}", text);
    for problem in &parsed.problems {
        let range = problem.span.range();
        prop_assert!(text.get(range.clone()).is_some(), "{:?} is no stretch of the text", range);
    }
    let broken = has_errors(&parsed.problems);
    let (model, problems) = resolve::resolve(vec![vec![parsed]], Default::default());
    for problem in &problems {
        prop_assert!(text.get(problem.span.range()).is_some(), "{:?}", problem);
    }
    if !broken && !has_errors(&problems) {
        let _ = check(model);
    }
    Ok(())
}

pub fn holds<S>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError> + Send)
where
    S: Strategy + Sync,
    S::Value: std::fmt::Debug,
{
    // `CLAUSAL_TIMES=50 cargo test properties` looks longer.
    let times = std::env::var("CLAUSAL_TIMES").ok().and_then(|t| t.parse::<u32>().ok()).unwrap_or(1);
    with_stack(|| {
        let config = Config { cases: cases.saturating_mul(times), failure_persistence: None, ..Config::default() };
        // The same cases in every run: a failure is found again.
        let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
        let mut runner = TestRunner::new_with_rng(config, rng);
        if let Err(error) = runner.run(strategy, test) {
            panic!("{error}");
        }
    });
}

#[test]
fn any_text_is_read_without_failing() {
    holds(400, &"\\PC{0,200}", |text| survives(&text));
    holds(200, &any::<Vec<char>>().prop_map(|c| c.into_iter().collect::<String>()), |text| survives(&text));
}

const TOKENS: &[&str] = &[
    "agreement",
    "use",
    "party",
    "unit",
    "enumeration",
    "record",
    "clause",
    "input",
    "catalogue",
    "service",
    "decision",
    "period",
    "responses",
    "reading",
    "scenario",
    "label",
    "cites",
    "says",
    "let",
    "hit",
    "first",
    "priority",
    "collect",
    "when",
    "otherwise",
    "always",
    "exception",
    "over",
    "silent",
    "at the discretion of",
    "meanwhile",
    "last",
    "before",
    "day",
    "counted",
    "not",
    "supersedes",
    "key",
    "note",
    "on",
    "except",
    "either",
    "or",
    "and",
    "default",
    "given",
    "readings",
    "expect",
    "missing",
    "conflict",
    "open",
    "set of",
    "list of",
    "money in",
    "has",
    "any",
    "other",
    "every",
    "satisfies",
    "where",
    "count of",
    "sum of",
    "for",
    "if",
    "then",
    "else",
    "is",
    "is not",
    "is stated",
    "in",
    "in days",
    "to",
    "of",
    "rounded half-up to",
    "yes",
    "no",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    ".",
    "..",
    "..<",
    "=",
    "<>",
    "<=",
    ">=",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "|",
    "||",
    "\n",
    "\n\n",
    "//",
    "\"",
    "\"text\"",
    "§2.4",
    "2.4/x",
    "x",
    "y",
    "灵活额度",
    "қызмет",
    "USD",
    "USD 5",
    "EUR 1,000",
    "20%",
    "14 days",
    "2 h",
    "1 month",
    "4 business hours",
    "2024-10-01",
    "09:00",
    "2024-10-01T09:00+08:00",
    "12.5",
    "1",
    "yes-no",
    "integer",
    "decimal",
    "date",
    "days",
    "text",
    "max(",
    "，",
    "≥",
];

#[test]
fn any_words_of_the_language_are_read_without_failing() {
    let words = prop::collection::vec(prop::sample::select(TOKENS), 0..120).prop_map(|words| words.join(" "));
    holds(500, &words, |text| survives(&text));
}

#[test]
fn any_words_in_a_decision_are_read_without_failing() {
    let words = prop::collection::vec(prop::sample::select(TOKENS), 0..30).prop_map(|words| {
        format!(
            "enumeration kind {{ x, y }}\ninput order.kind : kind\ninput order.fee : money in USD\ninput signed : date\n\
             decision charge : money in USD {{\n{}\n}}\n",
            words.join(" ")
        )
    });
    holds(500, &words, |text| survives(&text));
}

/// Texts to start from: the examples of the language's description and the shorter rule files.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let read = |path: &String| fs::read_to_string(home().join(path)).expect("the file can be read");
    let pages = files_below("docs", ".md");
    let mut texts: Vec<String> = pages.iter().flat_map(|p| blocks(&read(p), "clause")).map(|(_, text)| text).collect();
    texts.extend(files_below("rules", ".clause").iter().map(read).filter(|text| text.len() < 12_000));
    texts
});

#[derive(Clone, Debug)]
enum Change {
    DropLine(usize),
    RepeatLine(usize),
    SwapLines(usize, usize),
    DropWord(usize),
    RepeatWord(usize),
    SwapWords(usize, usize),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let n = || any::<u16>().prop_map(usize::from);
    prop_oneof![
        n().prop_map(Change::DropLine),
        n().prop_map(Change::RepeatLine),
        (n(), n()).prop_map(|(a, b)| Change::SwapLines(a, b)),
        n().prop_map(Change::DropWord),
        n().prop_map(Change::RepeatWord),
        (n(), n()).prop_map(|(a, b)| Change::SwapWords(a, b)),
        n().prop_map(Change::Cut),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    fn pieces(text: &str, words: bool) -> Vec<&str> {
        if words { text.split_inclusive([' ', '\n']).collect() } else { text.split_inclusive('\n').collect() }
    }
    let words = matches!(change, Change::DropWord(_) | Change::RepeatWord(_) | Change::SwapWords(..));
    let mut parts = pieces(text, words);
    if parts.is_empty() {
        return String::new();
    }
    let count = parts.len();
    match *change {
        Change::DropLine(a) | Change::DropWord(a) => drop(parts.remove(a % count)),
        Change::RepeatLine(a) | Change::RepeatWord(a) => parts.insert(a % count, parts[a % count]),
        Change::SwapLines(a, b) | Change::SwapWords(a, b) => parts.swap(a % count, b % count),
        Change::Cut(a) => {
            let at = (0..=a % (text.len() + 1)).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            return text[..at].to_owned();
        }
    }
    parts.concat()
}

#[test]
fn rules_with_a_slip_of_the_hand_are_read_without_failing() {
    let slips = (any::<prop::sample::Index>(), prop::collection::vec(change(), 1..4));
    holds(250, &slips, |(text, changes)| {
        let text = changes.iter().fold(text.get(&TEXTS).clone(), |text, change| changed(&text, change));
        survives(&text)
    });
}

pub static EDITIONS: LazyLock<Vec<Checked>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for page in files_below("docs", ".md").into_iter().filter(|p| !p.starts_with("docs/problems/")) {
        let markdown = fs::read_to_string(home().join(page)).expect("the page can be read");
        for (_, text) in blocks(&markdown, "clause") {
            all.extend(crate::support::open_text("example.clause", &text).sets.into_iter().filter_map(|s| s.checked));
        }
    }
    all.extend(open(&Disk, &home().join("rules").to_string_lossy()).sets.into_iter().filter_map(|s| s.checked));
    all.retain(|checked| !checked.model.scenarios.is_empty());
    all
});

/// The scenario's facts, those whose bit is set. The last bit says of the log and of the instant it is looked at from
/// together whether they are there.
fn some_facts(checked: &Checked, scenario: &Scenario, bits: u64) -> Facts {
    let mut facts = Facts::of(&checked.model, scenario);
    for (number, (id, _, _)) in scenario.given.iter().enumerate() {
        let of_log = checked.model.log.is_some_and(|own| own.as_of == *id || own.log == *id);
        let bit = if of_log { 63 } else { number % 63 };
        if bits >> bit & 1 == 0 {
            facts.take(*id);
        }
    }
    facts
}

#[test]
fn a_determined_answer_stays_when_more_facts_are_given() {
    let cases = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u64>(), any::<u64>());
    with_stack(|| LazyLock::force(&EDITIONS));
    holds(600, &cases, |(edition, scenario, few, more)| {
        let checked = edition.get(&EDITIONS);
        let scenario = scenario.get(&checked.model.scenarios);
        let fewer = some_facts(checked, scenario, few);
        // Facts with a log are those at its start, without one those that hold; so a log isn't just one more fact.
        let more = few | more & (u64::MAX >> 1);
        let further = some_facts(checked, scenario, more);
        for expectation in &scenario.expect {
            let before = outcome(checked, &fewer, &expectation.target).answer;
            let after = outcome(checked, &further, &expectation.target).answer;
            let settled = match &before {
                Ok(_) => true,
                Err(why) => why.missing.is_empty() && why.reason() != Reason::Fault,
            };
            if settled {
                let same = match (&before, &after) {
                    (Ok(a), Ok(b)) => a == b,
                    (Err(a), Err(b)) => a.reason() == b.reason(),
                    _ => false,
                };
                prop_assert!(
                    same,
                    "{} / {}: with facts {:b} {:?}, with {:b} {:?}",
                    scenario.name,
                    expectation.path,
                    few,
                    before,
                    more,
                    after
                );
            }
        }
        Ok(())
    });
}
