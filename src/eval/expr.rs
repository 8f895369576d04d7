//! Expressions. Operators that one side settles do not ask for the other: *no and unknown* is *no*.

use std::rc::Rc;

use super::settle::undecided;
use super::{Evaluation, Frame, Known, SilentAbout, Slot, Used, Why};
use crate::model::{
    Arith, BuiltinBody, CompareOp, DecisionId, DecisionKind, Expr, ExprKind, OUTSIDE, Property, ReadingId, holds,
};
use crate::source::Span;
use crate::value::{self, Fault, Value};

const YES: Value = Value::YesNo(true);

impl<'a> Evaluation<'a> {
    pub(super) fn expr(&self, expr: &Expr, frame: &Frame<'a>) -> Known {
        let fault = |f: Fault| Why::fault(f, expr.span);
        match &expr.kind {
            ExprKind::Const(value) => Ok(value.clone()),
            ExprKind::Input(id) => {
                self.note_use(Used::Input(*id));
                self.fact(*id)
            }
            ExprKind::Local(slot) => self.local(*slot, frame),
            ExprKind::Decision(id, column) => self.column(*id, *column as usize),
            ExprKind::WholeDecision(id, record) => {
                let decided = self.decide(*id);
                let values: Result<Vec<Option<Value>>, Rc<Why>> =
                    decided.columns.iter().map(|c| c.clone().map(Some)).collect();
                Ok(Value::Record(*record, values?.into()))
            }
            ExprKind::Reading(id) => self.reading(*id),
            ExprKind::PeriodStart(period) => self.period_end(period, 0, frame),
            ExprKind::PeriodEnd(period) => self.period_end(period, 1, frame),
            ExprKind::Field(of, field) => self.field(of, *field as usize, frame),
            ExprKind::Property(of, property) => match self.expr(of, frame)? {
                Value::Member(_, service) => self.property(service, *property),
                _ => Err(Rc::new(Why::default())),
            },
            ExprKind::Not(inner) => Ok(Value::YesNo(self.expr(inner, frame)? != YES)),
            ExprKind::Negate(inner) => value::neg(&self.expr(inner, frame)?).map_err(fault),
            ExprKind::And(parts) => self.settled_by(parts, false, frame),
            ExprKind::Or(parts) => self.settled_by(parts, true, frame),
            ExprKind::Compare(op, left, right) => self.compared(*op, left, right, expr.span, frame),
            ExprKind::Contains { set, item } => {
                let (set, item) = both(self.expr(set, frame), self.expr(item, frame))?;
                value::has(&set, &item).map(Value::YesNo).map_err(fault)
            }
            ExprKind::InRange { item, low, high, high_counts } => {
                let below = if *high_counts { CompareOp::Le } else { CompareOp::Lt };
                let from = self.compared(CompareOp::Ge, item, low, expr.span, frame);
                let to = self.compared(below, item, high, expr.span, frame);
                conjunction([from, to])
            }
            ExprKind::InPeriod { item, period } => {
                let item = self.expr(item, frame);
                let order = |op: CompareOp, end: Known| {
                    let (item, end) = both(item.clone(), end)?;
                    ordered(op, &item, &end, expr.span)
                };
                let from = order(CompareOp::Ge, self.period_end(period, 0, frame));
                let to = order(CompareOp::Le, self.period_end(period, 1, frame));
                conjunction([from, to])
            }
            ExprKind::Arith(op, left, right) => {
                let (left, right) = both(self.expr(left, frame), self.expr(right, frame))?;
                match op {
                    Arith::Add => value::add(&left, &right),
                    Arith::Sub => value::sub(&left, &right),
                    Arith::Mul => value::mul(&left, &right),
                    Arith::PercentOf => value::percent_of(&left, &right),
                }
                .map_err(fault)
            }
            ExprKind::Divide { dividend, divisor, mode, step } => {
                let (a, b) = both(self.expr(dividend, frame), self.expr(divisor, frame))?;
                value::divide_rounded(&a, &b, step, *mode).map_err(fault)
            }
            ExprKind::Round { value, mode, step } => {
                value::round_to(&self.expr(value, frame)?, step, *mode).map_err(fault)
            }
            ExprKind::Between { from, to, unit } => {
                let (from, to) = both(self.expr(from, frame), self.expr(to, frame))?;
                value::between(&from, &to, *unit).map_err(fault)
            }
            ExprKind::IsStated(inner) => match self.expr(inner, frame) {
                Ok(_) => Ok(YES),
                Err(why) if why.is_only_silence() => Ok(Value::YesNo(false)),
                Err(why) => Err(why),
            },
            ExprKind::If(condition, then, otherwise) => match self.expr(condition, frame) {
                Ok(YES) => self.expr(then, frame),
                Ok(_) => self.expr(otherwise, frame),
                Err(why) => {
                    frame.decision.into_iter().for_each(|id| self.note_comparison(id));
                    let (then, otherwise) = (self.expr(then, frame), self.expr(otherwise, frame));
                    if then == otherwise { then } else { Err(undecided(why, [&then, &otherwise].into_iter())) }
                }
            },
            ExprKind::Call(function, args) => match function.body {
                BuiltinBody::Plain(body) => body(&self.all(args, frame)?).map_err(fault),
                BuiltinBody::Clock(body) => self.clock_call(body, args, expr.span, frame),
            },
            ExprKind::Set(items) => self.all(items, frame).map(Value::set),
            ExprKind::List(items) => self.all(items, frame).map(|v| Value::List(v.into())),
            ExprKind::Record(record, fields) => {
                let mut values = Vec::with_capacity(fields.len());
                for field in fields {
                    values.push(field.as_ref().map(|f| self.expr(f, frame)).transpose()?);
                }
                Ok(Value::Record(*record, values.into()))
            }
            ExprKind::Quantified { every, slot, list, condition } => {
                let items = self.items(list, frame)?;
                let mut doubts = None;
                for (number, item) in items.iter().enumerate() {
                    match self.with_item(*slot, item, list, number, condition, frame) {
                        Ok(value) if (value == YES) != *every => return Ok(Value::YesNo(!*every)),
                        Ok(_) => {}
                        Err(why) => Why::gather(&mut doubts, &why),
                    }
                }
                doubts.map_or(Ok(Value::YesNo(*every)), Err)
            }
            ExprKind::Count { slot, list, condition } => {
                let items = self.items(list, frame)?;
                let mut count = 0u64;
                let mut doubts = None;
                for (number, item) in items.iter().enumerate() {
                    let counts = match condition {
                        None => Ok(YES),
                        Some(condition) => self.with_item(*slot, item, list, number, condition, frame),
                    };
                    match counts {
                        Ok(value) => count += u64::from(value == YES),
                        Err(why) => Why::gather(&mut doubts, &why),
                    }
                }
                doubts.map_or(Ok(Value::Number(count.into())), Err)
            }
            ExprKind::Sum { slot, list, value: of, condition, zero } => {
                let items = self.items(list, frame)?;
                let mut total = zero.clone();
                let mut doubts = None;
                for (number, item) in items.iter().enumerate() {
                    let counts = match condition {
                        None => Ok(YES),
                        Some(condition) => self.with_item(*slot, item, list, number, condition, frame),
                    };
                    match counts {
                        Ok(YES) => {}
                        Ok(_) => continue,
                        Err(why) => {
                            Why::gather(&mut doubts, &why);
                            continue;
                        }
                    }
                    match self.with_item(*slot, item, list, number, of, frame) {
                        Err(why) => Why::gather(&mut doubts, &why),
                        Ok(amount) => {
                            let sum = match &total {
                                Some(total) => value::add(total, &amount).map_err(fault)?,
                                None => amount,
                            };
                            total = Some(sum);
                        }
                    }
                }
                if let Some(why) = doubts {
                    return Err(why);
                }
                // Nothing was summed and no currency is known: the sum is as unknown as the currency.
                total.ok_or_else(|| match &list.kind {
                    ExprKind::Input(id) => self.missing_input(*id),
                    _ => Rc::new(Why::default()),
                })
            }
            ExprKind::Except { column, cases } => {
                let value = self.expr(column, frame)?;
                for (excepted, when, _) in cases.iter().filter(|(v, _, _)| *v == value) {
                    if self.expr(when, frame)? == YES {
                        self.note_footnote(frame, excepted, when);
                        let outside = match excepted {
                            Value::Member(id, _) => Value::Member(*id, OUTSIDE),
                            other => other.clone(),
                        };
                        return Ok(outside);
                    }
                    self.note_footnote(frame, excepted, when);
                }
                Ok(value)
            }
        }
    }

