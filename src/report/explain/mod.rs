//! The reasoning behind an answer as a tree: which rule or row gave it, what its conditions rest on, which
//! exceptions and superseding tables applied or did not. `text` and `json` show the same tree.

mod clock;
mod days;
mod json;
mod leaves;
mod rules;
mod text;

use std::collections::HashSet;

use chrono::NaiveDate;

pub use json::explanation_json;
pub use text::{explanation_text, step_text};

use super::outcome::indifferent;
use super::outcome_text::indifference;
use super::target::Target;
use crate::check::Checked;
use crate::eval::chronicle::At;
use crate::eval::{Evaluation, Known, outcome};
use crate::model::{ClauseId, DecisionId, Labels, Model, Words};
use crate::scenario::Facts;
use crate::source::Span;
use crate::value::worktime::Day;

/// A step of the reasoning.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    /// In the words of the language: a name, a condition, a rule.
    pub words: String,
    pub labels: Labels,
    /// What it came to.
    pub answer: Option<Known>,
    /// For what can apply: whether it does.
    pub standing: Option<Applies>,
    /// What else there is to say of it, in a few words.
    pub remark: Option<String>,
    pub at: Option<Span>,
    pub clauses: Vec<ClauseId>,
    pub parts: Vec<Node>,
    /// For a day of a count: what of it counted.
    pub day: Option<DayStep>,
}

/// A day of a count of time, or several that are told at once.
#[derive(Clone, Debug)]
pub struct DayStep {
    /// The day, or the first of them.
    pub day: Day,
    /// What of it counted.
    pub counted: Vec<(At, At)>,
    /// Seconds that counted, and those counted so far.
    pub seconds: i64,
    pub total: i64,
    /// For a count of business days: which one it is.
    pub business_day: Option<i64>,
    /// Whether the clock was held for a part of it.
    pub held: bool,
    pub folded: Option<Folded>,
}

/// Days that are told at once.
#[derive(Clone, Debug)]
pub struct Folded {
    pub last: NaiveDate,
    pub days: i64,
    /// Whether all of them are judged.
    pub known: bool,
    /// What is listed among them.
    pub names: Vec<String>,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `mcsap-plus`
    Decision,
    /// `yes when order.spend >= USD 60`
    Rule,
    /// A row, as a rule: `15 min when incident.severity is A`
    Row,
    /// `first 60 days of work-order.starts-on`
    Period,
    /// `exception no-sovereign-cloud`
    Exception,
    /// `rapid supersedes base`
    Table,
    /// `event.confirmed-on <= event.starts-on - 6 weeks`
    Condition,
    /// `notice`
    Let,
    /// `order.spend`
    Fact,
    /// `onboarding-day-one`
    Reading,
    /// `mcsap.languages`
    Property,
    /// `note 1 on component azure except when …`
    Footnote,
    /// `starts on reported`: what started or stopped a clock
    Trigger,
    /// `target response-time in coverage`
    Target,
    /// `on change keeps start`
    Change,
    /// A stretch in which a clock does not count.
    Hold,
    /// `calendar office`
    Calendar,
    /// A line of a calendar, milestone or log.
    Line,
    /// A count of time, day by day.
    Count,
    /// A day of a count, or several.
    Day,
    /// `open becomes answered on contacted`
    Transition,
}

impl NodeKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Decision => "decision",
            NodeKind::Rule => "rule",
            NodeKind::Row => "row",
            NodeKind::Period => "period",
            NodeKind::Exception => "exception",
            NodeKind::Table => "table",
            NodeKind::Condition => "condition",
            NodeKind::Let => "let",
            NodeKind::Fact => "fact",
            NodeKind::Reading => "reading",
            NodeKind::Property => "property",
            NodeKind::Footnote => "footnote",
            NodeKind::Trigger => "trigger",
            NodeKind::Target => "target",
            NodeKind::Change => "change",
            NodeKind::Hold => "hold",
            NodeKind::Calendar => "calendar",
            NodeKind::Line => "line",
            NodeKind::Count => "count",
            NodeKind::Day => "day",
            NodeKind::Transition => "transition",
        }
    }
}

/// Whether a rule, exception or table applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// It gives the answer, or takes part in giving it.
    Yes,
    No,
    /// Its conditions hold, and something that goes before it gives the answer.
    Superseded,
    /// It takes a fact or a reading to know.
    Open,
}

