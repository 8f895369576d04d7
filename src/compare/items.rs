//! Declarations: what was added, removed, changed or renamed, told line by line and, for tables, cell by cell.

use std::collections::HashMap;

use similar::{ChangeTag, TextDiff};

use super::Names;
use super::cells::{RowChange, rows_changed};
use super::likeness::{Profile, pairs};
use crate::model::{Body, Decision, DecisionKind, ItemRef, Model, PARTIES};
use crate::report::snapshot::item_text;
use crate::source::Span;

/// What kind of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    Agreement,
    Party,
    Unit,
    Enumeration,
    Record,
    Clause,
    Input,
    Catalogue,
    Service,
    Decision,
    Period,
    Responses,
    Milestone,
    Process,
    Reading,
    Calendar,
    Holidays,
    Event,
}

impl ItemKind {
    /// Several of them, as a heading.
    pub fn plural(self) -> &'static str {
        match self {
            ItemKind::Agreement => "Agreement",
            ItemKind::Party => "Parties",
            ItemKind::Unit => "Units",
            ItemKind::Enumeration => "Enumerations",
            ItemKind::Record => "Records",
            ItemKind::Clause => "Clauses",
            ItemKind::Input => "Inputs",
            ItemKind::Catalogue => "Catalogues",
            ItemKind::Service => "Services",
            ItemKind::Decision => "Decisions",
            ItemKind::Period => "Periods",
            ItemKind::Responses => "Response tables",
            ItemKind::Milestone => "Milestones",
            ItemKind::Process => "Processes",
            ItemKind::Reading => "Readings",
            ItemKind::Calendar => "Calendars",
            ItemKind::Holidays => "Lists of holidays",
            ItemKind::Event => "Events",
        }
    }

    /// As rule files call it.
    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Agreement => "agreement",
            ItemKind::Party => "party",
            ItemKind::Unit => "unit",
            ItemKind::Enumeration => "enumeration",
            ItemKind::Record => "record",
            ItemKind::Clause => "clause",
            ItemKind::Input => "input",
            ItemKind::Catalogue => "catalogue",
            ItemKind::Service => "service",
            ItemKind::Decision => "decision",
            ItemKind::Period => "period",
            ItemKind::Responses => "responses",
            ItemKind::Milestone => "milestone",
            ItemKind::Process => "process",
            ItemKind::Reading => "reading",
            ItemKind::Calendar => "calendar",
            ItemKind::Holidays => "holidays",
            ItemKind::Event => "event",
        }
    }
}

/// One item that is not the same in both editions.
#[derive(Clone, Debug)]
pub struct ItemChange {
    pub kind: ItemKind,
    /// In the new edition; in the old one, for an item that was removed.
    pub name: String,
    pub change: Change,
    /// Only its labels, questions, paraphrases or citations are others; it means the same.
    pub wording: bool,
    /// What it was called before, and how that is known.
    pub was: Option<(String, Renamed)>,
    /// What it says, in the words of the language: lines of both editions, as a difference.
    pub lines: Vec<Line>,
    /// For a table: rows and cells that differ.
    pub rows: Vec<RowChange>,
    pub old_at: Option<Span>,
    pub new_at: Option<Span>,
    /// Clauses that it cites, or that it is: in the new edition, else in the old one.
    pub clauses: Vec<String>,
    /// The section that it belongs to, if one is known.
    pub section: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    Added,
    Removed,
    Changed,
    /// Another name and nothing else.
    Renamed,
}

impl Change {
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
            Change::Renamed => "renamed",
        }
    }
}

/// How a change of name is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renamed {
    /// The new edition says so: `was …`.
    Said,
    /// What they say is so alike, of 100.
    Alike(u32),
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub side: LineSide,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineSide {
    Both,
    Old,
    New,
}

/// An item of one edition, ready to be compared.
struct Item {
    kind: ItemKind,
    name: String,
    text: String,
    at: Option<Span>,
    reference: Option<ItemRef>,
}

