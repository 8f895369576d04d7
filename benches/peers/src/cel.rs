//! CEL, by cel-rust: compiled expressions, a context for each order.

use std::sync::Arc;

use cel::{Context, Env, Program, Value};

use crate::Peer;
use crate::texts::{amount, covered, days, iso, response, tenths};
use crate::workload::hand::Decided;
use crate::workload::orders::{EDITIONS, Orders, PRODUCTS, SERVICES, SEVERITIES};

/// Codes as in `orders.rs`; amounts in cents, charges in tenths of them.
const TYPED: [&str; 5] = [
    "service == 3 && edition == 1 && !(product in [6, 7, 10, 23]) \
        ? (severity == 0 ? 0 : severity == 1 ? 1 : 2) \
        : severity == 2 ? 4 : severity == 3 ? 5 \
        : service == 2 && (product < 12 || product == 23) && !(product in [7, 8]) ? 0 \
        : product < 12 && !(product in [6, 10, 11]) ? (severity == 0 ? 0 : 2) \
        : severity == 0 ? 2 : 3",
    "spend >= 6000000000 || floor",
    "starts - confirmed >= 42 ? 'covered' : starts < confirmed ? 'not-covered' : null",
    "fee * (notice >= 14 ? 0 : notice >= 6 ? 5 : 10)",
    "work + 60",
];

/// CEL has no decimals: amounts are doubles. A date is the start of its day.
const TEXTS: [&str; 5] = [
    "service == 'unified-enhanced-response' && edition == 'edition-2024' \
            && !(product in ['azure-storsimple', 'azure-stack', 'github-ae', 'billing']) \
        ? (severity == '1' ? '15 min' : severity == 'A' ? '30 min' : '1 h') \
        : severity == 'B' ? '2 business hours' : severity == 'C' ? '4 business hours' \
        : service == 'mission-critical' && product in ['azure-virtual-machines', 'azure-storage', 'azure-sql', \
            'azure-networking', 'azure-kubernetes', 'azure-functions', 'azure-maps', 'azure-storsimple', 'github-ae', \
            'communication-services', 'billing'] ? '15 min' \
        : product in ['azure-virtual-machines', 'azure-storage', 'azure-sql', 'azure-networking', 'azure-kubernetes', \
            'azure-functions', 'azure-maps', 'azure-stack', 'azure-media-services'] \
            ? (severity == '1' ? '15 min' : '1 h') \
        : severity == '1' ? '1 h' : '2 h'",
    "spend >= 60000000.0 || floor",
    "timestamp(starts + 'T00:00:00Z') - timestamp(confirmed + 'T00:00:00Z') >= duration('1008h') ? 'covered' \
        : starts < confirmed ? 'not-covered' : null",
    "fee * (notice >= 14 ? 0.0 : notice >= 6 ? 0.5 : 1.0)",
    "string(timestamp(work + 'T00:00:00Z') + duration('1440h'))",
];

pub struct Cel {
    name: &'static str,
    rules: Vec<Program>,
    facts: Vec<Context<'static, 'static>>,
    texts: bool,
}

impl Cel {
    pub fn typed(orders: &Orders) -> Self {
        Self::new("CEL (cel-rust)", &TYPED, orders.rows(), false, |row| {
            vec![
                ("edition", i64::from(orders.edition[row]).into()),
                ("service", i64::from(orders.service[row]).into()),
                ("severity", i64::from(orders.severity[row]).into()),
                ("product", i64::from(orders.product[row]).into()),
                ("spend", orders.spend[row].into()),
                ("floor", orders.floor_price[row].into()),
                ("confirmed", i64::from(orders.confirmed_on[row]).into()),
                ("starts", i64::from(orders.event_starts_on[row]).into()),
                ("notice", orders.notice_days[row].into()),
                ("fee", orders.fee[row].into()),
                ("work", i64::from(orders.work_starts_on[row]).into()),
            ]
        })
    }

    pub fn texts(orders: &Orders) -> Self {
        Self::new("CEL (cel-rust), texts", &TEXTS, orders.rows(), true, |row| {
            vec![
                ("edition", EDITIONS[orders.edition[row] as usize].into()),
                ("service", SERVICES[orders.service[row] as usize].into()),
                ("severity", SEVERITIES[orders.severity[row] as usize].into()),
                ("product", PRODUCTS[orders.product[row] as usize].into()),
                ("spend", amount(orders.spend[row]).into()),
                ("floor", orders.floor_price[row].into()),
                ("confirmed", iso(orders.confirmed_on[row]).into()),
                ("starts", iso(orders.event_starts_on[row]).into()),
                ("notice", orders.notice_days[row].into()),
                ("fee", amount(orders.fee[row]).into()),
                ("work", iso(orders.work_starts_on[row]).into()),
            ]
        })
    }

    fn new(
        name: &'static str,
        rules: &[&str],
        rows: usize,
        texts: bool,
        facts: impl Fn(usize) -> Vec<(&'static str, Value)>,
    ) -> Self {
        let env = Arc::new(Env::stdlib());
        let context = |row: usize| {
            let mut context = Context::with_env(env.clone());
            for (name, value) in facts(row) {
                context.add_variable_from_value(name, value);
            }
            context
        };
        let rules = rules.iter().map(|rule| env.compile(rule).expect("the rule is sound")).collect();
        Cel { name, rules, facts: (0..rows).map(context).collect(), texts }
    }
}

impl Peer for Cel {
    fn name(&self) -> &'static str {
        self.name
    }

    fn evaluate(&mut self, row: usize) {
        for rule in &self.rules {
            drop(std::hint::black_box(rule.execute(&self.facts[row]).expect("it evaluates")));
        }
    }

    fn decided(&mut self, row: usize) -> Decided {
        let answer = |rule: usize| self.rules[rule].execute(&self.facts[row]).expect("it evaluates");
        Decided {
            first_response: match answer(0) {
                Value::Int(code) => code as u8,
                Value::String(text) => response(&text),
                other => panic!("no response is {other:?}"),
            },
            mcsap_plus: answer(1) == Value::Bool(true),
            covered: match answer(2) {
                Value::String(text) => covered(Some(&text)),
                _ => None,
            },
            charge: match answer(3) {
                Value::Int(tenths) => tenths,
                Value::Float(amount) => tenths(amount),
                other => panic!("no charge is {other:?}"),
            },
            onboarding_ends: match answer(4) {
                Value::Int(days) => days as i32,
                Value::String(text) if self.texts => days(&text),
                other => panic!("no day is {other:?}"),
            },
        }
    }
}
