//! The rules of the workload, compiled, and their answers as the hand-written code gives them.

use clausal::check::Checked;
use clausal::columnar::{Answer, Answers, Outcome, Plan, Session};
use clausal::eval::Reason;
use clausal::report::targets_named;
use clausal::scenario::Facts;
use clausal::source::Sources;
use clausal::source::load::Edition;
use clausal::value::Value;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::arrow_orders;
use super::hand::{Decided, RESPONSES};

/// The five decisions, in the order of [`Decided`].
pub const DECISIONS: [&str; 5] =
    ["base.first-response", "mcsap-plus", "event-cover", "cancellation-charge", "onboarding.ends"];
pub const DEADLINE: &str = "answer-due";

/// Rules from their text.
pub fn opened(text: &str) -> Checked {
    let mut sources = Sources::default();
    let file = sources.add("rules.clause", text);
    let set = clausal::open(&sources, &Edition { files: vec![file], ..Edition::default() });
    set.checked.unwrap_or_else(|| panic!("the rules are sound: {:?}", set.problems))
}

/// A plan for some decisions.
pub fn plan<'c>(checked: &'c Checked, names: &[&str]) -> Plan<'c> {
    let model = &checked.model;
    let targets = names.iter().flat_map(|name| targets_named(model, name).expect("the rules decide it"));
    Plan::compile(checked, Facts::none(model), targets.collect(), false)
}

/// What the five decisions came to in a row.
pub fn decided(answers: &Answers, row: usize) -> Decided {
    let response = &answers.told(0)[answers.cells(0)[row] as usize].answer;
    of_answers(response, &|target| answers.answer(target, row).expect("the row was asked"))
}

/// What one scenario by itself came to.
#[allow(dead_code, reason = "shared with the peers, which ask columns only")]
pub fn decided_alone(session: &Session, outcomes: &[Outcome]) -> Decided {
    let response = &session.told(0)[outcomes[0].told as usize].answer;
    of_answers(response, &|target| session.answer(target, outcomes[target]).expect("it was asked"))
}

fn of_answers<'a>(response: &Answer, value: &dyn Fn(usize) -> Result<Value, (Reason, &'a str)>) -> Decided {
    let Answer::Value(_, response) = response else { panic!("a first response is a value: {response:?}") };
    Decided {
        first_response: RESPONSES.iter().position(|r| r == response).expect("the charts have it") as u8,
        mcsap_plus: value(1) == Ok(Value::YesNo(true)),
        covered: match value(2) {
            Ok(Value::Member(_, member)) => Some(member == 0),
            Err((Reason::Discretion, _)) => None,
            other => panic!("no cover is {other:?}"),
        },
        charge: match value(3) {
            Ok(Value::Money(_, amount)) => (amount * Decimal::ONE_THOUSAND).to_i64().expect("it has three places"),
            other => panic!("no charge is {other:?}"),
        },
        onboarding_ends: match value(4) {
            Ok(Value::Date(date)) => arrow_orders::days_of(date),
            other => panic!("no date is {other:?}"),
        },
    }
}
