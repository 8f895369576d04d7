//! A table as a tree of its condition columns: one step a column, so that finding a row costs the logarithm of the
//! table's length, and so that gaps and overlaps are the empty and the crowded leaves.
//!
//! Each step splits the column's domain at the values that the rows name. Rows that do not care about a column go
//! down every branch; equal sets of rows share a subtree, which keeps real tables linear. A budget stops tables that
//! would explode: they are searched row by row, and their completeness is not proved.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use crate::model::{CompareOp, Model, OUTSIDE, Table, Test, TestKind, Type};
use crate::value::{self, Value};

/// Row numbers handled while building, before giving up: for any table, and for each of its cells. Real tables need
/// one or two for each cell, and some thousands where many cells are `any`.
const BUDGET: usize = 1_000_000;
const BUDGET_A_CELL: usize = 8;

/// The tree of one table.
#[derive(Clone, Debug)]
pub struct Index {
    axes: Vec<Axis>,
    nodes: Vec<Node>,
    root: u32,
    /// Whether every condition of the table has its axis, so that leaves are exact.
    pub exact: bool,
}

/// What one step of the tree asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The condition column.
    pub column: usize,
    pub question: Question,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Where among the ordered values it lies.
    Order,
    /// Which of the named values it is.
    Equality,
    /// Whether the set has this.
    Has(Value),
}

#[derive(Clone, Debug)]
enum Node {
    Leaf(Vec<u32>),
    /// `children[i]` lies below `cuts[i]`; the last one above all.
    Order {
        cuts: Vec<Cut>,
        children: Vec<u32>,
    },
    Equality {
        named: HashMap<Value, u32, RandomState>,
        rest: u32,
    },
    Has {
        yes: u32,
        no: u32,
    },
}

/// A place between values: just below one, or just above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    value: Value,
    above: bool,
}

/// A leaf as the analysis sees it: the rows that fit, and an example of each axis's value.
pub struct Leaf<'a> {
    pub rows: &'a [u32],
    pub example: &'a [(usize, Example)],
}

/// A value that leads to a leaf.
#[derive(Clone, Debug, PartialEq)]
pub enum Example {
    Value(Value),
    /// A value that no row names: any other text, or a member that a footnote takes out.
    Unnamed,
    Has(Value),
    HasNot(Value),
}

impl Index {
    /// The rows that may fit these heading values. Rows without an axis for some column are still to be tested.
    pub fn rows(&self, headings: &[&Value]) -> &[u32] {
        let mut node = self.root;
        for axis in &self.axes {
            let Some(value) = headings.get(axis.column) else { break };
            node = match &self.nodes[node as usize] {
                Node::Leaf(rows) => return rows,
                Node::Order { cuts, children } => children[position(cuts, value)],
                Node::Equality { named, rest } => named.get(*value).copied().unwrap_or(*rest),
                Node::Has { yes, no } => match &axis.question {
                    Question::Has(item) if value::has(value, item).unwrap_or(false) => *yes,
                    _ => *no,
                },
            };
        }
        match &self.nodes[node as usize] {
            Node::Leaf(rows) => rows,
            _ => &[],
        }
    }

    /// Builds the tree, calling `leaf` once for each leaf that some value can reach. `None` if it would be too large.
    pub fn build(model: &Model, table: &Table, leaf: &mut dyn FnMut(Leaf)) -> Option<Index> {
        let mut exact = true;
        let mut axes = Vec::new();
        for (column, condition) in table.conditions.iter().enumerate() {
            let tests = || table.rows.iter().filter_map(|r| r.tests.get(column));
            if tests().any(|t| !splits(t)) {
                exact = false;
                continue;
            }
            let mut items: Vec<&Value> = tests().filter_map(has_item).collect();
            items.sort();
            items.dedup();
            if !items.is_empty() {
                exact &= tests().all(|t| matches!(t.kind, TestKind::Any) || has_item(t).is_some());
                axes.extend(items.into_iter().map(|i| Axis { column, question: Question::Has(i.clone()) }));
            } else if condition.ty.is_ordered() {
                axes.push(Axis { column, question: Question::Order });
            } else {
                axes.push(Axis { column, question: Question::Equality });
            }
        }
        let cells = table.rows.len() * (axes.len() + 1);
        let mut builder = Builder {
            model,
            table,
            axes: axes.clone(),
            nodes: Vec::new(),
            shared: vec![HashMap::default(); axes.len() + 1],
            budget: BUDGET + BUDGET_A_CELL * cells,
            path: Vec::new(),
            leaf,
        };
        let root = builder.node(0, (0..table.rows.len() as u32).collect())?;
        let nodes = builder.nodes;
        Some(Index { axes, nodes, root, exact })
    }
}

