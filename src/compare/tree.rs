//! Both editions asked the same question, fact by fact: a tree whose leaves are cases with both answers.

use std::collections::BTreeSet;

use super::answer_words;
use super::classes::{Class, Classes, Sided, classes};
use super::meaning::Same;
use super::names::{Edition, Names};
use super::pieces::Piece;
use super::turns::Turns;
use crate::check::Checked;
use crate::check::witness::amount;
use crate::eval::{Evaluation, Known, Reason, outcome, refused};
use crate::explore::Reach;
use crate::model::{Answer, Body, Expr, ExprKind, InputId, Model, ReadingId, Type, Words};
use crate::report::Target;
use crate::scenario::Facts;
use crate::value::Value;

/// A case of both editions.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub old: Facts,
    pub new: Facts,
}

/// The facts of a case, and the readings chosen in it, without all that is not given.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    old: KeptSide,
    new: KeptSide,
    /// How many of its amounts are nothing.
    nothings: usize,
}

type KeptSide = (Vec<(InputId, Value)>, Vec<(ReadingId, u32)>);

impl Case {
    fn kept(&self) -> Kept {
        let side = |facts: &Facts| -> KeptSide {
            (facts.given().map(|(id, value)| (id, value.clone())).collect(), facts.chosen().collect())
        };
        let nothings = |side: &KeptSide| {
            let amounts = side.0.iter().filter_map(|(_, value)| amount(value));
            amounts.filter(rust_decimal::Decimal::is_zero).count()
        };
        let (old, new) = (side(&self.old), side(&self.new));
        Kept { nothings: nothings(&old).max(nothings(&new)), old, new }
    }
}

impl Kept {
    /// As facts again; readings that nobody asked stand as they do by default.
    pub fn case(&self, old: &Model, new: &Model) -> Case {
        let facts = |model: &Model, side: &KeptSide| {
            let mut facts = Facts::none(model);
            side.0.iter().for_each(|(id, value)| facts.give(*id, value.clone()));
            side.1.iter().for_each(|(id, choice)| facts.choose(*id, *choice));
            facts
        };
        Case { old: facts(old, &self.old), new: facts(new, &self.new) }
    }
}

/// What an edition answers in a case.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub answer: String,
    /// The rule's formula, where the answer is worked out from facts: another amount is no other rule.
    pub formula: Option<Formula>,
}

/// `20% of flex.available`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Formula {
    pub words: String,
    /// Whether all decisions that it names mean the same in both editions.
    plain: bool,
}

impl Told {
    /// Whether both say the same: the same answer, or the same formula.
    pub fn is(&self, other: &Told) -> bool {
        match (&self.formula, &other.formula) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.answer == other.answer,
            _ => false,
        }
    }
}

/// A case, and what both editions answer in it.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub old: Told,
    pub new: Told,
    /// Whether both answer the same.
    pub agree: bool,
    pub case: Kept,
}

/// What both editions answer, by facts.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    /// Nothing more is asked.
    Leaf(Box<Leaf>),
    /// It is not known what comes here: it was not tried, or cannot be asked.
    Unknown,
    /// One more fact or reading settles it: classes of its values that come to the same, and what they come to.
    Ask { name: String, kids: Vec<(Piece, Tree)> },
}

