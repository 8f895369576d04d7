//! The snapshots folder on disk: `NAME.snap` as accepted, `NAME.snap.new` beside it while it waits for review.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clausal::report::snapshot::file;
use clausal::source::Files;
use clausal::source::disk::Disk;
use unicode_normalization::UnicodeNormalization;

use super::super::shared;

/// The folders that the snapshots of rules stand in; others in the same place belong to tests.
const ROOMS: [&str; 2] = ["rules", "outcomes"];
/// Deeper folders than those of scenarios are not looked at.
const MAX_DEPTH: usize = 6;

const ACCEPTED: &str = ".snap";
const PENDING: &str = ".snap.new";
/// A file that is being written; it gets its own name when it is whole.
const UNFINISHED: &str = ".tmp";

/// The files of a snapshots folder.
pub struct Store {
    folder: PathBuf,
    accepted: BTreeMap<String, PathBuf>,
    pending: BTreeMap<String, PathBuf>,
    /// What an interrupted run left unfinished, by the name that it was to become.
    unfinished: Vec<(String, PathBuf)>,
}

impl Store {
    /// Looks at what is there. A folder that does not exist is empty.
    pub fn open(folder: &Path) -> Store {
        let mut store = Store {
            folder: folder.to_owned(),
            accepted: BTreeMap::new(),
            pending: BTreeMap::new(),
            unfinished: Vec::new(),
        };
        for room in ROOMS {
            store.collect(&folder.join(room), room, 0);
        }
        store
    }

    fn collect(&mut self, folder: &Path, name: &str, depth: usize) {
        for entry in Disk.list(&folder.to_string_lossy()).unwrap_or_default() {
            if let Some(inner) = entry.strip_suffix('/') {
                if depth < MAX_DEPTH {
                    self.collect(&folder.join(inner), &format!("{name}/{inner}"), depth + 1);
                }
            } else if let Some(stem) = entry.strip_suffix(PENDING) {
                self.pending.insert(composed(&format!("{name}/{stem}")), folder.join(&entry));
            } else if let Some(stem) = entry.strip_suffix(ACCEPTED) {
                self.accepted.insert(composed(&format!("{name}/{stem}")), folder.join(&entry));
            } else if let Some((stem, _)) = entry.split_once(&format!("{ACCEPTED}{UNFINISHED}")) {
                self.unfinished.push((composed(&format!("{name}/{stem}")), folder.join(&entry)));
            }
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn accepted_names(&self) -> impl Iterator<Item = &str> {
        self.accepted.keys().map(String::as_str)
    }

    pub fn pending_names(&self) -> impl Iterator<Item = &str> {
        self.pending.keys().map(String::as_str)
    }

    pub fn is_pending(&self, name: &str) -> bool {
        self.pending.contains_key(name)
    }

    /// The accepted contents; for a file that is not a snapshot, such as one with merge marks, all of its text.
    pub fn accepted(&self, name: &str) -> Option<Result<String, String>> {
        read(self.accepted.get(name)?)
    }

    /// The contents that wait for review.
    pub fn pending(&self, name: &str) -> Option<Result<String, String>> {
        read(self.pending.get(name)?)
    }

    /// Makes this the accepted snapshot; nothing of that name waits any longer. Whenever it is cut off, either the old
    /// snapshot stands or the new one does.
    pub fn accept(&mut self, name: &str, source: &str, contents: &str) -> Result<(), String> {
        let path = self.put(name, ACCEPTED, source, contents)?;
        self.accepted.insert(name.to_owned(), path);
        for (_, path) in self.unfinished.iter().filter(|(of, _)| of == name) {
            remove(path)?;
        }
        self.drop_pending(name)
    }

    /// Puts this aside for review.
    pub fn propose(&mut self, name: &str, source: &str, contents: &str) -> Result<(), String> {
        let path = self.put(name, PENDING, source, contents)?;
        self.pending.insert(name.to_owned(), path);
        Ok(())
    }

    /// Takes away what waits for review, if anything does.
    pub fn drop_pending(&mut self, name: &str) -> Result<(), String> {
        self.pending.remove(name).map_or(Ok(()), |path| remove(&path))
    }

    /// Takes away an accepted snapshot, and its folders if they are empty then.
    pub fn remove(&mut self, name: &str) -> Result<(), String> {
        self.drop_pending(name)?;
        let Some(path) = self.accepted.remove(name) else { return Ok(()) };
        remove(&path)?;
        let mut folder = path.parent();
        while let Some(empty) = folder.filter(|f| *f != self.folder && f.starts_with(&self.folder)) {
            // A folder that still holds something stays; that is not a failure.
            if std::fs::remove_dir(empty).is_err() {
                break;
            }
            folder = empty.parent();
        }
        Ok(())
    }

    fn put(&self, name: &str, ending: &str, source: &str, contents: &str) -> Result<PathBuf, String> {
        let path = self.folder.join(format!("{name}{ending}"));
        let wrong = |error: std::io::Error| format!("`{}` cannot be written: {error}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(wrong)?;
        }
        shared::replace(&path.to_string_lossy(), &file::write(source, contents)).map_err(wrong)?;
        Ok(path)
    }
}

fn read(path: &Path) -> Option<Result<String, String>> {
    let bytes = match Disk.read(&path.to_string_lossy()) {
        Ok(bytes) => bytes,
        Err(why) => return Some(Err(format!("`{}` cannot be read: {why}", path.display()))),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(Ok(file::read(&text).map_or(text, |stored| stored.contents)))
}

fn remove(path: &Path) -> Result<(), String> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("`{}` cannot be removed: {error}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Names are compared in one Unicode form: some disks give them back in another.
fn composed(name: &str) -> String {
    name.nfc().collect()
}
