//! Outcomes as text for people: what is determined first, then each kind of undetermined answer under a heading of
//! its own, then the facts that would settle more.

use std::borrow::Cow;

use super::answer::fact_name;
use super::answer::{missing_names, part_day_of};
use super::outcome::{EveryReading, Reported, Standing};
use super::page::{Ink, Page, PageStyle};
use super::unjudged::{remedy, which_days};
use super::value::{named, value_text};
use super::words::{Phrase, fill, joined, say};
use crate::eval::{Conflict, Discretion, Fact, Known, Reason, SilentAbout, UnjudgedDays, Why};
use crate::model::{ClauseId, Model, ReadingId};
use crate::source::Sources;

/// What a text report is written with.
#[derive(Clone, Copy)]
pub struct TextOptions<'a> {
    pub lang: &'a str,
    pub style: PageStyle,
    /// Answers that only lack facts are counted in one line and not listed.
    pub summarise_missing: bool,
}

/// The kinds of answers in the order of the report, each with its heading.
const PARTS: [(Standing, Phrase); 7] = [
    (Standing::Determined, Phrase::Determined),
    (Standing::Undetermined(Reason::Conflict), Phrase::InConflict),
    (Standing::Undetermined(Reason::Fault), Phrase::NotWorkedOut),
    (Standing::Undetermined(Reason::OpenReading), Phrase::OpenReading),
    (Standing::Undetermined(Reason::Discretion), Phrase::AtDiscretion),
    (Standing::Undetermined(Reason::Silence), Phrase::Silent),
    (Standing::Undetermined(Reason::Missing), Phrase::FactsMissing),
];

/// A whole report.
pub fn outcomes_text(model: &Model, sources: &Sources, reports: &[Reported], options: TextOptions) -> String {
    let mut writer = Writer { model, sources, lang: options.lang, page: Page::new(options.style) };
    for (standing, heading) in PARTS {
        let of_part: Vec<&Reported> = reports.iter().filter(|r| r.standing() == standing).collect();
        let summarised = standing == Standing::Undetermined(Reason::Missing) && options.summarise_missing;
        if of_part.is_empty() || summarised {
            continue;
        }
        writer.page.heading(say(options.lang, heading));
        for reported in &of_part {
            writer.answer(reported);
        }
        if standing == Standing::Undetermined(Reason::Missing) {
            writer.wanted_facts(&of_part);
        }
    }
    let unsettled = reports.iter().filter(|r| r.standing() == Standing::Undetermined(Reason::Missing)).count();
    if options.summarise_missing && unsettled > 0 {
        writer.page.blank();
        writer.page.line(0, Ink::Dim, &fill(options.lang, Phrase::NotSettled, &[&unsettled.to_string()]));
    }
    writer.page.finish()
}

struct Writer<'a> {
    model: &'a Model,
    sources: &'a Sources,
    lang: &'a str,
    page: Page,
}

