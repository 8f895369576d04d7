//! The cases of values that an agreement turns on; `tests/properties.rs` has
//! what holds for all of them.

mod properties;

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::literal::*;
use super::*;

struct Nobody;

impl Names for Nobody {
    fn member(&self, _: EnumId, member: u32) -> Cow<'_, str> {
        format!("member-{member}").into()
    }
    fn unit(&self, _: UnitId) -> Cow<'_, str> {
        "credit".into()
    }
    fn field(&self, _: RecordId, field: usize) -> Cow<'_, str> {
        ["service", "fee"].get(field).copied().unwrap_or("other").into()
    }
}

/// Reads a literal of any kind.
fn read(text: &str) -> Value {
    let number = parse_number(text).map(Value::Number);
    let quantity = parse_amount(text).and_then(|(amount, unit)| match unit {
        "credit" => Ok(Value::Quantity(UnitId(0), amount)),
        _ => parse_time_amount(text),
    });
    let readings = [
        number,
        parse_percent(text),
        parse_money(text),
        parse_date(text),
        parse_time(text),
        parse_date_time(text),
        parse_period(text),
        quantity,
        parse_text(text),
        parse_yes_no(text),
    ];
    let mut values = readings.into_iter().filter_map(Result::ok);
    let value = values.next().unwrap_or_else(|| panic!("`{text}` is no literal"));
    assert_eq!(values.next(), None, "`{text}` reads in two ways");
    value
}

fn show(value: &Value) -> String {
    value.display(&Nobody).to_string()
}

#[test]
fn values_are_shown_as_rule_files_write_them() {
    for text in [
        "60,000,000",
        "12.5",
        "-3",
        "20%",
        "-0.5%",
        "USD 60,000,000",
        "USD 59,999,999.99",
        "USD 0.50",
        "USD 5",
        "-USD 5",
        "2024-10-01",
        "0001-01-01",
        "09:00",
        "09:00:30",
        "2024-10-01T09:00+08:00",
        "2024-10-01T09:00Z",
        "2024-10-01T09:00-03:30",
        "15 min",
        "1 h",
        "90 min",
        "30 s",
        "0 min",
        "14 days",
        "1 day",
        "2 months",
        "4 business hours",
        "1 business hour",
        "10 business days",
        "5 credit",
        "2024-10-01 to 2024-11-30",
        "yes",
        "no",
        r#""a \"quote\", \\ and \n""#,
    ] {
        assert_eq!(show(&read(text)), text);
    }
}

#[test]
fn several_ways_of_writing_have_one_meaning() {
    for (written, canonical) in [
        ("6 weeks", "42 days"),
        ("1 year", "12 months"),
        ("60 minutes", "1 h"),
        ("1.5 hours", "90 min"),
        ("1.50", "1.5"),
        ("60000000", "60,000,000"),
        ("USD 5.00", "USD 5"),
        ("USD 0.5", "USD 0.50"),
        ("USD -5", "-USD 5"),
        ("USD 0.125", "USD 0.125"),
        ("2024-10-01T09:00:00.500+00:00", "2024-10-01T09:00:00.5Z"),
    ] {
        assert_eq!(show(&read(written)), canonical);
    }
}

#[test]
fn collections_are_shown_with_the_names_of_the_rules() {
    let fee = read("USD 5");
    let member = |n| Value::Member(EnumId(0), n);
    assert_eq!(show(&Value::set(vec![])), "{}");
    assert_eq!(show(&Value::set(vec![member(2), member(1), member(2)])), "{ member-1, member-2 }");
    assert_eq!(show(&Value::List([read("1"), read("2")].into())), "[ 1, 2 ]");
    let record = |fields: [Option<Value>; 2]| Value::Record(RecordId(0), fields.into());
    assert_eq!(show(&record([Some(member(0)), Some(fee.clone())])), "{ service: member-0, fee: USD 5 }");
    assert_eq!(show(&record([None, Some(fee)])), "{ fee: USD 5 }");
    assert_eq!(show(&record([None, None])), "{}");
}

