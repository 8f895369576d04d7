//! TOML, by the `toml` crate, whose own tree keeps places and written numbers.

use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeArray, DeTable, DeValue, Error};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::map::given_twice;
use super::{Data, DocumentError, Key, MAX_DEPTH, Node, error, shown, too_deep};

/// What the parser says of a name given twice.
const DUPLICATE: &str = "duplicate key";

pub(super) fn read(text: &str) -> Result<Node, DocumentError> {
    // The parser makes a table for each part of a dotted name, and a tree deep
    // enough would exhaust the stack before its depth could be seen.
    refuse_long_names(text)?;
    // The mark is part of TOML's grammar, so places need no shift.
    match DeTable::parse(text) {
        Ok(document) => table(document.get_ref(), 0..text.len(), 0),
        Err(fault) => Err(refused(text, &fault)),
    }
}

fn value(node: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, DocumentError> {
    let span = node.span();
    let data = match node.get_ref() {
        DeValue::String(text) => Data::Text(text.to_string()),
        DeValue::Boolean(yes) => Data::YesNo(*yes),
        DeValue::Integer(number) if number.radix() == 10 => Data::Number(number.as_str().to_owned()),
        DeValue::Integer(number) => {
            return Err(error(span, format!("`{}` is not a decimal number", shown(&number.to_string())))
                .with_help("write the number in decimal digits"));
        }
        DeValue::Float(number) if number.as_str().ends_with(|c: char| c.is_ascii_digit()) => {
            Data::Number(number.as_str().to_owned())
        }
        DeValue::Float(number) => {
            return Err(error(span, format!("`{}` is not a number that facts can have", shown(number.as_str()))));
        }
        DeValue::Datetime(moment) => Data::Text(moment.to_string()),
        DeValue::Array(items) => Data::List(list(items, &span, depth)?),
        DeValue::Table(entries) => return table(entries, span, depth),
    };
    Ok(Node { span, data })
}

fn list(items: &DeArray<'_>, span: &Range<usize>, depth: usize) -> Result<Vec<Node>, DocumentError> {
    if depth >= MAX_DEPTH {
        return Err(too_deep(span.clone()));
    }
    items.iter().map(|item| value(item, depth + 1)).collect()
}

fn table(entries: &DeTable<'_>, span: Range<usize>, depth: usize) -> Result<Node, DocumentError> {
    if depth >= MAX_DEPTH {
        return Err(too_deep(span));
    }
    let mut read = Vec::with_capacity(entries.len());
    for (name, node) in entries {
        let key = Key { span: name.span(), name: name.get_ref().to_string() };
        read.push((key, value(node, depth + 1)?));
    }
    // The parser keeps tables in the order of their names.
    read.sort_by_key(|(key, _)| key.span.start);
    Ok(Node { span, data: Data::Map(read) })
}

/// Refuses names of so many parts, one in another, that the tree could not be
/// held. The exact limit on depth is kept when the tree is read.
fn refuse_long_names(text: &str) -> Result<(), DocumentError> {
    // How many parts the name before each open bracket has, and the one being read.
    let mut outer: Vec<usize> = Vec::new();
    let (mut total, mut parts) = (0, 0);
    for token in Source::new(text).lex() {
        match token.kind() {
            TokenKind::Dot => parts += 1,
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                outer.push(parts);
                total += parts;
                parts = 0;
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                parts = outer.pop().unwrap_or(0);
                total -= parts;
            }
            TokenKind::Comma => parts = 0,
            TokenKind::Newline if outer.is_empty() => parts = 0,
            _ => {}
        }
        if total + parts > MAX_DEPTH || outer.len() > MAX_DEPTH {
            return Err(too_deep(token.span().start()..token.span().end()));
        }
    }
    Ok(())
}

/// The parser's first problem, in our words where we have any.
fn refused(text: &str, fault: &Error) -> DocumentError {
    let span = fault.span().unwrap_or(0..0);
    let end = span.end.min(text.len());
    let span = span.start.min(end)..end;
    let written = text.get(span.clone()).unwrap_or_default();
    if fault.message() != DUPLICATE {
        return error(span, format!("this is not TOML: {}", shown(fault.message())));
    }
    let name = written.trim_matches(['"', '\'']);
    match first_place(text, name, &span) {
        Some(first) => given_twice(text, name, &first, span),
        None => error(span, format!("`{}` is given twice", shown(name))).with_help("keep the one that is meant"),
    }
}

/// Where the name was given before. The parser knows but does not tell; the place
/// is the one that, under another name, takes the problem away.
fn first_place(text: &str, name: &str, second: &Range<usize>) -> Option<Range<usize>> {
    const TRIES: usize = 8;
    const LONGEST: usize = 1 << 20;
    if text.len() > LONGEST {
        return None;
    }
    let line = text.get(..second.start)?.rfind('\n').map_or(0, |end| end + 1);
    let (before, _) = DeTable::parse_recoverable(text.get(..line)?);
    let mut places = places_of(name, before.get_ref());
    places.sort_by_key(|place| std::cmp::Reverse(place.start));
    let other = (0..).map(|n| format!("other-{n}")).find(|other| !text.contains(other))?;
    places.into_iter().take(TRIES).find(|place| {
        let (head, tail) = (text.get(..place.start), text.get(place.end..));
        let renamed = [head.unwrap_or_default(), &other, tail.unwrap_or_default()].concat();
        let moved = second.start + other.len() - place.len();
        !DeTable::parse(&renamed)
            .is_err_and(|fault| fault.message() == DUPLICATE && fault.span().is_some_and(|at| at.start == moved))
    })
}

/// Every place where a table or map has this name.
fn places_of(name: &str, document: &DeTable<'_>) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut tables = vec![document];
    while let Some(table) = tables.pop() {
        for (key, node) in table {
            if key.get_ref() == name {
                places.push(key.span());
            }
            match node.get_ref() {
                DeValue::Table(inner) => tables.push(inner),
                DeValue::Array(items) => {
                    tables.extend(items.iter().filter_map(|item| item.get_ref().as_table()));
                }
                _ => {}
            }
        }
    }
    places
}
