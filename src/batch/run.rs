//! A run over all rows: one thread reads, several work, one writes in the order of the input.
//!
//! A piece that was read needs a ticket, which is given back when its answers are written. So no more than a few pieces
//! are in memory, however far the workers are apart.

mod desk;
mod earlier;
mod work;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::{Builder, Scope};

use crossbeam_channel::{Receiver, Sender, bounded};

pub use earlier::Earlier;

use self::desk::Desk;
use self::work::{Worked, Worker};
use super::journal::{Part, Refusal};
use super::read::{ReadError, Source};
use super::tally::Tally;
use super::understand::Terms;
use super::write::{Layout, WriteError};
use super::{Dialect, Piece, Reject};
use crate::columnar::Plan;

/// Deep rules are walked recursively; the limits of the parser keep that within this stack.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// Pieces in memory for each worker.
const TICKETS: usize = 3;
/// Rows set aside that are kept to be shown.
pub const MOST_SHOWN: usize = 10;

/// What a run does.
pub struct Job<'a> {
    pub plan: &'a Plan<'a>,
    pub layout: &'a Layout<'a>,
    pub terms: Terms<'a>,
    /// The old edition, to compare with.
    pub earlier: Option<Earlier<'a>>,
    /// The column by whose texts rows are grouped, by its place among those kept.
    pub group: Option<usize>,
    /// How many workers there are.
    pub jobs: usize,
    /// The run stops when more rows are set aside.
    pub most_rejects: Option<u64>,
    /// The file for rows that are set aside.
    pub rejects: Option<String>,
    /// What the run is made of, to be gone on with if it is cut off; `None` where the output cannot be gone on with.
    pub parts: Option<Vec<Part>>,
    /// Whether to go on with a run that was cut off.
    pub resume: bool,
}

/// Where answers go.
pub enum To {
    /// A file: written beside, and renamed at the end.
    File(String),
    Pipe(Box<dyn Write + Send>),
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub rows: u64,
    pub rejected: u64,
    /// Bytes of the input that were read.
    pub bytes: u64,
}

/// A run that came to its end.
#[derive(Clone, Debug)]
pub struct Ran {
    pub tally: Tally,
    /// The first rows that were set aside, in this run.
    pub rejects: Vec<Reject>,
    /// Rows that an earlier run had done.
    pub before: u64,
    /// The reader of a pipe went away.
    pub closed: bool,
}

/// Why a run did not come to its end. Nothing is left of what it wrote, unless it says so.
#[derive(Debug)]
pub enum Stop {
    Read(ReadError),
    Write(WriteError),
    /// A file cannot be written: which, and why.
    File(String, io::Error),
    /// Another run is writing a file.
    Busy(String),
    /// More rows were set aside than may be; the first of them.
    TooMany(Vec<Reject>),
    /// It cannot be gone on with.
    NotResumed(Refusal),
    /// What was done until then is kept, and can be gone on with.
    Kept(Box<Stop>),
    /// What is left of the run is not what its journal says.
    NotAsNoted,
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Stop {
        Stop::Write(error)
    }
}

/// A piece that was read.
struct Read {
    piece: Piece,
    dialect: Option<Dialect>,
    /// Bytes of the input that were read by then.
    bytes: u64,
}

/// What comes to the writing thread.
enum Message {
    Worked(Box<Worked>),
    /// The input came to its end after so many pieces, or to a place where it cannot be read on.
    Ended(u64, Option<ReadError>),
    /// A worker met a bug of ours.
    Panicked,
}

