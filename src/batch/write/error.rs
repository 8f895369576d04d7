//! Why answers cannot be written.

use thiserror::Error;

/// What went wrong while answers were written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct WriteError {
    /// What is wrong, in one lower-case line.
    pub message: String,
    /// How to mend it; may be empty.
    pub help: String,
    /// Whether the reader of a pipe went away, which is no fault of anyone.
    pub closed: bool,
}

impl WriteError {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> WriteError {
        WriteError { message: message.into(), help: help.into(), closed: false }
    }
}

impl From<::arrow::error::ArrowError> for WriteError {
    fn from(error: ::arrow::error::ArrowError) -> WriteError {
        match error {
            ::arrow::error::ArrowError::IoError(_, error) => error.into(),
            other => WriteError::new(format!("the columns cannot be written: {other}"), ""),
        }
    }
}

impl From<::parquet::errors::ParquetError> for WriteError {
    fn from(error: ::parquet::errors::ParquetError) -> WriteError {
        match error {
            ::parquet::errors::ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
                Ok(error) => (*error).into(),
                Err(other) => WriteError::new(format!("the columns cannot be written: {other}"), ""),
            },
            other => WriteError::new(format!("the columns cannot be written: {other}"), ""),
        }
    }
}

impl From<std::io::Error> for WriteError {
    fn from(error: std::io::Error) -> WriteError {
        let closed = error.kind() == std::io::ErrorKind::BrokenPipe;
        let message = format!("the output cannot be written: {error}");
        WriteError { message, help: "see that there is room and that the folder may be written to".to_owned(), closed }
    }
}
