//! Finding a row in a table of a key column and a range column, as tables grow, beside a hash and a binary search.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{BuildHasherDefault, Hasher};
use std::hint::black_box;

use clausal::columnar::{Cases, Column};
use clausal::value::Value;
use rust_decimal::Decimal;

use super::measure::{Effort, Subject, by_wall, each_row, line, once, part, time};
use super::workload::orders::Generator;
use super::workload::rules::{opened, plan};

/// How often a text is read, on all cores.
const READINGS: usize = 7;
/// Rows that share a key.
const ROWS_A_KEY: usize = 10;
/// Asked in one go.
const QUESTIONS: usize = 8_192;

pub fn tables(effort: Effort) {
    part("a row found in a table of a key column and a range column");
    for (rows, target) in [(100, "≤ 30 ns"), (1_000, ""), (10_000, ""), (100_000, "≤ 60 ns")] {
        let text = rules(rows);
        let ready = by_wall(READINGS, || {
            let checked = opened(&text);
            drop(black_box(plan(&checked, &["answer"])));
        });
        let checked = opened(&text);
        let plan = plan(&checked, &["answer"]);
        let input = |name: &str| checked.model.input_named(name).expect("declared above");
        let (code, amount) = questions(rows);
        let given = |rows: usize| {
            let column = |values: &[i64]| Column::Scaled { values: Cow::Owned(values.to_vec()), scale: 0, given: None };
            let mut cases = Cases::new(rows);
            cases.give(input("code"), column(&code[..rows]));
            cases.give(input("amount"), column(&amount[..rows]));
            cases
        };
        let by_hand = ByHand::new(rows);
        let mut session = plan.session();
        let few = given(256);
        let answers = session.evaluate(&few);
        for row in 0..256 {
            let found = answers.answer(0, row).expect("the row was asked").expect("the table is complete");
            let by_hand = by_hand.find(code[row], amount[row]);
            assert_eq!(found, Value::Number(Decimal::from(by_hand)), "row {row} of {rows}");
        }
        let (taken, ()) = once(|| {
            black_box(session.evaluate(&few));
        });
        let asked = effort.affordable(taken / 256.0, QUESTIONS);
        let cases = given(asked);
        let [rules, hand] = each_row(
            effort,
            [
                Subject::new(asked, || {
                    black_box(session.evaluate(&cases));
                }),
                Subject::new(QUESTIONS, || {
                    for (code, amount) in code.iter().zip(&amount) {
                        black_box(by_hand.find(*code, *amount));
                    }
                }),
            ],
        );
        line(&format!("{rows} rows"), &time(rules), target);
        line("  written by hand: a hash, then a binary search", &time(hand), "");
        line("  from the rules' text to a plan", &time(ready), if rows == 100_000 { "≤ 500 ms" } else { "" });
    }
}

/// The number of a key, as article numbers are: neither dense nor in order.
fn code(key: usize) -> i64 {
    (key as i64 * 7_919 + 13) % 1_000_003
}

/// Where a row's range starts; the widths differ.
fn start(place: usize) -> i64 {
    (place * 100 + place * place * 3) as i64
}

/// `| 13 | 103..<212 || 1 |`; the last range of a key is open.
fn rules(rows: usize) -> String {
    let mut text = String::from("input code : integer\ninput amount : integer\n");
    text += "decision answer : integer {\n  | code | amount || answer |\n";
    for row in 0..rows {
        let (key, place) = (row / ROWS_A_KEY, row % ROWS_A_KEY);
        let range = match place {
            _ if place == ROWS_A_KEY - 1 => format!(">= {}", start(place)),
            _ => format!("{}..<{}", start(place), start(place + 1)),
        };
        let _ = writeln!(text, "  | {} | {range} || {} |", code(key), row + 1);
    }
    text + "  | otherwise || 0 |\n}\n"
}

/// Codes and amounts, of which some are in no row.
fn questions(rows: usize) -> (Vec<i64>, Vec<i64>) {
    let mut dice = Generator::new(5, 0);
    let keys = (rows / ROWS_A_KEY) as u64;
    let question = |_| (code(dice.below(keys + keys / 20 + 1) as usize), dice.below(1_500) as i64 - 20);
    (0..QUESTIONS).map(question).unzip()
}

/// For each code its rows, and where each one's range starts.
struct ByHand {
    keys: HashMap<i64, usize, BuildHasherDefault<Multiply>>,
    starts: Vec<i64>,
}

impl ByHand {
    fn new(rows: usize) -> Self {
        ByHand {
            keys: (0..rows / ROWS_A_KEY).map(|key| (code(key), key * ROWS_A_KEY)).collect(),
            starts: (0..rows).map(|row| start(row % ROWS_A_KEY)).collect(),
        }
    }

    fn find(&self, code: i64, amount: i64) -> usize {
        let Some(first) = self.keys.get(&code) else { return 0 };
        match self.starts[*first..first + ROWS_A_KEY].partition_point(|start| *start <= amount) {
            0 => 0,
            place => first + place,
        }
    }
}

/// A fast hash of whole numbers.
#[derive(Default)]
struct Multiply(u64);

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_i64(i64::from(*byte));
        }
    }

    fn write_i64(&mut self, number: i64) {
        let product = (self.0 ^ number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ product >> 32;
    }
}
