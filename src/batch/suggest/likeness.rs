//! How like a heading is to the name and the labels of an input, from 0 to 100.

use unicode_normalization::UnicodeNormalization;

use crate::model::Input;

/// How like a heading is to an input, in whatever language.
pub(super) fn likeness(heading: &str, input: &Input) -> i32 {
    let last = input.name.rsplit('.').next().unwrap_or(&input.name);
    let labels = input.labels.0.iter().chain(&input.ask.0).map(|(_, label)| label.as_str());
    let named = texts(heading, &input.name).max(texts(heading, last) - 2);
    // What a heading has in brackets is a unit or a note.
    let plain = without_brackets(heading);
    let plainly = texts(&plain, &input.name).max(texts(&plain, last) - 2);
    let labelled = |label: &str| texts(heading, label).max(texts(&plain, &without_brackets(label)));
    labels.map(labelled).fold(named.max(plainly), i32::max)
}

/// How like two texts are: letters that differ, and words or pairs of letters in common.
pub(super) fn texts(one: &str, other: &str) -> i32 {
    let (one, other) = (folded(one), folded(other));
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    if one == other {
        return 100;
    }
    let letters = one.chars().count().max(other.chars().count());
    let changed = if letters > 80 { letters } else { strsim::damerau_levenshtein(&one, &other) };
    let by_letters = 100 - (100 * changed / letters) as i32;
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let pairs = |text: &str| {
        let letters: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
        letters.windows(2).map(|pair| pair.iter().collect()).collect::<Vec<String>>()
    };
    let by_words = common(&words(&one), &words(&other));
    let by_pairs = if one.is_ascii() && other.is_ascii() { 0 } else { common(&pairs(&one), &pairs(&other)) };
    by_letters.max(by_words).max(by_pairs).min(95)
}

/// Twice what two lists have in common, of all that is in them, in hundredths.
fn common(one: &[String], other: &[String]) -> i32 {
    let both = one.iter().filter(|part| other.contains(part)).count();
    (200 * both / (one.len() + other.len()).max(1)) as i32
}

/// In small letters, with a space for all that is neither letter nor digit.
fn folded(text: &str) -> String {
    let spaced: String = text.nfkc().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let keep = |c: &char| {
        match c {
            '(' | '[' | '（' | '【' => depth += 1,
            ')' | ']' | '）' | '】' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn words_in_another_order_and_writing_are_alike() {
        assert_eq!(texts("Assessed Spend", "assessed-spend"), 100);
        assert!(texts("Spend assessed", "assessed-spend") > 88);
        assert!(texts("评估的支出金额", "评估支出") > 55);
        assert!(texts("Owner", "order.assessed-spend") < 40);
    }
}
