//! What changes in an answer from one edition to the next: for how many rows, from what to what, and who gains.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::amounts::{Sums, amount, is_counted};
use super::{Counts, MOST_TEXTS, OTHER};
use crate::model::{Model, Type};
use crate::value::Value;

/// What changes in an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Rows whose answer is the same.
    pub same: u64,
    /// Rows whose answer is another.
    pub changed: u64,
    /// By what it was, how often it became what.
    pub became: BTreeMap<String, Counts>,
    /// Amounts that grew: by how much, by unit.
    pub more: Sums,
    /// Amounts that shrank: by how much.
    pub less: Sums,
}

/// An answer, as it is counted.
pub type Side<'a> = Result<&'a Value, &'a str>;

impl Changes {
    /// Counts rows whose answer is another: what it was, and what it is.
    pub fn change(&mut self, model: &Model, ty: &Type, old: (Side, &str), new: (Side, &str), times: u64) {
        self.changed += times;
        let moved = if let (Ok(was), Ok(is)) = (old.0, new.0) { self.moved(model, was, is, times) } else { None };
        // Amounts change from anything to anything; which way and by how much is what counts.
        match moved {
            Some(grown) if !is_counted(ty) => {
                self.became("an amount", if grown { "a larger one" } else { "a smaller one" }, times);
            }
            _ => {
                let text = |side: (Side, &str)| match side.0 {
                    Ok(value) if amount(model, value).is_some() && !is_counted(ty) => "an amount".to_owned(),
                    _ => side.1.to_owned(),
                };
                self.became(&text(old), &text(new), times);
            }
        }
    }

    /// Of two amounts of one unit, or two dates, whether it grew; by how much they differ is counted.
    fn moved(&mut self, model: &Model, was: &Value, is: &Value, times: u64) -> Option<bool> {
        let (unit, difference) = match (was, is) {
            (Value::Date(was), Value::Date(is)) => ("days".to_owned(), Some((*is - *was).num_days().into())),
            (Value::DateTime(was), Value::DateTime(is)) => {
                ("seconds".to_owned(), Some((*is - *was).num_seconds().into()))
            }
            _ => match (amount(model, was), amount(model, is)) {
                (Some((unit, was)), Some((other, is))) if unit == other => (unit, is.checked_sub(was)),
                _ => return None,
            },
        };
        let difference: Decimal = difference?;
        let grown = !difference.is_sign_negative();
        let sums = if grown { &mut self.more } else { &mut self.less };
        sums.add(&unit, difference.abs(), times);
        Some(grown)
    }

    fn became(&mut self, was: &str, is: &str, times: u64) {
        match self.became.get_mut(was) {
            Some(counts) => counts.add(is, times),
            None => self.became.entry(was.to_owned()).or_default().add(is, times),
        }
    }

    /// Adds the changes of the next piece, as far as there is room for what was.
    pub fn merge(&mut self, more: &Changes) {
        self.same += more.same;
        self.changed += more.changed;
        for (was, counts) in &more.became {
            let is_room = self.became.len() < MOST_TEXTS || self.became.contains_key(was);
            self.became.entry(if is_room { was } else { OTHER }.to_owned()).or_default().merge(counts);
        }
        self.more.merge(&more.more);
        self.less.merge(&more.less);
    }

    /// What became of what, the most frequent first.
    pub fn by_frequency(&self) -> Vec<(&str, &str, u64)> {
        let mut all: Vec<(&str, &str, u64)> = Vec::new();
        for (was, counts) in &self.became {
            all.extend(counts.of.iter().map(|(is, times)| (was.as_str(), is.as_str(), *times)));
            if counts.other > 0 {
                all.push((was, "(other)", counts.other));
            }
        }
        all.sort_by(|a, b| b.2.cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
        all
    }
}
