//! The draft of a mapping file, from the headings, the first rows and the inputs: `clausal batch --suggest-map`.

mod likeness;
mod marks;
mod sample;
mod toml;

use std::collections::{BTreeMap, BTreeSet};

pub use sample::{SAMPLE_ROWS, sample};

use super::map::values::refused;
use super::{Heading, HeadingKind};
use crate::model::{Input, InputId, Model, Type};
use crate::value::{Currency, EnumId};
use likeness::likeness;
use marks::Marks;
use toml::quoted;

/// From so much likeness on a column is taken to stand for an input.
const LIKELY: i32 = 60;
/// From so much on nobody has to look at it again.
const SURE: i32 = 88;
/// Different texts of a column that are looked at.
const MOST_TEXTS: usize = 40;

/// A column with what is known of it.
struct Column<'a> {
    heading: &'a Heading,
    /// The different texts of the first rows that are not empty, in their order.
    texts: Vec<String>,
}

/// A column that stands for an input.
struct Match {
    input: InputId,
    likeness: i32,
}

/// Drafts a mapping file. `rows` are the texts of some rows, as [`sample`] gives them; `inputs` those that may be fed;
/// `file` is how the rows are called.
pub fn suggest(model: &Model, headings: &[Heading], rows: &[Vec<String>], inputs: &[InputId], file: &str) -> String {
    let columns: Vec<Column> =
        headings.iter().enumerate().map(|(place, heading)| column(heading, place, rows)).collect();
    let marks = Marks::of(columns.iter().flat_map(|c| &c.texts));
    let matches = matches(model, &columns, inputs, &marks);
    let currencies: Vec<usize> =
        (0..columns.len()).filter(|place| !matches.contains_key(place) && holds_currencies(&columns[*place])).collect();
    let title = model.title();
    let rules = if title.is_empty() { "the rules" } else { title.as_str() };
    let mut draft = format!(
        "# A draft: which column of {file} stands for which input of {rules}.\n\
         # Look at lines that say `unsure`; take the `#` off lines that you complete.\n\n[columns]\n"
    );
    let mut left: Vec<&Column> = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        match matches.get(&place) {
            Some(found) => draft.push_str(&line(model, &columns, &currencies, column, found, &marks)),
            None if currencies.contains(&place) && matches.values().any(|m| is_money(model, m.input)) => {}
            None => left.push(column),
        }
    }
    let fed: BTreeSet<InputId> = matches.values().map(|m| m.input).collect();
    if !left.is_empty() {
        draft.push_str("\n# No input was found for these. To leave one out on purpose, name it before [columns]: ");
        draft.push_str("ignored = [\"…\"]\n");
        for column in &left {
            let perhaps = by_kind(model, column, inputs, &fed, &marks);
            let (name, note) = perhaps.map_or(("", String::new()), |id| {
                let input = model.input(id);
                (input.name.as_str(), format!("  # perhaps, by its values; {}", told(model, input)))
            });
            draft.push_str(&format!("# {} = {}{note}\n", quoted(&column.heading.name), quoted(name)));
        }
    }
    let groups: BTreeSet<&str> = fed.iter().filter_map(|id| group(&model.input(*id).name)).collect();
    let near = |id: &&InputId| !fed.contains(id) && group(&model.input(**id).name).is_some_and(|g| groups.contains(g));
    let unfed: Vec<&InputId> = if inputs.len() < model.inputs.len() {
        inputs.iter().filter(|id| !fed.contains(id)).collect()
    } else {
        inputs.iter().filter(near).collect()
    };
    if !unfed.is_empty() {
        draft.push_str("\n# Inputs for which no column was found:\n");
        for id in unfed {
            let input = model.input(*id);
            draft.push_str(&format!("# \"\" = {}  # {}\n", quoted(&input.name), told(model, input)));
        }
    }
    draft.push_str(&marks.part());
    draft
}

fn column<'a>(heading: &'a Heading, place: usize, rows: &[Vec<String>]) -> Column<'a> {
    let mut texts: Vec<String> = Vec::new();
    for text in rows.iter().filter_map(|row| row.get(place)).map(|text| text.trim()).filter(|text| !text.is_empty()) {
        if texts.len() < MOST_TEXTS && !texts.iter().any(|known| known == text) {
            texts.push(text.to_owned());
        }
    }
    Column { heading, texts }
}

/// For each column the input that it stands for, if one is likely: the likeliest pairs first.
fn matches(model: &Model, columns: &[Column], inputs: &[InputId], marks: &Marks) -> BTreeMap<usize, Match> {
    let mut pairs: Vec<(i32, usize, InputId)> = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        for id in inputs {
            let input = model.input(*id);
            let by_name = likeness(&column.heading.name, input);
            if by_name < LIKELY - 30 {
                continue;
            }
            let likeness = (by_name + evidence(model, *id, column, marks)).min(100);
            if likeness >= LIKELY {
                pairs.push((likeness, place, *id));
            }
        }
    }
    pairs.sort_by_key(|(likeness, place, id)| (std::cmp::Reverse(*likeness), *place, *id));
    let mut found: BTreeMap<usize, Match> = BTreeMap::new();
    for (likeness, place, input) in pairs {
        if !found.contains_key(&place) && !found.values().any(|m| m.input == input) {
            found.insert(place, Match { input, likeness });
        }
    }
    found
}

