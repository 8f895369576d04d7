//! The entries of the page: answers, cases, declarations.

use std::fmt::Write;

use super::parts::marked;
use super::{Html, attribute, escaped, section_tag};
use crate::compare::told::text::{signed, tally_words};
use crate::compare::{
    CaseChange, CellChange, Change, Diff, Edition, ItemChange, Line, LineSide, Renamed, RowChange, Verdict,
};

/// Pairs of answers of one decision, and kinds of cases of one pair.
const MOST_REGIONS: usize = 6;
const MOST_KINDS: usize = 4;
const MOST_CITED_IN_CASES: usize = 3;
/// Lines that did not change, shown beside those that did.
const AROUND: usize = 1;

impl Html<'_> {
    pub(super) fn answers(&mut self, diff: &Diff) {
        let changed: Vec<_> = diff.changed().collect();
        let _ = write!(
            self.text,
            "<section class=\"group\" aria-labelledby=\"answers\"><h2 id=\"answers\">Answers that changed ({})</h2>",
            changed.len()
        );
        for change in changed {
            let Verdict::Changed { regions, all } = &change.verdict else { continue };
            self.open_entry("answer", change.section.as_deref());
            let _ = write!(
                self.text,
                "<div class=head><h3 class=code id=\"answer-{}\">{}</h3>{}</div>",
                attribute(&change.path),
                escaped(&change.path),
                section_tag(change.section.as_deref())
            );
            if let Some(label) = change.labels.in_language(self.lang) {
                let _ = write!(self.text, "<p class=\"dim\" lang=\"{}\">{}</p>", attribute(self.lang), escaped(label));
            }
            for region in regions.iter().take(MOST_REGIONS) {
                self.text.push_str("<div class=\"region\">");
                self.conditions(&region.when, MOST_KINDS);
                self.sides(&region.old, &region.new);
                self.witness(&change.path, region);
                self.text.push_str("</div>");
            }
            if regions.len() > MOST_REGIONS {
                let more = regions.len() - MOST_REGIONS;
                let _ = write!(self.text, "<p class=\"dim\">And {more} more pairs of answers.</p>");
            }
            if !all {
                let _ = write!(
                    self.text,
                    "<p class=\"dim\">Found by trying {} cases; there may be more: {}.</p>",
                    change.tried,
                    escaped(&change.doubts.join("; "))
                );
            }
            self.text.push_str("</article>\n");
        }
        self.none();
        self.text.push_str("</section>\n");
    }

    pub(super) fn portfolio(&mut self, diff: &Diff) {
        let Some(portfolio) = &diff.portfolio else { return };
        let _ = write!(
            self.text,
            "<section class=\"group\" aria-labelledby=\"portfolio\"><h2 id=\"portfolio\">Cases given: {} of {} with \
             another answer</h2>",
            portfolio.cases.len(),
            portfolio.given
        );
        if !portfolio.tallies.is_empty() {
            self.text.push_str(
                "<table><caption>For how many, and by how much</caption><thead><tr><th scope=\"col\">Answer</th>\
                 <th scope=\"col\">Change</th></tr></thead><tbody>",
            );
            for tally in &portfolio.tallies {
                let _ = write!(
                    self.text,
                    "<tr><th scope=\"row\" class=\"code\">{}</th><td>{}</td></tr>",
                    escaped(&tally.path),
                    escaped(&tally_words(tally))
                );
            }
            self.text.push_str("</tbody></table>");
        }
        portfolio.cases.iter().for_each(|case| self.case(diff, case));
        self.none();
        self.text.push_str("</section>\n");
    }

    pub(super) fn scenarios(&mut self, diff: &Diff) {
        let _ = write!(
            self.text,
            "<section class=\"group\" aria-labelledby=\"scenarios\"><h2 id=\"scenarios\">Scenarios with another answer \
             ({})</h2>",
            diff.cases.len()
        );
        // Those that both editions can be asked come first.
        let (both, apart): (Vec<_>, Vec<_>) = diff.cases.iter().partition(|c| c.not_asked.is_empty());
        both.into_iter().chain(apart).for_each(|case| self.case(diff, case));
        self.none();
        self.text.push_str("</section>\n");
    }

    fn case(&mut self, diff: &Diff, case: &CaseChange) {
        let own = |path: &str| diff.outcomes.iter().find(|o| o.path == path)?.section.as_deref();
        let mut sections: Vec<&str> = case.answers.iter().filter_map(|a| own(&a.path)).collect();
        sections.dedup();
        self.open_entry("case", Some(&sections.join(" ")));
        let of = match case.of {
            Some(Edition::Old) => "<i class=tag>of the old edition</i>",
            Some(Edition::New) => "<i class=tag>of the new edition</i>",
            None => "",
        };
        let _ = write!(self.text, "<div class=head><h3>{}</h3>{of}</div>", escaped(&case.name));
        if !case.not_asked.is_empty() {
            // Of cases that the other edition cannot be asked in full, the answers are enough.
            for answer in &case.answers {
                let (old, new) = marked(&answer.old.answer, &answer.new.answer);
                let path = escaped(&answer.path);
                let _ = write!(self.text, "<p><code>{path}</code>: {old} → {new}</p>");
            }
            let _ = write!(
                self.text,
                "<p class=dim>Not asked by the other edition: {}</p></article>",
                escaped(&case.not_asked.join(", "))
            );
            return;
        }
        self.text.push_str(
            "<table><thead><tr><th scope=\"col\">Answer</th><th scope=\"col\">Was</th><th scope=\"col\">Now</th>\
             </tr></thead><tbody>",
        );
        for answer in &case.answers {
            let (old, new) = marked(&answer.old.answer, &answer.new.answer);
            let by = answer.by.as_ref().map_or(String::new(), |by| format!(" <b>({})</b>", escaped(&signed(by))));
            let _ = write!(
                self.text,
                "<tr><th scope=\"row\" class=\"code\">{}</th><td class=\"old\">{old}",
                escaped(&answer.path)
            );
            self.cites(Edition::Old, &answer.old.clauses, MOST_CITED_IN_CASES);
            let _ = write!(self.text, "</td><td class=\"new\">{new}{by}");
            self.cites(Edition::New, &answer.new.clauses, MOST_CITED_IN_CASES);
            self.text.push_str("</td></tr>");
        }
        self.text.push_str("</tbody></table></article>\n");
    }

    pub(super) fn declarations(&mut self, diff: &Diff) {
        let _ = write!(
            self.text,
            "<section class=\"group\" aria-labelledby=\"declarations\"><h2 id=\"declarations\">Declarations ({})</h2>",
            diff.items.len()
        );
        // What changed is read before what only one edition has.
        let rank = |item: &ItemChange| match item.change {
            Change::Changed if !item.wording => 0,
            Change::Renamed => 1,
            Change::Added => 2,
            Change::Removed => 3,
            Change::Changed => 4,
        };
        let mut items: Vec<&ItemChange> = diff.items.iter().collect();
        items.sort_by_key(|item| (rank(item), item.kind));
        items.into_iter().for_each(|item| self.item(item));
        self.none();
        self.text.push_str("</section>\n");
    }

    fn item(&mut self, item: &ItemChange) {
        let kind = if item.wording { "wording" } else { item.change.word() };
        self.open_entry(kind, item.section.as_deref());
        let said = if item.wording { "changed in words and citations only" } else { item.change.word() };
        let _ = write!(
            self.text,
            "<div class=head><h3>{} <code>{}</code></h3><i class=\"tag {}\">{said}</i>{}</div>",
            item.kind.word(),
            escaped(&item.name),
            item.change.word(),
            section_tag(item.section.as_deref())
        );
        match &item.was {
            None => {}
            Some((name, Renamed::Said)) => {
                let _ =
                    write!(self.text, "<p>Was <span class=\"code\">{}</span>, as an edition says.</p>", escaped(name));
            }
            Some((name, Renamed::Alike(alike))) => {
                let _ = write!(
                    self.text,
                    "<p>Was <span class=\"code\">{}</span>, it seems: {alike} % of what they say is alike.</p>",
                    escaped(name)
                );
            }
        }
        match item.change {
            Change::Renamed => {}
            Change::Added | Change::Removed => self.one_sided(item),
            Change::Changed if !item.rows.is_empty() => self.rows(&item.rows),
            Change::Changed => self.lines(&item.lines, if item.wording { 0 } else { AROUND }),
        }
        // Whole texts name their clauses themselves.
        let one_sided = matches!(item.change, Change::Added | Change::Removed);
        if !one_sided && item.kind != crate::compare::ItemKind::Clause {
            self.cites(Edition::New, &item.clauses, MOST_CITED_IN_CASES);
        }
        self.text.push_str("</article>\n");
    }

    /// What only one edition has, folded.
    fn one_sided(&mut self, item: &ItemChange) {
        let class = if item.change == Change::Added { "new" } else { "old" };
        let text: Vec<&str> = item.lines.iter().map(|l| l.text.as_str()).skip(1).collect();
        if text.iter().all(|line| line.trim().is_empty()) {
            return;
        }
        let _ = write!(
            self.text,
            "<details><summary>Text</summary><pre class={class}>{}</pre></details>",
            escaped(&text.join("\n"))
        );
    }

    fn rows(&mut self, rows: &[RowChange]) {
        self.text.push_str(
            "<table><thead><tr><th scope=\"col\">Row</th><th scope=\"col\">Answer</th><th scope=\"col\">Was</th>\
             <th scope=\"col\">Now</th></tr></thead><tbody>",
        );
        for row in rows {
            let key: Vec<String> =
                row.key.iter().filter(|(_, cell)| cell != "any").map(|(h, cell)| format!("{h} {cell}")).collect();
            let key = if key.is_empty() { "every case".to_owned() } else { key.join(", ") };
            let (said, cells) = match &row.change {
                CellChange::Added(cells) => (" (new row)", cells),
                CellChange::Removed(cells) => (" (row removed)", cells),
                CellChange::Cells(cells) => ("", cells),
            };
            for (number, cell) in cells.iter().enumerate() {
                self.text.push_str("<tr>");
                if number == 0 {
                    let _ = write!(
                        self.text,
                        "<th scope=\"rowgroup\" rowspan=\"{}\" class=\"code\">{}{said}</th>",
                        cells.len(),
                        escaped(&key)
                    );
                }
                let (old, new) = match (&cell.old, &cell.new) {
                    (Some(old), Some(new)) => marked(old, new),
                    (old, new) => (
                        old.as_ref().map_or("–".to_owned(), |t| escaped(t)),
                        new.as_ref().map_or("–".to_owned(), |t| escaped(t)),
                    ),
                };
                let _ = write!(
                    self.text,
                    "<td class=\"code\">{}</td><td class=\"old code\">{old}</td><td class=\"new code\">{new}</td></tr>",
                    escaped(&cell.column)
                );
            }
        }
        self.text.push_str("</tbody></table>");
    }

    /// Lines of both editions side by side; of those that are the same, a few round what changed.
    fn lines(&mut self, lines: &[Line], around: usize) {
        self.text.push_str("<table class=lines aria-label=\"was and now\">");
        let near = |at: usize| {
            let from = at.saturating_sub(around);
            lines[from..(at + around + 1).min(lines.len())].iter().any(|l| l.side != LineSide::Both)
        };
        let mut at = 0;
        let mut gap = false;
        while at < lines.len() {
            if lines[at].side == LineSide::Both {
                if near(at) {
                    let text = escaped(&lines[at].text);
                    let _ = write!(self.text, "<tr><td>{text}</td><td>{text}</td></tr>");
                    gap = false;
                } else if !gap && around > 0 {
                    self.text.push_str("<tr><td class=gap colspan=2>…</td></tr>");
                    gap = true;
                }
                at += 1;
                continue;
            }
            gap = false;
            let run = lines[at..].iter().take_while(|l| l.side != LineSide::Both).count();
            let of = |side: LineSide| -> Vec<&str> {
                lines[at..at + run].iter().filter(|l| l.side == side).map(|l| l.text.as_str()).collect()
            };
            let (old, new) = (of(LineSide::Old), of(LineSide::New));
            for number in 0..old.len().max(new.len()) {
                let (before, after) = match (old.get(number), new.get(number)) {
                    (Some(old), Some(new)) => marked(old, new),
                    (old, new) => {
                        (old.map_or(String::new(), |t| escaped(t)), new.map_or(String::new(), |t| escaped(t)))
                    }
                };
                let class = |has: bool, class: &str| if has { format!(" class={class}") } else { String::new() };
                let _ = write!(
                    self.text,
                    "<tr><td{}>{before}</td><td{}>{after}</td></tr>",
                    class(number < old.len(), "o"),
                    class(number < new.len(), "n")
                );
            }
            at += run;
        }
        self.text.push_str("</table>");
    }
}
