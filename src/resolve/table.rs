//! Tables: headings, condition cells and answers.

use super::Resolver;
use super::body::Wanted;
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::*;
use crate::syntax::tree::{self, BinaryOp, Cell, CellKind};
use crate::value::Value;

/// What stands in one answer column of the page.
#[derive(Clone, Copy)]
enum AnswerColumn {
    /// An answer of the decision.
    Answer(usize),
    Cites,
    /// Reported as wrong.
    Wrong,
}

impl Resolver {
    pub(super) fn hit(&mut self, hit: Option<&tree::Hit>, columns: &[Column]) -> Hit {
        let Some(hit) = hit else { return Hit::Unique };
        match &hit.policy {
            tree::HitPolicy::Unique => Hit::Unique,
            tree::HitPolicy::First => Hit::First,
            tree::HitPolicy::Collect => {
                if !matches!(columns, [Column { ty: Type::List(_) | Type::Set(_) | Type::Unknown, .. }]) {
                    let message = "`hit collect` gives a list, and the decision's type is not one";
                    let help = "write `: list of …` or `: set of …` after the decision's name";
                    self.report(Problem::new(Code::TypeMismatch, hit.span, message).help(help));
                }
                Hit::Collect
            }
            tree::HitPolicy::Priority(order) => {
                let ty = columns.first().map_or(Type::Unknown, |c| c.ty.clone());
                let mut ranked = Vec::new();
                if let tree::ExprKind::Set(values) = &*order.kind {
                    for value in values {
                        if let ExprKind::Const(value) = self.expr_of(value, &ty).kind {
                            ranked.push(value);
                        }
                    }
                }
                Hit::Priority(ranked)
            }
        }
    }

    pub(super) fn table(&mut self, table: &tree::Table, hit: Hit, wanted: &Wanted) -> Option<Table> {
        let conditions: Vec<Expr> = table.heading.left.iter().map(|cell| self.heading(cell)).collect();
        let columns = self.answer_headings(&table.heading.right, wanted);
        let mut answers = Vec::new();
        for column in &columns {
            if let AnswerColumn::Answer(index) = column {
                if answers.contains(index) {
                    let message = "two columns give the same answer";
                    self.report(Problem::new(Code::DuplicateName, table.heading.span, message));
                }
                answers.push(*index);
            }
        }
        if answers.is_empty() && !columns.iter().any(|c| matches!(c, AnswerColumn::Wrong)) {
            let message = "this table gives no answer: a column right of `||` is wanted";
            self.report(Problem::new(Code::MissingPart, table.heading.span, message));
            return None;
        }
        let element = match (&hit, wanted.columns) {
            (Hit::Collect, [Column { ty: Type::List(of) | Type::Set(of), .. }]) => Some((**of).clone()),
            _ => None,
        };
        let named: Vec<Vec<&Cell>> =
            (0..conditions.len()).map(|i| table.rows.iter().filter_map(|r| r.left.get(i)).collect()).collect();
        let mut named_values: Vec<Option<Vec<Value>>> = vec![None; conditions.len()];
        let mut rows = Vec::with_capacity(table.rows.len());
        let mut otherwise: Option<Row> = None;
        for row in &table.rows {
            if let Some(earlier) = &otherwise {
                let problem = Problem::new(Code::MisplacedPart, row.span, "`otherwise` is the last row of a table");
                let problem = problem.help("move it below the other rows");
                self.problems.push(problem.related(earlier.span, "rows after this one cannot apply"));
                break;
            }
            let is_otherwise = matches!(&row.left[..], [Cell { kind: CellKind::Otherwise, .. }]);
            if !is_otherwise && !self.count_cells(row.left.len(), conditions.len(), "left", row) {
                continue;
            }
            if !self.count_cells(row.right.len(), columns.len(), "right", row) {
                continue;
            }
            // As large as they come to: long tables are most of a model.
            let mut tests = Vec::with_capacity(if is_otherwise { 0 } else { row.left.len() });
            if !is_otherwise {
                for (i, cell) in row.left.iter().enumerate() {
                    if matches!(cell.kind, CellKind::Other) && named_values[i].is_none() {
                        named_values[i] = Some(self.named_values(&named[i], &conditions[i].ty));
                    }
                    let others = named_values[i].as_deref().unwrap_or(&[]);
                    let test = self.test(cell, &conditions[i].ty, others);
                    tests.push(test.unwrap_or(Test { kind: TestKind::Any, span: cell.span }));
                }
            }
            let mut row_answers = Vec::with_capacity(answers.len());
            let mut cites = Vec::new();
            for (column, cell) in columns.iter().zip(&row.right) {
                match column {
                    AnswerColumn::Answer(index) => {
                        let ty = element.clone().unwrap_or_else(|| wanted.columns[*index].ty.clone());
                        row_answers.push(self.answer_cell(cell, &ty));
                    }
                    AnswerColumn::Cites => cites = self.cites_cell(cell),
                    AnswerColumn::Wrong => {}
                }
            }
            let resolved = Row { tests, answers: row_answers, cites, span: row.span };
            if is_otherwise {
                if !wanted.general {
                    let message = "an exception has no `otherwise`";
                    let help = "where none of its rows fits, the general rule holds: leave the row out";
                    self.report(Problem::new(Code::OtherwiseInException, row.span, message).help(help));
                }
                otherwise = Some(resolved);
            } else {
                rows.push(resolved);
            }
        }
        let must_be_complete = wanted.general && !matches!(hit, Hit::Collect);
        let id = self.model.tables;
        self.model.tables += 1;
        Some(Table { id, hit, conditions, answers, rows, otherwise, must_be_complete, span: table.heading.span })
    }

