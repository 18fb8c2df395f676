//! What HQ made of this till's own events; an exception stays until a person has seen it.

use ledger::id::{CaseId, Epoch, Shard};
use ledger::store::{Reader, StoreError, Tx};
use rusqlite::Row;

use crate::protocol::push::{Outcome, Verdict};

/// A verdict that is not plain `applied`, for the person at the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    pub epoch: Epoch,
    pub outcome: Outcome,
}

/// Keeps an outcome. A final verdict is never replaced by `parked`; one that says the same again
/// changes nothing, also not whether it was seen.
///
/// # Errors
/// The store's.
pub fn put(tx: &Tx<'_>, epoch: Epoch, outcome: &Outcome) -> Result<(), StoreError> {
    if ledger::planted!("outcome_lost") {
        return Ok(());
    }
    let params = (
        bits(epoch),
        outcome.seq.cast_signed(),
        code(outcome.verdict),
        &outcome.code,
        outcome.shard.0,
        outcome.lsn.cast_signed(),
        outcome.case.map(|case| case.bytes()),
    );
    tx.execute(include_str!("outcome_put.sql"), params)?;
    Ok(())
}

/// # Errors
/// The store's.
pub fn of(r: &Reader, epoch: Epoch, seq: u64) -> Result<Option<Outcome>, StoreError> {
    let found = r.first(include_str!("outcome.sql"), (bits(epoch), seq.cast_signed()), unseen)?;
    Ok(found.map(|unseen| unseen.outcome))
}

/// Exceptions, parked and quarantined events that nobody has looked at, oldest first.
///
/// # Errors
/// The store's.
pub fn unseen_list(r: &Reader, limit: u32) -> Result<Vec<Unseen>, StoreError> {
    r.all(include_str!("outcomes_unseen.sql"), [limit], unseen)
}

/// # Errors
/// The store's.
pub fn unseen_count(r: &Reader) -> Result<u64, StoreError> {
    let count: Option<i64> = r.first(include_str!("outcomes_unseen_count.sql"), [], |row| row.get(0))?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

/// A person has looked at it.
///
/// # Errors
/// The store's.
pub fn see(tx: &Tx<'_>, epoch: Epoch, seq: u64) -> Result<(), StoreError> {
    tx.execute(include_str!("outcome_see.sql"), (bits(epoch), seq.cast_signed()))?;
    Ok(())
}

/// Final outcomes whose entry is in the confirmed state already, as (epoch, seq).
///
/// # Errors
/// The store's.
pub(super) fn folded(r: &Reader) -> Result<Vec<(Epoch, u64)>, StoreError> {
    r.all(include_str!("outcomes_folded.sql"), [], |row| {
        Ok((Epoch(row.get::<_, i64>(0)?.cast_unsigned()), row.get::<_, i64>(1)?.cast_unsigned()))
    })
}

/// Final verdicts on events `from_seq ..= to_seq` of one stream, in order.
///
/// # Errors
/// The store's.
pub fn finals(r: &Reader, epoch: Epoch, from_seq: u64, to_seq: u64) -> Result<Vec<Outcome>, StoreError> {
    let params = (bits(epoch), from_seq.cast_signed(), to_seq.cast_signed());
    let found = r.all(include_str!("outcomes_range.sql"), params, unseen)?;
    Ok(found.into_iter().map(|unseen| unseen.outcome).collect())
}

/// What HQ made of events after `last_seq` is another history's.
///
/// # Errors
/// The store's.
pub(super) fn forget_after(tx: &Tx<'_>, epoch: Epoch, last_seq: u64) -> Result<(), StoreError> {
    tx.execute(include_str!("outcomes_forget.sql"), (bits(epoch), last_seq.cast_signed()))?;
    Ok(())
}

/// Verdicts on events that were pruned go with them; one that nobody has looked at stays.
///
/// # Errors
/// The store's.
pub fn prune(tx: &Tx<'_>, epoch: Epoch, last_seq: u64) -> Result<(), StoreError> {
    tx.execute(include_str!("outcomes_prune.sql"), (bits(epoch), last_seq.cast_signed()))?;
    Ok(())
}

/// HQ is on another timeline: what was decided stands as told, but its place in the log is void.
///
/// # Errors
/// The store's.
pub(super) fn unplace(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(include_str!("outcomes_unplace.sql"), [])?;
    Ok(())
}

fn bits(epoch: Epoch) -> i64 {
    epoch.0.cast_signed()
}

fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Applied => "applied",
        Verdict::AppliedWithException => "applied_with_exception",
        Verdict::Parked => "parked",
        Verdict::Quarantined => "quarantined",
        Verdict::Rejected => "rejected",
    }
}

fn verdict(code: &str) -> Verdict {
    match code {
        "applied" => Verdict::Applied,
        "applied_with_exception" => Verdict::AppliedWithException,
        "parked" => Verdict::Parked,
        "rejected" => Verdict::Rejected,
        // The table's CHECK leaves nothing else.
        _ => Verdict::Quarantined,
    }
}

fn unseen(row: &Row<'_>) -> rusqlite::Result<Unseen> {
    Ok(Unseen {
        epoch: Epoch(row.get::<_, i64>(0)?.cast_unsigned()),
        outcome: Outcome {
            seq: row.get::<_, i64>(1)?.cast_unsigned(),
            verdict: verdict(&row.get::<_, String>(2)?),
            code: row.get(3)?,
            shard: Shard(row.get(4)?),
            lsn: row.get::<_, i64>(5)?.cast_unsigned(),
            case: row.get::<_, Option<[u8; 16]>>(6)?.map(CaseId::from),
        },
    })
}
