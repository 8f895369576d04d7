//! Which column stands for which input: by its heading, or as a mapping file (TOML) says.
//!
//! ```toml
//! ignored = ["Owner"]
//!
//! [columns]
//! "Assessed spend (USD)" = "order.assessed-spend"
//! "Severity" = { input = "incident.severity", values = { "Sev A" = "severity-1" } }
//! "Fee" = { input = "booking.service-fee", currency = "Currency" }
//!
//! [numbers]
//! decimal = ","
//! thousands = "."
//! ```

mod unbound;
pub(crate) mod values;

use unicode_normalization::UnicodeNormalization;

pub use unbound::{Unbound, unbound};

use super::{Binding, Feed, Heading, NumberMarks};
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::{InputId, Model, Type};
use crate::scenario::document::{self, Data, Format, Key, Node};
use crate::source::{FileId, Sources, Span};

/// A mapping file as far as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    pub bindings: Vec<Binding>,
    /// Columns that are left out on purpose.
    pub ignored: Vec<usize>,
    pub decimal: Option<char>,
    /// The mark between thousands; `Some(None)` where the file says that there is none.
    pub thousands: Option<Option<char>>,
}

/// The columns that are called as an input is.
pub fn by_name(model: &Model, headings: &[Heading]) -> Vec<Binding> {
    let mut map = Map::default();
    map.bind_by_name(model, headings);
    map.bindings
}

impl Map {
    /// Binds columns that the map says nothing of to the inputs of their names, unless the map feeds those otherwise.
    pub fn bind_by_name(&mut self, model: &Model, headings: &[Heading]) {
        for (place, heading) in headings.iter().enumerate() {
            let name: String = heading.name.trim().nfc().collect();
            let Some(input) = model.input_named(&name) else { continue };
            let is_fed = self.bindings.iter().any(|b| b.input == input || columns_of(b).contains(&place));
            if !is_fed && !self.ignored.contains(&place) {
                self.bindings.push(Binding { input, feed: Feed::Column(place), values: Vec::new() });
            }
        }
    }

    /// The marks of numbers: as they are chosen, else as the map says, else as in facts files.
    ///
    /// # Errors
    /// If both are the same.
    pub fn marks(&self, decimal: Option<char>, thousands: Option<char>) -> Result<NumberMarks, String> {
        let decimal = decimal.or(self.decimal).unwrap_or('.');
        let said = thousands.map(Some).or(self.thousands);
        // A comma between thousands is understood in facts files as well.
        let thousands = said.unwrap_or((decimal == '.').then_some(','));
        if thousands == Some(decimal) {
            return Err(format!(
                "`{decimal}` cannot be both the decimal mark and the mark between thousands; say both"
            ));
        }
        Ok(NumberMarks { decimal: if decimal == ',' { b',' } else { b'.' }, thousands })
    }
}

/// The columns that a binding reads.
pub fn columns_of(binding: &Binding) -> Vec<usize> {
    match binding.feed {
        Feed::Column(place) => vec![place],
        Feed::Money { amount, currency } => vec![amount, currency],
    }
}

/// Reads a mapping file that is among the sources. All that is wrong with it is told.
pub fn read(model: &Model, headings: &[Heading], sources: &Sources, file: FileId) -> (Map, Vec<Problem>) {
    let mut reading = Reading { model, headings, file, map: Map::default(), given: Vec::new(), problems: Vec::new() };
    match document::read(&sources.file(file).text, Format::Toml) {
        Ok(document) => reading.whole(&document),
        Err(error) => {
            let problem = Problem::new(Code::WrongMap, Span::new(file, error.span.clone()), error.to_string());
            let line = "a line is \"Heading\" = \"input\", below [columns]; --suggest-map drafts such a file";
            reading.problems.push(problem.help(error.help.unwrap_or_else(|| line.to_owned())));
        }
    }
    (reading.map, reading.problems)
}

/// The headings that a mapping file names, if it can be read at all.
pub fn names(text: &str) -> Vec<String> {
    let Ok(Node { data: Data::Map(entries), .. }) = document::read(text, Format::Toml) else { return Vec::new() };
    let mut names = Vec::new();
    for (_, node) in entries.iter().filter(|(key, _)| key.name == "columns") {
        let Data::Map(columns) = &node.data else { continue };
        for (key, node) in columns {
            names.push(key.name.clone());
            let Data::Map(parts) = &node.data else { continue };
            for (_, part) in parts.iter().filter(|(key, _)| key.name == "currency") {
                if let Data::Text(name) = &part.data {
                    names.push(name.clone());
                }
            }
        }
    }
    names
}

