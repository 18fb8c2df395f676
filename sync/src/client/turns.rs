//! Every turn of the conversation but the waiting: what a request asks with, and what its answer changes
//! in the ledger. [`super::errands`] runs them between network calls; whoever has a network of their own
//! calls them directly. All of them block on the ledger only.

use ed25519_dalek::SigningKey;
use ledger::id::Epoch;
use ledger::store::journal::{self, StoredEvent};
use ledger::store::{Ledger, StoreError};
use ledger::time::Timestamp;

use crate::engine::Fault;
use crate::engine::event::{Ack, Event, HeadsNews, Judged, Loaded, Pulled};
use crate::outbox::Batch;
use crate::protocol::config::Config;
use crate::protocol::hello::{Cursor, Hello, Welcome};
use crate::protocol::problem::{Problem, ProblemCode};
use crate::protocol::pull::{Heads, PullRequest};
use crate::protocol::push::{PushAck, PushHead, SealedPii, VerdictsAnswer, chain_text};
use crate::protocol::signature;
use crate::protocol::snapshot::SnapshotHead;
use crate::store::fold::{Folded, FrameLines};
use crate::store::snapshot::LoadError;
use crate::store::{Own, acks, config, contact, fold, standing};

use super::clock::Offset;
use super::transport::Push;

const PUSH_BYTES_MAX: usize = 1 << 20;
const PULL_ENTRIES_MAX: u32 = 2_000;

/// # Errors
/// [`Fault::Local`] when the ledger cannot be read.
pub fn hello(ledger: &Ledger, app_version: &str, generation: u64, t_wall: Timestamp) -> Result<Hello, Fault> {
    ledger.read(|r| standing::hello(r, app_version, generation, t_wall)).map_err(local)
}

/// `heard` is the wall clock and what it is behind HQ's, where that is known.
///
/// # Errors
/// [`Fault::Local`] when the ledger cannot be written.
pub fn welcomed(
    ledger: &Ledger,
    welcome: &Welcome,
    heard: Option<(Timestamp, Offset)>,
) -> Result<Event, Fault> {
    if let Some((wall, offset)) = heard {
        ledger.write(|tx| contact::heard(tx, wall, offset.hq_off_ms, offset.hq_unc_ms)).map_err(local)?;
    }
    standing::greet(ledger, welcome).map(Event::Welcome).map_err(local)
}

/// The push of `batch`; its signature vouches for the whole chain before it.
///
/// # Errors
/// [`Fault::Local`] when the journal cannot be read or lacks the events.
pub fn push(
    ledger: &Ledger,
    own: &Own,
    key: &SigningKey,
    log_epoch: &str,
    batch: Batch,
) -> Result<Push, Fault> {
    let Batch { epoch, after, events_max } = batch;
    let unsent = |r: &_| journal::unsent(r, epoch, after, events_max as usize, PUSH_BYTES_MAX);
    let events = ledger.read(unsent).map_err(local)?;
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Err(Fault::Local("the journal lacks events that were never received".to_owned()));
    };
    let text = chain_text(log_epoch, own.terminal, epoch, last.seq, &last.hash);
    let head = PushHead {
        log_epoch: log_epoch.to_owned(),
        terminal: own.terminal,
        epoch,
        first_seq: first.seq,
        count: u32::try_from(events.len()).map_err(|e| Fault::Local(e.to_string()))?,
        pii: events.iter().filter_map(sealed_pii).collect(),
        chain_sig: signature::sign(key, &text),
    };
    Ok(Push { head, lines: events.into_iter().map(|event| event.line).collect() })
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be written; a refusal when HQ holds another event there.
pub fn acked(ledger: &Ledger, own: &Own, epoch: Epoch, ack: &PushAck) -> Result<Event, Fault> {
    match acks::take_ack(ledger, own, epoch, ack).map_err(local)? {
        acks::Taken::Fits => Ok(Event::Acked(Ack {
            epoch,
            received: ack.received_through,
            decided: ack.decided_through,
            heads: ack.outcomes.iter().map(|o| (o.shard, o.lsn)).collect(),
            events_max: ack.next.events_max,
            delay_ms: u64::from(ack.next.delay_ms),
        })),
        acks::Taken::Forked { seq } => Err(forked(seq)),
    }
}

pub fn pull(log_epoch: &str, cursors: Vec<Cursor>) -> PullRequest {
    PullRequest { log_epoch: log_epoch.to_owned(), cursors, entries_max: PULL_ENTRIES_MAX }
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be written.
pub fn folded(ledger: &Ledger, own: &Own, frames: &[FrameLines]) -> Result<Folded, Fault> {
    fold::frames(ledger, own, frames).map_err(local)
}

/// # Errors
/// [`Fault::OtherLog`] when entries did not continue what is known here.
pub fn pulled(folded: Folded) -> Result<Event, Fault> {
    if folded.broken.is_empty() {
        Ok(Event::Pulled(Pulled { cursors: folded.cursors }))
    } else {
        Err(Fault::OtherLog)
    }
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be written.
pub fn judged(ledger: &Ledger, own: &Own, epoch: Epoch, answer: &VerdictsAnswer) -> Result<Event, Fault> {
    acks::take_verdicts(ledger, own, epoch, answer).map_err(local)?;
    let streams = ledger.read(journal::streams).map_err(local)?;
    let decided = streams.iter().find(|s| s.stream.epoch == epoch).map_or(0, |s| s.decided);
    Ok(Event::Judged(Judged { epoch, decided, more: !answer.complete }))
}

/// # Errors
/// [`Fault::Truncated`] for a snapshot that is not whole, [`Fault::Local`] for the ledger's failure.
pub fn loaded(outcome: Result<SnapshotHead, LoadError>) -> Result<Event, Fault> {
    match outcome {
        Ok(head) => Ok(Event::SnapshotLoaded(Loaded { log_epoch: head.log_epoch, pins: head.pins })),
        Err(LoadError::Incomplete) => Err(Fault::Truncated),
        Err(LoadError::Store(error)) => Err(local(error)),
    }
}

/// `newer` is None when HQ has nothing newer than version `have`.
///
/// # Errors
/// [`Fault::Local`] when the ledger cannot be written.
pub fn configured(ledger: &Ledger, have: u64, newer: Option<Config>) -> Result<Event, Fault> {
    let version = match newer {
        Some(config) => config::apply(ledger, config).map_err(local)?,
        None => have,
    };
    Ok(Event::Configured { version })
}

pub fn news(heads: Heads) -> Event {
    Event::HeadsChanged(HeadsNews {
        log_epoch: heads.log_epoch,
        version: heads.version,
        config_version: heads.config_version,
        heads: heads.heads,
    })
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn local(error: StoreError) -> Fault {
    Fault::Local(error.to_string())
}

fn sealed_pii(event: &StoredEvent) -> Option<SealedPii> {
    let sealed = signature::encode(event.sealed_pii.as_ref()?);
    Some(SealedPii { seq: event.seq, sealed })
}

fn forked(seq: u64) -> Fault {
    Fault::Refused(Problem {
        code: ProblemCode::Fork,
        retryable: false,
        detail: "the ack names another hash".to_owned(),
        retry_after_ms: None,
        seq: Some(seq),
        hq_time: None,
    })
}
