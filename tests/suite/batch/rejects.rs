//! Rows that cannot be used: set aside as they stood, told, mended and run again.

use std::fs;

use super::{ORDERS, batch, ending, text};
use crate::cli::Folder;

const BAD: &str = "\
order,order.assessed-spend,incident.severity
O-1,60000,severity-1
O-2,-5,severity-1
O-3,5,Severity Z
\"O-4, \"\"quoted\"\"\",abc,Severity A
O-5,70000,severity-b
";

#[test]
fn mended_rejects_are_run_again_and_nothing_is_lost() {
    let folder = Folder::new();
    let at = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
    let rows = folder.file("rows.csv", BAD);
    let (output, rejects) = (at("answers.csv"), at("rejected.csv"));
    let (status, out, err) = batch(&[
        "--input",
        &rows,
        "--output",
        &output,
        "--rejects",
        &rejects,
        "--decision",
        "plus",
        "--decision",
        "first-response",
    ]);
    assert_eq!(status, 1);
    assert!(out.contains("2 rows evaluated, 3 rows set aside"), "{out}");
    assert!(err.contains("3 rows were set aside: see"), "{err}");
    // The rows stand as they stood.
    let expected = "order,order.assessed-spend,incident.severity\nO-2,-5,severity-1\nO-3,5,Severity Z\n\
        \"O-4, \"\"quoted\"\"\",abc,Severity A\n";
    assert_eq!(text(&rejects), expected);
    let reasons = text(&at("rejected.reasons.csv"));
    let reasons: Vec<csv::StringRecord> = csv::Reader::from_reader(reasons.as_bytes()).records().flatten().collect();
    let shown: Vec<Vec<&str>> = reasons.iter().map(|r| r.iter().collect()).collect();
    let places: Vec<(&str, &str, &str, &str, &str)> = shown.iter().map(|r| (r[0], r[2], r[3], r[4], r[5])).collect();
    assert_eq!(
        places,
        [
            ("1", "2", "3", "order.assessed-spend", "-USD 5"),
            ("2", "3", "4", "incident.severity", "Severity Z"),
            ("3", "4", "5", "order.assessed-spend", "abc"),
        ]
    );
    assert!(shown[0][6].contains("must be >= USD 0") && shown[1][7].contains("did you mean"), "{shown:?}");

    let mended = expected.replace("-5,", "50000,").replace("Severity Z", "Severity B").replace("abc", "1");
    let mended = folder.file("mended.csv", mended);
    let (status, out, err) = batch(&["--input", &mended, "--decision", "plus", "--decision", "first-response"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(out.lines().count() + text(&output).lines().count() - 2, BAD.lines().count() - 1);
}

#[test]
fn without_a_file_for_them_the_first_are_shown_and_all_counted() {
    let folder = Folder::new();
    let mut rows = BAD.to_owned();
    (0..30).for_each(|row| rows.push_str(&format!("X-{row},x,severity-1\n")));
    let rows = folder.file("rows.csv", rows);
    let (status, out, err) = batch(&["--input", &rows, "--decision", "plus", "--decision", "first-response"]);
    assert_eq!((status, out.lines().count()), (1, 3));
    assert!(err.contains("line 4, column `incident.severity`: "), "{err}");
    assert!(err.contains("33 rows were set aside and cannot be found in the output; not all are shown"), "{err}");
    assert_eq!(err.matches("rows.csv, line ").count(), 10, "{err}");
}

#[test]
fn strict_stops_at_the_first_and_writes_nothing() {
    let folder = Folder::new();
    let at = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
    let rows = folder.file("rows.csv", BAD);
    let output = folder.file("answers.csv", "the old answers");
    for (limit, status, says) in [
        (&["--strict"][..], 2, "a row cannot be used, so the run was stopped"),
        (&["--max-rejects", "2"], 2, "more than 2 rows cannot be used"),
        (&["--max-rejects", "3"], 1, "3 rows were set aside"),
    ] {
        let rejects = at("rejected.csv");
        let args = [
            &[
                "--input",
                &rows,
                "--output",
                &output,
                "--rejects",
                &rejects,
                "--decision",
                "plus",
                "--decision",
                "first-response",
            ][..],
            limit,
        ];
        let (found, _, err) = batch(&args.concat());
        assert_eq!(found, status, "{limit:?}\n{err}");
        assert!(err.contains(says), "{limit:?}\n{err}");
        if status == 2 {
            assert!(err.contains("rows.csv, line 3"), "{err}");
            assert_eq!(text(&output), "the old answers");
            assert!(!fs::exists(&rejects).expect("a folder"));
        }
        assert!(ending(&folder.0, ".partial").is_empty() && ending(&folder.0, ".journal").is_empty());
    }
}

#[test]
fn a_file_for_rejects_is_written_even_if_there_are_none() {
    let folder = Folder::new();
    let rows = folder.file("rows.csv", ORDERS);
    // What it held is of a run before, and no longer true.
    let rejects = folder.file("rejected.csv", "old");
    let (status, _, err) =
        batch(&["--input", &rows, "--rejects", &rejects, "--decision", "plus", "--decision", "first-response"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(text(&rejects).lines().count(), 1);
}
