//! Decisions, periods and response tables in the rule snapshot.

use super::sheet::{Cells, Sheet, bracketed};
use super::time;
use crate::model::{
    Answer, Body, Decision, DecisionKind, Expr, ExprKind, Group, Guard, Hit, Model, Note, Row, Rule, Table, TestKind,
    Words,
};
use crate::value::Value;

/// Writes a decision with its rules, tables and exceptions.
pub(super) fn write_decision(sheet: &mut Sheet, model: &Model, decision: &Decision) {
    let words = Words::of(model, decision);
    match &decision.kind {
        DecisionKind::Plain => sheet.line(&format!("decision {} : {}", decision.name, model.type_name(&decision.ty))),
        DecisionKind::Period => sheet.line(&format!("period {}", decision.name)),
        DecisionKind::Responses(responses) => {
            let names: Vec<&str> = responses.supersedes.iter().map(|id| model.decision(*id).name.as_str()).collect();
            let supersedes = if names.is_empty() { String::new() } else { format!(" supersedes {}", names.join(", ")) };
            sheet.line(&format!("responses {}{supersedes}", decision.name));
        }
        DecisionKind::Milestone(_) => sheet.line(&format!("milestone {}", decision.name)),
        DecisionKind::Process(_) => sheet.line(&format!("process {}", decision.name)),
    }
    sheet.within(|sheet| {
        sheet.labels("label", &decision.labels);
        write_group(sheet, model, decision, words, &decision.group);
        match &decision.kind {
            DecisionKind::Milestone(milestone) => time::write_milestone(sheet, model, decision, milestone),
            DecisionKind::Process(process) => time::write_process(sheet, model, decision, process),
            DecisionKind::Plain | DecisionKind::Period | DecisionKind::Responses(_) => {}
        }
    });
}

fn write_group(sheet: &mut Sheet, model: &Model, decision: &Decision, words: Words, group: &Group) {
    sheet.cites(model, &group.cites);
    for binding in &group.lets {
        write_condition(sheet, words, &format!("let {} =", binding.name), &binding.value, "");
    }
    match &group.body {
        Body::Rules(rules) => rules.iter().for_each(|rule| write_rule(sheet, model, words, rule)),
        Body::Period(extent) => words.extent(extent).iter().for_each(|line| sheet.line(line)),
        Body::Table(table) => write_table(sheet, model, decision, words, table),
        Body::Log => {}
    }
    for exception in &group.exceptions {
        let over: Vec<&str> =
            exception.over.iter().filter_map(|i| group.exceptions.get(*i)).map(|e| e.name.as_str()).collect();
        let over = if over.is_empty() { String::new() } else { format!(" over {}", over.join(", ")) };
        sheet.line(&format!("exception {}{over}", exception.name));
        sheet.within(|sheet| write_group(sheet, model, decision, words, &exception.group));
    }
}

fn write_rule(sheet: &mut Sheet, model: &Model, words: Words, rule: &Rule) {
    let cites = bracketed(model, &rule.cites);
    match &rule.guard {
        Guard::When(condition) => {
            write_condition(sheet, words, &format!("{} when", words.answer(&rule.answer)), condition, &cites);
        }
        Guard::Otherwise | Guard::Always => sheet.line(&format!("{}{cites}", words.rule(rule))),
    }
}

/// A condition, over several lines at its `and`s or `or`s if it is long.
pub(super) fn write_condition(sheet: &mut Sheet, words: Words, before: &str, condition: &Expr, after: &str) {
    let (parts, word) = match &condition.kind {
        ExprKind::And(parts) => (parts.as_slice(), "and"),
        ExprKind::Or(parts) => (parts.as_slice(), "or"),
        _ => (std::slice::from_ref(condition), ""),
    };
    let alone = parts.len() == 1;
    let shown: Vec<String> = parts
        .iter()
        .map(|part| {
            let text = words.expr(part);
            let loose = match &part.kind {
                ExprKind::Or(_) | ExprKind::If(..) | ExprKind::Quantified { .. } => true,
                ExprKind::And(_) => word == "and",
                _ => false,
            };
            if loose && !alone { format!("({text})") } else { text }
        })
        .collect();
    sheet.condition(before, &shown, word, after);
}

fn write_table(sheet: &mut Sheet, model: &Model, decision: &Decision, words: Words, table: &Table) {
    if let DecisionKind::Responses(responses) = &decision.kind {
        let headings = words.headings(table);
        let key: Vec<&str> = responses.key.iter().filter_map(|i| headings.get(*i)).map(String::as_str).collect();
        if !key.is_empty() {
            sheet.line(&format!("key {}", key.join(", ")));
        }
        if let Some(when) = &responses.when {
            write_condition(sheet, words, "when", when, "");
        }
        // The rules may leave these types to the cells.
        sheet.line("answers");
        sheet.within(|sheet| {
            for column in table.answers.iter().filter_map(|column| decision.columns.get(*column)) {
                sheet.line(&format!("{} : {}", column.name, model.type_name(&column.ty)));
            }
        });
    }
    match &table.hit {
        Hit::Unique => {}
        Hit::First => sheet.line("hit first"),
        Hit::Collect => sheet.line("hit collect"),
        Hit::Priority(order) => {
            let order: Vec<String> = order.iter().map(|v| v.display(model).to_string()).collect();
            sheet.broken("hit priority ", "{", &order, "}", "");
        }
    }
    sheet.table(&rows(decision, words, table), &cites(model, table));
    if let DecisionKind::Responses(responses) = &decision.kind {
        responses.notes.iter().for_each(|note| sheet.line(&note_line(model, words, note)));
    }
}

fn rows(decision: &Decision, words: Words, table: &Table) -> Vec<Cells> {
    let heading = |column: &usize| match decision.columns.get(*column) {
        Some(c) if !c.name.is_empty() => c.name.clone(),
        _ => "answer".to_owned(),
    };
    let mut rows = vec![(words.headings(table), table.answers.iter().map(heading).collect())];
    for row in table.rows.iter().chain(&table.otherwise) {
        let (mut left, mut right) = words.row(row);
        for (column, cell) in left.iter_mut().enumerate() {
            if is_other(table, row, column) {
                "other".clone_into(cell);
            }
        }
        for (cell, answer) in right.iter_mut().zip(&row.answers) {
            if matches!(answer, Answer::Silent) {
                "-".clone_into(cell);
            }
        }
        rows.push((left, right));
    }
    rows
}

/// What stands behind each line of a table: nothing for the headings, citations for the rows.
fn cites(model: &Model, table: &Table) -> Vec<String> {
    let rows = table.rows.iter().chain(&table.otherwise).map(|row| bracketed(model, &row.cites));
    std::iter::once(String::new()).chain(rows).collect()
}

/// Whether a cell stands for all that the other rows do not name in its column.
fn is_other(table: &Table, row: &Row, column: usize) -> bool {
    let Some(TestKind::NoneOf(values)) = row.tests.get(column).map(|t| &t.kind) else { return false };
    let mut named: Vec<&Value> = Vec::new();
    for test in table.rows.iter().filter_map(|r| r.tests.get(column)) {
        if let TestKind::OneOf(values) = &test.kind {
            named.extend(values);
        }
    }
    named.sort();
    named.dedup();
    !named.is_empty() && values.iter().eq(named)
}

fn note_line(model: &Model, words: Words, note: &Note) -> String {
    format!("{}{}", words.note(note), bracketed(model, &note.cites))
}
