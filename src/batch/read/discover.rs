//! The headings of JSON: the names that its first records have.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value as Json};
use unicode_normalization::UnicodeNormalization;

use crate::batch::{Heading, HeadingKind};

/// So many records are looked at.
pub const LOOKED_AT: usize = 1000;
/// The most headings that are found; a file with more has values for names.
const MOST_HEADINGS: usize = 10_000;

/// The names in some records, in the order in which they are met, then those expected that none of them has.
pub fn headings<'a>(records: impl Iterator<Item = &'a [u8]>, expected: &[String]) -> Vec<Heading> {
    let whole: HashSet<&str> = expected.iter().map(String::as_str).collect();
    let mut found = Found { whole: &whole, seen: HashSet::new(), names: Vec::new() };
    for record in records.take(LOOKED_AT) {
        // What is no record is told of when its row is understood.
        if let Ok(Json::Object(parts)) = serde_json::from_slice::<Json>(record) {
            found.group("", &parts);
        }
    }
    let Found { seen, names, .. } = found;
    let mut headings: Vec<Heading> = names.into_iter().map(|name| Heading { name, kind: HeadingKind::Any }).collect();
    let mut unseen = HashSet::new();
    for name in expected.iter().filter(|name| !seen.contains(*name)) {
        if unseen.insert(name) {
            headings.push(Heading { name: name.clone(), kind: HeadingKind::Unseen });
        }
    }
    headings
}

struct Found<'a> {
    whole: &'a HashSet<&'a str>,
    seen: HashSet<String>,
    names: Vec<String>,
}

impl Found<'_> {
    fn group(&mut self, above: &str, parts: &Map<String, Json>) {
        for (name, value) in parts {
            let name = if name.is_ascii() { Cow::Borrowed(name.as_str()) } else { name.nfc().collect() };
            let path = if above.is_empty() { name } else { Cow::Owned(format!("{above}.{name}")) };
            match value {
                Json::Object(parts) if !self.whole.contains(&*path) && !parts.is_empty() => {
                    self.group(&path, parts);
                }
                _ if self.seen.contains(&*path) || self.names.len() >= MOST_HEADINGS => {}
                _ => {
                    self.seen.insert(path.clone().into_owned());
                    self.names.push(path.into_owned());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_taken_apart_unless_they_are_expected_whole() {
        let records =
            [r#"{"id": 1, "order": {"fee": {"amount": 1}, "on": null}}"#, "no json", r#"{"id": 2, "late": true}"#];
        let expected = ["order.fee".to_owned(), "order.severity".to_owned()];
        let found = headings(records.iter().map(|record| record.as_bytes()), &expected);
        let names: Vec<(&str, HeadingKind)> = found.iter().map(|h| (h.name.as_str(), h.kind)).collect();
        let any = HeadingKind::Any;
        let unseen = ("order.severity", HeadingKind::Unseen);
        assert_eq!(names, [("id", any), ("order.fee", any), ("order.on", any), ("late", any), unseen]);
    }
}
