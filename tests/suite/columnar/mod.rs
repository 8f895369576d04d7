//! One meaning: what columns of cases come to is what each case comes to by itself, in value, reason, clauses, rules and
//! readings, over all agreements and the examples of the language page.

mod amounts;
mod clocks;
mod generated;
mod records;

use std::borrow::Cow;

use clausal::check::Checked;
use clausal::columnar::{Case, Cases, Column, Fact, Keys, Plan, is_typed};
use clausal::model::{InputId, Model, Type};
use clausal::report::{Reported, Target, all_targets, report, why_text};
use clausal::scenario::Facts;
use clausal::value::Value;
use rust_decimal::Decimal;

use crate::properties::EDITIONS;
use clausal::diag::Severity;

use crate::support::{open_text, with_stack};

/// Small random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % sides.max(1) as u64) as usize
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

/// The values that scenarios give to each input.
fn values(model: &Model) -> Vec<Vec<Value>> {
    let mut all = vec![Vec::new(); model.inputs.len()];
    for scenario in &model.scenarios {
        for (id, value, _) in &scenario.given {
            let own: &mut Vec<Value> = &mut all[id.index()];
            if !own.contains(value) {
                own.push(value.clone());
            }
        }
    }
    all
}

/// A value near another: the neighbours of thresholds, and amounts that differ from case to case.
fn near(value: &Value, dice: &mut Dice) -> Value {
    let step = dice.roll(5) as i64 - 2;
    let moved = |number: &Decimal| number.checked_add(Decimal::new(step, 2)).unwrap_or(*number);
    match value {
        Value::Money(currency, amount) => Value::Money(*currency, moved(amount)),
        Value::Percent(amount) => Value::Percent(moved(amount)),
        Value::Date(date) => {
            let days = chrono::TimeDelta::days(step);
            Value::Date(date.checked_add_signed(days).unwrap_or(*date))
        }
        Value::DateTime(at) => {
            let minutes = chrono::TimeDelta::minutes(step * 37);
            Value::DateTime(at.checked_add_signed(minutes).unwrap_or(*at))
        }
        Value::Days(days) => Value::Days(days + step),
        Value::Duration(seconds) => Value::Duration(seconds + step * 1_111),
        Value::BusinessHours(seconds) => Value::BusinessHours(seconds + step * 1_111),
        Value::BusinessDays(days) => Value::BusinessDays(days + step),
        other => other.clone(),
    }
}

/// Facts of some cases: those of scenarios, mixed, moved and with some left out.
fn cases(checked: &Checked, rows: usize, dice: &mut Dice) -> Vec<Facts> {
    let model = &checked.model;
    let pool = values(model);
    let base: Vec<Facts> = (0..8)
        .map(|_| &model.scenarios[dice.roll(model.scenarios.len())])
        .map(|scenario| Facts::of(model, scenario))
        .collect();
    let mut all = Vec::new();
    for _ in 0..rows {
        let from = &base[dice.roll(base.len())];
        let mut facts = Facts::none(model);
        for (index, values) in pool.iter().enumerate() {
            let id = InputId(index as u32);
            let of_log = model.log.is_some_and(|own| own.log == id || own.as_of == id);
            let own = match from.get(id) {
                _ if of_log && !dice.one_in(8) => None,
                Some(value) if !dice.one_in(6) => Some(value.clone()),
                _ if dice.one_in(3) => None,
                _ if values.is_empty() => None,
                _ => Some(values[dice.roll(values.len())].clone()),
            };
            if let Some(value) = own {
                facts.give(id, if dice.one_in(2) { near(&value, dice) } else { value });
            }
        }
        all.push(facts);
    }
    all
}

