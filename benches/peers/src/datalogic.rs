//! datalogic-rs: compiled JSONLogic over values that lie in an arena already.

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::{DataValue, Engine, Logic};

use crate::Peer;
use crate::texts::{amount, covered, days, iso, response, tenths};
use crate::workload::hand::Decided;
use crate::workload::orders::{EDITIONS, Orders, PRODUCTS, SERVICES, SEVERITIES};

/// Codes as in `orders.rs`; amounts in cents, charges in tenths of them.
const TYPED: [&str; 5] = [
    r#"{"if": [
        {"and": [{"==": [{"var": "service"}, 3]}, {"==": [{"var": "edition"}, 1]},
                 {"!": [{"in": [{"var": "product"}, [6, 7, 10, 23]]}]}]},
            {"if": [{"==": [{"var": "severity"}, 0]}, 0, {"==": [{"var": "severity"}, 1]}, 1, 2]},
        {"==": [{"var": "severity"}, 2]}, 4,
        {"==": [{"var": "severity"}, 3]}, 5,
        {"and": [{"==": [{"var": "service"}, 2]},
                 {"or": [{"<": [{"var": "product"}, 12]}, {"==": [{"var": "product"}, 23]}]},
                 {"!": [{"in": [{"var": "product"}, [7, 8]]}]}]}, 0,
        {"and": [{"<": [{"var": "product"}, 12]}, {"!": [{"in": [{"var": "product"}, [6, 10, 11]]}]}]},
            {"if": [{"==": [{"var": "severity"}, 0]}, 0, 2]},
        {"==": [{"var": "severity"}, 0]}, 2, 3]}"#,
    r#"{"or": [{">=": [{"var": "spend"}, 6000000000]}, {"var": "floor"}]}"#,
    r#"{"if": [{">=": [{"-": [{"var": "starts"}, {"var": "confirmed"}]}, 42]}, "covered",
               {"<": [{"var": "starts"}, {"var": "confirmed"}]}, "not-covered", null]}"#,
    r#"{"*": [{"var": "fee"}, {"if": [{">=": [{"var": "notice"}, 14]}, 0, {">=": [{"var": "notice"}, 6]}, 5, 10]}]}"#,
    r#"{"+": [{"var": "work"}, 60]}"#,
];

const AZURE: &str = r#""azure-virtual-machines", "azure-storage", "azure-sql", "azure-networking", "azure-kubernetes",
    "azure-functions", "azure-maps""#;

