//! The title page, the bar with the search and the languages, and the service matrix.

use std::fmt::Write as _;

use super::html::{self, code, esc, label, label_or, texts};
use super::{Book, Chapter};
use crate::model::{DecisionKind, ItemRef, OFFERINGS, Property, Service, Words};
use crate::report::catalogue::{groups, mark, note_sign, offered};
use crate::report::marks::{Cell, Offer, columns_of};
use crate::value::Value;

/// What a language is called in itself; others stand by their code.
fn language_name(lang: &str) -> &str {
    match lang {
        "en" => "English",
        "zh" => "中文",
        "kk" => "Қазақша",
        "id" => "Bahasa Indonesia",
        "ru" => "Русский",
        "de" => "Deutsch",
        "fr" => "Français",
        "ja" => "日本語",
        "ko" => "한국어",
        "es" => "Español",
        other => other,
    }
}

/// A column of the matrix beside the marks and the service.
#[derive(Clone, Copy)]
enum Told {
    Property(Property),
    Conditions,
    Clauses,
}

const TOLD: [(&str, Told); 4] = [
    ("Delivery", Told::Property(Property::Delivery)),
    ("Languages", Told::Property(Property::Languages)),
    ("Conditions", Told::Conditions),
    ("Clauses", Told::Clauses),
];

impl Told {
    /// Whether there is something of a service to tell.
    fn of(self, service: &Service) -> bool {
        match self {
            Told::Property(property) => service.properties.contains_key(&property),
            Told::Conditions => !service.requires.is_empty() || service.properties.contains_key(&Property::Excludes),
            Told::Clauses => !service.cites.is_empty(),
        }
    }
}

