//! Response tables: their answer columns, what they supersede, and their footnotes.

use super::amend::Space;
use super::body::Wanted;
use super::table::heading_name;
use super::{Def, Frame, Resolver};
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::*;
use crate::syntax::Parsed;
use crate::syntax::tree::{self, Item};

impl Resolver {
    /// Finds every response table's answer columns, before any body refers to one.
    pub(super) fn response_columns(&mut self, files: &[Parsed]) {
        let mut index = 0;
        let mut tables = Vec::new();
        for item in files.iter().flat_map(|f| &f.file.items) {
            match item {
                Item::Responses(r) => {
                    tables.push((index, r));
                    index += 1;
                }
                Item::Decision(d) => {
                    self.record_columns(index, d);
                    index += 1;
                }
                Item::Period(_) | Item::Milestone(_) | Item::Process(_) => index += 1,
                _ => {}
            }
        }
        for (index, responses) in &tables {
            self.supersession(*index, responses);
        }
        // A column takes its type from the table that is superseded, so that is asked first.
        for (index, responses) in &tables {
            let columns = self.own_columns(responses, &tables);
            self.model.decisions[*index].columns = columns;
        }
        self.share_columns(&tables.iter().map(|(i, _)| *i).collect::<Vec<_>>());
        for (index, _) in &tables {
            let decision = &self.model.decisions[*index];
            if let Type::Record(id) = decision.ty {
                self.model.records[id.0 as usize].fields = decision.columns.clone();
            }
        }
    }

    /// A decision with a record type that is given by a table has an answer column for each field.
    fn record_columns(&mut self, index: usize, decision: &tree::Decision) {
        let Type::Record(id) = self.model.decisions[index].ty else { return };
        let by_table = decision.body.iter().any(|p| matches!(p, tree::BodyPart::Table(t) if t.heading.right.len() > 1));
        if by_table {
            self.model.decisions[index].columns = self.model.records[id.0 as usize].fields.clone();
        }
    }

    fn supersession(&mut self, index: usize, responses: &tree::Responses) {
        let this = DecisionId(index as u32);
        let mut supersedes = Vec::new();
        for name in &responses.supersedes {
            let target = match self.named(&name.text, name.span) {
                Some(Def::Decision(id)) => {
                    matches!(self.model.decision(id).kind, DecisionKind::Responses(_)).then_some(id)
                }
                _ => None,
            };
            match target {
                Some(id) if id == this => {
                    self.report(Problem::new(Code::Cycle, name.span, "a response table cannot supersede itself"));
                }
                Some(id) => {
                    supersedes.push(id);
                    if let DecisionKind::Responses(r) = &mut self.model.decisions[id.index()].kind {
                        r.superseded_by.push(this);
                    }
                }
                None => {
                    let tables = self.model.decisions.iter().filter(|d| matches!(d.kind, DecisionKind::Responses(_)));
                    let names: Vec<String> = tables.map(|d| d.name.clone()).collect();
                    let names = names.iter().map(String::as_str);
                    self.unknown(Code::UnknownName, &name.text, name.span, "response table called", names);
                }
            }
        }
        if let DecisionKind::Responses(r) = &mut self.model.decisions[index].kind {
            r.supersedes = supersedes;
        }
    }

    /// The columns that a table prints, each with a type: as written, as in the table it supersedes, or as its cells.
    fn own_columns(&mut self, responses: &tree::Responses, all: &[(usize, &tree::Responses)]) -> Vec<Column> {
        let Some(table) = &responses.table else { return Vec::new() };
        let mut columns: Vec<Column> = Vec::new();
        for (position, cell) in table.heading.right.iter().enumerate() {
            let Some(name) = heading_name(cell).filter(|n| *n != "cites") else { continue };
            let ty = self.column_type(name, position, cell, responses, all, 0);
            let ty = ty.unwrap_or_else(|| {
                if !self.damaged.contains(&responses.span) && !self.has_lost_cell(table, position) {
                    let message = format!("the type of `{name}` cannot be told from its cells");
                    let help = format!("write it in the heading, such as `{name} : set of duty`");
                    self.report(Problem::new(Code::UnknownType, cell.span, message).help(help));
                }
                Type::Unknown
            });
            columns.push(Column { name: name.to_owned(), ty, labels: Labels::default() });
        }
        columns
    }

