//! Grammar rules in the words of the reference, for "expected …".

use super::{Rule, is_keyword};

/// The keyword that a `k_…` rule stands for.
pub(super) fn keyword(rule: Rule) -> Option<&'static str> {
    KEYWORDS.iter().find(|(r, _)| *r == rule).map(|(_, w)| *w)
}

const KEYWORDS: &[(Rule, &str)] = &[
    (Rule::k_edition, "edition"),
    (Rule::k_label, "label"),
    (Rule::k_cites, "cites"),
    (Rule::k_source, "source"),
    (Rule::k_effective, "effective"),
    (Rule::k_from, "from"),
    (Rule::k_to, "to"),
    (Rule::k_at, "at"),
    (Rule::k_says, "says"),
    (Rule::k_prose, "prose"),
    (Rule::k_covers, "covers"),
    (Rule::k_ask, "ask"),
    (Rule::k_measured, "measured"),
    (Rule::k_must, "must"),
    (Rule::k_be, "be"),
    (Rule::k_was, "was"),
    (Rule::k_in, "in"),
    (Rule::k_listed, "listed"),
    (Rule::k_part, "part"),
    (Rule::k_of, "of"),
    (Rule::k_offered, "offered"),
    (Rule::k_requires, "requires"),
    (Rule::k_languages, "languages"),
    (Rule::k_delivery, "delivery"),
    (Rule::k_excludes, "excludes"),
    (Rule::k_let, "let"),
    (Rule::k_hit, "hit"),
    (Rule::k_unique, "unique"),
    (Rule::k_first, "first"),
    (Rule::k_priority, "priority"),
    (Rule::k_collect, "collect"),
    (Rule::k_when, "when"),
    (Rule::k_otherwise, "otherwise"),
    (Rule::k_always, "always"),
    (Rule::k_exception, "exception"),
    (Rule::k_over, "over"),
    (Rule::k_silent, "silent"),
    (Rule::k_the, "the"),
    (Rule::k_discretion, "discretion"),
    (Rule::k_meanwhile, "meanwhile"),
    (Rule::k_last, "last"),
    (Rule::k_before, "before"),
    (Rule::k_day, "day"),
    (Rule::k_counted, "counted"),
    (Rule::k_not, "not"),
    (Rule::k_supersedes, "supersedes"),
    (Rule::k_key, "key"),
    (Rule::k_note, "note"),
    (Rule::k_on, "on"),
    (Rule::k_except, "except"),
    (Rule::k_either, "either"),
    (Rule::k_or, "or"),
    (Rule::k_and, "and"),
    (Rule::k_default, "default"),
    (Rule::k_given, "given"),
    (Rule::k_readings, "readings"),
    (Rule::k_expect, "expect"),
    (Rule::k_missing, "missing"),
    (Rule::k_conflict, "conflict"),
    (Rule::k_open, "open"),
    (Rule::k_reading, "reading"),
    (Rule::k_has, "has"),
    (Rule::k_any, "any"),
    (Rule::k_other, "other"),
    (Rule::k_every, "every"),
    (Rule::k_satisfies, "satisfies"),
    (Rule::k_where, "where"),
    (Rule::k_for, "for"),
    (Rule::k_then, "then"),
    (Rule::k_else, "else"),
    (Rule::k_is, "is"),
    (Rule::k_stated, "stated"),
    (Rule::k_rounded, "rounded"),
    (Rule::k_holidays, "holidays"),
    (Rule::k_zone, "zone"),
    (Rule::k_closed, "closed"),
    (Rule::k_possible, "possible"),
    (Rule::k_days, "days"),
    (Rule::k_by, "by"),
    (Rule::k_with, "with"),
    (Rule::k_owed, "owed"),
    (Rule::k_starts, "starts"),
    (Rule::k_stops, "stops"),
    (Rule::k_done, "done"),
    (Rule::k_pauses, "pauses"),
    (Rule::k_while, "while"),
    (Rule::k_void, "void"),
    (Rule::k_target, "target"),
    (Rule::k_until, "until"),
    (Rule::k_change, "change"),
    (Rule::k_keeps, "keeps"),
    (Rule::k_start, "start"),
    (Rule::k_restarts, "restarts"),
    (Rule::k_warns, "warns"),
    (Rule::k_miss, "miss"),
    (Rule::k_states, "states"),
    (Rule::k_becomes, "becomes"),
    (Rule::k_stay, "stay"),
    (Rule::k_after, "after"),
    (Rule::k_sets, "sets"),
    (Rule::k_final, "final"),
    (Rule::k_log, "log"),
    (Rule::k_as, "as"),
    (Rule::k_elapsed, "elapsed"),
    (Rule::k_make_up, "make-up"),
    (Rule::k_marks, "marks"),
    (Rule::k_amends, "amends"),
    (Rule::k_governed, "governed"),
];

