//! What the checker proves of small rule texts, and the smallest changes of facts: one claim a test.

use clausal::RuleSet;
use clausal::check::witness::find;
use clausal::check::{Checked, Index};
use clausal::diag::Problem;
use clausal::eval::{Evaluation, Reason, outcome};
use clausal::explore::{Way, nearest, way_text};
use clausal::model::{Body, Expr, ExprKind, Guard, ReadingId};
use clausal::scenario::Facts;
use clausal::source::Sources;
use clausal::source::load::Edition;
use clausal::value::Value;

fn open(text: &str) -> RuleSet {
    let mut sources = Sources::default();
    let file = sources.add("rules.clause", text);
    clausal::open(&sources, &Edition { root: ".".to_owned(), files: vec![file], ..Edition::default() })
}

/// The problems of one kind, each with its label and help.
fn problems(text: &str, code: &str) -> Vec<Problem> {
    open(text).problems.into_iter().filter(|p| p.code.name() == code).collect()
}

fn none(text: &str, code: &str) {
    let set = open(text);
    let broken: Vec<&Problem> =
        set.problems.iter().filter(|p| p.severity() == clausal::diag::Severity::Error).collect();
    let found: Vec<&Problem> = set.problems.iter().filter(|p| p.code.name() == code).collect();
    assert!(found.is_empty() && broken.is_empty(), "{found:#?} {broken:#?}");
}

fn checked(text: &str) -> Checked {
    let set = open(text);
    set.checked.unwrap_or_else(|| panic!("{:#?}", set.problems))
}

/// The ways to another answer of a decision in the facts of the first scenario.
fn ways(text: &str, decision: &str) -> (Checked, Facts, Vec<Way>) {
    let checked = checked(text);
    let facts = Facts::of(&checked.model, &checked.model.scenarios[0]);
    let ways = nearest(&checked, &facts, &target(&checked, decision), None);
    (checked, facts, ways)
}

fn target(checked: &Checked, decision: &str) -> Expr {
    let id = checked.model.decision_named(decision).expect("a decision of this name");
    let decision = checked.model.decision(id);
    Expr { kind: ExprKind::Decision(id, 0), ty: decision.ty.clone(), span: decision.name_span }
}

fn texts(text: &str, decision: &str) -> Vec<String> {
    let (checked, _, ways) = ways(text, decision);
    ways.iter().map(|w| way_text(&checked.model, w)).collect()
}

const SPEND: &str = "
input order.spend : money in USD { must be >= USD 0 }
input order.elects : yes-no
input order.region : region
input order.services : set of service
input event.starts-on : date
input event.confirmed-on : date
enumeration region { asia, europe, americas }
party vendor {}
service uer { offered add-on }
service mcsap { offered add-on }
";

fn with(rules: &str) -> String {
    format!("{SPEND}{rules}")
}

#[test]
fn rules_that_overlap_and_disagree_are_refused_with_facts() {
    let text = with(
        "decision d : integer {
  1 when order.spend >= USD 5
  2 when order.spend < USD 10
  3 otherwise
}",
    );
    let [problem] = &problems(&text, "conflicting_rules")[..] else { panic!("one conflict") };
    assert_eq!(problem.message, "two rules of `d` can apply together and disagree");
    assert_eq!(problem.label.as_deref(), Some("gives `2`; for example: order.spend is USD 9.99"));
    assert_eq!(problem.related[0].1, "gives `1`");
    assert!(open(&text).checked.is_none());
}

#[test]
fn rules_that_overlap_and_agree_are_no_conflict() {
    none(
        &with(
            "decision d : integer {
  1 when order.spend >= USD 5
  1 when order.elects
  3 otherwise
}",
        ),
        "conflicting_rules",
    );
}

#[test]
fn rules_on_numbers_that_exclude_each_other_are_no_conflict() {
    none(
        &with(
            "decision d : integer {
  1 when order.spend >= USD 5
  2 when order.spend < USD 5 and order.elects
  3 when order.spend in USD 1..<USD 5 and not order.elects
  4 otherwise
}",
        ),
        "conflicting_rules",
    );
}

