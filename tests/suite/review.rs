//! `clausal snapshot review`, run as a reviewer or a script runs it: what it lists, what it stores, what it remembers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

use crate::support::home;

/// An edition with a decision on a threshold, and as many scenarios as are wanted.
fn rules(threshold: &str, scenarios: usize) -> String {
    let mut text = format!(
        r#"
agreement sample edition 2024 {{ label en "Sample" }}
clause 1/plus at §1 {{ says "From the threshold on a customer has the Plus tier." says zh "达到门槛的客户享有 Plus 等级。" }}
clause 1/never at §1 {{ says "A customer in arrears has it never." }}
input spend : money in USD
input arrears : yes-no
decision plus : yes-no {{
  cites 1/plus
  yes when spend >= USD {threshold}
  no otherwise
  exception in-arrears {{
    cites 1/never
    no when arrears
  }}
}}
scenario "around the threshold" {{
  given arrears = no
  | case         | spend  || plus |
  | "say \"60\"" | USD 60 || yes  |
  | "well above" | USD 90 || yes  |
}}
"#
    );
    for number in 0..scenarios {
        text.push_str(&format!(
            "scenario \"number {number}\" {{ given spend = USD {}  arrears = no  expect plus = yes }}\n",
            number + 1
        ));
    }
    text
}

/// A folder with `rules/` and, once they are written, `snapshots/`.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(text: &str) -> Desk {
        let desk = Desk(tempfile::tempdir().expect("a temporary folder"));
        std::fs::create_dir(desk.path("rules")).expect("a folder");
        desk.says(text);
        assert_eq!(desk.run(&["snapshot", "write", "rules"]).0, 0);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn says(&self, text: &str) {
        std::fs::write(self.path("rules/sample.clause"), text).expect("a file in a temporary folder");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clausal"));
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (status.code().expect("it was not ended from outside"), text(stdout), text(stderr))
    }

    fn review(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run(&[&["snapshot", "review", "rules"], arguments].concat())
    }

    fn list(&self) -> Json {
        let (status, out, err) = self.review(&["--list", "--format", "json"]);
        assert!(status == 0 || status == 1, "{err}");
        let list = serde_json::from_str(&out).expect("JSON");
        assert_as_published(&list);
        list
    }

    /// The states of the changes, by name.
    fn states(&self) -> BTreeMap<String, String> {
        let text = |value: &Json| value.as_str().expect("a text").to_owned();
        let list = self.list();
        let changes = list["changes"].as_array().expect("a list");
        changes.iter().map(|change| (text(&change["name"]), text(&change["state"]))).collect()
    }

    fn stored(&self) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        collect(&self.path("snapshots"), &mut found);
        found
    }
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "snap") {
            let text = std::fs::read_to_string(&path).expect("a snapshot");
            found.insert(path, text);
        }
    }
}

