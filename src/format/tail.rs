//! What stands at the end of lines: the citations of rules and the comments, each in one column over neighbouring
//! lines. Comes after indentation, for these columns run over lines that are indented differently.

use super::line::{Block, Kind, Line, Role};

/// The least gap before a citation or comment.
const MARGIN: usize = 3;

/// Lines up citations, then comments.
pub(super) fn line_up(lines: &mut [Line]) {
    runs(lines, |lines, index| lines[index].block, citation, |line, at, gap| line.tokens[at].gap = gap);
    runs(lines, |_, _| (), comment, |line, _, gap| line.comment_gap = gap);
}

/// Where a line's tail starts, as a token's index.
enum Tail {
    At(usize),
    /// The line has none, but those round it may stand in one column.
    None,
    /// No column goes on over the line.
    End,
}

/// The citation at the end of a rule, or of a line of a calendar, milestone or process. Lines without one are passed over within a group of rules.
fn citation(line: &Line) -> Tail {
    if !matches!(line.block.0, Block::Decision | Block::Time)
        || line.is_comment()
        || line.verbatim()
        || line.starts_with(Kind::Bar)
    {
        return Tail::End;
    }
    let ends = line.tokens.last().is_some_and(|t| t.role == Role::Citation && t.kind == Kind::Close);
    let starts = line.tokens.iter().rposition(|t| t.role == Role::Citation && t.kind == Kind::Open);
    match starts {
        Some(at) if ends && at > 0 => Tail::At(at),
        _ if line.tokens.iter().any(|t| matches!(t.role, Role::Block(_))) => Tail::End,
        _ => Tail::None,
    }
}

/// The comment after a line's words.
fn comment(line: &Line) -> Tail {
    match line.comment {
        Some(_) if !line.is_comment() => Tail::At(line.tokens.len()),
        _ => Tail::End,
    }
}

/// Sets each run's gaps. A run ends at a blank line, where `group` changes, or where `tail` says so.
fn runs<G: PartialEq>(
    lines: &mut [Line],
    group: fn(&[Line], usize) -> G,
    tail: fn(&Line) -> Tail,
    set: fn(&mut Line, usize, usize),
) {
    let mut run: Vec<(usize, usize)> = Vec::new();
    for index in 0..lines.len() {
        let same = index > 0 && group(lines, index - 1) == group(lines, index) && !lines[index].blank_before;
        let found = tail(&lines[index]);
        if !same || matches!(found, Tail::End) {
            set_column(lines, &std::mem::take(&mut run), set);
        }
        if let Tail::At(at) = found {
            run.push((index, at));
        }
    }
    set_column(lines, &run, set);
}

fn set_column(lines: &mut [Line], run: &[(usize, usize)], set: fn(&mut Line, usize, usize)) {
    let end = |line: &Line, at: usize| line.indent + line.offset(at) - line.tokens.get(at).map_or(0, |t| t.gap);
    let column = run.iter().map(|&(index, at)| end(&lines[index], at) + MARGIN).max().unwrap_or(0);
    for &(index, at) in run {
        let gap = column - end(&lines[index], at);
        set(&mut lines[index], at, gap);
    }
}
