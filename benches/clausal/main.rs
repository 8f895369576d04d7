//! Benchmarks: `cargo bench`. All figures come from one run; docs/performance.md says what they mean.

#![allow(clippy::disallowed_types, reason = "a benchmark reads the clock")]

mod clocks;
mod measure;
mod tables;

use std::hint::black_box;
use std::process::{Command, Stdio};

use chrono::{Days, NaiveDate};
use clausal::check::Checked;
use clausal::compare::{Options, diff};
use clausal::eval::Evaluation;
use clausal::model::{Body, CompareOp, DecisionId, InputId, TestKind, Type};
use clausal::scenario::Facts;
use clausal::source::Sources;
use clausal::source::disk::Disk;
use clausal::source::load::{Edition, load};
use clausal::value::{Currency, Value};
use measure::{head, line, once, peak_megabytes, ratio, side_by_side, time, warm};
use rust_decimal::Decimal;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EDITION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/microsoft-unified/2024-09");
const BEFORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/microsoft-unified/2023");
const SMALL: usize = 100;
const LARGE: usize = 100_000;

fn main() {
    head();
    edition();
    comparison();
    one_decision();
    clocks::clocks();
    if std::env::args().all(|arg| arg != "clocks") {
        long_tables();
    }
}

/// The largest edition: reading it, and evaluating all of it.
fn edition() {
    let mut process = || {
        let status = Command::new(env!("CARGO_BIN_EXE_clausal"))
            .args(["check", EDITION])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.is_ok_and(|s| s.code() != Some(2) && s.code() != Some(3)), "the edition is sound");
    };
    line("check of the largest edition, as a process", &time(warm(&mut process)), "≤ 50 ms");

    let loaded = load(&Disk, EDITION).expect("the edition is there");
    let checked = clausal::open(&loaded.sources, &loaded.editions[0]).checked.expect("the edition is sound");
    let decisions = checked.model.decisions.len();
    let facts: Vec<Facts> = checked.model.scenarios.iter().map(|s| Facts::of(&checked.model, s)).collect();
    let mut all = || facts.iter().for_each(|facts| every_decision(&checked, facts));
    let each = warm(&mut all) / facts.len() as f64;
    line(&format!("all {decisions} decisions of one scenario"), &time(each), "≤ 200 µs");
    line("  each", &time(each / decisions as f64), "");
}

/// Two editions side by side, and one with itself, beside reading them.
fn comparison() {
    let read = |path: &str| {
        let loaded = load(&Disk, path).expect("the edition is there");
        clausal::open(&loaded.sources, &loaded.editions[0]).checked.expect("the edition is sound")
    };
    let options = Options::default();
    let mut open = || drop(black_box((read(BEFORE), read(EDITION))));
    let reading = warm(&mut open);
    let (old, new) = (read(BEFORE), read(EDITION));
    let mut both = || drop(black_box(diff(&old, &new, &options)));
    let between = warm(&mut both);
    let mut itself = || drop(black_box(diff(&new, &new, &options)));
    let same = warm(&mut itself);
    line("difference of 2023 and 2024-09, all three layers", &time(between), "≤ 2 s");
    line("  ÷ reading both", &ratio(between, reading), "");
    line("difference of an edition and itself", &time(same), "≤ 200 ms");
    line("  ÷ reading both", &ratio(same, reading), "≤ 1");
}

fn every_decision(checked: &Checked, facts: &Facts) {
    let evaluation = Evaluation::new(checked, facts);
    for number in 0..checked.model.decisions.len() {
        black_box(evaluation.decide(DecisionId(number as u32)));
    }
}

/// A rule of the agreements, evaluated and written by hand.
fn one_decision() {
    let checked = opened(CHARGE);
    let model = &checked.model;
    let input = |name: &str| model.input_named(name).expect("declared above");
    let (fee, delivery, cancelled) = (input("service-fee"), input("delivery-date"), input("cancelled-on"));
    let charge = model.decision_named("cancellation-charge").expect("declared above");
    let usd = Currency::from_code("USD").expect("a currency");
    let start = NaiveDate::from_ymd_opt(2024, 10, 15).expect("a date");
    let days: Vec<NaiveDate> = (0..20).filter_map(|n| start.checked_sub_days(Days::new(n))).collect();
    let cases: Vec<Facts> = days
        .iter()
        .map(|day| {
            let mut facts = Facts::none(model);
            facts.give(fee, Value::Money(usd, Decimal::from(1000)));
            facts.give(delivery, Value::Date(start));
            facts.give(cancelled, Value::Date(*day));
            facts
        })
        .collect();
    for (day, facts) in days.iter().zip(&cases) {
        let by_rules = Evaluation::new(&checked, facts).decide(charge).columns[0].clone();
        assert_eq!(by_rules, Ok(Value::Money(usd, by_hand(Decimal::from(1000), start, *day))));
    }
    let mut next = cycle(cases.len());
    let mut rules = || drop(black_box(Evaluation::new(&checked, &cases[next()]).decide(charge)));
    let mut next = cycle(days.len());
    let mut hand = || {
        black_box(by_hand(Decimal::from(1000), start, black_box(days[next()])));
    };
    let [rules, hand] = side_by_side([&mut rules, &mut hand]);
    line("one decision, the whole evaluation", &time(rules), "≤ 5 µs");
    line("  the same rule as a Rust function", &time(hand), "");
    line("  evaluation ÷ Rust function", &ratio(rules, hand), "");
}

