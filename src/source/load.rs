//! Finding the files of an edition: a folder's rule files, and what they `use`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::{FileId, Files, MAX_FILE_BYTES, Sources, Span};
use crate::diag::{Code, Problem, did_you_mean};

/// The files of one edition, read.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    /// Path of the folder (or the file, for rules in one file).
    pub root: String,
    pub files: Vec<FileId>,
    /// Files of holidays that rule files name, by the file that names them and the name: their text, if it could be
    /// read.
    pub attachments: Attachments,
    /// Files of the editions that it amends, the oldest first.
    pub amended: Vec<Vec<FileId>>,
    /// Whether an edition that it amends was not found: it cannot be judged alone.
    pub incomplete: bool,
}

/// See [`Edition::attachments`].
pub type Attachments = HashMap<(FileId, String), Option<Arc<str>>>;

/// Everything found under one path.
#[derive(Debug, Default)]
pub struct Loaded {
    pub sources: Sources,
    pub editions: Vec<Edition>,
    pub problems: Vec<Problem>,
}

/// Reads a file, a folder of one edition, or a folder of many.
///
/// An edition is the folder of the file that declares the `agreement`, with all folders below it. Rule files
/// outside any such folder belong together if there is no `agreement` at all; beside editions they are read only
/// where something `use`s them. A file, or a folder `scenarios` or `register`, is read with the edition it lies in.
///
/// # Errors
/// Text for the person who named the path: it does not exist, or holds no rule file.
pub fn load(files: &dyn Files, path: &str) -> Result<Loaded, String> {
    let path = path.trim_end_matches('/');
    let path = if path.is_empty() { "." } else { path };
    let mut loader = Loader { files, loaded: Loaded::default(), by_path: BTreeMap::new() };
    if files.list(path).is_none() {
        loader.one_file(path)?;
        return Ok(loader.loaded);
    }
    let mut found = Vec::new();
    loader.collect(path, &mut found, 0);
    if found.is_empty() {
        return Err(format!("no `.clause` file lies in `{path}`"));
    }
    let mut roots: Vec<String> = Vec::new();
    for file in &found {
        if let Some(id) = loader.read(file) {
            if declares_agreement(&loader.loaded.sources.file(id).text) {
                roots.push(folder(file).to_owned());
            }
        }
    }
    roots.sort();
    roots.dedup();
    if roots.is_empty() {
        match loader.enclosing_root(path) {
            Some(root) => {
                found.clear();
                loader.collect(&root, &mut found, 0);
                roots.push(root);
            }
            None => roots.push(path.to_owned()),
        }
    }
    for root in &roots {
        let inner = |file: &&String| {
            within(file, root) && !roots.iter().any(|other| other != root && within(other, root) && within(file, other))
        };
        let mut ids: Vec<FileId> = found.iter().filter(inner).filter_map(|f| loader.read(f)).collect();
        loader.follow_uses(&mut ids);
        loader.edition(root, root, ids);
    }
    Ok(loader.loaded)
}

struct Loader<'a> {
    files: &'a dyn Files,
    loaded: Loaded,
    by_path: BTreeMap<String, Option<FileId>>,
}