#[test]
fn rules_on_members_that_exclude_each_other_are_no_conflict() {
    none(
        &with(
            "decision d : integer {
  1 when order.region in { asia, europe } and order.services has uer
  2 when order.region is americas
  3 when order.region is asia and not (order.services has uer)
  4 otherwise
}",
        ),
        "conflicting_rules",
    );
}

#[test]
fn rules_on_dates_that_exclude_each_other_are_no_conflict() {
    none(
        &with(
            "decision d : integer {
  let notice = event.confirmed-on to event.starts-on in days
  1 when event.confirmed-on <= event.starts-on - 6 weeks
  2 when notice < 42 days and notice > 0 days
  3 when event.starts-on <= event.confirmed-on
  4 otherwise
}",
        ),
        "conflicting_rules",
    );
}

#[test]
fn rules_on_dates_that_meet_on_one_day_conflict_on_that_day() {
    let text = with(
        "decision d : integer {
  1 when event.confirmed-on <= event.starts-on - 6 weeks
  2 when event.confirmed-on to event.starts-on in days <= 42 days
  4 otherwise
}",
    );
    let [problem] = &problems(&text, "conflicting_rules")[..] else { panic!("one conflict") };
    let label = problem.label.as_deref().unwrap_or_default();
    assert_eq!(label, "gives `2`; for example: event.starts-on is 2024-11-12, event.confirmed-on is 2024-10-01");
}

#[test]
fn a_conflict_is_found_through_another_decision() {
    let text = with(
        "decision large : yes-no { yes when order.spend >= USD 1,000,000 no otherwise }
decision d : integer {
  1 when large
  2 when order.region is asia
  3 otherwise
}",
    );
    let [problem] = &problems(&text, "conflicting_rules")[..] else { panic!("one conflict") };
    let label = problem.label.as_deref().unwrap_or_default();
    assert_eq!(label, "gives `2`; for example: order.spend is USD 1,000,000, order.region is asia");
}

#[test]
fn decisions_that_exclude_each_other_are_no_conflict() {
    none(
        &with(
            "decision large : yes-no { yes when order.spend >= USD 100 no otherwise }
decision d : integer {
  1 when large
  2 when not large and order.elects
  3 when order.spend < USD 50 and not order.elects
  4 otherwise
}",
        ),
        "conflicting_rules",
    );
}

#[test]
fn silence_and_a_value_disagree() {
    let text = with(
        "decision d : integer {
  1 when order.elects
  silent when order.region is asia
  2 otherwise
}",
    );
    let [problem] = &problems(&text, "conflicting_rules")[..] else { panic!("one conflict") };
    assert!(problem.label.as_deref().unwrap_or_default().starts_with("gives `silent`; for example: "));
}

#[test]
fn computed_answers_conflict_where_they_differ() {
    let text = with(
        "decision d : money in USD {
  10% of order.spend when order.elects
  USD 10 when order.region is asia
  USD 0 otherwise
}",
    );
    // At USD 100 both give USD 10; other facts must be found.
    let found = problems(&text, "conflicting_rules");
    assert!(found.iter().all(|p| !p.label.as_deref().unwrap_or_default().contains("spend is USD 100,")), "{found:#?}");
}

const EXCEPTIONS: &str = "decision d : integer {
  1 when order.spend >= USD 5
  2 otherwise
  exception elected { 3 when order.elects }
  exception asian OVER { 4 when order.region is asia }
}";

#[test]
fn sibling_exceptions_that_disagree_are_refused() {
    let text = with(&EXCEPTIONS.replace("OVER", ""));
    let [problem] = &problems(&text, "conflicting_rules")[..] else { panic!("one conflict") };
    assert_eq!(problem.message, "exceptions `elected` and `asian` of `d` can apply together and disagree");
    let label = problem.label.as_deref().unwrap_or_default();
    assert!(label.contains("order.elects is yes, order.region is asia"), "{label}");
}

#[test]
fn over_settles_sibling_exceptions() {
    none(&with(&EXCEPTIONS.replace("OVER", "over elected")), "conflicting_rules");
}

#[test]
fn an_exception_to_an_exception_is_no_conflict() {
    none(
        &with(
            "decision d : integer {
  1 otherwise
  exception elected {
    3 when order.elects
    exception asian { 4 when order.region is asia }
  }
}",
        ),
        "conflicting_rules",
    );
}

