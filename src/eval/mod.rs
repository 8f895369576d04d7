//! Evaluation: a checked edition and the facts of one case to outcomes. A pure function; undeterminedness spreads
//! only as far as it matters.

mod bounds;
pub mod chronicle;
mod clock;
mod columns;
mod expr;
mod outcome;
mod place;
mod rules;
mod set;
mod settle;
mod table;
mod trial;
mod whole;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

pub use bounds::{Refused, refused};
pub use clock::{Built, Clock, Clocks};
pub use outcome::{Conflict, Discretion, Fact, FaultAt, Known, Reason, Side, Silence, SilentAbout, UnjudgedDays, Why};
pub use set::Set;
pub use trial::{Trial, TrialResult, run};
pub use whole::{Outcome, UnderReading, decisions_of, is_tried, outcome};

use crate::check::Checked;
use crate::model::{Body, ClauseId, Decision, DecisionId, Expr, Group, InputId, Model, Property, ReadingId};
use crate::scenario::Facts;
use crate::source::Span;

/// One case under evaluation. Each decision is worked out once, when it is first asked for.
pub struct Evaluation<'a> {
    pub checked: &'a Checked,
    pub facts: &'a Facts,
    decided: RefCell<Vec<Option<Rc<Decided>>>>,
    /// Response tables as they stand over those that they supersede; empty while none was asked for.
    successors: RefCell<Vec<Option<Rc<rules::Successor>>>>,
    /// What the decisions under way have used so far, the innermost last.
    used: RefCell<Vec<Used>>,
    /// Where in that list the innermost begins; nothing is noted while no one asks.
    used_from: Cell<Option<usize>>,
    /// The reason "this input is not given", for each input that was found missing, so that it is shared.
    missing: RefCell<Vec<Option<Rc<Why>>>>,
    /// The calendars made so far.
    pub clocks: Rc<Clocks>,
    /// The states of the processes at a moment of a log that is being read.
    moment: Option<&'a chronicle::Moment>,
    /// What the log comes to, worked out when it is first asked for.
    chronicle: OnceCell<Option<Rc<chronicle::Chronicle>>>,
    /// The items of inputs that `any`, `sum` and the like are looking at, so that a part left out can be named.
    origin: RefCell<Vec<(InputId, usize)>>,
    /// The decisions of which several answers were held against each other.
    compared: RefCell<Vec<DecisionId>>,
}

/// What a decision came to.
#[derive(Debug)]
pub struct Decided {
    /// One for each answer column; two for a period: its first and its last day.
    pub columns: Vec<Known>,
    /// The rules or rows that gave the answer, most general first.
    pub fired: Vec<Fired>,
    /// Clauses behind the reading of a log, which other moments of the case do not tell.
    pub behind: Vec<ClauseId>,
    /// What the answer was worked out from, in order of first use.
    pub used: Vec<Used>,
}

/// A rule or row that applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Fired {
    pub span: Span,
    pub clauses: Vec<ClauseId>,
    /// The exceptions round it, outermost first; or the table that supersedes.
    pub within: Vec<String>,
    /// Numbers of the answer columns it gives.
    pub columns: Vec<usize>,
}

/// Something that an answer was worked out from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Used {
    Input(InputId),
    Decision(DecisionId),
    Reading(ReadingId),
    Property(u32, Property),
    /// A footnote of a response table, by number.
    Note(DecisionId, u32),
    /// A calendar, by number.
    Calendar(u32),
}

/// The values of a decision's `let`s and binders.
struct Frame<'a> {
    decision: Option<DecisionId>,
    slots: RefCell<Vec<Slot<'a>>>,
}

#[derive(Clone)]
enum Slot<'a> {
    Unset,
    /// A `let`, worked out when first used.
    Pending(&'a Expr),
    Known(Known),
}