/// With the lists of products at their places.
fn texts() -> [String; 5] {
    let date = |name: &str| format!(r#"{{"parse_date": [{{"var": "{name}"}}, "yyyy-MM-dd"]}}"#);
    let (confirmed, starts, work) = (date("confirmed"), date("starts"), date("work"));
    let notice = format!(r#"{{"date_diff": [{starts}, {confirmed}, "days"]}}"#);
    [
        format!(
            r#"{{"if": [
        {{"and": [{{"==": [{{"var": "service"}}, "unified-enhanced-response"]}},
                  {{"==": [{{"var": "edition"}}, "edition-2024"]}},
                  {{"!": [{{"in": [{{"var": "product"}},
                                   ["azure-storsimple", "azure-stack", "github-ae", "billing"]]}}]}}]}},
            {{"if": [{{"==": [{{"var": "severity"}}, "1"]}}, "15 min",
                     {{"==": [{{"var": "severity"}}, "A"]}}, "30 min", "1 h"]}},
        {{"==": [{{"var": "severity"}}, "B"]}}, "2 business hours",
        {{"==": [{{"var": "severity"}}, "C"]}}, "4 business hours",
        {{"and": [{{"==": [{{"var": "service"}}, "mission-critical"]}},
                  {{"in": [{{"var": "product"}}, [{AZURE}, "azure-storsimple", "github-ae",
                                                  "communication-services", "billing"]]}}]}}, "15 min",
        {{"in": [{{"var": "product"}}, [{AZURE}, "azure-stack", "azure-media-services"]]}},
            {{"if": [{{"==": [{{"var": "severity"}}, "1"]}}, "15 min", "1 h"]}},
        {{"==": [{{"var": "severity"}}, "1"]}}, "1 h", "2 h"]}}"#
        ),
        r#"{"or": [{">=": [{"var": "spend"}, 60000000]}, {"var": "floor"}]}"#.to_owned(),
        format!(r#"{{"if": [{{">=": [{notice}, 42]}}, "covered", {{"<": [{notice}, 0]}}, "not-covered", null]}}"#),
        r#"{"*": [{"var": "fee"}, {"if": [{">=": [{"var": "notice"}, 14]}, 0, {">=": [{"var": "notice"}, 6]}, 0.5, 1]}]}"#
            .to_owned(),
        format!(r#"{{"format_date": [{{"+": [{work}, {{"timestamp": "60d"}}]}}, "yyyy-MM-dd"]}}"#),
    ]
}

pub struct Datalogic {
    name: &'static str,
    engine: Engine,
    rules: Vec<Logic>,
    facts: Vec<&'static DataValue<'static>>,
    arena: Bump,
    texts: bool,
}

impl Datalogic {
    pub fn typed(orders: &Orders) -> Self {
        let facts = |row: usize| {
            format!(
                r#"{{"edition":{},"service":{},"severity":{},"product":{},"spend":{},"floor":{},"confirmed":{},"starts":{},"notice":{},"fee":{},"work":{}}}"#,
                orders.edition[row],
                orders.service[row],
                orders.severity[row],
                orders.product[row],
                orders.spend[row],
                orders.floor_price[row],
                orders.confirmed_on[row],
                orders.event_starts_on[row],
                orders.notice_days[row],
                orders.fee[row],
                orders.work_starts_on[row],
            )
        };
        Self::new("datalogic-rs", &TYPED.map(str::to_owned), (0..orders.rows()).map(facts), false)
    }

    pub fn texts(orders: &Orders) -> Self {
        let facts = |row: usize| {
            format!(
                r#"{{"edition":"{}","service":"{}","severity":"{}","product":"{}","spend":{},"floor":{},"confirmed":"{}","starts":"{}","notice":{},"fee":{},"work":"{}"}}"#,
                EDITIONS[orders.edition[row] as usize],
                SERVICES[orders.service[row] as usize],
                SEVERITIES[orders.severity[row] as usize],
                PRODUCTS[orders.product[row] as usize],
                amount(orders.spend[row]),
                orders.floor_price[row],
                iso(orders.confirmed_on[row]),
                iso(orders.event_starts_on[row]),
                orders.notice_days[row],
                amount(orders.fee[row]),
                iso(orders.work_starts_on[row]),
            )
        };
        Self::new("datalogic-rs, texts", &texts(), (0..orders.rows()).map(facts), true)
    }

    fn new(name: &'static str, rules: &[String], facts: impl Iterator<Item = String>, texts: bool) -> Self {
        let engine = Engine::new();
        let rules = rules.iter().map(|rule| engine.compile(rule.as_str()).expect("the rule is sound")).collect();
        // The facts stay for as long as the program runs.
        let kept: &'static Bump = Box::leak(Box::default());
        let facts = facts.map(|json| {
            let json: &'static str = kept.alloc_str(&json);
            &*kept.alloc(DataValue::from_str(json, kept).expect("the facts are JSON"))
        });
        Datalogic { name, engine, rules, facts: facts.collect(), arena: Bump::new(), texts }
    }
}

impl Peer for Datalogic {
    fn name(&self) -> &'static str {
        self.name
    }

    fn evaluate(&mut self, row: usize) {
        self.arena.reset();
        for rule in &self.rules {
            std::hint::black_box(self.engine.evaluate(rule, self.facts[row], &self.arena).expect("it evaluates"));
        }
    }

    fn decided(&mut self, row: usize) -> Decided {
        self.arena.reset();
        let answer =
            |rule: usize| self.engine.evaluate(&self.rules[rule], self.facts[row], &self.arena).expect("it evaluates");
        let number = |rule: usize| answer(rule).as_f64().expect("a number");
        Decided {
            first_response: match answer(0) {
                DataValue::String(text) => response(text),
                other => other.as_f64().expect("a code") as u8,
            },
            mcsap_plus: answer(1).as_bool() == Some(true),
            covered: covered(answer(2).as_str()),
            charge: if self.texts { tenths(number(3)) } else { number(3) as i64 },
            onboarding_ends: match answer(4) {
                DataValue::String(text) => days(text),
                _ => number(4) as i32,
            },
        }
    }
}
