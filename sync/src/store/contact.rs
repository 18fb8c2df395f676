//! Which HQ this till belongs to, and when it last heard of it.

use ledger::store::{Reader, StoreError, Tx};
use ledger::time::Timestamp;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// HQ's timeline that the confirmed state belongs to; None until a snapshot was loaded whole.
    pub log_epoch: Option<String>,
    /// Wall clock of the last contact.
    pub at: Option<Timestamp>,
    /// HQ's time minus the wall clock, ms, and how wrong that may be.
    pub hq_off_ms: Option<i64>,
    pub hq_unc_ms: Option<u64>,
}

/// # Errors
/// The store's.
pub fn load(r: &Reader) -> Result<Contact, StoreError> {
    let found = r.first(include_str!("contact.sql"), [], |row| {
        Ok(Contact {
            log_epoch: row.get(0)?,
            at: row.get::<_, Option<i64>>(1)?.map(Timestamp),
            hq_off_ms: row.get(2)?,
            hq_unc_ms: row.get::<_, Option<i64>>(3)?.map(i64::unsigned_abs),
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// # Errors
/// The store's.
pub fn heard(tx: &Tx<'_>, at: Timestamp, hq_off_ms: i64, hq_unc_ms: u64) -> Result<(), StoreError> {
    tx.execute(include_str!("contact_heard.sql"), (at.0, hq_off_ms, hq_unc_ms.cast_signed()))?;
    Ok(())
}

/// Notes which timeline HQ named. True when it is another one than last time.
///
/// # Errors
/// The store's.
pub(super) fn met(tx: &Tx<'_>, log_epoch: &str) -> Result<bool, StoreError> {
    let last: Option<String> =
        tx.first(include_str!("contact_met.sql"), [], |row| row.get(0))?.unwrap_or_default();
    if last.as_deref() == Some(log_epoch) {
        return Ok(false);
    }
    tx.execute(include_str!("contact_meet.sql"), [log_epoch])?;
    Ok(last.is_some())
}

/// False between the word that HQ's log is another one and its snapshot: the cursors stand on the log
/// before.
///
/// # Errors
/// The store's.
pub(super) fn is_current(r: &Reader) -> Result<bool, StoreError> {
    let met: Option<String> =
        r.first(include_str!("contact_met.sql"), [], |row| row.get(0))?.unwrap_or_default();
    Ok(met.is_none() || met == load(r)?.log_epoch)
}

/// # Errors
/// The store's.
pub fn set_log_epoch(tx: &Tx<'_>, log_epoch: Option<&str>) -> Result<(), StoreError> {
    tx.execute(include_str!("contact_log_epoch.sql"), [log_epoch])?;
    Ok(())
}
