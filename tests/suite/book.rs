//! `clausal doc`: the book of a sample and of the agreements. What it holds, that every link leads somewhere and nothing
//! leads outside, and that its search and its languages work in a browser, where there is one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Command, Output};

use clausal::model::{ItemRef, Model};
use clausal::source::disk::Disk;

use crate::support::{browser, home, none_wrong, open, with_stack};

const SAMPLE: &str = "tests/suite/book/sample.clause";
/// What the largest book may weigh, in bytes.
const LARGEST: usize = 5_000_000;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clausal"));
    let Output { status, stdout, stderr } = command.args(arguments).current_dir(home()).output().expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("it was not ended from outside"), text(stdout), text(stderr))
}

/// The books under a path, by the folder of the rules, each with its model's items.
fn books(path: &str) -> Vec<(String, String)> {
    let opened = open(&Disk, path);
    let book = |set: &clausal::RuleSet| (set.root.clone(), set.book(&opened.sources, "en").expect("sound rules").html);
    opened.sets.iter().map(book).collect()
}

fn sample() -> String {
    books(SAMPLE).pop().expect("a book").1
}

/// An element's start: its name and its attributes, as they stand.
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
}

/// All start tags, and what is wrong with the nesting. The book quotes every attribute.
fn tags(html: &str) -> (Vec<Tag>, Vec<String>) {
    const EMPTY: [&str; 4] = ["meta", "input", "br", "link"];
    let (mut tags, mut wrong, mut open) = (Vec::new(), Vec::new(), Vec::<String>::new());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let end = rest.find('>').expect("a tag has its end");
        let inner = &rest[1..end];
        rest = &rest[end + 1..];
        if inner.starts_with('!') {
            continue;
        }
        if let Some(name) = inner.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                wrong.push(format!("</{name}> closes something else"));
            }
            continue;
        }
        let name: String = inner.chars().take_while(char::is_ascii_alphanumeric).collect();
        let mut attributes = BTreeMap::new();
        let mut part = &inner[name.len()..];
        while let Some((before, after)) = part.split_once("=\"") {
            let Some((value, next)) = after.split_once('"') else { break };
            attributes.insert(before.rsplit(' ').next().unwrap_or(before).trim().to_owned(), value.to_owned());
            part = next;
        }
        // What stands in a style or a script is not HTML.
        if ["style", "script"].contains(&name.as_str()) {
            let close = rest.find(&format!("</{name}>")).expect("it is closed");
            rest = &rest[close..];
        }
        if !EMPTY.contains(&name.as_str()) {
            open.push(name.clone());
        }
        tags.push(Tag { name, attributes });
    }
    wrong.extend(open.iter().map(|name| format!("<{name}> is not closed")));
    (tags, wrong)
}

/// What is wrong with a book, whatever is in it.
fn mistakes(html: &str) -> Vec<String> {
    let (tags, mut wrong) = tags(html);
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.attributes.get("id")) {
        if !ids.insert(id) {
            wrong.push(format!("two things are called `{id}`"));
        }
    }
    for tag in &tags {
        for (name, value) in &tag.attributes {
            match name.as_str() {
                "href" => match value.strip_prefix('#') {
                    Some(id) if ids.contains(id) => {}
                    Some(id) => wrong.push(format!("a link leads to `{id}`, which is not there")),
                    None => wrong.push(format!("a link leads outside: {value}")),
                },
                "aria-labelledby" | "aria-controls" | "for" if !ids.contains(value.as_str()) => {
                    wrong.push(format!("{name} names `{value}`, which is not there"));
                }
                "src" | "action" | "data" | "srcset" | "poster" => wrong.push(format!("<{}> loads {value}", tag.name)),
                _ => {}
            }
        }
        let has = |name: &str| tag.attributes.contains_key(name);
        if tag.name == "th" && !has("scope") {
            wrong.push("a heading of a table has no scope".to_owned());
        }
        if tag.name == "nav" && !has("aria-label") {
            wrong.push("a landmark has no name".to_owned());
        }
        if ["link", "img", "iframe", "object", "embed"].contains(&tag.name.as_str()) {
            wrong.push(format!("<{}> may load something", tag.name));
        }
    }
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    if count("table") != count("caption") {
        wrong.push(format!("{} tables have {} captions", count("table"), count("caption")));
    }
    for (name, wanted) in [("main", 1), ("h1", 1), ("header", 1), ("nav", 1), ("title", 1)] {
        if count(name) != wanted {
            wrong.push(format!("there are {} <{name}>", count(name)));
        }
    }
    for outside in ["http://", "https://", "url(", "@import", "fetch(", "XMLHttpRequest"] {
        if html.contains(outside) {
            wrong.push(format!("it speaks of {outside}"));
        }
    }
    wrong
}

