//! Holidays from an iCalendar file (RFC 5545), as far as files of holidays need it.

use chrono::{Days, NaiveDate};

use super::holidays::{Holidays, Listed, ListedDay, ReadError, WorkingHours, excerpt};

/// The holidays of an iCalendar file: every `VEVENT` that lasts whole days.
///
/// `DTSTART` and `DTEND` (the day after the last) or `DURATION` say when,
/// `SUMMARY` what it is called. An event of the category `working-day` is a
/// make-up working day with the [usual](WorkingHours::Usual) hours. Apple's
/// files for China mark days off and working days among festivals that are
/// neither (`X-APPLE-SPECIAL-DAY:WORK-HOLIDAY` and `ALTERNATE-WORKDAY`); of a
/// file with such marks, the marked events count. Cancelled events are left out.
/// Events that repeat by rule are refused, for it would be guessed which years
/// the file means to cover.
///
/// # Errors
/// A [`ReadError`] at the first line that cannot be used.
pub fn holidays_from_ics(text: &str) -> Result<Holidays, ReadError> {
    let mut events = Vec::new();
    // The components that are open, outermost first.
    let mut open: Vec<String> = Vec::new();
    let mut event: Option<Event> = None;
    let mut begun = false;
    for line in unfolded(text) {
        if line.text.trim().is_empty() {
            continue;
        }
        let property = Property::of(&line)?;
        begun |= property.is("BEGIN", "VCALENDAR");
        if !begun {
            return Err(no_calendar());
        }
        match property.name.as_str() {
            "BEGIN" => {
                if open.len() >= DEEPEST {
                    let message = "the components of the file are nested too deeply";
                    return Err(ReadError::new(line.number, message, BROKEN));
                }
                if property.is("BEGIN", "VEVENT") {
                    event = Some(Event::at(line.number, open.len()));
                }
                open.push(property.value.to_ascii_uppercase());
            }
            "END" => {
                if open.pop().as_deref() != Some(property.value.to_ascii_uppercase().as_str()) {
                    let message = format!("`END:{}` ends nothing that has begun", excerpt(&property.value));
                    return Err(ReadError::new(line.number, message, BROKEN));
                }
                events.extend(event.take_if(|event| event.depth == open.len()));
            }
            _ => {
                // What belongs to an alarm within the event is not the event's.
                if let Some(event) = event.as_mut().filter(|event| event.depth + 1 == open.len()) {
                    event.read(&property, line.number)?;
                }
            }
        }
    }
    match open.last() {
        _ if !begun => Err(no_calendar()),
        Some(component) => {
            let message = format!("the file ends within `{}`", excerpt(component));
            Err(ReadError::new(last_line(text), message, BROKEN))
        }
        None => {
            let marks = events.iter().any(|event: &Event| event.marked);
            let listed = events.into_iter().filter(|event| !event.cancelled && (event.marked || !marks));
            Ok(Holidays { listed: listed.map(Event::listed).collect::<Result<_, _>>()? })
        }
    }
}

/// Components within components; events with alarms need three.
const DEEPEST: usize = 16;

const BROKEN: &str = "the file is cut off or damaged; export it again";
const ALL_DAY: &str = "write whole days, as DTSTART;VALUE=DATE:20241001";
const ONE_BY_ONE: &str = "list every occurrence as an event of its own, so that the years covered are plain";

/// A line of the file with those that continue it.
struct Line {
    number: u64,
    text: String,
}

/// The lines, each with its continuations: a line that starts with a space or a
/// tab goes on where the line before it ended.
fn unfolded(text: &str) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines: Vec<Line> = Vec::new();
    for (number, text) in (1..).zip(text.lines()) {
        match (text.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(line)) => line.text.push_str(more),
            _ => lines.push(Line { number, text: text.to_owned() }),
        }
    }
    lines
}

fn last_line(text: &str) -> u64 {
    u64::try_from(text.lines().count()).unwrap_or(u64::MAX).max(1)
}

fn no_calendar() -> ReadError {
    ReadError::new(1, "the file is no iCalendar file: it does not start with `BEGIN:VCALENDAR`", BROKEN)
}

/// `NAME;PARAMETER=VALUE:VALUE`; parameters do not matter here, since a whole day
/// shows in its own form.
struct Property {
    name: String,
    value: String,
}

impl Property {
    fn of(line: &Line) -> Result<Property, ReadError> {
        let mut quoted = false;
        let colon = line.text.char_indices().find(|(_, character)| {
            quoted ^= *character == '"';
            *character == ':' && !quoted
        });
        let parts = colon.and_then(|(at, _)| Some((line.text.get(..at)?, line.text.get(at + 1..)?)));
        let Some((name, value)) = parts else {
            let message = format!("`{}` is no line of an iCalendar file", excerpt(&line.text));
            return Err(ReadError::new(line.number, message, BROKEN));
        };
        let name = name.split(';').next().unwrap_or_default();
        Ok(Property { name: name.trim().to_ascii_uppercase(), value: value.trim().to_owned() })
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.name == name && self.value.eq_ignore_ascii_case(value)
    }

