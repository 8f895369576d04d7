//! The words that the model is written back in can be read again, and then are the same words: tried on every
//! decision of the agreements under `rules/` and of the examples in `docs/language.md`.

use clausal::model::{Body, Decision, DecisionKind, Hit, Model, Row, Words};
use clausal::source::Sources;
use clausal::source::disk::Disk;
use clausal::source::load::{Edition, Loaded, load};

#[test]
fn words_of_agreements_read_back_as_themselves() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let loaded = load(&Disk, rules).expect("the rules lie in the package");
    let written = read_back(loaded);
    assert!(written > 300, "only {written} decisions were written back");
}

#[test]
fn words_of_the_language_page_read_back_as_themselves() {
    let page = include_str!("../../docs/language.md");
    let examples = page
        .split("```clause\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .filter(|text| !text.contains("// file "));
    let mut written = 0;
    for example in examples {
        let mut sources = Sources::default();
        let file = sources.add("example.clause", example);
        let editions = vec![Edition { root: "example.clause".into(), files: vec![file], ..Edition::default() }];
        written += read_back(Loaded { sources, editions, problems: vec![] });
    }
    assert!(written > 10, "only {written} decisions were written back");
}

/// Writes every decision again under a new name, beside the rules themselves, and compares the words of both.
fn read_back(mut loaded: Loaded) -> usize {
    let mut count = 0;
    for edition in &mut loaded.editions {
        let set = clausal::open(&loaded.sources, edition);
        let model = set.checked.unwrap_or_else(|| panic!("{}: {:?}", set.root, set.problems)).model;
        let plain = |d: &&Decision| matches!(d.kind, DecisionKind::Plain) && d.columns.len() == 1;
        let originals: Vec<&Decision> = model.decisions.iter().filter(plain).collect();
        let text: String = originals.iter().map(|d| written(&model, d)).collect();
        let file = loaded.sources.add("again.clause", text.as_str());
        edition.files.push(file);
        let again = clausal::open(&loaded.sources, edition);
        let wrong: Vec<String> = again
            .problems
            .iter()
            .filter(|p| p.span.file == file && p.severity() == clausal::diag::Severity::Error)
            .map(|p| format!("{}: {}", p.message, loaded.sources.text(p.span)))
            .collect();
        assert_eq!(wrong, Vec::<String>::new(), "{text}");
        let again = again.checked.unwrap_or_else(|| panic!("{:?}", again.problems)).model;
        for decision in &originals {
            let id = again.decision_named(&format!("{}-again", decision.name)).expect("it was written");
            let renamed = written(&again, again.decision(id)).replacen("-again-again", "-again", 1);
            assert_eq!(renamed, written(&model, decision));
            count += 1;
        }
    }
    count
}

/// The general rule of a decision; exceptions are groups of the same forms.
fn written(model: &Model, decision: &Decision) -> String {
    let words = Words::of(model, decision);
    let mut text = format!("decision {}-again : {} {{\n", decision.name, model.type_name(&decision.ty));
    for binding in &decision.group.lets {
        text.push_str(&format!("  let {} = {}\n", binding.name, words.expr(&binding.value)));
    }
    match &decision.group.body {
        Body::Rules(rules) => rules.iter().for_each(|rule| text.push_str(&format!("  {}\n", words.rule(rule)))),
        Body::Table(table) => {
            match &table.hit {
                Hit::Unique => {}
                Hit::First => text.push_str("  hit first\n"),
                Hit::Collect => text.push_str("  hit collect\n"),
                Hit::Priority(order) => {
                    let order: Vec<String> = order.iter().map(|v| v.display(model).to_string()).collect();
                    text.push_str(&format!("  hit priority {{ {} }}\n", order.join(", ")));
                }
            }
            text.push_str(&format!("  | {} || answer |\n", words.headings(table).join(" | ")));
            let line = |row: &Row| {
                let (left, right) = words.row(row);
                format!("  | {} || {} |\n", left.join(" | "), right.join(" | "))
            };
            table.rows.iter().chain(&table.otherwise).for_each(|row| text.push_str(&line(row)));
        }
        Body::Period(_) | Body::Log => {}
    }
    text.push_str("}\n\n");
    text
}
