//! What the till says at `hello`, and how HQ's answer fits the journal.

use ledger::id::EventKey;
use ledger::store::journal::{self, StreamState};
use ledger::store::{Ledger, Reader, StoreError, programme};
use ledger::time::Timestamp;

use crate::engine::event::{Greeting, Standing, StreamFit};
use crate::outbox::Tail;
use crate::protocol::PROTOCOL;
use crate::protocol::hello::{Action, HeldStream, Hello, KnownStream, Welcome};

use super::{contact, cursors, outcomes};

/// Where the machine starts from.
///
/// # Errors
/// The store's.
pub fn standing(r: &Reader) -> Result<Standing, StoreError> {
    Ok(Standing {
        log_epoch: contact::load(r)?.log_epoch,
        tails: journal::streams(r)?.iter().map(tail).collect(),
        cursors: cursors::all(r)?,
        config_version: programme::version(r)?,
    })
}

/// # Errors
/// The store's.
pub fn hello(r: &Reader, app_version: &str, generation: u64, t_wall: Timestamp) -> Result<Hello, StoreError> {
    let streams = journal::streams(r)?;
    Ok(Hello {
        proto: PROTOCOL,
        app_version: app_version.to_owned(),
        log_epoch: contact::load(r)?.log_epoch,
        streams: streams
            .iter()
            .map(|s| HeldStream { epoch: s.stream.epoch, max_seq: s.last_seq, hash_at_max: s.head_hash })
            .collect(),
        cursors: cursors::all(r)?,
        generation,
        t_wall,
    })
}

/// Compares HQ's view of the streams with the journal, hash by hash, and takes over its watermarks.
/// A stream that HQ does not know was received up to nothing.
///
/// # Errors
/// The store's.
pub fn greet(ledger: &Ledger, welcome: &Welcome) -> Result<Greeting, StoreError> {
    let streams = ledger.write(|tx| {
        if contact::met(tx, &welcome.log_epoch)? {
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
            }
            fits.push(fit);
        }
        Ok(fits)
    })?;
    Ok(Greeting {
        log_epoch: welcome.log_epoch.clone(),
        min_proto: welcome.min_proto,
        streams,
        rebootstrap: welcome.actions.contains(&Action::Rebootstrap),
        open_epoch: welcome.actions.iter().find_map(|action| match action {
            Action::OpenEpoch { epoch, fork_seq } => Some((*epoch, *fork_seq)),
            Action::Rebootstrap => None,
        }),
        push_events_max: welcome.limits.push_events_max,
        heads: welcome.heads.clone(),
        config_version: welcome.config_version,
    })
}

fn fit(r: &Reader, state: &StreamState, known: Option<&KnownStream>) -> Result<StreamFit, StoreError> {
    let epoch = state.stream.epoch;
    let Some(known) = known else { return Ok(StreamFit { epoch, received: 0, forked_at: None }) };
    let key = EventKey { terminal: state.stream.terminal, epoch, seq: known.received };
    // Beyond the till's end there is nothing to compare: the machine sees that HQ has more.
    let forked = match journal::hash_at(r, key)? {
        Some(here) => known.received > 0 && here != known.hash_at_received,
        None => false,
    };
    Ok(StreamFit { epoch, received: known.received, forked_at: forked.then_some(known.received) })
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
