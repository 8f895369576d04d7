//! What comes next: what each party must do and by when, and what happens by itself.

use super::{LogReport, instant};
use crate::eval::Known;
use crate::eval::chronicle::{At, MilestoneResult, ProcessResult, Run};
use crate::model::{MILESTONE_STATES, Milestone, MilestoneState, Words};
use crate::value::Value;

/// An obligation that stands.
pub(super) struct Owed<'a> {
    pub result: &'a MilestoneResult,
    pub milestone: &'a Milestone,
    pub run: &'a Run,
    /// Missed, and not made up for yet.
    pub overdue: bool,
    pub held: bool,
}

impl<'a> LogReport<'a> {
    /// The obligations that stand, by party, those due first before others; `None` where no party is named.
    pub(super) fn owed(&self) -> Vec<(Option<u32>, Vec<Owed<'_>>)> {
        let mut by_party: Vec<(Option<u32>, Vec<Owed<'_>>)> = Vec::new();
        for (result, milestone) in self.milestones() {
            let Some(run) = result.last().filter(|run| run.stopped.is_none()) else { continue };
            let missed = is(&run.state, MilestoneState::Missed);
            let owed = Owed { result, milestone, run, overdue: missed && !milestone.recurs, held: self.is_held(run) };
            match by_party.iter_mut().find(|(party, _)| *party == milestone.owed_by) {
                Some((_, all)) => all.push(owed),
                None => by_party.push((milestone.owed_by, vec![owed])),
            }
        }
        for (_, all) in &mut by_party {
            all.sort_by_key(|owed| instant(&owed.run.due).map_or((1, At::default()), |at| (0, at)));
        }
        by_party
    }

    /// Processes that move by themselves.
    pub(super) fn moving(&self) -> impl Iterator<Item = (&ProcessResult, usize, &Known)> {
        self.chronicle.processes.iter().filter_map(|result| {
            let (transition, due) = result.next.as_ref()?;
            Some((result, *transition, due))
        })
    }

    /// `by 2026-03-09 Mon 16:30 (7 business hours left)`
    pub(super) fn owed_words(&self, owed: &Owed) -> String {
        let Owed { run, milestone, .. } = owed;
        if owed.overdue {
            let due = instant(&run.due).map_or(String::new(), |at| format!(" since {}", self.when.both(at)));
            return format!("overdue{due}, {} late", self.known(&run.late_by));
        }
        match &run.due {
            Ok(_) => {
                let left = self.left(milestone, run).map_or(String::new(), |left| format!(" ({left} left)"));
                format!("by {}{left}", self.known(&run.due))
            }
            Err(why) if owed.held && why.unjudged.is_empty() => {
                let how = match run.holds.last() {
                    Some(hold) if hold.void => "void",
                    _ => "paused",
                };
                format!("{how} since {}", run.holds.last().map_or(String::new(), |h| self.when.both(h.from)))
            }
            Err(why) => format!("by when is not known: {}", self.why(why)),
        }
    }

    /// What fulfils it, in the words of the rules: `contacted by representative`.
    pub(super) fn how(&self, owed: &Owed) -> Vec<String> {
        let words = Words::of(self.model(), self.model().decision(owed.result.decision));
        let triggers = if owed.milestone.recurs { &owed.milestone.done } else { &owed.milestone.stops };
        triggers.iter().map(|trigger| words.trigger(trigger)).collect()
    }
}

fn is(state: &Known, wanted: MilestoneState) -> bool {
    matches!(state, Ok(Value::Member(MILESTONE_STATES, state)) if *state == wanted as u32)
}
