//! The cells of a piece of JSON. What is not found in one [`walk`](super::walk) is read by `serde_json`, which gives each
//! value as it is written, so that no digit of a number is lost, and says what is wrong with what is no record.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::grid::{Grid, Written};
use super::paths::{Leads, Paths};
use super::walk;

/// Finds the cells of one record, which is a JSON object. `start` is where its text stands in the bytes of the piece.
///
/// # Errors
/// What is wrong with it.
pub fn cells(text: &str, start: usize, paths: &mut Paths, grid: &mut Grid) -> Result<(), String> {
    if walk::cells(text, start, paths, grid).is_some() {
        return Ok(());
    }
    grid.blank(grid.records.len().saturating_sub(1));
    parsed(text, start, paths, grid)
}

/// The same, by `serde_json` alone.
pub(super) fn parsed(text: &str, start: usize, paths: &Paths, grid: &mut Grid) -> Result<(), String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let base = Base { address: text.as_ptr() as usize, start };
    let within = Within { paths, grid, base, group: 0 };
    within.deserialize(&mut reader).and_then(|()| reader.end()).map_err(|error| {
        let place = if error.column() == 0 {
            String::new()
        } else if text.contains('\n') {
            format!(" (line {} of the record, character {})", error.line(), error.column())
        } else {
            format!(" (character {})", error.column())
        };
        // The place stands at the end of what `serde_json` says.
        let said = error.to_string();
        format!("{}{place}", said.split(" at line ").next().unwrap_or(&said))
    })
}

/// Where a text stands in memory, and in the bytes of the piece.
#[derive(Clone, Copy)]
struct Base {
    address: usize,
    start: usize,
}

/// Reads an object at a place of the names.
struct Within<'a> {
    paths: &'a Paths,
    grid: &'a mut Grid,
    base: Base,
    group: usize,
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.paths.name(self.group) {
            "" => f.write_str("a JSON object"),
            name => write!(f, "an object at `{name}`"),
        }
    }

    /// `null` in place of a group: none of its facts is given.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.group == 0 { Err(E::custom("`null` is no record")) } else { Ok(()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        let place = self.paths.name(self.group);
        let message =
            if place.is_empty() { "a list is no record".into() } else { format!("`{place}` is no fact by itself") };
        Err(A::Error::custom(message))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            match self.paths.leads(self.group, &name) {
                Leads::Nowhere => {
                    map.next_value::<IgnoredAny>()?;
                }
                Leads::Group(group) => {
                    let inner = Within { paths: self.paths, grid: self.grid, base: self.base, group };
                    map.next_value_seed(inner)?;
                }
                Leads::Column(column) => {
                    if self.grid.has(column) {
                        let above = self.paths.name(self.group);
                        let dot = if above.is_empty() { "" } else { "." };
                        return Err(A::Error::custom(format!("`{above}{dot}{name}` is given twice")));
                    }
                    let value: &'de RawValue = map.next_value()?;
                    put(self.grid, self.base, column, value.get()).map_err(A::Error::custom)?;
                }
            }
        }
        Ok(())
    }
}

/// Gives the row a value as it is written.
#[inline]
fn put(grid: &mut Grid, base: Base, column: usize, raw: &str) -> Result<(), &'static str> {
    let start = raw.as_ptr() as usize - base.address + base.start;
    let end = start + raw.len();
    match raw.as_bytes() {
        [b'"', inside @ .., b'"'] if memchr::memchr(b'\\', inside).is_none() => {
            grid.put(column, start + 1, end - 1, Written::Quoted);
        }
        [b'"', ..] => {
            let text = super::cell::unescaped(raw).ok_or("a text has an escape that stands for no character")?;
            grid.put_freed(column, text.as_bytes(), Written::Quoted);
        }
        b"null" => grid.put(column, start, end, Written::Null),
        b"true" => grid.put(column, start, end, Written::True),
        b"false" => grid.put(column, start, end, Written::False),
        [b'{' | b'[', ..] => grid.put(column, start, end, Written::Nested),
        _ => grid.put(column, start, end, Written::Number),
    }
    Ok(())
}

/// A name, borrowed where it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Cow<'de, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}
