//! Other engines on the five decisions of the batch benchmark, one order at a time: `cargo run --release`.
//!
//! Each engine has the facts in the form that suits it best, made before the clock starts, and the rules compiled.
//! Its answers are compared with Clausal's on every order first. With the name of a file, Clausal's answers are written
//! there and nothing is measured.

mod cel;
mod datalogic;
mod dmn;
mod rhai;
mod texts;
mod zen;

use std::hint::black_box;

use clausal::columnar::Intake;
use workload::arrow_orders::{Dictionaries, Layout, batch};
use workload::hand::Decided;
use workload::orders::{Generator, Orders};

#[path = "../../batch/workload.rs"]
#[allow(dead_code, reason = "shared with the benchmark, which uses more of it")]
mod workload;

#[path = "../../batch/clock.rs"]
mod clock;

const ORDERS: usize = 10_000;
const ROUNDS: usize = 15;

/// An engine with the rules and the orders.
trait Peer {
    fn name(&self) -> &'static str;
    /// Works out the five decisions of an order.
    fn evaluate(&mut self, row: usize);
    /// The same, as the hand-written code gives them.
    fn decided(&mut self, row: usize) -> Decided;
}

fn main() {
    let orders = Generator::new(1, 0).block(ORDERS);
    let wanted = by_clausal(&orders);
    if let Some(path) = std::env::args().nth(1) {
        return std::fs::write(&path, listed(&wanted)).unwrap_or_else(|error| panic!("cannot write {path}: {error}"));
    }
    let mut typed: Vec<Box<dyn Peer>> = vec![
        Box::new(datalogic::Datalogic::typed(&orders)),
        Box::new(zen::Expressions::typed(&orders)),
        Box::new(zen::Graph::new(&orders)),
        Box::new(cel::Cel::typed(&orders)),
        Box::new(rhai::Rhai::new(&orders)),
        Box::new(dmn::Dmn::new(&orders)),
    ];
    let mut texts: Vec<Box<dyn Peer>> = vec![
        Box::new(datalogic::Datalogic::texts(&orders)),
        Box::new(zen::Expressions::texts(&orders)),
        Box::new(cel::Cel::texts(&orders)),
    ];
    for (title, peers) in
        [("from codes, day numbers and cents", &mut typed), ("from names, decimals and ISO dates", &mut texts)]
    {
        println!("five decisions, {title}");
        for peer in peers.iter_mut() {
            for (row, wanted) in wanted.iter().enumerate() {
                assert_eq!(peer.decided(row), *wanted, "{} agrees on row {row}", peer.name());
            }
        }
        let mut times = vec![Vec::new(); peers.len()];
        for _ in 0..ROUNDS {
            for (peer, times) in peers.iter_mut().zip(&mut times) {
                let start = clock::worked();
                for row in 0..ORDERS {
                    peer.evaluate(black_box(row));
                }
                times.push((clock::worked() - start).as_nanos() as u64 / ORDERS as u64);
            }
        }
        for (peer, times) in peers.iter().zip(&mut times) {
            times.sort_unstable();
            println!("  {:<44}{:>8} ns, at best {:>6} ns", peer.name(), times[ROUNDS / 2], times[0]);
        }
    }
}

/// Clausal's answers as CSV, for the engines that are not asked from here.
fn listed(wanted: &[Decided]) -> String {
    let mut csv = String::from("response,plus,cover,charge,ends\n");
    for decided in wanted {
        let cover = decided.covered.map_or("", |covered| if covered { "covered" } else { "not-covered" });
        let response = workload::hand::RESPONSES[decided.first_response as usize];
        csv += &format!("{response},{},{cover},{},{}\n", decided.mcsap_plus, decided.charge, decided.onboarding_ends);
    }
    csv
}

/// What Clausal's rules come to.
fn by_clausal(orders: &Orders) -> Vec<Decided> {
    let checked = workload::rules::opened(workload::RULES);
    let plan = workload::rules::plan(&checked, &workload::rules::DECISIONS);
    let facts = batch(orders, &Dictionaries::new(), Layout::Narrow).expect("orders are sound");
    let mut intake = Intake::new(&plan, &facts.schema()).expect("every column is read");
    let cases = intake.cases(&facts).expect("every column is read");
    let mut session = plan.session();
    let answers = session.evaluate(&cases);
    (0..orders.rows()).map(|row| workload::rules::decided(&answers, row)).collect()
}
