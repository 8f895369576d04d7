//! The pest grammar's pairs to the tree. Only this folder knows pest.

mod body;
mod expected;
mod expr;
mod habits;
mod items;
mod recover;
mod scenario;
mod table;
mod time;

use pest::Parser;
use pest::iterators::Pair;
use unicode_normalization::UnicodeNormalization;

use super::{Parsed, limits, tree};
use crate::diag::{Code, Problem};
use crate::source::{FileId, Sources, Span};

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/clausal.pest"]
struct Grammar;

type Node<'a> = Pair<'a, Rule>;

/// Reads one file. Every mistake gives one problem; everything else is in the tree.
pub fn parse(sources: &Sources, id: FileId) -> Parsed {
    let text = &sources.file(id).text;
    let mut builder = Builder { id, text, problems: Vec::new(), damaged: Vec::new(), lost_words: Vec::new() };
    let mut file = tree::File { id, items: Vec::new(), comments: comments(id, text) };
    if let Some(problem) = limits::check(id, text) {
        builder.problems.push(problem);
        return builder.finish(file);
    }
    match Grammar::parse(Rule::file, text) {
        Ok(pairs) => {
            for pair in pairs.flat_map(Pair::into_inner) {
                match pair.as_rule() {
                    Rule::broken_item => builder.broken_item(&pair),
                    Rule::EOI => {}
                    _ => file.items.extend(builder.item(pair)),
                }
            }
        }
        // `file` takes any text, so this is only reached if the grammar itself is wrong.
        Err(error) => {
            let span = Span::new(id, 0..0);
            builder.problems.push(Problem::new(Code::UnexpectedText, span, error.variant.message().into_owned()));
        }
    }
    builder.finish(file)
}

struct Builder<'a> {
    id: FileId,
    text: &'a str,
    problems: Vec<Problem>,
    damaged: Vec<Span>,
    lost_words: Vec<String>,
}

impl Builder<'_> {
    fn finish(self, file: tree::File) -> Parsed {
        Parsed { file, problems: self.problems, damaged: self.damaged, lost_words: self.lost_words }
    }

    /// The pair's stretch of text. pest lets a rule that ends in an absent optional part run on over the white
    /// space before the next token, so the end is taken from the last part where that is known.
    fn span(&self, pair: &Node) -> Span {
        let start = pair.as_span().start();
        Span::new(self.id, start..end_of(pair).max(start))
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
