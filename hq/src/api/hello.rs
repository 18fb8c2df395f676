//! `POST /v1/sync/hello`: compares histories by hash before anything is sent; and the two questions of a
//! till that found them different.

use axum::Json;
use axum::extract::State;
use ledger::id::{Anchor, Epoch, EventKey, Shard, Stream};
use ledger::time::Timestamp;
use sync::protocol::PROTOCOL;
use sync::protocol::hello::{
    Action, BranchAnswer, BranchRequest, HASHES_MAX, HashesAnswer, HashesRequest, Hello, KnownStream, Limits,
    Welcome,
};
use sync::protocol::problem::ProblemCode;

use super::body::{json, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::{ApiResult, wire};
use crate::gates::Class;
use crate::interest::{self, Share};
use crate::receive::{decided_through, known};
use crate::store::again::until_settled;
use crate::store::model::TerminalRow;
use crate::store::{Read, Result, Write};
use crate::timeline::{Standing, rotate_log_epoch, standing};
use crate::{history, timeline};

const LIMITS: Limits = Limits {
    push_events_max: 1_000,
    push_bytes_max: 1024 * 1024,
    linger_ms: 50,
    start_delay_ms: 0,
    prev_left_out: true,
};
/// Programs before this version are asked to update; what they send is still taken.
const MIN_APP: &str = "0.1.0";

pub async fn hello(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<Welcome>> {
    let body = unpack(signed.body)?;
    let hello: Hello = json(&body)?;
    let _inside = app.gates.enter(Class::PushLive).await?;
    let desk = app.clone();
    blocking(move || Ok(welcome(&desk, signed.terminal, &hello)?)).await.map(Json)
}

/// Compares what till and headquarters hold.
///
/// # Errors
/// What the database reports.
pub fn welcome(app: &App, terminal: TerminalRow, hello: &Hello) -> Result<Welcome> {
    let welcome = until_settled(|first| attempt(app, &terminal, hello, first))?;
    app.name_log(&welcome.log_epoch);
    Ok(welcome)
}

fn attempt(app: &App, terminal: &TerminalRow, hello: &Hello, first: &[Shard]) -> Result<Welcome> {
    let tx = app.store.write()?;
    tx.lock(&[first, &[Anchor::terminal(terminal.id).shard()]].concat())?;
    // The row as it is now: another copy of this till may have been given an epoch meanwhile.
    let mut terminal = tx.terminal(terminal.id)?.unwrap_or_else(|| terminal.clone());
    let (log_epoch, mut rebootstrap) = compare_logs(&*tx, &terminal, hello, app.now())?;
    rebootstrap |= hello.log_epoch.is_some() && is_another_share(&*tx, &terminal, hello)?;
    let mut actions: Vec<Action> = rebootstrap.then_some(Action::Rebootstrap).into_iter().collect();
    if hello.proto < PROTOCOL || version(&hello.app_version) < version(MIN_APP) {
        actions.push(Action::Upgrade);
    }
    if let Some(boot) = hello.boot {
        history::heard(&*tx, &terminal, boot, app.now())?;
    }
    terminal.told = hello.streams.last().map(|held| (held.epoch, held.max_seq));
    terminal.app_version = hello.app_version.chars().take(64).collect();
    terminal.last_contact = app.now();
    tx.put_terminal(&terminal)?;
    let heads = tx.heads()?;
    let streams = streams(&*tx, &terminal, hello)?;
    tx.commit()?;
    Ok(Welcome {
        log_epoch,
        hq_time: app.now(),
        min_proto: PROTOCOL,
        min_app: MIN_APP.to_owned(),
        streams,
        actions,
        limits: Limits { start_delay_ms: app.gates.start_delay_ms(app.now(), terminal.id), ..LIMITS },
        heads: heads.iter().map(|cursor| (cursor.shard, cursor.lsn)).collect(),
        config_version: app.feed.config_version(),
    })
}

/// Whether the till holds other members than it should: it moved to another store, or somebody decided so.
fn is_another_share(tx: &dyn Write, terminal: &TerminalRow, hello: &Hello) -> Result<bool> {
    let share = Share::of(tx, terminal)?;
    if let Some(store) = share.members_of() {
        interest::listen(tx, store)?;
    }
    Ok(hello.members_of.as_ref() != share.members_of())
}

/// The log's name, and whether the till must load anew. A till that stands where this log never was proves
/// that entries were lost here: the log gets another name, for everybody.
fn compare_logs(
    tx: &dyn Write,
    terminal: &TerminalRow,
    hello: &Hello,
    now: Timestamp,
) -> Result<(String, bool)> {
    let log_epoch = timeline::log_epoch(tx)?;
    if ledger::planted!("same_log_epoch") {
        return Ok((log_epoch, false));
    }
    if hello.log_epoch.as_ref() != Some(&log_epoch) {
        return Ok((log_epoch, hello.log_epoch.is_some()));
    }
    match standing(tx, &hello.cursors)? {
        Standing::Known => Ok((log_epoch, false)),
        Standing::TooOld => Ok((log_epoch, true)),
        Standing::NeverHere => {
            let fresh = rotate_log_epoch(tx, "a till knows entries that were never written here", now)?;
            history::log_turned_back(tx, terminal, &fresh, now)?;
            Ok((fresh, true))
        }
    }
}

/// `major.minor.patch` as numbers; what is none counts as 0.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
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
        let held = hello.streams.iter().find(|held| held.epoch == epoch).map_or(0, |held| held.max_seq);
        Ok(KnownStream {
            epoch,
            received: row.received,
            hash_at_received: row.head,
            hash_at_held: history::hash_at(tx, EventKey { terminal: terminal.id, epoch, seq: held })?,
            decided: decided_through(tx, stream, row.received)?,
            stable: row.stable,
        })
    });
    each.collect()
}

