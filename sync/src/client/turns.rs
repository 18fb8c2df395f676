//! Every turn of the conversation but the waiting: what a request asks with, and what its answer changes
//! in the ledger. [`super::errands`] runs them between network calls; whoever has a network of their own
//! calls them directly. All of them block on the ledger only.

use ed25519_dalek::SigningKey;
use ledger::id::{Epoch, Stream};
use ledger::store::journal::{self, Parent, StoredEvent};
use ledger::store::{Ledger, Reader, StoreError};
use ledger::time::Timestamp;

use crate::engine::Fault;
use crate::engine::event::{Ack, Event, HeadsNews, Judged, Loaded, Pulled};
use crate::outbox::Batch;
use crate::protocol::config::Config;
use crate::protocol::hello::{Cursor, HashesAnswer, Hello, Welcome};
use crate::protocol::problem::{Problem, ProblemCode};
use crate::protocol::pull::{Heads, PullRequest};
use crate::protocol::push::{Outcome, Prior, PushAck, PushHead, SealedPii, VerdictsAnswer};
use crate::protocol::signature;
use crate::protocol::snapshot::SnapshotHead;
use crate::store::fold::Folded;
use crate::store::mend::{Mend, Question};
use crate::store::snapshot::LoadError;
use crate::store::standing::Run;
use crate::store::{Own, acks, config, contact, fold, interest, outcomes, standing};

use super::clock::Offset;
use super::transport::{Pull, Push};

const PULL_ENTRIES_MAX: u32 = 2_000;

/// # Errors
/// [`Fault::Local`] when the ledger cannot be read.
pub fn hello(ledger: &Ledger, app_version: &str, run: Run, t_wall: Timestamp) -> Result<Hello, Fault> {
    ledger.read(|r| standing::hello(r, app_version, run, t_wall)).map_err(local)
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

/// Begins to look for where these streams part from HQ's.
///
/// # Errors
/// [`Fault::Local`] when the ledger cannot be read.
pub fn mend(ledger: &Ledger, parted: &[Epoch]) -> Result<Mend, Fault> {
    ledger.read(|r| Mend::begin(r, parted)).map_err(local)
}

/// What to ask HQ next; None when it is time for [`mended`].
///
/// # Errors
/// [`Fault::Local`] when the ledger cannot be read.
pub fn question(ledger: &Ledger, mut mend: Mend) -> Result<(Mend, Option<Question>), Fault> {
    let question = ledger.read(|r| mend.question(r)).map_err(local)?;
    Ok((mend, question))
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be read.
pub fn narrowed(ledger: &Ledger, mut mend: Mend, answer: &HashesAnswer) -> Result<Mend, Fault> {
    ledger.read(|r| mend.hashes(r, answer)).map_err(local)?;
    Ok(mend)
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be written; nothing was changed then.
pub fn mended(ledger: &Ledger, mend: Mend) -> Result<Event, Fault> {
    mend.finish(ledger).map(Event::Mended).map_err(local)
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
    ledger
        .read(|r| push_of(r, own, key, log_epoch, batch))
        .map_err(local)?
        .ok_or_else(|| Fault::Local("the journal lacks events that were never received".to_owned()))
}

fn push_of(
    r: &Reader,
    own: &Own,
    key: &SigningKey,
    log_epoch: &str,
    batch: Batch,
) -> Result<Option<Push>, StoreError> {
    let Batch { epoch, after, events_max, bytes_max } = batch;
    let events = journal::unsent(r, epoch, after, events_max as usize, bytes_max as usize)?;
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(None) };
    let stream = Stream { terminal: own.terminal, epoch };
    let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let head = PushHead {
        parent: if first.seq == 1 { parent(r, epoch)? } else { None },
        prior: outcomes::finals(r, epoch, first.seq, last.seq)?.into_iter().map(prior).collect(),
        pii: events.iter().filter_map(sealed_pii).collect(),
        ..PushHead::signed(key, log_epoch, stream, (first.seq, count), &last.hash)
    };
    Ok(Some(Push { head, lines: events.into_iter().map(|event| event.line).collect() }))
}

fn parent(r: &Reader, epoch: Epoch) -> Result<Option<Parent>, StoreError> {
    let streams = journal::streams(r)?;
    Ok(streams.into_iter().find(|state| state.stream.epoch == epoch).and_then(|state| state.parent))
}

fn prior(outcome: Outcome) -> Prior {
    Prior { seq: outcome.seq, verdict: outcome.verdict, code: outcome.code }
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be written; a refusal when HQ holds another event there.
pub fn acked(ledger: &Ledger, own: &Own, epoch: Epoch, ack: &PushAck) -> Result<Event, Fault> {
    match acks::take_ack(ledger, own, epoch, ack).map_err(local)? {
        acks::Taken::Fits { received, decided } => Ok(Event::Acked(Ack {
            epoch,
            received,
            decided,
            heads: ack.outcomes.iter().map(|o| (o.shard, o.lsn)).collect(),
            events_max: ack.next.events_max,
            delay_ms: u64::from(ack.next.delay_ms),
        })),
        acks::Taken::Forked { seq } => Err(forked(seq)),
    }
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be read.
pub fn pull(ledger: &Ledger, log_epoch: &str, cursors: Vec<Cursor>) -> Result<PullRequest, Fault> {
    let members_of = ledger.read(interest::members_of).map_err(local)?;
    let log_epoch = log_epoch.to_owned();
    Ok(PullRequest { log_epoch, cursors, members_of, entries_max: PULL_ENTRIES_MAX })
}

/// # Errors
/// [`Fault::Local`] when the ledger cannot be written.
pub fn folded(ledger: &Ledger, own: &Own, answer: &Pull) -> Result<Folded, Fault> {
    let heard_all = (!answer.head.more).then_some(answer.head.hq_time);
    fold::answer(ledger, own, &answer.frames, heard_all).map_err(local)
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