impl Loader<'_> {
    /// A single file: alone, or with the edition that it belongs to.
    fn one_file(&mut self, path: &str) -> Result<(), String> {
        if let Err(why) = self.files.read(path) {
            return Err(format!("`{path}` cannot be read: {why}"));
        }
        let Some(id) = self.read(path) else {
            self.loaded.editions.push(Edition { root: path.to_owned(), ..Edition::default() });
            return Ok(());
        };
        let declares = declares_agreement(&self.loaded.sources.file(id).text);
        let root = if declares { None } else { self.enclosing_root(folder(path)) };
        let mut ids = vec![id];
        if let Some(root) = &root {
            let mut found = Vec::new();
            self.collect(root, &mut found, 0);
            ids = found.iter().filter_map(|f| self.read(f)).collect();
        }
        self.follow_uses(&mut ids);
        let root = root.unwrap_or_else(|| path.to_owned());
        let place = if root == path { folder(path).to_owned() } else { root.clone() };
        self.edition(&root, &place, ids);
        Ok(())
    }

    /// Adds an edition, with those that it amends. `place` is the folder that it lies in.
    fn edition(&mut self, root: &str, place: &str, files: Vec<FileId>) {
        let mut edition = Edition { root: root.to_owned(), ..Edition::default() };
        let mut all = files.clone();
        match self.amended(place, &files) {
            Ok(amended) => {
                all.extend(amended.iter().flatten());
                edition.amended = amended;
            }
            Err(problem) => {
                edition.incomplete = true;
                self.loaded.problems.push(problem);
            }
        }
        edition.attachments = self.attachments(&all);
        edition.files = files;
        self.loaded.editions.push(edition);
    }

    /// The files of the editions that an edition amends, the oldest first.
    fn amended(&mut self, place: &str, files: &[FileId]) -> Result<Vec<Vec<FileId>>, Problem> {
        let mut found: Vec<Vec<FileId>> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        let mut place = place.to_owned();
        let mut files = files.to_vec();
        // What is told is told of the edition that was asked for.
        let mut first: Option<Span> = None;
        loop {
            let heading = files.iter().find_map(|id| {
                let heading = Heading::of(&self.loaded.sources.file(*id).text)?;
                heading.amends.is_some().then_some((*id, heading))
            });
            let Some((id, heading)) = heading else {
                found.reverse();
                return Ok(found);
            };
            let Some(amends) = &heading.amends else { return Ok(found) };
            let span = Span::new(id, amends.at.clone());
            let at = *first.get_or_insert(span);
            seen.push(heading.edition.clone());
            if seen.contains(&amends.edition) {
                let message = format!("{} {} comes to amend itself", heading.agreement, amends.edition);
                let problem = Problem::new(Code::Cycle, at, message);
                let problem = if at == span { problem } else { problem.related(span, "amended again here") };
                return Err(problem.help("an edition amends an older one, which stands alone in the end"));
            }
            if found.len() == MAX_AMENDED {
                let message = format!("more than {MAX_AMENDED} editions amend each other here");
                let problem = Problem::new(Code::EditionNotFound, at, message);
                return Err(problem.help("write the edition in full, without `amends`"));
            }
            let base = self.folder_of(&place, &heading.agreement, amends).map_err(|(message, help)| {
                let problem = Problem::new(Code::EditionNotFound, span, message).help(help);
                if at == span { problem } else { problem.related(at, "amended from here") }
            })?;
            files = self.files_of(&base);
            found.push(files.clone());
            place = base;
        }
    }

    /// The folder of the edition that `amends` names: where it says, or beside the edition. Else why there is none, and
    /// what can be done.
    fn folder_of(&self, place: &str, agreement: &str, amends: &Amends) -> Result<String, (String, String)> {
        let wanted = |heading: &Heading| heading.agreement == agreement && heading.edition == amends.edition;
        let headings = |folder: &str| -> Vec<Heading> {
            let rules = self.files.list(folder).unwrap_or_default().into_iter().filter(|n| n.ends_with(".clause"));
            let texts = rules.filter_map(|name| self.files.read(&join(folder, &name)).ok());
            texts.filter_map(|bytes| Heading::of(&String::from_utf8_lossy(&bytes))).collect()
        };
        if let Some(path) = &amends.from {
            let folder = plain(&if path.starts_with('/') { path.clone() } else { join(place, path) });
            if self.files.list(&folder).is_none() {
                return Err((
                    format!("there is no folder `{folder}`"),
                    "write the path from this folder on".to_owned(),
                ));
            }
            let found = headings(&folder);
            if found.iter().any(wanted) {
                return Ok(folder);
            }
            let message = format!("`{folder}` does not hold {agreement} {}", amends.edition);
            let holds: Vec<String> = found.iter().map(|h| format!("{} {}", h.agreement, h.edition)).collect();
            let help = if holds.is_empty() { "no agreement".to_owned() } else { holds.join(", ") };
            return Err((message, format!("it holds {help}")));
        }
        let above = plain(&parent(place).unwrap_or_else(|| place.to_owned()));
        let mut beside: Vec<String> = Vec::new();
        for name in self.files.list(&above).unwrap_or_default() {
            let Some(inner) = name.strip_suffix('/').filter(|inner| !inner.starts_with('.')) else { continue };
            let folder = join(&above, inner);
            for heading in headings(&folder) {
                if wanted(&heading) {
                    return Ok(folder);
                }
                if heading.agreement == agreement && Some(inner) != place.rsplit('/').next() {
                    beside.push(heading.edition);
                }
            }
        }
        let message = format!("no folder beside this one holds {agreement} {}", amends.edition);
        let elsewhere = "if it lies elsewhere, name its folder: `amends EDITION from \"../PATH\"`";
        let near = did_you_mean(&amends.edition, beside.iter().map(String::as_str));
        Err((
            message,
            near.unwrap_or_else(|| match &beside[..] {
                [] => elsewhere.to_owned(),
                some => format!("there is {agreement} {}; {elsewhere}", some.join(", ")),
            }),
        ))
    }

    /// The files of the edition in a folder.
    fn files_of(&mut self, root: &str) -> Vec<FileId> {
        let mut found = Vec::new();
        self.collect(root, &mut found, 0);
        let mut read: Vec<(String, FileId)> = Vec::new();
        for name in found {
            read.extend(self.read(&name).map(|id| (name, id)));
        }
        let declares = |id: FileId| declares_agreement(&self.loaded.sources.file(id).text);
        let others: Vec<String> = read
            .iter()
            .filter(|(name, id)| folder(name) != root && declares(*id))
            .map(|(name, _)| folder(name).to_owned())
            .collect();
        let own = read.iter().filter(|(name, _)| !others.iter().any(|other| within(name, other)));
        let mut ids: Vec<FileId> = own.map(|(_, id)| *id).collect();
        self.follow_uses(&mut ids);
        ids
    }

    /// This folder, if it holds a file with an `agreement`; for a folder `scenarios` or `register`, the one above.
    fn enclosing_root(&self, path: &str) -> Option<String> {
        let part = matches!(path.rsplit('/').next(), Some("scenarios" | "register"));
        let above = if part { parent(path) } else { None };
        [Some(path.to_owned()), above].into_iter().flatten().find(|folder| {
            let rules = self.files.list(folder).unwrap_or_default().into_iter().filter(|n| n.ends_with(".clause"));
            let texts = rules.filter_map(|name| self.files.read(&join(folder, &name)).ok());
            texts.into_iter().any(|bytes| declares_agreement(&String::from_utf8_lossy(&bytes)))
        })
    }

    fn collect(&self, path: &str, found: &mut Vec<String>, depth: usize) {
        if depth > 16 {
            return;
        }
        for name in self.files.list(path).unwrap_or_default() {
            if let Some(inner) = name.strip_suffix('/') {
                if !inner.starts_with('.') {
                    self.collect(&join(path, inner), found, depth + 1);
                }
            } else if name.ends_with(".clause") {
                found.push(join(path, &name));
            }
        }
    }

    fn read(&mut self, path: &str) -> Option<FileId> {
        if let Some(id) = self.by_path.get(path) {
            return *id;
        }
        let read = self.files.read(path);
        let sources = &mut self.loaded.sources;
        let mut refuse = |code: Code, text: String, at: usize, message: String, help: &str| {
            let id = sources.add(path, text);
            let span = Span::new(id, at..at);
            self.loaded.problems.push(Problem::new(code, span, message).help(help));
            None
        };
        let id = match read {
            Err(why) => refuse(
                Code::FileNotRead,
                String::new(),
                0,
                format!("this file cannot be read: {why}"),
                "check its name and rights",
            ),
            Ok(bytes) if bytes.len() > MAX_FILE_BYTES => {
                let message = format!("this file has {} bytes; at most {MAX_FILE_BYTES} are read", bytes.len());
                refuse(Code::FileTooLarge, String::new(), 0, message, "split it into several files")
            }
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Some(sources.add(path, text)),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                    let start = (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
                    let message = "this file is not UTF-8 text".to_owned();
                    refuse(
                        Code::NotUtf8,
                        text,
                        start,
                        message,
                        "save it as UTF-8: the marked byte is the first that is not",
                    )
                }
            },
        };
        self.by_path.insert(path.to_owned(), id);
        id
    }

    /// Adds what the files `use`, and what those use.
    fn follow_uses(&mut self, ids: &mut Vec<FileId>) {
        let mut next = 0;
        while let Some(id) = ids.get(next).copied() {
            next += 1;
            let file = self.loaded.sources.file(id);
            let (name, text) = (file.name.clone(), file.text.clone());
            for (target, range) in uses(&text) {
                let mut at = Some(folder(&name).to_owned());
                let mut found = None;
                while let (Some(folder), None) = (&at, &found) {
                    let candidate = join(folder, &format!("{target}.clause"));
                    if self.by_path.contains_key(&candidate) || self.files.read(&candidate).is_ok() {
                        found = Some(candidate);
                    }
                    at = parent(folder);
                }
                match found {
                    Some(path) => {
                        if let Some(used) = self.read(&path) {
                            if !ids.contains(&used) {
                                ids.push(used);
                            }
                        }
                    }
                    None => {
                        let span = Span::new(id, range);
                        let message = format!("there is no file `{target}.clause` here or in a folder above");
                        let help =
                            "write the path without `.clause`, from a folder at or above this one: `use lib/languages`";
                        self.loaded.problems.push(Problem::new(Code::UseNotFound, span, message).help(help));
                    }
                }
            }
        }
    }
}

