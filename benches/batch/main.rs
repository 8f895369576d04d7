//! The batch benchmark: `cargo bench --bench batch`. All figures come from one run; docs/performance.md says what they
//! mean. `-- --quick` takes less time and tells less exactly; `-- columns scalar deadline tables files memory` are its
//! parts, all of them if none is named.

#![allow(clippy::disallowed_types, reason = "a benchmark reads the clock")]

mod child;
mod clock;
mod columns;
mod ends;
mod measure;
mod scalar;
mod tables;
mod texts;
#[allow(dead_code, reason = "shared with the generator of files and the peers, which use more of it")]
mod workload;

use measure::{Effort, head};

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A part of the benchmark, which prints its lines.
type Part = fn(Effort);

const PARTS: [(&str, Part); 6] = [
    ("columns", columns::columns),
    ("scalar", scalar::scalar),
    ("deadline", columns::deadlines),
    ("tables", tables::tables),
    ("files", ends::ends),
    ("memory", ends::memory),
];

fn main() {
    // `cargo bench` says `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let effort = Effort::new(args.iter().any(|arg| arg == "--quick"));
    let named: Vec<&str> = args.iter().map(String::as_str).filter(|arg| *arg != "--quick").collect();
    if let Some(unknown) = named.iter().find(|name| PARTS.iter().all(|(part, _)| part != *name)) {
        let parts = PARTS.map(|(part, _)| part).join(", ");
        eprintln!("the benchmark has no part `{unknown}`; its parts are {parts}, and `--quick` takes less time");
        std::process::exit(2);
    }
    head();
    for (name, part) in PARTS {
        if named.is_empty() || named.contains(&name) {
            part(effort);
        }
    }
}
