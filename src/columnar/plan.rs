//! A plan: the targets that are asked for, ready to be worked out for many cases.

use super::answers::{Answer, Told};
use super::cases::{self, Cases};
use crate::check::{Checked, inputs_asked};
use crate::eval::Reason;
use crate::model::InputId;
use crate::report::{Target, report};
use crate::scenario::Facts;
use crate::value::Value;

/// What is asked of rules, for many cases. It can be shared between threads.
#[derive(Debug)]
pub struct Plan<'c> {
    checked: &'c Checked,
    targets: Vec<Target>,
    shared: Facts,
    clauses: bool,
}

/// The memory of one thread that works out cases by a plan.
#[derive(Debug)]
pub struct Session<'p, 'c> {
    plan: &'p Plan<'c>,
    answered: Vec<Answered>,
}

/// What one target came to in each of the last cases.
#[derive(Debug, Default)]
struct Answered {
    told: Vec<Told>,
    /// Which of those each row has.
    cells: Vec<u32>,
    /// The numbers of rows whose answer is worked out from their own amounts.
    numbers: Vec<i64>,
}

/// What the targets came to, row by row.
#[derive(Debug)]
pub struct Answers<'s> {
    answered: &'s [Answered],
    rows: usize,
}

impl<'c> Plan<'c> {
    /// Makes a plan for some targets. The facts and readings in `shared` hold for every case, unless the case gives its
    /// own; `clauses` says whether the clauses and rules behind each answer are told.
    pub fn compile(checked: &'c Checked, shared: Facts, targets: Vec<Target>, clauses: bool) -> Self {
        Plan { checked, targets, shared, clauses }
    }

    pub fn checked(&self) -> &'c Checked {
        self.checked
    }

    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The inputs that can matter to the targets, in source order. No other needs to be read.
    pub fn inputs(&self) -> Vec<InputId> {
        let mut inputs: Vec<InputId> =
            self.targets.iter().flat_map(|target| inputs_asked(&self.checked.model, target.decision)).collect();
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    pub fn session(&self) -> Session<'_, 'c> {
        Session { plan: self, answered: Vec::new() }
    }
}

impl Session<'_, '_> {
    /// Works out every target for every case.
    pub fn evaluate(&mut self, cases: &Cases) -> Answers<'_> {
        let plan = self.plan;
        self.answered.clear();
        self.answered.resize_with(plan.targets.len(), Answered::default);
        for row in 0..cases.rows() {
            let facts = cases.facts(&plan.checked.model, &plan.shared, row);
            let reports = report(plan.checked, &facts, plan.targets.clone());
            for (reported, answered) in reports.iter().zip(&mut self.answered) {
                answered.cells.push(answered.told.len() as u32);
                answered.numbers.push(0);
                answered.told.push(Told::of(plan.checked, reported, plan.clauses));
            }
        }
        Answers { answered: &self.answered, rows: cases.rows() }
    }
}

impl Answers<'_> {
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// What is told of each answer of a target; [`cells`](Self::cells) says which of them a row has.
    pub fn told(&self, target: usize) -> &[Told] {
        self.answered.get(target).map_or(&[], |answered| &answered.told)
    }

    /// For each row the place of its answer in [`told`](Self::told).
    pub fn cells(&self, target: usize) -> &[u32] {
        self.answered.get(target).map_or(&[], |answered| &answered.cells)
    }

    /// For each row its number, where what is told is [`Answer::Number`]; anything elsewhere.
    pub fn numbers(&self, target: usize) -> &[i64] {
        self.answered.get(target).map_or(&[], |answered| &answered.numbers)
    }

    /// The answer of a row: a value, or the first reason and the reasons in words.
    pub fn answer(&self, target: usize, row: usize) -> Option<Result<Value, (Reason, &str)>> {
        let told = self.told(target).get(*self.cells(target).get(row)? as usize)?;
        Some(match &told.answer {
            Answer::Value(value, _) => Ok(value.clone()),
            Answer::Number(ty, scale) => Ok(cases::measure(ty, *self.numbers(target).get(row)?, *scale)?),
            Answer::Undetermined(reason, why) => Err((*reason, why)),
        })
    }
}
