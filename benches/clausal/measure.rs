//! Time and memory, and the lines that tell of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// One batch lasts about this long.
const BATCH: Duration = Duration::from_millis(20);
const BATCHES: usize = 15;

/// The time of one call of each function, warm: the fastest of several batches, since whatever else the machine does
/// only adds. The functions take turns, so that a busy spell meets all of them.
pub fn side_by_side<const N: usize>(mut functions: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut calls = [1u32; N];
    for (function, calls) in functions.iter_mut().zip(&mut calls) {
        while repeated(*function, *calls) < BATCH && *calls < 1 << 24 {
            *calls *= 2;
        }
    }
    let mut fastest = [f64::INFINITY; N];
    for _ in 0..BATCHES {
        for ((function, calls), fastest) in functions.iter_mut().zip(calls).zip(&mut fastest) {
            let seconds = repeated(*function, calls).as_secs_f64() / f64::from(calls);
            *fastest = fastest.min(seconds);
        }
    }
    fastest
}

/// The time of one call, warm.
pub fn warm(function: &mut dyn FnMut()) -> f64 {
    side_by_side([function])[0]
}

/// The time of a long run, and what it gave.
pub fn once<T>(function: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = function();
    (start.elapsed().as_secs_f64(), result)
}

fn repeated(function: &mut dyn FnMut(), calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(&mut *function)();
    }
    start.elapsed()
}

/// The most memory that was in use since the last call, in megabytes, where the system tells (Linux).
pub fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    // Counts from here again; where that is not allowed, later figures are of the whole run.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    Some(kilobytes / 1024)
}

pub fn head() {
    println!("{:<58}{:>12}{:>14}", "measure", "figure", "target");
}

/// A line of the table.
pub fn line(measure: &str, figure: &str, target: &str) {
    println!("{measure:<58}{figure:>12}{target:>14}");
}

pub fn time(seconds: f64) -> String {
    let (figure, unit) = match seconds {
        s if s >= 1.0 => (s, "s"),
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s if s >= 1e-6 => (s * 1e6, "µs"),
        s => (s * 1e9, "ns"),
    };
    format!("{figure:.2} {unit}")
}

pub fn ratio(over: f64, under: f64) -> String {
    format!("{:.2} ×", over / under)
}
