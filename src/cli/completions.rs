//! `clausal completions`.

use clap::CommandFactory;

use super::args::{Args, Completions};
use super::{Status, shared};

pub fn run(args: &Completions) -> Status {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "clausal", &mut script);
    shared::print(&String::from_utf8_lossy(&script))
}