/// Evaluates all rows of a source. `tell` is told how far it is, again and again.
///
/// # Errors
/// What stopped it.
pub fn run(mut source: Box<dyn Source>, job: Job, to: To, tell: &mut dyn FnMut(Progress)) -> Result<Ran, Stop> {
    let jobs = job.jobs.max(1);
    let (mut desk, skip) = Desk::open(&job, to, source.headings(), source.dialect())?;
    if skip > 0 {
        source.skip(skip).map_err(|error| Stop::Kept(Box::new(Stop::Read(error))))?;
    }
    tell(Progress { rows: desk.tally.rows, rejected: desk.tally.rejected, bytes: source.bytes_read() });
    let job = &Work { plan: job.plan, layout: job.layout, terms: job.terms, earlier: job.earlier, group: job.group };
    let ended = std::thread::scope(|scope| {
        let (pieces, to_work) = bounded::<Read>(jobs);
        let (worked, to_write) = bounded::<Message>(jobs * TICKETS + 2);
        let (give_back, tickets) = bounded::<()>(jobs * TICKETS);
        for _ in 0..jobs * TICKETS {
            // There is room for all of them.
            let _ = give_back.try_send(());
        }
        let done = worked.clone();
        start(scope, move || read(source, skip, &tickets, &pieces, &done))?;
        for _ in 0..jobs {
            let (to_work, worked) = (to_work.clone(), worked.clone());
            start(scope, move || work(job, &to_work, &worked))?;
        }
        drop((to_work, worked));
        write(&mut desk, skip, &to_write, &give_back, tell)
    });
    match ended.and_then(|()| desk.end()) {
        Ok(()) => desk.finish(),
        Err(Stop::Write(error)) if error.closed => Ok(desk.closed()),
        // What was done can be gone on with when the disk is there again, or has room.
        Err(Stop::Read(error)) if desk.is_noted() => Err(Stop::Kept(Box::new(Stop::Read(error)))),
        Err(stop @ (Stop::Write(_) | Stop::File(..))) if desk.is_noted() => Err(Stop::Kept(Box::new(stop))),
        Err(stop) => {
            desk.abandon();
            Err(stop)
        }
    }
}

/// What the workers share.
struct Work<'a> {
    plan: &'a Plan<'a>,
    layout: &'a Layout<'a>,
    terms: Terms<'a>,
    earlier: Option<Earlier<'a>>,
    group: Option<usize>,
}

fn start<'s>(scope: &'s Scope<'s, '_>, task: impl FnOnce() + Send + 's) -> Result<(), Stop> {
    match Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, task) {
        Ok(_) => Ok(()),
        Err(error) => Err(Stop::Write(WriteError::from(error))),
    }
}

/// Reads to the end. That a channel is closed means that the run has stopped.
fn read(mut source: Box<dyn Source>, skip: u64, tickets: &Receiver<()>, pieces: &Sender<Read>, done: &Sender<Message>) {
    let mut count = skip;
    while tickets.recv().is_ok() {
        match source.next() {
            Ok(Some(piece)) => {
                count += 1;
                let read = Read { piece, dialect: source.dialect(), bytes: source.bytes_read() };
                if pieces.send(read).is_err() {
                    return;
                }
            }
            Ok(None) => {
                let _ = done.send(Message::Ended(count, None));
                return;
            }
            Err(error) => {
                let _ = done.send(Message::Ended(count, Some(error)));
                return;
            }
        }
    }
}

fn work(job: &Work, pieces: &Receiver<Read>, worked: &Sender<Message>) {
    let all = || {
        let mut worker = Worker::new(job);
        while let Ok(read) = pieces.recv() {
            let done = worker.work(&read);
            if worked.send(Message::Worked(Box::new(done))).is_err() {
                return;
            }
        }
    };
    // The others would wait for the piece for ever.
    if let Err(panic) = catch_unwind(AssertUnwindSafe(all)) {
        let _ = worked.send(Message::Panicked);
        resume_unwind(panic);
    }
}

/// Writes what was worked out, in the order of the pieces.
fn write(
    desk: &mut Desk,
    skip: u64,
    worked: &Receiver<Message>,
    give_back: &Sender<()>,
    tell: &mut dyn FnMut(Progress),
) -> Result<(), Stop> {
    let mut early: BTreeMap<u64, Box<Worked>> = BTreeMap::new();
    let mut next = skip;
    let mut end: Option<(u64, Option<ReadError>)> = None;
    loop {
        if let Some((count, error)) = end.take_if(|(count, _)| *count <= next) {
            debug_assert_eq!(count, next);
            return error.map_or(Ok(()), |error| Err(Stop::Read(error)));
        }
        match worked.recv() {
            Ok(Message::Worked(done)) => drop(early.insert(done.number, done)),
            Ok(Message::Ended(count, error)) => end = Some((count, error)),
            // The panic goes on when its thread is joined.
            Ok(Message::Panicked) | Err(_) => return Ok(()),
        }
        while let Some(done) = early.remove(&next) {
            let bytes = done.bytes;
            desk.take(*done)?;
            next += 1;
            tell(Progress { rows: desk.tally.rows, rejected: desk.tally.rejected, bytes });
            // The reader may have come to its end.
            let _ = give_back.try_send(());
        }
    }
}
