//! One thing for each answer of a decision. Most decisions have one answer, which then needs no memory of its own.

#[derive(Clone)]
pub(super) enum Columns<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Columns<T> {
    pub fn each(count: usize, mut make: impl FnMut(usize) -> T) -> Self {
        match count {
            1 => Columns::One(make(0)),
            _ => Columns::Many((0..count).map(make).collect()),
        }
    }

    pub fn as_slice(&self) -> &[T] {
        match self {
            Columns::One(item) => std::slice::from_ref(item),
            Columns::Many(items) => items,
        }
    }

    pub fn as_mut_slice(&mut self) -> &mut [T] {
        match self {
            Columns::One(item) => std::slice::from_mut(item),
            Columns::Many(items) => items,
        }
    }

    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Columns<U> {
        match self {
            Columns::One(item) => Columns::One(make(item)),
            Columns::Many(items) => Columns::Many(items.into_iter().map(make).collect()),
        }
    }

    pub fn into_vec(self) -> Vec<T> {
        match self {
            Columns::One(item) => vec![item],
            Columns::Many(items) => items,
        }
    }
}
