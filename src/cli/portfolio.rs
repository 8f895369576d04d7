//! `clausal diff --scenarios`: cases of real customers, read for two editions at once.

use std::path::Path;

use clausal::check::Checked;
use clausal::compare::{Edition, Given, Names};
use clausal::diag::{Code, Problem, Severity};
use clausal::eval::refused;
use clausal::model::Model;
use clausal::scenario::document::{self, Data, Format, Node};
use clausal::scenario::{Facts, fit};
use clausal::source::disk::Disk;
use clausal::source::load::Edition as Files;
use clausal::source::{FileId, Files as _, Sources, Span};

use super::Status;
use super::shared;

/// The two editions that cases are read for, each with the files that it was opened from.
pub struct Editions<'a> {
    pub old: (&'a Checked, &'a Sources, &'a Files),
    pub new: (&'a Checked, &'a Sources, &'a Files),
}

/// The cases of some files, in order. What is wrong with them is shown, and ends the command.
pub fn read(paths: &[String], editions: &Editions) -> Result<Vec<Given>, Status> {
    let mut cases = Vec::new();
    for path in paths {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        match extension.as_str() {
            "clause" => cases.extend(scenarios(path, editions)?),
            "ndjson" | "jsonl" => cases.extend(lines(path, editions)?),
            other => match Format::from_extension(other) {
                Some(format) => cases.extend(document(path, format, editions)?),
                None => {
                    let endings = ".json, .ndjson, .jsonl, .yaml, .toml or .clause";
                    let why = format!("`{path}` is no file of cases: its name ends with {endings}");
                    return Err(shared::unusable(&why));
                }
            },
        }
    }
    if cases.is_empty() {
        return Err(shared::unusable("the files given with --scenarios hold no case"));
    }
    Ok(cases)
}

fn text_of(path: &str) -> Result<String, Status> {
    let bytes = Disk.read(path).map_err(|why| shared::unusable(&format!("`{path}` cannot be read: {why}")))?;
    String::from_utf8(bytes).map_err(|_| shared::unusable(&format!("`{path}` is not UTF-8 text")))
}

/// One JSON document on each line.
fn lines(path: &str, editions: &Editions) -> Result<Vec<Given>, Status> {
    let mut sources = Sources::default();
    let file = sources.add(path, text_of(path)?);
    let text = sources.file(file).text.clone();
    let mut cases = Vec::new();
    let mut at = 0;
    for (number, line) in text.split('\n').enumerate() {
        let start = at;
        at += line.len() + 1;
        if line.trim().is_empty() {
            continue;
        }
        match document::read(line.trim_end_matches('\r'), Format::Json) {
            Ok(mut node) => {
                shift(&mut node, start);
                cases.push(case(&node, format!("{path}:{}", number + 1), &sources, file, editions)?);
            }
            Err(error) => {
                let span = Span::new(file, error.span.start + start..error.span.end + start);
                let problem = Problem::new(Code::FactsNotRead, span, error.message).maybe_help(error.help);
                shared::show(&[&problem], &sources);
                return Err(Status::Unusable);
            }
        }
    }
    Ok(cases)
}

/// The node of a line at its place in the file.
fn shift(node: &mut Node, by: usize) {
    let moved = |span: &mut std::ops::Range<usize>| *span = span.start + by..span.end + by;
    moved(&mut node.span);
    match &mut node.data {
        Data::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Data::Map(entries) => {
            for (key, inner) in entries {
                moved(&mut key.span);
                shift(inner, by);
            }
        }
        Data::Null | Data::YesNo(_) | Data::Number(_) | Data::Text(_) => {}
    }
}

/// A document: the facts of one case, a list of them, or a map with such a list under `cases`.
fn document(path: &str, format: Format, editions: &Editions) -> Result<Vec<Given>, Status> {
    let mut sources = Sources::default();
    let file = sources.add(path, text_of(path)?);
    let node = match document::read(&sources.file(file).text, format) {
        Ok(node) => node,
        Err(error) => {
            let span = Span::new(file, error.span.clone());
            let problem = Problem::new(Code::FactsNotRead, span, error.message).maybe_help(error.help);
            shared::show(&[&problem], &sources);
            return Err(Status::Unusable);
        }
    };
    let listed = match &node.data {
        Data::List(items) => Some(items),
        Data::Map(entries) => match entries.as_slice() {
            [(key, Node { data: Data::List(items), .. })] if key.name == "cases" => Some(items),
            _ => None,
        },
        _ => None,
    };
    match listed {
        None => Ok(vec![case(&node, path.to_owned(), &sources, file, editions)?]),
        Some(items) => {
            let name = |number: usize| format!("{path}#{}", number + 1);
            items.iter().enumerate().map(|(i, item)| case(item, name(i), &sources, file, editions)).collect()
        }
    }
}

/// One case: its facts, or `name` and `facts`.
fn case(node: &Node, place: String, sources: &Sources, file: FileId, editions: &Editions) -> Result<Given, Status> {
    let mut name = place;
    let mut facts = node;
    if let Data::Map(entries) = &node.data {
        let named = |wanted: &str| entries.iter().find(|(key, _)| key.name == wanted).map(|(_, node)| node);
        let wrapped = entries.iter().all(|(key, _)| matches!(key.name.as_str(), "name" | "facts"));
        if let Some(inner) = named("facts").filter(|_| wrapped) {
            facts = inner;
            if let Some(Node { data: Data::Text(text) | Data::Number(text), .. }) = named("name") {
                name.clone_from(text);
            }
        }
    }
    let folder = Path::new(&sources.file(file).name).parent().map(Path::to_path_buf).unwrap_or_default();
    let beside = |named: &str| Disk.read(&folder.join(named).to_string_lossy()).ok();
    let text = |named: &str| beside(named).and_then(|bytes| String::from_utf8(bytes).ok());
    let old = fit::fit(&editions.old.0.model, facts, file, &text);
    let new = fit::fit(&editions.new.0.model, facts, file, &text);
    // What neither edition can use is a mistake; what one of them does not ask for is a change.
    let reach = |problem: &Problem| value_of(facts, &problem.span).unwrap_or(problem.span.range());
    let met = |p: &Problem, q: &Problem| {
        let (a, b) = (p.span.range(), reach(p));
        let (c, d) = (q.span.range(), reach(q));
        a == c || (b.start <= c.start && c.end <= b.end) || (d.start <= a.start && a.end <= d.end)
    };
    let both: Vec<&Problem> = new.problems.iter().filter(|p| old.problems.iter().any(|q| met(p, q))).collect();
    if !both.is_empty() {
        shared::show(&both, sources);
        return Err(shared::unusable(&format!("case `{name}` cannot be read for either edition")));
    }
    let shown = |problem: &Problem| sources.text(problem.span).to_owned();
    let mut not_asked: Vec<String> = old.problems.iter().chain(&new.problems).map(shown).collect();
    not_asked.dedup();
    allowed(&name, editions, &old.facts, &new.facts)?;
    Ok(Given { name, old: old.facts, new: new.facts, not_asked })
}

/// Where the value of a key stands.
fn value_of(node: &Node, key_span: &Span) -> Option<std::ops::Range<usize>> {
    match &node.data {
        Data::Map(entries) => entries.iter().find_map(|(key, inner)| {
            if key.span == key_span.range() { Some(inner.span.clone()) } else { value_of(inner, key_span) }
        }),
        Data::List(items) => items.iter().find_map(|item| value_of(item, key_span)),
        _ => None,
    }
}

/// Facts that break a bound which other facts set cannot be used.
fn allowed(name: &str, editions: &Editions, old: &Facts, new: &Facts) -> Result<(), Status> {
    for (checked, facts) in [(editions.new.0, new), (editions.old.0, old)] {
        if let Some(broken) = refused(checked, facts).first() {
            let input = &checked.model.input(broken.input).name;
            let title = checked.model.title();
            return Err(shared::unusable(&format!(
                "case `{name}`: `{input}` is not allowed by {title} beside the other facts"
            )));
        }
    }
    Ok(())
}

/// The scenarios of a file, read with the edition that knows their facts.
fn scenarios(path: &str, editions: &Editions) -> Result<Vec<Given>, Status> {
    let text = text_of(path)?;
    let mut refusals = Vec::new();
    for (edition, (checked, sources, files)) in [(Edition::New, editions.new), (Edition::Old, editions.old)] {
        let known = |model: &Model, is_own: &dyn Fn(FileId) -> bool| -> Vec<Given> {
            let names = Names::of(&editions.old.0.model, &editions.new.0.model);
            let own = model.scenarios.iter().filter(|s| is_own(s.span.file));
            let each = own.map(|scenario| {
                let facts = Facts::of(model, scenario);
                let name = scenario.name.clone();
                match edition {
                    Edition::New => {
                        let (old, not_asked) = names.facts(&facts, model, (&editions.old.0.model, Edition::Old));
                        Given { name, old, new: facts, not_asked }
                    }
                    Edition::Old => {
                        let (new, not_asked) = names.facts(&facts, model, (&editions.new.0.model, Edition::New));
                        Given { name, old: facts, new, not_asked }
                    }
                }
            });
            each.collect()
        };
        let same = |file: &FileId| {
            let known = std::fs::canonicalize(&sources.file(*file).name);
            matches!((known, std::fs::canonicalize(path)), (Ok(a), Ok(b)) if a == b)
        };
        if let Some(file) = files.files.iter().copied().find(same) {
            return Ok(known(&checked.model, &|of| of == file));
        }
        let mut sources = sources.clone();
        let file = sources.add(path, text.clone());
        let mut with = files.clone();
        with.files.push(file);
        let opened = clausal::open(&sources, &with);
        match opened.checked {
            Some(checked) => return Ok(known(&checked.model, &|of| of == file)),
            None => refusals.push((sources, opened.problems)),
        }
    }
    if let Some((sources, problems)) = refusals.first() {
        let errors: Vec<&Problem> = problems.iter().filter(|p| p.severity() == Severity::Error).collect();
        shared::show(&errors, sources);
    }
    Err(shared::unusable(&format!("`{path}` cannot be read with either edition")))
}
