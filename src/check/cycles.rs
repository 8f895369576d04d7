//! Decisions that depend on themselves, shown as the path round the cycle.

use std::collections::BTreeSet;

use crate::diag::{Code, Problem};
use crate::model::{Body, DecisionId, DecisionKind, ExprKind, Model, Property};

pub(super) fn check(model: &Model, problems: &mut Vec<Problem>) {
    // A process or milestone is read from the log, step by step, and each step sees what was before: `timeline` looks
    // at what they need.
    let is_read = |i: usize| matches!(model.decisions[i].group.body, Body::Log);
    let needs: Vec<Vec<DecisionId>> =
        (0..model.decisions.len()).map(|i| if is_read(i) { Vec::new() } else { needed_by(model, i) }).collect();
    // 0: not seen, 1: on the path, 2: done
    let mut state = vec![0u8; needs.len()];
    for start in 0..needs.len() {
        visit(model, &needs, start, &mut state, problems);
    }
}

/// The decisions that one names, and the tables that supersede it.
pub(crate) fn needed_by(model: &Model, index: usize) -> Vec<DecisionId> {
    let decision = &model.decisions[index];
    let mut found: Vec<DecisionId> = Vec::new();
    let mut add = |id: DecisionId| {
        if !found.contains(&id) {
            found.push(id);
        }
    };
    let mut requirements = false;
    decision.walk(&mut |expr| match expr.kind {
        ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) => add(id),
        ExprKind::Property(_, Property::RequirementsMet) => requirements = true,
        _ => {}
    });
    let mut calendars = BTreeSet::new();
    decision.roots(&mut |root| calendars.extend(super::usage::calendars_asked(model, root)));
    for calendar in calendars {
        model.calendars[calendar].roots(&mut |root| {
            root.walk(&mut |expr| {
                if let ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) = expr.kind {
                    add(id);
                }
            });
        });
    }
    if requirements {
        for requirement in model.services.iter().flat_map(|s| &s.requires) {
            requirement.walk(&mut |expr| {
                if let ExprKind::Decision(id, _) | ExprKind::WholeDecision(id, _) = expr.kind {
                    add(id);
                }
            });
        }
    }
    if let DecisionKind::Responses(responses) = &decision.kind {
        responses.superseded_by.iter().copied().for_each(add);
    }
    found
}

/// Depth-first, without recursion: rule sets can be long chains.
fn visit(model: &Model, needs: &[Vec<DecisionId>], start: usize, state: &mut [u8], problems: &mut Vec<Problem>) {
    if state[start] != 0 {
        return;
    }
    let mut path: Vec<(usize, usize)> = vec![(start, 0)];
    state[start] = 1;
    while let Some((node, next)) = path.last_mut() {
        let Some(target) = needs[*node].get(*next) else {
            state[*node] = 2;
            path.pop();
            continue;
        };
        *next += 1;
        let target = target.index();
        match state[target] {
            0 => {
                state[target] = 1;
                path.push((target, 0));
            }
            1 => {
                let from = path.iter().position(|(n, _)| *n == target).unwrap_or(0);
                let round: Vec<usize> = path[from..].iter().map(|(n, _)| *n).collect();
                problems.push(problem(model, &round));
            }
            _ => {}
        }
    }
}

fn problem(model: &Model, round: &[usize]) -> Problem {
    let name = |i: &usize| format!("`{}`", model.decisions[*i].name);
    let mut names: Vec<String> = round.iter().map(name).collect();
    names.extend(round.first().map(name));
    let first = &model.decisions[round[0]];
    let mut problem = Problem::new(
        Code::Cycle,
        first.name_span,
        format!("`{}` depends on itself: {}", first.name, names.join(" → ")),
    )
    .label("needed to work out itself")
    .help("break the circle: one of them has to be worked out from facts alone");
    for index in &round[1..] {
        let decision = &model.decisions[*index];
        problem = problem.related(decision.name_span, "on the way round");
    }
    problem
}
