//! The command line: arguments, files, the terminal and exit statuses. What the commands do is the library's.

mod cli;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Columns of a batch and trees of rules are many pieces that come and go. The system's allocator gives the memory of each
/// batch back, and asks for it again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
