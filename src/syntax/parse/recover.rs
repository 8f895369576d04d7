//! Recovery: what could not be read is read again by the strictest rule that fits, to learn where it went wrong.

use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::expected::{describe, statement_words};
use super::{Builder, Grammar, Node, Rule};
use crate::diag::{Code, Problem, nearest};
use crate::source::Span;

const ITEM_WORDS: &[&str] = &[
    "agreement",
    "use",
    "party",
    "unit",
    "enumeration",
    "record",
    "clause",
    "input",
    "catalogue",
    "service",
    "decision",
    "period",
    "responses",
    "reading",
    "scenario",
];

/// Punctuation of Chinese and typographic keyboards, and what the language has in its place.
const FOREIGN: &[(char, &str)] = &[
    ('，', ","),
    ('、', ","),
    ('：', ":"),
    ('；', ""),
    ('（', "("),
    ('）', ")"),
    ('｛', "{"),
    ('｝', "}"),
    ('【', "["),
    ('】', "]"),
    ('［', "["),
    ('］', "]"),
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('«', "\""),
    ('»', "\""),
    ('＂', "\""),
    ('＝', "="),
    ('＞', ">"),
    ('＜', "<"),
    ('≥', ">="),
    ('≤', "<="),
    ('≠', "<>"),
    ('％', "%"),
    ('｜', "|"),
    ('。', "."),
    ('－', "-"),
    ('—', "-"),
    ('–', "-"),
    ('‘', "\""),
    ('’', "\""),
    ('×', "*"),
];

impl Builder<'_> {
    /// The parts of an item's pair, keywords left out. Parts that could not be read become problems.
    pub(super) fn parts<'p>(&mut self, pair: Node<'p>, item: Span, part: Rule) -> Vec<Node<'p>> {
        let inner: Vec<Node> = pair.into_inner().filter(|p| !super::is_keyword(p.as_rule())).collect();
        let mut kept = Vec::with_capacity(inner.len());
        let mut unreadable_until = 0;
        for pair in inner {
            if pair.as_rule() != Rule::broken {
                kept.push(pair);
                continue;
            }
            if self.damaged.last() != Some(&item) {
                self.damaged.push(item);
            }
            self.lose_words(pair.as_str());
            let start = pair.as_span().start();
            let continues = pair.as_str().starts_with([')', ']', ',', '+', '*', '/', '='])
                || ["and ", "or ", "in ", "then ", "else "].iter().any(|w| pair.as_str().starts_with(w));
            if start >= unreadable_until && !continues {
                let at = self.report(part, start, pair.as_span().end());
                unreadable_until = at.max(start + 1);
            }
        }
        kept
    }

    /// A whole item that could not be read, up to the next one.
    pub(super) fn broken_item(&mut self, pair: &Node) {
        let text = pair.as_str().trim_end();
        let start = pair.as_span().start();
        // What is left of an item whose own body was already reported.
        let leftover = self.damaged.last().is_some_and(|d| {
            let between = self.text.get(d.end as usize..start).unwrap_or("");
            between.trim().is_empty()
        });
        self.lose_words(text);
        if leftover {
            return;
        }
        let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
        let word_span = Span::new(self.id, start..start + word.len());
        if self.foreign(start, start + text.len().min(400)) {
            return;
        }
        if !ITEM_WORDS.contains(&word.as_str()) {
            let (message, span) = if word.is_empty() {
                let shown = text.chars().next().map(String::from).unwrap_or_default();
                let end = start + shown.len();
                (format!("an item cannot start with `{}`", shown.escape_debug()), Span::new(self.id, start..end))
            } else {
                (format!("`{word}` does not start an item"), word_span)
            };
            let help = match nearest(&word, ITEM_WORDS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("an item starts with one of: {}", ITEM_WORDS.join(", ")),
            };
            self.problems.push(Problem::new(Code::UnknownItem, span, message).help(help));
            return;
        }
        if unclosed_braces(text) > 0 {
            let message = format!("this `{word}` is not closed");
            self.problems.push(
                Problem::new(Code::BlockNotClosed, word_span, message)
                    .label("opened here")
                    .help("write the missing `}` before the next item"),
            );
            return;
        }
        let rule = Self::item_rule(&word);
        self.report(rule, start, start + text.len());
    }

    fn item_rule(word: &str) -> Rule {
        match word {
            "agreement" => Rule::agreement,
            "use" => Rule::use_item,
            "party" => Rule::party,
            "unit" => Rule::unit,
            "enumeration" => Rule::enumeration,
            "record" => Rule::record,
            "clause" => Rule::clause,
            "input" => Rule::input,
            "catalogue" => Rule::catalogue,
            "service" => Rule::service,
            "decision" => Rule::decision,
            "period" => Rule::period,
            "responses" => Rule::responses,
            "reading" => Rule::reading,
            _ => Rule::scenario,
        }
    }

    /// Reads `text[start..]` by `rule` to find where it goes wrong, and says so. Gives the place.
    fn report(&mut self, rule: Rule, start: usize, end: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or("");
        let (at, positives) = match Grammar::parse(rule, rest) {
            Err(error) => (start + position(&error), expected_rules(error)),
            Ok(_) => (start, Vec::new()),
        };
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |n| start + n);
        if self.foreign(start, at.max(line_end)) || self.open_text(start, at.max(line_end)) {
            return at;
        }
        // Where the first word itself is the mistake, a near keyword says more than a list of rules.
        let first = word_at(self.text, start);
        let words = statement_words(rule);
        let near_first = nearest(first, words.iter().copied());
        let found = word_at(self.text, at);
        let shown = if found.is_empty() { self.text.get(at..).and_then(|t| t.chars().next()) } else { None };
        let shown = match (found, shown) {
            ("", None) => "the end of the file".to_owned(),
            ("", Some('\n' | '\r')) => "the end of the line".to_owned(),
            ("", Some(c)) => format!("`{}`", c.escape_debug()),
            (word, _) => format!("`{word}`"),
        };
        let width = found.len().max(self.text.get(at..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8));
        let span = Span::new(self.id, at..(at + width).min(self.text.len()).max(at));
        let expected = describe(&positives);
        let keywords: Vec<&str> = positives.iter().filter_map(|r| super::expected::keyword(*r)).collect();
        let near = nearest(found, keywords.iter().copied());
        let problem = match (near, near_first) {
            (Some(near), _) => Problem::new(Code::UnexpectedText, span, format!("{shown} is not expected here"))
                .help(format!("did you mean `{near}`?")),
            (None, Some(near)) if !words.contains(&first) => {
                let span = Span::new(self.id, start..start + first.len());
                Problem::new(Code::UnexpectedText, span, format!("`{first}` is not expected here"))
                    .help(format!("did you mean `{near}`?"))
            }
            _ => {
                let help = operator_help(self.text.get(at..).unwrap_or(""));
                let problem = Problem::new(Code::UnexpectedText, span, format!("{shown} is not expected here"));
                match (help, expected) {
                    (Some(help), _) => problem.help(help),
                    (None, Some(expected)) => problem.help(format!("expected {expected}")),
                    (None, None) => problem.label(part_name(rule)),
                }
            }
        };
        self.problems.push(problem);
        at.max(end.min(line_end))
    }

    /// Reports punctuation from another keyboard, outside text, in a stretch that could not be read.
    fn foreign(&mut self, start: usize, end: usize) -> bool {
        let mut in_text = false;
        for (offset, c) in self.text.get(start..end.min(self.text.len())).unwrap_or("").char_indices() {
            in_text ^= c == '"';
            if in_text {
                continue;
            }
            if let Some((_, plain)) = FOREIGN.iter().find(|(f, _)| *f == c) {
                let at = start + offset;
                let span = Span::new(self.id, at..at + c.len_utf8());
                let mend =
                    if plain.is_empty() { "leave it out".to_owned() } else { format!("write `{plain}` in its place") };
                self.problems.push(
                    Problem::new(Code::ForeignPunctuation, span, format!("`{c}` is not a sign of the language"))
                        .help(mend),
                );
                return true;
            }
        }
        false
    }

    /// Reports a text whose closing quote is missing on its line.
    fn open_text(&mut self, start: usize, end: usize) -> bool {
        let mut offset = start;
        for line in self.text.get(start..end.min(self.text.len())).unwrap_or("").split_inclusive('\n') {
            let code = super::comment_start(line).map_or(line, |at| &line[..at]);
            let quotes: Vec<usize> = code
                .char_indices()
                .scan(false, |escaped, (i, c)| {
                    let quote = (c == '"' && !*escaped).then_some(i);
                    *escaped = c == '\\' && !*escaped;
                    Some(quote)
                })
                .flatten()
                .collect();
            if quotes.len() % 2 == 1 {
                let at = offset + quotes.last().copied().unwrap_or(0);
                let span = Span::new(self.id, at..offset + line.trim_end().len().max(at + 1 - offset));
                self.problems.push(
                    Problem::new(Code::TextNotClosed, span, "this text has no closing quote on its line")
                        .help("close it with `\"`; a quote inside a text is written `\\\"`"),
                );
                return true;
            }
            offset += line.len();
        }
        false
    }

    fn lose_words(&mut self, text: &str) {
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_' || c == '.' || c == '/'));
        self.lost_words.extend(words.filter(|w| !w.is_empty()).take(10_000).map(str::to_owned));
    }
}

