//! Where all that a run writes comes together, in the order of the input: answers, rows set aside, counts, the journal.

use std::io::{self, Write};

use super::work::Worked;
use super::{Job, MOST_SHOWN, Ran, Stop, To};
use crate::batch::journal::{Journal, Refusal, State};
use crate::batch::partial::{Partial, PartialWriter};
use crate::batch::rejects::{Rejects, reasons_path};
use crate::batch::tally::Tally;
use crate::batch::write::{Continued, Sink, sink};
use crate::batch::{Dialect, Heading, Reject};

/// After so many pieces the output can be gone on with. What is packed begins a new part there, so that the bytes are the
/// same whether a run was cut off or not.
const PIECES_BETWEEN_STATES: u64 = 4;
/// After so many pieces all of it is known to be on the disk.
const PIECES_BETWEEN_SYNCS: u64 = 256;

/// All that a run writes.
pub struct Desk<'l> {
    pub tally: Tally,
    shown: Vec<Reject>,
    /// Rows that an earlier run had done.
    before: u64,
    pieces: u64,
    most_rejects: Option<u64>,
    sink: Box<dyn Sink + 'l>,
    output: Option<Partial>,
    rejects: Option<(Rejects<PartialWriter>, [Partial; 2])>,
    journal: Option<(String, Journal)>,
}

/// Starts a file beside those that were made already.
fn create(path: &str, made: &mut Vec<String>) -> Result<(Partial, PartialWriter), Stop> {
    let created = Partial::create(path).map_err(|error| stop(path.to_owned(), error));
    match &created {
        Ok(_) => made.push(path.to_owned()),
        // What the other run has made stays.
        Err(Stop::Busy(_)) => made.iter().for_each(|path| Partial::clear(path)),
        Err(_) => {}
    }
    created
}

fn stop(path: String, error: io::Error) -> Stop {
    if error.kind() == io::ErrorKind::WouldBlock { Stop::Busy(path) } else { Stop::File(path, error) }
}

impl<'l> Desk<'l> {
    /// Starts, or goes on where an earlier run was cut off; then it gives how many pieces were done.
    pub fn open(
        job: &Job<'l>,
        to: To,
        headings: &[Heading],
        dialect: Option<Dialect>,
    ) -> Result<(Desk<'l>, u64), Stop> {
        let (path, pipe) = match to {
            To::File(path) => (Some(path), None),
            To::Pipe(pipe) => (None, Some(pipe)),
        };
        let path = path.as_deref();
        let opened = Desk::open_at(job, path, pipe, headings, dialect);
        if let Err(Stop::File(..) | Stop::Write(_)) = opened {
            path.into_iter().for_each(Partial::clear);
            if let Some(rejects) = &job.rejects {
                Partial::clear(rejects);
                Partial::clear(&reasons_path(rejects));
            }
        }
        opened
    }

    fn open_at(
        job: &Job<'l>,
        path: Option<&str>,
        pipe: Option<Box<dyn Write + Send>>,
        headings: &[Heading],
        dialect: Option<Dialect>,
    ) -> Result<(Desk<'l>, u64), Stop> {
        let journal = path.zip(job.parts.clone()).map(|(path, parts)| (Journal::path_of(path), parts));
        if let (true, Some(path), Some((journal_path, parts))) = (job.resume, path, &journal) {
            match Journal::read(journal_path, parts) {
                Ok(journal) => {
                    let states: Vec<State> = journal.states().cloned().collect();
                    for state in states {
                        let resumed = Desk::resume(job, path, dialect, state, (journal_path.clone(), journal.clone()))?;
                        if let Some(desk) = resumed {
                            let pieces = desk.pieces;
                            return Ok((desk, pieces));
                        }
                    }
                    return Err(Stop::NotAsNoted);
                }
                // Nothing was cut off: the run starts.
                Err(Refusal::None) => {}
                Err(refusal) => return Err(Stop::NotResumed(refusal)),
            }
        }
        let mut made = Vec::new();
        let (output, to) = match path {
            Some(path) => {
                let (partial, writer) = create(path, &mut made)?;
                (Some(partial), Some(writer))
            }
            None => (None, None),
        };
        let rejects = match &job.rejects {
            None => None,
            Some(path) => {
                let (rows, to_rows) = create(path, &mut made)?;
                let (reasons, to_reasons) = create(&reasons_path(path), &mut made)?;
                let rejects = Rejects::start(to_rows, to_reasons, headings, dialect);
                let rejects = rejects.map_err(|error| Stop::File(path.clone(), error))?;
                Some((rejects, [rows, reasons]))
            }
        };
        let writer: Box<dyn Write + Send> = match (to, pipe) {
            (Some(writer), _) => Box::new(writer),
            (None, Some(pipe)) => pipe,
            (None, None) => Box::new(io::sink()),
        };
        let sink = sink(writer, job.layout, None)?;
        let journal = journal.map(|(path, parts)| (path, Journal::new(parts)));
        // An old journal is of a run that is given up with this one.
        if let Some((path, _)) = &journal {
            let _ = std::fs::remove_file(path);
        }
        let tally = Tally::none(job.plan.targets().len());
        let (shown, before, pieces, most_rejects) = (Vec::new(), 0, 0, job.most_rejects);
        Ok((Desk { tally, shown, before, pieces, most_rejects, sink, output, rejects, journal }, 0))
    }

