//! What decisions turn on: their rules, tables, periods and exceptions, and the tables that supersede them.

use super::{DecisionShape, Involved, Scene, Seen, Shape, Shapes};
use crate::columnar::atom::Cut;
use crate::columnar::number::{Apply, NumberId, NumberKind, held};
use crate::columnar::sub::Which;
use crate::model::{
    Answer, Arith, Body, CompareOp, DecisionId, DecisionKind, Expr, Group, Guard, Hit, PeriodExtent, Table, Test,
    TestKind, Type,
};
use crate::value::Value;

impl<'c> Shapes<'c> {
    pub(super) fn decision(&mut self, id: DecisionId) -> Result<DecisionShape, Involved> {
        if let Some(known) = self.decisions.get(&id) {
            return known.clone().ok_or(Involved);
        }
        let shape = self.work_out(id);
        self.decisions.insert(id, shape.clone().ok());
        shape
    }

    pub(super) fn work_out(&mut self, id: DecisionId) -> Result<DecisionShape, Involved> {
        let decision = self.model().decision(id);
        let mut shape = DecisionShape::default();
        let mut seen = Seen::default();
        shape.formulas.resize(decision.columns.len().max(2), Vec::new());
        if decision.kind.is_read_from_log() {
            // Without a log its answers are missing, whatever else is given; with one each case is by itself.
            self.of_log(&mut seen);
        } else {
            let scene = Scene { decision: Some(id), group: Some(&decision.group) };
            self.group(&decision.group, scene, &mut shape, &mut seen)?;
            if let DecisionKind::Responses(responses) = &decision.kind {
                if let Some(when) = &responses.when {
                    self.atoms_alone(when, scene, &mut seen)?;
                }
                for successor in &responses.superseded_by {
                    let other = self.decision(*successor)?;
                    // Answers that numbers give are followed within one table only.
                    if other.formulas.iter().any(|f| !f.is_empty()) {
                        return Err(Involved);
                    }
                    seen.atoms.extend(other.atoms);
                    seen.chosen |= other.chosen;
                    seen.numeric.extend(other.numeric);
                }
                let has_numbers = shape.formulas.iter().any(|f| !f.is_empty());
                if has_numbers && !(responses.notes.is_empty() && responses.superseded_by.is_empty()) {
                    return Err(Involved);
                }
            }
        }
        if shape.formulas.iter().any(|f| !f.is_empty()) {
            seen.numeric.insert(id);
        }
        Ok(DecisionShape { atoms: seen.atoms, chosen: seen.chosen, numeric: seen.numeric, ..shape })
    }

    fn group(
        &mut self,
        group: &'c Group,
        scene: Scene<'c>,
        shape: &mut DecisionShape,
        seen: &mut Seen,
    ) -> Result<(), Involved> {
        match &group.body {
            Body::Rules(rules) => {
                for rule in rules {
                    if let Guard::When(condition) = &rule.guard {
                        self.atoms_alone(condition, scene, seen)?;
                    }
                    self.given_answer(&rule.answer, rule.span, 0, scene, shape, seen)?;
                }
            }
            Body::Table(table) => self.table(table, scene, shape, seen)?,
            Body::Period(extent) => self.period(extent, scene, shape, seen)?,
            Body::Log => {}
        }
        for exception in &group.exceptions {
            self.group(&exception.group, scene, shape, seen)?;
        }
        Ok(())
    }

    fn given_answer(
        &mut self,
        answer: &'c Answer,
        span: crate::source::Span,
        column: usize,
        scene: Scene<'c>,
        shape: &mut DecisionShape,
        seen: &mut Seen,
    ) -> Result<(), Involved> {
        match answer {
            Answer::Value(value) => {
                if let Shape::Number(number) = self.expr(value, scene, seen)? {
                    self.use_of(number, seen);
                    shape.formulas.get_mut(column).ok_or(Involved)?.push((Which::At(span), number));
                }
                Ok(())
            }
            Answer::Silent | Answer::Discretion { meanwhile: None, .. } => Ok(()),
            Answer::Discretion { meanwhile: Some(meanwhile), .. } => self.atoms_alone(meanwhile, scene, seen),
        }
    }

    fn table(
        &mut self,
        table: &'c Table,
        scene: Scene<'c>,
        shape: &mut DecisionShape,
        seen: &mut Seen,
    ) -> Result<(), Involved> {
        for (column, condition) in table.conditions.iter().enumerate() {
            let heading = self.expr(condition, scene, seen)?;
            let mut cuts = Vec::new();
            for test in table.rows.iter().filter_map(|row| row.tests.get(column)) {
                self.test(heading, condition, test, scene, seen, &mut cuts)?;
            }
            if let (Shape::Number(number), false) = (heading, cuts.is_empty()) {
                self.cut(number, &cuts, seen);
            }
        }
        for row in table.rows.iter().chain(&table.otherwise) {
            for (column, answer) in table.answers.iter().zip(&row.answers) {
                self.given_answer(answer, row.span, *column, scene, shape, seen)?;
            }
        }
        // Which of several answers holds, or all of them, would turn on the numbers themselves.
        let alone = matches!(table.hit, Hit::Unique | Hit::First);
        if !alone && shape.formulas.iter().any(|f| !f.is_empty()) {
            return Err(Involved);
        }
        Ok(())
    }

