//! Runs that are cut off: what stands is old or whole, and `--resume` comes to the same bytes.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::{RULES, ending, many, text};
use crate::cli::{Folder, answers};
use crate::support::home;

/// Enough rows to be cut off among them, some of which cannot be used.
fn rows() -> String {
    many(160_000).replace(",severity-b,2\n", ",Severity Z,2\n")
}

struct Run {
    folder: Folder,
    rows: String,
    output: String,
    rejects: String,
}

impl Run {
    fn new(rows: &str) -> Run {
        let folder = Folder::new();
        let at = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
        let (output, rejects) = (at("answers.csv"), at("rejected.csv"));
        let rows = folder.file("rows.csv", rows);
        Run { folder, rows, output, rejects }
    }

    fn args<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let args = [
            "batch",
            RULES,
            "--input",
            &self.rows,
            "--output",
            &self.output,
            "--rejects",
            &self.rejects,
            "--group-by",
            "region",
            "--decision",
            "plus",
            "--decision",
            "first-response",
        ];
        args.into_iter().chain(more.iter().copied()).collect()
    }

    /// Starts, and kills it when something is noted in the journal.
    fn cut_off(&self, more: &[&str]) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clausal"))
            .args(self.args(more))
            .current_dir(home())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let journal = format!("{}.journal", self.output);
        while !fs::exists(&journal).expect("a folder") && child.try_wait().expect("a child").is_none() {
            sleep(Duration::from_millis(1));
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        assert!(fs::exists(&journal).expect("a folder"), "the run was over before it was cut off");
    }

    fn all(&self) -> [String; 3] {
        let reasons = self.rejects.replace(".csv", ".reasons.csv");
        [text(&self.output), text(&self.rejects), text(&reasons).replace(&self.rows, "rows.csv")]
    }
}

#[test]
fn a_run_that_is_killed_goes_on_to_the_same_bytes() {
    let rows = rows();
    let whole = Run::new(&rows);
    let (status, out, err) = answers(&whole.args(&[]));
    assert_eq!(status, 1, "{err}");
    let summary =
        |out: &str| out.lines().filter(|line| !line.contains(" a second")).map(str::to_owned).collect::<Vec<_>>();

    let cut = Run::new(&rows);
    fs::write(&cut.output, "the old answers").expect("a folder");
    cut.cut_off(&["--jobs", "1"]);
    assert_eq!(text(&cut.output), "the old answers", "what stands is old or whole");
    let (status, resumed, err) = answers(&cut.args(&["--jobs", "2", "--resume"]));
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("went on after "), "{err}");
    assert!(cut.all() == whole.all(), "the bytes are those of a run that was not cut off");
    assert_eq!(summary(&resumed), summary(&out));
    assert!(ending(&cut.folder.0, ".partial").is_empty() && ending(&cut.folder.0, ".journal").is_empty());
}

#[test]
fn a_run_is_not_gone_on_with_after_a_change() {
    let rows = rows();
    let cut = Run::new(&rows);
    cut.cut_off(&[]);
    let (status, _, err) = answers(&cut.args(&["--resume", "--explain"]));
    assert!(status == 2 && err.contains("this is not as it was: the options;"), "{err}");
    let other: Vec<&str> = cut
        .args(&["--resume"])
        .into_iter()
        .map(|a| if a == RULES { "tests/cases/batch/orders-before.clause" } else { a })
        .collect();
    let (status, _, err) = answers(&other);
    assert!(status == 2 && err.contains("this is not as it was: the rules"), "{err}");

    let partial = format!("{}.partial", cut.output);
    let kept = fs::read(&partial).expect("what was written");
    fs::write(&partial, &kept[..kept.len() / 8]).expect("a folder");
    let (status, _, err) = answers(&cut.args(&["--resume"]));
    assert!(status == 2 && err.contains("is not what") && err.contains("run it without --resume"), "{err}");

    fs::write(&cut.rows, format!("{rows}O-1,EMEA,1,,\n")).expect("a folder");
    let (status, _, err) = answers(&cut.args(&["--resume"]));
    assert!(status == 2 && err.contains(&format!("this is not as it was: `{}`", cut.rows)), "{err}");
    assert!(!fs::exists(&cut.output).expect("a folder"));
}