    /// A footnote that was looked at counts as used, whether or not it takes the value out.
    fn note_footnote(&self, frame: &Frame<'a>, value: &Value, when: &Expr) {
        let Some(id) = frame.decision else { return };
        if let DecisionKind::Responses(r) = &self.model().decision(id).kind {
            let number = r
                .notes
                .iter()
                .position(|n| n.value == *value && n.except_when.as_ref().is_some_and(|w| w.span == when.span));
            if let Some(number) = number {
                self.note_use(Used::Note(id, number as u32));
            }
        }
    }

    fn local(&self, slot: u32, frame: &Frame<'a>) -> Known {
        let pending = match frame.slots.borrow().get(slot as usize) {
            Some(Slot::Known(known)) => return known.clone(),
            Some(Slot::Pending(expr)) => *expr,
            _ => return Err(Rc::new(Why::default())),
        };
        let known = self.expr(pending, frame);
        if let Some(slot) = frame.slots.borrow_mut().get_mut(slot as usize) {
            *slot = Slot::Known(known.clone());
        }
        known
    }

    fn column(&self, id: DecisionId, column: usize) -> Known {
        let decided = self.decide(id);
        if matches!(self.model().decision(id).kind, DecisionKind::Period) {
            return match decided.columns.as_slice() {
                [starts, ends] => match both(starts.clone(), ends.clone())? {
                    (Value::Date(starts), Value::Date(ends)) => Ok(Value::Period { starts, ends }),
                    _ => Err(Rc::new(Why::default())),
                },
                _ => Err(Rc::new(Why::default())),
            };
        }
        decided.columns.get(column).cloned().unwrap_or_else(|| Err(Rc::new(Why::default())))
    }

