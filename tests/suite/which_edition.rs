//! Which edition a command takes where a folder holds several: by name, by date, by what the facts say; and facts of
//! another one.

use std::fs;

use crate::cli::{Folder, answers};

/// Care 2023 (undated), 2024 (a year), 2025 (amends 2024, open), and `spa` beside them.
fn rules() -> (Folder, String) {
    let folder = Folder::new();
    let edition = |path: &str, text: &str| {
        fs::create_dir_all(folder.0.join(path)).expect("a folder can be made");
        folder.file(&format!("{path}/rules.clause"), text);
    };
    edition(
        "2023",
        "agreement care edition 2023 { label en \"Care\" }\nclause 1/a { says \"Fees.\" }\n\
         input order.spend : money in USD\ninput order.old-rate : percent\ninput order.never : yes-no\n\
         decision fee : money in USD { cites 1/a always order.old-rate of order.spend }\n\
         decision never : yes-no { cites 1/a always order.never }\n",
    );
    edition(
        "2024",
        "agreement care edition 2024 { effective from 2024-01-01 to 2025-12-31 }\nclause 1/a { says \"Fees.\" }\n\
         input order.spend : money in USD\ninput order.members : integer\ninput region.far : yes-no\n\
         decision fee : money in USD { cites 1/a always USD 10 * order.members }\n\
         decision far-away : yes-no { cites 1/a yes when region.far and order.spend > USD 5 no otherwise }\n",
    );
    edition(
        "2025",
        "agreement care edition 2025 { amends 2024 effective 2025-01-01 }\n\
         replace decision fee : money in USD { cites 1/a always USD 20 * order.members }\n",
    );
    let path = folder.0.to_string_lossy().into_owned();
    (folder, path)
}

#[test]
fn the_edition_in_force_on_a_day() {
    let (folder, rules) = rules();
    let facts = folder.file("facts.json", "{\"order.members\": 3}");
    let eval = |on: &str| answers(&["eval", &rules, "--facts", &facts, "--decision", "fee", "--on", on]);
    assert!(eval("2024-06-30").1.contains("USD 30"), "{:?}", eval("2024-06-30"));
    // The edition that amends takes the place of the amended one, whose own end is later.
    assert!(eval("2025-06-30").1.contains("USD 60"), "{:?}", eval("2025-06-30"));
    let (status, out, err) = eval("2022-01-01");
    assert_eq!((status, out.as_str()), (2, ""));
    assert_eq!(
        err,
        "clausal: no edition here is in force on 2022-01-01; an edition without a date is chosen by its name, with \
         --edition; there are:\n  care 2023, without a date\n  care 2024, effective from 2024-01-01 to 2025-12-31\n  \
         care 2025, effective from 2025-01-01\n"
    );
    let (status, _, err) = eval("2025-02-29");
    assert!(status == 2 && err.starts_with("clausal: `--on 2025-02-29`: 2025-02-29 does not exist"), "{err}");
    let (status, _, err) = answers(&["eval", &rules, "--facts", &facts]);
    assert!(status == 2 && err.contains("choose one with --edition or --on:\n  care 2023, without a date\n"), "{err}");
    let explained = answers(&["explain", &rules, "--facts", &facts, "--decision", "fee", "--on", "2024-06-30"]);
    assert!(explained.0 == 0 && explained.1.contains("USD 30"), "{explained:?}");
}

