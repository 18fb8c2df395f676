//! Push: proves that lines continue their stream, then keeps and decides them in one transaction.
//! Cannot fail on content; only on what is no continuation.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ledger::event::{genesis, genesis_after};
use ledger::id::{Anchor, EventKey, Hash, Shard, Stream};
use ledger::time::Timestamp;
use serde::Deserialize;
use sync::decide::{Reading, late};
use sync::protocol::lan::RELAY_EPOCH;
use sync::protocol::left_out::put_back;
use sync::protocol::problem::ProblemCode;
use sync::protocol::push::{Pace, PushAck, PushHead, SealedPii, chain_text};
use sync::protocol::signature::verify;

use crate::ahead::look_ahead;
use crate::decide::{Received, read, take_in};
use crate::entries::Scribe;
use crate::error::{ApiResult, at_seq, wire};
use crate::history;
use crate::keys::{Keys, Personal};
use crate::store::again::until_settled;
use crate::store::model::{StreamRow, TerminalRow};
use crate::store::{Read, Result, Store, Write};
use crate::streams;

/// Most lines of one push; tills are told less.
const LINES_MAX: usize = 5_000;

/// A push, taken apart but not looked into.
pub struct Push<'a> {
    pub head: PushHead,
    /// As they were written.
    pub lines: Vec<Cow<'a, [u8]>>,
    hashes: Vec<Hash>,
}

/// How a push came.
#[derive(Clone, Copy)]
pub enum Carrier<'a> {
    /// In a request that this terminal signed.
    Terminal(&'a TerminalRow),
    /// In a file that a person carried: also from a terminal that was revoked since, and from before the
    /// log got its present name.
    File,
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
    let (lines, hashes) = as_written(lines, head.prev_left_out);
    Ok(Push { head, lines, hashes })
}

/// The lines with what was left out of them, and their hashes.
fn as_written(lines: Vec<&[u8]>, prev_left_out: bool) -> (Vec<Cow<'_, [u8]>>, Vec<Hash>) {
    let mut before: Option<Hash> = None;
    let whole = lines.into_iter().map(|line| {
        let line = match before {
            Some(before) if prev_left_out => put_back(line, &before),
            _ => Cow::Borrowed(line),
        };
        let hash = Hash::of(&line);
        before = Some(hash);
        (line, hash)
    });
    whole.unzip()
}

/// Keeps and decides; the shards that moved come back for the feed.
///
/// # Errors
/// `log_epoch`, `unauthorised`, `gap` or `fork`; nothing is kept then.
pub fn receive(
    desk: &Desk<'_>,
    carrier: Carrier<'_>,
    push: &Push<'_>,
) -> ApiResult<(PushAck, BTreeMap<Shard, u64>)> {
    let author = author(desk, carrier, push)?;
    check_chain(&author, push)?;
    // Read before the database is held: nobody waits for it.
    let stream = Stream { terminal: author.id, epoch: push.head.epoch };
    let lines = (push.head.first_seq..).zip(push.lines.iter().zip(&push.hashes));
    let lines: Vec<Line<'_>> =
        lines.map(|(seq, (line, hash))| Line::read(stream, seq, line, *hash)).collect();
    until_settled(|first| attempt(desk, &author, push, &lines, first))
}

/// One line of a push, read.
struct Line<'a> {
    key: EventKey,
    hash: Hash,
    line: &'a [u8],
    reading: Reading,
    /// What it names as the hash before it, as far as it can be read.
    prev: Option<Hash>,
    /// Where it is decided, as far as it can be read.
    home: Option<Shard>,
}

impl<'a> Line<'a> {
    fn read(stream: Stream, seq: u64, line: &'a [u8], hash: Hash) -> Self {
        let key = stream.at(seq);
        let reading = read(line, key);
        let (prev, home) = match &reading {
            Reading::Event(event) => (Some(event.head.prev), Some(event.head.anchor.shard())),
            _ => (prev(line), home(line)),
        };
        Line { key, hash, line, reading, prev, home }
    }
}

