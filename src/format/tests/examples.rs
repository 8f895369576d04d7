//! One small example for each claim.

use super::check;
use crate::format::format;

#[test]
fn a_chinese_table_lines_up_by_display_width() {
    check(
        r#"
        decision fee : money in USD {
        |service|region||fee|cites|
        | 灵活额度 | 中国||USD 5,000|2.4/a|
        | mcsap | any || USD 60 | 2.4/b |
        | otherwise || USD 0 | |
        }
        "#,
        r#"
        decision fee : money in USD {
          | service  | region || fee       | cites |
          | 灵活额度 | 中国   || USD 5,000 | 2.4/a |
          | mcsap    | any    ||    USD 60 | 2.4/b |
          | otherwise         ||     USD 0 |       |
        }
        "#,
    );
}

#[test]
fn percentages_stand_flush_right() {
    check(
        r#"
        decision charge : money {
          | notice || charge |
          | >= 14 days || 0% of booking.fee |
          |6..13 days|| 50% of booking.fee|
          | <= 5 days || 100% of booking.fee |
        }
        "#,
        r#"
        decision charge : money {
          | notice     || charge              |
          | >= 14 days ||   0% of booking.fee |
          | 6..13 days ||  50% of booking.fee |
          | <= 5 days  || 100% of booking.fee |
        }
        "#,
    );
}

#[test]
fn a_column_with_other_cells_than_figures_stands_flush_left() {
    check(
        r#"
        scenario "around the threshold" {
          | case | spend || big |
          | "a cent below" | USD 59.99 || no |
          | "at it" | USD 60 || yes |
          // what if nobody knows?

          | "not told" | - || missing {spend} |
        }
        "#,
        r#"
        scenario "around the threshold" {
          | case           | spend     || big               |
          | "a cent below" | USD 59.99 || no                |
          | "at it"        | USD 60    || yes               |
          // what if nobody knows?

          | "not told"     | -         || missing { spend } |
        }
        "#,
    );
}

#[test]
fn rows_that_are_not_finished_do_not_disturb_the_table() {
    check(
        r#"
        decision a : b {
          | x | y || z |
          | long-name | y
          | 1 | 2 || 3 |
        }
        "#,
        r#"
        decision a : b {
          | x | y || z |
          | long-name | y
          | 1 | 2 || 3 |
        }
        "#,
    );
}

#[test]
fn comments_keep_their_places() {
    check(
        r#"
        //What the paper says.
        // 客户   keeps  its spacing
        party vendor {}//us
        decision d : yes-no { // why
              // about the rule
          yes when a // one
          no otherwise          // two
          // at the end
        }
        "#,
        r#"
        // What the paper says.
        // 客户   keeps  its spacing
        party vendor {}         // us
        decision d : yes-no {   // why
          // about the rule
          yes when a     // one
          no otherwise   // two
          // at the end
        }
        "#,
    );
}

#[test]
fn labels_of_members_are_aligned() {
    check(
        r#"
        enumeration severity {
         label en "Severity" zh "严重性"
          1 en "Severity 1" zh "严重性 1"
          // less than that

          严重 en "Severe"  zh "严重性 A",
          other
          B, C
        }
        "#,
        r#"
        enumeration severity {
          label en "Severity" zh "严重性"
          1     en "Severity 1"  zh "严重性 1"
          // less than that

          严重  en "Severe"      zh "严重性 A",
          other
          B, C
        }
        "#,
    );
}

#[test]
fn choices_of_a_reading_are_aligned() {
    check(
        r#"
        reading day-one {
          ask en "Is it day 1?"
          zh "是否为第一天？"
          either excluded(default) en "the day after" zh "次日"
          or included en "day 1" zh "首日"
        }
        reading other {
          either purchases-up-to-that-day
            en "the purchases" zh "购买行为"
          or affiliation (default)
            en "who bought"
        }
        "#,
        r#"
        reading day-one {
          ask en "Is it day 1?"
              zh "是否为第一天？"
          either excluded (default) en "the day after" zh "次日"
          or     included           en "day 1"         zh "首日"
        }
        reading other {
          either purchases-up-to-that-day
                   en "the purchases" zh "购买行为"
          or     affiliation (default)
                   en "who bought"
        }
        "#,
    );
}

