//! Tables row by row and cell by cell. A row is known by its conditions, whatever its place.

use std::collections::BTreeMap;

use crate::model::{Body, Decision, Model, Words};

/// A row that is not the same in both editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// Its conditions: heading and cell.
    pub key: Vec<(String, String)>,
    pub change: CellChange,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellChange {
    /// The row is new: its answers.
    Added(Vec<Cell>),
    Removed(Vec<Cell>),
    /// Cells of the row that differ.
    Cells(Vec<Cell>),
}

/// One answer of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub column: String,
    /// Nothing where the edition's table has no such row or column.
    pub old: Option<String>,
    pub new: Option<String>,
}

struct Grid {
    headings: Vec<String>,
    /// By key, in source order: answers by column.
    rows: Vec<(Vec<String>, BTreeMap<String, String>)>,
    columns: Vec<String>,
}

/// The rows of two tables that differ.
pub(super) fn rows_changed(old: (&Model, &Decision), new: (&Model, &Decision)) -> Vec<RowChange> {
    let (Some(before), Some(after)) = (grid(old.0, old.1), grid(new.0, new.1)) else { return Vec::new() };
    let keyed = |grid: &Grid, key: &[String]| grid.headings.iter().cloned().zip(key.iter().cloned()).collect();
    let mut found = Vec::new();
    for (key, answers) in &after.rows {
        let same = before.rows.iter().find(|(other, _)| other == key && before.headings == after.headings);
        let change = match same {
            None => CellChange::Added(cells(&after.columns, None, Some(answers))),
            Some((_, earlier)) => {
                let mut columns = after.columns.clone();
                columns.extend(before.columns.iter().filter(|c| !after.columns.contains(c)).cloned());
                let differing: Vec<Cell> = cells(&columns, Some(earlier), Some(answers))
                    .into_iter()
                    .filter(|cell| cell.old != cell.new)
                    .collect();
                if differing.is_empty() {
                    continue;
                }
                CellChange::Cells(differing)
            }
        };
        found.push(RowChange { key: keyed(&after, key), change });
    }
    for (key, answers) in &before.rows {
        let kept = after.rows.iter().any(|(other, _)| other == key) && before.headings == after.headings;
        if !kept {
            let change = CellChange::Removed(cells(&before.columns, Some(answers), None));
            found.push(RowChange { key: keyed(&before, key), change });
        }
    }
    found
}

fn cells(
    columns: &[String],
    old: Option<&BTreeMap<String, String>>,
    new: Option<&BTreeMap<String, String>>,
) -> Vec<Cell> {
    let of = |answers: Option<&BTreeMap<String, String>>, column: &String| answers.and_then(|a| a.get(column).cloned());
    columns.iter().map(|c| Cell { column: c.clone(), old: of(old, c), new: of(new, c) }).collect()
}

fn grid(model: &Model, decision: &Decision) -> Option<Grid> {
    let Body::Table(table) = &decision.group.body else { return None };
    let words = Words::of(model, decision);
    let names: Vec<String> = table
        .answers
        .iter()
        .map(|answer| match decision.columns.get(*answer) {
            Some(column) if !column.name.is_empty() => column.name.clone(),
            _ => decision.name.clone(),
        })
        .collect();
    let rows = table.rows.iter().chain(&table.otherwise).map(|row| {
        let (left, right) = words.row(row);
        (left, names.iter().cloned().zip(right).collect())
    });
    let headings = table.conditions.iter().map(|c| words.expr(c)).collect();
    Some(Grid { headings, rows: rows.collect(), columns: names })
}
