//! A till from nothing: rows are loaded beside those in use and take their place at once, together with
//! the cursors. A load that breaks off changed nothing.

use std::collections::HashSet;

use ledger::id::{EventKey, Stream, TerminalId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::store::journal::{self, StreamState};
use ledger::store::snapshot::{Alias, CHUNK_ROWS, Image, Load, LoadRow, Stored};
use ledger::store::{Ledger, StoreError, Tx, accounts, members, siblings};
use ledger::time::Timestamp;

use crate::protocol::snapshot::{Counted, SnapshotHead, SnapshotRow};

use super::{contact, cursors, existence, interest, outcomes, parked};

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Lines are missing or do not fit: ask for the snapshot again.
    #[error("the snapshot is not whole")]
    Incomplete,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a snapshot line by line, in pieces of any size.
pub struct Loader {
    ledger: Ledger,
    begun: Option<(SnapshotHead, Load)>,
    chunk: Vec<LoadRow>,
    /// Merged members and whom they became.
    aliases: Vec<Alias>,
    /// Stored value of the members who have any, and what of it this store is lent.
    stored: Vec<Stored>,
    rows: u64,
    existence: existence::Parts,
    ended: bool,
}

impl Loader {
    pub fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            begun: None,
            chunk: Vec::new(),
            aliases: Vec::new(),
            stored: Vec::new(),
            rows: 0,
            existence: existence::Parts::default(),
            ended: false,
        }
    }

    /// # Errors
    /// [`LoadError::Incomplete`] for a line that has no place in a snapshot, and the store's.
    pub fn take(&mut self, lines: &[String]) -> Result<(), LoadError> {
        for line in lines {
            match &self.begun {
                None => self.begin(line)?,
                Some(_) => self.row(line)?,
            }
        }
        Ok(())
    }

    /// Takes a segment of a pack, unpacked; the head's line comes before, the last line after all of them.
    ///
    /// # Errors
    /// [`LoadError::Incomplete`] for what is no image or comes before the head, and the store's.
    pub fn image(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        let Some((_, load)) = &mut self.begun else { return Err(LoadError::Incomplete) };
        let taken = Image::open(bytes).and_then(|image| {
            let moved = load.image(&image)?;
            Ok((moved, image.aliases()?, image.stored()?))
        });
        let (moved, aliases, stored) = match taken {
            Err(StoreError::Unreadable { .. }) => return Err(LoadError::Incomplete),
            other => other?,
        };
        self.rows += moved + (aliases.len() + stored.len()) as u64;
        self.aliases.extend(aliases);
        self.stored.extend(stored);
        Ok(())
    }

    /// Takes a part of the existence filter, unpacked; in order, between the head's line and the last one.
    ///
    /// # Errors
    /// [`LoadError::Incomplete`] for what is no part or not the next one, and the store's.
    pub fn existence(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        let Some((_, load)) = &mut self.begun else { return Err(LoadError::Incomplete) };
        if self.existence.take(load, bytes)? { Ok(()) } else { Err(LoadError::Incomplete) }
    }

    /// Puts everything in place, if the last line said that this was all.
    ///
    /// # Errors
    /// [`LoadError::Incomplete`] when it did not; nothing that is in use was changed then.
    pub fn finish(mut self) -> Result<SnapshotHead, LoadError> {
        if !self.ended || !self.existence.are_whole() {
            return Err(LoadError::Incomplete);
        }
        self.flush()?;
        let (head, load) = self.begun.take().ok_or(LoadError::Incomplete)?;
        load.finish(|tx| {
            self.aliases.iter().try_for_each(|(from, to)| members::alias(tx, *from, *to))?;
            self.stored.iter().try_for_each(|row| keep_stored(tx, head.hq_time, *row))?;
            settle(tx, &head)
        })?;
        Ok(head)
    }

    fn begin(&mut self, line: &str) -> Result<(), LoadError> {
        let head: SnapshotHead = serde_json::from_str(line).map_err(|_| LoadError::Incomplete)?;
        let load = Load::begin(&self.ledger, head.hq_time)?;
        self.begun = Some((head, load));
        Ok(())
    }

    fn row(&mut self, line: &str) -> Result<(), LoadError> {
        if self.ended {
            return Err(LoadError::Incomplete);
        }
        match serde_json::from_str(line).map_err(|_| LoadError::Incomplete)? {
            SnapshotRow::M { member: row, points, quota } => self.chunk.push(LoadRow::Member {
                member: row.into(),
                points: Points(points),
                quota: Points(quota),
            }),
            SnapshotRow::A { from, to } => self.aliases.push((from, to)),
            SnapshotRow::C { coupon: row } => self.chunk.push(LoadRow::Coupon(row.into())),
            SnapshotRow::S { member, fen, quota_fen, until } => {
                self.stored.push((member, fen, Quota { fen: Fen(quota_fen), until, ..Quota::default() }));
            }
            SnapshotRow::End { rows } => {
                self.ended = rows == self.rows;
                return if self.ended { Ok(()) } else { Err(LoadError::Incomplete) };
            }
        }
        self.rows += 1;
        if self.chunk.len() >= CHUNK_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), LoadError> {
        if let Some((_, load)) = &mut self.begun {
            load.rows(&self.chunk)?;
        }
        self.chunk.clear();
        Ok(())
    }
}