pub(super) const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The words that may start a part of an item, to tell a misspelt one.
pub(super) fn statement_words(part: Rule) -> &'static [&'static str] {
    match part {
        Rule::agreement_part => &["label", "source", "effective", "marks", "amends"],
        Rule::party_part | Rule::unit_part => &["label"],
        Rule::clause_part => &["label", "says", "prose", "covers"],
        Rule::input_part => &["label", "ask", "cites", "measured", "must"],
        Rule::catalogue_part => &["label", "cites"],
        Rule::service_part => {
            &["label", "cites", "was", "listed", "part", "offered", "requires", "languages", "delivery", "excludes"]
        }
        Rule::reading_part => &["label", "cites", "ask", "either"],
        Rule::decision_part | Rule::exception_part => {
            &["label", "cites", "let", "hit", "exception", "always", "silent"]
        }
        Rule::period_part => &["label", "cites", "let", "first", "last", "from"],
        Rule::responses_part => &["label", "cites", "key", "let", "when", "note"],
        Rule::scenario_part => &["cites", "given", "readings", "log", "as", "edition", "governed", "expect"],
        Rule::calendar_part => &["label", "cites", "zone", "open", "closed", "holidays", "make-up", "part"],
        Rule::holidays_part => &["label", "cites", "covers", "open", "closed", "from"],
        Rule::event_part => &["label", "cites", "by", "with"],
        Rule::milestone_part => &[
            "label", "cites", "let", "owed", "starts", "stops", "done", "pauses", "void", "target", "every", "on",
            "warns",
        ],
        Rule::process_part => &["label", "cites", "states"],
        _ => &[],
    }
}

const DATE: &str = "a date, such as `2026-10-01`";
const TIME: &str = "a time of day, such as `09:00`";
const DATE_TIME: &str = "a date-time, such as `2026-03-06T17:30+08:00`";