    /// `20241001`
    fn date(&self, line: u64) -> Result<NaiveDate, ReadError> {
        let value = self.value.as_str();
        if value.contains('T') {
            let message = format!("`{}` is a time of day, and a holiday lasts whole days", excerpt(value));
            return Err(ReadError::new(line, message, ALL_DAY));
        }
        let digits = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
        let part = |range| value.get(range).filter(|_| digits).and_then(|part: &str| part.parse::<u32>().ok());
        let date = || {
            let year = i32::try_from(part(0..4)?).ok().filter(|year| *year > 0)?;
            NaiveDate::from_ymd_opt(year, part(4..6)?, part(6..8)?)
        };
        date().ok_or_else(|| ReadError::new(line, format!("`{}` is no date", excerpt(value)), ALL_DAY))
    }

    /// `P2D`, `P1W`
    fn days(&self, line: u64) -> Result<u64, ReadError> {
        let days = self.value.strip_prefix('P').and_then(|amount| {
            let (amount, each) = match (amount.strip_suffix('D'), amount.strip_suffix('W')) {
                (Some(days), _) => (days, 1),
                (_, Some(weeks)) => (weeks, 7),
                _ => return None,
            };
            Some(u64::from(amount.parse::<u16>().ok()?) * each)
        });
        days.filter(|days| *days > 0).ok_or_else(|| {
            let message = format!("`{}` is no number of whole days", excerpt(&self.value));
            ReadError::new(line, message, "write whole days, as DURATION:P1D")
        })
    }
}

/// A `VEVENT` as far as it has been read.
struct Event {
    line: u64,
    /// Components that are open around it.
    depth: usize,
    start: Option<NaiveDate>,
    end: Option<(u64, NaiveDate)>,
    days: Option<u64>,
    name: Option<String>,
    working: bool,
    /// Set apart from festivals that are no days off.
    marked: bool,
    cancelled: bool,
    /// The line with the rule that it repeats by.
    repeats: Option<u64>,
}

impl Event {
    fn at(line: u64, depth: usize) -> Event {
        Event {
            line,
            depth,
            start: None,
            end: None,
            days: None,
            name: None,
            working: false,
            marked: false,
            cancelled: false,
            repeats: None,
        }
    }

    fn read(&mut self, property: &Property, line: u64) -> Result<(), ReadError> {
        match property.name.as_str() {
            "DTSTART" => self.start = Some(property.date(line)?),
            "DTEND" => self.end = Some((line, property.date(line)?)),
            "DURATION" => self.days = Some(property.days(line)?),
            "SUMMARY" => self.name = Some(unescaped(&property.value)).filter(|name| !name.is_empty()),
            "CATEGORIES" => {
                self.working |= property.value.split(',').any(|word| word.trim().eq_ignore_ascii_case("working-day"));
            }
            "X-APPLE-SPECIAL-DAY" => {
                let works = property.is(&property.name, "ALTERNATE-WORKDAY");
                self.working |= works;
                self.marked |= works || property.is(&property.name, "WORK-HOLIDAY");
            }
            "STATUS" => self.cancelled = property.value.eq_ignore_ascii_case("CANCELLED"),
            "RRULE" | "RDATE" => self.repeats = Some(line),
            _ => {}
        }
        Ok(())
    }

    /// The days it lists.
    fn listed(self) -> Result<Listed, ReadError> {
        if let Some(line) = self.repeats {
            let message = "the event repeats by rule, and so does not say which years are covered";
            return Err(ReadError::new(line, message, ONE_BY_ONE));
        }
        let first = self.start.ok_or_else(|| ReadError::new(self.line, "the event has no `DTSTART`", ALL_DAY))?;
        let last = match (self.end, self.days) {
            (Some((line, end)), _) => end.pred_opt().filter(|last| *last >= first).ok_or_else(|| {
                let help = "DTEND is the day after the last; leave it out for a single day";
                ReadError::new(line, "the event ends before its first day is over", help)
            })?,
            (None, days) => first.checked_add_days(Days::new(days.unwrap_or(1) - 1)).unwrap_or(first),
        };
        let day = if self.working { ListedDay::Working(WorkingHours::Usual) } else { ListedDay::Holiday };
        Ok(Listed { first, last, day, name: self.name })
    }
}

/// A text value without its backslashes; line breaks are spaces.
fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('n' | 'N') | None => ' ',
                Some(other) => other,
            },
            other => other,
        });
    }
    text.trim().to_owned()
}
