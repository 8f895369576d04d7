//! An edition as a book: one HTML file that opens from disk and needs nothing else. The same rules give the same bytes.

mod decision;
mod front;
mod html;
mod items;
mod places;
mod register;
mod scenarios;
mod time;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use html::{Names, esc};
use places::Places;

use crate::check::Checked;
use crate::eval::{Trial, run};
use crate::model::{ClauseId, Decision, ExprKind, InputId, ItemRef, Labels, Model, ReadingId, Scenario};
use crate::source::{FileId, Sources, Span};

/// The style and the script of a book; there is nothing of the rules in them.
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A book, and what is in it.
#[derive(Clone, Debug)]
pub struct Bound {
    pub html: String,
    pub clauses: usize,
    pub decisions: usize,
    /// Scenarios, each case counted, and how many of them do not hold.
    pub scenarios: usize,
    pub failed: usize,
}

/// What the chapters are written from.
struct Book<'a> {
    checked: &'a Checked,
    model: &'a Model,
    sources: &'a Sources,
    names: Names,
    places: Places,
    trials: Vec<Trial<'a>>,
    /// The names of scenarios as written, with the numbers of their cases.
    families: Vec<(String, std::ops::Range<usize>)>,
    /// The languages of the edition's labels.
    languages: Vec<String>,
    /// The decisions that turn on each input and reading by name.
    inputs_used: BTreeMap<InputId, Vec<usize>>,
    readings_used: BTreeMap<ReadingId, Vec<usize>>,
    root: &'a str,
}

/// Binds an edition. `file` gives the path of a scenario's file within it; `lang` is the language that is shown first.
pub fn book(checked: &Checked, sources: &Sources, root: &str, lang: &str, file: &dyn Fn(&Scenario) -> String) -> Bound {
    let model = &checked.model;
    let trials: Vec<Trial> = model.scenarios.iter().map(|scenario| run(checked, scenario)).collect();
    let scenarios: Vec<&Scenario> = model.scenarios.iter().collect();
    let shelf = super::snapshot::Shelf { rules: String::new(), outcomes: "scenario".to_owned() };
    let families = super::snapshot::family_names(&shelf, &scenarios, file);
    let (inputs_used, readings_used) = uses(model);
    let book = Book {
        checked,
        model,
        sources,
        names: Names::of(model),
        places: Places::of(model),
        trials,
        families,
        languages: languages(model),
        inputs_used,
        readings_used,
        root,
    };
    Bound {
        html: book.html(lang),
        clauses: model.clauses.len(),
        decisions: model.decisions.len(),
        scenarios: book.trials.len(),
        failed: book.trials.iter().filter(|trial| !trial.holds()).count(),
    }
}

/// A chapter: its anchor, its title as HTML, and what it holds.
struct Chapter {
    anchor: String,
    title: String,
    /// Anchors and names of what a table of contents lists.
    listed: Vec<(String, String)>,
    body: String,
}

