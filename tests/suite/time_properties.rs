//! Properties of calendars, logs and clocks, over rules and logs that are made up; and the engine against an oracle
//! that walks every minute.

use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use clausal::check::Checked;
use clausal::eval::chronicle::{Chronicle, LogFaultKind, Run};
use clausal::eval::{Evaluation, Known, outcome};
use clausal::model::{CALENDARS, Expr, ExprKind, MilestoneState};
use clausal::scenario::Facts;
use clausal::value::worktime::{Holidays, Listed, ListedDay, Window, WorkingHours};
use clausal::value::{Entry, HolidayList, Log, Value};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::properties::holds;
use crate::support::{open_text, rendered};
use crate::time_oracle::{DAY, Happening, Hours, Policy, SPAN, Target, Wall, What, World, hours_of};

/// Zones, each with a date near which its clock changes, or another day of interest.
const PLACES: [(Tz, (i32, u32, u32)); 9] = [
    (Tz::UTC, (2024, 2, 20)),
    (Tz::Asia__Shanghai, (2026, 9, 20)),
    (Tz::Europe__London, (2024, 3, 18)),
    (Tz::Europe__London, (2024, 10, 14)),
    (Tz::America__New_York, (2025, 2, 26)),
    (Tz::America__New_York, (2025, 10, 20)),
    (Tz::Australia__Lord_Howe, (2024, 3, 24)),
    (Tz::Australia__Lord_Howe, (2024, 9, 24)),
    (Tz::Pacific__Apia, (2011, 12, 17)),
];

const RULES: &str = r#"
party vendor {}
party bot {}
enumeration level { 1, 2 }
input incident.level  : level
input incident.waits  : yes-no
input incident.struck : yes-no
input site.zone       : zone
input site.holidays   : holidays
input target.one      : time-limit
input target.two      : time-limit
input cover.one       : calendar
input cover.two       : calendar
input each            : time-limit
input each.cover      : calendar
input case.quiet      : yes-no
input report.at       : date-time
input amount          : business-hours
input more            : business-hours
event reported { with incident.level, incident.waits, incident.struck }
event changed  { with incident.level, incident.waits, incident.struck }
event answered { by vendor, bot with incident.level, incident.waits, incident.struck }
event noted    { with incident.level, incident.waits, incident.struck }
calendar always-open { zone site.zone open always }
reading policy { either kept or from-start or restarted }
decision target-time : time-limit {
  target.one when incident.level is 1
  target.two otherwise
}
decision coverage : calendar {
  cover.one when incident.level is 1
  cover.two otherwise
}
milestone response {
  starts on reported
  stops on answered by vendor
  pauses while incident.waits
  void while incident.struck
  target target-time in coverage
  on change keeps target when policy is kept
  on change keeps start  when policy is from-start
  on change restarts     when policy is restarted
  warns at 75%
}
milestone status {
  starts on reported
  stops on answered by vendor
  pauses while incident.waits
  every each in each.cover
  done on noted
}
process incident {
  states { new  open  waiting  stale  answered  closed (final) }
  new, answered, closed becomes open on reported
  open, waiting, stale stay on reported
  open becomes waiting on noted when incident.waits
  new, waiting, stale, answered, closed stay on noted
  waiting becomes open on changed
  new, open, stale, answered, closed stay on changed
  waiting becomes stale after 2 days
  stale becomes closed after 20 h
  any becomes answered on answered by vendor
  closed stay on answered
  answered becomes closed after 30 h sets case.quiet = yes
}
decision quiet : yes-no { always case.quiet }
milestone review {
  starts when incident.state is closed
  stops when incident.state is open
  pauses while incident.struck
  target 10 h
}
decision due        : date-time { always deadline(report.at, amount, made) }
decision due-later  : date-time { always deadline(due, more, made) }
decision due-both   : date-time { always deadline(report.at, amount + more, made) }
decision worked     : business-hours { always business-time(report.at, due, made) }
decision worked-on  : business-hours { always business-time(report.at, due-later, made) }
decision in-hours   : yes-no { always is-open(due - 1 min, made) }
decision opens-next : date-time { always next-opening(due, made) }
"#;

/// A case as the properties make it. Minutes count from midnight UTC of the first date.
#[derive(Clone, Debug)]
struct Case {
    place: (Tz, NaiveDate),
    week: [Hours; 7],
    /// Days with hours of their own: none for a holiday.
    listed: Vec<(u64, Hours)>,
    targets: [Target; 2],
    each: Target,
    policy: Policy,
    voids: bool,
    pauses: bool,
    happenings: Vec<Happening>,
    as_of: usize,
}

