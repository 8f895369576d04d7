//! Decisions, their rules and rows, exceptions and superseding tables as steps.

use super::{Applies, Builder, Node, NodeKind};
use crate::eval::{Evaluation, Known, Used};
use crate::model::{
    Answer, Body, ClauseId, CompareOp, DecisionId, DecisionKind, Exception, Group, Guard, Hit, PeriodExtent, Row, Rule,
    Table, Test, TestKind,
};
use crate::source::Span;
use crate::value::{Value, compare};

/// Rows that may fit are shown up to this many.
const MOST_OPEN_ROWS: usize = 12;

/// Where a group of rules stands: the decision whose working it is, the answer that is explained, and the rules
/// that gave it.
pub(super) struct Place {
    pub(super) decision: DecisionId,
    pub(super) column: Option<usize>,
    pub(super) fired: Vec<Span>,
    pub(super) clauses: Vec<ClauseId>,
}

impl<'a> Builder<'a> {
    /// A decision, or one of its answers, with the rules that gave it.
    pub(super) fn decision(&mut self, id: DecisionId, column: Option<usize>) -> Node {
        let decision = self.model.decision(id);
        let decided = self.evaluation.decide(id);
        let period = matches!(decision.kind, DecisionKind::Period);
        let words = match column {
            Some(0) if period => format!("{}.starts", decision.name),
            Some(_) if period => format!("{}.ends", decision.name),
            Some(column) => self.words(id).decision(id, column),
            None => decision.name.clone(),
        };
        let answer = match (column, decided.columns.as_slice()) {
            (Some(column), answers) => answers.get(column).cloned(),
            (None, [Ok(Value::Date(starts)), Ok(Value::Date(ends))]) if period => {
                Some(Ok(Value::Period { starts: *starts, ends: *ends }))
            }
            (None, [one]) => Some(one.clone()),
            (None, answers) => answers.iter().find(|a| a.is_err()).cloned(),
        };
        let mut node = Node::new(NodeKind::Decision, words).at(decision.name_span);
        node.answer = answer;
        node.labels = self.labels_of(id, column);
        // A period's two days have the same working.
        let shown_as = if period { None } else { column };
        if !self.decided.insert((id, shown_as)) {
            return node.remark("explained above");
        }
        let counts = |columns: &[usize]| column.is_none_or(|c| columns.contains(&c)) || columns.is_empty();
        let fired = decided.fired.iter().filter(|f| counts(&f.columns)).map(|f| f.span).collect();
        let place = Place { decision: id, column, fired, clauses: Vec::new() };
        let mut parts = self.group(&decision.group, &place);
        if let DecisionKind::Responses(responses) = &decision.kind {
            let mut successors: Vec<Node> =
                responses.superseded_by.iter().map(|successor| self.successor(*successor, &place)).collect();
            // Those that apply come first; the others keep the order of the source.
            successors.sort_by_key(|s| s.standing == Some(Applies::No));
            // Which answers a row gave is told for the row as a whole; here one of them is asked about.
            if column.is_some() && successors.iter().any(|s| s.standing == Some(Applies::Yes)) {
                let own = parts.iter_mut().filter(|p| p.kind == NodeKind::Row && p.standing == Some(Applies::Yes));
                own.for_each(|row| row.standing = Some(Applies::Superseded));
            }
            parts.extend(successors);
        }
        parts.extend(decided.used.iter().filter_map(|used| self.footnote(*used)).collect::<Vec<_>>());
        node.parts(parts)
    }

    /// The general rule, then its exceptions.
    fn group(&mut self, group: &'a Group, place: &Place) -> Vec<Node> {
        let clauses = [place.clauses.as_slice(), &group.cites].concat();
        let place = Place { fired: place.fired.clone(), clauses, ..*place };
        let mut parts = match &group.body {
            Body::Rules(rules) => self.rules(rules, &place),
            Body::Table(table) => self.table(table, &place),
            Body::Period(extent) => vec![self.period(extent, &place)],
            Body::Log => self.clock(&place),
        };
        for exception in &group.exceptions {
            parts.push(self.exception(exception, group, &place));
        }
        parts
    }