impl Writer<'_> {
    fn answer(&mut self, reported: &Reported) {
        let (ink, short) = match &reported.outcome.answer {
            Ok(value) => (Ink::Good, value_text(self.model, value, self.lang)),
            Err(why) => (Ink::Warn, self.in_short(why)),
        };
        let name = reported.target.path.clone();
        self.page.columns(2, &[vec![(Ink::Bold, name), (ink, short)]]);
        if let Some(label) = reported.target.labels(self.model).shown(self.lang) {
            self.page.line(6, Ink::Dim, &label);
        }
        if let Err(why) = &reported.outcome.answer {
            self.reasons(why, reported);
        }
        if let Some(words) = indifference(self.model, self.lang, &reported.whatever, &reported.however) {
            self.page.line(6, Ink::Plain, &words);
        }
        self.readings(reported);
        if !reported.clauses.is_empty() && !is_silence(&reported.outcome.answer) {
            let (own, behind) = reported.clauses.split_at(reported.own_clauses.min(reported.clauses.len()));
            let cited = match (own.is_empty(), behind.len()) {
                (_, 0) => self.clause_ids(own),
                (true, _) => self.clause_ids(behind),
                (false, more) => fill(self.lang, Phrase::MoreBehind, &[&self.clause_ids(own), &more.to_string()]),
            };
            self.page.line(6, Ink::Dim, &cited);
        }
    }

    fn in_short(&self, why: &Why) -> String {
        match why.reason() {
            Reason::Fault => why.faults.iter().map(|f| f.fault.to_string()).collect::<Vec<_>>().join("; "),
            Reason::Conflict => {
                let sides = why.conflicts.iter().flat_map(|c| &c.sides);
                joined(self.lang, Phrase::Against, &sides.map(|s| self.known(&s.answer)).collect::<Vec<_>>())
            }
            Reason::Missing => {
                let facts = missing_names(self.model, why);
                fill(self.lang, Phrase::Needs, &[&facts.join(", ")])
            }
            Reason::OpenReading => {
                let names: Vec<&str> = why.readings.iter().map(|r| self.model.reading(*r).name.as_str()).collect();
                fill(self.lang, Phrase::DependsOnReading, &[&names.join(", ")])
            }
            Reason::Discretion => {
                let mut parties: Vec<String> = why.discretion.iter().map(|d| self.party(d)).collect();
                parties.dedup();
                fill(self.lang, Phrase::Decides, &[&joined(self.lang, Phrase::Or, &parties)])
            }
            Reason::Silence => say(self.lang, Phrase::SilentInShort).to_owned(),
        }
    }

    /// An answer in short, wherever it stands.
    fn known(&self, known: &Known) -> String {
        match known {
            Ok(value) => value_text(self.model, value, self.lang),
            Err(why) => self.in_short(why),
        }
    }

    /// Every reason why there is no answer; the first one is the heading's.
    fn reasons(&mut self, why: &Why, reported: &Reported) {
        for fault in &why.faults {
            let place = self.sources.location(fault.span);
            self.page.line(6, Ink::Plain, &format!("{} ({place})", fault.fault));
        }
        for conflict in &why.conflicts {
            self.conflict(conflict);
        }
        let first = why.reason();
        if first != Reason::Missing {
            self.also(Phrase::AlsoNeeds, missing_names(self.model, why));
        }
        if first == Reason::OpenReading {
            self.under(reported);
        } else {
            let readings = why.readings.iter().map(|r| self.model.reading(*r).name.clone()).collect();
            self.also(Phrase::AlsoDepends, readings);
        }
        for discretion in &why.discretion {
            self.discretion(discretion, reported);
        }
        for silence in &why.silences {
            let about = silent_about(self.model, silence.about);
            if about != reported.target.path {
                self.page.line(6, Ink::Plain, &fill(self.lang, Phrase::DoesNotState, &[&about]));
            }
            self.sayings(&silence.clauses);
        }
    }

    fn also(&mut self, phrase: Phrase, names: Vec<String>) {
        if !names.is_empty() {
            self.page.line(6, Ink::Plain, &fill(self.lang, phrase, &[&names.join(", ")]));
        }
    }

    fn conflict(&mut self, conflict: &Conflict) {
        let name = &self.model.decision(conflict.decision).name;
        self.page.line(6, Ink::Plain, &fill(self.lang, Phrase::GivenBy, &[name]));
        for side in &conflict.sides {
            let (place, answer) = (self.sources.location(side.span), self.known(&side.answer));
            let clauses = self.clause_ids(&side.clauses);
            self.page.columns(8, &[vec![(Ink::Bad, answer), (Ink::Dim, place), (Ink::Dim, clauses)]]);
        }
    }

    fn under(&mut self, reported: &Reported) {
        for under in &reported.outcome.under {
            let choices: Vec<String> = under.choices.iter().map(|(r, c)| self.choice(*r, *c)).collect();
            let answer = self.known(&under.answer);
            let text = format!("{}: {answer}", joined(self.lang, Phrase::And, &choices));
            self.page.hanging(&self.if_(), "         ", Ink::Plain, &text);
        }
        let Some(Err(why)) = Some(&reported.outcome.answer) else { return };
        for reading in &why.readings {
            if let Some(ask) = self.model.reading(*reading).ask.shown(self.lang) {
                self.page.line(6, Ink::Dim, &ask);
            }
        }
    }

    fn discretion(&mut self, discretion: &Discretion, reported: &Reported) {
        let meanwhile = match &discretion.meanwhile {
            Some(value) => fill(self.lang, Phrase::UntilThen, &[&value_text(self.model, value, self.lang)]),
            None => say(self.lang, Phrase::UntilThenNotSaid).to_owned(),
        };
        if discretion.decision == reported.target.decision {
            self.page.line(6, Ink::Plain, &meanwhile);
        } else {
            let (party, about) = (self.party(discretion), &self.model.decision(discretion.decision).name);
            self.page.line(6, Ink::Plain, &fill(self.lang, Phrase::DecidesAbout, &[&party, about, &meanwhile]));
        }
        self.sayings(&discretion.clauses);
    }

    fn party(&self, discretion: &Discretion) -> String {
        let labels = self.model.member(crate::model::PARTIES, discretion.party).map(|m| &m.labels);
        named(self.model.party(discretion.party), labels, self.lang)
    }

    /// Clauses with what they say.
    fn sayings(&mut self, clauses: &[ClauseId]) {
        for clause in clauses {
            let clause = self.model.clause(*clause);
            let says = clause_says(clause, self.lang);
            self.page.hanging("        ", "          ", Ink::Dim, &format!("[{}] {says}", clause.id));
        }
    }

    fn readings(&mut self, reported: &Reported) {
        for (id, choice) in &reported.outcome.readings {
            let Some(choice) = choice else { continue };
            let reading = self.model.reading(*id);
            let how = if reading.default == Some(*choice) { Phrase::TheDefault } else { Phrase::AsChosen };
            let text = format!("{}, {}", self.choice(*id, *choice), say(self.lang, how));
            let first = format!("      {}", say(self.lang, Phrase::Reading));
            self.page.hanging(&first, "        ", Ink::Plain, &text);
        }
        if let Some(every) = &reported.every_reading {
            self.every(every);
        }
    }

    fn every(&mut self, every: &EveryReading) {
        let names =
            |ids: &[ReadingId]| ids.iter().map(|r| self.model.reading(*r).name.as_str()).collect::<Vec<_>>().join(", ");
        let indifferent = names(&every.indifferent);
        match (every.readings.is_empty(), every.indifferent.is_empty()) {
            (true, true) => self.page.line(6, Ink::Dim, say(self.lang, Phrase::OnNoReading)),
            (true, false) => self.page.line(6, Ink::Good, &fill(self.lang, Phrase::SameUnderEvery, &[&indifferent])),
            (false, _) => {
                let changing = names(&every.readings);
                self.page.line(6, Ink::Warn, &fill(self.lang, Phrase::NotSameUnderEvery, &[&changing]));
                for (choices, answer) in &every.cases {
                    let choices = every.readings.iter().zip(choices).map(|(r, c)| self.choice(*r, *c));
                    let choices = joined(self.lang, Phrase::And, &choices.collect::<Vec<_>>());
                    let text = format!("{choices}: {}", self.known(answer));
                    self.page.hanging(&self.if_(), "         ", Ink::Plain, &text);
                }
                if !indifferent.is_empty() {
                    self.page.line(6, Ink::Dim, &fill(self.lang, Phrase::NoMatterHow, &[&indifferent]));
                }
            }
        }
        if every.incomplete {
            self.page.line(6, Ink::Bad, say(self.lang, Phrase::NotAllTried));
        }
    }

    /// `onboarding-day-one is excluded (counting starts the day after)`
    fn choice(&self, id: ReadingId, choice: u32) -> String {
        let reading = self.model.reading(id);
        let member = self.model.member(reading.choices, choice);
        let name = member.map_or("?", |m| &m.name);
        fill(self.lang, Phrase::Is, &[&reading.name, &named(name, member.map(|m| &m.labels), self.lang)])
    }

    /// How a line of one case starts.
    fn if_(&self) -> String {
        format!("      {}", say(self.lang, Phrase::If))
    }

    fn clause_ids(&self, clauses: &[ClauseId]) -> String {
        let ids: Vec<&str> = clauses.iter().map(|c| self.model.clause(*c).id.as_str()).collect();
        if ids.is_empty() { String::new() } else { format!("[{}]", ids.join(", ")) }
    }

    /// Each fact that would settle something, once, with its type and its question.
    fn wanted_facts(&mut self, reports: &[&Reported]) {
        let mut facts: Vec<&Fact> =
            reports.iter().filter_map(|r| r.outcome.answer.as_ref().err()).flat_map(|why| &why.missing).collect();
        facts.sort();
        facts.dedup();
        self.page.heading(say(self.lang, Phrase::FactsThatWouldSettle));
        let rows: Vec<_> = facts
            .into_iter()
            .map(|fact| {
                let input = self.model.input(fact.input);
                let own = input.ask.in_language(self.lang).or_else(|| input.labels.in_language(self.lang));
                let shown = || input.ask.shown(self.lang).or_else(|| input.labels.shown(self.lang));
                let asked = own.map(Cow::Borrowed).or_else(shown);
                vec![
                    (Ink::Bold, fact_name(self.model, fact)),
                    (Ink::Dim, self.model.type_name(&input.ty)),
                    (Ink::Plain, asked.unwrap_or_default().into_owned()),
                ]
            })
            .collect();
        let mut days: Vec<&UnjudgedDays> =
            reports.iter().filter_map(|r| r.outcome.answer.as_ref().err()).flat_map(|why| &why.unjudged).collect();
        days.sort();
        days.dedup();
        let days = days.into_iter().map(|days| {
            let name = self.model.calendars.get(days.calendar as usize).map_or("?", |c| c.name.as_str());
            vec![
                (Ink::Bold, name.to_owned()),
                (Ink::Dim, say(self.lang, Phrase::Calendar).to_owned()),
                (Ink::Plain, format!("{}; {}", which_days(days), remedy(self.model, days))),
            ]
        });
        let rows: Vec<_> = rows.into_iter().chain(days).collect();
        self.page.columns(2, &rows);
    }
}

