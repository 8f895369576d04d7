//! Logs of events from files of their own: CSV with a heading, or one JSON object a line (NDJSON).

use std::ops::Range;

use csv::{ReaderBuilder, Trim};

use super::document::{self, Data, Format, Key, Node};

/// A file's entries, each with its line.
pub type Entries = Vec<(Node, u32)>;

/// Why a file of events cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventsError {
    pub span: Range<usize>,
    pub message: String,
    pub help: String,
}

/// The format of a file of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventsFormat {
    Csv,
    Ndjson,
    Json,
}

impl EventsFormat {
    /// The format of files whose names end so, without the dot.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<EventsFormat> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => EventsFormat::Csv,
            "ndjson" | "jsonl" => EventsFormat::Ndjson,
            "json" => EventsFormat::Json,
            _ => return None,
        })
    }
}

/// Reads a file of events.
///
/// In CSV the first line names the columns `at`, `event` and perhaps `by`, and the facts that events bring by their
/// dotted names; an empty field is a fact that is not brought.
///
/// # Errors
/// [`EventsError`] at the first place that cannot be read.
pub fn read(text: &str, format: EventsFormat) -> Result<Entries, EventsError> {
    match format {
        EventsFormat::Csv => csv(text),
        EventsFormat::Ndjson => ndjson(text),
        EventsFormat::Json => json(text),
    }
}

fn json(text: &str) -> Result<Entries, EventsError> {
    let node = document::read(text, Format::Json).map_err(|error| failed(error, 0))?;
    let Data::List(items) = node.data else {
        let message = "this is no list of events".to_owned();
        return Err(EventsError {
            span: node.span, message, help: "write a list: [{\"at\": …, \"event\": …}]".into()
        });
    };
    Ok(items.into_iter().zip(1..).collect())
}

fn ndjson(text: &str) -> Result<Entries, EventsError> {
    let mut entries = Vec::new();
    let mut offset = 0;
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let content = line.trim_start_matches('\u{feff}');
        if !content.trim().is_empty() {
            let start = offset + line.len() - content.len();
            let mut node = document::read(content, Format::Json).map_err(|error| failed(error, start))?;
            shift(&mut node, start);
            entries.push((node, number));
        }
        offset += line.len();
    }
    Ok(entries)
}

fn failed(error: document::DocumentError, offset: usize) -> EventsError {
    EventsError {
        span: error.span.start + offset..error.span.end + offset,
        message: error.to_string(),
        help: error.help.unwrap_or_else(|| "one JSON object on each line".to_owned()),
    }
}

/// Moves a part to where it stands in the whole text.
fn shift(node: &mut Node, by: usize) {
    node.span = node.span.start + by..node.span.end + by;
    match &mut node.data {
        Data::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Data::Map(entries) => {
            for (key, item) in entries {
                key.span = key.span.start + by..key.span.end + by;
                shift(item, by);
            }
        }
        _ => {}
    }
}

fn csv(text: &str) -> Result<Entries, EventsError> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len() - body.len();
    let first = body.lines().next().unwrap_or_default();
    let comma = [b',', b';', b'\t'].into_iter().find(|c| first.as_bytes().contains(c)).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(comma).trim(Trim::All).from_reader(body.as_bytes());
    let error = |error: &csv::Error| {
        let at = error.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0)) + skipped;
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("this line has {len} fields, and the heading has {expected_len}")
            }
            _ => error.to_string(),
        };
        let help = "give every line as many fields as the heading; a field with a comma stands in quotes".to_owned();
        EventsError { span: at..at, message, help }
    };
    let heading: Vec<String> = reader.headers().map_err(|e| error(&e))?.iter().map(str::to_owned).collect();
    for wanted in ["at", "event"] {
        if !heading.iter().any(|h| h == wanted) {
            let message = format!("the file has no column `{wanted}`");
            let help = "the first line names the columns: at,event,by and the facts that events bring".to_owned();
            return Err(EventsError { span: skipped..skipped + first.len(), message, help });
        }
    }
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| error(&e))?;
        let (start, line) = record.position().map_or((0, 0), |p| {
            (usize::try_from(p.byte()).unwrap_or(0) + skipped, u32::try_from(p.line()).unwrap_or(u32::MAX))
        });
        // Empty lines before it are left out by the reader, but its position is where they start.
        let empty = text.get(start..).unwrap_or("").find(|c| c != '\r' && c != '\n').unwrap_or(0);
        let skipped = text.get(start..start + empty).unwrap_or("").matches('\n').count();
        let (start, line) = (start + empty, line.saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX)));
        let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| start + n);
        let span = start..end;
        let fields = heading.iter().zip(record.iter()).map(|(name, field)| {
            let data = if field.is_empty() { Data::Null } else { Data::Text(field.to_owned()) };
            (Key { span: span.clone(), name: name.clone() }, Node { span: span.clone(), data })
        });
        entries.push((Node { span: span.clone(), data: Data::Map(fields.collect()) }, line));
    }
    Ok(entries)
}
