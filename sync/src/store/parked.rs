//! Entries that this build cannot interpret whole: kept as HQ wrote them, never skipped in silence.

use ledger::id::{MemberId, Shard};
use ledger::store::{Reader, StoreError, Tx};

use crate::protocol::entry::Entry;

/// # Errors
/// The store's.
pub fn put(
    tx: &Tx<'_>,
    shard: Shard,
    lsn: u64,
    line: &str,
    member: Option<MemberId>,
) -> Result<(), StoreError> {
    let params = (shard.0, lsn.cast_signed(), line, member.map(|id| id.bytes()));
    tx.execute(include_str!("parked_put.sql"), params)?;
    Ok(())
}

/// True when HQ said something about this member that only a newer program understands: nothing of
/// theirs should be spent offline until then.
///
/// # Errors
/// The store's.
pub fn is_opaque(r: &Reader, member: MemberId) -> Result<bool, StoreError> {
    Ok(r.first(include_str!("parked_member.sql"), [member.bytes()], |_| Ok(()))?.is_some())
}

/// # Errors
/// The store's.
pub fn count(r: &Reader) -> Result<u64, StoreError> {
    let count: Option<i64> = r.first(include_str!("parked_count.sql"), [], |row| row.get(0))?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

/// True when this build can read whole what an earlier one could not: time to load everything anew, as
/// what those entries did is in the rows by now.
///
/// # Errors
/// The store's.
pub(super) fn outgrown(r: &Reader) -> Result<bool, StoreError> {
    let lines: Vec<String> = r.all(include_str!("parked_lines.sql"), [], |row| row.get(0))?;
    Ok(lines.iter().any(|line| serde_json::from_str::<Entry>(line).is_ok()))
}

/// # Errors
/// The store's.
pub(super) fn clear(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(include_str!("parked_clear.sql"), [])?;
    Ok(())
}
