//! Indentation: two spaces for each block, and a deeper column for lines that go on with a statement, a list of facts
//! or an open bracket.

use super::line::{Block, Kind, Line, Role, Token};
use super::words::{CONTINUING, EVENT_HANGING, FACTS, HANGING, HEADING, TIME_CONTINUING, TIME_HANGING, UNFINISHED};
use crate::syntax::ITEM_WORDS;

const STEP: usize = 2;

/// Sets the indentation of every line.
pub(super) fn indent(lines: &mut [Line]) {
    let mut page = Page { file: Frame::block(0), open: Vec::new() };
    let mut comments: Vec<usize> = Vec::new();
    for index in 0..lines.len() {
        if lines[index].is_comment() {
            comments.push(index);
            continue;
        }
        page.open.truncate(lines[index].depth);
        let inside = page.innermost().inside;
        let indent = page.place(&lines[index]);
        lines[index].indent = indent;
        // A comment stands with what comes after it, but still inside the block that ends there.
        let beside = if lines[index].starts_with(Kind::Close) { inside } else { indent };
        for comment in comments.drain(..) {
            lines[comment].indent = beside;
        }
        page.advance(&lines[index]);
    }
    let inside = page.innermost().inside;
    for comment in comments {
        lines[comment].indent = inside;
    }
}

/// What is open where a line starts.
struct Page {
    file: Frame,
    open: Vec<Frame>,
}

struct Frame {
    /// Where its closing bracket goes if that starts a line.
    closing: usize,
    /// Where the lines in it start.
    inside: usize,
    is_block: bool,
    /// The statement that was written last in this block.
    statement: Option<Statement>,
}

struct Statement {
    indent: usize,
    /// Where its later lines start, or its later facts.
    hang: usize,
    /// In a list of facts: where the later lines of the fact written last start.
    fact: Option<usize>,
    unfinished: bool,
    is_note: bool,
}

impl Frame {
    fn block(inside: usize) -> Frame {
        Frame { closing: inside.saturating_sub(STEP), inside, is_block: true, statement: None }
    }
}

impl Page {
    fn innermost(&self) -> &Frame {
        self.open.last().unwrap_or(&self.file)
    }

    fn innermost_mut(&mut self) -> &mut Frame {
        self.open.last_mut().unwrap_or(&mut self.file)
    }

    /// Where a line starts. Notes the statement that it starts, if any.
    fn place(&mut self, line: &Line) -> usize {
        let frame = self.innermost();
        if let Some(first) = line.tokens.first().filter(|t| t.kind == Kind::Close && t.role != Role::None) {
            return self.open.get(first.depth).map_or(0, |f| f.closing);
        }
        if !frame.is_block {
            return frame.inside;
        }
        let inside = frame.inside;
        let (indent, starts) = match &frame.statement {
            Some(statement) if continues(line, statement) => (statement.fact.unwrap_or(statement.hang), None),
            Some(Statement { fact: Some(_), hang, .. }) if is_fact(line) || is_event(line) => (*hang, Some(*hang)),
            _ => (inside, None),
        };
        let statement = &mut self.innermost_mut().statement;
        match (statement.as_mut(), starts) {
            (Some(statement), Some(hang)) => statement.fact = Some(fact_hang(line, hang)),
            (Some(statement), None) if continues(line, statement) => {
                if let Some(hang) = guard_hang(line, indent) {
                    statement.hang = hang;
                }
                if statement.fact.is_some() && line.starts_with_word(&["with"]) && line.tokens.len() > 1 {
                    statement.fact = Some(indent + line.offset(1));
                }
            }
            _ => *statement = Some(first_line(line, indent)),
        }
        indent
    }

