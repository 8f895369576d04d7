//! A difference as text for a terminal: the summary, declarations, answers, cases.

use super::Counts;
use crate::compare::{
    AnswerChange, CaseChange, Cell, CellChange, Change, Condition, Diff, Edition, ItemChange, ItemKind, LineSide,
    OutcomeChange, Portfolio, Region, Renamed, Side, Tally, Verdict,
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

/// The whole difference: the summary, then what matters most. `lang` is that of labels.
pub fn diff_text(diff: &Diff, parts: Parts, lang: &str, style: PageStyle) -> String {
    let mut page = Page::new(style);
    page.line(0, Ink::Bold, &format!("{} → {}", diff.old, diff.new));
    summary(&mut page, diff);
    if parts.outcomes {
        outcomes(&mut page, diff, parts, lang);
    }
    if parts.cases {
        if let Some(portfolio) = &diff.portfolio {
            portfolio_text(&mut page, portfolio);
        }
        scenarios(&mut page, diff, parts.full);
    }
    if parts.outcomes {
        unchanged(&mut page, diff, parts);
    }
    if parts.declarations && !diff.items.is_empty() {
        declarations(&mut page, diff, parts.full);
    }
    page.finish()
}

/// Whom it concerns, and by how much; then case by case.
fn portfolio_text(page: &mut Page, portfolio: &Portfolio) {
    let words = format!("Cases given: {} of {} with another answer", portfolio.cases.len(), portfolio.given);
    page.heading(&words);
    let rows: Vec<_> = portfolio
        .tallies
        .iter()
        .map(|tally| vec![(Ink::Bold, tally.path.clone()), (Ink::Plain, tally_words(tally))])
        .collect();
    page.columns(2, &rows);
    if !portfolio.cases.is_empty() {
        page.blank();
    }
    portfolio.cases.iter().for_each(|case| case_text(page, case));
}

/// `another for 5: more for 3, less for 2; from - USD 100 to USD 500, together USD 1,200`
pub(super) fn tally_words(tally: &Tally) -> String {
    let mut words = format!("another for {}", tally.changed);
    if tally.more + tally.less > 0 {
        words.push_str(&format!(": more for {}, less for {}", tally.more, tally.less));
    }
    if let (Some(from), Some(to), Some(together)) = (&tally.from, &tally.to, &tally.together) {
        if from != to {
            words.push_str(&format!("; from {} to {}", signed(from), signed(to)));
        }
        words.push_str(&format!("; together {}", signed(together)));
    }
    words
}

/// Scenarios that are told before the rest is counted.
const MOST_CASES: usize = 30;

fn scenarios(page: &mut Page, diff: &Diff, full: bool) {
    if diff.cases.is_empty() {
        return;
    }
    page.heading(&format!("Scenarios with another answer: {}", diff.cases.len()));
    let told: Vec<&CaseChange> = diff.cases.iter().filter(|case| full || case.not_asked.is_empty()).collect();
    let most = if full { told.len() } else { MOST_CASES };
    told.iter().take(most).for_each(|case| case_text(page, case));
    let apart = diff.cases.len() - told.len();
    let more = told.len().saturating_sub(most);
    let mut left: Vec<String> = Vec::new();
    if more > 0 {
        left.push(format!("{more} more"));
    }
    if apart > 0 {
        left.push(format!("{apart} with facts that the other edition does not ask for"));
    }
    if !left.is_empty() {
        page.line(2, Ink::Dim, &format!("and {} (use --full)", left.join(", and ")));
    }
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
            "scenarios",
            format!(
                "{} with another answer (of these {} with facts that the other edition does not ask for)",
                n.cases, n.cases_apart
            ),
        ),
    ];
    let mut rows = rows.to_vec();
    // What changes in answers is read first.
    rows.swap(0, 1);
    if let Some(portfolio) = &diff.portfolio {
        rows.push(("cases given", format!("{} of {} with another answer", portfolio.cases.len(), portfolio.given)));
    }
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
    if changed.is_empty() {
        return;
    }
    page.heading(&format!("Answers that changed: {}", changed.len()));
    for change in changed {
        let section = change.section.as_ref().map_or(String::new(), |s| format!("§{s}"));
        let label = change.labels.in_language(lang).unwrap_or_default();
        page.columns(2, &[vec![(Ink::Bold, change.path.clone()), (Ink::Dim, section), (Ink::Dim, label.to_owned())]]);
        let Verdict::Changed { regions, all } = &change.verdict else { continue };
        let most = if parts.full { regions.len() } else { MOST_REGIONS };
        regions.iter().take(most).for_each(|region| region_text(page, region, parts.full));
        if regions.len() > most {
            page.line(6, Ink::Dim, &format!("and {} more pairs of answers (use --full)", regions.len() - most));
        }
        if !all {
            let doubts = change.doubts.join("; ");
            let tried = if change.tried == 1 { "1 case".to_owned() } else { format!("{} cases", change.tried) };
            page.hanging(
                "      ",
                "      ",
                Ink::Dim,
                &format!("found by trying {tried}; there may be more: {doubts}"),
            );
        }
    }
}

