//! Facts fitted to an edition: the parts of a facts document become values of its inputs and choices of its
//! readings. Every mistake is reported where it stands in the document, all of them in one run; what each type of
//! value may be written as is in `fit/value.rs`.

mod log;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::Facts;
use super::document::{self, Data, Format, Key, Node};
use super::events::Entries;
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::{InputId, Model, ReadingId};
use crate::source::{FileId, Sources, Span};
use crate::value::{Value, literal};

/// The top key under which readings are chosen.
pub const READINGS: &str = "readings";
/// The top key that names the edition which the facts are of.
pub const EDITION: &str = "edition";
/// The top key that gives the date on which the case is governed.
pub const GOVERNED_ON: &str = "governed-on";

/// Which edition facts are of, as they say themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfEdition {
    /// `2024-09`, or `ms-unified 2024-09`.
    pub edition: Option<String>,
    pub governed_on: Option<NaiveDate>,
}

/// What could be understood of a document, and the problems met.
#[derive(Debug)]
pub struct Fitted {
    pub facts: Facts,
    /// Where each fact is named in the document.
    pub given: Vec<(InputId, Span)>,
    pub problems: Vec<Problem>,
    /// Facts that only other editions ask for, in the order of the document: see [`Beside`].
    pub left_out: Vec<String>,
}

/// What lies beside an edition when facts are fitted to it.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Files of holidays that facts name.
    pub files: HolidayFiles<'a>,
    /// Other editions of the agreement: their inputs are no unknown words.
    pub editions: &'a [&'a Model],
    /// Facts that only they ask for are left out, and no mistake.
    pub leave_out: bool,
}

impl<'a> Beside<'a> {
    pub fn only(files: HolidayFiles<'a>) -> Self {
        Beside { files, editions: &[], leave_out: false }
    }
}

/// The document in a facts file that is among the sources.
///
/// # Errors
/// Where it is not in the format.
pub fn document(sources: &Sources, file: FileId, format: Format) -> Result<Node, Problem> {
    document::read(&sources.file(file).text, format).map_err(|error| {
        let problem = Problem::new(Code::FactsNotRead, Span::new(file, error.span.clone()), error.to_string());
        problem.maybe_help(error.help)
    })
}

