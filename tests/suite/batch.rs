//! `clausal batch` from end to end: rows in, answers, rejects and summaries out, and that nothing is lost or half written.

mod compare;
mod maps;
mod rejects;
mod resume;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clausal::report::{answer_text, report, targets_named};
use clausal::scenario::document::Format;
use clausal::scenario::fit;
use clausal::source::disk::Disk;
use serde_json::{Value as Json, json};

use crate::cli::{Folder, answers};
use crate::support::{home, open};

const RULES: &str = "tests/cases/batch/orders.clause";

/// Rows of ordinary orders: everything given, facts missing, labels in two languages.
const ORDERS: &str = "\
order,region,order.assessed-spend,incident.severity,booking.fee,booking.delivery-date,booking.cancelled-on
O-1,EMEA,\"60,000\",severity-1,USD 100,2025-03-14,2025-03-04
O-2,APAC,59999.99,严重性 A,200.50,2025-03-14,2025-03-10
O-3,APAC,,Severity B,,2025-03-14,2025-02-01
O-4,EMEA,75000,,80,,
";

/// As many rows as are asked for, all of which can be used.
fn many(rows: usize) -> String {
    let mut text = "order,region,order.assessed-spend,incident.severity,booking.fee\n".to_owned();
    for row in 0..rows {
        let region = ["EMEA", "APAC", "LATAM"][row % 3];
        let severity = ["severity-1", "severity-a", "severity-b", ""][row % 4];
        text.push_str(&format!("O-{row},{region},{}.{:02},{severity},{}\n", row * 37 % 120_000, row % 100, row % 500));
    }
    text
}

/// The command, with all that is to follow it.
fn batch(args: &[&str]) -> (i32, String, String) {
    answers(&[&["batch", RULES][..], args].concat())
}

fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn rows_come_back_in_their_order_with_answers_and_reasons() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", ORDERS);
    let (status, out, err) = batch(&[
        "--input",
        &orders,
        "--keep",
        "order",
        "--decision",
        "plus",
        "--decision",
        "first-response",
        "--decision",
        "cancellation-charge",
    ]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        out,
        "\
order,plus,plus.reason,first-response,first-response.reason,cancellation-charge,cancellation-charge.reason
O-1,yes,,15 min,,USD 50,
O-2,,facts missing: order.elects-plus,1 h,,USD 200.50,
O-3,,\"facts missing: order.assessed-spend, order.elects-plus\",2 h,,,facts missing: booking.fee
O-4,yes,,,facts missing: incident.severity,,\"facts missing: booking.delivery-date, booking.cancelled-on\"
"
    );
    assert!(err.contains("facts that are asked for and that no column gives: order.elects-plus"), "{err}");
    assert!(err.contains("columns that feed no input: `region`"), "{err}");
    assert!(err.contains("4 rows evaluated\n"), "{err}");
}

/// What a row comes to is what `eval` says of the same facts.
#[test]
fn answers_are_those_of_eval() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", many(300));
    let (status, out, err) = batch(&["--input", &orders, "--amounts", "text", "--progress", "never"]);
    assert_eq!(status, 0, "{err}");
    let mut opened = open(&Disk, &home().join(RULES).to_string_lossy());
    let checked = opened.sets.swap_remove(0).checked.expect("sound rules");
    let mut answers = csv::Reader::from_reader(out.as_bytes());
    let headings = answers.headers().expect("headings").clone();
    let inputs = ["order.assessed-spend", "incident.severity", "booking.fee"];
    let names = ["plus", "first-response", "cancellation-charge"];
    for record in answers.records() {
        let record = record.expect("a row");
        let cell = |name: &str| record.get(headings.iter().position(|h| h == name).expect("a column")).expect("a cell");
        let facts: serde_json::Map<String, Json> = inputs
            .iter()
            .map(|name| (*name).to_owned())
            .zip(inputs.map(|name| match cell(name) {
                "" => Json::Null,
                text => json!(if name == "incident.severity" { text.to_owned() } else { format!("USD {text}") }),
            }))
            .collect();
        let document = Json::Object(facts).to_string();
        let node = clausal::scenario::document::read(&document, Format::Json).expect("JSON");
        let fitted = fit::fit(&checked.model, &node, clausal::source::FileId(0), &fit::no_files);
        assert!(fitted.problems.is_empty(), "{:?}", fitted.problems);
        for name in names {
            let reports = report(&checked, &fitted.facts, targets_named(&checked.model, name).expect("a decision"));
            let expected = answer_text(&checked.model, &reports[0].outcome.answer, "en");
            let found = [cell(name), cell(&format!("{name}.reason"))].concat();
            assert_eq!(found, expected, "{name} of {document}");
        }
    }
}

