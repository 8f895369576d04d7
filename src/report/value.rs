//! Values for people, with the labels of what they name, and as JSON.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use crate::model::{Labels, Model};
use crate::value::{Names, Value};

/// A value in the words of the language, each member with its label in `lang`: `24x7 (day and night)`. A member
/// that has no label in that language stands by its name alone.
pub fn value_text(model: &Model, value: &Value, lang: &str) -> String {
    let items = |open: &str, items: &[Value], close: &str| {
        let items: Vec<String> = items.iter().map(|i| value_text(model, i, lang)).collect();
        if items.is_empty() { format!("{open}{close}") } else { format!("{open} {} {close}", items.join(", ")) }
    };
    match value {
        Value::Member(id, member) => {
            let labels = model.member(*id, *member).map(|m| &m.labels);
            named(&Names::member(model, *id, *member), labels, lang)
        }
        Value::Set(of) => items("{", of, "}"),
        Value::List(of) => items("[", of, "]"),
        Value::Record(record, fields) => {
            let given = fields.iter().enumerate().filter_map(|(i, f)| Some((i, f.as_ref()?)));
            let field = |(i, f)| format!("{}: {}", Names::field(model, *record, i), value_text(model, f, lang));
            format!("{{ {} }}", given.map(field).collect::<Vec<_>>().join(", "))
        }
        other => other.display(model).to_string(),
    }
}

/// `name (label)`; the bare name where there is no label in the language, or the label says the same.
pub fn named(name: &str, labels: Option<&Labels>, lang: &str) -> String {
    let says_more = |label: &Cow<str>| !label.trim_start_matches("[en] ").eq_ignore_ascii_case(name);
    match labels.and_then(|l| l.shown(lang)).filter(says_more) {
        Some(label) => format!("{name} ({label})"),
        _ => name.to_owned(),
    }
}

/// A value as JSON. Amounts are texts, so that no reader rounds them.
pub fn value_json(model: &Model, value: &Value) -> Json {
    let number = |n: &Decimal| n.normalize().to_string();
    match value {
        Value::YesNo(yes) => json!(yes),
        Value::Number(n) => json!(number(n)),
        Value::Percent(n) => json!({ "percent": number(n) }),
        Value::Money(currency, n) => json!({ "currency": currency.code(), "amount": amount(*n) }),
        Value::Date(_) | Value::Time(_) | Value::DateTime(_) => json!(value.display(model).to_string()),
        Value::Duration(seconds) => json!({ "seconds": seconds }),
        Value::Days(days) => json!({ "days": days }),
        Value::Months(months) => json!({ "months": months }),
        Value::BusinessHours(seconds) if seconds % 36 == 0 => {
            json!({ "businessHours": number(&Decimal::new(seconds / 36, 2)) })
        }
        Value::BusinessHours(seconds) => json!({ "businessSeconds": seconds }),
        Value::BusinessDays(days) => json!({ "businessDays": days }),
        Value::Quantity(unit, n) => json!({ "unit": model.unit(*unit), "amount": number(n) }),
        Value::Text(text) => json!(text.as_ref()),
        Value::Member(id, member) => {
            let labels = model.member(*id, *member).map(|m| labels_json(&m.labels));
            json!({ "name": Names::member(model, *id, *member), "labels": labels.unwrap_or_else(|| json!({})) })
        }
        Value::Set(items) | Value::List(items) => items.iter().map(|i| value_json(model, i)).collect(),
        Value::Record(record, fields) => {
            let field = |(i, f): (usize, &Option<Value>)| {
                let value = f.as_ref().map_or(Json::Null, |f| value_json(model, f));
                (Names::field(model, *record, i).into_owned(), value)
            };
            Json::Object(fields.iter().enumerate().map(field).collect())
        }
        Value::Log(log) => json!({ "events": log.entries.len() }),
        Value::Holidays(list) => json!(list.name),
        Value::Period { starts, ends } => json!({ "starts": starts.to_string(), "ends": ends.to_string() }),
    }
}

/// Texts by language, in source order.
pub fn labels_json(labels: &Labels) -> Json {
    let entries = labels.0.iter().map(|(lang, text)| (lang.clone(), json!(text)));
    Json::Object(entries.collect::<Map<_, _>>())
}

/// An amount of money with at least two decimals.
fn amount(n: Decimal) -> String {
    let mut n = n.normalize();
    if n.scale() < 2 {
        // Only trailing zeros are added; at the limit of digits the number stays as it is.
        n.rescale(2);
    }
    n.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::literal::parse_money;

    #[test]
    fn amounts_are_texts_with_their_decimals() {
        let json = |text: &str| value_json(&Model::default(), &parse_money(text).unwrap())["amount"].clone();
        assert_eq!(json("USD 60,000,000"), "60000000.00");
        assert_eq!(json("USD 0.125"), "0.125");
        assert_eq!(json("-USD 5.5"), "-5.50");
    }

    #[test]
    fn a_name_without_a_label_stands_alone() {
        let labels = Labels(vec![("zh".into(), "全天候".into())]);
        assert_eq!(named("24x7", Some(&labels), "zh"), "24x7 (全天候)");
        assert_eq!(named("24x7", Some(&labels), "kk"), "24x7");
        assert_eq!(named("24x7", None, "en"), "24x7");
    }
}
