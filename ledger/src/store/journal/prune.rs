//! Pruning: what every backup of HQ holds and nobody here asks for any more leaves the journal.

use super::place::Place;
use super::stream::{StreamState, streams};
use super::tail::at_place;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::time::Timestamp;

/// At most so many events of a stream in one transaction: a checkout waits no longer than that.
const EVENTS_MAX: u64 = 2_000;

/// Removes events that are stable, older than `before`, whole at HQ and part of no open shift or day.
/// The hash of the last one stays as the anchor that the rest proves itself by. Returns how many went;
/// as long as some went, more may be left.
///
/// # Errors
/// The store's.
pub fn prune(tx: &Tx<'_>, before: Timestamp) -> Result<u64, StoreError> {
    streams(tx)?.iter().try_fold(0, |gone, state| Ok(gone + prune_stream(tx, state, before)?))
}

fn prune_stream(tx: &Tx<'_>, state: &StreamState, before: Timestamp) -> Result<u64, StoreError> {
    let from_seq = state.low_seq();
    // The last event stays: it says where the stream ends.
    let stable = if crate::planted!("forgets_unproved") { state.received } else { state.stable };
    let last = stable.min(state.decided).min(state.last_seq.saturating_sub(1));
    let last = last.min(from_seq + EVENTS_MAX - 1);
    if last < from_seq {
        return Ok(0);
    }
    let from = Place::new(state.no, from_seq);
    let bounds = (from.0, Place::new(state.no, last).0, before.0);
    let stays: Option<i64> = tx.first(include_str!("prunable.sql"), bounds, |row| row.get(0))?;
    let through = stays.map_or(last, |place| Place(place).seq() - 1);
    let end = Place::new(state.no, through);
    let Some(anchor) = at_place(tx, end)?.filter(|_| through >= from_seq) else { return Ok(0) };
    tx.execute(include_str!("anchor_put.sql"), (state.no, through.cast_signed(), anchor.hash.0))?;
    Ok(tx.execute(include_str!("prune.sql"), (from.0, end.0))? as u64)
}