    fn test(
        &mut self,
        heading: Shape,
        condition: &'c Expr,
        test: &'c Test,
        scene: Scene<'c>,
        seen: &mut Seen,
        cuts: &mut Vec<Cut>,
    ) -> Result<(), Involved> {
        match (&test.kind, heading) {
            (TestKind::Any, _) => Ok(()),
            (TestKind::Not(inner), _) => self.test(heading, condition, inner, scene, seen, cuts),
            (TestKind::Dynamic(op, with), _) => self.compared(*op, condition, with, scene, seen),
            (_, Shape::Atoms) => Ok(()),
            (kind, Shape::Number(_)) => cuts_of(kind, cuts),
        }
    }

    fn period(
        &mut self,
        extent: &'c PeriodExtent,
        scene: Scene<'c>,
        shape: &mut DecisionShape,
        seen: &mut Seen,
    ) -> Result<(), Involved> {
        let day = |shapes: &mut Self, expr: &'c Expr, seen: &mut Seen| -> Result<NumberId, Involved> {
            let number = shapes.as_number(expr, scene, seen)?;
            shapes.use_of(number, seen);
            Ok(number)
        };
        let moved = |shapes: &mut Self, date: NumberId, by: &Value, earlier: bool| -> Result<NumberId, Involved> {
            let amount = shapes.constant(by)?;
            let kind = match by {
                Value::Days(_) => NumberKind::MoveDays(date, amount, earlier),
                _ => {
                    let arith = if earlier { Arith::Sub } else { Arith::Add };
                    NumberKind::Apply(Apply::Arith(arith), vec![date, amount])
                }
            };
            match shapes.number_of(kind, &Type::Date, &[date, amount])? {
                Shape::Number(number) => Ok(number),
                Shape::Atoms => Err(Involved),
            }
        };
        let one = Value::Days(1);
        let (starts, ends) = match extent {
            PeriodExtent::First { length, of, counted } => {
                let first = day(self, of, seen)?;
                self.atoms_alone(counted, scene, seen)?;
                let after = moved(self, first, length, false)?;
                (vec![first], vec![after, moved(self, after, &one, true)?])
            }
            PeriodExtent::Last { length, before } => {
                let before = day(self, before, seen)?;
                (vec![moved(self, before, length, true)?], vec![moved(self, before, &one, true)?])
            }
            PeriodExtent::FromTo { from, to } => (vec![day(self, from, seen)?], vec![day(self, to, seen)?]),
        };
        for (column, numbers) in [starts, ends].into_iter().enumerate() {
            shape.formulas[column] = numbers.into_iter().map(|number| (Which::OneOf, number)).collect();
        }
        Ok(())
    }
}

/// The cuts at which a test's answer changes.
fn cuts_of(test: &TestKind, cuts: &mut Vec<Cut>) -> Result<(), Involved> {
    match test {
        TestKind::Any => Ok(()),
        TestKind::OneOf(values) | TestKind::NoneOf(values) => values.iter().try_for_each(|value| around(value, cuts)),
        TestKind::Compare(op, value) => {
            cuts.extend(cuts_at(*op, value)?);
            Ok(())
        }
        TestKind::Range(low, high, includes) => {
            for (value, above) in [(low, false), (high, *includes)] {
                let (number, scale, _) = held(value).ok_or(Involved)?;
                cuts.push(Cut { number, scale, above });
            }
            Ok(())
        }
        TestKind::Not(_) | TestKind::Has(_) | TestKind::Dynamic(..) => Err(Involved),
    }
}

/// The cuts at which a comparison's answer changes.
pub(super) fn cuts_at(op: CompareOp, value: &Value) -> Result<Vec<Cut>, Involved> {
    let (number, scale, _) = held(value).ok_or(Involved)?;
    let cut = |above| Cut { number, scale, above };
    Ok(match op {
        CompareOp::Lt | CompareOp::Ge => vec![cut(false)],
        CompareOp::Le | CompareOp::Gt => vec![cut(true)],
        CompareOp::Eq | CompareOp::Ne => vec![cut(false), cut(true)],
    })
}

/// The cuts on both sides of a value.
pub(super) fn around(value: &Value, cuts: &mut Vec<Cut>) -> Result<(), Involved> {
    let (number, scale, _) = held(value).ok_or(Involved)?;
    cuts.extend([false, true].map(|above| Cut { number, scale, above }));
    Ok(())
}
