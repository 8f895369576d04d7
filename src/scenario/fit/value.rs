//! One value of a facts document, read as the type that its input has.

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::{Fitting, short};
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::{Column, Model, Type};
use crate::scenario::document::{Data, Key, Node};
use crate::value::literal::{
    parse_amount, parse_data_number, parse_date, parse_date_time, parse_money, parse_number, parse_percent,
    parse_period, parse_time, parse_time_amount,
};
use crate::value::worktime::Zone;
use crate::value::{Currency, EnumId, LiteralError, RecordId, UnitId, Value};

impl Fitting<'_> {
    /// The value that a part of the document stands for; `None` if it was reported. `name` is whose value it is.
    pub(super) fn value(&mut self, node: &Node, ty: &Type, name: &str) -> Option<Value> {
        match (ty, &node.data) {
            (Type::YesNo, Data::YesNo(yes)) => Some(Value::YesNo(*yes)),
            (Type::YesNo, Data::Text(text)) if text == "yes" || text == "no" => Some(Value::YesNo(text == "yes")),
            (Type::Integer | Type::Decimal, Data::Number(_) | Data::Text(_)) => self.number(node, ty, name),
            (Type::Percent, Data::Text(text)) => self.literal(parse_percent(text), node, name),
            (Type::Percent, Data::Number(number)) => {
                let message = format!("`{name}` is a percentage, and {number} does not say of what it is counted");
                self.wrong(node, message, format!("write it with its sign, as a text: \"{number}%\""))
            }
            (Type::Money(currency), _) => self.money(node, *currency, name),
            (Type::Date, Data::Text(text)) => self.literal(parse_date(text), node, name),
            (Type::Time, Data::Text(text)) => self.literal(parse_time(text), node, name),
            (Type::DateTime, Data::Text(text)) => self.literal(parse_date_time(text), node, name),
            (Type::Period, Data::Text(text)) => self.literal(parse_period(text), node, name),
            (
                Type::Duration | Type::Days | Type::Months | Type::BusinessHours | Type::BusinessDays | Type::TimeLimit,
                Data::Text(text),
            ) => {
                let value = self.literal(parse_time_amount(text), node, name)?;
                if fits(&value, ty) {
                    return Some(value);
                }
                let message = format!("`{name}` is {}, and this is {}", wanted(self.model, ty), value.kind());
                self.wrong(node, message, format!("such as {}", example(self.model, ty)))
            }
            (Type::Quantity(unit), Data::Text(_) | Data::Number(_)) => self.quantity(node, *unit, name),
            (Type::Text, Data::Text(text)) => Some(Value::text(&text.nfc().collect::<String>())),
            (Type::Enum(id), Data::Text(_) | Data::Number(_) | Data::YesNo(_)) => {
                self.member(node, *id, name).map(|member| Value::Member(*id, member))
            }
            (Type::Record(id), Data::Map(fields)) => self.record(fields, *id, name),
            (Type::Zone, Data::Text(text)) => match Zone::named(text) {
                Ok(_) => Some(Value::text(text)),
                Err(error) => {
                    let near = error.nearest.map(|near| format!("did you mean `{near}`?"));
                    let near =
                        near.or_else(|| Some("zones are named after a city: Asia/Shanghai, Europe/London".into()));
                    let message = format!("`{name}` is a time zone, and {error}");
                    let problem = Problem::new(Code::WrongFact, self.span(&node.span), message);
                    self.report(problem.maybe_help(near));
                    None
                }
            },
            (Type::Holidays, _) => self.holidays(node, name),
            (Type::Log, Data::List(items)) => self.log(items, None),
            (Type::Set(of), Data::List(items)) => self.items(items, of, name).map(Value::set),
            (Type::List(of), Data::List(items)) => self.items(items, of, name).map(|v| Value::List(v.into())),
            _ => {
                let message = format!("`{name}` is {}, and this is {}", wanted(self.model, ty), what(&node.data));
                self.wrong(node, message, format!("write it so: {}", example(self.model, ty)))
            }
        }
    }

    /// The member of an enumeration, by its name or by its label in any language.
    pub(super) fn member(&mut self, node: &Node, id: EnumId, name: &str) -> Option<u32> {
        let written: String = match &node.data {
            Data::Text(text) => text.nfc().collect(),
            Data::Number(number) => number.clone(),
            // YAML takes a bare `no` for an answer, though a language or a country may be called so.
            Data::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            other => {
                let message = format!("`{name}` is one of `{}`, and this is {}", self.enum_name(id), what(other));
                return self.wrong(node, message, format!("write it so: {}", example(self.model, &Type::Enum(id))));
            }
        };
        let members = &self.model.enumeration(id).members;
        if let Some(member) = members.iter().position(|m| m.name == written) {
            return Some(member as u32);
        }
        let labelled = |m: &&crate::model::Member| m.labels.0.iter().any(|(_, text)| *text == written);
        let found: Vec<&str> = members.iter().filter(labelled).map(|m| m.name.as_str()).collect();
        match found[..] {
            [one] => members.iter().position(|m| m.name == one).map(|i| i as u32),
            [] => {
                let message =
                    format!("`{name}` is one of `{}`, and `{}` is none of them", self.enum_name(id), short(&written));
                let labels = members.iter().flat_map(|m| m.labels.0.iter().map(|(_, text)| text.as_str()));
                let names = || members.iter().map(|m| m.name.as_str());
                let help = did_you_mean(&written, names().chain(labels)).unwrap_or_else(|| {
                    let more = if members.len() > 12 { ", …" } else { "" };
                    format!("they are: {}{more}", names().take(12).collect::<Vec<_>>().join(", "))
                });
                self.wrong(node, message, help)
            }
            _ => {
                let message = format!("`{written}` is the label of several of `{}`", self.enum_name(id));
                let help = format!("write the name: {}", found.join(" or "));
                self.wrong(node, message, help)
            }
        }
    }

    fn enum_name(&self, id: EnumId) -> String {
        self.model.enumeration(id).name.clone()
    }

    fn number(&mut self, node: &Node, ty: &Type, name: &str) -> Option<Value> {
        let number = match &node.data {
            Data::Number(text) => parse_data_number(text),
            Data::Text(text) => parse_number(text),
            _ => return None,
        };
        let number = self.literal(number.map(Value::Number), node, name)?;
        match (ty, &number) {
            (Type::Integer, Value::Number(n)) if !n.is_integer() => {
                let message = format!("`{name}` is a whole number, and this is {}", n.normalize());
                self.wrong(node, message, "leave out the fraction")
            }
            _ => Some(number),
        }
    }

    /// `"USD 50,000"`, `{ "currency": "USD", "amount": "50000" }`, or the amount alone where one currency is fixed.
    fn money(&mut self, node: &Node, fixed: Option<Currency>, name: &str) -> Option<Value> {
        let amount = |number: Decimal| fixed.map(|currency| Value::Money(currency, number));
        let read = match &node.data {
            Data::Text(text) => match (parse_money(text), parse_number(text)) {
                (Err(_), Ok(number)) if fixed.is_some() => Ok(amount(number)),
                // What is nearly a number is told of as one.
                (Err(_), Err(error @ (LiteralError::TooManyDigits(_) | LiteralError::CommaOutOfPlace(_))))
                    if fixed.is_some() =>
                {
                    Err(error)
                }
                (money, _) => money.map(Some),
            },
            Data::Number(text) => parse_data_number(text).map(amount),
            Data::Map(parts) => return self.money_map(node, parts, fixed, name),
            other => {
                let ty = Type::Money(fixed);
                let message = format!("`{name}` is {}, and this is {}", wanted(self.model, &ty), what(other));
                return self.wrong(node, message, format!("write it so: {}", example(self.model, &ty)));
            }
        };
        match self.literal(read, node, name)? {
            Some(value) => self.in_currency(value, fixed, node, name),
            None => {
                let message = format!("`{name}` is money, and this does not say in which currency");
                self.wrong(node, message, "write the currency, then the amount: \"USD 50,000\"")
            }
        }
    }

    fn money_map(&mut self, node: &Node, parts: &[(Key, Node)], fixed: Option<Currency>, name: &str) -> Option<Value> {
        let (mut currency, mut amount) = (fixed, None);
        for (key, part) in parts {
            match (key.name.as_str(), &part.data) {
                ("currency", Data::Text(code)) => match Currency::from_code(code) {
                    Some(known) => currency = Some(known),
                    None => return self.literal(Err(LiteralError::UnknownCurrency(short(code))), part, name),
                },
                ("amount", Data::Text(text)) => amount = Some(self.literal(parse_number(text), part, name)?),
                ("amount", Data::Number(text)) => {
                    amount = Some(self.literal(parse_data_number(text), part, name)?);
                }
                (known @ ("currency" | "amount"), other) => {
                    let message = format!("the {known} of `{name}` is a text, and this is {}", what(other));
                    return self.wrong(part, message, "write {\"currency\": \"USD\", \"amount\": \"50000\"}");
                }
                (unknown, _) => {
                    let message =
                        format!("an amount of money has a `currency` and an `amount`, and no `{}`", short(unknown));
                    let problem = Problem::new(Code::UnknownFact, self.span(&key.span), message);
                    self.report(problem.maybe_help(did_you_mean(unknown, ["currency", "amount"])));
                    return None;
                }
            }
        }
        match (currency, amount) {
            (Some(currency), Some(amount)) => self.in_currency(Value::Money(currency, amount), fixed, node, name),
            (None, _) => self.wrong(node, format!("`{name}` does not say its currency"), "add \"currency\": \"USD\""),
            (_, None) => self.wrong(node, format!("`{name}` does not say its amount"), "add \"amount\": \"50000\""),
        }
    }

    fn in_currency(&mut self, value: Value, fixed: Option<Currency>, node: &Node, name: &str) -> Option<Value> {
        match (&value, fixed) {
            (Value::Money(currency, _), Some(fixed)) if *currency != fixed => {
                let message = format!("`{name}` is in {fixed}, and this is in {currency}");
                self.wrong(node, message, "amounts are never converted; give it in the currency of the agreement")
            }
            _ => Some(value),
        }
    }

    /// `"5 credit"`, or the number alone.
    fn quantity(&mut self, node: &Node, unit: UnitId, name: &str) -> Option<Value> {
        let own = self.model.units.get(unit.0 as usize)?.name.clone();
        let number = match &node.data {
            Data::Number(text) => self.literal(parse_data_number(text), node, name)?,
            Data::Text(text) => match parse_number(text) {
                Ok(number) => number,
                Err(_) => {
                    let (number, written) = self.literal(parse_amount(text), node, name)?;
                    if written.nfc().collect::<String>() != own {
                        let message = format!("`{name}` is counted in `{own}`, and this is in `{written}`");
                        return self.wrong(node, message, format!("write it so: \"{number} {own}\""));
                    }
                    number
                }
            },
            _ => return None,
        };
        Some(Value::Quantity(unit, number))
    }

    fn record(&mut self, entries: &[(Key, Node)], id: RecordId, name: &str) -> Option<Value> {
        let model = self.model;
        let declared: &[Column] = &model.records.get(id.0 as usize)?.fields;
        let mut values: Vec<Option<Value>> = vec![None; declared.len()];
        let mut sound = true;
        for (key, node) in entries {
            let written: String = key.name.nfc().collect();
            let Some(index) = declared.iter().position(|f| f.name == written) else {
                let names = || declared.iter().map(|f| f.name.as_str());
                let help = did_you_mean(&written, names())
                    .unwrap_or_else(|| format!("it has: {}", names().collect::<Vec<_>>().join(", ")));
                let message = format!("`{name}` has no part `{}`", short(&written));
                self.report(Problem::new(Code::UnknownFact, self.span(&key.span), message).help(help));
                sound = false;
                continue;
            };
            if matches!(node.data, Data::Null) {
                continue;
            }
            match self.value(node, &declared[index].ty, &format!("{name}.{written}")) {
                Some(value) => values[index] = Some(value),
                None => sound = false,
            }
        }
        sound.then(|| Value::Record(id, values.into()))
    }

    fn items(&mut self, items: &[Node], of: &Type, name: &str) -> Option<Vec<Value>> {
        let mut values = Vec::with_capacity(items.len());
        let mut sound = true;
        for (number, item) in items.iter().enumerate() {
            match self.value(item, of, &format!("{name}[{}]", number + 1)) {
                Some(value) => values.push(value),
                None => sound = false,
            }
        }
        sound.then_some(values)
    }

    pub(super) fn literal<T>(&mut self, read: Result<T, LiteralError>, node: &Node, name: &str) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("`{name}` cannot be read: {error}");
                let problem = Problem::new(Code::WrongFact, self.span(&node.span), message);
                self.report(problem.maybe_help(error.help().map(str::to_owned)));
                None
            }
        }
    }

    pub(super) fn wrong<T>(&mut self, node: &Node, message: impl Into<String>, help: impl Into<String>) -> Option<T> {
        self.report(Problem::new(Code::WrongFact, self.span(&node.span), message).help(help));
        None
    }
}

