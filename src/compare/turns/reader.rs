//! Reads the places where answers may turn off the rules of one edition: comparisons and memberships, and how the
//! amounts that are compared add up from facts.

use std::collections::{BTreeSet, HashMap};

use rust_decimal::Decimal;

use super::Turns;
use crate::check::witness::amount;
use crate::compare::linear::Linear;
use crate::explore::Reach;
use crate::model::{
    Answer, Arith, Body, Decision, DecisionId, DecisionKind, Expr, ExprKind, Group, InputId, Let, Model, PeriodExtent,
    SpanUnit, Test, TestKind, Type,
};
use crate::report::Target;
use crate::value::Value;

/// Ways that an amount may be worked out, for one expression.
const MOST_FORMS: usize = 32;

/// Reads what one answer of an edition turns on into `turns`, and gives the amounts that the answer may come to, where
/// it is one.
pub(super) fn read(model: &Model, target: &Target, reach: &Reach, turns: &mut Turns) -> Option<Vec<Linear>> {
    let mut reader = Reader { model, reach, turns, known: HashMap::new() };
    reader.read(target);
    if target.expr.ty.is_ordered() { reader.forms(&target.expr, None) } else { None }
}

/// Reads one edition.
struct Reader<'a, 't> {
    model: &'a Model,
    reach: &'a Reach,
    turns: &'t mut Turns,
    /// Amounts that decisions may come to, by decision and column.
    known: HashMap<(DecisionId, usize), Option<Vec<Linear>>>,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, target: &'a Target) {
        let model = self.model;
        self.expr(&target.expr, None);
        let ids: Vec<DecisionId> = self.reach.decisions().collect();
        for id in ids {
            self.decision(id, model.decision(id));
        }
        if self.reach.asks_requirements() {
            for requirement in model.services.iter().flat_map(|s| &s.requires) {
                self.expr(requirement, None);
            }
        }
        for id in &self.reach.inputs {
            let input = model.input(*id);
            if matches!(input.ty, Type::Money(None)) {
                self.turns.doubt("money whose currency the facts bring");
            }
            for (test, _) in &input.must_be {
                if let Some(fact) = self.turns.number(&input.name).filter(|_| on_a_line(&input.ty)) {
                    self.bound(test, &[Linear::fact(fact)]);
                }
            }
        }
    }

    /// A `must be`: bounds by facts that no edition asks for here are left out, as nothing needs them.
    fn bound(&mut self, test: &'a Test, own: &[Linear]) {
        if let TestKind::Dynamic(_, bound) = &test.kind {
            let mut asked = true;
            bound.walk(&mut |e| match e.kind {
                ExprKind::Input(id) => asked &= self.turns.number(&self.model.input(id).name).is_some(),
                ExprKind::Decision(..) | ExprKind::WholeDecision(..) | ExprKind::Reading(_) => asked = false,
                _ => {}
            });
            if !asked {
                return;
            }
        }
        self.tested(test, Some(own), None);
    }

    fn decision(&mut self, id: DecisionId, decision: &'a Decision) {
        match &decision.kind {
            DecisionKind::Milestone(_) | DecisionKind::Process(_) => self.turns.doubt("answers read from a log"),
            DecisionKind::Responses(responses) => {
                if !responses.superseded_by.is_empty() {
                    let ids: Vec<DecisionId> =
                        responses.superseded_by.iter().copied().chain(std::iter::once(id)).collect();
                    if !ids.iter().all(|id| self.answers_are_plain(*id)) {
                        self.turns.doubt("amounts that supersede each other");
                    }
                }
            }
            DecisionKind::Plain | DecisionKind::Period => {}
        }
        decision.roots(&mut |root| self.expr(root, Some(id)));
        self.group(id, &decision.group);
        for (number, column) in decision.columns.iter().enumerate() {
            match &column.ty {
                Type::YesNo | Type::Enum(_) => {}
                ty if is_finite_set(ty) => {}
                ty if on_a_line(ty) => self.agree(id, number, &decision.group),
                // A period's days are read one by one.
                Type::Period => {}
                _ => {
                    if !self.all_constant(&decision.group, number) {
                        self.turns.doubt("answers that are texts, lists or records");
                    }
                }
            }
        }
        decision.group.each_meanwhile(&mut |value| {
            if !matches!(value.kind, ExprKind::Const(_)) {
                self.turns.doubt("amounts that hold until a party decides");
            }
        });
    }

    /// Whether a table answers with constants, and members of enumerations, only.
    fn answers_are_plain(&mut self, id: DecisionId) -> bool {
        let decision = self.model.decision(id);
        decision.columns.iter().enumerate().all(|(number, column)| match &column.ty {
            Type::YesNo | Type::Enum(_) => true,
            ty if is_finite_set(ty) => true,
            ty if on_a_line(ty) => {
                let forms = self.answers(id, number);
                forms.is_some_and(|all| all.iter().all(|form| form.of.is_empty()))
            }
            _ => self.all_constant(&decision.group, number),
        })
    }

    fn all_constant(&self, group: &Group, column: usize) -> bool {
        let constant = |answer: &Answer| match answer {
            Answer::Value(value) => matches!(value.kind, ExprKind::Const(_)),
            Answer::Silent | Answer::Discretion { .. } => true,
        };
        let mut all = true;
        group.each_answer(column, &mut |answer| all &= constant(answer));
        all
    }

    /// Rules that apply together agree or conflict, and of two that may apply and agree it is not asked which: their
    /// amounts are compared.
    fn agree(&mut self, id: DecisionId, column: usize, group: &'a Group) {
        if self.all_constant(group, column) {
            return;
        }
        let mut values: Vec<&'a Expr> = Vec::new();
        group.each_answer(column, &mut |answer| {
            if let Answer::Value(value) = answer {
                values.push(value);
            }
        });
        if values.len() < 2 {
            return;
        }
        match self.all_forms(&values, Some(id)) {
            Some(forms) => self.turns.compare(&forms, &forms),
            None => self.turns.doubt("rules that apply together, with amounts worked out"),
        }
    }

    fn group(&mut self, id: DecisionId, group: &'a Group) {
        if let Body::Table(table) = &group.body {
            for (column, heading) in table.conditions.iter().enumerate() {
                let line = on_a_line(&heading.ty);
                let forms = if line { self.forms(heading, Some(id)) } else { None };
                let mut compared = false;
                for row in &table.rows {
                    let Some(test) = row.tests.get(column) else { continue };
                    compared |= !matches!(test.kind, TestKind::Any);
                    match (&heading.ty, &heading.kind) {
                        _ if line => self.tested(test, forms.as_deref(), Some(id)),
                        (Type::YesNo | Type::Enum(_), _) => {}
                        (Type::Set(_), ExprKind::Input(set)) => self.member(*set, test),
                        (Type::Text, ExprKind::Input(_)) if !is_dynamic(test) => {}
                        (ty, _) if is_finite_set(ty) => {}
                        _ if matches!(test.kind, TestKind::Any) => {}
                        _ => self.turns.doubt("comparisons of texts, lists or records"),
                    }
                }
                if line && forms.is_none() && compared {
                    self.cannot_compare(heading);
                }
            }
        }
        for exception in &group.exceptions {
            self.group(id, &exception.group);
        }
    }

    /// A cell below a heading that is a set of facts.
    fn member(&mut self, set: InputId, test: &'a Test) {
        match &test.kind {
            TestKind::Any => {}
            TestKind::Has(item) => self.asks_member(set, item),
            TestKind::Not(inner) => self.member(set, inner),
            _ => self.turns.doubt("sets that are compared as a whole"),
        }
    }

    fn asks_member(&mut self, set: InputId, item: &Value) {
        let name = self.model.input(set).name.clone();
        let item = item.display(self.model).to_string();
        self.turns.members.entry(name).or_default().insert(item);
    }

    /// A cell or bound on an amount; `forms` is nothing where it is not known what the amount is.
    fn tested(&mut self, test: &'a Test, forms: Option<&[Linear]>, within: Option<DecisionId>) {
        let Some(forms) = forms else { return };
        match &test.kind {
            TestKind::Dynamic(_, with) => match self.forms(with, within) {
                Some(with) => self.turns.compare(forms, &with),
                None => self.cannot_compare(with),
            },
            TestKind::Not(inner) => self.tested(inner, Some(forms), within),
            _ => {
                let ends = crate::check::witness::ends(test);
                let ends: Vec<Linear> = ends.iter().filter_map(amount).map(Linear::constant).collect();
                self.turns.compare(forms, &ends);
            }
        }
    }

    /// What an expression compares, and what it cannot be known to compare.
    fn expr(&mut self, expr: &'a Expr, within: Option<DecisionId>) {
        match &expr.kind {
            ExprKind::Compare(_, a, b) => self.compared(a, b, within),
            ExprKind::InRange { item, low, high, .. } => {
                self.compared(item, low, within);
                self.compared(item, high, within);
            }
            ExprKind::InPeriod { item, period } => {
                let (item_forms, ends) = (self.forms(item, within), self.period_ends(period));
                match (item_forms, ends) {
                    (Some(item), Some(ends)) => self.turns.compare(&item, &ends),
                    _ => {
                        self.cannot_compare(item);
                        self.cannot_compare(period);
                    }
                }
            }
            ExprKind::If(_, then, otherwise) if on_a_line(&expr.ty) => self.compared(then, otherwise, within),
            ExprKind::Call(function, args) if matches!(function.name, "min" | "max") => {
                for (i, a) in args.iter().enumerate() {
                    args[i + 1..].iter().for_each(|b| self.compared(a, b, within));
                }
            }
            // Sets of members are worked out from what was asked before.
            ExprKind::Call(function, _)
                if matches!(function.name, "union" | "common" | "without") && is_finite_set(&expr.ty) => {}
            ExprKind::Call(..) => self.cannot_compare(expr),
            ExprKind::Contains { set, item } => {
                self.contains(set, item, within);
                if !matches!(set.kind, ExprKind::Input(_)) {
                    self.expr(set, within);
                }
                return self.expr(item, within);
            }
            ExprKind::Input(id) => {
                let plain = |ty: &Type| {
                    ty.is_ordered() && *ty != Type::Unknown || matches!(ty, Type::YesNo | Type::Enum(_) | Type::Text)
                };
                if !plain(&self.model.input(*id).ty) {
                    self.turns.doubt("facts that are lists, records or logs");
                }
            }
            ExprKind::Set(items) if items.iter().any(|i| on_a_line(&i.ty) && !matches!(i.kind, ExprKind::Const(_))) => {
                self.turns.doubt("sets of amounts");
            }
            _ => {}
        }
        expr.parts(&mut |part| self.expr(part, within));
    }

    fn contains(&mut self, set: &'a Expr, item: &'a Expr, within: Option<DecisionId>) {
        match (&set.kind, &item.ty) {
            (ExprKind::Set(items) | ExprKind::List(items), _) => {
                items.iter().for_each(|other| self.compared(item, other, within));
            }
            (ExprKind::Const(Value::Set(items) | Value::List(items)), ty) if on_a_line(ty) => {
                let items: Vec<Linear> = items.iter().filter_map(amount).map(Linear::constant).collect();
                match self.forms(item, within) {
                    Some(forms) => self.turns.compare(&forms, &items),
                    None => self.cannot_compare(item),
                }
            }
            (ExprKind::Const(_), Type::Text) => {
                if !matches!(item.kind, ExprKind::Input(_) | ExprKind::Const(_)) {
                    self.turns.doubt("comparisons of texts, lists or records");
                }
            }
            (ExprKind::Input(id), Type::Enum(_) | Type::YesNo) if matches!(set.ty, Type::Set(_)) => match &item.kind {
                ExprKind::Const(value) => self.asks_member(*id, value),
                ExprKind::Input(member) => {
                    let (set, member) = (self.model.input(*id).name.clone(), self.model.input(*member).name.clone());
                    self.turns.member_facts.entry(set).or_default().insert(member);
                }
                _ => {
                    for member in crate::check::witness::domain(self.model, &item.ty).unwrap_or_default() {
                        self.asks_member(*id, &member);
                    }
                }
            },
            (ExprKind::Input(_), _) => self.turns.doubt("facts that are lists, records or logs"),
            (_, Type::Enum(_) | Type::YesNo) => {}
            _ => self.cannot_compare(item),
        }
    }

    fn compared(&mut self, a: &'a Expr, b: &'a Expr, within: Option<DecisionId>) {
        match &a.ty {
            Type::YesNo | Type::Enum(_) => {}
            ty if on_a_line(ty) => match (self.forms(a, within), self.forms(b, within)) {
                (Some(left), Some(right)) => self.turns.compare(&left, &right),
                _ => {
                    self.cannot_compare(a);
                    self.cannot_compare(b);
                }
            },
            Type::Text => {
                let atom = |e: &Expr| matches!(e.kind, ExprKind::Input(_) | ExprKind::Const(_));
                let both = [a, b].iter().all(|e| matches!(e.kind, ExprKind::Input(_)));
                if both || !atom(a) || !atom(b) {
                    self.turns.doubt("comparisons of texts, lists or records");
                }
            }
            _ => self.turns.doubt("comparisons of texts, lists or records"),
        }
    }

    /// An amount that is not added up from facts is compared: where it turns is not known.
    fn cannot_compare(&mut self, expr: &Expr) {
        self.turns.doubt("comparisons of amounts that are rounded, counted or read off a calendar");
        for id in Reach::of(self.model, expr).inputs {
            self.turns.opaque.insert(self.model.input(id).name.clone());
        }
    }

    fn all_forms(&mut self, all: &[&'a Expr], within: Option<DecisionId>) -> Option<Vec<Linear>> {
        let mut found: BTreeSet<Linear> = BTreeSet::new();
        for expr in all {
            found.extend(self.forms(expr, within)?);
            if found.len() > MOST_FORMS {
                return None;
            }
        }
        Some(found.into_iter().collect())
    }

    /// The amounts that an expression may come to; `None` if they are not all known.
    fn forms(&mut self, expr: &'a Expr, within: Option<DecisionId>) -> Option<Vec<Linear>> {
        match &expr.kind {
            ExprKind::Const(value) => Some(vec![Linear::constant(amount(value)?)]),
            ExprKind::Input(id) => {
                let ty = &self.model.input(*id).ty;
                let fact = self.turns.number(&self.model.input(*id).name)?;
                on_a_line(ty).then(|| vec![Linear::fact(fact)])
            }
            ExprKind::Local(slot) => self.forms(let_of(self.model, within?, *slot)?, within),
            ExprKind::Decision(id, column) => self.answers(*id, *column as usize),
            ExprKind::PeriodStart(period) => self.period_end(period, true),
            ExprKind::PeriodEnd(period) => self.period_end(period, false),
            ExprKind::Negate(inner) => self.each(inner, within, |f| f.times(Decimal::NEGATIVE_ONE)),
            ExprKind::Arith(Arith::Add, a, b) if adds_up(&a.ty, &b.ty) => self.both(a, b, within, Linear::plus),
            ExprKind::Arith(Arith::Sub, a, b) if adds_up(&a.ty, &b.ty) => self.both(a, b, within, Linear::less),
            ExprKind::Arith(Arith::Mul, a, b) => match (&a.kind, &b.kind) {
                (ExprKind::Const(Value::Number(by)), _) => self.each(b, within, |f| f.times(*by)),
                (_, ExprKind::Const(Value::Number(by))) => self.each(a, within, |f| f.times(*by)),
                _ => None,
            },
            ExprKind::Arith(Arith::PercentOf, a, b) => match &a.kind {
                ExprKind::Const(Value::Percent(by)) => {
                    let by = by.checked_div(Decimal::ONE_HUNDRED)?;
                    self.each(b, within, |f| f.times(by))
                }
                _ => None,
            },
            ExprKind::Between { from, to, unit: SpanUnit::Days } => self.both(to, from, within, Linear::less),
            ExprKind::If(_, a, b) => self.all_forms(&[a, b], within),
            ExprKind::Call(function, args) if matches!(function.name, "min" | "max") => {
                self.all_forms(&args.iter().collect::<Vec<_>>(), within)
            }
            ExprKind::Except { column, .. } => self.forms(column, within),
            _ => None,
        }
    }

    fn each(
        &mut self,
        expr: &'a Expr,
        within: Option<DecisionId>,
        change: impl Fn(&Linear) -> Option<Linear>,
    ) -> Option<Vec<Linear>> {
        self.forms(expr, within)?.iter().map(change).collect()
    }

    fn both(
        &mut self,
        a: &'a Expr,
        b: &'a Expr,
        within: Option<DecisionId>,
        join: impl Fn(&Linear, &Linear) -> Option<Linear>,
    ) -> Option<Vec<Linear>> {
        let (left, right) = (self.forms(a, within)?, self.forms(b, within)?);
        if left.len() * right.len() > MOST_FORMS {
            return None;
        }
        left.iter().flat_map(|a| right.iter().map(|b| join(a, b))).collect()
    }

    /// The amounts that a decision may answer.
    fn answers(&mut self, id: DecisionId, column: usize) -> Option<Vec<Linear>> {
        if let Some(known) = self.known.get(&(id, column)) {
            return known.clone();
        }
        // Until it is known what it is; decisions do not rest on themselves.
        self.known.insert((id, column), None);
        let found = self.work_out_answers(id, column);
        self.known.insert((id, column), found.clone());
        found
    }

    fn work_out_answers(&mut self, id: DecisionId, column: usize) -> Option<Vec<Linear>> {
        let decision = self.model.decision(id);
        if matches!(decision.group.body, Body::Log | Body::Period(_)) {
            return None;
        }
        let mut values: Vec<&'a Expr> = Vec::new();
        decision.group.each_answer(column, &mut |answer| {
            if let Answer::Value(value) = answer {
                values.push(value);
            }
        });
        let mut found: BTreeSet<Linear> = self.all_forms(&values, Some(id))?.into_iter().collect();
        if let DecisionKind::Responses(responses) = &decision.kind {
            let name = &decision.columns.get(column)?.name;
            for other in &responses.superseded_by {
                let theirs = &self.model.decision(*other).columns;
                if let Some(place) = theirs.iter().position(|c| c.name == *name) {
                    found.extend(self.answers(*other, place)?);
                }
            }
        }
        (found.len() <= MOST_FORMS).then(|| found.into_iter().collect())
    }

    fn period_ends(&mut self, period: &'a Expr) -> Option<Vec<Linear>> {
        let mut ends = self.period_end(period, true)?;
        ends.extend(self.period_end(period, false)?);
        Some(ends)
    }

    fn period_end(&mut self, period: &'a Expr, first: bool) -> Option<Vec<Linear>> {
        let ExprKind::Decision(id, _) = period.kind else { return None };
        let Body::Period(extent) = &self.model.decision(id).group.body else { return None };
        let within = Some(id);
        let day = Linear::constant(Decimal::NEGATIVE_ONE);
        let days = |value: &Value, sign: Decimal| match value {
            Value::Days(_) => Linear::constant(amount(value)?).times(sign),
            _ => None,
        };
        match &**extent {
            PeriodExtent::FromTo { from, to } => self.forms(if first { from } else { to }, within),
            PeriodExtent::Last { length, before } if first => {
                let length = days(length, Decimal::NEGATIVE_ONE)?;
                self.each(before, within, |f| f.plus(&length))
            }
            PeriodExtent::Last { before, .. } => self.each(before, within, |f| f.plus(&day)),
            PeriodExtent::First { of, .. } if first => self.forms(of, within),
            PeriodExtent::First { length, of, counted } => {
                let length = days(length, Decimal::ONE)?;
                let whole = self.each(of, within, |f| f.plus(&length))?;
                let less = whole.iter().map(|f| f.plus(&day)).collect::<Option<Vec<_>>>()?;
                Some(match &counted.kind {
                    ExprKind::Const(Value::YesNo(true)) => less,
                    ExprKind::Const(_) => whole,
                    _ => [whole, less].concat(),
                })
            }
        }
    }
}

