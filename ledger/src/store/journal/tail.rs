//! Reading events: one, a range, what HQ does not have yet.

use rusqlite::Row;
use serde::Deserialize;

use super::place::Place;
use super::stream::{StreamState, epoch_bits, head, of_epoch, place_of, streams};
use crate::event::{Event, genesis};
use crate::id::{Epoch, EventKey, Hash};
use crate::store::accounts::pending;
use crate::store::error::StoreError;
use crate::store::tx::{Reader, Tx};
use crate::time::{BusinessDay, Timestamp};

/// An event as it lies in the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredEvent {
    pub seq: u64,
    pub hash: Hash,
    /// Wall clock at the append.
    pub at: Timestamp,
    /// The bytes that were hashed.
    pub line: String,
    /// Sealed to HQ; None for most events.
    pub sealed_pii: Option<Vec<u8>>,
}

impl std::fmt::Debug for StoredEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredEvent({} {})", self.seq, self.hash)
    }
}

impl StoredEvent {
    /// # Errors
    /// [`StoreError::Unreadable`] when the line is no event of this build.
    pub fn parse(&self) -> Result<Event, StoreError> {
        Event::parse(&self.line).map_err(|e| StoreError::unreadable("an event", e))
    }

    /// The business day that it is booked on, without reading the rest.
    fn day(&self) -> Result<BusinessDay, StoreError> {
        #[derive(Deserialize)]
        struct Probe {
            biz_date: BusinessDay,
        }
        let probe: Result<Probe, _> = serde_json::from_str(&self.line);
        probe.map(|probe| probe.biz_date).map_err(|e| StoreError::unreadable("an event", e))
    }
}

/// How much HQ still lacks, over all streams; the watermarks are those of the stream that sells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub unreceived: u64,
    pub oldest_unreceived_at: Option<Timestamp>,
    pub received_through: u64,
    pub decided_through: u64,
    pub stable_through: u64,
}

/// # Errors
/// The store's.
pub fn event(r: &Reader, key: EventKey) -> Result<Option<StoredEvent>, StoreError> {
    match place_of(r, key)? {
        Some(place) => at_place(r, place),
        None => Ok(None),
    }
}

/// The business day of an event.
///
/// # Errors
/// The store's, and [`StoreError::Unreadable`].
pub fn day_of(r: &Reader, key: EventKey) -> Result<Option<BusinessDay>, StoreError> {
    event(r, key)?.map(|stored| stored.day()).transpose()
}

/// The business day of the newest event of the stream that sells.
///
/// # Errors
/// The store's, and [`StoreError::Unreadable`].
pub fn newest_day(r: &Reader) -> Result<Option<BusinessDay>, StoreError> {
    let Some(state) = head(r)?.filter(|state| state.last_seq > 0) else { return Ok(None) };
    at_place(r, Place::new(state.no, state.last_seq))?.map(|stored| stored.day()).transpose()
}

/// The hash of an event, and for number 0 the genesis hash of its stream.
///
/// # Errors
/// The store's.
pub fn hash_at(r: &Reader, key: EventKey) -> Result<Option<Hash>, StoreError> {
    if let Some(stored) = event(r, key)? {
        return Ok(Some(stored.hash));
    }
    let Some(state) = of_key(r, key)? else { return Ok(None) };
    Ok(match state.anchor {
        Some((seq, hash)) if seq == key.seq => Some(hash),
        _ => (key.seq == 0).then(|| state.genesis()),
    })
}

/// As [`hash_at`], but nothing of what lies beyond the end of a closed stream: HQ has other events there.
///
/// # Errors
/// The store's.
pub fn shared_hash_at(r: &Reader, key: EventKey) -> Result<Option<Hash>, StoreError> {
    match of_key(r, key)? {
        Some(state) if key.seq <= state.last_seq => hash_at(r, key),
        _ => Ok(None),
    }
}

/// True for an event that this till wrote and that HQ knows under this very key.
///
/// # Errors
/// The store's.
pub fn is_own(r: &Reader, key: EventKey) -> Result<bool, StoreError> {
    let params = (epoch_bits(key.epoch), key.terminal.0, key.seq.cast_signed());
    Ok(r.first(include_str!("is_own.sql"), params, |row| row.get(0))?.unwrap_or(false))
}

fn of_key(r: &Reader, key: EventKey) -> Result<Option<StreamState>, StoreError> {
    Ok(of_epoch(r, key.epoch)?.filter(|state| state.stream.terminal == key.terminal))
}

/// Events of `epoch` after number `after`, at most `events_max` of them and `bytes_max` bytes of lines;
/// one event is always given, however long.
///
/// # Errors
/// The store's.
pub fn unsent(
    r: &Reader,
    epoch: Epoch,
    after: u64,
    events_max: usize,
    bytes_max: usize,
) -> Result<Vec<StoredEvent>, StoreError> {
    let Some(state) = of_epoch(r, epoch)? else { return Ok(Vec::new()) };
    let mut statement = r.prepare(include_str!("range.sql"))?;
    let bounds = (Place::new(state.no, after.saturating_add(1)).0, Place::new(state.no, state.last_seq).0);
    let mut rows = statement.query_map(bounds, stored)?;
    let (mut events, mut bytes) = (Vec::new(), 0usize);
    while events.len() < events_max
        && let Some(next) = rows.next().transpose()?
    {
        bytes = bytes.saturating_add(next.line.len());
        if !events.is_empty() && bytes > bytes_max {
            break;
        }
        events.push(next);
    }
    Ok(events)
}