const HORIZON: usize = 16 * DAY;

fn hours() -> impl Strategy<Value = Hours> {
    let minutes =
        prop_oneof![3 => Just(540), 2 => Just(1080), 1 => Just(0), 1 => Just(1440), 1 => 0..=220u32, 1 => 0..=1440u32];
    let made = prop::collection::btree_set(minutes, 2..7).prop_map(|minutes| {
        let minutes: Vec<u32> = minutes.into_iter().collect();
        minutes.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Hours>()
    });
    prop_oneof![1 => Just(vec![]), 2 => made, 1 => Just(vec![(0, 1440)]), 3 => Just(vec![(540, 1080)])]
}

fn target() -> impl Strategy<Value = Target> {
    let minutes = prop_oneof![Just(60usize), Just(240), Just(480), (1..600usize).prop_map(|n| n * 4)];
    (minutes, any::<bool>(), 0..2usize).prop_map(|(minutes, business, calendar)| Target { minutes, business, calendar })
}

fn happening() -> impl Strategy<Value = Happening> {
    let minute = prop_oneof![2 => 4 * DAY..HORIZON, 1 => (5..14usize).prop_map(|day| day * DAY + 540)];
    let what = select(vec![
        What::Reported,
        What::Changed,
        What::Changed,
        What::Changed,
        What::Answered(true),
        What::Answered(false),
        What::Noted,
        What::Noted,
    ]);
    let fact = || prop_oneof![2 => Just(None), 1 => any::<bool>().prop_map(Some)];
    (minute, what, fact(), fact(), fact()).prop_map(|(minute, what, level, waits, struck)| Happening {
        minute,
        what,
        level: level.map(usize::from),
        waits,
        struck,
    })
}

fn case() -> impl Strategy<Value = Case> {
    let place = select(PLACES.to_vec()).prop_map(|(tz, (y, m, d))| (tz, NaiveDate::from_ymd_opt(y, m, d).unwrap()));
    let week = prop::array::uniform7(hours()).prop_filter("some hours", |week| week.iter().any(|day| !day.is_empty()));
    let listed = prop::collection::btree_map(2..SPAN as u64, hours(), 0..5);
    let log = prop::collection::vec(happening(), 1..14);
    let policy = select(vec![Policy::KeepsTarget, Policy::KeepsStart, Policy::Restarts]);
    (place, week, listed, (target(), target(), target()), policy, any::<bool>(), any::<bool>(), log, 5 * DAY..HORIZON)
        .prop_map(|(place, week, listed, (one, two, each), policy, voids, pauses, mut happenings, as_of)| {
            happenings.sort_by_key(|h| h.minute);
            happenings.dedup_by_key(|h| h.minute);
            happenings[0].what = What::Reported;
            let each = Target { minutes: each.minutes.max(60), ..each };
            let listed = listed.into_iter().collect();
            Case { place, week, listed, targets: [one, two], each, policy, voids, pauses, happenings, as_of }
        })
}

impl Case {
    fn wall(&self) -> Arc<Wall> {
        Wall::of(self.place.0, self.place.1)
    }

    fn text(&self) -> String {
        let mut text = RULES.to_owned();
        text.push_str("calendar made {\n  zone site.zone\n  holidays site.holidays\n");
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        for (day, hours) in days.iter().zip(&self.week).filter(|(_, hours)| !hours.is_empty()) {
            let clock = |minutes: &u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            let windows: Vec<String> = hours.iter().map(|(a, b)| format!("{}..{}", clock(a), clock(b))).collect();
            writeln!(text, "  open {day} {}", windows.join(", ")).unwrap();
        }
        text.push_str("}\n");
        text
    }

    fn date(&self, day: u64) -> NaiveDate {
        self.place.1 + Days::new(day)
    }

    fn own_hours(&self) -> Vec<(NaiveDate, Hours)> {
        self.listed.iter().map(|(day, hours)| (self.date(*day), hours.clone())).collect()
    }

    fn holidays(&self, covered: Vec<(NaiveDate, NaiveDate)>) -> HolidayList {
        let listed = self.listed.iter().map(|(day, hours)| {
            let windows = hours.iter().map(|(a, b)| Window::from_minutes(*a, *b).unwrap()).collect();
            let day_is =
                if hours.is_empty() { ListedDay::Holiday } else { ListedDay::Working(WorkingHours::Windows(windows)) };
            Listed { first: self.date(*day), last: self.date(*day), day: day_is, name: None }
        });
        HolidayList { name: "made".to_owned(), holidays: Holidays { listed: listed.collect() }, covered }
    }

