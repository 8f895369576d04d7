//! The laws: formatting changes white space only, twice is once, and the parser reads the same tree, over the examples
//! of the language page, all rules, the same with their white space shuffled, and any text whatever.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample;

use crate::format::{format, lex};
use crate::source::Sources;
use crate::syntax;

/// Every text of the language: its examples, mended problems, the rule files, and the fixtures that hold.
static PAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    let language = fs::read_to_string(root.join("docs/language.md")).unwrap_or_default();
    for block in language.split("```clause\n").skip(1) {
        pages.extend(block.split("```").next().map(String::from));
    }
    for problem in fs::read_dir(root.join("docs/problems")).into_iter().flatten().flatten() {
        let page = fs::read_to_string(problem.path()).unwrap_or_default();
        pages.extend(page.split("```clause\n").skip(2).filter_map(|block| block.split("```").next()).map(String::from));
    }
    pages.sort();
    let mut files = Vec::new();
    rule_files(&root.join("rules"), &mut files);
    rule_files(&root.join("tests/cases/eval"), &mut files);
    files.sort();
    pages.extend(files.iter().filter_map(|file| fs::read_to_string(file).ok()));
    assert!(pages.len() > 20, "only {} texts found", pages.len());
    pages
});

fn rule_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| entry.ok()).map(|entry| entry.path()) {
        if path.is_dir() {
            rule_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "clause") {
            found.push(path);
        }
    }
}

/// What the parser makes of a text, without the places where it stands.
fn reading(text: &str) -> (usize, usize, String) {
    let mut sources = Sources::default();
    let file = sources.add("page.clause", text);
    let parsed = syntax::parse(&sources, file);
    let comments = parsed.file.comments.len();
    (parsed.problems.len(), comments, without_spans(&format!("{:?}", parsed.file.items)))
}

fn without_spans(debug: &str) -> String {
    let mut parts = debug.split("Span {");
    let mut rest: String = parts.next().unwrap_or("").to_owned();
    for part in parts {
        rest.push_str(part.split_once('}').map_or("", |(_, after)| after));
    }
    // A unit of two words stands in the tree with the spaces between them.
    while rest.contains("\"business  ") {
        rest = rest.replace("\"business  ", "\"business ");
    }
    rest
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !" \t\r\n\u{3000}\u{FEFF}\u{A0}".contains(*c)).collect()
}

fn tokens(text: &str) -> Vec<String> {
    lex::lines(text).iter().flat_map(|line| &line.tokens).map(|token| token.text.to_owned()).collect()
}

fn comments(text: &str) -> Vec<String> {
    lex::lines(text).iter().filter_map(|line| line.comment).map(without_space).collect()
}

/// The laws that hold for any text.
#[track_caller]
fn keeps_the_words(text: &str) {
    let set = format(text);
    assert_eq!(without_space(&set), without_space(text), "words are lost or added");
    assert_eq!(tokens(&set), tokens(text), "words are joined or split");
    assert_eq!(comments(&set), comments(text), "comments change");
    assert!(set.is_empty() || set.ends_with('\n') && !set.ends_with("\n\n"), "no single newline at the end");
    let again = format(&set);
    assert!(again == set, "{}", first_difference(&set, &again));
}

fn first_difference(a: &str, b: &str) -> String {
    let pair = a.lines().zip(b.lines()).enumerate().find(|(_, (a, b))| a != b);
    match pair {
        Some((at, (a, b))) => format!("line {} differs:\n{a}\n{b}", at + 1),
        None => format!("{} and {} lines", a.lines().count(), b.lines().count()),
    }
}

#[track_caller]
fn keeps_the_meaning(text: &str) {
    let (before, after) = (reading(text), reading(&format(text)));
    assert_eq!((before.0, before.1), (after.0, after.1), "problems or comments differ");
    assert!(before.2 == after.2, "{}", first_difference(&before.2.replace(", ", "\n"), &after.2.replace(", ", "\n")));
}

/// The text with every run of white space outside quotes and comments that `space` has something for replaced.
fn shuffled(text: &str, mut space: impl FnMut(&str) -> Option<String>) -> String {
    let mut result = String::new();
    let (mut in_text, mut in_comment) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => (in_text, in_comment) = (false, false),
            '"' if !in_comment => in_text = !in_text,
            '/' if !in_text && chars.peek() == Some(&'/') => in_comment = true,
            _ => {}
        }
        if in_text || in_comment || !(c == ' ' || c == '\n') {
            result.push(c);
            if c == '\\' && in_text {
                result.extend(chars.next());
            }
            continue;
        }
        let mut run = String::from(c);
        if c == ' ' {
            while let Some(more) = chars.next_if_eq(&' ') {
                run.push(more);
            }
        }
        result.push_str(&space(&run).unwrap_or(run));
    }
    result
}

