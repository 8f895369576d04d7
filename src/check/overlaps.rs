//! Rows that fit the same case in tables whose columns turn on the same facts. There a leaf of the index may be a
//! case that cannot arise, so an overlap is told only with facts under which both rows fit.

use super::Checked;
use super::witness::{self, Formula, Verdict, fits, told};
use crate::diag::{Code, Problem};
use crate::eval::{Evaluation, Known};
use crate::model::{Body, DecisionId, Group, Hit, Model, Row, Table, Test, TestKind, holds};
use crate::scenario::Facts;
use crate::value::Value;

/// Trials for one table, and overlaps told of one.
const TRIALS: usize = 200;
const MAX_TOLD: usize = 3;
/// Longer tables whose rows cannot be indexed are not compared row by row.
const MAX_ROWS: usize = 40;

/// Two rows of a table, by number, that may fit the same case.
pub(super) type Suspects = Vec<(u32, u32)>;

/// Tells the overlaps that can be proved among the suspects of each table; `None` for a table without an index,
/// where all rows are suspected.
pub(super) fn check(checked: &Checked, suspects: &[Option<Suspects>], problems: &mut Vec<Problem>) {
    for (number, decision) in checked.model.decisions.iter().enumerate() {
        group(checked, DecisionId(number as u32), &decision.group, suspects, problems);
    }
}

fn group(checked: &Checked, id: DecisionId, of: &Group, suspects: &[Option<Suspects>], problems: &mut Vec<Problem>) {
    if let Body::Table(table) = &of.body {
        if matches!(table.hit, Hit::Unique) {
            let pairs = match suspects.get(table.id as usize) {
                Some(Some(pairs)) => pairs.clone(),
                _ => all_pairs(table),
            };
            overlaps(checked, id, table, &pairs, problems);
        }
    }
    for exception in &of.exceptions {
        group(checked, id, &exception.group, suspects, problems);
    }
}

fn all_pairs(table: &Table) -> Suspects {
    let rows = table.rows.len().min(MAX_ROWS) as u32;
    (0..rows).flat_map(|j| (0..j).map(move |i| (i, j))).collect()
}

fn overlaps(checked: &Checked, id: DecisionId, table: &Table, pairs: &[(u32, u32)], problems: &mut Vec<Problem>) {
    let mut trials = TRIALS;
    let mut count = 0;
    for (first, second) in pairs {
        let (Some(first), Some(second)) = (table.rows.get(*first as usize), table.rows.get(*second as usize)) else {
            continue;
        };
        let both = Formula::All([first, second].map(|row| fits(Some(id), table, &row.tests)).into());
        if witness::is_impossible(&checked.model, both.clone()) {
            continue;
        }
        let trial = |evaluation: &Evaluation| {
            witness::all([first, second].into_iter().map(|row| row_fits(evaluation, id, table, row)))
        };
        let base = Facts::none(&checked.model);
        if let Some(facts) = witness::search(checked, both, &base, &mut trials, &trial) {
            let facts = witness::least(checked, facts, &trial);
            problems.push(problem(&checked.model, first, second, &facts));
            count += 1;
        }
        if count == MAX_TOLD || trials == 0 {
            return;
        }
    }
}

fn problem(model: &Model, first: &Row, second: &Row, facts: &Facts) -> Problem {
    Problem::new(Code::OverlappingRows, second.span, "two rows fit the same case")
        .label(format!("both fit, for example: {}", told(model, facts)))
        .related(first.span, "this row fits too")
        .help("make the rows exclude each other, or write `hit first` above the table if the first is to hold")
}

/// Whether every cell of a row is passed.
fn row_fits(evaluation: &Evaluation, id: DecisionId, table: &Table, row: &Row) -> Verdict {
    witness::all(table.conditions.iter().zip(&row.tests).map(|(heading, test)| {
        if matches!(test.kind, TestKind::Any) {
            return Verdict::Holds;
        }
        match evaluation.value_in(id, heading) {
            Ok(value) => witness::is(&passes(evaluation, id, test, &value), &Value::YesNo(true)),
            Err(why) => witness::is(&Err(why), &Value::YesNo(true)),
        }
    }))
}

fn passes(evaluation: &Evaluation, id: DecisionId, test: &Test, value: &Value) -> Known {
    match &test.kind {
        TestKind::Dynamic(op, with) => {
            let with = evaluation.value_in(id, with)?;
            Ok(Value::YesNo(holds(*op, value, &with).unwrap_or(false)))
        }
        TestKind::Not(inner) => passes(evaluation, id, inner, value).map(|v| Value::YesNo(v != Value::YesNo(true))),
        _ => Ok(Value::YesNo(test.holds(value).unwrap_or(false))),
    }
}
