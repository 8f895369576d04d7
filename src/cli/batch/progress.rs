//! How far a run is, on a terminal; and how long it took.

// Evaluation has no clock; a person who waits for it does.
#![allow(clippy::disallowed_types)]

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use clausal::batch::run::Progress;
use clausal::batch::tally::number;
use indicatif::{ProgressBar, ProgressStyle};

use super::files::Output;
use crate::cli::args::{Batch, BatchProgress};

/// The time since the command started.
pub struct Clock(Instant);

impl Clock {
    pub fn start() -> Clock {
        Clock(Instant::now())
    }

    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The line that tells how far it is; nothing in a pipe.
pub struct Bar {
    bar: Option<ProgressBar>,
    start: Instant,
    /// Rows that an earlier run had done are no work of this one.
    first: Option<u64>,
}

impl Bar {
    pub fn new(args: &Batch, output: &Output, bytes: Option<u64>) -> Bar {
        // Answers on the same terminal would run through it.
        let is_free = output.path.is_some() || !std::io::stdout().is_terminal();
        let is_shown = args.progress == BatchProgress::Auto && std::io::stderr().is_terminal() && is_free;
        let style = |template: &str| ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar());
        let bar = is_shown.then(|| match bytes {
            Some(bytes) => ProgressBar::new(bytes).with_style(style("{bar:30} {percent:>3}%  {msg}  {eta} left")),
            None => ProgressBar::new_spinner().with_style(style("{spinner} {msg}  {elapsed}")),
        });
        Bar { bar, start: Instant::now(), first: None }
    }

    pub fn tell(&mut self, progress: Progress) {
        let Some(bar) = &self.bar else { return };
        let rows = progress.rows + progress.rejected;
        let first = *self.first.get_or_insert(rows);
        let took = self.start.elapsed().max(Duration::from_millis(1)).as_millis();
        let rate = u128::from(rows - first) * 1000 / took;
        let rate = number(u64::try_from(rate).unwrap_or(u64::MAX));
        let rejected = match progress.rejected {
            0 => String::new(),
            rejected => format!(", {} set aside", number(rejected)),
        };
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} rows, {rate} a second{rejected}", number(rows)));
    }

    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
