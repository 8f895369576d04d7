//! Decisions and periods: groups of rules, their exceptions, and their `let`s.

use super::{Frame, Resolver};
use crate::diag::{Code, Problem};
use crate::model::*;
use crate::source::Span;
use crate::syntax::tree::{self, BodyPart};

/// What a group's answers must be.
pub(super) struct Wanted<'a> {
    pub columns: &'a [Column],
    /// The general rule answers every case; an exception need not.
    pub general: bool,
    pub name: &'a str,
    pub span: Span,
}

impl Resolver {
    pub(super) fn decision(&mut self, index: usize, decision: &tree::Decision) {
        self.frame = Frame::default();
        let columns = self.answer_columns(index);
        let wanted = Wanted { columns: &columns, general: true, name: &decision.name.text, span: decision.name.span };
        let group = self.group(&decision.body, &wanted);
        let target = &mut self.model.decisions[index];
        target.columns = columns;
        target.group = group;
        target.slots = self.frame.slots;
        target.slot_names = std::mem::take(&mut self.frame.names);
    }

    /// A decision with a record type and a table has a column for each field; else it has one answer.
    fn answer_columns(&self, index: usize) -> Vec<Column> {
        self.model.decisions[index].columns.clone()
    }

    fn group(&mut self, body: &[BodyPart], wanted: &Wanted) -> Group {
        let outer_locals = self.frame.locals.len();
        let mut cites = Vec::new();
        let mut lets = Vec::new();
        let mut hit = None;
        let mut tables = Vec::new();
        let mut rules = Vec::new();
        let mut exceptions: Vec<&tree::Exception> = Vec::new();
        for part in body {
            match part {
                BodyPart::Cites(names) => cites.extend(self.cites(&names.0)),
                BodyPart::Let(binding) => lets.push(self.let_in(binding)),
                BodyPart::Hit(policy) => hit = Some(policy),
                BodyPart::Table(table) => tables.push(table),
                BodyPart::Rule(rule) => rules.push(rule),
                BodyPart::Exception(exception) => exceptions.push(exception),
                BodyPart::Label(_) => {}
            }
        }
        if let [_, second, ..] = tables[..] {
            let message = "a second table stands here; an item has one";
            let help = "join the tables, or make the second one a decision of its own";
            self.report(Problem::new(Code::MisplacedPart, second.heading.span, message).help(help));
        }
        if let (Some(hit), []) = (hit, &tables[..]) {
            let message = "`hit` belongs to a table, and there is none";
            self.report(Problem::new(Code::MisplacedPart, hit.span, message));
        }
        let body = match (tables.first(), rules.first()) {
            (Some(table), None) => {
                let hit = self.hit(hit, wanted.columns);
                match self.table(table, hit, wanted) {
                    Some(table) => Body::Table(Box::new(table)),
                    None => Body::Rules(Vec::new()),
                }
            }
            (Some(_), Some(rule)) => {
                let message = "rules and a table stand side by side";
                let help = "write the rule as a row, or as an exception: `exception NAME { … }`";
                self.report(Problem::new(Code::MisplacedPart, rule.span, message).help(help));
                Body::Rules(Vec::new())
            }
            (None, _) => Body::Rules(self.rules(&rules, wanted)),
        };
        let exceptions = self.exceptions(&exceptions, wanted);
        self.frame.locals.truncate(outer_locals);
        Group { cites, lets, body, exceptions }
    }

    pub(super) fn let_in(&mut self, binding: &tree::Let) -> Let {
        let value = self.expr(&binding.value, None);
        if let Some(earlier) = self.frame.locals.iter().find(|l| l.name == binding.name.text) {
            let message = format!("`{}` is named twice", earlier.name);
            self.report(Problem::new(Code::DuplicateName, binding.name.span, message).help("choose another name"));
        } else if let Some(def) = self.names.get(&binding.name.text).copied() {
            let message = format!("`{}` is the name of another item already", binding.name.text);
            let mut problem = Problem::new(Code::DuplicateName, binding.name.span, message);
            if let Some(span) = self.span_of(def) {
                problem = problem.related(span, "declared here");
            }
            self.report(problem.help("choose another name for this `let`"));
        }
        let slot = self.new_local(&binding.name.text, value.ty.clone());
        Let { name: binding.name.text.clone(), slot, value, span: binding.span }
    }

