//! The other tills of the store: whom HQ named, and their events on the way through this till.

use ed25519_dalek::SigningKey;
use ledger::event::genesis;
use ledger::id::{EventKey, Hash, Stream, TerminalId};
use ledger::store::siblings::{self, Heard, SiblingEvent};
use ledger::store::{Ledger, Reader, StoreError, Tx, journal};
use ledger::time::Timestamp;
use serde::Deserialize;

use crate::protocol::lan::{EVENTS_MAX, Have, RELAY_EPOCH, Sibling, Told};
use crate::protocol::push::{PushHead, SealedPii, chain_text};
use crate::protocol::signature;

use super::Own;

const TOLD_BYTES_MAX: usize = 1 << 20;

/// A till of the same store, by HQ's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub terminal: TerminalId,
    pub till_no: u32,
    pub public_key: [u8; 32],
}

/// # Errors
/// The store's.
pub fn all(r: &Reader) -> Result<Vec<Known>, StoreError> {
    r.all(include_str!("siblings.sql"), (), known)
}

/// # Errors
/// The store's.
pub fn by_terminal(r: &Reader, terminal: TerminalId) -> Result<Option<Known>, StoreError> {
    r.first(include_str!("sibling.sql"), [terminal.0], known)
}

fn known(row: &rusqlite::Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known { terminal: TerminalId(row.get(0)?), till_no: row.get(1)?, public_key: row.get(2)? })
}

/// Numbers on the wire end here. PROTOCOL, "Numbers and text".
const NUMBER_MAX: u64 = (1 << 53) - 1;

/// HQ's list takes the place of the last one; what HQ decided meanwhile is pending no more.
///
/// # Errors
/// The store's.
pub fn learn(ledger: &Ledger, own: &Own, told: &[Sibling]) -> Result<(), StoreError> {
    ledger.write(|tx| {
        tx.execute(include_str!("siblings_clear.sql"), ())?;
        for sibling in told.iter().filter(|sibling| sibling.terminal != own.terminal) {
            let key: Option<[u8; 32]> =
                signature::decode(&sibling.public_key).and_then(|key| key.try_into().ok());
            let Some(key) = key else { continue };
            tx.execute(include_str!("sibling_put.sql"), (sibling.terminal.0, sibling.till_no, key))?;
            for stream in &sibling.streams {
                let at = Stream { terminal: sibling.terminal, epoch: stream.epoch };
                siblings::received(tx, at, stream.received)?;
                siblings::settle_through(tx, at, stream.decided)?;
            }
        }
        Ok(())
    })
}

/// What this till knows of the streams of `terminal`.
///
/// # Errors
/// The store's.
pub fn have(r: &Reader, terminal: TerminalId) -> Result<Vec<Have>, StoreError> {
    let heard = siblings::all_heard(r)?.into_iter().filter(|heard| heard.stream.terminal == terminal);
    Ok(heard.map(|h| Have { terminal, epoch: h.stream.epoch, through: h.through }).collect())
}

/// What a sibling that has `have` of this till's streams should be told next; None when it has all.
///
/// # Errors
/// The store's.
pub fn tell(r: &Reader, own: &Own, key: &SigningKey, have: &[Have]) -> Result<Option<Told>, StoreError> {
    for state in journal::streams(r)? {
        let epoch = state.stream.epoch;
        let there = have.iter().find(|h| h.terminal == own.terminal && h.epoch == epoch);
        let after = there.map_or(0, |h| h.through).max(state.received);
        if after >= state.last_seq {
            continue;
        }
        let events = journal::unsent(r, epoch, after, EVENTS_MAX, TOLD_BYTES_MAX)?;
        let Some(last) = events.last() else { continue };
        let text = chain_text(RELAY_EPOCH, own.terminal, epoch, last.seq, &last.hash);
        let sealed = |event: &journal::StoredEvent| {
            let sealed = signature::encode(event.sealed_pii.as_ref()?);
            Some(SealedPii { seq: event.seq, sealed })
        };
        return Ok(Some(Told {
            epoch,
            first_seq: after + 1,
            parent: if after == 0 { state.parent } else { None },
            received: state.received,
            chain_sig: signature::sign(key, &text),
            pii: events.iter().filter_map(sealed).collect(),
            lines: events.into_iter().map(|event| event.line).collect(),
        }));
    }
    Ok(None)
}

/// How a sibling's word was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Known through here now.
    Through(u64),
    /// It does not continue what is known, or its signature does not fit: nothing was kept.
    Refused(&'static str),
}

#[derive(Deserialize)]
struct PrevProbe {
    prev: Hash,
}

