//! The log of a case as text.

use super::lines::{Line, lines};
use super::{LogReport, TextOptions};
use crate::model::{DecisionId, DecisionKind};
use crate::report::page::{Ink, Page};

/// Lines of one kind that follow each other are folded from this many on.
const FOLDED_FROM: usize = 6;

/// The whole report: timeline, what is wrong, milestones, processes, what comes next.
pub fn log_text(report: &LogReport, options: TextOptions) -> String {
    let mut page = Page::new(options.style);
    timeline(report, &mut page, options.style.width);
    wrong(report, &mut page);
    milestones(report, &mut page, options.style.width);
    next(report, &mut page);
    page.finish()
}

/// What is wrong with the log, and nothing else; empty if nothing is.
pub fn log_faults_text(report: &LogReport, options: TextOptions) -> String {
    let mut page = Page::new(options.style);
    wrong(report, &mut page);
    page.finish()
}

/// What the log comes to for one milestone or process.
pub fn block_text(report: &LogReport, id: DecisionId, options: TextOptions) -> String {
    let mut page = Page::new(options.style);
    let told = format!("local time: {}", report.when.said());
    page.line(0, Ink::Dim, &told);
    match &report.model().decision(id).kind {
        DecisionKind::Process(_) => {
            let mut all = report.chronicle.processes.iter().enumerate();
            if let Some((number, result)) = all.find(|(_, r)| r.decision == id) {
                report.process_block(&mut page, number, result, true);
            }
        }
        _ => {
            if let Some((result, milestone)) = report.milestones().find(|(r, _)| r.decision == id) {
                report.milestone_block(&mut page, result, milestone);
            }
        }
    }
    page.finish()
}

fn timeline(report: &LogReport, page: &mut Page, width: usize) {
    page.heading("Timeline");
    page.line(2, Ink::Dim, &format!("local time: {}", report.when.said()));
    let all = lines(report);
    let mut date = None;
    let mut offset = None;
    let mut at = 0;
    while let Some(line) = all.get(at) {
        let local = report.when.local(line.at);
        if offset.is_some_and(|before| before != *local.offset()) {
            page.line(2, Ink::Dim, &format!("~ the clock is at {} from here on", local.offset()));
        }
        offset = Some(*local.offset());
        let stamp = if date == Some(local.date_naive()) {
            let time = report.when.stamp_time(line.at);
            format!("{:>width$}", time, width = report.when.width())
        } else {
            report.when.stamp(line.at)
        };
        date = Some(local.date_naive());
        let same = all[at..].iter().take_while(|other| line.folds.is_some() && other.folds == line.folds).count();
        write_line(report, page, line, &stamp, width);
        if same >= FOLDED_FROM {
            // The first and the last of them stand, with a count between.
            page.line(indent(report, width), line.ink, &format!("… {} more like it …", same - 2));
            at += same - 1;
        } else {
            at += 1;
        }
    }
    if report.chronicle.as_of.is_none() {
        let words = "no as-of is given: what depends on time going on after the last event is not known";
        page.line(2, Ink::Warn, words);
    }
}

/// The least room for words beside the stamps; else they stand below them.
const ROOM: usize = 24;

/// Where the words of a line begin.
fn indent(report: &LogReport, width: usize) -> usize {
    let beside = 2 + report.when.width() + 2 + 2;
    if width < beside + ROOM { 6 } else { beside }
}

fn write_line(report: &LogReport, page: &mut Page, line: &Line, stamp: &str, width: usize) {
    let indent = indent(report, width);
    let mark = page.paint(line.ink, &line.mark.to_string());
    let mut first = format!("  {}  {mark} ", page.paint(Ink::Dim, stamp));
    if indent < report.when.width() {
        page.line(2, Ink::Dim, stamp.trim_start());
        first = format!("    {mark} ");
    }
    let rest = " ".repeat(indent);
    page.after(&first, indent, &rest, line.ink, &line.words);
    for (ink, words) in &line.below {
        page.line(indent, *ink, words);
    }
}

fn wrong(report: &LogReport, page: &mut Page) {
    if report.chronicle.faults.is_empty() {
        return;
    }
    page.heading("What is wrong with the log");
    for fault in &report.chronicle.faults {
        let entry = report.entry(fault.entry);
        let (at, what) =
            entry.map_or_else(Default::default, |entry| (report.when.both(entry.at), report.entry_words(entry)));
        page.hanging("  ", "      ", Ink::Plain, &format!("{}: {what}, {at}", report.entry_location(fault.entry)));
        page.line(6, Ink::Bad, &report.fault_words(fault));
    }
}