    fn has_lost_cell(&self, table: &tree::Table, position: usize) -> bool {
        table.rows.iter().filter_map(|r| r.right.get(position)).any(|cell| match &cell.kind {
            tree::CellKind::Expr(e) => matches!(&*e.kind, tree::ExprKind::Path(n) if self.is_lost(&n.text)),
            _ => false,
        })
    }

    fn column_type(
        &mut self,
        name: &str,
        position: usize,
        heading: &tree::Cell,
        responses: &tree::Responses,
        all: &[(usize, &tree::Responses)],
        depth: usize,
    ) -> Option<Type> {
        if let tree::CellKind::Typed(_, ty) = &heading.kind {
            return Some(self.ty(ty));
        }
        for superseded in responses.supersedes.iter().filter(|_| depth < all.len()) {
            let name_now = self.now(Space::Names, &superseded.text, superseded.span);
            let Some((_, base)) = all.iter().find(|(_, r)| r.name.text == name_now) else { continue };
            let Some(base_table) = &base.table else { continue };
            let same = base_table.heading.right.iter().enumerate().find(|(_, c)| heading_name(c) == Some(name));
            if let Some((position, cell)) = same {
                let reported = self.problems.len();
                let ty = self.column_type(name, position, cell, base, all, depth + 1);
                self.problems.truncate(reported);
                if ty.is_some() {
                    return ty;
                }
            }
        }
        let table = responses.table.as_ref()?;
        let mut found: Option<Type> = None;
        for row in &table.rows {
            let Some(tree::CellKind::Expr(e)) = row.right.get(position).map(|c| &c.kind) else { continue };
            let reported = self.problems.len();
            let ty = self.expr(e, None).ty;
            self.problems.truncate(reported);
            let usable = ty != Type::Unknown && ty != Type::Set(Box::new(Type::Unknown));
            if usable {
                found = Some(found.map_or(ty.clone(), |f| super::service::wider(&f, &ty)));
            }
        }
        found
    }

