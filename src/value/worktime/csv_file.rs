//! Holidays from a CSV file.

use chrono::NaiveDate;
use csv::{Position, ReaderBuilder, StringRecord, Trim};

use super::holidays::{Holidays, Listed, ListedDay, ReadError, WorkingHours, excerpt};
use crate::value::Value;
use crate::value::literal::parse_date;

/// The holidays and working days of a CSV file.
///
/// Its first line names the columns, in any order: `date`, as 2024-10-01;
/// `kind`, which is `holiday` or `working-day` and without which all are
/// holidays; and `name`, which may be missing too. Other columns are not read.
/// A working day has the [usual](WorkingHours::Usual) hours. Fields are apart by
/// commas, or by semicolons or tabs if the first line has one of those instead,
/// as some spreadsheets write it.
///
/// # Errors
/// A [`ReadError`] at the first line that cannot be used.
pub fn holidays_from_csv(text: &str) -> Result<Holidays, ReadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let between = [b',', b';', b'\t'].into_iter().find(|byte| first.as_bytes().contains(byte)).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(between).trim(Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| unreadable(&error, text))?;
    let column = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let columns = Columns {
        date: column("date").ok_or_else(|| {
            ReadError::new(1, "the file has no column `date`", "the first line names the columns: date,name,kind")
        })?,
        name: column("name"),
        kind: column("kind"),
    };
    let mut listed = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error, text))?;
        let line = line_at(record.position(), text);
        listed.push(columns.read(&record, line)?);
    }
    Ok(Holidays { listed })
}

/// Where the columns are.
struct Columns {
    date: usize,
    name: Option<usize>,
    kind: Option<usize>,
}

impl Columns {
    fn read(&self, record: &StringRecord, line: u64) -> Result<Listed, ReadError> {
        let field = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
        let date = date(field(Some(self.date)), line)?;
        let day = match field(self.kind) {
            "holiday" => ListedDay::Holiday,
            "working-day" => ListedDay::Working(WorkingHours::Usual),
            _ if self.kind.is_none() => ListedDay::Holiday,
            other => {
                let message = format!("`{}` is no kind of day", excerpt(other));
                return Err(ReadError::new(line, message, "write `holiday` or `working-day`"));
            }
        };
        let name = Some(field(self.name)).filter(|name| !name.is_empty()).map(str::to_owned);
        Ok(Listed { first: date, last: date, day, name })
    }
}

fn date(text: &str, line: u64) -> Result<NaiveDate, ReadError> {
    match parse_date(text) {
        Ok(Value::Date(date)) => Ok(date),
        _ => {
            let message = format!("`{}` is no date", excerpt(text));
            Err(ReadError::new(line, message, "write the year, month and day, as 2024-10-01"))
        }
    }
}

/// The line that a record is on. Empty lines before it are left out by the
/// reader, but its position is where they start.
fn line_at(position: Option<&Position>, text: &str) -> u64 {
    let Some(position) = position else { return 1 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + u64::try_from(empty).unwrap_or(0)
}

fn unreadable(error: &csv::Error, text: &str) -> ReadError {
    let line = line_at(error.position(), text);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the line has {len} fields where the first line has {expected_len}")
        }
        _ => "the line is not CSV".to_owned(),
    };
    ReadError::new(line, message, "a field that contains a comma stands between double quotes")
}
