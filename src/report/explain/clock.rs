//! Processes and milestones: the steps of the log that led to their answers, and why a deadline is when it is.

use super::days::day_nodes;
use super::rules::Place;
use super::{Applies, Builder, Node, NodeKind};
use crate::eval::chronicle::{MilestoneResult, ProcessResult, Run, Step, StepCause};
use crate::model::{ClauseId, DecisionKind, Milestone, Process, Trigger, Words};
use crate::report::calendar::{calendar_lines, lists_told};
use crate::report::log::LogReport;
use crate::source::Sources;

/// The columns of a milestone, in the order of the model.
const STARTED: usize = 1;
const STOPPED: usize = 3;
const TARGET: usize = 4;
const CALENDAR: usize = 5;

/// Steps of a process that are shown from each end, and from how many on the middle is left out.
const SHOWN_STEPS: usize = 20;

impl<'a> Builder<'a> {
    /// What a process or milestone was read from.
    pub(super) fn clock(&mut self, place: &Place) -> Vec<Node> {
        let sources = Sources::default();
        let model = self.model;
        let kind = &model.decision(place.decision).kind;
        if self.evaluation.chronicle().is_none() {
            let given = model.log.is_some_and(|own| self.evaluation.facts.get(own.log).is_some());
            // At a moment of a log that is being read, the state is a fact.
            return if given { Vec::new() } else { self.lines_of(place, kind) };
        }
        let report = LogReport::new(self.evaluation.checked, &sources, self.evaluation.facts, None, "");
        let Some(report) = report else { return Vec::new() };
        let chronicle = report.chronicle.clone();
        match kind {
            DecisionKind::Process(process) => {
                let result = chronicle.processes.iter().enumerate().find(|(_, r)| r.decision == place.decision);
                result.map_or(Vec::new(), |(number, result)| self.course(&report, process, number, result, place))
            }
            DecisionKind::Milestone(milestone) => {
                let result = chronicle.milestones.iter().find(|r| r.decision == place.decision);
                result.map_or(Vec::new(), |result| self.runs(&report, milestone, result, place))
            }
            _ => Vec::new(),
        }
    }

    /// Without a log: the lines of the rules as they stand.
    fn lines_of(&self, place: &Place, kind: &'a DecisionKind) -> Vec<Node> {
        let words = self.words(place.decision);
        match kind {
            DecisionKind::Milestone(milestone) => {
                let line = |(line, cites): (String, &[_])| Node::new(NodeKind::Line, line).clauses(cites);
                words.milestone(milestone).into_iter().map(line).collect()
            }
            DecisionKind::Process(process) => {
                let lines = process.transitions.iter().map(|transition| {
                    let line = words.transition(process, transition);
                    let clauses = joined(&place.clauses, &transition.condition.cites);
                    Node::new(NodeKind::Transition, line).at(transition.span).clauses(&clauses)
                });
                lines.collect()
            }
            _ => Vec::new(),
        }
    }

    // ---- processes --------------------------------------------------------------------------------

    fn course(
        &self,
        report: &LogReport,
        process: &'a Process,
        number: usize,
        result: &ProcessResult,
        place: &Place,
    ) -> Vec<Node> {
        let words = self.words(place.decision);
        let mut nodes = Vec::new();
        for (at, step) in report.chronicle.steps.iter().enumerate() {
            nodes.extend(self.moved(report, process, number, (at, step), place));
        }
        let skipped = nodes.len().saturating_sub(2 * SHOWN_STEPS);
        if skipped > 0 {
            let note = Node::new(NodeKind::Line, format!("… {skipped} more steps …"));
            nodes.splice(SHOWN_STEPS..SHOWN_STEPS + skipped, [note]);
        }
        if nodes.is_empty() {
            let first = self.model.member(process.states, 0).map_or("?", |m| m.name.as_str());
            nodes.push(Node::new(NodeKind::Line, format!("{first} is where it begins; nothing of the log moved it")));
        }
        if let Some((transition, due)) = &result.next {
            if let Some(line) = process.transitions.get(*transition) {
                let when = match due {
                    Ok(due) => format!("at {}, if nothing happens before", report.value(due)),
                    Err(why) => format!("when is not known: {}", report.why(why)),
                };
                let clauses = joined(&place.clauses, &line.condition.cites);
                let node = Node::new(NodeKind::Transition, words.transition(process, line));
                nodes.push(node.standing(Applies::Open).remark(when).at(line.span).clauses(&clauses));
            }
        }
        nodes
    }

