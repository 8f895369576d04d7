//! A difference as one page of HTML that opens from disk: no network, no other files. Everything stands in the page
//! as text; the script only filters and unfolds.

mod entries;
mod parts;
mod tree;

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Counts;
use crate::check::Checked;
use crate::compare::{Diff, Edition, Verdict};
use crate::model::Model;
use crate::report::clause_says;
use crate::source::Sources;

/// Both editions, for the reasoning behind answers and what clauses say.
pub struct PageOf<'a> {
    pub old: (&'a Checked, &'a Sources),
    pub new: (&'a Checked, &'a Sources),
}

/// Bytes of reasoning on one page; what comes after is left to `clausal explain`.
const MOST_REASONING: usize = 80_000;

/// A page under construction.
struct Html<'a> {
    of: &'a PageOf<'a>,
    lang: &'a str,
    text: String,
    /// Clauses that were cited, by edition and number, to be told at the end.
    cited: BTreeSet<(bool, u32)>,
    /// Reasoning so far, in bytes.
    reasoning: usize,
    /// Witnesses whose reasoning found no room.
    left_out: usize,
}

/// The whole difference as a page. `lang` is that of labels and of what clauses say.
pub fn diff_html(diff: &Diff, of: &PageOf, lang: &str) -> String {
    let mut page = Html { of, lang, text: String::new(), cited: BTreeSet::new(), reasoning: 0, left_out: 0 };
    let title = format!("{} → {}", diff.old, diff.new);
    let title = escaped(&title);
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
    let _ = write!(
        page.text,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"generator\" content=\"clausal {}\">\n<title>{title}</title>\n<style>{}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the differences</a>\n<header>\n<h1>{title}</h1>\n",
        env!("CARGO_PKG_VERSION"),
        include_str!("page.css"),
    );
    page.summary(diff);
    page.text.push_str("</header>\n");
    page.navigation(diff);
    page.filter(diff);
    page.text.push_str("<main id=\"main\" tabindex=\"-1\">\n");
    page.answers(diff);
    page.portfolio(diff);
    page.scenarios(diff);
    page.unproved(diff);
    page.declarations(diff);
    page.clauses();
    page.text.push_str("</main>\n");
    page.footer();
    let _ = write!(page.text, "<script>{}</script>\n</body>\n</html>\n", include_str!("page.js"));
    page.text
}

