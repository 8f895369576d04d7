//! Results as text and data.

mod answer;

pub use answer::{answer_text, expected_text};
pub use crate::model::Words;
