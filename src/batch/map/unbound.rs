//! Columns that feed nothing, and inputs that nothing feeds: told once, with what was probably meant.

use super::{Map, columns_of};
use crate::batch::Heading;
use crate::diag::nearest;
use crate::model::{Input, InputId, Model};

/// What is left over on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unbound {
    /// Columns that are not used, each with the input that it was probably meant for.
    pub columns: Vec<(usize, Option<InputId>)>,
    /// Inputs that are asked for and that no column feeds, in source order.
    pub inputs: Vec<InputId>,
}

/// Columns that feed nothing and are not used otherwise, and those of the inputs asked for that are not fed.
pub fn unbound(model: &Model, headings: &[Heading], map: &Map, asked: &[InputId], used: &[usize]) -> Unbound {
    let is_bound = |place: &usize| map.bindings.iter().any(|b| columns_of(b).contains(place));
    let is_left = |place: &usize| !is_bound(place) && !used.contains(place) && !map.ignored.contains(place);
    let is_fed = |input: &InputId| map.bindings.iter().any(|b| b.input == *input);
    let free: Vec<&Input> =
        (0..).map(InputId).zip(&model.inputs).filter(|(id, _)| !is_fed(id)).map(|(_, i)| i).collect();
    let meant = |place: usize| -> Option<InputId> {
        let heading = headings.get(place)?.name.trim();
        let labelled = free.iter().find(|i| i.labels.0.iter().any(|(_, text)| text.eq_ignore_ascii_case(heading)));
        let dashed = heading.to_lowercase().replace([' ', '_'], "-");
        let same_end = || free.iter().find(|i| i.name.rsplit('.').next() == Some(dashed.as_str()));
        let near = || nearest(&dashed, free.iter().map(|i| i.name.as_str()));
        let name = labelled.or_else(same_end).map(|i| i.name.as_str()).or_else(near)?;
        model.input_named(name)
    };
    let columns = (0..headings.len()).filter(is_left).map(|place| (place, meant(place))).collect();
    Unbound { columns, inputs: asked.iter().copied().filter(|id| !is_fed(id)).collect() }
}