/// The items that are not the same, in the order of the new edition, then those that were removed.
pub(super) fn changes(old: &Model, new: &Model, names: &Names) -> Vec<ItemChange> {
    let (before, after) = (items(old), items(new));
    let by_name: HashMap<(ItemKind, &str), usize> =
        before.iter().enumerate().map(|(i, item)| ((item.kind, item.name.as_str()), i)).collect();
    let mut partner: Vec<Option<(usize, Option<Renamed>)>> = Vec::new();
    let mut taken = vec![false; before.len()];
    for item in &after {
        let same = by_name.get(&(item.kind, item.name.as_str())).copied();
        let said = || {
            let pair =
                names.renamed_services.iter().find(|(new, _)| item.kind == ItemKind::Service && *new == item.name);
            pair.and_then(|(_, old)| by_name.get(&(ItemKind::Service, old.as_str())).copied())
        };
        let found = same.map(|i| (i, None)).or_else(|| said().map(|i| (i, Some(Renamed::Said))));
        if let Some((place, _)) = found {
            taken[place] = true;
        }
        partner.push(found);
    }
    follow_likeness(&before, &after, &mut partner, &mut taken);
    let mut found = Vec::new();
    for (item, partner) in after.iter().zip(&partner) {
        match partner {
            None => found.push(one_sided(new, item, Change::Added)),
            Some((place, renamed)) => found.extend(changed((old, &before[*place]), (new, item), *renamed)),
        }
    }
    for (item, _) in before.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        found.push(one_sided(old, item, Change::Removed));
    }
    found
}

/// Items that have no partner of the same name may have one that says nearly the same.
fn follow_likeness(
    before: &[Item],
    after: &[Item],
    partner: &mut [Option<(usize, Option<Renamed>)>],
    taken: &mut [bool],
) {
    let mut kinds: Vec<ItemKind> = after.iter().map(|i| i.kind).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let olds: Vec<usize> = (0..before.len()).filter(|i| !taken[*i] && before[*i].kind == kind).collect();
        let news: Vec<usize> = (0..after.len()).filter(|i| partner[*i].is_none() && after[*i].kind == kind).collect();
        let profile = |item: &Item| Profile::of(&nameless(item));
        let old_profiles: Vec<Profile> = olds.iter().map(|i| profile(&before[*i])).collect();
        let new_profiles: Vec<Profile> = news.iter().map(|i| profile(&after[*i])).collect();
        for (i, j, alike) in pairs(&old_profiles, &new_profiles) {
            taken[olds[i]] = true;
            partner[news[j]] = Some((olds[i], Some(Renamed::Alike(alike))));
        }
    }
}

/// What an item means, without labels, questions and citations.
fn bare(item: &Item) -> Vec<String> {
    let told = ["cites ", "label ", "ask "];
    let lines = item.text.lines().map(str::trim).filter(|line| !told.iter().any(|word| line.starts_with(word)));
    lines.skip(1).map(|line| without_labels(line.split("   [").next().unwrap_or(line))).collect()
}

/// `A  en "Severity A"  zh "…"` without its labels.
fn without_labels(line: &str) -> String {
    let mut kept = line;
    while let Some(at) = kept.rfind("  ") {
        let label = kept[at..].trim_start();
        let is_label = label.split_once(' ').is_some_and(|(lang, text)| lang.len() <= 3 && text.starts_with('"'));
        if !is_label || !kept.ends_with('"') {
            break;
        }
        kept = kept[..at].trim_end();
    }
    kept.trim_end().to_owned()
}

/// What an item says, without its own name.
fn nameless(item: &Item) -> String {
    item.text.replacen(&item.name, "", 1)
}

fn one_sided(model: &Model, item: &Item, change: Change) -> ItemChange {
    let side = if change == Change::Added { LineSide::New } else { LineSide::Old };
    let lines = item.text.lines().map(|text| Line { side, text: text.to_owned() }).collect();
    let (clauses, section) = place_of(model, item);
    let (old_at, new_at) = if change == Change::Added { (None, item.at) } else { (item.at, None) };
    ItemChange {
        kind: item.kind,
        name: item.name.clone(),
        change,
        wording: false,
        was: None,
        lines,
        rows: Vec::new(),
        old_at,
        new_at,
        clauses,
        section,
    }
}