    fn judged(&self) -> HolidayList {
        self.holidays(vec![(
            NaiveDate::from_ymd_opt(1990, 1, 1).unwrap(),
            NaiveDate::from_ymd_opt(2090, 12, 31).unwrap(),
        )])
    }

    fn at(&self, minute: usize) -> DateTime<FixedOffset> {
        self.wall().at(minute).fixed_offset()
    }

    fn world<'a>(&'a self, open: &'a [Vec<bool>]) -> World<'a> {
        World {
            open,
            targets: self.targets,
            policy: self.policy,
            happenings: &self.happenings,
            as_of: self.as_of,
            level: 0,
            voids: self.voids,
            pauses: self.pauses,
        }
    }

    /// For each calendar and minute, whether it is open: the made one, then the one that always is.
    fn open(&self, listed: &[(NaiveDate, Hours)]) -> Vec<Vec<bool>> {
        vec![self.wall().open(|date| hours_of(&self.week, listed, date)), vec![true; SPAN * DAY]]
    }
}

/// Rules of a case that are read and checked.
struct Rules(Checked);

impl Rules {
    fn of(text: &str) -> Rules {
        let mut opened = open_text("made.clause", text);
        assert_eq!(rendered(&opened), "", "{text}");
        Rules(opened.sets.remove(0).checked.unwrap())
    }

    fn input(&self, name: &str) -> clausal::model::InputId {
        self.0.model.input_named(name).unwrap()
    }

    fn give(&self, facts: &mut Facts, name: &str, value: Value) {
        facts.give(self.input(name), value);
    }

    /// The facts of a case without its log.
    fn facts(&self, case: &Case, holidays: HolidayList) -> Facts {
        let model = &self.0.model;
        let mut facts = Facts::none(model);
        let calendar = |number: usize| {
            let name = ["made", "always-open"][number];
            let place = model.calendars.iter().position(|c| c.name == name).unwrap();
            Value::Member(CALENDARS, place as u32)
        };
        let amount = |target: Target| {
            let seconds = target.minutes as i64 * 60;
            if target.business { Value::BusinessHours(seconds) } else { Value::Duration(seconds) }
        };
        self.give(&mut facts, "site.zone", Value::text(case.place.0.name()));
        self.give(&mut facts, "site.holidays", Value::Holidays(Arc::new(holidays)));
        for (name, target) in [("one", case.targets[0]), ("two", case.targets[1])] {
            self.give(&mut facts, &format!("target.{name}"), amount(target));
            self.give(&mut facts, &format!("cover.{name}"), calendar(target.calendar));
        }
        self.give(&mut facts, "each", amount(case.each));
        self.give(&mut facts, "each.cover", calendar(case.each.calendar));
        self.give(&mut facts, "incident.level", self.level(0));
        self.give(&mut facts, "incident.waits", Value::YesNo(false));
        self.give(&mut facts, "incident.struck", Value::YesNo(false));
        let choice = match case.policy {
            Policy::KeepsTarget => 0,
            Policy::KeepsStart => 1,
            Policy::Restarts => 2,
        };
        facts.choose(model.reading_named("policy").unwrap(), choice);
        facts
    }

    fn level(&self, level: usize) -> Value {
        match &self.0.model.input(self.input("incident.level")).ty {
            clausal::model::Type::Enum(id) => Value::Member(*id, level as u32),
            other => panic!("{other:?}"),
        }
    }

    fn log(&self, case: &Case) -> Vec<Entry> {
        case.happenings.iter().zip(1..).map(|(h, line)| self.entry(case, h, line)).collect()
    }

    fn entry(&self, case: &Case, h: &Happening, line: u32) -> Entry {
        let (name, by) = match h.what {
            What::Reported => ("reported", None),
            What::Changed => ("changed", None),
            What::Answered(true) => ("answered", Some("vendor")),
            What::Answered(false) => ("answered", Some("bot")),
            What::Noted => ("noted", None),
        };
        let event = self.0.model.event_named(name).unwrap();
        let by = by.map(|party| {
            let parties = &self.0.model.enumeration(clausal::model::PARTIES).members;
            parties.iter().position(|m| m.name == party).unwrap() as u32
        });
        let mut with = Vec::new();
        with.extend(h.level.map(|level| (self.input("incident.level").0, self.level(level))));
        let waits = h.waits.filter(|_| case.pauses);
        with.extend(waits.map(|waits| (self.input("incident.waits").0, Value::YesNo(waits))));
        let struck = h.struck.filter(|_| case.voids);
        with.extend(struck.map(|struck| (self.input("incident.struck").0, Value::YesNo(struck))));
        with.sort();
        Entry { at: case.at(h.minute), event, by, with, line }
    }

