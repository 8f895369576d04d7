//! Rules, exceptions and superseding tables that can apply together and disagree (DESIGN §3.4). A conflict is told
//! only with facts under which evaluation gives it. Where the agreement itself contradicts itself, a scenario that
//! expects `conflict` says that this is meant; such a pair is passed over.

use super::Checked;
use super::witness::{self, At, Formula, Verdict, applies, told, ways};
use crate::diag::{Code, Problem};
use crate::eval::{Conflict, Evaluation, Known, Reason, Side};
use crate::model::{Answer, Body, Decision, DecisionId, DecisionKind, Exception, Expr, ExprKind, Group, Guard};
use crate::model::{Expected, Responses, Rule};
use crate::scenario::Facts;
use crate::source::Span;

/// Trials for one pair of rules, and for all pairs of one decision.
const TRIALS_A_PAIR: usize = 40;
const TRIALS_A_DECISION: usize = 400;
/// Conflicts told of one decision, at most.
const MAX_TOLD: usize = 3;
/// Pairs of rules of one decision that are compared, and those whose conditions are looked into, at most.
const MAX_COMPARED: usize = 200_000;
const MAX_PAIRS: usize = 2_000;
/// Exceptions of one group that are compared with each other, at most.
const MAX_EXCEPTIONS: usize = 64;

const EXCLUDE: &str =
    "make the conditions exclude each other, or write one of the rules as an `exception` to the other";
const OVER: &str =
    "make the conditions exclude each other, or say which one beats the other: `exception NAME over OTHER`";
const SUPERSEDE: &str = "make the conditions exclude each other, or let one table supersede the other as well";

/// Tells the conflicts of every decision.
pub(super) fn check(checked: &Checked, problems: &mut Vec<Problem>) {
    let expected = expected(checked);
    for (number, decision) in checked.model.decisions.iter().enumerate() {
        let id = DecisionId(number as u32);
        let mut search = Search {
            checked,
            id,
            trials: TRIALS_A_DECISION,
            compared: MAX_COMPARED,
            pairs: MAX_PAIRS,
            expected: &expected,
            told: Vec::new(),
        };
        search.group(&decision.group, Formula::always(), true);
        if let DecisionKind::Responses(responses) = &decision.kind {
            search.superseding(decision, responses);
        }
        problems.append(&mut search.told);
    }
}

/// The conflicts of one decision.
struct Search<'a> {
    checked: &'a Checked,
    id: DecisionId,
    trials: usize,
    compared: usize,
    pairs: usize,
    expected: &'a [Conflict],
    told: Vec<Problem>,
}

/// One side of a possible conflict: a rule or a row, with what it is part of.
#[derive(Clone)]
struct Party<'a> {
    within: DecisionId,
    condition: Formula<'a>,
    answer: &'a Answer,
    /// Where its side of the conflict must stand.
    span: Span,
}

impl<'a> Search<'a> {
    /// Looks through a group; `when` says when it counts at all.
    fn group(&mut self, group: &'a Group, when: Formula<'a>, top: bool) {
        if let Body::Rules(rules) = &group.body {
            let free = self.free(group.exceptions.iter());
            self.rules(rules, Formula::All(vec![when.clone(), free]));
        }
        // Exceptions to an exception that does not apply have nothing to beat.
        let own = if top { when } else { Formula::All(vec![when, applies(self.id, group)]) };
        for (j, second) in group.exceptions.iter().enumerate().take(MAX_EXCEPTIONS) {
            for (i, first) in group.exceptions.iter().enumerate().take(j) {
                if first.over.contains(&j) || second.over.contains(&i) {
                    continue;
                }
                let beats = |(n, e): (usize, &'a Exception)| {
                    (n != i && n != j && (e.over.contains(&i) || e.over.contains(&j))).then_some(e)
                };
                let free = self.free(group.exceptions.iter().enumerate().filter_map(beats));
                self.exceptions(first, second, Formula::All(vec![own.clone(), free]));
            }
        }
        for (number, exception) in group.exceptions.iter().enumerate() {
            let free = self.free(group.exceptions.iter().filter(|e| e.over.contains(&number)));
            self.group(&exception.group, Formula::All(vec![own.clone(), free]), false);
        }
    }

