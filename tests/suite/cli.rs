//! The binary: exit statuses, what goes to standard output and what to standard error, and that no file makes it fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value as Json;

use crate::support::{home, none_wrong};

const SOUND: &str = "input fee : money in USD\ndecision charge : money in USD { always 50% of fee }\n\
    scenario \"half\" { given fee = USD 10 expect charge = USD 5 }\n";
const FAILING: &str = "input fee : money in USD\ndecision charge : money in USD { always 50% of fee }\n\
    scenario \"half\" { given fee = USD 10 expect charge = USD 6 }\n";
const WARNED: &str = "input fee : money in USD\ninput notice : days\ndecision charge : money in USD { always fee }\n";
const BROKEN: &str = "decision charge : money in USD { always EUR 5 }\n";

/// A folder of its own for one test, removed at its end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("clausal-suite-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder can be made");
        Folder(path)
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a temporary file can be written");
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clausal"));
    command.args(args).current_dir(home()).env_remove("COLUMNS").stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output().expect("the binary runs")
}

/// Exit status, standard output, standard error.
fn told(args: &[&str]) -> (i32, String, String) {
    let output = run(args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
}

/// Statuses 0, 1 and 2 are answers; 3 and a signal are bugs.
#[track_caller]
pub fn answers(args: &[&str]) -> (i32, String, String) {
    let (status, out, err) = told(args);
    assert!((0..=2).contains(&status), "{args:?} ended with {status}:\n{err}");
    assert!(!err.contains("panicked") && !err.contains("bug of ours"), "{args:?}:\n{err}");
    (status, out, err)
}

fn commands() -> Vec<String> {
    let (_, help, _) = answers(&["--help"]);
    let list = help.split("Commands:").nth(1).and_then(|t| t.split("Options:").next()).expect("a list of commands");
    let named = list.lines().filter(|l| l.starts_with("  ") && !l.starts_with("   "));
    named.filter_map(|l| l.split_whitespace().next()).filter(|c| *c != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_has_help_with_an_example() {
    let mut wrong = Vec::new();
    let commands = commands();
    assert!(commands.len() >= 3, "{commands:?}");
    for name in commands {
        let (status, out, err) = answers(&[&name, "--help"]);
        let nested = out.contains("Commands:");
        let example = out.contains(&format!("clausal {name} "));
        if status != 0 || !err.is_empty() || !(nested || example && out.contains("Example")) {
            wrong.push(format!("{name}: {status}\n{out}{err}"));
        }
    }
    none_wrong("commands whose help is not complete", &wrong);
}

#[test]
fn an_unknown_command_is_an_unusable_input() {
    let (status, out, err) = answers(&["chek"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("check"), "{err}");
}

#[test]
fn statuses_of_check() {
    let folder = Folder::new();
    for (name, text, status) in [("sound", SOUND, 0), ("warned", WARNED, 1), ("broken", BROKEN, 2)] {
        let file = folder.file(&format!("{name}.clause"), text);
        assert_eq!(answers(&["check", &file]).0, status, "{name}");
    }
}

#[test]
fn statuses_of_test() {
    let folder = Folder::new();
    for (name, text, status) in [("sound", SOUND, 0), ("failing", FAILING, 1), ("broken", BROKEN, 2)] {
        let file = folder.file(&format!("{name}.clause"), text);
        assert_eq!(answers(&["test", &file]).0, status, "{name}");
    }
}

#[test]
fn problems_go_to_standard_error_and_counts_to_standard_output() {
    let folder = Folder::new();
    let file = folder.file("broken.clause", BROKEN);
    let (_, out, err) = answers(&["check", &file]);
    assert_eq!(out, "1 error, 0 warnings, in 1 edition\n");
    assert!(err.contains("mixed_currencies") && err.contains("EUR 5"), "{err}");
    assert!(!err.contains('\u{1b}'), "no colour where no terminal is: {err}");
}

#[test]
fn of_very_many_problems_some_are_shown_errors_first_and_all_are_counted() {
    let folder = Folder::new();
    let inputs: String = (0..30_000).map(|n| format!("input fact-{n} : yes-no {{ label en \"?\" }}\n")).collect();
    let head = "agreement hosting edition 1 { label en \"Hosting\" }\n";
    fs::create_dir_all(folder.0.join("a")).expect("a folder can be made");
    fs::create_dir_all(folder.0.join("b")).expect("a folder can be made");
    folder.file("a/warned.clause", format!("{head}{inputs}"));
    folder.file("b/broken.clause", format!("{head}{BROKEN}"));
    let path = folder.0.to_string_lossy();
    let (status, out, err) = answers(&["check", &path]);
    assert_eq!((status, out.trim_end()), (2, "1 error, 30000 warnings, in 2 editions"));
    assert_eq!((err.matches("╭─[").count(), err.matches("mixed_currencies").count()), (200, 1));
    assert!(err.ends_with("not shown: 29801 unused_input\nall are in `--format json`\n"));
    let (_, json, _) = answers(&["check", "--format", "json", &path]);
    let json: Json = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["problems"].as_array().map(Vec::len), Some(30_001));
}

#[test]
fn what_failed_and_what_came_out_is_printed() {
    let folder = Folder::new();
    let file = folder.file("failing.clause", FAILING);
    let (_, out, err) = answers(&["test", &file]);
    assert!(out.contains("expected: USD 6") && out.contains("came out: USD 5"), "{out}");
    assert!(out.ends_with("0 passed, 1 failed\n") && err.is_empty(), "{out}{err}");
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let mut child = command(&["check", "tests/cases", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.code().is_some_and(|c| c <= 2), "{:?}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_path_that_does_not_exist() {
    for name in ["check", "test", "coverage"] {
        let (status, out, err) = answers(&[name, "rules/no-such-edition"]);
        assert_eq!((status, out.as_str()), (2, ""), "{name}");
        assert_eq!(err, "clausal: `rules/no-such-edition` cannot be read: there is no such file\n");
    }
}

#[test]
fn a_folder_without_rules() {
    let folder = Folder::new();
    folder.file("notes.txt", "nothing");
    let (status, _, err) = answers(&["check", &folder.0.to_string_lossy()]);
    assert_eq!(status, 2);
    assert!(err.contains("no `.clause` file lies in"), "{err}");
}

#[test]
fn an_empty_file_is_sound() {
    let folder = Folder::new();
    for text in ["", "\n", "// nothing yet", "\u{feff}"] {
        let file = folder.file("empty.clause", text);
        assert_eq!(answers(&["check", &file]).0, 0, "{text:?}");
    }
}

#[test]
fn a_file_cut_in_half_is_told_and_does_no_harm() {
    let folder = Folder::new();
    let whole = fs::read("rules/microsoft-unified/2024-09/2.7-assumptions.clause");
    let whole = whole.or_else(|_| fs::read(home().join("rules/microsoft-unified/2024-09/2.7-assumptions.clause")));
    let whole = whole.expect("the rules can be read");
    let middle = whole.len() / 2;
    // Cut in a word, in a table and perhaps in the middle of a character.
    for at in [middle, middle + 1, middle + 7, middle + 40] {
        let file = folder.file("half.clause", &whole[..at]);
        let (status, _, err) = answers(&["check", &file]);
        assert_eq!(status, 2, "cut at {at}");
        assert!(!err.is_empty());
    }
}

#[test]
fn a_megabyte_of_brackets() {
    let folder = Folder::new();
    let file = folder.file("deep.clause", "(".repeat(1024 * 1024));
    let (status, _, err) = answers(&["check", &file]);
    assert_eq!(status, 2);
    assert!(err.contains("nesting_too_deep") && err.len() < 10_000, "{} bytes", err.len());
}

#[test]
fn random_bytes() {
    let folder = Folder::new();
    // xorshift with a fixed seed: the same bytes on every machine.
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let bytes: Vec<u8> = (0..64 * 1024)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .collect();
    let file = folder.file("random.clause", &bytes);
    let (status, _, err) = answers(&["check", &file]);
    assert_eq!(status, 2);
    assert!(err.contains("not_utf8"), "{err}");
    let printable: Vec<u8> = bytes.iter().map(|b| if b % 17 == 0 { b'\n' } else { 32 + b % 95 }).collect();
    let file = folder.file("printable.clause", printable);
    assert_eq!(answers(&["check", &file]).0, 2);
}

#[test]
fn a_decimal_of_40_digits() {
    let folder = Folder::new();
    let text = "decision share : decimal { always 0.1234567890123456789012345678901234567890 }\n";
    let (status, _, err) = answers(&["check", &folder.file("digits.clause", text)]);
    assert_eq!(status, 2);
    assert!(err.contains("impossible_literal"), "{err}");
}

#[test]
fn five_unrelated_mistakes_are_five_problems() {
    let folder = Folder::new();
    let text = "\
party vendor { label en \"the vendor }
enumeration severity { 1, A, B }
input incident.severity : severity
input fee : money in USD
input notice : days
decision charge : money in USD {
  EUR 5 when notice < 14 days
  USD 0 otherwise
}
decision urgent : yes-no {
  yes wen incident.severity is A
  no otherwise
}
decision late : yes-no {
  yes when notise < 5 days
  no otherwise
}
servce rapid { offered add-on }
decision half : money in USD { always 50% of fee }
";
    let file = folder.file("five.clause", text);
    let (status, out, _) = answers(&["check", &file, "--format", "json"]);
    assert_eq!(status, 2);
    let json: Json = serde_json::from_str(&out).expect("JSON");
    let found: Vec<(u64, &str)> = json["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|p| (p["at"]["line"].as_u64().unwrap_or(0), p["code"].as_str().unwrap_or("")))
        .collect();
    let expected = [
        (1, "text_not_closed"),
        (7, "mixed_currencies"),
        (11, "unexpected_text"),
        (15, "unknown_name"),
        (18, "unknown_item"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn formats_for_programs() {
    let folder = Folder::new();
    let file = folder.file("broken.clause", BROKEN);
    let (status, out, err) = answers(&["check", &file, "--format", "json"]);
    let json: Json = serde_json::from_str(&out).expect("JSON");
    assert_eq!((status, err.as_str()), (2, ""));
    assert_eq!((json["version"].as_u64(), json["errors"].as_u64()), (Some(1), Some(1)));
    assert_eq!(json["problems"][0]["at"]["column"].as_u64(), Some(41));

    let (_, out, _) = answers(&["check", &file, "--format", "sarif"]);
    let sarif: Json = serde_json::from_str(&out).expect("JSON");
    assert_eq!(sarif["version"].as_str(), Some("2.1.0"));
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"].as_str(), Some("mixed_currencies"));
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("a list of rules");
    assert!(rules.iter().any(|r| r["id"] == result["ruleId"]));

    let (_, out, _) = answers(&["check", &file, "--format", "github"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 1, "{out}");
    assert!(lines[0].starts_with("::error file=") && lines[0].contains(",line=1,"), "{out}");
    assert!(lines[0].contains("title=mixed_currencies::"), "{out}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for args in [["check", "tests/cases", "--format", "json"], ["coverage", "rules", "--format", "json"]] {
        let (first, second) = (run(&args), run(&args));
        assert_eq!(first.stdout, second.stdout, "{args:?}");
        assert_eq!(first.stderr, second.stderr, "{args:?}");
    }
}

#[test]
fn facts_that_cannot_be_used_end_the_command() {
    let case = "tests/cases/facts/values/number_in_place_of_days";
    assert!(Path::new(&home().join(format!("{case}.yaml"))).exists());
    let (status, out, err) = answers(&["eval", &format!("{case}.clause"), "--facts", &format!("{case}.yaml")]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("wrong_fact") && err.contains(&format!("{case}.yaml:3")), "{err}");
}

/// The first command of the README prints what stands below it; `…` is for lines left out.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../../README.md");
    let (before, rest) = readme.split_once("```text\n").expect("an example of output");
    let asked = before.rsplit("cargo run --release -- ").next().and_then(|text| text.lines().next());
    let args: Vec<&str> = asked.expect("a command above it").split_whitespace().collect();
    let (status, printed, wrong) = told(&args);
    assert_eq!((status, wrong.as_str()), (0, ""));
    let mut left = printed.as_str();
    let shown = rest.split("```").next().expect("the end of the example");
    for (nth, part) in shown.split("…\n").enumerate() {
        let at = left.find(part).unwrap_or_else(|| panic!("not printed:\n{part}\nprinted:\n{printed}"));
        assert!(nth > 0 || at == 0, "something is printed before:\n{}", &left[..at]);
        left = &left[at + part.len()..];
    }
    assert_eq!(left, "", "printed, and not in the README");
}
