//! Changes as people see them: diffs in colour on a terminal, long new snapshots cut.

use std::io::IsTerminal;

use super::compare::{Change, Comparison, Kind, Unwritten};
use super::word_marks;

/// The most lines that are shown of a snapshot that is new.
const MOST_NEW: usize = 80;

/// Whether standard output may be coloured.
pub fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// One change: its name, what kind it is, and the diff. In colour the words that differ are marked within their lines.
pub fn change(change: &Change, colour: bool) -> String {
    let most = if change.kind == Kind::New { MOST_NEW } else { usize::MAX };
    let lines: Vec<String> =
        if colour { word_marks::diff(change) } else { change.diff().lines().map(str::to_owned).collect() };
    let mut text = format!("{} {}\n", change.kind.name(), change.name);
    for line in lines.iter().take(most) {
        text.push_str(line);
        text.push('\n');
    }
    if lines.len() > most {
        text.push_str(&format!("… and {} more lines\n", lines.len() - most));
    }
    text
}

/// All findings of a comparison: diffs of what changed, names of what is new or belongs to nothing.
pub fn findings(comparison: &Comparison, colour: bool) -> String {
    let mut text = String::new();
    for changed in comparison.changes.iter().filter(|c| c.kind == Kind::Changed) {
        text.push_str(&change(changed, colour));
        text.push('\n');
    }
    for new in comparison.changes.iter().filter(|c| c.kind == Kind::New) {
        text.push_str(&format!("missing {}\n", new.name));
    }
    text.push_str(&unwritten(comparison));
    for name in &comparison.unreferenced {
        text.push_str(&format!("unreferenced {name}\n"));
    }
    text
}

/// What to do about editions of which nothing is stored.
pub fn unwritten(comparison: &Comparison) -> String {
    let line = |u: &Unwritten| {
        format!("no snapshots of {0} are stored yet: `clausal snapshot write {0}` writes them\n", u.source)
    };
    comparison.unwritten.iter().map(line).collect()
}
