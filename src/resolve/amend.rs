//! Editions that amend another: the items of both become one page, as if it had been written alone. What comes after
//! sees no amendment; only names that were given anew are still read by their old name in the older files.

use std::collections::{HashMap, HashSet};

use crate::diag::{Code, Problem, did_you_mean};
use crate::source::{FileId, Span};
use crate::syntax::Parsed;
use crate::syntax::tree::{self, Item};

/// Where a name is looked up: the same name can stand for one thing in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Space {
    Names,
    Types,
    Clauses,
    Events,
}

impl Space {
    fn of(kind: &str) -> Space {
        match kind {
            "enumeration" | "record" | "unit" => Space::Types,
            "clause" => Space::Clauses,
            "event" => Space::Events,
            _ => Space::Names,
        }
    }
}

/// What amendments did to names.
#[derive(Debug, Default)]
pub(super) struct Amended {
    /// What a name of an older file is called now.
    now: HashMap<(FileId, Space, String), String>,
    /// What was removed, and where.
    removed: HashMap<String, Span>,
    /// What was renamed, by its old name.
    renamed: HashMap<String, String>,
}

impl Amended {
    /// The present name of what a file calls so.
    pub(super) fn now<'a>(&'a self, space: Space, name: &'a str, file: FileId) -> &'a str {
        if self.now.is_empty() {
            return name;
        }
        self.now.get(&(file, space, name.to_owned())).map_or(name, String::as_str)
    }

    /// Where an item of this name was removed.
    pub(super) fn removed(&self, name: &str) -> Option<Span> {
        self.removed.get(name).or_else(|| self.removed.get(name.split('.').next()?)).copied()
    }
}

/// The files of an edition, with those of the editions that it amends worked in. `layers` are the files of each
/// edition, the oldest first.
pub(super) fn amend(mut layers: Vec<Vec<Parsed>>) -> (Vec<Parsed>, Amended, Vec<Problem>) {
    let mut amended = Amended::default();
    let mut problems = Vec::new();
    let mut pages = if layers.is_empty() { Vec::new() } else { layers.remove(0) };
    amendments_of_nothing(&mut pages, &mut problems);
    for layer in layers {
        pages = Amending { amended: &mut amended, problems: &mut problems }.layer(pages, layer);
    }
    (pages, amended, problems)
}

/// `replace`, `remove` and `rename` in an edition that amends no other.
fn amendments_of_nothing(pages: &mut [Parsed], problems: &mut Vec<Problem>) {
    let help = "add `amends EDITION` to the agreement, or leave this out";
    for page in pages {
        for item in std::mem::take(&mut page.file.items) {
            let (word, span) = match item {
                Item::Replace(inner) => {
                    let span = inner.named().map_or(inner.span(), |(_, name)| name.span);
                    page.file.items.push(*inner);
                    ("replace", span)
                }
                Item::Remove(remove) => ("remove", remove.name.span),
                Item::Rename(rename) => ("rename", rename.from.span),
                other => {
                    page.file.items.push(other);
                    continue;
                }
            };
            let message = format!("this edition amends no other, so there is nothing to {word}");
            problems.push(Problem::new(Code::NothingToAmend, span, message).help(help));
        }
    }
}

struct Amending<'a> {
    amended: &'a mut Amended,
    problems: &'a mut Vec<Problem>,
}

/// An item of the amended edition.
struct Base {
    kind: &'static str,
    page: usize,
    item: usize,
    span: Span,
}

type Index = HashMap<(Space, String), Base>;

