//! Rows as text: CSV, TSV, NDJSON and JSON. What answers come to is written once for each that is told, and copied into
//! the rows that have it.

use super::amount::{Dress, date, plain};
use super::layout::{BeforeColumns, Form, Layout, TargetColumns};
use super::packed::packed;
use super::style::Style;
use super::words::{clauses, rules};
use super::{Kept, WriteError};
use crate::batch::understand::{Raw, Texts, Understood, Written};
use crate::batch::{Format, Rendered};
use crate::columnar::{Answer, Answers, Own, Told, number};
use crate::compare::{Edition, Names};
use crate::model::{Model, Type};
use crate::value::Value;

/// What is said where the earlier edition doesn't decide the target.
pub(super) const NOT_DECIDED: &str = "not decided by the earlier edition";

#[derive(Debug)]
pub struct TextEncoder<'l> {
    layout: &'l Layout<'l>,
    style: Style,
    /// What stands between two rows.
    between: &'static [u8],
    targets: Vec<OneTarget>,
    scratch: Vec<u8>,
}

/// What was written of the answers of a target.
#[derive(Debug, Default)]
struct OneTarget {
    answer: Once,
    before: Once,
    behind: Once,
    dress: Option<Dress>,
    dress_before: Option<Dress>,
}

/// Fields written once for each answer that is told, in this piece.
#[derive(Debug, Default)]
struct Once {
    bytes: Vec<u8>,
    /// Start and end; the end is 0 where it was not written yet.
    places: Vec<(u32, u32)>,
}

impl Once {
    fn clear(&mut self, told: usize) {
        self.bytes.clear();
        self.places.clear();
        self.places.resize(told, (0, 0));
    }

    /// What was written already.
    #[inline]
    fn written(&self, told: usize) -> Option<&[u8]> {
        match self.places.get(told)? {
            (_, 0) => None,
            (start, end) => self.bytes.get(*start as usize..*end as usize),
        }
    }

    #[inline]
    fn of(&mut self, told: usize, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        match self.places.get_mut(told) {
            Some(place) => {
                if place.1 == 0 {
                    let start = self.bytes.len();
                    write(&mut self.bytes);
                    *place = (start as u32, self.bytes.len() as u32);
                }
                self.bytes.get(place.0 as usize..place.1 as usize).unwrap_or_default()
            }
            None => &[],
        }
    }
}

/// The answers of one target, ready to be looked up row by row.
#[derive(Clone, Copy)]
struct Column<'s> {
    told: &'s [Told],
    cells: &'s [u32],
    numbers: &'s [i64],
    offsets: &'s [i32],
}

impl<'s> Column<'s> {
    fn of(answers: &'s Answers<'s>, target: usize) -> Column<'s> {
        let (numbers, offsets) = (answers.numbers(target), answers.offsets(target));
        Column { told: answers.told(target), cells: answers.cells(target), numbers, offsets }
    }

    #[inline]
    fn at(&self, row: usize) -> Option<(usize, &'s Told, Own)> {
        let cell = *self.cells.get(row)? as usize;
        let number = self.numbers.get(row).copied().unwrap_or(0);
        let own = Own { number, offset: self.offsets.get(row).copied().unwrap_or(0) };
        Some((cell, self.told.get(cell)?, own))
    }
}