/// "a name, `when` or an operator": what may stand at a place, most telling first.
pub(super) fn describe(positives: &[Rule]) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    let mut operator = false;
    let mut value = false;
    // Where no value of another kind could stand, the kind says more.
    let any_value = positives.iter().any(|r| {
        matches!(r, Rule::expr | Rule::amount | Rule::number | Rule::paren | Rule::callee | Rule::call | Rule::answer)
    });
    for rule in positives {
        match rule {
            Rule::date_time if !any_value => words.push(DATE_TIME.to_owned()),
            Rule::date if !any_value => words.push(DATE.to_owned()),
            Rule::time if !any_value => words.push(TIME.to_owned()),
            Rule::moment if !any_value => words.extend([DATE, TIME, DATE_TIME].map(str::to_owned)),
            Rule::percent | Rule::percentage if !any_value => words.push("a percentage, such as `75%`".to_owned()),
            Rule::quantity if !any_value => words.push("an amount of time, such as `30 min`".to_owned()),
            Rule::k_not if !any_value => words.push("`not`".to_owned()),
            Rule::eq
            | Rule::ne
            | Rule::lt
            | Rule::le
            | Rule::gt
            | Rule::ge
            | Rule::plus
            | Rule::minus
            | Rule::times
            | Rule::divide
            | Rule::range
            | Rule::range_below
            | Rule::k_and
            | Rule::k_or
            | Rule::k_is
            | Rule::is_not
            | Rule::is_stated
            | Rule::k_in
            | Rule::not_in
            | Rule::k_has
            | Rule::k_to
            | Rule::k_of
            | Rule::in_unit
            | Rule::rounded => operator = true,
            Rule::date
            | Rule::time
            | Rule::date_time
            | Rule::moment
            | Rule::money
            | Rule::percent
            | Rule::percentage
            | Rule::quantity
            | Rule::amount
            | Rule::number
            | Rule::set
            | Rule::list
            | Rule::paren
            | Rule::call
            | Rule::callee
            | Rule::if_expr
            | Rule::quantified
            | Rule::counted
            | Rule::summed
            | Rule::record_literal
            | Rule::expr
            | Rule::k_yes
            | Rule::k_no
            | Rule::k_not
            | Rule::answer => value = true,
            Rule::broken | Rule::balanced => {}
            rule => words.extend(name(*rule)),
        }
    }
    if value {
        words.retain(|w| w != "a name" && w != "a text in quotes");
        words.insert(0, "a value".to_owned());
    }
    if operator {
        words.push("an operator".to_owned());
    }
    words.dedup();
    let last = words.pop()?;
    if words.is_empty() {
        return Some(last);
    }
    words.truncate(7);
    Some(format!("{} or {last}", words.join(", ")))
}

fn name(rule: Rule) -> Option<String> {
    if is_keyword(rule) {
        return keyword(rule).map(|w| format!("`{w}`"));
    }
    Some(
        match rule {
            Rule::name | Rule::path | Rule::word | Rule::named_type => "a name",
            Rule::clause_id | Rule::clause_ref => "a clause id such as `2.7/cancel`",
            Rule::text | Rule::text_body => "a text in quotes",
            Rule::lang | Rule::labelled => "a language and a text, such as `en \"…\"`",
            Rule::type_ | Rule::set_type | Rule::list_type | Rule::money_type => "a type",
            Rule::row | Rule::table => "a table row",
            Rule::row_end | Rule::cell_sep => "`|` at the end of the cell",
            Rule::cell | Rule::cells => "a cell, such as `azure`, `>= 14 days`, `6..13 days` or `any`",
            Rule::citation => "`[clause]`",
            Rule::section => "`§` and a section",
            Rule::currency => "a currency such as `USD`",
            Rule::assignment => "a fact, such as `order.spend = USD 5`",
            Rule::expectation | Rule::expected => "an expectation, such as `charge = USD 5`",
            Rule::choice => "a choice",
            Rule::weekday | Rule::weekdays | Rule::weekday_span => "a weekday, such as `monday`",
            Rule::open_on => "weekdays or dates, such as `monday..friday`",
            Rule::open_line => "`open`",
            Rule::closed_line => "`closed`",
            Rule::by => "`by`",
            Rule::when => "`when`",
            Rule::on_event => "`on`",
            Rule::after => "`after`",
            Rule::windows | Rule::window => "hours, such as `09:00..18:00`",
            Rule::dates => "a date, or dates such as `2026-10-01..2026-10-07`",
            Rule::year => "a year",
            Rule::log_entry => "an entry of the log, such as `at 2026-03-06T17:30+08:00 reported`",
            Rule::state => "a state",
            Rule::item_kind => "the kind of an item, such as `service` or `clause`",
            Rule::item_name => "the name of an item",
            Rule::EOI => "the end of the file",
            Rule::unit_word | Rule::time_unit | Rule::span_unit => "a unit",
            Rule::rounding_mode => "`half-up`, `half-even`, `half-down`, `up` or `down`",
            _ => return None,
        }
        .to_owned(),
    )
}
