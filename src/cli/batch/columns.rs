//! The columns of the input: which feed inputs, which are carried along, which group rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use clausal::batch::map::{self, Map, Unbound, columns_of, is_thousands, place_of, unbound};
use clausal::batch::understand::{Events, Joined};
use clausal::batch::{Binding, Heading, HeadingKind, NumberMarks};
use clausal::check::asks_log;
use clausal::columnar::Plan;
use clausal::diag::did_you_mean;
use clausal::model::InputId;
use clausal::scenario::events::EventsFormat;
use clausal::source::Files;
use clausal::source::disk::Disk;

use super::old::Old;
use super::rules::Rules;
use super::told::{self, listed, note};
use crate::cli::args::Batch;
use crate::cli::{Status, shared};

/// The columns of the input, and what each is for.
pub struct Columns {
    pub headings: Vec<Heading>,
    pub bindings: Vec<Binding>,
    pub marks: NumberMarks,
    /// Columns that the reader keeps: those to be written, then the one that groups rows if it is not among them.
    pub kept: Vec<usize>,
    /// How many of the kept are written.
    written: usize,
    /// The column that groups rows, by its place among the kept.
    pub group: Option<usize>,
    /// The column that holds the key of events.
    key: Option<usize>,
    pub has_events: bool,
    map: Map,
}

