//! The same rows in every format come to the same.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array, ListBuilder,
    RecordBatch, StringArray, StringBuilder, StructArray, TimestampMicrosecondArray, TimestampMillisecondArray,
};
use arrow::datatypes::{DataType, Field, Int8Type};
use arrow::ipc::writer::FileWriter;
use clausal::batch::Format;
use clausal::batch::read::{ReadOptions, open};
use parquet::arrow::ArrowWriter;

use super::{Run, told};

const CSV: &str = "id,incident.severity,order.spend,order.signed-on,order.reported-at,order.note
a,1,\"USD 60,000,000.50\",2024-10-01,2024-10-01T09:00+08:00,\"two
lines, and a \"\"quote\"\"\"
b,严重性 A,50,2024-02-29,,
c,,,,2024-10-01T01:00Z,套餐
";

const KEPT: [&str; 6] =
    ["id", "incident.severity", "order.spend", "order.signed-on", "order.reported-at", "order.note"];

/// The rows with their answers, as CSV.
fn as_csv(path: &Path) -> String {
    let (bytes, rejects) = Run { keep: &KEPT, ..Run::default() }.bytes(&[path], "out.csv").unwrap();
    assert_eq!(rejects.iter().map(told).collect::<Vec<_>>(), Vec::<String>::new());
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_is_written_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.csv");
    fs::write(&input, CSV).unwrap();
    let expected = as_csv(&input);
    assert_eq!(expected.lines().nth(1), Some("a,1,\"USD 60,000,000.50\",2024-10-01,2024-10-01T09:00+08:00,\"two"));
    for name in [
        "out.tsv",
        "out.ndjson",
        "out.json",
        "out.parquet",
        "out.arrow",
        "out.arrows",
        "out.csv.gz",
        "out.ndjson.zst",
        "out.json.gz",
        "out.arrows.gz",
        "out.arrows.zst",
    ] {
        let output = folder.path().join(name);
        // The answers of the first run are columns that the second does not look at.
        let (bytes, _) = Run { keep: &KEPT, ..Run::default() }.bytes(&[&input], name).unwrap();
        fs::write(&output, bytes).unwrap();
        assert_eq!(as_csv(&output), expected, "{name}");
    }
}

#[test]
fn an_output_without_rows_has_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.csv");
    fs::write(&input, CSV.split_inclusive('\n').next().unwrap()).unwrap();
    for name in ["out.csv", "out.ndjson", "out.json", "out.parquet", "out.arrow", "out.arrows.zst"] {
        let output = folder.path().join(name);
        let (bytes, _) = Run { keep: &["id"], ..Run::default() }.bytes(&[&input], name).unwrap();
        fs::write(&output, &bytes).unwrap();
        if name == "out.json" {
            assert_eq!(bytes, b"[\n]\n");
        }
        let mut source = open(&[output.to_string_lossy().into_owned()], ReadOptions::default()).unwrap();
        if name != "out.ndjson" && name != "out.json" {
            assert_eq!(source.headings()[1].name, "severity", "{name}");
        }
        assert!(source.next().unwrap().is_none(), "{name}");
    }
}

