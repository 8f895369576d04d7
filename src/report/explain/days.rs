//! A count of time day by day: which hours of each day counted, and the running total. Of a long count the first and
//! the last days stand, and the middle is worked out at once.

use chrono::{Days, NaiveDate, NaiveTime};

use super::{Applies, DayStep, Folded, Node, NodeKind};
use crate::eval::Clock;
use crate::eval::chronicle::{At, Run};
use crate::model::Milestone;
use crate::report::log::{LogReport, day_words, instant};
use crate::value::Value;
use crate::value::worktime::{Day, DayKind, PartDay};

/// A count over more days than this is folded, to so many days at each end.
const FOLDED_FROM: i64 = 40;
const SHOWN: u64 = 15;

/// What is counted, and from when to when.
struct Count<'r, 'a> {
    report: &'r LogReport<'a>,
    run: &'r Run,
    clock: Option<std::rc::Rc<Clock>>,
    from: At,
    to: At,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Working time in the calendar.
    Working,
    /// Time that passes.
    Elapsed,
    BusinessDays,
}

/// The count of a run, from where it is counted to when it is due or, where that is not known, as far as it can be
/// followed.
pub(super) fn day_nodes(report: &LogReport, milestone: &Milestone, run: &Run) -> Node {
    let node = |words: String| Node::new(NodeKind::Count, words);
    let kind = match &run.target {
        Ok(Value::BusinessHours(_)) => Kind::Working,
        Ok(Value::BusinessDays(_)) => Kind::BusinessDays,
        Ok(Value::Duration(_)) => Kind::Elapsed,
        Ok(value @ (Value::Days(_) | Value::Months(_))) => {
            let due = report.known(&run.due);
            let zone = report.when.name();
            let from = report.when.both(run.counted_from);
            return node(format!("{} after {from}, at the same time of day in {zone}: {due}", report.value(value)));
        }
        Ok(value @ Value::DateTime(_)) => {
            return node(format!("until {}, however long that is", report.value(value)));
        }
        _ => return node(format!("nothing can be counted: {}", report.known(&run.target))),
    };
    let clock = run.calendar.and_then(|number| report.evaluation.clock(number).ok());
    let (to, until) = match &run.due {
        Ok(_) => (instant(&run.due).unwrap_or(run.counted_from), "to the due time"),
        // As far as days are judged, and the first that are not.
        Err(why) if !why.unjudged.is_empty() => {
            let last = why.unjudged.iter().map(|days| days.to).max().and_then(|day| day.succ_opt());
            let end = clock
                .as_ref()
                .zip(last)
                .and_then(|(clock, day)| clock.calendar.at_local(day.and_time(NaiveTime::MIN)).ok());
            (end.unwrap_or(run.counted_from), "as far as days are judged")
        }
        Err(_) => {
            let end = run.stopped.map(|(at, _)| at).or(report.chronicle.horizon());
            (end.unwrap_or(run.counted_from), "as far as the log goes")
        }
    };
    let count = Count { report, run, clock, from: run.counted_from, to: to.max(run.counted_from), kind };
    let what = match kind {
        Kind::Working => "working hours, day by day",
        Kind::Elapsed => "time that passes, day by day",
        Kind::BusinessDays => "business days, day by day",
    };
    let target = match milestone.recurs {
        true => format!("{} times {}", run.occurrences.len() + 1, report.known(&run.target)),
        false => report.known(&run.target),
    };
    let from = report.when.both(count.from);
    let mut node = node(format!("{what}, from {from} {until}: {target}"));
    if kind == Kind::BusinessDays {
        let way = count.clock.as_ref().and_then(|clock| clock.part_day.as_ref().ok());
        node.remark = way.map(|way| format!("part day {}", way.word().replace('-', " ")));
    }
    node.parts(count.nodes())
}

impl Count<'_, '_> {
    fn nodes(&self) -> Vec<Node> {
        let (first, last) = (self.local(self.from), self.last_date());
        let days = (last - first).num_days() + 1;
        let mut total = 0;
        let mut steps = Vec::new();
        if days <= FOLDED_FROM {
            self.walk(first, last, &mut total, &mut steps);
        } else {
            let head = first + Days::new(SHOWN - 1);
            let tail = last - Days::new(SHOWN - 1);
            self.walk(first, head, &mut total, &mut steps);
            steps.push(self.fold(head + Days::new(1), tail - Days::new(1), &mut total));
            self.walk(tail, last, &mut total, &mut steps);
        }
        let widest = steps.iter().map(|step| self.windows(step).chars().count()).max().unwrap_or(0);
        steps.into_iter().map(|step| self.node(step, widest)).collect()
    }

