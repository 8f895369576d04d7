//! Recovery: what could not be read is read again by the strictest rule that fits, to learn where it went wrong.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::expected::{describe, statement_words};
use super::{Builder, Node, Rule, read};
use crate::diag::{Code, Problem, nearest};
use crate::source::Span;
use crate::syntax::ITEM_WORDS;
use crate::syntax::limits::text_not_closed;

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
        let mut after_broken = false;
        for pair in inner {
            if pair.as_rule() != Rule::broken {
                kept.push(pair);
                after_broken = false;
                continue;
            }
            if self.damaged.last() != Some(&item) {
                self.damaged.push(item);
            }
            self.lose_words(pair.as_str());
            let start = pair.as_span().start();
            let entry = part == Rule::scenario_part && after_broken && pair.as_str().starts_with("at ");
            after_broken = true;
            let continues = entry
                || pair.as_str().starts_with([')', ']', ',', '+', '*', '/', '='])
                || ["and ", "or ", "in ", "then ", "else "].iter().any(|w| pair.as_str().starts_with(w));
            // INVARIANT: what is left out of the tree has a problem. A piece is only passed over as the rest of a
            // mistake if that mistake was told.
            let told = self.problems.iter().any(|p| item.start <= p.span.start && p.span.end <= item.end);
            if start >= unreadable_until && !(continues && told) {
                let head = [Rule::name, Rule::path, Rule::text, Rule::type_, Rule::over, Rule::supersedes];
                let before = kept.last().filter(|k| !head.contains(&k.as_rule())).map(|k: &Node| k.as_span().start());
                let at = self.report(part, start, pair.as_span().end(), before);
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
                let first = text.chars().next();
                let end = start + first.map_or(0, char::len_utf8);
                let shown = first.map(shown).unwrap_or_default();
                (format!("an item cannot start with `{shown}`"), Span::new(self.id, start..end))
            } else {
                (format!("`{word}` does not start an item"), word_span)
            };
            let help = match nearest(&word, ITEM_WORDS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if text.starts_with('}') => "no item is open here: leave it out".to_owned(),
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
        if self.open_text(start, start + text.len()) || self.broken_head(&word, start, text) {
            return;
        }
        let rule = Self::item_rule(&word);
        self.report(rule, start, start + text.len(), None);
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
            "calendar" => Rule::calendar,
            "holidays" => Rule::holidays,
            "event" => Rule::event,
            "milestone" => Rule::milestone,
            "process" => Rule::process,
            "replace" => Rule::replace_item,
            "remove" => Rule::remove_item,
            "rename" => Rule::rename_item,
            _ => Rule::scenario,
        }
    }

    /// Reads `text[start..]` by `rule` to find where it goes wrong, and says so. Gives the place. `before` is where
    /// the last readable part starts: a mistake in the middle of a line ends that part too soon.
    fn report(&mut self, rule: Rule, start: usize, end: usize, before: Option<usize>) -> usize {
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |n| start + n);
        let (at, positives) = self.furthest(rule, start, line_end, before);
        if self.foreign(start, at.max(line_end)) || self.open_text(start, at.max(line_end)) {
            return at;
        }
        if self.broken_row(start, at.max(line_end)) || self.broken_number(at) {
            return at.max(line_end);
        }
        // Where the first word itself is the mistake, a near keyword says more than a list of rules.
        let first = word_at(self.text, start);
        let words = statement_words(rule);
        let near_first = nearest(first, words.iter().copied());
        let found = word_at(self.text, at);
        let next = self.text.get(at..).and_then(|t| t.chars().next());
        let shown = match (found, next) {
            ("", None) => "the end of the file".to_owned(),
            ("", Some('\n' | '\r')) => "the end of the line".to_owned(),
            ("", Some(c)) => format!("`{}`", shown(c)),
            (word, _) => format!("`{word}`"),
        };
        let width = found.len().max(next.map_or(0, char::len_utf8));
        let span = Span::new(self.id, at..(at + width).min(self.text.len()).max(at));
        let unexpected =
            |span: Span, shown: &str| Problem::new(Code::UnexpectedText, span, format!("{shown} is not expected here"));
        let expected = describe(&positives);
        let keywords: Vec<&str> = positives.iter().filter_map(|r| super::expected::keyword(*r)).collect();
        let weekdays = positives.iter().any(|r| matches!(r, Rule::weekday | Rule::weekdays | Rule::open_on));
        let weekdays = if weekdays { super::expected::WEEKDAYS } else { &[] };
        let near = nearest(found, keywords.iter().chain(weekdays).copied()).filter(|_| !Self::is_reserved(found));
        let habit = self.habit(rule, start, at);
        let problem = match (habit, near, near_first) {
            (Some((span, help)), ..) => unexpected(span, &format!("`{}`", &self.text[span.range()])).help(help),
            (None, Some(near), _) => unexpected(span, &shown).help(format!("did you mean `{near}`?")),
            (None, None, Some(near)) if !words.contains(&first) => {
                let span = Span::new(self.id, start..start + first.len());
                unexpected(span, &format!("`{first}`")).help(format!("did you mean `{near}`?"))
            }
            _ => match expected {
                Some(expected) => unexpected(span, &shown).help(format!("expected {expected}")),
                None => unexpected(span, &shown).label(part_name(rule)),
            },
        };
        self.problems.push(problem);
        at.max(end.min(line_end))
    }

    /// How far a reading gets, and what could have stood there.
    fn furthest(&self, rule: Rule, start: usize, line_end: usize, before: Option<usize>) -> (usize, Vec<Rule>) {
        let whole_line = match rule {
            Rule::decision_part | Rule::exception_part => Some(Rule::decision_line),
            Rule::period_part => Some(Rule::period_line),
            Rule::responses_part => Some(Rule::responses_line),
            Rule::scenario_part => Some(Rule::scenario_line),
            Rule::calendar_part => Some(Rule::calendar_line),
            Rule::event_part => Some(Rule::event_line),
            Rule::milestone_part => Some(Rule::milestone_line),
            Rule::process_part => Some(Rule::process_line),
            _ => None,
        };
        let line_start = self.text[..start].rfind('\n').map_or(0, |n| n + 1);
        let line = self.text.get(line_start..line_end).unwrap_or("");
        let entry = line.trim_start();
        if rule == Rule::scenario_part && entry.starts_with("at ") {
            let from = line_start + line.len() - entry.len();
            if let Err(error) = read(Rule::log_line, entry) {
                let positives = expected_rules(error.clone()).into_iter().filter(|r| *r != Rule::EOI);
                return (from + position(&error), positives.collect());
            }
        }
        let same_line = |from: &usize| self.text.get(*from..start).is_some_and(|t| !t.contains('\n'));
        if let (Some(line), Some(from)) = (whole_line, before.filter(same_line)) {
            if let Err(error) = read(line, &self.text[from..line_end]) {
                let at = from + position(&error);
                let positives = expected_rules(error).into_iter().filter(|r| *r != Rule::EOI);
                return (at, positives.collect());
            }
        }
        match read(rule, self.text.get(start..).unwrap_or("")) {
            Err(error) => (start + position(&error), expected_rules(error)),
            Ok(_) => (start, Vec::new()),
        }
    }

    fn is_reserved(word: &str) -> bool {
        !word.is_empty() && read(Rule::reserved, word).is_ok_and(|mut p| p.as_str() == word && p.next().is_some())
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
                let rest = code.get(at + 1 - offset..).unwrap_or("").trim();
                if quotes.len() == 1 && matches!(rest, "" | "}") && code[..at - offset].trim().contains(' ') {
                    let span = Span::new(self.id, at..at + 1);
                    self.problems.push(
                        Problem::new(Code::TextNotClosed, span, "this quote ends a text that no quote begins")
                            .help("write `\"` where the text begins too"),
                    );
                    return true;
                }
                let span = Span::new(self.id, at..offset + line.trim_end().len().max(at + 1 - offset));
                self.problems.push(text_not_closed(span.file, span.range()));
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
pub(super) fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    &rest[..end]
}

/// A sign as a message shows it; controls are escaped, since a message is one line.
fn shown(c: char) -> String {
    if c.is_control() { c.escape_debug().to_string() } else { c.to_string() }
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

fn part_name(rule: Rule) -> &'static str {
    match rule {
        Rule::decision_part | Rule::exception_part => "not a rule, table, `let`, `cites` or `exception`",
        Rule::scenario_part => "not `given`, `readings`, `log`, `expect` or a table",
        _ => "this could not be read",
    }
}