/// What did not change, as far as that is known.
fn unchanged(page: &mut Page, diff: &Diff, parts: Parts) {
    let of = |is: &dyn Fn(&Verdict) -> bool| -> Vec<&OutcomeChange> {
        diff.outcomes.iter().filter(|o| is(&o.verdict)).collect()
    };
    let not_proved = of(&|v| matches!(v, Verdict::NotProved));
    if !not_proved.is_empty() {
        page.heading(&format!("Not proved, and no difference found: {}", not_proved.len()));
        let rows: Vec<_> = not_proved
            .iter()
            .map(|change| {
                let tried = format!("{} tried", change.tried);
                vec![(Ink::Plain, change.path.clone()), (Ink::Dim, tried), (Ink::Dim, change.doubts.join("; "))]
            })
            .collect();
        page.columns(2, &rows);
    }
    if parts.full {
        for (heading, is) in [
            ("Proved unchanged", (|v| matches!(v, Verdict::Proved { .. })) as fn(&Verdict) -> bool),
            ("Decided by the new edition only", |v| matches!(v, Verdict::Added)),
            ("Decided by the old edition only", |v| matches!(v, Verdict::Removed)),
        ] {
            let those = of(&is);
            if !those.is_empty() {
                page.heading(&format!("{heading}: {}", those.len()));
                let names: Vec<&str> = those.iter().map(|o| o.path.as_str()).collect();
                page.hanging("  ", "  ", Ink::Plain, &names.join(", "));
            }
        }
    }
}

/// Pairs of answers of one decision, and kinds of cases of one pair, that are told before the rest is counted.
const MOST_REGIONS: usize = 6;
const MOST_KINDS: usize = 4;

fn region_text(page: &mut Page, region: &Region, full: bool) {
    let most = if full { region.when.len() } else { MOST_KINDS };
    for (number, when) in region.when.iter().take(most).enumerate() {
        let words = when_words(when);
        let first = if number == 0 { "      when " } else { "      or when " };
        if words.is_empty() {
            page.line(6, Ink::Plain, "in every case");
        } else {
            page.hanging(first, "        ", Ink::Plain, &words);
        }
    }
    if region.when.len() > most {
        page.line(8, Ink::Dim, &format!("and in {} more kinds of cases (use --full)", region.when.len() - most));
    }
    if let Some(scenario) = &region.scenario {
        page.hanging("      in the scenario ", "        ", Ink::Plain, scenario);
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
    let told = |side: &Side| format!("{}{}", side_words(side), cited(&side.clauses));
    page.hanging("        was  ", "             ", Ink::Bad, &told(&region.old));
    page.hanging("        now  ", "             ", Ink::Good, &told(&region.new));
    if region.scenario.is_none() && !region.witness.is_empty() {
        let facts: Vec<String> = region.witness.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        page.hanging("        such as  ", "             ", Ink::Dim, &facts.join(", "));
    }
}

/// All the conditions of one kind of case.
pub(super) fn when_words(when: &[Condition]) -> String {
    let told: Vec<&str> = when.iter().map(|c| c.told.as_str()).filter(|told| !told.is_empty()).collect();
    let enclosed = |told: &&str| {
        if when.len() > 1 && (told.contains(" or ") || told.contains(", or")) {
            format!("({told})")
        } else {
            (*told).to_owned()
        }
    };
    told.iter().map(enclosed).collect::<Vec<_>>().join(" and ")
}

/// An answer, with the formula that it comes of.
pub(super) fn side_words(side: &Side) -> String {
    let formula = side.formula.as_ref().filter(|f| **f != side.answer).map_or(String::new(), |f| format!("{f}, here "));
    format!("{formula}{}", side.answer)
}

fn case_text(page: &mut Page, case: &CaseChange) {
    let of = match case.of {
        Some(Edition::Old) => " (of the old edition)",
        Some(Edition::New) => " (of the new edition)",
        None => "",
    };
    page.line(2, Ink::Bold, &format!("{}{of}", case.name));
    for AnswerChange { path, old, new, by, .. } in &case.answers {
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
pub(super) fn signed(by: &str) -> String {
    if by.contains('-') { by.to_owned() } else { format!("+ {by}") }
}
