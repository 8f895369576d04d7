//! Makes the files of the batch benchmark: orders and incidents, the same at every run.
//!
//! ```sh
//! cargo run --release --example generate_batch -- --rows 1000000 --format csv --bad 1% > orders.csv
//! cargo run -- batch benches/batch/workload.clause --input orders.csv --output answers.csv
//! ```

use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use workload::files::{Format, Wanted, write};

#[path = "../benches/batch/workload.rs"]
#[allow(dead_code, reason = "shared with the benchmark, which uses more of it")]
mod workload;

/// Makes orders and incidents for `clausal batch benches/batch/workload.clause`.
#[derive(Parser)]
struct Args {
    /// How many rows
    #[arg(long, default_value_t = 1_000_000)]
    rows: usize,
    #[arg(long, value_enum, default_value_t = Kind::Csv)]
    format: Kind,
    /// How many rows are wrong, in ten ways: `1%`, `0.5%`
    #[arg(long, default_value = "0%", value_parser = per_mille)]
    bad: u64,
    /// How many facts are missing: `5%`
    #[arg(long, default_value = "0%", value_parser = per_mille)]
    missing: u64,
    /// Another seed makes other rows
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to; standard output if left out
    #[arg(long)]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Csv,
    Ndjson,
    Parquet,
}

/// A percentage with at most one decimal place, in thousandths.
fn per_mille(text: &str) -> Result<u64, String> {
    let (whole, tenths) = text.strip_suffix('%').map(|n| n.split_once('.').unwrap_or((n, "0"))).unwrap_or((text, ""));
    match (whole.parse::<u64>(), tenths.parse::<u64>()) {
        (Ok(whole @ 0..=100), Ok(tenths)) if tenths < 10 && whole * 10 + tenths <= 1_000 => Ok(whole * 10 + tenths),
        _ => Err("a percentage up to 100% with at most one decimal place is expected, such as 1% or 0.5%".to_owned()),
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let format = match args.format {
        Kind::Csv => Format::Csv,
        Kind::Ndjson => Format::Ndjson,
        Kind::Parquet => Format::Parquet,
    };
    let wanted = Wanted { rows: args.rows, seed: args.seed, missing: args.missing, bad: args.bad };
    let written = match &args.output {
        Some(path) => std::fs::File::create(path).and_then(|file| write(BufWriter::new(file), format, wanted)),
        None => write(BufWriter::new(stdout()), format, wanted),
    };
    match written {
        Ok(bad) => {
            let _ = writeln!(std::io::stderr(), "{} rows, {bad} of them wrong", args.rows);
            ExitCode::SUCCESS
        }
        Err(error) => {
            let place = args.output.map_or("standard output".to_owned(), |path| path.display().to_string());
            let _ = writeln!(std::io::stderr(), "cannot write to {place}: {error}");
            ExitCode::from(2)
        }
    }
}