fn position(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

fn expected_rules(error: Error<Rule>) -> Vec<Rule> {
    match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    }
}

/// The word that starts at an offset, or nothing.
fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    &rest[..end]
}

fn unclosed_braces(text: &str) -> i64 {
    let mut open = 0;
    for line in text.lines() {
        let code = super::comment_start(line).map_or(line, |at| &line[..at]);
        let mut in_text = false;
        for c in code.chars() {
            match c {
                '"' => in_text = !in_text,
                '{' if !in_text => open += 1,
                '}' if !in_text => open -= 1,
                _ => {}
            }
        }
    }
    open
}

/// Habits from other languages.
fn operator_help(rest: &str) -> Option<String> {
    let habits = [
        ("==", "write `=` or `is`"),
        ("!=", "write `<>` or `is not`"),
        ("&&", "write `and`"),
        ("=>", "write `>=`"),
        ("=<", "write `<=`"),
        ("!", "write `not`"),
        (";", "leave it out: a rule ends with its line"),
        ("'", "text stands between `\"` and `\"`"),
        ("#", "a comment starts with `//`"),
        ("/*", "a comment starts with `//`"),
    ];
    habits.iter().find(|(sign, _)| rest.starts_with(sign)).map(|(_, mend)| (*mend).to_owned())
}

fn part_name(rule: Rule) -> &'static str {
    match rule {
        Rule::decision_part | Rule::exception_part => "not a rule, table, `let`, `cites` or `exception`",
        Rule::scenario_part => "not `given`, `readings`, `expect` or a table",
        _ => "this could not be read",
    }
}