    fn rules(&mut self, rules: &'a [Rule], place: &Place) -> Vec<Node> {
        let id = place.decision;
        let conditions: Vec<Option<Known>> = rules
            .iter()
            .map(|rule| match &rule.guard {
                Guard::When(condition) => Some(self.evaluation.value_in(id, condition)),
                Guard::Otherwise | Guard::Always => None,
            })
            .collect();
        let any = |wanted: Applies| conditions.iter().flatten().any(|c| Applies::of(c) == wanted);
        let (another, perhaps) = (any(Applies::Yes), any(Applies::Open));
        let mut steps = Vec::new();
        for (rule, condition) in rules.iter().zip(&conditions) {
            let fired = place.fired.contains(&rule.span);
            let holds = match (&rule.guard, condition) {
                (_, Some(condition)) => Applies::of(condition),
                (Guard::Otherwise, _) if another => Applies::No,
                (Guard::Otherwise, _) if perhaps && !fired => Applies::Open,
                _ => Applies::Yes,
            };
            let standing = if holds == Applies::Yes && !fired { self.beaten(place) } else { holds };
            let clauses = [place.clauses.as_slice(), &rule.cites].concat();
            let mut node =
                Node::new(NodeKind::Rule, self.words(id).rule(rule)).standing(standing).at(rule.span).clauses(&clauses);
            if let (Guard::Otherwise, Applies::No) = (&rule.guard, holds) {
                node.remark = Some("another rule applies".to_owned());
            }
            if standing == Applies::Open && self.is_settled(place) {
                node.remark = Some("it would make no difference".to_owned());
            }
            let mut parts = match &rule.guard {
                Guard::When(condition) => self.below(id, condition),
                Guard::Otherwise | Guard::Always => Vec::new(),
            };
            if holds == Applies::Yes {
                self.answer(&rule.answer, place, &mut parts);
            }
            steps.push(node.parts(parts));
        }
        steps
    }

    /// Whether the answer is determined, so that what is open cannot matter.
    fn is_settled(&self, place: &Place) -> bool {
        let decided = self.evaluation.decide(place.decision);
        decided.columns.get(place.column.unwrap_or(0)).is_some_and(Result::is_ok)
    }

    /// How a rule stands whose conditions hold and that did not give the answer: in an undetermined decision it may
    /// still do so.
    fn beaten(&self, place: &Place) -> Applies {
        if place.fired.is_empty() { Applies::Open } else { Applies::Superseded }
    }

    /// What an answer rests on, if it is worked out.
    fn answer(&mut self, answer: &'a Answer, place: &Place, parts: &mut Vec<Node>) {
        let value = match answer {
            Answer::Value(value) => value,
            Answer::Discretion { meanwhile: Some(value), .. } => value,
            Answer::Silent | Answer::Discretion { .. } => return,
        };
        if Self::is_worked_out(value) {
            let leaves = self.leaves(place.decision, value);
            parts.extend(leaves.into_iter().filter(|l| !parts.iter().any(|p| p.words == l.words)).collect::<Vec<_>>());
        }
    }

    fn table(&mut self, table: &'a Table, place: &Place) -> Vec<Node> {
        let id = place.decision;
        let headings: Vec<Known> = table.conditions.iter().map(|c| self.evaluation.value_in(id, c)).collect();
        let mut steps = Vec::new();
        let mut open = 0;
        let mut left_out = 0;
        let mut fitted = false;
        for row in table.rows.iter().chain(&table.otherwise) {
            let fired = place.fired.contains(&row.span);
            let fits = self.fits(row, &headings, place);
            let standing = match fits {
                // A row that may fit can settle another answer than the one that is explained.
                _ if fired && (fits == Applies::Yes || self.is_settled(place)) => Applies::Yes,
                Applies::Yes if row.tests.is_empty() && (fitted || open > 0) => Applies::No,
                Applies::Yes if matches!(table.hit, Hit::First) && fitted => Applies::No,
                Applies::Yes => self.beaten(place),
                other => other,
            };
            fitted |= fits == Applies::Yes;
            open += usize::from(standing == Applies::Open);
            if standing == Applies::No || standing == Applies::Open && open > MOST_OPEN_ROWS {
                left_out += 1;
                continue;
            }
            let clauses = [place.clauses.as_slice(), &row.cites].concat();
            let words = self.row_words(table, row, place);
            let mut parts = Vec::new();
            if standing == Applies::Yes {
                let shown =
                    table.answers.iter().zip(&row.answers).filter(|(c, _)| place.column.is_none_or(|p| p == **c));
                for (_, answer) in shown {
                    self.answer(answer, place, &mut parts);
                }
            }
            steps.push(Node::new(NodeKind::Row, words).standing(standing).at(row.span).clauses(&clauses).parts(parts));
        }
        // What the table asks stands under its first row, or alone if none fits.
        let asked: Vec<Node> = table.conditions.iter().flat_map(|c| self.heading(id, c)).collect();
        let rows = |n: usize| {
            if n == 1 { "1 other row does not fit".to_owned() } else { format!("{n} other rows do not fit") }
        };
        match steps.iter_mut().find(|s| s.standing == Some(Applies::Yes)) {
            Some(step) => {
                let own = std::mem::take(&mut step.parts);
                let own: Vec<Node> = own.into_iter().filter(|n| !asked.iter().any(|a| a.words == n.words)).collect();
                step.parts = asked;
                step.parts.extend(own);
                if left_out > 0 {
                    step.remark = Some(rows(left_out));
                }
                steps
            }
            None => asked.into_iter().chain(steps).collect(),
        }
    }