/// Columns of Arrow with the types that data frames and databases have.
fn typed() -> RecordBatch {
    let severity: DictionaryArray<Int8Type> = vec![Some("1"), Some("Severity A"), None].into_iter().collect();
    let spend = Decimal128Array::from(vec![Some(123_450), Some(0), None]).with_precision_and_scale(20, 2).unwrap();
    let discount = StringArray::from(vec![Some("20%"), None, Some("0.5%")]);
    let count = Int64Array::from(vec![Some(3), None, Some(-1)]);
    let credits = Float64Array::from(vec![Some(0.1), Some(5.0), None]);
    let signed_on = Date32Array::from(vec![Some(19_782), None, Some(0)]);
    // Midnight of a day, as data frames hold dates.
    let starts_on = TimestampMillisecondArray::from(vec![Some(19_783 * 86_400_000), None, Some(86_400_000)]);
    let reported = TimestampMicrosecondArray::from(vec![Some(0), Some(1_500_000), None]).with_timezone("Asia/Shanghai");
    let late = BooleanArray::from(vec![Some(true), Some(false), None]);
    let mut products = ListBuilder::new(StringBuilder::new());
    products.append_value([Some("maps"), Some("azure")]);
    products.append_null();
    products.append_value([] as [Option<&str>; 0]);
    let order: Vec<(&str, ArrayRef)> = vec![
        ("spend", Arc::new(spend)),
        ("discount", Arc::new(discount)),
        ("pieces", Arc::new(count)),
        ("credits", Arc::new(credits)),
        ("signed-on", Arc::new(signed_on)),
        ("starts-on", Arc::new(starts_on)),
        ("reported-at", Arc::new(reported)),
        ("late", Arc::new(late)),
        ("products", Arc::new(products.finish())),
    ];
    let fields: Vec<(Arc<Field>, ArrayRef)> = order
        .into_iter()
        .map(|(name, array)| (Arc::new(Field::new(name, array.data_type().clone(), true)), array))
        .collect();
    let order: ArrayRef = Arc::new(StructArray::from(fields));
    RecordBatch::try_from_iter([("incident.severity", Arc::new(severity) as ArrayRef), ("order", order)]).unwrap()
}

#[test]
fn columns_of_arrow_and_parquet_are_facts() {
    let folder = tempfile::tempdir().unwrap();
    let batch = typed();
    let arrow = folder.path().join("in.arrow");
    let mut writer = FileWriter::try_new(fs::File::create(&arrow).unwrap(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    let parquet = folder.path().join("in.parquet");
    let mut writer = ArrowWriter::try_new(fs::File::create(&parquet).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let run = Run {
        decisions: &[
            "severity",
            "spend",
            "discount",
            "pieces",
            "credits",
            "signed-on",
            "starts-on",
            "reported-at",
            "late",
            "products",
        ],
        ..Run::default()
    };
    for path in [arrow, parquet] {
        let (bytes, rejects) = run.bytes(&[&path], "out.tsv").unwrap();
        assert_eq!(rejects.iter().map(told).collect::<Vec<_>>(), Vec::<String>::new());
        let text = String::from_utf8(bytes).unwrap();
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split('\t').step_by(2).collect()).collect();
        let day = "1970-01-01T08:00";
        let expected = [
            vec!["1", "{ azure, maps }", "yes", "3", "USD 1,234.50", "20%", "0.1 credit", "2024-02-29", "2024-03-01"],
            vec!["A", "", "no", "", "USD 0", "", "5 credit", "", ""],
            vec!["", "{}", "", "-1", "", "0.5%", "", "1970-01-01", "1970-01-02"],
        ];
        let instants = [format!("{day}+08:00"), format!("{day}:01.5+08:00"), String::new()];
        for ((row, expected), instant) in rows.iter().zip(expected).zip(&instants) {
            assert_eq!(row[..9], expected[..]);
            assert_eq!(row[9], instant);
        }
    }
}

#[test]
fn a_day_beyond_the_calendar_costs_its_own_row() {
    let folder = tempfile::tempdir().unwrap();
    let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(0), Some(i32::MAX), None, Some(19_000)]));
    let far = i64::MAX / 1_000 * 1_000;
    let instants = TimestampMicrosecondArray::from(vec![Some(0), Some(0), Some(far), Some(1_000_000)]);
    let instants: ArrayRef = Arc::new(instants.with_timezone("UTC"));
    let batch = RecordBatch::try_from_iter([("order.signed-on", days), ("order.reported-at", instants)]).unwrap();
    let path = folder.path().join("in.arrow");
    let mut writer = FileWriter::try_new(fs::File::create(&path).unwrap(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    let run = Run { decisions: &["signed-on", "reported-at"], ..Run::default() };
    let (bytes, rejects) = run.bytes(&[&path], "out.tsv").unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split('\t').step_by(2).collect()).collect();
    let expected = [["1970-01-01", "1970-01-01T00:00Z"], ["2022-01-08", "1970-01-01T00:00:01Z"]];
    assert_eq!(rows, expected);
    let why = |count: &str| format!("{count} from 1970-01-01 lie outside the years 1 to 9999");
    let told: Vec<String> = rejects.iter().map(|reject| format!("{} {}", reject.row, reject.why)).collect();
    let days = why("2147483647 days");
    let seconds = why(&format!("{} seconds", far / 1_000_000));
    assert_eq!(
        told,
        [
            format!("2 `order.signed-on` cannot be read: {days}"),
            format!("3 `order.reported-at` cannot be read: {seconds}")
        ]
    );
}