impl Loader<'_> {
    /// The files of holidays that the texts name, looked for beside the file that names them.
    fn attachments(&self, ids: &[FileId]) -> Attachments {
        let mut found = Attachments::new();
        for id in ids {
            let file = self.loaded.sources.file(*id);
            attach(self.files, *id, &file.name, &file.text, &mut found);
        }
        found
    }
}

/// Adds the files of holidays that a rule file names.
pub fn attach(files: &dyn Files, id: FileId, name: &str, text: &str, found: &mut Attachments) {
    for named in holiday_files(text) {
        let path = if named.starts_with('/') { named.clone() } else { join(folder(name), &named) };
        let text = files.read(&path).ok().filter(|bytes| bytes.len() <= MAX_FILE_BYTES);
        found.insert((id, named), text.and_then(|bytes| String::from_utf8(bytes).ok()).map(Arc::from));
    }
}

/// The texts in quotes that end as the names of holiday files do.
fn holiday_files(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.contains(".ics\"") || line.contains(".csv\""));
    let quoted = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
    quoted.filter(|name| name.ends_with(".ics") || name.ends_with(".csv")).map(str::to_owned).collect()
}

/// The targets of lines that start with `use`, and where they stand.
fn uses(text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.trim_start_matches('\u{feff}').strip_prefix("use ") {
            let target = rest.split("//").next().unwrap_or("").trim();
            if let Some(at) = line.find(target).filter(|_| !target.is_empty()) {
                found.push((target.to_owned(), offset + at..offset + at + target.len()));
            }
        }
        offset += line.len();
    }
    found
}

