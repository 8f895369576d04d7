//! Answers that are read from logs: no facts can be asked one by one, so the scenarios that have logs are tried.

use super::names::{Edition, Names};
use super::outcomes::{clauses, witness};
use super::{Region, Side, answer_words};
use crate::check::Checked;
use crate::eval::{Known, Reason, outcome};
use crate::model::Scenario;
use crate::report::Target;
use crate::scenario::Facts;

/// Regions that are told of one answer.
const MOST_REGIONS: usize = 5;

/// The scenarios of either edition that have a log and come out otherwise, and how many were tried.
pub(super) fn regions(old: (&Checked, &Target), new: (&Checked, &Target), names: &Names) -> (Vec<Region>, usize) {
    let mut found: Vec<Region> = Vec::new();
    let mut tried = 0;
    for (edition, from, to) in [(Edition::New, new.0, old.0), (Edition::Old, old.0, new.0)] {
        let Some(own) = &from.model.log else { continue };
        for scenario in &from.model.scenarios {
            // A scenario that both editions have is tried once.
            let again = |known: &Scenario| edition == Edition::Old && known.name == scenario.name;
            if to.model.scenarios.iter().any(again) {
                continue;
            }
            let facts = Facts::of(&from.model, scenario);
            if facts.get(own.log).is_none() {
                continue;
            }
            let other = if edition == Edition::New { Edition::Old } else { Edition::New };
            let (translated, not_asked) = names.facts(&facts, &from.model, (&to.model, other));
            // The other edition would read another log.
            if not_asked.iter().any(|name| *name == from.model.input(own.log).name) {
                continue;
            }
            let (old_facts, new_facts) =
                if edition == Edition::New { (translated, facts) } else { (facts, translated) };
            let before = outcome(old.0, &old_facts, &old.1.expr).answer;
            let after = outcome(new.0, &new_facts, &new.1.expr).answer;
            let missing = |known: &Known| matches!(known, Err(why) if why.reason() == Reason::Missing);
            if missing(&before) || missing(&after) {
                continue;
            }
            tried += 1;
            let told = (answer_words(&old.0.model, &before), answer_words(&new.0.model, &after));
            let known = found.iter().any(|r| (&r.old.answer, &r.new.answer) == (&told.0, &told.1));
            if names.agree((&old.0.model, &before), (&new.0.model, &after)) || known || found.len() >= MOST_REGIONS {
                continue;
            }
            let side = |checked: &Checked, facts: &Facts, target: &Target, answer: String| Side {
                answer,
                formula: None,
                clauses: clauses(checked, facts, target),
                is_missing: false,
            };
            found.push(Region {
                when: Vec::new(),
                old: side(old.0, &old_facts, old.1, told.0),
                new: side(new.0, &new_facts, new.1, told.1),
                witness: witness((&old.0.model, &old_facts), (&new.0.model, &new_facts)),
                old_facts,
                new_facts,
                scenario: Some(scenario.name.clone()),
            });
        }
    }
    (found, tried)
}
