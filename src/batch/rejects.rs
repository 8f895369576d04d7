//! Rows that were set aside, in files of their own: one has them as they stood in the input, so that it can be read in
//! the input's place when they are mended; the other says what is wrong with each.

use std::io::{self, Write};
use std::sync::Arc;

use super::{Dialect, Heading, Reject};

/// Writes rows that were set aside.
pub struct Rejects<W: Write> {
    rows: W,
    reasons: csv::Writer<W>,
    /// How the rows are written, if they are delimited.
    dialect: Option<Dialect>,
    /// Rows written so far.
    count: u64,
    last: Option<(Arc<str>, u64)>,
}

/// The file that says what is wrong with the rows of another: `rejected.reasons.csv` for `rejected.csv`.
pub fn reasons_path(rejects: &str) -> String {
    let name = rejects.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let stem = match rejects[name..].rfind('.') {
        Some(dot) if dot > 0 => &rejects[..name + dot],
        _ => rejects,
    };
    format!("{stem}.reasons.csv")
}

impl<W: Write> Rejects<W> {
    /// Starts both files.
    ///
    /// # Errors
    /// What the system says.
    pub fn start(rows: W, reasons: W, headings: &[Heading], dialect: Option<Dialect>) -> io::Result<Self> {
        let mut rejects = Rejects::go_on(rows, reasons, dialect, 0);
        if dialect.is_some() {
            rejects.fields(headings.iter().map(|heading| heading.name.as_bytes()))?;
        }
        rejects.reasons.write_record(["record", "file", "row", "line", "column", "value", "why", "help"])?;
        Ok(rejects)
    }

    /// Goes on with both, after so many rows.
    pub fn go_on(rows: W, reasons: W, dialect: Option<Dialect>, count: u64) -> Self {
        Rejects { rows, reasons: csv::Writer::from_writer(reasons), dialect, count, last: None }
    }

    /// Sets a row aside; `dialect` is that of its file.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(&mut self, reject: &Reject, dialect: Option<Dialect>) -> io::Result<()> {
        // A row with several mistakes stands once, and each of them has its reason.
        if self.last.as_ref().is_none_or(|(file, row)| *file != reject.file || *row != reject.row) {
            self.last = Some((reject.file.clone(), reject.row));
            self.count += 1;
            self.row(&reject.original, dialect)?;
        }
        let line = reject.line.map(|line| line.to_string()).unwrap_or_default();
        self.reasons.write_record([
            self.count.to_string().as_str(),
            &reject.file,
            &reject.row.to_string(),
            &line,
            reject.column.as_deref().unwrap_or_default(),
            reject.value.as_deref().unwrap_or_default(),
            &reject.why,
            reject.help.as_deref().unwrap_or_default(),
        ])?;
        Ok(())
    }

    /// The row as it stood; of a file that is written otherwise than the first, its fields.
    fn row(&mut self, original: &[u8], dialect: Option<Dialect>) -> io::Result<()> {
        let original = original.strip_suffix(b"\n").unwrap_or(original);
        let original = original.strip_suffix(b"\r").unwrap_or(original);
        match (self.dialect, dialect) {
            (Some(own), Some(theirs)) if own.delimiter != theirs.delimiter || own.quote != theirs.quote => {
                let mut reader = csv::ReaderBuilder::new();
                reader.has_headers(false).flexible(true).delimiter(theirs.delimiter).quote(theirs.quote);
                let record = reader.from_reader(original).into_byte_records().next().transpose()?;
                self.fields(record.iter().flatten())
            }
            _ => {
                self.rows.write_all(original)?;
                self.rows.write_all(b"\n")
            }
        }
    }

    fn fields<'f>(&mut self, fields: impl Iterator<Item = &'f [u8]>) -> io::Result<()> {
        let dialect = self.dialect.unwrap_or(Dialect { delimiter: b',', quote: b'"', by_line: false });
        let mut writer = csv::WriterBuilder::new();
        writer.delimiter(dialect.delimiter).quote(dialect.quote).flexible(true);
        let mut writer = writer.from_writer(&mut self.rows);
        writer.write_record(fields)?;
        writer.flush()
    }

    /// # Errors
    /// What the system says.
    pub fn flush(&mut self) -> io::Result<()> {
        self.rows.flush()?;
        self.reasons.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::reasons_path;

    #[test]
    fn reasons_stand_beside_the_rows() {
        assert_eq!(reasons_path("a.b/rejected.csv"), "a.b/rejected.reasons.csv");
        assert_eq!(reasons_path("a.b/rejected"), "a.b/rejected.reasons.csv");
        assert_eq!(reasons_path(".rejected"), ".rejected.reasons.csv");
    }
}
