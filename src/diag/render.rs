//! Problems as people see them (miette) and as data (JSON).

use std::fmt;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};
use serde_json::{Value as Json, json};

use super::{Problem, Severity};
use crate::source::{SourceFile, Sources, Span};

/// The problem with its excerpts, for a terminal. Colour only if asked for; `width` in columns.
pub fn render(problem: &Problem, sources: &Sources, colour: bool, width: usize) -> String {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let shown = Shown::new(problem, sources);
    let mut text = String::new();
    if handler.render_report(&mut text, &shown).is_err() {
        text = format!("{}: {}", problem.code.name(), problem.message);
    }
    text
}

/// The problem as data: code, severity, message, help, and places with line and column.
pub fn to_json(problem: &Problem, sources: &Sources) -> Json {
    let place = |span: Span, label: Option<&str>| {
        let start = sources.place(span);
        let end = sources.file(span.file).place(span.end as usize);
        json!({
            "file": sources.file(span.file).name,
            "line": start.line, "column": start.column, "endLine": end.line, "endColumn": end.column,
            "label": label,
        })
    };
    json!({
        "code": problem.code.name(),
        "severity": severity_name(problem.severity()),
        "message": problem.message,
        "help": problem.help,
        "at": place(problem.span, problem.label.as_deref()),
        "related": problem.related.iter().map(|(s, l)| place(*s, Some(l))).collect::<Vec<_>>(),
    })
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Lines longer than this are shown in part, or the terminal would be flooded.
const LONGEST_LINE: usize = 400;
/// Places this many lines apart or less are shown in one excerpt.
const NEAR: usize = 12;
/// What is shown of such a line before and after the place, in characters.
const BEFORE: usize = 40;
const AFTER: usize = 60;

/// A problem together with the text that it points into, as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    problem: &'a Problem,
    source: Excerpt<'a>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Elsewhere<'a>>,
}

impl<'a> Shown<'a> {
    fn new(problem: &'a Problem, sources: &'a Sources) -> Self {
        let (source, range) = Excerpt::of(problem.span, sources);
        let whole = !source.part;
        let mut labels = vec![LabeledSpan::new_primary_with_span(problem.label.clone(), range)];
        let mut elsewhere = Vec::new();
        for (span, label) in &problem.related {
            let (other, range) = Excerpt::of(*span, sources);
            let near = sources.place(*span).line.abs_diff(sources.place(problem.span).line) <= NEAR;
            if span.file == problem.span.file && whole && !other.part && near {
                labels.push(LabeledSpan::new_with_span(Some(label.clone()), range));
            } else {
                let label_span = LabeledSpan::new_primary_with_span(Some(label.clone()), range);
                elsewhere.push(Elsewhere { label: label.clone(), source: other, labels: vec![label_span] });
            }
        }
        Shown { problem, source, labels, elsewhere }
    }
}

/// The text that is shown: a file, or a part of a very long line of it.
#[derive(Debug)]
struct Excerpt<'a> {
    file: &'a SourceFile,
    text: Arc<str>,
    /// Whether it is only a part of a line.
    part: bool,
    /// Lines of the file before the text, and characters of its line that are left out.
    skipped: (usize, usize),
}

impl<'a> Excerpt<'a> {
    /// The text to show for a place, and where the place is in it.
    fn of(span: Span, sources: &'a Sources) -> (Excerpt<'a>, std::ops::Range<usize>) {
        let file = sources.file(span.file);
        let text = &file.text;
        let (start, end) = (span.range().start.min(text.len()), span.range().end.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |n| n + 1);
        // The lines beside it are shown too.
        let above = text[..line_start.saturating_sub(1)].rfind('\n').map_or(0, |n| n + 1);
        let below = text[end..].match_indices('\n').nth(1).map_or(text.len(), |(n, _)| end + n);
        let longest = text[above..below].lines().map(str::len).max().unwrap_or(0);
        if longest <= LONGEST_LINE {
            let whole = Excerpt { file, text: text.clone(), part: false, skipped: (0, 0) };
            return (whole, start..end);
        }
        let before: Vec<char> = text[line_start..start].chars().rev().take(BEFORE).collect();
        let before: String = before.into_iter().rev().collect();
        let cut = if before.len() < start - line_start { "… " } else { "" };
        let after: String = text[start..].chars().take_while(|c| *c != '\n').take(AFTER).collect();
        let shown_end = cut.len() + before.len() + after.len().min(end - start);
        let at = cut.len() + before.len();
        let text = format!("{cut}{before}{after} …\n");
        let place = sources.place(span);
        let left_out = (place.column - 1).saturating_sub(text[..at].chars().count());
        let skipped = (place.line - 1, left_out);
        (Excerpt { file, text: text.into(), part: true, skipped }, at..shown_end.max(at))
    }

