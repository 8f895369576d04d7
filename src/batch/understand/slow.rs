//! What any cell means, by way of the code that fits facts files. Its messages are theirs too.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::cell::{Cell, json, utf8};
use crate::batch::{Binding, NumberMarks};
use crate::model::{Input, InputId, Model, Type};
use crate::scenario::document::{Data, Key, Node};
use crate::scenario::fit;
use crate::value::Value;

/// Why a cell cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What stands there.
    pub value: String,
    pub why: String,
    pub help: Option<String>,
}

/// Reads the cells of one input.
#[derive(Debug)]
pub struct Slow<'m> {
    pub model: &'m Model,
    pub id: InputId,
    pub marks: NumberMarks,
    /// Texts that stand for others.
    stand_for: HashMap<Box<[u8]>, Box<str>, RandomState>,
}

impl<'m> Slow<'m> {
    pub fn new(model: &'m Model, binding: &Binding, marks: NumberMarks) -> Slow<'m> {
        let stand_for = binding.values.iter();
        let stand_for = stand_for.map(|(text, meant)| (text.trim().as_bytes().into(), meant.trim().into()));
        Slow { model, id: binding.input, marks, stand_for: stand_for.collect() }
    }

    pub fn input(&self) -> &'m Input {
        self.model.input(self.id)
    }

    /// Whether some texts stand for others, so that no cell may be read past this.
    pub fn has_meanings(&self) -> bool {
        !self.stand_for.is_empty()
    }

    /// What a cell means: a fact, or that there is none.
    pub fn value(&self, cell: Cell) -> Result<Option<Value>, Wrong> {
        self.node(cell).and_then(|node| self.fitted(&node)).map_err(|(why, help)| self.wrong(cell.shown(), why, help))
    }

    /// An amount and its currency in two columns. Without an amount there is no fact, whatever the currency.
    pub fn money(&self, amount: Cell, currency: Cell) -> Result<Option<Value>, Wrong> {
        let shown = || format!("{} {}", currency.shown(), amount.shown()).trim().to_owned();
        let read = || {
            let amount = self.node(amount)?;
            if matches!(amount.data, Data::Null) {
                return Ok(None);
            }
            let mut parts = vec![("amount", amount)];
            let code = self.meant(currency).node()?;
            if !matches!(code.data, Data::Null) {
                parts.insert(0, ("currency", code));
            }
            let parts = parts.into_iter().map(|(name, node)| (Key { span: 0..0, name: name.to_owned() }, node));
            self.fitted(&Node { span: 0..0, data: Data::Map(parts.collect()) })
        };
        read().map_err(|(why, help)| self.wrong(shown(), why, help))
    }

    /// A date or an instant outside the years that there are.
    pub fn beyond(&self, count: i64, unit: &str) -> Wrong {
        let name = &self.input().name;
        let why = format!("`{name}` cannot be read: {count} {unit} from 1970-01-01 lie outside the years 1 to 9999");
        Wrong { value: count.to_string(), why, help: Some("give the date, or leave it empty".to_owned()) }
    }

    fn wrong(&self, value: String, why: String, help: Option<String>) -> Wrong {
        // What the bytes of a cell are not doesn't name the input.
        let why = if why.contains('`') { why } else { format!("`{}` cannot be read: {why}", self.input().name) };
        Wrong { value, why, help }
    }

    fn fitted(&self, node: &Node) -> Result<Option<Value>, (String, Option<String>)> {
        fit::one(self.model, self.id, node, &fit::no_files).map_err(|problem| (problem.message, problem.help))
    }

    /// The cell that is meant, where a text stands for another.
    fn meant<'c>(&'c self, cell: Cell<'c>) -> Cell<'c> {
        if self.stand_for.is_empty() {
            return cell;
        }
        let written: &[u8] = match cell {
            Cell::Text(bytes) | Cell::Number(bytes) => bytes,
            Cell::YesNo(true) => b"true",
            Cell::YesNo(false) => b"false",
            _ => return cell,
        };
        self.stand_for.get(written).map_or(cell, |meant| Cell::of_text(meant.as_bytes()))
    }

