//! Text to lines of tokens. A token is at least what the grammar reads without inner white space, and often more
//! (`2.4/mcsap`, `6..13`, `a/b`): what is written in one piece is never taken apart unless a mark, bracket or quote
//! stands in it, so no spacing can change how the grammar reads it.

use super::line::{Block, Kind, Line, Role, Token};

/// The page's lines that hold anything.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lexer = Lexer { text, at: 0 };
    let mut lines = Vec::new();
    let mut blank_before = false;
    while lexer.at < text.len() {
        match lexer.line(blank_before) {
            Some(line) => {
                lines.push(line);
                blank_before = false;
            }
            None => blank_before = true,
        }
    }
    lines
}

/// White space of the grammar, newlines left out.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\u{3000}' | '\u{FEFF}' | '\u{00A0}')
}

/// Characters that end a word.
fn ends_word(c: char) -> bool {
    is_space(c) || "\n\"()[]{}|=<>+*,:%".contains(c)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The next `len` bytes, or all that are left.
    fn take(&mut self, len: usize) -> &'a str {
        let rest = self.rest();
        let (taken, _) = rest.split_at_checked(len).unwrap_or((rest, ""));
        self.at += taken.len();
        taken
    }

    fn take_space(&mut self) -> &'a str {
        let rest = self.rest();
        self.take(rest.find(|c| !is_space(c)).unwrap_or(rest.len()))
    }

    /// Reads over the next newline. `None` if there is nothing before it.
    fn line(&mut self, blank_before: bool) -> Option<Line<'a>> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut comment = None;
        let margin = self.take_space();
        let mut before = "";
        while let Some(c) = self.rest().chars().next() {
            if c == '\n' {
                self.take(1);
                break;
            }
            if self.rest().starts_with("//") {
                let rest = self.rest();
                let end = rest.find('\n').unwrap_or(rest.len());
                comment = Some(self.take(end).trim_end_matches(is_space));
            } else {
                let of_use = tokens.last().is_some_and(|t| t.is("use"));
                let (kind, text) = self.token(c, of_use);
                tokens.push(Token { kind, text, before, gap: 0, role: Role::None, depth: 0 });
            }
            before = self.take_space();
        }
        if tokens.is_empty() && comment.is_none() {
            return None;
        }
        Some(Line {
            tokens,
            comment,
            comment_gap: 0,
            indent: 0,
            blank_before,
            at_margin: margin.is_empty(),
            depth: 0,
            block: (Block::File, 0),
        })
    }

    fn token(&mut self, first: char, of_use: bool) -> (Kind, &'a str) {
        let rest = self.rest();
        match first {
            '"' => match text_len(rest) {
                Ok(len) => (Kind::Text, self.take(len)),
                Err(len) => (Kind::Unread, self.take(trim_unclosed(&rest[..len]).len())),
            },
            '(' | '[' | '{' => (Kind::Open, self.take(1)),
            ')' | ']' | '}' => (Kind::Close, self.take(1)),
            '|' => {
                let len = rest.find(|c| c != '|').unwrap_or(rest.len());
                let kind = [Kind::Bar, Kind::Bars].get(len - 1).copied().unwrap_or(Kind::Unread);
                (kind, self.take(len))
            }
            '<' | '>' if ["<>", "<=", ">="].iter().any(|mark| rest.starts_with(mark)) => (Kind::Mark, self.take(2)),
            '=' | '<' | '>' | '+' | '*' | ',' | ':' | '%' => (Kind::Mark, self.take(1)),
            _ => (Kind::Word, self.take(word_len(rest, of_use))),
        }
    }
}

/// The length of a text with its quotes, or of what there is if it is not closed. An escaped newline is part of it,
/// as in the grammar.
fn text_len(rest: &str) -> Result<usize, usize> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok(at + 1),
            '\n' => return Err(at),
            '\\' => {
                chars.next();
            }
            _ => {}
        }
    }
    Err(rest.len())
}

/// Without white space at the end, save a space after a backslash: the backslash would then escape the newline.
fn trim_unclosed(text: &str) -> &str {
    let trimmed = text.trim_end_matches(|c| is_space(c) || c == '\n');
    let (kept, space) = text.split_at(trimmed.len());
    let backslashes = kept.len() - kept.trim_end_matches('\\').len();
    match space.chars().next() {
        Some(escaped) if escaped != '\n' && backslashes % 2 == 1 => &text[..kept.len() + escaped.len_utf8()],
        _ => trimmed,
    }
}

/// The length of the word at the start of `rest`, with the marks that belong to numbers, times, ranges and parts. The path
/// after `use` may have two slashes in a row.
fn word_len(rest: &str, of_use: bool) -> usize {
    let mut len = 0;
    while let Some(c) = rest.get(len..).and_then(|r| r.chars().next()) {
        let (word, after) = (&rest[..len], &rest[len + c.len_utf8()..]);
        let inside = match c {
            '/' => of_use || !after.starts_with('/'),
            ',' => word.ends_with(|c: char| c.is_ascii_digit()) && digits(after) == 3,
            ':' => word.len() >= 2 && word.bytes().rev().take(2).all(|b| b.is_ascii_digit()) && digits(after) == 2,
            '+' => is_moment(word) && digits(after) == 2,
            '<' => word.ends_with(".."),
            // `log[2].by`
            '[' => !word.is_empty() && digits(after) > 0 && after[digits(after)..].starts_with(']'),
            ']' => word
                .rfind('[')
                .is_some_and(|open| digits(&word[open + 1..]) == word.len() - open - 1 && open + 1 < word.len()),
            c => !ends_word(c),
        };
        if !inside {
            break;
        }
        len += c.len_utf8();
    }
    // A lone `/` or the like that no arm took must not stop the lexer.
    len.max(rest.chars().next().map_or(0, char::len_utf8))
}

/// How many digits it starts with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// `2024-10-01T09:00`, to which an offset may be added.
fn is_moment(word: &str) -> bool {
    word.split_once('T').is_some_and(|(date, time)| date.len() >= 10 && time.contains(':'))
}