fn milestones(report: &LogReport, page: &mut Page, width: usize) {
    let started: Vec<_> =
        report.milestones().filter(|(result, _)| !result.runs.is_empty() || result.doubt.is_some()).collect();
    let idle: Vec<String> = report
        .milestones()
        .filter(|(result, _)| result.runs.is_empty() && result.doubt.is_none())
        .map(|(result, _)| report.named(result.decision))
        .collect();
    if !started.is_empty() || !idle.is_empty() {
        page.heading("Milestones");
    }
    if started.len() > 1 {
        let rows: Vec<Vec<(Ink, String)>> = started
            .iter()
            .map(|(result, milestone)| {
                let (state, _) = report.settled(result);
                let last = result.last();
                let due =
                    last.and_then(|run| super::instant(&run.due)).map_or(String::new(), |at| report.when.both(at));
                vec![
                    (Ink::Bold, report.name(result.decision).to_owned()),
                    (LogReport::state_ink(&state), report.state_word(&state)),
                    (Ink::Plain, if due.is_empty() { due } else { format!("due {due}") }),
                    (Ink::Plain, last.map_or(String::new(), |run| report.margin(milestone, run))),
                ]
            })
            .collect();
        overview(page, &rows, width);
    }
    for (number, (result, milestone)) in started.iter().enumerate() {
        if number > 0 || started.len() > 1 {
            page.blank();
        }
        report.milestone_block(page, result, milestone);
    }
    if !idle.is_empty() {
        page.hanging("  ", "    ", Ink::Dim, &format!("not started: {}", idle.join(", ")));
    }
    if !report.chronicle.processes.is_empty() {
        page.heading("Processes");
        let mut idle = Vec::new();
        for (number, result) in report.chronicle.processes.iter().enumerate() {
            let moved = report.chronicle.steps.iter().flat_map(|step| &step.moves).any(|m| m.process == number);
            if moved || result.next.is_some() || result.state.is_err() {
                report.process_block(page, number, result, false);
            } else {
                idle.push(format!("{} {}", report.name(result.decision), report.known(&result.state)));
            }
        }
        if !idle.is_empty() {
            page.hanging("  ", "    ", Ink::Dim, &format!("as they begin: {}", idle.join(", ")));
        }
    }
}

/// A table of the milestones; where that is too wide, a line for each.
fn overview(page: &mut Page, rows: &[Vec<(Ink, String)>], width: usize) {
    use unicode_width::UnicodeWidthStr;
    let widest = |column: usize| rows.iter().filter_map(|r| r.get(column)).map(|(_, c)| c.width()).max().unwrap_or(0);
    let all: usize = (0..4).map(|column| widest(column) + 2).sum();
    if all <= width {
        return page.columns(2, rows);
    }
    for row in rows {
        let cells: Vec<&str> = row.iter().map(|(_, cell)| cell.as_str()).filter(|cell| !cell.is_empty()).collect();
        let ink = row.get(1).map_or(Ink::Plain, |(ink, _)| *ink);
        page.hanging("  ", "    ", ink, &cells.join(", "));
    }
}

fn next(report: &LogReport, page: &mut Page) {
    page.heading("Next");
    let mut none = true;
    for (party, all) in report.owed() {
        none = false;
        let who = party.map_or("of no party that the rules name".to_owned(), |party| report.party(party));
        page.line(2, Ink::Bold, &who);
        for owed in &all {
            let words = format!("{}: {}", report.named(owed.result.decision), report.owed_words(owed));
            let ink = if owed.overdue { Ink::Bad } else { Ink::Plain };
            page.hanging("      ", "        ", ink, &words);
            let how = report.how(owed);
            if !how.is_empty() {
                page.hanging("        ", "          ", Ink::Dim, &format!("done {}", how.join(", or ")));
            }
        }
    }
    let moving: Vec<_> = report.moving().collect();
    if !moving.is_empty() {
        none = false;
        page.line(2, Ink::Bold, "by itself, if nothing happens before");
    }
    for (result, transition, due) in moving {
        let words = report.next_move(result.decision, transition).replace(" by itself", "");
        let when = match due {
            Ok(due) => format!("at {}", report.value(due)),
            Err(why) => format!("when is not known: {}", report.why(why)),
        };
        page.hanging("      ", "        ", Ink::Plain, &format!("{words}: {when}"));
    }
    if none {
        page.line(2, Ink::Dim, "nothing is owed and nothing happens by itself");
    }
}

impl LogReport<'_> {
    /// The state alone, for a table.
    fn state_word(&self, state: &crate::eval::Known) -> String {
        match state {
            Ok(state) => state.display(self.model()).to_string(),
            Err(_) => "not known".to_owned(),
        }
    }

    /// `2 business hours late`, `30 min left`
    fn margin(&self, milestone: &crate::model::Milestone, run: &crate::eval::chronicle::Run) -> String {
        if run.missed > 0 && milestone.recurs {
            return format!("{} of {} missed", run.missed, run.occurrences.len());
        }
        match (&run.late_by, self.left(milestone, run)) {
            (late, _) if late.is_ok() && !super::governed::is_none(late) => format!("{} late", self.known(late)),
            (_, Some(left)) if run.stopped.is_none() => format!("{left} left"),
            (_, Some(left)) => left.replace(" when it stopped", " to spare"),
            _ => String::new(),
        }
    }
}
