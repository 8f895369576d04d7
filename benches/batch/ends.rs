//! Files to files through `clausal batch`, beside reading and writing the same without evaluating.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};

use arrow::record_batch::RecordBatch;
use csv::ByteRecord;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde::Deserialize;

use super::child::{Run, batch, has_batch};
use super::measure::{Effort, line, median, once, part, ratio, time};
use super::workload::files::{Format, Wanted, write};
use super::workload::hand::ByHand;

/// Runs of each way; the median is told.
const RUNS: usize = 3;

pub fn ends(effort: Effort) {
    part(&format!("files to files, {} rows", effort.rows));
    let folder = tempfile::tempdir().expect("there is room for files");
    let made = |format, name: &str| {
        let path = folder.path().join(name);
        make(&path, format, effort.rows);
        path
    };
    let orders = [
        (Format::Csv, made(Format::Csv, "orders.csv")),
        (Format::Ndjson, made(Format::Ndjson, "orders.ndjson")),
        (Format::Parquet, made(Format::Parquet, "orders.parquet")),
    ];
    if !has_batch() {
        println!("this build has no `clausal batch`: only the limits are told");
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for (format, input) in orders {
        let (name, output) = match format {
            Format::Csv => ("CSV to CSV", folder.path().join("answers.csv")),
            Format::Ndjson => ("NDJSON to CSV", folder.path().join("answers.csv")),
            Format::Parquet => ("Parquet to Parquet", folder.path().join("answers.parquet")),
        };
        let mut limits = Vec::new();
        let (mut alone, mut all): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
        // What is written is what `clausal batch` wrote, so it goes first.
        for _ in 0..RUNS {
            if has_batch() {
                alone.push(batch(&input, &output, 1));
                all.push(batch(&input, &output, threads));
            }
            limits.push(limit(format, &input, &output));
        }
        let limit = median(limits.iter().map(|(read, write)| read + write).collect());
        line(&format!("{name}: reading and writing alone, one thread"), &time(limit), "");
        line("  of it reading", &time(median(limits.iter().map(|(read, _)| *read).collect())), "");
        if alone.is_empty() {
            continue;
        }
        let by_wall = |runs: &[Run]| median(runs.iter().map(|run| run.wall).collect());
        let worked = median(alone.iter().map(|run| run.worked.unwrap_or(run.wall)).collect());
        line("  clausal batch, one job: what it worked", &time(worked), "");
        line("  ÷ reading and writing alone", &ratio(worked, limit), "≤ 1.3 ×");
        line("  clausal batch, one job, by the clock on the wall", &time(by_wall(&alone)), "");
        line(&format!("  clausal batch, {threads} jobs, by the clock on the wall"), &time(by_wall(&all)), "");
    }
}

/// The most memory while files are streamed, and of one ten times as long.
pub fn memory(effort: Effort) {
    part("most memory of `clausal batch`");
    if !has_batch() {
        return println!("this build has no `clausal batch`: left out");
    }
    let folder = tempfile::tempdir().expect("there is room for files");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for (format, name) in [(Format::Csv, "csv"), (Format::Parquet, "parquet")] {
        for rows in [effort.rows, effort.rows * 10] {
            let input = folder.path().join(format!("orders.{name}"));
            make(&input, format, rows);
            let run = batch(&input, &folder.path().join(format!("answers.{name}")), threads);
            let peak = run.peak.map_or("not told".to_owned(), |megabytes| format!("{megabytes} MB"));
            line(&format!("{name}, {rows} rows, {threads} jobs ({})", time(run.wall)), &peak, "≤ 300 MB");
        }
    }
}

fn make(path: &Path, format: Format, rows: usize) {
    let file = BufWriter::new(File::create(path).expect("the folder was just made"));
    write(file, format, Wanted { rows, seed: 1, missing: 0, bad: 0 }).expect("there is room for files");
    // The system does not write it while the clock runs.
    File::open(path).and_then(|file| file.sync_all()).expect("it was just made");
}

/// How long reading a file takes, and writing its answers.
fn limit(format: Format, input: &Path, answers: &Path) -> (f64, f64) {
    match format {
        Format::Csv => (once(|| read_csv(input)).0, write_csv(input, answers)),
        Format::Ndjson => {
            // The faster of two well-known parsers.
            let read = once(|| read_ndjson(input, by_serde)).0.min(once(|| read_ndjson(input, by_simd)).0);
            (read, write_csv(input, answers))
        }
        Format::Parquet => {
            let answers = answer_batches(input, answers);
            let (read, ()) = once(|| parquet(input).for_each(|batch| drop(black_box(batch))));
            (read, once(|| write_parquet(&answers)).0)
        }
    }
}

fn read_csv(path: &Path) {
    let mut reader = csv::Reader::from_path(path).expect("the file was just made");
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).expect("the file is sound") {
        black_box(&record);
    }
}

