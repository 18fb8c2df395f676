//! `POST /v1/sync/hello`: compares histories by hash before anything is sent.

use axum::Json;
use axum::extract::State;
use ledger::id::{Epoch, EventKey, Stream};
use sync::protocol::PROTOCOL;
use sync::protocol::hello::{Action, Cursor, HeldStream, Hello, KnownStream, Limits, Welcome};

use super::body::{json, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::ApiResult;
use crate::receive::{decided_through, known};
use crate::store::again::until_settled;
use crate::store::model::TerminalRow;
use crate::store::{Read, Result};

const LIMITS: Limits = Limits { push_events_max: 1_000, push_bytes_max: 4 * 1024 * 1024, linger_ms: 50 };

pub async fn hello(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<Welcome>> {
    let body = unpack(signed.body)?;
    let hello: Hello = json(&body)?;
    blocking(move || Ok(welcome(&app, signed.terminal, &hello)?)).await.map(Json)
}

/// Compares what till and headquarters hold.
///
/// # Errors
/// What the database reports.
pub fn welcome(app: &App, terminal: TerminalRow, hello: &Hello) -> Result<Welcome> {
    until_settled(|_| attempt(app, terminal.clone(), hello))
}

fn attempt(app: &App, mut terminal: TerminalRow, hello: &Hello) -> Result<Welcome> {
    let tx = app.store.write()?;
    let mut actions = Vec::new();
    if hello.log_epoch.as_ref().is_some_and(|known| *known != app.log_epoch)
        || !cursors_fit(&*tx, &hello.cursors)?
    {
        actions.push(Action::Rebootstrap);
    }
    // Only the newest stream is written to; older ones were left behind for a reason already known.
    let newest = hello.streams.iter().max_by_key(|stream| stream.epoch);
    if let Some(held) = newest
        && let Some(fork_seq) = fork(&*tx, &terminal, held)?
    {
        let epoch = Epoch(terminal.epoch.max(held.epoch).0.saturating_add(1));
        terminal.epoch = epoch;
        tracing::warn!(terminal = terminal.id.0, fork_seq, "a stream was forked or turned back");
        actions.push(Action::OpenEpoch { epoch, fork_seq });
    }
    terminal.told = newest.map(|held| (held.epoch, held.max_seq));
    terminal.app_version = hello.app_version.chars().take(64).collect();
    terminal.last_contact = app.now();
    tx.put_terminal(&terminal)?;
    let heads = tx.heads()?;
    let streams = streams(&*tx, &terminal, hello)?;
    tx.commit()?;
    Ok(Welcome {
        log_epoch: app.log_epoch.clone(),
        hq_time: app.now(),
        min_proto: PROTOCOL,
        streams,
        actions,
        limits: LIMITS,
        heads: heads.iter().map(|cursor| (cursor.shard, cursor.lsn)).collect(),
        config_version: app.feed.config_version(),
    })
}

/// True when every cursor stands on this log: a chain value that HQ never wrote means another past.
fn cursors_fit(tx: &dyn Read, cursors: &[Cursor]) -> Result<bool> {
    for cursor in cursors.iter().filter(|cursor| cursor.lsn > 0) {
        let written = tx.log_at(cursor.shard, cursor.lsn)?.map(|line| line.chain);
        if written != Some(cursor.chain) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The first number at which the till's history is not HQ's, as far as hello can tell.
fn fork(tx: &dyn Read, terminal: &TerminalRow, held: &HeldStream) -> Result<Option<u64>> {
    let stream = Stream { terminal: terminal.id, epoch: held.epoch };
    let received = known(tx, stream)?.received;
    if held.max_seq > received {
        // The push itself proves the rest: its first event names the hash before it.
        return Ok(None);
    }
    let key = EventKey { terminal: terminal.id, epoch: held.epoch, seq: held.max_seq };
    let same = held.max_seq == 0 || tx.hash_of(key)? == Some(held.hash_at_max);
    Ok(match (same, held.max_seq < received) {
        (false, _) => Some(held.max_seq),
        (true, true) => Some(held.max_seq + 1),
        (true, false) => None,
    })
}

/// What HQ has of every stream that either side knows.
fn streams(tx: &dyn Read, terminal: &TerminalRow, hello: &Hello) -> Result<Vec<KnownStream>> {
    let mut epochs: Vec<Epoch> = tx.streams(terminal.id)?.into_iter().map(|row| row.epoch).collect();
    epochs.extend(hello.streams.iter().map(|held| held.epoch));
    epochs.sort_unstable();
    epochs.dedup();
    let each = epochs.into_iter().map(|epoch| {
        let stream = Stream { terminal: terminal.id, epoch };
        let row = known(tx, stream)?;
        Ok(KnownStream {
            epoch,
            received: row.received,
            hash_at_received: row.head,
            decided: decided_through(tx, stream, row.received)?,
            stable: row.stable,
        })
    });
    each.collect()
}
