//! Which clauses an item cites, line by line.

use super::{Body, Calendar, Cause, ClauseId, Decision, DecisionKind, Group, ItemRef, Milestone, Model, Process};

/// Told the citations of one line after another.
type Visit<'f> = dyn FnMut(&[ClauseId]) + 'f;

impl Model {
    /// Calls `visit` with the citations of an item and of each of its lines, in the order of the file. A clause cites
    /// nothing.
    pub fn each_cites(&self, item: ItemRef, visit: &mut Visit) {
        match item {
            ItemRef::Input(id) => visit(&self.input(id).cites),
            ItemRef::Reading(id) => visit(&self.reading(id).cites),
            ItemRef::Decision(id) => self.decision(id).each_cites(visit),
            ItemRef::Catalogue(n) => self.catalogues.get(n as usize).iter().for_each(|c| visit(&c.cites)),
            ItemRef::Service(n) => self.services.get(n as usize).iter().for_each(|s| visit(&s.cites)),
            ItemRef::Calendar(n) => self.calendars.get(n as usize).iter().for_each(|c| c.each_cites(visit)),
            ItemRef::Holidays(n) => self.holidays.get(n as usize).iter().for_each(|h| visit(&h.cites)),
            ItemRef::Event(n) => self.events.get(n as usize).iter().for_each(|e| visit(&e.cites)),
            ItemRef::Party(_)
            | ItemRef::Unit(_)
            | ItemRef::Enumeration(_)
            | ItemRef::Record(_)
            | ItemRef::Clause(_)
            | ItemRef::Scenario(_) => {}
        }
    }
}

impl Decision {
    /// Calls `visit` with the citations of the decision and of each of its lines and notes.
    pub fn each_cites(&self, visit: &mut Visit) {
        self.group.each_cites(visit);
        match &self.kind {
            DecisionKind::Responses(responses) => responses.notes.iter().for_each(|note| visit(&note.cites)),
            DecisionKind::Milestone(milestone) => milestone.each_cites(visit),
            DecisionKind::Process(process) => process.each_cites(visit),
            DecisionKind::Plain | DecisionKind::Period => {}
        }
    }
}

impl Group {
    /// Calls `visit` with the citations of the group, its rules and its exceptions.
    pub fn each_cites(&self, visit: &mut Visit) {
        visit(&self.cites);
        match &self.body {
            Body::Rules(rules) => rules.iter().for_each(|r| visit(&r.cites)),
            Body::Table(table) => table.rows.iter().chain(&table.otherwise).for_each(|r| visit(&r.cites)),
            Body::Period(_) | Body::Log => {}
        }
        self.exceptions.iter().for_each(|e| e.group.each_cites(visit));
    }
}

impl Milestone {
    /// Calls `visit` with the citations of each of its lines.
    pub fn each_cites(&self, visit: &mut Visit) {
        let triggers = self.starts.iter().chain(&self.stops).chain(&self.done);
        triggers.for_each(|t| visit(&t.condition.cites));
        self.pauses.iter().chain(&self.voids).for_each(|c| visit(&c.cites));
        visit(&self.target.cites);
        self.on_change.iter().for_each(|(_, c)| visit(&c.cites));
    }
}

impl Process {
    /// Calls `visit` with the citations of each of its lines.
    pub fn each_cites(&self, visit: &mut Visit) {
        for transition in &self.transitions {
            visit(&transition.condition.cites);
            if let Cause::After(limit) = &transition.cause {
                visit(&limit.cites);
            }
        }
    }
}

impl Calendar {
    /// Calls `visit` with its own citations and those of each of its lines.
    pub fn each_cites(&self, visit: &mut Visit) {
        visit(&self.cites);
        self.open.iter().for_each(|line| visit(&line.condition.cites));
        self.part_day.iter().for_each(|(_, c)| visit(&c.cites));
    }
}
