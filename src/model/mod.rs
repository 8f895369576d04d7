//! An edition with every name resolved and every expression typed: inert data that the later passes read.
//! Items keep the order of the source.

mod cites;
pub(crate) mod clock_words;
mod expr;
mod labels;
mod rules;
mod time;
mod types;
mod walk;
mod words;

pub use clock_words::{entry_words, listed_words};
pub use expr::{
    Arith, Body as BuiltinBody, Builtin, ClockBody, ClockFault, CompareOp, Expr, ExprKind, Property, SpanUnit, Working,
};
pub use labels::Labels;
pub use rules::{
    Answer, Body, Decision, DecisionKind, Exception, Group, Guard, Hit, Let, Note, PeriodExtent, Responses, Row, Rule,
    Table, Test, TestKind, holds,
};
pub use time::{
    Calendar, Cause, ChangePolicy, Conditional, Event, Limit, Milestone, OpenLine, Process, Transition, Trigger,
    Warning,
};
pub use types::{Column, Type};
pub use words::Words;

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::source::Span;
use crate::value::{EnumId, Names, RecordId, UnitId, Value};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            #[inline]
            pub fn index(self) -> usize { self.0 as usize }
        })*
    };
}

ids! {
    /// An input of the edition.
    InputId,
    /// A decision, period or response table of the edition.
    DecisionId,
    /// A reading of the edition.
    ReadingId,
    /// An entry of the clause register.
    ClauseId,
}

/// All services are the members of this enumeration, in source order.
pub const SERVICES: EnumId = EnumId(0);
/// All catalogues.
pub const CATALOGUES: EnumId = EnumId(1);
/// All parties.
pub const PARTIES: EnumId = EnumId(2);
/// `base`, `add-on`, `limited-add-on`.
pub const OFFERINGS: EnumId = EnumId(3);
/// All calendars.
pub const CALENDARS: EnumId = EnumId(4);
/// `not-started`, `running`, `paused`, `void`, `met`, `missed`: see [`MilestoneState`].
pub const MILESTONE_STATES: EnumId = EnumId(5);
/// The name of the input that holds the events of a case.
pub const LOG: &str = "log";
/// The name of the input that says at which instant a log is looked at.
pub const AS_OF: &str = "as-of";
/// The member number that stands for "a value that a footnote takes out of its column's rows".
pub const OUTSIDE: u32 = u32::MAX;

/// One edition of one agreement.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub agreement: Option<Agreement>,
    pub enums: Vec<Enumeration>,
    pub records: Vec<Record>,
    pub units: Vec<Unit>,
    pub clauses: Vec<Clause>,
    pub inputs: Vec<Input>,
    pub readings: Vec<Reading>,
    pub services: Vec<Service>,
    pub catalogues: Vec<Catalogue>,
    pub decisions: Vec<Decision>,
    pub scenarios: Vec<Scenario>,
    /// Members of [`CALENDARS`].
    pub calendars: Vec<Calendar>,
    pub holidays: Vec<HolidaysItem>,
    pub events: Vec<Event>,
    /// The inputs `log` and `as-of`, in rules with events.
    pub log: Option<LogInputs>,
    /// How many tables there are.
    pub tables: u32,
    /// Items in source order, for output that follows the page.
    pub order: Vec<ItemRef>,
}

/// An item of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemRef {
    Party(u32),
    Unit(UnitId),
    Enumeration(EnumId),
    Record(RecordId),
    Clause(ClauseId),
    Input(InputId),
    Catalogue(u32),
    Service(u32),
    Decision(DecisionId),
    Reading(ReadingId),
    Scenario(u32),
    Calendar(u32),
    Holidays(u32),
    Event(u32),
}

/// The inputs of rules with events.
#[derive(Clone, Copy, Debug)]
pub struct LogInputs {
    pub log: InputId,
    pub as_of: InputId,
}

/// `holidays china-2026 { … }`
#[derive(Clone, Debug)]
pub struct HolidaysItem {
    pub name: String,
    pub labels: Labels,
    pub cites: Vec<ClauseId>,
    pub list: std::sync::Arc<crate::value::HolidayList>,
    pub span: Span,
}

/// Where a milestone stands; the members of [`MILESTONE_STATES`], in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MilestoneState {
    NotStarted,
    Running,
    Paused,
    Void,
    Met,
    Missed,
}

impl MilestoneState {
    pub const ALL: [MilestoneState; 6] = [
        MilestoneState::NotStarted,
        MilestoneState::Running,
        MilestoneState::Paused,
        MilestoneState::Void,
        MilestoneState::Met,
        MilestoneState::Missed,
    ];

