//! The comparison of editions: what it says is held against evaluation, for random rules and for the real ones.

use std::collections::BTreeSet;
use std::fmt::Write;

use clausal::check::Checked;
use clausal::compare::{Change, Diff, Options, Region, Verdict, answer_words, diff};
use clausal::eval::{outcome, refused};
use clausal::model::{InputId, ReadingId, Type};
use clausal::report::{Target, all_targets};
use clausal::scenario::Facts;
use clausal::source::disk::Disk;
use clausal::value::Value;

use crate::support::{home, open, open_text, with_stack};

fn checked(text: &str) -> Option<Checked> {
    open_text("rules.clause", text).sets.swap_remove(0).checked
}

#[track_caller]
fn sound(text: &str) -> Checked {
    let opened = open_text("rules.clause", text);
    let problems = crate::support::rendered(&opened);
    let mut sets = opened.sets;
    sets.swap_remove(0).checked.unwrap_or_else(|| panic!("{problems}\n{text}"))
}

fn edition(path: &str) -> Checked {
    let path = home().join(path).display().to_string();
    open(&Disk, &path).sets.swap_remove(0).checked.expect("a sound edition")
}

fn target(checked: &Checked, path: &str) -> Target {
    all_targets(&checked.model).into_iter().find(|t| t.path == path).expect("an answer of this name")
}

fn answer(checked: &Checked, facts: &Facts, path: &str) -> String {
    answer_words(&checked.model, &outcome(checked, facts, &target(checked, path).expr).answer)
}

/// Choices made one after another; the same list makes the same choices.
struct Dice {
    made: Vec<u64>,
    next: usize,
    seed: u64,
}

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice { made: Vec::new(), next: 0, seed }
    }

    fn random(seed: &mut u64) -> u64 {
        *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        if self.next == self.made.len() {
            let number = Dice::random(&mut self.seed);
            self.made.push(number);
        }
        self.next += 1;
        self.made[self.next - 1] % limit
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u64) as usize]
    }

    /// The same choices, but for one.
    fn mutated(&self, at: u64, to: u64) -> Dice {
        let mut made = self.made.clone();
        let place = (at % made.len().max(1) as u64) as usize;
        made[place] = to;
        Dice { made, next: 0, seed: self.seed }
    }
}

const INPUTS: &str = r#"
enumeration kind { red  green  blue }
input a : yes-no
input b : yes-no
input k : kind
input s : set of kind
input d : date
input e : date
input f : date
input n : integer { must be >= 0 }
input m : money in USD { must be >= USD 0 }
input p : money in USD
input t : date-time
input u : date-time
input w : text
input g : date { must be >= e }
enumeration choice { left  right  unset }
input open-choice : choice
reading way { ask en "which?" either short (default) en "s" or long en "l" }
reading open { ask en "which?" either left en "l" or right en "r" }
"#;

fn condition(dice: &mut Dice, depth: u64) -> String {
    let days = |dice: &mut Dice| dice.below(5);
    if depth > 0 && dice.below(3) == 0 {
        let (left, right) = (condition(dice, depth - 1), condition(dice, depth - 1));
        let join = dice.of(&["and", "or"]);
        return format!("({left} {join} {right})");
    }
    let op = dice.of(&["<", "<=", ">", ">=", "=", "<>"]);
    match dice.below(25) {
        0 => "a is yes".to_owned(),
        1 => "not (b is yes)".to_owned(),
        2 => format!("k is {}", dice.of(&["red", "green", "blue"])),
        3 => format!("k in {{ {}, {} }}", dice.of(&["red", "green"]), "blue"),
        4 => format!("s has {}", dice.of(&["red", "green", "blue"])),
        5 => "s has k".to_owned(),
        6 => format!("d {op} e - {} days", days(dice)),
        7 => format!("(d to f in days) {op} {} days", days(dice)),
        8 => format!("f {op} e + {} days", days(dice)),
        9 => format!("d {op} 2024-10-0{}", 1 + days(dice)),
        10 => format!("n {op} {}", days(dice)),
        11 => format!("m {op} USD {}", 10 * days(dice)),
        12 => format!("20% of m {op} USD {}", days(dice)),
        13 => format!("m {op} p"),
        14 => "h".to_owned(),
        15 => format!("d {op} due"),
        16 => format!("m + USD {} {op} p", 10 * days(dice)),
        17 => "d in stretch".to_owned(),
        18 => format!("t {op} u + {} hours", days(dice)),
        20 => format!("g {op} e + {} days", days(dice)),
        21 => format!("way is {}", dice.of(&["short", "long"])),
        22 => format!("open is {}", dice.of(&["left", "right"])),
        23 => format!("g {op} d"),
        19 => format!("w = \"{}\"", dice.of(&["x", "y"])),
        _ => format!("e {op} d + {} days", days(dice)),
    }
}