impl Amending<'_> {
    fn layer(&mut self, mut base: Vec<Parsed>, layer: Vec<Parsed>) -> Vec<Parsed> {
        let title = title(&base);
        let mut layer: Vec<Parsed> =
            layer.into_iter().filter(|page| base.iter().all(|b| b.file.id != page.file.id)).collect();
        inherit_labels(&base, &mut layer);
        let mut index = index(&base);
        let mut gone: Vec<(usize, usize)> = Vec::new();
        // What a text that could not be read may have declared.
        let lost: HashSet<String> = base.iter().flat_map(|p| p.lost_words.iter().cloned()).collect();

        // What leaves its name comes first, so that order does not matter and names can be exchanged.
        let mut renamed: Vec<(Space, &tree::Rename, Base)> = Vec::new();
        for item in layer.iter().flat_map(|p| &p.file.items) {
            let (word, kind, name) = match item {
                Item::Remove(remove) => ("remove", &remove.kind, &remove.name),
                Item::Rename(rename) => ("rename", &rename.kind, &rename.from),
                _ => continue,
            };
            if lost.contains(&name.text) {
                continue;
            }
            let Some(at) = self.find(&index, word, &kind.text, name, &title) else { continue };
            let space = Space::of(&kind.text);
            match item {
                Item::Rename(rename) => {
                    if let Some(found) = index.remove(&(space, name.text.clone())) {
                        renamed.push((space, rename, found));
                    }
                }
                _ => {
                    gone.push(at);
                    index.remove(&(space, name.text.clone()));
                    self.amended.removed.insert(name.text.clone(), name.span);
                }
            }
        }
        let mut names: HashMap<(Space, String), String> = HashMap::new();
        for (space, rename, found) in renamed {
            let key = (space, rename.to.text.clone());
            if let Some(other) = index.get(&key) {
                let message = format!("{title} has {} `{}` already", a(other.kind), rename.to.text);
                let problem =
                    Problem::new(Code::DuplicateName, rename.to.span, message).related(other.span, "this one");
                self.problems.push(problem.help("choose another name, or remove that one"));
                continue;
            }
            if let Some(name) = base.get_mut(found.page).and_then(|p| p.file.items.get_mut(found.item)?.name_mut()) {
                name.text.clone_from(&rename.to.text);
            }
            names.insert((space, rename.from.text.clone()), rename.to.text.clone());
            index.insert(key, found);
        }
        self.rename(&base, &names);

        let mut replaced: HashMap<(usize, usize), Span> = HashMap::new();
        for page in &mut layer {
            for item in std::mem::take(&mut page.file.items) {
                match item {
                    Item::Remove(_) | Item::Rename(_) => {}
                    Item::Replace(inner) => {
                        let Some((kind, name)) = inner.named() else {
                            let message = "this is not replaced: it is of its own edition".to_owned();
                            let problem = Problem::new(Code::NothingToAmend, inner.span(), message);
                            self.problems.push(problem.help("leave out `replace`"));
                            page.file.items.push(*inner);
                            continue;
                        };
                        let name = name.clone();
                        if lost.contains(&name.text) {
                            continue;
                        }
                        if let Some(at) = self.find(&index, "replace", kind, &name, &title) {
                            if let Some(first) = replaced.insert(at, name.span) {
                                let message = format!("{kind} `{}` is replaced twice", name.text);
                                let problem = Problem::new(Code::DuplicateName, name.span, message);
                                self.problems.push(problem.related(first, "here first").help("keep one of them"));
                                continue;
                            }
                            gone.push(at);
                        }
                        // Of another kind: both would stand under the name.
                        let other = index.get(&(Space::of(kind), name.text.clone())).is_some_and(|b| b.kind != kind);
                        if !other {
                            page.file.items.push(*inner);
                        }
                    }
                    other => {
                        let standing = other.named().and_then(|(kind, name)| {
                            let found = index.get(&(Space::of(kind), name.text.clone()))?;
                            Some((name.clone(), found.kind, found.span))
                        });
                        let Some((name, kind, span)) = standing else {
                            page.file.items.push(other);
                            continue;
                        };
                        let message = format!("{title} has {} `{}` already", a(kind), name.text);
                        let help = format!("write `replace` before it, or `remove {kind} {}`", name.text);
                        let problem = Problem::new(Code::DuplicateName, name.span, message);
                        self.problems.push(problem.related(span, "in the amended edition").help(help));
                    }
                }
            }
        }
        self.joined(base, &gone, layer)
    }

    /// The pages of both, without what is gone and what is not inherited.
    fn joined(&self, base: Vec<Parsed>, gone: &[(usize, usize)], layer: Vec<Parsed>) -> Vec<Parsed> {
        let mut pages = Vec::new();
        for (number, mut page) in base.into_iter().enumerate() {
            let items = std::mem::take(&mut page.file.items).into_iter().enumerate();
            let stays = |(item, kept): &(usize, Item)| {
                !gone.contains(&(number, *item)) && !matches!(kept, Item::Agreement(_) | Item::Scenario(_))
            };
            page.file.items = items.filter(stays).map(|(_, item)| item).collect();
            pages.push(page);
        }
        pages.extend(layer);
        pages
    }

    /// The item of the amended edition that an amendment speaks of: its page and number. Says so if there is none.
    fn find(
        &mut self,
        index: &Index,
        word: &str,
        kind: &str,
        name: &tree::Name,
        title: &str,
    ) -> Option<(usize, usize)> {
        let space = Space::of(kind);
        match index.get(&(space, name.text.clone())) {
            Some(found) if found.kind != kind => {
                let message = format!("`{}` is {} in {title}, and not {}", name.text, a(found.kind), a(kind));
                let help = match word {
                    "replace" => {
                        format!("write `remove {} {}`, and add this one without `replace`", found.kind, name.text)
                    }
                    _ => format!("write `{word} {} {}`", found.kind, name.text),
                };
                let problem = Problem::new(Code::NothingToAmend, name.span, message);
                self.problems.push(problem.related(found.span, "in the amended edition").help(help));
                None
            }
            Some(found) => Some((found.page, found.item)),
            None => {
                let message = format!("{title} has no {kind} `{}` to {word}", name.text);
                let problem = Problem::new(Code::NothingToAmend, name.span, message);
                let elsewhere = self.amended.removed.get(&name.text).copied();
                let mut names: Vec<&str> =
                    index.iter().filter(|(_, b)| b.kind == kind).map(|((_, name), _)| name.as_str()).collect();
                names.sort_unstable();
                let near = did_you_mean(&name.text, names.iter().copied());
                let leave_out = "leave out `replace` to add it".to_owned();
                let called = self.amended.renamed.get(&name.text).filter(|now| names.contains(&now.as_str()));
                self.problems.push(match (elsewhere, near) {
                    (Some(span), _) => problem.related(span, "it is removed here"),
                    (None, _) if called.is_some() => {
                        problem.help(format!("it is called `{}` now", called.map_or("", String::as_str)))
                    }
                    (None, Some(near)) => problem.help(near),
                    (None, None) if word == "replace" => problem.help(leave_out),
                    (None, None) => problem,
                });
                None
            }
        }
    }

    /// The files of the base go on to use the old names: what they stand for there has new ones from now on.
    fn rename(&mut self, base: &[Parsed], names: &HashMap<(Space, String), String>) {
        let now = &mut self.amended.now;
        for ((_, space, _), name) in now.iter_mut() {
            if let Some(to) = names.get(&(*space, name.clone())) {
                name.clone_from(to);
            }
        }
        for page in base {
            for ((space, from), to) in names {
                now.entry((page.file.id, *space, from.clone())).or_insert_with(|| to.clone());
            }
        }
        self.amended.renamed.extend(names.iter().map(|((_, from), to)| (from.clone(), to.clone())));
    }
}