fn assert_as_published(list: &Json) {
    let schema = std::fs::read_to_string(home().join("docs/schemas/review.json")).expect("the schema");
    let schema: Json = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> = validator.iter_errors(list).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{list:#}");
}

const CASES: &str = "outcomes/sample/2024/sample/around-the-threshold";

#[test]
fn the_list_tells_the_rules_and_clauses_behind_a_change() {
    let desk = Desk::new(&rules("60", 0));
    assert_eq!(desk.review(&["--list"]), (0, String::new(), String::new()));
    desk.says(&rules("70", 0));
    let (status, out, _) = desk.review(&["--list"]);
    assert_eq!(status, 1);
    assert_eq!(
        out,
        "\
changed      rules/sample/2024
  decision plus
    decision plus  rules/sample.clause:7
      [1/plus] §1 From the threshold on a customer has the Plus tier.
      [1/never] §1 A customer in arrears has it never.
changed      outcomes/sample/2024/sample/around-the-threshold
  case \"say \"60\"\": plus (the scenario expects yes: it fails)
    by plus  rules/sample.clause:10
      [1/plus] §1 From the threshold on a customer has the Plus tier.
"
    );
    let list = desk.list();
    let behind = &list["changes"][1]["behind"];
    assert_eq!(behind.as_array().map(Vec::len), Some(1), "the other case is as stored: {behind:#}");
    assert_eq!(behind[0]["expects"], "yes");
    assert_eq!(behind[0]["rules"][0]["at"]["line"], 10);
    assert_eq!(list["changes"][1]["clauses"]["1/plus"]["says"][1]["text"], "达到门槛的客户享有 Plus 等级。");
    let (_, out, _) = desk.review(&["--list", "--lang", "zh"]);
    assert!(out.contains("[1/plus] §1 达到门槛的客户享有 Plus 等级。"), "{out}");
    // The schema that the program prints is the one in the folder.
    let (_, printed, _) = desk.run(&["schema", "--output-format", "review"]);
    assert_eq!(printed, std::fs::read_to_string(home().join("docs/schemas/review.json")).expect("the schema"));
}

#[test]
fn what_is_new_or_gone_is_told_so() {
    let desk = Desk::new(&rules("60", 1));
    let text =
        rules("60", 2).replace("clause 1/never", "clause 1/in-arrears").replace("cites 1/never", "cites 1/in-arrears");
    desk.says(&text.replace("\"well above\"", "\"far above\""));
    let list = desk.list();
    let origins = |change: usize| -> Vec<String> {
        let behind = list["changes"][change]["behind"].as_array().expect("a list");
        behind.iter().map(|b| format!("{} {} {}", b["origin"], b["case"], b["subject"]).replace('"', "")).collect()
    };
    assert_eq!(origins(0), ["new null clause 1/in-arrears", "changed null decision plus", "gone null clause 1/never"]);
    assert_eq!(origins(1), ["new far above plus", "gone well above the case"]);
    assert_eq!((list["changes"][2]["kind"].as_str(), list["same"].as_u64()), (Some("new"), Some(1)));
}

#[test]
fn what_is_rejected_is_remembered_until_it_comes_out_otherwise() {
    let desk = Desk::new(&rules("60", 0));
    let before = desk.stored();
    desk.says(&rules("70", 0));
    let (status, out, _) = desk.review(&["--reject", "outcomes/**"]);
    assert_eq!(status, 1);
    assert_eq!(
        out,
        "accepted 0, rejected 1, left 1\n1 snapshot was rejected, and the rules still give what was: mend them, or look again with `--again`\n"
    );
    assert_eq!(desk.states()[CASES], "rejected");
    assert_eq!(desk.review(&["--accept-all"]).0, 1, "what was rejected is not accepted with the rest");
    assert_eq!(desk.states(), BTreeMap::from([(CASES.to_owned(), "rejected".to_owned())]));
    // Nothing is left to ask for, so no terminal is needed.
    let (status, out, _) = desk.review(&[]);
    assert_eq!(status, 1);
    assert!(out.starts_with("accepted 0, rejected 0, left 0\n1 snapshot was rejected"), "{out}");
    assert_eq!(desk.review(&["--again"]).0, 2, "asking needs a terminal");
    // Another outcome is another change.
    desk.says(
        &rules("80", 0).replace("cites 1/never", "cites 1/never, 1/plus").replace("USD 90 || yes ", "USD 75 || yes "),
    );
    assert_eq!(desk.states()[CASES], "pending");
    assert_eq!(desk.review(&["--accept", CASES]).0, 1);
    // Back as it was, all that remains is to take back what was accepted.
    desk.says(&rules("60", 0));
    assert_eq!(desk.review(&["--accept-all"]).0, 0);
    assert_eq!(desk.stored(), before);
    assert!(!desk.path("snapshots/.review").exists(), "nothing is remembered any longer");
}

#[test]
fn a_rejected_change_may_be_accepted_by_name() {
    let desk = Desk::new(&rules("60", 0));
    desk.says(&rules("70", 0));
    assert_eq!(desk.review(&["--reject", "*"]).0, 1);
    assert!(desk.path("snapshots/.review/rejected.json").exists());
    let (status, out, _) = desk.review(&["--accept", "rules/", "--accept", "snapshots/outcomes/sample"]);
    assert_eq!((status, out.as_str()), (0, "accepted 2, rejected 0, left 0\n"));
    assert_eq!(desk.states(), BTreeMap::new());
}

#[test]
fn names_that_fit_nothing_end_it_before_anything_is_done() {
    let desk = Desk::new(&rules("60", 0));
    desk.says(&rules("70", 0));
    let before = desk.stored();
    let (status, out, err) = desk.review(&["--accept", "rules/sample", "--accept", "rules/sampel/2024"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("`rules/sampel/2024`; did you mean `rules/sample/2024`?"), "{err}");
    let (status, _, err) = desk.review(&["--accept", "rules/*/2024", "--reject", "rules/sample"]);
    assert_eq!(status, 2);
    assert!(err.contains("`rules/sample/2024` is to be accepted and rejected: name it once"), "{err}");
    let (status, _, err) = desk.review(&[]);
    assert_eq!(status, 2);
    assert!(err.contains("a review asks at a terminal"), "{err}");
    assert_eq!(desk.stored(), before);
}

/// Whenever it is cut off, each snapshot is whole, and is either the old one or the new one; the next review goes on.
#[test]
fn a_review_that_is_killed_loses_nothing() {
    const MANY: usize = 400;
    let desk = Desk::new(&rules("1", MANY));
    let before = desk.stored();
    let text = rules("1", MANY)
        .replace("arrears = no  expect", "arrears = yes  expect")
        .replace("expect plus = yes", "expect plus = no");
    desk.says(&text);
    let mut cut_off = 0;
    for wait in [120, 60, 150, 90] {
        let mut child = desk.command(&["snapshot", "review", "rules", "--accept-all"]).spawn().expect("it starts");
        // Not before the first has been accepted, and not so late that all have.
        let start = desk.stored();
        for _ in 0..2_000 {
            let now = desk.path("snapshots/outcomes/sample/2024/sample/number-10.snap");
            let text = std::fs::read_to_string(now).unwrap_or_default();
            if text.contains("plus = no") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        std::thread::sleep(std::time::Duration::from_millis(wait / 10));
        let _ = child.kill();
        cut_off += usize::from(!child.wait().expect("it ended").success());
        let after = desk.stored();
        assert_eq!(after.len(), start.len());
        for (path, text) in &after {
            let new = text.contains("plus = no") && text.contains("in-arrears") && text.ends_with('\n');
            assert!(new || before.get(path) == Some(text), "{}:\n{text}", path.display());
        }
    }
    assert!(cut_off > 0, "it was never cut off: the test shows nothing");
    let waiting = desk.states().len();
    let (status, out, _) = desk.review(&["--accept-all"]);
    assert_eq!((status, out), (0, format!("accepted {waiting}, rejected 0, left 0\n")));
    assert_eq!(desk.states(), BTreeMap::new());
    let left: Vec<PathBuf> = std::fs::read_dir(desk.path("snapshots/outcomes/sample/2024/sample"))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_none_or(|ending| ending != "snap"))
        .collect();
    assert!(left.len() <= 4, "{left:?}");
}
