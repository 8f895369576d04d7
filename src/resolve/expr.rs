//! Expressions: names to what they stand for, and the type of every part.

use std::sync::Arc;

use super::amend::Space;
use super::{Def, Local, Resolver, fold, operator};
use crate::builtin;
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::{CALENDARS, CATALOGUES, Expr, ExprKind, PARTIES, Property, SERVICES, SpanUnit, Type};
use crate::source::Span;
use crate::syntax::tree::{self, BinaryOp};
use crate::value::worktime::{Holidays, Listed, ListedDay, Zone};
use crate::value::{Currency, EnumId, HolidayList, LiteralError, Rounding, TimeUnit, Value, literal};

impl Resolver {
    /// Resolves an expression that should have a type; reports it if it has another.
    pub(super) fn expr_of(&mut self, e: &tree::Expr, expected: &Type) -> Expr {
        let expr = self.expr(e, Some(expected));
        if self.expect_fits(&expr, expected) { expr } else { self.wrong(e.span) }
    }

    /// Resolves an expression; `expected` helps bare names and is not enforced.
    pub(super) fn expr(&mut self, e: &tree::Expr, expected: Option<&Type>) -> Expr {
        let expr = self.expr_unfolded(e, expected);
        fold::constant(expr, &mut self.problems)
    }

