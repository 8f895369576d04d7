//! Amounts and their currencies in two columns.

use rust_decimal::Decimal;

use super::bad::Bad;
use super::cell::{Cell, Cells};
use super::column::{Builder, Form};
use super::numbers::{DATA_MARKS, aligned};
use super::quick;
use crate::model::Type;
use crate::value::{Currency, Value};

impl Builder<'_> {
    /// Takes amounts and their currencies, a pair for each row.
    pub fn fill_money(&mut self, amounts: &impl Cells, currencies: &impl Cells, rows: usize, bad: &mut Bad) {
        let met = self.met();
        for row in 0..rows {
            let (amount, currency) = (amounts.cell(row), currencies.cell(row));
            if !self.take_quickly(amount, currency) {
                let value = self.slow.money(amount, currency);
                self.push(value, row, met, bad);
            }
        }
    }

    /// Takes an amount that is written as most are; `false` if it is not.
    fn take_quickly(&mut self, amount: Cell, currency: Cell) -> bool {
        let (Type::Money(fixed), Cell::Text(code), false) = (&self.ty, currency, self.slow.has_meanings()) else {
            return false;
        };
        let number = match amount {
            _ if fixed.is_some_and(|fixed| fixed.code().as_bytes() != code) => None,
            Cell::Text(text) => quick::decimal(text, self.slow.marks),
            Cell::Number(text) => quick::decimal(text, DATA_MARKS),
            _ => None,
        };
        let Some((number, places)) = number else { return false };
        match (&mut self.form, &mut self.values) {
            (Form::Scaled { numbers, scale }, None) => {
                let taken = aligned(numbers, scale, number, places);
                if taken {
                    self.given.push(1);
                }
                taken
            }
            (Form::Values, Some(values)) if self.slow.input().must_be.is_empty() => {
                let known = std::str::from_utf8(code).ok().and_then(Currency::from_code);
                let amount = Decimal::try_from_i128_with_scale(number.into(), places).ok();
                let value = known.zip(amount).map(|(currency, amount)| Value::Money(currency, amount));
                let taken = value.is_some();
                if taken {
                    values.push(value);
                }
                taken
            }
            _ => false,
        }
    }
}
