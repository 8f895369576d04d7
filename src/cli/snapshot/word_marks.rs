//! A diff in colour, with the words that differ marked within their lines.

use similar::{Algorithm, DiffOp, TextDiff, capture_diff_slices};

use super::compare::{CONTEXT, Change};

const REMOVED: &str = "31";
const ADDED: &str = "32";
const HUNK: &str = "36";
/// Of two lines with less in common than this, of 100, all would be marked: then nothing is.
const LEAST_ALIKE: usize = 30;

/// The lines of a unified diff, coloured.
pub fn diff(change: &Change) -> Vec<String> {
    let (stored, now) = change.sides();
    let (old, new): (Vec<&str>, Vec<&str>) = (stored.lines().collect(), now.lines().collect());
    let (before, file) = change.headings();
    let mut lines = vec![painted(REMOVED, &format!("--- {before}")), painted(ADDED, &format!("+++ {file}"))];
    let differences = TextDiff::from_slices(&old, &new);
    for group in differences.grouped_ops(CONTEXT) {
        lines.push(painted(HUNK, &heading(&group)));
        for op in &group {
            let (removed, added) = (old.get(op.old_range()), new.get(op.new_range()));
            let (removed, added) = (removed.unwrap_or_default(), added.unwrap_or_default());
            if let DiffOp::Equal { .. } = op {
                lines.extend(removed.iter().map(|line| format!(" {line}")));
                continue;
            }
            let pairs = |i: usize| removed.get(i).zip(added.get(i)).map(|(a, b)| marks(a, b));
            let marked: Vec<Option<(String, String)>> =
                (0..removed.len().max(added.len())).map(|i| pairs(i).flatten()).collect();
            let word = |i: usize| marked.get(i).and_then(Option::as_ref);
            for (i, line) in removed.iter().enumerate() {
                let text = word(i).map_or_else(|| (*line).to_owned(), |(old, _)| old.clone());
                lines.push(painted(REMOVED, &format!("-{text}")));
            }
            for (i, line) in added.iter().enumerate() {
                let text = word(i).map_or_else(|| (*line).to_owned(), |(_, new)| new.clone());
                lines.push(painted(ADDED, &format!("+{text}")));
            }
        }
    }
    lines
}

/// `@@ -3,7 +3,8 @@`
fn heading(group: &[DiffOp]) -> String {
    let side = |range: &dyn Fn(&DiffOp) -> std::ops::Range<usize>| {
        let start = group.first().map_or(0, |op| range(op).start);
        let end = group.last().map_or(0, |op| range(op).end);
        let length = end.saturating_sub(start);
        let first = if length == 0 { start } else { start + 1 };
        if length == 1 { first.to_string() } else { format!("{first},{length}") }
    };
    format!("@@ -{} +{} @@", side(&DiffOp::old_range), side(&DiffOp::new_range))
}

fn painted(code: &str, line: &str) -> String {
    format!("\u{1b}[{code}m{line}\u{1b}[0m")
}

/// Both lines with what only one of them has in reverse; `None` if they have too little in common.
fn marks(old: &str, new: &str) -> Option<(String, String)> {
    let (a, b) = (words(old), words(new));
    let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
    let common: usize = ops
        .iter()
        .filter(|op| matches!(op, DiffOp::Equal { .. }))
        .flat_map(|op| a.get(op.old_range()).unwrap_or_default())
        .map(|word| word.trim().len())
        .sum();
    let longer = old.trim().len().max(new.trim().len());
    if common * 100 < longer * LEAST_ALIKE {
        return None;
    }
    let side = |words: &[&str], range: &dyn Fn(&DiffOp) -> std::ops::Range<usize>| {
        let mut text = String::new();
        for op in &ops {
            let part: String = words.get(range(op)).unwrap_or_default().concat();
            match op {
                DiffOp::Equal { .. } => text.push_str(&part),
                _ if part.is_empty() => {}
                _ => text.push_str(&format!("\u{1b}[7m{part}\u{1b}[27m")),
            }
        }
        text
    };
    Some((side(&a, &DiffOp::old_range), side(&b, &DiffOp::new_range)))
}

/// Words, and what stands between them. Of scripts without spaces each character is a word.
fn words(line: &str) -> Vec<&str> {
    let class = |c: char| match c {
        _ if c.is_whitespace() => 0,
        _ if c as u32 >= 0x2e80 => 1,
        _ if c.is_alphanumeric() || matches!(c, '-' | '.' | ',' | '/' | '_') => 2,
        _ => 3,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in line.char_indices() {
        let class = class(c);
        if last.is_some_and(|last| last != class || class == 1 || class == 3) {
            words.push(&line[start..at]);
            start = at;
        }
        last = Some(class);
    }
    words.push(&line[start..]);
    words
}

#[cfg(test)]
mod tests {
    use super::super::compare::Kind;
    use super::*;

    #[test]
    fn words_that_differ_are_marked_in_their_lines() {
        let (old, new) = marks("x = USD 60,000,000 [2.4/a]", "x = USD 65,000,000 [2.4/a]").expect("they are alike");
        assert_eq!(old, "x = USD \u{1b}[7m60,000,000\u{1b}[27m [2.4/a]");
        assert_eq!(new, "x = USD \u{1b}[7m65,000,000\u{1b}[27m [2.4/a]");
        let (old, _) = marks("label zh \"灵活额度\"", "label zh \"灵活的额度\"").expect("they are alike");
        assert_eq!(old, "label zh \"灵活额度\"");
        assert_eq!(marks("one thing", "quite another"), None);
    }

    #[test]
    fn it_is_the_unified_diff_but_for_the_marks() {
        let change = Change {
            name: "rules/a/1".to_owned(),
            kind: Kind::Changed,
            source: "rules/a/1".to_owned(),
            stored: "a\nb\nc\nd\ne\nf\ng\nh\ni x\n".to_owned(),
            now: "a\nb\nc\nd2\ne\nf\ng\nh\nnew\ni y\n".to_owned(),
        };
        let mut plain = diff(&change).join("\n");
        for code in ["31", "32", "36", "0", "7", "27"] {
            plain = plain.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(plain.lines().collect::<Vec<_>>(), change.diff().lines().collect::<Vec<_>>());
    }
}