    fn resume(
        job: &Job<'l>,
        path: &str,
        dialect: Option<Dialect>,
        state: State,
        journal: (String, Journal),
    ) -> Result<Option<Desk<'l>>, Stop> {
        let failed = |path: &str| {
            let path = path.to_owned();
            move |error| stop(path, error)
        };
        let Some((output, writer)) = Partial::resume(path, state.output).map_err(failed(path))? else {
            return Ok(None);
        };
        let rejects = match (&job.rejects, state.rejects) {
            (None, None) => None,
            (Some(path), Some((rows, reasons))) => {
                let rows = Partial::resume(path, rows).map_err(failed(path))?;
                let reasons = Partial::resume(&reasons_path(path), reasons).map_err(failed(path))?;
                let (Some((rows, to_rows)), Some((reasons, to_reasons))) = (rows, reasons) else { return Ok(None) };
                Some((Rejects::go_on(to_rows, to_reasons, dialect, state.tally.rejected), [rows, reasons]))
            }
            _ => return Ok(None),
        };
        let to: Box<dyn Write + Send> = Box::new(writer);
        let sink = sink(to, job.layout, Some(Continued { rows: state.tally.rows > 0 }))?;
        Ok(Some(Desk {
            before: state.tally.rows + state.tally.rejected,
            tally: state.tally,
            shown: Vec::new(),
            pieces: state.pieces,
            most_rejects: job.most_rejects,
            sink,
            output: Some(output),
            rejects,
            journal: Some(journal),
        }))
    }

    /// Writes what came of the next piece.
    pub fn take(&mut self, done: Worked) -> Result<(), Stop> {
        self.tally.merge(&done.tally);
        for reject in done.rejects {
            if let Some((rejects, [rows, _])) = &mut self.rejects {
                rejects.put(&reject, done.dialect).map_err(|error| Stop::File(rows.target().to_owned(), error))?;
            }
            if self.shown.len() < MOST_SHOWN {
                self.shown.push(reject);
            }
        }
        if self.most_rejects.is_some_and(|most| self.tally.rejected > most) {
            return Err(Stop::TooMany(std::mem::take(&mut self.shown)));
        }
        if let Some(part) = done.rendered? {
            self.sink.write(part)?;
        }
        self.pieces += 1;
        if self.journal.is_some() && self.pieces % PIECES_BETWEEN_STATES == 0 {
            self.note(self.pieces % PIECES_BETWEEN_SYNCS == 0)?;
        }
        Ok(())
    }

    /// Notes how far the run has come.
    fn note(&mut self, firm: bool) -> Result<(), Stop> {
        let (Some(output), Some((path, journal))) = (&self.output, &mut self.journal) else { return Ok(()) };
        self.sink.flush()?;
        let failed = |partial: &Partial| {
            let target = partial.target().to_owned();
            move |error| Stop::File(target, error)
        };
        let rejects = match &mut self.rejects {
            None => None,
            Some((rejects, [rows, reasons])) => {
                rejects.flush().map_err(failed(rows))?;
                if firm {
                    rows.sync().map_err(failed(rows))?;
                    reasons.sync().map_err(failed(reasons))?;
                }
                Some((rows.mark(), reasons.mark()))
            }
        };
        if firm {
            output.sync().map_err(failed(output))?;
        }
        let state = State { pieces: self.pieces, output: output.mark(), rejects, tally: self.tally.clone() };
        journal.note(path, state, firm).map_err(|error| Stop::File(path.clone(), error))
    }

    /// Writes what belongs at the end.
    pub fn end(&mut self) -> Result<(), Stop> {
        self.sink.finish()?;
        match &mut self.rejects {
            Some((rejects, [rows, _])) => rejects.flush().map_err(|error| Stop::File(rows.target().to_owned(), error)),
            None => Ok(()),
        }
    }

    /// Gives all files their names: the answers last, so that where they stand all is done.
    pub fn finish(self) -> Result<Ran, Stop> {
        if let Some((_, partials)) = self.rejects {
            let target = partials[0].target().to_owned();
            let named = partials.into_iter().try_for_each(Partial::finish);
            named.map_err(|error| Stop::File(target, error))?;
        }
        if let Some(output) = self.output {
            let target = output.target().to_owned();
            output.finish().map_err(|error| Stop::File(target, error))?;
        }
        if let Some((path, _)) = self.journal {
            let _ = std::fs::remove_file(path);
        }
        Ok(Ran { tally: self.tally, rejects: self.shown, before: self.before, closed: false })
    }

    /// The reader of the answers went away: there is no more to do.
    pub fn closed(self) -> Ran {
        let ran = Ran { tally: self.tally, rejects: self.shown, before: self.before, closed: true };
        if let Some((_, partials)) = self.rejects {
            partials.into_iter().for_each(Partial::abandon);
        }
        ran
    }

    /// Whether what was written can be gone on with.
    pub fn is_noted(&self) -> bool {
        self.journal.as_ref().is_some_and(|(_, journal)| journal.states().next().is_some())
    }

    /// Takes away all that was written.
    pub fn abandon(self) {
        let rejects = self.rejects.map(|(_, partials)| partials);
        rejects.into_iter().flatten().chain(self.output).for_each(Partial::abandon);
        if let Some((path, _)) = self.journal {
            let _ = std::fs::remove_file(path);
        }
    }
}
