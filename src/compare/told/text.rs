//! A difference as text for a terminal: the summary, declarations, answers, cases.

use super::Counts;
use crate::compare::{
    AnswerChange, CaseChange, Cell, CellChange, Change, Diff, Edition, ItemChange, ItemKind, LineSide, OutcomeChange,
    Region, Renamed, Side, Verdict,
};
use crate::report::{Ink, Page, PageStyle};

/// Which parts are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    pub declarations: bool,
    pub outcomes: bool,
    pub cases: bool,
    /// Whole texts of what was added and removed, and the names of what is unchanged.
    pub full: bool,
}

/// Lines of an item that are shown before it is cut.
const MOST_LINES: usize = 24;

/// The whole difference. `lang` is that of labels.
pub fn diff_text(diff: &Diff, parts: Parts, lang: &str, style: PageStyle) -> String {
    let mut page = Page::new(style);
    page.line(0, Ink::Bold, &format!("{} → {}", diff.old, diff.new));
    summary(&mut page, diff);
    if parts.declarations && !diff.items.is_empty() {
        declarations(&mut page, diff, parts.full);
    }
    if parts.outcomes {
        outcomes(&mut page, diff, parts, lang);
    }
    if parts.cases && !diff.cases.is_empty() {
        page.heading("Cases with another answer");
        let told = diff.cases.iter().filter(|case| parts.full || case.not_asked.is_empty());
        told.for_each(|case| case_text(&mut page, case));
        let apart = Counts::of(diff).cases_apart;
        if apart > 0 && !parts.full {
            let words = format!("and {apart} with facts that the other edition does not ask for (use --full)");
            page.line(2, Ink::Dim, &words);
        }
    }
    page.finish()
}

fn summary(page: &mut Page, diff: &Diff) {
    let n = Counts::of(diff);
    page.heading("Summary");
    let rows = [
        (
            "declarations",
            format!(
                "{} added, {} removed, {} changed (of these {} in words and citations only), {} renamed",
                n.added, n.removed, n.changed, n.wording, n.renamed
            ),
        ),
        (
            "answers",
            format!(
                "{} changed, {} proved unchanged, {} not proved, {} added, {} removed",
                n.answers_changed, n.answers_proved, n.answers_not_proved, n.answers_added, n.answers_removed
            ),
        ),
        (
            "cases",
            format!(
                "{} with another answer (of these {} with facts that the other edition does not ask for)",
                n.cases, n.cases_apart
            ),
        ),
    ];
    let rows: Vec<_> =
        rows.into_iter().map(|(name, text)| vec![(Ink::Bold, name.to_owned()), (Ink::Plain, text)]).collect();
    page.columns(2, &rows);
    if diff.is_empty() {
        page.blank();
        page.line(0, Ink::Good, "nothing changed");
    }
}

/// Kind by kind: what changed in full; what was added, removed or only put in other words by name.
fn declarations(page: &mut Page, diff: &Diff, full: bool) {
    let mut kinds: Vec<ItemKind> = diff.items.iter().map(|i| i.kind).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let of_kind: Vec<&ItemChange> = diff.items.iter().filter(|i| i.kind == kind).collect();
        page.heading(&format!("{}: {}", kind.plural(), of_kind.len()));
        let detailed = |i: &&&ItemChange| full || matches!(i.change, Change::Changed | Change::Renamed) && !i.wording;
        if kind == ItemKind::Clause && !full {
            let how = |i: &ItemChange| matches!(i.change, Change::Changed | Change::Renamed);
            let changed = of_kind.iter().filter(|i| how(i)).count();
            page.line(2, Ink::Dim, &format!("{changed} say it otherwise or are called otherwise (use --full)"));
        } else {
            of_kind.iter().filter(detailed).for_each(|item| item_text(page, item, full));
        }
        if full {
            continue;
        }
        for (word, is) in [
            ("added", (|i| i.change == Change::Added) as fn(&ItemChange) -> bool),
            ("removed", |i| i.change == Change::Removed),
            ("in other words or citations only", |i| i.wording),
        ] {
            let names: Vec<&str> = of_kind.iter().filter(|i| is(i)).map(|i| i.name.as_str()).collect();
            if !names.is_empty() {
                page.hanging(&format!("  {word}: "), "    ", Ink::Plain, &names.join(", "));
            }
        }
    }
}

fn item_text(page: &mut Page, item: &ItemChange, full: bool) {
    let ink = match item.change {
        Change::Added => Ink::Good,
        Change::Removed => Ink::Bad,
        Change::Changed | Change::Renamed => Ink::Warn,
    };
    let was = match &item.was {
        None => String::new(),
        Some((name, Renamed::Said)) => format!(", was {name}, as the new edition says"),
        Some((name, Renamed::Alike(alike))) => format!(", was {name}: {alike} % of what they say is alike"),
    };
    let section = item.section.as_ref().map_or(String::new(), |s| format!("  §{s}"));
    let head = format!("{} {}", item.kind.word(), item.name);
    page.columns(2, &[vec![(Ink::Bold, head), (ink, format!("{}{was}", item.change.word())), (Ink::Dim, section)]]);
    match item.change {
        Change::Renamed => {}
        Change::Added | Change::Removed if !full => {}
        _ if !item.rows.is_empty() => item.rows.iter().for_each(|row| row_text(page, &row.key, &row.change)),
        _ => {
            let differing: Vec<_> = item.lines.iter().filter(|l| l.side != LineSide::Both).collect();
            for line in differing.iter().take(MOST_LINES) {
                let (sign, ink) = if line.side == LineSide::Old { ("-", Ink::Bad) } else { ("+", Ink::Good) };
                page.hanging(&format!("      {sign} "), "        ", ink, line.text.trim());
            }
            if differing.len() > MOST_LINES {
                page.line(6, Ink::Dim, &format!("and {} more lines", differing.len() - MOST_LINES));
            }
        }
    }
}