#[test]
fn sibling_exceptions_inside_an_exception_are_compared() {
    let text = with(
        "decision d : integer {
  1 otherwise
  exception elected {
    3 when order.elects
    exception asian { 4 when order.region is asia }
    exception large { 5 when order.spend > USD 7 }
  }
}",
    );
    let [problem] = &problems(&text, "conflicting_rules")[..] else { panic!("one conflict") };
    assert_eq!(problem.message, "exceptions `asian` and `large` of `d` can apply together and disagree");
}

#[test]
fn a_rule_that_an_exception_always_covers_is_no_conflict() {
    none(
        &with(
            "decision d : integer {
  1 when order.elects
  2 when order.region is asia
  3 otherwise
  exception both { 4 when order.elects and order.region is asia }
}",
        ),
        "conflicting_rules",
    );
}

#[test]
fn an_open_reading_that_decides_is_no_conflict() {
    none(
        &with(
            "reading r { ask en \"?\" either first or second }
decision d : integer {
  1 when order.elects and r is first
  2 when order.elects and r is second
  3 otherwise
}",
        ),
        "conflicting_rules",
    );
}

const RESPONSES: &str = "
enumeration severity { A, B }
input incident.severity : severity
responses base {
  key incident.severity
  | incident.severity || first-response |
  | any               || 4 h            |
}
responses fast supersedes base {
  key incident.severity
  when order.services has uer
  | incident.severity || first-response |
  | A                 || 1 h            |
}
responses faster supersedes ALSO {
  key incident.severity
  when order.services has mcsap
  | incident.severity || first-response |
  | any               || 2 h            |
}
";

#[test]
fn tables_that_supersede_the_same_one_and_disagree_are_refused() {
    let text = with(&RESPONSES.replace("ALSO", "base"));
    let [problem] = &problems(&text, "conflicting_rules")[..] else { panic!("one conflict") };
    assert_eq!(problem.message, "`fast` and `faster` both supersede `base`, can apply together and disagree");
    let label = problem.label.as_deref().unwrap_or_default();
    assert_eq!(label, "gives `2 h`; for example: order.services is { uer, mcsap }, incident.severity is A");
}

#[test]
fn a_table_that_supersedes_the_other_is_no_conflict() {
    none(&with(&RESPONSES.replace("ALSO", "base, fast")), "conflicting_rules");
}

#[test]
fn a_conflict_that_a_scenario_expects_is_meant() {
    let scenario = "scenario \"both\" {
  given order.services = { uer, mcsap }  incident.severity = A
  expect base.first-response = conflict
}";
    none(&with(&(RESPONSES.replace("ALSO", "base") + scenario)), "conflicting_rules");
}

#[test]
fn cells_on_the_same_fact_overlap_only_where_facts_show_it() {
    let table = "decision d : integer {
  let large = order.spend >= USD 100
  | order.spend | large || n |
  | >= USD 50   | LARGE || 1 |
  | < USD 80    | no    || 2 |
  | otherwise           || 3 |
}";
    none(&with(&table.replace("LARGE", "yes")), "overlapping_rows");
    let [problem] = &problems(&with(&table.replace("LARGE", "any")), "overlapping_rows")[..] else {
        panic!("one overlap")
    };
    let label = problem.label.as_deref().unwrap_or_default();
    assert_eq!(label, "both fit, for example: order.spend is USD 79.99");
}

#[test]
fn a_rule_that_contradicts_itself_never_applies() {
    let text = with("decision d : integer { 1 when order.spend >= USD 5 and order.spend < USD 3  2 otherwise }");
    assert_eq!(problems(&text, "rule_never_applies")[0].message, "this rule can never apply");
}

#[test]
fn dates_that_cannot_be_met_make_a_rule_idle() {
    let text = with(
        "decision d : integer {
  1 when event.confirmed-on <= event.starts-on - 6 weeks and event.starts-on <= event.confirmed-on
  2 otherwise
}",
    );
    assert_eq!(problems(&text, "rule_never_applies").len(), 1);
}

