//! `clausal diff` from the outside: its formats, portfolios, revisions of git, and the page in a real browser.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::{browser, home};

const OLD: &str = r#"
agreement helpdesk edition first { label en "Service" }
clause a/fee  { says "A late cancellation costs a tenth." }
clause a/time { says "In time is ten days before." }

input booking.fee : money in USD { must be >= USD 0 }
input booking.on : date
input booking.cancelled-on : date
input booking.old-fact : yes-no

decision charge : money in USD {
  | booking.cancelled-on to booking.on in days || charge             | cites  |
  | >= 10 days                                 || USD 0              | a/time |
  | < 10 days                                  || 10% of booking.fee | a/fee  |
}
decision marked : yes-no {
  yes when booking.old-fact  [a/time]
  no otherwise               [a/time]
}

scenario "Late" {
  given booking.fee = USD 100
        booking.on = 2024-10-10
        booking.cancelled-on = 2024-10-05
  expect charge = USD 10
}
"#;

/// A folder of one test, with both editions in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        folder.file("old.clause", OLD);
        let new = OLD
            .replace("edition first", "edition second")
            .replace("10% of", "25% of")
            .replace("= USD 10\n", "= USD 25\n");
        folder.file("new.clause", &new);
        folder
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

fn run_in(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clausal"));
    command.current_dir(folder).args(args).output().expect("clausal runs")
}

fn run(args: &[&str]) -> (i32, String, String) {
    told(run_in(home(), args))
}

fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a status"), text(output.stdout), text(output.stderr))
}

fn diff(folder: &Folder, more: &[&str]) -> (i32, String, String) {
    let (old, new) = (folder.path("old.clause"), folder.path("new.clause"));
    run(&[&["diff", &old, &new], more].concat())
}

fn data(folder: &Folder, more: &[&str]) -> Value {
    let (status, out, err) = diff(folder, &[&["--format", "json"], more].concat());
    assert!(status <= 1, "{err}");
    serde_json::from_str(&out).expect("JSON")
}