fn row_text(page: &mut Page, key: &[(String, String)], change: &CellChange) {
    let key: Vec<String> =
        key.iter().filter(|(_, cell)| cell != "any").map(|(h, cell)| format!("{h} {cell}")).collect();
    let key = if key.is_empty() { "every case".to_owned() } else { key.join(", ") };
    let answers = |cells: &[Cell], new: bool| -> String {
        let of = |c: &Cell| if new { c.new.clone() } else { c.old.clone() };
        cells.iter().filter_map(|c| Some(format!("{} {}", c.column, of(c)?))).collect::<Vec<_>>().join(", ")
    };
    match change {
        CellChange::Added(cells) => {
            page.hanging("      + ", "        ", Ink::Good, &format!("row {key}: {}", answers(cells, true)));
        }
        CellChange::Removed(cells) => {
            page.hanging("      - ", "        ", Ink::Bad, &format!("row {key}: {}", answers(cells, false)));
        }
        CellChange::Cells(cells) => {
            page.line(6, Ink::Plain, &format!("row {key}"));
            for cell in cells {
                let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
                let text = format!("{}: {} → {}", cell.column, shown(&cell.old), shown(&cell.new));
                page.hanging("        ", "          ", Ink::Warn, &text);
            }
        }
    }
}

fn outcomes(page: &mut Page, diff: &Diff, parts: Parts, lang: &str) {
    let changed: Vec<&OutcomeChange> = diff.changed().collect();
    if !changed.is_empty() {
        page.heading("Answers that changed");
        for change in changed {
            page.line(2, Ink::Bold, &change.path);
            if let Some(label) = change.labels.in_language(lang) {
                page.line(6, Ink::Dim, label);
            }
            if let Verdict::Changed { regions, all } = &change.verdict {
                regions.iter().for_each(|region| region_text(page, region));
                if !all {
                    let words = format!("found by trying {} cases; there may be more such facts", change.tried);
                    page.line(6, Ink::Dim, &words);
                }
            }
        }
    }
    let of = |is: &dyn Fn(&Verdict) -> bool| -> Vec<&OutcomeChange> {
        diff.outcomes.iter().filter(|o| is(&o.verdict)).collect()
    };
    let not_proved = of(&|v| matches!(v, Verdict::NotProved));
    if !not_proved.is_empty() {
        page.heading("Not proved: no difference was found, and not every kind of case was tried");
        for change in not_proved {
            let tried =
                if change.tried == 0 { "read from logs".to_owned() } else { format!("{} cases tried", change.tried) };
            page.columns(2, &[vec![(Ink::Plain, change.path.clone()), (Ink::Dim, tried)]]);
        }
    }
    if parts.full {
        for (heading, is) in [
            ("Proved unchanged", (|v| matches!(v, Verdict::Proved { .. })) as fn(&Verdict) -> bool),
            ("Decided by the new edition only", |v| matches!(v, Verdict::Added)),
            ("Decided by the old edition only", |v| matches!(v, Verdict::Removed)),
        ] {
            let those = of(&is);
            if !those.is_empty() {
                page.heading(heading);
                let names: Vec<&str> = those.iter().map(|o| o.path.as_str()).collect();
                page.line(2, Ink::Plain, &names.join(", "));
            }
        }
    }
}

fn region_text(page: &mut Page, region: &Region) {
    for when in &region.when {
        let conditions: Vec<&str> = when.iter().map(|c| c.told.as_str()).collect();
        let when =
            if conditions.is_empty() { "in every case".to_owned() } else { format!("when {}", conditions.join(" and ")) };
        page.hanging("      ", "        ", Ink::Plain, &when);
    }
    let cited = |clauses: &[String]| {
        let shown: Vec<&str> = clauses.iter().take(3).map(String::as_str).collect();
        let more = clauses.len().saturating_sub(3);
        match (shown.is_empty(), more) {
            (true, _) => String::new(),
            (_, 0) => format!("  [{}]", shown.join(", ")),
            (_, more) => format!("  [{}, and {more} more]", shown.join(", ")),
        }
    };
    let told = |side: &Side| {
        let formula = side.formula.as_ref().map_or(String::new(), |f| format!("{f}, here "));
        format!("{formula}{}{}", side.answer, cited(&side.clauses))
    };
    let (old, new) = (told(&region.old), told(&region.new));
    page.hanging("        was  ", "             ", Ink::Bad, &old);
    page.hanging("        now  ", "             ", Ink::Good, &new);
    if !region.witness.is_empty() {
        let facts: Vec<String> = region.witness.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        page.hanging("        such as  ", "             ", Ink::Dim, &facts.join(", "));
    }
}

fn case_text(page: &mut Page, case: &CaseChange) {
    let of = match case.of {
        Some(Edition::Old) => " (of the old edition)",
        Some(Edition::New) => " (of the new edition)",
        None => "",
    };
    page.line(2, Ink::Bold, &format!("{}{of}", case.name));
    for AnswerChange { path, old, new, by } in &case.answers {
        let by = by.as_ref().map_or(String::new(), |by| format!(" ({})", signed(by)));
        let text = format!("{path}: {} → {}{by}", old.answer, new.answer);
        page.hanging("      ", "        ", Ink::Warn, &text);
    }
    if !case.not_asked.is_empty() {
        page.hanging(
            "      ",
            "        ",
            Ink::Dim,
            &format!("not asked by the other edition: {}", case.not_asked.join(", ")),
        );
    }
}

/// An amount by which something grew has a plus.
fn signed(by: &str) -> String {
    if by.contains('-') { by.to_owned() } else { format!("+ {by}") }
}
