//! Arrow IPC: files, and streams that may come from a pipe or be packed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use arrow::record_batch::RecordBatch;

use super::ReadError;
use super::bytes::reader;
use super::files::FilePieces;
use super::nested::{Leaf, flat, leaves};
use crate::batch::{Content, Heading, Packing};

/// The most rows of a piece; greater batches are cut.
const ROWS: usize = 32_768;

pub struct Ipc {
    file: Arc<str>,
    batches: Batches,
    leaves: Vec<Leaf>,
    headings: Vec<Heading>,
    wanted: Vec<usize>,
    /// What is left of the last batch.
    rest: Option<RecordBatch>,
    row: u64,
}

enum Batches {
    File { reader: Box<FileReader<BufReader<File>>>, size: u64, given: u64, told: u64, read: Arc<AtomicU64> },
    Stream { reader: Box<StreamReader<BufReader<Box<dyn Read + Send>>>> },
}

impl Ipc {
    pub fn file(file: &Arc<str>, expected: &[String], read: &Arc<AtomicU64>) -> Result<Ipc, ReadError> {
        let opened = File::open(&**file).map_err(|error| ReadError::of_io(file, &error))?;
        let size = opened.metadata().map(|m| m.len()).unwrap_or(0);
        if size == 0 {
            let help = "an Arrow file has a footer even without rows: export it again";
            return Err(ReadError::new(file, "the file is empty", help));
        }
        let reader = FileReader::try_new(BufReader::new(opened), None).map_err(|error| unreadable(file, &error))?;
        let schema = reader.schema();
        let read = read.clone();
        let batches = Batches::File { reader: Box::new(reader), size, given: 0, told: 0, read };
        Ok(Ipc::new(file, batches, leaves(&schema, expected)))
    }

    pub fn stream(
        file: &Arc<str>,
        packing: Packing,
        expected: &[String],
        read: &Arc<AtomicU64>,
    ) -> Result<Ipc, ReadError> {
        let bytes = BufReader::with_capacity(1 << 18, reader(file, packing, read)?);
        let reader = StreamReader::try_new(bytes, None).map_err(|error| unreadable(file, &error))?;
        let schema = reader.schema();
        Ok(Ipc::new(file, Batches::Stream { reader: Box::new(reader) }, leaves(&schema, expected)))
    }

    fn new(file: &Arc<str>, batches: Batches, leaves: Vec<Leaf>) -> Ipc {
        let headings = leaves.iter().map(|leaf| leaf.heading.clone()).collect();
        let wanted = (0..leaves.len()).collect();
        Ipc { file: file.clone(), batches, leaves, headings, wanted, rest: None, row: 1 }
    }

    fn batch(&mut self) -> Option<Result<RecordBatch, ArrowError>> {
        match &mut self.batches {
            Batches::Stream { reader } => reader.next(),
            Batches::File { reader, size, given, told, read } => {
                let batch = reader.next();
                *given += 1;
                let passed = *size * (*given).min(reader.num_batches() as u64) / (reader.num_batches() as u64).max(1);
                read.fetch_add(passed - *told, Ordering::Relaxed);
                *told = passed;
                batch
            }
        }
    }
}

impl FilePieces for Ipc {
    fn headings(&self) -> &[Heading] {
        &self.headings
    }

    fn want(&mut self, columns: &[usize]) {
        self.wanted = columns.to_vec();
    }

    fn next(&mut self) -> Result<Option<(u64, Content)>, ReadError> {
        let whole = loop {
            match self.rest.take() {
                Some(rest) if rest.num_rows() > 0 => break rest,
                _ => match self.batch() {
                    Some(Ok(batch)) => self.rest = Some(batch),
                    Some(Err(error)) => {
                        return Err(unreadable(&self.file, &error).at(format!("after row {}", self.row - 1)));
                    }
                    None => return Ok(None),
                },
            }
        };
        let rows = whole.num_rows().min(ROWS);
        if rows < whole.num_rows() {
            self.rest = Some(whole.slice(rows, whole.num_rows() - rows));
        }
        let wanted: Vec<Leaf> = self.wanted.iter().filter_map(|at| self.leaves.get(*at).cloned()).collect();
        let batch = flat(&whole.slice(0, rows), &wanted, Some)
            .map_err(|error| unreadable(&self.file, &error).at(format!("after row {}", self.row - 1)))?;
        let row = self.row;
        self.row += rows as u64;
        Ok(Some((row, Content::Arrow(batch))))
    }
}

fn unreadable(file: &str, error: &ArrowError) -> ReadError {
    let said = error.to_string();
    if said.contains("UnexpectedEof") || said.contains("failed to fill") || said.contains("Expected") {
        return ReadError::new(
            file,
            format!("the file is cut short: {said}"),
            "copy it again from where it comes from",
        );
    }
    let help = "copy it again; a file of Arrow ends in .arrow or .feather, a stream in .arrows";
    ReadError::new(file, format!("the file is no Arrow file that can be read: {said}"), help)
}