impl Applies {
    /// The word for it in JSON and text.
    pub fn name(self) -> &'static str {
        match self {
            Applies::Yes => "applies",
            Applies::No => "does-not-apply",
            Applies::Superseded => "superseded",
            Applies::Open => "open",
        }
    }

    /// Whether a condition that came to this lets its rule apply.
    fn of(condition: &Known) -> Applies {
        match condition {
            Ok(crate::value::Value::YesNo(true)) => Applies::Yes,
            Ok(_) => Applies::No,
            Err(_) => Applies::Open,
        }
    }
}

impl Node {
    fn new(kind: NodeKind, words: impl Into<String>) -> Self {
        Node {
            kind,
            words: words.into(),
            labels: Labels::default(),
            answer: None,
            standing: None,
            remark: None,
            at: None,
            clauses: Vec::new(),
            parts: Vec::new(),
            day: None,
        }
    }

    fn answer(mut self, answer: Known) -> Self {
        self.answer = Some(answer);
        self
    }

    fn standing(mut self, standing: Applies) -> Self {
        self.standing = Some(standing);
        self
    }

    fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = Some(remark.into());
        self
    }

    fn at(mut self, span: Span) -> Self {
        self.at = Some(span);
        self
    }

    fn clauses(mut self, clauses: &[ClauseId]) -> Self {
        self.clauses = clauses.to_vec();
        self
    }

    fn parts(mut self, parts: Vec<Node>) -> Self {
        self.parts = parts;
        self
    }

    /// Calls `visit` on this step and all below it, in order.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        visit(self);
        self.parts.iter().for_each(|part| part.walk(visit));
    }
}

/// The reasoning behind a target's answer.
pub fn explain(checked: &Checked, facts: &Facts, target: &Target) -> Node {
    let evaluation = Evaluation::new(checked, facts);
    let mut builder =
        Builder { model: &checked.model, evaluation: &evaluation, decided: HashSet::new(), lets: HashSet::new() };
    let mut node = builder.decision(target.decision, Some(target.column));
    if node.words != target.path {
        // A part of a record that a formula gives.
        node.words.clone_from(&target.path);
        node.answer = Some(evaluation.value(&target.expr));
    }
    let outcome = outcome(checked, facts, &target.expr);
    let (whatever, however) = indifferent(&evaluation, &outcome, target);
    node.remark = indifference(&checked.model, "en", &whatever, &however);
    node.answer = Some(outcome.answer);
    node
}

/// The reasoning behind all answers of a process or milestone at once.
pub fn explain_whole(checked: &Checked, facts: &Facts, id: DecisionId) -> Node {
    let evaluation = Evaluation::new(checked, facts);
    let mut builder =
        Builder { model: &checked.model, evaluation: &evaluation, decided: HashSet::new(), lets: HashSet::new() };
    let mut node = builder.decision(id, None);
    node.answer = None;
    node
}

/// The rules and rows that gave an answer, each with the decision it stands in: those of the decision, then those of
/// the decisions that its answer is taken from.
pub(super) fn governing(
    checked: &Checked,
    evaluation: &Evaluation,
    id: DecisionId,
    column: usize,
) -> Vec<(String, Node)> {
    let mut builder = Builder { model: &checked.model, evaluation, decided: HashSet::new(), lets: HashSet::new() };
    let mut found = Vec::new();
    let node = builder.decision(id, Some(column));
    keep_fired(&node.words, node.answer.as_ref(), node.parts, &mut found);
    found
}

fn keep_fired(decision: &str, answer: Option<&Known>, parts: Vec<Node>, found: &mut Vec<(String, Node)>) {
    for mut part in parts.into_iter().filter(|part| part.standing == Some(Applies::Yes)) {
        let below = std::mem::take(&mut part.parts);
        match part.kind {
            NodeKind::Rule | NodeKind::Row => {
                found.push((decision.to_owned(), part));
                let passed_on = |node: &Node| node.kind == NodeKind::Decision && node.answer.as_ref() == answer;
                for inner in below.into_iter().filter(passed_on) {
                    keep_fired(&inner.words, inner.answer.as_ref(), inner.parts, found);
                }
            }
            NodeKind::Exception | NodeKind::Table => keep_fired(decision, answer, below, found),
            _ => {}
        }
    }
}

/// Builds the tree. What was shown once is referred to after that.
struct Builder<'a> {
    model: &'a Model,
    evaluation: &'a Evaluation<'a>,
    decided: HashSet<(DecisionId, Option<usize>)>,
    lets: HashSet<(DecisionId, u32)>,
}

impl<'a> Builder<'a> {
    fn words(&self, id: DecisionId) -> Words<'a> {
        Words::of(self.model, self.model.decision(id))
    }
}
