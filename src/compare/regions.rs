//! Regions read off a tree: for one pair of answers, the facts for which it comes out, in as few and as short
//! conditions as the tree allows.

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::Piece;
use super::tree::{Leaf, Tree};

/// Regions of one pair of answers that are made shorter; more are left as they are.
const MOST_SHORTENED: usize = 400;

/// Facts in some pieces: all conditions of it hold.
#[derive(Clone, Debug)]
pub(super) struct Cube<'t> {
    /// In the order of asking.
    pub conditions: Vec<(String, Piece)>,
    /// A case of it.
    pub leaf: &'t Leaf,
}

/// For one pair of answers: where it comes out.
pub(super) struct Found<'t> {
    pub cubes: Vec<Cube<'t>>,
}

/// The members that each fact or reading was asked with.
pub(super) type Members = BTreeMap<String, BTreeSet<String>>;

/// A tree in which only one thing is told: whether a pair of answers comes out.
enum Shape<'t> {
    In(&'t Leaf),
    Out,
    Ask { name: &'t str, kids: Vec<(Piece, Shape<'t>)> },
}

/// All pairs of answers that are not the same, in the order in which the tree comes to them.
pub(super) fn regions(tree: &Tree) -> (Vec<Found<'_>>, Members) {
    let mut members = Members::new();
    gather(tree, &mut members);
    let mut pairs: Vec<&Leaf> = Vec::new();
    tree.leaves(&mut |leaf| {
        if !leaf.agree && !pairs.iter().any(|known| is_pair(known, leaf)) {
            pairs.push(leaf);
        }
    });
    let found = pairs.into_iter().map(|pair| {
        let shape = shaped(tree, pair);
        let mut cubes = Vec::new();
        walk(&shape, &mut Vec::new(), &mut cubes);
        if cubes.len() <= MOST_SHORTENED {
            shorten(&mut cubes, &shape);
        }
        Found { cubes }
    });
    (found.collect(), members)
}

fn is_pair(a: &Leaf, b: &Leaf) -> bool {
    a.old.is(&b.old) && a.new.is(&b.new)
}

fn gather(tree: &Tree, members: &mut Members) {
    if let Tree::Ask { name, kids } = tree {
        for (piece, kid) in kids {
            if let Piece::Members(some) = piece {
                members.entry(name.clone()).or_default().extend(some.iter().cloned());
            }
            gather(kid, members);
        }
    }
}

fn shaped<'t>(tree: &'t Tree, pair: &Leaf) -> Shape<'t> {
    let (name, kids) = match tree {
        Tree::Leaf(leaf) if !leaf.agree && is_pair(pair, leaf) => return Shape::In(leaf),
        Tree::Leaf(_) | Tree::Unknown => return Shape::Out,
        Tree::Ask { name, kids } => (name, kids),
    };
    let mut merged: Vec<(Piece, Shape<'t>)> = Vec::new();
    for (piece, kid) in kids {
        let kid = shaped(kid, pair);
        match merged.iter_mut().find(|(_, other)| same(other, &kid)) {
            Some((known, other)) => {
                *known = known.with(piece);
                meet(other, &kid);
            }
            None => merged.push((piece.clone(), kid)),
        }
    }
    match (merged.pop(), merged.is_empty()) {
        (Some((_, only)), true) => only,
        (None, _) => Shape::Out,
        (Some(last), false) => {
            merged.push(last);
            Shape::Ask { name, kids: merged }
        }
    }
}

fn same(a: &Shape, b: &Shape) -> bool {
    match (a, b) {
        (Shape::In(_), Shape::In(_)) | (Shape::Out, Shape::Out) => true,
        (Shape::Ask { name, kids }, Shape::Ask { name: other, kids: others }) => {
            name == other
                && kids.len() == others.len()
                && kids.iter().zip(others).all(|((p, a), (q, b))| p.is(q) && same(a, b))
        }
        _ => false,
    }
}

