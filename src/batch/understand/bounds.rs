//! What `must be` says of an input, in the form that a whole column is compared with at once.

use rust_decimal::Decimal;

use crate::model::{CompareOp, Test, TestKind};
use crate::value::Value;

/// The smallest and the greatest value that all constant bounds of an input allow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    least: Option<(Decimal, bool)>,
    most: Option<(Decimal, bool)>,
    /// Whether some bound has no such form, so that each value has to be asked about.
    pub other: bool,
}

impl Bounds {
    pub fn of(tests: &[(Test, String)]) -> Bounds {
        let mut bounds = Bounds::default();
        for (test, _) in tests {
            match &test.kind {
                TestKind::Any | TestKind::Dynamic(..) => {}
                TestKind::Compare(op, value) => match (op, number(value)) {
                    (CompareOp::Ge, Some(least)) => bounds.at_least(least, true),
                    (CompareOp::Gt, Some(least)) => bounds.at_least(least, false),
                    (CompareOp::Le, Some(most)) => bounds.at_most(most, true),
                    (CompareOp::Lt, Some(most)) => bounds.at_most(most, false),
                    _ => bounds.other = true,
                },
                TestKind::Range(low, high, includes) => match (number(low), number(high)) {
                    (Some(low), Some(high)) => {
                        bounds.at_least(low, true);
                        bounds.at_most(high, *includes);
                    }
                    _ => bounds.other = true,
                },
                _ => bounds.other = true,
            }
        }
        bounds
    }

    pub fn is_empty(&self) -> bool {
        *self == Bounds::default()
    }

    fn at_least(&mut self, least: Decimal, included: bool) {
        if self.least.is_none_or(|(now, at)| least > now || least == now && at) {
            self.least = Some((least, included));
        }
    }

    fn at_most(&mut self, most: Decimal, included: bool) {
        if self.most.is_none_or(|(now, at)| most < now || most == now && at) {
            self.most = Some((most, included));
        }
    }

    /// The whole numbers of 10 to the power of `-scale` that are allowed for certain.
    pub fn at_scale(&self, scale: u32) -> (i64, i64) {
        let ten = Decimal::from_i128_with_scale(10_i128.pow(scale.min(18)), 0);
        let whole = |bound: Decimal| bound.checked_mul(ten);
        let narrow = |number: Option<Decimal>| number.and_then(|n| i64::try_from(n.mantissa()).ok());
        let least = match self.least {
            None => Some(i64::MIN),
            Some((bound, included)) => whole(bound).and_then(|bound| {
                let first = bound.ceil();
                let first = if first == bound && !included { first.checked_add(Decimal::ONE)? } else { first };
                narrow(Some(first.normalize().round()).filter(|n| n.scale() == 0))
            }),
        };
        let most = match self.most {
            None => Some(i64::MAX),
            Some((bound, included)) => whole(bound).and_then(|bound| {
                let last = bound.floor();
                let last = if last == bound && !included { last.checked_sub(Decimal::ONE)? } else { last };
                narrow(Some(last.normalize().round()).filter(|n| n.scale() == 0))
            }),
        };
        match (least, most) {
            (Some(least), Some(most)) => (least, most),
            // Nothing is certain, so each value is asked about.
            _ => (i64::MAX, i64::MIN),
        }
    }
}

/// The number of a value, as columns hold it.
fn number(value: &Value) -> Option<Decimal> {
    Some(match value {
        Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => *n,
        Value::Duration(n) | Value::Days(n) | Value::Months(n) | Value::BusinessHours(n) | Value::BusinessDays(n) => {
            Decimal::from(*n)
        }
        Value::Date(date) => Decimal::from(crate::columnar::days_of(*date)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    #[test]
    fn bounds_are_brought_to_the_scale_of_a_column() {
        let test = |op, value: i64, scale| {
            let kind = TestKind::Compare(op, Value::Number(Decimal::new(value, scale)));
            (Test { kind, span: Span::new(FileId(0), 0..0) }, String::new())
        };
        let bounds = Bounds::of(&[test(CompareOp::Ge, 0, 0), test(CompareOp::Lt, 105, 1)]);
        assert_eq!((bounds.at_scale(0), bounds.at_scale(2)), ((0, 10), (0, 1049)));
        let bounds = Bounds::of(&[test(CompareOp::Gt, 0, 0)]);
        assert_eq!(bounds.at_scale(1), (1, i64::MAX));
        assert!(Bounds::of(&[test(CompareOp::Ne, 0, 0)]).other);
    }
}
