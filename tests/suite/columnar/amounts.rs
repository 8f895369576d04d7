//! Answers that are worked out from one amount, where facts are missing: whether that matters turns on which of the answers
//! are the same.

use super::{Dice, agree, times};
use crate::support::{open_text, with_stack};

const FACTS: &str = "
enumeration grade { gold, silver, tin }
input one.flag : yes-no
input two.flag : yes-no
input own.grade : grade
input days.left : days
input own.fee : money in USD
reading which {
  ask en \"Which?\"
  either left (default) en \"left\"
  or     right en \"right\"
}
";

/// A decision over some of the facts; its scenarios have fees for which answers are the same.
fn rules(dice: &mut Dice) -> String {
    let answers = [
        "0% of own.fee",
        "50% of own.fee",
        "own.fee",
        "own.fee + USD 100",
        "own.fee - USD 0.005",
        "USD 0",
        "USD 100",
        "USD 0.01",
        "USD 0.0001",
        "silent",
    ];
    let answer = |dice: &mut Dice| answers[dice.roll(answers.len())];
    let conditions =
        ["one.flag", "two.flag", "own.grade is gold", "days.left >= 14 days", "own.fee > USD 150", "which is right"];
    let condition = |dice: &mut Dice| conditions[dice.roll(conditions.len())];
    let mut text = FACTS.to_owned() + "decision d : money in USD {\n";
    if dice.one_in(2) {
        text += "  hit first\n  | own.grade | days.left || d |\n";
        for _ in 0..=dice.roll(4) {
            let grade = ["gold", "any", "{ silver, tin }", "other"][dice.roll(4)];
            let days = [">= 14 days", "6..13 days", "any", "<= 5 days"][dice.roll(4)];
            text += &format!("  | {grade} | {days} || {} |\n", answer(dice));
        }
        text += &format!("  | any | any || {} |\n", answer(dice));
    } else {
        for _ in 0..=dice.roll(2) {
            text += &format!("  {} when {}\n", answer(dice), condition(dice));
        }
        text += &format!("  {} otherwise\n", answer(dice));
    }
    if dice.one_in(2) {
        text += &format!("  exception other {{\n    {} when {}\n  }}\n", answer(dice), condition(dice));
    }
    text += "}\n";
    for fee in ["0", "100", "200", "0.01", "-100", "0.005", "333.33"] {
        let flag = ["yes", "no"][dice.roll(2)];
        text += &format!("scenario \"{fee}\" {{\n  given own.fee = USD {fee}  one.flag = {flag}  two.flag = no\n");
        text += "  own.grade = tin  days.left = 14 days\n  expect d = USD 7\n}\n";
    }
    text
}

#[test]
fn answers_of_one_amount_are_compared_as_each_case_compares_them() {
    with_stack(|| {
        let mut sound = 0;
        for seed in 1..=150 * times() {
            let mut dice = Dice(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
            let text = rules(&mut dice);
            let set = open_text("amounts.clause", &text).sets.into_iter().next().expect("an edition");
            let Some(checked) = set.checked else { continue };
            sound += 1;
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| agree(&checked, 300, seed)));
            result.unwrap_or_else(|_| panic!("seed {seed}:\n{text}"));
        }
        eprintln!("{sound} rule sets");
        assert!(sound >= 50, "{sound} rule sets");
    });
}
