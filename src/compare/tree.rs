//! Both editions asked the same question, fact by fact: a tree whose leaves are cases with both answers.

use std::collections::BTreeSet;

use super::answer_words;
use super::classes::{Class, Classes, Sided, classes, words};
use super::names::{Edition, Names};
use crate::check::Checked;
use crate::eval::{Evaluation, Known, Reason, outcome};
use crate::explore::Reach;
use crate::model::{Answer, ExprKind, Model, Type, Words};
use crate::report::Target;
use crate::scenario::Facts;

/// A case of both editions.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub old: Facts,
    pub new: Facts,
}

/// What an edition answers in a case.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub answer: String,
    /// The rule's formula, where the answer is worked out from facts: another amount is no other rule.
    pub formula: Option<String>,
}

impl Told {
    fn of(checked: &Checked, facts: &Facts, target: &Target, answer: &Known) -> Told {
        let formula = if answer.is_ok() { formula(checked, facts, target) } else { None };
        Told { answer: answer_words(&checked.model, answer), formula }
    }

    fn same(&self, other: &Told) -> bool {
        match (&self.formula, &other.formula) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.answer == other.answer,
            _ => false,
        }
    }
}

/// The formula of the rule that gave an amount: `20% of flex.available`.
fn formula(checked: &Checked, facts: &Facts, target: &Target) -> Option<String> {
    if !target.expr.ty.is_ordered() {
        return None;
    }
    let decision = checked.model.decision(target.decision);
    let evaluation = Evaluation::new(checked, facts);
    let decided = evaluation.decide(target.decision);
    let fired = decided.fired.iter().rev().find(|fired| fired.columns.contains(&target.column))?;
    let answer = decision.group.answer_at(fired.span, target.column)?;
    match answer {
        Answer::Value(expr) if !matches!(expr.kind, ExprKind::Const(_)) => {
            Some(Words::of(&checked.model, decision).expr(expr))
        }
        _ => None,
    }
}

/// What both editions answer, by facts.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    /// Nothing more is asked.
    Leaf { old: Told, new: Told, case: Case },
    /// One more fact settles it: classes of its values that come to the same, and what they come to.
    Fact { name: String, classes: Vec<Class>, kids: Vec<(BTreeSet<usize>, Tree)> },
}