    /// What a step did to a process: the line that applied, and the states before and after.
    fn moved(
        &self,
        report: &LogReport,
        process: &'a Process,
        number: usize,
        (at, step): (usize, &Step),
        place: &Place,
    ) -> Vec<Node> {
        let moves = step.moves.iter().filter(|moved| moved.process == number);
        let nodes = moves.map(|moved| {
            let (from, to) = (report.known(&moved.from), report.known(&moved.to));
            let states = if moved.from == moved.to { format!("stays {to}") } else { format!("{from} → {to}") };
            let told = format!("{}: {states}{}", report.when.both(step.at), report.by_step(at));
            let Some(line) = moved.transition.and_then(|t| process.transitions.get(t)) else {
                return Node::new(NodeKind::Transition, told).standing(Applies::Open);
            };
            let sets = step.sets.iter().filter(|(input, _)| line.sets.iter().any(|(own, _)| own == input));
            let sets: Vec<String> = sets
                .map(|(input, value)| format!("{} is now {}", self.model.input(*input).name, report.value(value)))
                .collect();
            let sets = if sets.is_empty() { String::new() } else { format!("; {}", sets.join(", ")) };
            let clauses = joined(&place.clauses, &line.condition.cites);
            let node = Node::new(NodeKind::Transition, self.words(place.decision).transition(process, line));
            node.standing(Applies::Yes).remark(format!("{told}{sets}")).at(line.span).clauses(&clauses)
        });
        nodes.collect()
    }

    // ---- milestones -------------------------------------------------------------------------------

    fn runs(
        &mut self,
        report: &LogReport,
        milestone: &'a Milestone,
        result: &MilestoneResult,
        place: &Place,
    ) -> Vec<Node> {
        let Some(run) = result.last() else {
            let why = result.doubt.as_ref().map(|why| report.why(why));
            let mut nodes = self.lines_of(place, &self.model.decision(place.decision).kind);
            let why = why.unwrap_or_else(|| "nothing of the log started it".to_owned());
            nodes.insert(0, Node::new(NodeKind::Line, "not started").remark(why));
            return nodes;
        };
        let wanted = |columns: &[usize]| place.column.is_none_or(|column| columns.contains(&column));
        let others = place.column.is_none_or(|c| ![STARTED, STOPPED, TARGET, CALENDAR].contains(&c));
        let mut nodes = Vec::new();
        if others || wanted(&[STARTED]) {
            let mut node = self.trigger(report, "starts", &milestone.starts, run.start_step, place);
            if result.runs.len() > 1 {
                node.words = format!("run {} of {1}: {2}", result.runs.len(), result.runs.len(), node.words);
            }
            nodes.push(node);
        }
        if others || wanted(&[TARGET, CALENDAR]) {
            nodes.push(self.target(report, milestone, result, run));
            nodes.extend(self.changes(report, milestone, run));
        }
        if others || wanted(&[CALENDAR]) {
            nodes.extend(run.calendar.map(|number| self.calendar(number, place)));
        }
        if others {
            nodes.extend(self.holds(report, run));
            nodes.push(day_nodes(report, milestone, run));
        }
        if let (Some((_, step)), true) = (run.stopped, others || wanted(&[STOPPED])) {
            nodes.push(self.trigger(report, "stops", &milestone.stops, step, place));
        }
        nodes
    }

    /// `starts on reported — 2026-03-06 Fri 17:30 on reported by customer (entry 1)`
    fn trigger(&self, report: &LogReport, word: &str, triggers: &'a [Trigger], step: usize, place: &Place) -> Node {
        let Some(happened) = report.chronicle.steps.get(step) else { return Node::new(NodeKind::Trigger, word) };
        let event = match happened.cause {
            StepCause::Event(entry) => report.entry(entry).map(|entry| (entry.event, entry.by)),
            StepCause::Timer => None,
        };
        let of_event = |trigger: &&Trigger| {
            let by = |by: u32| trigger.by.is_empty() || trigger.by.contains(&by);
            event.is_some_and(|(event, party)| trigger.event == Some(event) && party.is_none_or(by))
        };
        let found = triggers.iter().find(of_event).or_else(|| triggers.iter().find(|t| t.event.is_none()));
        let words = found.map_or(word.to_owned(), |t| format!("{word} {}", self.words(place.decision).trigger(t)));
        let told = format!("{}{}", report.when.both(happened.at), report.by_step(step));
        let clauses = found.map_or(Vec::new(), |t| t.condition.cites.clone());
        let clauses = joined(&place.clauses, &clauses);
        Node::new(NodeKind::Trigger, words).remark(told).clauses(&clauses)
    }

