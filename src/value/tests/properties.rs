//! What holds for all values, tried on generated ones.

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone};
use num_bigint::BigInt;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{read, show};
use crate::value::literal::*;
use crate::value::*;

fn decimal() -> impl Strategy<Value = Decimal> {
    let wide = 10_i128.pow(28) - 1;
    prop_oneof![(-1_000_000_i128..1_000_000, 0_u32..4), (-wide..=wide, 0_u32..=28), Just((wide, 0)), Just((-wide, 28)),]
        .prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale))
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0_i64..3_652_059).prop_map(|days| NaiveDate::from_ymd_opt(1, 1, 1).unwrap() + chrono::TimeDelta::days(days))
}

fn time() -> impl Strategy<Value = NaiveTime> {
    (0_u32..86_400, prop_oneof![Just(0_u32), 0_u32..1_000_000_000])
        .prop_map(|(s, n)| NaiveTime::from_num_seconds_from_midnight_opt(s, n).unwrap())
}

fn amount() -> impl Strategy<Value = Value> {
    let currency = Currency::from_code("USD").unwrap();
    prop_oneof![
        decimal().prop_map(Value::Number),
        decimal().prop_map(Value::Percent),
        decimal().prop_map(move |d| Value::Money(currency, d)),
        any::<i64>().prop_map(Value::BusinessHours),
        decimal().prop_map(|d| Value::Quantity(UnitId(0), d)),
        any::<i64>().prop_map(Value::Duration),
        any::<i64>().prop_map(Value::Days),
        any::<i64>().prop_map(Value::Months),
        any::<i64>().prop_map(Value::BusinessDays),
    ]
}

fn literal() -> impl Strategy<Value = Value> {
    prop_oneof![
        amount(),
        any::<bool>().prop_map(Value::YesNo),
        any::<String>().prop_map(|text| Value::text(&text)),
        date().prop_map(Value::Date),
        time().prop_map(Value::Time),
        (date(), time(), -1439_i32..1440).prop_filter_map("in range", |(d, t, minutes)| {
            let at = FixedOffset::east_opt(minutes * 60)?.from_local_datetime(&d.and_time(t));
            at.single().filter(|at| calendar::datetime_in_range(*at)).map(Value::DateTime)
        }),
        (date(), date()).prop_map(|(a, b)| Value::Period { starts: a.min(b), ends: a.max(b) }),
    ]
}

fn mode() -> impl Strategy<Value = Rounding> {
    use Rounding::*;
    prop::sample::select(vec![HalfUp, HalfEven, HalfDown, Up, Down])
}