/// A column as a reader of files makes it where it can, or of values.
fn column(model: &Model, id: InputId, rows: &[Facts], dice: &mut Dice) -> Column<'static> {
    let values: Vec<Option<Value>> = rows.iter().map(|facts| facts.get(id).cloned()).collect();
    if dice.one_in(3) {
        return Column::Values(values);
    }
    let given: Vec<u8> = values.iter().map(|value| u8::from(value.is_some())).collect();
    let given = given.contains(&0).then_some(Cow::Owned(given));
    match &model.input(id).ty {
        Type::YesNo | Type::Enum(_) => {
            let key = |value: &Option<Value>| match value {
                Some(Value::Member(_, member)) => *member as u16 + 1,
                Some(Value::YesNo(yes)) => u16::from(*yes) + 1,
                _ => 0,
            };
            let keys: Vec<u16> = values.iter().map(key).collect();
            let map = (0..=keys.iter().copied().max().unwrap_or(0)).map(u32::from).collect();
            Column::Codes { keys: Keys::U16(keys.into()), map }
        }
        Type::Date => {
            let epoch = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");
            let day = |value: &Option<Value>| match value {
                Some(Value::Date(date)) => date.signed_duration_since(epoch).num_days() as i32,
                _ => 0,
            };
            Column::Days { days: values.iter().map(day).collect(), given }
        }
        Type::Money(Some(_)) => {
            let cents = |value: &Option<Value>| match value {
                Some(Value::Money(_, amount)) => {
                    let mut amount = *amount;
                    amount.rescale(4);
                    i64::try_from(amount.mantissa()).ok()
                }
                _ => Some(0),
            };
            match values.iter().map(cents).collect::<Option<Vec<i64>>>() {
                Some(values) => Column::Scaled { values: values.into(), scale: 4, given },
                None => Column::Values(values),
            }
        }
        Type::DateTime => {
            let at = |value: &Option<Value>| match value {
                Some(Value::DateTime(at)) => (at.timestamp(), at.offset().local_minus_utc()),
                _ => (0, 0),
            };
            let (seconds, offsets): (Vec<i64>, Vec<i32>) = values.iter().map(at).unzip();
            Column::Instants { seconds: seconds.into(), offsets: offsets.into(), given }
        }
        _ => Column::Values(values),
    }
}

fn readings(model: &Model, reported: &Reported) -> String {
    let text = |(id, choice): &(clausal::model::ReadingId, Option<u32>)| {
        let reading = model.reading(*id);
        match choice.and_then(|choice| model.member(reading.choices, choice)) {
            Some(choice) => format!("{}={}", reading.name, choice.name),
            None => reading.name.clone(),
        }
    };
    reported.outcome.readings.iter().map(text).collect::<Vec<_>>().join("; ")
}

/// The facts with the readings of others.
fn with_readings(model: &Model, mut facts: Facts, of: &Facts) -> Facts {
    for index in 0..model.readings.len() {
        let id = clausal::model::ReadingId(index as u32);
        match of.reading(id) {
            Some(choice) => facts.choose(id, choice),
            None => facts.reopen(id),
        }
    }
    facts
}

/// Evaluates cases in columns and one by one, and holds the two against each other.
fn agree(checked: &Checked, rows: usize, seed: u64) -> (usize, usize) {
    let model = &checked.model;
    let mut dice = Dice(seed);
    let facts = cases(checked, rows, &mut dice);
    let mut given = Cases::new(facts.len());
    for index in 0..model.inputs.len() {
        let id = InputId(index as u32);
        given.give(id, column(model, id, &facts, &mut dice));
    }
    // Readings hold for all cases of a plan: as they are by default, open, or chosen.
    let mut shared = Facts::none(model);
    for (index, reading) in model.readings.iter().enumerate() {
        let id = clausal::model::ReadingId(index as u32);
        match dice.roll(4) {
            0 => shared.reopen(id),
            1 => shared.choose(id, dice.roll(model.enumeration(reading.choices).members.len()) as u32),
            _ => {}
        }
    }
    let facts: Vec<Facts> = facts.into_iter().map(|facts| with_readings(model, facts, &shared)).collect();
    let plan = Plan::compile(checked, shared, all_targets(model), true);
    let mut session = plan.session();
    // The second time, much of it is remembered.
    session.evaluate(&given);
    let answers = session.evaluate(&given);
    for (row, facts) in facts.iter().enumerate() {
        for (target, reported) in report(checked, facts, plan.targets().to_vec()).iter().enumerate() {
            let path = format!("{} {}, row {row}", model.title(), reported.target.path);
            let told = &answers.told(target)[answers.cells(target)[row] as usize];
            match (&reported.outcome.answer, answers.answer(target, row).expect("an answer")) {
                (Ok(alone), Ok(together)) => {
                    assert_eq!(alone, &together, "{path}");
                    // Date-times are equal whatever their offsets.
                    if let (Value::DateTime(alone), Value::DateTime(together)) = (alone, &together) {
                        assert_eq!(alone.offset(), together.offset(), "{path}");
                    }
                }
                (Err(why), Err((reason, words))) => {
                    assert_eq!((why.reason(), why_text(model, why, "en")), (reason, words.to_owned()), "{path}");
                }
                (alone, together) => panic!("{path}: alone {alone:?}, together {together:?}"),
            }
            assert_eq!(told.readings, readings(model, reported), "{path}");
            assert_eq!(told.clauses, reported.clauses, "{path}");
            let rules: Vec<_> = reported.fired.iter().map(|(id, fired)| (*id, fired.span)).collect();
            assert_eq!(told.rules, rules, "{path}");
        }
    }
    let columnar = (0..plan.targets().len()).filter(|target| plan.is_columnar(*target)).count();
    (columnar, plan.targets().len())
}

