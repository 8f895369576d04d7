//! The bytes of a file, unpacked, in a window that is as long as its reader wants.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use super::{ReadError, STDIN};
use crate::batch::Packing;

/// What was not used yet of a file's bytes.
pub struct Window {
    file: Arc<str>,
    from: Origin,
    count: Arc<AtomicU64>,
    packing: Packing,
    /// Read, and not used yet.
    pub bytes: Vec<u8>,
    /// Whether the file ends where `bytes` ends.
    pub ended: bool,
}

/// Where the bytes come from.
enum Origin {
    /// A file as it is: the system reads straight into the window.
    File(File),
    /// What is unpacked, or standard input; its bytes are counted as they pass.
    Other(Box<dyn Read + Send>),
}

/// Counts the bytes that pass.
struct Counted<R> {
    from: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A file or standard input, unpacked; the bytes that are read of it are counted.
pub fn reader(path: &str, packing: Packing, count: &Arc<AtomicU64>) -> Result<Box<dyn Read + Send>, ReadError> {
    let count = count.clone();
    let raw: Box<dyn Read + Send> = if path == STDIN {
        Box::new(Counted { from: io::stdin(), count })
    } else {
        let from = File::open(path).map_err(|error| ReadError::of_io(path, &error))?;
        Box::new(Counted { from, count })
    };
    Ok(match packing {
        Packing::None => raw,
        Packing::Gzip => Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, raw))),
        Packing::Zstd => {
            let unpacked = zstd::stream::read::Decoder::new(raw).map_err(|error| unpacked(path, packing, &error))?;
            Box::new(unpacked)
        }
    })
}

/// What went wrong while bytes were read that are perhaps packed.
pub fn unpacked(path: &str, packing: Packing, error: &io::Error) -> ReadError {
    let name = match packing {
        Packing::None => return ReadError::of_io(path, error),
        Packing::Gzip => "gzip",
        Packing::Zstd => "zstd",
    };
    if error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("incomplete frame") {
        return ReadError::new(path, format!("the {name} file is cut short"), "copy it again from where it comes from");
    }
    ReadError::new(
        path,
        format!("the file cannot be unpacked by {name}: {error}"),
        "copy it again; if it is not packed, its name should not end in .gz or .zst",
    )
}

impl Window {
    pub fn open(file: &Arc<str>, packing: Packing, count: &Arc<AtomicU64>) -> Result<Window, ReadError> {
        let from = if packing == Packing::None && **file != *STDIN {
            Origin::File(File::open(&**file).map_err(|error| ReadError::of_io(file, &error))?)
        } else {
            Origin::Other(reader(file, packing, count)?)
        };
        Ok(Window { file: file.clone(), from, count: count.clone(), packing, bytes: Vec::new(), ended: false })
    }

    /// Reads on until so many bytes are there, or the file ends.
    pub fn fill(&mut self, wanted: usize) -> Result<(), ReadError> {
        if self.ended || self.bytes.len() >= wanted {
            return Ok(());
        }
        let missing = (wanted - self.bytes.len()) as u64;
        self.bytes.reserve_exact(wanted - self.bytes.len());
        let read = match &mut self.from {
            Origin::File(from) => {
                let read = from.take(missing).read_to_end(&mut self.bytes);
                if let Ok(read) = read {
                    self.count.fetch_add(read as u64, Ordering::Relaxed);
                }
                read
            }
            Origin::Other(from) => from.take(missing).read_to_end(&mut self.bytes),
        };
        let read = read.map_err(|error| unpacked(&self.file, self.packing, &error))?;
        self.ended = (read as u64) < missing;
        Ok(())
    }

    /// Takes the first bytes out.
    pub fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.bytes.split_off(length.min(self.bytes.len()));
        std::mem::replace(&mut self.bytes, rest)
    }

    /// Passes over the first bytes.
    pub fn pass(&mut self, length: usize) {
        self.bytes.drain(..length.min(self.bytes.len()));
    }
}