    pub(super) fn count_cells(&mut self, found: usize, wanted: usize, side: &str, row: &tree::Row) -> bool {
        if found == wanted {
            return true;
        }
        let cells = |n: usize| if n == 1 { "1 cell".to_owned() } else { format!("{n} cells") };
        let message = format!("this row has {} {side} of `||`, and the heading has {}", cells(found), cells(wanted));
        self.report(Problem::new(Code::WrongCellCount, row.span, message));
        false
    }

    fn heading(&mut self, cell: &Cell) -> Expr {
        match &cell.kind {
            CellKind::Expr(e) => self.expr(e, None),
            CellKind::Any | CellKind::Other | CellKind::Otherwise | CellKind::Blank => {
                self.misplaced(cell, "a heading is an input, a `let` or another expression")
            }
            _ => self.misplaced(cell, "this cannot be a heading"),
        }
    }

    fn misplaced(&mut self, cell: &Cell, message: &str) -> Expr {
        self.report(Problem::new(Code::MisplacedCell, cell.span, message));
        self.wrong(cell.span)
    }

    fn answer_headings(&mut self, cells: &[Cell], wanted: &Wanted) -> Vec<AnswerColumn> {
        let single = wanted.columns.len() == 1 && wanted.columns[0].name.is_empty();
        let mut seen_single = false;
        let mut columns = Vec::new();
        for cell in cells {
            let name = heading_name(cell);
            let column = match name {
                Some("cites") => AnswerColumn::Cites,
                Some(_) if single && !seen_single => {
                    seen_single = true;
                    AnswerColumn::Answer(0)
                }
                Some(name) if single => {
                    let message = format!("`{}` has one answer, and `{name}` is a second column", wanted.name);
                    let help = "only a column `cites` may stand beside the answer";
                    self.report(Problem::new(Code::MisplacedCell, cell.span, message).help(help));
                    AnswerColumn::Wrong
                }
                Some(name) => match wanted.columns.iter().position(|c| c.name == name) {
                    Some(index) => AnswerColumn::Answer(index),
                    None => {
                        let help = did_you_mean(name, wanted.columns.iter().map(|c| c.name.as_str()));
                        let message = format!("`{}` has no answer called `{name}`", wanted.name);
                        self.report(Problem::new(Code::UnknownField, cell.span, message).maybe_help(help));
                        AnswerColumn::Wrong
                    }
                },
                None => {
                    self.misplaced(cell, "the heading of an answer is a name");
                    AnswerColumn::Wrong
                }
            };
            columns.push(column);
        }
        columns
    }