/// How much longer than usual to look.
fn times() -> u64 {
    std::env::var("CLAUSAL_TIMES").ok().and_then(|t| t.parse::<u64>().ok()).unwrap_or(1)
}

#[test]
fn columns_mean_what_cases_mean_in_rules_made_up_at_random() {
    with_stack(|| {
        let (mut sound, mut columnar, mut all) = (0, 0, 0);
        for seed in 1..=60 * times() {
            let mut dice = Dice(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
            let text = generated::rules(&mut dice, 9);
            // Rules that conflict for some facts are refused; the others are held against each other.
            let set = open_text("generated.clause", &text).sets.into_iter().next().expect("an edition");
            let Some(checked) = set.checked else {
                let code = |p: &clausal::diag::Problem| p.code.name().to_owned();
                let codes: Vec<String> =
                    set.problems.iter().filter(|p| p.severity() == Severity::Error).map(code).collect();
                assert!(codes.iter().all(|code| code == "conflicting_rules"), "{codes:?}\n{text}");
                continue;
            };
            sound += 1;
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| agree(&checked, 120, seed)));
            let (own, of) = result.unwrap_or_else(|_| panic!("seed {seed}:\n{text}"));
            columnar += own;
            all += of;
        }
        eprintln!("{sound} rule sets, {columnar} of {all} answers in columns");
        assert!(sound >= 15 && columnar * 10 > all * 8, "{sound} rule sets, {columnar} of {all} answers in columns");
    });
}