struct Reading<'a> {
    model: &'a Model,
    headings: &'a [Heading],
    file: FileId,
    map: Map,
    /// Where each input was fed, to report a second time.
    given: Vec<(InputId, Span)>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn wrong(&mut self, at: std::ops::Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let problem = Problem::new(Code::WrongMap, Span::new(self.file, at), message);
        self.problems.push(problem.help(help));
    }

    fn whole(&mut self, document: &Node) {
        let Data::Map(entries) = &document.data else { return };
        for (key, node) in entries {
            match (key.name.as_str(), &node.data) {
                ("columns", Data::Map(columns)) => columns.iter().for_each(|(key, node)| self.column(key, node)),
                ("numbers", Data::Map(marks)) => marks.iter().for_each(|(key, node)| self.mark(key, node)),
                ("ignored", Data::List(names)) => names.iter().for_each(|node| self.ignored(node)),
                ("columns", _) => {
                    let message = "`columns` is the table of columns and the inputs they stand for";
                    self.wrong(node.span.clone(), message, "[columns], and below it \"Heading\" = \"input\"");
                }
                ("numbers", _) => {
                    let message = "`numbers` says how numbers are written";
                    self.wrong(node.span.clone(), message, "[numbers], and below it decimal = \",\"");
                }
                ("ignored", _) => {
                    let message = "`ignored` lists the columns that are left out on purpose";
                    self.wrong(node.span.clone(), message, "write their headings: ignored = [\"Owner\"]");
                }
                (other, _) => {
                    let known = ["columns", "numbers", "ignored"];
                    let help = did_you_mean(other, known).unwrap_or_else(|| {
                        if self.headings.iter().any(|h| h.name == other) {
                            "columns are listed below a line [columns]".to_owned()
                        } else {
                            "a map has the tables [columns] and [numbers], and the list ignored".to_owned()
                        }
                    });
                    self.wrong(key.span.clone(), format!("a map has no part `{other}`"), help);
                }
            }
        }
    }

    fn ignored(&mut self, node: &Node) {
        let Data::Text(name) = &node.data else {
            return self.wrong(node.span.clone(), "this is no heading", "write the heading of a column in quotes");
        };
        // A column that is not there is left out already: one map may serve several exports.
        self.map.ignored.extend(place_of(self.headings, name));
    }

    fn mark(&mut self, key: &Key, node: &Node) {
        let mark = match &node.data {
            Data::Text(text) => text.as_str(),
            _ => {
                return self.wrong(node.span.clone(), format!("`{}` is a mark", key.name), "write it in quotes: \",\"");
            }
        };
        let mut letters = mark.chars();
        let one = (letters.next(), letters.next());
        match (key.name.as_str(), one) {
            ("decimal", (Some(mark @ ('.' | ',')), None)) => self.map.decimal = Some(mark),
            ("decimal", _) => self.wrong(node.span.clone(), format!("`{mark}` is no decimal mark"), "write . or ,"),
            ("thousands", (None, _)) => self.map.thousands = Some(None),
            ("thousands", (Some(mark), None)) if is_thousands(mark) => self.map.thousands = Some(Some(mark)),
            ("thousands", _) => {
                let help = "write one of , . ' and a space, or nothing for none";
                self.wrong(node.span.clone(), format!("`{mark}` is no mark between thousands"), help);
            }
            (other, _) => {
                let help = did_you_mean(other, ["decimal", "thousands"]);
                let help = help.unwrap_or_else(|| "they are decimal and thousands".to_owned());
                self.wrong(key.span.clone(), format!("numbers have no mark `{other}`"), help);
            }
        }
    }

    /// `"Heading" = "input"`, or `"Heading" = { input = "…", currency = "…", values = { … } }`
    fn column(&mut self, key: &Key, node: &Node) {
        let place = self.heading(&key.name, &key.span);
        match &node.data {
            Data::Text(name) => {
                let input = self.input(name, node);
                if let (Some(column), Some(input)) = (place, input) {
                    self.bind(input, Feed::Column(column), Vec::new(), node);
                }
            }
            Data::Map(parts) if parts.iter().any(|(key, _)| key.name == "input") => self.long_form(place, parts, node),
            Data::Map(_) => {
                let message = format!("`{}` does not say which input it stands for", key.name);
                let help = "write { input = \"…\" }; a heading with a dot in it stands in quotes";
                self.wrong(key.span.clone(), message, help);
            }
            _ => {
                let message = format!("`{}` stands for an input, by its name", key.name);
                self.wrong(node.span.clone(), message, "write the input in quotes: \"order.spend\"");
            }
        }
    }

    fn long_form(&mut self, place: Option<usize>, parts: &[(Key, Node)], node: &Node) {
        let mut input = None;
        let mut currency = None;
        let mut values = None;
        for (key, part) in parts {
            match (key.name.as_str(), &part.data) {
                ("input", Data::Text(name)) => input = self.input(name, part).map(|input| (input, part)),
                ("currency", Data::Text(name)) => currency = self.heading(name, &part.span).map(|c| (c, part)),
                ("values", Data::Map(entries)) => values = Some(entries),
                ("input" | "currency", _) => {
                    let help = "write it in quotes";
                    self.wrong(part.span.clone(), format!("`{}` is given by its name", key.name), help);
                }
                ("values", _) => {
                    let message = "`values` says what texts of the column stand for";
                    self.wrong(part.span.clone(), message, "write { \"Sev A\" = \"severity-1\" }");
                }
                (other, _) => {
                    let help = did_you_mean(other, ["input", "currency", "values"]);
                    let help = help.unwrap_or_else(|| "they are input, currency and values".to_owned());
                    self.wrong(key.span.clone(), format!("a column has no part `{other}`"), help);
                }
            }
        }
        let Some((input, named)) = input else { return };
        let values = values.map_or(Vec::new(), |entries| self.values(input, entries));
        let feed = match (place, currency) {
            (None, _) => return,
            (Some(column), None) => Feed::Column(column),
            (Some(amount), Some((currency, part))) => {
                if !matches!(self.model.input(input).ty, Type::Money(_) | Type::Unknown) {
                    let message = format!("`{}` is no money, so it has no currency", self.model.input(input).name);
                    self.wrong(part.span.clone(), message, "leave out the currency");
                }
                Feed::Money { amount, currency }
            }
        };
        self.bind(input, feed, values, if parts.is_empty() { node } else { named });
    }

    fn bind(&mut self, input: InputId, feed: Feed, values: Vec<(String, String)>, node: &Node) {
        let at = Span::new(self.file, node.span.clone());
        match self.given.iter().find(|(given, _)| *given == input) {
            Some((_, first)) => {
                let message = format!("`{}` is fed by two columns", self.model.input(input).name);
                let problem = Problem::new(Code::WrongMap, at, message).related(*first, "here first");
                self.problems.push(problem.help("keep the one that is meant"));
            }
            None => {
                self.given.push((input, at));
                self.map.bindings.push(Binding { input, feed, values });
            }
        }
    }

    fn heading(&mut self, name: &str, at: &std::ops::Range<usize>) -> Option<usize> {
        let place = place_of(self.headings, name);
        if place.is_none() {
            let help = did_you_mean(name, self.headings.iter().map(|h| h.name.as_str())).unwrap_or_else(|| {
                let names: Vec<&str> = self.headings.iter().take(12).map(|h| h.name.as_str()).collect();
                let more = if self.headings.len() > 12 { ", …" } else { "" };
                format!("its columns are: {}{more}", names.join(", "))
            });
            self.wrong(at.clone(), format!("the input file has no column `{name}`"), help);
        }
        place
    }

    fn input(&mut self, name: &str, node: &Node) -> Option<InputId> {
        let known: String = name.trim().nfc().collect();
        let found = self.model.input_named(&known);
        if found.is_none() {
            let decided = self.model.decision_named(&known).is_some();
            let help = if decided { Some("the rules decide it; it cannot be given".to_owned()) } else { None };
            let near = || did_you_mean(&known, self.model.inputs.iter().map(|i| i.name.as_str()));
            let same_end = || {
                let last = known.rsplit('.').next();
                let mut names = self.model.inputs.iter().map(|i| i.name.as_str());
                names.find(|n| n.rsplit('.').next() == last).map(|n| format!("did you mean `{n}`?"))
            };
            let help = help.or_else(near).or_else(same_end);
            let help = help.unwrap_or_else(|| "`clausal schema RULES` lists the inputs".to_owned());
            self.wrong(node.span.clone(), format!("these rules have no input `{known}`"), help);
        }
        found
    }
}

/// Whether numbers may be written with this mark between thousands.
pub fn is_thousands(mark: char) -> bool {
    matches!(mark, ',' | '.' | '\'' | ' ' | '\u{a0}' | '\u{202f}' | '’')
}

/// The place of a column by its heading; spaces around it and the form of its letters don't matter.
pub fn place_of(headings: &[Heading], name: &str) -> Option<usize> {
    let folded = |text: &str| -> String { text.trim().nfc().collect() };
    let wanted = folded(name);
    let exact = headings.iter().position(|h| h.name == name);
    exact.or_else(|| headings.iter().position(|h| folded(&h.name) == wanted))
}
