//! The clause register against the rules: what is encoded, what is not, and rules that cite nothing.

use crate::diag::{Code, Problem};
use crate::model::{Body, ClauseId, DecisionKind, Group, Model};
use crate::source::Span;

/// How a clause stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseStatus {
    /// Something cites it.
    Encoded,
    /// Marked as not to be encoded, with a reason.
    Prose,
    /// Neither.
    Open,
}

impl ClauseStatus {
    /// The word in the output of `clausal coverage`.
    pub fn name(self) -> &'static str {
        match self {
            ClauseStatus::Encoded => "encoded",
            ClauseStatus::Prose => "prose",
            ClauseStatus::Open => "open",
        }
    }

    pub fn of(model: &Model, id: ClauseId, citations: usize) -> ClauseStatus {
        match (model.clause(id).prose.is_some(), citations) {
            (true, _) => ClauseStatus::Prose,
            (false, 0) => ClauseStatus::Open,
            (false, _) => ClauseStatus::Encoded,
        }
    }
}

pub(super) fn check(model: &Model, problems: &mut Vec<Problem>) {
    if model.clauses.is_empty() {
        return;
    }
    let counts = citations_by_clause(model);
    for (clause, count) in model.clauses.iter().zip(&counts) {
        match (&clause.prose, count) {
            (None, 0) => problems.push(
                Problem::new(Code::UnencodedClause, clause.span, format!("nothing cites clause `{}`", clause.id))
                    .help("cite it in the rule that encodes it, or mark it `prose \"reason\"`"),
            ),
            (Some(_), 1..) => problems.push(
                Problem::new(
                    Code::CitedProse,
                    clause.span,
                    format!("clause `{}` is marked as prose, and a rule cites it", clause.id),
                )
                .help("remove the `prose` line, or the citation"),
            ),
            _ => {}
        }
    }
    let uncited = |span: Span, name: &str, what: &str| {
        Problem::new(Code::UncitedRule, span, format!("{what} `{name}` cites no clause"))
            .help("add `cites CLAUSE` with the clause of the register that it comes from")
    };
    for decision in &model.decisions {
        let what = match decision.kind {
            DecisionKind::Plain => "a rule of",
            DecisionKind::Period => "period",
            DecisionKind::Responses(_) => "response table",
            DecisionKind::Milestone(_) => "milestone",
            DecisionKind::Process(_) => "process",
        };
        if let Some(span) = uncited_in(&decision.group, decision.name_span) {
            problems.push(uncited(span, &decision.name, what));
        }
    }
    for service in model.services.iter().filter(|s| s.cites.is_empty()) {
        problems.push(uncited(service.span, &service.name, "service"));
    }
    for calendar in model.calendars.iter().filter(|c| c.cites.is_empty()) {
        problems.push(uncited(calendar.span, &calendar.name, "calendar"));
    }
    for reading in model.readings.iter().filter(|r| r.cites.is_empty()) {
        problems.push(uncited(reading.span, &reading.name, "reading"));
    }
}

/// The first rule or row that no citation covers.
fn uncited_in(group: &Group, name: Span) -> Option<Span> {
    if !group.cites.is_empty() {
        return None;
    }
    let own = match &group.body {
        Body::Rules(rules) => rules.iter().find(|r| r.cites.is_empty()).map(|r| r.span),
        Body::Table(table) => table.rows.iter().chain(&table.otherwise).find(|r| r.cites.is_empty()).map(|r| r.span),
        Body::Period(_) | Body::Log => Some(name),
    };
    // An `otherwise` beside cited rules says what follows from their silence; it needs no clause of its own.
    let own = own.filter(|span| !is_fallback(group, *span));
    own.or_else(|| group.exceptions.iter().find_map(|e| uncited_in(&e.group, e.span)))
}

fn is_fallback(group: &Group, span: Span) -> bool {
    match &group.body {
        Body::Rules(rules) => {
            rules.len() > 1 && rules.iter().any(|r| r.span == span && matches!(r.guard, crate::model::Guard::Otherwise))
        }
        Body::Table(table) => !table.rows.is_empty() && table.otherwise.as_ref().is_some_and(|r| r.span == span),
        Body::Period(_) | Body::Log => false,
    }
}

/// How many rules, rows, services and other items cite each clause.
pub fn citations_by_clause(model: &Model) -> Vec<usize> {
    let mut counts = vec![0; model.clauses.len()];
    let mut count = |cites: &[ClauseId]| cites.iter().for_each(|c| counts[c.index()] += 1);
    model.order.iter().for_each(|item| model.each_cites(*item, &mut count));
    counts
}