#[test]
fn two_editions_in_force_on_one_day() {
    let (folder, rules) = rules();
    fs::create_dir_all(folder.0.join("2026")).expect("a folder can be made");
    folder.file("2026/rules.clause", "agreement care edition 2026 { effective 2025-06-01 }\n");
    let (status, out, err) = answers(&["eval", &rules, "--on", "2025-06-30"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert_eq!(
        err,
        "clausal: several editions are in force on 2025-06-30; choose one with --edition:\n  care 2025, effective from \
         2025-01-01\n  care 2026, effective from 2025-06-01\n"
    );
    // A name and a day have to agree.
    let (status, _, err) = answers(&["eval", &rules, "--on", "2026-06-30", "--edition", "2024"]);
    assert!(status == 2 && err.contains("no edition here is in force on 2026-06-30; there are:\n  care 2024"), "{err}");
}

#[test]
fn facts_say_of_which_edition_they_are() {
    let (folder, rules) = rules();
    let fee = |name: &str, text: &str, more: &[&str]| {
        let facts = folder.file(name, text);
        let mut args = vec!["eval", &rules, "--facts", &facts, "--decision", "fee"];
        args.extend(more);
        answers(&args)
    };
    assert!(fee("a.json", "{\"edition\": \"2025\", \"order.members\": 3}", &[]).1.contains("USD 60"));
    assert!(fee("b.yaml", "edition: 2024\norder:\n  members: 3\n", &[]).1.contains("USD 30"));
    assert!(fee("c.toml", "governed-on = \"2025-03-01\"\norder.members = 3\n", &[]).1.contains("USD 60"));
    // The command line goes first.
    let overridden = fee("d.json", "{\"edition\": \"2025\", \"order.members\": 3}", &["--edition", "2024"]);
    assert!(overridden.1.contains("USD 30"), "{overridden:?}");
    let (status, _, err) = fee("e.json", "{\"edition\": \"2027\", \"order.members\": 3}", &[]);
    assert!(status == 2 && err.contains("no edition here is called `2027`; there are:\n  care 2023"), "{err}");
    let (status, _, err) = fee("f.json", "{\"governed-on\": \"soon\", \"order.members\": 3}", &[]);
    assert!(status == 2 && err.contains("`governed-on` is no date") && err.contains("f.json:1:17"), "{err}");
    let (status, _, err) = fee("g.json", "{\"edition\": [1]}", &[]);
    assert!(status == 2 && err.contains("`edition` names the edition that the facts are of"), "{err}");
    let scenario = "scenario \"s\" { governed on 2025-03-01 given order.members = 3\n expect fee = USD 60 }\n";
    assert!(fee("case.clause", scenario, &[]).1.contains("USD 60"));
    let scenario = "scenario \"s\" { edition 2024 given order.members = 3\n expect fee = USD 30 }\n";
    assert!(fee("case.clause", scenario, &[]).1.contains("USD 30"));
    // One edition alone is not another.
    let one = format!("{rules}/2024");
    let facts = folder.file("h.json", "{\"edition\": \"2025\"}");
    let (status, _, err) = answers(&["eval", &one, "--facts", &facts]);
    assert!(status == 2 && err.contains("no edition here is called `2025`; there are:\n  care 2024"), "{err}");
}

#[test]
fn an_input_called_edition_keeps_its_meaning() {
    let folder = Folder::new();
    let rules = folder.file(
        "books.clause",
        "input edition : integer\ndecision first : yes-no { yes when edition = 1 no otherwise }\n",
    );
    let facts = folder.file("facts.json", "{\"edition\": 1}");
    let (status, out, err) = answers(&["eval", &rules, "--facts", &facts]);
    assert!(status == 0 && out.contains("yes"), "{out}{err}");
}

#[test]
fn facts_that_another_edition_asks_for() {
    let (folder, rules) = rules();
    let facts =
        folder.file("facts.json", "{\"order\": {\"spend\": \"USD 100\", \"old-rate\": \"5%\", \"nverr\": true}}");
    let (status, out, err) = answers(&["eval", &rules, "--edition", "2024", "--facts", &facts]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("these rules ask for no fact `order.old-rate`"), "{err}");
    assert!(err.contains("help: care 2023 asks for it; choose that edition, or leave it out"), "{err}");
    assert!(err.contains("these rules ask for no fact `order.nverr`"), "{err}");

    let facts = folder.file("facts.json", "{\"order\": {\"spend\": \"USD 100\", \"old-rate\": \"5%\"}}");
    let leave_out = ["eval", &rules, "--edition", "2024", "--facts", &facts, "--facts-of-other-editions", "leave-out"];
    let told = |decision: &str| {
        let mut args = leave_out.to_vec();
        args.extend(["--decision", decision]);
        answers(&args)
    };
    let (status, out, err) = told("fee");
    assert!(status == 0 && out.contains("order.members"), "{out}{err}");
    assert_eq!(
        err,
        "clausal: left out, as care 2023 asks for them and care 2024 does not:\n  order.old-rate\nnot given, as care \
         2024 asks for them and care 2023 does not:\n  order.members\n"
    );
    // Only what stands behind what was asked.
    let (_, _, err) = told("far-away");
    assert!(err.ends_with("not given, as care 2024 asks for them and care 2023 does not:\n  region.far\n"), "{err}");
    // A word that no edition knows stays a mistake.
    let facts = folder.file("facts.json", "{\"order\": {\"spendd\": \"USD 100\"}}");
    let mut args = leave_out.to_vec();
    args[5] = &facts;
    let (status, _, err) = answers(&args);
    assert!(status == 2 && err.contains("did you mean `order.spend`?"), "{err}");
}