/// A small rule set of one decision that rests on others.
fn rules(dice: &mut Dice) -> String {
    let mut text = INPUTS.to_owned();
    let (first, second) = (condition(dice, 0).replace("h", "b is yes").replace("due", "e"), dice.below(4));
    let first = if first.contains("stretch") { "a is yes".to_owned() } else { first };
    let first = if first.contains(" is yes") || !first.contains('b') { first } else { "b is yes".to_owned() };
    let _ = writeln!(text, "decision h : yes-no {{ yes when {first}  no otherwise }}");
    let _ = writeln!(text, "decision due : date {{ e - {second} days when a is yes  e otherwise }}");
    let _ = match dice.below(3) {
        0 => writeln!(text, "period stretch {{ from e - {} days to e + 1 days }}", dice.below(3)),
        1 => writeln!(
            text,
            "period stretch {{ first {} days of e  first day counted when a is yes }}",
            1 + dice.below(3)
        ),
        _ => writeln!(text, "period stretch {{ last {} days before e }}", 1 + dice.below(3)),
    };
    let (ty, answers): (&str, &[&str]) = match dice.below(4) {
        0 => ("yes-no", &["yes", "no"]),
        1 => ("kind", &["red", "green", "blue", "k"]),
        2 => ("money in USD", &["USD 5", "20% of m", "m", "max(m, USD 30)", "p + USD 5", "25% of m"]),
        _ => ("date", &["d", "e + 2 days", "e + 3 days", "2024-10-03"]),
    };
    let answer = |dice: &mut Dice| match dice.below(8) {
        0 => "silent".to_owned(),
        _ => dice.of(answers).to_owned(),
    };
    let (c1, c2) = (condition(dice, 1), condition(dice, 1));
    let (v1, v2, v3) = (answer(dice), answer(dice), answer(dice));
    let _ = writeln!(text, "decision r : {ty} {{");
    if dice.below(2) == 0 {
        let _ = writeln!(text, "  {v1} when {c1}\n  {v3} otherwise");
        if dice.below(2) == 0 {
            let _ = writeln!(text, "  exception odd {{ {v2} when {c2} }}");
        }
    } else {
        let _ = writeln!(text, "  hit first\n  | {c1} | {c2} || r |");
        let _ = writeln!(text, "  | yes | any || {v1} |\n  | any | yes || {v2} |\n  | otherwise || {v3} |");
    }
    text.push_str("}\n");
    text
}

/// Facts at random, dense round the places that the rules name.
fn facts(checked: &Checked, seed: &mut u64) -> Facts {
    let mut facts = Facts::none(&checked.model);
    for number in 0..checked.model.inputs.len() {
        let id = InputId(number as u32);
        let roll = Dice::random(seed);
        let value = match &checked.model.input(id).ty {
            Type::YesNo => Value::YesNo(roll % 2 == 0),
            Type::Enum(of) => Value::Member(*of, (roll % 3) as u32),
            Type::Set(of) => {
                let Type::Enum(of) = **of else { continue };
                Value::set((0..3).filter(|m| roll >> m & 1 == 1).map(|m| Value::Member(of, m)).collect())
            }
            Type::Date => {
                let day = chrono::NaiveDate::from_ymd_opt(2024, 9, 26).expect("a date");
                Value::Date(day + chrono::Days::new(roll % 14))
            }
            Type::DateTime => {
                let at = chrono::DateTime::from_timestamp(1_727_740_800 + (roll % 12) as i64 * 3600 - 1, 0);
                Value::DateTime((at.expect("an instant") + chrono::TimeDelta::seconds((roll >> 8 & 1) as i64)).into())
            }
            Type::Integer => Value::Number((roll % 7).into()),
            Type::Money(Some(currency)) => {
                let low = if checked.model.input(id).must_be.is_empty() { -4 } else { 0 };
                Value::Money(*currency, rust_decimal::Decimal::new(((roll % 16) as i64 + low) * 25, 1))
            }
            Type::Text => Value::text(["x", "y", "z"][(roll % 3) as usize]),
            _ => continue,
        };
        facts.give(id, value);
    }
    if Dice::random(seed) % 3 == 0 {
        facts.choose(ReadingId(0), 1);
    }
    // What the conditions call a reading is told to them as a fact.
    let (told, choice) = (checked.model.input_named("open-choice"), (Dice::random(seed) % 3) as u32);
    if let Some((told, Type::Enum(of))) = told.map(|id| (id, checked.model.input(id).ty.clone())) {
        facts.give(told, Value::Member(of, choice));
        if choice < 2 {
            facts.choose(ReadingId(1), choice);
        }
    }
    facts
}

