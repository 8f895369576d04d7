//! A page of text: lines wrapped and columns aligned by display width, so that Chinese lines up too, and marks that
//! are coloured only for a terminal.

use textwrap::{Options, WordSplitter, WrapAlgorithm, wrap};
use unicode_width::UnicodeWidthStr;

/// However narrow the page, a text has this room.
const NARROWEST: usize = 24;

/// How wide a page is, and whether it may be coloured.
#[derive(Clone, Copy, Debug)]
pub struct PageStyle {
    pub width: usize,
    pub colour: bool,
}

impl Default for PageStyle {
    fn default() -> Self {
        PageStyle { width: 100, colour: false }
    }
}

/// How a stretch of text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Bold,
    Dim,
    Good,
    Warn,
    Bad,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Ink::Plain => "",
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Good => "32",
            Ink::Warn => "33",
            Ink::Bad => "31",
        }
    }
}

/// Text under construction.
#[derive(Clone, Debug)]
pub struct Page {
    style: PageStyle,
    text: String,
}

impl Page {
    pub fn new(style: PageStyle) -> Self {
        Page { style, text: String::new() }
    }

    pub fn finish(self) -> String {
        self.text
    }

    pub fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A line that stands out, after a blank one.
    pub fn heading(&mut self, text: &str) {
        self.blank();
        self.line(0, Ink::Bold, text);
    }

    /// Text that is wrapped; its later lines start where its first one does.
    pub fn line(&mut self, indent: usize, ink: Ink, text: &str) {
        self.hanging(&" ".repeat(indent), &" ".repeat(indent), ink, text);
    }

    /// Text after a prefix, its later lines after another. Prefixes are not coloured.
    pub fn hanging(&mut self, first: &str, rest: &str, ink: Ink, text: &str) {
        self.body(first, first.width(), rest, ink, text);
    }

    /// Text after a prefix that may be painted and is so wide; its later lines after another.
    pub fn after(&mut self, first: &str, width: usize, rest: &str, ink: Ink, text: &str) {
        self.body(first, width, rest, ink, text);
    }

    /// Rows of cells, each column as wide as its widest cell that is not very wide; the last one is wrapped.
    pub fn columns(&mut self, indent: usize, rows: &[Vec<(Ink, String)>]) {
        let most = self.style.width * 3 / 5;
        let last = rows.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1);
        let widest = |column: usize| {
            let widths = rows.iter().filter_map(|r| r.get(column)).map(|(_, cell)| cell.width());
            widths.filter(|w| *w <= most).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..last).map(widest).collect();
        for row in rows {
            let mut first = " ".repeat(indent);
            let mut at = indent;
            let Some(((ink, text), before)) = row.split_last() else { continue };
            for ((ink, cell), width) in before.iter().zip(&widths) {
                let pad = width.saturating_sub(cell.width()) + 2;
                first.push_str(&self.paint(*ink, cell));
                first.push_str(&" ".repeat(pad));
                at += cell.width() + pad;
            }
            self.body(&first, at, &" ".repeat(at.min(self.style.width / 2)), *ink, text);
        }
    }

    /// A first line after `first`, which is `width` columns wide, and further ones after `rest`.
    fn body(&mut self, first: &str, width: usize, rest: &str, ink: Ink, text: &str) {
        let (own, hanging) = (" ".repeat(width), " ".repeat(rest.width()));
        let room = self.style.width.max(own.len().max(hanging.len()) + NARROWEST);
        let options = Options::new(room)
            .initial_indent(&own)
            .subsequent_indent(&hanging)
            .wrap_algorithm(WrapAlgorithm::FirstFit)
            .word_splitter(WordSplitter::NoHyphenation);
        let mut prefix = first;
        let mut indent = own.as_str();
        for line in wrap(text, options) {
            let line = line.strip_prefix(indent).unwrap_or_default().trim_end();
            indent = &hanging;
            let before = if line.is_empty() { prefix.trim_end() } else { prefix };
            let painted = self.paint(ink, line);
            self.text.push_str(before);
            self.text.push_str(&painted);
            self.text.push('\n');
            prefix = rest;
        }
    }

    /// The text in colour, on a page that may have it.
    pub fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.style.colour || ink == Ink::Plain || text.is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{}m{text}\u{1b}[0m", ink.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(build: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::new(PageStyle { width: 40, colour: false });
        build(&mut page);
        page.finish()
    }

    #[test]
    fn columns_line_up_by_display_width() {
        let row = |a: &str, b: &str| vec![(Ink::Bold, a.to_owned()), (Ink::Plain, b.to_owned())];
        let text = page(|p| p.columns(2, &[row("灵活额度", "yes"), row("mcsap", "no")]));
        assert_eq!(text, "  灵活额度  yes\n  mcsap     no\n");
    }

    #[test]
    fn long_text_hangs_under_its_first_line() {
        let text =
            page(|p| p.hanging("└─ ", "   ", Ink::Dim, "the first sixty days of the work order count from its start"));
        assert_eq!(text, "└─ the first sixty days of the work\n   order count from its start\n");
        let text = page(|p| p.line(2, Ink::Plain, "完成一个工作订单的前六十天从其开始之日起计算不得迟于该日"));
        assert_eq!(text, "  完成一个工作订单的前六十天从其开始之日\n  起计算不得迟于该日\n");
    }

    #[test]
    fn colour_only_where_it_is_wanted() {
        let mut page = Page::new(PageStyle { width: 40, colour: true });
        page.line(0, Ink::Good, "yes");
        assert_eq!(page.finish(), "\u{1b}[32myes\u{1b}[0m\n");
    }
}
