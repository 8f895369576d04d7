//! Files of many cases: every format in and out, what cells mean, and what is said of those that mean nothing.

mod broken;
mod formats;
mod meaning;
mod rejects;

use clausal::batch::read::{ReadError, ReadOptions, open};
use clausal::batch::understand::{Events, Joined, Reader, Terms};
use clausal::batch::write::{Amounts, Encoder, Explain, Layout, LayoutOptions, sink};
use clausal::batch::{Binding, Feed, Format, HeadingKind, NumberMarks, Packing, Reject};
use clausal::check::Checked;
use clausal::columnar::Plan;
use clausal::report::all_targets;
use clausal::scenario::Facts;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::support::{open_text, rendered};

/// An edition with an input of nearly every type, and decisions that repeat the facts or work with them.
pub const RULES: &str = r#"
enumeration severity {
  1 en "Severity 1" zh "严重性 1"
  A en "Severity A" zh "严重性 A"
  B
}
enumeration product { azure, maps }
unit credit { label en "credit" }
input incident.severity : severity
input order.products    : set of product
input order.late        : yes-no
input order.pieces       : integer
input order.spend       : money in USD { must be >= USD 0 }
input order.discount    : percent
input order.credits     : credit
input order.signed-on   : date
input order.starts-on   : date { must be >= order.signed-on }
input order.reported-at : date-time
input order.limit       : duration
input order.note        : text

decision severity : severity { always incident.severity }
decision urgent : yes-no { always incident.severity is 1 }
decision products : set of product { always order.products }
decision late : yes-no { always order.late }
decision pieces : integer { always order.pieces }
decision spend : money in USD { always order.spend }
decision discount : percent { always order.discount }
decision credits : credit { always order.credits }
decision signed-on : date { always order.signed-on }
decision starts-on : date { always order.starts-on }
decision reported-at : date-time { always order.reported-at }
decision limit : duration { always order.limit }
decision note : text { always order.note }
"#;

pub fn rules(text: &str) -> Checked {
    let mut opened = open_text("rules.clause", text);
    assert!(opened.sets[0].checked.is_some(), "{}", rendered(&opened));
    opened.sets.remove(0).checked.expect("the rules are sound")
}

/// A heading, the input that it feeds, and texts that stand for others.
pub type Mapped<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>);

/// How a test runs files through rules.
pub struct Run<'a> {
    pub rules: &'a str,
    pub decisions: &'a [&'a str],
    pub marks: NumberMarks,
    /// Headings that feed inputs of other names, with texts that stand for others.
    pub map: Vec<Mapped<'a>>,
    /// Amount, currency and input.
    pub money: Vec<(&'a str, &'a str, &'a str)>,
    pub keep: &'a [&'a str],
    pub amounts: Amounts,
    pub explain: Explain,
    pub read: ReadOptions,
    /// Events, in CSV, and the column of their key.
    pub events: Option<(&'a str, &'a str)>,
    pub skip: u64,
}

impl Default for Run<'_> {
    fn default() -> Self {
        Run {
            rules: RULES,
            decisions: &[],
            marks: NumberMarks::default(),
            map: Vec::new(),
            money: Vec::new(),
            keep: &[],
            amounts: Amounts::default(),
            explain: Explain::default(),
            read: ReadOptions::default(),
            events: None,
            skip: 0,
        }
    }
}