#[test]
fn literals_that_are_wrong_say_why() {
    let message = |result: Result<Value, LiteralError>| result.unwrap_err().to_string();
    let number = |text: &str| message(parse_number(text).map(Value::Number));
    assert_eq!(number("60,00"), "the commas in `60,00` do not part groups of three digits");
    assert_eq!(
        number(&format!("0.{}", "3".repeat(40))),
        "a decimal of 40 digits is more than the 28 that a number can have"
    );
    for text in ["", "-", ".5", "5.", "1e3", "+1", "1_000", "٣", "1 000"] {
        assert_eq!(number(text), format!("`{text}` is not a number"));
    }
    assert_eq!(message(parse_date("2024-02-30")), "2024-02-30 does not exist: February 2024 has 29 days");
    assert_eq!(message(parse_date("2024-13-01")), "2024-13-01 does not exist: a year has 12 months");
    assert_eq!(message(parse_date("0000-01-01")), "0000-01-01 lies outside the years 1 to 9999");
    assert_eq!(message(parse_date("01/10/2024")), "`01/10/2024` is not a date");
    assert_eq!(message(parse_money("UDS 5")), "`UDS` is not the code of a currency");
    assert_eq!(message(parse_money("50,000 USD")), "`50,000 USD` is not an amount of money");
    assert_eq!(message(parse_time("24:30")), "24:30 does not exist: a day runs from 00:00 to 23:59:59");
    assert_eq!(message(parse_date_time("2024-10-01T09:00")), "`2024-10-01T09:00` does not say its offset from UTC");
    assert_eq!(message(parse_time_amount("1.5 days")), "1.5 is not a whole number of days");
    assert_eq!(message(parse_time_amount("3 fortnights")), "`fortnights` is not a unit of time");
    assert_eq!(
        message(parse_period("2024-02-01 to 2024-01-01")),
        "the period `2024-02-01 to 2024-01-01` ends before it starts"
    );
}

