//! Blank lines, and the spaces between two tokens on a line before anything is lined up. Where a space could change how the grammar
//! reads the words (`max(a)` is a call, `max (a)` is not), it stays as written.

use super::line::{Block, Kind, Line, Role, Token};
use super::words::{ENDING, RESERVED};

/// Takes away blank lines at the edges of blocks and of the page.
pub(super) fn drop_blanks(lines: &mut [Line]) {
    for index in 0..lines.len() {
        let (before, after) = lines.split_at_mut(index);
        let Some(line) = after.first_mut() else { continue };
        let last = before.last();
        let opens = last.is_none_or(|l| l.tokens.last().is_some_and(|t| t.kind == Kind::Open));
        // After a text that is not closed, the next line could become a part of it.
        let closes = line.starts_with(Kind::Close) && last.is_some_and(|l| !l.verbatim());
        line.blank_before &= !opens && !closes;
    }
}

/// Sets the gap before every token.
pub(super) fn set_gaps(lines: &mut [Line]) {
    for line in lines {
        let choice = line.block.0 == Block::Reading && line.starts_with_word(&["or"]);
        let mut around: Vec<Role> = Vec::new();
        for index in 1..line.tokens.len() {
            let (before, after) = line.tokens.split_at(index);
            let (Some(last), Some(next)) = (before.last(), after.first()) else { continue };
            match last.kind {
                Kind::Open => around.push(last.role),
                Kind::Close => drop(around.pop()),
                _ => {}
            }
            let gap = match around.last() {
                // `or` stands under `either`.
                _ if index == 1 && choice => "either ".len() - "or".len(),
                within if ends_state(within, line.block.0, next, after.get(1)) => 1,
                Some(Role::Block(block)) if starts_part(*block, last, next, after.get(1)) => 2,
                _ => usize::from(is_spaced(last, next, after.get(1))),
            };
            line.tokens[index].gap = gap;
        }
    }
}

/// `(final)` after a state.
fn ends_state(within: Option<&Role>, block: Block, next: &Token, after: Option<&Token>) -> bool {
    let states = within.map_or(block == Block::States, |role| *role == Role::Block(Block::States));
    states && next.is("(") && after.is_some_and(|t| t.is("final"))
}

/// Whether, in a block on one line, a rule or field starts that two spaces set apart from the one before it, as far
/// as the words tell: `{ yes when a  no otherwise }`, `{ kind : kind  fee : money }`, `{ open  closed (final) }`.
fn starts_part(block: Block, last: &Token, next: &Token, after: Option<&Token>) -> bool {
    let ended = match last.kind {
        Kind::Word => ENDING.contains(&last.text) || !RESERVED.contains(&last.text) && !last.is("meanwhile"),
        Kind::Text | Kind::Close => true,
        _ => last.is("%"),
    };
    let starts = match block {
        Block::Decision => ["yes", "no", "silent", "always", "exception"].iter().any(|word| next.is(word)),
        Block::Record => next.kind == Kind::Word && after.is_some_and(|t| t.role == Role::TypeColon),
        Block::States => next.kind == Kind::Word && after.is_some_and(|t| t.kind != Kind::Text),
        _ => false,
    };
    ended && starts
}

fn is_spaced(last: &Token, next: &Token, after: Option<&Token>) -> bool {
    let written = !next.glued();
    match (last.kind, next.kind) {
        (Kind::Unread, _) | (_, Kind::Unread) => written,
        (Kind::Open, Kind::Close) => false,
        (_, Kind::Mark) if next.is(",") => false,
        (Kind::Mark, _) if last.is(",") => true,
        (Kind::Open, _) => !is_tight(last),
        (_, Kind::Close) => !is_tight(next),
        (Kind::Word, Kind::Mark) if next.is("%") => written && !is_number(last),
        (_, Kind::Mark) if next.role == Role::FieldColon => false,
        (Kind::Word, Kind::Open) if next.is("(") => {
            let default = after.is_some_and(|t| t.is("default"));
            written || default || RESERVED.contains(&last.text)
        }
        (Kind::Mark, _) if !last.is("%") => true,
        // `(a)..b`
        (_, Kind::Word) if next.text.starts_with(['.', '-', '/']) => written,
        (Kind::Word, _) if last.text.ends_with(['.', '-', '/', '<']) => written,
        _ => true,
    }
}

/// Brackets without spaces inside. Those without a partner are taken for what they mostly are.
fn is_tight(bracket: &Token) -> bool {
    bracket.role == Role::Citation || matches!(bracket.text, "(" | ")")
}

fn is_number(word: &Token) -> bool {
    word.text.starts_with(|c: char| c.is_ascii_digit())
}
