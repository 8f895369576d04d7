//! What a person asks for: a decision, or a part of one, by its name (`base.first-response`, `onboarding.ends`).

use crate::diag::did_you_mean;
use crate::model::{DecisionId, DecisionKind, Expr, ExprKind, Labels, Model, Type};

/// One answer of a decision.
#[derive(Clone, Debug)]
pub struct Target {
    /// As a rule file writes it.
    pub path: String,
    pub decision: DecisionId,
    /// The answer column; 0 and 1 are the first and the last day of a period.
    pub column: usize,
    pub expr: Expr,
}

impl Target {
    /// Labels of the part if it has any, else of the decision.
    pub fn labels<'a>(&self, model: &'a Model) -> &'a Labels {
        let decision = model.decision(self.decision);
        match decision.columns.get(self.column) {
            Some(column) if !column.labels.is_empty() => &column.labels,
            _ => &decision.labels,
        }
    }
}

/// Every answer that a decision gives, in order.
pub fn targets_of(model: &Model, id: DecisionId) -> Vec<Target> {
    let decision = model.decision(id);
    let named = |part: &str, column: usize, kind: ExprKind, ty: Type| {
        let path = if part.is_empty() { decision.name.clone() } else { format!("{}.{part}", decision.name) };
        Target { path, decision: id, column, expr: Expr { kind, ty, span: decision.name_span } }
    };
    if matches!(decision.kind, DecisionKind::Period) {
        let whole = || {
            let kind = ExprKind::Decision(id, 0);
            Box::new(Expr { kind, ty: Type::Period, span: decision.name_span })
        };
        return vec![
            named("starts", 0, ExprKind::PeriodStart(whole()), Type::Date),
            named("ends", 1, ExprKind::PeriodEnd(whole()), Type::Date),
        ];
    }
    let columns = decision.columns.iter().enumerate();
    columns.map(|(i, c)| named(&c.name, i, ExprKind::Decision(id, i as u32), c.ty.clone())).collect()
}

/// Every answer of every decision, in source order.
pub fn all_targets(model: &Model) -> Vec<Target> {
    (0..model.decisions.len() as u32).flat_map(|id| targets_of(model, DecisionId(id))).collect()
}

/// The answers that a name stands for: all of a decision, or one part.
///
/// # Errors
/// What is wrong with the name, with the nearest one that there is.
pub fn targets_named(model: &Model, name: &str) -> Result<Vec<Target>, String> {
    if let Some(id) = model.decision_named(name) {
        return Ok(targets_of(model, id));
    }
    let all = all_targets(model);
    if let Some(target) = all.iter().find(|t| t.path == name) {
        return Ok(vec![target.clone()]);
    }
    if let Some(target) = field_of_record(model, &all, name) {
        return Ok(vec![target]);
    }
    let is_input = model.input_named(name).is_some();
    let names = model.decisions.iter().map(|d| d.name.as_str()).chain(all.iter().map(|t| t.path.as_str()));
    let help = match did_you_mean(name, names) {
        _ if is_input => "; it is an input: a fact that is given, not decided".to_owned(),
        Some(near) => format!("; {near}"),
        None => String::new(),
    };
    Err(format!("these rules decide nothing called `{name}`{help}"))
}

/// `entry.page`, where `entry` gives a record by a formula.
fn field_of_record(model: &Model, all: &[Target], name: &str) -> Option<Target> {
    let (whole, part) = name.rsplit_once('.')?;
    let target = all.iter().find(|t| t.path == whole)?;
    let Type::Record(record) = target.expr.ty else { return None };
    let fields = &model.records.get(record.0 as usize)?.fields;
    let index = fields.iter().position(|f| f.name == part)?;
    let kind = ExprKind::Field(Box::new(target.expr.clone()), index as u32);
    let expr = Expr { kind, ty: fields[index].ty.clone(), span: target.expr.span };
    Some(Target { path: name.to_owned(), expr, ..target.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::source::load::Edition;

    const RULES: &str = r#"
input signed-on : date
period term { from signed-on to signed-on + 1 year }
decision long-enough : yes-no { always term.ends > 2024-12-31 }
"#;

    fn named(name: &str) -> Result<Vec<String>, String> {
        let mut sources = Sources::default();
        let file = sources.add("rules.clause", RULES);
        let set = crate::open(&sources, &Edition { root: String::new(), files: vec![file], ..Edition::default() });
        let model = set.checked.unwrap_or_else(|| panic!("{:?}", set.problems)).model;
        targets_named(&model, name).map(|found| found.into_iter().map(|t| t.path).collect())
    }

    #[test]
    fn a_period_has_two_parts() {
        assert_eq!(named("term").unwrap(), ["term.starts", "term.ends"]);
        assert_eq!(named("term.ends").unwrap(), ["term.ends"]);
        assert_eq!(named("long-enough").unwrap(), ["long-enough"]);
    }

    #[test]
    fn a_misspelt_name_has_a_neighbour() {
        assert_eq!(
            named("term.end").unwrap_err(),
            "these rules decide nothing called `term.end`; did you mean `term.ends`?"
        );
        assert_eq!(
            named("signed-on").unwrap_err(),
            "these rules decide nothing called `signed-on`; it is an input: a fact that is given, not decided"
        );
    }
}
