//! Where a rule stands: its decision, the exceptions round it, and their citations.

use crate::model::{ClauseId, DecisionId};

/// A group of rules within those round it, innermost first. It lives as long as the group is worked out; names and
/// citations are gathered from it only for what is told of the winners.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub decision: DecisionId,
    /// How many answers the decision has.
    pub columns: usize,
    /// The exception, or the table that supersedes.
    name: Option<&'p str>,
    // INVARIANT: empty where there is nothing outside.
    cites: &'p [ClauseId],
    outer: Option<&'p Place<'p>>,
}

impl<'p> Place<'p> {
    /// A decision, with nothing round it.
    pub fn new(decision: DecisionId, columns: usize) -> Self {
        Place { decision, columns, name: None, cites: &[], outer: None }
    }

    /// The same, under a name.
    pub fn named(self, name: &'p str) -> Self {
        Place { name: Some(name), ..self }
    }

    /// A group in this place.
    pub fn group(&'p self, cites: &'p [ClauseId]) -> Self {
        Place { name: None, cites, outer: Some(self), ..*self }
    }

    /// An exception in this place.
    pub fn exception(&'p self, name: &'p str) -> Self {
        Place { name: Some(name), cites: &[], outer: Some(self), ..*self }
    }

    /// Whether a name stands round it.
    pub fn is_within(&self) -> bool {
        self.name.is_some() || self.outer.is_some_and(Place::is_within)
    }

    /// The names round it, outermost first.
    pub fn within(&self) -> Vec<String> {
        let mut names = self.outer.map_or_else(Vec::new, Place::within);
        names.extend(self.name.map(str::to_owned));
        names
    }

    /// The clauses cited round it, outermost first, and then its own, each once.
    pub fn clauses(&self, own: &[ClauseId]) -> Vec<ClauseId> {
        let mut all = self.outer.map_or_else(Vec::new, |outer| outer.clauses(self.cites));
        for clause in own {
            if !all.contains(clause) {
                all.push(*clause);
            }
        }
        all
    }
}