    /// Goes over the line's brackets.
    fn advance(&mut self, line: &Line) {
        for (index, token) in line.tokens.iter().enumerate().filter(|(_, t)| t.role != Role::None) {
            match token.kind {
                Kind::Open => {
                    let frame = self.opened(line, index, token);
                    self.open.push(frame);
                }
                Kind::Close => {
                    self.open.truncate(token.depth);
                    if matches!(token.role, Role::Block(_)) {
                        self.innermost_mut().statement = None;
                    }
                }
                _ => {}
            }
        }
        let ends_row = line.tokens.last().is_some_and(|t| t.kind == Kind::Bar);
        let unfinished = line.tokens.last().is_some_and(is_unfinished) || is_bare_keyword(line);
        let frame = self.innermost_mut();
        if ends_row {
            frame.statement = None;
        } else if let Some(statement) = &mut frame.statement {
            statement.unfinished = unfinished && !is_entry(line);
        }
    }

    fn opened(&self, line: &Line, index: usize, token: &Token) -> Frame {
        let around = self.innermost();
        if matches!(token.role, Role::Block(_)) {
            let closing = around.statement.as_ref().map_or(around.inside, |s| s.indent);
            return Frame { closing, ..Frame::block(closing + STEP) };
        }
        let (closing, inside) = if index + 1 < line.tokens.len() {
            (line.indent + line.offset(index), line.indent + line.offset(index + 1))
        } else {
            let base = match &around.statement {
                Some(Statement { fact: Some(_), hang, .. }) if around.is_block => *hang,
                _ => line.indent,
            };
            (base, base + STEP)
        };
        Frame { closing, inside, is_block: false, statement: None }
    }
}

fn first_line(line: &Line, indent: usize) -> Statement {
    let hang = hang(line, indent);
    let facts = line.block.0 == Block::Scenario && line.starts_with_word(FACTS);
    let fact = facts.then(|| fact_hang(line, hang));
    Statement { indent, hang, fact, unfinished: false, is_note: line.starts_with_word(&["note"]) }
}

/// Where the later lines of the statement that this line starts go.
fn hang(line: &Line, indent: usize) -> usize {
    let tokens = &line.tokens;
    let column = |at: usize| (at < tokens.len()).then(|| indent + line.offset(at));
    let label = tokens.windows(2).position(|pair| is_label(pair)).and_then(column);
    let found = match line.block.0 {
        Block::File => None,
        Block::Decision if tokens.iter().any(|t| t.is("when")) => guard_hang(line, indent),
        Block::Time if tokens.iter().any(is_guard) => guard_hang(line, indent),
        Block::Time if line.starts_with_word(&["open"]) => tokens.iter().position(is_window).and_then(column),
        Block::Time if line.starts_with_word(TIME_HANGING) => column(1),
        Block::Time if tokens.first().is_some_and(|t| t.is("on")) && tokens.get(1).is_some_and(|t| t.is("miss")) => {
            column(2)
        }
        Block::Other if line.starts_with_word(EVENT_HANGING) => column(1),
        Block::Enumeration | Block::States | Block::Record if !line.starts_with_word(&["label"]) => label,
        Block::Reading if line.starts_with_word(&["either", "or"]) => label.or(column(1).map(|c| c + STEP)),
        _ if line.starts_with_word(&["let"]) && tokens.get(2).is_some_and(|t| t.is("=")) => column(3),
        _ if line.starts_with_word(HANGING) => column(1),
        _ => None,
    };
    found.unwrap_or(indent + STEP)
}

/// Under the condition of the rule that is written last on the line.
fn guard_hang(line: &Line, indent: usize) -> Option<usize> {
    let when = line.tokens.iter().rposition(is_guard)?;
    let guarded = matches!(line.block.0, Block::Decision | Block::Time);
    (guarded && when + 1 < line.tokens.len()).then(|| indent + line.offset(when + 1))
}

fn is_guard(token: &Token) -> bool {
    token.is("when") || token.is("while")
}

/// `09:00..18:00`
fn is_window(token: &Token) -> bool {
    token.kind == Kind::Word && token.text.contains(':') && token.text.contains("..")
}

