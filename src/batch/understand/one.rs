//! One case at a time, from texts: facts that a [`Session`](crate::columnar::Session) takes one by one.

use rust_decimal::Decimal;

use super::bounds::Bounds;
use super::cell::Cell;
use super::names::Names;
use super::quick;
use super::slow::Slow;
use crate::batch::{Binding, Feed, NumberMarks};
use crate::columnar::{Fact, is_typed};
use crate::model::{InputId, Model, Type};

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
    way: Way,
    /// Members met so far, and one more than their numbers; 0 for texts that are no fact.
    names: Names,
    /// By scale: the numbers that `must be` allows for certain. Those of other scales are asked about one by one.
    allowed: Vec<(i64, i64)>,
    slow: Slow<'m>,
}

/// How most texts of an input are read.
#[derive(Clone, Copy, Debug)]
enum Way {
    Member,
    Day,
    Number,
    /// A number without a decimal mark.
    Whole,
    Instant,
    /// By the code that reads facts files.
    Slow,
}

/// The scales of numbers that 64 bits hold.
const SCALES: u32 = 19;

impl<'m> TextReader<'m> {
    pub fn new(model: &'m Model) -> TextReader<'m> {
        TextReader { inputs: (0..model.inputs.len() as u32).map(|id| Input::new(model, InputId(id))).collect() }
    }

    /// What a text means for an input. A blank text is a fact that is missing.
    ///
    /// # Errors
    /// What is wrong with it; also where the input is of a type whose facts are no numbers, such as a text or a list.
    #[inline]
    pub fn read(&mut self, id: InputId, text: &str) -> Result<Fact, WrongText> {
        match self.inputs.get(id.index()).and_then(|input| input.quick(text.as_bytes())) {
            Some(fact) => Ok(fact),
            None => self.slow(id, text),
        }
    }

    /// A decimal as the number or the amount of an input that fixes its currency or unit.
    ///
    /// # Errors
    /// As [`read`](Self::read) of its text.
    #[inline]
    pub fn decimal(&mut self, id: InputId, number: Decimal) -> Result<Fact, WrongText> {
        match self.inputs.get(id.index()).and_then(|input| input.quick_decimal(number)) {
            Some(fact) => Ok(fact),
            None => self.slow(id, &number.to_string()),
        }
    }

    #[cold]
    fn slow(&mut self, id: InputId, text: &str) -> Result<Fact, WrongText> {
        match self.inputs.get_mut(id.index()) {
            Some(input) => input.read(text),
            None => Err(WrongText { why: "these rules have no such input".to_owned(), help: None }),
        }
    }
}

impl<'m> Input<'m> {
    fn new(model: &'m Model, id: InputId) -> Input<'m> {
        let declared = model.input(id);
        let bounds = Bounds::of(&declared.must_be);
        let way = match &declared.ty {
            Type::YesNo | Type::Enum(_) => Way::Member,
            // What `must be` allows is asked of the whole value.
            _ if bounds.other => Way::Slow,
            Type::Date => Way::Day,
            Type::DateTime if declared.must_be.is_empty() => Way::Instant,
            Type::Integer => Way::Whole,
            Type::Decimal | Type::Money(Some(_)) | Type::Quantity(_) => Way::Number,
            _ => Way::Slow,
        };
        let allowed = match way {
            Way::Day | Way::Number | Way::Whole => (0..SCALES).map(|scale| bounds.at_scale(scale)).collect(),
            Way::Member | Way::Instant | Way::Slow => Vec::new(),
        };
        let binding = Binding { input: id, feed: Feed::Column(0), values: Vec::new() };
        Input { way, names: Names::new(), allowed, slow: Slow::new(model, &binding, NumberMarks::default()) }
    }

    /// The fact that a text is, if it is one of those that are met most often.
    #[inline]
    fn quick(&self, text: &[u8]) -> Option<Fact> {
        match self.way {
            Way::Member => self.names.get(text).map(|code| code.checked_sub(1).map_or(Fact::Missing, Fact::Member)),
            Way::Day => quick::date(text).filter(|day| self.allows(i64::from(*day), 0)).map(Fact::Day),
            Way::Number | Way::Whole => {
                let (value, scale) = quick::decimal(text, NumberMarks::default())?;
                self.number(value, scale)
            }
            Way::Instant => quick::instant(text).map(|(seconds, offset)| Fact::Instant { seconds, offset }),
            Way::Slow => None,
        }
    }

    #[inline]
    fn quick_decimal(&self, number: Decimal) -> Option<Fact> {
        match self.way {
            Way::Number | Way::Whole => self.number(i64::try_from(number.mantissa()).ok()?, number.scale()),
            Way::Member | Way::Day | Way::Instant | Way::Slow => None,
        }
    }

    /// A number that is allowed.
    #[inline]
    fn number(&self, value: i64, scale: u32) -> Option<Fact> {
        let fits = self.allows(value, scale) && (scale == 0 || matches!(self.way, Way::Number));
        fits.then_some(Fact::Number { value, scale })
    }

    #[inline]
    fn allows(&self, value: i64, scale: u32) -> bool {
        self.allowed.get(scale as usize).is_some_and(|(least, most)| (*least..=*most).contains(&value))
    }

    /// Reads a text as facts files are read, and remembers names.
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
        match (self.way, fact) {
            (Way::Member, Fact::Member(member)) => self.names.put(text.as_bytes(), member.saturating_add(1)),
            (Way::Member, Fact::Missing) => self.names.put(text.as_bytes(), 0),
            _ => {}
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
        assert_eq!(read("order.fee", "12.50"), Ok(Fact::Number { value: 1250, scale: 2 }));
        assert_eq!(read("order.fee", "0"), Ok(Fact::Number { value: 0, scale: 0 }));
        let mut other = TextReader::new(&checked.model);
        let mut read_text = |input: &str, text: &str| {
            let id = checked.model.input_named(input).unwrap();
            other.read(id, text).map_err(|wrong| wrong.why)
        };
        let mut decimal = |input: &str, value: i64, scale: u32| {
            let id = checked.model.input_named(input).unwrap();
            reader.decimal(id, Decimal::new(value, scale)).map_err(|wrong| wrong.why)
        };
        assert_eq!(decimal("order.fee", 1250, 2), Ok(Fact::Number { value: 1250, scale: 2 }));
        assert_eq!(decimal("order.spend", -5, 1), Ok(Fact::Number { value: -5, scale: 1 }));
        assert_eq!(decimal("order.count", 12, 0), Ok(Fact::Number { value: 12, scale: 0 }));
        assert_eq!(decimal("order.count", 15, 1), read_text("order.count", "1.5"));
        assert_eq!(decimal("order.fee", -1, 2), read_text("order.fee", "-0.01"));
        // More places than 64 bits have are read as they are written, without the zeros at the end.
        assert_eq!(decimal("order.spend", 5_000_000_000_000_000_000, 20), Ok(Fact::Number { value: 5, scale: 2 }));
    }
}
