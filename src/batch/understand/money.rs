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
        let fixed = match self.ty {
            Type::Money(fixed) => fixed,
            _ => None,
        };
        let marks = self.slow.marks;
        for row in 0..rows {
            let (amount, currency) = (amounts.cell(row), currencies.cell(row));
            if let (false, Cell::Text(code)) = (self.slow.has_meanings(), currency) {
                let quick = match (fixed, amount) {
                    (Some(fixed), _) if fixed.code().as_bytes() != code => None,
                    (_, Cell::Text(text)) => quick::decimal(text, marks),
                    (_, Cell::Number(text)) => quick::decimal(text, DATA_MARKS),
                    _ => None,
                };
                if let Some((number, places)) = quick {
                    match (&mut self.form, &mut self.values) {
                        (Form::Scaled { numbers, scale }, None) => {
                            if aligned(numbers, scale, number, places) {
                                self.given.push(1);
                                continue;
                            }
                        }
                        (Form::Values, Some(values)) => {
                            let known = std::str::from_utf8(code).ok().and_then(Currency::from_code);
                            let amount = Decimal::try_from_i128_with_scale(number.into(), places).ok();
                            let value = known.zip(amount).map(|(currency, n)| Value::Money(currency, n));
                            if let (Some(value), true) = (value, self.slow.input().must_be.is_empty()) {
                                values.push(Some(value));
                                continue;
                            }
                        }
                        _ => {}
                    }
                }
            }
            let value = self.slow.money(amount, currency);
            self.push(value, row, met, bad);
        }
    }
}