    /// The lines that are shown for a span, in bytes, with some to spare. miette reads all that it is given from the
    /// start, and must not read a long file again for each of thousands of problems.
    fn lines_round(&self, span: &SourceSpan, before: usize, after: usize) -> std::ops::Range<usize> {
        let bytes = self.text.as_bytes();
        let newline = |(at, byte): (usize, &u8)| (*byte == b'\n').then_some(at + 1);
        let above = bytes.iter().take(span.offset()).enumerate().rev().filter_map(newline).nth(before + 1);
        let end = span.offset().saturating_add(span.len());
        let below = bytes.iter().enumerate().skip(end).filter_map(newline).nth(after + 1);
        above.unwrap_or(0)..below.unwrap_or(bytes.len())
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let lines = self.lines_round(span, before, after);
        let text = self.text.get(lines.clone()).unwrap_or_default();
        let within = SourceSpan::from((span.offset() - lines.start, span.len()));
        let contents = <str as SourceCode>::read_span(text, &within, before, after)?;
        let skipped = if self.part { self.skipped.0 } else { self.file.place(lines.start).line - 1 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.name.clone(),
            contents.data(),
            SourceSpan::from((contents.span().offset() + lines.start, contents.span().len())),
            contents.line() + skipped,
            contents.column() + self.skipped.1,
            contents.line_count(),
        )))
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.problem.code.name()))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.problem.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn Diagnostic> + 'b>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(self.elsewhere.iter().map(|e| e as &dyn Diagnostic)))
    }
}

/// A further place of a problem, in another file than the first.
#[derive(Debug)]
struct Elsewhere<'a> {
    label: String,
    source: Excerpt<'a>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Elsewhere<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}

impl std::error::Error for Elsewhere<'_> {}

impl Diagnostic for Elsewhere<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// SARIF 2.1.0, for code scanning services.
pub fn to_sarif(problems: &[&Problem], sources: &Sources) -> Json {
    let results: Vec<Json> = problems
        .iter()
        .map(|p| {
            let location = |span: Span| {
                let (start, end) = (sources.place(span), sources.file(span.file).place(span.end as usize));
                json!({ "physicalLocation": {
                    "artifactLocation": { "uri": sources.file(span.file).name },
                    "region": {
                        "startLine": start.line, "startColumn": start.column,
                        "endLine": end.line, "endColumn": end.column.max(start.column),
                    },
                }})
            };
            let text = p.help.as_ref().map_or(p.message.clone(), |h| format!("{}\n{h}", p.message));
            json!({
                "ruleId": p.code.name(),
                "level": severity_name(p.severity()),
                "message": { "text": text },
                "locations": [location(p.span)],
                "relatedLocations": p.related.iter().map(|(s, l)| {
                    let mut place = location(*s);
                    place["message"] = json!({ "text": l });
                    place
                }).collect::<Vec<_>>(),
            })
        })
        .collect();
    let rules: Vec<Json> = super::Code::ALL.iter().map(|c| json!({ "id": c.name() })).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "clausal", "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// GitHub workflow commands: one line a problem.
pub fn to_github(problems: &[&Problem], sources: &Sources) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let mut lines = String::new();
    for p in problems {
        let (start, end) = (sources.place(p.span), sources.file(p.span.file).place(p.span.end as usize));
        let text = p.help.as_ref().map_or(p.message.clone(), |h| format!("{}\n{h}", p.message));
        lines.push_str(&format!(
            "::{} file={},line={},endLine={},title={}::{}\n",
            severity_name(p.severity()),
            property(&sources.file(p.span.file).name),
            start.line,
            end.line,
            p.code.name(),
            escape(&text)
        ));
    }
    lines
}