impl<'a> Book<'a> {
    fn html(&self, lang: &str) -> String {
        let lang = match self.languages.iter().any(|l| l == lang) {
            true => lang,
            false => self.languages.first().map_or("en", String::as_str),
        };
        let chapters = self.chapters();
        let mut html = String::new();
        let title = esc(&self.plain_title(lang));
        // No file, no network, no other page: the browser is told so too.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'";
        let _ = write!(
            html,
            "<!doctype html>\n<html lang=\"en\" data-lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"generator\" content=\"clausal doc\">\n<title>{title}</title>\n\
             <style>\n{STYLE}{}</style>\n</head>\n<body>\n",
            esc(lang),
            self.language_style()
        );
        html.push_str("<a class=\"skip\" href=\"#main\">To the text</a>\n");
        html.push_str(&self.bar(lang));
        html.push_str("<div class=\"page\">\n");
        html.push_str(&contents(&chapters));
        html.push_str("<main id=\"main\" tabindex=\"-1\">\n");
        html.push_str(&self.title_page());
        for chapter in &chapters {
            let Chapter { anchor, title, body, .. } = chapter;
            let _ = write!(
                html,
                "<section class=\"chapter\" id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{title}</h2>\n\
                 {body}</section>\n",
                esc(anchor)
            );
        }
        let _ = write!(html, "</main>\n</div>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
        html
    }

    fn chapters(&self) -> Vec<Chapter> {
        let mut chapters: Vec<Chapter> = Vec::new();
        chapters.extend(self.matrix());
        for file in self.files() {
            chapters.extend(self.file_chapter(file));
        }
        chapters.extend(self.register());
        chapters.extend(self.scenario_chapter());
        chapters
    }

    /// The files that hold items, that of the agreement first, those outside the edition's folder last.
    fn files(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = Vec::new();
        for span in self.model.order.iter().filter_map(|item| self.model.place_of(*item)) {
            if !files.contains(&span.file) {
                files.push(span.file);
            }
        }
        let first = self.model.agreement.as_ref().map(|agreement| agreement.span.file);
        let outside = |file: &FileId| !self.sources.file(*file).name.starts_with(self.root);
        files.sort_by_key(|file| (Some(*file) != first, outside(file)));
        files
    }

    /// The path of a file as the book tells it: below the edition's folder, or from where the two part.
    fn path(&self, file: FileId) -> String {
        let name = &self.sources.file(file).name;
        let mut rest = name.as_str();
        let mut folders = self.root.split('/');
        while let Some((folder, inner)) = rest.split_once('/') {
            if folders.next() != Some(folder) {
                break;
            }
            rest = inner;
        }
        rest.to_owned()
    }

    /// `2.4-mcsap.clause, line 12`
    fn source(&self, span: Span) -> String {
        format!("{}:{}", self.path(span.file), self.sources.place(span).line)
    }

    /// Citations as links, in brackets; nothing for none.
    fn cites(&self, cites: &[ClauseId]) -> String {
        if cites.is_empty() {
            return String::new();
        }
        let links: Vec<String> = cites
            .iter()
            .map(|id| {
                let clause = self.model.clause(*id);
                html::link(&format!("clause-{}", clause.id), &esc(&clause.id))
            })
            .collect();
        format!("<span class=\"cites\">[{}]</span>", links.join(", "))
    }

    /// The clauses with what they say.
    fn paraphrases(&self, cites: &[ClauseId]) -> String {
        let mut all: Vec<ClauseId> = cites.to_vec();
        all.sort();
        all.dedup();
        if all.is_empty() {
            return String::new();
        }
        let entries: String = all
            .iter()
            .map(|id| {
                let clause = self.model.clause(*id);
                let place = html::link(&format!("clause-{}", clause.id), &esc(&clause.id));
                format!("<dt>{place}</dt><dd>{}</dd>\n", html::says(clause))
            })
            .collect();
        format!("<dl class=\"says\" aria-label=\"What the clauses say\">\n{entries}</dl>\n")
    }

    /// An item with its heading, a link to itself, its body, and where it stands. `title` is HTML.
    fn item(&self, anchor: &str, kind: &str, title: &str, name: &str, at: Span, body: &str) -> String {
        let (anchor, class) = (esc(anchor), kind.replace(' ', "-").to_lowercase());
        format!(
            "<article class=\"item {class}\" id=\"{anchor}\" aria-labelledby=\"{anchor}-h\" data-k=\"{kind}\">\n\
             <h3 id=\"{anchor}-h\"><span class=\"kind\">{kind}</span> {title} \
             <a class=\"self\" href=\"#{anchor}\" aria-label=\"Link to {}\">#</a></h3>\n{body}\
             <p class=\"source\">{}</p>\n</article>\n",
            esc(name),
            esc(&self.source(at))
        )
    }

    /// Links to decisions by number.
    fn decision_links(&self, decisions: &[usize]) -> String {
        let links: Vec<String> = decisions
            .iter()
            .filter_map(|index| self.model.decisions.get(*index))
            .map(|decision| html::link(&format!("decision-{}", decision.name), &html::code(&decision.name)))
            .collect();
        links.join(", ")
    }
}

/// The table of contents.
fn contents(chapters: &[Chapter]) -> String {
    let mut html = String::from(
        "<nav id=\"contents\" aria-label=\"Contents\">\n<details open>\n<summary>Contents</summary>\n<ol>\n",
    );
    for Chapter { anchor, title, listed, .. } in chapters {
        let _ = write!(html, "<li>{}", html::link(anchor, title));
        if !listed.is_empty() {
            let _ = write!(html, "<details><summary>{} inside</summary><ul>", listed.len());
            for (anchor, name) in listed {
                let _ = write!(html, "<li>{}</li>", html::link(anchor, name));
            }
            html.push_str("</ul></details>");
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ol>\n</details>\n</nav>\n");
    html
}

/// The languages that a reader can choose: those of the agreement's own label, and others in which at least a quarter of
/// all is told; English first, then as they are met. A few labels that a shared file brings make no language.
fn languages(model: &Model) -> Vec<String> {
    let mut told: Vec<(String, usize)> = Vec::new();
    let mut all = 0;
    let mut count = |langs: Vec<&str>, whole: usize| {
        all += usize::from(!langs.is_empty());
        for lang in langs {
            match told.iter_mut().find(|(known, _)| known == lang) {
                Some((_, times)) => *times += whole,
                None => told.push((lang.to_owned(), whole)),
            }
        }
    };
    let of = |labels: &Labels| labels.0.iter().map(|(lang, _)| lang.clone()).collect::<Vec<_>>();
    let own: Vec<String> = model.agreement.iter().flat_map(|a| of(&a.labels)).collect();
    count(own.iter().map(String::as_str).collect(), 0);
    let members = model.enums.iter().filter(|e| e.span.is_some()).flat_map(|e| &e.members).map(|m| &m.labels);
    let services = model.services.iter().map(|s| &s.labels);
    let inputs = model.inputs.iter().map(|i| &i.labels);
    for labels in members.chain(services).chain(inputs).chain(model.decisions.iter().map(|d| &d.labels)) {
        count(labels.0.iter().map(|(lang, _)| lang.as_str()).collect(), 1);
    }
    for clause in &model.clauses {
        count(clause.says.iter().map(|(lang, _)| lang.as_deref().unwrap_or("en")).collect(), 1);
    }
    told.retain(|(lang, times)| own.contains(lang) || times * 4 >= all);
    told.sort_by_key(|(lang, _)| lang != "en");
    told.into_iter().map(|(lang, _)| lang).collect()
}

/// Which decisions name each input and each reading.
fn uses(model: &Model) -> (BTreeMap<InputId, Vec<usize>>, BTreeMap<ReadingId, Vec<usize>>) {
    let (mut inputs, mut readings): (BTreeMap<_, Vec<usize>>, BTreeMap<_, Vec<usize>>) = Default::default();
    for (index, decision) in model.decisions.iter().enumerate() {
        let decision: &Decision = decision;
        decision.walk(&mut |expr| match expr.kind {
            ExprKind::Input(id) => inputs.entry(id).or_default().push(index),
            ExprKind::Reading(id) => readings.entry(id).or_default().push(index),
            _ => {}
        });
    }
    inputs.values_mut().for_each(Vec::dedup);
    readings.values_mut().for_each(Vec::dedup);
    (inputs, readings)
}

/// Items of one file, in the order of the page.
fn items_of(model: &Model, file: FileId) -> Vec<ItemRef> {
    let of_file = |item: &&ItemRef| model.place_of(**item).is_some_and(|span| span.file == file);
    model.order.iter().filter(of_file).copied().collect()
}
