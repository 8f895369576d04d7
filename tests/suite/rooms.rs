//! The rooms of `src/` and their doors: our `use crate::…` against the table in `docs/architecture.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::{files_below, home, none_wrong};

/// The table: each room, and the rooms it may import.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(home().join("docs/architecture.md")).expect("the page can be read");
    let mut rooms = BTreeMap::new();
    let part = page.split("## Rooms").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a part on rooms");
    for line in part.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [room, _, imports] = cells[..] else { panic!("three cells are wanted: {line}") };
        let room = room.trim_matches('`').to_owned();
        let imports = imports.split(", ").filter(|i| *i != "–").map(str::to_owned).collect();
        assert!(rooms.insert(room, imports).is_none(), "a room stands twice: {line}");
    }
    rooms
}

/// The rooms that a line of code names: `crate::value::Money` names `value`.
fn named(line: &str) -> BTreeSet<String> {
    let code = line.split("//").next().unwrap_or("");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            // `use crate::{check::Checked, model::Model}`
            let group = group.split('}').next().unwrap_or("");
            found.extend(group.split(',').filter_map(|part| part.trim().split("::").next()).map(str::to_owned));
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    // Types and functions of the hallway, such as `crate::open`, belong to no room.
    found.retain(|name| home().join(format!("src/{name}")).is_dir() || home().join(format!("src/{name}.rs")).is_file());
    found
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let table = table();
    let mut wrong = Vec::new();
    let mut rooms = BTreeSet::new();
    for file in files_below("src", ".rs") {
        let path = file.trim_start_matches("src/").trim_end_matches(".rs");
        let room = path.split('/').next().unwrap_or(path);
        if ["lib", "main", "cli"].contains(&room) {
            continue;
        }
        rooms.insert(room.to_owned());
        let Some(allowed) = table.get(room) else {
            wrong.push(format!("{file}: the room `{room}` is not in the table"));
            continue;
        };
        let text = fs::read_to_string(home().join(&file)).expect("the file can be read");
        for (number, line) in text.lines().enumerate() {
            // Tests of a room may open whole rule sets.
            if line.contains("#[cfg(test)]") && !line.trim_start().starts_with("//") && !file.ends_with("mod.rs") {
                let next = text.lines().nth(number + 1).unwrap_or("");
                if next.contains('{') {
                    break;
                }
            }
            if file.contains("/tests") {
                break;
            }
            for import in named(line) {
                if import != room && !allowed.contains(&import) {
                    wrong.push(format!(
                        "{file}:{}: `{room}` may not import `{import}`\n    {}",
                        number + 1,
                        line.trim()
                    ));
                }
            }
        }
    }
    for room in table.keys().filter(|room| !rooms.contains(*room)) {
        wrong.push(format!("docs/architecture.md: there is no room `{room}`"));
    }
    none_wrong("doors that the table does not have", &wrong);
}

#[test]
fn the_binary_enters_by_the_library() {
    let mut wrong = Vec::new();
    for file in files_below("src/cli", ".rs").into_iter().chain(["src/main.rs".to_owned()]) {
        let text = fs::read_to_string(home().join(&file)).expect("the file can be read");
        for (number, line) in text.lines().enumerate() {
            for room in named(line).into_iter().filter(|room| room != "cli") {
                wrong.push(format!("{file}:{}: `crate::{room}` in place of `clausal::{room}`", number + 1));
            }
        }
    }
    none_wrong("the binary's own copies of the library", &wrong);
}