    /// The part of a facts document that a cell amounts to.
    fn node(&self, cell: Cell) -> Result<Node, (String, Option<String>)> {
        let cell = self.meant(cell);
        let Cell::Text(bytes) = cell else { return cell.node() };
        let text = utf8(bytes)?;
        let ty = &self.input().ty;
        let nested = match ty {
            Type::Set(_) | Type::List(_) | Type::Log | Type::Holidays => text.starts_with('['),
            Type::Record(_) | Type::Money(_) => text.starts_with('{'),
            _ => false,
        };
        if nested {
            return json(text);
        }
        let span = 0..text.len();
        let data = match ty {
            Type::YesNo if is_one_of(text, ["yes", "true"]) => Data::YesNo(true),
            Type::YesNo if is_one_of(text, ["no", "false"]) => Data::YesNo(false),
            Type::Set(of) | Type::List(of) => {
                let items = text.split(';').map(str::trim).filter(|item| !item.is_empty());
                let node = |item: &str| {
                    let text = marked(item, of, self.marks)?.into_owned();
                    Ok(Node { span: span.clone(), data: Data::Text(text) })
                };
                Data::List(items.map(node).collect::<Result<_, (String, Option<String>)>>()?)
            }
            _ => Data::Text(marked(text, ty, self.marks)?.into_owned()),
        };
        Ok(Node { span, data })
    }
}

fn is_one_of(text: &str, words: [&str; 2]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A text of numbers with the marks that facts files have.
fn marked<'t>(text: &'t str, ty: &Type, marks: NumberMarks) -> Result<Cow<'t, str>, (String, Option<String>)> {
    let numbers = matches!(
        ty,
        Type::Integer
            | Type::Decimal
            | Type::Percent
            | Type::Money(_)
            | Type::Quantity(_)
            | Type::Duration
            | Type::Days
            | Type::Months
            | Type::BusinessHours
            | Type::BusinessDays
            | Type::TimeLimit
    );
    if !numbers || marks == NumberMarks::default() {
        return Ok(Cow::Borrowed(text));
    }
    let decimal = char::from(marks.decimal);
    let mut plain = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(mark) = rest.next() {
        let between = before.is_some_and(|c: char| c.is_ascii_digit()) && rest.peek().is_some_and(char::is_ascii_digit);
        if mark == decimal && (between || marks.thousands != Some(mark)) {
            plain.push('.');
        } else if between && marks.thousands.is_some_and(|thousands| stands_for(mark, thousands)) {
            plain.push(',');
        } else if matches!(mark, '.' | ',') {
            let why = format!("`{text}` has a `{mark}`, and numbers of this file have none");
            let help = match marks.thousands {
                Some(thousands) => {
                    format!("their decimal mark is `{decimal}`, and `{thousands}` parts their thousands")
                }
                None => format!("their decimal mark is `{decimal}`, and nothing parts their thousands"),
            };
            return Err((why, Some(help)));
        } else {
            plain.push(mark);
        }
        before = Some(mark);
    }
    Ok(Cow::Owned(plain))
}

/// Whether a character is the mark, or one that is set in its place: a space that doesn't break, a curved apostrophe.
fn stands_for(mark: char, thousands: char) -> bool {
    mark == thousands
        || thousands == ' ' && matches!(mark, '\u{a0}' | '\u{202f}' | '\u{2009}')
        || thousands == '\'' && mark == '\u{2019}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_other_countries_are_read() {
        let with = |decimal: u8, thousands: Option<char>| NumberMarks { decimal, thousands };
        let of = |text: &str, marks| marked(text, &Type::Decimal, marks).map(Cow::into_owned);
        assert_eq!(of("1.234,5", with(b',', Some('.'))).unwrap(), "1,234.5");
        assert_eq!(of("USD 1 234,5", with(b',', Some(' '))).unwrap(), "USD 1,234.5");
        assert_eq!(of("1\u{202f}234", with(b',', Some(' '))).unwrap(), "1,234");
        assert_eq!(of("1’234.5", with(b'.', Some('\''))).unwrap(), "1,234.5");
        let (why, help) = of("1.5", with(b',', None)).unwrap_err();
        assert_eq!(why, "`1.5` has a `.`, and numbers of this file have none");
        assert_eq!(help.unwrap(), "their decimal mark is `,`, and nothing parts their thousands");
        assert!(of("1,500", with(b'.', None)).is_err());
    }
}