/// The regions' conditions as decisions of a rule set of their own.
fn conditions(regions: &[Region]) -> Checked {
    let mut text = INPUTS.to_owned();
    for (number, region) in regions.iter().enumerate() {
        let each: Vec<String> = region
            .when
            .iter()
            .map(|when| {
                let words = |words: &str| {
                    words
                        .replace("reading way", "way")
                        .replace("reading open", "open-choice")
                        .replace("not chosen", "unset")
                };
                let all: Vec<String> = when.iter().map(|c| format!("({})", words(&c.words))).collect();
                if all.is_empty() { "1 = 1".to_owned() } else { format!("({})", all.join(" and ")) }
            })
            .collect();
        let _ = writeln!(text, "decision region{number} : yes-no {{ yes when {}  no otherwise }}", each.join(" or "));
    }
    sound(&text)
}

/// What is claimed for one pair of rule sets, held against many cases.
fn held(old_text: &str, new_text: &str, seed: u64, samples: usize) -> Option<&'static str> {
    let (old, new) = (checked(old_text)?, checked(new_text)?);
    let options = Options { cases: 4_000, ..Options::default() };
    let found = diff(&old, &new, &options);
    let context = || {
        let parts = |text: &str| text.split("\"r\" }\n").nth(1).unwrap_or("").to_owned();
        let report = clausal::compare::told::diff_json(&found)["answers"].to_string();
        format!("--- old\n{}\n--- new\n{}\n--- {report}", parts(old_text), parts(new_text))
    };
    let mirrored = diff(&new, &old, &options);
    mirrors(&found, &mirrored);
    assert!(diff(&new, &new, &options).is_empty(), "{}", context());
    let change = found.outcomes.iter().find(|o| o.path == "r").expect("the decision");
    let (regions, all) = match &change.verdict {
        Verdict::Proved { .. } => (&[][..], true),
        Verdict::NotProved => (&[][..], false),
        Verdict::Changed { regions, all } => (regions.as_slice(), *all),
        other => panic!("{other:?}"),
    };
    for region in regions {
        shows(&old, &new, "r", region);
    }
    if regions.iter().map(|r| r.when.len()).sum::<usize>() > 60 {
        return Some("many regions");
    }
    let told = conditions(regions);
    let mut seed = seed;
    for _ in 0..samples {
        let case = facts(&old, &mut seed);
        if !refused(&old, &case).is_empty() || !refused(&new, &case).is_empty() {
            continue;
        }
        let (was, now) = (answer(&old, &case, "r"), answer(&new, &case, "r"));
        let inside: Vec<usize> =
            (0..regions.len()).filter(|n| answer(&told, &case, &format!("region{n}")) == "yes").collect();
        let given = || {
            let each = case.given().map(|(id, v)| format!("{}={}", old.model.input(id).name, v.display(&old.model)));
            each.collect::<Vec<_>>()
        };
        // What is told of a region is so, and with a proof nothing differs elsewhere. Two formulas may meet inside.
        for number in &inside {
            let region = &regions[*number];
            let fits = |told: &str, formula: &Option<String>, is: &str| formula.is_some() || told == is;
            assert!(
                fits(&region.old.answer, &region.old.formula, &was)
                    && fits(&region.new.answer, &region.new.formula, &now),
                "in region {number}: {was} → {now}\n{:?}\n{}",
                given(),
                context()
            );
        }
        if all {
            assert_eq!(was != now, !inside.is_empty(), "{was} → {now} {inside:?}\n{:?}\n{}", given(), context());
        }
    }
    Some(match (&change.verdict, all) {
        (Verdict::Proved { by_cases: false }, _) => "same rules",
        (Verdict::Proved { .. }, _) => "proved",
        (Verdict::NotProved, _) => "not proved",
        (_, true) => "all regions",
        _ => "some regions",
    })
}