/// One of `choices` for each step, in an order that `seed` gives.
fn chooser<'a>(seed: u64, choices: &'a [&'a str]) -> impl FnMut() -> String + 'a {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        choices[(state >> 33) as usize % choices.len()].to_owned()
    }
}

fn page() -> impl Strategy<Value = String> {
    (0..PAGES.len()).prop_map(|at| PAGES[at].clone())
}

/// So many cases, without a file of those that failed.
fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { cases: count, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn every_page_keeps_its_words_and_meaning() {
    for page in PAGES.iter() {
        keeps_the_words(page);
        keeps_the_meaning(page);
    }
}

#[test]
fn every_page_without_indentation_is_indented_the_same() {
    for page in PAGES.iter() {
        let flat: String = page.lines().map(|line| line.trim_start_matches(' ').to_owned() + "\n").collect();
        assert!(format(&flat) == format(page), "{}", first_difference(&format(page), &format(&flat)));
    }
}

/// Pieces that broken rules are made of.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "|",
    "||",
    "|||",
    "\"",
    "\\",
    "//",
    "/",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\u{3000}",
    "\u{FEFF}",
    "\u{A0}",
    ",",
    ":",
    "=",
    "<",
    "<=",
    ">",
    "%",
    "-",
    "..",
    "..<",
    "+",
    "*",
    "§2.3",
    "1",
    "1,000",
    "20%",
    "USD 5",
    "2024-10-01T09:00+08:00",
    "09:00",
    "en \"Text\"",
    "客户",
    "a/b",
    "a.b",
    "decision",
    "scenario",
    "enumeration",
    "record",
    "input",
    "reading",
    "responses",
    "use",
    "given",
    "expect",
    "either",
    "or",
    "and",
    "when",
    "otherwise",
    "exception",
    "over",
    "label",
    "cites",
    "let",
    "not",
    "in",
    "note",
    "yes",
    "calendar",
    "process",
    "milestone",
    "event",
    "states",
    "(final)",
    "log",
    "at",
    "on",
    "miss",
    "change",
    "open",
    "closed",
    "by",
    "with",
    "while",
    "sets",
    "becomes",
    "2026-10-01..2026-10-07",
    "09:00..18:00",
    "log[2].by",
    "[2]",
    "\u{2003}",
    "e\u{301}",
    "👨‍👩‍👧",
];

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn spacing_makes_no_difference(page in page(), seed in any::<u64>()) {
        let mut spaces = chooser(seed, &[" ", "  ", "\t", "\u{3000}", "\u{A0}", " \t ", "      "]);
        let other = shuffled(&page, |run| (run != "\n").then(&mut spaces));
        let (set, expected) = (format(&other), format(&page));
        assert!(set == expected, "{}", first_difference(&expected, &set));
    }

    #[test]
    fn shuffled_pages_keep_their_words_and_meaning(page in page(), seed in any::<u64>()) {
        let mut spaces = chooser(seed, &[" ", "  ", "     "]);
        let mut newlines = chooser(seed, &["\n", "\r\n", "\n\n", "\n\n\n  ", " \n", "\n      ", "\n\t", "\u{3000}\n"]);
        let other = shuffled(&page, |run| Some(if run == "\n" { newlines() } else { spaces() }));
        keeps_the_words(&other);
        keeps_the_meaning(&other);
    }

    #[test]
    fn pages_cut_short_keep_their_words(page in page(), at in any::<sample::Index>(), len in 1..40usize) {
        let chars: Vec<char> = page.chars().collect();
        let at = at.index(chars.len());
        let broken: String = chars[..at].iter().chain(chars.iter().skip(at + len)).collect();
        keeps_the_words(&broken);
    }
}

proptest! {
    #![proptest_config(cases(4096))]

    #[test]
    fn any_pieces_keep_their_words(pieces in prop::collection::vec((sample::select(PIECES), any::<bool>()), 0..60)) {
        let text: String = pieces.iter().map(|(piece, space)| format!("{piece}{}", if *space { " " } else { "" })).collect();
        keeps_the_words(&text);
    }

    #[test]
    fn any_text_keeps_its_words(text in any::<String>()) {
        keeps_the_words(&text);
    }
}