impl Html<'_> {
    fn model(&self, edition: Edition) -> &Model {
        match edition {
            Edition::Old => &self.of.old.0.model,
            Edition::New => &self.of.new.0.model,
        }
    }

    fn summary(&mut self, diff: &Diff) {
        let n = Counts::of(diff);
        if diff.is_empty() {
            self.text.push_str("<p><strong>Nothing changed.</strong></p>\n");
        }
        let mut cards: Vec<(usize, &str, String)> = vec![
            (n.answers_changed, "answers changed", "each with the facts for which it did".to_owned()),
            (n.answers_proved, "answers proved unchanged", "the same for all facts of both editions".to_owned()),
            (n.answers_not_proved, "answers not proved", "no difference found, not every case tried".to_owned()),
            (
                n.cases,
                "scenarios with another answer",
                format!("{} of them with facts that the other edition does not ask for", n.cases_apart),
            ),
            (
                n.added + n.removed + n.changed + n.renamed,
                "declarations",
                format!(
                    "{} added, {} removed, {} changed ({} in words only), {} renamed",
                    n.added, n.removed, n.changed, n.wording, n.renamed
                ),
            ),
        ];
        if let Some(portfolio) = &diff.portfolio {
            let words = format!("of {} cases given", portfolio.given);
            cards.insert(0, (portfolio.cases.len(), "cases with another answer", words));
        }
        self.text.push_str("<ul class=\"facts\">");
        for (number, what, more) in cards {
            let _ = write!(self.text, "<li><b>{number}</b>{what}<span>{}</span></li>", escaped(&more));
        }
        self.text.push_str("</ul>\n");
    }

    fn navigation(&mut self, diff: &Diff) {
        let mut parts = vec![("answers", "Answers that changed")];
        if diff.portfolio.is_some() {
            parts.push(("portfolio", "Cases given"));
        }
        parts.extend([
            ("scenarios", "Scenarios"),
            ("unproved", "Not proved"),
            ("declarations", "Declarations"),
            ("clauses", "Clauses"),
        ]);
        self.text.push_str("<nav aria-label=\"Parts of the page\"><ul>");
        for (id, words) in parts {
            let _ = write!(self.text, "<li><a href=\"#{id}\">{words}</a></li>");
        }
        self.text.push_str("</ul></nav>\n");
    }

    fn filter(&mut self, diff: &Diff) {
        let mut sections: BTreeSet<&str> = diff.items.iter().filter_map(|i| i.section.as_deref()).collect();
        sections.extend(diff.outcomes.iter().filter_map(|o| o.section.as_deref()));
        self.text.push_str(
            "<form id=\"filter\" role=\"search\" aria-label=\"Filter the differences\" hidden><div class=\"filter\">\
             <label>Words<input type=\"search\" id=\"text\" autocomplete=\"off\"></label>\
             <label>Section<select id=\"section\"><option value=\"\">all</option>",
        );
        let mut sections: Vec<&str> = sections.into_iter().collect();
        sections.sort_by_key(|s| (s.split('.').map(|p| p.parse().unwrap_or(u32::MAX)).collect::<Vec<u32>>(), *s));
        for section in sections {
            let (value, shown) = (attribute(section), escaped(section));
            let _ = write!(self.text, "<option value=\"{value}\">§{shown}</option>");
        }
        self.text.push_str("</select></label><fieldset><legend>Kinds of change</legend>");
        for (value, words) in [
            ("answer", "answers"),
            ("case", "cases"),
            ("unproved", "not proved"),
            ("added", "added"),
            ("removed", "removed"),
            ("changed", "changed"),
            ("renamed", "renamed"),
            ("wording", "words only"),
        ] {
            let box_ = format!("<input type=\"checkbox\" value=\"{value}\" checked>");
            let _ = write!(self.text, "<label>{box_} {words}</label> ");
        }
        self.text.push_str(
            "</fieldset><button type=\"reset\">Show all</button><button type=\"button\" id=\"unfold\">Unfold all\
             </button><button type=\"button\" id=\"fold\">Fold all</button>\
             <output id=\"count\" aria-live=\"polite\"></output></div></form>\n",
        );
    }

    /// What the clauses say that were cited, each once for each edition.
    fn clauses(&mut self) {
        self.text.push_str("<section aria-labelledby=\"clauses\"><h2 id=\"clauses\">Clauses</h2>");
        self.text.push_str("<p class=\"dim\">What the clauses cited above say, as the rules paraphrase them.</p>");
        for (is_new, heading) in [(false, "In the old edition"), (true, "In the new edition")] {
            let numbers: Vec<u32> = self.cited.iter().filter(|(new, _)| *new == is_new).map(|(_, n)| *n).collect();
            if numbers.is_empty() {
                continue;
            }
            let edition = if is_new { Edition::New } else { Edition::Old };
            let mut list = String::new();
            for number in numbers {
                let Some(clause) = self.model(edition).clauses.get(number as usize) else { continue };
                let section = clause.section.as_ref().map_or(String::new(), |s| format!(" §{}", escaped(s)));
                let _ = write!(
                    list,
                    "<dt id=\"{}\">{}{section}</dt><dd>{}</dd>",
                    anchor(is_new, number),
                    escaped(&clause.id),
                    escaped(clause_says(clause, self.lang))
                );
            }
            let _ = write!(self.text, "<h3>{heading}</h3><dl class=\"clauses\">{list}</dl>");
        }
        self.text.push_str("</section>\n");
    }

    fn footer(&mut self) {
        self.text.push_str("<footer><h2>How to read this page</h2>");
        self.text.push_str(
            "<p>An answer that <em>changed</em> is told by the facts for which it did, what it was and what it is now, \
             with the smallest case that shows it. Unless it is said that there may be more, these are all the facts \
             for which it differs. Readings stand as they do by default where nothing is said of them.</p>\
             <p><em>Proved unchanged</em>: for all facts that both editions know, both give the same answer. \
             <em>Not proved</em>: no difference was found in the cases that were tried, and they do not stand for all.\
             </p><p>A thing that has another name in the new edition is followed where one edition says so, or where \
             both say nearly the same; then it is told how alike they are, and it is for the reader to judge.</p>",
        );
        if self.left_out > 0 {
            let _ = write!(
                self.text,
                "<p>For {} cases the reasoning is left out to keep the page small; \
                 <code>clausal explain</code> tells it.</p>",
                self.left_out
            );
        }
        self.text.push_str("</footer>\n");
    }

    fn unproved(&mut self, diff: &Diff) {
        self.text.push_str(
            "<section class=\"group\" aria-labelledby=\"unproved\"><h2 id=\"unproved\">Not proved</h2>\
             <p class=\"dim\">No difference was found here, and the cases tried do not stand for all.</p>",
        );
        for change in diff.outcomes.iter().filter(|o| matches!(o.verdict, Verdict::NotProved)) {
            let tried = if change.tried == 1 { "1 case".to_owned() } else { format!("{} cases", change.tried) };
            self.open_entry("unproved", change.section.as_deref());
            let _ = write!(
                self.text,
                "<div class=\"head\"><h3 class=\"code\">{}</h3>{}<span class=\"tag\">{tried} tried</span></div>\
                 <p class=\"dim\">{}</p></article>",
                escaped(&change.path),
                section_tag(change.section.as_deref()),
                escaped(&change.doubts.join("; "))
            );
        }
        self.none();
        self.text.push_str("</section>\n");
    }

    /// Said where nothing is shown.
    fn none(&mut self) {
        self.text.push_str("<p class=\"none\">Nothing to show.</p>");
    }

    fn open_entry(&mut self, kind: &str, section: Option<&str>) {
        let section = attribute(section.unwrap_or_default());
        let _ = write!(self.text, "<article class=entry data-kind={kind} data-section=\"{section}\">");
    }
}

fn section_tag(section: Option<&str>) -> String {
    section.map_or(String::new(), |s| format!("<i class=tag>§{}</i>", escaped(s)))
}

/// The place of a clause on the page.
fn anchor(is_new: bool, number: u32) -> String {
    format!("{}{number}", if is_new { 'n' } else { 'o' })
}

/// A text between quotes, in a tag.
fn attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

/// A text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            c if c.is_control() && c != '\n' && c != '\t' => shown.push('\u{FFFD}'),
            c => shown.push(c),
        }
    }
    shown
}
