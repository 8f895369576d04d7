//! What the tests share: finding files, checking text, running scenarios, and a stack as large as the binary's.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clausal::diag::{Problem, render};
use clausal::eval::run as run_scenario;
use clausal::source::load::{Loaded, load};
use clausal::source::{Files, Sources};
use clausal::{RuleSet, report};

/// The width at which problems are rendered in snapshots, as `clausal check` prints them.
pub const WIDTH: usize = 100;

/// The package's folder.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The browser in which pages are driven: the one that `CLAUSAL_BROWSER` names (`none` for none), else one that is
/// installed. `None`, said on the standard error, skips the test.
pub fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CLAUSAL_BROWSER") {
        return (named != "none").then(|| PathBuf::from(named));
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let folders: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    let found = folders.iter().flat_map(|f| names.iter().map(|n| f.join(n))).find(|path| path.is_file());
    if found.is_none() {
        eprintln!("skipped: no browser is installed");
    }
    found
}

/// Runs a test with the stack that the binary gives its commands.
pub fn with_stack<T: Send>(test: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(64 * 1024 * 1024).spawn_scoped(scope, test);
        match thread.expect("a thread starts").join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// All files below a folder with an ending, sorted, as paths relative to the package with `/` between folders.
pub fn files_below(folder: &str, ending: &str) -> Vec<String> {
    fn walk(at: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(at).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&home().join(folder), ending, &mut found);
    let relative = |path: PathBuf| -> String {
        let path = path.strip_prefix(home()).expect("the file lies in the package").to_path_buf();
        path.iter().map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
    };
    let mut names: Vec<String> = found.into_iter().map(relative).collect();
    names.sort();
    names
}

/// Files that exist only in a test.
#[derive(Default)]
pub struct Memory(pub BTreeMap<String, Result<Vec<u8>, String>>);

impl Memory {
    pub fn one(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Memory(BTreeMap::from([(name.to_owned(), Ok(bytes.into()))]))
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().unwrap_or_else(|| Err("there is no such file".to_owned()))
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let prefix = if path == "." { String::new() } else { format!("{path}/") };
        let mut names: Vec<String> = Vec::new();
        for name in self.0.keys().filter_map(|file| file.strip_prefix(&prefix)) {
            names.push(name.split_once('/').map_or(name.to_owned(), |(folder, _)| format!("{folder}/")));
        }
        names.dedup();
        if names.is_empty() { None } else { Some(names) }
    }
}

/// Rules as `clausal check` opens them.
pub struct Opened {
    pub sources: Sources,
    pub sets: Vec<RuleSet>,
    pub problems: Vec<Problem>,
}

/// Opens every edition under a path, as the binary does.
pub fn open(files: &dyn Files, path: &str) -> Opened {
    let loaded = load(files, path).expect("the path can be read");
    let sets: Vec<RuleSet> = clausal::open_all(&loaded);
    let Loaded { sources, problems: mut all, .. } = loaded;
    for problem in sets.iter().flat_map(|set| &set.problems) {
        if !all.contains(problem) {
            all.push(problem.clone());
        }
    }
    Opened { sources, sets, problems: all }
}

/// Opens the text of one file.
pub fn open_text(name: &str, text: &str) -> Opened {
    open(&Memory::one(name, text), name)
}

/// Opens an example of the documentation: one file, or several, each behind a line `// file 2024-09/rules.clause`.
pub fn open_example(name: &str, text: &str) -> Opened {
    if !text.lines().any(|line| line.starts_with("// file ")) {
        return open_text(name, text);
    }
    let mut files = Memory::default();
    let mut at = String::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("// file ") {
            at = format!("{name}/{}", path.trim());
        }
        let file = files.0.entry(at.clone()).or_insert_with(|| Ok(Vec::new()));
        file.as_mut().expect("examples can be read").extend(line.bytes());
    }
    open(&files, name)
}

/// All problems as a person sees them, without colour.
pub fn rendered(opened: &Opened) -> String {
    let shown: Vec<String> = opened.problems.iter().map(|p| render(p, &opened.sources, false, WIDTH)).collect();
    let shown: Vec<&str> = shown.iter().map(|s| s.trim_end()).collect();
    shown.join("\n\n")
}

/// Scenarios that do not hold, each in a few lines: where, what was expected, what came out.
pub fn failed_scenarios(opened: &Opened) -> Vec<String> {
    let mut failed = Vec::new();
    for checked in opened.sets.iter().filter_map(|set| set.checked.as_ref()) {
        for scenario in &checked.model.scenarios {
            let trial = run_scenario(checked, scenario);
            for result in trial.results.iter().filter(|r| !r.holds) {
                failed.push(format!(
                    "{}: {}\n  {}\n    expected: {}\n    came out: {}",
                    opened.sources.location(scenario.span),
                    scenario.name,
                    result.expectation.path,
                    report::expected_text(&checked.model, &result.expectation.expected),
                    report::answer_text(&checked.model, &result.outcome.answer, "en"),
                ));
            }
        }
    }
    failed
}

/// How many scenarios were run.
pub fn scenario_count(opened: &Opened) -> usize {
    opened.sets.iter().filter_map(|set| set.checked.as_ref()).map(|c| c.model.scenarios.len()).sum()
}

/// The blocks of a Markdown file that are marked with a language, with the line on which each starts.
pub fn blocks(markdown: &str, language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inside: Option<(usize, String)> = None;
    for (number, line) in markdown.lines().enumerate() {
        match (&mut inside, line.strip_prefix("```")) {
            (None, Some(marker)) if marker.trim() == language => inside = Some((number + 2, String::new())),
            (Some(_), Some(_)) => found.extend(inside.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    found
}

/// Fails with all that is wrong, not with the first of it.
#[track_caller]
pub fn none_wrong(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{}: {} in all\n\n{}\n", what, wrong.len(), wrong.join("\n\n"));
}