    /// The first (0) or last (1) day of a period. One can be known while the other is not.
    fn period_end(&self, period: &Expr, end: usize, frame: &Frame<'a>) -> Known {
        if let ExprKind::Decision(id, _) = period.kind {
            if matches!(self.model().decision(id).kind, DecisionKind::Period) {
                let decided = self.decide(id);
                return decided.columns.get(end).cloned().unwrap_or_else(|| Err(Rc::new(Why::default())));
            }
        }
        match self.expr(period, frame)? {
            Value::Period { starts, ends } => Ok(Value::Date(if end == 0 { starts } else { ends })),
            _ => Err(Rc::new(Why::default())),
        }
    }

    fn reading(&self, id: ReadingId) -> Known {
        self.note_use(Used::Reading(id));
        match self.facts.reading(id) {
            Some(choice) => Ok(Value::Member(self.model().reading(id).choices, choice)),
            None => Err(Why::reading(id)),
        }
    }

    fn field(&self, of: &Expr, field: usize, frame: &Frame<'a>) -> Known {
        match self.expr(of, frame)? {
            Value::Record(record, fields) => match fields.get(field) {
                Some(Some(value)) => Ok(value.clone()),
                _ => {
                    let name = value::Names::field(self.model(), record, field).into_owned();
                    Err(self.missing_part(of, &name))
                }
            },
            _ => Err(Rc::new(Why::default())),
        }
    }

    /// A field that a fact leaves out.
    fn missing_part(&self, of: &Expr, field: &str) -> Rc<Why> {
        match &of.kind {
            ExprKind::Input(id) => Why::missing(*id, format!(".{field}")),
            _ => match self.origin.borrow().last() {
                Some((id, number)) => Why::missing(*id, format!("[{}].{field}", number + 1)),
                None => Rc::new(Why::default()),
            },
        }
    }

