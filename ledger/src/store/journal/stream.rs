//! The histories of this terminal, and how far HQ has come with each.

use rusqlite::Row;

use super::place::Place;
use crate::event::{Parent, genesis, genesis_after};
use crate::id::{Epoch, EventKey, Hash, Stream, TerminalId};
use crate::store::error::StoreError;
use crate::store::tx::{Reader, Tx};

/// One stream with HQ's three watermarks; a number is 0 before the first event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamState {
    pub stream: Stream,
    pub parent: Option<Parent>,
    /// Where it ends; a closed stream may lie on beyond it, as what HQ does not share.
    pub last_seq: u64,
    /// Hash of event `last_seq`; the genesis hash before the first.
    pub head_hash: Hash,
    /// The last pruned event: its number and hash.
    pub anchor: Option<(u64, Hash)>,
    /// Nothing is added any more: another stream goes on from here.
    pub closed: bool,
    /// Durable at HQ up to here.
    pub received: u64,
    /// Final verdicts up to here.
    pub decided: u64,
    /// In a verified backup of HQ up to here.
    pub stable: u64,
    pub(crate) no: i64,
}

impl StreamState {
    /// The first event that is still here; one more than the last when nothing is.
    pub fn low_seq(&self) -> u64 {
        self.anchor.map_or(1, |(seq, _)| seq + 1)
    }

    /// `prev` of its first event.
    pub(crate) fn genesis(&self) -> Hash {
        self.parent.map_or_else(|| genesis(self.stream), |parent| genesis_after(self.stream, &parent))
    }
}

/// The stream that sells now; None before enrolment.
///
/// # Errors
/// The store's.
pub fn head(r: &Reader) -> Result<Option<StreamState>, StoreError> {
    r.first(include_str!("head.sql"), [], state)
}

/// All streams, oldest first.
///
/// # Errors
/// The store's.
pub fn streams(r: &Reader) -> Result<Vec<StreamState>, StoreError> {
    r.all(include_str!("streams.sql"), [], state)
}

/// Begins a stream: at enrolment, after a fork, or after a restored copy was found.
///
/// # Errors
/// [`StoreError::Duplicate`] when this terminal has the epoch already.
pub fn open(tx: &Tx<'_>, stream: Stream, parent: Option<Parent>) -> Result<(), StoreError> {
    let params = (
        stream.terminal.0,
        epoch_bits(stream.epoch),
        parent.map(|p| epoch_bits(p.epoch)),
        parent.map(|p| p.seq.cast_signed()),
        parent.map(|p| p.hash.0),
    );
    tx.execute(include_str!("open.sql"), params).map_err(|error| match error {
        StoreError::Duplicate(_) => StoreError::Duplicate("the epoch"),
        other => other,
    })?;
    Ok(())
}

/// Ends a stream at `last_seq`: another one goes on from there.
///
/// # Errors
/// The store's.
pub(crate) fn close(tx: &Tx<'_>, no: i64, last_seq: u64) -> Result<(), StoreError> {
    tx.execute(include_str!("close.sql"), (no, last_seq.cast_signed()))?;
    Ok(())
}

/// HQ's word on a stream. Watermarks only rise; numbers beyond the stream's end are cut off.
///
/// # Errors
/// The store's.
pub fn mark(tx: &Tx<'_>, epoch: Epoch, received: u64, decided: u64, stable: u64) -> Result<(), StoreError> {
    let Some(state) = of_epoch(tx, epoch)? else { return Ok(()) };
    let [received, decided, stable] =
        [received, decided, stable].map(|n| n.min(state.last_seq).cast_signed());
    tx.execute(include_str!("mark.sql"), (state.no, received, decided, stable))?;
    if crate::planted!("delete_on_ack") {
        let through =
            (Place::new(state.no, 0).0, Place::new(state.no, received.cast_unsigned().saturating_sub(1)).0);
        tx.execute("DELETE FROM event WHERE place BETWEEN ?1 AND ?2", through)?;
    }
    Ok(())
}

pub(crate) fn of_epoch(r: &Reader, epoch: Epoch) -> Result<Option<StreamState>, StoreError> {
    Ok(streams(r)?.into_iter().find(|state| state.stream.epoch == epoch))
}

/// The place of an event, if its stream is one of this till's. The event itself may not exist.
///
/// # Errors
/// The store's.
pub(crate) fn place_of(r: &Reader, key: EventKey) -> Result<Option<Place>, StoreError> {
    let params = (epoch_bits(key.epoch), key.terminal.0);
    r.first(include_str!("stream_no.sql"), params, |row| Ok(Place::new(row.get(0)?, key.seq)))
}

/// The key under which the world knows a place.
///
/// # Errors
/// The store's.
pub(crate) fn key_of(r: &Reader, place: Place) -> Result<EventKey, StoreError> {
    r.first(include_str!("stream_key.sql"), [place.stream_no()], |row| {
        Ok(EventKey { terminal: TerminalId(row.get(0)?), epoch: epoch_of(row.get(1)?), seq: place.seq() })
    })?
    .ok_or_else(|| StoreError::unreadable("an event's place", "its stream is missing"))
}

pub(crate) fn epoch_bits(epoch: Epoch) -> i64 {
    epoch.0.cast_signed()
}

fn epoch_of(bits: i64) -> Epoch {
    Epoch(bits.cast_unsigned())
}

fn state(row: &Row<'_>) -> rusqlite::Result<StreamState> {
    let count = |i| row.get::<_, i64>(i).map(i64::cast_unsigned);
    let parent = match row.get::<_, Option<i64>>(3)? {
        Some(epoch) => Some(Parent { epoch: epoch_of(epoch), seq: count(4)?, hash: Hash(row.get(5)?) }),
        None => None,
    };
    let anchor = match row.get::<_, Option<i64>>(12)? {
        Some(seq) => Some((seq.cast_unsigned(), Hash(row.get(13)?))),
        None => None,
    };
    let mut state = StreamState {
        no: row.get(0)?,
        stream: Stream { terminal: TerminalId(row.get(1)?), epoch: epoch_of(row.get(2)?) },
        parent,
        last_seq: count(6)?,
        head_hash: Hash::ZERO,
        anchor,
        closed: row.get::<_, Option<i64>>(11)?.is_some(),
        received: count(8)?,
        decided: count(9)?,
        stable: count(10)?,
    };
    state.head_hash = row.get::<_, Option<_>>(7)?.map_or_else(|| state.genesis(), Hash);
    Ok(state)
}