/// Items that have no place in the book.
fn left_out(model: &Model, html: &str) -> Vec<String> {
    let (tags, _) = tags(html);
    let ids: BTreeSet<&str> = tags.iter().filter_map(|tag| tag.attributes.get("id")).map(String::as_str).collect();
    let mut wanted: Vec<String> = Vec::new();
    for item in &model.order {
        match item {
            ItemRef::Decision(id) => wanted.push(format!("decision-{}", model.decision(*id).name)),
            ItemRef::Clause(id) => wanted.push(format!("clause-{}", model.clause(*id).id)),
            ItemRef::Input(id) => wanted.push(format!("input-{}", model.input(*id).name)),
            ItemRef::Reading(id) => wanted.push(format!("reading-{}", model.reading(*id).name)),
            ItemRef::Service(n) => wanted.push(format!("service-{}", model.services[*n as usize].name)),
            ItemRef::Calendar(n) => wanted.push(format!("calendar-{}", model.calendars[*n as usize].name)),
            ItemRef::Event(n) => wanted.push(format!("event-{}", model.events[*n as usize].name)),
            ItemRef::Enumeration(id) => wanted.push(format!("enumeration-{}", model.enumeration(*id).name)),
            _ => {}
        }
    }
    wanted.into_iter().filter(|id| !ids.contains(id.as_str())).collect()
}

#[test]
fn the_books_of_all_agreements_are_whole() {
    let found = with_stack(|| {
        let opened = open(&Disk, "rules");
        let mut wrong = Vec::new();
        for set in &opened.sets {
            let book = set.book(&opened.sources, "en").expect("sound rules");
            let model = &set.checked.as_ref().expect("sound rules").model;
            let told = |what: String| format!("{}: {what}", set.root);
            wrong.extend(mistakes(&book.html).into_iter().map(told));
            wrong.extend(left_out(model, &book.html).into_iter().map(|id| told(format!("`{id}` is left out"))));
            if book.html.len() > LARGEST {
                wrong.push(told(format!("it has {} bytes", book.html.len())));
            }
        }
        wrong
    });
    none_wrong("books", &found);
}

#[test]
fn the_book_of_the_sample_is_as_stored() {
    let html = sample();
    none_wrong("the sample", &mistakes(&html));
    let opened = open(&Disk, SAMPLE);
    let model = &opened.sets[0].checked.as_ref().expect("sound rules").model;
    none_wrong("left out", &left_out(model, &html));
    // The style and the script are files of their own; what the rules make of the page is compared.
    let from = html.find("<header").expect("the bar");
    let to = html.find("<script>").expect("the script");
    let place = home().join("tests/suite/book/sample.html");
    let now = &html[from..to];
    if std::env::var_os("CLAUSAL_BOOK").is_some_and(|how| how == "write") {
        std::fs::write(&place, now).expect("the file can be written");
    }
    let stored = std::fs::read_to_string(&place).unwrap_or_default().replace("\r\n", "\n");
    if let Some((line, (a, b))) = stored.lines().zip(now.lines()).enumerate().find(|(_, (a, b))| a != b) {
        panic!("line {}: stored\n{a}\nnow\n{b}\n`CLAUSAL_BOOK=write cargo test book` stores it", line + 1);
    }
    assert_eq!(stored.lines().count(), now.lines().count(), "`CLAUSAL_BOOK=write cargo test book` stores it");
}

#[test]
fn nothing_in_the_rules_becomes_html() {
    let html = sample();
    for written in ["<support>", "<friends>", "<others>", "<is>", "<Day>"] {
        assert!(!html.contains(written), "{written}");
        let escaped = written.replace('<', "&lt;").replace('>', "&gt;");
        assert!(html.contains(&escaped), "{escaped}");
    }
}

#[test]
fn a_clause_leads_to_its_rules_and_back() {
    let html = sample();
    let (_, clause) = html.split_once("<tr id=\"clause-2/fast\"").expect("the clause");
    let clause = clause.split("</tr>").next().unwrap_or_default();
    assert!(clause.contains("<a href=\"#decision-fast\">fast</a>"), "{clause}");
    let (_, exception) = html.split_once("id=\"decision-charge.exception-friends.exception-large.1\"").expect("a rule");
    assert!(exception.starts_with(">"), "it is the rule itself");
    assert!(exception.split("</li>").next().unwrap_or_default().contains("href=\"#clause-2/fee\""));
    // A row's citation leads to the row.
    assert!(html.contains("<a href=\"#decision-offer.3\">offer, row 3</a>"));
    assert!(html.contains("<a href=\"#decision-base.note-1\">base, note 1</a>"));
}