#[test]
fn inputs_on_neighbouring_lines_are_aligned() {
    check(
        r#"
        input order.items: list of item {label en "ordered"}
        input order.spend :money in USD { label en "spend" }
        input a : date
        input a-rather-long-name:money in USD {
        must be>=USD 0
        }

        party vendor {}
        party customer { label en "the customer" }
        record item { kind : kind fee:money }
        record item {
          service : service
          on : date,
          fee : money in USD en "fee"
        }
        "#,
        r#"
        input order.items : list of item { label en "ordered" }
        input order.spend : money in USD { label en "spend" }
        input a           : date
        input a-rather-long-name : money in USD {
          must be >= USD 0
        }

        party vendor   {}
        party customer { label en "the customer" }
        record item { kind : kind  fee : money }
        record item {
          service : service
          on      : date,
          fee     : money in USD  en "fee"
        }
        "#,
    );
}

#[test]
fn facts_stand_under_the_first() {
    check(
        r#"
        scenario "two items" {
          given order.items = [{ kind : custom, fee: USD 5, on :2024-01-01 },
            { kind: other, fee: USD 7 }]
             days.needed=6
            // a comment
           label = yes
          readings day-one = included
          hours = clock
          expect total = 2 *
          3
          big = missing { a,
          b }
        }
        scenario "a list of its own" {
          given order.items = [
          { kind: custom },
          ]
          spend = USD 5
        }
        "#,
        r#"
        scenario "two items" {
          given order.items = [ { kind: custom, fee: USD 5, on: 2024-01-01 },
                                { kind: other, fee: USD 7 } ]
                days.needed = 6
                // a comment
                label = yes
          readings day-one = included
                   hours = clock
          expect total = 2 *
                         3
                 big = missing { a,
                                 b }
        }
        scenario "a list of its own" {
          given order.items = [
                  { kind: custom },
                ]
                spend = USD 5
        }
        "#,
    );
}

#[test]
fn long_conditions_stay_wrapped_under_the_first_word() {
    check(
        r#"
        decision covered : yes-no {
          cites 2.4/a,
          2.4/b
          let scope = kind is product and licensed
          and released
          yes when scope
          and not (outside
          or { a, b } has kind)
          { a, b }
          when kind is c
          and d
          always max(
          a,
          b
          )
        }
        responses base {
          when order.services has x
          and y
          note 1 on a b except when c
          says "d" [a/b]
        }
        "#,
        r#"
        decision covered : yes-no {
          cites 2.4/a,
                2.4/b
          let scope = kind is product and licensed
                      and released
          yes when scope
                   and not (outside
                            or { a, b } has kind)
          { a, b }
            when kind is c
                 and d
          always max(
            a,
            b
          )
        }
        responses base {
          when order.services has x
               and y
          note 1 on a b except when c
            says "d" [a/b]
        }
        "#,
    );
}

#[test]
fn nested_exceptions_are_indented_and_citations_aligned() {
    check(
        r#"
        decision event-cover : cover {
        covered when a [2.4/notice]
        at the discretion of vendor otherwise [2.4/late, 2.4/x]

        exception no-cloud {

        not-covered when b
        exception agreed over a, b { // written
        covered when c in [1, 2] [ 2.4/c ]
        }

        }
        }
        "#,
        r#"
        decision event-cover : cover {
          covered when a                          [2.4/notice]
          at the discretion of vendor otherwise   [2.4/late, 2.4/x]

          exception no-cloud {
            not-covered when b
            exception agreed over a, b {   // written
              covered when c in [ 1, 2 ]   [2.4/c]
            }
          }
        }
        "#,
    );
}

