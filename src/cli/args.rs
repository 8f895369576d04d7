//! The arguments of every command.

mod batch;

pub use batch::{Amounts, Batch, BatchExplain, BatchFormat, BatchProgress};

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// A rules language for service agreements: check, evaluate and explain what an agreement says.
///
/// RULES is a rule file (`*.clause`), the folder of one edition, or a folder of many.
/// Exit status: 0 done and all expectations hold; 1 findings; 2 the input could not be used; 3 a bug of ours.
#[derive(Debug, Parser)]
#[command(name = "clausal", version, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Check(Check),
    Eval(Eval),
    Explain(Explain),
    Catalogue(Catalogue),
    Calendar(Calendar),
    Schema(Schema),
    ExplainCode(ExplainCode),
    Completions(Completions),
    #[command(subcommand)]
    Snapshot(Snapshot),
    Test(Test),
    Fmt(Fmt),
    Coverage(Coverage),
    Doc(Doc),
    Diff(Diff),
    Batch(Box<Batch>),
}

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; versioned, with a published schema.
    Json,
}

/// Find every problem in the rules: syntax, names, types, gaps, overlaps, conflicts, citations.
///
/// As text, at most 200 problems are shown, errors before warnings; the counts at the end and the other formats have all.
/// Exit status: 0 no problem, 1 warnings only, 2 errors.
///
/// Example: clausal check rules/microsoft-unified/2024-09
#[derive(Debug, ClapArgs)]
pub struct Check {
    /// A rule file, or a folder of them.
    pub rules: String,
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    #[default]
    Text,
    Json,
    /// For code scanning services.
    Sarif,
    /// Workflow commands that mark lines in a GitHub pull request.
    Github,
}

/// Run every scenario and compare what comes out with what it expects.
///
/// Example: clausal test rules
#[derive(Debug, ClapArgs)]
pub struct Test {
    /// A rule file, or a folder of them.
    #[arg(default_value = "rules")]
    pub rules: String,
    /// Only scenarios whose name has this in it.
    #[arg(long)]
    pub only: Option<String>,
    /// Store the snapshots as they come out now.
    #[arg(long, conflicts_with_all = ["only", "review"])]
    pub update: bool,
    /// Go through the changed snapshots, to accept or reject each.
    #[arg(long, conflicts_with_all = ["only", "format"])]
    pub review: bool,
    /// The folder of the stored snapshots; `snapshots` beside `rules`, if not given.
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<String>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Print the clause register: which clauses are encoded, by how many rules, reached by how many scenarios.
///
/// Example: clausal coverage rules/microsoft-unified/2024-09 --format json
#[derive(Debug, ClapArgs)]
pub struct Coverage {
    /// A rule file, or a folder of them.
    pub rules: String,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Bind an edition as a book to read: one HTML file that opens from disk and needs nothing else.
///
/// It holds the service matrix, a chapter for each rule file, the clause register with links to every rule that cites a
/// clause, and the scenarios with what they come to, with a search and the labels in every language of the edition.
/// Exit status: 0 written, 1 written and some scenario does not hold, 2 not written.
///
/// Example: clausal doc rules/microsoft-unified/2024-09 -o book.html
#[derive(Debug, ClapArgs)]
pub struct Doc {
    /// A rule file, or a folder of them.
    pub rules: String,
    /// The file (`*.html`), or the folder, in which each edition gets a file of its own: AGREEMENT-EDITION.html.
    #[arg(short, long, value_name = "FILE.html|DIR")]
    pub output: String,
    /// The edition, where RULES holds several: 2024-09, or "ms-unified 2024-09".
    #[arg(long, value_name = "NAME")]
    pub edition: Option<String>,
    /// The language of labels that is shown first; the reader can choose another.
    #[arg(long, default_value = "en")]
    pub lang: String,
}

/// Compare two editions: what changed in what they declare, in what they decide and for whom.
///
/// OLD and NEW are rule files, folders of an edition, or revisions in git: REV:PATH.
/// An answer is proved unchanged, or told with the facts for which it differs and a case that shows it; where not
/// every kind of case could be tried it is called not proved. With --scenarios, cases of real customers go through
/// both editions: for whom the answer changes, and by how much. --format html is a page for reading, in one file.
/// Exit status: 0 nothing changed, 1 something did, 2 the input could not be used.
///
/// Example: clausal diff rules/microsoft-unified/2023 rules/microsoft-unified/2024-09
#[derive(Debug, ClapArgs)]
pub struct Diff {
    /// The old edition.
    pub old: String,
    /// The new edition.
    pub new: String,
    /// The edition that is meant, where OLD holds several.
    #[arg(long, value_name = "NAME")]
    pub old_edition: Option<String>,
    /// The edition that is meant, where NEW holds several.
    #[arg(long, value_name = "NAME")]
    pub new_edition: Option<String>,
    /// Only these decisions, or parts of one; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub decision: Vec<String>,
    /// Only these parts of the difference; may be repeated.
    #[arg(long, value_enum)]
    pub only: Vec<DiffPart>,
    /// Show what was added and removed in full, and name what is proved unchanged.
    #[arg(long)]
    pub full: bool,
    /// Cases of real customers: .json (facts, or a list of them), .ndjson, .yaml, .toml or .clause; may be repeated.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub scenarios: Vec<String>,
    /// Write to a file in place of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<String>,
    /// Cases that are tried for each answer before it is called not proved.
    #[arg(long, default_value_t = 2_000, value_name = "NUMBER")]
    pub cases: usize,
    /// The language of labels.
    #[arg(long, default_value = "en")]
    pub lang: String,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: DiffFormat,
}

/// A part of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffPart {
    Declarations,
    Answers,
    Cases,
}

/// How a difference is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For a terminal.
    #[default]
    Text,
    /// For programs; versioned, with a published schema.
    Json,
    /// A page for reading and printing: one file, nothing else is needed.
    Html,
}

