//! How alike two texts are, for things that have another name.

use std::collections::HashMap;

/// Texts this alike may be the same thing, of 100.
pub(super) const ALIKE: u32 = 60;

/// A text's words, counted; made once for each of many texts.
#[derive(Debug)]
pub(super) struct Profile {
    words: HashMap<String, u32>,
    count: u32,
}

impl Profile {
    pub fn of(text: &str) -> Profile {
        let mut words: HashMap<String, u32> = HashMap::new();
        let mut count = 0;
        let split = |c: char| !(c.is_alphanumeric() || c == '-' || c == '.' || c == '/');
        for word in text.split(split).filter(|w| !w.is_empty()) {
            *words.entry(word.to_lowercase()).or_default() += 1;
            count += 1;
        }
        Profile { words, count }
    }

    /// How much of both is in common: 0 to 100.
    pub fn alike(&self, other: &Profile) -> u32 {
        let all = self.count + other.count;
        // What is much longer cannot be alike enough.
        if all == 0 || self.count.min(other.count) * 3 < self.count.max(other.count) {
            return 0;
        }
        let common: u32 = self.words.iter().map(|(w, n)| other.words.get(w).map_or(0, |m| *n.min(m))).sum();
        200 * common / all
    }
}

/// Pairs of the most alike, each text once: places in both lists, and how alike they are.
pub(super) fn pairs(old: &[Profile], new: &[Profile]) -> Vec<(usize, usize, u32)> {
    let mut all = Vec::new();
    for (i, a) in old.iter().enumerate() {
        for (j, b) in new.iter().enumerate() {
            let alike = a.alike(b);
            if alike >= ALIKE {
                all.push((i, j, alike));
            }
        }
    }
    all.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)).then(a.1.cmp(&b.1)));
    let (mut used_old, mut used_new) = (vec![false; old.len()], vec![false; new.len()]);
    let mut found = Vec::new();
    for (i, j, alike) in all {
        if !used_old[i] && !used_new[j] {
            (used_old[i], used_new[j]) = (true, true);
            found.push((i, j, alike));
        }
    }
    found
}