    fn cites_cell(&mut self, cell: &Cell) -> Vec<ClauseId> {
        match &cell.kind {
            CellKind::Clauses(names) => self.cites(names),
            CellKind::Blank | CellKind::Nothing => Vec::new(),
            CellKind::Expr(e) => match &*e.kind {
                tree::ExprKind::Path(name) => self.cites(std::slice::from_ref(name)),
                _ => {
                    self.misplaced(cell, "a clause id is wanted here");
                    Vec::new()
                }
            },
            _ => {
                self.misplaced(cell, "a clause id is wanted here");
                Vec::new()
            }
        }
    }

    pub(super) fn answer_cell(&mut self, cell: &Cell, ty: &Type) -> Answer {
        match &cell.kind {
            CellKind::Expr(e) => Answer::Value(self.expr_of(e, ty)),
            CellKind::Nothing | CellKind::Silent => Answer::Silent,
            CellKind::Discretion { party, meanwhile } => self.discretion(party, meanwhile.as_ref(), ty),
            CellKind::Not(inner) => match &inner.kind {
                CellKind::Expr(e) => {
                    let inner = self.expr_of(e, &Type::YesNo);
                    let not = Expr { kind: ExprKind::Not(Box::new(inner)), ty: Type::YesNo, span: cell.span };
                    if self.expect_fits(&not, ty) { Answer::Value(not) } else { Answer::Silent }
                }
                _ => self.no_answer(cell),
            },
            CellKind::Blank => {
                self.report(
                    Problem::new(Code::MisplacedCell, cell.span, "this cell is empty")
                        .help("write the answer, or `-` if the agreement states nothing"),
                );
                Answer::Silent
            }
            _ => self.no_answer(cell),
        }
    }

    fn no_answer(&mut self, cell: &Cell) -> Answer {
        self.misplaced(cell, "this is a condition, and an answer is wanted right of `||`");
        Answer::Silent
    }

    /// The values that the cells of a column name, for `other`.
    fn named_values(&mut self, cells: &[&Cell], ty: &Type) -> Vec<Value> {
        let reported = self.problems.len();
        let mut values = Vec::new();
        for cell in cells {
            if let Some(Test { kind: TestKind::OneOf(named), .. }) = self.test(cell, ty, &[]) {
                values.extend(named);
            }
        }
        // The cells are read again in their own rows, which is where their mistakes are reported.
        self.problems.truncate(reported);
        values.sort();
        values.dedup();
        values
    }

    /// A condition cell against a heading of type `ty`; `others` are the values that `other` excludes.
    pub(super) fn test(&mut self, cell: &Cell, ty: &Type, others: &[Value]) -> Option<Test> {
        let span = cell.span;
        let kind = match &cell.kind {
            CellKind::Any => TestKind::Any,
            CellKind::Other => TestKind::NoneOf(others.to_vec()),
            CellKind::Not(inner) => match self.test(inner, ty, others)?.kind {
                TestKind::OneOf(values) => TestKind::NoneOf(values),
                TestKind::NoneOf(values) => TestKind::OneOf(values),
                TestKind::Compare(op, value) => TestKind::Compare(op.negated(), value),
                TestKind::Dynamic(op, value) => TestKind::Dynamic(op.negated(), value),
                kind => TestKind::Not(Box::new(Test { kind, span: inner.span })),
            },
            CellKind::Has(item) => match ty {
                Type::Set(of) | Type::List(of) => {
                    let item = self.expr_of(item, of);
                    TestKind::Has(self.constant_cell(item)?)
                }
                Type::Unknown => TestKind::Any,
                _ => {
                    let message = format!("`has` asks about a set, and the heading is `{}`", self.model.type_name(ty));
                    self.report(Problem::new(Code::TypeMismatch, span, message));
                    return None;
                }
            },
            CellKind::Compare(op, value) => {
                let op = compare_op(*op);
                let value = self.expr_of(value, ty);
                if value.ty == Type::Unknown {
                    return None;
                }
                if !ty.is_ordered() && !matches!(op, CompareOp::Ne | CompareOp::Eq) {
                    let message =
                        format!("`{}` has no order: `{}` means nothing for it", self.model.type_name(ty), op.text());
                    let help = "name the values themselves: `{ A, B }`";
                    self.report(Problem::new(Code::NotComparable, span, message).help(help));
                    return None;
                }
                match value.kind {
                    ExprKind::Const(value) => TestKind::Compare(op, value),
                    _ => TestKind::Dynamic(op, value),
                }
            }
            CellKind::Expr(e) => self.value_test(e, ty)?,
            CellKind::Blank => {
                let message = "this cell is empty";
                self.report(
                    Problem::new(Code::MisplacedCell, span, message).help("write `any` if every value will do"),
                );
                return None;
            }
            CellKind::Nothing => {
                let message = "`-` is not a condition";
                self.report(
                    Problem::new(Code::MisplacedCell, span, message).help("write `any` if every value will do"),
                );
                return None;
            }
            CellKind::Otherwise => {
                let message = "`otherwise` stands alone left of `||`";
                self.report(Problem::new(Code::MisplacedCell, span, message).help("write `| otherwise || VALUE |`"));
                return None;
            }
            _ => {
                self.misplaced(cell, "this is not a condition");
                return None;
            }
        };
        Some(Test { kind, span })
    }