/// A witness gives the answers that are told, and they are not the same.
#[track_caller]
fn shows(old: &Checked, new: &Checked, path: &str, region: &Region) {
    let (was, now) = (answer(old, &region.old_facts, path), answer(new, &region.new_facts, path));
    assert_eq!((&was, &now), (&region.old.answer, &region.new.answer), "{path}: {region:#?}");
    assert_ne!(was, now, "{path}: {region:#?}");
}

#[track_caller]
fn mirrors(there: &Diff, back: &Diff) {
    let items = |diff: &Diff, turned: bool| -> BTreeSet<String> {
        let each = diff.items.iter().map(|item| {
            let (change, name) = match (item.change, turned) {
                (Change::Added, true) => ("removed", item.name.clone()),
                (Change::Removed, true) => ("added", item.name.clone()),
                (change, true) => (change.word(), item.was.as_ref().map_or(item.name.clone(), |(was, _)| was.clone())),
                (change, false) => (change.word(), item.name.clone()),
            };
            format!("{} {name} {change}", item.kind.word())
        });
        each.collect()
    };
    assert_eq!(items(there, false), items(back, true));
    let outcomes = |diff: &Diff, turned: bool| -> BTreeSet<String> {
        let each = diff.outcomes.iter().map(|o| {
            let verdict = match (&o.verdict, turned) {
                (Verdict::Proved { by_cases }, _) => format!("proved {by_cases}"),
                (Verdict::NotProved, _) => format!("not proved {:?}", o.doubts),
                (Verdict::Added, false) | (Verdict::Removed, true) => "added".to_owned(),
                (Verdict::Removed, false) | (Verdict::Added, true) => "removed".to_owned(),
                (Verdict::Changed { regions, all }, turned) => {
                    let told: BTreeSet<String> = regions
                        .iter()
                        .map(|r| {
                            let (old, new) = if turned { (&r.new, &r.old) } else { (&r.old, &r.new) };
                            let when: BTreeSet<BTreeSet<&str>> =
                                r.when.iter().map(|w| w.iter().map(|c| c.words.as_str()).collect()).collect();
                            let side = |s: &clausal::compare::Side| s.formula.clone().unwrap_or(s.answer.clone());
                            format!("{} → {} {when:?}", side(old), side(new))
                        })
                        .collect();
                    format!("changed {all} {told:?}")
                }
            };
            format!("{} {} {verdict}", o.path, o.tried)
        });
        each.collect()
    };
    let (there, back) = (outcomes(there, false), outcomes(back, true));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>().join("\n");
    let short = |text: String| text.chars().take(3_000).collect::<String>();
    assert!(there == back, "only there:\n{}\nonly back:\n{}", short(only(&there, &back)), short(only(&back, &there)));
}

#[test]
fn what_is_told_of_random_rules_holds_in_every_case() {
    // `CLAUSAL_TIMES=50 cargo test diff` looks longer.
    let times = std::env::var("CLAUSAL_TIMES").ok().and_then(|t| t.parse::<u64>().ok()).unwrap_or(1);
    let mut met: std::collections::BTreeMap<&str, usize> = Default::default();
    with_stack(|| {
        for seed in 0..150 * times {
            let mut dice = Dice::new(seed * 7919);
            let old = rules(&mut dice);
            let mut at = seed;
            let mut other = dice.mutated(Dice::random(&mut at), Dice::random(&mut at));
            let new = rules(&mut other);
            if let Some(verdict) = held(&old, &new, seed, 250) {
                *met.entry(verdict).or_default() += 1;
            }
        }
    });
    for verdict in ["proved", "all regions", "same rules"] {
        assert!(met.get(verdict).is_some_and(|n| *n > 1), "too few are {verdict}: {met:?}");
    }
    println!("{met:?}");
}

