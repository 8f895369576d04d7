//! HTML: escaping, texts in several languages, and links from names to where they are declared.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Clause, ItemRef, Labels, Model, PARTIES};

/// Text as HTML, in an element or in a quoted attribute.
pub fn esc(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // Control characters cannot stand in HTML at all.
            c if c.is_control() && c != '\n' && c != '\t' => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
    html
}

/// `<code>name</code>`
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", esc(text))
}

/// A link within the book.
pub fn link(anchor: &str, html: &str) -> String {
    format!("<a href=\"#{}\">{html}</a>", esc(anchor))
}

/// A text in every language that it has, of which the reader sees one. Where it has none in the reader's language, the
/// first stands, marked with its own language.
pub fn texts<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut all: Vec<(&str, &str)> = all.into_iter().collect();
    // English first: it is what stands in for another language.
    all.sort_by_key(|(lang, _)| *lang != "en");
    let Some((first, _)) = all.first() else { return String::new() };
    let classes: String = all.iter().map(|(lang, _)| format!(" l-{}", esc(lang))).collect();
    let inner: String =
        all.iter().map(|(lang, text)| format!("<span lang=\"{}\">{}</span>", esc(lang), esc(text))).collect();
    format!("<span class=\"t{classes}\" data-f=\"{}\">{inner}</span>", esc(first))
}

/// A label in every language, or nothing.
pub fn label(labels: &Labels) -> String {
    texts(labels.0.iter().map(|(lang, text)| (lang.as_str(), text.as_str())))
}

/// A label, or else the name as rule files write it.
pub fn label_or(labels: &Labels, name: &str) -> String {
    if labels.is_empty() { code(name) } else { label(labels) }
}

/// The label and the name of an item.
pub fn titled(labels: &Labels, name: &str) -> String {
    if labels.is_empty() { code(name) } else { format!("{} {}", label(labels), code(name)) }
}

/// What a clause says. A paraphrase that names no language is in English, unless another one is.
pub fn says(clause: &Clause) -> String {
    let marked = clause.says.iter().any(|(lang, _)| lang.as_deref() == Some("en"));
    let all = clause.says.iter().filter(|(lang, _)| lang.is_some() || !marked);
    texts(all.map(|(lang, text)| (lang.as_deref().unwrap_or("en"), text.as_str())))
}

/// Where each name leads.
pub struct Names {
    anchors: BTreeMap<String, String>,
}

/// The anchor of an item; the same as long as its kind and its name are.
pub fn anchor(model: &Model, item: ItemRef) -> Option<String> {
    let named = |kind: &str, name: &str| Some(format!("{kind}-{name}"));
    match item {
        ItemRef::Party(n) => named("party", &model.member(PARTIES, n)?.name),
        ItemRef::Unit(id) => named("unit", &model.units.get(id.0 as usize)?.name),
        ItemRef::Enumeration(id) => named("enumeration", &model.enumeration(id).name),
        ItemRef::Record(id) => named("record", &model.records.get(id.0 as usize)?.name),
        ItemRef::Clause(id) => named("clause", &model.clause(id).id),
        ItemRef::Input(id) => named("input", &model.input(id).name),
        ItemRef::Catalogue(n) => named("catalogue", &model.catalogues.get(n as usize)?.name),
        ItemRef::Service(n) => named("service", &model.services.get(n as usize)?.name),
        ItemRef::Decision(id) => named("decision", &model.decision(id).name),
        ItemRef::Reading(id) => named("reading", &model.reading(id).name),
        ItemRef::Calendar(n) => named("calendar", &model.calendars.get(n as usize)?.name),
        ItemRef::Holidays(n) => named("holidays", &model.holidays.get(n as usize)?.name),
        ItemRef::Event(n) => named("event", &model.events.get(n as usize)?.name),
        ItemRef::Scenario(_) => None,
    }
}

