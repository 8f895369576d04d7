//! Parts packed each by itself. Gzip members and zstd frames that stand one after another are one file to every reader,
//! so that workers can pack, and a file can be gone on with where a part ends.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::WriteError;
use crate::batch::Packing;

/// The level that `zstd` has by itself.
const ZSTD_LEVEL: i32 = 3;

pub fn packed(bytes: Vec<u8>, packing: Packing) -> Result<Vec<u8>, WriteError> {
    if bytes.is_empty() {
        return Ok(bytes);
    }
    Ok(match packing {
        Packing::None => bytes,
        Packing::Gzip => {
            let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
            packer.write_all(&bytes)?;
            packer.finish()?
        }
        Packing::Zstd => zstd::bulk::compress(&bytes, ZSTD_LEVEL)?,
    })
}

/// A writer of a file that is packed as one stream.
pub enum Packer<W: Write> {
    Plain(W),
    Gzip(GzEncoder<W>),
    Zstd(zstd::stream::write::Encoder<'static, W>),
}

impl<W: Write> Packer<W> {
    pub fn new(to: W, packing: Packing) -> Result<Packer<W>, WriteError> {
        Ok(match packing {
            Packing::None => Packer::Plain(to),
            Packing::Gzip => Packer::Gzip(GzEncoder::new(to, Compression::default())),
            Packing::Zstd => Packer::Zstd(zstd::stream::write::Encoder::new(to, ZSTD_LEVEL)?),
        })
    }

    /// Writes what is left.
    pub fn finish(self) -> Result<(), WriteError> {
        let mut to = match self {
            Packer::Plain(to) => to,
            Packer::Gzip(packer) => packer.finish()?,
            Packer::Zstd(packer) => packer.finish()?,
        };
        Ok(to.flush()?)
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packer::Plain(to) => to.write(bytes),
            Packer::Gzip(packer) => packer.write(bytes),
            Packer::Zstd(packer) => packer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Packer::Plain(to) => to.flush(),
            Packer::Gzip(packer) => packer.flush(),
            Packer::Zstd(packer) => packer.flush(),
        }
    }
}