#[test]
fn columns_mean_what_cases_mean() {
    let times = times();
    with_stack(|| {
        for checked in EDITIONS.iter() {
            let large = checked.model.decisions.len() > 50;
            for seed in 1..=times {
                let (columnar, all) =
                    agree(checked, if large { 40 } else { 300 }, seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
                if large {
                    eprintln!("{}: {columnar} of {all} answers in columns", checked.model.title());
                }
            }
        }
    });
}

/// Asks for all targets, and for a few at a time, one typed case after another, with some facts given for all cases, and
/// holds what they come to against the evaluation of the same facts.
fn one_by_one(checked: &Checked, rows: usize, seed: u64) {
    let model = &checked.model;
    let mut dice = Dice(seed);
    let given = cases(checked, rows, &mut dice);
    let all = all_targets(model);
    let few = |dice: &mut Dice| (0..=dice.roll(3)).map(|_| all[dice.roll(all.len())].clone()).collect();
    let mut asked: Vec<Vec<Target>> = (0..12).map(|_| few(&mut dice)).collect();
    asked.push(all.clone());
    for targets in asked {
        let mut shared = Facts::none(model);
        for (id, value) in given[dice.roll(given.len())].given() {
            if dice.one_in(6) {
                shared.give(id, value.clone());
            }
        }
        let plan = Plan::compile(checked, shared.clone(), targets, false);
        let mut session = plan.session();
        for given in &given {
            let (mut case, mut facts) = (Case::new(&plan), shared.clone());
            for (id, value) in given.given().filter(|(id, _)| is_typed(&model.input(*id).ty)) {
                if let Some(fact) = Fact::of(value) {
                    case.give(id, fact);
                    facts.give(id, value.clone());
                }
            }
            // The second time, it was met before.
            session.one(&case);
            let outcomes = session.one(&case).to_vec();
            for (target, reported) in report(checked, &facts, plan.targets().to_vec()).iter().enumerate() {
                let path = format!("{} {}", model.title(), reported.target.path);
                let found = session.answer(target, outcomes[target]).expect("an answer");
                match (&reported.outcome.answer, found) {
                    (Ok(alone), Ok(value)) => assert_eq!(alone, &value, "{path}"),
                    (Err(why), Err((reason, words))) => {
                        assert_eq!((why.reason(), why_text(model, why, "en")), (reason, words.to_owned()), "{path}");
                    }
                    (alone, found) => panic!("{path}: {alone:?}, as one {found:?}"),
                }
            }
        }
    }
}

#[test]
fn one_typed_case_means_what_its_facts_mean() {
    let times = times();
    with_stack(|| {
        for checked in EDITIONS.iter() {
            let large = checked.model.decisions.len() > 50;
            for seed in 1..=times {
                one_by_one(checked, if large { 15 } else { 60 }, seed.wrapping_mul(0xC1A5_5A10));
            }
        }
        for seed in 1..=60 * times {
            let mut dice = Dice(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
            let text = generated::rules(&mut dice, 9);
            if let Some(checked) =
                open_text("generated.clause", &text).sets.into_iter().next().and_then(|set| set.checked)
            {
                let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one_by_one(&checked, 40, seed)));
                result.unwrap_or_else(|_| panic!("seed {seed}:\n{text}"));
            }
        }
    });
}

#[test]
fn columns_that_are_too_short_or_too_wide_give_what_each_row_gives() {
    let text = "enumeration grade { gold, tin }\ninput own.grade : grade\ninput own.sum : money in USD\n\
                input own.day : date\ndecision half : money in USD { always 50% of own.sum }\n\
                decision late : yes-no { always own.day > 2024-01-01 and own.grade is gold }\n\
                decision ends : date { always own.day + 1 day }\n";
    let set = open_text("short.clause", text).sets.into_iter().next().expect("an edition");
    let checked = set.checked.unwrap_or_else(|| panic!("{:?}", set.problems));
    let model = &checked.model;
    let input = |name: &str| model.input_named(name).expect("an input");
    let usd = |text: &str| match clausal::value::literal::parse_money(text) {
        Ok(value) => Some(value),
        Err(error) => panic!("{error}"),
    };
    let mut given = Cases::new(4);
    // The key 7 has no place in the map, and the code 9 is no member's.
    let keys = Keys::U8(vec![0, 1, 7, 2].into());
    given.give(input("own.grade"), Column::Codes { keys, map: vec![1, 2, 9].into() });
    let wide = usd("USD 12345678901234567890.5");
    given.give(input("own.sum"), Column::Values(vec![usd("USD 5"), None, wide]));
    let marks = Some(Cow::Owned(vec![1, 0]));
    given.give(input("own.day"), Column::Days { days: vec![20_000, 20_001, 20_002, 20_003].into(), given: marks });
    let shared = Facts::none(model);
    let plan = Plan::compile(&checked, shared.clone(), all_targets(model), true);
    let mut session = plan.session();
    session.evaluate(&given);
    let answers = session.evaluate(&given);
    for row in 0..4 {
        let facts = given.facts(model, &shared, row);
        for (target, reported) in report(&checked, &facts, plan.targets().to_vec()).iter().enumerate() {
            let together = answers.answer(target, row).expect("an answer");
            let alone = reported.outcome.answer.as_ref().map_err(|why| (why.reason(), why_text(model, why, "en")));
            let together = together.map_err(|(reason, why)| (reason, why.to_owned()));
            assert_eq!(alone.cloned(), together, "row {row} of {}", reported.target.path);
        }
    }
}
