//! One scenario at a time, from typed facts and from texts, beside the same written by hand.

use std::hint::black_box;

use arrow::record_batch::RecordBatch;
use clausal::report::report;
use clausal::scenario::document::{Format, read};
use clausal::scenario::fit::{fit, no_files};
use clausal::source::Sources;

use super::clock::worked;
use super::intake::Intake;
use super::measure::{Effort, Subject, each_row, line, median, once, part, ratio, time};
use super::texts::{Texts, decide_texts};
use super::workload::RULES;
use super::workload::arrow_orders::{Dictionaries, Layout, batch, schema};
use super::workload::hand::{Order, decide};
use super::workload::orders::{Generator, Orders};
use super::workload::rules::{DECISIONS, opened, plan};

const ORDERS: usize = 10_000;

pub fn scalar(effort: Effort) {
    let orders = Generator::new(3, 0).block(ORDERS);
    typed(effort, &orders);
    texts(effort, &orders);
}

fn typed(effort: Effort, orders: &Orders) {
    part("five decisions, one scenario at a time, from codes, day numbers and exact amounts");
    let checked = opened(RULES);
    let plan = plan(&checked, &DECISIONS);
    let facts = batch(orders, &Dictionaries::new(), Layout::Narrow).expect("orders are sound");
    let single: Vec<RecordBatch> = (0..ORDERS).map(|row| facts.slice(row, 1)).collect();
    let mut intake = Intake::new(&plan, &schema(Layout::Narrow));
    let mut session = plan.session();
    // PLACE FOR the entry for one row, once `columnar` has one: until then, columns of one row. Making those columns
    // from a record batch is part of the figure.
    let mut each = |row: usize| {
        let cases = intake.cases(&checked.model, &single[row]).expect("every column is read");
        black_box(session.evaluate(&cases));
    };
    let (taken, ()) = once(|| (0..64).for_each(&mut each));
    let rows = effort.affordable(taken / 64.0, ORDERS);
    let typed: Vec<Order> = (0..ORDERS).map(|row| Order::of(orders, row)).collect();
    let [rules, hand] = each_row(
        effort,
        [
            Subject::new(rows, || (0..rows).for_each(&mut each)),
            Subject::new(ORDERS, || {
                for order in &typed {
                    black_box(decide(black_box(order)));
                }
            }),
        ],
    );
    line("rules (as columns of one row)", &time(rules), "≤ 60 ns");
    line("written by hand", &time(hand), "");
    line("  rules ÷ by hand", &ratio(rules, hand), "");
}

fn texts(effort: Effort, orders: &Orders) {
    part("five decisions, one scenario at a time, from names, decimals and ISO dates");
    let checked = opened(RULES);
    let model = &checked.model;
    let texts: Vec<Texts> = (0..ORDERS).map(|row| Texts::of(orders, row)).collect();
    for (row, texts) in texts.iter().enumerate() {
        assert_eq!(decide_texts(texts), Some(decide(&Order::of(orders, row))), "texts are read, row {row}");
    }
    // PLACE FOR the entry for one row of texts, once there is one: until then, a document is fitted as `clausal eval`
    // does it, and its parsing is not counted.
    let mut sources = Sources::default();
    let file = sources.add("facts.json", "");
    let nodes: Vec<_> =
        texts.iter().take(1_000).map(|texts| read(&texts.json(), Format::Json).expect("the facts are JSON")).collect();
    let all = plan(&checked, &DECISIONS);
    let one = plan(&checked, &["cancellation-charge"]);
    let evaluate = |row: usize, targets: &[clausal::report::Target]| {
        let fitted = fit(model, &nodes[row % nodes.len()], file, &no_files);
        black_box(report(&checked, &fitted.facts, targets.to_vec()));
    };
    let (taken, ()) = once(|| (0..64).for_each(|row| evaluate(row, all.targets())));
    let rows = effort.affordable(taken / 64.0, nodes.len());
    let [rules, hand] = each_row(
        effort,
        [
            Subject::new(rows, || (0..rows).for_each(|row| evaluate(row, all.targets()))),
            Subject::new(ORDERS, || {
                for order in &texts {
                    black_box(decide_texts(black_box(order)));
                }
            }),
        ],
    );
    line("rules (as documents of facts)", &time(rules), "≤ 200 ns");
    line("written by hand", &time(hand), "");
    line("  rules ÷ by hand", &ratio(rules, hand), "");
    line(
        "half of the answers to one decision take at most",
        &time(half_of(|row| evaluate(row, one.targets()))),
        "≤ 200 ns",
    );
}

/// The time within which half of the calls are done. The clock is read once for a few calls, as it takes long itself.
fn half_of(call: impl Fn(usize)) -> f64 {
    const FEW: usize = 16;
    let times = (0..500).map(|group| {
        let start = worked();
        (group * FEW..(group + 1) * FEW).for_each(&call);
        (worked() - start).as_secs_f64() / FEW as f64
    });
    median(times.collect())
}