    /// Its name in rule files.
    pub fn name(self) -> &'static str {
        match self {
            MilestoneState::NotStarted => "not-started",
            MilestoneState::Running => "running",
            MilestoneState::Paused => "paused",
            MilestoneState::Void => "void",
            MilestoneState::Met => "met",
            MilestoneState::Missed => "missed",
        }
    }

    /// As a value.
    pub fn value(self) -> Value {
        Value::Member(MILESTONE_STATES, self as u32)
    }
}

#[derive(Clone, Debug)]
pub struct Agreement {
    pub name: String,
    pub edition: String,
    pub labels: Labels,
    /// Language and file name of the text that was encoded.
    pub source: Vec<(String, String)>,
    pub effective: Option<(NaiveDate, Option<NaiveDate>)>,
    /// What gives the marks of the service matrix, where its tables have several columns of them.
    pub marks: Option<Marks>,
    /// The edition that this one amends.
    pub amends: Option<String>,
    pub span: Span,
}

/// `marks package-offer by base-agreement.package`
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    /// Gives the mark of a service.
    pub decision: DecisionId,
    /// The columns are the members of its type.
    pub by: InputId,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Enumeration {
    pub name: String,
    pub labels: Labels,
    pub members: Vec<Member>,
    pub span: Option<Span>,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub name: String,
    pub labels: Labels,
    pub span: Option<Span>,
}