    /// A superseded table also has the columns that only its successors print: silent where they do not apply.
    fn share_columns(&mut self, tables: &[usize]) {
        for _ in tables {
            let mut changed = false;
            for &index in tables {
                let DecisionKind::Responses(responses) = &self.model.decisions[index].kind else { continue };
                for superseded in responses.supersedes.clone() {
                    let own = self.model.decisions[index].columns.clone();
                    let target = &mut self.model.decisions[superseded.index()].columns;
                    for column in own {
                        if !target.iter().any(|c| c.name == column.name) {
                            target.push(column);
                            changed = true;
                        }
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    pub(super) fn responses(&mut self, index: usize, responses: &tree::Responses) {
        self.frame = Frame::default();
        let name = &responses.name;
        let cites = self.cites(&responses.cites.0);
        let lets = responses.lets.iter().map(|l| self.let_in(l)).collect();
        let when = responses.when.as_ref().map(|w| self.expr_of(w, &Type::YesNo));
        let columns = self.model.decisions[index].columns.clone();
        let supersedes = !responses.supersedes.is_empty();
        let Some(tree_table) = &responses.table else {
            let message = format!("response table `{}` has no table", name.text);
            self.report(Problem::new(Code::MissingPart, name.span, message));
            return;
        };
        if let (Some(when), false) = (&when, supersedes) {
            let message = "`when` says when a table supersedes another, and this one supersedes none";
            self.report(
                Problem::new(Code::MisplacedPart, when.span, message).help("add `supersedes NAME` to its first line"),
            );
        }
        let wanted = Wanted { columns: &columns, general: true, name: &name.text, span: name.span };
        let Some(mut table) = self.table(tree_table, Hit::Unique, &wanted) else { return };
        table.must_be_complete = !supersedes;
        let headings: Vec<Option<&str>> = tree_table.heading.left.iter().map(heading_name).collect();
        let key = self.key(responses, &headings);
        let notes = responses.notes.iter().filter_map(|n| self.note(n, &headings, &columns, &mut table)).collect();
        let (slots, slot_names) = (self.frame.slots, std::mem::take(&mut self.frame.names));
        let target = &mut self.model.decisions[index];
        target.slots = slots;
        target.slot_names = slot_names;
        target.group = Group { cites, lets, body: Body::Table(Box::new(table)), exceptions: vec![] };
        if let DecisionKind::Responses(r) = &mut target.kind {
            r.when = when;
            r.key = key;
            r.notes = notes;
        }
    }

    fn key(&mut self, responses: &tree::Responses, headings: &[Option<&str>]) -> Vec<usize> {
        let mut key = Vec::new();
        for name in &responses.key {
            match headings.iter().position(|h| *h == Some(name.text.as_str())) {
                Some(column) => key.push(column),
                None => {
                    let help = did_you_mean(&name.text, headings.iter().flatten().copied());
                    let message = format!("`{}` is not a condition column of this table", name.text);
                    self.report(Problem::new(Code::UnknownName, name.span, message).maybe_help(help));
                }
            }
        }
        if key.len() < headings.len() && key.len() == responses.key.len() {
            let left_out: Vec<String> = headings
                .iter()
                .enumerate()
                .filter(|(i, _)| !key.contains(i))
                .map(|(_, h)| format!("`{}`", h.unwrap_or("?")))
                .collect();
            let message = format!("the key leaves out {}", left_out.join(", "));
            let help =
                format!("write `key {}`", headings.iter().map(|h| h.unwrap_or("?")).collect::<Vec<_>>().join(", "));
            let span = responses.key.first().map_or(responses.name.span, |n| n.span);
            self.report(Problem::new(Code::MissingPart, span, message).help(help));
        }
        key
    }

    fn note(
        &mut self,
        note: &tree::Note,
        headings: &[Option<&str>],
        columns: &[Column],
        table: &mut Table,
    ) -> Option<Note> {
        let cites = self.cites(&note.cites.0);
        let condition = headings.iter().position(|h| *h == Some(note.column.text.as_str()));
        let answer = columns.iter().position(|c| c.name == note.column.text);
        let ty = match (condition, answer) {
            (Some(i), _) => table.conditions[i].ty.clone(),
            (_, Some(i)) => match &columns[i].ty {
                Type::Set(of) => (**of).clone(),
                ty => ty.clone(),
            },
            _ => {
                let names = headings.iter().flatten().copied().chain(columns.iter().map(|c| c.name.as_str()));
                let help = did_you_mean(&note.column.text, names);
                let message = format!("this table has no column `{}`", note.column.text);
                self.report(Problem::new(Code::UnknownName, note.column.span, message).maybe_help(help));
                return None;
            }
        };
        let value = self.expr_of(&note.value, &ty);
        let ExprKind::Const(value) = value.kind else { return None };
        let (mut text, mut except_when) = (None, None);
        match &note.kind {
            tree::NoteKind::Says(t) => text = Some(t.text.clone()),
            tree::NoteKind::Mark => {}
            tree::NoteKind::ExceptWhen(when) => {
                let when = self.expr_of(when, &Type::YesNo);
                let Some(column) = condition else {
                    let message = "`except when` narrows a value of a condition column, and this is an answer";
                    let help = "explain an answer with `says`; an answer that depends on facts is a row of its own";
                    self.report(Problem::new(Code::MisplacedPart, note.span, message).help(help));
                    return None;
                };
                if !matches!(ty, Type::Enum(_)) {
                    let message = "a footnote narrows a value of an enumeration";
                    self.report(Problem::new(Code::TypeMismatch, note.span, message));
                    return None;
                }
                let heading = &mut table.conditions[column];
                let case = (value.clone(), when.clone(), cites.clone());
                if let ExprKind::Except { cases, .. } = &mut heading.kind {
                    cases.push(case);
                } else {
                    let kind = ExprKind::Except { column: Box::new(heading.clone()), cases: vec![case] };
                    *heading = Expr { kind, ty: heading.ty.clone(), span: heading.span };
                }
                except_when = Some(when);
            }
        }
        Some(Note {
            number: note.number.text.clone(),
            answer_column: if condition.is_some() { None } else { answer },
            column: note.column.text.clone(),
            value,
            text,
            except_when,
            cites,
            span: note.span,
        })
    }
}
