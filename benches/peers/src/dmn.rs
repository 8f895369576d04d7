//! A DMN engine, dsntk: a model with a decision table and four expressions, asked as one decision.

use std::sync::Arc;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelNumber, Name};
use dsntk_model_evaluator::ModelEvaluator;

use crate::Peer;
use crate::texts::covered;
use crate::workload::hand::Decided;
use crate::workload::orders::Orders;

const MODEL: &str = include_str!("../model.dmn");
const NAMESPACE: &str = "https://clausal.example/peers";

pub struct Dmn {
    model: Arc<ModelEvaluator>,
    facts: Vec<FeelContext>,
}

impl Dmn {
    pub fn new(orders: &Orders) -> Self {
        let definitions = dsntk_model::parse(MODEL).expect("the model is sound");
        let model = ModelEvaluator::new(&[definitions]).expect("the model is sound");
        let facts = |row: usize| {
            let mut facts = FeelContext::default();
            let mut number = |name: &str, number: i64| {
                facts.set_entry(&Name::from(name), Value::Number(FeelNumber::new(number, 0)));
            };
            number("edition", i64::from(orders.edition[row]));
            number("service", i64::from(orders.service[row]));
            number("severity", i64::from(orders.severity[row]));
            number("product", i64::from(orders.product[row]));
            number("spend", orders.spend[row]);
            number("confirmed", i64::from(orders.confirmed_on[row]));
            number("starts", i64::from(orders.event_starts_on[row]));
            number("notice", orders.notice_days[row]);
            number("fee", orders.fee[row]);
            number("work", i64::from(orders.work_starts_on[row]));
            facts.set_entry(&Name::from("floor"), Value::Boolean(orders.floor_price[row]));
            facts
        };
        Dmn { model, facts: (0..orders.rows()).map(facts).collect() }
    }

    fn answer(&self, row: usize) -> Value {
        self.model.evaluate_invocable(NAMESPACE, "peers", "answers", &self.facts[row])
    }
}

impl Peer for Dmn {
    fn name(&self) -> &'static str {
        "DMN (dsntk)"
    }

    fn evaluate(&mut self, row: usize) {
        drop(std::hint::black_box(self.answer(row)));
    }

    fn decided(&mut self, row: usize) -> Decided {
        let Value::Context(answers) = self.answer(row) else { panic!("no context: {:?}", self.answer(row)) };
        let answer = |name: &str| answers.get_entry(&Name::from(name)).expect("it is answered");
        let number = |name: &str| match answer(name) {
            Value::Number(number) => number.to_string().parse::<f64>().expect("a number") as i64,
            other => panic!("`{name}` is no number but {other:?}"),
        };
        Decided {
            first_response: number("response") as u8,
            mcsap_plus: matches!(answer("plus"), Value::Boolean(true)),
            covered: match answer("cover") {
                Value::String(text) => covered(Some(text)),
                _ => None,
            },
            charge: number("charge"),
            onboarding_ends: number("ends") as i32,
        }
    }
}