/// Whether a test can be a branch of the tree.
fn splits(test: &Test) -> bool {
    match &test.kind {
        TestKind::Dynamic(..) => false,
        TestKind::Not(inner) => splits(inner),
        _ => true,
    }
}

/// What a `has` or `not has` asks for.
fn has_item(test: &Test) -> Option<&Value> {
    match &test.kind {
        TestKind::Has(item) => Some(item),
        TestKind::Not(inner) => has_item(inner),
        _ => None,
    }
}

/// How many cuts lie at or below a value; that is the number of its child.
fn position(cuts: &[Cut], value: &Value) -> usize {
    cuts.partition_point(|cut| match value::compare(&cut.value, value) {
        Some(ordering) => ordering.is_lt() || (ordering.is_eq() && !cut.above),
        None => false,
    })
}

struct Builder<'a, 'b> {
    model: &'a Model,
    table: &'a Table,
    axes: Vec<Axis>,
    nodes: Vec<Node>,
    /// By depth: the nodes of sets of rows.
    shared: Vec<HashMap<Vec<u32>, u32, RandomState>>,
    budget: usize,
    path: Vec<(usize, Example)>,
    leaf: &'b mut dyn FnMut(Leaf),
}

impl Builder<'_, '_> {
    fn node(&mut self, depth: usize, rows: Vec<u32>) -> Option<u32> {
        if let Some(node) = self.shared.get(depth)?.get(&rows) {
            return Some(*node);
        }
        self.budget = self.budget.checked_sub(rows.len() + 1)?;
        let node = match self.axes.get(depth).cloned() {
            None => {
                (self.leaf)(Leaf { rows: &rows, example: &self.path });
                Node::Leaf(rows.clone())
            }
            Some(axis) => match &axis.question {
                Question::Order => self.order(depth, axis.column, &rows)?,
                Question::Equality => self.equality(depth, axis.column, &rows)?,
                Question::Has(item) => self.has(depth, axis.column, item, &rows)?,
            },
        };
        self.nodes.push(node);
        let id = self.nodes.len() as u32 - 1;
        self.shared.get_mut(depth)?.insert(rows, id);
        Some(id)
    }

    fn child(&mut self, depth: usize, column: usize, example: Example, rows: Vec<u32>) -> Option<u32> {
        self.path.push((column, example));
        let node = self.node(depth + 1, rows);
        self.path.pop();
        node
    }

    fn test(&self, row: u32, column: usize) -> &TestKind {
        &self.table.rows[row as usize].tests[column].kind
    }

    fn order(&mut self, depth: usize, column: usize, rows: &[u32]) -> Option<Node> {
        let table = self.table;
        // Where rows end and start, from the lowest; where several do, those that end come first.
        let mut edges: Vec<(Edge, bool, u32)> = Vec::with_capacity(rows.len() * 2);
        let mut active: BTreeSet<u32> = BTreeSet::new();
        let mut intervals = Vec::new();
        for &row in rows {
            intervals_of(&table.rows[row as usize].tests[column].kind, &mut intervals);
            for (from, to) in intervals.drain(..) {
                match from {
                    Some(from) => edges.push((from, true, row)),
                    None => {
                        active.insert(row);
                    }
                }
                edges.extend(to.map(|to| (to, false, row)));
            }
        }
        edges.sort_unstable_by(|(a, starts, _), (b, also, _)| a.cmp(b).then(starts.cmp(also)));
        let mut kept_cuts: Vec<Cut> = Vec::new();
        let mut children: Vec<u32> = Vec::new();
        let ty = &table.conditions[column].ty;
        let mut ahead = edges.iter().peekable();
        let mut below = None;
        loop {
            // What lies between two edges.
            let above = ahead.peek().map(|(edge, ..)| *edge);
            // Where there is no value, the stretch goes with its neighbour below.
            let example = example_between(ty, below, above).filter(|example| self.allowed(column, example));
            if let Some(example) = example {
                self.budget = self.budget.checked_sub(active.len())?;
                let child = self.child(depth, column, Example::Value(example), active.iter().copied().collect())?;
                // Values below the first possible stretch do not occur; they may share its subtree.
                let is_first = children.is_empty();
                if is_first || below.is_none() || children.last() != Some(&child) {
                    kept_cuts.extend(below.filter(|_| !is_first).map(|edge| edge.cut()));
                    children.push(child);
                }
            }
            let Some(edge) = above else { break };
            while let Some((_, starts, row)) = ahead.next_if(|(next, ..)| next.cmp(&edge).is_eq()) {
                if *starts {
                    active.insert(*row);
                } else {
                    active.remove(row);
                }
            }
            below = Some(edge);
        }
        if children.is_empty() {
            children.push(self.child(depth, column, Example::Unnamed, Vec::new())?);
        }
        Some(Node::Order { cuts: kept_cuts, children })
    }

