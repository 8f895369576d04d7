//! GoRules ZEN: its bare expressions, compiled, and a decision graph with a table, compiled.

use std::sync::Arc;

use serde_json::{Value, json};
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, DecisionEngine};
use zen_expression::expression::Standard;
use zen_expression::variable::Variable;
use zen_expression::{Expression, compile_expression};

use crate::Peer;
use crate::texts::{amount, covered, days, iso, response, tenths};
use crate::workload::hand::Decided;
use crate::workload::orders::{EDITIONS, Orders, PRODUCTS, SERVICES, SEVERITIES};

/// Codes as in `orders.rs`; amounts in cents, charges in tenths of them.
const TYPED: [&str; 5] = [
    "service == 3 and edition == 1 and product not in [6, 7, 10, 23] \
        ? (severity == 0 ? 0 : (severity == 1 ? 1 : 2)) \
        : (severity == 2 ? 4 : (severity == 3 ? 5 \
        : (service == 2 and (product < 12 or product == 23) and product not in [7, 8] ? 0 \
        : (product < 12 and product not in [6, 10, 11] ? (severity == 0 ? 0 : 2) \
        : (severity == 0 ? 2 : 3)))))",
    "spend >= 6000000000 or floor",
    "starts - confirmed >= 42 ? 'covered' : (starts < confirmed ? 'not-covered' : null)",
    "fee * (notice >= 14 ? 0 : (notice >= 6 ? 5 : 10))",
    "work + 60",
];

const TEXTS: [&str; 5] = [
    "service == 'unified-enhanced-response' and edition == 'edition-2024' \
            and product not in ['azure-storsimple', 'azure-stack', 'github-ae', 'billing'] \
        ? (severity == '1' ? '15 min' : (severity == 'A' ? '30 min' : '1 h')) \
        : (severity == 'B' ? '2 business hours' : (severity == 'C' ? '4 business hours' \
        : (service == 'mission-critical' and product in ['azure-virtual-machines', 'azure-storage', 'azure-sql', \
            'azure-networking', 'azure-kubernetes', 'azure-functions', 'azure-maps', 'azure-storsimple', 'github-ae', \
            'communication-services', 'billing'] ? '15 min' \
        : (product in ['azure-virtual-machines', 'azure-storage', 'azure-sql', 'azure-networking', 'azure-kubernetes', \
            'azure-functions', 'azure-maps', 'azure-stack', 'azure-media-services'] \
            ? (severity == '1' ? '15 min' : '1 h') \
        : (severity == '1' ? '1 h' : '2 h')))))",
    "spend >= 60000000 or floor",
    "date(starts) - date(confirmed) >= 3628800 ? 'covered' \
        : (date(starts) - date(confirmed) < 0 ? 'not-covered' : null)",
    "fee * (notice >= 14 ? 0 : (notice >= 6 ? 0.5 : 1))",
    "dateString(date(work) + 5184000)",
];

const KEYS: [&str; 5] = ["response", "plus", "cover", "charge", "ends"];

fn codes(orders: &Orders, row: usize) -> Variable {
    Variable::from(json!({
        "edition": orders.edition[row],
        "service": orders.service[row],
        "severity": orders.severity[row],
        "product": orders.product[row],
        "spend": orders.spend[row],
        "floor": orders.floor_price[row],
        "confirmed": orders.confirmed_on[row],
        "starts": orders.event_starts_on[row],
        "notice": orders.notice_days[row],
        "fee": orders.fee[row],
        "work": orders.work_starts_on[row],
    }))
}

pub struct Expressions {
    name: &'static str,
    rules: Vec<Expression<Standard>>,
    facts: Vec<Variable>,
    texts: bool,
    machine: zen_expression::vm::VM,
}

impl Expressions {
    pub fn typed(orders: &Orders) -> Self {
        let facts = (0..orders.rows()).map(|row| codes(orders, row)).collect();
        Self::new("GoRules ZEN, bare expressions", &TYPED, facts, false)
    }

    pub fn texts(orders: &Orders) -> Self {
        let texts = |row: usize| {
            Variable::from(json!({
                "edition": EDITIONS[orders.edition[row] as usize],
                "service": SERVICES[orders.service[row] as usize],
                "severity": SEVERITIES[orders.severity[row] as usize],
                "product": PRODUCTS[orders.product[row] as usize],
                "spend": amount(orders.spend[row]),
                "floor": orders.floor_price[row],
                "confirmed": iso(orders.confirmed_on[row]),
                "starts": iso(orders.event_starts_on[row]),
                "notice": orders.notice_days[row],
                "fee": amount(orders.fee[row]),
                "work": iso(orders.work_starts_on[row]),
            }))
        };
        Self::new("GoRules ZEN, bare expressions, texts", &TEXTS, (0..orders.rows()).map(texts).collect(), true)
    }

