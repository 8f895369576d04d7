//! The command line: arguments, files, the terminal and exit statuses. What the commands do is the library's.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