#[test]
fn where_nothing_was_cut_off_a_run_starts() {
    let run = Run::new(&many(100));
    let (status, _, err) = answers(&run.args(&["--resume"]));
    assert_eq!(status, 0, "{err}");
    assert_eq!(text(&run.output).lines().count(), 101);
}

#[test]
fn two_runs_do_not_write_one_file() {
    let run = Run::new(&many(10));
    let rows = text(&run.rows);
    let args = run.args(&["--input-format", "csv"]);
    let args: Vec<&str> = args.into_iter().map(|arg| if arg == run.rows { "-" } else { arg }).collect();
    let mut first = Command::new(env!("CARGO_BIN_EXE_clausal"))
        .args(&args)
        .current_dir(home())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut input = first.stdin.take().expect("a pipe");
    input.write_all(rows.as_bytes()).expect("it reads");
    // Its first rows are read before it starts to write.
    input.write_all(many(20_000).split_once('\n').expect("a heading").1.as_bytes()).expect("it reads");
    let partial = format!("{}.partial", run.output);
    while !fs::exists(&partial).expect("a folder") && first.try_wait().expect("a child").is_none() {
        sleep(Duration::from_millis(1));
    }
    for more in [&[][..], &["--resume"]] {
        let (status, _, err) = answers(&run.args(more));
        assert_eq!(status, 2, "{err}");
        let message = format!("clausal: another run is writing `{}`\n  help: wait until", run.output);
        assert!(err.contains(&message), "{err}");
    }
    // One that only shares its rejects leaves nothing of its own behind.
    let other = run.folder.0.join("other.csv").to_string_lossy().into_owned();
    let args: Vec<&str> = run.args(&[]).into_iter().map(|arg| if arg == run.output { &other } else { arg }).collect();
    let (status, _, err) = answers(&args);
    assert!(status == 2 && err.contains(&format!("another run is writing `{}`", run.rejects)), "{err}");
    assert!(!fs::exists(format!("{other}.partial")).expect("a folder"));
    drop(input);
    assert!(first.wait().expect("it ends").success());
    assert_eq!(text(&run.output).lines().count(), 1 + 10 + 20_000);
    assert_eq!(answers(&run.args(&[])).0, 0, "it has ended");
}

/// No file may grow beyond some blocks of 512 bytes: as a full disk would have it.
fn on_a_full_disk(run: &Run, output: &str, blocks: u32) -> (i32, String) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let args = run.args(&["--decision", "cancellation-charge"]);
    let args = args.into_iter().map(|arg| if arg == run.output { output } else { arg });
    let ran = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_clausal")])
        .args(args)
        .current_dir(home())
        .output()
        .expect("the binary runs");
    (ran.status.code().expect("it ends by itself"), String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_what_stood_there() {
    // Some outputs are written as they come, others at the end, and a small one only then.
    for (rows, blocks, names) in [
        (20_000, 100, ["o.csv", "o.ndjson", "o.json", "o.parquet", "o.arrow", "o.csv.gz"]),
        (300, 1, ["s.csv", "s.ndjson", "s.json", "s.parquet", "s.arrow", "s.csv.zst"]),
    ] {
        let run = Run::new(&many(rows));
        for name in names {
            let output = run.folder.file(name, "old");
            let (status, err) = on_a_full_disk(&run, &output, blocks);
            assert_eq!(status, 2, "{name}: {err}");
            assert!(err.contains("cannot be written: File too large"), "{name}: {err}");
            assert_eq!(text(&output), "old", "{name}");
            let left = |ending: &str| fs::exists(format!("{output}.{ending}")).expect("a folder");
            assert_eq!(left("partial"), err.contains("--resume goes on with it"), "{name}: {err}");
            assert_eq!(left("partial"), left("journal"), "{name}");
        }
    }
}