#[test]
fn conditions_that_only_go_one_way_are_told() {
    for (condition, answer) in [
        ("order.spend >= USD 5 or order.spend < USD 10", "yes"),
        ("order.spend >= USD 0", "yes"),
        ("order.spend = order.spend", "yes"),
        ("order.elects and order.region in { asia, europe, americas }", "yes"),
        ("order.elects or event.starts-on < event.starts-on", "no"),
        ("order.elects or order.spend < USD 0", "no"),
    ] {
        let text = with(&format!("decision d : integer {{ 1 when {condition}  2 otherwise }}"));
        let found = problems(&text, "one_way_comparison");
        assert_eq!(found.len(), 1, "{condition}: {:#?}", open(&text).problems);
        assert_eq!(found[0].message, format!("this can only be `{answer}`"));
    }
}

#[test]
fn conditions_that_go_both_ways_are_left_alone() {
    for condition in [
        "order.spend >= USD 5 and order.spend < USD 5.005",
        "order.spend > USD 0",
        "order.region in { asia, europe }",
        "order.elects or not (order.services has uer)",
        "event.starts-on - 1 months <= event.confirmed-on and event.confirmed-on < event.starts-on - 28 days",
    ] {
        let text = with(&format!("decision d : integer {{ 1 when {condition}  2 otherwise }}"));
        none(&text, "one_way_comparison");
        none(&text, "rule_never_applies");
    }
}

#[test]
fn an_exception_that_repeats_the_general_answer_makes_no_difference() {
    let text = with(
        "decision d : yes-no {
  no otherwise
  exception asian { no when order.region is asia }
}",
    );
    assert_eq!(problems(&text, "rule_never_applies")[0].message, "exception `asian` makes no difference");
}

const PLUS: &str = "decision plus : yes-no { yes when order.spend >= USD 60,000,000  no otherwise }";

#[test]
fn money_is_short_to_the_cent() {
    let text = with(PLUS) + "scenario \"s\" { given order.spend = USD 59,999,999.99  expect plus = no }";
    let told = texts(&text, "plus");
    assert_eq!(told, ["order.spend: USD 60,000,000 in place of USD 59,999,999.99 (short by USD 0.01)"]);
}

#[test]
fn money_against_a_computed_limit_is_short_to_the_cent() {
    let text = with(
        "input cap : money in USD
decision within : yes-no { yes when order.spend <= 20% of cap  no otherwise }
scenario \"s\" { given order.spend = USD 33.37  cap = USD 100  expect within = no }",
    );
    let told = texts(&text, "within");
    assert!(told.contains(&"order.spend: USD 20 in place of USD 33.37 (over by USD 13.37)".to_owned()), "{told:?}");
    assert!(told.contains(&"cap: USD 166.85 in place of USD 100 (short by USD 66.85)".to_owned()), "{told:?}");
}

#[test]
fn a_date_is_late_to_the_day() {
    let text = with(
        "decision in-time : yes-no { yes when event.confirmed-on <= event.starts-on - 6 weeks  no otherwise }
scenario \"s\" {
  given event.starts-on = 2024-10-01
        event.confirmed-on = 2024-08-21
  expect in-time = no
}",
    );
    let told = texts(&text, "in-time");
    assert_eq!(
        told,
        [
            "event.starts-on: 2024-10-02 in place of 2024-10-01 (1 day early)",
            "event.confirmed-on: 2024-08-20 in place of 2024-08-21 (1 day late)"
        ]
    );
}

#[test]
fn two_changes_are_given_where_one_is_not_enough() {
    let text = with(
        "decision both : yes-no { yes when order.spend >= USD 100 and order.services has uer  no otherwise }
scenario \"s\" { given order.spend = USD 99  order.services = { mcsap }  expect both = no }",
    );
    let told = texts(&text, "both");
    assert_eq!(told[0], "order.spend: USD 100 in place of USD 99 (short by USD 1) and order.services: with uer");
}

#[test]
fn a_missing_fact_may_be_given() {
    let text = with(
        "decision both : yes-no { yes when order.spend >= USD 100 and order.elects  no otherwise }
scenario \"s\" { given order.spend = USD 100  expect both = missing { order.elects } }",
    );
    assert_eq!(texts(&text, "both"), ["order.elects: yes, which is not given"]);
}