impl<'l> TextEncoder<'l> {
    pub fn new(layout: &'l Layout<'l>) -> TextEncoder<'l> {
        let format = layout.format();
        let style = match format {
            Format::Ndjson | Format::Json => Style::json(layout.headings()),
            _ => Style::Delimited(layout.dialect()),
        };
        let between: &[u8] = if format == Format::Json { b",\n" } else { b"\n" };
        let target = |place: usize| {
            let of = |ty: &Type, model: &Model| Dress::of(ty, model);
            let dress = layout.plan.targets().get(place).and_then(|target| of(&target.expr.ty, layout.model()));
            let dress_before = layout.options.before.as_ref().and_then(|earlier| {
                let at = earlier.targets.get(place).copied().flatten()?;
                of(&earlier.plan.targets().get(at)?.expr.ty, &earlier.plan.checked().model)
            });
            OneTarget { dress, dress_before, ..OneTarget::default() }
        };
        let targets = (0..layout.targets.len()).map(target).collect();
        TextEncoder { layout, style, between, targets, scratch: Vec::new() }
    }

    pub fn encode(
        &mut self,
        understood: &Understood,
        answers: &Answers,
        before: Option<&Answers>,
    ) -> Result<Rendered, WriteError> {
        let mut out = Vec::with_capacity(understood.rows.len() * 64);
        let layout = self.layout;
        let columns: Vec<(Column, Option<Column>)> = (0..self.targets.len())
            .map(|target| {
                let earlier = layout.targets[target].before.and_then(|columns| columns.target);
                (Column::of(answers, target), before.zip(earlier).map(|(before, at)| Column::of(before, at)))
            })
            .collect();
        for (target, (now, before)) in self.targets.iter_mut().zip(&columns) {
            target.answer.clear(now.told.len());
            target.behind.clear(now.told.len());
            target.before.clear(before.map_or(0, |before| before.told.len()));
        }
        let kept = KeptFields::of(layout, &self.style, &understood.kept);
        for row in 0..understood.rows.len() {
            self.style.start(&mut out);
            kept.write_all(&mut out, &self.style, row);
            for (target, (now, before)) in columns.iter().enumerate() {
                self.answer(&mut out, target, row, *now, *before);
            }
            self.style.end(&mut out, self.between);
        }
        if layout.format() == Format::Json {
            // The sink writes what stands between parts.
            out.truncate(out.len().saturating_sub(self.between.len()));
        }
        packed(out, layout.options.packing).map(Rendered::Bytes)
    }

    fn answer(&mut self, out: &mut Vec<u8>, target: usize, row: usize, now: Column, before: Option<Column>) {
        let layout = self.layout;
        let (Some(columns), Some(memory)) = (layout.targets.get(target), self.targets.get_mut(target)) else { return };
        if columns.is_alone() {
            // Mostly it was written for a row before.
            if let Some(bytes) = now.cells.get(row).and_then(|cell| memory.answer.written(*cell as usize)) {
                return out.extend_from_slice(bytes);
            }
        }
        let Some((cell, told, own)) = now.at(row) else { return };
        let style = &self.style;
        let fields = (columns.value, columns.form, columns.reason);
        write_answer(
            out,
            style,
            fields,
            &mut memory.answer,
            memory.dress.as_ref(),
            &mut self.scratch,
            (cell, told, own),
            layout.model(),
        );
        if let Some(columns) = &columns.before {
            write_before(
                out,
                style,
                columns,
                memory,
                &mut self.scratch,
                layout,
                (told, own),
                before.and_then(|b| b.at(row)),
            );
        }
        if columns.clauses.is_some() || columns.rules.is_some() || columns.readings.is_some() {
            out.extend_from_slice(memory.behind.of(cell, |out| explained(out, style, columns, told, layout)));
        }
    }
}

