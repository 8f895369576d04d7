//! The page as written: every item, in order, with spans and comments, and nothing resolved.

use crate::source::{FileId, Span};

/// A rule file.
#[derive(Clone, Debug)]
pub struct File {
    pub id: FileId,
    pub items: Vec<Item>,
    /// All comments, in order.
    pub comments: Vec<Comment>,
}

/// `// text`, to the end of the line.
#[derive(Clone, Debug)]
pub struct Comment {
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// A word of the page: a name, a keyword's argument, a dotted path or a clause id. NFC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// `"text"`, unescaped.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    pub span: Span,
}

/// `en "text"`
#[derive(Clone, Debug)]
pub struct Labelled {
    pub lang: Name,
    pub text: Text,
}

/// `cites 2.7/a, 2.7/b` or `[2.7/a]`
#[derive(Clone, Debug, Default)]
pub struct Cites(pub Vec<Name>);

#[derive(Clone, Debug)]
pub enum Item {
    Agreement(Agreement),
    Use(Use),
    Party(Named),
    Unit(Named),
    Enumeration(Enumeration),
    Record(Record),
    Clause(Clause),
    Input(Input),
    Catalogue(Catalogue),
    Service(Service),
    Decision(Decision),
    Period(Period),
    Responses(Responses),
    Reading(Reading),
    Scenario(Scenario),
    Calendar(Calendar),
    Holidays(Holidays),
    Event(Event),
    Milestone(Milestone),
    Process(Process),
    /// `replace decision flex-cap : money in USD { … }`
    Replace(Box<Item>),
    Remove(Remove),
    Rename(Rename),
}

/// `remove service old-thing "no longer sold"`
#[derive(Clone, Debug)]
pub struct Remove {
    /// `service`
    pub kind: Name,
    pub name: Name,
    pub reason: Option<Text>,
    pub span: Span,
}

/// `rename service dse to ede`
#[derive(Clone, Debug)]
pub struct Rename {
    pub kind: Name,
    pub from: Name,
    pub to: Name,
    pub span: Span,
}

impl Item {
    pub fn span(&self) -> Span {
        match self {
            Item::Agreement(i) => i.span,
            Item::Use(i) => i.span,
            Item::Party(i) | Item::Unit(i) => i.span,
            Item::Enumeration(i) => i.span,
            Item::Record(i) => i.span,
            Item::Clause(i) => i.span,
            Item::Input(i) => i.span,
            Item::Catalogue(i) => i.span,
            Item::Service(i) => i.span,
            Item::Decision(i) => i.span,
            Item::Period(i) => i.span,
            Item::Responses(i) => i.span,
            Item::Reading(i) => i.span,
            Item::Scenario(i) => i.span,
            Item::Calendar(i) => i.span,
            Item::Holidays(i) => i.span,
            Item::Event(i) => i.span,
            Item::Milestone(i) => i.span,
            Item::Process(i) => i.span,
            Item::Replace(i) => i.span(),
            Item::Remove(i) => i.span,
            Item::Rename(i) => i.span,
        }
    }

    /// The word that starts it, and its name; none for what has no name in the rules.
    pub fn named(&self) -> Option<(&'static str, &Name)> {
        Some(match self {
            Item::Party(i) => ("party", &i.name),
            Item::Unit(i) => ("unit", &i.name),
            Item::Enumeration(i) => ("enumeration", &i.name),
            Item::Record(i) => ("record", &i.name),
            Item::Clause(i) => ("clause", &i.id),
            Item::Input(i) => ("input", &i.name),
            Item::Catalogue(i) => ("catalogue", &i.name),
            Item::Service(i) => ("service", &i.name),
            Item::Decision(i) => ("decision", &i.name),
            Item::Period(i) => ("period", &i.name),
            Item::Responses(i) => ("responses", &i.name),
            Item::Reading(i) => ("reading", &i.name),
            Item::Calendar(i) => ("calendar", &i.name),
            Item::Holidays(i) => ("holidays", &i.name),
            Item::Event(i) => ("event", &i.name),
            Item::Milestone(i) => ("milestone", &i.name),
            Item::Process(i) => ("process", &i.name),
            Item::Agreement(_) | Item::Use(_) | Item::Scenario(_) => return None,
            Item::Replace(_) | Item::Remove(_) | Item::Rename(_) => return None,
        })
    }

