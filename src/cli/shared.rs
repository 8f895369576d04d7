//! Opening rules, and writing to the terminal or a pipe.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

use clausal::RuleSet;
use clausal::diag::{Code, Problem, Severity, render};
use clausal::report::PageStyle;
use clausal::source::Sources;
use clausal::source::disk::Disk;
use clausal::source::load::{Edition, Loaded, load};

use super::Status;

/// Rules as they were opened: every edition, with its problems.
pub struct Opened {
    pub sources: Sources,
    pub sets: Vec<RuleSet>,
    /// The files of each set.
    pub editions: Vec<Edition>,
}

/// Opens every edition under a path. Says so and gives the exit status if there is none.
pub fn open(path: &str) -> Result<Opened, Status> {
    Ok(opened(load(&Disk, path).map_err(|why| unusable(&why))?))
}

/// Every edition of what was loaded, opened.
pub fn opened(loaded: Loaded) -> Opened {
    let mut sets: Vec<RuleSet> = loaded.editions.iter().map(|e| clausal::open(&loaded.sources, e)).collect();
    if let Some(first) = sets.first_mut() {
        first.problems.splice(0..0, loaded.problems.iter().cloned());
        if !loaded.problems.is_empty() {
            first.checked = None;
        }
    }
    Opened { sources: loaded.sources, sets, editions: loaded.editions }
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

/// Problems shown at once; what is wrong in so many places is seen in the first of them.
const MOST_SHOWN: usize = 200;

/// Shows problems on standard error, in order. Of very many only some, errors before warnings, and then how many more.
/// Whether all were shown.
pub fn show(problems: &[&Problem], sources: &Sources) -> bool {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let errors = problems.iter().filter(|p| p.severity() == Severity::Error).count();
    let mut room = (errors.min(MOST_SHOWN), MOST_SHOWN.saturating_sub(errors));
    let mut left_out: BTreeMap<Code, usize> = BTreeMap::new();
    let mut err = std::io::stderr().lock();
    for problem in problems {
        let room = if problem.severity() == Severity::Error { &mut room.0 } else { &mut room.1 };
        if *room == 0 {
            *left_out.entry(problem.code).or_default() += 1;
            continue;
        }
        *room -= 1;
        // Nothing can be done if standard error itself is closed.
        let _ = writeln!(err, "{}", render(problem, sources, colour, 100));
    }
    if !left_out.is_empty() {
        let counts: Vec<String> = left_out.iter().map(|(code, count)| format!("{count} {}", code.name())).collect();
        let _ = writeln!(err, "not shown: {}", counts.join(", "));
    }
    left_out.is_empty()
}

/// How pages on standard output are laid out: to the width of a terminal, with colour if it shows any.
pub fn page_style() -> PageStyle {
    let terminal = std::io::stdout().is_terminal();
    let colour = terminal && std::env::var_os("NO_COLOR").is_none();
    let width = if terminal { textwrap::termwidth().clamp(50, 120) } else { 100 };
    PageStyle { width, colour }
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

/// The number of the edition that is meant; there is a choice only where a folder holds several.
pub fn edition(opened: &Opened, named: Option<&str>) -> Result<usize, Status> {
    edition_by(opened, named, "--edition")
}

/// The same, where the choice is made with another option.
pub fn edition_by(opened: &Opened, named: Option<&str>, option: &str) -> Result<usize, Status> {
    let agreement = |set: &RuleSet| set.checked.as_ref().and_then(|c| c.model.agreement.clone());
    let titles: Vec<String> = opened
        .sets
        .iter()
        .map(|set| agreement(set).map_or(set.root.clone(), |a| format!("{} {}", a.name, a.edition)))
        .collect();
    let listed = || titles.iter().map(|t| format!("\n  {t}")).collect::<String>();
    let matching: Vec<usize> = match named {
        None => (0..opened.sets.len()).collect(),
        Some(name) => {
            let is_meant = |i: &usize| {
                titles[*i] == name || agreement(&opened.sets[*i]).is_some_and(|a| a.edition == name || a.name == name)
            };
            (0..opened.sets.len()).filter(is_meant).collect()
        }
    };
    match (matching[..].first(), matching.len(), named) {
        (Some(one), 1, _) => Ok(*one),
        (_, 0, Some(name)) => Err(unusable(&format!("no edition here is called `{name}`; there are:{}", listed()))),
        _ => Err(unusable(&format!("several editions lie here; choose one with {option}:{}", listed()))),
    }
}

/// The model of an edition that was opened soundly.
pub fn model(opened: &Opened, set: usize) -> Result<&clausal::model::Model, Status> {
    opened.sets.get(set).and_then(|s| s.checked.as_ref()).map(|c| &c.model).ok_or(Status::Unusable)
}
