//! Why a file cannot be read on.

use std::fmt;
use std::io;

/// A file that cannot be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The file, as it was named.
    pub file: String,
    /// `line 3`, `row group 2`, where it is known.
    pub place: Option<String>,
    /// What is wrong, in one lower-case line.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl ReadError {
    pub(crate) fn new(file: &str, message: impl Into<String>, help: impl Into<String>) -> ReadError {
        ReadError { file: file.to_owned(), place: None, message: message.into(), help: help.into() }
    }

    pub(crate) fn at(mut self, place: impl Into<String>) -> ReadError {
        self.place = Some(place.into());
        self
    }

    /// Of a file that the system does not give, or not whole.
    pub(crate) fn of_io(file: &str, error: &io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::NotFound => {
                ReadError::new(file, "there is no such file", "write its path as it is seen from here")
            }
            io::ErrorKind::PermissionDenied => {
                ReadError::new(file, "the file may not be read", "ask for the right to read it")
            }
            io::ErrorKind::IsADirectory => {
                ReadError::new(file, "this is a folder", "name the files in it, or a pattern such as folder/*.csv")
            }
            _ => ReadError::new(file, format!("the file cannot be read: {error}"), "see that the disk is there"),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.file)?;
        if let Some(place) = &self.place {
            write!(f, ", {place}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ReadError {}
