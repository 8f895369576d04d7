//! What cells mean.

use clausal::batch::NumberMarks;
use clausal::batch::write::{Amounts, Explain};

use super::Run;

/// The answers of one column of CSV, one below the other.
fn column(run: &Run, input: &str, cells: &[&str]) -> Vec<String> {
    let mut text = format!("{input},last\n");
    for cell in cells {
        text.push_str(&format!("{cell},x\n"));
    }
    let (out, rejects) = run.text("in.csv", text.as_bytes(), "out.tsv");
    assert_eq!(rejects.iter().map(super::told).collect::<Vec<_>>(), Vec::<String>::new());
    out.lines().skip(1).map(|line| line.split('\t').next().unwrap_or("").to_owned()).collect()
}

#[test]
fn a_cell_means_what_a_facts_file_means() {
    let run = Run::default();
    let of = |input: &str, cells: &[&str]| column(&run, input, cells);
    let members = of("incident.severity", &["1", "A", " 严重性 1 ", "Severity A", "", "\"\""]);
    assert_eq!(members, ["1", "A", "1", "A", "", ""]);
    assert_eq!(of("order.late", &["yes", "NO", "True", "false", ""]), ["yes", "no", "yes", "no", ""]);
    let amounts =
        of("order.spend", &["50000", "\"USD 60,000,000.5\"", "USD 7", "\"1,000.25\"", "12345678901234567890.125"]);
    let expected = ["USD 50,000", "USD 60,000,000.50", "USD 7", "USD 1,000.25", "USD 12,345,678,901,234,567,890.125"];
    assert_eq!(amounts, expected);
    assert_eq!(of("order.discount", &["20%", "0.5%", "-3.25%"]), ["20%", "0.5%", "-3.25%"]);
    assert_eq!(of("order.pieces", &["12", "-1", "12.0", "007"]), ["12", "-1", "12", "7"]);
    assert_eq!(of("order.credits", &["5", "5 credit", "1.5"]), ["5 credit", "5 credit", "1.5 credit"]);
    assert_eq!(
        of("order.signed-on", &["2024-02-29", "0001-01-01", "9999-12-31"]),
        ["2024-02-29", "0001-01-01", "9999-12-31"]
    );
    let instants = ["2024-10-01T09:00+08:00", "2024-10-01T01:00:30Z", "2024-10-01T01:00:30.25Z"];
    assert_eq!(of("order.reported-at", &instants), instants);
    assert_eq!(of("order.limit", &["15 min", "2 h", "15 min", "90 min"]), ["15 min", "2 h", "15 min", "90 min"]);
    assert_eq!(of("order.note", &["a b", " x "]), ["a b", "x"]);
    let sets = of("order.products", &["azure; maps", "\"[\"\"maps\"\"]\"", "azure", ""]);
    assert_eq!(sets, ["{ azure, maps }", "{ maps }", "{ azure }", ""]);
}

#[test]
fn a_fact_that_is_not_given_is_a_reason() {
    let (out, _) = Run::default().text("in.csv", b"incident.severity,order.spend\n,5\nA,\n", "out.csv");
    let expected = "severity,severity.reason,spend,spend.reason\n\
                    ,facts missing: incident.severity,USD 5,\n\
                    A,,,facts missing: order.spend\n";
    assert_eq!(out, expected);
}

#[test]
fn texts_can_stand_for_others() {
    let map = vec![("Sev", "incident.severity", vec![("Sev 1", "1"), ("2", "A"), ("none", "")])];
    let run = Run { map, keep: &["Sev"], ..Run::default() };
    let (out, rejects) = run.text("in.csv", b"Sev\nSev 1\n2\nnone\nB\n", "out.csv");
    assert_eq!(rejects, []);
    let expected = "Sev,severity,severity.reason\nSev 1,1,\n2,A,\nnone,,facts missing: incident.severity\nB,B,\n";
    assert_eq!(out, expected);
}

#[test]
fn numbers_of_other_countries_are_read() {
    let marks = NumberMarks { decimal: b',', thousands: Some('.') };
    let run = Run { marks, ..Run::default() };
    let text = "order.spend;order.discount\n1.234,5;2,5%\n-;\n".replace('-', "USD 1.000");
    let (out, rejects) = run.text("in.csv", text.as_bytes(), "out.tsv");
    assert_eq!(rejects, []);
    let expected = "spend\tspend.reason\tdiscount\tdiscount.reason\n\
                    USD 1,234.50\t\t2.5%\t\n\
                    USD 1,000\t\t\tfacts missing: order.discount\n";
    assert_eq!(out, expected);
}

