//! Tables: gaps, overlaps, and rows that nothing reaches.

use std::collections::BTreeSet;

use super::index::{Example, Index, Leaf};
use super::overlaps::Suspects;
use super::usage::inputs_behind;
use crate::diag::{Code, Problem};
use crate::model::{Body, Decision, Expr, ExprKind, Group, Hit, InputId, Model, Table};
use crate::source::Span;

/// Overlaps told of one table, at most.
const MAX_TOLD: usize = 3;

/// Headings told of a case, at most.
const MAX_HEADINGS: usize = 12;

const TOO_MANY_CASES: &str = "end the table with `| otherwise || VALUE |`, or split it: its columns combine to more \
    cases than are looked through";

/// An example of a case: a value for each axis.
type Case = Vec<(usize, Example)>;

/// Checks every table. Gives the indexes by table number, and the rows that may overlap where that is not settled.
pub(super) fn check(model: &Model, problems: &mut Vec<Problem>) -> (Vec<Option<Index>>, Vec<Option<Suspects>>) {
    let mut indexes: Vec<Option<Index>> = vec![None; model.tables as usize];
    let mut suspects: Vec<Option<Suspects>> = vec![None; model.tables as usize];
    for decision in &model.decisions {
        let mut tables = Vec::new();
        collect(&decision.group, &mut tables);
        for table in tables {
            let number = table.id as usize;
            (indexes[number], suspects[number]) = check_table(model, decision, table, problems);
        }
    }
    (indexes, suspects)
}

fn collect<'a>(group: &'a Group, tables: &mut Vec<&'a Table>) {
    if let Body::Table(table) = &group.body {
        tables.push(table);
    }
    for exception in &group.exceptions {
        collect(&exception.group, tables);
    }
}

fn check_table(
    model: &Model,
    decision: &Decision,
    table: &Table,
    problems: &mut Vec<Problem>,
) -> (Option<Index>, Option<Suspects>) {
    let mut suspects = None;
    let mut gap: Option<Case> = None;
    let mut overlaps: Vec<(u32, u32, Case)> = Vec::new();
    let mut overlapping: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut reached: Vec<bool> = vec![false; table.rows.len()];
    let mut uncovered = false;
    let mut record = |leaf: Leaf| {
        match (leaf.rows, &table.hit) {
            ([], _) => {
                uncovered = true;
                gap.get_or_insert_with(|| leaf.example.to_vec());
            }
            ([first, second, ..], Hit::Unique) => {
                if overlapping.len() < 64 && overlapping.insert((*first, *second)) {
                    overlaps.push((*first, *second, leaf.example.to_vec()));
                }
                leaf.rows.iter().for_each(|r| reached[*r as usize] = true);
            }
            ([first, ..], Hit::First) => reached[*first as usize] = true,
            (rows, _) => rows.iter().for_each(|r| reached[*r as usize] = true),
        };
    };
    let index = Index::build(model, table, &mut record);
    let independent = independent(model, decision, &table.conditions);
    match &index {
        Some(index) if index.exact => {
            if let (Some(example), true, None) = (&gap, table.must_be_complete, &table.otherwise) {
                problems.push(gap_problem(model, decision, table, example));
            }
            suspects = Some(Suspects::new());
            if !independent {
                suspects = Some(overlaps.iter().map(|(first, second, _)| (*first, *second)).collect());
            } else {
                for (first, second, example) in overlaps.iter().take(MAX_TOLD) {
                    problems.push(overlap_problem(model, table, *first, *second, example));
                }
            }
            for (row, _) in table.rows.iter().zip(&reached).filter(|(_, reached)| !**reached) {
                let why = match table.hit {
                    Hit::First => "the rows above cover every case of this one",
                    _ => "its cells leave no value that fits",
                };
                problems.push(unreachable(row.span, "this row can never apply", why));
            }
            if let (Some(otherwise), false) = (&table.otherwise, uncovered) {
                problems.push(unreachable(
                    otherwise.span,
                    "this `otherwise` can never apply",
                    "the rows above cover every case: leave it out",
                ));
            }
        }
        _ => {
            if let (Some(example), None, true, None) = (&gap, &index, table.must_be_complete, &table.otherwise) {
                problems.push(gap_problem(model, decision, table, example));
            } else if table.must_be_complete && table.otherwise.is_none() {
                let message = format!("it is not proved that the rows of `{}` cover every case", decision.name);
                let help = match index {
                    Some(_) => "end the table with `| otherwise || VALUE |`: some cells compare with computed values",
                    None => TOO_MANY_CASES,
                };
                problems.push(Problem::new(Code::GapInTable, table.span, message).help(help));
            }
        }
    }
    (index, suspects)
}