/// # Errors
/// The store's.
pub fn counts(r: &Reader) -> Result<Counts, StoreError> {
    let streams = streams(r)?;
    let Some(newest) = streams.last() else { return Ok(Counts::default()) };
    let oldest = streams.iter().find(|s| s.received < s.last_seq);
    let oldest_unreceived_at = match oldest {
        Some(s) => at_place(r, Place::new(s.no, s.received + 1))?.map(|stored| stored.at),
        None => None,
    };
    Ok(Counts {
        unreceived: streams.iter().map(|s| s.last_seq - s.received).sum(),
        oldest_unreceived_at,
        received_through: newest.received,
        decided_through: newest.decided,
        stable_through: newest.stable,
    })
}

/// Calls `f` with every event `from_seq ..= to_seq` of the stream that sells, in order; what was recovered
/// comes as the event that it was.
///
/// # Errors
/// Whatever `f` says, and [`StoreError::Unreadable`].
pub fn replay(
    r: &Reader,
    from_seq: u64,
    to_seq: u64,
    mut f: impl FnMut(&Event) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let state = head(r)?.ok_or(StoreError::NotEnrolled)?;
    let mut statement = r.prepare(include_str!("range.sql"))?;
    let bounds = (Place::new(state.no, from_seq).0, Place::new(state.no, to_seq).0);
    for next in statement.query_map(bounds, stored)? {
        f(&next?.parse()?.unwrapped())?;
    }
    Ok(())
}

/// HQ lost what it had: its watermarks fall to what it says now, and every event above `decided` is
/// provisional again.
///
/// # Errors
/// The store's.
pub fn rewind(tx: &Tx<'_>, epoch: Epoch, received: u64, decided: u64, stable: u64) -> Result<(), StoreError> {
    let Some(state) = of_epoch(tx, epoch)?.filter(|_| !crate::planted!("rewind_forgotten")) else {
        return Ok(());
    };
    let [received, decided, stable] =
        [received, decided, stable].map(|n| n.min(state.last_seq).cast_signed());
    tx.execute(include_str!("rewind.sql"), (state.no, received, decided, stable))?;
    let from = Place::new(state.no, decided.cast_unsigned() + 1);
    let to = Place::new(state.no, state.last_seq);
    let undecided: Vec<StoredEvent> = tx.all(include_str!("range.sql"), (from.0, to.0), stored)?;
    for next in undecided {
        let (place, event) = (Place::new(state.no, next.seq), next.parse()?);
        pending::clear(tx, place, &event)?;
        pending::insert(tx, place, &event)?;
    }
    Ok(())
}

/// HQ's log is another one: what it decided may be decided otherwise now, so its verdicts above `stable` are
/// asked for again. What is provisional stays as it is.
///
/// # Errors
/// The store's.
pub fn doubt(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(include_str!("doubt.sql"), ())?;
    Ok(())
}

/// Walks the last `events_max` events of every stream: dense numbers, each chained to the one before it,
/// hashes as the bytes say.
///
/// # Errors
/// [`StoreError::Damaged`] with the first event that does not fit.
pub fn verify_chain(r: &Reader, events_max: u64) -> Result<(), StoreError> {
    streams(r)?.iter().try_for_each(|state| verify_stream(r, state, events_max))
}

fn verify_stream(r: &Reader, state: &StreamState, events_max: u64) -> Result<(), StoreError> {
    let from_seq = state.last_seq.saturating_sub(events_max.saturating_sub(1)).max(state.low_seq());
    let mut expected = hash_before(r, state, from_seq)?;
    let bounds = (Place::new(state.no, from_seq).0, Place::new(state.no + 1, 0).0 - 1);
    let events = r.all(include_str!("range.sql"), bounds, stored)?;
    for (next_seq, stored) in (from_seq..).zip(events) {
        let flaw = |what: &str| Err(StoreError::Damaged(format!("event {}: {what}", stored.seq)));
        if Hash::of(stored.line.as_bytes()) != stored.hash {
            return flaw("its hash is another");
        }
        let event = stored.parse()?;
        if stored.seq != next_seq || event.head.seq != next_seq {
            return flaw("the number before it is missing");
        }
        // Version 0.1.0 began a branched stream like any other.
        let old_form = next_seq == 1 && event.head.prev == genesis(state.stream);
        if event.head.prev != expected && !old_form {
            return flaw("it does not follow the one before it");
        }
        expected = stored.hash;
    }
    Ok(())
}

fn hash_before(r: &Reader, state: &StreamState, seq: u64) -> Result<Hash, StoreError> {
    match state.anchor {
        _ if seq <= 1 => Ok(state.genesis()),
        Some((anchor, hash)) if anchor == seq - 1 => Ok(hash),
        _ => at_place(r, Place::new(state.no, seq - 1))?
            .map(|stored| stored.hash)
            .ok_or_else(|| StoreError::Damaged(format!("event {} is missing", seq - 1))),
    }
}

pub(crate) fn at_place(r: &Reader, place: Place) -> Result<Option<StoredEvent>, StoreError> {
    r.first(include_str!("event.sql"), [place.0], stored)
}

pub(super) fn stored(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent {
        seq: Place(row.get(0)?).seq(),
        hash: Hash(row.get(1)?),
        at: Timestamp(row.get(2)?),
        line: row.get(3)?,
        sealed_pii: row.get(4)?,
    })
}
