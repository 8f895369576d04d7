//! What a reviewer rejected, remembered in `snapshots/.review/rejected.json`: the name of each snapshot, and a hash of
//! what it came to. What comes out otherwise is a new change, and is asked for again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clausal::report::snapshot::file;
use serde_json::{Map, Value, json};

use super::super::shared;
use super::compare::Change;

/// The memory of rejections of a snapshots folder.
pub struct Rejected {
    path: PathBuf,
    by_name: BTreeMap<String, String>,
}

impl Rejected {
    /// Reads what is remembered; there may be nothing. A file that cannot be read ends it.
    pub fn open(folder: &Path) -> Result<Rejected, String> {
        let path = folder.join(".review").join("rejected.json");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Rejected { path, by_name: BTreeMap::new() });
            }
            Err(error) => return Err(format!("`{}` cannot be read: {error}", path.display())),
        };
        let by_name = read(&text).ok_or_else(|| {
            let place = path.display();
            format!("`{place}` does not say what was rejected; remove it, and what was rejected is asked for again")
        })?;
        Ok(Rejected { path, by_name })
    }

    /// Whether this very change was rejected.
    pub fn has(&self, change: &Change) -> bool {
        self.by_name.get(&change.name).is_some_and(|hash| *hash == hash_of(&change.now))
    }

    /// Remembers it, at once.
    pub fn add(&mut self, change: &Change) -> Result<(), String> {
        self.by_name.insert(change.name.clone(), hash_of(&change.now));
        self.write()
    }

    /// Forgets it, at once.
    pub fn forget(&mut self, name: &str) -> Result<(), String> {
        if self.by_name.remove(name).is_none() { Ok(()) } else { self.write() }
    }

    /// Forgets what no longer comes out as it was rejected, of the names that `ours` tells.
    pub fn keep_only(&mut self, changes: &[Change], ours: impl Fn(&str) -> bool) -> Result<(), String> {
        let stays = |name: &String, hash: &String| {
            !ours(name) || changes.iter().any(|c| c.name == *name && *hash == hash_of(&c.now))
        };
        let before = self.by_name.len();
        self.by_name.retain(|name, hash| stays(name, hash));
        if self.by_name.len() == before { Ok(()) } else { self.write() }
    }

    fn write(&self) -> Result<(), String> {
        let wrong = |error: std::io::Error| format!("`{}` cannot be written: {error}", self.path.display());
        let folder = self.path.parent().unwrap_or(Path::new("."));
        if self.by_name.is_empty() {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(wrong(error)),
                _ => {
                    // The folder stays if something else lies in it.
                    let _ = std::fs::remove_dir(folder);
                    Ok(())
                }
            };
        }
        std::fs::create_dir_all(folder).map_err(wrong)?;
        let names: Map<String, Value> = self.by_name.iter().map(|(n, hash)| (n.clone(), json!(hash))).collect();
        let text = serde_json::to_string_pretty(&json!({ "version": 1, "rejected": names }));
        let text = text.map_err(|error| error.to_string())?;
        shared::replace(&self.path.to_string_lossy(), &format!("{text}\n")).map_err(wrong)
    }
}

fn read(text: &str) -> Option<BTreeMap<String, String>> {
    let data: Value = serde_json::from_str(text).ok()?;
    if data.get("version")?.as_u64()? != 1 {
        return None;
    }
    let entries = data.get("rejected")?.as_object()?.iter();
    entries.map(|(name, hash)| Some((name.clone(), hash.as_str()?.to_owned()))).collect()
}

/// FNV-1a of 64 bits: the same on every machine and in every version. Line ends do not count, as in snapshots.
fn hash_of(contents: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in file::write("", contents).bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
