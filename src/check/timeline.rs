//! What a log can change, what turns on that, and milestones and processes that cannot be read from one.

use std::collections::BTreeSet;

use super::usage::{Behind, behind};
use crate::diag::{Code, Problem};
use crate::model::{Cause, DecisionId, DecisionKind, Expr, InputId, Milestone, Model, Process};

/// What a log can change, and what turns on what.
#[derive(Debug, Default)]
pub struct Timeline {
    /// By input.
    settable: Vec<bool>,
    /// What each process sets, by its place among the processes.
    pub sets: Vec<Vec<InputId>>,
    /// The processes, in source order.
    pub processes: Vec<DecisionId>,
    /// The milestones, in source order.
    pub milestones: Vec<DecisionId>,
    /// By decision: the place of a process or milestone among its kind.
    pub place: Vec<Option<usize>>,
    /// What the expressions of each process turn on.
    pub process_needs: Vec<Needs>,
    /// What the expressions of each milestone turn on.
    pub milestone_needs: Vec<Needs>,
    /// What the calendars turn on.
    pub calendar_needs: Needs,
}

/// What some expressions turn on, as far as a log can change it.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// By input.
    inputs: Vec<bool>,
    /// Whether any process's state is asked for.
    pub states: bool,
}

impl Needs {
    fn of(model: &Model, behind: &Behind) -> Needs {
        let mut inputs = vec![false; model.inputs.len()];
        behind.inputs.iter().for_each(|id| inputs[id.index()] = true);
        let processes = behind.decisions.iter().any(|id| matches!(model.decision(*id).kind, DecisionKind::Process(_)));
        Needs { inputs, states: processes }
    }

    pub fn input(&self, id: InputId) -> bool {
        self.inputs.get(id.index()).copied().unwrap_or(false)
    }
}

impl Timeline {
    pub(super) fn of(model: &Model) -> Timeline {
        let mut timeline = Timeline { place: vec![None; model.decisions.len()], ..Timeline::default() };
        if model.log.is_none() {
            return timeline;
        }
        timeline.settable = settable(model);
        for (id, process) in model.processes() {
            timeline.place[id.index()] = Some(timeline.processes.len());
            timeline.processes.push(id);
            let sets: BTreeSet<InputId> = process.transitions.iter().flat_map(|t| &t.sets).map(|(i, _)| *i).collect();
            timeline.sets.push(sets.into_iter().collect());
            timeline.process_needs.push(Needs::of(model, &behind_all(model, id)));
        }
        for (id, _) in model.milestones() {
            timeline.place[id.index()] = Some(timeline.milestones.len());
            timeline.milestones.push(id);
            timeline.milestone_needs.push(Needs::of(model, &behind_all(model, id)));
        }
        let mut calendars = Behind::default();
        for calendar in &model.calendars {
            calendar.roots(&mut |root| calendars.and(behind(model, None, root)));
        }
        timeline.calendar_needs = Needs::of(model, &calendars);
        timeline
    }

    /// Whether a log can change an input.
    pub fn is_settable(&self, id: InputId) -> bool {
        self.settable.get(id.index()).copied().unwrap_or(false)
    }
}

/// By input: whether an event brings it, or a process sets it.
fn settable(model: &Model) -> Vec<bool> {
    let mut settable = vec![false; model.inputs.len()];
    let brought = model.events.iter().flat_map(|e| &e.with).copied();
    let set = model.processes().flat_map(|(_, p)| &p.transitions).flat_map(|t| &t.sets).map(|(id, _)| *id);
    brought.chain(set).for_each(|id| settable[id.index()] = true);
    settable
}

/// All that the expressions of a process or milestone turn on.
fn behind_all(model: &Model, id: DecisionId) -> Behind {
    let decision = model.decision(id);
    let mut all = Behind::default();
    decision.roots(&mut |root| all.and(behind(model, Some(decision), root)));
    all
}

pub(super) fn check(model: &Model, problems: &mut Vec<Problem>) {
    if model.log.is_none() {
        return;
    }
    let settable = settable(model);
    for (id, milestone) in model.milestones() {
        needs_milestone(model, id, problems);
        policy(model, id, milestone, &settable, problems);
    }
    for (id, process) in model.processes() {
        needs_milestone(model, id, problems);
        states(model, id, process, problems);
        timers(process, problems);
    }
    set_twice(model, problems);
    unused_events(model, problems);
}

