//! Push: proves that lines continue their stream, then keeps and decides them in one transaction.
//! Cannot fail on content; only on what is no continuation.

use std::collections::BTreeMap;

use ledger::event::genesis;
use ledger::id::{Anchor, EventKey, Hash, Shard, Stream};
use ledger::time::Timestamp;
use serde::Deserialize;
use sync::protocol::problem::ProblemCode;
use sync::protocol::push::{Pace, PushAck, PushHead, SealedPii, chain_text};
use sync::protocol::signature::verify;

use crate::decide::{Received, take_in};
use crate::entries::Scribe;
use crate::error::{ApiResult, at_seq, wire};
use crate::keys::{Keys, Personal};
use crate::store::model::{StreamRow, TerminalRow};
use crate::store::again::until_settled;
use crate::store::{Read, Result, Store};

/// Most lines of one push; tills are told less.
const LINES_MAX: usize = 5_000;

/// A push, taken apart but not looked into.
pub struct Push<'a> {
    pub head: PushHead,
    pub lines: Vec<&'a [u8]>,
}

/// What one push is judged against.
pub struct Desk<'a> {
    pub store: &'a dyn Store,
    pub keys: &'a Keys,
    pub log_epoch: &'a str,
    pub now: Timestamp,
}

/// # Errors
/// `malformed` or `too_large`.
pub fn parse(body: &[u8]) -> ApiResult<Push<'_>> {
    let malformed = |why: String| wire(ProblemCode::Malformed, why);
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    let mut lines = body.split(|byte| *byte == b'\n');
    let head = lines.next().unwrap_or_default();
    let head: PushHead = serde_json::from_slice(head)
        .map_err(|e| malformed(format!("the first line is no push head: {e}")))?;
    let lines: Vec<&[u8]> = lines.collect();
    if lines.len() > LINES_MAX {
        return Err(wire(ProblemCode::TooLarge, format!("at most {LINES_MAX} events at once")));
    }
    if lines.is_empty() || lines.len() != head.count as usize || head.first_seq == 0 {
        return Err(malformed(format!("{} lines for a count of {}", lines.len(), head.count)));
    }
    if head.first_seq.checked_add(lines.len() as u64).is_none_or(|end| i64::try_from(end).is_err()) {
        return Err(malformed("sequence numbers end before this".to_owned()));
    }
    Ok(Push { head, lines })
}

/// Keeps and decides; the shards that moved come back for the feed.
///
/// # Errors
/// `log_epoch`, `unauthorised`, `gap` or `fork`; nothing is kept then.
pub fn receive(
    desk: &Desk<'_>,
    terminal: &TerminalRow,
    push: &Push<'_>,
) -> ApiResult<(PushAck, BTreeMap<Shard, u64>)> {
    let hashes: Vec<Hash> = push.lines.iter().map(|line| Hash::of(line)).collect();
    check_author(desk, terminal, push, &hashes)?;
    let stream = Stream { terminal: push.head.terminal, epoch: push.head.epoch };
    until_settled(|first| attempt(desk, terminal, push, (stream, &hashes), first))
}

/// One transaction: the stream's row is held first, then the logs that the lines belong to.
fn attempt(
    desk: &Desk<'_>,
    terminal: &TerminalRow,
    push: &Push<'_>,
    (stream, hashes): (Stream, &[Hash]),
    first: &[Shard],
) -> ApiResult<(PushAck, BTreeMap<Shard, u64>)> {
    let tx = desk.store.write()?;
    let known = known(&*tx, stream)?;
    check_continuity(&*tx, terminal, &known, push, hashes)?;
    let homes = push.lines.iter().filter_map(|line| home(line));
    tx.lock(&homes.chain(first.iter().copied()).collect::<Vec<_>>())?;
    let mut scribe = Scribe::new(&*tx, desk.now);
    let mut head = known.head;
    let mut received_through = known.received;
    for ((seq, line), hash) in (push.head.first_seq..).zip(&push.lines).zip(hashes) {
        if seq <= known.received {
            continue;
        }
        let key = EventKey { terminal: stream.terminal, epoch: stream.epoch, seq };
        let personal = personal(desk.keys, &push.head.pii, seq);
        take_in(&mut scribe, &Received { key, hash: *hash, line, store: &terminal.store, personal, prior: None })?;
        (head, received_through) = (*hash, seq);
    }
    let moved = scribe.moved();
    if received_through > known.received {
        tx.put_stream(stream, received_through, &head)?;
        tx.put_terminal(&TerminalRow { last_contact: desk.now, ..terminal.clone() })?;
    }
    let ack = acknowledge(&*tx, stream, push)?;
    tx.commit()?;
    Ok((ack, moved))
}

