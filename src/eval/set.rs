//! Small sets in a fixed order. Reasons are copied and joined far more often than they are searched, so they lie in
//! one stretch of memory.

use std::ops::Deref;

/// A set, smallest first.
// INVARIANT: sorted, no two items equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T>(Vec<T>);

impl<T: Ord> Set<T> {
    pub fn contains(&self, item: &T) -> bool {
        self.0.binary_search(item).is_ok()
    }

    pub fn insert(&mut self, item: T) {
        if let Err(place) = self.0.binary_search(&item) {
            self.0.insert(place, item);
        }
    }

    pub fn remove(&mut self, item: &T) {
        if let Ok(place) = self.0.binary_search(item) {
            self.0.remove(place);
        }
    }

    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(keep);
    }

    pub fn is_subset(&self, of: &Set<T>) -> bool {
        let mut others = of.iter();
        self.len() <= of.len()
            && self.iter().all(|item| others.find(|other| *other >= item).is_some_and(|other| other == item))
    }

    /// The items of both.
    pub fn union(&self, other: &Set<T>) -> Set<T>
    where
        T: Clone,
    {
        let (mut ours, mut theirs) = (&self[..], &other[..]);
        let mut joined = Vec::with_capacity(ours.len() + theirs.len());
        while let (Some((a, our_rest)), Some((b, their_rest))) = (ours.split_first(), theirs.split_first()) {
            let order = a.cmp(b);
            joined.push(if order.is_le() { a.clone() } else { b.clone() });
            ours = if order.is_le() { our_rest } else { ours };
            theirs = if order.is_ge() { their_rest } else { theirs };
        }
        joined.extend_from_slice(ours);
        joined.extend_from_slice(theirs);
        Set(joined)
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set(Vec::new())
    }
}

impl<T> Deref for Set<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A set of one.
impl<T> From<T> for Set<T> {
    fn from(item: T) -> Self {
        Set(vec![item])
    }
}
