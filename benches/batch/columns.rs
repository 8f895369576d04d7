//! The five decisions over columns, and the deadline, beside the same written by hand.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::record_batch::RecordBatch;
use clausal::columnar::{Intake, Outlet, Plan, Session};

use super::measure::{Effort, Subject, each_row, each_row_by_wall, line, once, part, ratio, time};
use super::workload::arrow_orders::{Dictionaries, Layout, batch};
use super::workload::files::BLOCK;
use super::workload::hand::{ByHand, Order, decide};
use super::workload::orders::Generator;
use super::workload::rules::{DEADLINE, DECISIONS, decided, opened, plan};
use super::workload::{RULES, deadline};

/// The decimal places of amounts in answers, as the hand-written code has them.
const PLACES: u8 = 3;

/// How often threads work through all batches.
const PASSES: usize = 8;

pub fn columns(effort: Effort) {
    part("five decisions over columns, Arrow in and out, a scenario");
    let checked = opened(RULES);
    let plan = plan(&checked, &DECISIONS);
    agree(&plan);
    let narrow = batches(effort.rows, 0, Layout::Narrow);
    let wide = batches(effort.rows, 0, Layout::File);
    let lacking = batches(effort.rows, 50, Layout::Narrow);
    let by_hand = ByHand::new();
    let rows = affordable(effort, &plan, &narrow);
    let (mut first, mut third) = (Rules::new(&plan, Layout::Narrow), Rules::new(&plan, Layout::Narrow));
    let (mut second, mut bare) = (Rules::new(&plan, Layout::File), Rules::new(&plan, Layout::Narrow));
    let all: usize = count(&narrow);
    let [hand, hand_wide, rules, rules_wide, rules_lacking, rules_bare] = each_row(
        effort,
        [
            Subject::new(all, || narrow.iter().for_each(|batch| drop(black_box(by_hand.decide(batch))))),
            Subject::new(all, || wide.iter().for_each(|batch| drop(black_box(by_hand.decide(batch))))),
            Subject::new(count(&rows.of(&narrow)), || rows.of(&narrow).iter().for_each(|batch| first.answer(batch))),
            Subject::new(count(&rows.of(&wide)), || rows.of(&wide).iter().for_each(|batch| second.answer(batch))),
            Subject::new(count(&rows.of(&lacking)), || rows.of(&lacking).iter().for_each(|batch| third.answer(batch))),
            Subject::new(count(&rows.of(&narrow)), || rows.of(&narrow).iter().for_each(|batch| bare.evaluate(batch))),
        ],
    );
    line("rules, one thread", &time(rules), "≤ 8 ns");
    line("  of it, without making record batches of the answers", &time(rules_bare), "");
    line("written by hand, one thread", &time(hand), "");
    line("  rules ÷ by hand", &ratio(rules, hand), "≤ 3 ×");
    line("rules, decimals of 128 bits as Parquet has them", &time(rules_wide), "");
    line("  ÷ by hand from the same", &ratio(rules_wide, hand_wide), "");
    line("rules, of every 20 facts one missing", &time(rules_lacking), "");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = rows.of(&narrow);
    let [rules, hand] = each_row_by_wall(
        effort,
        [
            Subject::new(count(&part) * PASSES, || {
                spread(threads, &part, || {
                    let mut rules = Rules::new(&plan, Layout::Narrow);
                    move |batch: &RecordBatch| rules.answer(batch)
                });
            }),
            Subject::new(all * PASSES, || {
                spread(threads, &narrow, || |batch: &RecordBatch| drop(black_box(by_hand.decide(batch))));
            }),
        ],
    );
    line(&format!("rules, {threads} threads, by the clock on the wall"), &time(rules), "");
    line(&format!("written by hand, {threads} threads"), &time(hand), "");
}

pub fn deadlines(effort: Effort) {
    part("a deadline of 8 business hours over a column, a row");
    let checked = opened(RULES);
    let plan = plan(&checked, &[DEADLINE]);
    let batches = batches(effort.rows.min(200_000), 0, Layout::Narrow);
    let office = deadline::Office::new();
    let mut rules = Rules::new(&plan, Layout::Narrow);
    {
        let cases = rules.intake.cases(&batches[0]).expect("every column is read");
        let answers = rules.session.evaluate(&cases);
        let by_hand = office.deadlines(&batches[0]);
        for row in (0..answers.rows()).step_by(17) {
            let due = deadline::instant(&answers, row);
            assert_eq!(due, by_hand[row], "rules and hand agree on row {row}");
        }
    }
    let rows = affordable(effort, &plan, &batches);
    let mut rules = Rules::new(&plan, Layout::Narrow);
    let [rules, hand] = each_row(
        effort,
        [
            Subject::new(count(&rows.of(&batches)), || rows.of(&batches).iter().for_each(|b| rules.answer(b))),
            Subject::new(count(&batches), || batches.iter().for_each(|b| drop(black_box(office.deadlines(b))))),
        ],
    );
    line("rules, one thread", &time(rules), "≤ 100 ns");
    line("written by hand, one thread", &time(hand), "");
}