impl<'a> Evaluation<'a> {
    pub fn new(checked: &'a Checked, facts: &'a Facts) -> Self {
        Evaluation {
            checked,
            facts,
            decided: RefCell::default(),
            successors: RefCell::default(),
            used: RefCell::default(),
            used_from: Cell::new(None),
            missing: RefCell::default(),
            clocks: Rc::default(),
            moment: None,
            chronicle: OnceCell::new(),
            origin: RefCell::default(),
            compared: RefCell::default(),
        }
    }

    pub fn model(&self) -> &'a Model {
        &self.checked.model
    }

    /// What a decision, period or response table comes to.
    pub fn decide(&self, id: DecisionId) -> Rc<Decided> {
        self.note_use(Used::Decision(id));
        if let Some(Some(decided)) = self.decided.borrow().get(id.index()) {
            return decided.clone();
        }
        let frame = self.frame(id);
        let from_log = matches!(self.model().decision(id).group.body, Body::Log);
        let ((columns, fired, behind), used) = self.noting_use(|| {
            if from_log {
                return self.read_of_log(id);
            }
            let (columns, fired) = self.rules(id, &frame);
            (columns, fired, Vec::new())
        });
        let decided = Rc::new(Decided { columns, fired, behind, used });
        let mut all = self.decided.borrow_mut();
        if all.is_empty() {
            all.resize(self.model().decisions.len(), None);
        }
        all[id.index()] = Some(decided.clone());
        decided
    }

    /// A case at a moment of a log that is being read.
    fn at_moment(checked: &'a Checked, facts: &'a Facts, moment: &'a chronicle::Moment, clocks: &Rc<Clocks>) -> Self {
        Evaluation { moment: Some(moment), clocks: clocks.clone(), ..Evaluation::new(checked, facts) }
    }

    /// What the log of the case comes to; `None` without one, and at a moment of one.
    pub fn chronicle(&self) -> Option<&Rc<chronicle::Chronicle>> {
        if self.moment.is_some() {
            return None;
        }
        self.chronicle.get_or_init(|| chronicle::read(self.checked, self.facts)).as_ref()
    }

    /// A fact; of those that a log can change, as the log leaves it.
    pub fn fact(&self, id: InputId) -> Known {
        if self.checked.timeline.is_settable(id) {
            if let Some(chronicle) = self.chronicle() {
                return chronicle.fact(id).unwrap_or_else(|| Err(self.missing_input(id)));
            }
            if let Some(why) = self.moment.and_then(|moment| moment.doubt(id)) {
                return Err(why);
            }
        }
        self.facts.get(id).cloned().ok_or_else(|| self.missing_input(id))
    }

    /// An expression outside any decision, such as what a scenario expects.
    pub fn value(&self, expr: &Expr) -> Known {
        self.expr(expr, &Frame { decision: None, slots: RefCell::new(Vec::new()) })
    }

    /// A part of a decision's working: a condition, a `let`, an answer.
    pub fn value_in(&self, id: DecisionId, expr: &Expr) -> Known {
        self.expr(expr, &self.frame(id))
    }

    fn frame(&self, id: DecisionId) -> Frame<'a> {
        let decision: &'a Decision = self.model().decision(id);
        let mut slots = vec![Slot::Unset; decision.slots as usize];
        pend_lets(&decision.group, &mut slots);
        Frame { decision: Some(id), slots: RefCell::new(slots) }
    }

    /// Whether the outcome may turn on whether answers of one of these decisions are the same.
    pub fn has_compared(&self, decisions: &[DecisionId]) -> bool {
        self.compared.borrow().iter().any(|id| decisions.contains(id))
    }

    fn note_comparison(&self, id: DecisionId) {
        let mut all = self.compared.borrow_mut();
        if all.last() != Some(&id) {
            all.push(id);
        }
    }

    fn note_use(&self, used: Used) {
        let Some(from) = self.used_from.get() else { return };
        let mut all = self.used.borrow_mut();
        if all.get(from..).is_some_and(|own| !own.contains(&used)) {
            all.push(used);
        }
    }

    /// What `work` gives, and what it used.
    fn noting_use<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<Used>) {
        let start = self.used.borrow().len();
        let outer = self.used_from.replace(Some(start));
        let result = work();
        self.used_from.set(outer);
        (result, self.used.borrow_mut().split_off(start))
    }

    /// Why an input that is not given is not known.
    fn missing_input(&self, id: InputId) -> Rc<Why> {
        let mut all = self.missing.borrow_mut();
        if all.is_empty() {
            all.resize(self.model().inputs.len(), None);
        }
        match all.get_mut(id.index()) {
            Some(shared) => shared.get_or_insert_with(|| Why::missing(id, "")).clone(),
            None => Why::missing(id, ""),
        }
    }

    /// What an expression outside any decision comes to, and everything that it was worked out from.
    pub fn value_and_use(&self, expr: &Expr) -> (Known, Vec<Used>) {
        let (value, used) = self.noting_use(|| self.value(expr));
        (value, self.used_behind(used))
    }

    /// Everything that some decisions were worked out from, directly or not, in order of first use.
    pub fn used_by(&self, ids: &[DecisionId]) -> Vec<Used> {
        self.used_behind(ids.iter().map(|id| Used::Decision(*id)).collect())
    }

    fn used_behind(&self, mut all: Vec<Used>) -> Vec<Used> {
        let mut next = 0;
        while let Some(used) = all.get(next).copied() {
            next += 1;
            if let Used::Decision(id) = used {
                for inner in &self.decide(id).used {
                    if !all.contains(inner) {
                        all.push(*inner);
                    }
                }
            }
        }
        all
    }

    /// The clauses behind a decision's answer: of the rules that fired and of all that they used.
    pub fn clauses(&self, ids: &[DecisionId]) -> Vec<ClauseId> {
        self.clauses_of(&self.used_by(ids))
    }

    /// The clauses behind what was used.
    pub fn clauses_of(&self, all: &[Used]) -> Vec<ClauseId> {
        let mut clauses: Vec<ClauseId> = Vec::new();
        let mut add = |more: &[ClauseId]| {
            for clause in more {
                if !clauses.contains(clause) {
                    clauses.push(*clause);
                }
            }
        };
        for used in all.iter().copied() {
            match used {
                Used::Decision(id) => {
                    add(&self.model().decision(id).group.cites);
                    let decided = self.decide(id);
                    decided.fired.iter().for_each(|fired| add(&fired.clauses));
                    add(&decided.behind);
                }
                Used::Input(id) => add(&self.model().input(id).cites),
                Used::Reading(id) => add(&self.model().reading(id).cites),
                Used::Property(service, property) => {
                    if let Some(service) = self.model().services.get(service as usize) {
                        add(&service.cites);
                    }
                    if property == Property::ListedIn {
                        let listed = self.model().services.get(service as usize);
                        let catalogue = listed.and_then(|s| s.properties.get(&Property::ListedIn));
                        if let Some(crate::value::Value::Member(_, number)) = catalogue {
                            add(&self.model().catalogues[*number as usize].cites);
                        }
                    }
                }
                Used::Calendar(number) => {
                    if let Some(calendar) = self.model().calendars.get(number as usize) {
                        add(&calendar.cites);
                    }
                }
                Used::Note(id, number) => {
                    if let crate::model::DecisionKind::Responses(r) = &self.model().decision(id).kind {
                        add(r.notes.get(number as usize).map_or(&[], |n| &n.cites));
                    }
                }
            }
        }
        clauses
    }
}

fn pend_lets<'a>(group: &'a Group, slots: &mut [Slot<'a>]) {
    for binding in &group.lets {
        if let Some(slot) = slots.get_mut(binding.slot as usize) {
            *slot = Slot::Pending(&binding.value);
        }
    }
    for exception in &group.exceptions {
        pend_lets(&exception.group, slots);
    }
}
