//! Output in the language asked for: the program's own words, and labels that are not there in it.

use crate::cli::{Folder, answers};

const RULES: &str = "\
    agreement care edition 2024 { label en \"Care\" }\n\
    enumeration plan { basic en \"the basic plan\" zh \"基础方案\"  plus en \"the plus plan\"  bare }\n\
    clause 1/a { says \"Plans.\" }\n\
    input order.plan : plan { label en \"the plan ordered\" }\n\
    input order.fee : money in USD { label en \"the fee\" zh \"费用\" }\n\
    decision chosen : plan { label en \"the plan\" zh \"方案\" cites 1/a always order.plan }\n\
    decision total : money in USD { label en \"the total\" cites 1/a always 2 * order.fee }\n\
    decision still : plan { cites 1/a silent otherwise }\n";

#[test]
fn a_label_that_is_only_there_in_english_is_marked() {
    let folder = Folder::new();
    let rules = folder.file("care.clause", RULES);
    let chosen = |plan: &str, lang: &str| {
        let facts = folder.file("facts.json", format!("{{\"order.plan\": \"{plan}\"}}"));
        answers(&["eval", &rules, "--facts", &facts, "--decision", "chosen", "--lang", lang]).1
    };
    assert!(chosen("basic", "zh").contains("basic (基础方案)"), "{}", chosen("basic", "zh"));
    assert!(chosen("plus", "zh").contains("plus ([en] the plus plan)"), "{}", chosen("plus", "zh"));
    assert!(chosen("plus", "en").contains("plus (the plus plan)"), "{}", chosen("plus", "en"));
    // Where there is no label at all, the bare name stands.
    assert!(chosen("bare", "zh").contains("bare\n"), "{}", chosen("bare", "zh"));
}

#[test]
fn the_program_speaks_the_language_asked_for() {
    let folder = Folder::new();
    let rules = folder.file("care.clause", RULES);
    let facts = folder.file("facts.json", "{\"order.plan\": \"basic\"}");
    let all = |lang: &str| {
        let decisions = ["--decision", "chosen", "--decision", "total", "--decision", "still"];
        let mut args = vec!["eval", &rules, "--facts", &facts, "--lang", lang];
        args.extend(decisions);
        answers(&args).1
    };
    for (lang, words) in [
        (
            "en",
            [
                "Determined",
                "The agreement is silent",
                "Facts are missing",
                "needs order.fee",
                "Facts that would settle them",
            ],
        ),
        ("zh", ["已确定", "协议未作规定", "缺少事实", "需要 order.fee", "可据以确定的事实"]),
        (
            "id",
            [
                "Sudah pasti",
                "Perjanjian tidak mengatur",
                "Fakta belum lengkap",
                "memerlukan order.fee",
                "Fakta yang akan",
            ],
        ),
        ("kk", ["Анықталған", "Келісімде айтылмаған", "Деректер жетіспейді", "керек: order.fee", "Оларды анықтайтын"]),
    ] {
        let text = all(lang);
        for word in words {
            assert!(text.contains(word), "{lang}: {word} is not in\n{text}");
        }
    }
    let zh = all("zh");
    assert!(zh.contains("[en] the total") && zh.contains("费用") && !zh.contains("the fee"), "{zh}");
    // A language that the program does not speak reads English.
    assert!(all("fr").contains("Determined"));
}