/// One answer asked in both editions.
pub(super) struct Question<'a> {
    pub old: (&'a Checked, &'a Target, &'a Reach),
    pub new: (&'a Checked, &'a Target, &'a Reach),
    pub names: &'a Names,
    /// Cases that may still be tried.
    pub left: usize,
    pub tried: usize,
    /// Whether the cases tried stand for all cases.
    pub exact: bool,
}

/// The facts asked one after another, at most.
const DEEPEST: usize = 24;

impl Question<'_> {
    pub fn ask(&mut self, case: Case, depth: usize) -> Tree {
        self.tried += 1;
        self.left = self.left.saturating_sub(1);
        let old = outcome(self.old.0, &case.old, &self.old.1.expr).answer;
        let new = outcome(self.new.0, &case.new, &self.new.1.expr).answer;
        let leaf = |case: Case| Tree::Leaf {
            old: Told::of(self.old.0, &case.old, self.old.1, &old),
            new: Told::of(self.new.0, &case.new, self.new.1, &new),
            case,
        };
        if depth >= DEEPEST || self.left == 0 {
            self.exact = false;
            return leaf(case);
        }
        let mut wanted: Vec<String> = Vec::new();
        for (model, known) in [(&self.new.0.model, &new), (&self.old.0.model, &old)] {
            let Err(why) = known else { continue };
            if why.reason() != Reason::Missing {
                continue;
            }
            for fact in why.missing.iter().filter(|fact| fact.part.is_empty()) {
                let name = &model.input(fact.input).name;
                if !wanted.contains(name) {
                    wanted.push(name.clone());
                }
            }
            // Parts of a list or record, and days that nobody judged, are not asked one by one.
            self.exact &= why.missing.iter().all(|fact| fact.part.is_empty()) && why.unjudged.is_empty();
        }
        // Facts with few values first: they leave fewer cases.
        wanted.sort_by_key(|name| self.weight(name));
        for name in wanted {
            let found = self.classes(&name, &case);
            if found.all.is_empty() {
                self.exact = false;
                continue;
            }
            self.exact &= found.exact;
            return self.branch(name, found.all, &case, depth);
        }
        leaf(case)
    }

    fn branch(&mut self, name: String, all: Vec<Class>, case: &Case, depth: usize) -> Tree {
        let ids = (self.names.input(Edition::Old, &name), self.names.input(Edition::New, &name));
        let mut kids: Vec<(BTreeSet<usize>, Tree)> = Vec::new();
        for (number, class) in all.iter().enumerate() {
            let mut case = case.clone();
            if let (Some(id), Some(value)) = (ids.0, &class.old) {
                case.old.give(id, value.clone());
            }
            if let (Some(id), Some(value)) = (ids.1, &class.new) {
                case.new.give(id, value.clone());
            }
            let kid = self.ask(case, depth + 1);
            match kids.iter_mut().find(|(_, other)| same(other, &kid)) {
                Some((numbers, _)) => {
                    numbers.insert(number);
                }
                None => kids.push((BTreeSet::from([number]), kid)),
            }
        }
        // A fact that makes no difference was asked for nothing.
        if let [(_, _)] = kids.as_slice() {
            if let Some((_, kid)) = kids.pop() {
                return kid;
            }
        }
        Tree::Fact { name, classes: all, kids }
    }

    fn classes(&self, name: &str, case: &Case) -> Classes {
        let old = Sided { model: self.model(Edition::Old), reach: self.old.2, facts: &case.old, edition: Edition::Old };
        let new = Sided { model: self.model(Edition::New), reach: self.new.2, facts: &case.new, edition: Edition::New };
        classes(name, &old, &new, self.names)
    }

    fn model(&self, edition: Edition) -> &Model {
        match edition {
            Edition::Old => &self.old.0.model,
            Edition::New => &self.new.0.model,
        }
    }

    fn weight(&self, name: &str) -> usize {
        let of = |edition| {
            let model = self.model(edition);
            let id = self.names.input(edition, name)?;
            Some(match &model.input(id).ty {
                Type::YesNo => 2,
                Type::Enum(id) => 2 + model.enumeration(*id).members.len(),
                Type::Set(_) => 500,
                Type::List(_) | Type::Record(_) | Type::Text | Type::Log => 2_000,
                _ => 1_000,
            })
        };
        of(Edition::New).or_else(|| of(Edition::Old)).unwrap_or(usize::MAX)
    }
}

/// Whether two trees say the same, whatever cases stand for them.
fn same(a: &Tree, b: &Tree) -> bool {
    match (a, b) {
        (Tree::Leaf { old, new, .. }, Tree::Leaf { old: other_old, new: other_new, .. }) => {
            let differ = old.answer == new.answer;
            old.same(other_old) && new.same(other_new) && differ == (other_old.answer == other_new.answer)
        }
        (Tree::Fact { name, classes, kids }, Tree::Fact { name: other, classes: others, kids: other_kids }) => {
            name == other
                && classes.len() == others.len()
                && classes.iter().zip(others).all(|(a, b)| a.place == b.place)
                && kids.len() == other_kids.len()
                && kids.iter().zip(other_kids).all(|((i, a), (j, b))| i == j && same(a, b))
        }
        _ => false,
    }
}

/// Conditions that lead to one leaf, with its answers and its case.
pub(super) struct Path<'t> {
    pub conditions: Vec<(String, String)>,
    pub old: &'t Told,
    pub new: &'t Told,
    pub case: &'t Case,
}

/// Every leaf whose answers differ.
pub(super) fn differing(tree: &Tree) -> Vec<Path<'_>> {
    let mut found = Vec::new();
    walk(tree, &mut Vec::new(), &mut found);
    found
}

fn walk<'t>(tree: &'t Tree, above: &mut Vec<(String, String)>, found: &mut Vec<Path<'t>>) {
    match tree {
        Tree::Leaf { old, new, case } => {
            if old.answer != new.answer {
                found.push(Path { conditions: above.clone(), old, new, case });
            }
        }
        Tree::Fact { name, classes, kids } => {
            for (numbers, kid) in kids {
                let condition = words(name, classes, numbers);
                let told = condition.is_some();
                above.extend(condition.map(|words| (name.clone(), words)));
                walk(kid, above, found);
                if told {
                    above.pop();
                }
            }
        }
    }
}
