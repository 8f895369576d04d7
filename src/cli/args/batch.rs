//! The arguments of `clausal batch`.

use clap::{Args as ClapArgs, ValueEnum};

/// Evaluate every row of a file: whole portfolios and ticket exports.
///
/// Each row of the input is one case; what it means is what `clausal eval` means. Columns are bound to inputs by their
/// headings, or by a mapping file (--map), which --suggest-map drafts. Without --decision all decisions are evaluated
/// that ask for a column which is bound; those that are told by a log, only where there is one. Rows that cannot be
/// read are set aside with the reason, and the run goes on. The output has the order of the input, and the same bytes
/// whatever --jobs is.
/// Exit status: 0 done, 1 rows were rejected (or, with --compare, some answer changes), 2 the input could not be used,
/// and nothing was written.
///
/// Example: clausal batch rules/microsoft-unified/2024-09 --input docs/examples/orders.csv --map docs/examples/orders.toml
/// --decision mcsap-plus --output answers.csv --rejects rejected.csv
#[derive(Clone, Debug, ClapArgs)]
pub struct Batch {
    /// A rule file, or the folder of an edition.
    pub rules: String,
    /// The rows: files or patterns such as "2026-*.csv", read one after another; - for standard input. May be
    /// repeated. Of files that end with .gz or .zst the ending before it tells the format.
    #[arg(short, long, value_name = "FILE|-", num_args = 1.., required = true)]
    pub input: Vec<String>,
    /// The file to write; - or none for standard output.
    #[arg(short, long, value_name = "FILE|-")]
    pub output: Option<String>,
    /// The format of the output; else the ending of its name tells, and standard output is CSV.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<BatchFormat>,
    /// The format of the input; else the ending of its name tells.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<BatchFormat>,
    /// A decision, or a part of one (base.first-response, onboarding.ends); may be repeated.
    #[arg(long, value_name = "NAME")]
    pub decision: Vec<String>,
    /// The edition, where RULES holds several: 2024-09, or "ms-unified 2024-09".
    #[arg(long, value_name = "NAME")]
    pub edition: Option<String>,
    /// The edition in force on this day, where RULES holds several.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// Choose a reading, for all rows; may be repeated.
    #[arg(long, value_name = "NAME=CHOICE")]
    pub readings: Vec<String>,
    /// Facts that hold for all rows, unless a row gives its own: JSON, YAML, TOML or a scenario, as for `eval`.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<String>,
    /// The mapping file (TOML): which column stands for which input, and how its values are written.
    #[arg(long, value_name = "FILE.toml")]
    pub map: Option<String>,
    /// Print a draft of a mapping file, made from the headings and the first rows, and evaluate nothing.
    #[arg(long, conflicts_with_all = ["map", "output", "compare", "resume", "rejects", "summary"])]
    pub suggest_map: bool,
    /// Columns of the input that are carried along; may be repeated. `all`, as without it, for all of them; `none` for
    /// none.
    #[arg(long, value_name = "COLUMN|all|none", num_args = 1..)]
    pub keep: Vec<String>,
    /// What is told beside each answer: with `brief` the clauses and readings, with `full` the rules that fired as well.
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, default_missing_value = "brief")]
    pub explain: Option<BatchExplain>,
    /// How amounts are written: as `clausal eval` shows them (USD 5.00), or as bare numbers. If not given, as text in
    /// text formats and as numbers in Parquet and Arrow.
    #[arg(long, value_enum, value_name = "HOW")]
    pub amounts: Option<Amounts>,
    /// The decimal mark of numbers in text: `.` or `,`. It takes the place of what the mapping file says.
    #[arg(long, value_name = "MARK")]
    pub decimal_mark: Option<String>,
    /// The mark between thousands in text: `,`, `.`, `'` or a space; other than the decimal mark.
    #[arg(long, value_name = "MARK")]
    pub thousands_mark: Option<String>,
    /// The events of all rows in a file of their own (.csv, .tsv, .ndjson or .json); --key says whose each is.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub events: Option<String>,
    /// The column, in the rows and in the file of events, by which events belong to rows.
    #[arg(long, value_name = "COLUMN", requires = "events")]
    pub key: Option<String>,
    /// Where rows that cannot be used are put, as they stood in the input, so that they can be mended and run again;
    /// FILE.reasons.csv says what is wrong with each.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<String>,
    /// Stop at the first row that cannot be used, and write nothing.
    #[arg(long, conflicts_with = "max_rejects")]
    pub strict: bool,
    /// Stop when more rows than this cannot be used, and write nothing.
    #[arg(long, value_name = "NUMBER")]
    pub max_rejects: Option<u64>,
    /// Write the summary as JSON; `clausal schema --output-format batch-summary` prints its schema.
    #[arg(long, value_name = "FILE.json")]
    pub summary: Option<String>,
    /// Count by the values of this column of the input as well.
    #[arg(long, value_name = "COLUMN")]
    pub group_by: Option<String>,
    /// The old edition: each answer is given as it is and as it was, and the summary says what changes.
    #[arg(long, value_name = "OLD-RULES")]
    pub compare: Option<String>,
    /// The edition that is meant, where OLD-RULES holds several.
    #[arg(long, value_name = "NAME", requires = "compare")]
    pub compare_edition: Option<String>,
    /// How many rows are worked on at once; as many as there are cores, if not given.
    #[arg(short, long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Go on with a run that was cut off; the output is the same as if it had not been.
    #[arg(long, requires = "output")]
    pub resume: bool,
    /// Whether progress is shown: on a terminal, or never.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub progress: BatchProgress,
}

/// The format of a file of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BatchFormat {
    Csv,
    Tsv,
    /// One JSON object a line.
    Ndjson,
    /// One JSON list of objects.
    Json,
    Parquet,
    /// An Arrow IPC file.
    Arrow,
    /// An Arrow IPC stream.
    ArrowStream,
}

/// What is told beside each answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BatchExplain {
    Brief,
    Full,
}

/// How amounts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Amounts {
    Text,
    Number,
}

/// Whether progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum BatchProgress {
    #[default]
    Auto,
    Never,
}