#[derive(Clone, Debug)]
pub struct Record {
    pub name: String,
    pub fields: Vec<Column>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Unit {
    pub name: String,
    pub labels: Labels,
    pub span: Span,
}

/// An entry of the clause register.
#[derive(Clone, Debug)]
pub struct Clause {
    pub id: String,
    /// `2.7`, without the sign.
    pub section: Option<String>,
    pub title: Option<String>,
    pub says: Vec<(Option<String>, String)>,
    /// Why it is not encoded.
    pub prose: Option<String>,
    pub covers: Vec<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub ty: Type,
    pub labels: Labels,
    pub ask: Labels,
    pub cites: Vec<ClauseId>,
    /// The date input that the fact belongs to.
    pub measured_at: Option<InputId>,
    /// What a given fact must satisfy, and how that is written.
    pub must_be: Vec<(Test, String)>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Reading {
    pub name: String,
    /// The enumeration of its choices.
    pub choices: EnumId,
    pub default: Option<u32>,
    pub labels: Labels,
    pub ask: Labels,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Catalogue {
    pub name: String,
    pub labels: Labels,
    pub section: Option<String>,
    pub title: Option<String>,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Service {
    pub name: String,
    pub labels: Labels,
    pub cites: Vec<ClauseId>,
    /// Former name, and the agreement and edition that used it.
    pub was: Vec<(String, Option<String>, Option<String>)>,
    /// Where each former name stands.
    pub was_at: Vec<Span>,
    /// Values of the stated properties.
    pub properties: BTreeMap<Property, Value>,
    pub requires: Vec<Expr>,
    pub span: Span,
}

/// Facts, readings and what must come out.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// As written; a row of a scenario's table has its case behind ` / `.
    pub name: String,
    /// The case, for a row of a scenario's table.
    pub case: Option<String>,
    /// Where the scenario is named that this is, or is a case of.
    pub item: Span,
    pub given: Vec<(InputId, Value, Span)>,
    pub readings: Vec<(ReadingId, u32)>,
    pub expect: Vec<Expectation>,
    pub cites: Vec<ClauseId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Expectation {
    /// As written: `base.first-response`.
    pub path: String,
    pub target: Expr,
    pub expected: Expected,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    Value(Value),
    Missing(Vec<String>),
    Discretion(u32),
    Silent,
    Conflict,
    OpenReading(ReadingId),
}

impl Agreement {
    /// Whether its `effective` holds the date; of an agreement that states none, nobody can tell.
    pub fn in_force_on(&self, date: NaiveDate) -> bool {
        self.effective.is_some_and(|(from, to)| from <= date && to.is_none_or(|to| date <= to))
    }

    /// `effective from 2024-09-01`, `effective from 2024-09-01 to 2025-08-31`, `without a date`
    pub fn effective_text(&self) -> String {
        match self.effective {
            None => "without a date".to_owned(),
            Some((from, None)) => format!("effective from {from}"),
            Some((from, Some(to))) => format!("effective from {from} to {to}"),
        }
    }
}

impl Scenario {
    /// The name of the scenario as written, without the case.
    pub fn item_name(&self) -> &str {
        let case = self.case.as_deref().and_then(|case| self.name.strip_suffix(case)?.strip_suffix(" / "));
        case.unwrap_or(&self.name)
    }
}

impl Input {
    /// What a `must be` says, if it refuses the value: `` `order.spend` must be >= USD 0, and this is -USD 5 ``.
    pub fn refuses(&self, value: &Value, model: &Model) -> Option<String> {
        let (_, allowed) = self.must_be.iter().find(|(test, _)| test.holds(value) == Some(false))?;
        Some(format!("`{}` must be {allowed}, and this is {}", self.name, value.display(model)))
    }
}

impl Model {
    pub fn input(&self, id: InputId) -> &Input {
        &self.inputs[id.index()]
    }

    pub fn decision(&self, id: DecisionId) -> &Decision {
        &self.decisions[id.index()]
    }

    pub fn reading(&self, id: ReadingId) -> &Reading {
        &self.readings[id.index()]
    }

    pub fn clause(&self, id: ClauseId) -> &Clause {
        &self.clauses[id.index()]
    }

    pub fn enumeration(&self, id: EnumId) -> &Enumeration {
        &self.enums[id.0 as usize]
    }

    pub fn member(&self, id: EnumId, member: u32) -> Option<&Member> {
        self.enums.get(id.0 as usize)?.members.get(member as usize)
    }

    pub fn party(&self, party: u32) -> &str {
        self.member(PARTIES, party).map_or("", |m| &m.name)
    }

    pub fn decision_named(&self, name: &str) -> Option<DecisionId> {
        self.decisions.iter().position(|d| d.name == name).map(|i| DecisionId(i as u32))
    }

    pub fn input_named(&self, name: &str) -> Option<InputId> {
        self.inputs.iter().position(|d| d.name == name).map(|i| InputId(i as u32))
    }

    pub fn reading_named(&self, name: &str) -> Option<ReadingId> {
        self.readings.iter().position(|d| d.name == name).map(|i| ReadingId(i as u32))
    }

    pub fn event_named(&self, name: &str) -> Option<u32> {
        self.events.iter().position(|e| e.name == name).map(|i| i as u32)
    }

    /// The processes, with what they are as decisions, in source order.
    pub fn processes(&self) -> impl Iterator<Item = (DecisionId, &Process)> {
        let all = self.decisions.iter().enumerate();
        all.filter_map(|(index, decision)| match &decision.kind {
            DecisionKind::Process(process) => Some((DecisionId(index as u32), &**process)),
            _ => None,
        })
    }

    /// The milestones, with what they are as decisions, in source order.
    pub fn milestones(&self) -> impl Iterator<Item = (DecisionId, &Milestone)> {
        let all = self.decisions.iter().enumerate();
        all.filter_map(|(index, decision)| match &decision.kind {
            DecisionKind::Milestone(milestone) => Some((DecisionId(index as u32), &**milestone)),
            _ => None,
        })
    }

    /// `ms-unified 2024-09`, or nothing for rules without an agreement.
    pub fn title(&self) -> String {
        self.agreement.as_ref().map_or(String::new(), |a| format!("{} {}", a.name, a.edition))
    }

    /// Where an item is named.
    pub fn place_of(&self, item: ItemRef) -> Option<Span> {
        match item {
            ItemRef::Party(party) => self.member(PARTIES, party)?.span,
            ItemRef::Unit(id) => self.units.get(id.0 as usize).map(|u| u.span),
            ItemRef::Enumeration(id) => self.enums.get(id.0 as usize)?.span,
            ItemRef::Record(id) => self.records.get(id.0 as usize).map(|r| r.span),
            ItemRef::Clause(id) => self.clauses.get(id.index()).map(|c| c.span),
            ItemRef::Input(id) => self.inputs.get(id.index()).map(|i| i.span),
            ItemRef::Catalogue(number) => self.catalogues.get(number as usize).map(|c| c.span),
            ItemRef::Service(number) => self.services.get(number as usize).map(|s| s.span),
            ItemRef::Decision(id) => self.decisions.get(id.index()).map(|d| d.name_span),
            ItemRef::Reading(id) => self.readings.get(id.index()).map(|r| r.span),
            ItemRef::Scenario(number) => self.scenarios.get(number as usize).map(|s| s.span),
            ItemRef::Calendar(number) => self.calendars.get(number as usize).map(|c| c.span),
            ItemRef::Holidays(number) => self.holidays.get(number as usize).map(|h| h.span),
            ItemRef::Event(number) => self.events.get(number as usize).map(|e| e.span),
        }
    }

    /// The type's name as a rule file writes it.
    pub fn type_name(&self, ty: &Type) -> String {
        ty.display(self)
    }
}

impl Names for Model {
    fn member(&self, id: EnumId, member: u32) -> Cow<'_, str> {
        if member == OUTSIDE {
            return Cow::Borrowed("other");
        }
        Cow::Borrowed(Model::member(self, id, member).map_or("?", |m| &m.name))
    }

    fn unit(&self, unit: UnitId) -> Cow<'_, str> {
        Cow::Borrowed(self.units.get(unit.0 as usize).map_or("?", |u| &u.name))
    }

    fn field(&self, record: RecordId, field: usize) -> Cow<'_, str> {
        let fields = self.records.get(record.0 as usize).map(|r| &r.fields);
        Cow::Borrowed(fields.and_then(|f| f.get(field)).map_or("?", |f| &f.name))
    }
}
