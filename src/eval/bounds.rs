//! What `must be` says of the facts, where that takes other facts: `must be >= event.starts-on`.

use super::Evaluation;
use crate::check::Checked;
use crate::model::{InputId, Model, TestKind, holds};
use crate::scenario::Facts;
use crate::source::Span;

/// A given fact that its input's `must be` does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub input: InputId,
    /// The condition that it breaks, in the rules.
    pub condition: Span,
}

/// The given facts that break a `must be`. A bound that rests on a fact not given allows everything.
pub fn refused(checked: &Checked, facts: &Facts) -> Vec<Refused> {
    let model: &Model = &checked.model;
    let mut found = Vec::new();
    let evaluation = Evaluation::new(checked, facts);
    for (id, value) in facts.given() {
        for (test, _) in &model.input(id).must_be {
            let allowed = match &test.kind {
                TestKind::Dynamic(op, bound) => {
                    evaluation.value(bound).ok().and_then(|bound| holds(*op, value, &bound)).unwrap_or(true)
                }
                _ => test.holds(value).unwrap_or(true),
            };
            if !allowed {
                found.push(Refused { input: id, condition: test.span });
            }
        }
    }
    found
}
