//! Commands, one file each, and what they share.

mod args;
mod batch;
mod calendar;
mod case;
mod catalogue;
mod check;
mod completions;
mod coverage;
mod diff;
mod doc;
mod eval;
mod explain;
mod explain_code;
mod fmt;
mod portfolio;
mod schema;
mod shared;
mod snapshot;
mod test;

use std::process::ExitCode;

use clap::Parser;

/// How a command ended; the numbers are the exit statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done, and all expectations hold.
    Done = 0,
    /// Findings: failed expectations, differences, warnings.
    Findings = 1,
    /// The input could not be used.
    Unusable = 2,
    /// A bug of ours.
    Bug = 3,
}

impl Status {
    /// Goes on with what comes next, unless this was the end of it.
    pub fn then(self, next: impl FnOnce() -> Status) -> Status {
        if self == Status::Done { next() } else { self }
    }
}

/// Deep rules are walked recursively; the limits of the parser keep that within this stack.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Runs the command line and gives the exit status.
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    std::panic::set_hook(Box::new(|info| {
        eprintln!("clausal: this is a bug of ours: {info}");
        eprintln!("clausal: please report it, with the rules and facts that led to it");
    }));
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || run(args));
    let status = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        Ok(Err(_)) => Status::Bug,
        Err(error) => {
            eprintln!("clausal: no thread could be started: {error}");
            Status::Bug
        }
    };
    ExitCode::from(status as u8)
}

fn run(args: args::Args) -> Status {
    match args.command {
        args::Command::Batch(command) => batch::run(&command),
        args::Command::Check(command) => check::run(&command),
        args::Command::Eval(command) => eval::run(&command),
        args::Command::Explain(command) => explain::run(&command),
        args::Command::Calendar(command) => calendar::run(&command),
        args::Command::Catalogue(command) => catalogue::run(&command),
        args::Command::Schema(command) => schema::run(&command),
        args::Command::ExplainCode(command) => explain_code::run(&command),
        args::Command::Completions(command) => completions::run(&command),
        args::Command::Coverage(command) => coverage::run(&command),
        args::Command::Doc(command) => doc::run(&command),
        args::Command::Diff(command) => diff::run(&command),
        args::Command::Fmt(command) => fmt::run(&command),
        args::Command::Snapshot(command) => snapshot::run(&command),
        args::Command::Test(command) => test::run(&command),
    }
}