#[test]
fn lines_that_are_too_long_are_not_broken() {
    let line = format!("clause 2.4/a at §2.4 {{ says \"{}\" }}\n", "long ".repeat(80));
    check(&line, &line);
}

#[test]
fn one_blank_line_at_most_and_none_at_the_edges() {
    check(
        "\n\n\nuse a\n\n \t\n\nparty p {\n\n\n  label en \"p\"\n\n}\n\n\n",
        "use a\n\nparty p {\n  label en \"p\"\n}\n",
    );
}

#[test]
fn comments_stand_in_one_column_over_a_blank_line_that_goes() {
    check("unit u { // a\n\nlabel en \"u\" // b\n}\n", "unit u {         // a\n  label en \"u\"   // b\n}\n");
}

#[test]
fn foreign_white_space_becomes_plain() {
    check("\u{FEFF}use lib/a\r\nparty\u{3000}p\u{A0}{}\t\r\n", "use lib/a\nparty p {}\n");
}

#[test]
fn text_stays_as_it_is() {
    check(
        "clause a {\nsays  \"a  , b\u{3000}{  // \\\" 客户\"  }",
        "clause a {\n  says \"a  , b\u{3000}{  // \\\" 客户\" }\n",
    );
}

#[test]
fn sets_lists_and_calls_have_their_spaces() {
    check(
        "decision a : b { always max( a ,{ } ,{b,c})>=-5 and 20 % of x in 6..<13 and not(d) and e /f and [ ]  = [1]}",
        "decision a : b { always max(a, {}, { b, c }) >= -5 and 20% of x in 6..<13 and not (d) and e /f and [] = [ 1 ] }\n",
    );
}

#[test]
fn rules_on_one_line_are_set_apart() {
    check("decision a : b {yes when c no otherwise}", "decision a : b { yes when c  no otherwise }\n");
    check("decision a : b { silent when c is yes [2.4/d] }", "decision a : b { silent when c is yes [2.4/d] }\n");
}

#[test]
fn what_cannot_be_read_is_left_as_it_is() {
    check(
        "party p {\nlabel   en  \"not closed  ,x\nlabel en \"closed\"\n}\n",
        "party p {\n  label   en  \"not closed  ,x\n  label en \"closed\"\n}\n",
    );
    check("label（en） “客户”\n", "label（en） “客户”\n");
}

#[test]
fn a_forgotten_brace_does_not_push_the_rest_aside() {
    check(
        "party p {\nlabel en \"p\"\n\nparty q {\nlabel en \"q\"\n}\n",
        "party p {\n  label en \"p\"\n\nparty q {\n  label en \"q\"\n}\n",
    );
}

#[test]
fn nothing_stays_nothing() {
    assert_eq!(format(""), "");
    assert_eq!(format(" \r\n\u{3000}\n"), "");
    assert_eq!(format("//x"), "// x\n");
}

#[test]
fn entries_of_a_log_stand_below_it() {
    check(
        r#"
        scenario "level 2" {
        given site.zone = "Asia/Shanghai"
        log
        at 2026-03-06T17:30+08:00 reported   by customer with incident.level = 2
        // not a person
        at 2026-03-06T17:31+08:00 contacted by bot //a reply
        at 2026-03-06T17:40+08:00 contacted
        by representative
        with incident.level = 2,
        incident.place = here
        as of 2026-03-20T12:00+08:00
        expect incident.state = missing {log[2].by,as-of}
        incident.since = silent
        }
        "#,
        r#"
        scenario "level 2" {
          given site.zone = "Asia/Shanghai"
          log
            at 2026-03-06T17:30+08:00 reported by customer with incident.level = 2
            // not a person
            at 2026-03-06T17:31+08:00 contacted by bot   // a reply
            at 2026-03-06T17:40+08:00 contacted
              by representative
              with incident.level = 2,
                   incident.place = here
          as of 2026-03-20T12:00+08:00
          expect incident.state = missing { log[2].by, as-of }
                 incident.since = silent
        }
        "#,
    );
}