/// What a document says of its edition. An input of that name keeps its meaning: `is_input` tells.
///
/// # Errors
/// What is written there is no edition or no date.
pub fn of_edition(document: &Node, file: FileId, is_input: &dyn Fn(&str) -> bool) -> Result<OfEdition, Problem> {
    let mut found = OfEdition::default();
    let Data::Map(entries) = &document.data else { return Ok(found) };
    for (key, node) in entries.iter().filter(|(key, _)| !is_input(&key.name)) {
        let wrong = |what: &str, help: &str| {
            let problem =
                Problem::new(Code::WrongFact, Span::new(file, node.span.clone()), format!("`{}` {what}", key.name));
            Err(problem.help(help))
        };
        match (key.name.as_str(), &node.data) {
            (EDITION | GOVERNED_ON, Data::Null) => {}
            (EDITION, Data::Text(name) | Data::Number(name)) => found.edition = Some(name.nfc().collect()),
            (EDITION, _) => {
                return wrong("names the edition that the facts are of", "write its name, such as \"2024-09\"");
            }
            (GOVERNED_ON, Data::Text(date)) => match literal::parse_date(date.trim()) {
                Ok(Value::Date(date)) => found.governed_on = Some(date),
                Ok(_) => {}
                Err(error) => return wrong(&format!("is no date: {error}"), "write a date such as \"2024-10-15\""),
            },
            (GOVERNED_ON, _) => {
                return wrong("is the date on which the case is governed", "write a date such as \"2024-10-15\"");
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Reads a facts file that is among the sources, and fits it to the inputs of an edition.
pub fn read(model: &Model, sources: &Sources, file: FileId, format: Format, files: HolidayFiles) -> Fitted {
    match document(sources, file, format) {
        Ok(node) => fit(model, &node, file, files),
        Err(problem) => Fitted { facts: Facts::none(model), given: vec![], problems: vec![problem], left_out: vec![] },
    }
}

/// Fits a document that was read. Inputs are named with dots, in nested maps, or both ways mixed; `null` stands for
/// a fact that is not given.
pub fn fit(model: &Model, document: &Node, file: FileId, files: HolidayFiles) -> Fitted {
    fit_beside(model, document, file, Beside::only(files))
}

/// As [`fit`], with the other editions of the agreement in sight. Which edition the facts are of was chosen by what the
/// document says of it, so that is not looked at again.
pub fn fit_beside(model: &Model, document: &Node, file: FileId, beside: Beside) -> Fitted {
    let mut fitting = Fitting::new(model, file, beside);
    match &document.data {
        Data::Map(entries) => fitting.group("", entries),
        Data::Null => {}
        _ => fitting.report(
            Problem::new(Code::FactsNotRead, fitting.span(&document.span), "these are not facts by their names")
                .help("write a map from the names of inputs to their values: {\"order.spend\": \"USD 50,000\"}"),
        ),
    }
    Fitted { facts: fitting.facts, given: fitting.given, problems: fitting.problems, left_out: fitting.left_out }
}

/// After so many mistakes the rest of a document is not looked at: it is no facts file of these rules.
const MOST_PROBLEMS: usize = 100;

/// The text of a file of holidays that facts name, if it can be read.
pub type HolidayFiles<'a> = &'a dyn Fn(&str) -> Option<String>;

/// For facts that name no files.
pub fn no_files(_: &str) -> Option<String> {
    None
}

/// The log of a case from a file of its own, fitted to the events of an edition. See [`events`](super::events).
pub fn log(model: &Model, entries: &Entries, file: FileId) -> (Option<Value>, Vec<Problem>) {
    let mut fitting = Fitting::new(model, file, Beside::only(&no_files));
    let (nodes, lines): (Vec<Node>, Vec<u32>) = entries.iter().cloned().unzip();
    let log = fitting.log(&nodes, Some(&lines));
    (log, fitting.problems)
}

/// One fact, as a facts file would give it: of a row, in files of many cases.
///
/// # Errors
/// The first problem with it; its places count from the start of the node's own text.
pub fn one(model: &Model, input: InputId, node: &Node, files: HolidayFiles) -> Result<Option<Value>, Box<Problem>> {
    if matches!(node.data, Data::Null) {
        return Ok(None);
    }
    let mut fitting = Fitting::new(model, FileId(0), Beside::only(files));
    let declared = model.input(input);
    let value = fitting.value(node, &declared.ty, &declared.name);
    if let Some(problem) = fitting.problems.into_iter().next() {
        return Err(Box::new(problem));
    }
    match value.as_ref().and_then(|value| declared.refuses(value, model)) {
        Some(why) => Err(Box::new(Problem::new(Code::WrongFact, Span::new(FileId(0), node.span.clone()), why))),
        None => Ok(value),
    }
}

struct Fitting<'a> {
    files: HolidayFiles<'a>,
    model: &'a Model,
    file: FileId,
    facts: Facts,
    /// Where each input was given, to report a second time.
    given: Vec<(InputId, Span)>,
    problems: Vec<Problem>,
    left_out: Vec<String>,
    editions: &'a [&'a Model],
    leave_out: bool,
}

impl<'a> Fitting<'a> {
    fn new(model: &'a Model, file: FileId, beside: Beside<'a>) -> Self {
        Fitting {
            files: beside.files,
            model,
            file,
            facts: Facts::none(model),
            given: Vec::new(),
            problems: Vec::new(),
            left_out: Vec::new(),
            editions: beside.editions,
            leave_out: beside.leave_out,
        }
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.clone())
    }

    /// Facts under a common beginning of their names, such as `order`.
    fn group(&mut self, above: &str, entries: &[(Key, Node)]) {
        for (key, node) in entries {
            if self.problems.len() >= MOST_PROBLEMS {
                return;
            }
            let name: String = key.name.nfc().collect();
            let path = if above.is_empty() { name } else { format!("{above}.{name}") };
            if let Some(id) = self.model.input_named(&path) {
                self.input(id, key, node);
            } else if path == READINGS {
                self.readings(node);
            } else if path == EDITION || path == GOVERNED_ON {
                // Read before, by `of_edition`.
            } else if self.is_group(&path) {
                match &node.data {
                    Data::Map(inner) => self.group(&path, inner),
                    Data::Null => {}
                    _ => self.not_a_group(&path, node),
                }
            } else if let (true, Data::Map(inner)) = (self.is_group_elsewhere(&path), &node.data) {
                self.group(&path, inner);
            } else {
                self.unknown(&path, key);
            }
        }
    }

    fn is_group(&self, path: &str) -> bool {
        self.members_of(path).next().is_some()
    }

    /// Whether inputs of another edition have names that begin so, and none of this one.
    fn is_group_elsewhere(&self, path: &str) -> bool {
        let inner = |name: &str| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        self.editions.iter().any(|other| other.inputs.iter().any(|i| inner(&i.name)))
    }

    /// The inputs whose names begin with a path.
    fn members_of(&self, path: &str) -> impl Iterator<Item = &str> {
        let inner = move |name: &str| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        self.model.inputs.iter().map(|i| i.name.as_str()).filter(move |name| inner(name))
    }

    fn not_a_group(&mut self, path: &str, node: &Node) {
        let some: Vec<&str> = self.members_of(path).take(3).collect();
        let help = format!("it is a group of facts, such as {}", some.join(", "));
        let message = format!("`{path}` is no fact by itself");
        let problem = Problem::new(Code::WrongFact, self.span(&node.span), message);
        self.report(problem.help(help));
    }

    fn unknown(&mut self, path: &str, key: &Key) {
        let asks = |other: &&&Model| other.input_named(path).is_some();
        let elsewhere: Vec<String> = self.editions.iter().filter(asks).map(|other| other.title()).collect();
        if !elsewhere.is_empty() && self.leave_out {
            self.left_out.push(path.to_owned());
            return;
        }
        let inputs = self.model.inputs.iter().map(|i| i.name.as_str());
        let decided = self.model.decisions.iter().any(|d| d.name == path);
        let help = if self.model.reading_named(path).is_some() {
            Some(format!("it is a reading: choose it under `{READINGS}`"))
        } else if decided {
            Some("the rules decide it; it cannot be given".to_owned())
        } else if !elsewhere.is_empty() {
            let ask = if elsewhere.len() == 1 { "asks" } else { "ask" };
            Some(format!("{} {ask} for it; choose that edition, or leave it out", elsewhere.join(" and ")))
        } else {
            did_you_mean(path, inputs).or_else(|| self.same_last_word(path))
        };
        let message = format!("these rules ask for no fact `{}`", short(path));
        let problem = Problem::new(Code::UnknownFact, self.span(&key.span), message);
        self.report(problem.maybe_help(help));
    }

    /// An input that ends as the path does: `order.spend` for `spend`.
    fn same_last_word(&self, path: &str) -> Option<String> {
        let last = path.rsplit('.').next()?;
        let same = |name: &&str| name.rsplit('.').next() == Some(last);
        let found: Vec<&str> = self.model.inputs.iter().map(|i| i.name.as_str()).filter(same).take(3).collect();
        (!found.is_empty()).then(|| format!("did you mean `{}`?", found.join("` or `")))
    }

    fn input(&mut self, id: InputId, key: &Key, node: &Node) {
        let at = self.span(&key.span);
        let input = self.model.input(id);
        if let Some((_, first)) = self.given.iter().find(|(given, _)| *given == id) {
            let message = format!("`{}` is given twice", input.name);
            let problem = Problem::new(Code::WrongFact, at, message).related(*first, "here first");
            self.report(problem.help("it stands once by its dotted name and once in a map: keep one"));
            return;
        }
        self.given.push((id, at));
        if matches!(node.data, Data::Null) {
            return;
        }
        let Some(value) = self.value(node, &input.ty, &input.name) else { return };
        match input.refuses(&value, self.model) {
            Some(why) => self.report(Problem::new(Code::WrongFact, self.span(&node.span), why)),
            None => self.facts.give(id, value),
        }
    }

    fn readings(&mut self, node: &Node) {
        let entries = match &node.data {
            Data::Map(entries) => entries,
            Data::Null => return,
            _ => {
                let message = format!("`{READINGS}` holds the choice made for each reading, by its name");
                let problem = Problem::new(Code::WrongFact, self.span(&node.span), message);
                self.report(problem.maybe_help(self.reading_example()));
                return;
            }
        };
        for (key, choice) in entries {
            let name: String = key.name.nfc().collect();
            match self.model.reading_named(&name) {
                Some(id) => self.choice(id, choice),
                None => {
                    let near = did_you_mean(&name, self.model.readings.iter().map(|r| r.name.as_str()));
                    let message = format!("these rules have no reading `{}`", short(&name));
                    let problem = Problem::new(Code::UnknownFact, self.span(&key.span), message);
                    self.report(problem.maybe_help(near));
                }
            }
        }
    }

    fn choice(&mut self, id: ReadingId, node: &Node) {
        if matches!(node.data, Data::Null) {
            return;
        }
        let reading = self.model.reading(id);
        if let Some(choice) = self.member(node, reading.choices, &reading.name) {
            self.facts.choose(id, choice);
        }
    }

    fn reading_example(&self) -> Option<String> {
        let reading = self.model.readings.first()?;
        let choice = self.model.member(reading.choices, 0)?;
        Some(format!("such as {{\"{}\": \"{}\"}}", reading.name, choice.name))
    }
}

/// A name as a message shows it: on one line, and not long.
fn short(name: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = name.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}