fn fits(value: &Value, ty: &Type) -> bool {
    match value {
        Value::Duration(_) => Type::Duration.fits(ty),
        Value::Days(_) => Type::Days.fits(ty),
        Value::Months(_) => Type::Months.fits(ty),
        Value::BusinessHours(_) => Type::BusinessHours.fits(ty),
        Value::BusinessDays(_) => Type::BusinessDays.fits(ty),
        _ => false,
    }
}

/// What stands in the document, for a sentence.
fn what(data: &Data) -> &'static str {
    match data {
        Data::Null => "nothing",
        Data::YesNo(_) => "a yes or no",
        Data::Number(_) => "a bare number",
        Data::Text(_) => "a text",
        Data::List(_) => "a list",
        Data::Map(_) => "a map",
    }
}

/// What a type wants, for a sentence.
fn wanted(model: &Model, ty: &Type) -> String {
    match ty {
        Type::YesNo => "a yes or no".to_owned(),
        Type::Integer => "a whole number".to_owned(),
        Type::Decimal => "a number".to_owned(),
        Type::Percent => "a percentage".to_owned(),
        Type::Money(None) => "an amount of money".to_owned(),
        Type::Money(Some(currency)) => format!("an amount in {currency}"),
        Type::Date => "a date".to_owned(),
        Type::Time => "a time of day".to_owned(),
        Type::DateTime => "a date-time".to_owned(),
        Type::Duration => "an exact duration".to_owned(),
        Type::Days => "a number of days".to_owned(),
        Type::Months => "a number of months".to_owned(),
        Type::BusinessHours => "a number of business hours".to_owned(),
        Type::BusinessDays => "a number of business days".to_owned(),
        Type::TimeLimit => "a time limit".to_owned(),
        Type::Quantity(_) => format!("counted in `{}`", model.type_name(ty)),
        Type::Text => "a text".to_owned(),
        Type::Enum(_) => format!("one of `{}`", model.type_name(ty)),
        Type::Record(_) => format!("a record `{}`", model.type_name(ty)),
        Type::Period => "a period".to_owned(),
        Type::Zone => "a time zone".to_owned(),
        Type::Holidays => "a list of holidays".to_owned(),
        Type::Log => "a log of events".to_owned(),
        Type::Set(_) | Type::List(_) => format!("a {}", model.type_name(ty)),
        Type::Unknown => "a value".to_owned(),
    }
}

