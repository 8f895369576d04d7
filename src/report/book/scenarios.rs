//! Scenarios: the facts, what comes out, and by which rule; and under each decision the scenarios that reach it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::html::{code, esc, link};
use super::{Book, Chapter};
use crate::eval::{Trial, TrialResult, decisions_of};
use crate::model::{DecisionId, InputId, ReadingId};
use crate::report::answer::{answer_text, expected_text};
use crate::source::Span;
use crate::value::Value;

impl Book<'_> {
    pub(super) fn scenario_chapter(&self) -> Option<Chapter> {
        if self.families.is_empty() {
            return None;
        }
        let mut body = String::new();
        let mut listed: Vec<(String, String)> = Vec::new();
        let mut file = None;
        for (anchor, range) in &self.families {
            let Some(trials) = self.trials.get(range.clone()) else { continue };
            let Some(first) = trials.first() else { continue };
            if file != Some(first.scenario.item.file) {
                file = Some(first.scenario.item.file);
                let path = self.path(first.scenario.item.file);
                let title = path.strip_suffix(".clause").unwrap_or(&path);
                let title = title.strip_prefix("scenarios/").unwrap_or(title).to_owned();
                let of_file = format!("scenarios-{}", title.replace(|c: char| c.is_whitespace(), "-"));
                let _ = writeln!(body, "<h3 class=\"part\" id=\"{}\">{}</h3>", esc(&of_file), esc(&title));
                listed.push((of_file, esc(&title)));
            }
            body.push_str(&self.family(anchor, trials));
        }
        let title = "Scenarios".to_owned();
        Some(Chapter { anchor: "chapter-scenarios".to_owned(), title, listed, body })
    }

    fn family(&self, anchor: &str, trials: &[Trial]) -> String {
        let Some(first) = trials.first() else { return String::new() };
        let common: Vec<(InputId, &Value)> =
            first.facts.given().filter(|(id, value)| trials.iter().all(|t| t.facts.get(*id) == Some(value))).collect();
        let in_all = |reading: &(ReadingId, u32)| trials.iter().all(|t| t.scenario.readings.contains(reading));
        let readings: Vec<(ReadingId, u32)> = first.scenario.readings.iter().copied().filter(in_all).collect();
        let mut body = String::new();
        if !first.scenario.cites.is_empty() {
            let _ = writeln!(body, "<p>Cites {}</p>", self.cites(&first.scenario.cites));
        }
        let given = self.given(&common, &readings);
        if !given.is_empty() {
            let _ = writeln!(body, "<p class=\"given\">Given {given}</p>");
        }
        if first.scenario.case.is_none() {
            for trial in trials {
                let _ = writeln!(body, "<ul class=\"results\">{}</ul>", self.results(trial));
            }
        } else {
            let mut rows = String::new();
            for trial in trials {
                let own: Vec<(InputId, &Value)> =
                    trial.facts.given().filter(|(id, _)| !common.iter().any(|(known, _)| known == id)).collect();
                let chosen: Vec<(ReadingId, u32)> =
                    trial.scenario.readings.iter().copied().filter(|r| !readings.contains(r)).collect();
                let _ = writeln!(
                    rows,
                    "<tr><th scope=\"row\">{} {}</th><td>{}</td><td><ul class=\"results\">{}</ul></td></tr>",
                    verdict(trial.holds()),
                    esc(trial.scenario.case.as_deref().unwrap_or_default()),
                    self.given(&own, &chosen),
                    self.results(trial)
                );
            }
            let headings = ["Case", "Given", "Comes to"];
            body.push_str(&super::items::table("cases", "Cases", &headings, &rows));
        }
        let name = first.scenario.item_name();
        let title = format!("{} {}", verdict(trials.iter().all(Trial::holds)), esc(name));
        self.item(anchor, "Scenario", &title, name, first.scenario.item, &body)
    }

    fn given(&self, facts: &[(InputId, &Value)], readings: &[(ReadingId, u32)]) -> String {
        let facts = facts.iter().map(|(id, value)| {
            let name = &self.model.input(*id).name;
            format!("{} = {}", self.names.linked(name, &[]), esc(&value.display(self.model).to_string()))
        });
        let readings = readings.iter().map(|(id, choice)| {
            let reading = self.model.reading(*id);
            let choice = self.model.member(reading.choices, *choice).map_or("", |m| m.name.as_str());
            format!("{} = {}", self.names.linked(&reading.name, &[]), esc(choice))
        });
        let all: Vec<String> = facts.chain(readings).map(|fact| format!("<code>{fact}</code>")).collect();
        all.join(", ")
    }

    fn results(&self, trial: &Trial) -> String {
        let mut html = String::new();
        for refused in &trial.refused {
            let _ = write!(html, "<li>{} {}</li>", verdict(false), esc(&self.model.input(refused.input).name));
        }
        for result in &trial.results {
            let path = &result.expectation.path;
            let answer = answer_text(self.model, &result.outcome.answer, "en");
            let answer = if result.outcome.answer.is_ok() { format!(" = {answer}") } else { format!(": {answer}") };
            let _ = write!(
                html,
                "<li>{} <code>{}{}</code>",
                verdict(result.holds),
                self.names.linked(path, &[]),
                esc(&answer)
            );
            if !result.holds {
                let expected = expected_text(self.model, &result.expectation.expected);
                let _ = write!(html, " <strong>expected {}</strong>", code(&expected));
            }
            let by: Vec<String> =
                self.reached_by(result).iter().filter_map(|span| self.places.at(*span)).map(|p| p.link()).collect();
            if !by.is_empty() {
                let _ = write!(html, " <span class=\"quiet\">by {}</span>", by.join(", "));
            }
            html.push_str("</li>");
        }
        html
    }

    /// The rules of the decisions asked for that gave a result, or that disagree about it.
    fn reached_by(&self, result: &TrialResult) -> Vec<Span> {
        let own = decisions_of(&result.expectation.target);
        let fired = result.fired.iter().filter(|(id, _)| own.contains(id)).map(|(_, fired)| fired.span);
        let conflicts = result.outcome.answer.as_ref().err().into_iter().flat_map(|why| &why.conflicts);
        let sides = conflicts.flat_map(|conflict| &conflict.sides).map(|side| side.span);
        let mut spans: Vec<Span> = Vec::new();
        for span in fired.chain(sides) {
            if !spans.contains(&span) {
                spans.push(span);
            }
        }
        spans
    }

    /// Under a decision: the scenarios that ask for it, by the rule that they reach.
    pub(super) fn reached(&self, id: DecisionId) -> String {
        let mut by_rule: BTreeMap<Option<Span>, Vec<String>> = BTreeMap::new();
        let mut count = 0;
        let mut failed = 0;
        for (anchor, range) in &self.families {
            for trial in self.trials.get(range.clone()).into_iter().flatten() {
                for result in &trial.results {
                    if !decisions_of(&result.expectation.target).contains(&id) {
                        continue;
                    }
                    count += 1;
                    failed += usize::from(!result.holds);
                    let name = link(anchor, &esc(&trial.scenario.name));
                    let answer = answer_text(self.model, &result.outcome.answer, "en");
                    let entry = format!("<li>{} {name}: {}</li>", verdict(result.holds), code(&answer));
                    let spans = self.reached_by(result);
                    let first = spans.first().copied().filter(|span| self.places.at(*span).is_some());
                    by_rule.entry(first).or_default().push(entry);
                }
            }
        }
        if count == 0 {
            return String::new();
        }
        let scenarios =
            if count == 1 { "1 scenario asks for it".to_owned() } else { format!("{count} scenarios ask for it") };
        let held = match failed {
            0 => "all hold".to_owned(),
            n => not_held(n),
        };
        let open = if failed > 0 { " open" } else { "" };
        let mut html = format!("<details class=\"reached\"{open}><summary>{scenarios}: {held}</summary>\n");
        for (span, entries) in by_rule {
            let heading = match span.and_then(|span| self.places.at(span)) {
                Some(place) => format!("by {}", place.link()),
                None => "by no rule of its own".to_owned(),
            };
            let _ = writeln!(html, "<p>{heading}</p><ul class=\"plain\">{}</ul>", entries.concat());
        }
        html.push_str("</details>\n");
        html
    }
}

/// `1 does not hold`, `2 do not hold`
pub(super) fn not_held(count: usize) -> String {
    if count == 1 { "1 does not hold".to_owned() } else { format!("{count} do not hold") }
}

/// Whether it holds, as a sign.
fn verdict(holds: bool) -> &'static str {
    if holds { "<b class=\"good\">✓</b>" } else { "<b class=\"bad\">✗ fails:</b>" }
}
