//! Tree to Model: names, types and desugaring. Types are found here and not in `check`, because a bare name
//! such as `azure` is only resolved by the type that its place expects.

mod amend;
mod body;
mod calendar;
mod clocks;
mod declare;
mod expr;
mod fold;
mod operator;
mod responses;
mod scenario;
mod service;
mod table;

use std::collections::{HashMap, HashSet};

use amend::{Amended, Space};

use crate::diag::{Code, Problem, did_you_mean};
use crate::model::{ClauseId, DecisionId, Expr, ExprKind, InputId, Labels, Model, ReadingId, Type};
use crate::source::load::Attachments;
use crate::source::{FileId, Span};
use crate::syntax::{Parsed, tree};
use crate::value::{Currency, EnumId, RecordId, UnitId, Value};

/// The model of what could be understood, and the problems met. `layers` are the files of the edition, and before
/// them those of the editions that it amends, the oldest first.
pub fn resolve(layers: Vec<Vec<Parsed>>, attachments: Attachments) -> (Model, Vec<Problem>) {
    let (files, amended, problems) = amend::amend(layers);
    let files = &files;
    let mut resolver = Resolver::new(files);
    resolver.attachments = attachments;
    resolver.amended = amended;
    resolver.problems = problems;
    resolver.declare(files);
    resolver.define(files);
    let mut model = resolver.model;
    put_in_source_order(&mut model, files);
    (model, resolver.problems)
}

/// Types are declared before other items, and scenarios after them; the page has its own order.
fn put_in_source_order(model: &mut Model, files: &[Parsed]) {
    let number: HashMap<FileId, usize> = files.iter().enumerate().map(|(i, f)| (f.file.id, i)).collect();
    let mut order = std::mem::take(&mut model.order);
    order.sort_by_cached_key(|item| model.place_of(*item).map(|span| (number.get(&span.file).copied(), span.start)));
    model.order = order;
}

/// What a global name stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Def {
    Input(InputId),
    Decision(DecisionId),
    Reading(ReadingId),
    /// A service, catalogue or party: a member of the built-in enumeration.
    Member(EnumId, u32),
    Holidays(u32),
}

#[derive(Clone, Copy)]
enum TypeDef {
    Enum(EnumId),
    Record(RecordId),
    Unit(UnitId),
}

struct Resolver {
    model: Model,
    problems: Vec<Problem>,
    names: HashMap<String, Def>,
    types: HashMap<String, TypeDef>,
    clauses: HashMap<String, ClauseId>,
    /// Enumerations that have a member of this name.
    members: HashMap<String, Vec<(EnumId, u32)>>,
    /// Words of text that could not be read: names among them are not reported.
    lost: HashSet<String>,
    damaged: HashSet<Span>,
    scenario_names: HashMap<(FileId, String), Span>,
    frame: Frame,
    attachments: Attachments,
    amended: Amended,
}

/// The `let`s and binders that an expression sees.
#[derive(Default)]
struct Frame {
    locals: Vec<Local>,
    slots: u32,
    /// By slot; a name stays after its local is out of sight.
    names: Vec<String>,
}

struct Local {
    name: String,
    slot: u32,
    ty: Type,
}

impl Resolver {
    fn new(files: &[Parsed]) -> Self {
        Resolver {
            model: Model::default(),
            problems: Vec::new(),
            names: HashMap::new(),
            types: HashMap::new(),
            clauses: HashMap::new(),
            members: HashMap::new(),
            lost: files.iter().flat_map(|f| f.lost_words.iter().cloned()).collect(),
            damaged: files.iter().flat_map(|f| f.damaged.iter().copied()).collect(),
            scenario_names: HashMap::new(),
            frame: Frame::default(),
            attachments: Attachments::new(),
            amended: Amended::default(),
        }
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A name that nothing has, unless it may have been declared in text that could not be read.
    fn unknown<'a>(
        &mut self,
        code: Code,
        name: &str,
        span: Span,
        what: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) {
        if self.is_lost(name) {
            return;
        }
        let help = did_you_mean(name, candidates).or_else(|| number_with_unit(name));
        let problem = Problem::new(code, span, format!("there is no {what} `{name}`"));
        self.report(match self.amended.removed(name) {
            Some(removed) => problem.related(removed, REMOVED).help(REMOVED_TOO),
            None => problem.maybe_help(help),
        });
    }

