//! What the till says at `hello`, and how HQ's answer fits the journal.

use ledger::event::Boot;
use ledger::id::EventKey;
use ledger::store::journal::{self, StreamState};
use ledger::store::{Ledger, Reader, StoreError, programme};
use ledger::time::Timestamp;

use crate::engine::event::{Greeting, Standing, StreamFit};
use crate::outbox::Tail;
use crate::protocol::PROTOCOL;
use crate::protocol::hello::{Action, HeldStream, Hello, KnownStream, Welcome};

use super::{contact, cursors, interest, outcomes, parked};

/// This run of the program, as HQ tells runs and machines apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Starts of this installation, from the generation guard.
    pub generation: u64,
    /// Random at each start.
    pub boot: Boot,
}

/// Where the machine starts from.
///
/// # Errors
/// The store's.
pub fn standing(r: &Reader) -> Result<Standing, StoreError> {
    Ok(Standing {
        log_epoch: contact::load(r)?.log_epoch,
        tails: tails(r)?,
        cursors: cursors::all(r)?,
        config_version: programme::version(r)?,
        outgrown: parked::outgrown(r)?,
    })
}

/// All streams against what HQ was last known to have of them.
///
/// # Errors
/// The store's.
pub fn tails(r: &Reader) -> Result<Vec<Tail>, StoreError> {
    let streams = journal::streams(r)?;
    let from = if ledger::planted!("newest_epoch_only") { streams.len().saturating_sub(1) } else { 0 };
    Ok(streams[from..].iter().map(tail).collect())
}

/// # Errors
/// The store's.
pub fn hello(r: &Reader, app_version: &str, run: Run, t_wall: Timestamp) -> Result<Hello, StoreError> {
    Ok(Hello {
        proto: PROTOCOL,
        app_version: app_version.to_owned(),
        log_epoch: contact::load(r)?.log_epoch,
        streams: journal::streams(r)?.iter().map(held).collect(),
        cursors: cursors::all(r)?,
        members_of: interest::members_of(r)?,
        generation: run.generation,
        boot: Some(run.boot),
        t_wall,
    })
}

fn held(state: &StreamState) -> HeldStream {
    HeldStream {
        epoch: state.stream.epoch,
        max_seq: state.last_seq,
        hash_at_max: state.head_hash,
        low_seq: state.low_seq(),
        anchor_hash: state.anchor.map(|(_, hash)| hash),
    }
}

/// Compares HQ's view of the streams with the journal, hash by hash, and takes over its watermarks.
/// A stream that HQ does not know was received up to nothing.
///
/// # Errors
/// The store's.
pub fn greet(ledger: &Ledger, welcome: &Welcome) -> Result<Greeting, StoreError> {
    let streams = ledger.write(|tx| {
        let other = contact::met(tx, &welcome.log_epoch)?;
        if other {
            outcomes::unplace(tx)?;
        }
        let mut fits = Vec::new();
        for state in journal::streams(tx)? {
            let known = welcome.streams.iter().find(|k| k.epoch == state.stream.epoch);
            let fit = fit(tx, &state, known)?;
            if let (None, Some(known)) = (fit.forked_at, known) {
                journal::mark(tx, known.epoch, known.received, 0, known.stable)?;
            }
            if fit.received < state.received && fit.forked_at.is_none() {
                // HQ lost what it had: everything it has not decided is provisional again.
                let (decided, stable) = known.map_or((0, 0), |k| (k.decided, k.stable));
                journal::rewind(tx, fit.epoch, fit.received, decided, stable)?;
                outcomes::unplace(tx)?;
            }
            fits.push(fit);
        }
        if other || welcome.actions.contains(&Action::Rebootstrap) {
            journal::doubt(tx)?;
        }
        for (fit, state) in fits.iter_mut().zip(journal::streams(tx)?) {
            fit.decided = state.decided;
        }
        Ok(fits)
    })?;
    let limits = welcome.limits;
    Ok(Greeting {
        log_epoch: welcome.log_epoch.clone(),
        upgrade: welcome.min_proto > PROTOCOL || welcome.actions.contains(&Action::Upgrade),
        streams,
        rebootstrap: welcome.actions.contains(&Action::Rebootstrap),
        push_events_max: limits.push_events_max,
        push_bytes_max: limits.push_bytes_max,
        linger_ms: u64::from(limits.linger_ms),
        start_delay_ms: u64::from(limits.start_delay_ms),
        heads: welcome.heads.clone(),
        config_version: welcome.config_version,
    })
}

fn fit(r: &Reader, state: &StreamState, known: Option<&KnownStream>) -> Result<StreamFit, StoreError> {
    let epoch = state.stream.epoch;
    let Some(known) = known else { return Ok(lacking(state, 0)) };
    if ledger::planted!("hello_numbers_only") {
        return Ok(lacking(state, known.received));
    }
    if known.received >= state.last_seq {
        let same_end = known.received == state.last_seq;
        let there = if same_end { Some(known.hash_at_received) } else { known.hash_at_held };
        let forked = state.last_seq > 0 && there.is_some_and(|hash| hash != state.head_hash);
        // Beyond the end of a closed stream lies a history that this till has left already.
        let received = if state.closed { state.last_seq } else { known.received };
        let forked_at = forked.then_some(state.last_seq);
        return Ok(StreamFit { epoch, received, decided: state.decided, forked_at });
    }
    let key = EventKey { terminal: state.stream.terminal, epoch, seq: known.received };
    match journal::hash_at(r, key)? {
        Some(here) if known.received > 0 && here != known.hash_at_received => {
            let forked_at = Some(known.received);
            Ok(StreamFit { epoch, received: known.received, decided: state.decided, forked_at })
        }
        _ => Ok(lacking(state, known.received)),
    }
}

/// HQ has less than this till, and what it has is the same: push on, unless what it lacks was pruned here.
fn lacking(state: &StreamState, received: u64) -> StreamFit {
    let pruned = received + 1 < state.low_seq() && state.last_seq >= state.low_seq();
    let forked_at = pruned.then_some(received);
    StreamFit { epoch: state.stream.epoch, received, decided: state.decided, forked_at }
}

fn tail(state: &StreamState) -> Tail {
    Tail {
        epoch: state.stream.epoch,
        last_seq: state.last_seq,
        received: state.received,
        decided: state.decided,
        blocked: false,
    }
}
