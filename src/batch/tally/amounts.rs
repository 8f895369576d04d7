//! Amounts added up, by currency or unit.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::{Model, Type};
use crate::value::{Currency, UnitId, Value};

/// Amounts of one currency or unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    pub count: u64,
    /// `None` where it is too large to be held.
    pub sum: Option<Decimal>,
    pub least: Decimal,
    pub most: Decimal,
}

/// By currency or unit: `USD`, `credit`, `seconds`, nothing for bare numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums(pub BTreeMap<String, Amounts>);

impl Amounts {
    fn merge(&mut self, more: &Amounts) {
        if self.count == 0 {
            *self = more.clone();
            return;
        }
        self.count += more.count;
        self.sum = self.sum.zip(more.sum).and_then(|(a, b)| a.checked_add(b));
        self.least = self.least.min(more.least);
        self.most = self.most.max(more.most);
    }
}

impl Sums {
    /// Adds an amount that so many rows have.
    pub fn add(&mut self, unit: &str, amount: Decimal, times: u64) {
        let sum = amount.checked_mul(Decimal::from(times));
        self.add_all(unit, &Amounts { count: times, sum, least: amount, most: amount });
    }

    pub fn add_all(&mut self, unit: &str, amounts: &Amounts) {
        if amounts.count == 0 {
            return;
        }
        match self.0.get_mut(unit) {
            Some(own) => own.merge(amounts),
            None => drop(self.0.insert(unit.to_owned(), amounts.clone())),
        }
    }

    pub fn merge(&mut self, more: &Sums) {
        more.0.iter().for_each(|(unit, amounts)| self.add_all(unit, amounts));
    }
}

/// What is added up of a value: its unit and its amount. Percentages are counted and not added.
pub fn amount(model: &Model, value: &Value) -> Option<(String, Decimal)> {
    Some(match value {
        Value::Money(currency, amount) => (currency.code().to_owned(), *amount),
        Value::Number(number) => (String::new(), *number),
        Value::Quantity(unit, amount) => (model.units.get(unit.0 as usize)?.name.clone(), *amount),
        Value::Duration(seconds) => ("seconds".to_owned(), Decimal::from(*seconds)),
        Value::Days(days) => ("days".to_owned(), Decimal::from(*days)),
        Value::Months(months) => ("months".to_owned(), Decimal::from(*months)),
        Value::BusinessHours(seconds) => ("business seconds".to_owned(), Decimal::from(*seconds)),
        Value::BusinessDays(days) => ("business days".to_owned(), Decimal::from(*days)),
        _ => return None,
    })
}

/// An amount as rules write it.
pub(super) fn shown(model: &Model, unit: &str, amount: Decimal) -> String {
    let whole = || i64::try_from(amount).ok();
    let value = match unit {
        "" => Some(Value::Number(amount)),
        "seconds" => whole().map(Value::Duration),
        "days" => whole().map(Value::Days),
        "months" => whole().map(Value::Months),
        "business seconds" => whole().map(Value::BusinessHours),
        "business days" => whole().map(Value::BusinessDays),
        unit => match Currency::from_code(unit) {
            Some(currency) => Some(Value::Money(currency, amount)),
            None => {
                let place = model.units.iter().position(|known| known.name == unit);
                place.map(|place| Value::Quantity(UnitId(place as u32), amount))
            }
        },
    };
    value.map_or_else(|| format!("{} {unit}", amount.normalize()), |value| value.display(model).to_string())
}

/// Whether each value of a type is counted by itself. Money and the like have no end of different values.
pub(super) fn is_counted(ty: &Type) -> bool {
    !matches!(ty, Type::Money(_) | Type::Decimal | Type::Quantity(_))
}
