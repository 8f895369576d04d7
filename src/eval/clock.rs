//! Calendars for the facts and readings of a case, and deadlines counted in them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, FixedOffset};

use super::{Evaluation, Frame, Known, SilentAbout, UnjudgedDays, Used, Why};
use crate::model::{CALENDARS, ClockBody, ClockFault, Conditional, Expr, Working};
use crate::source::Span;
use crate::value::worktime::{Calendar, CalendarBuilder, Judged, PartDay, Timed, Zone, deadline, plain_deadline};
use crate::value::{Fault, HolidayList, Value};

/// A calendar as the facts and readings of a case have it.
#[derive(Debug)]
pub struct Clock {
    /// Its number.
    pub number: u32,
    pub calendar: Arc<Calendar>,
    /// How a part day counts in business days, or why that is not known.
    pub part_day: Result<PartDay, Rc<Why>>,
    /// The holiday lists that are not given.
    missing: Option<Rc<Why>>,
    uses: Vec<Used>,
    /// What the way of counting part days rests on, which matters to business days only.
    part_day_uses: Vec<Used>,
}

/// The calendars of a case, each made when it is first asked for.
pub type Clocks = RefCell<Vec<Option<Result<Rc<Clock>, Rc<Why>>>>>;

/// Calendars that were built, so that cases with the same zone, readings and holidays share them.
#[derive(Debug, Default)]
pub struct Built(Mutex<HashMap<Key, (Arc<Calendar>, Lists)>>);

/// The lists of holidays that a calendar was built with; kept, so that their addresses stay theirs.
type Lists = Vec<Arc<HolidayList>>;

/// More calendars than an edition and its customers' zones have.
const MOST_BUILT: usize = 1024;

/// The most arguments that a function takes beside a calendar.
const MOST_ARGS: usize = 2;

#[derive(PartialEq, Eq, Hash, Debug)]
struct Key {
    number: u32,
    zone: &'static str,
    /// Which of its lines hold.
    lines: Vec<bool>,
    /// Addresses of the lists, which are kept beside the calendar.
    holidays: Vec<usize>,
    make_up: bool,
}

impl Clock {
    /// Why a question to the calendar has no answer, with the days that it turns on.
    fn why(&self, fault: ClockFault, span: Span) -> Rc<Why> {
        match fault {
            ClockFault::Fault(fault) => Why::fault(fault, span),
            ClockFault::NoPartDay => self.part_day.as_ref().err().cloned().unwrap_or_default(),
            ClockFault::Unjudged(days) => {
                let days = UnjudgedDays { calendar: self.number, from: days.from, to: days.to };
                Why::unjudged(days, self.missing.as_ref())
            }
        }
    }

    /// Working time between two instants, negative when `to` comes first.
    pub fn worked(&self, from: DateTime<FixedOffset>, to: DateTime<FixedOffset>, span: Span) -> Known {
        let seconds = self.calendar.between(from, to);
        seconds.map(Value::BusinessHours).map_err(|why| self.why(why.into(), span))
    }
}

impl<'a> Evaluation<'a> {
    /// A calendar, for the facts and readings of the case.
    pub fn clock(&self, number: u32) -> Result<Rc<Clock>, Rc<Why>> {
        self.note_use(Used::Calendar(number));
        let known = self.clocks.borrow().get(number as usize).cloned().flatten();
        let clock = match known {
            Some(clock) => clock,
            None => {
                let clock = self.make_clock(number);
                let mut all = self.clocks.borrow_mut();
                if all.len() <= number as usize {
                    all.resize_with(self.model().calendars.len().max(number as usize + 1), || None);
                }
                all[number as usize] = Some(clock.clone());
                clock
            }
        };
        if let Ok(clock) = &clock {
            clock.uses.iter().for_each(|used| self.note_use(*used));
        }
        clock
    }

