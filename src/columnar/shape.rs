//! What an evaluation can observe of a case. The walk follows the evaluation of single cases and asks of each
//! expression: does it turn on atoms alone, or is it a number that is worked out from the case's own amounts? What
//! is neither (a list compared with a spend, say) is left to the evaluation of single cases.
//!
//! Nothing is evaluated here, and no meaning is written a second time: the answer for each combination of atoms comes
//! from [`eval`](crate::eval), asked once for the first case that has it.

use std::collections::{BTreeSet, HashMap};

use super::atom::{Atom, AtomId, Cut};
use super::number::{Apply, ClockBody, Number, NumberId, NumberKind, held, holds};
use super::sub::{Sub, SubId, What, Which};
use crate::check::Checked;
use crate::model::{
    Answer, Arith, Body, BuiltinBody, CALENDARS, CompareOp, DecisionId, DecisionKind, Expr, ExprKind, Group, Guard,
    Hit, InputId, Model, PeriodExtent, Property, SpanUnit, Table, Test, TestKind, Type,
};
use crate::value::Value;

/// What is too involved for columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Involved;

/// What an expression turns on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Atoms alone.
    Atoms,
    /// Its value is this number; whether it is known turns on atoms alone.
    Number(NumberId),
}

/// What a decision turns on.
#[derive(Clone, Debug, Default)]
pub struct DecisionShape {
    atoms: BTreeSet<AtomId>,
    /// By column: the formulas that may give the answer; none where it turns on atoms alone.
    formulas: Vec<Vec<(Which, NumberId)>>,
    chosen: bool,
    /// This one and those behind it whose answers are worked out from numbers.
    numeric: BTreeSet<DecisionId>,
}

/// What was gathered on the way through an expression.
#[derive(Clone, Debug, Default)]
struct Seen {
    atoms: BTreeSet<AtomId>,
    chosen: bool,
    numeric: BTreeSet<DecisionId>,
}

/// Everything that the subs of a plan are worked out from.
#[derive(Debug)]
pub struct Shapes<'c> {
    checked: &'c Checked,
    pub atoms: Vec<Atom>,
    pub numbers: Vec<Number>,
    pub subs: Vec<Sub<'c>>,
    /// By atom: how many subs look at it.
    pub uses: Vec<u32>,
    decisions: HashMap<DecisionId, Option<DecisionShape>>,
    answers: HashMap<(DecisionId, u32), SubId>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Scene<'c> {
    decision: Option<DecisionId>,
    group: Option<&'c Group>,
}

impl<'c> Shapes<'c> {
    pub fn new(checked: &'c Checked) -> Self {
        let (atoms, numbers, subs) = (Vec::new(), Vec::new(), Vec::new());
        Shapes { checked, atoms, numbers, subs, uses: Vec::new(), decisions: HashMap::new(), answers: HashMap::new() }
    }

    /// What is said twice is dropped: where a number lies says whether it is given. Counts what the subs of the targets,
    /// and those behind their numbers, look at.
    pub fn finish(&mut self, targets: &[SubId]) {
        for sub in &mut self.subs {
            let of_fact = |id: &AtomId| match &self.atoms[id.index()] {
                Atom::Segment(number, _) => match self.numbers[number.index()].kind {
                    NumberKind::Fact(input) => Some(input),
                    _ => None,
                },
                _ => None,
            };
            let placed: Vec<InputId> = sub.atoms.iter().filter_map(of_fact).collect();
            sub.atoms.retain(|id| !matches!(&self.atoms[id.index()], Atom::Given(input) if placed.contains(input)));
        }
        self.uses = vec![0; self.atoms.len()];
        let inner = self.numbers.iter().filter_map(|number| match number.kind {
            NumberKind::Sub(sub) | NumberKind::Clock(_, _, sub) => Some(sub),
            _ => None,
        });
        let subs = inner.chain(targets.iter().copied()).map(|id| &self.subs[id.index()]);
        subs.flat_map(|sub| &sub.atoms).for_each(|id| self.uses[id.index()] += 1);
    }