    /// The name that it declares.
    pub fn name_mut(&mut self) -> Option<&mut Name> {
        Some(match self {
            Item::Party(i) | Item::Unit(i) => &mut i.name,
            Item::Enumeration(i) => &mut i.name,
            Item::Record(i) => &mut i.name,
            Item::Clause(i) => &mut i.id,
            Item::Input(i) => &mut i.name,
            Item::Catalogue(i) => &mut i.name,
            Item::Service(i) => &mut i.name,
            Item::Decision(i) => &mut i.name,
            Item::Period(i) => &mut i.name,
            Item::Responses(i) => &mut i.name,
            Item::Reading(i) => &mut i.name,
            Item::Calendar(i) => &mut i.name,
            Item::Holidays(i) => &mut i.name,
            Item::Event(i) => &mut i.name,
            Item::Milestone(i) => &mut i.name,
            Item::Process(i) => &mut i.name,
            Item::Agreement(_) | Item::Use(_) | Item::Scenario(_) => return None,
            Item::Replace(_) | Item::Remove(_) | Item::Rename(_) => return None,
        })
    }
}

/// `agreement ms-unified edition 2024-09 { … }`
#[derive(Clone, Debug)]
pub struct Agreement {
    pub name: Name,
    pub edition: Name,
    pub labels: Vec<Labelled>,
    pub source: Vec<Labelled>,
    pub effective: Option<Effective>,
    /// `marks package-offer by base-agreement.package`
    pub marks: Option<(Name, Name)>,
    pub amends: Option<Amends>,
    pub span: Span,
}

/// `amends 2024-09`, `amends 2024-09 from "../2024-09"`. Where the edition lies is for `source::load` to find.
#[derive(Clone, Debug)]
pub struct Amends {
    pub edition: Name,
    pub span: Span,
}

/// `effective 2024-09-01` or `effective from 2024-09-01 to 2025-08-31`
#[derive(Clone, Debug)]
pub struct Effective {
    pub from: Name,
    pub to: Option<Name>,
}

/// `use lib/languages`
#[derive(Clone, Debug)]
pub struct Use {
    pub path: Name,
    pub span: Span,
}

/// `party vendor { label … }`, `unit credit { label … }`
#[derive(Clone, Debug)]
pub struct Named {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub span: Span,
}

/// `enumeration severity { 1 en "Severity 1"  A }`
#[derive(Clone, Debug)]
pub struct Enumeration {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub members: Vec<Member>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub span: Span,
}

/// `record order-item { fee : money in USD }`
#[derive(Clone, Debug)]
pub struct Record {
    pub name: Name,
    pub fields: Vec<FieldDecl>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct FieldDecl {
    pub name: Name,
    pub ty: Type,
    pub labels: Vec<Labelled>,
    pub span: Span,
}

/// `clause 2.7/cancel at §2.7 "Cancellation" { says "…" }`
#[derive(Clone, Debug)]
pub struct Clause {
    pub id: Name,
    pub place: Option<Place>,
    pub labels: Vec<Labelled>,
    pub says: Vec<Says>,
    pub prose: Option<Text>,
    pub covers: Vec<Name>,
    pub span: Span,
}

/// `at §2.7 "Cancellation"`
#[derive(Clone, Debug)]
pub struct Place {
    pub section: Option<Name>,
    pub title: Option<Text>,
    pub span: Span,
}

/// `says "…"`, `says zh "…"`
#[derive(Clone, Debug)]
pub struct Says {
    pub lang: Option<Name>,
    pub text: Text,
}

/// `input order.spend : money in USD { … }`
#[derive(Clone, Debug)]
pub struct Input {
    pub name: Name,
    pub ty: Type,
    pub labels: Vec<Labelled>,
    pub ask: Vec<Labelled>,
    pub cites: Cites,
    pub measured_at: Option<Name>,
    pub must_be: Vec<Cell>,
    pub has_body: bool,
    pub span: Span,
}

/// `catalogue t2 at "Table 2" { … }`
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub name: Name,
    pub place: Option<Place>,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub span: Span,
}