/// The only input that is not fed and whose kind tells that the texts of a column may be meant for it.
fn by_kind(
    model: &Model,
    column: &Column,
    inputs: &[InputId],
    fed: &BTreeSet<InputId>,
    marks: &Marks,
) -> Option<InputId> {
    let tells = |ty: &Type| matches!(ty, Type::Date | Type::DateTime | Type::Enum(_) | Type::YesNo | Type::Percent);
    let takes = |id: &InputId| {
        let ty = &model.input(*id).ty;
        let reads = |text: &String| refused(model, *id, &marks.plain(text, ty)).is_none();
        tells(ty) && !column.texts.is_empty() && column.texts.iter().all(reads)
    };
    let mut found = inputs.iter().filter(|id| !fed.contains(id) && takes(id));
    found.next().filter(|_| found.next().is_none()).copied()
}

/// What the texts of a column say for or against an input.
fn evidence(model: &Model, id: InputId, column: &Column, marks: &Marks) -> i32 {
    let ty = &model.input(id).ty;
    let kind = column.heading.kind;
    if matches!(kind, HeadingKind::Nested) != matches!(ty, Type::List(_) | Type::Set(_) | Type::Record(_) | Type::Log) {
        return if matches!(kind, HeadingKind::Any) { 0 } else { -50 };
    }
    if column.texts.is_empty() || matches!(ty, Type::Text | Type::Unknown) {
        return 0;
    }
    let accepted = column.texts.iter().filter(|text| refused(model, id, &marks.plain(text, ty)).is_none()).count();
    let share = accepted * 100 / column.texts.len();
    match (ty, share) {
        (Type::Enum(_), 50..) => 30,
        (Type::Enum(_), 1..) => 15,
        // Texts that stand for members may be written quite otherwise; of many there are too many different ones.
        (Type::Enum(id), 0) if column.texts.len() > model.enumeration(*id).members.len() + 2 => -40,
        (Type::Enum(_), _) => 0,
        (_, 90..) => 12,
        (_, 40..) => 0,
        _ => -40,
    }
}

fn line(model: &Model, columns: &[Column], money: &[usize], column: &Column, found: &Match, marks: &Marks) -> String {
    let input = model.input(found.input);
    let mut unsure: Vec<String> = Vec::new();
    if found.likeness < SURE {
        unsure.push(format!("is `{}` meant?", input.name));
    }
    let mut parts = vec![format!("input = {}", quoted(&input.name))];
    let said = currency_of(&column.heading.name);
    if let (true, None, [currency, ..]) = (is_money(model, found.input), said, money) {
        parts.push(format!("currency = {}", quoted(&columns[*currency].heading.name)));
    } else if let (Type::Money(Some(wanted)), Some(said)) = (&input.ty, said) {
        if *wanted != said {
            unsure.push(format!("the heading says {}, and the rules count in {}", said.code(), wanted.code()));
        }
    }
    if let Type::Enum(id) = &input.ty {
        let values = values(model, found.input, *id, &column.texts, &mut unsure);
        if !values.is_empty() {
            parts.push(format!("values = {{ {} }}", values.join(", ")));
        }
    } else if !matches!(input.ty, Type::Text | Type::Money(None)) {
        let odd = column.texts.iter().find(|text| refused(model, found.input, &marks.plain(text, &input.ty)).is_some());
        if let Some(text) = odd.filter(|_| parts.len() == 1) {
            let text: String = text.chars().take(40).collect();
            unsure.push(format!("{} cannot be read so", quoted(&text)));
        }
    }
    let right = if parts.len() == 1 { quoted(&input.name) } else { format!("{{ {} }}", parts.join(", ")) };
    let mut note = told(model, input);
    if !unsure.is_empty() {
        note = format!("unsure: {}; {note}", unsure.join("; "));
    }
    format!("{} = {right}  # {note}\n", quoted(&column.heading.name))
}

/// Texts that are no members, each with the member that is most like it.
fn values(model: &Model, input: InputId, id: EnumId, texts: &[String], unsure: &mut Vec<String>) -> Vec<String> {
    let members = &model.enumeration(id).members;
    let mut values = Vec::new();
    for text in texts.iter().filter(|text| refused(model, input, text).is_some()) {
        let like = |member: &crate::model::Member| {
            let names = member.labels.0.iter().map(|(_, label)| label.as_str()).chain([member.name.as_str()]);
            names.map(|name| likeness::texts(text, name)).max().unwrap_or(0)
        };
        let best = members.iter().map(|m| (like(m), m)).max_by_key(|(like, _)| *like);
        match best.filter(|(like, _)| *like >= 40) {
            Some((like, member)) => {
                values.push(format!("{} = {}", quoted(text), quoted(&member.name)));
                if like < SURE {
                    unsure.push(format!("does {} mean {}?", quoted(text), member.name));
                }
            }
            None => unsure.push(format!("what does {} stand for?", quoted(text))),
        }
    }
    values
}

/// `money in USD: assessed spend`
fn told(model: &Model, input: &Input) -> String {
    let ty = model.type_name(&input.ty);
    match input.labels.get("en") {
        Some(label) => format!("{ty}: {}", label.replace('\n', " ")),
        None => ty,
    }
}

fn is_money(model: &Model, id: InputId) -> bool {
    matches!(model.input(id).ty, Type::Money(_))
}

fn holds_currencies(column: &Column) -> bool {
    !column.texts.is_empty() && column.texts.iter().all(|text| Currency::from_code(text).is_some())
}

/// The currency that a heading names: `Assessed spend (USD)`.
fn currency_of(heading: &str) -> Option<Currency> {
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().all(|c| c.is_ascii_uppercase()));
    words.filter(|w| w.len() == 3).find_map(Currency::from_code)
}

/// What stands before the last dot of a name.
fn group(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(group, _)| group)
}