#[test]
fn an_open_reading_may_be_chosen() {
    let text = with(
        "reading r { ask en \"?\" either first or second }
decision d : yes-no { yes when order.elects and r is second  no otherwise }
scenario \"s\" { given order.elects = yes  expect d = open reading r }",
    );
    assert_eq!(texts(&text, "d"), ["choose reading r = second"]);
}

#[test]
fn ways_are_the_same_every_time_and_lead_where_they_say() {
    let text = with(
        "decision d : integer {
  1 when order.spend >= USD 100 and order.region is asia
  2 when order.elects and not (order.spend >= USD 100 and order.region is asia)
  3 otherwise
}
scenario \"s\" { given order.spend = USD 12.34  order.region = asia  order.elects = no  expect d = 3 }",
    );
    let (checked, facts, first) = ways(&text, "d");
    assert_eq!(first, ways(&text, "d").2);
    assert!(!first.is_empty());
    for way in &first {
        let mut changed = facts.clone();
        for change in &way.changes {
            match change.subject {
                clausal::explore::Subject::Input(id) => changed.give(id, change.to.clone()),
                clausal::explore::Subject::Reading(id) => match change.to {
                    Value::Member(_, choice) => changed.choose(id, choice),
                    _ => panic!("a choice"),
                },
            }
        }
        assert_eq!(outcome(&checked, &changed, &target(&checked, "d")).answer.as_ref(), Ok(&way.answer));
    }
}

mod properties {
    //! For rule texts put together at random: every witness, evaluated, satisfies what was asked.

    use super::*;
    use proptest::prelude::*;