/// What is told of two conditions, held against many cases.
fn held_for(old: &str, new: &str) -> &'static str {
    let rules = |condition: &str| {
        let rest = "decision r : yes-no { yes when CONDITION  no otherwise }";
        format!("{INPUTS}{}\n", rest.replace("CONDITION", condition))
    };
    with_stack(|| held(&rules(old), &rules(new), 7, 4_000)).expect("sound rules")
}

#[test]
fn the_last_of_three_facts_may_leave_no_room_between_the_others() {
    // Room for a day between d and f: implied if f is two days later, and not if it is one.
    assert_eq!(held_for("e > d and e < f", "e > d and e < f and f >= d + 2 days"), "proved");
    assert_eq!(held_for("e > d and e < f", "e > d and e < f and f >= d + 3 days"), "all regions");
    assert_eq!(held_for("e >= d + 3 days and e <= f - 4 days", "1 > 2"), "all regions");
    assert_eq!(
        held_for("e >= d + 3 days and e <= f - 4 days", "e >= d + 3 days and e <= f - 4 days and f >= d + 7 days"),
        "proved"
    );
    // Amounts lie dense.
    assert_eq!(held_for("m > p and m < USD 10", "m > p and m < USD 10 and p < USD 10"), "proved");
    assert_eq!(held_for("m > p and m < USD 10", "m > p and m < USD 10 and p < USD 9.99"), "all regions");
    assert_eq!(held_for("t > u and t < u + 1 hour", "t > u and t < u + 60 min"), "same rules");
}

#[test]
fn what_cannot_be_read_off_is_never_proved() {
    for (old, new) in [
        ("(m rounded half-up to USD 1) > USD 30", "(m rounded half-up to USD 1) > USD 31"),
        ("d + 2 months > e", "d + 59 days > e"),
        ("year(d) > 2023", "year(d) > 1950"),
        ("(d to e in weeks) > 7 days", "(d to e in days) > 13 days"),
    ] {
        let verdict = held_for(old, new);
        assert!(["not proved", "some regions"].contains(&verdict), "{old} / {new}: {verdict}");
    }
}

#[test]
fn what_cannot_be_worked_out_proves_nothing() {
    let rules = |last: &str| {
        let amount = format!("USD 9999999999999999999999999{last}");
        format!("input a : money in USD\ndecision r : money in USD {{ always a + {amount} }}\n")
    };
    // Both fail for the amount that is tried, and differ for USD 0.
    let verdict = verdict_of(&rules("999"), &rules("998"), "r");
    assert!(matches!(verdict, Verdict::NotProved), "{verdict:?}");
    // Shares at the limits are told as well.
    let share = |share: &str| {
        let when = format!("a > {share}% of b");
        format!(
            "input a : money in USD\ninput b : money in USD\ndecision r : yes-no {{ yes when {when} no otherwise }}\n"
        )
    };
    let verdict = verdict_of(&share("9999999999999999999999999999"), &share("9999999999999999999999999998"), "r");
    assert!(!matches!(verdict, Verdict::Proved { .. }), "{verdict:?}");
}

const EDITIONS: [&str; 5] = [
    "rules/microsoft-unified/2023",
    "rules/microsoft-unified/2024-09",
    "rules/microsoft-unified/id",
    "rules/microsoft-enterprise-services/kk",
    "rules/daocloud-enterprise/2023",
];

#[test]
fn an_edition_does_not_differ_from_itself() {
    with_stack(|| {
        for path in EDITIONS {
            let found = diff(&edition(path), &edition(path), &Options::default());
            assert!(found.is_empty(), "{path}: {:?} {:?}", found.items, found.changed().collect::<Vec<_>>());
            let proved = |o: &clausal::compare::OutcomeChange| matches!(o.verdict, Verdict::Proved { by_cases: false });
            assert!(found.outcomes.iter().all(proved), "{path}");
        }
    });
}

