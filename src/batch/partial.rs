//! A file that is being written: beside the one that it becomes, under its name and `.partial`. Its length and checksum
//! are known at every moment, so that it can be gone on with after the run was cut off.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crc32fast::Hasher;
use fs4::{FileExt, TryLockError};
use same_file::Handle;
use serde::{Deserialize, Serialize};

/// How far a file had come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub length: u64,
    /// CRC-32 of all its bytes.
    pub checksum: u32,
}

/// A file that is being written.
#[derive(Debug)]
pub struct Partial {
    /// The file that it becomes.
    target: String,
    path: String,
    file: File,
    done: Arc<Mutex<Done>>,
}

/// Where the bytes go; what was written is known to its [`Partial`].
#[derive(Debug)]
pub struct PartialWriter {
    file: BufWriter<File>,
    done: Arc<Mutex<Done>>,
}

#[derive(Debug, Default)]
struct Done {
    length: u64,
    checksum: Hasher,
}

impl Partial {
    /// Where a file stands while it is written.
    pub fn path_of(target: &str) -> String {
        format!("{target}.partial")
    }

    /// Starts a file.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::WouldBlock`] if another run is writing it.
    pub fn create(target: &str) -> io::Result<(Partial, PartialWriter)> {
        let path = Partial::path_of(target);
        let file = held(&path, OpenOptions::new().write(true).create(true).truncate(false))?;
        file.set_len(0)?;
        Partial::over(target, file, path, Done::default())
    }

    /// Goes on with a file; `None` if it is not as it was at the mark.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::WouldBlock`] if another run is writing it.
    pub fn resume(target: &str, mark: Mark) -> io::Result<Option<(Partial, PartialWriter)>> {
        let path = Partial::path_of(target);
        let mut file = match held(&path, OpenOptions::new().read(true).write(true)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut checksum = Hasher::new();
        let mut from = BufReader::with_capacity(1 << 16, Read::by_ref(&mut file)).take(mark.length);
        let mut length = 0;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = from.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            checksum.update(&buffer[..read]);
            length += read as u64;
        }
        if length != mark.length || checksum.clone().finalize() != mark.checksum {
            return Ok(None);
        }
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        Partial::over(target, file, path, Done { length, checksum }).map(Some)
    }

    fn over(target: &str, file: File, path: String, done: Done) -> io::Result<(Partial, PartialWriter)> {
        let done = Arc::new(Mutex::new(done));
        let writer = PartialWriter { file: BufWriter::with_capacity(1 << 18, file.try_clone()?), done: done.clone() };
        Ok((Partial { target: target.to_owned(), path, file, done }, writer))
    }

    /// The file that it becomes.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// How far it has come. Its writer must have been flushed.
    pub fn mark(&self) -> Mark {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        Mark { length: done.length, checksum: done.checksum.clone().finalize() }
    }

    /// Sees that what was written is on the disk.
    ///
    /// # Errors
    /// What the system says.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives the file its name. Its writer must have been flushed.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, &self.target)
    }

    /// Takes the file away.
    pub fn abandon(self) {
        Partial::clear(&self.target);
    }

    /// Takes away what was written of a file.
    pub fn clear(target: &str) {
        // The target stands as it was; only the unfinished copy is left to clear away.
        let _ = std::fs::remove_file(Partial::path_of(target));
    }
}

/// Opens a file for this run alone, as long as it is open.
fn held(path: &str, options: &OpenOptions) -> io::Result<File> {
    loop {
        let file = options.open(path)?;
        match FileExt::try_lock(&file) {
            // Some file systems have no locks; there runs are not kept apart.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
        }
        // Another run may have ended in between, and this be its answers, under their name by now.
        let is_there = Handle::from_path(path).and_then(|there| Ok(there == Handle::from_file(file.try_clone()?)?));
        match is_there {
            Ok(true) => return Ok(file),
            Ok(false) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

impl Write for PartialWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.checksum.update(&bytes[..written]);
        done.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