/// Names that are columns even where the first records of nested formats don't have them.
pub fn expected(args: &Batch, rules: &Rules, old: Option<&Old>) -> Vec<String> {
    let model = &rules.checked.model;
    let mut names: Vec<String> = rules.asked().iter().map(|id| model.input(*id).name.clone()).collect();
    if let Some(text) = args.map.as_deref().and_then(|path| Disk.read(path).ok()) {
        names.extend(map::names(&String::from_utf8_lossy(&text)));
    }
    names.extend(old.into_iter().flat_map(|old| old.own_inputs(rules)));
    names.extend(args.keep.iter().filter(|name| !is_word(name)).chain(&args.group_by).chain(&args.key).cloned());
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// `all` and `none` are no columns.
fn is_word(name: &str) -> bool {
    name == "all" || name == "none"
}

impl Columns {
    /// Binds columns by the map and by name. What is wrong is shown.
    pub fn bind(args: &Batch, rules: &mut Rules, headings: &[Heading]) -> Result<Columns, Status> {
        let mut map = Map::default();
        if let Some(path) = &args.map {
            let text = Disk.read(path).map_err(|why| shared::unusable(&format!("`{path}` cannot be read: {why}")))?;
            let text = String::from_utf8(text).map_err(|_| shared::unusable(&format!("`{path}` is not UTF-8 text")))?;
            let file = rules.sources.add(path.as_str(), text);
            let (read, problems) = map::read(&rules.checked.model, headings, &rules.sources, file);
            if !problems.is_empty() {
                shared::show(&problems.iter().collect::<Vec<_>>(), &rules.sources);
                return Err(Status::Unusable);
            }
            map = read;
        }
        map.bind_by_name(&rules.checked.model, headings);
        let decimal = mark(args.decimal_mark.as_deref(), "--decimal-mark", "`.` or `,`", |c| matches!(c, '.' | ','))?;
        let thousands =
            mark(args.thousands_mark.as_deref(), "--thousands-mark", "one of , . ' and a space", is_thousands)?;
        let marks = map.marks(decimal, thousands).map_err(|why| shared::unusable(&why))?;
        let key = args.key.as_deref().map(|name| found(headings, name)).transpose()?;
        let group = args.group_by.as_deref().map(|name| found(headings, name)).transpose()?;
        let (kept, written) = (Vec::new(), 0);
        let (headings, bindings, has_events) = (headings.to_vec(), map.bindings.clone(), args.events.is_some());
        Ok(Columns { headings, bindings, marks, kept, written, group, key, has_events, map })
    }

    /// The events of all rows, if they stand in a file of their own.
    pub fn events(&self, args: &Batch, rules: &Rules) -> Result<Option<Joined>, Status> {
        let (Some(path), Some(key), Some(name)) = (&args.events, self.key, &args.key) else { return Ok(None) };
        let model = &rules.checked.model;
        if model.log.is_none() {
            return Err(shared::unusable("these rules have no events: `--events` says nothing to them"));
        }
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let Some(format) = EventsFormat::from_extension(extension) else {
            let why = format!("`{path}` is no file of events: its name ends with .csv, .tsv, .ndjson, .jsonl or .json");
            return Err(shared::unusable(&why));
        };
        let text = std::fs::read(path).map_err(|why| shared::unusable(&format!("`{path}` cannot be read: {why}")))?;
        let text = String::from_utf8(text).map_err(|_| shared::unusable(&format!("`{path}` is not UTF-8 text")))?;
        let events = Events::read(model, path, &text, format, name).map_err(|error| told::not_read(&error))?;
        Ok(Some(Joined { key, events: Arc::new(events) }))
    }

    /// Leaves out what the plan does not ask for, settles what is carried along, and tells what is left over.
    pub fn settle(&mut self, args: &Batch, rules: &Rules, plan: &Plan) -> Result<(), Status> {
        let model = &rules.checked.model;
        let named = self.keep(args, plan)?;
        self.written = self.kept.len();
        if let Some(group) = self.group {
            let place = self.kept.iter().position(|kept| *kept == group);
            self.group = Some(place.unwrap_or(self.kept.len()));
            if place.is_none() {
                self.kept.push(group);
            }
        }
        let tells_log = plan.targets().iter().any(|target| asks_log(model, target.decision));
        let asked = plan.inputs();
        let used: Vec<usize> = named.into_iter().chain(self.key).chain(self.group.map(|g| self.kept[g])).collect();
        let seen: Vec<InputId> = asked.iter().copied().filter(|id| rules.facts.get(*id).is_none()).collect();
        self.tell(rules, unbound(model, &self.headings, &self.map, &seen, &used), args);
        if !tells_log {
            self.bindings.retain(|binding| asked.contains(&binding.input));
        }
        Ok(())
    }

    /// The columns to carry along; gives those that were named.
    fn keep(&mut self, args: &Batch, plan: &Plan) -> Result<Vec<usize>, Status> {
        if args.keep.iter().any(|name| name == "none") {
            return Ok(Vec::new());
        }
        let mut named = Vec::new();
        for name in args.keep.iter().filter(|name| !is_word(name)) {
            let place = found(&self.headings, name)?;
            if !named.contains(&place) {
                named.push(place);
            }
        }
        self.kept.clone_from(&named);
        if args.keep.is_empty() || args.keep.iter().any(|name| name == "all") {
            let answers = |name: &str| plan.targets().iter().any(|target| is_answer(name, &target.path));
            let all = self.headings.iter().enumerate().filter(|(_, heading)| heading.kind != HeadingKind::Unseen);
            // Rows that were evaluated before have columns of the same names.
            let (clash, kept): (Vec<_>, Vec<_>) = all.partition(|(_, heading)| answers(&heading.name));
            if !clash.is_empty() {
                let names: Vec<&str> = clash.iter().map(|(_, heading)| heading.name.as_str()).collect();
                note(&format!("not carried along, as answers are called so: {}", listed(&names)));
            }
            self.kept = kept.into_iter().map(|(place, _)| place).collect();
        }
        Ok(named)
    }

    /// Says once which columns feed nothing, and which inputs are not fed.
    fn tell(&self, rules: &Rules, left: Unbound, args: &Batch) {
        let model = &rules.checked.model;
        let unused: Vec<String> = left
            .columns
            .iter()
            .filter_map(|(place, meant)| {
                let heading = self.headings.get(*place).filter(|heading| heading.kind != HeadingKind::Unseen)?;
                let meant = meant.map_or(String::new(), |id| format!(" (did you mean `{}`?)", model.input(id).name));
                Some(format!("`{}`{meant}", heading.name))
            })
            .collect();
        let draft = if args.map.is_none() { "; --map binds them, and --suggest-map drafts it" } else { "" };
        if !unused.is_empty() {
            note(&format!("columns that feed no input: {}{draft}", listed(&unused)));
        }
        let is_unseen = |id: &InputId| {
            let binding = self.bindings.iter().find(|binding| binding.input == *id);
            let mut places = binding.map(columns_of).unwrap_or_default().into_iter();
            places.any(|place| self.headings.get(place).is_some_and(|h| h.kind == HeadingKind::Unseen))
        };
        let unseen = self.bindings.iter().map(|b| b.input).filter(|id| is_unseen(id) && rules.facts.get(*id).is_none());
        let mut unfed: Vec<InputId> = left.inputs.iter().copied().chain(unseen).collect();
        unfed.retain(|id| !self.has_events || model.log.is_none_or(|own| own.log != *id));
        unfed.sort_unstable();
        unfed.dedup();
        let names: Vec<&str> = unfed.iter().map(|id| model.input(*id).name.as_str()).collect();
        if !names.is_empty() {
            // JSON has no heading: its columns are those of the first records.
            let open = self.headings.iter().any(|h| matches!(h.kind, HeadingKind::Any | HeadingKind::Unseen));
            let where_ = if open || self.headings.is_empty() { "no first record" } else { "no column" };
            note(&format!("facts that are asked for and that {where_} gives: {}", listed(&names)));
        }
    }

    /// The columns that have to be read.
    pub fn wanted(&self, old: &[Binding]) -> Vec<usize> {
        let bound = self.bindings.iter().chain(old).flat_map(columns_of);
        let all: BTreeSet<usize> = bound.chain(self.kept.iter().copied()).chain(self.key).collect();
        all.into_iter().collect()
    }

    /// The columns that are written, each by its place among the kept.
    pub fn written(&self) -> Vec<(usize, Heading)> {
        let written = self.kept.iter().take(self.written).enumerate();
        written.filter_map(|(kept, place)| Some((kept, self.headings.get(*place)?.clone()))).collect()
    }
}

/// Whether a column of the output that tells an answer is called so.
fn is_answer(name: &str, answer: &str) -> bool {
    let told = ["reason", "clauses", "rules", "readings", "before", "before.reason", "changed"];
    name.strip_prefix(answer).is_some_and(|rest| match rest.strip_prefix('.') {
        Some(rest) => told.contains(&rest),
        None => rest.is_empty(),
    })
}

fn found(headings: &[Heading], name: &str) -> Result<usize, Status> {
    place_of(headings, name).ok_or_else(|| {
        let near = did_you_mean(name, headings.iter().map(|h| h.name.as_str()));
        let near = near.unwrap_or_else(|| {
            let names: Vec<&str> = headings.iter().map(|h| h.name.as_str()).collect();
            format!("it has {}", listed(&names))
        });
        shared::unusable(&format!("the input has no column `{name}`; {near}"))
    })
}

fn mark(given: Option<&str>, option: &str, are: &str, fits: fn(char) -> bool) -> Result<Option<char>, Status> {
    let Some(text) = given else { return Ok(None) };
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(mark), None) if fits(mark) => Ok(Some(mark)),
        _ => Err(shared::unusable(&format!("`{option} {text}`: write {are}"))),
    }
}
