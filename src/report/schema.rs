//! JSON Schema (2020-12) of the facts of an edition, so that editors and forms can help with a facts file.

use serde_json::{Map, Value as Json, json};

use super::value::labels_json;
use crate::model::{Labels, Model, Type};
use crate::scenario::fit::{EDITION, GOVERNED_ON, READINGS};
use crate::value::EnumId;

const WHOLE: &str = "-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)";
const NUMBER: &str = "-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\\.[0-9]+)?";
const DATE: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIME: &str = "[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?";

/// The schema of a facts document. Titles are labels in `lang`, else in English; all labels stand beside.
pub fn facts_schema(model: &Model, lang: &str) -> Json {
    let mut defs = Map::new();
    for input in &model.inputs {
        let mut schema = Map::new();
        describe(&mut schema, &input.labels, lang);
        let mut description: Vec<String> = input.ask.get(lang).map(str::to_owned).into_iter().collect();
        description.extend(input.must_be.iter().map(|(_, allowed)| format!("must be {allowed}")));
        description.extend(input.measured_at.map(|id| format!("measured at {}", model.input(id).name)));
        if !description.is_empty() {
            schema.insert("description".into(), json!(description.join("; ")));
        }
        schema.insert("x-type".into(), json!(model.type_name(&input.ty)));
        schema.insert("anyOf".into(), json!([of_type(model, &input.ty), { "type": "null" }]));
        defs.insert(input_key(&input.name), Json::Object(schema));
    }
    for (number, enumeration) in model.enums.iter().enumerate() {
        let id = EnumId(number as u32);
        if !enumeration.members.is_empty() && model.readings.iter().all(|r| r.choices != id) {
            defs.insert(enum_key(model, id), members(model, id, &enumeration.labels, lang));
        }
    }
    for record in &model.records {
        let fields = record.fields.iter().map(|f| {
            let mut schema = Map::new();
            describe(&mut schema, &f.labels, lang);
            schema.insert("anyOf".into(), json!([of_type(model, &f.ty), { "type": "null" }]));
            (f.name.clone(), Json::Object(schema))
        });
        let fields: Map<_, _> = fields.collect();
        let schema = json!({ "type": "object", "properties": fields, "additionalProperties": false });
        defs.insert(format!("record {}", record.name), schema);
    }
    keep_used(model, &mut defs);
    let names: Vec<&str> = model.inputs.iter().map(|i| i.name.as_str()).collect();
    let mut schema = group("", &names);
    if !model.readings.is_empty() {
        let choices = model.readings.iter().map(|r| {
            let mut schema = members(model, r.choices, &r.labels, lang);
            if let (Some(ask), Json::Object(schema)) = (r.ask.get(lang), &mut schema) {
                schema.insert("description".into(), json!(ask));
            }
            if let (Some(default), Json::Object(schema)) =
                (r.default.and_then(|d| model.member(r.choices, d)), &mut schema)
            {
                schema.insert("default".into(), json!(default.name));
            }
            (r.name.clone(), schema)
        });
        let readings: Map<_, _> = choices.collect();
        schema["properties"][READINGS] =
            json!({ "title": "readings", "type": "object", "properties": readings, "additionalProperties": false });
    }
    // What the facts may say of their edition; an input of that name keeps its meaning.
    if let (Some(_), Json::Object(properties)) = (&model.agreement, &mut schema["properties"]) {
        let edition = json!({ "type": ["string", "null"], "title": "the edition that the facts are of" });
        let date =
            json!({ "type": ["string", "null"], "format": "date", "title": "the day on which the case is governed" });
        properties.entry(EDITION).or_insert(edition);
        properties.entry(GOVERNED_ON).or_insert(date);
    }
    let title = if model.title().is_empty() { "facts".to_owned() } else { format!("facts of {}", model.title()) };
    let mut whole = Map::new();
    whole.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("title".into(), json!(title));
    if let Json::Object(schema) = schema {
        whole.extend(schema);
    }
    whole.insert("$defs".into(), Json::Object(defs));
    Json::Object(whole)
}