    fn make_clock(&self, number: u32) -> Result<Rc<Clock>, Rc<Why>> {
        let Some(declared) = self.model().calendars.get(number as usize) else {
            return Err(Rc::new(Why::default()));
        };
        let ((parts, missing), uses) = self.noting_use(|| {
            let mut doubts = None;
            let mut gather = |why: Rc<Why>| Why::gather(&mut doubts, &why);
            let zone = self.value(&declared.zone).map_err(&mut gather).ok();
            let mut lines = Vec::new();
            let open = declared.open.iter().map(|line| line.condition.when.as_ref());
            for when in open.chain(declared.listed.iter().map(|(_, when)| when.as_ref())) {
                lines.push(self.yes(when).map_err(&mut gather).unwrap_or(false));
            }
            let mut holidays = Vec::new();
            let mut missing = None;
            for list in &declared.holidays {
                match self.value(list) {
                    Ok(Value::Holidays(list)) => holidays.push(list),
                    Ok(_) => {}
                    // A list that is not given leaves days unjudged; it may not matter.
                    Err(why) if !why.missing.is_empty() => Why::gather(&mut missing, &why),
                    Err(why) => gather(why),
                }
            }
            let make_up = match &declared.make_up {
                None => false,
                Some(when) => self.yes(when.as_ref()).map_err(&mut gather).unwrap_or(false),
            };
            (doubts.map_or(Ok((zone, lines, holidays, make_up)), Err), missing)
        });
        let (part_day, part_day_uses) = self.noting_use(|| self.part_day(number, &declared.part_day));
        let (zone, lines, holidays, make_up) = parts?;
        let zone = match zone {
            Some(Value::Text(name)) => Zone::named(&name).map_err(|_| Rc::new(Why::default()))?,
            _ => return Err(Rc::new(Why::default())),
        };
        let key = Key {
            number,
            zone: zone.name(),
            lines,
            holidays: holidays.iter().map(|list| Arc::as_ptr(list) as usize).collect(),
            make_up,
        };
        let built = || self.checked.calendars.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = built().get(&key).map(|(calendar, _)| calendar.clone());
        let calendar = match known {
            Some(calendar) => calendar,
            None => {
                let mut judged = Vec::new();
                let all_judged = !declared.not_listed && declared.holidays.is_empty();
                let judged_by = if all_judged { Judged::Always } else { Judged::Within(Vec::new()) };
                let mut builder = CalendarBuilder::new(judged_by);
                for (line, _) in declared.open.iter().zip(&key.lines).filter(|(_, holds)| **holds) {
                    line.fill(&mut builder);
                }
                let listed = declared.listed.iter().zip(key.lines.iter().skip(declared.open.len()));
                for ((day, _), _) in listed.filter(|(_, holds)| **holds) {
                    builder.list(day.clone());
                }
                for list in &holidays {
                    list.holidays.listed.iter().for_each(|day| {
                        builder.list(day.clone());
                    });
                    judged.extend(list.covered.iter().copied());
                }
                builder.also_judged(&judged);
                builder.make_up_days_possible(make_up);
                let calendar = builder.build(zone);
                let calendar = Arc::new(calendar.map_err(|error| Why::fault(Fault::Calendar(error), declared.span))?);
                let mut all = built();
                if all.len() >= MOST_BUILT {
                    all.clear();
                }
                all.insert(key, (calendar.clone(), holidays));
                calendar
            }
        };
        Ok(Rc::new(Clock { number, calendar, part_day, missing, uses, part_day_uses }))
    }

    fn note_part_day(&self, clock: &Clock) {
        clock.part_day_uses.iter().for_each(|used| self.note_use(*used));
    }

    /// Whether a condition holds; one that is not written always does.
    pub(super) fn yes(&self, when: Option<&Expr>) -> Result<bool, Rc<Why>> {
        when.map_or(Ok(true), |when| self.value(when).map(|value| value == Value::YesNo(true)))
    }

    /// The way of counting whose condition holds first.
    fn part_day(&self, number: u32, ways: &[(PartDay, Conditional)]) -> Result<PartDay, Rc<Why>> {
        for (way, condition) in ways {
            if self.yes(condition.when.as_ref())? {
                return Ok(*way);
            }
        }
        let cites = self.model().calendars.get(number as usize).map_or(Vec::new(), |c| c.cites.clone());
        Err(Why::silence(SilentAbout::PartDay(number), cites))
    }

    /// A function whose last argument is a calendar.
    pub(super) fn clock_call(&self, body: ClockBody, args: &[Expr], span: Span, frame: &Frame<'a>) -> Known {
        let Some((calendar, plain)) = args.split_last() else { return Err(Rc::default()) };
        let mut given = [Timed::YesNo(false); MOST_ARGS];
        let mut doubts = None;
        for (slot, arg) in given.iter_mut().zip(plain) {
            match self.expr(arg, frame) {
                Ok(value) => *slot = Timed::of(&value).ok_or_else(Rc::default)?,
                Err(why) => Why::gather(&mut doubts, &why),
            }
        }
        let number = match self.expr(calendar, frame) {
            Ok(Value::Member(CALENDARS, number)) if doubts.is_none() => number,
            Ok(_) => return Err(doubts.unwrap_or_default()),
            Err(why) => {
                Why::gather(&mut doubts, &why);
                return Err(doubts.unwrap_or_default());
            }
        };
        let given = given.get(..plain.len()).ok_or_else(Rc::default)?;
        let clock = self.clock(number)?;
        let working = Working { calendar: &clock.calendar, part_day: clock.part_day.as_ref().ok().copied() };
        let found = body(given, &working);
        if given.iter().chain(found.as_ref().ok()).any(|value| matches!(value, Timed::BusinessDays(_))) {
            self.note_part_day(&clock);
        }
        found.map_err(|fault| clock.why(fault, span))?.value().ok_or_else(Rc::default)
    }

    /// The instant by which an amount of time is over that started at another: see
    /// [`deadline`].
    pub fn due(&self, from: DateTime<FixedOffset>, amount: &Value, clock: Option<&Clock>, span: Span) -> Known {
        match clock {
            None => plain_deadline(from, amount).map(Value::DateTime).map_err(|fault| Why::fault(fault, span)),
            Some(clock) => {
                if matches!(amount, Value::BusinessDays(_)) {
                    self.note_part_day(clock);
                }
                let part_day = clock.part_day.as_ref().ok().copied();
                let counted = Timed::of(amount).ok_or(ClockFault::Fault(Fault::NoCalendar(amount.kind())));
                let end = counted.and_then(|amount| deadline(from, amount, &clock.calendar, part_day));
                end.map(Value::DateTime).map_err(|fault| clock.why(fault, span))
            }
        }
    }
}