/// What is read from a log step by step cannot turn on a milestone, which is known when the log is over.
fn needs_milestone(model: &Model, id: DecisionId, problems: &mut Vec<Problem>) {
    let decision = model.decision(id);
    let mut found: Option<(&Expr, DecisionId)> = None;
    decision.roots(&mut |root| {
        let behind = behind(model, Some(decision), root);
        let milestone =
            behind.decisions.iter().find(|d| matches!(model.decision(**d).kind, DecisionKind::Milestone(_)));
        if let (Some(milestone), None) = (milestone, found) {
            found = Some((root, *milestone));
        }
    });
    if let Some((root, milestone)) = found {
        let (name, other) = (&decision.name, &model.decision(milestone).name);
        let message = format!("`{name}` turns on `{other}`, and a milestone is only known when the log has been read");
        let problem =
            Problem::new(Code::Cycle, root.span, message).related(model.decision(milestone).name_span, "this");
        problems.push(problem.help("ask for the state of a process, or for the facts that events bring"));
    }
}

/// A running clock whose target can change says what becomes of it.
fn policy(model: &Model, id: DecisionId, milestone: &Milestone, settable: &[bool], problems: &mut Vec<Problem>) {
    let decision = model.decision(id);
    let mut all = behind(model, Some(decision), &milestone.target.amount);
    if let Some(calendar) = &milestone.target.calendar {
        all.and(behind(model, Some(decision), calendar));
    }
    let input = all.inputs.iter().find(|id| settable[id.index()]).map(|id| &model.input(*id).name);
    let process =
        all.decisions.iter().map(|id| model.decision(*id)).find(|d| matches!(d.kind, DecisionKind::Process(_)));
    let Some(by) = input.or(process.map(|p| &p.name)).filter(|_| milestone.on_change.is_empty()) else { return };
    let name = &decision.name;
    let message = format!("the target of `{name}` can change with `{by}` while it runs, and no rule says what then");
    let help = "write `on change keeps target`, `on change keeps start` or `on change restarts`; where the agreement \
                does not say, give each a `when READING is …`";
    problems.push(Problem::new(Code::ChangeNotStated, milestone.target.span, message).help(help));
}

/// States that nothing leads to.
fn states(model: &Model, id: DecisionId, process: &Process, problems: &mut Vec<Problem>) {
    let members = &model.enumeration(process.states).members;
    for (number, member) in members.iter().enumerate().skip(1) {
        let reached = process.transitions.iter().any(|t| t.to == Some(number as u32));
        if let (false, Some(span)) = (reached, member.span) {
            let message = format!("nothing leads `{}` to the state `{}`", model.decision(id).name, member.name);
            let help = format!("add `… becomes {} on EVENT`, or remove the state", member.name);
            problems.push(Problem::new(Code::UnreachableState, span, message).help(help));
        }
    }
}

fn timers(process: &Process, problems: &mut Vec<Problem>) {
    for transition in process.transitions.iter().filter(|t| matches!(t.cause, Cause::After(_)) && t.to.is_none()) {
        let message = "a process cannot `stay` after a time: it would do so without end";
        let help = "write `becomes STATE after …`; what recurs while a state lasts is a milestone with `every`";
        problems.push(Problem::new(Code::MisplacedPart, transition.span, message).help(help));
    }
}

/// Two processes that set the same fact could disagree.
fn set_twice(model: &Model, problems: &mut Vec<Problem>) {
    let all: Vec<(DecisionId, InputId, crate::source::Span)> = model
        .processes()
        .flat_map(|(id, p)| p.transitions.iter().flat_map(move |t| t.sets.iter().map(move |(i, _)| (id, *i, t.span))))
        .collect();
    for (place, (process, input, span)) in all.iter().enumerate() {
        let earlier = all.iter().take(place).find(|(other, i, _)| other != process && i == input);
        if let Some((other, _, first)) = earlier {
            let name = &model.input(*input).name;
            let message = format!("`{name}` is set by `{}` already", model.decision(*other).name);
            let help = "a fact is set by one process, so that no two can disagree";
            problems.push(Problem::new(Code::DuplicateName, *span, message).related(*first, "here").help(help));
            return;
        }
    }
}

/// Events that no process or milestone listens to and that bring no fact.
fn unused_events(model: &Model, problems: &mut Vec<Problem>) {
    let mut used = vec![false; model.events.len()];
    for (event, used) in model.events.iter().zip(&mut used) {
        *used = !event.with.is_empty();
    }
    let mut mark = |event: u32| {
        if let Some(used) = used.get_mut(event as usize) {
            *used = true;
        }
    };
    for (_, process) in model.processes() {
        for transition in &process.transitions {
            if let Cause::On { event, .. } = transition.cause {
                mark(event);
            }
        }
    }
    for (_, milestone) in model.milestones() {
        let triggers = milestone.starts.iter().chain(&milestone.stops).chain(&milestone.done);
        triggers.filter_map(|t| t.event).for_each(&mut mark);
    }
    for (event, _) in model.events.iter().zip(&used).filter(|(_, used)| !**used) {
        let message = format!("nothing happens on the event `{}`", event.name);
        let help = "remove it, or use it: `… becomes … on EVENT`, `starts on EVENT`";
        problems.push(Problem::new(Code::UnusedEvent, event.span, message).help(help));
    }
}