#[test]
fn the_bytes_are_the_same_however_many_work() {
    let folder = Folder::new();
    let orders =
        folder.file("orders.csv", many(30_000).replace("O-77,", "O-77,\u{1F600}\" ,").replacen("severity-b", "P7", 9));
    let run = |jobs: &str| {
        let at = |name: &str| folder.0.join(format!("{jobs}-{name}")).to_string_lossy().into_owned();
        let (output, rejects, summary) = (at("a.csv"), at("r.csv"), at("s.json"));
        let (status, _, err) = batch(&[
            "--input",
            &orders,
            "--output",
            &output,
            "--rejects",
            &rejects,
            "--summary",
            &summary,
            "--group-by",
            "region",
            "--jobs",
            jobs,
            "--decision",
            "plus",
            "--decision",
            "first-response",
        ]);
        assert_eq!(status, 1, "{err}");
        let mut summary: Json = serde_json::from_str(&text(&summary)).expect("JSON");
        summary["throughput"] = json!({});
        (text(&output), text(&rejects), text(&at("r.reasons.csv")), summary)
    };
    let one = run("1");
    assert!(one.1.lines().count() > 1 && one.0.lines().count() > 29_000);
    assert!(one == run("2"));
    assert!(one == run("5"));
}

#[test]
fn ndjson_goes_in_and_comes_out() {
    let folder = Folder::new();
    let rows = folder.file(
        "orders.ndjson",
        r#"{"order": {"id": "O-1", "assessed-spend": "USD 60,000"}, "incident.severity": "severity-1"}
{"order": {"id": "O-2", "assessed-spend": 5, "elects-plus": false}, "incident": {"severity": "严重性 A"}}
{"order": {"id": "O-3"}, "incident": {"severity": "Severity Z"}}
"#,
    );
    let rejects = folder.0.join("rejects.ndjson").to_string_lossy().into_owned();
    let (status, out, err) = batch(&[
        "--input",
        &rows,
        "--format",
        "ndjson",
        "--keep",
        "order.id",
        "--decision",
        "plus",
        "--decision",
        "first-response",
        "--rejects",
        &rejects,
    ]);
    assert_eq!(status, 1, "{err}");
    let lines: Vec<Json> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert_eq!(lines[0]["order.id"], "O-1", "{out}");
    assert_eq!(lines[1]["first-response"], "1 h", "{out}");
    assert_eq!(text(&rejects), "{\"order\": {\"id\": \"O-3\"}, \"incident\": {\"severity\": \"Severity Z\"}}\n");
}

#[test]
fn groups_and_sums_are_a_table_and_json() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", ORDERS);
    let (output, summary) = (folder.0.join("a.csv"), folder.0.join("s.json"));
    let (output, summary) = (output.to_string_lossy().into_owned(), summary.to_string_lossy().into_owned());
    let (status, out, err) = batch(&[
        "--input",
        &orders,
        "--output",
        &output,
        "--summary",
        &summary,
        "--group-by",
        "region",
        "--decision",
        "cancellation-charge",
        "--explain",
    ]);
    assert_eq!(status, 0, "{err}");
    let table = "\
cancellation-charge by region
        rows  facts missing  sum in USD
  APAC     2              1  USD 200.50
  EMEA     2              1      USD 50
";
    assert!(out.contains(table), "{out}");
    assert!(out.contains("  sum USD 250.50, from USD 50 to USD 200.50\n"), "{out}");
    let summary: Json = serde_json::from_str(&text(&summary)).expect("JSON");
    let schema = text(&home().join("docs/schemas/batch-summary.json").to_string_lossy());
    let (_, printed, _) = answers(&["schema", "--output-format", "batch-summary"]);
    assert_eq!(printed, schema);
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    let wrong: Vec<String> = validator.iter_errors(&summary).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{summary:#}");
    assert_eq!(summary["groups"]["of"][1]["decisions"][0]["amounts"][0]["sum"], "50");
    assert_eq!(summary["decisions"][0]["clauses"][0]["id"], "cancellation");
}

#[test]
fn several_files_are_one_input() {
    let folder = Folder::new();
    let mut lines = ORDERS.lines();
    let heading = lines.next().expect("a heading");
    for (place, line) in lines.enumerate() {
        folder.file(&format!("part-{place}.csv"), format!("{heading}\n{line}\n"));
    }
    let whole = folder.file("whole.csv", ORDERS);
    let pattern = folder.0.join("part-*.csv").to_string_lossy().into_owned();
    assert_eq!(batch(&["--input", &pattern]).1, batch(&["--input", &whole]).1);
    let nothing = folder.0.join("none-*.csv").to_string_lossy().into_owned();
    let (status, _, err) = batch(&["--input", &nothing]);
    assert!(status == 2 && err.contains("no file is called as"), "{err}");
    let (status, _, err) = batch(&["--input", &whole, &whole]);
    assert!(status == 2 && err.contains("named twice"), "{err}");
}

#[test]
fn a_pipe_gives_rows_and_takes_answers() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clausal"))
        .args(["batch", RULES, "--input", "-", "--input-format", "csv", "--keep", "order", "--decision", "plus"])
        .current_dir(home())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut input = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut input, ORDERS.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 5);
    // Nothing is drawn where nobody looks.
    assert!(!output.stderr.contains(&b'\x1b') && !output.stderr.contains(&b'\r'));
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", many(20_000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_clausal"))
        .args(["batch", RULES, "--input", &orders, "--decision", "plus"])
        .current_dir(home())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(!err.contains("bug of ours") && !err.contains("written"), "{err}");
}

