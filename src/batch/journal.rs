//! How far a run had come: a small file beside the output, from which `--resume` goes on.
//!
//! It says what the run was made of (rules, map, options, rows), each by its hash, so that a run is only gone on with if
//! all of it is as it was; and how far output and rejects had come after so many pieces, with what was counted by then.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::partial::Mark;
use super::tally::Tally;

/// Of the journal.
const VERSION: u32 = 1;
/// Bytes at the start of a file of rows that are looked at to know it again.
const HEAD: u64 = 64 * 1024;

/// Something that a run was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// `the rules`, `` `orders.csv` ``
    pub what: String,
    hash: String,
}

/// How far a run had come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Pieces that are in the output.
    pub pieces: u64,
    pub output: Mark,
    /// The rejected rows, and the reasons.
    pub rejects: Option<(Mark, Mark)>,
    pub tally: Tally,
}

/// The journal of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    version: u32,
    parts: Vec<Part>,
    /// As it was last, and as it was when it was last known to be on the disk.
    last: Option<State>,
    firm: Option<State>,
}

/// Why a run cannot be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no journal.
    None,
    /// It cannot be read.
    Unreadable,
    /// These parts are not as they were.
    Changed(Vec<String>),
}

impl Part {
    /// A part by its bytes.
    pub fn of_bytes<'b>(what: &str, bytes: impl IntoIterator<Item = &'b [u8]>) -> Part {
        let mut hash = Sha256::new();
        for bytes in bytes {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        Part { what: what.to_owned(), hash: hexed(&hash.finalize()) }
    }

    /// A file of rows, by its size, the time of its last change, and its first bytes.
    ///
    /// # Errors
    /// What the system says.
    pub fn of_rows(path: &str) -> io::Result<Part> {
        use io::Read;
        let about = std::fs::metadata(path)?;
        let changed = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let mut head = Vec::new();
        std::fs::File::open(path)?.take(HEAD).read_to_end(&mut head)?;
        let size = about.len().to_le_bytes();
        Ok(Part::of_bytes(&format!("`{path}`"), [&size[..], &changed.as_nanos().to_le_bytes(), &head]))
    }
}

impl Journal {
    pub fn new(parts: Vec<Part>) -> Journal {
        Journal { version: VERSION, parts, last: None, firm: None }
    }

    /// Where the journal of an output stands.
    pub fn path_of(target: &str) -> String {
        format!("{target}.journal")
    }

    /// The journal of a run that was made of the same parts.
    ///
    /// # Errors
    /// Why it cannot be gone on with.
    pub fn read(path: &str, parts: &[Part]) -> Result<Journal, Refusal> {
        if !Path::new(path).exists() {
            return Err(Refusal::None);
        }
        let text = std::fs::read(path).map_err(|_| Refusal::Unreadable)?;
        let journal: Journal = serde_json::from_slice(&text).map_err(|_| Refusal::Unreadable)?;
        if journal.version != VERSION {
            return Err(Refusal::Unreadable);
        }
        let is_known = |part: &&Part| journal.parts.contains(part);
        let mut changed: Vec<String> = parts.iter().filter(|part| !is_known(part)).map(|p| p.what.clone()).collect();
        let gone = journal.parts.iter().filter(|old| !parts.iter().any(|part| part.what == old.what));
        changed.extend(gone.map(|part| part.what.clone()));
        if changed.is_empty() { Ok(journal) } else { Err(Refusal::Changed(changed)) }
    }

    /// What the run can be gone on from, the furthest first.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.last.iter().chain(&self.firm)
    }

    /// Writes down how far the run has come; `firm` if all of it is known to be on the disk.
    ///
    /// # Errors
    /// What the system says.
    pub fn note(&mut self, path: &str, state: State, firm: bool) -> io::Result<()> {
        if firm {
            self.firm = Some(state.clone());
        }
        self.last = Some(state);
        let beside = format!("{path}.tmp");
        let text = serde_json::to_vec(self).map_err(io::Error::other)?;
        let file = std::fs::File::create(&beside).and_then(|mut file| {
            io::Write::write_all(&mut file, &text)?;
            Ok(file)
        })?;
        if firm {
            file.sync_all()?;
        }
        std::fs::rename(&beside, path)
    }
}

fn hexed(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