#[test]
fn entries_after_log_on_its_line_stand_under_the_first() {
    check(
        r#"
        scenario "a" {
          log at 2026-03-06T17:30Z reported
          at 2026-03-06T17:31Z contacted
          as of 2026-03-20T12:00Z
        }
        "#,
        r#"
        scenario "a" {
          log at 2026-03-06T17:30Z reported
              at 2026-03-06T17:31Z contacted
          as of 2026-03-20T12:00Z
        }
        "#,
    );
}

#[test]
fn lines_of_a_calendar_are_aligned() {
    check(
        r#"
        calendar office {
        cites i/times
        zone site.zone
        open monday..friday 09:00..18:00 when lunch-hour is worked
        open monday..friday 09:00..12:00,13:00..18:00 when lunch-hour is break [i/times]
        open saturday 09:00..12:00
        closed 2026-10-01..2026-10-07 "National Day" //the week
        open 2026-10-10 "made up"
        // as the site has them
        holidays site.holidays [i/holidays]
        part day elapsed when whole-days is no
        part day not counted when whole-days is yes
        }
        calendar round-the-clock { zone site.zone open always }
        calendar night { zone site.zone open monday..friday 00:00..06:00 }
        "#,
        r#"
        calendar office {
          cites i/times
          zone site.zone
          open monday..friday 09:00..18:00               when lunch-hour is worked
          open monday..friday 09:00..12:00, 13:00..18:00 when lunch-hour is break   [i/times]
          open saturday       09:00..12:00
          closed 2026-10-01..2026-10-07 "National Day"   // the week
          open   2026-10-10             "made up"
          // as the site has them
          holidays site.holidays   [i/holidays]
          part day elapsed     when whole-days is no
          part day not counted when whole-days is yes
        }
        calendar round-the-clock { zone site.zone open always }
        calendar night           { zone site.zone open monday..friday 00:00..06:00 }
        "#,
    );
}

#[test]
fn lines_of_a_process_go_on_one_step_in_and_their_citations_are_aligned() {
    check(
        r#"
        process incident {
        states {
        open en "Open" zh "打开"
        answered en "Answered" zh "已答复",
        closed(final) en "Closed"
        }
        open becomes answered on contacted by representative [i/a]
        open, answered stay on access-refused sets incident.level = 2
        when incident.level is 1
        and incident.place is there [i/access]
        // in the end
        answered
        becomes closed
        after 7 days in office [i/close]
        }
        process review { states {new  asked,done (final)} new becomes asked on asked }
        "#,
        r#"
        process incident {
          states {
            open            en "Open"      zh "打开"
            answered        en "Answered"  zh "已答复",
            closed (final)  en "Closed"
          }
          open becomes answered on contacted by representative   [i/a]
          open, answered stay on access-refused sets incident.level = 2
            when incident.level is 1
                 and incident.place is there                     [i/access]
          // in the end
          answered
            becomes closed
            after 7 days in office   [i/close]
        }
        process review { states { new  asked, done (final) } new becomes asked on asked }
        "#,
    );
}

#[test]
fn lines_of_a_milestone_go_on_under_their_conditions() {
    check(
        r#"
        milestone first-response {
        owed by vendor
        starts on reported
        stops on contacted by representative //a bot does not
        stops when incident.level is 3 [i/a]
        pauses while incident.waits is customer
        or incident.waits is third [i/b]
        target response-time in coverage [i/times]
        on change keeps target when changed is old
        on change restarts when changed is new
        on miss credit,
        notice
        }
        event reported { by customer }
        event access-refused { by customer }
        "#,
        r#"
        milestone first-response {
          owed by vendor
          starts on reported
          stops on contacted by representative   // a bot does not
          stops when incident.level is 3            [i/a]
          pauses while incident.waits is customer
                       or incident.waits is third   [i/b]
          target response-time in coverage          [i/times]
          on change keeps target when changed is old
          on change restarts     when changed is new
          on miss credit,
                  notice
        }
        event reported       { by customer }
        event access-refused { by customer }
        "#,
    );
}
