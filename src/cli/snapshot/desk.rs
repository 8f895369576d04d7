//! What a reviewer sees of a change beside its diff: the rules and clauses that stand behind it.

use clausal::RuleSet;
use clausal::model::{ClauseId, Model};
use clausal::report::snapshot::{Behind, Origin, Shelf};
use clausal::report::{Ink, Page, PageStyle, clause_ids_json, clause_says, clauses_json, place_json};
use serde_json::{Value, json};

use super::super::shared::Opened;
use super::compare::Change;

/// The most answers or declarations that are shown behind one change on a terminal.
const MOST_SHOWN: usize = 12;

/// The rules of a change, and what stands behind it.
pub struct Told<'a> {
    opened: &'a Opened,
    model: Option<&'a Model>,
    behind: Vec<Behind>,
}

impl<'a> Told<'a> {
    pub fn of(opened: &'a Opened, change: &Change) -> Told<'a> {
        let model = |set: &'a RuleSet| set.checked.as_ref().map(|checked| &checked.model);
        let holds = |set: &&RuleSet| model_of(set).and_then(Shelf::of).is_some_and(|shelf| shelf.holds(&change.name));
        let set = opened.sets.iter().find(holds);
        let behind = set.map_or(Vec::new(), |set| set.behind(&opened.sources, &change.name, &change.stored));
        Told { opened, model: set.and_then(model), behind }
    }

    /// For people: each answer or declaration with its rules, their places, and what the clauses say.
    pub fn text(&self, style: PageStyle, lang: &str) -> String {
        let mut page = Page::new(style);
        let Some(model) = self.model else { return String::new() };
        let mut said: Vec<ClauseId> = Vec::new();
        for behind in self.behind.iter().take(MOST_SHOWN) {
            page.hanging("  ", "    ", Ink::Bold, &heading(behind));
            for source in &behind.sources {
                page.hanging("    ", "      ", Ink::Plain, &format!("{}  {}", source.text, self.place(source.at)));
                for clause in &source.clauses {
                    self.clause(&mut page, model, *clause, &mut said, lang);
                }
            }
            let others: Vec<&str> = behind
                .clauses
                .iter()
                .filter(|c| !behind.sources.iter().any(|source| source.clauses.contains(c)))
                .map(|c| model.clause(*c).id.as_str())
                .collect();
            if !others.is_empty() {
                page.hanging("    also cites ", "      ", Ink::Dim, &others.join(", "));
            }
        }
        if self.behind.len() > MOST_SHOWN {
            page.line(2, Ink::Dim, &format!("… and {} more", self.behind.len() - MOST_SHOWN));
        }
        page.finish()
    }

    /// What a clause says, the first time that it is named.
    fn clause(&self, page: &mut Page, model: &Model, id: ClauseId, said: &mut Vec<ClauseId>, lang: &str) {
        let clause = model.clause(id);
        if said.contains(&id) {
            page.line(6, Ink::Dim, &format!("[{}]", clause.id));
            return;
        }
        said.push(id);
        let section = clause.section.as_ref().map_or(String::new(), |section| format!("§{section} "));
        let says = clause_says(clause, lang);
        page.hanging(&format!("      [{}] ", clause.id), "        ", Ink::Dim, &format!("{section}{says}"));
    }

    /// `rules/x.clause:12`
    fn place(&self, at: clausal::source::Span) -> String {
        let sources = &self.opened.sources;
        format!("{}:{}", sources.file(at.file).name, sources.place(at).line)
    }

    /// For programs.
    pub fn json(&self) -> (Value, Value) {
        let Some(model) = self.model else { return (json!([]), json!({})) };
        let mut all: Vec<ClauseId> = Vec::new();
        let behind: Vec<Value> = self
            .behind
            .iter()
            .map(|behind| {
                all.extend(behind.sources.iter().flat_map(|source| &source.clauses).chain(&behind.clauses));
                let sources: Vec<Value> = behind
                    .sources
                    .iter()
                    .map(|source| {
                        json!({
                            "rule": source.text,
                            "at": place_json(&self.opened.sources, source.at),
                            "clauses": clause_ids_json(model, &source.clauses),
                        })
                    })
                    .collect();
                json!({
                    "case": behind.case,
                    "subject": behind.subject,
                    "origin": origin(behind.origin),
                    "expects": behind.expects,
                    "rules": sources,
                    "clauses": clause_ids_json(model, &behind.clauses),
                })
            })
            .collect();
        all.sort();
        all.dedup();
        (json!(behind), clauses_json(model, &all))
    }
}

fn model_of(set: &RuleSet) -> Option<&Model> {
    set.checked.as_ref().map(|checked| &checked.model)
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::New => "new",
        Origin::Changed => "changed",
        Origin::Gone => "gone",
    }
}

/// `case "at the threshold": mcsap-plus (new)`
fn heading(behind: &Behind) -> String {
    let case = behind.case.as_ref().map_or(String::new(), |case| format!("case \"{case}\": "));
    let origin = match behind.origin {
        Origin::Changed => "",
        Origin::New => " (new)",
        Origin::Gone => " (no longer there)",
    };
    let expects = behind.expects.as_ref().map_or(String::new(), |e| format!(" (the scenario expects {e}: it fails)"));
    format!("{case}{}{origin}{expects}", behind.subject)
}
