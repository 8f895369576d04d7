//! Names of columns in nested data: `order.spend` is the name `order.spend`, or `spend` within `order`.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use unicode_normalization::UnicodeNormalization;

use super::cell::unescaped;

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
    /// The names that were met, in the order in which they came first: records mostly have them in the same. Each as it
    /// is written, quotes and escapes included.
    met: Vec<(Box<[u8]>, Leads)>,
    /// The place of each of those.
    places: HashMap<Box<[u8]>, usize, RandomState>,
}

/// More names than these are not remembered as they are written.
const MOST_MET: usize = 1000;
/// Nor are longer ones.
const LONGEST_MET: usize = 200;

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

    /// Where a name of a group leads.
    pub fn leads(&self, group: usize, name: &str) -> Leads {
        let Some(group) = self.groups.get(group) else { return Leads::Nowhere };
        let found = match group.names.get(name) {
            None if !name.is_ascii() => group.names.get(&name.nfc().collect::<String>()),
            found => found,
        };
        found.copied().unwrap_or(Leads::Nowhere)
    }

    /// Where the name leads that is expected at a place of its group, and how long it is as it is written, if `text`
    /// starts with it.
    #[inline]
    pub fn expected(&self, group: usize, place: usize, text: &[u8]) -> Option<(Leads, usize)> {
        let (written, leads) = self.groups.get(group)?.met.get(place)?;
        text.starts_with(written).then_some((*leads, written.len()))
    }

    /// Where a name leads that is written so, quotes included, and the place at which it is expected; `None` if it is no
    /// text.
    pub fn written(&mut self, group: usize, written: &str) -> Option<(Leads, usize)> {
        let own = self.groups.get(group)?;
        if let Some(place) = own.places.get(written.as_bytes()) {
            return own.met.get(*place).map(|(_, leads)| (*leads, *place));
        }
        let leads = match written.get(1..written.len().checked_sub(1)?) {
            Some(name) if !name.contains('\\') => self.leads(group, name),
            _ => self.leads(group, &unescaped(written)?),
        };
        let own = self.groups.get_mut(group)?;
        let place = own.met.len();
        if place < MOST_MET && written.len() <= LONGEST_MET {
            own.met.push((written.as_bytes().into(), leads));
            own.places.insert(written.as_bytes().into(), place);
        }
        Some((leads, place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotted_name_is_found_however_it_is_nested() {
        let paths = Paths::new(["a.b.c", "a.d", "e"].into_iter());
        assert_eq!(paths.leads(0, "a.b.c"), Leads::Column(0));
        assert_eq!(paths.leads(0, "e"), Leads::Column(2));
        assert_eq!(paths.leads(0, "f"), Leads::Nowhere);
        let Leads::Group(a) = paths.leads(0, "a") else { panic!("`a` is a group") };
        assert_eq!(paths.leads(a, "d"), Leads::Column(1));
        assert_eq!(paths.leads(a, "b.c"), Leads::Column(0));
        let Leads::Group(b) = paths.leads(a, "b") else { panic!("`a.b` is a group") };
        assert_eq!((paths.leads(b, "c"), paths.name(b)), (Leads::Column(0), "a.b"));
    }

    #[test]
    fn a_name_is_expected_where_it_came_first() {
        let mut paths = Paths::new(["é", "b"].into_iter());
        assert_eq!(paths.expected(0, 0, br#""b":1"#), None);
        assert_eq!(paths.written(0, r#""b""#), Some((Leads::Column(1), 0)));
        assert_eq!(paths.written(0, r#""e\u0301""#), Some((Leads::Column(0), 1)), "escapes, and composed letters");
        assert_eq!(paths.written(0, r#""\ud800""#), None);
        assert_eq!(paths.expected(0, 0, br#""b":1"#), Some((Leads::Column(1), 3)));
        assert_eq!(paths.expected(0, 1, br#""e\u0301": 1"#), Some((Leads::Column(0), 9)));
        assert_eq!(paths.written(0, r#""b""#), Some((Leads::Column(1), 0)));
    }
}
