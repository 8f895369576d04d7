//! The program's own words in texts for people, one place for each message, in every language that it speaks. What the
//! rules call something is theirs (`label`); a language that is not here reads English.
//!
//! `{0}`, `{1}` stand for what is filled in. The words have no plural, so that no number bends them.

/// Which of the texts of a message is taken.
fn column(lang: &str) -> usize {
    let lang = lang.split(['-', '_']).next().unwrap_or(lang);
    LANGUAGES.iter().position(|known| *known == lang).unwrap_or(0)
}

/// The languages of the messages, in the order of their texts.
const LANGUAGES: [&str; 4] = ["en", "zh", "id", "kk"];

macro_rules! messages {
    ($($name:ident: $en:literal, $zh:literal, $id:literal, $kk:literal;)*) => {
        /// A message, whatever the language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Phrase { $($name,)* }

        impl Phrase {
            #[cfg(test)]
            const ALL: &'static [Phrase] = &[$(Phrase::$name,)*];

            /// English, Chinese, Indonesian, Kazakh.
            fn texts(self) -> [&'static str; 4] {
                match self { $(Phrase::$name => [$en, $zh, $id, $kk],)* }
            }
        }
    };
}

messages! {
    // kinds of answers
    Determined: "Determined", "已确定", "Sudah pasti", "Анықталған";
    InConflict: "In conflict: rules apply that disagree", "冲突：适用的规则不一致",
        "Bertentangan: aturan yang berlaku tidak sejalan", "Қайшылық: қолданылатын ережелер келіспейді";
    NotWorkedOut: "Cannot be worked out", "无法计算", "Tidak dapat dihitung", "Есептеу мүмкін емес";
    OpenReading: "Turns on an open reading", "取决于尚未选定的解读", "Bergantung pada tafsir yang belum dipilih",
        "Таңдалмаған түсіндірмеге байланысты";
    AtDiscretion: "At a party's discretion", "由一方酌情决定", "Menurut kebijakan salah satu pihak",
        "Тараптың қалауына қарай";
    Silent: "The agreement is silent", "协议未作规定", "Perjanjian tidak mengatur", "Келісімде айтылмаған";
    FactsMissing: "Facts are missing", "缺少事实", "Fakta belum lengkap", "Деректер жетіспейді";
    FactsThatWouldSettle: "Facts that would settle them", "可据以确定的事实", "Fakta yang akan memastikannya",
        "Оларды анықтайтын деректер";
    NotSettled: "not settled by these facts: {0} (use --decision)", "这些事实尚不能确定：{0}（可用 --decision）",
        "belum pasti dengan fakta ini: {0} (gunakan --decision)", "бұл деректермен анықталмаған: {0} (--decision қолданыңыз)";

    // answers in short
    Against: "{0} against {1}", "{0} 与 {1} 相左", "{0} lawan {1}", "{0} және {1} қайшы";
    Needs: "needs {0}", "需要 {0}", "memerlukan {0}", "керек: {0}";
    DependsOnReading: "depends on how {0} is read", "取决于 {0} 如何解读", "bergantung pada tafsir {0}",
        "{0} қалай түсіндірілетініне байланысты";
    Decides: "{0} decides", "由 {0} 决定", "{0} yang memutuskan", "{0} шешеді";
    Or: "{0} or {1}", "{0} 或 {1}", "{0} atau {1}", "{0} немесе {1}";
    And: "{0} and {1}", "{0} 且 {1}", "{0} dan {1}", "{0} және {1}";
    SilentInShort: "silent", "未规定", "tidak diatur", "айтылмаған";
    MoreBehind: "{0} and {1} more behind it", "{0}，其后还有 {1}", "{0} dan {1} lagi di baliknya", "{0} және артында тағы {1}";

    // reasons
    AlsoNeeds: "also needs {0}", "还需要 {0}", "juga memerlukan {0}", "тағы керек: {0}";
    AlsoDepends: "also depends on how it is read: {0}", "还取决于如何解读：{0}", "juga bergantung pada tafsir: {0}",
        "түсіндірмеге де байланысты: {0}";
    DoesNotState: "does not state {0}", "未载明 {0}", "tidak menyatakan {0}", "{0} көрсетілмеген";
    GivenBy: "{0} is given by:", "{0} 由下列各项给出：", "{0} diberikan oleh:", "{0} мыналардан шығады:";
    UntilThen: "until then: {0}", "在此之前：{0}", "sampai saat itu: {0}", "оған дейін: {0}";
    UntilThenNotSaid: "what holds until then is not said", "在此之前如何，未作说明", "yang berlaku sampai saat itu tidak disebut",
        "оған дейін не болатыны айтылмаған";
    DecidesAbout: "{0} decides {1}; {2}", "{1} 由 {0} 决定；{2}", "{0} memutuskan {1}; {2}", "{1} туралы {0} шешеді; {2}";
    If: "if ", "若 ", "jika ", "егер ";
    WhateverFacts: "the same whatever {0} turns out to be", "无论 {0} 为何，结果相同", "sama apa pun nilai {0}",
        "{0} қандай болса да, нәтиже бірдей";
    HoweverRead: "the same however {0} is read", "无论 {0} 如何解读，结果相同", "sama bagaimanapun {0} ditafsirkan",
        "{0} қалай түсіндірілсе де, нәтиже бірдей";
    WhateverAndHowever: "the same whatever {0} turns out to be and however {1} is read",
        "无论 {0} 为何、{1} 如何解读，结果相同", "sama apa pun nilai {0} dan bagaimanapun {1} ditafsirkan",
        "{0} қандай болса да және {1} қалай түсіндірілсе де, нәтиже бірдей";

    // readings
    Reading: "reading ", "解读 ", "tafsir ", "түсіндірме ";
    Is: "{0} is {1}", "{0} 取 {1}", "{0} adalah {1}", "{0}: {1}";
    TheDefault: "the default", "默认", "bawaan", "әдепкі";
    AsChosen: "as chosen", "按所选", "sesuai pilihan", "таңдалған";
    OnNoReading: "depends on no reading", "与任何解读无关", "tidak bergantung pada tafsir", "ешбір түсіндірмеге байланысты емес";
    SameUnderEvery: "the same under every reading of {0}", "{0} 的每种解读下结果相同", "sama dalam setiap tafsir {0}",
        "{0} қалай түсіндірілсе де, бірдей";
    NotSameUnderEvery: "not the same under every reading of {0}:", "{0} 的各种解读下结果不同：",
        "tidak sama dalam setiap tafsir {0}:", "{0} түсіндірмесіне қарай әртүрлі:";
    NoMatterHow: "no matter how {0} is read", "与 {0} 如何解读无关", "bagaimanapun {0} ditafsirkan",
        "{0} қалай түсіндірілсе де";
    NotAllTried: "there are more combinations than are tried: some readings were left as chosen",
        "组合过多，未全部尝试：部分解读保持所选", "kombinasi terlalu banyak untuk dicoba: sebagian tafsir dibiarkan sesuai pilihan",
        "нұсқалар тым көп: кейбір түсіндірмелер таңдалған күйінде қалды";
    Calendar: "calendar", "日历", "kalender", "күнтізбе";

    // what would change an answer
    WhatWouldChange: "What would change it", "怎样会改变结果", "Apa yang akan mengubahnya", "Нәтижені не өзгертеді";
    NothingChanges: "no change of one or two facts was found that gives another answer",
        "改变一两项事实，未见结果不同", "tidak ditemukan perubahan satu atau dua fakta yang mengubah jawaban",
        "бір-екі деректің өзгеруі басқа нәтиже бермейді";
    With: "{0}, with {1}", "{0}，若 {1}", "{0}, dengan {1}", "{0}, егер {1}";

    // the matrix of services
    ServicesGivenFor: "services that `{0}` gives for `{1}`", "`{0}` 依 `{1}` 给出的服务", "layanan yang diberikan `{0}` untuk `{1}`",
        "`{0}` `{1}` үшін беретін қызметтер";
    Service: "service", "服务", "layanan", "қызмет";
    Delivery: "delivery", "交付方式", "cara penyampaian", "көрсету тәсілі";
    Languages: "languages", "语言", "bahasa", "тілдер";
    Formerly: "formerly", "原称", "sebelumnya", "бұрынғы атауы";
    InNoCatalogue: "In no catalogue", "未列入目录", "Tidak tercantum dalam katalog", "Ешбір тізімде жоқ";
}