    /// That none of these exceptions applies.
    fn free(&self, exceptions: impl Iterator<Item = &'a Exception>) -> Formula<'a> {
        Formula::All(exceptions.map(|e| applies(self.id, &e.group).denied()).collect())
    }

    /// Rules of one group, pair by pair.
    fn rules(&mut self, rules: &'a [Rule], when: Formula<'a>) {
        let party = |rule: &'a Rule| {
            let condition = match &rule.guard {
                Guard::When(expr) => Formula::Holds(At { within: Some(self.id), expr }, true),
                Guard::Always => Formula::always(),
                Guard::Otherwise => return None,
            };
            Some(Party { within: self.id, condition, answer: &rule.answer, span: rule.span })
        };
        let parties: Vec<Party> = rules.iter().filter_map(party).collect();
        let name = &self.checked.model.decision(self.id).name;
        let message = format!("two rules of `{name}` can apply together and disagree");
        for (number, second) in parties.iter().enumerate() {
            if self.compared == 0 {
                return;
            }
            for first in &parties[..number] {
                self.pair(first, second, 0, &when, &message, EXCLUDE);
            }
        }
    }

    /// Two sibling exceptions, neither of which beats the other.
    fn exceptions(&mut self, first: &'a Exception, second: &'a Exception, when: Formula<'a>) {
        let columns = self.checked.model.decision(self.id).columns.len();
        for column in 0..columns {
            let parties = |e: &'a Exception| -> Vec<Party<'a>> {
                let side = |(condition, answer)| Party { within: self.id, condition, answer, span: extent(e) };
                ways(self.id, &e.group, column).into_iter().map(side).collect()
            };
            let message = format!(
                "exceptions `{}` and `{}` of `{}` can apply together and disagree",
                first.name,
                second.name,
                self.checked.model.decision(self.id).name
            );
            if self.any_pair(&parties(first), &parties(second), column, &when, &message, OVER) {
                return;
            }
        }
    }

