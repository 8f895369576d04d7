//! Working time: calendars with working hours, holidays and a zone, and exact
//! arithmetic on hours and days counted in them.
//!
//! ```text
//! CalendarBuilder ──(zone)──> Calendar ──> two Timelines, the least work and the most
//!   windows, listed days,       questions        runs of weeks, with the work before each
//!   which days are judged
//! ```
//!
//! Answers are exact and cost the same for ten hours as for ten thousand. A
//! question whose answer turns on days that nobody has judged says which ones.
//! All is reckoned in whole numbers: date-times are made at the edge, for those
//! who ask with them, and columns of numbers need none. Hours are seconds here: what an amount of business hours is in seconds, and
//! what rule text calls things, belongs to the rooms above.

mod builder;
mod calendar;
mod csv_file;
mod days;
mod deadline;
mod error;
mod holidays;
mod ics;
mod moment;
mod rhythm;
mod rising;
#[cfg(test)]
mod tests;
mod timed;
mod timeline;
mod walk;
mod window;
mod zone;

pub use builder::{CalendarBuilder, Judged};
pub use calendar::Calendar;
pub use csv_file::holidays_from_csv;
pub use days::PartDay;
pub use deadline::{ClockFault, deadline, plain_deadline};
pub use error::{CalendarError, NoAnswer, Unjudged, UnknownZone};
pub use holidays::{Holidays, Listed, ListedDay, ReadError, WorkingHours};
pub use ics::holidays_from_ics;
pub use moment::{AsInstant, Instant};
pub use timed::Timed;
pub use walk::{Day, DayKind};
pub use window::Window;
pub use zone::Zone;
