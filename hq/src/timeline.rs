//! Which log this is. A restored headquarters has lost entries that tills may know: its log gets another
//! name, and every till loads what it confirmed anew and offers its events again.

use ledger::id::Hash;
use ledger::time::Timestamp;
use sync::protocol::hello::Cursor;
use uuid::Uuid;

use crate::store::{Read, Result, StoreError, Write};

/// Key of the log's name among the settings.
pub const LOG_EPOCH: &str = "log_epoch";

/// The log's name.
///
/// # Errors
/// When the database was not initialised or cannot be read.
pub fn log_epoch(tx: &dyn Read) -> Result<String> {
    tx.meta(LOG_EPOCH)?
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| StoreError::Corrupt(format!("{LOG_EPOCH} is missing")))
}

/// Gives the log a new name and returns it: after every restore, and when a till proves that one happened.
/// The name follows from the old one and the moment, so that what is replayed is the same.
///
/// # Errors
/// When it cannot be written.
pub fn rotate_log_epoch(tx: &dyn Write, why: &str, now: Timestamp) -> Result<String> {
    let digest = Hash::of(format!("log:{}:{now}", log_epoch(tx)?).as_bytes());
    let mut name = [0; 16];
    name.copy_from_slice(&digest.0[..16]);
    let fresh = Uuid::to_string(&uuid::Builder::from_custom_bytes(name).into_uuid());
    tx.put_meta(LOG_EPOCH, fresh.as_bytes())?;
    tracing::warn!(log_epoch = fresh, why, "the log has another name from now on");
    Ok(fresh)
}

/// How a till's cursors stand to this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Known,
    /// Entries that are not kept any more: the till loads anew.
    TooOld,
    /// Entries that were never written here.
    NeverHere,
}

/// The worst of all cursors.
///
/// # Errors
/// What the database reports.
pub fn standing(tx: &dyn Read, cursors: &[Cursor]) -> Result<Standing> {
    let mut worst = Standing::Known;
    for cursor in cursors.iter().filter(|cursor| cursor.lsn > 0) {
        let one = match tx.log_at(cursor.shard, cursor.lsn)? {
            Some(line) if line.chain == cursor.chain => Standing::Known,
            Some(_) => Standing::NeverHere,
            None if cursor.lsn > tx.head(cursor.shard)?.lsn => Standing::NeverHere,
            None => Standing::TooOld,
        };
        worst = worst.max(one);
    }
    Ok(worst)
}