/// Lay out rule files: indentation, spacing, columns lined up by display width. Meaning and comments stay.
///
/// Example: clausal fmt rules --check
#[derive(Debug, ClapArgs)]
pub struct Fmt {
    /// A rule file, a folder of them, or `-` to read standard input and print the result.
    pub rules: String,
    /// Change nothing; list the files that would change, and exit with 1 if there are any.
    #[arg(long)]
    pub check: bool,
}

/// Write, check or review the stored snapshots: what the rules say, and what the scenarios come to.
///
/// They are text files under `snapshots`, the same that `cargo test` compares: one for the rules of an edition, and
/// one for each scenario.
#[derive(Debug, Subcommand)]
pub enum Snapshot {
    Write(SnapshotWrite),
    Check(SnapshotCheck),
    Review(SnapshotReview),
}

/// Store all snapshots as they come out now, without review.
///
/// Example: clausal snapshot write rules/microsoft-unified/2024-09
#[derive(Debug, ClapArgs)]
pub struct SnapshotWrite {
    /// A rule file, or a folder of them.
    pub rules: String,
    /// The folder of the stored snapshots; `snapshots` beside `rules`, if not given.
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<String>,
    /// Remove stored snapshots that no rules or scenarios give any longer.
    #[arg(long)]
    pub remove_unreferenced: bool,
}

