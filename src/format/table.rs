//! Tables: cells padded by display width so that bars stand under each other, figures flush right.

use std::ops::Range;

use super::line::{Kind, Line, Token};

/// Lines up the rows of every table.
pub(super) fn line_up(lines: &mut [Line]) {
    let mut table: Vec<(usize, Row)> = Vec::new();
    for index in 0..lines.len() {
        match row(&lines[index]) {
            Some(row) => table.push((index, row)),
            // Comments stand between rows, and rows that are not finished yet.
            None if lines[index].is_comment() || lines[index].starts_with(Kind::Bar) => {}
            None => set_columns(lines, std::mem::take(&mut table)),
        }
    }
    set_columns(lines, table);
}

/// The tokens of a row's cells on either side of `||`, and its bars.
struct Row {
    left: Vec<Range<usize>>,
    right: Vec<Range<usize>>,
    /// One more than there are cells.
    bars: Vec<usize>,
}

/// The row on a line, if it is whole.
fn row(line: &Line) -> Option<Row> {
    let tokens = &line.tokens;
    let is_bar = |t: &Token| matches!(t.kind, Kind::Bar | Kind::Bars);
    let bars: Vec<usize> = (0..tokens.len()).filter(|&i| is_bar(&tokens[i])).collect();
    let (first, last) = (*bars.first()?, *bars.last()?);
    let middle = bars.iter().position(|&i| tokens[i].kind == Kind::Bars)?;
    let one_middle = bars.iter().filter(|&&i| tokens[i].kind == Kind::Bars).count() == 1;
    let closed = tokens.get(last + 1..)?.iter().all(|t| t.is("}"));
    if first != 0 || middle == 0 || middle + 1 == bars.len() || !one_middle || !closed || line.verbatim() {
        return None;
    }
    let mut left: Vec<Range<usize>> = bars.windows(2).map(|pair| pair[0] + 1..pair[1]).collect();
    let right = left.split_off(middle);
    Some(Row { left, right, bars })
}

/// A column: its width, and whether its cells stand flush right.
#[derive(Clone, Default)]
struct Column {
    width: usize,
    figures: bool,
}

fn set_columns(lines: &mut [Line], table: Vec<(usize, Row)>) {
    let left = columns(lines, &table, |row| &row.left);
    let right = columns(lines, &table, |row| &row.right);
    for (place, (index, row)) in table.iter().enumerate() {
        let tokens = &mut lines[*index].tokens;
        let cells = spread(&row.left, &left).into_iter().chain(spread(&row.right, &right));
        for ((cell, column), bar) in cells.zip(row.bars.iter().skip(1)) {
            let free = column.width.saturating_sub(width(tokens, &cell));
            let flush_right = column.figures && place > 0;
            if cell.is_empty() {
                tokens[*bar].gap = 2 + free;
                continue;
            }
            tokens[cell.start].gap = if flush_right { 1 + free } else { 1 };
            tokens[*bar].gap = if flush_right { 1 } else { 1 + free };
        }
    }
}

/// The columns of one side of a table.
fn columns(lines: &[Line], table: &[(usize, Row)], side: fn(&Row) -> &Vec<Range<usize>>) -> Vec<Column> {
    let count = table.iter().map(|(_, row)| side(row).len()).max().unwrap_or(0);
    let mut columns = vec![Column::default(); count];
    let spans = |row: &Row, at: usize| at + 1 == side(row).len() && at + 1 < count;
    for (at, column) in columns.iter_mut().enumerate() {
        let cells = || table.iter().enumerate().filter(|(_, (_, row))| at < side(row).len() && !spans(row, at));
        let cell = |row: &Row| side(row)[at].clone();
        column.width = cells().map(|(_, (line, row))| width(&lines[*line].tokens, &cell(row))).max().unwrap_or(0);
        let mut forms =
            cells().filter(|(place, _)| *place > 0).map(|(_, (line, row))| figure(&lines[*line].tokens[cell(row)]));
        column.figures = forms.next().flatten().is_some_and(|first| forms.all(|form| form.as_ref() == Some(&first)));
    }
    for (line, row) in table {
        let at = side(row).len() - 1;
        if spans(row, at) {
            let missing = width(&lines[*line].tokens, &side(row)[at]).saturating_sub(spanned(&columns[at..]));
            columns[count - 1].width += missing;
        }
    }
    columns
}

/// Each cell with its column; where a row has fewer cells than the table, the last spans the columns that are left.
fn spread(cells: &[Range<usize>], columns: &[Column]) -> Vec<(Range<usize>, Column)> {
    let last = cells.len() - 1;
    let column = |at: usize| {
        if at == last && at + 1 < columns.len() {
            Column { width: spanned(&columns[at..]), figures: false }
        } else {
            columns[at].clone()
        }
    };
    cells.iter().enumerate().map(|(at, cell)| (cell.clone(), column(at))).collect()
}

/// The width of columns with the bars between them.
fn spanned(columns: &[Column]) -> usize {
    columns.iter().map(|c| c.width + 3).sum::<usize>().saturating_sub(3)
}

fn width(tokens: &[Token], cell: &Range<usize>) -> usize {
    let inner = cell.clone().skip(1).map(|i| tokens[i].gap).sum::<usize>();
    inner + tokens[cell.clone()].iter().map(Token::width).sum::<usize>()
}

/// The form of a cell with a number, a percentage, a percentage of something, or an amount: all but its figure.
fn figure(cell: &[Token]) -> Option<String> {
    let is_number = |t: &Token| {
        let digits = t.text.strip_prefix('-').unwrap_or(t.text);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
            && !digits.contains("..")
    };
    let is_currency = |t: &Token| t.text.len() == 3 && t.text.chars().all(|c| c.is_ascii_uppercase());
    match cell {
        [number] if is_number(number) => Some(String::new()),
        [currency, number] if is_currency(currency) && is_number(number) => Some(currency.text.to_owned()),
        [number, percent] if is_number(number) && percent.is("%") => Some("%".to_owned()),
        [number, percent, of, rest @ ..] if is_number(number) && percent.is("%") && of.is("of") => {
            Some(rest.iter().map(|t| format!(" {}", t.text)).collect())
        }
        _ => None,
    }
}