    fn model(&self) -> &'c Model {
        &self.checked.model
    }

    /// A sub for an answer that is asked for. What is remembered of it is more than of one that numbers need.
    pub fn target(&mut self, id: DecisionId, column: u32) -> Result<SubId, Involved> {
        let inner = self.answer(id, column)?;
        Ok(self.sub(self.subs[inner.index()].clone()))
    }

    /// The sub for an answer of a decision that a number is worked out from.
    fn answer(&mut self, id: DecisionId, column: u32) -> Result<SubId, Involved> {
        if let Some(sub) = self.answers.get(&(id, column)) {
            return Ok(*sub);
        }
        let shape = self.decision(id)?;
        let decision = self.model().decision(id);
        let ty = match decision.kind {
            DecisionKind::Period => Type::Date,
            _ => decision.columns.get(column as usize).map_or(Type::Unknown, |c| c.ty.clone()),
        };
        let formulas = shape.formulas.get(column as usize).cloned().unwrap_or_default();
        let sub = self.sub(Sub {
            what: What::Answer(id, column),
            ty,
            atoms: shape.atoms.into_iter().collect(),
            formulas,
            chosen: shape.chosen,
            numeric: shape.numeric.into_iter().collect(),
        });
        self.answers.insert((id, column), sub);
        Ok(sub)
    }

    fn sub(&mut self, sub: Sub<'c>) -> SubId {
        self.subs.push(sub);
        SubId(self.subs.len() as u32 - 1)
    }

    fn atom(&mut self, atom: Atom, seen: &mut Seen) {
        let place = self.atoms.iter().position(|known| *known == atom).unwrap_or_else(|| {
            self.atoms.push(atom);
            self.atoms.len() - 1
        });
        seen.atoms.insert(AtomId(place as u32));
    }

    /// Cuts through a number: one atom for each number has all of them, so that decisions share it.
    fn cut(&mut self, number: NumberId, cuts: &[Cut], seen: &mut Seen) {
        let place = self.atoms.iter().position(|known| matches!(known, Atom::Segment(of, _) if *of == number));
        let place = place.unwrap_or_else(|| {
            self.atoms.push(Atom::Segment(number, Vec::new()));
            self.atoms.len() - 1
        });
        if let Some(Atom::Segment(_, all)) = self.atoms.get_mut(place) {
            for cut in cuts {
                if let Err(at) = all.binary_search_by(|known| known.cmp(cut)) {
                    all.insert(at, *cut);
                }
            }
        }
        seen.atoms.insert(AtomId(place as u32));
        self.use_of(number, seen);
    }

    /// A number was looked at: whether it is known matters.
    fn use_of(&self, number: NumberId, seen: &mut Seen) {
        let number = &self.numbers[number.index()];
        seen.atoms.extend(&number.needs);
        seen.chosen |= number.chosen;
    }

    fn number(&mut self, number: Number) -> NumberId {
        let same = |known: &Number| known.kind == number.kind && known.ty == number.ty;
        let place = self.numbers.iter().position(same).unwrap_or_else(|| {
            self.numbers.push(number);
            self.numbers.len() - 1
        });
        NumberId(place as u32)
    }

    /// A number that is worked out from others.
    fn number_of(&mut self, kind: NumberKind, ty: &Type, from: &[NumberId]) -> Result<Shape, Involved> {
        if !holds(ty) {
            return Err(Involved);
        }
        let mut needs = BTreeSet::new();
        let mut chosen = false;
        for id in from {
            needs.extend(&self.numbers[id.index()].needs);
            chosen |= self.numbers[id.index()].chosen;
        }
        Ok(Shape::Number(self.number(Number { kind, ty: ty.clone(), needs, chosen })))
    }

    fn decision(&mut self, id: DecisionId) -> Result<DecisionShape, Involved> {
        if let Some(known) = self.decisions.get(&id) {
            return known.clone().ok_or(Involved);
        }
        let shape = self.work_out(id);
        self.decisions.insert(id, shape.clone().ok());
        shape
    }

    fn work_out(&mut self, id: DecisionId) -> Result<DecisionShape, Involved> {
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
            for test in table.rows.iter().filter_map(|row| row.tests.get(column)) {
                self.test(heading, condition, test, scene, seen)?;
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
    ) -> Result<(), Involved> {
        match (&test.kind, heading) {
            (TestKind::Any, _) => Ok(()),
            (TestKind::Not(inner), _) => self.test(heading, condition, inner, scene, seen),
            (TestKind::Dynamic(_, with), _) => self.compared(condition, with, scene, seen),
            (_, Shape::Atoms) => Ok(()),
            (kind, Shape::Number(number)) => {
                let mut cuts = Vec::new();
                cuts_of(kind, &mut cuts)?;
                self.cut(number, &cuts, seen);
                Ok(())
            }
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

    /// What stands behind the log: without one nothing, with one each case is by itself.
    fn of_log(&mut self, seen: &mut Seen) {
        if let Some(own) = self.model().log {
            self.atom(Atom::Alone(own.log), seen);
            self.atom(Atom::Alone(own.as_of), seen);
        }
    }

    /// An expression that must turn on atoms alone.
    fn atoms_alone(&mut self, expr: &'c Expr, scene: Scene<'c>, seen: &mut Seen) -> Result<(), Involved> {
        match self.expr(expr, scene, seen)? {
            Shape::Atoms => Ok(()),
            Shape::Number(_) => Err(Involved),
        }
    }

    /// An expression as a number, even where it turns on atoms alone.
    fn as_number(&mut self, expr: &'c Expr, scene: Scene<'c>, seen: &mut Seen) -> Result<NumberId, Involved> {
        let mut own = Seen::default();
        let shape = self.expr(expr, scene, &mut own)?;
        seen.atoms.extend(&own.atoms);
        seen.chosen |= own.chosen;
        seen.numeric.extend(&own.numeric);
        if let Shape::Number(number) = shape {
            return Ok(number);
        }
        if !holds(&expr.ty) || self.names_item(expr, scene) {
            return Err(Involved);
        }
        if let ExprKind::Const(value) = &expr.kind {
            return self.constant(value);
        }
        let sub = self.sub(Sub {
            what: What::Part(scene.decision, expr),
            ty: expr.ty.clone(),
            atoms: own.atoms.iter().copied().collect(),
            formulas: Vec::new(),
            chosen: own.chosen,
            numeric: own.numeric.into_iter().collect(),
        });
        let kind = NumberKind::Sub(sub);
        Ok(self.number(Number { kind, ty: expr.ty.clone(), needs: own.atoms, chosen: true }))
    }

    fn constant(&mut self, value: &Value) -> Result<NumberId, Involved> {
        held(value).ok_or(Involved)?;
        let ty = match value {
            Value::Number(_) => Type::Decimal,
            Value::Percent(_) => Type::Percent,
            Value::Money(currency, _) => Type::Money(Some(*currency)),
            Value::Quantity(unit, _) => Type::Quantity(*unit),
            Value::Duration(_) => Type::Duration,
            Value::Days(_) => Type::Days,
            Value::Months(_) => Type::Months,
            Value::BusinessHours(_) => Type::BusinessHours,
            Value::BusinessDays(_) => Type::BusinessDays,
            Value::Date(_) => Type::Date,
            Value::DateTime(_) => Type::DateTime,
            _ => return Err(Involved),
        };
        let kind = NumberKind::Const(value.clone());
        Ok(self.number(Number { kind, ty, needs: BTreeSet::new(), chosen: false }))
    }

    /// Whether an expression names an item that `any`, `sum` and the like run over.
    fn names_item(&self, expr: &Expr, scene: Scene) -> bool {
        let mut found = false;
        expr.walk(&mut |e| {
            if let ExprKind::Local(slot) = e.kind {
                found |= scene.group.and_then(|group| let_of(group, slot)).is_none();
            }
        });
        found
    }

    /// A comparison of two expressions.
    fn compared(&mut self, left: &'c Expr, right: &'c Expr, scene: Scene<'c>, seen: &mut Seen) -> Result<(), Involved> {
        let (a, b) = (self.expr(left, scene, seen)?, self.expr(right, scene, seen)?);
        match (a, b, &left.kind, &right.kind) {
            (Shape::Atoms, Shape::Atoms, ..) => Ok(()),
            (Shape::Number(number), _, _, ExprKind::Const(value))
            | (_, Shape::Number(number), ExprKind::Const(value), _) => {
                let (value, scale, _) = held(value).ok_or(Involved)?;
                let cut = |above| Cut { number: value, scale, above };
                self.cut(number, &[cut(false), cut(true)], seen);
                Ok(())
            }
            _ => {
                let (a, b) = (self.as_number(left, scene, seen)?, self.as_number(right, scene, seen)?);
                self.in_order(a, b, seen);
                Ok(())
            }
        }
    }

    fn in_order(&mut self, a: NumberId, b: NumberId, seen: &mut Seen) {
        self.atom(Atom::Order(a, b), seen);
        self.use_of(a, seen);
        self.use_of(b, seen);
    }

    fn input(&mut self, id: InputId, seen: &mut Seen) -> Shape {
        if self.checked.timeline.is_settable(id) {
            self.of_log(seen);
        }
        let ty = &self.model().input(id).ty;
        match ty {
            Type::YesNo => self.atom(Atom::Code(id, 2), seen),
            Type::Enum(of) => {
                let members = self.model().enumeration(*of).members.len() as u32;
                self.atom(Atom::Code(id, members), seen);
            }
            Type::Log => self.of_log(seen),
            ty if holds(ty) => {
                let mut own = Seen::default();
                self.atom(Atom::Given(id), &mut own);
                let number = Number { kind: NumberKind::Fact(id), ty: ty.clone(), needs: own.atoms, chosen: false };
                return Shape::Number(self.number(number));
            }
            _ => self.atom(Atom::Interned(id), seen),
        }
        Shape::Atoms
    }

    fn expr(&mut self, expr: &'c Expr, scene: Scene<'c>, seen: &mut Seen) -> Result<Shape, Involved> {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Reading(_) => Ok(Shape::Atoms),
            ExprKind::Input(id) => Ok(self.input(*id, seen)),
            ExprKind::Local(slot) => match scene.group.and_then(|group| let_of(group, *slot)) {
                Some(value) => self.expr(value, scene, seen),
                // An item of a list, which turns on what the list turns on.
                None => Ok(Shape::Atoms),
            },
            ExprKind::Decision(id, column) => self.asked(*id, *column, &expr.ty, seen),
            ExprKind::WholeDecision(id, _) => {
                let shape = self.decision(*id)?;
                if shape.formulas.iter().any(|f| !f.is_empty()) {
                    return Err(Involved);
                }
                self.behind(&shape, seen);
                Ok(Shape::Atoms)
            }
            ExprKind::PeriodStart(period) | ExprKind::PeriodEnd(period) => {
                let end = u32::from(matches!(expr.kind, ExprKind::PeriodEnd(_)));
                self.period_end(period, end, scene, seen)
            }
            ExprKind::Property(of, property) => {
                self.atoms_alone(of, scene, seen)?;
                if *property == Property::RequirementsMet {
                    for requirement in self.model().services.iter().flat_map(|service| &service.requires) {
                        self.atoms_alone(requirement, Scene { decision: None, group: None }, seen)?;
                    }
                }
                Ok(Shape::Atoms)
            }
            ExprKind::Compare(_, left, right) => self.compared(left, right, scene, seen).map(|()| Shape::Atoms),
            ExprKind::InRange { item, low, high, .. } => {
                self.compared(item, low, scene, seen)?;
                self.compared(item, high, scene, seen)?;
                Ok(Shape::Atoms)
            }
            ExprKind::InPeriod { item, period } => {
                let item = self.as_number(item, scene, seen)?;
                for end in 0..2 {
                    let Shape::Number(day) = self.period_end(period, end, scene, seen)? else { return Err(Involved) };
                    self.in_order(item, day, seen);
                }
                Ok(Shape::Atoms)
            }
            ExprKind::Contains { set, item } => {
                let in_set = self.expr(set, scene, seen)?;
                match (in_set, self.expr(item, scene, seen)?, &set.kind) {
                    (Shape::Atoms, Shape::Atoms, _) => Ok(Shape::Atoms),
                    (
                        Shape::Atoms,
                        Shape::Number(number),
                        ExprKind::Const(Value::Set(values) | Value::List(values)),
                    ) => {
                        let mut cuts = Vec::new();
                        for value in values.iter() {
                            around(value, &mut cuts)?;
                        }
                        self.cut(number, &cuts, seen);
                        Ok(Shape::Atoms)
                    }
                    _ => Err(Involved),
                }
            }
            ExprKind::IsStated(inner) => {
                if let Shape::Number(number) = self.expr(inner, scene, seen)? {
                    self.use_of(number, seen);
                }
                Ok(Shape::Atoms)
            }
            ExprKind::If(condition, then, otherwise) => {
                self.atoms_alone(condition, scene, seen)?;
                self.either(expr, [condition, then, otherwise], scene, seen)
            }
            ExprKind::Arith(op, left, right) => {
                let (a, b) = (self.expr(left, scene, seen)?, self.expr(right, scene, seen)?);
                if (a, b) == (Shape::Atoms, Shape::Atoms) {
                    return Ok(Shape::Atoms);
                }
                let (a, b) = (self.as_number(left, scene, seen)?, self.as_number(right, scene, seen)?);
                self.arith(*op, a, b, expr)
            }
            ExprKind::Between { from, to, unit } => {
                let (a, b) = (self.expr(from, scene, seen)?, self.expr(to, scene, seen)?);
                if (a, b) == (Shape::Atoms, Shape::Atoms) {
                    return Ok(Shape::Atoms);
                }
                let (a, b) = (self.as_number(from, scene, seen)?, self.as_number(to, scene, seen)?);
                let dates = from.ty == Type::Date && to.ty == Type::Date;
                let kind = match unit {
                    SpanUnit::Days if dates => NumberKind::DaysBetween(a, b),
                    unit => NumberKind::Apply(Apply::Between(*unit), vec![a, b]),
                };
                self.number_of(kind, &expr.ty, &[a, b])
            }
            ExprKind::Negate(inner) => self.applied(Apply::Negate, &[inner], expr, scene, seen),
            ExprKind::Divide { dividend, divisor, mode, step } => {
                self.applied(Apply::Divide(*mode, step.clone()), &[dividend, divisor], expr, scene, seen)
            }
            ExprKind::Round { value, mode, step } => {
                self.applied(Apply::Round(*mode, step.clone()), &[value], expr, scene, seen)
            }
            ExprKind::Call(function, args) => match function.body {
                BuiltinBody::Plain(_) => {
                    self.applied(Apply::Call(function), &args.iter().collect::<Vec<_>>(), expr, scene, seen)
                }
                BuiltinBody::Clock(_) => self.clock(ClockBody(function), args, expr, scene, seen),
            },
            // All parts of these are looked at as they stand, and must turn on atoms alone.
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Field(..)
            | ExprKind::Set(_)
            | ExprKind::List(_)
            | ExprKind::Record(..)
            | ExprKind::Quantified { .. }
            | ExprKind::Count { .. }
            | ExprKind::Sum { .. }
            | ExprKind::Except { .. } => {
                let mut parts = Vec::new();
                expr.parts(&mut |part| parts.push(part));
                for part in parts {
                    self.atoms_alone(part, scene, seen)?;
                }
                Ok(Shape::Atoms)
            }
        }
    }

    fn behind(&self, shape: &DecisionShape, seen: &mut Seen) {
        seen.atoms.extend(&shape.atoms);
        seen.chosen |= shape.chosen;
        seen.numeric.extend(&shape.numeric);
    }

    /// An answer of another decision.
    fn asked(&mut self, id: DecisionId, column: u32, ty: &Type, seen: &mut Seen) -> Result<Shape, Involved> {
        let shape = self.decision(id)?;
        self.behind(&shape, seen);
        if matches!(self.model().decision(id).kind, DecisionKind::Period) && *ty == Type::Period {
            return Err(Involved);
        }
        if shape.formulas.get(column as usize).is_none_or(Vec::is_empty) {
            return Ok(Shape::Atoms);
        }
        let sub = self.answer(id, column)?;
        let ty = self.subs[sub.index()].ty.clone();
        if !holds(&ty) {
            return Err(Involved);
        }
        let kind = NumberKind::Sub(sub);
        Ok(Shape::Number(self.number(Number { kind, ty, needs: shape.atoms, chosen: true })))
    }

    /// The first or last day of a period.
    fn period_end(&mut self, period: &'c Expr, end: u32, scene: Scene<'c>, seen: &mut Seen) -> Result<Shape, Involved> {
        match period.kind {
            ExprKind::Decision(id, _) if matches!(self.model().decision(id).kind, DecisionKind::Period) => {
                self.asked(id, end, &Type::Date, seen)
            }
            _ => {
                // A period that is a fact; its days are values of their own.
                self.atoms_alone(period, scene, seen)?;
                Ok(Shape::Atoms)
            }
        }
    }

    /// `if c then a else b`, where `c` turns on atoms alone.
    fn either(
        &mut self,
        whole: &'c Expr,
        [condition, then, otherwise]: [&'c Expr; 3],
        scene: Scene<'c>,
        seen: &mut Seen,
    ) -> Result<Shape, Involved> {
        let mut own = Seen::default();
        self.atoms_alone(condition, scene, &mut own)?;
        let (a, b) = (self.expr(then, scene, &mut own)?, self.expr(otherwise, scene, &mut own)?);
        let shape = if (a, b) == (Shape::Atoms, Shape::Atoms) {
            Shape::Atoms
        } else {
            if self.names_item(whole, scene) {
                return Err(Involved);
            }
            let (a, b) = (self.as_number(then, scene, &mut own)?, self.as_number(otherwise, scene, &mut own)?);
            self.use_of(a, &mut own);
            self.use_of(b, &mut own);
            let sub = self.sub(Sub {
                what: What::Part(scene.decision, whole),
                ty: whole.ty.clone(),
                atoms: own.atoms.iter().copied().collect(),
                formulas: vec![(Which::If(true), a), (Which::If(false), b)],
                chosen: true,
                numeric: own.numeric.iter().copied().chain(scene.decision).collect(),
            });
            if !holds(&whole.ty) {
                return Err(Involved);
            }
            let kind = NumberKind::Sub(sub);
            let needs = own.atoms.clone();
            Shape::Number(self.number(Number { kind, ty: whole.ty.clone(), needs, chosen: true }))
        };
        seen.atoms.extend(own.atoms);
        seen.chosen |= own.chosen;
        seen.numeric.extend(own.numeric);
        Ok(shape)
    }

    fn arith(&mut self, op: Arith, a: NumberId, b: NumberId, expr: &Expr) -> Result<Shape, Involved> {
        let ty = |shapes: &Self, id: NumberId| shapes.numbers[id.index()].ty.clone();
        let (left, right) = (ty(self, a), ty(self, b));
        let measure = |ty: &Type| !matches!(ty, Type::Date | Type::DateTime);
        // Half of five days is no whole number of days, and days and months have rules of their own.
        let divisible = matches!(expr.ty, Type::Decimal | Type::Percent | Type::Money(Some(_)) | Type::Quantity(_));
        let alike = measure(&left) && measure(&right) && (left == right || (divisible && left.fits(&right)));
        let kind = match (op, &left, &right) {
            (Arith::Add, Type::Date, Type::Days) => NumberKind::MoveDays(a, b, false),
            (Arith::Add, Type::Days, Type::Date) => NumberKind::MoveDays(b, a, false),
            (Arith::Sub, Type::Date, Type::Days) => NumberKind::MoveDays(a, b, true),
            (Arith::Add, ..) if alike => NumberKind::Add(a, b),
            (Arith::Sub, ..) if alike => NumberKind::Subtract(a, b),
            (Arith::PercentOf, ..) if divisible => NumberKind::Share(a, b),
            _ => NumberKind::Apply(Apply::Arith(op), vec![a, b]),
        };
        self.number_of(kind, &expr.ty, &[a, b])
    }

    /// An operation on values: on atoms alone, or on numbers.
    fn applied(
        &mut self,
        apply: Apply,
        args: &[&'c Expr],
        expr: &'c Expr,
        scene: Scene<'c>,
        seen: &mut Seen,
    ) -> Result<Shape, Involved> {
        let mut numbers = false;
        for arg in args {
            numbers |= matches!(self.expr(arg, scene, seen)?, Shape::Number(_));
        }
        if !numbers {
            return Ok(Shape::Atoms);
        }
        let args = args.iter().map(|arg| self.as_number(arg, scene, seen)).collect::<Result<Vec<_>, _>>()?;
        self.number_of(NumberKind::Apply(apply, args.clone()), &expr.ty, &args)
    }

    /// A function whose last argument is a calendar that the rules name.
    fn clock(
        &mut self,
        body: ClockBody,
        args: &'c [Expr],
        expr: &'c Expr,
        scene: Scene<'c>,
        seen: &mut Seen,
    ) -> Result<Shape, Involved> {
        let Some((Expr { kind: ExprKind::Const(Value::Member(CALENDARS, calendar)), .. }, plain)) = args.split_last()
        else {
            return Err(Involved);
        };
        let declared = self.model().calendars.get(*calendar as usize).ok_or(Involved)?;
        let mut own = Seen::default();
        let mut roots = Vec::new();
        declared.roots(&mut |root| roots.push(root));
        for root in roots {
            self.atoms_alone(root, Scene { decision: None, group: None }, &mut own)?;
        }
        let numbers = plain.iter().map(|arg| self.as_number(arg, scene, seen)).collect::<Result<Vec<_>, _>>()?;
        let sub = self.sub(Sub {
            what: What::Calendar(*calendar),
            ty: Type::Enum(CALENDARS),
            atoms: own.atoms.iter().copied().collect(),
            formulas: Vec::new(),
            chosen: own.chosen,
            numeric: own.numeric.iter().copied().collect(),
        });
        seen.atoms.extend(&own.atoms);
        if !holds(&expr.ty) {
            return Err(Involved);
        }
        let mut needs = own.atoms;
        for number in &numbers {
            needs.extend(&self.numbers[number.index()].needs);
        }
        let kind = NumberKind::Clock(body, numbers, sub);
        Ok(Shape::Number(self.number(Number { kind, ty: expr.ty.clone(), needs, chosen: true })))
    }
}

/// The value of a `let` of a group or of its exceptions.
fn let_of(group: &Group, slot: u32) -> Option<&Expr> {
    let own = group.lets.iter().find(|binding| binding.slot == slot).map(|binding| &binding.value);
    own.or_else(|| group.exceptions.iter().find_map(|exception| let_of(&exception.group, slot)))
}

/// The cuts at which a test's answer changes.
fn cuts_of(test: &TestKind, cuts: &mut Vec<Cut>) -> Result<(), Involved> {
    match test {
        TestKind::Any => Ok(()),
        TestKind::OneOf(values) | TestKind::NoneOf(values) => values.iter().try_for_each(|value| around(value, cuts)),
        TestKind::Compare(op, value) => {
            let cut = |above| -> Result<Cut, Involved> {
                let (number, scale, _) = held(value).ok_or(Involved)?;
                Ok(Cut { number, scale, above })
            };
            match op {
                CompareOp::Lt | CompareOp::Ge => cuts.push(cut(false)?),
                CompareOp::Le | CompareOp::Gt => cuts.push(cut(true)?),
                CompareOp::Eq | CompareOp::Ne => cuts.extend([cut(false)?, cut(true)?]),
            }
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

/// The cuts on both sides of a value.
fn around(value: &Value, cuts: &mut Vec<Cut>) -> Result<(), Involved> {
    let (number, scale, _) = held(value).ok_or(Involved)?;
    cuts.extend([false, true].map(|above| Cut { number, scale, above }));
    Ok(())
}