fn gap_problem(model: &Model, decision: &Decision, table: &Table, example: &[(usize, Example)]) -> Problem {
    let message = format!("the rows of `{}` do not cover every case", decision.name);
    let shown = describe(model, table, example);
    Problem::new(Code::GapInTable, table.span, message).label(format!("no row fits: {shown}")).help(
        "add a row for it, or end the table with `| otherwise || VALUE |` (`silent` if the agreement does not say)",
    )
}

fn overlap_problem(model: &Model, table: &Table, first: u32, second: u32, example: &[(usize, Example)]) -> Problem {
    let (first, second) = (&table.rows[first as usize], &table.rows[second as usize]);
    let shown = describe(model, table, example);
    Problem::new(Code::OverlappingRows, second.span, "two rows fit the same case")
        .label(format!("both fit: {shown}"))
        .related(first.span, "this row fits too")
        .help("make the rows exclude each other, or write `hit first` above the table if the first is to hold")
}

fn unreachable(span: Span, message: &str, why: &str) -> Problem {
    Problem::new(Code::UnreachableRow, span, message).help(why)
}

/// `notice is 5 days, severity is A`
fn describe(model: &Model, table: &Table, example: &[(usize, Example)]) -> String {
    let parts = example.iter().take(MAX_HEADINGS).map(|(column, example)| {
        let heading = heading(model, &table.conditions[*column]);
        match example {
            Example::Value(value) => format!("{heading} is {}", value.display(model)),
            Example::Unnamed => format!("{heading} is none of those named"),
            Example::Has(value) => format!("{heading} has {}", value.display(model)),
            Example::HasNot(value) => format!("{heading} has not {}", value.display(model)),
        }
    });
    let mut text = parts.collect::<Vec<_>>().join(", ");
    if example.len() > MAX_HEADINGS {
        text += &format!(", and {} more", example.len() - MAX_HEADINGS);
    }
    if text.is_empty() { "any case at all".to_owned() } else { text }
}

/// What a heading is called.
fn heading(model: &Model, condition: &Expr) -> String {
    match &condition.kind {
        ExprKind::Input(id) => model.input(*id).name.clone(),
        ExprKind::Decision(id, column) => {
            let decision = model.decision(*id);
            match decision.columns.get(*column as usize) {
                Some(c) if !c.name.is_empty() => format!("{}.{}", decision.name, c.name),
                _ => decision.name.clone(),
            }
        }
        ExprKind::Reading(id) => model.reading(*id).name.clone(),
        ExprKind::Except { column, .. } => heading(model, column),
        ExprKind::Property(of, property) => format!("{}.{}", heading(model, of), property.name()),
        ExprKind::Local(_) => model_local(model, condition).unwrap_or_else(|| "the heading".to_owned()),
        _ => "the heading".to_owned(),
    }
}

/// The name of the `let` that a heading stands for.
fn model_local(model: &Model, condition: &Expr) -> Option<String> {
    let ExprKind::Local(slot) = condition.kind else { return None };
    let inside = |d: &&Decision| {
        d.span.file == condition.span.file && d.span.start <= condition.span.start && condition.span.end <= d.span.end
    };
    let decision = model.decisions.iter().find(inside)?;
    fn find(group: &Group, slot: u32) -> Option<String> {
        group
            .lets
            .iter()
            .find(|l| l.slot == slot)
            .map(|l| l.name.clone())
            .or_else(|| group.exceptions.iter().find_map(|e| find(&e.group, slot)))
    }
    find(&decision.group, slot)
}

/// Whether the headings vary freely of each other: no two turn on the same input.
fn independent(model: &Model, decision: &Decision, conditions: &[Expr]) -> bool {
    let mut seen: BTreeSet<InputId> = BTreeSet::new();
    conditions.iter().all(|condition| {
        let own = match &condition.kind {
            // A footnote looks at other facts, but only to take a value out.
            ExprKind::Except { column, .. } => inputs_behind(model, decision, column),
            _ => inputs_behind(model, decision, condition),
        };
        let fresh = own.iter().all(|id| !seen.contains(id));
        seen.extend(own);
        fresh
    })
}
