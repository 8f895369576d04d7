//! The texts of some rows, whatever format they are in.

use arrow::util::display::array_value_to_string;
use csv::ReaderBuilder;
use serde_json::Value as Json;

use crate::batch::{Content, Heading, Piece};

/// Rows that are looked at.
pub const SAMPLE_ROWS: usize = 500;

/// The first rows of a piece: for each row the text of each column, empty where there is none.
pub fn sample(piece: &Piece, headings: &[Heading]) -> Vec<Vec<String>> {
    match &piece.content {
        Content::Delimited { bytes, dialect, .. } => {
            let mut reader = ReaderBuilder::new();
            reader.has_headers(false).flexible(true).delimiter(dialect.delimiter).quote(dialect.quote);
            let records = reader.from_reader(bytes.as_slice()).into_byte_records();
            let texts = |record: csv::ByteRecord| -> Vec<String> {
                record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
            };
            records.flatten().take(SAMPLE_ROWS).map(texts).collect()
        }
        Content::Json { bytes, .. } => {
            let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
            let texts = |row: Json| headings.iter().map(|h| text(at(&row, &h.name))).collect();
            lines.take(SAMPLE_ROWS).map(texts).collect()
        }
        Content::Broken(_) => Vec::new(),
        Content::Arrow(batch) => {
            let column = |heading: &Heading| batch.column_by_name(&heading.name);
            let columns: Vec<_> = headings.iter().map(column).collect();
            let cell = |row: usize, column: &Option<&arrow::array::ArrayRef>| match column {
                Some(array) if !array.is_null(row) => array_value_to_string(array, row).unwrap_or_default(),
                _ => String::new(),
            };
            (0..batch.num_rows().min(SAMPLE_ROWS)).map(|row| columns.iter().map(|c| cell(row, c)).collect()).collect()
        }
    }
}

/// What stands at a dotted path: under its own name, or in nested objects.
fn at<'a>(row: &'a Json, path: &str) -> Option<&'a Json> {
    row.get(path).or_else(|| {
        let cuts = path.match_indices('.').map(|(at, _)| at);
        cuts.into_iter().find_map(|cut| row.get(&path[..cut]).and_then(|inner| at(inner, &path[cut + 1..])))
    })
}

fn text(value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