#[test]
fn the_text_tells_what_changed_and_for_which_facts() {
    let folder = Folder::new();
    let (status, out, _) = diff(&folder, &["--only", "answers"]);
    assert_eq!(status, 1);
    let line = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let when = "when (booking.on less than 10 days after booking.cancelled-on, or earlier) and booking.fee > USD 0 was";
    assert!(line.contains(when), "{out}");
    assert!(out.contains("was  10% of booking.fee, here"), "{out}");
    assert!(out.contains("now  25% of booking.fee, here"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
}

#[test]
fn statuses_say_whether_anything_changed() {
    let folder = Folder::new();
    let old = folder.path("old.clause");
    assert_eq!(run(&["diff", &old, &old]).0, 0);
    assert_eq!(diff(&folder, &[]).0, 1);
    for (args, why) in [
        (vec!["diff", "nowhere", old.as_str()], "nowhere"),
        (vec!["diff", &old, &old, "--decision", "chagre"], "did you mean `charge`?"),
        (vec!["diff", &old, &old, "-o", "/nowhere/page.html"], "cannot be written"),
        (vec!["diff", &old, &old, "--scenarios", "a.txt"], "is no file of cases"),
    ] {
        let (status, _, err) = run(&args);
        assert_eq!(status, 2, "{args:?}");
        assert!(err.contains(why), "{args:?}: {err}");
    }
}

#[test]
fn the_data_is_as_the_schema_says() {
    let schema = run(&["schema", "--output-format", "diff"]).1;
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let held = |data: &Value| {
        let wrong: Vec<String> =
            validator.iter_errors(data).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    };
    let folder = Folder::new();
    let case = folder.file(
        "case.json",
        r#"{"booking.fee": "USD 200", "booking.on": "2024-10-10", "booking.cancelled-on": "2024-10-09"}"#,
    );
    held(&data(&folder, &["--scenarios", &case]));
    let (old, new) = ("rules/microsoft-unified/2023", "rules/microsoft-unified/2024-09");
    let (status, out, err) = run(&["diff", old, new, "--format", "json", "--cases", "60"]);
    assert_eq!(status, 1, "{err}");
    held(&serde_json::from_str(&out).expect("JSON"));
}

#[test]
fn a_portfolio_says_for_whom_it_changes_and_by_how_much() {
    let folder = Folder::new();
    let late = |fee: u32| json!({ "booking": { "fee": format!("USD {fee}"), "on": "2024-10-10", "cancelled-on": "2024-10-09" } });
    let mut early = late(700);
    early["booking"]["cancelled-on"] = "2024-09-01".into();
    let list = folder.file("list.json", &json!([{ "name": "Contoso", "facts": late(200) }, early]).to_string());
    let lines = folder.file("lines.ndjson", &format!("{}\n\n{}\n", late(40), early));
    let yaml = folder.file("one.yaml", "booking:\n  fee: USD 100\n  on: 2024-10-10\n  cancelled-on: 2024-10-09\n");
    let toml = folder.file(
        "two.toml",
        "[[cases]]\n\"booking.fee\" = \"USD 20\"\n\"booking.on\" = 2024-10-10\n\"booking.cancelled-on\" = 2024-10-09\n",
    );
    let scenario = folder.file(
        "more.clause",
        "scenario \"Fabrikam\" {\n  given booking.fee = USD 80\n        booking.on = 2024-10-10\n        booking.cancelled-on = 2024-10-09\n  expect charge = USD 20\n}\n",
    );
    let found = data(&folder, &["--scenarios", &list, &lines, &yaml, &toml, &scenario]);
    assert_eq!(found["summary"]["portfolio"], json!({ "given": 7, "changed": 5 }));
    let names: Vec<&str> =
        found["portfolio"]["cases"].as_array().expect("cases").iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(names[0], "Contoso");
    assert!(names[1].ends_with("lines.ndjson:1") && names[4] == "Fabrikam", "{names:?}");
    let tally = &found["portfolio"]["tallies"][0];
    let wanted = json!({ "answer": "charge", "changed": 5, "more": 5, "less": 0, "from": "USD 3", "to": "USD 30", "together": "USD 66" });
    assert_eq!(*tally, wanted);
    let (_, out, _) = diff(&folder, &["--scenarios", &list, "--only", "cases"]);
    assert!(out.contains("charge: USD 20 → USD 50 (+ USD 30)"), "{out}");
}

#[test]
fn facts_of_one_edition_are_told_and_mistakes_end_the_command() {
    let folder = Folder::new();
    let new = folder.file(
        "new.clause",
        &OLD.replace("input booking.old-fact : yes-no\n", "")
            .replace("yes when booking.old-fact", "yes when booking.fee > USD 5"),
    );
    assert!(new.ends_with("new.clause"));
    let known = folder.file("known.json", r#"{"booking.fee": "USD 200", "booking.old-fact": false}"#);
    let found = data(&folder, &["--scenarios", &known]);
    assert_eq!(found["portfolio"]["cases"][0]["notAsked"], json!(["\"booking.old-fact\""]));
    for (text, why) in [
        (r#"{"booking.fees": "USD 200"}"#, "these rules ask for no fact `booking.fees`"),
        (r#"{"booking.fee": "USD -1"}"#, "must be >= USD 0"),
        (r#"{"booking.fee": "#, "facts_not_read"),
        ("[]", "hold no case"),
    ] {
        let file = folder.file("wrong.json", text);
        let (status, _, err) = diff(&folder, &["--scenarios", &file]);
        assert_eq!(status, 2, "{text}");
        assert!(err.contains(why), "{text}: {err}");
    }
}

fn git(folder: &Path, args: &[&str]) -> bool {
    let who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    Command::new("git").current_dir(folder).args(who).args(args).output().is_ok_and(|o| o.status.success())
}

#[test]
fn revisions_of_git_are_editions() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let write = |name: &str, text: &str| {
        fs::create_dir_all(root.join(name).parent().expect("a folder")).expect("a folder");
        fs::write(root.join(name), text).expect("a file");
    };
    write("rules/x/rules.clause", OLD);
    assert!(git(root, &["init", "-q"]) && git(root, &["add", "."]) && git(root, &["commit", "-qm", "one"]));
    write("rules/x/rules.clause", &OLD.replace("10% of", "25% of").replace("= USD 10\n", "= USD 25\n"));
    let inner = root.join("rules");
    let in_folder = |at: &Path, args: &[&str]| told(run_in(at, args));
    for (at, old, new) in [
        (root, "HEAD:rules/x", "rules/x"),
        (&inner, "HEAD:rules/x/", "x"),
        (&inner, "HEAD:./x", "./x"),
        (&inner, "HEAD:x/../rules/x/rules.clause", "x/rules.clause"),
    ] {
        let (status, out, err) = in_folder(at, &["diff", old, new, "--only", "answers"]);
        assert_eq!(status, 1, "{old} {err}");
        assert!(out.contains("was  10% of booking.fee"), "{out}");
    }
    assert_eq!(in_folder(root, &["diff", "HEAD:rules", "HEAD:rules"]).0, 0);
    let outside = tempfile::tempdir().expect("a folder");
    for (at, written, why) in [
        (root, "HEAD~7:rules/x", "git knows no revision `HEAD~7` here"),
        (root, "nonsense:rules/x", "git knows no revision `nonsense` here"),
        (root, "HEAD:rules/y", "revision `HEAD` has no `rules/y`"),
        (root, "HEAD:../other", "leads out of the git repository"),
        (root, "HEAD:/etc", "leads out of the git repository"),
        (outside.path(), "HEAD:rules/x", "lies in no git repository"),
    ] {
        let (status, _, err) = in_folder(at, &["diff", written, &root.join("rules/x").display().to_string()]);
        assert_eq!(status, 2, "{written}");
        assert!(err.contains(why), "{written}: {err}");
    }
    let old = root.join("rules/x").display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_clausal"));
    let output = command.current_dir(root).env("PATH", "").args(["diff", "HEAD:rules/x", &old]).output();
    let (status, _, err) = told(output.expect("clausal runs"));
    assert_eq!(status, 2);
    assert!(err.contains("git, which cannot be run"), "{err}");
}

/// Values of an attribute, quoted or not.
fn attributes(page: &str, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in page.match_indices(&format!(" {name}=")) {
        let rest = &page[at + name.len() + 2..];
        let value = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => rest.split([' ', '>']).next(),
        };
        found.push(value.unwrap_or_default().to_owned());
    }
    found
}

#[test]
fn the_page_needs_nothing_else_and_is_not_too_large() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.html").display().to_string();
    let (old, new) = ("rules/microsoft-unified/2023", "rules/microsoft-unified/2024-09");
    let (status, out, err) = run(&["diff", old, new, "--format", "html", "-o", &path]);
    assert_eq!((status, out.as_str()), (1, ""), "{err}");
    let page = fs::read_to_string(&path).expect("a page");
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    let body = page.split("</style>").nth(1).expect("a body").split("<script>").next().expect("a body");
    assert!(attributes(body, "src").is_empty() && !page.contains("url(") && !page.contains("@import"));
    let ids: Vec<String> = attributes(body, "id");
    let known: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(ids.len(), known.len(), "an id stands twice");
    for href in attributes(body, "href") {
        let target = href.strip_prefix('#').unwrap_or_else(|| panic!("a way out of the page: {href}"));
        assert!(known.contains(target), "{href} leads nowhere");
    }
    for used in attributes(body, "aria-labelledby") {
        assert!(known.contains(used.as_str()), "{used}");
    }
    for landmark in
        ["<header>", "<nav aria-label=", "role=\"search\"", "<main id=\"main\"", "<footer>", "aria-live=\"polite\""]
    {
        assert!(body.contains(landmark), "{landmark}");
    }
    assert_eq!(body.matches("<h1>").count(), 1);
    let left: Vec<String> = fs::read_dir(folder.path())
        .expect("a folder")
        .flatten()
        .map(|f| f.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["page.html"], "nothing is left beside the page");
}

#[test]
fn texts_of_rules_do_no_harm_in_the_page() {
    let folder = Folder::new();
    let evil = OLD
        .replace("A late cancellation costs a tenth.", "</script><img src=x onerror='alert(1)'>&amp; a \\\"quote\\\"");
    let old = folder.file("old.clause", &evil);
    let new = folder.path("new.clause");
    let (_, page, err) = run(&["diff", &old, &new, "--format", "html"]);
    assert!(page.contains("&lt;/script&gt;&lt;img"), "{err}");
    assert!(!page.contains("<img"));
}

/// Drives the page and writes what it saw into the title.
const DRIVER: &str = r#"<script>
(function(){
var seen=[];
function shown(){return document.querySelectorAll(".entry:not([hidden])").length;}
function say(what,value){seen.push(what+"="+value);}
var text=document.getElementById("text"),section=document.getElementById("section"),form=document.getElementById("filter");
say("filter",!form.hidden);
say("all",shown());
say("count",document.getElementById("count").textContent);
text.value="event-cover 42";text.dispatchEvent(new Event("input",{bubbles:true}));
setTimeout(function(){
  say("words",shown());
  say("told",document.getElementById("count").textContent);
  text.value="nothing has these words";text.dispatchEvent(new Event("input",{bubbles:true}));
  setTimeout(function(){
    say("none",shown());
    say("nothing",document.querySelectorAll(".none:not([hidden])").length>0);
    form.reset();
    setTimeout(function(){
      say("again",shown());
      section.value="2.7";section.dispatchEvent(new Event("change",{bubbles:true}));
      say("section",shown());
      form.reset();
      setTimeout(function(){
        var box=form.querySelector("input[value=answer]");box.click();
        say("withoutAnswers",document.querySelectorAll("[data-kind=answer]:not([hidden])").length);
        form.reset();
        setTimeout(function(){
          var details=document.querySelector("details.witness");
          say("folded",details.open);
          details.querySelector("summary").click();
          say("unfolded",details.open);
          say("trees",details.querySelectorAll(".tree li").length>2);
          document.getElementById("unfold").click();
          say("allOpen",document.querySelectorAll(".entry details:not([open])").length);
          document.getElementById("fold").click();
          say("allFolded",document.querySelectorAll(".entry details[open]").length);
          var link=document.querySelector(".cites a");
          say("clause",document.getElementById(link.getAttribute("href").slice(1)).nextElementSibling.textContent.length>10);
          var named=Array.prototype.every.call(document.querySelectorAll("input,select,button,summary"),function(e){return (e.labels&&e.labels.length>0)||e.textContent.trim().length>0;});
          say("named",named);
          text.focus();say("focus",document.activeElement===text);
          say("wide",document.documentElement.scrollWidth<=window.innerWidth);
          document.title=seen.join("|");
        },60);
      },60);
    },60);
  },300);
},300);
})();
</script>"#;

#[test]
fn the_page_filters_unfolds_and_counts_in_a_browser() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = ("rules/microsoft-unified/2023", "rules/microsoft-unified/2024-09");
    let names = ["event-cover", "cancellation-charge", "flex-cap"].map(|name| ["--decision", name]).concat();
    let (_, page, err) = run(&[&["diff", old, new, "--format", "html"], names.as_slice()].concat());
    assert!(page.contains("</body>"), "{err}");
    let path = folder.path().join("driven.html");
    fs::write(&path, page.replace("</body>", &format!("{DRIVER}</body>"))).expect("a page");
    for width in ["1280,900", "500,900"] {
        let output = Command::new(&browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--virtual-time-budget=6000",
            ])
            .arg(format!("--window-size={width}"))
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .args(["--dump-dom", &format!("file://{}", path.display())])
            .output()
            .expect("the browser runs");
        let dom = String::from_utf8_lossy(&output.stdout).into_owned();
        let title = dom.split("<title>").nth(1).and_then(|t| t.split("</title>").next()).unwrap_or_default();
        let seen: std::collections::BTreeMap<&str, &str> = title.split('|').filter_map(|s| s.split_once('=')).collect();
        let is = |what: &str| seen.get(what).copied().unwrap_or_else(|| panic!("{what} was not seen: {title}"));
        let number = |what: &str| is(what).parse::<usize>().expect("a number");
        assert_eq!(is("filter"), "true");
        let all = number("all");
        assert!(all > 20, "{title}");
        assert_eq!(is("count"), format!("Shown: {all} of {all}"));
        assert!((1..all).contains(&number("words")), "{title}");
        assert_eq!(is("told"), format!("Shown: {} of {all}", number("words")));
        assert_eq!((is("none"), is("nothing")), ("0", "true"));
        assert_eq!(number("again"), all);
        assert!((1..all).contains(&number("section")), "{title}");
        assert_eq!(is("withoutAnswers"), "0");
        assert_eq!((is("folded"), is("unfolded"), is("trees")), ("false", "true", "true"));
        assert_eq!((is("allOpen"), is("allFolded")), ("0", "0"));
        assert_eq!((is("clause"), is("named"), is("focus")), ("true", "true", "true"), "{title}");
        assert_eq!(is("wide"), "true", "the page is wider than the window of {width}");
    }
}
