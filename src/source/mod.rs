//! Files, spans and line numbers. Text comes in through [`Files`], so the library itself touches no
//! disk; what the text means is for `syntax` to say.

pub mod disk;
pub mod git;
pub mod load;

use std::ops::Range;
use std::sync::Arc;

/// The largest rule file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// One file among the [`Sources`] of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A stretch of text in a file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Span { file, start: range.start as u32, end: range.end as u32 }
    }

    /// The smallest stretch that holds both; `self` if they lie in different files.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A file's text, with the name that people see.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path as the user wrote it, with `/` between folders.
    pub name: String,
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl SourceFile {
    fn new(name: String, text: Arc<str>) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1);
        let line_starts = std::iter::once(0).chain(newlines).collect();
        SourceFile { name, text, line_starts }
    }

    pub fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|start| *start as usize <= offset).max(1);
        let start = self.line_starts.get(line - 1).map_or(0, |s| *s as usize);
        let column = self.text.get(start..offset.min(self.text.len())).map_or(1, |t| t.chars().count() + 1);
        Place { line, column }
    }
}

/// All the text of a run: rule files, and facts files where a problem points into one.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.files.push(SourceFile::new(name.into(), text.into()));
        FileId(self.files.len() as u32 - 1)
    }

    /// The file of an id that these sources gave out.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len() as u32).map(FileId)
    }

    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or("")
    }

    pub fn place(&self, span: Span) -> Place {
        self.file(span.file).place(span.start as usize)
    }

    /// `rules/x.clause:12:3`
    pub fn location(&self, span: Span) -> String {
        let place = self.place(span);
        format!("{}:{}:{}", self.file(span.file).name, place.line, place.column)
    }
}

/// Where text comes from: the disk, or a test's map.
pub trait Files {
    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// The names in a folder, sorted, folders with a trailing `/`; `None` if it is not a folder.
    fn list(&self, path: &str) -> Option<Vec<String>>;
}
