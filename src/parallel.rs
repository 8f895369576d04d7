//! Work on all cores; results in the order of the work.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Deep rules are walked recursively; the limits of the parser keep that within this stack.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// What each number below `count` comes to, in their order.
pub fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, work(number)));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count).max(1);
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let start = |_| std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run).ok();
        // Where no more threads can be had, this one does all the work.
        let workers: Vec<_> = (1..threads).filter_map(start).collect();
        let mut all = run();
        for worker in workers {
            match worker.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}
