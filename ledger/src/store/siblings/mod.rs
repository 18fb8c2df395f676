//! What siblings told over the store's network: kept for them until HQ decided it, and folded as pending.

use super::error::StoreError;
use super::tx::{Reader, Tx};
use crate::event::{Event, Parent, SpendMode};
use crate::id::{Epoch, EventKey, Hash, Stream, TerminalId};
use crate::posting::Reason;
use crate::time::Timestamp;

/// How far a sibling's stream is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    pub stream: Stream,
    pub through: u64,
    /// Of event `through`.
    pub hash: Hash,
    /// HQ has it up to here, as far as is known.
    pub received: u64,
    /// Where it branched off, when it did and its beginning was told.
    pub parent: Option<Parent>,
}

/// One event of a sibling, as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct SiblingEvent {
    pub seq: u64,
    pub line: String,
    /// Sealed to HQ; unreadable here.
    pub sealed_pii: Option<Vec<u8>>,
    /// The author's word for the whole chain up to this event, where it gave one.
    pub chain_sig: Option<String>,
    pub heard_at: Timestamp,
}

/// # Errors
/// The store's.
pub fn heard(r: &Reader, stream: Stream) -> Result<Option<Heard>, StoreError> {
    r.first(include_str!("stream.sql"), place(stream), heard_row)
}

/// # Errors
/// The store's.
pub fn all_heard(r: &Reader) -> Result<Vec<Heard>, StoreError> {
    r.all(include_str!("streams.sql"), (), heard_row)
}

fn heard_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Heard> {
    let stream =
        Stream { terminal: TerminalId(row.get(0)?), epoch: Epoch(row.get::<_, i64>(1)?.cast_unsigned()) };
    let parent: Option<String> = row.get(5)?;
    Ok(Heard {
        stream,
        through: number(row, 2)?,
        hash: Hash(row.get(3)?),
        received: number(row, 4)?,
        parent: parent.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

/// Keeps an event whose author and chain were checked; what it moves is pending from now on. One whose entry
/// was folded here already is in the confirmed state: nothing is kept of it.
///
/// # Errors
/// The store's.
pub fn keep(tx: &Tx<'_>, stream: Stream, event: &SiblingEvent) -> Result<(), StoreError> {
    let (terminal, epoch) = place(stream);
    let seq = event.seq.cast_signed();
    let settled: Option<bool> =
        tx.first(include_str!("is_settled.sql"), (terminal, epoch, seq), |row| row.get(0))?;
    if settled == Some(true) {
        return Ok(());
    }
    let (pii, sig) = (event.sealed_pii.as_deref(), event.chain_sig.as_deref());
    tx.execute(include_str!("insert.sql"), (terminal, epoch, seq, &event.line, pii, sig, event.heard_at.0))?;
    // A line that only a newer program can read moves nothing here; HQ will say what it did.
    let Ok(parsed) = Event::parse(&event.line) else { return Ok(()) };
    for leg in parsed.head.legs.iter().filter(|_| !crate::planted!("sibling_unheeded")) {
        let spend = match (leg.reason, parsed.head.mode) {
            (Reason::Redeem, SpendMode::Online) => 1,
            (Reason::Redeem, _) => 2,
            _ => 0,
        };
        let (account, unit) = (leg.account.to_string(), leg.unit.to_string());
        let params = (terminal, epoch, seq, leg.n, account, unit, leg.delta, spend);
        tx.execute(include_str!("pending_insert.sql"), params)?;
    }
    Ok(())
}

/// The stream is known up to here.
///
/// # Errors
/// The store's.
pub fn advance(tx: &Tx<'_>, heard: &Heard) -> Result<(), StoreError> {
    let (terminal, epoch) = place(heard.stream);
    let (through, received) = (heard.through.cast_signed(), heard.received.cast_signed());
    let parent = heard.parent.map(|parent| serde_json::to_string(&parent));
    let parent = parent.transpose().map_err(|e| StoreError::unreadable("a parent", e))?;
    let params = (terminal, epoch, through, heard.hash.0, received, parent);
    tx.execute(include_str!("stream_put.sql"), params)?;
    Ok(())
}

/// HQ has the stream up to here.
///
/// # Errors
/// The store's.
pub fn received(tx: &Tx<'_>, stream: Stream, through: u64) -> Result<(), StoreError> {
    let (terminal, epoch) = place(stream);
    tx.execute(include_str!("received.sql"), (terminal, epoch, through.cast_signed()))?;
    Ok(())
}

/// HQ decided this event, whoever wrote it.
///
/// # Errors
/// The store's.
pub fn settle(tx: &Tx<'_>, key: EventKey) -> Result<(), StoreError> {
    let params = (key.terminal.0, key.epoch.0.cast_signed(), key.seq.cast_signed());
    tx.execute(include_str!("settle_pending.sql"), params)?;
    tx.execute(include_str!("settle_event.sql"), params)?;
    tx.execute(include_str!("folded_put.sql"), params)?;
    Ok(())
}

/// Another log begins: what HQ decided in the one before is void.
///
/// # Errors
/// The store's.
pub fn unsettle(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(include_str!("settled_clear.sql"), ())?;
    tx.execute(include_str!("folded_clear.sql"), ())?;
    Ok(())
}

/// Its author is no sibling any more: what it told is pending no longer, and kept until HQ has it.
///
/// # Errors
/// The store's.
pub fn unpend(tx: &Tx<'_>, stream: Stream) -> Result<(), StoreError> {
    tx.execute(include_str!("unpend.sql"), place(stream))?;
    Ok(())
}

/// HQ decided everything of the stream up to here.
///
/// # Errors
/// The store's.
pub fn settle_through(tx: &Tx<'_>, stream: Stream, through: u64) -> Result<(), StoreError> {
    let (terminal, epoch) = place(stream);
    let params = (terminal, epoch, through.cast_signed());
    tx.execute(include_str!("settle_pending_through.sql"), params)?;
    tx.execute(include_str!("settle_events_through.sql"), params)?;
    tx.execute(include_str!("settled_put.sql"), params)?;
    tx.execute(include_str!("folded_through.sql"), params)?;
    Ok(())
}

/// Events after `after` that HQ may lack, at most `events_max`.
///
/// # Errors
/// The store's.
pub fn unsent(
    r: &Reader,
    stream: Stream,
    after: u64,
    events_max: u32,
) -> Result<Vec<SiblingEvent>, StoreError> {
    let (terminal, epoch) = place(stream);
    r.all(include_str!("unsent.sql"), (terminal, epoch, after.cast_signed(), events_max), |row| {
        Ok(SiblingEvent {
            seq: number(row, 0)?,
            line: row.get(1)?,
            sealed_pii: row.get(2)?,
            chain_sig: row.get(3)?,
            heard_at: Timestamp(row.get(4)?),
        })
    })
}

fn place(stream: Stream) -> (u32, i64) {
    (stream.terminal.0, stream.epoch.0.cast_signed())
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}
