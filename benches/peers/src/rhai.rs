//! Rhai: a function compiled to its syntax tree, called with the facts.

use rhai::{AST, Array, CallFnOptions, Dynamic, Engine, OptimizationLevel, Scope};

use crate::Peer;
use crate::texts::covered;
use crate::workload::hand::{Decided, Order};
use crate::workload::orders::Orders;

/// Codes as in `orders.rs`; amounts in cents, charges in tenths of them.
const RULES: &str = r#"
fn decide(edition, service, severity, product, spend, floor, confirmed, starts, notice, fee, work) {
    let response = if service == 3 && edition == 1 && product != 6 && product != 7 && product != 10 && product != 23 {
        if severity == 0 { 0 } else if severity == 1 { 1 } else { 2 }
    } else if severity == 2 { 4 } else if severity == 3 { 5 }
    else if service == 2 && (product < 12 || product == 23) && product != 7 && product != 8 { 0 }
    else if product < 12 && product != 6 && product != 10 && product != 11 { if severity == 0 { 0 } else { 2 } }
    else if severity == 0 { 2 } else { 3 };
    let notice_of_event = starts - confirmed;
    let cover = if notice_of_event >= 42 { "covered" } else if notice_of_event < 0 { "not-covered" } else { "" };
    let charge = fee * if notice >= 14 { 0 } else if notice >= 6 { 5 } else { 10 };
    [response, spend >= 6000000000 || floor, cover, charge, work + 60]
}
"#;

pub struct Rhai {
    engine: Engine,
    rules: AST,
    orders: Vec<Order>,
}

impl Rhai {
    pub fn new(orders: &Orders) -> Self {
        let mut engine = Engine::new();
        engine.set_optimization_level(OptimizationLevel::Full);
        let rules = engine.compile(RULES).expect("the rules are sound");
        Rhai { engine, rules, orders: (0..orders.rows()).map(|row| Order::of(orders, row)).collect() }
    }

    fn answers(&self, row: usize) -> Array {
        let order = &self.orders[row];
        let options = CallFnOptions::new().eval_ast(false).rewind_scope(true);
        let facts: [Dynamic; 11] = [
            i64::from(order.edition).into(),
            i64::from(order.service).into(),
            i64::from(order.severity).into(),
            i64::from(order.product).into(),
            order.spend.into(),
            order.floor_price.into(),
            i64::from(order.confirmed_on).into(),
            i64::from(order.event_starts_on).into(),
            order.notice_days.into(),
            order.fee.into(),
            i64::from(order.work_starts_on).into(),
        ];
        let facts = Vec::from(facts);
        let mut scope = Scope::new();
        self.engine.call_fn_with_options(options, &mut scope, &self.rules, "decide", facts).expect("it evaluates")
    }
}

impl Peer for Rhai {
    fn name(&self) -> &'static str {
        "Rhai"
    }

    fn evaluate(&mut self, row: usize) {
        drop(std::hint::black_box(self.answers(row)));
    }

    fn decided(&mut self, row: usize) -> Decided {
        let answers = self.answers(row);
        let number = |place: usize| answers[place].as_int().expect("a number");
        Decided {
            first_response: number(0) as u8,
            mcsap_plus: answers[1].as_bool().expect("yes or no"),
            covered: covered(Some(&answers[2].clone().into_string().expect("a text"))),
            charge: number(3),
            onboarding_ends: number(4) as i32,
        }
    }
}