    /// The target, with the working of the decisions that it names as they stood when it was decided.
    fn target(&self, report: &LogReport, milestone: &'a Milestone, result: &MilestoneResult, run: &Run) -> Node {
        let words = Words::of(self.model, self.model.decision(result.decision)).limit(&milestone.target);
        let word = if milestone.recurs { "every" } else { "target" };
        let node = Node::new(NodeKind::Target, format!("{word} {words}")).answer(run.target.clone());
        let parts = report.with_target(result, run, |evaluation| {
            let mut inner = Builder {
                model: &evaluation.checked.model,
                evaluation,
                decided: Default::default(),
                lets: Default::default(),
            };
            let mut parts = inner.leaves(result.decision, &milestone.target.amount);
            if let Some(calendar) = &milestone.target.calendar {
                let more = inner.leaves(result.decision, calendar);
                let new: Vec<Node> = more.into_iter().filter(|n| !parts.iter().any(|p| p.words == n.words)).collect();
                parts.extend(new);
            }
            parts
        });
        node.clauses(&milestone.target.cites).parts(parts.unwrap_or_default())
    }

    fn changes(&self, report: &LogReport, milestone: &'a Milestone, run: &Run) -> Vec<Node> {
        let changes = run.changes.iter().map(|change| {
            let told = format!(
                "{}: {} → {}",
                report.when.both(change.at),
                report.known(&change.from),
                report.known(&change.to)
            );
            let Some(policy) = change.policy else {
                let words = "what becomes of the running clock is not known";
                return Node::new(NodeKind::Change, words).remark(told).standing(Applies::Open);
            };
            let line = milestone.on_change.iter().find(|(own, _)| *own == policy);
            let clauses = line.map_or(&[][..], |(_, condition)| &condition.cites);
            Node::new(NodeKind::Change, format!("on change {}", policy.text())).remark(told).clauses(clauses)
        });
        changes.collect()
    }

    fn holds(&self, report: &LogReport, run: &Run) -> Vec<Node> {
        let holds = run.holds.iter().map(|hold| {
            let word = if hold.void { "void" } else { "paused" };
            let to = hold.to.map_or("and still is".to_owned(), |to| format!("to {}", report.when.both(to)));
            Node::new(NodeKind::Hold, format!("{word} {} {to}", report.when.both(hold.from)))
        });
        holds.collect()
    }

    /// A calendar with its lines, which of them held, and the readings and facts that these turned on.
    fn calendar(&mut self, number: u32, place: &Place) -> Node {
        let Some(calendar) = self.model.calendars.get(number as usize) else {
            return Node::new(NodeKind::Calendar, "calendar");
        };
        let mut node = Node::new(NodeKind::Calendar, format!("calendar {}", calendar.name)).clauses(&calendar.cites);
        node.labels = calendar.labels.clone();
        if let Ok(clock) = self.evaluation.clock(number) {
            node.remark = Some(format!("zone {}", clock.calendar.zone().name()));
        }
        let mut conditions: Vec<&'a crate::model::Expr> = Vec::new();
        calendar.roots(&mut |root| conditions.push(root));
        for line in calendar_lines(self.evaluation, number) {
            let standing = match line.holds {
                Some(true) => Applies::Yes,
                Some(false) => Applies::No,
                None => Applies::Open,
            };
            node.parts.push(Node::new(NodeKind::Line, line.words).standing(standing).clauses(&line.clauses));
        }
        for list in lists_told(self.evaluation, number) {
            if let Some((name, covered)) = list.given {
                let covered: Vec<String> = covered.iter().map(|(a, b)| format!("{a} to {b}")).collect();
                node.parts.push(Node::new(NodeKind::Line, format!("{name} covers {}", covered.join(", "))));
            }
        }
        for condition in conditions {
            let known: Vec<Node> = self.leaves(place.decision, condition);
            let new = known.into_iter().filter(|leaf| !node.parts.iter().any(|part| part.words == leaf.words));
            let new: Vec<Node> = new.collect();
            node.parts.extend(new);
        }
        node
    }
}

/// Clauses, each once.
fn joined(first: &[ClauseId], then: &[ClauseId]) -> Vec<ClauseId> {
    first.iter().chain(then.iter().filter(|clause| !first.contains(clause))).copied().collect()
}
