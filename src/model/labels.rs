//! Texts in several languages.

use std::borrow::Cow;

/// What something is called, by language, in source order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(pub Vec<(String, String)>);

impl Labels {
    /// The label in exactly this language.
    pub fn in_language(&self, lang: &str) -> Option<&str> {
        self.0.iter().find(|(l, _)| l == lang).map(|(_, text)| text.as_str())
    }

    /// The label for a person who reads this language: where there is only an English one, it says so. Without a language
    /// bare names are meant.
    pub fn shown(&self, lang: &str) -> Option<Cow<'_, str>> {
        if lang.is_empty() {
            return None;
        }
        let english = || self.in_language("en").map(|text| Cow::Owned(format!("[en] {text}")));
        self.in_language(lang).map(Cow::Borrowed).or_else(english)
    }

    /// The label in this language; else in English, else the first there is.
    pub fn get(&self, lang: &str) -> Option<&str> {
        self.in_language(lang).or_else(|| self.in_language("en")).or_else(|| self.0.first().map(|(_, t)| t.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
