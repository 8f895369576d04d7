//! The snapshots of the agreements under `rules/`: what the rules say and what the scenarios come to, through insta,
//! so that `cargo insta review` and `clausal snapshot review` work on the same files.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use clausal::report::snapshot::{Snapshot, file};
use clausal::source::Files;
use clausal::source::disk::Disk;
use clausal::source::load::load;

/// Names the folder that [`insta_writes_what_clausal_writes`] has insta write into.
const INTO: &str = "CLAUSAL_SNAPSHOTS_INTO";
const ROOMS: [&str; 2] = ["rules", "outcomes"];

#[test]
fn rules_and_outcomes_are_as_stored() {
    let folder = home().join("snapshots");
    let mut differ = Vec::new();
    for (source, snapshot) in all() {
        if catch_unwind(AssertUnwindSafe(|| assert_by_insta(&folder, source, snapshot))).is_err() {
            differ.push(snapshot.name.as_str());
        }
    }
    assert!(
        differ.is_empty(),
        "{} snapshots differ; `clausal snapshot review` shows them:\n{}",
        differ.len(),
        differ.join("\n")
    );
}

#[test]
fn stored_snapshots_have_the_bytes_that_clausal_writes() {
    let folder = home().join("snapshots");
    let mut differ = Vec::new();
    for (source, snapshot) in all() {
        let stored = std::fs::read_to_string(path(&folder, snapshot)).unwrap_or_default();
        // Whether the contents are right is for another test.
        let contents = file::read(&stored).map(|s| s.contents).unwrap_or_default();
        if stored.replace("\r\n", "\n") != file::write(source, &contents) {
            differ.push(snapshot.name.as_str());
        }
    }
    assert!(differ.is_empty(), "`clausal snapshot write` writes these otherwise:\n{}", differ.join("\n"));
}

#[test]
fn no_stored_snapshot_of_rules_is_unreferenced() {
    let folder = home().join("snapshots");
    let wanted: BTreeSet<PathBuf> = all().iter().map(|(_, snapshot)| path(&folder, snapshot)).collect();
    let mut stored = Vec::new();
    ROOMS.iter().for_each(|room| snapshots_below(&folder.join(room), &mut stored));
    let unreferenced: Vec<String> =
        stored.iter().filter(|path| !wanted.contains(*path)).map(|path| path.display().to_string()).collect();
    assert!(
        unreferenced.is_empty(),
        "`clausal snapshot review --remove-unreferenced` removes these:\n{}",
        unreferenced.join("\n")
    );
}

/// The same bytes, whoever writes them. insta is told what to do by its environment, so it runs in a process of its
/// own, which runs this very test.
#[test]
fn insta_writes_what_clausal_writes() {
    if let Some(folder) = std::env::var_os(INTO) {
        return all().iter().for_each(|(source, snapshot)| assert_by_insta(Path::new(&folder), source, snapshot));
    }
    let folder = std::env::temp_dir().join(format!("clausal-insta-{}", std::process::id()));
    let itself = std::env::current_exe().expect("the test has a path");
    let ran = Command::new(itself)
        .args(["--exact", "snapshots::insta_writes_what_clausal_writes"])
        .env(INTO, &folder)
        .env("INSTA_UPDATE", "always")
        .env("INSTA_OUTPUT", "none")
        .env_remove("INSTA_PENDING_DIR")
        .output()
        .expect("the test runs again");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    for (source, snapshot) in all() {
        let written = std::fs::read_to_string(path(&folder, snapshot)).expect("insta wrote it");
        assert_eq!(written, file::write(source, &snapshot.contents), "{}", snapshot.name);
    }
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

/// What `cargo insta` finds: the macros name the test's own file as the source, which here is the rules.
fn assert_by_insta(folder: &Path, source: &str, snapshot: &Snapshot) {
    let path = path(folder, snapshot);
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(path.parent().unwrap_or(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let value = (name, snapshot.contents.as_str()).into();
        insta::_macro_support::assert_snapshot(value, &home(), "rules_and_outcomes", module_path!(), source, 1, "")
            .expect("insta can read and write the snapshots");
    });
}

/// The snapshots of the editions under `rules/`, each with the folder of its rules. An edition that is still being
/// written has none stored, and is left out.
fn all() -> &'static [(String, Snapshot)] {
    static ALL: OnceLock<Vec<(String, Snapshot)>> = OnceLock::new();
    ALL.get_or_init(evaluated)
}

fn evaluated() -> Vec<(String, Snapshot)> {
    let stored = home().join("snapshots");
    let loaded = load(&Disk, "rules").expect("the rules can be read");
    let mut all = Vec::new();
    for edition in &loaded.editions {
        let set = clausal::open(&loaded.sources, edition);
        let snapshots = set.snapshots(&loaded.sources);
        if snapshots.iter().any(|snapshot| path(&stored, snapshot).exists()) {
            all.extend(snapshots.into_iter().map(|snapshot| (set.root.clone(), snapshot)));
        }
    }
    assert!(!all.is_empty(), "there are rules with stored snapshots");
    all
}

fn path(folder: &Path, snapshot: &Snapshot) -> PathBuf {
    folder.join(format!("{}.snap", snapshot.name))
}

fn snapshots_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for name in Disk.list(&folder.to_string_lossy()).unwrap_or_default() {
        if let Some(inner) = name.strip_suffix('/') {
            snapshots_below(&folder.join(inner), found);
        } else if name.ends_with(".snap") {
            found.push(folder.join(name));
        }
    }
}

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