fn changed(old: (&Model, &Item), new: (&Model, &Item), renamed: Option<Renamed>) -> Option<ItemChange> {
    let same_text = nameless(old.1) == nameless(new.1);
    if same_text && renamed.is_none() {
        return None;
    }
    let diff = TextDiff::from_lines(&old.1.text, &new.1.text);
    let lines = diff
        .iter_all_changes()
        .map(|change| {
            let side = match change.tag() {
                ChangeTag::Equal => LineSide::Both,
                ChangeTag::Delete => LineSide::Old,
                ChangeTag::Insert => LineSide::New,
            };
            Line { side, text: change.value().trim_end_matches('\n').to_owned() }
        })
        .collect();
    let rows = match (decision(old.0, old.1), decision(new.0, new.1)) {
        (Some(before), Some(after)) => rows_changed((old.0, before), (new.0, after)),
        _ => Vec::new(),
    };
    let (clauses, section) = place_of(new.0, new.1);
    Some(ItemChange {
        kind: new.1.kind,
        name: new.1.name.clone(),
        change: if same_text { Change::Renamed } else { Change::Changed },
        wording: !same_text && old.1.kind != ItemKind::Clause && bare(old.1) == bare(new.1),
        was: renamed.map(|how| (old.1.name.clone(), how)),
        lines,
        rows,
        old_at: old.1.at,
        new_at: new.1.at,
        clauses,
        section,
    })
}

fn decision<'m>(model: &'m Model, item: &Item) -> Option<&'m Decision> {
    match item.reference {
        Some(ItemRef::Decision(id)) => {
            Some(model.decision(id)).filter(|decision| matches!(decision.group.body, Body::Table(_)))
        }
        _ => None,
    }
}

fn items(model: &Model) -> Vec<Item> {
    let mut found = Vec::new();
    if let Some(agreement) = &model.agreement {
        // The edition's own name is what sets the two apart; it is no change.
        let labels: Vec<String> =
            agreement.labels.0.iter().map(|(lang, text)| format!("label {lang} {text}")).collect();
        let text = labels.join("\n");
        let (name, at) = (agreement.name.clone(), Some(agreement.span));
        found.push(Item { kind: ItemKind::Agreement, name, text, at, reference: None });
    }
    for item in &model.order {
        let Some((kind, name)) = kind_and_name(model, *item) else { continue };
        let text = item_text(model, *item);
        found.push(Item { kind, name, text, at: model.place_of(*item), reference: Some(*item) });
    }
    found
}

fn kind_and_name(model: &Model, item: ItemRef) -> Option<(ItemKind, String)> {
    Some(match item {
        ItemRef::Party(number) => (ItemKind::Party, model.member(PARTIES, number)?.name.clone()),
        ItemRef::Unit(id) => (ItemKind::Unit, model.units.get(id.0 as usize)?.name.clone()),
        ItemRef::Enumeration(id) => (ItemKind::Enumeration, model.enumeration(id).name.clone()),
        ItemRef::Record(id) => (ItemKind::Record, model.records.get(id.0 as usize)?.name.clone()),
        ItemRef::Clause(id) => (ItemKind::Clause, model.clause(id).id.clone()),
        ItemRef::Input(id) => (ItemKind::Input, model.input(id).name.clone()),
        ItemRef::Catalogue(number) => (ItemKind::Catalogue, model.catalogues.get(number as usize)?.name.clone()),
        ItemRef::Service(number) => (ItemKind::Service, model.services.get(number as usize)?.name.clone()),
        ItemRef::Decision(id) => {
            let decision = model.decision(id);
            let kind = match decision.kind {
                DecisionKind::Plain => ItemKind::Decision,
                DecisionKind::Period => ItemKind::Period,
                DecisionKind::Responses(_) => ItemKind::Responses,
                DecisionKind::Milestone(_) => ItemKind::Milestone,
                DecisionKind::Process(_) => ItemKind::Process,
            };
            (kind, decision.name.clone())
        }
        ItemRef::Reading(id) => (ItemKind::Reading, model.reading(id).name.clone()),
        ItemRef::Calendar(number) => (ItemKind::Calendar, model.calendars.get(number as usize)?.name.clone()),
        ItemRef::Holidays(number) => (ItemKind::Holidays, model.holidays.get(number as usize)?.name.clone()),
        ItemRef::Event(number) => (ItemKind::Event, model.events.get(number as usize)?.name.clone()),
        ItemRef::Scenario(_) => return None,
    })
}

/// The clauses that an item cites, and the section of the first.
fn place_of(model: &Model, item: &Item) -> (Vec<String>, Option<String>) {
    let mut ids = Vec::new();
    match item.reference {
        Some(ItemRef::Clause(id)) => ids.push(id),
        Some(other) => model.each_cites(other, &mut |cites| ids.extend(cites)),
        None => {}
    }
    ids.dedup();
    let section = ids.first().and_then(|id| model.clause(*id).section.clone());
    (ids.iter().map(|id| model.clause(*id).id.clone()).collect(), section)
}
