//! The names of snapshots on the command line: a name, a folder of them, the path of a file, or a pattern.

/// Whether a snapshot of this name is meant.
pub fn is_meant(name: &str, meant: &str) -> bool {
    let meant = meant.trim_end_matches('/');
    let meant = meant.strip_suffix(".snap.new").or_else(|| meant.strip_suffix(".snap")).unwrap_or(meant);
    let one = |meant: &str| {
        let wanted: Vec<&str> = meant.split('/').collect();
        let parts: Vec<&str> = name.split('/').collect();
        if meant.contains(['*', '?']) {
            // A pattern may stand for the folder of a snapshot too.
            (1..=parts.len()).any(|length| fits(&parts[..length], &wanted))
        } else {
            !meant.is_empty() && parts.starts_with(&wanted)
        }
    };
    one(meant) || meant.rsplit_once("snapshots/").is_some_and(|(_, tail)| one(tail))
}

/// `**` stands for any number of folders.
fn fits(parts: &[&str], wanted: &[&str]) -> bool {
    match wanted.split_first() {
        None => parts.is_empty(),
        Some((&"**", rest)) => (0..=parts.len()).any(|skipped| fits(&parts[skipped..], rest)),
        Some((first, rest)) => {
            parts.split_first().is_some_and(|(part, others)| part_fits(part, first) && fits(others, rest))
        }
    }
}

/// `*` stands for any text, `?` for one character. The place of the last `*` is all that has to be remembered.
fn part_fits(part: &str, wanted: &str) -> bool {
    let (part, wanted): (Vec<char>, Vec<char>) = (part.chars().collect(), wanted.chars().collect());
    let (mut at, mut want) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < part.len() {
        match wanted.get(want) {
            Some('*') => {
                star = Some((want, at));
                want += 1;
            }
            Some(c) if *c == '?' || *c == part[at] => {
                at += 1;
                want += 1;
            }
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (want, at) = (*place + 1, *taken);
                }
                None => return false,
            },
        }
    }
    wanted[want..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::is_meant;

    const NAME: &str = "outcomes/a/1/x/one";

    #[test]
    fn a_name_a_folder_or_a_file() {
        for meant in [NAME, "outcomes/a/1", "outcomes/a/1/x/", "snapshots/outcomes/a/1/x/one.snap.new"] {
            assert!(is_meant(NAME, meant), "{meant}");
        }
        for meant in ["outcomes/a/1/x/on", "one", "outcomes/a/1/x/one/more", "", "/"] {
            assert!(!is_meant(NAME, meant), "{meant}");
        }
    }

    #[test]
    fn a_pattern() {
        for meant in ["outcomes/a/*/x/one", "outcomes/*/1", "**/one", "**/o?e", "outcomes/**", "outcomes/**/x", "*"] {
            assert!(is_meant(NAME, meant), "{meant}");
        }
        for meant in ["outcomes/*/x", "*/one", "**/on", "rules/**", "outcomes/a/1/x/one/*", "?"] {
            assert!(!is_meant(NAME, meant), "{meant}");
        }
    }

    #[test]
    fn many_stars_end() {
        let name = "a".repeat(200);
        assert!(!is_meant(&name, &format!("{}b", "*a".repeat(100))));
    }
}
