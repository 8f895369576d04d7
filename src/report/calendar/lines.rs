//! The lines of a calendar, and which of them hold for the facts and readings of a case.

use crate::eval::{Evaluation, Known};
use crate::model::{ClauseId, Expr, Words};
use crate::value::Value;

/// A line as a rule file writes it.
#[derive(Clone, Debug)]
pub struct CalendarLine {
    pub words: String,
    /// Whether it holds; `None` where that is not known.
    pub holds: Option<bool>,
    pub clauses: Vec<ClauseId>,
}

/// A list of holidays that a calendar asks for.
#[derive(Clone, Debug)]
pub struct ListTold {
    /// In the words of the rules: `site.holidays`.
    pub asked: String,
    /// Its name and the dates that it covers; `None` where it is not given.
    pub given: Option<(String, Vec<(chrono::NaiveDate, chrono::NaiveDate)>)>,
}

/// The lines of a calendar in the order of [`Words::calendar`].
pub fn calendar_lines(evaluation: &Evaluation, number: u32) -> Vec<CalendarLine> {
    let model = evaluation.model();
    let Some(calendar) = model.calendars.get(number as usize) else { return Vec::new() };
    let holds = |when: Option<&Expr>| yes(when.map_or(Ok(Value::YesNo(true)), |when| evaluation.value(when)));
    let mut all: Vec<Option<bool>> = vec![Some(true)];
    all.extend(calendar.open.iter().map(|line| holds(line.condition.when.as_ref())));
    all.extend(calendar.listed.iter().map(|(_, when)| holds(when.as_ref())));
    all.extend(calendar.not_listed.then_some(Some(true)));
    all.extend(calendar.holidays.iter().map(|_| Some(true)));
    all.extend(calendar.make_up.iter().map(|when| holds(when.as_ref())));
    // Of the ways of counting a part day, the first that holds is taken.
    let mut taken = Some(false);
    for (_, condition) in &calendar.part_day {
        let own = holds(condition.when.as_ref());
        all.push(match (taken, own) {
            (Some(true), _) => Some(false),
            (Some(false), own) => own,
            (None, Some(false)) => Some(false),
            (None, _) => None,
        });
        taken = match (taken, own) {
            (Some(true), _) | (Some(false), Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        };
    }
    let lines = Words::new(model).calendar(calendar);
    let told = lines.into_iter().zip(all);
    told.map(|((words, cites), holds)| CalendarLine { words, holds, clauses: cites.to_vec() }).collect()
}

/// The lists of holidays that a calendar asks for.
pub fn lists_told(evaluation: &Evaluation, number: u32) -> Vec<ListTold> {
    let model = evaluation.model();
    let lists = model.calendars.get(number as usize).map_or(&[][..], |c| &c.holidays);
    let told = lists.iter().map(|list| ListTold {
        asked: Words::new(model).expr(list),
        given: match evaluation.value(list) {
            Ok(Value::Holidays(list)) => Some((list.name.clone(), list.covered.clone())),
            _ => None,
        },
    });
    told.collect()
}

fn yes(known: Known) -> Option<bool> {
    known.ok().map(|value| value == Value::YesNo(true))
}
