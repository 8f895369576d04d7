//! Limits that keep hostile or broken text from exhausting the stack: looked for before parsing.

use crate::diag::{Code, Problem};
use crate::source::{FileId, Span};

/// Brackets, braces and parentheses open at once.
pub const MAX_NESTING: usize = 64;
/// `if` inside `if`, between one cell or condition and the next.
const MAX_IFS: usize = 64;
/// Characters of one expression or cell without a `|`, brace or line that starts an item; far above any real one.
const MAX_WORDS: usize = 20_000;

/// The first place where nesting passes a limit, as a problem.
pub fn check(file: FileId, text: &str) -> Option<Problem> {
    let mut open: usize = 0;
    let mut ifs = 0;
    let mut words = 0;
    let mut bytes = text.bytes().enumerate().peekable();
    let mut previous = b' ';
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'/' if bytes.peek().is_some_and(|(_, b)| *b == b'/') => {
                while bytes.next_if(|(_, b)| *b != b'\n').is_some() {}
            }
            b'"' => {
                let mut escaped = false;
                while let Some((_, b)) = bytes.next_if(|(_, b)| *b != b'\n') {
                    if b == b'"' && !escaped {
                        break;
                    }
                    escaped = b == b'\\' && !escaped;
                }
            }
            b'(' | b'[' | b'{' => {
                open += 1;
                if byte == b'{' {
                    (ifs, words) = (0, 0);
                }
                if open > MAX_NESTING {
                    return Some(too_deep(file, at, &format!("more than {MAX_NESTING} brackets are open here")));
                }
            }
            b')' | b']' | b'}' => {
                open = open.saturating_sub(1);
                if byte == b'}' {
                    (ifs, words) = (0, 0);
                }
            }
            b'|' => (ifs, words) = (0, 0),
            b'i' if !previous.is_ascii_alphanumeric() && text[at..].starts_with("if ") => {
                ifs += 1;
                if ifs > MAX_IFS {
                    return Some(too_deep(file, at, &format!("more than {MAX_IFS} `if`s in one expression")));
                }
            }
            b' ' | b'\n' | b'+' | b'-' | b'*' | b'/' | b'.' if previous != byte => {
                words += 1;
                if words > MAX_WORDS {
                    return Some(too_deep(
                        file,
                        at,
                        &format!("more than {MAX_WORDS} words in one block without a table"),
                    ));
                }
            }
            _ => {}
        }
        previous = byte;
    }
    None
}

fn too_deep(file: FileId, at: usize, message: &str) -> Problem {
    Problem::new(Code::NestingTooDeep, Span::new(file, at..at + 1), message)
        .help("split it up: name parts of the working with `let`, or turn the conditions into a table")
}
