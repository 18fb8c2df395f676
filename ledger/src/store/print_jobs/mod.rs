//! The durable print queue. A job is written with the sale it belongs to; what a printer may have put on
//! paper is never printed again by itself.

mod copies;
mod forget;
mod job;

use super::error::StoreError;
use super::journal::place::Place;
use super::journal::stream::place_of;
use super::tx::{Reader, Tx};
use crate::id::EventKey;
use crate::time::Timestamp;
use job::{asks_first, job};

pub use copies::{enqueue_copy, event_of, next_copy_no, original_of};
pub use forget::forget;
pub use job::{ATTEMPTS_MAX, JobId, JobKind, JobState, NewJob, PrintJob};

/// How many slips wait, and how many of them for a word first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub slips: u32,
    pub stale: u32,
}

/// What a start found in the middle of printing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Not one byte had left: they print by themselves.
    pub queued: u32,
    /// Somebody has to look at the paper.
    pub uncertain: u32,
}

/// Puts a job in the queue.
///
/// # Errors
/// [`StoreError::Duplicate`] when this original or copy exists, also if it ended long ago.
pub fn enqueue(tx: &Tx<'_>, job: &NewJob<'_>) -> Result<JobId, StoreError> {
    let place = match job.event {
        Some(key) => place_of(tx, key)?.ok_or(StoreError::NotEnrolled)?,
        None => next_loose(tx)?,
    };
    put(tx, JobId::new(place, job.kind, job.copy_no), job.name, job.doc, job.created_at)
}

fn put(tx: &Tx<'_>, id: JobId, name: &str, doc: &str, at: Timestamp) -> Result<JobId, StoreError> {
    if tx.first(include_str!("done_exists.sql"), [id.0], |_| Ok(()))?.is_some() {
        return Err(StoreError::Duplicate("the print job"));
    }
    let params = (id.0, name, doc, at.0);
    tx.execute(include_str!("enqueue.sql"), params).map_err(|error| match error {
        StoreError::Duplicate(_) => StoreError::Duplicate("the print job"),
        other => other,
    })?;
    Ok(id)
}

/// The oldest queued slip that should print by itself; drawers are no slips.
///
/// # Errors
/// The store's.
pub fn next(r: &Reader, fresh_from: Timestamp) -> Result<Option<PrintJob>, StoreError> {
    let prints = |job: &PrintJob| job.kind != JobKind::Drawer && !job.asks_first(fresh_from);
    Ok(queued(r)?.into_iter().find(prints))
}

/// Slips that wait for a word before they print, oldest first (see [`PrintJob::asks_first`]).
///
/// # Errors
/// The store's.
pub fn stale(r: &Reader, fresh_from: Timestamp) -> Result<Vec<PrintJob>, StoreError> {
    Ok(queued(r)?.into_iter().filter(|job| job.asks_first(fresh_from)).collect())
}

/// The word for all slips that wait for one: they print now. Answers how many.
///
/// # Errors
/// The store's.
pub fn release_stale(tx: &Tx<'_>, fresh_from: Timestamp, by: &str) -> Result<usize, StoreError> {
    let waiting = stale(tx, fresh_from)?;
    for job in &waiting {
        tx.execute(include_str!("release.sql"), (job.id.0, by))?;
    }
    Ok(waiting.len())
}

/// Notes who decided about a job that is still in the queue.
///
/// # Errors
/// The store's.
pub fn decided_by(tx: &Tx<'_>, id: JobId, by: &str) -> Result<(), StoreError> {
    tx.execute(include_str!("decide.sql"), (id.0, by))?;
    Ok(())
}

/// Everything that still needs a printer or a look, drawers included, oldest first.
///
/// # Errors
/// The store's.
pub fn open(r: &Reader) -> Result<Vec<PrintJob>, StoreError> {
    r.all(include_str!("open.sql"), [], job)
}

/// The newest jobs that ended, newest first.
///
/// # Errors
/// The store's.
pub fn latest(r: &Reader, limit: u32) -> Result<Vec<PrintJob>, StoreError> {
    r.all(include_str!("latest.sql"), [limit], job)
}

/// Everything queued, drawers included, oldest first.
///
/// # Errors
/// The store's.
pub fn queued(r: &Reader) -> Result<Vec<PrintJob>, StoreError> {
    r.all(include_str!("queued.sql"), [], job)
}

