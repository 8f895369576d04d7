//! Every snapshot belongs to something: a snapshot whose fixture was renamed or removed is rejected.

use crate::support::{files_below, home, none_wrong};

/// Written by `clausal snapshot`, which keeps its own account of them.
const KEPT_ELSEWHERE: &[&str] = &["snapshots/rules/", "snapshots/outcomes/", "snapshots/.review/"];

#[test]
fn every_snapshot_is_referenced() {
    let mut wrong = Vec::new();
    for path in files_below("snapshots", "") {
        if KEPT_ELSEWHERE.iter().any(|prefix| path.starts_with(prefix)) || path.ends_with("README.md") {
            continue;
        }
        let page = path.strip_prefix("snapshots/clocks/").and_then(|rest| rest.strip_suffix(".snap"));
        if page.is_some_and(|page| crate::clocks::PAGES.iter().any(|(claim, _, _)| *claim == page)) {
            continue;
        }
        let claim = path.strip_prefix("snapshots/problems/").and_then(|rest| rest.strip_suffix(".snap"));
        let marked = |ending: &str| {
            let file = home().join(format!("tests/cases/{}.{ending}", claim.unwrap_or("")));
            let text = std::fs::read(file).unwrap_or_default();
            !crate::marks::read(&String::from_utf8_lossy(&text).replace("\n##", "\n//")).is_empty()
        };
        let in_folder = || {
            let files = files_below(&format!("tests/cases/{}", claim.unwrap_or("")), ".clause");
            let read = |file: &String| std::fs::read_to_string(home().join(file)).unwrap_or_default();
            files.iter().any(|file| !crate::marks::read(&read(file)).is_empty())
        };
        let referenced = claim.is_some() && (["clause", "yaml", "toml"].into_iter().any(marked) || in_folder());
        if !referenced {
            wrong.push(path);
        }
    }
    none_wrong("snapshots that no test refers to", &wrong);
}
