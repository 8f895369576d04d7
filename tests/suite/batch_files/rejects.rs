//! What is said of rows that cannot be understood: each kind, to the word.

use super::{Run, told};

/// What is told of the rejects of a file, and how many rows were understood.
fn of(name: &str, text: &[u8]) -> (Vec<String>, usize) {
    let run = Run { decisions: &["severity"], keep: &["id"], ..Run::default() };
    let (out, rejects) = run.text(name, text, "out.csv");
    (rejects.iter().map(told).collect(), out.lines().count() - 1)
}

#[test]
fn each_mistake_in_csv_is_told_where_it_stands() {
    let text = b"id,incident.severity,order.spend,order.signed-on,order.starts-on,order.note
1,A,5,2024-01-01,2024-01-01,fine
2,Sev Z,5,,,
3,A,-5,,,
4,A,USD 5,000,,,
5,A,1234567890123456789012345678901234567890123456789012345678.5,,,
6,A,5,2024-02-30,,
7,A,5,2024-01-02,2024-01-01,
8,A,EUR 5,,,
9,A,five,,,
10,A,5,01/10/2024,,
11,A,5,,,\xff
12,Sev Z,-1,soon,,
13,A,5,,,\"stays open
14,A,5,,,
";
    let (told, rows) = of("in.csv", text);
    let members = "they are: 1, A, B";
    let expected = [
        format!("row 2, line 3, `incident.severity` [Sev Z]: `incident.severity` is one of `severity`, and `Sev Z` is none of them; {members}\n  2,Sev Z,5,,,"),
        "row 3, line 4, `order.spend` [-USD 5]: `order.spend` must be >= USD 0, and this is -USD 5\n  3,A,-5,,,".to_owned(),
        "row 4, line 5: the record has 7 fields, and the heading has 6; give every record as many fields as the heading; a field with the mark that parts them stands in quotes\n  4,A,USD 5,000,,,".to_owned(),
        "row 5, line 6, `order.spend` [1234567890123456789012345678901234567890123456789012345678.5]: `order.spend` cannot be read: a decimal of 59 digits is more than the 28 that a number can have\n  5,A,1234567890123456789012345678901234567890123456789012345678.5,,,".to_owned(),
        "row 6, line 7, `order.signed-on` [2024-02-30]: `order.signed-on` cannot be read: 2024-02-30 does not exist: February 2024 has 29 days\n  6,A,5,2024-02-30,,".to_owned(),
        "row 7, line 8, `order.starts-on` [2024-01-01]: `order.starts-on` must be >= order.signed-on, and this is 2024-01-01\n  7,A,5,2024-01-02,2024-01-01,".to_owned(),
        "row 8, line 9, `order.spend` [EUR 5]: `order.spend` is in USD, and this is in EUR; amounts are never converted; give it in the currency of the agreement\n  8,A,EUR 5,,,".to_owned(),
    ];
    assert_eq!(told[..expected.len()], expected);
    assert!(
        told[7].starts_with(
            "row 9, line 10, `order.spend` [five]: `order.spend` cannot be read: `five` is not an amount of money; "
        ),
        "{}",
        told[7]
    );
    assert!(told[8].starts_with("row 10, line 11, `order.signed-on` [01/10/2024]: `order.signed-on` cannot be read: `01/10/2024` is not a date; "), "{}", told[8]);
    assert_eq!(
        told[9],
        "row 11, line 12, `order.note` [\u{fffd}]: `order.note` cannot be read: the text is not UTF-8; save the file as UTF-8 (in Excel: \"CSV UTF-8\"), or mend this cell\n  11,A,5,,,\u{fffd}"
    );
    // All that is wrong with a row is told in one reject.
    assert!(told[10].starts_with("row 12, line 13, `incident.severity` [Sev Z]: "), "{}", told[10]);
    assert!(told[10].contains("; `order.spend` must be >= USD 0, and this is -USD 1; `order.signed-on` cannot be read: `soon` is not a date"), "{}", told[10]);
    assert_eq!(
        told[11],
        "row 13, line 14: a quote opens in this line and is never closed; close the quote at the end of its field; a quote within a field is written twice\n  13,A,5,,,\"stays open"
    );
    assert_eq!((told.len(), rows), (12, 2));
}

