//! Opening rules, and writing to the terminal or a pipe.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

use chrono::NaiveDate;
use clausal::RuleSet;
use clausal::diag::{Code, Problem, Severity, render};
use clausal::model::Agreement;
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
    let mut sets: Vec<RuleSet> = clausal::open_all(&loaded);
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

/// How pages on standard output are laid out: to the width of a terminal, or what COLUMNS says, with colour if it
/// shows any.
pub fn page_style() -> PageStyle {
    let terminal = std::io::stdout().is_terminal();
    let colour = terminal && std::env::var_os("NO_COLOR").is_none();
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse::<usize>().ok());
    let width = said.filter(|columns| *columns > 0).or(terminal.then(textwrap::termwidth));
    PageStyle { width: width.map_or(100, |width| width.clamp(50, 120)), colour }
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
    edition_by(opened, named, None, "--edition or --on")
}

/// The same, where the choice is made with another option.
pub fn edition_named(opened: &Opened, named: Option<&str>, option: &str) -> Result<usize, Status> {
    edition_by(opened, named, None, option)
}

/// The number of the edition that is meant by its name, by a date on which it is in force, or by both.
pub fn edition_on(opened: &Opened, named: Option<&str>, on: Option<NaiveDate>) -> Result<usize, Status> {
    edition_by(opened, named, on, "--edition or --on")
}

fn edition_by(opened: &Opened, named: Option<&str>, on: Option<NaiveDate>, option: &str) -> Result<usize, Status> {
    let agreement = |i: usize| opened.sets.get(i)?.checked.as_ref()?.model.agreement.as_ref();
    let title = |i: usize| match agreement(i) {
        Some(a) => format!("{} {}", a.name, a.edition),
        None => opened.sets.get(i).map_or(String::new(), |set| set.root.clone()),
    };
    let listed = |editions: &[usize]| -> String {
        let line = |i: &usize| match agreement(*i) {
            Some(a) => format!("\n  {}, {}", title(*i), a.effective_text()),
            None => format!("\n  {}", title(*i)),
        };
        editions.iter().map(line).collect()
    };
    let all: Vec<usize> = (0..opened.sets.len()).collect();
    let is_meant = |i: &usize| match named {
        None => true,
        Some(name) => title(*i) == name || agreement(*i).is_some_and(|a| a.edition == name || a.name == name),
    };
    let meant: Vec<usize> = all.iter().copied().filter(is_meant).collect();
    let (Some(date), false) = (on, meant.is_empty()) else {
        return match (&meant[..], named) {
            ([one], _) => Ok(*one),
            ([], Some(name)) => {
                Err(unusable(&format!("no edition here is called `{name}`; there are:{}", listed(&all))))
            }
            _ => Err(unusable(&format!("several editions lie here; choose one with {option}:{}", listed(&meant)))),
        };
    };
    let agreements: Vec<&Agreement> = meant.iter().filter_map(|i| agreement(*i)).collect();
    let in_force = |i: &usize| agreement(*i).is_some_and(|a| a.in_force_on(date) && !amended(a, &agreements, date));
    let undated = meant.iter().any(|i| agreement(*i).is_none_or(|a| a.effective.is_none()));
    let by_name = if undated { "; an edition without a date is chosen by its name, with --edition" } else { "" };
    match &meant.iter().copied().filter(in_force).collect::<Vec<_>>()[..] {
        [one] => Ok(*one),
        [] => Err(unusable(&format!("no edition here is in force on {date}{by_name}; there are:{}", listed(&meant)))),
        several => Err(unusable(&format!(
            "several editions are in force on {date}; choose one with --edition:{}",
            listed(several)
        ))),
    }
}

/// Whether an edition that amends this one, directly or through others, is in force.
fn amended(base: &Agreement, all: &[&Agreement], date: NaiveDate) -> bool {
    let mut behind: Vec<&Agreement> = vec![base];
    let mut next = 0;
    while let Some(older) = behind.get(next).copied() {
        next += 1;
        for newer in all.iter().copied().filter(|a| a.name == older.name && a.amends.as_ref() == Some(&older.edition)) {
            if newer.in_force_on(date) {
                return true;
            }
            if behind.iter().all(|seen| seen.edition != newer.edition) {
                behind.push(newer);
            }
        }
    }
    false
}

/// The model of an edition that was opened soundly.
pub fn model(opened: &Opened, set: usize) -> Result<&clausal::model::Model, Status> {
    opened.sets.get(set).and_then(|s| s.checked.as_ref()).map(|c| &c.model).ok_or(Status::Unusable)
}
