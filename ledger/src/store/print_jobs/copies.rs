//! Copies of a slip: numbered per original, always made of what the original said.

use super::{JobId, JobKind, PrintJob, by_id, put};
use crate::id::EventKey;
use crate::store::error::StoreError;
use crate::store::journal::place::Place;
use crate::store::journal::stream::{key_of, place_of};
use crate::store::tx::{Reader, Tx};
use crate::time::Timestamp;

/// What an original can be.
const ORIGINALS: [JobKind; 3] = [JobKind::Receipt, JobKind::Report, JobKind::Test];

/// The event a job belongs to; None for test pages and loose reports.
///
/// # Errors
/// The store's.
pub fn event_of(r: &Reader, id: JobId) -> Result<Option<EventKey>, StoreError> {
    let place = id.place();
    if place.stream_no() == 0 { Ok(None) } else { key_of(r, place).map(Some) }
}

/// The number of the next reprint of a receipt, from 1; None after 255 of them.
///
/// # Errors
/// The store's.
pub fn next_copy_no(r: &Reader, event: EventKey) -> Result<Option<u8>, StoreError> {
    match place_of(r, event)? {
        Some(place) => next_at(r, place),
        None => Ok(Some(1)),
    }
}

fn next_at(r: &Reader, place: Place) -> Result<Option<u8>, StoreError> {
    let (low, high) = (JobId::new(place, JobKind::Copy, 0), JobId::new(place, JobKind::Copy, u8::MAX));
    let last: Option<i64> = r.first(include_str!("last_copy.sql"), (low.0, high.0), |row| row.get(0))?;
    match last.filter(|id| *id > 0) {
        Some(id) => Ok(JobId(id).copy_no().checked_add(1)),
        None => Ok(Some(1)),
    }
}

/// The original that a copy repeats; an original is its own.
///
/// # Errors
/// The store's.
pub fn original_of(r: &Reader, id: JobId) -> Result<Option<PrintJob>, StoreError> {
    for kind in ORIGINALS {
        if let Some(job) = by_id(r, JobId::new(id.place(), kind, 0))? {
            return Ok(Some(job));
        }
    }
    Ok(None)
}

/// Puts the next copy of `original` in the queue. `made` gets the copy's number, from 1, and answers its
/// name and document. None after 255 copies.
///
/// # Errors
/// The store's, or what `made` says.
pub fn enqueue_copy<E: From<StoreError>>(
    tx: &Tx<'_>,
    original: JobId,
    at: Timestamp,
    made: impl FnOnce(u8) -> Result<(String, String), E>,
) -> Result<Option<JobId>, E> {
    let Some(copy_no) = next_at(tx, original.place())? else { return Ok(None) };
    let (name, doc) = made(copy_no)?;
    let id = JobId::new(original.place(), JobKind::Copy, copy_no);
    put(tx, id, &name, &doc, at).map(Some).map_err(E::from)
}