/// Words of later entries come on top: a snapshot's is older than all of them.
fn keep_stored(tx: &Tx<'_>, at: Timestamp, (member, fen, lent): Stored) -> Result<(), StoreError> {
    accounts::confirm(tx, &Account::Stored(member), Unit::Fen, fen, 0, at)?;
    let points = accounts::quota(tx, member)?.points;
    accounts::set_quota(tx, member, Quota { points, ..lent })
}

/// The till stands at the pins now. What HQ decided of its own events up to there is in the rows, so
/// nothing of those is provisional any more.
fn settle(tx: &Tx<'_>, head: &SnapshotHead) -> Result<(), StoreError> {
    parked::clear(tx)?;
    interest::hold(tx, head.members_of.as_ref())?;
    existence::loaded(tx, head.hq_time)?;
    cursors::clear(tx)?;
    siblings::unsettle(tx)?;
    let pins = if ledger::planted!("snapshot_without_pins") { &[] } else { head.pins.as_slice() };
    pins.iter().try_for_each(|pin| cursors::set(tx, pin))?;
    // It may be another log than the last hello named: that hello's answer came late.
    if contact::met(tx, &head.log_epoch)? {
        outcomes::unplace(tx)?;
        journal::doubt(tx)?;
    }
    contact::set_log_epoch(tx, Some(&head.log_epoch))?;
    let terminals: HashSet<TerminalId> =
        journal::streams(tx)?.into_iter().map(|state| state.stream.terminal).collect();
    for (epoch, seq) in outcomes::folded(tx)? {
        for terminal in &terminals {
            accounts::clear_pending(tx, EventKey { terminal: *terminal, epoch, seq })?;
        }
    }
    if ledger::planted!("snapshot_counts_twice") {
        return Ok(());
    }
    head.counted.iter().try_for_each(|counted| clear(tx, counted))?;
    let told = |stream: &Stream| head.counted.iter().any(|counted| counted.stream() == *stream);
    let spoken_of = |stream: &Stream| head.counted.iter().any(|counted| counted.terminal == stream.terminal);
    let streams = journal::streams(tx)?;
    let mut unknown = streams.iter().filter(|state| spoken_of(&state.stream) && !told(&state.stream));
    unknown.try_for_each(|state| pend_after(tx, state, 0))?;
    // A till that moved has other siblings now: whether the rows hold what those of before told, nobody says.
    let heard = siblings::all_heard(tx)?.into_iter().map(|heard| heard.stream);
    heard
        .filter(|stream| !head.counted.is_empty() && !spoken_of(stream))
        .try_for_each(|stream| siblings::unpend(tx, stream))
}

/// Events that the rows hold are not provisional any more, also where the answer to their push was lost.
fn clear(tx: &Tx<'_>, counted: &Counted) -> Result<(), StoreError> {
    let stream = counted.stream();
    let Some(state) = journal::streams(tx)?.into_iter().find(|state| state.stream == stream) else {
        return settle_sibling(tx, stream, counted);
    };
    let same = journal::shared_hash_at(tx, stream.at(counted.through))? == Some(counted.hash);
    // A stream that this till has left ends where the histories part; in any other, what HQ proved before to
    // have is the same.
    let through = match (same, state.closed) {
        (true, _) => counted.through,
        (false, true) if counted.through >= state.last_seq => state.last_seq,
        _ => state.received.min(counted.through),
    };
    let waiting = counted.waiting.iter().copied().filter(|seq| *seq <= through);
    let mut from = 1;
    for end in waiting.chain([through + 1]) {
        accounts::clear_pending_between(tx, stream, (from, end - 1))?;
        from = end + 1;
    }
    // An older log had decided them perhaps, and another copy or a sibling told them again since.
    for seq in counted.waiting.iter().copied().filter(|seq| *seq <= through) {
        accounts::pend_again(tx, stream.at(seq))?;
    }
    pend_after(tx, &state, through)?;
    if interest::members_of(tx)?.is_some() {
        let joins = journal::joins(tx, &state, through)?;
        let mut decided = joins.into_iter().filter(|(seq, _)| !counted.waiting.contains(seq));
        decided.try_for_each(|(_, member)| interest::joined(tx, member))?;
    }
    // Should HQ lose them again, that is a loss like any other.
    journal::mark(tx, stream.epoch, through, 0, 0)
}

/// What HQ had of a stream beyond `through` is not in the rows: they are of an older log or an earlier hour.
fn pend_after(tx: &Tx<'_>, state: &StreamState, through: u64) -> Result<(), StoreError> {
    (through + 1..=state.received).try_for_each(|seq| accounts::pend_again(tx, state.stream.at(seq)))
}

/// What the rows hold of another till's stream; what waits at HQ there is still pending here.
fn settle_sibling(tx: &Tx<'_>, stream: Stream, counted: &Counted) -> Result<(), StoreError> {
    let Some(first) = counted.waiting.first().copied() else {
        return siblings::settle_through(tx, stream, counted.through);
    };
    siblings::settle_through(tx, stream, first.saturating_sub(1))?;
    for seq in (first + 1..=counted.through).filter(|seq| !counted.waiting.contains(seq)) {
        siblings::settle(tx, stream.at(seq))?;
    }
    Ok(())
}
