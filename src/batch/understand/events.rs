//! Events from a file of their own, joined to rows by a key.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::batch::read::ReadError;
use crate::model::Model;
use crate::scenario::document::{Data, Node};
use crate::scenario::events::{self, Entries, EventsFormat};
use crate::scenario::fit;
use crate::source::FileId;
use crate::value::{Log, Value};

/// The events of many cases, by key, each case's as a log. All of them are in memory.
#[derive(Debug)]
pub struct Events {
    /// The name of the file.
    pub file: String,
    logs: HashMap<Box<str>, Result<Value, WrongLog>>,
    none: Value,
}

/// Why the events of a case are no log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongLog {
    pub message: String,
    pub help: Option<String>,
}

impl Events {
    /// Reads a file of events. Its column `key` says to which case each belongs; the others are as in any file of events.
    ///
    /// # Errors
    /// A file that is not in its format, has no column for the key, or an event without one. An event that the rules
    /// don't know is a matter of its case: the rows of that key are set aside.
    pub fn read(model: &Model, file: &str, text: &str, format: EventsFormat, key: &str) -> Result<Events, ReadError> {
        let line = |at: usize| {
            format!("line {}", text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1)
        };
        let entries = events::read(text, format)
            .map_err(|error| ReadError::new(file, error.message, error.help).at(line(error.span.start)))?;
        let mut groups: HashMap<Box<str>, Entries> = HashMap::new();
        for (mut node, number) in entries {
            let Some(name) = taken(&mut node, key) else {
                let message = format!("the event has no `{key}`, so it belongs to no case");
                let help = format!("give every event the key of its case under `{key}`");
                return Err(ReadError::new(file, message, help).at(line(node.span.start)));
            };
            groups.entry(name).or_default().push((node, number));
        }
        let logs = groups.into_iter().map(|(key, entries)| {
            let (log, problems) = fit::log(model, &entries, FileId(0));
            let log = log.ok_or_else(|| {
                let problem = problems.into_iter().next();
                let (message, help) = problem.map_or((String::new(), None), |p| (p.message, p.help));
                WrongLog { message, help }
            });
            (key, log)
        });
        let none = Value::Log(Arc::new(Log { entries: Vec::new() }));
        Ok(Events { file: file.to_owned(), logs: logs.collect(), none })
    }

    /// The log of a case. One that the file doesn't name has no events: the file is taken to hold all of them.
    pub fn log(&self, key: &str) -> Result<&Value, &WrongLog> {
        match self.logs.get(key.trim()) {
            Some(log) => log.as_ref(),
            None => Ok(&self.none),
        }
    }

    /// How many cases have events.
    pub fn cases(&self) -> usize {
        self.logs.len()
    }
}

/// The key of an event, taken out of it.
fn taken(node: &mut Node, key: &str) -> Option<Box<str>> {
    let Data::Map(parts) = &mut node.data else { return None };
    let at = parts.iter().position(|(name, _)| name.name == key || name.name.nfc().eq(key.nfc()))?;
    match parts.remove(at).1.data {
        Data::Text(text) | Data::Number(text) if !text.trim().is_empty() => Some(text.trim().into()),
        _ => None,
    }
}