    fn heading(&mut self, id: DecisionId, heading: &'a crate::model::Expr) -> Vec<Node> {
        use crate::model::ExprKind;
        if let ExprKind::Except { column, .. } = &heading.kind {
            return self.heading(id, column);
        }
        let stands_alone = matches!(
            heading.kind,
            ExprKind::Input(_)
                | ExprKind::Local(_)
                | ExprKind::Decision(..)
                | ExprKind::Reading(_)
                | ExprKind::Property(..)
                | ExprKind::PeriodStart(_)
                | ExprKind::PeriodEnd(_)
        );
        if stands_alone {
            return self.leaves(id, heading);
        }
        let value = self.evaluation.value_in(id, heading);
        let parts = self.below(id, heading);
        vec![Node::new(NodeKind::Condition, self.words(id).expr(heading)).answer(value).parts(parts)]
    }

    fn fits(&self, row: &Row, headings: &[Known], place: &Place) -> Applies {
        let mut fits = Applies::Yes;
        for (test, heading) in row.tests.iter().zip(headings) {
            match passes(self.evaluation, place.decision, test, heading) {
                Some(true) => {}
                Some(false) => return Applies::No,
                None => fits = Applies::Open,
            }
        }
        fits
    }

    /// A row as a rule: `15 min when incident.severity is 1 and incident.component is azure`.
    fn row_words(&self, table: &Table, row: &Row, place: &Place) -> String {
        let words = self.words(place.decision);
        let columns = &self.model.decision(place.decision).columns;
        let answers = table.answers.iter().zip(&row.answers).filter(|(c, _)| place.column.is_none_or(|p| p == **c));
        let answers: Vec<String> = answers
            .map(|(column, answer)| match columns.get(*column) {
                Some(c) if !c.name.is_empty() && place.column.is_none() => {
                    format!("{} {}", c.name, words.answer(answer))
                }
                _ => words.answer(answer),
            })
            .collect();
        let answers = answers.join(", ");
        if row.tests.is_empty() {
            return format!("{answers} otherwise");
        }
        let tests = table.conditions.iter().zip(&row.tests).filter_map(|(c, t)| words.tested(c, t));
        let tests: Vec<String> = tests.collect();
        if tests.is_empty() { format!("always {answers}") } else { format!("{answers} when {}", tests.join(" and ")) }
    }

    fn period(&mut self, extent: &'a PeriodExtent, place: &Place) -> Node {
        let id = place.decision;
        let words = self.words(id).extent(extent).join(", ");
        let mut parts = Vec::new();
        match extent {
            PeriodExtent::First { of, counted, .. } => {
                parts.extend(self.leaves(id, of));
                parts.extend(self.below(id, counted));
            }
            PeriodExtent::Last { before, .. } => parts.extend(self.leaves(id, before)),
            PeriodExtent::FromTo { from, to } => {
                parts.extend(self.leaves(id, from));
                let more = self.leaves(id, to);
                parts
                    .extend(more.into_iter().filter(|n| !parts.iter().any(|p| p.words == n.words)).collect::<Vec<_>>());
            }
        }
        Node::new(NodeKind::Period, words).clauses(&place.clauses).parts(parts)
    }

