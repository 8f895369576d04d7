//! Files that cannot be read: what is said, and that nothing panics.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Run;

#[test]
fn what_is_no_file_of_cases_is_refused() {
    let of = |name: &str, content: &[u8]| Run::default().error(name, content);
    assert_eq!(
        of("a.csv", b"\xff\xfei\x00d\x00"),
        "`a.csv`: the file is UTF-16; save it as UTF-8 (in Excel: \"CSV UTF-8\")"
    );
    assert_eq!(of("a.csv", b"i\x00d\x00,\x00b\x00\n\x00"), of("a.csv", b"\xff\xfei\x00d\x00"));
    assert_eq!(
        of("a.csv", b"id,b,id\n1,2,3\n"),
        "`a.csv`, line 1: the heading `id` stands twice, over columns 1 and 3; give each column a name of its own"
    );
    assert_eq!(
        of("a.csv", b"\n"),
        "`a.csv`: the file is empty; the first line names the columns; if the file should have rows, export it again"
    );
    assert_eq!(
        of("a.csv", b"PK\x03\x04..."),
        "`a.csv`: this is an Excel workbook or a zip file; save the sheet as CSV UTF-8, or unzip it"
    );
    assert_eq!(
        of("a.csv", b"id,\"b\n1,2\n"),
        "`a.csv`, line 1: a quote in the heading is never closed; close the quote at the end of its field; a quote within \
         a field is written twice"
    );
    assert_eq!(
        of("a.ndjson", b"[{}]"),
        "`a.ndjson`: this is a JSON array, and not one record a line; name it .json, or say that its format is json"
    );
    assert_eq!(
        of("a.json", b"7"),
        "`a.json`, line 1: this is no JSON array of records; write a list of records: [{\"incident.id\": \"7\", …}, …]"
    );
    assert_eq!(
        of("a.json", b"[{\"id\": 1},\n{\"id\": 2"),
        "`a.json`, line 1, after 1 records: the array is cut short: its closing bracket is missing; copy the file again \
         from where it comes from"
    );
    assert_eq!(
        of("a.json", b"[{\"id\": 1}\n{\"id\": 2}]"),
        "`a.json`, line 2, after 1 records: a comma is missing between two records; put it there"
    );
    assert_eq!(
        of("a.txt", b"id"),
        "`a.txt`: the end of the name tells no format; say which it is by --input-format: csv, tsv, ndjson, json, parquet, arrow, arrow-stream"
    );
    assert_eq!(
        of("a.parquet.gz", b""),
        "`a.parquet.gz`: parquet files are not packed as a whole; unpack it first; inside, such files are packed already"
    );
    assert_eq!(
        of("a.parquet", b""),
        "`a.parquet`: the file is empty; a Parquet file has a footer even without rows: export it again"
    );
    let error = Run::default().bytes(&[std::path::Path::new("no/such.csv")], "out.csv").unwrap_err();
    assert_eq!(error.to_string(), "`no/such.csv`: there is no such file");
}

/// Files of every format that is packed or in columns.
fn sound() -> Vec<(&'static str, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("id,incident.severity,order.pieces\n");
    for row in 0..5000 {
        text.push_str(&format!("{row},{},{}\n", ["1", "A", "B"][row % 3], row * 7));
    }
    let input = folder.path().join("in.csv");
    fs::write(&input, text).unwrap();
    let run = Run { keep: &["id", "incident.severity", "order.pieces"], ..Run::default() };
    ["f.parquet", "f.arrow", "f.arrows", "f.csv.gz", "f.csv.zst", "f.arrows.zst", "f.json"]
        .into_iter()
        .map(|name| (name, run.bytes(&[&input], name).unwrap().0))
        .collect()
}

#[test]
fn a_file_that_is_cut_short_is_told_and_nothing_panics() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in sound() {
        let path = folder.path().join(name);
        for part in [1, 10, 37, 50, 63, 90, 99] {
            fs::write(&path, &bytes[..bytes.len() * part / 100]).unwrap();
            let read = catch_unwind(AssertUnwindSafe(|| Run::default().bytes(&[&path], "out.csv")));
            let read = read.unwrap_or_else(|_| panic!("{name} cut to {part} % panics"));
            let error = read.expect_err(&format!("{name} cut to {part} %"));
            assert!(!error.help.is_empty());
            if name.starts_with("f.csv") {
                let said = format!("{error}");
                assert!(said.ends_with("file is cut short"), "{said}");
            }
        }
    }
}

#[test]
fn a_file_with_wrong_bytes_never_panics() {
    let folder = tempfile::tempdir().unwrap();
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for (name, bytes) in sound() {
        let path = folder.path().join(name);
        for round in 0..30 {
            let mut broken = bytes.clone();
            for _ in 0..3 {
                let at = random(broken.len());
                broken[at] = random(256) as u8;
            }
            fs::write(&path, &broken).unwrap();
            let read = catch_unwind(AssertUnwindSafe(|| Run::default().bytes(&[&path], "out.csv").is_ok()));
            assert!(read.is_ok(), "{name}, round {round}, panics");
        }
    }
}
