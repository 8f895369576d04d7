//! Tables and their cells.

use super::{Builder, Node, Rule, is_keyword};
use crate::diag::{Code, Problem};
use crate::source::Span;
use crate::syntax::tree::{self, BinaryOp, CellKind};

/// The most rows that one table may have.
const MAX_ROWS: usize = 200_000;

impl Builder<'_> {
    pub(super) fn table(&mut self, pair: Node) -> Option<tree::Table> {
        let span = self.span(&pair);
        let rows: Vec<_> = pair.into_inner().map(|row| self.row(row)).collect();
        let mut rows = self.with_long(rows).into_iter();
        let heading = rows.next()?;
        let rows: Vec<_> = rows.collect();
        if rows.len() > MAX_ROWS {
            let message = format!("this table has {} rows; at most {MAX_ROWS} are read", rows.len());
            self.problem(Code::TableTooLarge, heading.span, message);
        }
        Some(tree::Table { heading, rows, span })
    }

    pub(super) fn second_table(&mut self, span: Span) {
        // After an unreadable row the rest of a table looks like a second one.
        if self.damaged.iter().any(|item| item.start <= span.start && span.end <= item.end) {
            return;
        }
        let message = "a second table stands here; an item has one";
        self.problems.push(
            Problem::new(Code::MisplacedPart, span, message)
                .help("join the tables, or make the second one a decision of its own"),
        );
    }

    pub(super) fn row(&mut self, pair: Node) -> tree::Row {
        let span = self.span(&pair);
        let mut sides = pair.into_inner().filter(|p| p.as_rule() == Rule::cells);
        let mut side = |builder: &mut Self| -> Vec<tree::Cell> {
            let Some(cells) = sides.next().map(Node::into_inner) else { return Vec::new() };
            let cells = cells.filter(|p| p.as_rule() == Rule::cell);
            // As large as it comes to: long tables are most of a tree.
            let mut side = Vec::with_capacity(cells.clone().count());
            side.extend(cells.map(|p| builder.cell(p)));
            side
        };
        let left = side(self);
        let right = side(self);
        tree::Row { left, right, span }
    }

    pub(super) fn cell(&mut self, pair: Node) -> tree::Cell {
        let span = self.span(&pair);
        let kind = pair.into_inner().next().and_then(|inner| self.cell_kind(inner)).unwrap_or(CellKind::Nothing);
        tree::Cell { kind, span }
    }

    /// A cell's content, or an expectation of a scenario, which takes the same forms.
    pub(super) fn cell_kind(&mut self, inner: Node) -> Option<CellKind> {
        Some(match inner.as_rule() {
            Rule::k_otherwise => CellKind::Otherwise,
            Rule::k_any => CellKind::Any,
            Rule::k_other => CellKind::Other,
            Rule::k_silent => CellKind::Silent,
            Rule::k_conflict => CellKind::Conflict,
            Rule::nothing => CellKind::Nothing,
            Rule::blank => CellKind::Blank,
            Rule::not_cell => {
                let cell = inner.into_inner().find(|p| p.as_rule() == Rule::cell)?;
                CellKind::Not(Box::new(self.cell(cell)))
            }
            Rule::has_cell => {
                let value = inner.into_inner().find(|p| p.as_rule() == Rule::expr)?;
                CellKind::Has(self.expr(value))
            }
            Rule::compare_cell => {
                let mut parts = inner.into_inner();
                let op = match parts.next()?.as_rule() {
                    Rule::ge => BinaryOp::Ge,
                    Rule::le => BinaryOp::Le,
                    Rule::gt => BinaryOp::Gt,
                    Rule::lt => BinaryOp::Lt,
                    _ => BinaryOp::Ne,
                };
                CellKind::Compare(op, self.expr(parts.next()?))
            }
            Rule::missing => CellKind::Missing(self.names_of(inner, Rule::fact)),
            Rule::open_reading => CellKind::OpenReading(self.names_of(inner, Rule::name).pop()?),
            Rule::discretion => {
                let (party, meanwhile) = self.discretion(inner)?;
                CellKind::Discretion { party: Box::new(party), meanwhile }
            }
            Rule::clause_list => CellKind::Clauses(self.names_of(inner, Rule::clause_ref)),
            Rule::typed_head => {
                let mut parts = inner.into_inner().filter(|p| !is_keyword(p.as_rule()));
                let (path, ty) = (parts.next()?, parts.next()?);
                CellKind::Typed(Box::new(self.name(&path)), Box::new(self.ty(ty)))
            }
            _ => CellKind::Expr(self.expr(inner)),
        })
    }
}
