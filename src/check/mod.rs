//! The analyses that a lawyer would want before signing: gaps, overlaps, conflicts, cycles, citations. What passes
//! is sealed as [`Checked`], the only thing that evaluation accepts.

mod citations;
mod conflicts;
mod cycles;
mod index;
mod marks;
mod one_way;
mod overlaps;
mod predecessors;
mod tables;
mod timeline;
mod usage;
pub mod witness;

pub use citations::{ClauseStatus, citations_by_clause};
pub(crate) use cycles::needed_by;
pub use index::Index;
pub use marks::marked_service;
pub use predecessors::predecessors;
pub use timeline::{Needs, Timeline};
pub use usage::{asks_log, inputs_asked};

use crate::diag::{Problem, has_errors, in_source_order};
use crate::model::Model;

/// A model without errors, with an index for every table that can have one.
#[derive(Debug)]
pub struct Checked {
    pub model: Model,
    indexes: Vec<Option<Index>>,
    /// What a log can change, and what turns on that.
    pub(crate) timeline: Timeline,
    /// Calendars built so far; only a memory.
    pub(crate) calendars: crate::eval::Built,
}

impl Checked {
    /// The index of a table, by the table's number.
    pub fn index(&self, table: u32) -> Option<&Index> {
        self.indexes.get(table as usize)?.as_ref()
    }
}

/// Analyses a model. It is sealed if nothing is wrong; warnings do not stand in the way.
pub fn check(model: Model) -> (Option<Checked>, Vec<Problem>) {
    let mut problems = Vec::new();
    cycles::check(&model, &mut problems);
    if has_errors(&problems) {
        return (None, in_source_order(problems));
    }
    let (indexes, suspects) = tables::check(&model, &mut problems);
    usage::check(&model, &mut problems);
    citations::check(&model, &mut problems);
    marks::check(&model, &mut problems);
    one_way::check(&model, &mut problems);
    timeline::check(&model, &mut problems);
    let timeline = Timeline::of(&model);
    let checked = Checked { model, indexes, timeline, calendars: Default::default() };
    // What follows needs facts to be tried, so the rules must stand so far.
    if !has_errors(&problems) {
        overlaps::check(&checked, &suspects, &mut problems);
        conflicts::check(&checked, &mut problems);
    }
    let sealed = (!has_errors(&problems)).then_some(checked);
    (sealed, in_source_order(problems))
}