/// Whether values lie on a line; time limits are compared with their like only.
fn on_a_line(ty: &Type) -> bool {
    ty.is_ordered() && *ty != Type::Unknown || *ty == Type::TimeLimit
}

/// Whether something is a set or list of members of an enumeration.
fn is_finite_set(ty: &Type) -> bool {
    matches!(ty, Type::Set(of) | Type::List(of) if matches!(**of, Type::YesNo | Type::Enum(_)))
}

fn is_dynamic(test: &Test) -> bool {
    match &test.kind {
        TestKind::Dynamic(..) => true,
        TestKind::Not(inner) => is_dynamic(inner),
        _ => false,
    }
}

/// Whether a sum of these is the sum of their amounts: a date and days, a date-time and a duration, like and like.
fn adds_up(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Date, Type::Days) | (Type::Days, Type::Date) => true,
        (Type::DateTime, Type::Duration) | (Type::Duration, Type::DateTime) => true,
        (Type::Integer | Type::Decimal, Type::Integer | Type::Decimal) => true,
        (Type::Money(Some(a)), Type::Money(Some(b))) => a == b,
        (Type::Date | Type::DateTime | Type::Time | Type::Months | Type::Money(None) | Type::TimeLimit, _) => false,
        (a, b) => a == b && on_a_line(a),
    }
}

