//! A sheet of indented lines, and how long things are broken over several: a change to one member of a set or one
//! part of a condition is then a change to one line.

use unicode_width::UnicodeWidthStr;

use crate::model::{ClauseId, Labels, Model};
use crate::value::Value;

/// Lines longer than this are broken where they have parts.
const WIDTH: usize = 100;

/// A table's row: its cells left and right of `||`.
pub(super) type Cells = (Vec<String>, Vec<String>);

/// Lines of text with their indentation.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    text: String,
    depth: usize,
}

impl Sheet {
    pub fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"  ".repeat(self.depth));
            // A line break inside a name or a label would otherwise look like a line of the snapshot.
            line.chars().for_each(|c| self.text.push(if c == '\n' || c == '\r' { ' ' } else { c }));
        }
        self.text.push('\n');
    }

    pub fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Writes lines one step further in.
    pub fn within(&mut self, write: impl FnOnce(&mut Sheet)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// `before { a, b } after` on one line if it is short, else with each part on a line of its own.
    pub fn broken(&mut self, before: &str, open: &str, parts: &[String], close: &str, after: &str) {
        let line = format!("{before}{open} {} {close}{after}", parts.join(", "));
        if line.width() <= WIDTH || parts.len() < 2 {
            self.line(&line);
            return;
        }
        self.line(&format!("{before}{open}"));
        self.within(|sheet| parts.iter().for_each(|part| sheet.line(&format!("{part},"))));
        self.line(&format!("{close}{after}"));
    }

    /// `before a, b` on one line if it is short, else with each part on a line of its own.
    pub fn list(&mut self, before: &str, parts: &[String]) {
        let line = format!("{before} {}", parts.join(", "));
        if line.width() <= WIDTH {
            self.line(&line);
            return;
        }
        self.line(before);
        self.within(|sheet| parts.iter().for_each(|part| sheet.line(part)));
    }

    /// `before condition after`, each part of a long condition on a line of its own.
    pub fn condition(&mut self, before: &str, parts: &[String], word: &str, after: &str) {
        let line = format!("{before} {}{after}", parts.join(&format!(" {word} ")));
        if line.width() <= WIDTH || parts.len() < 2 {
            self.line(&line);
            return;
        }
        self.line(before);
        self.within(|sheet| {
            let last = parts.len() - 1;
            for (number, part) in parts.iter().enumerate() {
                let lead = if number == 0 { String::new() } else { format!("{word} ") };
                sheet.line(&format!("{lead}{part}{}", if number == last { after } else { "" }));
            }
        });
    }

    /// `name = value`, the items of a long set or list on lines of their own.
    pub fn value(&mut self, before: &str, value: &Value, model: &Model, after: &str) {
        let shown = |items: &[Value]| items.iter().map(|i| i.display(model).to_string()).collect::<Vec<_>>();
        match value {
            Value::Set(items) if !items.is_empty() => self.broken(before, "{", &shown(items), "}", after),
            Value::List(items) if !items.is_empty() => self.broken(before, "[", &shown(items), "]", after),
            other => self.line(&format!("{before}{}{after}", other.display(model))),
        }
    }

    /// `label en "…"`, a line for each language.
    pub fn labels(&mut self, word: &str, labels: &Labels) {
        for (language, text) in &labels.0 {
            self.line(&format!("{word} {language} {}", quoted(text)));
        }
    }

    pub fn cites(&mut self, model: &Model, cites: &[ClauseId]) {
        if !cites.is_empty() {
            self.line(&format!("cites {}", clause_names(model, cites)));
        }
    }

    /// Cells lined up by display width, with `||` between conditions and answers, and behind each row its tail.
    pub fn table(&mut self, rows: &[Cells], tails: &[String]) {
        let width = |side: fn(&Cells) -> &Vec<String>| {
            let columns = rows.iter().map(|r| side(r).len()).max().unwrap_or(0);
            let mut widths = vec![0; columns];
            // A row with fewer cells, such as `otherwise`, reaches over several columns and widens none.
            for cells in rows.iter().map(side).filter(|cells| cells.len() == columns) {
                for (widest, cell) in widths.iter_mut().zip(cells) {
                    *widest = cell.width().max(*widest);
                }
            }
            widths
        };
        let (left, right) = (width(|r| &r.0), width(|r| &r.1));
        for ((conditions, answers), tail) in rows.iter().zip(tails) {
            let line = format!("| {} || {} |{tail}", padded(conditions, &left), padded(answers, &right));
            self.line(&line);
        }
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

/// `[2.7/cancel, 2.7/fee]` after a rule; nothing for no clauses.
pub(super) fn bracketed(model: &Model, cites: &[ClauseId]) -> String {
    if cites.is_empty() { String::new() } else { format!("   [{}]", clause_names(model, cites)) }
}

pub(super) fn clause_names(model: &Model, cites: &[ClauseId]) -> String {
    let names: Vec<&str> = cites.iter().map(|c| model.clause(*c).id.as_str()).collect();
    names.join(", ")
}

/// A text as a rule file writes it.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

fn padded(cells: &[String], widths: &[usize]) -> String {
    let total: usize = widths.iter().sum::<usize>() + 3 * widths.len().saturating_sub(1);
    let mut text = String::new();
    for (number, cell) in cells.iter().enumerate() {
        if number > 0 {
            text.push_str(" | ");
        }
        text.push_str(cell);
        let full = if number + 1 == cells.len() { total.saturating_sub(text.width()) } else { 0 };
        let own = widths.get(number).map_or(0, |w| w.saturating_sub(cell.width()));
        text.push_str(&" ".repeat(if number + 1 == cells.len() { full } else { own }));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn tables_line_up_by_display_width() {
        let mut sheet = Sheet::default();
        let rows = [
            (cells(&["层级", "spend"]), cells(&["answer"])),
            (cells(&["a", "> 1"]), cells(&["灵活额度"])),
            (cells(&["otherwise"]), cells(&["-"])),
        ];
        sheet.table(&rows, &cells(&["", "   [a]", ""]));
        let expected =
            "| 层级 | spend || answer   |\n| a    | > 1   || 灵活额度 |   [a]\n| otherwise    || -        |\n";
        assert_eq!(sheet.into_text(), expected);
    }

    #[test]
    fn long_things_are_broken_at_their_parts() {
        let parts = cells(&["a", "b"]);
        let long = cells(&[&"a".repeat(60), &"b".repeat(60)]);
        let mut sheet = Sheet::default();
        sheet.condition("yes when", &parts, "and", "");
        sheet.condition("yes when", &long, "and", " [x]");
        sheet.broken("s = ", "{", &parts, "}", "");
        sheet.broken("s = ", "{", &long, "}", "");
        let (a, b) = (&long[0], &long[1]);
        let expected =
            format!("yes when a and b\nyes when\n  {a}\n  and {b} [x]\ns = {{ a, b }}\ns = {{\n  {a},\n  {b},\n}}\n");
        assert_eq!(sheet.into_text(), expected);
    }

    #[test]
    fn no_text_breaks_a_line() {
        let mut sheet = Sheet::default();
        sheet.line("a\nb\r\nc");
        sheet.line(&quoted("say \"x\"\n\\"));
        assert_eq!(sheet.into_text(), "a b  c\n\"say \\\"x\\\"\\n\\\\\"\n");
    }
}
