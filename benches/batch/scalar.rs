//! One scenario at a time, from typed facts and from texts, beside the same written by hand.

use std::hint::black_box;

use clausal::batch::understand::TextReader;
use clausal::columnar::{Case, Fact, Plan};
use clausal::model::{InputId, Model};

use super::clock::worked;
use super::measure::{Effort, Subject, each_row, line, median, part, ratio, time};
use super::texts::{Texts, decide_texts};
use super::workload::RULES;
use super::workload::hand::{Order, decide};
use super::workload::orders::{Generator, HEADINGS, Orders};
use super::workload::rules::{DECISIONS, decided_alone, opened, plan};

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
    let inputs = inputs(&checked.model);
    let cases: Vec<Case> = (0..ORDERS).map(|row| case(&plan, &inputs, orders, row)).collect();
    let mut session = plan.session();
    for (row, case) in cases.iter().enumerate() {
        let outcomes = session.one(case).to_vec();
        assert_eq!(decided_alone(&session, &outcomes), decide(&Order::of(orders, row)), "row {row}");
    }
    let typed: Vec<Order> = (0..ORDERS).map(|row| Order::of(orders, row)).collect();
    let [rules, hand] = each_row(
        effort,
        [
            Subject::new(ORDERS, || {
                for case in &cases {
                    black_box(session.one(black_box(case)).last());
                }
            }),
            Subject::new(ORDERS, || {
                for order in &typed {
                    black_box(decide(black_box(order)));
                }
            }),
        ],
    );
    line("rules", &time(rules), "≤ 60 ns");
    line("written by hand", &time(hand), "");
    line("  rules ÷ by hand", &ratio(rules, hand), "");
}

/// The inputs of an order, as its headings name them.
fn inputs(model: &Model) -> Vec<InputId> {
    HEADINGS.iter().map(|name| model.input_named(name).expect("an input")).collect()
}

fn case(plan: &Plan, inputs: &[InputId], orders: &Orders, row: usize) -> Case {
    let number = |value: i64, scale: u32| Fact::Number { value, scale };
    let member = |code: u8| Fact::Member(u32::from(code));
    let facts = [
        member(orders.edition[row]),
        member(orders.service[row]),
        member(orders.severity[row]),
        member(orders.product[row]),
        number(orders.spend[row], 2),
        member(u8::from(orders.floor_price[row])),
        Fact::Day(orders.confirmed_on[row]),
        Fact::Day(orders.event_starts_on[row]),
        number(orders.notice_days[row], 0),
        number(orders.fee[row], 2),
        Fact::Day(orders.work_starts_on[row]),
    ];
    let mut case = Case::new(plan);
    inputs.iter().zip(facts).for_each(|(input, fact)| case.give(*input, fact));
    case
}

fn texts(effort: Effort, orders: &Orders) {
    part("five decisions, one scenario at a time, from names, decimals and ISO dates");
    let checked = opened(RULES);
    let model = &checked.model;
    let texts: Vec<Texts> = (0..ORDERS).map(|row| Texts::of(orders, row)).collect();
    for (row, texts) in texts.iter().enumerate() {
        assert_eq!(decide_texts(texts), Some(decide(&Order::of(orders, row))), "texts are read, row {row}");
    }
    let inputs = inputs(model);
    let [five, one] = [plan(&checked, &DECISIONS), plan(&checked, &["cancellation-charge"])];
    let mut reader = TextReader::new(model);
    let (mut of_five, mut of_one) = (five.session(), one.session());
    let (mut case_of_five, mut case_of_one) = (Case::new(&five), Case::new(&one));
    for (row, texts) in texts.iter().enumerate() {
        read_all(&mut reader, &inputs, texts, &mut case_of_five);
        let outcomes = of_five.one(&case_of_five).to_vec();
        assert_eq!(decided_alone(&of_five, &outcomes), decide(&Order::of(orders, row)), "row {row}");
    }
    let [rules, hand] = each_row(
        effort,
        [
            Subject::new(ORDERS, || {
                for texts in &texts {
                    read_all(&mut reader, &inputs, black_box(texts), &mut case_of_five);
                    black_box(of_five.one(&case_of_five).last());
                }
            }),
            Subject::new(ORDERS, || {
                for order in &texts {
                    black_box(decide_texts(black_box(order)));
                }
            }),
        ],
    );
    line("rules", &time(rules), "≤ 200 ns");
    line("written by hand", &time(hand), "");
    line("  rules ÷ by hand", &ratio(rules, hand), "");
    let (notice, fee) = (inputs[8], inputs[9]);
    let mut reader = TextReader::new(model);
    let half = half_of(|row| {
        let texts = &texts[row % ORDERS];
        case_of_one.give(notice, Fact::Number { value: texts.notice_days, scale: 0 });
        case_of_one.give(fee, reader.decimal(fee, texts.fee).expect("a fee"));
        black_box(of_one.one(&case_of_one).last());
    });
    line("half of the answers to one decision take at most", &time(half), "≤ 200 ns");
}

/// The facts of an order, read from its names, decimals and dates.
fn read_all(reader: &mut TextReader, inputs: &[InputId], texts: &Texts, case: &mut Case) {
    let mut text =
        |place: usize, text: &str| case.give(inputs[place], reader.read(inputs[place], text).expect("a fact"));
    text(0, &texts.edition);
    text(1, &texts.service);
    text(2, &texts.severity);
    text(3, &texts.product);
    text(6, &texts.confirmed_on);
    text(7, &texts.event_starts_on);
    text(10, &texts.work_starts_on);
    case.give(inputs[4], reader.decimal(inputs[4], texts.spend).expect("a spend"));
    case.give(inputs[9], reader.decimal(inputs[9], texts.fee).expect("a fee"));
    case.give(inputs[5], Fact::Member(u32::from(texts.floor_price)));
    case.give(inputs[8], Fact::Number { value: texts.notice_days, scale: 0 });
}

/// The time within which half of the calls are done. The clock is read once for a few calls, as it takes long itself.
fn half_of(mut call: impl FnMut(usize)) -> f64 {
    const FEW: usize = 16;
    let times = (0..500).map(|group| {
        let start = worked();
        (group * FEW..(group + 1) * FEW).for_each(&mut call);
        (worked() - start).as_secs_f64() / FEW as f64
    });
    median(times.collect())
}
