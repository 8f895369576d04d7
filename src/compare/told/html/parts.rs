//! Small parts: what a line was and is, with the words that differ marked; conditions; citations.

use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use super::{Html, anchor, escaped};
use crate::compare::{Condition, Edition, Side};
use crate::model::ClauseId;

/// So much of two lines is the same, of 100; below, the words of two lines are not marked: they are two lines.
const ALIKE: usize = 35;
/// Clauses that are named before the rest is counted.
pub(super) const MOST_CITED: usize = 6;

/// Two texts, each with the words marked that the other has not.
pub(super) fn marked(old: &str, new: &str) -> (String, String) {
    let diff = TextDiff::from_words(old, new);
    let same = diff.iter_all_changes().filter(|c| c.tag() == ChangeTag::Equal).map(|c| c.value().trim().len());
    let common = 200 * same.sum::<usize>();
    if common < ALIKE * (old.trim().len() + new.trim().len()) {
        return (escaped(old), escaped(new));
    }
    let (mut before, mut after) = (String::new(), String::new());
    for change in diff.iter_all_changes() {
        let text = escaped(change.value());
        match change.tag() {
            ChangeTag::Equal => {
                before.push_str(&text);
                after.push_str(&text);
            }
            ChangeTag::Delete => push_marked(&mut before, "del", &text),
            ChangeTag::Insert => push_marked(&mut after, "ins", &text),
        }
    }
    // Words with nothing but a space between them are marked together.
    (before.replace("</del> <del>", " "), after.replace("</ins> <ins>", " "))
}

/// Words that follow each other are marked together.
fn push_marked(text: &mut String, tag: &str, word: &str) {
    let end = format!("</{tag}>");
    match text.strip_suffix(&end) {
        Some(kept) => {
            let kept = kept.len();
            text.truncate(kept);
        }
        None => {
            let _ = write!(text, "<{tag}>");
        }
    }
    text.push_str(word);
    text.push_str(&end);
}

impl Html<'_> {
    /// The kinds of cases of one region.
    pub(super) fn conditions(&mut self, when: &[Vec<Condition>], most: usize) {
        let words = |when: &Vec<Condition>| escaped(&crate::compare::told::text::when_words(when));
        match when {
            [] => {}
            [one] if words(one).is_empty() => self.text.push_str("<p>In every case:</p>"),
            [one] => {
                let _ = write!(self.text, "<p>When <span class=\"code\">{}</span>:</p>", words(one));
            }
            many => {
                self.text.push_str("<p>In each of these kinds of cases:</p><ul class=\"when\">");
                for one in many.iter().take(most) {
                    let _ = write!(self.text, "<li class=\"code\">{}</li>", words(one));
                }
                if many.len() > most {
                    let _ = write!(self.text, "<li>and {} more kinds</li>", many.len() - most);
                }
                self.text.push_str("</ul>");
            }
        }
    }

    /// What was, beside what is.
    pub(super) fn sides(&mut self, old: &Side, new: &Side) {
        let words = |side: &Side| crate::compare::told::text::side_words(side);
        let (before, after) = marked(&words(old), &words(new));
        self.text.push_str("<div class=\"sides\">");
        for (edition, class, heading, text, side) in
            [(Edition::Old, "old", "Was", before, old), (Edition::New, "new", "Now", after, new)]
        {
            let _ = write!(self.text, "<div class=\"{class}\"><h4>{heading}</h4><p>{text}</p>");
            self.cites(edition, &side.clauses, MOST_CITED);
            self.text.push_str("</div>");
        }
        self.text.push_str("</div>");
    }

    /// Clauses by name, each a way to what it says.
    pub(super) fn cites(&mut self, edition: Edition, clauses: &[String], most: usize) {
        if clauses.is_empty() || most == 0 {
            return;
        }
        let shown: Vec<String> = clauses.iter().take(most).map(|id| self.cite(edition, id)).collect();
        let more = clauses.len().saturating_sub(most);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = write!(self.text, "<p class=\"cites\">{}{more}</p>", shown.join(", "));
    }

    pub(super) fn cite(&mut self, edition: Edition, id: &str) -> String {
        let number = self.model(edition).clauses.iter().position(|c| c.id == id);
        match number {
            Some(number) => self.cite_number(edition, ClauseId(number as u32)),
            None => escaped(id),
        }
    }

    pub(super) fn cite_number(&mut self, edition: Edition, id: ClauseId) -> String {
        let is_new = edition == Edition::New;
        self.cited.insert((is_new, id.0));
        let clause = self.model(edition).clause(id);
        format!("<a href=#{}>{}</a>", anchor(is_new, id.0), escaped(&clause.id))
    }
}
