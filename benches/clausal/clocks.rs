//! Deadlines in business hours, and logs of events with their milestones.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use clausal::check::Checked;
use clausal::eval::Evaluation;
use clausal::model::{DecisionId, Expr, ExprKind, PARTIES, Type};
use clausal::scenario::Facts;
use clausal::value::{Entry, Log, Value};

use crate::measure::{line, once, ratio, side_by_side, time, warm};
use crate::{every_decision, opened};

const RULES: &str = r#"
party representative {}
party bot {}
enumeration level { 1, 2, 3 }
input incident.level : level
input incident.waits : yes-no
input site.zone      : zone
input report.at      : date-time
event reported       { with incident.level, incident.waits }
event changed        { with incident.level }
event waited         { with incident.waits }
event contacted      { by representative, bot }
event status-given   { by representative }
event solved         { by representative }
event accepted       {}
calendar office {
  zone site.zone
  open monday..friday 09:00..12:00, 13:00..18:00
  closed 2026-05-01..2026-05-05
  closed 2026-10-01..2026-10-07
}
calendar round-the-clock { zone site.zone open always }
decision answer-due : date-time { always deadline(report.at, 8 business hours, office) }
decision response-time : time-limit {
  | incident.level || time             |
  | 1              || 4 h              |
  | 2              || 8 business hours |
  | 3              || 2 business days  |
}
decision solution-time : time-limit {
  | incident.level || time              |
  | 1              || 24 h              |
  | 2              || 40 business hours |
  | 3              || 80 business hours |
}
decision coverage : calendar {
  round-the-clock when incident.level is 1
  office otherwise
}
process incident {
  states { new  open  answered  solved  closed (final) }
  new becomes open on reported
  open, answered stay on changed
  open, answered stay on waited
  open stay on contacted by bot
  open becomes answered on contacted by representative
  answered stay on contacted
  open, answered stay on status-given
  open, answered becomes solved on solved
  solved becomes open on reported
  solved stay on status-given
  solved becomes closed on accepted
  solved becomes closed after 400 days
}
"#;

/// Six clocks on one incident: three of them pause, three follow the level, one recurs.
fn rules() -> Checked {
    let mut text = RULES.replace("  open monday", "  part day elapsed\n  open monday");
    for (name, starts, stops, target) in [
        ("first-response", "on reported", "on contacted by representative", "target response-time in coverage"),
        ("solution", "on reported", "on solved", "target solution-time in coverage"),
        ("call-back", "on reported", "on contacted", "target 30 min"),
        (
            "escalation",
            "when incident.state is open and incident.level is 1",
            "when incident.level is not 1",
            "target 2 h",
        ),
        ("review", "on solved", "on accepted", "target 10 business days in office"),
        ("status", "on reported", "on solved", "every 24 h in round-the-clock\n  done on status-given"),
    ] {
        let follows = target.contains("-time in");
        let policy = if follows { "  on change keeps start\n" } else { "" };
        let pauses = if name == "escalation" || name == "review" { "" } else { "  pauses while incident.waits\n" };
        let _ =
            writeln!(text, "milestone {name} {{\n  starts {starts}\n  stops {stops}\n  {target}\n{policy}{pauses}}}");
    }
    opened(&text)
}

/// So many events of one incident, twenty minutes apart.
fn log(checked: &Checked, events: usize) -> Log {
    let model = &checked.model;
    let input = |name: &str| model.input_named(name).expect("declared above").0;
    let (level, waits) = (input("incident.level"), input("incident.waits"));
    let Type::Enum(levels) = model.inputs[level as usize].ty else { panic!("an enumeration") };
    let party = |name: &str| {
        let members = &model.enumeration(PARTIES).members;
        members.iter().position(|m| m.name == name).map(|place| place as u32)
    };
    let of_level = |n: usize| (level, Value::Member(levels, (n % 3) as u32));
    let entries = (0..events).map(|n| {
        let (event, by, with) = match n % 10 {
            0 if n == 0 => ("reported", None, vec![of_level(1), (waits, Value::YesNo(false))]),
            3 => ("waited", None, vec![(waits, Value::YesNo(true))]),
            5 => ("waited", None, vec![(waits, Value::YesNo(false))]),
            7 if n % 50 == 7 => ("changed", None, vec![of_level(n / 50)]),
            8 => ("status-given", party("representative"), vec![]),
            _ => ("contacted", party("bot"), vec![]),
        };
        let event = model.event_named(event).expect("declared above");
        Entry { at: instant(n as i64 * 20), event, by, with, line: n as u32 + 1 }
    });
    Log { entries: entries.collect() }
}

/// So many minutes after a Monday morning.
fn instant(minutes: i64) -> DateTime<FixedOffset> {
    let start = NaiveDate::from_ymd_opt(2026, 3, 2).and_then(|day| day.and_hms_opt(1, 30, 0)).expect("an instant");
    start.and_utc().fixed_offset() + TimeDelta::minutes(minutes)
}

fn facts(checked: &Checked, events: usize) -> Facts {
    let model = &checked.model;
    let mut facts = Facts::none(model);
    let mut give = |name: &str, value| facts.give(model.input_named(name).expect("declared above"), value);
    give("site.zone", Value::text("Asia/Shanghai"));
    give("report.at", Value::DateTime(instant(0)));
    give("log", Value::Log(Arc::new(log(checked, events))));
    give("as-of", Value::DateTime(instant(events as i64 * 20)));
    facts
}

pub fn clocks() {
    let checked = rules();
    deadline(&checked);
    incident(&checked);
    long_logs(&checked);
}

fn deadline(checked: &Checked) {
    let facts = facts(checked, 0);
    let id = checked.model.decision_named("answer-due").expect("declared above");
    let decision = checked.model.decision(id);
    let clausal::model::Body::Rules(rules) = &decision.group.body else { panic!("a formula") };
    let clausal::model::Answer::Value(formula) = &rules[0].answer else { panic!("a formula") };
    let evaluation = Evaluation::new(checked, &facts);
    let target = Expr { kind: ExprKind::Decision(id, 0), ty: decision.ty.clone(), span: decision.name_span };
    assert!(evaluation.value(&target).is_ok());
    let mut within = || drop(black_box(evaluation.value(black_box(formula))));
    let mut whole = || drop(black_box(Evaluation::new(checked, &facts).decide(id)));
    let [within, whole] = side_by_side([&mut within, &mut whole]);
    line("a deadline of 8 business hours, in a case under way", &time(within), "≤ 200 ns");
    line("  the whole evaluation", &time(whole), "≤ 5 µs");
}

fn incident(checked: &Checked) {
    let facts = facts(checked, 50);
    let mut all = || every_decision(checked, &facts);
    line("a log of 50 events: six milestones, a process, all answers", &time(warm(&mut all)), "≤ 50 µs");
}

fn long_logs(checked: &Checked) {
    let mut each = Vec::new();
    for events in [1_000, 10_000, 100_000] {
        let facts = facts(checked, events);
        let read = || {
            let evaluation = Evaluation::new(checked, &facts);
            (0..checked.model.decisions.len()).for_each(|number| drop(evaluation.decide(DecisionId(number as u32))));
        };
        let (seconds, ()) = (0..3).map(|_| once(read)).min_by(|a, b| a.0.total_cmp(&b.0)).expect("three runs");
        line(&format!("a log of {events} events"), &time(seconds), "");
        line("  each", &time(seconds / events as f64), "");
        each.push(seconds / events as f64);
    }
    line("  an event of 100,000 ÷ one of 1,000", &ratio(each[2], each[0]), "≤ 2 ×");
}
