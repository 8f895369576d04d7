//! Columns of neighbouring lines of one form: labels of members, fields and choices, colons and braces of inputs on
//! one line each, braces of parties, units, enumerations, events and calendars on one line each, and what the
//! lines of calendars and milestones have in common. Tables are for `table`.

use super::line::{Block, Kind, Line, Role, Token};

/// Widens gaps so that the columns of each run of lines stand under each other.
pub(super) fn line_up(lines: &mut [Line]) {
    let forms: Vec<Option<Form>> = lines.iter().map(form).collect();
    let mut run: Vec<usize> = Vec::new();
    for index in 0..lines.len() {
        if forms[index].is_none() && (lines[index].is_comment() || lines[index].block.0 != Block::File) {
            continue;
        }
        let goes_on = run.last().is_some_and(|&last| {
            let same_form = match (&forms[last], &forms[index]) {
                (Some(a), Some(b)) => a.of == b.of,
                _ => false,
            };
            same_form
                && lines[last].block == lines[index].block
                && (lines[index].block.0 != Block::File || lines[last + 1..=index].iter().all(|l| !l.blank_before))
        });
        if !goes_on {
            set_columns(lines, &forms, &run);
            run.clear();
        }
        if forms[index].is_some() {
            run.push(index);
        }
    }
    set_columns(lines, &forms, &run);
}

/// A line that is lined up with its neighbours.
struct Form<'a> {
    /// What the neighbours have in common: an item's keyword, or nothing in a block.
    of: &'a str,
    /// The tokens that start a column, with the least gap before each.
    columns: Vec<(usize, usize)>,
}

fn form<'a>(line: &Line<'a>) -> Option<Form<'a>> {
    if line.verbatim() || !line.is_balanced() {
        return None;
    }
    let tokens = &line.tokens;
    match line.block.0 {
        Block::File => one_line_item(tokens),
        Block::Enumeration => labelled(tokens, 1, 2),
        Block::States => labelled(tokens, if tokens.get(2).is_some_and(|t| t.is("final")) { 4 } else { 1 }, 2),
        Block::Time => timed(tokens),
        Block::Record => {
            let typed = tokens.get(1).is_some_and(|t| t.role == Role::TypeColon);
            let text = tokens.iter().position(|t| t.kind == Kind::Text).unwrap_or(tokens.len() + 1);
            let mut form = labelled(tokens, text.saturating_sub(1), 2).filter(|_| typed)?;
            form.columns.insert(0, (1, 1));
            Some(form)
        }
        Block::Reading => {
            let chosen = line.starts_with_word(&["either", "or"]) && tokens.len() > 1;
            let marked = tokens.get(2).is_some_and(|t| t.is("("));
            labelled(tokens, if marked { 5 } else { 2 }, 1).filter(|_| chosen)
        }
        _ => None,
    }
}

/// `input a : T`, `input a : T { … }`, `party a { … }`
fn one_line_item<'a>(tokens: &[Token<'a>]) -> Option<Form<'a>> {
    let of = tokens.first()?.text;
    let second = tokens.get(2)?;
    let brace = tokens.iter().position(|t| matches!(t.role, Role::Block(_)));
    let closes_itself = tokens.last().is_some_and(|t| matches!(t.role, Role::Block(_))) || brace.is_none();
    let columns = match of {
        "input" if second.role == Role::TypeColon && closes_itself => {
            std::iter::once((2, 1)).chain(brace.map(|at| (at, 1))).collect()
        }
        "party" | "unit" | "enumeration" | "event" | "calendar" if brace == Some(2) && closes_itself => vec![(2, 1)],
        _ => return None,
    };
    Some(Form { of, columns })
}

/// `open DAYS HOURS when …`, `closed DATES "…"`, `on change … when …`, `part day … when …`
fn timed<'a>(tokens: &[Token<'a>]) -> Option<Form<'a>> {
    let [first, second, ..] = tokens else { return None };
    let dated = second.text.starts_with(|c: char| c.is_ascii_digit());
    let when = tokens.iter().position(|t| t.is("when")).map(|at| (at, 1));
    if (first.is("open") || first.is("closed")) && dated {
        let after = (tokens.len() > 2).then_some((2, 1)).filter(|_| when.is_none_or(|(at, _)| at > 2));
        return Some(Form { of: "dates", columns: std::iter::once((1, 1)).chain(after).collect() });
    }
    if first.is("open") {
        let window = |t: &Token| t.kind == Kind::Word && t.text.contains(':') && t.text.contains("..");
        let hours = tokens.iter().position(window)?;
        return Some(Form { of: "hours", columns: std::iter::once((hours, 1)).chain(when).collect() });
    }
    let of = match (first.text, second.text) {
        ("on", "change") => "change",
        ("part", "day") => "part",
        _ => return None,
    };
    when.map(|when| Form { of, columns: vec![when] })
}

/// A line that from token `start` on is pairs of language and text, and perhaps a comma.
fn labelled<'a>(tokens: &[Token], start: usize, gap: usize) -> Option<Form<'a>> {
    let ended = tokens.last().is_some_and(|t| t.is(","));
    let end = tokens.len() - usize::from(ended);
    let labels = tokens.get(start.min(end)..end)?;
    let in_pairs = labels.chunks(2).all(|pair| match pair {
        [lang, text] => lang.kind == Kind::Word && text.kind == Kind::Text,
        _ => false,
    });
    let named = tokens.first().is_some_and(|t| t.kind == Kind::Word && !t.is("label"));
    let columns = (start..start + labels.len()).step_by(2).map(|at| (at, gap)).collect();
    (in_pairs && named).then_some(Form { of: "", columns })
}

fn set_columns(lines: &mut [Line], forms: &[Option<Form>], run: &[usize]) {
    let column = |index: usize, n: usize| forms[index].as_ref().and_then(|f| f.columns.get(n)).copied();
    let most = run.iter().filter_map(|&i| forms[i].as_ref()).map(|f| f.columns.len()).max().unwrap_or(0);
    for n in 0..most {
        let ends = |lines: &[Line], index: usize, at: usize| lines[index].offset(at) - lines[index].tokens[at].gap;
        let places: Vec<(usize, usize, usize)> =
            run.iter().filter_map(|&i| column(i, n).map(|(at, gap)| (i, at, gap))).collect();
        let target = places.iter().map(|&(i, at, gap)| ends(lines, i, at) + gap).max().unwrap_or(0);
        for (index, at, _) in places {
            lines[index].tokens[at].gap = target - ends(lines, index, at);
        }
    }
}