/// Checks author and chain, and keeps what is new.
///
/// # Errors
/// The store's.
pub fn take(ledger: &Ledger, sibling: &Known, told: &Told, now: Timestamp) -> Result<Taken, StoreError> {
    let hashes: Vec<Hash> = told.lines.iter().map(|line| Hash::of(line.as_bytes())).collect();
    let Some(last) = hashes.last() else { return Ok(Taken::Refused("nothing was told")) };
    if !(1..=NUMBER_MAX).contains(&told.first_seq) || told.received > NUMBER_MAX {
        return Ok(Taken::Refused("a number is out of range"));
    }
    let last_seq = told.first_seq + hashes.len() as u64 - 1;
    let text = chain_text(RELAY_EPOCH, sibling.terminal, told.epoch, last_seq, last);
    if !signature::verify(&sibling.public_key, &text, &told.chain_sig) {
        return Ok(Taken::Refused("the chain's signature does not fit"));
    }
    let stream = Stream { terminal: sibling.terminal, epoch: told.epoch };
    ledger.write(|tx| keep(tx, stream, told, &hashes, now))
}

fn keep(
    tx: &Tx<'_>,
    stream: Stream,
    told: &Told,
    hashes: &[Hash],
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let mut at = match siblings::heard(tx, stream)? {
        Some(known) if told.first_seq <= known.through + 1 => known,
        // Nothing known, or HQ has what lies between: begin where the author begins.
        known if told.received + 1 >= told.first_seq => {
            let received = known.map_or(0, |k| k.received).max(told.received);
            let hash = first_prev(told).unwrap_or(genesis(stream));
            Heard { stream, through: told.first_seq - 1, hash, received, parent: told.parent }
        }
        _ => return Ok(Taken::Refused("events before these are missing")),
    };
    for ((seq, line), hash) in (told.first_seq..).zip(&told.lines).zip(hashes) {
        if seq <= at.through {
            continue;
        }
        let prev = serde_json::from_str::<PrevProbe>(line).ok().map(|probe| probe.prev);
        if prev.is_some_and(|prev| prev != at.hash) {
            return Ok(Taken::Refused("the events do not continue what is known"));
        }
        let last = seq == told.first_seq + hashes.len() as u64 - 1;
        let sealed = told.pii.iter().find(|pii| pii.seq == seq);
        let event = SiblingEvent {
            seq,
            line: line.clone(),
            sealed_pii: sealed.and_then(|pii| signature::decode(&pii.sealed)),
            chain_sig: last.then(|| told.chain_sig.clone()),
            heard_at: now,
        };
        siblings::keep(tx, stream, &event)?;
        (at.through, at.hash) = (seq, *hash);
    }
    at.received = at.received.max(told.received);
    siblings::advance(tx, &at)?;
    Ok(Taken::Through(at.through))
}

fn first_prev(told: &Told) -> Option<Hash> {
    serde_json::from_str::<PrevProbe>(told.lines.first()?).ok().map(|probe| probe.prev)
}

/// A push of a sibling's events that HQ lacks and that lie here since before `heard_before`; None when
/// nobody needs help.
///
/// # Errors
/// The store's.
pub fn relay(
    r: &Reader,
    own: &Own,
    log_epoch: &str,
    heard_before: Timestamp,
) -> Result<Option<(PushHead, Vec<String>)>, StoreError> {
    for heard in siblings::all_heard(r)?.into_iter().filter(|heard| heard.received < heard.through) {
        let limit = u32::try_from(EVENTS_MAX).unwrap_or(u32::MAX).saturating_mul(2);
        let mut events = siblings::unsent(r, heard.stream, heard.received, limit)?;
        let old = events.first().is_some_and(|first| first.heard_at <= heard_before);
        let signed = events.iter().rposition(|event| event.chain_sig.is_some());
        let (true, Some(end)) = (old, signed) else { continue };
        events.truncate(end + 1);
        return Ok(Some(handed_on(own, log_epoch, &heard, events)));
    }
    Ok(None)
}

fn handed_on(
    own: &Own,
    log_epoch: &str,
    heard: &Heard,
    events: Vec<SiblingEvent>,
) -> (PushHead, Vec<String>) {
    let first_seq = events.first().map_or(1, |event| event.seq);
    let head = PushHead {
        log_epoch: log_epoch.to_owned(),
        terminal: heard.stream.terminal,
        epoch: heard.stream.epoch,
        first_seq,
        count: u32::try_from(events.len()).unwrap_or(u32::MAX),
        parent: heard.parent.filter(|_| first_seq == 1),
        relay_by: Some(own.terminal),
        prior: Vec::new(),
        prev_left_out: false,
        pii: events
            .iter()
            .filter_map(|event| {
                let sealed = signature::encode(event.sealed_pii.as_ref()?);
                Some(SealedPii { seq: event.seq, sealed })
            })
            .collect(),
        chain_sig: events.last().and_then(|event| event.chain_sig.clone()).unwrap_or_default(),
    };
    (head, events.into_iter().map(|event| event.line).collect())
}

/// HQ decided an event of another till; of a sibling's it is remembered, since the sibling may tell of it yet.
///
/// # Errors
/// The store's.
pub fn decided(tx: &Tx<'_>, key: EventKey) -> Result<(), StoreError> {
    // One that moved to another store is no sibling any more; what it told before still is pending here.
    let stream = key.stream();
    let told = by_terminal(tx, key.terminal)?.is_some() || siblings::heard(tx, stream)?.is_some();
    if ledger::planted!("sibling_counted_twice") || !told {
        return Ok(());
    }
    siblings::settle(tx, key)
}