    fn condition() -> impl Strategy<Value = String> {
        let amount = 0..12i32;
        let op = prop::sample::select(vec!["<", "<=", ">", ">=", "=", "<>"]);
        let atom = prop_oneof![
            (op.clone(), amount.clone()).prop_map(|(op, n)| format!("order.spend {op} USD {n}")),
            (op.clone(), 1..29i32).prop_map(|(op, n)| format!("event.starts-on {op} 2024-09-{n:02}")),
            (op.clone(), 0..60i32).prop_map(|(op, n)| format!("event.confirmed-on {op} event.starts-on - {n} days")),
            (op, 0..5i32)
                .prop_map(|(op, n)| format!("event.confirmed-on to event.starts-on in months {op} {n} months")),
            prop::sample::select(vec!["asia", "europe", "americas"]).prop_map(|r| format!("order.region is {r}")),
            Just("order.region in { asia, europe }".to_owned()),
            Just("order.services has uer".to_owned()),
            Just("order.services has mcsap".to_owned()),
            Just("order.elects".to_owned()),
            Just("large".to_owned()),
        ];
        atom.prop_recursive(3, 10, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(|c| format!("({})", c.join(" and "))),
                prop::collection::vec(inner.clone(), 2..4).prop_map(|c| format!("({})", c.join(" or "))),
                inner.prop_map(|c| format!("not ({c})")),
            ]
        })
    }

    fn rules(a: &str, b: &str) -> String {
        with(&format!(
            "decision large : yes-no {{ yes when order.spend >= USD 7 or order.region is europe  no otherwise }}
decision d : integer {{ 1 when {a}  1 when {b}  1 otherwise }}"
        ))
    }

    fn conditions(checked: &Checked) -> Vec<&Expr> {
        let id = checked.model.decision_named("d").expect("d");
        let Body::Rules(rules) = &checked.model.decision(id).group.body else { return Vec::new() };
        rules.iter().filter_map(|r| if let Guard::When(c) = &r.guard { Some(c) } else { None }).collect()
    }

    /// A case with every fact given.
    fn case(
        checked: &Checked,
        spend: i64,
        starts: i64,
        confirmed: i64,
        region: u32,
        services: u32,
        elects: bool,
    ) -> Facts {
        let model = &checked.model;
        let mut facts = Facts::none(model);
        let first = clausal::value::literal::parse_date("2024-09-01").unwrap();
        let day = |n: i64| clausal::value::add(&first, &Value::Days(n)).unwrap();
        let mut give = |name: &str, value: Value| facts.give(model.input_named(name).unwrap(), value);
        let usd = clausal::value::Currency::from_code("USD").unwrap();
        give("order.spend", Value::Money(usd, rust_decimal::Decimal::new(spend, 2)));
        give("event.starts-on", day(starts));
        give("event.confirmed-on", day(confirmed));
        let regions = model.enums.iter().position(|e| e.name == "region").unwrap() as u32;
        give("order.region", Value::Member(clausal::value::EnumId(regions), region));
        let member = |n| Value::Member(clausal::model::SERVICES, n);
        give("order.services", Value::set((0..2).filter(|n| services & (1 << n) != 0).map(member).collect()));
        give("order.elects", Value::YesNo(elects));
        facts
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        /// A way to another answer, taken, leads to it; and a single change is exact: one unit less does nothing.
        #[test]
        fn every_way_leads_to_its_answer_and_is_exact(
            a in condition(), spend in 0..1200i64, starts in 0..60i64, confirmed in -60..60i64,
            region in 0..3u32, services in 0..4u32, elects: bool,
        ) {
            let checked = checked(&rules(&a, "order.elects").replace("1 otherwise", "2 otherwise"));
            let facts = case(&checked, spend, starts, confirmed, region, services, elects);
            let target = target(&checked, "d");
            let now = outcome(&checked, &facts, &target).answer;
            for way in nearest(&checked, &facts, &target, None) {
                let mut changed = facts.clone();
                for change in &way.changes {
                    let clausal::explore::Subject::Input(id) = change.subject else { continue };
                    changed.give(id, change.to.clone());
                }
                prop_assert_eq!(outcome(&checked, &changed, &target).answer, Ok(way.answer.clone()));
                prop_assert_ne!(Ok(way.answer.clone()), now.clone());
                let [change] = &way.changes[..] else { continue };
                let (Some(by), clausal::explore::Subject::Input(id)) = (&change.by, change.subject) else { continue };
                let unit = match by {
                    Value::Days(n) => Value::Days(n.signum()),
                    Value::Money(c, n) if n.is_sign_negative() => Value::Money(*c, rust_decimal::Decimal::new(-1, 2)),
                    Value::Money(c, _) => Value::Money(*c, rust_decimal::Decimal::new(1, 2)),
                    _ => continue,
                };
                changed.give(id, clausal::value::sub(&change.to, &unit).unwrap());
                prop_assert_eq!(outcome(&checked, &changed, &target).answer, now.clone());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_witness_satisfies_what_was_asked(a in condition(), b in condition(), wanted: bool) {
            let checked = checked(&rules(&a, &b));
            let id = checked.model.decision_named("d");
            let conditions = conditions(&checked);
            let asked = [(conditions[0], true), (conditions[1], wanted)];
            let base = Facts::none(&checked.model);
            if let Some(facts) = find(&checked, id, &asked, &base) {
                let evaluation = Evaluation::new(&checked, &facts);
                for (condition, wanted) in asked {
                    prop_assert_eq!(evaluation.value_in(id.expect("d"), condition), Ok(Value::YesNo(wanted)));
                }
            }
        }

        /// What is said to go one way only does so for facts chosen at random.
        #[test]
        fn one_way_conditions_go_one_way(
            a in condition(), spend in 0..1200i64, starts in 0..60i64, confirmed in -60..60i64,
            region in 0..3u32, services in 0..4u32, elects: bool,
        ) {
            let text = rules(&a, "order.elects");
            let set = open(&text);
            let told = set.problems.iter().filter(|p| {
                matches!(p.code.name(), "one_way_comparison" | "rule_never_applies")
            });
            let told: Vec<&Problem> = told.collect();
            let checked = set.checked.as_ref().expect("sound");
            let facts = case(checked, spend, starts, confirmed, region, services, elects);
            let evaluation = Evaluation::new(checked, &facts);
            let id = checked.model.decision_named("d").unwrap();
            for problem in told {
                let mut seen = None;
                for condition in conditions(checked) {
                    condition.walk(&mut |e| if e.span == problem.span && seen.is_none() { seen = Some(e) });
                }
                if let Some(expr) = seen {
                    let wanted = problem.message.contains("`yes`");
                    prop_assert_eq!(evaluation.value_in(id, expr), Ok(Value::YesNo(wanted)));
                }
            }
        }
    }
}

#[test]
fn a_conflict_told_is_one_when_evaluated() {
    // The facts of the message, given in a scenario, come out as the message says.
    let text = with(
        "decision d : integer {
  1 when order.spend >= USD 5
  2 when order.spend < USD 10
  3 otherwise
}
scenario \"s\" { given order.spend = USD 9.99  expect d = conflict }",
    );
    let checked = checked(&text);
    let facts = Facts::of(&checked.model, &checked.model.scenarios[0]);
    let answer = outcome(&checked, &facts, &target(&checked, "d")).answer;
    assert_eq!(answer.map_err(|why| why.reason()), Err(Reason::Conflict));
    assert_eq!(facts.reading(ReadingId(0)), None);
}