#[test]
fn from_the_other_side_all_is_turned_round() {
    with_stack(|| {
        let options = Options { cases: 150, ..Options::default() };
        for (old, new) in [(0, 1), (2, 1)] {
            let (old, new) = (edition(EDITIONS[old]), edition(EDITIONS[new]));
            mirrors(&diff(&old, &new, &options), &diff(&new, &old, &options));
        }
    });
}

#[test]
fn every_witness_shows_what_is_told() {
    with_stack(|| {
        let (old, new) = (edition(EDITIONS[0]), edition(EDITIONS[1]));
        let found = diff(&old, &new, &Options { cases: 400, ..Options::default() });
        let mut seen = 0;
        for change in &found.outcomes {
            let Verdict::Changed { regions, .. } = &change.verdict else { continue };
            for region in regions {
                shows(&old, &new, &change.path, region);
                seen += 1;
            }
        }
        assert!(seen > 50, "{seen} regions");
    });
}

/// An edition with one text put in place of another.
fn changed(path: &str, file: &str, from: &str, to: &str) -> Checked {
    let mut memory = crate::support::Memory::default();
    let folder = std::path::Path::new(path).parent().expect("a folder").display().to_string();
    for name in crate::support::files_below(&folder, ".clause")
        .into_iter()
        .chain(crate::support::files_below("rules/lib", ".clause"))
    {
        let mut text = std::fs::read_to_string(home().join(&name)).expect("a text");
        if name == format!("{path}/{file}") {
            assert_eq!(text.matches(from).count(), 1, "{from} stands once in {name}");
            text = text.replace(from, to);
        }
        memory.0.insert(name, Ok(text.into_bytes()));
    }
    let opened = open(&memory, path);
    let problems = crate::support::rendered(&opened);
    let mut sets = opened.sets;
    sets.swap_remove(0).checked.unwrap_or_else(|| panic!("{problems}"))
}

#[test]
fn one_changed_cell_is_one_declaration_one_region_and_one_witness() {
    with_stack(|| {
        let path = "rules/microsoft-unified/2024-09";
        let old = edition(path);
        let new = changed(path, "2.7-assumptions.clause", "50% of booking.service-fee", "40% of booking.service-fee");
        let found = diff(&old, &new, &Options::default());
        let names: Vec<_> = found.items.iter().map(|i| (i.name.as_str(), i.change, i.rows.len())).collect();
        assert_eq!(names, [("cancellation-charge", Change::Changed, 1)]);
        let answers: Vec<&str> = found.changed().map(|o| o.path.as_str()).collect();
        assert_eq!(answers, ["cancellation-charge"]);
        let Some(Verdict::Changed { regions, all: true }) = found.changed().next().map(|o| &o.verdict) else {
            panic!("{:?}", found.outcomes)
        };
        let [region] = regions.as_slice() else { panic!("{regions:#?}") };
        assert_eq!(region.when.len(), 1, "{region:#?}");
        assert_eq!(region.witness.len(), 3, "{region:#?}");
        shows(&old, &new, "cancellation-charge", region);
        let unproved: Vec<_> = found.outcomes.iter().filter(|o| matches!(o.verdict, Verdict::NotProved)).collect();
        assert!(unproved.is_empty(), "{unproved:?}");
        assert!(found.cases.iter().flat_map(|c| &c.answers).all(|a| a.path == "cancellation-charge"));
    });
}

/// The rules of the documentation that have events, with one text put in place of another.
fn with_events(from: &str, to: &str) -> Checked {
    let page = std::fs::read_to_string(home().join("docs/language.md")).expect("the page");
    let blocks = crate::support::blocks(&page, "clause");
    let (_, text) = blocks.into_iter().find(|(_, text)| text.contains("milestone first-response")).expect("a block");
    assert!(text.contains(from), "{from}");
    sound(&text.replacen(from, to, 1))
}

