//! Problems: what is wrong, where, and how to mend it. Passes make [`Problem`]s; only this room knows
//! how they are shown.

mod codes;
mod render;

pub use codes::Code;
pub use render::{render, to_github, to_json, to_sarif};

use crate::source::Span;

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The rules cannot be used.
    Error,
    /// The rules can be used, but a careful reader would ask.
    Warning,
}

/// One problem in a rule file or a facts file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    pub code: Code,
    /// Lower-case, one line, no full stop; the user's words stand in backticks.
    pub message: String,
    pub span: Span,
    /// What the marked text is, shown beside it.
    pub label: Option<String>,
    /// Further places that matter, each with what it is.
    pub related: Vec<(Span, String)>,
    pub help: Option<String>,
}

impl Problem {
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Problem { code, message: message.into(), span, label: None, related: Vec::new(), help: None }
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the help only if there is one.
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Sorts by place and drops repeats, so that output has the order of the source.
pub fn in_source_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    problems.dedup();
    problems
}

pub fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity() == Severity::Error)
}

/// The candidate that a misspelt word was most likely meant to be.
///
/// Uses the Damerau-Levenshtein distance, with at most a third of the letters wrong. Of two letters of the Latin
/// alphabet none may be wrong but for its case: `D` is not a misspelt `A`.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let allowed = if letters < 2 || letters == 2 && word.is_ascii() { 0 } else { (letters / 3).max(1) };
    let folded = word.to_lowercase();
    let own = spread(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|c| *c != word) {
        // Of equals the first stays.
        let most = match best {
            None => allowed,
            Some((distance, _)) if distance > 0 => distance - 1,
            Some(_) => break,
        };
        // The distance takes long to work out, and thousands of names may be unknown at once.
        let distance = match least_distance(&own, candidate) {
            _ if candidate.to_lowercase() == folded => 0,
            least if least > most => continue,
            _ => strsim::damerau_levenshtein(word, candidate),
        };
        if distance <= most {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, c)| c)
}

/// How many letters of each sort a word has; rare letters share a place.
fn spread(word: &str) -> [i32; 64] {
    let mut counts = [0; 64];
    word.chars().for_each(|c| counts[c as usize % 64] += 1);
    counts
}

/// A number that the distance to a candidate is not below: each step takes away or adds one letter at most.
fn least_distance(own: &[i32; 64], candidate: &str) -> usize {
    let (mut more, mut fewer) = (0, 0);
    for (a, b) in own.iter().zip(spread(candidate)) {
        more += (a - b).max(0);
        fewer += (b - a).max(0);
    }
    more.max(fewer) as usize
}

/// ``did you mean `x`?``, if some candidate is near.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|c| format!("did you mean `{c}`?"))
}

#[cfg(test)]
mod tests {
    use super::{least_distance, nearest, spread};

    #[test]
    fn the_nearest_is_found_as_if_all_were_measured() {
        let words =
            ["", "A", "B", "ab", "AB", "severity", "Severity", "sevreity", "serverity", "费用", "费率", "notice"];
        for word in words {
            for candidate in words {
                assert!(least_distance(&spread(word), candidate) <= strsim::damerau_levenshtein(word, candidate));
            }
        }
        assert_eq!(nearest("severtiy", words), Some("severity"));
        assert_eq!(nearest("SEVERITY", words), Some("severity"));
        assert_eq!(nearest("D", words), None);
    }
}
