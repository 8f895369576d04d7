//! The tree of reasoning as text.

use std::collections::HashSet;

use super::{Applies, Node, NodeKind};
use crate::eval::Known;
use crate::model::{ClauseId, Model};
use crate::report::answer::why_text;
use crate::report::outcome_text::clause_says;
use crate::report::page::{Ink, Page};
use crate::report::value::value_text;
use crate::source::Sources;

/// Draws a tree on a page. What a clause says is told where it is first cited.
pub fn explanation_text(page: &mut Page, model: &Model, sources: &Sources, node: &Node, lang: &str) {
    let mut drawing = Drawing { page, model, sources, lang, told: HashSet::new() };
    drawing.step(node, "", "");
}

struct Drawing<'a> {
    page: &'a mut Page,
    model: &'a Model,
    sources: &'a Sources,
    lang: &'a str,
    told: HashSet<ClauseId>,
}

impl Drawing<'_> {
    /// A step after `first`, its further lines and its parts after `rest`.
    fn step(&mut self, node: &Node, first: &str, rest: &str) {
        let (mark, ink) = match node.standing {
            Some(Applies::Yes) => ("✓ ", Ink::Bold),
            Some(Applies::No) => ("✗ ", Ink::Dim),
            Some(Applies::Superseded) => ("– ", Ink::Dim),
            Some(Applies::Open) => ("? ", Ink::Warn),
            None if node.kind == NodeKind::Decision => ("", Ink::Bold),
            None => ("", Ink::Plain),
        };
        let below = if node.parts.is_empty() { "    " } else { "│   " };
        let hanging = format!("{rest}{below}");
        self.page.hanging(&format!("{first}{mark}"), &hanging, ink, &self.line(node));
        if let Some(label) = node.labels.shown(self.lang) {
            self.page.hanging(&hanging, &hanging, Ink::Dim, &label);
        }
        let (told, new): (Vec<ClauseId>, Vec<ClauseId>) = node.clauses.iter().partition(|c| self.told.contains(c));
        let mut whence: Vec<String> = Vec::new();
        if matches!(
            node.kind,
            NodeKind::Rule | NodeKind::Row | NodeKind::Table | NodeKind::Footnote | NodeKind::Transition
        ) {
            whence.extend(node.at.map(|span| {
                let place = self.sources.place(span);
                format!("{}:{}", self.sources.file(span.file).name, place.line)
            }));
        }
        whence.extend(told.iter().map(|c| format!("[{}]", self.model.clause(*c).id)));
        if !whence.is_empty() {
            self.page.hanging(&hanging, &hanging, Ink::Dim, &whence.join(" "));
        }
        for clause in new {
            self.told.insert(clause);
            let clause = self.model.clause(clause);
            let section = clause.section.as_ref().map_or(String::new(), |s| format!(" §{s}"));
            let says = format!("[{}]{section} {}", clause.id, clause_says(clause, self.lang));
            self.page.hanging(&hanging, &format!("{hanging}  "), Ink::Dim, &says);
        }
        let last = node.parts.len().saturating_sub(1);
        for (number, part) in node.parts.iter().enumerate() {
            let (branch, bar) = if number == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.step(part, &format!("{rest}{branch}"), &format!("{rest}{bar}"));
        }
    }

    fn line(&self, node: &Node) -> String {
        step_text(self.model, node, self.lang)
    }
}

/// A step's words, what they came to, and what there is to say of them.
pub fn step_text(model: &Model, node: &Node, lang: &str) -> String {
    let mut line = node.words.clone();
    if let Some(answer) = &node.answer {
        line.push_str(&answered(model, node.kind, answer, lang));
    }
    let mut remarks: Vec<String> = Vec::new();
    match node.standing {
        // Of these the mark says enough.
        Some(_) if matches!(node.kind, NodeKind::Line | NodeKind::Day | NodeKind::Change) => {}
        Some(Applies::Open) if node.kind == NodeKind::Transition => {}
        Some(Applies::No) if node.kind == NodeKind::Footnote => remarks.push("does not apply here".to_owned()),
        Some(Applies::No) => remarks.push("does not apply".to_owned()),
        Some(Applies::Superseded) => remarks.push("superseded".to_owned()),
        Some(Applies::Open) => remarks.push("may apply".to_owned()),
        Some(Applies::Yes) | None => {}
    }
    remarks.extend(node.remark.clone().filter(|r| r != "not given"));
    match node.kind {
        _ if remarks.is_empty() => line,
        NodeKind::Let => format!("{line}, which is {}", remarks.join("; ")),
        _ => format!("{line} — {}", remarks.join("; ")),
    }
}

fn answered(model: &Model, kind: NodeKind, answer: &Known, lang: &str) -> String {
    match (kind, answer) {
        (NodeKind::Condition, Ok(crate::value::Value::YesNo(yes))) => {
            if *yes {
                ": yes".to_owned()
            } else {
                ": no".to_owned()
            }
        }
        (_, Ok(value)) => format!(" = {}", value_text(model, value, lang)),
        (NodeKind::Fact, Err(_)) => ": not given".to_owned(),
        (_, Err(why)) => format!(": {}", why_text(model, why, lang)),
    }
}
