//! Mapping files: a Chinese export read without editing it, drafts, and what is wrong told all at once.

use clausal::batch::map;
use clausal::batch::{Heading, HeadingKind};
use clausal::source::disk::Disk;

use super::{batch, text};
use crate::cli::{Folder, answers};
use crate::marks;
use crate::support::{home, open};

/// An analyst's export, with headings and numbers of her own.
const EXPORT: &str = "\
单号;评估支出（USD）;严重级别;服务费;币种;负责人
甲-1;60.000,00;紧急;1.000,50;USD;王
甲-2;59.999,99;严重性 A;20,00;USD;李
甲-3;;无;;;
";
const MAP: &str = "\
ignored = [\"负责人\"]

[columns]
\"评估支出（USD）\" = \"order.assessed-spend\"
\"严重级别\" = { input = \"incident.severity\", values = { \"紧急\" = \"severity-1\", \"无\" = \"\" } }
\"服务费\" = { input = \"booking.fee\", currency = \"币种\" }

[numbers]
decimal = \",\"
thousands = \".\"
";

#[test]
fn an_export_in_chinese_is_read_by_its_map() {
    let folder = Folder::new();
    let rows = folder.file("导出.csv", EXPORT);
    let map = folder.file("映射.toml", MAP);
    let (status, out, err) = batch(&[
        "--input",
        &rows,
        "--map",
        &map,
        "--keep",
        "单号",
        "--decision",
        "plus",
        "--decision",
        "first-response",
    ]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        out,
        "\
单号,plus,plus.reason,first-response,first-response.reason
甲-1,yes,,15 min,
甲-2,,facts missing: order.elects-plus,1 h,
甲-3,,\"facts missing: order.assessed-spend, order.elects-plus\",,facts missing: incident.severity
"
    );
    assert!(!err.contains("负责人"), "a column that is left out on purpose is not told: {err}");
}

