//! Results as text and data.

mod answer;
pub mod snapshot;
mod words;

pub use answer::{answer_text, expected_text};
pub use words::Words;
