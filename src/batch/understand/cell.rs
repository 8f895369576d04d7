//! One cell of a row, as its format gives it.

use std::borrow::Cow;

use crate::scenario::document::{self, Data, Format, Node};

/// A cell. Its bytes are UTF-8 where its piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing: an empty field, `null`, no such name.
    Missing,
    /// A text, without quotes and escapes, and without blanks around it.
    Text(&'a [u8]),
    /// A number, as it is written in data: `60000000.10`, `1e6`.
    Number(&'a [u8]),
    YesNo(bool),
    /// A list or a map, in JSON.
    Nested(&'a [u8]),
}

/// A column of cells.
pub trait Cells {
    fn cell(&self, row: usize) -> Cell<'_>;
}

impl<'a> Cell<'a> {
    /// A text from which blanks around it are taken; nothing, if nothing is left.
    #[inline]
    pub fn of_text(text: &'a [u8]) -> Cell<'a> {
        // Mostly there are no blanks, and a look at both ends is enough.
        let text = match text {
            [first, .., last] if *first > b' ' && *last > b' ' => return Cell::Text(text),
            _ => text.trim_ascii(),
        };
        if text.is_empty() { Cell::Missing } else { Cell::Text(text) }
    }

    /// What stands there, for a message.
    pub fn shown(&self) -> String {
        let shown = |bytes: &[u8]| {
            const MOST: usize = 200;
            let text = String::from_utf8_lossy(bytes.get(..MOST * 4).unwrap_or(bytes)).into_owned();
            match text.char_indices().nth(MOST) {
                Some((at, _)) => format!("{}…", &text[..at]),
                None => text,
            }
        };
        match self {
            Cell::Missing => String::new(),
            Cell::Text(bytes) | Cell::Number(bytes) | Cell::Nested(bytes) => shown(bytes),
            Cell::YesNo(yes) => yes.to_string(),
        }
    }

    /// The cell as a part of a facts document.
    ///
    /// # Errors
    /// What is wrong with its bytes, and how to mend it.
    pub fn node(&self) -> Result<Node, (String, Option<String>)> {
        let node = |data: Data, length: usize| Node { span: 0..length, data };
        Ok(match self {
            Cell::Missing => node(Data::Null, 0),
            Cell::Text(bytes) => node(Data::Text(utf8(bytes)?.to_owned()), bytes.len()),
            Cell::Number(bytes) => node(Data::Number(utf8(bytes)?.to_owned()), bytes.len()),
            Cell::YesNo(yes) => node(Data::YesNo(*yes), 0),
            Cell::Nested(bytes) => json(utf8(bytes)?)?,
        })
    }
}

/// A text of JSON as a part of a facts document.
pub fn json(text: &str) -> Result<Node, (String, Option<String>)> {
    document::read(text, Format::Json).map_err(|error| (error.message, error.help))
}

/// The text of a cell.
pub fn utf8(bytes: &[u8]) -> Result<&str, (String, Option<String>)> {
    std::str::from_utf8(bytes).map_err(|_| {
        let help = "save the file as UTF-8 (in Excel: \"CSV UTF-8\"), or mend this cell";
        ("the text is not UTF-8".to_owned(), Some(help.to_owned()))
    })
}

/// A text within JSON quotes, without its escapes; `None` if it is not one.
pub fn unescaped(quoted: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<String>(quoted).ok().map(Cow::Owned)
}