    /// The present name of what a text of this place calls so; it differs where an amending edition renamed it.
    fn now<'a>(&'a self, space: Space, name: &'a str, at: Span) -> &'a str {
        self.amended.now(space, name, at.file)
    }

    /// What a global name stands for in the file that it is written in.
    fn named(&self, name: &str, at: Span) -> Option<Def> {
        self.names.get(self.now(Space::Names, name, at)).copied()
    }

    fn type_named(&self, name: &str, at: Span) -> Option<TypeDef> {
        self.types.get(self.now(Space::Types, name, at)).copied()
    }

    fn is_lost(&self, name: &str) -> bool {
        self.lost.contains(name) || name.split('.').next().is_some_and(|first| self.lost.contains(first))
    }

    fn labels(&mut self, labels: &[tree::Labelled]) -> Labels {
        let mut found = Labels::default();
        for label in labels {
            if found.in_language(&label.lang.text).is_some() {
                let message = format!("a second text in `{}`", label.lang.text);
                self.report(
                    Problem::new(Code::DuplicateName, label.lang.span, message).help("keep one text for each language"),
                );
            }
            found.0.push((label.lang.text.clone(), label.text.text.clone()));
        }
        found
    }

    fn cites(&mut self, cites: &[tree::Name]) -> Vec<ClauseId> {
        let mut ids = Vec::new();
        for name in cites {
            match self.clauses.get(self.now(Space::Clauses, &name.text, name.span)) {
                Some(id) if ids.contains(id) => {}
                Some(id) => ids.push(*id),
                None if self.is_lost(&name.text) => {}
                None => {
                    let near = did_you_mean(&name.text, self.clauses.keys().map(String::as_str));
                    let near = near.unwrap_or_else(|| format!("add `clause {} {{ says \"…\" }}`", name.text));
                    let message = format!("the register has no clause `{}`", name.text);
                    let problem = Problem::new(Code::DanglingCitation, name.span, message);
                    self.report(match self.amended.removed(&name.text) {
                        Some(removed) => problem.related(removed, REMOVED).help(REMOVED_TOO),
                        None => problem.help(near),
                    });
                }
            }
        }
        ids
    }

    fn ty(&mut self, ty: &tree::Type) -> Type {
        match ty {
            tree::Type::Set(of, _) => Type::Set(Box::new(self.ty(of))),
            tree::Type::List(of, _) => Type::List(Box::new(self.ty(of))),
            tree::Type::Money(None, _) => Type::Money(None),
            tree::Type::Money(Some(code), _) => match Currency::from_code(&code.text) {
                Some(currency) => Type::Money(Some(currency)),
                None => {
                    let message = format!("`{}` is not a currency", code.text);
                    let help = "write the three capital letters of its ISO 4217 code, such as `USD`";
                    self.report(Problem::new(Code::UnknownType, code.span, message).help(help));
                    Type::Unknown
                }
            },
            tree::Type::Named(name) => self.named_type(name),
        }
    }

    fn named_type(&mut self, name: &tree::Name) -> Type {
        let built_in = BUILT_IN_TYPES.iter().find(|(word, _)| *word == name.text);
        if let Some((_, ty)) = built_in {
            return ty.clone();
        }
        match self.type_named(&name.text, name.span) {
            Some(TypeDef::Enum(id)) => Type::Enum(id),
            Some(TypeDef::Record(id)) => Type::Record(id),
            Some(TypeDef::Unit(id)) => Type::Quantity(id),
            None => {
                let mut candidates: Vec<String> = self.types.keys().cloned().collect();
                candidates.sort();
                candidates.extend(BUILT_IN_TYPES.iter().map(|(word, _)| (*word).to_owned()));
                self.unknown(Code::UnknownType, &name.text, name.span, "type", candidates.iter().map(String::as_str));
                Type::Unknown
            }
        }
    }

    /// A party's number among the parties.
    fn party(&mut self, name: &tree::Name) -> Option<u32> {
        if let Some(Def::Member(crate::model::PARTIES, party)) = self.named(&name.text, name.span) {
            return Some(party);
        }
        let parties: Vec<String> =
            self.model.enumeration(crate::model::PARTIES).members.iter().map(|m| m.name.clone()).collect();
        if self.is_lost(&name.text) {
            return None;
        }
        let help = did_you_mean(&name.text, parties.iter().map(String::as_str))
            .unwrap_or_else(|| format!("declare it: `party {} {{ label en \"…\" }}`", name.text));
        let message = format!("there is no party `{}`", name.text);
        self.report(Problem::new(Code::UnknownName, name.span, message).help(help));
        None
    }

