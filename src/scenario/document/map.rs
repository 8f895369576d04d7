//! A map while it is being read: names in order, each once.

use std::collections::HashSet;
use std::ops::Range;

use super::{Data, DocumentError, Key, Node, error, shown};

/// The entries so far.
#[derive(Default)]
pub(super) struct Entries {
    entries: Vec<(Key, Node)>,
    // Asked for membership only, so its order shows nowhere.
    names: HashSet<String>,
}

impl Entries {
    /// Takes a name that the next value is for.
    pub(super) fn admit(&mut self, text: &str, key: &Key) -> Result<(), DocumentError> {
        if self.names.insert(key.name.clone()) {
            return Ok(());
        }
        let first = self.entries.iter().find(|(earlier, _)| earlier.name == key.name);
        let first = first.map_or(key.span.clone(), |(earlier, _)| earlier.span.clone());
        Err(given_twice(text, &key.name, &first, key.span.clone()))
    }

    /// Adds a name that was admitted, with its value.
    pub(super) fn push(&mut self, key: Key, node: Node) {
        self.entries.push((key, node));
    }

    pub(super) fn finish(self) -> Data {
        Data::Map(self.entries)
    }
}

/// The problem of a name given at `first` and again at `second`.
pub(super) fn given_twice(text: &str, name: &str, first: &Range<usize>, second: Range<usize>) -> DocumentError {
    let before = text.get(..first.start).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    error(second, format!("`{}` is given twice, first on line {line}", shown(name)))
        .with_help("keep the one that is meant")
}
