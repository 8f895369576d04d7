//! Scenarios: facts, readings and expectations.

use super::{Builder, Node, Rule};
use crate::syntax::tree;

impl Builder<'_> {
    pub(super) fn scenario(&mut self, pair: Node) -> Option<tree::Scenario> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::scenario_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::text).cloned()?;
        let mut item = tree::Scenario {
            name: self.text_of(&name),
            cites: tree::Cites::default(),
            given: vec![],
            readings: vec![],
            log: vec![],
            as_of: None,
            edition: None,
            governed_on: None,
            expect: vec![],
            table: None,
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::given => item.given.extend(self.assignments(part)),
                Rule::readings => item.readings.extend(self.assignments(part)),
                Rule::log => {
                    let entries = part.into_inner().filter(|p| p.as_rule() == Rule::log_entry);
                    item.log.extend(entries.filter_map(|e| self.log_entry(e)));
                }
                Rule::as_of => item.as_of = self.names_of(part, Rule::date_time).pop(),
                Rule::of_edition => item.edition = self.names_of(part, Rule::word).pop(),
                Rule::governed => item.governed_on = self.names_of(part, Rule::date).pop(),
                Rule::expect => {
                    let expectations = part.into_inner().filter(|p| p.as_rule() == Rule::expectation);
                    item.expect.extend(expectations.filter_map(|e| self.expectation(e)));
                }
                Rule::table => match (&mut item.table, self.table(part)) {
                    (slot @ None, table) => *slot = table,
                    (Some(_), Some(second)) => self.second_table(second.span),
                    _ => {}
                },
                _ => {}
            }
        }
        Some(item)
    }

    pub(super) fn assignments(&mut self, pair: Node) -> Vec<tree::Assignment> {
        let assignments = pair.into_inner().filter(|p| p.as_rule() == Rule::assignment);
        assignments
            .filter_map(|pair| {
                let span = self.span(&pair);
                let mut parts = pair.into_inner().filter(|p| matches!(p.as_rule(), Rule::path | Rule::expr));
                let (path, value) = (parts.next()?, parts.next()?);
                Some(tree::Assignment { path: self.name(&path), value: self.expr(value), span })
            })
            .collect()
    }

    fn expectation(&mut self, pair: Node) -> Option<tree::Expectation> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner().filter(|p| matches!(p.as_rule(), Rule::path | Rule::expected));
        let (path, expected) = (parts.next()?, parts.next()?);
        let expected_span = self.span(&expected);
        let kind = self.cell_kind(expected.into_inner().next()?)?;
        let expected = tree::Cell { kind, span: expected_span };
        Some(tree::Expectation { path: self.name(&path), expected, span })
    }
}