/// The rules and the hand-written code, over columns and by row, come to the same.
fn agree(plan: &Plan) {
    let orders = Generator::new(7, 0).block(10_000);
    let facts = batch(&orders, &Dictionaries::new(), Layout::Narrow).expect("orders are sound");
    let mut rules = Rules::new(plan, Layout::Narrow);
    let cases = rules.intake.cases(&facts).expect("every column is read");
    let answers = rules.session.evaluate(&cases);
    for row in 0..orders.rows() {
        assert_eq!(decided(&answers, row), decide(&Order::of(&orders, row)), "rules and hand agree on row {row}");
    }
    let by_rules = Outlet::new(plan, PLACES).batch(&answers).expect("the answers fit their columns");
    let by_hand = ByHand::new().decide(&facts);
    for (rules, hand) in [("cancellation-charge", 4), ("mcsap-plus", 1), ("onboarding.ends", 5)] {
        assert_eq!(by_rules.column_by_name(rules).expect("it was asked"), by_hand.column(hand), "`{rules}` agrees");
    }
}

/// A plan's session, from record batches to record batches.
struct Rules<'p, 'c> {
    session: Session<'p, 'c>,
    intake: Intake,
    outlet: Outlet,
}

impl<'p, 'c> Rules<'p, 'c> {
    fn new(plan: &'p Plan<'c>, layout: Layout) -> Self {
        let schema = super::workload::arrow_orders::schema(layout);
        let intake = Intake::new(plan, &schema).expect("every column is read");
        Rules { session: plan.session(), intake, outlet: Outlet::new(plan, PLACES) }
    }

    fn answer(&mut self, batch: &RecordBatch) {
        let cases = self.intake.cases(batch).expect("every column is read");
        let answers = self.session.evaluate(&cases);
        drop(black_box(self.outlet.batch(&answers).expect("the answers fit their columns")));
    }

    fn evaluate(&mut self, batch: &RecordBatch) {
        let cases = self.intake.cases(batch).expect("every column is read");
        black_box(self.session.evaluate(&cases));
    }
}

fn batches(rows: usize, missing: u64, layout: Layout) -> Vec<RecordBatch> {
    let mut generator = Generator::new(1, missing);
    let lists = Dictionaries::new();
    let blocks = (0..rows).step_by(BLOCK).map(|from| generator.block(BLOCK.min(rows - from)));
    blocks.map(|orders| batch(&orders, &lists, layout).expect("orders are sound")).collect()
}

fn count(batches: &[RecordBatch]) -> usize {
    batches.iter().map(RecordBatch::num_rows).sum()
}

/// As many rows as an engine can work through in a round.
#[derive(Clone, Copy)]
struct Rows(usize);

impl Rows {
    fn of(self, batches: &[RecordBatch]) -> Vec<RecordBatch> {
        let mut left = self.0;
        let mut part = Vec::new();
        for batch in batches {
            let rows = left.min(batch.num_rows());
            if rows > 0 {
                part.push(batch.slice(0, rows));
            }
            left -= rows;
        }
        part
    }
}

fn affordable(effort: Effort, plan: &Plan, batches: &[RecordBatch]) -> Rows {
    let few = batches[0].slice(0, 1_024);
    let mut rules = Rules::new(plan, Layout::Narrow);
    // Afterwards most of what rows come to is known.
    rules.answer(&few);
    let (taken, ()) = once(|| rules.answer(&few));
    Rows(effort.affordable(taken / 1_024.0, count(batches)))
}

/// Works through batches on several threads, each with what `worker` gives it, again and again: on one thread, too, most
/// of what rows come to is known when the clock starts.
fn spread<W: FnMut(&RecordBatch)>(threads: usize, batches: &[RecordBatch], worker: impl Fn() -> W + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut work = worker();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    match batches.get(number % batches.len().max(1)) {
                        Some(batch) if number < batches.len() * PASSES => work(batch),
                        _ => break,
                    }
                }
            });
        }
    });
}