/// A decimal as a whole number of 10^-28.
fn units(number: Decimal) -> BigInt {
    BigInt::from(number.mantissa()) * BigInt::from(10).pow(28 - number.scale())
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(value in literal()) {
        prop_assert_eq!(read(&show(&value)), value);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}|[-0-9,.:TZ%+ eE]{0,20}|[0-9]{1,60}[.]?[0-9]{0,60}") {
        let _ = (parse_number(&text), parse_data_number(&text), parse_percent(&text));
        let _ = (parse_money(&text), parse_date(&text), parse_time(&text));
        let _ = (parse_date_time(&text), parse_period(&text), parse_time_amount(&text), parse_text(&text));
    }

    #[test]
    fn sums_are_exact_or_refused(a in decimal(), b in decimal()) {
        let exact = units(a) + units(b);
        match add(&Value::Number(a), &Value::Number(b)) {
            Ok(Value::Number(sum)) => prop_assert_eq!(units(sum), exact),
            other => {
                prop_assert!(matches!(other, Err(Fault::NotExact | Fault::Overflow)), "{other:?}");
                prop_assert!(needs_more_than_28_digits(exact));
            }
        }
    }

    #[test]
    fn products_are_exact_or_refused(a in decimal(), b in decimal()) {
        // In units of 10^-56.
        let exact = units(a) * units(b);
        match mul(&Value::Number(a), &Value::Number(b)) {
            Ok(Value::Number(product)) => {
                prop_assert_eq!(units(product) * BigInt::from(10).pow(28), exact);
            }
            other => {
                prop_assert!(matches!(other, Err(Fault::NotExact | Fault::Overflow)), "{other:?}");
                let shift = BigInt::from(10).pow(28);
                let fits = (&exact % &shift) == BigInt::ZERO
                    && !needs_more_than_28_digits(exact / shift);
                prop_assert!(!fits);
            }
        }
    }

    #[test]
    fn subtraction_undoes_addition(a in amount(), b in amount()) {
        if let Ok(sum) = add(&a, &b) {
            prop_assert_eq!(sub(&sum, &b), Ok(a.clone()));
            prop_assert_eq!(add(&b, &a), Ok(sum));
        }
    }

    #[test]
    fn quotients_are_rounded_from_the_exact_one(
        a in decimal(), b in decimal(), step in decimal(), mode in mode(),
    ) {
        let result = divide_rounded(&Value::Number(a), &Value::Number(b), &Value::Number(step), mode);
        if b.is_zero() {
            prop_assert_eq!(result, Err(Fault::DivisionByZero));
        } else if step <= Decimal::ZERO {
            prop_assert_eq!(result, Err(Fault::StepNotPositive));
        } else {
            match result {
                Ok(Value::Number(got)) => prop_assert!(rounds_to(a, b, step, mode, got), "{got}"),
                other => {
                    prop_assert!(matches!(other, Err(Fault::NotExact | Fault::Overflow)), "{other:?}");
                    // Refused only for want of room: the result is near the quotient.
                    let far = units(a).magnitude() * BigInt::from(10).pow(28).magnitude()
                        + units(b).magnitude() * units(step).magnitude();
                    let many = BigInt::from(10).pow(28);
                    prop_assert!(far >= units(b).magnitude() * many.magnitude());
                }
            }
        }
    }

    #[test]
    fn a_date_and_more_months_is_never_earlier(from in date(), a in -500_i64..500, b in -500_i64..500) {
        let reached = |n| add(&Value::Date(from), &Value::Months(n));
        if let (Ok(x), Ok(y)) = (reached(a.min(b)), reached(a.max(b))) {
            prop_assert_ne!(compare(&x, &y), Some(std::cmp::Ordering::Greater));
        }
    }

    #[test]
    fn whole_months_between_agree_with_adding_them(a in date(), b in date()) {
        let (from, to) = (a.min(b), a.max(b));
        let Ok(Value::Months(n)) = between(&Value::Date(from), &Value::Date(to), Span::Months) else {
            return Err(TestCaseError::fail("months are between dates"));
        };
        let plus = |n| calendar::add_months(from, n);
        prop_assert!(plus(n).is_ok_and(|date| date <= to));
        prop_assert!(plus(n + 1).map_or(true, |date| date > to));
        let back = between(&Value::Date(to), &Value::Date(from), Span::Months);
        prop_assert_eq!(back, Ok(Value::Months(-n)));
    }

    #[test]
    fn days_between_are_the_days_to_add(from in date(), to in date()) {
        let (from, to) = (Value::Date(from), Value::Date(to));
        let days = between(&from, &to, Span::Days).unwrap();
        prop_assert_eq!(add(&from, &days), Ok(to.clone()));
        prop_assert_eq!(sub(&to, &days), Ok(from));
    }

    #[test]
    fn sets_keep_their_laws(
        a in prop::collection::vec(0_i64..12, 0..8),
        b in prop::collection::vec(0_i64..12, 0..8),
    ) {
        let set = |items: &[i64]| Value::set(items.iter().copied().map(Value::Days).collect());
        let (x, y) = (set(&a), set(&b));
        let reversed: Vec<i64> = a.iter().rev().chain(&a).copied().collect();
        prop_assert_eq!(&set(&reversed), &x);
        prop_assert_eq!(union(&x, &y), union(&y, &x));
        prop_assert_eq!(common(&x, &y), common(&y, &x));
        let (only, both) = (without(&x, &y).unwrap(), common(&x, &y).unwrap());
        prop_assert_eq!(union(&only, &both), Ok(x.clone()));
        prop_assert_eq!(common(&only, &y), Ok(Value::set(vec![])));
        for item in 0..12 {
            let day = Value::Days(item);
            prop_assert_eq!(has(&x, &day), Ok(a.contains(&item)));
            prop_assert_eq!(has(&both, &day), Ok(a.contains(&item) && b.contains(&item)));
        }
    }
}

fn needs_more_than_28_digits(units: BigInt) -> bool {
    let text = units.magnitude().to_string();
    text.trim_end_matches('0').len() > 28 || text.len() > 56
}

/// Whether `got` is `a / b` rounded, by the definition of each way of rounding.
fn rounds_to(a: Decimal, b: Decimal, step: Decimal, mode: Rounding, got: Decimal) -> bool {
    let (a, b, step, got) = (units(a), units(b), units(step), units(got));
    if &got % &step != BigInt::ZERO {
        return false;
    }
    // Everything times b, and without signs: the quotient is then `exact`.
    let one = BigInt::from(10).pow(28);
    let same_sign = got == BigInt::ZERO || (got > BigInt::ZERO) == ((a > BigInt::ZERO) == (b > BigInt::ZERO));
    let exact = BigInt::from(a.magnitude() * one.magnitude());
    let size = BigInt::from(got.magnitude() * b.magnitude());
    let width = BigInt::from(step.magnitude() * b.magnitude());
    let off = &size - &exact;
    let twice = BigInt::from(off.magnitude() * 2_u32);
    let even = !(BigInt::from(got.magnitude().clone()) / &step).bit(0);
    let zero = BigInt::ZERO;
    same_sign
        && match mode {
            Rounding::Up => off >= zero && off < width,
            Rounding::Down => off <= zero && -off < width,
            Rounding::HalfUp => twice < width || (twice == width && off > zero),
            Rounding::HalfDown => twice < width || (twice == width && off < zero),
            Rounding::HalfEven => twice < width || (twice == width && even),
        }
}
