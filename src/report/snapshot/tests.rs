//! Snapshots of small rules: layout does not show in them, and meaning does.

use std::collections::BTreeMap;

use super::Snapshot;
use crate::source::Files;
use crate::source::load::load;

struct Texts(BTreeMap<String, String>);

impl Files for Texts {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_owned())
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let below: Vec<String> =
            self.0.keys().filter_map(|f| f.strip_prefix(path)?.strip_prefix('/')).map(str::to_owned).collect();
        let mut names: Vec<String> =
            below.iter().map(|f| f.split_once('/').map_or(f.clone(), |(folder, _)| format!("{folder}/"))).collect();
        names.dedup();
        (!names.is_empty()).then_some(names)
    }
}

/// The snapshots of an edition in these files.
fn snapshots(files: &[(&str, &str)]) -> Vec<Snapshot> {
    let texts = files.iter().map(|(name, text)| (format!("rules/{name}"), (*text).to_owned())).collect();
    let loaded = load(&Texts(texts), "rules").expect("there are rules");
    let set = crate::open(&loaded.sources, &loaded.editions[0]);
    assert!(set.checked.is_some(), "{:?}", set.problems);
    set.snapshots(&loaded.sources)
}

const RULES: &str = r#"
agreement sample edition 1 { label en "A sample" }
party vendor {}
clause 1/fee at §1 "Fees" { says "The fee is \"low\"." }
clause 1/late { says "Late requests are up to the vendor." }
enumeration kind { basic en "Basic" zh "基本", other-kind, extra }
input request.kind : kind
input request.days : days { must be >= 0 days }
reading counting { cites 1/late either from-day-one or from-next-day en "the day after" }
decision fee : money in USD {
  cites 1/fee
  | request.kind || fee    |
  | basic        || USD 5  |
  | other        || USD 10 |
  exception late {
    cites 1/late
    at the discretion of vendor when request.days > 10 days
    silent when request.days > 5 days and request.days <= 10 days and counting is from-day-one
  }
}
"#;

const SCENARIOS: &str = r#"
scenario "Fees" {
  given request.kind = basic
  | case         | request.days || fee                         |
  | "in time"    | 5 days       || USD 5                       |
  | "late"       | 11 days      || at the discretion of vendor |
  | "in between" | 6 days       || open reading counting       |
  | "not told"   | -            || missing { request.days }    |
}
scenario "An extra request, on the first day" {
  given request.kind = extra
        request.days = 1 days
  expect fee = USD 10
}
"#;

#[test]
fn layout_comments_and_files_do_not_show() {
    let plain = snapshots(&[("a.clause", RULES), ("scenarios/fees.clause", SCENARIOS)]);
    let loose: String = RULES
        .lines()
        .map(|line| {
            format!(
                "// about what follows\n{}  // at its end\n\n",
                line.replace(" | ", "   |  ").replace(" = ", "  =   ")
            )
        })
        .collect();
    let loose = loose.replace("// at its end\n\n", "// at its end\n");
    assert_eq!(snapshots(&[("a.clause", &loose), ("scenarios/fees.clause", SCENARIOS)]), plain);
    let (head, tail) = RULES.split_once("reading counting").expect("the reading is there");
    let tail = format!("reading counting{tail}");
    assert_eq!(snapshots(&[("a.clause", head), ("b.clause", &tail), ("scenarios/fees.clause", SCENARIOS)]), plain);
}

#[test]
fn meaning_shows() {
    let plain = snapshots(&[("a.clause", RULES), ("scenarios/fees.clause", SCENARIOS)]);
    let changed = RULES.replace("| basic        || USD 5 ", "| basic        || USD 5.50 ");
    let now = snapshots(&[("a.clause", &changed), ("scenarios/fees.clause", SCENARIOS)]);
    let differ: Vec<&str> = plain.iter().zip(&now).filter(|(a, b)| a != b).map(|(a, _)| a.name.as_str()).collect();
    assert_eq!(differ, ["rules/sample/1", "outcomes/sample/1/fees/Fees"]);
}

#[test]
fn rules_read_as_they_are_written() {
    let all = snapshots(&[("a.clause", RULES)]);
    let expected = r#"agreement sample edition 1
  label en "A sample"

party vendor

clause 1/fee at §1 "Fees"
  says "The fee is \"low\"."

clause 1/late
  says "Late requests are up to the vendor."

enumeration kind
  basic  en "Basic"  zh "基本"
  other-kind
  extra

input request.kind : kind

input request.days : days
  must be >= 0 days

reading counting
  cites 1/late
  either from-day-one
  or from-next-day  en "the day after"

decision fee : money in USD
  cites 1/fee
  | request.kind || answer |
  | basic        || USD 5  |
  | other        || USD 10 |
  exception late
    cites 1/late
    at the discretion of vendor when request.days > 10 days
    silent when request.days > 5 days and request.days <= 10 days and counting is from-day-one
"#;
    assert_eq!(all[0].contents, expected);
}

#[test]
fn outcomes_tell_every_reason() {
    let all = snapshots(&[("a.clause", RULES), ("scenarios/fees.clause", SCENARIOS)]);
    let names: Vec<&str> = all.iter().map(|s| s.name.as_str()).collect();
    let alone = "outcomes/sample/1/fees/An-extra-request-on-the-first-day";
    assert_eq!(names, ["rules/sample/1", "outcomes/sample/1/fees/Fees", alone]);
    let expected = r#"scenario "Fees"
given request.kind = basic

case "in time"
  given request.days = 5 days
  fee = USD 5
    by fee   [1/fee]

case "late"
  given request.days = 11 days
  fee: at the discretion of vendor   [1/fee, 1/late]
"#;
    assert_eq!(all[1].contents.get(..expected.len()), Some(expected), "{}", all[1].contents);
    let open = "  fee: open reading counting\n    if counting is from-day-one: silent";
    assert!(all[1].contents.contains(open), "{}", all[1].contents);
    assert!(
        all[1].contents.contains("  fee: not determined\n    missing { request.days }\n    open reading counting\n"),
        "{}",
        all[1].contents
    );
    assert!(all[2].contents.ends_with("\nfee = USD 10\n  by fee   [1/fee]\n"), "{}", all[2].contents);
}
