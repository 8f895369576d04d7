//! One claim for each way of writing a fact, and for each kind of mistake.

use super::*;
use crate::model::Model;
use crate::source::load::Edition;

const RULES: &str = r#"
enumeration severity { 1 en "Severity 1" zh "严重性 1"  A en "Severity A" }
enumeration answer { first en "same label"  second en "same label" }
enumeration language { en, no }
unit credit {}
record item { kind : severity  fee : money in USD  on : date }
input order.spend : money in USD { must be >= USD 0 }
input order.share : percent
input order.count : integer
input order.weight : decimal
input order.open : money
input order.items : list of item
input order.kinds : set of severity
input incident.severity : severity
input incident.answer : answer
input visit.on : date
input visit.at : time
input visit.starts : date-time
input visit.agreed : yes-no
input visit.language : language
input limit.exact : duration
input limit.days : days
input limit.any : time-limit
input balance : credit
input 客户.名称 : text
clause c { says "x" }
reading first-day { cites c ask en "?" either counted or left-out }
decision d : yes-no { cites c yes when first-day is counted  no otherwise }
"#;

fn rules() -> (Sources, Model) {
    let mut sources = Sources::default();
    let file = sources.add("rules.clause", RULES);
    let set = crate::open(&sources, &Edition { root: "rules.clause".into(), files: vec![file], ..Edition::default() });
    let model = set.checked.unwrap_or_else(|| panic!("{:?}", set.problems)).model;
    (sources, model)
}

/// The facts given, and the problems with the text they point at, in order.
fn fitted(facts: &str) -> (Vec<String>, Vec<String>) {
    let (mut sources, model) = rules();
    let file = sources.add("facts.json", facts);
    let fitted = read(&model, &sources, file, Format::Json, &super::no_files);
    let given = fitted.facts.given();
    let mut shown: Vec<String> =
        given.map(|(id, v)| format!("{} = {}", model.input(id).name, v.display(&model))).collect();
    for (number, reading) in model.readings.iter().enumerate() {
        if let Some(choice) = fitted.facts.reading(ReadingId(number as u32)) {
            let choice = model.member(reading.choices, choice).map_or("?", |m| &m.name);
            shown.push(format!("{} is {choice}", reading.name));
        }
    }
    let problems = fitted.problems.iter().map(|p| {
        let help = p.help.as_ref().map_or(String::new(), |h| format!(" ({h})"));
        format!("{}: {}{help} @ {}", p.code.name(), p.message, sources.text(p.span))
    });
    (shown, problems.collect())
}

fn given(facts: &str, expected: &[&str]) {
    let (shown, problems) = fitted(facts);
    assert_eq!(problems, Vec::<String>::new(), "{facts}");
    assert_eq!(shown, expected, "{facts}");
}

fn refused(facts: &str, expected: &str) {
    let (shown, problems) = fitted(facts);
    assert_eq!(problems, [expected], "{facts}");
    assert_eq!(shown, Vec::<String>::new(), "{facts}");
}