impl Run<'_> {
    /// Reads files, evaluates and writes; gives the bytes written and the rows set aside.
    pub fn bytes(&self, paths: &[&Path], output: &str) -> Result<(Vec<u8>, Vec<Reject>), ReadError> {
        let checked = rules(self.rules);
        let model = &checked.model;
        let mut options = self.read.clone();
        options.expected.extend(model.inputs.iter().map(|input| input.name.clone()));
        options.expected.extend(self.map.iter().map(|(heading, ..)| (*heading).to_owned()));
        let paths: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let mut source = open(&paths, options)?;
        let headings = source.headings().to_vec();
        let place = |name: &str| headings.iter().position(|h| h.name == name).unwrap_or_else(|| panic!("no `{name}`"));
        let mut bindings: Vec<Binding> = Vec::new();
        for (at, heading) in headings.iter().enumerate().filter(|(_, h)| h.kind != HeadingKind::Unseen) {
            if let Some(input) = model.input_named(&heading.name) {
                bindings.push(Binding { input, feed: Feed::Column(at), values: Vec::new() });
            }
        }
        for (heading, input, values) in &self.map {
            let input = model.input_named(input).expect("the input is there");
            let values = values.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            bindings.push(Binding { input, feed: Feed::Column(place(heading)), values });
        }
        for (amount, currency, input) in &self.money {
            let input = model.input_named(input).expect("the input is there");
            let feed = Feed::Money { amount: place(amount), currency: place(currency) };
            bindings.push(Binding { input, feed, values: Vec::new() });
        }
        let mut targets = all_targets(model);
        if self.decisions.is_empty() {
            targets.retain(|target| bindings.iter().any(|b| model.input(b.input).name.ends_with(&target.path)));
        } else {
            targets.retain(|target| self.decisions.contains(&target.path.as_str()));
        }
        let shared = Facts::none(model);
        let plan = Plan::compile(&checked, shared.clone(), targets, self.explain != Explain::default());
        let kept: Vec<usize> = self.keep.iter().map(|name| place(name)).collect();
        let events = self.events.map(|(text, key)| {
            let format = clausal::scenario::events::EventsFormat::Csv;
            let events = Events::read(model, "events.csv", text, format, key).unwrap_or_else(|e| panic!("{e}"));
            Joined { key: place(key), events: Arc::new(events) }
        });
        let terms = Terms {
            checked: &checked,
            headings: &headings,
            bindings: &bindings,
            kept: &kept,
            marks: self.marks,
            shared: &shared,
            events,
        };
        source.want(&terms.wanted());
        let (format, packing) = Format::of_path(output).expect("the output's name tells its format");
        let layout = Layout::new(
            &plan,
            LayoutOptions {
                format,
                packing,
                amounts: self.amounts,
                explain: self.explain,
                kept: kept.iter().enumerate().map(|(at, column)| (at, headings[*column].clone())).collect(),
                sources: None,
                before: None,
            },
        )
        .unwrap_or_else(|error| panic!("{error}"));
        let mut written = Vec::new();
        let mut rejects = Vec::new();
        {
            let mut sink = sink(&mut written, &layout, None).expect("the head is written");
            let mut reader = Reader::new(terms);
            let mut encoder = Encoder::new(&layout);
            let mut session = plan.session();
            source.skip(self.skip)?;
            while let Some(piece) = source.next()? {
                let understood = reader.understand(&piece, &[]);
                let answers = session.evaluate(&understood.cases);
                let part = encoder.encode(&understood, &answers, None).expect("it can be encoded");
                sink.write(part).expect("it can be written");
                rejects.extend(understood.rejects);
            }
            sink.finish().expect("it can be finished");
        }
        assert_eq!(packing, Packing::of_path(output));
        Ok((written, rejects))
    }

    /// The text that comes of a file with this content.
    pub fn text(&self, name: &str, content: &[u8], output: &str) -> (String, Vec<Reject>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, content).expect("the file can be written");
        let (bytes, rejects) = self.bytes(&[&path], output).unwrap_or_else(|error| panic!("{error}"));
        (String::from_utf8(bytes).expect("the output is text"), rejects)
    }

    /// What is said of a file that cannot be read, without its folder.
    pub fn error(&self, name: &str, content: &[u8]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, content).expect("the file can be written");
        let error = self.bytes(&[&path], "out.csv").expect_err("the file cannot be read");
        let shown = format!("{error}; {}", error.help);
        shown.replace(&format!("{}/", folder.path().to_string_lossy()), "")
    }
}

/// A reject as a person reads it, with its original.
pub fn told(reject: &Reject) -> String {
    let line = reject.line.map_or(String::new(), |line| format!(", line {line}"));
    let column = reject.column.as_ref().map_or(String::new(), |column| format!(", `{column}`"));
    let value = reject.value.as_ref().map_or(String::new(), |value| format!(" [{value}]"));
    let help = reject.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
    let original = String::from_utf8_lossy(&reject.original);
    format!("row {}{line}{column}{value}: {}{help}\n  {original}", reject.row, reject.why)
}