/// The value of an answer and the reason why there is none.
#[allow(clippy::too_many_arguments)]
#[inline]
fn write_answer(
    out: &mut Vec<u8>,
    style: &Style,
    (value, form, reason): (usize, Form, usize),
    memory: &mut Once,
    dress: Option<&Dress>,
    scratch: &mut Vec<u8>,
    (cell, told, own): (usize, &Told, Own),
    model: &Model,
) {
    if let Answer::Number(ty, scale) = &told.answer {
        scratch.clear();
        match (form, dress) {
            (Form::Number(_) | Form::Count, _) => {
                plain(scratch, own.number, *scale);
                style.bare(out, value, scratch);
            }
            (_, Some(dress)) => {
                dress.write(scratch, own.number, *scale);
                style.text(out, value, scratch);
            }
            (_, None) if *ty == Type::Date => {
                date(scratch, own.number);
                style.text(out, value, scratch);
            }
            (_, None) => {
                let text = number_text(ty, own, *scale, model);
                style.text(out, value, text.as_bytes());
            }
        }
        return style.nothing(out, reason);
    }
    out.extend_from_slice(memory.of(cell, |out| match &told.answer {
        Answer::Value(of, text) => {
            write_value(out, style, value, form, of, text);
            style.nothing(out, reason);
        }
        Answer::Undetermined(_, why) => {
            style.nothing(out, value);
            style.text(out, reason, why.as_bytes());
        }
        Answer::Number(..) => {}
    }));
}

/// A number of a type that is not simply written: `15 min`.
pub(super) fn number_text(ty: &Type, own: Own, scale: u32, model: &Model) -> String {
    let value = number(ty, scale, own);
    value.map_or(String::new(), |value| value.display(model).to_string())
}

fn write_value(out: &mut Vec<u8>, style: &Style, column: usize, form: Form, value: &Value, text: &str) {
    match value {
        Value::YesNo(yes) => style.yes_no(out, column, *yes),
        Value::Text(text) => style.text(out, column, text.as_bytes()),
        _ => match bare(value).filter(|_| matches!(form, Form::Number(_) | Form::Count)) {
            Some(number) => style.bare(out, column, number.as_bytes()),
            None => style.text(out, column, text.as_bytes()),
        },
    }
}

/// An amount as a bare number.
fn bare(value: &Value) -> Option<String> {
    Some(match value {
        Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => n.normalize().to_string(),
        Value::Duration(n) | Value::Days(n) | Value::Months(n) | Value::BusinessHours(n) | Value::BusinessDays(n) => {
            n.to_string()
        }
        _ => return None,
    })
}

/// What the earlier edition answered, and whether that is something else.
#[allow(clippy::too_many_arguments)]
fn write_before(
    out: &mut Vec<u8>,
    style: &Style,
    columns: &BeforeColumns,
    memory: &mut OneTarget,
    scratch: &mut Vec<u8>,
    layout: &Layout,
    now: (&Told, Own),
    before: Option<(usize, &Told, Own)>,
) {
    let earlier = layout.options.before.as_ref().map(|earlier| (&earlier.plan.checked().model, earlier.names));
    let (Some((cell, told, own)), Some((model, names))) = (before, earlier) else {
        style.nothing(out, columns.value);
        style.text(out, columns.reason, NOT_DECIDED.as_bytes());
        return style.yes_no(out, columns.changed, true);
    };
    let fields = (columns.value, columns.form, columns.reason);
    let dress = memory.dress_before.as_ref();
    write_answer(out, style, fields, &mut memory.before, dress, scratch, (cell, told, own), model);
    style.yes_no(out, columns.changed, changed(now, layout.model(), (told, own), model, names));
}

/// Whether two answers are not the same. Those of two editions are compared by what is shown, since their members have
/// other numbers; what is shown differently may be the same under another name.
pub(crate) fn changed(now: (&Told, Own), model: &Model, before: (&Told, Own), earlier: &Model, names: &Names) -> bool {
    let shown = |(told, own): (&Told, Own), model: &Model| match &told.answer {
        Answer::Number(ty, scale) => Some(number_text(ty, own, *scale, model)),
        _ => None,
    };
    match (&now.0.answer, &before.0.answer) {
        (Answer::Value(a, shown), Answer::Value(b, before)) => {
            shown != before && names.translate(b, earlier, (model, Edition::New)).as_ref() != Some(a)
        }
        (Answer::Undetermined(_, a), Answer::Undetermined(_, b)) => a != b,
        (Answer::Number(a, p), Answer::Number(b, q)) if a == b && p == q && !matches!(a, Type::Quantity(_)) => {
            now.1.number != before.1.number
        }
        (Answer::Number(..), Answer::Value(_, text)) => shown(now, model).as_ref() != Some(text),
        (Answer::Value(_, text), Answer::Number(..)) => shown(before, earlier).as_ref() != Some(text),
        (Answer::Number(..), Answer::Number(..)) => shown(now, model) != shown(before, earlier),
        _ => true,
    }
}

