//! What gives the marks of the service matrix: a decision on one service, and the input whose members are the columns.

use super::usage::inputs_behind;
use crate::diag::{Code, Problem};
use crate::model::{DecisionId, Expr, ExprKind, InputId, Model, OFFERINGS, SERVICES, Type};

pub(super) fn check(model: &Model, problems: &mut Vec<Problem>) {
    let Some(marks) = model.agreement.as_ref().and_then(|agreement| agreement.marks) else { return };
    if let Err(why) = marked_service(model, marks.decision, marks.by) {
        let help = "name a decision of the type `offering`, and an input that it turns on: `marks DECISION by INPUT`";
        problems.push(Problem::new(Code::TypeMismatch, marks.span, why).help(help));
    }
}

/// The input that names the service which a decision gives the mark of, with a column for each member of `by`.
///
/// # Errors
/// Why the two give no columns.
pub fn marked_service(model: &Model, id: DecisionId, by: InputId) -> Result<InputId, String> {
    let (decision, columns) = (model.decision(id), model.input(by));
    if decision.ty != Type::Enum(OFFERINGS) {
        return Err(format!("`{}` is `{}`, and a mark is an `offering`", decision.name, model.type_name(&decision.ty)));
    }
    if !matches!(columns.ty, Type::Enum(of) if model.enumeration(of).span.is_some()) {
        let ty = model.type_name(&columns.ty);
        return Err(format!("`{}` is `{ty}`, and columns are the members of an enumeration", columns.name));
    }
    let whole = Expr { kind: ExprKind::Decision(id, 0), ty: decision.ty.clone(), span: decision.name_span };
    let behind = inputs_behind(model, decision, &whole);
    if !behind.contains(&by) {
        return Err(format!("`{}` does not turn on `{}`: its columns would be the same", decision.name, columns.name));
    }
    let services: Vec<InputId> =
        behind.into_iter().filter(|input| model.input(*input).ty == Type::Enum(SERVICES)).collect();
    match services.as_slice() {
        [one] => Ok(*one),
        [] => Err(format!("`{}` turns on no input of the type `service`", decision.name)),
        several => {
            let names: Vec<&str> = several.iter().map(|input| model.input(*input).name.as_str()).collect();
            Err(format!("`{}` turns on several services: {}", decision.name, names.join(", ")))
        }
    }
}