/// Compare the stored snapshots with what comes out now, and show what differs.
///
/// What differs is put aside beside the stored snapshot (`NAME.snap.new`) for `clausal snapshot review`.
///
/// Example: clausal snapshot check rules
#[derive(Debug, ClapArgs)]
pub struct SnapshotCheck {
    /// A rule file, or a folder of them.
    pub rules: String,
    /// The folder of the stored snapshots; `snapshots` beside `rules`, if not given.
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<String>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Go through the snapshots that differ: accept each, reject it, or leave it for later.
///
/// Each is shown as a diff, with the rules and clauses behind what differs. A review that is left, or cut off, goes on
/// where it stopped: what was accepted is stored at once, and what was rejected is remembered in `snapshots/.review`
/// and not asked for again until it comes out otherwise. NAME is a name that `--list` shows, a folder of them, or a
/// pattern: `*` stands for anything within a folder, `**` for any folders.
/// Exit status: 0 all is as stored, 1 something waits or was rejected, 2 the input could not be used.
///
/// Example: clausal snapshot review rules --accept outcomes/ms-unified/2024-09/2.4-mcsap
#[derive(Debug, ClapArgs)]
pub struct SnapshotReview {
    /// A rule file, or a folder of them.
    #[arg(default_value = "rules")]
    pub rules: String,
    /// The folder of the stored snapshots; `snapshots` beside `rules`, if not given.
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<String>,
    /// List what waits for review and what was rejected, with the rules behind it, and do nothing.
    #[arg(long, conflicts_with_all = ["accept", "accept_all", "reject", "remove_unreferenced", "again"])]
    pub list: bool,
    /// How the list is printed.
    #[arg(long, value_enum, default_value_t, requires = "list")]
    pub format: Format,
    /// Accept these without asking; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub accept: Vec<String>,
    /// Accept all that were not rejected, without asking.
    #[arg(long)]
    pub accept_all: bool,
    /// Reject these without asking; may be repeated. The stored snapshots stay as they are.
    #[arg(long, value_name = "NAME")]
    pub reject: Vec<String>,
    /// Ask for what was rejected as well.
    #[arg(long)]
    pub again: bool,
    /// Remove stored snapshots that no rules or scenarios give any longer.
    #[arg(long)]
    pub remove_unreferenced: bool,
    /// The language of what the clauses say; where there is none in it, English, else what there is.
    #[arg(long, default_value = "en")]
    pub lang: String,
}

/// What is done with facts that only other editions ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ForeignFacts {
    /// They are mistakes.
    #[default]
    Refuse,
    /// They are left out; a note lists them, and what this edition asks for in addition.
    LeaveOut,
}