/// One answer asked in both editions.
pub(super) struct Question<'a> {
    pub old: (&'a Checked, &'a Target, &'a Reach),
    pub new: (&'a Checked, &'a Target, &'a Reach),
    pub names: &'a Names,
    pub turns: &'a Turns,
    pub same: &'a Same,
    /// Cases that may still be tried.
    pub left: usize,
    pub tried: usize,
    /// Whether the cases tried stand for all cases.
    pub exact: bool,
    /// Readings that were asked, and stay as they are.
    pub asked: BTreeSet<String>,
    /// Whether some cases were left out, as they are too many.
    pub cut: bool,
    /// Whether some case has no answer in both editions, as it cannot be worked out: with other amounts it may.
    pub faulty: bool,
    /// Whether every class is tried, one after another.
    pub in_full: bool,
    /// Whether a `must be` of some fact asks for other facts.
    pub bounded: bool,
}

/// What is asked next.
enum Next {
    Fact(String),
    Reading(String),
}

/// The facts asked one after another, at most.
const DEEPEST: usize = 32;

/// Readings that wait for each other.
const MOST_READINGS: usize = 3;
/// Cases that it takes to come to an end, about.
const LEAST_SHARE: usize = 12;

/// The words for a reading that nobody chose.
pub(super) const NOT_CHOSEN: &str = "not chosen";

impl<'a> Question<'a> {
    /// The tree of all cases.
    pub fn begin(&mut self) -> Tree {
        let budget = self.left;
        let sampled = self.all();
        // Where much was left over, one kind of case has few and another many: they may all fit in after all.
        if !self.cut || self.left < budget / 10 * 7 {
            return sampled;
        }
        let before = (self.exact, self.tried);
        (self.left, self.cut, self.in_full) = (budget, false, true);
        let in_full = self.all();
        if !self.cut {
            self.tried -= before.1;
            return in_full;
        }
        (self.exact, self.tried) = before;
        sampled
    }

    fn all(&mut self) -> Tree {
        let none = |model: &Model| {
            let mut facts = Facts::none(model);
            (0..model.readings.len() as u32).for_each(|r| facts.reopen(ReadingId(r)));
            facts
        };
        let mut case = Case { old: none(self.model(Edition::Old)), new: none(self.model(Edition::New)) };
        self.ask(&mut case, 0)
    }

    /// What comes of a case, and of all that ask for more facts; the case is left as it was.
    fn ask(&mut self, case: &mut Case, depth: usize) -> Tree {
        if depth >= DEEPEST || self.left == 0 || self.in_full && self.cut {
            self.cut = true;
            return Tree::Unknown;
        }
        self.tried += 1;
        self.left -= 1;
        let mut next = {
            let old_run = Evaluation::new(self.old.0, &case.old);
            let new_run = Evaluation::new(self.new.0, &case.new);
            let (old, new) = (old_run.value(&self.old.1.expr), new_run.value(&self.new.1.expr));
            match self.next(case, &old, &new) {
                Some(next) => next,
                None => return self.leaf(case, (&old_run, old), (&new_run, new)),
            }
        };
        if let Next::Reading(name) = &next {
            // Facts that matter once it is chosen come first: with them it may not matter any more.
            if let Some(fact) = self.fact_under(&name.clone(), case, 0) {
                next = Next::Fact(fact);
            }
        }
        match next {
            Next::Reading(name) => self.readings(name, case, depth),
            Next::Fact(name) => {
                let found = self.classes(&name, case);
                self.exact &= found.exact;
                if found.all.is_empty() {
                    self.exact = false;
                    return Tree::Unknown;
                }
                self.branch(name, found.all, case, depth)
            }
        }
    }

    /// What is asked next, if anything.
    fn next(&mut self, case: &Case, old: &Known, new: &Known) -> Option<Next> {
        let fact = self.next_fact(case, old, new);
        fact.map(Next::Fact).or_else(|| self.next_reading(old, new).map(Next::Reading))
    }

    /// A fact that is asked under some choice of a reading.
    fn fact_under(&mut self, name: &str, case: &mut Case, depth: usize) -> Option<String> {
        if depth >= MOST_READINGS {
            self.exact = false;
            return None;
        }
        let reading = Choices::of(self.model(Edition::Old), self.model(Edition::New), self.names, name);
        self.asked.insert(name.to_owned());
        let mut found = None;
        for choice in reading.shared() {
            reading.choose(case, Some(choice), Some(choice));
            let next = {
                let old = Evaluation::new(self.old.0, &case.old).value(&self.old.1.expr);
                let new = Evaluation::new(self.new.0, &case.new).value(&self.new.1.expr);
                self.next(case, &old, &new)
            };
            found = match next {
                Some(Next::Fact(fact)) => Some(fact),
                Some(Next::Reading(other)) => self.fact_under(&other, case, depth + 1),
                None => None,
            };
            if found.is_some() {
                break;
            }
        }
        reading.choose(case, None, None);
        self.asked.remove(name);
        found
    }

    /// The fact to be asked next, if one is missing.
    fn next_fact(&mut self, case: &Case, old: &Known, new: &Known) -> Option<String> {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for (model, known) in [(self.model(Edition::New), new), (self.model(Edition::Old), old)] {
            let Err(why) = known else { continue };
            for fact in why.missing.iter() {
                // Parts of a list or record, and days that nobody judged, are not asked one by one.
                if fact.part.is_empty() {
                    wanted.insert(model.input(fact.input).name.clone());
                } else {
                    self.exact = false;
                }
            }
            self.exact &= why.unjudged.is_empty();
        }
        // Facts with few values first: they leave fewer cases.
        let chosen = wanted.into_iter().min_by_key(|name| self.weight(name))?;
        let is_asked = |name: &str| {
            let known =
                |edition, facts: &Facts| self.names.input(edition, name).is_some_and(|id| facts.get(id).is_some());
            known(Edition::Old, &case.old) || known(Edition::New, &case.new)
        };
        let mut first = chosen;
        // A fact that is compared with others comes after them.
        loop {
            let members = self.turns.member_facts.get(&first).into_iter().flatten();
            let member = members.map(String::as_str).find(|name| !is_asked(name));
            let placed = || self.turns.number(&first).and_then(|fact| self.turns.before(fact, &is_asked));
            match member.or_else(placed) {
                Some(before) => first = before.to_owned(),
                None => break,
            }
        }
        Some(first)
    }

    /// A reading that an answer waits for, and that was not asked yet.
    fn next_reading(&self, old: &Known, new: &Known) -> Option<String> {
        let mut open: BTreeSet<&String> = BTreeSet::new();
        for (model, known) in [(self.model(Edition::New), new), (self.model(Edition::Old), old)] {
            let Err(why) = known else { continue };
            open.extend(why.readings.iter().map(|r| &model.reading(*r).name));
        }
        open.into_iter().find(|name| !self.asked.contains(*name)).cloned()
    }

    fn leaf(&mut self, case: &Case, old: (&Evaluation, Known), new: (&Evaluation, Known)) -> Tree {
        let missing = |known: &Known| matches!(known, Err(why) if why.reason() == Reason::Missing);
        // What could not be asked any further tells nothing.
        if missing(&old.1) || missing(&new.1) {
            self.exact = false;
            return Tree::Unknown;
        }
        let settled = |checked: &Checked, facts: &Facts, target: &Target, known: Known| match &known {
            // Where nothing but readings stand in the way, trying them may settle it.
            Err(why) if why.reason() == Reason::OpenReading => outcome(checked, facts, &target.expr).answer,
            _ => known,
        };
        let formulas = (
            if old.1.is_ok() { self.formula(self.old, old.0, Edition::Old) } else { None },
            if new.1.is_ok() { self.formula(self.new, new.0, Edition::New) } else { None },
        );
        let before = settled(self.old.0, &case.old, self.old.1, old.1);
        let after = settled(self.new.0, &case.new, self.new.1, new.1);
        let agree = self.names.agree((&self.old.0.model, &before), (&self.new.0.model, &after));
        let fails = |known: &Known| matches!(known, Err(why) if !why.faults.is_empty());
        self.faulty |= agree && (fails(&before) || fails(&after));
        let told = |checked: &Checked, known: &Known, formula: Option<Formula>| Told {
            answer: answer_words(&checked.model, known),
            formula,
        };
        let (old, new) = (told(self.old.0, &before, formulas.0), told(self.new.0, &after, formulas.1));
        // Two formulas that meet in this case may part in another of its kind.
        if agree && (old.formula.is_some() || new.formula.is_some()) && !self.turns.answers_compared {
            let alike = old.formula == new.formula && old.formula.as_ref().is_some_and(|f| f.plain);
            self.exact &= alike;
        }
        Tree::Leaf(Box::new(Leaf { old, new, agree, case: case.kept() }))
    }

    /// The formula of the rule that gave an amount: `20% of flex.available`.
    fn formula(
        &self,
        side: (&'a Checked, &'a Target, &'a Reach),
        evaluation: &Evaluation,
        edition: Edition,
    ) -> Option<Formula> {
        let (checked, target, _) = side;
        if !target.expr.ty.is_ordered() {
            return None;
        }
        let decision = checked.model.decision(target.decision);
        if let Body::Period(extent) = &decision.group.body {
            let words = Words::of(&checked.model, decision).extent(extent).join(", ");
            return Some(Formula { words, plain: false });
        }
        let decided = evaluation.decide(target.decision);
        let fired = decided.fired.iter().rev().find(|fired| fired.columns.contains(&target.column))?;
        let expr = match decision.group.answer_at(fired.span, target.column)? {
            Answer::Value(expr) if !matches!(expr.kind, ExprKind::Const(_)) => expr,
            _ => return None,
        };
        let words = Words::of(&checked.model, decision).expr(expr);
        Some(Formula { words, plain: self.is_plain(&checked.model, expr, edition) })
    }

    /// Whether an expression names no `let`, and no decision that changed.
    fn is_plain(&self, model: &Model, expr: &Expr, edition: Edition) -> bool {
        let mut plain = true;
        expr.walk(&mut |e| match &e.kind {
            ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => {
                let name = &model.decision(*id).name;
                let new = if edition == Edition::New { Some(*id) } else { self.new.0.model.decision_named(name) };
                plain &= new.is_some_and(|id| self.same.is(id));
            }
            ExprKind::Local(_) | ExprKind::Property(..) | ExprKind::Call(..) | ExprKind::Reading(_) => plain = false,
            _ => {}
        });
        plain
    }

    fn branch(&mut self, name: String, all: Vec<Class>, case: &mut Case, depth: usize) -> Tree {
        let ids = (self.names.input(Edition::Old, &name), self.names.input(Edition::New, &name));
        let mut kids: Vec<(Piece, Tree)> = Vec::new();
        let tried = self.affordable(all.len());
        let mut to_come = tried.len();
        for (number, class) in all.into_iter().enumerate() {
            if !tried.contains(&number) {
                self.cut = true;
                join(&mut kids, Piece::of(&class.place), Tree::Unknown);
                continue;
            }
            // What one kind of case leaves over is there for the next.
            let all_left = self.left;
            self.left = if self.in_full { all_left } else { all_left.div_ceil(to_come.max(1)) };
            let share = self.left;
            to_come -= 1;
            if let (Some(id), Some(value)) = (ids.0, &class.old) {
                case.old.give(id, value.clone());
            }
            if let (Some(id), Some(value)) = (ids.1, &class.new) {
                case.new.give(id, value.clone());
            }
            // Facts that a `must be` does not allow together are no case.
            let out = self.bounded
                && (!refused(self.old.0, &case.old).is_empty() || !refused(self.new.0, &case.new).is_empty());
            if !out {
                let kid = self.ask(case, depth + 1);
                join(&mut kids, Piece::of(&class.place), kid);
            }
            self.left = all_left - (share - self.left);
        }
        for (id, facts) in [(ids.0, &mut case.old), (ids.1, &mut case.new)] {
            id.and_then(|id| facts.take(id));
        }
        collapsed(name, kids)
    }

    /// The classes that are tried: all, or, where too few cases are left to come to an end in each, some of them.
    fn affordable(&self, count: usize) -> BTreeSet<usize> {
        let some = (self.left / LEAST_SHARE).max(1);
        if some >= count || self.in_full {
            return (0..count).collect();
        }
        // Others each time, so that all kinds of cases are met.
        let first = self.tried.wrapping_mul(31) % count;
        (0..some).map(|n| (first + n * count / some) % count).collect()
    }

    /// A reading as it stands, and each choice of it.
    fn readings(&mut self, name: String, case: &mut Case, depth: usize) -> Tree {
        let reading = Choices::of(self.model(Edition::Old), self.model(Edition::New), self.names, &name);
        let label = reading.stands();
        let piece = |words: &str| Piece::Members(BTreeSet::from([words.to_owned()]));
        let mut kids: Vec<(Piece, Tree)> = Vec::new();
        self.asked.insert(name.clone());
        reading.choose(case, reading.old.default.as_ref(), reading.new.default.as_ref());
        let first = self.ask(case, depth + 1);
        join(&mut kids, piece(label.map_or(NOT_CHOSEN, String::as_str)), first);
        for choice in reading.shared().into_iter().filter(|choice| label != Some(choice)) {
            reading.choose(case, Some(choice), Some(choice));
            let kid = self.ask(case, depth + 1);
            join(&mut kids, piece(choice), kid);
        }
        reading.choose(case, None, None);
        self.asked.remove(&name);
        collapsed(format!("reading {name}"), kids)
    }

    fn classes(&self, name: &str, case: &Case) -> Classes {
        let old = Sided { model: self.model(Edition::Old), reach: self.old.2, facts: &case.old, edition: Edition::Old };
        let new = Sided { model: self.model(Edition::New), reach: self.new.2, facts: &case.new, edition: Edition::New };
        classes(name, &old, &new, self.names, self.turns)
    }

    fn model(&self, edition: Edition) -> &'a Model {
        match edition {
            Edition::Old => &self.old.0.model,
            Edition::New => &self.new.0.model,
        }
    }

    /// Facts that are asked early have little of this.
    fn weight(&self, name: &str) -> (usize, usize, String) {
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
        let kind = of(Edition::New).max(of(Edition::Old)).unwrap_or(usize::MAX);
        let place = self.turns.number(name).map_or(0, |fact| self.turns.place_of(fact));
        (kind, place, name.to_owned())
    }
}

impl Tree {
    /// Calls `visit` on each leaf.
    pub fn leaves<'t>(&'t self, visit: &mut dyn FnMut(&'t Leaf)) {
        match self {
            Tree::Leaf(leaf) => visit(leaf),
            Tree::Unknown => {}
            Tree::Ask { kids, .. } => kids.iter().for_each(|(_, kid)| kid.leaves(visit)),
        }
    }
}

/// A reading of both editions, or of one.
struct Choices {
    old: Choosable,
    new: Choosable,
}

#[derive(Default)]
struct Choosable {
    id: Option<ReadingId>,
    choices: Vec<String>,
    default: Option<String>,
}

impl Choices {
    fn of(old: &Model, new: &Model, names: &Names, name: &str) -> Choices {
        let of = |model: &Model, edition| {
            let Some(id) = names.reading(edition, name) else { return Choosable::default() };
            let reading = model.reading(id);
            let choices: Vec<String> =
                model.enumeration(reading.choices).members.iter().map(|m| m.name.clone()).collect();
            let default = reading.default.and_then(|d| choices.get(d as usize).cloned());
            Choosable { id: Some(id), choices, default }
        };
        Choices { old: of(old, Edition::Old), new: of(new, Edition::New) }
    }

    /// The choices that both editions have, or that the one has that has the reading.
    fn shared(&self) -> BTreeSet<&String> {
        match (self.old.id, self.new.id) {
            (Some(_), Some(_)) => self.old.choices.iter().filter(|c| self.new.choices.contains(c)).collect(),
            (Some(_), None) => self.old.choices.iter().collect(),
            _ => self.new.choices.iter().collect(),
        }
    }

    /// The choice that holds in both editions if nobody chooses; `None` if there is no one such choice.
    fn stands(&self) -> Option<&String> {
        match (self.old.id, self.new.id) {
            (Some(_), Some(_)) => self.old.default.as_ref().filter(|d| self.new.default.as_ref() == Some(d)),
            (Some(_), None) => self.old.default.as_ref(),
            _ => self.new.default.as_ref(),
        }
    }

    /// Chooses in both editions, or leaves it open.
    fn choose(&self, case: &mut Case, old: Option<&String>, new: Option<&String>) {
        for (side, facts, choice) in [(&self.old, &mut case.old, old), (&self.new, &mut case.new, new)] {
            let Some(id) = side.id else { continue };
            match choice.and_then(|choice| side.choices.iter().position(|c| c == choice)) {
                Some(place) => facts.choose(id, place as u32),
                None => facts.reopen(id),
            }
        }
    }
}

/// Adds what some values come to; those that come to the same are one.
fn join(kids: &mut Vec<(Piece, Tree)>, piece: Piece, kid: Tree) {
    match kids.iter_mut().find(|(_, other)| same(other, &kid)) {
        Some((known, other)) => {
            *known = known.with(&piece);
            meet(other, &kid);
        }
        None => kids.push((piece, kid)),
    }
}

/// A fact that makes no difference was asked for nothing.
fn collapsed(name: String, mut kids: Vec<(Piece, Tree)>) -> Tree {
    match (kids.pop(), kids.is_empty()) {
        (Some((_, only)), true) => only,
        (last, _) => {
            kids.extend(last);
            Tree::Ask { name, kids }
        }
    }
}

/// Whether two trees say the same, whatever cases stand for them.
fn same(a: &Tree, b: &Tree) -> bool {
    match (a, b) {
        (Tree::Leaf(a), Tree::Leaf(b)) => a.agree == b.agree && a.old.is(&b.old) && a.new.is(&b.new),
        (Tree::Unknown, Tree::Unknown) => true,
        (Tree::Ask { name, kids }, Tree::Ask { name: other, kids: others }) => {
            name == other
                && kids.len() == others.len()
                && kids.iter().zip(others).all(|((p, a), (q, b))| p.is(q) && same(a, b))
        }
        _ => false,
    }
}

/// What places are called in both of two trees that say the same.
fn meet(a: &mut Tree, b: &Tree) {
    match (a, b) {
        (Tree::Ask { kids, .. }, Tree::Ask { kids: others, .. }) => {
            for ((piece, kid), (other, other_kid)) in kids.iter_mut().zip(others) {
                piece.meet(other);
                meet(kid, other_kid);
            }
        }
        // A case with amounts shows more than one with nothing.
        (Tree::Leaf(a), Tree::Leaf(b)) if b.case.nothings < a.case.nothings => *a = b.clone(),
        _ => {}
    }
}