fn meet(a: &mut Shape, b: &Shape) {
    if let (Shape::Ask { kids, .. }, Shape::Ask { kids: others, .. }) = (a, b) {
        for ((piece, kid), (other, other_kid)) in kids.iter_mut().zip(others) {
            piece.meet(other);
            meet(kid, other_kid);
        }
    }
}

fn walk<'t>(shape: &Shape<'t>, above: &mut Vec<(String, Piece)>, found: &mut Vec<Cube<'t>>) {
    match shape {
        Shape::In(leaf) => found.push(Cube { conditions: above.clone(), leaf }),
        Shape::Out => {}
        Shape::Ask { name, kids } => {
            for (piece, kid) in kids {
                above.push(((*name).to_owned(), piece.clone()));
                walk(kid, above, found);
                above.pop();
            }
        }
    }
}

/// Leaves out conditions that are not needed, joins what differs in one fact only, and drops what is in another.
fn shorten(cubes: &mut Vec<Cube>, shape: &Shape) {
    joined(cubes);
    for cube in cubes.iter_mut() {
        let mut place = 0;
        while place < cube.conditions.len() {
            let mut fewer = cube.conditions.clone();
            fewer.remove(place);
            if always(shape, &mut fewer) {
                cube.conditions = fewer;
            } else {
                place += 1;
            }
        }
    }
    joined(cubes);
    let mut place = 0;
    while place < cubes.len() {
        let within = |other: &Cube| {
            other.conditions.iter().all(|(name, piece)| {
                cubes[place].conditions.iter().any(|(own, narrower)| own == name && narrower.is_within(piece))
            })
        };
        let covered = cubes.iter().enumerate().any(|(i, other)| i != place && within(other));
        if covered {
            cubes.remove(place);
        } else {
            place += 1;
        }
    }
}

fn joined(cubes: &mut Vec<Cube>) {
    loop {
        let before = cubes.len();
        let mut i = 0;
        while i < cubes.len() {
            let mut j = i + 1;
            while j < cubes.len() {
                match differ_in_one(&cubes[i], &cubes[j]) {
                    Some(place) => {
                        let other = cubes.remove(j);
                        let cube = &mut cubes[i];
                        for (number, (name, piece)) in cube.conditions.iter_mut().enumerate() {
                            let Some((_, theirs)) = other.conditions.iter().find(|(n, _)| n == name) else { continue };
                            if Some(number) == place {
                                *piece = piece.with(theirs);
                            } else {
                                piece.meet(theirs);
                            }
                        }
                        cube.conditions.retain(|(_, piece)| !matches!(piece, Piece::All));
                    }
                    None => j += 1,
                }
            }
            i += 1;
        }
        if cubes.len() == before {
            return;
        }
    }
}

/// The one condition in which two regions differ, by its place in the first; `Some(None)` if they differ in none.
fn differ_in_one(a: &Cube, b: &Cube) -> Option<Option<usize>> {
    if a.conditions.len() != b.conditions.len() {
        return None;
    }
    let mut differing = None;
    for (place, (name, piece)) in a.conditions.iter().enumerate() {
        let (_, other) = b.conditions.iter().find(|(n, _)| n == name)?;
        if piece.is(other) {
            continue;
        }
        if differing.is_some() {
            return None;
        }
        differing = Some(place);
    }
    Some(differing)
}

/// Whether the pair of answers comes out wherever some conditions hold. Their places keep the names that they have in
/// all cases.
fn always(shape: &Shape, conditions: &mut Vec<(String, Piece)>) -> bool {
    let (name, kids) = match shape {
        Shape::In(_) => return true,
        Shape::Out => return false,
        Shape::Ask { name, kids } => (name, kids),
    };
    let Some(place) = conditions.iter().position(|(n, _)| n == name) else {
        return kids.iter().all(|(_, kid)| always(kid, conditions));
    };
    if let Some((piece, kid)) = kids.iter().find(|(piece, _)| piece.is(&conditions[place].1)) {
        conditions[place].1.meet(piece);
        return always(kid, conditions);
    }
    let wanted = conditions[place].1.clone();
    kids.iter().filter(|(piece, _)| piece.may_meet(&wanted)).all(|(_, kid)| always(kid, conditions))
}
