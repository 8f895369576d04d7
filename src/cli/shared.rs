//! Opening rules, and writing to the terminal or a pipe.

use std::io::{IsTerminal, Write};

use clausal::RuleSet;
use clausal::diag::{Problem, Severity, render};
use clausal::source::Sources;
use clausal::source::disk::Disk;
use clausal::source::load::load;

use super::Status;

/// Rules as they were opened: every edition, with its problems.
pub struct Opened {
    pub sources: Sources,
    pub sets: Vec<RuleSet>,
}

/// Opens every edition under a path. Says so and gives the exit status if there is none.
pub fn open(path: &str) -> Result<Opened, Status> {
    let loaded = load(&Disk, path).map_err(|why| unusable(&why))?;
    let mut sets: Vec<RuleSet> = loaded.editions.iter().map(|e| clausal::open(&loaded.sources, e)).collect();
    if let Some(first) = sets.first_mut() {
        first.problems.splice(0..0, loaded.problems.iter().cloned());
        if !loaded.problems.is_empty() {
            first.checked = None;
        }
    }
    Ok(Opened { sources: loaded.sources, sets })
}

/// Opens rules that are to be used: errors are shown, and end the command; warnings are for `check` to show.
pub fn open_sound(path: &str) -> Result<Opened, Status> {
    let opened = open(path)?;
    let broken: Vec<&Problem> = opened.sets.iter().filter(|s| s.checked.is_none()).flat_map(|s| &s.problems).collect();
    if opened.sets.iter().all(|s| s.checked.is_some()) {
        return Ok(opened);
    }
    let errors: Vec<&Problem> = broken.into_iter().filter(|p| p.severity() == Severity::Error).collect();
    show(&errors, &opened.sources);
    Err(Status::Unusable)
}

/// Shows problems on standard error, in order.
pub fn show(problems: &[&Problem], sources: &Sources) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut err = std::io::stderr().lock();
    for problem in problems {
        // Nothing can be done if standard error itself is closed.
        let _ = writeln!(err, "{}", render(problem, sources, colour, 100));
    }
}

/// Prints to standard output. A reader that went away ends the command quietly.
pub fn print(text: &str) -> Status {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Status::Done,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Status::Done,
        Err(error) => unusable(&format!("standard output cannot be written: {error}")),
    }
}

/// Prints data as JSON, with a newline at the end.
pub fn print_json(data: &serde_json::Value) -> Status {
    match serde_json::to_string_pretty(data) {
        Ok(text) => print(&format!("{text}\n")),
        Err(error) => unusable(&error.to_string()),
    }
}

pub fn unusable(why: &str) -> Status {
    eprintln!("clausal: {why}");
    Status::Unusable
}

/// Writes a file beside the old one and renames it, so that an interrupted run leaves the old file.
pub fn replace(path: &str, text: &str) -> std::io::Result<()> {
    let beside = format!("{path}.tmp{}", std::process::id());
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| std::fs::rename(&beside, path));
    if renamed.is_err() {
        // The old file stands; only the unfinished copy is left to clear away.
        let _ = std::fs::remove_file(&beside);
    }
    renamed
}