    fn rules(&mut self, rules: &[&tree::Rule], wanted: &Wanted) -> Vec<Rule> {
        if rules.is_empty() {
            let message = format!("`{}` gives no answer", wanted.name);
            let help = "add rules (`VALUE when CONDITION`, `VALUE otherwise`), a formula (`always VALUE`) or a table";
            self.report(Problem::new(Code::MissingPart, wanted.span, message).help(help));
            return Vec::new();
        }
        if wanted.columns.len() != 1 {
            let message = "several answers are given by a table";
            self.report(Problem::new(Code::MisplacedPart, rules[0].span, message));
            return Vec::new();
        }
        let ty = wanted.columns[0].ty.clone();
        let mut otherwise: Option<Span> = None;
        let mut resolved = Vec::new();
        for rule in rules {
            let guard = match &rule.guard {
                tree::Guard::When(condition) => Guard::When(self.expr_of(condition, &Type::YesNo)),
                tree::Guard::Otherwise => {
                    if let Some(first) = otherwise {
                        let message = "a second `otherwise` in the same group";
                        let problem = Problem::new(Code::DuplicateName, rule.span, message);
                        self.report(problem.related(first, "the first one"));
                    }
                    otherwise = Some(rule.span);
                    Guard::Otherwise
                }
                tree::Guard::Always => Guard::Always,
            };
            let answer = self.answer(&rule.answer, &ty);
            let cites = self.cites(&rule.cites.0);
            resolved.push(Rule { guard, answer, cites, span: rule.span });
        }
        let always = rules.iter().find(|r| matches!(r.guard, tree::Guard::Always));
        match (always, otherwise) {
            (Some(rule), _) if rules.len() > 1 => {
                let message = "`always` leaves no room for other rules beside it";
                let help = "write `VALUE otherwise` in its place, or make the others exceptions";
                self.report(Problem::new(Code::MisplacedPart, rule.span, message).help(help));
            }
            (None, None) if wanted.general => {
                let last = rules[rules.len() - 1].span;
                let message = format!("`{}` does not say what holds when no rule applies", wanted.name);
                let help = "end with `VALUE otherwise`; if the agreement does not say, write `silent otherwise`";
                let problem = Problem::new(Code::OtherwiseMissing, wanted.span, message).related(last, "the last rule");
                self.report(problem.help(help));
            }
            (_, Some(span)) if !wanted.general => {
                let message = "an exception has no `otherwise`";
                let help = "where none of its rules applies, the general rule holds: leave the line out";
                self.report(Problem::new(Code::OtherwiseInException, span, message).help(help));
            }
            _ => {}
        }
        resolved
    }

    fn answer(&mut self, answer: &tree::Answer, ty: &Type) -> Answer {
        match answer {
            tree::Answer::Value(value) => Answer::Value(self.expr_of(value, ty)),
            tree::Answer::Silent(_) => Answer::Silent,
            tree::Answer::Discretion { party, meanwhile, .. } => self.discretion(party, meanwhile.as_ref(), ty),
        }
    }

    pub(super) fn discretion(&mut self, party: &tree::Name, meanwhile: Option<&tree::Expr>, ty: &Type) -> Answer {
        let meanwhile = meanwhile.map(|value| self.expr_of(value, ty));
        match self.party(party) {
            Some(party) => Answer::Discretion { party, meanwhile },
            None => Answer::Silent,
        }
    }

