//! Limits that keep hostile or broken text from exhausting the stack: looked for before parsing.

use std::ops::Range;

use crate::diag::{Code, Problem};
use crate::source::{FileId, Span};

/// Brackets, braces and parentheses open at once.
pub const MAX_NESTING: usize = 64;
/// `if`, `any`, `every`, `count` and `sum` of one expression: each may hold the next.
const MAX_STEPS: usize = 64;
/// `not` after `not`, and `set of` after `set of`.
const MAX_RUN: usize = 8;
/// Characters of one expression or cell without a `|`, brace or line that starts an item; far above any real one.
const MAX_WORDS: usize = 20_000;

/// Bytes among which quotes that close a text are looked for in vain, beside twice the file's own: on a line of quotes that
/// are not closed, each of them is looked for to the end.
const MAX_LOOKED_FOR: usize = 64 * 1024;

/// What stands since an expression could last begin, between two braces.
#[derive(Clone, Copy, Default)]
struct Stretch {
    steps: usize,
    words: usize,
}

/// The first place where nesting passes a limit, as a problem.
pub fn check(file: FileId, text: &str) -> Option<Problem> {
    let mut open: usize = 0;
    let mut now = Stretch::default();
    // What stands before the braces that are open: a set within an expression does not end it.
    let mut outer: Vec<Stretch> = Vec::new();
    let mut outer_steps = 0;
    let mut looked_for = 0;
    let mut run = ("", 0);
    let mut bytes = text.bytes().enumerate().peekable();
    let mut previous = b' ';
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'/' if bytes.peek().is_some_and(|(_, b)| *b == b'/') => {
                while bytes.next_if(|(_, b)| *b != b'\n').is_some() {}
                previous = b'/';
                continue;
            }
            // Where no quote closes it, what follows is read as if it were no text.
            b'"' => match text_length(&text.as_bytes()[at + 1..]) {
                Ok(length) => {
                    bytes.nth(length);
                }
                Err(looked_at) => {
                    looked_for += looked_at;
                    if looked_for > MAX_LOOKED_FOR + 2 * text.len() {
                        return Some(text_not_closed(file, at..at + 1));
                    }
                }
            },
            b'(' | b'[' | b'{' => {
                open += 1;
                if byte == b'{' {
                    outer_steps += now.steps;
                    outer.push(std::mem::take(&mut now));
                }
                // Of braces alone, too: where a mistake is passed over, other brackets do not count.
                if open.max(outer.len()) > MAX_NESTING {
                    return Some(too_deep(file, at, &format!("more than {MAX_NESTING} brackets are open here")));
                }
            }
            b')' | b']' | b'}' => {
                open = open.saturating_sub(1);
                if byte == b'}' {
                    now = outer.pop().unwrap_or_default();
                    outer_steps -= now.steps;
                    if outer.is_empty() {
                        now = Stretch::default();
                    }
                }
            }
            b'|' => now = Stretch::default(),
            b' ' | b'\n' | b'+' | b'-' | b'*' | b'/' | b'.' if previous != byte => {
                now.words += 1;
                if now.words > MAX_WORDS {
                    let message = format!("more than {MAX_WORDS} words in one block without a table");
                    return Some(too_deep(file, at, &message));
                }
            }
            _ => {}
        }
        let starts = byte.is_ascii_alphanumeric() && !previous.is_ascii_alphanumeric();
        if starts && byte.is_ascii_lowercase() && !continues_word(text, at) {
            let word = word(&text[at..]);
            match word {
                "if" | "any" | "every" | "count" | "sum" => {
                    now.steps += 1;
                    if outer_steps + now.steps > MAX_STEPS {
                        let message = format!("more than {MAX_STEPS} `if`s, `any`s and the like in one expression");
                        return Some(too_deep(file, at, &message));
                    }
                }
                // These stand between expressions.
                "when" | "otherwise" | "always" => now = Stretch::default(),
                "let" | "input" if begins(&text[at + word.len()..]) => now = Stretch::default(),
                _ => {}
            }
            run = match (word, run) {
                ("of", ("set of", count)) => ("set of", count),
                ("set" | "list", ("set of", count)) => ("set of", count + 1),
                ("not", ("not", count)) => ("not", count + 1),
                ("set" | "list", _) => ("set of", 1),
                ("not", _) => ("not", 1),
                _ => ("", 0),
            };
            if run.1 > MAX_RUN {
                return Some(too_deep(file, at, &format!("more than {MAX_RUN} times `{}` in a row", run.0)));
            }
        } else if starts || !byte.is_ascii_alphanumeric() && !byte.is_ascii_whitespace() {
            run = ("", 0);
        }
        previous = byte;
        // The rest of a word changes nothing.
        if byte.is_ascii_alphanumeric() {
            while bytes.next_if(|(_, b)| b.is_ascii_alphanumeric()).is_some() {}
        }
    }
    None
}

/// How many bytes of a text stand before the quote that closes it, on its line; where none does, how many there are.
fn text_length(after: &[u8]) -> Result<usize, usize> {
    let mut escaped = false;
    for (at, byte) in after.iter().enumerate() {
        match byte {
            b'\n' => return Err(at),
            b'"' if !escaped => return Ok(at),
            _ => escaped = *byte == b'\\' && !escaped,
        }
    }
    Err(after.len())
}

/// A text whose closing quote is missing.
pub fn text_not_closed(file: FileId, at: Range<usize>) -> Problem {
    Problem::new(Code::TextNotClosed, Span::new(file, at), "this text has no closing quote on its line")
        .help("close it with `\"`; a quote inside a text is written `\\\"`")
}

/// Whether the letter here belongs to a word that began before it, such as `seats.count` or `what-if`.
fn continues_word(text: &str, at: usize) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut before = text[..at].chars().rev();
    match before.next() {
        Some('-' | '.') => before.next().is_some_and(is_letter),
        Some(c) => is_letter(c),
        None => false,
    }
}

/// The word at the start of some text, unless more than Latin letters are in it.
fn word(text: &str) -> &str {
    let end = text.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(text.len());
    let mut after = text[end..].chars();
    let goes_on = match after.next() {
        Some('-') => after.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || c == '_',
        None => false,
    };
    if goes_on { "" } else { &text[..end] }
}

/// Whether what follows `let` or `input` declares a name, which no expression can hold: ` fee =`, ` order.fee :`.
fn begins(after: &str) -> bool {
    let rest = after.trim_start_matches([' ', '\t']);
    let end = rest.find([' ', '\t', '\n', ':', '=', '"', '{', '|']).unwrap_or(rest.len());
    rest.len() < after.len() && end > 0 && rest[end..].trim_start_matches([' ', '\t']).starts_with([':', '='])
}

fn too_deep(file: FileId, at: usize, message: &str) -> Problem {
    Problem::new(Code::NestingTooDeep, Span::new(file, at..at + 1), message)
        .help("split it up: name parts of the working with `let`, or turn the conditions into a table")
}