/// Slips that wait for paper; drawers are not counted. Cheap: asked after every command.
///
/// # Errors
/// The store's.
pub fn waiting(r: &Reader, fresh_from: Timestamp) -> Result<Waiting, StoreError> {
    let queued = r.all(include_str!("queued_heads.sql"), [], |row| {
        let (id, created_at): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((JobId(id).kind(), Timestamp(created_at), row.get(2)?, row.get(3)?))
    })?;
    let mut waiting = Waiting::default();
    for (kind, created_at, attempts, released) in queued {
        let Some(kind) = kind.filter(|kind| *kind != JobKind::Drawer) else { continue };
        waiting.slips += 1;
        waiting.stale += u32::from(asks_first(kind, created_at, (attempts, released), fresh_from));
    }
    Ok(waiting)
}

/// Slips somebody has to look at, oldest first.
///
/// # Errors
/// The store's.
pub fn uncertain(r: &Reader) -> Result<Vec<PrintJob>, StoreError> {
    r.all(include_str!("uncertain.sql"), [], job)
}

/// # Errors
/// The store's.
pub fn by_id(r: &Reader, id: JobId) -> Result<Option<PrintJob>, StoreError> {
    r.first(include_str!("job.sql"), [id.0], job)
}

/// The job of an event, e.g. the original of a receipt.
///
/// # Errors
/// The store's.
pub fn of_event(
    r: &Reader,
    event: EventKey,
    kind: JobKind,
    copy_no: u8,
) -> Result<Option<PrintJob>, StoreError> {
    match place_of(r, event)? {
        Some(place) => by_id(r, JobId::new(place, kind, copy_no)),
        None => Ok(None),
    }
}

/// The job goes to the printer with `total` bytes; commit this before the first byte leaves.
///
/// # Errors
/// The store's.
pub fn begin(tx: &Tx<'_>, id: JobId, sha: &[u8; 32], total: u64) -> Result<(), StoreError> {
    tx.execute(include_str!("begin.sql"), (id.0, sha, total.cast_signed()))?;
    Ok(())
}

/// At most `sent` bytes have left.
///
/// # Errors
/// The store's.
pub fn progress(tx: &Tx<'_>, id: JobId, sent: u64) -> Result<(), StoreError> {
    tx.execute(include_str!("progress.sql"), (id.0, sent.cast_signed()))?;
    Ok(())
}

/// The attempt is over, or somebody decided: final states leave the queue. `Queued` means that not one
/// byte left.
///
/// # Errors
/// The store's.
pub fn finish(
    tx: &Tx<'_>,
    id: JobId,
    state: JobState,
    err: Option<&str>,
    at: Timestamp,
) -> Result<(), StoreError> {
    if !state.is_final() {
        tx.execute(include_str!("again.sql"), (id.0, state.name(), err, at.0))?;
        return Ok(());
    }
    tx.execute(include_str!("end.sql"), (id.0, state.name(), err, at.0))?;
    tx.execute(include_str!("remove.sql"), [id.0])?;
    Ok(())
}

/// At start: what was being sent is uncertain if a byte may have left, else it waits again.
///
/// # Errors
/// The store's.
pub fn recover_at_start(tx: &Tx<'_>, at: Timestamp) -> Result<Recovered, StoreError> {
    let mut recovered = Recovered::default();
    for uncertain in tx.all(include_str!("recover.sql"), [at.0], |row| row.get::<_, bool>(0))? {
        if uncertain {
            recovered.uncertain += 1;
        } else {
            recovered.queued += 1;
        }
    }
    Ok(recovered)
}

/// Forgets jobs that ended before `before`; for idle moments.
///
/// # Errors
/// The store's.
pub fn prune(tx: &Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(include_str!("prune.sql"), [before.0])?;
    Ok(())
}

/// Jobs without an event are numbered in stream 0, which no event has.
fn next_loose(tx: &Tx<'_>) -> Result<Place, StoreError> {
    let first_of_events = JobId::new(Place::new(1, 0), JobKind::Receipt, 0);
    let last: Option<i64> =
        tx.first(include_str!("last_loose.sql"), [first_of_events.0], |row| row.get(0))?;
    Ok(Place::new(0, JobId(last.unwrap_or(0)).place().seq() + 1))
}
