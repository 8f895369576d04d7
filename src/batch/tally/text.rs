//! The summary of a run for people.

use unicode_width::UnicodeWidthStr;

use super::amounts::shown;
use super::{AnswerTally, Changes, Sums, Tally};
use crate::model::{ClauseId, Model};
use crate::report::Target;

/// Values, reasons and changes that are shown of one answer; how many more there are is said.
const MOST_SHOWN: usize = 8;
/// Columns of a table of groups.
const MOST_COLUMNS: usize = 6;
/// Clauses that are shown.
const MOST_CLAUSES: usize = 12;

/// What a run came to. `column` is the one by which rows were grouped.
pub fn tally_text(model: &Model, targets: &[Target], tally: &Tally, column: Option<&str>) -> String {
    let mut text = format!("{} evaluated", rows(tally.rows));
    if tally.rejected > 0 {
        text.push_str(&format!(", {} set aside", rows(tally.rejected)));
    }
    text.push('\n');
    for (target, own) in targets.iter().zip(&tally.answers) {
        text.push_str(&format!("\n{}\n", target.path));
        answer(model, own, tally.rows, &mut text);
    }
    if let Some(column) = column {
        for (place, target) in targets.iter().enumerate() {
            text.push_str(&format!("\n{} by {column}\n", target.path));
            text.push_str(&groups(model, tally, place));
        }
    }
    text
}

fn answer(model: &Model, tally: &AnswerTally, all: u64, text: &mut String) {
    let mut lines: Vec<[String; 3]> = Vec::new();
    let share = |rows: u64| format!("{:>5}", percent(rows, all));
    let values = tally.values.by_frequency();
    for (value, rows) in values.iter().take(MOST_SHOWN) {
        lines.push([(*value).to_owned(), number(*rows), share(*rows)]);
    }
    let more: u64 = values.iter().skip(MOST_SHOWN).map(|(_, rows)| rows).sum::<u64>() + tally.values.other;
    if more > 0 {
        lines.push(["other values".to_owned(), number(more), share(more)]);
    }
    if values.is_empty() && tally.determined > 0 {
        lines.push(["determined".to_owned(), number(tally.determined), share(tally.determined)]);
    }
    for words in tally.reasons.values() {
        let shown = words.by_frequency();
        for (why, rows) in shown.iter().take(MOST_SHOWN) {
            lines.push([(*why).to_owned(), number(*rows), share(*rows)]);
        }
        let more: u64 = shown.iter().skip(MOST_SHOWN).map(|(_, rows)| rows).sum::<u64>() + words.other;
        if more > 0 {
            let kind = shown.first().and_then(|(why, _)| why.split(':').next()).unwrap_or("undetermined");
            lines.push([format!("{kind}: otherwise"), number(more), share(more)]);
        }
    }
    text.push_str(&table(&lines, "  "));
    for (unit, amounts) in &tally.amounts.0 {
        let sum =
            amounts.sum.map_or("too much to be added up".to_owned(), |sum| format!("sum {}", shown(model, unit, sum)));
        let (least, most) = (shown(model, unit, amounts.least), shown(model, unit, amounts.most));
        text.push_str(&format!("  {sum}, from {least} to {most}\n"));
    }
    if let Some(changes) = &tally.changes {
        changed(model, changes, text);
    }
    clauses(model, tally, text);
}

fn changed(model: &Model, changes: &Changes, text: &mut String) {
    let all = changes.same + changes.changed;
    let rows = |count: u64| format!("{} ({})", rows(count), percent(count, all).trim());
    if changes.changed == 0 {
        return text.push_str("  the same as in the old edition throughout\n");
    }
    text.push_str(&format!("  another answer than in the old edition: {}\n", rows(changes.changed)));
    let pairs = changes.by_frequency();
    let line = |(was, is, rows): &(&str, &str, u64)| [format!("{was} → {is}"), number(*rows), String::new()];
    let mut lines: Vec<[String; 3]> = pairs.iter().take(MOST_SHOWN).map(line).collect();
    let more: u64 = pairs.iter().skip(MOST_SHOWN).map(|(.., rows)| rows).sum();
    if more > 0 {
        lines.push(["otherwise".to_owned(), number(more), String::new()]);
    }
    text.push_str(&table(&lines, "    "));
    for (words, sums) in [("more or later", &changes.more), ("less or earlier", &changes.less)] {
        if let Some(sum) = sums_text(model, sums) {
            text.push_str(&format!("    {words}: {sum}\n"));
        }
    }
}

