//! The pest grammar's pairs to the tree. Only this folder knows pest.

mod body;
mod expected;
mod expr;
mod habits;
mod items;
mod long;
mod recover;
mod scenario;
mod table;
#[cfg(test)]
mod tests;
mod time;

use std::collections::VecDeque;

use pest::Parser;
use pest::error::Error;
use pest::iterators::{Pair, Pairs};
use unicode_normalization::UnicodeNormalization;

use super::{Parsed, limits, tree};
use crate::diag::{Code, Problem};
use crate::source::{FileId, Sources, Span};

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/clausal.pest"]
struct Grammar;

type Node<'a> = Pair<'a, Rule>;

/// The stack that reading may need: how deep the grammar calls itself is bounded by `limits`.
const STACK_BYTES: usize = 4 * 1024 * 1024;

/// Reads a text by a rule.
fn read(rule: Rule, text: &str) -> Result<Pairs<'_, Rule>, Error<Rule>> {
    stacker::maybe_grow(STACK_BYTES, 2 * STACK_BYTES, || Grammar::parse(rule, text))
}

/// Reads one file. Every mistake gives one problem; everything else is in the tree.
pub fn parse(sources: &Sources, id: FileId) -> Parsed {
    let text = &sources.file(id).text;
    if let Some(problem) = limits::check(id, text) {
        let mut builder = Builder::new(id, text);
        builder.problems.push(problem);
        return builder.finish(Vec::new());
    }
    long::parse(id, text).unwrap_or_else(|| {
        let mut builder = Builder::new(id, text);
        let items = builder.items(text);
        builder.finish(items)
    })
}

struct Builder<'a> {
    id: FileId,
    text: &'a str,
    /// Where in the file the text starts that pest was given.
    base: usize,
    /// Rows that were read by themselves, for the tables that they stand in.
    long: VecDeque<long::Rows>,
    problems: Vec<Problem>,
    damaged: Vec<Span>,
    lost_words: Vec<String>,
}

impl<'a> Builder<'a> {
    fn new(id: FileId, text: &'a str) -> Self {
        let (problems, damaged, lost_words) = (Vec::new(), Vec::new(), Vec::new());
        Builder { id, text, base: 0, long: VecDeque::new(), problems, damaged, lost_words }
    }

    /// Reads a file's text, in which comments may stand in the place of rows that were read by themselves.
    fn items(&mut self, text: &str) -> Vec<tree::Item> {
        let mut items = Vec::new();
        match read(Rule::file, text) {
            Ok(pairs) => {
                for pair in pairs.flat_map(Pair::into_inner) {
                    match pair.as_rule() {
                        Rule::broken_item => self.broken_item(&pair),
                        Rule::EOI => {}
                        _ => items.extend(self.item(pair)),
                    }
                }
            }
            // `file` takes any text, so this is only reached if the grammar itself is wrong.
            Err(error) => {
                let span = Span::new(self.id, 0..0);
                self.problems.push(Problem::new(Code::UnexpectedText, span, error.variant.message().into_owned()));
            }
        }
        items
    }

    fn finish(self, items: Vec<tree::Item>) -> Parsed {
        let file = tree::File { id: self.id, items, comments: comments(self.id, self.text) };
        Parsed { file, problems: self.problems, damaged: self.damaged, lost_words: self.lost_words }
    }

    /// The pair's stretch of text. pest lets a rule that ends in an absent optional part run on over the white
    /// space before the next token, so the end is taken from the last part where that is known.
    fn span(&self, pair: &Node) -> Span {
        let start = pair.as_span().start();
        Span::new(self.id, self.base + start..self.base + end_of(pair).max(start))
    }

    fn name(&self, pair: &Node) -> tree::Name {
        let text = pair.as_str().trim_end();
        let text = if text.is_ascii() { text.to_owned() } else { text.nfc().collect() };
        tree::Name { text, span: self.span(pair) }
    }