#[test]
fn each_of_many_tables_that_supersede_each_other_is_worked_out_once() {
    // Every table supersedes all before it, so there are 2^48 ways from the last one to the first.
    let mut text = String::from("input n : integer\n");
    for number in 0..=48 {
        let before: Vec<String> = (0..number).map(|n| format!("t{n}")).collect();
        let (supersedes, when) = match number {
            0 => (String::new(), String::new()),
            _ => (format!("supersedes {} ", before.join(", ")), format!("when n >= {number}")),
        };
        text += &format!(
            "responses t{number} {supersedes}{{ key n {when}\n  | n || hours |\n  | any || {number} h |\n}}\n"
        );
    }
    let checked = checked(&text);
    let target = target(&checked, "t0");
    let n = checked.model.input_named("n").expect("an input of this name");
    for (given, hours) in [(0, 0), (25, 25), (99, 48)] {
        let mut facts = Facts::none(&checked.model);
        facts.give(n, Value::Number(given.into()));
        assert_eq!(outcome(&checked, &facts, &target).answer, Ok(Value::Duration(hours * 3600)));
    }
    let open = outcome(&checked, &Facts::none(&checked.model), &target);
    assert_eq!(open.answer.map_err(|why| (why.reason(), why.missing.len())), Err((Reason::Missing, 1)));
}

/// A table whose columns overlap so much that its tree would explode, and what stands in its last row.
fn entangled(last: &str) -> String {
    let columns = 0..40_u64;
    let inputs: String = columns.clone().map(|c| format!("input fact.c{c} : integer\n")).collect();
    let line = |cell: &dyn Fn(u64) -> String| columns.clone().map(|c| format!("| {} ", cell(c))).collect::<String>();
    let rows: String =
        (1..200).map(|row| format!("{}|| {row} |\n", line(&|c| format!(">= {}", row * (2 * c + 1) % 211)))).collect();
    let heading = line(&|c| format!("fact.c{c}"));
    format!("{inputs}decision d : integer {{\nhit first\n{heading}|| n |\n{rows}{}|| 0 |\n}}\n", line(&|_| last.into()))
}

#[test]
fn a_table_of_too_many_cases_is_given_up_soon_and_told_as_such() {
    let text = entangled("any");
    let [problem] = &problems(&text, "gap_in_table")[..] else { panic!("one problem") };
    assert_eq!(problem.message, "it is not proved that the rows of `d` cover every case");
    assert!(problem.help.as_deref().unwrap_or_default().contains("more cases than are looked through"));
    // A tree that is given up has not cost more than a few steps for each cell.
    let whole = checked(&text.replace("|| 0 |\n}", "|| 0 |\n| otherwise || 0 |\n}"));
    let Body::Table(table) = &whole.model.decisions[0].group.body else { panic!("a table") };
    let mut handled = 0;
    assert!(Index::build(&whole.model, table, &mut |leaf| handled += leaf.rows.len()).is_none());
    assert!(handled < 100_000, "{handled}");
}

#[test]
fn a_gap_met_in_a_table_of_too_many_cases_is_told() {
    let [problem] = &problems(&entangled(">= 300"), "gap_in_table")[..] else { panic!("one problem") };
    let label = problem.label.as_deref().unwrap_or_default();
    assert!(label.starts_with("no row fits: fact.c0 is ") && label.ends_with(", and 28 more"), "{label}");
}
