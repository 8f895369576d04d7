//! Results as text and data.

mod answer;
mod words;

pub use answer::{answer_text, expected_text};
pub use words::Words;