/// An order of NDJSON, read into a struct of its own, its texts borrowed from the line.
#[derive(Deserialize)]
#[allow(dead_code, reason = "it is read, not used")]
struct Order<'a> {
    #[serde(rename = "order.edition")]
    edition: &'a str,
    #[serde(rename = "order.service")]
    service: &'a str,
    #[serde(rename = "incident.severity")]
    severity: &'a str,
    #[serde(rename = "incident.product")]
    product: &'a str,
    #[serde(rename = "order.assessed-spend")]
    spend: &'a str,
    #[serde(rename = "order.pays-floor-price")]
    floor_price: bool,
    #[serde(rename = "event.confirmed-on")]
    confirmed_on: &'a str,
    #[serde(rename = "event.starts-on")]
    event_starts_on: &'a str,
    #[serde(rename = "booking.notice-days")]
    notice_days: i64,
    #[serde(rename = "booking.service-fee")]
    fee: &'a str,
    #[serde(rename = "work-order.starts-on")]
    work_starts_on: &'a str,
    #[serde(rename = "incident.reported-at")]
    reported_at: &'a str,
}

fn read_ndjson(path: &Path, parse: fn(&mut [u8])) {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path).expect("the file was just made"));
    let mut line = Vec::new();
    while std::io::BufRead::read_until(&mut reader, b'\n', &mut line).expect("the file can be read") > 0 {
        parse(&mut line);
        line.clear();
    }
}

fn by_serde(line: &mut [u8]) {
    black_box(serde_json::from_slice::<Order>(line).expect("the line is JSON"));
}

fn by_simd(line: &mut [u8]) {
    black_box(simd_json::from_slice::<Order>(line).expect("the line is JSON"));
}

/// How long writing takes as many rows as the input has: the answers that are there, over and over.
fn write_csv(input: &Path, answers: &Path) -> f64 {
    let rows = BufReader::new(File::open(input).expect("the file was just made"));
    let rows = rows.bytes().filter(|byte| matches!(byte, Ok(b'\n'))).count();
    let records: Vec<ByteRecord> = match csv::Reader::from_path(answers) {
        Ok(mut reader) => {
            reader.byte_records().take(10_000).map(|record| record.expect("it was just written")).collect()
        }
        Err(_) => stand_in(),
    };
    let path = answers.with_extension("limit");
    let (taken, ()) = once(|| {
        let mut writer = csv::Writer::from_path(&path).expect("there is room for files");
        for record in records.iter().cycle().take(rows) {
            writer.write_byte_record(record).expect("there is room for files");
        }
        writer.flush().expect("there is room for files");
    });
    taken
}

/// Answers like those of `clausal batch`, as long as there are none.
fn stand_in() -> Vec<ByteRecord> {
    let fields =
        ["4 business hours", "", "no", "", "", "at the discretion of vendor", "USD 24135.49", "", "2025-02-07", ""];
    vec![ByteRecord::from(fields.to_vec())]
}

fn parquet(path: &Path) -> impl Iterator<Item = RecordBatch> + use<> {
    let file = File::open(path).expect("the file was just made");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("the file is sound");
    let reader = builder.with_batch_size(super::workload::files::BLOCK).build().expect("the file is sound");
    reader.map(|batch| batch.expect("the file is sound"))
}

fn answer_batches(input: &Path, answers: &Path) -> Vec<RecordBatch> {
    let by_hand = ByHand::new();
    let answered: PathBuf = answers.to_owned();
    if answered.exists() { parquet(&answered).collect() } else { parquet(input).map(|b| by_hand.decide(&b)).collect() }
}

fn write_parquet(answers: &[RecordBatch]) {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let schema = answers[0].schema();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).expect("it can be written");
    for batch in answers {
        writer.write(batch).expect("it can be written");
    }
    black_box(writer.into_inner().expect("it can be written"));
}
