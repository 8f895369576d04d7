//! YAML 1.2, less what could surprise: no anchors or aliases (which can expand
//! without bound), no tags, no merge keys, one document to a file.
//!
//! Plain scalars mean by their look: `yes`, `no`, `true` and `false` are answers,
//! decimal numbers are numbers, `null`, `~` and nothing are null. Everything else,
//! and everything in quotes, is text; so are `on`, `off`, `y`, `n`, `0x1F` and
//! `.inf`, which YAML readers do not agree about.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::map::Entries;
use super::{Data, DocumentError, Key, MAX_DEPTH, Node, byte_order_mark, error, shown, too_deep};

pub(super) fn read(text: &str) -> Result<Node, DocumentError> {
    let start = byte_order_mark(text);
    let body = text.get(start..).unwrap_or_default();
    let mut reader =
        Reader { text, parser: Parser::new_from_str(body), places: Places { text, byte: start, character: 0 } };
    reader.file()
}

struct Reader<'a> {
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
    places: Places<'a>,
}

impl<'a> Reader<'a> {
    fn file(&mut self) -> Result<Node, DocumentError> {
        let end = self.text.len();
        let mut read = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => {
                    return Ok(read.unwrap_or(Node { span: end..end, data: Data::Null }));
                }
                (Event::DocumentStart(_), span) if read.is_some() => {
                    return Err(error(span, "a second document starts here")
                        .with_help("keep one document in a file, without `---` between its parts"));
                }
                (Event::DocumentStart(_), _) => {
                    let (event, span) = self.next()?;
                    read = Some(self.node(event, span, 0)?);
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Range<usize>, depth: usize) -> Result<Node, DocumentError> {
        let start = span.start;
        match event {
            Event::Scalar(written, style, anchor, tag) => {
                refuse_properties(anchor, tag.is_some(), &span)?;
                let data = match style {
                    ScalarStyle::Plain => plain(&written),
                    _ => Data::Text(written.into_owned()),
                };
                Ok(Node { span, data })
            }
            Event::SequenceStart(anchor, tag) => {
                refuse_properties(anchor, tag.is_some(), &span)?;
                let mut items = Vec::new();
                let mut end = span.end;
                loop {
                    match self.within(depth, &span)? {
                        (Event::SequenceEnd, close) => {
                            let span = start..close.end.max(end);
                            return Ok(Node { span, data: Data::List(items) });
                        }
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                    end = items.last().map_or(end, |item| item.span.end);
                }
            }
            Event::MappingStart(anchor, tag) => {
                refuse_properties(anchor, tag.is_some(), &span)?;
                let mut entries = Entries::default();
                let mut end = span.end;
                loop {
                    let key = match self.within(depth, &span)? {
                        (Event::MappingEnd, close) => {
                            let span = start..close.end.max(end);
                            return Ok(Node { span, data: entries.finish() });
                        }
                        (event, span) => key(event, span)?,
                    };
                    entries.admit(self.text, &key)?;
                    let (event, span) = self.within(depth, &span)?;
                    let value = self.node(event, span, depth + 1)?;
                    end = value.span.end.max(key.span.end);
                    entries.push(key, value);
                }
            }
            Event::Alias(_) => Err(no_aliases(span)),
            // The parser gives one of the above for each value; anything else is
            // refused rather than trusted.
            _ => Err(error(span, "a value is expected here")),
        }
    }

    /// The next event inside a list or map that stands `depth` deep.
    fn within(&mut self, depth: usize, outer: &Range<usize>) -> Result<(Event<'a>, Range<usize>), DocumentError> {
        if depth >= MAX_DEPTH {
            return Err(too_deep(outer.clone()));
        }
        self.next()
    }

    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), DocumentError> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let span = self.places.range(span);
                Ok((event, span))
            }
            Some(Err(fault)) => Err(self.fault(&fault)),
            None => Ok((Event::StreamEnd, self.text.len()..self.text.len())),
        }
    }

    fn fault(&mut self, fault: &ScanError) -> DocumentError {
        let at = self.places.byte(fault.marker().index());
        if fault.info().contains("unknown anchor") {
            return no_aliases(at..at);
        }
        if fault.info() == "recursion limit exceeded" {
            // Its own limit, met while it looks ahead of the values it gives.
            return too_deep(at..at);
        }
        error(at..at, format!("this is not YAML: {}", shown(fault.info())))
    }
}

/// Places in bytes, for a parser that counts characters.
struct Places<'a> {
    text: &'a str,
    /// A place already found, from which the next is looked for.
    byte: usize,
    character: usize,
}

impl Places<'_> {
    fn range(&mut self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index()).max(start);
        start..end
    }

    /// The byte where a character starts. Places come almost in order, so that
    /// walking from the last one costs little.
    fn byte(&mut self, character: usize) -> usize {
        let (before, after) = self.text.split_at_checked(self.byte).unwrap_or((self.text, ""));
        if character >= self.character {
            let forward = after.chars().take(character - self.character);
            let (count, bytes) = forward.fold((0, 0), |(n, b), c| (n + 1, b + c.len_utf8()));
            self.character += count;
            self.byte += bytes;
        } else {
            let back = before.chars().rev().take(self.character - character);
            let (count, bytes) = back.fold((0, 0), |(n, b), c| (n + 1, b + c.len_utf8()));
            self.character -= count;
            self.byte -= bytes;
        }
        self.byte
    }
}

fn key(event: Event<'_>, span: Range<usize>) -> Result<Key, DocumentError> {
    match event {
        Event::Scalar(name, style, anchor, tag) => {
            refuse_properties(anchor, tag.is_some(), &span)?;
            if style == ScalarStyle::Plain && name == "<<" {
                return Err(error(span, "`<<` merges another map, which facts files may not")
                    .with_help("write the entries out here"));
            }
            Ok(Key { span, name: name.into_owned() })
        }
        Event::Alias(_) => Err(no_aliases(span)),
        _ => Err(error(span, "a name is expected here, not a list or map")
            .with_help("put text in quotes if it starts with `[` or `{`")),
    }
}

fn refuse_properties(anchor: usize, tag: bool, span: &Range<usize>) -> Result<(), DocumentError> {
    if anchor != 0 {
        return Err(no_aliases(span.clone()));
    }
    if tag {
        return Err(error(span.clone(), "this value has a tag (`!…`), which facts files may not")
            .with_help("remove the tag; put the value in quotes to make it a text"));
    }
    Ok(())
}

fn no_aliases(span: Range<usize>) -> DocumentError {
    error(span, "anchors (`&name`) and aliases (`*name`) are not read in facts files")
        .with_help("write the value out; put it in quotes if it is a text")
}

/// What a scalar without quotes is.
fn plain(written: &str) -> Data {
    match written {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" => Data::YesNo(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" => Data::YesNo(false),
        _ if is_number(written) => Data::Number(written.to_owned()),
        _ => Data::Text(written.to_owned()),
    }
}

/// `12`, `-1.5`, `+1e6`, `.5`
fn is_number(written: &str) -> bool {
    let unsigned = written.strip_prefix(['-', '+']).unwrap_or(written);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let some = !whole.is_empty() || !fraction.is_empty();
    some && digits(whole) && digits(fraction) && !exponent.is_empty() && digits(exponent)
}
