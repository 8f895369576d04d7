//! Functions that ask a calendar, over the rows of a block: numbers in, numbers out.

use std::borrow::Cow;

use super::cases::{date, days_of, measure};
use super::memory::{Cell, Memory};
use super::number::{BEYOND, KNOWN, Lane, UNKNOWN, Values};
use crate::model::{ClockBody, Type, Working};
use crate::value::worktime::{Instant, Timed};

/// What a function gives for its arguments in each row, and the calendar that the row's cell in a memory names.
pub fn asked(body: ClockBody, args: &[(&Lane, &Type)], memory: &Memory, cells: &[u32]) -> Lane<'static> {
    let rows = cells.len();
    let mut given = Given::new(args);
    let (mut values, mut offsets, mut states) = (vec![0; rows], vec![0; rows], vec![KNOWN; rows]);
    let mut all_known = true;
    let slots = values.iter_mut().zip(&mut offsets).zip(&mut states);
    for ((row, cell), ((value, offset), state)) in cells.iter().enumerate().zip(slots) {
        let worst = given.state(row);
        // A cell's number is one more than its place; rows to be evaluated by themselves have none.
        let found = match memory.cells.get((*cell as usize).wrapping_sub(1)) {
            Some(Cell::Unknown) => Err(worst.max(UNKNOWN)),
            Some(Cell::Clock(..)) if worst != KNOWN => Err(worst),
            Some(Cell::Clock(calendar, part_day)) => {
                let working = Working { calendar, part_day: *part_day };
                let answer = given.row(row).and_then(|args| body(args, &working).ok());
                // Days that nobody has judged are told of each case by itself.
                answer.and_then(number).ok_or(BEYOND)
            }
            _ => Err(BEYOND),
        };
        match found {
            Ok(found) => (*value, *offset) = found,
            Err(why) => {
                *state = why;
                all_known = false;
            }
        }
    }
    let state = (!all_known).then_some(Cow::Owned(states));
    Lane { values: Values::Long(values.into()), scale: 0, offsets: offsets.into(), state }
}

/// The arguments of a row. Those that are the same in all rows are made once.
struct Given<'l> {
    args: Vec<Timed>,
    varying: Vec<(usize, &'l Lane<'l>, &'l Type)>,
}

impl<'l> Given<'l> {
    fn new(lanes: &[(&'l Lane<'l>, &'l Type)]) -> Self {
        let mut given = Given { args: Vec::new(), varying: Vec::new() };
        for (place, (lane, ty)) in lanes.iter().enumerate() {
            let is_same = matches!(lane.values, Values::Same(_)) && lane.state.is_none() && lane.offsets.len() <= 1;
            let first = timed(lane, ty, 0);
            if !is_same || first.is_none() {
                given.varying.push((place, lane, ty));
            }
            given.args.push(first.unwrap_or(Timed::YesNo(false)));
        }
        given
    }

    /// The worst state of a row's arguments.
    fn state(&self, row: usize) -> u8 {
        self.varying.iter().map(|(_, lane, _)| lane.state(row)).max().unwrap_or(KNOWN)
    }

    /// A row's arguments; `None` if one cannot be held.
    fn row(&mut self, row: usize) -> Option<&[Timed]> {
        for (place, lane, ty) in &self.varying {
            *self.args.get_mut(*place)? = timed(lane, ty, row)?;
        }
        Some(&self.args)
    }
}

/// The seconds of the years 1 to 9999, with a day to spare for offsets. Others are left to single cases: columns of Arrow
/// can hold any.
const YEARS: std::ops::Range<i64> = -62_135_683_200..253_402_387_200;

/// A row's argument; `None` if it is not known or cannot be one.
fn timed(lane: &Lane, ty: &Type, row: usize) -> Option<Timed> {
    if lane.state(row) != KNOWN {
        return None;
    }
    match ty {
        Type::DateTime => {
            let (second, offset) = (lane.get(row), lane.offset(row));
            let fits = YEARS.contains(&second) && (-86_399..=86_399).contains(&offset);
            fits.then_some(Timed::Instant(Instant { second, nano: 0, offset }))
        }
        Type::Date => Timed::of(&date(i32::try_from(lane.get(row)).ok()?)?),
        ty => Timed::of(&measure(ty, lane.get(row), lane.scale)?),
    }
}

/// An answer as a whole number, and its offset.
fn number(answer: Timed) -> Option<(i64, i32)> {
    match answer {
        Timed::Instant(at) if at.nano == 0 => Some((at.second, at.offset)),
        Timed::Date(date) => Some((i64::from(days_of(date)), 0)),
        Timed::Duration(n) | Timed::Days(n) | Timed::Months(n) | Timed::BusinessHours(n) | Timed::BusinessDays(n) => {
            Some((n, 0))
        }
        Timed::Instant(_) | Timed::YesNo(_) => None,
    }
}