impl Book<'_> {
    /// The title as plain text, for the window.
    pub(super) fn plain_title(&self, lang: &str) -> String {
        match &self.model.agreement {
            Some(agreement) => {
                let name = agreement.labels.get(lang).unwrap_or(&agreement.name);
                format!("{name} ({})", agreement.edition)
            }
            None => "Rules".to_owned(),
        }
    }

    /// Which text of several is shown, for each language.
    pub(super) fn language_style(&self) -> String {
        let mut style = String::new();
        for lang in &self.languages {
            let lang = esc(lang);
            let _ = write!(
                style,
                "[data-lang={lang}] .t.l-{lang}>:not([lang={lang}]){{display:none}}\n\
                 [data-lang={lang}] .t:not(.l-{lang})>:not(:first-child){{display:none}}\n\
                 [data-lang={lang}] .t:not(.l-{lang})::after{{content:\" [\" attr(data-f) \"]\";font-size:.75em;\
                 opacity:.75}}\n"
            );
        }
        style
    }

    /// The bar above everything: the title, the search, the language.
    pub(super) fn bar(&self, lang: &str) -> String {
        let title = match &self.model.agreement {
            Some(agreement) => format!("{} {}", label_or(&agreement.labels, &agreement.name), code(&agreement.edition)),
            None => "Rules".to_owned(),
        };
        let options: String = self
            .languages
            .iter()
            .map(|l| {
                let selected = if l == lang { " selected" } else { "" };
                format!("<option value=\"{0}\" lang=\"{0}\"{selected}>{1}</option>", esc(l), esc(language_name(l)))
            })
            .collect();
        format!(
            "<header class=\"bar\">\n<p class=\"name\"><a href=\"#main\">{title}</a></p>\n\
             <form role=\"search\" id=\"search\"><label for=\"q\">Search</label>\
             <input id=\"q\" type=\"search\" autocomplete=\"off\" placeholder=\"name, clause, word — press /\" \
             role=\"combobox\" aria-expanded=\"false\" aria-controls=\"found\" aria-autocomplete=\"list\">\
             <p id=\"count\" class=\"quiet\" role=\"status\"></p>\
             <ul id=\"found\" role=\"listbox\" aria-label=\"Found\" hidden></ul></form>\n\
             <p class=\"lang\"><label for=\"lang\">Labels in</label> <select id=\"lang\">{options}</select></p>\n\
             </header>\n"
        )
    }

    pub(super) fn title_page(&self) -> String {
        let model = self.model;
        let mut rows: Vec<(&str, String)> = Vec::new();
        let title = match &model.agreement {
            None => "Rules".to_owned(),
            Some(agreement) => {
                rows.push(("Agreement", code(&agreement.name)));
                rows.push(("Edition", code(&agreement.edition)));
                match agreement.effective {
                    Some((from, Some(to))) => rows.push(("Effective", format!("from {from} to {to}"))),
                    Some((from, None)) => rows.push(("Effective", format!("from {from} on"))),
                    None => {}
                }
                let sources = agreement.source.iter();
                let sources: Vec<String> =
                    sources.map(|(lang, text)| format!("{} ({})", code(text), esc(language_name(lang)))).collect();
                if !sources.is_empty() {
                    rows.push(("Text that was encoded", sources.join(", ")));
                }
                label_or(&agreement.labels, &agreement.name)
            }
        };
        let languages: Vec<String> = self
            .languages
            .iter()
            .map(|l| format!("<span lang=\"{}\">{}</span>", esc(l), esc(language_name(l))))
            .collect();
        if !languages.is_empty() {
            rows.push(("Labels in", languages.join(", ")));
        }
        let prose = model.clauses.iter().filter(|clause| clause.prose.is_some()).count();
        let failed = self.trials.iter().filter(|trial| !trial.holds()).count();
        rows.push(("Clauses", format!("{} in the register, of which {prose} cannot be computed", model.clauses.len())));
        rows.push(("Decisions", model.decisions.len().to_string()));
        rows.push(("Readings", model.readings.len().to_string()));
        let held = if failed == 0 {
            "all hold".to_owned()
        } else {
            format!("<strong>{}</strong>", super::scenarios::not_held(failed))
        };
        rows.push(("Scenarios", format!("{}, {held}", self.trials.len())));
        let rows: String = rows.iter().map(|(term, html)| format!("<dt>{term}</dt><dd>{html}</dd>\n")).collect();
        format!(
            "<section class=\"title\" aria-labelledby=\"title\">\n<h1 id=\"title\">{title}</h1>\n<dl>\n{rows}</dl>\n\
             <p class=\"quiet\">The clauses are paraphrased; the agreement itself is what counts. Where a text has no \
             label in the language that is chosen, another language stands in its place, marked like this: [en].</p>\n\
             </section>\n"
        )
    }

    /// The service matrix as the paper shows it.
    pub(super) fn matrix(&self) -> Option<Chapter> {
        let model = self.model;
        if model.services.is_empty() {
            return None;
        }
        let columns = columns_of(self.checked);
        let all: Vec<u32> = (0..model.services.len() as u32).collect();
        let mut body = String::new();
        let mut listed = Vec::new();
        if let Some(columns) = &columns {
            let decision = &model.decision(columns.decision).name;
            let by = &model.input(columns.by).name;
            let (decision, by) = (self.names.code(decision, &[]), self.names.code(by, &[]));
            let _ = writeln!(body, "<p>The marks are what {decision} gives for each {by}.</p>");
        }
        for group in groups(model, &all) {
            let catalogue = group.catalogue.and_then(|n| Some((n, model.catalogues.get(n)?)));
            let (anchor, title) = match catalogue {
                None => ("catalogue-none".to_owned(), "In no catalogue".to_owned()),
                Some((number, catalogue)) => {
                    let place = catalogue.section.as_ref().map(|s| format!("§{s} ")).unwrap_or_default();
                    let place = place + catalogue.title.as_deref().unwrap_or_default();
                    let place = if place.is_empty() { String::new() } else { format!("{}: ", esc(&place)) };
                    let anchor = html::anchor(model, ItemRef::Catalogue(number as u32)).unwrap_or_default();
                    (anchor, format!("{place}{}", label_or(&catalogue.labels, &catalogue.name)))
                }
            };
            listed.push((anchor.clone(), title.clone()));
            let _ = write!(
                body,
                "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{0}-c\" tabindex=\"0\">\n\
                 <table class=\"matrix\" id=\"{0}\" data-k=\"Catalogue\">\n<caption id=\"{0}-c\">{title}{1}</caption>\n\
                 <thead><tr>",
                esc(&anchor),
                catalogue.map_or(String::new(), |(_, c)| format!(" {}", self.cites(&c.cites)))
            );
            match &columns {
                None => body.push_str("<th scope=\"col\">Mark</th>"),
                Some(columns) => {
                    for (of, member) in columns.members() {
                        let member = model.member(of, member);
                        let head = member.map_or(String::new(), |m| label_or(&m.labels, &m.name));
                        let _ = write!(body, "<th scope=\"col\">{head}</th>");
                    }
                }
            }
            body.push_str("<th scope=\"col\">Service</th>");
            let services = group.services.iter().filter_map(|(number, _)| model.services.get(*number as usize));
            let told: Vec<(&str, Told)> =
                TOLD.into_iter().filter(|(_, told)| services.clone().any(|service| told.of(service))).collect();
            told.iter().for_each(|(heading, _)| body.push_str(&format!("<th scope=\"col\">{heading}</th>")));
            body.push_str("</tr></thead>\n<tbody>\n");
            for (number, depth) in &group.services {
                body.push_str(&self.service_row(*number, *depth, columns.as_ref().map(|c| c.row(*number)), &told));
            }
            body.push_str("</tbody>\n</table>\n</div>\n");
        }
        body.push_str("<dl class=\"legend\" aria-label=\"What the marks mean\">\n");
        for (number, member) in model.enumeration(OFFERINGS).members.iter().enumerate() {
            let _ = writeln!(body, "<dt>{}</dt><dd>{}</dd>", mark(Some(number as u32)), label(&member.labels));
        }
        let notes = columns.iter().flat_map(|columns| columns.notes(model, "en"));
        for (number, note) in notes.enumerate() {
            let sign = note_sign(number);
            let _ = writeln!(body, "<dt id=\"mark-note-{}\">{sign}</dt><dd>{}</dd>", number + 1, esc(&note));
        }
        body.push_str("</dl>\n");
        let title = "Service matrix".to_owned();
        Some(Chapter { anchor: "chapter-matrix".to_owned(), title, listed, body })
    }

    fn service_row<'c>(
        &self,
        number: u32,
        depth: usize,
        cells: Option<impl Iterator<Item = &'c Cell>>,
        told: &[(&str, Told)],
    ) -> String {
        let model = self.model;
        let Some(service) = model.services.get(number as usize) else { return String::new() };
        let anchor = esc(&format!("service-{}", service.name));
        let mut row = format!("<tr id=\"{anchor}\" data-k=\"Service\">");
        let of = |offer: &Offer| match offer {
            Offer::Of(offering) => self.spoken_mark(Some(*offering)),
            Offer::Silent => self.spoken_mark(None),
            Offer::Open(_) => "?".to_owned(),
        };
        match cells {
            None => {
                let _ = write!(row, "<td class=\"mark\">{}</td>", self.spoken_mark(offered(service)));
            }
            Some(cells) => {
                for cell in cells {
                    let note = cell
                        .note
                        .map_or(String::new(), |note| html::link(&format!("mark-note-{}", note + 1), &note_sign(note)));
                    let _ = write!(row, "<td class=\"mark\">{}{note}</td>", of(&cell.offer));
                }
            }
        }
        let label = label(&service.labels);
        let indent = if depth == 0 { String::new() } else { format!(" style=\"padding-left:{}em\"", 1 + depth * 2) };
        let _ = write!(row, "<th scope=\"row\"{indent}>{label} {}", code(&service.name));
        if !service.was.is_empty() {
            let was: Vec<String> = service
                .was
                .iter()
                .map(|(name, agreement, edition)| {
                    let whence: Vec<&str> = [agreement, edition].into_iter().flatten().map(String::as_str).collect();
                    format!("{} {}", code(name), esc(&whence.join(" ")))
                })
                .collect();
            let _ = write!(row, "<br><span class=\"quiet\">formerly {}</span>", was.join(", "));
        }
        row.push_str("</th>");
        for (_, told) in told {
            let cell = match told {
                Told::Property(property) => {
                    service.properties.get(property).map_or(String::new(), |value| self.members(value))
                }
                Told::Conditions => self.conditions(service),
                Told::Clauses => self.cites(&service.cites),
            };
            let _ = write!(row, "<td>{cell}</td>");
        }
        row.push_str("</tr>\n");
        row
    }

    fn conditions(&self, service: &Service) -> String {
        let mut conditions: Vec<String> = Vec::new();
        for requirement in &service.requires {
            let text = Words::new(self.model).expr(requirement);
            conditions.push(format!("requires {}", self.names.code(&text, &[])));
        }
        if let Some(excluded) = service.properties.get(&Property::Excludes) {
            conditions.push(format!("excludes {}", self.members(excluded)));
        }
        conditions.join("<br>")
    }

    /// A mark that is also read out.
    fn spoken_mark(&self, offering: Option<u32>) -> String {
        let Some(offering) = offering else {
            return "<span class=\"quiet\" aria-label=\"not stated\">·</span>".into();
        };
        let name = self.model.member(OFFERINGS, offering).map_or("", |m| m.name.as_str());
        format!("<span role=\"img\" aria-label=\"{}\">{}</span>", esc(name), mark(Some(offering)))
    }

    /// The members of a set by their labels.
    fn members(&self, value: &Value) -> String {
        let one = |value: &Value| match value {
            Value::Member(id, member) => {
                let member = self.model.member(*id, *member);
                member.map_or(String::new(), |m| label_or(&m.labels, &m.name))
            }
            other => texts([("en", other.display(self.model).to_string().as_str())]),
        };
        match value {
            Value::Set(items) => items.iter().map(one).collect::<Vec<_>>().join(", "),
            other => one(other),
        }
    }

    /// What kind of item a decision is.
    pub(super) fn kind(kind: &DecisionKind) -> &'static str {
        match kind {
            DecisionKind::Plain => "Decision",
            DecisionKind::Period => "Period",
            DecisionKind::Responses(_) => "Response table",
            DecisionKind::Milestone(_) => "Milestone",
            DecisionKind::Process(_) => "Process",
        }
    }
}
