//! What goes by a log: events, milestones and processes.

use super::amend::Space;
use super::{Def, Frame, Resolver};
use crate::diag::{Code, Problem, did_you_mean};
use crate::model::*;
use crate::source::Span;
use crate::syntax::tree::{self, Item};
use crate::value::{EnumId, RecordId};

impl Resolver {
    pub(super) fn declare_event(&mut self, e: &tree::Event) {
        let number = self.model.events.len() as u32;
        let labels = self.labels(&e.labels);
        if let Some(first) = self.model.event_named(&e.name.text) {
            let first = self.model.events[first as usize].span;
            self.duplicate(&e.name, Some(first));
        }
        let (name, span) = (e.name.text.clone(), e.name.span);
        self.model.events.push(Event { name, labels, cites: vec![], by: vec![], with: vec![], span });
        self.model.order.push(ItemRef::Event(number));
    }

    /// A milestone's answers: what a decision or a scenario can ask of it.
    pub(super) fn declare_milestone(&mut self, m: &tree::Milestone) {
        let columns = [
            ("state", Type::Enum(MILESTONE_STATES)),
            ("started", Type::DateTime),
            ("due", Type::DateTime),
            ("stopped", Type::DateTime),
            ("target", Type::TimeLimit),
            ("calendar", Type::Enum(CALENDARS)),
            ("used", Type::TimeLimit),
            ("late-by", Type::TimeLimit),
            ("missed-times", Type::Integer),
        ];
        let kind = DecisionKind::Milestone(Box::new(self.bare_milestone(m.name.span)));
        self.declare_clock(&m.name, &m.labels, kind, columns.to_vec(), m.span);
    }

    pub(super) fn declare_process(&mut self, p: &tree::Process) {
        let states = EnumId(self.model.enums.len() as u32);
        let mut members: Vec<Member> = Vec::new();
        for state in &p.states {
            if let Some(first) = members.iter().find(|m| m.name == state.name.text) {
                let first = first.span;
                self.duplicate(&state.name, first);
            }
            let labels = self.labels(&state.labels);
            members.push(Member { name: state.name.text.clone(), labels, span: Some(state.name.span) });
        }
        if members.is_empty() && !self.damaged.contains(&p.span) {
            let message = format!("process `{}` has no states", p.name.text);
            let help = "add `states { open  closed (final) }`; it begins in the first one";
            self.report(Problem::new(Code::MissingPart, p.name.span, message).help(help));
        }
        let name = p.name.text.clone();
        self.model.enums.push(Enumeration { name, labels: Labels::default(), members, span: None });
        let columns = [("state", Type::Enum(states)), ("since", Type::DateTime), ("next-due", Type::DateTime)].to_vec();
        let last = p.states.iter().map(|s| s.last).collect();
        let kind = DecisionKind::Process(Box::new(Process { states, last, transitions: vec![] }));
        self.declare_clock(&p.name, &p.labels, kind, columns, p.span);
    }

    fn declare_clock(
        &mut self,
        name: &tree::Name,
        labels: &[tree::Labelled],
        kind: DecisionKind,
        columns: Vec<(&'static str, Type)>,
        span: Span,
    ) {
        let record = RecordId(self.model.records.len() as u32);
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|(name, ty)| Column { name: name.to_owned(), ty, labels: Labels::default() })
            .collect();
        self.model.records.push(Record { name: name.text.clone(), fields: columns.clone(), span: name.span });
        self.add_decision(name, labels, Type::Record(record), kind, span);
        if let Some(decision) = self.model.decisions.last_mut() {
            decision.columns = columns;
            decision.group.body = Body::Log;
        }
    }

    /// The inputs `log` and `as-of` of rules with events; `as-of` may be declared by the rules, with a label.
    pub(super) fn declare_log(&mut self) {
        let clocks = self.model.milestones().next().is_some() || self.model.processes().next().is_some();
        if self.model.events.is_empty() && !clocks {
            return;
        }
        let place = self.model.events.first().map(|e| e.span);
        let place = place
            .or_else(|| self.model.decisions.first().map(|d| d.name_span))
            .unwrap_or(Span::new(crate::source::FileId(0), 0..0));
        let log = self.own_input(LOG, Type::Log, place, &[("en", "log of events"), ("zh", "事件记录")]);
        let as_of = self.own_input(AS_OF, Type::DateTime, place, &[("en", "looked at as of"), ("zh", "截至时间")]);
        self.model.log = Some(LogInputs { log, as_of });
    }

