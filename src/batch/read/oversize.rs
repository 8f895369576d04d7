//! A record that is too long to hold in memory: its first part is kept, and where it stands in its file.

use std::sync::Arc;

use memchr::memchr;

use super::ReadError;
use super::bytes::Window;
use super::delimited::{LONGEST_RECORD, PIECE};
use crate::batch::Reject;

/// How much of such a record is kept.
pub const KEPT: usize = 8 * 1024;

/// Passes over a line that starts the window. Gives what is told of it, and how many bytes it had.
pub fn pass(file: &Arc<str>, window: &mut Window, row: u64, line: u64, byte: u64) -> Result<(Reject, u64), ReadError> {
    let mut original = window.bytes.get(..KEPT).unwrap_or(&window.bytes).to_vec();
    // A character that is cut in two is left out, so that what is kept is text if the record is.
    if let Err(error) = std::str::from_utf8(&original) {
        if error.error_len().is_none() {
            original.truncate(error.valid_up_to());
        }
    }
    let mut length = 0;
    loop {
        match memchr(b'\n', &window.bytes) {
            Some(at) => {
                window.pass(at + 1);
                length += at as u64 + 1;
                break;
            }
            None => {
                length += window.bytes.len() as u64;
                window.bytes.clear();
                window.fill(PIECE)?;
                if window.bytes.is_empty() {
                    break;
                }
            }
        }
    }
    Ok((reject(file, (row, line, byte), length, original), length))
}

/// What is told of a record of so many bytes: where it starts (row, line, and byte from 0), and its first part.
pub fn reject(file: &Arc<str>, (row, line, byte): (u64, u64, u64), length: u64, original: Vec<u8>) -> Reject {
    let why = format!(
        "the record is {length} bytes long (bytes {} to {} of the file, unpacked); a record has at most {} MiB",
        byte + 1,
        byte + length,
        LONGEST_RECORD >> 20
    );
    let help = format!(
        "only its first {} bytes are kept here; take it out of the file by its place, and shorten it",
        original.len()
    );
    Reject { file: file.clone(), row, line: Some(line), column: None, value: None, why, help: Some(help), original }
}