    fn local(&self, at: At) -> NaiveDate {
        let zone = self.clock.as_ref().and_then(|clock| clock.calendar.zone().local(at));
        zone.map_or_else(|| self.report.when.date(at), |at| at.date_naive())
    }

    /// The last day that has any part in the count: one that ends at midnight ends on the day before.
    fn last_date(&self) -> NaiveDate {
        let last = self.local(self.to);
        let ends = self.midnight(last) == self.to && self.to > self.from;
        if ends { last.pred_opt().unwrap_or(last) } else { last }
    }

    fn midnight(&self, date: NaiveDate) -> At {
        let local = date.and_time(NaiveTime::MIN);
        let zoned = self.clock.as_ref().and_then(|clock| clock.calendar.at_local(local).ok());
        zoned.unwrap_or_else(|| self.report.when.at_local(local))
    }

    fn walk(&self, first: NaiveDate, last: NaiveDate, total: &mut i64, steps: &mut Vec<DayStep>) {
        for date in first.iter_days().take_while(|date| *date <= last) {
            let Some(day) = self.day(date) else { continue };
            let open = match self.kind {
                Kind::Elapsed => vec![(self.midnight(date), self.midnight(date + Days::new(1)))],
                _ if day.kind == DayKind::NotJudged => Vec::new(),
                _ => day.stretches.clone(),
            };
            let (counted, held) = self.without_holds(&open);
            let seconds = counted.iter().map(|(a, b)| (*b - *a).num_seconds()).sum();
            *total += seconds;
            let business_day = self.business_day(date).filter(|_| !day.stretches.is_empty());
            steps.push(DayStep { day, counted, seconds, total: *total, business_day, held, folded: None });
        }
    }

    fn day(&self, date: NaiveDate) -> Option<Day> {
        match &self.clock {
            Some(clock) => clock.calendar.day(date),
            None => Some(Day {
                date,
                kind: DayKind::Working,
                stretches: vec![(self.midnight(date), self.midnight(date + Days::new(1)))],
                name: None,
                clock_change: None,
            }),
        }
    }

    /// What of these stretches lies in the count and is not held, and whether any of it is.
    fn without_holds(&self, open: &[(At, At)]) -> (Vec<(At, At)>, bool) {
        let mut held = false;
        let mut counted = Vec::new();
        for (opens, closes) in open {
            let (mut at, end) = ((*opens).max(self.from), (*closes).min(self.to));
            for hold in &self.run.holds {
                let to = hold.to.unwrap_or(self.to);
                if hold.from >= end || to <= at {
                    continue;
                }
                held = true;
                if at < hold.from {
                    counted.push((at, hold.from));
                }
                at = to.max(at);
            }
            if at < end {
                counted.push((at, end));
            }
        }
        (counted, held)
    }