/// The kind with its article.
fn a(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) && kind != "unit" { "an" } else { "a" };
    format!("{article} {kind}")
}

/// `ms-unified 2024-09`
fn title(pages: &[Parsed]) -> String {
    let agreement = pages.iter().flat_map(|p| &p.file.items).find_map(|item| match item {
        Item::Agreement(a) => Some(format!("{} {}", a.name.text, a.edition.text)),
        _ => None,
    });
    agreement.unwrap_or_else(|| "the amended edition".to_owned())
}

/// The agreement is called as before, unless the amending edition says otherwise.
fn inherit_labels(base: &[Parsed], layer: &mut [Parsed]) {
    let labels = base.iter().flat_map(|p| &p.file.items).find_map(|item| match item {
        Item::Agreement(a) => Some(a.labels.clone()),
        _ => None,
    });
    for item in layer.iter_mut().flat_map(|p| &mut p.file.items) {
        if let (Item::Agreement(a), Some(labels)) = (item, &labels) {
            if a.labels.is_empty() {
                a.labels.clone_from(labels);
            }
        }
    }
}

fn index(pages: &[Parsed]) -> Index {
    let mut found = Index::new();
    for (page, parsed) in pages.iter().enumerate() {
        for (item, declared) in parsed.file.items.iter().enumerate() {
            let Some((kind, name)) = declared.named() else { continue };
            let base = Base { kind, page, item, span: name.span };
            found.entry((Space::of(kind), name.text.clone())).or_insert(base);
        }
    }
    found
}