    fn expr_unfolded(&mut self, e: &tree::Expr, expected: Option<&Type>) -> Expr {
        use tree::ExprKind as T;
        let span = e.span;
        match &*e.kind {
            T::Number(text) => self.number(text, span, expected),
            T::Percent(text) => match literal::parse_number(text) {
                Ok(n) => self.constant(Value::Percent(n), Type::Percent, span),
                Err(error) => self.bad_literal(&error, span),
            },
            T::Money(code, amount) => self.money(code, amount, span),
            T::Date(text) => self.literal(literal::parse_date(text), Type::Date, span),
            T::Time(text) => self.literal(literal::parse_time(text), Type::Time, span),
            T::DateTime(text) => self.literal(literal::parse_date_time(text), Type::DateTime, span),
            T::Quantity(number, unit) => self.quantity(number, unit, span),
            T::Text(text) if expected == Some(&Type::Zone) => self.zone(text, span),
            T::Text(text) if expected == Some(&Type::Holidays) => self.holidays_from(text, span),
            T::Text(text) => self.constant(Value::text(text), Type::Text, span),
            T::YesNo(b) => self.constant(Value::YesNo(*b), Type::YesNo, span),
            T::Path(path) => self.path(path, expected),
            T::Paren(inner) => self.expr(inner, expected),
            T::Set(items) => self.collection(items, span, expected, true),
            T::List(items) if expected == Some(&Type::Holidays) => self.holidays_on(items, span),
            T::List(items) => self.collection(items, span, expected, false),
            T::Record(fields) => self.record(fields, span, expected),
            T::Not(inner) => {
                let inner = self.expr_of(inner, &Type::YesNo);
                Expr { kind: ExprKind::Not(Box::new(inner)), ty: Type::YesNo, span }
            }
            T::Negate(inner) => {
                let inner = self.expr(inner, expected);
                self.negate(inner, span)
            }
            T::Binary(op, left, right) => self.binary(*op, left, right, span, expected),
            T::Between(from, to, unit) => self.between(from, to, unit.as_ref(), span),
            T::Rounded(value, mode, step) => self.rounded(value, mode, step, span),
            T::IsStated(inner) => {
                let inner = self.expr(inner, None);
                Expr { kind: ExprKind::IsStated(Box::new(inner)), ty: Type::YesNo, span }
            }
            T::If(condition, then, otherwise) => {
                let condition = self.expr_of(condition, &Type::YesNo);
                let then = self.expr(then, expected);
                let ty = expected.cloned().unwrap_or_else(|| then.ty.clone());
                let otherwise = self.expr_of(otherwise, &ty);
                let ty = wider(&then.ty, &otherwise.ty);
                let kind = ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise));
                Expr { kind, ty, span }
            }
            T::Call(name, args) => self.call(name, args, span, expected),
            T::Quantified { every, binder, list, condition } => {
                let (list, slot) = self.bind(binder, list);
                let condition = Box::new(self.expr_of(condition, &Type::YesNo));
                self.unbind();
                let kind = ExprKind::Quantified { every: *every, slot, list: Box::new(list), condition };
                Expr { kind, ty: Type::YesNo, span }
            }
            T::Count { binder, list, condition } => {
                let (list, slot) = match binder {
                    Some(binder) => self.bind(binder, list),
                    None => (self.list(list), u32::MAX),
                };
                let condition = condition.as_ref().map(|c| Box::new(self.expr_of(c, &Type::YesNo)));
                if binder.is_some() {
                    self.unbind();
                }
                Expr { kind: ExprKind::Count { slot, list: Box::new(list), condition }, ty: Type::Integer, span }
            }
            T::Sum { value, binder, list, condition } => {
                let (list, slot) = self.bind(binder, list);
                let value = self.expr(value, None);
                let condition = condition.as_ref().map(|c| Box::new(self.expr_of(c, &Type::YesNo)));
                self.unbind();
                let ty = value.ty.clone();
                let zero = operator::zero(&ty);
                if zero.is_none() && !matches!(ty, Type::Unknown | Type::Money(None)) {
                    let message = format!("`{}` cannot be summed", self.model.type_name(&ty));
                    self.report(Problem::new(Code::TypeMismatch, value.span, message));
                    return self.wrong(span);
                }
                let kind = ExprKind::Sum { slot, list: Box::new(list), value: Box::new(value), condition, zero };
                Expr { kind, ty, span }
            }
        }
    }

    pub(super) fn constant(&self, value: Value, ty: Type, span: Span) -> Expr {
        Expr { kind: ExprKind::Const(value), ty, span }
    }

    fn literal(&mut self, value: Result<Value, LiteralError>, ty: Type, span: Span) -> Expr {
        match value {
            Ok(value) => self.constant(value, ty, span),
            Err(error) => self.bad_literal(&error, span),
        }
    }

    fn bad_literal(&mut self, error: &LiteralError, span: Span) -> Expr {
        let help = error.help().map(str::to_owned);
        self.report(Problem::new(Code::ImpossibleLiteral, span, error.to_string()).maybe_help(help));
        self.wrong(span)
    }

    /// A list of holidays from the file of that name.
    fn holidays_from(&mut self, name: &str, span: Span) -> Expr {
        let path = tree::Text { text: name.to_owned(), span };
        match self.holiday_file(&path) {
            Some(found) => {
                let list = HolidayList::from_file(name, found);
                self.constant(Value::Holidays(Arc::new(list)), Type::Holidays, span)
            }
            None => self.wrong(span),
        }
    }

    /// The name of a time zone.
    fn zone(&mut self, name: &str, span: Span) -> Expr {
        match Zone::known(name) {
            Ok(_) => self.constant(Value::text(name), Type::Zone, span),
            Err(error) => {
                let help = match error.nearest {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "zones are named after a city: `Asia/Shanghai`, `Europe/London`".to_owned(),
                };
                self.report(Problem::new(Code::UnknownZone, span, error.to_string()).help(help));
                self.wrong(span)
            }
        }
    }

    fn number(&mut self, text: &str, span: Span, expected: Option<&Type>) -> Expr {
        if let Some(Type::Enum(id)) = expected {
            if let Some(member) = self.member_of(*id, text) {
                return self.constant(Value::Member(*id, member), Type::Enum(*id), span);
            }
        }
        match literal::parse_number(text) {
            Ok(number) => {
                let ty = if number.is_integer() { Type::Integer } else { Type::Decimal };
                self.constant(Value::Number(number), ty, span)
            }
            Err(error) => self.bad_literal(&error, span),
        }
    }

    fn money(&mut self, code: &str, amount: &str, span: Span) -> Expr {
        let (sign, digits) = amount.strip_prefix('-').map_or((false, amount), |rest| (true, rest));
        match (Currency::from_code(code), literal::parse_number(digits)) {
            (Some(currency), Ok(number)) => {
                let number = if sign { -number } else { number };
                self.constant(Value::Money(currency, number), Type::Money(Some(currency)), span)
            }
            (_, Err(error)) => self.bad_literal(&error, span),
            (None, _) => {
                let message = format!("`{code}` is not a currency");
                let help = "write the three capital letters of its ISO 4217 code, such as `USD`";
                self.report(Problem::new(Code::UnknownUnit, span, message).help(help));
                self.wrong(span)
            }
        }
    }

    fn quantity(&mut self, number: &str, unit: &tree::Name, span: Span) -> Expr {
        let amount = match literal::parse_number(number) {
            Ok(amount) => amount,
            Err(error) => return self.bad_literal(&error, span),
        };
        let word = unit.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(time) = TimeUnit::from_word(&word) {
            return match time.value(amount) {
                Ok(value) => {
                    let ty = operator::type_of(&value);
                    self.constant(value, ty, span)
                }
                Err(error) => self.bad_literal(&error, span),
            };
        }
        if let Some(super::TypeDef::Unit(id)) = self.type_named(&word, unit.span) {
            return self.constant(Value::Quantity(id, amount), Type::Quantity(id), span);
        }
        if Currency::from_code(&word).is_some() {
            let message = format!("there is no unit `{word}`");
            let help = format!("the currency stands before the amount: `{word} {number}`");
            self.report(Problem::new(Code::UnknownUnit, span, message).help(help));
        } else if !self.is_lost(&word) {
            let units = ["min", "h", "days", "weeks", "months", "years", "business hours", "business days"];
            let declared: Vec<String> = self.model.units.iter().map(|u| u.name.clone()).collect();
            let near = did_you_mean(&word, units.into_iter().chain(declared.iter().map(String::as_str)));
            let near = near.unwrap_or_else(|| {
                format!("units are {}, and those that `unit` declares; if `{word}` starts something new, put it on a new line", units.join(", "))
            });
            let message = format!("there is no unit `{word}`");
            self.report(Problem::new(Code::UnknownUnit, unit.span, message).help(near));
        }
        self.wrong(span)
    }

    pub(super) fn member_of(&self, id: EnumId, name: &str) -> Option<u32> {
        let members = &self.model.enumeration(id).members;
        members.iter().position(|m| m.name == name).map(|i| i as u32)
    }

    /// A dotted name: its longest beginning that is a name, then fields.
    fn path(&mut self, path: &tree::Name, expected: Option<&Type>) -> Expr {
        let text = &path.text;
        let span = path.span;
        // A member of the expected enumeration comes before everything but a `let`.
        if let Some(Type::Enum(id)) = expected {
            if self.local(text).is_none() {
                let renamed = [SERVICES, CATALOGUES, PARTIES, CALENDARS].contains(id);
                let name = if renamed { self.now(Space::Names, text, span) } else { text };
                if let Some(member) = self.member_of(*id, name) {
                    return self.constant(Value::Member(*id, member), Type::Enum(*id), span);
                }
            }
        }
        let ends = text.match_indices('.').map(|(i, _)| i).chain([text.len()]);
        for end in ends.collect::<Vec<_>>().into_iter().rev() {
            let (head, rest) = (&text[..end], text.get(end + 1..));
            let head_span = Span { end: span.start + end as u32, ..span };
            if let Some(mut expr) = self.head(head, head_span) {
                for field in rest.into_iter().flat_map(|r| r.split('.')) {
                    expr = self.field(expr, field, span);
                }
                return expr;
            }
        }
        self.member_or_unknown(text, span, expected)
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.frame.locals.iter().rev().find(|l| l.name == name)
    }

    fn head(&mut self, name: &str, span: Span) -> Option<Expr> {
        if let Some(local) = self.local(name) {
            return Some(Expr { kind: ExprKind::Local(local.slot), ty: local.ty.clone(), span });
        }
        Some(match self.named(name, span)? {
            Def::Input(id) => Expr { kind: ExprKind::Input(id), ty: self.model.input(id).ty.clone(), span },
            Def::Reading(id) => {
                let ty = Type::Enum(self.model.reading(id).choices);
                Expr { kind: ExprKind::Reading(id), ty, span }
            }
            Def::Member(id, member) => self.constant(Value::Member(id, member), Type::Enum(id), span),
            Def::Holidays(number) => {
                let list = self.model.holidays.get(number as usize)?.list.clone();
                self.constant(Value::Holidays(list), Type::Holidays, span)
            }
            Def::Decision(id) => {
                let decision = self.model.decision(id);
                let kind = match (&decision.ty, decision.columns.as_slice()) {
                    (Type::Record(record), [first, ..]) if !first.name.is_empty() => {
                        ExprKind::WholeDecision(id, *record)
                    }
                    _ => ExprKind::Decision(id, 0),
                };
                Expr { kind, ty: decision.ty.clone(), span }
            }
        })
    }

    pub(super) fn field(&mut self, of: Expr, field: &str, span: Span) -> Expr {
        match (&of.ty, &of.kind) {
            (Type::Unknown, _) => self.wrong(span),
            (Type::Period, _) if field == "starts" => {
                Expr { kind: ExprKind::PeriodStart(Box::new(of)), ty: Type::Date, span }
            }
            (Type::Period, _) if field == "ends" => {
                Expr { kind: ExprKind::PeriodEnd(Box::new(of)), ty: Type::Date, span }
            }
            (Type::Enum(SERVICES), _) => self.property(of, field, span),
            (Type::Record(record), kind) => {
                let fields = match kind {
                    ExprKind::WholeDecision(id, _) => &self.model.decision(*id).columns,
                    _ => &self.model.records[record.0 as usize].fields,
                };
                if let Some(index) = fields.iter().position(|f| f.name == field) {
                    let ty = fields[index].ty.clone();
                    let index = index as u32;
                    let kind = match of.kind {
                        ExprKind::WholeDecision(id, _) => ExprKind::Decision(id, index),
                        _ => ExprKind::Field(Box::new(of), index),
                    };
                    return Expr { kind, ty, span };
                }
                let names: Vec<String> = fields.iter().map(|f| f.name.clone()).collect();
                self.no_field(&of.ty.clone(), field, &names, span)
            }
            (Type::Enum(_), _) => {
                let named = format!("`{}` has no parts; `{field}` cannot be read of it", self.model.type_name(&of.ty));
                self.report(Problem::new(Code::UnknownField, span, named));
                self.wrong(span)
            }
            _ => self.no_field(&of.ty.clone(), field, &["starts".to_owned(), "ends".to_owned()], span),
        }
    }

    fn no_field(&mut self, ty: &Type, field: &str, names: &[String], span: Span) -> Expr {
        if !self.is_lost(field) {
            let help = did_you_mean(field, names.iter().map(String::as_str)).or_else(|| {
                let known = matches!(ty, Type::Record(_) | Type::Period | Type::Enum(SERVICES));
                known.then(|| format!("it has: {}", names.join(", ")))
            });
            let message = format!("`{}` has no part `{field}`", self.model.type_name(ty));
            self.report(Problem::new(Code::UnknownField, span, message).maybe_help(help));
        }
        self.wrong(span)
    }

    fn property(&mut self, of: Expr, field: &str, span: Span) -> Expr {
        let Some(property) = Property::ALL.into_iter().find(|p| p.name() == field) else {
            let names: Vec<String> = Property::ALL.iter().map(|p| p.name().to_owned()).collect();
            return self.no_field(&Type::Enum(SERVICES), field, &names, span);
        };
        let ty = self.property_type(property, span);
        Expr { kind: ExprKind::Property(Box::new(of), property), ty, span }
    }

    /// The type of a service's property; some are of enumerations that the rules declare.
    pub(super) fn property_type(&mut self, property: Property, span: Span) -> Type {
        let set_of = |resolver: &mut Self, name: &str| match resolver.types.get(name) {
            Some(super::TypeDef::Enum(id)) => Type::Set(Box::new(Type::Enum(*id))),
            _ if resolver.is_lost(name) => Type::Unknown,
            _ => {
                let message = format!("`{}` needs the enumeration `{name}`, and there is none", property.name());
                let help = format!("declare it: `enumeration {name} {{ … }}`");
                resolver.report(Problem::new(Code::UnknownType, span, message).help(help));
                Type::Unknown
            }
        };
        match property {
            Property::Offered => Type::Enum(crate::model::OFFERINGS),
            Property::ListedIn => Type::Enum(crate::model::CATALOGUES),
            Property::PartOf => Type::Enum(SERVICES),
            Property::RequirementsMet => Type::YesNo,
            Property::Languages => set_of(self, "language"),
            Property::Delivery => set_of(self, "delivery-mode"),
            Property::Excludes => set_of(self, "product"),
        }
    }

    /// A bare name that is no input, decision or the like: a member of some enumeration, or a mistake.
    fn member_or_unknown(&mut self, name: &str, span: Span, expected: Option<&Type>) -> Expr {
        if let Some((first, rest)) = name.split_once('.') {
            if let Some(super::TypeDef::Enum(id)) = self.type_named(first, span) {
                if let Some(member) = self.member_of(id, rest) {
                    return self.constant(Value::Member(id, member), Type::Enum(id), span);
                }
                let names: Vec<String> = self.model.enumeration(id).members.iter().map(|m| m.name.clone()).collect();
                let names = names.iter().map(String::as_str);
                self.unknown(Code::UnknownName, rest, span, &format!("member of `{first}` called"), names);
                return self.wrong(span);
            }
        }
        let candidates = self.members.get(name).cloned().unwrap_or_default();
        match (candidates.as_slice(), expected) {
            ([(id, member)], None) => return self.constant(Value::Member(*id, *member), Type::Enum(*id), span),
            ([(id, member)], Some(other)) if !matches!(other, Type::Enum(_)) => {
                return self.constant(Value::Member(*id, *member), Type::Enum(*id), span);
            }
            ([_, _, ..], None) => {
                let of: Vec<String> =
                    candidates.iter().map(|(id, _)| format!("`{}.{name}`", self.model.enumeration(*id).name)).collect();
                let message = format!("`{name}` is a member of several enumerations");
                let help = format!("write which one is meant: {}", of.join(" or "));
                self.report(Problem::new(Code::AmbiguousName, span, message).help(help));
                return self.wrong(span);
            }
            _ => {}
        }
        if let Some(Type::Enum(id)) = expected {
            let enumeration = self.model.enumeration(*id);
            let what = if self.model.processes().any(|(_, process)| process.states == *id) {
                format!("state of `{}` called", enumeration.name)
            } else if *id == PARTIES || *id == SERVICES || enumeration.span.is_none() {
                format!("`{}` called", enumeration.name)
            } else {
                format!("member of `{}` called", enumeration.name)
            };
            let mut names: Vec<String> = enumeration.members.iter().map(|m| m.name.clone()).collect();
            names.extend(self.names.keys().filter(|n| n.contains('.') == name.contains('.')).cloned());
            names[enumeration_len(self, *id)..].sort();
            if enumeration.members.is_empty() && enumeration.span.is_none() {
                // A process without states was reported.
                let states = self.model.processes().any(|(_, process)| process.states == *id);
                if states {
                    return self.wrong(span);
                }
            }
            let told = self.problems.len();
            let members = self.members_of(*id);
            self.unknown(Code::UnknownName, name, span, &what, names.iter().map(String::as_str));
            if let Some(problem) = self.problems.get_mut(told) {
                problem.help = problem.help.take().or(members);
            }
        } else if matches!(expected, Some(Type::Unknown)) {
            // Its place was already reported.
        } else {
            let mut names: Vec<String> = self.names.keys().chain(self.members.keys()).cloned().collect();
            names.extend(self.frame.locals.iter().map(|l| l.name.clone()));
            names.sort();
            let what = "input, decision or other item called";
            self.unknown(Code::UnknownName, name, span, what, names.iter().map(String::as_str));
        }
        self.wrong(span)
    }

    /// `they are: A, B`, of a few.
    pub(super) fn members_of(&self, id: EnumId) -> Option<String> {
        let members = &self.model.enumeration(id).members;
        let names: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
        let few = (1..=12).contains(&names.len()) && ![PARTIES, SERVICES].contains(&id);
        few.then(|| format!("they are: {}", names.join(", ")))
    }

    /// `[ 2026-10-01, 2026-10-02 ]`, where holidays are wanted.
    fn holidays_on(&mut self, items: &[tree::Expr], span: Span) -> Expr {
        let mut listed = Vec::with_capacity(items.len());
        for item in items {
            match self.expr_of(item, &Type::Date).kind {
                ExprKind::Const(Value::Date(date)) => {
                    listed.push(Listed { first: date, last: date, day: ListedDay::Holiday, name: None });
                }
                _ => return self.wrong(span),
            }
        }
        let list = HolidayList::from_file("", Holidays { listed });
        self.constant(Value::Holidays(Arc::new(list)), Type::Holidays, span)
    }

    fn collection(&mut self, items: &[tree::Expr], span: Span, expected: Option<&Type>, set: bool) -> Expr {
        let mut of = match expected {
            Some(Type::Set(of)) if set => Some((**of).clone()),
            Some(Type::List(of)) if !set => Some((**of).clone()),
            _ => None,
        };
        let mut resolved = Vec::with_capacity(items.len());
        for item in items {
            let expr = match &of {
                Some(ty) => self.expr_of(item, ty),
                None => self.expr(item, None),
            };
            if of.is_none() && expr.ty != Type::Unknown {
                of = Some(expr.ty.clone());
            }
            resolved.push(expr);
        }
        let of = Box::new(of.unwrap_or(Type::Unknown));
        if set {
            Expr { kind: ExprKind::Set(resolved), ty: Type::Set(of), span }
        } else {
            Expr { kind: ExprKind::List(resolved), ty: Type::List(of), span }
        }
    }

    fn record(&mut self, fields: &[(tree::Name, tree::Expr)], span: Span, expected: Option<&Type>) -> Expr {
        let Some(Type::Record(id)) = expected else {
            if !matches!(expected, Some(Type::Unknown)) {
                let message = "a record stands here, and no record is wanted";
                self.report(Problem::new(Code::TypeMismatch, span, message));
            }
            return self.wrong(span);
        };
        let declared = self.model.records[id.0 as usize].fields.clone();
        let mut values: Vec<Option<Expr>> = declared.iter().map(|_| None).collect();
        for (name, value) in fields {
            match declared.iter().position(|f| f.name == name.text) {
                Some(index) => values[index] = Some(self.expr_of(value, &declared[index].ty)),
                None => {
                    let names: Vec<String> = declared.iter().map(|f| f.name.clone()).collect();
                    self.no_field(&Type::Record(*id), &name.text, &names, name.span);
                }
            }
        }
        Expr { kind: ExprKind::Record(*id, values), ty: Type::Record(*id), span }
    }

    fn between(&mut self, from: &tree::Expr, to: &tree::Expr, unit: Option<&tree::Name>, span: Span) -> Expr {
        let from = self.expr(from, None);
        let to = self.expr(to, None);
        let Some(unit) = unit else {
            let message = "`A to B` does not say what it counts";
            let help = "write `in days`, `in weeks`, `in months`, `in hours` or `in minutes` after it";
            self.report(Problem::new(Code::UnexpectedText, span, message).help(help));
            return self.wrong(span);
        };
        let unit_span = unit.span;
        let Some(unit) = SpanUnit::from_word(&unit.text) else { return self.wrong(span) };
        let (ends, ty) = match unit {
            SpanUnit::Days | SpanUnit::Weeks => (Type::Date, Type::Days),
            SpanUnit::Months => (Type::Date, Type::Months),
            SpanUnit::Hours | SpanUnit::Minutes => (Type::DateTime, Type::Duration),
        };
        for end in [&from, &to] {
            if !end.ty.fits(&ends) {
                let (is, wants) = (self.model.type_name(&end.ty), self.model.type_name(&ends));
                let message = format!("this is `{is}`, and two of `{wants}` are wanted here");
                let help = if ends == Type::Date {
                    "hours and minutes are counted between two date-times; days, weeks and months between two dates"
                } else {
                    "between two dates count `in days`, `in weeks` or `in months`"
                };
                let problem = Problem::new(Code::MixedUnits, end.span, message).related(unit_span, "counted in these");
                self.report(problem.help(help));
                return self.wrong(span);
            }
        }
        Expr { kind: ExprKind::Between { from: Box::new(from), to: Box::new(to), unit }, ty, span }
    }

    fn rounded(&mut self, value: &tree::Expr, mode: &tree::Name, step: &tree::Expr, span: Span) -> Expr {
        let Some(mode) = Rounding::from_word(&mode.text) else { return self.wrong(span) };
        let step = self.expr(step, None);
        let ExprKind::Const(step_value) = &step.kind else { return self.wrong(span) };
        let step_value = step_value.clone();
        let mut inner = value;
        while let tree::ExprKind::Paren(e) = &*inner.kind {
            inner = e;
        }
        let (kind, ty) = if let tree::ExprKind::Binary(BinaryOp::Div, left, right) = &*inner.kind {
            let (dividend, divisor) = (self.expr(left, None), self.expr(right, None));
            let Some(ty) = operator::quotient(&dividend.ty, &divisor.ty) else {
                return self.not_defined("/", &dividend, &divisor, span);
            };
            let (dividend, divisor) = (Box::new(dividend), Box::new(divisor));
            (ExprKind::Divide { dividend, divisor, mode, step: step_value.clone() }, ty)
        } else {
            let value = self.expr(value, None);
            let ty = value.ty.clone();
            (ExprKind::Round { value: Box::new(value), mode, step: step_value.clone() }, ty)
        };
        let plain_step = matches!(step.ty, Type::Integer | Type::Decimal);
        if ty != Type::Unknown && !plain_step && !step.ty.fits(&ty) {
            self.mismatch(step.span, &step.ty, &ty);
            return self.wrong(span);
        }
        let whole = matches!(&step_value, Value::Number(n) if n.is_integer());
        let ty = if ty == Type::Decimal && whole { Type::Integer } else { ty };
        Expr { kind, ty, span }
    }

    fn call(&mut self, name: &tree::Name, args: &[tree::Expr], span: Span, expected: Option<&Type>) -> Expr {
        let Some(function) = builtin::find(&name.text) else {
            let names: Vec<&str> = builtin::ALL.iter().map(|b| b.name).collect();
            let help = did_you_mean(&name.text, names.iter().copied())
                .unwrap_or_else(|| format!("the functions are {}", names.join(", ")));
            let message = format!("there is no function `{}`", name.text);
            self.report(Problem::new(Code::UnknownFunction, name.span, message).help(help));
            return self.wrong(span);
        };
        let hint = expected.filter(|t| matches!(t, Type::Set(_)));
        let args: Vec<Expr> = args.iter().map(|a| self.expr(a, hint)).collect();
        let types: Vec<Type> = args.iter().map(|a| a.ty.clone()).collect();
        if types.contains(&Type::Unknown) {
            return self.wrong(span);
        }
        match (function.check)(&types) {
            Ok(ty) => Expr { kind: ExprKind::Call(function, args), ty, span },
            Err(why) => {
                let problem = Problem::new(Code::WrongArguments, span, format!("`{}` {why}", function.name));
                self.report(problem.help(format!("{}: {}", function.signature, function.doc)));
                self.wrong(span)
            }
        }
    }

    /// What `any`, `every`, `count` and `sum` run over.
    fn list(&mut self, list: &tree::Expr) -> Expr {
        let list = self.expr(list, None);
        if !matches!(list.ty, Type::List(_) | Type::Set(_) | Type::Unknown) {
            let message = format!("this is `{}`, and a list or set is wanted here", self.model.type_name(&list.ty));
            self.report(Problem::new(Code::TypeMismatch, list.span, message));
            return self.wrong(list.span);
        }
        list
    }

    fn bind(&mut self, binder: &tree::Name, list: &tree::Expr) -> (Expr, u32) {
        let list = self.list(list);
        let ty = match &list.ty {
            Type::List(of) | Type::Set(of) => (**of).clone(),
            _ => Type::Unknown,
        };
        let slot = self.new_local(&binder.text, ty);
        (list, slot)
    }

    fn unbind(&mut self) {
        self.frame.locals.pop();
    }

    pub(super) fn new_local(&mut self, name: &str, ty: Type) -> u32 {
        let slot = self.frame.slots;
        self.frame.slots += 1;
        self.frame.names.push(name.to_owned());
        self.frame.locals.push(Local { name: name.to_owned(), slot, ty });
        slot
    }
}

fn enumeration_len(resolver: &Resolver, id: EnumId) -> usize {
    resolver.model.enumeration(id).members.len()
}

/// The type that holds both.
pub(super) fn wider(a: &Type, b: &Type) -> Type {
    match (a, b) {
        (Type::Unknown, other) | (other, Type::Unknown) => other.clone(),
        (Type::Integer, Type::Decimal) => Type::Decimal,
        (Type::Money(Some(_)), Type::Money(None)) => b.clone(),
        (Type::Set(of), Type::Set(_)) if **of == Type::Unknown => b.clone(),
        (a, b) if a != b && a.fits(&Type::TimeLimit) && b.fits(&Type::TimeLimit) => Type::TimeLimit,
        _ => a.clone(),
    }
}
