//! Logs in files of their own: the three formats say the same, and a mistake is told at its line.

use clausal::check::Checked;
use clausal::diag::render;
use clausal::scenario::events::{EventsFormat, read};
use clausal::scenario::fit;
use clausal::source::Sources;
use clausal::value::Value;

use crate::support::{WIDTH, open_text, rendered};

const RULES: &str = "
party customer       { label en \"the customer\" zh \"客户\" }
party representative {}
enumeration level { 1, 2 }
input incident.level : level
event reported { by customer with incident.level }
event answered { by representative }
milestone first-response {
  starts on reported
  stops on answered
  target 4 h
}
decision urgent : yes-no { always incident.level is 1 }
";

fn rules() -> Checked {
    let mut opened = open_text("rules.clause", RULES);
    assert_eq!(rendered(&opened), "");
    opened.sets.remove(0).checked.expect("the rules are sound")
}

/// The log, or what is wrong with it, as a person sees it.
fn log(text: &str, format: EventsFormat) -> Result<Value, String> {
    let checked = rules();
    let entries = read(text, format)
        .map_err(|error| format!("{}: {}; {}", line_of(text, error.span.start), error.message, error.help))?;
    let mut sources = Sources::default();
    let file = sources.add("events", text);
    let (log, problems) = fit::log(&checked.model, &entries, file);
    let problems: Vec<String> = problems.iter().map(|p| render(p, &sources, false, WIDTH)).collect();
    log.filter(|_| problems.is_empty()).ok_or(problems.join("\n"))
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

const CSV: &str = "at,event,by,incident.level
2026-03-06T17:30+08:00,reported,customer,2
2026-03-06T17:40+08:00,answered,representative,
";
const NDJSON: &str = r#"{"at": "2026-03-06T17:30+08:00", "event": "reported", "by": "customer", "incident.level": 2}

{"at": "2026-03-06T17:40+08:00", "event": "answered", "by": "representative"}
"#;
const JSON: &str = r#"[
  {"at": "2026-03-06T17:30+08:00", "event": "reported", "by": "客户", "incident": {"level": "2"}},
  {"at": "2026-03-06T17:40+08:00", "event": "answered", "by": "representative", "incident": null}
]"#;

/// The entries without their lines.
fn said(log: Result<Value, String>) -> Vec<String> {
    match log {
        Ok(Value::Log(log)) => {
            log.entries.iter().map(|e| format!("{} {} {:?} {:?}", e.at, e.event, e.by, e.with)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_three_formats_say_the_same() {
    let csv = said(log(CSV, EventsFormat::Csv));
    assert_eq!(csv.len(), 2);
    assert_eq!(csv, said(log(NDJSON, EventsFormat::Ndjson)));
    assert_eq!(csv, said(log(JSON, EventsFormat::Json)));
    let excel = format!("\u{feff}{}", CSV.replace(',', ";").replace('\n', "\r\n"));
    assert_eq!(csv, said(log(&excel, EventsFormat::Csv)), "as a spreadsheet saves it");
    let columns = "incident.level,by,event,at\n2,customer,reported,2026-03-06T17:30+08:00\n";
    assert_eq!(csv[..1], said(log(columns, EventsFormat::Csv)), "columns in any order");
}

#[test]
fn entries_know_their_lines() {
    let lines = |text, format| match log(text, format) {
        Ok(Value::Log(log)) => log.entries.iter().map(|e| e.line).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(lines(CSV, EventsFormat::Csv), [2, 3]);
    assert_eq!(lines(NDJSON, EventsFormat::Ndjson), [1, 3]);
    assert_eq!(lines(&CSV.replacen('\n', "\n\n", 1), EventsFormat::Csv), [3, 4], "after an empty line");
}

#[test]
fn files_that_cannot_be_read_say_where_and_what_to_do() {
    let wrong = |text: &str, format, expected: &str| {
        let told = log(text, format).expect_err("something is wrong");
        assert!(told.starts_with(expected), "{told}");
    };
    wrong("event,by\nreported,customer\n", EventsFormat::Csv, "1: the file has no column `at`; the first line names");
    let ragged = "at,event,by\n2026-03-06T17:30+08:00,reported,customer\n2026-03-06T17:31+08:00,reported\n";
    wrong(ragged, EventsFormat::Csv, "3: this line has 2 fields, and the heading has 3; give every line");
    wrong("{\"at\": \"2026-03-06T17:30+08:00\", \"event\": \"reported\"}\n{\"at\": ", EventsFormat::Ndjson, "2: ");
    wrong("{\"at\": 1}", EventsFormat::Json, "1: this is no list of events");
}

#[test]
fn entries_that_do_not_fit_are_told_at_their_place() {
    let wrong = |text: &str, format, expected: &[&str]| {
        let told = log(text, format).expect_err("something is wrong");
        for expected in expected {
            assert!(told.contains(expected), "{told}");
        }
    };
    let csv = CSV.replace("answered,rep", "anwsered,rep");
    wrong(&csv, EventsFormat::Csv, &["`anwsered`", "[events:3:", "did you mean `answered`?"]);
    let csv = CSV.replace("2026-03-06T17:40+08:00", "");
    wrong(&csv, EventsFormat::Csv, &["entry 3 of the log has no `at`", "[events:3:"]);
    let ndjson = NDJSON.replace("\"representative\"}", "\"representative\", \"incident.level\": 1}");
    wrong(&ndjson, EventsFormat::Ndjson, &["the event `answered` brings no fact `incident.level`", "[events:3:"]);
    let json = JSON.replace("{\"level\": \"2\"}", "{\"level\": \"high\"}");
    wrong(&json, EventsFormat::Json, &["`high` is none of them", "[events:2:"]);
    wrong("at,event,urgent\n2026-03-06T17:30+08:00,reported,yes\n", EventsFormat::Csv, &["brings no fact `urgent`"]);
}
