//! Names of columns in nested data: `order.spend` is the name `order.spend`, or `spend` within `order`.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use unicode_normalization::UnicodeNormalization;

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// Nowhere: nobody asks for it.
    Nowhere,
    /// To a column.
    Column(usize),
    /// To a group of names.
    Group(usize),
}

/// Where the names of nested data lead.
#[derive(Debug)]
pub struct Paths {
    groups: Vec<Group>,
}

#[derive(Debug, Default)]
struct Group {
    /// Its own name, for messages.
    name: String,
    names: HashMap<String, Leads, RandomState>,
    /// The names that came last time, in order: records mostly have the same.
    order: Vec<(Box<str>, Leads)>,
}

/// More names than these are not remembered in order.
const MOST_IN_ORDER: usize = 1000;

impl Paths {
    /// The names lead to columns by their places. Where one name is within another, the outer one is a column whole.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Paths {
        let mut paths = Paths { groups: vec![Group::default()] };
        for (column, name) in names.enumerate() {
            paths.add(0, name, column);
        }
        paths
    }

    fn add(&mut self, group: usize, rest: &str, column: usize) {
        self.groups[group].names.insert(rest.to_owned(), Leads::Column(column));
        for (dot, _) in rest.match_indices('.') {
            let (before, behind) = (&rest[..dot], &rest[dot + 1..]);
            let inner = match self.groups[group].names.get(before) {
                Some(Leads::Group(inner)) => *inner,
                Some(Leads::Column(_)) => continue,
                _ => {
                    let inner = self.groups.len();
                    let above = &self.groups[group].name;
                    let name = if above.is_empty() { before.to_owned() } else { format!("{above}.{before}") };
                    self.groups.push(Group { name, ..Group::default() });
                    self.groups[group].names.insert(before.to_owned(), Leads::Group(inner));
                    inner
                }
            };
            self.add(inner, behind, column);
        }
    }

    pub fn name(&self, group: usize) -> &str {
        self.groups.get(group).map_or("", |group| &group.name)
    }

    /// Where a name leads that comes at this place in its group.
    #[inline]
    pub fn leads(&mut self, group: usize, place: usize, name: &str) -> Leads {
        let Some(group) = self.groups.get_mut(group) else { return Leads::Nowhere };
        if let Some((usual, leads)) = group.order.get(place) {
            if **usual == *name {
                return *leads;
            }
        }
        let found = match group.names.get(name) {
            None if !name.is_ascii() => group.names.get(&name.nfc().collect::<String>()),
            found => found,
        };
        let leads = found.copied().unwrap_or(Leads::Nowhere);
        if place < MOST_IN_ORDER && name.len() <= 200 {
            if place < group.order.len() {
                group.order[place] = (name.into(), leads);
            } else if place == group.order.len() {
                group.order.push((name.into(), leads));
            }
        }
        leads
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotted_name_is_found_however_it_is_nested() {
        let mut paths = Paths::new(["a.b.c", "a.d", "e"].into_iter());
        assert_eq!(paths.leads(0, 0, "a.b.c"), Leads::Column(0));
        assert_eq!(paths.leads(0, 0, "e"), Leads::Column(2));
        assert_eq!(paths.leads(0, 1, "f"), Leads::Nowhere);
        let Leads::Group(a) = paths.leads(0, 2, "a") else { panic!("`a` is a group") };
        assert_eq!(paths.leads(a, 0, "d"), Leads::Column(1));
        assert_eq!(paths.leads(a, 1, "b.c"), Leads::Column(0));
        let Leads::Group(b) = paths.leads(a, 2, "b") else { panic!("`a.b` is a group") };
        assert_eq!((paths.leads(b, 0, "c"), paths.name(b)), (Leads::Column(0), "a.b"));
    }
}
