//! How the numbers of a file are written, as far as its first rows show.

use crate::model::Type;

/// The marks that numbers were seen with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    decimal: Option<char>,
    thousands: Option<char>,
}

impl Marks {
    /// The marks that the texts are written with; texts that are no numbers say nothing.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a String>) -> Marks {
        let (mut comma, mut point) = (0, 0);
        let mut marks = Marks::default();
        for text in texts {
            let amount = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == ' ' || c == '-');
            if !amount.starts_with(|c: char| c.is_ascii_digit())
                || !amount.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
            {
                continue;
            }
            let Some(last) = amount.rfind([',', '.']) else { continue };
            let mark = amount[last..].chars().next();
            let (head, digits) = (&amount[..last], amount.len() - last - 1);
            let grouped = digits == 3 && head.split([',', '.']).skip(1).all(|group| group.len() == 3);
            match (mark, grouped) {
                // `1,234` may be either; only where both marks stand, or a group is no three digits, it shows.
                (Some(','), false) => comma += 1,
                (Some('.'), false) => point += 1,
                _ => {}
            }
            let inner = head.find([',', '.']).and_then(|at| head[at..].chars().next());
            marks.thousands = marks.thousands.or(inner.filter(|inner| Some(*inner) != mark || grouped));
        }
        if comma > point {
            marks.decimal = Some(',');
        }
        let decimal = marks.decimal.unwrap_or('.');
        marks.thousands = marks.thousands.filter(|mark| *mark != decimal);
        marks
    }

    /// A text as a facts file would have it.
    pub(super) fn plain(&self, text: &str, ty: &Type) -> String {
        if !matches!(ty, Type::Integer | Type::Decimal | Type::Percent | Type::Money(_) | Type::Quantity(_)) {
            return text.to_owned();
        }
        let kept = text.chars().filter(|c| Some(*c) != self.thousands);
        kept.map(|c| if Some(c) == self.decimal { '.' } else { c }).collect()
    }

    /// The part of the map that says so; nothing where numbers are written as anywhere.
    pub(super) fn part(&self) -> String {
        let mut part = String::new();
        if self.decimal.is_some() || self.thousands.is_some() {
            part.push_str("\n[numbers]\n");
        }
        if let Some(mark) = self.decimal {
            part.push_str(&format!("decimal = \"{mark}\"\n"));
        }
        if let Some(mark) = self.thousands {
            part.push_str(&format!("thousands = \"{mark}\"\n"));
        }
        part
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    fn seen(texts: &[&str]) -> (Option<char>, Option<char>) {
        let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
        let marks = Marks::of(texts.iter());
        (marks.decimal, marks.thousands)
    }

    #[test]
    fn marks_are_seen_where_they_show() {
        assert_eq!(seen(&["1.234,50", "17"]), (Some(','), Some('.')));
        assert_eq!(seen(&["1,234.50", "17"]), (None, Some(',')));
        assert_eq!(seen(&["12.5", "2026-01-02", "v1,2"]), (None, None));
    }
}
