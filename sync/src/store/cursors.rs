//! How far each shard is folded in.

use ledger::id::{Hash, Shard};
use ledger::store::{Reader, StoreError, Tx};

use crate::protocol::hello::Cursor;

/// # Errors
/// The store's.
pub fn all(r: &Reader) -> Result<Vec<Cursor>, StoreError> {
    r.all(include_str!("cursors.sql"), [], |row| {
        let lsn: i64 = row.get(1)?;
        Ok(Cursor { shard: Shard(row.get(0)?), lsn: lsn.unsigned_abs(), chain: Hash(row.get(2)?) })
    })
}

/// The cursor of one shard; lsn 0 and the zero hash before its first entry.
///
/// # Errors
/// The store's.
pub fn of(r: &Reader, shard: Shard) -> Result<Cursor, StoreError> {
    let found = r.first(include_str!("cursor.sql"), [shard.0], |row| {
        let lsn: i64 = row.get(0)?;
        Ok(Cursor { shard, lsn: lsn.unsigned_abs(), chain: Hash(row.get(1)?) })
    })?;
    Ok(found.unwrap_or(Cursor { shard, lsn: 0, chain: Hash::ZERO }))
}

/// # Errors
/// The store's.
pub fn set(tx: &Tx<'_>, cursor: &Cursor) -> Result<(), StoreError> {
    let params = (cursor.shard.0, cursor.lsn.cast_signed(), cursor.chain.0);
    tx.execute(include_str!("cursor_set.sql"), params)?;
    Ok(())
}

/// # Errors
/// The store's.
pub fn clear(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(include_str!("cursors_clear.sql"), [])?;
    Ok(())
}
