//! Rule files with one long table, the same at every run.

use std::fmt::Write;

/// Rows that share a key, in the tables that have one.
const ROWS_A_KEY: usize = 100;
/// Integers that one row's range spans.
const STEP: usize = 10;

/// One range column, and the last row of it: `| 500..509 || 50 |`.
pub fn ranges(rows: usize) -> String {
    let mut text = String::from("input amount : integer\ndecision answer : integer {\n  | amount || answer |\n");
    for row in 0..rows {
        let _ = writeln!(text, "  | {} || {row} |", stretch(row, rows));
    }
    text + "}\n"
}

/// A column of an enumeration, and a range column: `| p7 | 500..509 || 750 |`.
pub fn members_and_ranges(rows: usize) -> String {
    let keys = rows / ROWS_A_KEY;
    let members: Vec<String> = (0..keys).map(|key| format!("p{key}")).collect();
    let mut text = format!("enumeration product {{ {} }}\n", members.join(", "));
    text += "input product : product\ninput amount : integer\n";
    text += "decision answer : integer {\n  | product | amount || answer |\n";
    for row in 0..rows {
        let (key, place) = (row / ROWS_A_KEY, row % ROWS_A_KEY);
        let _ = writeln!(text, "  | p{key} | {} || {row} |", stretch(place, ROWS_A_KEY));
    }
    text + "}\n"
}

/// A text column, and a range column in money: `| "sku-7" | USD 500 ..< USD 510 || 750 |`.
pub fn texts_and_money(rows: usize) -> String {
    let mut text = String::from("input sku : text\ninput amount : money in USD\n");
    text += "decision answer : integer {\n  | sku | amount || answer |\n";
    for row in 0..rows {
        let (key, place) = (row / ROWS_A_KEY, row % ROWS_A_KEY);
        let from = place * STEP;
        let range = match place {
            0 => format!("< USD {STEP}"),
            _ if place == ROWS_A_KEY - 1 => format!(">= USD {from}"),
            _ => format!("USD {from} ..< USD {}", from + STEP),
        };
        let _ = writeln!(text, "  | \"sku-{key}\" | {range} || {row} |");
    }
    text + "  | otherwise || 0 |\n}\n"
}

/// Three columns, where `any` stands in a quarter of the cells of the second and in some of the third.
pub fn three_columns(rows: usize) -> String {
    let mut text = String::from("enumeration region { asia, europe, americas, africa }\n");
    text += "input code : integer\ninput region : region\ninput amount : integer\n";
    text += "decision answer : integer {\n  hit first\n  | code | region | amount || answer |\n";
    for row in 0..rows {
        let (key, place) = (row / ROWS_A_KEY, row % ROWS_A_KEY);
        let region = ["asia", "europe", "any", "{ americas, africa }"][place % 4];
        let range = match place {
            32 | 57 | 82 => "any".to_owned(),
            _ => stretch(place / 4, ROWS_A_KEY),
        };
        let _ = writeln!(text, "  | {key} | {region} | {range} || {row} |");
    }
    text + "  | otherwise || 0 |\n}\n"
}

/// The range of row `place` of `of`; the first and the last are open.
fn stretch(place: usize, of: usize) -> String {
    let from = place * STEP;
    match place {
        0 => format!("<= {}", STEP - 1),
        _ if place == of - 1 => format!(">= {from}"),
        _ => format!("{from}..{}", from + STEP - 1),
    }
}