fn let_of(model: &Model, within: DecisionId, slot: u32) -> Option<&Expr> {
    fn find(group: &Group, slot: u32) -> Option<&Let> {
        let own = group.lets.iter().find(|l| l.slot == slot);
        own.or_else(|| group.exceptions.iter().find_map(|e| find(&e.group, slot)))
    }
    find(&model.decision(within).group, slot).map(|l| &l.value)
}

impl Group {
    /// Each answer that the group may give in one column.
    fn each_answer<'a>(&'a self, column: usize, visit: &mut dyn FnMut(&'a Answer)) {
        match &self.body {
            Body::Rules(rules) => rules.iter().for_each(|r| visit(&r.answer)),
            Body::Table(table) => {
                if let Some(place) = table.answers.iter().position(|c| *c == column) {
                    table
                        .rows
                        .iter()
                        .chain(&table.otherwise)
                        .filter_map(|r| r.answers.get(place))
                        .for_each(&mut *visit);
                }
            }
            Body::Period(_) | Body::Log => {}
        }
        self.exceptions.iter().for_each(|e| e.group.each_answer(column, &mut *visit));
    }

    fn each_meanwhile<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        let mut one = |answer: &'a Answer| {
            if let Answer::Discretion { meanwhile: Some(value), .. } = answer {
                visit(value);
            }
        };
        match &self.body {
            Body::Rules(rules) => rules.iter().for_each(|r| one(&r.answer)),
            Body::Table(table) => {
                table.rows.iter().chain(&table.otherwise).flat_map(|r| &r.answers).for_each(&mut one);
            }
            Body::Period(_) | Body::Log => {}
        }
        self.exceptions.iter().for_each(|e| e.group.each_meanwhile(visit));
    }
}