/// One transaction: the logs that the lines belong to are held first, then the stream's row.
fn attempt(
    desk: &Desk<'_>,
    author: &TerminalRow,
    push: &Push<'_>,
    lines: &[Line<'_>],
    first: &[Shard],
) -> ApiResult<(PushAck, BTreeMap<Shard, u64>)> {
    let stream = Stream { terminal: author.id, epoch: push.head.epoch };
    let tx = desk.store.write()?;
    let beside = [Anchor::terminal(author.id).shard(), late::shard_of(&author.store)];
    let homes = lines.iter().filter_map(|line| line.home).chain(beside);
    tx.lock(&homes.chain(first.iter().copied()).collect::<Vec<_>>())?;
    let mut scribe = Scribe::new(&*tx, desk.now);
    let all = lines.iter().map(|line| Received {
        key: line.key,
        hash: line.hash,
        line: line.line,
        reading: &line.reading,
        store: &author.store,
        personal: personal(desk.keys, &push.head.pii, line.key.seq),
        prior: push.head.prior.iter().find(|prior| prior.seq == line.key.seq).cloned(),
        left_behind: false,
    });
    let mut new: Vec<Received<'_>> = all.collect();
    look_ahead(&scribe, (stream, author), &new)?;
    let known = known(&*tx, stream)?;
    check_continuity(&*tx, &known, push, lines)?;
    for seq in push.head.first_seq..=known.received {
        if ledger::planted!("decided_again") {
            crate::decide::again(&mut scribe, stream.at(seq))?;
        }
    }
    new.retain(|received| received.key.seq > known.received);
    let (store, left_behind) = (streams::store_of(&*tx, stream, author)?, history::is_left(&*tx, stream)?);
    new.iter_mut().for_each(|received| (received.store, received.left_behind) = (&store, left_behind));
    new.iter().try_for_each(|received| take_in(&mut scribe, received))?;
    let moved = scribe.moved();
    if let Some((seq, hash)) = new.last().map(|last| (last.key.seq, last.hash)) {
        tx.put_stream(stream, seq, &hash)?;
        remember(&*tx, desk, author, &known, push, seq)?;
    }
    let ack = acknowledge(&*tx, stream, push)?;
    tx.commit()?;
    Ok((ack, moved))
}

/// What the new events say about the machine that wrote them.
fn remember(
    tx: &dyn Write,
    desk: &Desk<'_>,
    author: &TerminalRow,
    known: &StreamRow,
    push: &Push<'_>,
    received: u64,
) -> Result<()> {
    if let (0, Some(parent)) = (known.received, &push.head.parent) {
        history::begun(tx, author, known.epoch, parent, desk.now)?;
    }
    history::grown(tx, author, known.epoch, received, desk.now)?;
    if push.head.relay_by.is_some() {
        return Ok(());
    }
    tx.put_contact(author.id, desk.now)
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

/// Whose events these are. A terminal pushes its own, or says that it carries a sibling's.
fn author(desk: &Desk<'_>, carrier: Carrier<'_>, push: &Push<'_>) -> ApiResult<TerminalRow> {
    let head = &push.head;
    let refused = |why: &str| Err(wire(ProblemCode::Unauthorised, why));
    let Carrier::Terminal(carrier) = carrier else {
        let author = desk.store.read()?.terminal(head.terminal)?;
        return author.map_or_else(|| refused("no such terminal"), Ok);
    };
    if *head.log_epoch != *desk.log_epoch {
        return Err(wire(ProblemCode::LogEpoch, "headquarters' log is another one: say hello first"));
    }
    match head.relay_by {
        None if head.terminal == carrier.id => Ok(carrier.clone()),
        None => refused("a terminal pushes its own events"),
        Some(relay) if relay != carrier.id => refused("the request is not signed by who relays"),
        Some(_) => match desk.store.read()?.terminal(head.terminal)? {
            Some(author) if author.store != carrier.store => refused("only a till of the same store relays"),
            Some(author) if author.revoked_at.is_some() => {
                Err(wire(ProblemCode::Fenced, "the author was revoked"))
            }
            Some(author) => Ok(author),
            None => refused("no such terminal"),
        },
    }
}

/// One signature of the author vouches for the whole chain, whoever carries it.
fn check_chain(author: &TerminalRow, push: &Push<'_>) -> ApiResult<()> {
    let head = &push.head;
    let last = push.hashes.last().copied().unwrap_or(Hash::ZERO);
    let last_seq = head.first_seq + push.hashes.len() as u64 - 1;
    let signed = |log_epoch: &str| {
        let text = chain_text(log_epoch, head.terminal, head.epoch, last_seq, &last);
        verify(&author.public_key, &text, &head.chain_sig)
    };
    // A sibling hands on what it was told, whatever the log was called when the author said it.
    let handed_on = head.relay_by.is_some() && signed(RELAY_EPOCH);
    if !handed_on && !signed(&head.log_epoch) {
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

fn prev(line: &[u8]) -> Option<Hash> {
    serde_json::from_slice::<PrevProbe>(line).ok().map(|probe| probe.prev)
}

/// Same number, same hash; next number, right `prev`. A line that cannot be read has no `prev` to
/// check: its own hash still binds the line after it.
fn check_continuity(tx: &dyn Read, known: &StreamRow, push: &Push<'_>, lines: &[Line<'_>]) -> ApiResult<()> {
    let PushHead { terminal, first_seq, epoch, .. } = push.head;
    if first_seq > known.received + 1 {
        return Err(at_seq(ProblemCode::Gap, known.received, "events before these are missing"));
    }
    let fork = |seq| Err(at_seq(ProblemCode::Fork, seq, "the stream went another way here"));
    let mut before = match &push.head.parent {
        Some(parent) if known.received == 0 => genesis_after(Stream { terminal, epoch }, parent),
        _ => known.head,
    };
    for line in lines {
        let seq = line.key.seq;
        if seq <= known.received {
            if tx.hash_of(line.key)? != Some(line.hash) && !ledger::planted!("conflict_ignored") {
                return fork(seq);
            }
            continue;
        }
        if line.prev.is_some_and(|prev| prev != before) {
            return fork(seq);
        }
        before = line.hash;
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
