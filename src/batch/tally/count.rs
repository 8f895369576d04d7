//! The answers of a piece, counted.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use super::amounts::{Amounts, amount, is_counted};
use super::{AnswerTally, Group, Tally};
use crate::columnar::{Answer, Answers, Told, measure};
use crate::model::{Model, Type};
use crate::report::Target;

/// Pairs of a group and an answer that are counted by their place.
const MOST_PLACES: usize = 1 << 18;

/// Counts the answers of pieces, with the memory of one worker.
#[derive(Debug)]
pub struct Counter<'m> {
    model: &'m Model,
    targets: &'m [Target],
    /// Rows of each answer that is told, for each group.
    rows: Vec<u64>,
}

impl<'m> Counter<'m> {
    pub fn new(model: &'m Model, targets: &'m [Target]) -> Self {
        Counter { model, targets, rows: Vec::new() }
    }

    /// What some answers come to. `groups` has for each row the text by which it is grouped; empty if there are no
    /// groups.
    pub fn count<'t>(&mut self, answers: &Answers, groups: &[impl AsRef<str> + 't]) -> Tally {
        let mut tally = Tally::none(self.targets.len());
        tally.rows = answers.rows() as u64;
        for (target, own) in tally.answers.iter_mut().enumerate() {
            self.of_rows(answers, target, None, std::slice::from_mut(own));
        }
        if groups.is_empty() {
            return tally;
        }
        let mut places: HashMap<&str, u32> = HashMap::new();
        let mut names: Vec<&str> = Vec::new();
        let mut of_row: Vec<u32> = Vec::with_capacity(groups.len());
        for name in groups {
            let name = name.as_ref();
            let place = *places.entry(name).or_insert_with(|| {
                names.push(name);
                names.len() as u32 - 1
            });
            of_row.push(place);
        }
        let mut counted: Vec<Group> = vec![Group::default(); names.len()];
        of_row.iter().for_each(|place| counted[*place as usize].rows += 1);
        for target in 0..self.targets.len() {
            let mut own = vec![AnswerTally::default(); names.len()];
            self.of_rows(answers, target, Some(&of_row), &mut own);
            counted.iter_mut().zip(own).for_each(|(group, own)| group.answers.push(own));
        }
        tally.groups = names.into_iter().map(str::to_owned).zip(counted).collect::<BTreeMap<_, _>>();
        tally
    }

    /// Counts an answer of every row into the tally of the row's group; without groups all are in one.
    fn of_rows(&mut self, answers: &Answers, target: usize, groups: Option<&[u32]>, own: &mut [AnswerTally]) {
        let told = answers.told(target);
        let cells = answers.cells(target);
        let ty = &self.targets[target].expr.ty;
        match groups {
            // Few pairs of a group and an answer are counted by their place; of many only those that are there.
            Some(groups) if told.len().saturating_mul(own.len()) > MOST_PLACES => {
                let mut pairs: BTreeMap<(u32, u32), u64> = BTreeMap::new();
                groups.iter().zip(cells).for_each(|pair| *pairs.entry((*pair.0, *pair.1)).or_default() += 1);
                for ((group, cell), rows) in pairs {
                    self.told(&told[cell as usize], ty, rows, &mut own[group as usize]);
                }
            }
            _ => {
                self.rows.clear();
                self.rows.resize(told.len() * own.len(), 0);
                match groups {
                    None => cells.iter().for_each(|cell| self.rows[*cell as usize] += 1),
                    Some(groups) => {
                        let rows = groups.iter().zip(cells);
                        rows.for_each(|(group, cell)| self.rows[*group as usize * told.len() + *cell as usize] += 1);
                    }
                }
                for (group, tally) in own.iter_mut().enumerate() {
                    let rows = self.rows[group * told.len()..][..told.len()].iter().copied();
                    for (told, rows) in told.iter().zip(rows).filter(|(_, rows)| *rows > 0) {
                        self.told(told, ty, rows, tally);
                    }
                }
            }
        }
        if told.iter().any(|told| matches!(told.answer, Answer::Number(..))) {
            self.numbers(answers, target, groups, own);
        }
    }

    /// Counts what some rows have in common.
    fn told(&self, told: &Told, ty: &Type, rows: u64, tally: &mut AnswerTally) {
        match &told.answer {
            Answer::Value(value, text) => {
                tally.determined += rows;
                if is_counted(ty) {
                    tally.values.add(text, rows);
                }
                if let Some((unit, amount)) = amount(self.model, value) {
                    tally.amounts.add(&unit, amount, rows);
                }
            }
            Answer::Number(..) => tally.determined += rows,
            Answer::Undetermined(reason, words) => {
                tally.reasons.entry(reason.name().to_owned()).or_default().add(words, rows);
            }
        }
        for clause in &told.clauses {
            *tally.clauses.entry(clause.0).or_default() += rows;
        }
    }

    /// Counts the numbers of rows whose answer is worked out from their own amounts.
    fn numbers<'t>(&self, answers: &'t Answers, target: usize, groups: Option<&[u32]>, own: &mut [AnswerTally]) {
        let (told, cells, numbers) = (answers.told(target), answers.cells(target), answers.numbers(target));
        let kind =
            |told: &'t Told| if let Answer::Number(ty, scale) = &told.answer { Some((ty, *scale)) } else { None };
        let kinds: Vec<Option<(&Type, u32)>> = told.iter().map(kind).collect();
        let mut different: Vec<(&Type, u32)> = Vec::new();
        for kind in kinds.iter().flatten() {
            if !different.contains(kind) {
                different.push(*kind);
            }
        }
        // Rows of one type and scale are added up as whole numbers.
        for (ty, scale) in different {
            // Dates and date-times are neither added up nor counted.
            if measure(ty, 0, scale).is_none() {
                continue;
            }
            let of: Vec<bool> = kinds.iter().map(|kind| *kind == Some((ty, scale))).collect();
            let is_of = |cell: u32| of.get(cell as usize) == Some(&true);
            let mut sums = vec![Whole::default(); own.len()];
            let mut counts: Vec<HashMap<i64, u64, RandomState>> = vec![HashMap::default(); own.len()];
            for (row, _) in cells.iter().enumerate().filter(|(_, cell)| is_of(**cell)) {
                let group = groups.map_or(0, |groups| groups[row] as usize);
                sums[group].add(numbers[row]);
                if is_counted(ty) {
                    *counts[group].entry(numbers[row]).or_default() += 1;
                }
            }
            for ((sum, counts), tally) in sums.iter().zip(counts).zip(own.iter_mut()) {
                let unit = measure(ty, 0, scale).and_then(|value| amount(self.model, &value)).map(|(unit, _)| unit);
                if let (Some(unit), Some(amounts)) = (unit, sum.amounts(scale)) {
                    tally.amounts.add_all(&unit, &amounts);
                }
                let mut counts: Vec<(i64, u64)> = counts.into_iter().collect();
                counts.sort_unstable();
                for (number, rows) in counts {
                    if let Some(value) = measure(ty, number, scale) {
                        tally.values.add(&value.display(self.model).to_string(), rows);
                    }
                }
            }
        }
    }
}

/// Whole numbers added up.
#[derive(Clone, Debug, Default)]
struct Whole {
    count: u64,
    sum: i128,
    least: i64,
    most: i64,
}

impl Whole {
    fn add(&mut self, number: i64) {
        (self.least, self.most) = match self.count {
            0 => (number, number),
            _ => (self.least.min(number), self.most.max(number)),
        };
        self.count += 1;
        self.sum += i128::from(number);
    }

    fn amounts(&self, scale: u32) -> Option<Amounts> {
        let decimal = |number: i128| Decimal::try_from_i128_with_scale(number, scale).ok();
        if self.count == 0 {
            return None;
        }
        Some(Amounts {
            count: self.count,
            sum: decimal(self.sum),
            least: decimal(self.least.into())?,
            most: decimal(self.most.into())?,
        })
    }
}