    /// Stands for an expression that was reported as wrong.
    fn wrong(&self, span: Span) -> Expr {
        Expr { kind: ExprKind::Const(Value::YesNo(false)), ty: Type::Unknown, span }
    }

    fn mismatch(&mut self, span: Span, actual: &Type, expected: &Type) {
        let (is, wants) = (self.model.type_name(actual), self.model.type_name(expected));
        let (code, message) = match (actual, expected) {
            (Type::Money(Some(a)), Type::Money(Some(b))) => {
                (Code::MixedCurrencies, format!("this is in {a}, and {b} is wanted here"))
            }
            (Type::Integer | Type::Decimal, b) if b.is_measure() || *b == Type::TimeLimit => {
                (Code::MixedUnits, format!("this is a plain number, and `{wants}` is wanted here"))
            }
            (a, b) if a.is_measure() && b.is_measure() => {
                (Code::MixedUnits, format!("this is in `{is}`, and `{wants}` is wanted here"))
            }
            _ => (Code::TypeMismatch, format!("this is `{is}`, and `{wants}` is wanted here")),
        };
        let help = match (actual, expected) {
            (Type::Money(_), Type::Money(_)) => Some(operator::ONE_CURRENCY),
            (Type::Integer | Type::Decimal, Type::Percent) => Some("a percentage is written with its sign: `50%`"),
            (Type::Integer | Type::Decimal, Type::Money(_)) => {
                Some("money is written with the currency before it, as in `USD 50,000`")
            }
            (Type::Integer | Type::Decimal, b) if b.is_measure() => Some("write the number with its unit"),
            (Type::Integer | Type::Decimal, Type::TimeLimit) => {
                Some("write the number with its unit: `8 h`, `8 business hours`, `2 days`")
            }
            (Type::Text, Type::Zone) => Some("declare it as one: `input site.zone : zone`"),
            (Type::Percent, Type::Money(_)) => Some("say of what: `50% of AMOUNT`"),
            (Type::Text, Type::Enum(_)) => Some("names stand without quotes"),
            _ => None,
        };
        let help = help.map(str::to_owned).or_else(|| match (actual, expected) {
            (Type::Integer, Type::Enum(id)) => self.members_of(*id),
            _ => None,
        });
        self.report(Problem::new(code, span, message).maybe_help(help));
    }

    fn expect_fits(&mut self, expr: &Expr, expected: &Type) -> bool {
        let fits = expr.ty.fits(expected);
        if !fits {
            self.mismatch(expr.span, &expr.ty, expected);
        }
        fits
    }
}

const REMOVED: &str = "it is removed here";
const REMOVED_TOO: &str = "replace or remove what still names it as well";

/// `14days` is a name to the language, and meant as a number with its unit.
fn number_with_unit(name: &str) -> Option<String> {
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = name.split_at(digits);
    let is_unit = unit.chars().next().is_some_and(char::is_alphabetic);
    (digits > 0 && is_unit).then(|| format!("a space stands between a number and its unit: `{number} {unit}`"))
}

const BUILT_IN_TYPES: &[(&str, Type)] = &[
    ("yes-no", Type::YesNo),
    ("integer", Type::Integer),
    ("decimal", Type::Decimal),
    ("percent", Type::Percent),
    ("date", Type::Date),
    ("time", Type::Time),
    ("date-time", Type::DateTime),
    ("duration", Type::Duration),
    ("days", Type::Days),
    ("months", Type::Months),
    ("business-hours", Type::BusinessHours),
    ("business-days", Type::BusinessDays),
    ("time-limit", Type::TimeLimit),
    ("text", Type::Text),
    ("period", Type::Period),
    ("zone", Type::Zone),
    ("holidays", Type::Holidays),
    ("calendar", Type::Enum(crate::model::CALENDARS)),
    ("milestone-state", Type::Enum(crate::model::MILESTONE_STATES)),
    ("service", Type::Enum(crate::model::SERVICES)),
    ("catalogue", Type::Enum(crate::model::CATALOGUES)),
    ("party", Type::Enum(crate::model::PARTIES)),
    ("offering", Type::Enum(crate::model::OFFERINGS)),
];