#[test]
fn answers_have_types_in_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.csv");
    let text = "id,incident.severity,order.spend,order.discount,order.late,order.signed-on,order.reported-at,order.limit\n\
                a,1,1234.5,20%,yes,2024-02-29,1970-01-01T01:00+01:00,15 min\nb,,,,,,,\n";
    fs::write(&input, text).unwrap();
    let (bytes, _) = Run { keep: &["id"], ..Run::default() }.bytes(&[&input], "out.parquet").unwrap();
    let output = folder.path().join("out.parquet");
    fs::write(&output, bytes).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(fs::File::open(output).unwrap(), 10);
    let batch = reader.unwrap().next().unwrap().unwrap();
    let schema = batch.schema();
    let ty = |name: &str| schema.field_with_name(name).unwrap().data_type().clone();
    assert_eq!(ty("late"), DataType::Boolean);
    assert_eq!(ty("spend"), DataType::Decimal128(38, 10));
    assert_eq!(ty("signed-on"), DataType::Date32);
    assert_eq!(ty("limit"), DataType::Int64);
    assert!(matches!(ty("reported-at"), DataType::Timestamp(_, Some(zone)) if *zone == *"UTC"));
    let unit = |name: &str| schema.field_with_name(name).unwrap().metadata().get("clausal.unit").cloned();
    assert_eq!(unit("spend"), Some("USD".to_owned()));
    assert_eq!(unit("limit"), Some("seconds".to_owned()));
    let shown = |name: &str, row: usize| {
        let options = arrow::util::display::FormatOptions::default().with_null("-");
        let array = batch.column_by_name(name).unwrap();
        arrow::util::display::ArrayFormatter::try_new(array, &options).unwrap().value(row).to_string()
    };
    let names = ["id", "severity", "spend", "discount", "late", "signed-on", "limit", "severity.reason"];
    let first: Vec<String> = names.iter().map(|name| shown(name, 0)).collect();
    assert_eq!(first, ["a", "1", "1234.5000000000", "20.0000000000", "true", "2024-02-29", "900", "-"]);
    let second: Vec<String> = names.iter().map(|name| shown(name, 1)).collect();
    assert_eq!(second, ["b", "-", "-", "-", "-", "-", "-", "facts missing: incident.severity"]);
}