/// `12 rows, by USD 5,000.00 in all`
fn sums_text(model: &Model, sums: &Sums) -> Option<String> {
    let sum = |(unit, amounts): (&String, &super::Amounts)| {
        let sum = amounts.sum.map_or("too much to be added up".to_owned(), |sum| shown(model, unit, sum));
        format!("{}, by {sum} in all", rows(amounts.count))
    };
    let parts: Vec<String> = sums.0.iter().map(sum).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn clauses(model: &Model, tally: &AnswerTally, text: &mut String) {
    let mut counted: Vec<(u32, u64)> = tally.clauses.iter().map(|(clause, rows)| (*clause, *rows)).collect();
    counted.sort_by_key(|(clause, rows)| (std::cmp::Reverse(*rows), *clause));
    let clause = |(number_of, rows): &(u32, u64)| {
        let clause = model.clauses.get(ClauseId(*number_of).index())?;
        let section = clause.section.as_ref().map_or(String::new(), |section| format!(" (§{section})"));
        Some([format!("by {}{section}", clause.id), number(*rows), String::new()])
    };
    let lines: Vec<[String; 3]> = counted.iter().take(MOST_CLAUSES).filter_map(clause).collect();
    text.push_str(&table(&lines, "  "));
    if counted.len() > MOST_CLAUSES {
        text.push_str(&format!("  and {} clauses more\n", counted.len() - MOST_CLAUSES));
    }
}

/// A row for each group: how many rows it has, its answers, and what the amounts add up to.
fn groups(model: &Model, tally: &Tally, place: usize) -> String {
    let Some(whole) = tally.answers.get(place) else { return String::new() };
    let values: Vec<&str> =
        whole.values.by_frequency().into_iter().take(MOST_COLUMNS).map(|(value, _)| value).collect();
    let units: Vec<&str> = whole.amounts.0.keys().map(String::as_str).collect();
    let reasons: Vec<&str> = whole.reasons.keys().map(String::as_str).collect();
    let has_more = whole.values.of.len() > values.len() || whole.values.other > 0;
    let changes = whole.changes.is_some();
    let mut lines: Vec<Vec<String>> = vec![vec![String::new(), "rows".to_owned()]];
    let heading = &mut lines[0];
    heading.extend(values.iter().map(|v| (*v).to_owned()));
    heading.extend(has_more.then(|| "other values".to_owned()));
    heading.extend(reasons.iter().map(|r| r.replace('-', " ")));
    heading.extend(units.iter().map(|unit| if unit.is_empty() { "sum".to_owned() } else { format!("sum in {unit}") }));
    heading.extend(changes.then(|| "changed".to_owned()));
    for (name, group) in &tally.groups {
        let Some(own) = group.answers.get(place) else { continue };
        let of = |value: &str| own.values.of.get(value).copied().unwrap_or(0);
        let mut line = vec![if name.is_empty() { "(empty)".to_owned() } else { name.clone() }, number(group.rows)];
        line.extend(values.iter().map(|value| number(of(value))));
        if has_more {
            line.push(number(own.values.total() - values.iter().map(|value| of(value)).sum::<u64>()));
        }
        line.extend(reasons.iter().map(|r| number(own.reasons.get(*r).map_or(0, |words| words.total()))));
        line.extend(units.iter().map(|unit| match own.amounts.0.get(*unit) {
            None => String::new(),
            Some(amounts) => amounts.sum.map_or("too much".to_owned(), |sum| shown(model, unit, sum)),
        }));
        line.extend(changes.then(|| number(own.changes.as_ref().map_or(0, |c| c.changed))));
        lines.push(line);
    }
    columns(&lines, "  ")
}

fn table(lines: &[[String; 3]], indent: &str) -> String {
    columns(&lines.iter().map(|line| line.to_vec()).collect::<Vec<_>>(), indent)
}

/// Columns beside each other: the first to the left, the others to the right.
fn columns(lines: &[Vec<String>], indent: &str) -> String {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| lines.iter().filter_map(|l| l.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(wide).collect();
    let mut text = String::new();
    for line in lines {
        let mut row = indent.to_owned();
        for (column, cell) in line.iter().enumerate() {
            let gap = " ".repeat(widths[column].saturating_sub(cell.width()));
            match column {
                0 => row.extend([cell.as_str(), &gap]),
                _ => row.extend(["  ", &gap, cell]),
            }
        }
        text.extend([row.trim_end(), "\n"]);
    }
    text
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{} rows", number(count)) }
}

/// `1,000,000`
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut spaced = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    spaced
}

/// `61.2%`, cut down and not rounded, so that only all are 100%.
fn percent(count: u64, all: u64) -> String {
    let thousandths = u128::from(count) * 1000 / u128::from(all.max(1));
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}
