//! The commands that report, run as a person runs them: what they print, where, and with which exit status. What is
//! printed as JSON is held against the published schemas.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

const RULES: &str = r#"
agreement sample edition 2024 { label en "Sample" }
party vendor { label en "the vendor" zh "供应商" }
enumeration severity { 1 en "Severity 1" zh "严重性 1"  A en "Severity A" }
enumeration language { en en "English" zh "英语", ja en "Japanese" }
record line { fee : money in USD  on : date }
clause 1/fee at §1 "Fees" { says "Half the fee below 14 days' notice; the vendor decides below 5 days." says zh "不足 14 天收取一半费用。" }
clause 1/list at §1 { says "The list." }
clause 1/day at §1 { says "The first day may count or not." }
catalogue basics at "Table 1" { label en "Basics" zh "基础服务" cites 1/list }
service help { label en "Help" listed in basics offered base languages { en, ja } cites 1/list }
service more-help { listed in basics part of help offered limited-add-on was extra-help in sample 2023 cites 1/list }
input booking.fee : money in USD { label en "fee" zh "费用" ask en "What is the fee?" must be >= USD 0 }
input booking.notice : days
input booking.lines : list of line
input booking.severity : severity
input booking.service : service
reading first-day { cites 1/day ask en "Does the first day count?" either counted en "it does" or left-out en "it does not" }
reading generous { cites 1/day ask en "Is it generous?" either no-it-is-not (default) or yes-it-is }
decision charge : money in USD {
  label en "what is charged" zh "应收费用"
  cites 1/fee
  USD 0 when booking.notice >= 14 days
  50% of booking.fee when booking.notice in 5..13 days
  at the discretion of vendor meanwhile booking.fee otherwise
  exception generosity { USD 1 when generous is yes-it-is }
}
decision days-counted : days {
  cites 1/day
  booking.notice when first-day is counted
  booking.notice - 1 day otherwise
}
decision unsaid : yes-no { cites 1/day silent otherwise }
decision both : yes-no {
  cites 1/list
  yes when booking.severity is 1
  no when booking.notice > 3 days
  silent otherwise
}
decision total : money in USD { cites 1/fee always sum of l.fee for l in booking.lines where l.on > 2024-01-01 }
decision kind : severity {
  cites 1/list
  | booking.service || kind |
  | help            || A    |
  | more-help       || 1    |
}
scenario "in conflict" {
  given booking.severity = 1
        booking.notice = 9 days
  expect both = conflict
}
"#;

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clausal"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A command that does not read its input closes it.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    child.wait_with_output().expect("the program ends")
}

/// A folder with the rules, gone when the test is.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a temporary folder"));
        folder.write("sample.clause", RULES);
        folder
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("a file in a temporary folder");
        path.to_string_lossy().into_owned()
    }

    fn rules(&self) -> &str {
        self.0.path().to_str().expect("a path in UTF-8")
    }
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty(), "what is wrong goes to standard error");
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