    fn new(name: &'static str, rules: &[&str], facts: Vec<Variable>, texts: bool) -> Self {
        let rules = rules.iter().map(|rule| compile_expression(rule).expect("the rule is sound")).collect();
        Expressions { name, rules, facts, texts, machine: zen_expression::vm::VM::new() }
    }
}

impl Peer for Expressions {
    fn name(&self) -> &'static str {
        self.name
    }

    fn evaluate(&mut self, row: usize) {
        for rule in &self.rules {
            let answer = rule.evaluate_with(self.facts[row].clone(), &mut self.machine).expect("it evaluates");
            drop(std::hint::black_box(answer));
        }
    }

    fn decided(&mut self, row: usize) -> Decided {
        let mut answer = |rule: usize| {
            self.rules[rule].evaluate_with(self.facts[row].clone(), &mut self.machine).expect("it evaluates").to_value()
        };
        let answers = [answer(0), answer(1), answer(2), answer(3), answer(4)];
        decided(&answers, self.texts)
    }
}

fn decided(answers: &[Value; 5], texts: bool) -> Decided {
    let number = |place: usize| answers[place].as_f64().expect("a number");
    Decided {
        first_response: answers[0].as_str().map_or_else(|| number(0) as u8, response),
        mcsap_plus: answers[1] == true,
        covered: covered(answers[2].as_str()),
        charge: if texts { tenths(number(3)) } else { number(3) as i64 },
        onboarding_ends: answers[4].as_str().map_or_else(|| number(4) as i32, days),
    }
}

pub struct Graph {
    decision: Decision,
    facts: Vec<Variable>,
}

impl Graph {
    pub fn new(orders: &Orders) -> Self {
        let content: DecisionContent = serde_json::from_value(graph()).expect("the graph is sound");
        let mut decision = DecisionEngine::default().create_decision(Arc::new(content)).expect("the graph is sound");
        decision.compile();
        Graph { decision, facts: (0..orders.rows()).map(|row| codes(orders, row)).collect() }
    }

    fn answer(&self, row: usize) -> Variable {
        pollster::block_on(self.decision.evaluate(self.facts[row].clone())).expect("it evaluates").result
    }
}

impl Peer for Graph {
    fn name(&self) -> &'static str {
        "GoRules ZEN, decision graph"
    }

    fn evaluate(&mut self, row: usize) {
        drop(std::hint::black_box(self.answer(row)));
    }

    fn decided(&mut self, row: usize) -> Decided {
        let answer = self.answer(row).to_value();
        decided(&KEYS.map(|key| answer[key].clone()), false)
    }
}

/// Facts, then the table of first responses, then an expression for each other decision.
fn graph() -> Value {
    let rule = |cells: [&str; 5]| json!({ "_id": cells.concat(), "e": cells[0], "s": cells[1], "p": cells[2], "v": cells[3], "r": cells[4] });
    let rules = [
        ["1", "3", "not in [6, 7, 10, 23]", "0", "0"],
        ["1", "3", "not in [6, 7, 10, 23]", "1", "1"],
        ["1", "3", "not in [6, 7, 10, 23]", "", "2"],
        ["", "", "", "2", "4"],
        ["", "", "", "3", "5"],
        ["", "2", "[0..6], [9..11], 23", "", "0"],
        ["", "", "[0..5], [7..9]", "0", "0"],
        ["", "", "[0..5], [7..9]", "1", "2"],
        ["", "", "", "0", "2"],
        ["", "", "", "1", "3"],
    ];
    let column = |id: &str, field: &str| json!({ "id": id, "name": field, "field": field });
    let expressions: Vec<Value> =
        (1..5).map(|place| json!({ "id": KEYS[place], "key": KEYS[place], "value": TYPED[place] })).collect();
    let edge = |from: &str, to: &str| json!({ "id": format!("{from}-{to}"), "sourceId": from, "targetId": to });
    json!({
        "nodes": [
            { "id": "facts", "name": "facts", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": {
                "hitPolicy": "first",
                "passThrough": true,
                "inputs": [column("e", "edition"), column("s", "service"), column("p", "product"),
                           column("v", "severity")],
                "outputs": [column("r", "response")],
                "rules": rules.map(rule),
            } },
            { "id": "rest", "name": "rest", "type": "expressionNode",
              "content": { "expressions": expressions, "passThrough": true } },
            { "id": "answers", "name": "answers", "type": "outputNode", "content": {} },
        ],
        "edges": [edge("facts", "table"), edge("table", "rest"), edge("rest", "answers")],
    })
}