    /// The days from `first` to `last`, both included, worked out at once.
    fn fold(&self, first: NaiveDate, last: NaiveDate, total: &mut i64) -> DayStep {
        let span = (self.midnight(first), self.midnight(last + Days::new(1)));
        let between = |from: At, to: At| match (self.kind, &self.clock) {
            (Kind::Elapsed, _) | (_, None) => Some((to - from).num_seconds()),
            (_, Some(clock)) => clock.calendar.between(from, to).ok(),
        };
        let mut seconds = between(span.0, span.1);
        let mut held = false;
        for hold in &self.run.holds {
            let (from, to) = (hold.from.max(span.0), hold.to.unwrap_or(self.to).min(span.1));
            if from < to {
                held = true;
                seconds = seconds.zip(between(from, to)).map(|(all, part)| all - part);
            }
        }
        *total += seconds.unwrap_or(0);
        let mut names: Vec<String> = Vec::new();
        if let Some(clock) = &self.clock {
            for name in clock.calendar.listed(first, last).filter_map(|listed| listed.name.clone()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let folded = Folded { last, days: (last - first).num_days() + 1, known: seconds.is_some(), names };
        let day = Day { date: first, kind: DayKind::Working, stretches: vec![], name: None, clock_change: None };
        let seconds = seconds.unwrap_or(0);
        let business_day = self.business_day(last);
        DayStep { day, counted: vec![], seconds, total: *total, business_day, held, folded: Some(folded) }
    }

    /// Which business day of the count a date is; nothing for one that does not count.
    fn business_day(&self, date: NaiveDate) -> Option<i64> {
        let clock = self.clock.as_ref().filter(|_| self.kind == Kind::BusinessDays)?;
        let way = *clock.part_day.as_ref().ok()?;
        let opens = clock.calendar.next_opening(self.from).ok()?;
        let start = match way {
            PartDay::Elapsed => self.local(opens),
            PartDay::Counted | PartDay::NotCounted => self.local(self.from),
        };
        let first = match way {
            PartDay::Counted if self.local(opens) == start => start,
            _ => start.succ_opt()?,
        };
        let count = clock.calendar.business_days_between(first, date.succ_opt()?).ok()?;
        (count > 0).then_some(count)
    }

    // ---- words ------------------------------------------------------------------------------------

    /// `17:30-18:00`; what the day is, where nothing of it counts.
    fn windows(&self, step: &DayStep) -> String {
        if step.folded.is_some() {
            return String::new();
        }
        if self.kind == Kind::BusinessDays || step.counted.is_empty() {
            return String::new();
        }
        let told = |at: At| {
            let zone = self.clock.as_ref().and_then(|clock| clock.calendar.zone().local(at));
            let local = zone.unwrap_or_else(|| self.report.when.local(at));
            match local.date_naive() > step.day.date {
                true => "24:00".to_owned(),
                false => local.format("%H:%M").to_string(),
            }
        };
        step.counted.iter().map(|(a, b)| format!("{}-{}", told(*a), told(*b))).collect::<Vec<_>>().join(", ")
    }

    fn node(&self, step: DayStep, widest: usize) -> Node {
        let words = match &step.folded {
            Some(folded) => self.folded_words(&step, folded),
            None => self.day_words(&step, widest),
        };
        let mut node = Node::new(NodeKind::Day, words);
        let unknown = step.folded.as_ref().is_some_and(|folded| !folded.known);
        if step.folded.is_none() && step.day.kind == DayKind::NotJudged && self.kind != Kind::Elapsed || unknown {
            node.standing = Some(Applies::Open);
        }
        node.day = Some(step);
        node
    }

    fn day_words(&self, step: &DayStep, widest: usize) -> String {
        let day = &step.day;
        let mut parts = vec![day_words(day.date)];
        match (self.kind, step.business_day) {
            (Kind::BusinessDays, Some(number)) => parts.push(format!("business day {number}")),
            (Kind::BusinessDays, None) if !day.stretches.is_empty() && day.kind != DayKind::NotJudged => {
                parts.push("does not count".to_owned());
            }
            (Kind::BusinessDays, None) => {}
            _ if step.counted.is_empty() => {}
            _ => {
                let windows = self.windows(step);
                let pad = " ".repeat(widest.saturating_sub(windows.chars().count()));
                parts.push(format!("{windows}{pad}"));
                parts.push(format!("{} (total {})", hours(step.seconds), hours(step.total)));
            }
        }
        let what = match day.kind {
            _ if self.kind == Kind::Elapsed => None,
            DayKind::Holiday => Some("holiday"),
            DayKind::MakeUp => Some("make-up working day"),
            DayKind::Closed => Some("closed"),
            DayKind::NotJudged => Some("NOT JUDGED: nobody has said whether it is a working day"),
            DayKind::Working if step.counted.is_empty() && self.kind == Kind::Working && !step.held => {
                Some("outside the hours")
            }
            DayKind::Working => None,
        };
        match (what, day.name.as_ref().filter(|_| self.kind != Kind::Elapsed)) {
            (Some(what), Some(name)) => parts.push(format!("{what}: {name}")),
            (Some(what), None) => parts.push(what.to_owned()),
            (None, Some(name)) => parts.push(name.clone()),
            (None, None) => {}
        }
        if let Some((before, after)) = day.clock_change {
            parts.push(format!("the clock goes from {before} to {after}"));
        }
        if step.held {
            parts.push("held for a part of it".to_owned());
        }
        parts.join("  ")
    }

    fn folded_words(&self, step: &DayStep, folded: &Folded) -> String {
        let counted = match (folded.known, self.kind) {
            (false, _) => "not all of them judged".to_owned(),
            (true, Kind::BusinessDays) => {
                step.business_day.map_or(String::new(), |number| format!("up to business day {number}"))
            }
            (true, _) => format!("{} (total {})", hours(step.seconds), hours(step.total)),
        };
        let names = match folded.names.len() {
            0 => String::new(),
            1..=6 => format!("; with {}", folded.names.join(", ")),
            more => format!("; with {} and {} more", folded.names[..5].join(", "), more - 5),
        };
        format!("… {} to {}: {} days, {counted}{names} …", step.day.date, folded.last, folded.days)
    }
}

/// `7.5 h`, `1 h 20 min`
fn hours(seconds: i64) -> String {
    if seconds % 36 == 0 {
        return format!("{} h", rust_decimal::Decimal::new(seconds / 36, 2).normalize());
    }
    match (seconds / 3600, seconds % 3600 / 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (h, m, 0) => format!("{h} h {m} min"),
        (h, m, s) => format!("{h} h {m} min {s} s"),
    }
}