    fn equality(&mut self, depth: usize, column: usize, rows: &[u32]) -> Option<Node> {
        let mut names: Vec<&Value> = Vec::new();
        for &row in rows {
            named(&self.table.rows[row as usize].tests[column].kind, &mut names);
        }
        let mut values: Vec<Value> = names.into_iter().cloned().collect();
        values.sort();
        values.dedup();
        // Rows by the values they name, so that a long table is not searched again for each value.
        let mut naming: HashMap<&Value, Vec<u32>, RandomState> = HashMap::default();
        let mut general: Vec<u32> = Vec::new();
        for &row in rows {
            match &self.table.rows[row as usize].tests[column].kind {
                TestKind::OneOf(of) => of.iter().for_each(|v| naming.entry(v).or_default().push(row)),
                _ => general.push(row),
            }
        }
        let mut branches: Vec<(Value, Vec<u32>)> = Vec::new();
        for value in &values {
            self.budget = self.budget.checked_sub(general.len() + 1)?;
            let mut fitting: Vec<u32> = naming.get(value).cloned().unwrap_or_default();
            fitting.extend(general.iter().copied().filter(|row| passes(self.test(*row, column), value)));
            fitting.sort_unstable();
            branches.push((value.clone(), fitting));
        }
        drop(naming);
        let outside = Value::Member(crate::value::EnumId(u32::MAX), OUTSIDE);
        let rest_rows: Vec<u32> = general.into_iter().filter(|row| passes(self.test(*row, column), &outside)).collect();
        let mut map = HashMap::default();
        for (value, fitting) in branches {
            if self.allowed(column, &value) {
                let child = self.child(depth, column, Example::Value(value.clone()), fitting)?;
                map.insert(value, child);
            }
        }
        let rest = match self.unnamed(column, &values) {
            Some(example) => self.child(depth, column, example, rest_rows)?,
            // Every possible value is named; the branch is there for the lookup only.
            None => {
                self.nodes.push(Node::Leaf(Vec::new()));
                self.nodes.len() as u32 - 1
            }
        };
        Some(Node::Equality { named: map, rest })
    }

    fn has(&mut self, depth: usize, column: usize, item: &Value, rows: &[u32]) -> Option<Node> {
        let fits = |builder: &Self, answer: bool| -> Vec<u32> {
            rows.iter().copied().filter(|row| answers(builder.test(*row, column), item, answer)).collect()
        };
        let (with, without) = (fits(self, true), fits(self, false));
        let yes = self.child(depth, column, Example::Has(item.clone()), with)?;
        let no = self.child(depth, column, Example::HasNot(item.clone()), without)?;
        Some(Node::Has { yes, no })
    }

    /// A value of the column that is not among the named ones, if there is one.
    fn unnamed(&self, column: usize, named: &[Value]) -> Option<Example> {
        let condition = &self.table.conditions[column];
        let candidates: Vec<Value> = match &condition.ty {
            Type::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
            Type::Enum(id) => {
                let members = self.model.enumeration(*id).members.len() as u32;
                (0..members).map(|m| Value::Member(*id, m)).collect()
            }
            _ => return Some(Example::Unnamed),
        };
        let free = candidates.into_iter().find(|v| !named.contains(v) && self.allowed(column, v));
        match (free, &condition.kind) {
            (Some(value), _) => Some(Example::Value(value)),
            (None, crate::model::ExprKind::Except { .. }) => Some(Example::Unnamed),
            (None, _) => None,
        }
    }

    /// Whether an input's `must be` lets the value through.
    fn allowed(&self, column: usize, value: &Value) -> bool {
        match &self.table.conditions[column].kind {
            crate::model::ExprKind::Input(id) => {
                self.model.input(*id).must_be.iter().all(|(test, _)| test.holds(value) != Some(false))
            }
            _ => true,
        }
    }
}

