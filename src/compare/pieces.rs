//! Some classes of one fact together, as the conditions of a region have them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::classes::{Cut, Place};

/// Some classes of one fact.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Members, as written.
    Members(BTreeSet<String>),
    /// Stretches of its line, in order.
    Line(Vec<(Option<Cut>, Option<Cut>)>),
    All,
}

impl Piece {
    pub fn of(place: &Place) -> Piece {
        match place {
            Place::One(words) => Piece::Members(BTreeSet::from([words.clone()])),
            Place::Stretch(low, high) => Piece::Line(vec![(low.clone(), high.clone())]),
            Place::Any => Piece::All,
        }
    }

    /// Both together. Stretches that meet become one.
    pub fn with(&self, other: &Piece) -> Piece {
        match (self, other) {
            (Piece::Members(a), Piece::Members(b)) => Piece::Members(a.union(b).cloned().collect()),
            (Piece::Line(a), Piece::Line(b)) => {
                let mut all = a.clone();
                for run in b {
                    if !all.iter().any(|known| same_run(known, run)) {
                        all.push(run.clone());
                    }
                }
                all.sort_by_key(|(low, _)| position(low));
                let mut joined: Vec<(Option<Cut>, Option<Cut>)> = Vec::new();
                for (low, high) in all {
                    match joined.last_mut() {
                        Some((_, end)) if matches!((&*end, &low), (Some(a), Some(b)) if a.is(b)) => *end = high,
                        _ => joined.push((low, high)),
                    }
                }
                if matches!(joined.as_slice(), [(None, None)]) { Piece::All } else { Piece::Line(joined) }
            }
            _ => Piece::All,
        }
    }

    pub fn is(&self, other: &Piece) -> bool {
        match (self, other) {
            (Piece::All, Piece::All) => true,
            (Piece::Members(a), Piece::Members(b)) => a == b,
            (Piece::Line(a), Piece::Line(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_run(a, b)),
            _ => false,
        }
    }

    /// What the ends of stretches are called in both.
    pub fn meet(&mut self, other: &Piece) {
        if let (Piece::Line(a), Piece::Line(b)) = (self, other) {
            for ((low, high), (other_low, other_high)) in a.iter_mut().zip(b) {
                for (cut, other) in [(low, other_low), (high, other_high)] {
                    if let (Some(cut), Some(other)) = (cut, other) {
                        cut.meet(other);
                    }
                }
            }
        }
    }

    /// Whether some value may be in both; of stretches whose ends are told by other facts that cannot be known.
    pub fn may_meet(&self, other: &Piece) -> bool {
        match (self, other) {
            (Piece::Members(a), Piece::Members(b)) => !a.is_disjoint(b),
            _ => true,
        }
    }

    /// Whether all values of this are in the other.
    pub fn is_within(&self, other: &Piece) -> bool {
        match (self, other) {
            (_, Piece::All) => true,
            (Piece::Members(a), Piece::Members(b)) => a.is_subset(b),
            (Piece::Line(a), Piece::Line(b)) => a.iter().all(|run| b.iter().any(|other| same_run(run, other))),
            _ => false,
        }
    }
}

fn position(cut: &Option<Cut>) -> Option<(Decimal, bool)> {
    cut.as_ref().map(|c| (c.at, c.after))
}

fn same_run(a: &(Option<Cut>, Option<Cut>), b: &(Option<Cut>, Option<Cut>)) -> bool {
    let same = |a: &Option<Cut>, b: &Option<Cut>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.is(b),
        _ => false,
    };
    same(&a.0, &b.0) && same(&a.1, &b.1)
}
