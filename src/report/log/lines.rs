//! The timeline: events, timers, deadlines and warnings in one order of time, with what each did.

use serde_json::{Value as Json, json};

use super::{LogReport, instant};
use crate::eval::chronicle::{At, LogFaultKind, MilestoneResult, Move, Run, StepCause};
use crate::model::{ChangePolicy, MILESTONE_STATES, Milestone, MilestoneState, Warning};
use crate::report::page::Ink;
use crate::value::Value;

/// One line of the timeline.
pub(super) struct Line {
    pub at: At,
    /// Its order among lines of one instant.
    rank: u8,
    pub mark: char,
    pub ink: Ink,
    pub words: String,
    /// What it did, or what there is to say of it.
    pub below: Vec<(Ink, String)>,
    /// Lines of one kind that may be folded where many follow each other: number of the milestone.
    pub folds: Option<usize>,
}

const EVENT: u8 = 0;
const DUE: u8 = 1;
const AS_OF: u8 = 2;

impl Line {
    fn new(at: At, rank: u8, mark: char, ink: Ink, words: String) -> Line {
        Line { at, rank, mark, ink, words, below: Vec::new(), folds: None }
    }
}

/// All lines in order of time.
pub(super) fn lines(report: &LogReport) -> Vec<Line> {
    let mut steps = report.chronicle.steps.iter().map(|step| report.step_line(step)).collect::<Vec<_>>();
    let mut lines = Vec::new();
    for (number, (result, milestone)) in report.milestones().enumerate() {
        for run in &result.runs {
            report.run_lines(result, milestone, run, &mut steps, &mut lines, number);
        }
    }
    for fault in &report.chronicle.faults {
        if matches!(fault.kind, LogFaultKind::Contradiction { .. }) {
            let of_entry =
                |entry: usize| report.chronicle.steps.iter().position(|step| step.cause == StepCause::Event(entry));
            if let Some(line) = of_entry(fault.entry).and_then(|step| steps.get_mut(step)) {
                line.below.push((Ink::Bad, report.fault_words(fault)));
            }
        } else if let Some(entry) = report.entry(fault.entry) {
            let words = format!("{}: not counted, {}", report.entry_words(entry), report.fault_short(fault));
            lines.push(Line::new(entry.at, EVENT, '–', Ink::Dim, words));
        }
    }
    for result in &report.chronicle.processes {
        let Some((transition, due)) = &result.next else { continue };
        let Some(at) = instant(due) else { continue };
        let words = report.next_move(result.decision, *transition);
        lines.push(Line::new(at, DUE, '»', Ink::Dim, words));
    }
    if let Some(as_of) = report.chronicle.as_of {
        let mut line = Line::new(as_of, AS_OF, '─', Ink::Bold, "as of".to_owned());
        if report.chronicle.later > 0 {
            let later = report.chronicle.later;
            let events = if later == 1 { "1 later event does" } else { "later events do" };
            let count = if later == 1 { String::new() } else { format!("{later} ") };
            line.below.push((Ink::Dim, format!("{count}{events} not count")));
        }
        lines.push(line);
    }
    let mut all: Vec<Line> = steps.into_iter().chain(lines).collect();
    all.sort_by_key(|line| (line.at, line.rank));
    all
}

