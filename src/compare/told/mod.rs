//! Differences told to people and programs.

mod html;
mod json;
pub(crate) mod text;

pub use html::{PageOf, diff_html};
pub use json::{VERSION, diff_json};
pub use text::{Parts, diff_text};

use super::{Change, Diff, Verdict};

/// How many there are of each, for the summary of every format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
    /// Of these, those that only say the same in other words or cite other clauses.
    pub wording: usize,
    pub renamed: usize,
    pub answers_changed: usize,
    pub answers_proved: usize,
    pub answers_not_proved: usize,
    pub answers_added: usize,
    pub answers_removed: usize,
    pub cases: usize,
    /// Of these, those with facts that the other edition does not ask for.
    pub cases_apart: usize,
}

impl Counts {
    pub fn of(diff: &Diff) -> Counts {
        let items = |change: Change| diff.items.iter().filter(|i| i.change == change).count();
        let answers = |is: fn(&Verdict) -> bool| diff.outcomes.iter().filter(|o| is(&o.verdict)).count();
        Counts {
            added: items(Change::Added),
            removed: items(Change::Removed),
            changed: items(Change::Changed),
            wording: diff.items.iter().filter(|i| i.wording).count(),
            renamed: items(Change::Renamed),
            answers_changed: answers(|v| matches!(v, Verdict::Changed { .. })),
            answers_proved: answers(|v| matches!(v, Verdict::Proved { .. })),
            answers_not_proved: answers(|v| matches!(v, Verdict::NotProved)),
            answers_added: answers(|v| matches!(v, Verdict::Added)),
            answers_removed: answers(|v| matches!(v, Verdict::Removed)),
            cases: diff.cases.len(),
            cases_apart: diff.cases.iter().filter(|c| !c.not_asked.is_empty()).count(),
        }
    }
}