    /// Tables that supersede this one, with no precedence between them.
    fn superseding(&mut self, decision: &Decision, responses: &'a Responses) {
        let model = &self.checked.model;
        let superseded_by = |id: DecisionId| match &model.decision(id).kind {
            DecisionKind::Responses(r) => Some(r),
            DecisionKind::Plain | DecisionKind::Period | DecisionKind::Milestone(_) | DecisionKind::Process(_) => None,
        };
        for (j, second) in responses.superseded_by.iter().enumerate() {
            for first in &responses.superseded_by[..j] {
                let (Some(one), Some(other)) = (superseded_by(*first), superseded_by(*second)) else { continue };
                if one.supersedes.contains(second) || other.supersedes.contains(first) {
                    continue;
                }
                let holds = |id: DecisionId, when: &'a Option<Expr>| match when {
                    Some(expr) => Formula::Holds(At { within: Some(id), expr }, true),
                    None => Formula::always(),
                };
                let when = Formula::All(vec![holds(*first, &one.when), holds(*second, &other.when)]);
                if witness::is_impossible(model, when.clone()) {
                    continue;
                }
                let (a, b) = (model.decision(*first), model.decision(*second));
                let message = format!(
                    "`{}` and `{}` both supersede `{}`, can apply together and disagree",
                    a.name, b.name, decision.name
                );
                for (column, answer) in decision.columns.iter().enumerate() {
                    let parties = |id: DecisionId, table: &'a Decision| -> Vec<Party<'a>> {
                        let Some(place) = table.columns.iter().position(|c| c.name == answer.name) else {
                            return Vec::new();
                        };
                        let side = |(condition, answer)| Party { within: id, condition, answer, span: table.span };
                        ways(id, &table.group, place).into_iter().map(side).collect()
                    };
                    if self.any_pair(&parties(*first, a), &parties(*second, b), column, &when, &message, SUPERSEDE) {
                        break;
                    }
                }
            }
        }
    }

    /// Tells the first conflict between one of these and one of those.
    fn any_pair(
        &mut self,
        these: &[Party<'a>],
        those: &[Party<'a>],
        column: usize,
        when: &Formula<'a>,
        message: &str,
        help: &str,
    ) -> bool {
        these.iter().any(|a| those.iter().any(|b| self.pair(a, b, column, when, message, help)))
    }

    /// Whether a scenario expects that these two conflict.
    fn is_expected(&self, first: &Party, second: &Party) -> bool {
        let has = |c: &Conflict, party: &Party| c.sides.iter().any(|s| within(s.span, party.span));
        self.expected.iter().any(|c| c.decision == self.id && has(c, first) && has(c, second))
    }

    /// Tells that two parties conflict, if they do.
    fn pair(
        &mut self,
        first: &Party<'a>,
        second: &Party<'a>,
        column: usize,
        when: &Formula<'a>,
        message: &str,
        help: &str,
    ) -> bool {
        self.compared = self.compared.saturating_sub(1);
        if self.compared == 0
            || self.told.len() >= MAX_TOLD
            || self.pairs == 0
            || agree(first, second)
            || self.is_expected(first, second)
        {
            return false;
        }
        self.pairs -= 1;
        let model = &self.checked.model;
        // Most pairs exclude each other plainly, which is seen without opening up other decisions.
        let both = Formula::All(vec![first.condition.clone(), second.condition.clone()]);
        if witness::is_impossible(model, both.clone()) {
            return false;
        }
        let mut budget = TRIALS_A_PAIR.min(self.trials);
        self.trials -= budget;
        let id = self.id;
        let trial = |evaluation: &Evaluation| conflict(evaluation, id, column, first.span, second.span).0;
        let base = Facts::none(model);
        let formula = Formula::All(vec![both, when.clone()]);
        let found = witness::search(self.checked, formula, &base, &mut budget, &trial);
        self.trials += budget;
        let Some(facts) = found else { return false };
        let facts = witness::least(self.checked, facts, &trial);
        let evaluation = Evaluation::new(self.checked, &facts);
        let (_, sides) = conflict(&evaluation, id, column, first.span, second.span);
        let says = |side: Option<&Side>| {
            side.map_or_else(String::new, |s| format!("gives {}", answer_text(self.checked, &s.answer)))
        };
        let spot = |party: &Party, side: Option<&Side>| {
            // A side of a group has the place of its rule or table, which may be the name of the decision.
            side.map_or(party.span, |s| if within(s.span, party.span) { s.span } else { party.span })
        };
        let problem = Problem::new(Code::ConflictingRules, spot(second, sides.get(1)), message)
            .label(format!("{}; for example: {}", says(sides.get(1)), told(model, &facts)))
            .related(spot(first, sides.first()), says(sides.first()))
            .help(format!("{help}; if the agreement itself conflicts here, write a scenario that expects `conflict`"));
        self.told.push(problem);
        true
    }
}

/// The conflicts that scenarios expect.
fn expected(checked: &Checked) -> Vec<Conflict> {
    let mut found = Vec::new();
    for scenario in &checked.model.scenarios {
        let mut expecting = scenario.expect.iter().filter(|e| e.expected == Expected::Conflict).peekable();
        if expecting.peek().is_none() {
            continue;
        }
        let facts = Facts::of(&checked.model, scenario);
        let evaluation = Evaluation::new(checked, &facts);
        for expectation in expecting {
            if let Err(why) = evaluation.value(&expectation.target) {
                found.extend(why.conflicts.iter().cloned());
            }
        }
    }
    found
}

/// Whether two rules give the same answer, or nothing that could be told apart.
fn agree(a: &Party, b: &Party) -> bool {
    match (a.answer, b.answer) {
        (Answer::Value(x), Answer::Value(y)) => {
            let at = |within: DecisionId, expr| At { within: Some(within), expr };
            witness::same(at(a.within, x), at(b.within, y))
        }
        (Answer::Silent, Answer::Silent) => true,
        (Answer::Discretion { party, meanwhile }, Answer::Discretion { party: other, meanwhile: also }) => {
            let value = |m: &Option<Expr>| {
                m.as_ref().map(|e| if let ExprKind::Const(v) = &e.kind { Some(v.clone()) } else { None })
            };
            party == other && value(meanwhile) == value(also)
        }
        _ => false,
    }
}

/// Whether the column is in conflict, and the two sides that stand at these places.
fn conflict(evaluation: &Evaluation, id: DecisionId, column: usize, first: Span, second: Span) -> (Verdict, Vec<Side>) {
    let decided = evaluation.decide(id);
    let Some(Err(why)) = decided.columns.get(column) else { return (Verdict::Fails, Vec::new()) };
    if !matches!(why.reason(), Reason::Conflict | Reason::Missing) {
        return (Verdict::Fails, Vec::new());
    }
    for conflict in why.conflicts.iter().filter(|c| c.decision == id) {
        let side = |place: Span| conflict.sides.iter().position(|s| within(s.span, place));
        let (Some(i), Some(j)) = (side(first), conflict.sides.iter().rposition(|s| within(s.span, second))) else {
            continue;
        };
        let sides = [&conflict.sides[i], &conflict.sides[j]];
        // Answers that are not known yet only look different.
        let missing = |s: &&Side| match &s.answer {
            Err(why) if why.reason() == Reason::Missing => why.missing.iter().map(|f| f.input).collect(),
            _ => Vec::new(),
        };
        let missing: Vec<_> = sides.iter().flat_map(missing).collect();
        if !missing.is_empty() {
            return (Verdict::Missing(missing), Vec::new());
        }
        if i != j && differ(&sides[0].answer, &sides[1].answer) {
            return (Verdict::Holds, sides.into_iter().cloned().collect());
        }
    }
    let missing: Vec<_> = why.missing.iter().map(|f| f.input).collect();
    (if missing.is_empty() { Verdict::Fails } else { Verdict::Missing(missing) }, Vec::new())
}

/// An exception from its name to its last rule.
fn extent(exception: &Exception) -> Span {
    let own = match &exception.group.body {
        Body::Rules(rules) => rules.iter().fold(exception.span, |span, rule| span.to(rule.span)),
        Body::Table(table) => exception.span.to(table.span),
        Body::Period(_) | Body::Log => exception.span,
    };
    exception.group.exceptions.iter().fold(own, |span, inner| span.to(extent(inner)))
}

/// Whether a side of a conflict stands in a party: it is the rule, or a rule of the exception or table.
fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}

/// Whether two settled answers are really different ones.
fn differ(a: &Known, b: &Known) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => a != b,
        (Err(a), Err(b)) => match (a.reason(), b.reason()) {
            (Reason::Discretion, Reason::Discretion) => {
                let parties = |w: &crate::eval::Why| -> Vec<(u32, Option<crate::value::Value>)> {
                    w.discretion.iter().map(|d| (d.party, d.meanwhile.clone())).collect()
                };
                parties(a) != parties(b)
            }
            (a, b) => a != b && settled(a) && settled(b),
        },
        (Ok(_), Err(why)) | (Err(why), Ok(_)) => settled(why.reason()),
    }
}

/// Whether this is an answer that the rules give, rather than want of something.
fn settled(reason: Reason) -> bool {
    matches!(reason, Reason::Discretion | Reason::Silence)
}

fn answer_text(checked: &Checked, answer: &Known) -> String {
    match answer {
        Ok(value) => format!("`{}`", value.display(&checked.model)),
        Err(why) => match (why.reason(), why.discretion.first()) {
            (Reason::Discretion, Some(d)) => format!("`at the discretion of {}`", checked.model.party(d.party)),
            _ => "`silent`".to_owned(),
        },
    }
}