/// The stream as HQ knows it; an unheard one stands at its genesis.
///
/// # Errors
/// What the database reports.
pub fn known(tx: &dyn Read, stream: Stream) -> Result<StreamRow> {
    let unheard = StreamRow { epoch: stream.epoch, received: 0, head: genesis(stream), stable: 0 };
    Ok(tx.stream(stream)?.unwrap_or(unheard))
}

/// Every event up to here has a final verdict.
///
/// # Errors
/// What the database reports.
pub fn decided_through(tx: &dyn Read, stream: Stream, received: u64) -> Result<u64> {
    Ok(tx.first_parked(stream)?.map_or(received, |parked| parked.saturating_sub(1)))
}

fn check_author(desk: &Desk<'_>, terminal: &TerminalRow, push: &Push<'_>, hashes: &[Hash]) -> ApiResult<()> {
    let head = &push.head;
    if head.log_epoch != desk.log_epoch {
        return Err(wire(ProblemCode::LogEpoch, "headquarters' log is another one: say hello first"));
    }
    let (Some(last), true) = (hashes.last(), head.terminal == terminal.id) else {
        return Err(wire(ProblemCode::Unauthorised, "a terminal pushes its own events"));
    };
    let last_seq = head.first_seq + hashes.len() as u64 - 1;
    let text = chain_text(&head.log_epoch, head.terminal, head.epoch, last_seq, last);
    if !verify(&terminal.public_key, &text, &head.chain_sig) {
        return Err(wire(ProblemCode::Unauthorised, "the chain's signature does not fit"));
    }
    Ok(())
}

#[derive(Deserialize)]
struct AnchorProbe {
    anchor: Anchor,
}

/// Where a line is decided; None when it cannot be read.
fn home(line: &[u8]) -> Option<Shard> {
    serde_json::from_slice::<AnchorProbe>(line).ok().map(|probe| probe.anchor.shard())
}

#[derive(Deserialize)]
struct PrevProbe {
    prev: Hash,
}

/// Same number, same hash; next number, right `prev`. A line that cannot be read has no `prev` to
/// check: its own hash still binds the line after it.
fn check_continuity(
    tx: &dyn Read,
    terminal: &TerminalRow,
    known: &StreamRow,
    push: &Push<'_>,
    hashes: &[Hash],
) -> ApiResult<()> {
    let PushHead { first_seq, epoch, .. } = push.head;
    if first_seq > known.received + 1 {
        return Err(at_seq(ProblemCode::Gap, known.received, "events before these are missing"));
    }
    let fork = |seq| Err(at_seq(ProblemCode::Fork, seq, "the stream went another way here"));
    // An epoch that a till opened by itself starts from a parent that its genesis names.
    let issued = epoch <= terminal.epoch;
    let mut before = known.head;
    for ((seq, line), hash) in (first_seq..).zip(&push.lines).zip(hashes) {
        if seq <= known.received {
            let key = EventKey { terminal: terminal.id, epoch, seq };
            if tx.hash_of(key)? != Some(*hash) {
                return fork(seq);
            }
            continue;
        }
        let prev = serde_json::from_slice::<PrevProbe>(line).ok().map(|probe| probe.prev);
        let free = seq == 1 && !issued;
        if prev.is_some_and(|prev| prev != before) && !free {
            return fork(seq);
        }
        before = *hash;
    }
    Ok(())
}

fn personal(keys: &Keys, sealed: &[SealedPii], seq: u64) -> Option<Personal> {
    let blob = sealed.iter().find(|pii| pii.seq == seq)?;
    let opened = keys.unseal(&blob.sealed);
    if opened.is_none() {
        tracing::warn!(seq, "sealed personal data could not be opened");
    }
    opened
}

fn acknowledge(tx: &dyn Read, stream: Stream, push: &Push<'_>) -> Result<PushAck> {
    let now = known(tx, stream)?;
    let last = push.head.first_seq + push.lines.len() as u64 - 1;
    let rows_max = u32::try_from(LINES_MAX).unwrap_or(u32::MAX);
    Ok(PushAck {
        received_through: now.received,
        hash: now.head,
        decided_through: decided_through(tx, stream, now.received)?,
        stable_through: now.stable,
        outcomes: tx.outcomes(stream, push.head.first_seq, last, rows_max)?,
        next: Pace { events_max: 1_000, delay_ms: 0 },
    })
}
