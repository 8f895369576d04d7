//! Which bracket closes which, and what each is for: a block of statements, a set, a list, a citation. From this
//! follow every line's depth and block.

use super::line::{Block, Kind, Line, Role, Token};
use super::words::{ENDING, RESERVED};
use crate::syntax::ITEM_WORDS;

/// Fills in the roles and depths of all tokens, and the depths and blocks of all lines.
pub(super) fn give_roles(lines: &mut [Line]) {
    let closed = walk(lines, false);
    if !closed {
        // Some bracket has no partner: an item at the margin then starts afresh, as it does in the parser, so that
        // one forgotten brace does not push the rest of the page to the right.
        walk(lines, true);
    }
}

/// A bracket that is open.
struct Open {
    bracket: char,
    role: Role,
    block: (Block, usize),
}

/// Whether every bracket has its partner.
fn walk(lines: &mut [Line], afresh_at_items: bool) -> bool {
    let mut open: Vec<Open> = Vec::new();
    let mut all_paired = true;
    let mut blocks = 0;
    let mut item = "";
    let mut last: Option<Token> = None;
    for line in lines.iter_mut() {
        if afresh_at_items && line.at_margin && line.starts_with_word(ITEM_WORDS) {
            open.clear();
        }
        line.depth = open.len();
        line.block = innermost(&open);
        for index in 0..line.tokens.len() {
            let token = &line.tokens[index];
            if open.is_empty() && token.kind == Kind::Word && ITEM_WORDS.contains(&token.text) {
                item = token.text;
            }
            let (mut role, mut depth) = (Role::None, open.len());
            match token.kind {
                Kind::Open => {
                    role = match token.text {
                        "(" => Role::Paren,
                        "[" if cites(&open, line.tokens[..index].last().or(last.as_ref())) => Role::Citation,
                        "[" => Role::List,
                        _ if open.is_empty() => Role::Block(block_of(item)),
                        _ if in_block(&open, Block::Time)
                            && line.tokens[..index].last().is_some_and(|t| t.is("states")) =>
                        {
                            Role::Block(Block::States)
                        }
                        _ if in_block(&open, Block::Decision) && heads_exception(&line.tokens[..index]) => {
                            Role::Block(Block::Decision)
                        }
                        _ => Role::Set,
                    };
                    let block = if let Role::Block(block) = role {
                        blocks += 1;
                        (block, blocks)
                    } else {
                        innermost(&open)
                    };
                    open.push(Open { bracket: token.text.chars().next().unwrap_or('{'), role, block });
                }
                Kind::Close => match partner(&open, token.text) {
                    Some(at) => {
                        all_paired &= at + 1 == open.len();
                        (role, depth) = (open[at].role, at);
                        open.truncate(at);
                    }
                    None => all_paired = false,
                },
                Kind::Mark if token.is(":") => {
                    let in_value = matches!(open.last().map(|o| o.role), Some(Role::Set));
                    role = if in_value { Role::FieldColon } else { Role::TypeColon };
                }
                _ => {}
            }
            line.tokens[index].role = role;
            line.tokens[index].depth = depth;
        }
        last = line.tokens.last().cloned().or(last);
    }
    all_paired && open.is_empty()
}

fn innermost(open: &[Open]) -> (Block, usize) {
    open.last().map_or((Block::File, 0), |o| o.block)
}

/// The open bracket that `close` closes. A brace closes what is still open inside it; other brackets only close
/// their own kind.
fn partner(open: &[Open], close: &str) -> Option<usize> {
    let bracket = match close {
        ")" => '(',
        "]" => '[',
        _ => '{',
    };
    match open.last() {
        Some(last) if last.bracket == bracket => Some(open.len() - 1),
        _ if bracket == '{' => open.iter().rposition(|o| o.bracket == '{'),
        _ => None,
    }
}

fn in_block(open: &[Open], block: Block) -> bool {
    open.last().is_some_and(|o| o.role == Role::Block(block))
}

/// Whether a bracket after `before` cites, as it does after a value among the statements of a block; elsewhere it
/// starts a list.
fn cites(open: &[Open], before: Option<&Token>) -> bool {
    let among_statements = open.last().is_some_and(|o| matches!(o.role, Role::Block(b) if b != Block::Scenario));
    let after_value = before.is_some_and(|token| match token.kind {
        Kind::Word => ENDING.contains(&token.text) || !RESERVED.contains(&token.text),
        Kind::Text | Kind::Close => true,
        _ => token.is("%"),
    });
    among_statements && after_value
}

/// `exception NAME`, `exception NAME over A, B`, or a line with the end of that
fn heads_exception(before: &[Token]) -> bool {
    let names_from = before.iter().rposition(|t| t.kind != Kind::Word && !t.is(",")).map_or(0, |at| at + 1);
    let words = before.get(names_from..).unwrap_or(&[]);
    match words.iter().position(|t| t.is("exception")) {
        Some(at) => match words.get(at + 1..) {
            Some([name, rest @ ..]) => is_name(name) && rest.first().is_none_or(|over| over.is("over")),
            _ => false,
        },
        None => words.first().is_some_and(|t| t.is("over")) && words.iter().all(|t| is_name(t) || t.is(",")),
    }
}

fn is_name(token: &Token) -> bool {
    token.kind == Kind::Word && !RESERVED.contains(&token.text)
}

fn block_of(item: &str) -> Block {
    match item {
        "enumeration" => Block::Enumeration,
        "record" => Block::Record,
        "decision" => Block::Decision,
        "responses" => Block::Responses,
        "reading" => Block::Reading,
        "scenario" => Block::Scenario,
        "calendar" | "holidays" | "milestone" | "process" => Block::Time,
        _ => Block::Other,
    }
}