/// How long a chain of editions that amend each other may be.
const MAX_AMENDED: usize = 16;

/// What the first lines of an `agreement` say, read before the rest: where its edition's rules are depends on it.
struct Heading {
    agreement: String,
    edition: String,
    amends: Option<Amends>,
}

struct Amends {
    edition: String,
    from: Option<String>,
    /// Where the edition is named.
    at: std::ops::Range<usize>,
}

impl Heading {
    fn of(text: &str) -> Option<Heading> {
        let mut offset = 0;
        let start = text.split_inclusive('\n').find_map(|line| {
            let at = offset + line.len() - line.trim_start_matches('\u{feff}').len();
            offset += line.len();
            line.trim_start_matches('\u{feff}').starts_with("agreement ").then_some(at)
        })?;
        let words = words(text.get(start..)?);
        let mut words = words.iter().map(|(word, at)| (*word, start + at)).skip(1).peekable();
        let name = |word: &str| word.nfc().collect::<String>();
        let agreement = name(words.next()?.0);
        let edition = match (words.next()?, words.next()?) {
            (("edition", _), (edition, _)) => name(edition),
            _ => return None,
        };
        let mut amends = None;
        let mut depth = 0usize;
        while let Some((word, _)) = words.next() {
            match word {
                "{" => depth += 1,
                "}" if depth <= 1 => break,
                "}" => depth -= 1,
                "amends" if depth == 1 && amends.is_none() => {
                    let Some((edition, at)) = words.next_if(|(word, _)| !word.starts_with(['{', '}', '"'])) else {
                        continue;
                    };
                    let from = words.next_if(|(word, _)| *word == "from").and_then(|_| words.next());
                    let from = from.and_then(|(text, _)| text.strip_prefix('"')).map(|text| text.trim_end_matches('"'));
                    let at = at..at + edition.len();
                    amends = Some(Amends { edition: name(edition), from: from.map(str::to_owned), at });
                }
                _ => {}
            }
        }
        Some(Heading { agreement, edition, amends })
    }
}

/// Words, braces and texts in quotes, with where they start; comments are left out.
fn words(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        let length = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            _ if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '{' | '}' => 1,
            '"' => {
                let end = rest[1..].find(['"', '\n']).map_or(rest.len(), |end| end + 2);
                end.min(rest.len())
            }
            _ => rest.find(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '"')).unwrap_or(rest.len()).max(1),
        };
        found.push((&rest[..length], at));
        at += length;
        // A page can be long; an agreement is short.
        if found.len() > 10_000 {
            break;
        }
    }
    found
}

/// A path without `..` behind a folder, and without `.`, so that each file has one name.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn declares_agreement(text: &str) -> bool {
    text.lines().any(|line| line.trim_start_matches('\u{feff}').starts_with("agreement "))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

fn join(folder: &str, name: &str) -> String {
    if folder == "." { name.to_owned() } else { format!("{folder}/{name}") }
}

/// How far above the working directory a file is looked for.
const MAX_FOLDERS_ABOVE: usize = 16;

/// The folder above, of a relative or absolute path; none where the search ends.
fn parent(path: &str) -> Option<String> {
    let higher = || (path.matches("..").count() < MAX_FOLDERS_ABOVE).then(|| format!("{path}/.."));
    match path.rsplit_once('/') {
        Some(("", _)) => None,
        Some((_, "..")) => higher(),
        Some((above, _)) => Some(above.to_owned()),
        None if path == "." || path == ".." => higher(),
        None => Some(".".to_owned()),
    }
}

fn within(file: &str, root: &str) -> bool {
    root == "." && !file.starts_with('/')
        || file == root
        || file.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}