impl LogReport<'_> {
    fn step_line(&self, step: &crate::eval::chronicle::Step) -> Line {
        let entry = match step.cause {
            StepCause::Event(place) => self.entry(place),
            StepCause::Timer => None,
        };
        let brought = entry.map_or(&[][..], |entry| &entry.with);
        let mut moves = step.moves.iter().filter_map(|moved| self.move_words(moved));
        let mut line = match entry {
            Some(entry) => {
                let with: Vec<String> = brought
                    .iter()
                    .map(|(input, value)| {
                        let name = &self.model().input(crate::model::InputId(*input)).name;
                        format!("{name} = {}", self.value(value))
                    })
                    .collect();
                let with = if with.is_empty() { String::new() } else { format!(": {}", with.join(", ")) };
                let words = format!("{}{with}", self.entry_words(entry));
                Line::new(step.at, EVENT, '•', Ink::Plain, words)
            }
            None => Line::new(step.at, EVENT, '»', Ink::Plain, moves.next().unwrap_or_default()),
        };
        line.below.extend(moves.map(|words| (Ink::Plain, words)));
        for (input, value) in &step.sets {
            if !brought.iter().any(|(own, same)| *own == input.0 && same == value) {
                let words = format!("{} is now {}", self.model().input(*input).name, self.value(value));
                line.below.push((Ink::Plain, words));
            }
        }
        line
    }

    /// `incident: open → answered`; nothing where a process stays as it was.
    fn move_words(&self, moved: &Move) -> Option<String> {
        let result = self.chronicle.processes.get(moved.process)?;
        let line = moved.transition.and_then(|t| self.process(result.decision)?.transitions.get(t));
        if moved.from == moved.to && line.is_none_or(|line| line.to.is_none()) {
            return None;
        }
        let after = moved.transition.and_then(|t| self.timed(result.decision, t)).unwrap_or_default();
        let to = match &moved.to {
            Ok(state) => self.value(state),
            Err(why) => format!("not known ({})", self.why(why)),
        };
        Some(format!("{}: {} → {to}{after}", self.name(result.decision), self.known(&moved.from)))
    }

    /// `, after 7 days in office`, for a transition that time brings.
    pub(super) fn timed(&self, id: crate::model::DecisionId, transition: usize) -> Option<String> {
        match &self.process(id)?.transitions.get(transition)?.cause {
            crate::model::Cause::After(limit) => Some(format!(", after {}", self.limit(id, limit))),
            crate::model::Cause::On { .. } => None,
        }
    }

    /// The state that a transition leads to.
    pub(super) fn becomes(&self, id: crate::model::DecisionId, transition: usize) -> Option<&str> {
        let process = self.process(id)?;
        let to = process.transitions.get(transition)?.to?;
        self.model().member(process.states, to).map(|m| m.name.as_str())
    }

    /// `incident becomes closed by itself, after 7 days in office`
    pub(super) fn next_move(&self, id: crate::model::DecisionId, transition: usize) -> String {
        let process = self.process(id);
        let to = process.and_then(|p| Some((p, p.transitions.get(transition)?.to?)));
        let becomes = match to {
            Some((process, to)) => format!("becomes {}", self.value(&Value::Member(process.states, to))),
            None => "goes on".to_owned(),
        };
        format!("{} {becomes} by itself{}", self.name(id), self.timed(id, transition).unwrap_or_default())
    }

    fn run_lines(
        &self,
        result: &MilestoneResult,
        milestone: &Milestone,
        run: &Run,
        steps: &mut [Line],
        lines: &mut Vec<Line>,
        number: usize,
    ) {
        let name = self.name(result.decision);
        let mut tell = |step: Option<usize>, ink: Ink, words: String| {
            if let Some(line) = step.and_then(|step| steps.get_mut(step)) {
                line.below.push((ink, words));
            }
        };
        let state = match &run.state {
            Ok(Value::Member(MILESTONE_STATES, state)) => MilestoneState::ALL.get(*state as usize).copied(),
            _ => None,
        };
        let target = match run.changes.first() {
            Some(change) => self.known(&change.from),
            None => self.target(run),
        };
        let every = if milestone.recurs { "every " } else { "" };
        let first = run.changes.first().map_or(&run.target, |change| &change.from);
        let starts = match first {
            Ok(_) => format!("{name} starts: {every}{target}"),
            Err(why) => format!("{name} starts; its target is not known ({})", self.why(why)),
        };
        tell(Some(run.start_step), Ink::Plain, starts);
        for change in &run.changes {
            let policy = change.policy.map_or("what becomes of the clock is not known", ChangePolicy::text);
            let words = format!("{name}: {} → {}, {policy}", self.known(&change.from), self.known(&change.to));
            tell(self.step_at(change.at, run), Ink::Warn, words);
        }
        for hold in &run.holds {
            let how = if hold.void { "void" } else { "paused" };
            tell(self.step_at(hold.from, run), Ink::Warn, format!("{name} is {how}"));
            if let Some(to) = hold.to.filter(|to| run.stopped.is_none_or(|(at, _)| at != *to)) {
                tell(self.step_at(to, run), Ink::Plain, format!("{name} goes on"));
            }
        }
        for occurrence in &run.occurrences {
            match occurrence.done {
                Some(done) => {
                    let words = format!("✓ {name}: in time for {}", self.when.both(occurrence.due));
                    tell(self.step_at(done, run), Ink::Good, words);
                }
                None => {
                    let mut line = Line::new(occurrence.due, DUE, '✗', Ink::Bad, format!("{name} missed"));
                    line.folds = Some(number);
                    lines.push(line);
                }
            }
        }
        if let Some((_, step)) = run.stopped {
            let (ink, words) = self.stop_words(name, milestone, run, state);
            tell(Some(step), ink, words);
        }
        lines.extend(self.due_line(name, milestone, run, state));
        lines.extend(self.warning_lines(name, milestone, run));
    }

    fn stop_words(&self, name: &str, milestone: &Milestone, run: &Run, state: Option<MilestoneState>) -> (Ink, String) {
        match state {
            _ if milestone.recurs => (Ink::Plain, format!("{name} ends")),
            Some(MilestoneState::Met) => (Ink::Good, format!("✓ {name} met{}", self.left_words(milestone, run))),
            Some(MilestoneState::Missed) => (Ink::Bad, format!("{name} done, {} late", self.known(&run.late_by))),
            Some(MilestoneState::Void) => (Ink::Plain, format!("{name} ends while void")),
            Some(_) => (Ink::Plain, format!("{name} ends")),
            None => (Ink::Warn, format!("? {name}: {}", self.known(&run.state))),
        }
    }

    /// `, 30 min before it was due`
    fn left_words(&self, milestone: &Milestone, run: &Run) -> String {
        let (Some(due), Some((stopped, _))) = (instant(&run.due), run.stopped) else { return String::new() };
        match self.between(milestone, run, stopped, due) {
            Ok(Value::Duration(0) | Value::BusinessHours(0)) => ", at the last instant".to_owned(),
            Ok(left) => format!(", {} before it was due", self.value(&left)),
            Err(_) => String::new(),
        }
    }

    fn due_line(&self, name: &str, milestone: &Milestone, run: &Run, state: Option<MilestoneState>) -> Option<Line> {
        let due = instant(&run.due)?;
        let line = |mark, ink, words: String| Some(Line::new(due, DUE, mark, ink, words));
        match state {
            _ if milestone.recurs && run.stopped.is_some() => None,
            Some(MilestoneState::Missed) => line('✗', Ink::Bad, format!("{name} missed: it was due")),
            Some(MilestoneState::Met) => line('·', Ink::Dim, format!("{name} was due")),
            Some(_) => line('○', Ink::Bold, format!("{name} is due")),
            None => line('?', Ink::Warn, format!("{name} is due; {}", self.known(&run.state))),
        }
    }

    fn warning_lines(&self, name: &str, milestone: &Milestone, run: &Run) -> Vec<Line> {
        let mut lines = Vec::new();
        for warned in &run.warnings {
            let (Some(at), Some(warning)) = (instant(&warned.at), milestone.warns.get(warned.warning)) else {
                continue;
            };
            let words = warning_words(self, warning);
            if warned.reached {
                lines.push(Line::new(at, DUE, '!', Ink::Warn, format!("{name} warns {words}")));
            } else if run.stopped.is_none() {
                lines.push(Line::new(at, DUE, '!', Ink::Dim, format!("{name} will warn {words}")));
            }
        }
        lines
    }

    /// The step of a run at an instant, the last one of several.
    fn step_at(&self, at: At, run: &Run) -> Option<usize> {
        // Steps stand in order of time.
        let after = self.chronicle.steps.partition_point(|step| step.at <= at);
        let place = after.checked_sub(1).filter(|place| *place >= run.start_step)?;
        self.chronicle.steps.get(place).filter(|step| step.at == at).map(|_| place)
    }
}

/// An instant as the report's zone tells it.
pub(super) fn instant_json(report: &LogReport, at: At) -> Json {
    json!(Value::DateTime(report.when.local(at)).display(report.model()).to_string())
}

/// `at 75%`, `30 min before`
pub(super) fn warning_words(report: &LogReport, warning: &Warning) -> String {
    let amount = warning.amount.display(report.model());
    match warning.amount {
        Value::Percent(_) => format!("at {amount}"),
        _ => format!("{amount} before"),
    }
}
