//! Problems of files that cannot stand among the fixtures: too large, unreadable, or very long. They are made here.

use std::collections::BTreeMap;

use clausal::diag::{Code, Problem, render};
use clausal::source::{MAX_FILE_BYTES, Sources, Span};

use crate::support::{Memory, open, with_stack};

/// The codes that these tests show.
pub const CODES: &[&str] = &["file_too_large", "file_not_read", "table_too_large"];

fn problems(files: &Memory, path: &str) -> Vec<String> {
    let opened = open(files, path);
    let line =
        |p: &clausal::diag::Problem| format!("{}: {}: {}", opened.sources.location(p.span), p.code.name(), p.message);
    opened.problems.iter().map(line).collect()
}

#[test]
fn a_file_of_more_than_16_mb_is_not_read() {
    let files = Memory::one("notice.clause", vec![b'\n'; MAX_FILE_BYTES + 1]);
    let found = problems(&files, "notice.clause");
    assert_eq!(found, ["notice.clause:1:1: file_too_large: this file has 16777217 bytes; at most 16777216 are read"]);
}

#[test]
fn a_file_that_may_not_be_read_is_told_and_the_others_are_judged() {
    let files = Memory(BTreeMap::from([
        ("rules/fees.clause".to_owned(), Err("it may not be read".to_owned())),
        ("rules/refunds.clause".to_owned(), Ok(b"decision refund : refnd { always 1 }\n".to_vec())),
    ]));
    assert_eq!(
        problems(&files, "rules"),
        [
            "rules/fees.clause:1:1: file_not_read: this file cannot be read: it may not be read",
            "rules/refunds.clause:1:19: unknown_type: there is no type `refnd`",
        ]
    );
}

#[test]
fn a_table_of_more_than_200_000_rows_is_refused() {
    with_stack(|| {
        let mut text =
            String::from("input asset : integer\ndecision cost-centre : integer {\n  | asset || cost-centre |\n");
        for row in 0..=200_000 {
            text.push_str(&format!("  | {row} || 1 |\n"));
        }
        text.push_str("  | otherwise || 2 |\n}\n");
        let found = problems(&Memory::one("assets.clause", text), "assets.clause");
        let message = "table_too_large: this table has 200002 rows; at most 200000 are read";
        assert_eq!(found, [format!("assets.clause:3:3: {message}")]);
    });
}

#[test]
fn an_excerpt_does_not_read_the_whole_file() {
    // Read from the start for each problem, these would be 64 GB.
    let line = "input incident.summary : text\n";
    let lines = MAX_FILE_BYTES / line.len();
    let mut sources = Sources::default();
    let file = sources.add("long.clause", line.repeat(lines));
    for number in lines - 4000..lines {
        let start = number * line.len() + 6;
        let problem = Problem::new(Code::UnusedInput, Span::new(file, start..start + 16), "no rule asks for it");
        let shown = render(&problem, &sources, false, 80);
        assert!(shown.contains(&format!("[long.clause:{}:7]", number + 1)), "{shown}");
    }
}

#[test]
fn what_follows_each_other_is_not_nested() {
    let inputs: String = (0..5000).map(|n| format!("input fact.n{n} : integer\n")).collect();
    let rules: String = (0..70)
        .map(|n| format!("{n} when fact.n{n} in {{ 1, 2 }} and (if fact.n0 = {n} then yes else no)\n"))
        .collect();
    let lets: String = (0..70).map(|n| format!("let l{n} = if fact.n{n} > 1 then 1 else 2\n")).collect();
    let text = format!("{inputs}decision d : integer {{\n{lets}{rules}0 otherwise\n}}\n");
    let found = problems(&Memory::one("rules.clause", text), "rules.clause");
    assert!(!found.iter().any(|p| p.contains("nesting_too_deep")), "{}", found[0]);
}

#[test]
fn braces_that_are_passed_over_do_no_harm() {
    // Where something is wrong, what follows is passed over with its braces, however they are hidden.
    let many = |what: &str| what.repeat(100_000);
    let wrong = |hidden: &str| format!("decision d : integer {{\n  what is this {{ {hidden}\n  }}\n  always 1\n}}\n");
    let told = |text: String| with_stack(|| problems(&Memory::one("rules.clause", text), "rules.clause"));
    let deep = "nesting_too_deep: more than 64 brackets are open here";
    for hidden in [many("{"), many("{)"), format!("\"{}", many("{")), format!("\"\\\n{}", many("{"))] {
        let found = told(wrong(&hidden));
        assert!(found.len() == 1 && found[0].ends_with(deep), "{found:?} of {}", &hidden[..10]);
    }
    // What a comment or a text hides is no brace.
    let plain = told(wrong("{ }"));
    assert_eq!(plain.len(), 1, "{plain:?}");
    for hidden in [format!("// {}", many("{")), format!("{{ }} // {}", many("}")), format!("\"{}\"", many("{"))] {
        assert_eq!(told(wrong(&hidden)), plain, "{}", &hidden[..10]);
    }
}

#[test]
fn a_line_of_quotes_that_are_not_closed_is_told_at_once() {
    for quotes in ["\\\"".repeat(100_000), "\\\"x\\\"".repeat(50_000)] {
        let text = format!("decision d : integer {{\n  what is \"{quotes}\n  always 1\n}}\n");
        let found = problems(&Memory::one("rules.clause", text), "rules.clause");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].ends_with("text_not_closed: this text has no closing quote on its line"), "{found:?}");
    }
    // As many as lines have them are no matter: each is told by itself.
    let text = "decision d : text {\n".to_owned() + &"  \"not closed when yes\n".repeat(500) + "}\n";
    let found = problems(&Memory::one("rules.clause", text), "rules.clause");
    assert_eq!(found.len(), 500, "{found:?}");
}

#[test]
fn a_chain_in_an_edition_of_several_files_does_no_harm() {
    // Files of one edition are parsed on threads with less stack than the binary's own.
    let chain = |n: usize| format!("{}3", "if m in { 1, 2 } then 1 else ".repeat(n));
    let file = |name: &str, n: usize| format!("decision {name} : integer {{ always {} }}\n", chain(n));
    let deep = format!(
        "decision deep : integer {{ always {}{}m{} }}\n",
        chain(60).replace("3", ""),
        "(".repeat(60),
        ")".repeat(60)
    );
    let files = Memory(BTreeMap::from([
        ("rules/a.clause".to_owned(), Ok(file("a", 3000).into_bytes())),
        ("rules/b.clause".to_owned(), Ok(file("b", 64).into_bytes())),
        ("rules/c.clause".to_owned(), Ok(deep.into_bytes())),
        ("rules/d.clause".to_owned(), Ok(b"input m : integer\n".to_vec())),
    ]));
    let found = with_stack(|| problems(&files, "rules"));
    let message = "nesting_too_deep: more than 64 `if`s, `any`s and the like in one expression";
    assert_eq!(found, [format!("rules/a.clause:1:{}: {message}", 31 + 64 * 29)]);
}