#[test]
fn an_amount_and_its_currency_may_stand_apart() {
    let run = Run { money: vec![("fee", "cur", "order.spend")], ..Run::default() };
    let (out, rejects) = run.text("in.csv", b"fee,cur\n5.5,USD\n,USD\n7,\n8,EUR\n", "out.csv");
    assert_eq!(out, "spend,spend.reason\nUSD 5.50,\n,facts missing: order.spend\nUSD 7,\n");
    let told: Vec<String> = rejects.iter().map(super::told).collect();
    let expected = "row 4, line 5, `fee` [EUR 8]: `order.spend` is in USD, and this is in EUR; \
                    amounts are never converted; give it in the currency of the agreement\n  8,EUR";
    assert_eq!(told, [expected]);
}

#[test]
fn amounts_can_be_written_as_numbers() {
    let run = Run { amounts: Amounts::Number, ..Run::default() };
    let text = b"order.spend,order.discount,order.limit,order.late\n\"1,234.50\",20%,15 min,yes\n";
    let (out, _) = run.text("in.csv", text, "out.csv");
    assert_eq!(out.lines().nth(1), Some("yes,,1234.5,,20,,900,"));
    let (out, _) = run.text("in.csv", text, "out.ndjson");
    let expected = "{\"late\":true,\"late.reason\":null,\"spend\":1234.5,\"spend.reason\":null,\
                    \"discount\":20,\"discount.reason\":null,\"limit\":900,\"limit.reason\":null}\n";
    assert_eq!(out, expected);
}

#[test]
fn what_stands_behind_an_answer_is_written_on_request() {
    let rules = "
clause 1/tiers at §1 { says \"Half the fee below 14 days.\" }
input fee : money in USD
input notice : days
reading upward { ask en \"Up?\" either up (default) or down }
decision charge : money in USD {
  cites 1/tiers
  | notice     || charge      |
  | >= 14 days ||   0% of fee |
  | < 14 days  ||  50% of fee |
}
decision goes-up : yes-no { always upward is up }
";
    let explain = Explain { clauses: true, rules: true, readings: true };
    let run = Run { rules, explain, decisions: &["charge", "goes-up"], keep: &["id"], ..Run::default() };
    let (out, rejects) = run.text("in.csv", b"id,fee,notice\n1,100,3 days\n2,,20 days\n", "out.csv");
    assert_eq!(rejects, []);
    assert_eq!(
        out.lines().next(),
        Some(
            "id,charge,charge.reason,charge.clauses,charge.rules,charge.readings,goes-up,goes-up.reason,goes-up.clauses,goes-up.rules,goes-up.readings"
        )
    );
    let rows: Vec<&str> = out.lines().skip(1).collect();
    assert_eq!(rows[0], "1,USD 50,,1/tiers,,,yes,,,,upward=up");
}

#[test]
fn a_log_comes_from_a_file_by_its_key() {
    let events = "id,at,event,incident.level\n7,2026-03-06T17:30+08:00,reported,1\n9,2026-03-06T17:30+08:00,lost,\n";
    let run = Run {
        rules: LOG_RULES,
        events: Some((events, "id")),
        decisions: &["first-response.state"],
        keep: &["id"],
        ..Run::default()
    };
    let (out, rejects) = run.text("in.csv", b"id,as-of\n7,2026-03-06T18:00+08:00\n8,2026-03-06T18:00+08:00\n9,2026-03-06T18:00+08:00\n,2026-03-06T18:00+08:00\n", "out.csv");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines, ["id,first-response.state,first-response.state.reason", "7,running,", "8,not-started,"]);
    let told: Vec<String> = rejects.iter().map(super::told).collect();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].starts_with(
            "row 3, line 4, `id` [9]: the events of `9` in `events.csv` are no log: the rules know of no event `lost`"
        ),
        "{}",
        told[0]
    );
    assert!(told[1].contains("the row has no key, so that its events are not known"), "{}", told[1]);
}

const LOG_RULES: &str = "
party customer {}
party representative {}
enumeration level { 1, 2 }
input incident.level : level
event reported { by customer with incident.level }
event answered { by representative }
milestone first-response {
  starts on reported
  stops on answered
  target 4 h
}
decision urgent : yes-no { always incident.level is 1 }
";