#[test]
fn data_numbers_have_exponents_and_stay_exact() {
    let read = |text: &str| parse_data_number(text).map(|n| n.normalize().to_string());
    for (text, number) in
        [("1e6", "1000000"), ("1.5E-3", "0.0015"), ("+2", "2"), (".5", "0.5"), ("-0", "0"), ("0e999999999999", "0")]
    {
        assert_eq!(read(text), Ok(number.to_owned()));
    }
    for text in ["1e28", "1e-29", "1e999999999999", "1,000", "", "e1", ".", "1e", "--1"] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn months_clamp_at_the_months_end() {
    let plus = |date: &str, months| show(&add(&read(date), &Value::Months(months)).unwrap());
    assert_eq!(plus("2024-01-31", 1), "2024-02-29");
    assert_eq!(plus("2023-01-31", 1), "2023-02-28");
    assert_eq!(plus("2024-03-31", -1), "2024-02-29");
    assert_eq!(add(&read("9999-12-31"), &read("1 day")), Err(Fault::DateOutOfRange));
    assert_eq!(sub(&read("0001-01-01"), &read("1 month")), Err(Fault::DateOutOfRange));
    assert_eq!(add(&read("2024-01-01"), &Value::Months(i64::MIN)), Err(Fault::DateOutOfRange));
    assert_eq!(sub(&read("2024-01-01"), &Value::Days(i64::MIN)), Err(Fault::DateOutOfRange));
}

#[test]
fn what_lies_between_is_counted_whole() {
    let count = |a: &str, b: &str, span| show(&between(&read(a), &read(b), span).unwrap());
    assert_eq!(count("2024-10-01", "2024-10-15", Span::Days), "14 days");
    assert_eq!(count("2024-10-15", "2024-10-01", Span::Weeks), "-14 days");
    assert_eq!(count("2024-10-14", "2024-10-01", Span::Weeks), "-7 days");
    assert_eq!(count("2024-01-31", "2024-02-29", Span::Months), "1 month");
    assert_eq!(count("2024-01-31", "2024-02-28", Span::Months), "0 months");
    let (morning, later) = ("2024-10-01T09:00+08:00", "2024-10-01T03:59:59Z");
    assert_eq!(count(morning, later, Span::Hours), "2 h");
    assert_eq!(count(later, morning, Span::Minutes), "-179 min");
    assert!(between(&read(morning), &read(later), Span::Days).is_err());
    assert_eq!(sub(&read("2024-10-15"), &read("2024-10-01")), Err(Fault::DateMinusDate));
}

#[test]
fn date_times_are_equal_at_the_same_instant() {
    let (here, there) = (read("2024-10-01T09:00+08:00"), read("2024-10-01T01:00Z"));
    assert_eq!(here, there);
    assert_eq!(compare(&here, &there), Some(std::cmp::Ordering::Equal));
    assert_eq!(show(&add(&here, &read("90 min")).unwrap()), "2024-10-01T10:30+08:00");
}

#[test]
fn kinds_currencies_and_units_do_not_mix() {
    let money = |text| read(text);
    assert_eq!(compare(&money("USD 5"), &money("EUR 5")), None);
    assert_eq!(compare(&read("5"), &read("5%")), None);
    assert_eq!(compare(&read("4 business hours"), &read("90 business minutes")), Some(std::cmp::Ordering::Greater));
    assert_eq!(compare(&read("yes"), &read("no")), None);
    assert_eq!(
        add(&money("USD 5"), &money("EUR 5")).unwrap_err().to_string(),
        "USD and EUR are different currencies and do not mix"
    );
    assert_eq!(
        add(&read("14 days"), &read("2 business days")).unwrap_err().to_string(),
        "addition is not defined for a number of days and a number of business days"
    );
    let (one, other) = (Value::Quantity(UnitId(0), Decimal::ONE), Value::Quantity(UnitId(1), Decimal::ONE));
    assert_eq!(sub(&one, &other), Err(Fault::MixedUnits));
}

#[test]
fn percentages_and_products_keep_kinds_whole() {
    assert_eq!(percent_of(&read("20%"), &read("USD 59.99")), Ok(read("USD 11.998")));
    assert_eq!(
        percent_of(&read("50%"), &read("5 days")).unwrap_err().to_string(),
        "the result, 2.5, is not whole, and a number of days must be"
    );
    assert_eq!(mul(&read("0.5"), &read("1 min")), Ok(read("30 s")));
    assert_eq!(mul(&read("3"), &read("20%")), Ok(read("60%")));
    assert!(mul(&read("USD 3"), &read("USD 3")).is_err());
    assert_eq!(neg(&Value::Days(i64::MIN)), Err(Fault::Overflow));
}

#[test]
fn rounding_is_as_written() {
    let divide = |a: &str, b: &str, step: &str, mode| {
        divide_rounded(&read(a), &read(b), &read(step), mode).map(|value| show(&value))
    };
    let shown = |text: &str| Ok(text.to_owned());
    assert_eq!(divide("6", "5", "1", Rounding::Up), shown("2"));
    assert_eq!(divide("-5", "2", "1", Rounding::HalfUp), shown("-3"));
    assert_eq!(divide("-5", "2", "1", Rounding::HalfEven), shown("-2"));
    assert_eq!(divide("USD 100", "3", "USD 0.01", Rounding::HalfUp), shown("USD 33.33"));
    assert_eq!(divide("USD 100", "USD 30", "0.1", Rounding::Down), shown("3.3"));
    assert_eq!(divide("USD 10", "20%", "USD 1", Rounding::Down), shown("USD 50"));
    assert_eq!(divide("14 days", "4", "1 day", Rounding::HalfUp), shown("4 days"));
    assert_eq!(divide("14 days", "6 days", "1", Rounding::Down), shown("2"));
    assert_eq!(divide("1 h", "7", "1 min", Rounding::Up), shown("9 min"));
    assert_eq!(divide("5 credit", "2", "1 credit", Rounding::HalfDown), shown("2 credit"));
    assert_eq!(divide("5", "0", "1", Rounding::Up), Err(Fault::DivisionByZero));
    assert_eq!(divide("5", "2", "0", Rounding::Up), Err(Fault::StepNotPositive));
    assert!(matches!(divide("1 h", "7", "1", Rounding::Up), Err(Fault::StepOfOtherKind { .. })));
    assert_eq!(round_to(&read("2.5 credit"), &read("1 credit"), Rounding::HalfUp), Ok(read("3 credit")));
}
