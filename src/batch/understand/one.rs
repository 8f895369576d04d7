//! One case at a time, from texts: facts that a [`Session`](crate::columnar::Session) takes one by one.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use super::cell::Cell;
use super::quick;
use super::slow::Slow;
use crate::batch::{Binding, Feed, NumberMarks};
use crate::columnar::{Fact, is_typed};
use crate::model::{InputId, Model, Type};
use crate::value::Value;

/// Why a text is no fact of its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongText {
    /// What is wrong: `` `incident.severity` is one of `severity`, and `Sev Z` is none of them ``.
    pub why: String,
    pub help: Option<String>,
}

/// Reads texts as the typed facts that they are for their inputs: what they mean is what cells of CSV mean. It remembers
/// the names of members as it meets them.
#[derive(Debug)]
pub struct TextReader<'m> {
    inputs: Vec<Input<'m>>,
}

#[derive(Debug)]
struct Input<'m> {
    slow: Slow<'m>,
    way: Way,
    /// Members met so far.
    known: HashMap<Box<[u8]>, Fact, RandomState>,
}

/// How most texts of an input are read.
#[derive(Clone, Copy, Debug)]
enum Way {
    Member,
    Day,
    Number,
    Instant,
    /// By the code that reads facts files.
    Slow,
}

/// The most names that are remembered of an input.
const MOST: usize = 1 << 16;

impl<'m> TextReader<'m> {
    pub fn new(model: &'m Model) -> TextReader<'m> {
        let ids = (0..model.inputs.len() as u32).map(InputId);
        let input = |id: InputId| {
            let declared = model.input(id);
            let way = match &declared.ty {
                Type::YesNo | Type::Enum(_) => Way::Member,
                // What `must be` allows is asked of the whole value.
                _ if !declared.must_be.is_empty() => Way::Slow,
                Type::Date => Way::Day,
                Type::DateTime => Way::Instant,
                Type::Integer | Type::Decimal | Type::Money(Some(_)) | Type::Quantity(_) => Way::Number,
                _ => Way::Slow,
            };
            let binding = Binding { input: id, feed: Feed::Column(0), values: Vec::new() };
            Input { slow: Slow::new(model, &binding, NumberMarks::default()), way, known: HashMap::default() }
        };
        TextReader { inputs: ids.map(input).collect() }
    }

    /// What a text means for an input. A blank text is a fact that is missing.
    ///
    /// # Errors
    /// What is wrong with it; also where the input is of a type whose facts are no numbers, such as a text or a list.
    pub fn read(&mut self, id: InputId, text: &str) -> Result<Fact, WrongText> {
        let Some(input) = self.inputs.get_mut(id.index()) else {
            return Err(WrongText { why: "these rules have no such input".to_owned(), help: None });
        };
        let bytes = text.as_bytes();
        let quick = match input.way {
            Way::Member => input.known.get(bytes).copied(),
            Way::Day => quick::date(bytes).map(Fact::Day),
            Way::Number if input.is_whole(bytes) => {
                quick::decimal(bytes, NumberMarks::default()).map(|(value, scale)| Fact::Number { value, scale })
            }
            Way::Instant => quick::instant(bytes).map(|(seconds, offset)| Fact::Instant { seconds, offset }),
            Way::Number | Way::Slow => None,
        };
        quick.map_or_else(|| input.read(text), Ok)
    }

    /// A decimal as the amount of an input that fixes its currency or unit.
    ///
    /// # Errors
    /// As [`read`](Self::read) of its text.
    pub fn decimal(&mut self, id: InputId, number: Decimal) -> Result<Fact, WrongText> {
        let input = self.inputs.get(id.index()).filter(|input| matches!(input.slow.input().ty, Type::Money(Some(_))));
        let Some(input) = input else { return self.read(id, &number.to_string()) };
        let declared = input.slow.input();
        let Type::Money(Some(currency)) = declared.ty else { return self.read(id, &number.to_string()) };
        let value = Value::Money(currency, number);
        if declared.must_be.iter().any(|(test, _)| test.holds(&value) == Some(false)) {
            return self.read(id, &number.to_string());
        }
        Fact::of(&value).map_or_else(|| self.read(id, &number.to_string()), Ok)
    }
}

impl Input<'_> {
    /// Whether a text has no decimal mark, where the input's numbers have none.
    fn is_whole(&self, text: &[u8]) -> bool {
        self.slow.input().ty != Type::Integer || !text.contains(&b'.')
    }

    fn read(&mut self, text: &str) -> Result<Fact, WrongText> {
        let cell = if text.trim().is_empty() { Cell::Missing } else { Cell::Text(text.trim().as_bytes()) };
        let value = self.slow.value(cell).map_err(|wrong| WrongText { why: wrong.why, help: wrong.help })?;
        let fact = match value {
            None => Fact::Missing,
            Some(value) => Fact::of(&value).filter(|_| is_typed(&self.slow.input().ty)).ok_or_else(|| {
                let name = &self.slow.input().name;
                let help = "evaluate the case as columns of one row, or with its facts as they stand";
                WrongText { why: format!("`{name}` cannot be held as a number"), help: Some(help.to_owned()) }
            })?,
        };
        if matches!(self.way, Way::Member) && self.known.len() < MOST {
            self.known.insert(text.as_bytes().into(), fact);
        }
        Ok(fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::source::load::Edition;

    const RULES: &str = r#"
enumeration severity { 1 en "Severity 1", A en "Severity A" }
input incident.severity : severity
input order.spend : money in USD
input order.fee : money in USD { must be >= USD 0 }
input order.count : integer
input order.on : date
input order.words : text
decision one : yes-no { always order.spend + order.fee > USD 1 and order.count > 1 and order.on > 2024-01-01 }
decision two : severity { always incident.severity }
decision three : text { always order.words }
"#;

    #[test]
    fn texts_are_facts_or_told_as_wrong() {
        let mut sources = Sources::default();
        let file = sources.add("rules.clause", RULES);
        let set = crate::open(&sources, &Edition { files: vec![file], ..Edition::default() });
        let checked = set.checked.unwrap_or_else(|| panic!("{:?}", set.problems));
        let mut reader = TextReader::new(&checked.model);
        let mut read = |input: &str, text: &str| {
            let id = checked.model.input_named(input).unwrap();
            let once = reader.read(id, text);
            assert_eq!(once, reader.read(id, text), "the second time as the first");
            once.map_err(|wrong| wrong.why)
        };
        assert_eq!(read("incident.severity", "Severity A"), Ok(Fact::Member(1)));
        assert_eq!(read("incident.severity", " "), Ok(Fact::Missing));
        assert_eq!(read("order.spend", "59999.99"), Ok(Fact::Number { value: 5_999_999, scale: 2 }));
        assert_eq!(read("order.spend", "USD 60,000"), Ok(Fact::Number { value: 60_000, scale: 0 }));
        assert_eq!(read("order.count", "12"), Ok(Fact::Number { value: 12, scale: 0 }));
        assert_eq!(read("order.on", "1970-01-02"), Ok(Fact::Day(1)));
        assert!(read("order.count", "1.5").unwrap_err().contains("whole number"));
        assert!(read("order.fee", "-5").unwrap_err().contains("must be >= USD 0"));
        assert!(read("order.on", "2024-02-30").is_err());
        assert!(read("incident.severity", "Sev Z").unwrap_err().contains("is none of them"));
        assert_eq!(read("order.words", "some").unwrap_err(), "`order.words` cannot be held as a number");
    }
}