/// The facts below a beginning of names: each by the rest of its name with dots, and groups of them as maps.
fn group(above: &str, names: &[&str]) -> Json {
    let mut properties = Map::new();
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in names {
        let rest = name.strip_prefix(above).unwrap_or(name);
        properties.insert(rest.to_owned(), json!({ "$ref": reference(&input_key(name)) }));
        if let Some((first, _)) = rest.split_once('.') {
            match groups.iter_mut().find(|(known, _)| *known == first) {
                Some((_, members)) => members.push(name),
                None => groups.push((first, vec![name])),
            }
        }
    }
    for (first, members) in groups {
        // An input may be called as a group is; then it is given by its own value.
        if !properties.contains_key(first) {
            properties.insert(first.to_owned(), group(&format!("{above}{first}."), &members));
        }
    }
    json!({ "type": ["object", "null"], "properties": properties, "additionalProperties": false })
}

fn of_type(model: &Model, ty: &Type) -> Json {
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": format!("^{pattern}$") });
    let counted = |units: &str| pattern(&format!("{NUMBER} ({units})"));
    match ty {
        Type::Unknown => json!(true),
        Type::YesNo => json!({ "enum": [true, false, "yes", "no"] }),
        Type::Integer => json!({ "anyOf": [{ "type": "integer" }, pattern(WHOLE)] }),
        Type::Decimal => json!({ "anyOf": [{ "type": "number" }, pattern(NUMBER)] }),
        Type::Percent => pattern(&format!("{NUMBER}%")),
        Type::Money(fixed) => {
            let code = fixed.map_or("[A-Z]{3}", |c| c.code());
            let currency = match fixed {
                Some(currency) => json!({ "const": currency.code() }),
                None => pattern("[A-Z]{3}"),
            };
            let amount = json!({ "anyOf": [{ "type": "number" }, pattern(NUMBER)] });
            let mut ways = vec![pattern(&format!("-?{code} {NUMBER}"))];
            let required = if fixed.is_some() { json!(["amount"]) } else { json!(["currency", "amount"]) };
            ways.push(json!({
                "type": "object",
                "properties": { "currency": currency, "amount": amount },
                "required": required,
                "additionalProperties": false,
            }));
            if fixed.is_some() {
                ways.push(amount);
            }
            json!({ "anyOf": ways })
        }
        Type::Date => json!({ "type": "string", "format": "date", "pattern": format!("^{DATE}$") }),
        Type::Time => pattern(TIME),
        Type::DateTime => pattern(&format!("{DATE}T{TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})")),
        Type::Period => pattern(&format!("{DATE} to {DATE}")),
        Type::Duration => counted(EXACT),
        Type::Days => counted(DAYS),
        Type::Months => counted(MONTHS),
        Type::BusinessHours => counted(BUSINESS_HOURS),
        Type::BusinessDays => counted(BUSINESS_DAYS),
        Type::TimeLimit => counted(&[EXACT, DAYS, MONTHS, BUSINESS_HOURS, BUSINESS_DAYS].join("|")),
        Type::Quantity(_) => {
            let unit = model.type_name(ty);
            json!({ "anyOf": [{ "type": "number" }, pattern(&format!("{NUMBER}( {unit})?"))] })
        }
        Type::Text => json!({ "type": "string" }),
        Type::Zone => json!({ "type": "string", "description": "an IANA time zone, such as Asia/Shanghai" }),
        Type::Holidays => {
            json!({ "anyOf": [{ "type": "string" }, { "type": "array" }], "description": "a list of the rules by its name, a .csv or .ics file, or days" })
        }
        Type::Log => log_schema(model),
        Type::Enum(id) => json!({ "$ref": reference(&enum_key(model, *id)) }),
        Type::Record(id) => {
            let name = model.records.get(id.0 as usize).map_or("?", |r| &r.name);
            json!({ "$ref": reference(&format!("record {name}")) })
        }
        Type::Set(of) | Type::List(of) => json!({ "type": "array", "items": of_type(model, of) }),
    }
}

const EXACT: &str = "s|seconds?|min|minutes?|h|hours?";
const DAYS: &str = "days?|weeks?";
const MONTHS: &str = "months?|years?";
const BUSINESS_HOURS: &str = "business (hours?|minutes?|seconds?)";
const BUSINESS_DAYS: &str = "business days?";