#[test]
fn what_is_read_from_logs_is_compared_over_the_scenarios_that_have_them() {
    with_stack(|| {
        let old = with_events("warns at 75%", "warns at 75%");
        let verdict = |found: &Diff, path: &str| found.outcomes.iter().find(|o| o.path == path).expect("it").clone();
        // The bot's reply stops the clock now.
        let new = with_events("stops on contacted by representative  ", "stops on contacted  ");
        let found = diff(&old, &new, &Options::default());
        let change = verdict(&found, "first-response.used");
        let Verdict::Changed { regions, all: false } = &change.verdict else { panic!("{change:?}") };
        assert_eq!(regions[0].scenario.as_deref(), Some("level 2, reported on a Friday"));
        assert_eq!((change.tried, change.doubts.as_slice()), (1, &["answers read from a log"][..]));
        shows(&old, &new, "first-response.used", &regions[0]);
        // A milestone that waits for other events is not touched.
        assert!(matches!(verdict(&found, "hourly-status.state").verdict, Verdict::Proved { by_cases: false }));
        // Where no scenario shows a difference, it is said how many were tried.
        let other = with_events("warns at 75%", "warns at 50%");
        let change = verdict(&diff(&old, &other, &Options::default()), "first-response.state");
        assert!(matches!(change.verdict, Verdict::NotProved) && change.tried == 1, "{change:?}");
        // What a process does to facts touches all that is asked about those facts.
        let process = with_events("sets incident.level = 2 when", "sets incident.level = 3 when");
        let change = verdict(&diff(&old, &process, &Options::default()), "response-time");
        assert!(!matches!(change.verdict, Verdict::Proved { .. }), "{change:?}");
    });
}

/// The verdict on one answer.
fn verdict_of(old: &str, new: &str, path: &str) -> Verdict {
    let (old, new) = (sound(old), sound(new));
    let found = with_stack(|| diff(&old, &new, &Options::default()));
    found.outcomes.into_iter().find(|o| o.path == path).expect("an answer").verdict
}

#[test]
fn the_same_words_mean_the_same_only_if_what_they_name_does() {
    let rules = |grades: &str, order: &str| {
        format!(
            "enumeration grade {{ {grades} }}\ninput a : yes-no\ninput b : yes-no\n\
             decision r : grade {{\n  hit priority {{ {order} }}\n  | a | b || r |\n  | yes | any || good |\n  | any | yes || poor |\n  | otherwise || fair |\n}}\n"
        )
    };
    let old = rules("good poor fair", "good, poor");
    // The order of members is none of their names' concern.
    assert!(matches!(verdict_of(&old, &rules("fair poor good", "good, poor"), "r"), Verdict::Proved { .. }));
    // The members stand so that the same numbers rank the other way round.
    let Verdict::Changed { regions, all: true } = verdict_of(&old, &rules("poor good fair", "poor, good"), "r") else {
        panic!("a is told before b")
    };
    let words: Vec<&str> = regions[0].when[0].iter().map(|c| c.words.as_str()).collect();
    assert_eq!((regions.len(), words), (1, vec!["a is yes", "b is yes"]));

    // A list of holidays is named by what asks the calendar; what is on it counts.
    let page = std::fs::read_to_string(home().join("docs/language.md")).expect("the page");
    let blocks = crate::support::blocks(&page, "clause");
    let (_, text) = blocks.into_iter().find(|(_, text)| text.contains("holidays china-2026")).expect("a block");
    let later = text.replace("closed 2026-10-01..2026-10-07", "closed 2026-10-01..2026-10-06");
    assert_ne!(text, later);
    let (old, new) = (sound(&text), sound(&later));
    let found = with_stack(|| diff(&old, &new, &Options::default()));
    let proved: Vec<&str> = found
        .outcomes
        .iter()
        .filter(|o| matches!(o.verdict, Verdict::Proved { .. }))
        .map(|o| o.path.as_str())
        .collect();
    assert!(proved.len() < found.outcomes.len(), "{proved:?}");
    for change in &found.outcomes {
        let id = new.model.decision_named(change.path.split('.').next().unwrap_or_default()).expect("a decision");
        let mut asks = false;
        new.model.decision(id).walk(&mut |e| {
            asks |= matches!(&e.kind, clausal::model::ExprKind::Call(f, _)
                if matches!(f.body, clausal::model::BuiltinBody::Clock(_)));
        });
        assert!(!asks || !proved.contains(&change.path.as_str()), "{} asks the calendar", change.path);
    }
}