pub fn json(output: &Output) -> Json {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Panics with what is wrong if the JSON is not as the published schema says.
pub fn assert_published(name: &str, data: &Json) {
    let schema = json(&run(&["schema", "--output-format", name], ""));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> = validator.iter_errors(data).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{data:#}");
}

#[test]
fn each_kind_of_answer_has_its_own_part_of_the_text() {
    let folder = Folder::new();
    let facts = r#"{"booking": {"fee": "USD 1,000", "notice": "9 days", "severity": 1}}"#;
    let printed = text(&run(&["eval", folder.rules(), "--facts", "-"], facts));
    let place = folder.0.path().join("sample.clause").to_string_lossy().into_owned();
    let printed = printed.replace(&place, "sample.clause");
    assert_eq!(
        printed,
        "\
Determined
  charge  USD 500
      what is charged
      reading generous is no-it-is-not, the default
      [1/fee] and 1 more behind it

In conflict: rules apply that disagree
  both  yes against no
      both is given by:
        yes  sample.clause:36:3  [1/list]
        no  sample.clause:37:3  [1/list]
      [1/list]

Turns on an open reading
  days-counted  depends on how first-day is read
      if first-day is counted (it does): 9 days
      if first-day is left-out (it does not): 8 days
      Does the first day count?
      [1/day]

The agreement is silent
  unsaid  silent
        [1/day] The first day may count or not.

not settled by these facts: 2 (use --decision)
"
    );
}

#[test]
fn a_decision_by_name_says_which_facts_it_needs() {
    let folder = Folder::new();
    let printed = text(&run(&["eval", folder.rules(), "--decision", "charge", "--lang", "zh"], ""));
    assert_eq!(
        printed,
        "\
缺少事实
  charge  需要 booking.fee, booking.notice
      应收费用
      解读 generous 取 no-it-is-not, 默认
      [1/fee, 1/day]

可据以确定的事实
  booking.fee     money in USD  费用
  booking.notice  days
"
    );
}

#[test]
fn discretion_names_the_party_and_what_holds_meanwhile() {
    let folder = Folder::new();
    let facts = "booking:\n  fee: 80\n  notice: 2 days\n";
    let facts = folder.write("facts.yaml", facts);
    let printed = text(&run(&["eval", folder.rules(), "--facts", &facts, "--decision", "charge", "--lang", "zh"], ""));
    assert!(printed.contains("charge  由 vendor (供应商) 决定\n"), "{printed}");
    assert!(printed.contains("在此之前：USD 80\n"), "{printed}");
    assert!(printed.contains("[1/fee] 不足 14 天收取一半费用。"), "{printed}");
}

#[test]
fn every_reading_is_tried_when_asked_for() {
    let folder = Folder::new();
    let facts = folder.write("facts.toml", "booking.fee = \"USD 80\"\nbooking.notice = \"20 days\"\n");
    let printed = text(&run(&["eval", folder.rules(), "--facts", &facts, "--readings", "all"], ""));
    assert!(printed.contains("not the same under every reading of generous:"), "{printed}");
    assert!(printed.contains("if generous is no-it-is-not: USD 0\n"), "{printed}");
    assert!(printed.contains("if generous is yes-it-is: USD 1\n"), "{printed}");
    let arguments =
        ["eval", folder.rules(), "--facts", &facts, "--decision", "charge", "--readings", "generous=yes-it-is"];
    let printed = text(&run(&arguments, ""));
    assert!(printed.contains("charge  USD 1\n"), "{printed}");
    assert!(printed.contains("reading generous is yes-it-is, as chosen\n"), "{printed}");
}

#[test]
fn facts_can_be_a_scenario() {
    let folder = Folder::new();
    let own = folder.write("facts.txt", "");
    let scenario = "scenario \"one\" { given booking.fee = USD 5 booking.notice = 30 days }\nscenario \"two\" { given booking.notice = 30 days }\n";
    let outside = tempfile::tempdir().expect("a temporary folder");
    let path = outside.path().join("facts.clause");
    std::fs::write(&path, scenario).expect("a file in a temporary folder");
    let path = path.to_string_lossy();
    let printed = text(&run(&["eval", folder.rules(), "--facts", &format!("{path}#one"), "--decision", "charge"], ""));
    assert!(printed.contains("charge  USD 0\n"), "{printed}");
    let wrong = refusal(&run(&["eval", folder.rules(), "--facts", &path], ""));
    assert!(wrong.contains("holds 2 scenarios; name one"), "{wrong}");
    let wrong = refusal(&run(&["eval", folder.rules(), "--facts", &own], ""));
    assert!(wrong.contains("its name ends with .json, .yaml, .toml or .clause"), "{wrong}");
}

#[test]
fn mistakes_in_facts_point_at_their_lines() {
    let folder = Folder::new();
    let facts = folder.write("facts.json", "{\n  \"booking.fee\": \"EUR 5\",\n  \"bookin.fee\": 1\n}\n");
    let wrong = refusal(&run(&["eval", folder.rules(), "--facts", &facts], ""));
    assert!(wrong.contains("facts.json:2:18"), "{wrong}");
    assert!(wrong.contains("facts.json:3:3"), "{wrong}");
    assert!(wrong.contains("did you mean `booking.fee`?"), "{wrong}");
}

#[test]
fn unknown_names_have_neighbours() {
    let folder = Folder::new();
    let wrong = |arguments: &[&str]| refusal(&run(arguments, ""));
    assert!(wrong(&["eval", folder.rules(), "--decision", "chrage"]).contains("did you mean `charge`?"));
    assert!(wrong(&["eval", folder.rules(), "--readings", "genrous=x"]).contains("did you mean `generous`?"));
    assert!(wrong(&["eval", folder.rules(), "--edition", "2023"]).contains("sample 2024"));
    assert!(wrong(&["catalogue", folder.rules(), "--package", "basic"]).contains("did you mean `basics`?"));
    assert!(wrong(&["explain-code", "gap_in_tabel"]).contains("did you mean `gap_in_table`?"));
}

#[test]
fn an_explanation_is_a_tree_with_clauses_and_facts() {
    let folder = Folder::new();
    let facts = r#"{"booking": {"fee": "USD 1,000", "notice": "9 days"}}"#;
    let printed = text(&run(&["explain", folder.rules(), "--facts", "-", "--decision", "charge", "--why-not"], facts));
    let place = folder.0.path().join("sample.clause").to_string_lossy().into_owned();
    let tree = printed.replace(&place, "sample.clause");
    let tree = tree.split_once("\n\n").map_or("", |(_, tree)| tree);
    assert_eq!(
        tree,
        "\
charge = USD 500
│   what is charged
├─ ✗ USD 0 when booking.notice >= 14 days — does not apply
│  │   sample.clause:23
│  │   [1/fee] §1 Half the fee below 14 days' notice; the vendor decides below 5 days.
│  └─ booking.notice = 9 days
├─ ✓ 50% of booking.fee when booking.notice in 5..13 days
│  │   sample.clause:24 [1/fee]
│  ├─ booking.notice = 9 days
│  └─ booking.fee = USD 1,000
│         fee
├─ ✗ at the discretion of vendor meanwhile booking.fee otherwise — does not apply; another rule
│      applies
│      sample.clause:25 [1/fee]
└─ ✗ exception generosity — does not apply
   └─ ✗ USD 1 when generous is yes-it-is — does not apply
      │   sample.clause:26
      └─ generous = no-it-is-not — the default reading
             Is it generous?
             [1/day] §1 The first day may count or not.

What would change it
  USD 500.005, with booking.fee: USD 1,000.01 in place of USD 1,000 (short by USD 0.01)
  USD 499.995, with booking.fee: USD 999.99 in place of USD 1,000 (over by USD 0.01)
  USD 0, with booking.notice: 14 days in place of 9 days (short by 5 days)
"
    );
}

#[test]
fn the_catalogue_is_the_matrix_of_the_paper() {
    let folder = Folder::new();
    let printed = text(&run(&["catalogue", folder.rules(), "--lang", "zh"], ""));
    assert_eq!(
        printed,
        "\
Table 1: 基础服务
      服务         语言                 原称
  ✓   [en] Help    英语, [en] Japanese                            help
  +¹    more-help                       extra-help (sample 2023)

  ✓   包含在基础包中
  +¹  可附加购买，有最大数量
"
    );
    let printed = text(&run(&["catalogue", folder.rules(), "--package", "A"], ""));
    assert!(printed.contains("services that `kind` gives for `booking.service`"), "{printed}");
    assert!(!printed.contains("more-help"), "{printed}");
}

/// Two packages, a row that is hard to read, and a package that the tables do not know.
const TWO_PACKAGES: &str = r#"
agreement two edition 2024 {
  label en "Two packages"
  marks package-offer by order.package
}
enumeration support-package { advanced en "Advanced" zh "高级", performance en "Performance", core }
input order.package   : support-package
input order.agreed    : yes-no
input request.service : service
clause 1/rows { says "The rows of the table." }
reading lost-row { cites 1/rows ask en "Does the mark stand in both columns?" either both (default) en "in both" or one en "in the first" }
catalogue planning at "Table 1" { label en "Planning" }
service adviser  { cites 1/rows listed in planning }
service webcasts { cites 1/rows listed in planning }
service retainer { cites 1/rows listed in planning }
decision package-offer : offering {
  cites 1/rows
  let second = if lost-row is both then yes else no
  | request.service | order.package | second | order.agreed || offer          |
  | adviser         | advanced      | any    | any          || add-on         |
  | adviser         | performance   | any    | any          || limited-add-on |
  | webcasts        | advanced      | any    | any          || base           |
  | webcasts        | performance   | yes    | any          || base           |
  | webcasts        | performance   | no     | any          || -              |
  | retainer        | advanced      | any    | yes          || base           |
  | retainer        | advanced      | any    | no           || add-on         |
  | retainer        | performance   | any    | any          || -              |
  | any             | core          | any    | any          || -              |
}
decision premium : yes-no { cites 1/rows always order.package is performance }
"#;

#[test]
fn a_package_has_a_column_of_marks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("two.clause");
    std::fs::write(&path, TWO_PACKAGES).expect("a file in a temporary folder");
    let path = path.to_str().expect("a path in UTF-8");
    let printed = text(&run(&["catalogue", path], ""));
    assert_eq!(
        printed,
        "\
marks are what `package-offer` gives for each `order.package`

Table 1: Planning
  Advanced  Performance  service
  +         +¹           adviser
  ✓         ✓ᵃ           webcasts
  ?ᵇ                     retainer

  ✓   included in the base package
  +   can be added
  +¹  can be added, up to a maximum quantity
  ᵃ   rests on reading lost-row = both (in both); no mark if one (in the first)
  ᵇ   facts missing: order.agreed
"
    );
    let data = json(&run(&["catalogue", path, "--format", "json"], ""));
    assert_published("catalogue", &data);
    assert_eq!(data["columns"]["members"][0]["labels"]["zh"], "高级");
    assert_eq!(data["catalogues"][0]["services"][1]["marks"][1]["restsOn"][0]["reading"], "lost-row");
    let asked = ["catalogue", path, "--mark", "package-offer", "--by", "order.package"];
    assert_eq!(text(&run(&asked, "")), printed);
    let wrong = |mark: &str, by: &str| refusal(&run(&["catalogue", path, "--mark", mark, "--by", by], ""));
    assert!(wrong("pakage-offer", "order.package").contains("did you mean `package-offer`?"));
    assert!(wrong("package-offer", "order.pakage").contains("did you mean `order.package`?"));
    assert!(wrong("premium", "order.package").contains("`premium` is `yes-no`, and a mark is an `offering`"));
    assert!(wrong("package-offer", "order.agreed").contains("columns are the members of an enumeration"));
    assert_eq!(run(&["catalogue", path, "--mark", "package-offer"], "").status.code(), Some(2));
}

#[test]
fn the_schema_of_facts_takes_what_is_taken_and_refuses_what_is_refused() {
    let folder = Folder::new();
    let schema = json(&run(&["schema", folder.rules()], ""));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let documents = [
        r#"{"booking": {"fee": "USD 1,000", "notice": "9 days", "severity": 1, "service": "help"}}"#,
        r#"{"booking.fee": 5, "booking.severity": "严重性 1", "readings": {"generous": "yes-it-is"}}"#,
        r#"{"booking": {"fee": {"amount": "5.5"}, "lines": [{"fee": "USD 5", "on": null}], "notice": null}}"#,
        r#"{"booking": null}"#,
        r#"{"booking.fee": "EUR 5"}"#,
        r#"{"booking.notice": 9}"#,
        r#"{"booking.severity": "B"}"#,
        r#"{"booking": {"nothing": 1}}"#,
        r#"{"booking.lines": [{"feee": 5}]}"#,
        r#"{"readings": {"generous": "perhaps"}}"#,
    ];
    for document in documents {
        let data: Json = serde_json::from_str(document).expect("JSON");
        let taken = run(&["eval", folder.rules(), "--facts", "-"], document).status.success();
        assert_eq!(validator.is_valid(&data), taken, "{document}");
    }
}

#[test]
fn what_commands_print_as_json_is_as_published() {
    let folder = Folder::new();
    let facts = folder.write("facts.json", r#"{"booking": {"fee": "USD 1,000", "notice": "9 days", "severity": 1}}"#);
    let of = |name: &str, arguments: &[&str]| {
        let arguments = [arguments, &["--format", "json"]].concat();
        assert_published(name, &json(&run(&arguments, "")));
    };
    let rules = folder.rules();
    of("eval", &["eval", rules, "--facts", &facts]);
    of("eval", &["eval", rules, "--facts", &facts, "--readings", "all"]);
    of("eval", &["eval", rules]);
    for decision in ["charge", "days-counted", "both", "unsaid", "total"] {
        of("explain", &["explain", rules, "--facts", &facts, "--decision", decision, "--why-not"]);
    }
    of("catalogue", &["catalogue", rules]);
    of("catalogue", &["catalogue", "rules/microsoft-enterprise-services/kk"]);
    of("check", &["check", rules]);
    of("coverage", &["coverage", rules]);
    of("test", &["test", rules]);
}

#[test]
fn what_is_printed_of_an_agreement_is_as_published() {
    let rules = "rules/microsoft-unified/2024-09";
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(rules).is_dir());
    for (name, arguments) in [
        ("eval", vec!["eval", rules, "--format", "json"]),
        ("catalogue", vec!["catalogue", rules, "--format", "json"]),
        ("explain", vec!["explain", rules, "--decision", "base", "--format", "json"]),
    ] {
        assert_published(name, &json(&run(&arguments, "")));
    }
}

#[test]
fn completions_and_problem_pages_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(text(&run(&["completions", shell], "")).contains("explain-code"), "{shell}");
    }
    assert!(text(&run(&["explain-code", "wrong-fact"], "")).starts_with("# wrong_fact: "));
    assert!(text(&run(&["explain-code"], "")).contains("\ngap_in_table"));
}
