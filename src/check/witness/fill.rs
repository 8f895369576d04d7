//! Values for facts about which nothing, or little, is demanded.

use rust_decimal::Decimal;

use super::super::index::some_value;
use super::amount::{amount, step, value_at};
use crate::model::{CompareOp, InputId, Model, Test, TestKind, Type};
use crate::value::Value;

/// How deep records within records are made up.
const MAX_DEPTH: usize = 4;

/// All values of a type that has few.
pub(crate) fn domain(model: &Model, ty: &Type) -> Option<Vec<Value>> {
    match ty {
        Type::YesNo => Some(vec![Value::YesNo(false), Value::YesNo(true)]),
        Type::Enum(id) => {
            let members = model.enumeration(*id).members.len() as u32;
            Some((0..members).map(|m| Value::Member(*id, m)).collect())
        }
        _ => None,
    }
}

/// A place between two ends: near what is given or usual, at the low end, or at the high end.
pub(super) fn wish(
    ty: &Type,
    given: Option<Decimal>,
    low: Option<Decimal>,
    high: Option<Decimal>,
    variant: usize,
) -> Decimal {
    let usual = given.or_else(|| amount(&some_value(ty))).unwrap_or_default();
    let clipped = match (low, high) {
        (Some(low), _) if usual < low => low,
        (_, Some(high)) if usual > high => high,
        _ => usual,
    };
    match variant % 3 {
        1 => low.or(high).unwrap_or(clipped),
        2 => high.or(low).unwrap_or(clipped),
        _ => clipped,
    }
}

/// A value for an input that its `must be` lets through; `None` if none comes to mind.
pub(crate) fn made_up(model: &Model, id: InputId, variant: usize) -> Option<Value> {
    let input = model.input(id);
    let ends = input.must_be.iter().flat_map(|(test, _)| ends(test));
    let near = ends.flat_map(|end| {
        let next = |by: Decimal| amount(&end).and_then(|a| value_at(&input.ty, Some(&end), a.checked_add(by)?));
        let step = step(&input.ty);
        [Some(end.clone()), next(step), next(-step)]
    });
    let tried = std::iter::once(of_type(model, &input.ty, variant, 0)).chain(near);
    let all = domain(model, &input.ty).into_iter().flatten().map(Some);
    tried.chain(all).flatten().find(|v| is_allowed(model, id, v))
}

/// Whether an input's `must be` lets a value through.
pub(crate) fn is_allowed(model: &Model, id: InputId, value: &Value) -> bool {
    model.input(id).must_be.iter().all(|(test, _)| test.holds(value) != Some(false))
}

/// The values at which a cell's answer may turn.
pub(crate) fn ends(test: &Test) -> Vec<Value> {
    match &test.kind {
        TestKind::OneOf(values) | TestKind::NoneOf(values) => values.clone(),
        TestKind::Compare(CompareOp::Eq | CompareOp::Ne, value) => vec![value.clone()],
        TestKind::Compare(_, value) => vec![value.clone()],
        TestKind::Range(low, high, _) => vec![low.clone(), high.clone()],
        TestKind::Not(inner) => ends(inner),
        TestKind::Any | TestKind::Has(_) | TestKind::Dynamic(..) => Vec::new(),
    }
}

fn of_type(model: &Model, ty: &Type, variant: usize, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match ty {
        Type::Unknown | Type::Period | Type::TimeLimit | Type::Zone | Type::Holidays | Type::Log => return None,
        Type::YesNo | Type::Enum(_) => {
            let values = domain(model, ty)?;
            values.get(variant % values.len().max(1))?.clone()
        }
        Type::Text => Value::text("text"),
        Type::Set(_) => Value::set(Vec::new()),
        Type::List(of) if variant % 2 == 1 => Value::List(vec![of_type(model, of, variant, depth + 1)?].into()),
        Type::List(_) => Value::List(Vec::new().into()),
        Type::Record(id) => {
            let fields = &model.records.get(id.0 as usize)?.fields;
            let values = fields.iter().map(|f| of_type(model, &f.ty, variant, depth + 1));
            Value::Record(*id, values.collect())
        }
        ordered => some_value(ordered),
    })
}