/// `the same whatever incident.product turns out to be`; nothing where no unknown was set aside.
pub fn indifference(model: &Model, lang: &str, whatever: &[Fact], however: &[ReadingId]) -> Option<String> {
    let facts: Vec<String> = whatever.iter().map(|f| fact_name(model, f)).collect();
    let readings: Vec<&str> = however.iter().map(|r| model.reading(*r).name.as_str()).collect();
    match (facts.is_empty(), readings.is_empty()) {
        (true, true) => None,
        (false, true) => Some(fill(lang, Phrase::WhateverFacts, &[&facts.join(", ")])),
        (true, false) => Some(fill(lang, Phrase::HoweverRead, &[&readings.join(", ")])),
        (false, false) => Some(fill(lang, Phrase::WhateverAndHowever, &[&facts.join(", "), &readings.join(", ")])),
    }
}

fn is_silence(answer: &Known) -> bool {
    answer.as_ref().err().is_some_and(|why| matches!(why.reason(), Reason::Silence | Reason::Discretion))
}

/// What the agreement does not state: a decision, one of its answers, or a property of a service.
pub fn silent_about(model: &Model, about: SilentAbout) -> String {
    match about {
        SilentAbout::Decision(id, column) => crate::model::Words::new(model).decision(id, column as usize),
        SilentAbout::Service(service, property) => {
            let name = model.services.get(service as usize).map_or("?", |s| &s.name);
            format!("{name}.{}", property.name())
        }
        SilentAbout::PartDay(number) => part_day_of(model, number),
    }
}

/// What a clause says: in the language, else in English, else the first there is.
pub fn clause_says<'a>(clause: &'a crate::model::Clause, lang: &str) -> &'a str {
    let of = |wanted: &str| clause.says.iter().find(|(l, _)| l.as_deref() == Some(wanted));
    let unmarked = || clause.says.iter().find(|(l, _)| l.is_none());
    of(lang).or_else(|| of("en")).or_else(unmarked).or(clause.says.first()).map_or("", |(_, text)| text)
}