/// How a value of a type is written in JSON.
pub(super) fn example(model: &Model, ty: &Type) -> String {
    match ty {
        Type::YesNo => "true or false".to_owned(),
        Type::Integer => "12".to_owned(),
        Type::Decimal => "12.5".to_owned(),
        Type::Percent => "\"20%\"".to_owned(),
        Type::Money(None) => "\"USD 50,000\"".to_owned(),
        Type::Money(Some(currency)) => format!("\"{currency} 50,000\""),
        Type::Date => "\"2024-10-01\"".to_owned(),
        Type::Time => "\"09:00\"".to_owned(),
        Type::DateTime => "\"2024-10-01T09:00+08:00\"".to_owned(),
        Type::Duration => "\"15 min\"".to_owned(),
        Type::Days => "\"14 days\"".to_owned(),
        Type::Months => "\"2 months\"".to_owned(),
        Type::BusinessHours => "\"4 business hours\"".to_owned(),
        Type::BusinessDays => "\"10 business days\"".to_owned(),
        Type::TimeLimit => "\"15 min\" or \"4 business hours\"".to_owned(),
        Type::Quantity(_) => format!("\"5 {}\"", model.type_name(ty)),
        Type::Text | Type::Unknown => "\"a text\"".to_owned(),
        Type::Enum(id) => {
            let names = model.enums.get(id.0 as usize).map_or(&[][..], |e| &e.members);
            names.first().map_or("\"name\"".to_owned(), |m| format!("\"{}\"", m.name))
        }
        Type::Record(id) => {
            let fields = model.records.get(id.0 as usize).map_or(&[][..], |r| &r.fields);
            let fields: Vec<String> =
                fields.iter().map(|f| format!("\"{}\": {}", f.name, example(model, &f.ty))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Type::Period => "\"2024-10-01 to 2024-11-30\"".to_owned(),
        Type::Zone => "\"Asia/Shanghai\"".to_owned(),
        Type::Holidays => "\"holidays-2026.ics\"".to_owned(),
        Type::Log => "[{\"at\": \"2026-03-06T17:30+08:00\", \"event\": \"reported\"}]".to_owned(),
        Type::Set(of) | Type::List(of) => format!("[{}]", example(model, of)),
    }
}
