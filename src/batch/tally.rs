//! What a run came to, counted: by decision and answer, by reason, by clause, by group; amounts summed; and, between
//! two editions, what changes. Counts of pieces are added up in the order of the input, so that they are the same
//! whatever the number of workers. They can be written down and read again, to go on with a run.

mod amounts;
mod changes;
mod count;
mod json;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use amounts::{Amounts, Sums};
pub use changes::Changes;
pub use count::Counter;
pub use json::{VERSION, tally_json};
pub use text::{number, tally_text};

/// Different texts that are told apart in one place; what comes after so many is counted together.
pub const MOST_TEXTS: usize = 1_000;
/// Groups that are told apart.
pub const MOST_GROUPS: usize = 1_000;
/// What groups, and answers that became others, are counted under when there are too many.
pub const OTHER: &str = "(other)";

/// What a run, or a piece of one, came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows that were evaluated.
    pub rows: u64,
    /// Rows that were set aside.
    pub rejected: u64,
    /// Of the whole.
    pub answers: Vec<AnswerTally>,
    /// By the text of a column.
    pub groups: BTreeMap<String, Group>,
}

/// Rows with the same text in the column by which they are grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub rows: u64,
    pub answers: Vec<AnswerTally>,
}

/// What one answer came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTally {
    /// Rows for which it is determined.
    pub determined: u64,
    /// How often each value came out. Of money and other measures without end, none.
    pub values: Counts,
    /// By the kind of reason, how often there is no value, in the words of each.
    pub reasons: BTreeMap<String, Counts>,
    /// By currency or unit.
    pub amounts: Sums,
    /// By the number of a clause, for how many rows it is behind the answer.
    pub clauses: BTreeMap<u32, u64>,
    /// Against the old edition.
    pub changes: Option<Changes>,
}

/// How often texts occur.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub of: BTreeMap<String, u64>,
    /// What came after there were [`MOST_TEXTS`] different ones.
    pub other: u64,
}

impl Counts {
    /// Counts a text, however many there are: within a piece there are no more than rows, and in what order they come is
    /// the worker's own.
    pub fn add(&mut self, text: &str, times: u64) {
        match self.of.get_mut(text) {
            Some(count) => *count += times,
            None => drop(self.of.insert(text.to_owned(), times)),
        }
    }

    /// Adds the counts of the next piece, as far as there is room for its texts.
    pub fn merge(&mut self, more: &Counts) {
        for (text, times) in &more.of {
            let is_room = self.of.len() < MOST_TEXTS || self.of.contains_key(text);
            if is_room { self.add(text, *times) } else { self.other += times }
        }
        self.other += more.other;
    }

    pub fn total(&self) -> u64 {
        self.of.values().sum::<u64>() + self.other
    }

    /// The most frequent first; of those that are as frequent, in the order of the letters.
    pub fn by_frequency(&self) -> Vec<(&str, u64)> {
        let mut sorted: Vec<(&str, u64)> = self.of.iter().map(|(text, times)| (text.as_str(), *times)).collect();
        sorted.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
        sorted
    }
}

impl AnswerTally {
    pub fn merge(&mut self, more: &AnswerTally) {
        self.determined += more.determined;
        self.values.merge(&more.values);
        for (reason, words) in &more.reasons {
            self.reasons.entry(reason.clone()).or_default().merge(words);
        }
        self.amounts.merge(&more.amounts);
        for (clause, rows) in &more.clauses {
            *self.clauses.entry(*clause).or_default() += rows;
        }
        if let Some(changes) = &more.changes {
            self.changes.get_or_insert_default().merge(changes);
        }
    }
}

impl Tally {
    /// Nothing counted yet, for so many answers.
    pub fn none(answers: usize) -> Tally {
        Tally { answers: vec![AnswerTally::default(); answers], ..Tally::default() }
    }

    /// Adds what the next piece came to.
    pub fn merge(&mut self, more: &Tally) {
        self.rows += more.rows;
        self.rejected += more.rejected;
        merge_answers(&mut self.answers, &more.answers);
        for (name, group) in &more.groups {
            let own = self.group(name);
            own.rows += group.rows;
            merge_answers(&mut own.answers, &group.answers);
        }
    }

    /// The group of a name, or the one for all that is too much.
    fn group(&mut self, name: &str) -> &mut Group {
        let is_room = self.groups.len() < MOST_GROUPS || self.groups.contains_key(name);
        self.groups.entry(if is_room { name } else { OTHER }.to_owned()).or_default()
    }

    /// For how many answers and rows something changes against the old edition.
    pub fn changed(&self) -> u64 {
        self.answers.iter().filter_map(|a| a.changes.as_ref()).map(|c| c.changed).sum()
    }
}

fn merge_answers(own: &mut Vec<AnswerTally>, more: &[AnswerTally]) {
    if own.len() < more.len() {
        own.resize(more.len(), AnswerTally::default());
    }
    own.iter_mut().zip(more).for_each(|(own, more)| own.merge(more));
}
