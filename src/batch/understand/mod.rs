//! Pieces understood: each bound column becomes a column of facts, and rows that cannot be understood are set aside.
//!
//! What a cell means is what the same text means in a facts file ([`fit`](crate::scenario::fit)). Ways that are faster
//! stand before it for what is met most often; whatever they don't know goes through it.

mod arrow;
mod bad;
mod bounds;
mod cell;
mod codes;
mod column;
mod delimited;
mod events;
mod grid;
mod json;
mod kept;
mod money;
mod names;
mod numbers;
mod one;
mod paths;
mod quick;
mod rows;
mod slow;
#[cfg(test)]
mod tests;
mod walk;

pub use events::{Events, WrongLog};
pub use one::{TextReader, WrongText};

use std::borrow::Cow;
use std::sync::Arc;

pub(super) use crate::columnar::days_of;
pub(super) use arrow::Texts;
use bad::Bad;
use column::Builder;
use grid::Grid;
pub(super) use grid::Written;
pub(super) use kept::{Kept, Raw};
use paths::Paths;
use slow::Slow;

use super::{Binding, Feed, Heading, NumberMarks, Piece, Reject};
use crate::check::Checked;
use crate::columnar::Cases;
use crate::model::TestKind;
use crate::scenario::Facts;

/// What a reader goes by. All of it is the same for every worker.
#[derive(Clone, Debug)]
pub struct Terms<'m> {
    pub checked: &'m Checked,
    pub headings: &'m [Heading],
    /// Where facts come from; other columns are not looked at.
    pub bindings: &'m [Binding],
    /// Columns that are carried along, by their places among the headings.
    pub kept: &'m [usize],
    pub marks: NumberMarks,
    /// Facts that all rows share: bounds such as `must be >= order.signed-on` may rest on them.
    pub shared: &'m Facts,
    /// Events from a file of their own.
    pub events: Option<Joined>,
}

/// Events joined to rows.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The column that holds the key, by its place among the headings.
    pub key: usize,
    pub events: Arc<Events>,
}

/// Understands pieces: one for each worker. What it gives borrows from it until the next piece.
#[derive(Debug)]
pub struct Reader<'m> {
    terms: Terms<'m>,
    builders: Vec<Builder<'m>>,
    /// For each heading its place among the cells of a grid, if it is looked at.
    slots: Vec<Option<usize>>,
    paths: Paths,
    grid: Grid,
    bad: Bad,
    /// Whether some `must be` of a bound input rests on other facts.
    dynamic: bool,
}

/// What was understood of a piece.
#[derive(Debug)]
pub struct Understood<'r> {
    /// The facts of the rows that were understood.
    pub cases: Cases<'r>,
    /// The number of each of those rows in its file, from 1.
    pub rows: Vec<u64>,
    /// Rows that were set aside, in order.
    pub rejects: Vec<Reject>,
    pub(super) kept: Kept<'r>,
}

impl<'m> Reader<'m> {
    /// Pieces are to come from a source that was told to [`want`](super::read::Source::want) at least
    /// [`Terms::wanted`].
    pub fn new(terms: Terms<'m>) -> Reader<'m> {
        let model = &terms.checked.model;
        let builders =
            terms.bindings.iter().map(|binding| Builder::new(Slow::new(model, binding, terms.marks), binding.feed));
        let mut builders: Vec<Builder> = builders.collect();
        if let (Some(joined), Some(log)) = (&terms.events, &model.log) {
            builders.retain(|builder| builder.slow.id != log.log);
            let binding = Binding { input: log.log, feed: Feed::Column(joined.key), values: Vec::new() };
            builders.push(Builder::joined(Slow::new(model, &binding, terms.marks), joined.key));
        }
        let wanted = terms.wanted();
        let mut slots = vec![None; terms.headings.len()];
        for (slot, column) in wanted.iter().enumerate() {
            if let Some(place) = slots.get_mut(*column) {
                *place = Some(slot);
            }
        }
        let names = wanted.iter().map(|column| terms.headings.get(*column).map_or("", |heading| &heading.name));
        let paths = Paths::new(names);
        let rests = |binding: &Binding| {
            model.input(binding.input).must_be.iter().any(|(test, _)| matches!(test.kind, TestKind::Dynamic(..)))
        };
        let dynamic = terms.bindings.iter().any(rests);
        Reader { terms, builders, slots, paths, grid: Grid::default(), bad: Bad::default(), dynamic }
    }

    /// Understands a piece. Rows with the numbers in `leave_out`, which are in order, are passed over: another edition
    /// set them aside.
    pub fn understand<'r>(&'r mut self, piece: &'r Piece, leave_out: &[u64]) -> Understood<'r> {
        self.builders.iter_mut().for_each(Builder::clear);
        let read = self.read(piece, leave_out);
        self.builders.iter().for_each(|builder| builder.hold_bounds(&mut self.bad));
        if self.dynamic {
            self.hold_dynamic_bounds();
        }
        let rejects = rows::rejects(&self.bad, piece, &self.grid, self.terms.headings);
        let rows = (0..read.rows).filter(|row| !self.bad.is(*row));
        let places: Vec<u32> = rows.map(|row| row as u32).collect();
        let rows: Vec<u64> = places.iter().map(|row| piece.first_row + u64::from(*row)).collect();
        let kept = Kept::of(self.terms.kept, &self.slots, self.terms.headings, piece, &self.grid, places);
        let bad = &self.bad;
        let mut cases = Cases::new(rows.len());
        for builder in &mut self.builders {
            builder.sift(bad);
            cases.give(builder.slow.id, builder.column());
        }
        let mut rejects = rejects;
        rejects.extend(read.broken);
        Understood { cases, rows, rejects, kept }
    }

    /// Sets aside the rows with a fact that a `must be` doesn't allow which rests on other facts.
    fn hold_dynamic_bounds(&mut self) {
        let checked = self.terms.checked;
        let mut found = Vec::new();
        let rows = self.bad.mask.len();
        // Columns that are held as values are lent for this, and come back.
        let mut lent = Cases::new(rows);
        for builder in &self.builders {
            lent.give(builder.slow.id, builder.lent());
        }
        for row in (0..rows).filter(|row| !self.bad.is(*row)) {
            let facts = lent.facts(&checked.model, self.terms.shared, row);
            for refused in crate::eval::refused(checked, &facts) {
                let Some(builder) = self.builders.iter().find(|builder| builder.slow.id == refused.input) else {
                    continue;
                };
                found.push((row, builder.met(), rows::refusal(checked, &facts, refused)));
            }
        }
        drop(lent);
        for (row, met, wrong) in found {
            self.bad.add(row, met, wrong);
        }
    }
}

impl Terms<'_> {
    /// The columns that are looked at, by their places among the headings, in order.
    #[must_use]
    pub fn wanted(&self) -> Vec<usize> {
        let fed = self.bindings.iter().flat_map(|binding| match binding.feed {
            Feed::Column(column) => [Some(column), None],
            Feed::Money { amount, currency } => [Some(amount), Some(currency)],
        });
        let mut wanted: Vec<usize> = fed.flatten().chain(self.kept.iter().copied()).collect();
        wanted.extend(self.events.iter().map(|joined| joined.key));
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }
}

impl Understood<'_> {
    /// What stands in a kept column, by its place among those kept; `None` where nothing stands.
    pub fn text(&self, kept: usize, row: usize) -> Option<Cow<'_, str>> {
        self.kept.text(kept, row)
    }
}
