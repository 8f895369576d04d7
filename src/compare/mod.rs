//! Two editions side by side: what changed in what they declare, in what they decide and for whom, with a case that
//! shows each change.
//!
//! ```text
//! two editions ─(items)→ declarations, cells, clauses
//!              ─(outcomes)→ regions of facts with other answers, each with a witness
//!              ─(cases)→ scenarios and portfolios that come out otherwise
//! ```
//!
//! Things are the same thing if they have the same name, or if one edition says that it `was` the other, or if they are
//! alike enough, which is said. Moving or setting text otherwise is no difference.

mod cases;
mod cells;
mod classes;
mod conditions;
mod items;
mod likeness;
mod linear;
mod logs;
mod meaning;
mod names;
mod outcomes;
mod pieces;
mod regions;
pub mod told;
mod tree;
mod turns;

pub use cases::{AnswerChange, CaseChange, Given, Portfolio, Tally};
pub use cells::{Cell, CellChange, RowChange};
pub use items::{Change, ItemChange, ItemKind, Line, LineSide, Renamed};
pub use names::{Edition, Names};
pub use outcomes::{Condition, OutcomeChange, Region, Side, Verdict};

use crate::check::Checked;
use crate::eval::{Known, Reason};
use crate::model::Model;

/// What is compared, and how much is tried.
#[derive(Clone, Debug)]
pub struct Options {
    /// Cases of one answer, in both editions, before it is called "not proved".
    pub cases: usize,
    /// Only these decisions, or parts of one; all, if empty.
    pub decisions: Vec<String>,
    /// Cases of real customers.
    pub portfolio: Vec<Given>,
}

impl Default for Options {
    fn default() -> Self {
        Options { cases: 2_000, decisions: Vec::new(), portfolio: Vec::new() }
    }
}

impl Options {
    /// Whether an answer is to be compared.
    fn wants(&self, path: &str) -> bool {
        let named =
            |name: &String| path == name || path.strip_prefix(name.as_str()).is_some_and(|r| r.starts_with('.'));
        self.decisions.is_empty() || self.decisions.iter().any(named)
    }
}

/// What changed from one edition to another.
#[derive(Clone, Debug)]
pub struct Diff {
    /// `ms-unified 2023`
    pub old: String,
    pub new: String,
    pub items: Vec<ItemChange>,
    /// Every answer of every decision, in the order of the new edition, then those that only the old one gives.
    pub outcomes: Vec<OutcomeChange>,
    /// Scenarios of either edition whose answers are not the same.
    pub cases: Vec<CaseChange>,
    /// The portfolio, if one was given.
    pub portfolio: Option<Portfolio>,
}

impl Diff {
    /// Whether nothing changed: neither a declaration, nor an outcome, nor a scenario.
    pub fn is_empty(&self) -> bool {
        let unchanged = |o: &OutcomeChange| matches!(o.verdict, Verdict::Proved { .. } | Verdict::NotProved);
        let portfolio = self.portfolio.as_ref().is_none_or(|p| p.cases.is_empty());
        self.items.is_empty() && self.cases.is_empty() && portfolio && self.outcomes.iter().all(unchanged)
    }

    /// The answers that changed.
    pub fn changed(&self) -> impl Iterator<Item = &OutcomeChange> {
        self.outcomes.iter().filter(|o| matches!(o.verdict, Verdict::Changed { .. }))
    }
}

/// Compares two editions.
pub fn diff(old: &Checked, new: &Checked, options: &Options) -> Diff {
    let names = Names::of(&old.model, &new.model);
    let same = meaning::Same::of(&old.model, &new.model);
    let mut items = items::changes(&old.model, &new.model, &names);
    if !options.decisions.is_empty() {
        let decision = |name: &String| name.split('.').next().unwrap_or(name).to_owned();
        let wanted: Vec<String> = options.decisions.iter().map(decision).collect();
        items.retain(|item| wanted.contains(&item.name));
    }
    let wants = |path: &str| options.wants(path);
    Diff {
        old: title(&old.model),
        new: title(&new.model),
        items,
        outcomes: outcomes::changes(old, new, &names, &same, options.cases, &wants),
        cases: cases::of_scenarios(old, new, &names, &same, &wants),
        portfolio: (!options.portfolio.is_empty())
            .then(|| cases::portfolio(old, new, &names, (&same, &wants), &options.portfolio)),
    }
}

fn title(model: &Model) -> String {
    let title = model.title();
    if title.is_empty() { "rules without an agreement".to_owned() } else { title }
}

/// An answer in words that mean the same in both editions: names of members, parties, readings and facts.
pub fn answer_words(model: &Model, answer: &Known) -> String {
    let why = match answer {
        Ok(value) => return value.display(model).to_string(),
        Err(why) => why,
    };
    match why.reason() {
        Reason::Fault => {
            let faults: Vec<String> = why.faults.iter().map(|f| f.fault.to_string()).collect();
            format!("cannot be worked out: {}", faults.join("; "))
        }
        Reason::Conflict => {
            let mut sides: Vec<String> =
                why.conflicts.iter().flat_map(|c| &c.sides).map(|s| answer_words(model, &s.answer)).collect();
            sides.sort();
            sides.dedup();
            format!("conflict: {}", sides.join(" against "))
        }
        Reason::Missing => {
            let mut facts: Vec<String> =
                why.missing.iter().map(|f| format!("{}{}", model.input(f.input).name, f.part)).collect();
            facts.extend(why.unjudged.iter().filter_map(|days| {
                let calendar = model.calendars.get(days.calendar as usize)?;
                Some(format!("{} from {} to {}", calendar.name, days.from, days.to))
            }));
            facts.sort();
            format!("facts missing: {}", facts.join(", "))
        }
        Reason::OpenReading => {
            let mut readings: Vec<&str> = why.readings.iter().map(|r| model.reading(*r).name.as_str()).collect();
            readings.sort_unstable();
            format!("open reading: {}", readings.join(", "))
        }
        Reason::Discretion => {
            let mut parts: Vec<String> = why
                .discretion
                .iter()
                .map(|d| {
                    let meanwhile = d.meanwhile.as_ref();
                    let meanwhile = meanwhile.map_or(String::new(), |m| format!(", meanwhile {}", m.display(model)));
                    format!("at the discretion of {}{meanwhile}", model.party(d.party))
                })
                .collect();
            parts.sort();
            parts.dedup();
            parts.join("; ")
        }
        Reason::Silence => "silent".to_owned(),
    }
}