    fn with_log(&self, facts: &Facts, entries: Vec<Entry>, as_of: Option<DateTime<FixedOffset>>) -> Facts {
        let mut facts = facts.clone();
        self.give(&mut facts, "log", Value::Log(Arc::new(Log { entries })));
        if let Some(at) = as_of {
            self.give(&mut facts, "as-of", Value::DateTime(at));
        }
        facts
    }

    fn chronicle(&self, facts: &Facts) -> Rc<Chronicle> {
        Evaluation::new(&self.0, facts).chronicle().expect("the case has a log").clone()
    }

    fn answer(&self, facts: &Facts, name: &str) -> Known {
        let id = self.0.model.decision_named(name).unwrap();
        let decision = self.0.model.decision(id);
        let kind = ExprKind::Decision(id, 0);
        outcome(&self.0, facts, &Expr { kind, ty: decision.ty.clone(), span: decision.name_span }).answer
    }
}

fn state_of(run: &Run) -> Option<&'static str> {
    let states = [
        (MilestoneState::Running, "running"),
        (MilestoneState::Paused, "paused"),
        (MilestoneState::Void, "void"),
        (MilestoneState::Met, "met"),
        (MilestoneState::Missed, "missed"),
    ];
    let known = run.state.as_ref().ok()?;
    states.into_iter().find(|(state, _)| state.value() == *known).map(|(_, name)| name)
}

fn instant(known: &Known) -> Option<DateTime<Utc>> {
    match known {
        Ok(Value::DateTime(at)) => Some(at.with_timezone(&Utc)),
        _ => None,
    }
}

fn seconds(known: &Known) -> Option<i64> {
    match known {
        Ok(Value::Duration(n) | Value::BusinessHours(n)) => Some(*n),
        _ => None,
    }
}

/// What can be told of a run without the entries' places in the log.
fn told(run: &Run) -> impl PartialEq + std::fmt::Debug + use<> {
    let stopped = run.stopped.map(|(at, _)| at);
    let answers = (run.started, stopped, run.state.clone(), run.due.clone(), run.used.clone(), run.late_by.clone());
    (answers, run.occurrences.clone(), run.missed, run.holds.clone())
}

/// What can be told of a log up to an instant without the entries' places in it.
fn history(chronicle: &Chronicle, until: DateTime<FixedOffset>) -> impl PartialEq + std::fmt::Debug + use<> {
    let steps = chronicle.steps.iter().filter(|step| step.at <= until);
    steps
        .map(|step| {
            let moves: Vec<(usize, Known, Known)> =
                step.moves.iter().map(|m| (m.process, m.from.clone(), m.to.clone())).collect();
            (step.at, moves, step.sets.clone())
        })
        .collect::<Vec<_>>()
}

fn everything(chronicle: &Chronicle) -> impl PartialEq + std::fmt::Debug + use<> {
    let runs: Vec<Vec<_>> = chronicle.milestones.iter().map(|m| m.runs.iter().map(told).collect()).collect();
    let processes: Vec<(Known, Known, Option<Known>)> = chronicle
        .processes
        .iter()
        .map(|p| (p.state.clone(), p.since.clone(), p.next.as_ref().map(|(_, due)| due.clone())))
        .collect();
    (history(chronicle, DateTime::<Utc>::MAX_UTC.fixed_offset()), runs, processes)
}