/// The rules of one edition, and one case.
#[derive(Debug, ClapArgs)]
pub struct Case {
    /// A rule file, or the folder of an edition.
    pub rules: String,
    /// The facts: JSON, YAML or TOML; a .clause file with a scenario, FILE#NAME where it holds several; - for JSON
    /// on standard input. Without it no fact is given.
    #[arg(long, value_name = "FILE|-")]
    pub facts: Option<String>,
    /// The log of the case from a file of its own: .csv (columns at, event, by and the facts that events bring),
    /// .ndjson or .json. It takes the place of a log in the facts.
    #[arg(long, value_name = "FILE")]
    pub events: Option<String>,
    /// The instant at which the log is looked at, as 2026-03-09T12:00+08:00; it takes the place of `as-of` in the
    /// facts.
    #[arg(long, value_name = "DATE-TIME")]
    pub as_of: Option<String>,
    /// Choose a reading; may be repeated. With `all`, the others are tried in every combination.
    #[arg(long, value_name = "NAME=CHOICE|all")]
    pub readings: Vec<String>,
    /// The edition, where RULES holds several: 2024-09, or "ms-unified 2024-09". It takes the place of what the facts
    /// say of their edition.
    #[arg(long, value_name = "NAME")]
    pub edition: Option<String>,
    /// The edition in force on this day, where RULES holds several; it takes the place of what the facts say.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// Facts that only another edition in RULES asks for: refuse them, or leave them out with a note.
    #[arg(long, value_enum, default_value_t, value_name = "DO")]
    pub facts_of_other_editions: ForeignFacts,
    /// The language of labels and of the headings: en, zh, id or kk. A label that is only there in English is marked [en];
    /// where there is none, the bare name stands.
    #[arg(long, default_value = "en")]
    pub lang: String,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Evaluate facts: what each decision comes to, or why it is not determined.
///
/// Without --decision all decisions are evaluated; those that only lack facts are counted at the end.
/// With `--readings all` every combination of the readings that matter is evaluated, and it is said whether the
/// outcome is the same under each.
///
/// Example: clausal eval rules/microsoft-unified/2024-09 --facts order.json --decision mcsap-plus --lang zh
#[derive(Debug, ClapArgs)]
pub struct Eval {
    #[command(flatten)]
    pub case: Case,
    /// A decision, or a part of one (base.first-response, onboarding.ends); may be repeated.
    #[arg(long, value_name = "NAME")]
    pub decision: Vec<String>,
}

/// Explain a decision: the reasoning as a tree, with facts, rules and clauses.
///
/// Example: clausal explain rules/microsoft-unified/2024-09 --facts order.json --decision mcsap-plus
#[derive(Debug, ClapArgs)]
pub struct Explain {
    #[command(flatten)]
    pub case: Case,
    /// A decision, or a part of one (base.first-response, onboarding.ends).
    #[arg(long, value_name = "NAME")]
    pub decision: String,
    /// For a no: also the smallest changes to the facts that would make it a yes.
    #[arg(long)]
    pub why_not: bool,
}

/// Print a calendar as the engine sees it, month by month: working days, holidays, make-up days, clock changes, and
/// days that nobody has judged.
///
/// Example: clausal calendar rules/daocloud-enterprise/2023 office-hours --from 2026-09 --to 2026-10 --facts site.json
#[derive(Debug, ClapArgs)]
pub struct Calendar {
    #[command(flatten)]
    pub case: Case,
    /// The calendar, by its name in the rules.
    pub name: String,
    /// The first month or day: 2026-09, 2026-09-15, or a year.
    #[arg(long, value_name = "MONTH|DATE")]
    pub from: String,
    /// The last month or day; that of --from, if not given. At most 10 years are shown.
    #[arg(long, value_name = "MONTH|DATE")]
    pub to: Option<String>,
}

/// Print the service matrix as the paper shows it: each catalogue with its services, marks, delivery and languages.
///
/// Where the agreement says `marks DECISION by INPUT`, or --mark and --by do, there is a column of marks for each member
/// of the input's type: what the decision gives for the service and that member. Columns that are silent throughout are
/// left out; marks that rest on a reading, or that are not determined, have a footnote.
///
/// Example: clausal catalogue rules/microsoft-unified/2024-09 --package base-package --lang zh
/// Example: clausal catalogue rules/microsoft-enterprise-services/kk --mark package-offer --by base-agreement.package
#[derive(Debug, ClapArgs)]
pub struct Catalogue {
    /// A rule file, or the folder of an edition.
    pub rules: String,
    /// The decision that gives the mark of a service.
    #[arg(long, value_name = "DECISION", requires = "by")]
    pub mark: Option<String>,
    /// The input whose members are the columns of marks.
    #[arg(long, value_name = "INPUT", requires = "mark")]
    pub by: Option<String>,
    /// Only the services of this package: a catalogue by its name, or what a decision gives for a service.
    #[arg(long, value_name = "NAME")]
    pub package: Option<String>,
    /// The edition, where RULES holds several: 2024-09, or "ms-unified 2024-09".
    #[arg(long, value_name = "NAME")]
    pub edition: Option<String>,
    /// The language of labels and of the headings: en, zh, id or kk. A label that is only there in English is marked [en];
    /// where there is none, the bare name stands.
    #[arg(long, default_value = "en")]
    pub lang: String,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Print a JSON Schema (2020-12): of the facts that an edition asks for, or of the JSON that a command prints.
///
/// Example: clausal schema rules/microsoft-unified/2024-09 > facts.schema.json
#[derive(Debug, ClapArgs)]
pub struct Schema {
    /// A rule file, or the folder of an edition.
    #[arg(required_unless_present = "output_format", conflicts_with = "output_format")]
    pub rules: Option<String>,
    /// The schema of what this command prints with --format json.
    #[arg(long, value_enum, value_name = "COMMAND")]
    pub output_format: Option<OutputFormat>,
    /// The edition, where RULES holds several: 2024-09, or "ms-unified 2024-09".
    #[arg(long, value_name = "NAME")]
    pub edition: Option<String>,
    /// The language of titles and descriptions; else English.
    #[arg(long, default_value = "en")]
    pub lang: String,
}

/// Commands whose JSON has a published schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// What `clausal batch --summary` writes.
    BatchSummary,
    Calendar,
    Catalogue,
    Check,
    Coverage,
    Diff,
    Eval,
    Explain,
    Review,
    Test,
}

/// Explain a problem's code: what it means, an example, and the mend. Without a code, list them all.
///
/// Example: clausal explain-code gap_in_table
#[derive(Debug, ClapArgs)]
pub struct ExplainCode {
    /// The name that stands above a problem.
    pub code: Option<String>,
}

/// Print the completion script of a shell.
///
/// Example: clausal completions bash > ~/.local/share/bash-completion/completions/clausal
#[derive(Debug, ClapArgs)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}