    fn value_test(&mut self, e: &tree::Expr, ty: &Type) -> Option<TestKind> {
        match &*e.kind {
            tree::ExprKind::Binary(op @ (BinaryOp::Range | BinaryOp::RangeBelow), low, high) => {
                let (low, high) = self.range(low, high, ty);
                if low.ty == Type::Unknown || high.ty == Type::Unknown {
                    return None;
                }
                let (low, high) = (self.constant_cell(low)?, self.constant_cell(high)?);
                let includes = *op == BinaryOp::Range;
                let order = crate::value::compare(&low, &high);
                if order.is_none_or(|o| o.is_gt() || (o.is_eq() && !includes)) {
                    let message = "no value lies in this range: its first end is the greater";
                    self.report(
                        Problem::new(Code::OneWayComparison, e.span, message).help("write the smaller end first"),
                    );
                }
                Some(TestKind::Range(low, high, includes))
            }
            tree::ExprKind::Set(items) if !matches!(ty, Type::Set(_)) => {
                let mut values = Vec::new();
                for item in items {
                    let item = self.expr_of(item, ty);
                    values.push(self.constant_cell(item)?);
                }
                values.sort();
                values.dedup();
                Some(TestKind::OneOf(values))
            }
            _ => {
                let value = self.expr_of(e, ty);
                match value.kind {
                    _ if value.ty == Type::Unknown => None,
                    ExprKind::Const(value) => Some(TestKind::OneOf(vec![value])),
                    _ => Some(TestKind::Dynamic(CompareOp::Eq, value)),
                }
            }
        }
    }

    fn constant_cell(&mut self, expr: Expr) -> Option<Value> {
        match expr.kind {
            _ if expr.ty == Type::Unknown => None,
            ExprKind::Const(value) => Some(value),
            _ => {
                let message = "a plain value is wanted here";
                let help = "compare with a computed value by writing the comparison as a heading";
                self.report(Problem::new(Code::MisplacedCell, expr.span, message).help(help));
                None
            }
        }
    }
}

fn compare_op(op: BinaryOp) -> CompareOp {
    match op {
        BinaryOp::Lt => CompareOp::Lt,
        BinaryOp::Le => CompareOp::Le,
        BinaryOp::Gt => CompareOp::Gt,
        BinaryOp::Ge => CompareOp::Ge,
        BinaryOp::Ne => CompareOp::Ne,
        _ => CompareOp::Eq,
    }
}

/// The name in an answer's heading, with or without a type.
pub(super) fn heading_name(cell: &Cell) -> Option<&str> {
    match &cell.kind {
        CellKind::Typed(name, _) => Some(&name.text),
        CellKind::Expr(e) => match &*e.kind {
            tree::ExprKind::Path(name) => Some(&name.text),
            _ => None,
        },
        _ => None,
    }
}
