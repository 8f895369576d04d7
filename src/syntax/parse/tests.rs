//! Laws of reading: the shorter way through the grammar comes to what the longer one does.

use proptest::prelude::*;

use super::*;

/// A table in a file that has more than it.
fn file(rows: &[String]) -> String {
    let rows: String = rows.iter().map(|row| format!("  {row}\n")).collect();
    let head = "input code : integer // asked for\ninput place : text\n";
    format!(
        "{head}decision d : text {{\n  cites a/b\n  | code | place || d |\n{rows}  | otherwise || \"\" |\n}}\n{head}"
    )
}

fn whole(text: &str) -> String {
    let mut builder = Builder::new(FileId(0), text);
    let items = builder.items(text);
    shown(builder.finish(items))
}

fn shown(parsed: Parsed) -> String {
    format!("{:#?}\n{:#?}\n{:?}\n{:?}", parsed.file, parsed.problems, parsed.damaged, parsed.lost_words)
}

fn rows(count: usize) -> Vec<String> {
    let row = |n: usize| match n % 5 {
        0 => format!("| {n} | any || \"row {n}\" |"),
        1 => format!("|{n}..<{}|\"a | b\"||\"\"|", n + 1),
        2 => format!("| >= {n} | not {{ \"上海\", \"北京\" }} || \"\\\"{n}\\\"\" |\r"),
        3 => format!("| {n} | - || a.b.c |\t"),
        _ => format!("| if {n} > 2 then 1 else 2 | {n} days || (1 + {n}) * 2 |"),
    };
    (0..count).map(row).collect()
}

#[test]
fn a_long_table_is_read_in_parts_to_the_same_tree() {
    for count in [2_048, 2_100, 5_000] {
        let text = file(&rows(count));
        let parsed = long::parse(FileId(0), &text).expect("it is long, and nothing is wrong in it");
        assert_eq!(shown(parsed), whole(&text), "{count} rows");
    }
    assert!(long::parse(FileId(0), &file(&rows(1_000))).is_none(), "it is not long");
}

#[test]
fn long_tables_with_rows_on_several_lines_and_comments_between_them() {
    let mut all = rows(9_000);
    all[3_000] = "// an interval of rest".to_owned();
    all[6_000] = "| 1 | \"two\" ||\n // lines |\n \"three\" |".to_owned();
    let text = file(&all) + &file(&rows(4_000));
    let parsed = long::parse(FileId(0), &text).expect("nothing is wrong in it");
    assert_eq!(shown(parsed), whole(&text));
}

#[test]
fn a_mistake_anywhere_is_left_to_the_reading_of_the_whole() {
    for (place, wrong) in [(10, "| 1 | 2 | 3 |"), (1_500, "| 1 | ( || 2 |"), (2_999, "| 1 || 2 || 3 |"), (1_000, "1 |")]
    {
        let mut all = rows(3_000);
        all[place] = wrong.to_owned();
        assert!(long::parse(FileId(0), &file(&all)).is_none(), "{wrong}");
    }
    for outside in ["decision", "input a : \"\n", "}"] {
        assert!(long::parse(FileId(0), &(file(&rows(3_000)) + outside)).is_none(), "{outside}");
    }
    // Lines that look like rows, where none can stand.
    let loose: String = rows(3_000).iter().map(|row| format!("{row}\n")).collect();
    assert!(long::parse(FileId(0), &loose).is_none());
    assert!(long::parse(FileId(0), &format!("party p {{ label en \"{loose}\" }}")).is_none());
}

/// What a text is read as by a rule, up to a bar.
fn by(rule: Rule, text: &str) -> Option<String> {
    let text = format!("{text} |");
    let pair = read(rule, &text).ok()?.next()?;
    let rest = text.get(pair.as_span().end()..)?;
    let mut builder = Builder::new(FileId(0), &text);
    let expr = builder.expr(pair);
    rest.trim_start().starts_with('|').then(|| format!("{expr:#?}"))
}

/// Values, and what is nearly one.
fn value() -> impl Strategy<Value = String> {
    let number = prop_oneof!["[0-9]{1,4}", "[0-9]{1,3}(,[0-9]{3}){1,2}", "[0-9]{1,3}\\.[0-9]{1,3}", "[0-9],[0-9]{1,4}"];
    let word = prop_oneof![
        "[a-z]{1,3}(-[a-z0-9]{1,3}){0,2}(\\.[a-z0-9]{1,3}){0,2}",
        "[A-Z]{1,4}",
        "[0-9][a-z-]{1,4}",
        Just("severity".to_owned()),
        Just("级别.一级".to_owned()),
    ];
    let reserved =
        prop::sample::select(vec!["any", "no", "yes", "other", "not", "conflict", "silent", "of", "to", "-"]);
    let unit = prop::sample::select(vec!["days", "business hours", "h", "before", "credit", "of", "in", "and", "%"]);
    prop_oneof![
        number.clone(),
        (number.clone(), "[ \u{a0}]{0,2}", unit).prop_map(|(number, gap, unit)| format!("{number}{gap}{unit}")),
        ("[A-Z]{3}", " {0,2}", "-?", number).prop_map(|(code, gap, sign, number)| format!("{code}{gap}{sign}{number}")),
        word,
        reserved.prop_map(str::to_owned),
        "\"[a-z|\\\\.]{0,4}\"",
        Just("2024-10-01".to_owned()),
        Just("09:30".to_owned()),
        Just("{ a, b }".to_owned()),
        Just("f(1)".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_as_a_bare_value_is_the_same_expression(
        a in value(),
        rest in prop::option::of((" {0,2}", prop::sample::select(vec!["..", "..<", "+", "to", "<", "."]), " {0,2}", value())),
    ) {
        let text = rest.map_or(a.clone(), |(gap, sign, second, b)| format!("{a}{gap}{sign}{second}{b}"));
        if let Some(bare) = by(Rule::bare, &text) {
            prop_assert_eq!(Some(bare), by(Rule::expr, &text));
        }
    }
}

#[test]
fn bare_values_are_found() {
    for text in [
        "13",
        "1,000.5",
        "14 days",
        "2 business hours",
        "USD 5,000",
        "azure",
        "a.b-c",
        "\"x | y\"",
        "1..<5",
        "USD 1 .. USD 2",
    ] {
        assert!(by(Rule::bare, text).is_some(), "{text}");
    }
    for text in ["20%", "2024-10-01", "yes", "any", "a + b", "{ a }", "1..2..3", "5 to 6"] {
        assert!(by(Rule::bare, text).is_none(), "{text}");
    }
}