#[test]
fn milestones_agree_with_walking_every_minute() {
    holds(150, &case(), |case| {
        let rules = Rules::of(&case.text());
        let facts = rules.with_log(&rules.facts(&case, case.judged()), rules.log(&case), Some(case.at(case.as_of)));
        let chronicle = rules.chronicle(&facts);
        let open = case.open(&case.own_hours());
        let world = case.world(&open);
        let (ours, slow) = (&chronicle.milestones[0].runs, world.runs());
        prop_assert_eq!(ours.len(), slow.len());
        for (run, ran) in ours.iter().zip(&slow) {
            let at = |minute: usize| case.at(minute).with_timezone(&Utc);
            prop_assert_eq!(run.started, case.at(ran.started));
            prop_assert_eq!(state_of(run), Some(ran.state), "{:?} {:?}", run, ran);
            // Beyond its span the oracle knows nothing.
            match ran.due {
                Some(due) => prop_assert_eq!(instant(&run.due), Some(at(due)), "{:?} {:?}", run, ran),
                None => prop_assert!(instant(&run.due).is_none_or(|due| due > at((SPAN - 2) * DAY)), "{:?}", run),
            }
            prop_assert_eq!(seconds(&run.used), Some(ran.used as i64 * 60), "{:?} {:?}", run, ran);
            let end = run.stopped.map_or(case.at(case.as_of), |(at, _)| at).with_timezone(&Utc);
            let warned = ran.warned.map(at).filter(|warned| *warned <= end);
            let warning = &run.warnings[0];
            prop_assert_eq!(instant(&warning.at).filter(|_| warning.reached), warned, "{:?} {:?}", run, ran);
        }
        Ok(())
    });
}

#[test]
fn milestones_that_recur_agree_with_walking_every_minute() {
    holds(100, &case(), |mut case| {
        // One run only.
        let mut reported = false;
        let mut stopped = false;
        case.happenings.retain(|h| {
            let again = h.what == What::Reported && std::mem::replace(&mut reported, true);
            let after = stopped;
            stopped |= h.what == What::Answered(true);
            !again && !after
        });
        let rules = Rules::of(&case.text());
        let facts = rules.with_log(&rules.facts(&case, case.judged()), rules.log(&case), Some(case.at(case.as_of)));
        let chronicle = rules.chronicle(&facts);
        let open = case.open(&case.own_hours());
        let (missed, due, over) = case.world(&open).recurring(case.each).unwrap_or_default();
        let Some(run) = chronicle.milestones[1].last() else {
            prop_assert_eq!((missed, due), (0, None));
            return Ok(());
        };
        prop_assert_eq!(run.missed as usize, missed, "{:?}", run);
        if let (Some(due), false) = (due, over) {
            let held = run.holds.last().is_some_and(|hold| hold.to.is_none());
            if !held {
                prop_assert_eq!(instant(&run.due), Some(case.at(due).with_timezone(&Utc)), "{:?}", run);
            }
        }
        Ok(())
    });
}