fn passes(test: &TestKind, value: &Value) -> bool {
    let span = crate::source::Span::new(crate::source::FileId(0), 0..0);
    Test { kind: test.clone(), span }.holds(value).unwrap_or(false)
}

/// Whether a test on a set is content with this answer to "has it the item?".
fn answers(test: &TestKind, item: &Value, answer: bool) -> bool {
    match test {
        TestKind::Has(own) => own != item || answer,
        TestKind::Not(inner) => match &inner.kind {
            TestKind::Has(own) => own != item || !answer,
            _ => true,
        },
        _ => true,
    }
}

fn named<'t>(test: &'t TestKind, values: &mut Vec<&'t Value>) {
    match test {
        TestKind::OneOf(of) | TestKind::NoneOf(of) => values.extend(of),
        TestKind::Compare(_, value) => values.push(value),
        TestKind::Not(inner) => named(&inner.kind, values),
        _ => {}
    }
}

/// A cut where a row's values start or end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge<'t> {
    value: &'t Value,
    above: bool,
    /// The value in ten-thousandths, where that is exact: compared first.
    place: Option<i64>,
}

impl<'t> Edge<'t> {
    fn below(value: &'t Value) -> Option<Self> {
        Some(Edge { value, above: false, place: place_of(value) })
    }

    fn above(value: &'t Value) -> Option<Self> {
        Some(Edge { value, above: true, place: place_of(value) })
    }

    fn cut(self) -> Cut {
        Cut { value: self.value.clone(), above: self.above }
    }

    fn cmp(&self, other: &Edge) -> Ordering {
        let values = match (self.place, other.place) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => value::compare(self.value, other.value).unwrap_or_else(|| self.value.cmp(other.value)),
        };
        values.then(self.above.cmp(&other.above))
    }
}

fn place_of(value: &Value) -> Option<i64> {
    let decimal = |number: &Decimal| {
        let unit = 10_i64.checked_pow(4_u32.checked_sub(number.scale())?)?;
        i64::try_from(number.mantissa()).ok()?.checked_mul(unit)
    };
    match value {
        Value::Number(n) | Value::Percent(n) | Value::Money(_, n) | Value::Quantity(_, n) => decimal(n),
        Value::Duration(n) | Value::Days(n) | Value::Months(n) | Value::BusinessHours(n) | Value::BusinessDays(n) => {
            n.checked_mul(10_000)
        }
        _ => None,
    }
}

type Interval<'t> = (Option<Edge<'t>>, Option<Edge<'t>>);

/// The stretches of values that pass a test.
fn intervals_of<'t>(test: &'t TestKind, found: &mut Vec<Interval<'t>>) {
    let (below, above) = (Edge::below, Edge::above);
    match test {
        TestKind::OneOf(values) => found.extend(values.iter().map(|v| (below(v), above(v)))),
        TestKind::Compare(op, v) => match op {
            CompareOp::Eq => found.push((below(v), above(v))),
            CompareOp::Ne => found.extend([(None, below(v)), (above(v), None)]),
            CompareOp::Lt => found.push((None, below(v))),
            CompareOp::Le => found.push((None, above(v))),
            CompareOp::Gt => found.push((above(v), None)),
            CompareOp::Ge => found.push((below(v), None)),
        },
        TestKind::Range(low, high, includes) => {
            found.push((below(low), if *includes { above(high) } else { below(high) }));
        }
        TestKind::NoneOf(values) => {
            let mut inner: Vec<Interval> = values.iter().map(|v| (below(v), above(v))).collect();
            complement(&mut inner, found);
        }
        TestKind::Not(inner) => {
            let mut intervals = Vec::new();
            intervals_of(&inner.kind, &mut intervals);
            complement(&mut intervals, found);
        }
        TestKind::Any | TestKind::Has(_) | TestKind::Dynamic(..) => found.push((None, None)),
    }
}

fn complement<'t>(intervals: &mut [Interval<'t>], found: &mut Vec<Interval<'t>>) {
    intervals.sort_by(|a, b| match (&a.0, &b.0) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(a), Some(b)) => a.cmp(b),
    });
    let mut from: Option<Edge> = None;
    let mut open_ended = false;
    for (index, (start, end)) in intervals.iter().enumerate() {
        if index > 0 || start.is_some() {
            found.push((from, *start));
        }
        open_ended = end.is_none();
        from = *end;
    }
    if !open_ended {
        found.push((from, None));
    }
}

