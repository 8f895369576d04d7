//! Each milestone and process as a block of lines: where it stands, how it came to that, and what governs it.

use super::governed::is_none;
use super::lines::warning_words;
use super::{LogReport, instant};
use crate::eval::chronicle::{MilestoneResult, ProcessResult, Run};
use crate::eval::{Known, outcome};
use crate::model::{ChangePolicy, ClauseId, DecisionId, MILESTONE_STATES, Milestone, MilestoneState, Words};
use crate::report::outcome::indifferent;
use crate::report::outcome_text::indifference;
use crate::report::page::{Ink, Page};
use crate::report::target::targets_of;
use crate::report::value::named;
use crate::value::Value;

/// Times that were missed, and events of a process, are listed up to this many, half from each end.
const MOST_LISTED: usize = 12;

type Row = (&'static str, Ink, String);

impl LogReport<'_> {
    /// How the state of a milestone stands out.
    pub(super) fn state_ink(state: &Known) -> Ink {
        match state {
            Ok(Value::Member(MILESTONE_STATES, state)) => match MilestoneState::ALL.get(*state as usize) {
                Some(MilestoneState::Met) => Ink::Good,
                Some(MilestoneState::Missed) => Ink::Bad,
                Some(MilestoneState::NotStarted) => Ink::Dim,
                _ => Ink::Bold,
            },
            _ => Ink::Warn,
        }
    }

    /// A milestone with all that there is to say of it.
    pub(super) fn milestone_block(&self, page: &mut Page, result: &MilestoneResult, milestone: &Milestone) {
        let (state, whatever) = self.settled(result);
        let ink = Self::state_ink(&state);
        let title = state.as_ref().map_or("not known".to_owned(), |state| self.value(state));
        self.title(page, result.decision, &title, ink);
        let mut rows: Vec<Row> = Vec::new();
        if let (None, Err(why)) = (&result.doubt, &state) {
            rows.push(("state", ink, self.why(why)));
        }
        rows.extend(whatever.map(|words| ("state", Ink::Plain, words)));
        if let Some(party) = milestone.owed_by {
            rows.push(("owed by", Ink::Plain, self.party(party)));
        }
        if let (Some(why), Err(_)) = (&result.doubt, &state) {
            rows.push(("in doubt", Ink::Warn, format!("whether it started: {}", self.why(why))));
        }
        let before = result.runs.len().saturating_sub(1);
        for (number, run) in result.runs.iter().take(before).enumerate() {
            let stopped = run.stopped.map_or(String::new(), |(at, _)| format!(" to {}", self.when.both(at)));
            let words = format!("{}{stopped}: {}", self.when.both(run.started), self.known(&run.state));
            rows.push(("", Ink::Plain, format!("run {} of {}, {words}", number + 1, before + 1)));
        }
        if let Some(run) = result.last() {
            self.run_rows(&mut rows, milestone, run);
            self.reading_rows(&mut rows, result, run);
            for governs in self.governs(result, run) {
                let place = self.sources.place(governs.at);
                let file = &self.sources.file(governs.at.file).name;
                rows.push(("governed", Ink::Plain, format!("{}: {}", governs.decision, governs.words)));
                let clauses = self.clause_ids(&governs.clauses);
                rows.push(("", Ink::Dim, format!("{file}:{} {clauses}", place.line).trim_end().to_owned()));
            }
        }
        self.rows(page, &rows);
        self.consequence_rows(page, result, milestone);
        let clauses = self.clauses_of(result);
        if !clauses.is_empty() {
            self.rows(page, &[("clauses", Ink::Dim, self.clause_ids(&clauses))]);
        }
    }

    fn title(&self, page: &mut Page, id: DecisionId, state: &str, ink: Ink) {
        page.columns(2, &[vec![(Ink::Bold, self.name(id).to_owned()), (ink, state.to_owned())]]);
        if let Some(label) = self.model().decision(id).labels.shown(self.lang) {
            page.line(6, Ink::Dim, &label);
        }
    }

    fn rows(&self, page: &mut Page, rows: &[Row]) {
        for (key, ink, text) in rows {
            page.columns(6, &[vec![(Ink::Dim, format!("{key:<9}")), (*ink, text.clone())]]);
        }
    }

    fn run_rows(&self, rows: &mut Vec<Row>, milestone: &Milestone, run: &Run) {
        let every = if milestone.recurs { "every" } else { "target" };
        rows.push((every, Ink::Plain, self.target(run)));
        rows.push(("started", Ink::Plain, format!("{}{}", self.when.both(run.started), self.by_step(run.start_step))));
        if run.counted_from != run.started {
            rows.push(("counted", Ink::Plain, format!("from {}", self.when.both(run.counted_from))));
        }
        let next = if milestone.recurs { "next due" } else { "due" };
        match &run.due {
            Ok(_) => rows.push((next, Ink::Bold, self.known(&run.due))),
            Err(_) if run.stopped.is_some() && milestone.recurs => {}
            Err(why) if self.is_held(run) && why.unjudged.is_empty() => {
                rows.push((next, Ink::Warn, "not before the clock goes on".to_owned()));
            }
            Err(why) => rows.push((next, Ink::Warn, format!("not known: {}", self.why(why)))),
        }
        if let Some((at, step)) = run.stopped {
            rows.push(("stopped", Ink::Plain, format!("{}{}", self.when.both(at), self.by_step(step))));
        }
        rows.push(("used", Ink::Plain, self.known(&run.used)));
        match (&run.late_by, self.left(milestone, run)) {
            (late, _) if run.late_by.is_ok() && !is_none(late) => rows.push(("late by", Ink::Bad, self.known(late))),
            (_, Some(left)) => rows.push(("left", Ink::Plain, left)),
            _ => {}
        }
        for hold in &run.holds {
            let how = if hold.void { "void" } else { "paused" };
            let to = hold.to.map_or("and still is".to_owned(), |to| format!("to {}", self.when.both(to)));
            rows.push((how, Ink::Warn, format!("{} {to}", self.when.both(hold.from))));
        }
        for change in &run.changes {
            let policy = change.policy.map_or("what becomes of the clock is not known", ChangePolicy::text);
            let (from, to) = (self.known(&change.from), self.known(&change.to));
            let at = self.when.both(change.at);
            let remark = if from == to { " (in another calendar)" } else { "" };
            rows.push(("changed", Ink::Warn, format!("{at}: {from} → {to}{remark}, {policy}")));
        }
        for warned in &run.warnings {
            let Some(warning) = milestone.warns.get(warned.warning) else { continue };
            let (ink, reached) = match (warned.reached, &warned.at) {
                (true, _) => (Ink::Warn, "reached"),
                (false, Ok(_)) if run.stopped.is_some() => (Ink::Dim, "not reached"),
                (false, _) => (Ink::Plain, "not reached yet"),
            };
            let words = match &warned.at {
                Ok(at) => format!("{}: {}, {reached}", warning_words(self, warning), self.value(at)),
                Err(_) => format!("{}: when is not known until the due time is", warning_words(self, warning)),
            };
            rows.push(("warns", ink, words));
        }
        self.occurrence_rows(rows, milestone, run);
    }

    /// The state; where it is the same whatever is not known turns out to be, that and which unknowns do not matter.
    pub(super) fn settled(&self, result: &MilestoneResult) -> (Known, Option<String>) {
        let state = result.state();
        let target = targets_of(self.model(), result.decision).into_iter().find(|t| t.path.ends_with(".state"));
        let (Err(_), Some(target)) = (&state, target) else { return (state, None) };
        let outcome = outcome(self.checked, self.facts, &target.expr);
        if outcome.answer.is_err() {
            return (state, None);
        }
        let (facts, readings) = indifferent(&self.evaluation, &outcome, &target);
        (outcome.answer, indifference(self.model(), self.lang, &facts, &readings))
    }

    /// Where the state turns on open readings: what it is under each.
    fn reading_rows(&self, rows: &mut Vec<Row>, result: &MilestoneResult, run: &Run) {
        if run.state.as_ref().err().is_none_or(|why| why.readings.is_empty()) {
            return;
        }
        let targets = targets_of(self.model(), result.decision);
        let under = |part: &str| {
            let target = targets.iter().find(|t| t.path.ends_with(part));
            target.map_or(Vec::new(), |t| outcome(self.checked, self.facts, &t.expr).under)
        };
        let dues = under(".due");
        for case in under(".state") {
            let choices: Vec<String> = case
                .choices
                .iter()
                .map(|(reading, choice)| {
                    let reading = self.model().reading(*reading);
                    format!("{} is {}", reading.name, self.value(&Value::Member(reading.choices, *choice)))
                })
                .collect();
            let due = dues.iter().find(|due| due.choices == case.choices).and_then(|due| instant(&due.answer));
            let due = due.map_or(String::new(), |at| format!(", due {}", self.when.both(at)));
            let words = format!("{}: {}{due}", choices.join(" and "), self.known(&case.answer));
            rows.push(("if", Ink::Warn, words));
        }
    }

    fn occurrence_rows(&self, rows: &mut Vec<Row>, milestone: &Milestone, run: &Run) {
        if !milestone.recurs {
            return;
        }
        let over = run.occurrences.len();
        let mut date = None;
        let mut told = |at| match date.replace(self.when.date(at)) == Some(self.when.date(at)) {
            true => self.when.time(at),
            false => self.when.both(at),
        };
        let missed: Vec<_> = run.occurrences.iter().filter(|o| o.done.is_none()).map(|o| o.due).collect();
        let ink = if missed.is_empty() { Ink::Good } else { Ink::Bad };
        rows.push(("so far", ink, format!("{over} due, {} in time, {} missed", over - missed.len(), missed.len())));
        if missed.is_empty() {
            return;
        }
        let between = missed.len().saturating_sub(MOST_LISTED);
        let first = if between > 0 { MOST_LISTED / 2 } else { missed.len() };
        let mut shown: Vec<String> = missed.iter().take(first).map(|at| told(*at)).collect();
        if between > 0 {
            shown.push(format!("… {between} more …"));
        }
        shown.extend(missed.iter().skip(first + between).map(|at| told(*at)));
        rows.push(("missed", Ink::Bad, shown.join(", ")));
    }

    fn consequence_rows(&self, page: &mut Page, result: &MilestoneResult, milestone: &Milestone) {
        let missed = Self::was_missed(result);
        let (key, ink) = if missed { ("follows", Ink::Bad) } else { ("if missed", Ink::Dim) };
        for consequence in self.consequences(milestone) {
            let clauses = self.clause_ids(&consequence.clauses);
            let words = format!("{}: {} {clauses}", consequence.path, self.known(&consequence.answer));
            self.rows(page, &[(key, ink, words.trim_end().to_owned())]);
        }
        if missed && milestone.on_miss.is_empty() {
            self.rows(page, &[("follows", Ink::Dim, "the rules name nothing that follows".to_owned())]);
        }
    }

    /// Time from the stop, or from where the log is looked at, to the due instant.
    pub(super) fn left_value(&self, milestone: &Milestone, run: &Run) -> Option<Known> {
        let due = instant(&run.due)?;
        let end = run.stopped.map(|(at, _)| at).or(self.chronicle.as_of)?;
        if due < end || run.stopped.is_some() && milestone.recurs {
            return None;
        }
        Some(self.between(milestone, run, end, due))
    }

    pub(super) fn left(&self, milestone: &Milestone, run: &Run) -> Option<String> {
        let left = self.left_value(milestone, run)?;
        let when = if run.stopped.is_some() { " when it stopped" } else { "" };
        Some(format!("{}{when}", self.known(&left)))
    }

    pub(super) fn is_held(&self, run: &Run) -> bool {
        run.stopped.is_none() && run.holds.last().is_some_and(|hold| hold.to.is_none())
    }

    /// ` on reported by customer (entry 1)`
    pub(in crate::report) fn by_step(&self, step: usize) -> String {
        use crate::eval::chronicle::StepCause;
        match self.chronicle.steps.get(step).map(|step| step.cause) {
            Some(StepCause::Event(place)) => self.entry(place).map_or(String::new(), |entry| {
                format!(" on {} ({})", self.entry_words(entry), self.entry_place(place))
            }),
            Some(StepCause::Timer) => " when a time was over".to_owned(),
            None => String::new(),
        }
    }

    /// A process with its course.
    pub(super) fn process_block(&self, page: &mut Page, number: usize, result: &ProcessResult, course: bool) {
        self.title(page, result.decision, &self.known(&result.state), Ink::Bold);
        let Some(process) = self.process(result.decision) else { return };
        let mut rows: Vec<Row> = Vec::new();
        let moved = self.chronicle.steps.iter().flat_map(|step| step.moves.iter().map(move |m| (step, m)));
        let moved: Vec<_> = moved.filter(|(_, m)| m.process == number && m.from != m.to).collect();
        if result.since.is_ok() {
            rows.push(("since", Ink::Plain, self.known(&result.since)));
        }
        let words = Words::of(self.model(), self.model().decision(result.decision));
        for (place, (step, m)) in moved.iter().enumerate().filter(|_| course) {
            let skipped = moved.len().saturating_sub(MOST_LISTED);
            if skipped > 0 && place >= MOST_LISTED / 2 && place < MOST_LISTED / 2 + skipped {
                if place == MOST_LISTED / 2 {
                    rows.push(("", Ink::Dim, format!("… {skipped} more …")));
                }
                continue;
            }
            let to = self.known(&m.to);
            rows.push(("", Ink::Plain, format!("{}  {} → {to}", self.when.both(step.at), self.known(&m.from))));
            if let Some(transition) = m.transition.and_then(|t| process.transitions.get(t)) {
                rows.push(("", Ink::Dim, format!("by `{}`", words.transition(process, transition))));
            }
        }
        match &result.next {
            Some((transition, Ok(due))) => {
                let timed = self.timed(result.decision, *transition).unwrap_or_default();
                let to = process.transitions.get(*transition).and_then(|t| t.to);
                let to = to.map_or("goes on".to_owned(), |to| self.value(&Value::Member(process.states, to)));
                rows.push(("next", Ink::Plain, format!("{to} at {}{timed}", self.value(due))));
            }
            Some((transition, Err(why))) => {
                let words = self.next_move(result.decision, *transition);
                rows.push(("next", Ink::Warn, format!("{words}; when is not known: {}", self.why(why))));
            }
            None => {}
        }
        self.rows(page, &rows);
    }

    pub(super) fn clause_ids(&self, clauses: &[ClauseId]) -> String {
        let ids: Vec<&str> = clauses.iter().map(|c| self.model().clause(*c).id.as_str()).collect();
        if ids.is_empty() { String::new() } else { format!("[{}]", ids.join(", ")) }
    }

    /// `first-response (time to the first answer)`
    pub(super) fn named(&self, id: DecisionId) -> String {
        let decision = self.model().decision(id);
        named(&decision.name, Some(&decision.labels), self.lang)
    }
}
