//! Versions of the file: named scripts, each applied once, in order, with its checksum kept.

use super::error::StoreError;
use super::tx::{Reader, transact};
use crate::id::Hash;
use crate::time::Timestamp;

/// A name that never changes and the script under it.
pub type Migration = (&'static str, &'static str);

const OWN: &[Migration] = &[
    ("ledger/0001", include_str!("../../migrations/0001_ledger.sql")),
    ("ledger/0002", include_str!("../../migrations/0002_print_release.sql")),
    ("ledger/0003", include_str!("../../migrations/0003_history.sql")),
    ("ledger/0004", include_str!("../../migrations/0004_siblings.sql")),
    ("ledger/0005", include_str!("../../migrations/0005_spending.sql")),
    ("ledger/0006", include_str!("../../migrations/0006_pending_by_account.sql")),
    ("ledger/0007", include_str!("../../migrations/0007_sibling_settled.sql")),
    ("ledger/0008", include_str!("../../migrations/0008_existence.sql")),
    ("ledger/0009", include_str!("../../migrations/0009_coupon_word.sql")),
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
  name TEXT PRIMARY KEY, checksum BLOB NOT NULL, applied_at INTEGER NOT NULL)";

/// Brings the file up to this program: the ledger's own scripts, then `extra`.
///
/// # Errors
/// [`StoreError::TooOld`] when a newer program was here, [`StoreError::MigrationChanged`] when a script
/// is no longer what it was.
pub(super) fn migrate(writer: &Reader, extra: &[Migration], now: Timestamp) -> Result<(), StoreError> {
    writer.conn().execute_batch(TABLE)?;
    let applied: Vec<(String, Hash)> =
        writer.all("SELECT name, checksum FROM migration ORDER BY rowid", [], |row| {
            Ok((row.get(0)?, Hash(row.get(1)?)))
        })?;
    let known = || OWN.iter().chain(extra);
    if let Some((name, _)) = applied.iter().find(|(name, _)| !known().any(|(n, _)| n == name)) {
        return Err(StoreError::TooOld(name.clone()));
    }
    for (name, sql) in known() {
        let checksum = Hash::of(sql.as_bytes());
        match applied.iter().find(|(n, _)| n == name) {
            Some((_, was)) if *was != checksum => {
                return Err(StoreError::MigrationChanged((*name).to_owned()));
            }
            Some(_) => {}
            None => apply(writer, name, sql, checksum, now)?,
        }
    }
    Ok(())
}

fn apply(writer: &Reader, name: &str, sql: &str, checksum: Hash, now: Timestamp) -> Result<(), StoreError> {
    let done = transact(writer, |tx| {
        tx.conn().execute_batch(sql)?;
        tx.execute("INSERT INTO migration VALUES (?1, ?2, ?3)", (name, checksum.0, now.0))?;
        Ok(Ok::<(), std::convert::Infallible>(()))
    })?;
    match done {
        Ok(()) => Ok(()),
        Err(never) => match never {},
    }
}