const CHARGE: &str = "
input service-fee   : money in USD
input delivery-date : date
input cancelled-on  : date
decision cancellation-charge : money in USD {
  let notice = cancelled-on to delivery-date in days
  | notice     || charge              |
  | >= 14 days ||   0% of service-fee |
  | 6..13 days ||  50% of service-fee |
  | <= 5 days  || 100% of service-fee |
}
";

fn by_hand(fee: Decimal, delivery: NaiveDate, cancelled: NaiveDate) -> Decimal {
    let percent = match delivery.signed_duration_since(cancelled).num_days() {
        14.. => 0,
        6..=13 => 50,
        _ => 100,
    };
    Decimal::from(percent) * fee / Decimal::ONE_HUNDRED
}

type Generate = fn(usize) -> String;

const TABLES: [(&str, Generate); 4] = [
    ("ranges", tables::ranges),
    ("members, ranges", tables::members_and_ranges),
    ("texts, ranges of money", tables::texts_and_money),
    ("three columns, some `any`", tables::three_columns),
];

/// Tables of 100,000 rows: reading, checking, and finding a row beside a table of 100.
fn long_tables() {
    for (name, generate) in TABLES {
        let small = opened(&generate(SMALL));
        let text = generate(LARGE);
        let megabytes = text.len() / 1_000_000;
        peak_megabytes();
        let (mut sources, mut edition) =
            (Sources::default(), Edition { root: name.to_owned(), files: vec![], ..Edition::default() });
        edition.files.push(sources.add("table.clause", text));
        let (reading, parsed) = once(|| clausal::syntax::parse(&sources, edition.files[0]));
        let (resolving, (model, problems)) = once(|| clausal::resolve::resolve(vec![vec![parsed]], Default::default()));
        assert!(problems.is_empty(), "{problems:?}");
        let (checking, (large, problems)) = once(|| clausal::check::check(model));
        let large = large.unwrap_or_else(|| panic!("{problems:?}"));
        line(&format!("100,000 rows of {name} ({megabytes} MB): parse"), &time(reading), "");
        line("  names and types", &time(resolving), "");
        line("  gaps, overlaps, index", &time(checking), "");
        line("  together", &time(reading + resolving + checking), "seconds");
        if let Some(megabytes) = peak_megabytes() {
            line("  most memory in use", &format!("{megabytes} MB"), "");
        }
        lookups(&small, &large);
    }
}

fn lookups(small: &Checked, large: &Checked) {
    // As many cases of the large table as of the small one, so that both are warm in the caches alike.
    let (few, many) = (cases(small, 1), cases(large, LARGE / SMALL));
    let (mut next, mut next_large) = (cycle(few.len()), cycle(many.len()));
    let mut of_small = || drop(black_box(Evaluation::new(small, &few[next()]).decide(DecisionId(0))));
    let mut of_large = || drop(black_box(Evaluation::new(large, &many[next_large()]).decide(DecisionId(0))));
    let [of_small, of_large] = side_by_side([&mut of_small, &mut of_large]);
    line("  evaluation, 100 rows", &time(of_small), "≤ 5 µs");
    line("  evaluation, 100,000 rows", &time(of_large), "≤ 5 µs");
    line("  100,000 rows ÷ 100 rows", &ratio(of_large, of_small), "≤ 2 ×");
}

/// Facts that fit a row each, spread over the table.
fn cases(checked: &Checked, every: usize) -> Vec<Facts> {
    let model = &checked.model;
    let Body::Table(table) = &model.decisions[0].group.body else { panic!("the decision is a table") };
    let rows = table.rows.iter().step_by(every);
    rows.map(|row| {
        let mut facts = Facts::none(model);
        for (number, test) in row.tests.iter().enumerate() {
            facts.give(InputId(number as u32), fitting(&test.kind, &table.conditions[number].ty));
        }
        facts
    })
    .collect()
}

/// A value that passes one of the generated tests.
fn fitting(test: &TestKind, ty: &Type) -> Value {
    match (test, ty) {
        (TestKind::OneOf(values), _) => values[0].clone(),
        (TestKind::Range(low, ..), _) => low.clone(),
        (TestKind::Compare(CompareOp::Lt, Value::Money(currency, _)), _) => Value::Money(*currency, Decimal::ZERO),
        (TestKind::Compare(_, value), _) => value.clone(),
        (TestKind::Any, Type::Enum(id)) => Value::Member(*id, 0),
        _ => Value::Number(Decimal::ONE),
    }
}

fn opened(text: &str) -> Checked {
    let mut sources = Sources::default();
    let files = vec![sources.add("rules.clause", text)];
    let set = clausal::open(&sources, &Edition { root: "rules".to_owned(), files, ..Edition::default() });
    set.checked.unwrap_or_else(|| panic!("{:?}", set.problems))
}

/// 0, 1, … `length` - 1, over and over.
fn cycle(length: usize) -> impl FnMut() -> usize {
    let mut next = 0;
    move || {
        next = if next + 1 < length { next + 1 } else { 0 };
        next
    }
}
