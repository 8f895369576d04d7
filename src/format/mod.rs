//! `clausal fmt`: the same words and comments in the same lines, with white space as the house has it. It works on
//! tokens rather than on the tree, so text that does not parse is set as well and nothing is ever lost; what the
//! words mean, and where files are, is left to others.
//!
//! ```text
//! text → lines of tokens (lex) → roles of brackets (shape) → spaces (space) → columns (align, table)
//!      → indentation (indent) → citations and comments at the line's end (tail) → text (line)
//! ```

mod align;
mod indent;
mod lex;
mod line;
mod shape;
mod space;
mod table;
mod tail;
mod words;

#[cfg(test)]
mod tests;

/// The text with its white space set in order. White space is all that ever changes, and none inside quotes; line
/// breaks stay where the author put them. Formatting the result again gives the same.
pub fn format(text: &str) -> String {
    let mut lines = lex::lines(text);
    space::drop_blanks(&mut lines);
    shape::give_roles(&mut lines);
    space::set_gaps(&mut lines);
    align::line_up(&mut lines);
    table::line_up(&mut lines);
    indent::indent(&mut lines);
    tail::line_up(&mut lines);
    line::render(&lines)
}
