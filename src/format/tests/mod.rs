//! What the formatter promises: laws over all the text there is, and one small example for each claim.

mod examples;
mod laws;

use super::format;

/// The text as the formatter sets it, which must not change when it is set again.
#[track_caller]
fn check(input: &str, expected: &str) {
    let (input, expected) = (dedent(input), dedent(expected));
    let set = format(&input);
    assert!(set == expected, "set as\n{set}\nrather than\n{expected}");
    assert!(format(&set) == set, "set again as\n{}", format(&set));
}

/// The text without the newline it starts with and the indentation of its lines that all have, to write examples in place.
fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let text = text.trim_end_matches(' ');
    let indents = text.lines().filter(|l| !l.trim().is_empty()).map(|l| l.len() - l.trim_start_matches(' ').len());
    let margin = indents.min().unwrap_or(0);
    text.split_inclusive('\n').map(|l| l.get(margin..).unwrap_or("\n")).collect()
}