pub async fn hashes(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<HashesAnswer>> {
    let body = unpack(signed.body)?;
    let asked: HashesRequest = json(&body)?;
    let _inside = app.gates.enter(Class::PushCatchUp).await?;
    let desk = app.clone();
    blocking(move || answer_hashes(&desk, &signed.terminal, &asked)).await.map(Json)
}

/// The hashes of a till's own events as they were received.
///
/// # Errors
/// `malformed` when too many are asked for.
pub fn answer_hashes(app: &App, terminal: &TerminalRow, asked: &HashesRequest) -> ApiResult<HashesAnswer> {
    if asked.seqs.len() > HASHES_MAX {
        return Err(wire(ProblemCode::Malformed, format!("at most {HASHES_MAX} numbers at once")));
    }
    let tx = app.store.read()?;
    let received = known(&*tx, Stream { terminal: terminal.id, epoch: asked.epoch })?.received;
    let mut hashes = Vec::new();
    for seq in &asked.seqs {
        let key = EventKey { terminal: terminal.id, epoch: asked.epoch, seq: *seq };
        hashes.extend(tx.hash_of(key)?.map(|hash| (*seq, hash)));
    }
    Ok(HashesAnswer { received, hashes })
}

pub async fn branch(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<BranchAnswer>> {
    let body = unpack(signed.body)?;
    let asked: BranchRequest = json(&body)?;
    let _inside = app.gates.enter(Class::PushLive).await?;
    let desk = app.clone();
    blocking(move || answer_branch(&desk, &signed.terminal, &asked)).await.map(Json)
}

/// An epoch that nobody else gets. Asked twice, two are given; the one that is not used stays empty.
///
/// # Errors
/// What the database reports.
pub fn answer_branch(app: &App, terminal: &TerminalRow, asked: &BranchRequest) -> ApiResult<BranchAnswer> {
    until_settled(|_| {
        let tx = app.store.write()?;
        // The row as it is now: two copies of one till may ask at once.
        let row = tx.terminal(terminal.id)?.unwrap_or_else(|| terminal.clone());
        let epoch = Epoch(row.epoch.0 + 1);
        tx.put_terminal(&TerminalRow { epoch, ..row })?;
        tx.commit()?;
        tracing::warn!(terminal = terminal.id.0, from = %asked.epoch, seq = asked.seq, %epoch, "a stream branches");
        Ok(BranchAnswer { epoch })
    })
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("0.10.0") > version("0.9.9"));
        assert!(version("1.0.0-beta") > version("0.9"));
        assert_eq!(version("nonsense"), [0; 3]);
    }
}
