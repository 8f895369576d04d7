//! `values = { "Sev A" = "severity-1" }`: texts of a file that stand for others.

use unicode_normalization::UnicodeNormalization;

use super::Reading;
use crate::model::{InputId, Model, Type};
use crate::scenario::document::{Data, Key, Node};
use crate::scenario::fit;

impl Reading<'_> {
    /// What texts stand for. Each must be something that the input can take, or empty for a fact that is not given.
    pub(super) fn values(&mut self, input: InputId, entries: &[(Key, Node)]) -> Vec<(String, String)> {
        let mut values = Vec::new();
        for (key, node) in entries {
            let text = match &node.data {
                Data::Text(text) | Data::Number(text) => text.nfc().collect::<String>(),
                Data::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
                _ => {
                    let help = "write what it stands for in quotes";
                    self.wrong(node.span.clone(), format!("`{}` stands for a text", key.name), help);
                    continue;
                }
            };
            match refused(self.model, input, &text) {
                Some((why, help)) if !text.is_empty() => {
                    let help = help.unwrap_or_else(|| "write it as a facts file would".to_owned());
                    self.wrong(node.span.clone(), why, help);
                }
                _ => values.push((key.name.clone(), text)),
            }
        }
        values
    }
}

/// Why a text is none of the values of an input, and how to mend it.
pub(crate) fn refused(model: &Model, input: InputId, text: &str) -> Option<(String, Option<String>)> {
    let input = model.input(input);
    // Sets and lists are written as JSON in a cell, and currencies may stand in a column of their own.
    if matches!(input.ty, Type::Set(_) | Type::List(_) | Type::Record(_) | Type::Log | Type::Money(None)) {
        return None;
    }
    let node = Node { span: 0..0, data: Data::Text(text.to_owned()) };
    let key = Key { span: 0..0, name: input.name.clone() };
    let document = Node { span: 0..0, data: Data::Map(vec![(key, node)]) };
    let fitted = fit::fit(model, &document, crate::source::FileId(0), &fit::no_files);
    fitted.problems.into_iter().next().map(|problem| (problem.message, problem.help))
}