impl Names {
    /// Names that stand for one thing alone: what several things are called is not linked.
    pub fn of(model: &Model) -> Names {
        let mut anchors: BTreeMap<String, String> = BTreeMap::new();
        let mut shared: BTreeSet<String> = BTreeSet::new();
        let mut add = |name: &str, anchor: String| {
            let other = anchors.insert(name.to_owned(), anchor.clone());
            if other.is_some_and(|other| other != anchor) {
                shared.insert(name.to_owned());
            }
        };
        for item in &model.order {
            let Some(place) = anchor(model, *item) else { continue };
            match item {
                ItemRef::Clause(_) | ItemRef::Scenario(_) => {}
                ItemRef::Enumeration(id) => {
                    let enumeration = model.enumeration(*id);
                    add(&enumeration.name, place.clone());
                    enumeration.members.iter().for_each(|member| add(&member.name, place.clone()));
                }
                _ => {
                    let name = place.split_once('-').map_or("", |(_, name)| name).to_owned();
                    add(&name, place);
                }
            }
        }
        let numbers = |name: &String| name.chars().all(|c| c.is_ascii_digit());
        anchors.retain(|name, _| !shared.contains(name) && !numbers(name));
        Names { anchors }
    }

    /// Text in the words of the language, each name in it a link; `own` are names that mean something else there.
    pub fn linked(&self, text: &str, own: &[String]) -> String {
        let mut html = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c == '"' {
                let end = closing_quote(rest);
                html.push_str(&esc(&rest[..end]));
                rest = &rest[end..];
                continue;
            }
            let end = word_end(rest);
            if end == 0 {
                html.push_str(&esc(&rest[..c.len_utf8()]));
                rest = &rest[c.len_utf8()..];
                continue;
            }
            html.push_str(&self.word(&rest[..end], own));
            rest = &rest[end..];
        }
        html
    }

    /// A name, or the longest part of a dotted one that is a name.
    fn word(&self, word: &str, own: &[String]) -> String {
        let mut known = word;
        loop {
            if let Some(anchor) = self.anchors.get(known).filter(|_| !own.iter().any(|o| o == known)) {
                return format!("{}{}", link(anchor, &esc(known)), esc(&word[known.len()..]));
            }
            match known.rsplit_once('.') {
                Some((before, _)) => known = before,
                None => return esc(word),
            }
        }
    }

    /// The same as code.
    pub fn code(&self, text: &str, own: &[String]) -> String {
        format!("<code>{}</code>", self.linked(text, own))
    }
}

/// The length of a quoted text with its quotes.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The length of the name, number or word that a text starts with; hyphens and dots stand only within it.
fn word_end(text: &str) -> usize {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, c)| *c);
        let within = matches!(c, '-' | '.') && at > 0 && next.is_some_and(letter);
        if !letter(c) && !within {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(esc("<a href='x'>&\"\u{1}"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\u{fffd}");
        let labels = Labels(vec![("zh".into(), "<b>".into()), ("en".into(), "a & b".into())]);
        let html = label(&labels);
        let en = "<span class=\"t l-en l-zh\" data-f=\"en\"><span lang=\"en\">a &amp; b</span>";
        assert_eq!(html, format!("{en}<span lang=\"zh\">&lt;b&gt;</span></span>"));
    }

    #[test]
    fn names_are_linked_and_texts_are_not() {
        let anchors = [("order.spend", "input-order.spend"), ("plus", "decision-plus")];
        let names = Names { anchors: anchors.map(|(a, b)| (a.to_owned(), b.to_owned())).into() };
        let html = names.linked("order.spend >= USD 5..plus and x = \"plus \\\" plus\"", &[]);
        let expected = "<a href=\"#input-order.spend\">order.spend</a> &gt;= USD 5..<a href=\"#decision-plus\">plus</a> \
                        and x = &quot;plus \\&quot; plus&quot;";
        assert_eq!(html, expected);
        assert_eq!(names.linked("plus.since - plus", &["plus".to_owned()]), "plus.since - plus");
        assert_eq!(names.linked("plus.since", &[]), "<a href=\"#decision-plus\">plus</a>.since");
    }
}