#[test]
fn where_books_are_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (status, out, err) = run(&["doc", SAMPLE, "-o", &path("deep/er/sample.html")]);
    assert_eq!((status, err.as_str()), (1, ""), "one of its scenarios does not hold");
    assert!(out.contains("7 clauses, 10 decisions, 7 scenarios, 1 not holding ("), "{out}");
    let first = std::fs::read(path("deep/er/sample.html")).expect("the book");
    assert_eq!(run(&["doc", SAMPLE, "-o", &path("books")]).0, 1);
    let again = std::fs::read(path("books/sample-2024.html")).expect("the book");
    assert!(first == again, "the same rules give the same bytes");
    let left: Vec<PathBuf> =
        std::fs::read_dir(path("deep/er")).expect("a folder").flatten().map(|entry| entry.path()).collect();
    assert_eq!(left.len(), 1, "nothing is left beside it: {left:?}");

    let wrong = |arguments: &[&str]| {
        let (status, out, err) = run(arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        err
    };
    assert!(wrong(&["doc", SAMPLE]).contains("--output"));
    let err = wrong(&["doc", "rules/microsoft-unified", "-o", &path("all.html")]);
    assert!(err.contains("several editions lie here; choose one with --edition"), "{err}");
    std::fs::write(path("file"), "").expect("a file");
    let err = wrong(&["doc", SAMPLE, "-o", &path("file/book.html")]);
    assert!(err.contains("the folder `") && err.contains("cannot be made"), "{err}");
    std::fs::create_dir(path("taken.html")).expect("a folder");
    let err = wrong(&["doc", SAMPLE, "-o", &path("taken.html")]);
    assert!(err.contains("taken.html` cannot be written"), "{err}");
    let err = wrong(&["doc", "tests/suite/book/none.clause", "-o", &path("none.html")]);
    assert!(err.contains("cannot be read"), "{err}");
    std::fs::create_dir_all(path("two/a")).expect("a folder");
    std::fs::create_dir_all(path("two/b")).expect("a folder");
    for name in ["two/a/x.clause", "two/b/x.clause"] {
        std::fs::write(path(name), "agreement same edition 1 { label en \"Same\" }\n").expect("a file");
    }
    let err = wrong(&["doc", &path("two"), "-o", &path("both")]);
    assert!(err.contains("would both be `"), "{err}");
}

/// What a reader does: search from the keyboard, follow what is found, change the language.
const READER: &str = r##"<script>
const key = (key) => document.getElementById("q").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const said = [];
document.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true }));
said.push("focus:" + document.activeElement.id);
const q = document.getElementById("q");
q.value = "应收费用"; q.dispatchEvent(new Event("input"));
said.push("count:" + document.getElementById("count").textContent);
q.value = "half fee"; q.dispatchEvent(new Event("input"));
key("ArrowDown"); key("ArrowDown"); key("ArrowUp");
said.push("chosen:" + document.querySelector("#found [aria-selected=true]").dataset.to);
document.getElementById("search").requestSubmit();
said.push("hash:" + decodeURIComponent(location.hash), "closed:" + document.getElementById("found").hidden);
const seen = (element) => [...element.children].filter((c) => getComputedStyle(c).display !== "none").map((c) => c.lang).join();
const lang = document.getElementById("lang");
lang.value = "zh"; lang.dispatchEvent(new Event("change"));
said.push("h1:" + seen(document.querySelector("h1 .t")));
const party = document.querySelector("#party-customer .t");
said.push("fallback:" + seen(party) + getComputedStyle(party, "::after").content.replaceAll('"', ""));
document.documentElement.dataset.said = said.join(" | ");
</script>"##;

#[test]
fn a_browser_can_search_it_and_change_its_language() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = folder.path().join("book.html");
    std::fs::write(&page, sample().replace("</body>", &format!("{READER}</body>"))).expect("a file");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser starts");
    let dom = String::from_utf8_lossy(&output.stdout);
    let said = dom.split_once("data-said=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("nothing");
    let expected = "focus:q | count:1 found | chosen:clause-2/fee | hash:#clause-2/fee | closed:true | h1:zh | \
                    fallback:en [ attr(data-f) ]";
    // Browsers tell what is generated either as it is written or as it comes out.
    let said = said.replace("[en]", "[ attr(data-f) ]");
    assert_eq!(said, expected, "{}", String::from_utf8_lossy(&output.stderr));
}