    fn exception(&mut self, exception: &'a Exception, siblings: &Group, place: &Place) -> Node {
        let over: Vec<&str> =
            exception.over.iter().filter_map(|i| siblings.exceptions.get(*i)).map(|e| e.name.as_str()).collect();
        let over = if over.is_empty() { String::new() } else { format!(" over {}", over.join(", ")) };
        // An exception cites its own clauses; those round it stand with the general rule.
        let inner = Place { fired: place.fired.clone(), clauses: Vec::new(), ..*place };
        let mut parts = self.group(&exception.group, &inner);
        let own = |p: &&Node| matches!(p.kind, NodeKind::Rule | NodeKind::Row);
        let has = |wanted: Applies| parts.iter().filter(own).any(|p| p.standing == Some(wanted));
        let order = [Applies::Yes, Applies::Superseded, Applies::Open];
        let standing = order.into_iter().find(|s| has(*s)).unwrap_or(Applies::No);
        if standing == Applies::No {
            // Exceptions to an exception that does not apply have nothing to except.
            parts.retain(|p| p.kind != NodeKind::Exception);
        }
        Node::new(NodeKind::Exception, format!("exception {}{over}", exception.name))
            .standing(standing)
            .at(exception.span)
            .parts(parts)
    }

    /// A table that supersedes the one explained: whether it applies, and its row.
    fn successor(&mut self, id: DecisionId, place: &Place) -> Node {
        let other = self.model.decision(id);
        let base = self.model.decision(place.decision);
        let mut node =
            Node::new(NodeKind::Table, format!("{} supersedes {}", other.name, base.name)).at(other.name_span);
        node.labels = other.labels.clone();
        let DecisionKind::Responses(responses) = &other.kind else { return node };
        let when = responses.when.as_ref().map(|w| (w, self.evaluation.value_in(id, w)));
        let holds = when.as_ref().map_or(Applies::Yes, |(_, value)| Applies::of(value));
        let mut parts = Vec::new();
        if let Some((when, value)) = when {
            let words = format!("when {}", self.words(id).expr(when));
            let below = self.below(id, when);
            parts.push(Node::new(NodeKind::Condition, words).answer(value).parts(below));
        }
        let named =
            |c: usize| base.columns.get(c).and_then(|own| other.columns.iter().position(|o| o.name == own.name));
        let column = match place.column.map(named) {
            None => None,
            Some(Some(column)) => Some(column),
            Some(None) => {
                let remark = "it does not state this answer";
                return node.clauses(&other.group.cites).standing(Applies::No).remark(remark).parts(parts);
            }
        };
        if holds == Applies::No {
            return node.clauses(&other.group.cites).standing(Applies::No).parts(parts);
        }
        let inner = Place { decision: id, column, fired: place.fired.clone(), clauses: Vec::new() };
        let rows = self.group(&other.group, &inner);
        let has = |wanted: Applies| rows.iter().any(|r| r.kind == NodeKind::Row && r.standing == Some(wanted));
        let standing = match holds {
            Applies::Yes if has(Applies::Yes) => Applies::Yes,
            Applies::Yes if has(Applies::Superseded) => Applies::Superseded,
            Applies::Yes if !has(Applies::Open) => {
                node.remark = Some("it has no row for this case".to_owned());
                Applies::No
            }
            _ => Applies::Open,
        };
        parts.extend(rows);
        for further in &responses.superseded_by {
            if self.decided.insert((*further, place.column.map(|c| usize::MAX - c))) {
                parts.push(self.successor(*further, &inner));
            }
        }
        node.standing(standing).parts(parts)
    }

    fn footnote(&mut self, used: Used) -> Option<Node> {
        let Used::Note(id, number) = used else { return None };
        let DecisionKind::Responses(responses) = &self.model.decision(id).kind else { return None };
        let note = responses.notes.get(number as usize)?;
        let mut node = Node::new(NodeKind::Footnote, self.words(id).note(note)).at(note.span).clauses(&note.cites);
        if let Some(when) = &note.except_when {
            let value = self.evaluation.value_in(id, when);
            node = node.standing(Applies::of(&value));
            node.parts = self.below(id, when);
        }
        Some(node)
    }
}

/// Whether a heading's value passes a cell; `None` where that is not known.
fn passes(evaluation: &Evaluation, id: DecisionId, test: &Test, heading: &Known) -> Option<bool> {
    if matches!(test.kind, TestKind::Any) {
        return Some(true);
    }
    let value = heading.as_ref().ok()?;
    match &test.kind {
        TestKind::Dynamic(op, with) => {
            let with = evaluation.value_in(id, with).ok()?;
            Some(match op {
                CompareOp::Eq => *value == with,
                CompareOp::Ne => *value != with,
                op => compare(value, &with).is_some_and(|o| op.holds(o)),
            })
        }
        TestKind::Not(inner) => passes(evaluation, id, inner, heading).map(|b| !b),
        _ => Some(test.holds(value).unwrap_or(false)),
    }
}