    fn own_input(&mut self, name: &str, ty: Type, span: Span, labels: &[(&str, &str)]) -> InputId {
        if let Some(id) = self.model.input_named(name) {
            let declared = self.model.input(id);
            if declared.ty != ty {
                let wants = self.model.type_name(&ty);
                let message = format!("`{name}` belongs to rules with events, and is `{wants}` there");
                self.report(Problem::new(Code::TypeMismatch, self.model.input(id).span, message));
            }
            return id;
        }
        let id = InputId(self.model.inputs.len() as u32);
        let labels = labels.iter().map(|(lang, text)| ((*lang).to_owned(), (*text).to_owned())).collect();
        self.model.inputs.push(Input {
            name: name.to_owned(),
            ty,
            labels: Labels(labels),
            ask: Labels::default(),
            cites: vec![],
            measured_at: None,
            must_be: vec![],
            span,
        });
        self.names.entry(name.to_owned()).or_insert(Def::Input(id));
        id
    }

    /// What stands behind names that other items need: the facts that events bring.
    pub(super) fn define_events<'a>(&mut self, items: impl Iterator<Item = &'a Item>) {
        let events = items.filter_map(|item| if let Item::Event(e) = item { Some(e) } else { None });
        for (number, event) in events.enumerate() {
            let cites = self.cites(&event.cites.0);
            let by = event.by.iter().filter_map(|p| self.party(p)).collect();
            let mut with = Vec::new();
            for name in &event.with {
                with.extend(self.settable(name));
            }
            if let Some(target) = self.model.events.get_mut(number) {
                (target.cites, target.by, target.with) = (cites, by, with);
            }
        }
    }

    /// An input that a log may change.
    fn settable(&mut self, name: &tree::Name) -> Option<InputId> {
        match self.model.input_named(self.now(Space::Names, &name.text, name.span)) {
            Some(id) if matches!(self.model.input(id).name.as_str(), LOG | AS_OF) => {
                let message = format!("`{}` is not changed by events", name.text);
                self.report(Problem::new(Code::WrongFact, name.span, message).help("it is given with the case"));
                None
            }
            Some(id) => Some(id),
            None => {
                let inputs: Vec<String> = self.model.inputs.iter().map(|i| i.name.clone()).collect();
                let inputs = inputs.iter().map(String::as_str);
                self.unknown(Code::UnknownFact, &name.text, name.span, "input called", inputs);
                None
            }
        }
    }

    pub(super) fn event(&mut self, name: &tree::Name) -> Option<u32> {
        let found = self.model.event_named(self.now(Space::Events, &name.text, name.span));
        if found.is_none() {
            let events: Vec<String> = self.model.events.iter().map(|e| e.name.clone()).collect();
            let near = did_you_mean(&name.text, events.iter().map(String::as_str));
            let near = near.unwrap_or_else(|| format!("declare it: `event {} {{ by PARTY }}`", name.text));
            if !self.is_lost(&name.text) {
                let message = format!("there is no event called `{}`", name.text);
                self.report(Problem::new(Code::UnknownName, name.span, message).help(near));
            }
        }
        found
    }

    /// A milestone of which nothing is said yet.
    fn bare_milestone(&self, span: Span) -> Milestone {
        Milestone {
            owed_by: None,
            starts: vec![],
            stops: vec![],
            done: vec![],
            pauses: vec![],
            voids: vec![],
            target: Limit { until: false, amount: self.wrong(span), calendar: None, cites: vec![], span },
            recurs: false,
            on_change: vec![],
            warns: vec![],
            on_miss: vec![],
            target_may_change: false,
        }
    }

    fn limit(&mut self, limit: &tree::Limit) -> Limit {
        if limit.until {
            return self.instant(limit);
        }
        let amount = self.expr_of(&limit.amount, &Type::TimeLimit);
        let calendar = limit.calendar.as_ref().map(|c| self.expr_of(c, &Type::Enum(CALENDARS)));
        let business = matches!(amount.ty, Type::BusinessHours | Type::BusinessDays);
        if business && calendar.is_none() {
            let message = "business time is counted in a calendar, and none is named";
            let help = "write `in CALENDAR` after the amount";
            self.report(Problem::new(Code::MissingPart, limit.amount.span, message).help(help));
        }
        Limit { until: false, amount, calendar, cites: self.cites(&limit.cites.0), span: limit.span }
    }

    /// `until INSTANT`, or `until DATE in CALENDAR`: up to the end of the date.
    fn instant(&mut self, limit: &tree::Limit) -> Limit {
        let amount = self.expr(&limit.amount, None);
        let calendar = limit.calendar.as_ref().map(|c| self.expr_of(c, &Type::Enum(CALENDARS)));
        let cites = self.cites(&limit.cites.0);
        let amount = match (&amount.ty, &calendar) {
            (Type::DateTime | Type::Unknown, _) => amount,
            (Type::Date, Some(calendar)) => {
                let kind = ExprKind::Call(crate::builtin::end_of_day(), vec![amount, calendar.clone()]);
                Expr { kind, ty: Type::DateTime, span: limit.amount.span }
            }
            (Type::Date, None) => {
                let message = "a date ends at other instants in other places, and no calendar is named";
                let help = "write `in CALENDAR` after the date: it is due at the end of that date there";
                self.report(Problem::new(Code::MissingPart, limit.amount.span, message).help(help));
                self.wrong(limit.amount.span)
            }
            (other, _) => {
                let message =
                    format!("this is `{}`, and an instant or a date is wanted here", self.model.type_name(other));
                let help = "without `until`, a target is an amount of time from the start";
                self.report(Problem::new(Code::TypeMismatch, limit.amount.span, message).help(help));
                self.wrong(limit.amount.span)
            }
        };
        Limit { until: true, amount, calendar, cites, span: limit.span }
    }

    fn trigger(&mut self, trigger: &tree::Trigger) -> Option<Trigger> {
        let event = match &trigger.event {
            Some(name) => Some(self.event(name)?),
            None => None,
        };
        let by = trigger.by.iter().filter_map(|p| self.party(p)).collect();
        Some(Trigger { event, by, condition: self.conditional(&trigger.condition) })
    }

    pub(super) fn milestone(&mut self, index: usize, m: &tree::Milestone) {
        use tree::MilestonePart as Part;
        self.frame = Frame::default();
        let cites = self.cites(&m.cites.0);
        let lets: Vec<Let> = m.lets.iter().map(|l| self.let_in(l)).collect();
        let mut found = self.bare_milestone(m.name.span);
        let mut targets: Vec<Span> = Vec::new();
        for part in &m.parts {
            match part {
                Part::OwedBy(party) => found.owed_by = self.party(party),
                Part::Starts(t) => found.starts.extend(self.trigger(t)),
                Part::Stops(t) => found.stops.extend(self.trigger(t)),
                Part::Done(t) => found.done.extend(self.trigger(t)),
                Part::Pauses(c) => found.pauses.push(self.conditional(c)),
                Part::Void(c) => found.voids.push(self.conditional(c)),
                Part::Target(limit) | Part::Every(limit) => {
                    found.recurs = matches!(part, Part::Every(_));
                    targets.push(limit.span);
                    found.target = self.limit(limit);
                }
                Part::OnChange(word, condition) => {
                    let policy = match word.text.as_str() {
                        "target" => ChangePolicy::KeepsTarget,
                        "start" => ChangePolicy::KeepsStart,
                        _ => ChangePolicy::Restarts,
                    };
                    let condition = self.conditional(condition);
                    found.on_change.push((policy, condition));
                }
                Part::Warns(amount, span) => {
                    let amount = self.expr(amount, None);
                    let measures = matches!(amount.ty, Type::Percent) || amount.ty.fits(&Type::TimeLimit);
                    match amount.kind {
                        ExprKind::Const(value) if measures => found.warns.push(Warning { amount: value, span: *span }),
                        _ => {}
                    }
                }
                Part::OnMiss(names) => found.on_miss.extend(names.iter().filter_map(|n| self.consequence(n))),
            }
        }
        if let [first, second, ..] = targets[..] {
            let problem = Problem::new(Code::DuplicateName, second, "a second target of the same milestone");
            let help = "keep one; where it depends, choose the amount in a decision: `target response-time`";
            self.report(problem.related(first, "the first one").help(help));
        }
        if !self.damaged.contains(&m.span) {
            // A line that names what does not exist was told, and is not missing.
            let written = |is: &dyn Fn(&Part) -> bool| m.parts.iter().any(is);
            let stops = written(&|p| matches!(p, Part::Stops(_)));
            let missing = [
                (
                    !written(&|p| matches!(p, Part::Starts(_))),
                    "does not say when it starts",
                    "add `starts on EVENT` or `starts when CONDITION`",
                ),
                (targets.is_empty(), "has no target", "add `target 4 h`, `target AMOUNT in CALENDAR`, or `every 1 h`"),
                (
                    !found.recurs && !stops,
                    "does not say when it stops",
                    "add `stops on EVENT` or `stops when CONDITION`",
                ),
                (
                    found.recurs && !written(&|p| matches!(p, Part::Done(_))),
                    "does not say what fulfils it",
                    "add `done on EVENT`",
                ),
                (found.recurs && !stops, "recurs without end", "add `stops on EVENT` or `stops when CONDITION`"),
            ];
            for (_, what, help) in missing.iter().filter(|(missing, ..)| *missing) {
                let message = format!("milestone `{}` {what}", m.name.text);
                self.report(Problem::new(Code::MissingPart, m.name.span, message).help(*help));
            }
            if !found.recurs && !found.done.is_empty() {
                let message = "`done` fulfils one occurrence of a milestone that recurs, and this one does not";
                let help = "write `stops on EVENT`, or `every AMOUNT` in place of `target`";
                self.report(Problem::new(Code::MisplacedPart, found.done[0].condition.span, message).help(help));
            }
        }
        let slots = self.frame.slots;
        let slot_names = std::mem::take(&mut self.frame.names);
        let target = &mut self.model.decisions[index];
        target.group.cites = cites;
        target.group.lets = lets;
        target.slots = slots;
        target.slot_names = slot_names;
        target.kind = DecisionKind::Milestone(Box::new(found));
    }

    fn consequence(&mut self, name: &tree::Name) -> Option<DecisionId> {
        if let Some(Def::Decision(id)) = self.named(&name.text, name.span) {
            return Some(id);
        }
        let names: Vec<String> = self.model.decisions.iter().map(|d| d.name.clone()).collect();
        self.unknown(Code::UnknownName, &name.text, name.span, "decision called", names.iter().map(String::as_str));
        None
    }

    pub(super) fn process(&mut self, index: usize, p: &tree::Process) {
        self.frame = Frame::default();
        let cites = self.cites(&p.cites.0);
        let DecisionKind::Process(declared) = &self.model.decisions[index].kind else { return };
        let (states, last) = (declared.states, declared.last.clone());
        let mut transitions = Vec::new();
        for line in &p.transitions {
            let mut from = Vec::new();
            for name in &line.from {
                from.extend(self.state(states, name));
            }
            let to = match &line.to {
                None => None,
                Some(name) => match self.state(states, name) {
                    Some(state) => Some(state),
                    None => continue,
                },
            };
            let cause = match &line.cause {
                tree::Cause::On { event, by } => {
                    let Some(event) = self.event(event) else { continue };
                    Cause::On { event, by: by.iter().filter_map(|p| self.party(p)).collect() }
                }
                tree::Cause::After(limit) => Cause::After(Box::new(self.limit(limit))),
            };
            let mut sets = Vec::new();
            for assignment in &line.sets {
                let Some(id) = self.settable(&assignment.path) else { continue };
                let ty = self.model.input(id).ty.clone();
                sets.push((id, self.expr_of(&assignment.value, &ty)));
            }
            let condition = self.conditional(&line.condition);
            transitions.push(Transition { from, to, cause, sets, condition, span: line.span });
        }
        let slots = self.frame.slots;
        let slot_names = std::mem::take(&mut self.frame.names);
        let target = &mut self.model.decisions[index];
        target.group.cites = cites;
        target.slots = slots;
        target.slot_names = slot_names;
        target.kind = DecisionKind::Process(Box::new(Process { states, last, transitions }));
    }

    fn state(&mut self, states: EnumId, name: &tree::Name) -> Option<u32> {
        let found = self.member_of(states, &name.text);
        if found.is_none() {
            let of = self.model.enumeration(states);
            let names: Vec<String> = of.members.iter().map(|m| m.name.clone()).collect();
            let what = format!("state of `{}` called", of.name);
            self.unknown(Code::UnknownName, &name.text, name.span, &what, names.iter().map(String::as_str));
        }
        found
    }
}