#[test]
fn an_answer_on_days_that_nobody_judged_holds_for_every_course_of_them() {
    let cases = (case(), 4..SPAN as u64 - 8, 0..8u64, any::<[u32; 3]>());
    holds(80, &cases, |(case, gap, length, turns)| {
        let rules = Rules::of(&case.text());
        let far = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let (from, to) = (case.date(gap), case.date(gap + length));
        let covered = vec![(far(1990), from - Days::new(1)), (to + Days::new(1), far(2090))];
        let facts = rules.facts(&case, case.holidays(covered));
        let facts = rules.with_log(&facts, rules.log(&case), Some(case.at(case.as_of)));
        let chronicle = rules.chronicle(&facts);
        // Every day of the gap that is not listed may be as its weekday says, or closed.
        for turn in [0, u32::MAX].into_iter().chain(turns) {
            let mut listed = case.own_hours();
            let unjudged = (gap..=gap + length).filter(|day| !case.listed.iter().any(|(own, _)| own == day));
            listed.extend(unjudged.filter(|day| turn >> (day % 32) & 1 == 1).map(|day| (case.date(day), vec![])));
            let open = case.open(&listed);
            let world = case.world(&open);
            for (run, ran) in chronicle.milestones[0].runs.iter().zip(world.runs()) {
                if let Some(state) = state_of(run) {
                    prop_assert_eq!(state, ran.state, "{:?} {:?}", run, ran);
                }
                if let (Some(ours), Some(due)) = (instant(&run.due), ran.due) {
                    prop_assert_eq!(ours, case.at(due).with_timezone(&Utc), "{:?} {:?}", run, ran);
                }
                if let Some(used) = seconds(&run.used) {
                    prop_assert_eq!(used, ran.used as i64 * 60, "{:?} {:?}", run, ran);
                }
            }
            if let ([run], Some((missed, ..))) = (&chronicle.milestones[1].runs[..], world.recurring(case.each)) {
                if run.state.is_ok() {
                    prop_assert_eq!(run.missed as usize, missed, "{:?}", run);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn deadlines_lie_in_working_hours_and_amounts_add_up() {
    let cases = (case(), 3 * DAY..HORIZON, 1..3000i64, 1..3000i64);
    holds(100, &cases, |(case, start, amount, more)| {
        let rules = Rules::of(&case.text());
        let mut facts = rules.facts(&case, case.judged());
        let start = case.at(start);
        rules.give(&mut facts, "report.at", Value::DateTime(start));
        rules.give(&mut facts, "amount", Value::BusinessHours(amount * 60));
        rules.give(&mut facts, "more", Value::BusinessHours(more * 60));
        let at = |name| instant(&rules.answer(&facts, name)).unwrap();
        prop_assert_eq!(rules.answer(&facts, "in-hours"), Ok(Value::YesNo(true)));
        prop_assert_eq!(rules.answer(&facts, "worked"), Ok(Value::BusinessHours(amount * 60)));
        prop_assert_eq!(rules.answer(&facts, "worked-on"), Ok(Value::BusinessHours((amount + more) * 60)));
        prop_assert!(start < at("due") && at("due") < at("due-both"));
        prop_assert_eq!(at("due-later"), at("due-both"), "in two steps or in one");
        prop_assert!(at("opens-next") >= at("due"));
        Ok(())
    });
}

#[test]
fn moving_the_zone_of_everything_moves_the_result() {
    holds(60, &case(), |mut case| {
        case.place = (Tz::UTC, NaiveDate::from_ymd_opt(2024, 2, 20).unwrap());
        let rules = Rules::of(&case.text());
        let utc = rules.with_log(&rules.facts(&case, case.judged()), rules.log(&case), Some(case.at(case.as_of)));
        let shift = TimeDelta::hours(8);
        let mut east = rules.facts(&case, case.judged());
        rules.give(&mut east, "site.zone", Value::text("Etc/GMT-8"));
        let log = rules.log(&case).into_iter().map(|entry| Entry { at: entry.at - shift, ..entry }).collect();
        let east = rules.with_log(&east, log, Some(case.at(case.as_of) - shift));
        let (utc, east) = (rules.chronicle(&utc), rules.chronicle(&east));
        prop_assert_eq!(utc.steps.len(), east.steps.len());
        for (a, b) in utc.steps.iter().zip(&east.steps) {
            prop_assert_eq!(a.at - shift, b.at);
        }
        for (a, b) in utc.milestones.iter().zip(&east.milestones) {
            prop_assert_eq!(a.runs.len(), b.runs.len());
            for (a, b) in a.runs.iter().zip(&b.runs) {
                prop_assert_eq!(instant(&a.due).map(|due| due - shift), instant(&b.due));
                prop_assert_eq!((&a.state, &a.used, a.missed), (&b.state, &b.used, b.missed));
            }
        }
        Ok(())
    });
}

#[test]
fn the_history_of_a_logs_beginning_is_the_beginning_of_its_history() {
    let cases = (case(), 4 * DAY..HORIZON);
    holds(120, &cases, |(case, until)| {
        let rules = Rules::of(&case.text());
        let facts = rules.facts(&case, case.judged());
        let (sooner, later) = (case.at(until.min(case.as_of)), case.at(until.max(case.as_of)));
        let log = rules.log(&case);
        let before: Vec<Entry> = log.iter().filter(|entry| entry.at <= sooner).cloned().collect();
        let whole = rules.chronicle(&rules.with_log(&facts, log.clone(), Some(later)));
        let then = rules.chronicle(&rules.with_log(&facts, log, Some(sooner)));
        let alone = rules.chronicle(&rules.with_log(&facts, before, Some(sooner)));
        prop_assert_eq!(everything(&then), everything(&alone), "later events do not count");
        prop_assert_eq!(history(&then, sooner), history(&whole, sooner));
        for (then, whole) in then.milestones.iter().zip(&whole.milestones) {
            for (a, b) in then.runs.iter().zip(&whole.runs) {
                if a.stopped.is_some() {
                    prop_assert_eq!(told(a), told(b), "a run that was over stays so");
                }
                prop_assert_eq!(a.started, b.started);
                prop_assert!(b.missed >= a.missed, "what was missed stays missed: {:?} {:?}", a, b);
                prop_assert!(b.occurrences.starts_with(&a.occurrences), "{:?} {:?}", a, b);
                for (a, b) in a.warnings.iter().zip(&b.warnings).filter(|(a, _)| a.reached) {
                    prop_assert!(b.reached || case.policy != Policy::KeepsTarget, "{:?} {:?}", a, b);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn without_as_of_what_is_told_holds_for_every_instant_from_the_last_event_on() {
    let cases = (case(), 0..10 * DAY);
    holds(120, &cases, |(case, wait)| {
        let rules = Rules::of(&case.text());
        let facts = rules.facts(&case, case.judged());
        let log = rules.log(&case);
        let last = log.iter().map(|entry| entry.at).max().unwrap();
        let open = rules.with_log(&facts, log.clone(), None);
        let seen = rules.with_log(&facts, log, Some(last + TimeDelta::minutes(wait as i64)));
        let evaluation = (Evaluation::new(&rules.0, &open), Evaluation::new(&rules.0, &seen));
        for decision in &rules.0.model.decisions {
            let id = rules.0.model.decision_named(&decision.name).unwrap();
            let (open, seen) = (evaluation.0.decide(id), evaluation.1.decide(id));
            for (number, (open, seen)) in open.columns.iter().zip(&seen.columns).enumerate() {
                if let Ok(value) = open {
                    prop_assert_eq!(Ok(value), seen.as_ref(), "{} {}", decision.name, number);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn the_order_of_lines_changes_nothing_but_their_numbers() {
    let cases = (case(), prop::collection::vec(any::<Index>(), 14));
    holds(80, &cases, |(case, order)| {
        let rules = Rules::of(&case.text());
        let facts = rules.facts(&case, case.judged());
        let log = rules.log(&case);
        let mut shuffled = log.clone();
        for (place, other) in order.iter().enumerate().take(log.len()) {
            shuffled.swap(place, other.index(log.len()));
        }
        let as_of = Some(case.at(case.as_of));
        let (one, other) = (rules.with_log(&facts, log, as_of), rules.with_log(&facts, shuffled, as_of));
        prop_assert_eq!(everything(&rules.chronicle(&one)), everything(&rules.chronicle(&other)));
        Ok(())
    });
}

#[test]
fn an_entry_that_stands_twice_changes_nothing_but_the_faults() {
    let cases = (case(), prop::collection::vec((any::<Index>(), any::<Index>()), 1..5));
    holds(80, &cases, |(case, again)| {
        let rules = Rules::of(&case.text());
        let facts = rules.facts(&case, case.judged());
        let log = rules.log(&case);
        let mut twice = log.clone();
        for (of, to) in &again {
            let entry = log[of.index(log.len())].clone();
            twice.insert(to.index(twice.len() + 1), entry);
        }
        let as_of = Some(case.at(case.as_of));
        let one = rules.chronicle(&rules.with_log(&facts, log, as_of));
        let other = rules.chronicle(&rules.with_log(&facts, twice, as_of));
        prop_assert_eq!(everything(&one), everything(&other));
        let duplicates = |c: &Chronicle| {
            c.faults.iter().filter(|fault| matches!(fault.kind, LogFaultKind::Duplicate { .. })).count()
        };
        prop_assert_eq!(duplicates(&one) + again.len(), duplicates(&other));
        Ok(())
    });
}

#[test]
fn more_time_is_never_later_than_less_and_misses_nothing_more() {
    let cases = (case(), 1..500usize);
    holds(80, &cases, |(mut case, more)| {
        case.targets[1] = case.targets[0];
        let rules = Rules::of(&case.text());
        let runs = |case: &Case| {
            let facts = rules.facts(case, case.judged());
            let facts = rules.with_log(&facts, rules.log(case), Some(case.at(case.as_of)));
            rules.chronicle(&facts).milestones[0].runs.clone()
        };
        let tight = runs(&case);
        case.targets[0].minutes += more;
        case.targets[1] = case.targets[0];
        let loose = runs(&case);
        prop_assert_eq!(tight.len(), loose.len());
        for (tight, loose) in tight.iter().zip(&loose) {
            if let (Some(a), Some(b)) = (instant(&tight.due), instant(&loose.due)) {
                prop_assert!(a < b, "{:?} {:?}", tight, loose);
            }
            prop_assert!(tight.missed >= loose.missed, "{:?} {:?}", tight, loose);
        }
        Ok(())
    });
}

#[test]
fn pauses_only_put_deadlines_off() {
    holds(80, &case(), |mut case| {
        // Where the level changes, a pause can decide whether it was missed before that.
        case.happenings.iter_mut().for_each(|h| h.level = None);
        let rules = Rules::of(&case.text());
        let runs = |case: &Case| {
            let facts = rules.facts(case, case.judged());
            let facts = rules.with_log(&facts, rules.log(case), Some(case.at(case.as_of)));
            rules.chronicle(&facts).milestones[0].runs.clone()
        };
        (case.pauses, case.voids) = (true, true);
        let held = runs(&case);
        (case.pauses, case.voids) = (false, false);
        let free = runs(&case);
        prop_assert_eq!(held.len(), free.len());
        for (held, free) in held.iter().zip(&free) {
            if let (Some(a), Some(b)) = (instant(&free.due), instant(&held.due)) {
                prop_assert!(a <= b, "{:?} {:?}", free, held);
            }
            prop_assert!(held.missed <= free.missed);
            prop_assert!(seconds(&held.used) <= seconds(&free.used));
        }
        Ok(())
    });
}

#[test]
fn what_a_log_comes_to_stays_when_more_facts_are_given() {
    let cases = (case(), any::<u32>(), any::<u32>(), any::<bool>());
    holds(100, &cases, |(case, few, more, chosen)| {
        let rules = Rules::of(&case.text());
        let whole = rules.facts(&case, case.judged());
        let given: Vec<_> = whole.given().map(|(id, _)| id).collect();
        let some = |bits: u32, chosen: bool| {
            let mut facts = whole.clone();
            for (number, id) in given.iter().enumerate() {
                if bits >> (number % 32) & 1 == 0 {
                    facts.take(*id);
                }
            }
            if !chosen {
                let left = facts;
                facts = Facts::none(&rules.0.model);
                left.given().for_each(|(id, value)| facts.give(id, value.clone()));
            }
            rules.with_log(&facts, rules.log(&case), Some(case.at(case.as_of)))
        };
        // Most facts are given: else hardly anything is determined.
        let few = few | few.rotate_left(11);
        let (fewer, further) = (some(few, chosen), some(few | more, true));
        let evaluation = (Evaluation::new(&rules.0, &fewer), Evaluation::new(&rules.0, &further));
        for decision in &rules.0.model.decisions {
            let id = rules.0.model.decision_named(&decision.name).unwrap();
            let (fewer, further) = (evaluation.0.decide(id), evaluation.1.decide(id));
            for (number, (fewer, further)) in fewer.columns.iter().zip(&further.columns).enumerate() {
                if let Ok(value) = fewer {
                    prop_assert_eq!(Ok(value), further.as_ref(), "{} {}", decision.name, number);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn no_log_makes_evaluation_fail() {
    let seconds = prop_oneof![
        4 => 4 * DAY as i64 * 60..HORIZON as i64 * 60,
        1 => Just(0i64),
        1 => -60_000_000_000i64..250_000_000_000,
    ];
    let fact = || prop_oneof![Just(None), any::<bool>().prop_map(Some)];
    let entry = (seconds.clone(), 0..4u32, prop_oneof![Just(None), (0..4u32).prop_map(Some)], fact(), fact(), fact());
    let cases = (case(), prop::collection::vec(entry, 0..25), any::<Option<u16>>(), any::<u32>(), seconds);
    holds(60, &cases, |(case, entries, as_of, bits, later)| {
        let rules = Rules::of(&case.text());
        let mut facts = rules.facts(&case, case.judged());
        let given: Vec<_> = facts.given().map(|(id, _)| id).collect();
        for (number, id) in given.into_iter().enumerate() {
            if bits >> (number % 32) & 7 == 0 {
                facts.take(id);
            }
        }
        let at = |seconds: i64| (case.wall().start + TimeDelta::seconds(seconds)).fixed_offset();
        let log = entries.iter().zip(1..).map(|((seconds, event, by, level, waits, struck), line)| {
            let mut with = Vec::new();
            with.extend(level.map(|l| (rules.input("incident.level").0, rules.level(usize::from(l)))));
            with.extend(waits.map(|w| (rules.input("incident.waits").0, Value::YesNo(w))));
            with.extend(struck.map(|s| (rules.input("incident.struck").0, Value::YesNo(s))));
            with.sort();
            Entry { at: at(*seconds), event: *event, by: *by, with, line }
        });
        let as_of = as_of.map(|minute| if minute % 5 == 0 { at(later) } else { case.at(usize::from(minute)) });
        let facts = rules.with_log(&facts, log.collect(), as_of);
        let evaluation = Evaluation::new(&rules.0, &facts);
        for decision in &rules.0.model.decisions {
            let _ = evaluation.decide(rules.0.model.decision_named(&decision.name).unwrap());
        }
        let chronicle = rules.chronicle(&facts);
        prop_assert!(chronicle.steps.windows(2).all(|pair| pair[0].at <= pair[1].at), "steps are in order of time");
        Ok(())
    });
}