#[test]
fn a_draft_is_a_map_that_works() {
    let folder = Folder::new();
    let rows = folder.file("rows.csv", EXPORT);
    let (status, draft, err) = batch(&["--input", &rows, "--suggest-map"]);
    assert_eq!((status, err.as_str()), (0, ""));
    for line in [
        "\"评估支出（USD）\" = \"order.assessed-spend\"  # money in USD: assessed spend\n",
        "\"服务费\" = { input = \"booking.fee\", currency = \"币种\" }  # money in USD: service fee\n",
        "\"严重级别\" = \"incident.severity\"  # unsure: what does \"紧急\" stand for?; what does \"无\" stand for?; ",
        "# \"负责人\" = \"\"\n",
        "[numbers]\ndecimal = \",\"\nthousands = \".\"\n",
    ] {
        assert!(draft.contains(line), "{line}\n{draft}");
    }
    let map = folder.file("map.toml", draft);
    let (status, out, err) = batch(&["--input", &rows, "--map", &map, "--keep", "none", "--decision", "plus"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.starts_with("plus,plus.reason\nyes,\n"), "{out}");
}

#[test]
fn a_draft_knows_misspelt_values_and_other_currencies() {
    let folder = Folder::new();
    let rows = folder.file(
        "rows.csv",
        "Ticket;Severity level;Assessed Spend (EUR);Lieferung;Cancelled on\n1;Sev 1;5;2026-01-02;2026-01-01\n\
         2;sev-A;6;2026-01-03;x\n",
    );
    let (_, draft, _) = batch(&["--input", &rows, "--suggest-map"]);
    assert!(draft.contains("unsure: the heading says EUR, and the rules count in USD"), "{draft}");
    assert!(draft.contains("\"sev-A\" = \"severity-a\""), "{draft}");
    assert!(
        draft.contains("\"Cancelled on\" = \"booking.cancelled-on\"  # unsure: \"x\" cannot be read so"),
        "{draft}"
    );
    assert!(draft.contains("# \"Lieferung\" = \"booking.delivery-date\"  # perhaps, by its values; date"), "{draft}");
    assert!(draft.contains("# \"Ticket\" = \"\"\n"), "{draft}");
}

#[test]
fn all_that_is_wrong_with_a_map_is_told_at_its_line() {
    let folder = Folder::new();
    let rows = folder.file("rows.csv", EXPORT);
    let map = folder.file(
        "map.toml",
        "colums = 1\n[columns]\n\"单号\" = \"order.asessed-spend\"\n\"评估支出\" = \"order.assessed-spend\"\n\
         \"严重级别\" = { input = \"incident.severity\", values = { \"紧急\" = \"severity-9\" }, currncy = \"币种\" }\n\
         \"服务费\" = { input = \"incident.severity\", currency = \"币种\" }\n[numbers]\ndecimal = \";\"\n",
    );
    let output = folder.0.join("answers.csv").to_string_lossy().into_owned();
    let (status, out, err) = batch(&["--input", &rows, "--map", &map, "--output", &output]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert_eq!(err.matches("wrong_map").count(), 8, "{err}");
    for says in [
        "a map has no part `colums`",
        "these rules have no input `order.asessed-spend`",
        "the input file has no column `评估支出`",
        "`severity-9` is none of them",
        "a column has no part `currncy`",
        "is no money, so it has no currency",
        "is fed by two columns",
        "`;` is no decimal mark",
    ] {
        assert!(err.contains(says), "{says}\n{err}");
    }
    assert!(err.contains("map.toml:5:"), "{err}");
    let broken = folder.file("broken.toml", "[columns\n");
    let (status, _, err) = batch(&["--input", &rows, "--map", &broken]);
    assert!(status == 2 && err.contains("broken.toml:1:") && err.contains("this is not TOML"), "{err}");
}

#[test]
fn marks_of_numbers_are_chosen_on_the_command_line_too() {
    let folder = Folder::new();
    let rows = folder.file("rows.csv", "order.assessed-spend\n\"60'000,5\"\n");
    let args =
        ["--input", &rows, "--decision", "plus", "--keep", "none", "--decimal-mark", ",", "--thousands-mark", "'"];
    let (status, out, err) = batch(&args);
    assert_eq!((status, out.as_str()), (0, "plus,plus.reason\nyes,\n"), "{err}");
    let (status, _, err) = batch(&["--input", &rows, "--decimal-mark", ",", "--thousands-mark", ","]);
    assert!(status == 2 && err.contains("cannot be both"), "{err}");
    // The file is as it was.
    assert_eq!(text(&rows), "order.assessed-spend\n\"60'000,5\"\n");
}

/// A fixture as those of rules: what is wrong stands below the line that it concerns, in comments of TOML.
#[test]
fn the_fixture_of_a_wrong_map_is_marked_where_it_is_wrong() {
    let fixture =
        std::fs::read_to_string(home().join("tests/cases/batch/a_map_of_another_export.toml")).expect("a file");
    let as_comments = fixture.replace("\n##", "\n//");
    let mut opened = open(&Disk, &home().join(super::RULES).to_string_lossy());
    let model = opened.sets.swap_remove(0).checked.expect("sound rules").model;
    let heading = |name: &str| Heading { name: name.to_owned(), kind: HeadingKind::Text };
    let headings = ["Spend (USD)", "Sev", "Fee"].map(heading);
    let file = opened.sources.add("map.toml", marks::strip(&as_comments));
    let (_, problems) = map::read(&model, &headings, &opened.sources, file);
    let found: Vec<String> = problems.iter().map(|p| marks::of(p, &opened.sources).comment()).collect();
    let expected: Vec<String> = marks::read(&as_comments).iter().map(marks::Mark::comment).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_example_of_the_readme_comes_out_as_it_says() {
    let folder = Folder::new();
    let (output, rejects) = (folder.file("answers.csv", ""), folder.file("rejected.csv", ""));
    let rules = "rules/microsoft-unified/2024-09";
    let example = ["--input", "docs/examples/orders.csv", "--map", "docs/examples/orders.toml"];
    let asked = ["--decision", "mcsap-plus", "--group-by", "地区", "--output", &output, "--rejects", &rejects];
    let (status, out, err) = answers(&[&["batch", rules][..], &example, &asked].concat());
    assert_eq!(status, 1, "a row is set aside: {err}");
    assert!(out.contains("  yes                                  2  50.0%"), "{out}");
    assert!(out.contains("  facts missing: order.assessed-spend  1  25.0%"), "{out}");
    assert!(text(&rejects).ends_with("丁公司;华南;1250万;2024-10-05;no\n"));
    let drafted = answers(&["batch", rules, "--input", "docs/examples/orders.csv", "--suggest-map"]).1;
    assert!(drafted.contains("\"评估支出（USD）\" = \"order.assessed-spend\""), "{drafted}");
}

#[test]
fn the_walk_of_the_page_on_batches_works_as_it_stands() {
    let page = std::fs::read_to_string(home().join("docs/batch.md")).expect("the page");
    let block = |language: &str, nth: usize| -> String {
        let block = page.split(&format!("```{language}\n")).nth(nth).and_then(|rest| rest.split("```").next());
        let lines = block.expect("a block").lines().map(|line| line.strip_prefix("   ").unwrap_or(line));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let export = "docs/examples/export.csv";
    assert_eq!(block("csv", 1), text(&home().join(export).to_string_lossy()));
    let draft = batch(&["--input", export, "--suggest-map"]).1;
    for line in block("toml", 1).lines() {
        assert!(draft.contains(line), "{line}\n{draft}");
    }
    let folder = Folder::new();
    let map = folder.file("map.toml", block("toml", 2));
    let (status, out, err) = batch(&["--input", export, "--map", &map]);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("yes,,15 min") && out.contains("facts missing: order.elects-plus"), "{out}");
}