    pub(super) fn property(&self, service: u32, property: Property) -> Known {
        self.note_use(Used::Property(service, property));
        let Some(declared) = self.model().services.get(service as usize) else {
            return Err(Rc::new(Why::default()));
        };
        let silent = || Why::silence(SilentAbout::Service(service, property), declared.cites.clone());
        if property == Property::RequirementsMet {
            if declared.requires.is_empty() {
                return Err(silent());
            }
            let frame = Frame { decision: None, slots: Default::default() };
            return self.settled_by(&declared.requires, false, &frame);
        }
        declared.properties.get(&property).cloned().ok_or_else(silent)
    }

    /// `and` (settled by a *no*) and `or` (settled by a *yes*).
    fn settled_by(&self, parts: &[Expr], settles: bool, frame: &Frame<'a>) -> Known {
        let mut doubts = None;
        for part in parts {
            match self.expr(part, frame) {
                Ok(value) if (value == YES) == settles => return Ok(Value::YesNo(settles)),
                Ok(_) => {}
                Err(why) => Why::gather(&mut doubts, &why),
            }
        }
        doubts.map_or(Ok(Value::YesNo(!settles)), Err)
    }

    fn compared(&self, op: CompareOp, left: &Expr, right: &Expr, span: Span, frame: &Frame<'a>) -> Known {
        let (left, right) = both(self.expr(left, frame), self.expr(right, frame))?;
        ordered(op, &left, &right, span)
    }

    pub(super) fn all(&self, items: &[Expr], frame: &Frame<'a>) -> Result<Vec<Value>, Rc<Why>> {
        let mut values = Vec::with_capacity(items.len());
        let mut doubts = None;
        for item in items {
            match self.expr(item, frame) {
                Ok(value) => values.push(value),
                Err(why) => Why::gather(&mut doubts, &why),
            }
        }
        doubts.map_or(Ok(values), Err)
    }

    fn items(&self, list: &Expr, frame: &Frame<'a>) -> Result<std::sync::Arc<[Value]>, Rc<Why>> {
        match self.expr(list, frame)? {
            Value::List(items) | Value::Set(items) => Ok(items),
            _ => Err(Rc::new(Why::default())),
        }
    }

    /// Works out `expr` with the binder's slot holding one item of a list.
    fn with_item(&self, slot: u32, item: &Value, list: &Expr, number: usize, expr: &Expr, frame: &Frame<'a>) -> Known {
        if let Some(place) = frame.slots.borrow_mut().get_mut(slot as usize) {
            *place = Slot::Known(Ok(item.clone()));
        }
        let origin = match &list.kind {
            ExprKind::Input(id) => Some((*id, number)),
            _ => None,
        };
        if let Some(origin) = origin {
            self.origin.borrow_mut().push(origin);
        }
        let known = self.expr(expr, frame);
        if origin.is_some() {
            self.origin.borrow_mut().pop();
        }
        known
    }
}

fn both(left: Known, right: Known) -> Result<(Value, Value), Rc<Why>> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(a), Err(b)) => Err(Why::both(&a, &b)),
        (Err(why), _) | (_, Err(why)) => Err(why),
    }
}

fn ordered(op: CompareOp, left: &Value, right: &Value, span: Span) -> Known {
    if let (Value::Money(a, _), Value::Money(b, _)) = (left, right) {
        if a != b {
            return Err(Why::fault(Fault::MixedCurrencies { left: *a, right: *b }, span));
        }
    }
    match holds(op, left, right) {
        Some(answer) => Ok(Value::YesNo(answer)),
        None => {
            let operation = value::Operation::Between;
            Err(Why::fault(Fault::NotDefined { operation, left: left.kind(), right: right.kind() }, span))
        }
    }
}

fn conjunction(parts: [Known; 2]) -> Known {
    let mut doubts = None;
    for part in parts {
        match part {
            Ok(YES) => {}
            Ok(_) => return Ok(Value::YesNo(false)),
            Err(why) => Why::gather(&mut doubts, &why),
        }
    }
    doubts.map_or(Ok(YES), Err)
}
