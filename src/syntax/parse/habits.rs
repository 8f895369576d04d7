//! Mistakes that come from a habit: of another language, of Markdown, of a spreadsheet. Each has its own mend.

use super::{Builder, Rule};
use crate::diag::{Code, Problem};
use crate::source::Span;

/// Signs of other languages.
const SIGNS: &[(&str, &str)] = &[
    ("at least", "write `>=`"),
    ("at most", "write `<=`"),
    ("more than", "write `>`"),
    ("less than", "write `<`"),
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
    ("$", "money is written with the currency before it, as in `USD 50,000`"),
    ("€", "money is written with the currency before it, as in `EUR 50,000`"),
    ("¥", "money is written with the currency before it, as in `CNY 50,000`"),
    ("₸", "money is written with the currency before it, as in `KZT 50,000`"),
];

/// Words of other languages, where a rule is read.
const WORDS: &[(&str, &str)] = &[
    ("if", "a rule is written `VALUE when CONDITION`"),
    ("unless", "write `when not CONDITION`"),
    ("else", "the last rule is written `VALUE otherwise`"),
    ("otherwise", "the value stands before it: `VALUE otherwise`"),
    ("least", "write `>=`"),
    ("most", "write `<=`"),
    ("than", "write `>` or `<`"),
    ("equals", "write `=` or `is`"),
];

