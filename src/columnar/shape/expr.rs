//! What expressions turn on.

use super::rules::{around, cuts_at};
use super::{DecisionShape, Involved, Scene, Seen, Shape, Shapes};
use crate::columnar::atom::Atom;
use crate::columnar::number::{Apply, ClockBody, Number, NumberId, NumberKind, holds};
use crate::columnar::sub::{Sub, What, Which};
use crate::model::{
    Arith, BuiltinBody, CALENDARS, CompareOp, DecisionId, DecisionKind, Expr, ExprKind, Group, InputId, Property,
    SpanUnit, Type,
};
use crate::value::Value;

impl<'c> Shapes<'c> {
    /// What stands behind the log: without one nothing, with one each case is by itself.
    pub(super) fn of_log(&mut self, seen: &mut Seen) {
        if let Some(own) = self.model().log {
            self.atom(Atom::Alone(own.log), seen);
            self.atom(Atom::Alone(own.as_of), seen);
        }
    }

    /// An expression that must turn on atoms alone.
    pub(super) fn atoms_alone(&mut self, expr: &'c Expr, scene: Scene<'c>, seen: &mut Seen) -> Result<(), Involved> {
        match self.expr(expr, scene, seen)? {
            Shape::Atoms => Ok(()),
            Shape::Number(_) => Err(Involved),
        }
    }

    /// An expression as a number, even where it turns on atoms alone.
    pub(super) fn as_number(
        &mut self,
        expr: &'c Expr,
        scene: Scene<'c>,
        seen: &mut Seen,
    ) -> Result<NumberId, Involved> {
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
    pub(super) fn compared(
        &mut self,
        op: CompareOp,
        left: &'c Expr,
        right: &'c Expr,
        scene: Scene<'c>,
        seen: &mut Seen,
    ) -> Result<(), Involved> {
        let (a, b) = (self.expr(left, scene, seen)?, self.expr(right, scene, seen)?);
        match (a, b, &left.kind, &right.kind) {
            (Shape::Atoms, Shape::Atoms, ..) => Ok(()),
            (Shape::Number(number), _, _, ExprKind::Const(value)) => {
                let cuts = cuts_at(op, value)?;
                self.cut(number, &cuts, seen);
                Ok(())
            }
            (_, Shape::Number(number), ExprKind::Const(value), _) => {
                let cuts = cuts_at(op.flipped(), value)?;
                self.cut(number, &cuts, seen);
                Ok(())
            }
            _ => {
                let (a, b) = (self.as_number(left, scene, seen)?, self.as_number(right, scene, seen)?);
                self.in_order(a, b, seen);
                Ok(())
            }
        }
    }

    pub(super) fn in_order(&mut self, a: NumberId, b: NumberId, seen: &mut Seen) {
        self.atom(Atom::Order(a, b), seen);
        self.use_of(a, seen);
        self.use_of(b, seen);
    }

    pub(super) fn input(&mut self, id: InputId, seen: &mut Seen) -> Shape {
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

    pub(super) fn expr(&mut self, expr: &'c Expr, scene: Scene<'c>, seen: &mut Seen) -> Result<Shape, Involved> {
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
            ExprKind::Compare(op, left, right) => self.compared(*op, left, right, scene, seen).map(|()| Shape::Atoms),
            ExprKind::InRange { item, low, high, high_counts } => {
                self.compared(CompareOp::Ge, item, low, scene, seen)?;
                self.compared(if *high_counts { CompareOp::Le } else { CompareOp::Lt }, item, high, scene, seen)?;
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

    pub(super) fn behind(&self, shape: &DecisionShape, seen: &mut Seen) {
        seen.atoms.extend(&shape.atoms);
        seen.chosen |= shape.chosen;
        seen.numeric.extend(&shape.numeric);
    }

    /// An answer of another decision.
    pub(super) fn asked(&mut self, id: DecisionId, column: u32, ty: &Type, seen: &mut Seen) -> Result<Shape, Involved> {
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
    pub(super) fn period_end(
        &mut self,
        period: &'c Expr,
        end: u32,
        scene: Scene<'c>,
        seen: &mut Seen,
    ) -> Result<Shape, Involved> {
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
