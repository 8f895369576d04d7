//! The same rows through two editions: what changes, for how many, and by how much.

use serde_json::Value as Json;

use super::{ORDERS, batch, text};
use crate::cli::{Folder, answers};

#[test]
fn who_gains_and_who_loses_is_counted() {
    let folder = Folder::new();
    let at = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
    let rows = folder.file("orders.csv", format!("{ORDERS}O-5,EMEA,55000,severity-1,10,2025-03-14,2025-03-05\n"));
    let (output, summary) = (at("answers.csv"), at("summary.json"));
    let (status, out, err) = batch(&[
        "--input",
        &rows,
        "--output",
        &output,
        "--summary",
        &summary,
        "--compare",
        "tests/cases/batch/orders-before.clause",
        "--group-by",
        "region",
        "--keep",
        "order",
    ]);
    assert_eq!(status, 1, "{err}");
    let summary: Json = serde_json::from_str(&text(&summary)).expect("JSON");
    let decision = |name: &str| {
        let all = summary["decisions"].as_array().expect("a list");
        all.iter().find(|d| d["name"] == name).expect("the decision")["changes"].clone()
    };
    let plus = decision("plus");
    assert_eq!((plus["same"].as_u64(), plus["changed"].as_u64()), (Some(3), Some(2)), "{plus:#}");
    assert_eq!(plus["became"][0]["was"], "yes");
    let response = decision("first-response");
    assert_eq!(response["changed"], 2);
    assert_eq!(response["less"][0]["sum"], "1800", "{response:#}");
    let charge = decision("cancellation-charge");
    assert_eq!(charge["changed"], 2);
    assert_eq!((&charge["more"][0]["unit"], &charge["more"][0]["sum"]), (&"USD".into(), &"11".into()), "{charge:#}");
    assert!(out.contains("  another answer than in the old edition: 2 rows (40.0%)\n"), "{out}");
    assert!(out.contains("    more or later: 2 rows, by USD 11 in all\n"), "{out}");
    let mut rows = csv::Reader::from_reader(text(&output).as_bytes()).records().flatten().collect::<Vec<_>>();
    let first = rows.remove(0);
    assert_eq!(first.get(0), Some("O-1"));
    let heading = text(&output).lines().next().expect("a heading").to_owned();
    for name in ["plus", "plus.before", "plus.changed"] {
        assert!(heading.split(',').any(|h| h == name), "{heading}");
    }
}

#[test]
fn an_edition_and_itself_are_the_same() {
    let folder = Folder::new();
    let rows = folder.file("orders.csv", ORDERS);
    let (status, _, err) = batch(&["--input", &rows, "--compare", super::RULES]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("the same as in the old edition throughout"), "{err}");
}

#[test]
fn two_editions_of_an_agreement_are_compared() {
    let folder = Folder::new();
    let rows = folder.file(
        "services.csv",
        "customer,request.service\nA,root-cause-analysis\nB,azure-events\nC,adoption-services\nD,success-management\n",
    );
    let (status, _, err) = answers(&[
        "batch",
        "rules/microsoft-unified/2024-09",
        "--input",
        &rows,
        "--compare",
        "rules/microsoft-unified/2023",
        "--decision",
        "package-of-service",
        "--group-by",
        "customer",
    ]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("additional-services → proactive-services"), "{err}");
    assert!(err.contains("enhanced-solutions → mission-critical-services"), "{err}");
    assert!(err.contains("another answer than in the old edition: 3 rows (75.0%)"), "{err}");
    let (status, _, err) = answers(&[
        "batch",
        "rules/microsoft-unified/2024-09",
        "--input",
        &rows,
        "--compare",
        super::RULES,
        "--decision",
        "package-of-service",
    ]);
    assert!(status == 2 && err.contains("nothing to compare"), "{err}");
}
