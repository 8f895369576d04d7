//! `clausal batch` as a process: how long it takes and works, and the most memory it has at a time.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::workload::rules::DECISIONS;

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/batch/workload.clause");

#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    /// Seconds by the clock on the wall.
    pub wall: f64,
    /// Seconds that all its threads worked; where the system tells (Linux).
    pub worked: Option<f64>,
    /// Megabytes; where the system tells (Linux).
    pub peak: Option<u64>,
}

/// Whether the program has `clausal batch`.
pub fn has_batch() -> bool {
    let help = command().args(["batch", "--help"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    help.is_ok_and(|status| status.success())
}

/// Answers the five decisions for a file.
pub fn batch(input: &Path, output: &Path, jobs: usize) -> Run {
    let mut command = command();
    command.args(["batch", RULES, "--progress", "never", "--jobs", &jobs.to_string()]);
    command.arg("--input").arg(input).arg("--output").arg(output);
    for decision in DECISIONS {
        command.args(["--decision", decision]);
    }
    watched(&mut command)
}

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_clausal"))
}

/// Runs a command and looks at it now and then. What it worked is read after its end, before the system forgets it.
fn watched(command: &mut Command) -> Run {
    let start = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("clausal can be started");
    let mut run = Run::default();
    let place = format!("/proc/{}", child.id());
    while let Ok(status) = std::fs::read_to_string(format!("{place}/status")) {
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if let Some(kilobytes) = field("VmHWM:").and_then(|peak| peak.strip_suffix(" kB")?.parse::<u64>().ok()) {
            run.peak = Some(kilobytes / 1024);
        }
        if field("State:").is_some_and(|state| state.starts_with('Z')) {
            run.wall = start.elapsed().as_secs_f64();
            run.worked = std::fs::read_to_string(format!("{place}/stat")).ok().and_then(|stat| ticks(&stat));
            break;
        }
        sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().expect("the process was started");
    if run.wall == 0.0 {
        run.wall = start.elapsed().as_secs_f64();
    }
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{command:?} fails: {told}");
    run
}

/// User and system time of a line of `/proc/…/stat`: hundredths of a second, behind the name in parentheses.
fn ticks(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / 100.0)
}
