//! What a worker does with a piece: understand it, evaluate it, render and count the answers.

use std::borrow::Cow;

use super::earlier::Compared;
use super::{Read, Work};
use crate::batch::tally::{Counter, Tally};
use crate::batch::understand::Reader;
use crate::batch::write::{Encoder, WriteError};
use crate::batch::{Dialect, Reject, Rendered};
use crate::columnar::Session;

/// A worker, with the memory that it uses again for each piece.
pub struct Worker<'w> {
    reader: Reader<'w>,
    session: Session<'w, 'w>,
    encoder: Encoder<'w>,
    counter: Counter<'w>,
    compared: Option<Compared<'w>>,
    group: Option<usize>,
}

/// What came of a piece.
pub struct Worked {
    /// The number of the piece.
    pub number: u64,
    /// `None` if all its rows were set aside.
    pub rendered: Result<Option<Rendered>, WriteError>,
    pub tally: Tally,
    pub rejects: Vec<Reject>,
    /// How the piece was written.
    pub dialect: Option<Dialect>,
    /// Bytes of the input that were read with it.
    pub bytes: u64,
}

impl<'w> Worker<'w> {
    pub fn new(job: &'w Work<'w>) -> Worker<'w> {
        let model = &job.plan.checked().model;
        Worker {
            reader: Reader::new(job.terms.clone()),
            session: job.plan.session(),
            encoder: Encoder::new(job.layout),
            counter: Counter::new(model, job.plan.targets()),
            compared: job.earlier.as_ref().map(|earlier| Compared::new(earlier, job.plan)),
            group: job.group,
        }
    }

    pub fn work(&mut self, read: &Read) -> Worked {
        let piece = &read.piece;
        // Rows that only the old edition cannot read are set aside as well: what changes for them is not known.
        let old_rejects = match &mut self.compared {
            Some(compared) => compared.rejects(piece, &mut self.reader),
            None => Vec::new(),
        };
        let leave_out: Vec<u64> = old_rejects.iter().map(|reject| reject.row).collect();
        let mut understood = self.reader.understand(piece, &leave_out);
        let mut rejects = std::mem::take(&mut understood.rejects);
        rejects.extend(old_rejects);
        rejects.sort_by_key(|reject| reject.row);
        let answers = self.session.evaluate(&understood.cases);
        let groups: Vec<Cow<str>> = match self.group {
            None => Vec::new(),
            Some(kept) => {
                (0..understood.rows.len()).map(|row| understood.text(kept, row).unwrap_or_default()).collect()
            }
        };
        let mut tally = self.counter.count(&answers, &groups);
        let mut rows: Vec<u64> = rejects.iter().map(|reject| reject.row).collect();
        rows.dedup();
        tally.rejected = rows.len() as u64;
        let rendered = match &mut self.compared {
            _ if understood.rows.is_empty() => Ok(None),
            None => self.encoder.encode(&understood, &answers, None).map(Some),
            Some(compared) => {
                let (earlier, plan) = compared.editions();
                let before = compared.evaluate(piece, &understood.cases, &rows);
                earlier.count(plan, &answers, &before, &groups, &mut tally);
                self.encoder.encode(&understood, &answers, Some(&before)).map(Some)
            }
        };
        Worked { number: piece.number, rendered, tally, rejects, dialect: read.dialect, bytes: read.bytes }
    }
}
