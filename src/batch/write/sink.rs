//! Rendered parts put one after another.

use std::io::Write;

use super::{Layout, WriteError};
use crate::batch::Rendered;

/// Where rendered parts go, in the order of the input.
pub trait Sink: Send {
    /// # Errors
    /// What the system says.
    fn write(&mut self, part: Rendered) -> Result<(), WriteError>;

    /// Hands what was written so far on to the writer.
    ///
    /// # Errors
    /// What the system says.
    fn flush(&mut self) -> Result<(), WriteError>;

    /// Writes what belongs at the end. Without it the output is not whole.
    ///
    /// # Errors
    /// What the system says.
    fn finish(self: Box<Self>) -> Result<(), WriteError>;
}

/// How far an output had come that is gone on with. Only text formats can be gone on with, packed or not: what their
/// sink was given before a [`flush`](Sink::flush) is whole by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continued {
    /// Whether any row was written.
    pub rows: bool,
}

/// A sink that writes in the format of the layout.
///
/// # Errors
/// If the head of the output cannot be written.
pub fn sink<'l, W: Write + Send + 'l>(
    to: W,
    layout: &'l Layout<'l>,
    continued: Option<Continued>,
) -> Result<Box<dyn Sink + 'l>, WriteError> {
    let mut to = to;
    if continued.is_none() {
        let mut writer = csv::WriterBuilder::new().delimiter(layout.dialect().delimiter).from_writer(&mut to);
        writer.write_record(layout.headings()).map_err(WriteError::of_csv)?;
        writer.flush()?;
    }
    Ok(Box::new(Plain { to }))
}

struct Plain<W> {
    to: W,
}

impl<W: Write + Send> Sink for Plain<W> {
    fn write(&mut self, part: Rendered) -> Result<(), WriteError> {
        match part {
            Rendered::Bytes(bytes) => Ok(self.to.write_all(&bytes)?),
            Rendered::Arrow(_) => Err(WriteError::new("a part in Arrow has no place in a text", "")),
        }
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        Ok(self.to.flush()?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteError> {
        self.flush()
    }
}