    /// `"text"` without quotes and escapes.
    fn text_of(&mut self, pair: &Node) -> tree::Text {
        let span = self.span(pair);
        let raw = pair.clone().into_inner().next().map_or("", |body| body.as_str());
        let mut text = String::with_capacity(raw.len());
        let mut chars = raw.chars();
        while let Some(c) = chars.next() {
            match (c, if c == '\\' { chars.next() } else { None }) {
                ('\\', Some('n')) => text.push('\n'),
                ('\\', Some(escaped)) => text.push(escaped),
                (c, _) => text.push(c),
            }
        }
        tree::Text { text, span }
    }

    fn labelled(&mut self, pair: Node) -> Vec<tree::Labelled> {
        let mut labels = Vec::new();
        for part in pair.into_inner().filter(|p| p.as_rule() == Rule::labelled) {
            labels.extend(self.one_label(part));
        }
        labels
    }

    fn one_label(&mut self, pair: Node) -> Option<tree::Labelled> {
        let mut parts = pair.into_inner();
        let (lang, text) = (parts.next()?, parts.next()?);
        Some(tree::Labelled { lang: self.name(&lang), text: self.text_of(&text) })
    }

    fn names_of(&self, pair: Node, rule: Rule) -> Vec<tree::Name> {
        pair.into_inner().filter(|p| p.as_rule() == rule).map(|p| self.name(&p)).collect()
    }

    fn cites(&self, pair: Node) -> tree::Cites {
        tree::Cites(self.names_of(pair, Rule::clause_id))
    }

    fn ty(&self, pair: Node) -> tree::Type {
        let span = self.span(&pair);
        let Some(kind) = pair.into_inner().next() else {
            return tree::Type::Money(None, span);
        };
        let rule = kind.as_rule();
        let mut parts = kind.into_inner().filter(|p| !is_keyword(p.as_rule()));
        match (rule, parts.next()) {
            (Rule::set_type, Some(of)) => tree::Type::Set(Box::new(self.ty(of)), span),
            (Rule::list_type, Some(of)) => tree::Type::List(Box::new(self.ty(of)), span),
            (Rule::named_type, Some(word)) => tree::Type::Named(self.name(&word)),
            (_, currency) => tree::Type::Money(currency.map(|c| self.name(&c)), span),
        }
    }

    fn problem(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(code, span, message));
    }
}

/// Where the pair's own text ends, white space and comments left out.
fn end_of(pair: &Node) -> usize {
    let span = pair.as_span();
    let trimmed = span.as_str().trim_end();
    // What the trimming leaves is the last part's own, unless it ends in a comment, in what only the grammar takes for
    // white space, or in a `not` whose blank cell stands behind the gap.
    let last_line = trimmed.rfind('\n').map_or(trimmed, |at| &trimmed[at..]);
    let runs_over = trimmed.ends_with(|c: char| c.is_control() || c == '\u{FEFF}')
        || trimmed.ends_with("not")
        || last_line.as_bytes().windows(2).any(|two| two == b"//");
    let closes_itself = || trimmed.ends_with(['}', ']', ')', '|', '"', ',', '%']);
    let goes_on = || trimmed.len() < span.as_str().len() && !trimmed.ends_with('}');
    if runs_over && (!closes_itself() || goes_on()) {
        if let Some(last) = pair.clone().into_inner().last() {
            return end_of(&last);
        }
    }
    span.start() + trimmed.len()
}

/// Whether a pair is a keyword, which only marks what stands beside it. Rules are ordered as the grammar has them,
/// where the keywords stand together.
fn is_keyword(rule: Rule) -> bool {
    (Rule::k_agreement..=Rule::k_no).contains(&rule)
}

/// Every `//` outside text.
fn comments(id: FileId, text: &str) -> Vec<tree::Comment> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(at) = comment_start(line) {
            let end = offset + line.trim_end().len();
            let own_line = line[..at].trim().is_empty();
            found.push(tree::Comment { span: Span::new(id, offset + at..end.max(offset + at)), own_line });
        }
        offset += line.len();
    }
    found
}

/// Where a comment starts on a line; texts do not run over lines.
fn comment_start(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut in_text = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_text => at += 1,
            b'"' => in_text = !in_text,
            b'/' if !in_text && bytes.get(at + 1) == Some(&b'/') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}
