//! Small sets in a fixed order. Reasons are copied and joined far more often than they are searched, so they lie in
//! one stretch of memory.

use std::cmp::Ordering;
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

    /// Adds all the items of another set.
    pub fn add_all(&mut self, more: &Set<T>)
    where
        T: Clone,
    {
        if more.is_subset(self) {
            return;
        }
        let mut joined = Vec::with_capacity(self.len() + more.len());
        let mut own = std::mem::take(&mut self.0).into_iter().peekable();
        for item in more {
            while let Some(smaller) = own.next_if(|o| o < item) {
                joined.push(smaller);
            }
            if own.peek().map(|o| o.cmp(item)) != Some(Ordering::Equal) {
                joined.push(item.clone());
            }
        }
        joined.extend(own);
        self.0 = joined;
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