impl Builder<'_> {
    /// The sign or word at a mistake that is a habit of another language, and its mend.
    pub(super) fn habit(&self, rule: Rule, start: usize, at: usize) -> Option<(Span, String)> {
        for place in [at, start] {
            let rest = self.text.get(place..)?;
            if let Some((sign, mend)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
                return Some((Span::new(self.id, place..place + sign.len()), (*mend).to_owned()));
            }
            if rest.starts_with(',') && rule == Rule::scenario_part {
                let mend = "facts, readings and expectations stand one below the other, without commas";
                return Some((Span::new(self.id, place..place + 1), mend.to_owned()));
            }
            let word = super::recover::word_at(self.text, place);
            let of_rules = matches!(rule, Rule::decision_part | Rule::exception_part);
            if let Some((_, mend)) = WORDS.iter().find(|(w, _)| of_rules && *w == word) {
                return Some((Span::new(self.id, place..place + word.len()), (*mend).to_owned()));
            }
        }
        let before = self.text.get(..at)?.trim_end_matches([' ', '\t']);
        let previous = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or("");
        let found = super::recover::word_at(self.text, at);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let span = Span::new(self.id, at..at + found.len());
        if let Some(habit) = self.time_habit(rule, at, found) {
            return Some(habit);
        }
        if let Some((low, high)) = previous.split_once('-').filter(|(low, high)| digits(low) && digits(high)) {
            let range = Span::new(self.id, before.len() - previous.len()..before.len());
            return Some((range, format!("a range is written with two points: `{low}..{high}`")));
        }
        if digits(found) && found.len() == 4 && previous.chars().all(char::is_alphabetic) && !previous.is_empty() {
            return Some((span, "a date is written with its year, month and day: `2024-10-01`".to_owned()));
        }
        if digits(found) && digits(previous) && self.text[before.len()..at].contains(' ') {
            return Some((span, "groups of three digits are parted by commas: `60,000,000`".to_owned()));
        }
        None
    }

    /// `09:00-18:00`, `2026-03-06T17:30` without its offset, `as-of`, `warns 75%`.
    fn time_habit(&self, rule: Rule, at: usize, found: &str) -> Option<(Span, String)> {
        let rest = self.text.get(at..)?;
        let shape = |text: &str| -> String { text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
        let word = |text: &str| text.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(text.len());
        let whole = rest.get(..word(rest))?;
        let span = Span::new(self.id, at..at + whole.len());
        match shape(whole).as_str() {
            "00:00-00:00" => {
                let (from, to) = whole.split_once('-')?;
                return Some((span, format!("hours are written with two points: `{from}..{to}`")));
            }
            "0000-00-00T00:00" | "0000-00-00T00:00:00" => {
                return Some((span, format!("add the offset at its end: `{whole}+08:00`, or `{whole}Z` for UTC")));
            }
            _ => {}
        }
        if rule == Rule::scenario_part && found == "as-of" {
            let instant = rest.get(found.len()..).unwrap_or("").trim_start_matches([' ', '\t']);
            let instant = instant.get(..word(instant)).filter(|i| !i.is_empty()).unwrap_or("INSTANT");
            return Some((Span::new(self.id, at..at + found.len()), format!("write `as of {instant}`")));
        }
        let before = self.text.get(..at)?;
        let line = before.get(before.rfind('\n').map_or(0, |n| n + 1)..)?.trim();
        if rule == Rule::milestone_part && line.starts_with("warns ") && rest.starts_with('%') {
            let number = line.trim_start_matches("warns ").trim();
            let start = before.rfind(number)?;
            return Some((Span::new(self.id, start..at + 1), format!("write `warns at {number}%`")));
        }
        None
    }

    /// `60.000.000`, `99,9` and `01.10.2024`: a number that goes on where no number can.
    pub(super) fn broken_number(&mut self, at: usize) -> bool {
        let belongs = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let before: usize = self.text[..at].chars().rev().take_while(belongs).count();
        let after: usize = self.text[at..].chars().take_while(belongs).count();
        let token = self.text[at - before..at + after].trim_end_matches(['.', ',']);
        let starts_and_goes_on =
            before > 0 && token.len() > before + 1 && token.starts_with(|c: char| c.is_ascii_digit());
        if !starts_and_goes_on || !self.text[at..].starts_with(['.', ',']) {
            return false;
        }
        let parts: Vec<&str> = token.split('.').collect();
        let is_date = matches!(parts[..], [d, m, y] if d.len() <= 2 && m.len() <= 2 && y.len() == 4);
        let (what, help) = if is_date {
            ("a date", "write the year, the month and the day: `2024-10-01`")
        } else {
            ("a number", "commas part groups of three digits and a point stands before decimals: `60,000,000`, `99.9`")
        };
        let span = Span::new(self.id, at - before..at - before + token.len());
        self.problems.push(Problem::new(Code::ImpossibleLiteral, span, format!("`{token}` is not {what}")).help(help));
        true
    }

    /// A row of a table that lacks a bar, or a line as Markdown has it. The rows after it make the same mistake, as a
    /// rule, and are not told again.
    pub(super) fn broken_row(&mut self, start: usize, end: usize) -> bool {
        let from = self.text[..start].rfind('\n').map_or(0, |n| n + 1);
        let mut offset = from;
        for line in self.text[from..end.max(start)].split_inclusive('\n') {
            let code = super::comment_start(line).map_or(line, |at| &line[..at]).trim_end();
            let row = code.trim_start();
            let place = |from: usize| Span::new(self.id, offset + from..offset + code.len());
            let all = place(code.len() - row.len());
            let problem = if !row.starts_with('|') {
                None
            } else if row.contains("--") && row.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t')) {
                let message = "a table has no line below its heading";
                Some((all, message, "leave this line out: the bars alone make the columns"))
            } else if !row.ends_with('|') {
                let last = code.chars().next_back().map_or(0, char::len_utf8);
                Some((place(code.len() - last), "this row has no `|` at its end", "write `|` after its last cell"))
            } else if !row.contains("||") {
                let help = "write `||` between the conditions and the answers";
                Some((all, "this row has no `||`", help))
            } else {
                None
            };
            if let Some((span, message, help)) = problem {
                let item = self.damaged.last().copied();
                let inside = |p: &Problem| item.is_some_and(|i| i.start <= p.span.start && p.span.end <= i.end);
                if !self.problems.iter().any(|p| p.message == message && inside(p)) {
                    self.problems.push(Problem::new(Code::UnexpectedText, span, message).help(help));
                }
                return true;
            }
            offset += line.len();
        }
        false
    }

    /// The first line of an item: a name in one word, `: TYPE` where the item has one, and `{`.
    pub(super) fn broken_head(&mut self, word: &str, start: usize, text: &str) -> bool {
        let typed = matches!(word, "decision" | "input");
        let named = typed
            || matches!(
                word,
                "party"
                    | "unit"
                    | "enumeration"
                    | "record"
                    | "catalogue"
                    | "service"
                    | "reading"
                    | "period"
                    | "responses"
            );
        let line = text.lines().next().unwrap_or("");
        let line = super::comment_start(line).map_or(line, |at| &line[..at]).trim_end();
        let Some(rest) = line.get(word.len()..).filter(|_| named) else { return false };
        let head = rest.split(['{', ':']).next().unwrap_or(rest);
        let words: Vec<&str> = head.split_whitespace().collect();
        let is_word = |w: &&str| w.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let after_name = start + word.len() + head.len();
        let next = self.text.get(after_name..).and_then(|t| t.chars().next());
        if let [first, more @ ..] = &words[..] {
            let other_words = matches!(more.first(), Some(&("at" | "supersedes")));
            if !more.is_empty() && !other_words && words.iter().all(is_word) {
                let from = start + word.len() + head.find(first).unwrap_or(0);
                let span = Span::new(self.id, from..start + word.len() + head.trim_end().len());
                let message = format!("a name is one word, and `{}` is {}", words.join(" "), words.len());
                let help = format!("join them with hyphens: `{}`", words.join("-"));
                self.problems.push(Problem::new(Code::UnexpectedText, span, message).help(help));
                return true;
            }
            if typed && next != Some(':') && more.is_empty() && is_word(first) {
                let from = start + word.len() + head.find(first).unwrap_or(0);
                let span = Span::new(self.id, from..from + first.len());
                let message = format!("this `{word}` does not say what type it has");
                let help = format!("write the type after the name, such as `{word} {first} : yes-no`");
                self.problems.push(Problem::new(Code::UnexpectedText, span, message).help(help));
                return true;
            }
        }
        if word != "input" && !line.contains('{') && text.contains('}') {
            let span = Span::new(self.id, start..start + line.len());
            let message = format!("this `{word}` is not opened");
            let help = "write `{` at the end of its first line";
            self.problems.push(Problem::new(Code::UnexpectedText, span, message).help(help));
            return true;
        }
        false
    }
}