/// `service mcsap { … }`
#[derive(Clone, Debug)]
pub struct Service {
    pub name: Name,
    pub parts: Vec<ServicePart>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ServicePart {
    Label(Vec<Labelled>),
    Cites(Cites),
    Was { name: Name, agreement: Option<Name>, edition: Option<Name> },
    ListedIn(Name),
    PartOf(Name),
    Offered(Name),
    Requires(Expr),
    Languages(Expr),
    Delivery(Expr),
    Excludes(Expr),
}

/// `reading onboarding-day-one { either … or … }`
#[derive(Clone, Debug)]
pub struct Reading {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub ask: Vec<Labelled>,
    pub choices: Vec<Choice>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub name: Name,
    pub default: bool,
    pub labels: Vec<Labelled>,
    pub span: Span,
}

/// `decision cancellation-charge : money in USD { … }`
#[derive(Clone, Debug)]
pub struct Decision {
    pub name: Name,
    pub ty: Type,
    pub labels: Vec<Labelled>,
    pub body: Vec<BodyPart>,
    pub span: Span,
}

/// A line, table or block of a decision or exception.
#[derive(Clone, Debug)]
pub enum BodyPart {
    Cites(Cites),
    Label(Vec<Labelled>),
    Let(Let),
    Hit(Hit),
    Table(Table),
    Rule(Rule),
    Exception(Exception),
}

/// `let notice = a to b in days`
#[derive(Clone, Debug)]
pub struct Let {
    pub name: Name,
    pub value: Expr,
    pub span: Span,
}

/// `hit first`
#[derive(Clone, Debug)]
pub struct Hit {
    pub policy: HitPolicy,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum HitPolicy {
    Unique,
    First,
    Collect,
    /// `priority { a, b }`
    Priority(Expr),
}

/// `yes when C`, `no otherwise`, `always X`
#[derive(Clone, Debug)]
pub struct Rule {
    pub answer: Answer,
    pub guard: Guard,
    pub cites: Cites,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Guard {
    When(Expr),
    Otherwise,
    Always,
}

#[derive(Clone, Debug)]
pub enum Answer {
    Value(Expr),
    Silent(Span),
    Discretion { party: Name, meanwhile: Option<Expr>, span: Span },
}

/// `exception public-cloud-only over other { … }`
#[derive(Clone, Debug)]
pub struct Exception {
    pub name: Name,
    pub over: Vec<Name>,
    pub body: Vec<BodyPart>,
    pub span: Span,
}

/// Rows between `|` bars; the first is the heading.
#[derive(Clone, Debug)]
pub struct Table {
    pub heading: Row,
    pub rows: Vec<Row>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub left: Vec<Cell>,
    pub right: Vec<Cell>,
    pub span: Span,
}

/// There are many of them, so what is rare in one is boxed.
#[derive(Clone, Debug)]
pub struct Cell {
    pub kind: CellKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum CellKind {
    /// Nothing written; only a citation may be left out so
    Blank,
    /// `otherwise`
    Otherwise,
    /// `any`
    Any,
    /// `other`
    Other,
    /// `-`
    Nothing,
    /// `silent`
    Silent,
    /// `conflict`
    Conflict,
    /// `not CELL`
    Not(Box<Cell>),
    /// `has mcsap`
    Has(Expr),
    /// `>= 14 days`
    Compare(BinaryOp, Expr),
    /// `missing { a, b }`
    Missing(Vec<Name>),
    /// `open reading r`
    OpenReading(Name),
    /// `at the discretion of vendor`
    Discretion {
        party: Box<Name>,
        meanwhile: Option<Expr>,
    },
    /// `2.7/a, 2.7/b`
    Clauses(Vec<Name>),
    /// `vendor : set of duty`, in a heading
    Typed(Box<Name>, Box<Type>),
    Expr(Expr),
}

/// `period mcsap-onboarding { … }`
#[derive(Clone, Debug)]
pub struct Period {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub lets: Vec<Let>,
    pub extents: Vec<Extent>,
    pub first_day: Option<FirstDay>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Extent {
    pub kind: ExtentKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExtentKind {
    /// `first 60 days of D`
    First { length: Expr, of: Expr },
    /// `last 60 days before D`
    Last { length: Expr, before: Expr },
    /// `from D to D`; the expression is the `to`
    FromTo(Expr),
}

/// `first day counted`, `first day not counted`, `first day counted when C`
#[derive(Clone, Debug)]
pub struct FirstDay {
    pub counted: bool,
    pub when: Option<Expr>,
    pub span: Span,
}

/// `responses rapid supersedes base { … }`
#[derive(Clone, Debug)]
pub struct Responses {
    pub name: Name,
    pub supersedes: Vec<Name>,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub key: Vec<Name>,
    pub lets: Vec<Let>,
    pub when: Option<Expr>,
    pub table: Option<Table>,
    pub notes: Vec<Note>,
    pub span: Span,
}

/// `note 1 on component azure except when C [a/b]`
#[derive(Clone, Debug)]
pub struct Note {
    pub number: Name,
    pub column: Name,
    pub value: Expr,
    pub kind: NoteKind,
    pub cites: Cites,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum NoteKind {
    ExceptWhen(Expr),
    Says(Text),
    Mark,
}

/// `calendar coverage { zone "Asia/Shanghai"  open monday..friday 09:00..18:00 }`
#[derive(Clone, Debug)]
pub struct Calendar {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub zone: Vec<Expr>,
    pub open: Vec<OpenLine>,
    pub closed: Vec<ClosedLine>,
    pub holidays: Vec<HolidaysLine>,
    pub make_up: Vec<Condition>,
    pub part_day: Vec<PartDay>,
    pub span: Span,
}

/// `open monday..friday 09:00..12:00, 13:00..18:00 when C`, `open 2026-10-10 as on friday "made up"`
#[derive(Clone, Debug)]
pub struct OpenLine {
    pub days: OpenDays,
    pub hours: OpenHours,
    pub title: Option<Text>,
    pub when: Option<Expr>,
    pub cites: Cites,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum OpenDays {
    /// `always`
    Always,
    /// `monday..friday, sunday`: first and last of each stretch
    Weekdays(Vec<(Name, Name)>),
    /// `2026-10-10`, `2026-10-10..2026-10-11`
    Dates(Name, Name),
}

#[derive(Clone, Debug)]
pub enum OpenHours {
    /// None written: the usual ones
    Usual,
    /// `09:00..12:00, 13:00..18:00`
    Windows(Vec<(Name, Name)>),
    /// `as on friday`
    AsOn(Name),
}

/// `closed 2026-10-01..2026-10-07 "National Day"`
#[derive(Clone, Debug)]
pub struct ClosedLine {
    pub first: Name,
    pub last: Name,
    pub title: Option<Text>,
    pub when: Option<Expr>,
    pub cites: Cites,
    pub span: Span,
}

/// `holidays not listed`, `holidays site.holidays`
#[derive(Clone, Debug)]
pub struct HolidaysLine {
    /// `None`: not listed.
    pub list: Option<Expr>,
    pub cites: Cites,
    pub span: Span,
}

/// `when C [a/b]`, behind something that holds then
#[derive(Clone, Debug)]
pub struct Condition {
    pub when: Option<Expr>,
    pub cites: Cites,
    pub span: Span,
}

/// `part day counted when C`
#[derive(Clone, Debug)]
pub struct PartDay {
    /// `elapsed`, `counted` or `not counted`
    pub word: Name,
    pub condition: Condition,
}

/// `holidays china-2026 { covers 2026  closed 2026-10-01..2026-10-07 "National Day"  from "china-2026.ics" }`
#[derive(Clone, Debug)]
pub struct Holidays {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    /// First and last year of each stretch.
    pub covers: Vec<(Name, Name)>,
    pub open: Vec<OpenLine>,
    pub closed: Vec<ClosedLine>,
    pub from: Vec<Text>,
    pub span: Span,
}

/// `event reported { by customer  with incident.level }`
#[derive(Clone, Debug)]
pub struct Event {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub by: Vec<Name>,
    pub with: Vec<Name>,
    pub span: Span,
}

/// `milestone first-response { … }`
#[derive(Clone, Debug)]
pub struct Milestone {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub lets: Vec<Let>,
    pub parts: Vec<MilestonePart>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum MilestonePart {
    /// `owed by vendor`
    OwedBy(Name),
    /// `starts on reported by customer when C`, `starts when C`
    Starts(Trigger),
    Stops(Trigger),
    /// `done on status-given`
    Done(Trigger),
    /// `pauses while C`
    Pauses(Condition),
    /// `void while C`
    Void(Condition),
    /// `target response.time in response.calendar`
    Target(Limit),
    /// `every 1 h in round-the-clock`
    Every(Limit),
    /// `on change keeps start when C`: `target`, `start` or `restarts`
    OnChange(Name, Condition),
    /// `warns at 80%`, `warns 30 min before`
    Warns(Expr, Span),
    /// `on miss service-credit`
    OnMiss(Vec<Name>),
}

/// What starts or stops something.
#[derive(Clone, Debug)]
pub struct Trigger {
    pub event: Option<Name>,
    pub by: Vec<Name>,
    pub condition: Condition,
}

/// `7 days in coverage`: an amount of time, and the calendar it is counted in
#[derive(Clone, Debug)]
pub struct Limit {
    /// `until`: the amount is an instant or a date
    pub until: bool,
    pub amount: Expr,
    pub calendar: Option<Expr>,
    pub cites: Cites,
    pub span: Span,
}

/// `process incident { states { … }  open becomes closed on accepted }`
#[derive(Clone, Debug)]
pub struct Process {
    pub name: Name,
    pub labels: Vec<Labelled>,
    pub cites: Cites,
    pub states: Vec<State>,
    pub transitions: Vec<Transition>,
    pub span: Span,
}

/// `closed (final) en "closed"`
#[derive(Clone, Debug)]
pub struct State {
    pub name: Name,
    pub last: bool,
    pub labels: Vec<Labelled>,
    pub span: Span,
}

/// `waiting becomes cancelled after 7 days sets incident.level = 2 when C [a/b]`
#[derive(Clone, Debug)]
pub struct Transition {
    /// Empty: from any state that is not final.
    pub from: Vec<Name>,
    /// `None`: `stay`.
    pub to: Option<Name>,
    pub cause: Cause,
    pub sets: Vec<Assignment>,
    pub condition: Condition,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Cause {
    /// `on reclassified by vendor`
    On { event: Name, by: Vec<Name> },
    /// `after 7 days in coverage`
    After(Limit),
}

/// `at 2026-03-06T17:30+08:00 reported by customer with incident.level = 2`
#[derive(Clone, Debug)]
pub struct LogEntry {
    pub at: Name,
    pub event: Name,
    pub by: Option<Name>,
    pub with: Vec<Assignment>,
    pub span: Span,
}

/// `scenario "at the threshold" { … }`
#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: Text,
    pub cites: Cites,
    pub given: Vec<Assignment>,
    pub readings: Vec<Assignment>,
    pub log: Vec<LogEntry>,
    /// `as of 2026-03-09T12:00+08:00`
    pub as_of: Option<Name>,
    /// `edition 2024-09`
    pub edition: Option<Name>,
    /// `governed on 2024-10-15`
    pub governed_on: Option<Name>,
    pub expect: Vec<Expectation>,
    pub table: Option<Table>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Assignment {
    pub path: Name,
    pub value: Expr,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Expectation {
    pub path: Name,
    pub expected: Cell,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Type {
    Set(Box<Type>, Span),
    List(Box<Type>, Span),
    /// `money`, `money in USD`
    Money(Option<Name>, Span),
    Named(Name),
}

impl Type {
    pub fn span(&self) -> Span {
        match self {
            Type::Set(_, s) | Type::List(_, s) | Type::Money(_, s) => *s,
            Type::Named(n) => n.span,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: Box<ExprKind>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `60,000,000`, as written
    Number(String),
    /// `20%`: the number as written
    Percent(String),
    /// `USD 50,000`: currency and number
    Money(String, String),
    Date(String),
    Time(String),
    DateTime(String),
    /// `14 days`, `5 credit`: number and unit
    Quantity(String, Name),
    Text(String),
    YesNo(bool),
    /// A dotted name
    Path(Name),
    Set(Vec<Expr>),
    List(Vec<Expr>),
    Record(Vec<(Name, Expr)>),
    Paren(Expr),
    Not(Expr),
    Negate(Expr),
    Binary(BinaryOp, Expr, Expr),
    /// `A to B in days`: the unit is `None` where none is written, as in a period
    Between(Expr, Expr, Option<Name>),
    /// `A rounded half-up to USD 0.01`
    Rounded(Expr, Name, Expr),
    IsStated(Expr),
    If(Expr, Expr, Expr),
    Call(Name, Vec<Expr>),
    /// `any i in L satisfies C`
    Quantified {
        every: bool,
        binder: Name,
        list: Expr,
        condition: Expr,
    },
    /// `count of i in L where C`, `count of L`
    Count {
        binder: Option<Name>,
        list: Expr,
        condition: Option<Expr>,
    },
    /// `sum of E for i in L where C`
    Sum {
        value: Expr,
        binder: Name,
        list: Expr,
        condition: Option<Expr>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    In,
    NotIn,
    Has,
    /// `a..b`, both ends counted
    Range,
    /// `a..<b`, the upper end not counted
    RangeBelow,
    Add,
    Sub,
    Mul,
    Div,
    /// `20% of A`
    Of,
}

impl BinaryOp {
    /// As written.
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Or => "or",
            BinaryOp::And => "and",
            BinaryOp::Eq => "=",
            BinaryOp::Ne => "<>",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::Is => "is",
            BinaryOp::IsNot => "is not",
            BinaryOp::In => "in",
            BinaryOp::NotIn => "not in",
            BinaryOp::Has => "has",
            BinaryOp::Range => "..",
            BinaryOp::RangeBelow => "..<",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Of => "of",
        }
    }
}
