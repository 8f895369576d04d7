//! Scenarios: facts to values, expectations to typed targets. A row of a scenario's table is a scenario.

use super::{Frame, Resolver};
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::*;
use crate::source::Span;
use crate::syntax::tree::{self, Cell, CellKind};
use crate::value::{Entry, Log, Value};

/// What a column of a scenario's table is about.
enum CaseColumn<'a> {
    Case,
    Fact(&'a tree::Name),
    Wrong,
}

impl Resolver {
    pub(super) fn scenario(&mut self, scenario: &tree::Scenario) {
        self.frame = Frame::default();
        let mut base = Scenario {
            name: scenario.name.text.clone(),
            case: None,
            item: scenario.name.span,
            given: Vec::new(),
            readings: Vec::new(),
            expect: Vec::new(),
            cites: self.cites(&scenario.cites.0),
            span: scenario.name.span,
        };
        self.edition_of(scenario);
        for given in &scenario.given {
            self.given(&mut base, &given.path, &given.value, true);
        }
        self.log(&mut base, scenario);
        for reading in &scenario.readings {
            self.chosen(&mut base, &reading.path, &reading.value);
        }
        for expectation in &scenario.expect {
            self.expectation(&mut base, &expectation.path, &expectation.expected);
        }
        match &scenario.table {
            Some(table) => self.cases(&base, table),
            // A result among the facts was told already: `expect` is the word that is missing.
            None if scenario.given.iter().any(|g| self.is_decided(&g.path.text)) => {}
            None if base.expect.is_empty() && scenario.expect.is_empty() => {
                let message = format!("scenario `{}` expects nothing", base.name);
                let help = "add `expect DECISION = VALUE`";
                self.report(Problem::new(Code::ExpectsNothing, base.span, message).help(help));
                self.add(base);
            }
            None => self.add(base),
        }
    }

    /// Whether a scenario is of these rules, if it says of which it is.
    fn edition_of(&mut self, scenario: &tree::Scenario) {
        let governed_on = scenario.governed_on.as_ref().and_then(|name| Some((name.span, self.date(name)?)));
        let Some(agreement) = &self.model.agreement else { return };
        let title = self.model.title();
        let mut problems = Vec::new();
        if let Some(named) = scenario.edition.as_ref().filter(|named| named.text != agreement.edition) {
            let message = format!("this scenario is of edition `{}`, and these rules are {title}", named.text);
            problems.push(Problem::new(Code::OtherEdition, named.span, message));
        }
        if let Some((span, date)) = governed_on.filter(|(_, date)| !agreement.in_force_on(*date)) {
            let message = format!("{title} is not in force on {date}: it is {}", agreement.effective_text());
            problems.push(Problem::new(Code::OtherEdition, span, message));
        }
        let there = agreement.span;
        for problem in problems {
            let help = "correct it, or put the scenario with the rules that it is of";
            self.report(problem.related(there, "the edition of these rules").help(help));
        }
    }

    fn add(&mut self, scenario: Scenario) {
        let key = (scenario.span.file, scenario.name.clone());
        if let Some(first) = self.scenario_names.insert(key, scenario.span) {
            let message = format!("two scenarios of this file are named `{}`", scenario.name);
            let problem = Problem::new(Code::DuplicateName, scenario.span, message);
            self.report(problem.related(first, "the first one").help("give each scenario or case a name of its own"));
        }
        self.model.order.push(ItemRef::Scenario(self.model.scenarios.len() as u32));
        self.model.scenarios.push(scenario);
    }

