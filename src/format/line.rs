//! Lines of tokens, the one form in which all passes hold the text, and the way back to text. How a text is cut into
//! tokens is for `lex`.

use unicode_width::UnicodeWidthStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, keyword, number, date or clause id: `2.4/mcsap`, `6..13`, `1,000`
    Word,
    /// `"text"`
    Text,
    /// `= < > <= >= <> + * , : %`
    Mark,
    /// `( [ {`
    Open,
    /// `) ] }`
    Close,
    /// `|`
    Bar,
    /// `||`
    Bars,
    /// A text that is not closed, to the end of its line, or three bars and more
    Unread,
}

/// What a bracket or colon is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Any other token, and brackets without a partner
    None,
    /// The braces round an item's or exception's parts
    Block(Block),
    /// `{ en, ja }`, `{ fee: USD 5 }`
    Set,
    /// `[ 2024-10-01 ]`
    List,
    /// `[2.4/mcsap]`
    Citation,
    /// `( a )`
    Paren,
    /// The colon of `fee : money`
    TypeColon,
    /// The colon of `fee: USD 5`
    FieldColon,
}

/// Whose parts a block holds, as far as they are set differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Outside every item
    File,
    Enumeration,
    Record,
    /// A decision or an exception
    Decision,
    Responses,
    Reading,
    Scenario,
    /// A calendar, a list of holidays, a milestone or a process
    Time,
    /// The states of a process
    States,
    Other,
}

#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// The white space before it on its line, as written.
    pub before: &'a str,
    /// The spaces before it.
    pub gap: usize,
    pub role: Role,
    /// Of a bracket with a partner: how many brackets are open round the pair.
    pub depth: usize,
}

impl Token<'_> {
    pub fn is(&self, text: &str) -> bool {
        self.text == text && self.kind != Kind::Text
    }

    pub fn glued(&self) -> bool {
        self.before.is_empty()
    }

    pub fn width(&self) -> usize {
        self.text.width()
    }
}

/// A line of the page; one without tokens holds a comment.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    pub tokens: Vec<Token<'a>>,
    /// From `//` on.
    pub comment: Option<&'a str>,
    /// The spaces between tokens and comment.
    pub comment_gap: usize,
    pub indent: usize,
    /// Whether a line without anything goes before it.
    pub blank_before: bool,
    /// Whether it began without white space.
    pub at_margin: bool,
    /// How many brackets are open where it starts.
    pub depth: usize,
    /// The innermost block where it starts, and a number for that block among all.
    pub block: (Block, usize),
}

impl Line<'_> {
    pub fn is_comment(&self) -> bool {
        self.tokens.is_empty()
    }

    pub fn starts_with(&self, kind: Kind) -> bool {
        self.tokens.first().is_some_and(|t| t.kind == kind)
    }

    pub fn starts_with_word(&self, words: &[&str]) -> bool {
        self.tokens.first().is_some_and(|t| t.kind == Kind::Word && words.contains(&t.text))
    }

    /// Whether its spaces are left as they are: it holds something that could not be read, or a text over two lines.
    pub fn verbatim(&self) -> bool {
        self.tokens.iter().any(|t| t.kind == Kind::Unread || t.text.contains('\n'))
    }

    /// Whether every bracket on it has its partner on it.
    pub fn is_balanced(&self) -> bool {
        let mut depth = self.depth;
        for token in self.tokens.iter().filter(|t| t.role != Role::None) {
            match token.kind {
                Kind::Open => depth = token.depth + 1,
                Kind::Close if token.depth < self.depth => return false,
                Kind::Close => depth = token.depth,
                _ => {}
            }
        }
        depth == self.depth
    }

    /// Columns from the line's first token to where token `index` starts.
    pub fn offset(&self, index: usize) -> usize {
        let before: usize = self.tokens.iter().take(index).map(|t| t.gap + t.width()).sum();
        before + self.tokens.get(index).map_or(0, |t| t.gap)
    }
}

/// The page, with a newline at the end.
pub(super) fn render(lines: &[Line]) -> String {
    let mut page = String::new();
    for line in lines {
        if line.blank_before {
            page.push('\n');
        }
        page.extend(std::iter::repeat_n(' ', line.indent));
        let verbatim = line.verbatim();
        for (index, token) in line.tokens.iter().enumerate() {
            match (index, verbatim) {
                (0, _) => {}
                (_, true) => page.push_str(token.before),
                (_, false) => page.extend(std::iter::repeat_n(' ', token.gap)),
            }
            page.push_str(token.text);
        }
        if let Some(comment) = line.comment {
            page.extend(std::iter::repeat_n(' ', line.comment_gap));
            push_comment(&mut page, comment);
        }
        page.push('\n');
    }
    page
}

/// `//x` becomes `// x`; nothing else of a comment changes.
fn push_comment(page: &mut String, comment: &str) {
    match comment.strip_prefix("//") {
        Some(words) if words.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '/' | '!' | '\u{FEFF}')) => {
            page.push_str("// ");
            page.push_str(words);
        }
        _ => page.push_str(comment),
    }
}
