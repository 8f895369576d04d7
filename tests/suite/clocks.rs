//! What the commands say of time: logs, milestones, deadlines day by day, calendars. Each page is kept as a snapshot
//! under `snapshots/clocks/`, in the width of a terminal, and none is wider; the JSON is held against its schemas.

use std::process::{Command, Output};

use clausal::value::literal::parse_date_time;
use unicode_width::UnicodeWidthStr;

use crate::support::home;

const RULES: &str = "tests/suite/clocks/incident.clause";
const SHANGHAI: &str = "tests/suite/clocks/shanghai.json";
const NEW_YORK: &str = "tests/suite/clocks/new-york.json";

/// A page that is kept: its name, its width, and the arguments after the rules.
type Page = (&'static str, usize, &'static [&'static str]);

const STORM: &[&str] = &[
    "eval",
    "--facts",
    SHANGHAI,
    "--events",
    "tests/suite/clocks/storm.csv",
    "--as-of",
    "2026-03-09T12:00+08:00",
    "--readings",
    "reclassified-clock=new-target-from-start",
];

/// Every page, by its claim.
pub const PAGES: &[Page] = &[
    ("a_log_is_told_as_a_timeline_with_its_faults", 100, STORM),
    (
        "an_open_reading_gives_the_milestone_under_each_choice",
        100,
        &[
            "eval",
            "--facts",
            SHANGHAI,
            "--events",
            "tests/suite/clocks/storm.csv",
            "--as-of",
            "2026-03-09T12:00+08:00",
            "--decision",
            "first-response",
        ],
    ),
    ("a_pause_is_told_and_what_follows_a_miss", 100, &["eval", "--facts", "#over the holidays"]),
    ("a_paused_clock_has_no_due_time", 60, &["eval", "--facts", "#waiting"]),
    ("days_that_nobody_judged_name_their_list", 60, &["eval", "--facts", "#no list"]),
    ("labels_are_in_the_language", 80, &["eval", "--facts", "#waiting", "--lang", "zh"]),
    ("the_same_hour_twice_is_told_with_its_offset", 100, &["eval", "--facts", "#a night at level 1"]),
    ("a_milestone_by_its_name_is_a_block", 100, &["eval", "--facts", "#waiting", "--decision", "first-response"]),
    (
        "one_answer_of_a_milestone_stands_alone",
        100,
        &["eval", "--facts", "#over the holidays", "--decision", "first-response.due"],
    ),
    (
        "a_deadline_is_explained_day_by_day",
        100,
        &["explain", "--facts", "#over the holidays", "--decision", "first-response.due"],
    ),
    ("a_long_count_is_folded", 100, &["explain", "--facts", "#over the holidays", "--decision", "repair.due"]),
    (
        "a_count_stops_at_days_that_nobody_judged",
        100,
        &["explain", "--facts", "#no list", "--decision", "first-response.due"],
    ),
    (
        "a_count_over_a_clock_change",
        100,
        &["explain", "--facts", "#a night at level 1", "--decision", "first-response.due"],
    ),
    (
        "a_process_is_explained_by_its_steps",
        100,
        &[
            "explain",
            "--facts",
            SHANGHAI,
            "--events",
            "tests/suite/clocks/storm.csv",
            "--as-of",
            "2026-03-09T12:00+08:00",
            "--decision",
            "incident.state",
        ],
    ),
    (
        "a_calendar_over_the_holidays",
        80,
        &[
            "calendar",
            "office",
            "--from",
            "2026-09",
            "--to",
            "2026-10",
            "--facts",
            SHANGHAI,
            "--readings",
            "lunch-hour=break",
        ],
    ),
    ("a_calendar_that_is_not_judged", 60, &["calendar", "office", "--from", "2026-03", "--facts", NEW_YORK]),
];

/// The command line of a page: the rules come after the command, and `#` names a scenario of theirs.
fn arguments(args: &[&str]) -> Vec<String> {
    let own = |arg: &str| if arg.starts_with('#') { format!("{RULES}{arg}") } else { arg.to_owned() };
    let mut all: Vec<String> = args.iter().map(|arg| own(arg)).collect();
    all.insert(1, RULES.to_owned());
    all
}

fn run(args: &[&str], width: usize) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clausal"));
    command.args(arguments(args)).current_dir(home()).env("COLUMNS", width.to_string());
    command.output().expect("the program starts")
}

fn text(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn refusal(args: &[&str]) -> String {
    let output = run(args, 100);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty(), "what is wrong goes to standard error");
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[test]
fn pages_are_as_they_were_read() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(home().join("snapshots/clocks"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (claim, width, args) in PAGES {
            let page = text(run(args, *width));
            assert!(!page.contains('\u{1b}'), "{claim}: colour in a pipe");
            insta::assert_snapshot!(*claim, page);
        }
    });
}

#[test]
fn no_page_is_wider_than_the_terminal() {
    for (claim, _, args) in PAGES.iter().filter(|(_, _, args)| args[0] != "explain") {
        for width in [50, 60, 77, 100] {
            for line in text(run(args, width)).lines() {
                assert!(line.width() <= width, "{claim} at {width}: {line}");
            }
        }
    }
}

#[test]
fn what_is_printed_as_json_is_as_published() {
    for (_, _, args) in PAGES {
        let data = crate::reports::json(&run(&[args, &["--format", "json"][..]].concat(), 100));
        crate::reports::assert_published(args[0], &data);
    }
}

#[test]
fn the_json_of_a_log_has_what_the_timeline_tells() {
    let data = crate::reports::json(&run(&[STORM, &["--format", "json"]].concat(), 100));
    let log = &data["log"];
    assert_eq!(log["asOf"], "2026-03-09T12:00+08:00");
    assert_eq!(log["zone"]["name"], "Asia/Shanghai");
    let kinds: Vec<_> = log["faults"].as_array().expect("faults").iter().map(|f| (&f["kind"], &f["line"])).collect();
    assert_eq!(kinds.len(), 3);
    assert_eq!((kinds[0].0.as_str(), kinds[0].1.as_u64()), (Some("duplicate"), Some(4)));
    assert_eq!((kinds[1].0.as_str(), kinds[1].1.as_u64()), (Some("wrong-party"), Some(6)));
    assert_eq!((kinds[2].0.as_str(), kinds[2].1.as_u64()), (Some("impossible"), Some(7)));
    let milestone = |name: &str| {
        let all = log["milestones"].as_array().expect("milestones");
        all.iter().find(|m| m["name"] == name).expect("a milestone").clone()
    };
    let run = &milestone("first-response")["runs"][0];
    assert_eq!(run["changes"][0]["policy"], "keeps start");
    assert_eq!(run["governedBy"][0]["words"], "8 business hours otherwise");
    assert_eq!(milestone("hourly-status")["missedTimes"], 2);
    assert_eq!(milestone("hourly-status")["runs"][0]["occurrences"][0]["done"], "2026-03-06T18:20+08:00");
    let owed: Vec<_> = log["next"]["parties"][0]["owes"].as_array().expect("what is owed").iter().collect();
    assert_eq!(owed[0]["milestone"], "repair");
    // Without a log there is none.
    let data = crate::reports::json(&self::run(&["eval", "--facts", SHANGHAI, "--format", "json"], 100));
    assert!(data["log"].is_null());
}

/// However a count is folded, its last total is the target.
#[test]
fn a_count_comes_to_its_target() {
    for (scenario, decision, seconds) in [
        ("#over the holidays", "first-response.due", Some(8 * 3600)),
        ("#a night at level 1", "first-response.due", Some(4 * 3600)),
        ("#over the holidays", "repair.due", None),
    ] {
        let args = ["explain", "--facts", scenario, "--decision", decision, "--format", "json"];
        let data = crate::reports::json(&run(&args, 100));
        let parts = data["reasoning"][0]["parts"].as_array().expect("parts").clone();
        let count = parts.iter().find(|part| part["kind"] == "count").expect("a count");
        let last = &count["parts"].as_array().and_then(|days| days.last()).expect("a day")["day"];
        match seconds {
            Some(seconds) => assert_eq!(last["total"], seconds, "{scenario} {decision}"),
            None => assert_eq!(last["businessDay"], 60, "{scenario} {decision}"),
        }
        let due = data["decisions"][0]["value"].as_str().expect("an instant");
        let due = parse_date_time(due).expect("a date-time").display(&clausal::model::Model::default()).to_string();
        assert!(due.starts_with(last["of"]["date"].as_str().expect("a date")), "{due}");
    }
}

#[test]
fn calendars_that_cannot_be_shown() {
    let asked = |args: &[&str]| refusal(&[&["calendar"], args].concat());
    assert_eq!(
        asked(&["ofice", "--from", "2026-03"]),
        "clausal: these rules have no calendar `ofice`; did you mean `office`?\n"
    );
    assert!(asked(&["night-shift", "--from", "2026-03"]).contains("there are: office, round-the-clock"));
    assert_eq!(
        asked(&["office", "--from", "2026-03"]),
        "clausal: the calendar `office` is not known: facts missing: site.zone; give them with --facts\n"
    );
    for (from, to, why) in [
        ("2026-3", "2026-04", "--from `2026-3` is no month or date: write 2026-09 or 2026-09-30"),
        ("2026-03", "2026-02-30", "--to `2026-02-30` is no month or date"),
        ("2026-03", "2026-02", "--to 2026-02-28 comes before --from 2026-03-01"),
        ("2026-03", "2036-04", "from 2026-03-01 to 2036-04-30 are more than 10 years; show them in parts"),
        ("9990", "9999-12", ""),
    ] {
        let refused = asked(&["office", "--from", from, "--to", to]);
        assert!(refused.contains(why), "{refused}");
    }
}

/// One answer may be what it is because an entry was left out.
#[test]
fn one_answer_of_a_log_comes_with_what_is_wrong_with_the_log() {
    let heading = "What is wrong with the log\n";
    let section = |page: &str| {
        let from = page.find(heading).unwrap_or_else(|| panic!("no faults in:\n{page}"));
        page[from..].split("\n\n").next().map(str::to_owned)
    };
    let whole = section(&text(run(STORM, 100)));
    for command in ["eval", "explain"] {
        let one = [&[command], &STORM[1..], &["--decision", "incident.state"][..]].concat();
        assert_eq!(section(&text(run(&one, 100))), whole, "{command}");
    }
    let sound = text(run(&["eval", "--facts", "#a night at level 1", "--decision", "incident.state"], 100));
    assert!(!sound.contains(heading), "{sound}");
}