/// A message that has nothing to fill in.
pub(super) fn say(lang: &str, phrase: Phrase) -> &'static str {
    phrase.texts()[column(lang)]
}

/// A message with what fills it in.
pub(super) fn fill(lang: &str, phrase: Phrase, parts: &[&str]) -> String {
    let mut text = String::new();
    let mut rest = say(lang, phrase);
    // From left to right, so that braces in what is filled in stay as they are.
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (number, behind) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(number.parse().ok().and_then(|n: usize| parts.get(n)).copied().unwrap_or(""));
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// Several, joined by the language's `or` or `and`.
pub(super) fn joined(lang: &str, phrase: Phrase, parts: &[String]) -> String {
    let mut parts = parts.iter();
    let first = parts.next().cloned().unwrap_or_default();
    parts.fold(first, |text, part| fill(lang, phrase, &[&text, part]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_fills_in_the_same_parts() {
        for phrase in Phrase::ALL {
            let parts = |text: &str| {
                let mut found: Vec<String> = text.split('{').skip(1).map(|p| p.chars().take(1).collect()).collect();
                found.sort();
                found
            };
            let [en, others @ ..] = phrase.texts();
            for other in others {
                assert_eq!(parts(en), parts(other), "{phrase:?}: {other}");
                assert!(other != en && !other.is_empty(), "{phrase:?} is not translated");
            }
        }
    }

    #[test]
    fn a_language_that_is_not_spoken_reads_english() {
        assert_eq!(say("fr", Phrase::Determined), "Determined");
        assert_eq!(say("zh-CN", Phrase::Determined), "已确定");
        assert_eq!(fill("zh", Phrase::DecidesAbout, &["a", "{b}", "c"]), "{b} 由 a 决定；c");
        assert_eq!(joined("id", Phrase::Or, &["a".into(), "b".into(), "c".into()]), "a atau b atau c");
    }
}