/// The members of an enumeration: each by its name, with its label for a title, or by a label.
fn members(model: &Model, id: EnumId, labels: &Labels, lang: &str) -> Json {
    let mut schema = Map::new();
    describe(&mut schema, labels, lang);
    let Some(enumeration) = model.enums.get(id.0 as usize) else { return Json::Object(schema) };
    let member = |m: &crate::model::Member| {
        let mut one = Map::new();
        one.insert("const".into(), json!(m.name));
        describe(&mut one, &m.labels, lang);
        Json::Object(one)
    };
    let mut ways: Vec<Json> = enumeration.members.iter().map(member).collect();
    let numbers: Vec<u64> = enumeration.members.iter().filter_map(|m| m.name.parse().ok()).collect();
    if !numbers.is_empty() {
        ways.push(json!({ "enum": numbers }));
    }
    let mut texts: Vec<&str> = Vec::new();
    for (_, text) in enumeration.members.iter().flat_map(|m| &m.labels.0) {
        let is_name = enumeration.members.iter().any(|m| m.name == *text);
        if !is_name && !texts.contains(&text.as_str()) {
            texts.push(text);
        }
    }
    if !texts.is_empty() {
        ways.push(json!({ "title": "by label", "enum": texts }));
    }
    schema.insert("anyOf".into(), json!(ways));
    Json::Object(schema)
}

/// A title, and all labels beside it.
fn describe(schema: &mut Map<String, Json>, labels: &Labels, lang: &str) {
    if let Some(title) = labels.get(lang) {
        schema.insert("title".into(), json!(title));
        schema.insert("x-labels".into(), labels_json(labels));
    }
}

/// Drops the definitions that nothing refers to: enumerations and records that no fact is of.
fn keep_used(model: &Model, defs: &mut Map<String, Json>) {
    let mut used: Vec<String> = model.inputs.iter().map(|i| input_key(&i.name)).collect();
    let mut next = 0;
    while let Some(key) = used.get(next).cloned() {
        next += 1;
        let mut found = Vec::new();
        defs.get(&key).into_iter().for_each(|def| references(def, &mut found));
        for key in defs.keys().filter(|k| found.contains(&reference(k))) {
            if !used.contains(key) {
                used.push(key.clone());
            }
        }
    }
    defs.retain(|key, _| used.contains(key));
}

fn references(schema: &Json, found: &mut Vec<String>) {
    match schema {
        Json::Object(map) => {
            for (key, value) in map {
                match value {
                    Json::String(to) if key == "$ref" => found.push(to.clone()),
                    other => references(other, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|i| references(i, found)),
        _ => {}
    }
}

fn input_key(name: &str) -> String {
    format!("input {name}")
}

fn enum_key(model: &Model, id: EnumId) -> String {
    format!("enumeration {}", model.enums.get(id.0 as usize).map_or("?", |e| &e.name))
}

/// A reference to a definition: a JSON pointer in a URI fragment, so all but plain letters is escaped.
fn reference(key: &str) -> String {
    let mut fragment = String::from("#/$defs/");
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => fragment.push(byte as char),
            b'~' => fragment.push_str("~0"),
            b'/' => fragment.push_str("~1"),
            other => fragment.push_str(&format!("%{other:02X}")),
        }
    }
    fragment
}

/// A log: entries with an instant, an event, perhaps a party, and the facts that the event brings.
fn log_schema(model: &Model) -> Json {
    let entry = model.events.iter().map(|event| {
        let mut properties = Map::new();
        properties.insert("at".into(), of_type(model, &Type::DateTime));
        let mut names = vec![json!(event.name)];
        names.extend(event.labels.0.iter().map(|(_, label)| json!(label)));
        properties.insert("event".into(), json!({ "enum": names }));
        let party = of_type(model, &Type::Enum(crate::model::PARTIES));
        properties.insert("by".into(), json!({ "anyOf": [party, { "type": "null" }] }));
        let mut groups: Vec<&str> = Vec::new();
        for id in &event.with {
            let input = model.input(*id);
            properties.insert(input.name.clone(), json!({ "$ref": reference(&input_key(&input.name)) }));
            let first = input.name.split('.').next().unwrap_or(&input.name);
            if first != input.name && !groups.contains(&first) {
                groups.push(first);
            }
        }
        for first in groups {
            properties.entry(first).or_insert_with(|| json!({ "type": "object" }));
        }
        json!({ "type": "object", "properties": properties, "required": ["at", "event"], "additionalProperties": false })
    });
    json!({ "type": "array", "items": { "anyOf": entry.collect::<Vec<_>>() } })
}