/// A value between two cuts; `None` if no value of the type lies there.
fn example_between(ty: &Type, below: Option<Edge>, above: Option<Edge>) -> Option<Value> {
    match (below, above) {
        (None, None) => Some(some_value(ty)),
        (Some(edge), _) if !edge.above => Some(edge.value.clone()),
        (_, Some(edge)) if edge.above => Some(edge.value.clone()),
        (Some(low), Some(high)) => {
            let next = shifted(low.value, smallest_step(ty).as_ref(), true)?;
            match value::compare(&next, high.value)? {
                Ordering::Less => Some(next),
                _ if is_whole(ty) => None,
                _ => midpoint(low.value, high.value),
            }
        }
        (Some(low), None) => shifted(low.value, smallest_step(ty).as_ref(), true),
        (None, Some(high)) => shifted(high.value, smallest_step(ty).as_ref(), false),
    }
}

/// Whether the type's values stand one step apart.
pub(super) fn is_whole(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Integer | Type::Days | Type::Months | Type::Date | Type::BusinessDays | Type::Duration | Type::Time
    )
}

/// The least difference that a person would call one: a cent, a day, a hundredth.
pub(super) fn smallest_step(ty: &Type) -> Option<Value> {
    let cent = Decimal::new(1, 2);
    Some(match ty {
        Type::Integer => Value::Number(Decimal::ONE),
        Type::Decimal => Value::Number(cent),
        Type::Percent => Value::Percent(cent),
        Type::Money(Some(currency)) => Value::Money(*currency, cent),
        Type::Date | Type::Days => Value::Days(1),
        Type::Months => Value::Months(1),
        Type::Duration | Type::DateTime => Value::Duration(60),
        Type::BusinessDays => Value::BusinessDays(1),
        Type::BusinessHours => Value::BusinessHours(60),
        Type::Quantity(unit) => Value::Quantity(*unit, cent),
        _ => return None,
    })
}

/// A value one step above or below another.
pub(super) fn shifted(value: &Value, step: Option<&Value>, up: bool) -> Option<Value> {
    if let Value::Time(time) = value {
        let minute = chrono::TimeDelta::minutes(if up { 1 } else { -1 });
        let (moved, wrapped) = time.overflowing_add_signed(minute);
        return (wrapped == 0).then_some(Value::Time(moved));
    }
    let step = match (value, step) {
        (Value::Money(currency, _), _) => Value::Money(*currency, Decimal::new(1, 2)),
        (_, Some(step)) => step.clone(),
        (_, None) => return None,
    };
    if up { value::add(value, &step).ok() } else { value::sub(value, &step).ok() }
}

fn midpoint(low: &Value, high: &Value) -> Option<Value> {
    let two = Decimal::TWO;
    let mid = |a: &Decimal, b: &Decimal| a.checked_add(*b)?.checked_div(two);
    Some(match (low, high) {
        (Value::Number(a), Value::Number(b)) => Value::Number(mid(a, b)?),
        (Value::Percent(a), Value::Percent(b)) => Value::Percent(mid(a, b)?),
        (Value::Money(c, a), Value::Money(_, b)) => Value::Money(*c, mid(a, b)?),
        (Value::Quantity(u, a), Value::Quantity(_, b)) => Value::Quantity(*u, mid(a, b)?),
        _ => return None,
    })
}

/// Any value of an ordered type.
pub(super) fn some_value(ty: &Type) -> Value {
    let date = chrono::NaiveDate::from_ymd_opt(2024, 10, 1).unwrap_or_default();
    match ty {
        Type::Percent => Value::Percent(Decimal::TEN),
        Type::Money(currency) => {
            let usd = currency.or_else(|| crate::value::Currency::from_code("USD"));
            usd.map_or(Value::Number(Decimal::ONE), |c| Value::Money(c, Decimal::ONE_HUNDRED))
        }
        Type::Date => Value::Date(date),
        Type::Time => Value::Time(chrono::NaiveTime::MIN),
        Type::DateTime => Value::DateTime(date.and_time(chrono::NaiveTime::MIN).and_utc().fixed_offset()),
        Type::Duration => Value::Duration(3600),
        Type::Days => Value::Days(1),
        Type::Months => Value::Months(1),
        Type::BusinessHours => Value::BusinessHours(3600),
        Type::BusinessDays => Value::BusinessDays(1),
        Type::Quantity(unit) => Value::Quantity(*unit, Decimal::ONE),
        _ => Value::Number(Decimal::ONE),
    }
}