fn explained(out: &mut Vec<u8>, style: &Style, columns: &TargetColumns, told: &Told, layout: &Layout) {
    let mut field = |column: Option<usize>, text: &str| {
        let Some(column) = column else { return };
        if text.is_empty() { style.nothing(out, column) } else { style.text(out, column, text.as_bytes()) }
    };
    if columns.clauses.is_some() {
        field(columns.clauses, &clauses(told, layout.model()));
    }
    if columns.rules.is_some() {
        field(columns.rules, &rules(told, layout.options.sources));
    }
    field(columns.readings, &told.readings);
}

/// Kept columns, ready to be written row by row.
struct KeptFields<'k> {
    kept: &'k Kept<'k>,
    places: Vec<usize>,
    /// Columns of Arrow as texts.
    texts: Vec<Option<Texts>>,
    /// The mark that parts fields, where it is the same in both files. Fields that stand side by side are copied together.
    same: Option<u8>,
}

impl<'k> KeptFields<'k> {
    fn of(layout: &Layout, style: &Style, kept: &'k Kept<'k>) -> KeptFields<'k> {
        let places: Vec<usize> = layout.options.kept.iter().map(|(place, _)| *place).collect();
        let texts = places.iter().map(|place| kept.array(*place).map(Texts::of)).collect();
        let same = match style {
            Style::Delimited(own) => kept.delimiter().filter(|mark| *mark == own.delimiter),
            Style::Json(_) => None,
        };
        KeptFields { kept, places, texts, same }
    }

    fn write_all(&self, out: &mut Vec<u8>, style: &Style, row: usize) {
        let mut place = 0;
        while let Some(rest) = self.places.get(place..).filter(|rest| !rest.is_empty()) {
            // What stood without quotes may stand so again.
            if let Some((count, bytes, mark)) = self.same.and_then(|mark| {
                let (count, bytes) = self.kept.side_by_side(rest, row)?;
                Some((count, bytes, mark))
            }) {
                out.extend_from_slice(bytes);
                out.push(mark);
                place += count;
            } else {
                self.write(out, style, place, row);
                place += 1;
            }
        }
    }

    #[inline]
    fn write(&self, out: &mut Vec<u8>, style: &Style, place: usize, row: usize) {
        let raw = match self.texts.get(place) {
            Some(Some(texts)) => Some(texts.raw(row)),
            _ => self.places.get(place).and_then(|kept| self.kept.raw(*kept, row)),
        };
        let Some(Raw { written, bytes }) = raw else { return style.nothing(out, place) };
        match (written, style) {
            (Written::Not | Written::Null, _) => style.nothing(out, place),
            (Written::Bare | Written::Quoted, _) if bytes.is_empty() => style.nothing(out, place),
            (Written::Bare | Written::Quoted, Style::Delimited(_)) => style.text(out, place, bytes),
            (Written::Bare | Written::Quoted, Style::Json(_)) => style.text(out, place, bytes),
            (_, Style::Delimited(_)) => style.text(out, place, bytes),
            // Line breaks between the parts of a list or map would end the line.
            (Written::Nested, Style::Json(_)) if memchr::memchr2(b'\n', b'\r', bytes).is_some() => {
                let line: Vec<u8> = bytes.iter().map(|b| if matches!(b, b'\n' | b'\r') { b' ' } else { *b }).collect();
                style.bare(out, place, &line);
            }
            (_, Style::Json(_)) => style.bare(out, place, bytes),
        }
    }
}
