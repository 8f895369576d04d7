//! Decisions, periods and response tables: rules as a numbered list, tables as tables.

use std::fmt::Write as _;

use super::Book;
use super::html::{code, esc, label, link, titled};
use super::places::{exception_anchor, note_anchor, rule_anchor};
use crate::model::{
    Answer, Body, Decision, DecisionId, DecisionKind, Expr, ExprKind, Group, Guard, Hit, Note, Responses, Row, Rule,
    Table, TestKind, Words,
};
use crate::value::Value;

/// A condition longer than this is set in lines.
const LONG: usize = 90;

/// The decision whose rules are written, and how they are numbered.
struct Within<'a> {
    decision: &'a Decision,
    words: Words<'a>,
}

impl Book<'_> {
    pub(super) fn decision(&self, id: DecisionId) -> String {
        let decision = self.model.decision(id);
        let anchor = format!("decision-{}", decision.name);
        let mut body = String::new();
        let within = Within { decision, words: Words::of(self.model, decision) };
        match &decision.kind {
            DecisionKind::Plain => {
                let ty = self.names.code(&self.model.type_name(&decision.ty), &[]);
                let _ = writeln!(body, "<p class=\"gives\">Gives {ty}</p>");
            }
            DecisionKind::Responses(responses) => body.push_str(&self.supersession(&within, responses)),
            DecisionKind::Period | DecisionKind::Milestone(_) | DecisionKind::Process(_) => {}
        }
        body.push_str(&self.group(&within, &decision.group, &anchor));
        match &decision.kind {
            DecisionKind::Milestone(milestone) => body.push_str(&self.milestone(decision, milestone)),
            DecisionKind::Process(process) => body.push_str(&self.process(decision, process, &anchor)),
            DecisionKind::Responses(responses) => body.push_str(&self.notes(&within, responses, &anchor)),
            DecisionKind::Plain | DecisionKind::Period => {}
        }
        let mut cited = Vec::new();
        decision.each_cites(&mut |cites| cited.extend(cites));
        body.push_str(&self.paraphrases(&cited));
        body.push_str(&self.reached(id));
        let title = titled(&decision.labels, &decision.name);
        self.item(&anchor, Self::kind(&decision.kind), &title, &decision.name, decision.name_span, &body)
    }

    fn supersession(&self, within: &Within, responses: &Responses) -> String {
        let mut body = String::new();
        let links = |ids: &[DecisionId]| self.decision_links(&ids.iter().map(|id| id.index()).collect::<Vec<_>>());
        if !responses.supersedes.is_empty() {
            let when =
                responses.when.as_ref().map_or(String::new(), |when| format!(" when {}", self.expr(within, when)));
            let _ = writeln!(body, "<p>Supersedes {}{when}</p>", links(&responses.supersedes));
        }
        if !responses.superseded_by.is_empty() {
            let _ = writeln!(body, "<p>Superseded by {}</p>", links(&responses.superseded_by));
        }
        body
    }

    fn group(&self, within: &Within, group: &Group, anchor: &str) -> String {
        let mut body = String::new();
        if !group.cites.is_empty() {
            let _ = writeln!(body, "<p>Cites {}</p>", self.cites(&group.cites));
        }
        for binding in &group.lets {
            let value = self.expr(within, &binding.value);
            let _ = writeln!(body, "<p class=\"let\">{} is {value}</p>", code(&binding.name));
        }
        match &group.body {
            Body::Rules(rules) => {
                body.push_str("<ol class=\"rules\">\n");
                for (number, rule) in rules.iter().enumerate() {
                    body.push_str(&self.rule(within, rule, &rule_anchor(anchor, number)));
                }
                body.push_str("</ol>\n");
            }
            Body::Period(extent) => {
                let lines = within.words.extent(extent);
                let lines: String = lines.iter().map(|line| format!("<li>{}</li>", self.text(within, line))).collect();
                let _ = writeln!(body, "<ul class=\"plain\">{lines}</ul>");
            }
            Body::Table(table) => body.push_str(&self.table(within, table, anchor)),
            Body::Log => {}
        }
        for exception in &group.exceptions {
            let over: Vec<String> = exception
                .over
                .iter()
                .filter_map(|i| group.exceptions.get(*i))
                .map(|other| link(&exception_anchor(anchor, &other.name), &code(&other.name)))
                .collect();
            let over = if over.is_empty() { String::new() } else { format!(", over {}", over.join(", ")) };
            let anchor = exception_anchor(anchor, &exception.name);
            let _ = write!(
                body,
                "<section class=\"exception\" id=\"{0}\" aria-label=\"Exception {1}\">\n<h4>Exception {2}{over}</h4>\n",
                esc(&anchor),
                esc(&exception.name),
                code(&exception.name)
            );
            body.push_str(&self.group(within, &exception.group, &anchor));
            body.push_str("</section>\n");
        }
        body
    }

    fn rule(&self, within: &Within, rule: &Rule, anchor: &str) -> String {
        let answer = format!("<span class=\"answer\">{}</span>", self.text(within, &within.words.answer(&rule.answer)));
        let cites = self.cites(&rule.cites);
        let text = match &rule.guard {
            Guard::When(condition) => format!("{answer} when {}", self.expr(within, condition)),
            Guard::Otherwise => format!("{answer} otherwise"),
            Guard::Always => format!("always {answer}"),
        };
        format!("<li id=\"{}\">{text} {cites}</li>\n", esc(anchor))
    }

    /// An expression; a long one is set in lines at its `and`s or `or`s.
    fn expr(&self, within: &Within, expr: &Expr) -> String {
        let (parts, word) = match &expr.kind {
            ExprKind::And(parts) => (parts.as_slice(), "and"),
            ExprKind::Or(parts) => (parts.as_slice(), "or"),
            _ => (std::slice::from_ref(expr), ""),
        };
        let whole = within.words.expr(expr);
        if parts.len() < 2 || whole.chars().count() <= LONG {
            return self.text(within, &whole);
        }
        let lines: String = parts
            .iter()
            .enumerate()
            .map(|(number, part)| {
                let text = within.words.expr(part);
                let loose = match &part.kind {
                    ExprKind::Or(_) | ExprKind::If(..) | ExprKind::Quantified { .. } => true,
                    ExprKind::And(_) => word == "and",
                    _ => false,
                };
                let text = if loose { format!("({text})") } else { text };
                let lead = if number == 0 { String::new() } else { format!("{word} ") };
                format!("<span class=\"line\">{lead}{}</span>", self.text(within, &text))
            })
            .collect();
        format!("<span class=\"lines\">{lines}</span>")
    }

    /// Text in the words of the language.
    fn text(&self, within: &Within, text: &str) -> String {
        self.names.code(text, &within.decision.slot_names)
    }

    fn table(&self, within: &Within, table: &Table, anchor: &str) -> String {
        let decision = within.decision;
        let notes: &[Note] = match &decision.kind {
            DecisionKind::Responses(responses) => &responses.notes,
            _ => &[],
        };
        let key: &[usize] = match &decision.kind {
            DecisionKind::Responses(responses) => &responses.key,
            _ => &[],
        };
        let policy = match &table.hit {
            Hit::Unique => "one row fits".to_owned(),
            Hit::First => "the first row that fits counts".to_owned(),
            Hit::Collect => "all rows that fit count".to_owned(),
            Hit::Priority(order) => {
                let order: Vec<String> = order.iter().map(|v| v.display(self.model).to_string()).collect();
                format!("of the rows that fit the first counts in the order {}", esc(&order.join(", ")))
            }
        };
        let caption = format!("{}: {policy}", code(&decision.name));
        let headings = within.words.headings(table);
        let cited = table.rows.iter().chain(&table.otherwise).any(|row| !row.cites.is_empty());
        let mut html = format!(
            "<div class=\"scroll\" role=\"region\" aria-label=\"Table of {}\" tabindex=\"0\">\n\
             <table class=\"decision\">\n<caption>{caption}</caption>\n<thead><tr><th scope=\"col\">Row</th>",
            esc(&decision.name)
        );
        for (column, heading) in headings.iter().enumerate() {
            let class = if key.contains(&column) { " class=\"key\"" } else { "" };
            let _ = write!(html, "<th scope=\"col\"{class}>{}</th>", self.text(within, heading));
        }
        for (place, column) in table.answers.iter().enumerate() {
            let class = if place == 0 { " class=\"ans\"" } else { "" };
            let heading = match decision.columns.get(*column) {
                Some(c) if !c.name.is_empty() => format!("{} {}", label(&c.labels), code(&c.name)),
                _ => "Answer".to_owned(),
            };
            let _ = write!(html, "<th scope=\"col\"{class}>{heading}</th>");
        }
        if cited {
            html.push_str("<th scope=\"col\">Clauses</th>");
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for (number, row) in table.rows.iter().chain(&table.otherwise).enumerate() {
            let anchor = rule_anchor(anchor, number);
            let _ = write!(html, "<tr id=\"{}\"><th scope=\"row\">{}</th>", esc(&anchor), number + 1);
            html.push_str(&self.row(within, table, row, &headings, notes));
            if cited {
                let _ = write!(html, "<td>{}</td>", self.cites(&row.cites));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n</table>\n</div>\n");
        html
    }

    fn row(&self, within: &Within, table: &Table, row: &Row, headings: &[String], notes: &[Note]) -> String {
        let mut html = String::new();
        let anchor = format!("decision-{}", within.decision.name);
        let sign = |number: usize, note: &Note| {
            let text = format!("<sup>{}</sup>", esc(&note.number));
            format!(
                "<a class=\"note\" href=\"#{}\" aria-label=\"note {}\">{text}</a>",
                esc(&note_anchor(&anchor, number)),
                esc(&note.number)
            )
        };
        if row.tests.is_empty() {
            let _ = write!(html, "<td colspan=\"{}\">otherwise</td>", headings.len().max(1));
        }
        for (column, test) in row.tests.iter().enumerate() {
            let text = if is_other(table, row, column) { "other".to_owned() } else { within.words.test(test) };
            let signs: String = notes
                .iter()
                .enumerate()
                .filter(|(_, note)| note.answer_column.is_none() && headings.get(column) == Some(&note.column))
                .filter(|(_, note)| matches!(&test.kind, TestKind::OneOf(values) if values.contains(&note.value)))
                .map(|(number, note)| sign(number, note))
                .collect();
            let quiet = if text == "any" { " class=\"quiet\"" } else { "" };
            let _ = write!(html, "<td{quiet}>{}{signs}</td>", self.text(within, &text));
        }
        for (place, answer) in row.answers.iter().enumerate() {
            let class = if place == 0 { " class=\"ans\"" } else { "" };
            let column = table.answers.get(place).copied();
            let signs: String = notes
                .iter()
                .enumerate()
                .filter(|(_, note)| note.answer_column.is_some() && note.answer_column == column)
                .filter(|(_, note)| is_value(answer, &note.value))
                .map(|(number, note)| sign(number, note))
                .collect();
            let text = match answer {
                Answer::Silent => "<span class=\"quiet\" aria-label=\"silent\">–</span>".to_owned(),
                answer => self.text(within, &within.words.answer(answer)),
            };
            let _ = write!(html, "<td{class}>{text}{signs}</td>");
        }
        html
    }

    fn notes(&self, within: &Within, responses: &Responses, anchor: &str) -> String {
        if responses.notes.is_empty() {
            return String::new();
        }
        let mut html = String::from("<ul class=\"notes\" aria-label=\"Footnotes\">\n");
        for (number, note) in responses.notes.iter().enumerate() {
            let value = note.value.display(self.model).to_string();
            let mut text = format!("{} {}", code(&note.column), code(&value));
            if let Some(when) = &note.except_when {
                let _ = write!(text, ": not when {}", self.expr(within, when));
            }
            if let Some(says) = &note.text {
                let _ = write!(text, ": {}", esc(says));
            }
            let _ = writeln!(
                html,
                "<li id=\"{}\"><sup>{}</sup> {text} {}</li>",
                esc(&note_anchor(anchor, number)),
                esc(&note.number),
                self.cites(&note.cites)
            );
        }
        html.push_str("</ul>\n");
        html
    }
}

fn is_value(answer: &Answer, value: &Value) -> bool {
    matches!(answer, Answer::Value(Expr { kind: ExprKind::Const(own), .. }) if own == value)
}

/// Whether a cell stands for all that the other rows do not name in its column.
fn is_other(table: &Table, row: &Row, column: usize) -> bool {
    let Some(TestKind::NoneOf(values)) = row.tests.get(column).map(|test| &test.kind) else { return false };
    let mut named: Vec<&Value> = Vec::new();
    for test in table.rows.iter().filter_map(|row| row.tests.get(column)) {
        if let TestKind::OneOf(values) = &test.kind {
            named.extend(values);
        }
    }
    named.sort();
    named.dedup();
    !named.is_empty() && values.iter().eq(named)
}
