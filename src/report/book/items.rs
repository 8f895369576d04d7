//! A chapter: the items of one rule file. Inputs and vocabulary stand in tables at its end.

use std::fmt::Write as _;

use super::html::{self, code, esc, label, texts, titled};
use super::{Book, Chapter, items_of};
use crate::model::{InputId, ItemRef, Labels, Model, PARTIES, ReadingId, Words};
use crate::source::FileId;
use crate::value::{EnumId, RecordId};

impl Book<'_> {
    pub(super) fn file_chapter(&self, file: FileId) -> Option<Chapter> {
        let model = self.model;
        let items = items_of(model, file);
        let mut body = String::new();
        let mut listed = Vec::new();
        for item in &items {
            let (Some(anchor), html) = (html::anchor(model, *item), self.shown(*item)) else { continue };
            if html.is_empty() {
                continue;
            }
            body.push_str(&html);
            let name = anchor.split_once('-').map_or("", |(_, name)| name).to_owned();
            listed.push((anchor, code(&name)));
        }
        body.push_str(&self.inputs(&items));
        body.push_str(&self.vocabulary(&items));
        if body.is_empty() {
            return None;
        }
        let path = self.path(file);
        let title = path.strip_suffix(".clause").unwrap_or(&path).to_owned();
        let intro = self.introduction(file);
        let body = format!("{intro}{body}");
        let anchor = format!("chapter-{}", title.replace(|c: char| c.is_whitespace(), "-"));
        Some(Chapter { anchor, title: esc(&title), listed, body })
    }

    /// The comment that a file starts with says what it is about.
    fn introduction(&self, file: FileId) -> String {
        let text = &self.sources.file(file).text;
        let lines = text.lines().take_while(|line| line.starts_with("//"));
        let words: Vec<&str> = lines.map(|line| line.trim_start_matches('/').trim()).collect();
        let paragraphs = words.split(|line| line.is_empty()).filter(|paragraph| !paragraph.is_empty());
        paragraphs.map(|lines| format!("<p class=\"intro\">{}</p>\n", esc(&lines.join(" ")))).collect()
    }

    /// An item that has a place of its own; nothing for those that stand in a table or elsewhere.
    fn shown(&self, item: ItemRef) -> String {
        let model = self.model;
        match item {
            ItemRef::Decision(id) => self.decision(id),
            ItemRef::Reading(id) => self.reading(id),
            ItemRef::Calendar(n) => model.calendars.get(n as usize).map_or(String::new(), |c| self.calendar(c)),
            ItemRef::Holidays(n) => model.holidays.get(n as usize).map_or(String::new(), |h| self.holidays(h)),
            ItemRef::Event(n) => model.events.get(n as usize).map_or(String::new(), |e| self.event(e)),
            ItemRef::Party(_)
            | ItemRef::Unit(_)
            | ItemRef::Enumeration(_)
            | ItemRef::Record(_)
            | ItemRef::Clause(_)
            | ItemRef::Input(_)
            | ItemRef::Catalogue(_)
            | ItemRef::Service(_)
            | ItemRef::Scenario(_) => String::new(),
        }
    }

    fn reading(&self, id: ReadingId) -> String {
        let reading = self.model.reading(id);
        let anchor = format!("reading-{}", reading.name);
        let mut body = String::new();
        let ask = label(&reading.ask);
        if !ask.is_empty() {
            let _ = writeln!(body, "<p class=\"ask\">{ask}</p>");
        }
        body.push_str("<ul class=\"choices\">\n");
        for (number, choice) in self.model.enumeration(reading.choices).members.iter().enumerate() {
            let default = reading.default == Some(number as u32);
            let mark = if default { " <strong class=\"tag\">default</strong>" } else { "" };
            let _ = writeln!(body, "<li>{} {}{mark}</li>", code(&choice.name), label(&choice.labels));
        }
        body.push_str("</ul>\n");
        if reading.default.is_none() {
            body.push_str(
                "<p class=\"quiet\">It is open: what turns on it is not determined until it is chosen.</p>\n",
            );
        }
        if let Some(used) = self.readings_used.get(&id) {
            let _ = writeln!(body, "<p>Matters to {}</p>", self.decision_links(used));
        }
        body.push_str(&self.paraphrases(&reading.cites));
        self.item(&anchor, "Reading", &titled(&reading.labels, &reading.name), &reading.name, reading.span, &body)
    }

    fn inputs(&self, items: &[ItemRef]) -> String {
        let inputs: Vec<InputId> =
            items.iter().filter_map(|item| if let ItemRef::Input(id) = item { Some(*id) } else { None }).collect();
        if inputs.is_empty() {
            return String::new();
        }
        let rows: String = inputs.iter().map(|id| self.input_row(*id)).collect();
        table(
            "inputs",
            "Facts that are asked for",
            &["Fact", "Type", "Question and limits", "Asked by", "Clauses"],
            &rows,
        )
    }

    fn input_row(&self, id: InputId) -> String {
        let input = self.model.input(id);
        let anchor = esc(&format!("input-{}", input.name));
        let mut asked: Vec<String> = Vec::new();
        let ask = label(&input.ask);
        if !ask.is_empty() {
            asked.push(ask);
        }
        for (test, _) in &input.must_be {
            asked.push(format!("must be {}", self.names.code(&Words::new(self.model).test(test), &[])));
        }
        if let Some(date) = input.measured_at {
            asked.push(format!("measured at {}", self.names.code(&self.model.input(date).name, &[])));
        }
        let used = self.inputs_used.get(&id).map_or(String::new(), |used| self.decision_links(used));
        format!(
            "<tr id=\"{anchor}\" data-k=\"Fact\"><th scope=\"row\">{} {}</th><td>{}</td><td>{}</td><td>{used}</td>\
             <td>{}</td></tr>\n",
            label(&input.labels),
            code(&input.name),
            self.names.code(&self.model.type_name(&input.ty), &[]),
            asked.join("<br>"),
            self.cites(&input.cites)
        )
    }

    /// Parties, units, enumerations and records.
    fn vocabulary(&self, items: &[ItemRef]) -> String {
        let rows: String = items.iter().map(|item| self.word_row(*item)).collect();
        if rows.is_empty() {
            return String::new();
        }
        table("words", "Words of this chapter", &["Word", "Kind", "What it may be"], &rows)
    }

    fn word_row(&self, item: ItemRef) -> String {
        let model = self.model;
        let row = |kind: &str, name: &str, labels: &Labels, inner: &str| {
            let anchor = html::anchor(model, item).unwrap_or_default();
            format!(
                "<tr id=\"{}\" data-k=\"{kind}\"><th scope=\"row\">{} {}</th><td>{kind}</td><td>{inner}</td></tr>\n",
                esc(&anchor),
                label(labels),
                code(name)
            )
        };
        match item {
            ItemRef::Party(n) => {
                model.member(PARTIES, n).map_or(String::new(), |m| row("Party", &m.name, &m.labels, ""))
            }
            ItemRef::Unit(id) => {
                let unit = model.units.get(id.0 as usize);
                unit.map_or(String::new(), |unit| row("Unit", &unit.name, &unit.labels, ""))
            }
            ItemRef::Enumeration(id) => {
                let enumeration = model.enumeration(id);
                row("Enumeration", &enumeration.name, &enumeration.labels, &members(model, id))
            }
            ItemRef::Record(id) => self.record(id).map_or(String::new(), |inner| {
                let name = model.records.get(id.0 as usize).map_or("", |record| record.name.as_str());
                row("Record", name, &Labels::default(), &inner)
            }),
            _ => String::new(),
        }
    }

    fn record(&self, id: RecordId) -> Option<String> {
        let record = self.model.records.get(id.0 as usize)?;
        let field = |column: &crate::model::Column| {
            let ty = self.names.code(&self.model.type_name(&column.ty), &[]);
            format!("<li>{} : {ty} {}</li>", code(&column.name), label(&column.labels))
        };
        Some(format!("<ul class=\"plain\">{}</ul>", record.fields.iter().map(field).collect::<String>()))
    }
}

fn members(model: &Model, id: EnumId) -> String {
    let member = |member: &crate::model::Member| {
        let label = texts(member.labels.0.iter().map(|(lang, text)| (lang.as_str(), text.as_str())));
        format!("<li>{} {label}</li>", code(&member.name))
    };
    format!("<ul class=\"plain\">{}</ul>", model.enumeration(id).members.iter().map(member).collect::<String>())
}

/// A table with a caption and headings.
pub(super) fn table(class: &str, caption: &str, headings: &[&str], rows: &str) -> String {
    let headings: String = headings.iter().map(|h| format!("<th scope=\"col\">{h}</th>")).collect();
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table class=\"{class}\">\n\
         <caption>{caption}</caption>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}
