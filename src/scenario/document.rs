//! Facts files read into one tree, every part of it with its place in the text.
//!
//! This file owns the tree, what is common to the formats, and their limits; a
//! file under `document/` reads each format. What the facts mean is not decided
//! here: numbers keep their written digits, and dates are texts, until they are
//! fitted to the inputs of a rule set.

mod json;
mod map;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

use std::ops::Range;

use thiserror::Error;

/// The deepest that lists and maps may stand in one another.
pub const MAX_DEPTH: usize = 64;

/// The longest facts file, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A format of facts files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// RFC 8259, strictly.
    Json,
    /// YAML 1.2, without anchors, aliases, tags or merge keys.
    Yaml,
    /// TOML 1.1.
    Toml,
}

impl Format {
    /// The format of files whose names end so: `json`, `yaml`, `yml` or `toml`,
    /// without the dot, in capitals or not.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Format> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "json" => Format::Json,
            "yaml" | "yml" => Format::Yaml,
            "toml" => Format::Toml,
            _ => return None,
        })
    }
}

/// A part of a facts file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// What it is.
    pub data: Data,
}

/// What a part of a facts file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// `null`, and in YAML also `~` and nothing at all.
    Null,
    /// `true`, `false`, and in YAML also `yes` and `no`.
    YesNo(bool),
    /// A number as it is written, `60000000.10` or `1e6`; TOML's without `_`.
    Number(String),
    /// A text, without its quotes and escapes.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    // INVARIANT: no two keys have the same name.
    Map(Vec<(Key, Node)>),
}

/// A name in a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// The name, without quotes and escapes.
    pub name: String,
}

/// A facts file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct DocumentError {
    /// What is wrong, in one lower-case line.
    pub message: String,
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// How to mend it.
    pub help: Option<String>,
}

/// Reads a facts file. A byte order mark at its start is passed over.
///
/// # Errors
/// A [`DocumentError`] at the first place where the text is not in the format,
/// gives a name twice, or passes [`MAX_DEPTH`] or [`MAX_BYTES`].
pub fn read(text: &str, format: Format) -> Result<Node, DocumentError> {
    if text.len() > MAX_BYTES {
        return Err(error(0..0, format!("the file is longer than {} MiB", MAX_BYTES >> 20))
            .with_help("a facts file is one case: split the list, and evaluate its cases one by one"));
    }
    match format {
        Format::Json => json::read(text),
        Format::Yaml => yaml::read(text),
        Format::Toml => toml::read(text),
    }
}

impl DocumentError {
    fn with_help(mut self, help: impl Into<String>) -> DocumentError {
        self.help = Some(help.into());
        self
    }
}

fn error(span: Range<usize>, message: impl Into<String>) -> DocumentError {
    DocumentError { message: message.into(), span, help: None }
}

fn too_deep(span: Range<usize>) -> DocumentError {
    error(span, format!("lists and maps are more than {MAX_DEPTH} deep here"))
}

/// How many bytes a byte order mark at the start takes up.
fn byte_order_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// A name or literal from the file as a message shows it, on one line and not long.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}