#[test]
fn what_cannot_be_used_is_told_and_nothing_is_written() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", ORDERS);
    let empty = folder.file("empty.csv", "");
    let empty_arrow = folder.file("empty.arrow", "");
    let a_folder = folder.0.to_string_lossy().into_owned();
    let output = folder.0.join("answers.csv").to_string_lossy().into_owned();
    let nowhere = folder.0.join("no/such/answers.csv").to_string_lossy().into_owned();
    let missing = folder.0.join("missing.csv").to_string_lossy().into_owned();
    for (args, says) in [
        (&["--input", &orders, "--output", &nowhere][..], "there is no folder"),
        (&["--input", &missing, "--output", &output], "there is no such file"),
        (&["--input", &empty, "--output", &output], "empty"),
        (&["--input", &empty_arrow, "--output", &output], "the file is empty"),
        (&["--input", &a_folder, "--output", &output], "this is a folder"),
        (
            &["--input", &orders, "--output", &output, "--map", &empty_arrow, "--decision", "plu"],
            "did you mean `plus`?",
        ),
        (&["--input", &orders, "--output", &output, "--map", &orders], "--suggest-map drafts such a file"),
        (&["--input", &orders, "--output", &orders], "would be written over"),
        (&["--input", &orders, "--output", &output, "--rejects", &output], "written twice"),
        (&["--input", &orders, "--output", &output, "--decision", "pluss"], "did you mean `plus`?"),
        (&["--input", &orders, "--output", &output, "--keep", "ordr"], "did you mean `order`?"),
        (&["--input", &orders, "--output", &output, "--group-by", "regoin"], "did you mean `region`?"),
        (&["--input", &orders, "--output", &output, "--readings", "all"], "for one case"),
        (&["--input", &orders, "--output", &output, "--decimal-mark", ";"], "write `.` or `,`"),
        (&["--input", &orders, "--output", "answers.xls"], "say which with --format"),
        (&["--input", &orders, "--output", &output, "--summary", &format!("{nowhere}.json")], "there is no folder"),
    ] {
        let (status, out, err) = batch(args);
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}\n{err}");
        assert!(err.contains(says), "{args:?}\n{err}");
    }
    let left: Vec<_> = fs::read_dir(&folder.0).expect("a folder").flatten().map(|file| file.file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn headings_alone_are_no_rows() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", format!("{}\n", ORDERS.lines().next().expect("a heading")));
    let (status, out, err) = batch(&["--input", &orders, "--keep", "order", "--decision", "plus"]);
    assert_eq!((status, out.as_str()), (0, "order,plus,plus.reason\n"), "{err}");
    assert!(err.contains("0 rows evaluated"), "{err}");
}

#[test]
fn columns_without_an_input_are_told_to_be_mapped() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", "Assessed spend,x\n5,6\n");
    let (status, _, err) = batch(&["--input", &orders]);
    assert_eq!(status, 2);
    assert!(err.contains("no column is called as an input of these rules") && err.contains("--suggest-map"), "{err}");
}

#[test]
fn facts_of_a_file_hold_for_all_rows() {
    let folder = Folder::new();
    let orders = folder.file("orders.csv", ORDERS);
    let facts = folder.file("facts.json", r#"{"order.elects-plus": true}"#);
    let (_, out, err) = batch(&["--input", &orders, "--facts", &facts, "--decision", "plus", "--keep", "none"]);
    assert_eq!(out, "plus,plus.reason\nyes,\nyes,\nyes,\nyes,\n", "{err}");
    assert!(!err.contains("no column gives"), "{err}");
}

#[test]
fn events_of_a_file_of_their_own_belong_to_rows_by_key() {
    let folder = Folder::new();
    let rules = folder.file(
        "incidents.clause",
        "party customer {}\nevent reported { by customer }\nevent answered {}\n\
         milestone first-response { starts on reported stops on answered target 4 h }\n",
    );
    let rows = folder.file("rows.csv", "incident\nI-1\nI-2\nI-3\n");
    let events = folder.file(
        "events.csv",
        "incident,at,event,by\nI-1,2026-03-06T09:00+08:00,reported,customer\n\
         I-2,2026-03-06T09:00+08:00,reported,customer\nI-1,2026-03-06T10:00+08:00,answered,\n",
    );
    let facts = folder.file("facts.json", r#"{"as-of": "2026-03-06T15:00+08:00"}"#);
    let (status, out, err) = answers(&[
        "batch",
        &rules,
        "--input",
        &rows,
        "--events",
        &events,
        "--key",
        "incident",
        "--facts",
        &facts,
        "--decision",
        "first-response.state",
    ]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        out,
        "incident,first-response.state,first-response.state.reason\nI-1,met,\nI-2,missed,\nI-3,not-started,\n"
    );
}

/// Files of a folder whose names end so.
fn ending(folder: &Path, ending: &str) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").flatten().map(|f| f.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(ending)).collect()
}