    fn exceptions(&mut self, exceptions: &[&tree::Exception], wanted: &Wanted) -> Vec<Exception> {
        let mut resolved: Vec<Exception> = Vec::new();
        for exception in exceptions {
            if let Some(first) = resolved.iter().find(|e| e.name == exception.name.text) {
                let message = format!("two exceptions are named `{}`", exception.name.text);
                let problem = Problem::new(Code::DuplicateName, exception.name.span, message);
                let first = first.span;
                self.report(problem.related(first, "the first one"));
            }
            let mut over = Vec::new();
            for name in &exception.over {
                match exceptions.iter().position(|e| e.name.text == name.text) {
                    Some(sibling) => over.push(sibling),
                    None => {
                        let siblings = exceptions.iter().map(|e| e.name.text.as_str());
                        let help = crate::diag::did_you_mean(&name.text, siblings);
                        let message = format!("there is no exception `{}` beside this one", name.text);
                        self.report(Problem::new(Code::UnknownName, name.span, message).maybe_help(help));
                    }
                }
            }
            let inner = Wanted {
                columns: wanted.columns,
                general: false,
                name: &exception.name.text,
                span: exception.name.span,
            };
            let group = self.group(&exception.body, &inner);
            resolved.push(Exception { name: exception.name.text.clone(), over, group, span: exception.name.span });
        }
        resolved
    }

    pub(super) fn period(&mut self, index: usize, period: &tree::Period) {
        self.frame = Frame::default();
        let cites = self.cites(&period.cites.0);
        let lets = period.lets.iter().map(|l| self.let_in(l)).collect();
        let extent = match &period.extents[..] {
            [extent] => self.extent(extent, period),
            [] => {
                let message = format!("period `{}` does not say what it spans", period.name.text);
                let help = "write `first 60 days of DATE`, `last 60 days before DATE` or `from DATE to DATE`";
                self.report(Problem::new(Code::MissingPart, period.name.span, message).help(help));
                None
            }
            [_, second, ..] => {
                self.report(Problem::new(Code::MisplacedPart, second.span, "a period spans one stretch of days"));
                None
            }
        };
        let target = &mut self.model.decisions[index];
        target.slots = self.frame.slots;
        target.slot_names = std::mem::take(&mut self.frame.names);
        let body = extent.map_or(Body::Rules(vec![]), |e| Body::Period(Box::new(e)));
        target.group = Group { cites, lets, body, exceptions: vec![] };
    }

    fn extent(&mut self, extent: &tree::Extent, period: &tree::Period) -> Option<PeriodExtent> {
        let length = |resolver: &mut Self, e: &tree::Expr| {
            let length = resolver.expr(e, None);
            match (length.kind, &length.ty) {
                (ExprKind::Const(value), Type::Days | Type::Months) => Some(value),
                (_, Type::Unknown) => None,
                _ => {
                    let message = "a period is measured in days, weeks, months or years";
                    resolver.report(Problem::new(Code::MixedUnits, e.span, message));
                    None
                }
            }
        };
        if let (Some(first_day), false) = (&period.first_day, matches!(extent.kind, tree::ExtentKind::First { .. })) {
            let message = "only `first … of DATE` leaves open whether its first day counts";
            self.report(Problem::new(Code::MisplacedPart, first_day.span, message).help("leave this line out"));
        }
        match &extent.kind {
            tree::ExtentKind::First { length: l, of } => {
                let length = length(self, l);
                let of = self.expr_of(of, &Type::Date);
                let counted = match &period.first_day {
                    None => {
                        let message = "it is not said whether the first day counts";
                        let help =
                            "add `first day counted`, `first day not counted` or `first day counted when CONDITION`";
                        self.report(Problem::new(Code::FirstDayNotStated, extent.span, message).help(help));
                        return None;
                    }
                    Some(tree::FirstDay { when: Some(condition), .. }) => self.expr_of(condition, &Type::YesNo),
                    Some(tree::FirstDay { counted, span, .. }) => {
                        self.constant(crate::value::Value::YesNo(*counted), Type::YesNo, *span)
                    }
                };
                Some(PeriodExtent::First { length: length?, of, counted })
            }
            tree::ExtentKind::Last { length: l, before } => {
                let length = length(self, l);
                let before = self.expr_of(before, &Type::Date);
                Some(PeriodExtent::Last { length: length?, before })
            }
            tree::ExtentKind::FromTo(range) => match &*range.kind {
                tree::ExprKind::Between(from, to, None) => {
                    let from = self.expr_of(from, &Type::Date);
                    let to = self.expr_of(to, &Type::Date);
                    Some(PeriodExtent::FromTo { from, to })
                }
                _ => {
                    let message = "`from` is followed by `DATE to DATE`";
                    self.report(Problem::new(Code::UnexpectedText, range.span, message));
                    None
                }
            },
        }
    }
}