/// Under the value of the fact that is written last on the line.
fn fact_hang(line: &Line, hang: usize) -> usize {
    let indent = if line.starts_with_word(FACTS) { hang.saturating_sub(line.offset(1)) } else { hang };
    if line.starts_with_word(&["log"]) || is_event(line) {
        let brings = line.tokens.iter().rposition(|t| t.is("with")).filter(|at| at + 1 < line.tokens.len());
        return brings.map_or(hang + STEP, |at| indent + line.offset(at + 1));
    }
    match line.tokens.iter().rposition(|t| t.is("=")) {
        Some(equals) if equals + 1 < line.tokens.len() => indent + line.offset(equals + 1),
        _ => hang + STEP,
    }
}

/// Whether a line goes on with the statement before it.
fn continues(line: &Line, statement: &Statement) -> bool {
    let [first, rest @ ..] = line.tokens.as_slice() else { return false };
    let block = line.block.0;
    if block == Block::File && line.starts_with_word(ITEM_WORDS) || first.kind == Kind::Bar {
        return false;
    }
    let word = |words: &[&str]| first.kind != Kind::Text && words.contains(&first.text);
    let goes_on = match block {
        Block::File => word(HEADING) || first.is("{"),
        Block::Decision => word(&["when", "otherwise", "over"]),
        Block::Responses => statement.is_note && word(&["says", "when"]),
        // A state may be called so.
        Block::Time if rest.first().is_some_and(|t| ["becomes", "stay", ","].iter().any(|w| t.is(w))) => false,
        Block::Time if first.is("on") => !rest.first().is_some_and(|t| t.is("change") || t.is("miss")),
        Block::Time => word(TIME_CONTINUING),
        Block::Scenario => statement.fact.is_some() && word(&["by", "with"]) && !is_fact(line),
        _ => false,
    };
    statement.unfinished
        || goes_on
        || first.kind == Kind::Bars
        || first.role == Role::Citation
        || first.kind == Kind::Text && block != Block::Decision
        || word(CONTINUING) && !is_fact(line)
        || first.is("or") && block != Block::Reading
        || first.is("not") && rest.first().is_some_and(|t| t.is("in"))
        || rest.first().is_some_and(|text| is_label(&[first.clone(), text.clone()]))
}

/// `order.spend = USD 5`, in a scenario
fn is_fact(line: &Line) -> bool {
    line.block.0 == Block::Scenario && line.starts_with(Kind::Word) && line.tokens.get(1).is_some_and(|t| t.is("="))
}

/// `at 2024-10-01T09:00+08:00 reported`, in a scenario
fn is_event(line: &Line) -> bool {
    let instant =
        line.tokens.get(1).is_some_and(|t| t.kind == Kind::Word && t.text.starts_with(|c: char| c.is_ascii_digit()));
    line.block.0 == Block::Scenario && line.starts_with_word(&["at"]) && instant
}

fn is_unfinished(token: &Token) -> bool {
    token.kind != Kind::Text && UNFINISHED.contains(&token.text)
}

/// Whether a comma at the line's end only ends a member or field.
fn is_entry(line: &Line) -> bool {
    matches!(line.block.0, Block::Enumeration | Block::States | Block::Record)
        && line.tokens.last().is_some_and(|t| t.is(","))
}

/// A line with nothing but `cites`, `label`, …; facts need no more to be told from what they follow.
fn is_bare_keyword(line: &Line) -> bool {
    let hanging = match line.block.0 {
        Block::Enumeration | Block::States => false,
        Block::Time => line.starts_with_word(HANGING) || line.starts_with_word(TIME_HANGING),
        Block::Other => line.starts_with_word(HANGING) || line.starts_with_word(EVENT_HANGING),
        _ => line.starts_with_word(HANGING),
    };
    line.tokens.len() == 1 && hanging && !line.starts_with_word(FACTS)
}

/// `en "text"`
fn is_label(pair: &[Token]) -> bool {
    match pair {
        [lang, text] => {
            lang.kind == Kind::Word
                && matches!(lang.text.len(), 2 | 3)
                && lang.text.bytes().all(|b| b.is_ascii_lowercase())
                && !lang.is("ask")
                && text.kind == Kind::Text
        }
        _ => false,
    }
}
