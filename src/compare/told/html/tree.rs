//! The reasoning behind an answer as nested lists.

use std::fmt::Write;

use super::{Html, MOST_REASONING, escaped};
use crate::compare::{Edition, Region};
use crate::report::{Applies, Node, explain, step_text, targets_named};

/// Steps of one reasoning that are shown.
const MOST_STEPS: usize = 24;

impl Html<'_> {
    /// A case that shows a region: its facts, and why each edition answers as it does.
    pub(super) fn witness(&mut self, path: &str, region: &Region) {
        let summary = match &region.scenario {
            Some(name) => format!("The scenario that shows it: {}", escaped(name)),
            None => "A case that shows it, and the reasoning".to_owned(),
        };
        let _ = write!(self.text, "<details class=\"witness\"><summary>{summary}</summary>");
        if region.scenario.is_none() {
            if region.witness.is_empty() {
                self.text.push_str("<p>It takes no facts.</p>");
            } else {
                self.text.push_str("<dl>");
                for (name, value) in &region.witness {
                    let _ = write!(
                        self.text,
                        "<dt class=\"code\">{}</dt><dd class=\"code\">{}</dd>",
                        escaped(name),
                        escaped(value)
                    );
                }
                self.text.push_str("</dl>");
            }
        }
        if self.reasoning >= MOST_REASONING {
            self.left_out += 1;
            self.text
                .push_str("<p class=\"dim\">The reasoning is left out here, to keep the page small.</p></details>");
            return;
        }
        let before = self.text.len();
        self.text.push_str("<div class=\"sides\">");
        for (edition, class, heading, facts) in [
            (Edition::Old, "old", "Reasoning in the old edition", &region.old_facts),
            (Edition::New, "new", "Reasoning in the new edition", &region.new_facts),
        ] {
            let checked = if edition == Edition::Old { self.of.old.0 } else { self.of.new.0 };
            let _ = write!(self.text, "<div class=\"{class}\"><h4>{heading}</h4>");
            let target = targets_named(&checked.model, path).ok().and_then(|mut found| found.pop());
            if let Some(target) = target {
                let node = explain(checked, facts, &target);
                let mut room = MOST_STEPS;
                self.text.push_str("<ul class=\"tree\">");
                self.step(edition, &node, &mut room);
                self.text.push_str("</ul>");
                let mut all = 0;
                node.walk(&mut |_| all += 1);
                if room == 0 && all > MOST_STEPS {
                    self.text.push_str("<p class=\"dim\">The rest is told by <code>clausal explain</code>.</p>");
                }
            }
            self.text.push_str("</div>");
        }
        self.text.push_str("</div></details>");
        self.reasoning += self.text.len() - before;
    }

    fn step(&mut self, edition: Edition, node: &Node, room: &mut usize) {
        if *room == 0 {
            return;
        }
        *room -= 1;
        let words = escaped(&step_text(self.model(edition), node, self.lang));
        let class = if node.standing == Some(Applies::No) { " class=\"no\"" } else { "" };
        let _ = write!(self.text, "<li{class}>{words}");
        if !node.clauses.is_empty() && node.standing != Some(Applies::No) {
            let cited: Vec<String> = node.clauses.iter().map(|id| self.cite_number(edition, *id)).collect();
            let _ = write!(self.text, " <i>[{}]</i>", cited.join(", "));
        }
        // Of what does not apply it is enough to know that.
        if node.standing != Some(Applies::No) && !node.parts.is_empty() && *room > 0 {
            self.text.push_str("<ul>");
            node.parts.iter().for_each(|part| self.step(edition, part, room));
            self.text.push_str("</ul>");
        }
        self.text.push_str("</li>");
    }
}