#[test]
fn json_is_nested_dotted_or_both() {
    let text = r#"{"id": 7, "order.spend": 1234.50, "incident": {"severity": "1"}, "order": {"late": true, "note": "aéb", "products": ["maps"]}}
{"id": "8", "order": null, "incident": {"severity": 1, "other": [1, {"a": "]"}]}, "order.spend": "USD 5"}

{"order": {"spend": {"currency": "USD", "amount": "7"}}, "id": {"nested": [1,
"#;
    let text = text.replace("[1,\n", "[1, 2]}}\n");
    let run = Run { keep: &["id"], decisions: &["severity", "spend", "late", "note", "products"], ..Run::default() };
    let read = ReadOptions { expected: vec!["id".to_owned()], ..ReadOptions::default() };
    let run = Run { read, ..run };
    let (out, rejects) = run.text("in.ndjson", text.as_bytes(), "out.tsv");
    assert_eq!(rejects.iter().map(told).collect::<Vec<_>>(), Vec::<String>::new());
    let rows: Vec<Vec<&str>> = out.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let values = |row: usize| [rows[row][0], rows[row][1], rows[row][3], rows[row][5], rows[row][7], rows[row][9]];
    assert_eq!(values(0), ["7", "1", "{ maps }", "yes", "USD 1,234.50", "aéb"]);
    assert_eq!(values(1), ["8", "1", "", "", "USD 5", ""]);
    assert_eq!(values(2), ["\"{\"\"nested\"\": [1, 2]}\"", "", "", "", "USD 7", ""]);
    // The same records as an array, over several lines.
    let records: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let array = format!(" [\n{}\n]\n", records.join(" ,\n\n").replace("\"incident\"", "\n\"incident\""));
    let (from_array, rejects) = run.text("in.json", array.as_bytes(), "out.tsv");
    assert_eq!(rejects.iter().map(told).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(from_array, out);
    let (json, _) = run.text("in.ndjson", text.as_bytes(), "out.ndjson");
    assert!(json.starts_with("{\"id\":7,\"severity\":\"1\",\"severity.reason\":null,"), "{json}");
    assert!(json.contains("{\"id\":{\"nested\": [1, 2]},\"severity\":null,"), "{json}");
}

#[test]
fn files_are_read_one_after_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let (a, b) = (file("a.csv", "id,order.pieces\n1,5\n"), file("b.csv", "id;order.pieces\n2;6\nx;y\n"));
    let run = Run { keep: &["id"], ..Run::default() };
    let (bytes, rejects) = run.bytes(&[&a, &b], "out.csv").unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), "id,pieces,pieces.reason\n1,5,\n2,6,\n");
    assert_eq!((rejects.len(), rejects[0].row, rejects[0].line), (1, 2, Some(3)));
    let c = file("c.csv", "id,order.spend\n1,5\n");
    let error = run.bytes(&[&a, &c], "out.csv").unwrap_err();
    let said = error.to_string().replace(&format!("{}/", folder.path().display()), "");
    assert_eq!(said, "`c.csv`: column 2 is `order.spend`, and in `a.csv` it is `order.pieces`");
}

#[test]
fn pieces_are_passed_over_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("id,order.pieces,order.note\n");
    for row in 0..60_000 {
        text.push_str(&format!("{row},{row},\"a note\nof two lines {row}\"\n"));
    }
    let csv = folder.path().join("in.csv");
    fs::write(&csv, &text).unwrap();
    let run = Run { keep: &["id", "order.pieces"], decisions: &["late"], ..Run::default() };
    let mut paths = vec![csv];
    for name in ["in.parquet", "in.ndjson", "in.arrow"] {
        let path = folder.path().join(name);
        fs::write(&path, run.bytes(&[&paths[0]], name).unwrap().0).unwrap();
        paths.push(path);
    }
    for path in paths {
        let whole = open(&[path.to_string_lossy().into_owned()], ReadOptions::default());
        let mut whole = whole.unwrap();
        let (mut pieces, mut next) = (0, 1);
        while let Some(piece) = whole.next().unwrap() {
            assert_eq!((piece.number, piece.first_row), (pieces, next), "{}", path.display());
            pieces += 1;
            let run = Run { keep: &["id"], skip: pieces, ..Run::default() };
            if pieces == 2 {
                let (rest, _) = run.bytes(&[&path], "out.csv").unwrap();
                let (all, _) = Run { skip: 0, ..run }.bytes(&[&path], "out.csv").unwrap();
                let line = rest.split_inclusive(|b| *b == b'\n').nth(1).unwrap();
                let (rest, all) = (String::from_utf8(rest.clone()).unwrap(), String::from_utf8(all).unwrap());
                let from = all.find(std::str::from_utf8(line).unwrap()).unwrap();
                assert!(from > 100 && rest.ends_with(&all[from..]) && rest.len() < all.len());
            }
            next = piece.first_row + rows_of(&piece.content);
        }
        assert!(pieces > 1, "{} has {pieces} pieces", path.display());
        assert_eq!(next, 60_001);
    }
    assert!(Format::of_path("x.csv").is_some());
}

fn rows_of(content: &clausal::batch::Content) -> u64 {
    use clausal::batch::Content;
    match content {
        Content::Arrow(batch) => batch.num_rows() as u64,
        Content::Delimited { bytes, .. } => {
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]).records().count() as u64
        }
        Content::Json { bytes, .. } => bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty()).count() as u64,
        Content::Broken(_) => 1,
    }
}
