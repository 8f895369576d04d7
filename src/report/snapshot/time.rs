//! Calendars, lists of holidays, events, milestones and processes in the rule snapshot.

use super::rules::label_texts;
use super::sheet::{Sheet, bracketed};
use crate::model::{Calendar, Decision, Event, HolidaysItem, Milestone, Model, Process, Words, listed_words};

pub(super) fn write_calendar(sheet: &mut Sheet, model: &Model, calendar: &Calendar) {
    sheet.line(&format!("calendar {}", calendar.name));
    sheet.within(|sheet| {
        sheet.labels("label", &calendar.labels);
        sheet.cites(model, &calendar.cites);
        for (line, cites) in Words::new(model).calendar(calendar) {
            sheet.line(&format!("{line}{}", bracketed(model, cites)));
        }
    });
}

pub(super) fn write_holidays(sheet: &mut Sheet, model: &Model, item: &HolidaysItem) {
    sheet.line(&format!("holidays {}", item.name));
    sheet.within(|sheet| {
        sheet.labels("label", &item.labels);
        sheet.cites(model, &item.cites);
        for (first, last) in &item.list.covered {
            sheet.line(&format!("covers {first}..{last}"));
        }
        item.list.holidays.listed.iter().for_each(|day| sheet.line(&listed_words(day)));
    });
}

pub(super) fn write_event(sheet: &mut Sheet, model: &Model, event: &Event) {
    sheet.line(&format!("event {}", event.name));
    sheet.within(|sheet| {
        sheet.labels("label", &event.labels);
        sheet.cites(model, &event.cites);
        if !event.by.is_empty() {
            let names: Vec<&str> = event.by.iter().map(|p| model.party(*p)).collect();
            sheet.line(&format!("by {}", names.join(", ")));
        }
        if !event.with.is_empty() {
            let names: Vec<String> = event.with.iter().map(|id| model.input(*id).name.clone()).collect();
            sheet.list("with", &names);
        }
    });
}

pub(super) fn write_milestone(sheet: &mut Sheet, model: &Model, decision: &Decision, milestone: &Milestone) {
    for (line, cites) in Words::of(model, decision).milestone(milestone) {
        sheet.line(&format!("{line}{}", bracketed(model, cites)));
    }
}

pub(super) fn write_process(sheet: &mut Sheet, model: &Model, decision: &Decision, process: &Process) {
    let members = &model.enumeration(process.states).members;
    sheet.line("states");
    sheet.within(|sheet| {
        for (number, state) in members.iter().enumerate() {
            let last = if process.last.get(number) == Some(&true) { " (final)" } else { "" };
            sheet.line(&format!("{}{last}{}", state.name, label_texts(&state.labels)));
        }
    });
    let words = Words::of(model, decision);
    for transition in &process.transitions {
        let cites = bracketed(model, &transition.condition.cites);
        sheet.line(&format!("{}{cites}", words.transition(process, transition)));
    }
}