    fn cases(&mut self, base: &Scenario, table: &tree::Table) {
        let columns: Vec<CaseColumn> = table
            .heading
            .left
            .iter()
            .map(|cell| match super::table::heading_name(cell) {
                Some("case") => CaseColumn::Case,
                Some(_) => match &cell.kind {
                    CellKind::Expr(tree::Expr { kind, .. }) => match &**kind {
                        tree::ExprKind::Path(name) => CaseColumn::Fact(name),
                        _ => CaseColumn::Wrong,
                    },
                    _ => CaseColumn::Wrong,
                },
                None => CaseColumn::Wrong,
            })
            .collect();
        for (column, cell) in columns.iter().zip(&table.heading.left) {
            if matches!(column, CaseColumn::Wrong) {
                let message = "a heading left of `||` is `case`, an input or a reading";
                self.report(Problem::new(Code::MisplacedCell, cell.span, message));
            }
        }
        let targets: Vec<Option<&tree::Name>> = table
            .heading
            .right
            .iter()
            .map(|cell| match &cell.kind {
                CellKind::Expr(tree::Expr { kind, .. }) => match &**kind {
                    tree::ExprKind::Path(name) => Some(name),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        for (number, row) in table.rows.iter().enumerate() {
            if !self.count_cells(row.left.len(), columns.len(), "left", row)
                || !self.count_cells(row.right.len(), targets.len(), "right", row)
            {
                continue;
            }
            let mut case = base.clone();
            name_case(&mut case, &base.name, &(number + 1).to_string());
            case.span = row.span;
            for (column, cell) in columns.iter().zip(&row.left) {
                self.case_cell(&mut case, column, cell, &base.name);
            }
            for (target, cell) in targets.iter().zip(&row.right) {
                match (target, &cell.kind) {
                    (_, CellKind::Nothing) => {}
                    (Some(path), _) => self.expectation(&mut case, path, cell),
                    (None, _) => {
                        let message = "a heading right of `||` is a decision, perhaps with a part: `base.effort`";
                        self.report(Problem::new(Code::MisplacedCell, table.heading.span, message));
                    }
                }
            }
            self.add(case);
        }
    }

    fn case_cell(&mut self, case: &mut Scenario, column: &CaseColumn, cell: &Cell, name: &str) {
        match (column, &cell.kind) {
            (CaseColumn::Wrong, _) | (CaseColumn::Fact(_), CellKind::Nothing) => {}
            (CaseColumn::Case, CellKind::Expr(e)) => match &*e.kind {
                tree::ExprKind::Text(text) => name_case(case, name, text),
                _ => {
                    let message = "a case is named by a text in quotes";
                    self.report(Problem::new(Code::MisplacedCell, cell.span, message));
                }
            },
            (CaseColumn::Fact(path), CellKind::Expr(e)) => {
                if self.model.reading_named(&path.text).is_some() {
                    self.chosen(case, path, e);
                } else {
                    self.given(case, path, e, false);
                }
            }
            _ => {
                let message = "a fact is a plain value, or `-` if it is not given";
                self.report(Problem::new(Code::MisplacedCell, cell.span, message));
            }
        }
    }

    /// A fact. In a table's row it replaces the one that holds for all rows.
    fn given(&mut self, scenario: &mut Scenario, path: &tree::Name, value: &tree::Expr, once: bool) {
        let Some(id) = self.model.input_named(&path.text) else {
            if self.is_lost(&path.text) {
                return;
            }
            let help = if self.model.reading_named(&path.text).is_some() {
                Some(format!("a reading is chosen with `readings {} = …`", path.text))
            } else if self.is_decided(&path.text) {
                Some("the rules work it out: what should come out stands after `expect`".to_owned())
            } else {
                did_you_mean(&path.text, self.model.inputs.iter().map(|i| i.name.as_str()))
            };
            let message = format!("there is no input called `{}`", path.text);
            self.report(Problem::new(Code::UnknownFact, path.span, message).maybe_help(help));
            return;
        };
        let ty = self.model.input(id).ty.clone();
        let written = value.span;
        let Some(value) = self.plain(value, &ty) else { return };
        if let Some(why) = self.model.input(id).refuses(&value, &self.model) {
            let must_be = self.model.input(id).must_be.iter().find(|(test, _)| test.holds(&value) == Some(false));
            let must_be = must_be.map(|(test, _)| test.span);
            let problem = Problem::new(Code::WrongFact, written, why);
            self.report(match must_be {
                Some(span) => problem.related(span, "what it must be"),
                None => problem,
            });
            return;
        }
        let earlier = scenario.given.iter().position(|(i, _, _)| *i == id);
        match earlier {
            Some(_) if once => {
                let message = format!("`{}` is given twice", path.text);
                self.report(Problem::new(Code::DuplicateName, path.span, message));
            }
            Some(index) => scenario.given[index].1 = value,
            None => scenario.given.push((id, value, path.span)),
        }
    }

    /// The log of a scenario, and the instant at which it is looked at.
    fn log(&mut self, base: &mut Scenario, scenario: &tree::Scenario) {
        let Some(own) = self.model.log else {
            if let Some(span) = scenario.log.first().map(|e| e.span).or(scenario.as_of.as_ref().map(|n| n.span)) {
                let message = "these rules have no events, so a log says nothing";
                self.report(Problem::new(Code::MisplacedPart, span, message).help("declare them: `event reported {}`"));
            }
            return;
        };
        let mut entries = Vec::new();
        for (place, line) in scenario.log.iter().enumerate() {
            entries.extend(self.log_entry(line, place as u32 + 1));
        }
        if let Some(first) = scenario.log.first() {
            let log = Value::Log(std::sync::Arc::new(Log { entries }));
            base.given.push((own.log, log, first.span));
        }
        if let Some(at) = &scenario.as_of {
            let value = tree::Expr { kind: Box::new(tree::ExprKind::DateTime(at.text.clone())), span: at.span };
            if let Some(value) = self.plain(&value, &Type::DateTime) {
                base.given.retain(|(id, ..)| *id != own.as_of);
                base.given.push((own.as_of, value, at.span));
            }
        }
    }

    fn log_entry(&mut self, line: &tree::LogEntry, number: u32) -> Option<Entry> {
        let at = tree::Expr { kind: Box::new(tree::ExprKind::DateTime(line.at.text.clone())), span: line.at.span };
        let at = self.plain(&at, &Type::DateTime);
        let event = self.event(&line.event);
        let by = match &line.by {
            Some(party) => Some(self.party(party)?),
            None => None,
        };
        let (Some(Value::DateTime(at)), Some(event)) = (at, event) else { return None };
        let mut with = Vec::new();
        for assignment in &line.with {
            let declared = self.model.events.get(event as usize)?;
            let id = self.model.input_named(&assignment.path.text).filter(|id| declared.with.contains(id));
            let Some(id) = id else {
                let names: Vec<String> = declared.with.iter().map(|id| self.model.input(*id).name.clone()).collect();
                let name = declared.name.clone();
                let message = format!("the event `{name}` brings no fact `{}`", assignment.path.text);
                let near = did_you_mean(&assignment.path.text, names.iter().map(String::as_str));
                let near = near.filter(|_| self.model.input_named(&assignment.path.text).is_none());
                let help = near.unwrap_or_else(|| format!("add it to the event: `with {}`", assignment.path.text));
                self.report(Problem::new(Code::UnknownFact, assignment.path.span, message).help(help));
                return None;
            };
            let ty = self.model.input(id).ty.clone();
            let value = self.plain(&assignment.value, &ty)?;
            if let Some(why) = self.model.input(id).refuses(&value, &self.model) {
                self.report(Problem::new(Code::WrongFact, assignment.value.span, why));
                return None;
            }
            with.push((id.0, value));
        }
        with.sort();
        Some(Entry { at, event, by, with, line: number })
    }

    fn is_decided(&self, path: &str) -> bool {
        let decided = self.model.decision_named(path.split('.').next().unwrap_or(path)).is_some();
        // A process `incident` may stand beside an input `incident.level`.
        decided && self.model.input_named(path).is_none()
    }

    fn plain(&mut self, value: &tree::Expr, ty: &Type) -> Option<Value> {
        let expr = self.expr_of(value, ty);
        match expr.kind {
            _ if expr.ty == Type::Unknown => None,
            ExprKind::Const(value) => Some(value),
            _ => {
                let message = "a plain value is wanted here";
                self.report(Problem::new(Code::TypeMismatch, value.span, message));
                None
            }
        }
    }

    fn chosen(&mut self, scenario: &mut Scenario, path: &tree::Name, value: &tree::Expr) {
        let Some(id) = self.model.reading_named(&path.text) else {
            let names: Vec<String> = self.model.readings.iter().map(|r| r.name.clone()).collect();
            self.unknown(Code::UnknownName, &path.text, path.span, "reading called", names.iter().map(String::as_str));
            return;
        };
        let ty = Type::Enum(self.model.reading(id).choices);
        if let Some(Value::Member(_, choice)) = self.plain(value, &ty) {
            scenario.readings.retain(|(r, _)| *r != id);
            scenario.readings.push((id, choice));
        }
    }

    fn expectation(&mut self, scenario: &mut Scenario, path: &tree::Name, cell: &Cell) {
        let target = tree::Expr { kind: Box::new(tree::ExprKind::Path(path.clone())), span: path.span };
        let target = self.expr(&target, None);
        if target.ty == Type::Unknown {
            return;
        }
        if matches!(target.kind, ExprKind::Const(_) | ExprKind::Input(_) | ExprKind::Reading(_)) {
            let message = format!("`{}` is not something that the rules decide", path.text);
            let help = "expect a decision, a period or a response table, perhaps with a part";
            self.report(Problem::new(Code::TypeMismatch, path.span, message).help(help));
            return;
        }
        let span: Span = path.span.to(cell.span);
        let expected = match &cell.kind {
            CellKind::Expr(e) => match self.plain(e, &target.ty) {
                Some(value) => Expected::Value(value),
                None => return,
            },
            CellKind::Missing(names) => {
                for name in names {
                    let first = name.text.split('[').next().unwrap_or(&name.text);
                    let calendar = self.model.calendars.iter().any(|c| c.name == first);
                    let input = |i: &Input| first == i.name || first.starts_with(&format!("{}.", i.name));
                    if !calendar && !self.model.inputs.iter().any(input) {
                        let inputs: Vec<String> = self.model.inputs.iter().map(|i| i.name.clone()).collect();
                        let inputs = inputs.iter().map(String::as_str);
                        self.unknown(Code::UnknownFact, &name.text, name.span, "input called", inputs);
                    }
                }
                let mut names: Vec<String> = names.iter().map(|n| n.text.clone()).collect();
                names.sort();
                names.dedup();
                Expected::Missing(names)
            }
            CellKind::Discretion { party, .. } => match self.party(party) {
                Some(party) => Expected::Discretion(party),
                None => return,
            },
            CellKind::Silent => Expected::Silent,
            CellKind::Conflict => Expected::Conflict,
            CellKind::OpenReading(name) => match self.model.reading_named(&name.text) {
                Some(id) => Expected::OpenReading(id),
                None => {
                    let names: Vec<String> = self.model.readings.iter().map(|r| r.name.clone()).collect();
                    let names = names.iter().map(String::as_str);
                    self.unknown(Code::UnknownName, &name.text, name.span, "reading called", names);
                    return;
                }
            },
            _ => {
                let message = "an expectation is a value, or says why there is none";
                let help = "`missing { … }`, `at the discretion of PARTY`, `silent`, `conflict` or `open reading NAME`";
                self.report(Problem::new(Code::MisplacedCell, cell.span, message).help(help));
                return;
            }
        };
        let earlier = scenario.expect.iter().find(|e| e.path == path.text);
        if let Some(earlier) = earlier.filter(|e| e.expected != expected) {
            let message = format!("`{}` cannot come out as two different things", path.text);
            let problem = Problem::new(Code::ContradictoryExpectation, span, message);
            let earlier = earlier.span;
            self.report(
                problem.related(earlier, "expected here first").help("keep the one that the agreement supports"),
            );
            return;
        }
        scenario.expect.push(Expectation { path: path.text.clone(), target, expected, span });
    }
}

fn name_case(scenario: &mut Scenario, item: &str, case: &str) {
    scenario.name = format!("{item} / {case}");
    scenario.case = Some(case.to_owned());
}
