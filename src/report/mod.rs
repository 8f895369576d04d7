//! Results as text and data.

mod answer;
mod book;
mod calendar;
mod catalogue;
mod explain;
mod log;
mod marks;
mod outcome;
mod outcome_json;
mod outcome_text;
mod page;
mod schema;
pub mod snapshot;
mod target;
mod trial_json;
mod unjudged;
mod value;
mod ways;
mod words;

pub use answer::{answer_text, expected_text, why_text};
pub use book::{Bound, book};
pub use calendar::{
    CalendarReport, MOST_YEARS, calendar_json, calendar_named, calendar_report, calendar_text, span_of,
};
pub use catalogue::{Selection, all_services, catalogue_json, catalogue_text, services_of};
pub use explain::{Applies, Node, NodeKind, explain, explain_whole, explanation_json, explanation_text, step_text};
pub use log::{LogReport, block_text, log_faults_text, log_json, log_text};
pub use outcome::{EveryReading, Reported, Standing, every_reading, report};
pub use outcome_json::{VERSION, agreement_json, clause_ids_json, clauses_json, outcomes_json, place_json};
pub use outcome_text::{TextOptions, clause_says, outcomes_text};
pub use page::{Ink, Page, PageStyle};
pub use schema::facts_schema;
pub use target::{Target, all_targets, targets_named, targets_of};
pub use trial_json::trial_json;
pub use value::{labels_json, value_json, value_text};
pub use ways::{ways_json, ways_text};

pub use crate::model::Words;