#[test]
fn dotted_inputs_are_named_with_dots_or_in_maps() {
    given(r#"{"order.count": 5}"#, &["order.count = 5"]);
    given(r#"{"order": {"count": 5}}"#, &["order.count = 5"]);
}

#[test]
fn null_is_a_fact_not_given() {
    given(r#"{"order": {"count": null}, "visit": null}"#, &[]);
    given("null", &[]);
}

#[test]
fn names_are_compared_in_nfc() {
    given("{\"客户\": {\"名称\": \"e\u{301}\"}}", &["客户.名称 = \"é\""]);
}

#[test]
fn money_is_a_text_a_map_or_the_bare_amount() {
    given(r#"{"order.spend": "USD 50,000"}"#, &["order.spend = USD 50,000"]);
    given(r#"{"order.spend": {"currency": "USD", "amount": "50000"}}"#, &["order.spend = USD 50,000"]);
    given(r#"{"order.spend": {"amount": 50000.10}}"#, &["order.spend = USD 50,000.10"]);
    given(r#"{"order.spend": 50000}"#, &["order.spend = USD 50,000"]);
    given(r#"{"order.spend": "50,000"}"#, &["order.spend = USD 50,000"]);
}

#[test]
fn values_are_written_as_in_rules() {
    given(
        r#"{"order.share": "20%", "order.weight": 12.50, "visit": {"on": "2024-10-01", "at": "09:00",
            "starts": "2024-10-01T09:00Z", "agreed": "yes"}, "limit": {"exact": "15 min", "days": "2 weeks",
            "any": "4 business hours"}, "balance": "5 credit"}"#,
        &[
            "order.share = 20%",
            "order.weight = 12.5",
            "visit.on = 2024-10-01",
            "visit.at = 09:00",
            "visit.starts = 2024-10-01T09:00Z",
            "visit.agreed = yes",
            "limit.exact = 15 min",
            "limit.days = 14 days",
            "limit.any = 4 business hours",
            "balance = 5 credit",
        ],
    );
    given(r#"{"balance": 2.5}"#, &["balance = 2.5 credit"]);
}

#[test]
fn members_are_named_or_called_by_a_label_in_any_language() {
    given(r#"{"incident.severity": "A"}"#, &["incident.severity = A"]);
    given(r#"{"incident.severity": 1}"#, &["incident.severity = 1"]);
    given(r#"{"incident.severity": "严重性 1"}"#, &["incident.severity = 1"]);
    given(r#"{"visit.language": false}"#, &["visit.language = no"]);
}

#[test]
fn sets_lists_and_records_are_arrays_and_maps() {
    given(r#"{"order.kinds": ["A", 1, "A"]}"#, &["order.kinds = { 1, A }"]);
    given(
        r#"{"order.items": [{"kind": "A", "fee": 5}, {"on": "2024-10-01", "fee": null}]}"#,
        &["order.items = [ { kind: A, fee: USD 5 }, { on: 2024-10-01 } ]"],
    );
}

#[test]
fn readings_stand_under_a_key_of_their_own() {
    given(r#"{"readings": {"first-day": "left-out"}}"#, &["first-day is left-out"]);
}

#[test]
fn a_misspelt_fact_is_pointed_at_with_its_neighbour() {
    refused(
        r#"{"order": {"spent": 5}}"#,
        "unknown_fact: these rules ask for no fact `order.spent` (did you mean `order.spend`?) @ \"spent\"",
    );
    refused(
        r#"{"spend": 5}"#,
        "unknown_fact: these rules ask for no fact `spend` (did you mean `order.spend`?) @ \"spend\"",
    );
}

#[test]
fn what_the_rules_decide_is_no_fact() {
    refused(
        r#"{"d": true}"#,
        "unknown_fact: these rules ask for no fact `d` (the rules decide it; it cannot be given) @ \"d\"",
    );
}

#[test]
fn a_reading_among_the_facts_is_sent_to_its_key() {
    refused(
        r#"{"first-day": "counted"}"#,
        "unknown_fact: these rules ask for no fact `first-day` (it is a reading: choose it under `readings`) @ \"first-day\"",
    );
}

#[test]
fn an_unknown_reading_or_choice_is_refused() {
    refused(
        r#"{"readings": {"first-dya": "counted"}}"#,
        "unknown_fact: these rules have no reading `first-dya` (did you mean `first-day`?) @ \"first-dya\"",
    );
    refused(
        r#"{"readings": {"first-day": "left"}}"#,
        "wrong_fact: `first-day` is one of `first-day`, and `left` is none of them (they are: counted, left-out) @ \"left\"",
    );
    refused(
        r#"{"readings": "counted"}"#,
        "wrong_fact: `readings` holds the choice made for each reading, by its name (such as {\"first-day\": \"counted\"}) @ \"counted\"",
    );
}

#[test]
fn a_group_of_facts_is_no_fact() {
    refused(
        r#"{"limit": "15 min"}"#,
        "wrong_fact: `limit` is no fact by itself (it is a group of facts, such as limit.exact, limit.days, limit.any) @ \"15 min\"",
    );
}

#[test]
fn a_fact_given_in_both_ways_is_given_twice() {
    let (_, problems) = fitted(r#"{"order.count": 5, "order": {"count": 6}}"#);
    assert_eq!(
        problems,
        [
            "wrong_fact: `order.count` is given twice (it stands once by its dotted name and once in a map: keep one) @ \"count\""
        ]
    );
}

#[test]
fn must_be_is_enforced_and_says_what_is_allowed() {
    refused(
        r#"{"order.spend": "USD -5"}"#,
        "wrong_fact: `order.spend` must be >= USD 0, and this is -USD 5 @ \"USD -5\"",
    );
}

#[test]
fn another_currency_is_refused() {
    refused(
        r#"{"order.spend": "EUR 5"}"#,
        "wrong_fact: `order.spend` is in USD, and this is in EUR (amounts are never converted; give it in the currency of the agreement) @ \"EUR 5\"",
    );
}

#[test]
fn money_without_a_currency_is_refused() {
    let expected = "`order.open` is money, and this does not say in which currency (write the currency, then the amount: \"USD 50,000\")";
    refused(r#"{"order.open": 5}"#, &format!("wrong_fact: {expected} @ 5"));
    refused(
        r#"{"order.open": {"amount": 5}}"#,
        "wrong_fact: `order.open` does not say its currency (add \"currency\": \"USD\") @ {\"amount\": 5}",
    );
    refused(
        r#"{"order.open": {"amount": 5, "curency": "USD"}}"#,
        "unknown_fact: an amount of money has a `currency` and an `amount`, and no `curency` (did you mean `currency`?) @ \"curency\"",
    );
}

#[test]
fn a_bare_number_is_no_percentage_and_no_time() {
    refused(
        r#"{"order.share": 20}"#,
        "wrong_fact: `order.share` is a percentage, and 20 does not say of what it is counted (write it with its sign, as a text: \"20%\") @ 20",
    );
    refused(
        r#"{"limit.days": 14}"#,
        "wrong_fact: `limit.days` is a number of days, and this is a bare number (write it so: \"14 days\") @ 14",
    );
}

#[test]
fn units_of_time_do_not_mix() {
    refused(
        r#"{"limit.days": "10 business days"}"#,
        "wrong_fact: `limit.days` is a number of days, and this is a number of business days (such as \"14 days\") @ \"10 business days\"",
    );
}

#[test]
fn a_quantity_in_another_unit_is_refused() {
    refused(
        r#"{"balance": "5 coins"}"#,
        "wrong_fact: `balance` is counted in `credit`, and this is in `coins` (write it so: \"5 credit\") @ \"5 coins\"",
    );
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    refused(
        r#"{"visit.on": "2024-02-30"}"#,
        "wrong_fact: `visit.on` cannot be read: 2024-02-30 does not exist: February 2024 has 29 days @ \"2024-02-30\"",
    );
}

#[test]
fn a_fraction_is_no_whole_number() {
    refused(
        r#"{"order.count": 1.5}"#,
        "wrong_fact: `order.count` is a whole number, and this is 1.5 (leave out the fraction) @ 1.5",
    );
}

#[test]
fn an_unknown_member_is_refused_with_its_neighbour() {
    refused(
        r#"{"incident.severity": "Severity B"}"#,
        "wrong_fact: `incident.severity` is one of `severity`, and `Severity B` is none of them (did you mean `Severity 1`?) @ \"Severity B\"",
    );
    refused(
        r#"{"incident.answer": "same label"}"#,
        "wrong_fact: `same label` is the label of several of `answer` (write the name: first or second) @ \"same label\"",
    );
}

#[test]
fn one_value_is_no_set() {
    refused(
        r#"{"order.kinds": "A"}"#,
        "wrong_fact: `order.kinds` is a set of severity, and this is a text (write it so: [\"1\"]) @ \"A\"",
    );
}

#[test]
fn a_part_that_a_record_does_not_have_is_refused() {
    refused(
        r#"{"order.items": [{"kindd": "A"}]}"#,
        "unknown_fact: `order.items[1]` has no part `kindd` (did you mean `kind`?) @ \"kindd\"",
    );
}

#[test]
fn all_mistakes_are_found_in_one_run() {
    let (shown, problems) = fitted(r#"{"order.count": "x", "visit.on": 5, "nothing": 1, "balance": 2}"#);
    assert_eq!(shown, ["balance = 2 credit"]);
    assert_eq!(problems.len(), 3);
}

#[test]
fn what_is_no_map_or_no_json_is_not_read() {
    refused(
        "[1]",
        "facts_not_read: these are not facts by their names (write a map from the names of inputs to their values: {\"order.spend\": \"USD 50,000\"}) @ [1]",
    );
    let (_, problems) = fitted(r#"{"order.count": }"#);
    assert!(problems[0].starts_with("facts_not_read: "), "{problems:?}");
}