#[test]
fn each_mistake_in_ndjson_is_told_where_it_stands() {
    let text = b"{\"id\": 1, \"incident.severity\": \"A\", \"order.note\": \"fine\"}
{\"id\": 2, \"incident.severity\": \"A\"
{\"id\": 3, \"incident.severity\": \"A\", \"incident\": {\"severity\": \"B\"}}

[4]
{\"id\": 5, \"incident\": 7}
{\"id\": 6, \"incident.severity\": [\"A\"]}
{\"id\": 7, \"order.pieces\": 1.5}
{\"id\": 8, \"order.discount\": 20}
{\"id\": 9, \"order.note\": \"\xff\"}
{\"id\": 10, \"order.note\": \"\\ud800\"}
{\"id\": 11, \"incident.severity\": \"B\"}
";
    let (told, rows) = of("in.ndjson", text);
    let help = "write one JSON object for each record: {\"incident.id\": \"7\", …}";
    assert_eq!(
        told[0],
        format!(
            "row 2, line 2: the record cannot be read: EOF while parsing an object (character 34); {help}\n  {{\"id\": 2, \"incident.severity\": \"A\""
        )
    );
    assert_eq!(
        told[1],
        format!(
            "row 3, line 3: the record cannot be read: `incident.severity` is given twice (character 59); {help}\n  {{\"id\": 3, \"incident.severity\": \"A\", \"incident\": {{\"severity\": \"B\"}}}}"
        )
    );
    assert!(told[2].starts_with("row 4, line 5: the record cannot be read: a list is no record"), "{}", told[2]);
    assert!(
        told[3].starts_with(
            "row 5, line 6: the record cannot be read: invalid type: integer `7`, expected an object at `incident`"
        ),
        "{}",
        told[3]
    );
    assert!(told[4].starts_with("row 6, line 7, `incident.severity` [[\"A\"]]: `incident.severity` is one of `severity`, and this is a list; "), "{}", told[4]);
    assert!(told[5].starts_with("row 7, line 8, `order.pieces` [1.5]: `order.pieces` is a whole number, and this is 1.5; leave out the fraction"), "{}", told[5]);
    assert!(told[6].starts_with("row 8, line 9, `order.discount` [20]: `order.discount` is a percentage, and 20 does not say of what it is counted; "), "{}", told[6]);
    assert!(told[7].starts_with("row 9, line 10: the record is not UTF-8; "), "{}", told[7]);
    assert!(told[8].starts_with("row 10, line 11: the record cannot be read: "), "{}", told[8]);
    assert_eq!((told.len(), rows), (9, 2));
}

#[test]
fn a_record_that_is_too_long_keeps_its_place() {
    let long = "x".repeat(17 << 20);
    let text = format!("id,incident.severity\n1,A\n2,{long}\n3,B\n");
    let (told, rows) = of("in.csv", text.as_bytes());
    let length = long.len() + 3;
    let why = format!(
        "row 2, line 3: the record is {length} bytes long (bytes 26 to {} of the file, unpacked); a record has at most 16 MiB; \
         only its first 8192 bytes are kept here; take it out of the file by its place, and shorten it\n  2,xxx",
        25 + length
    );
    assert!(told[0].starts_with(&why), "{}", &told[0][..300]);
    assert_eq!((told.len(), rows), (1, 2));
    for name in ["in.ndjson", "in.json"] {
        let records = [r#"{"id": 1}"#.to_owned(), format!(r#"{{"id": "{long}"}}"#), r#"{"id": 3}"#.to_owned()];
        let text = if name == "in.json" { format!("[{}]", records.join(",\n")) } else { records.join("\n") };
        let (told, rows) = of(name, text.as_bytes());
        assert!(
            told[0].starts_with(&format!(
                "row 2, line 2: the record is {} bytes long",
                records[1].len() + usize::from(name == "in.ndjson")
            )),
            "{}",
            &told[0][..300]
        );
        assert_eq!((told.len(), rows), (1, 2));
    }
}

#[test]
fn open_quotes_cost_their_own_lines_and_no_others() {
    let mut text = String::from("id,incident.severity\n");
    for row in 0..300 {
        // Each such quote is closed in the next such line, and another opens at once: so it goes on to the end.
        text.push_str(&format!("{row},A\n{row}x\"y,\"\n"));
    }
    let (told, rows) = of("in.csv", text.as_bytes());
    assert_eq!((rows, told.len()), (300, 300));
    for (at, told) in told.iter().enumerate() {
        let start =
            format!("row {0}, line {1}: a quote opens in this line and is never closed; ", at * 2 + 2, at * 2 + 3);
        assert!(told.starts_with(&start) && told.trim_end().ends_with(&format!("\n  {at}x\"y,\"")), "{told}");
    }
}

#[test]
fn rejects_of_columns_are_lines_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.csv");
    std::fs::write(&input, "id,incident.severity,order.spend\n1,A,5\n2,A,7\n").unwrap();
    let run = Run { keep: &["id", "order.spend"], ..Run::default() };
    let parquet = folder.path().join("in.parquet");
    std::fs::write(&parquet, run.bytes(&[&input], "out.parquet").unwrap().0).unwrap();
    let map = vec![("id", "incident.severity", vec![("1", "A")])];
    let (out, rejects) = Run { map, keep: &["order.spend"], ..Run::default() }.bytes(&[&parquet], "out.csv").unwrap();
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 2);
    let told: Vec<String> = rejects.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "row 2, `id` [2]: `incident.severity` is one of `severity`, and `2` is none of them; they are: 1, A, B\n  {\"id\":\"2\",\"order.spend\":\"7\"}"
        ]
    );
}
