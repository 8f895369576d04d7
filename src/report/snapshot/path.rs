//! Where snapshots stand in their folder: `rules/<agreement>/<edition>.snap` and
//! `outcomes/<agreement>/<edition>/<scenario file>/<scenario>.snap`. A path depends on what it names and, where two
//! would meet, on a hash of that; never on the order of things or on other files.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

/// The longest name of a folder or a file, without its ending, in bytes.
const MAX_BYTES: usize = 80;

/// A scenario as written, for which a path is wanted.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// Its file within the edition: `scenarios/2.4-mcsap.clause`.
    pub file: String,
    pub name: &'a str,
}

/// The path of an edition's rule snapshot, without its ending.
pub fn of_rules(agreement: &str, edition: &str) -> String {
    format!("rules/{}/{}", slug(agreement), slug(edition))
}

/// The folder of an edition's outcome snapshots.
pub fn of_outcomes(agreement: &str, edition: &str) -> String {
    format!("outcomes/{}/{}", slug(agreement), slug(edition))
}

/// The paths of scenarios below that folder, without their ending, in the same order.
pub fn of_scenarios(scenarios: &[Written]) -> Vec<String> {
    let plain: Vec<(String, String)> = scenarios.iter().map(|s| (slug(stem(&s.file)), slug(s.name))).collect();
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for (folder, name) in &plain {
        *owners.entry(on_any_disk(folder, name)).or_default() += 1;
    }
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let paths = plain.into_iter().zip(scenarios).map(|((folder, mut name), scenario)| {
        if owners.get(&on_any_disk(&folder, &name)).is_some_and(|n| *n > 1) {
            name = with_hash(&name, &format!("{}\n{}", scenario.file, scenario.name));
        }
        // Two scenarios of one file and one name are told apart by their order: there is nothing else.
        let earlier = taken.entry(on_any_disk(&folder, &name)).or_default();
        *earlier += 1;
        if *earlier > 1 {
            name = format!("{name}-{earlier}");
        }
        format!("{folder}/{name}")
    });
    paths.collect()
}

/// A text as a file name: letters of any script and digits stay, what stands between them becomes one `-`.
/// A dot stays between two digits, as in `2.4-mcsap`.
fn slug(text: &str) -> String {
    let characters: Vec<char> = text.nfc().collect();
    let digit = |at: Option<usize>| at.and_then(|i| characters.get(i)).is_some_and(char::is_ascii_digit);
    let mut slug = String::new();
    for (at, character) in characters.iter().enumerate() {
        if character.is_alphanumeric() {
            slug.push(*character);
        } else if *character == '.' && digit(at.checked_sub(1)) && digit(at.checked_add(1)) {
            slug.push('.');
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        with_hash("unnamed", text)
    } else if slug.len() > MAX_BYTES || is_reserved(slug) {
        with_hash(slug, text)
    } else {
        slug.to_owned()
    }
}

/// A slug, cut where it is too long, and the hash of what it stands for.
fn with_hash(slug: &str, of: &str) -> String {
    let room = MAX_BYTES - 9;
    let end = (0..=room.min(slug.len())).rev().find(|i| slug.is_char_boundary(*i)).unwrap_or(0);
    format!("{}-{:08x}", slug[..end].trim_end_matches(['-', '.']), hash(of))
}

/// Two paths with this in common may be one file: some disks do not tell capitals from small letters.
fn on_any_disk(folder: &str, name: &str) -> String {
    format!("{folder}/{name}").to_lowercase()
}

/// Names that mean a device on Windows, with any ending.
fn is_reserved(slug: &str) -> bool {
    let name = slug.split('.').next().unwrap_or(slug).to_ascii_lowercase();
    let port =
        |device: &str| name.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    ["con", "prn", "aux", "nul"].contains(&name.as_str()) || port("com") || port("lpt")
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".clause").unwrap_or(name)
}

/// FNV-1a, folded to 32 bits: the same on every machine and in every version.
fn hash(text: &str) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.nfc().collect::<String>().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(scenarios: &[(&str, &str)]) -> Vec<String> {
        let written: Vec<Written> =
            scenarios.iter().map(|(file, name)| Written { file: (*file).to_owned(), name }).collect();
        of_scenarios(&written)
    }

    #[test]
    fn letters_of_any_script_stay() {
        assert_eq!(slug("Spend at USD 60,000,000: yes"), "Spend-at-USD-60-000-000-yes");
        assert_eq!(slug("2.4-mcsap"), "2.4-mcsap");
        assert_eq!(slug("灵活额度（第一年）"), "灵活额度-第一年");
        assert_eq!(slug("қызмет / 2"), "қызмет-2");
        assert_eq!(slug("../.hidden."), "hidden");
    }

    #[test]
    fn what_a_disk_cannot_hold_gets_a_hash() {
        for text in ["", "???", "con", "Aux", &"长".repeat(100), &"x".repeat(500)] {
            let name = slug(text);
            assert!(name.len() <= MAX_BYTES, "{name}");
            let (_, hash) = name.rsplit_once('-').expect("it ends in a hash");
            assert!(hash.len() == 8 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{name}");
        }
        assert_ne!(slug(&"x".repeat(500)), slug(&"x".repeat(501)));
    }

    #[test]
    fn names_that_meet_are_told_apart_whatever_their_order() {
        let one = ("scenarios/a.clause", "At most 5?");
        let two = ("scenarios/a.clause", "at MOST 5!");
        let other = ("scenarios/b.clause", "At most 5?");
        let forwards = paths(&[one, two, other]);
        let mut backwards = paths(&[other, two, one]);
        backwards.reverse();
        assert_eq!(forwards, backwards);
        assert_eq!(forwards[2], "b/At-most-5");
        assert!(forwards[0].starts_with("a/At-most-5-") && forwards[1].starts_with("a/at-MOST-5-"), "{forwards:?}");
    }

    #[test]
    fn files_of_one_stem_share_a_folder() {
        let found = paths(&[("scenarios/a.clause", "x"), ("more/a.clause", "x"), ("more/a.clause", "y")]);
        assert_eq!(found[2], "a/y");
        assert!(found[0] != found[1] && found[0].starts_with("a/x-"), "{found:?}");
        assert_eq!(paths(&[("a.clause", "x"), ("a.clause", "x")])[1].rsplit_once('-').map(|(_, n)| n), Some("2"));
    }
}
