//! Facts files that must fail: each says in comments, `# LINE:COLUMN: code: message`, which problems it has.

use clausal::scenario::document::Format;
use clausal::scenario::fit;
use clausal::source::Sources;
use clausal::source::load::Edition;

use crate::support::{files_below, home, none_wrong};

/// The inputs that the fixtures are fitted to.
const RULES: &str = r#"
input order.spend : money in USD { must be >= USD 0 }
input order.share : percent
decision large : yes-no { always order.spend >= USD 60 and order.share > 5% }
"#;

#[test]
fn facts_files_have_exactly_the_problems_that_they_mark() {
    let mut wrong = Vec::new();
    for name in files_below("tests/cases/scenario/facts", "") {
        let text = std::fs::read_to_string(home().join(&name)).expect("the fixture can be read");
        let marks = text.lines().map_while(|line| line.strip_prefix("# "));
        let expected: Vec<String> = marks.map(|m| m.trim_end().to_owned()).collect();
        let found = problems(&name, &text);
        let same = found.len() == expected.len() && found.iter().zip(&expected).all(|(f, e)| f.starts_with(e.as_str()));
        if !same || expected.is_empty() {
            wrong.push(format!("{name}: it has {found:#?}"));
        }
    }
    none_wrong("facts files that do not do what they say", &wrong);
}

fn problems(name: &str, text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let rules = sources.add("rules.clause", RULES);
    let set =
        clausal::open(&sources, &Edition { root: "rules.clause".into(), files: vec![rules], ..Edition::default() });
    let model = set.checked.unwrap_or_else(|| panic!("{:?}", set.problems)).model;
    let format = name.rsplit_once('.').and_then(|(_, extension)| Format::from_extension(extension));
    let file = sources.add(name, text);
    let fitted = fit::read(&model, &sources, file, format.expect("a facts file"), &fit::no_files);
    let shown = fitted.problems.iter().map(|p| {
        let place = sources.place(p.span);
        format!("{}:{}: {}: {}", place.line, place.column, p.code.name(), p.message)
    });
    shown.collect()
}
