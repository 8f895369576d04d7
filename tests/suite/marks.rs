//! The marks in a fixture: comments that say which problem is expected, below the text that it concerns.
//! `tests/README.md` describes them.

use clausal::diag::{Problem, Severity};
use clausal::source::Sources;
use unicode_width::UnicodeWidthStr;

/// A problem and its place, as a mark tells it. Lines count from 1, columns from 0 in terminal cells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub line: usize,
    pub from: usize,
    /// `None` where the mark is too short to be drawn: it starts the line.
    pub to: Option<usize>,
    pub severity: String,
    pub code: String,
    pub message: String,
}

impl Mark {
    /// The comment to write below the line.
    pub fn comment(&self) -> String {
        let what = format!("{}: {}: {}", self.severity, self.code, self.message);
        match self.to {
            Some(to) if self.from >= 2 => {
                format!("//{}{} {what}", " ".repeat(self.from - 2), "^".repeat(to - self.from))
            }
            Some(to) if self.from == 0 => format!("//<{} {what}", "^".repeat(to.saturating_sub(3))),
            _ => format!("//< {what}"),
        }
    }

    fn read(comment: &str, line: usize) -> Option<Mark> {
        let rest = comment.strip_prefix("//")?;
        let (starts_line, rest) = rest.strip_prefix('<').map_or((false, rest), |rest| (true, rest));
        let padding = if starts_line { 0 } else { rest.len() - rest.trim_start_matches(' ').len() };
        let rest = &rest[padding..];
        let carets = rest.len() - rest.trim_start_matches('^').len();
        let mut parts = rest[carets..].strip_prefix(' ')?.splitn(3, ": ");
        let (severity, code, message) = (parts.next()?, parts.next()?, parts.next()?);
        if !["error", "warning"].contains(&severity) {
            return None;
        }
        let from = if starts_line { 0 } else { 2 + padding };
        let to = match (starts_line, carets) {
            (true, 0) => None,
            (true, n) => Some(3 + n),
            (false, 0) => return None,
            (false, n) => Some(from + n),
        };
        Some(Mark { line, from, to, severity: severity.into(), code: code.into(), message: message.trim_end().into() })
    }
}

/// The marks of a text, in order.
pub fn read(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut line = 0;
    for (number, content) in text.lines().enumerate() {
        match Mark::read(content, line) {
            Some(mark) => marks.push(mark),
            None => line = number + 1,
        }
    }
    marks
}

/// The text without its marks.
pub fn strip(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| Mark::read(line.trim_end(), 0).is_none()).collect()
}

/// The text with a mark for each problem.
pub fn write(text: &str, marks: &[Mark]) -> String {
    let mut written = String::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        written.push_str(line);
        for mark in marks.iter().filter(|m| m.line == number + 1) {
            if !written.ends_with('\n') {
                written.push('\n');
            }
            written.push_str(&mark.comment());
            written.push('\n');
        }
    }
    written
}

/// A problem as the mark that would tell it.
pub fn of(problem: &Problem, sources: &Sources) -> Mark {
    let text = &sources.file(problem.span.file).text;
    let lines: Vec<&str> = text.lines().collect();
    let start = (problem.span.start as usize).min(text.len());
    let mut line = text[..start].matches('\n').count();
    let mut column = text[..start].rfind('\n').map_or(start, |n| start - n - 1);
    // A place after the last line, or in a mark, is shown at the end of what stands before it.
    while line > 0 && lines.get(line).is_none_or(|l| l.is_empty() || Mark::read(l, 0).is_some()) {
        line -= 1;
        column = lines[line].len();
    }
    let content = lines.get(line).copied().unwrap_or("");
    let length = (problem.span.end as usize - start).min(content.len().saturating_sub(column));
    let from = content[..column].width();
    let to = content[..column + length].trim_end().width().max(from + 1);
    let severity = if problem.severity() == Severity::Error { "error" } else { "warning" };
    let to = match from {
        0 if to <= 3 => None,
        1 => None,
        _ => Some(to),
    };
    Mark {
        line: line + 1,
        from: if from == 1 { 0 } else { from },
        to,
        severity: severity.to_owned(),
        code: problem.code.name().to_owned(),
        message: problem.message.clone(),
    }
}

#[test]
fn a_mark_is_read_as_it_is_written() {
    let text = "decision 退款 : money in USD { always EUR 5 }\n";
    let opened = crate::support::open_text("x.clause", text);
    let marks: Vec<Mark> = opened.problems.iter().map(|p| of(p, &opened.sources)).collect();
    let written = write(text, &marks);
    let below =
        "//                                    ^^^^^ error: mixed_currencies: this is in EUR, and USD is wanted here\n";
    assert_eq!(written, format!("{text}{below}"));
    assert_eq!(read(&written), marks);
    assert_eq!(strip(&written), text);
}
