//! Several files, read one after another as if they were one.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::delimited::Delimited;
use super::ipc::Ipc;
use super::lines::Lines;
use super::parquet::Parquet;
use super::{ReadError, ReadOptions, STDIN, Source, array};
use crate::batch::{Content, Dialect, Format, Heading, Packing, Piece};

/// One file of a format, in pieces.
pub trait FilePieces: Send {
    fn headings(&self) -> &[Heading];

    /// See [`Source::want`].
    fn want(&mut self, _columns: &[usize]) {}

    /// See [`Source::dialect`].
    fn dialect(&self) -> Option<Dialect> {
        None
    }

    /// Passes over as many pieces as there are, at most so many, and tells how many that were.
    fn skip(&mut self, pieces: u64) -> Result<u64, ReadError> {
        for passed in 0..pieces {
            if self.next()?.is_none() {
                return Ok(passed);
            }
        }
        Ok(pieces)
    }

    /// The next piece, and the number of its first record in the file, from 1.
    fn next(&mut self) -> Result<Option<(u64, Content)>, ReadError>;
}

pub struct Files {
    paths: Vec<Arc<str>>,
    options: ReadOptions,
    /// The place of the open file among the paths.
    at: usize,
    open: Box<dyn FilePieces>,
    headings: Vec<Heading>,
    wanted: Option<Vec<usize>>,
    /// The number of the next piece.
    number: u64,
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Files {
    pub fn open(paths: &[String], options: ReadOptions) -> Result<Files, ReadError> {
        let paths: Vec<Arc<str>> = paths.iter().map(|path| Arc::from(path.as_str())).collect();
        let Some(first) = paths.first() else {
            return Err(ReadError::new("", "no file is named", "name the files to read"));
        };
        // Every name is looked at before the first is read, so that a slip in the last does not show after an hour.
        for path in &paths {
            format_of(path, &options)?;
            if **path != *STDIN {
                fs::metadata(&**path).map_err(|error| ReadError::of_io(path, &error))?;
            }
        }
        let read = Arc::default();
        let open = open_one(first, &options, None, &read)?;
        let headings = open.headings().to_vec();
        let size = |path: &Arc<str>| fs::metadata(&**path).ok().filter(fs::Metadata::is_file).map(|m| m.len());
        let total = paths.iter().map(|path| if **path == *STDIN { None } else { size(path) }).sum();
        Ok(Files { paths, options, at: 0, open, headings, wanted: None, number: 0, read, total })
    }

    /// Goes on with the next file, if there is one.
    fn advance(&mut self) -> Result<bool, ReadError> {
        let Some(path) = self.paths.get(self.at + 1) else { return Ok(false) };
        let mut open = open_one(path, &self.options, Some(&self.headings), &self.read)?;
        same_headings(&self.headings, open.headings(), path, &self.paths[0])?;
        if let Some(wanted) = &self.wanted {
            open.want(wanted);
        }
        self.open = open;
        self.at += 1;
        Ok(true)
    }
}

impl Source for Files {
    fn headings(&self) -> &[Heading] {
        &self.headings
    }

    fn want(&mut self, columns: &[usize]) {
        self.open.want(columns);
        self.wanted = Some(columns.to_vec());
    }

    fn skip(&mut self, pieces: u64) -> Result<(), ReadError> {
        let mut left = pieces;
        loop {
            left -= self.open.skip(left)?;
            if left == 0 || !self.advance()? {
                break;
            }
        }
        self.number += pieces - left;
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Piece>, ReadError> {
        loop {
            if let Some((first_row, content)) = self.open.next()? {
                let piece = Piece { number: self.number, file: self.paths[self.at].clone(), first_row, content };
                self.number += 1;
                return Ok(Some(piece));
            }
            if !self.advance()? {
                return Ok(None);
            }
        }
    }

    fn dialect(&self) -> Option<Dialect> {
        self.open.dialect()
    }

    fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    fn bytes_total(&self) -> Option<u64> {
        self.total
    }
}

/// The format and packing of a file, by the options or by its name.
fn format_of(path: &str, options: &ReadOptions) -> Result<(Format, Packing), ReadError> {
    if path != STDIN && std::path::Path::new(path).is_dir() {
        return Err(ReadError::of_io(path, &std::io::ErrorKind::IsADirectory.into()));
    }
    let known = match options.format {
        Some(format) => Some((format, Packing::of_path(path))),
        None => Format::of_path(path),
    };
    let Some((format, packing)) = known else {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        let message = if path == STDIN {
            "the format of standard input is not known"
        } else {
            "the end of the name tells no format"
        };
        return Err(ReadError::new(path, message, format!("say which it is by --input-format: {}", names.join(", "))));
    };
    if packing != Packing::None && !format.is_streamed() {
        let message = format!("{} files are not packed as a whole", format.name());
        return Err(ReadError::new(path, message, "unpack it first; inside, such files are packed already"));
    }
    if path == STDIN && !format.is_streamed() {
        let message = format!("{} cannot be read from standard input: its directory stands at its end", format.name());
        return Err(ReadError::new(path, message, "save it as a file, and name the file"));
    }
    Ok((format, packing))
}

/// Opens a file; `headings` are those of the first file, if this is another.
fn open_one(
    path: &Arc<str>,
    options: &ReadOptions,
    headings: Option<&[Heading]>,
    read: &Arc<AtomicU64>,
) -> Result<Box<dyn FilePieces>, ReadError> {
    let (format, packing) = format_of(path, options)?;
    let expected = &options.expected;
    Ok(match format {
        Format::Csv => Box::new(Delimited::open(path, packing, options.delimiter, read)?),
        Format::Tsv => Box::new(Delimited::open(path, packing, Some(options.delimiter.unwrap_or(b'\t')), read)?),
        Format::Ndjson => Box::new(Lines::open(path, packing, expected, headings, read)?),
        Format::Json => array::open(path, packing, expected, headings, read)?,
        Format::Parquet => Box::new(Parquet::open(path, expected, read)?),
        Format::Arrow => Box::new(Ipc::file(path, expected, read)?),
        Format::ArrowStream => Box::new(Ipc::stream(path, packing, expected, read)?),
    })
}

/// Files that are read as one have the same columns.
fn same_headings(first: &[Heading], other: &[Heading], file: &str, first_file: &str) -> Result<(), ReadError> {
    let named = |heading: Option<&Heading>| heading.map_or("no column".to_owned(), |h| format!("`{}`", h.name));
    let differ = (0..first.len().max(other.len())).find(|at| first.get(*at) != other.get(*at));
    let Some(at) = differ else { return Ok(()) };
    let (ours, theirs) = (first.get(at), other.get(at));
    let message = if ours.map(|h| &h.name) == theirs.map(|h| &h.name) {
        format!("column {} ({}) does not hold the same kind of values as in `{first_file}`", at + 1, named(ours))
    } else {
        format!("column {} is {}, and in `{first_file}` it is {}", at + 1, named(theirs), named(ours))
    };
    Err(ReadError::new(file, message, "files that are read together have the same columns; read this one by itself"))
}
