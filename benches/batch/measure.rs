//! Figures and the lines that tell them.
//!
//! Other programs share the machine, so what runs on one thread is measured by the time that the thread worked, the
//! functions that are compared take turns, and the median is told.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::clock::worked;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub rounds: usize,
    /// How long one function works in a round.
    pub round: Duration,
    /// Rows of the workload, and of its files.
    pub rows: usize,
}

impl Effort {
    pub fn new(quick: bool) -> Self {
        if quick {
            Effort { rounds: 3, round: Duration::from_millis(40), rows: 131_072 }
        } else {
            Effort { rounds: 11, round: Duration::from_millis(200), rows: 1_000_000 }
        }
    }

    /// How many of so many rows can be worked out in a round, as one of them takes this long; some at least.
    pub fn affordable(self, each: f64, rows: usize) -> usize {
        let affordable = self.round.as_secs_f64() / each.max(1e-10);
        rows.min((affordable as usize).max(64))
    }
}

/// Something to be measured: it works through its rows once.
pub struct Subject<'a> {
    pub rows: usize,
    pub work: Box<dyn FnMut() + 'a>,
}

impl<'a> Subject<'a> {
    pub fn new(rows: usize, work: impl FnMut() + 'a) -> Self {
        Subject { rows, work: Box::new(work) }
    }
}

/// The time of one row of each subject, in seconds, by this thread's work.
pub fn each_row<const N: usize>(effort: Effort, subjects: [Subject; N]) -> [f64; N] {
    turns(effort, subjects, worked)
}

/// The same by the clock on the wall, for what runs on several threads.
pub fn each_row_by_wall<const N: usize>(effort: Effort, subjects: [Subject; N]) -> [f64; N] {
    let start = Instant::now();
    turns(effort, subjects, || start.elapsed())
}

fn turns<const N: usize>(effort: Effort, mut subjects: [Subject; N], clock: impl Fn() -> Duration) -> [f64; N] {
    let mut calls = [1u32; N];
    for (subject, calls) in subjects.iter_mut().zip(&mut calls) {
        let start = clock();
        black_box(&mut subject.work)();
        let once = (clock() - start).as_secs_f64().max(1e-9);
        *calls = ((effort.round.as_secs_f64() / once) as u32).clamp(1, 1 << 20);
    }
    let mut times = [const { Vec::new() }; N];
    for _ in 0..effort.rounds {
        for ((subject, calls), times) in subjects.iter_mut().zip(calls).zip(&mut times) {
            let start = clock();
            for _ in 0..calls {
                black_box(&mut subject.work)();
            }
            let rows = f64::from(calls) * subject.rows as f64;
            times.push((clock() - start).as_secs_f64() / rows);
        }
    }
    times.map(median)
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The time of one run of something that takes long, and what it gave.
pub fn once<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = worked();
    let result = work();
    ((worked() - start).as_secs_f64(), result)
}

/// The time of something that takes long and runs on several threads, by the clock on the wall: the median of some runs.
pub fn by_wall(runs: usize, mut work: impl FnMut()) -> f64 {
    let run = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    median((0..runs).map(run).collect())
}

pub fn head() {
    println!("{:<66}{:>12}{:>16}", "measure", "figure", "target");
}

/// A line of the table.
pub fn line(measure: &str, figure: &str, target: &str) {
    println!("{measure:<66}{figure:>12}{target:>16}");
}

pub fn part(title: &str) {
    println!("\n{title}");
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
