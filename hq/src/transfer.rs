//! Carries points from one member to another in three transactions, one for each shard's log, and finishes
//! what broke off between them.

use std::collections::BTreeMap;

use ledger::grant::AuthId;
use ledger::id::{MemberId, Shard, StoreId, TerminalId};
use ledger::time::{HOUR_MS, Timestamp};
use sync::decide::kept;
use sync::decide::transfer::{Transfer, credit, finish, known, set_aside, shard_of};
use sync::protocol::transfer::{TransferRequest, Transferred};

use crate::deeds::write_own;
use crate::entries::Scribe;
use crate::store::again::until_settled;
use crate::store::{Result, Store, StoreError, Write};

/// Cause of the entries in the log.
const JOB: &str = "transfer";
/// When transfers that broke off were last looked for.
const SWEPT: &str = "transfers_swept";

/// Shards that were written to, with their last entry.
pub type Moved = BTreeMap<Shard, u64>;

/// The till that asks, and when.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    pub terminal: TerminalId,
    pub store: &'a StoreId,
    pub now: Timestamp,
}

/// All three steps; the same id gets the same answer for ever.
///
/// # Errors
/// What the database reports; asking again goes on where it broke off.
pub fn carry(store: &dyn Store, asker: Asker<'_>, ask: &TransferRequest) -> Result<(Transferred, Moved)> {
    let mut moved = begin(store, asker, ask)?;
    moved.extend(go_on(store, ask.from, ask.auth_id, asker.now)?);
    let known = known(&*store.read()?, ask.from, ask.auth_id)?;
    let state = known.map(|transfer| transfer.state);
    Ok((state.ok_or_else(|| StoreError::Corrupt("a transfer was not kept".to_owned()))?, moved))
}

/// The first step alone, unless it was done before.
///
/// # Errors
/// What the database reports.
pub fn begin(store: &dyn Store, asker: Asker<'_>, ask: &TransferRequest) -> Result<Moved> {
    step(store, (shard_of(ask.from), Some(shard_of(ask.to))), asker.now, |tx| {
        if known(tx, ask.from, ask.auth_id)?.is_some() {
            return Ok(None);
        }
        let decision = set_aside(tx, ask, (asker.terminal, asker.store), asker.now)?;
        Ok(Some((decision, asker.store.clone())))
    })
}

/// The steps after the first, as far as they are not done.
///
/// # Errors
/// What the database reports.
pub fn go_on(store: &dyn Store, from: MemberId, auth: AuthId, now: Timestamp) -> Result<Moved> {
    let transfer = known(&*store.read()?, from, auth)?;
    let Some(transfer) = transfer.filter(|transfer| transfer.state == Transferred::Underway) else {
        return Ok(Moved::new());
    };
    let bearer = transfer.store.clone();
    let mut moved = step(store, (shard_of(transfer.to), None), now, |tx| {
        Ok(credit(tx, auth, &transfer)?.map(|decision| (decision, bearer.clone())))
    })?;
    moved.extend(step(store, (shard_of(from), Some(shard_of(transfer.to))), now, |tx| {
        Ok(finish(tx, auth, &transfer, now)?.map(|decision| (decision, bearer.clone())))
    })?);
    Ok(moved)
}

/// One transaction that writes to the first shard and may look at the second.
fn step(
    store: &dyn Store,
    (writes, looks): (Shard, Option<Shard>),
    now: Timestamp,
    decide: impl Fn(&dyn Write) -> Result<Option<(sync::decide::Decision, StoreId)>>,
) -> Result<Moved> {
    until_settled(|first| {
        let tx = store.write()?;
        tx.lock(&[first, &[writes], looks.as_slice()].concat())?;
        let Some((decision, bearer)) = decide(&*tx)? else { return Ok(Moved::new()) };
        let mut scribe = Scribe::new(&*tx, now);
        write_own(&mut scribe, JOB, &decision, &bearer)?;
        let moved = scribe.moved();
        tx.commit()?;
        Ok(moved)
    })
}

/// Finishes what broke off, once an hour: a till that asks again finishes its own at once.
///
/// # Errors
/// What the database reports.
pub fn sweep(store: &dyn Store, now: Timestamp) -> Result<()> {
    let hour = (now.0 / HOUR_MS).to_string();
    if store.read()?.meta(SWEPT)?.as_deref() == Some(hour.as_bytes()) {
        return Ok(());
    }
    for shard in (0..=255).map(Shard) {
        let kept: Vec<(String, Transfer)> = kept::under(&*store.read()?, shard, "")?;
        let open = kept.into_iter().filter(|(_, transfer)| transfer.state == Transferred::Underway);
        for (id, transfer) in open {
            let Ok(auth) = id.parse() else { continue };
            go_on(store, transfer.from, AuthId(auth), now)?;
        }
    }
    let tx = store.write()?;
    tx.put_meta(SWEPT, hour.as_bytes())?;
    tx.commit()
}
